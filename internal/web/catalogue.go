package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/catalogue"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

func (h *Handler) catalogueRoutes() []route {
	see, keep := may(catalogue.PermSee), may(catalogue.PermKeep)
	return []route{
		{pattern: "GET /catalogue", who: see, serve: h.cataloguePage},
		{pattern: "GET /catalogue/export", who: see, serve: h.exportCatalogue},
		{pattern: "GET /catalogue/new", who: keep, serve: h.catalogueNewPage},
		{pattern: "POST /catalogue", who: keep, serve: h.catalogueCreate},
		{pattern: "GET /catalogue/{id}", who: see, serve: h.catalogueItemPage},
		{pattern: "POST /catalogue/{id}/files", who: keep, serve: h.addFiles(h.blankForms()), upload: true},
		{pattern: "GET /catalogue/{id}/files/{attachment}", who: see, serve: h.oneFile(h.blankForms())},
		{pattern: "POST /catalogue/{id}/files/{attachment}/remove", who: keep, serve: h.removeFile(h.blankForms())},
		{pattern: "GET /catalogue/{id}/edit", who: keep, serve: h.catalogueEditPage},
		{pattern: "POST /catalogue/{id}/edit", who: keep, serve: h.acted(h.catalogueEdit, view.Href, h.catalogueEditShown)},
		{pattern: "POST /catalogue/{id}/retire", who: keep, serve: h.acted(saying(i18n.CatalogueRetireDone, func(r *http.Request, f *form, item id.ID) error {
			return h.Catalogue.Retire(r.Context(), actor(r), item, f.Text("reason", catalogue.MaxReason), f.Version())
		}), view.Href, h.catalogueItemShown)},
		{pattern: "POST /catalogue/{id}/restore", who: keep, serve: h.acted(saying(i18n.CatalogueRestoreDone, func(r *http.Request, f *form, item id.ID) error {
			return h.Catalogue.Restore(r.Context(), actor(r), item, f.Version())
		}), view.Href, h.catalogueItemShown)},
		{pattern: "GET /catalogue-classes", who: see, serve: h.catalogueClasses},
		{pattern: "GET /catalogue-classes/{list}/{code}", who: keep, serve: h.catalogueClass},
		{pattern: "POST /catalogue-classes", who: keep, serve: h.catalogueClassSave},
		{pattern: "GET /p/services", who: everyone, serve: h.servicesPage},
		{pattern: "GET /p/services/{address}", who: everyone, serve: h.servicePage},
		{pattern: "GET /p/services/{address}/forms/{attachment}", who: everyone, serve: h.serviceBlank},
	}
}

// catalogueList is the list that the address asks for; the first if it asks for none.
func catalogueList(r *http.Request) string {
	if l := r.URL.Query().Get("list"); l != "" {
		return l
	}
	return catalogue.Matter
}

func catalogueFilter(r *http.Request) catalogue.Filter {
	q := r.URL.Query()
	return catalogue.Filter{List: catalogueList(r), Class: q.Get("class"), Text: q.Get("q"), Standard: q.Get("standard"), Level: catalogue.Level(q.Get("level")), Price: catalogue.PriceKind(q.Get("price")),
		Public: q.Get("only") == "public", Local: q.Get("only") == "local", Show: q.Get("show"), Page: pageOf(r)}
}

func (h *Handler) cataloguePage(w http.ResponseWriter, r *http.Request) error {
	f := catalogueFilter(r)
	if catalogue.ListText(f.List).IsZero() {
		return errs.ErrNotFound
	}
	list, err := h.Catalogue.List(r.Context(), actor(r), f)
	if err != nil {
		return err
	}
	l := view.List{Query: r.URL.Query(), List: f.List, Items: list.Items, Before: list.Prev, After: list.Next, Keeps: actor(r).Scope(catalogue.PermKeep).All(), Public: view.PublicHref(actor(r).Tenant)}
	if l.Counts, err = h.Catalogue.Counts(r.Context(), actor(r)); err != nil {
		return err
	}
	if l.Classes, err = h.Catalogue.Classes(r.Context(), actor(r), f.List, false); err != nil {
		return err
	}
	return h.show(w, r, view.Index(h.page(w, r, i18n.CatalogueTitle), l))
}

