// Package lovebank draws the pages of the love bank: a member's account on the phone, the desk of the community, and what a unit gives.
package lovebank

import (
	"context"
	"net/url"
	"slices"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/lovebank"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses of the pages.
const (
	Path         = "/bank"
	ItemPath     = Path + "/items"
	OrderPath    = Path + "/orders"
	BookPath     = Path + "/accounts"
	DonationPath = Path + "/donations"
	JournalPath  = Path + "/journals"
	TrialPath    = Path + "/trial"
	SolvencyPath = Path + "/solvency"
	RemitPath    = Path + "/remit"
	DistrictPath = Path + "/districts"
	UnitPath     = "/unit-bank"
)

// Door is the way through which somebody came to their own account.
type Door struct {
	Base   string
	Public bool // in the frame for residents
}

// The doors: a member's on the phone, and that of a resident's own account.
var (
	Member   = Door{Base: "/m/bank"}
	Resident = Door{Base: "/p/me/bank", Public: true}
)

// ItemHref is the address of something that can be redeemed.
func (d Door) ItemHref(i id.ID) string { return d.Base + "/items/" + i.String() }

// OrderHref is the address of one's own order.
func (d Door) OrderHref(i id.ID) string { return d.Base + "/orders/" + i.String() }

// HelpHref is the address at which somebody follows the help that they redeemed.
func (d Door) HelpHref(o lovebank.OrderRow) string {
	if d.Public {
		return "/p/me/wish/" + o.NeedID.String()
	}
	return d.OrderHref(o.ID) + "/help"
}

// line is what a line of one's own account comes from: an order; the hours, which members may open.
func (d Door) line(x lovebank.Line) string {
	switch {
	case x.Source == lovebank.SourceOrder:
		return d.OrderHref(x.SourceID)
	case x.Source == lovebank.SourcePosting && !d.Public:
		return "/ledger/postings/" + x.SourceID.String()
	}
	return ""
}

// ItemHref is an item at the desk.
func ItemHref(i id.ID) string { return ItemPath + "/" + i.String() }

// OrderHref is an order at the desk.
func OrderHref(i id.ID) string { return OrderPath + "/" + i.String() }

// BookHref is somebody's account at the desk.
func BookHref(i id.ID) string { return BookPath + "/" + i.String() }

// DonationHref is a donation at the desk.
func DonationHref(i id.ID) string { return DonationPath + "/" + i.String() }

// JournalHref is a journal.
func JournalHref(i id.ID) string { return JournalPath + "/" + i.String() }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// signed is a number with its sign.
func signed(n int64) string {
	if n > 0 {
		return "+" + i18n.Number(n)
	}
	return i18n.Number(n)
}

// OrderBadge is the badge of an order: of help on its way, how far it is.
func OrderBadge(o lovebank.OrderRow) partial.State {
	if o.NeedID != 0 && o.State == lovebank.Ordered {
		return partial.State{Text: o.NeedState.Text(), Tone: partial.Waiting}
	}
	return OrderOf(o.State)
}

// OrderOf is the badge of an order.
func OrderOf(s lovebank.State) partial.State {
	tone := map[lovebank.State]partial.Tone{lovebank.Ordered: partial.Waiting, lovebank.Collected: partial.Closed, lovebank.Cancelled: partial.Ended, lovebank.Lapsed: partial.Ended}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

// DonationOf is the badge of a donation.
func DonationOf(s lovebank.DonationState) partial.State {
	tone := map[lovebank.DonationState]partial.Tone{lovebank.Offered: partial.Waiting, lovebank.Accepted: partial.Active, lovebank.Declined: partial.Refused, lovebank.Withdrawn: partial.Ended}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

// pieces is a number of an item with its unit.
func pieces(n int64, unit string) string { return i18n.Number(n) + " " + unit }

// What says what a line is, in one line.
func What(l i18n.Lang, x lovebank.Line) string {
	s := x.Act.Text().In(l)
	switch {
	case x.Act == lovebank.Moved && x.Amount < 0:
		s = i18n.BankMovedFrom.In(l)
	case x.Act == lovebank.Moved:
		s = i18n.BankMovedTo.In(l, x.Community)
	case x.Act == lovebank.Credit && x.Amount < 0: // service booked again after it was spent
		s = i18n.BankOffset.In(l)
	case x.Item != "":
		s += i18n.BankColon.In(l) + x.Item
	case x.Pieces != 0:
		s += " " + i18n.BankPiecesGiven.In(l, x.Pieces)
	case x.Minutes != 0:
		s += " " + i18n.BankHoursOf.In(l, i18n.Hours(x.Minutes))
	case x.District != "":
		s += i18n.BankColon.In(l) + x.District
		switch {
		case x.UnderWay:
			s += i18n.CatalogueComma.In(l) + i18n.BankAccordUnder.In(l)
		case x.Refused != "" && x.Act == lovebank.CameBack:
			s += i18n.CatalogueComma.In(l) + x.Refused.Text().In(l)
		}
	case x.Reason != "":
		s += i18n.BankColon.In(l) + x.Reason
	}
	return s
}

// Own is somebody's own account.
type Own struct {
	Door
	lovebank.Book
	None          bool // there is none
	Ending        lovebank.Ending
	Solvency      lovebank.Solvency // of the bank of the community
	Lines         []lovebank.Line
	Orders        []lovebank.OrderRow // that wait to be collected
	Query         url.Values
	Before, After string
	PerHour       int64
	Duty          bool // activities count for those who reported for duty too
	Form          field.Form
}

// Items is the catalogue as who has an account sees it.
type Items struct {
	Door
	lovebank.Book
	Items         []lovebank.Item
	Query         url.Values
	Before, After string
}

// ItemPage is an item that somebody may redeem.
type ItemPage struct {
	Door
	lovebank.Item
	lovebank.Book
	Form  field.Form
	Today calendar.Date
}

func (p ItemPage) facts(ctx context.Context) []partial.Fact {
	i := p.Item
	list := []partial.Fact{partial.F(i18n.BankPriceEach, i18n.T(ctx, i18n.BankHeartsN, i.Price)), partial.F(i18n.BankStock, pieces(i.Stock, i.Unit)), partial.F(i18n.BankLastOn, i.LastOn.String()), partial.F(i18n.BankFrom, giver(ctx, i.Giver))}
	if i.Who != lovebank.Everybody {
		list = append(list, partial.F(i18n.BankWho, i18n.T(ctx, i.Who.Text())))
	}
	return list
}

// most is how many of it are redeemed at once.
func (p ItemPage) most() int64 {
	if p.Item.Kind == lovebank.Help {
		return min(p.Item.Stock, exchange.MaxMinutes/60)
	}
	return p.Item.Stock
}

func (p ItemPage) much() bool { return doubts(p.Form) }

func giver(ctx context.Context, name string) string {
	if name == "" {
		return i18n.T(ctx, i18n.BankFromCommunity)
	}
	return name
}

// doubts says whether a form was sent back to ask whether somebody is sure.
func doubts(f field.Form) bool { return f.Err != nil && !f.Err.Fields["sure"].Text.IsZero() }

// OrderPage is an order: Code where it is the reader's own to show.
type OrderPage struct {
	Door
	lovebank.OrderRow
	Code  string
	Own   bool
	Keeps bool
	Sent  field.Form
	// NeedHref is the need made of it, where the reader may open it; "" is its number alone.
	NeedHref string
}

func (o OrderPage) base() string {
	if o.Own {
		return o.OrderHref(o.ID)
	}
	return OrderHref(o.ID)
}

func (o OrderPage) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.BankOrderNo, o.No), partial.F(i18n.BankItem, o.Item), partial.F(i18n.BankAmountL, pieces(o.Amount, o.Unit)), partial.F(i18n.BankHeartsL, i18n.Number(o.Hearts)), partial.F(i18n.CaseCommunity, o.Community),
		partial.F(i18n.BankOrderedAt, i18n.DateTime(o.OrderedAt))}
	if !o.Own {
		list = append(list, partial.Fact{Label: i18n.BankName, Value: partial.Link(o.Name, BookHref(o.BookID))})
	}
	if o.NeedID != 0 && !o.Own {
		list = append(list, partial.Fact{Label: i18n.BankHelpNeed, Value: o.need()})
	}
	if o.State == lovebank.Ordered {
		return append(list, partial.F(i18n.BankUntil, o.UntilOn.String()))
	}
	list = append(list, partial.F(i18n.BankEndedAt, i18n.DateTime(o.EndedAt)))
	if o.By != "" {
		list = append(list, partial.F(i18n.BankEndedBy, o.By))
	}
	if o.Refunded > 0 {
		list = append(list, partial.F(i18n.BankRefunded, i18n.T(ctx, i18n.BankHeartsN, o.Refunded)))
	}
	return list
}

