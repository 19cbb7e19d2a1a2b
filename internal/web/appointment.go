package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/appointment"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/organisation"
	"linli/internal/person"
	view "linli/internal/web/view/appointment"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
)

func (h *Handler) appointmentRoutes() []route {
	see, keep := may(appointment.PermSee), may(appointment.PermKeep)
	return []route{
		{pattern: "GET /posts", who: see, serve: h.postsPage},
		{pattern: "GET /posts/export", who: see, serve: h.exportPosts},
		{pattern: "GET /posts/concerns", who: see, serve: h.concernsPage},
		{pattern: "GET /posts/concerns/export", who: see, serve: h.exportConcerns},
		{pattern: "GET /posts/new", who: keep, serve: h.postNewPage},
		{pattern: "GET /posts/people", who: keep, serve: h.postPeople},
		{pattern: "POST /posts", who: keep, serve: h.postAppoint},
		{pattern: "GET /posts/{id}", who: see, serve: h.postPage},
		{pattern: "POST /posts/{id}", who: keep, serve: h.acted(saying(i18n.PostSaved, h.postCorrect), view.Href, h.postShow)},
		{pattern: "POST /posts/{id}/end", who: keep, serve: h.acted(saying(i18n.PostHasEnded, h.postEnd), view.Href, h.postShow)},
		{pattern: "POST /posts/{id}/resume", who: keep, serve: h.acted(saying(i18n.PostResumed, h.postResume), view.Href, h.postShow)},
		{pattern: "POST /posts/{id}/strike", who: keep, serve: h.acted(saying(i18n.PostStruck, h.postStrike), func(id.ID) string { return view.Path }, h.postShow)},
		{pattern: "GET /organisations/{id}/roster", who: see, serve: h.rosterPage},
		{pattern: "GET /organisations/{id}/roster/print", who: see, serve: h.rosterPrint},
	}
}

func (h *Handler) postFilter(r *http.Request) appointment.Filter {
	q := r.URL.Query()
	on, err := calendar.Parse(q.Get("on"))
	if err != nil || on.IsZero() || on.After(h.Appointment.Today()) {
		on = h.Appointment.Today()
	}
	return appointment.Filter{Text: q.Get("q"), OrganisationID: queryID(r, "organisation"), Post: appointment.Post(q.Get("post")), Kind: organisation.Kind(q.Get("kind")),
		Origin: appointment.Origin(q.Get("origin")), Band: appointment.Band(q.Get("age")), Schooling: appointment.Schooling(q.Get("schooling")), Women: q.Get("sex") == "2",
		Shoulder: q.Get("both") == "shoulder", Cross: q.Get("both") == "cross", Ended: q.Get("show") == "ended", On: on, Page: pageOf(r)}
}

func (h *Handler) postsPage(w http.ResponseWriter, r *http.Request) error {
	f := h.postFilter(r)
	list, err := h.Appointment.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, On: f.On,
		Acts: []partial.Act{{Text: i18n.PostConcerns, Href: view.ConcernsPath, Icon: icon.Alert}}}
	if l.Structure, err = h.Appointment.Structure(r.Context(), actor(r), f); err != nil {
		return err
	}
	return h.show(w, r, view.ListPage(h.page(w, r, i18n.PostsTitle), l))
}

func (h *Handler) exportPosts(w http.ResponseWriter, r *http.Request) error {
	type t = appointment.Item
	f := h.postFilter(r)
	return exportList(h, w, r, i18n.PostsTitle, []exportColumn[t]{
		{title: i18n.PostOrg, value: func(v t) any { return v.Organisation }},
		{title: i18n.OrgKindLabel, value: func(v t) any { return v.Kind.Text() }},
		{title: i18n.OrgColSystem, value: func(v t) any { return v.Above }},
		{title: i18n.PostLabel, value: func(v t) any { return v.Called() }},
		{title: i18n.PostPerson, value: func(v t) any { return v.Name }},
		{title: i18n.CodeSexList, value: func(v t) any { return code.Sexes.Label(v.Sex) }},
		{title: i18n.PostAges, number: true, value: func(v t) any {
			if v.BornOn.IsZero() {
				return ""
			}
			return int64(v.Age(f.On))
		}},
		{title: i18n.PostSchools, value: func(v t) any { return code.Schoolings.Label(v.SchoolCode) }},
		{title: i18n.PostWay, value: func(v t) any { return v.Way.Text() }},
		{title: i18n.PostOrigin, value: func(v t) any { return v.Origin.Text() }},
		{title: i18n.PostFrom, value: func(v t) any { return v.FromOn }},
		{title: i18n.PostTermEnds, value: func(v t) any { return v.TermEndsOn }},
		{title: i18n.PostDocument, value: func(v t) any { return v.Document }},
		{title: i18n.PostEndOn, value: func(v t) any { return v.EndedOn }},
		{title: i18n.PostEndWhy, value: func(v t) any { return v.EndReason }},
	}, func(ctx context.Context, fn func(t) error) error { return h.Appointment.Export(ctx, actor(r), f, fn) })
}

