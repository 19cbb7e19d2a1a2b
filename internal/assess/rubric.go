package assess

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Subject is whom a rubric is about.
type Subject string

// The subjects. Only organisations are assessed.
const (
	Organisations Subject = "organisation"
	Persons       Subject = "person"
)

// Text names the subject.
func (s Subject) Text() i18n.Text {
	return map[Subject]i18n.Text{Organisations: i18n.AssessOfOrganisations, Persons: i18n.AssessOfPersons}[s]
}

// Every is how often a rubric is applied.
type Every string

// The periods.
const (
	Month   Every = "month"
	Quarter Every = "quarter"
	Year    Every = "year"
)

// Text names the period.
func (e Every) Text() i18n.Text {
	return map[Every]i18n.Text{Month: i18n.AssessMonthly, Quarter: i18n.AssessQuarterly, Year: i18n.AssessYearly}[e]
}

// Kind is what a rule does.
type Kind string

// The kinds of rule.
const (
	DeductPer    Kind = "deduct_per"
	AddPer       Kind = "add_per"
	Bands        Kind = "bands"
	Proportional Kind = "proportional"
	ZeroIf       Kind = "zero_if"
	Formula      Kind = "formula"
)

// Takes is what is entered for a rule.
type Takes string

// What is entered: how many, how much, or that it happened.
const (
	TakesCount Takes = "count"
	TakesValue Takes = "value"
	TakesYes   Takes = "yes"
)

// Measure is one thing that is counted or measured for an indicator, by a figure or by findings.
type Measure struct {
	Name   string
	Figure string // of the catalogue; "" for findings
	Takes  Takes
}

// Band gives points for values from Min on and below Below; nil is without end.
type Band struct {
	Min, Below    *Decimal
	Score, Deduct *Decimal // one of them
}

// holds says whether v lies in the band.
func (b Band) holds(v Decimal) bool {
	return (b.Min == nil || v >= *b.Min) && (b.Below == nil || v < *b.Below)
}

// Rule is one line of an indicator.
type Rule struct {
	Kind       Kind
	Measures   []Measure // one; several of a formula
	Points     Decimal   // deduct_per and add_per: for each
	Bands      []Band
	Full       Decimal // proportional: the value that gives all points
	Expression string
	formula    *formula
}

// gives says that the rule adds to a score that starts at nothing.
func (r Rule) gives() bool {
	return r.Kind == AddPer || r.Kind == Proportional || r.Kind == Formula || r.Kind == Bands && r.Bands[0].Score != nil
}

// Indicator is a part of a rubric with points of its own.
type Indicator struct {
	Code, Name, Note string
	Points           *Decimal // nil: open-ended
	Floor, Ceiling   *Decimal // as written; see bounds
	Rules            []Rule
}

// Full says that the score starts with all points, from which rules deduct; otherwise it starts at nothing.
func (i Indicator) full() bool { return i.Points != nil && !slices.ContainsFunc(i.Rules, Rule.gives) }

// bounds are the least and the greatest score. What is not written: points are deducted until none are left, and no more than
// all are given; without points there is no bound.
func (i Indicator) bounds() (floor, ceiling *Decimal) {
	floor, ceiling = i.Floor, i.Ceiling
	if i.Points != nil {
		if floor == nil {
			floor = new(Decimal)
		}
		if ceiling == nil {
			ceiling = i.Points
		}
	}
	return floor, ceiling
}

// Measures are all measures of the indicator in the order of its rules.
func (i Indicator) Measures() []Measure {
	var out []Measure
	for _, r := range i.Rules {
		out = append(out, r.Measures...)
	}
	return out
}

// Rubric is what a rubric says.
type Rubric struct {
	Code, Title, Source, Published string
	Subject                        Subject
	Every                          Every
	Complete                       bool
	Total                          *Decimal
	Base                           Decimal
	Floor, Ceiling                 *Decimal // of the total
	Indicators                     []Indicator
}

