package figure

import (
	"linli/internal/cobuild"
	"linli/internal/employment"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/pairing"
	"linli/internal/project"
	"linli/internal/volunteer"
)

// lifeFigures are meetings, activities and presence (LIFE-1, LIFE-2).
var lifeFigures = []Figure{
	ofActivities("activity.held", InQuarter, "t.state IN ('held', 'closed')"),
	ofActivities("activity.meetings", InQuarter, "t.state IN ('held', 'closed') AND t.kind_code = 'meeting'"),
	ofActivities("activity.party_days", InQuarter, "t.state IN ('held', 'closed') AND t.kind_code = 'party_day'"),
	ofActivities("activity.cancelled", InQuarter, "t.state = 'cancelled'"),
	ofActivities("activity.held_year", InYear, "t.state IN ('held', 'closed')"),
	{ID: "enrolment.total", Chapter: Life, Unit: i18n.FigureUnitPersonTimes, When: InQuarter, People: true, Subject: Activity, Dims: []Dim{dimEnrol},
		SQL: ofCommunity("enrolment", within("t.at"), sel{subject: "t.activity_id", at: "t.at", dims: []Dim{dimEnrol}, items: []string{"t.state"}})},
	ofAttendances("attendance.total", "t.state <> 'void'", dimProof),
	ofAttendances("attendance.guests", "t.state <> 'void' AND t.member_id = 0"),
	{ID: "attendance.members", Chapter: Life, Unit: i18n.FigureUnitPerson, When: InQuarter, People: true, Subject: Member, Distinct: true,
		SQL: distinctMembers("attendance t", "t.community_id", "t.tenant_id = :tenant AND t.state <> 'void' AND "+within("t.in_at"))},
	{ID: "attendance.member_share", Chapter: Life, Unit: i18n.FigureUnitPercent, When: InQuarter, Ratio: &Ratio{"attendance.members", "member.registered", 1000}},
	ofMeetings("meeting.held", InQuarter, "", dimMeetingKind),
	ofMeetings("conference.subdistrict", InQuarter, " AND o.kind = 'working_committee' AND t.kind_code IN ('street_meeting', 'regular_meeting', 'body_meeting')", dimMeetingKind),
	ofMeetings("conference.community", InQuarter, " AND o.kind = 'community_party' AND t.kind_code = 'joint_conference'"),
	{ID: "conference.resolutions", Chapter: Life, Unit: i18n.FigureUnitItem, When: InQuarter, Subject: Meeting,
		SQL: sel{place: orgPlace, rec: "x.id", subject: "t.id", on: "t.on_day"}.from("meeting_resolution x JOIN meeting t ON t.tenant_id = x.tenant_id AND t.id = x.meeting_id JOIN " +
			joined(orgTables, "o.tenant_id = t.tenant_id AND o.id = t.owner_id") + " WHERE x.tenant_id = :tenant AND x.passed AND t.body_id <> 0 AND " + heldMeeting)},
	ofMeetings("conference.exchange", InYear, " AND t.kind_code = 'exchange_meeting'"),
}

const heldMeeting = "t.state = 'held' AND t.on_day >= :from AND t.on_day <= :to"

// ofMeetings counts meetings held, at the place of the organisation that held them.
func ofMeetings(id string, w When, condition string, dims ...Dim) Figure {
	return Figure{ID: id, Chapter: Life, Unit: i18n.FigureUnitTimes, When: w, Subject: Meeting, Dims: dims,
		SQL: sel{place: orgPlace, rec: "t.id", on: "t.on_day", dims: dims, items: []string{"t.kind_code"}[:len(dims)]}.
			from("meeting t JOIN " + joined(orgTables, "o.tenant_id = t.tenant_id AND o.id = t.owner_id") + " WHERE t.tenant_id = :tenant AND " + heldMeeting + condition)}
}

func ofActivities(id string, w When, condition string) Figure {
	return Figure{ID: id, Chapter: Life, Unit: i18n.FigureUnitTimes, When: w, Subject: Activity, Dims: []Dim{dimActivityKind},
		SQL: ofCommunity("activity", within("t.starts_at")+" AND "+condition, sel{at: "t.starts_at", dims: []Dim{dimActivityKind}, items: []string{"t.kind_code"}})}
}