func concernFilter(r *http.Request) appointment.Concerned {
	q := r.URL.Query()
	return appointment.Concerned{About: appointment.Concern(q.Get("about")), OrganisationID: queryID(r, "organisation"), Text: q.Get("q"), Page: pageOf(r)}
}

func (h *Handler) concernsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Appointment.Concerned(r.Context(), actor(r), concernFilter(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.ConcernsPage(h.postCrumbs(w, r, i18n.PostConcerns), view.Concerns{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Today: h.Appointment.Today()}))
}

func (h *Handler) exportConcerns(w http.ResponseWriter, r *http.Request) error {
	type t = appointment.State
	f, today, l := concernFilter(r), h.Appointment.Today(), lang(r)
	return exportList(h, w, r, i18n.PostConcerns, []exportColumn[t]{
		{title: i18n.PostOrg, value: func(v t) any { return v.Name }},
		{title: i18n.OrgColSystem, value: func(v t) any { return v.Above }},
		{title: i18n.PostMembers, number: true, value: func(v t) any { return v.Members }},
		{title: i18n.PostFull, number: true, value: func(v t) any { return v.Full }},
		{title: i18n.PostTeamSize, number: true, value: func(v t) any { return v.Team }},
		{title: i18n.PostSoonest, value: func(v t) any { return v.Term }},
		{title: i18n.PostAdvice, value: func(v t) any {
			words := ""
			for _, c := range v.Concerns(today) {
				words += c.Text().In(l)
			}
			return words
		}},
	}, func(ctx context.Context, fn func(t) error) error {
		return h.Appointment.ExportConcerned(ctx, actor(r), f, fn)
	})
}

func (h *Handler) postCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, args ...any) layout.Page {
	p := h.page(w, r, title, args...)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.PostsTitle.In(lang(r)), Href: view.Path}}
	return p
}

// postPeople answers the choosing of a person: members and residents whom the actor sees.
func (h *Handler) postPeople(w http.ResponseWriter, r *http.Request) error {
	text := typed(r)
	members, err := h.Member.List(r.Context(), actor(r), member.Filter{Text: text, Page: db.Page{Limit: matchLimit}})
	if err != nil {
		return err
	}
	var out []field.Option
	seen := map[id.ID]bool{}
	for _, m := range members.Items {
		seen[m.PersonID] = true
		note := m.Kind.Text().In(lang(r))
		for _, at := range []string{m.Community, m.Unit} {
			if at != "" {
				note += " · " + at
			}
		}
		out = append(out, field.Option{Value: m.PersonID.String(), Text: i18n.Verbatim(m.Name), Note: note})
	}
	if actor(r).Can(person.PermSee) && text != "" {
		residents, err := h.Person.List(r.Context(), actor(r), person.Filter{Text: text, Page: db.Page{Limit: matchLimit}})
		if err != nil {
			return err
		}
		for _, p := range residents.Items {
			if !seen[p.ID] && len(out) < 2*matchLimit {
				out = append(out, field.Option{Value: p.ID.String(), Text: i18n.Verbatim(p.Name), Note: i18n.ResidentTitle.In(lang(r)) + " · " + p.Address})
			}
		}
	}
	return h.show(w, r, field.Matches(out))
}

// postForm draws the form of an appointment; err is what was wrong with it.
func (h *Handler) postForm(w http.ResponseWriter, r *http.Request, f field.Form, err error) error {
	org, perr := id.Parse(f.Values.Get("organisation_id"))
	if perr != nil {
		return errs.ErrNotFound
	}
	o, oerr := h.Organisation.Get(r.Context(), actor(r), org)
	if oerr != nil {
		return oerr
	}
	d := view.Form{Form: f, Organisation: org, Name: o.Label(), Person: f.Values.Get("person_id_text"), Posts: view.PostOptions(o.Kind), Today: h.Appointment.Today().String()}
	p := h.postCrumbs(w, r, i18n.PostNew)
	if err == nil && f.Values.Get("term_ends_on") == "" {
		if years := appointment.TermYears(o.Kind); years > 0 {
			f.Values.Set("term_ends_on", h.Appointment.Today().AddYears(years).AddDays(-1).String())
			f.Filled["term_ends_on"] = true
		}
	}
	if err == nil {
		return h.show(w, r, view.NewPage(p, d))
	}
	return h.again(w, r, err, func(e *errs.Error) templ.Component {
		d.Err = e
		return view.NewPage(p, d)
	})
}

