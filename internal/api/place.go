package api

import (
	"context"
	"net/http"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/place"
)

// Division is one row of the published list of divisions.
type Division struct {
	Code       string    `json:"code" doc:"12 digits; with the level it is the key."`
	Level      int       `json:"level" doc:"1 province, 2 city, 3 county, 4 sub-district or town, 5 community or village."`
	Name       string    `json:"name" doc:"Name as published."`
	ParentCode string    `json:"parent_code,omitempty" doc:"Code of the division above it."`
	Province   string    `json:"province,omitempty" doc:"Name of its province."`
	City       string    `json:"city,omitempty" doc:"Name of its city."`
	County     string    `json:"county,omitempty" doc:"Name of its county."`
	Street     string    `json:"street,omitempty" doc:"Name of its sub-district or town."`
	ValidFrom  rest.Date `json:"valid_from,omitempty" doc:"Day since which it stands."`
	ValidTo    rest.Date `json:"valid_to,omitempty" doc:"First day on which it is gone; absent while it stands."`
	Successor  string    `json:"successor,omitempty" doc:"Code of the division that took it over."`
}

func divisionOf(d place.Division) Division {
	return Division{Code: d.Code, Level: int(d.Level), Name: d.Name, ParentCode: d.ParentCode, Province: d.Province, City: d.City, County: d.County,
		Street: d.Street, ValidFrom: rest.DateOf(d.ValidFrom), ValidTo: rest.DateOf(d.ValidTo), Successor: d.Successor}
}

// DivisionDetail is a division with those above it.
type DivisionDetail struct {
	Division
	Line  []Division `json:"line" nullable:"false" doc:"Those above it, from the top."`
	Below int64      `json:"below" doc:"How many lie directly below."`
}

// LevelCount is how many divisions of a level stand.
type LevelCount struct {
	Level int   `json:"level" doc:"1 to 5."`
	Count int64 `json:"count" doc:"How many stand today."`
}

type divisionQuery struct {
	rest.Paging
	Parent string `query:"parent" maxLength:"12" doc:"Directly below this code."`
	Level  int    `query:"level" minimum:"0" maximum:"5" doc:"Of this level."`
	Text   string `query:"q" maxLength:"100" doc:"Part of the name, or beginning of the code."`
	Ended  bool   `query:"ended" doc:"Also those that are gone."`
}

// DivisionPath names a division: level and code are its key.
type DivisionPath struct {
	Level int    `path:"level" minimum:"1" maximum:"5" doc:"Level of the division."`
	Code  string `path:"code" maxLength:"12" doc:"Code of the division, 12 digits."`
}

// DivisionEnd says that a division is gone.
type DivisionEnd struct {
	On        rest.Date `json:"on" doc:"First day on which it is gone."`
	Successor string    `json:"successor,omitempty" maxLength:"12" doc:"Code of the one of the same level that took it over."`
}

type divisionEndInput struct {
	DivisionPath
	Body DivisionEnd
}

func (h *handlers) divisions(k *rest.Kit) {
	const tag = "divisions"
	rest.Get(k, rest.Op{ID: "division-list", Path: "/divisions", Tag: tag, Title: "List divisions by code", Needs: perms(place.PermDivisions)},
		func(ctx context.Context, a authz.Actor, in *divisionQuery) (rest.Page[Division], error) {
			l, err := h.Place.Divisions(ctx, a, place.DivisionFilter{ParentCode: in.Parent, Level: code.Level(in.Level), Text: in.Text, Ended: in.Ended, Page: in.Page()})
			return rest.PageOf(l, divisionOf), err
		})
	rest.Get(k, rest.Op{ID: "division-counts", Path: "/divisions/counts", Tag: tag, Title: "How many divisions of each level stand", Needs: perms(place.PermDivisions)},
		func(ctx context.Context, a authz.Actor, in *rest.None) (rest.All[LevelCount], error) {
			counts, err := h.Place.DivisionCounts(ctx, a)
			out := rest.All[LevelCount]{Items: []LevelCount{}}
			for l := code.Province; l <= code.Village; l++ {
				if n, ok := counts[l]; ok {
					out.Items = append(out.Items, LevelCount{int(l), n})
				}
			}
			return out, err
		})
	rest.Get(k, rest.Op{ID: "division-get", Path: "/divisions/{level}/{code}", Tag: tag, Title: "Open a division", Needs: perms(place.PermDivisions)},
		func(ctx context.Context, a authz.Actor, in *DivisionPath) (DivisionDetail, error) {
			d, err := h.Place.Division(ctx, a, in.Code, code.Level(in.Level))
			return DivisionDetail{Division: divisionOf(d.Division), Line: rest.AllOf(d.Line, divisionOf).Items, Below: d.Below}, err
		})
	rest.Act(k, rest.Op{ID: "division-end", Path: "/divisions/{level}/{code}/end", Tag: tag, Title: "Say that a division is gone", Needs: perms(place.PermImport)},
		func(ctx context.Context, a authz.Actor, in *divisionEndInput) error {
			return h.Place.EndDivision(ctx, a, in.Code, code.Level(in.Level), in.Body.On.Date(), in.Body.Successor)
		})
}

