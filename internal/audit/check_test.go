package audit_test

import (
	"testing"
	"time"

	"linli/internal/audit"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/testkit"
)

func kinds(t *testing.T, d *db.DB, now time.Time) map[string]int64 {
	t.Helper()
	list, err := audit.Waiting(t.Context(), d, testkit.Actor(testkit.Tenant, nil, audit.PermRead), now)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int64{}
	for _, it := range list {
		out[it.Kind] = it.Count
	}
	return out
}

func TestTheStateOfTheChainWaitsForTheAuditor(t *testing.T) {
	chained(t, 4, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		auditor := testkit.Actor(testkit.Tenant, nil, audit.PermRead)
		if got := kinds(t, d, clock.Now()); len(got) != 1 || got[audit.WaitCheck] != 1 {
			t.Errorf("never checked: %v", got)
		}
		c, err := audit.Check(t.Context(), d, auditor)
		if err != nil || c.Linked != 4 || c.Faults != 0 || c.Tail == "" {
			t.Fatalf("Check = %+v, %v", c, err)
		}
		if got := kinds(t, d, clock.Now()); len(got) != 0 {
			t.Errorf("just checked: %v", got)
		}
		s, err := audit.Stands(t.Context(), d, auditor)
		if err != nil || s.Sealed != 4 || s.SealedAt.IsZero() || s.Last.ID != c.ID || s.Unsealed != 1 { // the check itself is an entry
			t.Errorf("Stands = %+v, %v", s, err)
		}
		if got := kinds(t, d, clock.Now().Add(time.Hour)); got[audit.WaitUnsealed] != 1 {
			t.Errorf("standing still: %v", got)
		}
		if got := kinds(t, d, clock.Now().Add(9*24*time.Hour)); got[audit.WaitCheck] != 1 {
			t.Errorf("not checked for long: %v", got)
		}
		exec(t, d, `UPDATE audit_entry SET action = 'a.c' WHERE tenant_id = $1 AND subject_id = 2`, testkit.Tenant)
		if c, err = audit.Check(t.Context(), d, auditor); err != nil || c.Faults != 1 || c.First == "" {
			t.Errorf("Check after tampering = %+v, %v", c, err)
		}
		if got := kinds(t, d, clock.Now()); got[audit.WaitBroken] != 1 {
			t.Errorf("broken: %v", got)
		}
		if l, err := audit.Checks(t.Context(), d, auditor); err != nil || len(l) != 2 || l[0].Faults != 1 {
			t.Errorf("Checks = %+v, %v", l, err)
		}
	})
}

func TestTheStateOfTheChainIsTheAuditorsOnly(t *testing.T) {
	chained(t, 2, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		other, nobody := testkit.Actor(testkit.Other, nil, audit.PermRead), testkit.Actor(testkit.Tenant, nil)
		if _, err := audit.Check(t.Context(), d, testkit.Actor(testkit.Tenant, nil, audit.PermRead)); err != nil {
			t.Fatal(err)
		}
		if s, err := audit.Stands(t.Context(), d, other); err != nil || s.Last.ID != 0 {
			t.Errorf("the other tenant sees %+v, %v", s, err)
		}
		for _, call := range []func() error{
			func() error { _, err := audit.Check(t.Context(), d, nobody); return err },
			func() error { _, err := audit.Checks(t.Context(), d, nobody); return err },
			func() error { _, err := audit.Stands(t.Context(), d, nobody); return err },
		} {
			if err := call(); errs.KindOf(err) != errs.Forbidden {
				t.Errorf("without permission: %v", err)
			}
		}
		if l, err := audit.Waiting(t.Context(), d, nobody, clock.Now()); err != nil || len(l) != 0 {
			t.Errorf("Waiting without permission = %v, %v", l, err)
		}
	})
}
