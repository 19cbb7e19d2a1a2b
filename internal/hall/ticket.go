package hall

import (
	"fmt"
	"slices"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// State is where a ticket stands.
type State string

// The states.
const (
	Waiting State = "waiting"
	Called  State = "called"
	Serving State = "serving"
	Done    State = "done"
	Absent  State = "absent"
	Left    State = "left"
	Expired State = "expired"
)

// States lists the states in their order.
func States() []State { return []State{Waiting, Called, Serving, Done, Absent, Left, Expired} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Waiting: i18n.HallWaiting, Called: i18n.HallCalled, Serving: i18n.HallServing, Done: i18n.HallDone, Absent: i18n.HallAbsent, Left: i18n.HallLeft,
		Expired: i18n.HallExpired}[s]
}

// Open says that the ticket may still be served.
func (s State) Open() bool { return s == Waiting || s == Called || s == Serving || s == Absent }

// Priority is why a ticket goes first; "" for those in their turn.
type Priority string

// The reasons.
const (
	Usual    Priority = ""
	Old      Priority = "old" // older than 65
	Disabled Priority = "disabled"
	Pregnant Priority = "pregnant"
	Infant   Priority = "infant"
	First    Priority = "first" // why is forgotten: the day is over
)

// Priorities lists the reasons.
func Priorities() []Priority { return []Priority{Old, Disabled, Pregnant, Infant} }

// Text says the reason.
func (p Priority) Text() i18n.Text {
	return map[Priority]i18n.Text{Usual: i18n.HallUsual, Old: i18n.HallOld, Disabled: i18n.HallDisabled, Pregnant: i18n.HallPregnant, Infant: i18n.HallInfant, First: i18n.HallFirst}[p]
}

// Channel is where a ticket was taken.
type Channel string

// The channels.
const (
	AtTerminal Channel = "terminal"
	ByPhone    Channel = "phone"
	AtDesk     Channel = "desk" // the reception, on somebody's behalf
)

// Text names the channel.
func (c Channel) Text() i18n.Text {
	return map[Channel]i18n.Text{AtTerminal: i18n.HallAtTerminal, ByPhone: i18n.HallByPhone, AtDesk: i18n.HallAtDesk}[c]
}

// Act is a step of a ticket.
type Act string

// The acts.
const (
	ActTake     Act = "take"
	ActCall     Act = "call"
	ActAgain    Act = "again"
	ActStart    Act = "start"
	ActAbsent   Act = "absent"
	ActBack     Act = "back"
	ActLeave    Act = "leave"
	ActTransfer Act = "transfer"
	ActQueue    Act = "queue" // the counter was vacated
	ActCase     Act = "case"
	ActDone     Act = "done"
	ActExpire   Act = "expire"
)

// Text names the act.
func (a Act) Text() i18n.Text {
	return map[Act]i18n.Text{ActTake: i18n.HallActTake, ActCall: i18n.HallActCall, ActAgain: i18n.HallActAgain, ActStart: i18n.HallActStart, ActAbsent: i18n.HallActAbsent, ActBack: i18n.HallActBack,
		ActLeave: i18n.HallActLeave, ActTransfer: i18n.HallActTransfer, ActQueue: i18n.HallActQueue, ActCase: i18n.HallActCase, ActDone: i18n.HallActDone, ActExpire: i18n.HallActExpire}[a]
}

const (
	// MaxCalls is how often a number is called before whoever holds it counts as absent.
	MaxCalls = 3
	// BackBehind is behind how many of those who wait somebody comes who was absent and is back.
	BackBehind = 3
	// MaxReturns is how often somebody may come back.
	MaxReturns = 2
)

// Ticket is a number of a hall.
type Ticket struct {
	ID            id.ID
	HallID        id.ID
	Hall          string
	OrgID         id.ID // of the hall
	Day           calendar.Date
	Window        string // code
	WindowName    i18n.Text
	Letter        string
	Number        int64
	Code          string
	ItemID        id.ID
	Item          i18n.Text
	Priority      Priority
	Channel       Channel
	State         State
	CounterID     id.ID
	Counter       int64 // number of the counter; 0 for none
	TakenAt       time.Time
	Turn          time.Time
	FirstCalledAt time.Time
	CalledAt      time.Time
	Calls         int64
	Returns       int64
	StartedAt     time.Time
	EndedAt       time.Time
	CaseID        id.ID
	CaseNo        string
	Version       int64

	item, itemEN string
	name, nameEN string
}

// Label is the number as people read it: A001.
func (t Ticket) Label() string { return label(t.Letter, t.Number) }

func label(letter string, n int64) string {
	if letter == "" {
		return ""
	}
	return fmt.Sprintf("%s%03d", letter, n)
}

