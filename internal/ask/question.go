package ask

import (
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Permissions on questions. To answer, an actor also needs what a change of the record needs; residents answer about themselves without it.
const (
	PermAsk       authz.Permission = "question.ask"        // ask those who can know, within what one sees
	PermAnswer    authz.Permission = "question.answer"     // answer, and settle what contradicts the record
	PermAnswerOwn authz.Permission = "question.answer.own" // about oneself
)

// State says where a question stands.
type State string

// The states.
const (
	Open      State = "open"
	Answered  State = "answered"
	Differs   State = "differs"
	Settled   State = "settled"
	Unknown   State = "unknown"
	Withdrawn State = "withdrawn"
)

// States lists the states.
func States() []State { return []State{Open, Answered, Differs, Settled, Unknown, Withdrawn} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Open: i18n.AskOpen, Answered: i18n.AskAnswered, Differs: i18n.AskDiffers, Settled: i18n.AskSettled,
		Unknown: i18n.AskUnknown, Withdrawn: i18n.AskWithdrawn}[s]
}

// Round is what somebody asked at one time.
type Round struct {
	ID        id.ID
	Title     string
	FormID    id.ID // the form it came from; 0 for none. The form may be gone by now.
	AccountID id.ID
	DueOn     calendar.Date // zero for none
	CreatedAt time.Time
	Counts    map[State]int64
}

// Asked is how many questions the round has.
func (r Round) Asked() (n int64) {
	for _, k := range r.Counts {
		n += k
	}
	return n
}

// Waits is how many of them wait for an answer or for somebody to settle them.
func (r Round) Waits() int64 { return r.Counts[Open] + r.Counts[Differs] }

// Question is one fact of one record that somebody is asked.
type Question struct {
	ID         id.ID
	RoundID    id.ID
	Subject    fact.Subject
	Row        id.ID
	FactID     string
	OwnerID    id.ID // the community or organisation to which the record belongs
	OtherID    id.ID // a second one: the unit of a member
	PersonID   id.ID // the resident concerned
	GridID     id.ID
	BuildingID id.ID
	DueOn      calendar.Date
	State      State
	SaidAt     time.Time
	Version    int64
	sealed     []byte
}

// Sheet is all that is asked about one record, with what is known of it.
type Sheet struct {
	Subject   fact.Subject
	Row       id.ID
	Name      string
	Known     []Known
	Questions []Question
	DueOn     calendar.Date // the earliest
}

// Known is something that the record says already.
type Known struct {
	Name i18n.Text
	Text string
}

// Conflict is an answer that contradicts the record.
type Conflict struct {
	Question
	Name   string // of the record
	Fact   fact.Fact
	Answer string // as people read it
	Record string // the same; a mask for sealed facts
}

// Wanted is a fact of a record that somebody needs and that is not known, or that a form gives otherwise.
type Wanted struct {
	Subject fact.Subject
	Row     id.ID
	Ref     fact.Ref
	Says    string // what the form says, where it contradicts the record; "" where it is unknown
}

// Raised says what came of asking.
type Raised struct {
	RoundID id.ID
	Asked   int // new questions
	Already int // that somebody is asked already, or that nobody knew a short while ago
	Never   int // that no answer can be put into a record
	Held    int // that the record says by now
}
