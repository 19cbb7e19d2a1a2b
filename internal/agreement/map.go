package agreement

import (
	"context"
	"math"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/reference"
)

// Map is a community's buildings with what is offered and taken in them, laid out on a plane of Width by Height.
type Map struct {
	CommunityID   id.ID
	Community     string
	Width, Height int
	Schematic     bool // positions are not known: buildings stand in rows by grid
	Spots         []Spot
	Elsewhere     []OfferItem // responsibilities of no building
	Capacity      int64       // of everything on the page
	Taken         int64
}

// Spot is one building.
type Spot struct {
	BuildingID id.ID
	Name       string
	GridID     id.ID
	Grid       string
	X, Y       int
	Placed     bool  // where it really is
	Offers     int64 // responsibilities open
	Capacity   int64
	Taken      int64
	lon, lat   int64
}

// Status is how the building stands: "none" (nothing offered), "free", "part" or "full".
func (s Spot) Status() string {
	switch {
	case s.Offers == 0:
		return "none"
	case s.Taken >= s.Capacity:
		return "full"
	case s.Taken > 0:
		return "part"
	}
	return "free"
}

func (s *Spot) dest() []any {
	return []any{&s.BuildingID, &s.Name, &s.GridID, &s.Grid, &s.lon, &s.lat, &s.Offers, &s.Capacity, &s.Taken}
}

// The plane on which a map is drawn.
const (
	planeWidth  = 1000
	planeHeight = 600
	planeMargin = 50
	rowLength   = 12 // buildings in a row of the schematic layout
)

// Map gives the map of a community in scope, or of the community of a member in sight (MEM-6).
func (s *Service) Map(ctx context.Context, actor authz.Actor, community id.ID) (Map, error) {
	m := Map{CommunityID: community}
	err := s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		scope := actor.Scope(PermSee).Or(actor.Scope(PermOffer)).Or(actor.Scope(PermOwn))
		seen := scope.Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}})
		if !scope.All() && !scope.Empty() {
			seen = "(" + seen + " OR o.tenant_id = " + a.Add(actor.Tenant) + " AND o.id IN (SELECT m.community_id FROM member m WHERE " +
				scope.Where(a, authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.unit_id"}, Person: "m.person_id"}) + " AND m.ended_on = ''))"
		}
		var err error
		if m.Community, err = db.One(ctx, tx, func(n *string) []any { return []any{n} }, "SELECT "+reference.Label("o")+" FROM organisation o WHERE "+seen+
			" AND o.kind = 'community_party' AND o.id = "+a.Add(community), a.Values()...); err != nil {
			return err
		}
		m.Spots, err = db.All(ctx, tx, (*Spot).dest, `SELECT b.id, CASE WHEN coalesce(q.name, '') <> '' THEN q.name || b.name ELSE b.name END,
			b.grid_id, coalesce(gr.name, ''), b.x, b.y, count(p.id), coalesce(sum(p.capacity), 0), coalesce(sum(p.taken), 0) FROM building b
			LEFT JOIN quarter_area q ON q.tenant_id = b.tenant_id AND q.id = b.quarter_id
			LEFT JOIN grid gr ON gr.tenant_id = b.tenant_id AND gr.id = b.grid_id
			LEFT JOIN responsibility p ON p.tenant_id = b.tenant_id AND p.building_id = b.id AND p.open
			WHERE b.tenant_id = $1 AND b.community_id = $2 AND b.ended_on = ''
			GROUP BY b.id, q.name, b.name, b.grid_id, gr.name, gr.code, b.x, b.y, b.name_key ORDER BY coalesce(gr.code, ''), coalesce(q.name, ''), b.name_key, b.id LIMIT 500`,
			actor.Tenant, community)
		if err != nil {
			return err
		}
		m.Elsewhere, err = db.All(ctx, tx, (*OfferItem).dest, "SELECT "+offerItem+`p.tenant_id = $1 AND p.community_id = $2 AND p.building_id = 0 AND p.open
			ORDER BY p.name, p.id LIMIT 500`, actor.Tenant, community)
		return err
	})
	if err != nil {
		return Map{}, err
	}
	m.lay()
	return m, nil
}

// lay puts the buildings on the plane and adds up.
func (m *Map) lay() {
	m.Width, m.Height = planeWidth, planeHeight
	placed := 0
	for i := range m.Spots {
		m.Capacity += m.Spots[i].Capacity
		m.Taken += m.Spots[i].Taken
		if m.Spots[i].lon != 0 && m.Spots[i].lat != 0 {
			placed++
		}
	}
	for _, e := range m.Elsewhere {
		m.Capacity += e.Capacity
		m.Taken += e.Taken
	}
	if m.Schematic = placed < 2 || placed < len(m.Spots); m.Schematic {
		m.layRows()
		return
	}
	m.layReal()
}

// layReal keeps distances and directions; a degree of longitude is shorter than one of latitude by the cosine of the latitude.
func (m *Map) layReal() {
	minX, maxX, minY, maxY := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	squeeze := math.Cos(float64(m.Spots[0].lat) / 1e6 * math.Pi / 180)
	at := func(s Spot) (x, y float64) { return float64(s.lon) * squeeze, -float64(s.lat) }
	for _, s := range m.Spots {
		x, y := at(s)
		minX, maxX, minY, maxY = min(minX, x), max(maxX, x), min(minY, y), max(maxY, y)
	}
	scale := min((planeWidth-2*planeMargin)/max(maxX-minX, 1), (planeHeight-2*planeMargin)/max(maxY-minY, 1))
	left := (planeWidth - (maxX-minX)*scale) / 2
	top := (planeHeight - (maxY-minY)*scale) / 2
	for i := range m.Spots {
		x, y := at(m.Spots[i])
		m.Spots[i].X, m.Spots[i].Y, m.Spots[i].Placed = int(left+(x-minX)*scale), int(top+(y-minY)*scale), true
	}
}

// layRows puts the buildings into rows, each grid in rows of its own.
func (m *Map) layRows() {
	row, col := 0, 0
	step := (planeWidth - 2*planeMargin) / (rowLength - 1)
	for i := range m.Spots {
		if i > 0 && (m.Spots[i].GridID != m.Spots[i-1].GridID || col == rowLength) {
			row, col = row+1, 0
		}
		m.Spots[i].X, m.Spots[i].Y = planeMargin+col*step, planeMargin+row*step
		col++
	}
	m.Height = max(2*planeMargin+row*step, 2*planeMargin)
}

// Communities are those in which the actor sees responsibilities or can claim, for choosing the map.
func (s *Service) Communities(ctx context.Context, actor authz.Actor) ([]Choice, error) {
	scope := actor.Scope(PermSee).Or(actor.Scope(PermOffer)).Or(actor.Scope(PermOwn))
	if scope.Empty() {
		return nil, errs.ErrForbidden
	}
	a := &db.Args{}
	seen := scope.Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}})
	if !scope.All() {
		seen = "(" + seen + " OR o.tenant_id = " + a.Add(actor.Tenant) + " AND o.id IN (SELECT m.community_id FROM member m WHERE " +
			scope.Where(a, authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.unit_id"}, Person: "m.person_id"}) + " AND m.ended_on = ''))"
	}
	return db.All(ctx, s.db, func(c *Choice) []any { return []any{&c.ID, &c.Name} }, "SELECT o.id, "+reference.Label("o")+" FROM organisation o WHERE "+seen+
		" AND o.kind = 'community_party' AND o.dissolved_on = '' ORDER BY o.name_key, o.id LIMIT 500", a.Values()...)
}

// Choice is one community to choose.
type Choice struct {
	ID   id.ID
	Name string
}
