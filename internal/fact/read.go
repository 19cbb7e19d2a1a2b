package fact

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Ask says what to read.
type Ask struct {
	Subject Subject
	IDs     []id.ID // of rows; what the actor may not see comes back unknown
	Refs    []Ref
	Day     calendar.Date // for ages and other facts that depend on the day; zero for today
	Opening *Opening      // nil: sealed facts come back as their masks
}

// Opening opens sealed facts: for a purpose of the register, with a few words of the actor's own if they like. Each opened value is
// recorded before Read returns.
type Opening struct {
	Purpose string
	Reason  string
}

// Values are what Read gives: a column of values for each Ref, in the order of the IDs.
type Values struct {
	ids  []id.ID
	cols map[Ref][]Value
}

// At is the value of a Ref for the i-th of the IDs asked; unknown for a Ref that was not asked.
func (v *Values) At(i int, r Ref) Value {
	if col := v.cols[r]; i >= 0 && i < len(col) {
		return col[i]
	}
	return Value{}
}

// Column is all values of a Ref in the order of the IDs. The slice is not to be changed.
func (v *Values) Column(r Ref) []Value { return v.cols[r] }

// IDs are the rows in the order asked.
func (v *Values) IDs() []id.ID { return v.ids }

// Read reads facts of many rows: one query for each stored table and each BatchSize rows, none per row. Whatever the actor may not see,
// and whatever is not recorded, is unknown. A Ref that does not exist is errs.NotFound; a purpose that does not cover a sealed fact is
// Invalid, and nothing is opened then.
func (c *Catalogue) Read(ctx context.Context, actor authz.Actor, a Ask) (*Values, error) {
	ed, err := c.Edition(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	return ed.Read(ctx, actor, a)
}

// Read is Catalogue.Read with this edition.
func (ed *Edition) Read(ctx context.Context, actor authz.Actor, a Ask) (*Values, error) {
	if a.Day.IsZero() {
		a.Day = calendar.DateOf(ed.c.db.Now())
	}
	r := &reading{ed: ed, actor: actor, ask: a, facts: map[Ref]*known{}, cols: map[Ref][]Value{}}
	for _, ref := range a.Refs {
		if err := r.need(ref, 0); err != nil {
			return nil, err
		}
	}
	if err := r.allow(ctx); err != nil {
		return nil, err
	}
	for start := 0; start < len(a.IDs); start += BatchSize {
		if err := r.batch(ctx, start, min(start+BatchSize, len(a.IDs))); err != nil {
			return nil, err
		}
	}
	if err := r.record(ctx); err != nil {
		return nil, err
	}
	return &Values{ids: a.IDs, cols: r.cols}, nil
}

// reading is one Read under way.
type reading struct {
	ed     *Edition
	actor  authz.Actor
	ask    Ask
	refs   []Ref // all that is read, what derived facts need included, bases before what follows from them
	facts  map[Ref]*known
	cols   map[Ref][]Value
	opened []opened
}

// need adds a Ref and, before it, what it is worked out from.
func (r *reading) need(ref Ref, depth int) error {
	if _, ok := r.facts[ref]; ok {
		return nil
	}
	k, ok := r.ed.find(r.ask.Subject, ref)
	if !ok || depth > 8 {
		return errs.New(errs.NotFound, i18n.FactUnknownRef, string(ref))
	}
	via := ref.prefix()
	for _, from := range k.From {
		if err := r.need(via+from, depth+1); err != nil {
			return err
		}
	}
	r.facts[ref] = k
	r.refs = append(r.refs, ref)
	r.cols[ref] = make([]Value, len(r.ask.IDs))
	return nil
}

// prefix is the links of a Ref with a slash behind each.
func (r Ref) prefix() Ref {
	i := strings.LastIndexByte(string(r), '/')
	return r[:i+1]
}

// allow refuses an opening whose purpose does not cover what is asked.
func (r *reading) allow(ctx context.Context) error {
	if r.ask.Opening == nil {
		return nil
	}
	sealed := false
	for _, ref := range r.refs {
		k := r.facts[ref]
		if k.Sensitivity != Sealed {
			continue
		}
		sealed = true
		if r.ask.Opening.Purpose == "" {
			return errs.Field("purpose", i18n.ErrPurposeNeeded)
		}
		if err := r.ed.allow(ctx, r.actor, k, r.ask.Opening.Purpose); err != nil {
			return err
		}
	}
	if n := len([]rune(r.ask.Opening.Reason)); sealed && n > 200 {
		return errs.Field("reason", i18n.ErrTooLong, 200, n)
	}
	return nil
}

// batch reads all Refs for the rows from start to end.
func (r *reading) batch(ctx context.Context, start, end int) error {
	ends := map[Ref][]id.ID{"": r.ask.IDs[start:end]}
	groups := map[Ref][]Ref{}
	var order []Ref
	for _, ref := range r.refs {
		if r.facts[ref].derive != nil {
			continue
		}
		via := ref.prefix()
		if _, seen := groups[via]; !seen {
			order = append(order, via)
		}
		groups[via] = append(groups[via], ref)
	}
	for _, via := range order {
		rows, err := r.follow(ctx, ends, via)
		if err != nil {
			return err
		}
		if err := r.direct(ctx, rows, start, groups[via]); err != nil {
			return err
		}
	}
	r.derive(start, end)
	return nil
}

// follow gives the row at the end of a way for each row of the batch, 0 where there is none.
func (r *reading) follow(ctx context.Context, ends map[Ref][]id.ID, via Ref) ([]id.ID, error) {
	if rows, ok := ends[via]; ok {
		return rows, nil
	}
	trimmed := strings.TrimSuffix(string(via), "/")
	before, name := Ref(""), trimmed
	if i := strings.LastIndexByte(trimmed, '/'); i >= 0 {
		before, name = via[:i+1], trimmed[i+1:]
	}
	rows, err := r.follow(ctx, ends, before)
	if err != nil {
		return nil, err
	}
	l, ok := r.ed.c.link(r.ed.c.at(r.ask.Subject, before), name)
	if !ok {
		return nil, fmt.Errorf("fact: no link %s", via)
	}
	to, err := r.ed.c.ReadLink(ctx, r.actor, l, distinct(rows), r.ask.Day)
	if err != nil {
		return nil, err
	}
	out := make([]id.ID, len(rows))
	for i, from := range rows {
		out[i] = to[from]
	}
	ends[via] = out
	return out, nil
}

// at is the subject at the end of a way.
func (c *Catalogue) at(s Subject, via Ref) Subject {
	for _, name := range strings.Split(strings.TrimSuffix(string(via), "/"), "/") {
		if l, ok := c.link(s, name); ok && name != "" {
			s = l.To
		}
	}
	return s
}

// distinct are the rows that there are, each once.
func distinct(rows []id.ID) []id.ID {
	seen := make(map[id.ID]struct{}, len(rows))
	out := make([]id.ID, 0, len(rows))
	for _, row := range rows {
		if _, ok := seen[row]; !ok && row != 0 {
			seen[row] = struct{}{}
			out = append(out, row)
		}
	}
	return out
}

// direct reads facts of the rows at the end of one way.
func (r *reading) direct(ctx context.Context, rows []id.ID, start int, refs []Ref) error {
	ids := distinct(rows)
	if len(ids) == 0 {
		return nil
	}
	b := &Batch{Actor: r.actor, IDs: ids, Day: r.ask.Day, wants: map[string]int{}, at: make(map[id.ID][]int, len(ids)), out: make([][]Value, len(refs))}
	for i, row := range ids {
		b.at[row] = []int{i}
	}
	known := make([]*known, len(refs))
	for i, ref := range refs {
		known[i] = r.facts[ref]
		b.wants[known[i].ID], b.out[i] = i, make([]Value, len(ids))
	}
	if err := r.sources(ctx, b, known); err != nil {
		return err
	}
	for i, ref := range refs {
		r.ed.settle(known[i], b.out[i], r.ask.Day)
		col := r.cols[ref]
		for n, row := range rows {
			if at := b.at[row]; len(at) > 0 {
				col[start+n] = b.out[i][at[0]]
			}
		}
	}
	return nil
}

// sources asks each table and each reader once.
func (r *reading) sources(ctx context.Context, b *Batch, facts []*known) error {
	var tables []*Table
	var readers []*Reader
	var own []*known
	for _, k := range facts {
		switch {
		case k.table != nil && !slices.Contains(tables, k.table):
			tables = append(tables, k.table)
		case k.reader != nil && !slices.Contains(readers, k.reader):
			readers = append(readers, k.reader)
		case k.own != nil:
			own = append(own, k)
		}
	}
	q := r.ed.c.db
	for _, t := range tables {
		if err := r.table(ctx, q, b, t, facts); err != nil {
			return err
		}
	}
	for _, rd := range readers {
		if err := rd.Read(ctx, q, b); err != nil {
			return fmt.Errorf("read facts of %s: %w", rd.Subject, err)
		}
	}
	if len(own) > 0 {
		return r.own(ctx, q, b, own)
	}
	return nil
}

// derive works out what follows from the values read.
func (r *reading) derive(start, end int) {
	for _, ref := range r.refs {
		k := r.facts[ref]
		if k.derive == nil {
			continue
		}
		via := ref.prefix()
		in := make([]Value, len(k.From))
		from := make([][]Value, len(k.From))
		for i, f := range k.From {
			from[i] = r.cols[via+f]
		}
		col := r.cols[ref]
		for row := start; row < end; row++ {
			for i := range from {
				in[i] = from[i][row]
			}
			col[row] = k.derive.Work(r.ask.Day, in)
		}
	}
}

// ReadLink gives the row at the other end of a link for each of ids that has one and that the actor may see.
func (c *Catalogue) ReadLink(ctx context.Context, actor authz.Actor, l Link, ids []id.ID, day calendar.Date) (map[id.ID]id.ID, error) {
	if l.Read != nil {
		return l.Read(ctx, c.db, actor, ids, day)
	}
	if l.Back != "" {
		return c.back(ctx, actor, l, ids)
	}
	rows := c.rows[l.From]
	out := make(map[id.ID]id.ID, len(ids))
	a := &db.Args{}
	where := scope(actor, rows.See).Where(a, rows.Owner)
	type pair struct{ from, to id.ID }
	err := db.Each(ctx, c.db, func(p *pair) []any { return []any{&p.from, &p.to} }, func(p pair) error {
		if p.to != 0 {
			out[p.from] = p.to
		}
		return nil
	}, "SELECT "+rows.ID+", "+l.Column+" FROM "+rows.From+" WHERE "+where+" AND "+db.In(a, rows.ID, ids), a.Values()...)
	return out, err
}

// back follows a link that the other end holds. Two rows there are as good as none: which one is meant is not known.
func (c *Catalogue) back(ctx context.Context, actor authz.Actor, l Link, ids []id.ID) (map[id.ID]id.ID, error) {
	all, err := c.part(ctx, actor, Part{From: l.From, To: l.To, Column: l.Back}, ids, calendar.Date{})
	out := make(map[id.ID]id.ID, len(all))
	for from, to := range all {
		if len(to) == 1 {
			out[from] = to[0]
		}
	}
	return out, err
}

// ReadPart gives the rows of a block for each of ids, in the order in which a form lists them.
func (c *Catalogue) ReadPart(ctx context.Context, actor authz.Actor, p Part, ids []id.ID, day calendar.Date) (map[id.ID][]id.ID, error) {
	out := make(map[id.ID][]id.ID, len(ids))
	for start := 0; start < len(ids); start += BatchSize {
		some, err := c.part(ctx, actor, p, ids[start:min(start+BatchSize, len(ids))], day)
		if err != nil {
			return nil, err
		}
		for from, to := range some {
			out[from] = to
		}
	}
	return out, nil
}

func (c *Catalogue) part(ctx context.Context, actor authz.Actor, p Part, ids []id.ID, day calendar.Date) (map[id.ID][]id.ID, error) {
	if p.Read != nil {
		return p.Read(ctx, c.db, actor, ids, day)
	}
	rows := c.rows[p.To]
	out := make(map[id.ID][]id.ID, len(ids))
	a := &db.Args{}
	where := rows.where(a, actor, Within{}) + " AND " + db.In(a, p.Column, ids)
	order := rows.ID
	if p.Order != "" {
		order = p.Order + ", " + order
	}
	type pair struct{ from, to id.ID }
	err := db.Each(ctx, c.db, func(p *pair) []any { return []any{&p.from, &p.to} }, func(p pair) error {
		out[p.from] = append(out[p.from], p.to)
		return nil
	}, "SELECT "+p.Column+", "+rows.ID+" FROM "+rows.From+" WHERE "+where+" ORDER BY "+order, a.Values()...)
	return out, err
}

// Within narrows the rows that IDs gives.
type Within struct {
	Org   id.ID // only rows of this community or organisation; 0 for all in scope
	All   bool  // also what is not here any more: the moved out, the ended
	After id.ID // rows behind this one
	Limit int   // BatchSize if 0
}

// IDs gives the rows of a subject that the actor may see, in the order of their IDs, a page at a time.
func (c *Catalogue) IDs(ctx context.Context, actor authz.Actor, s Subject, w Within) ([]id.ID, error) {
	rows, ok := c.rows[s]
	if !ok {
		return nil, errs.ErrNotFound
	}
	if w.Limit <= 0 {
		w.Limit = BatchSize
	}
	a := &db.Args{}
	where := rows.where(a, actor, w)
	if w.After != 0 {
		where += " AND " + rows.ID + " > " + a.Add(w.After)
	}
	return db.Column[id.ID](ctx, c.db, "SELECT "+rows.ID+" FROM "+rows.From+" WHERE "+where+" ORDER BY "+rows.ID+" LIMIT "+a.Add(int64(w.Limit)), a.Values()...)
}

func (r Rows) where(a *db.Args, actor authz.Actor, w Within) string {
	where := scope(actor, r.See).Where(a, r.Owner)
	if r.Here != "" && !w.All {
		where += " AND " + r.Here
	}
	switch {
	case w.Org == 0:
	case r.Inside != nil:
		where += " AND " + r.Inside(a, w.Org)
	case r.Org != "":
		where += " AND " + r.Org + " = " + a.Add(w.Org)
	}
	return where
}

// Names names rows for people; rows that the actor may not see have none.
func (c *Catalogue) Names(ctx context.Context, actor authz.Actor, s Subject, ids []id.ID) (map[id.ID]string, error) {
	rows := c.rows[s]
	out := make(map[id.ID]string, len(ids))
	type named struct {
		id   id.ID
		name string
	}
	for start := 0; start < len(ids); start += BatchSize {
		a := &db.Args{}
		where := scope(actor, rows.See).Where(a, rows.Owner) + " AND " + db.In(a, rows.ID, ids[start:min(start+BatchSize, len(ids))])
		err := db.Each(ctx, c.db, func(n *named) []any { return []any{&n.id, &n.name} }, func(n named) error {
			out[n.id] = n.name
			return nil
		}, "SELECT "+rows.ID+", "+rows.Name+" FROM "+rows.From+" WHERE "+where, a.Values()...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Named gives the rows of a subject that bear one of the names, by name. Names are compared as they stand, blanks within them left out.
func (c *Catalogue) Named(ctx context.Context, actor authz.Actor, s Subject, names []string, w Within) (map[string][]id.ID, error) {
	rows, ok := c.rows[s]
	if !ok {
		return nil, errs.ErrNotFound
	}
	out := map[string][]id.ID{}
	type named struct {
		id   id.ID
		name string
	}
	column, wanted := rows.Name, distinctNames(names)
	if rows.NameKey != "" {
		column = rows.NameKey
		for i, n := range wanted {
			wanted[i] = rows.KeyOf(n)
		}
		slices.Sort(wanted)
		wanted = slices.Compact(wanted)
	}
	for part := range slices.Chunk(wanted, BatchSize) {
		a := &db.Args{}
		err := db.Each(ctx, c.db, func(n *named) []any { return []any{&n.id, &n.name} }, func(n named) error {
			key := gram.Key(n.name)
			out[key] = append(out[key], n.id)
			return nil
		}, "SELECT "+rows.ID+", "+rows.Name+" FROM "+rows.From+" WHERE "+rows.where(a, actor, w)+" AND "+db.In(a, column, part), a.Values()...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// distinctNames gives names as they may be stored: as written, and without the blanks that forms put between two characters.
func distinctNames(names []string) []string {
	var out []string
	seen := map[string]bool{}
	for _, n := range names {
		for _, v := range []string{strings.TrimSpace(n), strings.Join(strings.Fields(n), "")} {
			if v != "" && !seen[v] {
				seen[v] = true
				out = append(out, v)
			}
		}
	}
	return out
}
