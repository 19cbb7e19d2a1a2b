package calendar

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/errs"
	"linli/internal/i18n"
)

func TestParseDate(t *testing.T) {
	for _, c := range []struct {
		name, in, want string
		problem        i18n.Text
	}{
		{"stored form", "2026-09-30", "2026-09-30", i18n.Text{}},
		{"slashes", "2026/9/30", "2026-09-30", i18n.Text{}},
		{"points", "2026.9.30", "2026-09-30", i18n.Text{}},
		{"digits only", "20260930", "2026-09-30", i18n.Text{}},
		{"Chinese", "2026年9月30日", "2026-09-30", i18n.Text{}},
		{"Chinese with blanks", " 2026 年 9 月 30 日 ", "2026-09-30", i18n.Text{}},
		{"spoken", "2026年9月30号", "2026-09-30", i18n.Text{}},
		{"full width", "２０２６－０９－３０", "2026-09-30", i18n.Text{}},
		{"apostrophe of a spreadsheet", "'2026-09-30", "2026-09-30", i18n.Text{}},
		{"midnight behind it", "2026-09-30 00:00:00", "2026-09-30", i18n.Text{}},
		{"instant behind it", "2026-09-30T14:05:00+08:00", "2026-09-30", i18n.Text{}},
		{"29 February of a leap year", "2024-2-29", "2024-02-29", i18n.Text{}},
		{"blank is none", " \u3000", "", i18n.Text{}},
		{"29 February of a plain year", "2026-02-29", "", i18n.CalendarNoSuchDay},
		{"29 February 1900", "1900-02-29", "", i18n.CalendarNoSuchDay},
		{"month 13", "2026-13-01", "", i18n.CalendarNoSuchDay},
		{"31 April", "20260431", "", i18n.CalendarNoSuchDay},
		{"year 0", "0000-01-01", "", i18n.CalendarTwoDigitYear},
		{"two-digit year", "26.9.30", "", i18n.CalendarTwoDigitYear},
		{"day first", "30/9/2026", "", i18n.CalendarNotADate},
		{"no day", "2026年9月", "", i18n.CalendarNotADate},
		{"serial number", "46295", "", i18n.CalendarSerial},
		{"words", "明天", "", i18n.CalendarNotADate},
		{"negative", "-2026-09-30", "", i18n.CalendarNotADate},
		{"five-digit year", "20260-09-30", "", i18n.CalendarNotADate},
	} {
		d, err := Parse(c.in)
		if d.String() != c.want {
			t.Errorf("%s: %q, want %q", c.name, d, c.want)
		}
		if e := errs.As(err); (e == nil) != c.problem.IsZero() || e != nil && (e.Kind != errs.Invalid || e.Message.Text != c.problem) {
			t.Errorf("%s: %v, want %q", c.name, err, c.problem.In(i18n.EN))
		}
	}
}

func TestDateOfIsTheDayInChina(t *testing.T) {
	for in, want := range map[string]string{
		"2026-09-30T15:59:59Z": "2026-09-30", "2026-09-30T16:00:00Z": "2026-10-01",
		"2026-12-31T16:00:00Z": "2027-01-01", "2026-10-01T00:00:00+08:00": "2026-10-01",
	} {
		at, err := time.Parse(time.RFC3339, in)
		if err != nil {
			t.Fatal(err)
		}
		if got := DateOf(at); got.String() != want {
			t.Errorf("DateOf(%s) = %s, want %s", in, got, want)
		}
	}
	if !DateOf(time.Time{}).IsZero() || !(Date{}).Time().IsZero() {
		t.Error("the zero time must be no date, and back")
	}
}

func TestAddMonthsAndYears(t *testing.T) {
	for _, c := range []struct {
		in     string
		months int
		want   string
	}{
		{"2026-01-31", 1, "2026-02-28"}, {"2024-01-31", 1, "2024-02-29"}, {"2024-02-29", 12, "2025-02-28"}, {"2024-02-29", 48, "2028-02-29"},
		{"2026-03-31", -1, "2026-02-28"}, {"2026-08-31", 1, "2026-09-30"}, {"2026-12-15", 1, "2027-01-15"}, {"2026-01-15", -1, "2025-12-15"},
		{"2026-01-15", -13, "2024-12-15"}, {"2026-06-30", 0, "2026-06-30"}, {"9999-12-01", 1, ""}, {"0001-01-31", -1, ""}, {"2026-01-01", 1 << 62, ""},
	} {
		if got := MustParse(c.in).AddMonths(c.months); got.String() != c.want {
			t.Errorf("%s + %d months = %s, want %s", c.in, c.months, got, c.want)
		}
	}
	if got := MustParse("2024-02-29").AddYears(1); got.String() != "2025-02-28" {
		t.Errorf("29 February + 1 year = %s", got)
	}
	if !MustParse("2026-01-01").AddYears(1<<62).IsZero() || !MustParse("2026-01-01").AddDays(1<<62).IsZero() {
		t.Error("a step out of the calendar must give no date")
	}
}

