package web

import (
	"net/http"
	"net/url"
	"strconv"

	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/catalogue"
	"linli/internal/web/view/layout"
)

// servicesPage is public: what residents can ask for, by class or by a search.
func (h *Handler) servicesPage(w http.ResponseWriter, r *http.Request) error {
	of, several, ok, err := h.districtNamed(r, r.URL.Query().Get(districtKey))
	if err != nil {
		return err
	}
	p := h.public(w, r, i18n.CataloguePublicTitle)
	if !ok {
		all, err := h.Catalogue.Serving(r.Context())
		if err != nil {
			return err
		}
		return h.show(w, r, view.Choose(p, all))
	}
	q := r.URL.Query()
	s := view.Public{Tenant: of.Code, District: of.Name, Several: several, List: q.Get("list"), Class: q.Get("class"), Text: q.Get("q"), Price: catalogue.PriceKind(q.Get("price"))}
	if s.List != "" && catalogue.ListText(s.List).IsZero() || s.Price.Text().IsZero() {
		return errs.ErrNotFound
	}
	if s.Shelves, err = h.Catalogue.Shelves(r.Context(), of.Code); err != nil {
		return err
	}
	if s.Searching() {
		list, err := h.Catalogue.Public(r.Context(), of.Code, catalogue.Filter{List: s.List, Class: s.Class, Text: s.Text, Price: s.Price, Page: pageOf(r)})
		if err != nil {
			return err
		}
		s.Items, s.Before, s.After = list.Items, list.Prev, list.Next
	}
	return h.show(w, r, view.Services(p, s))
}

// servicePage is public: what to bring for one thing, how long it takes, what it costs, where. The address names the district, as that of a plaque does.
func (h *Handler) servicePage(w http.ResponseWriter, r *http.Request) error {
	tenant, item, ok := catalogue.ParseAddress(r.PathValue("address"))
	if !ok {
		return errs.ErrNotFound
	}
	found, err := h.Catalogue.PublicItem(r.Context(), tenant, item)
	if err != nil {
		return err
	}
	all, err := h.Catalogue.Districts(r.Context())
	if err != nil {
		return err
	}
	s := view.Service{Row: found, Tenant: tenant}
	if s.Blanks, err = h.Catalogue.BlanksOf(r.Context(), tenant, item); err != nil {
		return err
	}
	for _, t := range all {
		if t.Code == tenant {
			s.District = t.Name
		}
	}
	kinds, err := h.openKinds(r, tenant)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		if k.List == found.List {
			s.Ask = reportPath + "?" + url.Values{"kind": {k.Code}, "item": {found.ID.String()}, districtKey: {strconv.FormatInt(tenant, 10)}}.Encode()
		}
	}
	p := h.public(w, r, found.Text())
	p.Breadcrumb = []layout.Crumb{{Text: i18n.CataloguePublicTitle.In(lang(r)), Href: view.PublicHref(tenant)},
		{Text: view.PublicText(found.List).In(lang(r)), Href: view.PublicHref(tenant) + "&list=" + found.List}}
	return h.show(w, r, view.Item(p, s))
}

// serviceBlank is public: a blank form of something that residents can ask for.
func (h *Handler) serviceBlank(w http.ResponseWriter, r *http.Request) error {
	tenant, item, ok := catalogue.ParseAddress(r.PathValue("address"))
	file, err := id.Parse(r.PathValue("attachment"))
	if !ok || err != nil {
		return errs.ErrNotFound
	}
	f, content, err := h.Catalogue.PublicBlank(r.Context(), tenant, item, file)
	if err != nil {
		return err
	}
	return sendAttachment(w, r, f, content, false)
}
