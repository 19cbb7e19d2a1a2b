package figure

import "linli/internal/i18n"

// peopleFigures are places and residents (GRID-1, GRID-2, SRV-9).
var peopleFigures = []Figure{
	placesOf("place.quarters", "quarter_area", QuarterArea, i18n.FigureUnitItem),
	{ID: "place.grids", Chapter: People, Unit: i18n.FigureUnitItem, When: AsOf, Subject: Grid, Dims: []Dim{dimStaffed},
		SQL: ofCommunity("grid", standing, sel{dims: []Dim{dimStaffed}, items: []string{"CASE WHEN t.worker_name <> '' THEN 'yes' ELSE 'no' END"}})},
	placesOf("place.buildings", "building", Building, i18n.FigureUnitBuilding),
	{ID: "place.households", Chapter: People, Unit: i18n.FigureUnitHousehold, When: AsOf, Subject: Household, SQL: ofCommunity("household", "t.community_id <> 0", sel{})},
	ofResidents("resident.total", "", dimSex, dimAge, dimResidence),
	ofResidents("resident.elderly", "p.born_on <> '' AND p.born_on <= :y60", dimSex, dimResidence),
	{ID: "resident.elderly_share", Chapter: People, Unit: i18n.FigureUnitPercent, When: AsOf, Ratio: &Ratio{"resident.elderly", "resident.total", 1000}},
	ofResidents("resident.oldest", "p.born_on <> '' AND p.born_on <= :y80", dimSex),
	ofResidents("resident.minors", "p.born_on > :y18", dimSex),
	{ID: "resident.categories", Chapter: People, Unit: i18n.FigureUnitPersonTimes, When: AsOf, People: true, Subject: Resident, Ordered: true, Dims: []Dim{dimCategory},
		SQL: sel{place: "p.community_id", rec: "c.person_id", on: "c.valid_from", ord: "c.category || c.valid_from", dims: []Dim{dimCategory}, items: []string{"c.category"}}.
			from("person_category c JOIN person p ON p.tenant_id = c.tenant_id AND p.id = c.person_id WHERE c.tenant_id = :tenant AND c.valid_from <= :day AND (c.valid_to = '' OR c.valid_to > :day) AND " + personLiving)},
	ofCategory("resident.living_alone", "'12'"),
	ofCategory("resident.allowance", "'13', '14'"),
	ofCategory("resident.disabled", "'15'"),
	ofCategory("resident.children", "'16'"),
	ofCategory("resident.jobless", "'03', '04'"),
	ofCategory("resident.migrant", "'06'"),
	ofCategory("resident.entitled", "'10', '11'"),
	{ID: "resident.moved_in", Chapter: People, Unit: i18n.FigureUnitPerson, When: InQuarter, People: true, Subject: Resident,
		SQL: sel{place: "p.community_id", rec: "p.id", on: "p.moved_in_on"}.from("person p WHERE p.tenant_id = :tenant AND p.community_id <> 0 AND " + on("p.moved_in_on"))},
	{ID: "resident.moved_out", Chapter: People, Unit: i18n.FigureUnitPerson, When: InQuarter, People: true, Subject: Resident,
		SQL: sel{place: "p.community_id", rec: "p.id", on: "p.moved_out_on"}.from("person p WHERE p.tenant_id = :tenant AND p.community_id <> 0 AND " + on("p.moved_out_on"))},
	{ID: "consent.given", Chapter: People, Unit: i18n.FigureUnitItem, When: AsOf, People: true, Subject: Resident, Dims: []Dim{dimPurpose},
		SQL: sel{place: "p.community_id", rec: "t.id", subject: "p.id", at: "t.at", dims: []Dim{dimPurpose}, items: []string{"t.purpose_code"}}.
			from("consent t JOIN person p ON p.tenant_id = t.tenant_id AND p.id = t.person_id WHERE t.tenant_id = :tenant AND t.answer = 'agreed' AND t.at < :day_us AND (t.withdrawn_at = 0 OR t.withdrawn_at >= :day_us)")},
}

// standing is the condition of places, which keep their end but not their beginning.
const standing = "(t.ended_on = '' OR t.ended_on > :day)"

