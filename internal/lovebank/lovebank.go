package lovebank

import (
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
)

// The permissions of this package.
const (
	PermSee   authz.Permission = "lovebank.see"
	PermKeep  authz.Permission = "lovebank.keep"
	PermOffer authz.Permission = "lovebank.offer"
	PermOwn   authz.Permission = "lovebank.account.own"
	// PermAccord is for whoever speaks for the whole district to another one.
	PermAccord authz.Permission = "lovebank.accord"
)

// The values that a district may set. A value holds from its day on; what was credited before stays as it was.
var (
	PerHour      = policy.Value{Name: "lovebank.per_hour", Title: i18n.BankPolicyPerHour, Unit: i18n.BankHearts, Default: 10, Min: 1, Max: 1000}
	ExpiryMonths = policy.Value{Name: "lovebank.expiry_months", Title: i18n.BankPolicyExpiry, Unit: i18n.BankMonths, Default: 36, Min: 6, Max: 240}
	CollectDays  = policy.Value{Name: "lovebank.collect_days", Title: i18n.BankPolicyCollect, Unit: i18n.CasePolicyDays, Default: 14, Min: 1, Max: 90}
	MonthLimit   = policy.Value{Name: "lovebank.month_limit", Title: i18n.BankPolicyMonth, Unit: i18n.BankHearts, Default: 200, Min: 1, Max: 100_000, Unset: true}
	GiftLimit    = policy.Value{Name: "lovebank.gift_limit", Title: i18n.BankPolicyGift, Unit: i18n.BankHearts, Default: 200, Min: 1, Max: 100_000, Unset: true, Source: "DIG-8"}
	GrantLimit   = policy.Value{Name: "lovebank.grant_limit", Title: i18n.BankPolicyGrant, Unit: i18n.BankHearts, Default: 300, Min: 1, Max: 100_000, Unset: true, Source: "DIG-8"}
	PledgeLimit  = policy.Value{Name: "lovebank.pledge_limit", Title: i18n.BankPolicyPledge, Unit: i18n.BankPieces, Default: 1000, Min: 1, Max: MaxAmount, Unset: true, Source: "DIG-8"}
	PerPiece     = policy.Value{Name: "lovebank.per_piece", Title: i18n.BankPolicyPiece, Unit: i18n.BankHearts, Default: 5, Max: 1000, Source: "DIG-8"}
	GoodsMost    = policy.Value{Name: "lovebank.goods_most", Title: i18n.BankPolicyGoodsMost, Unit: i18n.BankHearts, Default: 50, Min: 1, Max: 10_000, Source: "DIG-8"}
	WithVouched  = policy.Value{Name: "lovebank.vouched", Title: i18n.BankPolicyVouched, Default: 1, Max: 1, Source: "VOL-4"}
	WithDuty     = policy.Value{Name: "lovebank.duty", Title: i18n.BankPolicyDuty, Default: 0, Max: 1, Source: "VOL-3"}
)

// Policies are the values that a district may set.
func Policies() []policy.Value {
	return []policy.Value{PerHour, ExpiryMonths, CollectDays, MonthLimit, GiftLimit, GrantLimit, PledgeLimit, PerPiece, GoodsMost, WithVouched, WithDuty}
}

// Bounds of what is written, and how long things last.
const (
	MaxTitle  = 40
	MaxDetail = 300
	MaxReason = 100
	MaxUnit   = 8
	MaxPrice  = 100_000
	MaxAmount = 1_000_000
	// WarnDays is how long before their last day hearts are named on the page of the account.
	WarnDays = 60
	// backMonths is how far back service counts when an account is opened.
	backMonths = 12
)

// Unit is what an account counts.
type Unit string

// The units.
const (
	Hearts Unit = "hearts"
	Goods  Unit = "goods" // pieces of one item
)

// Text names the unit.
func (u Unit) Text() i18n.Text {
	return map[Unit]i18n.Text{Hearts: i18n.BankHearts, Goods: i18n.BankPieces}[u]
}

