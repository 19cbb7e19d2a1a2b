// Package venue draws shared places: the list and the pages on which residents book, follow, check in and rate, and the desk of those who keep places or book for their organisation.
package venue

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/calendar"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
	"linli/internal/venue"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The addresses.
const (
	Path         = "/venues"
	BookingsPath = "/bookings"
	FiguresPath  = "/venues/figures"
	PublicPath   = "/p/venues"
	DoorPath     = "/p/venues/door"
	FollowPath   = "/p/case" // one page asks for codes
)

// Href is the page of a place at the desk.
func Href(v id.ID) string { return Path + "/" + v.String() }

// BookingHref is the page of a booking at the desk.
func BookingHref(b id.ID) string { return BookingsPath + "/" + b.String() }

// PublicHref is the page of a place for residents.
func PublicHref(v id.ID) string { return PublicPath + "/" + v.String() }

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

var weekdays = [7]i18n.Text{i18n.Monday, i18n.Tuesday, i18n.Wednesday, i18n.Thursday, i18n.Friday, i18n.Saturday, i18n.Sunday}

func weekday(d calendar.Date) i18n.Text { return weekdays[(int(d.Weekday())+6)%7] }

// short is a weekday as it stands above a column.
func short(ctx context.Context, d calendar.Date) string {
	s := []rune(i18n.T(ctx, weekday(d)))
	if i18n.From(ctx) == i18n.EN {
		return string(s[:min(3, len(s))])
	}
	return string(s)
}

func monthDay(d calendar.Date) string { return fmt.Sprintf("%d/%d", d.Month(), d.Day()) }

func dayName(ctx context.Context, d calendar.Date) string {
	return d.String() + " " + i18n.T(ctx, weekday(d))
}

// span is a time as a booking is read: the day with its weekday, from and to.
func span(ctx context.Context, from, to time.Time) string {
	end := i18n.Clock(to)
	if end == "00:00" {
		end = "24:00"
	}
	return dayName(ctx, calendar.DateOf(from)) + " " + i18n.Clock(from) + "-" + end
}

// StateOf is the badge of a booking.
func StateOf(s venue.State) partial.State {
	tone := map[venue.State]partial.Tone{venue.Asked: partial.Waiting, venue.Agreed: partial.Active, venue.In: partial.Active, venue.Done: partial.Closed, venue.Refused: partial.Refused, venue.Cancelled: partial.Ended,
		venue.Lapsed: partial.Ended, venue.Missed: partial.Warned}[s]
	return partial.State{Text: s.Text(), Tone: tone}
}

func stars(n int64) string {
	const five = "★★★★★"
	return five[:min(5, max(0, n))*int64(len("★"))]
}

// both fills a text in both languages.
func both(t i18n.Text, args ...any) i18n.Text {
	return i18n.Both(t.In(i18n.ZH, args...), t.In(i18n.EN, args...))
}

// Who is who booked, as far as it is no secret at the desk.
func Who(l i18n.Lang, b venue.Booking) string {
	switch {
	case b.OrgID != 0 && b.Resident:
		return i18n.VenueResident.In(l) + " · " + b.Org
	case b.OrgID != 0:
		return b.Org
	}
	return i18n.VenueResident.In(l)
}

// room is how many people a place holds.
func room(ctx context.Context, v venue.Venue) string {
	if v.Capacity == 0 {
		return i18n.T(ctx, i18n.VenueNoLimit)
	}
	return i18n.T(ctx, i18n.VenueRoomFor, v.Capacity)
}

// price is what a place costs, in words.
func price(ctx context.Context, v venue.Venue) string {
	s := i18n.T(ctx, v.Terms.Text())
	if v.Price != "" && (v.Terms == exchange.LowPaid || v.Terms == exchange.Paid) {
		s += " " + v.Price
	}
	return s
}

// Week is when a place is open in a usual week, days with the same hours together.
func Week(ctx context.Context, v venue.Venue, today calendar.Date) string {
	shifts := v.WeekOn(today)
	var parts []string
	for from := 1; from <= 7; {
		hours, to := technician.Hours(shifts, from), from
		for to < 7 && technician.Hours(shifts, to+1) == hours {
			to++
		}
		if hours != "" {
			name := i18n.T(ctx, weekdays[from-1])
			if to > from {
				name += "-" + i18n.T(ctx, weekdays[to-1])
			}
			parts = append(parts, name+" "+strings.ReplaceAll(hours, "-00:00", "-24:00"))
		}
		from = to + 1
	}
	return strings.Join(parts, " · ")
}

