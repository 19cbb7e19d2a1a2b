package meeting

import (
	"strconv"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Every is how often a kind of meeting is owed.
type Every string

// The frequencies.
const (
	Monthly   Every = "month"
	Quarterly Every = "quarter"
	HalfYear  Every = "half"
	Yearly    Every = "year"
	Freely    Every = "none" // whenever it is wanted
)

// Frequencies lists them, the shortest first.
func Frequencies() []Every { return []Every{Monthly, Quarterly, HalfYear, Yearly, Freely} }

// Text names the frequency.
func (e Every) Text() i18n.Text {
	return map[Every]i18n.Text{Monthly: i18n.MeetingMonthly, Quarterly: i18n.MeetingQuarterly, HalfYear: i18n.MeetingHalfYearly, Yearly: i18n.MeetingYearly, Freely: i18n.MeetingFreely}[e]
}

// months is how long a period is; 0 for none.
func (e Every) months() int {
	return map[Every]int{Monthly: 1, Quarterly: 3, HalfYear: 6, Yearly: 12}[e]
}

// Period is a month, quarter, half or year of the calendar of China.
type Period struct {
	Every       Every
	Start, Ends calendar.Date // both included
}

// Of is the period of a frequency in which a day lies.
func (e Every) Of(d calendar.Date) Period {
	n := e.months()
	if n == 0 || d.IsZero() {
		return Period{}
	}
	start := calendar.On(d.Year(), time.Month((int(d.Month())-1)/n*n+1), 1)
	return Period{Every: e, Start: start, Ends: start.AddMonths(n - 1).EndOfMonth()}
}

// asOf is the day on which an organisation owes the meeting of a period if it stands as the kind needs: the first, and in a year the middle.
func (p Period) asOf(today calendar.Date) calendar.Date {
	if p.Every != Yearly {
		return p.Start
	}
	middle := calendar.On(p.Start.Year(), time.July, 1)
	if today.Before(middle) && !today.Before(p.Start) {
		return today
	}
	return middle
}

// Label names the period.
func (p Period) Label() errs.Message {
	y := p.Start.Year()
	switch p.Every {
	case Monthly:
		return errs.Message{Text: i18n.MeetingMonth, Args: []any{strconv.Itoa(y), int(p.Start.Month())}}
	case Quarterly:
		return calendar.QuarterOf(p.Start).Label()
	case HalfYear:
		if p.Start.Month() == time.January {
			return errs.Message{Text: i18n.MeetingFirstHalf, Args: []any{strconv.Itoa(y)}}
		}
		return errs.Message{Text: i18n.MeetingSecondHalf, Args: []any{strconv.Itoa(y)}}
	}
	return errs.Message{Text: i18n.MeetingYear, Args: []any{strconv.Itoa(y)}}
}

// PeriodsOf are all periods of a year.
func PeriodsOf(year int) []Period {
	var out []Period
	for _, e := range Frequencies() {
		for d := calendar.On(year, time.January, 1); e.months() > 0 && d.Year() == year; d = d.AddMonths(e.months()) {
			out = append(out, e.Of(d))
		}
	}
	return out
}

// Counted are the periods that matter on a day: those of its year that have begun, and the last of every frequency before it.
func Counted(today calendar.Date) []Period {
	var out []Period
	for _, e := range Frequencies() {
		if e.months() == 0 {
			continue
		}
		first := calendar.On(today.Year(), time.January, 1)
		if before := first.AddDays(-1); !before.IsZero() {
			out = append(out, e.Of(before))
		}
		for d := first; !d.After(today); d = d.AddMonths(e.months()) {
			out = append(out, e.Of(d))
		}
	}
	return out
}

// Standing is how the meeting of a period stands.
type Standing string

// The standings.
const (
	Done    Standing = "done"    // held in the period
	Fixed   Standing = "planned" // planned in the period, which is not over
	Wanted  Standing = "due"     // the period runs and nothing is planned
	Overdue Standing = "overdue" // the period is over and none was held
	Ahead   Standing = "ahead"   // the period has not begun, nothing is planned
)

// Text names the standing.
func (s Standing) Text() i18n.Text {
	return map[Standing]i18n.Text{Done: i18n.MeetingDone, Fixed: i18n.MeetingFixed, Wanted: i18n.MeetingDue, Overdue: i18n.MeetingOverdue, Ahead: i18n.MeetingAhead}[s]
}

// standing of a period in which so many meetings were held and are planned.
func (p Period) standing(held, planned int64, today calendar.Date) Standing {
	switch {
	case held > 0:
		return Done
	case p.Ends.Before(today):
		return Overdue
	case planned > 0:
		return Fixed
	case p.Start.After(today):
		return Ahead
	}
	return Wanted
}

// soon says whether the end of a running period is near enough to be reminded of.
func (p Period) soon(today calendar.Date) bool {
	days := map[Every]int{Monthly: 10, Quarterly: 30, HalfYear: 45, Yearly: 60}[p.Every]
	return today.DaysUntil(p.Ends) <= days
}
