package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/activity"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/organisation"
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

// inForm is an instant as a form has it.
func inForm(t time.Time) string { return t.In(i18n.Zone).Format("2006-01-02T15:04") }

func (h *Handler) meetingEditPage(w http.ResponseWriter, r *http.Request) error {
	d, err := h.meetingDetail(r)
	if err != nil {
		return err
	}
	if !d.Plans {
		return errs.ErrNotFound
	}
	v := url.Values{"kind": {d.KindCode}, "title": {d.Title}, "place": {d.Place}, "starts_at": {inForm(d.StartsAt)}, "ends_at": {inForm(d.EndsAt)}}
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

var meetingWords = map[string]i18n.Text{"meeting.create": i18n.MeetingHistCreate, "meeting.edit": i18n.MeetingHistEdit, "meeting.notify": i18n.MeetingHistNotify, "meeting.reply": i18n.MeetingHistReply,
	"meeting.sign_in": i18n.MeetingHistSign, "meeting.minutes": i18n.MeetingHistMin, "meeting.decide": i18n.MeetingHistDecide, "meeting.assign": i18n.MeetingHistAssign, "meeting.close": i18n.MeetingHistClose, "meeting.cancel": i18n.MeetingHistCancel}

// meetingShow gathers the page of a meeting; sent is the form that was not accepted.
func (h *Handler) meetingShow(r *http.Request, sent field.Form) (view.Show, error) {
	var s view.Show
	var err error
	if s.Detail, err = h.meetingDetail(r); err != nil {
		return s, err
	}
	s.Sent, s.SentName, s.Today = sent, sent.Values.Get(formKey), h.today()
	if s.SentName == "meeting.assign" {
		s.SentName += "-" + sent.Values.Get("resolution")
	}
	a := actor(r)
	for _, x := range s.Recipients {
		if x.OrganisationID != 0 && a.Scope(meeting.PermRaise).Covers(x.OrganisationID) && s.State == meeting.Planned && (!s.Plans || x.OrganisationID == s.OwnerID) {
			s.Replies = append(s.Replies, x)
		}
	}
	if s.Plans {
		if s.Organisations, err = h.taskOrganisations(r, s.Detail); err != nil {
			return s, err
		}
	}
	if s.State == meeting.Held && a.Can(meeting.PermPlan) {
		all, err := h.holderOptions(r)
		if err != nil {
			return s, err
		}
		for _, o := range all {
			if o.Value != view.HolderValue(s.Holder) {
				s.Below = append(s.Below, o)
			}
		}
		if s.KindOptions, err = h.meetingKindOptions(r); err != nil {
			return s, err
		}
	}
	s.Presence = a.Scope(activity.PermHold).Covers(s.OwnerID) || a.Scope(activity.PermPlan).Covers(s.OwnerID)
	if s.Revisions, err = h.Meeting.Revisions(r.Context(), a, s.ID); err != nil {
		return s, err
	}
	s.History, err = h.events(r, s.ID, meetingWords)
	return s, err
}

// taskOrganisations are those to which the tasks of a meeting go: the seats of the body, or the organisation and what stands directly below it.
func (h *Handler) taskOrganisations(r *http.Request, d meeting.Detail) ([]field.Option, error) {
	out := []field.Option{{Value: d.OwnerID.String(), Text: i18n.Verbatim(d.Owner)}}
	if d.BodyID != 0 {
		b, err := h.Body.Get(r.Context(), actor(r), d.BodyID)
		if err != nil {
			return nil, err
		}
		seen := map[id.ID]bool{d.OwnerID: true}
		for _, s := range b.Seats {
			if s.To.IsZero() && !seen[s.OrganisationID] {
				seen[s.OrganisationID] = true
				out = append(out, field.Option{Value: s.OrganisationID.String(), Text: i18n.Verbatim(s.Organisation)})
			}
		}
		return out, nil
	}
	for _, f := range []organisation.Filter{{ParentID: d.OwnerID}, {CommunityID: d.OwnerID}} {
		f.Page = db.Page{Limit: mostRows}
		l, err := h.Organisation.List(r.Context(), actor(r), f)
		if err != nil {
			return nil, err
		}
		for _, o := range l.Items {
			out = append(out, field.Option{Value: o.ID.String(), Text: i18n.Verbatim(o.Label())})
		}
	}
	return out, nil
}

func (h *Handler) meetingOne(w http.ResponseWriter, r *http.Request, sent field.Form, clash *view.Clash) (templ.Component, error) {
	s, err := h.meetingShow(r, sent)
	if err != nil {
		return nil, err
	}
	s.Clash = clash
	return view.One(h.meetingCrumbs(w, r, i18n.Verbatim(s.Title)), s), nil
}

func (h *Handler) meetingPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.meetingOne(w, r, field.Form{}, nil)
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) meetingPrint(w http.ResponseWriter, r *http.Request) error {
	s, err := h.meetingShow(r, field.Form{})
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.Verbatim(s.Title))
	p.Back = view.Href(s.ID)
	return h.show(w, r, view.Paper(p, s))
}

