// Package transfer draws the pages of transfers of the formal relation of members.
package transfer

import (
	"context"
	"net/url"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/transfer"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path     = "/transfers"
	NewPath  = Path + "/new"
	InPath   = Path + "/in"
	AwayPath = Path + "/away"
	MinePath = "/m/transfer"
)

// Href is the address of a transfer.
func Href(t id.ID) string { return Path + "/" + t.String() }

// NewHref is the address of the form that transfers a member.
func NewHref(m id.ID) string { return NewPath + "?id=" + m.String() }

// List is the page of all transfers in sight.
type List struct {
	Query         url.Values
	Items         []transfer.Item
	Before, After string
	Counts        transfer.Counts
	Orgs          []field.Option
	Today         calendar.Date
	Acts          []partial.Act
	Bulk          []partial.Act
}

// Away is the page of those who have been away for long.
type Away struct {
	Query         url.Values
	Items         []transfer.Away
	Before, After string
	Today         calendar.Date
}

// Start is the form that starts transfers.
type Start struct {
	field.Form
	Members   []field.Option
	To        string // what is chosen is called
	Direction transfer.Direction
	Issue     bool // the person may approve and issue
	Limit     int64
	Today     string
	Latest    string // the last day that a letter may have
	Refused   []transfer.Refusal
	Cancel    string
}

// In is the form of a letter from outside.
type In struct {
	field.Form
	To      string
	Receive bool
	Today   string
}

// Show is the page of one transfer.
type Show struct {
	transfer.Detail
	Form           field.Form
	Sends          bool // the actor decides on the sending side
	Receives       bool // on the receiving side
	Starts         bool // may withdraw what is not approved
	Letter         bool // there is one to print
	Receipt        bool
	Limit          int64
	Today          calendar.Date
	FromOrg, ToOrg string // addresses, "" where they cannot be opened
}

// Mine is the member's own page.
type Mine struct {
	transfer.Own
	Form      field.Form
	Direction transfer.Direction
	To        string
	Letter    bool
}

