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

// cadreFigures are the posts (ORG-8, EVAL-6); training is not kept yet.
var cadreFigures = []Figure{
	cadres("cadre.secretaries", i18n.FigureUnitPerson, "c.post IN ('secretary', 'deputy_secretary')", ""),
	helper(cadres("cadre.heads", i18n.FigureUnitPerson, leads, "")),
	{ID: "cadre.secretary_age", Chapter: Cadres, Unit: i18n.FigureUnitYears, When: AsOf, People: true, Ratio: &Ratio{"cadre.ages", "cadre.age_known", 10}},
	helper(cadres("cadre.ages", i18n.FigureUnitYears, leads+" AND h.born_on <> ''", ageOf("h.born_on"))),
	helper(cadres("cadre.age_known", i18n.FigureUnitPerson, leads+" AND h.born_on <> ''", "")),
	{ID: "cadre.secretary_senior_high", Chapter: Cadres, Unit: i18n.FigureUnitPercent, When: AsOf, People: true, Ratio: &Ratio{"cadre.senior_high", "cadre.schooling_known", 1000}},
	helper(cadres("cadre.senior_high", i18n.FigureUnitPerson, leads+" AND substr(h.schooling, 1, 1) IN ('1', '2', '3', '4', '6')", "")),
	{ID: "cadre.secretary_college", Chapter: Cadres, Unit: i18n.FigureUnitPercent, When: AsOf, People: true, Ratio: &Ratio{"cadre.college", "cadre.schooling_known", 1000}},
	helper(cadres("cadre.college", i18n.FigureUnitPerson, leads+" AND substr(h.schooling, 1, 1) IN ('1', '2', '3')", "")),
	helper(cadres("cadre.schooling_known", i18n.FigureUnitPerson, leads+" AND h.schooling <> ''", "")),
	shoulder(cadres("cadre.one_shoulder", i18n.FigureUnitOrg, leads+` AND EXISTS (SELECT 1 FROM appointment b JOIN organisation r ON r.tenant_id = b.tenant_id AND r.id = b.organisation_id
		WHERE b.tenant_id = c.tenant_id AND b.person_id = c.person_id AND b.post = 'director' AND r.parent_id = c.organisation_id AND b.from_on <= :day AND (b.ended_on = '' OR b.ended_on > :day))`, "")),
	cadres("cadre.seconded", i18n.FigureUnitPerson, "c.post IN ('secretary', 'deputy_secretary') AND c.origin = 'seconded'", ""),
	planned("cadre.trainings", Cadres, i18n.FigureUnitTimes, InYear, false, i18n.FigurePartTraining),
	planned("cadre.trained", Cadres, i18n.FigureUnitPerson, InYear, true, i18n.FigurePartTraining),
}

const leads = "c.post = 'secretary'"

// cadres are the posts of communities held on the day that fulfil a condition.
func cadres(id string, unit i18n.Text, condition, amount string) Figure {
	return Figure{ID: id, Chapter: Cadres, Unit: unit, When: AsOf, People: true, Subject: Appointment,
		SQL: sel{place: "o.id", rec: "c.id", amount: amount, on: "c.from_on"}.from(`appointment c JOIN organisation o ON o.tenant_id = c.tenant_id AND o.id = c.organisation_id
			JOIN person h ON h.tenant_id = c.tenant_id AND h.id = c.person_id WHERE c.tenant_id = :tenant AND o.kind = 'community_party'
			AND c.from_on <= :day AND (c.ended_on = '' OR c.ended_on > :day) AND ` + condition)}
}

// shoulder counts communities, not people.
func shoulder(f Figure) Figure {
	f.People = false
	return f
}

// planned declares a figure whose records another part of the product will keep.
func planned(id string, c Chapter, unit i18n.Text, w When, people bool, part i18n.Text) Figure {
	return Figure{ID: id, Chapter: c, Unit: unit, When: w, People: people, Pending: part}
}
