package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/countersign"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/ledger"
	view "linli/internal/web/view/confirm"
	"linli/internal/web/view/field"
)

// confirmPath is where the person helped confirms, without an account.
const confirmPath = "/p/confirm"

// helper is a concept whose records the person helped can confirm.
type helper interface {
	Confirmation(ctx context.Context, f countersign.Found) (countersign.Confirmation, error)
	ConfirmByHelped(ctx context.Context, e countersign.Entered, request string) (countersign.Confirmation, error)
	ObjectByHelped(ctx context.Context, e countersign.Entered, words, request string) error
}

// helperOf is the concept that keeps a kind of record.
func (h *Handler) helperOf(kind string) helper {
	if kind == ledger.SourceDeed {
		return h.Deed
	}
	return h.Activity
}

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

// codeEntered finds what a code stands for, at most so many times a minute from one address.
func (h *Handler) codeEntered(r *http.Request, typed string) (countersign.Entered, countersign.Found, error) {
	if err := h.guesses.Allow(remoteIP(r), h.DB.Now()); err != nil {
		return countersign.Entered{}, countersign.Found{}, err
	}
	e, err := countersign.Read(typed)
	if err != nil {
		return e, countersign.Found{}, err
	}
	found, err := h.Countersign.Look(r.Context(), h.DB, e)
	return e, found, err
}

// confirmAsk says in plain words what would be confirmed.
func (h *Handler) confirmAsk(w http.ResponseWriter, r *http.Request, typed string, f field.Form) error {
	e, found, err := h.codeEntered(r, typed)
	if err != nil {
		return h.confirmAgain(w, r, err, typed)
	}
	e.Tenant = found.Tenant
	c, err := h.helperOf(found.Kind).Confirmation(r.Context(), found)
	if err != nil {
		return h.confirmAgain(w, r, err, typed)
	}
	return h.show(w, r, view.Ask(h.page(w, r, i18n.CountersignPublicTitle), c, e.Link(), f))
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
	return h.confirmWith(w, r, func(f *form, e countersign.Entered, found countersign.Found) (templ.Component, error) {
		c, err := h.helperOf(found.Kind).ConfirmByHelped(r.Context(), e, visitOf(r).id)
		return view.Done(h.page(w, r, i18n.CountersignYesDone), i18n.CountersignYesMore, c.Who), err
	})
}

func (h *Handler) confirmNo(w http.ResponseWriter, r *http.Request) error {
	return h.confirmWith(w, r, func(f *form, e countersign.Entered, found countersign.Found) (templ.Component, error) {
		words := f.Text("words", 200)
		if err := f.Err(); err != nil {
			return nil, err
		}
		err := h.helperOf(found.Kind).ObjectByHelped(r.Context(), e, words, visitOf(r).id)
		return view.Done(h.page(w, r, i18n.CountersignNoDone), i18n.CountersignNoMore, ""), err
	})
}

func (h *Handler) confirmWith(w http.ResponseWriter, r *http.Request, act func(*form, countersign.Entered, countersign.Found) (templ.Component, error)) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	typed := f.values.Get("code")
	e, found, err := h.codeEntered(r, typed)
	if err != nil {
		return h.confirmAgain(w, r, err, typed)
	}
	body, err := act(f, e, found)
	switch why := errs.As(err); {
	case err == nil:
		return h.show(w, r, body)
	case why != nil && why.Fields["words"].Text != i18n.Text{}:
		c, cerr := h.helperOf(found.Kind).Confirmation(r.Context(), found)
		if cerr != nil {
			return cerr
		}
		return h.answer(w, r, http.StatusUnprocessableEntity, view.Ask(h.page(w, r, i18n.CountersignPublicTitle), c, typed, f.Show(why)))
	}
	return h.confirmAgain(w, r, err, typed)
}
