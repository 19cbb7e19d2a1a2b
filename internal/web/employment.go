package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/employment"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/print"
	view "linli/internal/web/view/employment"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

func (h *Handler) employmentRoutes() []route {
	manage, see := may(employment.PermManage), may(employment.PermManage, employment.PermSee)
	act := func(name string, said i18n.Text, do func(r *http.Request, f *form, seeker id.ID) error) route {
		return route{pattern: "POST /employment/{id}/" + name, who: manage, serve: h.acted(saying(said, do), view.Href, h.seekerShown(name))}
	}
	return []route{
		{pattern: "GET " + view.Path, who: see, serve: h.seekersPage},
		{pattern: "GET " + view.Path + "/export", who: manage, serve: h.exportSeekers},
		{pattern: "GET " + view.Path + "/new", who: manage, serve: h.shown(h.seekerNew)},
		{pattern: "POST " + view.Path, who: manage, serve: h.seekerRegister},
		{pattern: "GET " + view.Path + "/people", who: manage, serve: h.pairingPeople},
		{pattern: "GET " + view.CountsPath, who: see, serve: h.employmentCounts},
		{pattern: "GET " + view.EventsPath, who: see, serve: h.employmentEvents},
		{pattern: "GET " + view.ResultsPath, who: manage, serve: h.resultsPage},
		{pattern: "GET " + view.ResultsPath + "/export", who: manage, serve: h.exportResults},
		{pattern: "GET " + view.CertificatesPath, who: manage, serve: h.preferentialPage},
		{pattern: "GET " + view.CertificatesPath + "/export", who: manage, serve: h.exportPreferential},
		{pattern: "GET " + view.CertificatesPath + "/{id}", who: manage, serve: h.shown(h.preferentialShown(""))},
		{pattern: "GET " + view.CertificatesPath + "/{id}/pdf", who: manage, serve: h.preferentialPDF},
		{pattern: "POST " + view.CertificatesPath + "/{id}/take-back", who: manage, serve: h.acted(saying(i18n.EmployBackDone, func(r *http.Request, f *form, c id.ID) error {
			return h.Employment.TakeBack(r.Context(), actor(r), c, employment.TakeBack(f.Text("why", 20)), f.Version())
		}), view.CertificateHref, h.preferentialShown("take-back"))},
		{pattern: "GET " + view.UsePath, who: manage, serve: h.usePage(false)},
		{pattern: "POST " + view.UsePath, who: manage, serve: h.useEnter(false)},
		{pattern: "GET " + view.Path + "/{id}", who: manage, serve: h.shown(h.seekerShown(""))},
		act("correct", i18n.EmploySaved, func(r *http.Request, f *form, k id.ID) error {
			n, version := wishIn(f), f.Version()
			if err := f.Err(); err != nil {
				return err
			}
			return h.Employment.Correct(r.Context(), actor(r), k, n, version)
		}),
		act("withdraw", i18n.EmploySaved, func(r *http.Request, f *form, k id.ID) error {
			return h.Employment.Withdraw(r.Context(), actor(r), k, employment.Ending(f.Text("ending", 20)), f.Version())
		}),
		act("propose", i18n.EmployProposedSaid, func(r *http.Request, f *form, k id.ID) error {
			job := f.ID("job")
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Employment.Propose(r.Context(), actor(r), k, job)
			return err
		}),
		act("answer", i18n.EmploySaved, func(r *http.Request, f *form, _ id.ID) error { return h.matchAnswer(r, f) }),
		act("decide", i18n.EmploySaved, func(r *http.Request, f *form, _ id.ID) error { return h.matchDecide(r, f) }),
		act("employ", i18n.EmployFollowDone, func(r *http.Request, f *form, k id.ID) error {
			found := employment.Found{Hire: hireIn(f), Employer: f.Text("employer", employment.MaxPlace), Post: f.Text("post", employment.MaxTitle), Kind: employment.Kind(f.Text("kind", 20))}
			if err := f.Err(); err != nil {
				return err
			}
			return h.Employment.Employ(r.Context(), actor(r), k, found)
		}),
		act("follow", i18n.EmployFollowDone, func(r *http.Request, f *form, _ id.ID) error {
			result := f.ID("result")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Employment.FollowUp(r.Context(), actor(r), result, employment.Stay(f.Text("found", 20)), employment.Leaving(f.Text("reason", 20)), f.Text("words", employment.MaxNote), f.Version())
		}),
		act("void", i18n.EmployVoided, func(r *http.Request, f *form, _ id.ID) error {
			result := f.ID("result")
			if err := f.Err(); err != nil {
				return err
			}
			return h.Employment.Void(r.Context(), actor(r), result, employment.Voiding(f.Text("voiding", 20)), f.Version())
		}),
		act("issue", i18n.EmployIssued, func(r *http.Request, f *form, k id.ID) error {
			n := employment.NewCertificate{FromOn: f.Date("from_on"), ToOn: f.Date("to_on"), UsesMax: f.Int("uses_max"), Version: f.Version()}
			for _, e := range f.Strings("entitles") {
				n.Entitles = append(n.Entitles, employment.Entitlement(e))
			}
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.Employment.Issue(r.Context(), actor(r), k, n)
			return err
		}),
		{pattern: "POST /employment/{id}/again", who: manage, serve: h.seekerAgain},
	}
}