// need is the need made of an order, to be opened by those who may.
func (o OrderPage) need() templ.Component {
	if o.NeedHref == "" {
		return partial.Text(o.NeedNo)
	}
	return partial.Link(o.NeedNo, o.NeedHref)
}

// tabs lead from one part of the bank to another.
func tabs(at string) []partial.Tab {
	var out []partial.Tab
	for _, t := range []struct {
		text i18n.Text
		href string
	}{{i18n.BankTabItems, Path}, {i18n.BankTabOrders, OrderPath}, {i18n.BankTabBooks, BookPath}, {i18n.BankTabDonations, DonationPath}, {i18n.BankTabJournals, JournalPath}, {i18n.BankTabTrial, TrialPath}, {i18n.BankTabSolvency, SolvencyPath}, {i18n.BankTabDistricts, DistrictPath}} {
		out = append(out, partial.Tab{Text: t.text, Href: t.href, Active: at == t.href, Count: -1})
	}
	return out
}

// Desk is the catalogue at the desk.
type Desk struct {
	Items         []lovebank.Item
	Query         url.Values
	Before, After string
	Places        []field.Option
	Keeps         bool
	Remits        bool // keeps the banks of several communities
	Limits        bool // may read the settings
	Today         calendar.Date
}

func (d Desk) head(title string, ctx context.Context) partial.Head {
	h := partial.Head{Title: title, Under: i18n.T(ctx, i18n.BankLead)}
	if d.Keeps {
		h.Acts = []partial.Act{{Text: i18n.BankHandAct, Href: OrderPath + "#hand", Icon: icon.Scan}, {Text: i18n.BankItemNew, Href: ItemPath + "/new", Look: partial.Primary, Icon: icon.Plus}}
	}
	if d.Remits {
		h.More = []partial.Act{{Text: i18n.BankRemit, Href: RemitPath, Icon: icon.Send}}
	}
	if d.Limits {
		h.More = append(h.More, partial.Act{Text: i18n.BankLimits, Href: "/settings", Icon: icon.Settings})
	}
	return h
}

