package casework

import (
	"slices"
	"strings"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// The states of an extension. A limit is extended once (CASE-4).
const (
	Asked   = "asked"
	Granted = "granted"
	Denied  = "denied"
)

// Hold is why the clock of a case stands or more time is asked for, in words that whoever reported it is told: a reason from the list says nothing of anybody.
type Hold string

// The reasons.
const (
	HoldPapers    Hold = "papers" // something is needed from who reported it
	HoldParts     Hold = "parts"
	HoldTalks     Hold = "talks"
	HoldOthers    Hold = "others"
	HoldTests     Hold = "tests"
	HoldWeather   Hold = "weather"
	HoldProcedure Hold = "procedure"
	HoldComplex   Hold = "complex"
	HoldOther     Hold = "other"
)

// Holds lists the reasons.
func Holds() []Hold {
	return []Hold{HoldPapers, HoldParts, HoldTalks, HoldOthers, HoldTests, HoldWeather, HoldProcedure, HoldComplex, HoldOther}
}

// Text says the reason.
func (h Hold) Text() i18n.Text {
	return map[Hold]i18n.Text{HoldPapers: i18n.CaseHoldPapers, HoldParts: i18n.CaseHoldParts, HoldTalks: i18n.CaseHoldTalks, HoldOthers: i18n.CaseHoldOthers, HoldTests: i18n.CaseHoldTests, HoldWeather: i18n.CaseHoldWeather,
		HoldProcedure: i18n.CaseHoldProcedure, HoldComplex: i18n.CaseHoldComplex, HoldOther: i18n.CaseHoldOther}[h]
}

// MoreReasons lists those for which more time is asked for: what is needed from who reported it stops the clock instead, and what only words would say stands nowhere for them.
func MoreReasons() []Hold {
	return slices.DeleteFunc(Holds(), Hold.needsWords)
}

// needsWords says that the reason alone tells whoever reported it too little.
func (h Hold) needsWords() bool { return h == HoldPapers || h == HoldOther }

// check says what is wrong with a reason and the words to it.
func (h Hold) check(e *errs.Error, said *string) *errs.Error {
	if h.Text().IsZero() {
		e = e.With("reason", i18n.ErrBadChoice)
	}
	return errs.Words(e, "words", said, MaxWords, h.needsWords())
}

// with is the reason with the words to it, as a step keeps them.
func (h Hold) with(said string) string {
	if h.Text().IsZero() {
		return said
	}
	return strings.TrimSpace(h.Text().In(i18n.ZH) + " " + said)
}

// Timing is how long a case may take, and what became of it.
type Timing struct {
	ClockAt       time.Time // when the limit began to run: when the case came in, or was opened again
	LimitDays     int64     // working days; 0 if the limit is in hours
	Petition      bool      // its days are those of the calendar (CASE-9)
	LimitHours    int64
	Extended      int64 // working days (hours, if the limit is in hours) that were granted
	Extension     string
	MoreFor       Hold  // why more time is asked for, or was granted
	ExtensionDays int64 // that are asked for
	DueAt         time.Time
	SignDueAt     time.Time // until when who was given the case signs for it
	Provisional   bool      // it reaches into a year whose days off are not known (CAL-6)
	SuspendedAt   time.Time
}

// Pause is a stretch in which the clock stood.
type Pause struct{ From, Until time.Time }

// office is the calendar of a district with the time of day at which its offices close.
type office struct {
	*calendar.Calendar
	closing time.Duration
}

// due is the instant at which a limit ends. A limit in hours runs by the clock. A limit in working days begins on the working day after the case came in, or
// after that if it came in after office hours (CAL-5), and ends with its last day; days on which the clock stood do not count: from the day on which a case
// was suspended up to the day before it was taken up again. The last pause may be open; there is no due then.
func (o office) due(t Timing, pauses []Pause) (at time.Time, provisional bool) {
	for _, p := range pauses {
		if p.Until.IsZero() {
			return time.Time{}, false
		}
	}
	if t.LimitHours > 0 {
		at = t.ClockAt.Add(time.Duration(t.LimitHours+t.Extended) * time.Hour)
		for _, p := range pauses {
			from := p.From
			if from.Before(t.ClockAt) {
				from = t.ClockAt
			}
			if p.Until.After(from) && from.Before(at) {
				at = at.Add(p.Until.Sub(from))
			}
		}
		return at, false
	}
	if t.LimitDays == 0 {
		return time.Time{}, false
	}
	if t.Petition {
		day, provisional := o.AddDays(calendar.DateOf(t.ClockAt), int(t.LimitDays+t.Extended))
		return endOf(day), provisional
	}
	day, provisional := o.ReceivedOn(t.ClockAt, o.closing)
	for n := t.LimitDays + t.Extended; n > 0; {
		if day = day.AddDays(1); day.IsZero() {
			return time.Time{}, true
		}
		working, p := o.IsWorkingDay(day)
		provisional = provisional || p
		if working && !stood(day, pauses) {
			n--
		}
	}
	return endOf(day), provisional
}

// stood says whether the clock stood on a day.
func stood(day calendar.Date, pauses []Pause) bool {
	for _, p := range pauses {
		if !day.Before(calendar.DateOf(p.From)) && day.Before(calendar.DateOf(p.Until)) {
			return true
		}
	}
	return false
}

// endOf is the last instant of a day that is kept.
func endOf(day calendar.Date) time.Time { return day.AddDays(1).Time().Add(-time.Microsecond) }

// signBy is until when an assignment is signed for or returned: one working day (CASE-4, CASE-5), one hour where the limit is in hours, five working days of a petition (CASE-9).
func (o office) signBy(t Timing, now time.Time) (time.Time, bool) {
	if t.LimitHours > 0 {
		return now.Add(time.Hour), false
	}
	n := 1
	if t.Petition {
		n = petitionReturn
	}
	day, provisional := o.WorkingDeadline(now, n, o.closing)
	return endOf(day), provisional
}

// left counts the working days (of a petition, the days) that are left of a limit, for people: 0 on its last day, negative after it.
func (o office) left(t Timing, now time.Time) int {
	if t.Petition {
		return calendar.DateOf(now).DaysUntil(calendar.DateOf(t.DueAt))
	}
	n, _ := o.WorkingDaysBetween(calendar.DateOf(now), calendar.DateOf(t.DueAt))
	return n
}
