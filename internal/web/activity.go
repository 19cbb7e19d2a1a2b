package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/activity"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/employment"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	view "linli/internal/web/view/activity"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
)

func activityFilter(r *http.Request) activity.Filter {
	q := r.URL.Query()
	f := activity.Filter{Search: q.Get("q"), KindCode: q.Get("kind"), CommunityID: queryID(r, "community"), ProgrammeID: queryID(r, "programme"), Page: pageOf(r)}
	f.From, _ = calendar.Parse(q.Get("from")) // an unreadable filter does not filter
	f.To, _ = calendar.Parse(q.Get("to"))
	if s := q.Get("state"); s != "" {
		f.States = []activity.State{activity.State(s)}
	}
	return f
}

// activityRights are the acts to offer: on one community, or anywhere if it is 0.
func activityRights(a authz.Actor, community id.ID) view.Rights {
	has := func(p authz.Permission) bool {
		if community == 0 {
			return a.Can(p)
		}
		return a.Scope(p).Covers(community)
	}
	hold := community != 0 && activity.Holds(a, community) || community == 0 && (a.Can(activity.PermHold) || a.Can(activity.PermHost))
	return view.Rights{Plan: has(activity.PermPlan), Hold: hold, Enrol: has(activity.PermEnrol),
		Countersign: has(activity.PermCountersign), Kinds: a.Scope(activity.PermKinds).All()}
}

func (h *Handler) activities(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Activity.List(r.Context(), actor(r), activityFilter(r))
	if err != nil {
		return err
	}
	kinds, err := h.Activity.Kinds(r.Context(), actor(r), true)
	if err != nil {
		return err
	}
	return h.show(w, r, view.List(h.page(w, r, i18n.ActivityTitle), r.URL.Query(), list.Items, list.Prev, list.Next, kinds, activityRights(actor(r), 0)))
}

// activityCalendar shows the month that the address names, this month if it names none.
func (h *Handler) activityCalendar(w http.ResponseWriter, r *http.Request) error {
	today := calendar.DateOf(h.DB.Now())
	first, err := calendar.Parse(r.URL.Query().Get("month") + "-01")
	if err != nil || first.IsZero() {
		first = today.StartOfMonth()
	}
	f := activityFilter(r)
	f.From, f.To, f.Page.Limit = first, first.EndOfMonth(), 500
	list, err := h.Activity.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	kinds, err := h.Activity.Kinds(r.Context(), actor(r), true)
	if err != nil {
		return err
	}
	m := view.Month{First: first, Today: today, Items: list.Items}
	return h.show(w, r, view.Calendar(h.page(w, r, i18n.ActivityTitle), r.URL.Query(), m, kinds, activityRights(actor(r), 0)))
}

func (h *Handler) exportActivities(w http.ResponseWriter, r *http.Request) error {
	f := activityFilter(r)
	type a = activity.Item
	return exportList(h, w, r, i18n.ActivityTitle, []exportColumn[a]{
		{title: i18n.ActivityName, value: func(v a) any { return v.Title }},
		{title: i18n.ActivityStarts, value: func(v a) any { return i18n.DateTime(v.StartsAt) }},
		{title: i18n.ActivityEnds, value: func(v a) any { return i18n.DateTime(v.EndsAt) }},
		{title: i18n.ActivityPlace, value: func(v a) any { return v.Place }},
		{title: i18n.ActivityKind, value: func(v a) any { return v.KindName }},
		{title: i18n.ActivityCommunity, value: func(v a) any { return v.CommunityName }},
		{title: i18n.ActivityState, value: func(v a) any { return v.State.Label() }},
		{title: i18n.ActivityEnrolments, number: true, value: func(v a) any { return v.Enrolled }},
		{title: i18n.ActivityAttended, number: true, value: func(v a) any { return v.Attended }},
		{title: i18n.ActivityHours, number: true, value: func(v a) any { return i18n.Hours(v.Minutes) }},
	}, func(ctx context.Context, fn func(a) error) error { return h.Activity.Export(ctx, actor(r), f, fn) })
}

