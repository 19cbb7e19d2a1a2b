package member

import (
	"strconv"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/fact"
	"linli/internal/i18n"
)

// partyPurpose is the purpose of the register under which facts about members are held.
const partyPurpose = "party"

// Facts is what this package knows, for the catalogue of facts.
func (s *Service) Facts() fact.Source {
	return fact.Source{
		Owner:   "member",
		Rows:    []fact.Rows{memberRows},
		Writers: []fact.Writer{s.writer()},
		Tables:  []fact.Table{memberFacts(), registrationFacts(), contactFacts(), contactCount(), promiseFacts(), absenceFacts(), floatingFacts(), homeCounts(), unitCounts(), hereCounts()},
		Derived: derivedFacts(),
		Links: []fact.Link{
			{Name: "person", From: fact.Member, To: fact.Person, Term: i18n.FactLinkPerson, Plain: true, Column: "m.person_id"},
			{Name: "member", From: fact.Person, To: fact.Member, Term: i18n.FactLinkMember, Plain: true, Back: "m.person_id"},
			{Name: "unit", From: fact.Member, To: fact.Organisation, Term: i18n.FactLinkUnit, Column: "m.unit_id",
				Labels: map[string]i18n.Term{"organisation.name": i18n.FactLinkUnitName}},
			{Name: "home", From: fact.Member, To: fact.Organisation, Term: i18n.FactLinkHome, Column: "m.home_id",
				Labels: map[string]i18n.Term{"organisation.name": i18n.FactLinkHomeName}},
			{Name: "registered", From: fact.Member, To: fact.Organisation, Term: i18n.FactLinkRegistered, Column: "m.community_id",
				Labels: map[string]i18n.Term{"organisation.label": i18n.FactLinkRegisteredName}},
			{Name: "service_grid", From: fact.Member, To: fact.Grid, Term: i18n.FactLinkServiceGrid, Column: "m.grid_id",
				Labels: map[string]i18n.Term{"grid.name": i18n.FactLinkServiceGridName}},
		},
		Parts: []fact.Part{{Name: "members", From: fact.Organisation, To: fact.Member, Term: i18n.FactPartMembers, Read: readMembers}},
		Internal: map[string]string{
			"member.person_id": "read over the link to the person", "member.name_key": "a key for searching", "member.home_id": "read over the link to the branch",
			"member.unit_id": "read over the link to the unit", "member.community_id": "read over the link to the community of registration",
			"member.grid_id": "read over the link to the grid", "member.import_id": "which import brought the row", "member.anonymised_on": "whoever was made anonymous answers no form",
			"registration.member_id": "the row itself", "registration.person_id": "read over the link to the person", "registration.unit_id": "the member's unit is a link",
			"registration.community_id": "the member's community is a link", "registration.reason": "between unit and community; read on the registration's page",
			"registration.skills": "copied to the member when it is accepted", "registration.proposed_by": "who did it is in the record of acts",
			"registration.decided_by": "who did it is in the record of acts", "registration.ended_on": "the member's community says whether it stands",
			"contact.member_id": "the row itself", "contact.person_id": "the row itself", "contact.community_id": "where it was noted", "contact.unit_id": "where it was noted",
			"contact.with_id": "who talked with whom is for the branch alone", "contact.reason": "a confidence between people; it answers no form",
			"contact.note": "a confidence between people; it answers no form", "contact.account_id": "who did it is in the record of acts", "contact.at": "the day of the contact is the fact",
			"promise.member_id": "the row itself", "promise.person_id": "the row itself", "promise.community_id": "where it was noted", "promise.unit_id": "where it was noted",
			"promise.made_at": "the text and its day due are the facts", "promise.closed_at": "the state is the fact",
			"absence_reason.member_id": "the row itself", "absence_reason.person_id": "the row itself", "absence_reason.community_id": "where it was noted",
			"absence_reason.unit_id": "where it was noted", "absence_reason.note": "a confidence between people; it answers no form",
			"absence_reason.valid_from": "decides which reason holds", "absence_reason.valid_to": "decides which reason holds", "absence_reason.account_id": "who did it is in the record of acts",
			"absence_reason.at":       "who did it is in the record of acts",
			"floating_move.member_id": "the row itself", "floating_move.person_id": "the row itself", "floating_move.community_id": "where it was noted",
			"floating_move.unit_id": "where it was noted", "floating_move.back_on": "decides which move is open", "floating_move.account_id": "who did it is in the record of acts",
			"floating_move.at": "who did it is in the record of acts",
		},
	}
}

