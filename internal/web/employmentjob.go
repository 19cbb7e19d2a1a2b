package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/employment"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	view "linli/internal/web/view/employment"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

// employmentJobRoutes are the pages of jobs: at the station, and for the units that offer them.
func (h *Handler) employmentJobRoutes() []route {
	var out []route
	for _, unit := range []bool{false, true} {
		who, base, href := may(employment.PermManage), view.JobsPath, view.JobHref
		if unit {
			who, base, href = may(employment.PermUnit), view.UnitPath, view.UnitHref
		}
		act := func(name string, said i18n.Text, do func(r *http.Request, f *form, job id.ID) error) {
			out = append(out, route{pattern: "POST " + base + "/{id}/" + name, who: who, serve: h.acted(saying(said, do), href, h.openingShown(unit, name))})
		}
		out = append(out,
			route{pattern: "GET " + base, who: who, serve: h.jobsOffered(unit)},
			route{pattern: "GET " + base + "/new", who: who, serve: h.shown(h.jobNew(unit))},
			route{pattern: "POST " + base, who: who, serve: h.jobOffer(unit)},
			route{pattern: "GET " + base + "/{id}", who: who, serve: h.shown(h.openingShown(unit, ""))},
			route{pattern: "GET " + base + "/{id}/edit", who: who, serve: h.shown(h.jobEdit(unit))},
		)
		out = append(out, route{pattern: "POST " + base + "/{id}/change", who: who, serve: h.acted(saying(i18n.EmploySaved, func(r *http.Request, f *form, job id.ID) error {
			n, version := jobIn(f), f.Version()
			if err := f.Err(); err != nil {
				return err
			}
			return h.Employment.Change(r.Context(), actor(r), job, n, version)
		}), href, h.jobEdit(unit))})
		act("close", i18n.EmploySaved, func(r *http.Request, f *form, job id.ID) error {
			return h.Employment.Close(r.Context(), actor(r), job, f.Version())
		})
		act("decide", i18n.EmploySaved, func(r *http.Request, f *form, _ id.ID) error { return h.matchDecide(r, f) })
		if unit {
			out = append(out, route{pattern: "GET " + view.UnitUsePath, who: who, serve: h.usePage(true)}, route{pattern: "POST " + view.UnitUsePath, who: who, serve: h.useEnter(true)})
			continue
		}
		out = append(out, route{pattern: "GET " + base + "/export", who: who, serve: h.exportJobsOffered})
		act("approve", i18n.EmployOpened, func(r *http.Request, f *form, job id.ID) error {
			return h.Employment.Approve(r.Context(), actor(r), job, f.Bool("checked"), f.Version())
		})
		act("refuse", i18n.EmploySaved, func(r *http.Request, f *form, job id.ID) error {
			return h.Employment.Refuse(r.Context(), actor(r), job, f.Text("why", employment.MaxNote), f.Version())
		})
		act("propose", i18n.EmployProposedSaid, func(r *http.Request, f *form, job id.ID) error {
			seeker := f.ID("seeker")
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Employment.Propose(r.Context(), actor(r), seeker, job)
			return err
		})
	}
	return out
}

func jobFilter(r *http.Request) employment.JobFilter {
	q := r.URL.Query()
	return employment.JobFilter{State: employment.JobState(q.Get("state")), Kind: employment.Kind(q.Get("kind")), Community: queryID(r, "org"), Text: q.Get("q"), Page: pageOf(r)}
}

func (h *Handler) jobsOffered(unit bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		list, err := h.Employment.Jobs(r.Context(), actor(r), unit, jobFilter(r))
		l, err := stationList(h, r, list, err)
		if err != nil {
			return err
		}
		if unit {
			return h.show(w, r, view.UnitJobs(h.page(w, r, i18n.EmployUnitJobs), l))
		}
		return h.show(w, r, view.Jobs(h.employmentCrumbs(w, r, i18n.EmployJobs), l))
	}
}

