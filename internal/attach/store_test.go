package attach_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"strings"
	"testing"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// noise is a picture that does not get small.
func noise(t *testing.T, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	r := rand.New(rand.NewPCG(1, 2))
	for y := range h {
		for x := range w {
			m.Set(x, y, color.RGBA{uint8(r.Uint32()), uint8(r.Uint32()), uint8(r.Uint32()), 255})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, m); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestFilesAreFoundUnderTheirOwnerOnly(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := attach.NewStore(seal.Ephemeral())
		actor := testkit.Actor(testkit.Tenant, nil)
		mine, other := attach.Owner{Kind: "activity", ID: id.New()}, attach.Owner{Kind: "activity", ID: id.New()}
		l := attach.Limits{Bytes: 20 << 20, Edge: 1200, Files: 2}
		pdf := []byte("%PDF-1.7\n" + strings.Repeat("x", 700<<10) + "\n%%EOF\n")
		picture := check(t, s, attach.New{Name: "a.png", Alt: " 场面\n照片 ", Content: noise(t, 1300, 900)}, l)
		paper := check(t, s, attach.New{Name: "b.pdf", Content: pdf}, l)

		var kept []attach.File
		must(t, d.WithTx(ctx, func(tx *db.Tx) (err error) {
			kept, err = s.KeepTx(ctx, tx, actor, mine, l, picture, paper)
			return err
		}))
		list, err := attach.List(ctx, d, testkit.Tenant, mine)
		if err != nil || len(list) != 2 || list[0].Alt != "场面 照片" || list[0].Type != attach.JPEG || list[0].Width != 1200 || list[1].Name != "b.pdf" {
			t.Fatalf("List = %+v, %v", list, err)
		}
		parts, err := db.Value[int64](ctx, d, `SELECT count(*) FROM attachment_part WHERE attachment_id = $1`, kept[1].ID)
		if err != nil || parts != 3 {
			t.Errorf("700 KB stand in %d parts, want 3 (%v)", parts, err)
		}
		if _, b, err := s.Content(ctx, d, testkit.Tenant, mine, kept[1].ID, false); err != nil || !bytes.Equal(b, pdf) {
			t.Errorf("the document came back changed: %d bytes, %v", len(b), err)
		}
		f, big, err := s.Content(ctx, d, testkit.Tenant, mine, kept[0].ID, false)
		if err != nil || int64(len(big)) != f.Size {
			t.Errorf("Content = %d bytes, %v; want %d", len(big), err, f.Size)
		}
		_, little, err := s.Content(ctx, d, testkit.Tenant, mine, kept[0].ID, true)
		if c, cerr := jpegSize(little); err != nil || cerr != nil || c != attach.SmallEdge || len(little) >= len(big) {
			t.Errorf("the small picture: %d points, %d bytes, %v %v", c, len(little), err, cerr)
		}
		for name, q := range map[string]func() error{
			"under another owner": func() error { _, _, err := s.Content(ctx, d, testkit.Tenant, other, kept[0].ID, false); return err },
			"under another table": func() error {
				_, err := attach.Find(ctx, d, testkit.Tenant, attach.Owner{Kind: "deed", ID: mine.ID}, kept[0].ID)
				return err
			},
			"in another district": func() error { _, _, err := s.Content(ctx, d, testkit.Other, mine, kept[0].ID, false); return err },
			"removed from outside": func() error {
				return d.WithTx(ctx, func(tx *db.Tx) error { _, err := attach.RemoveTx(ctx, tx, testkit.Other, mine, kept[0].ID); return err })
			},
		} {
			if err := q(); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: %v, want not found", name, err)
			}
		}
		err = d.WithTx(ctx, func(tx *db.Tx) error { _, err := s.KeepTx(ctx, tx, actor, mine, l, paper); return err })
		if errs.KindOf(err) != errs.Invalid {
			t.Errorf("a third file of two = %v, want invalid", err)
		}

		if faults, err := attach.Verify(ctx, d, testkit.Tenant); err != nil || len(faults) != 0 {
			t.Errorf("Verify = %v, %v", faults, err)
		}
		must(t, d.WithTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM attachment_part WHERE attachment_id = $1 AND seq = 1`, kept[1].ID)
			return err
		}))
		if faults, err := attach.Verify(ctx, d, testkit.Tenant); err != nil || len(faults) != 1 {
			t.Errorf("Verify with a part missing = %v, %v", faults, err)
		}
		if _, _, err := s.Content(ctx, d, testkit.Tenant, mine, kept[1].ID, false); err == nil || errs.As(err) != nil {
			t.Errorf("half a document is handed out: %v", err)
		}
		for _, f := range kept {
			must(t, d.WithTx(ctx, func(tx *db.Tx) error { _, err := attach.RemoveTx(ctx, tx, testkit.Tenant, mine, f.ID); return err }))
		}
		if n, err := db.Value[int64](ctx, d, `SELECT (SELECT count(*) FROM attachment) + (SELECT count(*) FROM attachment_part)`); err != nil || n != 0 {
			t.Errorf("%d rows are left of removed files, %v", n, err)
		}
	})
}

func TestPersonalFilesAreLookedAtOnTheRecord(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := attach.NewStore(seal.Ephemeral())
		actor := testkit.Actor(testkit.Tenant, nil)
		owner, person := attach.Owner{Kind: "activity", ID: id.New()}, id.New()
		l := attach.Limits{Bytes: 1 << 20, Edge: 800, Files: 5}
		c := check(t, s, attach.New{Name: "a.pdf", Content: []byte("%PDF-1.7\n" + strings.Repeat("y", 100) + "%%EOF"), Personal: true}, l)
		var kept []attach.File
		must(t, d.WithTx(ctx, func(tx *db.Tx) (err error) {
			kept, err = s.KeepTx(ctx, tx, actor, owner, l, c)
			return err
		}))
		if _, b, err := s.Content(ctx, d, testkit.Tenant, owner, kept[0].ID, false); errs.KindOf(err) != errs.Forbidden || b != nil {
			t.Errorf("a personal file without a look = %d bytes, %v", len(b), err)
		}
		must(t, d.WithTx(ctx, func(tx *db.Tx) error {
			_, b, err := s.Look(ctx, tx, actor, owner, kept[0].ID, false, audit.Entry{Action: "case.file", PersonID: person, Purpose: "visit"})
			if err == nil && len(b) == 0 {
				err = errors.New("no content")
			}
			return err
		}))
		told, err := audit.Search(ctx, d, authz.System(testkit.Tenant, "test").Scope(audit.PermRead), audit.Filter{PersonID: person})
		if err != nil || len(told.Items) != 1 || told.Items[0].SubjectID != kept[0].ID || told.Items[0].Purpose != "visit" {
			t.Errorf("the record says %+v, %v", told.Items, err)
		}
	})
}

func check(t *testing.T, s *attach.Store, in attach.New, l attach.Limits) attach.Checked {
	t.Helper()
	c, err := s.Check(context.Background(), in, attach.Pictures|attach.Documents, l)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func jpegSize(b []byte) (int, error) {
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	return max(c.Width, c.Height), err
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