// Kind is whose account it is, or what it stands for.
type Kind string

// The kinds of account.
const (
	Person     Kind = "person"
	Fund       Kind = "fund"
	Held       Kind = "held"
	Redeemed   Kind = "redeemed"
	Expired    Kind = "expired"
	Issued     Kind = "issued"
	WrittenOff Kind = "written_off"
	Between    Kind = "between"
	Supply     Kind = "supply"
	Stock      Kind = "stock"
	Reserved   Kind = "reserved"
	Given      Kind = "given"
)

// Kinds lists the kinds of account as the trial balance shows them.
func Kinds() []Kind {
	return []Kind{Issued, WrittenOff, Person, Fund, Held, Redeemed, Expired, Between, Supply, Stock, Reserved, Given}
}

// Unit is what accounts of the kind count.
func (k Kind) Unit() Unit {
	switch k {
	case Supply, Stock, Reserved, Given:
		return Goods
	}
	return Hearts
}

// below says that the balance may be below zero: what comes into being has its other side there.
func (k Kind) below() bool {
	return k == Issued || k == WrittenOff || k == Supply || k == Between
}

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{Person: i18n.BankKindPerson, Fund: i18n.BankKindFund, Held: i18n.BankKindHeld, Redeemed: i18n.BankKindRedeemed, Expired: i18n.BankKindExpired, Issued: i18n.BankKindIssued,
		WrittenOff: i18n.BankKindWrittenOff, Between: i18n.BankKindBetween, Supply: i18n.BankKindSupply, Stock: i18n.BankKindStock, Reserved: i18n.BankKindReserved, Given: i18n.BankKindGiven}[k]
}

// Act is the kind of a journal.
type Act string

// The kinds of journal.
const (
	Credit     Act = "credit"     // service that the ledger booked
	GoodsGiven Act = "goods"      // goods that a person gave for a need, as the ledger booked them
	Reversal   Act = "reversal"   // service or goods that the ledger took back
	Order      Act = "order"      // something is ordered
	Handed     Act = "handed"     // and handed over
	Returned   Act = "returned"   // or cancelled, or lapsed
	Gift       Act = "gift"       // from a person to another
	Donate     Act = "donate"     // from a person to the gift fund
	Grant      Act = "grant"      // from the gift fund to a person
	Remit      Act = "remit"      // from one community's fund to another's
	Expiry     Act = "expiry"     // hearts past their last day
	Supplied   Act = "supply"     // goods come in
	Counted    Act = "count"      // the stock was counted, and was another
	Correction Act = "correction" // takes a gift, a grant or a remittance back
	Closing    Act = "closing"    // an account is closed: what is left goes to the fund
	Merge      Act = "merge"      // a community takes in another
	SentAway   Act = "sent"       // to an account in another district
	CameIn     Act = "came_in"    // from an account in another district
	CameBack   Act = "came_back"  // what another district did not take
	Moved      Act = "moved"      // an account follows its owner into the bank of another community
	Refund     Act = "refund"     // help that was redeemed was corrected: less came, or nothing
)

// Acts lists the kinds of journal.
func Acts() []Act {
	return []Act{Credit, GoodsGiven, Reversal, Order, Handed, Returned, Gift, Donate, Grant, Remit, Expiry, Supplied, Counted, Correction, Closing, Merge, SentAway, CameIn, CameBack, Moved, Refund}
}

// Text names the kind of journal.
func (a Act) Text() i18n.Text {
	return map[Act]i18n.Text{Credit: i18n.BankActCredit, GoodsGiven: i18n.BankActGoods, Reversal: i18n.BankActReversal, Order: i18n.BankActOrder, Handed: i18n.BankActHanded, Returned: i18n.BankActReturned, Gift: i18n.BankActGift, Donate: i18n.BankActDonate,
		Grant: i18n.BankActGrant, Remit: i18n.BankActRemit, Expiry: i18n.BankActExpiry, Supplied: i18n.BankActSupply, Counted: i18n.BankActCount, Correction: i18n.BankActCorrection, Closing: i18n.BankActClosing,
		Merge: i18n.BankActMerge, SentAway: i18n.BankActSent, CameIn: i18n.BankActCameIn, CameBack: i18n.BankActCameBack, Moved: i18n.BankActMoved, Refund: i18n.BankActRefund}[a]
}

