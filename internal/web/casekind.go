package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/activity"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/i18n"
	activityview "linli/internal/web/view/activity"
	view "linli/internal/web/view/casework"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
)

// newKind stands in an address for a kind that is to be made.
const newKind = "new"

func (h *Handler) caseKindRoutes() []route {
	kinds := may(casework.PermKinds)
	return []route{
		{pattern: "GET /case-kinds", who: kinds, serve: h.caseKindsPage},
		{pattern: "GET /case-kinds/{code}", who: kinds, serve: h.caseKindPage},
		{pattern: "POST /case-number", who: kinds, serve: h.caseNumberSave},
		{pattern: "POST /case-kinds/{code}", who: kinds, serve: h.caseKindSave},
	}
}

func (h *Handler) caseKindsPage(w http.ResponseWriter, r *http.Request) error {
	number, err := h.Casework.ServiceNumber(r.Context(), actor(r).Tenant)
	if err != nil {
		return err
	}
	page, err := h.caseKindsShown(w, r, known(url.Values{"number": {number}}))
	if err != nil {
		return err
	}
	return h.show(w, r, page)
}

// caseKindsShown lists the kinds; f is the form of the district's own number.
func (h *Handler) caseKindsShown(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	kinds, err := h.Casework.Kinds(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	learnt, err := h.Casework.Learnt(r.Context(), actor(r).Tenant)
	if err != nil {
		return nil, err
	}
	return view.KindsPage(h.caseCrumbs(w, r, i18n.CaseKinds), kinds, learnt, f), nil
}

// caseNumberSave sets the number that residents' pages show.
func (h *Handler) caseNumberSave(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	if err := h.Casework.SetServiceNumber(r.Context(), actor(r), f.Text("number", 30)); err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.caseKindsShown(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.KindsPath, i18n.CaseNumberSaved)
}

func (h *Handler) caseKindPage(w http.ResponseWriter, r *http.Request) error {
	var seen casework.Visibility
	title, f := i18n.CaseKindNew, field.Form{Values: url.Values{"version": {"0"}, "days": {"5"}, "hours": {"0"}, "urgent_hours": {"0"}, "georeport": {view.NotOpen}, "visibility": {view.VisibilityValue(casework.ToPlace)}}}
	if code := r.PathValue("code"); code != newKind {
		k, err := h.Casework.Kind(r.Context(), actor(r).Tenant, code)
		if err != nil {
			return err
		}
		title, f, seen = k.Text(), known(caseKindValues(k)), k.Visibility
	}
	return h.show(w, r, h.caseKindForm(w, r, title, f, seen))
}

func (h *Handler) caseKindForm(w http.ResponseWriter, r *http.Request, title i18n.Text, f field.Form, seen casework.Visibility) templ.Component {
	p := h.caseCrumbs(w, r, title)
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: i18n.CaseKinds.In(lang(r)), Href: view.KindsPath})
	var lists []field.Option
	for _, l := range catalogue.Lists() {
		lists = append(lists, field.Option{Value: l, Text: catalogue.ListText(l)})
	}
	return view.KindPage(p, view.KindForm{Form: f, Code: r.PathValue("code"), Lists: lists, Seen: seen})
}

// caseKindValues are a kind as its form shows it.
func caseKindValues(k casework.Kind) url.Values {
	n := func(v int64) []string { return []string{strconv.FormatInt(v, 10)} }
	fields := make([]activity.Field, len(k.Fields))
	for i, f := range k.Fields {
		fields[i] = activity.Field{Code: f.Code, Label: f.Label, LabelEN: f.LabelEN, Type: activity.FieldType(f.Type), Required: f.Required, Options: f.Options}
	}
	v := url.Values{"name": {k.Name}, "name_en": {k.NameEN}, "days": n(k.Days), "hours": n(k.Hours), "urgent_hours": n(k.UrgentHours), "version": n(k.Version), "georeport": {view.OpeningValue(k.Georeport)}, "visibility": {view.VisibilityValue(k.Visibility)}, "steps": {view.Steps(k.Steps)},
		"fields": activityview.KindValues(activity.Kind{Fields: fields})["fields"]}
	for name, on := range map[string]bool{"open_to_all": k.OpenToAll, "by_technician": k.ByTechnician, "petition": k.Petition, "retired": k.Retired} {
		if on {
			v.Set(name, "1")
		}
	}
	return v
}

func (h *Handler) caseKindSave(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	k := casework.Kind{Code: r.PathValue("code"), Name: f.Text("name", 30), NameEN: f.Text("name_en", 60), Days: f.Int("days"), Hours: f.Int("hours"), UrgentHours: f.Int("urgent_hours"),
		OpenToAll: f.Bool("open_to_all"), ByTechnician: f.Bool("by_technician"), Retired: f.Bool("retired"), Version: f.Version(), Georeport: view.OpeningOf(f.Text("georeport", 20)),
		Visibility: view.VisibilityOf(f.Text("visibility", 20)), Petition: f.Bool("petition")}
	title := i18n.Verbatim(k.Name)
	if k.Code == newKind {
		k.Code, k.List, k.Version, title = f.Text("code", 30), f.Text("list", 20), 0, i18n.CaseKindNew
	}
	fields, err := activityview.ParseFields(f.values.Get("fields"))
	was, werr := h.Casework.Kind(r.Context(), actor(r).Tenant, k.Code)
	if werr != nil && errs.KindOf(werr) != errs.NotFound {
		return werr
	}
	english := map[string]string{} // the form has no place for it, and it stays
	for _, x := range was.Fields {
		english[x.Code+x.Label] = x.LabelEN
	}
	for _, x := range fields {
		x.LabelEN = english[x.Code+x.Label]
		k.Fields = append(k.Fields, casework.Field{Code: x.Code, Label: x.Label, LabelEN: x.LabelEN, Type: casework.FieldType(x.Type), Required: x.Required, Options: x.Options})
	}
	if err == nil {
		k.Steps, err = view.ParseSteps(f.values.Get("steps"))
	}
	if err == nil {
		err = f.Err()
	}
	if err == nil {
		err = h.Casework.SaveKind(r.Context(), actor(r), k)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return h.caseKindForm(w, r, title, f.Show(e), was.Visibility) })
	}
	return h.done(w, r, view.KindsPath, i18n.CaseKindSaved)
}

// caseHotPage shows what many people raise.
func (h *Handler) caseHotPage(w http.ResponseWriter, r *http.Request) error {
	d := view.Hot{Days: casework.Spans()[0], Now: h.Casework.Now()}
	for _, n := range casework.Spans() {
		if r.URL.Query().Get("days") == strconv.Itoa(n) {
			d.Days = n
		}
	}
	var err error
	if d.Issues, err = h.Casework.Hot(r.Context(), actor(r), d.Days); err != nil {
		return err
	}
	return h.show(w, r, view.HotPage(h.caseCrumbs(w, r, i18n.CaseHot), d))
}
