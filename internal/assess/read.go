package assess

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Limits of a rubric, so that scoring one stays cheap.
const (
	maxBody       = 200_000
	maxRubrics    = 20
	maxIndicators = 60
	maxRules      = 60
	maxBands      = 20
	maxInputs     = 10
	maxPoints     = 10_000 * scale
)

// Faults says what is wrong with a rubric, each with its place.
type Faults []errs.Message

// In gives the faults in a language, the first dozen of them.
func (f Faults) In(l i18n.Lang) string {
	var lines []string
	for i, m := range f {
		if i == 12 {
			lines = append(lines, i18n.RubricMoreFaults.In(l, len(f)-i))
			break
		}
		lines = append(lines, m.In(l))
	}
	return strings.Join(lines, i18n.RubricBetween.In(l))
}

// Err is the faults as an error of the field "body".
func (f Faults) Err() error {
	if len(f) == 0 {
		return nil
	}
	return errs.Field("body", i18n.RubricFaults, f)
}

// Read reads one rubric or a list of them. known says whether there is a figure of that name. bodies are the texts of the rubrics that were read, one by one.
func Read(text string, known func(figure string) bool) (list []*Rubric, bodies []string, faults Faults) {
	if len(text) > maxBody {
		return nil, nil, Faults{{Text: i18n.RubricTooLong, Args: []any{maxBody / 1000}}}
	}
	raw := json.RawMessage(strings.TrimSpace(text))
	var parts []json.RawMessage
	var err error
	if bytes.HasPrefix(raw, []byte("[")) {
		err = json.Unmarshal(raw, &parts)
	} else {
		var one json.RawMessage
		err = json.Unmarshal(raw, &one)
		parts = []json.RawMessage{one}
	}
	if err != nil {
		return nil, nil, Faults{{Text: i18n.RubricNoJSON, Args: []any{lineOf(raw, err)}}}
	}
	if len(parts) == 0 || len(parts) > maxRubrics {
		return nil, nil, Faults{{Text: i18n.RubricHowMany, Args: []any{maxRubrics}}}
	}
	codes := map[string]bool{}
	for i, part := range parts {
		r := &reader{known: known, faults: &faults}
		if len(parts) > 1 {
			r.at = errs.Message{Text: i18n.RubricNumber, Args: []any{i + 1}}
		}
		rubric := r.rubric(part)
		if codes[rubric.Code] && rubric.Code != "" {
			r.wrong(i18n.RubricTwice, rubric.Code)
		}
		codes[rubric.Code] = true
		var out bytes.Buffer
		if err := json.Indent(&out, part, "", " "); err != nil {
			return nil, nil, Faults{{Text: i18n.RubricNoJSON, Args: []any{0}}}
		}
		list, bodies = append(list, rubric), append(bodies, out.String())
	}
	return list, bodies, faults
}

// lineOf is the line of a syntax error.
func lineOf(raw []byte, err error) int {
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return 1 + bytes.Count(raw[:min(int(syntax.Offset), len(raw))], []byte("\n"))
	}
	return 1
}

// reader reads an object of the text and remembers what is wrong with it.
type reader struct {
	known  func(string) bool
	faults *Faults
	at     errs.Message // where
	object map[string]json.RawMessage
}

func (r *reader) wrong(t i18n.Text, args ...any) {
	m := errs.Message{Text: t, Args: args}
	if !r.at.Text.IsZero() {
		m = errs.Message{Text: i18n.RubricAt, Args: []any{r.at, m}}
	}
	*r.faults = append(*r.faults, m)
}

// open reads an object that may have these fields only; a field that nobody reads is more likely misspelt than meant.
func (r *reader) open(raw json.RawMessage, fields ...string) bool {
	r.object = nil
	if err := json.Unmarshal(raw, &r.object); err != nil || r.object == nil {
		r.wrong(i18n.RubricNoObject)
		return false
	}
	var strange []string
	for k := range r.object {
		if !slices.Contains(fields, k) {
			strange = append(strange, k)
		}
	}
	slices.Sort(strange)
	for _, k := range strange {
		r.wrong(i18n.RubricNoField, k)
	}
	return true
}