var memberRows = fact.Rows{
	Subject: fact.Member, From: "member m", ID: "m.id", Owner: owners("m"), See: []authz.Permission{PermSee, PermSeeOwn}, Edit: []authz.Permission{PermEdit},
	Name: "m.name", Here: "m.ended_on = ''", Org: "m.community_id", Person: "m.person_id", AsOf: "m.updated_at",
}

func col(table, factID string, t i18n.Term, ty fact.Type, expr, column string) fact.Column {
	return fact.Col("member."+factID, t, ty, expr, table+"."+column).For(partyPurpose)
}

func memberFacts() fact.Table {
	c := func(factID string, t i18n.Term, ty fact.Type) fact.Column {
		return col("member", factID, t, ty, "m."+factID, factID)
	}
	registered := fact.Col("member.registered", i18n.FactMemberRegistered, fact.YesNo, "CASE WHEN m.community_id <> 0 THEN '1' ELSE '0' END").For(partyPurpose)
	return fact.Table{Rows: memberRows, Columns: []fact.Column{
		c("name", i18n.FactMemberName, fact.Text),
		c("kind", i18n.FactMemberKind, fact.Choice).Of(fact.Listing(i18n.FactMemberKind.Name, Kinds(), Kind.Text)),
		c("standing", i18n.FactMemberStanding, fact.Choice).Of(fact.Listing(i18n.FactMemberStanding.Name, Standings(), Standing.Text)),
		c("joined_on", i18n.FactMemberJoined, fact.Date), c("full_on", i18n.FactMemberFullOn, fact.Date), c("skills", i18n.FactMemberSkills, fact.Text),
		c("plaque_no", i18n.FactMemberPlaque, fact.Text), c("plaque_shown", i18n.FactMemberPlaqueShown, fact.YesNo), c("plaque_motto", i18n.FactMemberMotto, fact.Text),
		c("since", i18n.FactMemberSince, fact.Date), c("ended_on", i18n.FactMemberEnded, fact.Date), c("end_reason", i18n.FactMemberEndReason, fact.Text), registered,
	}}
}

// latest are members with the latest row of a table that belongs to them.
func latest(table, condition string) fact.Rows {
	r := memberRows
	r.AsOf = ""
	r.From = "member m JOIN " + table + " x ON x.tenant_id = m.tenant_id AND x.id = (SELECT max(y.id) FROM " + table +
		" y WHERE y.tenant_id = m.tenant_id AND y.member_id = m.id" + condition + ")"
	return r
}

func registrationFacts() fact.Table {
	c := func(factID string, t i18n.Term, ty fact.Type, column string) fact.Column {
		return col("registration", factID, t, ty, "x."+column, column)
	}
	return fact.Table{Rows: latest("registration", ""), Columns: []fact.Column{
		c("registration_state", i18n.FactMemberRegState, fact.Choice, "state").Of(fact.Listing(i18n.FactMemberRegState.Name,
			[]State{Proposed, Accepted, Returned, Withdrawn, Ended}, State.Text)),
		c("registration_started_by", i18n.FactMemberRegStarted, fact.Choice, "started_by").Of(fact.Listing(i18n.FactMemberRegStarted.Name,
			[]Starter{ByUnit, ByMember, ByCommunity}, Starter.Text)),
		c("registration_proposed_on", i18n.FactMemberRegAsked, fact.Date, "proposed_at").OnDay(),
		c("registration_decided_on", i18n.FactMemberRegDecided, fact.Date, "decided_at").OnDay(),
	}}
}

func contactFacts() fact.Table {
	c := func(factID string, t i18n.Term, ty fact.Type, column string) fact.Column {
		return col("contact", factID, t, ty, "x."+column, column)
	}
	return fact.Table{Rows: latest("contact", ""), Columns: []fact.Column{
		c("contact_on", i18n.FactMemberContactOn, fact.Date, "on_date"),
		c("contact_kind", i18n.FactMemberContactKind, fact.Choice, "kind").Of(fact.Listing(i18n.FactMemberContactKind.Name,
			[]ContactKind{Visit, Call, Talk, Message, Meeting}, ContactKind.Text)),
		c("contact_next_on", i18n.FactMemberContactNext, fact.Date, "follow_up_on"),
	}}
}