// Measure finds a measure of an indicator.
func (r *Rubric) Measure(indicator, name string) (Measure, bool) {
	for _, i := range r.Indicators {
		if i.Code != indicator {
			continue
		}
		for _, m := range i.Measures() {
			if m.Name == name {
				return m, true
			}
		}
	}
	return Measure{}, false
}

// Figures are the names of the figures that the rubric reads.
func (r *Rubric) Figures() []string {
	var out []string
	for _, i := range r.Indicators {
		for _, m := range i.Measures() {
			if m.Figure != "" && !slices.Contains(out, m.Figure) {
				out = append(out, m.Figure)
			}
		}
	}
	return out
}

// Edition is a rubric as it is kept: each change makes the next.
type Edition struct {
	ID        id.ID
	Code      string
	Edition   int64
	Latest    int64 // the newest edition of this code
	Title     string
	Subject   Subject
	Every     Every
	Body      string // JSON, as it was handed in
	Digest    string
	By        string
	CreatedAt time.Time
	Used      int64 // assessments with this edition
}

// Period is a month, a quarter or a year.
type Period struct {
	every      Every
	start, end calendar.Date
}

// ParsePeriod reads 2026-09, 2026Q3 or 2026, as every wants it.
func ParsePeriod(every Every, s string) (Period, error) {
	s = strings.TrimSpace(s)
	bad := func() (Period, error) {
		t := map[Every]i18n.Text{Month: i18n.AssessBadMonth, Quarter: i18n.AssessBadQuarter, Year: i18n.AssessBadYear}[every]
		return Period{}, errs.Field("period", t)
	}
	switch every {
	case Quarter:
		q, err := calendar.ParseQuarter(s)
		if err != nil || q.IsZero() || q.String() != s {
			return bad()
		}
		return Period{every, q.Start(), q.End()}, nil
	case Month, Year:
		whole := s
		if every == Year {
			whole = s + "-01"
		}
		d, err := calendar.Parse(whole + "-01")
		if err != nil || d.String() != whole+"-01" {
			return bad()
		}
		if every == Year {
			return Period{every, d, calendar.On(d.Year(), time.December, 31)}, nil
		}
		return Period{every, d, d.EndOfMonth()}, nil
	}
	return bad()
}

// PeriodOf is the period in which a day lies.
func PeriodOf(every Every, d calendar.Date) Period {
	switch every {
	case Month:
		return Period{every, d.StartOfMonth(), d.EndOfMonth()}
	case Year:
		return Period{every, calendar.On(d.Year(), time.January, 1), calendar.On(d.Year(), time.December, 31)}
	}
	q := calendar.QuarterOf(d)
	return Period{Quarter, q.Start(), q.End()}
}

// Before is the period before p.
func (p Period) Before() Period { return PeriodOf(p.every, p.start.AddDays(-1)) }

// Start and End are its first and last day.
func (p Period) Start() calendar.Date { return p.start }

// End is the last day.
func (p Period) End() calendar.Date { return p.end }

// String is the period as it is stored.
func (p Period) String() string {
	switch p.every {
	case Month:
		return p.start.String()[:7]
	case Year:
		return p.start.String()[:4]
	}
	return calendar.QuarterOf(p.start).String()
}

// canonical is JSON without blanks, over which digests go.
func canonical(body []byte) []byte {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return body
	}
	out, err := json.Marshal(v)
	if err != nil {
		return body
	}
	return out
}

// contiguous says whether bands, sorted by their lower end, cover every value once.
func contiguous(list []Band) bool {
	list = slices.Clone(list)
	least := func(b Band) Decimal {
		if b.Min == nil {
			return -greatest - 1
		}
		return *b.Min
	}
	slices.SortFunc(list, func(a, b Band) int { return cmp.Compare(least(a), least(b)) })
	for i, b := range list {
		first, last := i == 0, i == len(list)-1
		if (b.Min == nil) != first || (b.Below == nil) != last || !first && *b.Min != *list[i-1].Below || b.Min != nil && b.Below != nil && *b.Min >= *b.Below {
			return false
		}
	}
	return len(list) > 0
}