// below is a reader of a part.
func (r *reader) below(t i18n.Text, args ...any) *reader {
	at := errs.Message{Text: t, Args: args}
	if !r.at.Text.IsZero() {
		at = errs.Message{Text: i18n.RubricWithin, Args: []any{r.at, at}}
	}
	return &reader{known: r.known, faults: r.faults, at: at}
}

func (r *reader) has(field string) bool {
	raw, ok := r.object[field]
	return ok && string(raw) != "null"
}

// text reads a text; need says that it may not be missing.
func (r *reader) text(field string, limit int, need bool) string {
	var s string
	if r.has(field) {
		if err := json.Unmarshal(r.object[field], &s); err != nil {
			r.wrong(i18n.RubricNoText, field)
			return ""
		}
	}
	s = strings.TrimSpace(s)
	if n := utf8.RuneCountInString(s); n > limit {
		r.wrong(i18n.RubricLong, field, limit, n)
	}
	if need && s == "" {
		r.wrong(i18n.RubricMissing, field)
	}
	return s
}

// number reads a number, nil if there is none.
func (r *reader) number(field string) *Decimal {
	if !r.has(field) {
		return nil
	}
	d, ok := ParseDecimal(string(r.object[field]))
	if !ok {
		r.wrong(i18n.RubricNoNumber, field)
		return new(Decimal)
	}
	return &d
}

// points reads a number of points above 0.
func (r *reader) points(field string, need bool) *Decimal {
	d := r.number(field)
	if d == nil && need {
		r.wrong(i18n.RubricMissing, field)
		return new(Decimal)
	}
	if d != nil && (*d <= 0 || *d > maxPoints) {
		r.wrong(i18n.RubricPoints, field, maxPoints/scale)
	}
	return d
}

func (r *reader) list(field string, limit int) []json.RawMessage {
	var list []json.RawMessage
	if r.has(field) {
		if err := json.Unmarshal(r.object[field], &list); err != nil {
			r.wrong(i18n.RubricNoList, field)
			return nil
		}
	}
	if len(list) > limit {
		r.wrong(i18n.RubricListLong, field, limit, len(list))
		return nil
	}
	return list
}

var codeForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]{0,59}$`)

func (r *reader) rubric(raw json.RawMessage) *Rubric {
	out := &Rubric{}
	if !r.open(raw, "id", "title", "subject", "period", "total", "complete", "base", "ceiling", "floor", "published", "source", "indicators", "items", "note") {
		return out
	}
	if out.Code = r.text("id", 60, true); out.Code != "" && !codeForm.MatchString(out.Code) {
		r.wrong(i18n.RubricBadCode)
	}
	out.Title, out.Source, out.Published = r.text("title", 100, true), r.text("source", 300, false), r.text("published", 20, false)
	r.text("note", 500, false)
	switch out.Every = Every(r.text("period", 20, true)); out.Every {
	case Month, Quarter, Year, "":
	default:
		r.wrong(i18n.RubricBadPeriod)
	}
	if r.has("complete") && json.Unmarshal(r.object["complete"], &out.Complete) != nil {
		r.wrong(i18n.RubricNoTruth, "complete")
	}
	out.Total, out.Floor, out.Ceiling = r.number("total"), r.number("floor"), r.number("ceiling")
	if b := r.number("base"); b != nil {
		out.Base = *b
	}
	if out.Floor != nil && out.Ceiling != nil && *out.Floor > *out.Ceiling {
		r.wrong(i18n.RubricFloor)
	}
	r.subject(out)
	switch {
	case r.has("indicators") == r.has("items"):
		r.wrong(i18n.RubricOneOf, "indicators", "items")
	case r.has("items"):
		out.Indicators = []Indicator{{Code: "items", Name: out.Title, Rules: r.rules("items", out.Every)}}
		r.measuresDiffer(out.Indicators[0])
	default:
		r.indicators(out)
	}
	return out
}

// subject reads whom the rubric is about. Where it does not say, points collected one by one are taken to be a person's: that is what the
// published methods of this form are for, and persons are not assessed.
func (r *reader) subject(out *Rubric) {
	switch out.Subject = Subject(r.text("subject", 20, false)); out.Subject {
	case Organisations, Persons:
	case "":
		out.Subject = Organisations
		if r.has("items") {
			out.Subject = Persons
		}
	default:
		r.wrong(i18n.RubricBadSubject)
	}
}

func (r *reader) indicators(out *Rubric) {
	codes := map[string]bool{}
	var sum Decimal
	list := r.list("indicators", maxIndicators)
	if len(list) == 0 {
		r.wrong(i18n.RubricMissing, "indicators")
	}
	for n, raw := range list {
		in := r.below(i18n.RubricIndicator, n+1)
		if !in.open(raw, "code", "name", "points", "floor", "ceiling", "rules", "note") {
			continue
		}
		i := Indicator{Code: in.text("code", 20, true), Name: in.text("name", 60, true), Note: in.text("note", 300, false),
			Points: in.points("points", false), Floor: in.number("floor"), Ceiling: in.number("ceiling")}
		if strings.ContainsAny(i.Code, "/ ") { // it stands in addresses and before its items
			in.wrong(i18n.RubricBadIndicator)
		}
		if i.Code != "" && codes[i.Code] {
			in.wrong(i18n.RubricTwice, i.Code)
		}
		codes[i.Code] = true
		i.Rules = in.rules("rules", out.Every)
		in.fits(i)
		if i.Points != nil {
			sum += *i.Points
		}
		out.Indicators = append(out.Indicators, i)
	}
	if out.Complete && out.Total != nil && sum != *out.Total {
		r.wrong(i18n.RubricSum, sum, *out.Total)
	}
}

// fits checks what an indicator's rules need of it.
func (r *reader) fits(i Indicator) {
	floor, ceiling := i.bounds()
	if floor != nil && ceiling != nil && *floor > *ceiling {
		r.wrong(i18n.RubricFloor)
	}
	for _, rule := range i.Rules {
		if rule.Kind == Proportional && i.Points == nil {
			r.wrong(i18n.RubricNeedsPoints, string(Proportional))
		}
	}
	if i.Points == nil && len(i.Rules) > 0 && !slices.ContainsFunc(i.Rules, Rule.gives) && i.Floor == nil {
		r.wrong(i18n.RubricNeedsPoints, string(i.Rules[0].Kind))
	}
	r.measuresDiffer(i)
}

func (r *reader) measuresDiffer(i Indicator) {
	names := map[string]bool{}
	for _, m := range i.Measures() {
		if m.Name != "" && names[m.Name] {
			r.wrong(i18n.RubricTwice, m.Name)
		}
		names[m.Name] = true
	}
}

func (r *reader) rules(field string, every Every) []Rule {
	var out []Rule
	list := r.list(field, maxRules)
	if len(list) == 0 {
		r.wrong(i18n.RubricMissing, field)
	}
	for n, raw := range list {
		in := r.below(i18n.RubricRule, n+1)
		if !in.open(raw, "type", "unit", "points", "measure", "bands", "condition", "of", "figure", "expression", "inputs", "note") {
			continue
		}
		in.text("note", 300, false)
		if rule, ok := in.rule(every); ok {
			out = append(out, rule)
		}
	}
	return out
}

// measured reads what a rule counts or measures from the field that names it.
func (r *reader) measured(field string, takes Takes, every Every) Measure {
	m := Measure{Name: r.text(field, 80, true), Takes: takes, Figure: r.text("figure", 60, false)}
	r.figure(m.Figure, every)
	return m
}

func (r *reader) figure(name string, every Every) {
	switch {
	case name == "":
	case !r.known(name):
		r.wrong(i18n.RubricNoFigure, name)
	case every == Month:
		r.wrong(i18n.RubricMonthFigure)
	}
}

func (r *reader) rule(every Every) (Rule, bool) {
	rule := Rule{Kind: Kind(r.text("type", 20, true))}
	switch rule.Kind {
	case DeductPer, AddPer:
		rule.Measures = []Measure{r.measured("unit", TakesCount, every)}
		rule.Points = *r.points("points", true)
	case ZeroIf:
		rule.Measures = []Measure{r.measured("condition", TakesYes, every)}
	case Proportional:
		rule.Measures = []Measure{r.measured("measure", TakesValue, every)}
		rule.Full = Whole(100)
		if of := r.points("of", false); of != nil {
			rule.Full = *of
		}
	case Bands:
		rule.Measures = []Measure{r.measured("measure", TakesValue, every)}
		return rule, r.bands(&rule)
	case Formula:
		return rule, r.expression(&rule, every)
	default:
		r.wrong(i18n.RubricBadRule, string(rule.Kind))
		return rule, false
	}
	return rule, true
}

func (r *reader) bands(rule *Rule) bool {
	before := len(*r.faults)
	for n, raw := range r.list("bands", maxBands) {
		in := r.below(i18n.RubricBand, n+1)
		if !in.open(raw, "min", "max_below", "score", "deduct") {
			continue
		}
		b := Band{Min: in.number("min"), Below: in.number("max_below"), Score: in.number("score"), Deduct: in.number("deduct")}
		if (b.Score == nil) == (b.Deduct == nil) {
			in.wrong(i18n.RubricOneOf, "score", "deduct")
			continue
		}
		if points := cmpPoints(b); points < 0 || points > maxPoints {
			in.wrong(i18n.RubricBandPoints, maxPoints/scale)
		}
		rule.Bands = append(rule.Bands, b)
	}
	if len(*r.faults) > before {
		return len(rule.Bands) > 0
	}
	if !contiguous(rule.Bands) {
		r.wrong(i18n.RubricBandGap)
		return len(rule.Bands) > 0
	}
	if slices.ContainsFunc(rule.Bands, func(b Band) bool { return (b.Score == nil) != (rule.Bands[0].Score == nil) }) {
		r.wrong(i18n.RubricBandMixed)
	}
	return true
}

// cmpPoints are the points of a band, whichever way they count.
func cmpPoints(b Band) Decimal {
	if b.Score != nil {
		return *b.Score
	}
	return *b.Deduct
}

func (r *reader) expression(rule *Rule, every Every) bool {
	var names []string
	for n, raw := range r.list("inputs", maxInputs) {
		in := r.below(i18n.RubricInput, n+1)
		if !in.open(raw, "name", "figure") {
			continue
		}
		m := in.measured("name", TakesValue, every)
		rule.Measures, names = append(rule.Measures, m), append(names, m.Name)
	}
	if len(names) == 0 {
		r.wrong(i18n.RubricMissing, "inputs")
	}
	rule.Expression = r.text("expression", formulaLength, true)
	if rule.Expression == "" {
		return false
	}
	f, wrong := parseFormula(rule.Expression, names)
	if wrong != nil {
		r.wrong(i18n.RubricFormula, *wrong)
		return false
	}
	rule.formula = f
	return true
}

// load reads a rubric that was checked when it was saved.
func load(body string) (*Rubric, error) {
	list, _, faults := Read(body, func(string) bool { return true })
	if len(faults) > 0 {
		return nil, fmt.Errorf("assess: a stored rubric cannot be read: %s", strconv.Quote(faults.In(i18n.EN)))
	}
	return list[0], nil
}
