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
	"linli/internal/countersign"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/print"
	view "linli/internal/web/view/activity"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

func attendedFilter(r *http.Request) activity.Attended {
	q := r.URL.Query()
	f := activity.Attended{Search: q.Get("q"), CommunityID: queryID(r, "community"), MemberID: queryID(r, "member"), State: activity.Presence(q.Get("state")),
		Proof: ledger.Proof(q.Get("proof")), Guests: q.Get("guests") != "", Flagged: q.Get("flagged") != "", Objected: q.Get("objected") != "", Forgotten: q.Get("forgotten") != "", Page: pageOf(r)}
	f.From, _ = calendar.Parse(q.Get("from")) // an unreadable filter does not filter
	f.To, _ = calendar.Parse(q.Get("to"))
	return f
}

func (h *Handler) attendances(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Activity.Attendances(r.Context(), actor(r), attendedFilter(r))
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.ActivityAttendances)
	p.Active = "/activities"
	return h.show(w, r, view.Attendances(p, r.URL.Query(), list.Items, list.Prev, list.Next))
}

func (h *Handler) exportAttendances(w http.ResponseWriter, r *http.Request) error {
	return h.exportAttended(w, r, attendedFilter(r))
}

func (h *Handler) exportSheet(w http.ResponseWriter, r *http.Request) error {
	a, _, err := h.findActivity(r)
	if err != nil {
		return err
	}
	f := attendedFilter(r)
	f.ActivityID = a.ID
	return h.exportAttended(w, r, f)
}

func (h *Handler) exportAttended(w http.ResponseWriter, r *http.Request, f activity.Attended) error {
	type t = activity.AttendanceItem
	return exportList(h, w, r, i18n.ActivityAttendances, []exportColumn[t]{
		{title: i18n.ActivityPerson, value: func(v t) any { return v.Name }},
		{title: i18n.ActivityUnit, value: func(v t) any { return v.UnitName }},
		{title: i18n.ActivityName, value: func(v t) any { return v.ActivityTitle }},
		{title: i18n.ActivityInAt, value: func(v t) any { return i18n.DateTime(v.InAt) }},
		{title: i18n.ActivityOutAt, value: func(v t) any { return i18n.DateTime(v.OutAt) }},
		{title: i18n.ActivityHours, number: true, value: func(v t) any { return i18n.Hours(v.Minutes) }},
		{title: i18n.ActivityProof, value: func(v t) any { return v.Proof.Label() }},
		{title: i18n.ActivityState, value: func(v t) any { return v.State.Label() }},
		{title: i18n.ActivityReason, value: func(v t) any { return activity.ReasonText(v.Reason) }},
	}, func(ctx context.Context, fn func(t) error) error {
		return h.Activity.ExportAttendances(ctx, actor(r), f, fn)
	})
}

func (h *Handler) activitySheet(w http.ResponseWriter, r *http.Request) error {
	return h.sheetWith(w, r, field.Form{}, nil)
}

func (h *Handler) sheetWith(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	a, may, err := h.findActivity(r)
	if err != nil {
		return err
	}
	filter := attendedFilter(r)
	filter.ActivityID = a.ID
	list, err := h.Activity.Attendances(r.Context(), actor(r), filter)
	if err != nil {
		return err
	}
	k, err := h.Activity.Kind(r.Context(), actor(r), a.KindCode)
	if err != nil {
		return err
	}
	p, q := h.activityFrame(w, r, a), r.URL.Query()
	if wrong != nil {
		return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
			f.Err = e
			return view.Sheet(p, q, a, k, may, list.Items, list.Prev, list.Next, f)
		})
	}
	f = known(url.Values{"in_at": {field.Stamp(a.StartsAt)}, "out_at": {field.Stamp(a.EndsAt)}, "_which": {"late"}})
	return h.show(w, r, view.Sheet(p, q, a, k, may, list.Items, list.Prev, list.Next, f))
}

// answersOf reads the answers to a kind's own fields.
func answersOf(f *form) activity.Answers {
	out := activity.Answers{}
	for name := range f.values {
		if code, ok := strings.CutPrefix(name, "field."); ok {
			out[code] = f.values.Get(name)
		}
	}
	return out
}

// signInHere signs in a member, or a guest where no member was chosen.
func (h *Handler) signInHere(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	a, err := pathID(r)
	if err != nil {
		return err
	}
	var t activity.Attendance
	if member := f.ID("member"); member != 0 {
		t, err = h.Activity.SignInFor(r.Context(), actor(r), a, member, answersOf(f))
	} else {
		t, err = h.Activity.SignInGuestFor(r.Context(), actor(r), a, activity.Guest{Name: f.values.Get("name"), Phone: f.values.Get("phone")}, answersOf(f))
	}
	if err != nil {
		return h.sheetWith(w, r, f.Show(nil), err)
	}
	return h.done(w, r, view.Address(a, "sheet"), i18n.ActivitySignedInDone, i18n.Clock(t.InAt))
}

