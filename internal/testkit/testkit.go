// Package testkit gives tests real databases, actors and keys. It is imported by tests only.
package testkit

import (
	"cmp"
	"context"
	"crypto/sha256"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/db"
)

// PostgresEnv names the environment variable with the URL of a PostgreSQL server on which tests may make databases.
const PostgresEnv = "LINLI_TEST_POSTGRES"

// CitusEnv names the environment variable with the URL of a PostgreSQL server that loads Citus. Where it is set (./test -citus URL), tests run there in the place of both other engines.
const CitusEnv = "LINLI_TEST_CITUS"

// Clock is a clock that tests move by hand.
type Clock struct{ us atomic.Int64 }

// NewClock is a clock that stands at 2026-09-15 10:00 Beijing time, a Tuesday.
func NewClock() *Clock {
	c := &Clock{}
	c.Set(time.Date(2026, 9, 15, 2, 0, 0, 0, time.UTC))
	return c
}

// Now is the time the clock shows.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.us.Load()).UTC() }

// Set moves the clock to t.
func (c *Clock) Set(t time.Time) { c.us.Store(t.UnixMicro()) }

// Advance moves the clock by d.
func (c *Clock) Advance(d time.Duration) { c.us.Add(d.Microseconds()) }

// EachDB runs fn as a subtest on a fresh, migrated SQLite database and on a fresh, migrated PostgreSQL database.
// Without a PostgreSQL server the test fails: an engine that is not tested is not supported. On a Citus server (CitusEnv) it runs there instead.
func EachDB(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachDBAt(t, time.Now, fn)
}

// EachDBAt is EachDB with a clock.
func EachDBAt(t *testing.T, clock func() time.Time, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	if os.Getenv(CitusEnv) != "" {
		t.Run("citus", func(t *testing.T) { fn(t, Postgres(t, clock)) })
		return
	}
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t, clock)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t, clock)) })
}

var lite struct {
	sync.Once
	file string
	err  error
}

// SQLite is a fresh, migrated SQLite database, gone after the test.
func SQLite(t testing.TB, clock func() time.Time) *db.DB {
	t.Helper()
	lite.Do(func() { lite.file, lite.err = liteTemplate() })
	if lite.err != nil {
		t.Fatalf("migrate the SQLite template: %v", lite.err)
	}
	file := filepath.Join(t.TempDir(), "linli.db")
	if err := copyFile(lite.file, file); err != nil {
		t.Fatal(err)
	}
	return open(t, "sqlite:"+file, clock)
}

// liteTemplate migrates one database; tests copy its file, which is quicker than migrating each.
func liteTemplate() (string, error) {
	dir, err := os.MkdirTemp("", "linli-template")
	if err != nil {
		return "", err
	}
	file := filepath.Join(dir, "linli.db")
	d, err := db.Open(context.Background(), "sqlite:"+file, db.Options{})
	if err != nil {
		return "", err
	}
	if _, err := d.Migrate(context.Background()); err != nil {
		return "", err
	}
	return file, d.Close()
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	defer out.Close()
	_, err = io.Copy(out, in)
	return err
}

var pg struct {
	sync.Once
	template string
	err      error
	serial   atomic.Int64
}

// Postgres is a fresh, migrated PostgreSQL database, dropped after the test; on a Citus server (CitusEnv) one with every table spread by tenant.
func Postgres(t testing.TB, clock func() time.Time) *db.DB {
	t.Helper()
	server := cmp.Or(os.Getenv(CitusEnv), os.Getenv(PostgresEnv))
	if server == "" {
		t.Fatalf("%s is not set: ./test starts a PostgreSQL server and sets it", PostgresEnv)
	}
	pg.Do(func() { pg.template, pg.err = pgTemplate(server) })
	if pg.err != nil {
		t.Fatalf("migrate the PostgreSQL template: %v", pg.err)
	}
	name := fmt.Sprintf("linli_%d_%d_%d", os.Getpid(), time.Now().UnixNano()%1e9, pg.serial.Add(1))
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Exec("CREATE DATABASE " + name + " TEMPLATE " + pg.template); err != nil {
		t.Fatalf("create a test database: %v", err)
	}
	// Registered before the database is opened, so that it runs after the database is closed.
	t.Cleanup(func() {
		_, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		for range 5 { // the housekeeper of Citus may come back meanwhile
			if err == nil {
				break
			}
			_, err = admin.Exec("DROP DATABASE " + name + " WITH (FORCE)")
		}
		if err != nil {
			t.Errorf("drop the test database: %v", err)
		}
		_ = admin.Close() // its work is done
	})
	return open(t, withDatabase(server, name), clock)
}

