package web

import (
	"net/http"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/i18n"
	"linli/internal/organisation"
	"linli/internal/web/view/field"
)

// organisationsIn are the organisations of some kinds in a scope.
func (h *Handler) organisationsIn(r *http.Request, scope authz.Scope, kinds ...organisation.Kind) ([]organisation.Ref, error) {
	if scope.Empty() {
		return nil, nil
	}
	refs, err := h.Organisation.Directory(r.Context(), actor(r), "", kinds, 1000)
	return slices.DeleteFunc(refs, func(o organisation.Ref) bool { return !scope.Covers(o.ID) }), err
}

// typed is what was typed into a field.Typeahead: its search asks with q; without scripts the text comes as name_text.
func typed(r *http.Request) string {
	q := r.URL.Query()
	if text := q.Get("q"); text != "" {
		return text
	}
	for name := range q {
		if strings.HasSuffix(name, "_text") {
			return q.Get(name)
		}
	}
	return ""
}

func organisationOption(o organisation.Ref) field.Option {
	return field.Option{Value: o.ID.String(), Text: i18n.Verbatim(o.Name), Note: o.Parent}
}

func (h *Handler) organisationOptions(r *http.Request, scope authz.Scope, kinds ...organisation.Kind) ([]field.Option, error) {
	refs, err := h.organisationsIn(r, scope, kinds...)
	var list []field.Option
	for _, o := range refs {
		list = append(list, organisationOption(o))
	}
	return list, err
}

// communityOptions are the communities of a scope, to choose from.
func (h *Handler) communityOptions(r *http.Request, scope authz.Scope) ([]field.Option, error) {
	return h.organisationOptions(r, scope, organisation.Community)
}

// placeOptions are the district, its sub-districts and their communities, as far as they are in a scope.
func (h *Handler) placeOptions(r *http.Request, scope authz.Scope) ([]field.Option, error) {
	return h.organisationOptions(r, scope, organisation.District, organisation.Working, organisation.Community)
}

// purposeOptions are the registered purposes for which sealed data may be opened, after a first one that leaves it sealed.
func (h *Handler) purposeOptions(r *http.Request, none i18n.Text) ([]field.Option, error) {
	purposes, err := h.Person.Purposes(r.Context(), actor(r).Tenant)
	out := []field.Option{{Value: "", Text: none}}
	for _, p := range purposes {
		out = append(out, field.Option{Value: p.Code, Text: i18n.Both(p.Name, p.NameEn)})
	}
	return out, err
}
