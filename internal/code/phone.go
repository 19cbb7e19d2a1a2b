package code

import (
	"strings"

	"linli/internal/i18n"
)

// Phone is a telephone number in its normal form: 13800138000 for a mobile number, 0515-88880000 or
// 0515-88880000-801 for a fixed line, 4008001234 or 12345 for a service number. "" is none.
type Phone string

// ParsePhone reads a telephone number as people write it: with blanks, brackets, dashes, +86 in front.
// A fixed line without its area code is kept with a warning.
func ParsePhone(s string) (Phone, *Problem) {
	n, p := phoneText(s)
	if p != nil {
		return "", p
	}
	if m := strings.ReplaceAll(n, "-", ""); isMobile(m) {
		return Phone(m), nil
	}
	if strings.HasPrefix(n, "0") {
		return fixedLine(n)
	}
	return otherNumber(n)
}

// phoneText cleans s to digits and dashes.
func phoneText(s string) (string, *Problem) {
	n := Normalise(s)
	if scientific(n) {
		return "", problem(i18n.CodePhoneScientific, i18n.CodeIDAsText)
	}
	if i := strings.IndexAny(n, "/,;\u3001\uff0c\uff1b"); i > 0 && i < len(n)-1 {
		return "", problem(i18n.CodePhoneSeveral, i18n.CodePhoneSeveralAdvice)
	}
	n = strings.Trim(strings.NewReplacer("(", "-", ")", "-", ".", "-", "--", "-", "#", "-").Replace(n), "-")
	n = withoutCountry(n)
	if !digits(strings.ReplaceAll(n, "-", "")) {
		return "", problem(i18n.CodePhoneShape, i18n.CodePhoneAdvice)
	}
	return strings.ReplaceAll(n, "--", "-"), nil
}

// withoutCountry takes +86, 0086 or 86 off; a fixed line behind it gets its 0 back.
func withoutCountry(n string) string {
	m := strings.ReplaceAll(n, "-", "")
	if len(m) == 13 && strings.HasPrefix(m, "86") && isMobile(m[2:]) {
		return m[2:]
	}
	for _, prefix := range []string{"+86", "0086"} {
		rest, ok := strings.CutPrefix(n, prefix)
		if !ok {
			continue
		}
		rest = strings.Trim(rest, "-")
		if isMobile(strings.ReplaceAll(rest, "-", "")) || strings.HasPrefix(rest, "0") || len(rest) < 9 {
			return rest
		}
		return "0" + rest
	}
	return n
}

func isMobile(n string) bool { return len(n) == 11 && n[0] == '1' && n[1] >= '3' && n[1] <= '9' }

// fixedLine reads a number that begins with 0. Area codes have three digits in the largest cities (010, 02x),
// four elsewhere; extensions have up to six.
func fixedLine(n string) (Phone, *Problem) {
	area := 4
	if strings.HasPrefix(n, "010") || strings.HasPrefix(n, "02") {
		area = 3
	}
	parts := strings.Split(n, "-")
	if len(parts[0]) > area {
		parts = append([]string{n[:area]}, strings.Split(n[area:], "-")...)
	}
	if len(parts[0]) == area && len(parts) == 4 && len(parts[1])+len(parts[2]) <= 8 { // 0515-8888-0000-801
		parts = []string{parts[0], parts[1] + parts[2], parts[3]}
	}
	if len(parts) == 3 && len(parts[1]) < 7 && len(parts[1])+len(parts[2]) <= 8 { // 0515-8888-0000
		parts = []string{parts[0], parts[1] + parts[2]}
	}
	ok := len(parts[0]) == area && (len(parts) == 2 || len(parts) == 3 && len(parts[2]) <= 6) && subscriber(parts[1])
	if !ok {
		return "", problem(i18n.CodePhoneLength, i18n.CodePhoneAdvice)
	}
	return Phone(strings.Join(parts, "-")), nil
}

func subscriber(n string) bool { return (len(n) == 7 || len(n) == 8) && n[0] >= '2' }

// otherNumber reads service numbers and fixed lines without an area code.
func otherNumber(n string) (Phone, *Problem) {
	m := strings.ReplaceAll(n, "-", "")
	switch {
	case len(m) == 10 && (strings.HasPrefix(m, "400") || strings.HasPrefix(m, "800")):
		return Phone(m), nil
	case len(m) >= 3 && len(m) <= 6 && (m[0] == '1' || m[:2] == "95" || m[:2] == "96"):
		return Phone(m), nil
	case subscriber(m):
		return Phone(m), warning(i18n.CodePhoneNoArea, i18n.CodePhoneNoAreaAdvice)
	case len(m) > 1 && m[0] == '1' && m[1] >= '3':
		return "", problem(i18n.CodePhoneMobileLength, i18n.CodePhoneAdvice, len(m))
	}
	return "", problem(i18n.CodePhoneLength, i18n.CodePhoneAdvice)
}

// Mobile says whether p is a mobile number, so that a message can reach it.
func (p Phone) Mobile() bool { return isMobile(string(p)) }

// String is the number in its normal form. It is sealed data: do not log it.
func (p Phone) String() string { return string(p) }

// Mask is MaskPhone of p.
func (p Phone) Mask() string { return MaskPhone(string(p)) }

// MaskPhone shows a number as 138****5678 or 0515-****0000. It masks wrong numbers as well.
func MaskPhone(s string) string {
	s = Normalise(s)
	if isMobile(s) {
		return s[:3] + "****" + s[7:]
	}
	if area, rest, ok := strings.Cut(s, "-"); ok && digits(area) && len(area) <= 4 && area[0] == '0' {
		rest, ext, _ := strings.Cut(rest, "-")
		if len(rest) >= 7 && digits(rest) {
			s := area + "-" + stars(len(rest)-4) + rest[len(rest)-4:]
			if ext != "" {
				s += "-" + stars(len([]rune(ext)))
			}
			return s
		}
	}
	r := []rune(s)
	if len(r) < 8 {
		return stars(len(r))
	}
	return stars(len(r)-3) + string(r[len(r)-3:])
}