func ofAttendances(id, condition string, dims ...Dim) Figure {
	items := []string{"t.proof"}[:len(dims)]
	return Figure{ID: id, Chapter: Life, Unit: i18n.FigureUnitPersonTimes, When: InQuarter, People: true, Subject: Attendance, Dims: dims,
		SQL: ofCommunity("attendance", within("t.in_at")+" AND "+condition, sel{at: "t.in_at", dims: dims, items: items})}
}

// hourFigures are hours and deeds, as the ledger has them (MEM-6).
var hourFigures = []Figure{
	ofPostings("hours.total", InQuarter, "hours", i18n.FigureUnitHours),
	ofPostings("hours.year", InYear, "hours", i18n.FigureUnitHours),
	ofPostings("deeds.total", InQuarter, "deeds", i18n.FigureUnitPiece),
	ofPostings("deeds.year", InYear, "deeds", i18n.FigureUnitPiece),
	{ID: "deed.waiting", Chapter: Hours, Unit: i18n.FigureUnitPiece, When: AsOf, Subject: Deed,
		SQL: ofCommunity("deed", "t.proposed_at < :day_us AND (t.decided_at = 0 OR t.decided_at >= :day_us) AND t.state <> 'withdrawn'", sel{on: "t.on_date", at: "t.proposed_at"})},
	reached("hours.reached", "hours", ":target_minutes"),
	{ID: "hours.reached_share", Chapter: Hours, Unit: i18n.FigureUnitPercent, When: InYear, Ratio: &Ratio{"hours.reached", "member.registered", 1000}},
	reached("deeds.reached", "deeds", ":target_deeds"),
	{ID: "deeds.reached_share", Chapter: Hours, Unit: i18n.FigureUnitPercent, When: InYear, Ratio: &Ratio{"deeds.reached", "member.registered", 1000}},
}

func ofPostings(id string, w When, account string, unit i18n.Text) Figure {
	return Figure{ID: id, Chapter: Hours, Unit: unit, Minutes: account == "hours", When: w, Subject: Posting, Dims: []Dim{dimProof},
		SQL: ofCommunity("posting", "t.quarter >= :q_from AND t.quarter <= :q_to AND t.member_id <> 0 AND t.account = '"+account+"'",
			sel{amount: "t.amount", on: "t.on_date", dims: []Dim{dimProof}, items: []string{"t.proof"}})}
}

// reached are the members whose year so far has come to the target.
func reached(id, account, target string) Figure {
	return Figure{ID: id, Chapter: Hours, Unit: i18n.FigureUnitPerson, When: InYear, People: true, Subject: Member, Dims: []Dim{dimMemberKind},
		SQL: sel{place: "m.community_id", rec: "m.id", dims: []Dim{dimMemberKind}, items: []string{"m.kind"}}.
			from(`member m JOIN (SELECT t.member_id, sum(t.amount) AS total FROM posting t WHERE t.tenant_id = :tenant AND t.quarter >= :q_from AND t.quarter <= :q_to
				AND t.account = '` + account + `' GROUP BY t.member_id) x ON x.member_id = m.id WHERE m.tenant_id = :tenant AND x.total >= ` + target)}
}

// feedbackFigures are slips, corrections and evaluations (MEM-5).
var feedbackFigures = []Figure{
	ofSlips("slip.made", ""),
	ofSlips("slip.sent", " AND t.version_no > 0"),
	ofSlips("slip.answered", " AND t.state = 'answered'"),
	{ID: "slip.answered_share", Chapter: Feedback, Unit: i18n.FigureUnitPercent, When: InQuarter, Ratio: &Ratio{"slip.answered", "slip.sent", 1000}},
	ofSlips("slip.open", " AND t.state = 'draft'"),
	ofSlips("slip.corrected", " AND t.version_no > 1"),
	{ID: "correction.asked", Chapter: Feedback, Unit: i18n.FigureUnitItem, When: InQuarter, Subject: Slip, Dims: []Dim{dimDecision},
		SQL: ofCommunity("correction", within("t.at"), sel{subject: "t.slip_id", at: "t.at", dims: []Dim{dimDecision}, items: []string{"t.state"}})},
	{ID: "evaluation.opened", Chapter: Feedback, Unit: i18n.FigureUnitPerson, When: InYear, People: true, Subject: Evaluation, SQL: evaluations("")},
	{ID: "evaluation.done", Chapter: Feedback, Unit: i18n.FigureUnitPerson, When: InYear, People: true, Subject: Evaluation, SQL: evaluations(" AND t.state = 'decided'")},
}

