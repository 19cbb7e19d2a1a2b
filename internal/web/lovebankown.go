package web

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/lovebank"
	"linli/internal/resident"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/lovebank"
)

// bankDoor is the way through which somebody comes to their own account, and who may take it.
type bankDoor struct {
	view.Door
	who  who
	wrap func(serving) serving
}

// loveBankOwnRoutes are the pages of one's own account: behind a member's account, and behind a resident's.
func (h *Handler) loveBankOwnRoutes() (out []route) {
	for _, d := range []bankDoor{
		{Door: view.Member, who: may(lovebank.PermOwn), wrap: func(s serving) serving { return s }},
		{Door: view.Resident, who: everyone, wrap: func(s serving) serving {
			return h.asResident(h.proven(func(w http.ResponseWriter, r *http.Request, _ resident.Session) error { return s(w, r) }))
		}},
	} {
		at := func(pattern string, s serving) route {
			method, path, _ := strings.Cut(pattern, " ")
			return route{pattern: method + " " + d.Base + path, who: d.who, serve: d.wrap(s)}
		}
		out = append(out,
			at("GET ", h.ownBankPage(d)),
			at("POST /open", h.ownBankAct(d, i18n.BankOpened, func(r *http.Request) error {
				_, err := h.LoveBank.Open(r.Context(), actor(r))
				return err
			})),
			at("POST /close", h.ownBankAct(d, i18n.BankClosedDone, func(r *http.Request) error { return h.LoveBank.Close(r.Context(), actor(r)) })),
			at("GET /export", h.ownBankExport),
			at("GET /print", h.ownBankPrint(d)),
			at("GET /items", h.ownBankItems(d)),
			at("GET /items/{id}", h.ownBankItemPage(d)),
			at("POST /items/{id}/redeem", h.ownBankRedeem(d)),
			at("GET /orders/{id}", h.shown(h.ownBankOrder(d))),
			at("POST /orders/{id}/cancel", h.acted(saying(i18n.BankCancelled1, func(r *http.Request, _ *form, o id.ID) error {
				return h.LoveBank.Cancel(r.Context(), actor(r), o)
			}), d.OrderHref, h.ownBankOrder(d))),
			at("GET /orders/{id}/receipt", h.bankReceipt(d.OrderHref)),
			at("GET /orders/{id}/help", h.ownBankHelp(d)),
			at("GET /give", h.ownBankGivePage(d)),
			at("POST /give", h.ownBankGive(d)),
		)
	}
	return out
}

// bankFrame is the frame of a page behind a door.
func (h *Handler) bankFrame(w http.ResponseWriter, r *http.Request, d bankDoor, back string, title i18n.Text) layout.Page {
	if !d.Public {
		return h.pocket(w, r, back, title)
	}
	p := h.ownFrame(w, r, title)
	if r.URL.Path != d.Base {
		p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: i18n.BankTitle.In(lang(r)), Href: d.Base})
	}
	return p
}

func (h *Handler) ownBankPage(d bankDoor) serving {
	return func(w http.ResponseWriter, r *http.Request) error {
		return h.show(w, r, orFault(h.ownBank(w, r, d, field.Form{Values: url.Values{}})))
	}
}

func (h *Handler) ownBank(w http.ResponseWriter, r *http.Request, d bankDoor, f field.Form) (templ.Component, error) {
	a := actor(r)
	o := view.Own{Door: d.Door, Query: r.URL.Query(), Form: f}
	var err error
	if o.Book, err = h.LoveBank.Own(r.Context(), a); errs.KindOf(err) == errs.NotFound && err != nil {
		o.None = true
	} else if err != nil {
		return nil, err
	}
	p := h.bankFrame(w, r, d, "/m", i18n.BankTitle)
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
func (h *Handler) ownBankAct(d bankDoor, done i18n.Text, do func(r *http.Request) error) serving {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := do(r); err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component {
				return orFault(h.ownBank(w, r, d, field.Form{Values: url.Values{}, Err: e}))
			})
		}
		return h.done(w, r, d.Base, done)
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

func (h *Handler) ownBankPrint(d bankDoor) serving {
	return func(w http.ResponseWriter, r *http.Request) error {
		b, each, err := h.ownLines(r)
		if err != nil {
			return err
		}
		lines, err := first(r.Context(), each, mostPrinted)
		if err != nil {
			return err
		}
		p := h.page(w, r, i18n.BankStatement)
		p.Back = d.Base
		return h.show(w, r, view.Printed(p, b, lines, len(lines) == mostPrinted, h.today().String()))
	}
}

func (h *Handler) ownBankItems(d bankDoor) serving {
	return func(w http.ResponseWriter, r *http.Request) error {
		b, err := h.LoveBank.Own(r.Context(), actor(r))
		if err != nil {
			return err
		}
		list, err := h.LoveBank.Choice(r.Context(), actor(r), lovebank.ItemFilter{Page: pageOf(r)})
		if err != nil {
			return err
		}
		return h.show(w, r, view.ItemsPage(h.bankFrame(w, r, d, d.Base, i18n.BankRedeem), view.Items{Door: d.Door, Book: b, Items: list.Items, Query: r.URL.Query(), Before: list.Prev, After: list.Next}))
	}
}

