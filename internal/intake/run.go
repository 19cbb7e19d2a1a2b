package intake

import (
	"context"
	"errors"
	"runtime"
	"sync"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/tabular"
)

// chunkRows is how many rows are planned and written at once.
const chunkRows = 1000

// ahead is how many chunks may be checked before they are written, so that on a busy machine writing does not wait for checking.
const ahead = 8

// maxKept bounds the problems kept for the report; counts go on.
const maxKept = 20_000

// maxRejected is where reading ends: a file with so many bad rows is the wrong file, or its columns are matched wrongly.
const maxRejected = 20_000

// errMend ends a pass in which a row must be mended and the good rows are not wanted alone.
var errMend = errors.New("intake: rows must be mended")

// source gives the rows of a table, from the first below the header, as often as it is asked. Blank rows are left out.
type source interface {
	each(yield func(row tabular.Row) error) error
}

// pass is one run over a file.
type pass struct {
	kind     Kind
	src      source
	columns  []int // by the kind's columns: the file's column, -1 for none
	setup    Setup
	takeGood bool
	progress func(rows int64) // called now and then; may be nil

	importer Importer
	form     *form
	seen     map[string]int // key of a row -> its number
	sum      Summary
	problems []Problem
}

// chunk is some rows on their way. done is closed when they are checked.
type chunk struct {
	rows  []*Row
	items []*Item
	done  chan struct{}
}

// run goes over the file once. Rows are read by one goroutine and checked by others while the caller's writes the chunk
// before them: sealing and checking cost about as much as the database's own work.
func (p *pass) run(ctx context.Context, q db.Querier, tx *db.Tx) error {
	p.form = newForm(p.kind.Columns, func(i int) bool { return p.columns[i] >= 0 })
	p.seen, p.problems = map[string]int{}, nil
	p.sum = Summary{ImportID: p.setup.ImportID, Kind: p.kind.Name, DryRun: tx == nil}
	var err error
	if p.importer, err = p.kind.Begin(ctx, q, p.setup); err != nil {
		return err
	}
	if err := p.stream(ctx, q, tx); err != nil {
		return err
	}
	return p.importer.Finish(ctx, tx)
}

func (p *pass) stream(ctx context.Context, q db.Querier, tx *db.Tx) error {
	workers := max(1, min(runtime.GOMAXPROCS(0)-1, 4))
	stop := make(chan struct{})
	work, ordered := make(chan *chunk, ahead), make(chan *chunk, ahead)
	var readErr error
	var wg sync.WaitGroup
	wg.Go(func() {
		defer close(ordered)
		defer close(work)
		readErr = p.read(func(c *chunk) bool {
			select {
			case ordered <- c:
			case <-stop:
				return false
			}
			select {
			case work <- c:
				return true
			case <-stop:
				close(c.done)
				return false
			}
		})
	})
	for range workers {
		wg.Go(func() {
			for c := range work {
				p.check(c)
				close(c.done)
			}
		})
	}
	err := p.take(ctx, q, tx, ordered)
	close(stop)
	wg.Wait() // the file and the importer are free again; readErr is settled
	if err == nil {
		err = readErr
	}
	return err
}

var errStopped = errors.New("intake: stopped")

// read cuts the file into chunks until emit says no.
func (p *pass) read(emit func(*chunk) bool) error {
	c := &chunk{done: make(chan struct{})}
	err := p.src.each(func(row tabular.Row) error {
		c.rows = append(c.rows, p.row(row))
		if len(c.rows) < chunkRows {
			return nil
		}
		full := c
		c = &chunk{done: make(chan struct{})}
		if !emit(full) {
			return errStopped
		}
		return nil
	})
	if errors.Is(err, errStopped) {
		return nil // the taker knows why
	}
	if err == nil && len(c.rows) > 0 {
		emit(c)
	}
	return err
}

