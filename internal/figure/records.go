package figure

import (
	"strings"

	"linli/internal/activity"
	"linli/internal/agreement"
	"linli/internal/code"
	"linli/internal/i18n"
	"linli/internal/ledger"
	"linli/internal/member"
	"linli/internal/organisation"
)

// sel writes the columns of a figure's records; what is left empty has a usual value.
type sel struct {
	place, rec, subject, amount, on, at, ord string
	dims                                     []Dim
	items                                    []string // expressions of the items, in the order of dims
}

// from completes the statement with its tables and conditions.
func (s sel) from(tables string) string {
	or := func(v, usual string) string {
		if v == "" {
			return usual
		}
		return v
	}
	var b strings.Builder
	b.WriteString("SELECT " + or(s.place, "CAST(0 AS BIGINT)") + " AS place_id, " + s.rec + " AS rec_id, " + or(s.subject, s.rec) + " AS subject_id, " +
		or(s.amount, "1") + " AS amount, " + or(s.on, "''") + " AS on_date, " + or(s.at, "0") + " AS at")
	if s.ord != "" {
		b.WriteString(", " + s.ord + " AS ord")
	}
	for i, d := range s.dims {
		b.WriteString(", " + s.items[i] + " AS d_" + d.Key)
	}
	b.WriteString(" FROM " + tables)
	return b.String()
}

// The breakdowns.
var (
	dimOrgBelow     = Dim{Key: "below", Name: i18n.FigureDimBelow, Label: orgKind}
	dimSector       = Dim{Key: "sector", Name: i18n.OrgSector}
	dimHasBranch    = Dim{Key: "covered", Name: i18n.FigureDimCovered, Label: yesNo}
	dimAct          = Dim{Key: "act", Name: i18n.FigureDimAct, Label: func(s string) i18n.Text { return organisation.ActKind(s).Text() }}
	dimMemberKind   = Dim{Key: "kind", Name: i18n.LedgerKind, Label: func(s string) i18n.Text { return member.Kind(s).Text() }}
	dimStanding     = Dim{Key: "standing", Name: i18n.FigureDimStanding, Label: func(s string) i18n.Text { return member.Standing(s).Text() }}
	dimSex          = Dim{Key: "sex", Name: i18n.CodeSexList, Label: code.Sexes.Label}
	dimAge          = Dim{Key: "age", Name: i18n.FigureDimAge, Label: ageBand}
	dimSchooling    = Dim{Key: "schooling", Name: i18n.CodeSchoolingList, Label: schoolingLevel}
	dimResidence    = Dim{Key: "residence", Name: i18n.CodeResidenceList, Label: code.ResidenceKinds.Label}
	dimCategory     = Dim{Key: "category", Name: i18n.CodeCategoryList, Label: code.ResidentCategories.Label}
	dimStarter      = Dim{Key: "starter", Name: i18n.FigureDimStarter, Label: pick("unit", i18n.FigureByUnit, "member", i18n.FigureByMember, "community", i18n.FigureByCommunity)}
	dimContact      = Dim{Key: "contact", Name: i18n.FigureDimContact, Label: func(s string) i18n.Text { return member.ContactKind(s).Text() }}
	dimReason       = Dim{Key: "reason", Name: i18n.FigureDimReason, Label: func(s string) i18n.Text { return member.Absence(s).Text() }}
	dimClaimed      = Dim{Key: "claimed", Name: i18n.FigureDimClaimed, Label: func(s string) i18n.Text { return agreement.Kind(s).Text() }}
	dimActivityKind = Dim{Key: "activity", Name: i18n.FigureDimActivity, Table: "activity_kind"}
	dimMeetingKind  = Dim{Key: "meeting", Name: i18n.FigureDimMeeting, Table: "meeting_kind"}
	dimProof        = Dim{Key: "proof", Name: i18n.LedgerProof, Label: func(s string) i18n.Text { return ledger.Proof(s).Label() }}
	dimEnrol        = Dim{Key: "enrolment", Name: i18n.FigureDimState, Label: func(s string) i18n.Text { return activity.EnrolState(s).Label() }}
	dimSlip         = Dim{Key: "slip", Name: i18n.FigureDimState, Label: pick("draft", i18n.FigureSlipDraft, "sent", i18n.FigureSlipSent, "answered", i18n.FigureSlipAnswered)}
	dimDecision     = Dim{Key: "decision", Name: i18n.FigureDimState, Label: pick("open", i18n.FigureOpen, "accepted", i18n.FigureAccepted, "answered", i18n.FigureAnswered, "declined", i18n.FigureDeclined)}
	dimStaffed      = Dim{Key: "staffed", Name: i18n.FigureDimStaffed, Label: yesNo}
	dimPurpose      = Dim{Key: "purpose", Name: i18n.FigureDimPurpose, Table: "purpose"}
	dimLook         = Dim{Key: "look", Name: i18n.FigureDimLook, Label: pick("resident.see", i18n.FigureLookSeen, "resident.reveal", i18n.FigureLookOpened)}
	dimForm         = Dim{Key: "form", Name: i18n.BurdenForm}
	dimOffice       = Dim{Key: "office", Name: i18n.RequestOffice}
	dimMonth        = Dim{Key: "month", Name: i18n.RequestMonthCol}
	dimGround       = Dim{Key: "ground", Name: i18n.FigureDimGround, Label: yesNo}
	dimImport       = Dim{Key: "import", Name: i18n.FigureDimImport, Label: pick("residents", i18n.FigureImportResidents, "members", i18n.FigureImportMembers, "units", i18n.FigureImportUnits, "divisions", i18n.FigureImportDivisions, "buildings", i18n.FigureImportBuildings, "twonew", i18n.FigureImportTwoNew)}
)