func (h *Handler) ownBankItemPage(d bankDoor) serving {
	return func(w http.ResponseWriter, r *http.Request) error {
		return h.show(w, r, orFault(h.ownBankItem(w, r, d, field.Form{Values: url.Values{"key": {newKey()}}})))
	}
}

func (h *Handler) ownBankItem(w http.ResponseWriter, r *http.Request, d bankDoor, f field.Form) (templ.Component, error) {
	i, err := pathID(r)
	if err != nil {
		return nil, err
	}
	v := view.ItemPage{Door: d.Door, Form: f, Today: h.today()}
	if z, ok, err := h.session(r); err != nil {
		return nil, err
	} else if ok && d.Public && f.Values.Get("phone") == "" && f.Err == nil { // what is known is not typed
		v.Form.Values.Set("phone", z.Phone)
		v.Form.Filled = map[string]bool{"phone": true}
	}
	if v.Book, err = h.LoveBank.Own(r.Context(), actor(r)); err != nil {
		return nil, err
	}
	if v.Item, err = h.LoveBank.Item(r.Context(), actor(r), i); err != nil {
		return nil, err
	}
	return view.OneItem(h.bankFrame(w, r, d, d.Base+"/items", i18n.BankRedeem), v), nil
}

func (h *Handler) ownBankRedeem(d bankDoor) serving {
	return func(w http.ResponseWriter, r *http.Request) error {
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
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.ownBankItem(w, r, d, f.Show(e))) })
		}
		said := i18n.BankOrderedDone
		if f.values.Has("body") { // it is help
			said = i18n.BankHelpOrdered
		}
		return h.done(w, r, d.OrderHref(made), said)
	}
}

func (h *Handler) ownBankOrder(d bankDoor) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
		i, err := pathID(r)
		if err != nil {
			return nil, err
		}
		o := view.OrderPage{Door: d.Door, Own: true, Sent: sent}
		if o.OrderRow, o.Code, err = h.LoveBank.Order(r.Context(), actor(r), i); err != nil {
			return nil, err
		}
		if o.PersonID != actor(r).PersonID {
			return nil, errs.ErrNotFound
		}
		return view.OwnOrder(h.bankFrame(w, r, d, d.Base, i18n.BankOrder), o), nil
	}
}

func (h *Handler) ownBankGivePage(d bankDoor) serving {
	return func(w http.ResponseWriter, r *http.Request) error {
		return h.show(w, r, orFault(h.ownBankGiveForm(w, r, d, field.Form{Values: url.Values{"key": {newKey()}}})))
	}
}

// ownBankHelp shows who redeemed help how far it is; a resident follows it among their own wishes.
func (h *Handler) ownBankHelp(d bankDoor) serving {
	return func(w http.ResponseWriter, r *http.Request) error {
		i, err := pathID(r)
		if err != nil {
			return err
		}
		o, _, err := h.LoveBank.Order(r.Context(), actor(r), i)
		if err != nil {
			return err
		}
		if o.PersonID != actor(r).PersonID || o.NeedID == 0 {
			return errs.ErrNotFound
		}
		if d.Public {
			http.Redirect(w, r, d.HelpHref(o), http.StatusSeeOther)
			return nil
		}
		key, err := h.Exchange.Mine(r.Context(), personHolder(actor(r)), o.NeedID)
		if err != nil {
			return err
		}
		return h.wishDraw(w, r, wishing{key: key, own: o.NeedID, member: true}, http.StatusOK, nil)
	}
}

func (h *Handler) ownBankGiveForm(w http.ResponseWriter, r *http.Request, d bankDoor, f field.Form) (templ.Component, error) {
	g := view.GiveForm{Door: d.Door, Form: f}
	var err error
	if g.Book, err = h.LoveBank.Own(r.Context(), actor(r)); err != nil {
		return nil, err
	}
	g.Districts, err = h.LoveBank.Partners(r.Context(), actor(r))
	return view.GivePage(h.bankFrame(w, r, d, d.Base, i18n.BankGive), g), err
}

func (h *Handler) ownBankGive(d bankDoor) serving {
	return func(w http.ResponseWriter, r *http.Request) error {
		f, err := readForm(r)
		if err != nil {
			return err
		}
		in := lovebank.Giving{To: f.Text("no", 24), Amount: f.Int("amount"), Sure: f.Bool("sure")}
		switch f.Text("to", 10) {
		case "fund":
			in.To = ""
		default:
			if in.To == "" {
				f.err = f.err.With("no", i18n.ErrRequired)
			}
		}
		in.Key = bankKey("gift-", f)
		if f.Text("to", 10) == "district" {
			if err = f.Err(); err == nil {
				err = h.LoveBank.Send(r.Context(), actor(r), lovebank.Sending{District: f.Int("district"), No: in.To, Amount: in.Amount, Sure: in.Sure, Key: in.Key})
			}
			if err == nil {
				return h.done(w, r, d.Base, i18n.BankSent, in.Amount)
			}
		} else if err = f.Err(); err == nil {
			err = h.LoveBank.Give(r.Context(), actor(r), in)
		}
		if err != nil {
			return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.ownBankGiveForm(w, r, d, f.Show(e))) })
		}
		return h.done(w, r, d.Base, i18n.BankGiven, in.Amount)
	}
}
