package figure

import "linli/internal/i18n"

// networkFigures are the organisations (ORG-1, ORG-2).
var networkFigures = []Figure{
	{ID: "org.subdistricts", Chapter: Network, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Organisation, SQL: orgs("working_committee", nil)},
	{ID: "org.communities", Chapter: Network, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Organisation, SQL: orgs("community_party", nil)},
	{ID: "org.committees", Chapter: Network, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Organisation, SQL: orgs("committee", nil)},
	{ID: "org.branches", Chapter: Network, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Organisation, Dims: []Dim{dimOrgBelow},
		SQL: orgs("party_branch", []Dim{dimOrgBelow}, "coalesce(p.kind, '')")},
	{ID: "org.groups", Chapter: Network, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Organisation, SQL: orgs("party_group", nil)},
	{ID: "org.units", Chapter: Network, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Organisation, Dims: []Dim{dimSector, dimHasBranch},
		SQL: orgs("unit", []Dim{dimSector, dimHasBranch}, "o.sector", "CASE WHEN "+hasBranch+" THEN 'yes' ELSE 'no' END")},
	{ID: "org.residents_committees", Chapter: Network, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Organisation, SQL: orgs("residents_committee", nil)},
	{ID: "org.acts", Chapter: Network, Unit: i18n.FigureUnitItem, When: InQuarter, Subject: Organisation, Dims: []Dim{dimAct},
		SQL: sel{place: orgPlace, rec: "t.id", subject: "o.id", on: "t.on_date", dims: []Dim{dimAct}, items: []string{"t.kind"}}.
			from("organisation_act t JOIN " + joined(orgTables, "o.tenant_id = t.tenant_id AND o.id = t.organisation_id") + " WHERE t.tenant_id = :tenant AND " + on("t.on_date"))},
	{ID: "org.merged", Chapter: Network, Unit: i18n.FigureUnitOrg, When: InYear, Subject: Organisation,
		SQL: sel{place: orgPlace, rec: "t.id", subject: "t.from_id", on: "t.valid_from"}.
			from("organisation_relation t JOIN " + joined(orgTables, "o.tenant_id = t.tenant_id AND o.id = t.to_id") +
				" WHERE t.tenant_id = :tenant AND t.kind = 'merged_into' AND " + on("t.valid_from"))},
}

// joined puts a condition behind the first table of a list of tables.
func joined(tables, on string) string {
	const first = "organisation o"
	return first + " ON " + on + tables[len(first):]
}

// coverageFigures are the three coverages (ORG-7).
var coverageFigures = []Figure{
	{ID: "coverage.units_attached", Chapter: Coverage, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Organisation,
		SQL: orgs("unit", nil) + " AND o.community_id <> 0"},
	{ID: "coverage.attached_share", Chapter: Coverage, Unit: i18n.FigureUnitPercent, When: AsOf, Ratio: &Ratio{"coverage.units_attached", "org.units", 1000}},
	{ID: "coverage.organisation", Chapter: Coverage, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Organisation, SQL: orgs("unit", nil) + " AND " + hasBranch},
	{ID: "coverage.organisation_share", Chapter: Coverage, Unit: i18n.FigureUnitPercent, When: AsOf, Ratio: &Ratio{"coverage.organisation", "org.units", 1000}},
	{ID: "coverage.work", Chapter: Coverage, Unit: i18n.FigureUnitOrg, When: InYear, Subject: Organisation, SQL: orgs("unit", nil) +
		` AND (o.id IN (SELECT s.unit_id FROM slip s WHERE s.tenant_id = :tenant AND s.sent_at >= :from_us AND s.sent_at < :until_us)
			OR o.id IN (SELECT g2.unit_id FROM registration g2 WHERE g2.tenant_id = :tenant AND g2.state IN ('accepted', 'ended') AND g2.decided_at >= :from_us AND g2.decided_at < :until_us))`},
	{ID: "coverage.work_share", Chapter: Coverage, Unit: i18n.FigureUnitPercent, When: InYear, Ratio: &Ratio{"coverage.work", "org.units", 1000}},
	{ID: "coverage.cohesion", Chapter: Coverage, Unit: i18n.FigureUnitOrg, When: InYear, Subject: Organisation, SQL: orgs("unit", nil) +
		` AND o.id IN (SELECT t.unit_id FROM attendance t WHERE t.tenant_id = :tenant AND t.state <> 'void' AND t.in_at >= :from_us AND t.in_at < :until_us)`},
	{ID: "coverage.cohesion_share", Chapter: Coverage, Unit: i18n.FigureUnitPercent, When: InYear, Ratio: &Ratio{"coverage.cohesion", "org.units", 1000}},
}

// cadreFigures are the posts (ORG-8, EVAL-6); nobody keeps them yet.
var cadreFigures = []Figure{
	planned("cadre.secretaries", Cadres, i18n.FigureUnitPerson, AsOf, true, i18n.FigurePartPosts),
	planned("cadre.secretary_age", Cadres, i18n.FigureUnitYears, AsOf, true, i18n.FigurePartPosts),
	planned("cadre.secretary_senior_high", Cadres, i18n.FigureUnitPercent, AsOf, true, i18n.FigurePartPosts),
	planned("cadre.secretary_college", Cadres, i18n.FigureUnitPercent, AsOf, true, i18n.FigurePartPosts),
	planned("cadre.one_shoulder", Cadres, i18n.FigureUnitOrg, AsOf, false, i18n.FigurePartPosts),
	planned("cadre.seconded", Cadres, i18n.FigureUnitPerson, AsOf, true, i18n.FigurePartPosts),
	planned("cadre.trainings", Cadres, i18n.FigureUnitTimes, InYear, false, i18n.FigurePartTraining),
	planned("cadre.trained", Cadres, i18n.FigureUnitPerson, InYear, true, i18n.FigurePartTraining),
}

// planned declares a figure whose records another part of the product will keep.
func planned(id string, c Chapter, unit i18n.Text, w When, people bool, part i18n.Text) Figure {
	return Figure{ID: id, Chapter: c, Unit: unit, When: w, People: people, Pending: part}
}
