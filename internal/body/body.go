package body

import (
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// The permissions of this package.
const (
	PermSee  authz.Permission = "body.see"
	PermKeep authz.Permission = "body.keep"
)

// Kind says what a body is.
type Kind string

// The kinds of body (ORG-3).
const (
	Conference   Kind = "joint_conference"
	Guidance     Kind = "guidance_committee"
	Coordination Kind = "coordination_committee"
	JointParty   Kind = "joint_party_committee"
	Congress     Kind = "residents_congress"
	Deliberation Kind = "deliberation_council"
	Other        Kind = "other"
)

// Role is what a representative is in a body.
type Role string

// The roles.
const (
	Chair    Role = "chair" // convenes a conference; the secretary of a joint Party committee
	Deputy   Role = "deputy"
	Ordinary Role = "member"
)

// numbers say how a kind of body should be made up; zero says nothing.
type numbers struct {
	text                                    i18n.Text
	leastSeats, mostSeats, chairs, deputies int
	chairWord, deputyWord                   i18n.Text
	leastOrganisations                      int
}

var made = map[Kind]numbers{
	Conference:   {text: i18n.BodyConference, leastOrganisations: 2, chairs: 1, chairWord: i18n.BodyChair, deputyWord: i18n.BodyDeputyChair},
	Guidance:     {text: i18n.BodyGuidance, leastOrganisations: 2, chairs: 1, chairWord: i18n.BodyDirector, deputyWord: i18n.BodyDeputyDirector},
	Coordination: {text: i18n.BodyCoordination, leastOrganisations: 2, chairs: 1, chairWord: i18n.BodyDirector, deputyWord: i18n.BodyDeputyDirector},
	JointParty:   {text: i18n.BodyJointParty, leastSeats: 15, mostSeats: 17, chairs: 1, deputies: 5, chairWord: i18n.BodySecretary, deputyWord: i18n.BodyDeputySecretary},
	Congress:     {text: i18n.BodyCongress, chairs: 1, chairWord: i18n.BodyChair, deputyWord: i18n.BodyDeputyChair},
	Deliberation: {text: i18n.BodyDeliberation, chairs: 1, chairWord: i18n.BodyDirector, deputyWord: i18n.BodyDeputyDirector},
	Other:        {text: i18n.BodyOther, chairWord: i18n.BodyChair, deputyWord: i18n.BodyDeputyChair},
}

// Kinds lists the kinds.
func Kinds() []Kind {
	return []Kind{Conference, Guidance, Coordination, JointParty, Congress, Deliberation, Other}
}

// Text names the kind.
func (k Kind) Text() i18n.Text { return made[k].text }

// Valid says whether k is one of the kinds.
func (k Kind) Valid() bool { _, ok := made[k]; return ok }

// Roles lists the roles.
func Roles() []Role { return []Role{Chair, Deputy, Ordinary} }

// Text names a role in a kind of body.
func (k Kind) Role(r Role) i18n.Text {
	switch r {
	case Chair:
		return made[k].chairWord
	case Deputy:
		return made[k].deputyWord
	case Ordinary:
		return i18n.BodyMember
	}
	return i18n.Verbatim(string(r))
}

// Body is a joint body as it is today.
type Body struct {
	ID        id.ID
	Kind      Kind
	Name      string
	LeaderID  id.ID
	Leader    string
	FoundedOn calendar.Date
	TermTo    calendar.Date
	Document  string
	EndedOn   calendar.Date
	Reason    string
	Seats     int64 // that are held today
	Version   int64
	key       string
}

// Living says whether the body exists.
func (b Body) Living() bool { return b.EndedOn.IsZero() }

// Seat is an organisation's place in a body.
type Seat struct {
	ID             id.ID
	OrganisationID id.ID
	Organisation   string
	MemberID       id.ID // of the register, 0 where only a name is known
	Name           string
	Title          string // post at home
	Role           Role
	From, To       calendar.Date
	Reason         string // why it ended
}

// Rules are an edition of the rules of procedure.
type Rules struct {
	ID      id.ID
	Edition int64
	Title   string
	Text    string
	By      string
	At      time.Time
	Files   []attach.File
}

// Reader is who has read an edition, for an organisation.
type Reader struct {
	OrganisationID id.ID
	Organisation   string
	By             string
	At             time.Time // zero: nobody yet
}

// Check says in which way a body is not made up as its kind should be, or that its term is over. Nothing is refused for it.
func Check(b Body, seats []Seat, today calendar.Date) []errs.Message {
	var out []errs.Message
	warn := func(t i18n.Text, args ...any) { out = append(out, errs.Message{Text: t, Args: args}) }
	n := made[b.Kind]
	count := map[Role]int{}
	organisations := map[id.ID]bool{}
	held := 0
	for _, s := range seats {
		if s.To.IsZero() {
			held++
			count[s.Role]++
			organisations[s.OrganisationID] = true
		}
	}
	if !b.Living() {
		return nil
	}
	if n.leastSeats > 0 && (held < n.leastSeats || held > n.mostSeats) {
		warn(i18n.BodyWarnSeats, n.leastSeats, n.mostSeats, held)
	}
	if n.chairs > 0 && count[Chair] != n.chairs {
		warn(i18n.BodyWarnRole, n.chairWord, n.chairs, count[Chair])
	}
	if n.deputies > 0 && count[Deputy] != n.deputies {
		warn(i18n.BodyWarnRole, n.deputyWord, n.deputies, count[Deputy])
	}
	if len(organisations) < n.leastOrganisations {
		warn(i18n.BodyWarnOrganisations, n.leastOrganisations, len(organisations))
	}
	if !b.TermTo.IsZero() {
		switch {
		case b.TermTo.Before(today):
			warn(i18n.BodyWarnTermOver, b.TermTo.String())
		case !b.TermTo.AddMonths(-6).After(today): // PARTY-15
			warn(i18n.BodyWarnTermEnds, b.TermTo.String())
		}
	}
	return out
}

// NewBody is what is said when a body is set up; Version is that of the record on a change.
type NewBody struct {
	Kind      Kind
	Name      string
	LeaderID  id.ID
	FoundedOn calendar.Date
	TermTo    calendar.Date
	Document  string
	Version   int64
}

func words(e *errs.Error, field string, s *string, limit int, need bool) *errs.Error {
	*s = strings.Join(strings.Fields(*s), " ")
	switch n := utf8.RuneCountInString(*s); {
	case n == 0 && need:
		e = e.With(field, i18n.ErrRequired)
	case n > limit:
		e = e.With(field, i18n.ErrTooLong, limit, n)
	}
	return e
}

func (n *NewBody) check(today calendar.Date) error {
	var e *errs.Error
	if !n.Kind.Valid() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	e = words(e, "name", &n.Name, 60, true)
	e = words(e, "document", &n.Document, 120, false)
	switch {
	case n.FoundedOn.IsZero():
		e = e.With("founded_on", i18n.ErrRequired)
	case n.FoundedOn.After(today):
		e = e.With("founded_on", i18n.BodyFuture)
	}
	if !n.TermTo.IsZero() && !n.TermTo.After(n.FoundedOn) {
		e = e.With("term_to", i18n.ErrEndBeforeStart)
	}
	return e.OrNil()
}

// NewSeat gives an organisation a seat.
type NewSeat struct {
	OrganisationID id.ID
	MemberID       id.ID // a member of the register; Name is then theirs
	Name           string
	Title          string
	Role           Role
	From           calendar.Date
}

func (n *NewSeat) check(b Body, today calendar.Date) error {
	var e *errs.Error
	if n.OrganisationID == 0 {
		e = e.With("organisation", i18n.ErrRequired)
	}
	e = words(e, "name", &n.Name, 30, n.MemberID == 0)
	e = words(e, "title", &n.Title, 40, false)
	switch n.Role {
	case Chair, Deputy, Ordinary:
	default:
		e = e.With("role", i18n.ErrBadChoice)
	}
	if n.From.IsZero() {
		n.From = today
	}
	if n.From.Before(b.FoundedOn) {
		e = e.With("from", i18n.BodyBeforeFounded, b.FoundedOn.String())
	} else if n.From.After(today) {
		e = e.With("from", i18n.BodyFuture)
	}
	return e.OrNil()
}
