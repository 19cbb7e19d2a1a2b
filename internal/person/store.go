package person

import (
	"context"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/pinyin"
	"linli/internal/seal"
)

// scopeColumns say through what a person is in scope.
var scopeColumns = authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.community_id"}, Person: "p.id"}

// seeScope is where an actor may see people, their own record included.
func seeScope(actor authz.Actor) authz.Scope { return actor.Scope(PermSee).Or(actor.Scope(PermSeeOwn)) }

const personColumns = `p.id, p.community_id, p.household_id, p.grid_id, p.building_id, p.name, p.sex, p.born_on, p.id_mask, p.phone_mask,
	p.ethnic, p.political, p.schooling, p.residence, p.head_relation, p.work_unit, p.moved_in_on, p.moved_out_on, p.died_on,
	p.flagged, p.source, p.created_at, p.updated_at, p.version`

// record is a person as its row holds it.
type record struct {
	Person
	flagged string
}

func (r *record) dest() []any {
	return []any{&r.ID, &r.CommunityID, &r.HouseholdID, &r.GridID, &r.BuildingID, &r.Name, &r.Sex, &r.BornOn, &r.IDMask, &r.PhoneMask,
		&r.Ethnic, &r.Political, &r.Schooling, &r.Residence, &r.HeadRelation, &r.WorkUnit, &r.MovedInOn, &r.MovedOutOn, &r.DiedOn,
		&r.flagged, &r.Source, db.Instant(&r.CreatedAt), db.Instant(&r.UpdatedAt), &r.Version}
}

func (r *record) read() Person {
	r.Flagged = fieldsOf(r.flagged)
	return r.Person
}

func find(ctx context.Context, q db.Querier, scope authz.Scope, personID id.ID) (Person, error) {
	a := &db.Args{}
	where := scope.Where(a, scopeColumns) + " AND p.anonymised_on = '' AND p.id = " + a.Add(personID)
	r, err := db.One(ctx, q, (*record).dest, "SELECT "+personColumns+" FROM person p WHERE "+where, a.Values()...)
	return r.read(), err
}

// byIndex finds who has an ID number, anywhere in the tenant; 0 for nobody.
func byIndex(ctx context.Context, q db.Querier, tenant int64, index string) (Person, error) {
	r, err := db.One(ctx, q, (*record).dest, "SELECT "+personColumns+" FROM person p WHERE p.tenant_id = $1 AND p.id_index = $2 AND p.id_index <> ''",
		tenant, index)
	if errs.KindOf(err) == errs.NotFound {
		return Person{}, nil
	}
	return r.read(), err
}

// stored is a whole row to write.
type stored struct {
	Person
	nameKey, initials     string
	idSealed, phoneSealed []byte
	idIndex, phoneIndex   string
	importID              id.ID
	rowHash               string
}

// sealing fills the keys of the name and the sealed fields, whose values must be checked.
func (p *stored) sealing(ring *seal.Ring, s sealedFields) {
	p.rename()
	p.sealID(ring, s)
	p.sealPhone(ring, s)
}

// rename sets the keys of the name anew.
func (p *stored) rename() { p.initials, p.nameKey = pinyin.Of(p.Name) }

func (p *stored) sealID(ring *seal.Ring, s sealedFields) {
	p.idSealed = ring.Seal("person", "id_number", p.ID, s.id.String())
	p.idIndex = ring.Index("id_number", s.id.String())
	p.IDMask = code.MaskID(s.id.String())
}

func (p *stored) sealPhone(ring *seal.Ring, s sealedFields) {
	p.phoneSealed = ring.Seal("person", "phone", p.ID, s.phone.String())
	p.phoneIndex = ring.Index("phone", s.phone.String())
	p.PhoneMask = s.phone.Mask()
}

var insertColumns = []string{"tenant_id", "id", "community_id", "household_id", "grid_id", "building_id", "name", "name_key", "initials",
	"sex", "born_on", "id_number", "id_index", "id_mask", "phone", "phone_index", "phone_mask", "ethnic", "political", "schooling",
	"residence", "head_relation", "work_unit", "moved_in_on", "flagged", "source", "import_id", "row_hash", "created_at", "updated_at"}

