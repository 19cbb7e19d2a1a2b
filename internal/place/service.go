package place

import (
	"context"
	"errors"
	"strconv"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/waiting"
)

// Service offers the use cases on places.
type Service struct {
	db       *db.DB
	outlines outlines
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// home reads a community in which the actor may edit, and checks that places can belong to it.
func (s *Service) home(ctx context.Context, q db.Querier, actor authz.Actor, org id.ID) (community, error) {
	if org == 0 {
		return community{}, errs.Field("community_id", i18n.PlaceCommunity)
	}
	if err := actor.Scope(PermEdit).Require(org); err != nil {
		return community{}, err
	}
	c, err := loadCommunity(ctx, q, actor.Tenant, org)
	switch {
	case err != nil:
		return c, err
	case c.kind != "community_party":
		return c, errs.Field("community_id", i18n.PlaceNotCommunity, c.label)
	case !c.dissolved.IsZero():
		return c, errs.Field("community_id", i18n.PlaceCommunityEnd, c.label, c.dissolved.String())
	}
	return c, nil
}

// ProposeGrid gives the code and name that the next grid of a community would have, so that the form arrives filled in; "" where
// the community has no division code (GRD-3).
func (s *Service) ProposeGrid(ctx context.Context, actor authz.Actor, communityID id.ID) (NewGrid, error) {
	c, err := s.home(ctx, s.db, actor, communityID)
	if err != nil {
		return NewGrid{}, err
	}
	n, err := s.proposal(ctx, s.db, actor.Tenant, c)
	n.CommunityID = communityID
	return n, err
}

func (s *Service) proposal(ctx context.Context, q db.Querier, tenant int64, c community) (NewGrid, error) {
	if code.Division(c.code).Level() != code.Village {
		return NewGrid{}, nil
	}
	used, err := usedCodes(ctx, q, tenant, c.code)
	if err != nil {
		return NewGrid{}, err
	}
	serial := nextSerial(used)
	if serial == 0 {
		return NewGrid{}, errs.Field("code", i18n.PlaceGridFull)
	}
	return NewGrid{Code: string(code.GridOf(code.Division(c.code), serial)), Name: i18n.PlaceGridName.In(i18n.ZH, strconv.Itoa(serial))}, nil
}

// gridWorkers are what the worker of a grid may be.
var gridWorkers = []reference.Table{reference.Account, reference.Person}

// CreateGrid sets up a grid in a community (PermEdit).
func (s *Service) CreateGrid(ctx context.Context, actor authz.Actor, n NewGrid) (Grid, error) {
	var g Grid
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := s.home(ctx, tx, actor, n.CommunityID)
		if err != nil {
			return err
		}
		g = Grid{ID: id.New(), CommunityID: c.id, Code: code.Normalise(n.Code), Name: clean(n.Name), WorkerID: n.WorkerID, WorkerName: n.WorkerName,
			Outline: n.Outline, Version: 1}
		if g.Code == "" || g.Name == "" {
			p, err := s.proposal(ctx, tx, actor.Tenant, c)
			if err != nil {
				return err
			}
			if g.Code == "" && p.Code == "" {
				return errs.Field("code", i18n.PlaceGridNoCode)
			}
			g.fill(p)
		}
		if err := g.check(c.code); err != nil {
			return err
		}
		if err := s.freeCode(ctx, tx, actor.Tenant, g.Code); err != nil {
			return err
		}
		if err := reference.RequireAny(ctx, tx, actor.Tenant, gridWorkers, g.WorkerID); err != nil {
			return err
		}
		if err := insertGrid(ctx, tx, actor.Tenant, g); err != nil {
			return conflict(err, "code", i18n.PlaceGridTaken, g.Code, g.Name)
		}
		return record(ctx, tx, actor, "grid.create", "grid", g.ID, g.CommunityID, map[string]any{"code": g.Code, "name": g.Name})
	})
	return g, err
}

// fill takes what is empty from a proposal.
func (g *Grid) fill(p NewGrid) {
	if g.Code == "" {
		g.Code = p.Code
	}
	if g.Name == "" {
		g.Name = p.Name
	}
}

func (s *Service) freeCode(ctx context.Context, q db.Querier, tenant int64, gridCode string) error {
	taken, err := gridByCode(ctx, q, tenant, gridCode)
	if err != nil || taken == "" {
		return err
	}
	return errs.Field("code", i18n.PlaceGridTaken, gridCode, taken)
}

