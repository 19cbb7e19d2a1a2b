package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/technician"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/technician"
)

func (h *Handler) technicianRoutes() []route {
	see, keep := may(technician.PermSee), may(technician.PermKeep)
	act := func(done i18n.Text, do func(r *http.Request, f *form, t id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(done, do), view.Href, h.technicianShown)
	}
	return []route{
		{pattern: "GET /technicians", who: see, serve: h.techniciansPage},
		{pattern: "GET /technicians/export", who: see, serve: h.exportTechnicians},
		{pattern: "GET /technicians/new", who: keep, serve: h.technicianNewPage},
		{pattern: "POST /technicians", who: keep, serve: h.technicianCreate},
		{pattern: "GET /technicians/{id}", who: see, serve: h.technicianPage},
		{pattern: "GET /technicians/{id}/edit", who: keep, serve: h.technicianEditPage},
		{pattern: "POST /technicians/{id}/edit", who: keep, serve: h.technicianEdit},
		{pattern: "POST /technicians/{id}/phone", who: may(technician.PermDispatch), serve: h.technicianPhone},
		{pattern: "POST /technicians/{id}/end", who: keep, serve: act(i18n.TechnicianSaved, func(r *http.Request, f *form, t id.ID) error {
			return h.Technician.End(r.Context(), actor(r), t, f.Version())
		})},
		{pattern: "POST /technicians/{id}/resume", who: keep, serve: act(i18n.TechnicianSaved, func(r *http.Request, f *form, t id.ID) error {
			return h.Technician.Resume(r.Context(), actor(r), t, f.Version())
		})},
		{pattern: "POST /technicians/{id}/day", who: keep, serve: act(i18n.TechnicianSaved, func(r *http.Request, f *form, t id.ID) error {
			day := f.Date("day")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Technician.SetDay(r.Context(), actor(r), t, day, f.Text("hours", 40), f.Text("reason", technician.MaxNote))
		})},
		{pattern: "POST /technicians/{id}/day/clear", who: keep, serve: act(i18n.TechnicianSaved, func(r *http.Request, f *form, t id.ID) error {
			return h.Technician.ClearDay(r.Context(), actor(r), t, f.Date("day"))
		})},
		{pattern: "POST /technicians/{id}/certificate", who: keep, serve: act(i18n.TechnicianSaved, func(r *http.Request, f *form, t id.ID) error {
			until := f.Date("until")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Technician.AddCertificate(r.Context(), actor(r), t, f.Text("certificate", technician.MaxName), until)
		})},
		{pattern: "POST /technicians/{id}/certificate/remove", who: keep, serve: act(i18n.TechnicianSaved, func(r *http.Request, f *form, t id.ID) error {
			return h.Technician.RemoveCertificate(r.Context(), actor(r), t, f.ID("certificate"))
		})},
	}
}

func technicianFilter(r *http.Request) technician.Filter {
	q := r.URL.Query()
	return technician.Filter{Show: q.Get("show"), Class: q.Get("class"), Area: queryID(r, "area"), Text: q.Get("q"), Page: pageOf(r)}
}

func (h *Handler) techniciansPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Technician.List(r.Context(), actor(r), technicianFilter(r))
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Keeps: actor(r).Can(technician.PermKeep), Today: calendar.DateOf(h.Technician.Now())}
	if l.Choices, err = h.Technician.Choices(r.Context(), actor(r).Tenant); err != nil {
		return err
	}
	if l.Places, err = h.communityOptions(r, actor(r).Scope(technician.PermSee)); err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.TechnicianTitle), l))
}

func (h *Handler) exportTechnicians(w http.ResponseWriter, r *http.Request) error {
	type t = technician.Technician
	f, l := technicianFilter(r), lang(r)
	return exportList(h, w, r, i18n.TechnicianTitle, []exportColumn[t]{
		{title: i18n.TechnicianName, value: func(v t) any { return v.Name }},
		{title: i18n.TechnicianOrg, value: func(v t) any { return v.Org }},
		{title: i18n.TechnicianSkills, value: func(v t) any { return view.Skills(l, v.Skills) }},
		{title: i18n.TechnicianAreas, value: func(v t) any { return view.Areas(l, v.Areas) }},
		{title: i18n.TechnicianOpen, number: true, value: func(v t) any { return v.Open }},
		{title: i18n.TechnicianExpires, value: func(v t) any { return v.Expires.String() }},
		{title: i18n.TechnicianDuty, value: func(v t) any { return view.DutyOf(v).Text }},
		{title: i18n.TechnicianNote, value: func(v t) any { return v.Note }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Technician.List(ctx, actor(r), f)
	}))
}

func (h *Handler) technicianCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.TechnicianTitle.In(lang(r)), Href: view.Path}}
	return p
}

func (h *Handler) technicianNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.technicianForm(w, r, i18n.TechnicianNew, view.New{Form: field.Form{Values: url.Values{}}})))
}