func (h *Handler) employmentCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text, more ...layout.Crumb) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = append([]layout.Crumb{{Text: i18n.EmployTitle.In(lang(r)), Href: view.Path}}, more...)
	return p
}

// stationList is what the lists of a station have in common.
func stationList[T any](h *Handler, r *http.Request, l db.List[T], err error) (view.Listed[T], error) {
	out := view.Listed[T]{Query: r.URL.Query(), Items: l.Items, Before: l.Prev, After: l.Next, Today: h.today(), All: actor(r).Can(employment.PermManage)}
	if err == nil {
		out.Places, err = h.communityOptions(r, actor(r).Scope(employment.PermManage))
	}
	return out, err
}

func seekerFilter(r *http.Request) employment.Filter {
	q := r.URL.Query()
	return employment.Filter{State: employment.State(q.Get("state")), Difficulty: employment.Difficulty(q.Get("difficulty")), Kind: employment.Kind(q.Get("kind")), OrgID: queryID(r, "org"), Text: q.Get("q"), Page: pageOf(r)}
}

// seekersPage is the list of a station; who only sees figures is led there.
func (h *Handler) seekersPage(w http.ResponseWriter, r *http.Request) error {
	if !actor(r).Can(employment.PermManage) {
		http.Redirect(w, r, view.CountsPath, http.StatusSeeOther)
		return nil
	}
	list, err := h.Employment.List(r.Context(), actor(r), seekerFilter(r))
	l, err := stationList(h, r, list, err)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.EmployTitle), l))
}

