package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/outlet"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/outlet"
)

// outletRoutes are the directory of the service network, at the desk and for everybody.
func (h *Handler) outletRoutes() []route {
	see, keep := may(outlet.PermSee), may(outlet.PermKeep)
	act := func(done i18n.Text, do func(r *http.Request, f *form, o id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(done, do), view.Href, h.outletShown)
	}
	return []route{
		{pattern: "GET " + view.Path, who: see, serve: h.outletsPage},
		{pattern: "GET " + view.Path + "/export", who: see, serve: h.exportOutlets},
		{pattern: "GET " + view.Path + "/new", who: keep, serve: h.outletNewPage},
		{pattern: "POST " + view.Path, who: keep, serve: h.outletAdd},
		{pattern: "GET " + view.Path + "/orgs", who: keep, serve: h.outletOrgs},
		{pattern: "GET " + view.Path + "/{id}", who: see, serve: h.outletPage},
		{pattern: "POST " + view.Path + "/{id}", who: keep, serve: act(i18n.OutletSaved, func(r *http.Request, f *form, o id.ID) error {
			in, err := outletIn(f)
			if err != nil {
				return err
			}
			in.Version = f.Version()
			return h.Outlet.Edit(r.Context(), actor(r), o, in)
		})},
		{pattern: "POST " + view.Path + "/{id}/check", who: keep, serve: act(i18n.OutletStillDone, func(r *http.Request, f *form, o id.ID) error {
			return h.Outlet.Check(r.Context(), actor(r), o, f.Version())
		})},
		{pattern: "POST " + view.Path + "/{id}/end", who: keep, serve: act(i18n.OutletEndDone, func(r *http.Request, f *form, o id.ID) error {
			return h.Outlet.End(r.Context(), actor(r), o, f.Version())
		})},
		{pattern: "POST " + view.Path + "/{id}/reopen", who: keep, serve: act(i18n.OutletReopened, func(r *http.Request, f *form, o id.ID) error {
			return h.Outlet.Reopen(r.Context(), actor(r), o, f.Version())
		})},
		{pattern: "GET " + view.PublicPath, who: everyone, serve: h.outletsPublic},
	}
}

func outletFilter(r *http.Request) outlet.Filter {
	q := r.URL.Query()
	return outlet.Filter{Element: outlet.Element(q.Get("element")), Level: outlet.Level(q.Get("level")), Community: queryID(r, "community"), Text: q.Get("q"), Show: q.Get("show"), Page: pageOf(r)}
}

func (h *Handler) outletsPage(w http.ResponseWriter, r *http.Request) error {
	f, a := outletFilter(r), actor(r)
	list, err := h.Outlet.List(r.Context(), a, f)
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), Items: list.Items, Before: list.Prev, After: list.Next, Keeps: a.Can(outlet.PermKeep), Now: h.Outlet.Now()}
	if l.First = f.Page.After == (db.Cursor{}) && f.Page.Before == (db.Cursor{}); l.First {
		if l.Counts, err = h.Outlet.Summary(r.Context(), a); err != nil {
			return err
		}
	}
	if l.Places, err = h.placeOptions(r, a.Scope(outlet.PermSee)); err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.OutletTitle), l))
}

func (h *Handler) exportOutlets(w http.ResponseWriter, r *http.Request) error {
	type t = outlet.Outlet
	f := outletFilter(r)
	return exportList(h, w, r, i18n.OutletTitle, []exportColumn[t]{
		{title: i18n.OutletName, value: func(v t) any { return v.Name }},
		{title: i18n.OutletElement, value: func(v t) any { return v.Element.Text() }},
		{title: i18n.OutletLevel, value: func(v t) any { return v.Level.Text() }},
		{title: i18n.CaseCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.OutletAddress, value: func(v t) any { return v.Address }},
		{title: i18n.OutletPhone, value: func(v t) any { return v.Phone }},
		{title: i18n.OutletWeekdays, value: func(v t) any { return v.Weekdays }},
		{title: i18n.OutletWeekend, value: func(v t) any { return v.Weekend }},
		{title: i18n.ResourceTerms, value: func(v t) any { return v.Terms.Text() }},
		{title: i18n.OutletPrice, value: func(v t) any { return v.Price }},
		{title: i18n.OutletAbout, value: func(v t) any { return v.About }},
		{title: i18n.OutletBarrierFree, value: func(v t) any {
			if v.BarrierFree {
				return i18n.PartialYes
			}
			return ""
		}},
		{title: i18n.OutletRecommender, value: func(v t) any { return v.Recommender }},
		{title: i18n.OutletWhy, value: func(v t) any { return v.Why }},
		{title: i18n.OutletChecked, value: func(v t) any { return v.CheckedOn.String() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Outlet.List(ctx, actor(r), f)
	}))
}

func (h *Handler) outletCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.OutletTitle.In(lang(r)), Href: view.Path}}
	return p
}

