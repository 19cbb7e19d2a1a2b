package paper_test

import (
	"testing"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/testkit"
)

func TestWhoHoldsThePaperCanVerifyIt(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		subject := id.New()
		var p paper.Paper
		err := d.WithTx(ctx, func(tx *db.Tx) (err error) {
			p, err = paper.IssueTx(ctx, tx, testkit.Tenant, paper.NewPaper{Kind: paper.KindSlip, SubjectID: subject, Number: "1", ContentHash: "h", ValidTo: calendar.MustParse("2026-12-31")})
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		plain := p.Code[:6] + p.Code[7:]
		for _, typed := range []string{p.Code, plain, " " + p.Code[:9] + " " + p.Code[9:], lower(p.Code)} {
			tenant, got, err := paper.Find(ctx, d, typed)
			if err != nil || tenant != testkit.Tenant || got.ID != p.ID || got.ContentHash != "h" {
				t.Errorf("Find(%q) = %d, %v, %v", typed, tenant, got, err)
			}
		}
		other := []byte(p.Code)
		other[len(other)-1] ^= 1
		for _, typed := range []string{"", "320902", string(other), "321102" + p.Code[6:], p.Code + "2", "x" + p.Code} {
			if _, _, err := paper.Find(ctx, d, typed); errs.KindOf(err) != errs.NotFound {
				t.Errorf("Find(%q) = %v, want not found", typed, err)
			}
		}
		if !p.InForce(calendar.MustParse("2026-12-31")) || p.InForce(calendar.MustParse("2027-01-01")) {
			t.Error("the last day belongs to the validity, the next does not")
		}
		again := d.WithTx(ctx, func(tx *db.Tx) error {
			_, err := paper.IssueTx(ctx, tx, testkit.Tenant, paper.NewPaper{Kind: paper.KindSlip, SubjectID: subject, Number: "1"})
			return err
		})
		if errs.KindOf(again) != errs.Conflict {
			t.Errorf("a number used twice gave %v", again)
		}
		if err := d.WithTx(ctx, func(tx *db.Tx) error {
			return paper.RevokeTx(ctx, tx, testkit.Tenant, paper.KindSlip, subject, "corrected")
		}); err != nil {
			t.Fatal(err)
		}
		_, got, err := paper.Find(ctx, d, p.Code)
		if err != nil || got.InForce(calendar.MustParse("2026-10-01")) || got.Reason != "corrected" {
			t.Errorf("after revoking: %v, %v", got, err)
		}
	})
}

func FuzzNormalise(f *testing.F) {
	f.Add("320902-K7QF2M8P9XTZ")
	f.Add("３２０９０２－k7qf 2m8p 9xtz")
	f.Add("-")
	f.Fuzz(func(t *testing.T, s string) {
		tenant, code, ok := paper.Normalise(s)
		if !ok {
			return
		}
		again, code2, ok := paper.Normalise(code)
		if !ok || again != tenant || code2 != code {
			t.Errorf("Normalise(%q) = %q is not stable", s, code)
		}
	})
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return string(b)
}
