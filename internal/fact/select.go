package fact

import (
	"context"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Query asks for rows of a subject that meet every condition.
type Query struct {
	Subject Subject
	Where   []Condition
	Orgs    []id.ID // only rows of these communities or organisations; nil for all in scope
	Grid    id.ID   // only rows of this grid; 0 for all
	All     bool    // also what is not here any more: the moved out, the ended
	Sort    Ref     // a fact that Sorts allows; "" for the order in which rows were entered
	Desc    bool
	Day     calendar.Date // zero for today
	Page    db.Page
}

// Found is one page of rows.
type Found struct {
	IDs        []id.ID
	Next, Prev string // cursors, "" where there is nothing
	Partial    bool   // so many rows were looked at that the search stopped; Next goes on
}

// mostLooked is how many rows one page looks at where a condition can only be tried after reading.
const mostLooked = 20_000

// InGrids says whether rows of a subject lie in grids.
func (c *Catalogue) InGrids(s Subject) bool { return c.gridColumn(s) != "" }

func (c *Catalogue) gridColumn(s Subject) string {
	if s == Grid {
		return c.rows[s].ID
	}
	if l, ok := c.link(s, "grid"); ok {
		return l.Column
	}
	return ""
}

// InOrgs says whether rows of a subject belong to communities or organisations.
func (c *Catalogue) InOrgs(s Subject) bool { return c.rows[s].Org != "" }

// selection is a Query made into SQL.
type selection struct {
	ed    *Edition
	actor authz.Actor
	q     Query
	a     *db.Args
	text  string // SELECT row, key FROM … WHERE …
	order db.Order
	after []Condition // tried after reading
	facts map[Ref]Fact
}

// selection makes the SQL of a query. Scope, place and all conditions on stored columns are part of it.
func (ed *Edition) selection(actor authz.Actor, q Query) (*selection, error) {
	rows, ok := ed.c.rows[q.Subject]
	if !ok {
		return nil, errs.ErrNotFound
	}
	if q.Day.IsZero() {
		q.Day = calendar.DateOf(ed.c.db.Now())
	}
	x := &selection{ed: ed, actor: actor, q: q, a: &db.Args{}, facts: map[Ref]Fact{}, order: db.Order{IDColumn: listedRow, Desc: q.Desc}}
	key := "''"
	if q.Sort != "" {
		expr, integer, ok := ed.order(q.Subject, q.Sort)
		if !ok {
			return nil, errs.New(errs.Invalid, i18n.FactNoSort)
		}
		key, x.order.Column, x.order.Integer = expr, "listed_row.row_key", integer
	}
	p := ed.pusher(actor, x.a, q.Day)
	inner := rows.where(x.a, actor, Within{All: q.All})
	if q.Orgs != nil {
		if rows.Org == "" {
			return nil, errs.New(errs.Invalid, i18n.FactNoPlace)
		}
		inner += " AND " + db.In(x.a, rows.Org, q.Orgs)
	}
	if q.Grid != 0 {
		column := ed.c.gridColumn(q.Subject)
		if column == "" {
			return nil, errs.New(errs.Invalid, i18n.FactNoGrid)
		}
		inner += " AND " + column + " = " + x.a.Add(q.Grid)
	}
	var outer []string
	for _, c := range q.Where {
		k := p.known(q.Subject, c.Ref)
		if k == nil {
			return nil, errs.New(errs.Invalid, i18n.FactUnknownRef, string(c.Ref))
		}
		c, err := c.Check(k.Fact)
		if err != nil {
			return nil, err
		}
		x.facts[c.Ref] = k.Fact
		within, beside := x.condition(p, c, k)
		if within != "" {
			inner += " AND (" + within + ")"
		}
		if beside != "" {
			outer = append(outer, beside)
		}
	}
	x.text = "SELECT " + listedRow + ", listed_row.row_key FROM (SELECT " + rows.ID + " AS row_id, " + key + " AS row_key FROM " + rows.From + " WHERE " + inner +
		") listed_row WHERE " + strings.Join(append([]string{"1 = 1"}, outer...), " AND ")
	return x, nil
}

// condition pushes a condition into SQL. What cannot be said there is tried after reading; of a fact that is worked out the SQL leaves out
// what cannot meet the condition.
func (x *selection) condition(p pusher, c Condition, k *known) (within, beside string) {
	mark := *x.a
	if within, beside, ok := p.outer(x.q.Subject, c); ok {
		return within, beside
	}
	*x.a = mark // what was added for a text that is not used
	x.after = append(x.after, c)
	if k.derive == nil || k.derive.Narrow == nil || len(prefixOf(c.Ref)) > 0 {
		return "", ""
	}
	var all []string
	for _, clause := range k.derive.Narrow(x.q.Day, c) {
		var any []string
		mark := *x.a
		for _, alternative := range clause {
			in, out, ok := p.outer(x.q.Subject, alternative)
			if !ok || out != "" {
				any, *x.a = nil, mark
				break
			}
			any = append(any, "("+in+")")
		}
		if len(any) > 0 {
			all = append(all, "("+strings.Join(any, " OR ")+")")
		}
	}
	return strings.Join(all, " AND "), ""
}

// listed is a row with the key by which it is sorted.
type listed struct {
	id  id.ID
	key string
}

func (l listed) cursor() db.Cursor { return db.Cursor{Key: l.key, ID: l.id} }

// fetch reads rows in the order in which the page goes, one more than it takes.
func (x *selection) fetch(ctx context.Context, p db.Page) ([]listed, error) {
	a := *x.a
	page, tail := a.Keyset(p, x.order)
	return db.All(ctx, x.ed.c.db, func(l *listed) []any { return []any{&l.id, &l.key} }, x.text+page+tail, a.Values()...)
}

// try keeps the rows that meet the conditions that are tried after reading.
func (x *selection) try(ctx context.Context, rows []listed) ([]listed, error) {
	if len(x.after) == 0 || len(rows) == 0 {
		return rows, nil
	}
	refs := make([]Ref, len(x.after))
	for i, c := range x.after {
		refs[i] = c.Ref
	}
	ids := make([]id.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.id
	}
	slices.Sort(refs)
	v, err := x.ed.Read(ctx, x.actor, Ask{Subject: x.q.Subject, IDs: ids, Refs: slices.Compact(refs), Day: x.q.Day})
	if err != nil {
		return nil, err
	}
	var kept []listed
	for i, r := range rows {
		if !slices.ContainsFunc(x.after, func(c Condition) bool { return !c.Holds(x.facts[c.Ref], v.At(i, c.Ref)) }) {
			kept = append(kept, r)
		}
	}
	return kept, nil
}

// block is a part of the rows of a selection.
type block struct {
	kept   []listed // those that meet every condition
	looked int      // how many were looked at
	last   listed   // of those
	more   bool     // others follow
}

// blocks goes through rows from where a page begins, in its direction, at most 500 at a time, until fn says no or there are none left.
func (x *selection) blocks(ctx context.Context, p db.Page, fn func(block) (bool, error)) error {
	p.Limit = 500
	for {
		rows, err := x.fetch(ctx, p)
		if err != nil {
			return err
		}
		b := block{more: len(rows) > p.Size()}
		if b.more {
			rows = rows[:p.Size()]
		}
		if b.looked = len(rows); b.looked > 0 {
			b.last = rows[b.looked-1]
		}
		if b.kept, err = x.try(ctx, rows); err != nil {
			return err
		}
		if on, err := fn(b); err != nil || !on || !b.more {
			return err
		}
		if p.Before.ID != 0 {
			p.Before = b.last.cursor()
		} else {
			p.After = b.last.cursor()
		}
	}
}

// List gives a page of the rows that the actor may see and that meet the conditions: one query where all conditions stand in columns. Where
// one must be tried after reading, at most some ten thousand rows are looked at; Found.Partial then says that the search goes on with Next.
func (ed *Edition) List(ctx context.Context, actor authz.Actor, q Query) (Found, error) {
	x, err := ed.selection(actor, q)
	if err != nil {
		return Found{}, err
	}
	p := q.Page
	if len(x.after) == 0 {
		rows, err := x.fetch(ctx, p)
		return found(db.Cut(rows, p, listed.cursor)), err
	}
	kept, edge, err := x.look(ctx, p)
	if err != nil {
		return Found{}, err
	}
	out := found(db.Cut(kept, p, listed.cursor))
	if edge.ID != 0 {
		out.Partial = true
		if p.Before.ID != 0 {
			out.Prev = edge.String()
		} else {
			out.Next = edge.String()
		}
	}
	return out, nil
}

// look goes through rows until a page and one more are found, or too many were looked at: edge is then where to go on.
func (x *selection) look(ctx context.Context, p db.Page) (kept []listed, edge db.Cursor, err error) {
	looked := 0
	err = x.blocks(ctx, p, func(b block) (bool, error) {
		kept = append(kept, b.kept...)
		if looked += b.looked; len(kept) > p.Size() {
			kept = kept[:p.Size()+1]
			return false, nil
		}
		if b.more && looked >= mostLooked {
			edge = b.last.cursor()
			return false, nil
		}
		return true, nil
	})
	return kept, edge, err
}

func found(l db.List[listed]) Found {
	out := Found{IDs: make([]id.ID, len(l.Items)), Next: l.Next, Prev: l.Prev}
	for i, r := range l.Items {
		out.IDs[i] = r.id
	}
	return out
}

// Each gives all rows in blocks of at most 500, in the order of the query; nothing but one block is held.
func (ed *Edition) Each(ctx context.Context, actor authz.Actor, q Query, fn func([]id.ID) error) error {
	x, err := ed.selection(actor, q)
	if err != nil {
		return err
	}
	return x.blocks(ctx, db.Page{}, func(b block) (bool, error) {
		if len(b.kept) == 0 {
			return true, nil
		}
		ids := make([]id.ID, len(b.kept))
		for i, r := range b.kept {
			ids[i] = r.id
		}
		return true, fn(ids)
	})
}

// Count gives how many rows meet the conditions, up to most; more says that there are others. Conditions that are tried after reading are
// tried on so many rows only.
func (ed *Edition) Count(ctx context.Context, actor authz.Actor, q Query, most int) (n int, more bool, err error) {
	q.Sort = ""
	x, err := ed.selection(actor, q)
	if err != nil {
		return 0, false, err
	}
	if len(x.after) == 0 {
		a := *x.a
		v, err := db.Value[int64](ctx, ed.c.db, "SELECT count(*) FROM ("+x.text+" LIMIT "+a.Add(int64(most+1))+") counted", a.Values()...)
		return min(int(v), most), int(v) > most, err
	}
	looked := 0
	err = x.blocks(ctx, db.Page{}, func(b block) (bool, error) {
		n, more = n+len(b.kept), b.more
		looked += b.looked
		return looked < most, nil
	})
	return n, more, err
}

// Sees says whether the actor may see rows of a subject anywhere.
func (c *Catalogue) Sees(actor authz.Actor, s Subject) bool {
	return !scope(actor, c.rows[s].See).Empty()
}

// SeenFrom gives the roots of the parts of the tree in which the actor may see rows of a subject; 0 for the whole tenant.
func (c *Catalogue) SeenFrom(actor authz.Actor, s Subject) []id.ID {
	var out []id.ID
	for _, g := range actor.Grants {
		if !slices.ContainsFunc(c.rows[s].See, func(p authz.Permission) bool {
			return g.Permissions[p] && actor.Can(p) && !strings.HasSuffix(string(p), ".own")
		}) {
			continue
		}
		switch {
		case g.All:
			return []id.ID{0}
		case g.Root != 0:
			out = append(out, g.Root)
		default:
			out = append(out, g.Within...)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// SeesFrom says whether the actor may see rows of a subject in each of the parts of the tree that SeenFrom gave.
func (c *Catalogue) SeesFrom(actor authz.Actor, s Subject, roots []id.ID) bool {
	in := scope(actor, c.rows[s].See)
	return !in.Empty() && !slices.ContainsFunc(roots, func(root id.ID) bool { return !in.All() && !in.Covers(root) })
}

// Opens says whether the actor may open a sealed fact anywhere.
func (ed *Edition) Opens(actor authz.Actor, s Subject, ref Ref) bool {
	k, ok := ed.find(s, ref)
	switch {
	case !ok:
		return false
	case k.own != nil:
		return !scope(actor, ed.c.rows[k.Subject].Edit).Empty()
	case k.column != nil && k.column.Sealed != nil:
		return !actor.Scope(k.column.Sealed.Perm).Empty()
	}
	return false
}