func kinds() []field.Option { return field.Choices(venue.Kinds(), venue.Kind.Text) }

// freeDays are the days on which something may be looked for.
func freeDays(today calendar.Date) []field.Option {
	out := make([]field.Option, 15)
	for i := range out {
		d := today.AddDays(i)
		out[i] = field.Option{Value: d.String(), Text: both(i18n.Both(d.String()+" "+weekday(d).In(i18n.ZH), d.String()+" "+weekday(d).In(i18n.EN)))}
	}
	return out
}

// facts are what everybody reads of a place.
func facts(ctx context.Context, v venue.Venue, today calendar.Date) []partial.Fact {
	list := []partial.Fact{partial.F(i18n.VenueKind, i18n.T(ctx, v.Kind.Text())), partial.F(i18n.VenueOwner, v.Org), partial.F(i18n.VenueAddress, v.Address), partial.F(i18n.VenueCapacity, room(ctx, v)),
		partial.F(i18n.VenueTerms, price(ctx, v)), partial.F(i18n.VenueContact, v.Contact)}
	if v.Facilities != "" {
		list = append(list, partial.F(i18n.VenueFacilities, v.Facilities))
	}
	list = append(list, partial.Fact{Label: i18n.VenueOpenWeek, Value: partial.Text(Week(ctx, v, today)), Wide: true})
	if v.Rules != "" {
		list = append(list, partial.Fact{Label: i18n.VenueRules, Value: partial.Lines(v.Rules), Wide: true})
	}
	return list
}

// Grid is the table of days.
type Grid struct {
	Columns  []venue.Column
	Name     string
	Today    calendar.Date
	Book     func(at time.Time) string // where a free time leads; nil for nowhere
	Bookings map[id.ID]venue.Booking
}

// rows are the minutes of the day at which something begins.
func (g Grid) rows() []int {
	var out []int
	for _, c := range g.Columns {
		for _, x := range c.Cells {
			if !slices.Contains(out, x.Minute) {
				out = append(out, x.Minute)
			}
		}
	}
	slices.Sort(out)
	return out
}

func (g Grid) cell(c venue.Column, minute int) venue.Cell {
	for _, x := range c.Cells {
		if x.Minute == minute {
			return x
		}
	}
	return venue.Cell{}
}

func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// label says for screen readers what a time is.
func (g Grid) label(ctx context.Context, x venue.Cell) string {
	when := dayName(ctx, calendar.DateOf(x.At)) + " " + i18n.Clock(x.At)
	if x.State == venue.CellFree && g.Book != nil {
		return i18n.T(ctx, i18n.VenueCellBook, when)
	}
	return i18n.T(ctx, i18n.VenueCellIs, when, g.text(ctx, x))
}

func (g Grid) text(ctx context.Context, x venue.Cell) string {
	if b, ok := g.Bookings[x.Booking]; ok && x.Booking != 0 {
		return Who(i18n.From(ctx), b)
	}
	return i18n.T(ctx, x.State.Text())
}

func (g Grid) href(x venue.Cell) string {
	switch {
	case x.State == venue.CellFree && g.Book != nil:
		return g.Book(x.At)
	case x.Booking != 0 && g.Bookings != nil:
		return BookingHref(x.Booking)
	}
	return ""
}

func (g Grid) class(x venue.Cell) string {
	c := "slot slot-" + string(x.State)
	if g.Bookings[x.Booking].State == venue.Asked {
		c += " slot-asked"
	}
	return c
}

// Move leads to earlier and later days.
type Move struct{ Before, Now, After string }

// List is the list of places at the desk.
type List struct {
	Query         url.Values
	Items         []venue.Row
	Before, After string
	Places        []field.Option
	Keeps         bool
	Today         calendar.Date
}

func tabs(active string) []partial.Tab {
	return []partial.Tab{{Text: i18n.VenueTabVenues, Href: Path, Active: active == Path}, {Text: i18n.VenueTabBooked, Href: BookingsPath, Active: active == BookingsPath}, {Text: i18n.VenueTabFigures, Href: FiguresPath, Active: active == FiguresPath}}
}