// correctable says that a journal of the kind is taken back here; the others follow what they come from.
func (a Act) correctable() bool { return a == Gift || a == Donate || a == Grant || a == Remit }

// The kinds of source of a journal.
const (
	SourcePosting = "posting"
	SourceOrder   = "order"
	SourceItem    = "item"
	SourceAccount = "account"
	SourceJournal = "journal"
	SourceLine    = "line"
	// SourceTransfer is a transfer between districts.
	SourceTransfer = "transfer"
)

// hearts is what minutes of service are worth: to the nearest heart.
func hearts(minutes, perHour int64) int64 { return (minutes*perHour + 30) / 60 }

// forGoods is what pieces that somebody gave with one delivery are worth: so much each, and no more than the ceiling.
func forGoods(pieces, perPiece, most int64) int64 { return min(pieces*perPiece, most) }

// kept is what an order of help of so many hearts and hours costs when it was corrected to so many minutes: its part, and never more than it was.
func kept(hearts, hours, minutes int64) int64 {
	return min(hearts, (hearts*minutes+hours*30)/(hours*60))
}

// expires is the last day of hearts for service of a day.
func expires(earned calendar.Date, months int64) calendar.Date { return earned.AddMonths(int(months)) }

// Ware says whether an item is a thing or somebody's time.
type Ware string

// The wares.
const (
	Thing Ware = "goods"
	Help  Ware = "help" // in hours
)

// Wares lists the wares.
func Wares() []Ware { return []Ware{Thing, Help} }

// Text names the ware.
func (w Ware) Text() i18n.Text {
	return map[Ware]i18n.Text{Thing: i18n.BankWareGoods, Help: i18n.BankWareHelp}[w]
}

// Who says for whom an item is.
type Who string

// For whom an item is.
const (
	Everybody Who = "all"
	Servers   Who = "served" // those whose own service was credited
	Elders    Who = "elder"  // from 60 years on
)

// elderYears is the age of the law on the rights of the elderly.
const elderYears = 60

// Whos lists for whom items are.
func Whos() []Who { return []Who{Everybody, Servers, Elders} }

// Text names for whom it is.
func (w Who) Text() i18n.Text {
	return map[Who]i18n.Text{Everybody: i18n.BankWhoAll, Servers: i18n.BankWhoServed, Elders: i18n.BankWhoElder}[w]
}

// Item is what can be redeemed.
type Item struct {
	ID          id.ID
	CommunityID id.ID
	Community   string
	OrgID       id.ID
	Giver       string // the organisation; "" for the community itself
	Kind        Ware
	Title       string
	Detail      string
	Unit        string
	Price       int64
	Who         Who
	LastOn      calendar.Date
	Ended       bool
	Stock       int64
	Reserved    int64
	Given       int64
	Version     int64
}

// Over says that nobody can redeem it any more.
func (i Item) Over(today calendar.Date) bool { return i.Ended || today.After(i.LastOn) }

