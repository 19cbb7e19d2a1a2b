package request

import (
	"strconv"
	"strings"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Every is how often a request falls due.
type Every string

// How often.
const (
	Once      Every = "once"
	Monthly   Every = "month"
	Quarterly Every = "quarter"
	HalfYear  Every = "half"
	Yearly    Every = "year"
)

// Frequencies lists how often a request can fall due.
func Frequencies() []Every { return []Every{Once, Monthly, Quarterly, HalfYear, Yearly} }

// Text names it.
func (e Every) Text() i18n.Text {
	return map[Every]i18n.Text{Once: i18n.RequestOnce, Monthly: i18n.RequestMonthly, Quarterly: i18n.RequestQuarterly, HalfYear: i18n.RequestHalfYear, Yearly: i18n.RequestYearly}[e]
}

// months is the time between two occurrences; 0 for one that comes once.
func (e Every) months() int {
	return map[Every]int{Monthly: 1, Quarterly: 3, HalfYear: 6, Yearly: 12}[e]
}

// Occurrence is a period with the day on which it falls due.
type Occurrence struct {
	Period string
	On     calendar.Date
}

// Occurrences are the days on which something falls due that first does on a day, is asked so often and ends on another, up to a last day. The
// day of the month stays that of the first: after the 31st comes the 30th, then the 31st again.
func (e Every) Occurrences(first, end, last calendar.Date) []Occurrence {
	if end.Before(last) {
		last = end
	}
	var out []Occurrence
	for n := 0; !first.IsZero() && len(out) < 1000; n++ {
		on := first.AddMonths(n * e.months())
		if on.After(last) {
			break
		}
		out = append(out, Occurrence{e.Period(on), on})
		if e.months() == 0 {
			break
		}
	}
	return out
}

// Period names the period in which a day lies: once, 2026-11, 2026Q4, 2026H2, 2026.
func (e Every) Period(on calendar.Date) string {
	year := strconv.Itoa(on.Year())
	switch e {
	case Monthly:
		return on.String()[:7]
	case Quarterly:
		return calendar.QuarterOf(on).String()
	case HalfYear:
		return year + "H" + strconv.Itoa(1+(int(on.Month())-1)/6)
	case Yearly:
		return year
	}
	return string(Once)
}

// PeriodLabel names a period for people.
func PeriodLabel(p string) errs.Message {
	year, rest := p, ""
	if len(p) > 4 {
		year, rest = p[:4], p[4:]
	}
	n, err := strconv.Atoi(strings.TrimLeft(rest, "-QH"))
	switch {
	case p == string(Once):
		return errs.Message{Text: i18n.RequestOnce}
	case rest == "":
		return errs.Message{Text: i18n.FigureYear, Args: []any{year}}
	case err != nil:
		return errs.Message{Text: i18n.Verbatim(p)}
	case rest[0] == 'Q':
		return errs.Message{Text: i18n.FigureQuarter, Args: []any{year, n}}
	case rest[0] == 'H' && n == 1:
		return errs.Message{Text: i18n.RequestFirstHalf, Args: []any{year}}
	case rest[0] == 'H':
		return errs.Message{Text: i18n.RequestSecondHalf, Args: []any{year}}
	}
	return errs.Message{Text: i18n.RequestMonth, Args: []any{year, n}}
}
