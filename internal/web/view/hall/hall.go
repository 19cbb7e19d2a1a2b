// Package hall draws service halls: their pages and figures at the desk, the counter, terminals, call screens, the page of a number, and what is run for others.
package hall

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
	"linli/internal/web/view/field"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path        = "/halls"
	CounterPath = "/hall/counter"
	TakenPath   = "/takeovers"
	KioskPath   = "/k"
	ScreenPath  = "/d"
	ticketPath  = "/k/t"
)

// Href is the address of a hall at the desk.
func Href(h id.ID) string { return Path + "/" + h.String() }

// PostHref is the address of a counter's form.
func PostHref(c id.ID) string { return "/hall/counters/" + c.String() }

// NumberHref is the address of a number at the desk.
func NumberHref(t id.ID) string { return "/hall/tickets/" + t.String() }

// CaseHref is the address of a case.
func CaseHref(c id.ID) string { return "/cases/" + c.String() }

// TermKey marks the addresses that a terminal of a hall opens: it goes back to the beginning by itself.
const TermKey = "t"

// KioskHref is the address where numbers of a hall are taken; term for its terminals.
func KioskHref(address string, term bool) string { return atTerm(KioskPath+"/"+address, term) }

// WindowHref is the address where numbers of one window are taken.
func WindowHref(address, window string, term bool) string {
	return atTerm(KioskPath+"/"+address+"/"+url.PathEscape(window), term)
}

// ScreenHref is the address of a hall's call screen.
func ScreenHref(address string) string { return ScreenPath + "/" + address }

// TicketHref is the address of a number for who holds it.
func TicketHref(code string, term bool) string { return atTerm(ticketPath+"/"+code, term) }

func atTerm(path string, term bool) string {
	if term {
		path += "?" + TermKey + "=1"
	}
	return path
}

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

var weekdays = [7]i18n.Text{i18n.Monday, i18n.Tuesday, i18n.Wednesday, i18n.Thursday, i18n.Friday, i18n.Saturday, i18n.Sunday}

// minutes says a length in whole minutes; "" for none.
func minutes(ctx context.Context, d time.Duration) string {
	if d <= 0 {
		return ""
	}
	return i18n.T(ctx, i18n.HallMinutes, max(1, int64(d.Round(time.Minute)/time.Minute)))
}

// Hours says whether a hall is open, and when it opens next.
func Hours(ctx context.Context, o hall.Hours, now time.Time) string {
	switch {
	case o.Open:
		return i18n.T(ctx, i18n.HallOpenNow)
	case o.Gives:
		return i18n.T(ctx, i18n.HallOpenNow)
	case o.Next.IsZero():
		return i18n.T(ctx, i18n.HallNoOpening)
	}
	return i18n.T(ctx, i18n.HallOpensAt, moment(o.Next, now))
}

// moment is a time of today as a clock shows it, of another day with its date.
func moment(t, now time.Time) string {
	if calendar.DateOf(t) == calendar.DateOf(now) {
		return i18n.Clock(t)
	}
	return i18n.DateTime(t)[5:]
}

func opened(list []hall.Counter) (n int64) {
	for _, c := range list {
		if c.State == hall.Opened {
			n++
		}
	}
	return n
}

// StateOf is the state of a ticket as a badge.
func StateOf(s hall.State) partial.State {
	return partial.State{Text: s.Text(), Tone: map[hall.State]partial.Tone{hall.Waiting: partial.Waiting, hall.Called: partial.Warned, hall.Serving: partial.Active, hall.Done: partial.Closed,
		hall.Absent: partial.Refused, hall.Left: partial.Ended, hall.Expired: partial.Ended}[s]}
}

func counterState(s hall.CounterState) partial.State {
	return partial.State{Text: s.Text(), Tone: map[hall.CounterState]partial.Tone{hall.Shut: partial.Ended, hall.Opened: partial.Active, hall.Paused: partial.Warned}[s]}
}

// List is a page of halls.
type List struct {
	Query         url.Values
	Items         []hall.Hall
	Hours         []hall.Hours
	Before, After string
	Manages       bool
	Serves        bool
	Now           time.Time
}

