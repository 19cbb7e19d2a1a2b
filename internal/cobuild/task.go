package cobuild

import (
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// TaskState is where a task stands.
type TaskState string

// The states of a task.
const (
	Open      TaskState = "open"
	Said      TaskState = "said"
	Confirmed TaskState = "confirmed"
	Dropped   TaskState = "dropped"
)

// TaskStates lists the states.
func TaskStates() []TaskState { return []TaskState{Open, Said, Confirmed, Dropped} }

// Text names the state.
func (s TaskState) Text() i18n.Text {
	return map[TaskState]i18n.Text{Open: i18n.CobuildTaskOpen, Said: i18n.CobuildTaskSaid, Confirmed: i18n.CobuildTaskConfirmed, Dropped: i18n.CobuildTaskDropped}[s]
}

// The kinds of record that can fulfil a task.
const (
	FromActivity = "activity"
	FromNeed     = "need_pledge"
	FromMeeting  = "meeting"
	FromBooking  = "venue_booking" // somebody used a shared place of the unit
	FromVisit    = "pairing_visit" // a helper of the unit saw a household; which one is not named
	FromStep     = "project_step"  // the unit did a step of a project
)

// SourceText names a kind of record.
func SourceText(kind string) i18n.Text {
	return map[string]i18n.Text{FromActivity: i18n.CobuildSrcActivity, FromNeed: i18n.CobuildSrcNeed, FromMeeting: i18n.CobuildSrcMeeting, FromBooking: i18n.CobuildSrcBooking,
		FromVisit: i18n.CobuildSrcVisit, FromStep: i18n.CobuildSrcStep}[kind]
}

// Task is a dated task of an item.
type Task struct {
	ID          id.ID
	AgreementID id.ID
	ItemID      id.ID
	Title       string
	OrgID       id.ID
	Who         string
	DueOn       calendar.Date
	Measure     Measure
	Target      int64
	State       TaskState
	DoneOn      calendar.Date
	Amount      int64
	Words       string
	SourceKind  string
	SourceID    id.ID
	NeedID      id.ID  // the need that was met, where the source is a pledge; the household of a visit, the project of a step
	Missing     string // what the other side said was missing, last
	SaidAt      time.Time
	AnsweredAt  time.Time
	Version     int64
	communityID id.ID
}

// Late says whether it is open after its day.
func (t Task) Late(today calendar.Date) bool { return t.State == Open && t.DueOn.Before(today) }

// Done is how a party says that a task is done.
type Done struct {
	As     id.ID
	On     calendar.Date // today if zero
	Words  string
	Amount int64
	Note   string // who of the unit said so, and when: where the community says it for a unit that signed on paper
}

// check says what is wrong with it.
func (d *Done) check(a Agreement, today calendar.Date) *errs.Error {
	e := errs.Words(nil, "words", &d.Words, MaxWords, true)
	e = errs.Words(e, "note", &d.Note, MaxWords, false)
	if d.On.IsZero() {
		d.On = today
	}
	switch {
	case d.On.After(today):
		e = e.With("done_on", i18n.CobuildFuture)
	case d.On.Before(a.From):
		e = e.With("done_on", i18n.CobuildTooEarly, a.From.String())
	}
	if d.Amount < 0 || d.Amount > maxAmount {
		e = e.With("amount", i18n.ErrBadNumber)
	}
	return e
}

// in says that the task stands in a state, or why an act is not possible.
func (t Task) in(s TaskState) error {
	if t.State != s {
		return errs.New(errs.Conflict, i18n.CobuildTaskNot, t.State.Text())
	}
	return nil
}

// does says that a party is the one that promised the task.
func (t Task) does(as Party) error {
	if as.OrgID != t.OrgID {
		return errs.New(errs.Forbidden, i18n.CobuildNotIts, t.Who)
	}
	return nil
}

// answers says that a party may confirm the task: it stands on the other side.
func (t Task) answers(a Agreement, as Party) error {
	if by, _ := a.Party(t.OrgID); by.Side == as.Side {
		return errs.New(errs.Forbidden, i18n.CobuildOtherSide)
	}
	return nil
}

// unsay takes back what was said.
func (t *Task) unsay() {
	t.State, t.DoneOn, t.Amount, t.Words, t.SourceKind, t.SourceID, t.SaidAt = Open, calendar.Date{}, 0, "", "", 0, time.Time{}
}

// Candidate is a record of something that took place with the party of a task, and may fulfil it.
type Candidate struct {
	Kind   string
	ID     id.ID // of the record: an activity, a pledge, a meeting, a booking, a visit, a step
	Title  string
	On     calendar.Date
	People int64 // of the unit that were present, at an activity, or helped
	// Minutes are of members of the unit, who met a need in its name or by themselves, as the ledger has them.
	Minutes int64
	Pieces  int64 // of a resource of the unit that were delivered
}

// Counts says that a record tells the number by itself.
func (c Candidate) Counts(m Measure) bool { return c.amount(m) > 0 }

// amount is what a record counts for by the measure of an item; 0 where it does not tell.
func (c Candidate) amount(m Measure) int64 {
	switch {
	case m == Times:
		return 1
	case m == Persons && (c.Kind == FromActivity || c.Kind == FromNeed || c.Kind == FromBooking):
		return c.People
	case m == Pieces:
		return c.Pieces
	case m == Hours && (c.Kind == FromNeed || c.Kind == FromBooking):
		return (c.Minutes + 30) / 60 // full hours, as agreements count them
	}
	return 0
}
