package venue

import (
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
)

// 2026-03-02 is a Monday; 2026-05-01 to 05 are days off, 2026-05-09 is a Saturday that is worked.
var monday = calendar.On(2026, 3, 2)

func at(d calendar.Date, hour, minute int) time.Time {
	return d.Time().Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}

// court is a sports ground that is open from 08:00 to 12:00 and 14:00 to 22:00 on weekdays, by the hour.
func court() Venue {
	v := Venue{ID: id.New(), Capacity: 20, Ahead: 14, Longest: 120, Slot: 60, Audience: Residents}
	for day := 1; day <= 5; day++ {
		for _, s := range []technician.Span{{From: 8 * 60, To: 12 * 60}, {From: 14 * 60, To: 22 * 60}} {
			v.Hours = append(v.Hours, Hours{From: calendar.On(2026, 1, 1), Shift: technician.Shift{Weekday: day, Span: s}})
		}
	}
	return v
}

func TestWhenAPlaceIsOpen(t *testing.T) {
	cal := calendar.Default()
	v := court()
	v.Days = []Day{{On: calendar.On(2026, 3, 7), Span: technician.Span{From: 9 * 60, To: 11 * 60}}, {On: calendar.On(2026, 3, 3), Closed: true, Reason: "检修"}, {On: calendar.On(2026, 5, 4), Span: technician.Span{From: 0, To: 0}}}
	v.Hours = append(v.Hours, Hours{From: calendar.On(2026, 4, 1), Shift: technician.Shift{Weekday: 1, Span: technician.Span{From: 18 * 60, To: 20 * 60}}})
	always := v
	always.Holidays = true
	ended := v
	ended.EndedOn = calendar.On(2026, 3, 4)
	for _, c := range []struct {
		name string
		v    Venue
		on   string
		want string
	}{
		{"a day of the week", v, "2026-03-02", "08:00-12:00 14:00-22:00"},
		{"a weekend", v, "2026-03-08", ""},
		{"opened additionally", v, "2026-03-07", "09:00-11:00"},
		{"closed for one day", v, "2026-03-03", ""},
		{"a new week from its day on", v, "2026-04-06", ""}, // Qingming
		{"a new week, with holidays", always, "2026-04-06", "18:00-20:00"},
		{"a new week has no Tuesday", always, "2026-04-07", ""},
		{"a public holiday", v, "2026-05-01", ""},
		{"a special day beats the holiday", v, "2026-05-04", "00:00-24:00"},
		{"before the first week", v, "2025-12-31", ""},
		{"the day before it closed", ended, "2026-03-02", "08:00-12:00 14:00-22:00"},
		{"closed for good", ended, "2026-03-04", ""},
	} {
		if got := spans(c.v.Opening(cal, calendar.MustParse(c.on))); got != c.want {
			t.Errorf("%s: open %q on %s, want %q", c.name, got, c.on, c.want)
		}
	}
}

