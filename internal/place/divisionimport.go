package place

import (
	"context"
	"strconv"

	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/intake"
)

// DivisionsKind is the import of the published list of divisions (CODE-20 to CODE-24). Its key is code and level; level, parent and
// the names above may be left out, they follow from the code and the rows above.
func DivisionsKind() intake.Kind {
	return intake.Kind{
		Name: "divisions", Title: i18n.PlaceImportDivisions, Hint: i18n.PlaceImportDivisionsHint, Permission: PermImport,
		Columns: []intake.Column{
			column("code", i18n.PlaceColCode, intake.Column{Required: true, Max: 20, Hint: i18n.PlaceColCodeHint, Example: "320902001002"}),
			column("level", i18n.PlaceColLevel, intake.Column{Max: 2, Hint: i18n.PlaceDivisionLevel, Example: "5"}),
			column("name", i18n.PlaceColName, intake.Column{Required: true, Max: 60, Example: ""}),
			column("parent_code", i18n.PlaceColParent, intake.Column{Max: 20, Hint: i18n.PlaceColParentHint, Example: "320902001000"}),
			column("province", i18n.PlaceColProvince, intake.Column{Max: 60}),
			column("city", i18n.PlaceColCity, intake.Column{Max: 60}),
			column("county", i18n.PlaceColCounty, intake.Column{Max: 60}),
			column("street", i18n.PlaceColStreet, intake.Column{Max: 60}),
		},
		Begin: beginDivisions,
	}
}

// column fills in what all columns of the division list have.
func column(name string, title i18n.Text, c intake.Column) intake.Column {
	c.Name, c.Title, c.Also = name, title, i18n.PlaceDivisionHeads[name]
	return c
}

// divisionKey is the key of a division in maps and in the file.
func divisionKey(divisionCode string, level code.Level) string {
	return divisionCode + "/" + strconv.Itoa(int(level))
}

// divisionImport is one pass over a list. known grows with the rows of the file, so that children find their parents.
type divisionImport struct {
	intake.Setup
	stored map[string]Division
	known  map[string]Division
}

func beginDivisions(ctx context.Context, q db.Querier, s intake.Setup) (intake.Importer, error) {
	rows, err := db.All(ctx, q, (*Division).dest, "SELECT "+divisionColumns+" FROM division d WHERE d.tenant_id = $1", s.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	im := &divisionImport{Setup: s, stored: make(map[string]Division, len(rows)), known: make(map[string]Division, len(rows))}
	for _, d := range rows {
		k := divisionKey(d.Code, d.Level)
		im.stored[k], im.known[k] = d, d
	}
	return im, nil
}

// Check reads one row of the list.
func (im *divisionImport) Check(r *intake.Row) any {
	if !im.Scope.All() { // the list is the whole tenant's
		r.Refuse("code", i18n.ErrForbidden, i18n.ErrForbidden)
		return nil
	}
	d := &Division{Name: r.Name("name"), Province: r.Text("province"), City: r.Text("city"), County: r.Text("county"), Street: r.Text("street")}
	c, p := code.ParseDivision(r.Text("code"))
	if r.Raw("code") != "" {
		r.Problem("code", p)
	}
	d.Code, d.Level = string(c), im.level(r, c)
	if r.Refused() {
		return nil
	}
	if c.At(d.Level) != c {
		r.Refuse("code", i18n.PlaceDivisionDeeper, i18n.PlaceDivisionDeeperAdvice, int(d.Level))
		return nil
	}
	im.parent(r, d, c)
	return d
}

// level reads the level, or takes that of the code.
func (im *divisionImport) level(r *intake.Row, c code.Division) code.Level {
	s := r.Text("level")
	if s == "" {
		return c.Level()
	}
	n, err := strconv.Atoi(code.Normalise(s))
	if l := code.Level(n); err == nil && l.Valid() {
		return l
	}
	r.Refuse("level", i18n.PlaceDivisionLevel, i18n.PlaceDivisionLevelAdvice)
	return code.NoLevel
}

// parent reads the code above, or takes that which follows from the code.
func (im *divisionImport) parent(r *intake.Row, d *Division, c code.Division) {
	s := r.Text("parent_code")
	switch {
	case s == "":
		d.ParentCode = string(c.Parent(d.Level))
	case d.Level == code.Province:
		r.Refuse("parent_code", i18n.PlaceDivisionTopParent, i18n.PlaceColParentHint)
	default:
		up, p := code.ParseDivision(s)
		r.Problem("parent_code", p)
		d.ParentCode = string(up)
	}
}

// Key is code and level.
func (im *divisionImport) Key(record any) string {
	d := record.(*Division)
	return divisionKey(d.Code, d.Level)
}

// Plan finds each row's parent, fills the names above in, and compares with what is stored.
func (im *divisionImport) Plan(_ context.Context, _ db.Querier, items []*intake.Item) error {
	for _, it := range items {
		d := it.Record.(*Division)
		parent, found := im.known[divisionKey(d.ParentCode, d.Level-1)]
		if d.Level > code.Province && !found {
			it.Refuse("parent_code", i18n.PlaceDivisionOrphan, i18n.PlaceDivisionOrphanAdvice)
			continue
		}
		d.named(parent)
		k := divisionKey(d.Code, d.Level)
		old, there := im.stored[k]
		switch {
		case there && !old.ValidTo.IsZero() && old.Name != d.Name:
			it.Refuse("code", i18n.PlaceDivisionEnded, i18n.PlaceDivisionEndedAdvice, old.ValidTo.String(), old.Name)
			continue
		case there && !old.same(*d):
			it.Outcome = intake.Updated
		case !there:
			it.Outcome = intake.Inserted
		}
		im.known[k] = *d
	}
	return nil
}

var divisionInsert = []string{"tenant_id", "code", "level", "name", "parent_code", "province", "city", "county", "street", "import_id"}

// Write writes what is new or changed.
func (im *divisionImport) Write(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	for _, it := range intake.Only(items, intake.Updated) {
		d := it.Record.(*Division)
		if err := tx.Update(ctx, `UPDATE division SET name = $1, parent_code = $2, province = $3, city = $4, county = $5, street = $6, import_id = $7
			WHERE tenant_id = $8 AND code = $9 AND level = $10`, d.Name, d.ParentCode, d.Province, d.City, d.County, d.Street, im.ImportID,
			im.Actor.Tenant, d.Code, d.Level); err != nil {
			return err
		}
	}
	fresh := intake.Only(items, intake.Inserted)
	return tx.InsertMany(ctx, "division", divisionInsert, len(fresh), func(i int) []any {
		d := fresh[i].Record.(*Division)
		return []any{im.Actor.Tenant, d.Code, int64(d.Level), d.Name, d.ParentCode, d.Province, d.City, d.County, d.Street, im.ImportID}
	})
}

// Finish has nothing left to do.
func (im *divisionImport) Finish(context.Context, *db.Tx) error { return nil }
