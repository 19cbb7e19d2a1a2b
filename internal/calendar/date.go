package calendar

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/width"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Date is a day in China's time zone. The zero value is no date. Dates are comparable with == and serve as map keys.
type Date struct {
	year       int16
	month, day uint8
}

// On is the given day; the zero Date if there is no such day in the years 1 to 9999.
func On(year int, month time.Month, day int) Date {
	if year < 1 || year > 9999 {
		return Date{}
	}
	t := time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
	if t.Year() != year || t.Month() != month || t.Day() != day {
		return Date{}
	}
	return Date{int16(year), uint8(month), uint8(day)}
}

// DateOf is the day in China on which the instant t falls; the zero Date for the zero time.
func DateOf(t time.Time) Date {
	if t.IsZero() {
		return Date{}
	}
	return On(t.In(i18n.Zone).Date())
}

// Parse reads a date as people write it: 2026-09-30, 2026/9/30, 2026.9.30, 20260930, 2026年9月30日, also with a
// time of day behind it, which is dropped. Blank is no date and no error. The error is Invalid and says what to do.
func Parse(s string) (Date, error) {
	if d, ok := parseISO(s); ok {
		return d, nil
	}
	s = strings.TrimSpace(strings.TrimLeft(width.Narrow.String(s), "' "))
	if s == "" {
		return Date{}, nil
	}
	s = withoutClock(s)
	y, m, d, ok := groups(s)
	switch {
	case !ok && len(s) == 5 && allDigits(s):
		return Date{}, errs.New(errs.Invalid, i18n.CalendarSerial)
	case !ok:
		return Date{}, errs.New(errs.Invalid, i18n.CalendarNotADate)
	case y < 100:
		return Date{}, errs.New(errs.Invalid, i18n.CalendarTwoDigitYear)
	}
	date := On(y, time.Month(m), d)
	if date.IsZero() {
		return Date{}, errs.New(errs.Invalid, i18n.CalendarNoSuchDay)
	}
	return date, nil
}

// MustParse is Parse for dates written in code; it panics on anything that is not a date.
func MustParse(s string) Date {
	d, err := Parse(s)
	if err != nil || d.IsZero() {
		panic("calendar: not a date: " + s)
	}
	return d
}

// parseISO reads exactly YYYY-MM-DD, which is what is stored and what most tables hold.
func parseISO(s string) (Date, bool) {
	if len(s) != 10 || s[4] != '-' || s[7] != '-' || !allDigits(s[:4]) || !allDigits(s[5:7]) || !allDigits(s[8:]) {
		return Date{}, false
	}
	d := On(number(s[:4]), time.Month(number(s[5:7])), number(s[8:]))
	return d, !d.IsZero()
}

// withoutClock drops a time of day: "2026-09-30 14:05:00", "2026-09-30T14:05:00+08:00".
func withoutClock(s string) string {
	i := strings.IndexAny(s, " T")
	if i < 0 || !strings.Contains(s[i:], ":") {
		return s
	}
	return s[:i]
}

// groups splits s into year, month and day.
func groups(s string) (y, m, d int, ok bool) {
	if len(s) == 8 && allDigits(s) {
		return number(s[:4]), number(s[4:6]), number(s[6:]), true
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("-/. "+i18n.CalendarDateMarks, r) })
	if len(parts) != 3 || len(parts[0]) > 4 || len(parts[1]) > 2 || len(parts[2]) > 2 || strings.HasPrefix(s, "-") {
		return 0, 0, 0, false
	}
	for _, p := range parts {
		if !allDigits(p) {
			return 0, 0, 0, false
		}
	}
	return number(parts[0]), number(parts[1]), number(parts[2]), true
}

func allDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// number reads a short run of digits, which the caller has checked.
func number(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// IsZero says whether d is no date.
func (d Date) IsZero() bool { return d == Date{} }

// Year is the year, 0 for no date.
func (d Date) Year() int { return int(d.year) }

// Month is the month, 0 for no date.
func (d Date) Month() time.Month { return time.Month(d.month) }

// Day is the day of the month, 0 for no date.
func (d Date) Day() int { return int(d.day) }

// Weekday is the day of the week.
func (d Date) Weekday() time.Weekday { return d.utc().Weekday() }

func (d Date) utc() time.Time {
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, time.UTC)
}

// Time is the instant at which d begins in China; the zero time for no date.
func (d Date) Time() time.Time {
	if d.IsZero() {
		return time.Time{}
	}
	return time.Date(int(d.year), time.Month(d.month), int(d.day), 0, 0, 0, 0, i18n.Zone)
}

