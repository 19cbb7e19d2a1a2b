package venue

import (
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/technician"
)

// The permissions of this package.
const (
	PermSee    authz.Permission = "venue.see"
	PermBook   authz.Permission = "venue.book"
	PermKeep   authz.Permission = "venue.keep"
	PermReveal authz.Permission = "venue.reveal"
)

// MissedTimes is after how many missed bookings within missedDays the next ones are confirmed first; MostAhead how many bookings one telephone has ahead at once.
var (
	MissedTimes = policy.Value{Name: "venue.missed_times", Title: i18n.VenuePolicyMissed, Unit: i18n.PolicyUnitTimes, Default: 2, Min: 1, Max: 20}
	MostAhead   = policy.Value{Name: "venue.most_ahead", Title: i18n.VenuePolicyAhead, Unit: i18n.PolicyUnitTimes, Default: 3, Min: 1, Max: 30}
)

// missedDays is how long a missed booking counts.
const missedDays = 90

// Policies are the values that a district may set.
func Policies() []policy.Value { return []policy.Value{MissedTimes, MostAhead} }

// Kind is what a place is.
type Kind string

// The kinds.
const (
	Hall      Kind = "hall"
	Meeting   Kind = "meeting"
	Sports    Kind = "sports"
	Library   Kind = "library"
	Classroom Kind = "classroom"
	Studio    Kind = "studio"
	Parking   Kind = "parking"
	Other     Kind = "other"
)

// Kinds lists the kinds.
func Kinds() []Kind {
	return []Kind{Meeting, Studio, Sports, Hall, Classroom, Library, Parking, Other}
}

// Text names the kind.
func (k Kind) Text() i18n.Text {
	return map[Kind]i18n.Text{Hall: i18n.VenueHall, Meeting: i18n.VenueMeeting, Sports: i18n.VenueSports, Library: i18n.VenueLibrary, Classroom: i18n.VenueClassroom, Studio: i18n.VenueStudio,
		Parking: i18n.VenueParking, Other: i18n.VenueOther}[k]
}

// Audience is who may book a place.
type Audience string

// The audiences.
const (
	Residents     Audience = "residents"
	Community     Audience = "community" // residents through their community
	Organisations Audience = "organisations"
)

// Audiences lists them.
func Audiences() []Audience { return []Audience{Residents, Community, Organisations} }

// Text names the audience.
func (a Audience) Text() i18n.Text {
	return map[Audience]i18n.Text{Residents: i18n.VenueForResidents, Community: i18n.VenueForCommunity, Organisations: i18n.VenueForOrgs}[a]
}

// State is where a booking stands.
type State string

// The states.
const (
	Asked     State = "asked"
	Agreed    State = "agreed"
	In        State = "in"
	Done      State = "done"
	Refused   State = "refused"
	Cancelled State = "cancelled"
	Lapsed    State = "lapsed"
	Missed    State = "missed"
)

// States lists the states in their order.
func States() []State { return []State{Asked, Agreed, In, Done, Missed, Refused, Cancelled, Lapsed} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Asked: i18n.VenueAsked, Agreed: i18n.VenueAgreed, In: i18n.VenueIn, Done: i18n.VenueDone, Refused: i18n.VenueRefused, Cancelled: i18n.VenueCancelled,
		Lapsed: i18n.VenueLapsed, Missed: i18n.VenueMissed}[s]
}

// Holds says that the booking has its time: nobody else gets it.
func (s State) Holds() bool { return s != Refused && s != Cancelled && s != Lapsed }

// Ahead says that the booking can still be moved or called off.
func (s State) Ahead() bool { return s == Asked || s == Agreed }

// Channel is where a booking was made.
type Channel string

// The channels.
const (
	ByWeb  Channel = "web"
	ByDesk Channel = "desk"
)

// Text names the channel.
func (c Channel) Text() i18n.Text {
	return map[Channel]i18n.Text{ByWeb: i18n.VenueByWeb, ByDesk: i18n.VenueByDesk}[c]
}