func ofSlips(id, condition string) Figure {
	return Figure{ID: id, Chapter: Feedback, Unit: i18n.FigureUnitPaper, When: InQuarter, Subject: Slip, Dims: []Dim{dimSlip},
		SQL: ofCommunity("slip", "t.quarter >= :q_from AND t.quarter <= :q_to"+condition, sel{at: "t.sent_at", dims: []Dim{dimSlip}, items: []string{"t.state"}})}
}

func evaluations(condition string) string {
	return ofCommunity("evaluation", "t.year = :year"+condition, sel{rec: "t.member_id", at: "t.decided_at"})
}

// coBuildFigures are co-building and pairing (CO-1 to CO-6).
var coBuildFigures = []Figure{
	inForce("cobuild.agreements", i18n.FigureUnitPaper, "", dimCobuild),
	ofCobuild("cobuild.tasks_due", ""),
	ofCobuild("cobuild.tasks_done", " AND t.state = 'confirmed'"),
	{ID: "cobuild.done_share", Chapter: CoBuild, Unit: i18n.FigureUnitPercent, When: InQuarter, Ratio: &Ratio{"cobuild.tasks_done", "cobuild.tasks_due", 1000}},
	{ID: "cobuild.needs", Chapter: CoBuild, Unit: i18n.FigureUnitItem, When: InQuarter, Subject: Lack, Dims: []Dim{dimNeed},
		SQL: ofCommunity("need", within("t.received_at"), sel{at: "t.received_at", dims: []Dim{dimNeed}, items: []string{"t.kind"}})},
	{ID: "cobuild.resources", Chapter: CoBuild, Unit: i18n.FigureUnitItem, When: AsOf, Subject: Resource, Dims: []Dim{dimNeed},
		SQL: sel{place: orgPlace, rec: "t.id", at: "t.created_at", dims: []Dim{dimNeed}, items: []string{"t.kind"}}.from("resource t JOIN " + joined(orgTables, "o.tenant_id = t.tenant_id AND o.id = t.place_id") +
			" WHERE t.tenant_id = :tenant AND t.created_at < :day_us AND t.valid_until >= :day AND (t.ended_at = 0 OR t.ended_at >= :day_us)")},
	{ID: "cobuild.projects", Chapter: CoBuild, Unit: i18n.FigureUnitItem, When: InQuarter, Subject: Project, Dims: []Dim{dimProject},
		SQL: sel{place: orgPlace, rec: "c.id", on: "c.ended_on", dims: []Dim{dimProject}, items: []string{"c.kind"}}.from("project c JOIN " + joined(orgTables, "o.tenant_id = c.tenant_id AND o.id = c.community_id") +
			" WHERE c.tenant_id = :tenant AND c.state = 'finished' AND c.ended_on <= :day AND " + on("c.ended_on"))},
	{ID: "pairing.households", Chapter: CoBuild, Unit: i18n.FigureUnitHousehold, When: AsOf, People: true, Subject: Hardship, Dims: []Dim{dimHardship}, // somebody helps it on the day
		SQL: sel{place: orgPlace, rec: "t.id", on: "t.entered_on", dims: []Dim{dimHardship}, items: []string{"t.difficulty"}}.from("pairing_household t JOIN " + joined(orgTables, "o.tenant_id = t.tenant_id AND o.id = t.org_id") +
			` WHERE t.tenant_id = :tenant AND t.entered_on <= :day AND (t.ended_on = '' OR t.ended_on > :day)
			AND EXISTS (SELECT 1 FROM pairing_pair x WHERE x.tenant_id = t.tenant_id AND x.household_id = t.id AND x.from_on <= :day AND (x.ended_on = '' OR x.ended_on > :day))`)},
	inForce("pairing.contact_points", i18n.FigureUnitItem, " AND c.kind = '"+string(cobuild.ContactPoint)+"'"),
}

