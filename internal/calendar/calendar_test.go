package calendar

import (
	"bytes"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// The table of rules 5.6.
func TestAddWorkingDays(t *testing.T) {
	for _, c := range []struct {
		name, start string
		n           int
		want        string
		provisional bool
	}{
		{"Friday to an exchanged Saturday", "2026-02-13", 1, "2026-02-14", false},
		{"over Spring Festival", "2026-02-14", 1, "2026-02-24", false},
		{"five over Spring Festival", "2026-02-13", 5, "2026-02-27", false},
		{"over Labour Day", "2026-04-30", 3, "2026-05-08", false},
		{"Friday to an exchanged Sunday", "2026-09-18", 1, "2026-09-20", false},
		{"one over National Day", "2026-09-30", 1, "2026-10-08", false},
		{"five over National Day", "2026-09-30", 5, "2026-10-13", false},
		{"exchanged Saturday after National Day", "2026-10-09", 1, "2026-10-10", false},
		{"plain week", "2026-11-20", 5, "2026-11-27", false},
		{"into a year that is not loaded", "2026-12-31", 1, "2027-01-01", true},
		{"last day of the loaded years", "2026-12-30", 1, "2026-12-31", false},
		{"from a year that is not loaded", "2023-12-31", 1, "2024-01-02", false},
		{"wholly outside", "2030-05-10", 1, "2030-05-13", true},
		{"no days", "2026-10-01", 0, "2026-10-01", false},
		{"backwards over National Day", "2026-10-08", -1, "2026-09-30", false},
		{"backwards over the exchanged Sunday", "2026-09-21", -1, "2026-09-20", false},
	} {
		got, provisional := Default().AddWorkingDays(MustParse(c.start), c.n)
		if got.String() != c.want || provisional != c.provisional {
			t.Errorf("%s: %s + %d = %s (provisional %t), want %s (%t)", c.name, c.start, c.n, got, provisional, c.want, c.provisional)
		}
	}
}

// The calendar days with CAL-3 of rules 5.6, and months and years that end on a day off.
func TestPeriodsEndOnAWorkingDay(t *testing.T) {
	c := Default()
	for _, x := range []struct {
		name, start string
		add         func(Date, int) (Date, bool)
		n           int
		want        string
		provisional bool
	}{
		{"into Spring Festival", "2026-01-16", c.AddDays, 30, "2026-02-24", false},
		{"into National Day", "2026-09-01", c.AddDays, 30, "2026-10-08", false},
		{"on a working day", "2026-09-24", c.AddDays, 15, "2026-10-09", false},
		{"on an exchanged Sunday", "2026-09-10", c.AddDays, 10, "2026-09-20", false},
		{"a month that ends on 28 February, an exchanged day", "2026-01-31", c.AddMonths, 1, "2026-02-28", false},
		{"a month into National Day", "2026-09-03", c.AddMonths, 1, "2026-10-08", false},
		{"a year from 29 February", "2024-02-29", c.AddYears, 1, "2025-02-28", false},
		{"a year that ends on a Sunday", "2025-11-22", c.AddYears, 1, "2026-11-23", false},
		{"a year into a year that is not loaded", "2026-06-01", c.AddYears, 1, "2027-06-01", true},
		{"a roll over the end of what is loaded", "2026-01-01", c.AddYears, 1, "2027-01-01", true},
	} {
		got, provisional := x.add(MustParse(x.start), x.n)
		if got.String() != x.want || provisional != x.provisional {
			t.Errorf("%s: %s + %d = %s (provisional %t), want %s (%t)", x.name, x.start, x.n, got, provisional, x.want, x.provisional)
		}
	}
}

func TestOfficeHours(t *testing.T) {
	c := Default()
	for _, x := range []struct{ name, at, received, due string }{
		{"within office hours", "2026-11-20 16:59", "2026-11-20", "2026-11-23"},
		{"at closing time", "2026-11-20 17:00", "2026-11-20", "2026-11-23"},
		{"a minute after closing", "2026-11-20 17:01", "2026-11-23", "2026-11-24"},
		{"on a Saturday", "2026-11-21 10:00", "2026-11-23", "2026-11-24"},
		{"early in the morning", "2026-11-20 00:00", "2026-11-20", "2026-11-23"},
		{"on the eve of National Day, late", "2026-09-30 18:00", "2026-10-08", "2026-10-09"},
		{"on an exchanged Sunday", "2026-09-20 10:00", "2026-09-20", "2026-09-21"},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", x.at, i18n.Zone)
		if err != nil {
			t.Fatal(err)
		}
		received, _ := c.ReceivedOn(at.UTC(), DefaultClosing)
		due, _ := c.WorkingDeadline(at.UTC(), 1, DefaultClosing)
		if received.String() != x.received || due.String() != x.due {
			t.Errorf("%s: received %s, due %s, want %s, %s", x.name, received, due, x.received, x.due)
		}
	}
	if _, provisional := c.WorkingDeadline(time.Date(2026, 12, 31, 18, 0, 0, 0, i18n.Zone), 0, DefaultClosing); !provisional {
		t.Error("a limit that begins in a year that is not loaded must be provisional")
	}
}

func TestWorkingDaysOfTheYears(t *testing.T) {
	for year, want := range map[int]int{2024: 251, 2025: 248, 2026: 248} {
		n, provisional := Default().WorkingDaysBetween(On(year-1, 12, 31), On(year, 12, 31))
		if n != want || provisional {
			t.Errorf("%d has %d working days (provisional %t), want %d", year, n, provisional, want)
		}
	}
	if n, provisional := Default().WorkingDaysBetween(MustParse("2026-12-31"), MustParse("2027-01-04")); n != 2 || !provisional {
		t.Errorf("over the end: %d, %t", n, provisional)
	}
	if _, provisional := Default().WorkingDaysBetween(Date{}, MustParse("2026-01-01")); !provisional {
		t.Error("from no date must be provisional")
	}
}

func TestHoliday(t *testing.T) {
	for d, want := range map[string]string{"2026-10-01": "国庆节", "2026-02-17": "春节", "2026-02-14": "", "2026-11-23": ""} {
		if got := Default().Holiday(MustParse(d)); got != want {
			t.Errorf("Holiday(%s) = %q, want %q", d, got, want)
		}
	}
	if got := Default().Years(); !reflect.DeepEqual(got, []int{2024, 2025, 2026}) {
		t.Errorf("Years = %v", got)
	}
	if w, p := new(Calendar).IsWorkingDay(MustParse("2026-10-01")); !w || !p {
		t.Error("the zero calendar supposes plain weeks and says so")
	}
}

// naive counts the exceptions off a list, one day at a time, with the standard library's time only.
func naive(start time.Time, n int) time.Time {
	listed := map[string]bool{}
	for _, y := range Builtin() {
		for _, d := range y.Days {
			listed[d.Date.String()] = !d.Off
		}
	}
	for n > 0 {
		start = start.AddDate(0, 0, 1)
		works, ok := listed[start.Format("2006-01-02")]
		if !ok {
			works = start.Weekday() >= time.Monday && start.Weekday() <= time.Friday
		}
		if works {
			n--
		}
	}
	return start
}

func TestWorkingDaysAgainstTheNaiveModel(t *testing.T) {
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		start := MustParse("2023-12-01").AddDays(rapid.IntRange(0, 1200).Draw(t, "start"))
		n := rapid.IntRange(0, 120).Draw(t, "n")
		got, provisional := c.AddWorkingDays(start, n)
		if want := DateOf(naive(start.Time(), n)); got != want {
			t.Fatalf("%s + %d = %s, want %s", start, n, got, want)
		}
		if touches := n > 0 && (got.Year() > 2026 || start.AddDays(1).Year() < 2024); provisional != touches {
			t.Fatalf("%s + %d = %s: provisional %t, want %t", start, n, got, provisional, touches)
		}
		if between, _ := c.WorkingDaysBetween(start, got); between != n {
			t.Fatalf("%d working days from %s to %s, want %d", between, start, got, n)
		}
		if w, _ := c.IsWorkingDay(got); n > 0 && !w {
			t.Fatalf("%s + %d = %s is a day off", start, n, got)
		}
		if w, _ := c.IsWorkingDay(start); w {
			if back, _ := c.AddWorkingDays(got, -n); back != start {
				t.Fatalf("%s - %d = %s, want %s", got, n, back, start)
			}
		}
	})
}

