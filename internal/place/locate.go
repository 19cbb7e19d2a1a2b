package place

import (
	"context"
	"encoding/json"
	"sync"

	"linli/internal/db"
	"linli/internal/id"
)

// near is how far from a building, in micro-degrees of longitude and latitude, a position outside every outline still belongs to its place: about 200 m.
const (
	nearX = 2400
	nearY = 1800
)

// Spot is where a position lies.
type Spot struct{ CommunityID, GridID id.ID }

// Locate finds the community and the grid of a position (longitude and latitude in micro-degrees): those of the grid whose outline holds it, or else of the
// nearest building that is not far. ok is false where the position lies outside the district. It tells nothing about anybody, so it needs no permission.
func (s *Service) Locate(ctx context.Context, tenant, x, y int64) (at Spot, ok bool, err error) {
	areas, err := s.outlined(ctx, tenant)
	if err != nil {
		return at, false, err
	}
	for _, a := range areas {
		if a.holds(x, y) {
			return a.Spot, true, nil
		}
	}
	list, err := db.All(ctx, s.db, func(p *Spot) []any { return []any{&p.CommunityID, &p.GridID} },
		`SELECT b.community_id, b.grid_id FROM building b WHERE b.tenant_id = $1 AND b.x <> 0 AND b.x BETWEEN $2 AND $3 AND b.y BETWEEN $4 AND $5 AND b.ended_on = ''
		ORDER BY (b.x - $6) * (b.x - $6) + (b.y - $7) * (b.y - $7), b.id LIMIT 1`, tenant, x-nearX, x+nearX, y-nearY, y+nearY, x, y)
	if err != nil || len(list) == 0 {
		return at, false, err
	}
	return list[0], true, nil
}

// area is a grid with its outline taken apart.
type area struct {
	Spot
	minX, minY, maxX, maxY int64
	rings                  [][][2]int64
}

// holds says whether a position lies within: inside an odd number of rings.
func (a area) holds(x, y int64) bool {
	if x < a.minX || x > a.maxX || y < a.minY || y > a.maxY {
		return false
	}
	in := false
	for _, r := range a.rings {
		for i := 1; i < len(r); i++ {
			p, q := r[i-1], r[i]
			if (p[1] > y) != (q[1] > y) && float64(x-p[0]) < float64(q[0]-p[0])*float64(y-p[1])/float64(q[1]-p[1]) {
				in = !in
			}
		}
	}
	return in
}

func areaOf(at Spot, outline string) (a area, ok bool) {
	a.Spot = at
	if json.Unmarshal([]byte(outline), &a.rings) != nil || len(a.rings) == 0 || len(a.rings[0]) == 0 {
		return a, false
	}
	first := a.rings[0][0]
	a.minX, a.maxX, a.minY, a.maxY = first[0], first[0], first[1], first[1]
	for _, r := range a.rings {
		for _, p := range r {
			a.minX, a.maxX, a.minY, a.maxY = min(a.minX, p[0]), max(a.maxX, p[0]), min(a.minY, p[1]), max(a.maxY, p[1])
		}
	}
	return a, true
}

// outlines keeps the outlines of each tenant taken apart, for as long as no grid changes.
type outlines struct {
	mu sync.Mutex
	by map[int64]outlinesOf
}

type outlinesOf struct {
	stamp [3]int64 // how many grids, the sum of their versions, the last one
	areas []area
}

// outlined gives the grids in use whose outline is known. They are read again when a grid was made, changed or ended since.
func (s *Service) outlined(ctx context.Context, tenant int64) ([]area, error) {
	const where = " FROM grid g WHERE g.tenant_id = $1 AND g.outline <> '' AND g.ended_on = ''"
	var now outlinesOf
	if err := s.db.QueryRow(ctx, "SELECT count(*), CAST(coalesce(sum(g.version), 0) AS BIGINT), coalesce(max(g.id), 0)"+where, tenant).Scan(&now.stamp[0], &now.stamp[1], &now.stamp[2]); err != nil {
		return nil, err
	}
	s.outlines.mu.Lock()
	had, there := s.outlines.by[tenant]
	s.outlines.mu.Unlock()
	if there && had.stamp == now.stamp {
		return had.areas, nil
	}
	type row struct {
		Spot
		outline string
	}
	if err := db.Each(ctx, s.db, func(r *row) []any { return []any{&r.CommunityID, &r.GridID, &r.outline} }, func(r row) error {
		if a, ok := areaOf(r.Spot, r.outline); ok {
			now.areas = append(now.areas, a)
		}
		return nil
	}, "SELECT g.community_id, g.id, g.outline"+where+" ORDER BY g.code", tenant); err != nil {
		return nil, err
	}
	s.outlines.mu.Lock()
	defer s.outlines.mu.Unlock()
	if s.outlines.by == nil {
		s.outlines.by = map[int64]outlinesOf{}
	}
	s.outlines.by[tenant] = now
	return now.areas, nil
}
