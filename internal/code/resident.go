package code

import (
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/i18n"
)

// IDRules widen what ParseResidentID accepts. The zero value is the rule for ordinary work.
type IDRules struct {
	AnyProvince bool // do not check the first two digits: for test numbers, which must belong to nobody
	Historic    bool // accept 15-digit numbers too, in imports of old records only (CODE-5)
}

// ResidentID is a valid resident ID number in its normal form. The zero value is no number.
type ResidentID struct{ number string }

// ParseResidentID reads a resident ID number (CODE-1 to CODE-6). now is the day against which the date of
// birth is checked.
func ParseResidentID(s string, now time.Time, rules IDRules) (ResidentID, *Problem) {
	n := Normalise(s)
	if p := idShape(n, rules); p != nil {
		return ResidentID{}, p
	}
	if !rules.AnyProvince && !provinces[number(n[:2])] && !foreigner(n) {
		return ResidentID{}, problem(i18n.CodeIDProvince, i18n.CodeIDAdvice)
	}
	id := ResidentID{n}
	if len(n) == 18 && n[17] != idCheck(n) {
		return ResidentID{}, idCheckProblem(n)
	}
	if p := id.checkBirth(now); p != nil {
		return ResidentID{}, p
	}
	return id, nil
}

// foreigner says whether n has the form of a permanent residence card of 2023 and later (CODE-6).
func foreigner(n string) bool { return len(n) == 18 && n[0] == '9' && provinces[number(n[1:3])] }

func idShape(n string, rules IDRules) *Problem {
	switch {
	case scientific(n):
		return problem(i18n.CodeIDScientific, i18n.CodeIDAsText)
	case len(n) == 15 && digits(n):
		if rules.Historic {
			return nil
		}
		return problem(i18n.CodeIDOld, i18n.CodeIDOldAdvice)
	case utf8.RuneCountInString(n) != 18:
		return problem(i18n.CodeIDLength, i18n.CodeIDLengthAdvice, utf8.RuneCountInString(n))
	case len(n) != 18 || !digits(n[:17]) || n[17] != 'X' && !digits(n[17:]):
		return problem(i18n.CodeIDShape, i18n.CodeIDShapeAdvice)
	}
	return nil
}

// idCheckProblem tells a number that a spreadsheet rounded to 15 figures from an ordinary slip.
func idCheckProblem(n string) *Problem {
	if strings.HasSuffix(n, "000") {
		return problem(i18n.CodeIDRounded, i18n.CodeIDAsText)
	}
	return problem(i18n.CodeIDCheck, i18n.CodeIDAdvice)
}

var idWeights = [17]int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}

// idCheck is the check character of the first 17 digits (CODE-2).
func idCheck(n string) byte {
	sum := 0
	for i, w := range idWeights {
		sum += w * int(n[i]-'0')
	}
	return "10X98765432"[sum%11]
}

// WithCheck appends the check character to 17 digits (CODE-2); "" if they are not 17 digits. It serves the
// making of test and demonstration data.
func WithCheck(digits17 string) string {
	if len(digits17) != 17 || !digits(digits17) {
		return ""
	}
	return digits17 + string(idCheck(digits17))
}

func (id ResidentID) checkBirth(now time.Time) *Problem {
	y, m, d := id.Birth()
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	ty, tm, td := now.In(i18n.Zone).Date()
	switch {
	case t.Year() != y || t.Month() != m || t.Day() != d || y == 0:
		return problem(i18n.CodeIDDate, i18n.CodeIDAdvice)
	case y < 1800:
		return problem(i18n.CodeIDYear, i18n.CodeIDAdvice)
	case t.After(time.Date(ty, tm, td, 0, 0, 0, 0, time.UTC)):
		return problem(i18n.CodeIDFuture, i18n.CodeIDAdvice)
	}
	return nil
}

// String is the number in its normal form, "" if there is none. It is sealed data: do not log it.
func (id ResidentID) String() string { return id.number }

// IsZero says whether there is no number.
func (id ResidentID) IsZero() bool { return id.number == "" }

// Area is the six-digit code of the place of issue at its time, perhaps abolished since (CODE-3).
func (id ResidentID) Area() string {
	if id.IsZero() {
		return ""
	}
	return id.number[:6]
}

// Birth is the date of birth that the number states: a proposal, what a person stated wins (CODE-4).
// All are zero if there is no number.
func (id ResidentID) Birth() (year int, month time.Month, day int) {
	switch n := id.number; len(n) {
	case 18:
		return number(n[6:10]), time.Month(number(n[10:12])), number(n[12:14])
	case 15:
		return 1900 + number(n[6:8]), time.Month(number(n[8:10])), number(n[10:12])
	}
	return 0, 0, 0
}

// Sex is the sex that the number states: odd sequence is male, even is female (CODE-1). A proposal, as Birth is.
func (id ResidentID) Sex() Sex {
	if id.IsZero() {
		return SexUnknown
	}
	last := id.number[len(id.number)-1]
	if len(id.number) == 18 {
		last = id.number[16]
	}
	if last%2 == 1 {
		return Male
	}
	return Female
}

// MaskID shows enough of an ID number to tell two of them apart and no more: 320***********1234. It masks
// wrong numbers as well.
func MaskID(s string) string {
	s = Normalise(s)
	if n := utf8.RuneCountInString(s); n < 15 {
		return stars(n)
	}
	return maskMiddle(s, 3, 4)
}

// maskMiddle keeps the first and the last characters and stars the others.
func maskMiddle(s string, first, last int) string {
	r := []rune(s)
	if len(r) <= first+last {
		return stars(len(r))
	}
	return string(r[:first]) + stars(len(r)-first-last) + string(r[len(r)-last:])
}

// stars gives n stars, at most 18, so that a mask never shows how long a huge value was.
func stars(n int) string { return strings.Repeat("*", min(max(n, 0), 18)) }

// MaskName hides all but the family name, for who holds a paper but has no account: "王小明" is "王**" (PRIV-12).
func MaskName(name string) string {
	r := []rune(name)
	if len(r) == 0 {
		return ""
	}
	return string(r[:1]) + strings.Repeat("*", max(1, len(r)-1))
}
