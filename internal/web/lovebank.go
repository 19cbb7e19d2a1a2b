package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/lovebank"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/policy"
	exchangeview "linli/internal/web/view/exchange"
	"linli/internal/web/view/field"
	"linli/internal/web/view/layout"
	view "linli/internal/web/view/lovebank"
)

func (h *Handler) loveBankRoutes() []route {
	see, keep, offers, speaks := may(lovebank.PermSee), may(lovebank.PermKeep), may(lovebank.PermOffer), may(lovebank.PermAccord)
	item := func(done i18n.Text, do func(r *http.Request, f *form, i id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(done, do), view.ItemHref, h.bankItemShown)
	}
	donation := func(done i18n.Text, do func(r *http.Request, f *form, i id.ID) error) func(http.ResponseWriter, *http.Request) error {
		return h.acted(saying(done, do), view.DonationHref, h.bankDonationShown(false))
	}
	return []route{
		{pattern: "GET /bank", who: see, serve: h.bankItems},
		{pattern: "GET /bank/export", who: see, serve: h.exportBankItems},
		{pattern: "GET /bank/items/new", who: keep, serve: h.bankItemNewPage},
		{pattern: "POST /bank/items", who: keep, serve: h.bankItemAdd},
		{pattern: "GET /bank/items/{id}", who: see, serve: h.shown(h.bankItemShown)},
		{pattern: "POST /bank/items/{id}/edit", who: keep, serve: item(i18n.BankSaved, func(r *http.Request, f *form, i id.ID) error {
			in := bankItemOf(f)
			if err := f.Err(); err != nil {
				return err
			}
			return h.LoveBank.EditItem(r.Context(), actor(r), i, f.Version(), in)
		})},
		{pattern: "POST /bank/items/{id}/count", who: keep, serve: item(i18n.BankSaved, func(r *http.Request, f *form, i id.ID) error {
			change, reason := f.Int("change"), f.Text("reason", lovebank.MaxReason)
			if err := f.Err(); err != nil {
				return err
			}
			return h.LoveBank.Count(r.Context(), actor(r), i, change, reason, bankKey("count-", f))
		})},
		{pattern: "POST /bank/items/{id}/end", who: keep, serve: item(i18n.BankSaved, func(r *http.Request, f *form, i id.ID) error {
			return h.LoveBank.EndItem(r.Context(), actor(r), i, f.Version(), f.Bool("back"))
		})},
		{pattern: "GET /bank/orders", who: see, serve: h.bankOrdersPage},
		{pattern: "GET /bank/orders/export", who: see, serve: h.exportBankOrders},
		{pattern: "POST /bank/hand", who: keep, serve: h.bankHand},
		{pattern: "GET /bank/orders/{id}", who: see, serve: h.shown(h.bankOrderShown)},
		{pattern: "POST /bank/orders/{id}/cancel", who: keep, serve: h.acted(saying(i18n.BankCancelled1, func(r *http.Request, _ *form, o id.ID) error {
			return h.LoveBank.Cancel(r.Context(), actor(r), o)
		}), view.OrderHref, h.bankOrderShown)},
		{pattern: "GET /bank/orders/{id}/receipt", who: see, serve: h.bankReceipt(view.OrderHref)},
		{pattern: "GET /bank/accounts", who: see, serve: h.bankBooksPage},
		{pattern: "GET /bank/accounts/people", who: keep, serve: h.bankPeople},
		{pattern: "POST /bank/accounts", who: keep, serve: h.bankOpenFor},
		{pattern: "GET /bank/accounts/{id}", who: see, serve: h.shown(h.bankBookShown)},
		{pattern: "GET /bank/accounts/{id}/export", who: see, serve: h.exportBankBook},
		{pattern: "POST /bank/accounts/{id}/grant", who: keep, serve: h.acted(saying(i18n.BankGranted, func(r *http.Request, f *form, b id.ID) error {
			in := lovebank.Granting{Amount: f.Int("amount"), Reason: f.Text("reason", lovebank.MaxReason), Sure: f.Bool("sure"), Key: bankKey("grant-", f)}
			if err := f.Err(); err != nil {
				return err
			}
			return h.LoveBank.Grant(r.Context(), actor(r), b, in)
		}), view.BookHref, h.bankBookShown)},
		{pattern: "POST /bank/accounts/{id}/redeem", who: keep, serve: h.bankRedeemFor},
		{pattern: "GET /bank/donations", who: see, serve: h.bankDonationsPage(false)},
		{pattern: "GET /bank/donations/{id}", who: see, serve: h.shown(h.bankDonationShown(false))},
		{pattern: "POST /bank/donations/{id}/accept", who: keep, serve: donation(i18n.BankAcceptedDone, func(r *http.Request, f *form, d id.ID) error {
			price := f.Int("price")
			if err := f.Err(); err != nil {
				return err
			}
			_, err := h.LoveBank.Accept(r.Context(), actor(r), d, price)
			return err
		})},
		{pattern: "POST /bank/donations/{id}/decline", who: keep, serve: donation(i18n.BankSaved, func(r *http.Request, f *form, d id.ID) error {
			return h.LoveBank.Decline(r.Context(), actor(r), d, f.Text("reason", lovebank.MaxReason))
		})},
		{pattern: "GET /bank/journals", who: see, serve: h.bankJournalsPage},
		{pattern: "GET /bank/journals/export", who: see, serve: h.exportBankJournals},
		{pattern: "GET /bank/journals/{id}", who: see, serve: h.shown(h.bankJournalShown)},
		{pattern: "POST /bank/journals/{id}/correct", who: keep, serve: h.acted(saying(i18n.BankCorrected, func(r *http.Request, f *form, j id.ID) error {
			return h.LoveBank.Correct(r.Context(), actor(r), j, f.Text("reason", lovebank.MaxReason))
		}), view.JournalHref, h.bankJournalShown)},
		{pattern: "GET /bank/trial", who: see, serve: h.bankTrialPage},
		{pattern: "GET /bank/trial/export", who: see, serve: h.exportBankTrial},
		{pattern: "GET /bank/solvency", who: see, serve: h.bankSolvencyPage},
		{pattern: "GET /bank/solvency/export", who: see, serve: h.exportBankSolvency},
		{pattern: "GET /bank/districts", who: see, serve: h.bankDistrictsPage},
		{pattern: "POST /bank/districts", who: speaks, serve: h.bankPropose},
		{pattern: "POST /bank/districts/{id}/agree", who: speaks, serve: h.bankAccordAct(i18n.BankAccordAgreed, func(r *http.Request, f *form, a id.ID) error {
			return h.LoveBank.Agree(r.Context(), actor(r), a, f.Version())
		})},
		{pattern: "POST /bank/districts/{id}/leave", who: speaks, serve: h.bankAccordAct(i18n.BankAccordLeft, func(r *http.Request, f *form, a id.ID) error {
			return h.LoveBank.Leave(r.Context(), actor(r), a, f.Version(), f.Text("reason", lovebank.MaxReason))
		})},
		{pattern: "GET /bank/remit", who: keep, serve: h.bankRemitPage},
		{pattern: "POST /bank/remit", who: keep, serve: h.bankRemitAct},
		{pattern: "GET /unit-bank", who: offers, serve: h.bankDonationsPage(true)},
		{pattern: "GET /unit-bank/new", who: offers, serve: h.bankOfferPage},
		{pattern: "POST /unit-bank", who: offers, serve: h.bankOffer},
		{pattern: "GET /unit-bank/{id}", who: offers, serve: h.shown(h.bankDonationShown(true))},
		{pattern: "POST /unit-bank/{id}/withdraw", who: offers, serve: h.acted(saying(i18n.BankSaved, func(r *http.Request, _ *form, d id.ID) error {
			return h.LoveBank.Withdraw(r.Context(), actor(r), d)
		}), func(d id.ID) string { return view.UnitPath + "/" + d.String() }, h.bankDonationShown(true))},
	}
}