func TestWhatIsWrongWithATime(t *testing.T) {
	cal, now := calendar.Default(), at(monday, 10, 0)
	ended := court()
	ended.EndedOn = monday
	half := court()
	half.Hours = []Hours{{From: calendar.On(2026, 1, 1), Shift: technician.Shift{Weekday: 2, Span: technician.Span{From: 8*60 + 30, To: 12 * 60}}}}
	tuesday := monday.AddDays(1)
	for _, c := range []struct {
		name       string
		v          Venue
		start, end time.Time
		people     int64
		field      string
		want       i18n.Text
	}{
		{"good", court(), at(tuesday, 14, 0), at(tuesday, 16, 0), 8, "", i18n.Text{}},
		{"to the last minute", court(), at(tuesday, 20, 0), at(tuesday, 22, 0), 8, "", i18n.Text{}},
		{"the grid begins with the opening", half, at(tuesday, 9, 30), at(tuesday, 10, 30), 1, "", i18n.Text{}},
		{"in the past", court(), at(monday, 9, 0), at(monday, 10, 0), 8, "starts", i18n.VenuePast},
		{"now", court(), at(monday, 10, 0), at(monday, 11, 0), 8, "starts", i18n.VenuePast},
		{"over the noon break", court(), at(tuesday, 11, 0), at(tuesday, 13, 0), 8, "starts", i18n.VenueShutThen},
		{"before opening", court(), at(tuesday, 7, 0), at(tuesday, 8, 0), 8, "starts", i18n.VenueShutThen},
		{"over midnight", court(), at(tuesday, 21, 0), at(tuesday, 23, 0), 8, "starts", i18n.VenueShutThen},
		{"on a day that is closed", court(), at(monday.AddDays(6), 9, 0), at(monday.AddDays(6), 10, 0), 8, "starts", i18n.VenueShutDay},
		{"too long", court(), at(tuesday, 14, 0), at(tuesday, 17, 0), 8, "minutes", i18n.VenueTooLong},
		{"off the grid", court(), at(tuesday, 14, 30), at(tuesday, 15, 30), 8, "starts", i18n.VenueOffGrid},
		{"half a unit", court(), at(tuesday, 14, 0), at(tuesday, 14, 30), 8, "starts", i18n.VenueOffGrid},
		{"off by seconds", court(), at(tuesday, 14, 0).Add(5 * time.Second), at(tuesday, 15, 0).Add(5 * time.Second), 8, "starts", i18n.VenueOffGrid},
		{"off the hour where the grid is at half past", half, at(tuesday, 9, 0), at(tuesday, 10, 0), 1, "starts", i18n.VenueOffGrid},
		{"too far ahead", court(), at(monday.AddDays(15), 14, 0), at(monday.AddDays(15), 15, 0), 8, "starts", i18n.VenueTooFar},
		{"the end before the start", court(), at(tuesday, 15, 0), at(tuesday, 14, 0), 8, "minutes", i18n.VenueEndFirst},
		{"no time", court(), at(tuesday, 15, 0), at(tuesday, 15, 0), 8, "minutes", i18n.VenueEndFirst},
		{"more people than there is room for", court(), at(tuesday, 14, 0), at(tuesday, 15, 0), 21, "people", i18n.VenueTooMany},
		{"nobody", court(), at(tuesday, 14, 0), at(tuesday, 15, 0), 0, "people", i18n.VenuePeople},
		{"closed down", ended, at(tuesday, 14, 0), at(tuesday, 15, 0), 8, "starts", i18n.VenueClosed},
	} {
		e := c.v.Check(cal, now, c.start, c.end, c.people)
		if c.field == "" {
			if e != nil {
				t.Errorf("%s: refused: %v", c.name, e)
			}
			continue
		}
		if e == nil || e.Fields[c.field].Text != c.want {
			t.Errorf("%s: got %v, want %q under %s", c.name, e, c.want.In(i18n.ZH), c.field)
		}
	}
}

func TestTheNextFreeTime(t *testing.T) {
	cal, now := calendar.Default(), at(monday, 10, 0)
	v := court()
	full := Taken{}
	for h := range 4 {
		full[at(monday, 18+h, 0).UnixMicro()], full[at(monday, 18+h, 30).UnixMicro()] = 1, 1
	}
	if got, ok := v.NextFree(cal, now, at(monday, 18, 0), 120, full); !ok || !got.Equal(at(monday.AddDays(1), 8, 0)) {
		t.Errorf("after a full evening: %v %v", got, ok)
	}
	delete(full, at(monday, 20, 0).UnixMicro())
	delete(full, at(monday, 20, 30).UnixMicro())
	if got, ok := v.NextFree(cal, now, at(monday, 18, 0), 60, full); !ok || !got.Equal(at(monday, 20, 0)) {
		t.Errorf("a hole of an hour: %v %v", got, ok)
	}
	v.Ahead = 0
	if got, ok := v.NextFree(cal, now, at(monday, 18, 0), 120, full); ok {
		t.Errorf("nothing else today, but got %v", got)
	}
}

func TestTheGridShowsWhatIsFree(t *testing.T) {
	cal, now := calendar.Default(), at(monday, 10, 0)
	v := court()
	grid := v.Grid(cal, now, monday, 7, Taken{at(monday, 15, 30).UnixMicro(): 7})
	if len(grid) != 7 || len(grid[0].Cells) != 12 || len(grid[5].Cells) != 0 {
		t.Fatalf("%d days, %d and %d cells", len(grid), len(grid[0].Cells), len(grid[5].Cells))
	}
	for i, want := range map[int]CellState{0: CellPast, 2: CellPast, 3: CellFree, 4: CellFree, 5: CellTaken, 6: CellFree} {
		if got := grid[0].Cells[i].State; got != want {
			t.Errorf("cell %d at %s is %s, want %s", i, i18n.Clock(grid[0].Cells[i].At), got, want)
		}
	}
	v.Ahead = 2
	if got := v.Grid(cal, now, monday.AddDays(3), 1, nil)[0].Cells[0].State; got != CellPast {
		t.Errorf("further ahead than people book it is %s", got)
	}
	if v.Opened(cal, monday) != 12*60 {
		t.Errorf("open for %d minutes", v.Opened(cal, monday))
	}
}