// pick names a few items.
func pick(pairs ...any) func(string) i18n.Text {
	m := map[string]i18n.Text{}
	for i := 0; i+1 < len(pairs); i += 2 {
		m[pairs[i].(string)] = pairs[i+1].(i18n.Text)
	}
	return func(s string) i18n.Text { return m[s] }
}

func orgKind(s string) i18n.Text { return organisation.Kind(s).Text() }

var yesNo = pick("yes", i18n.FigureYes, "no", i18n.FigureNo)

// ageBand names the ages from the one that an item gives.
var ageBand = pick("00", i18n.FigureAge0, "18", i18n.FigureAge18, "35", i18n.FigureAge35, "60", i18n.FigureAge60, "80", i18n.FigureAge80)

// schoolingLevel names the first digit of a code of schooling (CODE-33).
var schoolingLevel = pick("1", i18n.FigureSchool1, "2", i18n.FigureSchool2, "3", i18n.FigureSchool3, "4", i18n.FigureSchool4, "6", i18n.FigureSchool6,
	"7", i18n.FigureSchool7, "8", i18n.FigureSchool8, "9", i18n.FigureSchool9)

// ageItem is the band of a birthday; ageOf the age in full years.
func ageItem(born string) string {
	return "CASE WHEN " + born + " = '' THEN '' WHEN " + born + " > :y18 THEN '00' WHEN " + born + " > :y35 THEN '18' WHEN " + born +
		" > :y60 THEN '35' WHEN " + born + " > :y80 THEN '60' ELSE '80' END"
}

func ageOf(born string) string {
	return ":day_year - CAST(substr(" + born + ", 1, 4) AS BIGINT) - CASE WHEN substr(" + born + ", 6) > :md THEN 1 ELSE 0 END"
}

// Conditions that several figures share.
const (
	orgLiving    = "o.established_on <= :day AND (o.dissolved_on = '' OR o.dissolved_on > :day)"
	memberLiving = "m.joined_on <= :day AND (m.ended_on = '' OR m.ended_on > :day)"
	personLiving = "p.community_id <> 0 AND p.moved_in_on <= :day AND (p.moved_out_on = '' OR p.moved_out_on > :day) AND (p.died_on = '' OR p.died_on > :day)"
	memberPlace  = "CASE WHEN m.since <= :day THEN m.community_id ELSE 0 END"
)