func (h *Handler) outletNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.outletForm(w, r, i18n.OutletNew, view.Edit{Form: field.Form{Values: url.Values{}}, New: true})))
}

func (h *Handler) outletForm(w http.ResponseWriter, r *http.Request, title i18n.Text, e view.Edit) (templ.Component, error) {
	var err error
	if e.Places, err = h.placeOptions(r, actor(r).Scope(outlet.PermKeep)); err != nil {
		return nil, err
	}
	if at, _ := actor(r).Roots(outlet.PermKeep); len(at) == 1 && e.Values.Get("community") == "" {
		e.Values.Set("community", at[0].String())
	}
	e.Recommender = h.label(r, e.Values.Get("recommended_by"))
	return view.Form(h.outletCrumbs(w, r, title), e), nil
}

// outletIn reads an outlet from its form.
func outletIn(f *form) (outlet.Entry, error) {
	in := outlet.Entry{Level: outlet.Level(f.Text("level", 10)), Element: outlet.Element(f.Text("element", 10)), Name: f.Text("name", outlet.MaxName), About: f.Text("about", outlet.MaxAbout), CommunityID: f.ID("community"),
		Address: f.Text("address", outlet.MaxAddress), Phone: f.Text("phone", outlet.MaxPhone), Weekdays: f.Text("weekdays", outlet.MaxHours), Weekend: f.Text("weekend", outlet.MaxHours),
		Terms: exchange.Terms(f.Text("terms", 10)), Price: f.Text("price", outlet.MaxPrice), BarrierFree: f.Bool("barrier_free"), RecommendedBy: f.ID("recommended_by"), Why: f.Text("why", outlet.MaxWhy)}
	return in, f.Err()
}

func (h *Handler) outletAdd(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in, err := outletIn(f)
	var made id.ID
	if err == nil {
		made, err = h.Outlet.Add(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.outletForm(w, r, i18n.OutletNew, view.Edit{Form: f.Show(e), New: true}))
		})
	}
	return h.done(w, r, view.Href(made), i18n.OutletAdded, in.Name)
}

// outletOrgs answers the choosing of who recommends.
func (h *Handler) outletOrgs(w http.ResponseWriter, r *http.Request) error {
	refs, err := h.Organisation.Directory(r.Context(), actor(r), typed(r), []organisation.Kind{organisation.Unit, organisation.Community, organisation.Working}, matchLimit)
	if err != nil {
		return err
	}
	return h.show(w, r, field.Matches(refOptions(r, refs)))
}

func (h *Handler) outletPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.outletShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// outletShown is the page of an outlet: the form for who keeps it there, otherwise what it says; sent is the form that was not accepted.
func (h *Handler) outletShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	n, err := pathID(r)
	if err != nil {
		return nil, err
	}
	o, err := h.Outlet.Get(r.Context(), actor(r), n)
	if err != nil {
		return nil, err
	}
	title := i18n.Verbatim(o.Name)
	if !actor(r).Scope(outlet.PermKeep).Covers(o.CommunityID) {
		return view.One(h.outletCrumbs(w, r, title), o), nil
	}
	if !sent.Values.Has("name") { // no form, or that of a button
		sent.Values = view.Values(o)
	}
	return h.outletForm(w, r, title, view.Edit{Form: sent, Of: o})
}

// outletsPublic is for everybody. Nothing of who reads it is kept.
func (h *Handler) outletsPublic(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	tenant, err := h.district(r, q.Get(districtKey))
	if err != nil {
		return h.orDistricts(w, r, err)
	}
	f := outletFilter(r)
	f.Community, f.OpenNow, f.Free, f.Show = queryID(r, "c"), q.Get("open") != "", q.Get("free") != "", ""
	v := view.Public{Query: q, Now: h.Outlet.Now()}
	if v.Asks() {
		list, err := h.Outlet.Public(r.Context(), tenant, f)
		if err != nil {
			return err
		}
		v.Items, v.Before, v.After = list.Items, list.Prev, list.Next
	} else if v.Counts, err = h.Outlet.Counts(r.Context(), tenant); err != nil {
		return err
	}
	places, err := h.Casework.Communities(r.Context(), tenant)
	if err != nil {
		return err
	}
	for _, c := range places {
		v.Communities = append(v.Communities, field.Option{Value: c.ID.String(), Text: i18n.Verbatim(c.Name)})
	}
	return h.show(w, r, view.PublicIndex(h.public(w, r, i18n.OutletPublic), v))
}