// values fills dst with the row in the order of insertColumns.
func (p *stored) values(tenant int64, dst []any) []any {
	return append(dst, tenant, int64(p.ID), int64(p.CommunityID), int64(p.HouseholdID), int64(p.GridID), int64(p.BuildingID), p.Name,
		p.nameKey, p.initials, string(p.Sex), p.BornOn.String(), p.idSealed, p.idIndex, p.IDMask, p.phoneSealed, p.phoneIndex, p.PhoneMask,
		p.Ethnic, p.Political, p.Schooling, p.Residence, p.HeadRelation, p.WorkUnit, p.MovedInOn.String(), strings.Join(p.Flagged, " "),
		p.Source, int64(p.importID), p.rowHash, db.Micros(p.CreatedAt), db.Micros(p.UpdatedAt))
}

// insertPeople writes new rows and the grams by which they are found.
func insertPeople(ctx context.Context, tx *db.Tx, tenant int64, people []*stored) error {
	if err := insertRows(ctx, tx, tenant, people); err != nil {
		return err
	}
	grams := make([]gramRow, 0, 6*len(people))
	for _, p := range people {
		grams = appendGrams(grams, p)
	}
	return insertGrams(ctx, tx, tenant, grams)
}

func insertRows(ctx context.Context, tx *db.Tx, tenant int64, people []*stored) error {
	buf := make([]any, 0, len(insertColumns))
	return tx.InsertMany(ctx, "person", insertColumns, len(people), func(i int) []any { return people[i].values(tenant, buf[:0]) })
}

// gramRow is one way to find one person.
type gramRow struct {
	gram      string
	community id.ID
	person    id.ID
}

// initialsMark stands in front of initials in the gram table, so that they are not taken for letters of a name.
const initialsMark = "~"

// appendGrams adds the grams of a name: its characters, its pairs and its initials.
func appendGrams(rows []gramRow, p *stored) []gramRow {
	for _, g := range gram.Of(p.Name) {
		rows = append(rows, gramRow{g, p.CommunityID, p.ID})
	}
	if p.initials != "" {
		rows = append(rows, gramRow{initialsMark + p.initials, p.CommunityID, p.ID})
	}
	return rows
}

var gramColumns = []string{"tenant_id", "gram", "community_id", "person_id"}

// insertGrams sorts the grams and writes them: in the order of the index they cost a third of what they cost in disorder.
func insertGrams(ctx context.Context, tx *db.Tx, tenant int64, rows []gramRow) error {
	slices.SortFunc(rows, func(a, b gramRow) int {
		if c := strings.Compare(a.gram, b.gram); c != 0 {
			return c
		}
		if a.community != b.community {
			return int(min(max(a.community-b.community, -1), 1))
		}
		return int(min(max(a.person-b.person, -1), 1))
	})
	buf := make([]any, 0, len(gramColumns))
	return tx.InsertMany(ctx, "person_gram", gramColumns, len(rows), func(i int) []any {
		r := rows[i]
		return append(buf[:0], tenant, r.gram, int64(r.community), int64(r.person))
	})
}

func dropGrams(ctx context.Context, tx *db.Tx, tenant int64, p *stored) error {
	var grams []string
	for _, g := range appendGrams(nil, p) {
		grams = append(grams, g.gram)
	}
	a := &db.Args{}
	_, err := tx.Exec(ctx, "DELETE FROM person_gram WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "gram", grams)+
		" AND community_id = "+a.Add(p.CommunityID)+" AND person_id = "+a.Add(p.ID), a.Values()...)
	return err
}

const storedColumns = personColumns + `, p.name_key, p.initials, p.id_number, p.id_index, p.phone, p.phone_index, p.import_id, p.row_hash`

type storedRecord struct {
	stored
	flagged string
}

func (r *storedRecord) dest() []any {
	return []any{&r.ID, &r.CommunityID, &r.HouseholdID, &r.GridID, &r.BuildingID, &r.Name, &r.Sex, &r.BornOn, &r.IDMask, &r.PhoneMask,
		&r.Ethnic, &r.Political, &r.Schooling, &r.Residence, &r.HeadRelation, &r.WorkUnit, &r.MovedInOn, &r.MovedOutOn, &r.DiedOn,
		&r.flagged, &r.Source, db.Instant(&r.CreatedAt), db.Instant(&r.UpdatedAt), &r.Version,
		&r.nameKey, &r.initials, &r.idSealed, &r.idIndex, &r.phoneSealed, &r.phoneIndex, &r.importID, &r.rowHash}
}

// findStored finds a whole row to change.
func findStored(ctx context.Context, q db.Querier, scope authz.Scope, personID id.ID) (*stored, error) {
	a := &db.Args{}
	where := scope.Where(a, scopeColumns) + " AND p.anonymised_on = '' AND p.id = " + a.Add(personID)
	r, err := db.One(ctx, q, (*storedRecord).dest, "SELECT "+storedColumns+" FROM person p WHERE "+where, a.Values()...)
	r.Flagged = fieldsOf(r.flagged)
	return &r.stored, err
}

