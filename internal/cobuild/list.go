package cobuild

import (
	"context"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
)

// Filter narrows the list of agreements; zero fields do not filter.
type Filter struct {
	Text      string
	Community id.ID // of it, or below it
	Unit      id.ID
	Kind      Kind
	State     State // as on a day (Standings)
	Ending    int   // in force, and ends within so many days
	Late      bool  // with tasks that are overdue
	Wait      string
	ByEnd     bool // what ends first in front, otherwise the newest
	Page      db.Page
}

// Row is an agreement in a list, with how far its tasks are. Parties have no contacts.
type Row struct {
	Agreement
	Tasks, Due, Done, Late int64 // not dropped; due until today; confirmed; open after their day
}

// lastDay is the last day of an agreement in SQL.
const lastDay = "CASE WHEN c.ended_on <> '' THEN c.ended_on ELSE c.valid_to END"

// inForce is the condition that an agreement is in force on a day.
func inForce(day string) string {
	return "c.state = 'agreed' AND c.valid_from <= " + day + " AND " + lastDay + " >= " + day
}

// standing is the condition that an agreement is in a state on a day.
func standing(s State, day string) string {
	switch s {
	case Draft, Talks, Withdrawn:
		return "c.state = '" + string(s) + "'"
	case Coming:
		return "c.state = 'agreed' AND c.valid_from > " + day + " AND " + lastDay + " >= " + day
	case InForce:
		return inForce(day)
	case Over:
		return "c.state = 'agreed' AND c.ended_on = '' AND c.valid_to < " + day
	case Ended:
		return "c.state = 'agreed' AND c.ended_on <> '' AND c.ended_on < " + day
	}
	return "1 = 0"
}

func count(more string) string {
	return "(SELECT count(*) FROM cobuild_task t WHERE t.tenant_id = c.tenant_id AND t.cobuild_id = c.id AND t.state <> 'dropped'" + more + ")"
}

// like finds what was typed in the goal, as a number, or in the name of a party.
func like(a *db.Args, typed string) string {
	typed = strings.TrimSpace(typed)
	if gram.Key(typed) == "" {
		return ""
	}
	l := a.Add(gram.Query(typed).Like())
	return " AND (c.goal_key LIKE " + l + " ESCAPE '!' OR c.no = " + a.Add(typed) + " OR EXISTS (SELECT 1 FROM cobuild_party p JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.org_id WHERE p.tenant_id = c.tenant_id AND p.cobuild_id = c.id AND o.name_key LIKE " +
		l + " ESCAPE '!'))"
}

func (s *Service) where(a *db.Args, actor authz.Actor, f Filter) string {
	today := s.today()
	w := seeing(a, actor) + like(a, f.Text)
	if f.Community != 0 {
		w += " AND m.path LIKE (SELECT u.path FROM organisation u WHERE u.tenant_id = c.tenant_id AND u.id = " + a.Add(f.Community) + ") || '%'"
	}
	if f.Unit != 0 {
		w += " AND EXISTS (SELECT 1 FROM cobuild_party p WHERE p.tenant_id = c.tenant_id AND p.cobuild_id = c.id AND p.org_id = " + a.Add(f.Unit) + ")"
	}
	if f.Kind != "" {
		w += " AND c.kind = " + a.Add(string(f.Kind))
	}
	if f.State != "" {
		w += " AND " + standing(f.State, a.Add(today.String()))
	}
	if f.Ending > 0 {
		w += " AND " + inForce(a.Add(today.String())) + " AND " + lastDay + " <= " + a.Add(today.AddDays(min(f.Ending, 3650)).String())
	}
	if f.Late {
		w += " AND " + inForce(a.Add(today.String())) + " AND " + count(" AND t.state = 'open' AND t.due_on < "+a.Add(today.String())) + " > 0"
	}
	if f.Wait != "" {
		w += " AND " + s.waits(a, actor, f.Wait)
	}
	return w
}

// List gives agreements in sight.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Row], error) {
	s, err := s.reminding(ctx, actor)
	if err != nil {
		return db.List[Row]{}, err
	}
	return s.list(ctx, s.db, actor.Tenant, f.Page, f.ByEnd, func(a *db.Args) string { return s.where(a, actor, f) })
}

func (s *Service) list(ctx context.Context, q db.Querier, tenant int64, p db.Page, byEnd bool, where func(a *db.Args) string) (db.List[Row], error) {
	a := &db.Args{}
	today := a.Add(s.today().String())
	fields := columns + ", " + count("") + ", " + count(" AND t.due_on <= "+today) + ", " + count(" AND t.state = 'confirmed'") + ", " +
		"CASE WHEN " + inForce(today) + " THEN " + count(" AND t.state = 'open' AND t.due_on < "+today) + " ELSE 0 END"
	w := where(a)
	order := db.Order{IDColumn: "c.id", Desc: true}
	if byEnd {
		order = db.Order{Column: lastDay, IDColumn: "c.id"}
	}
	page, tail := a.Keyset(p, order)
	rows, err := db.All(ctx, q, func(r *Row) []any { return append(r.Agreement.dest(), &r.Tasks, &r.Due, &r.Done, &r.Late) }, "SELECT "+fields+joined+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Row]{}, err
	}
	l := db.Cut(rows, p, func(r Row) db.Cursor { return db.Cursor{Key: r.LastDay().String(), ID: r.ID} })
	return l, s.withParties(ctx, q, tenant, l.Items)
}

