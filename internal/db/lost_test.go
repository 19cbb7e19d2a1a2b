package db_test

import (
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/testkit"
)

// TestABrokenConnectionIsReplaced ends connections of the platform, as a server does that restarts: in the middle of a transaction, which is run again, and
// in the pool, whose readers get another one. Nobody notices, and what was written is there once.
func TestABrokenConnectionIsReplaced(t *testing.T) {
	d := testkit.Postgres(t, time.Now)
	ctx := t.Context()
	u, err := url.Parse(d.URL())
	if err != nil {
		t.Fatal(err)
	}
	admin, err := sql.Open("pgx", os.Getenv(testkit.PostgresEnv))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	end := func() {
		t.Helper()
		if _, err := admin.Exec("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", strings.TrimPrefix(u.Path, "/")); err != nil {
			t.Fatal(err)
		}
	}
	for _, when := range []string{"before", "between", "after"} {
		tries := 0
		err := d.WithTx(ctx, func(tx *db.Tx) error {
			tries++
			if tries == 1 && when == "before" {
				end()
			}
			if err := insert(ctx, tx, "first "+when, "1"); err != nil {
				return err
			}
			if tries == 1 && when == "between" {
				end()
			}
			return insert(ctx, tx, "second "+when, "2")
		})
		if err != nil || (when == "between" && tries != 2) {
			t.Fatalf("%s: %v after %d tries", when, err, tries)
		}
		if when == "after" {
			end()
		}
	}
	if n := count(t, d); n != 6 {
		t.Fatalf("%d rows", n)
	}
	end()
	if names, err := db.Column[string](ctx, d, "SELECT name FROM policy WHERE tenant_id = $1", testkit.Tenant); err != nil || len(names) != 6 {
		t.Fatalf("%v, %v", names, err)
	}
}
