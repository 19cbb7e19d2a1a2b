package place

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/id"
)

// community is what this package needs of an organisation.
type community struct {
	id        id.ID
	kind      string
	label     string
	code      string
	dissolved calendar.Date
}

func loadCommunity(ctx context.Context, q db.Querier, tenant int64, org id.ID) (community, error) {
	return db.One(ctx, q, func(c *community) []any { return []any{&c.id, &c.kind, &c.label, &c.code, &c.dissolved} },
		`SELECT id, kind, CASE WHEN short_name <> '' THEN short_name ELSE name END, division_code, dissolved_on
		 FROM organisation WHERE tenant_id = $1 AND id = $2`, tenant, org)
}

func owned(alias string) authz.Columns {
	return authz.Columns{Tenant: alias + ".tenant_id", Orgs: []string{alias + ".community_id"}}
}

const gridColumns = `g.id, g.community_id, g.code, g.name, g.worker_id, g.worker_name, g.outline, g.ended_on, g.version`

func (g *Grid) dest() []any {
	return []any{&g.ID, &g.CommunityID, &g.Code, &g.Name, &g.WorkerID, &g.WorkerName, &g.Outline, &g.EndedOn, &g.Version}
}

func findGrid(ctx context.Context, q db.Querier, scope authz.Scope, grid id.ID) (Grid, error) {
	a := &db.Args{}
	query := "SELECT " + gridColumns + " FROM grid g WHERE " + scope.Where(a, owned("g")) + " AND g.id = " + a.Add(grid)
	return db.One(ctx, q, (*Grid).dest, query, a.Values()...)
}

// gridByCode gives the name of the grid that has a code, "" for none.
func gridByCode(ctx context.Context, q db.Querier, tenant int64, gridCode string) (string, error) {
	return db.Value[string](ctx, q, "SELECT name FROM grid WHERE tenant_id = $1 AND code = $2", tenant, gridCode)
}

// usedCodes gives the codes ever given to grids of a community, wherever they belong now.
func usedCodes(ctx context.Context, q db.Querier, tenant int64, communityCode string) ([]string, error) {
	a := &db.Args{}
	query := "SELECT code FROM grid WHERE tenant_id = " + a.Add(tenant) + " AND " + a.Prefix("code", communityCode)
	return db.Column[string](ctx, q, query, a.Values()...)
}