// newActivity shows a plan that is filled in as far as the program knows, or like the activity that it copies.
func (h *Handler) newActivity(w http.ResponseWriter, r *http.Request) error {
	var p activity.Plan
	var err error
	var project id.ID
	var title string
	if from := queryID(r, "from"); from != 0 {
		p, err = h.Activity.Copy(r.Context(), actor(r), from)
	} else {
		of, lost := h.projectFor(r, nil)
		if lost != nil {
			return lost
		}
		community := queryID(r, "community")
		if of.ID != 0 {
			community = of.CommunityID
		}
		p, err = h.Activity.Draft(r.Context(), actor(r), community, r.URL.Query().Get("kind"))
		if of.ID != 0 {
			projectPlan(of, &p, h.today())
		}
		project, title = of.ID, of.Title
	}
	if err != nil {
		return err
	}
	form := known(view.Values(p))
	if project != 0 {
		form.Values.Set("project", project.String())
		form.Values.Set("project_title", title)
	}
	if kind := eventFor(r, nil); kind != "" {
		form.Values.Set("for", string(kind))
		form.Values.Set("title", kind.Text().In(lang(r)))
	}
	body, err := h.planForm(w, r, form, "/activities", "/activities", 0, i18n.ActivityNew, i18n.ActivitySaveDraft)
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// known marks every value that is there as filled in by the program.
func known(v url.Values) field.Form {
	filled := map[string]bool{}
	for name := range v {
		filled[name] = v.Get(name) != ""
	}
	return field.Form{Values: v, Filled: filled}
}

func (h *Handler) planForm(w http.ResponseWriter, r *http.Request, f field.Form, to, back string, version int64, title, save i18n.Text) (templ.Component, error) {
	kinds, err := h.Activity.Kinds(r.Context(), actor(r), false)
	if err != nil {
		return nil, err
	}
	communities, err := h.Activity.Communities(r.Context(), actor(r))
	if err != nil {
		return nil, err
	}
	at, _ := id.Parse(f.Values.Get("programme")) // what cannot be read is said by the form
	programmes, err := h.programmeOptions(r, at)
	if err != nil {
		return nil, err
	}
	p := h.page(w, r, title)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ActivityTitle.In(lang(r)), Href: "/activities"}}
	return view.Form(p, f, to, back, version, kinds, communities, programmes, save), nil
}

// readPlan reads a plan. What is missing is said by the domain.
func readPlan(f *form) activity.Plan {
	return activity.Plan{CommunityID: f.ID("community"), KindCode: f.values.Get("kind"), Title: f.Text("title", 80), Body: f.Text("body", 2000),
		Place: f.Text("place", 80), StartsAt: f.Time("starts_at"), EndsAt: f.Time("ends_at"), Capacity: f.Int("capacity"),
		GivesHours: f.Bool("gives_hours"), DeedTitle: f.Text("deed_title", 80), ProgrammeID: f.ID("programme")}
}

func (h *Handler) createActivity(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	p := readPlan(f)
	kind := eventFor(r, f)
	var made id.ID
	if err = f.Err(); err == nil && kind != "" && !actor(r).Scope(employment.PermManage).Covers(p.CommunityID) { // before anything is made
		err = errs.Field("community", i18n.EmployEventPlace)
	}
	of, lost := h.projectFor(r, f)
	if err == nil && lost != nil {
		err = lost
	}
	if err == nil && of.ID != 0 && p.CommunityID != of.CommunityID { // as above
		err = errs.Field("community", i18n.ProjectActivityElse)
	}
	if err == nil {
		made, err = h.Activity.Create(r.Context(), actor(r), p)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			body, ferr := h.planForm(w, r, f.Show(e), "/activities", "/activities", 0, i18n.ActivityNew, i18n.ActivitySaveDraft)
			return orFault(body, ferr)
		})
	}
	if kind != "" {
		if err := h.Employment.Link(r.Context(), actor(r), made, kind); err != nil {
			return err
		}
	}
	if of.ID != 0 {
		if err := h.Project.LinkActivity(r.Context(), actor(r), of.ID, made); err != nil {
			return err
		}
	}
	return h.done(w, r, view.Address(made), i18n.ActivitySaved)
}

