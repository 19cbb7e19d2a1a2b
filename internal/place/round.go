package place

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
)

// Round is where a grid worker goes: the grids and what stands in them.
type Round struct {
	Grids     []GridItem
	Buildings []BuildingItem
	Own       bool // the grids name the actor
}

// A round is bounded: a worker has one grid, seldom a few (GRD-2).
const (
	mostGrids     = 20
	mostBuildings = 500
)

// Round gives the actor's own grids in scope (PermSee) and the buildings in them. A grid is somebody's own that names their account or person as its worker, or,
// where it names neither, bears their name. Who has none of their own goes the round of the community where they work.
func (s *Service) Round(ctx context.Context, actor authz.Actor) (Round, error) {
	var r Round
	scope := actor.Held(PermSee)
	grids := func(own bool) ([]GridItem, error) {
		a := &db.Args{}
		query := gridQuery(a, scope, Filter{})
		if own {
			query += " AND (g.worker_id <> 0 AND g.worker_id IN (" + a.Add(actor.AccountID) + ", " + a.Add(actor.PersonID) + ") OR g.worker_id = 0 AND g.worker_name <> '' AND g.worker_name = " +
				a.Add(actor.Name) + ")"
		}
		return db.All(ctx, s.db, (*GridItem).dest, query+" ORDER BY g.code, g.id LIMIT "+a.Add(mostGrids), a.Values()...)
	}
	var err error
	r.Grids, err = grids(true)
	if r.Own = len(r.Grids) > 0; err == nil && !r.Own {
		r.Grids, err = grids(false)
	}
	if err != nil || len(r.Grids) == 0 {
		return r, err
	}
	ids := make([]id.ID, len(r.Grids))
	for i, g := range r.Grids {
		ids[i] = g.ID
	}
	a := &db.Args{}
	query := buildingQuery(a, scope, Filter{}) + " AND b.grid_id <> 0 AND " + db.In(a, "b.grid_id", ids)
	r.Buildings, err = db.All(ctx, s.db, (*BuildingItem).dest, query+" ORDER BY b.grid_id, q.name, b.name_key, b.id LIMIT "+a.Add(mostBuildings), a.Values()...)
	slices.SortStableFunc(r.Buildings, func(a, b BuildingItem) int {
		return cmp.Or(cmp.Compare(a.GridID, b.GridID), cmp.Compare(a.Quarter, b.Quarter), asCounted(a.Name, b.Name))
	})
	return r, err
}

// asCounted puts building 2 before building 10.
func asCounted(a, b string) int {
	number := func(s string) int {
		n, err := strconv.Atoi(s[:len(s)-len(strings.TrimLeft(s, "0123456789"))])
		if err != nil {
			return 1 << 30 // one without a number comes last
		}
		return n
	}
	return cmp.Or(cmp.Compare(number(a), number(b)), cmp.Compare(a, b))
}
