package member

import (
	"strings"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/tabular"
)

// Permissions on members. Those that end in .own reach the actor's own record only.
const (
	PermSee         authz.Permission = "member.see"
	PermSeeOwn      authz.Permission = "member.see.own"
	PermEdit        authz.Permission = "member.edit"
	PermImport      authz.Permission = "member.import"
	PermRegister    authz.Permission = "registration.start"
	PermRegisterOwn authz.Permission = "registration.start.own"
	PermAccept      authz.Permission = "registration.accept"
	PermContact     authz.Permission = "contact.edit"
	PermTalk        authz.Permission = "contact.talk" // record talks between members (PARTY-27)
	PermPromiseOwn  authz.Permission = "promise.make.own"
	PermPlaqueOwn   authz.Permission = "plaque.edit.own"
	PermCertificate authz.Permission = "certificate.issue"
)

// ContactDays is after how many days without contact a floating member who is away is listed (MOB-5, MOB-6).
var ContactDays = policy.Value{Name: "member.contact_days", Title: i18n.MemberPolicyContact, Unit: i18n.MemberPolicyDays,
	Default: 90, Min: 7, Max: 180, Source: "MOB-5, MOB-6"}

// Kind is one of the three kinds of member (MEM-1).
type Kind string

// The kinds.
const (
	OfCommunity Kind = "community"
	InService   Kind = "in_service"
	Floating    Kind = "floating"
)

// Kinds lists the kinds in the order of MEM-1.
func Kinds() []Kind { return []Kind{OfCommunity, InService, Floating} }

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{OfCommunity: i18n.MemberKindCommunity, InService: i18n.MemberKindInService, Floating: i18n.MemberKindFloating}[k]
}

// Valid says whether k is one of the kinds.
func (k Kind) Valid() bool { return !k.Text().IsZero() }

// Standing is a full or a probationary membership.
type Standing string

// The standings.
const (
	Full         Standing = "full"
	Probationary Standing = "probationary"
)

// Standings lists the standings.
func Standings() []Standing { return []Standing{Full, Probationary} }

// Text names the standing.
func (s Standing) Text() i18n.Text {
	return map[Standing]i18n.Text{Full: i18n.MemberFull, Probationary: i18n.MemberProbationary}[s]
}

// Member is one record of the register.
type Member struct {
	ID          id.ID
	PersonID    id.ID
	Kind        Kind
	Name        string
	HomeID      id.ID // branch of the formal relation, 0 while nobody's
	UnitID      id.ID
	CommunityID id.ID // where the member is registered, 0 for nowhere yet
	GridID      id.ID
	Standing    Standing
	JoinedOn    calendar.Date
	FullOn      calendar.Date
	Skills      string
	PlaqueNo    string
	PlaqueShown bool
	PlaqueMotto string
	Since       calendar.Date // registered in the community since
	EndedOn     calendar.Date
	EndReason   string
	Version     int64
}

// Living says whether the record is in force.
func (m Member) Living() bool { return m.EndedOn.IsZero() }

// Fields are what is said about a member in a form or a list.
type Fields struct {
	Kind     Kind
	HomeID   id.ID
	UnitID   id.ID
	Standing Standing // full if empty
	JoinedOn calendar.Date
	FullOn   calendar.Date
	Skills   string
}

// maxSkills is the longest text of skills.
const maxSkills = 200

// check says what is wrong with the fields, and fills the standing in.
func (f *Fields) check(today calendar.Date) *errs.Error {
	var e *errs.Error
	if !f.Kind.Valid() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	if f.Standing == "" {
		f.Standing = Full
		if f.FullOn.IsZero() && !f.JoinedOn.IsZero() && f.JoinedOn.AddYears(1).After(today) {
			f.Standing = Probationary
		}
	}
	if f.Standing.Text().IsZero() {
		e = e.With("standing", i18n.ErrBadChoice)
	}
	if f.Kind == InService && f.UnitID == 0 {
		e = e.With("unit_id", i18n.MemberUnitNeeded)
	}
	f.Skills = clean(f.Skills)
	e = limit(e, "skills", f.Skills, maxSkills)
	return f.checkDays(e, today)
}

func (f *Fields) checkDays(e *errs.Error, today calendar.Date) *errs.Error {
	if f.JoinedOn.After(today) {
		e = e.With("joined_on", i18n.MemberDateFuture)
	}
	switch {
	case f.FullOn.After(today):
		e = e.With("full_on", i18n.MemberDateFuture)
	case !f.FullOn.IsZero() && f.FullOn.Before(f.JoinedOn):
		e = e.With("full_on", i18n.MemberFullBeforeJoined)
	case !f.FullOn.IsZero() && f.Standing == Probationary:
		e = e.With("full_on", i18n.MemberFullProbationary)
	}
	return e
}

// clean makes blanks single.
func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// limit notes a text that is too long or a formula.
func limit(e *errs.Error, field, s string, most int) *errs.Error {
	if n := utf8.RuneCountInString(s); n > most {
		return e.With(field, i18n.ErrTooLong, most, n)
	}
	if message, advice, wrong := tabular.CheckText(s); wrong {
		return e.With(field, i18n.CodeProblem, message, advice)
	}
	return e
}

// need is limit for a text that must be there.
func need(e *errs.Error, field, s string, most int) *errs.Error {
	if s == "" {
		return e.With(field, i18n.ErrRequired)
	}
	return limit(e, field, s, most)
}

// cleanName makes the blanks of a name single, and takes them out of a Chinese one.
func cleanName(s string) string {
	s = clean(s)
	if strings.ContainsFunc(s, func(r rune) bool { return r >= 0x2e80 }) {
		s = strings.ReplaceAll(s, " ", "")
	}
	return s
}