var columns = []partial.Column{{Key: "name", Title: i18n.HallName, Main: true}, {Key: "place", Title: i18n.HallPlace, Minor: true}, {Key: "counters", Title: i18n.HallCounters},
	{Key: "waiting", Title: i18n.HallWaiting, Num: true, Tight: true}, {Key: "state", Title: i18n.HallState, Tight: true}}

func (l List) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for i, h := range l.Items {
		state := partial.State{Text: i18n.HallShowEnded, Tone: partial.Ended}
		if h.Active() {
			state = partial.State{Text: i18n.Verbatim(Hours(ctx, l.Hours[i], l.Now)), Tone: partial.Draft}
			if l.Hours[i].Open {
				state.Tone = partial.Active
			}
		}
		out = append(out, partial.Row{ID: h.ID.String(), Name: h.Name, Href: Href(h.ID), Cells: []templ.Component{partial.Two(h.Name, h.Org), partial.Text(h.Place),
			partial.Text(i18n.T(ctx, i18n.HallCountersN, len(h.Counters), opened(h.Counters))), partial.Num(h.Waiting), partial.Badge(state)}})
	}
	return out
}

func (l List) acts() (out []partial.Act) {
	if l.Serves {
		out = append(out, partial.Act{Text: i18n.CounterOpen, Href: CounterPath})
	}
	if l.Manages {
		out = append(out, partial.Act{Text: i18n.HallNew, Href: Path + "/new", Look: partial.Primary})
	}
	return out
}

func (l List) emptyAct() *partial.Act {
	if !l.Manages {
		return nil
	}
	return &partial.Act{Text: i18n.HallNew, Href: Path + "/new"}
}

func (l List) filters() []partial.Filter {
	return []partial.Filter{{Name: "show", Label: i18n.HallShow, Options: field.Choices(hall.HallShows(), hallShow)}}
}

func hallShow(s string) i18n.Text {
	return map[string]i18n.Text{hall.ShowUsed: i18n.HallShowUsed, hall.ShowEnded: i18n.HallShowEnded}[s]
}

// New is the form of a hall.
type New struct {
	field.Form
	ID   id.ID // 0 for a new one
	Orgs []field.Option
}

func (n New) action() string {
	if n.ID == 0 {
		return Path
	}
	return Href(n.ID) + "/edit"
}

func (n New) back() string {
	if n.ID == 0 {
		return Path
	}
	return Href(n.ID)
}

// Values are a hall as the form shows it.
func Values(h hall.Hall) url.Values {
	v := url.Values{"name": {h.Name}, "org": {h.OrgID.String()}, "place": {h.Place}, "version": {decimal(h.Version)}}
	if h.ByPhone {
		v.Set("by_phone", "1")
	}
	if h.Holidays {
		v.Set("holidays", "1")
	}
	for i := 1; i <= 7; i++ {
		v.Set(technician.WeekField(i), technician.Hours(h.Week, i))
	}
	return v
}

// Show is the page of a hall.
type Show struct {
	hall.Hall
	Hours   hall.Hours
	Windows []hall.Window
	Office  string // what is chosen as whose counter it is is called
	Sent    field.Form
	Manages bool
	Serves  bool
	Base    string // of the addresses
	QR      string // of the page where numbers are taken on a phone
	Now     time.Time
}

func (s Show) head(ctx context.Context) partial.Head {
	state := partial.State{Text: i18n.Verbatim(Hours(ctx, s.Hours, s.Now)), Tone: partial.Draft}
	if s.Hours.Open {
		state.Tone = partial.Active
	}
	if !s.Active() {
		state = partial.State{Text: i18n.HallShowEnded, Tone: partial.Ended}
	}
	h := partial.Head{Title: s.Name, Under: s.Org, State: state}
	version := []partial.Value{{Name: "version", Value: decimal(s.Version)}}
	if s.Serves && s.Active() {
		h.Acts = append(h.Acts, partial.Act{Text: i18n.CounterOpen, Href: CounterPath, Look: partial.Primary})
	}
	if !s.Manages {
		return h
	}
	if !s.Active() {
		h.Acts = append(h.Acts, partial.Act{Text: i18n.HallResume, Href: Href(s.ID) + "/resume", Post: true, Values: version})
		return h
	}
	h.Acts = append(h.Acts, partial.Act{Text: i18n.HallEdit, Href: Href(s.ID) + "/edit"})
	h.More = []partial.Act{{Text: i18n.HallEnd, Href: Href(s.ID) + "/end", Post: true, Look: partial.Danger, Values: version,
		Confirm: &partial.Confirm{ID: "end", Question: i18n.T(ctx, i18n.HallEndAsk, s.Name)}}}
	return h
}

