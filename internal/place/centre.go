package place

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
)

// Centre is the middle of the buildings of a place whose position is known: X and Y are longitude and latitude in micro-degrees.
type Centre struct{ X, Y int64 }

// Centres gives the middle of each of the organisations (communities, or what stands above them) in scope (PermSee); those without a building on the
// map are left out.
func (s *Service) Centres(ctx context.Context, actor authz.Actor, organisations []id.ID) (map[id.ID]Centre, error) {
	out := map[id.ID]Centre{}
	if len(organisations) == 0 {
		return out, nil
	}
	a := &db.Args{}
	w := actor.Scope(PermSee).Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.id"}})
	return out, db.Each(ctx, s.db, func(c *centre) []any { return []any{&c.of, &c.X, &c.Y} }, func(c centre) error {
		out[c.of] = c.Centre
		return nil
	}, `SELECT p.id, CAST(avg(b.x) AS BIGINT), CAST(avg(b.y) AS BIGINT) FROM organisation p
		JOIN organisation c ON c.tenant_id = p.tenant_id AND c.path LIKE p.path || '%'
		JOIN building b ON b.tenant_id = c.tenant_id AND b.community_id = c.id AND b.x <> 0
		WHERE `+w+" AND "+db.In(a, "p.id", organisations)+" GROUP BY p.id", a.Values()...)
}

type centre struct {
	of id.ID
	Centre
}

// GridCentres gives the middle of each grid of a community in scope (PermSee), by the name of the grid.
func (s *Service) GridCentres(ctx context.Context, actor authz.Actor, community id.ID) (map[string]Centre, error) {
	type named struct {
		name string
		Centre
	}
	out := map[string]Centre{}
	a := &db.Args{}
	w := actor.Scope(PermSee).Where(a, authz.Columns{Tenant: "g.tenant_id", Orgs: []string{"g.community_id"}})
	return out, db.Each(ctx, s.db, func(c *named) []any { return []any{&c.name, &c.X, &c.Y} }, func(c named) error {
		out[c.name] = c.Centre
		return nil
	}, `SELECT g.name, CAST(avg(b.x) AS BIGINT), CAST(avg(b.y) AS BIGINT) FROM grid g JOIN building b ON b.tenant_id = g.tenant_id AND b.grid_id = g.id AND b.x <> 0
		WHERE `+w+" AND g.community_id = "+a.Add(community)+" GROUP BY g.name", a.Values()...)
}