func (d Desk) filters() []partial.Filter {
	return []partial.Filter{{Name: "kind", Label: i18n.BankWare, Options: field.Choices(lovebank.Wares(), lovebank.Ware.Text)}, {Name: "community", Label: i18n.CaseCommunity, Options: d.Places},
		{Name: "over", Label: i18n.ExchangeShow, Options: []field.Option{{Value: "1", Text: i18n.BankWithOver}}}}
}

var itemColumns = []partial.Column{{Key: "title", Title: i18n.BankItem, Main: true}, {Key: "community", Title: i18n.CaseCommunity, Minor: true}, {Key: "price", Title: i18n.BankPriceEach, Num: true, Tight: true}, {Key: "stock", Title: i18n.BankStock, Num: true, Tight: true},
	{Key: "reserved", Title: i18n.BankKindReserved, Num: true, Tight: true, Minor: true}, {Key: "given", Title: i18n.BankKindGiven, Num: true, Tight: true}, {Key: "until", Title: i18n.BankLastOn, Tight: true}}

func (d Desk) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, i := range d.Items {
		until := partial.Text(i.LastOn.String())
		if i.Over(d.Today) {
			until = partial.Badge(partial.State{Text: i18n.BankIsOver, Tone: partial.Ended})
		}
		out = append(out, partial.Row{ID: i.ID.String(), Name: i.Title, Href: ItemHref(i.ID), Cells: []templ.Component{partial.Two(i.Title, i18n.T(ctx, i.Kind.Text())+" · "+giver(ctx, i.Giver)), partial.Text(i.Community), partial.Num(i.Price),
			partial.Text(pieces(i.Stock, i.Unit)), partial.Num(i.Reserved), partial.Num(i.Given), until}})
	}
	return out
}

// ItemForm is the form of an item.
type ItemForm struct {
	field.Form
	Communities []field.Option
	Home        string
	Giver       string // shown
}

// Show is an item at the desk.
type Show struct {
	lovebank.Item
	Keeps  bool
	Today  calendar.Date
	Sent   field.Form
	SentBy string
	Key    string // names one sending of a form
}

func (s Show) form(name string) field.Form {
	f := field.Form{Values: url.Values{"key": {s.Key}}}
	if s.SentBy == "lovebank."+name {
		f = s.Sent
	} else if name == "item_edit" {
		f.Values = url.Values{"kind": {string(s.Kind)}, "title": {s.Title}, "detail": {s.Detail}, "unit": {s.Unit}, "price": {decimal(s.Price)}, "who": {string(s.Who)}, "last_on": {s.LastOn.String()}}
		f.Filled = map[string]bool{"kind": true, "title": true, "detail": s.Detail != "", "unit": s.Unit != "", "price": true, "who": true, "last_on": true}
	}
	f.ID = name + "-"
	return f
}

func (s Show) sent(name string) bool { return s.SentBy == "lovebank."+name }

