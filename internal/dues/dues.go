package dues

import (
	"strings"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/tabular"
)

// Permissions on dues and political birthdays.
const (
	PermKeep      authz.Permission = "dues.keep"      // bases, amounts, payments of the branch where it is given and below it
	PermSee       authz.Permission = "dues.see"       // counts and sums of branches in scope
	PermOwn       authz.Permission = "dues.see.own"   // one's own base, months and receipts
	PermApprove   authz.Permission = "dues.approve"   // hardship, one level above the branch
	PermBirthdays authz.Permission = "birthday.see"   // political birthdays of members in scope
	PermGreet     authz.Permission = "birthday.greet" // make a visit of them
)

// What a district may set.
var (
	Local = policy.Value{Name: "dues.local", Title: i18n.DuesPolicyLocal, Unit: i18n.DuesPolicyFen, Default: 20, Min: 20, Max: 100, Source: "DUES-5"}
	Step  = policy.Value{Name: "dues.round", Title: i18n.DuesPolicyRound, Unit: i18n.DuesPolicyFen, Default: 1, Min: 1, Max: 100, Source: "DUES-7"}
	Fix   = policy.Value{Name: "dues.fix_yearly", Title: i18n.DuesPolicyFix, Default: 0, Min: 0, Max: 1, Source: "DUES-10"}
)

// Policies lists them.
func Policies() []policy.Value { return []policy.Value{Local, Step, Fix} }

const (
	backMonths   = 6       // back-payment without being asked again (DUES-11), and unpaid months after which people must look (DUES-12)
	least        = 3       // payers below which a sum is not shown to others
	minVoluntary = 100_000 // fen (DUES-14)
	maxReason    = 200
	maxPaid      = 1_000_000_000 // fen, of one payment
)

// Member is what is known here of a member.
type Member struct {
	ID         id.ID
	PersonID   id.ID
	Name       string
	BranchID   id.ID // to which the dues go (DUES-9); 0 if it is not known
	Branch     string
	JoinedOn   calendar.Date
	EndedOn    calendar.Date
	Collecting bool // somebody has entered payments of the branch
	key        string
}

// belongs says whether a member owes dues for a month at all: from the month of the admission (DUES-8) to that in which the membership here ended.
func (m Member) belongs(month Month) bool {
	return (m.JoinedOn.IsZero() || month >= MonthOf(m.JoinedOn)) && (m.EndedOn.IsZero() || month <= MonthOf(m.EndedOn))
}

// Base is how a member pays from a month on. Terms are there only for those who opened them.
type Base struct {
	ID       id.ID
	MemberID id.ID
	From     Month
	Terms    Terms
	Review   bool
	Own      bool // entered by the member
	sealed   []byte
}

// NewBase enters how somebody pays from a month on.
type NewBase struct {
	From  Month
	Payer Payer
	Base  int64 // fen a month; not read of kinds without a base
}

func (n *NewBase) check(m Member, today calendar.Date, set Setting) (Charge, error) {
	var e *errs.Error
	now := MonthOf(today)
	switch {
	case n.From <= 0:
		e = e.With("from", i18n.ErrRequired)
	case n.From < now-maxMonths+1 || n.From > now+12:
		e = e.With("from", i18n.DuesFromBounds, (now - maxMonths + 1).String(), (now + 12).String())
	case !m.belongs(n.From):
		e = e.With("from", i18n.DuesNotMember, n.From.String())
	}
	if !n.Payer.Based() {
		n.Base = 0
	}
	c, err := Work(n.Payer, n.Base, set, max(n.From, 0))
	if x := errs.As(err); x != nil {
		for f, msg := range x.Fields {
			e = e.With(f, msg.Text, msg.Args...)
		}
	}
	return c, e.OrNil()
}

// PaymentKind tells payments apart.
type PaymentKind string

// The kinds of payment.
const (
	Dues      PaymentKind = "dues"
	Voluntary PaymentKind = "voluntary" // DUES-14
	Counter   PaymentKind = "counter"   // takes another back
)