func contactCount() fact.Table {
	r := memberRows
	r.AsOf, r.From = "", "member m LEFT JOIN contact x ON x.tenant_id = m.tenant_id AND x.member_id = m.id AND x.on_date <= {day}"
	return fact.Table{Rows: r, Group: true, Columns: []fact.Column{
		col("contact", "contacts", i18n.FactMemberContacts, fact.Number, "count(x.id)", "id").In(i18n.FactTimes).ZeroToo()}}
}

func promiseFacts() fact.Table {
	c := func(factID string, t i18n.Term, ty fact.Type, column string) fact.Column {
		return col("promise", factID, t, ty, "x."+column, column)
	}
	return fact.Table{Rows: latest("promise", ""), Columns: []fact.Column{
		c("promise", i18n.FactMemberPromise, fact.Text, "body"), c("promise_due_on", i18n.FactMemberPromiseDue, fact.Date, "due_on"),
		c("promise_state", i18n.FactMemberPromiseState, fact.Choice, "state").Of(fact.Listing(i18n.FactMemberPromiseState.Name,
			[]PromiseState{Open, Kept, NotKept}, PromiseState.Text)),
		c("promise_result", i18n.FactMemberPromiseResult, fact.Text, "result"),
	}}
}

func absenceFacts() fact.Table {
	all := []Absence{Trouble, Pride, Distance, NoMechanism, NoTime, Health, NotAsked, OtherReason}
	return fact.Table{Rows: latest("absence_reason", " AND y.valid_to = ''"), Columns: []fact.Column{
		col("absence_reason", "absence", i18n.FactMemberAbsence, fact.Choice, "x.reason", "reason").Of(fact.Listing(i18n.FactMemberAbsence.Name, all, Absence.Text))}}
}

func floatingFacts() fact.Table {
	c := func(factID string, t i18n.Term, ty fact.Type, column string) fact.Column {
		return col("floating_move", factID, t, ty, "x."+column, column)
	}
	return fact.Table{Rows: latest("floating_move", " AND y.back_on = ''"), Columns: []fact.Column{
		c("floating", i18n.FactMemberFloating, fact.Choice, "direction").Of(fact.Listing(i18n.FactMemberFloating.Name, []Direction{Out, In}, Direction.Text)),
		c("floating_place", i18n.FactMemberFloatPlace, fact.Text, "place"), c("floating_branch", i18n.FactMemberFloatBranch, fact.Text, "other_branch"),
		c("floating_from", i18n.FactMemberFloatFrom, fact.Date, "from_on"), c("floating_contact_on", i18n.FactMemberFloatContact, fact.Date, "last_contact"),
	}}
}

func orgCount(factID string, t i18n.Term, condition string) fact.Column {
	expr := "count(*)"
	if condition != "" {
		expr = "sum(CASE WHEN " + condition + " THEN 1 ELSE 0 END)"
	}
	return fact.Col("organisation."+factID, t, fact.Number, expr).Openly().In(i18n.FactPeople).ZeroToo()
}

// homeCounts count the members whose formal relation lies with an organisation or one below it. Whoever sees an organisation's members
// sees those below it too. Nobody recorded is not nobody.
func homeCounts() fact.Table {
	return fact.Table{Group: true, Rows: fact.Rows{ID: "o.id", See: []authz.Permission{PermSee}, Owner: authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}},
		From: `organisation o JOIN organisation h ON h.tenant_id = o.tenant_id AND h.path >= o.path AND h.path < o.path || '~'
			JOIN member m ON m.tenant_id = h.tenant_id AND m.home_id = h.id AND m.ended_on = ''`},
		Columns: []fact.Column{orgCount("members", i18n.FactOrgMembersHome, ""), orgCount("members_full", i18n.FactOrgMembersFull, "m.standing = 'full'"),
			orgCount("members_probationary", i18n.FactOrgMembersProb, "m.standing = 'probationary'")}}
}

func memberCounts(column string) fact.Rows {
	return fact.Rows{From: "member m", ID: column, See: []authz.Permission{PermSee}, Owner: authz.Columns{Tenant: "m.tenant_id", Orgs: []string{column}}}
}

func unitCounts() fact.Table {
	return fact.Table{Group: true, Rows: memberCounts("m.unit_id"), Where: "m.unit_id <> 0 AND m.ended_on = ''", Columns: []fact.Column{
		orgCount("members_employed", i18n.FactOrgMembersUnit, ""), orgCount("members_employed_registered", i18n.FactOrgMembersUnitReg, "m.community_id <> 0")}}
}

