package db

import (
	"context"
	"database/sql/driver"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
)

// Later writes something whose outcome the transaction does not look at. On PostgreSQL it waits for the next statement or the
// commit and goes with it, which saves waiting for an answer; its error is then that of the transaction. On SQLite it is Exec.
func (t *Tx) Later(ctx context.Context, query string, args ...any) error {
	if t.db.engine == SQLite {
		_, err := t.Exec(ctx, query, args...)
		return err
	}
	return t.put(query, args...)
}

// put adds a statement to those that wait. The arguments become what database/sql would make of them.
func (t *Tx) put(query string, args ...any) error {
	plain := make([]any, len(args))
	for i, a := range args {
		v, err := driver.DefaultParameterConverter.ConvertValue(a)
		if err != nil {
			return err
		}
		plain[i] = v
	}
	t.waiting.Queue(query, plain...)
	return nil
}

// flush sends what waits, in one go. After an error the transaction can only end with it.
func (t *Tx) flush(ctx context.Context) error {
	if t.failed != nil || t.waiting.Len() == 0 {
		return t.failed
	}
	_, t.failed = t.send(ctx)
	return t.failed
}

var errNotCommitted = errors.New("db: a statement of the transaction had failed, so that nothing was committed")

// finish commits, together with what waits. A transaction without statements is none.
func (t *Tx) finish(ctx context.Context) error {
	if t.failed != nil || !t.begun && t.waiting.Len() == 1 {
		return t.failed
	}
	t.waiting.Queue("COMMIT")
	tag, err := t.send(ctx)
	if err == nil && tag.String() != "COMMIT" { // PostgreSQL answers a commit after a fault that was not heeded with ROLLBACK
		err = errNotCommitted
	}
	return err
}

// send sends the statements that wait and gives the outcome of the last.
func (t *Tx) send(ctx context.Context) (tag pgconn.CommandTag, err error) {
	batch := t.waiting
	t.waiting, t.begun = &pgx.Batch{}, true
	err = t.conn.Raw(func(c any) error {
		res := c.(*stdlib.Conn).Conn().SendBatch(ctx, batch)
		for range batch.Len() {
			if tag, err = res.Exec(); err != nil {
				_ = res.Close() // it repeats the error
				return err
			}
		}
		return res.Close()
	})
	return tag, err
}
