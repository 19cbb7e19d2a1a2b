package member

import (
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// ContactKind is how a contact came about (MEM-3, MEM-8).
type ContactKind string

// The kinds of contact.
const (
	Visit   ContactKind = "visit"
	Call    ContactKind = "call"
	Talk    ContactKind = "talk"
	Message ContactKind = "message"
	Meeting ContactKind = "meeting"
)

// ContactKinds lists the kinds of contact.
func ContactKinds() []ContactKind { return []ContactKind{Talk, Visit, Call, Message, Meeting} }

// Text names the kind of contact.
func (k ContactKind) Text() i18n.Text {
	return map[ContactKind]i18n.Text{Visit: i18n.ContactVisit, Call: i18n.ContactCall, Talk: i18n.ContactTalk,
		Message: i18n.ContactMessage, Meeting: i18n.ContactMeeting}[k]
}

// NewContact is a contact to record.
type NewContact struct {
	Kind       ContactKind
	On         calendar.Date
	Note       string
	FollowUpOn calendar.Date
	WithID     id.ID      // of a talk: the member on the other side, 0 if it is not known
	Reason     TalkReason // of a talk
}

func (n *NewContact) check(today calendar.Date) error {
	var e *errs.Error
	if n.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	switch {
	case n.On.IsZero():
		e = e.With("on", i18n.ErrRequired)
	case n.On.After(today):
		e = e.With("on", i18n.MemberDateFuture)
	}
	if !n.FollowUpOn.IsZero() && n.FollowUpOn.Before(n.On) {
		e = e.With("follow_up_on", i18n.ErrEndBeforeStart)
	}
	if n.Kind != Talk {
		n.WithID, n.Reason = 0, OfTheYear
	}
	if n.Reason.Text().IsZero() {
		e = e.With("reason", i18n.ErrBadChoice)
	}
	n.Note = clean(n.Note)
	return need(e, "note", n.Note, 500).OrNil()
}

// Contact is a recorded contact.
type Contact struct {
	ID id.ID
	NewContact
	With   string // name of the member on the other side
	ByName string
	At     time.Time
	open   bool // the reader sees the one of whom it is
}

// PromiseState is what became of a promise (MEM-8).
type PromiseState string

// The states of a promise.
const (
	Open    PromiseState = "open"
	Kept    PromiseState = "kept"
	NotKept PromiseState = "not_kept"
)

// Text names the state of a promise.
func (s PromiseState) Text() i18n.Text {
	return map[PromiseState]i18n.Text{Open: i18n.PromiseOpen, Kept: i18n.PromiseKept, NotKept: i18n.PromiseNotKept}[s]
}

// Promise is what a member has promised.
type Promise struct {
	ID       id.ID
	MemberID id.ID
	Body     string
	DueOn    calendar.Date
	State    PromiseState
	Result   string
	MadeAt   time.Time
	ClosedAt time.Time
	Version  int64
}

// Close says what became of the promise: kept, or not kept with the reason.
func (p *Promise) Close(now time.Time, kept bool, result string) error {
	if p.State != Open {
		return errs.New(errs.Conflict, i18n.PromiseClosed, p.State.Text())
	}
	var e *errs.Error
	if !kept {
		e = need(e, "result", result, maxReason)
	}
	if err := limit(e, "result", result, maxReason).OrNil(); err != nil {
		return err
	}
	p.State, p.Result, p.ClosedAt = NotKept, result, now
	if kept {
		p.State = Kept
	}
	return nil
}

// Absence is why a member does not take part (MEM-9).
type Absence string

// The reasons, a closed list; a note says more.
const (
	Trouble     Absence = "trouble"
	Pride       Absence = "pride"
	Distance    Absence = "distance"
	NoMechanism Absence = "no_mechanism"
	NoTime      Absence = "no_time"
	Health      Absence = "health"
	NotAsked    Absence = "not_asked"
	OtherReason Absence = "other"
)

// Absences lists the reasons.
func Absences() []Absence {
	return []Absence{Trouble, Pride, Distance, NoMechanism, NoTime, Health, NotAsked, OtherReason}
}

// Text names the reason.
func (a Absence) Text() i18n.Text {
	return map[Absence]i18n.Text{Trouble: i18n.AbsenceTrouble, Pride: i18n.AbsencePride, Distance: i18n.AbsenceDistance,
		NoMechanism: i18n.AbsenceNoMechanism, NoTime: i18n.AbsenceNoTime, Health: i18n.AbsenceHealth,
		NotAsked: i18n.AbsenceNotAsked, OtherReason: i18n.AbsenceOther}[a]
}

// Direction of a floating member: gone away from the home branch, or come here from another.
type Direction string

// The directions (MEM-7).
const (
	Out Direction = "out"
	In  Direction = "in"
)

// Text names the direction.
func (d Direction) Text() i18n.Text {
	return map[Direction]i18n.Text{Out: i18n.FloatingOut, In: i18n.FloatingIn}[d]
}

// NewMove is a move of a floating member to record (MOB-1, MOB-2).
type NewMove struct {
	Direction   Direction
	Place       string // where to, or where from
	OtherBranch string // the organisation at the other end, if known
	FromOn      calendar.Date
	LastContact calendar.Date // FromOn if empty
}

func (n *NewMove) check(today calendar.Date) error {
	var e *errs.Error
	if n.Direction.Text().IsZero() {
		e = e.With("direction", i18n.ErrBadChoice)
	}
	n.Place, n.OtherBranch = clean(n.Place), clean(n.OtherBranch)
	e = need(e, "place", n.Place, 100)
	e = limit(e, "other_branch", n.OtherBranch, 100)
	if n.LastContact.IsZero() {
		n.LastContact = n.FromOn
	}
	switch {
	case n.FromOn.IsZero():
		e = e.With("from_on", i18n.ErrRequired)
	case n.FromOn.After(today):
		e = e.With("from_on", i18n.MemberDateFuture)
	case n.LastContact.After(today):
		e = e.With("last_contact", i18n.MemberDateFuture)
	}
	return e.OrNil()
}

// Move is a recorded move; it is running while BackOn is none.
type Move struct {
	ID       id.ID
	MemberID id.ID
	NewMove
	BackOn  calendar.Date
	Version int64
}

// Back ends a move: the member came back, went on, or settled (MOB-2).
func (m *Move) Back(on, today calendar.Date) error {
	switch {
	case !m.BackOn.IsZero():
		return errs.New(errs.Conflict, i18n.FloatingIsBack, m.BackOn.String())
	case on.IsZero():
		return errs.Field("back_on", i18n.ErrRequired)
	case on.After(today):
		return errs.Field("back_on", i18n.MemberDateFuture)
	case on.Before(m.FromOn):
		return errs.Field("back_on", i18n.ErrEndBeforeStart)
	}
	m.BackOn = on
	return nil
}
