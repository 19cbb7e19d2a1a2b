package person

import (
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/pinyin"
)

// Facts is what this package knows, for the catalogue of facts.
func (s *Service) Facts() fact.Source {
	return fact.Source{
		Owner: "person",
		Rows:  []fact.Rows{personRows, householdRows},
		Tables: []fact.Table{
			{Rows: personRows, Columns: s.personColumns()},
			{Rows: householdRows, Columns: householdFacts()},
			householdPeople(), placePeople("p.building_id", fact.Building), placePeople("p.grid_id", fact.Grid), communityPeople(),
			placeHouseholds("h.building_id", fact.Building), placeHouseholds("h.grid_id", fact.Grid), placeHouseholds("h.community_id", fact.Organisation),
		},
		Readers:  []fact.Reader{categoryReader()},
		Derived:  derivedFacts(),
		Links:    links(),
		Parts:    parts(),
		Writers:  []fact.Writer{s.writer()},
		Internal: internal,
	}
}

// internal are the stored columns that are no facts.
var internal = map[string]string{
	"person.community_id": "read over the link to the community", "person.household_id": "read over the link to the household",
	"person.grid_id": "read over the link to the grid", "person.building_id": "read over the link to the building",
	"person.name_key": "a key for searching", "person.initials": "a key for searching", "person.id_index": "a blind index for searching",
	"person.phone_index": "a blind index for searching", "person.import_id": "which import brought the row", "person.anonymised_on": "whoever was made anonymous answers no form", "person.row_hash": "compares a row with an import",
	"person_gram.*": "keys for searching", "person_category.person_id": "the row itself", "person_category.valid_to": "decides which categories hold",
	"person_category.source": "shown on the person's page",
	"household.community_id": "read over the link to the community",
	"household.grid_id":      "read over the link to the grid",
	"household.building_id":  "read over the link to the building",
	"household.import_id":    "which import brought the row",
	"household.occupants":    "as somebody said at the door; forms are filled from the register",
	"household.occupants_on": "when it was said at the door", "household.occupants_by": "who noted it",
	"household.confirmed_on": "when it was said at the door that the register is right", "household.confirmed_by": "who noted it",
	"household.occupancy": "as somebody said at the door; forms are filled from the register", "household.occupancy_on": "when it was said at the door", "household.occupancy_by": "who noted it",
	"purpose.*": "the register of purposes is about processing, not about a subject",
	"consent.*": "consents decide what may be done; they are no answer on a form",
}

var personRows = fact.Rows{
	Subject: fact.Person, From: "person p", ID: "p.id", Owner: scopeColumns, See: []authz.Permission{PermSee, PermSeeOwn}, Edit: []authz.Permission{PermEdit},
	Name: "p.name", NameKey: "p.name_key", KeyOf: nameKeyOf, Here: "p.moved_out_on = '' AND p.died_on = ''", Org: "p.community_id", Person: "p.id", AsOf: "p.updated_at",
}

func nameKeyOf(name string) string {
	_, key := pinyin.Of(name)
	return key
}

var householdRows = fact.Rows{
	Subject: fact.Household, From: "household h", ID: "h.id", Owner: authz.Columns{Tenant: "h.tenant_id", Orgs: []string{"h.community_id"}},
	See: []authz.Permission{PermSee}, Edit: []authz.Permission{PermEdit}, Name: "h.address", Org: "h.community_id",
	Here: "EXISTS (SELECT 1 FROM person hp WHERE hp.tenant_id = h.tenant_id AND hp.household_id = h.id AND hp.household_id <> 0 AND hp.moved_out_on = '' AND hp.died_on = '')",
}

// peopleIn are the rows of persons, counted by a column.
func peopleIn(column string, subject fact.Subject) fact.Rows {
	r := personRows
	r.Subject, r.ID, r.See, r.AsOf, r.Person = subject, column, []authz.Permission{PermSee}, "max(p.updated_at)", ""
	return r
}

