package dues

import (
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Month is a calendar month, counted from the year 0. The zero Month is none. It is stored as "2026-03".
type Month int32

// MonthOf is the month of a day; none for no day.
func MonthOf(d calendar.Date) Month {
	if d.IsZero() {
		return 0
	}
	return NewMonth(d.Year(), int(d.Month()))
}

// NewMonth is a month of a year; month is 1 to 12.
func NewMonth(year, month int) Month { return Month(year*12 + month - 1) }

// ParseMonth reads a month as people write it (2026-03, 2026-3, 202603, 2026年3月, a whole day); none for nothing.
func ParseMonth(s string) (Month, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return 0, nil
	}
	digits := strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
	if len(digits) == 1 && len(digits[0]) == 6 {
		digits = []string{digits[0][:4], digits[0][4:]}
	}
	if len(digits) == 2 && len(digits[0]) == 4 && len(digits[1]) <= 2 {
		y, _ := strconv.Atoi(digits[0]) // digits only
		m, _ := strconv.Atoi(digits[1])
		if y >= 1921 && y <= 2199 && m >= 1 && m <= 12 {
			return NewMonth(y, m), nil
		}
	}
	if d, err := calendar.Parse(s); err == nil {
		return MonthOf(d), nil
	}
	return 0, errs.New(errs.Invalid, i18n.DuesBadMonth)
}

// Year is the year of the month.
func (m Month) Year() int { return int(m) / 12 }

// Number is the month in the year, 1 to 12.
func (m Month) Number() int { return int(m)%12 + 1 }

// First is the first day of the month.
func (m Month) First() calendar.Date {
	if m <= 0 {
		return calendar.Date{}
	}
	return calendar.On(m.Year(), time.Month(m.Number()), 1)
}

// Last is the last day of the month.
func (m Month) Last() calendar.Date { return m.First().EndOfMonth() }

// quarterEnd is the last month of the month's quarter.
func (m Month) quarterEnd() Month { return m + 2 - Month(int(m)%3) }

// String is the month as stored, "" for none.
func (m Month) String() string {
	if m <= 0 {
		return ""
	}
	return fmt.Sprintf("%04d-%02d", m.Year(), m.Number())
}

// Value stores the month as text.
func (m Month) Value() (driver.Value, error) { return m.String(), nil }

// Scan reads a stored month.
func (m *Month) Scan(src any) error {
	var s string
	switch v := src.(type) {
	case string:
		s = v
	case []byte:
		s = string(v)
	default:
		return fmt.Errorf("dues: cannot read a month from %T", src)
	}
	var err error
	*m, err = ParseMonth(s)
	return err
}

// months are from and to with all between, at most a few years.
func months(from, to Month) []Month {
	var out []Month
	for m := from; m <= to && len(out) < maxMonths; m++ {
		out = append(out, m)
	}
	return out
}

// maxMonths bounds what is worked out at once: five years.
const maxMonths = 60
