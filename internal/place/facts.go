package place

import (
	"linli/internal/authz"
	"linli/internal/fact"
	"linli/internal/i18n"
)

// Facts is what this package knows, for the catalogue of facts.
func (s *Service) Facts() fact.Source {
	return fact.Source{
		Owner:  "place",
		Rows:   []fact.Rows{buildingRows, quarterRows, gridRows},
		Tables: []fact.Table{buildingFacts(), quarterFacts(), gridFacts(), divisionFacts(), buildingsOf("b.grid_id", "grid.buildings", i18n.FactGridBuildings), buildingsOf("b.quarter_id", "quarter.buildings", i18n.FactQuarterBuildings), buildingsOf("b.community_id", "organisation.buildings", i18n.FactOrgBuildings), partsOf("grid g", "g", "organisation.grids", i18n.FactOrgGrids), partsOf("quarter_area q", "q", "organisation.quarters", i18n.FactOrgQuarters)},
		Links: []fact.Link{
			{Name: "quarter", From: fact.Building, To: fact.Quarter, Term: i18n.FactLinkQuarter, Plain: true, Column: "b.quarter_id"},
			{Name: "grid", From: fact.Building, To: fact.Grid, Term: i18n.FactLinkGrid, Plain: true, Column: "b.grid_id"},
			communityLink(fact.Building, "b.community_id"), communityLink(fact.Quarter, "q.community_id"), communityLink(fact.Grid, "g.community_id"),
		},
		Parts: []fact.Part{
			{Name: "buildings", From: fact.Organisation, To: fact.Building, Term: i18n.FactPartBuildings, Column: "b.community_id", Order: "b.name_key"},
			{Name: "buildings", From: fact.Grid, To: fact.Building, Term: i18n.FactPartBuildings, Column: "b.grid_id", Order: "b.name_key"},
			{Name: "buildings", From: fact.Quarter, To: fact.Building, Term: i18n.FactPartBuildings, Column: "b.quarter_id", Order: "b.name_key"},
			{Name: "grids", From: fact.Organisation, To: fact.Grid, Term: i18n.FactPartGrids, Column: "g.community_id", Order: "g.code"},
			{Name: "quarters", From: fact.Organisation, To: fact.Quarter, Term: i18n.FactPartQuarters, Column: "q.community_id", Order: "q.name"},
		},
		Internal: map[string]string{
			"building.community_id": "read over the link to the community", "building.quarter_id": "read over the link to the quarter",
			"building.grid_id": "read over the link to the grid", "building.name_key": "a key for searching",
			"quarter_area.community_id": "read over the link to the community", "grid.community_id": "read over the link to the community",
			"grid.worker_id": "the worker's account; the name is the fact",
			"division.level": "part of the key", "division.parent_code": "the names of the levels above are the facts",
			"division.valid_from": "decides which row stands", "division.valid_to": "decides which row stands", "division.successor": "what follows an ended row",
			"division.import_id": "which import brought the row",
		},
	}
}

var seeing = []authz.Permission{PermSee}

var (
	buildingRows = fact.Rows{Subject: fact.Building, From: "building b", ID: "b.id", Owner: owned("b"), See: seeing, Edit: []authz.Permission{PermEdit},
		Name: "b.name", Here: "b.ended_on = ''", Org: "b.community_id"}
	quarterRows = fact.Rows{Subject: fact.Quarter, From: "quarter_area q", ID: "q.id", Owner: owned("q"), See: seeing, Edit: []authz.Permission{PermEdit},
		Name: "q.name", Here: "q.ended_on = ''", Org: "q.community_id"}
	gridRows = fact.Rows{Subject: fact.Grid, From: "grid g", ID: "g.id", Owner: owned("g"), See: seeing, Edit: []authz.Permission{PermEdit},
		Name: "g.name", Here: "g.ended_on = ''", Org: "g.community_id"}
)

func communityLink(from fact.Subject, column string) fact.Link {
	return fact.Link{Name: "community", From: from, To: fact.Organisation, Term: i18n.FactLinkCommunity, Column: column, Labels: map[string]i18n.Term{
		"organisation.name": i18n.FactLinkCommunityFull, "organisation.label": i18n.FactLinkCommunityName, "organisation.street": i18n.FactLinkStreet,
		"organisation.county": i18n.FactLinkCounty, "organisation.city": i18n.FactLinkCity, "organisation.province": i18n.FactLinkProvince}}
}