func (h *Handler) exportJobsOffered(w http.ResponseWriter, r *http.Request) error {
	type t = employment.Job
	f := jobFilter(r)
	return exportList(h, w, r, i18n.EmployJobs, []exportColumn[t]{
		{title: i18n.EmployJobTitle, value: func(v t) any { return v.Title }},
		{title: i18n.EmployUnit, value: func(v t) any { return v.Unit }},
		{title: i18n.EmployKind, value: func(v t) any { return v.Kind.Text() }},
		{title: i18n.EmployWage, value: func(v t) any { return view.Wage(lang(r), v) }},
		{title: i18n.EmployPlaces, number: true, value: func(v t) any { return v.Places }},
		{title: i18n.EmployHired, number: true, value: func(v t) any { return v.Taken }},
		{title: i18n.EmployPlace, value: func(v t) any { return v.Place }},
		{title: i18n.EmployUntil, value: func(v t) any { return v.UntilOn.String() }},
		{title: i18n.EmployState, value: func(v t) any { return v.StateOn(h.today()).Text() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Employment.Jobs(ctx, actor(r), false, f)
	}))
}

func (h *Handler) jobFrame(w http.ResponseWriter, r *http.Request, unit bool, title i18n.Text) layout.Page {
	p := h.employmentCrumbs(w, r, title, layout.Crumb{Text: i18n.EmployJobs.In(lang(r)), Href: view.JobsPath})
	if unit {
		p.Active, p.Breadcrumb = view.UnitPath, []layout.Crumb{{Text: i18n.EmployUnitJobs.In(lang(r)), Href: view.UnitPath}}
	}
	return p
}

func (h *Handler) jobNew(unit bool) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		if f.Values == nil {
			f.Values = url.Values{"until_on": {h.today().AddMonths(2).String()}}
		}
		title := i18n.EmployJobNew
		j := view.JobForm{Form: f, Unit: unit}
		if unit {
			title = i18n.EmployJobUnit
			var err error
			if j.Units, err = h.organisationOptions(r, actor(r).Scope(employment.PermUnit), organisation.Unit); err != nil {
				return nil, err
			}
			fillOnly(&j.Form, "unit", j.Units)
		}
		return view.EditJob(h.jobFrame(w, r, unit, title), j), nil
	}
}

func jobIn(f *form) employment.NewJob {
	return employment.NewJob{UnitID: f.ID("unit"), Kind: employment.Kind(f.Text("kind", 20)), Title: f.Text("title", employment.MaxTitle), Places: f.Int("places"), WageFrom: f.Int("wage_from"), WageTo: f.Int("wage_to"), Hours: employment.Hours(f.Text("hours", 20)),
		Place: f.Text("place", employment.MaxPlace), Needs: f.Text("needs", employment.MaxNeeds), Education: employment.Education(f.Text("education", 20)), UntilOn: f.Date("until_on"), Contact: f.Text("contact", employment.MaxCalled), Phone: f.Text("phone", 30)}
}

func (h *Handler) jobOffer(unit bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		n := jobIn(f)
		var made id.ID
		if err = f.Err(); err == nil {
			made, err = h.Employment.Offer(r.Context(), actor(r), n)
		}
		if err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.jobNew(unit)(w, r, f.Show(e))) })
		}
		if unit {
			return h.done(w, r, view.UnitHref(made), i18n.EmployOffered)
		}
		return h.done(w, r, view.JobHref(made), i18n.EmploySaved)
	}
}

func (h *Handler) jobEdit(unit bool) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		job, err := pathID(r)
		if err != nil {
			return nil, err
		}
		o, err := h.Employment.Job(r.Context(), actor(r), job)
		if err != nil {
			return nil, err
		}
		if f.Values == nil {
			f.Values = view.JobValues(o.Job)
		}
		return view.EditJob(h.jobFrame(w, r, unit, i18n.EmployJobChange), view.JobForm{Form: f, Unit: unit, Job: job, Version: o.Version}), nil
	}
}

// openingShown draws a job, with the form that was sent.
func (h *Handler) openingShown(unit bool, sent string) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		job, err := pathID(r)
		if err != nil {
			return nil, err
		}
		o := view.Opening{Page: view.Page{Sent: f, SentBy: sent, Today: h.today()}, ForUnit: unit}
		if o.Opening, err = h.Employment.Job(r.Context(), actor(r), job); err != nil {
			return nil, err
		}
		if !unit && !o.Station {
			return nil, errs.ErrNotFound
		}
		return view.Job(h.jobFrame(w, r, unit, i18n.Verbatim(o.Title)), o), nil
	}
}