// shown serves the page on which acts stand, as long as none was sent.
func (h *Handler) shown(page func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error)) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		body, err := page(w, r, field.Form{})
		if err != nil {
			return err
		}
		return h.show(w, r, body)
	}
}

func (h *Handler) bankCrumbs(w http.ResponseWriter, r *http.Request, title string, on i18n.Text, href string) layout.Page {
	p := h.page(w, r, i18n.Verbatim(title))
	p.Active = view.Path
	p.Breadcrumb = []layout.Crumb{{Text: i18n.BankTitle.In(lang(r)), Href: view.Path}}
	if href != "" {
		p.Breadcrumb = append(p.Breadcrumb, layout.Crumb{Text: on.In(lang(r)), Href: href})
	}
	return p
}

func (h *Handler) bankPage(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Active = view.Path
	return p
}

func bankItemFilter(r *http.Request) lovebank.ItemFilter {
	q := r.URL.Query()
	return lovebank.ItemFilter{Community: queryID(r, "community"), Kind: lovebank.Ware(q.Get("kind")), Over: q.Get("over") != "", Text: q.Get("q"), Page: pageOf(r)}
}

func (h *Handler) bankPlaces(r *http.Request) ([]field.Option, error) {
	return h.communityOptions(r, actor(r).Scope(lovebank.PermSee))
}

