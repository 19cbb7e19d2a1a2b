package dataright

import (
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/policy"
)

// The permissions of this package.
const (
	PermEnter  authz.Permission = "dataright.enter"
	PermDecide authz.Permission = "dataright.decide"
)

// AnswerDays is in how many working days a request is decided.
var AnswerDays = policy.Value{Name: "dataright.answer_days", Title: i18n.PolicyDataRight, Unit: i18n.PolicyUnitDays, Default: 15, Min: 1, Max: 30, Source: "PRIV-9"}

// Policies are the values that this package declares.
func Policies() []policy.Value { return []policy.Value{AnswerDays} }

// Kind is what is asked.
type Kind string

// The kinds.
const (
	Correct  Kind = "correct"
	Delete   Kind = "delete"
	Restrict Kind = "restrict"
	Explain  Kind = "explain"
)

// Kinds are the kinds in the order of the form.
func Kinds() []Kind { return []Kind{Correct, Delete, Restrict, Explain} }

// Text is what a kind is called.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{Correct: i18n.DataRightCorrect, Delete: i18n.DataRightDelete, Restrict: i18n.DataRightRestrict, Explain: i18n.DataRightExplain}[k]
}

// State is where a request stands.
type State string

// The states.
const (
	Open      State = "open"
	Granted   State = "granted"
	Refused   State = "refused"
	Withdrawn State = "withdrawn"
)

// States are the states in order.
func States() []State { return []State{Open, Granted, Refused, Withdrawn} }

// Text is what a state is called.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Open: i18n.DataRightOpen, Granted: i18n.DataRightGranted, Refused: i18n.DataRightRefused, Withdrawn: i18n.DataRightWithdrawn}[s]
}

// The channels.
const (
	ByAccount = "account"
	ByCounter = "counter"
)

// MaxWords is the longest text of a request and of its answer, in characters.
const MaxWords = 1000

// maxValue is the longest text that a part can become.
const maxValue = 200

// Request is what somebody asks, with the answer.
type Request struct {
	ID          id.ID
	No          string
	Kind        Kind
	PersonID    id.ID
	Name        string
	CommunityID id.ID
	Community   string
	Part        string // of the record (person.Correctable); "" for none
	Value       string // what the part is to become
	Said        string
	Channel     string
	State       State
	Answer      string
	ReceivedAt  time.Time
	DueOn       calendar.Date
	Provisional bool
	DecidedAt   time.Time
	DecidedBy   string
	Version     int64

	enteredBy id.ID
}

// Late says whether an open request is past its day.
func (r Request) Late(today calendar.Date) bool { return r.State == Open && r.DueOn.Before(today) }

// New is a request to enter.
type New struct {
	Kind     Kind
	PersonID id.ID
	Part     string
	Value    string
	Said     string
}

// check says what is wrong with a request, field by field.
func (n *New) check() error {
	n.Value, n.Said = strings.TrimSpace(n.Value), strings.TrimSpace(n.Said)
	var e *errs.Error
	long := func(field, s string, limit int) {
		if l := utf8.RuneCountInString(s); l > limit {
			e = e.With(field, i18n.ErrTooLong, limit, l)
		}
	}
	long("said", n.Said, MaxWords)
	long("value", n.Value, maxValue)
	switch {
	case n.Kind.Text().IsZero():
		e = e.With("kind", i18n.ErrBadChoice)
	case n.Kind == Correct && !slices.Contains(person.Correctable(), n.Part):
		e = e.With("part", i18n.ErrBadChoice)
	case n.Kind == Correct && n.Value == "":
		e = e.With("value", i18n.ErrRequired)
	case n.Kind == Delete && !slices.Contains(person.Deletable(), n.Part):
		e = e.With("part", i18n.ErrBadChoice)
	case (n.Kind == Restrict || n.Kind == Explain) && n.Said == "":
		e = e.With("said", i18n.ErrRequired)
	}
	switch n.Kind {
	case Restrict, Explain:
		n.Part, n.Value = "", ""
	case Delete:
		n.Value = ""
	}
	return e.OrNil()
}

// Filter narrows a list; zero fields do not filter.
type Filter struct {
	State     State
	Kind      Kind
	Community id.ID
	Late      bool
	Text      string // the number, or a name
	Page      db.Page
}
