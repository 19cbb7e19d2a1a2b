package db

import (
	"context"
	"database/sql"
	"errors"
	"runtime/debug"
	"strconv"
	"time"
)

// groupCommitter owns SQLite's one writer connection. Callers hand it functions; it runs those that are waiting one after
// another in one transaction, commits once and then answers all. A failing function does not fail its neighbours; a failing
// commit fails all.
//
// As long as nothing fails, the functions run without savepoints, each of which makes SQLite copy every page it touches. When
// one fails after it has written, the transaction is taken back and those before it run again, now in a savepoint each, as do
// the next groups. A function that fails before it has written leaves nothing to take back.
type groupCommitter struct {
	db      *DB
	conn    *sql.Conn
	stmts   *statements
	queue   chan *write
	quit    chan struct{}
	ended   chan struct{}
	grown   bool // the page cache is larger until the end of the transaction, see Tx.grow
	careful int  // groups that still use savepoints
}

type write struct {
	ctx  context.Context
	fn   func(*Tx) error
	err  error
	done chan error
}

const (
	// groupLimit and groupTime bound how many functions share one commit and for how long others join, so that the first
	// caller does not wait for ever, and little is run again after a failure.
	groupLimit = 256
	groupTime  = 50 * time.Millisecond

	// carefulGroups is how many groups use savepoints after a failure that had to be taken back: where one is, more follow.
	carefulGroups = 20
)

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
	began := time.Now()
	batch := make([]*write, 0, 16)
	err := g.exec(ctx, "BEGIN IMMEDIATE")
	for w := first; w != nil; w = g.next(len(batch), began) {
		batch = append(batch, w)
		if err == nil {
			err = g.join(ctx, batch)
		}
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
	if g.careful > 0 {
		g.careful--
	}
	for _, w := range batch {
		w.done <- errors.Join(w.err, err)
	}
}

func (g *groupCommitter) next(have int, began time.Time) *write {
	if have >= groupLimit || time.Since(began) > groupTime {
		return nil
	}
	select {
	case w := <-g.queue:
		return w
	default:
		return nil
	}
}

// join runs the last function of the batch behind the others, whose work stands in the open transaction. Its error means that
// the whole group failed.
func (g *groupCommitter) join(ctx context.Context, batch []*write) error {
	w := batch[len(batch)-1]
	if g.careful > 0 {
		return g.guarded(ctx, w)
	}
	if w.err = w.ctx.Err(); w.err != nil {
		return nil
	}
	tx := g.tx()
	if w.err = run(w.fn, tx); w.err == nil || !tx.wrote {
		return nil
	}
	return g.again(ctx, batch[:len(batch)-1])
}

// again takes the transaction back and runs the functions before the failed one anew, in savepoints.
func (g *groupCommitter) again(ctx context.Context, before []*write) error {
	g.careful = carefulGroups
	_ = g.exec(ctx, "ROLLBACK") // after some faults, a full disk among them, SQLite has done it itself
	if err := g.exec(ctx, "BEGIN IMMEDIATE"); err != nil {
		return err
	}
	for _, w := range before {
		if w.err != nil {
			continue // it failed before it wrote
		}
		if err := g.guarded(ctx, w); err != nil {
			return err
		}
	}
	return nil
}

// guarded runs one function in a savepoint.
func (g *groupCommitter) guarded(ctx context.Context, w *write) error {
	if w.err = w.ctx.Err(); w.err != nil {
		return nil
	}
	if err := g.exec(ctx, "SAVEPOINT w"); err != nil {
		return err
	}
	if w.err = run(w.fn, g.tx()); w.err != nil {
		if err := g.exec(ctx, "ROLLBACK TO w"); err != nil {
			return err
		}
	}
	return g.exec(ctx, "RELEASE w")
}

func (g *groupCommitter) tx() *Tx {
	return &Tx{db: g.db, conn: g.conn, stmts: g.stmts, now: g.db.Now()}
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
