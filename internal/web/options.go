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
