// Package dues draws the pages of Party dues and political birthdays.
package dues

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"linli/internal/dues"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"

	"github.com/a-h/templ"
)

// The addresses.
const (
	Path          = "/dues"
	UnpaidPath    = Path + "/unpaid"
	ReliefsPath   = Path + "/reliefs"
	OwnPath       = "/m/dues"
	BirthdaysPath = "/birthdays"
	takeForm      = "take"
	greetForm     = "greet"
)

// BranchHref is the address of a branch's sheet.
func BranchHref(branch id.ID) string { return Path + "/branches/" + branch.String() }

// MemberHref is the address of a member's dues.
func MemberHref(member id.ID) string { return Path + "/members/" + member.String() }

func paymentHref(p id.ID) string { return Path + "/payments/" + p.String() }

func reliefHref(l id.ID) string { return Path + "/reliefs/" + l.String() }

// Totals is the page of all branches.
type Totals struct {
	Query    url.Values
	From, To dues.Month
	Items    []dues.Total
	Prev     string
	Next     string
	Acts     []partial.Act
}

// Sheet is the page of one branch for some months.
type Sheet struct {
	dues.Sheet
	Query url.Values
	Form  field.Form
	Today string
	Now   dues.Month
}

// Member is the page of one member for who keeps the dues.
type Member struct {
	dues.Sight
	Form     field.Form
	Today    string
	Opened   []dues.Base // with their terms
	Purposes []partial.Option
}

// Own is the page of the member.
type Own struct {
	dues.Sight
	Form field.Form
}

// Birthdays is the list of political birthdays.
type Birthdays struct {
	Query   url.Values
	Month   dues.Month
	Items   []dues.Birthday
	Prev    string
	Next    string
	Filters []partial.Filter
	Greet   bool
}

var totalColumns = []partial.Column{{Key: "branch", Title: i18n.DuesBranch, Main: true}, {Key: "members", Title: i18n.DuesMembers, Num: true}, {Key: "bases", Title: i18n.DuesWithBase, Num: true, Minor: true},
	{Key: "paid", Title: i18n.DuesPaidNow, Num: true}, {Key: "sum", Title: i18n.DuesTaken, Num: true}, {Key: "gifts", Title: i18n.DuesGifts, Num: true}, {Key: "held", Title: i18n.DuesWithheld, Num: true, Minor: true}}

func (t Totals) rows() []partial.Row {
	var out []partial.Row
	for _, i := range t.Items {
		href := ""
		if i.Kept {
			href = BranchHref(i.Branch.ID)
		}
		sum := i18n.Yuan(i.Amount)
		if i.Amount == 0 && i.Withheld > 0 {
			sum = ""
		}
		out = append(out, partial.Row{Href: href, Cells: cells(partial.Two(i.Branch.Name, i.Above), partial.Num(i.Members), partial.Num(i.Bases), partial.Num(i.Paid),
			partial.Text(sum), partial.Text(i18n.Yuan(i.Gifts)), partial.Num(i.Withheld))})
	}
	return out
}

// PeriodFilter is the choice of the months of totals.
func PeriodFilter() partial.Filter {
	return partial.Filter{Name: "period", Label: i18n.DuesPeriod, Options: []partial.Option{{Value: "month", Text: i18n.DuesThisMonth}, {Value: "last", Text: i18n.DuesLastMonth},
		{Value: "quarter", Text: i18n.DuesQuarter}, {Value: "lastq", Text: i18n.DuesLastQ}, {Value: "year", Text: i18n.DuesThisYear}, {Value: "lasty", Text: i18n.DuesLastYear}}}
}

var sheetColumns = []partial.Column{{Key: "name", Title: i18n.DuesColName, Main: true}, {Key: "due", Title: i18n.DuesDue, Num: true}, {Key: "paid", Title: i18n.DuesPaidSum, Num: true},
	{Key: "amount", Title: i18n.DuesAmount}, {Key: "behind", Title: i18n.DuesBehind, Num: true}, {Key: "state", Title: i18n.DuesState}}

func stateOf(r dues.Row) partial.State {
	switch {
	case r.NoBase:
		return partial.State{Text: i18n.DuesNeedsBase, Tone: partial.Waiting}
	case r.Review:
		return partial.State{Text: i18n.DuesReview, Tone: partial.Warned}
	case r.Charge() == 0:
		return partial.State{Text: i18n.DuesFree, Tone: partial.Neutral}
	case r.Owed == 0:
		return partial.State{Text: i18n.DuesSettled, Tone: partial.Closed}
	case r.Paid() > 0:
		return partial.State{Text: i18n.DuesPartly, Tone: partial.Waiting}
	}
	return partial.State{Text: i18n.DuesOpen, Tone: partial.Draft}
}

