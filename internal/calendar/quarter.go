package calendar

import (
	"cmp"
	"database/sql/driver"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/width"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Quarter is a quarter of a year, written 2026Q3. The zero value is no quarter.
type Quarter struct {
	year int16
	n    uint8
}

// NewQuarter is quarter n (1 to 4) of a year; the zero Quarter if there is none.
func NewQuarter(year, n int) Quarter {
	if year < 1 || year > 9999 || n < 1 || n > 4 {
		return Quarter{}
	}
	return Quarter{int16(year), uint8(n)}
}

// QuarterOf is the quarter that holds d.
func QuarterOf(d Date) Quarter { return NewQuarter(d.Year(), (int(d.Month())+2)/3) }

// ParseQuarter reads 2026Q3 and what people write for it: 2026q3, 2026-3, 2026年第3季度, 2026年三季度. The error is Invalid.
func ParseQuarter(s string) (Quarter, error) {
	s = strings.ToUpper(strings.TrimSpace(width.Narrow.String(s)))
	for i, r := range []rune(i18n.CalendarQuarterNumbers) {
		s = strings.ReplaceAll(s, string(r), strconv.Itoa(i+1))
	}
	parts := strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("Q- "+i18n.CalendarQuarterMarks, r) })
	if len(parts) == 2 && len(parts[0]) == 4 && len(parts[1]) == 1 && allDigits(parts[0]+parts[1]) {
		if q := NewQuarter(number(parts[0]), number(parts[1])); !q.IsZero() {
			return q, nil
		}
	}
	return Quarter{}, errs.New(errs.Invalid, i18n.CalendarNotAQuarter)
}

// IsZero says whether q is no quarter.
func (q Quarter) IsZero() bool { return q == Quarter{} }

// Year is the quarter's year, 0 for no quarter.
func (q Quarter) Year() int { return int(q.year) }

// Number is 1 to 4, 0 for no quarter.
func (q Quarter) Number() int { return int(q.n) }

// Start is the first day of q.
func (q Quarter) Start() Date { return On(q.Year(), time.Month(3*q.n-2), min(1, q.Number())) }

// End is the last day of q.
func (q Quarter) End() Date { return q.Start().AddMonths(2).EndOfMonth() }

// Bounds are the instants in China from which (included) and until which (excluded) q lasts.
func (q Quarter) Bounds() (from, until time.Time) { return q.Start().Time(), q.End().AddDays(1).Time() }

// Contains says whether d lies in q.
func (q Quarter) Contains(d Date) bool { return !d.IsZero() && QuarterOf(d) == q }

// Add is the quarter n quarters later, earlier if n is negative.
func (q Quarter) Add(n int) Quarter {
	return QuarterOf(q.Start().AddMonths(3 * max(-maxDays/3, min(n, maxDays/3))))
}

// Next is the quarter after q.
func (q Quarter) Next() Quarter { return q.Add(1) }

// Prev is the quarter before q.
func (q Quarter) Prev() Quarter { return q.Add(-1) }

// Compare is -1, 0 or 1 as q is before, the same as or after r.
func (q Quarter) Compare(r Quarter) int {
	return cmp.Or(cmp.Compare(q.year, r.year), cmp.Compare(q.n, r.n))
}

// Equal says whether both are the same quarter.
func (q Quarter) Equal(r Quarter) bool { return q == r }

// String is 2026Q3, "" for no quarter.
func (q Quarter) String() string {
	if q.IsZero() {
		return ""
	}
	b := [6]byte{4: 'Q', 5: '0' + q.n}
	put(b[:4], int(q.year))
	return string(b[:])
}

// Label names the quarter for people.
func (q Quarter) Label() errs.Message {
	if q.IsZero() {
		return errs.Message{}
	}
	return errs.Message{Text: i18n.CalendarQuarter, Args: []any{q.Year(), q.Number()}}
}

// MarshalText gives String, for JSON.
func (q Quarter) MarshalText() ([]byte, error) { return []byte(q.String()), nil }

// UnmarshalText reads what ParseQuarter reads; "" is no quarter.
func (q *Quarter) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*q = Quarter{}
		return nil
	}
	v, err := ParseQuarter(string(b))
	if err != nil {
		return err
	}
	*q = v
	return nil
}

// Value stores q as text, "" for no quarter.
func (q Quarter) Value() (driver.Value, error) { return q.String(), nil }

// Scan reads text in the form 2026Q3; "" and NULL are no quarter.
func (q *Quarter) Scan(src any) error {
	s, err := scanText(src)
	if err == nil {
		err = q.UnmarshalText([]byte(s))
	}
	if err != nil {
		return fmt.Errorf("calendar: scan quarter: %w", err)
	}
	return nil
}