// pgTemplate makes (once per set of migrations on this server) a migrated database to copy from. Several test
// programs may want it at once: an advisory lock lets one make it.
func pgTemplate(server string) (string, error) {
	ctx := context.Background()
	admin, err := sql.Open("pgx", server)
	if err != nil {
		return "", err
	}
	defer admin.Close()
	conn, err := admin.Conn(ctx)
	if err != nil {
		return "", err
	}
	defer conn.Close()
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock(417021)"); err != nil {
		return "", err
	}
	defer conn.ExecContext(ctx, "SELECT pg_advisory_unlock(417021)")
	sum, err := migrationsSum()
	if err != nil {
		return "", err
	}
	name := "linli_template_" + sum
	var there int
	if err := conn.QueryRowContext(ctx, "SELECT count(*) FROM pg_database WHERE datname = $1", name).Scan(&there); err != nil || there > 0 {
		return name, err
	}
	if _, err := conn.ExecContext(ctx, "CREATE DATABASE "+name+"_new"); err != nil {
		return "", err
	}
	d, err := db.Open(ctx, withDatabase(server, name+"_new"), db.Options{})
	if err != nil {
		return "", err
	}
	if os.Getenv(CitusEnv) != "" {
		err = citus(ctx, withDatabase(server, name+"_new"))
	}
	if err == nil {
		_, err = d.Migrate(ctx)
	}
	if err := errors.Join(err, d.Close()); err != nil {
		return "", err
	}
	if os.Getenv(CitusEnv) != "" { // its housekeeper stays connected, and nobody copies a database that somebody is connected to
		if _, err := conn.ExecContext(ctx, "ALTER DATABASE "+name+"_new ALLOW_CONNECTIONS false"); err != nil {
			return "", err
		}
		if _, err := conn.ExecContext(ctx, "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = $1", name+"_new"); err != nil {
			return "", err
		}
	}
	_, err = conn.ExecContext(ctx, "ALTER DATABASE "+name+"_new RENAME TO "+name)
	return name, err
}

// citus makes a database one of a cluster, as its operator does (docs/cluster.md).
func citus(ctx context.Context, databaseURL string) error {
	h, err := sql.Open("pgx", databaseURL)
	if err != nil {
		return err
	}
	_, err = h.ExecContext(ctx, "CREATE EXTENSION citus")
	return errors.Join(err, h.Close())
}

// migrationsSum names the set of migration files.
func migrationsSum() (string, error) {
	h := sha256.New()
	err := fs.WalkDir(os.DirFS(filepath.Join(Root(), "internal/db/migrations")), ".", func(p string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(Root(), "internal/db/migrations", p))
		h.Write([]byte(p))
		h.Write(b)
		return err
	})
	return fmt.Sprintf("%x", h.Sum(nil))[:16], err
}

func withDatabase(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

func open(t testing.TB, databaseURL string, clock func() time.Time) *db.DB {
	t.Helper()
	d, err := db.Open(context.Background(), databaseURL, db.Options{Clock: clock, Readers: 4})
	if err != nil {
		t.Fatalf("open %s: %v", strings.SplitN(databaseURL, "?", 2)[0], err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("close the database: %v", err)
		}
	})
	return d
}

// Root is the folder of the checkout.
func Root() string {
	dir, err := os.Getwd()
	if err != nil {
		return "."
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "."
		}
		dir = parent
	}
}

// Shared gives the path of a file of the public data that stands beside the checkout (../shared/data), and whether it is
// there. Where it is not, the test says so and checks what it can without it.
func Shared(t testing.TB, name string) (string, bool) {
	t.Helper()
	p := filepath.Join(Root(), "..", "shared", "data", name)
	if _, err := os.Stat(p); err != nil {
		t.Logf("the public data is not beside the checkout (../shared/data/%s): that part was not tested", name)
		return "", false
	}
	return p, true
}

// Exec changes the database behind the back of the services, to see whether they notice.
func Exec(t testing.TB, d *db.DB, query string, args ...any) {
	t.Helper()
	err := d.WithTx(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec(context.Background(), query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
