package webhook

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/outbox"
)

// PermManage is the right to add, change and stop receivers, and to see what was sent to them.
const PermManage authz.Permission = "webhook.manage"

// Type is what an event is.
type Type string

// The types. A change of what an event holds gives it a new version.
const (
	CaseReceived   Type = "cn.linli.case.received.v1"
	CaseAccepted   Type = "cn.linli.case.accepted.v1"
	CaseRefused    Type = "cn.linli.case.refused.v1"
	CaseDispatched Type = "cn.linli.case.dispatched.v1"
	CaseReturned   Type = "cn.linli.case.returned.v1"
	CasePassedUp   Type = "cn.linli.case.passed_up.v1"
	CaseStarted    Type = "cn.linli.case.started.v1"
	CaseSuspended  Type = "cn.linli.case.suspended.v1"
	CaseResumed    Type = "cn.linli.case.resumed.v1"
	CaseExtended   Type = "cn.linli.case.extended.v1"
	CaseFinished   Type = "cn.linli.case.finished.v1"
	CaseRated      Type = "cn.linli.case.rated.v1"
	CaseClosed     Type = "cn.linli.case.closed.v1"
	CaseReopened   Type = "cn.linli.case.reopened.v1"
	CaseMerged     Type = "cn.linli.case.merged.v1"
	JobOffered     Type = "cn.linli.job.offered.v1"
	JobTaken       Type = "cn.linli.job.taken.v1"
	JobArrived     Type = "cn.linli.job.arrived.v1"
	JobSignedOff   Type = "cn.linli.job.signed_off.v1"
	ActivityOut    Type = "cn.linli.activity.published.v1"
	ActivityOver   Type = "cn.linli.activity.over.v1"
	ActivityCancel Type = "cn.linli.activity.cancelled.v1"
	SlipSent       Type = "cn.linli.slip.sent.v1"
	Test           Type = "cn.linli.test.v1" // sent on request, whatever was chosen
)

var typeTexts = map[Type]i18n.Text{
	CaseReceived: i18n.EventCaseReceived, CaseAccepted: i18n.EventCaseAccepted, CaseRefused: i18n.EventCaseRefused, CaseDispatched: i18n.EventCaseDispatched, CaseReturned: i18n.EventCaseReturned,
	CasePassedUp: i18n.EventCasePassedUp, CaseStarted: i18n.EventCaseStarted, CaseSuspended: i18n.EventCaseSuspended, CaseResumed: i18n.EventCaseResumed, CaseExtended: i18n.EventCaseExtended,
	CaseFinished: i18n.EventCaseFinished, CaseRated: i18n.EventCaseRated, CaseClosed: i18n.EventCaseClosed, CaseReopened: i18n.EventCaseReopened, CaseMerged: i18n.EventCaseMerged,
	JobOffered: i18n.EventJobOffered, JobTaken: i18n.EventJobTaken, JobArrived: i18n.EventJobArrived, JobSignedOff: i18n.EventJobSignedOff,
	ActivityOut: i18n.EventActivityOut, ActivityOver: i18n.EventActivityOver, ActivityCancel: i18n.EventActivityCancel, SlipSent: i18n.EventSlipSent, Test: i18n.EventTest,
}

// Text says what happened.
func (t Type) Text() i18n.Text { return typeTexts[t] }

// Types lists what a receiver can choose, in the order of what happens.
func Types() []Type {
	return []Type{CaseReceived, CaseAccepted, CaseRefused, CaseDispatched, CaseReturned, CasePassedUp, CaseStarted, CaseSuspended, CaseResumed, CaseExtended, CaseFinished, CaseRated, CaseClosed,
		CaseReopened, CaseMerged, JobOffered, JobTaken, JobArrived, JobSignedOff, ActivityOut, ActivityOver, ActivityCancel, SlipSent}
}

// Event is something that happened.
type Event struct {
	Tenant  int64
	ID      id.ID // of the entry that it is about
	Type    Type
	Subject string  // "case/<id>": what is about one subject arrives in order
	Orgs    []id.ID // whose it is: receivers of a part of the tree that holds one of them are told
	At      time.Time
	Data    map[string]any // never names, words, telephone numbers or addresses
}