// Who comes later is never due earlier, whatever the hour and the day.
func TestDeadlinesKeepOrder(t *testing.T) {
	c := Default()
	rapid.Check(t, func(t *rapid.T) {
		at := MustParse("2026-01-01").Time().Add(time.Duration(rapid.IntRange(0, 360*24*60).Draw(t, "minute")) * time.Minute)
		later := at.Add(time.Duration(rapid.IntRange(0, 5*24*60).Draw(t, "minutes later")) * time.Minute)
		n := rapid.IntRange(1, 20).Draw(t, "n")
		a, _ := c.WorkingDeadline(at, n, DefaultClosing)
		b, _ := c.WorkingDeadline(later, n, DefaultClosing)
		if b.Before(a) || !a.After(DateOf(at)) {
			t.Fatalf("received %s due %s, received %s due %s", at, a, later, b)
		}
	})
}

func TestReadYear(t *testing.T) {
	for _, c := range []struct {
		name, in string
		problem  i18n.Text
	}{
		{"own form", `{"year":2027,"notice":"n","source":"s","days":[{"date":"2027-01-01","off":true,"name":"x"}]}`, i18n.Text{}},
		{"published form", `{"year":2027,"papers":["s"],"days":[{"name":"x","date":"2027-01-01","isOffDay":true},{"date":"2027-01-02","isOffDay":false}]}`, i18n.Text{}},
		{"last days of the year before", `{"year":2027,"days":[{"date":"2026-12-31","off":true},{"date":"2027-01-01","off":true}]}`, i18n.Text{}},
		{"not JSON", `year: 2027`, i18n.CalendarYearUnread},
		{"half a file", `{"year":2027,"days":[{"date":"2027-01-01"`, i18n.CalendarYearUnread},
		{"no such day", `{"year":2027,"days":[{"date":"2027-02-29","off":true}]}`, i18n.CalendarYearUnread},
		{"no year", `{"days":[{"date":"2027-01-01","off":true}]}`, i18n.CalendarYearRange},
		{"day of another year", `{"year":2027,"days":[{"date":"2028-02-01","off":true}]}`, i18n.CalendarYearForeign},
		{"no date", `{"year":2027,"days":[{"off":true}]}`, i18n.CalendarYearForeign},
		{"both off and working", `{"year":2027,"days":[{"date":"2027-01-02","off":true},{"date":"2027-01-02","off":false}]}`, i18n.CalendarYearTwice},
		{"exchange day that is a weekday", `{"year":2027,"days":[{"date":"2027-01-04","off":false}]}`, i18n.CalendarYearIdle},
		{"nothing off", `{"year":2027,"days":[]}`, i18n.CalendarYearEmpty},
	} {
		y, err := ReadYear(strings.NewReader(c.in))
		if e := errs.As(err); (e == nil) != c.problem.IsZero() || e != nil && e.Message.Text != c.problem {
			t.Errorf("%s: %v, want %q", c.name, err, c.problem.In(i18n.EN))
		}
		if c.problem.IsZero() && (y.Year != 2027 || !y.Days[0].Off) {
			t.Errorf("%s: %+v", c.name, y)
		}
	}
}

