package burden_test

import (
	"testing"

	"linli/internal/authz"
	"linli/internal/burden"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/testkit"
)

func TestFormsAreCountedAndPeopleAreNot(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		s := burden.New(d)
		s.Note(testkit.Tenant, burden.Use{Form: "a", Role: "worker", Fields: 10, Filled: 9, Typed: 1, Seconds: 30})
		s.Note(testkit.Tenant, burden.Use{Form: "a", Role: "worker", Fields: 10, Filled: 10, Seconds: 100000})
		s.Note(testkit.Other, burden.Use{Form: "a", Role: "worker", Fields: 7})
		if err := s.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		s.Note(testkit.Tenant, burden.Use{Form: "b", Role: "member", Fields: 2, Typed: 2})
		if err := s.Flush(ctx); err != nil {
			t.Fatal(err)
		}
		see := testkit.Actor(testkit.Tenant, nil, burden.PermSee)
		forms, err := s.Forms(ctx, see, burden.Filter{})
		if err != nil || len(forms) != 2 {
			t.Fatalf("Forms = %+v, %v", forms, err)
		}
		if f := forms[0]; f.Uses != 2 || f.Fields != 20 || f.Filled != 19 || f.Typed != 1 || f.Seconds != 1830 || f.FilledPercent() != 95 {
			t.Errorf("form a = %+v (a page left open counts half an hour)", f)
		}
		records, err := s.Records(ctx, see, burden.Filter{Form: "a", From: "2026-09-15", To: "2026-09-15"})
		if err != nil || len(records) != 1 || burden.Sum(records).Fields != forms[0].Fields {
			t.Errorf("the records behind the figure = %+v, %v", records, err)
		}
		if none, err := s.Records(ctx, see, burden.Filter{To: "2026-09-14"}); err != nil || len(none) != 0 {
			t.Errorf("before the first day = %+v, %v", none, err)
		}
		if _, err := s.Forms(ctx, authz.Actor{Tenant: testkit.Tenant}, burden.Filter{}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("without the permission = %v", err)
		}
	})
}