// inForce counts the agreements in force on the day that fulfil a condition, at the place of the community.
func inForce(id string, unit i18n.Text, condition string, dims ...Dim) Figure {
	return Figure{ID: id, Chapter: CoBuild, Unit: unit, When: AsOf, Subject: Cobuild, Dims: dims,
		SQL: sel{place: orgPlace, rec: "c.id", on: "c.valid_from", dims: dims, items: []string{"c.kind"}[:len(dims)]}.from("cobuild c JOIN " + joined(orgTables, "o.tenant_id = c.tenant_id AND o.id = c.community_id") +
			" WHERE c.tenant_id = :tenant AND c.state = 'agreed' AND c.agreed_at < :day_us AND c.valid_from <= :day AND CASE WHEN c.ended_on <> '' THEN c.ended_on ELSE c.valid_to END >= :day" + condition)}
}

var (
	dimNeed     = Dim{Key: "need", Name: i18n.FigureDimNeed, Label: func(s string) i18n.Text { return exchange.Kind(s).Text() }}
	dimHardship = Dim{Key: "hardship", Name: i18n.FigureDimHardship, Label: func(s string) i18n.Text { return pairing.Difficulty(s).Text() }}
	dimElement  = Dim{Key: "element", Name: i18n.FigureDimElement, Label: pick("eat", i18n.OutletEat, "live", i18n.OutletLive, "travel", i18n.OutletTravel, "tour", i18n.OutletTour, "shop", i18n.OutletShop, "fun", i18n.OutletFun, "health", i18n.OutletHealth)}
	dimUse      = Dim{Key: "use", Name: i18n.FigureDimUse, Label: func(s string) i18n.Text { return employment.Entitlement(s).Text() }}
)

var dimProject = Dim{Key: "project", Name: i18n.ProjectKind, Label: func(s string) i18n.Text { return project.Kind(s).Text() }}
var dimCobuild = Dim{Key: "agreement", Name: i18n.CobuildKind, Label: func(s string) i18n.Text { return cobuild.Kind(s).Text() }}

// ofCobuild counts the tasks of agreements that fell due in the period, at the place of the community.
func ofCobuild(id, condition string) Figure {
	return Figure{ID: id, Chapter: CoBuild, Unit: i18n.FigureUnitItem, When: InQuarter, Subject: Cobuild, Dims: []Dim{dimCobuild},
		SQL: sel{place: orgPlace, rec: "t.id", subject: "t.cobuild_id", on: "t.due_on", dims: []Dim{dimCobuild}, items: []string{"c.kind"}}.from("cobuild_task t JOIN cobuild c ON c.tenant_id = t.tenant_id AND c.id = t.cobuild_id JOIN " +
			joined(orgTables, "o.tenant_id = c.tenant_id AND o.id = c.community_id") + " WHERE t.tenant_id = :tenant AND t.state <> 'dropped' AND " + on("t.due_on") + " AND t.due_on <= :day" + condition)}
}