func buildingFacts() fact.Table {
	col := func(factID string, t i18n.Term, ty fact.Type, expr string) fact.Column {
		return fact.Col("building."+factID, t, ty, expr, "building."+expr[2:]).Openly()
	}
	return fact.Table{Rows: buildingRows, Columns: []fact.Column{
		col("name", i18n.FactBuildingName, fact.Text, "b.name"), col("address", i18n.FactBuildingAddress, fact.Text, "b.address"),
		col("floors", i18n.FactBuildingFloors, fact.Number, "b.floors").In(i18n.FactFloors),
		col("stairwells", i18n.FactBuildingStairwells, fact.Number, "b.stairwells").In(i18n.FactPieces),
		col("x", i18n.FactBuildingX, fact.Number, "b.x").By(fact.DegreesOf).In(i18n.FactDegrees),
		col("y", i18n.FactBuildingY, fact.Number, "b.y").By(fact.DegreesOf).In(i18n.FactDegrees),
		col("ended_on", i18n.FactBuildingEnded, fact.Date, "b.ended_on"),
	}}
}

func quarterFacts() fact.Table {
	col := func(factID string, t i18n.Term, ty fact.Type, expr string) fact.Column {
		return fact.Col("quarter."+factID, t, ty, expr, "quarter_area."+expr[2:]).Openly()
	}
	return fact.Table{Rows: quarterRows, Columns: []fact.Column{
		col("name", i18n.FactQuarterName, fact.Text, "q.name"), col("address", i18n.FactQuarterAddress, fact.Text, "q.address"),
		col("ended_on", i18n.FactQuarterEnded, fact.Date, "q.ended_on"),
	}}
}

func gridFacts() fact.Table {
	col := func(factID string, t i18n.Term, ty fact.Type, expr string) fact.Column {
		return fact.Col("grid."+factID, t, ty, expr, "grid."+expr[2:]).Openly()
	}
	return fact.Table{Rows: gridRows, Columns: []fact.Column{
		col("name", i18n.FactGridName, fact.Text, "g.name"), col("code", i18n.FactGridCode, fact.Text, "g.code"),
		col("worker", i18n.FactGridWorker, fact.Text, "g.worker_name"), col("ended_on", i18n.FactGridEnded, fact.Date, "g.ended_on"),
		fact.Col("grid.outlined", i18n.FactGridOutlined, fact.YesNo, "CASE WHEN g.outline = '' THEN '0' ELSE '1' END", "grid.outline").Openly(),
	}}
}

// divisionFacts are the names of an organisation's division and of the levels above it.
func divisionFacts() fact.Table {
	col := func(factID string, t i18n.Term, column string) fact.Column {
		return fact.Col("organisation."+factID, t, fact.Text, "d."+column, "division."+column).Openly()
	}
	name := col("division", i18n.FactOrgDivision, "name")
	name.Columns = append(name.Columns, "division.code")
	return fact.Table{
		Rows: fact.Rows{Subject: fact.Organisation, ID: "o.id", See: []authz.Permission{PermSee, PermDivisions},
			Owner: authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}},
			From: `organisation o JOIN division d ON d.tenant_id = o.tenant_id AND d.code = o.division_code AND o.division_code <> '' AND d.valid_to = ''
				AND d.level = CASE o.kind WHEN 'district_committee' THEN 3 WHEN 'working_committee' THEN 4 ELSE 5 END`},
		Find: PermDivisions,
		Columns: []fact.Column{name, col("province", i18n.FactOrgProvince, "province"), col("city", i18n.FactOrgCity, "city"),
			col("county", i18n.FactOrgCounty, "county"), col("street", i18n.FactOrgStreet, "street")},
	}
}

// buildingsOf counts buildings. None recorded is not none.
func buildingsOf(column, factID string, t i18n.Term) fact.Table {
	r := buildingRows
	r.ID = column
	return fact.Table{Rows: r, Where: "b.ended_on = '' AND " + column + " <> 0", Group: true,
		Columns: []fact.Column{fact.Col(factID, t, fact.Number, "count(*)").Openly().In(i18n.FactPieces)}}
}

// partsOf counts the grids or quarters of a community.
func partsOf(from, alias, factID string, t i18n.Term) fact.Table {
	return fact.Table{Rows: fact.Rows{From: from, ID: alias + ".community_id", Owner: owned(alias), See: seeing}, Where: alias + ".ended_on = ''", Group: true,
		Columns: []fact.Column{fact.Col(factID, t, fact.Number, "count(*)").Openly().In(i18n.FactPieces)}}
}