func (s Show) facts(ctx context.Context) []partial.Fact {
	yes := func(b bool) string {
		if b {
			return i18n.T(ctx, i18n.HallYes)
		}
		return "—"
	}
	return []partial.Fact{partial.F(i18n.HallOrg, s.Org), partial.F(i18n.HallPlace, s.Place), partial.F(i18n.HallWaiting, decimal(s.Waiting)), partial.F(i18n.HallPhoneTick, yes(s.ByPhone)),
		partial.F(i18n.HallHolidays, yes(s.Holidays))}
}

// Tabs are the parts of a hall's pages.
func tabs(h id.ID, active int) []partial.Tab {
	list := []partial.Tab{{Text: i18n.HallTabAbout, Href: Href(h), Count: -1}, {Text: i18n.HallTabFigures, Href: Href(h) + "/figures", Count: -1}, {Text: i18n.HallTabTickets, Href: Href(h) + "/tickets", Count: -1}}
	list[active].Active = true
	return list
}

func windowNames(ctx context.Context, all []hall.Window, codes []string) string {
	var names []string
	for _, w := range all {
		for _, c := range codes {
			if w.Code == c {
				names = append(names, w.Letter+" "+i18n.T(ctx, w.Name))
			}
		}
	}
	return strings.Join(names, i18n.T(ctx, i18n.CatalogueComma))
}

func windowOptions(all []hall.Window, but ...string) []field.Option {
	var out []field.Option
	for _, w := range all {
		if w.Retired || len(but) > 0 && w.Code == but[0] {
			continue
		}
		out = append(out, field.Option{Value: w.Code, Text: w.Name})
	}
	return out
}

func matterOptions(list []hall.Matter) []field.Option {
	var out []field.Option
	for _, m := range list {
		out = append(out, field.Option{Value: m.ID.String(), Text: m.Name})
	}
	return out
}

// CounterForm is the form of a counter.
type CounterForm struct {
	field.Form
	ID      id.ID
	HallID  id.ID
	Windows []hall.Window
	Office  string // what is chosen is called
}

// CounterValues are a counter as the form shows it.
func CounterValues(c hall.Counter) url.Values {
	return url.Values{"number": {decimal(c.Number)}, "name": {c.Name}, "org": {c.OrgID.String()}, "windows": c.Windows, "version": {decimal(c.Version)}}
}

// Figures is the page of a hall's figures.
type Figures struct {
	Hall   hall.Hall
	Report hall.Report
}

func (f Figures) query(more ...string) url.Values {
	q := url.Values{"from": {f.Report.Days.From.String()}, "to": {f.Report.Days.To.String()}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return q
}

func (f Figures) open(more ...string) string {
	return Href(f.Hall.ID) + "/tickets?" + f.query(more...).Encode()
}

func (f Figures) stats(ctx context.Context) []partial.Stat {
	t := f.Report.Total
	return []partial.Stat{{Label: i18n.HallTickets, Value: i18n.Number(t.Tickets), Href: f.open()}, {Label: i18n.HallFirst, Value: i18n.Number(t.First), Href: f.open("first", "1")},
		{Label: i18n.HallDone, Value: i18n.Number(t.Done), Href: f.open("state", string(hall.Done))}, {Label: i18n.HallCases, Value: i18n.Number(t.Cases), Href: f.open("case", "1")},
		{Label: i18n.HallWaitMedian, Value: orDash(minutes(ctx, t.Wait)), Href: f.open()}, {Label: i18n.HallServeMedian, Value: orDash(minutes(ctx, t.Serve)), Href: f.open("state", string(hall.Done))}}
}

func orDash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}

