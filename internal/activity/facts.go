package activity

import (
	"linli/internal/authz"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/ledger"
)

// Facts is what this package knows, for the catalogue of facts.
func (s *Service) Facts() fact.Source {
	return fact.Source{
		Owner:  "activity",
		Rows:   []fact.Rows{activityRows, attendanceRows},
		Tables: []fact.Table{activityFacts(), attendedFacts(), attendanceFacts(), memberFacts(), communityFacts()},
		Links: []fact.Link{
			{Name: "host", From: fact.Activity, To: fact.Organisation, Term: i18n.FactLinkHost, Column: "a.community_id",
				Labels: map[string]i18n.Term{"organisation.label": i18n.FactLinkHostName, "organisation.street": i18n.FactLinkStreet}},
			{Name: "building", From: fact.Activity, To: fact.Building, Term: i18n.FactLinkBuilding, Column: "a.building_id"},
			{Name: "activity", From: fact.Attendance, To: fact.Activity, Term: i18n.FactLinkActivity, Plain: true, Column: "t.activity_id"},
			{Name: "member", From: fact.Attendance, To: fact.Member, Term: i18n.FactLinkMember, Plain: true, Column: "t.member_id"},
			{Name: "person", From: fact.Attendance, To: fact.Person, Term: i18n.FactLinkPerson, Plain: true, Column: "t.person_id"},
		},
		Parts: []fact.Part{
			{Name: "attendance", From: fact.Activity, To: fact.Attendance, Term: i18n.FactPartAttendance, Column: "t.activity_id", Order: "t.in_at"},
			{Name: "activities", From: fact.Member, To: fact.Attendance, Term: i18n.FactPartActivities, Column: "t.member_id", Order: "t.in_at"},
			{Name: "activities", From: fact.Organisation, To: fact.Activity, Term: i18n.FactPartPlans, Column: "a.community_id", Order: "a.starts_at"},
		},
		Internal: map[string]string{
			"activity.community_id": "read over the link to the community", "activity.building_id": "read over the link to the building",
			"activity.kind_code": "the kind's name is the fact", "activity.secret": "makes the codes on the screen", "activity.organiser_id": "who did it is in the record of acts",
			"activity.created_at": "who did it is in the record of acts",
			"activity_kind.code":  "the kind's name is the fact", "activity_kind.name_en": "forms are written in Chinese", "activity_kind.gives_hours": "a default for plans",
			"activity_kind.deed_title": "a default for plans", "activity_kind.fields": "what is asked at sign-in", "activity_kind.retired": "whether it is offered",
			"enrolment.*":            "who enrolled is counted at the activity; who came is an attendance",
			"attendance.activity_id": "read over the link to the activity", "attendance.member_id": "read over the link to the member",
			"attendance.person_id": "read over the link to the person", "attendance.community_id": "the activity's community is a link", "attendance.unit_id": "the member's unit is a link",
			"attendance.credit_id": "in whose book the hours stand; the ledger has them", "attendance.guest_phone": "opened to join a guest to a member, for nothing else",
			"attendance.guest_phone_index": "a blind index for searching", "attendance.guest_key": "keeps a guest from signing in twice",
			"attendance.overlap_id": "asks an organiser to look", "attendance.fields": "answers to the kind's own questions; read on the sheet",
			"attendance.by_account": "who did it is in the record of acts", "attendance.at": "who did it is in the record of acts",
		},
	}
}

var activityRows = fact.Rows{
	Subject: fact.Activity, From: "activity a", ID: "a.id", Owner: activityScope, See: []authz.Permission{PermSee, PermPlan, PermHold}, Edit: []authz.Permission{PermPlan},
	Name: "a.title", Here: "a.state <> 'cancelled'", Org: "a.community_id",
}

var attendanceRows = fact.Rows{
	Subject: fact.Attendance, From: "attendance t LEFT JOIN member tm ON tm.tenant_id = t.tenant_id AND tm.id = t.member_id AND t.member_id <> 0", ID: "t.id",
	Owner: authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.community_id", "t.credit_id", "t.unit_id"}, Person: "t.person_id"},
	See:   []authz.Permission{PermSee, PermHold, PermSeeOwn}, Edit: []authz.Permission{PermHold},
	Name: attendanceName, Here: "t.state <> 'void'", Org: "t.community_id", Person: "t.person_id", AsOf: "t.at",
}

