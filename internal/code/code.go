package code

import (
	"strings"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// Problem is what is wrong with a value and what to do about it. A Warning leaves the value usable.
type Problem struct {
	Message errs.Message
	Advice  errs.Message
	Warning bool
}

// Blocks says whether the value must be refused: p is there and is more than a warning.
func (p *Problem) Blocks() bool { return p != nil && !p.Warning }

// Err is p as an Invalid error on one form field, message and advice in one; nil unless p blocks.
func (p *Problem) Err(field string) error {
	if !p.Blocks() {
		return nil
	}
	return errs.Field(field, i18n.CodeProblem, p.Message, p.Advice)
}

func problem(message, advice i18n.Text, args ...any) *Problem {
	return &Problem{Message: errs.Message{Text: message, Args: args}, Advice: errs.Message{Text: advice}}
}

func warning(message, advice i18n.Text, args ...any) *Problem {
	p := problem(message, advice, args...)
	p.Warning = true
	return p
}

// Normalise makes the usual slips good: full-width characters become plain ones, letters become capitals,
// blanks of every kind and the apostrophe with which spreadsheets mark text go. It does not judge.
func Normalise(s string) string {
	if isNormal(s) {
		return s
	}
	return strings.TrimLeft(strings.Map(fold, s), "'")
}

func isNormal(s string) bool {
	for i := 0; i < len(s); i++ {
		if c := s[i]; c <= ' ' || c >= 0x7f || c >= 'a' && c <= 'z' || c == '\'' {
			return false
		}
	}
	return true
}

// fold gives the plain form of one character; -1 drops it.
func fold(r rune) rune {
	switch {
	case r >= 0xff01 && r <= 0xff5e: // full-width forms of ! to ~
		r -= 0xfee0
	case r == 0x2018 || r == 0x2019: // typographic apostrophes
		return '\''
	case r >= 0x2010 && r <= 0x2015 || r == 0x2212: // hyphens, dashes, minus
		return '-'
	}
	switch {
	case r <= ' ', r == 0x7f, r == 0xa0, r == 0x3000, r == 0xfeff, r >= 0x2000 && r <= 0x200f, r == 0x202f, r == 0x2060:
		return -1
	case r >= 'a' && r <= 'z':
		return r - 'a' + 'A'
	}
	return r
}

func digits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// scientific says whether s looks like 3.20902E+17, which is what spreadsheets make of long numbers. A credit
// code may hold an E among digits, but neither point nor plus.
func scientific(s string) bool {
	if !strings.ContainsAny(s, ".+") {
		return false
	}
	m, e, ok := strings.Cut(s, "E")
	return ok && digits(strings.TrimPrefix(e, "+")) && digits(strings.Replace(m, ".", "", 1))
}

// number reads the digits of s, which the caller has checked.
func number(s string) int {
	n := 0
	for i := 0; i < len(s); i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// provinces are the first two digits that exist (CODE-3).
var provinces = map[int]bool{
	11: true, 12: true, 13: true, 14: true, 15: true, 21: true, 22: true, 23: true,
	31: true, 32: true, 33: true, 34: true, 35: true, 36: true, 37: true,
	41: true, 42: true, 43: true, 44: true, 45: true, 46: true, 50: true, 51: true, 52: true, 53: true, 54: true,
	61: true, 62: true, 63: true, 64: true, 65: true, 71: true, 81: true, 82: true, 83: true,
}