func figureColumns(first i18n.Text) []partial.Column {
	return []partial.Column{{Key: "what", Title: first, Main: true}, {Key: "tickets", Title: i18n.HallTickets, Num: true, Tight: true}, {Key: "done", Title: i18n.HallDone, Num: true, Tight: true},
		{Key: "cases", Title: i18n.HallCases, Num: true, Tight: true}, {Key: "absent", Title: i18n.HallAbsent, Num: true, Tight: true, Minor: true}, {Key: "left", Title: i18n.HallLeft, Num: true, Tight: true, Minor: true},
		{Key: "expired", Title: i18n.HallExpired, Num: true, Tight: true, Minor: true}, {Key: "wait", Title: i18n.HallWaitMedian, Num: true, Tight: true}, {Key: "serve", Title: i18n.HallServeMedian, Num: true, Tight: true}}
}

func (f Figures) row(ctx context.Context, name string, x hall.Figures, key, value string) partial.Row {
	at := func(more ...string) string { return f.open(append(more, key, value)...) }
	if key == "day" {
		at = func(more ...string) string { return f.open(append(more, "from", value, "to", value)...) }
	}
	n := func(n int64, href string) templ.Component {
		if n == 0 {
			return partial.Num(0)
		}
		return partial.NumLink(n, href)
	}
	return partial.Row{ID: value, Name: name, Href: at(), Cells: []templ.Component{partial.Text(name), n(x.Tickets, at()), n(x.Done, at("state", string(hall.Done))), n(x.Cases, at("case", "1")),
		n(x.Absent, at("state", string(hall.Absent))), n(x.Left, at("state", string(hall.Left))), n(x.Expired, at("state", string(hall.Expired))), partial.Text(orDash(minutes(ctx, x.Wait))), partial.Text(orDash(minutes(ctx, x.Serve)))}}
}

func (f Figures) windows(ctx context.Context) (out []partial.Row) {
	for _, x := range f.Report.Windows {
		out = append(out, f.row(ctx, i18n.T(ctx, x.Name), x, "window", x.Window))
	}
	return out
}

func (f Figures) days(ctx context.Context) (out []partial.Row) {
	for _, x := range f.Report.ByDay {
		out = append(out, f.row(ctx, x.Day.String(), x, "day", x.Day.String()))
	}
	return out
}

var aboutColumns = []partial.Column{{Key: "what", Title: i18n.HallMatter, Main: true}, {Key: "window", Title: i18n.HallWindow, Minor: true}, {Key: "done", Title: i18n.HallDone, Num: true, Tight: true},
	{Key: "cases", Title: i18n.HallCases, Num: true, Tight: true}}

func (f Figures) about(ctx context.Context) (out []partial.Row) {
	for _, x := range f.Report.About {
		href := f.open("item", x.ItemID.String(), "state", string(hall.Done))
		cases := partial.Num(0)
		if x.Cases > 0 {
			cases = partial.NumLink(x.Cases, f.open("item", x.ItemID.String(), "state", string(hall.Done), "case", "1"))
		}
		out = append(out, partial.Row{ID: x.ItemID.String(), Href: href, Name: i18n.T(ctx, x.Name), Cells: []templ.Component{partial.Text(i18n.T(ctx, x.Name)), partial.Text(i18n.T(ctx, x.Window)), partial.NumLink(x.Tickets, href), cases}})
	}
	return out
}

// Tickets is a page of the numbers of a hall.
type Tickets struct {
	Hall          hall.Hall
	Query         url.Values
	Days          hall.Days
	Windows       []hall.Window
	Items         []hall.Ticket
	Before, After string
}

func (l Tickets) path() string { return Href(l.Hall.ID) + "/tickets" }

