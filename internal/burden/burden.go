// Package burden keeps the burden ledger: how many fields each form asked for, how many of them the program had filled in
// and the person left as they were, how many the person typed, and how long it took. It counts forms, never people: a day,
// a form and a role are all that is kept.
//
// The surfaces report each form that was sent (Note); counts are gathered in memory and written with Flush, so that measuring
// the burden adds none.
package burden

import (
	"context"
	"sort"
	"sync"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// PermSee is the right to see the burden figures of the district.
const PermSee authz.Permission = "burden.see"

// Use is one form that was sent.
type Use struct {
	Form    string // name of the form, such as "activity.plan"
	Role    string // role of the sender
	Fields  int64  // fields that were asked
	Filled  int64  // filled in by the program and left so
	Typed   int64  // filled in by the person
	Seconds int64  // from showing to sending
}

type key struct {
	tenant          int64
	day, form, role string
}

// Service gathers and shows uses.
type Service struct {
	db      *db.DB
	mu      sync.Mutex
	pending map[key]Figure
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d, pending: map[key]Figure{}} }

// longest is the time counted at most for one form: a page left open over lunch says nothing about the form.
const longest = 30 * 60

// Note counts one use; it is written with the next Flush.
func (s *Service) Note(tenant int64, u Use) {
	k := key{tenant, i18n.Date(s.db.Now()), u.Form, u.Role}
	s.mu.Lock()
	defer s.mu.Unlock()
	f := s.pending[k]
	f.Uses++
	f.Fields += u.Fields
	f.Filled += u.Filled
	f.Typed += u.Typed
	f.Seconds += min(max(u.Seconds, 0), longest)
	s.pending[k] = f
}

// Flush writes what was noted. What cannot be written is kept for the next time.
func (s *Service) Flush(ctx context.Context) error {
	s.mu.Lock()
	batch := s.pending
	s.pending = map[key]Figure{}
	s.mu.Unlock()
	if len(batch) == 0 {
		return nil
	}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		for k, f := range batch { // a handful: forms in use within a few seconds
			if err := add(ctx, tx, k, f); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.putBack(batch)
	}
	return err
}

func (s *Service) putBack(batch map[key]Figure) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for k, f := range batch {
		g := s.pending[k]
		s.pending[k] = Figure{Uses: g.Uses + f.Uses, Fields: g.Fields + f.Fields, Filled: g.Filled + f.Filled, Typed: g.Typed + f.Typed, Seconds: g.Seconds + f.Seconds}
	}
}

func add(ctx context.Context, tx *db.Tx, k key, f Figure) error {
	_, err := tx.Exec(ctx, `INSERT INTO form_use (tenant_id, day, form, role_code, uses, fields, filled, typed, seconds)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)
		ON CONFLICT (tenant_id, day, form, role_code) DO UPDATE SET uses = form_use.uses + excluded.uses,
		fields = form_use.fields + excluded.fields, filled = form_use.filled + excluded.filled,
		typed = form_use.typed + excluded.typed, seconds = form_use.seconds + excluded.seconds`,
		k.tenant, k.day, k.form, k.role, f.Uses, f.Fields, f.Filled, f.Typed, f.Seconds)
	return err
}

// Figure is the sum over the uses of one form.
type Figure struct {
	Form    string
	Role    string // "" in a sum over roles
	Day     string // "" in a sum over days
	Uses    int64
	Fields  int64
	Filled  int64
	Typed   int64
	Seconds int64
}

// FilledPercent is how much of what was asked the program filled in, in whole per cent; -1 if nothing was asked.
func (f Figure) FilledPercent() int64 {
	if f.Fields == 0 {
		return -1
	}
	return f.Filled * 100 / f.Fields
}

// Sum adds figures up.
func Sum(list []Figure) Figure {
	var t Figure
	for _, f := range list {
		t.Uses += f.Uses
		t.Fields += f.Fields
		t.Filled += f.Filled
		t.Typed += f.Typed
		t.Seconds += f.Seconds
	}
	return t
}

// Filter bounds the days and, for the records behind a figure, the form.
type Filter struct {
	From, To string // days, inclusive; "" for no bound
	Form     string
}

func (f *Figure) dest() []any {
	return []any{&f.Form, &f.Role, &f.Day, &f.Uses, &f.Fields, &f.Filled, &f.Typed, &f.Seconds}
}

// Forms gives one figure per form, by name.
func (s *Service) Forms(ctx context.Context, actor authz.Actor, f Filter) ([]Figure, error) {
	rows, err := s.read(ctx, actor, f, `form, '', '', sum(uses), sum(fields), sum(filled), sum(typed), sum(seconds)`, `GROUP BY form`)
	sort.Slice(rows, func(i, j int) bool { return rows[i].Form < rows[j].Form })
	return rows, err
}

// Records gives the stored counts behind the figures, newest day first.
func (s *Service) Records(ctx context.Context, actor authz.Actor, f Filter) ([]Figure, error) {
	return s.read(ctx, actor, f, `form, role_code, day, uses, fields, filled, typed, seconds`, `ORDER BY day DESC, form, role_code LIMIT 500`)
}

func (s *Service) read(ctx context.Context, actor authz.Actor, f Filter, columns, tail string) ([]Figure, error) {
	if !actor.Can(PermSee) {
		return nil, errs.ErrForbidden
	}
	a := &db.Args{}
	// The counts are of the whole district: they name no place and nobody.
	where := "tenant_id = " + a.Add(actor.Tenant)
	if f.From != "" {
		where += " AND day >= " + a.Add(f.From)
	}
	if f.To != "" {
		where += " AND day <= " + a.Add(f.To)
	}
	if f.Form != "" {
		where += " AND form = " + a.Add(f.Form)
	}
	return db.All(ctx, s.db, (*Figure).dest, "SELECT "+columns+" FROM form_use WHERE "+where+" "+tail, a.Values()...)
}