func hereCounts() fact.Table {
	return fact.Table{Group: true, Rows: memberCounts("m.community_id"), Where: "m.community_id <> 0 AND m.ended_on = ''", Columns: []fact.Column{
		orgCount("members_here", i18n.FactOrgMembersHere, ""), orgCount("members_here_in_service", i18n.FactOrgMembersHereInService, "m.kind = 'in_service'")}}
}

// months is the number of full months from a day to another; 0 if it is later.
func months(from, to calendar.Date) int {
	n := (to.Year()-from.Year())*12 + int(to.Month()) - int(from.Month())
	if from.AddMonths(n).After(to) {
		n--
	}
	return max(n, 0)
}

// derivedFacts: Party age counts from the day of becoming a full member (DEV-3); without that day it is unknown.
func derivedFacts() []fact.Derived {
	f := func(factID string, t i18n.Term, ty fact.Type, unit i18n.Text) fact.Fact {
		return fact.Fact{ID: factID, Term: t, Type: ty, Unit: unit, Purpose: partyPurpose}
	}
	since := func(work func(from, day calendar.Date) string) func(calendar.Date, []fact.Value) fact.Value {
		return func(day calendar.Date, in []fact.Value) fact.Value {
			from := in[0].Day()
			if from.IsZero() || from.After(day) {
				return fact.Value{}
			}
			return fact.Is(work(from, day), in[0].AsOf)
		}
	}
	is := func(codes ...string) func(calendar.Date, []fact.Value) fact.Value {
		return func(_ calendar.Date, in []fact.Value) fact.Value {
			if !in[0].Known {
				return fact.Value{}
			}
			for _, c := range codes {
				if in[0].Text == c {
					return fact.Whether(true, in[0].AsOf)
				}
			}
			return fact.Whether(false, in[0].AsOf)
		}
	}
	full := []fact.Ref{"member.full_on"}
	none := i18n.Text{}
	return []fact.Derived{
		fact.Work(f("member.party_age", i18n.FactMemberAge, fact.Number, i18n.FactYearsLong), full,
			since(func(from, day calendar.Date) string { return strconv.Itoa(from.YearsUntil(day)) })),
		fact.Work(f("member.party_age_months", i18n.FactMemberAgeMonths, fact.Number, i18n.FactMonths), full,
			since(func(from, day calendar.Date) string { return strconv.Itoa(months(from, day)) })),
		fact.Work(f("member.party_age50", i18n.FactMember50, fact.YesNo, none), full,
			since(func(from, day calendar.Date) string {
				return map[bool]string{true: fact.Yes, false: fact.No}[from.YearsUntil(day) >= 50]
			})),
		fact.Work(f("member.is_full", i18n.FactMemberFull, fact.YesNo, none), []fact.Ref{"member.standing"}, is(string(Full))),
		fact.Work(f("member.is_probationary", i18n.FactMemberProbation, fact.YesNo, none), []fact.Ref{"member.standing"}, is(string(Probationary))),
		fact.Work(f("member.is_in_service", i18n.FactMemberInService, fact.YesNo, none), []fact.Ref{"member.kind"}, is(string(InService))),
		fact.Work(f("member.is_floating", i18n.FactMemberIsFloating, fact.YesNo, none), []fact.Ref{"member.kind", "member.floating"},
			func(_ calendar.Date, in []fact.Value) fact.Value {
				if in[1].Known {
					return fact.Whether(true, in[1].AsOf)
				}
				return is(string(Floating))(calendar.Date{}, in)
			}),
		fact.Work(f("person.is_party", i18n.FactPersonIsParty, fact.YesNo, none), []fact.Ref{"member/member.standing", "person.political"},
			func(_ calendar.Date, in []fact.Value) fact.Value {
				if in[0].Known { // on the register of members
					return fact.Whether(true, in[0].AsOf)
				}
				return is("01", "02")(calendar.Date{}, in[1:])
			}),
		fact.Work(f("person.on_member_register", i18n.FactPersonIsMember, fact.YesNo, none), []fact.Ref{"member/member.standing"},
			func(_ calendar.Date, in []fact.Value) fact.Value {
				if in[0].Known {
					return fact.Whether(true, in[0].AsOf)
				}
				return fact.Value{}
			}),
	}
}
