package place

import (
	"context"
	"math"
	"strconv"

	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

// BuildingsKind is the import of the buildings of one community. A building is known by its name in its quarter; quarters that are
// not there yet are made.
func BuildingsKind() intake.Kind {
	col := func(name string, title i18n.Text, c intake.Column) intake.Column {
		c.Name, c.Title, c.Also = name, title, i18n.PlaceBuildingHeads[name]
		return c
	}
	return intake.Kind{
		Name: "buildings", Title: i18n.PlaceImportBuildings, Hint: i18n.PlaceImportBuildHint, Permission: PermEdit, OrgNeeded: true,
		Columns: []intake.Column{
			col("quarter", i18n.PlaceColQuarter, intake.Column{Max: maxName}),
			col("name", i18n.PlaceColBuilding, intake.Column{Max: maxName, Required: true}),
			col("address", i18n.PlaceColAddress, intake.Column{Max: maxAddress}),
			col("grid", i18n.PlaceColGrid, intake.Column{Max: 20}),
			col("floors", i18n.PlaceColFloors, intake.Column{Max: 4, Example: "6"}),
			col("stairwells", i18n.PlaceColStairwells, intake.Column{Max: 4, Example: "3"}),
			col("x", i18n.PlaceColX, intake.Column{Max: 20}),
			col("y", i18n.PlaceColY, intake.Column{Max: 20}),
		},
		Begin: beginBuildings,
	}
}

// buildingRow is one row of the table.
type buildingRow struct {
	Building
	quarter, grid string
	id            id.ID // of the building that is there already
	version       int64
}

// buildingImport is one pass over a table.
type buildingImport struct {
	intake.Setup
	grids    map[string]id.ID
	quarters map[string]id.ID
	there    map[string]Building // by quarter ID and name key
}

func beginBuildings(ctx context.Context, q db.Querier, s intake.Setup) (intake.Importer, error) {
	im := &buildingImport{Setup: s, grids: map[string]id.ID{}, quarters: map[string]id.ID{"": 0}, there: map[string]Building{}}
	c, err := loadCommunity(ctx, q, s.Actor.Tenant, s.OrgID)
	if err != nil {
		return nil, err
	}
	if c.kind != "community_party" || !c.dissolved.IsZero() {
		return nil, errs.Field("organisation", i18n.PlaceNotCommunity, c.label)
	}
	grids, err := db.All(ctx, q, (*Grid).dest, "SELECT "+gridColumns+" FROM grid g WHERE g.tenant_id = $1 AND g.community_id = $2 AND g.ended_on = ''", s.Actor.Tenant, s.OrgID)
	if err != nil {
		return nil, err
	}
	for _, g := range grids {
		im.grids[g.Code] = g.ID
	}
	quarters, err := db.All(ctx, q, (*Quarter).dest, "SELECT "+quarterColumns+" FROM quarter_area q WHERE q.tenant_id = $1 AND q.community_id = $2", s.Actor.Tenant, s.OrgID)
	if err != nil {
		return nil, err
	}
	for _, r := range quarters {
		im.quarters[r.Name] = r.ID
	}
	buildings, err := db.All(ctx, q, (*Building).dest, "SELECT "+buildingColumns+" FROM building b WHERE b.tenant_id = $1 AND b.community_id = $2", s.Actor.Tenant, s.OrgID)
	for _, b := range buildings {
		im.there[buildingKey(b.QuarterID, b.Name)] = b
	}
	return im, err
}

func buildingKey(quarter id.ID, name string) string { return quarter.String() + "/" + gram.Key(name) }

// Check reads one row.
func (im *buildingImport) Check(r *intake.Row) any {
	b := &buildingRow{quarter: r.Name("quarter")}
	b.CommunityID, b.Name, b.Address = im.OrgID, r.Name("name"), r.Text("address")
	b.Floors, b.Stairwells = whole(r, "floors", maxFloors), whole(r, "stairwells", maxStairwells)
	b.X, b.Y = micro(r, "x"), micro(r, "y")
	if (b.X != 0 || b.Y != 0) && !inChina(b.X, b.Y) {
		r.Refuse("x", i18n.PlaceCoordinates, i18n.PlaceCoordinatesHow)
	}
	if g := r.Text("grid"); g != "" {
		c, p := code.ParseGrid(g)
		r.Problem("grid", p)
		if b.GridID = im.grids[string(c)]; b.GridID == 0 && !p.Blocks() {
			r.Refuse("grid", i18n.PlaceGridUnknown, i18n.PlaceGridUnknownHow)
		}
	}
	return b
}

// whole reads a whole number; empty is 0.
func whole(r *intake.Row, column string, most int64) int64 {
	s := code.Normalise(r.Text(column))
	if s == "" {
		return 0
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 0 || n > most {
		r.Refuse(column, i18n.PlaceNumberRange, i18n.PlaceNumberHow, most)
		return 0
	}
	return n
}

// micro reads degrees as micro-degrees; empty is 0.
func micro(r *intake.Row, column string) int64 {
	s := code.Normalise(r.Text(column))
	if s == "" {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.Abs(f) > 180 || math.IsNaN(f) {
		r.Refuse(column, i18n.PlaceCoordinates, i18n.PlaceCoordinatesHow)
		return 0
	}
	return int64(math.Round(f * 1e6))
}

// Key is the quarter and the name.
func (im *buildingImport) Key(record any) string {
	b := record.(*buildingRow)
	return b.quarter + "/" + gram.Key(b.Name)
}

// Plan compares with what is there. Columns that the file does not have, and empty cells, leave what is known.
func (im *buildingImport) Plan(_ context.Context, _ db.Querier, items []*intake.Item) error {
	for _, it := range items {
		b := it.Record.(*buildingRow)
		quarter, known := im.quarters[b.quarter]
		old, there := im.there[buildingKey(quarter, b.Name)]
		if !known || !there {
			it.Outcome = intake.Inserted
			continue
		}
		b.QuarterID, b.id, b.version = quarter, old.ID, old.Version
		b.keep(old)
		if old.Address != b.Address || old.GridID != b.GridID || old.Floors != b.Floors || old.Stairwells != b.Stairwells || old.X != b.X || old.Y != b.Y {
			it.Outcome = intake.Updated
		}
	}
	return nil
}

// keep takes over what the row leaves empty.
func (b *buildingRow) keep(old Building) {
	if b.Address == "" {
		b.Address = old.Address
	}
	if b.GridID == 0 {
		b.GridID = old.GridID
	}
	if b.Floors == 0 {
		b.Floors = old.Floors
	}
	if b.Stairwells == 0 {
		b.Stairwells = old.Stairwells
	}
	if b.X == 0 && b.Y == 0 {
		b.X, b.Y = old.X, old.Y
	}
}

// Write makes missing quarters, then writes what is new or changed.
func (im *buildingImport) Write(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	var fresh []Building
	for _, it := range items {
		b := it.Record.(*buildingRow)
		quarter, known := im.quarters[b.quarter]
		if !known {
			quarter = id.New()
			if err := insertQuarter(ctx, tx, im.Actor.Tenant, Quarter{ID: quarter, CommunityID: im.OrgID, Name: b.quarter}); err != nil {
				return err
			}
			im.quarters[b.quarter] = quarter
		}
		b.QuarterID = quarter
		if it.Outcome == intake.Inserted {
			b.ID = id.New()
			fresh = append(fresh, b.Building)
			continue
		}
		b.ID = b.id
		if err := updateBuilding(ctx, tx, im.Actor.Tenant, b.Building, b.version); err != nil {
			return err
		}
	}
	return insertBuildings(ctx, tx, im.Actor.Tenant, fresh)
}

// Finish has nothing left to do.
func (im *buildingImport) Finish(context.Context, *db.Tx) error { return nil }