// serviceFigures are the services for residents (SRV-1 to SRV-8).
var serviceFigures = []Figure{
	{ID: "service.stations", Chapter: Services, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Organisation, SQL: orgs("service_station", nil)},
	ofOutlets("service.centres", "centre"),
	ofOutlets("service.outlets", "point", dimElement),
	planned("service.windows", Services, i18n.FigureUnitItem, AsOf, false, i18n.FigurePartOutlets),
	{ID: "employment.people", Chapter: Services, Unit: i18n.FigureUnitPerson, When: InYear, People: true, Subject: Seeker, Dims: []Dim{dimDifficulty}, // once for each spell
		SQL: sel{place: "t.org_id", rec: "t.id", subject: "t.seeker_id", on: "t.from_on", dims: []Dim{dimDifficulty}, items: []string{"t.difficulty"}}.from("employment_result t WHERE t.tenant_id = :tenant AND t.voided_on = '' AND t.from_on <= :day AND " + on("t.from_on"))},
	{ID: "employment.certificates", Chapter: Services, Unit: i18n.FigureUnitPaper, When: InYear, People: true, Subject: Preferential, Dims: []Dim{dimDifficulty},
		SQL: sel{place: "t.org_id", rec: "t.id", on: "t.issued_on", dims: []Dim{dimDifficulty}, items: []string{"t.difficulty"}}.from("employment_certificate t WHERE t.tenant_id = :tenant AND t.issued_on <= :day AND " + on("t.issued_on"))},
	{ID: "employment.certificates_valid", Chapter: Services, Unit: i18n.FigureUnitPaper, When: AsOf, People: true, Subject: Preferential, Dims: []Dim{dimDifficulty},
		SQL: sel{place: "t.org_id", rec: "t.id", on: "t.to_on", dims: []Dim{dimDifficulty}, items: []string{"t.difficulty"}}.from("employment_certificate t WHERE t.tenant_id = :tenant AND t.issued_on <= :day AND t.from_on <= :day AND t.to_on >= :day" +
			" AND (t.ended_on = '' OR t.ended_on > :day) AND (t.uses_max = 0 OR t.uses_max > (SELECT count(*) FROM employment_use x WHERE x.tenant_id = t.tenant_id AND x.certificate_id = t.id AND x.used_on <= :day))")},
	{ID: "employment.certificates_used", Chapter: Services, Unit: i18n.FigureUnitTimes, When: InYear, People: true, Subject: Preferential, Dims: []Dim{dimUse},
		SQL: sel{place: "t.org_id", rec: "t.id", subject: "t.certificate_id", on: "t.used_on", dims: []Dim{dimUse}, items: []string{"t.entitlement"}}.from("employment_use t WHERE t.tenant_id = :tenant AND t.used_on <= :day AND " + on("t.used_on"))},
	{ID: "volunteer.teams", Chapter: Services, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Team, Dims: []Dim{dimTeam},
		SQL: sel{place: orgPlace, rec: "t.id", on: "t.opened_on", dims: []Dim{dimTeam}, items: []string{"t.kind"}}.from("volunteer_team t JOIN " + joined(orgTables, "o.tenant_id = t.tenant_id AND o.id = t.org_id") +
			" WHERE t.tenant_id = :tenant AND t.opened_on <= :day AND (t.ended_on = '' OR t.ended_on > :day)")},
}

// ofOutlets counts the outlets of a level in the service network on the day; a centre stands at its sub-district or at the district.
func ofOutlets(id, level string, dims ...Dim) Figure {
	return Figure{ID: id, Chapter: Services, Unit: i18n.FigureUnitOrg, When: AsOf, Subject: Outlet, Dims: dims,
		SQL: sel{place: orgPlace, rec: "t.id", at: "t.created_at", dims: dims, items: []string{"t.element"}[:len(dims)]}.from("outlet t JOIN " + joined(orgTables, "o.tenant_id = t.tenant_id AND o.id = t.community_id") +
			" WHERE t.tenant_id = :tenant AND t.level = '" + level + "' AND t.created_at < :day_us AND (t.ended_on = '' OR t.ended_on > :day)")}
}

var dimTeam = Dim{Key: "team", Name: i18n.VolTeamKind, Label: func(s string) i18n.Text { return volunteer.Kind(s).Text() }}

var dimDifficulty = Dim{Key: "difficulty", Name: i18n.EmployDifficulty, Label: func(s string) i18n.Text { return employment.Difficulty(s).Text() }}

// honourFigures are demonstration sites and guarantee (EVAL-3, EVAL-7); other parts will keep them.
var honourFigures = []Figure{
	planned("honour.sites", Honours, i18n.FigureUnitItem, AsOf, false, i18n.FigurePartHonours),
	planned("honour.bonus", Honours, i18n.FigureUnitYuan, InYear, false, i18n.FigurePartHonours),
	planned("guarantee.funds", Honours, i18n.FigureUnitYuan, InYear, false, i18n.FigurePartGuarantee),
	planned("guarantee.premises", Honours, i18n.FigureUnitArea, AsOf, false, i18n.FigurePartGuarantee),
}