// maxDays is more than the days from year 1 to 9999: a larger step leaves the calendar.
const maxDays = 3_700_000

// AddDays is the date n days later, earlier if n is negative. No date stays none, and so does a step out of the
// years 1 to 9999.
func (d Date) AddDays(n int) Date {
	if d.IsZero() || n > maxDays || n < -maxDays {
		return Date{}
	}
	return On(d.utc().AddDate(0, 0, n).Date())
}

// AddMonths is the same day n months later, or the last day of that month if it has no such day (CAL-2).
func (d Date) AddMonths(n int) Date {
	if d.IsZero() || n > maxDays || n < -maxDays {
		return Date{}
	}
	months := int(d.year)*12 + int(d.month) - 1 + n
	first := On(floorDiv(months, 12), time.Month(months-floorDiv(months, 12)*12+1), 1)
	if first.IsZero() {
		return first
	}
	last := first.EndOfMonth()
	return Date{last.year, last.month, min(d.day, last.day)}
}

func floorDiv(a, b int) int {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// AddYears is the same day n years later; 29 February becomes the 28th where there is none (CAL-2).
func (d Date) AddYears(n int) Date {
	return d.AddMonths(12 * max(-10_000, min(n, 10_000)))
}

// StartOfMonth is the first day of d's month.
func (d Date) StartOfMonth() Date { return On(d.Year(), d.Month(), min(1, d.Day())) }

// EndOfMonth is the last day of d's month.
func (d Date) EndOfMonth() Date {
	if d.IsZero() {
		return d
	}
	return On(time.Date(int(d.year), time.Month(d.month)+1, 0, 0, 0, 0, 0, time.UTC).Date())
}

// DaysUntil is the number of days from d to e, negative if e is earlier.
func (d Date) DaysUntil(e Date) int { return int((e.utc().Unix() - d.utc().Unix()) / 86400) }

// YearsUntil is the number of full years from d to e: a person's age. It is negative if e is earlier, and 0 if
// either is no date.
func (d Date) YearsUntil(e Date) int {
	if d.IsZero() || e.IsZero() {
		return 0
	}
	n := e.Year() - d.Year()
	if d.AddYears(n).After(e) {
		n--
	}
	return n
}

// Compare is -1, 0 or 1 as d is before, on or after e. No date comes first.
func (d Date) Compare(e Date) int {
	return cmp.Or(cmp.Compare(d.year, e.year), cmp.Compare(d.month, e.month), cmp.Compare(d.day, e.day))
}

// Before says whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.Compare(e) < 0 }

// After says whether d is later than e.
func (d Date) After(e Date) bool { return d.Compare(e) > 0 }

// Equal says whether both are the same day.
func (d Date) Equal(e Date) bool { return d == e }

// In says whether d lies from start to end, both included; a start or end that is no date is open.
func (d Date) In(start, end Date) bool {
	return !d.IsZero() && !d.Before(start) && (end.IsZero() || !d.After(end))
}

// String is 2026-09-30, "" for no date.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	b := [10]byte{4: '-', 7: '-'}
	put(b[:4], int(d.year))
	put(b[5:7], int(d.month))
	put(b[8:], int(d.day))
	return string(b[:])
}

func put(b []byte, n int) {
	for i := len(b) - 1; i >= 0; i-- {
		b[i], n = byte('0'+n%10), n/10
	}
}

// MarshalText gives String, for JSON.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what Parse reads.
func (d *Date) UnmarshalText(b []byte) error {
	v, err := Parse(string(b))
	if err != nil {
		return err
	}
	*d = v
	return nil
}

// Value stores d as text, "" for no date. Use OrNull for columns that hold NULL instead.
func (d Date) Value() (driver.Value, error) { return d.String(), nil }

// OrNull is d as an SQL argument that stores NULL for no date.
func (d Date) OrNull() any {
	if d.IsZero() {
		return nil
	}
	return d.String()
}

// Scan reads text in the form YYYY-MM-DD; "" and NULL are no date.
func (d *Date) Scan(src any) error {
	s, err := scanText(src)
	if err != nil {
		return fmt.Errorf("calendar: scan date: %w", err)
	}
	if s == "" {
		*d = Date{}
		return nil
	}
	v, ok := parseISO(s)
	if !ok {
		return fmt.Errorf("calendar: stored text of %d bytes is not a date", len(s))
	}
	*d = v
	return nil
}

func scanText(src any) (string, error) {
	switch v := src.(type) {
	case nil:
		return "", nil
	case string:
		return v, nil
	case []byte:
		return string(v), nil
	}
	return "", fmt.Errorf("%T instead of text", src)
}