func (s *Service) personColumns() []fact.Column {
	col := func(factID string, t i18n.Term, ty fact.Type, expr string) fact.Column {
		return fact.Col("person."+factID, t, ty, expr, "person."+expr[2:]).For(PurposeView)
	}
	sex := col("sex", i18n.FactPersonSex, fact.Choice, "p.sex").Of(code.Sexes)
	sex.Unknown = []string{string(code.SexUnknown), string(code.SexNotStated)}
	political := col("political", i18n.FactPersonPolitical, fact.Choice, "p.political").Of(code.PoliticalStatuses)
	flagged := fact.Col("person.flagged", i18n.FactPersonFlagged, fact.YesNo,
		"CASE WHEN p.id_mask = '' THEN '' WHEN p.flagged <> '' THEN '1' ELSE '0' END", "person.flagged").For(PurposeView)
	return []fact.Column{
		col("name", i18n.FactPersonName, fact.Text, "p.name"),
		sex,
		col("born_on", i18n.FactPersonBorn, fact.Date, "p.born_on"),
		s.sealedColumn("person.id_number", i18n.FactPersonIDNumber, FieldIDNumber, "p.id_mask", "p.id_number", "person.id_number"),
		s.sealedColumn("person.phone", i18n.FactPersonPhone, FieldPhone, "p.phone_mask", "p.phone", "person.phone"),
		col("id_mask", i18n.FactPersonIDMask, fact.Text, "p.id_mask"),
		col("phone_mask", i18n.FactPersonPhoneMask, fact.Text, "p.phone_mask"),
		col("id_province", i18n.FactPersonRegion, fact.Choice, "p.id_mask").Of(code.Provinces).By(provinceOf),
		col("ethnic", i18n.FactPersonEthnic, fact.Choice, "p.ethnic").Of(code.EthnicGroups),
		political.For("party"),
		col("schooling", i18n.FactPersonSchooling, fact.Choice, "p.schooling").Of(code.Schoolings),
		col("residence", i18n.FactPersonResidence, fact.Choice, "p.residence").Of(code.ResidenceKinds),
		col("head_relation", i18n.FactPersonRelation, fact.Choice, "p.head_relation").Of(code.HeadRelations),
		col("work_unit", i18n.FactPersonWorkUnit, fact.Text, "p.work_unit"),
		col("moved_in_on", i18n.FactPersonMovedIn, fact.Date, "p.moved_in_on"),
		col("moved_out_on", i18n.FactPersonMovedOut, fact.Date, "p.moved_out_on"),
		col("died_on", i18n.FactPersonDied, fact.Date, "p.died_on"),
		flagged,
		col("source", i18n.FactPersonSource, fact.Text, "p.source"),
		col("entered_on", i18n.FactPersonEntered, fact.Date, "p.created_at").OnDay(),
		col("updated_on", i18n.FactPersonUpdated, fact.Date, "p.updated_at").OnDay(),
	}
}

// provinceOf reads the province from a masked ID number, which shows its first three digits. A number of the first digit 9 is that of a
// permanent residence card.
func provinceOf(mask string) string {
	if len(mask) < 2 {
		return ""
	}
	if _, ok := code.Provinces.ByCode(mask[:2]); !ok {
		return ""
	}
	return mask[:2]
}

// sealedColumn is a fact that is stored encrypted.
func (s *Service) sealedColumn(factID string, t i18n.Term, field, mask, expr string, columns ...string) fact.Column {
	c := fact.Col(factID, t, fact.Text, mask, columns...).For("verify")
	c.Sensitivity = fact.Sealed
	c.Sealed = &fact.SealedColumn{Expr: expr, Perm: PermReveal, Field: field,
		Open: func(row id.ID, sealed []byte) (string, error) { return s.ring.Open("person", field, row, sealed) },
		Allow: func(ctx context.Context, q db.Querier, actor authz.Actor, purpose string) error {
			return covered(ctx, q, actor.Tenant, purpose, field)
		}}
	return c
}

func householdFacts() []fact.Column {
	col := func(factID string, t i18n.Term, expr string) fact.Column {
		return fact.Col("household."+factID, t, fact.Text, expr, "household."+expr[2:]).For(PurposeView)
	}
	return []fact.Column{
		col("address", i18n.FactHouseholdAddress, "h.address"),
		col("stairwell", i18n.FactHouseholdStairwell, "h.stairwell"),
		col("room", i18n.FactHouseholdRoom, "h.room"),
		col("number", i18n.FactHouseholdNumber, "h.number"),
	}
}