// Bounds of what is written, and of time.
const (
	MaxName    = 40
	MaxLine    = 100
	MaxWords   = 500
	MaxPurpose = 200
	MaxCalled  = 20
	MaxAhead   = 180
	MaxMinutes = 12 * 60
	MaxRoom    = 100_000
	MaxDays    = 200 // special days of one place from today on
	// unit is the grain in which times are taken, whatever the unit of booking of a place is today.
	unit        = 30 * time.Minute
	unitMinutes = int64(unit / time.Minute)
	// EarlyIn is how long before the beginning check-in opens.
	EarlyIn = 30 * time.Minute
)

// Slots are the units of booking that there are, in minutes.
func Slots() []int64 { return []int64{30, 60, 120} }

// Hours is a stretch of the week from a day on.
type Hours struct {
	From calendar.Date // the day from which the set that it belongs to holds
	technician.Shift
}

// Day is a stretch of a day that is not as the week has it, or says that it is closed.
type Day struct {
	On calendar.Date
	technician.Span
	Closed bool
	Reason string
}

// Venue is a place that an organisation opens.
type Venue struct {
	ID          id.ID
	OrgID       id.ID
	Org         string
	CommunityID id.ID
	Community   string
	Kind        Kind
	Name        string
	Address     string
	Capacity    int64 // 0 is no limit
	Facilities  string
	Terms       exchange.Terms
	Price       string
	Rules       string
	Contact     string
	Audience    Audience
	Approves    bool
	Ahead       int64 // days
	Longest     int64 // minutes
	Slot        int64 // minutes
	Holidays    bool  // open on public holidays
	EndedOn     calendar.Date
	EndReason   string
	Version     int64
	Hours       []Hours
	Days        []Day
	door        string
	street      id.ID // the sub-district of the community
}

// Active says that it can be booked.
func (v Venue) Active() bool { return v.EndedOn.IsZero() }

// weekdayOf is the number of a day in its week, 1 for Monday.
func weekdayOf(d calendar.Date) int {
	if w := int(d.Weekday()); w != 0 {
		return w
	}
	return 7
}

// noDay is the weekday of the one row of a week in which a place is never open: while it was closed.
const noDay = 0

// WeekOn gives the weekly hours that hold on a day.
func (v Venue) WeekOn(d calendar.Date) []technician.Shift {
	var from calendar.Date
	for _, h := range v.Hours {
		if !h.From.After(d) && (from.IsZero() || h.From.After(from)) {
			from = h.From
		}
	}
	var out []technician.Shift
	for _, h := range v.Hours {
		if h.From == from && !from.IsZero() && h.Weekday != noDay {
			out = append(out, h.Shift)
		}
	}
	return out
}

// Opening is when the place is open on a day: its special day where there is one, nothing on a public holiday unless it is open then, otherwise its week.
func (v Venue) Opening(cal *calendar.Calendar, d calendar.Date) []technician.Span {
	if !v.Active() && !d.Before(v.EndedOn) {
		return nil
	}
	special := false
	var out []technician.Span
	for _, x := range v.Days {
		if x.On == d {
			if special = true; !x.Closed {
				out = append(out, x.Span)
			}
		}
	}
	if special {
		return out
	}
	if !v.Holidays && holiday(cal, d) != "" {
		return nil
	}
	for _, s := range v.WeekOn(d) {
		if s.Weekday == weekdayOf(d) {
			out = append(out, s.Span)
		}
	}
	return out
}

// holiday names the public holiday on which a day is off.
func holiday(cal *calendar.Calendar, d calendar.Date) string {
	if name := cal.Holiday(d); name != "" {
		if working, _ := cal.IsWorkingDay(d); !working {
			return name
		}
	}
	return ""
}

// until is the end of a span in minutes of the day.
func until(s technician.Span) int {
	if s.To == 0 {
		return 24 * 60
	}
	return s.To
}

// Opened is how many minutes a place is open on a day.
func (v Venue) Opened(cal *calendar.Calendar, d calendar.Date) (minutes int64) {
	for _, s := range v.Opening(cal, d) {
		minutes += int64(until(s) - s.From)
	}
	return minutes
}

// Taken are the half hours of a place that are taken, by their beginning in microseconds, each with the booking that has it.
type Taken map[int64]id.ID