// StateOf is a state as it is drawn.
func StateOf(s transfer.State) partial.State {
	tone := map[transfer.State]partial.Tone{transfer.Requested: partial.Waiting, transfer.ApprovedOut: partial.Waiting, transfer.InTransit: partial.Active,
		transfer.Received: partial.Closed, transfer.Returned: partial.Warned, transfer.Expired: partial.Refused, transfer.Refused: partial.Refused, transfer.Withdrawn: partial.Ended}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

var columns = []partial.Column{{Key: "name", Title: i18n.TransferName, Main: true, Sort: true}, {Key: "from", Title: i18n.TransferFromLabel}, {Key: "to", Title: i18n.TransferToLabel},
	{Key: "direction", Title: i18n.TransferDirection, Minor: true}, {Key: "asked", Title: i18n.TransferAsked, Tight: true}, {Key: "valid", Title: i18n.TransferValidTo, Sort: true, Tight: true},
	{Key: "state", Title: i18n.TransferState, Tight: true}}

var awayColumns = []partial.Column{{Key: "name", Title: i18n.TransferName, Main: true}, {Key: "home", Title: i18n.TransferMineHome}, {Key: "place", Title: i18n.FloatingPlace},
	{Key: "since", Title: i18n.TransferAwaySince}, {Key: "last", Title: i18n.FloatingLast, Tight: true}, {Key: "act", Title: i18n.TransferNew, Tight: true}}

var stepColumns = []partial.Column{{Key: "on", Title: i18n.TransferStepOn, Tight: true}, {Key: "act", Title: i18n.TransferStepAct, Main: true}, {Key: "no", Title: i18n.TransferStepNo},
	{Key: "note", Title: i18n.TransferNote}, {Key: "by", Title: i18n.TransferStepBy}}

var ownColumns = []partial.Column{{Key: "asked", Title: i18n.TransferAsked, Tight: true}, {Key: "to", Title: i18n.TransferToLabel, Main: true}, {Key: "state", Title: i18n.TransferState, Tight: true}}

func rows(ctx context.Context, l List) []partial.Row {
	var out []partial.Row
	for _, i := range l.Items {
		valid := partial.Text("")
		if i.State.Open() && !i.ValidTo.IsZero() {
			valid = partial.Text(i.ValidTo.String())
		}
		if i.State == transfer.Expired {
			valid = partial.Two(i.ValidTo.String(), i18n.T(ctx, i18n.TransferLate, i.LateBy(l.Today)))
		}
		out = append(out, partial.Row{ID: i.ID.String(), Name: i.Name, Href: Href(i.ID), Cells: []templ.Component{partial.Two(i.Name, i18n.T(ctx, i.Cause.Text())), partial.Text(i.From),
			partial.Text(i.To), partial.Label(i.Direction.Text()), partial.Text(i.AskedOn.String()), valid, partial.Badge(StateOf(i.State))}})
	}
	return out
}

func awayRows(ctx context.Context, a Away) []partial.Row {
	var out []partial.Row
	for _, i := range a.Items {
		q := url.Values{"id": {i.MemberID.String()}, "direction": {string(transfer.Out)}, "cause": {string(transfer.Settled)}, "outside": {i.Branch}}
		out = append(out, partial.Row{ID: i.MoveID.String(), Name: i.Name, Href: "/members/" + i.MemberID.String() + "/contacts", Cells: []templ.Component{partial.Text(i.Name),
			partial.Text(i.Home), partial.Two(i.Place, i.Branch), partial.Two(i.Since.String(), i18n.T(ctx, i18n.TransferAwayFor, i.Months(a.Today))), partial.Text(i.LastContact.String()),
			partial.Link(i18n.T(ctx, i18n.TransferNew), NewPath+"?"+q.Encode())}})
	}
	return out
}

func stepRows(ctx context.Context, list []transfer.Step) []partial.Row {
	var out []partial.Row
	for _, s := range list {
		no := partial.Text(s.DocumentNo)
		if !s.ValidTo.IsZero() {
			no = partial.Two(s.DocumentNo, i18n.T(ctx, i18n.TransferValidTo)+" "+s.ValidTo.String())
		}
		out = append(out, partial.Row{ID: s.ID.String(), Cells: []templ.Component{partial.Text(s.On.String()), partial.Label(s.Act.Text()), no, partial.Text(s.Note), partial.Text(s.By)}})
	}
	return out
}

// OwnRows are the transfers of one member; href says where each leads.
func OwnRows(items []transfer.Item, href func(id.ID) string) []partial.Row {
	var out []partial.Row
	for _, i := range items {
		out = append(out, partial.Row{ID: i.ID.String(), Name: i.Name, Href: href(i.ID), Cells: []templ.Component{partial.Text(i.AskedOn.String()), partial.Two(i.To, i.From),
			partial.Badge(StateOf(i.State))}})
	}
	return out
}

// OwnColumns are the columns of OwnRows.
func OwnColumns() []partial.Column { return ownColumns }

func nowhere(id.ID) string { return "" }

// CauseOptions are the causes.
func CauseOptions() []field.Option { return field.Choices(transfer.Causes(), transfer.Cause.Text) }

func standingOptions() []field.Option {
	return field.Choices(member.Standings(), member.Standing.Text)
}

func (l List) filters() []partial.Filter {
	out := []partial.Filter{
		{Name: "state", Label: i18n.TransferState, Options: field.Choices(transfer.States(), transfer.State.Text)},
		{Name: "direction", Label: i18n.TransferDirection, Options: field.Choices(transfer.Directions(), transfer.Direction.Text)},
		{Name: "show", Label: i18n.TransferShow, Options: []field.Option{{Value: "open", Text: i18n.TransferShowOpen}, {Value: "late", Text: i18n.TransferOverdue}, {Value: "back", Text: i18n.TransferShowBack}}},
	}
	if len(l.Orgs) > 1 {
		out = append(out, partial.Filter{Name: "organisation", Label: i18n.TransferOrg, Options: l.Orgs})
	}
	return out
}

func (l List) stats() []partial.Stat {
	s := func(t i18n.Text, n int64, query string, tone partial.Tone) partial.Stat {
		if n == 0 {
			tone = partial.Neutral
		}
		return partial.Stat{Label: t, Value: strconv.FormatInt(n, 10), Href: Path + "?" + query, Tone: tone}
	}
	c := l.Counts
	return []partial.Stat{s(i18n.TransferRequested, c.Requested, "state=requested", partial.Neutral), s(i18n.TransferApprovedOut, c.ApprovedOut, "state=approved_out", partial.Neutral),
		s(i18n.TransferInTransit, c.InTransit, "state=in_transit", partial.Neutral), s(i18n.TransferExpired, c.Expired, "show=late", partial.Warned),
		s(i18n.TransferShowBack, c.Returned, "show=back", partial.Warned)}
}

func side(name, href string) templ.Component {
	if href == "" {
		return partial.Text(name)
	}
	return partial.Link(name, href)
}

func (s Show) facts() []partial.Fact {
	who := partial.Text(s.Name)
	if s.MemberID != 0 {
		who = partial.Link(s.Name, "/members/"+s.MemberID.String())
	}
	out := []partial.Fact{{Label: i18n.TransferName, Value: who}, {Label: i18n.TransferDirection, Value: partial.Label(s.Direction.Text())},
		{Label: i18n.TransferFromLabel, Value: side(s.From, s.FromOrg)}, {Label: i18n.TransferToLabel, Value: side(s.To, s.ToOrg)},
		{Label: i18n.TransferCause, Value: partial.Label(s.Cause.Text())}, {Label: i18n.TransferAsked, Value: partial.Two(s.AskedOn.String(), s.AskedBy.Text().In(i18n.ZH))}}
	out[5].Value = asked(s)
	for _, f := range []struct {
		label i18n.Text
		value string
	}{{i18n.MemberPhoneMasked, s.PhoneMask}, {i18n.TransferAddress, s.Address}, {i18n.TransferLetterNo, s.LetterNo}, {i18n.TransferIssuedOn, s.IssuedOn.String()},
		{i18n.TransferValidTo, s.ValidTo.String()}, {i18n.TransferReceiptNo, s.ReceiptNo}, {i18n.TransferClosedOn, s.ClosedOn.String()}, {i18n.TransferReason, s.Reason}, {i18n.TransferNote, s.Note}} {
		if f.value != "" {
			out = append(out, partial.F(f.label, f.value))
		}
	}
	return out
}

func (s Show) version() string {
	if v := s.Form.Values.Get("version"); v != "" {
		return v
	}
	return strconv.FormatInt(s.Version, 10)
}

// latest is the last day that a letter issued today may have.
func (s Show) latest() string { return s.Today.AddDays(int(s.Limit)).String() }

func (s Show) acts() []partial.Act {
	var out []partial.Act
	if s.Letter {
		out = append(out, partial.Act{Text: i18n.TransferPrintLetter, Href: Href(s.ID) + "/letter/pdf", Icon: "printer"})
	}
	if s.Receipt {
		out = append(out, partial.Act{Text: i18n.TransferPrintReceipt, Href: Href(s.ID) + "/receipt/pdf", Icon: "printer"})
	}
	if s.Starts && !s.State.Open() && s.State != transfer.Received && s.MemberID != 0 {
		out = append(out, partial.Act{Text: i18n.TransferAgain, Href: NewHref(s.MemberID), Icon: "refresh"})
	}
	return out
}

// in puts a prefix before the ids of the fields of one of several forms of the page.
func (s Show) in(prefix string) field.Form {
	f := s.Form
	f.ID = prefix
	return f
}

// sent says that a form of the page was sent and is shown again.
func (s Show) sent(form string) bool { return s.Form.Values.Get("_form") == form }

// tabs choose the direction.
func (s Start) tabs() []partial.Tab {
	q := url.Values{"id": s.Values["member"]}
	for _, o := range s.Members {
		if len(s.Values["member"]) == 0 {
			q.Add("id", o.Value)
		}
	}
	tab := func(d transfer.Direction) partial.Tab {
		q.Set("direction", string(d))
		return partial.Tab{Text: d.Text(), Href: NewPath + "?" + q.Encode(), Active: s.Direction == d, Count: -1}
	}
	return []partial.Tab{tab(transfer.Inside), tab(transfer.Out)}
}

func (m Mine) tabs() []partial.Tab {
	tab := func(d transfer.Direction) partial.Tab {
		return partial.Tab{Text: d.Text(), Href: MinePath + "?direction=" + string(d), Active: m.Direction == d, Count: -1}
	}
	return []partial.Tab{tab(transfer.Inside), tab(transfer.Out)}
}
