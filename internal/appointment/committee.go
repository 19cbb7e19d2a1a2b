package appointment

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

// Committee gives who belongs to the committee of a Party organisation on a day: each person once who holds a post of it (PARTY-11). It asks for no scope:
// whoever calls it has a right to the organisation.
func (s *Service) Committee(ctx context.Context, q db.Querier, tenant int64, organisation id.ID, on calendar.Date) ([]id.ID, error) {
	a := &db.Args{}
	day := a.Add(on)
	return db.Column[id.ID](ctx, q, "SELECT DISTINCT t.person_id FROM appointment t WHERE t.tenant_id = "+a.Add(tenant)+" AND t.organisation_id = "+a.Add(organisation)+
		" AND "+db.In(a, "t.post", inParty)+" AND t.from_on <= "+day+" AND (t.ended_on = '' OR t.ended_on > "+day+") ORDER BY t.person_id", a.Values()...)
}