func (h *Handler) enterLater(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	a, err := pathID(r)
	if err != nil {
		return err
	}
	in := activity.Entry{MemberID: f.ID("member"), InAt: f.Time("in_at"), OutAt: f.Time("out_at"), Reason: f.Text("reason", 200), Answers: answersOf(f)}
	if in.MemberID == 0 {
		err = errs.Field("member", i18n.ErrRequired)
	} else if err = f.Err(); err == nil {
		_, err = h.Activity.Enter(r.Context(), actor(r), a, in)
	}
	if err != nil {
		return h.sheetWith(w, r, f.Show(nil), err)
	}
	return h.done(w, r, view.Address(a, "sheet"), i18n.ActivityEnterDone)
}

func (h *Handler) attendance(w http.ResponseWriter, r *http.Request) error {
	body, err := h.attendancePage(w, r, nil, nil)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// attendancePage is the page of one attendance, with a form that was wrong or a code that was just made.
func (h *Handler) attendancePage(w http.ResponseWriter, r *http.Request, wrong *field.Form, issued *countersign.Issued) (templ.Component, error) {
	t, err := pathID(r)
	if err != nil {
		return nil, err
	}
	o := view.One{}
	if o.Item, err = h.Activity.Attendance(r.Context(), actor(r), t); err != nil {
		return nil, err
	}
	a, err := h.Activity.Get(r.Context(), actor(r), o.Item.ActivityID)
	if err != nil {
		return nil, err
	}
	k, err := h.Activity.Kind(r.Context(), actor(r), a.KindCode)
	if err != nil {
		return nil, err
	}
	o.Answers = k.Show(o.Item.Answers)
	may := activityRights(actor(r), o.Item.CommunityID)
	if o.Joins = may.Hold && o.Item.MemberID == 0 && a.JoinsGuests(); o.Joins && o.Item.Guest() {
		if o.Candidates, err = h.Activity.Candidates(r.Context(), actor(r), t); err != nil {
			return nil, err
		}
	}
	postings, err := h.Ledger.List(r.Context(), actor(r), ledger.Filter{SourceKind: ledger.SourceAttendance, SourceID: t})
	if err != nil {
		return nil, err
	}
	o.Postings = postings.Items
	if o.Objection, err = h.Activity.Objection(r.Context(), actor(r), t); err != nil {
		return nil, err
	}
	if issued != nil {
		if o.Public, err = h.publicCode(r, *issued); err != nil {
			return nil, err
		}
	}
	if o.History, err = h.events(r, t, attendanceWords); err != nil {
		return nil, err
	}
	p := h.page(w, r, i18n.Verbatim(o.Item.Name))
	p.Active = "/activities"
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ActivityTitle.In(lang(r)), Href: "/activities"}, {Text: o.Item.ActivityTitle, Href: view.Address(o.Item.ActivityID, "sheet")}}
	f := known(url.Values{"in_at": {field.Stamp(o.Item.InAt)}, "out_at": {field.Stamp(clockOr(o.Item, a))}})
	if wrong != nil {
		f = *wrong
	}
	return view.Attendance(p, o, f, may), nil
}

// clockOr proposes the end of the activity where the end of the presence is not known.
func clockOr(t activity.AttendanceItem, a activity.Item) time.Time {
	if t.OutAt.IsZero() {
		return a.EndsAt
	}
	return t.OutAt
}

var attendanceWords = map[string]i18n.Text{
	"attendance.sign_in": i18n.ActivitySignIn, "attendance.sign_out": i18n.ActivitySignOut, "attendance.enter": i18n.ActivityEnter,
	"attendance.correct": i18n.ActivityCorrect, "attendance.void": i18n.ActivityVoid, "attendance.join": i18n.ActivityJoinAct,
	"attendance.object": i18n.CountersignNo, "attendance.settle": i18n.CountersignSettleAct,
	"attendance.issue_code": i18n.ActivityCodeMake, "attendance.countersign": i18n.ActivityRaised,
}

// attendanceAct runs an act on the attendance in the address; a wrong entry shows the page again.
func (h *Handler) attendanceAct(said i18n.Text, act func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		t, err := pathID(r)
		if err != nil {
			return err
		}
		if err = act(r, f, t); err == nil {
			return h.done(w, r, "/attendances/"+t.String(), said)
		}
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			shown := f.Show(e)
			return orFault(h.attendancePage(w, r, &shown, nil))
		})
	}
}