func TestStatesOfABooking(t *testing.T) {
	start := at(monday, 14, 0)
	fresh := func(s State) *Booking { return &Booking{State: s, Starts: start, Ends: start.Add(time.Hour)} }
	for _, c := range []struct {
		name string
		err  error
		ok   bool
	}{
		{"confirm what was asked", fresh(Asked).agree(), true},
		{"confirm what is booked", fresh(Agreed).agree(), false},
		{"check in on time", fresh(Agreed).checkIn(start), true},
		{"check in half an hour early", fresh(Agreed).checkIn(start.Add(-30 * time.Minute)), true},
		{"check in much earlier", fresh(Agreed).checkIn(start.Add(-31 * time.Minute)), false},
		{"check in when it is over", fresh(Agreed).checkIn(start.Add(time.Hour)), false},
		{"check in what is not confirmed", fresh(Asked).checkIn(start), false},
		{"refuse what was asked", fresh(Asked).end(Refused, "x", start), true},
		{"refuse what is booked", fresh(Agreed).end(Refused, "x", start), false},
		{"call off what is booked", cancel(fresh(Agreed), "", false, start.Add(-time.Hour)), true},
		{"call off when it has begun", cancel(fresh(Agreed), "", false, start), false},
		{"call off during the time, by the owner", cancel(fresh(Agreed), "", true, start), true},
		{"call off when it is over", cancel(fresh(Agreed), "", true, start.Add(2*time.Hour)), false},
		{"call off twice", fresh(Cancelled).end(Cancelled, "", start), false},
		{"they came after all", fresh(Missed).came(), true},
		{"nothing to correct", fresh(Done).came(), false},
		{"rate what was used", fresh(Done).rate(Rating{Stars: 5}), true},
		{"rate with six stars", fresh(Done).rate(Rating{Stars: 6}), false},
		{"rate what was not used", fresh(Missed).rate(Rating{Stars: 5}), false},
	} {
		if (c.err == nil) != c.ok {
			t.Errorf("%s: %v", c.name, c.err)
		}
	}
	twice := fresh(Done)
	if twice.rate(Rating{Stars: 4}) != nil || twice.rate(Rating{Stars: 1}) == nil || twice.Stars != 4 {
		t.Error("it can be rated twice")
	}
}

func TestWhatIsWrongWithAPlace(t *testing.T) {
	good := func() NewVenue {
		return NewVenue{OrgID: 1, Kind: Sports, Name: "羽毛球馆", Address: "迎宾路 8 号", Terms: "free", Contact: "服务台", Audience: Residents, Ahead: 14, Longest: 120, Slot: 60, Week: []string{"08:00-12:00", "", "", "", "", "", "18:00-24:00"}}
	}
	n := good()
	if err := n.check(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*NewVenue){
		"name": func(n *NewVenue) { n.Name = " " }, "org": func(n *NewVenue) { n.OrgID = 0 }, "kind": func(n *NewVenue) { n.Kind = "castle" }, "terms": func(n *NewVenue) { n.Terms = "" }, "audience": func(n *NewVenue) { n.Audience = "" },
		"price": func(n *NewVenue) { n.Terms = "paid" }, "slot": func(n *NewVenue) { n.Slot = 45 }, "longest": func(n *NewVenue) { n.Longest = 90 }, "ahead": func(n *NewVenue) { n.Ahead = 0 }, "capacity": func(n *NewVenue) { n.Capacity = -1 },
		"contact": func(n *NewVenue) { n.Contact = "" }, technician.WeekField(1): func(n *NewVenue) { n.Week[0] = "08:15-12:00" }, technician.WeekField(2): func(n *NewVenue) { n.Week[1] = "08:00-08:30" },
		technician.WeekField(3): func(n *NewVenue) { n.Week[2] = "22:00-06:00" },
	} {
		n := good()
		change(&n)
		if err := n.check(); err == nil || asFields(err)[field] == "" {
			t.Errorf("%s: %v", field, err)
		}
	}
	n = good()
	n.Week = make([]string, 7)
	if err := n.check(); asFields(err)[technician.WeekField(1)] == "" {
		t.Errorf("no hours at all: %v", err)
	}
}

// asFields are the fields of an error with what is wrong with them.
func asFields(err error) map[string]string {
	out := map[string]string{}
	if e := errs.As(err); e != nil {
		for name, m := range e.Fields {
			out[name] = m.In(i18n.ZH)
		}
	}
	return out
}