func (l List) acts() []partial.Act {
	if !l.Keeps {
		return nil
	}
	return []partial.Act{{Text: i18n.VenueNew, Href: Path + "/new", Look: partial.Primary, Icon: icon.Plus}}
}

func (l List) emptyAct() *partial.Act {
	if !l.Keeps {
		return nil
	}
	return &partial.Act{Text: i18n.VenueNew, Href: Path + "/new", Icon: icon.Plus}
}

// What the list shows besides all places.
const (
	ShowOwn   = "own"
	ShowEnded = "ended"
)

func (l List) filters() []partial.Filter {
	return []partial.Filter{{Name: "kind", Label: i18n.VenueKind, Options: kinds()}, {Name: "community", Label: i18n.VenueWhere, Options: l.Places}, {Name: "free", Label: i18n.VenueFreeOn, Options: freeDays(l.Today)},
		{Name: "show", Label: i18n.VenueShow, Options: []field.Option{{Value: ShowOwn, Text: i18n.VenueShowOwn}, {Value: ShowEnded, Text: i18n.VenueShowEnded}}}}
}

var columns = []partial.Column{{Key: "name", Title: i18n.VenueName, Main: true}, {Key: "owner", Title: i18n.VenueOwner}, {Key: "open", Title: i18n.VenueOpenWeek, Minor: true}, {Key: "audience", Title: i18n.VenueAudience}, {Key: "asks", Title: i18n.VenueAsksCol, Num: true, Tight: true}, {Key: "act", Title: i18n.VenueBookAct, Tight: true}}

func (l List) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, v := range l.Items {
		asks, act := partial.Text(""), partial.Text("")
		if v.Keeps && v.Asks > 0 {
			asks = partial.NumLink(v.Asks, BookingsPath+"?state="+string(venue.Asked)+"&venue="+v.ID.String())
		}
		if v.Active() {
			act = partial.Button(partial.Act{Text: i18n.VenueBookAct, Href: Href(v.ID) + "/book", Small: true})
		} else {
			act = partial.Badge(partial.State{Text: i18n.VenueEnded, Tone: partial.Ended})
		}
		out = append(out, partial.Row{ID: v.ID.String(), Name: v.Name, Href: Href(v.ID), Cells: []templ.Component{partial.Two(v.Name, i18n.T(ctx, v.Kind.Text())+" · "+v.Address), partial.Two(v.Org, v.Community),
			partial.Text(Week(ctx, v.Venue, l.Today)), partial.Text(i18n.T(ctx, v.Audience.Text())), asks, act}})
	}
	return out
}

// Form is the form of a place.
type Form struct {
	field.Form
	ID          id.ID
	Name        string
	Orgs        []field.Option
	Communities []field.Option
}

func (f Form) action() string {
	if f.ID == 0 {
		return Path
	}
	return Href(f.ID)
}

func (f Form) cancel() string {
	if f.ID == 0 {
		return Path
	}
	return Href(f.ID)
}

func terms() []field.Option { return field.Choices(exchange.AllTerms(), exchange.Terms.Text) }

func slots() []field.Option {
	var out []field.Option
	for _, n := range venue.Slots() {
		out = append(out, field.Option{Value: decimal(n), Text: both(i18n.VenueMinutesN, n)})
	}
	return out
}

func audiences() []field.Option { return field.Choices(venue.Audiences(), venue.Audience.Text) }

// View is how much of the calendar a page shows.
type View string

// The views.
const (
	DayView   View = "day"
	WeekView  View = "week"
	MonthView View = "month"
)

// Show is the page of a place at the desk.
type Show struct {
	venue.Schedule
	View   View
	First  calendar.Date
	Today  calendar.Date
	Books  bool
	Sent   field.Form
	SentBy string
}

func (s Show) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if s.SentBy == name {
		f = s.Sent
	}
	f.ID = name[strings.LastIndex(name, ".")+1:] + "-"
	return f
}

func (s Show) at(v View, first calendar.Date) string {
	return Href(s.ID) + "?" + url.Values{"view": {string(v)}, "on": {first.String()}}.Encode()
}

func (s Show) views() []partial.Tab {
	tab := func(v View, t i18n.Text) partial.Tab {
		return partial.Tab{Text: t, Href: s.at(v, s.First), Active: s.View == v}
	}
	return []partial.Tab{tab(DayView, i18n.VenueDayView), tab(WeekView, i18n.VenueWeekView), tab(MonthView, i18n.VenueMonthView)}
}

