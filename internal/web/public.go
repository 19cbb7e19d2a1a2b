package web

import (
	"net/http"
	"strconv"

	"linli/internal/errs"
)

// districtKey is the part of an address that names the district where an installation serves several.
const districtKey = "d"

// district is the district that a public page without a code is about: the one named in the address, or the only one that there is.
func (h *Handler) district(r *http.Request) (int64, error) {
	list, err := h.Authn.Districts(r.Context())
	if err != nil {
		return 0, err
	}
	asked, err := strconv.ParseInt(r.FormValue(districtKey), 10, 64)
	if err != nil && len(list) == 1 {
		return list[0].Tenant, nil
	}
	for _, d := range list {
		if d.Tenant == asked {
			return d.Tenant, nil
		}
	}
	return 0, errs.ErrNotFound
}