// meetingAct runs one of the acts of a meeting's page and goes back to its place there; what is wrong is shown on the page itself.
func (h *Handler) meetingAct(rest string, act func(r *http.Request, f *form, m id.ID) (i18n.Text, []any, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		m, err := pathID(r)
		if err != nil {
			return err
		}
		said, args, err := act(r, f, m)
		if err == nil {
			err = f.Err()
		}
		if err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.meetingOne(w, r, f.Show(e), nil)) })
		}
		return h.done(w, r, view.Href(m)+rest, said, args...)
	}
}

func (h *Handler) meetingCancel(r *http.Request, f *form, m id.ID) (i18n.Text, []any, error) {
	return i18n.MeetingCancelOK, nil, h.Meeting.Cancel(r.Context(), actor(r), m, f.values.Get("reason"))
}

func (h *Handler) meetingNotify(r *http.Request, f *form, m id.ID) (i18n.Text, []any, error) {
	n, err := h.Meeting.Notify(r.Context(), actor(r), m, f.values.Get("notice"))
	return i18n.MeetingNotified, []any{n}, err
}

func (h *Handler) meetingReply(r *http.Request, f *form, m id.ID) (i18n.Text, []any, error) {
	a, org := meeting.Answer(f.values.Get("answer")), f.ID("organisation")
	if org == 0 {
		return i18n.Text{}, nil, errs.ErrNotFound
	}
	return i18n.MeetingReplied, []any{a.Text()}, h.Meeting.Reply(r.Context(), actor(r), m, org, a, f.values.Get("reason"))
}

// meetingTopic puts a topic of the holder's own on the agenda at once.
func (h *Handler) meetingTopic(r *http.Request, f *form, m id.ID) (i18n.Text, []any, error) {
	d, err := h.Meeting.Get(r.Context(), actor(r), m)
	if err != nil {
		return i18n.Text{}, nil, err
	}
	t, err := h.Meeting.Raise(r.Context(), actor(r), meeting.NewTopic{Holder: d.Holder, OrganisationID: d.OwnerID, Title: f.values.Get("title"), Detail: f.values.Get("detail")})
	if err != nil {
		return i18n.Text{}, nil, err
	}
	return i18n.MeetingPutDone, nil, h.Meeting.PutOnAgenda(r.Context(), actor(r), t, m)
}

// meetingPass makes a meeting below out of one that was held, and goes there.
func (h *Handler) meetingPass(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	m, err := pathID(r)
	if err != nil {
		return err
	}
	made, err := h.Meeting.PassOn(r.Context(), actor(r), m, holder(f.values.Get("holder")), f.values.Get("kind"))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.meetingOne(w, r, f.Show(e), nil)) })
	}
	return h.done(w, r, view.Href(made), i18n.MeetingPassDone)
}

func (h *Handler) meetingSignIn(r *http.Request, _ *form, m id.ID) (i18n.Text, []any, error) {
	_, err := h.Meeting.OpenSignIn(r.Context(), actor(r), m)
	return i18n.MeetingSignInMade, nil, err
}