// Grid is a social-governance grid.
type Grid struct {
	ID          rest.ID   `json:"id" doc:"Identifier."`
	CommunityID rest.ID   `json:"community_id" doc:"Community it belongs to."`
	Community   string    `json:"community,omitempty" doc:"Name of the community."`
	Code        string    `json:"code" doc:"Code of the grid (GRD-3)."`
	Name        string    `json:"name" doc:"Name."`
	WorkerID    rest.ID   `json:"worker_id,omitempty" doc:"Account or person of the grid worker."`
	WorkerName  string    `json:"worker_name,omitempty" doc:"Name of the grid worker."`
	Outline     string    `json:"outline,omitempty" doc:"JSON rings of [x, y] in micro-degrees."`
	Buildings   int64     `json:"buildings" doc:"Buildings that lie in it."`
	EndedOn     rest.Date `json:"ended_on,omitempty" doc:"Day on which it was closed."`
	Version     int64     `json:"version" doc:"Version, for changes."`
}

// RecordVersion is the version of the grid.
func (g Grid) RecordVersion() int64 { return g.Version }

func gridOf(g place.GridItem) Grid {
	return Grid{ID: rest.IDOf(g.ID), CommunityID: rest.IDOf(g.CommunityID), Community: g.Community, Code: g.Code, Name: g.Name, WorkerID: rest.IDOf(g.WorkerID),
		WorkerName: g.WorkerName, Outline: g.Outline, Buildings: g.Buildings, EndedOn: rest.DateOf(g.EndedOn), Version: g.Version}
}

// GridDetail is a grid with what lies in it.
type GridDetail struct {
	Grid
	Households int64  `json:"households" doc:"Households that lie in it."`
	Warning    string `json:"warning,omitempty" doc:"Said where the grid is larger than usual (GRD-1)."`
}

// NewGrid is what is said when a grid is set up.
type NewGrid struct {
	CommunityID rest.ID `json:"community_id" doc:"Community it belongs to."`
	Code        string  `json:"code,omitempty" maxLength:"20" doc:"Code; proposed if absent."`
	Name        string  `json:"name,omitempty" maxLength:"60" doc:"Name; proposed if absent."`
	WorkerID    rest.ID `json:"worker_id,omitempty" doc:"Account or person of the grid worker."`
	WorkerName  string  `json:"worker_name,omitempty" maxLength:"60" doc:"Name of the grid worker."`
	Outline     string  `json:"outline,omitempty" maxLength:"200000" doc:"JSON rings of [x, y] in micro-degrees."`
}

// GridChange changes a grid; what is absent stays.
type GridChange struct {
	Version    int64    `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
	Name       *string  `json:"name,omitempty" maxLength:"60" doc:"Name."`
	WorkerID   *rest.ID `json:"worker_id,omitempty" doc:"Account or person of the grid worker."`
	WorkerName *string  `json:"worker_name,omitempty" maxLength:"60" doc:"Name of the grid worker."`
	Outline    *string  `json:"outline,omitempty" maxLength:"200000" doc:"JSON rings of [x, y] in micro-degrees."`
}

// VersionOnly names the version that was seen.
type VersionOnly struct {
	Version int64 `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
}

