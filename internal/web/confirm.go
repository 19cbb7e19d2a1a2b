package web

import (
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/countersign"
	"linli/internal/errs"
	"linli/internal/i18n"
	view "linli/internal/web/view/confirm"
	"linli/internal/web/view/field"
)

// confirmPath is where the person helped confirms, without an account.
const confirmPath = "/p/confirm"

// publicCode is what a worker hands to the person helped: address, code and picture.
func (h *Handler) publicCode(r *http.Request, i countersign.Issued) (*view.Handed, error) {
	qr, err := qrPicture(h.base(r) + confirmPath + "?c=" + url.QueryEscape(i.Link))
	return &view.Handed{Issued: i, Page: h.base(r) + confirmPath, QR: qr}, err
}

// confirmPage asks for the code; the QR code brings it along.
func (h *Handler) confirmPage(w http.ResponseWriter, r *http.Request) error {
	if c := r.URL.Query().Get("c"); c != "" {
		return h.confirmAsk(w, r, c, field.Form{Values: url.Values{}})
	}
	return h.show(w, r, view.Enter(h.page(w, r, i18n.CountersignPublicTitle), field.Form{}))
}

func (h *Handler) confirmLook(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	return h.confirmAsk(w, r, f.values.Get("code"), f.Show(nil))
}

// asked gives what a code asks, at most so many times a minute from one address.
func (h *Handler) asked(r *http.Request, typed string) (countersign.Question, error) {
	if err := h.guesses.Allow(remoteIP(r), h.DB.Now()); err != nil {
		return countersign.Question{}, err
	}
	return h.Countersign.Ask(r.Context(), h.DB, typed)
}

// confirmAsk says in plain words what would be confirmed.
func (h *Handler) confirmAsk(w http.ResponseWriter, r *http.Request, typed string, f field.Form) error {
	q, err := h.asked(r, typed)
	if err != nil {
		return h.confirmAgain(w, r, err, typed)
	}
	return h.show(w, r, view.Ask(h.page(w, r, i18n.CountersignPublicTitle), q.Confirmation, q.Entered.Link(), f))
}

// confirmAgain asks for the code once more. Whatever was wrong with it, the answer is the same.
func (h *Handler) confirmAgain(w http.ResponseWriter, r *http.Request, err error, typed string) error {
	e := errs.As(err)
	if e == nil {
		return err
	}
	code := http.StatusUnprocessableEntity
	if e.Kind == errs.RateLimited {
		code = http.StatusTooManyRequests
		e = errs.Field("code", e.Message.Text, e.Message.Args...)
	} else {
		e = errs.Field("code", i18n.CountersignPublicWrong)
	}
	return h.answer(w, r, code, view.Enter(h.page(w, r, i18n.CountersignPublicTitle), field.Form{Values: url.Values{"code": {typed}}, Err: e}))
}

func (h *Handler) confirmYes(w http.ResponseWriter, r *http.Request) error {
	return h.confirmWith(w, r, func(f *form, q countersign.Question) (templ.Component, error) {
		c, err := q.Confirm(r.Context(), visitOf(r).id)
		return view.Done(h.page(w, r, i18n.CountersignYesDone), i18n.CountersignYesMore, c.Who), err
	})
}

func (h *Handler) confirmNo(w http.ResponseWriter, r *http.Request) error {
	return h.confirmWith(w, r, func(f *form, q countersign.Question) (templ.Component, error) {
		words := f.Text("words", 200)
		if err := f.Err(); err != nil {
			return nil, err
		}
		err := q.Object(r.Context(), words, visitOf(r).id)
		return view.Done(h.page(w, r, i18n.CountersignNoDone), i18n.CountersignNoMore, ""), err
	})
}

func (h *Handler) confirmWith(w http.ResponseWriter, r *http.Request, act func(*form, countersign.Question) (templ.Component, error)) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	typed := f.values.Get("code")
	q, err := h.asked(r, typed)
	if err != nil {
		return h.confirmAgain(w, r, err, typed)
	}
	body, err := act(f, q)
	switch why := errs.As(err); {
	case err == nil:
		return h.show(w, r, body)
	case why != nil && why.Fields["words"].Text != i18n.Text{}:
		return h.answer(w, r, http.StatusUnprocessableEntity, view.Ask(h.page(w, r, i18n.CountersignPublicTitle), q.Confirmation, typed, f.Show(why)))
	}
	return h.confirmAgain(w, r, err, typed)
}