func (l Tickets) filters() []partial.Filter {
	return []partial.Filter{{Name: "window", Label: i18n.HallWindow, Options: windowOptions(l.Windows)}, {Name: "state", Label: i18n.HallState, Options: field.Choices(hall.States(), hall.State.Text)},
		{Name: "first", Label: i18n.HallFirst, Options: []field.Option{{Value: "1", Text: i18n.HallOnlyFirst}}}, {Name: "case", Label: i18n.HallCase, Options: []field.Option{{Value: "1", Text: i18n.HallOnlyCases}}}}
}

var ticketColumns = []partial.Column{{Key: "no", Title: i18n.HallNumber, Main: true, Tight: true}, {Key: "window", Title: i18n.HallWindow}, {Key: "matter", Title: i18n.HallMatter, Minor: true}, {Key: "at", Title: i18n.HallTakenAt, Tight: true},
	{Key: "waited", Title: i18n.HallWaited, Num: true, Tight: true}, {Key: "served", Title: i18n.HallServedFor, Num: true, Tight: true}, {Key: "case", Title: i18n.HallCase, Tight: true, Minor: true}, {Key: "state", Title: i18n.HallState, Tight: true}}

func (l Tickets) rows(ctx context.Context) (out []partial.Row) {
	for _, t := range l.Items {
		no := partial.Text("")
		if t.CaseID != 0 {
			no = partial.Link(t.CaseNo, CaseHref(t.CaseID))
		}
		label := t.Label()
		if t.Priority != hall.Usual {
			label += " · " + i18n.T(ctx, i18n.HallFirst)
		}
		out = append(out, partial.Row{ID: t.ID.String(), Name: t.Label(), Href: NumberHref(t.ID), Cells: []templ.Component{partial.Text(label), partial.Text(i18n.T(ctx, t.WindowName)), partial.Text(i18n.T(ctx, t.Item)),
			partial.Text(i18n.DateTime(t.TakenAt)[5:]), partial.Text(minutes(ctx, t.Waited())), partial.Text(minutes(ctx, t.Served())), no, partial.Badge(StateOf(t.State))}})
	}
	return out
}

func ticketFacts(ctx context.Context, t hall.Ticket, code bool) []partial.Fact {
	out := []partial.Fact{partial.F(i18n.HallWindow, i18n.T(ctx, t.WindowName)), partial.F(i18n.HallMatter, orDash(i18n.T(ctx, t.Item))), partial.F(i18n.HallChannel, i18n.T(ctx, t.Channel.Text())),
		partial.F(i18n.HallWhy, i18n.T(ctx, t.Priority.Text())), partial.F(i18n.HallTakenAt, i18n.DateTime(t.TakenAt)), partial.F(i18n.HallWaited, orDash(minutes(ctx, t.Waited()))),
		partial.F(i18n.HallServedFor, orDash(minutes(ctx, t.Served())))}
	if t.CaseID != 0 {
		out = append(out, partial.Fact{Label: i18n.HallCase, Value: partial.Link(t.CaseNo, CaseHref(t.CaseID))})
	}
	if code {
		out = append(out, partial.Fact{Label: i18n.TicketTitle, Value: partial.Link(t.Code, TicketHref(t.Code, false))})
	}
	return out
}

func steps(ctx context.Context, list []hall.Entry) (out []partial.Event) {
	for _, e := range list {
		detail := i18n.T(ctx, e.Window)
		if e.Counter > 0 {
			detail += " · " + i18n.T(ctx, i18n.HallAtCounterN, e.Counter)
		}
		out = append(out, partial.Event{When: e.At, What: i18n.T(ctx, e.Act.Text()), Detail: detail})
	}
	return out
}

// Post is the page of the counter at which somebody sits; where they sit at none, of those at which they could.
type Post struct {
	hall.Post
	Halls  []hall.Hall // to choose from, where they sit nowhere
	All    []hall.Window
	Sent   field.Form
	SentBy string
	Sees   bool
	Key    string
}

func (p Post) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if p.SentBy == "hall."+name {
		f = p.Sent
	}
	f.ID = name + "-"
	return f
}

// caseNew is the form of a case, filled in from the ticket.
func (p Post) caseNew() string {
	q := url.Values{"kind": {"matter"}, "ticket": {p.Ticket.ID.String()}}
	if p.Ticket.ItemID != 0 {
		q.Set("item", p.Ticket.ItemID.String())
	}
	return "/cases/new?" + q.Encode()
}