// conflict turns a clash of keys between two callers at once into an error beside the field.
func conflict(err error, field string, text i18n.Text, args ...any) error {
	if db.IsUnique(err) {
		return errs.Field(field, text, args...).Because(err)
	}
	return err
}

// EditGrid changes a grid (PermEdit). A version that is no longer current is a Conflict.
func (s *Service) EditGrid(ctx context.Context, actor authz.Actor, grid id.ID, ed EditGrid) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		g, err := findGrid(ctx, tx, actor.Scope(PermEdit), grid)
		if err != nil {
			return err
		}
		if !g.EndedOn.IsZero() {
			return errs.New(errs.Conflict, i18n.PlaceGridEnded, g.Name, g.EndedOn.String())
		}
		set(&g.Name, ed.Name)
		set(&g.WorkerID, ed.WorkerID)
		set(&g.WorkerName, ed.WorkerName)
		set(&g.Outline, ed.Outline)
		g.Name, g.WorkerName = clean(g.Name), clean(g.WorkerName)
		if err := g.checkTexts(nil); err != nil {
			return err
		}
		if err := reference.RequireAny(ctx, tx, actor.Tenant, gridWorkers, g.WorkerID); err != nil {
			return err
		}
		if err := updateGrid(ctx, tx, actor.Tenant, g, ed.Version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "grid.edit", "grid", g.ID, g.CommunityID, map[string]any{"name": g.Name, "worker": g.WorkerName})
	})
}

func set[T any](to *T, from *T) {
	if from != nil {
		*to = *from
	}
}

// EndGrid closes a grid in which nothing lies any more (PermEdit). Its code is never used again.
func (s *Service) EndGrid(ctx context.Context, actor authz.Actor, grid id.ID, version int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		g, err := findGrid(ctx, tx, actor.Scope(PermEdit), grid)
		if err != nil {
			return err
		}
		buildings, households, err := gridHolds(ctx, tx, actor.Tenant, g)
		if err != nil {
			return err
		}
		if buildings+households > 0 {
			return errs.New(errs.Conflict, i18n.PlaceGridHolds, g.Name, buildings, households)
		}
		g.EndedOn = calendar.DateOf(tx.Now())
		if err := updateGrid(ctx, tx, actor.Tenant, g, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "grid.end", "grid", g.ID, g.CommunityID, map[string]any{"code": g.Code})
	})
}

// GridDetail is a grid with what lies in it.
type GridDetail struct {
	Grid
	Community  string
	Buildings  int64
	Households int64
	Warning    *errs.Message // the grid is larger than usual (GRD-1); nil otherwise
}

// Grid opens a grid (PermSee).
func (s *Service) Grid(ctx context.Context, actor authz.Actor, grid id.ID) (GridDetail, error) {
	var d GridDetail
	err := s.db.View(ctx, func(tx *db.Tx) error {
		var err error
		if d.Grid, err = findGrid(ctx, tx, actor.Scope(PermSee), grid); err != nil {
			return err
		}
		c, err := loadCommunity(ctx, tx, actor.Tenant, d.CommunityID)
		if err != nil {
			return err
		}
		d.Community = c.label
		d.Buildings, d.Households, err = gridHolds(ctx, tx, actor.Tenant, d.Grid)
		if d.Households > HouseholdsUsual {
			d.Warning = &errs.Message{Text: i18n.PlaceGridLarge, Args: []any{d.Households}}
		}
		return err
	})
	return d, err
}

// Grids gives one page of grids in scope (PermSee), by code.
func (s *Service) Grids(ctx context.Context, actor authz.Actor, f Filter) (db.List[GridItem], error) {
	return listGrids(ctx, s.db, actor.Scope(PermSee), f)
}

// ExportGrids calls fn for every grid that Grids would show over all its pages.
func (s *Service) ExportGrids(ctx context.Context, actor authz.Actor, f Filter, fn func(GridItem) error) error {
	return eachGrid(ctx, s.db, actor.Scope(PermSee), f, fn)
}

// WaitUnstaffed is the kind of what waits when grids have no worker.
const WaitUnstaffed = "grid.unstaffed"