func (h *Handler) meetingClose(r *http.Request, _ *form, m id.ID) (i18n.Text, []any, error) {
	return i18n.MeetingCloseDone, nil, h.Meeting.Close(r.Context(), actor(r), m)
}

// task reads the task of a form; nil where nothing was filled in.
func (f *form) task() *meeting.NewTask {
	t := meeting.NewTask{OrganisationID: f.ID("task_organisation"), Title: f.Text("task", 100), DueOn: f.Date("due_on")}
	if t == (meeting.NewTask{}) {
		return nil
	}
	return &t
}

func (h *Handler) meetingDecide(r *http.Request, f *form, m id.ID) (i18n.Text, []any, error) {
	in := meeting.NewResolution{TopicID: f.ID("topic"), Text: f.values.Get("text"), Yes: f.Int("yes"), Task: f.task()}
	if err := f.Err(); err != nil {
		return i18n.Text{}, nil, err
	}
	made, err := h.Meeting.Decide(r.Context(), actor(r), m, in)
	if err != nil {
		return i18n.Text{}, nil, err
	}
	d, err := h.Meeting.Get(r.Context(), actor(r), m)
	for _, x := range d.Resolutions {
		if x.ID == made && !x.Passed {
			return i18n.MeetingDecideFail, nil, err
		}
	}
	return i18n.MeetingDecideDone, nil, err
}

func (h *Handler) meetingAssign(r *http.Request, f *form, m id.ID) (i18n.Text, []any, error) {
	resolution := f.ID("resolution")
	t := f.task()
	if err := f.Err(); err != nil {
		return i18n.Text{}, nil, err
	}
	if t == nil {
		t = &meeting.NewTask{}
	}
	return i18n.TaskAdded, nil, h.Meeting.Assign(r.Context(), actor(r), m, resolution, *t)
}

func (h *Handler) meetingMinutes(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	m, err := pathID(r)
	if err != nil {
		return err
	}
	text := f.values.Get("minutes")
	saved, err := h.Meeting.SaveMinutes(r.Context(), actor(r), m, f.Version(), text, false)
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.meetingOne(w, r, f.Show(e), nil)) })
	}
	if saved.Clash {
		page, err := h.meetingOne(w, r, field.Form{}, &view.Clash{By: saved.By, Theirs: saved.Theirs, Mine: text})
		if err != nil {
			return err
		}
		return h.answer(w, r, http.StatusConflict, page)
	}
	return h.done(w, r, view.Href(m)+"#minutes", i18n.MeetingMinutesDone)
}

// meetingMinutesAuto saves what stands in the box while somebody writes, and answers with the line below it.
func (h *Handler) meetingMinutesAuto(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	m, err := pathID(r)
	if err != nil {
		return err
	}
	saved, err := h.Meeting.SaveMinutes(r.Context(), actor(r), m, f.Version(), f.values.Get("minutes"), true)
	if err != nil {
		return err
	}
	version, said := i18n.Number(saved.Version), i18n.MeetingAutoSaved.In(lang(r), i18n.DateTime(saved.At))
	if saved.Clash { // the version that the writer saw: the next saving by hand shows both texts
		version, said = f.values.Get("version"), i18n.MeetingAutoClash.In(lang(r), saved.By)
	}
	return h.show(w, r, view.AutoSaved(strings.ReplaceAll(version, ",", ""), said))
}

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

func (h *Handler) topicAct(said i18n.Text, act func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		t, err := pathID(r)
		if err != nil {
			return err
		}
		if err := act(r, f, t); err != nil {
			return err
		}
		return h.done(w, r, view.TopicPath, said)
	}
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

func (h *Handler) taskAct(said i18n.Text, act func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		t, err := pathID(r)
		if err != nil {
			return err
		}
		if err := act(r, f, t); err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.taskOne(w, r, f.Show(e))) })
		}
		return h.done(w, r, view.TaskHref(t), said)
	}
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
