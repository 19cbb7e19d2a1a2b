package web

import (
	"net/http"

	"linli/internal/authz"
	"linli/internal/i18n"
	"linli/internal/organisation"
	"linli/internal/web/view/field"
)

// communityOptions are the communities of a scope, to choose from.
func (h *Handler) communityOptions(r *http.Request, scope authz.Scope) ([]field.Option, error) {
	if scope.Empty() {
		return nil, nil
	}
	refs, err := h.Organisation.Directory(r.Context(), actor(r), "", []organisation.Kind{organisation.Community}, 1000)
	if err != nil {
		return nil, err
	}
	var list []field.Option
	for _, o := range refs {
		if scope.Covers(o.ID) {
			list = append(list, field.Option{Value: o.ID.String(), Text: i18n.Verbatim(o.Name), Note: o.Parent})
		}
	}
	return list, nil
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