func (h *Handler) bankItems(w http.ResponseWriter, r *http.Request) error {
	list, err := h.LoveBank.Items(r.Context(), actor(r), bankItemFilter(r))
	if err != nil {
		return err
	}
	d := view.Desk{Items: list.Items, Query: r.URL.Query(), Before: list.Prev, After: list.Next, Keeps: actor(r).Can(lovebank.PermKeep), Today: h.today()}
	if d.Places, err = h.bankPlaces(r); err != nil {
		return err
	}
	d.Remits = d.Keeps && len(d.Places) > 1
	d.Limits = actor(r).Can(policy.PermSee) || actor(r).Can(policy.PermSet)
	return h.show(w, r, view.Index(h.bankPage(w, r, i18n.BankTitle), d))
}

func (h *Handler) exportBankItems(w http.ResponseWriter, r *http.Request) error {
	type t = lovebank.Item
	f := bankItemFilter(r)
	return exportList(h, w, r, i18n.BankTabItems, []exportColumn[t]{
		{title: i18n.BankItem, value: func(v t) any { return v.Title }},
		{title: i18n.BankWare, value: func(v t) any { return v.Kind.Text() }},
		{title: i18n.CaseCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.BankFirm, value: func(v t) any { return v.Giver }},
		{title: i18n.BankPriceEach, number: true, value: func(v t) any { return v.Price }},
		{title: i18n.BankCountedIn, value: func(v t) any { return v.Unit }},
		{title: i18n.BankStock, number: true, value: func(v t) any { return v.Stock }},
		{title: i18n.BankKindReserved, number: true, value: func(v t) any { return v.Reserved }},
		{title: i18n.BankKindGiven, number: true, value: func(v t) any { return v.Given }},
		{title: i18n.BankWho, value: func(v t) any { return v.Who.Text() }},
		{title: i18n.BankLastOn, value: func(v t) any { return v.LastOn.String() }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.LoveBank.Items(ctx, actor(r), f)
	}))
}

func bankItemOf(f *form) lovebank.NewItem {
	return lovebank.NewItem{CommunityID: f.ID("community"), Kind: lovebank.Ware(f.Text("kind", 10)), Title: f.Text("title", lovebank.MaxTitle), Detail: f.Text("detail", lovebank.MaxDetail), Unit: f.Text("unit", lovebank.MaxUnit),
		Price: f.Int("price"), Who: lovebank.Who(f.Text("who", 10)), LastOn: f.Date("last_on"), Stock: f.Int("stock")}
}

func (h *Handler) bankItemNewPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.bankItemForm(w, r, field.Form{Values: url.Values{}})))
}

func (h *Handler) bankItemForm(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	n := view.ItemForm{Form: f}
	var err error
	if n.Communities, err = h.communityOptions(r, actor(r).Scope(lovebank.PermKeep)); err != nil {
		return nil, err
	}
	return view.NewPage(h.bankCrumbs(w, r, i18n.BankItemNew.In(lang(r)), i18n.Text{}, ""), n), nil
}

func (h *Handler) bankItemAdd(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := bankItemOf(f)
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.LoveBank.AddItem(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.bankItemForm(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.ItemHref(made), i18n.BankSaved)
}

func (h *Handler) bankItemShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	i, err := pathID(r)
	if err != nil {
		return nil, err
	}
	s := view.Show{Sent: sent, SentBy: sent.Values.Get(formKey), Today: h.today(), Key: newKey()}
	if s.Item, err = h.LoveBank.Item(r.Context(), actor(r), i); err != nil {
		return nil, err
	}
	s.Keeps = actor(r).Scope(lovebank.PermKeep).Covers(s.CommunityID)
	return view.One(h.bankCrumbs(w, r, s.Title, i18n.Text{}, ""), s), nil
}

func bankOrderFilter(r *http.Request) lovebank.OrderFilter {
	q := r.URL.Query()
	return lovebank.OrderFilter{State: lovebank.State(q.Get("state")), Community: queryID(r, "community"), Item: queryID(r, "item"), Text: q.Get("q"), Page: pageOf(r)}
}