// withParties gives rows their parties, without contacts, in one query.
func (s *Service) withParties(ctx context.Context, q db.Querier, tenant int64, rows []Row) error {
	if len(rows) == 0 {
		return nil
	}
	ids := make([]id.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	type named struct {
		of id.ID
		Party
	}
	a := &db.Args{}
	all, err := db.All(ctx, q, func(n *named) []any { return []any{&n.of, &n.OrgID, &n.Name, &n.Side, db.Instant(&n.SignedAt)} }, `SELECT p.cobuild_id, p.org_id, `+reference.Label("o")+`, p.side, p.signed_at FROM cobuild_party p
		LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.org_id WHERE p.tenant_id = `+a.Add(tenant)+" AND "+db.In(a, "p.cobuild_id", ids)+" ORDER BY p.side, p.id", a.Values()...)
	for _, n := range all {
		i := slices.Index(ids, n.of)
		rows[i].Parties = append(rows[i].Parties, n.Party)
	}
	return err
}

// Summary counts agreements and tasks.
type Summary struct {
	InForce, Talks, Ending, Late int64 // agreements; Late are tasks
}

// Summary counts what the actor sees, by the community of a filter.
func (s *Service) Summary(ctx context.Context, actor authz.Actor, f Filter) (Summary, error) {
	f = Filter{Community: f.Community}
	a := &db.Args{}
	today, soon := a.Add(s.today().String()), a.Add(s.today().AddDays(60).String())
	sum := func(cond, value string) string {
		return "CAST(coalesce(sum(CASE WHEN " + cond + " THEN " + value + " ELSE 0 END), 0) AS BIGINT)"
	}
	fields := strings.Join([]string{sum(inForce(today), "1"), sum("c.state = 'talks'", "1"), sum(inForce(today)+" AND "+lastDay+" <= "+soon, "1"),
		sum(inForce(today), count(" AND t.state = 'open' AND t.due_on < "+today))}, ", ")
	return db.One(ctx, s.db, func(m *Summary) []any { return []any{&m.InForce, &m.Talks, &m.Ending, &m.Late} }, "SELECT "+fields+joined+s.where(a, actor, f), a.Values()...)
}

// Related is another agreement as it is named on the page of one.
type Related struct {
	ID id.ID
	No string
	To calendar.Date
}

func (r *Related) dest() []any { return []any{&r.ID, &r.No, &r.To} }

// Detail is an agreement with all that belongs to it.
type Detail struct {
	Agreement
	Items   []Item
	Tasks   []Task
	Entries []Entry
	Acts    []Party // the parties for which the actor may act
	Signs   []Party // and those for which they may sign
	Reveals bool
	Renews  Related
	Renewed Related
	Doubles []Related // agreements of the same kind with the same unit at the same time, while this one may still be changed
	Paper   paper.Paper
	People  []Person // who is contact or holds a post by it
	Naming  []Party  // the parties for whose persons the actor speaks
}

// Count is how many tasks are there, due until a day, confirmed and overdue.
func (d Detail) Count(today calendar.Date) (all, due, done, late int64) {
	for _, t := range d.Tasks {
		if t.State == Dropped {
			continue
		}
		all++
		if !t.DueOn.After(today) {
			due++
		}
		if t.State == Confirmed {
			done++
		}
		if t.Late(today) {
			late++
		}
	}
	return all, due, done, late
}

// Get opens an agreement in sight.
func (s *Service) Get(ctx context.Context, actor authz.Actor, agreement id.ID) (d Detail, err error) {
	return d, s.db.View(ctx, func(tx *db.Tx) error {
		if d.Agreement, err = s.find(ctx, tx, actor, agreement); err != nil {
			return err
		}
		if d.Items, err = items(ctx, tx, actor.Tenant, agreement); err != nil {
			return err
		}
		if d.Tasks, err = tasks(ctx, tx, actor.Tenant, agreement); err != nil {
			return err
		}
		if d.Entries, err = entries(ctx, tx, actor.Tenant, agreement); err != nil {
			return err
		}
		for _, p := range d.Parties {
			if acts(actor).Covers(p.OrgID) {
				d.Acts = append(d.Acts, p)
				if actor.Held(PermSign).Covers(p.OrgID) {
					d.Signs = append(d.Signs, p)
				}
			}
		}
		d.Reveals = s.reveals(actor, d.Agreement)
		if err := s.related(ctx, tx, actor, &d); err != nil {
			return err
		}
		if d.State != Agreed {
			return nil
		}
		if d.Kind.Names() {
			if d.People, err = s.peopleOf(ctx, tx, actor, agreement); err != nil {
				return err
			}
			if d.Naming, err = s.naming(ctx, tx, actor, d.Agreement); err != nil {
				return err
			}
		}
		papers, err := paper.About(ctx, tx, actor.Tenant, paper.KindCobuild, agreement)
		if len(papers) > 0 {
			d.Paper = papers[0]
		}
		return err
	})
}

// related finds the agreements that one renews, is renewed by, and doubles.
func (s *Service) related(ctx context.Context, tx *db.Tx, actor authz.Actor, d *Detail) error {
	look := func(cond func(a *db.Args) string) ([]Related, error) {
		a := &db.Args{}
		return db.All(ctx, tx, (*Related).dest, "SELECT c.id, c.no, "+lastDay+joined+seeing(a, actor)+" AND "+cond(a)+" ORDER BY c.id DESC LIMIT 5", a.Values()...)
	}
	if d.RenewsID != 0 {
		list, err := look(func(a *db.Args) string { return "c.id = " + a.Add(d.RenewsID) })
		if err != nil {
			return err
		}
		for _, r := range list {
			d.Renews = r
		}
	}
	list, err := look(func(a *db.Args) string {
		return "c.renews_id <> 0 AND c.state <> 'withdrawn' AND c.renews_id = " + a.Add(d.ID)
	})
	if err != nil {
		return err
	}
	for _, r := range list {
		d.Renewed = r
	}
	if d.State.open() {
		d.Doubles, err = look(func(a *db.Args) string {
			return "c.state = 'agreed' AND c.kind = " + a.Add(string(d.Kind)) + " AND c.community_id = " + a.Add(d.CommunityID) + " AND c.valid_from <= " + a.Add(d.To.String()) + " AND " + lastDay + " >= " + a.Add(d.From.String()) +
				" AND EXISTS (SELECT 1 FROM cobuild_party p JOIN cobuild_party y ON y.tenant_id = p.tenant_id AND y.org_id = p.org_id AND y.cobuild_id = " + a.Add(d.ID) + " WHERE p.tenant_id = c.tenant_id AND p.cobuild_id = c.id AND p.side = 'unit')"
		})
	}
	return err
}

// Todo is a task with the agreement it belongs to.
type Todo struct {
	Task
	No, Community string
}

// Todos are the tasks that the organisations for which an actor acts have to do within some days, what is overdue in front, and those that they are to confirm.
func (s *Service) Todos(ctx context.Context, actor authz.Actor, days int) (do, confirm []Todo, err error) {
	today := s.today()
	read := func(cond func(a *db.Args) string) ([]Todo, error) {
		a := &db.Args{}
		w := cond(a)
		return db.All(ctx, s.db, func(t *Todo) []any { return append(t.Task.dest(), &t.No, &t.Community) }, "SELECT "+taskColumns+", c.no, "+reference.Label("m")+` FROM cobuild_task t JOIN cobuild c ON c.tenant_id = t.tenant_id AND c.id = t.cobuild_id
			JOIN cobuild_item i ON i.tenant_id = t.tenant_id AND i.id = t.item_id LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.org_id LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id
			WHERE `+w+" ORDER BY t.due_on, t.id LIMIT 50", a.Values()...)
	}
	if do, err = read(func(a *db.Args) string {
		return toDo(a, actor, today) + " AND t.state = 'open' AND t.due_on <= " + a.Add(today.AddDays(days).String()) + " AND " + inForce(a.Add(today.String()))
	}); err != nil {
		return nil, nil, err
	}
	confirm, err = read(func(a *db.Args) string { return "c.state = 'agreed' AND " + toConfirm(a, actor, today) }) // also after the end
	return do, confirm, err
}

// Public is an agreement as everybody may read it: organisations, no persons.
type Public struct {
	No, Community, Units, Goal string
	Kind                       Kind
	From, To                   calendar.Date
}

// Public gives the agreements of a tenant that are in force; it names organisations only.
func (s *Service) Public(ctx context.Context, tenant int64, community id.ID, p db.Page) (db.List[Public], error) {
	l, err := s.list(ctx, s.db, tenant, p, true, func(a *db.Args) string {
		w := "c.tenant_id = " + a.Add(tenant) + " AND " + inForce(a.Add(s.today().String()))
		if community != 0 {
			w += " AND c.community_id = " + a.Add(community)
		}
		return w
	})
	out := db.List[Public]{Next: l.Next, Prev: l.Prev}
	for _, r := range l.Items {
		out.Items = append(out.Items, Public{No: r.No, Community: r.Community, Units: r.Units(), Goal: r.Goal, Kind: r.Kind, From: r.From, To: r.LastDay()})
	}
	return out, err
}
