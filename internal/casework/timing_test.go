package casework

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"linli/internal/calendar"
)

func standard() office { return office{calendar.Default(), calendar.DefaultClosing} }

func at(day string, clock time.Duration) time.Time { return calendar.MustParse(day).Time().Add(clock) }

// The cases of the rule catalogue (CAL-7): received in office hours, the limit counts from the next working day.
func TestLimitsInWorkingDays(t *testing.T) {
	for _, c := range []struct {
		why         string
		received    time.Time
		days        int64
		want        string
		provisional bool
	}{
		{"an exchange day is a working day", at("2026-02-13", 10*time.Hour), 1, "2026-02-14", false},
		{"the spring festival does not count", at("2026-02-14", 10*time.Hour), 1, "2026-02-24", false},
		{"five days over the festival", at("2026-02-13", 10*time.Hour), 5, "2026-02-27", false},
		{"labour day", at("2026-04-30", 9*time.Hour), 3, "2026-05-08", false},
		{"after office hours counts for the next working day", at("2026-11-20", 18*time.Hour), 5, "2026-11-30", false},
		{"on a day off counts for the next working day", at("2026-10-03", 10*time.Hour), 1, "2026-10-09", false},
		{"no calendar for the next year", at("2026-12-31", 10*time.Hour), 1, "2027-01-01", true},
	} {
		got, provisional := standard().due(Timing{ClockAt: c.received, LimitDays: c.days}, nil)
		if d := calendar.DateOf(got); d.String() != c.want || provisional != c.provisional {
			t.Errorf("%s: due %s (provisional %t), want %s (%t)", c.why, d, provisional, c.want, c.provisional)
		}
	}
}

func TestLimitsInHoursRunByTheClock(t *testing.T) {
	start := at("2026-10-01", 22*time.Hour)
	pause := Pause{From: start.Add(30 * time.Minute), Until: start.Add(90 * time.Minute)}
	before := Pause{From: start.Add(-5 * time.Hour), Until: start.Add(-time.Hour)}
	across := Pause{From: start.Add(-time.Hour), Until: start.Add(time.Hour)}
	after := Pause{From: start.Add(9 * time.Hour), Until: start.Add(10 * time.Hour)}
	for _, c := range []struct {
		why    string
		pauses []Pause
		want   time.Duration
	}{
		{"nothing in between", nil, 2 * time.Hour},
		{"an hour stood still", []Pause{pause}, 3 * time.Hour},
		{"a pause before a case was opened again", []Pause{before}, 2 * time.Hour},
		{"a pause that reaches into it", []Pause{across}, 3 * time.Hour},
		{"a pause after its end", []Pause{after}, 2 * time.Hour},
	} {
		if got, _ := standard().due(Timing{ClockAt: start, LimitHours: 2}, c.pauses); got.Sub(start) != c.want {
			t.Errorf("%s: due after %s, want %s", c.why, got.Sub(start), c.want)
		}
	}
	if got, _ := standard().due(Timing{ClockAt: start, LimitHours: 2}, []Pause{{From: start}}); !got.IsZero() {
		t.Error("a clock that stands has an end")
	}
}

// wallCalendar says which days are worked on, read off the yearly notices; where there is none, the plain week holds.
func wallCalendar(t *testing.T) func(time.Time) bool {
	t.Helper()
	off, work := map[string]bool{}, map[string]bool{}
	for _, y := range calendar.Builtin() {
		for _, d := range y.Days {
			if d.Off {
				off[d.Date.String()] = true
			} else {
				work[d.Date.String()] = true
			}
		}
	}
	if len(off) < 60 || len(work) < 10 {
		t.Fatalf("the calendar has %d days off and %d exchange days", len(off), len(work))
	}
	return func(d time.Time) bool {
		key := d.Format(time.DateOnly)
		if off[key] {
			return false
		}
		return work[key] || d.Weekday() != time.Saturday && d.Weekday() != time.Sunday
	}
}

// wallDay is the day of an instant on the wall calendar.
func wallDay(t time.Time) time.Time {
	t = t.In(time.FixedZone("", 8*3600))
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, t.Location())
}

