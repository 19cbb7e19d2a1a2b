package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/meeting"
)

func (h *Handler) meetingRoutes() []route {
	see, plan, raise := may(meeting.PermSee, meeting.PermPlan), may(meeting.PermPlan), may(meeting.PermRaise)
	look, own, kinds := may(meeting.PermSee, meeting.PermPlan, meeting.PermRaise), may(meeting.PermOwn), may(meeting.PermKinds)
	feeds := may(meeting.PermSee, meeting.PermOwn)
	return []route{
		{pattern: "GET /meetings", who: see, serve: h.meetingsPage},
		{pattern: "GET /meetings/export", who: see, serve: h.exportMeetings},
		{pattern: "GET /meetings/print", who: see, serve: h.meetingsPrint},
		{pattern: "GET /meetings/due", who: see, serve: h.duePage},
		{pattern: "GET /meetings/due/export", who: see, serve: h.exportDue},
		{pattern: "GET /meetings/year", who: see, serve: h.yearPage},
		{pattern: "POST /meetings/year", who: plan, serve: h.yearPlan},
		{pattern: "GET /meetings/new", who: plan, serve: h.meetingNewPage},
		{pattern: "POST /meetings", who: plan, serve: h.meetingCreate},
		{pattern: "GET /meetings/{id}", who: look, serve: h.meetingPage},
		{pattern: "GET /meetings/{id}/print", who: look, serve: h.meetingPrint},
		{pattern: "GET /meetings/{id}/edit", who: plan, serve: h.meetingEditPage},
		{pattern: "POST /meetings/{id}/edit", who: plan, serve: h.meetingEdit},
		{pattern: "POST /meetings/{id}/cancel", who: plan, serve: h.meetingAct("", h.meetingCancel)},
		{pattern: "POST /meetings/{id}/notify", who: plan, serve: h.meetingAct("#notice", h.meetingNotify)},
		{pattern: "POST /meetings/{id}/reply", who: raise, serve: h.meetingAct("", h.meetingReply)},
		{pattern: "POST /meetings/{id}/topics", who: plan, serve: h.meetingAct("#agenda", h.meetingTopic)},
		{pattern: "POST /meetings/{id}/sign-in", who: plan, serve: h.meetingAct("#sign-in", h.meetingSignIn)},
		{pattern: "POST /meetings/{id}/minutes", who: plan, serve: h.meetingMinutes},
		{pattern: "POST /meetings/{id}/minutes/auto", who: plan, serve: h.meetingMinutesAuto},
		{pattern: "POST /meetings/{id}/resolutions", who: plan, serve: h.meetingAct("#resolutions", h.meetingDecide)},
		{pattern: "POST /meetings/{id}/assign", who: plan, serve: h.meetingAct("#resolutions", h.meetingAssign)},
		{pattern: "POST /meetings/{id}/pass", who: plan, serve: h.meetingPass},
		{pattern: "POST /meetings/{id}/files", who: plan, serve: h.addFiles(h.meetingFiles()), upload: true},
		{pattern: "GET /meetings/{id}/files/{attachment}", who: look, serve: h.oneFile(h.meetingFiles())},
		{pattern: "POST /meetings/{id}/files/{attachment}/remove", who: plan, serve: h.removeFile(h.meetingFiles())},
		{pattern: "POST /meetings/{id}/close", who: plan, serve: h.meetingAct("", h.meetingClose)},

		{pattern: "GET /topics", who: look, serve: h.topicsPage},
		{pattern: "GET /topics/export", who: look, serve: h.exportTopics},
		{pattern: "POST /topics", who: raise, serve: h.topicRaise},
		{pattern: "POST /topics/{id}/schedule", who: plan, serve: h.topicSchedule},
		{pattern: "POST /topics/{id}/decline", who: plan, serve: h.topicAct(i18n.TopicDeclineOK, func(r *http.Request, f *form, t id.ID) error {
			return h.Meeting.Decline(r.Context(), actor(r), t, f.values.Get("reason"))
		})},
		{pattern: "POST /topics/{id}/withdraw", who: raise, serve: h.topicAct(i18n.TopicBack, func(r *http.Request, _ *form, t id.ID) error { return h.Meeting.Withdraw(r.Context(), actor(r), t) })},

		{pattern: "GET /tasks", who: look, serve: h.tasksPage},
		{pattern: "GET /tasks/export", who: look, serve: h.exportTasks},
		{pattern: "GET /tasks/{id}", who: look, serve: h.taskPage},
		{pattern: "POST /tasks/{id}/report", who: raise, serve: h.taskAct(i18n.TaskReportOK, func(r *http.Request, f *form, t id.ID) error {
			return h.Meeting.Report(r.Context(), actor(r), t, f.values.Get("note"), f.Bool("done"))
		})},
		{pattern: "POST /tasks/{id}/settle", who: plan, serve: h.taskAct(i18n.TaskSettleOK, func(r *http.Request, f *form, t id.ID) error {
			return h.Meeting.Settle(r.Context(), actor(r), t, meeting.TaskState(f.values.Get("to")), f.values.Get("note"))
		})},

		{pattern: "GET /meeting-kinds", who: kinds, serve: h.meetingKinds},
		{pattern: "GET /meeting-kinds/{code}", who: kinds, serve: h.meetingKind},
		{pattern: "POST /meeting-kinds", who: kinds, serve: h.meetingKindSave},

		{pattern: "GET /calendars", who: feeds, serve: h.feedsPage},
		{pattern: "POST /calendars", who: feeds, serve: h.feedMake},
		{pattern: "POST /calendars/{id}/revoke", who: feeds, serve: h.feedRevoke},
		{pattern: "GET /feeds/{secret}", who: everyone, serve: h.feedRead},

		{pattern: "GET /m/meetings", who: own, serve: h.myMeetings},
		{pattern: "POST /m/meetings/{id}/reply", who: own, serve: h.myReply},
	}
}