func (h *Handler) exportSeekers(w http.ResponseWriter, r *http.Request) error {
	type t = employment.Seeker
	f := seekerFilter(r)
	if err := h.Employment.Exported(r.Context(), actor(r), "seekers"); err != nil {
		return err
	}
	return exportList(h, w, r, i18n.EmploySeekers, []exportColumn[t]{
		{title: i18n.ResidentName, value: func(v t) any { return v.Name }},
		{title: i18n.EmployCommunity, value: func(v t) any { return v.Org }},
		{title: i18n.EmployDifficulty, value: func(v t) any { return v.Difficulty.Text() }},
		{title: i18n.EmployWishes, value: func(v t) any { return view.KindsText(r.Context(), v.Kinds) }},
		{title: i18n.EmployWageWish, number: true, value: func(v t) any { return v.WageFrom }},
		{title: i18n.EmployHoursOf, value: func(v t) any { return v.Hours.Text() }},
		{title: i18n.EmployEntered, value: func(v t) any { return v.EnteredOn.String() }},
		{title: i18n.EmployState, value: func(v t) any { return v.State.Text() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Employment.List(ctx, actor(r), f)
	}))
}

func (h *Handler) seekerNew(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	if f.Values == nil {
		f.Values = url.Values{}
	}
	return view.Edit(h.employmentCrumbs(w, r, i18n.EmployRegister), view.New{Form: f, Today: h.today()}), nil
}

// wishIn reads what somebody wishes.
func wishIn(f *form) employment.Entry {
	n := employment.Entry{PersonID: f.ID("person"), Difficulty: employment.Difficulty(f.Text("difficulty", 20)), Skills: f.Text("skills", employment.MaxSkills), WageFrom: f.Int("wage_from"), Hours: employment.Hours(f.Text("hours", 20)), Area: employment.Area(f.Text("area", 20)),
		Education: employment.Education(f.Text("education", 20)), Words: f.Text("words", employment.MaxWords), Phone: f.Text("phone", 30), Consent: employment.Consent(f.Text("consent", 20)), ConsentOn: f.Date("consent_on")}
	for _, k := range f.Strings("kinds") {
		n.Kinds = append(n.Kinds, employment.Kind(k))
	}
	return n
}

func hireIn(f *form) employment.Hire {
	return employment.Hire{FromOn: f.Date("from_on"), Contract: employment.Contract(f.Text("contract", 20)), Wage: employment.Band(f.Text("wage", 20))}
}

func (h *Handler) seekerRegister(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := wishIn(f)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Employment.Register(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.seekerNew(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(made), i18n.EmployDone)
}

// seekerShown draws a seeker, with the form that was sent.
func (h *Handler) seekerShown(sent string) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		k, err := pathID(r)
		if err != nil {
			return nil, err
		}
		o := view.One{Page: view.Page{Sent: f, SentBy: sent, Today: h.today()}}
		if o.File, err = h.Employment.Get(r.Context(), actor(r), k); err != nil {
			return nil, err
		}
		return view.File(h.employmentCrumbs(w, r, i18n.EmploySeekers), o), nil
	}
}

func (h *Handler) seekerAgain(w http.ResponseWriter, r *http.Request) error {
	k, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	consent, on := employment.Consent(f.Text("consent", 20)), f.Date("consent_on")
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Employment.Again(r.Context(), actor(r), k, consent, on)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.seekerShown("again")(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.Href(made), i18n.EmployAgainDone)
}

// matchAnswer notes the seeker's yes or no that a form carries.
func (h *Handler) matchAnswer(r *http.Request, f *form) error {
	match := f.ID("match")
	if err := f.Err(); err != nil {
		return err
	}
	return h.Employment.Answer(r.Context(), actor(r), match, f.Bool("yes"), employment.Why(f.Text("reason", 20)), f.Text("words", employment.MaxNote), f.Version())
}

// matchDecide notes the unit's answer that a form carries.
func (h *Handler) matchDecide(r *http.Request, f *form) error {
	match, d := f.ID("match"), employment.Decision{State: employment.MatchState(f.Text("decision", 20)), Why: employment.Why(f.Text("reason", 20)), Words: f.Text("words", employment.MaxNote), Hire: hireIn(f)}
	version := f.Version()
	if err := f.Err(); err != nil {
		return err
	}
	return h.Employment.Decide(r.Context(), actor(r), match, d, version)
}

func (h *Handler) employmentCounts(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Employment.Counts(r.Context(), actor(r))
	if err != nil {
		return err
	}
	c := view.Counts{Listed: view.Listed[employment.Count]{Query: r.URL.Query(), Items: list, Today: h.today(), All: actor(r).Can(employment.PermManage)}, Opens: actor(r).Scope(employment.PermManage).Covers}
	return h.show(w, r, view.CountsPage(h.employmentCrumbs(w, r, i18n.EmployCounts), c))
}

func (h *Handler) employmentEvents(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Employment.Events(r.Context(), actor(r), employment.EventKind(r.URL.Query().Get("kind")), pageOf(r))
	l, err := stationList(h, r, list, err)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Events(h.employmentCrumbs(w, r, i18n.EmployEvents), l))
}

func resultFilter(r *http.Request) employment.ResultFilter {
	q := r.URL.Query()
	f := employment.ResultFilter{Due: q.Get("due") != "", Difficulty: employment.Difficulty(q.Get("difficulty")), OrgID: queryID(r, "org"), Text: q.Get("q"), Page: pageOf(r)}
	f.Year, _ = strconv.Atoi(q.Get("year"))     // no number is no year
	f.Stayed, _ = strconv.Atoi(q.Get("stayed")) // the same
	return f
}