// counted is how many rows meet a condition; all without one. Nobody recorded is not nobody: no row to count is unknown.
func counted(factID string, t i18n.Term, condition string, unit i18n.Text) fact.Column {
	expr := "count(*)"
	if condition != "" {
		expr = "sum(CASE WHEN " + condition + " THEN 1 ELSE 0 END)"
	}
	return fact.Col(factID, t, fact.Number, expr).In(unit).Openly().ZeroToo()
}

// householdPeople counts the people of a household. Who is how old is known only where every birthday is.
func householdPeople() fact.Table {
	t := fact.Table{Rows: peopleIn("p.household_id", fact.Household), Where: "p.moved_out_on = '' AND p.died_on = '' AND p.household_id <> 0", Group: true}
	all := func(known, condition string) string {
		return "CASE WHEN sum(CASE WHEN " + known + " THEN 0 ELSE 1 END) > 0 THEN NULL ELSE sum(CASE WHEN " + condition + " THEN 1 ELSE 0 END) END"
	}
	born, sexed := "p.born_on <> ''", "p.sex IN ('1', '2')"
	add := func(factID string, t2 i18n.Term, expr string) {
		t.Columns = append(t.Columns, fact.Col("household."+factID, t2, fact.Number, expr).In(i18n.FactPeople).ZeroToo())
	}
	add("size", i18n.FactHouseholdSize, "count(*)")
	add("men", i18n.FactHouseholdMen, all(sexed, "p.sex = '1'"))
	add("women", i18n.FactHouseholdWomen, all(sexed, "p.sex = '2'"))
	add("elders", i18n.FactHouseholdElders, all(born, "p.born_on <= {born60}"))
	add("adults", i18n.FactHouseholdAdults, all(born, "p.born_on > {born60} AND p.born_on <= {born18}"))
	add("minors", i18n.FactHouseholdMinors, all(born, "p.born_on > {born18}"))
	add("party", i18n.FactHouseholdParty, all("p.political <> ''", "p.political IN ('01', '02')"))
	return t
}

// placePeople counts the residents of a building or a grid.
func placePeople(column string, subject fact.Subject) fact.Table {
	term := map[fact.Subject]i18n.Term{fact.Building: i18n.FactBuildingPeople, fact.Grid: i18n.FactGridPeople}[subject]
	return fact.Table{Rows: peopleIn(column, subject), Where: personRows.Here + " AND " + column + " <> 0", Group: true,
		Columns: []fact.Column{counted(string(subject)+".people", term, "", i18n.FactPeople)}}
}

func communityPeople() fact.Table {
	return fact.Table{Rows: peopleIn("p.community_id", fact.Organisation), Where: personRows.Here + " AND p.community_id <> 0", Group: true,
		Columns: []fact.Column{
			counted("organisation.people", i18n.FactOrgPeople, "", i18n.FactPeople),
			counted("organisation.elders", i18n.FactOrgElders, "p.born_on <> '' AND p.born_on <= {born60}", i18n.FactPeople),
			counted("organisation.elders80", i18n.FactOrgElders80, "p.born_on <> '' AND p.born_on <= {born80}", i18n.FactPeople),
			counted("organisation.minors", i18n.FactOrgMinors, "p.born_on > {born18}", i18n.FactPeople),
			counted("organisation.floating_people", i18n.FactOrgFloating, "p.residence = '4'", i18n.FactPeople),
		}}
}

// placeHouseholds counts the households of a building, a grid or a community.
func placeHouseholds(column string, subject fact.Subject) fact.Table {
	term := map[fact.Subject]i18n.Term{fact.Building: i18n.FactBuildingHouseholds, fact.Grid: i18n.FactGridHouseholds, fact.Organisation: i18n.FactOrgHouseholds}[subject]
	r := householdRows
	r.Subject, r.ID = subject, column
	return fact.Table{Rows: r, Where: column + " <> 0 AND " + householdRows.Here, Group: true,
		Columns: []fact.Column{counted(string(subject)+".households", term, "", i18n.FactHouseholds)}}
}

// HasPurpose says whether the register of a tenant has a purpose.
func (s *Service) HasPurpose(ctx context.Context, q db.Querier, tenant int64, purpose string) (bool, error) {
	all, err := register(ctx, q, tenant)
	return slices.ContainsFunc(all, func(p Purpose) bool { return p.Code == purpose }), err
}

var _ fact.Purposes = (*Service)(nil)