// free says whether a stretch is free.
func (t Taken) free(from time.Time, minutes int64) bool {
	for n := range minutes / unitMinutes {
		if _, is := t[from.Add(time.Duration(n)*unit).UnixMicro()]; is {
			return false
		}
	}
	return true
}

// CellState says what a time of the grid is.
type CellState string

// What a time is.
const (
	CellFree  CellState = "free"
	CellTaken CellState = "taken"
	CellPast  CellState = "past" // over, or further ahead than people book
)

// Text says it.
func (s CellState) Text() i18n.Text {
	return map[CellState]i18n.Text{CellFree: i18n.VenueCellFree, CellTaken: i18n.VenueCellTaken, CellPast: i18n.VenueCellPast, "": i18n.VenueCellShut}[s]
}

// Cell is one unit of a day.
type Cell struct {
	At      time.Time
	Minute  int // of the day
	State   CellState
	Booking id.ID
}

// Column is a day of the grid.
type Column struct {
	On      calendar.Date
	Holiday string
	Cells   []Cell
}

// Grid is the calendar of days from a first one: each unit in which the place is open, with what it is.
func (v Venue) Grid(cal *calendar.Calendar, now time.Time, first calendar.Date, days int, taken Taken) []Column {
	out := make([]Column, 0, days)
	last := calendar.DateOf(now).AddDays(int(v.Ahead))
	for i := range days {
		d := first.AddDays(i)
		c := Column{On: d, Holiday: holiday(cal, d)}
		for _, s := range v.Opening(cal, d) {
			for m := s.From; m+int(v.Slot) <= until(s); m += int(v.Slot) {
				x := Cell{At: d.Time().Add(time.Duration(m) * time.Minute), Minute: m, State: CellFree}
				for n := range v.Slot / unitMinutes {
					if b, is := taken[x.At.Add(time.Duration(n)*unit).UnixMicro()]; is {
						x.State, x.Booking = CellTaken, b
						break
					}
				}
				if x.State == CellFree && (!x.At.After(now) || d.After(last) || !v.Active()) {
					x.State = CellPast
				}
				c.Cells = append(c.Cells, x)
			}
		}
		out = append(out, c)
	}
	return out
}

// room is how many people a booking may be for.
func (v Venue) room() int64 {
	if v.Capacity > 0 {
		return v.Capacity
	}
	return MaxRoom
}

// Check says what is wrong with a time and a number of people, whoever else has booked.
func (v Venue) Check(cal *calendar.Calendar, now, starts, ends time.Time, people int64) *errs.Error {
	var e *errs.Error
	if people < 1 {
		e = e.With("people", i18n.VenuePeople)
	} else if room := v.room(); people > room {
		e = e.With("people", i18n.VenueTooMany, room)
	}
	if !v.Active() {
		return e.With("starts", i18n.VenueClosed)
	}
	d, minutes := calendar.DateOf(starts), int64(ends.Sub(starts)/time.Minute)
	switch {
	case starts.IsZero():
		return e.With("starts", i18n.ErrRequired)
	case minutes <= 0:
		return e.With("minutes", i18n.VenueEndFirst)
	case !starts.After(now):
		return e.With("starts", i18n.VenuePast)
	case d.After(calendar.DateOf(now).AddDays(int(v.Ahead))):
		return e.With("starts", i18n.VenueTooFar, v.Ahead)
	case minutes > v.Longest:
		return e.With("minutes", i18n.VenueTooLong, i18n.Hours(v.Longest))
	}
	open := v.Opening(cal, d)
	if len(open) == 0 {
		return e.With("starts", i18n.VenueShutDay)
	}
	from := int(starts.Sub(d.Time()) / time.Minute)
	for _, s := range open {
		if from < s.From || from+int(minutes) > until(s) {
			continue
		}
		if starts.Sub(d.Time())%time.Minute != 0 || ends.Sub(starts)%time.Minute != 0 || int64(from-s.From)%v.Slot != 0 || minutes%v.Slot != 0 {
			return e.With("starts", i18n.VenueOffGrid, v.Slot, clock(s.From))
		}
		return e
	}
	return e.With("starts", i18n.VenueShutThen, spans(open))
}

func clock(minute int) string { return technician.Span{From: minute}.String()[:5] }