func (h *Handler) exportCatalogue(w http.ResponseWriter, r *http.Request) error {
	type t = catalogue.Row
	f := catalogueFilter(r)
	if catalogue.ListText(f.List).IsZero() {
		return errs.ErrNotFound
	}
	return exportList(h, w, r, catalogue.ListText(f.List), []exportColumn[t]{
		{title: i18n.CatalogueList, value: func(v t) any { return catalogue.ListText(v.List) }},
		{title: i18n.CatalogueStandard, value: func(v t) any { return v.Standard }},
		{title: i18n.CataloguePart, value: func(v t) any {
			if v.Part == catalogue.NoPart {
				return ""
			}
			return v.Part.Text()
		}},
		{title: i18n.CatalogueCode, value: func(v t) any { return v.Code }},
		{title: i18n.CatalogueClass, value: func(v t) any { return v.ClassText() }},
		{title: i18n.CatalogueName, value: func(v t) any { return v.Name }},
		{title: i18n.CatalogueNameEN, value: func(v t) any { return v.NameEN }},
		{title: i18n.CatalogueWho, value: func(v t) any { return v.Who }},
		{title: i18n.CatalogueWhoEN, value: func(v t) any { return v.WhoEN }},
		{title: i18n.CatalogueBring, value: func(v t) any { return v.Bring }},
		{title: i18n.CatalogueBringEN, value: func(v t) any { return v.BringEN }},
		{title: i18n.CatalogueForms, value: func(v t) any { return v.Forms }},
		{title: i18n.CatalogueFormsEN, value: func(v t) any { return v.FormsEN }},
		{title: i18n.CatalogueNote, value: func(v t) any { return v.Note }},
		{title: i18n.CatalogueNoteEN, value: func(v t) any { return v.NoteEN }},
		{title: i18n.CataloguePriceKind, value: func(v t) any {
			if v.PriceKind == catalogue.Unpriced {
				return ""
			}
			return v.PriceKind.Text()
		}},
		{title: i18n.CataloguePriceYuan, value: func(v t) any {
			if v.PriceFen == 0 {
				return ""
			}
			return catalogue.Yuan(v.PriceFen)
		}},
		{title: i18n.CataloguePriceNote, value: func(v t) any { return v.PriceNote }},
		{title: i18n.CataloguePriceNoteEN, value: func(v t) any { return v.PriceNoteEN }},
		{title: i18n.CatalogueDays, number: true, value: func(v t) any { return v.Days }},
		{title: i18n.CatalogueHours, number: true, value: func(v t) any { return v.Hours }},
		{title: i18n.CatalogueLevel, value: func(v t) any { return v.Level.Text() }},
		{title: i18n.CatalogueLocal, value: func(v t) any { return yesNo(v.IsLocal) }},
		{title: i18n.CataloguePublic, value: func(v t) any { return yesNo(v.Item.Public) }},
		{title: i18n.CatalogueRetired, value: func(v t) any { return yesNo(v.Retired) }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.Catalogue.List(ctx, actor(r), f)
	}))
}

// yesNo is a yes or no as imports read it.
func yesNo(on bool) i18n.Text {
	if on {
		return i18n.CatalogueYes
	}
	return i18n.CatalogueNo
}

func (h *Handler) catalogueCrumbs(w http.ResponseWriter, r *http.Request, list string, title i18n.Text, more ...layout.Crumb) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	p.Breadcrumb = append([]layout.Crumb{{Text: i18n.CatalogueTitle.In(lang(r)), Href: view.Path}, {Text: catalogue.ListText(list).In(lang(r)), Href: view.Path + "?list=" + list}}, more...)
	return p
}

// catalogueForm draws the form of an item that is made (i has no ID) or changed.
func (h *Handler) catalogueForm(w http.ResponseWriter, r *http.Request, list string, i catalogue.Item, f field.Form) (templ.Component, error) {
	if catalogue.ListText(list).IsZero() {
		return nil, errs.ErrNotFound
	}
	groups, err := h.Catalogue.Classes(r.Context(), actor(r), list, false)
	if err != nil {
		return nil, err
	}
	title, more := i18n.CatalogueNew, []layout.Crumb(nil)
	if i.ID != 0 {
		title, more = i18n.CatalogueEdit, []layout.Crumb{{Text: i.Text().In(lang(r)), Href: view.Href(i.ID)}}
	}
	return view.Edit(h.catalogueCrumbs(w, r, list, title, more...), view.Form{Form: f, List: list, Item: i, Classes: groups}), nil
}

