// Package meeting holds the pages of meetings: the list, a meeting with notice, agenda, minutes and resolutions; topics and tasks; what is due; the
// kinds; addresses for calendar programs.
package meeting

import (
	"context"
	"net/url"
	"strconv"
	"strings"

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

// Plan is the page on which a meeting is planned or changed.
type Plan struct {
	Form    field.Form
	To      string
	Version int64
	Holders []field.Option // none on a change
	Kinds   []field.Option
	Save    i18n.Text
	Back    string
}

// Clash is what stands where two people write minutes at once.
type Clash struct {
	By     string
	Theirs string
	Mine   string
}

// Show is the page of a meeting.
type Show struct {
	meeting.Detail
	Sent          field.Form
	SentName      string
	Organisations []field.Option // to which tasks are given
	Replies       []meeting.Recipient
	Revisions     []meeting.Revision
	History       []partial.Event
	Today         calendar.Date
	Presence      bool // the actor may look at the activity's sheet
	Clash         *Clash
	Below         []field.Option // to whom it can be passed on
	KindOptions   []field.Option
}

func (s Show) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.SentName == "meeting."+name {
		f = s.Sent
	}
	f.ID = name + "-"
	return f
}

func (s Show) begun() bool { return !s.Day().After(s.Today) && s.State != meeting.Cancelled }

func (s Show) kindNames(l i18n.Lang) string {
	var names []string
	for _, k := range s.Kinds {
		names = append(names, k.Text().In(l))
	}
	return strings.Join(names, i18n.PaperComma.In(l))
}

func (s Show) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: s.Title, Under: s.HolderName() + " · " + s.kindNames(i18n.From(ctx)), State: StateOf(s.Meeting)}
	if s.Plans && s.State == meeting.Planned {
		if s.begun() && s.Minutes != "" {
			h.Acts = append(h.Acts, partial.Act{Text: i18n.MeetingClose, Href: Href(s.ID) + "/close", Look: partial.Primary, Icon: icon.Check,
				Confirm: &partial.Confirm{ID: "close", Question: i18n.T(ctx, i18n.MeetingCloseAsk, s.Title, s.kindNames(i18n.From(ctx)))}})
		}
		h.More = append(h.More, partial.Act{Text: i18n.MeetingEdit, Href: Href(s.ID) + "/edit", Icon: icon.Edit},
			partial.Act{Text: i18n.MeetingCancel, Href: Href(s.ID) + "/cancel", Look: partial.Danger,
				Confirm: &partial.Confirm{ID: "cancel", Question: i18n.T(ctx, i18n.MeetingCancelAsk, s.Title), Reason: i18n.MeetingReason, Form: "meeting.cancel"}})
	}
	h.Acts = append(h.Acts, partial.Act{Text: i18n.MeetingPrint, Href: Href(s.ID) + "/print", Icon: icon.Print})
	return h
}

func (s Show) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.MeetingStarts, i18n.DateTime(s.StartsAt)), partial.F(i18n.MeetingEnds, i18n.DateTime(s.EndsAt)), partial.F(i18n.MeetingPlace, s.Place)}
	if s.BodyID != 0 {
		list = append(list, partial.Fact{Label: i18n.MeetingHolder, Value: partial.Link(s.Body, "/bodies/"+s.BodyID.String())})
	} else {
		list = append(list, partial.F(i18n.MeetingHolder, s.Owner))
	}
	if s.PassesID != 0 {
		list = append(list, partial.F(i18n.MeetingPassOf, s.Above.Name))
	}
	if s.Reason != "" {
		list = append(list, partial.F(i18n.MeetingReason, s.Reason))
	}
	return list
}

var passColumns = []partial.Column{{Key: "to", Title: i18n.MeetingPassTo, Main: true}, {Key: "when", Title: i18n.MeetingWhen, Tight: true}, {Key: "present", Title: i18n.MeetingPresent, Num: true}, {Key: "state", Title: i18n.MeetingState, Tight: true}}

func (s Show) passRows() []partial.Row {
	var rows []partial.Row
	for _, p := range s.Passed {
		rows = append(rows, partial.Row{ID: p.MeetingID.String(), Name: p.Holder, Href: Href(p.MeetingID), Cells: []templ.Component{partial.Text(p.Holder), partial.Text(i18n.DateTime(p.StartsAt)), partial.Num(p.Present), partial.Badge(StateOf(meeting.Meeting{State: p.State}))}})
	}
	return rows
}

func (s Show) answered() (n int) {
	for _, r := range s.Recipients {
		if r.Answer != "" {
			n++
		}
	}
	return n
}

var recipientColumns = []partial.Column{{Key: "who", Title: i18n.MeetingWho, Main: true}, {Key: "answer", Title: i18n.MeetingAnswers, Tight: true}, {Key: "reason", Title: i18n.MeetingReasonOpt, Minor: true}, {Key: "there", Title: i18n.MeetingThere, Tight: true}}