func (s Show) move() Move {
	step := func(n int) calendar.Date {
		switch s.View {
		case DayView:
			return s.First.AddDays(n)
		case MonthView:
			return s.First.StartOfMonth().AddMonths(n)
		}
		return s.First.AddDays(7 * n)
	}
	return Move{s.at(s.View, step(-1)), s.at(s.View, s.Today), s.at(s.View, step(1))}
}

func (s Show) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: s.Name, Under: s.Org + " · " + s.Address}
	if !s.Active() {
		h.State = partial.State{Text: i18n.VenueEnded, Tone: partial.Ended}
	}
	if s.Active() && s.Books {
		h.Acts = append(h.Acts, partial.Act{Text: i18n.VenueBookAct, Href: Href(s.ID) + "/book", Look: partial.Primary})
	}
	if s.Keeps {
		h.Acts = append(h.Acts, partial.Act{Text: i18n.VenueEdit, Href: Href(s.ID) + "/edit"})
		h.More = append(h.More, partial.Act{Text: i18n.VenueSheet, Href: Href(s.ID) + "/sheet?on=" + Monday(s.First).String(), Icon: icon.Print})
		if !s.Active() {
			h.More = append(h.More, partial.Act{Text: i18n.VenueResume, Href: Href(s.ID) + "/resume", Post: true, Values: []partial.Value{{Name: "version", Value: decimal(s.Version)}}})
		}
	}
	h.More = append(h.More, partial.Act{Text: i18n.VenueICS, Href: Href(s.ID) + "/calendar.ics", Icon: icon.Download})
	return h
}

// Monday is the first day of the week of a day.
func Monday(d calendar.Date) calendar.Date { return d.AddDays(-((int(d.Weekday()) + 6) % 7)) }

func (s Show) grid() Grid {
	g := Grid{Columns: s.Grid, Name: s.Name, Today: s.Today, Bookings: s.Bookings}
	if s.Books && s.Active() {
		g.Book = func(at time.Time) string { return Href(s.ID) + "/book?at=" + strconv.FormatInt(at.Unix(), 10) }
	}
	return g
}

// blanks are the days before the first of a month in its row.
func (s Show) blanks() []int { return make([]int, (int(s.First.Weekday())+6)%7) }

// rest are the days after the last of a month in its row.
func (s Show) rest() []int { return make([]int, (7-(len(s.blanks())+len(s.Grid))%7)%7) }

// on are the bookings of a day.
func (s Show) on(d calendar.Date) (out []venue.Booking) {
	for _, b := range s.Listed {
		if calendar.DateOf(b.Starts) == d {
			out = append(out, b)
		}
	}
	return out
}

// special are the special days, each once.
func (s Show) special() []venue.Day {
	var out []venue.Day
	for _, d := range s.Days {
		if d.On.Before(s.Today) {
			continue
		}
		if n := len(out); n > 0 && out[n-1].On == d.On {
			continue
		}
		out = append(out, d)
	}
	return out
}

// hours are the hours of a special day.
func (s Show) hours(ctx context.Context, on calendar.Date) string {
	var parts []string
	for _, d := range s.Days {
		if d.On == on {
			if d.Closed {
				return i18n.T(ctx, i18n.VenueDayClosed)
			}
			parts = append(parts, strings.ReplaceAll(d.Span.String(), "-00:00", "-24:00"))
		}
	}
	return strings.Join(parts, " ")
}

func (s Show) facts(ctx context.Context) []partial.Fact {
	list := append(facts(ctx, s.Venue, s.Today), partial.F(i18n.VenueAudience, i18n.T(ctx, s.Audience.Text())), partial.F(i18n.VenueSlot, i18n.T(ctx, i18n.VenueMinutesN, s.Slot)),
		partial.F(i18n.VenueAhead, decimal(s.Ahead)), partial.F(i18n.VenueLongestOf, i18n.T(ctx, i18n.VenueHoursN, i18n.Hours(s.Longest))))
	if s.Approves {
		list = append(list, partial.F(i18n.VenueApproves, i18n.T(ctx, i18n.PartialYes)))
	}
	if s.EndReason != "" {
		list = append(list, partial.F(i18n.VenueStopReason, s.EndReason))
	}
	return list
}

