package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"runtime"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite" // driver "sqlite"
)

// Engine is the database engine behind a DB.
type Engine int

// The engines.
const (
	SQLite Engine = iota
	Postgres
)

// String is the engine's scheme in a database URL.
func (e Engine) String() string {
	if e == Postgres {
		return "postgres"
	}
	return "sqlite"
}

// Querier reads; it is a DB (outside a transaction) or a Tx.
type Querier interface {
	Query(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRow(ctx context.Context, query string, args ...any) *sql.Row
}

// Options tune Open; the zero value is right for serving.
type Options struct {
	Clock   func() time.Time // time.Now if nil
	Readers int              // reader connections; 2 × cores, at least 4, if 0
	Conns   int              // connections to PostgreSQL at most; 8 × cores, at least 32, if 0
	Scratch bool             // do not wait for the disk: a crash may lose everything, so only for what can be made again
}

// DB is an open database.
type DB struct {
	engine Engine
	url    string
	clock  func() time.Time
	read   *sql.DB // SQLite: query-only pool. PostgreSQL: the one pool.
	stmts  *statements
	write  *sql.DB
	group  *groupCommitter // SQLite only

	replica *replica // nil if there is none
}

// Open opens the database at url, "sqlite:FILE" or "postgres://…". It does not migrate.
func Open(ctx context.Context, databaseURL string, o Options) (*DB, error) {
	if o.Clock == nil {
		o.Clock = time.Now
	}
	if o.Readers == 0 {
		o.Readers = max(4, 2*runtime.NumCPU())
	}
	switch {
	case strings.HasPrefix(databaseURL, "sqlite:"):
		return openSQLite(ctx, databaseURL, o)
	case strings.HasPrefix(databaseURL, "postgres://"), strings.HasPrefix(databaseURL, "postgresql://"):
		return openPostgres(ctx, databaseURL, o)
	}
	return nil, errors.New(`the database is named as sqlite:FILE or postgres://user@host/name`)
}

// window is how much of the file readers map: 2 GB, the most that SQLite allows.
const window = "2147418112"

func openSQLite(ctx context.Context, databaseURL string, o Options) (*DB, error) {
	file, err := filepath.Abs(strings.TrimPrefix(databaseURL, "sqlite:"))
	if err != nil {
		return nil, err
	}
	open := func(extra string, conns int) (*sql.DB, error) {
		dsn := "file:" + (&url.URL{Path: file}).EscapedPath() +
			"?_pragma=busy_timeout(10000)&_pragma=foreign_keys(1)&_pragma=cache_size(-16000)&_pragma=temp_store(2)" + extra
		h, err := sql.Open("sqlite", dsn)
		if err != nil {
			return nil, err
		}
		h.SetMaxOpenConns(conns)
		h.SetMaxIdleConns(conns)
		return h, h.PingContext(ctx)
	}
	// The log is carried over into the file every 16 MB: pages that many commits touch, which most are, are then written once.
	durable := "&_pragma=synchronous(full)&_pragma=wal_autocheckpoint(4000)"
	if o.Scratch {
		durable = "&_pragma=synchronous(off)&_pragma=wal_autocheckpoint(20000)"
	}
	w, err := open("&_pragma=journal_mode(wal)"+durable, 1)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", file, err)
	}
	// Readers look at the file where it lies; what is beyond the window is copied page by page. It takes addresses, and memory that the system can take back.
	r, err := open("&_pragma=query_only(1)&_pragma=mmap_size("+window+")", o.Readers)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("open %s for reading: %w", file, err), w.Close())
	}
	d := &DB{engine: SQLite, url: databaseURL, clock: o.Clock, read: r, write: w}
	d.stmts = newStatements(r.PrepareContext)
	d.group, err = newGroupCommitter(ctx, d)
	return d, err
}

func openPostgres(ctx context.Context, databaseURL string, o Options) (*DB, error) {
	cfg, err := pgx.ParseConfig(databaseURL)
	if err != nil {
		return nil, err
	}
	cfg.RuntimeParams["application_name"] = "linli"
	if o.Scratch {
		cfg.RuntimeParams["synchronous_commit"] = "off"
	}
	h := stdlib.OpenDB(*cfg)
	// PostgreSQL lets transactions that end together share one wait for the disk, the more the better.
	if o.Conns == 0 {
		o.Conns = max(32, 4*o.Readers)
	}
	h.SetMaxOpenConns(o.Conns)
	h.SetMaxIdleConns(o.Conns)
	h.SetConnMaxIdleTime(5 * time.Minute)
	if err := h.PingContext(ctx); err != nil {
		return nil, errors.Join(err, h.Close())
	}
	return &DB{engine: Postgres, url: databaseURL, clock: o.Clock, read: h, write: h}, nil
}

