package web

import (
	"net/http"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/employment"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/resident"
	view "linli/internal/web/view/employment"
	"linli/internal/web/view/field"
)

func (h *Handler) employmentPublicRoutes() []route {
	own := func(serve func(http.ResponseWriter, *http.Request, resident.Session) error) func(http.ResponseWriter, *http.Request) error {
		return h.asResident(h.proven(serve))
	}
	act := func(name string, said i18n.Text, do func(r *http.Request, f *form) error) route {
		return route{pattern: "POST " + view.OwnPath + "/" + name, who: everyone, serve: own(h.ownJobAct(name, said, do))}
	}
	return []route{
		{pattern: "GET " + view.PublicPath, who: everyone, serve: h.jobsPublic},
		{pattern: "GET " + view.PublicPath + "/{id}", who: everyone, serve: h.jobPublic},
		{pattern: "GET " + view.OwnPath, who: everyone, serve: own(h.ownJobs)},
		{pattern: "POST " + view.OwnPath, who: everyone, serve: own(h.ownJobAct("register", i18n.EmployMineDone, func(r *http.Request, f *form) error {
			n, agreed := wishIn(f), f.Bool("consent")
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Employment.RegisterOwn(r.Context(), actor(r), n, agreed)
			return err
		}))},
		act("correct", i18n.EmploySaved, func(r *http.Request, f *form) error {
			n, seeker, version := wishIn(f), f.ID("seeker"), f.Version()
			if err := f.Err(); err != nil {
				return err
			}
			return h.Employment.Correct(r.Context(), actor(r), seeker, n, version)
		}),
		act("withdraw", i18n.EmployMineStopped, func(r *http.Request, f *form) error {
			seeker := f.ID("seeker")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Employment.Withdraw(r.Context(), actor(r), seeker, employment.Ending(f.Text("ending", 20)), f.Version())
		}),
		act("answer", i18n.EmployMineAnswer, h.matchAnswer),
		act("apply", i18n.EmployWanted, func(r *http.Request, f *form) error {
			job := f.ID("job")
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Employment.Apply(r.Context(), actor(r), job)
			return err
		}),
		{pattern: "GET " + view.OwnPath + "/certificates/{id}/pdf", who: everyone, serve: own(func(w http.ResponseWriter, r *http.Request, _ resident.Session) error { return h.preferentialPDF(w, r) })},
	}
}

// jobsPublic is public: work that can be had. It names nobody but units.
func (h *Handler) jobsPublic(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	f := employment.JobFilter{Kind: employment.Kind(q.Get("kind")), Community: queryID(r, "c"), Text: q.Get("q"), Page: pageOf(r)}
	f.WageFrom, _ = strconv.ParseInt(q.Get("wage"), 10, 64) // no number is no bound
	list, err := h.Employment.Public(r.Context(), tenant, f)
	if err != nil {
		return err
	}
	v := view.Public{Listed: view.Listed[employment.Job]{Items: list.Items, Query: q, Before: list.Prev, After: list.Next, Today: h.today()}, District: q.Get(districtKey)}
	if v.Coming, err = h.Employment.Coming(r.Context(), tenant); err != nil {
		return err
	}
	places, err := h.Casework.Communities(r.Context(), tenant)
	if err != nil {
		return err
	}
	for _, c := range places {
		v.Places = append(v.Places, field.Option{Value: c.ID.String(), Text: i18n.Verbatim(c.Name)})
	}
	return h.show(w, r, view.PublicIndex(h.public(w, r, i18n.EmployPublic), v))
}

func (h *Handler) jobPublic(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	job, err := pathID(r)
	if err != nil {
		return err
	}
	j, err := h.Employment.PublicJob(r.Context(), tenant, job)
	if err != nil {
		return err
	}
	return h.show(w, r, view.PublicJob(h.public(w, r, i18n.Verbatim(j.Title)), j, j.StateOn(h.today()) == employment.Open, q.Get(districtKey)))
}

func (h *Handler) ownJobs(w http.ResponseWriter, r *http.Request, z resident.Session) error {
	return h.show(w, r, orFault(h.ownJobsPage(w, r, z, "", field.Form{})))
}

func (h *Handler) ownJobsPage(w http.ResponseWriter, r *http.Request, z resident.Session, sent string, f field.Form) (templ.Component, error) {
	o := view.Own{Page: view.Page{Sent: f, SentBy: sent, Today: h.today()}, Number: z.Phone}
	var err error
	if o.File, o.There, err = h.Employment.Mine(r.Context(), actor(r)); err != nil {
		return nil, err
	}
	if want := queryID(r, "want"); want != 0 {
		j, err := h.Employment.PublicJob(r.Context(), z.Tenant, want)
		if err != nil && errs.KindOf(err) != errs.NotFound {
			return nil, err
		}
		if err == nil && j.StateOn(o.Today) == employment.Open {
			o.Want = &j
		}
	}
	p := h.ownFrame(w, r, i18n.EmployMine)
	if r.Method != http.MethodGet {
		p.Prefs = ""
	}
	return view.OwnPage(p, o), nil
}

// ownJobAct does something about one's own job search.
func (h *Handler) ownJobAct(name string, said i18n.Text, do func(r *http.Request, f *form) error) func(http.ResponseWriter, *http.Request, resident.Session) error {
	return func(w http.ResponseWriter, r *http.Request, z resident.Session) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		if err := do(r, f); err != nil {
			return h.ownAgain(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.ownJobsPage(w, r, z, name, f.Show(e))) })
		}
		return h.done(w, r, view.OwnPath, said)
	}
}