func (h *Handler) resultsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Employment.Results(r.Context(), actor(r), resultFilter(r))
	l, err := stationList(h, r, list, err)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Results(h.employmentCrumbs(w, r, i18n.EmployResults), l))
}

func (h *Handler) exportResults(w http.ResponseWriter, r *http.Request) error {
	type t = employment.Result
	f := resultFilter(r)
	if err := h.Employment.Exported(r.Context(), actor(r), "results"); err != nil {
		return err
	}
	return exportList(h, w, r, i18n.EmployResults, []exportColumn[t]{
		{title: i18n.ResidentName, value: func(v t) any { return v.Name }},
		{title: i18n.EmployCommunity, value: func(v t) any { return v.Org }},
		{title: i18n.EmployDifficulty, value: func(v t) any { return v.Difficulty.Text() }},
		{title: i18n.EmployEmployer, value: func(v t) any { return v.Employer }},
		{title: i18n.EmployPost, value: func(v t) any { return v.Post }},
		{title: i18n.EmployFromOn, value: func(v t) any { return v.FromOn.String() }},
		{title: i18n.EmployContract, value: func(v t) any { return v.Contract.Text() }},
		{title: i18n.EmployBand, value: func(v t) any { return v.Wage.Text() }},
		{title: i18n.EmployFollow, value: func(v t) any { return view.Followed(lang(r), v) }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Employment.Results(ctx, actor(r), f)
	}))
}

func preferentialFilter(r *http.Request) employment.CertificateFilter {
	q := r.URL.Query()
	f := employment.CertificateFilter{State: employment.CertificateState(q.Get("state")), Difficulty: employment.Difficulty(q.Get("difficulty")), OrgID: queryID(r, "org"), Text: q.Get("q"), Page: pageOf(r)}
	f.Year, _ = strconv.Atoi(q.Get("year")) // no number is no year
	f.Used, _ = strconv.Atoi(q.Get("used")) // as above
	return f
}

func (h *Handler) preferentialPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.Employment.Certificates(r.Context(), actor(r), preferentialFilter(r))
	l, err := stationList(h, r, list, err)
	if err != nil {
		return err
	}
	return h.show(w, r, view.Certificates(h.employmentCrumbs(w, r, i18n.EmployCertificates), l))
}

func (h *Handler) exportPreferential(w http.ResponseWriter, r *http.Request) error {
	type t = employment.Certificate
	f := preferentialFilter(r)
	if err := h.Employment.Exported(r.Context(), actor(r), "certificates"); err != nil {
		return err
	}
	return exportList(h, w, r, i18n.EmployCertificates, []exportColumn[t]{
		{title: i18n.EmployNumber, value: func(v t) any { return v.Number }},
		{title: i18n.EmployHolder, value: func(v t) any { return v.Name }},
		{title: i18n.EmployCommunity, value: func(v t) any { return v.Org }},
		{title: i18n.EmployDifficulty, value: func(v t) any { return v.Difficulty.Text() }},
		{title: i18n.EmployEntitles, value: func(v t) any { return view.Entitlements(r.Context(), v.Entitles) }},
		{title: i18n.EmployCertFrom, value: func(v t) any { return v.FromOn.String() }},
		{title: i18n.EmployCertTo, value: func(v t) any { return v.ToOn.String() }},
		{title: i18n.EmployUses, number: true, value: func(v t) any { return v.Uses }},
		{title: i18n.EmployState, value: func(v t) any { return v.StateOn(h.today()).Text() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Employment.Certificates(ctx, actor(r), f)
	}))
}

func (h *Handler) preferentialShown(sent string) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
		c, err := pathID(r)
		if err != nil {
			return nil, err
		}
		o := view.Card{Page: view.Page{Sent: f, SentBy: sent, Today: h.today()}}
		if o.Certificate, err = h.Employment.Certificate(r.Context(), actor(r), c); err != nil {
			return nil, err
		}
		return view.Certificate(h.employmentCrumbs(w, r, i18n.Verbatim(o.Number), layout.Crumb{Text: i18n.EmployCertificates.In(lang(r)), Href: view.CertificatesPath}), o), nil
	}
}