func (h *Handler) bankOrdersPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.bankOrders(w, r, field.Form{Values: url.Values{}})))
}

func (h *Handler) bankOrders(w http.ResponseWriter, r *http.Request, hand field.Form) (templ.Component, error) {
	list, err := h.LoveBank.Orders(r.Context(), actor(r), bankOrderFilter(r))
	if err != nil {
		return nil, err
	}
	o := view.Orders{Items: list.Items, Query: r.URL.Query(), Before: list.Prev, After: list.Next, Keeps: actor(r).Can(lovebank.PermKeep), Hand: hand}
	if o.Places, err = h.bankPlaces(r); err != nil {
		return nil, err
	}
	return view.OrdersPage(h.bankPage(w, r, i18n.BankTabOrders), o), nil
}

func (h *Handler) exportBankOrders(w http.ResponseWriter, r *http.Request) error {
	type t = lovebank.OrderRow
	f := bankOrderFilter(r)
	return exportList(h, w, r, i18n.BankTabOrders, []exportColumn[t]{
		{title: i18n.BankOrderNo, value: func(v t) any { return v.No }},
		{title: i18n.BankItem, value: func(v t) any { return v.Item }},
		{title: i18n.BankName, value: func(v t) any { return v.Name }},
		{title: i18n.CaseCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.BankAmountL, number: true, value: func(v t) any { return v.Amount }},
		{title: i18n.BankHeartsL, number: true, value: func(v t) any { return v.Hearts }},
		{title: i18n.ExchangeState, value: func(v t) any { return v.State.Text() }},
		{title: i18n.BankOrderedAt, value: func(v t) any { return i18n.DateTime(v.OrderedAt) }},
		{title: i18n.BankEndedAt, value: func(v t) any { return i18n.DateTime(v.EndedAt) }},
		{title: i18n.BankEndedBy, value: func(v t) any { return v.By }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.LoveBank.Orders(ctx, actor(r), f)
	}))
}

// bankHand hands over what somebody shows the code of.
func (h *Handler) bankHand(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	o, err := h.LoveBank.Hand(r.Context(), actor(r), f.Text("code", 20))
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.bankOrders(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.OrderHref(o), i18n.BankHandedDone)
}

func (h *Handler) bankOrderShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	i, err := pathID(r)
	if err != nil {
		return nil, err
	}
	o := view.OrderPage{Sent: sent}
	if o.OrderRow, _, err = h.LoveBank.Order(r.Context(), actor(r), i); err != nil {
		return nil, err
	}
	if actor(r).Scope(exchange.PermSee).Covers(o.CommunityID) {
		o.NeedHref = exchangeview.Href(o.NeedID)
	}
	if o.Keeps = actor(r).Scope(lovebank.PermKeep).Covers(o.CommunityID); o.Keeps && o.State == lovebank.Ordered && o.NeedID == 0 { // whoever ordered for somebody tells them the code
		if _, o.Code, err = h.LoveBank.Slip(r.Context(), actor(r), i); err != nil {
			return nil, err
		}
	}
	return view.OneOrder(h.bankCrumbs(w, r, o.Item, i18n.BankTabOrders, view.OrderPath), o), nil
}

// bankReceipt is what is signed when something is handed over.
func (h *Handler) bankReceipt(back func(id.ID) string) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		i, err := pathID(r)
		if err != nil {
			return err
		}
		o, _, err := h.LoveBank.Order(r.Context(), actor(r), i)
		if err != nil {
			return err
		}
		if o.State != lovebank.Collected {
			return errs.ErrNotFound
		}
		p := h.page(w, r, i18n.BankReceiptTitle)
		p.Back = back(i)
		return h.show(w, r, view.Receipt(p, o))
	}
}

func bankBookFilter(r *http.Request) lovebank.BookFilter {
	return lovebank.BookFilter{Community: queryID(r, "community"), Text: r.URL.Query().Get("q"), Page: pageOf(r)}
}

func (h *Handler) bankBooksPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.bankBooks(w, r, field.Form{Values: url.Values{}})))
}

func (h *Handler) bankBooks(w http.ResponseWriter, r *http.Request, open field.Form) (templ.Component, error) {
	list, err := h.LoveBank.Books(r.Context(), actor(r), bankBookFilter(r))
	if err != nil {
		return nil, err
	}
	b := view.Books{Items: list.Items, Query: r.URL.Query(), Before: list.Prev, After: list.Next, Keeps: actor(r).Can(lovebank.PermKeep) && actor(r).Can(person.PermSee), Open: open, Shown: open.Values.Get("person_text")}
	if b.Places, err = h.bankPlaces(r); err != nil {
		return nil, err
	}
	return view.BooksPage(h.bankPage(w, r, i18n.BankTabBooks), b), nil
}