func monthState(s dues.State) partial.State {
	switch {
	case !s.Known:
		return partial.State{}
	case s.Review:
		return partial.State{Text: i18n.DuesReview, Tone: partial.Warned}
	case s.Charge == 0:
		return partial.State{Text: i18n.DuesFree, Tone: partial.Neutral}
	case s.Owed() == 0:
		return partial.State{Text: i18n.DuesSettled, Tone: partial.Closed}
	case s.Deferred():
		return partial.State{Text: i18n.DuesLater, Tone: partial.Neutral}
	case s.Paid > 0:
		return partial.State{Text: i18n.DuesPartly, Tone: partial.Waiting}
	}
	return partial.State{Text: i18n.DuesOpen, Tone: partial.Draft}
}

// open are the rows for which something is to be taken.
func (s Sheet) open() int {
	n := 0
	for _, r := range s.Rows.Items {
		if r.Owed > 0 {
			n++
		}
	}
	return n
}

func (s Sheet) rows() []partial.Row {
	var out []partial.Row
	for _, r := range s.Rows.Items {
		behind := ""
		if n := r.Behind(); n > 0 {
			behind = i18n.Yuan(n)
		}
		out = append(out, partial.Row{ID: r.ID.String(), Name: r.Name, Href: MemberHref(r.ID), Cells: cells(partial.Text(r.Name), partial.Text(money(r.Charge())), partial.Text(money(r.Paid())),
			amountCell(s, r), partial.Text(behind), partial.Badge(stateOf(r)))})
	}
	return out
}

func money(fen int64) string {
	if fen == 0 {
		return ""
	}
	return i18n.Yuan(fen)
}

// chosen says whether the row is ticked: everybody who owes something, or who was ticked when the form was sent.
func (s Sheet) chosen(r dues.Row) bool {
	if s.Form.Values == nil {
		return r.Owed > 0
	}
	for _, v := range s.Form.Values["id"] {
		if v == r.ID.String() {
			return true
		}
	}
	return false
}

func (s Sheet) amount(r dues.Row) string {
	if v := s.Form.Values.Get(dues.AmountField(r.ID)); s.Form.Values != nil && v != "" {
		return v
	}
	return i18n.PlainYuan(r.Owed)
}

func (s Sheet) wrong(ctx context.Context, r dues.Row) string {
	if s.Form.Err == nil {
		return ""
	}
	m, ok := s.Form.Err.Fields[dues.AmountField(r.ID)]
	if !ok {
		return ""
	}
	return m.In(i18n.From(ctx))
}

// step is the address of the sheet of other months.
func (s Sheet) step(n dues.Month) string {
	span := s.To - s.From + 1
	return BranchHref(s.Branch.ID) + "?from=" + (s.From + n*span).String() + "&to=" + (s.To + n*span).String()
}

func (s Sheet) at(from, to dues.Month) string {
	return BranchHref(s.Branch.ID) + "?from=" + from.String() + "&to=" + to.String()
}

// quarter is the address of the quarter of the first month.
func (s Sheet) quarter() string {
	first := s.From - dues.Month((s.From.Number()-1)%3)
	return s.at(first, first+2)
}

func (s Sheet) query() string { return "?from=" + s.From.String() + "&to=" + s.To.String() }

// span names some months.
func span(ctx context.Context, from, to dues.Month) string {
	if from == to {
		return from.String()
	}
	return i18n.T(ctx, i18n.DuesSpan, from.String(), to.String())
}

var unpaidColumns = []partial.Column{{Key: "name", Title: i18n.DuesColName, Main: true}, {Key: "branch", Title: i18n.DuesBranch}, {Key: "months", Title: i18n.DuesMonth}, {Key: "behind", Title: i18n.DuesBehind, Num: true}}

func unpaidRows(ctx context.Context, list []dues.Row) []partial.Row {
	var out []partial.Row
	for _, r := range list {
		out = append(out, partial.Row{Href: MemberHref(r.ID), Cells: cells(partial.Text(r.Name), partial.Text(r.Branch), partial.Text(monthNames(ctx, r.Arrears)), partial.Text(i18n.Yuan(r.Behind())))})
	}
	return out
}

// monthNames names the months of arrears: the first to the last where there are many.
func monthNames(ctx context.Context, list []dues.State) string {
	if len(list) > 3 {
		return span(ctx, list[0].Month, list[len(list)-1].Month)
	}
	var out []string
	for _, s := range list {
		out = append(out, s.Month.String())
	}
	return strings.Join(out, i18n.T(ctx, i18n.CodeListComma))
}

var monthColumns = []partial.Column{{Key: "month", Title: i18n.DuesMonth, Main: true}, {Key: "due", Title: i18n.DuesDue, Num: true}, {Key: "paid", Title: i18n.DuesPaidSum, Num: true}, {Key: "state", Title: i18n.DuesState}}

