package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Tx is a running transaction.
type Tx struct {
	db    *DB
	conn  *sql.Conn
	stmts *statements // SQLite writer only
	now   time.Time

	snapshot   *sql.Tx  // SQLite reader only
	unprepared []string // texts that the readers have not prepared yet

	wrote    bool // a statement has run that may have written something
	inserted int  // rows written by InsertMany

	// PostgreSQL, writing: statements that go with the next one, BEGIN first; whether anything was sent; and what went wrong.
	waiting *pgx.Batch
	begun   bool
	failed  error
	untold  bool           // QueryRow could not say so
	filled  map[string]int // rows that COPY wrote, by table
}

// Now is the instant of the transaction in UTC, the same throughout it.
func (t *Tx) Now() time.Time { return t.now }

// Engine is the engine behind the transaction.
func (t *Tx) Engine() Engine { return t.db.engine }

// Query reads within the transaction.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if t.stmts != nil {
		ctx, st, err := t.prepared(ctx, query)
		if err != nil {
			return nil, err
		}
		t.wrote = t.wrote || !strings.HasPrefix(query, "SELECT")
		return st.QueryContext(ctx, args...)
	}
	if t.snapshot != nil {
		if st := t.readersOwn(ctx, query); st != nil {
			return st.QueryContext(ctx, args...)
		}
		return t.snapshot.QueryContext(ctx, t.text(query), args...)
	}
	if err := t.before(ctx); err != nil {
		return nil, err
	}
	return t.conn.QueryContext(ctx, t.text(query), args...)
}

// QueryRow reads one row within the transaction.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	if t.stmts != nil {
		if own, st, err := t.prepared(ctx, query); err == nil {
			t.wrote = t.wrote || !strings.HasPrefix(query, "SELECT")
			return st.QueryRowContext(own, args...)
		}
	}
	if t.snapshot != nil {
		if st := t.readersOwn(ctx, query); st != nil {
			return st.QueryRowContext(ctx, args...)
		}
		return t.snapshot.QueryRowContext(ctx, t.text(query), args...)
	}
	if err := t.before(ctx); err != nil {
		gone, leave := context.WithCancel(ctx) // a row that only holds an error; the transaction ends with its own
		leave()
		ctx, t.untold = gone, true
	}
	return t.conn.QueryRowContext(ctx, t.text(query), args...)
}

// readersOwn is a statement that the readers have prepared, in this view; nil if they have not.
func (t *Tx) readersOwn(ctx context.Context, query string) *sql.Stmt {
	st := t.db.stmts.known(query)
	if st == nil {
		t.unprepared = append(t.unprepared, query)
		return nil
	}
	return t.snapshot.StmtContext(ctx, st)
}

// Exec writes and gives the number of rows touched.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if t.snapshot != nil {
		return 0, errors.New("db: a view does not write")
	}
	if t.stmts == nil {
		if err := t.before(ctx); err != nil {
			return 0, err
		}
		res, err := t.conn.ExecContext(ctx, t.text(query), args...)
		if err != nil {
			return 0, err
		}
		return res.RowsAffected()
	}
	ctx, st, err := t.prepared(ctx, query)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, args...)
	if err != nil {
		t.wrote = t.wrote || !isRefused(err)
		return 0, err
	}
	n, err := res.RowsAffected()
	t.wrote = t.wrote || n > 0
	return n, err
}

// prepared is a statement for the SQLite writer, and the context to run it under. A caller who has gone is noticed here,
// between statements: interrupting one that writes would make SQLite take back the neighbours' work as well.
func (t *Tx) prepared(ctx context.Context, query string) (context.Context, *sql.Stmt, error) {
	if err := ctx.Err(); err != nil {
		return nil, nil, err
	}
	st, err := t.stmts.get(ctx, query)
	return context.WithoutCancel(ctx), st, err
}

// before sends what waits, so that the next statement sees it.
func (t *Tx) before(ctx context.Context) error {
	if t.waiting == nil {
		return nil
	}
	return t.flush(ctx)
}

func (t *Tx) text(query string) string {
	if t.db.engine == SQLite {
		return rewrite(query)
	}
	return query
}

// Update runs an UPDATE or DELETE that must touch exactly one row, typically one that ends in
// "AND version = $n"; no row is a Conflict: somebody else changed it first.
func (t *Tx) Update(ctx context.Context, query string, args ...any) error {
	n, err := t.Exec(ctx, query, args...)
	if err != nil {
		return err
	}
	if n != 1 {
		return errs.ErrConflict
	}
	return nil
}

// maxAttempts is how often a transaction is tried that others got in the way of: about two seconds in all.
const maxAttempts = 24

// WithTx runs fn in a write transaction: all of it is durable when WithTx returns nil, none of it otherwise.
// fn may run more than once and must touch nothing but the database.
func (d *DB) WithTx(ctx context.Context, fn func(*Tx) error) error {
	fn, extra := accompanied(ctx, fn)
	err := d.withTx(ctx, fn)
	if err == nil && extra != nil {
		extra.done.Store(true)
	}
	return err
}

func (d *DB) withTx(ctx context.Context, fn func(*Tx) error) error {
	if d.engine == SQLite {
		return d.group.do(ctx, fn)
	}
	for attempt := 1; ; attempt++ {
		ending, err := d.serializable(ctx, fn)
		if err == nil || !isRetryable(err) && (ending || !isLost(err)) {
			return err
		}
		if attempt == maxAttempts {
			return errs.New(errs.Unavailable, i18n.ErrUnavailable).Because(err)
		}
		wait := time.Duration(rand.IntN(1<<min(attempt, 7))+1) * time.Millisecond
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(wait):
		}
	}
}

// serializable runs fn once. ending says that the commit was sent: if the connection breaks then, nobody knows whether it was done.
func (d *DB) serializable(ctx context.Context, fn func(*Tx) error) (ending bool, err error) {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return false, err
	}
	defer conn.Close()
	tx := &Tx{db: d, conn: conn, now: d.Now(), waiting: &pgx.Batch{}}
	tx.waiting.Queue("BEGIN ISOLATION LEVEL SERIALIZABLE")
	if err = run(fn, tx); err == nil {
		ending = tx.failed == nil
		err = tx.finish(ctx)
	} else if tx.untold {
		err = tx.failed
	}
	if err == nil && tx.filled != nil {
		tx.analyse(ctx)
	}
	if err != nil && tx.begun {
		// The connection goes back to the pool, so the transaction must end even when ctx is cancelled.
		_, _ = conn.ExecContext(context.WithoutCancel(ctx), "ROLLBACK") // a broken connection is dropped by the pool
	}
	return ending, err
}

// run calls fn and turns a panic into an error, so that one caller's fault cannot end the writer.
func run(fn func(*Tx) error, tx *Tx) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic in transaction: %v\n%s", p, stack())
		}
	}()
	return fn(tx)
}