func (s Show) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.BankWare, i18n.T(ctx, s.Kind.Text())), partial.F(i18n.BankPriceEach, i18n.T(ctx, i18n.BankHeartsN, s.Price)), partial.F(i18n.BankWho, i18n.T(ctx, s.Who.Text())), partial.F(i18n.BankFrom, giver(ctx, s.Giver)),
		partial.F(i18n.BankLastOn, s.LastOn.String())}
	if s.Detail != "" {
		list = append(list, partial.Fact{Label: i18n.BankDetail, Value: partial.Lines(s.Detail), Wide: true})
	}
	return list
}

func (s Show) stats() []partial.Stat {
	href := JournalPath + "?item=" + s.ID.String()
	return []partial.Stat{{Label: i18n.BankStock, Value: i18n.Number(s.Stock), Href: href + "&kind=" + string(lovebank.Stock)}, {Label: i18n.BankKindReserved, Value: i18n.Number(s.Reserved), Href: OrderPath + "?state=" + string(lovebank.Ordered) + "&item=" + s.ID.String()},
		{Label: i18n.BankKindGiven, Value: i18n.Number(s.Given), Href: OrderPath + "?state=" + string(lovebank.Collected) + "&item=" + s.ID.String()}}
}

// Orders is the list of orders at the desk.
type Orders struct {
	Items         []lovebank.OrderRow
	Query         url.Values
	Before, After string
	Places        []field.Option
	Keeps         bool
	Hand          field.Form
}

func (o Orders) filters() []partial.Filter {
	return []partial.Filter{{Name: "state", Label: i18n.ExchangeState, Options: field.Choices(lovebank.States(), lovebank.State.Text)}, {Name: "community", Label: i18n.CaseCommunity, Options: o.Places}}
}

var orderColumns = []partial.Column{{Key: "item", Title: i18n.BankItem, Main: true}, {Key: "name", Title: i18n.BankName}, {Key: "amount", Title: i18n.BankAmountL, Tight: true}, {Key: "hearts", Title: i18n.BankHeartsL, Num: true, Tight: true},
	{Key: "at", Title: i18n.BankOrderedAt, Tight: true, Minor: true}, {Key: "until", Title: i18n.BankUntil, Tight: true}, {Key: "state", Title: i18n.ExchangeState, Tight: true}}

func (o Orders) rows() []partial.Row {
	var out []partial.Row
	for _, r := range o.Items {
		out = append(out, partial.Row{ID: r.ID.String(), Name: r.Item, Href: OrderHref(r.ID), Cells: []templ.Component{partial.Two(r.Item, r.No), partial.Text(r.Name), partial.Text(pieces(r.Amount, r.Unit)), partial.Num(r.Hearts),
			partial.Text(i18n.DateTime(r.OrderedAt)), partial.Text(r.UntilOn.String()), partial.Badge(OrderBadge(r))}})
	}
	return out
}

// Books is the list of accounts.
type Books struct {
	Items         []lovebank.BookRow
	Query         url.Values
	Before, After string
	Places        []field.Option
	Keeps         bool
	Open          field.Form
	Shown         string
}

var bookColumns = []partial.Column{{Key: "name", Title: i18n.BankName, Main: true}, {Key: "no", Title: i18n.BankNo, Tight: true}, {Key: "community", Title: i18n.CaseCommunity, Minor: true}, {Key: "state", Title: i18n.ExchangeState, Tight: true}}

func (b Books) rows() []partial.Row {
	var out []partial.Row
	for _, r := range b.Items {
		state := partial.State{Text: i18n.BankIsOpen, Tone: partial.Active}
		if !r.Closed.IsZero() {
			state = partial.State{Text: i18n.BankIsClosed, Tone: partial.Ended}
		}
		out = append(out, partial.Row{ID: r.ID.String(), Name: r.Name, Href: BookHref(r.ID), Cells: []templ.Component{partial.Text(r.Name), partial.Text(r.No), partial.Text(r.Community), partial.Badge(state)}})
	}
	return out
}

// BookPage is somebody's account at the desk.
type BookPage struct {
	lovebank.Book
	Ending        lovebank.Ending
	Lines         []lovebank.Line
	Query         url.Values
	Before, After string
	Keeps         bool
	Fund          int64
	Choice        []lovebank.Item
	Sent          field.Form
	SentBy        string
	Key           string
}

func (b BookPage) form(name string) field.Form {
	f := field.Form{Values: url.Values{"key": {b.Key}}}
	if b.SentBy == "lovebank."+name {
		f = b.Sent
	}
	f.ID = name + "-"
	return f
}

func (b BookPage) sent(name string) bool { return b.SentBy == "lovebank."+name }

