package web

import (
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/dues"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/print"
	view "linli/internal/web/view/dues"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
)

// duesMember draws the page of one member's dues; opened are the bases after a look at them.
func (h *Handler) duesMember(w http.ResponseWriter, r *http.Request, member id.ID, f field.Form, opened []dues.Base) (templ.Component, error) {
	m := view.Member{Form: f, Today: h.today().String(), Opened: opened}
	var err error
	if m.Sight, err = h.Dues.Open(r.Context(), actor(r), member); err != nil {
		return nil, err
	}
	purposes, err := h.Person.PurposesFor(r.Context(), actor(r), dues.FieldBase)
	if err != nil {
		return nil, err
	}
	for _, p := range purposes {
		m.Purposes = append(m.Purposes, partial.Option{Value: p.Code, Text: p.Text()})
	}
	p := h.duesCrumbs(w, r, i18n.DuesMember, m.Member.Name)
	p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: m.Member.Branch, Href: view.BranchHref(m.Member.BranchID)})
	return view.MemberPage(p, m), nil
}

func (h *Handler) duesMemberShow(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	member, err := pathID(r)
	if err != nil {
		return nil, err
	}
	return h.duesMember(w, r, member, f, nil)
}

func (h *Handler) duesMemberPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.duesMemberShow(w, r, field.Form{Values: url.Values{}})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) duesOpenBase(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	member, err := pathID(r)
	if err != nil {
		return err
	}
	opened, err := h.Dues.Bases(r.Context(), actor(r), member, f.values.Get("purpose"), f.Text("reason", 200))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.duesMember(w, r, member, f.Show(e), nil)) })
	}
	body, err := h.duesMember(w, r, member, field.Form{Values: url.Values{}}, opened)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return h.show(w, r, body)
}

func readBase(f *form) dues.NewBase {
	n := dues.NewBase{From: f.month("from"), Payer: dues.Payer(f.Need("payer", 20)), Base: f.fen("base")}
	if n.Payer.Based() && strings.TrimSpace(f.values.Get("base")) == "" {
		f.err = f.err.With("base", i18n.ErrRequired)
	}
	return n
}

func (h *Handler) duesBase(r *http.Request, f *form, member id.ID) error {
	n := readBase(f)
	if err := f.Err(); err != nil {
		return err
	}
	return h.Dues.SetBase(r.Context(), actor(r), member, n)
}

func (h *Handler) duesTake(r *http.Request, f *form, member id.ID) error {
	t := dues.Taking{MemberID: member, From: f.month("from"), To: f.month("to"), Amount: f.fen("amount"), PaidOn: f.Date("paid_on"), Means: dues.Means(f.Text("means", 20)), Confirmed: f.Bool("confirmed")}
	if err := f.Err(); err != nil {
		return err
	}
	_, err := h.Dues.Take(r.Context(), actor(r), t)
	return err
}

func (h *Handler) duesGift(r *http.Request, f *form, member id.ID) error {
	amount, on, means := f.fen("amount"), f.Date("paid_on"), dues.Means(f.Text("means", 20))
	if err := f.Err(); err != nil {
		return err
	}
	_, err := h.Dues.Gift(r.Context(), actor(r), member, amount, on, means)
	return err
}

func (h *Handler) duesRelieve(r *http.Request, f *form, member id.ID) error {
	n := dues.NewRelief{Kind: dues.ReliefKind(f.Need("kind", 20)), Share: f.Int("share"), From: f.month("from"), To: f.month("to"), DecidedOn: f.Date("decided_on"), Reason: f.Need("reason", 200)}
	if err := f.Err(); err != nil {
		return err
	}
	_, err := h.Dues.Relieve(r.Context(), actor(r), member, n)
	return err
}

func (h *Handler) duesBack(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	payment, err := pathID(r)
	if err != nil {
		return err
	}
	member, err := h.Dues.PayerOf(r.Context(), actor(r), payment)
	if err != nil {
		return err
	}
	if err := h.Dues.TakeBack(r.Context(), actor(r), payment, f.Text("reason", 200)); err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.duesMember(w, r, member, f.Show(e), nil)) })
	}
	return h.done(w, r, view.MemberHref(member), i18n.DuesBackDone)
}

func (h *Handler) duesReceipt(w http.ResponseWriter, r *http.Request) error {
	payment, err := pathID(r)
	if err != nil {
		return err
	}
	p, err := h.Dues.ReceiptOf(r.Context(), actor(r), payment)
	if err != nil {
		return err
	}
	doc := print.DuesReceipt{Head: print.Head{Lang: lang(r), At: p.PaidOn.Time(), Number: p.Number, Issuer: p.Branch, Verify: print.Verification{Code: p.Code, URL: h.base(r) + feedback.CheckPath + p.Code}},
		Name: p.Name, Branch: p.Branch, Total: i18n.Yuan(p.Amount), PaidOn: day(r, p.PaidOn), Means: p.Means.Text().In(lang(r)), Voluntary: p.Kind == dues.Voluntary}
	for _, e := range p.Months {
		doc.Rows = append(doc.Rows, print.DuesReceiptRow{Month: e.Month.String(), Amount: i18n.Yuan(e.Fen)})
	}
	out, err := h.Printer.DuesReceipt(doc)
	if err != nil {
		return err
	}
	return sendPDF(w, i18n.PaperDues.In(lang(r)), out)
}

func (h *Handler) duesOwn(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	p := h.pocket(w, r, "/m/member", i18n.DuesOwnTitle)
	o := view.Own{Form: f}
	var err error
	o.Sight, err = h.Dues.Own(r.Context(), actor(r))
	if errs.KindOf(err) == errs.NotFound {
		return view.OwnNone(p), nil
	}
	return view.OwnPage(p, o), err
}

func (h *Handler) duesOwnPage(w http.ResponseWriter, r *http.Request) error {
	body, err := h.duesOwn(w, r, field.Form{Values: url.Values{}})
	if err != nil {
		return err
	}
	return h.show(w, r, body)
}

func (h *Handler) duesOwnBase(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	n := readBase(f)
	if err = f.Err(); err == nil {
		err = h.Dues.SetOwnBase(r.Context(), actor(r), n)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.duesOwn(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.OwnPath, i18n.DuesBaseSaved)
}
