package casework

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Flow is how many cases of a kind are in a state, of those that are not closed.
type Flow struct {
	KindCode string
	Kind     i18n.Text
	State    State
	Cases    int64
	Overdue  int64
	kind, en string
}

// Flow counts the cases that are not closed by kind and state (PermSee), in the order of kinds. Below, where it is not 0, narrows it to communities at or below an
// organisation. It reads what is under way alone, so it does not grow with the years.
func (s *Service) Flow(ctx context.Context, actor authz.Actor, below id.ID) ([]Flow, error) {
	a := &db.Args{}
	rows, err := db.All(ctx, s.db, func(f *Flow) []any { return []any{&f.KindCode, &f.kind, &f.en, &f.State, &f.Cases, &f.Overdue} },
		"SELECT c.kind_code, coalesce(k.name, ''), coalesce(k.name_en, ''), c.state, count(*), "+s.lateSum(a)+` FROM service_case c
		LEFT JOIN case_kind k ON k.tenant_id = c.tenant_id AND k.code = c.kind_code WHERE `+s.visible(a, actor)+" AND c.closed_at = 0 AND c.state IN ('received', 'accepted', 'dispatched', 'working', 'done')"+under(a, actor, below)+
			" GROUP BY c.kind_code, k.name, k.name_en, k.rank, c.state ORDER BY coalesce(k.rank, 0), c.kind_code, c.state", a.Values()...)
	for i := range rows {
		rows[i].Kind = i18n.Both(rows[i].kind, rows[i].en)
	}
	return rows, err
}

// lateSum counts the open cases of a group whose time is over.
func (s *Service) lateSum(a *db.Args) string {
	return "coalesce(sum(CASE WHEN c.state IN ('received', 'accepted', 'dispatched', 'working') AND c.due_at <> 0 AND c.due_at < " + a.Add(db.Micros(s.db.Now())) + " THEN 1 ELSE 0 END), 0)"
}

// under is the condition, with a leading AND, that a case happened at or below an organisation.
func under(a *db.Args, actor authz.Actor, below id.ID) string {
	if below == 0 {
		return ""
	}
	return " AND c.community_id IN (SELECT u.id FROM organisation u JOIN organisation v ON v.tenant_id = u.tenant_id AND v.id = " + a.Add(below) +
		" WHERE u.tenant_id = " + a.Add(actor.Tenant) + " AND u.path LIKE v.path || '%')"
}

// GridCases is a grid with its open cases; Grid is 0 for those of a community whose grid is not known.
type GridCases struct {
	CommunityID id.ID
	Community   string
	GridID      id.ID
	Grid        string
	Outline     string // JSON rings of [x, y] in micro-degrees, "" where unknown
	Open        int64
	Overdue     int64
}

// mostGrids and mostPoints bound a map: grids, and cases that are drawn one by one.
const (
	mostGrids  = 2000
	mostPoints = 1000
)

// ByGrid gives the grids of the communities that the actor sees (PermSee), each with its open cases, by community and grid; also those that have none, so that the
// map is whole. Confidential cases are left out: where a dispute lies is nobody's business.
func (s *Service) ByGrid(ctx context.Context, actor authz.Actor, below id.ID) ([]GridCases, error) {
	a := &db.Args{}
	late := s.lateSum(a)
	// + 0 keeps the planner from walking all cases by community to group them: what is open is few.
	counts := "SELECT c.community_id + 0, coalesce(y.id, 0), count(*) AS open, " + late + " AS late FROM service_case c LEFT JOIN grid y ON y.tenant_id = c.tenant_id AND y.id = c.grid_id AND c.grid_id <> 0 AND y.ended_on = '' WHERE " + s.visible(a, actor) + " AND c.confidential = FALSE AND " + openStates +
		under(a, actor, below) + " GROUP BY c.community_id + 0, coalesce(y.id, 0)"
	type found struct {
		community, grid id.ID
		open, late      int64
	}
	open := map[[2]id.ID]found{}
	err := db.Each(ctx, s.db, func(f *found) []any { return []any{&f.community, &f.grid, &f.open, &f.late} }, func(f found) error {
		open[[2]id.ID{f.community, f.grid}] = f
		return nil
	}, counts, a.Values()...)
	if err != nil {
		return nil, err
	}
	a = &db.Args{}
	var in string
	if below != 0 {
		in = " AND m.path LIKE (SELECT v.path || '%' FROM organisation v WHERE v.tenant_id = " + a.Add(actor.Tenant) + " AND v.id = " + a.Add(below) + ")"
	}
	places := authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.id"}}
	list, err := db.All(ctx, s.db, func(p *GridCases) []any { return []any{&p.CommunityID, &p.Community, &p.GridID, &p.Grid, &p.Outline} },
		"SELECT m.id, "+reference.Label("m")+`, coalesce(g.id, 0), coalesce(g.name, ''), coalesce(g.outline, '') FROM organisation m
		LEFT JOIN grid g ON g.tenant_id = m.tenant_id AND g.community_id = m.id AND g.ended_on = ''
		WHERE m.kind = 'community_party' AND m.dissolved_on = '' AND `+actor.Scope(PermSee).Where(a, places)+in+" ORDER BY m.name_key, m.id, g.code, g.id LIMIT "+a.Add(mostGrids), a.Values()...)
	if err != nil {
		return nil, err
	}
	var out []GridCases
	for i, p := range list {
		if f, ok := open[[2]id.ID{p.CommunityID, p.GridID}]; ok {
			p.Open, p.Overdue = f.open, f.late
		}
		if p.GridID != 0 {
			out = append(out, p)
		}
		if i+1 == len(list) || list[i+1].CommunityID != p.CommunityID { // the last grid of its community
			if f, ok := open[[2]id.ID{p.CommunityID, 0}]; ok {
				out = append(out, GridCases{CommunityID: p.CommunityID, Community: p.Community, Open: f.open, Overdue: f.late})
			}
		}
	}
	return out, nil
}

// Point is an open case on the map.
type Point struct {
	ID    id.ID
	No    string
	Title string
	X, Y  int64 // micro-degrees
	State State
	DueAt time.Time
}

// Points gives the latest open cases of which the position is known, 1,000 at most, without confidential ones (PermSee); the latest comes last and is drawn above the others.
func (s *Service) Points(ctx context.Context, actor authz.Actor, below id.ID) ([]Point, error) {
	a := &db.Args{}
	return db.All(ctx, s.db, func(p *Point) []any { return []any{&p.ID, &p.No, &p.Title, &p.X, &p.Y, &p.State, db.Instant(&p.DueAt)} },
		// The latest are found by their IDs alone: whole rows would be sorted.
		"SELECT o.id, o.no, o.title, o.x, o.y, o.state, o.due_at FROM service_case o WHERE o.tenant_id = "+a.Add(actor.Tenant)+" AND o.id IN (SELECT c.id FROM service_case c WHERE "+s.visible(a, actor)+
			" AND c.confidential = FALSE AND c.x <> 0 AND "+openStates+under(a, actor, below)+" ORDER BY c.id + 0 DESC LIMIT "+a.Add(mostPoints)+") ORDER BY o.id", a.Values()...)
}
