package person

import (
	"context"

	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

// communities finds a community by what tables call it: its name or short name without the usual endings, its own code or
// its division code.
type communities map[string]id.ID

// ambiguous stands for a name that several communities have.
const ambiguous id.ID = -1

// loadCommunities reads the names of all communities; organisations are kept by their own package.
func loadCommunities(ctx context.Context, q db.Querier, tenant int64) (communities, error) {
	type row struct {
		id                          id.ID
		name, short, code, division string
	}
	all := communities{}
	add := func(name string, community id.ID) {
		key := i18n.CommunityKey(gram.Key(name))
		if key == "" {
			return
		}
		if other, taken := all[key]; taken && other != community {
			community = ambiguous
		}
		all[key] = community
	}
	return all, db.Each(ctx, q, func(r *row) []any { return []any{&r.id, &r.name, &r.short, &r.code, &r.division} }, func(r row) error {
		for _, name := range []string{r.name, r.short, r.code, r.division} {
			add(name, r.id)
		}
		return nil
	}, `SELECT id, name, short_name, code, division_code FROM organisation WHERE tenant_id = $1 AND kind = 'community_party' AND dissolved_on = ''`, tenant)
}

func buildingKey(community id.ID, quarter, name string) string {
	return community.String() + " " + gram.Key(quarter) + " " + name
}

// loadBuildings reads the buildings of a community, or of all for community 0; buildings are kept by package place. A building
// stands under its quarter's name, and under none if its own name is the only one in the community.
func loadBuildings(ctx context.Context, q db.Querier, tenant int64, community id.ID) (map[string]place, error) {
	type row struct {
		place
		community     id.ID
		name, quarter string
	}
	all := map[string]place{}
	err := db.Each(ctx, q, func(r *row) []any { return []any{&r.building, &r.grid, &r.community, &r.name, &r.quarter} }, func(r row) error {
		all[buildingKey(r.community, r.quarter, r.name)] = r.place
		plain := buildingKey(r.community, "", r.name)
		if _, taken := all[plain]; taken && r.quarter != "" {
			all[plain] = place{} // two quarters have one: only the quarter tells them apart
		} else {
			all[plain] = r.place
		}
		return nil
	}, `SELECT b.id, b.grid_id, b.community_id, b.name_key, coalesce(qa.name, '') FROM building b
		LEFT JOIN quarter_area qa ON qa.tenant_id = b.tenant_id AND qa.id = b.quarter_id
		WHERE b.tenant_id = $1 AND b.ended_on = '' AND (b.community_id = $2 OR $2 = 0)`, tenant, int64(community))
	return all, err
}