// Close ends the writer and closes all connections.
func (d *DB) Close() error {
	var err error
	if d.group != nil {
		err = d.group.close()
		err = errors.Join(err, d.stmts.close(), d.write.Close())
	}
	if d.replica != nil {
		err = errors.Join(err, d.replica.pool.Close())
	}
	return errors.Join(err, d.read.Close())
}

// Engine is the engine behind d.
func (d *DB) Engine() Engine { return d.engine }

// URL is the address d was opened with.
func (d *DB) URL() string { return d.url }

// File is the path of an SQLite database, "" for PostgreSQL.
func (d *DB) File() string {
	if d.engine != SQLite {
		return ""
	}
	return strings.TrimPrefix(d.url, "sqlite:")
}

// Now is the current instant in UTC, to the microsecond.
func (d *DB) Now() time.Time { return d.clock().UTC().Truncate(time.Microsecond) }

// Ping says whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	var one int
	return d.QueryRow(ctx, "SELECT 1").Scan(&one)
}

// Query reads outside a transaction.
func (d *DB) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if d.reports(ctx) {
		return d.queryReplica(ctx, query, args...)
	}
	return d.query(ctx, query, args...)
}

func (d *DB) query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if d.engine == Postgres {
		return again(func() (*sql.Rows, error) { return d.read.QueryContext(ctx, query, args...) })
	}
	st, err := d.stmts.get(ctx, query)
	if err != nil {
		return nil, err
	}
	return st.QueryContext(ctx, args...)
}

// lostReads is how many connections a reader finds broken, one after the other, before that is told: when a server restarts, all in the pool are.
const lostReads = 64

// again reads on another connection when one turns out to be broken.
func again[T any](read func() (T, error)) (v T, err error) {
	for range lostReads {
		if v, err = read(); err == nil || !isLost(err) {
			break
		}
	}
	return v, err
}

// QueryRow reads one row outside a transaction.
func (d *DB) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if d.reports(ctx) {
		return d.queryRowReplica(ctx, query, args...)
	}
	return d.queryRow(ctx, query, args...)
}

func (d *DB) queryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if d.engine == Postgres {
		row, _ := again(func() (*sql.Row, error) { // it keeps its error
			row := d.read.QueryRowContext(ctx, query, args...)
			return row, row.Err()
		})
		return row
	}
	st, err := d.stmts.get(ctx, query)
	if err != nil {
		// Let the driver report the same fault through the Row.
		return d.read.QueryRowContext(ctx, rewrite(query), args...)
	}
	return st.QueryRowContext(ctx, args...)
}

// View runs fn on one consistent snapshot. fn must not write.
func (d *DB) View(ctx context.Context, fn func(*Tx) error) error {
	if d.engine == SQLite {
		return d.viewFile(ctx, fn)
	}
	conn, err := again(func() (*sql.Conn, error) {
		c, err := d.read.Conn(ctx)
		if err != nil {
			return nil, err
		}
		if _, err := c.ExecContext(ctx, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"); err != nil {
			return nil, errors.Join(err, c.Close())
		}
		return c, nil
	})
	if err != nil {
		return err
	}
	defer conn.Close()
	// The connection goes back to the pool, so the transaction must end even when ctx is cancelled.
	defer conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK")
	return fn(&Tx{db: d, conn: conn, now: d.Now()})
}

// viewFile is View on SQLite, with the statements that readers have prepared. What is new is prepared once the view is over: preparing takes another reader, and
// views that hold all of them would wait for each other.
func (d *DB) viewFile(ctx context.Context, fn func(*Tx) error) error {
	snapshot, err := d.read.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	t := &Tx{db: d, snapshot: snapshot, now: d.Now()}
	defer func() {
		_ = snapshot.Rollback() // nothing was written
		for _, query := range t.unprepared {
			_, _ = d.stmts.get(ctx, query) // whoever asks next is told what is wrong
		}
	}()
	return fn(t)
}