// holder reads a holder as view.HolderValue writes it.
func holder(s string) meeting.Holder {
	if len(s) < 2 {
		return meeting.Holder{}
	}
	i, err := id.Parse(s[1:])
	switch {
	case err != nil:
		return meeting.Holder{}
	case s[0] == 'b':
		return meeting.Holder{BodyID: i}
	case s[0] == 'o':
		return meeting.Holder{OwnerID: i}
	}
	return meeting.Holder{}
}

func meetingFilter(r *http.Request) meeting.Filter {
	q := r.URL.Query()
	from, _ := calendar.Parse(q.Get("from")) // what is no day is no wish
	to, _ := calendar.Parse(q.Get("to"))
	f := meeting.Filter{Text: q.Get("q"), KindCode: q.Get("kind"), State: meeting.State(q.Get("state")), From: from, To: to, Upcoming: q.Get("when") == "coming", Page: pageOf(r)}
	f.OwnerID, f.BodyID = queryID(r, "owner"), queryID(r, "body")
	return f
}

func (h *Handler) meetingsPage(w http.ResponseWriter, r *http.Request) error {
	l, err := h.Meeting.List(r.Context(), actor(r), meetingFilter(r))
	if err != nil {
		return err
	}
	kinds, err := h.Meeting.Kinds(r.Context(), actor(r), false)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.MeetingTitle), view.List{Query: r.URL.Query(), Items: l.Items, Kinds: kinds, Before: l.Prev, After: l.Next,
		Plan: actor(r).Can(meeting.PermPlan), Keep: actor(r).Can(meeting.PermKinds)}))
}

func (h *Handler) exportMeetings(w http.ResponseWriter, r *http.Request) error {
	type t = meeting.Item
	f := meetingFilter(r)
	return exportList(h, w, r, i18n.MeetingTitle, []exportColumn[t]{
		{title: i18n.MeetingName, value: func(v t) any { return v.Title }},
		{title: i18n.MeetingKind, value: func(v t) any { return v.KindName() }},
		{title: i18n.MeetingHolder, value: func(v t) any { return v.HolderName() }},
		{title: i18n.MeetingStarts, value: func(v t) any { return i18n.DateTime(v.StartsAt) }},
		{title: i18n.MeetingEnds, value: func(v t) any { return i18n.DateTime(v.EndsAt) }},
		{title: i18n.MeetingPlace, value: func(v t) any { return v.Place }},
		{title: i18n.MeetingAnswers, value: func(v t) any { return view.Answers(v) }},
		{title: i18n.MeetingPresent, number: true, value: func(v t) any { return v.Present }},
		{title: i18n.MeetingDecisions, number: true, value: func(v t) any { return v.Decisions }},
		{title: i18n.MeetingState, value: func(v t) any { return v.State.Text() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Meeting.List(ctx, actor(r), f)
	}))
}

func (h *Handler) meetingsPrint(w http.ResponseWriter, r *http.Request) error {
	f := meetingFilter(r)
	f.Page = db.Page{Limit: mostRows}
	l, err := h.Meeting.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.MeetingTitle)
	p.Back = view.Path
	return h.show(w, r, view.PaperList(p, l.Items))
}

func (h *Handler) meetingCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, more ...layout.Crumb) layout.Page {
	p := h.page(w, r, title)
	p.Breadcrumb = append([]layout.Crumb{{Text: i18n.MeetingTitle.In(lang(r)), Href: view.Path}}, more...)
	return p
}