// BookForm is the form of a booking, at the desk or for residents.
type BookForm struct {
	field.Form
	venue.Venue
	Orgs     []field.Option
	District string
	Key      string
	NeedID   id.ID // for which it is booked
	Need     string
	NeedHref string
	Times    int64 // how many are missed before the next ones are confirmed first
}

func (f BookForm) lengths() []field.Option {
	var out []field.Option
	for n := f.Slot; n <= f.Longest; n += f.Slot {
		out = append(out, field.Option{Value: decimal(n), Text: both(i18n.VenueHoursN, i18n.Hours(n))})
	}
	return out
}

func (f BookForm) lead(ctx context.Context) string {
	return i18n.T(ctx, i18n.VenueBookLead, f.Name, f.Slot, i18n.Hours(f.Longest), f.Ahead)
}

// Bookings is the list of bookings.
type Bookings struct {
	Query         url.Values
	Items         []venue.Booking
	Before, After string
	Today         calendar.Date
}

// Months are the months that can be chosen: a year back, two ahead.
func Months(today calendar.Date) []field.Option {
	var out []field.Option
	for n := 2; n >= -12; n-- {
		m := today.StartOfMonth().AddMonths(n).String()[:7]
		out = append(out, field.Option{Value: m, Text: i18n.Verbatim(m)})
	}
	return out
}

func (l Bookings) filters() []partial.Filter {
	return []partial.Filter{{Name: "state", Label: i18n.VenueState, Options: field.Choices(venue.States(), venue.State.Text)}, {Name: "month", Label: i18n.VenueMonth, Options: Months(l.Today)}}
}

var bookingColumns = []partial.Column{{Key: "when", Title: i18n.VenueWhen, Main: true}, {Key: "place", Title: i18n.VenueName}, {Key: "who", Title: i18n.VenueWho}, {Key: "people", Title: i18n.VenueHowMany, Num: true, Tight: true}, {Key: "no", Title: i18n.VenueNo, Minor: true},
	{Key: "state", Title: i18n.VenueState, Tight: true}}

func bookingRows(ctx context.Context, list []venue.Booking) []partial.Row {
	var out []partial.Row
	for _, b := range list {
		out = append(out, partial.Row{ID: b.ID.String(), Name: b.No, Href: BookingHref(b.ID), Cells: []templ.Component{partial.Text(span(ctx, b.Starts, b.Ends)), partial.Text(b.Venue), partial.Text(Who(i18n.From(ctx), b)),
			partial.Num(b.People), partial.Text(b.No), partial.Badge(StateOf(b.State))}})
	}
	return out
}

// One is the page of a booking.
type One struct {
	venue.Detail
	Sent     field.Form
	SentBy   string
	Purposes []field.Option
	NeedHref string // the need for which it was made, where the reader sees it
	Now      time.Time
}

func (o One) form(name string) field.Form {
	f := field.Form{Values: url.Values{}}
	if o.SentBy == "venue."+name {
		f = o.Sent
	}
	f.ID = name + "-"
	return f
}

func (o One) sent(name string) bool { return o.SentBy == "venue."+name }

func (o One) version() string { return decimal(o.Version) }

// moving is the form that moves the booking, with the time as it is.
func (o One) moving() field.Form {
	f := o.form("move")
	if !o.sent("move") {
		f.Values = url.Values{"starts": {field.Stamp(o.Starts)}, "minutes": {decimal(o.Minutes())}}
	}
	return f
}

func (o One) lengths() []field.Option {
	return BookForm{Venue: venue.Venue{Slot: o.Slot, Longest: o.Longest}}.lengths()
}

func (o One) head(ctx context.Context) partial.Head {
	h := partial.Head{Title: i18n.T(ctx, i18n.VenueOneTitle, o.No), Under: o.Venue + " · " + span(ctx, o.Starts, o.Ends), State: StateOf(o.State)}
	one := func(act string, t i18n.Text, look partial.Look) partial.Act {
		return partial.Act{Text: t, Href: BookingHref(o.ID) + "/" + act, Post: true, Look: look, Values: []partial.Value{{Name: "version", Value: o.version()}}}
	}
	if !o.Keeps {
		return h
	}
	switch o.State {
	case venue.Asked:
		h.Acts = append(h.Acts, one("agree", i18n.VenueAgree, partial.Primary))
	case venue.Agreed:
		if !o.Now.Before(o.Starts.Add(-venue.EarlyIn)) && o.Now.Before(o.Ends) {
			h.Acts = append(h.Acts, one("check_in", i18n.VenueCheckIn, partial.Primary))
		}
	case venue.Missed:
		h.Acts = append(h.Acts, one("came", i18n.VenueCame, partial.Plain))
	}
	return h
}