// helps says whether something of the choice is somebody's time.
func (b BookPage) helps() bool {
	return slices.ContainsFunc(b.Choice, func(i lovebank.Item) bool { return i.Kind == lovebank.Help })
}

func (b BookPage) much() bool {
	return b.SentBy == "lovebank.redeem_for" && doubts(b.Sent)
}

func (b BookPage) options(ctx context.Context) []field.Option {
	var out []field.Option
	for _, i := range b.Choice {
		out = append(out, field.Option{Value: i.ID.String(), Text: i18n.Both(i18n.BankChoice.In(i18n.ZH, i.Title, i.Price), i18n.BankChoice.In(i18n.EN, i.Title, i.Price))})
	}
	return out
}

var lineColumns = []partial.Column{{Key: "what", Title: i18n.BankWhat, Main: true}, {Key: "on", Title: i18n.LedgerDay, Tight: true}, {Key: "amount", Title: i18n.BankHeartsL, Num: true, Tight: true}, {Key: "balance", Title: i18n.BankBalance, Num: true, Tight: true}}

func lineRows(ctx context.Context, lines []lovebank.Line) []partial.Row {
	var out []partial.Row
	for _, x := range lines {
		out = append(out, partial.Row{ID: x.ID.String(), Href: JournalHref(x.Journal), Cells: []templ.Component{partial.Text(What(i18n.From(ctx), x)), partial.Text(x.OnDate.String()), partial.Text(signed(x.Amount)), partial.Num(x.Balance)}})
	}
	return out
}

// Donations is the list of donations: at the desk, or of a unit.
type Donations struct {
	Items         []lovebank.Donation
	Query         url.Values
	Before, After string
	Unit          bool
	Orgs          []string
}

var donationColumns = []partial.Column{{Key: "title", Title: i18n.BankItem, Main: true}, {Key: "org", Title: i18n.BankFirm}, {Key: "community", Title: i18n.CaseCommunity, Minor: true}, {Key: "amount", Title: i18n.BankAmountL, Tight: true},
	{Key: "given", Title: i18n.BankKindGiven, Num: true, Tight: true}, {Key: "left", Title: i18n.BankStock, Num: true, Tight: true}, {Key: "state", Title: i18n.ExchangeState, Tight: true}}

func (d Donations) rows() []partial.Row {
	var out []partial.Row
	for _, x := range d.Items {
		href := DonationHref(x.ID)
		if d.Unit {
			href = UnitPath + "/" + x.ID.String()
		}
		given, left := partial.Text(""), partial.Text("")
		if x.State == lovebank.Accepted {
			given, left = partial.Num(x.Given), partial.Num(x.Left)
		}
		out = append(out, partial.Row{ID: x.ID.String(), Name: x.Title, Href: href, Cells: []templ.Component{partial.Text(x.Title), partial.Text(x.Org), partial.Text(x.Community), partial.Text(pieces(x.Amount, x.Unit)), given, left, partial.Badge(DonationOf(x.State))}})
	}
	return out
}

// DonationPage is one donation.
type DonationPage struct {
	lovebank.Donation
	Unit   bool
	Keeps  bool
	Sent   field.Form
	SentBy string
}

func (d DonationPage) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if d.SentBy == "lovebank."+name {
		f = d.Sent
	}
	f.ID = name + "-"
	return f
}

func (d DonationPage) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.BankFirm, d.Org), partial.F(i18n.CaseCommunity, d.Community), partial.F(i18n.BankAmountL, pieces(d.Amount, d.Unit1())), partial.F(i18n.BankLastOn, d.LastOn.String())}
	if d.State == lovebank.Accepted {
		list = append(list, partial.F(i18n.BankKindGiven, pieces(d.Given, d.Unit1())), partial.F(i18n.BankKindReserved, pieces(d.Reserved, d.Unit1())), partial.F(i18n.BankStock, pieces(d.Left, d.Unit1())))
		if !d.Unit {
			list = append(list, partial.Fact{Label: i18n.BankItem, Value: partial.Link(d.Title, ItemHref(d.ItemID))})
		}
	}
	if d.Warned {
		list = append(list, partial.F(i18n.BankAmountL, i18n.T(ctx, i18n.BankWarned)))
	}
	if d.Answer != "" {
		list = append(list, partial.F(i18n.BankAnswer, d.Answer))
	}
	if d.Detail != "" {
		list = append(list, partial.Fact{Label: i18n.BankDetail, Value: partial.Lines(d.Detail), Wide: true})
	}
	return list
}

// Unit1 is the unit in which the donation is counted.
func (d DonationPage) Unit1() string { return d.Donation.Unit }

