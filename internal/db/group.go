package db

import (
	"context"
	"database/sql"
	"errors"
	"runtime/debug"
	"strconv"
)

// groupCommitter owns SQLite's one writer connection. Callers hand it functions; it runs those that are
// waiting one after another in one transaction, each in a savepoint, commits once and then answers all.
// A failing function is rolled back to its savepoint and does not fail its neighbours; a failing commit fails all.
type groupCommitter struct {
	db    *DB
	conn  *sql.Conn
	stmts *statements
	queue chan *write
	quit  chan struct{}
	ended chan struct{}
	grown bool // the page cache is larger until the end of the transaction, see Tx.grow
}

type write struct {
	ctx  context.Context
	fn   func(*Tx) error
	err  error
	done chan error
}

// groupLimit bounds how many functions share one commit, so that the first caller does not wait for ever.
const groupLimit = 256

var errClosed = errors.New("db: closed")

func newGroupCommitter(ctx context.Context, d *DB) (*groupCommitter, error) {
	conn, err := d.write.Conn(ctx)
	if err != nil {
		return nil, err
	}
	g := &groupCommitter{
		db: d, conn: conn, stmts: newStatements(conn.PrepareContext),
		queue: make(chan *write, groupLimit), quit: make(chan struct{}), ended: make(chan struct{}),
	}
	go g.loop()
	return g, nil
}

func (g *groupCommitter) do(ctx context.Context, fn func(*Tx) error) error {
	w := &write{ctx: ctx, fn: fn, done: make(chan error, 1)}
	select {
	case g.queue <- w:
	case <-ctx.Done():
		return ctx.Err()
	case <-g.quit:
		return errClosed
	}
	select {
	case err := <-w.done: // once queued the outcome is awaited: cancelling may no longer un-happen it
		return err
	case <-g.ended:
		select {
		case err := <-w.done:
			return err
		default:
			return errClosed
		}
	}
}

func (g *groupCommitter) close() error {
	close(g.quit)
	<-g.ended
	return errors.Join(g.stmts.close(), g.conn.Close())
}

func (g *groupCommitter) loop() {
	defer close(g.ended)
	for {
		select {
		case w := <-g.queue:
			g.commit(w)
		case <-g.quit:
			return
		}
	}
}

// commit runs first and whatever else is waiting, then answers them all.
func (g *groupCommitter) commit(first *write) {
	// Cancelled callers are answered without touching the connection; the group itself is not cancelled.
	ctx := context.Background()
	batch := make([]*write, 0, groupLimit)
	err := g.exec(ctx, "BEGIN IMMEDIATE")
	for w := first; w != nil; w = g.next(len(batch)) {
		batch = append(batch, w)
		if err != nil {
			continue
		}
		w.err, err = g.runOne(ctx, w)
	}
	if err == nil {
		err = g.exec(ctx, "COMMIT")
	}
	if err != nil {
		_ = g.exec(ctx, "ROLLBACK") // nothing may be open when BEGIN itself failed
	}
	if g.grown {
		g.shrink(ctx)
	}
	for _, w := range batch {
		w.done <- errors.Join(w.err, err)
	}
}

func (g *groupCommitter) next(have int) *write {
	if have >= groupLimit {
		return nil
	}
	select {
	case w := <-g.queue:
		return w
	default:
		return nil
	}
}

// runOne runs one function in a savepoint; own is its outcome, broken means that the whole group failed.
func (g *groupCommitter) runOne(ctx context.Context, w *write) (own, broken error) {
	if err := w.ctx.Err(); err != nil {
		return err, nil
	}
	if err := g.exec(ctx, "SAVEPOINT w"); err != nil {
		return nil, err
	}
	own = run(w.fn, &Tx{db: g.db, conn: g.conn, stmts: g.stmts, now: g.db.Now()})
	if own != nil {
		if err := g.exec(ctx, "ROLLBACK TO w"); err != nil {
			return own, err
		}
	}
	return own, g.exec(ctx, "RELEASE w")
}

// The writer's page cache in kilobytes: at rest, and while a transaction writes many rows. A small cache makes such a
// transaction write out and read back the same index pages over and over.
const (
	cacheAtRest = 16_000
	cacheGrown  = 160_000
)

// grow enlarges the page cache until the transaction ends.
func (g *groupCommitter) grow(ctx context.Context) error {
	g.grown = true
	return g.pragma(ctx, "cache_size = -"+strconv.Itoa(cacheGrown))
}

func (g *groupCommitter) shrink(ctx context.Context) {
	g.grown = false
	_ = g.pragma(ctx, "cache_size = -"+strconv.Itoa(cacheAtRest)) // what was written stands either way
	_ = g.pragma(ctx, "shrink_memory")                            // as above
}

// pragma sets something. It is not prepared once for all: a pragma takes effect while it is prepared.
func (g *groupCommitter) pragma(ctx context.Context, text string) error {
	_, err := g.conn.ExecContext(ctx, "PRAGMA "+text)
	return err
}

func (g *groupCommitter) exec(ctx context.Context, query string) error {
	st, err := g.stmts.get(ctx, query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(ctx)
	return err
}

func stack() []byte { return debug.Stack() }