func (h *Handler) catalogueNewPage(w http.ResponseWriter, r *http.Request) error {
	list := catalogueList(r)
	v := url.Values{"level": {string(catalogue.Community)}, "class_code": {r.URL.Query().Get("class")}}
	if list == catalogue.Matter || list == catalogue.Hotline {
		v.Set("public", "1")
		v.Set("price_kind", string(catalogue.Free))
	}
	page, err := h.catalogueForm(w, r, list, catalogue.Item{}, known(v))
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func readCatalogueItem(f *form) catalogue.Item {
	fen, ok := catalogue.ParseYuan(f.values.Get("price"))
	if !ok {
		f.err = f.err.With("price", i18n.CataloguePriceBad)
	}
	return catalogue.Item{List: f.values.Get("list"), Standard: f.values.Get("standard"), Part: catalogue.Part(f.values.Get("part")), Code: f.values.Get("code"), ClassCode: f.values.Get("class_code"),
		Name: f.values.Get("name"), NameEN: f.values.Get("name_en"), Who: f.values.Get("who"), WhoEN: f.values.Get("who_en"), Bring: f.values.Get("bring"), BringEN: f.values.Get("bring_en"),
		Forms: f.values.Get("forms"), FormsEN: f.values.Get("forms_en"), Note: f.values.Get("note"), NoteEN: f.values.Get("note_en"), PriceKind: catalogue.PriceKind(f.values.Get("price_kind")), PriceFen: fen, PriceNote: f.values.Get("price_note"),
		PriceNoteEN: f.values.Get("price_note_en"), Days: f.Int("days"), Hours: f.Int("hours"), Level: catalogue.Level(f.values.Get("level")), IsLocal: f.Bool("local"), Public: f.Bool("public"), Version: f.Version()}
}

func (h *Handler) catalogueCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	i := readCatalogueItem(f)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.Catalogue.Create(r.Context(), actor(r), i)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.catalogueForm(w, r, i.List, catalogue.Item{}, f.Show(e)))
		})
	}
	return h.done(w, r, view.Href(made), i18n.CatalogueCreated)
}

func (h *Handler) catalogueDetail(r *http.Request) (catalogue.Detail, error) {
	item, err := pathID(r)
	if err != nil {
		return catalogue.Detail{}, err
	}
	return h.Catalogue.Detail(r.Context(), actor(r), item)
}

func (h *Handler) catalogueItemShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	d, err := h.catalogueDetail(r)
	if err != nil {
		return nil, err
	}
	s := view.Show{Detail: d, As: d.Item, Today: h.today(), Names: map[string]i18n.Text{}, Sent: sent}
	q := r.URL.Query()
	for n, e := range d.Editions {
		if n > 0 && q.Get("edition") == strconv.FormatInt(e.No, 10) {
			s.On, s.As = e.From, e.Item
		}
	}
	if on, err := calendar.Parse(q.Get("on")); err == nil && !on.IsZero() && on != s.Today { // today is the present one
		e, there := d.On(on)
		s.On, s.NotYet = on, !there
		if there {
			s.As = e.Item
		}
	}
	if s.Blanks, err = h.Catalogue.BlanksOf(r.Context(), actor(r).Tenant, d.ID); err != nil {
		return nil, err
	}
	if s.Limits, err = h.Catalogue.FileLimits(r.Context(), actor(r)); err != nil {
		return nil, err
	}
	groups, err := h.Catalogue.Classes(r.Context(), actor(r), d.List, true)
	if err != nil {
		return nil, err
	}
	for _, c := range groups {
		s.Names[c.Code] = c.Text()
	}
	if d.Item.Public && !d.Retired {
		s.Public = view.ItemHref(actor(r).Tenant, d.Item)
	}
	return view.One(h.catalogueCrumbs(w, r, d.List, s.As.Text()), s), nil
}

