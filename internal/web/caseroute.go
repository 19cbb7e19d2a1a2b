package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/organisation"
	view "linli/internal/web/view/casework"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

func (h *Handler) caseRouteRoutes() []route {
	keeps := may(casework.PermRoute)
	return []route{
		{pattern: "GET /case-routes", who: keeps, serve: h.caseRoutesPage},
		{pattern: "GET /case-routes/new", who: keeps, serve: h.caseRoutePage},
		{pattern: "GET /case-routes/targets", who: keeps, serve: h.caseRouteTargets},
		{pattern: "POST /case-routes", who: keeps, serve: h.caseRouteSave},
		{pattern: "POST /case-routes/{id}/end", who: keeps, serve: h.caseRouteEnd},
	}
}

func (h *Handler) caseRoutesPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	l := view.Routes{Query: q, Kind: q.Get("kind"), Past: q.Get("past") == "1", Idle: q.Get("show") == "idle"}
	list, err := h.Casework.Routes(r.Context(), actor(r), casework.RouteFilter{Kind: l.Kind, Past: l.Past, Idle: l.Idle, Page: pageOf(r)})
	if err != nil {
		return err
	}
	l.Items, l.Before, l.After = list.Items, list.Prev, list.Next
	if l.Kinds, err = h.Casework.Kinds(r.Context(), actor(r).Tenant); err != nil {
		return err
	}
	return h.show(w, r, view.RoutesPage(h.caseCrumbs(w, r, i18n.CaseRoutes), l))
}

func (h *Handler) caseRoutePage(w http.ResponseWriter, r *http.Request) error {
	v := url.Values{"kind": {r.URL.Query().Get("kind")}, "category": {"kind"}, "auto": {"1"}}
	if at, _ := actor(r).Roots(casework.PermRoute); len(at) == 1 {
		v.Set("area", at[0].String())
	}
	page, err := h.caseRouteForm(w, r, known(v))
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) caseRouteForm(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	d := view.RouteForm{Form: f, Org: h.label(r, f.Values.Get("org"))}
	kinds, err := h.Casework.Kinds(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	for _, k := range kinds {
		if k.Retired {
			continue
		}
		d.Kinds = append(d.Kinds, k)
		if k.Code == f.Values.Get("kind") || d.Kind.Code == "" {
			d.Kind = k
		}
	}
	items, err := h.Casework.Categories(r.Context(), actor(r).Tenant, d.Kind.List, false)
	if err != nil {
		return nil, err
	}
	var classes []catalogue.Class
	if d.Kind.List != "" && catalogue.Classed(d.Kind.List) {
		if classes, err = h.Catalogue.Classes(r.Context(), actor(r), d.Kind.List, false); err != nil {
			return nil, err
		}
	}
	d.Categories = view.CategoryOptions(lang(r), d.Kind, classes, items)
	if d.Areas, err = h.placeOptions(r, actor(r).Scope(casework.PermRoute)); err != nil {
		return nil, err
	}
	p := h.caseCrumbs(w, r, i18n.CaseRouteNew)
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: i18n.CaseRoutes.In(lang(r)), Href: view.RoutesPath})
	return view.RouteNew(p, d), nil
}

// caseRouteTargets answers the choosing of the organisation that answers for a category.
func (h *Handler) caseRouteTargets(w http.ResponseWriter, r *http.Request) error {
	return h.caseMatches(w, r, actor(r).Scope(casework.PermRoute).Covers, append(casework.RouteKinds(), organisation.Working, organisation.Community, organisation.Committee)...)
}

func (h *Handler) caseRouteSave(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := casework.Route{KindCode: f.Text("kind", 30), AreaID: f.ID("area"), Word: f.Text("word", 20), Auto: f.Bool("auto"), Reason: f.Text("reason", 200)}
	view.ReadTarget(&in, f.Text("target", 60), f.ID("org"))
	if err = f.Err(); err == nil && !view.ReadCategory(&in, f.Text("category", 60)) {
		err = errs.Field("category", i18n.ErrBadChoice)
	}
	if err == nil {
		_, err = h.Casework.SetRoute(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.caseRouteForm(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.RoutesPath+"?kind="+url.QueryEscape(in.KindCode), i18n.CaseRouteSaved)
}

func (h *Handler) caseRouteEnd(w http.ResponseWriter, r *http.Request) error {
	rule, err := pathID(r)
	if err != nil {
		return err
	}
	if err := h.Casework.EndRoute(r.Context(), actor(r), rule); err != nil {
		return err
	}
	return h.done(w, r, view.RoutesPath, i18n.CaseRouteEnded)
}