// bankPeople answers the choosing of somebody who wants an account.
func (h *Handler) bankPeople(w http.ResponseWriter, r *http.Request) error {
	text := typed(r)
	if text == "" {
		return h.show(w, r, field.Matches(nil))
	}
	list, err := h.Person.List(r.Context(), actor(r), person.Filter{Text: text, Page: db.Page{Limit: matchLimit}})
	if err != nil {
		return err
	}
	var out []field.Option
	for _, p := range list.Items {
		out = append(out, field.Option{Value: p.ID.String(), Text: i18n.Verbatim(p.Name), Note: p.Address})
	}
	return h.show(w, r, field.Matches(out))
}

func (h *Handler) bankOpenFor(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	who := f.ID("person")
	if who == 0 && f.Err() == nil {
		err = errs.Field("person", i18n.ErrRequired)
	} else {
		err = f.Err()
	}
	var made id.ID
	if err == nil {
		made, err = h.LoveBank.OpenFor(r.Context(), actor(r), who)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.bankBooks(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.BookHref(made), i18n.BankOpened)
}

// bankBookShown is somebody's account; the look is recorded.
func (h *Handler) bankBookShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	i, err := pathID(r)
	if err != nil {
		return nil, err
	}
	a := actor(r)
	b := view.BookPage{Sent: sent, SentBy: sent.Values.Get(formKey), Query: r.URL.Query(), Key: newKey()}
	if b.Book, err = h.LoveBank.Look(r.Context(), a, i); err != nil {
		return nil, err
	}
	list, err := h.LoveBank.Statement(r.Context(), a, i, pageOf(r))
	if err != nil {
		return nil, err
	}
	b.Lines, b.Before, b.After = list.Items, list.Prev, list.Next
	if b.Ending, err = h.LoveBank.Ends(r.Context(), a, i); err != nil {
		return nil, err
	}
	if b.Keeps = a.Scope(lovebank.PermKeep).Covers(b.CommunityID); b.Keeps && !b.IsClosed() {
		if b.Fund, err = h.LoveBank.FundOf(r.Context(), a, b.CommunityID); err != nil {
			return nil, err
		}
		choice, err := h.LoveBank.ChoiceFor(r.Context(), a, i, lovebank.ItemFilter{Page: db.Page{Limit: 200}})
		if err != nil {
			return nil, err
		}
		b.Choice = choice.Items
	}
	return view.OneBook(h.bankCrumbs(w, r, b.Name, i18n.BankTabBooks, view.BookPath), b), nil
}

func bankLineColumns(r *http.Request) []exportColumn[lovebank.Line] {
	type t = lovebank.Line
	l := lang(r)
	return []exportColumn[t]{
		{title: i18n.LedgerDay, value: func(v t) any { return v.OnDate.String() }},
		{title: i18n.BankWhat, value: func(v t) any { return view.What(l, v) }},
		{title: i18n.BankHeartsL, number: true, value: func(v t) any { return v.Amount }},
		{title: i18n.BankBalance, number: true, value: func(v t) any { return v.Balance }},
		{title: i18n.BankExpiresOn, value: func(v t) any { return v.Expires.String() }},
		{title: i18n.BankPostedAt, value: func(v t) any { return i18n.DateTime(v.At) }},
	}
}

func (h *Handler) exportBankBook(w http.ResponseWriter, r *http.Request) error {
	i, err := pathID(r)
	if err != nil {
		return err
	}
	if _, err := h.LoveBank.Look(r.Context(), actor(r), i); err != nil {
		return err
	}
	return exportList(h, w, r, i18n.BankStatement, bankLineColumns(r), pages(func(ctx context.Context, p db.Page) (db.List[lovebank.Line], error) {
		return h.LoveBank.Statement(ctx, actor(r), i, p)
	}))
}

// bankRedemption reads what is to be redeemed.
func bankRedemption(f *form, item id.ID) lovebank.Redemption {
	return lovebank.Redemption{Item: item, Amount: f.Int("amount"), Sure: f.Bool("sure"), Words: f.Text("body", exchange.MaxWords), Place: f.Text("place", exchange.MaxPlace), Phone: f.Text("phone", 40), Share: f.Bool("share"), Key: bankKey("bank-", f)}
}

