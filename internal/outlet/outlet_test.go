package outlet

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/calendar"
	"linli/internal/exchange"
)

// On every day of the week, a half hour in which something is open for a minute is open in the filter, and one in which it is shut is not; hours over midnight reach into
// the next day, whatever that is.
func TestHalfHoursHoldEveryOpenMinute(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		clock := func(name string) (string, int) {
			m := rapid.IntRange(0, 95).Draw(t, name) * 15
			return time.Date(2026, 1, 1, m/60, m%60, 0, 0, time.UTC).Format("15:04"), m
		}
		hours := func(name string) string {
			from, f := clock(name + " from")
			to, u := clock(name + " to")
			if f == u || rapid.IntRange(0, 4).Draw(t, name+" closed") == 0 {
				return ""
			}
			return from + "-" + to
		}
		o := Outlet{Entry: Entry{Weekdays: hours("weekdays"), Weekend: hours("weekend")}}
		monday, weekday, saturday, sunday := o.open()
		for i, bits := range []int64{monday, weekday, weekday, weekday, weekday, saturday, sunday} {
			day := calendar.On(2026, 3, 2+i)
			for slot := range 48 {
				open := false
				for m := range 30 {
					open = open || o.OpenAt(day.Time().Add(time.Duration(slot*30+m)*time.Minute))
				}
				if open != (bits>>slot&1 == 1) {
					t.Fatalf("%q and %q: on %s the half hour from %d:%02d is open: %v", o.Weekdays, o.Weekend, day, slot/2, slot%2*30, open)
				}
			}
		}
	})
}

func TestOpenToTheMinute(t *testing.T) {
	o := Outlet{Entry: Entry{Weekdays: "08:15-12:00 14:00-18:00", Weekend: ""}}
	friday := calendar.On(2026, 3, 6).Time()
	for clock, want := range map[time.Duration]bool{8*time.Hour + 14*time.Minute: false, 8*time.Hour + 15*time.Minute: true, 12 * time.Hour: false, 15 * time.Hour: true, 18 * time.Hour: false, 33 * time.Hour: false} {
		if got := o.OpenAt(friday.Add(clock)); got != want {
			t.Errorf("after %s it is open: %v", clock, got)
		}
	}
}

func TestWhatIsWrongWithAnEntry(t *testing.T) {
	good := Entry{Level: Point, Element: Eat, Name: "社区食堂", Address: "民主路 1 号", Terms: exchange.Paid, Weekdays: "8:00－12:00，14：00-18:00", Phone: "0476-8221234"}
	e := good
	if err := e.check(); err != nil || e.Weekdays != "08:00-12:00 14:00-18:00" {
		t.Errorf("hours are kept as %q, %v", e.Weekdays, err)
	}
	for field, change := range map[string]func(*Entry){
		"name": func(e *Entry) { e.Name = " " }, "address": func(e *Entry) { e.Address = "" }, "element": func(e *Entry) { e.Element = "drink" }, "level": func(e *Entry) { e.Level = "" }, "terms": func(e *Entry) { e.Terms = "gift" },
		"phone": func(e *Entry) { e.Phone = "找老王" }, "weekdays": func(e *Entry) { e.Weekdays = "早上到晚上" }, "weekend": func(e *Entry) { e.Weekend = "25:00-26:00" }, "price": func(e *Entry) { e.Terms = exchange.LowPaid },
		"recommended_by": func(e *Entry) { e.Why = "价格实在" },
	} {
		e := good
		change(&e)
		if err := e.check(); err == nil || err.Fields[field].Text.IsZero() {
			t.Errorf("%s is taken: %v", field, err)
		}
	}
}
