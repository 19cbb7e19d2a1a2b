package figure

import (
	"strconv"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Period is a quarter or a year.
type Period struct {
	quarter calendar.Quarter
	year    int
}

// InQuarterOf is the period of a quarter.
func InQuarterOf(q calendar.Quarter) Period { return Period{quarter: q} }

// ParsePeriod reads 2026Q3 or 2026.
func ParsePeriod(s string) (Period, error) {
	if y, err := strconv.Atoi(s); err == nil && len(s) == 4 && y > 0 {
		return Period{year: y}, nil
	}
	q, err := calendar.ParseQuarter(s)
	return Period{quarter: q}, err
}

// String is the period as stored and in addresses.
func (p Period) String() string {
	if p.year != 0 {
		return strconv.Itoa(p.year)
	}
	return p.quarter.String()
}

// IsZero says whether p is no period.
func (p Period) IsZero() bool { return p == Period{} }

// Label names the period for people.
func (p Period) Label() errs.Message {
	if p.year != 0 {
		return errs.Message{Text: i18n.FigureYear, Args: []any{strconv.Itoa(p.year)}}
	}
	return errs.Message{Text: i18n.FigureQuarter, Args: []any{strconv.Itoa(p.quarter.Year()), p.quarter.Number()}}
}

// Start is the first day.
func (p Period) Start() calendar.Date {
	if p.year != 0 {
		return calendar.On(p.year, 1, 1)
	}
	return p.quarter.Start()
}

// End is the last day.
func (p Period) End() calendar.Date {
	if p.year != 0 {
		return calendar.On(p.year, 12, 31)
	}
	return p.quarter.End()
}

// Add is the period n periods later, earlier if n is negative.
func (p Period) Add(n int) Period {
	if p.year != 0 {
		return Period{year: max(1, p.year+n)}
	}
	return Period{quarter: p.quarter.Add(n)}
}

// YearBefore is the same period of the year before.
func (p Period) YearBefore() Period {
	if p.year != 0 {
		return p.Add(-1)
	}
	return p.Add(-4)
}

// oldest is how many quarters back figures are worked out.
const oldest = 20

// check refuses a period that has not begun, or lies too far back to be worked out.
func (p Period) check(today calendar.Date) error {
	switch {
	case p.IsZero(), p.Start().IsZero():
		return errs.New(errs.Invalid, i18n.FigureBadPeriod)
	case p.Start().After(today):
		return errs.New(errs.Invalid, i18n.FigureFuture)
	case p.End().Before(calendar.QuarterOf(today).Add(-oldest).Start()):
		return errs.New(errs.Invalid, i18n.FigureTooOld)
	}
	return nil
}

// bounds are the days that count for a figure in the period: of what happens from and to, of what stands day.
func (p Period) bounds(w When, today calendar.Date) (from, to, day calendar.Date) {
	from, to, day = p.Start(), p.End(), p.End()
	if day.After(today) {
		day = today
	}
	if w == InYear {
		from = calendar.On(to.Year(), 1, 1)
	}
	return from, to, day
}
