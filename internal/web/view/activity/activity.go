// Package activity holds the pages of activities: list, calendar, one activity with its sheet, the screen at the place, one attendance,
// the kinds; and the members' pages of the same on the phone.
package activity

import (
	"context"
	"fmt"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"linli/internal/activity"
	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// StateOf is how the state of an activity is shown.
func StateOf(s activity.State) partial.State {
	tones := map[activity.State]partial.Tone{activity.Draft: partial.Draft, activity.Published: partial.Waiting, activity.Held: partial.Active,
		activity.Closed: partial.Closed, activity.Cancelled: partial.Ended}
	return partial.State{Text: s.Label(), Tone: tones[s]}
}

// EnrolOf is how an enrolment is shown.
func EnrolOf(s activity.EnrolState) partial.State {
	tones := map[activity.EnrolState]partial.Tone{activity.Enrolled: partial.Active, activity.Waiting: partial.Waiting, activity.Withdrawn: partial.Ended}
	return partial.State{Text: s.Label(), Tone: tones[s]}
}

// PresenceOf is how the state of an attendance is shown.
func PresenceOf(s activity.Presence) partial.State {
	tones := map[activity.Presence]partial.Tone{activity.In: partial.Active, activity.Out: partial.Closed, activity.Void: partial.Ended}
	return partial.State{Text: s.Label(), Tone: tones[s]}
}

// ProofOf is how a grade of proof is shown.
func ProofOf(p ledger.Proof) partial.State {
	tones := map[ledger.Proof]partial.Tone{ledger.Timed: partial.Active, ledger.Countersigned: partial.Closed, ledger.Vouched: partial.Draft}
	return partial.State{Text: p.Label(), Tone: tones[p]}
}

// When is the time of an activity in one line: 2026-09-19 09:00–11:00.
func When(from, to time.Time) string {
	if i18n.Date(from) == i18n.Date(to) {
		return i18n.DateTime(from) + "–" + i18n.Clock(to)
	}
	return i18n.DateTime(from) + " – " + i18n.DateTime(to)
}

// Address is the page of an activity.
func Address(a id.ID, rest ...string) string {
	s := "/activities/" + a.String()
	for _, r := range rest {
		s += "/" + r
	}
	return s
}

func places(ctx context.Context, a activity.Item) string {
	if a.Capacity == 0 {
		return i18n.T(ctx, i18n.ActivityPlacesFree, i18n.Number(a.Enrolled))
	}
	s := i18n.Number(a.Enrolled) + " / " + i18n.Number(a.Capacity)
	if a.Waiting > 0 {
		s += " · " + i18n.T(ctx, i18n.ActivityWaitingCount, i18n.Number(a.Waiting))
	}
	return s
}

// StateOptions are the states to filter by.
func StateOptions() []field.Option {
	var list []field.Option
	for _, s := range activity.States {
		list = append(list, field.Option{Value: string(s), Text: s.Label()})
	}
	return list
}

// KindOptions are the kinds to choose from; each says what it gives.
func KindOptions(kinds []activity.Kind) []field.Option {
	var list []field.Option
	for _, k := range kinds {
		list = append(list, field.Option{Value: k.Code, Text: k.Text()})
	}
	return list
}

// CommunityOptions are the communities to choose from.
func CommunityOptions(list []activity.Named) []field.Option {
	var out []field.Option
	for _, n := range list {
		out = append(out, field.Option{Value: n.ID.String(), Text: i18n.Verbatim(n.Name)})
	}
	return out
}

// Values are the fields of a plan as a form shows them.
func Values(p activity.Plan) url.Values {
	v := url.Values{"community": {p.CommunityID.String()}, "kind": {p.KindCode}, "title": {p.Title}, "body": {p.Body}, "place": {p.Place},
		"starts_at": {field.Stamp(p.StartsAt)}, "ends_at": {field.Stamp(p.EndsAt)}, "deed_title": {p.DeedTitle}}
	if p.Capacity > 0 {
		v.Set("capacity", strconv.FormatInt(p.Capacity, 10))
	}
	if p.GivesHours {
		v.Set("gives_hours", "1")
	}
	if p.ProgrammeID != 0 {
		v.Set("programme", p.ProgrammeID.String())
	}
	return v
}

var listColumns = []partial.Column{
	{Key: "title", Title: i18n.ActivityName, Main: true},
	{Key: "when", Title: i18n.ActivityWhen},
	{Key: "place", Title: i18n.ActivityPlace, Minor: true},
	{Key: "kind", Title: i18n.ActivityKind},
	{Key: "community", Title: i18n.ActivityCommunity, Minor: true},
	{Key: "state", Title: i18n.ActivityState},
	{Key: "enrolled", Title: i18n.ActivityEnrolments, Num: true},
	{Key: "attended", Title: i18n.ActivityAttended, Num: true},
}

func listRows(ctx context.Context, items []activity.Item) []partial.Row {
	var list []partial.Row
	for _, a := range items {
		list = append(list, partial.Row{ID: a.ID.String(), Name: a.Title, Href: Address(a.ID), Cells: []templ.Component{
			partial.Text(a.Title), partial.Text(When(a.StartsAt, a.EndsAt)), partial.Text(a.Place), partial.Label(a.KindName), partial.Text(a.CommunityName),
			partial.Badge(StateOf(a.State)), partial.Text(places(ctx, a)), partial.NumLink(a.Attended, Address(a.ID, "sheet")),
		}})
	}
	return list
}

// Month is one month of the calendar.
type Month struct {
	First calendar.Date
	Today calendar.Date
	Items []activity.Item
}

// days are the days of the month from Monday on; days of the neighbours are there to fill the weeks.
func (m Month) days() []calendar.Date {
	var out []calendar.Date
	for d := m.First.AddDays(-(int(m.First.Weekday()) + 6) % 7); d.Compare(m.First.EndOfMonth()) <= 0 || len(out)%7 != 0; d = d.AddDays(1) {
		out = append(out, d)
	}
	return out
}

func (m Month) on(d calendar.Date) []activity.Item {
	var out []activity.Item
	for _, a := range m.Items {
		if calendar.DateOf(a.StartsAt) == d {
			out = append(out, a)
		}
	}
	return out
}

func (m Month) name() string { return fmt.Sprintf("%04d-%02d", m.First.Year(), int(m.First.Month())) }

func (m Month) href(q url.Values, months int) string {
	n := Month{First: m.First.AddMonths(months)}
	return partial.Href("/activities/calendar", q, "month", n.name())
}

var weekdays = []i18n.Text{i18n.ActivityMon, i18n.ActivityTue, i18n.ActivityWed, i18n.ActivityThu, i18n.ActivityFri, i18n.ActivitySat, i18n.ActivitySun}

var sheetColumns = []partial.Column{
	{Key: "name", Title: i18n.ActivityPerson, Main: true},
	{Key: "unit", Title: i18n.ActivityUnit, Minor: true},
	{Key: "in", Title: i18n.ActivityInAt},
	{Key: "out", Title: i18n.ActivityOutAt},
	{Key: "hours", Title: i18n.ActivityHours, Num: true},
	{Key: "proof", Title: i18n.ActivityProof},
	{Key: "state", Title: i18n.ActivityState},
	{Key: "note", Title: i18n.ActivityNote, Minor: true},
}

func sheetRows(ctx context.Context, items []activity.AttendanceItem, one bool) []partial.Row {
	var list []partial.Row
	for _, t := range items {
		name := partial.Two(t.Name, t.ActivityTitle)
		if one {
			name = partial.Text(t.Name)
		}
		list = append(list, partial.Row{ID: t.ID.String(), Name: t.Name, Href: "/attendances/" + t.ID.String(), Cells: []templ.Component{
			name, partial.Text(t.UnitName), partial.Text(i18n.DateTime(t.InAt)), partial.Text(clockOrDash(t)), partial.Hours(t.Minutes),
			partial.Badge(ProofOf(t.Proof)), partial.Badge(presence(t)), partial.Text(note(ctx, t)),
		}})
	}
	return list
}

// presence is the state of an attendance; what somebody should look at comes first.
func presence(t activity.AttendanceItem) partial.State {
	switch {
	case t.State == activity.Void:
		return PresenceOf(t.State)
	case t.Guest():
		return partial.State{Text: i18n.ActivityGuest, Tone: partial.Waiting}
	case t.OverlapID != 0:
		return partial.State{Text: i18n.ActivityOverlap, Tone: partial.Warned}
	case t.LongDay:
		return partial.State{Text: i18n.ActivityLong, Tone: partial.Warned}
	}
	return PresenceOf(t.State)
}

func clockOrDash(t activity.AttendanceItem) string {
	if i18n.Date(t.InAt) == i18n.Date(t.OutAt) {
		return i18n.Clock(t.OutAt)
	}
	return i18n.DateTime(t.OutAt)
}

func note(ctx context.Context, t activity.AttendanceItem) string {
	switch {
	case t.HelpedName != "":
		return i18n.T(ctx, i18n.ActivityHelpedBy, t.HelpedName)
	case t.AwaitsHelped:
		return i18n.T(ctx, i18n.ActivityAwaits)
	}
	return i18n.T(ctx, activity.ReasonText(t.Reason))
}

var enrolColumns = []partial.Column{
	{Key: "name", Title: i18n.ActivityPerson, Main: true},
	{Key: "unit", Title: i18n.ActivityUnit},
	{Key: "state", Title: i18n.ActivityState},
	{Key: "at", Title: i18n.ActivityEnrolledAt},
}

func enrolRows(ctx context.Context, items []activity.EnrolItem) []partial.Row {
	var list []partial.Row
	for _, e := range items {
		list = append(list, partial.Row{ID: e.MemberID.String(), Name: e.MemberName, Cells: []templ.Component{
			partial.Text(e.MemberName), partial.Text(e.UnitName), enrolState(ctx, e), partial.Moment(e.At)}})
	}
	return list
}

// answerField draws a kind's own field.
func answerField(f field.Form, k activity.Field) templ.Component {
	d := f.In("field."+k.Code, k.Text())
	if k.Required {
		d = d.Need()
	}
	switch k.Type {
	case activity.NumberField:
		return field.Number(d, i18n.Text{})
	case activity.ChoiceField:
		var options []field.Option
		for _, o := range k.Options {
			options = append(options, field.Option{Value: o, Text: i18n.Verbatim(o)})
		}
		return field.Select(d, options)
	case activity.YesNoField:
		return field.Radios(d, []field.Option{{Value: "yes", Text: i18n.ActivityYes}, {Value: "no", Text: i18n.ActivityNo}})
	}
	return field.Text(d.Limit(200))
}

func act(t i18n.Text, href string, ic icon.Name) partial.Act {
	return partial.Act{Text: t, Href: href, Icon: ic}
}

func post(t i18n.Text, href string, ic icon.Name) partial.Act {
	return partial.Act{Text: t, Href: href, Icon: ic, Post: true}
}

// enrolState is the state of an enrolment, with the moment of moving up from the waiting list.
func enrolState(ctx context.Context, e activity.EnrolItem) templ.Component {
	if e.MovedAt.IsZero() || e.State != activity.Enrolled {
		return partial.Badge(EnrolOf(e.State))
	}
	return movedUp(e)
}