func lines(s string) []string { return catalogue.Lines(s) }

// bringFacts are what somebody has to know of a matter.
func bringFacts(ctx context.Context, i catalogue.Item) []partial.Fact {
	var out []partial.Fact
	for _, f := range []struct {
		label i18n.Text
		value i18n.Text
	}{{i18n.CounterWhoCan, i.WhoText()}, {i18n.CounterForms, i.FormsText()}, {i18n.CounterHowLong, i.LimitText()}, {i18n.CounterCost, i.PriceText()}, {i18n.CounterNote, i.NoteText()}} {
		if s := i18n.T(ctx, f.value); s != "" {
			out = append(out, partial.F(f.label, s))
		}
	}
	return out
}

// Kiosk is the page where numbers are taken.
type Kiosk struct {
	hall.Board
	Term bool // the page was opened as that of a terminal
	Is   bool // the browser is a terminal of the hall
}

// KioskSetHref is where a browser is made a terminal.
func KioskSetHref(address string) string { return KioskHref(address, false) + "/terminal" }

// Asked is the form for a number of one window.
type Asked struct {
	hall.Board
	Window  hall.Window
	Line    hall.Line
	Matters []hall.Matter
	Form    field.Form
	Term    bool
	Key     string
}

func (a Asked) has(name, value string) bool { return a.Form.Values.Get(name) == value }

// Held is the page of a number.
type Held struct {
	hall.Held
	QR   string
	Term bool
}

// returnAfter is after how many seconds a terminal goes back to its beginning.
const returnAfter = "30"

// Screen is the call screen.
type Screen struct {
	hall.Board
	QR string
}

// paused are the counters that are paused, with their words.
func (s Screen) paused() (out []hall.Counter) {
	for _, c := range s.Hall.Counters {
		if c.State == hall.Paused {
			out = append(out, c)
		}
	}
	return out
}

// spoken parts a label so that it is read sign by sign.
func spoken(label string) string { return strings.Join(strings.Split(label, ""), " ") }

// CaseReceipt is what somebody takes away whose case was made at the counter.
type CaseReceipt struct {
	casework.Receipt
	Ticket hall.Ticket
	Item   i18n.Text
	Page   string
	QR     string
	At     time.Time
	Sees   bool // the case
}

// OnCase is what a case's page shows of being run for somebody.
type OnCase struct {
	CaseID id.ID
	Taken  hall.TakenOver
	None   bool
	Over   bool // the case is
	Own    bool
	Sent   field.Form
	SentBy string
	Today  calendar.Date
}

func (o OnCase) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if o.SentBy == "hall."+name {
		f = o.Sent
	}
	f.ID = name + "-"
	return f
}

func (o OnCase) facts(ctx context.Context) []partial.Fact {
	t := o.Taken
	list := []partial.Fact{partial.F(i18n.TakeOverBy, t.Account), partial.F(i18n.TakeOverReason, i18n.T(ctx, t.Reason.Text())), partial.F(i18n.TakeOverHow, i18n.T(ctx, t.Consent.Text())),
		partial.F(i18n.TakeOverOn, t.On.String())}
	if !t.EndedAt.IsZero() {
		list = append(list, partial.F(i18n.TakeOverEndedOn, i18n.DateTime(t.EndedAt)))
	}
	return list
}

// Taken is the list of what is run for others.
type Taken struct {
	Query         url.Values
	Items         []hall.TakenOver
	Before, After string
	Now           time.Time
}

func showText(s string) i18n.Text {
	return map[string]i18n.Text{hall.ShowOpen: i18n.TakeOverShowOpen, hall.ShowPapers: i18n.TakeOverShowPapers}[s]
}

func (l Taken) filters() []partial.Filter {
	return []partial.Filter{{Name: "show", Label: i18n.TakeOverShow, Options: field.Choices(hall.Shows(), showText)},
		{Name: "whose", Label: i18n.TakeOverWhose, Options: []field.Option{{Value: "mine", Text: i18n.TakeOverMine}}}}
}