// bankKey names one sending of a form; forms of different acts never share one.
func bankKey(act string, f *form) string {
	if k := f.values.Get("key"); k != "" {
		return act + k
	}
	return ""
}

func (h *Handler) bankRedeemFor(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	b, err := pathID(r)
	if err != nil {
		return err
	}
	in := bankRedemption(f, f.ID("item"))
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.LoveBank.RedeemFor(r.Context(), actor(r), b, in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.bankBookShown(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.OrderHref(made), i18n.BankOrderedFor)
}

func (h *Handler) bankDonationsPage(unit bool) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		list, err := h.LoveBank.Donations(r.Context(), actor(r), lovebank.DonationFilter{State: lovebank.DonationState(r.URL.Query().Get("state")), Page: pageOf(r)})
		if err != nil {
			return err
		}
		d := view.Donations{Items: list.Items, Query: r.URL.Query(), Before: list.Prev, After: list.Next, Unit: unit}
		if !unit {
			return h.show(w, r, view.DonationsPage(h.bankPage(w, r, i18n.BankTabDonations), d))
		}
		orgs, err := h.organisationsIn(r, actor(r).Scope(lovebank.PermOffer), organisation.Unit)
		if err != nil {
			return err
		}
		for _, o := range orgs {
			d.Orgs = append(d.Orgs, o.Name)
		}
		return h.show(w, r, view.DonationsPage(h.page(w, r, i18n.BankUnitTitle), d))
	}
}

func (h *Handler) bankDonationShown(unit bool) func(http.ResponseWriter, *http.Request, field.Form) (templ.Component, error) {
	return func(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
		i, err := pathID(r)
		if err != nil {
			return nil, err
		}
		d := view.DonationPage{Sent: sent, SentBy: sent.Values.Get(formKey), Unit: unit}
		if d.Donation, err = h.LoveBank.Donation(r.Context(), actor(r), i); err != nil {
			return nil, err
		}
		d.Keeps = actor(r).Scope(lovebank.PermKeep).Covers(d.CommunityID)
		if unit {
			p := h.page(w, r, i18n.Verbatim(d.Title))
			p.Active = view.UnitPath
			p.Breadcrumb = []layout.Crumb{{Text: i18n.BankUnitTitle.In(lang(r)), Href: view.UnitPath}}
			return view.OneDonation(p, d), nil
		}
		return view.OneDonation(h.bankCrumbs(w, r, d.Title, i18n.BankTabDonations, view.DonationPath), d), nil
	}
}

func (h *Handler) bankOfferPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.bankOfferForm(w, r, field.Form{Values: url.Values{}})))
}

func (h *Handler) bankOfferForm(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	d := view.DonationForm{Form: f}
	var err error
	if d.Orgs, err = h.organisationOptions(r, actor(r).Scope(lovebank.PermOffer), organisation.Unit); err != nil {
		return nil, err
	}
	refs, err := h.Organisation.Directory(r.Context(), actor(r), "", []organisation.Kind{organisation.Community}, 1000)
	if err != nil {
		return nil, err
	}
	for _, o := range refs {
		d.Communities = append(d.Communities, organisationOption(o))
	}
	p := h.page(w, r, i18n.BankOffer)
	p.Active = view.UnitPath
	p.Breadcrumb = []layout.Crumb{{Text: i18n.BankUnitTitle.In(lang(r)), Href: view.UnitPath}}
	return view.OfferPage(p, d), nil
}