func (s Show) recipientRows() []partial.Row {
	var rows []partial.Row
	for _, r := range s.Recipients {
		name := partial.Text(r.Name)
		if r.OrganisationID != 0 {
			name = partial.Two(r.Organisation, r.Name)
		}
		tone := map[meeting.Answer]partial.Tone{"": partial.Draft, meeting.Coming: partial.Active, meeting.Away: partial.Ended}[r.Answer]
		there := partial.Text("")
		if r.Present {
			there = partial.Badge(partial.State{Text: i18n.MeetingThere, Tone: partial.Closed})
		}
		rows = append(rows, partial.Row{ID: r.ID.String(), Name: r.Name, Cells: []templ.Component{name, partial.Badge(partial.State{Text: r.Answer.Text(), Tone: tone}), partial.Text(r.Reason), there}})
	}
	return rows
}

func (s Show) topicOptions() []field.Option {
	var out []field.Option
	for _, t := range s.Agenda {
		out = append(out, field.Option{Value: t.ID.String(), Text: i18n.Verbatim(t.Title), Note: t.Organisation})
	}
	return out
}

// onlyTopic is the topic of the agenda that is not decided, if it is the only one.
func (s Show) onlyTopic() string {
	found := ""
	for _, t := range s.Agenda {
		if t.State == meeting.OnAgenda {
			if found != "" {
				return ""
			}
			found = t.ID.String()
		}
	}
	return found
}

// minutes is the text in the box: what was sent, what stands, or what the program knows.
func (s Show) minutes() string {
	switch {
	case s.Clash != nil:
		return s.Clash.Mine
	case s.Minutes != "":
		return s.Minutes
	}
	return s.Template()
}

func (s Show) minutesForm() field.Form {
	f := s.form("minutes")
	if f.Values.Get("minutes") == "" || s.Clash != nil {
		f.Values = url.Values{"minutes": {s.minutes()}}
	}
	return f
}

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

// Due is a page of what is due.
type Due struct {
	Query         url.Values
	Items         []meeting.DueOf
	Kinds         []meeting.Kind
	Before, After string
}

func dueFilters(d Due) []partial.Filter {
	var owed []meeting.Kind
	for _, k := range d.Kinds {
		if k.Every != meeting.Freely {
			owed = append(owed, k)
		}
	}
	return []partial.Filter{kindFilter(owed), {Name: "only", Label: i18n.MeetingDueOnly, Options: []partial.Option{{Value: string(meeting.Overdue), Text: i18n.MeetingOverdue}, {Value: string(meeting.Wanted), Text: i18n.MeetingDue}}}}
}

var dueColumns = []partial.Column{{Key: "name", Title: i18n.MeetingDueOf, Main: true}, {Key: "over", Title: i18n.MeetingDueOver}, {Key: "want", Title: i18n.MeetingDueWant}, {Key: "plan", Title: i18n.MeetingDuePlan, Num: true}, {Key: "held", Title: i18n.MeetingDueHeld, Num: true}}

// Cells names duties in a line: 2026 年 3 月主题党日、….
func Cells(l i18n.Lang, cells []meeting.Cell, most int) string {
	var names []string
	for i, c := range cells {
		if most > 0 && i == most {
			names = append(names, "+"+strconv.Itoa(len(cells)-most))
			break
		}
		names = append(names, c.KindName().In(l)+i18n.PartialAside.In(l, c.Label()))
	}
	return strings.Join(names, i18n.PaperComma.In(l))
}

func dueRows(ctx context.Context, items []meeting.DueOf) []partial.Row {
	var rows []partial.Row
	for _, d := range items {
		rows = append(rows, partial.Row{ID: HolderValue(d.Holder), Name: d.Name, Href: YearPath + "?holder=" + HolderValue(d.Holder), Cells: []templ.Component{partial.Text(d.Name), dueCell(len(d.Overdue), Cells(i18n.From(ctx), d.Overdue, 4), partial.Refused),
			dueCell(len(d.Wanted), Cells(i18n.From(ctx), d.Wanted, 4), partial.Waiting), partial.Num(int64(len(d.Fixed))), partial.Num(d.Done)}})
	}
	return rows
}

// Year is what a holder owes in a year.
type Year struct {
	meeting.Holder
	Name    string
	Year    int
	Cells   []meeting.Cell
	Today   calendar.Date
	Holders []field.Option
	Plans   bool
	Form    field.Form
}

// row is a kind of meeting with its periods.
type row struct {
	name  i18n.Text
	every i18n.Text
	cells []meeting.Cell
}

func (y Year) rows() []row {
	var out []row
	last := ""
	for _, c := range y.Cells {
		if c.KindCode != last {
			out, last = append(out, row{name: c.KindName(), every: c.Every.Text()}), c.KindCode
		}
		out[len(out)-1].cells = append(out[len(out)-1].cells, c)
	}
	return out
}

func cellState(l i18n.Lang, c meeting.Cell, today calendar.Date) partial.State {
	st := c.Standing(today)
	return partial.State{Text: i18n.Verbatim(c.Label().In(l) + " " + st.Text().In(l)), Tone: map[meeting.Standing]partial.Tone{meeting.Done: partial.Closed, meeting.Fixed: partial.Waiting, meeting.Wanted: partial.Warned, meeting.Overdue: partial.Refused, meeting.Ahead: partial.Draft}[st]}
}