// DonationForm is the form with which a unit offers something.
type DonationForm struct {
	field.Form
	Orgs, Communities []field.Option
}

// Journals is the list of journals.
type Journals struct {
	Items         []lovebank.JournalRow
	Query         url.Values
	Before, After string
	Places        []field.Option
}

func (j Journals) filters() []partial.Filter {
	return []partial.Filter{{Name: "act", Label: i18n.BankAct, Options: field.Choices(lovebank.Acts(), lovebank.Act.Text)}, {Name: "kind", Label: i18n.BankKind, Options: field.Choices(lovebank.Kinds(), lovebank.Kind.Text)},
		{Name: "community", Label: i18n.CaseCommunity, Options: j.Places}, {Name: "warned", Label: i18n.ExchangeShow, Options: []field.Option{{Value: "1", Text: i18n.BankWarnedOnly}}}}
}

var journalColumns = []partial.Column{{Key: "act", Title: i18n.BankAct, Main: true}, {Key: "on", Title: i18n.LedgerDay, Tight: true}, {Key: "community", Title: i18n.CaseCommunity, Minor: true}, {Key: "hearts", Title: i18n.BankHeartsL, Num: true, Tight: true},
	{Key: "pieces", Title: i18n.BankPieces, Num: true, Tight: true, Minor: true}, {Key: "by", Title: i18n.BankBy, Minor: true}}

func (j Journals) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, x := range j.Items {
		by := x.By
		if by == "" {
			by = i18n.T(ctx, byNobody(x.Act))
		}
		out = append(out, partial.Row{ID: x.ID.String(), Href: JournalHref(x.ID), Cells: []templ.Component{partial.Text(i18n.T(ctx, x.Act.Text())), partial.Text(x.OnDate.String()), partial.Text(x.Community), partial.Num(x.Hearts), partial.Num(x.Pieces), partial.Text(by)}})
	}
	return out
}

// JournalPage is one journal with its lines.
type JournalPage struct {
	lovebank.JournalRow
	Legs    []lovebank.Leg
	Keeps   bool
	Sees    bool // postings of the ledger
	Correct field.Form
}

// byNobody says who acted where no account of staff or of a member did: whoever has the account, as a resident, or the bank by itself.
func byNobody(a lovebank.Act) i18n.Text {
	switch a {
	case lovebank.Order, lovebank.Gift, lovebank.Donate, lovebank.SentAway:
		return i18n.BankByOwner
	}
	return i18n.BankByItself
}

// source says what of the ledger is behind a journal.
func (j JournalPage) source(ctx context.Context) string {
	if j.Given != 0 {
		return i18n.T(ctx, i18n.BankSourceGoods, j.Given)
	}
	return i18n.T(ctx, i18n.BankSourcePosting, ledger.Hours.Show(j.Minutes))
}

// Correctable says that it is taken back here.
func (j JournalPage) Correctable() bool {
	switch j.Act {
	case lovebank.Gift, lovebank.Donate, lovebank.Grant, lovebank.Remit:
		return j.Keeps && j.CounteredBy == 0
	}
	return false
}

func (j JournalPage) facts(ctx context.Context) []partial.Fact {
	by := j.By
	if by == "" {
		by = i18n.T(ctx, byNobody(j.Act))
	}
	list := []partial.Fact{partial.F(i18n.LedgerDay, j.OnDate.String()), partial.F(i18n.CaseCommunity, j.Community), partial.F(i18n.BankPostedAt, i18n.DateTime(j.At)), partial.F(i18n.BankBy, by)}
	switch j.Source {
	case lovebank.SourcePosting:
		if j.Sees {
			list = append(list, partial.Fact{Label: i18n.BankSource, Value: partial.Link(j.source(ctx), "/ledger/postings/"+j.SourceID.String())})
		} else {
			list = append(list, partial.F(i18n.BankSource, j.source(ctx)))
		}
	case lovebank.SourceOrder:
		list = append(list, partial.Fact{Label: i18n.BankSource, Value: partial.Link(i18n.T(ctx, i18n.BankSourceOrder), OrderHref(j.SourceID))})
	case lovebank.SourceTransfer:
		list = append(list, partial.Fact{Label: i18n.BankSource, Value: partial.Link(i18n.T(ctx, i18n.BankTabDistricts), DistrictPath)})
	case lovebank.SourceItem:
		list = append(list, partial.Fact{Label: i18n.BankSource, Value: partial.Link(i18n.T(ctx, i18n.BankItem), ItemHref(j.SourceID))})
	case lovebank.SourceJournal:
		list = append(list, partial.Fact{Label: i18n.BankSource, Value: partial.Link(i18n.T(ctx, i18n.BankCountered), JournalHref(j.SourceID))})
	}
	if j.Warned {
		list = append(list, partial.F(i18n.BankAct, i18n.T(ctx, i18n.BankWarned)))
	}
	if j.CounteredBy != 0 {
		list = append(list, partial.Fact{Label: i18n.BankCounteredBy, Value: partial.Link(i18n.T(ctx, i18n.BankActCorrection), JournalHref(j.CounteredBy))})
	}
	if j.Reason != "" {
		list = append(list, partial.Fact{Label: i18n.BankReason, Value: partial.Lines(j.Reason), Wide: true})
	}
	return list
}

