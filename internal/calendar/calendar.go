package calendar

import (
	"maps"
	"slices"
	"sync"
	"time"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Calendar answers what is a working day and when a limit ends. It is immutable. The zero value knows no year:
// all its answers are provisional.
type Calendar struct {
	years map[int]bool
	days  map[Date]Day
}

// New makes a calendar from its years. Where the notices of two years speak of the same day, the later year's
// holds. The error is Invalid: a year whose data is wrong, or a year given twice.
func New(years ...Year) (*Calendar, error) {
	c := &Calendar{years: map[int]bool{}, days: map[Date]Day{}}
	years = slices.Clone(years)
	slices.SortFunc(years, func(a, b Year) int { return a.Year - b.Year })
	for _, y := range years {
		if err := y.Check(); err != nil {
			return nil, err
		}
		if c.years[y.Year] {
			return nil, errs.New(errs.Invalid, i18n.CalendarYearDoubled, y.Year)
		}
		c.years[y.Year] = true
		for _, d := range y.Days {
			c.days[d.Date] = d
		}
	}
	return c, nil
}

var defaultCalendar = sync.OnceValue(func() *Calendar {
	c, err := New(Builtin()...)
	if err != nil {
		panic("calendar: embedded years: " + err.Error())
	}
	return c
})

// Default is the calendar of the built-in years.
func Default() *Calendar { return defaultCalendar() }

// Years are the loaded years, in order.
func (c *Calendar) Years() []int { return slices.Sorted(maps.Keys(c.years)) }

// Knows says whether the year of d is loaded.
func (c *Calendar) Knows(d Date) bool { return c.years[d.Year()] }

// IsWorkingDay says whether d is a working day (CAL-4). It is provisional if d's year is not loaded (CAL-6).
func (c *Calendar) IsWorkingDay(d Date) (working, provisional bool) {
	if d.IsZero() {
		return false, true
	}
	if day, listed := c.days[d]; listed {
		return !day.Off, !c.Knows(d)
	}
	return !weekend(d), !c.Knows(d)
}

// Holiday names the holiday that d is off for, "" if none.
func (c *Calendar) Holiday(d Date) string {
	if day := c.days[d]; day.Off {
		return day.Name
	}
	return ""
}

// AddWorkingDays is the n-th working day after start, which itself does not count (CAL-2, CAL-4); before start
// if n is negative, start itself if n is 0. It is provisional if it passed through a year that is not loaded.
func (c *Calendar) AddWorkingDays(start Date, n int) (d Date, provisional bool) {
	step := 1
	if n < 0 {
		step, n = -1, -n
	}
	for d = start; n > 0; {
		if d = d.AddDays(step); d.IsZero() {
			return d, true
		}
		working, p := c.IsWorkingDay(d)
		if provisional = provisional || p; working {
			n--
		}
	}
	return d, provisional || d.IsZero()
}

// Roll is d, or the next working day if d is a day off (CAL-3).
func (c *Calendar) Roll(d Date) (rolled Date, provisional bool) {
	for rolled = d; !rolled.IsZero(); rolled = rolled.AddDays(1) {
		working, p := c.IsWorkingDay(rolled)
		if provisional = provisional || p; working {
			return rolled, provisional
		}
	}
	return rolled, true
}

// AddDays is the end of a period of n days after start: the first day does not count, and an end on a day off
// moves to the next working day (CAL-2, CAL-3). For plain counting use Date.AddDays.
func (c *Calendar) AddDays(start Date, n int) (d Date, provisional bool) {
	return c.Roll(start.AddDays(n))
}

// AddMonths is the end of a period of n months after start, moved off days off (CAL-2, CAL-3).
func (c *Calendar) AddMonths(start Date, n int) (d Date, provisional bool) {
	return c.Roll(start.AddMonths(n))
}

// AddYears is the end of a period of n years after start, moved off days off (CAL-2, CAL-3).
func (c *Calendar) AddYears(start Date, n int) (d Date, provisional bool) {
	return c.Roll(start.AddYears(n))
}

// WorkingDaysBetween counts the working days after a up to and including b: how many are left until a limit. It
// is negative if b is before a.
func (c *Calendar) WorkingDaysBetween(a, b Date) (n int, provisional bool) {
	if a.IsZero() || b.IsZero() {
		return 0, true
	}
	sign := 1
	if b.Before(a) {
		a, b, sign = b, a, -1
	}
	for d := a.AddDays(1); !d.IsZero() && !d.After(b); d = d.AddDays(1) {
		working, p := c.IsWorkingDay(d)
		if provisional = provisional || p; working {
			n++
		}
	}
	return sign * n, provisional
}

// DefaultClosing is the time of day at which office hours end where a district has not set it (CAL-5).
const DefaultClosing = 17 * time.Hour

// ReceivedOn is the day on which something received at the instant t counts as received: that day within office
// hours, else the next working day (CAL-5). closing is the time of day at which office hours end, itself still
// in time. A day off has no office hours.
func (c *Calendar) ReceivedOn(t time.Time, closing time.Duration) (d Date, provisional bool) {
	day := DateOf(t)
	working, p := c.IsWorkingDay(day)
	if working && t.Sub(day.Time()) <= closing {
		return day, p
	}
	return c.AddWorkingDays(day, 1)
}

// WorkingDeadline is the last day of a limit of n working days for something received at the instant t (CAL-5).
func (c *Calendar) WorkingDeadline(t time.Time, n int, closing time.Duration) (d Date, provisional bool) {
	received, p := c.ReceivedOn(t, closing)
	d, q := c.AddWorkingDays(received, n)
	return d, p || q
}