// Waiting gives the grids without a worker to those who may edit them (PermEdit, GRID-1: one worker each).
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	item := waiting.Item{Kind: WaitUnstaffed}
	var err error
	if item.Count, item.Subject, err = countUnstaffed(ctx, s.db, actor.Scope(PermEdit)); err != nil || item.Count == 0 {
		return nil, err
	}
	return []waiting.Item{item}, nil
}

// CreateQuarter sets up a quarter in a community (PermEdit).
func (s *Service) CreateQuarter(ctx context.Context, actor authz.Actor, n NewQuarter) (Quarter, error) {
	var r Quarter
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := s.home(ctx, tx, actor, n.CommunityID)
		if err != nil {
			return err
		}
		r = Quarter{ID: id.New(), CommunityID: c.id, Name: n.Name, Address: n.Address, Version: 1}
		if err := r.check(); err != nil {
			return err
		}
		if err := s.freeQuarter(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		if err := insertQuarter(ctx, tx, actor.Tenant, r); err != nil {
			return conflict(err, "name", i18n.PlaceQuarterTaken, r.Name)
		}
		return record(ctx, tx, actor, "quarter.create", "quarter_area", r.ID, r.CommunityID, map[string]any{"name": r.Name})
	})
	return r, err
}

func (s *Service) freeQuarter(ctx context.Context, q db.Querier, tenant int64, r Quarter) error {
	other, err := quarterByName(ctx, q, tenant, r.CommunityID, r.Name)
	if err != nil || other == 0 || other == r.ID {
		return err
	}
	return errs.Field("name", i18n.PlaceQuarterTaken, r.Name)
}

// EditQuarter changes name and address of a quarter (PermEdit).
func (s *Service) EditQuarter(ctx context.Context, actor authz.Actor, quarter id.ID, version int64, name, address string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findQuarter(ctx, tx, actor.Scope(PermEdit), quarter)
		if err != nil {
			return err
		}
		r.Name, r.Address = name, address
		if err := r.check(); err != nil {
			return err
		}
		if err := s.freeQuarter(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		if err := updateQuarter(ctx, tx, actor.Tenant, r, version); err != nil {
			return conflict(err, "name", i18n.PlaceQuarterTaken, r.Name)
		}
		return record(ctx, tx, actor, "quarter.edit", "quarter_area", r.ID, r.CommunityID, map[string]any{"name": r.Name})
	})
}

// Quarter opens a quarter (PermSee).
func (s *Service) Quarter(ctx context.Context, actor authz.Actor, quarter id.ID) (Quarter, error) {
	return findQuarter(ctx, s.db, actor.Scope(PermSee), quarter)
}

// Quarters gives one page of quarters in scope (PermSee), by name.
func (s *Service) Quarters(ctx context.Context, actor authz.Actor, f Filter) (db.List[QuarterItem], error) {
	return listQuarters(ctx, s.db, actor.Scope(PermSee), f)
}

// CreateBuilding enters a building (PermEdit). Its quarter and grid must belong to the same community.
func (s *Service) CreateBuilding(ctx context.Context, actor authz.Actor, n NewBuilding) (Building, error) {
	var b Building
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := s.home(ctx, tx, actor, n.CommunityID)
		if err != nil {
			return err
		}
		b = Building{ID: id.New(), CommunityID: c.id, QuarterID: n.QuarterID, GridID: n.GridID, Name: n.Name, Address: n.Address, Floors: n.Floors,
			Stairwells: n.Stairwells, X: n.X, Y: n.Y, Version: 1}
		if err := s.fits(ctx, tx, actor, &b); err != nil {
			return err
		}
		if err := insertBuildings(ctx, tx, actor.Tenant, []Building{b}); err != nil {
			return conflict(err, "name", i18n.PlaceBuildingTaken, b.Name)
		}
		return record(ctx, tx, actor, "building.create", "building", b.ID, b.CommunityID, map[string]any{"name": b.Name})
	})
	return b, err
}