func TestYearsUntil(t *testing.T) {
	for _, c := range []struct {
		birth, on string
		want      int
	}{
		{"1990-05-01", "2026-04-30", 35}, {"1990-05-01", "2026-05-01", 36}, {"2000-02-29", "2026-02-27", 25}, {"2000-02-29", "2026-02-28", 26},
		{"2026-05-02", "2026-05-01", -1}, {"", "2026-05-01", 0},
	} {
		b, _ := Parse(c.birth)
		if got := b.YearsUntil(MustParse(c.on)); got != c.want {
			t.Errorf("%s to %s = %d years, want %d", c.birth, c.on, got, c.want)
		}
	}
}

func TestNoDateStaysNone(t *testing.T) {
	var d Date
	for name, got := range map[string]Date{"AddDays": d.AddDays(1), "AddMonths": d.AddMonths(1), "AddYears": d.AddYears(1),
		"StartOfMonth": d.StartOfMonth(), "EndOfMonth": d.EndOfMonth(), "On": On(2026, 2, 29), "year 10000": On(10000, 1, 1)} {
		if !got.IsZero() {
			t.Errorf("%s = %s, want none", name, got)
		}
	}
	if d.String() != "" || d.OrNull() != nil || d.In(Date{}, Date{}) {
		t.Error("no date must be shown, stored and found as none")
	}
	if MustParse("2026-09-30").OrNull() != "2026-09-30" {
		t.Error("OrNull of a date")
	}
}

func TestIn(t *testing.T) {
	from, to := MustParse("2026-07-01"), MustParse("2026-09-30")
	for d, want := range map[string]bool{"2026-06-30": false, "2026-07-01": true, "2026-09-30": true, "2026-10-01": false} {
		if got := MustParse(d).In(from, to); got != want {
			t.Errorf("%s in the quarter = %t", d, got)
		}
	}
	if !to.In(from, Date{}) || !from.In(Date{}, to) {
		t.Error("an open end must hold")
	}
}

func TestDateTravels(t *testing.T) {
	type record struct{ Day, None Date }
	b, err := json.Marshal(record{Day: MustParse("2026-09-30")})
	if err != nil || string(b) != `{"Day":"2026-09-30","None":""}` {
		t.Fatalf("%s, %v", b, err)
	}
	var back record
	if err := json.Unmarshal(b, &back); err != nil || back.Day.String() != "2026-09-30" || !back.None.IsZero() {
		t.Fatalf("%v, %v", back, err)
	}
	if json.Unmarshal([]byte(`{"Day":"2026-02-30"}`), &back) == nil {
		t.Error("30 February was read from JSON")
	}
	for _, src := range []any{"2026-09-30", []byte("2026-09-30"), nil, ""} {
		var d Date
		if err := d.Scan(src); err != nil || (d.String() == "2026-09-30") != (src != nil && src != "") {
			t.Errorf("Scan(%v) = %s, %v", src, d, err)
		}
	}
	for _, src := range []any{"2026-9-30", "2026-02-30", 20260930, time.Now()} {
		if new(Date).Scan(src) == nil {
			t.Errorf("Scan(%v) was accepted", src)
		}
	}
	if v, err := MustParse("2026-09-30").Value(); v != "2026-09-30" || err != nil {
		t.Errorf("Value = %v, %v", v, err)
	}
}

// Text order, Compare and the order of time are one and the same; every date is read back from its text.
func TestDateOrder(t *testing.T) {
	day := rapid.Custom(func(t *rapid.T) Date {
		return On(1, 1, 1).AddDays(rapid.IntRange(0, 3_652_058).Draw(t, "days"))
	})
	rapid.Check(t, func(t *rapid.T) {
		a, b := day.Draw(t, "a"), day.Draw(t, "b")
		if a.IsZero() || b.IsZero() {
			t.Fatal("a day of the calendar became none")
		}
		back, err := Parse(a.String())
		if err != nil || back != a {
			t.Fatalf("%s is read back as %s, %v", a, back, err)
		}
		if (a.String() < b.String()) != a.Before(b) || a.Time().Before(b.Time()) != a.Before(b) || a.After(b) != b.Before(a) {
			t.Fatalf("order of %s and %s", a, b)
		}
		if got := a.AddDays(a.DaysUntil(b)); got != b {
			t.Fatalf("%s + %d days = %s, want %s", a, a.DaysUntil(b), got, b)
		}
		if DateOf(a.Time()) != a {
			t.Fatalf("%s does not come back from its instant", a)
		}
	})
}

