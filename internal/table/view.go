package table

import (
	"context"
	"slices"
	"strconv"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

func today(tx *db.Tx) calendar.Date { return calendar.DateOf(tx.Now()) }

// Head is a column as it was found in the catalogue.
type Head struct {
	Column
	Name       i18n.Text // its heading: of its own, or the name in the catalogue
	Catalogued i18n.Text // the name in the catalogue
	Fact       fact.Fact // of a Fact
	Gone       bool      // the fact or figure is not in the catalogue any more
	Sealed     bool
	Sorts      bool // rows can be sorted by it
}

// Number says whether its cells are numbers.
func (h Head) Number() bool {
	return h.Kind == Figure || h.Kind == Serial || h.Kind == Fact && (h.Fact.Type == fact.Number || h.Fact.Type == fact.YesNo && h.Style == YesDigit)
}

// Row is one row as a table shows it.
type Row struct {
	ID    id.ID
	Cells []Cell // in the order of the columns
}

// View is one page of a table.
type View struct {
	Table      Table
	Heads      []Head
	Rows       []Row
	Next, Prev string
	Partial    bool // the search stopped for now; Next goes on
}

// Ask narrows and sorts what somebody looks at, beside what the table says.
type Ask struct {
	Place id.ID    // only rows of this organisation and what lies below it
	Sort  fact.Ref // "" for what the table says
	Desc  bool
	Page  db.Page
}

// heads finds the columns of a table in the catalogue.
func (s *Service) heads(ed *fact.Edition, d Draft) []Head {
	names := map[string]i18n.Text{}
	for _, n := range s.Numbers() {
		names[n.ID] = n.Name
	}
	out := make([]Head, len(d.Columns))
	for i, c := range d.Columns {
		h := Head{Column: c}
		switch c.Kind {
		case Fact:
			r, ok := ed.Find(d.Subject, c.Ref)
			h.Gone, h.Fact, h.Name = !ok, r.Fact, r.Name
			h.Sealed, h.Sorts = ok && r.Fact.Sensitivity == fact.Sealed, ed.Sorts(d.Subject, c.Ref)
			if !ok {
				h.Name = i18n.Verbatim(string(c.Ref))
			}
		case Figure:
			h.Name = names[c.Figure]
			if h.Gone = h.Name.IsZero(); h.Gone {
				h.Name = i18n.Verbatim(c.Figure)
			}
		case Serial:
			h.Name = i18n.TableSerial
		}
		if h.Catalogued = h.Name; c.Heading != "" {
			h.Name = i18n.Verbatim(c.Heading)
		}
		out[i] = h
	}
	return out
}

// Heads finds the columns of a draft in the catalogue.
func (s *Service) Heads(ctx context.Context, actor authz.Actor, d Draft) ([]Head, error) {
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	return s.heads(ed, d), nil
}

// reading is a table that is about to be read by somebody.
type reading struct {
	s     *Service
	actor authz.Actor
	ed    *fact.Edition
	t     Table
	heads []Head
	query fact.Query
	lang  i18n.Lang
}

// reading prepares a table. A condition on a fact that is gone, or that it cannot be asked for any more, is a Conflict.
func (s *Service) reading(ctx context.Context, actor authz.Actor, t Table, ask Ask, day calendar.Date) (*reading, error) {
	ed, err := s.facts.Edition(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	r := &reading{s: s, actor: actor, ed: ed, t: t, heads: s.heads(ed, t.Draft), lang: i18n.From(ctx)}
	q := fact.Query{Subject: t.Subject, Where: t.Where, Grid: t.Grid, All: t.Gone, Sort: t.Sort, Desc: t.Desc, Day: day, Page: ask.Page}
	for _, c := range t.Where {
		f, ok := ed.Find(t.Subject, c.Ref)
		if !ok {
			return r, errs.New(errs.Conflict, i18n.TableConditionGone, string(c.Ref))
		}
		if _, err := c.Check(f.Fact); err != nil {
			return r, errs.New(errs.Conflict, i18n.TableConditionGone, f.Name)
		}
	}
	if ask.Sort != "" {
		q.Sort, q.Desc = ask.Sort, ask.Desc
	}
	if q.Sort != "" && !ed.Sorts(t.Subject, q.Sort) {
		q.Sort = ""
	}
	if q.Orgs, err = s.below(ctx, actor, t, ask.Place); err != nil {
		return r, err
	}
	r.query = q
	return r, nil
}

// below gives the organisations to which rows belong: those of the table's place and of the place asked for; nil for all.
func (s *Service) below(ctx context.Context, actor authz.Actor, t Table, asked id.ID) ([]id.ID, error) {
	var out []id.ID
	for _, place := range []id.ID{t.Place, asked} {
		if place == 0 {
			continue
		}
		if !s.facts.InOrgs(t.Subject) {
			return nil, errs.New(errs.Invalid, i18n.FactNoPlace)
		}
		some, err := s.places.Subtree(ctx, s.db, actor.Tenant, place)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = append([]id.ID{}, some...)
			continue
		}
		out = slices.DeleteFunc(out, func(o id.ID) bool { return !slices.Contains(some, o) })
	}
	return out, nil
}

// Rows gives a page of a table that the actor sees, with the rows that they see; sealed columns are masked.
func (s *Service) Rows(ctx context.Context, actor authz.Actor, tableID id.ID, ask Ask) (View, error) {
	t, err := find(ctx, s.db, actor, tableID)
	if err != nil {
		return View{}, err
	}
	return s.view(ctx, actor, t, ask)
}

func (s *Service) view(ctx context.Context, actor authz.Actor, t Table, ask Ask) (View, error) {
	r, err := s.reading(ctx, actor, t, ask, calendar.Date{})
	v := View{Table: t}
	if r != nil {
		v.Heads = r.heads
	}
	if err != nil {
		return v, err
	}
	found, err := r.ed.List(ctx, actor, r.query)
	if err != nil {
		return v, err
	}
	v.Next, v.Prev, v.Partial = found.Next, found.Prev, found.Partial
	v.Rows, err = r.rows(ctx, found.IDs, nil, 0)
	return v, err
}

// mostCounted is how far the rows of a table are counted.
const mostCounted = 10_000

// Count gives how many rows a table has for the actor, up to ten thousand; more says that there are others.
func (s *Service) Count(ctx context.Context, actor authz.Actor, tableID, place id.ID) (n int, more bool, err error) {
	t, err := find(ctx, s.db, actor, tableID)
	if err != nil {
		return 0, false, err
	}
	r, err := s.reading(ctx, actor, t, Ask{Place: place}, calendar.Date{})
	if err != nil {
		return 0, false, err
	}
	return r.ed.Count(ctx, actor, r.query, mostCounted)
}

// rows reads the cells of some rows. before is how many rows came before them.
func (r *reading) rows(ctx context.Context, ids []id.ID, opening *fact.Opening, before int) ([]Row, error) {
	var refs []fact.Ref
	var figures []string
	for _, h := range r.heads {
		switch {
		case h.Gone:
		case h.Kind == Fact && !slices.Contains(refs, h.Ref):
			refs = append(refs, h.Ref)
		case h.Kind == Figure && !slices.Contains(figures, h.Figure):
			figures = append(figures, h.Figure)
		}
	}
	v, err := r.ed.Read(ctx, r.actor, fact.Ask{Subject: r.t.Subject, IDs: ids, Refs: refs, Day: r.query.Day, Opening: opening})
	if err != nil {
		return nil, err
	}
	var numbers map[Place]string
	if len(figures) > 0 && len(ids) > 0 {
		if numbers, err = r.s.figures.Of(ctx, r.actor, figures, ids); err != nil {
			return nil, err
		}
	}
	out := make([]Row, len(ids))
	for i, row := range ids {
		out[i] = Row{ID: row, Cells: make([]Cell, len(r.heads))}
		for j, h := range r.heads {
			c := &out[i].Cells[j]
			switch {
			case h.Kind == Serial:
				*c = Cell{Text: strconv.Itoa(before + i + 1), Known: true, Number: true}
			case h.Kind == Own:
				*c = Cell{Text: h.Text, Known: true}
			case h.Gone:
			case h.Kind == Fact:
				*c = h.Style.write(h.Fact, v.At(i, h.Ref), r.lang)
			case h.Kind == Figure:
				text, ok := numbers[Place{h.Figure, row}]
				*c = Cell{Text: text, Known: ok, Number: true}
			}
		}
	}
	return out, nil
}

// each reads all rows in blocks; nothing but one block is held.
func (r *reading) each(ctx context.Context, opening *fact.Opening, fn func(Row) error) error {
	n := 0
	return r.ed.Each(ctx, r.actor, r.query, func(ids []id.ID) error {
		rows, err := r.rows(ctx, ids, opening, n)
		if err != nil {
			return err
		}
		n += len(rows)
		for _, row := range rows {
			if err := fn(row); err != nil {
				return err
			}
		}
		return nil
	})
}
