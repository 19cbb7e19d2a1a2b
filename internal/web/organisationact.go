package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/organisation"
)

// organisationForm is one of the forms of an act of change: how it is drawn, what it knows beforehand, and what it does.
type organisationForm struct {
	title  i18n.Text
	draw   func(layout.Page, view.FormData) templ.Component
	before func(h *Handler, r *http.Request, f *view.FormData) error
	do     func(h *Handler, r *http.Request, f *form, d view.FormData, e organisation.Effect) (to string, said layout.Flash, err error)
}

// get shows the form of an act.
func (o organisationForm) get(h *Handler) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		d, err := h.ofOrganisation(r)
		if err != nil {
			return err
		}
		if o.before != nil {
			if err := o.before(h, r, &d); err != nil {
				return err
			}
		}
		return h.show(w, r, o.draw(h.actPage(w, r, o.title, d), d))
	}
}

// post does the act, or shows the form again.
func (o organisationForm) post(h *Handler) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		d, err := h.ofOrganisation(r)
		if err != nil {
			return err
		}
		f, err := readForm(r)
		if err != nil {
			return err
		}
		e := organisation.Effect{On: f.Date("on"), Document: f.Text("document", 120)}
		to, said := "", layout.Flash{}
		if err = f.Err(); err == nil {
			to, said, err = o.do(h, r, f, d, e)
		}
		if err == nil {
			return h.say(w, r, to, said)
		}
		if o.before != nil {
			if berr := o.before(h, r, &d); berr != nil {
				return berr
			}
		}
		d.Parent, d.Comm = f.Text("parent_id_text", 100)+f.Text("into_text", 100), f.Text("community_id_text", 100)
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			d.Form = f.Show(e)
			return o.draw(h.actPage(w, r, o.title, d), d)
		})
	}
}

func said(r *http.Request, t i18n.Text, args ...any) layout.Flash {
	return layout.Flash{Kind: layout.Done, Text: t.In(lang(r), args...)}
}

var organisationForms = map[string]organisationForm{
	"rename": {title: i18n.OrgRename, draw: view.Rename, do: func(h *Handler, r *http.Request, f *form, d view.FormData, e organisation.Effect) (string, layout.Flash, error) {
		name := f.Need("name", 60)
		err := h.Organisation.Rename(r.Context(), actor(r), d.Of.ID, name, f.Text("short_name", 30), e)
		return view.Href(d.Of.ID), said(r, i18n.OrgRenamed, name, e.On.String()), err
	}},
	"reform": {title: i18n.OrgReform, draw: view.Reform, do: func(h *Handler, r *http.Request, f *form, d view.FormData, e organisation.Effect) (string, layout.Flash, error) {
		next, name := organisation.Form(f.values.Get("form")), f.Need("name", 60)
		if next == view.PlainForm {
			next = organisation.PlainBranch
		}
		if err := f.Err(); err != nil {
			return "", layout.Flash{}, err
		}
		err := h.Organisation.Reform(r.Context(), actor(r), d.Of.ID, next, name, e)
		return view.Href(d.Of.ID), said(r, i18n.OrgReformed, next.Text(), e.On.String()), err
	}},
	"reparent": {title: i18n.OrgReparent, draw: view.Reparent, do: func(h *Handler, r *http.Request, f *form, d view.FormData, e organisation.Effect) (string, layout.Flash, error) {
		parent := f.ID("parent_id")
		if parent == 0 {
			return "", layout.Flash{}, errs.Field("parent_id", i18n.OrgParentNeeded)
		}
		err := h.Organisation.Reparent(r.Context(), actor(r), d.Of.ID, parent, e)
		return view.Href(d.Of.ID), said(r, i18n.OrgMoved, d.Of.Label(), e.On.String()), err
	}},
	"attach": {title: i18n.OrgAttachAct, draw: view.Attach, do: func(h *Handler, r *http.Request, f *form, d view.FormData, e organisation.Effect) (string, layout.Flash, error) {
		community := f.ID("community_id")
		if community == 0 {
			return "", layout.Flash{}, errs.Field("community_id", i18n.ErrRequired)
		}
		err := h.Organisation.Attach(r.Context(), actor(r), d.Of.ID, community, e)
		return view.Href(d.Of.ID), said(r, i18n.OrgAttached, d.Of.Label(), e.On.String()), err
	}},
	"detach": {title: i18n.OrgDetachAct, draw: view.Detach, do: func(h *Handler, r *http.Request, _ *form, d view.FormData, e organisation.Effect) (string, layout.Flash, error) {
		err := h.Organisation.Detach(r.Context(), actor(r), d.Of.ID, e)
		return "/units", said(r, i18n.OrgDetached, d.Of.Label(), e.On.String()), err
	}},
	"merge": {title: i18n.OrgMerge, draw: view.Merge, before: (*Handler).mergeChoices, do: (*Handler).merge},
	"split": {title: i18n.OrgSplit, draw: view.Split, before: (*Handler).splitChoices, do: (*Handler).split},
	"dissolve": {title: i18n.OrgDissolve, draw: view.Dissolve, before: (*Handler).dissolveHolds, do: func(h *Handler, r *http.Request, _ *form, d view.FormData, e organisation.Effect) (string, layout.Flash, error) {
		err := h.Organisation.Dissolve(r.Context(), actor(r), d.Of.ID, e)
		return view.Href(d.Of.ID), said(r, i18n.OrgWasDissolved, d.Of.Label(), e.On.String()), err
	}},
}