func monthRows(list []dues.State) []partial.Row {
	var out []partial.Row
	for _, s := range list {
		if !s.Known && s.Paid == 0 {
			continue
		}
		out = append(out, partial.Row{Cells: cells(partial.Text(s.Month.String()), partial.Text(i18n.Yuan(s.Charge)), partial.Text(money(s.Paid)), partial.Badge(monthState(s)))})
	}
	return out
}

var paymentColumns = []partial.Column{{Key: "on", Title: i18n.DuesPaidOn, Main: true}, {Key: "for", Title: i18n.DuesColMonth}, {Key: "sum", Title: i18n.DuesAmount, Num: true}, {Key: "kind", Title: i18n.DuesState}, {Key: "act", Title: i18n.DuesReceipt}}

func paymentRows(ctx context.Context, list []dues.Payment, keep bool) []partial.Row {
	var out []partial.Row
	for _, p := range list {
		months := ""
		if p.From != 0 {
			months = span(ctx, p.From, p.To)
		}
		kind := partial.State{Text: p.Means.Text(), Tone: partial.Neutral}
		switch {
		case p.Taken:
			kind = partial.State{Text: i18n.DuesVoid, Tone: partial.Ended}
		case p.Kind != dues.Dues:
			kind.Text = p.Kind.Text()
		}
		out = append(out, partial.Row{Cells: cells(partial.Text(p.PaidOn.String()), partial.Text(months), partial.Text(i18n.Yuan(p.Amount)), withReason(kind, p.Reason), paymentActs(p, keep))})
	}
	return out
}

func backAct(ctx context.Context, p dues.Payment) partial.Act {
	return partial.Act{Text: i18n.DuesBack, Href: paymentHref(p.ID) + "/back", Look: partial.Quiet, Small: true,
		Confirm: &partial.Confirm{ID: "back-" + p.ID.String(), Question: i18n.T(ctx, i18n.DuesBackQ, i18n.Yuan(p.Amount)), Reason: i18n.DuesBackWhy, Form: "dues.back"}}
}

func cells(list ...templ.Component) []templ.Component { return list }

// wrong says whether a form is the one that was sent and not accepted.
func wrong(f field.Form, name string) bool { return f.Err != nil && f.Values.Get("_form") == name }

// only is the form if it is the one that was sent, else an empty one under its own ids.
func only(f field.Form, name string) field.Form {
	if f.Values.Get("_form") == name {
		return f
	}
	return field.Form{ID: strings.ReplaceAll(name, ".", "-") + "-"}
}

func share(l dues.Relief) i18n.Text {
	if l.Kind == dues.Less {
		return i18n.Verbatim(strconv.FormatInt(l.Share, 10) + "%")
	}
	return l.Kind.Text()
}

func version(l dues.Relief) string { return strconv.FormatInt(l.Version, 10) }

var birthdayColumns = []partial.Column{{Key: "name", Title: i18n.DuesColName, Main: true}, {Key: "day", Title: i18n.BirthdayDay, Tight: true}, {Key: "years", Title: i18n.BirthdayYears, Num: true},
	{Key: "branch", Title: i18n.DuesBranch}, {Key: "community", Title: i18n.BirthdayCommunity, Minor: true}, {Key: "visit", Title: i18n.BirthdayState}}

func (b Birthdays) rows() []partial.Row {
	var out []partial.Row
	for _, i := range b.Items {
		out = append(out, partial.Row{ID: i.MemberID.String(), Name: i.Name, Href: "/members/" + i.MemberID.String(), Cells: cells(partial.Text(i.Name), partial.Text(i.On(b.Month.Year()).String()), years(i),
			partial.Text(i.Branch), partial.Text(i.Community), visitCell(i))})
	}
	return out
}

func visitState(i dues.Birthday) partial.State {
	if i.Held {
		return partial.State{Text: i18n.BirthdayHeld, Tone: partial.Closed}
	}
	return partial.State{Text: i18n.BirthdayMade, Tone: partial.Active}
}

// selected is the form to which ticked rows belong; none where the actor makes no visits.
func (b Birthdays) selected() string {
	if b.Greet {
		return greetForm
	}
	return ""
}

// firstOwed is the first month for which something is open, or the month that runs.
func (m Member) firstOwed() dues.Month {
	if len(m.Arrears) > 0 {
		return m.Arrears[0].Month
	}
	return m.Now
}

// open are the months that the member is reminded of: arrears and the month that runs.
func (o Own) open() []dues.State {
	out := o.Arrears
	for _, s := range o.Months {
		if s.Month == o.Now && s.Owed() > 0 {
			out = append(out, s)
		}
	}
	return out
}
