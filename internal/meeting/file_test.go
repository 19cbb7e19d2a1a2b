package meeting_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/body"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/meeting"
	"linli/internal/seal"
)

func pdf(n int) []byte {
	return []byte("%PDF-1.7\n" + strings.Repeat("1 0 obj <<>> endobj\n", n) + "%%EOF\n")
}

// TestFilesOfAMeetingAndOfRules keeps files at a meeting and at the rules of a body: whoever sees the record sees them, nobody else does, and what is too large
// or of another type is refused in words, with nothing half done.
func TestFilesOfAMeetingAndOfRules(t *testing.T) {
	each(t, func(w *world) {
		store := attach.NewStore(seal.Ephemeral())
		bodies := body.New(w.d).WithFiles(store)
		w.s.WithFiles(store)
		m := w.plan(meeting.Holder{BodyID: w.body}, meeting.JointConference)
		minutes := attach.New{Name: "纪要.pdf", Content: pdf(8)}
		w.wants("by who does not plan", w.s.AddFiles(ctx, w.liaison, m, []attach.New{minutes}), errs.NotFound)
		w.wants("nothing chosen", w.s.AddFiles(ctx, w.secretary, m, nil), errs.Invalid)
		w.wants("a program", w.s.AddFiles(ctx, w.secretary, m, []attach.New{minutes, {Name: "纪要.pdf", Content: []byte("MZ" + strings.Repeat("x", 200))}}), errs.Invalid)
		big := w.s.AddFiles(ctx, w.secretary, m, []attach.New{{Name: "大.pdf", Content: pdf(1 << 20)}})
		if e := errs.As(big); e == nil || e.Fields["file"].Text != i18n.AttachTooLarge {
			t.Errorf("over its size: %v", big)
		}
		if d := w.get(w.secretary, m); len(d.Files) != 0 {
			t.Errorf("half done: %v", d.Files)
		}
		w.must(w.s.AddFiles(ctx, w.secretary, m, []attach.New{minutes, {Name: "材料.pdf", Content: pdf(9)}}))
		d := w.get(w.liaison, m) // who sits in the body sees what lies there
		if len(d.Files) != 2 || d.Files[0].Name != "纪要.pdf" {
			t.Fatalf("files %v", d.Files)
		}
		f, content, err := w.s.File(ctx, w.liaison, m, d.Files[0].ID)
		if w.must(err); !bytes.Equal(content, minutes.Content) || f.Type != attach.PDF {
			t.Errorf("%s came back with %d bytes", f.Type, len(content))
		}
		other := w.plan(meeting.Holder{OwnerID: w.east}, "theme_day")
		_, _, err = w.s.File(ctx, w.secretary, other, f.ID)
		w.wants("under another meeting", err, errs.NotFound)
		_, _, err = w.s.File(ctx, w.other, m, f.ID)
		w.wants("by another community", err, errs.NotFound)
		w.wants("removed by a unit", w.s.RemoveFile(ctx, w.liaison, m, f.ID), errs.NotFound)
		w.must(w.s.RemoveFile(ctx, w.secretary, m, f.ID))
		if d := w.get(w.secretary, m); len(d.Files) != 1 {
			t.Errorf("after removing: %v", d.Files)
		}

		// The rules of procedure: files belong to an edition.
		w.wants("before there are rules", bodies.AddFiles(ctx, w.secretary, w.body, []attach.New{minutes}), errs.NotFound)
		w.must(bodies.WriteRules(ctx, w.secretary, w.body, 0, "议事规则", "第一条"))
		w.must(bodies.AddFiles(ctx, w.secretary, w.body, []attach.New{minutes}))
		w.wants("rules over their size", bodies.AddFiles(ctx, w.secretary, w.body, []attach.New{{Name: "大.pdf", Content: pdf(1 << 20)}}), errs.Invalid)
		sees := func(a authz.Actor) body.Detail {
			t.Helper()
			got, err := bodies.Get(ctx, a, w.body)
			w.must(err)
			return got
		}
		reader := actorAt(w.mill, 14, body.PermSee)
		got := sees(reader)
		if len(got.Rules) != 1 || len(got.Rules[0].Files) != 1 {
			t.Fatalf("rules %+v", got.Rules)
		}
		file := got.Rules[0].Files[0].ID
		_, content, err = bodies.File(ctx, reader, w.body, file)
		if w.must(err); !bytes.Equal(content, minutes.Content) {
			t.Error("another content")
		}
		_, _, err = bodies.File(ctx, actorAt(w.inn, 15, body.PermSee), w.body, file)
		w.wants("by who has no seat", err, errs.NotFound)
		w.clock.Advance(time.Hour)
		w.must(bodies.WriteRules(ctx, w.secretary, w.body, 1, "议事规则", "第一条，第二条"))
		if got := sees(reader); len(got.Rules[0].Files) != 0 {
			t.Errorf("a new edition begins with %v", got.Rules[0].Files)
		}
		if _, _, err = bodies.File(ctx, reader, w.body, file); err != nil {
			t.Errorf("a file of an earlier edition: %v", err)
		}
		if old := sees(reader).Rules[1]; len(old.Files) != 1 || old.Files[0].ID != file {
			t.Errorf("an earlier edition shows %v", old.Files)
		}
		w.must(bodies.RemoveFile(ctx, w.secretary, w.body, file))
	})
}