var legColumns = []partial.Column{{Key: "of", Title: i18n.BankKind, Main: true}, {Key: "community", Title: i18n.CaseCommunity, Minor: true}, {Key: "unit", Title: i18n.BankUnitL, Tight: true}, {Key: "debit", Title: i18n.BankDebit, Num: true, Tight: true}, {Key: "credit", Title: i18n.BankCredit, Num: true, Tight: true}}

func (j JournalPage) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for i, l := range j.Legs {
		of, href := i18n.T(ctx, l.Kind.Text()), ""
		under := l.No
		if l.Book != 0 {
			href = BookHref(l.Book)
		}
		if l.Item != "" {
			under = l.Item
		}
		switch {
		case under == "":
			under = l.Org
		case l.Org != "":
			under += " · " + l.Org
		}
		debit, credit := partial.Text(""), partial.Text("")
		if l.Amount < 0 {
			debit = partial.Num(-l.Amount)
		} else {
			credit = partial.Num(l.Amount)
		}
		out = append(out, partial.Row{ID: strconv.Itoa(i), Href: href, Cells: []templ.Component{partial.Two(of, under), partial.Text(l.Community), partial.Label(l.Unit.Text()), debit, credit}})
	}
	return out
}

// TrialPage is the trial balance.
type TrialPage struct {
	lovebank.Trial
	Query  url.Values
	Places []field.Option
}

var trialColumns = []partial.Column{{Key: "kind", Title: i18n.BankKind, Main: true}, {Key: "accounts", Title: i18n.BankAccounts, Num: true, Tight: true, Minor: true}, {Key: "debits", Title: i18n.BankDebit, Num: true, Tight: true}, {Key: "credits", Title: i18n.BankCredit, Num: true, Tight: true},
	{Key: "balance", Title: i18n.BankNet, Num: true, Tight: true}}

func (t TrialPage) rows(ctx context.Context, list []lovebank.TrialRow, sum lovebank.TrialRow) []partial.Row {
	var out []partial.Row
	for _, r := range list {
		href := partial.Href(JournalPath, url.Values{"community": {t.Query.Get("community")}}, "kind", string(r.Kind))
		out = append(out, partial.Row{ID: string(r.Kind), Href: href, Cells: []templ.Component{partial.Label(r.Kind.Text()), partial.Num(r.Accounts), partial.Num(r.Debits), partial.Num(r.Credits), partial.Num(r.Balance())}})
	}
	return append(out, partial.Row{ID: "sum", Cells: []templ.Component{partial.Label(i18n.BankSum), partial.Num(sum.Accounts), partial.Num(sum.Debits), partial.Num(sum.Credits), partial.Num(sum.Balance())}})
}

// zero says whether the books balance.
func (t TrialPage) zero() bool { return t.SumHearts.Balance() == 0 && t.SumGoods.Balance() == 0 }

// SolvencyPage states how the bank stands.
type SolvencyPage struct {
	lovebank.Solvency
	Query  url.Values
	Places []field.Option
}

// SolvencyRow is a line of the statement, with what it opens to.
type SolvencyRow struct {
	Label i18n.Text
	Value int64
	Kind  lovebank.Kind
	Href  string
}

// AgeText names an age.
func AgeText(a lovebank.Age) i18n.Text {
	return [...]i18n.Text{i18n.BankAgeHalf, i18n.BankAgeYear, i18n.BankAgeTwo, i18n.BankAgeOlder}[a]
}

