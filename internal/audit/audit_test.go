package audit_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/testkit"
)

func record(t *testing.T, d *db.DB, tenant int64, e audit.Entry) {
	t.Helper()
	actor := testkit.Actor(tenant, nil, "thing.edit")
	if err := d.WithTx(t.Context(), func(tx *db.Tx) error { return audit.Record(t.Context(), tx, actor, e) }); err != nil {
		t.Fatal(err)
	}
}

func each(t *testing.T, fn func(t *testing.T, d *db.DB, clock *testkit.Clock)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		fn(t, d, clock)
	})
}

func chain(t *testing.T, d *db.DB, tenant int64) int {
	t.Helper()
	n, err := audit.Chain(t.Context(), d, tenant)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTamperingShows changes a whole chain in every way that a hand in the database can, each on its own and taken back (REL-7).
func TestTamperingShows(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		for i := range 20 {
			record(t, d, testkit.Tenant, audit.Entry{Action: fmt.Sprintf("thing.edit.%d", i), SubjectKind: "thing", SubjectID: id.New(), Detail: map[string]any{"n": i}})
		}
		clock.Advance(time.Minute)
		if n := chain(t, d, testkit.Tenant); n != 20 {
			t.Fatalf("chained %d", n)
		}
		rep, err := audit.Verify(t.Context(), d, testkit.Tenant)
		if err != nil || len(rep.Faults) != 0 || rep.Linked != 20 || rep.Unlinked != 0 || rep.Tail == "" {
			t.Fatalf("before: %+v, %v", rep, err)
		}
		for name, query := range tampering {
			takeBack := errors.New("take back")
			err := d.WithTx(t.Context(), func(tx *db.Tx) error {
				if n, err := tx.Exec(t.Context(), query, testkit.Tenant); err != nil || n != 1 {
					t.Errorf("%s: %d rows touched, %v", name, n, err)
				}
				rep, err := audit.Verify(t.Context(), tx, testkit.Tenant)
				if err != nil || len(rep.Faults) == 0 {
					t.Errorf("%s is not seen: %+v, %v", name, rep, err)
				}
				return takeBack
			})
			if !errors.Is(err, takeBack) {
				t.Fatal(err)
			}
		}
	})
}

var tampering = map[string]string{
	"an entry's actor":   "UPDATE audit_entry SET actor_name = 'x' WHERE tenant_id = $1 AND action = 'thing.edit.7'",
	"an entry's purpose": "UPDATE audit_entry SET purpose = 'x' WHERE tenant_id = $1 AND action = 'thing.edit.7'",
	"an entry's time":    "UPDATE audit_entry SET at = at + 1 WHERE tenant_id = $1 AND action = 'thing.edit.7'",
	"an entry's detail":  "UPDATE audit_entry SET detail = '{}' WHERE tenant_id = $1 AND action = 'thing.edit.7'",
	"an entry's digest":  "UPDATE audit_entry SET digest = 'x' WHERE tenant_id = $1 AND action = 'thing.edit.7'",
	"an entry removed":   "DELETE FROM audit_entry WHERE tenant_id = $1 AND action = 'thing.edit.7'",
	"a link removed":     "DELETE FROM audit_link WHERE tenant_id = $1 AND seq = 7",
	"a link's hash":      "UPDATE audit_link SET hash = 'x' WHERE tenant_id = $1 AND seq = 7",
	"a link's entry":     "UPDATE audit_link SET entry_id = 1 WHERE tenant_id = $1 AND seq = 7",
}

func TestEntriesAreChainedOnceAndLate(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		record(t, d, testkit.Tenant, audit.Entry{Action: "a", SubjectKind: "x"})
		if n := chain(t, d, testkit.Tenant); n != 0 {
			t.Errorf("an entry of this moment was chained before slower transactions had their turn")
		}
		clock.Advance(time.Minute)
		record(t, d, testkit.Tenant, audit.Entry{Action: "b", SubjectKind: "x"})
		record(t, d, testkit.Other, audit.Entry{Action: "c", SubjectKind: "x"})
		if n := chain(t, d, testkit.Tenant); n != 1 {
			t.Errorf("chained %d, want the settled one", n)
		}
		clock.Advance(time.Minute)
		if a, b := chain(t, d, testkit.Tenant), chain(t, d, testkit.Tenant); a != 1 || b != 0 {
			t.Errorf("chained %d and %d, want 1 and 0", a, b)
		}
		rep, err := audit.Verify(t.Context(), d, testkit.Other)
		if err != nil || rep.Linked != 0 || rep.Unlinked != 1 {
			t.Errorf("the other tenant: %+v, %v", rep, err)
		}
	})
}

func TestNothingHappensWithoutItsEntry(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
		broken := fmt.Errorf("broken")
		err := d.WithTx(t.Context(), func(tx *db.Tx) error {
			if err := audit.Record(t.Context(), tx, testkit.Actor(testkit.Tenant, nil), audit.Entry{Action: "a", SubjectKind: "x"}); err != nil {
				return err
			}
			return broken
		})
		if err == nil {
			t.Fatal("no error")
		}
		if n, _ := db.Value[int64](t.Context(), d, "SELECT count(*) FROM audit_entry WHERE tenant_id = $1", testkit.Tenant); n != 0 {
			t.Errorf("%d entries of an act that did not happen", n)
		}
	})
}

func TestSearchKeepsToItsScope(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
		east, west, resident := id.New(), id.New(), id.New()
		record(t, d, testkit.Tenant, audit.Entry{Action: "look", SubjectKind: "person", PersonID: resident, OrgID: east, Purpose: "visit"})
		record(t, d, testkit.Tenant, audit.Entry{Action: "edit", SubjectKind: "person", SubjectID: resident, OrgID: west})
		record(t, d, testkit.Other, audit.Entry{Action: "look", SubjectKind: "person", PersonID: resident, OrgID: east, Purpose: "visit"})
		count := func(a authz.Actor, p authz.Permission, f audit.Filter) int {
			l, err := audit.Search(context.Background(), d, a.Scope(p), f)
			if err != nil {
				t.Fatal(err)
			}
			return len(l.Items)
		}
		all := testkit.Actor(testkit.Tenant, nil, audit.PermRead)
		for name, c := range map[string]struct{ got, want int }{
			"the auditor":             {count(all, audit.PermRead, audit.Filter{}), 2},
			"looks only":              {count(all, audit.PermRead, audit.Filter{Looks: true}), 1},
			"of one resident":         {count(all, audit.PermRead, audit.Filter{PersonID: resident}), 1},
			"of one action":           {count(all, audit.PermRead, audit.Filter{Action: "edit"}), 1},
			"within a community":      {count(testkit.Actor(testkit.Tenant, []id.ID{west}, audit.PermRead), audit.PermRead, audit.Filter{}), 1},
			"the resident themselves": {count(testkit.Own(testkit.Tenant, resident, "audit.read.own"), "audit.read.own", audit.Filter{}), 1},
			"another resident":        {count(testkit.Own(testkit.Tenant, id.New(), "audit.read.own"), "audit.read.own", audit.Filter{}), 0},
			"nobody":                  {count(authz.Actor{}, audit.PermRead, audit.Filter{}), 0},
		} {
			if c.got != c.want {
				t.Errorf("%s sees %d entries, want %d", name, c.got, c.want)
			}
		}
	})
}