func placesOf(id, table string, s Subject, unit i18n.Text) Figure {
	return Figure{ID: id, Chapter: People, Unit: unit, When: AsOf, Subject: s, SQL: ofCommunity(table, standing, sel{})}
}

func ofResidents(id, condition string, dims ...Dim) Figure {
	return Figure{ID: id, Chapter: People, Unit: i18n.FigureUnitPerson, When: AsOf, People: true, Subject: Resident, Dims: dims, SQL: residents(condition, dims...)}
}

func ofCategory(id, codes string) Figure {
	return Figure{ID: id, Chapter: People, Unit: i18n.FigureUnitPerson, When: AsOf, People: true, Subject: Resident, Dims: []Dim{dimSex, dimAge}, SQL: categorised(codes)}
}

// platformFigures are what the platform itself asks of people, and who looks at residents' data (DIG-13).
var platformFigures = []Figure{
	ofForms("burden.asked", "t.fields", i18n.FigureUnitField),
	ofForms("burden.filled", "t.filled", i18n.FigureUnitField),
	{ID: "burden.filled_share", Chapter: Platform, Unit: i18n.FigureUnitPercent, When: InQuarter, District: true, Ratio: &Ratio{"burden.filled", "burden.asked", 1000}},
	ofForms("burden.forms", "t.uses", i18n.FigureUnitTimes),
	ofForms("burden.seconds", "t.seconds", i18n.FigureUnitSeconds),
	{ID: "look.total", Chapter: Platform, Unit: i18n.FigureUnitTimes, When: InQuarter, Subject: Resident, Dims: []Dim{dimLook},
		SQL: sel{place: "t.organisation_id", rec: "t.id", subject: "t.person_id", at: "t.at", dims: []Dim{dimLook}, items: []string{"t.action"}}.
			from("audit_entry t WHERE t.tenant_id = :tenant AND t.action IN ('resident.see', 'resident.reveal') AND t.person_id <> 0 AND " + within("t.at"))},
	{ID: "import.done", Chapter: Platform, Unit: i18n.FigureUnitTimes, When: InQuarter, Subject: Import, District: true, Dims: []Dim{dimImport}, SQL: imports("")},
	{ID: "import.rows", Chapter: Platform, Unit: i18n.FigureUnitRow, When: InQuarter, Subject: Import, District: true, Dims: []Dim{dimImport}, SQL: imports("t.inserted + t.updated")},
	ofComplaints("complaint.made", InQuarter, "t.created_at", within("t.created_at")),
	ofComplaints("complaint.answered", InQuarter, "t.answered_at", "t.state IN ('answered', 'declined') AND "+within("t.answered_at")),
	ofComplaints("complaint.open", AsOf, "t.created_at", "t.created_at < :day_us AND (t.answered_at = 0 OR t.answered_at >= :day_us)"),
}

func ofForms(id, amount string, unit i18n.Text) Figure {
	return Figure{ID: id, Chapter: Platform, Unit: unit, When: InQuarter, Subject: Form, Ordered: true, District: true, Dims: []Dim{dimForm},
		SQL: sel{rec: "CAST(1 AS BIGINT)", subject: "CAST(0 AS BIGINT)", amount: amount, on: "t.day", ord: "t.day || ' ' || t.form || ' ' || t.role_code", dims: []Dim{dimForm}, items: []string{"t.form"}}.
			from("form_use t WHERE t.tenant_id = :tenant AND " + on("t.day"))}
}

func imports(amount string) string {
	return sel{rec: "t.id", amount: amount, at: "t.finished_at", dims: []Dim{dimImport}, items: []string{"t.kind"}}.
		from("import t WHERE t.tenant_id = :tenant AND t.state = 'done' AND NOT t.dry_run AND " + within("t.finished_at"))
}

func ofComplaints(id string, w When, at, condition string) Figure {
	return Figure{ID: id, Chapter: Platform, Unit: i18n.FigureUnitItem, When: w, Subject: Complaint, District: true, Dims: []Dim{dimDecision},
		SQL: sel{rec: "t.id", at: at, dims: []Dim{dimDecision}, items: []string{"t.state"}}.from("complaint t WHERE t.tenant_id = :tenant AND " + condition)}
}
