package web

import (
	"net/http"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
)

// act is what a form does to the record that its address names; it gives what is said when it is done.
type act = func(r *http.Request, f *form, record id.ID) (i18n.Text, []any, error)

// acted answers a form that acts on the record of its address: it goes on to the address that to gives and says there what was done. What is wrong is
// shown on page, the page that the form stands on.
func (h *Handler) acted(do act, to func(id.ID) string, page func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, read, err := h.readEither(w, r)
		defer read()
		if err != nil {
			return err
		}
		record, err := pathID(r)
		if err != nil {
			return err
		}
		said, args, err := do(r, f, record)
		if err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(page(w, r, f.Show(e))) })
		}
		return h.done(w, r, to(record), said, args...)
	}
}

// saying is an act that always says the same.
func saying(said i18n.Text, do func(r *http.Request, f *form, record id.ID) error) act {
	return func(r *http.Request, f *form, record id.ID) (i18n.Text, []any, error) {
		return said, nil, do(r, f, record)
	}
}