var takenColumns = []partial.Column{{Key: "case", Title: i18n.TakeOverCase, Main: true}, {Key: "community", Title: i18n.CaseCommunity, Minor: true}, {Key: "by", Title: i18n.TakeOverBy, Minor: true},
	{Key: "papers", Title: i18n.TakeOverPapers, Tight: true}, {Key: "due", Title: i18n.TakeOverDue, Tight: true}, {Key: "state", Title: i18n.HallState, Tight: true}}

func (l Taken) rows(ctx context.Context) (out []partial.Row) {
	for _, t := range l.Items {
		due := partial.Text("")
		switch {
		case t.DueAt.IsZero() || !t.State.Open():
		case l.Now.After(t.DueAt):
			due = partial.Badge(partial.State{Text: i18n.CaseStatLate, Tone: partial.Refused})
		default:
			due = partial.Text(moment(t.DueAt, l.Now))
		}
		papers := partial.Text("")
		if t.Held > 0 {
			papers = partial.Text(i18n.T(ctx, i18n.TakeOverHeldN, t.Held))
		}
		tone := partial.Active
		if !t.State.Open() {
			tone = partial.Closed
		}
		out = append(out, partial.Row{ID: t.CaseID.String(), Name: t.Title, Href: CaseHref(t.CaseID), Cells: []templ.Component{partial.Two(t.Title, t.No), partial.Text(t.Community), partial.Text(t.Account), papers, due,
			partial.Badge(partial.State{Text: t.State.Text(), Tone: tone})}})
	}
	return out
}

// served are the windows that the hall of the counter serves.
func served(p Post) []hall.Window {
	var out []hall.Window
	for _, w := range p.All {
		for _, c := range p.Hall.Counters {
			if c.Serves(w.Code) {
				out = append(out, w)
				break
			}
		}
	}
	return out
}

// itemValue is what a ticket is about, as a form posts it.
func itemValue(t hall.Ticket) string {
	if t.ItemID == 0 {
		return ""
	}
	return t.ItemID.String()
}

func (r CaseReceipt) facts(ctx context.Context) []partial.Fact {
	out := []partial.Fact{partial.F(i18n.HallMatter, orDash(i18n.T(ctx, r.Item))), partial.F(i18n.HallReceiptAt, i18n.DateTime(r.At)), partial.F(i18n.HallReceiptOrg, r.Org), partial.F(i18n.HallTitle, r.Ticket.Hall+" "+r.Ticket.Label())}
	if !r.DueAt.IsZero() {
		out = append(out, partial.F(i18n.HallReceiptDue, i18n.Date(r.DueAt)))
	}
	if r.SignOff != "" {
		out = append(out, partial.F(i18n.HallReceiptSign, r.SignOff))
	}
	return out
}

// waitOf says how many wait at a window, and how long it may take.
func waitOf(ctx context.Context, l hall.Line) string {
	who := i18n.T(ctx, i18n.KioskNobody)
	if l.Waiting > 0 {
		who = i18n.T(ctx, i18n.KioskWaiting, l.Waiting)
	}
	wait := i18n.T(ctx, l.Wait.Text, l.Wait.Args...)
	if l.Served && l.Waiting == 0 && l.Wait.Text == i18n.HallAtOnce {
		return who
	}
	if l.Waiting == 0 {
		return wait
	}
	return who + " · " + wait
}

// renewed lets a part of a page renew itself while the number is open.
func renewed(h Held) templ.Attributes {
	if !h.Today || !h.State.Open() {
		return nil
	}
	return templ.Attributes{"hx-get": ticketPath + "/" + h.Code + "/now", "hx-trigger": "every 15s", "hx-swap": "outerHTML"}
}

// renewedAt lets the first page of a terminal renew itself.
func renewedAt(k Kiosk) templ.Attributes {
	if !k.Term {
		return nil
	}
	return templ.Attributes{"hx-get": KioskHref(k.Hall.Address(), true), "hx-select": "#ways", "hx-trigger": "every 10s", "hx-swap": "outerHTML"}
}