// redeemable says whether somebody may redeem some of it, or why not.
func (i Item) redeemable(b Book, amount int64, today calendar.Date) error {
	switch {
	case i.CommunityID != b.CommunityID:
		return errs.New(errs.Conflict, i18n.BankOtherCommunity)
	case i.Over(today):
		return errs.New(errs.Conflict, i18n.BankItemOver, i.LastOn.String())
	case amount < 1 || amount > MaxAmount:
		return errs.Field("amount", i18n.BankAmount)
	case i.Who == Servers && b.Minutes <= 0:
		return errs.New(errs.Conflict, i18n.BankOnlyServed)
	case i.Who == Elders && (b.bornOn.IsZero() || b.bornOn.YearsUntil(today) < elderYears):
		return errs.New(errs.Conflict, i18n.BankOnlyElder, elderYears)
	case i.Kind == Help && amount > exchange.MaxMinutes/60: // one person's help with one need
		return errs.Field("amount", i18n.BankHelpMost, exchange.MaxMinutes/60)
	case i.Stock < amount:
		return errs.New(errs.Conflict, i18n.BankSoldOut, i.Stock)
	case b.Balance/i.Price < amount:
		return errs.Field("amount", i18n.BankNotEnough, b.Balance)
	}
	return nil
}

// NewItem is an item as it is entered.
type NewItem struct {
	CommunityID id.ID
	OrgID       id.ID // that gives it; 0 is the community itself
	Kind        Ware
	Title       string
	Detail      string
	Unit        string
	Price       int64
	Who         Who
	LastOn      calendar.Date
	Stock       int64 // how much there is at the beginning; only of a new one
}

func (n *NewItem) check(today calendar.Date) *errs.Error {
	e := errs.Words(nil, "title", &n.Title, MaxTitle, true)
	e = errs.Words(e, "detail", &n.Detail, MaxDetail, false)
	e = errs.Words(e, "unit", &n.Unit, MaxUnit, false)
	if n.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	if n.Who.Text().IsZero() {
		e = e.With("who", i18n.ErrBadChoice)
	}
	if n.Price < 1 || n.Price > MaxPrice {
		e = e.With("price", i18n.BankPrice, MaxPrice)
	}
	if n.Stock < 0 || n.Stock > MaxAmount {
		e = e.With("stock", i18n.ErrBadNumber)
	}
	switch {
	case n.LastOn.IsZero():
		n.LastOn = today.AddYears(1)
	case n.LastOn.Before(today):
		e = e.With("last_on", i18n.BankPast)
	}
	return e
}

// State is where an order stands.
type State string

// The states of an order.
const (
	Ordered   State = "ordered"
	Collected State = "handed"
	Cancelled State = "cancelled"
	Lapsed    State = "lapsed"
)

// States lists the states.
func States() []State { return []State{Ordered, Collected, Cancelled, Lapsed} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Ordered: i18n.BankOrdered, Collected: i18n.BankCollected, Cancelled: i18n.BankCancelled, Lapsed: i18n.BankLapsed}[s]
}

// DonationState is where a donation stands.
type DonationState string

// The states of a donation.
const (
	Offered   DonationState = "offered"
	Accepted  DonationState = "accepted"
	Declined  DonationState = "declined"
	Withdrawn DonationState = "withdrawn"
)

// DonationStates lists the states.
func DonationStates() []DonationState { return []DonationState{Offered, Accepted, Declined, Withdrawn} }

// Text names the state.
func (s DonationState) Text() i18n.Text {
	return map[DonationState]i18n.Text{Offered: i18n.BankOffered, Accepted: i18n.BankAccepted, Declined: i18n.BankDeclined, Withdrawn: i18n.BankWithdrawn}[s]
}

// draw is what is taken of a lot.
type draw struct {
	lot             id.ID
	amount          int64
	earned, expires calendar.Date
}

// lot is what is not spent yet of hearts that came in with one line.
type lot struct {
	id              id.ID
	left            int64
	earned, expires calendar.Date
}

// spend takes an amount out of lots that stand in the order of their last day, and says what of which. It is false where they do not hold as much.
func spend(lots []lot, amount int64) ([]draw, bool) {
	var out []draw
	for _, l := range lots {
		if amount == 0 {
			break
		}
		n := min(l.left, amount)
		if n <= 0 {
			continue
		}
		out = append(out, draw{l.id, n, l.earned, l.expires})
		amount -= n
	}
	return out, amount == 0
}