func (h *Handler) dissolveHolds(r *http.Request, f *view.FormData) error {
	var err error
	f.Held, err = h.Organisation.Holdings(r.Context(), actor(r), f.Of.ID)
	return err
}

// mostChoices bounds the organisations offered beside each other.
const mostChoices = 500

// mergeChoices offers the organisations of the same kind below the same superior.
func (h *Handler) mergeChoices(r *http.Request, f *view.FormData) error {
	l, err := h.Organisation.List(r.Context(), actor(r), organisation.Filter{Kinds: []organisation.Kind{f.Of.Kind}, ParentID: f.Of.ParentID, Page: db.Page{Limit: mostChoices}})
	f.Others = itemOptions(l.Items, f.Of.ID)
	return err
}

func itemOptions(items []organisation.Item, without id.ID) []field.Option {
	var out []field.Option
	for _, o := range items {
		if o.ID != without {
			out = append(out, field.Option{Value: o.ID.String(), Text: i18n.Verbatim(o.Label())})
		}
	}
	return out
}

func (h *Handler) merge(r *http.Request, f *form, d view.FormData, e organisation.Effect) (string, layout.Flash, error) {
	m := organisation.Merger{Sources: append(ids(f.Strings("sources")), d.Of.ID), Into: f.ID("into"), Effect: e}
	name := f.Text("into_text", 100)
	if m.Into == 0 {
		name = f.Need("name", 60)
		m.New = &organisation.NewOrganisation{Name: name, ShortName: f.Text("short_name", 30)}
	}
	if err := f.Err(); err != nil {
		return "", layout.Flash{}, err
	}
	m.Sources = slices.DeleteFunc(m.Sources, func(i id.ID) bool { return i == m.Into }) // what takes the others in may be ticked too
	target, err := h.Organisation.Merge(r.Context(), actor(r), m)
	return view.Href(target), said(r, i18n.OrgMerged, len(m.Sources), name, e.On.String()), err
}

// splitChoices offers what hangs on the organisation and may go over to the new one.
func (h *Handler) splitChoices(r *http.Request, f *view.FormData) error {
	page := db.Page{Limit: mostChoices}
	below, err := h.Organisation.List(r.Context(), actor(r), organisation.Filter{ParentID: f.Of.ID, Page: page})
	if err != nil {
		return err
	}
	f.Others = itemOptions(below.Items, 0)
	if f.Of.Kind != organisation.Community {
		return nil
	}
	units, err := h.Organisation.List(r.Context(), actor(r), organisation.Filter{CommunityID: f.Of.ID, Page: page})
	if err != nil {
		return err
	}
	f.Others = append(f.Others, itemOptions(units.Items, 0)...)
	f.Grids, err = h.gridOptions(r, f.Of.ID)
	return err
}

func (h *Handler) split(r *http.Request, f *form, d view.FormData, e organisation.Effect) (string, layout.Flash, error) {
	name := f.Need("name", 60)
	if err := f.Err(); err != nil {
		return "", layout.Flash{}, err
	}
	part := organisation.Part{NewOrganisation: organisation.NewOrganisation{Name: name, ShortName: f.Text("short_name", 30)},
		Take: ids(f.Strings("take")), Grids: ids(f.Strings("grids"))}
	made, err := h.Organisation.Split(r.Context(), actor(r), d.Of.ID, []organisation.Part{part}, e)
	if err != nil {
		return "", layout.Flash{}, err
	}
	return view.Href(made[0]), said(r, i18n.OrgWasSplit, d.Of.Label(), name, e.On.String()), nil
}

// ids reads the IDs of several check boxes; what is none is left out.
func ids(list []string) []id.ID {
	var out []id.ID
	for _, s := range list {
		if i, err := id.Parse(s); err == nil {
			out = append(out, i)
		}
	}
	return out
}

func (h *Handler) organisationFoundPage(w http.ResponseWriter, r *http.Request) error {
	f := view.FormData{Form: field.Form{Values: url.Values{"county": {tenantCode(r)}}, Filled: map[string]bool{"county": true}}, Today: calendar.DateOf(h.DB.Now()).String()}
	return h.show(w, r, view.Found(h.foundPage(w, r), f))
}

func (h *Handler) foundPage(w http.ResponseWriter, r *http.Request) layout.Page {
	p := h.page(w, r, i18n.OrgFoundTitle)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.OrgTitle.In(lang(r)), Href: "/organisations"}}
	return p
}

// tenantCode is the division code of the actor's district: a tenant's number is its six-digit code.
func tenantCode(r *http.Request) string { return i18n.Show(lang(r), actor(r).Tenant) }

func (h *Handler) organisationFound(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	plan := organisation.FoundPlan{County: f.Need("county", 12), EstablishedOn: f.Date("established_on"), Document: f.Text("document", 120)}
	err = f.Err()
	var out organisation.Founded
	if err == nil {
		out, err = h.Organisation.FoundFromDivisions(r.Context(), actor(r), plan)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return view.Found(h.foundPage(w, r), view.FormData{Form: f.Show(e), Today: calendar.DateOf(h.DB.Now()).String()})
		})
	}
	return h.done(w, r, "/organisations/chart", i18n.OrgFoundDone, out.Districts, out.Working, out.Community, out.Present)
}