func TestNewRefusesDoubledYears(t *testing.T) {
	if _, err := New(append(Builtin(), Builtin()[0])...); errs.As(err) == nil || errs.As(err).Message.Text != i18n.CalendarYearDoubled {
		t.Errorf("New = %v", err)
	}
	if _, err := New(Year{Year: 2027}); err == nil {
		t.Error("an empty year was accepted")
	}
}

// The notice of a later year may move days at the end of the year before.
func TestLaterNoticeHolds(t *testing.T) {
	next := Year{Year: 2027, Days: []Day{{MustParse("2026-12-31"), true, "x"}, {MustParse("2027-01-01"), true, "x"}}}
	c, err := New(append(Builtin(), next)...)
	if err != nil {
		t.Fatal(err)
	}
	if d, provisional := c.AddWorkingDays(MustParse("2026-12-30"), 1); d.String() != "2027-01-04" || provisional {
		t.Errorf("2026-12-30 + 1 = %s, %t", d, provisional)
	}
}

// The embedded years are the public ones, day for day.
func TestBuiltinYearsAreThePublishedOnes(t *testing.T) {
	for _, y := range Builtin() {
		b := sharedFile(t, "data/calendar/"+strconv.Itoa(y.Year)+".json")
		if b == nil {
			return
		}
		want, err := ReadYear(bytes.NewReader(b))
		if err != nil || !reflect.DeepEqual(y.Days, want.Days) || y.Source != want.Source || y.Notice == "" {
			t.Errorf("%d differs from the published year: %v", y.Year, err)
		}
	}
}

// sharedFile reads a file of the public data folder that stands beside the checkout; nil, said plainly, where it is missing.
func sharedFile(t *testing.T, name string) []byte {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		b, err := os.ReadFile(filepath.Join(dir, "..", "shared", name))
		if err == nil {
			return b
		}
		if parent := filepath.Dir(dir); parent != dir {
			dir = parent
			continue
		}
		t.Logf("shared/%s is not beside this checkout: only the built-in cases ran", name)
		return nil
	}
}