// preferentialPDF prints a certificate, for the station or for its holder.
func (h *Handler) preferentialPDF(w http.ResponseWriter, r *http.Request) error {
	of, err := pathID(r)
	if err != nil {
		return err
	}
	c, err := h.Employment.Certificate(r.Context(), actor(r), of)
	if err != nil {
		return err
	}
	if s := c.StateOn(h.today()); s == employment.TakenBack || c.Name == "" {
		return errs.New(errs.Conflict, i18n.EmployNotValid, s.Text())
	}
	p, err := h.Printer.EmploymentCertificate(print.EmploymentCertificate{
		Head: print.Head{Lang: lang(r), At: h.DB.Now(), Number: c.Number, Issuer: c.Org, Verify: print.Verification{Code: c.Code, URL: h.base(r) + feedback.CheckPath + c.Code}},
		Name: c.Name, Group: c.Difficulty.Text().In(lang(r)), Entitles: view.Entitlements(r.Context(), c.Entitles), From: day(r, c.FromOn), To: day(r, c.ToOn), Uses: c.UsesMax, Issued: day(r, c.IssuedOn),
	})
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.EmployCertTitle.In(lang(r))+"-"+c.Number, p)
}

// usePage looks a certificate up by its code, for a station or a unit.
func (h *Handler) usePage(unit bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		typed := r.URL.Query().Get("code")
		body, err := h.useForm(w, r, unit, typed, field.Form{Values: url.Values{}})
		if e := errs.As(err); e != nil && e.Kind == errs.Invalid {
			return h.answer(w, r, status(e.Kind), orFault(h.useForm(w, r, unit, "", field.Form{Values: url.Values{"code": {typed}}, Err: e})))
		}
		if err != nil {
			return err
		}
		return h.show(w, r, body)
	}
}

func (h *Handler) useForm(w http.ResponseWriter, r *http.Request, unit bool, typed string, f field.Form) (templ.Component, error) {
	u := view.Use{Form: f, Code: typed, Unit: unit, Today: h.today()}
	if typed == "" {
		u.Code = f.Values.Get("code")
	} else {
		c, err := h.Employment.Presented(r.Context(), actor(r), typed)
		if err != nil {
			return nil, err
		}
		u.Found = &c
	}
	p := h.employmentCrumbs(w, r, i18n.EmployUse)
	if unit {
		p.Active, p.Breadcrumb = view.UnitPath, []layout.Crumb{{Text: i18n.EmployUnitJobs.In(lang(r)), Href: view.UnitPath}}
		units, err := h.organisationOptions(r, actor(r).Scope(employment.PermUnit), organisation.Unit)
		if err != nil {
			return nil, err
		}
		u.Units = units
		fillOnly(&u.Form, "unit", units)
	}
	return view.UseCertificate(p, u), nil
}

func (h *Handler) useEnter(unit bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		typed := f.Text("code", 40)
		n := employment.NewUse{UnitID: f.ID("unit"), Entitlement: employment.Entitlement(f.Text("entitlement", 20)), On: f.Date("on"), Note: f.Text("note", employment.MaxNote)}
		version := f.Version()
		if err = f.Err(); err == nil {
			_, err = h.Employment.Use(r.Context(), actor(r), typed, n, version)
		}
		if err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component {
				body, ferr := h.useForm(w, r, unit, typed, f.Show(e))
				if errs.KindOf(ferr) == errs.Invalid { // no such certificate
					body, ferr = h.useForm(w, r, unit, "", f.Show(e))
				}
				return orFault(body, ferr)
			})
		}
		return h.done(w, r, view.UsesPath(unit)+"?"+url.Values{"code": {typed}}.Encode(), i18n.EmployUseDone)
	}
}

// eventFor is what an activity that is being planned is for; "" where it is nothing of ours.
func eventFor(r *http.Request, f *form) employment.EventKind {
	kind := employment.EventKind(r.URL.Query().Get("for"))
	if f != nil {
		kind = employment.EventKind(f.values.Get("for"))
	}
	if kind.Text().IsZero() || !actor(r).Can(employment.PermManage) {
		return ""
	}
	return kind
}