func (h *Handler) meetingKindOptions(r *http.Request) ([]field.Option, error) {
	kinds, err := h.Meeting.Kinds(r.Context(), actor(r), false)
	var out []field.Option
	for _, k := range kinds {
		out = append(out, field.Option{Value: k.Code, Text: k.Text(), Note: k.Every.Text().In(lang(r))})
	}
	return out, err
}

func (h *Handler) holderOptions(r *http.Request) ([]field.Option, error) {
	list, err := h.Meeting.Holders(r.Context(), actor(r))
	var out []field.Option
	for _, x := range list {
		out = append(out, field.Option{Value: view.HolderValue(x.Holder), Text: i18n.Verbatim(x.Name)})
	}
	return out, err
}

// meetingNew is the form of a new meeting, filled in as far as the program knows: who holds it, which kind, where they met last, and a time.
func (h *Handler) meetingNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	holders, err := h.holderOptions(r)
	if err != nil {
		return nil, err
	}
	kinds, err := h.meetingKindOptions(r)
	if err != nil {
		return nil, err
	}
	if f.Values == nil {
		q := r.URL.Query()
		v := url.Values{"holder": {q.Get("holder")}, "kind": {q.Get("kind")}}
		if v.Get("holder") == "" && len(holders) > 0 {
			v.Set("holder", holders[0].Value)
		}
		who := holder(v.Get("holder"))
		if v.Get("kind") == "" && who.BodyID != 0 {
			v.Set("kind", meeting.JointConference)
		}
		for _, k := range kinds {
			if k.Value == v.Get("kind") {
				v.Set("title", k.Text.In(i18n.ZH))
			}
		}
		place, err := h.Meeting.LastPlace(r.Context(), actor(r), who)
		if err != nil {
			return nil, err
		}
		v.Set("place", place)
		day, _ := calendar.Default().Roll(h.today().AddDays(7))
		v.Set("starts_at", day.String()+"T09:00")
		v.Set("ends_at", day.String()+"T10:30")
		f = known(v)
	}
	return view.Edit(h.meetingCrumbs(w, r, i18n.MeetingNew), view.Plan{Form: f, To: view.Path, Holders: holders, Kinds: kinds, Save: i18n.MeetingNew, Back: view.Path}), nil
}

func (h *Handler) meetingNewPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.meetingNew(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func readMeeting(f *form) meeting.Plan {
	return meeting.Plan{KindCode: f.values.Get("kind"), Also: f.Strings("also"), Holder: holder(f.values.Get("holder")), Title: f.Text("title", 60), Place: f.Text("place", 80),
		StartsAt: f.Time("starts_at"), EndsAt: f.Time("ends_at"), Version: f.Version()}
}

func (h *Handler) meetingCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := readMeeting(f)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Meeting.Create(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.meetingNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(made), i18n.MeetingSaved)
}

func (h *Handler) meetingDetail(r *http.Request) (meeting.Detail, error) {
	m, err := pathID(r)
	if err != nil {
		return meeting.Detail{}, err
	}
	return h.Meeting.Get(r.Context(), actor(r), m)
}

func (h *Handler) meetingForm(w http.ResponseWriter, r *http.Request, d meeting.Detail, f field.Form, version int64) (templ.Component, error) {
	kinds, err := h.meetingKindOptions(r)
	if err != nil {
		return nil, err
	}
	p := h.meetingCrumbs(w, r, i18n.MeetingEdit, layout.Crumb{Text: d.Title, Href: view.Href(d.ID)})
	return view.Edit(p, view.Plan{Form: f, To: view.Href(d.ID) + "/edit", Version: version, Kinds: kinds, Back: view.Href(d.ID)}), nil
}

func (h *Handler) meetingEditPage(w http.ResponseWriter, r *http.Request) error {
	d, err := h.meetingDetail(r)
	if err != nil {
		return err
	}
	if !d.Plans {
		return errs.ErrNotFound
	}
	v := url.Values{"kind": {d.KindCode}, "title": {d.Title}, "place": {d.Place}, "starts_at": {field.Stamp(d.StartsAt)}, "ends_at": {field.Stamp(d.EndsAt)}}
	for _, k := range d.Kinds {
		if k.Code != d.KindCode {
			v.Add("also", k.Code)
		}
	}
	page, err := h.meetingForm(w, r, d, field.Form{Values: v}, d.Version)
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) meetingEdit(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	d, err := h.meetingDetail(r)
	if err != nil {
		return err
	}
	in := readMeeting(f)
	if err = f.Err(); err == nil {
		err = h.Meeting.Edit(r.Context(), actor(r), d.ID, in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.meetingForm(w, r, d, f.Show(e), in.Version)) })
	}
	return h.done(w, r, view.Href(d.ID), i18n.MeetingEdited)
}
