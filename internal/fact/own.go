package fact

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/width"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Permissions on the catalogue. Values of own facts are read and written with the permissions of the rows they stand at.
const (
	PermSee    authz.Permission = "fact.see"    // the catalogue, and how complete facts are within one's own scope
	PermTeach  authz.Permission = "fact.teach"  // say what a label means
	PermDefine authz.Permission = "fact.define" // own facts, declarations that a list is complete, taking taught labels back
)

// OwnFact is a fact that a district defines.
type OwnFact struct {
	ID          id.ID
	Subject     Subject
	Code        string // short name in Latin letters, unique for the subject
	Name        string
	NameEn      string
	Question    string // as it is put to whoever may know
	Doc         string
	Synonyms    []string
	Type        Type
	Options     []Option // of a Choice
	Unit        string
	Sensitivity Sensitivity
	Purpose     string
	AskedBy     string // who needs it
	ValidFrom   calendar.Date
	ValidTo     calendar.Date // the last day
	CreatedAt   time.Time
	Version     int64
}

// Option is a choice of an own fact.
type Option struct{ Code, Label string }

// InForce says whether values are taken on a day.
func (o OwnFact) InForce(on calendar.Date) bool { return on.In(o.ValidFrom, o.ValidTo) }

// FactID is the fact's ID in the catalogue.
func (o OwnFact) FactID() string { return string(o.Subject) + ".own_" + o.Code }

// Fact is the fact as the catalogue knows it.
func (o OwnFact) Fact() Fact {
	f := Fact{ID: o.FactID(), Subject: o.Subject, Type: o.Type, Sensitivity: o.Sensitivity, Purpose: o.Purpose, Owner: OwnerOwn, OwnID: o.ID.String(),
		Columns: []string{"own_value.value"}, Unit: i18n.Verbatim(o.Unit)}
	f.Term = i18n.Term{Name: i18n.Both(o.Name, o.NameEn), Synonyms: append([]string(nil), o.Synonyms...), Doc: i18n.Verbatim(o.Doc)}
	if o.Question != "" {
		f.Synonyms = append(f.Synonyms, o.Question)
	}
	if o.Type == Choice {
		f.List = o.List()
	}
	return f
}

// List is the choices as a code list.
func (o OwnFact) List() *code.List {
	items := make([]code.Item, len(o.Options))
	for i, opt := range o.Options {
		items[i] = code.Item{Code: opt.Code, Label: i18n.Verbatim(opt.Label)}
	}
	return code.NewList(i18n.Verbatim(o.Name), "", items)
}

// OwnerOwn is the owner of a district's own facts.
const OwnerOwn = "own"

// longestYears is how far ahead the end of an own fact may lie: what is asked without end is not asked for a purpose.
const longestYears = 3

// check checks and normalises a definition on a day.
func (o *OwnFact) check(today calendar.Date) error {
	var e *errs.Error
	for _, f := range []struct {
		name string
		to   *string
		most int
		need bool
	}{{"name", &o.Name, 40, true}, {"name_en", &o.NameEn, 80, false}, {"question", &o.Question, 100, true}, {"doc", &o.Doc, 500, true},
		{"unit", &o.Unit, 10, false}, {"asked_by", &o.AskedBy, 100, true}, {"purpose", &o.Purpose, 40, true}, {"code", &o.Code, 30, false}} {
		*f.to = strings.Join(strings.Fields(*f.to), " ")
		switch n := utf8.RuneCountInString(*f.to); {
		case n == 0 && f.need:
			e = e.With(f.name, i18n.ErrRequired)
		case n > f.most:
			e = e.With(f.name, i18n.ErrTooLong, f.most, n)
		}
	}
	if strings.ContainsFunc(o.Code, func(r rune) bool { return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '_') }) {
		e = e.With("code", i18n.FactBadCode)
	}
	if !o.Subject.Valid() {
		e = e.With("subject", i18n.ErrBadChoice)
	}
	if o.Type.Text().IsZero() {
		e = e.With("type", i18n.ErrBadChoice)
	}
	if o.Sensitivity.Text().IsZero() {
		e = e.With("sensitivity", i18n.ErrBadChoice)
	}
	e = o.checkDays(e, today)
	return o.checkOptions(e).OrNil()
}