func (h *Handler) catalogueItemPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.catalogueItemShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// catalogueEditShown draws the form of an item; sent is the form that was not accepted.
func (h *Handler) catalogueEditShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	d, err := h.catalogueDetail(r)
	if err != nil {
		return nil, err
	}
	if sent.Values == nil {
		sent = field.Form{Values: view.Values(d.Item)}
	}
	return h.catalogueForm(w, r, d.List, d.Item, sent)
}

func (h *Handler) catalogueEditPage(w http.ResponseWriter, r *http.Request) error {
	page, err := h.catalogueEditShown(w, r, field.Form{})
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

func (h *Handler) catalogueEdit(r *http.Request, f *form, item id.ID) (i18n.Text, []any, error) {
	i := readCatalogueItem(f)
	reason := f.Text("reason", catalogue.MaxReason)
	if err := f.Err(); err != nil {
		return i18n.Text{}, nil, err
	}
	d, err := h.Catalogue.Detail(r.Context(), actor(r), item)
	if err != nil {
		return i18n.Text{}, nil, err
	}
	n, err := h.Catalogue.Edit(r.Context(), actor(r), item, i, reason)
	if n == d.Edition {
		return i18n.CatalogueUnchanged, []any{n}, err
	}
	return i18n.CatalogueSaved, []any{n}, err
}

func (h *Handler) catalogueClasses(w http.ResponseWriter, r *http.Request) error {
	list := catalogueList(r)
	if catalogue.ListText(list).IsZero() {
		return errs.ErrNotFound
	}
	groups, err := h.Catalogue.Classes(r.Context(), actor(r), list, true)
	if err != nil {
		return err
	}
	return h.show(w, r, view.ClassIndex(h.catalogueCrumbs(w, r, list, i18n.CatalogueClasses), view.Classes{List: list, Items: groups, Keeps: actor(r).Scope(catalogue.PermKeep).All()}))
}

func (h *Handler) catalogueClassPage(w http.ResponseWriter, r *http.Request, c view.Class) templ.Component {
	title := i18n.CatalogueClassEdit
	if c.New {
		title = i18n.CatalogueClassNew
	}
	return view.ClassEdit(h.catalogueCrumbs(w, r, c.List, title, layout.Crumb{Text: i18n.CatalogueClasses.In(lang(r)), Href: view.ClassPath + "?list=" + c.List}), c)
}

func (h *Handler) catalogueClass(w http.ResponseWriter, r *http.Request) error {
	list, code := r.PathValue("list"), r.PathValue("code")
	if catalogue.ListText(list).IsZero() {
		return errs.ErrNotFound
	}
	groups, err := h.Catalogue.Classes(r.Context(), actor(r), list, true)
	if err != nil {
		return err
	}
	var last int64
	for _, c := range groups {
		last = max(last, c.Rank)
		if c.Code != code {
			continue
		}
		v := url.Values{"code": {c.Code}, "name": {c.Name}, "name_en": {c.NameEN}, "rank": {strconv.FormatInt(c.Rank, 10)}}
		if c.Retired {
			v.Set("retired", "1")
		}
		was, err := h.Catalogue.ClassEditions(r.Context(), actor(r), list, code)
		if err != nil {
			return err
		}
		return h.show(w, r, h.catalogueClassPage(w, r, view.Class{List: list, Version: c.Version, Form: field.Form{Values: v}, Editions: was}))
	}
	if code != "new" {
		return errs.ErrNotFound
	}
	return h.show(w, r, h.catalogueClassPage(w, r, view.Class{List: list, New: true, Form: known(url.Values{"rank": {strconv.FormatInt(last+1, 10)}})}))
}

func (h *Handler) catalogueClassSave(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	c := catalogue.Class{List: f.values.Get("list"), Code: f.values.Get("code"), Name: f.values.Get("name"), NameEN: f.values.Get("name_en"), Rank: f.Int("rank"), Retired: f.Bool("retired"), Version: f.Version()}
	if catalogue.ListText(c.List).IsZero() {
		return errs.ErrNotFound
	}
	if err = f.Err(); err == nil {
		err = h.Catalogue.SaveClass(r.Context(), actor(r), c)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return h.catalogueClassPage(w, r, view.Class{List: c.List, New: c.Version == 0, Version: c.Version, Form: f.Show(e)})
		})
	}
	return h.done(w, r, view.ClassPath+"?list="+c.List, i18n.CatalogueClassSaved)
}
