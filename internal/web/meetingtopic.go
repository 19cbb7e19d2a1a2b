package web

import (
	"context"
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/meeting"
)

func topicFilter(r *http.Request) meeting.TopicFilter {
	f := meeting.TopicFilter{State: meeting.TopicState(r.URL.Query().Get("state")), Organisation: queryID(r, "organisation"), Page: pageOf(r)}
	f.OwnerID, f.BodyID = queryID(r, "owner"), queryID(r, "body")
	return f
}

func (h *Handler) topics(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	a := actor(r)
	list, err := h.Meeting.Topics(r.Context(), a, topicFilter(r))
	if err != nil {
		return nil, err
	}
	l := view.Topics{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Form: f, Raises: a.Scope(meeting.PermRaise).Covers, Plans: a.Scope(meeting.PermPlan).Covers}
	by, to, err := h.Meeting.RaiseWhere(r.Context(), a)
	if err != nil {
		return nil, err
	}
	for _, x := range by {
		l.By = append(l.By, field.Option{Value: x.OwnerID.String(), Text: i18n.Verbatim(x.Name)})
	}
	for _, x := range to {
		l.For = append(l.For, field.Option{Value: view.HolderValue(x.Holder), Text: i18n.Verbatim(x.Name)})
	}
	return view.TopicIndex(h.page(w, r, i18n.TopicTitlePage), l), nil
}

func (h *Handler) topicsPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.topics(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) exportTopics(w http.ResponseWriter, r *http.Request) error {
	type t = meeting.Topic
	f := topicFilter(r)
	return exportList(h, w, r, i18n.TopicTitlePage, []exportColumn[t]{
		{title: i18n.TopicTitle, value: func(v t) any { return v.Title }},
		{title: i18n.TopicDetail, value: func(v t) any { return v.Detail }},
		{title: i18n.TopicBy, value: func(v t) any { return v.Organisation }},
		{title: i18n.TopicFor, value: func(v t) any { return v.HolderName }},
		{title: i18n.TopicMeeting, value: func(v t) any { return v.MeetingTitle }},
		{title: i18n.MeetingState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.MeetingReason, value: func(v t) any { return v.Answer }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Meeting.Topics(ctx, actor(r), f)
	}))
}

// topicRaise raises a topic from the page of a body, or from the list of topics.
func (h *Handler) topicRaise(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := meeting.NewTopic{Holder: holder(f.values.Get("holder")), OrganisationID: f.ID("organisation"), Title: f.values.Get("title"), Detail: f.values.Get("detail")}
	body := f.ID("body")
	if body != 0 {
		in.Holder = meeting.Holder{BodyID: body}
	}
	if in.Holder == (meeting.Holder{}) {
		f.err = f.err.With("holder", i18n.ErrRequired)
	}
	if err = f.Err(); err == nil {
		_, err = h.Meeting.Raise(r.Context(), actor(r), in)
	}
	if err != nil && body != 0 {
		r.SetPathValue("id", body.String())
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.bodyOne(w, r, f.Show(e))) })
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.topics(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.TopicPath, i18n.TopicRaisedOK)
}

// topicSchedule puts a topic on the agenda of a meeting, or takes it off, and goes back to the meeting.
func (h *Handler) topicSchedule(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	t, err := pathID(r)
	if err != nil {
		return err
	}
	at, back, said := f.ID("meeting"), f.ID("back"), i18n.MeetingPutDone
	if at == 0 {
		said = i18n.MeetingTakeDone
	}
	if err := h.Meeting.PutOnAgenda(r.Context(), actor(r), t, at); err != nil {
		return err
	}
	to := view.TopicPath
	if back != 0 {
		to = view.Href(back) + "#agenda"
	}
	return h.done(w, r, to, said)
}

func (h *Handler) topicAct(said i18n.Text, do func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
	return h.acted(saying(said, do), func(id.ID) string { return view.TopicPath }, h.topics)
}

func taskFilter(r *http.Request) meeting.TaskFilter {
	q := r.URL.Query()
	f := meeting.TaskFilter{State: meeting.TaskState(q.Get("state")), Unfinished: q.Get("show") == "open", Late: q.Get("show") == "late", Organisation: queryID(r, "organisation"), Page: pageOf(r)}
	f.OwnerID, f.BodyID = queryID(r, "owner"), queryID(r, "body")
	return f
}

func (h *Handler) tasksPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Meeting.Tasks(r.Context(), actor(r), taskFilter(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.TaskIndex(h.page(w, r, i18n.TaskTitlePage), view.Tasks{Query: r.URL.Query(), Items: l.Items, Before: l.Prev, After: l.Next, Today: h.today()}))
}

func (h *Handler) exportTasks(w http.ResponseWriter, r *http.Request) error {
	type t = meeting.Task
	f := taskFilter(r)
	return exportList(h, w, r, i18n.TaskTitlePage, []exportColumn[t]{
		{title: i18n.TaskTitle, value: func(v t) any { return v.Title }},
		{title: i18n.TaskWho, value: func(v t) any { return v.Organisation }},
		{title: i18n.MeetingHolder, value: func(v t) any { return v.HolderName }},
		{title: i18n.TaskFrom, value: func(v t) any { return v.MeetingTitle }},
		{title: i18n.TaskDue, value: func(v t) any { return v.DueOn.String() }},
		{title: i18n.TaskState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.TaskDoneOn, value: func(v t) any { return v.DoneOn.String() }},
		{title: i18n.TaskNote, value: func(v t) any { return v.Note }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Meeting.Tasks(ctx, actor(r), f)
	}))
}

func (h *Handler) taskOne(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	t, err := pathID(r)
	if err != nil {
		return nil, err
	}
	d, err := h.Meeting.Task(r.Context(), actor(r), t)
	if err != nil {
		return nil, err
	}
	p := h.page(w, r, i18n.Verbatim(d.Title))
	p.Breadcrumb = []layout.Crumb{{Text: i18n.TaskTitlePage.In(lang(r)), Href: view.TaskPath}}
	return view.TaskOne(p, view.Task{TaskDetail: d, Sent: sent, SentName: sent.Values.Get(formKey)}), nil
}

func (h *Handler) taskPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.taskOne(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) taskAct(said i18n.Text, do func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
	return h.acted(saying(said, do), view.TaskHref, h.taskOne)
}

func (h *Handler) myMeetings(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Meeting.Mine(r.Context(), actor(r), pageOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.Mine(h.page(w, r, i18n.MineMeetings), l.Items, r.URL.Query(), l.Prev, l.Next, h.today().String()))
}

func (h *Handler) myReply(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	m, err := pathID(r)
	if err != nil {
		return err
	}
	a := meeting.Answer(f.values.Get("answer"))
	if err := h.Meeting.Reply(r.Context(), actor(r), m, 0, a, f.values.Get("reason")); err != nil {
		return err
	}
	return h.done(w, r, "/m/meetings", i18n.MeetingReplied, a.Text())
}