// Waited is how long they waited until they were called first; 0 for not yet.
func (t Ticket) Waited() time.Duration {
	if t.FirstCalledAt.IsZero() {
		return 0
	}
	return t.FirstCalledAt.Sub(t.TakenAt)
}

// Served is how long serving took; 0 where it did not end.
func (t Ticket) Served() time.Duration {
	if t.State != Done || t.StartedAt.IsZero() || t.EndedAt.IsZero() {
		return 0
	}
	return t.EndedAt.Sub(t.StartedAt)
}

// from says in which states an act is possible.
var from = map[Act][]State{
	ActCall:     {Waiting},
	ActAgain:    {Called},
	ActStart:    {Called},
	ActAbsent:   {Called},
	ActBack:     {Absent},
	ActLeave:    {Waiting, Called, Absent},
	ActTransfer: {Called, Serving},
	ActQueue:    {Called, Serving},
	ActCase:     {Serving},
	ActDone:     {Serving},
}

// Can says whether an act is possible where the ticket stands.
func (t Ticket) Can(a Act) bool {
	if !slices.Contains(from[a], t.State) {
		return false
	}
	switch a {
	case ActAgain:
		return t.Calls < MaxCalls
	case ActAbsent:
		return t.Calls >= MaxCalls
	case ActBack:
		return t.Returns < MaxReturns
	case ActTransfer, ActQueue, ActCase:
		return t.CaseID == 0
	}
	return true
}

// refused says why an act is not possible.
func (t Ticket) refused(a Act) error {
	switch {
	case a == ActAbsent && t.State == Called:
		return errs.New(errs.Conflict, i18n.HallCallFirst, t.Label(), MaxCalls, MaxCalls-t.Calls)
	case a == ActAgain && t.State == Called:
		return errs.New(errs.Conflict, i18n.HallCalledOut, t.Label(), MaxCalls)
	case a == ActBack && t.State == Absent:
		return errs.New(errs.Conflict, i18n.HallNoReturn, MaxReturns)
	case t.CaseID != 0 && (a == ActCase || a == ActTransfer || a == ActQueue):
		return errs.New(errs.Conflict, i18n.HallHasCase, t.Label(), t.CaseNo)
	}
	return errs.New(errs.Conflict, i18n.HallCannot, t.Label(), t.State.Text())
}

// Apply is a step of the ticket at an instant: it changes what the step changes and nothing else, or says why it cannot be.
func (t *Ticket) Apply(a Act, at id.ID, now time.Time) error {
	if !t.Can(a) {
		return t.refused(a)
	}
	switch a {
	case ActCall:
		t.State, t.CounterID, t.Calls, t.CalledAt = Called, at, 1, now
		if t.FirstCalledAt.IsZero() {
			t.FirstCalledAt = now
		}
	case ActAgain:
		t.Calls, t.CalledAt = t.Calls+1, now
	case ActStart:
		t.State, t.StartedAt = Serving, now
	case ActAbsent:
		t.State, t.CounterID = Absent, 0
	case ActBack:
		t.State, t.Returns, t.Calls = Waiting, t.Returns+1, 0
	case ActLeave:
		t.State, t.CounterID, t.EndedAt = Left, 0, now
	case ActTransfer, ActQueue:
		t.State, t.CounterID, t.Calls, t.StartedAt = Waiting, 0, 0, time.Time{}
	case ActDone:
		t.State, t.EndedAt = Done, now
	}
	return nil
}

// Waiter is a ticket that waits, as far as the order is concerned.
type Waiter struct {
	ID     id.ID
	Window string
	First  bool // with priority
	Turn   int64
}

// Order is who is called one after the other. Both those with priority and the others are in their turn; those with priority go first, but after run of them in
// a row one of the others is called, if one waits. before is how many with priority were called in a row until now. The list is in its turn.
func Order(list []Waiter, before, run int) []Waiter {
	var first, usual []Waiter
	for _, w := range list {
		if w.First {
			first = append(first, w)
		} else {
			usual = append(usual, w)
		}
	}
	out := make([]Waiter, 0, len(list))
	for len(first)+len(usual) > 0 {
		if len(first) > 0 && (before < run || len(usual) == 0) {
			out, first, before = append(out, first[0]), first[1:], before+1
		} else {
			out, usual, before = append(out, usual[0]), usual[1:], 0
		}
	}
	return out
}

// backTurn is the turn of a ticket whose holder is back: behind BackBehind of those that wait for the window and go as it does. They stand in their turn.
func backTurn(t Ticket, list []Waiter, now int64) int64 {
	n := 0
	for _, w := range list {
		if w.Window != t.Window || w.First != (t.Priority != Usual) {
			continue
		}
		if n++; n == BackBehind {
			return min(now, w.Turn+1)
		}
	}
	return now
}