type placeQuery struct {
	rest.Paging
	Community rest.ID `query:"community" doc:"Of this community."`
	Quarter   rest.ID `query:"quarter" doc:"In this residential quarter (buildings)."`
	Grid      rest.ID `query:"grid" doc:"In this grid (buildings)."`
	Text      string  `query:"q" maxLength:"100" doc:"Part of the name, code or address."`
	Ended     bool    `query:"ended" doc:"What has ended instead of what stands."`
}

func (q placeQuery) filter() place.Filter {
	return place.Filter{CommunityID: q.Community.ID(), QuarterID: q.Quarter.ID(), GridID: q.Grid.ID(), Text: q.Text, Ended: q.Ended, Page: q.Page()}
}

func (h *handlers) grids(k *rest.Kit) {
	const tag = "grids"
	rest.Get(k, rest.Op{ID: "grid-list", Path: "/grids", Tag: tag, Title: "List grids by code", Needs: perms(place.PermSee)},
		func(ctx context.Context, a authz.Actor, in *placeQuery) (rest.Page[Grid], error) {
			l, err := h.Place.Grids(ctx, a, in.filter())
			return rest.PageOf(l, gridOf), err
		})
	rest.Get(k, rest.Op{ID: "grid-get", Path: "/grids/{id}", Tag: tag, Title: "Open a grid", Needs: perms(place.PermSee)}, h.grid)
	rest.Post(k, rest.Op{ID: "grid-create", Path: "/grids", Tag: tag, Title: "Set up a grid in a community", Needs: perms(place.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewGrid]) (rest.Ref, error) {
			b := in.Body
			g, err := h.Place.CreateGrid(ctx, a, place.NewGrid{CommunityID: b.CommunityID.ID(), Code: b.Code, Name: b.Name, WorkerID: b.WorkerID.ID(), WorkerName: b.WorkerName, Outline: b.Outline})
			return rest.Ref{ID: rest.IDOf(g.ID)}, err
		})
	rest.Patch(k, rest.Op{ID: "grid-change", Path: "/grids/{id}", Tag: tag, Title: "Change a grid", Needs: perms(place.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[GridChange]) (GridDetail, error) {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return GridDetail{}, err
			}
			b := in.Body
			if err := h.Place.EditGrid(ctx, a, in.ID.ID(), place.EditGrid{Version: v, Name: b.Name, WorkerID: idPtr(b.WorkerID), WorkerName: b.WorkerName, Outline: b.Outline}); err != nil {
				return GridDetail{}, err
			}
			return h.grid(ctx, a, &in.Path)
		})
	rest.Act(k, rest.Op{ID: "grid-end", Path: "/grids/{id}/end", Tag: tag, Title: "Close a grid in which nothing lies any more", Needs: perms(place.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[VersionOnly]) error {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return err
			}
			return h.Place.EndGrid(ctx, a, in.ID.ID(), v)
		})
}

func (h *handlers) grid(ctx context.Context, a authz.Actor, in *rest.Path) (GridDetail, error) {
	g, err := h.Place.Grid(ctx, a, in.ID.ID())
	if err != nil {
		return GridDetail{}, err
	}
	return GridDetail{Grid: gridOf(place.GridItem{Grid: g.Grid, Community: g.Community, Buildings: g.Buildings}), Households: g.Households, Warning: messageIn(ctx, g.Warning)}, nil
}

func messageIn(ctx context.Context, m *errs.Message) string {
	if m == nil {
		return ""
	}
	return m.In(rest.Lang(ctx))
}

func idPtr(t *rest.ID) *id.ID {
	if t == nil {
		return nil
	}
	i := t.ID()
	return &i
}

// ResidentialQuarter is a residential compound.
type ResidentialQuarter struct {
	ID          rest.ID   `json:"id" doc:"Identifier."`
	CommunityID rest.ID   `json:"community_id" doc:"Community it belongs to."`
	Community   string    `json:"community,omitempty" doc:"Name of the community."`
	Name        string    `json:"name" doc:"Name."`
	Address     string    `json:"address,omitempty" doc:"Address."`
	Buildings   int64     `json:"buildings" doc:"Buildings in it."`
	EndedOn     rest.Date `json:"ended_on,omitempty" doc:"Day on which it ended."`
	Version     int64     `json:"version" doc:"Version, for changes."`
}