// Text names the kind.
func (k PaymentKind) Text() i18n.Text {
	return map[PaymentKind]i18n.Text{Dues: i18n.DuesKindDues, Voluntary: i18n.DuesKindVoluntary, Counter: i18n.DuesKindCounter}[k]
}

// Means is how money came (DUES-11).
type Means string

// The means.
const (
	Cash     Means = "cash"
	Mobile   Means = "mobile"
	Transfer Means = "transfer"
	Through  Means = "through" // through somebody else, with consent
)

// Ways lists the means.
func Ways() []Means { return []Means{Cash, Mobile, Transfer, Through} }

// Text names the means.
func (m Means) Text() i18n.Text {
	return map[Means]i18n.Text{Cash: i18n.DuesCash, Mobile: i18n.DuesMobile, Transfer: i18n.DuesTransfer, Through: i18n.DuesThrough}[m]
}

// Payment is one row of the ledger.
type Payment struct {
	ID         id.ID
	MemberID   id.ID
	PersonID   id.ID
	BranchID   id.ID
	Kind       PaymentKind
	From, To   Month
	Amount     int64 // fen; of a counter-payment negative
	PaidOn     calendar.Date
	Means      Means
	CountersID id.ID
	Reason     string
	Number     string // of the receipt
	Code       string
	Taken      bool // a counter-payment took it back
	sealed     []byte
}

// Taking enters a payment. An amount of 0 takes what is due.
type Taking struct {
	MemberID  id.ID
	From, To  Month
	Amount    int64 // fen
	PaidOn    calendar.Date
	Means     Means
	Confirmed bool // months before the last six, or more than is due: yes, it is so
}

func (t *Taking) check(today calendar.Date) *errs.Error {
	var e *errs.Error
	if t.To == 0 {
		t.To = t.From
	}
	now := MonthOf(today)
	switch {
	case t.From <= 0:
		e = e.With("from", i18n.ErrRequired)
	case t.To < t.From:
		e = e.With("to", i18n.ErrEndBeforeStart)
	case t.To > now.quarterEnd():
		e = e.With("to", i18n.DuesAhead, now.quarterEnd().String())
	case t.From < now-maxMonths:
		e = e.With("from", i18n.DuesLongAgo, (now - maxMonths).String())
	case t.To-t.From >= maxMonths:
		e = e.With("from", i18n.DuesTooLong, maxMonths)
	case t.From < MonthOf(t.PaidOn)-backMonths && !t.PaidOn.IsZero() && !t.Confirmed:
		e = e.With("confirmed", i18n.DuesLate, backMonths)
	}
	return checkMoney(e, t.Amount, t.PaidOn, t.Means, today)
}

func checkMoney(e *errs.Error, amount int64, on calendar.Date, means Means, today calendar.Date) *errs.Error {
	switch {
	case amount < 0:
		e = e.With("amount", i18n.DuesNegative)
	case amount > maxPaid:
		e = e.With("amount", i18n.DuesTooMuch, i18n.Yuan(maxPaid))
	}
	switch {
	case on.IsZero():
		e = e.With("paid_on", i18n.ErrRequired)
	case on.After(today):
		e = e.With("paid_on", i18n.DuesPaidLater, today.String())
	case on.Before(today.AddYears(-5)):
		e = e.With("paid_on", i18n.DuesPaidLong)
	}
	if means.Text().IsZero() {
		e = e.With("means", i18n.ErrBadChoice)
	}
	return e
}

func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

// need makes a text tidy and refuses one that is missing, too long or a formula.
func need(e *errs.Error, field string, s *string) *errs.Error {
	*s = clean(*s)
	if *s == "" {
		return e.With(field, i18n.ErrRequired)
	}
	return limit(e, field, *s)
}

func limit(e *errs.Error, field, s string) *errs.Error {
	if n := utf8.RuneCountInString(s); n > maxReason {
		return e.With(field, i18n.ErrTooLong, maxReason, n)
	}
	if message, advice, wrong := tabular.CheckText(s); wrong {
		return e.With(field, i18n.CodeProblem, message, advice)
	}
	return e
}
