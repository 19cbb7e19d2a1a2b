package meeting

import (
	"context"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Cell is one duty: a kind of meeting that a holder owes in a period, with how many were held in it and are planned in it.
type Cell struct {
	Holder
	Name     string // of the holder
	KindCode string
	kind     kindName
	Period
	Held    int64
	Planned int64
	key     string
}

// KindName is the name of the kind of meeting.
func (c Cell) KindName() i18n.Text { return c.kind.text() }

// Standing is how the duty stands on a day.
func (c Cell) Standing(today calendar.Date) Standing { return c.standing(c.Held, c.Planned, today) }

// id is the holder's: the body, or the organisation.
func (h Holder) id() id.ID {
	if h.BodyID != 0 {
		return h.BodyID
	}
	return h.OwnerID
}

func (c *Cell) dest() []any {
	return []any{&c.OwnerID, &c.BodyID, &c.Name, &c.key, &c.KindCode, &c.kind.zh, &c.kind.en, &c.Every, &c.Start, &c.Ends, &c.Held, &c.Planned}
}

// fullOn is the condition that a row of member m is that of a full member, or (standing "") of any, on the day p.asof.
func memberOn(full bool, day string) string {
	w := "(m.joined_on = '' OR m.joined_on <= " + day + ") AND (m.ended_on = '' OR m.ended_on > " + day + ")"
	if full {
		w += " AND m.standing = 'full' AND (m.full_on = '' OR m.full_on <= " + day + ")"
	}
	return w
}

// dueQuery asks for the cells of some periods: one query, whatever the page. The holders are the organisations and bodies that the two conditions
// name (over organisation o and body b); page keeps them to a page. A holder that owes nothing gives one row without a kind, so that a page of
// holders is known to be one.
func dueQuery(a *db.Args, tenant int64, periods []Period, today calendar.Date, ofOrganisations, ofBodies, page string) string {
	var values []string
	for _, p := range periods {
		values = append(values, "("+a.Add(string(p.Every))+", "+a.Add(p.Start)+", "+a.Add(p.Ends)+", "+a.Add(p.asOf(today))+")")
	}
	t := a.Add(tenant)
	count := func(state State) string {
		return `(SELECT count(*) FROM meeting_duty d WHERE d.tenant_id = ` + t + ` AND d.owner_id = h.owner_id AND d.body_id = h.body_id AND d.kind_code = k.code
			AND d.on_day >= p.starts AND d.on_day <= p.ends AND d.state = '` + string(state) + `')`
	}
	return `WITH p(every, starts, ends, asof) AS (VALUES ` + strings.Join(values, ", ") + `),
		every_holder AS (
			SELECT o.kind AS holder, o.id AS owner_id, 0 AS body_id, o.id AS id, CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END AS name, o.name_key AS sort_key, o.established_on AS founded,
				o.dissolved_on AS ended
			FROM organisation o WHERE ` + ofOrganisations + `
			UNION ALL
			SELECT 'body:' || b.kind, b.leader_id, b.id, b.id, b.name, b.name_key, b.founded_on, b.ended_on FROM body b WHERE ` + ofBodies + `),
		h AS (SELECT * FROM every_holder e WHERE EXISTS (SELECT 1 FROM meeting_kind_holder x WHERE x.tenant_id = ` + t + ` AND x.holder = e.holder)` + page + `),
		c AS (SELECT h.owner_id, h.body_id, k.code, k.name, k.name_en, k.position, p.every, p.starts, p.ends, ` + count(Held) + ` AS held, ` + count(Planned) + ` AS planned
		FROM h JOIN meeting_kind_holder w ON w.tenant_id = ` + t + ` AND w.holder = h.holder
		JOIN meeting_kind k ON k.tenant_id = w.tenant_id AND k.code = w.kind_code AND k.retired = FALSE
		JOIN p ON p.every = k.every AND p.starts >= k.since
		WHERE h.founded <= p.asof AND (h.ended = '' OR h.ended > p.ends) AND (k.needs = ''
			OR k.needs = 'members' AND h.body_id = 0 AND EXISTS (SELECT 1 FROM member m WHERE m.tenant_id = ` + t + ` AND m.home_id = h.owner_id AND ` + memberOn(false, "p.asof") + `)
			OR k.needs = 'committee' AND h.body_id = 0 AND (SELECT count(*) FROM member m WHERE m.tenant_id = ` + t + ` AND m.home_id = h.owner_id AND ` + memberOn(true, "p.asof") + `) >= ` + a.Add(int64(CommitteeFrom)) + `))
		SELECT h.owner_id, h.body_id, h.name, h.sort_key, coalesce(c.code, ''), coalesce(c.name, ''), coalesce(c.name_en, ''), coalesce(c.every, ''), coalesce(c.starts, ''), coalesce(c.ends, ''),
			coalesce(c.held, 0), coalesce(c.planned, 0)
		FROM h LEFT JOIN c ON c.owner_id = h.owner_id AND c.body_id = h.body_id ORDER BY h.sort_key, h.id, c.position, c.code, c.starts`
}

// duties are the cells of one holder.
func duties(ctx context.Context, q db.Querier, tenant int64, h Holder, periods []Period, today calendar.Date) ([]Cell, error) {
	a := &db.Args{}
	t := a.Add(tenant)
	organisations, bodies := "o.tenant_id = "+t+" AND ", "b.tenant_id = "+t+" AND "
	if h.BodyID != 0 {
		organisations, bodies = organisations+"1 = 0", bodies+"b.id = "+a.Add(h.BodyID)
	} else {
		organisations, bodies = organisations+"o.id = "+a.Add(h.OwnerID), bodies+"1 = 0"
	}
	return owed(ctx, q, a, dueQuery(a, tenant, periods, today, organisations, bodies, ""))
}

// owed reads cells and leaves out holders that owe nothing.
func owed(ctx context.Context, q db.Querier, a *db.Args, query string) ([]Cell, error) {
	list, err := db.All(ctx, q, (*Cell).dest, query, a.Values()...)
	return slices.DeleteFunc(list, func(c Cell) bool { return c.KindCode == "" }), err
}

// Year gives every duty of an organisation or body in a year: those of organisations and bodies in sight.
func (s *Service) Year(ctx context.Context, actor authz.Actor, h Holder, year int) ([]Cell, error) {
	if h.BodyID != 0 {
		there, err := seesBody(ctx, s.db, seeing(actor), h.BodyID)
		if err != nil {
			return nil, err
		}
		h.OwnerID = there
	} else if err := seesOrganisation(ctx, s.db, seeing(actor), h.OwnerID); err != nil {
		return nil, err
	}
	return duties(ctx, s.db, actor.Tenant, h, PeriodsOf(year), s.today())
}

// DueFilter narrows the list of what is due; zero fields do not filter.
type DueFilter struct {
	Text     string
	KindCode string
	Only     Standing // Overdue or Wanted; "" for both
	Page     db.Page  // of holders
}

// DueOf is a holder with what it owes.
type DueOf struct {
	Holder
	Name    string
	Overdue []Cell
	Wanted  []Cell
	Fixed   []Cell
	Done    int64
	key     string
}

func (d DueOf) cursor() db.Cursor { return db.Cursor{Key: d.key, ID: d.id()} }

// Due gives the organisations and bodies in sight that owe meetings, in the order of their names, each with what is overdue and due on the day of
// now: in the periods of this year and in the last one before it.
func (s *Service) Due(ctx context.Context, actor authz.Actor, f DueFilter) (db.List[DueOf], error) {
	scope, today := seeing(actor), s.today()
	a := &db.Args{}
	organisations := scope.Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}}) + " AND (o.dissolved_on = '' OR o.dissolved_on > " + a.Add(today) + ")"
	bodies := bodiesWithin(a, scope) + " AND (b.ended_on = '' OR b.ended_on > " + a.Add(today) + ")"
	page := ""
	if f.Text != "" {
		page = " AND e.sort_key LIKE " + a.Add(likeKey(f.Text)) + " ESCAPE '!'"
	}
	where, tail := a.Keyset(f.Page, db.Order{Column: "e.sort_key", IDColumn: "e.id"})
	query := dueQuery(a, actor.Tenant, Counted(today), today, organisations, bodies, page+where+tail)
	cells, err := db.All(ctx, s.db, (*Cell).dest, query, a.Values()...)
	if err != nil {
		return db.List[DueOf]{}, err
	}
	out := db.Cut(gather(cells, today, f), f.Page, DueOf.cursor)
	out.Items = slices.DeleteFunc(out.Items, func(d DueOf) bool { // what owes nothing is no part of the list
		return len(d.Overdue)+len(d.Wanted) == 0 && (f.Only != "" || len(d.Fixed) == 0 && d.Done == 0)
	})
	return out, nil
}

