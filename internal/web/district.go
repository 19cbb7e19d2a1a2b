package web

import (
	"net/http"
	"slices"
	"strconv"

	"linli/internal/catalogue"
	"linli/internal/errs"
	"linli/internal/i18n"
	view "linli/internal/web/view/casepublic"
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

// districtNamed is the district whose pages a resident reads: the one that the address names (d), else that of whoever is logged in, else the only one. ok is
// false where there are several to choose from.
func (h *Handler) districtNamed(r *http.Request, asked string) (of catalogue.Tenant, several, ok bool, err error) {
	all, err := h.Catalogue.Districts(r.Context())
	if err != nil {
		return of, false, false, err
	}
	serving, err := h.Catalogue.Serving(r.Context())
	if err != nil {
		return of, false, false, err
	}
	code, _ := strconv.ParseInt(asked, 10, 64) // no number is no wish
	if own := actor(r).Tenant; asked == "" && slices.ContainsFunc(serving, func(t catalogue.Tenant) bool { return t.Code == own }) {
		code = own
	}
	if code == 0 && len(serving) == 1 {
		return serving[0], false, true, nil
	}
	for _, t := range all { // one that is named is found, whatever stands below it
		if t.Code == code {
			return t, len(serving) > 1, true, nil
		}
	}
	if code != 0 {
		return of, false, false, errs.ErrNotFound
	}
	return of, len(serving) > 1, false, nil
}

// orDistricts answers with the choice of a district where a page needs one and the address names none.
func (h *Handler) orDistricts(w http.ResponseWriter, r *http.Request, err error) error {
	if errs.KindOf(err) != errs.NotFound || r.URL.Query().Get(districtKey) != "" {
		return err
	}
	list, err := h.Catalogue.Serving(r.Context())
	if err != nil {
		return err
	}
	choices := make([]view.District, len(list))
	for i, d := range list {
		q := r.URL.Query()
		q.Set(districtKey, strconv.FormatInt(d.Code, 10))
		choices[i] = view.District{Name: d.Name, Href: r.URL.Path + "?" + q.Encode()}
	}
	return h.show(w, r, view.Districts(h.public(w, r, i18n.CasePublicDistrict), choices))
}