func (h *Handler) findActivity(r *http.Request) (activity.Item, view.Rights, error) {
	a, err := pathID(r)
	if err != nil {
		return activity.Item{}, view.Rights{}, err
	}
	item, err := h.Activity.Get(r.Context(), actor(r), a)
	return item, activityRights(actor(r), item.CommunityID), err
}

func (h *Handler) activityFrame(w http.ResponseWriter, r *http.Request, a activity.Item) layout.Page {
	p := h.page(w, r, i18n.Verbatim(a.Title))
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ActivityTitle.In(lang(r)), Href: "/activities"}}
	return p
}

func (h *Handler) activityPage(w http.ResponseWriter, r *http.Request) error {
	a, _, err := h.findActivity(r)
	if err != nil {
		return err
	}
	body, err := h.activityWith(w, r, a, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

// activityWith is the overview of an activity; f is the form for photographs as it was sent.
func (h *Handler) activityWith(w http.ResponseWriter, r *http.Request, a activity.Item, f field.Form) (templ.Component, error) {
	may := activityRights(actor(r), a.CommunityID)
	photos, err := h.photos(r, a, view.Address(a.ID), f)
	if err != nil {
		return nil, err
	}
	var history []partial.Event
	if may.Plan || may.Hold || actor(r).Scope(activity.PermSee).Covers(a.CommunityID) {
		if history, err = h.events(r, a.ID, activityWords); err != nil {
			return nil, err
		}
	}
	return view.Show(h.activityFrame(w, r, a), a, may, photos, history), nil
}

var activityWords = map[string]i18n.Text{
	"activity.create": i18n.ActivityHistoryCreate, "activity.edit": i18n.ActivityHistoryEdit, "activity.publish": i18n.ActivityHistoryPublish,
	"activity.cancel": i18n.ActivityHistoryCancel, "activity.close": i18n.ActivityHistoryClose, "activity.sign_out_all": i18n.ActivityHistoryAllOut,
	"activity.presences": i18n.ActivityHistorySheet, "activity.photo_add": i18n.PhotoHistoryAdd, "activity.photo_remove": i18n.PhotoHistoryCut,
}

// events is the history of a record that the actor has been found to see, from the audit; acts without words are left out.
func (h *Handler) events(r *http.Request, subject id.ID, words map[string]i18n.Text) ([]partial.Event, error) {
	all := authz.System(actor(r).Tenant, "history").Scope(audit.PermRead)
	rows, err := audit.Search(r.Context(), h.DB, all, audit.Filter{SubjectID: subject})
	if err != nil {
		return nil, err
	}
	var list []partial.Event
	for _, e := range rows.Items {
		if t, ok := words[e.Action]; ok {
			list = append(list, partial.Event{When: e.At, Who: e.ActorName, What: t.In(lang(r))})
		}
	}
	return list, nil
}

func (h *Handler) editActivity(w http.ResponseWriter, r *http.Request) error {
	a, _, err := h.findActivity(r)
	if err != nil {
		return err
	}
	if err := actor(r).Scope(activity.PermPlan).Require(a.CommunityID); err != nil {
		return err
	}
	body, err := h.planForm(w, r, known(view.Values(a.Plan)), view.Address(a.ID), view.Address(a.ID), a.Version, i18n.ActivityEditTitle, i18n.Text{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) saveActivity(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	a, _, err := h.findActivity(r)
	if err != nil {
		return err
	}
	p := readPlan(f)
	if err = f.Err(); err == nil {
		err = h.Activity.Edit(r.Context(), actor(r), a.ID, f.Version(), p)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.planForm(w, r, f.Show(e), view.Address(a.ID), view.Address(a.ID), f.Version(), i18n.ActivityEditTitle, i18n.Text{}))
		})
	}
	return h.done(w, r, view.Address(a.ID), i18n.ActivityEdited)
}

// activityAct runs an act on the activity in the address, goes back to rest of it and says what happened.
func (h *Handler) activityAct(rest string, said i18n.Text, act func(*http.Request, *form, id.ID) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		a, err := pathID(r)
		if err != nil {
			return err
		}
		if err := act(r, f, a); err != nil {
			return err
		}
		return h.done(w, r, view.Address(a)+rest, said)
	}
}