func (p *pass) row(in tabular.Row) *Row {
	r := &Row{No: in.N, form: p.form, cells: make([]string, len(p.columns))}
	for i, at := range p.columns {
		r.cells[i] = in.At(at)
	}
	if f := in.Fault; f != nil {
		r.problems = append(r.problems, Problem{Row: r.No, Column: i18n.Verbatim(f.Column), Masked: f.Masked, Message: f.Message, Advice: f.Advice})
		r.refused = true
	}
	return r
}

func (p *pass) check(c *chunk) {
	for _, r := range c.rows {
		if r.refused {
			continue // not readable as such
		}
		record := p.importer.Check(r)
		if !r.refused {
			c.items = append(c.items, &Item{Row: r, Record: record})
		}
	}
}

// take plans and writes the chunks in the order of the file.
func (p *pass) take(ctx context.Context, q db.Querier, tx *db.Tx, ordered <-chan *chunk) error {
	for c := range ordered {
		<-c.done
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := p.takeChunk(ctx, q, tx, c); err != nil {
			return err
		}
		if p.progress != nil {
			p.progress(p.sum.Rows)
		}
	}
	return nil
}

func (p *pass) takeChunk(ctx context.Context, q db.Querier, tx *db.Tx, c *chunk) error {
	items := p.once(c.items)
	if len(items) > 0 {
		if err := p.importer.Plan(ctx, q, items); err != nil {
			return err
		}
	}
	good := p.count(c, items)
	if p.sum.Rejected >= maxRejected {
		return errs.New(errs.Invalid, i18n.IntakeHopeless, p.sum.Rejected)
	}
	if tx == nil {
		return nil
	}
	if p.sum.Rejected > 0 && !p.takeGood {
		return errMend
	}
	if len(good) == 0 {
		return nil
	}
	return p.importer.Write(ctx, tx, good)
}

// once refuses rows whose key an earlier row of the file has, and tells both rows of each other.
func (p *pass) once(items []*Item) []*Item {
	single := items[:0:len(items)]
	here := map[int]*Item{}
	for _, it := range items {
		key := p.importer.Key(it.Record)
		if key == "" {
			single = append(single, it)
			continue
		}
		first, again := p.seen[key]
		if !again {
			p.seen[key] = it.No
			here[it.No] = it
			single = append(single, it)
			continue
		}
		it.refuseRow(i18n.IntakeTwice, i18n.IntakeTwiceAdvice, first)
		p.tellFirst(here[first], first, it.No)
	}
	return single
}

// tellFirst notes on the first row that a later one is the same; the row may have been counted with an earlier chunk.
func (p *pass) tellFirst(first *Item, firstNo, laterNo int) {
	note := Problem{Row: firstNo, Message: errs.Message{Text: i18n.IntakeTwiceLater, Args: []any{laterNo}},
		Advice: errs.Message{Text: i18n.IntakeTwiceAdvice}, Warning: true}
	if first != nil {
		first.problems = append(first.problems, note)
		return
	}
	p.sum.Warnings++
	p.keep(note)
}

// count adds a chunk to the sums and gives the items that may be written.
func (p *pass) count(c *chunk, planned []*Item) []*Item {
	good := make([]*Item, 0, len(planned))
	for _, it := range planned {
		if it.refused {
			continue
		}
		switch it.Outcome {
		case Inserted:
			p.sum.Inserted++
		case Updated:
			p.sum.Updated++
		default:
			p.sum.Unchanged++
			continue
		}
		good = append(good, it)
	}
	p.sum.Rows += int64(len(c.rows))
	for _, r := range c.rows {
		if r.refused {
			p.sum.Rejected++
		}
		for _, problem := range r.problems {
			if problem.Warning {
				p.sum.Warnings++
			}
			p.keep(problem)
		}
	}
	return good
}

func (p *pass) keep(problem Problem) {
	if len(p.problems) < maxKept {
		p.problems = append(p.problems, problem)
	}
}

func (r *Row) refuseRow(message, advice i18n.Text, args ...any) {
	r.problems = append(r.problems, Problem{Row: r.No, Message: errs.Message{Text: message, Args: args},
		Advice: errs.Message{Text: advice}})
	r.refused = true
}