func TestQuarter(t *testing.T) {
	for _, c := range []struct{ in, start, end, next, prev string }{
		{"2026Q1", "2026-01-01", "2026-03-31", "2026Q2", "2025Q4"},
		{"2026Q2", "2026-04-01", "2026-06-30", "2026Q3", "2026Q1"},
		{"2026Q3", "2026-07-01", "2026-09-30", "2026Q4", "2026Q2"},
		{"2026Q4", "2026-10-01", "2026-12-31", "2027Q1", "2026Q3"},
	} {
		q, err := ParseQuarter(c.in)
		if err != nil || q.String() != c.in || q.Start().String() != c.start || q.End().String() != c.end || q.Next().String() != c.next || q.Prev().String() != c.prev {
			t.Errorf("%s: %s to %s, next %s, previous %s, %v", c.in, q.Start(), q.End(), q.Next(), q.Prev(), err)
		}
		if !q.Contains(q.Start()) || !q.Contains(q.End()) || q.Contains(q.Start().AddDays(-1)) || q.Contains(q.End().AddDays(1)) {
			t.Errorf("%s does not contain just its own days", c.in)
		}
		from, until := q.Bounds()
		if DateOf(from) != q.Start() || DateOf(until.Add(-time.Microsecond)) != q.End() || DateOf(until) != q.Next().Start() {
			t.Errorf("%s: bounds %s to %s", c.in, from, until)
		}
	}
}

func TestParseQuarter(t *testing.T) {
	for in, want := range map[string]string{
		"2026Q3": "2026Q3", "2026q3": "2026Q3", "2026-Q3": "2026Q3", "2026-3": "2026Q3", "2026年第3季度": "2026Q3", "2026 年第三季度": "2026Q3",
		"２０２６Ｑ３": "2026Q3", "2026Q5": "", "2026Q0": "", "26Q3": "", "": "", "2026": "", "Q3": "", "20263": "", "2026-03-01": "",
	} {
		q, err := ParseQuarter(in)
		if q.String() != want || (err == nil) != (want != "") {
			t.Errorf("ParseQuarter(%q) = %s, %v, want %q", in, q, err, want)
		}
	}
	if got := NewQuarter(2026, 3).Label().In(i18n.ZH); got != "2026 年第 3 季度" {
		t.Errorf("Label = %q", got)
	}
}

func TestNoQuarterStaysNone(t *testing.T) {
	var q Quarter
	if !q.Start().IsZero() || !q.End().IsZero() || !q.Next().IsZero() || q.Contains(Date{}) || q.String() != "" || !QuarterOf(Date{}).IsZero() {
		t.Error("no quarter must have no days")
	}
	if err := q.Scan(nil); err != nil || !q.IsZero() || q.Scan("2026Q3") != nil || q != NewQuarter(2026, 3) || q.Scan("2026Q7") == nil || q.Scan(7) == nil {
		t.Error("Scan")
	}
	if b, err := json.Marshal(struct{ Q Quarter }{q}); err != nil || string(b) != `{"Q":"2026Q3"}` {
		t.Errorf("JSON %s, %v", b, err)
	}
	if !NewQuarter(9999, 4).Next().IsZero() || !NewQuarter(2026, 1).Add(1<<62).IsZero() {
		t.Error("a step out of the calendar must give no quarter")
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "2026-09-30", "20260930", "2026年9月30日", "2026Q3", "2026年第三季度", "46295", "\xff-1-1", "' '"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err != nil && (!d.IsZero() || errs.KindOf(err) != errs.Invalid) {
			t.Fatalf("Parse(%q) = %s, %v", s, d, err)
		}
		if again, err := Parse(d.String()); err != nil || again != d {
			t.Fatalf("%q: %s is read back as %s, %v", s, d, again, err)
		}
		if q, err := ParseQuarter(s); err == nil {
			if again, err := ParseQuarter(q.String()); err != nil || again != q {
				t.Fatalf("%q: %s is read back as %s, %v", s, q, again, err)
			}
		}
	})
}