func quarterOf(q place.QuarterItem) ResidentialQuarter {
	return ResidentialQuarter{ID: rest.IDOf(q.ID), CommunityID: rest.IDOf(q.CommunityID), Community: q.Community, Name: q.Name, Address: q.Address, Buildings: q.Buildings,
		EndedOn: rest.DateOf(q.EndedOn), Version: q.Version}
}

// NewQuarter is what is said when a quarter is set up.
type NewQuarter struct {
	CommunityID rest.ID `json:"community_id" doc:"Community it belongs to."`
	Name        string  `json:"name" maxLength:"60" doc:"Name."`
	Address     string  `json:"address,omitempty" maxLength:"200" doc:"Address."`
}

// QuarterChange sets name and address of a quarter.
type QuarterChange struct {
	Version int64  `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
	Name    string `json:"name" maxLength:"60" doc:"Name."`
	Address string `json:"address,omitempty" maxLength:"200" doc:"Address."`
}

// Building is a building with people living or working in it.
type Building struct {
	ID          rest.ID   `json:"id" doc:"Identifier."`
	CommunityID rest.ID   `json:"community_id" doc:"Community it belongs to."`
	Community   string    `json:"community,omitempty" doc:"Name of the community."`
	QuarterID   rest.ID   `json:"quarter_id,omitempty" doc:"Residential quarter in which it stands."`
	Quarter     string    `json:"quarter,omitempty" doc:"Name of the quarter."`
	GridID      rest.ID   `json:"grid_id,omitempty" doc:"Grid in which it lies."`
	Grid        string    `json:"grid,omitempty" doc:"Name of the grid."`
	Name        string    `json:"name" doc:"Name or number."`
	Address     string    `json:"address,omitempty" doc:"Address."`
	Floors      int64     `json:"floors" doc:"Number of floors, 0 for not known."`
	Stairwells  int64     `json:"stairwells" doc:"Number of stairwells, 0 for not known."`
	X           int64     `json:"x,omitempty" doc:"Longitude in micro-degrees."`
	Y           int64     `json:"y,omitempty" doc:"Latitude in micro-degrees."`
	Households  int64     `json:"households" doc:"Households in it."`
	EndedOn     rest.Date `json:"ended_on,omitempty" doc:"Day on which it ended."`
	Version     int64     `json:"version" doc:"Version, for changes."`
}

// RecordVersion is the version of the building.
func (b Building) RecordVersion() int64 { return b.Version }

func buildingOf(b place.BuildingItem) Building {
	return Building{ID: rest.IDOf(b.ID), CommunityID: rest.IDOf(b.CommunityID), Community: b.Community, QuarterID: rest.IDOf(b.QuarterID), Quarter: b.Quarter,
		GridID: rest.IDOf(b.GridID), Grid: b.Grid, Name: b.Name, Address: b.Address, Floors: b.Floors, Stairwells: b.Stairwells, X: b.X, Y: b.Y,
		Households: b.Households, EndedOn: rest.DateOf(b.EndedOn), Version: b.Version}
}

// NewBuilding is what is said when a building is entered.
type NewBuilding struct {
	CommunityID rest.ID `json:"community_id" doc:"Community it belongs to."`
	QuarterID   rest.ID `json:"quarter_id,omitempty" doc:"Residential quarter in which it stands."`
	GridID      rest.ID `json:"grid_id,omitempty" doc:"Grid in which it lies."`
	Name        string  `json:"name" maxLength:"60" doc:"Name or number."`
	Address     string  `json:"address,omitempty" maxLength:"200" doc:"Address."`
	Floors      int64   `json:"floors,omitempty" doc:"Number of floors."`
	Stairwells  int64   `json:"stairwells,omitempty" doc:"Number of stairwells."`
	X           int64   `json:"x,omitempty" doc:"Longitude in micro-degrees."`
	Y           int64   `json:"y,omitempty" doc:"Latitude in micro-degrees."`
}

// BuildingChange changes a building; what is absent stays.
type BuildingChange struct {
	Version    int64    `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
	QuarterID  *rest.ID `json:"quarter_id,omitempty" doc:"Residential quarter in which it stands."`
	GridID     *rest.ID `json:"grid_id,omitempty" doc:"Grid in which it lies."`
	Name       *string  `json:"name,omitempty" maxLength:"60" doc:"Name or number."`
	Address    *string  `json:"address,omitempty" maxLength:"200" doc:"Address."`
	Floors     *int64   `json:"floors,omitempty" doc:"Number of floors."`
	Stairwells *int64   `json:"stairwells,omitempty" doc:"Number of stairwells."`
	X          *int64   `json:"x,omitempty" doc:"Longitude in micro-degrees."`
	Y          *int64   `json:"y,omitempty" doc:"Latitude in micro-degrees."`
}

