package web

import (
	"net/http"

	"linli/internal/errs"
)

// district is the district that a public page without a code is about; where there are several to choose from and none is named it is not found.
func (h *Handler) district(r *http.Request) (int64, error) {
	of, _, ok, err := h.districtNamed(r)
	if err == nil && !ok {
		err = errs.ErrNotFound
	}
	return of.Code, err
}