const attendanceName = "coalesce(tm.name, t.guest_name)"

var stateTexts = map[State]i18n.Text{Draft: i18n.ActivityDraft, Published: i18n.ActivityPublished, Held: i18n.ActivityHeld, Closed: i18n.ActivityClosed,
	Cancelled: i18n.ActivityCancelled}

func activityCol(factID string, t i18n.Term, ty fact.Type, expr, column string) fact.Column {
	return fact.Col("activity."+factID, t, ty, expr, "activity."+column).Openly()
}

func activityFacts() fact.Table {
	r := activityRows
	r.From += " LEFT JOIN activity_kind k ON k.tenant_id = a.tenant_id AND k.code = a.kind_code LEFT JOIN programme g ON g.tenant_id = a.tenant_id AND g.id = a.programme_id AND a.programme_id <> 0"
	c := activityCol
	states := fact.Listing(i18n.FactActivityState.Name, []State{Draft, Published, Held, Closed, Cancelled}, func(s State) i18n.Text { return stateTexts[s] })
	kind := fact.Col("activity.kind", i18n.FactActivityKind, fact.Text, "coalesce(k.name, '')", "activity_kind.name").Openly()
	return fact.Table{Rows: r, Columns: []fact.Column{
		c("title", i18n.FactActivityTitle, fact.Text, "a.title", "title"), kind, c("programme", i18n.FactActivityProgramme, fact.Text, "coalesce(g.name, '')", "programme_id"), c("body", i18n.FactActivityBody, fact.Text, "a.body", "body"),
		c("place", i18n.FactActivityPlace, fact.Text, "a.place", "place"), c("on_date", i18n.FactActivityDay, fact.Date, "a.starts_at", "starts_at").OnDay(),
		c("starts", i18n.FactActivityStart, fact.Text, "a.starts_at", "starts_at").By(fact.ClockOf), c("ends", i18n.FactActivityEnd, fact.Text, "a.ends_at", "ends_at").By(fact.ClockOf),
		c("planned_hours", i18n.FactActivityMinutes, fact.Number, "(a.ends_at - a.starts_at) / 60000000", "ends_at").By(fact.HoursOf).In(i18n.FactHours),
		c("capacity", i18n.FactActivityCapacity, fact.Number, "a.capacity", "capacity").In(i18n.FactPeople),
		c("enrolled", i18n.FactActivityEnrolled, fact.Number, "a.enrolled", "enrolled").In(i18n.FactPeople).ZeroToo(),
		c("state", i18n.FactActivityState, fact.Choice, "a.state", "state").Of(states), c("reason", i18n.FactActivityReason, fact.Text, "a.reason", "reason"),
		c("gives_hours", i18n.FactActivityHours, fact.YesNo, "a.gives_hours", "gives_hours"), c("deed_title", i18n.FactActivityDeed, fact.Text, "a.deed_title", "deed_title"),
		c("closed_on", i18n.FactActivityClosed, fact.Date, "a.closed_at", "closed_at").OnDay(),
	}}
}

// attendedFacts count who signed in. Presence is entered here and nowhere else, so nobody is nobody once it has begun.
func attendedFacts() fact.Table {
	r := activityRows
	r.From += " LEFT JOIN attendance t ON t.tenant_id = a.tenant_id AND t.activity_id = a.id AND t.state <> 'void'"
	held := func(expr string) string { return "CASE WHEN max(a.starts_at) > {now} THEN NULL ELSE " + expr + " END" }
	c := activityCol
	hours := fact.Col("activity.hours", i18n.FactActivitySum, fact.Number, held("coalesce(sum(t.minutes), 0)")).Openly().In(i18n.FactHours).By(fact.HoursOf).ZeroToo()
	guests := fact.Col("activity.guests", i18n.FactActivityGuests, fact.Number, held("coalesce(sum(CASE WHEN t.id IS NOT NULL AND t.member_id = 0 THEN 1 ELSE 0 END), 0)")).Openly().In(i18n.FactPeople).ZeroToo()
	attended := c("attended", i18n.FactActivityAttended, fact.Number, held("count(t.id)"), "id").In(i18n.FactPeople).ZeroToo()
	attended.Columns = nil
	return fact.Table{Rows: r, Group: true, Columns: []fact.Column{attended, hours, guests}}
}