func (h *Handler) publishActivity(r *http.Request, _ *form, a id.ID) error {
	return h.Activity.Publish(r.Context(), actor(r), a)
}

func (h *Handler) cancelActivity(r *http.Request, f *form, a id.ID) error {
	return h.Activity.Cancel(r.Context(), actor(r), a, f.values.Get("reason"))
}

func (h *Handler) closeActivity(r *http.Request, _ *form, a id.ID) error {
	return h.Activity.Close(r.Context(), actor(r), a)
}

func (h *Handler) withdrawMembers(r *http.Request, f *form, a id.ID) error {
	for _, s := range f.Strings("id") {
		m, err := id.Parse(s)
		if err != nil {
			return errs.ErrNotFound
		}
		if err := h.Activity.WithdrawFor(r.Context(), actor(r), a, m); err != nil {
			return err
		}
	}
	return nil
}

func (h *Handler) allOut(w http.ResponseWriter, r *http.Request) error {
	a, err := pathID(r)
	if err != nil {
		return err
	}
	n, err := h.Activity.SignOutAll(r.Context(), actor(r), a)
	if err != nil {
		return err
	}
	return h.done(w, r, view.Address(a, "sheet"), i18n.ActivityAllOutDone, n)
}

func (h *Handler) copyActivity(w http.ResponseWriter, r *http.Request) error {
	a, err := pathID(r)
	if err != nil {
		return err
	}
	http.Redirect(w, r, "/activities/new?from="+a.String(), http.StatusSeeOther)
	return nil
}

func (h *Handler) enrolments(w http.ResponseWriter, r *http.Request) error {
	return h.enrolmentsWith(w, r, field.Form{}, nil)
}

func (h *Handler) enrolmentsWith(w http.ResponseWriter, r *http.Request, f field.Form, wrong error) error {
	a, may, err := h.findActivity(r)
	if err != nil {
		return err
	}
	items, err := h.Activity.Enrolments(r.Context(), actor(r), a.ID)
	if err != nil {
		return err
	}
	p := h.activityFrame(w, r, a)
	if wrong != nil {
		return h.again(w, r, wrong, func(e *errs.Error) templ.Component {
			f.Err = e
			return view.Enrolments(p, a, may, items, f)
		})
	}
	return h.show(w, r, view.Enrolments(p, a, may, items, f))
}

func (h *Handler) enrolMember(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	a, err := pathID(r)
	if err != nil {
		return err
	}
	state, err := h.Activity.EnrolFor(r.Context(), actor(r), a, f.ID("member"))
	if err != nil {
		return h.enrolmentsWith(w, r, f.Show(nil), err)
	}
	return h.done(w, r, view.Address(a, "enrolments"), enrolSaid(state))
}

func enrolSaid(s activity.EnrolState) i18n.Text {
	if s == activity.Waiting {
		return i18n.ActivityWaitingDone
	}
	return i18n.ActivityEnrolDone
}

