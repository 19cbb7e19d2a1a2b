// Package ownpage holds the pages of a resident's own account: entering it with a code, their cases, their data with who looked at it, and what they ask about it. They need no
// scripts.
package ownpage

import (
	"context"
	"net/url"
	"slices"

	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/dataright"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/person"
	"linli/internal/resident"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Base     = "/p/me"
	Requests = Base + "/requests/"
)

// Door is the page on which somebody enters.
type Door struct {
	Form     field.Form
	Phone    string // to which the code was sent; "" before
	Masked   string
	Minutes  int64
	Shown    string // the code, in a demonstration only
	Next     string
	District string
	Closed   bool // nobody enters: no codes are sent
	Guest    Guest
}

// Guest is with what guests of a demonstration enter.
type Guest struct{ Phone, Name, Tail string }

// Home is the first page of an account.
type Home struct {
	resident.Session
	Cases         []casework.Own
	Query         url.Values
	Before, After string
	Add           field.Form
	Requests      []dataright.Request
	Wishes        []Wish
	Today         calendar.Date
}

// Wish is a need of one's own, in a list.
type Wish struct {
	exchange.Card
	State partial.State
}

// Record is what is kept about somebody.
type Record struct {
	Item     person.Item
	Today    calendar.Date
	Accounts []resident.Linked
	This     resident.Session
	Asked    []dataright.Request
}

// Line is a part of a record.
type Line struct {
	Part  string
	Label i18n.Text
	Value string
	Drop  bool
}

// Labels are what the parts of a record are called.
var Labels = map[string]i18n.Text{"name": i18n.ResidentName, "sex": i18n.CodeSexList, "born_on": i18n.ResidentBorn, "id_number": i18n.CodeIDName, "phone": i18n.ResidentPhone, "ethnic": i18n.CodeEthnicList,
	"political": i18n.CodePoliticalList, "schooling": i18n.CodeSchoolingList, "residence": i18n.CodeResidenceList, "head_relation": i18n.CodeHeadRelationList, "work_unit": i18n.ResidentWorkUnit, "moved_in_on": i18n.ResidentMovedIn}

// ValueText is a value of a part in words.
func ValueText(ctx context.Context, part, value string) string {
	if l := person.ListOf(part); l != nil && value != "" {
		return i18n.T(ctx, l.Label(value))
	}
	return value
}

// valueOf is what a record has for a part; what is sealed is masked.
func valueOf(p person.Person, part string) string {
	day := func(d calendar.Date) string {
		if d.IsZero() {
			return ""
		}
		return d.String()
	}
	switch part {
	case "name":
		return p.Name
	case "sex":
		return string(p.Sex)
	case "born_on":
		return day(p.BornOn)
	case "id_number":
		return p.IDMask
	case "phone":
		return p.PhoneMask
	case "ethnic":
		return p.Ethnic
	case "political":
		return p.Political
	case "schooling":
		return p.Schooling
	case "residence":
		return p.Residence
	case "head_relation":
		return p.HeadRelation
	case "work_unit":
		return p.WorkUnit
	case "moved_in_on":
		return day(p.MovedInOn)
	}
	return ""
}

// Lines are the parts of a record in their order.
func Lines(ctx context.Context, p person.Person) []Line {
	var out []Line
	for _, part := range person.Correctable() {
		v := valueOf(p, part)
		out = append(out, Line{Part: part, Label: Labels[part], Value: ValueText(ctx, part, v), Drop: v != "" && slices.Contains(person.Deletable(), part)})
	}
	return out
}

// Now is what a record has for a part, in words.
func Now(ctx context.Context, p person.Person, part string) string {
	return ValueText(ctx, part, valueOf(p, part))
}

// Ask is the form of a request.
type Ask struct {
	Form     field.Form
	Kind     dataright.Kind
	Part     string
	Now      string
	Action   string
	Cancel   string
	Choosing bool // at the counter: the part is chosen in the form
	Person   person.Person
}

// Parts are the parts that a kind of request can be about.
func (a Ask) Parts() []field.Option {
	list := person.Correctable()
	if a.Kind == dataright.Delete {
		list = person.Deletable()
	}
	out := make([]field.Option, len(list))
	for i, p := range list {
		out[i] = field.Option{Value: p, Text: Labels[p]}
	}
	return out
}

// kindOptions are the kinds of requests.
func kindOptions() []field.Option { return field.Choices(dataright.Kinds(), dataright.Kind.Text) }

// StateOf is where a request stands.
func StateOf(r dataright.Request, today calendar.Date) partial.State {
	switch {
	case r.Late(today):
		return partial.State{Text: i18n.DataRightLate, Tone: partial.Warned}
	case r.State == dataright.Open:
		return partial.State{Text: r.State.Text(), Tone: partial.Waiting}
	case r.State == dataright.Granted && r.Part == "":
		return partial.State{Text: i18n.DataRightAnswered, Tone: partial.Closed}
	case r.State == dataright.Granted:
		return partial.State{Text: r.State.Text(), Tone: partial.Closed}
	}
	return partial.State{Text: r.State.Text(), Tone: partial.Ended}
}

// About says what a request is about.
func About(ctx context.Context, r dataright.Request) string {
	if r.Part == "" {
		return ""
	}
	return i18n.T(ctx, Labels[r.Part])
}

// Summary is a request in one line.
func Summary(ctx context.Context, r dataright.Request) string {
	s := i18n.T(ctx, r.Kind.Text())
	if about := About(ctx, r); about != "" {
		s += " · " + about
	}
	return s
}

// Facts are a request with its answer.
func Facts(ctx context.Context, r dataright.Request, now string) []partial.Fact {
	due := r.DueOn.String()
	if r.Provisional {
		due += i18n.T(ctx, i18n.CasePublicProvisional)
	}
	list := []partial.Fact{partial.F(i18n.DataRightNo, r.No), partial.F(i18n.DataRightKind, Summary(ctx, r)), partial.F(i18n.DataRightReceived, i18n.DateTime(r.ReceivedAt)), partial.F(i18n.DataRightDue, due)}
	if r.Part != "" && r.State == dataright.Open {
		list = append(list, partial.F(i18n.DataRightNow, now))
	}
	if r.Value != "" {
		list = append(list, partial.F(i18n.DataRightWanted, ValueText(ctx, r.Part, r.Value)))
	}
	if r.Said != "" {
		list = append(list, partial.Fact{Label: i18n.DataRightSaid, Value: partial.Lines(r.Said), Wide: true})
	}
	if r.Answer != "" {
		list = append(list, partial.Fact{Label: i18n.DataRightAnswerIs, Value: partial.Lines(r.Answer), Wide: true})
	}
	return list
}

func provenText(how string) i18n.Text {
	if how == resident.BySlip {
		return i18n.OwnBySlip
	}
	return i18n.OwnByNumber
}

func caseState(o casework.Own) partial.State {
	switch {
	case o.Asked:
		return partial.State{Text: i18n.OwnAskRate, Tone: partial.Warned}
	case o.State.Open():
		return partial.State{Text: o.State.Text(), Tone: partial.Waiting}
	case o.Outcome != "":
		return partial.State{Text: o.Outcome.Text(), Tone: partial.Closed}
	}
	return partial.State{Text: o.State.Text(), Tone: partial.Ended}
}
