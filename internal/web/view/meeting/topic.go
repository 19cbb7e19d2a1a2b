package meeting

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

var taskColumns = []partial.Column{{Key: "title", Title: i18n.TaskTitle, Main: true}, {Key: "who", Title: i18n.TaskWho}, {Key: "due", Title: i18n.TaskDue, Tight: true}, {Key: "state", Title: i18n.TaskState, Tight: true},
	{Key: "note", Title: i18n.TaskNote, Minor: true}}

func taskRows(list []meeting.Task, today calendar.Date) []partial.Row {
	var rows []partial.Row
	for _, t := range list {
		rows = append(rows, partial.Row{ID: t.ID.String(), Name: t.Title, Href: TaskHref(t.ID), Cells: []templ.Component{partial.Text(t.Title), partial.Text(t.Organisation), partial.Text(t.DueOn.String()),
			partial.Badge(taskState(t, today)), partial.Text(t.Note)}})
	}
	return rows
}

// Tasks is a page of tasks.
type Tasks struct {
	Query         url.Values
	Items         []meeting.Task
	Before, After string
	Today         calendar.Date
}

func taskFilters() []partial.Filter {
	state := partial.Filter{Name: "state", Label: i18n.TaskState}
	for _, s := range meeting.TaskStates() {
		state.Options = append(state.Options, partial.Option{Value: string(s), Text: s.Text()})
	}
	return []partial.Filter{state, {Name: "show", Label: i18n.MeetingDueOnly, Options: []partial.Option{{Value: "open", Text: i18n.TaskUnfin}, {Value: "late", Text: i18n.TaskLate}}}}
}

var allTaskColumns = []partial.Column{{Key: "title", Title: i18n.TaskTitle, Main: true}, {Key: "who", Title: i18n.TaskWho}, {Key: "from", Title: i18n.TaskFrom}, {Key: "due", Title: i18n.TaskDue, Tight: true}, {Key: "state", Title: i18n.TaskState, Tight: true},
	{Key: "note", Title: i18n.TaskNote, Minor: true}}

func allTaskRows(l Tasks) []partial.Row {
	var rows []partial.Row
	for _, t := range l.Items {
		rows = append(rows, partial.Row{ID: t.ID.String(), Name: t.Title, Href: TaskHref(t.ID), Cells: []templ.Component{partial.Text(t.Title), partial.Text(t.Organisation), partial.Two(t.HolderName, t.MeetingTitle), partial.Text(t.DueOn.String()),
			partial.Badge(taskState(t, l.Today)), partial.Text(t.Note)}})
	}
	return rows
}

// Task is the page of a task.
type Task struct {
	meeting.TaskDetail
	Sent     field.Form
	SentName string
}

func (t Task) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if t.SentName == "task."+name {
		f = t.Sent
	}
	f.ID = name + "-"
	return f
}

func (t Task) facts() []partial.Fact {
	list := []partial.Fact{partial.F(i18n.TaskWho, t.Organisation), partial.F(i18n.TaskDue, t.DueOn.String()), {Label: i18n.TaskFrom, Value: partial.Link(t.MeetingTitle, Href(t.MeetingID))}}
	if !t.DoneOn.IsZero() {
		list = append(list, partial.F(i18n.TaskDoneOn, t.DoneOn.String()))
	}
	return list
}

func (t Task) events(ctx context.Context) []partial.Event {
	var out []partial.Event
	for _, p := range t.Progress {
		out = append(out, partial.Event{When: p.At, Who: p.By, What: i18n.T(ctx, p.State.Text()), Detail: p.Note, Tone: taskState(meeting.Task{State: p.State}, calendar.Date{}).Tone})
	}
	return out
}

func settleOptions() []field.Option {
	return []field.Option{{Value: string(meeting.Finished), Text: i18n.TaskAccept}, {Value: string(meeting.Open), Text: i18n.TaskReturn}, {Value: string(meeting.Dropped), Text: i18n.TaskDrop}}
}

// Topics is a page of topics.
type Topics struct {
	Query         url.Values
	Items         []meeting.Topic
	Before, After string
	Form          field.Form     // of a topic that is raised
	By, For       []field.Option // who may raise, and to whom
	Raises        func(id.ID) bool
	Plans         func(id.ID) bool
}

func topicFilters() []partial.Filter {
	state := partial.Filter{Name: "state", Label: i18n.MeetingState}
	for _, s := range []meeting.TopicState{meeting.Raised, meeting.OnAgenda, meeting.Decided, meeting.Declined, meeting.Withdrawn} {
		state.Options = append(state.Options, partial.Option{Value: string(s), Text: s.Text()})
	}
	return []partial.Filter{state}
}

var topicColumns = []partial.Column{{Key: "title", Title: i18n.TopicTitle, Main: true}, {Key: "by", Title: i18n.TopicBy}, {Key: "for", Title: i18n.TopicFor}, {Key: "meeting", Title: i18n.TopicMeeting}, {Key: "state", Title: i18n.MeetingState, Tight: true}, {Key: "act", Title: i18n.PartialMore, Tight: true}}

func topicRows(ctx context.Context, l Topics) []partial.Row {
	var rows []partial.Row
	for _, t := range l.Items {
		at := partial.Text(t.Answer)
		if t.MeetingID != 0 {
			at = partial.Link(t.MeetingTitle, Href(t.MeetingID))
		}
		act := partial.Text("")
		if t.State == meeting.Raised || t.State == meeting.OnAgenda {
			switch {
			case l.Plans(t.OwnerID):
				act = partial.Button(decline(ctx, t))
			case l.Raises(t.OrganisationID):
				act = partial.Button(partial.Act{Text: i18n.TopicWithdraw, Href: TopicPath + "/" + t.ID.String() + "/withdraw", Post: true, Small: true})
			}
		}
		rows = append(rows, partial.Row{ID: t.ID.String(), Name: t.Title, Cells: []templ.Component{partial.Two(t.Title, t.Detail), partial.Two(t.Organisation, i18n.Date(t.At)), partial.Text(t.HolderName), at, partial.Badge(topicState(t.State)), act}})
	}
	return rows
}

func decline(ctx context.Context, t meeting.Topic) partial.Act {
	return partial.Act{Text: i18n.TopicDecline, Href: TopicPath + "/" + t.ID.String() + "/decline", Small: true, Look: partial.Quiet,
		Confirm: &partial.Confirm{ID: "decline-" + t.ID.String(), Question: i18n.T(ctx, i18n.TopicDeclineQ, t.Title), Reason: i18n.MeetingReason, Form: "topic.decline"}}
}