// gather puts the cells of each holder together.
func gather(cells []Cell, today calendar.Date, f DueFilter) []DueOf {
	var out []DueOf
	for _, c := range cells {
		if n := len(out); n == 0 || out[n-1].Holder != c.Holder {
			out = append(out, DueOf{Holder: c.Holder, Name: c.Name, key: c.key})
		}
		d := &out[len(out)-1]
		if c.KindCode == "" || f.KindCode != "" && c.KindCode != f.KindCode {
			continue
		}
		switch st := c.Standing(today); {
		case st == Overdue && f.Only != Wanted:
			d.Overdue = append(d.Overdue, c)
		case st == Wanted && f.Only != Overdue:
			d.Wanted = append(d.Wanted, c)
		case st == Fixed:
			d.Fixed = append(d.Fixed, c)
		case st == Done:
			d.Done++
		}
	}
	if f.Page.Before.ID != 0 { // a page read backwards is put into order by db.Cut, which expects it as it was read
		slices.Reverse(out)
	}
	return out
}

// roots are the organisations at which the actor holds a permission themselves: what waits for them is theirs to do. The levels above see it
// by looking.
func roots(actor authz.Actor, p authz.Permission) []id.ID {
	var out []id.ID
	if actor.IsSystem() || !actor.Can(p) {
		return nil
	}
	for _, g := range actor.Grants {
		if g.Permissions[p] && g.Root != 0 && !slices.Contains(out, g.Root) {
			out = append(out, g.Root)
		}
	}
	return out
}

// ownDuties are the cells of the organisations at which the actor plans, of the branches and groups directly below, and of the bodies they lead.
func (s *Service) ownDuties(ctx context.Context, actor authz.Actor) ([]Cell, error) {
	own := roots(actor, PermPlan)
	if len(own) == 0 {
		return nil, nil
	}
	a, today := &db.Args{}, s.today()
	t := a.Add(actor.Tenant)
	organisations := "o.tenant_id = " + t + " AND (o.dissolved_on = '' OR o.dissolved_on > " + a.Add(today) + ") AND (" + db.In(a, "o.id", own) + " OR o.kind IN ('party_branch', 'party_group') AND " + db.In(a, "o.parent_id", own) + ")"
	bodies := "b.tenant_id = " + t + " AND (b.ended_on = '' OR b.ended_on > " + a.Add(today) + ") AND " + db.In(a, "b.leader_id", own)
	return owed(ctx, s.db, a, dueQuery(a, actor.Tenant, Counted(today), today, organisations, bodies, ""))
}
