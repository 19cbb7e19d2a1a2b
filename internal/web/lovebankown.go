package web

import (
	"context"
	"net/http"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/lovebank"
	"linli/internal/web/view/field"
	view "linli/internal/web/view/lovebank"
)

// loveBankOwnRoutes are the pages of a member's own account.
func (h *Handler) loveBankOwnRoutes() []route {
	own := may(lovebank.PermOwn)
	return []route{
		{pattern: "GET /m/bank", who: own, serve: h.ownBankPage},
		{pattern: "POST /m/bank/open", who: own, serve: h.ownBankAct(i18n.BankOpened, func(r *http.Request) error {
			_, err := h.LoveBank.Open(r.Context(), actor(r))
			return err
		})},
		{pattern: "POST /m/bank/close", who: own, serve: h.ownBankAct(i18n.BankClosedDone, func(r *http.Request) error { return h.LoveBank.Close(r.Context(), actor(r)) })},
		{pattern: "GET /m/bank/export", who: own, serve: h.ownBankExport},
		{pattern: "GET /m/bank/print", who: own, serve: h.ownBankPrint},
		{pattern: "GET /m/bank/items", who: own, serve: h.ownBankItems},
		{pattern: "GET /m/bank/items/{id}", who: own, serve: h.ownBankItemPage},
		{pattern: "POST /m/bank/items/{id}/redeem", who: own, serve: h.ownBankRedeem},
		{pattern: "GET /m/bank/orders/{id}", who: own, serve: h.shown(h.ownBankOrder)},
		{pattern: "POST /m/bank/orders/{id}/cancel", who: own, serve: h.acted(saying(i18n.BankCancelled1, func(r *http.Request, _ *form, o id.ID) error {
			return h.LoveBank.Cancel(r.Context(), actor(r), o)
		}), view.OwnOrderHref, h.ownBankOrder)},
		{pattern: "GET /m/bank/orders/{id}/receipt", who: own, serve: h.bankReceipt(view.OwnOrderHref)},
		{pattern: "GET /m/bank/give", who: own, serve: h.ownBankGivePage},
		{pattern: "POST /m/bank/give", who: own, serve: h.ownBankGive},
	}
}

func (h *Handler) ownBankPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.ownBank(w, r, field.Form{Values: url.Values{}})))
}

func (h *Handler) ownBank(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	a := actor(r)
	o := view.Own{Query: r.URL.Query(), Form: f}
	var err error
	if o.Book, err = h.LoveBank.Own(r.Context(), a); errs.KindOf(err) == errs.NotFound && err != nil {
		o.None = true
	} else if err != nil {
		return nil, err
	}
	p := h.pocket(w, r, "/m", i18n.BankTitle)
	if o.None || o.IsClosed() {
		if o.PerHour, err = lovebank.PerHour.On(r.Context(), h.DB, a.Tenant, h.today()); err != nil {
			return nil, err
		}
		duty, err := lovebank.WithDuty.On(r.Context(), h.DB, a.Tenant, h.today())
		if err != nil {
			return nil, err
		}
		o.Duty = duty != 0
		return view.OwnPage(p, o), nil
	}
	page := pageOf(r)
	if page.Limit == 0 {
		page.Limit = 20
	}
	lines, err := h.LoveBank.Statement(r.Context(), a, o.ID, page)
	if err != nil {
		return nil, err
	}
	o.Lines, o.Before, o.After = lines.Items, lines.Prev, lines.Next
	orders, err := h.LoveBank.Orders(r.Context(), a, lovebank.OrderFilter{Book: o.ID, State: lovebank.Ordered})
	if err != nil {
		return nil, err
	}
	o.Orders = orders.Items
	if o.Ending, err = h.LoveBank.Ends(r.Context(), a, o.ID); err != nil {
		return nil, err
	}
	if o.Solvency, err = h.LoveBank.SolvencyOwn(r.Context(), a); err != nil {
		return nil, err
	}
	return view.OwnPage(p, o), nil
}

// ownBankAct opens or closes the account.
func (h *Handler) ownBankAct(done i18n.Text, do func(r *http.Request) error) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := do(r); err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component {
				return orFault(h.ownBank(w, r, field.Form{Values: url.Values{}, Err: e}))
			})
		}
		return h.done(w, r, view.OwnPath, done)
	}
}