// orgPlace is the place of organisation o with its superior p and the one above, g: itself, the community in which it or one of them lies.
const orgPlace = `CASE WHEN o.kind IN ('community_party', 'working_committee', 'district_committee') THEN o.id WHEN o.community_id <> 0 THEN o.community_id
	WHEN p.kind IN ('community_party', 'working_committee', 'district_committee') THEN p.id WHEN coalesce(p.community_id, 0) <> 0 THEN p.community_id
	WHEN g.kind IN ('community_party', 'working_committee', 'district_committee') THEN g.id WHEN coalesce(g.community_id, 0) <> 0 THEN g.community_id ELSE 0 END`

const orgTables = `organisation o LEFT JOIN organisation p ON p.tenant_id = o.tenant_id AND p.id = o.parent_id
	LEFT JOIN organisation g ON g.tenant_id = p.tenant_id AND g.id = p.parent_id`

// orgs are the organisations of a kind that exist on the day.
func orgs(kind string, dims []Dim, items ...string) string {
	return sel{place: orgPlace, rec: "o.id", on: "o.established_on", dims: dims, items: items}.
		from(orgTables + " WHERE o.tenant_id = :tenant AND o.kind = '" + kind + "' AND " + orgLiving)
}

// hasBranch says whether unit o has a branch or group of its own on the day.
const hasBranch = `EXISTS (SELECT 1 FROM organisation b WHERE b.tenant_id = o.tenant_id AND b.parent_id = o.id AND b.kind IN ('party_branch', 'party_group')
	AND b.established_on <= :day AND (b.dissolved_on = '' OR b.dissolved_on > :day))`

const memberTables = "member m JOIN person p ON p.tenant_id = m.tenant_id AND p.id = m.person_id WHERE m.tenant_id = :tenant AND "

var memberDims = []Dim{dimMemberKind, dimStanding, dimSex, dimAge, dimSchooling}

// members are the members in force on the day that fulfil a condition, counted or with another amount.
func members(condition, amount string, dims ...Dim) string {
	all := map[string]string{"kind": "m.kind", "standing": "m.standing", "sex": "p.sex", "age": ageItem("p.born_on"), "schooling": "substr(p.schooling, 1, 1)"}
	var items []string
	for _, d := range dims {
		items = append(items, all[d.Key])
	}
	if condition != "" {
		condition = " AND " + condition
	}
	return sel{place: memberPlace, rec: "m.id", amount: amount, on: "m.joined_on", dims: dims, items: items}.from(memberTables + memberLiving + condition)
}

// residents are the people who live here on the day and fulfil a condition.
func residents(condition string, dims ...Dim) string {
	all := map[string]string{"sex": "p.sex", "age": ageItem("p.born_on"), "residence": "p.residence"}
	var items []string
	for _, d := range dims {
		items = append(items, all[d.Key])
	}
	if condition != "" {
		condition = " AND " + condition
	}
	return sel{place: "p.community_id", rec: "p.id", on: "p.moved_in_on", dims: dims, items: items}.
		from("person p WHERE p.tenant_id = :tenant AND " + personLiving + condition)
}

// categorised are residents who belong to one of the categories on the day.
func categorised(codes string) string {
	return residents("p.id IN (SELECT c.person_id FROM person_category c WHERE c.tenant_id = :tenant AND c.category IN ("+codes+
		") AND c.valid_from <= :day AND (c.valid_to = '' OR c.valid_to > :day))", dimSex, dimAge)
}

// ofCommunity are rows of a table that name their community.
func ofCommunity(table, condition string, s sel) string {
	s.place = "t.community_id"
	if s.rec == "" {
		s.rec = "t.id"
	}
	return s.from(table + " t WHERE t.tenant_id = :tenant AND " + condition)
}

// within is the condition that an instant lies in the period; on that a day does.
func within(column string) string { return column + " >= :from_us AND " + column + " < :until_us" }
func on(column string) string     { return column + " >= :from AND " + column + " <= :to" }