func (o One) facts(ctx context.Context) []partial.Fact {
	list := []partial.Fact{{Label: i18n.VenueName, Value: partial.Link(o.Venue, Href(o.VenueID))}, partial.F(i18n.VenueWhen, span(ctx, o.Starts, o.Ends)), partial.F(i18n.VenueWho, Who(i18n.From(ctx), o.Booking)), partial.F(i18n.VenueHowMany, decimal(o.People)),
		partial.F(i18n.VenueChannel, i18n.T(ctx, o.Channel.Text()))}
	if o.NeedHref != "" {
		list = append(list, partial.Fact{Label: i18n.VenueForNeed, Value: partial.Link(i18n.T(ctx, i18n.VenueNeedOpen), o.NeedHref)})
	}
	if o.Purpose != "" {
		list = append(list, partial.Fact{Label: i18n.VenueWhatFor, Value: partial.Lines(o.Purpose), Wide: true})
	}
	if o.Answer != "" {
		list = append(list, partial.Fact{Label: i18n.VenueAnswer, Value: partial.Lines(o.Answer), Wide: true})
	}
	if o.Stars > 0 {
		list = append(list, partial.Fact{Label: i18n.VenueRating, Value: partial.Two(stars(o.Stars), o.Said), Wide: true})
	}
	return list
}

func history(ctx context.Context, list []venue.Entry, names bool) []partial.Event {
	out := make([]partial.Event, 0, len(list))
	for i := len(list) - 1; i >= 0; i-- {
		e := list[i]
		x := partial.Event{When: e.At, What: i18n.T(ctx, e.Act.Text()), Detail: e.Words}
		if names {
			x.Who = e.By
		}
		out = append(out, x)
	}
	return out
}

// Figures is what became of places in a month.
type Figures struct {
	Query  url.Values
	Month  calendar.Date
	Lines  []venue.Line
	Places []field.Option
	Today  calendar.Date
}

// MonthText is a month as figures are headed.
func MonthText(d calendar.Date) string { return d.String()[:7] }

var figureColumns = []partial.Column{{Key: "name", Title: i18n.VenueName, Main: true}, {Key: "opened", Title: i18n.VenueHoursOpen, Num: true, Tight: true}, {Key: "used", Title: i18n.VenueHoursUsed, Num: true, Tight: true}, {Key: "share", Title: i18n.VenueShare, Num: true, Tight: true},
	{Key: "count", Title: i18n.VenueCount, Num: true, Tight: true}, {Key: "times", Title: i18n.VenueCountUsed, Num: true, Tight: true}, {Key: "off", Title: i18n.VenueCountOff, Num: true, Tight: true}, {Key: "missed", Title: i18n.VenueCountMiss, Num: true, Tight: true}}

func (f Figures) opens(v id.ID, more ...string) string {
	q := url.Values{"venue": {v.String()}, "month": {MonthText(f.Month)}}
	for i := 0; i+1 < len(more); i += 2 {
		q.Set(more[i], more[i+1])
	}
	return BookingsPath + "?" + q.Encode()
}

func (f Figures) rows() []partial.Row {
	var out []partial.Row
	for _, l := range f.Lines {
		v := l.Venue
		out = append(out, partial.Row{ID: v.ID.String(), Name: v.Name, Href: Href(v.ID), Cells: []templ.Component{partial.Two(v.Name, v.Org), partial.Link(i18n.Hours(l.Opened), Href(v.ID)+"?view=month&on="+f.Month.String()), partial.Link(i18n.Hours(l.Used), f.opens(v.ID, "used", "1")),
			partial.Text(decimal(l.Share()) + "%"), partial.NumLink(l.Bookings, f.opens(v.ID)), partial.NumLink(l.UsedTimes, f.opens(v.ID, "used", "1")), partial.NumLink(l.Off, f.opens(v.ID, "off", "1")),
			partial.NumLink(l.Missed, f.opens(v.ID, "state", string(venue.Missed)))}})
	}
	return out
}

// Sheet is the paper at the door.
type Sheet struct {
	venue.Schedule
	First    calendar.Date
	QR, Page string
}