func (h *Handler) bankOffer(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := lovebank.NewDonation{OrgID: f.ID("org"), CommunityID: f.ID("community"), Title: f.Text("title", lovebank.MaxTitle), Detail: f.Text("detail", lovebank.MaxDetail), Amount: f.Int("amount"), Unit: f.Text("unit", lovebank.MaxUnit), LastOn: f.Date("last_on"), Sure: f.Bool("sure")}
	var made id.ID
	if err = f.Err(); err == nil {
		made, err = h.LoveBank.Offer(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.bankOfferForm(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.UnitPath+"/"+made.String(), i18n.BankOfferDone)
}

func bankJournalFilter(r *http.Request) lovebank.JournalFilter {
	q := r.URL.Query()
	return lovebank.JournalFilter{Community: queryID(r, "community"), Act: lovebank.Act(q.Get("act")), Kind: lovebank.Kind(q.Get("kind")), Item: queryID(r, "item"), Warned: q.Get("warned") != "", Page: pageOf(r)}
}

func (h *Handler) bankJournalsPage(w http.ResponseWriter, r *http.Request) error {
	list, err := h.LoveBank.Journals(r.Context(), actor(r), bankJournalFilter(r))
	if err != nil {
		return err
	}
	j := view.Journals{Items: list.Items, Query: r.URL.Query(), Before: list.Prev, After: list.Next}
	if j.Places, err = h.bankPlaces(r); err != nil {
		return err
	}
	return h.show(w, r, view.JournalsPage(h.bankPage(w, r, i18n.BankTabJournals), j))
}

func (h *Handler) exportBankJournals(w http.ResponseWriter, r *http.Request) error {
	type t = lovebank.JournalRow
	f := bankJournalFilter(r)
	return exportList(h, w, r, i18n.BankTabJournals, []exportColumn[t]{
		{title: i18n.LedgerDay, value: func(v t) any { return v.OnDate.String() }},
		{title: i18n.BankAct, value: func(v t) any { return v.Act.Text() }},
		{title: i18n.CaseCommunity, value: func(v t) any { return v.Community }},
		{title: i18n.BankHeartsL, number: true, value: func(v t) any { return v.Hearts }},
		{title: i18n.BankPieces, number: true, value: func(v t) any { return v.Pieces }},
		{title: i18n.BankBy, value: func(v t) any { return v.By }},
		{title: i18n.BankWarned, value: func(v t) any {
			if v.Warned {
				return i18n.BankWarned
			}
			return ""
		}},
		{title: i18n.BankPostedAt, value: func(v t) any { return i18n.DateTime(v.At) }},
	}, pages(func(ctx context.Context, p db.Page) (db.List[t], error) {
		f.Page = p
		return h.LoveBank.Journals(ctx, actor(r), f)
	}))
}

func (h *Handler) bankJournalShown(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
	i, err := pathID(r)
	if err != nil {
		return nil, err
	}
	j := view.JournalPage{Correct: sent, Sees: actor(r).Can(ledger.PermSee)}
	if j.JournalRow, j.Legs, err = h.LoveBank.Journal(r.Context(), actor(r), i); err != nil {
		return nil, err
	}
	if j.Correct.Values == nil {
		j.Correct.Values = url.Values{}
	}
	scope := actor(r).Scope(lovebank.PermKeep)
	j.Keeps = !slices.ContainsFunc(j.Legs, func(l lovebank.Leg) bool { return !scope.Covers(l.At) })
	return view.OneJournal(h.bankCrumbs(w, r, j.Act.Text().In(lang(r)), i18n.BankTabJournals, view.JournalPath), j), nil
}

func (h *Handler) bankTrialPage(w http.ResponseWriter, r *http.Request) error {
	t, err := h.LoveBank.Trial(r.Context(), actor(r), queryID(r, "community"))
	if err != nil {
		return err
	}
	v := view.TrialPage{Trial: t, Query: r.URL.Query()}
	if v.Places, err = h.bankPlaces(r); err != nil {
		return err
	}
	return h.show(w, r, view.TrialBalance(h.bankPage(w, r, i18n.BankTabTrial), v))
}

func (h *Handler) exportBankTrial(w http.ResponseWriter, r *http.Request) error {
	type t struct {
		lovebank.TrialRow
		name i18n.Text
		unit lovebank.Unit
	}
	b, err := h.LoveBank.Trial(r.Context(), actor(r), queryID(r, "community"))
	if err != nil {
		return err
	}
	return exportList(h, w, r, i18n.BankTabTrial, []exportColumn[t]{
		{title: i18n.BankUnitL, value: func(v t) any { return v.unit.Text() }},
		{title: i18n.BankKind, value: func(v t) any { return v.name }},
		{title: i18n.BankAccounts, number: true, value: func(v t) any { return v.Accounts }},
		{title: i18n.BankDebit, number: true, value: func(v t) any { return v.Debits }},
		{title: i18n.BankCredit, number: true, value: func(v t) any { return v.Credits }},
		{title: i18n.BankNet, number: true, value: func(v t) any { return v.Balance() }},
	}, func(_ context.Context, fn func(t) error) error {
		for _, part := range []struct {
			unit lovebank.Unit
			list []lovebank.TrialRow
			sum  lovebank.TrialRow
		}{{lovebank.Hearts, b.Hearts, b.SumHearts}, {lovebank.Goods, b.Goods, b.SumGoods}} {
			for _, x := range part.list {
				if err := fn(t{x, x.Kind.Text(), part.unit}); err != nil {
					return err
				}
			}
			if err := fn(t{part.sum, i18n.BankSum, part.unit}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *Handler) bankSolvencyPage(w http.ResponseWriter, r *http.Request) error {
	s, err := h.LoveBank.Solvency(r.Context(), actor(r), queryID(r, "community"))
	if err != nil {
		return err
	}
	v := view.SolvencyPage{Solvency: s, Query: r.URL.Query()}
	if v.Places, err = h.bankPlaces(r); err != nil {
		return err
	}
	return h.show(w, r, view.SolvencyStatement(h.bankPage(w, r, i18n.BankTabSolvency), v))
}

func (h *Handler) exportBankSolvency(w http.ResponseWriter, r *http.Request) error {
	type t = view.SolvencyRow
	s, err := h.LoveBank.Solvency(r.Context(), actor(r), queryID(r, "community"))
	if err != nil {
		return err
	}
	return exportList(h, w, r, i18n.BankTabSolvency, []exportColumn[t]{
		{title: i18n.BankWhat, value: func(v t) any { return v.Label }},
		{title: i18n.BankHeartsL, number: true, value: func(v t) any { return v.Value }},
	}, func(_ context.Context, fn func(t) error) error {
		flow, ages := view.Rows(s, "")
		rows := append(append(flow, ages...), t{Label: i18n.BankOutstanding, Value: s.Outstanding()}, t{Label: i18n.BankCouldCover, Value: s.Stock})
		for _, x := range rows {
			if err := fn(x); err != nil {
				return err
			}
		}
		return nil
	})
}

func (h *Handler) bankDistrictsPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.bankDistricts(w, r, view.DistrictsPage{})))
}

func (h *Handler) bankDistricts(w http.ResponseWriter, r *http.Request, d view.DistrictsPage) (templ.Component, error) {
	var err error
	if d.Accords, err = h.LoveBank.Accords(r.Context(), actor(r)); err != nil {
		return nil, err
	}
	if d.Keeps = actor(r).Scope(lovebank.PermAccord).All(); d.Keeps {
		if d.Others, err = h.LoveBank.Others(r.Context(), actor(r)); err != nil {
			return nil, err
		}
	}
	if d.Propose.Values == nil {
		d.Propose.Values = url.Values{}
	}
	return view.Districts(h.bankPage(w, r, i18n.BankTabDistricts), d), nil
}

func (h *Handler) bankPropose(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	other, ceiling := f.Int("district"), f.Int("ceiling")
	if err = f.Err(); err == nil {
		_, err = h.LoveBank.Propose(r.Context(), actor(r), other, ceiling)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return orFault(h.bankDistricts(w, r, view.DistrictsPage{Propose: f.Show(e)}))
		})
	}
	return h.done(w, r, view.DistrictPath, i18n.BankAccordSent)
}

// bankAccordAct is an act on an agreement with another district.
func (h *Handler) bankAccordAct(said i18n.Text, do func(r *http.Request, f *form, a id.ID) error) serving {
	return h.acted(saying(said, do), func(id.ID) string { return view.DistrictPath }, func(w http.ResponseWriter, r *http.Request, sent field.Form) (templ.Component, error) {
		return h.bankDistricts(w, r, view.DistrictsPage{Sent: sent, SentTo: r.PathValue("id")})
	})
}

func (h *Handler) bankRemitPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, orFault(h.bankRemitForm(w, r, field.Form{Values: url.Values{"key": {newKey()}}})))
}

func (h *Handler) bankRemitForm(w http.ResponseWriter, r *http.Request, f field.Form) (templ.Component, error) {
	v := view.RemitForm{Form: f}
	var err error
	if v.Communities, err = h.communityOptions(r, actor(r).Scope(lovebank.PermKeep)); err != nil {
		return nil, err
	}
	return view.RemitPage(h.bankCrumbs(w, r, i18n.BankRemit.In(lang(r)), i18n.Text{}, ""), v), nil
}

func (h *Handler) bankRemitAct(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	from, to, amount, reason := f.ID("from"), f.ID("to"), f.Int("amount"), f.Text("reason", lovebank.MaxReason)
	if err = f.Err(); err == nil {
		err = h.LoveBank.Remit(r.Context(), actor(r), from, to, amount, reason, bankKey("remit-", f))
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component { return orFault(h.bankRemitForm(w, r, f.Show(e))) })
	}
	return h.done(w, r, view.JournalPath, i18n.BankRemitted)
}