// Rows are the lines of the statement: what came in, what went, what is outstanding by age.
func Rows(s lovebank.Solvency, community string) (flow, ages []SolvencyRow) {
	row := func(label i18n.Text, n int64, k lovebank.Kind) SolvencyRow {
		return SolvencyRow{label, n, k, partial.Href(JournalPath, url.Values{"community": {community}}, "kind", string(k))}
	}
	flow = []SolvencyRow{row(i18n.BankKindIssued, s.Issued, lovebank.Issued), row(i18n.BankKindWrittenOff, s.WrittenOff, lovebank.WrittenOff), row(i18n.BankKindRedeemed, s.Redeemed, lovebank.Redeemed), row(i18n.BankKindHeld, s.Held, lovebank.Held),
		row(i18n.BankKindExpired, s.Expired, lovebank.Expired), row(i18n.BankKindFund, s.Fund, lovebank.Fund), row(i18n.BankKindPerson, s.Persons, lovebank.Person), row(i18n.BankKindBetween, s.Between, lovebank.Between)}
	for a, n := range s.ByAge {
		ages = append(ages, row(AgeText(lovebank.Age(a)), n, lovebank.Person))
	}
	return flow, ages
}

var solvencyColumns = []partial.Column{{Key: "what", Title: i18n.BankWhat, Main: true}, {Key: "hearts", Title: i18n.BankHeartsL, Num: true, Tight: true}}

func solvencyRows(list []SolvencyRow) []partial.Row {
	var out []partial.Row
	for i, r := range list {
		out = append(out, partial.Row{ID: strconv.Itoa(i), Href: r.Href, Cells: []templ.Component{partial.Label(r.Label), partial.Num(r.Value)}})
	}
	return out
}

func (s SolvencyPage) stats(ctx context.Context) []partial.Stat {
	tone := partial.Neutral
	if s.Covered() < 50 {
		tone = partial.Warned
	}
	return []partial.Stat{{Label: i18n.BankIssuedAll, Value: i18n.Number(s.Issued), Href: partial.Href(JournalPath, s.Query, "kind", string(lovebank.Issued)), Note: i18n.T(ctx, i18n.BankMinutesBehind, i18n.Hours(s.Minutes))},
		{Label: i18n.BankOutstanding, Value: i18n.Number(s.Outstanding()), Href: partial.Href(JournalPath, s.Query, "kind", string(lovebank.Person))},
		{Label: i18n.BankCouldCover, Value: i18n.Number(s.Stock), Href: Path, Note: i18n.T(ctx, i18n.BankCovered, s.Covered()), Tone: tone}}
}

// GiveForm is the form of a gift: to the fund, to a neighbour, or to an account in another district.
type GiveForm struct {
	Door
	lovebank.Book
	field.Form
	Districts []lovebank.District
}

func (g GiveForm) to() []field.Option {
	out := []field.Option{{Value: "fund", Text: i18n.BankGiveFund}, {Value: "neighbour", Text: i18n.BankGiveNeighbour}}
	if len(g.Districts) > 0 {
		out = append(out, field.Option{Value: "district", Text: i18n.BankGiveDistrict})
	}
	return out
}

func districtOptions(list []lovebank.District) (out []field.Option) {
	for _, d := range list {
		out = append(out, field.Option{Value: decimal(d.Tenant), Text: i18n.Verbatim(d.Name)})
	}
	return out
}

// DistrictsPage are the agreements with other districts.
type DistrictsPage struct {
	Accords []lovebank.Accord
	Keeps   bool // speaks for the district
	Others  []lovebank.District
	Propose field.Form
	Sent    field.Form // of Leave
	SentTo  string     // the agreement that it was about
}

func (d DistrictsPage) form(a lovebank.Accord) field.Form {
	f := field.Form{Values: url.Values{}}
	if d.SentTo == a.ID.String() {
		f = d.Sent
	}
	f.ID = a.ID.String() + "-"
	return f
}

func accordOf(s lovebank.AccordState) partial.State {
	tone := map[lovebank.AccordState]partial.Tone{lovebank.Proposed: partial.Waiting, lovebank.ToAnswer: partial.Warned, lovebank.InForce: partial.Active, lovebank.EndedState: partial.Ended}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

func accordFacts(a lovebank.Accord) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.BankAccordCeiling, i18n.Number(a.Ceiling)), partial.F(i18n.BankAccordOut, i18n.Number(a.Out)), partial.F(i18n.BankAccordUnder, i18n.Number(a.UnderWay)), partial.F(i18n.BankAccordIn, i18n.Number(a.In))}
	if a.Reason != "" {
		list = append(list, partial.F(i18n.BankReason, a.Reason))
	}
	return list
}

func leaveText(s lovebank.AccordState) i18n.Text {
	switch s {
	case lovebank.Proposed:
		return i18n.BankAccordBack
	case lovebank.ToAnswer:
		return i18n.BankAccordDecline
	}
	return i18n.BankAccordLeave
}

// RemitForm moves hearts from one community's fund to another's.
type RemitForm struct {
	field.Form
	Communities []field.Option
}
