package member

import (
	"context"
	"fmt"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/reference"
)

// hanging are the tables whose rows name the community and the unit of a member.
var hanging = []string{"member", "registration", "contact", "promise", "absence_reason", "floating_move"}

// Follow lets members and what is kept around them go over when an organisation is taken in by another: as community, as unit
// and as branch (organisation.Follower).
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	for _, table := range hanging {
		for _, column := range []string{"community_id", "unit_id"} {
			if _, err := tx.Exec(ctx, "UPDATE "+table+" SET "+column+" = $1 WHERE tenant_id = $2 AND "+column+" = $3", to, actor.Tenant, from); err != nil {
				return err
			}
		}
	}
	_, err := tx.Exec(ctx, "UPDATE member SET home_id = $1, version = version + 1 WHERE tenant_id = $2 AND home_id = $3", to, actor.Tenant, from)
	return err
}

// FollowGrids lets the members who live in some grids of a community go over with them (organisation.GridFollower).
func (s *Service) FollowGrids(ctx context.Context, tx *db.Tx, actor authz.Actor, grids []id.ID, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	for _, table := range hanging[1:] {
		a := &db.Args{}
		query := "UPDATE " + table + " SET community_id = " + a.Add(to) + " WHERE tenant_id = " + a.Add(actor.Tenant) + " AND community_id = " + a.Add(from) +
			" AND member_id IN (SELECT m.id FROM member m WHERE m.tenant_id = " + a.Add(actor.Tenant) + " AND " + db.In(a, "m.grid_id", grids) + ")"
		if _, err := tx.Exec(ctx, query, a.Values()...); err != nil {
			return err
		}
	}
	a := &db.Args{}
	query := "UPDATE member SET community_id = " + a.Add(to) + ", version = version + 1 WHERE tenant_id = " + a.Add(actor.Tenant) +
		" AND community_id = " + a.Add(from) + " AND " + db.In(a, "grid_id", grids)
	_, err := tx.Exec(ctx, query, a.Values()...)
	return err
}

// Verify names what contradicts itself in a tenant: a member in a community without an accepted registration there, or an
// accepted registration whose member stands elsewhere.
func (s *Service) Verify(ctx context.Context, tenant int64) ([]string, error) {
	checks := []struct{ what, query string }{
		{"member %s is in a community without an accepted registration", `SELECT m.id FROM member m WHERE m.tenant_id = $1 AND m.ended_on = ''
			AND m.kind <> 'community' AND m.community_id <> 0 AND NOT EXISTS (SELECT 1 FROM registration r WHERE r.tenant_id = m.tenant_id
			AND r.member_id = m.id AND r.state = 'accepted' AND r.community_id = m.community_id) ORDER BY m.id LIMIT 100`},
		{"the accepted registration of member %s names another community than the register", `SELECT r.member_id FROM registration r
			JOIN member m ON m.tenant_id = r.tenant_id AND m.id = r.member_id
			WHERE r.tenant_id = $1 AND r.state = 'accepted' AND m.community_id <> r.community_id ORDER BY r.member_id LIMIT 100`},
		{"member %s belongs to a community's own branch but to no community", `SELECT m.id FROM member m WHERE m.tenant_id = $1 AND m.ended_on = ''
			AND m.kind = 'community' AND m.community_id = 0 ORDER BY m.id LIMIT 100`},
		{"member %s is no known person", `SELECT m.id FROM member m WHERE m.tenant_id = $1 AND NOT EXISTS
			(SELECT 1 FROM person p WHERE p.tenant_id = m.tenant_id AND p.id = m.person_id) ORDER BY m.id LIMIT 100`},
	}
	var out []string
	for _, c := range checks {
		ids, err := db.Column[id.ID](ctx, s.db, c.query, tenant)
		if err != nil {
			return nil, err
		}
		for _, i := range ids {
			out = append(out, fmt.Sprintf(c.what, i))
		}
	}
	return out, nil
}