func (h *handlers) buildings(k *rest.Kit) {
	const tag = "buildings"
	rest.Get(k, rest.Op{ID: "quarter-list", Path: "/quarters", Tag: tag, Title: "List residential quarters by name", Needs: perms(place.PermSee)},
		func(ctx context.Context, a authz.Actor, in *placeQuery) (rest.Page[ResidentialQuarter], error) {
			l, err := h.Place.Quarters(ctx, a, in.filter())
			return rest.PageOf(l, quarterOf), err
		})
	rest.Post(k, rest.Op{ID: "quarter-create", Path: "/quarters", Tag: tag, Title: "Set up a residential quarter in a community", Needs: perms(place.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewQuarter]) (rest.Ref, error) {
			q, err := h.Place.CreateQuarter(ctx, a, place.NewQuarter{CommunityID: in.Body.CommunityID.ID(), Name: in.Body.Name, Address: in.Body.Address})
			return rest.Ref{ID: rest.IDOf(q.ID)}, err
		})
	rest.Act(k, rest.Op{ID: "quarter-change", Method: http.MethodPut, Path: "/quarters/{id}", Tag: tag, Title: "Set name and address of a residential quarter", Needs: perms(place.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[QuarterChange]) error {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return err
			}
			return h.Place.EditQuarter(ctx, a, in.ID.ID(), v, in.Body.Name, in.Body.Address)
		})
	rest.Get(k, rest.Op{ID: "building-list", Path: "/buildings", Tag: tag, Title: "List buildings by name", Needs: perms(place.PermSee)},
		func(ctx context.Context, a authz.Actor, in *placeQuery) (rest.Page[Building], error) {
			l, err := h.Place.Buildings(ctx, a, in.filter())
			return rest.PageOf(l, buildingOf), err
		})
	rest.Get(k, rest.Op{ID: "building-get", Path: "/buildings/{id}", Tag: tag, Title: "Open a building", Needs: perms(place.PermSee)}, h.building)
	rest.Post(k, rest.Op{ID: "building-create", Path: "/buildings", Tag: tag, Title: "Enter a building", Needs: perms(place.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewBuilding]) (rest.Ref, error) {
			b := in.Body
			made, err := h.Place.CreateBuilding(ctx, a, place.NewBuilding{CommunityID: b.CommunityID.ID(), QuarterID: b.QuarterID.ID(), GridID: b.GridID.ID(),
				Name: b.Name, Address: b.Address, Floors: b.Floors, Stairwells: b.Stairwells, X: b.X, Y: b.Y})
			return rest.Ref{ID: rest.IDOf(made.ID)}, err
		})
	rest.Patch(k, rest.Op{ID: "building-change", Path: "/buildings/{id}", Tag: tag, Title: "Change a building", Needs: perms(place.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[BuildingChange]) (Building, error) {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return Building{}, err
			}
			b := in.Body
			err = h.Place.EditBuilding(ctx, a, in.ID.ID(), place.EditBuilding{Version: v, QuarterID: idPtr(b.QuarterID), GridID: idPtr(b.GridID), Name: b.Name,
				Address: b.Address, Floors: b.Floors, Stairwells: b.Stairwells, X: b.X, Y: b.Y})
			if err != nil {
				return Building{}, err
			}
			return h.building(ctx, a, &in.Path)
		})
}

func (h *handlers) building(ctx context.Context, a authz.Actor, in *rest.Path) (Building, error) {
	b, err := h.Place.Building(ctx, a, in.ID.ID())
	return buildingOf(b), err
}