func (h *Handler) signOutHere(r *http.Request, _ *form, t id.ID) error {
	_, err := h.Activity.SignOutFor(r.Context(), actor(r), t)
	return err
}

func (h *Handler) correctAttendance(r *http.Request, f *form, t id.ID) error {
	c := activity.Correction{InAt: f.Time("in_at"), OutAt: f.Time("out_at"), Reason: f.Text("reason", 200), Version: f.Version()}
	if err := f.Err(); err != nil {
		return err
	}
	return h.Activity.Correct(r.Context(), actor(r), t, c)
}

func (h *Handler) voidAttendance(r *http.Request, f *form, t id.ID) error {
	return h.Activity.Void(r.Context(), actor(r), t, f.values.Get("reason"))
}

func (h *Handler) joinAttendance(r *http.Request, f *form, t id.ID) error {
	if p := f.ID("person"); p != 0 {
		return h.Activity.JoinPerson(r.Context(), actor(r), t, p)
	}
	return h.Activity.Join(r.Context(), actor(r), t, f.ID("member"))
}

func (h *Handler) settleAttendance(r *http.Request, f *form, t id.ID) error {
	return h.Activity.Settle(r.Context(), actor(r), t, f.values.Get("note"))
}

func (h *Handler) countersignAttendance(r *http.Request, f *form, t id.ID) error {
	return h.Activity.Countersign(r.Context(), actor(r), t, f.values.Get("code"))
}

// issueCode shows the code at once instead of after a redirect: it is kept nowhere.
func (h *Handler) issueCode(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	t, err := pathID(r)
	if err != nil {
		return err
	}
	issued, err := h.Activity.IssueCode(r.Context(), actor(r), t, f.values.Get("helped"))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			shown := f.Show(e)
			return orFault(h.attendancePage(w, r, &shown, nil))
		})
	}
	body, err := h.attendancePage(w, r, nil, &issued)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// activityPoster prints a poster whose code opens the activity.
func (h *Handler) activityPoster(w http.ResponseWriter, r *http.Request) error {
	a, _, err := h.findActivity(r)
	if err != nil {
		return err
	}
	l := lang(r)
	capacity := ""
	if a.Capacity > 0 {
		capacity = i18n.Number(a.Capacity) + " " + i18n.ActivityPeople.In(l)
	}
	p, err := h.Printer.ActivityPoster(print.ActivityPoster{Head: print.Head{Lang: l, At: h.DB.Now(), Issuer: a.CommunityName},
		Title: a.Title, Time: view.When(a.StartsAt, a.EndsAt), Place: a.Place, Organiser: a.CommunityName, About: a.Body, Capacity: capacity,
		URL: h.base(r) + "/m/activities/" + a.ID.String()})
	if err != nil {
		return err
	}
	return sendPDF(w, a.Title, p)
}

// paperRows are the empty lines below the names of those enrolled.
const paperRows = 15

// paperSheet prints a sign-in sheet with the names of those enrolled, for where there is no phone.
func (h *Handler) paperSheet(w http.ResponseWriter, r *http.Request) error {
	a, _, err := h.findActivity(r)
	if err != nil {
		return err
	}
	enrolled, err := h.Activity.Enrolments(r.Context(), actor(r), a.ID)
	if err != nil {
		return err
	}
	l := lang(r)
	list := print.List{Head: print.Head{Lang: l, At: h.DB.Now(), Issuer: a.CommunityName}, Upright: true,
		Title: i18n.ActivitySheet.In(l) + "　" + a.Title, Filters: view.When(a.StartsAt, a.EndsAt) + "　" + a.Place,
		Columns: []print.Column{{Title: "", Width: 10, Align: print.Center}, {Title: i18n.ActivityPerson.In(l), Width: 28}, {Title: i18n.ActivityUnit.In(l), Width: 52},
			{Title: i18n.ActivityInAt.In(l), Width: 26}, {Title: i18n.ActivityOutAt.In(l), Width: 26}, {Title: i18n.ActivitySignature.In(l), Width: 26}}}
	for _, e := range enrolled {
		if e.State == activity.Enrolled {
			list.Rows = append(list.Rows, []string{i18n.Number(int64(len(list.Rows) + 1)), e.MemberName, e.UnitName, "", "", ""})
		}
	}
	for range paperRows {
		list.Rows = append(list.Rows, []string{i18n.Number(int64(len(list.Rows) + 1)), "", "", "", "", ""})
	}
	p, err := h.Printer.List(list)
	if err != nil {
		return err
	}
	return sendPDF(w, list.Title, p)
}
