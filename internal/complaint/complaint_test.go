package complaint_test

import (
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/complaint"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/testkit"
)

func TestAComplaintIsAnsweredInWords(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx, s := t.Context(), complaint.New(d)
		wang, li := testkit.Actor(testkit.Tenant, nil, complaint.PermMake), testkit.Actor(testkit.Tenant, nil, complaint.PermMake)
		admin := testkit.Actor(testkit.Tenant, nil, complaint.PermAnswer)
		stranger := testkit.Actor(testkit.Other, nil, complaint.PermAnswer)

		for name, body := range map[string]string{"empty": " ", "too long": strings.Repeat("长", 1001)} {
			if _, err := s.Make(ctx, wang, "/x", body); errs.KindOf(err) != errs.Invalid {
				t.Errorf("%s: Make = %v, want invalid", name, err)
			}
		}
		if _, err := s.Make(ctx, authz.Actor{}, "/x", "words"); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("Make by nobody = %v", err)
		}
		c, err := s.Make(ctx, wang, "/members/new", "asks for the birthday twice")
		if err != nil {
			t.Fatal(err)
		}
		for name, a := range map[string]authz.Actor{"a colleague": li, "another tenant": stranger, "nobody": {}} {
			if _, err := s.Get(ctx, a, c); errs.KindOf(err) != errs.NotFound {
				t.Errorf("Get by %s = %v, want not found", name, err)
			}
			if l, err := s.List(ctx, a, complaint.Filter{}); err != nil || len(l.Items) != 0 {
				t.Errorf("List by %s = %v, %v", name, l.Items, err)
			}
		}
		if w, err := s.Waiting(ctx, admin); err != nil || len(w) != 1 || w[0].Count != 1 || w[0].Subject != c {
			t.Errorf("Waiting = %+v, %v", w, err)
		}
		answer := func(a authz.Actor, to complaint.State, words string, version int64) errs.Kind {
			return errs.KindOf(s.Answer(ctx, a, c, to, words, version))
		}
		if k := answer(admin, complaint.Answered, "", 1); k != errs.Invalid {
			t.Errorf("an answer without words: kind %d", k)
		}
		if k := answer(admin, complaint.Open, "x", 1); k != errs.Invalid {
			t.Errorf("an answer that leaves it open: kind %d", k)
		}
		if k := answer(wang, complaint.Answered, "x", 1); k != errs.Forbidden {
			t.Errorf("an answer to oneself: kind %d", k)
		}
		if k := answer(admin, complaint.Answered, "x", 7); k != errs.Conflict {
			t.Errorf("an answer to an old version: kind %d", k)
		}
		if err := s.Answer(ctx, admin, c, complaint.Answered, "It is filled in now.", 1); err != nil {
			t.Fatal(err)
		}
		if k := answer(admin, complaint.Declined, "second thoughts", 2); k != errs.Conflict {
			t.Errorf("a second answer: kind %d", k)
		}
		got, err := s.Get(ctx, wang, c)
		if err != nil || got.State != complaint.Answered || got.Answer != "It is filled in now." || got.AnsweredAt.IsZero() {
			t.Errorf("Get = %+v, %v", got, err)
		}
		if w, err := s.Waiting(ctx, admin); err != nil || len(w) != 0 {
			t.Errorf("Waiting afterwards = %+v, %v", w, err)
		}
	})
}
