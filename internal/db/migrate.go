package db

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"testing/fstest"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/pressly/goose/v3/lock"
)

//go:embed migrations/*.sql
var migrations embed.FS

// ErrNewerSchema means that the database was made by a newer version of the program.
var ErrNewerSchema = errors.New("the database has a newer schema than this program; use the newer program")

// textType finds the type name TEXT; its values must sort by code point on every engine.
var textType = regexp.MustCompile(`\bTEXT\b`)

// Migrate brings the schema up to date and gives the numbers of the migrations it applied. Several
// servers may start at once: PostgreSQL is locked meanwhile, SQLite has one writer anyway. On a database with the Citus extension every table is then spread by tenant.
func (d *DB) Migrate(ctx context.Context) ([]int64, error) {
	p, handle, err := d.provider()
	if err != nil {
		return nil, err
	}
	if handle != nil {
		defer handle.Close()
	}
	if err := refuseNewer(ctx, p); err != nil {
		return nil, err
	}
	pending, err := p.HasPending(ctx) // most starts find nothing to do, and need no lock
	if err != nil {
		return nil, fmt.Errorf("migrate: %w", err)
	}
	var done []int64
	if pending {
		results, err := p.Up(ctx)
		for _, r := range results {
			done = append(done, r.Source.Version)
		}
		if err != nil {
			return done, fmt.Errorf("migrate: %w", err)
		}
	}
	if d.engine == Postgres {
		if _, err := distribute(ctx, d.write); err != nil {
			return done, fmt.Errorf("migrate: %w", err)
		}
	}
	return done, nil
}

// SchemaVersion gives the version the database has and the one this program wants.
func (d *DB) SchemaVersion(ctx context.Context) (has, wants int64, err error) {
	p, handle, err := d.provider()
	if err != nil {
		return 0, 0, err
	}
	if handle != nil {
		defer handle.Close()
	}
	return p.GetVersions(ctx)
}

func refuseNewer(ctx context.Context, p *goose.Provider) error {
	has, wants, err := p.GetVersions(ctx)
	if err != nil {
		return fmt.Errorf("read schema version: %w", err)
	}
	if has > wants {
		return ErrNewerSchema
	}
	return nil
}

// provider gives goose's provider; for SQLite on a handle of its own, which the caller closes, because the
// writer connection belongs to the group committer.
func (d *DB) provider() (*goose.Provider, *sql.DB, error) {
	files, err := migrationFiles(d.engine)
	if err != nil {
		return nil, nil, err
	}
	if d.engine == Postgres {
		locker, err := lock.NewPostgresSessionLocker()
		if err != nil {
			return nil, nil, err
		}
		p, err := goose.NewProvider(database.DialectPostgres, d.write, files, goose.WithSessionLocker(locker), anyOrder)
		return p, nil, err
	}
	h, err := sql.Open("sqlite", "file:"+d.File()+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(wal)&_txlock=immediate")
	if err != nil {
		return nil, nil, err
	}
	h.SetMaxOpenConns(1)
	p, err := goose.NewProvider(database.DialectSQLite3, h, files, anyOrder)
	return p, h, err
}

// anyOrder lets a migration with a lower number than the last one be applied: branches reserve numbers and are merged in any order, so
// a database may meet 0010 after 0015. Such migrations touch tables of their own or add to older ones.
var anyOrder = goose.WithAllowOutofOrder(true)

// migrationFiles gives the migrations as engine e reads them: 0042_name.postgres.sql replaces 0042_name.sql there.
func migrationFiles(e Engine) (fs.FS, error) {
	entries, err := migrations.ReadDir("migrations")
	if err != nil {
		return nil, err
	}
	out := fstest.MapFS{}
	for _, f := range entries {
		body, err := migrations.ReadFile("migrations/" + f.Name())
		if err != nil {
			return nil, err
		}
		name, engine, special := strings.Cut(strings.TrimSuffix(f.Name(), ".sql"), ".")
		if special && engine != e.String() {
			continue
		}
		if _, taken := out[name+".sql"]; taken && !special {
			continue
		}
		if e == Postgres {
			body = textType.ReplaceAll(body, []byte(`TEXT COLLATE "C"`))
		}
		out[name+".sql"] = &fstest.MapFile{Data: body}
	}
	return out, nil
}
