package request

import (
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/fact"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
)

// The permissions of this package.
const (
	PermSee      authz.Permission = "request.see"      // requests that ask an organisation in scope, or are kept by one
	PermRegister authz.Permission = "request.register" // register, correct, pause, end and extend
	PermAnswer   authz.Permission = "request.answer"   // answer for the organisations in scope
)

var (
	// EndMonths is the end of a request that came without one.
	EndMonths = policy.Value{Name: "request.end_months", Title: i18n.RequestEndMonths, Unit: i18n.PolicyUnitMonths, Default: 12, Min: 1, Max: 36, Source: "DIG-10"}
	// LeadDays is how many days before its day an occurrence waits for those who answer.
	LeadDays = policy.Value{Name: "request.lead_days", Title: i18n.RequestLeadDays, Unit: i18n.PolicyUnitDays, Default: 7, Min: 1, Max: 30, Source: "DIG-10"}
)

const (
	ahead      = 40  // days ahead that occurrences are made; more than any LeadDays
	longest    = 36  // months that a request may run before somebody extends it
	back       = 31  // days back that the first day may lie: one is answered late rather than never
	maxParties = 300 // organisations that one request may ask
	maxFields  = 400
)

// State says where a request stands.
type State string

// The states.
const (
	Open    State = "open"
	Paused  State = "paused"
	Ended   State = "ended"
	Expired State = "expired"
)

// States lists the states.
func States() []State { return []State{Open, Paused, Ended, Expired} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Open: i18n.RequestOpen, Paused: i18n.RequestPaused, Ended: i18n.RequestEnded, Expired: i18n.RequestExpired}[s]
}

// Request is something that an office asks.
type Request struct {
	ID        id.ID
	OwnerID   id.ID // the organisation that keeps it
	Owner     string
	OfficeID  id.ID // who asks, if it is an organisation of the tenant
	Office    string
	Ground    string // the document on which it rests; "" for none stated
	GroundNo  string
	Title     string
	Every     Every
	FirstDue  calendar.Date
	EndsOn    calendar.Date
	OwnEnd    bool // the program set the end
	FormName  string
	Sealed    bool // the form asks for sealed data
	State     State
	Reason    string // why it is paused or ended
	CreatedAt time.Time
	By        string
	Version   int64
	Late      int64 // of the occurrences in scope
	Waiting   int64 // due soon
	Answered  int64
	NextDue   calendar.Date // the earliest that is not answered; zero for none

	formID id.ID
	choice string
	fromOn calendar.Date // what would have fallen due before does not: it was paused
}

// Grounded says that a ground is stated.
func (r Request) Grounded() bool { return r.Ground != "" || r.GroundNo != "" }

// Party is an organisation that is asked.
type Party struct {
	ID        id.ID
	Name      string
	Community bool // a community, whose people a form is filled with
}

// Field is something that a form asks.
type Field struct {
	Sheet   string
	Label   string
	Subject fact.Subject
	Fact    string // path to the fact, or the name of a figure; "" where the platform knows nothing of it
	Sealed  bool
}

// Due is an occurrence: one period of one organisation.
type Due struct {
	ID        id.ID
	RequestID id.ID
	Party     Party
	Period    string
	On        calendar.Date
	Answer    *Answer // the latest; nil while there is none
}

// DueState says how an occurrence stands.
type DueState string

// The states of an occurrence.
const (
	Ahead    DueState = "ahead" // its day is more than LeadDays away
	Waits    DueState = "waiting"
	Late     DueState = "late"
	Answered DueState = "answered"
)

// Text names the state.
func (s DueState) Text() i18n.Text {
	return map[DueState]i18n.Text{Ahead: i18n.RequestAhead, Waits: i18n.RequestWaits, Late: i18n.RequestLate, Answered: i18n.RequestAnswered}[s]
}

// State is how the occurrence stands on a day, if it waits so many days before its own: its own day is still in time.
func (d Due) State(today calendar.Date, lead int64) DueState {
	switch {
	case d.Answer != nil:
		return Answered
	case d.On.Before(today):
		return Late
	case d.On.After(today.AddDays(int(lead))):
		return Ahead
	}
	return Waits
}

// Way is how an answer was made.
type Way string

// The ways.
const (
	ByProgram Way = "program"
	ByHand    Way = "file"
)

// Text names the way.
func (w Way) Text() i18n.Text {
	return map[Way]i18n.Text{ByProgram: i18n.RequestByProgram, ByHand: i18n.RequestByFile}[w]
}

// Answer is what an organisation handed in for a period.
type Answer struct {
	ID        id.ID
	RequestID id.ID
	Title     string // of the request
	Office    string
	Period    string
	DueOn     calendar.Date
	DueID     id.ID
	PartyID   id.ID
	Party     string
	Edition   int64
	Way       Way
	FileName  string
	Rows      int64
	Asked     int64 // fields that were blank
	Filled    int64 // of these, by the program
	Minutes   int64
	Purpose   string
	Note      string
	On        calendar.Date
	By        string
	At        time.Time
	Replaced  time.Time // zero for the latest

	fileID id.ID
}

// Kept says that the file is still there.
func (a Answer) Kept() bool { return a.fileID != 0 }

// Left is how many fields the program could not fill.
func (a Answer) Left() int64 { return a.Asked - a.Filled }

// Percent is how much of what was asked the program filled, in whole per cent; -1 if nothing was asked.
func (a Answer) Percent() int64 { return percent(a.Filled, a.Asked) }

func percent(of, by int64) int64 {
	if by == 0 {
		return -1
	}
	return of * 100 / by
}

// minutes is a time in whole minutes; what took any time at all took one.
func minutes(seconds int64) int64 { return min(max(1, (seconds+59)/60), 60*24) }

// Change is an act on a request, with how it stood before.
type Change struct {
	ID     id.ID
	Act    string
	Reason string
	Before string // JSON
	By     string
	At     time.Time
}

// The acts.
const (
	ActRegister = "register"
	ActCorrect  = "correct"
	ActPause    = "pause"
	ActResume   = "resume"
	ActEnd      = "end"
	ActExtend   = "extend"
	ActExpire   = "expire"
)
