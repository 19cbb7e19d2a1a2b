package web

import (
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/activity"
	"linli/internal/appraisal"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/organisation"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/meeting"
)

var meetingWords = map[string]i18n.Text{"meeting.create": i18n.MeetingHistCreate, "meeting.edit": i18n.MeetingHistEdit, "meeting.notify": i18n.MeetingHistNotify, "meeting.reply": i18n.MeetingHistReply,
	"meeting.sign_in": i18n.MeetingHistSign, "meeting.minutes": i18n.MeetingHistMin, "meeting.decide": i18n.MeetingHistDecide, "meeting.assign": i18n.MeetingHistAssign, "meeting.close": i18n.MeetingHistClose, "meeting.cancel": i18n.MeetingHistCancel, "meeting.file_add": i18n.FileHistAdd, "meeting.file_remove": i18n.FileHistRemove}

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
	for _, k := range s.Kinds {
		if k.Code == meeting.Appraisal && s.BodyID == 0 && s.State != meeting.Cancelled && a.Scope(appraisal.PermOpen).Covers(s.OwnerID) && s.Plans {
			s.Appraise = true
		}
	}
	s.Presence = activity.Holds(a, s.OwnerID) || a.Scope(activity.PermPlan).Covers(s.OwnerID)
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

// meetingAct is one of the acts of a meeting's page; rest is its place there.
func (h *Handler) meetingAct(rest string, do act) func(http.ResponseWriter, *http.Request) error {
	return h.acted(do, func(m id.ID) string { return view.Href(m) + rest }, func(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
		return h.meetingOne(w, r, sent, nil)
	})
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