func insertGrid(ctx context.Context, tx *db.Tx, tenant int64, g Grid) error {
	_, err := tx.Exec(ctx, `INSERT INTO grid (tenant_id, id, community_id, code, name, worker_id, worker_name, outline)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, tenant, g.ID, g.CommunityID, g.Code, g.Name, g.WorkerID, g.WorkerName, g.Outline)
	return err
}

func updateGrid(ctx context.Context, tx *db.Tx, tenant int64, g Grid, version int64) error {
	return tx.Update(ctx, `UPDATE grid SET name = $1, worker_id = $2, worker_name = $3, outline = $4, ended_on = $5, version = version + 1
		WHERE tenant_id = $6 AND id = $7 AND version = $8`, g.Name, g.WorkerID, g.WorkerName, g.Outline, g.EndedOn, tenant, g.ID, version)
}

// gridHolds counts what lies in a grid.
func gridHolds(ctx context.Context, q db.Querier, tenant int64, g Grid) (buildings, households int64, err error) {
	err = q.QueryRow(ctx, `SELECT (SELECT count(*) FROM building WHERE tenant_id = $1 AND grid_id = $2 AND grid_id <> 0 AND ended_on = ''),
		(SELECT count(*) FROM household WHERE tenant_id = $1 AND community_id = $3 AND grid_id = $2)`, tenant, g.ID, g.CommunityID).Scan(&buildings, &households)
	return buildings, households, err
}

// GridItem is a grid in a list.
type GridItem struct {
	Grid
	Community string
	Buildings int64
}

func (g *GridItem) dest() []any { return append(g.Grid.dest(), &g.Community, &g.Buildings) }

// Filter narrows the lists of places; zero fields do not filter, but only what stands today is shown.
type Filter struct {
	CommunityID id.ID
	QuarterID   id.ID // buildings
	GridID      id.ID // buildings
	Text        string
	Ended       bool // what has ended instead of what stands
	Unstaffed   bool // grids without a worker
	Page        db.Page
}

const communityName = `coalesce(CASE WHEN c.short_name <> '' THEN c.short_name ELSE c.name END, '')`

// where gives the condition shared by the three lists.
func (f Filter) where(a *db.Args, scope authz.Scope, alias string) string {
	w := scope.Where(a, owned(alias))
	if f.CommunityID != 0 {
		w += " AND " + alias + ".community_id = " + a.Add(f.CommunityID)
	}
	if f.Ended {
		return w + " AND " + alias + ".ended_on <> ''"
	}
	return w + " AND " + alias + ".ended_on = ''"
}

// contains gives the condition that one of the columns holds a text.
func contains(a *db.Args, text string, columns ...string) string {
	q := gram.Query(text)
	if q.Key == "" {
		return ""
	}
	like := a.Add(q.Like())
	w := ""
	for i, c := range columns {
		if i > 0 {
			w += " OR "
		}
		w += c + " LIKE " + like + " ESCAPE '!'"
	}
	return " AND (" + w + ")"
}

func unstaffed(f Filter) string {
	if f.Unstaffed {
		return " AND g.worker_name = ''"
	}
	return ""
}

// countUnstaffed counts the standing grids in scope without a worker, and names one of them.
func countUnstaffed(ctx context.Context, q db.Querier, scope authz.Scope) (n int64, one id.ID, err error) {
	a := &db.Args{}
	query := "SELECT count(*), coalesce(max(g.id), 0) FROM grid g WHERE " + Filter{}.where(a, scope, "g") + " AND g.worker_name = ''"
	err = q.QueryRow(ctx, query, a.Values()...).Scan(&n, &one)
	return n, one, err
}

func gridQuery(a *db.Args, scope authz.Scope, f Filter) string {
	return "SELECT " + gridColumns + ", " + communityName + `,
		(SELECT count(*) FROM building b WHERE b.tenant_id = g.tenant_id AND b.grid_id = g.id AND b.grid_id <> 0 AND b.ended_on = '')
		FROM grid g LEFT JOIN organisation c ON c.tenant_id = g.tenant_id AND c.id = g.community_id
		WHERE ` + f.where(a, scope, "g") + contains(a, f.Text, "g.code", "g.name", "g.worker_name") + unstaffed(f)
}

func listGrids(ctx context.Context, q db.Querier, scope authz.Scope, f Filter) (db.List[GridItem], error) {
	a := &db.Args{}
	query := gridQuery(a, scope, f)
	page, tail := a.Keyset(f.Page, db.Order{Column: "g.code", IDColumn: "g.id"})
	rows, err := db.All(ctx, q, (*GridItem).dest, query+page+tail, a.Values()...)
	if err != nil {
		return db.List[GridItem]{}, err
	}
	return db.Cut(rows, f.Page, func(g GridItem) db.Cursor { return db.Cursor{Key: g.Code, ID: g.ID} }), nil
}

func eachGrid(ctx context.Context, q db.Querier, scope authz.Scope, f Filter, fn func(GridItem) error) error {
	a := &db.Args{}
	query := gridQuery(a, scope, f) + " ORDER BY g.code, g.id"
	return db.Each(ctx, q, (*GridItem).dest, fn, query, a.Values()...)
}

const quarterColumns = `q.id, q.community_id, q.name, q.address, q.ended_on, q.version`

func (r *Quarter) dest() []any {
	return []any{&r.ID, &r.CommunityID, &r.Name, &r.Address, &r.EndedOn, &r.Version}
}

func findQuarter(ctx context.Context, q db.Querier, scope authz.Scope, quarter id.ID) (Quarter, error) {
	a := &db.Args{}
	query := "SELECT " + quarterColumns + " FROM quarter_area q WHERE " + scope.Where(a, owned("q")) + " AND q.id = " + a.Add(quarter)
	return db.One(ctx, q, (*Quarter).dest, query, a.Values()...)
}

func quarterByName(ctx context.Context, q db.Querier, tenant int64, community id.ID, name string) (id.ID, error) {
	return db.Value[id.ID](ctx, q, "SELECT id FROM quarter_area WHERE tenant_id = $1 AND community_id = $2 AND name = $3", tenant, community, name)
}

func insertQuarter(ctx context.Context, tx *db.Tx, tenant int64, r Quarter) error {
	_, err := tx.Exec(ctx, `INSERT INTO quarter_area (tenant_id, id, community_id, name, address) VALUES ($1,$2,$3,$4,$5)`,
		tenant, r.ID, r.CommunityID, r.Name, r.Address)
	return err
}

func updateQuarter(ctx context.Context, tx *db.Tx, tenant int64, r Quarter, version int64) error {
	return tx.Update(ctx, `UPDATE quarter_area SET name = $1, address = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND version = $5`,
		r.Name, r.Address, tenant, r.ID, version)
}

// QuarterItem is a quarter in a list.
type QuarterItem struct {
	Quarter
	Community string
	Buildings int64
}

func (r *QuarterItem) dest() []any { return append(r.Quarter.dest(), &r.Community, &r.Buildings) }

func listQuarters(ctx context.Context, q db.Querier, scope authz.Scope, f Filter) (db.List[QuarterItem], error) {
	a := &db.Args{}
	query := "SELECT " + quarterColumns + ", " + communityName + `,
		(SELECT count(*) FROM building b WHERE b.tenant_id = q.tenant_id AND b.community_id = q.community_id AND b.quarter_id = q.id AND b.ended_on = '')
		FROM quarter_area q LEFT JOIN organisation c ON c.tenant_id = q.tenant_id AND c.id = q.community_id
		WHERE ` + f.where(a, scope, "q") + contains(a, f.Text, "q.name")
	page, tail := a.Keyset(f.Page, db.Order{Column: "q.name", IDColumn: "q.id"})
	rows, err := db.All(ctx, q, (*QuarterItem).dest, query+page+tail, a.Values()...)
	if err != nil {
		return db.List[QuarterItem]{}, err
	}
	return db.Cut(rows, f.Page, func(r QuarterItem) db.Cursor { return db.Cursor{Key: r.Name, ID: r.ID} }), nil
}

const buildingColumns = `b.id, b.community_id, b.quarter_id, b.grid_id, b.name, b.address, b.floors, b.stairwells, b.x, b.y, b.ended_on, b.version`

func (b *Building) dest() []any {
	return []any{&b.ID, &b.CommunityID, &b.QuarterID, &b.GridID, &b.Name, &b.Address, &b.Floors, &b.Stairwells, &b.X, &b.Y, &b.EndedOn, &b.Version}
}

func findBuilding(ctx context.Context, q db.Querier, scope authz.Scope, building id.ID) (Building, error) {
	a := &db.Args{}
	query := "SELECT " + buildingColumns + " FROM building b WHERE " + scope.Where(a, owned("b")) + " AND b.id = " + a.Add(building)
	return db.One(ctx, q, (*Building).dest, query, a.Values()...)
}

// buildingByName gives the building of a name in a quarter of a community.
func buildingByName(ctx context.Context, q db.Querier, tenant int64, b Building) (id.ID, error) {
	return db.Value[id.ID](ctx, q, "SELECT id FROM building WHERE tenant_id = $1 AND community_id = $2 AND quarter_id = $3 AND name_key = $4",
		tenant, b.CommunityID, b.QuarterID, gram.Key(b.Name))
}

var buildingInsert = []string{"tenant_id", "id", "community_id", "quarter_id", "grid_id", "name", "name_key", "address", "floors", "stairwells", "x", "y"}

func insertBuildings(ctx context.Context, tx *db.Tx, tenant int64, bs []Building) error {
	return tx.InsertMany(ctx, "building", buildingInsert, len(bs), func(i int) []any {
		b := bs[i]
		return []any{tenant, b.ID, b.CommunityID, b.QuarterID, b.GridID, b.Name, gram.Key(b.Name), b.Address, b.Floors, b.Stairwells, b.X, b.Y}
	})
}

func updateBuilding(ctx context.Context, tx *db.Tx, tenant int64, b Building, version int64) error {
	return tx.Update(ctx, `UPDATE building SET quarter_id = $1, grid_id = $2, name = $3, name_key = $4, address = $5, floors = $6, stairwells = $7,
		x = $8, y = $9, ended_on = $10, version = version + 1 WHERE tenant_id = $11 AND id = $12 AND version = $13`,
		b.QuarterID, b.GridID, b.Name, gram.Key(b.Name), b.Address, b.Floors, b.Stairwells, b.X, b.Y, b.EndedOn, tenant, b.ID, version)
}

// BuildingItem is a building in a list.
type BuildingItem struct {
	Building
	Community  string
	Quarter    string
	Grid       string
	Households int64
}

func (b *BuildingItem) dest() []any {
	return append(b.Building.dest(), &b.Community, &b.Quarter, &b.Grid, &b.Households)
}

const buildingFrom = ", " + communityName + `, coalesce(q.name, ''), coalesce(g.name, ''),
	(SELECT count(*) FROM household h WHERE h.tenant_id = b.tenant_id AND h.building_id = b.id AND h.building_id <> 0)
	FROM building b LEFT JOIN organisation c ON c.tenant_id = b.tenant_id AND c.id = b.community_id
	LEFT JOIN quarter_area q ON q.tenant_id = b.tenant_id AND q.id = b.quarter_id
	LEFT JOIN grid g ON g.tenant_id = b.tenant_id AND g.id = b.grid_id WHERE `

func buildingQuery(a *db.Args, scope authz.Scope, f Filter) string {
	w := f.where(a, scope, "b") + contains(a, f.Text, "b.name_key", "b.address", "q.name")
	if f.QuarterID != 0 {
		w += " AND b.quarter_id = " + a.Add(f.QuarterID)
	}
	if f.GridID != 0 {
		w += " AND b.grid_id = " + a.Add(f.GridID) + " AND b.grid_id <> 0"
	}
	return "SELECT " + buildingColumns + buildingFrom + w
}

func listBuildings(ctx context.Context, q db.Querier, scope authz.Scope, f Filter) (db.List[BuildingItem], error) {
	a := &db.Args{}
	query := buildingQuery(a, scope, f)
	page, tail := a.Keyset(f.Page, db.Order{Column: "b.name_key", IDColumn: "b.id"})
	rows, err := db.All(ctx, q, (*BuildingItem).dest, query+page+tail, a.Values()...)
	if err != nil {
		return db.List[BuildingItem]{}, err
	}
	return db.Cut(rows, f.Page, func(b BuildingItem) db.Cursor { return db.Cursor{Key: gram.Key(b.Name), ID: b.ID} }), nil
}

func eachBuilding(ctx context.Context, q db.Querier, scope authz.Scope, f Filter, fn func(BuildingItem) error) error {
	a := &db.Args{}
	query := buildingQuery(a, scope, f) + " ORDER BY b.community_id, q.name, b.name_key, b.id"
	return db.Each(ctx, q, (*BuildingItem).dest, fn, query, a.Values()...)
}

const divisionColumns = `d.code, d.level, d.name, d.parent_code, d.province, d.city, d.county, d.street, d.valid_from, d.valid_to, d.successor`

func (d *Division) dest() []any {
	return []any{&d.Code, &d.Level, &d.Name, &d.ParentCode, &d.Province, &d.City, &d.County, &d.Street, &d.ValidFrom, &d.ValidTo, &d.Successor}
}

func loadDivision(ctx context.Context, q db.Querier, tenant int64, divisionCode string, level code.Level) (Division, error) {
	return db.One(ctx, q, (*Division).dest, "SELECT "+divisionColumns+" FROM division d WHERE d.tenant_id = $1 AND d.code = $2 AND d.level = $3",
		tenant, divisionCode, level)
}

// DivisionFilter narrows the list of divisions.
type DivisionFilter struct {
	ParentCode string     // directly below this code
	Level      code.Level // 0 for any
	Text       string     // part of the name or beginning of the code
	Ended      bool       // also those that are gone
	Page       db.Page
}

func listDivisions(ctx context.Context, q db.Querier, tenant int64, f DivisionFilter) ([]Division, error) {
	a := &db.Args{}
	w := "d.tenant_id = " + a.Add(tenant)
	if f.ParentCode != "" {
		w += " AND d.parent_code = " + a.Add(f.ParentCode)
	}
	if f.Level != 0 {
		w += " AND d.level = " + a.Add(f.Level)
	}
	if s := gram.Query(f.Text); s.Key != "" {
		w += " AND (d.name LIKE " + a.Add(s.Like()) + " ESCAPE '!' OR (" + a.Prefix("d.code", s.Key) + "))"
	}
	if !f.Ended {
		w += " AND d.valid_to = ''"
	}
	if f.Page.After.ID != 0 { // the cursor's key is the code; its ID is the level
		w += " AND (d.code, d.level) > (" + a.Add(f.Page.After.Key) + ", " + a.Add(int64(f.Page.After.ID)) + ")"
	}
	query := "SELECT " + divisionColumns + " FROM division d WHERE " + w + " ORDER BY d.code, d.level LIMIT " + a.Add(f.Page.Size()+1)
	return db.All(ctx, q, (*Division).dest, query, a.Values()...)
}

type levelCount struct {
	level code.Level
	n     int64
}

func countLevels(ctx context.Context, q db.Querier, tenant int64) (map[code.Level]int64, error) {
	rows, err := db.All(ctx, q, func(l *levelCount) []any { return []any{&l.level, &l.n} },
		`SELECT level, count(*) FROM division WHERE tenant_id = $1 AND valid_to = '' GROUP BY level`, tenant)
	out := make(map[code.Level]int64, len(rows))
	for _, r := range rows {
		out[r.level] = r.n
	}
	return out, err
}

func endDivision(ctx context.Context, tx *db.Tx, tenant int64, d Division) error {
	return tx.Update(ctx, `UPDATE division SET valid_to = $1, successor = $2 WHERE tenant_id = $3 AND code = $4 AND level = $5 AND valid_to = ''`,
		d.ValidTo, d.Successor, tenant, d.Code, d.Level)
}