func (h *Handler) ownLines(r *http.Request) (lovebank.Book, func(context.Context, func(lovebank.Line) error) error, error) {
	b, err := h.LoveBank.Own(r.Context(), actor(r))
	return b, pages(func(ctx context.Context, p db.Page) (db.List[lovebank.Line], error) {
		return h.LoveBank.Statement(ctx, actor(r), b.ID, p)
	}), err
}

func (h *Handler) ownBankExport(w http.ResponseWriter, r *http.Request) error {
	_, each, err := h.ownLines(r)
	if err != nil {
		return err
	}
	return exportList(h, w, r, i18n.BankStatement, bankLineColumns(r), each)
}

func (h *Handler) ownBankPrint(w http.ResponseWriter, r *http.Request) error {
	b, each, err := h.ownLines(r)
	if err != nil {
		return err
	}
	lines, err := first(r.Context(), each, mostPrinted)
	if err != nil {
		return err
	}
	p := h.page(w, r, i18n.BankStatement)
	p.Back = view.OwnPath
	return h.show(w, r, view.Printed(p, b, lines, len(lines) == mostPrinted, h.today().String()))
}

func (h *Handler) ownBankItems(w http.ResponseWriter, r *http.Request) error {
	b, err := h.LoveBank.Own(r.Context(), actor(r))
	if err != nil {
		return err
	}
	list, err := h.LoveBank.Choice(r.Context(), actor(r), lovebank.ItemFilter{Page: pageOf(r)})
	if err != nil {
		return err
	}
	return h.show(w, r, view.ItemsPage(h.pocket(w, r, view.OwnPath, i18n.BankRedeem), view.Items{Book: b, Items: list.Items, Query: r.URL.Query(), Before: list.Prev, After: list.Next}))
}

func (h *Handler) ownBankItemPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.ownBankItem(w, r, field.Form{Values: url.Values{"key": {newKey()}}})))
}

func (h *Handler) ownBankItem(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	i, err := pathID(r)
	if err != nil {
		return nil, err
	}
	v := view.ItemPage{Form: f, Today: h.today()}
	if v.Book, err = h.LoveBank.Own(r.Context(), actor(r)); err != nil {
		return nil, err
	}
	if v.Item, err = h.LoveBank.Item(r.Context(), actor(r), i); err != nil {
		return nil, err
	}
	return view.OneItem(h.pocket(w, r, view.OwnPath+"/items", i18n.BankRedeem), v), nil
}

func (h *Handler) ownBankRedeem(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	i, err := pathID(r)
	if err != nil {
		return err
	}
	in := bankRedemption(f, i)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.LoveBank.Redeem(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.ownBankItem(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.OwnOrderHref(made), i18n.BankOrderedDone)
}

func (h *Handler) ownBankOrder(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	i, err := pathID(r)
	if err != nil {
		return nil, err
	}
	o := view.OrderPage{Own: true, Sent: sent}
	if o.OrderRow, o.Code, err = h.LoveBank.Order(r.Context(), actor(r), i); err != nil {
		return nil, err
	}
	if o.PersonID != actor(r).PersonID {
		return nil, errs.ErrNotFound
	}
	return view.OwnOrder(h.pocket(w, r, view.OwnPath, i18n.BankOrder), o), nil
}

func (h *Handler) ownBankGivePage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.ownBankGiveForm(w, r, field.Form{Values: url.Values{"key": {newKey()}}})))
}

func (h *Handler) ownBankGiveForm(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	b, err := h.LoveBank.Own(r.Context(), actor(r))
	return view.GivePage(h.pocket(w, r, view.OwnPath, i18n.BankGive), b, f), err
}

func (h *Handler) ownBankGive(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := lovebank.Giving{To: f.Text("no", 24), Amount: f.Int("amount")}
	switch f.Text("to", 10) {
	case "fund":
		in.To = ""
	default:
		if in.To == "" {
			f.err = f.err.With("no", i18n.ErrRequired)
		}
	}
	in.Key = bankKey("gift-", f)
	if err = f.Err(); err == nil {
		err = h.LoveBank.Give(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.ownBankGiveForm(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.OwnPath, i18n.BankGiven, in.Amount)
}