// matchMembers answers a typeahead with members in scope.
func (h *Handler) matchMembers(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query().Get("q")
	if q == "" {
		for name, v := range r.URL.Query() { // the input's own name
			if len(v) > 0 && len(name) > 5 && name[len(name)-5:] == "_text" {
				q = v[0]
			}
		}
	}
	f := ledger.MemberFilter{Search: q}
	f.Page.Limit = 12
	list, err := h.Ledger.Members(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	var options []field.Option
	for _, m := range list.Items {
		options = append(options, field.Option{Value: m.MemberID.String(), Text: i18n.Verbatim(m.Name), Note: m.UnitName})
	}
	return h.answer(w, r, http.StatusOK, field.Matches(options))
}

func (h *Handler) activityScreen(w http.ResponseWriter, r *http.Request) error {
	s, qr, err := h.screen(r)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Screen(h.page(w, r, i18n.ActivityScreenTitle, s.Title), s, qr))
}

// screenCode is the part of the screen that renews itself.
func (h *Handler) screenCode(w http.ResponseWriter, r *http.Request) error {
	s, qr, err := h.screen(r)
	if err != nil {
		return err
	}
	return h.answer(w, r, http.StatusOK, view.ScreenCode(s, qr))
}

func (h *Handler) screen(r *http.Request) (activity.Screen, string, error) {
	a, err := pathID(r)
	if err != nil {
		return activity.Screen{}, "", err
	}
	s, err := h.Activity.Screen(r.Context(), actor(r), a)
	if err != nil {
		return s, "", err
	}
	qr, err := qrPicture(h.base(r) + "/m/sign?c=" + s.Code.String())
	return s, qr, err
}

func (h *Handler) activityKinds(w http.ResponseWriter, r *http.Request) error {
	kinds, err := h.Activity.Kinds(r.Context(), actor(r), true)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Kinds(h.page(w, r, i18n.ActivityKinds), kinds))
}

func (h *Handler) activityKind(w http.ResponseWriter, r *http.Request) error {
	f, title, version := field.Form{Values: url.Values{"gives_hours": {"1"}}, Filled: map[string]bool{"gives_hours": true}}, i18n.ActivityKindNew, int64(0)
	to := "/activity-kinds/new"
	if code := r.PathValue("code"); code != "new" {
		k, err := h.Activity.Kind(r.Context(), actor(r), code)
		if err != nil {
			return err
		}
		f, title, version, to = known(view.KindValues(k)), k.Text(), k.Version, "/activity-kinds/"+code
	}
	return h.show(w, r, h.kindPage(w, r, f, title, to, version))
}

func (h *Handler) kindPage(w http.ResponseWriter, r *http.Request, f field.Form, title i18n.Text, to string, version int64) templ.Component {
	p := h.page(w, r, title)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.ActivityKinds.In(lang(r)), Href: "/activity-kinds"}}
	p.Active = "/activities"
	return view.KindForm(p, f, to, version)
}

func (h *Handler) saveKind(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	code := r.PathValue("code")
	k := activity.Kind{Code: code, Name: f.Text("name", 30), NameEN: f.Text("name_en", 60), DeedTitle: f.Text("deed_title", 80),
		GivesHours: f.Bool("gives_hours"), Retired: f.Bool("retired"), Version: f.Version()}
	if code == "new" {
		k.Code, k.Version = f.Text("code", 30), 0
	}
	k.Fields, err = view.ParseFields(f.values.Get("fields"))
	if err == nil {
		err = f.Err()
	}
	if err == nil {
		err = h.Activity.SaveKind(r.Context(), actor(r), k)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return h.kindPage(w, r, f.Show(e), i18n.ActivityKindNew, "/activity-kinds/"+code, f.Version())
		})
	}
	return h.done(w, r, "/activity-kinds", i18n.ActivityKindSaved)
}

// yearOfQuery is the year that the address names, this year if none.
func (h *Handler) yearOfQuery(r *http.Request) int {
	y, err := strconv.Atoi(r.URL.Query().Get("year"))
	if err != nil || y < 2000 || y > 2200 {
		return calendar.DateOf(h.DB.Now()).Year()
	}
	return y
}
