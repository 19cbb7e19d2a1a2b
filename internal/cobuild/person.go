package cobuild

import (
	"slices"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Names says whether an agreement of the kind names persons: who is contact, or holds a post on the other side.
func (k Kind) Names() bool { return k == Twin || k == ContactPoint || k == Double }

// NamedKinds lists the kinds of which an agreement names persons.
func NamedKinds() []Kind { return []Kind{ContactPoint, Double, Twin} }

// PersonEnding is why somebody holds a post no more.
type PersonEnding string

// Why a post ended.
const (
	Changed    PersonEnding = "changed" // somebody else does it
	MovedOn    PersonEnding = "moved"   // to another organisation or post
	Completed  PersonEnding = "done"
	NoMember   PersonEnding = "no_member" // the record of the member ended
	OtherCause PersonEnding = "other"
)

// PersonEndings lists those that people choose.
func PersonEndings() []PersonEnding { return []PersonEnding{Changed, MovedOn, Completed, OtherCause} }

// Text names the reason.
func (e PersonEnding) Text() i18n.Text {
	return map[PersonEnding]i18n.Text{Changed: i18n.CobuildEndChanged, MovedOn: i18n.CobuildEndMoved, Completed: i18n.CobuildEndDoneIt, NoMember: i18n.CobuildEndNoMember, OtherCause: i18n.CobuildEndOther}[e]
}

// PersonState is where a post stands on a day.
type PersonState string

// The states. None is stored.
const (
	PersonComing PersonState = "coming"
	Serving      PersonState = "serving"
	PersonOver   PersonState = "over" // its day or the agreement is over
	PersonEnded  PersonState = "ended"
	PersonLeft   PersonState = "left" // they do not belong to the side any more
)

// PersonStates lists the states by which lists are narrowed.
func PersonStates() []PersonState {
	return []PersonState{Serving, PersonLeft, PersonComing, PersonOver, PersonEnded}
}

// Text names the state.
func (s PersonState) Text() i18n.Text {
	return map[PersonState]i18n.Text{PersonComing: i18n.CobuildPersonComing, Serving: i18n.CobuildServing, PersonOver: i18n.CobuildPersonOver, PersonEnded: i18n.CobuildPersonEnded, PersonLeft: i18n.CobuildPersonLeft}[s]
}

// Person is somebody of one side of an agreement who is contact, or holds a post, on the other.
type Person struct {
	ID          id.ID
	AgreementID id.ID
	No          string
	Kind        Kind
	CommunityID id.ID
	OrgID       id.ID // whose person it is
	Org         string
	HostID      id.ID // where they serve
	Host        string
	Post        string
	MemberID    id.ID
	AccountID   id.ID
	Name        string // "" where it was typed and the reader acts for no party
	From        calendar.Date
	To          calendar.Date // zero: as long as the agreement
	EndedOn     calendar.Date // from this day on they serve no more
	Ending      PersonEnding
	EndWords    string // "" where the reader acts for no party
	Left        bool   // a member or account that does not belong to the side any more
	Version     int64
	Doings      []Doing // the latest of each kind
	counts      map[string]int
	personID    id.ID
	lastDay     calendar.Date // of the agreement
	path        string        // of the host
	edition     int64         // of the agreement
	open        bool          // the reader acts for a party
	hasName     []byte
	hasWords    []byte
}

// LastDay is the last day on which they serve; it is before From where they never began.
func (p Person) LastDay() calendar.Date {
	last := p.lastDay
	if !p.To.IsZero() && p.To.Before(last) {
		last = p.To
	}
	if before := p.EndedOn.AddDays(-1); !p.EndedOn.IsZero() && before.Before(last) {
		last = before
	}
	return last
}

// Standing is the state on a day.
func (p Person) Standing(today calendar.Date) PersonState {
	switch {
	case !p.EndedOn.IsZero() && (!today.Before(p.EndedOn) || !p.EndedOn.After(p.From)):
		return PersonEnded
	case today.After(p.LastDay()):
		return PersonOver
	case p.Left:
		return PersonLeft
	case today.Before(p.From):
		return PersonComing
	}
	return Serving
}

// Doing is something that was entered elsewhere and that they did where they serve, while they served.
type Doing struct {
	Kind  string // FromActivity, FromNeed or FromVisit
	ID    id.ID  // of the activity or the need; 0 of a visit, whose household is not named
	Title string
	On    calendar.Date
}

// Count is how many doings of a kind there are.
func (p Person) Count(kind string) int { return p.counts[kind] }

// did adds a doing; they come the latest of a kind first.
func (p *Person) did(d Doing) {
	if p.counts == nil {
		p.counts = map[string]int{}
	}
	if p.counts[d.Kind]++; p.counts[d.Kind] <= lastDoings {
		p.Doings = append(p.Doings, d)
	}
}

// NewPerson is what is said of somebody who is contact or holds a post: a member, an account, or a name.
type NewPerson struct {
	OrgID     id.ID // whose person it is
	HostID    id.ID // where they serve; 0 where the other side is one organisation
	MemberID  id.ID
	AccountID id.ID
	Name      string
	Post      string
	From      calendar.Date // today if zero, or the first day of the agreement
	To        calendar.Date
}

// check says what is wrong with it, for an agreement on a day.
func (n *NewPerson) check(a Agreement, today calendar.Date) *errs.Error {
	e := errs.Words(nil, "post", &n.Post, MaxName, true)
	e = errs.Words(e, "person", &n.Name, MaxName, n.MemberID == 0 && n.AccountID == 0)
	if n.MemberID != 0 || n.AccountID != 0 {
		n.Name = ""
	}
	if n.MemberID != 0 && n.AccountID != 0 {
		e = e.With("person", i18n.ErrBadChoice)
	}
	mine, _ := a.Party(n.OrgID)
	var hosts []id.ID
	for _, p := range a.Parties {
		if p.Side != mine.Side {
			hosts = append(hosts, p.OrgID)
		}
	}
	switch {
	case n.HostID == 0 && len(hosts) == 1:
		n.HostID = hosts[0]
	case !slices.Contains(hosts, n.HostID):
		e = e.With("host", i18n.CobuildOtherParty)
	}
	if n.From.IsZero() {
		n.From = clamp(today, a.From, a.LastDay())
	}
	switch {
	case !n.From.In(a.From, a.LastDay()):
		e = e.With("from_on", i18n.CobuildItemOut, a.From.String(), a.LastDay().String())
	case !n.To.IsZero() && n.To.Before(n.From):
		e = e.With("to_on", i18n.CobuildEndFirst)
	case !n.To.IsZero() && n.To.After(a.LastDay()):
		e = e.With("to_on", i18n.CobuildItemOut, a.From.String(), a.LastDay().String())
	}
	return e
}
