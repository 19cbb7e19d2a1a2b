package transfer

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/reference"
)

// awayMonths is after how many months away a floating member is asked whether the relation should follow (MOB-1, MOB-2).
const awayMonths = 6

// Away is a floating member who has been away for long, and whose relation has not been moved.
type Away struct {
	MoveID, MemberID, HomeID id.ID
	Name, Home               string
	Place, Branch            string // where to, and the branch there if it is known
	Since, LastContact       calendar.Date
}

// Months is for how many full months the member has been away on a day.
func (w Away) Months(today calendar.Date) int {
	n := (today.Year()-w.Since.Year())*12 + int(today.Month()) - int(w.Since.Month())
	if w.Since.AddMonths(n).After(today) {
		n--
	}
	return n
}

// AwayFilter narrows the list of those who are away; zero fields do not filter.
type AwayFilter struct {
	HomeID id.ID
	Page   db.Page
}

// Away gives the members of branches in scope (PermStart) who went away six months ago or longer and whose relation nobody moves yet, the longest away
// first (MOB-1, MOB-2). Nothing follows by itself: whether somebody has settled is asked of them.
func (s *Service) Away(ctx context.Context, actor authz.Actor, f AwayFilter) (db.List[Away], error) {
	a := &db.Args{}
	w := actor.Scope(PermStart).Where(a, authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.home_id"}}) + " AND m.ended_on = '' AND m.home_id <> 0 AND v.direction = 'out' AND v.back_on = ''" +
		" AND v.from_on <= " + a.Add(s.Today().AddMonths(-awayMonths)) + " AND NOT EXISTS (SELECT 1 FROM transfer t WHERE t.tenant_id = m.tenant_id AND t.person_id = m.person_id AND t.state IN " + open + ")"
	if f.HomeID != 0 {
		w += " AND m.home_id = " + a.Add(f.HomeID)
	}
	page, tail := a.Keyset(f.Page, db.Order{Column: "v.from_on", IDColumn: "v.id"})
	rows, err := db.All(ctx, s.db, func(x *Away) []any {
		return []any{&x.MoveID, &x.MemberID, &x.HomeID, &x.Name, &x.Home, &x.Place, &x.Branch, &x.Since, &x.LastContact}
	}, "SELECT v.id, m.id, m.home_id, m.name, "+reference.Label("o")+`, v.place, v.other_branch, v.from_on, v.last_contact FROM floating_move v
		JOIN member m ON m.tenant_id = v.tenant_id AND m.id = v.member_id
		LEFT JOIN organisation o ON o.tenant_id = m.tenant_id AND o.id = m.home_id WHERE `+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Away]{}, err
	}
	return db.Cut(rows, f.Page, func(x Away) db.Cursor { return db.Cursor{Key: x.Since.String(), ID: x.MoveID} }), nil
}
