package tabular

import (
	"strings"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Problem is one thing wrong with a table, for the report of an import.
type Problem struct {
	Row     int    // as a person sees it; 0 if it is about the whole table
	Key     string // of our column, "" if it is about the row
	Column  string // title of the column as it stands in the file
	Masked  string // the value, masked where the column is sealed, shortened where it is long
	Message errs.Message
	Advice  errs.Message
	Warning bool // the row can be taken all the same
}

// Problem makes a problem with the value of one column in a row.
func (m Mapping) Problem(r Row, key string, message, advice errs.Message) Problem {
	c := m.Column(key)
	p := Problem{Row: r.N, Key: key, Column: c.Title.In(i18n.ZH), Message: message, Advice: advice}
	if i := m.Index(key); i >= 0 {
		p.Column = m.Header[i]
		p.Masked = ShowValue(r.At(i), c.Sealed)
	}
	return p
}

// Warn is Problem for what does not keep the row out.
func (m Mapping) Warn(r Row, key string, message, advice errs.Message) Problem {
	p := m.Problem(r, key, message, advice)
	p.Warning = true
	return p
}

// maxShown is how much of a value a report repeats.
const maxShown = 40

// ShowValue is a value as a report may repeat it: masked if sealed, else shortened to 40 characters on one line.
func ShowValue(v string, sealed bool) string {
	if sealed {
		return Mask(v)
	}
	v = strings.Join(strings.Fields(v), " ")
	if r := []rune(v); len(r) > maxShown {
		return string(r[:maxShown]) + "\u2026"
	}
	return v
}

// Mask hides most of a personal value but leaves enough to find it in the file: 138****5678, 320***********1234,
// a name's first character.
func Mask(v string) string {
	r := []rune(trim(v))
	n := len(r)
	first, last := 3, 4
	switch {
	case n == 0:
		return ""
	case n == 1:
		return "*"
	case n < 5:
		first, last = 1, 0
	case n < 8:
		first, last = 1, 1
	case n < 11:
		first, last = 2, 2
	}
	return string(r[:first]) + strings.Repeat("*", min(n-first-last, 18)) + string(r[n-last:])
}

// LooksLikeFormula says whether a spreadsheet would take the text for a formula: it begins with = + - or @ and is
// not simply a number or a telephone number with its country code.
func LooksLikeFormula(s string) bool {
	s = strings.TrimLeft(s, " \t\r\n'")
	if s == "" || !strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", []rune(s)[0]) {
		return false
	}
	rest := strings.TrimLeft(s[1:], " ")
	if (s[0] == '+' || s[0] == '-') && rest != "" && strings.Trim(rest, "0123456789.,- ") == "" {
		return false
	}
	return strings.Trim(s, "-\u2014") != "" // dashes alone mean "none"
}

// errorValues are what spreadsheets show where a formula failed.
var errorValues = map[string]bool{"#N/A": true, "#REF!": true, "#VALUE!": true, "#DIV/0!": true, "#NAME?": true, "#NULL!": true, "#NUM!": true, "#SPILL!": true, "#CALC!": true, "#GETTING_DATA": true}

// CheckText is what is wrong with a text that should be a name or the like: it looks like a formula, or is the error
// value of one. ok is false if nothing is.
func CheckText(s string) (message, advice errs.Message, wrong bool) {
	switch {
	case errorValues[strings.ToUpper(trim(s))]:
		return errs.Message{Text: i18n.TabularErrorValue}, errs.Message{Text: i18n.TabularErrorValueWhat}, true
	case LooksLikeFormula(s):
		return errs.Message{Text: i18n.TabularFormula}, errs.Message{Text: i18n.TabularFormulaWhat}, true
	}
	return errs.Message{}, errs.Message{}, false
}