func attendanceFacts() fact.Table {
	c := func(factID string, t i18n.Term, ty fact.Type, expr, column string) fact.Column {
		return fact.Col("attendance."+factID, t, ty, expr, "attendance."+column).For("activity")
	}
	proofs := fact.Listing(i18n.FactAttendanceProof.Name, []ledger.Proof{ledger.Timed, ledger.Countersigned, ledger.Vouched}, ledger.Proof.Label)
	states := map[Presence]i18n.Text{In: i18n.ActivityPresent, Out: i18n.FactSignedOut, Void: i18n.FactVoid}
	return fact.Table{Rows: attendanceRows, Columns: []fact.Column{
		c("name", i18n.FactAttendanceName, fact.Text, attendanceName, "guest_name"), c("on_date", i18n.FactAttendanceDay, fact.Date, "t.in_at", "in_at").OnDay(),
		c("in", i18n.FactAttendanceIn, fact.Text, "t.in_at", "in_at").By(fact.ClockOf), c("out", i18n.FactAttendanceOut, fact.Text, "t.out_at", "out_at").By(fact.ClockOf),
		c("hours", i18n.FactAttendanceHours, fact.Number, "t.minutes", "minutes").By(fact.HoursOf).In(i18n.FactHours),
		c("minutes", i18n.FactAttendanceMinutes, fact.Number, "t.minutes", "minutes").In(i18n.FactMinutes),
		c("proof", i18n.FactAttendanceProof, fact.Choice, "t.proof", "proof").Of(proofs),
		c("state", i18n.FactAttendanceState, fact.Choice, "t.state", "state").Of(fact.Listing(i18n.FactAttendanceState.Name, []Presence{In, Out, Void}, func(p Presence) i18n.Text { return states[p] })),
		c("helped", i18n.FactAttendanceHelped, fact.Text, "t.helped_name", "helped_name"), c("guest_phone", i18n.FactAttendancePhone, fact.Text, "t.guest_phone_mask", "guest_phone_mask"),
		c("reason", i18n.FactAttendanceReason, fact.Text, "t.reason", "reason"), c("long_day", i18n.FactAttendanceLong, fact.YesNo, "t.long_day", "long_day"),
	}}
}

// memberFacts count at how many activities a member was. The community, the unit and the member themselves know of all of them.
func memberFacts() fact.Table {
	return fact.Table{Group: true, Rows: fact.Rows{ID: "m.id", See: []authz.Permission{PermSee, PermSeeOwn},
		Owner: authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.community_id", "m.unit_id"}, Person: "m.person_id"},
		From:  `member m LEFT JOIN attendance t ON t.tenant_id = m.tenant_id AND t.member_id = m.id AND t.member_id <> 0 AND t.state <> 'void' AND t.in_at < {now}`},
		Columns: []fact.Column{
			fact.Col("member.activities_year", i18n.FactMemberActivities, fact.Number, "count(DISTINCT CASE WHEN t.in_at >= {year_at} THEN t.activity_id END)").For("party").In(i18n.FactTimes).ZeroToo(),
			fact.Col("member.attended_on", i18n.FactMemberAttendedOn, fact.Date, "coalesce(max(t.in_at), 0)").For("party").OnDay(),
		}}
}

// communityFacts count the activities of a community in the year.
func communityFacts() fact.Table {
	return fact.Table{Group: true, Rows: fact.Rows{ID: "o.id", See: []authz.Permission{PermSee}, Owner: authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}},
		From: `organisation o LEFT JOIN activity a ON a.tenant_id = o.tenant_id AND a.community_id = o.id AND a.state IN ('held', 'closed')
			AND a.starts_at >= {year_at} AND a.starts_at < {now}`}, Where: "o.kind = 'community_party'",
		Columns: []fact.Column{fact.Col("organisation.activities_year", i18n.FactOrgActivities, fact.Number, "count(a.id)").Openly().In(i18n.FactTimes).ZeroToo()}}
}
