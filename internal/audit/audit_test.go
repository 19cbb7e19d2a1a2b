package audit_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/testkit"
)

func write(t *testing.T, d *db.DB, actor authz.Actor, entries ...audit.Entry) {
	t.Helper()
	for _, e := range entries {
		err := d.WithTx(t.Context(), func(tx *db.Tx) error { return audit.Record(t.Context(), tx, actor, e) })
		if err != nil {
			t.Fatal(err)
		}
	}
}

func exec(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	err := d.WithTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// chained gives a database with n chained entries in each of two tenants.
func chained(t *testing.T, n int, fn func(t *testing.T, d *db.DB, clock *testkit.Clock)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		// IDs come from the real clock; entries and links must lie in the same hours.
		clock.Set(time.Now())
		for i := range n {
			for _, tenant := range []int64{testkit.Tenant, testkit.Other} {
				write(t, d, testkit.Actor(tenant, nil), audit.Entry{Action: "a.b", SubjectKind: "x", SubjectID: id.ID(i + 1), Detail: map[string]any{"n": i}})
			}
		}
		clock.Advance(time.Minute)
		for _, tenant := range []int64{testkit.Tenant, testkit.Other} {
			if got, err := audit.Chain(t.Context(), d, tenant); err != nil || got != n {
				t.Fatalf("Chain = %d, %v, want %d", got, err, n)
			}
		}
		fn(t, d, clock)
	})
}

func faults(t *testing.T, d *db.DB, tenant int64) int {
	t.Helper()
	rep, err := audit.Verify(t.Context(), d, tenant)
	if err != nil {
		t.Fatal(err)
	}
	return len(rep.Faults)
}

// REL-7: tampering with any one record is detected.
func TestTamperingShows(t *testing.T) {
	cases := []struct{ name, query string }{
		{"an action changed", `UPDATE audit_entry SET action = 'a.c' WHERE tenant_id = $1 AND subject_id = 5`},
		{"a time changed", `UPDATE audit_entry SET at = at + 1 WHERE tenant_id = $1 AND subject_id = 5`},
		{"an actor changed", `UPDATE audit_entry SET actor_name = 'Somebody' WHERE tenant_id = $1 AND subject_id = 5`},
		{"a role changed", `UPDATE audit_entry SET actor_role = 'other' WHERE tenant_id = $1 AND subject_id = 5`},
		{"a person changed", `UPDATE audit_entry SET person_id = 9 WHERE tenant_id = $1 AND subject_id = 5`},
		{"a purpose changed", `UPDATE audit_entry SET purpose = 'visit' WHERE tenant_id = $1 AND subject_id = 5`},
		{"a detail changed", `UPDATE audit_entry SET detail = '{}' WHERE tenant_id = $1 AND subject_id = 5`},
		{"the last entry changed", `UPDATE audit_entry SET action = 'a.c' WHERE tenant_id = $1 AND subject_id = 8`},
		{"an entry removed", `DELETE FROM audit_entry WHERE tenant_id = $1 AND subject_id = 5`},
		{"a digest replaced", `UPDATE audit_entry SET digest = 'x' WHERE tenant_id = $1 AND subject_id = 5`},
		{"a link removed", `DELETE FROM audit_link WHERE tenant_id = $1 AND seq = 5`},
		{"a hash replaced", `UPDATE audit_link SET hash = 'x' WHERE tenant_id = $1 AND seq = 5`},
		{"two entries exchanged", `UPDATE audit_link SET seq = CASE WHEN seq = 3 THEN 1004 WHEN seq = 4 THEN 1003 ELSE seq END WHERE tenant_id = $1`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			chained(t, 8, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
				if n := faults(t, d, testkit.Tenant); n != 0 {
					t.Fatalf("%d faults before", n)
				}
				exec(t, d, c.query, testkit.Tenant)
				if faults(t, d, testkit.Tenant) == 0 {
					t.Error("nothing shows")
				}
				if n := faults(t, d, testkit.Other); n != 0 {
					t.Errorf("%d faults in the other tenant", n)
				}
			})
		})
	}
}

func TestTheChainGoesOnAndItsTailMoves(t *testing.T) {
	chained(t, 3, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		before, err := audit.Verify(t.Context(), d, testkit.Tenant)
		if err != nil {
			t.Fatal(err)
		}
		write(t, d, testkit.Actor(testkit.Tenant, nil), audit.Entry{Action: "a.b"})
		if n, err := audit.Chain(t.Context(), d, testkit.Tenant); err != nil || n != 0 {
			t.Errorf("Chain of an entry that has not settled = %d, %v", n, err)
		}
		rep, _ := audit.Verify(t.Context(), d, testkit.Tenant)
		if rep.Unlinked != 1 || rep.Linked != 3 || rep.Tail != before.Tail {
			t.Errorf("report %+v", rep)
		}
		clock.Advance(3 * time.Second)
		if n, err := audit.Chain(t.Context(), d, testkit.Tenant); err != nil || n != 1 {
			t.Errorf("Chain = %d, %v, want 1", n, err)
		}
		if n, err := audit.Chain(t.Context(), d, testkit.Tenant); err != nil || n != 0 {
			t.Errorf("Chain again = %d, %v", n, err)
		}
		if rep, _ = audit.Verify(t.Context(), d, testkit.Tenant); rep.Unlinked != 0 || rep.Linked != 4 || rep.Tail == before.Tail || len(rep.Faults) != 0 {
			t.Errorf("report %+v", rep)
		}
	})
}