func (h *Handler) postNewPage(w http.ResponseWriter, r *http.Request) error {
	f := field.Form{Values: url.Values{"organisation_id": {r.URL.Query().Get("organisation")}, "way": {string(appointment.Elected)}, "origin": {string(appointment.Local)},
		"from_on": {h.Appointment.Today().String()}}, Filled: map[string]bool{"organisation_id": true, "way": true, "origin": true, "from_on": true}}
	return h.postForm(w, r, f, nil)
}

func postTerms(f *form) appointment.Terms {
	return appointment.Terms{Post: appointment.Post(f.Need("post", 40)), Title: f.Text("title", 30), Way: appointment.Way(f.Need("way", 20)),
		Origin: appointment.Origin(f.Need("origin", 20)), FromOn: f.Date("from_on"), TermEndsOn: f.Date("term_ends_on"), Document: f.Text("document", 120)}
}

func (h *Handler) postAppoint(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := appointment.NewAppointment{OrganisationID: f.ID("organisation_id"), PersonID: f.ID("person_id"), Terms: postTerms(f)}
	if err = f.Err(); err == nil {
		_, err = h.Appointment.Appoint(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.postForm(w, r, f.Show(nil), err)
	}
	return h.done(w, r, view.RosterHref(n.OrganisationID), i18n.PostCreated, f.Text("person_id_text", 60), n.Post.Text())
}

// postShow draws the page of one appointment; f holds what was typed, and what was wrong with it.
func (h *Handler) postShow(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	appointmentID, err := pathID(r)
	if err != nil {
		return nil, err
	}
	s := view.Show{Today: h.Appointment.Today().String()}
	if s.Item, err = h.Appointment.Get(r.Context(), actor(r), appointmentID); err != nil {
		return nil, err
	}
	s.Keep, s.Held = actor(r).Scope(appointment.PermKeep).Covers(s.OrganisationID), s.EndedOn.IsZero()
	values := url.Values{"post": {string(s.Post)}, "title": {s.Title}, "way": {string(s.Way)}, "origin": {string(s.Origin)}, "from_on": {s.FromOn.String()},
		"term_ends_on": {s.TermEndsOn.String()}, "document": {s.Document}}
	for k, v := range f.Values {
		values[k] = v
	}
	s.Form = view.Form{Form: field.Form{Values: values, Err: f.Err}, Posts: view.PostOptions(s.Kind), Today: s.Today}
	p := h.postCrumbs(w, r, i18n.Verbatim(s.Name))
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: s.Organisation, Href: view.RosterHref(s.OrganisationID)})
	return view.ShowPage(p, s), nil
}

func (h *Handler) postPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.postShow(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) postCorrect(r *http.Request, f *form, a id.ID) error {
	t := postTerms(f)
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appointment.Correct(r.Context(), actor(r), a, t, f.Version())
}

func (h *Handler) postEnd(r *http.Request, f *form, a id.ID) error {
	x := appointment.Ending{On: f.Date("on"), Reason: f.Need("reason", 200), Document: f.Text("end_document", 120), Version: f.Version()}
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appointment.End(r.Context(), actor(r), a, x)
}

func (h *Handler) postResume(r *http.Request, f *form, a id.ID) error {
	return h.Appointment.Resume(r.Context(), actor(r), a, f.Version())
}

func (h *Handler) postStrike(r *http.Request, f *form, a id.ID) error {
	why := f.Need("why", 200)
	if err := f.Err(); err != nil {
		return err
	}
	return h.Appointment.Strike(r.Context(), actor(r), a, why)
}

func (h *Handler) roster(r *http.Request) (view.Roster, string, error) {
	org, err := pathID(r)
	if err != nil {
		return view.Roster{}, "", err
	}
	on, err := calendar.Parse(r.URL.Query().Get("on"))
	if err != nil || on.After(h.Appointment.Today()) {
		on = h.Appointment.Today()
	}
	d := view.Roster{OrganisationID: org, Today: h.Appointment.Today()}
	o, err := h.Organisation.Get(r.Context(), actor(r), org)
	if err != nil {
		return d, "", err
	}
	d.Keep = o.Living() && actor(r).Scope(appointment.PermKeep).Covers(org)
	d.Roster, err = h.Appointment.Roster(r.Context(), actor(r), org, on)
	return d, o.Label(), err
}

func (h *Handler) rosterPage(w http.ResponseWriter, r *http.Request) error {
	d, name, err := h.roster(r)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.PostRosterOf, name)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.OrgTitle.In(lang(r)), Href: "/organisations"}, {Text: name, Href: "/organisations/" + d.OrganisationID.String()}}
	return h.show(w, r, view.RosterPage(p, d))
}

func (h *Handler) rosterPrint(w http.ResponseWriter, r *http.Request) error {
	d, name, err := h.roster(r)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.PostRosterOf, name)
	p.Back = view.RosterHref(d.OrganisationID)
	return h.show(w, r, view.RosterPaper(p, d))
}
