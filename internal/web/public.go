package web

import (
	"net/http"

	"linli/internal/errs"
)

// districtKey is the part of an address, or the field of a form, that names the district where an installation serves several.
const districtKey = "d"

// district is the district that a public page without a code is about; where there are several to choose from and none is named it is not found.
func (h *Handler) district(r *http.Request, asked string) (int64, error) {
	of, _, ok, err := h.districtNamed(r, asked)
	if err == nil && !ok {
		err = errs.ErrNotFound
	}
	return of.Code, err
}