// State is where a subscription stands.
type State string

// The states of a subscription.
const (
	Active  State = "active"
	Paused  State = "paused"
	Stopped State = "stopped"
	Ended   State = "ended"
)

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Active: i18n.WebhookActive, Paused: i18n.WebhookPaused, Stopped: i18n.WebhookStopped, Ended: i18n.WebhookEnded}[s]
}

// Bounds of what is entered.
const (
	MaxName    = 60
	MaxAddress = 500
	MaxTypes   = 60
	most       = 50 // receivers of a district
)

// Subscription is a system that is told.
type Subscription struct {
	ID           id.ID
	Name         string
	Address      string
	Types        []Type
	OrgID        id.ID
	Org          string
	State        State
	OldUntil     time.Time // the former secret holds so long
	FailingSince time.Time
	StoppedAt    time.Time
	CreatedAt    time.Time
	Waits        int64
	Version      int64
	events       string
}

// Entry is a receiver as somebody enters it.
type Entry struct {
	Name    string
	Address string
	Types   []Type
	OrgID   id.ID
	Version int64
}

func (n *Entry) check() error {
	var e *errs.Error
	n.Name, n.Address = strings.TrimSpace(n.Name), strings.TrimSpace(n.Address)
	switch c := utf8.RuneCountInString(n.Name); {
	case c == 0:
		e = e.With("name", i18n.ErrRequired)
	case c > MaxName:
		e = e.With("name", i18n.ErrTooLong, MaxName, c)
	}
	u, err := url.Parse(n.Address)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" || len(n.Address) > MaxAddress {
		e = e.With("address", i18n.WebhookBadURL)
	}
	slices.Sort(n.Types)
	n.Types = slices.Compact(n.Types)
	switch {
	case len(n.Types) == 0:
		e = e.With("types", i18n.WebhookNoEvents)
	case len(n.Types) > MaxTypes:
		e = e.With("types", i18n.ErrBadChoice)
	}
	for _, t := range n.Types {
		if !slices.Contains(Types(), t) {
			e = e.With("types", i18n.ErrBadChoice)
		}
	}
	if n.OrgID == 0 {
		e = e.With("org", i18n.ErrRequired)
	}
	return e.OrNil()
}

// stored is a list of types as one text, each between blanks.
func stored(list []Type) string {
	out := " "
	for _, t := range list {
		out += string(t) + " "
	}
	return out
}

func types(s string) []Type {
	var out []Type
	for f := range strings.FieldsSeq(s) {
		out = append(out, Type(f))
	}
	return out
}

// Delivery is an event for a receiver.
type Delivery struct {
	ID         id.ID
	Type       Type
	Subject    string
	HappenedAt time.Time
	Status     int64 // of HTTP, 0 for no answer
	State      outbox.State
	Attempts   int64
	Reason     string
	DueAt      time.Time
	DoneAt     time.Time
	CreatedAt  time.Time
	data       string
}

// envelope is a CloudEvent in structured mode.
type envelope struct {
	SpecVersion string          `json:"specversion"`
	ID          string          `json:"id"`
	Source      string          `json:"source"`
	Type        string          `json:"type"`
	Subject     string          `json:"subject"`
	Time        string          `json:"time"`
	ContentType string          `json:"datacontenttype"`
	Data        json.RawMessage `json:"data"`
}

// ContentType is that of an event.
const ContentType = "application/cloudevents+json; charset=utf-8"

// body is an event as it is sent; the same each time.
func (d Delivery) body(source string) ([]byte, error) {
	return json.Marshal(envelope{SpecVersion: "1.0", ID: d.ID.String(), Source: source, Type: string(d.Type), Subject: d.Subject, Time: d.HappenedAt.UTC().Format(time.RFC3339Nano),
		ContentType: "application/json", Data: json.RawMessage(d.data)})
}