func TestAnEntryThatComesLateIsLinkedByTheLongLookBack(t *testing.T) {
	chained(t, 3, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		late := id.At(clock.Now().Add(-10 * time.Minute))
		if err := d.WithTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO audit_entry (tenant_id, id, at, account_id, actor_name, actor_role, action, subject_kind, subject_id,
				person_id, organisation_id, purpose, detail, request_id, digest)
				SELECT tenant_id, $1, at, account_id, actor_name, actor_role, action, subject_kind, subject_id,
				person_id, organisation_id, purpose, detail, request_id, digest FROM audit_entry WHERE tenant_id = $2 ORDER BY id LIMIT 1`, late, testkit.Tenant)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		clock.Advance(3 * time.Second)
		if n, err := audit.ChainRecent(t.Context(), d, testkit.Tenant); err != nil || n != 0 {
			t.Errorf("ChainRecent of an entry ten minutes late = %d, %v", n, err)
		}
		if n, err := audit.Chain(t.Context(), d, testkit.Tenant); err != nil || n != 1 {
			t.Errorf("Chain of an entry ten minutes late = %d, %v", n, err)
		}
		write(t, d, testkit.Actor(testkit.Tenant, nil), audit.Entry{Action: "a.b"})
		clock.Advance(3 * time.Second)
		if n, err := audit.ChainRecent(t.Context(), d, testkit.Tenant); err != nil || n != 1 {
			t.Errorf("ChainRecent of a new entry = %d, %v", n, err)
		}
	})
}

func TestSeveralServersChainTogether(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(time.Now())
		const n = 60
		for i := range n {
			write(t, d, testkit.Actor(testkit.Tenant, nil), audit.Entry{Action: "a.b", SubjectID: id.ID(i + 1)})
		}
		clock.Advance(time.Minute)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := audit.Chain(context.Background(), d, testkit.Tenant); err != nil && !db.IsUnique(err) {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if _, err := audit.Chain(t.Context(), d, testkit.Tenant); err != nil {
			t.Fatal(err)
		}
		rep, err := audit.Verify(t.Context(), d, testkit.Tenant)
		if err != nil || rep.Linked != n || rep.Unlinked != 0 || len(rep.Faults) != 0 {
			t.Errorf("report %+v, %v", rep, err)
		}
	})
}

func TestAnActThatFailedLeavesNoEntry(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		_ = d.WithTx(t.Context(), func(tx *db.Tx) error { // the error is the point
			if err := audit.Record(t.Context(), tx, testkit.Actor(testkit.Tenant, nil), audit.Entry{Action: "a.b"}); err != nil {
				t.Fatal(err)
			}
			return fmt.Errorf("the act failed")
		})
		n, err := db.Value[int64](t.Context(), d, `SELECT count(*) FROM audit_entry`)
		if err != nil || n != 0 {
			t.Errorf("%d entries, %v", n, err)
		}
	})
}

func TestSearchKeepsToItsScope(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		wang := testkit.Actor(testkit.Tenant, nil)
		write(t, d, wang,
			audit.Entry{Action: "person.edit", SubjectID: 1, OrgID: 5, PersonID: 100},
			audit.Entry{Action: "person.look", SubjectID: 1, OrgID: 5, PersonID: 100, Purpose: "visit"},
			audit.Entry{Action: "person.edit", SubjectID: 2, OrgID: 6, PersonID: 200})
		write(t, d, testkit.Actor(testkit.Other, nil), audit.Entry{Action: "person.edit", SubjectID: 1, OrgID: 5, PersonID: 100})
		const looksOwn authz.Permission = "looks.own"
		cases := []struct {
			name  string
			scope authz.Scope
			f     audit.Filter
			want  int
		}{
			{"the auditor of the tenant", testkit.Actor(testkit.Tenant, nil, audit.PermRead).Scope(audit.PermRead), audit.Filter{}, 3},
			{"of a part of it", testkit.Actor(testkit.Tenant, []id.ID{5}, audit.PermRead).Scope(audit.PermRead), audit.Filter{}, 2},
			{"the person themselves", testkit.Own(testkit.Tenant, 100, looksOwn).Scope(looksOwn), audit.Filter{}, 2},
			{"looks only", testkit.Actor(testkit.Tenant, nil, audit.PermRead).Scope(audit.PermRead), audit.Filter{Looks: true}, 1},
			{"by action", testkit.Actor(testkit.Tenant, nil, audit.PermRead).Scope(audit.PermRead), audit.Filter{Action: "person.edit"}, 2},
			{"by actor", testkit.Actor(testkit.Tenant, nil, audit.PermRead).Scope(audit.PermRead), audit.Filter{AccountID: wang.AccountID}, 3},
			{"in the future", testkit.Actor(testkit.Tenant, nil, audit.PermRead).Scope(audit.PermRead), audit.Filter{From: time.Now().Add(time.Hour)}, 0},
			{"nobody", authz.Scope{}, audit.Filter{}, 0},
		}
		for _, c := range cases {
			l, err := audit.Search(t.Context(), d, c.scope, c.f)
			if err != nil || len(l.Items) != c.want {
				t.Errorf("%s: %d entries, %v, want %d", c.name, len(l.Items), err, c.want)
			}
		}
	})
}