// update writes every column of a row that was read at version p.Version.
func update(ctx context.Context, tx *db.Tx, tenant int64, p *stored) error {
	a := &db.Args{}
	set := func(column string, v any) string { return column + " = " + a.Add(v) }
	columns := []string{
		set("community_id", p.CommunityID), set("household_id", p.HouseholdID), set("grid_id", p.GridID), set("building_id", p.BuildingID),
		set("name", p.Name), set("name_key", p.nameKey), set("initials", p.initials), set("sex", string(p.Sex)), set("born_on", p.BornOn),
		set("id_number", p.idSealed), set("id_index", p.idIndex), set("id_mask", p.IDMask),
		set("phone", p.phoneSealed), set("phone_index", p.phoneIndex), set("phone_mask", p.PhoneMask),
		set("ethnic", p.Ethnic), set("political", p.Political), set("schooling", p.Schooling), set("residence", p.Residence),
		set("head_relation", p.HeadRelation), set("work_unit", p.WorkUnit), set("moved_in_on", p.MovedInOn),
		set("moved_out_on", p.MovedOutOn), set("died_on", p.DiedOn), set("flagged", strings.Join(p.Flagged, " ")),
		set("import_id", p.importID), set("row_hash", p.rowHash), set("updated_at", db.Micros(tx.Now())),
	}
	return tx.Update(ctx, "UPDATE person SET "+strings.Join(columns, ", ")+", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+
		" AND id = "+a.Add(p.ID)+" AND version = "+a.Add(p.Version), a.Values()...)
}

func (c *Category) dest() []any { return []any{&c.Code, &c.ValidFrom, &c.ValidTo, &c.Source} }

func categories(ctx context.Context, q db.Querier, tenant int64, personID id.ID) ([]Category, error) {
	return db.All(ctx, q, (*Category).dest, `SELECT category, valid_from, valid_to, source FROM person_category
		WHERE tenant_id = $1 AND person_id = $2 ORDER BY valid_to, category, valid_from`, tenant, personID)
}

func beginCategory(ctx context.Context, tx *db.Tx, tenant int64, personID id.ID, c Category) error {
	// Ended and begun again on one day: the ending is taken back.
	_, err := tx.Exec(ctx, `INSERT INTO person_category (tenant_id, person_id, category, valid_from, valid_to, source) VALUES ($1,$2,$3,$4,'',$5)
		ON CONFLICT (tenant_id, person_id, category, valid_from) DO UPDATE SET valid_to = '', source = excluded.source`,
		tenant, personID, c.Code, c.ValidFrom, c.Source)
	return err
}

// endCategory ends a category with yesterday; one that began today never held.
func endCategory(ctx context.Context, tx *db.Tx, tenant int64, personID id.ID, c Category, today calendar.Date) error {
	if c.ValidFrom == today {
		return tx.Update(ctx, `DELETE FROM person_category WHERE tenant_id = $1 AND person_id = $2 AND category = $3 AND valid_from = $4`,
			tenant, personID, c.Code, c.ValidFrom)
	}
	return tx.Update(ctx, `UPDATE person_category SET valid_to = $1 WHERE tenant_id = $2 AND person_id = $3 AND category = $4 AND valid_from = $5`,
		today.AddDays(-1), tenant, personID, c.Code, c.ValidFrom)
}

// communityName names a community for a message; it reads the organisations' table, which their package keeps.
func communityName(ctx context.Context, q db.Querier, tenant int64, community id.ID) (any, error) {
	name, err := db.Value[string](ctx, q, "SELECT CASE WHEN short_name <> '' THEN short_name ELSE name END FROM organisation WHERE tenant_id = $1 AND id = $2",
		tenant, community)
	if name == "" {
		return i18n.PersonNowhere, err
	}
	return name, err
}

func fieldsOf(s string) []string {
	if s == "" {
		return nil
	}
	return strings.Fields(s)
}

// requireCommunity refuses an organisation that the tenant does not have: a scope of the whole tenant covers any
// identifier, also one of another tenant.
func requireCommunity(ctx context.Context, q db.Querier, tenant int64, community id.ID) error {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM organisation WHERE tenant_id = $1 AND id = $2`, tenant, community)
	if err == nil && n == 0 {
		err = errs.ErrNotFound
	}
	return err
}
