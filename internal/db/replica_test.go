package db_test

import (
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/testkit"
)

// TestReportsReadAtTheReplica reads from a real replica: everything that was committed before is there; one that is behind, or gone, or no replica at all, is not used, nothing fails,
// and it is used again when it has come back.
func TestReportsReadAtTheReplica(t *testing.T) {
	ctx := t.Context()
	r := testkit.NewReplicated(t)
	d, err := db.Open(ctx, r.Server, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	var said []string
	if err := d.WithReplica(r.Replica, func(used bool, err error) { said = append(said, fmt.Sprint(used)) }); err != nil {
		t.Fatal(err)
	}
	db.Hasten(d, 20*time.Second, 200*time.Millisecond) // the machine may be busy
	standby, err := sql.Open("pgx", r.Replica)
	if err != nil {
		t.Fatal(err)
	}
	defer standby.Close()
	n := 0
	// report writes a row, and says whether a report that begins after it was read at the replica; it must see the row.
	report := func() bool {
		t.Helper()
		n++
		if err := d.WithTx(ctx, func(tx *db.Tx) error { return insert(ctx, tx, fmt.Sprint("row ", n), "1") }); err != nil {
			t.Fatal(err)
		}
		ctx := d.ForReport(ctx)
		names, err := db.Column[string](ctx, d, "SELECT name FROM policy WHERE tenant_id = $1", testkit.Tenant)
		if err != nil || len(names) != n {
			t.Fatalf("a report reads %d of %d rows: %v", len(names), n, err)
		}
		there, err := db.Value[bool](ctx, d, "SELECT pg_is_in_recovery()")
		if err != nil {
			t.Fatal(err)
		}
		return there
	}
	again := func() {
		t.Helper()
		for began := time.Now(); !report(); time.Sleep(50 * time.Millisecond) {
			if time.Since(began) > 30*time.Second {
				t.Fatal("the replica is not used again")
			}
		}
	}
	again() // it may still be catching up with the schema
	said = nil
	for range 20 {
		if !report() {
			t.Error("a report was read at the database")
		}
	}
	if _, err := standby.Exec("SELECT pg_wal_replay_pause()"); err != nil {
		t.Fatal(err)
	}
	db.Hasten(d, 300*time.Millisecond, 200*time.Millisecond)
	for range 3 {
		if report() {
			t.Error("a report was read at a replica that is behind")
		}
	}
	if _, err := standby.Exec("SELECT pg_wal_replay_resume()"); err != nil {
		t.Fatal(err)
	}
	db.Hasten(d, 20*time.Second, 200*time.Millisecond)
	again()
	running := d.ForReport(ctx) // it dies between two statements of one report
	r.Stop("second")
	if names, err := db.Column[string](running, d, "SELECT name FROM policy WHERE tenant_id = $1", testkit.Tenant); err != nil || len(names) != n {
		t.Errorf("a report whose replica died reads %d rows: %v", len(names), err)
	}
	if one, err := db.Value[int64](running, d, "SELECT count(*) FROM policy WHERE tenant_id = $1", testkit.Tenant); err != nil || int(one) != n {
		t.Errorf("a report whose replica died counts %d: %v", one, err)
	}
	for range 3 {
		if report() {
			t.Error("a report was read at a server that is gone")
		}
	}
	r.Start("second")
	again()
	if got, want := fmt.Sprint(said), "[false true false true]"; got != want {
		t.Errorf("the log says %s, want %s", got, want)
	}
	if _, err := db.Value[int64](d.ForReport(ctx), d, "INSERT INTO policy (tenant_id, name, value, valid_from) VALUES (1, 'x', 1, '') RETURNING 1"); err == nil {
		t.Error("a report writes")
	}

	// A replica of another server is none of this one, however far it is, and a server that follows nobody is no replica.
	other := testkit.NewReplicated(t)
	stranger, err := db.Open(ctx, r.Server, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer stranger.Close()
	var why error
	if err := stranger.WithReplica(other.Replica, func(_ bool, err error) { why = err }); err != nil {
		t.Fatal(err)
	}
	if stranger.ForReport(ctx) != ctx || why == nil || !strings.Contains(why.Error(), "another server") {
		t.Errorf("the replica of another server is used (%v)", why)
	}
	alone, err := db.Open(ctx, r.Server, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer alone.Close()
	if err := alone.WithReplica(r.Server, func(bool, error) {}); err != nil {
		t.Fatal(err)
	}
	db.Hasten(alone, 50*time.Millisecond, time.Minute)
	if alone.ForReport(ctx) != ctx {
		t.Error("a server that follows nobody is used as a replica")
	}
}

// TestTheReplicaTakesOver lets the server die and its replica take its place: with an address that names both, what was acknowledged is there and the next write is taken, without opening
// the database anew.
func TestTheReplicaTakesOver(t *testing.T) {
	ctx := t.Context()
	r := testkit.NewReplicated(t)
	d, err := db.Open(ctx, r.Either, db.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Migrate(ctx); err != nil {
		t.Fatal(err)
	}
	write := func(name string) error {
		return d.WithTx(ctx, func(tx *db.Tx) error { return insert(ctx, tx, name, "1") })
	}
	if err := write("before"); err != nil {
		t.Fatal(err)
	}
	if err := d.WithReplica(r.Replica, func(bool, error) {}); err != nil {
		t.Fatal(err)
	}
	db.Hasten(d, 20*time.Second, time.Minute)
	if d.ForReport(ctx) == ctx { // the replica has what was acknowledged
		t.Fatal("the replica does not catch up")
	}
	r.Stop("first")
	if err := write("while nobody takes writes"); errs.Outage(err) == nil && errs.KindOf(err) != errs.Unavailable {
		t.Errorf("without a server a write says %v, want an outage", err)
	}
	r.Promote()
	for began := time.Now(); ; time.Sleep(50 * time.Millisecond) {
		if err = write("after"); err == nil {
			break
		}
		if time.Since(began) > 30*time.Second {
			t.Fatalf("the new server takes no write: %v", err)
		}
	}
	names, err := db.Column[string](ctx, d, "SELECT name FROM policy WHERE tenant_id = $1 ORDER BY name", testkit.Tenant)
	if err != nil || fmt.Sprint(names) != "[after before]" {
		t.Errorf("%v, %v", names, err)
	}
}

func TestAFileHasNoReplica(t *testing.T) {
	d := testkit.SQLite(t, time.Now)
	if err := d.WithReplica("postgres://x@/y", nil); !errors.Is(err, db.ErrReplica) {
		t.Errorf("WithReplica says %v", err)
	}
	if ctx := t.Context(); d.ForReport(ctx) != ctx {
		t.Error("reports of a file are read elsewhere")
	}
}
