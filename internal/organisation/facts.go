package organisation

import (
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Facts is what this package knows, for the catalogue of facts.
func (s *Service) Facts() fact.Source {
	return fact.Source{
		Owner:   "organisation",
		Rows:    []fact.Rows{orgRows},
		Writers: []fact.Writer{s.writer()},
		Tables:  []fact.Table{nameFacts(), s.orgFacts(), belowFacts(), unitFacts()},
		Links: []fact.Link{
			{Name: "parent", From: fact.Organisation, To: fact.Organisation, Term: i18n.FactLinkParent, Column: "o.parent_id",
				Labels: map[string]i18n.Term{"organisation.name": i18n.FactLinkParentName}},
			{Name: "community", From: fact.Organisation, To: fact.Organisation, Term: i18n.FactLinkOrgCommunity, Column: "o.community_id",
				Labels: map[string]i18n.Term{"organisation.label": i18n.FactLinkOrgCommunityName, "organisation.street": i18n.FactLinkStreet}},
		},
		Parts: []fact.Part{
			{Name: "below", From: fact.Organisation, To: fact.Organisation, Term: i18n.FactPartBelow, Column: "o.parent_id", Order: "o.name_key"},
			{Name: "units", From: fact.Organisation, To: fact.Organisation, Term: i18n.FactPartUnits, Column: "o.community_id", Order: "o.name_key"},
		},
		Internal: map[string]string{
			"organisation.name_key": "a key for searching", "organisation.search_key": "a key for searching", "organisation.path": "the way in the tree",
			"organisation.parent_id": "read over the link to the superior", "organisation.community_id": "read over the link to the community",
			"organisation.form": "shown on the page and in the name", "organisation.import_id": "which import brought the row", "organisation_gram.*": "keys for searching",
			"organisation_relation.*": "the relations of today are links; former ones are in the chart of a day", "organisation_name.*": "former names, for the chart of a day",
			"organisation_act.organisation_id": "the row itself", "organisation_act.other_id": "the other side of an act", "organisation_act.kind": "decides which act founded it",
			"organisation_act.on_date": "the day of founding is established_on", "organisation_act.detail": "shown in the history", "organisation_act.at": "shown in the history", "organisation_act.account_id": "who did it is in the record of acts",
		},
	}
}

var orgRows = fact.Rows{
	Subject: fact.Organisation, From: "organisation o", ID: "o.id", Owner: owners, See: []authz.Permission{PermSee}, Edit: []authz.Permission{PermEdit},
	Name: "o.name", Here: "o.dissolved_on = ''", Org: "o.id", AsOf: "o.updated_at", Inside: inside,
}

// inside are an organisation, everything below it and, of a community, the units stationed there.
func inside(a *db.Args, org id.ID) string {
	n := a.Add(org)
	return "(o.community_id = " + n + ` OR EXISTS (SELECT 1 FROM organisation x WHERE x.tenant_id = o.tenant_id AND x.id = ` + n +
		" AND substr(o.path, 1, length(x.path)) = x.path))"
}

// nameFacts are what the directory of the district tells to everybody who may look something up in it.
func nameFacts() fact.Table {
	return fact.Table{Rows: orgRows, Find: PermFind, Columns: []fact.Column{
		orgCol("name", i18n.FactOrgName, fact.Text, "o.name"),
		fact.Col("organisation.label", i18n.FactOrgLabel, fact.Text, "CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END", "organisation.short_name").Openly(),
		orgCol("kind", i18n.FactOrgKind, fact.Choice, "o.kind").Of(fact.Listing(i18n.FactOrgKind.Name, Kinds(), Kind.Text)),
	}}
}

func orgCol(factID string, t i18n.Term, ty fact.Type, expr string) fact.Column {
	return fact.Col("organisation."+factID, t, ty, expr, "organisation."+expr[2:]).Openly()
}

func (s *Service) orgFacts() fact.Table {
	phone := fact.Col("organisation.contact_phone", i18n.FactOrgPhone, fact.Text, "o.contact_phone_mask", "organisation.contact_phone").For("contact")
	phone.Sensitivity = fact.Sealed
	phone.Sealed = &fact.SealedColumn{Expr: "o.contact_phone", Perm: PermContact, Field: "contact_phone",
		Open: func(row id.ID, sealed []byte) (string, error) {
			return s.ring.Open("organisation", "contact_phone", row, sealed)
		}}
	return fact.Table{Rows: orgRows, Columns: []fact.Column{
		orgCol("code", i18n.FactOrgCode, fact.Text, "o.code"), orgCol("uscc", i18n.FactOrgUSCC, fact.Text, "o.uscc"),
		orgCol("division_code", i18n.FactOrgDivisionCode, fact.Text, "o.division_code"), orgCol("sector", i18n.FactOrgSector, fact.Text, "o.sector"),
		orgCol("address", i18n.FactOrgAddress, fact.Text, "o.address"),
		fact.Col("organisation.contact_name", i18n.FactOrgContact, fact.Text, "o.contact_name", "organisation.contact_name").For("contact"),
		phone,
		fact.Col("organisation.contact_phone_mask", i18n.FactOrgPhoneMask, fact.Text, "o.contact_phone_mask", "organisation.contact_phone_mask").For("contact"),
		orgCol("established_on", i18n.FactOrgEstablished, fact.Date, "o.established_on"), orgCol("dissolved_on", i18n.FactOrgDissolved, fact.Date, "o.dissolved_on"),
		fact.Col("organisation.standing", i18n.FactOrgStanding, fact.YesNo, "CASE WHEN o.dissolved_on = '' THEN '1' ELSE '0' END").Openly(),
		fact.Col("organisation.document", i18n.FactOrgDocument, fact.Text, `coalesce((SELECT x.document FROM organisation_act x WHERE x.tenant_id = o.tenant_id
			AND x.organisation_id = o.id AND x.kind = 'found' ORDER BY x.id LIMIT 1), '')`, "organisation_act.document").Openly(),
	}}
}

func counts(factID string, t i18n.Term, condition string) fact.Column {
	return fact.Col("organisation."+factID, t, fact.Number, "coalesce(sum(CASE WHEN "+condition+" THEN 1 ELSE 0 END), 0)").Openly().In(i18n.FactPieces).ZeroToo()
}

// belowFacts count what stands directly below. The tree is kept here and nowhere else, so none is none.
func belowFacts() fact.Table {
	r := orgRows
	r.From, r.AsOf = "organisation o LEFT JOIN organisation b ON b.tenant_id = o.tenant_id AND b.parent_id = o.id AND b.dissolved_on = ''", ""
	return fact.Table{Rows: r, Group: true, Columns: []fact.Column{
		counts("below", i18n.FactOrgBelow, "b.id IS NOT NULL"), counts("branches", i18n.FactOrgBranches, "b.kind = 'party_branch'"),
		counts("groups", i18n.FactOrgGroups, "b.kind = 'party_group'"),
	}}
}

// unitFacts count the units of a community. None recorded is not none.
func unitFacts() fact.Table {
	return fact.Table{Rows: fact.Rows{From: "organisation u", ID: "u.community_id", See: []authz.Permission{PermSee},
		Owner: authz.Columns{Tenant: "u.tenant_id", Orgs: []string{"u.community_id"}}}, Where: "u.community_id <> 0 AND u.dissolved_on = '' AND u.kind = 'unit'", Group: true,
		Columns: []fact.Column{fact.Col("organisation.units", i18n.FactOrgUnits, fact.Number, "count(*)").Openly().In(i18n.FactPieces)}}
}