// EditBuilding changes a building (PermEdit). A version that is no longer current is a Conflict.
func (s *Service) EditBuilding(ctx context.Context, actor authz.Actor, building id.ID, ed EditBuilding) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		b, err := findBuilding(ctx, tx, actor.Scope(PermEdit), building)
		if err != nil {
			return err
		}
		set(&b.QuarterID, ed.QuarterID)
		set(&b.GridID, ed.GridID)
		set(&b.Name, ed.Name)
		set(&b.Address, ed.Address)
		set(&b.Floors, ed.Floors)
		set(&b.Stairwells, ed.Stairwells)
		set(&b.X, ed.X)
		set(&b.Y, ed.Y)
		if err := s.fits(ctx, tx, actor, &b); err != nil {
			return err
		}
		if err := updateBuilding(ctx, tx, actor.Tenant, b, ed.Version); err != nil {
			return conflict(err, "name", i18n.PlaceBuildingTaken, b.Name)
		}
		return record(ctx, tx, actor, "building.edit", "building", b.ID, b.CommunityID, map[string]any{"name": b.Name})
	})
}

// fits checks a building by itself and against its quarter, its grid and its neighbours.
func (s *Service) fits(ctx context.Context, q db.Querier, actor authz.Actor, b *Building) error {
	if err := b.check(); err != nil {
		return err
	}
	if b.QuarterID != 0 {
		r, err := findQuarter(ctx, q, actor.Scope(PermEdit), b.QuarterID)
		if err != nil && !errors.Is(err, errs.ErrNotFound) {
			return err
		}
		if r.CommunityID != b.CommunityID {
			return errs.Field("quarter_id", i18n.PlaceElsewhere, i18n.PlaceQuarters)
		}
	}
	if b.GridID != 0 {
		g, err := findGrid(ctx, q, actor.Scope(PermEdit), b.GridID)
		if err != nil && !errors.Is(err, errs.ErrNotFound) {
			return err
		}
		if g.CommunityID != b.CommunityID {
			return errs.Field("grid_id", i18n.PlaceElsewhere, i18n.PlaceGrids)
		}
	}
	other, err := buildingByName(ctx, q, actor.Tenant, *b)
	if err == nil && other != 0 && other != b.ID {
		return errs.Field("name", i18n.PlaceBuildingTaken, b.Name)
	}
	return err
}

// Building opens a building (PermSee).
func (s *Service) Building(ctx context.Context, actor authz.Actor, building id.ID) (BuildingItem, error) {
	a := &db.Args{}
	query := "SELECT " + buildingColumns + buildingFrom + actor.Scope(PermSee).Where(a, owned("b")) + " AND b.id = " + a.Add(building)
	return db.One(ctx, s.db, (*BuildingItem).dest, query, a.Values()...)
}

// Buildings gives one page of buildings in scope (PermSee), by name.
func (s *Service) Buildings(ctx context.Context, actor authz.Actor, f Filter) (db.List[BuildingItem], error) {
	return listBuildings(ctx, s.db, actor.Scope(PermSee), f)
}

// ExportBuildings calls fn for every building that Buildings would show over all its pages.
func (s *Service) ExportBuildings(ctx context.Context, actor authz.Actor, f Filter, fn func(BuildingItem) error) error {
	return eachBuilding(ctx, s.db, actor.Scope(PermSee), f, fn)
}

// Map is what a map of a community shows. Where no position is known, the view lays the buildings out by quarter.
type Map struct {
	CommunityID id.ID
	Community   string
	Grids       []GridItem
	Buildings   []BuildingItem // by quarter and name
}

// maxOnMap bounds a map; a community has a few hundred buildings at most.
const maxOnMap = 2000

// Map gives the grids and buildings of one community (PermSee).
func (s *Service) Map(ctx context.Context, actor authz.Actor, communityID id.ID) (Map, error) {
	m := Map{CommunityID: communityID}
	scope := actor.Scope(PermSee)
	if !scope.Covers(communityID) {
		return m, errs.ErrNotFound
	}
	err := s.db.View(ctx, func(tx *db.Tx) error {
		c, err := loadCommunity(ctx, tx, actor.Tenant, communityID)
		if err != nil {
			return err
		}
		m.Community = c.label
		f := Filter{CommunityID: communityID}
		if err := eachGrid(ctx, tx, scope, f, func(g GridItem) error { m.Grids = append(m.Grids, g); return nil }); err != nil {
			return err
		}
		return eachBuilding(ctx, tx, scope, f, func(b BuildingItem) error {
			if len(m.Buildings) < maxOnMap {
				m.Buildings = append(m.Buildings, b)
			}
			return nil
		})
	})
	return m, err
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, action, kind string, subject, community id.ID, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, SubjectKind: kind, SubjectID: subject, OrgID: community, Permission: PermEdit, Detail: detail})
}