func (h *Handler) technicianForm(w http.ResponseWriter, r *http.Request, title i18n.Text, n view.New) (templ.Component, error) {
	scope := actor(r).Scope(technician.PermKeep)
	var err error
	if n.Orgs, err = h.organisationOptions(r, scope, organisation.District, organisation.Working, organisation.Community, organisation.Unit); err != nil {
		return nil, err
	}
	if n.Areas, err = h.placeOptions(r, scope); err != nil {
		return nil, err
	}
	if n.Choices, err = h.Technician.Choices(r.Context(), actor(r).Tenant); err != nil {
		return nil, err
	}
	return view.Edit(h.technicianCrumbs(w, r, title), n), nil
}

// technicianEntry reads the form of a technician.
func technicianEntry(f *form) technician.Entry {
	n := technician.Entry{Name: f.Text("name", technician.MaxName), Login: f.Text("login", 60), OrgID: f.ID("org"), Phone: f.Text("phone", 40), Note: f.Text("note", technician.MaxNote), Version: f.Version()}
	for _, v := range f.Strings("skills") {
		if item, err := id.Parse(v); err == nil {
			n.Skills = append(n.Skills, technician.Skill{ItemID: item})
		} else {
			n.Skills = append(n.Skills, technician.Skill{Class: strings.TrimSpace(v)})
		}
	}
	for _, v := range f.Strings("areas") {
		o, err := id.Parse(v)
		if err != nil {
			f.err = f.err.With("areas", i18n.ErrBadChoice)
			continue
		}
		n.Areas = append(n.Areas, o)
	}
	for i := range n.Week {
		n.Week[i] = f.Text(technician.WeekField(i+1), 80)
	}
	return n
}

func (h *Handler) technicianCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := technicianEntry(f)
	var t id.ID
	if err = f.Err(); err == nil {
		t, err = h.Technician.Create(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.technicianForm(w, r, i18n.TechnicianNew, view.New{Form: f.Show(e)}))
		})
	}
	return h.done(w, r, view.Href(t), i18n.TechnicianCreated, n.Name)
}

func (h *Handler) technicianEditPage(w http.ResponseWriter, r *http.Request) error {
	return h.technicianEditWith(w, r, nil)
}

// technicianEditWith shows the form of a technician as they are, or as it was sent.
func (h *Handler) technicianEditWith(w http.ResponseWriter, r *http.Request, sent *field.Form) error {
	n, err := pathID(r)
	if err != nil {
		return err
	}
	t, err := h.Technician.Get(r.Context(), actor(r), n)
	if err != nil {
		return err
	}
	return h.show(w, r, orFault(h.technicianChange(w, r, t, sent)))
}

func (h *Handler) technicianChange(w http.ResponseWriter, r *http.Request, t technician.Technician, sent *field.Form) (templ.Component, error) {
	d := view.New{Form: field.Form{Values: view.Values(t)}, ID: t.ID, HasPhone: t.HasPhone}
	if sent != nil {
		d.Form = *sent
	}
	return h.technicianForm(w, r, i18n.Verbatim(t.Name), d)
}

func (h *Handler) technicianEdit(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n, err := pathID(r)
	if err != nil {
		return err
	}
	in := technicianEntry(f)
	if err = f.Err(); err == nil {
		err = h.Technician.Edit(r.Context(), actor(r), n, in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			t, terr := h.Technician.Get(r.Context(), actor(r), n)
			if terr != nil {
				return orFault(nil, terr)
			}
			shown := f.Show(e)
			return orFault(h.technicianChange(w, r, t, &shown))
		})
	}
	return h.done(w, r, view.Href(n), i18n.TechnicianSaved)
}

func (h *Handler) technicianPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.technicianShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) technicianShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	t, err := h.Technician.Get(r.Context(), actor(r), n)
	if err != nil {
		return nil, err
	}
	s := view.Show{Technician: t, Sent: sent, SentBy: sent.Values.Get(formKey), Keeps: actor(r).Scope(technician.PermKeep).Covers(t.OrgID), Calls: actor(r).Scope(technician.PermDispatch).Covers(t.OrgID),
		Today: calendar.DateOf(h.Technician.Now())}
	return view.One(h.technicianCrumbs(w, r, i18n.Verbatim(t.Name)), s), nil
}

func (h *Handler) technicianPhone(w http.ResponseWriter, r *http.Request) error {
	n, err := pathID(r)
	if err != nil {
		return err
	}
	t, err := h.Technician.Get(r.Context(), actor(r), n)
	if err != nil {
		return err
	}
	number, err := h.Technician.Phone(r.Context(), actor(r), n)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Phone(h.technicianCrumbs(w, r, i18n.Verbatim(i18n.TechnicianCallShown.In(lang(r), t.Name))), t, number))
}
