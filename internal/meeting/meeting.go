package meeting

import (
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// The permissions of this package.
const (
	PermSee   authz.Permission = "meeting.see"
	PermOwn   authz.Permission = "meeting.see.own"
	PermPlan  authz.Permission = "meeting.plan"
	PermRaise authz.Permission = "meeting.raise"
	PermKinds authz.Permission = "meeting.kinds"
)

// State is where a meeting stands.
type State string

// The states.
const (
	Planned   State = "planned"
	Held      State = "held"
	Cancelled State = "cancelled"
)

// States lists the states.
func States() []State { return []State{Planned, Held, Cancelled} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Planned: i18n.MeetingPlanned, Held: i18n.MeetingHeld, Cancelled: i18n.MeetingCancelled}[s]
}

// Holder is who holds a meeting: an organisation, or a body that the organisation leads.
type Holder struct {
	OwnerID id.ID
	BodyID  id.ID
}

// Meeting is one meeting.
type Meeting struct {
	ID       id.ID
	KindCode string
	kind     kindName
	Votes    bool // one of the kinds for which it counts is voted on by the members (PARTY-30)
	Sits     bool // one of them is a meeting of the committee (PARTY-21)
	kindSits bool // its own kind is
	Template string
	Holder
	Owner          string // name of the organisation
	Body           string
	Title          string
	Place          string
	StartsAt       time.Time
	EndsAt         time.Time
	State          State
	Reason         string // why it was cancelled
	Notice         string
	NoticedAt      time.Time
	PassesID       id.ID // the meeting above that it passes on
	ActivityID     id.ID // where presence is entered, 0 before sign-in was opened
	Minutes        string
	MinutesVersion int64
	MinutesBy      string
	MinutesAt      time.Time
	Version        int64
}

// KindName is the name of its kind.
func (m Meeting) KindName() i18n.Text { return m.kind.text() }

// kindName is the name of a kind as it is read.
type kindName struct{ zh, en string }

func (k kindName) text() i18n.Text { return i18n.Both(k.zh, k.en) }

// HolderName is the body, or the organisation.
func (m Meeting) HolderName() string {
	if m.Body != "" {
		return m.Body
	}
	return m.Owner
}

// Day is the day in China on which it begins.
func (m Meeting) Day() calendar.Date { return calendar.DateOf(m.StartsAt) }

// Plan is what somebody says about a meeting.
type Plan struct {
	KindCode string
	Also     []string // further kinds for which it counts (PARTY-29)
	Holder
	Title    string
	Place    string
	StartsAt time.Time
	EndsAt   time.Time
	Version  int64 // of the meeting that is changed
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

// paragraph is words for a text of several lines.
func paragraph(e *errs.Error, field string, s *string, limit int, need bool) *errs.Error {
	*s = strings.TrimSpace(strings.ReplaceAll(*s, "\r\n", "\n"))
	switch n := utf8.RuneCountInString(*s); {
	case n == 0 && need:
		e = e.With(field, i18n.ErrRequired)
	case n > limit:
		e = e.With(field, i18n.ErrTooLong, limit, n)
	}
	return e
}

// longest is how long a meeting can last.
const longest = 24 * time.Hour

func (p *Plan) check() error {
	var e *errs.Error
	e = words(e, "title", &p.Title, 60, true)
	e = words(e, "place", &p.Place, 80, false)
	if p.KindCode == "" {
		e = e.With("kind", i18n.ErrRequired)
	}
	if p.OwnerID == 0 {
		e = e.With("holder", i18n.ErrRequired)
	}
	return e.Span(p.StartsAt, p.EndsAt, longest).OrNil()
}

// open is nil while a meeting can still be changed.
func (m *Meeting) open() error {
	switch m.State {
	case Held:
		return errs.New(errs.Conflict, i18n.MeetingIsHeld)
	case Cancelled:
		return errs.New(errs.Conflict, i18n.MeetingIsCancelled)
	}
	return nil
}

// begun is nil once a meeting that was not cancelled has begun: only then can it decide something.
func (m *Meeting) begun(now time.Time) error {
	switch {
	case m.State == Cancelled:
		return errs.New(errs.Conflict, i18n.MeetingIsCancelled)
	case now.Before(m.StartsAt):
		return errs.New(errs.Conflict, i18n.MeetingNotBegun, i18n.DateTime(m.StartsAt))
	}
	return nil
}

// Quorum says how many full members of the branch, or how many of its committee, there are and how many of them signed in.
type Quorum struct {
	Eligible, Present int64
	committee         bool
}

// There says whether the meeting can decide: half or more of those with a vote (PARTY-30), or of the committee (PARTY-21), are present. Probationary members have none (PARTY-32).
func (q Quorum) There() bool { return q.Eligible > 0 && 2*q.Present >= q.Eligible }

// Least is how many must be present.
func (q Quorum) Least() int64 { return (q.Eligible + 1) / 2 }

// Passes says whether so many votes carry a resolution: more than half of all who should attend (PARTY-30).
func (q Quorum) Passes(yes int64) bool { return 2*yes > q.Eligible }

// missing is the error where a vote or a meeting without quorum would be counted.
func (q Quorum) missing() error {
	if q.There() {
		return nil
	}
	if q.committee && q.Eligible == 0 {
		return errs.New(errs.Conflict, i18n.MeetingNoCommittee)
	}
	if q.committee {
		return errs.New(errs.Conflict, i18n.MeetingNoCommitteeQuorum, q.Eligible, q.Least(), q.Present)
	}
	if q.Eligible == 0 {
		return errs.New(errs.Conflict, i18n.MeetingNobodyVotes)
	}
	return errs.New(errs.Conflict, i18n.MeetingNoQuorum, q.Eligible, q.Least(), q.Present)
}
