package code

import (
	"strings"
	"unicode/utf8"

	"linli/internal/i18n"
)

// usccAlphabet is the alphabet of credit codes in the order of their values (CODE-11).
const usccAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"

// USCC is a unified social credit code in its normal form (CODE-10). The zero value is no code.
type USCC struct{ code string }

// ParseUSCC reads a credit code. Letters outside the alphabet and a wrong length block; a check character
// that does not fit only warns, since real early codes have one (CODE-12), and so do an unknown
// department and a body check that does not fit (CODE-13, CODE-14).
func ParseUSCC(s string) (USCC, *Problem) {
	c := strings.ReplaceAll(Normalise(s), "-", "")
	if p := usccShape(c); p != nil {
		return USCC{}, p
	}
	switch {
	case c[17] != usccCheck(c):
		return USCC{c}, warning(i18n.CodeUSCCCheck, i18n.CodeUSCCCheckAdvice)
	case c[16] != bodyCheck(c[8:16]):
		return USCC{c}, warning(i18n.CodeUSCCBody, i18n.CodeUSCCCheckAdvice)
	case !strings.ContainsRune("123456789ANY", rune(c[0])):
		return USCC{c}, warning(i18n.CodeUSCCDepartment, i18n.CodeUSCCUnknownAdvice)
	}
	return USCC{c}, nil
}

func usccShape(c string) *Problem {
	if scientific(c) {
		return problem(i18n.CodeNumberAsText, i18n.CodeIDAsText)
	}
	if n := utf8.RuneCountInString(c); n != 18 {
		return problem(i18n.CodeUSCCLength, i18n.CodeUSCCLengthAdvice, n)
	}
	place := 0
	for _, r := range c {
		place++
		if r > 0x7f || strings.IndexByte(usccAlphabet, byte(r)) < 0 {
			return problem(i18n.CodeUSCCLetter, i18n.CodeUSCCLetterAdvice, place)
		}
	}
	if !digits(c[2:8]) {
		return problem(i18n.CodeUSCCRegion, i18n.CodeUSCCLengthAdvice)
	}
	return nil
}

var usccWeights = [17]int{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28}

// usccCheck is the check character of the first 17 (CODE-12).
func usccCheck(c string) byte {
	sum := 0
	for i, w := range usccWeights {
		sum += w * strings.IndexByte(usccAlphabet, c[i])
	}
	return usccAlphabet[(31-sum%31)%31]
}

var bodyWeights = [8]int{3, 7, 9, 10, 5, 8, 4, 2}

// bodyCheck is the check character of the organisation code (CODE-13).
func bodyCheck(body string) byte {
	sum := 0
	for i, w := range bodyWeights {
		v := int(body[i] - '0')
		if body[i] >= 'A' {
			v = int(body[i]-'A') + 10
		}
		sum += w * v
	}
	return "0X987654321"[sum%11]
}

// WithUSCCCheck appends both check characters to the first 16 characters; "" if they cannot be part of a
// code. It serves the making of test and demonstration data.
func WithUSCCCheck(first16 string) string {
	if usccShape(first16+"00") != nil {
		return ""
	}
	c := first16 + string(bodyCheck(first16[8:]))
	if strings.IndexByte(usccAlphabet, c[16]) < 0 {
		return ""
	}
	return c + string(usccCheck(c))
}

// String is the code in its normal form, "" if there is none.
func (u USCC) String() string { return u.code }

// IsZero says whether there is no code.
func (u USCC) IsZero() bool { return u.code == "" }

// Department is the registration authority and the kind, the first two characters (CODE-14).
func (u USCC) Department() string { return u.part(0, 2) }

// Region is the six-digit code of the place of registration.
func (u USCC) Region() string { return u.part(2, 8) }

// Body is the nine-character organisation code (GB 11714).
func (u USCC) Body() string { return u.part(8, 17) }

func (u USCC) part(from, to int) string {
	if u.IsZero() {
		return ""
	}
	return u.code[from:to]
}