func spans(list []technician.Span) string {
	parts := make([]string, len(list))
	for i, s := range list {
		parts[i] = clock(s.From) + "-" + clock(until(s))
	}
	return strings.Join(parts, " ")
}

// NextFree is the first time from an instant on at which as many minutes are free; ok is false where nothing is before the last day that can be booked.
func (v Venue) NextFree(cal *calendar.Calendar, now, from time.Time, minutes int64, taken Taken) (at time.Time, ok bool) {
	first, last := calendar.DateOf(from), calendar.DateOf(now).AddDays(int(v.Ahead))
	for d := first; !d.After(last); d = d.AddDays(1) {
		for _, s := range v.Opening(cal, d) {
			for m := s.From; m+int(minutes) <= until(s); m += int(v.Slot) {
				at := d.Time().Add(time.Duration(m) * time.Minute)
				if at.After(now) && !at.Before(from) && taken.free(at, minutes) {
					return at, true
				}
			}
		}
	}
	return time.Time{}, false
}

// admits says whether a place is open to who books, by the way they do it.
func (v Venue) admits(how Channel, resident bool) error {
	switch {
	case !v.Active():
		return errs.New(errs.Conflict, i18n.VenueClosed)
	case how == ByWeb && v.Audience != Residents:
		return errs.New(errs.Conflict, i18n.VenueNotYou, v.Audience.Text(), v.Contact)
	case resident && v.Audience == Organisations:
		return errs.Field("name", i18n.VenueNotOrg)
	}
	return nil
}

// NewVenue is a place as somebody opens or changes it.
type NewVenue struct {
	OrgID       id.ID
	CommunityID id.ID // 0: that of the organisation
	Kind        Kind
	Name        string
	Address     string
	Capacity    int64
	Facilities  string
	Terms       exchange.Terms
	Price       string
	Rules       string
	Contact     string
	Audience    Audience
	Approves    bool
	Ahead       int64
	Longest     int64
	Slot        int64
	Holidays    bool
	Week        []string // the hours of each day, from Monday
	Version     int64
	week        []technician.Shift
}

func (n *NewVenue) check() error {
	e := errs.Words(nil, "name", &n.Name, MaxName, true)
	e = errs.Words(e, "address", &n.Address, MaxLine, true)
	e = errs.Words(e, "facilities", &n.Facilities, MaxLine, false)
	e = errs.Words(e, "price", &n.Price, MaxName, n.Terms == exchange.LowPaid || n.Terms == exchange.Paid)
	e = errs.Words(e, "rules", &n.Rules, MaxWords, false)
	e = errs.Words(e, "contact", &n.Contact, MaxName, true)
	if n.OrgID == 0 {
		e = e.With("org", i18n.ErrRequired)
	}
	if n.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	if n.Terms.Text().IsZero() {
		e = e.With("terms", i18n.ErrBadChoice)
	}
	if n.Audience.Text().IsZero() {
		e = e.With("audience", i18n.ErrBadChoice)
	}
	if n.Capacity < 0 || n.Capacity > MaxRoom {
		e = e.With("capacity", i18n.VenueBadRoom)
	}
	if n.Ahead < 1 || n.Ahead > MaxAhead {
		e = e.With("ahead", i18n.VenueBadAhead)
	}
	known := false
	for _, s := range Slots() {
		known = known || s == n.Slot
	}
	if !known {
		e = e.With("slot", i18n.VenueBadSlot)
	} else if n.Longest < n.Slot || n.Longest > MaxMinutes || n.Longest%n.Slot != 0 {
		e = e.With("longest", i18n.VenueBadLongest)
	}
	n.week, e = technician.Within(e, n.Week, i18n.VenueNoHours)
	for _, s := range n.week {
		e = stretch(e, technician.WeekField(s.Weekday), s.Span, n.Slot)
	}
	return e.OrNil()
}

// stretch says what keeps a stretch of opening from being booked by units.
func stretch(e *errs.Error, field string, s technician.Span, slot int64) *errs.Error {
	switch {
	case s.From%int(unitMinutes) != 0 || s.To%int(unitMinutes) != 0:
		return e.With(field, i18n.VenueHalfHours)
	case int64(until(s)-s.From) < slot:
		return e.With(field, i18n.VenueShortHours)
	}
	return e
}