// model walks through the days one by one and strikes off a working day for each on which the clock went, as a clerk with a wall calendar would.
func model(isWork func(time.Time) bool, start time.Time, closing time.Duration, limit int64, pauses []Pause) string {
	day := wallDay(start)
	if !isWork(day) || start.Sub(day) > closing {
		for day = day.AddDate(0, 0, 1); !isWork(day); day = day.AddDate(0, 0, 1) {
		}
	}
	for left := limit; left > 0; {
		day = day.AddDate(0, 0, 1)
		if !isWork(day) {
			continue
		}
		standing := false
		for _, p := range pauses {
			key := day.Format(time.DateOnly)
			standing = standing || key >= wallDay(p.From).Format(time.DateOnly) && key < wallDay(p.Until).Format(time.DateOnly)
		}
		if !standing {
			left--
		}
	}
	return day.Format(time.DateOnly)
}

// petitionModel counts the days of a petition on the wall calendar, and moves an end that is off to the next working day (CAL-2, CAL-3).
func petitionModel(isWork func(time.Time) bool, start time.Time, limit int64) string {
	day := wallDay(start)
	for range limit {
		day = day.AddDate(0, 0, 1)
	}
	for !isWork(day) {
		day = day.AddDate(0, 0, 1)
	}
	return day.Format(time.DateOnly)
}

// TestLimitsAgainstADayByDayModel holds limits, extensions and pauses against the model, for what comes in on any day from 2024 to the end of 2026, with the real days off. A
// limit that reaches into 2027, whose days off nobody knows, is counted by the plain week and said to be provisional; no other is (CAL-6).
func TestLimitsAgainstADayByDayModel(t *testing.T) {
	isWork := wallCalendar(t)
	r := rand.New(rand.NewPCG(2024, 2026))
	first := at("2024-01-01", 0)
	span := int(at("2027-01-01", 0).Sub(first) / time.Minute)
	days, provisionals, petitions := map[string]bool{}, 0, 0
	for n := range 30_000 {
		start := first.Add(time.Duration(r.IntN(span)) * time.Minute)
		timing := Timing{ClockAt: start, LimitDays: 1 + r.Int64N(20)}
		if timing.Petition = r.IntN(6) == 0; timing.Petition {
			petitions++
			timing.LimitDays = petitionDays
		}
		if r.IntN(3) == 0 {
			timing.Extended = 1 + r.Int64N(15)
		}
		var stood []Pause
		for at := start; len(stood) < r.IntN(4); {
			from := at.Add(time.Duration(r.IntN(6*24*60)) * time.Minute)
			until := from.Add(time.Duration(r.IntN(12*24*60)) * time.Minute)
			stood, at = append(stood, Pause{from, until}), until
		}
		got, provisional := standard().due(timing, stood)
		want := model(isWork, start, calendar.DefaultClosing, timing.LimitDays+timing.Extended, stood)
		if timing.Petition {
			want = petitionModel(isWork, start, timing.LimitDays+timing.Extended)
		}
		if day := calendar.DateOf(got).String(); day != want || provisional != (want >= "2027") {
			t.Fatalf("case %d: from %s, %d+%d days (petition %t), pauses %s: due %s (provisional %t), want %s", n, start, timing.LimitDays, timing.Extended, timing.Petition, fmt.Sprint(stood), day, provisional, want)
		}
		days[wallDay(start).Format(time.DateOnly)] = true
		if provisional {
			provisionals++
		}
	}
	if len(days) != 366+365+365 || provisionals < 300 || petitions < 3000 {
		t.Errorf("the cases came in on %d days; %d are provisional, %d are petitions", len(days), provisionals, petitions)
	}
}

func TestNumbersAreTakenOutOfWhatOthersRead(t *testing.T) {
	for in, want := range map[string]string{
		"请打 13800138000 找我":         "请打 *** 找我",
		"138-0013-8000":             "***",
		"１３８００１３８０００":               "***",
		"12-1-1203，2026-11-29":      "12-1-1203，2026-11-29",
		"身份证 32090219900101123X":    "身份证 ***",
		"3 号楼 501 室灯坏了，2026 年 10 月": "3 号楼 501 室灯坏了，2026 年 10 月",
	} {
		if got := Mask(in); got != want {
			t.Errorf("Mask(%q) = %q, want %q", in, got, want)
		}
	}
}
