package volunteer

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/id"
)

// AnythingElse is a skill that says nothing about what somebody can do.
const AnythingElse Skill = "other"

// Helper is a volunteer as another part asks for them: what they can do and when, and how often they came to shifts that they signed up for.
type Helper struct {
	ID       id.ID
	PersonID id.ID
	OrgID    id.ID
	Name     string
	Skills   []Skill
	Times    []Slot
	Kept     int64

	Street id.ID // the sub-district of the community, for HelpersNear
	Shifts int64 // that they take, for HelpersNear

	skills, times string
}

const (
	helperColumns = `v.id, v.person_id, v.org_id, coalesce(r.name, ''), v.skills, v.times,
	(SELECT count(*) FROM volunteer_signup u WHERE u.tenant_id = v.tenant_id AND u.volunteer_id = v.id AND u.attended = 'present')`
	helperJoined = ` FROM volunteer v JOIN person r ON r.tenant_id = v.tenant_id AND r.id = v.person_id AND r.died_on = '' AND r.moved_out_on = '' `
	helperSelect = "SELECT " + helperColumns + helperJoined
)

func (h *Helper) dest() []any {
	return []any{&h.ID, &h.PersonID, &h.OrgID, &h.Name, &h.skills, &h.times, &h.Kept}
}

func (h *Helper) spread() { h.Skills, h.Times = listOf[Skill](h.skills), listOf[Slot](h.times) }

// mostHelpers bounds how many are weighed for one need, mostNear for those of a week.
const (
	mostHelpers = 3000
	mostNear    = 20_000
)

// Helpers gives volunteers who may be asked for help in a community, those of the community first, then of its sub-district: files that have not ended, of people who agreed to be
// contacted (VOL-7). The caller records whose names it shows.
func (s *Service) Helpers(ctx context.Context, q db.Querier, tenant int64, community id.ID) ([]Helper, error) {
	list, err := db.All(ctx, q, (*Helper).dest, helperSelect+`JOIN organisation o ON o.tenant_id = v.tenant_id AND o.id = v.org_id JOIN organisation c ON c.tenant_id = v.tenant_id AND c.id = $2
		WHERE v.tenant_id = $1 AND v.ended_on = '' AND v.contact = TRUE AND (v.org_id = c.id OR c.parent_id <> 0 AND o.parent_id = c.parent_id)
		ORDER BY CASE WHEN v.org_id = c.id THEN 0 ELSE 1 END, v.id DESC LIMIT $3`, tenant, community, mostHelpers)
	for i := range list {
		list[i].spread()
	}
	return list, err
}

// HelpersNear gives volunteers who may be asked for help in any of some communities, as Helpers does, with the shifts that they take from one instant to another.
func (s *Service) HelpersNear(ctx context.Context, q db.Querier, tenant int64, communities []id.ID, from, to time.Time) ([]Helper, error) {
	a := &db.Args{}
	list, err := db.All(ctx, q, func(h *Helper) []any { return append(h.dest(), &h.Street, &h.Shifts) }, "SELECT "+helperColumns+`, o.parent_id,
		(SELECT count(*) FROM volunteer_signup b WHERE b.tenant_id = v.tenant_id AND b.volunteer_id = v.id AND b.state = 'in' AND b.starts_at >= `+a.Add(db.Micros(from))+" AND b.starts_at < "+a.Add(db.Micros(to))+")"+helperJoined+
		"JOIN organisation o ON o.tenant_id = v.tenant_id AND o.id = v.org_id WHERE v.tenant_id = "+a.Add(tenant)+" AND v.ended_on = '' AND v.contact = TRUE AND ("+db.In(a, "v.org_id", communities)+
		" OR o.parent_id IN (SELECT c.parent_id FROM organisation c WHERE c.tenant_id = v.tenant_id AND c.parent_id <> 0 AND "+db.In(a, "c.id", communities)+")) ORDER BY v.id DESC LIMIT "+a.Add(mostNear), a.Values()...)
	for i := range list {
		list[i].spread()
	}
	return list, err
}

// HelperOf gives the file of a person that has not ended.
func (s *Service) HelperOf(ctx context.Context, q db.Querier, tenant int64, person id.ID) (Helper, error) {
	h, err := db.One(ctx, q, (*Helper).dest, helperSelect+"WHERE v.tenant_id = $1 AND v.person_id = $2 AND v.person_id <> 0 AND v.ended_on = ''", tenant, person)
	h.spread()
	return h, err
}

// Led gives the teams that a person leads, by name.
func (s *Service) Led(ctx context.Context, q db.Querier, tenant int64, person id.ID) ([]Team, error) {
	return db.All(ctx, q, func(t *Team) []any { return []any{&t.ID, &t.Name, &t.LeaderID} }, `SELECT t.id, t.name, t.leader_id FROM volunteer_team t
		JOIN volunteer l ON l.tenant_id = t.tenant_id AND l.id = t.leader_id AND l.ended_on = ''
		WHERE t.tenant_id = $1 AND t.ended_on = '' AND t.leader_id <> 0 AND l.person_id <> 0 AND l.person_id = $2 ORDER BY t.name, t.id LIMIT $3`, tenant, person, int64(mostParts))
}

// Crew gives who is in a team, by name. The caller records whose names it shows to whom the team does not know.
func (s *Service) Crew(ctx context.Context, q db.Querier, tenant int64, team id.ID) ([]Helper, error) {
	return db.All(ctx, q, (*Helper).dest, helperSelect+`JOIN volunteer_membership b ON b.tenant_id = v.tenant_id AND b.volunteer_id = v.id AND b.state = 'in'
		WHERE v.tenant_id = $1 AND b.team_id = $2 AND v.ended_on = '' ORDER BY r.name, v.id LIMIT $3`, tenant, team, int64(mostParts))
}