// cellHref leads to the meetings of a cell, or to the form that plans one.
func (y Year) cellHref(c meeting.Cell) string {
	q := url.Values{"kind": {c.KindCode}}
	if c.Held+c.Planned == 0 && y.Plans {
		q.Set("holder", HolderValue(y.Holder))
		return Path + "/new?" + q.Encode()
	}
	q.Set("from", c.Start.String())
	q.Set("to", c.Ends.String())
	if y.BodyID != 0 {
		q.Set("body", y.BodyID.String())
	} else {
		q.Set("owner", y.OwnerID.String())
	}
	return Path + "?" + q.Encode()
}

func (y Year) href(year int) string {
	return YearPath + "?" + url.Values{"holder": {HolderValue(y.Holder)}, "year": {strconv.Itoa(year)}}.Encode()
}

func (y Year) kindOptions() []field.Option {
	var out []field.Option
	for _, r := range y.rows() {
		out = append(out, field.Option{Value: r.cells[0].KindCode, Text: r.name, Note: i18n.T(context.Background(), r.every)})
	}
	return out
}

// Kind is the form of a kind of meeting.
type Kind struct {
	Form    field.Form
	Version int64
	New     bool
}

func everyOptions() []field.Option {
	var out []field.Option
	for _, e := range meeting.Frequencies() {
		out = append(out, field.Option{Value: string(e), Text: e.Text()})
	}
	return out
}

func needOptions() []field.Option {
	var out []field.Option
	for _, n := range meeting.AllNeeds() {
		v := string(n)
		if v == "" {
			v = "nothing"
		}
		out = append(out, field.Option{Value: v, Text: n.Text()})
	}
	return out
}

func holderOptions() []field.Option {
	var out []field.Option
	for _, h := range meeting.HolderKinds() {
		out = append(out, field.Option{Value: h, Text: meeting.HolderText(h)})
	}
	return out
}

func kindRows(ctx context.Context, list []meeting.Kind) []partial.Row {
	var rows []partial.Row
	for _, k := range list {
		var names []string
		for _, h := range k.Holders {
			names = append(names, i18n.T(ctx, meeting.HolderText(h)))
		}
		state := partial.State{}
		if k.Retired {
			state = partial.State{Text: i18n.MeetingKindOff, Tone: partial.Ended}
		}
		rows = append(rows, partial.Row{ID: k.Code, Name: k.Name, Href: KindPath + "/" + k.Code, Cells: []templ.Component{partial.Label(k.Text()), partial.Label(k.Every.Text()), partial.Text(strings.Join(names, i18n.T(ctx, i18n.PaperComma))),
			partial.Label(k.Needs.Text()), partial.Text(k.Source), partial.Text(k.Since.String()), partial.Badge(state)}})
	}
	return rows
}

var kindColumns = []partial.Column{{Key: "name", Title: i18n.MeetingKindName, Main: true}, {Key: "every", Title: i18n.MeetingKindEvery, Tight: true}, {Key: "by", Title: i18n.MeetingKindHolds}, {Key: "needs", Title: i18n.MeetingKindNeeds},
	{Key: "source", Title: i18n.MeetingKindSource, Minor: true}, {Key: "since", Title: i18n.MeetingKindSince, Tight: true}, {Key: "off", Title: i18n.MeetingState, Tight: true}}

// Feeds is the page of addresses for calendar programs.
type Feeds struct {
	Items  []meeting.Feed
	Bodies []field.Option
	Made   string // an address that was just made
	Form   field.Form
	Pocket bool
}

func feedRows(ctx context.Context, list []meeting.Feed) []partial.Row {
	var rows []partial.Row
	for _, f := range list {
		name := i18n.T(ctx, i18n.FeedMine)
		if f.BodyID != 0 {
			name = f.Body
		}
		rows = append(rows, partial.Row{ID: f.ID.String(), Name: name, Cells: []templ.Component{partial.Text(name), partial.Moment(f.CreatedAt), partial.Moment(f.UsedAt),
			partial.Button(partial.Act{Text: i18n.FeedRevoke, Href: FeedPath + "/" + f.ID.String() + "/revoke", Small: true, Look: partial.Danger, Confirm: &partial.Confirm{ID: "revoke-" + f.ID.String(), Question: i18n.T(ctx, i18n.FeedRevokeQ)}})}})
	}
	return rows
}

var feedColumns = []partial.Column{{Key: "of", Title: i18n.FeedOf, Main: true}, {Key: "made", Title: i18n.FeedCreated, Tight: true}, {Key: "used", Title: i18n.FeedUsed, Tight: true}, {Key: "act", Title: i18n.FeedRevoke, Tight: true}}

// AnswerOptions are what can be said to a notice.
func AnswerOptions() []field.Option {
	return []field.Option{{Value: string(meeting.Coming), Text: i18n.MeetingComing}, {Value: string(meeting.Away), Text: i18n.MeetingAway}}
}
