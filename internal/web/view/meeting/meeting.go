// Package meeting holds the pages of meetings: the list, a meeting with notice, agenda, minutes and resolutions; topics and tasks; what is due; the
// kinds; addresses for calendar programs.
package meeting

import (
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses of the lists.
const (
	Path      = "/meetings"
	TopicPath = "/topics"
	TaskPath  = "/tasks"
	DuePath   = "/meetings/due"
	YearPath  = "/meetings/year"
	KindPath  = "/meeting-kinds"
	FeedPath  = "/calendars"
)

// Href is the address of a meeting.
func Href(m id.ID) string { return Path + "/" + m.String() }

// TaskHref is the address of a task.
func TaskHref(t id.ID) string { return TaskPath + "/" + t.String() }

// HolderValue is a holder as a form has it: o and the organisation's ID, or b and the body's.
func HolderValue(h meeting.Holder) string {
	if h.BodyID != 0 {
		return "b" + h.BodyID.String()
	}
	if h.OwnerID == 0 {
		return ""
	}
	return "o" + h.OwnerID.String()
}

// List is a page of meetings.
type List struct {
	Query         url.Values
	Items         []meeting.Item
	Kinds         []meeting.Kind
	Before, After string
	Plan, Keep    bool
}

func listActs(l List) []partial.Act {
	var acts []partial.Act
	if l.Plan {
		acts = append(acts, partial.Act{Text: i18n.MeetingNew, Href: Path + "/new", Icon: icon.Plus, Look: partial.Primary}, partial.Act{Text: i18n.MeetingYearTitle, Href: YearPath, Icon: icon.Table})
	}
	return append(acts, partial.Act{Text: i18n.MeetingDueTitle, Href: DuePath, Icon: icon.Clock}, partial.Act{Text: i18n.FeedTitle, Href: FeedPath, Icon: icon.Calendar})
}

func listMore(l List) []partial.Act {
	more := []partial.Act{{Text: i18n.MeetingPrint, Href: partial.Href(Path+"/print", l.Query, "", ""), Icon: icon.Print}}
	if l.Keep {
		more = append(more, partial.Act{Text: i18n.MeetingKindsTitle, Href: KindPath, Icon: icon.Settings})
	}
	return more
}

func kindFilter(kinds []meeting.Kind) partial.Filter {
	f := partial.Filter{Name: "kind", Label: i18n.MeetingKind}
	for _, k := range kinds {
		f.Options = append(f.Options, partial.Option{Value: k.Code, Text: k.Text()})
	}
	return f
}

func listFilters(l List) []partial.Filter {
	state := partial.Filter{Name: "state", Label: i18n.MeetingState}
	for _, s := range meeting.States() {
		state.Options = append(state.Options, partial.Option{Value: string(s), Text: s.Text()})
	}
	return []partial.Filter{kindFilter(l.Kinds), state, {Name: "when", Label: i18n.MeetingWhen, Options: []partial.Option{{Value: "coming", Text: i18n.MeetingUpcoming}}}}
}

var listColumns = []partial.Column{{Key: "title", Title: i18n.MeetingName, Main: true}, {Key: "holder", Title: i18n.MeetingHolder}, {Key: "kind", Title: i18n.MeetingKind, Minor: true}, {Key: "when", Title: i18n.MeetingWhen, Tight: true},
	{Key: "place", Title: i18n.MeetingPlace, Minor: true}, {Key: "answers", Title: i18n.MeetingAnswers, Num: true, Minor: true}, {Key: "present", Title: i18n.MeetingPresent, Num: true},
	{Key: "decisions", Title: i18n.MeetingDecisions, Num: true}, {Key: "state", Title: i18n.MeetingState, Tight: true}}

func listRows(items []meeting.Item) []partial.Row {
	var rows []partial.Row
	for _, m := range items {
		rows = append(rows, partial.Row{ID: m.ID.String(), Name: m.Title, Href: Href(m.ID), Cells: []templ.Component{partial.Text(m.Title), partial.Text(m.HolderName()), partial.Label(m.KindName()), partial.Text(i18n.DateTime(m.StartsAt)),
			partial.Text(m.Place), partial.Text(Answers(m)), partial.Num(m.Present), partial.Num(m.Decisions), partial.Badge(StateOf(m.Meeting))}})
	}
	return rows
}

// Answers is how many of those notified have answered: 3/12.
func Answers(m meeting.Item) string {
	if m.Recipients == 0 {
		return ""
	}
	return strconv.FormatInt(m.Answered, 10) + "/" + strconv.FormatInt(m.Recipients, 10)
}

// StateOf is the state of a meeting as a badge.
func StateOf(m meeting.Meeting) partial.State {
	return partial.State{Text: m.State.Text(), Tone: map[meeting.State]partial.Tone{meeting.Planned: partial.Waiting, meeting.Held: partial.Closed, meeting.Cancelled: partial.Ended}[m.State]}
}

func topicState(s meeting.TopicState) partial.State {
	return partial.State{Text: s.Text(), Tone: map[meeting.TopicState]partial.Tone{meeting.Raised: partial.Waiting, meeting.OnAgenda: partial.Active, meeting.Decided: partial.Closed,
		meeting.Declined: partial.Refused, meeting.Withdrawn: partial.Ended}[s]}
}

func taskState(t meeting.Task, today calendar.Date) partial.State {
	if t.Late(today) {
		return partial.State{Text: i18n.TaskLate, Tone: partial.Refused}
	}
	return partial.State{Text: t.State.Text(), Tone: map[meeting.TaskState]partial.Tone{meeting.Open: partial.Waiting, meeting.Reported: partial.Active, meeting.Finished: partial.Closed, meeting.Dropped: partial.Ended}[t.State]}
}

// AnswerOptions are what can be said to a notice.
func AnswerOptions() []field.Option {
	return []field.Option{{Value: string(meeting.Coming), Text: i18n.MeetingComing}, {Value: string(meeting.Away), Text: i18n.MeetingAway}}
}
