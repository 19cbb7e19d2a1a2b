package technician

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/calendar"
	"linli/internal/i18n"
)

func TestHoursAreReadAsPeopleWriteThem(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		wrong            i18n.Text
	}{
		{"a day off", "", "", i18n.Text{}},
		{"one stretch", "8:00-17:30", "08:00-17:30", i18n.Text{}},
		{"two, in any order", "14:00-18:00 08:00-12:00", "08:00-12:00 14:00-18:00", i18n.Text{}},
		{"signs of a Chinese keyboard", "08：00－12：00，14：00～18：00", "08:00-12:00 14:00-18:00", i18n.Text{}},
		{"over midnight", "22:00-06:00", "22:00-06:00", i18n.Text{}},
		{"the whole day", "00:00-24:00", "00:00-24:00", i18n.Text{}},
		{"blanks around the dash", "08:00 - 12:00", "08:00-12:00", i18n.Text{}},
		{"no hours", "morning", "", i18n.TechnicianBadHours},
		{"an hour that there is not", "08:00-25:00", "", i18n.TechnicianBadHours},
		{"a minute that there is not", "08:60-12:00", "", i18n.TechnicianBadHours},
		{"overlapping", "08:00-12:00 11:00-14:00", "", i18n.TechnicianOverlap},
		{"the night reaches into the morning", "22:00-09:00 08:00-12:00", "", i18n.TechnicianOverlap},
		{"night and morning that meet", "22:00-06:00 06:00-10:00", "06:00-10:00 22:00-06:00", i18n.Text{}},
		{"too many", "01:00-02:00 03:00-04:00 05:00-06:00 07:00-08:00 09:00-10:00", "", i18n.TechnicianManyHours},
	} {
		spans, wrong := ParseHours(c.text)
		var week []Shift
		for _, s := range spans {
			week = append(week, Shift{1, s})
		}
		if got := Hours(week, 1); got != c.want || wrong != c.wrong {
			t.Errorf("%s: %q is %q, %v; want %q, %v", c.name, c.text, got, wrong, c.want, c.wrong)
		}
	}
}

// A Monday is 2 March 2026.
func at(day, hour, minute int) time.Time {
	return time.Date(2026, 3, day, hour, minute, 0, 0, i18n.Zone)
}

func TestWhoIsOnDuty(t *testing.T) {
	span := func(s string) Span { l, _ := ParseHours(s); return l[0] }
	week := []Shift{{1, span("08:00-12:00")}, {1, span("14:00-18:00")}, {5, span("22:00-06:00")}, {7, span("00:00-24:00")}}
	on := func(d int, s string) Day { return Day{Day: calendar.On(2026, 3, d), Working: true, Span: span(s)} }
	off := func(d int) Day { return Day{Day: calendar.On(2026, 3, d)} }
	for _, c := range []struct {
		name string
		days []Day
		at   time.Time
		want bool
	}{
		{"within the first stretch", nil, at(2, 9, 0), true},
		{"its first minute", nil, at(2, 8, 0), true},
		{"the minute when it ends", nil, at(2, 12, 0), false},
		{"between the stretches", nil, at(2, 13, 0), false},
		{"another weekday", nil, at(3, 9, 0), false},
		{"the night begins on Friday", nil, at(6, 23, 0), true},
		{"and ends on Saturday", nil, at(7, 5, 59), true},
		{"at six", nil, at(7, 6, 0), false},
		{"Saturday night is none", nil, at(7, 23, 0), false},
		{"the whole Sunday, first minute", nil, at(8, 0, 0), true},
		{"the whole Sunday, last minute", nil, at(8, 23, 59), true},
		{"it does not reach into Monday", nil, at(9, 0, 0), false},
		{"a day off", []Day{off(2)}, at(2, 9, 0), false},
		{"other hours", []Day{on(2, "19:00-21:00")}, at(2, 20, 0), true},
		{"instead of those of the week", []Day{on(2, "19:00-21:00")}, at(2, 9, 0), false},
		{"a Friday off has no night", []Day{off(6)}, at(7, 2, 0), false},
		{"a Saturday off does not cut Friday's night", []Day{off(7)}, at(7, 2, 0), true},
		{"a night for once", []Day{on(3, "20:00-02:00")}, at(4, 1, 0), true},
		{"an exception of another week", []Day{off(9)}, at(2, 9, 0), true},
		{"in UTC it is the day before", nil, at(2, 8, 0).UTC(), true},
	} {
		if got := OnDuty(week, c.days, c.at); got != c.want {
			t.Errorf("%s: OnDuty = %v", c.name, got)
		}
	}
}

// What is written down is read back as it was, whatever was typed.
func TestHoursComeBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		from := rapid.IntRange(0, 24*60-1).Draw(rt, "from")
		to := rapid.IntRange(0, 24*60-1).Draw(rt, "to")
		s := Span{from, to}
		back, wrong := ParseHours(s.String())
		if !wrong.IsZero() || len(back) != 1 || back[0] != s {
			rt.Fatalf("%v came back as %v, %v", s, back, wrong)
		}
	})
}

func TestWhatMayBeCharged(t *testing.T) {
	for _, c := range []struct {
		name  string
		price Price
		in    Charged
		sum   int64
		wrong string
	}{
		{"free", Price{Kind: "free"}, Charged{}, 0, ""},
		{"free, and something charged", Price{Kind: "free"}, Charged{Materials: 100, What: "x"}, 0, "materials"},
		{"no question of price", Price{}, Charged{Service: 1}, 0, "materials"},
		{"a fixed price is not typed", Price{"low", 2000}, Charged{Units: 2, Service: 99}, 4000, ""},
		{"with materials", Price{"paid", 5000}, Charged{Units: 1, Materials: 1250, What: "皮带"}, 6250, ""},
		{"materials without a name", Price{"paid", 5000}, Charged{Units: 1, Materials: 1250}, 0, "what"},
		{"by agreement", Price{"paid", 0}, Charged{Service: 8000}, 8000, ""},
		{"nothing charged", Price{"paid", 5000}, Charged{}, 0, ""},
		{"less than nothing", Price{"paid", 0}, Charged{Service: -1}, 0, "service"},
		{"far too much", Price{"paid", 0}, Charged{Service: 1 << 60}, 0, "service"},
		{"too many units", Price{"paid", 100}, Charged{Units: 101}, 0, "units"},
	} {
		got, e := c.price.charges(c.in)
		if c.wrong != "" {
			if e == nil || e.Fields[c.wrong].Text.IsZero() {
				t.Errorf("%s: %v, %v; want a word about %s", c.name, got, e, c.wrong)
			}
			continue
		}
		if e != nil || Sum(got, "") != c.sum {
			t.Errorf("%s: %v, %v; want a sum of %d", c.name, got, e, c.sum)
		}
	}
}
