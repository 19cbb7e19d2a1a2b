package technician

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Span is a stretch of a day in minutes since midnight in Beijing. One whose end is not after its beginning ends on the next day.
type Span struct{ From, To int }

// overnight says whether the span ends on the next day.
func (s Span) overnight() bool { return s.To <= s.From }

// String is the span as people write it.
func (s Span) String() string {
	to := s.To
	if to == 0 { // the end of the day, not its beginning
		to = 24 * 60
	}
	return fmt.Sprintf("%02d:%02d-%02d:%02d", s.From/60, s.From%60, to/60, to%60)
}

// on says whether the span, begun today, holds at a minute of today.
func (s Span) on(minute int) bool { return s.From <= minute && (s.overnight() || minute < s.To) }

// tail says whether the span, begun yesterday, still holds at a minute of today.
func (s Span) tail(minute int) bool { return s.overnight() && minute < s.To }

// Shift is a span of a weekday, every week. 1 is Monday, 7 Sunday.
type Shift struct {
	Weekday int
	Span
}

// Day is a day that is not as the week has it: off, or at other hours.
type Day struct {
	Day     calendar.Date
	Working bool
	Span
	Reason string
}

// weekdayOf is the number of a day in its week, 1 for Monday.
func weekdayOf(d calendar.Date) int {
	if w := int(d.Weekday()); w != 0 {
		return w
	}
	return 7
}

// minuteOf is the minute of the day, in Beijing.
func minuteOf(t time.Time) int {
	t = t.In(i18n.Zone)
	return t.Hour()*60 + t.Minute()
}

// begun gives the spans that begin on a day: those of its exception, where there is one, otherwise those of the week.
func begun(week []Shift, days []Day, d calendar.Date) []Span {
	var out []Span
	for _, x := range days {
		if x.Day == d {
			if x.Working {
				out = append(out, x.Span)
			}
			return out
		}
	}
	for _, s := range week {
		if s.Weekday == weekdayOf(d) {
			out = append(out, s.Span)
		}
	}
	return out
}

// OnDuty says whether somebody with this week and these exceptions is on duty at an instant. A span belongs to the day on which it begins: a day off does not cut
// the night that began the evening before.
func OnDuty(week []Shift, days []Day, at time.Time) bool {
	d, minute := calendar.DateOf(at), minuteOf(at)
	for _, s := range begun(week, days, d) {
		if s.on(minute) {
			return true
		}
	}
	for _, s := range begun(week, days, d.AddDays(-1)) {
		if s.tail(minute) {
			return true
		}
	}
	return false
}

var (
	spanPattern = regexp.MustCompile(`^(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})$`)
	plainHours  = strings.NewReplacer("：", ":", "—", "-", "–", "-", "－", "-", "~", "-", "～", "-", "，", " ", ",", " ", "、", " ", "；", " ", ";", " ")
	aroundDash  = regexp.MustCompile(`\s*-\s*`)
)

// mostSpans is how many stretches a day has.
const mostSpans = 4

// ParseHours reads the hours of a day: "08:00-12:00 14:00-18:00", in full-width signs too; "22:00-06:00" goes over midnight, "00:00-24:00" is the whole day. Stretches
// do not overlap. The text says what is wrong; the zero text that nothing is.
func ParseHours(s string) ([]Span, i18n.Text) {
	var out []Span
	for _, part := range strings.Fields(aroundDash.ReplaceAllString(plainHours.Replace(s), "-")) {
		m := spanPattern.FindStringSubmatch(part)
		if m == nil {
			return nil, i18n.TechnicianBadHours
		}
		var n [4]int
		for i := range n {
			n[i], _ = strconv.Atoi(m[i+1]) // two digits at most
		}
		from, to := n[0]*60+n[1], n[2]*60+n[3]
		if n[1] > 59 || n[3] > 59 || from >= 24*60 || to > 24*60 {
			return nil, i18n.TechnicianBadHours
		}
		out = append(out, Span{from, to % (24 * 60)})
	}
	if len(out) > mostSpans {
		return nil, i18n.TechnicianManyHours
	}
	slices.SortFunc(out, func(a, b Span) int { return cmp.Compare(a.From, b.From) })
	for i, s := range out {
		end := s.To
		if s.overnight() {
			end += 24 * 60
		}
		next := 24*60 + out[0].From // the same stretch a day later
		if i+1 < len(out) {
			next = out[i+1].From
		}
		if end > next {
			return nil, i18n.TechnicianOverlap
		}
	}
	return out, i18n.Text{}
}

// Within reads the hours of each day from Monday, none of them over midnight, and adds what is wrong with them under the fields of their days (WeekField); none is said where
// no day has any.
func Within(e *errs.Error, week []string, none i18n.Text) ([]Shift, *errs.Error) {
	if len(week) > 7 {
		return nil, e.With(WeekField(1), i18n.ErrInvalid)
	}
	var out []Shift
	wrong := false
	for i, text := range week {
		spans, problem := ParseHours(text)
		for _, s := range spans {
			if s.To <= s.From && s.To != 0 {
				problem = i18n.HallOverNight
			}
			out = append(out, Shift{Weekday: i + 1, Span: s})
		}
		if !problem.IsZero() {
			e, wrong = e.With(WeekField(i+1), problem), true
		}
	}
	if !wrong && len(out) == 0 {
		e = e.With(WeekField(1), none)
	}
	return out, e
}

// Hours writes the spans of a weekday as ParseHours reads them.
func Hours(week []Shift, weekday int) string {
	var parts []string
	for _, s := range week {
		if s.Weekday == weekday {
			parts = append(parts, s.String())
		}
	}
	return strings.Join(parts, " ")
}