func (o *OwnFact) checkDays(e *errs.Error, today calendar.Date) *errs.Error {
	if o.ValidFrom.IsZero() {
		o.ValidFrom = today
	}
	switch {
	case o.ValidTo.IsZero():
		return e.With("valid_to", i18n.FactEndNeeded)
	case o.ValidTo.Before(o.ValidFrom), o.ValidTo.Before(today):
		return e.With("valid_to", i18n.ErrEndBeforeStart)
	case o.ValidTo.After(o.ValidFrom.AddYears(longestYears)):
		return e.With("valid_to", i18n.FactEndTooFar, longestYears)
	}
	return e
}

func (o *OwnFact) checkOptions(e *errs.Error) *errs.Error {
	if o.Type != Choice {
		o.Options = nil
		return e
	}
	seen := map[string]bool{}
	for _, opt := range o.Options {
		if opt.Code == "" || opt.Label == "" || seen[opt.Code] || seen["="+opt.Label] || utf8.RuneCountInString(opt.Label) > 40 || len(opt.Code) > 20 {
			return e.With("options", i18n.FactBadOptions)
		}
		seen[opt.Code], seen["="+opt.Label] = true, true
	}
	if len(o.Options) < 2 {
		return e.With("options", i18n.FactBadOptions)
	}
	return e
}

// ParseOptions reads choices, one per line: "code=label", or the label alone, which is numbered.
func ParseOptions(s string) []Option {
	var out []Option
	for _, line := range strings.Split(s, "\n") {
		line = strings.TrimSpace(line)
		if line == "" {
			continue
		}
		c, label, ok := strings.Cut(line, "=")
		if !ok {
			c, label = strconv.Itoa(len(out)+1), line
		}
		out = append(out, Option{strings.TrimSpace(c), strings.TrimSpace(label)})
	}
	return out
}

func optionText(options []Option) string {
	lines := make([]string, len(options))
	for i, o := range options {
		lines[i] = o.Code + "=" + o.Label
	}
	return strings.Join(lines, "\n")
}

// longestText is the longest text value.
const longestText = 300

// Parse turns what a person wrote into the canonical text of a fact's value: any style of date, the words for yes and no, the label of
// a choice. Blank is no value and no error; the error is Invalid and never repeats what was written.
func (f Fact) Parse(s string) (string, error) {
	s = strings.TrimSpace(s)
	if s == "" {
		return "", nil
	}
	switch f.Type {
	case Date:
		d, err := calendar.Parse(s)
		return d.String(), err
	case Number:
		return parseNumber(s)
	case YesNo:
		return parseItem(YesNoList, s)
	case Choice:
		return parseItem(f.List, s)
	}
	if n := utf8.RuneCountInString(s); n > longestText {
		return "", errs.New(errs.Invalid, i18n.ErrTooLong, longestText, n)
	}
	return s, nil
}

func parseItem(l *code.List, s string) (string, error) {
	it, ok := l.Find(s)
	if !ok {
		return "", errs.New(errs.Invalid, i18n.ErrBadChoice)
	}
	return it.Code, nil
}

// parseNumber reads a decimal number, with separators of thousands or without.
func parseNumber(s string) (string, error) {
	s = strings.NewReplacer(",", "", " ", "", "\u00a0", "").Replace(width.Narrow.String(s))
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || n > 1e15 || n < -1e15 || strings.ContainsAny(s, "eExXpPnN_") {
		return "", errs.New(errs.Invalid, i18n.FactNotANumber)
	}
	return strconv.FormatFloat(n, 'f', -1, 64), nil
}
