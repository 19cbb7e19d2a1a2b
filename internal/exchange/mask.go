package exchange

import (
	"regexp"
	"strings"
	"unicode"

	"linli/internal/i18n"
)

// What a character is for finding numbers: a digit as '0' to '9', something that stands between digits as one of the separators, 'X' (the last of some identity numbers),
// or anything else as 'o'. One byte for each rune, so that places in both are the same.
const other = 'o'

// hanDigits are the digits as Chinese characters.
var hanDigits = func() map[rune]byte {
	out := map[rune]byte{}
	for _, set := range i18n.HanDigits {
		n := byte('0')
		for _, r := range set {
			out[r] = n
			n++
		}
	}
	return out
}()

// narrow is a full-width character as the narrow one.
func narrow(r rune) rune {
	switch {
	case r >= '\uff01' && r <= '\uff5e':
		return r - '\uff01' + '!'
	case r == '\u3000':
		return ' '
	}
	return r
}

func classOf(r rune) byte {
	r = narrow(r)
	if d, ok := hanDigits[r]; ok {
		return d
	}
	switch {
	case r >= '0' && r <= '9':
		return byte(r)
	case r == 'x' || r == 'X':
		return 'X'
	case unicode.IsSpace(r) || r >= '\u200b' && r <= '\u200f' || r == '\u2060' || r == '\ufeff':
		return ' '
	case unicode.Is(unicode.Pd, r) || r == '\u2212' || r == '\u30fc':
		return '-'
	case r == '.' || r == '\u00b7' || r == '\u2022' || r == '\u30fb' || r == '\u3002':
		return '.'
	case r == '/' || r == '\\':
		return '/'
	case r == ',' || r == '\u3001':
		return ','
	case r == '_':
		return '_'
	case r == '(' || r == ')' || r == '\u3010' || r == '\u3011':
		return '('
	}
	return other
}

var (
	// digits with at most three separators between two of them
	run = regexp.MustCompile(`\d(?:[ \-./,_(]{0,3}\d)*`)
	// a day, or a month, of this century or the last, and two of them: what a number looks like and is none
	day   = regexp.MustCompile(`(?:19|20)\d\d[./\-](?:1[0-2]|0?[1-9])(?:[./\-](?:3[01]|[12]\d|0?[1-9]))?`)
	years = regexp.MustCompile(`^(?:19|20)\d\d[ \-./,]{1,3}(?:19|20)\d\d$`)
	span  = regexp.MustCompile(`^(?:\d{1,2}\.\d{1,2}[ \-,]{1,3}\d{1,2}\.\d{1,2}|\d{1,2}/\d{1,2}[ \-,]{1,3}\d{1,2}/\d{1,2}|\d{1,2}-\d{1,2}[ ,]{1,3}\d{1,2}-\d{1,2})$`)

	mobile   = regexp.MustCompile(`^(?:00)?(?:86)?1[3-9]\d{9}$`)
	landline = regexp.MustCompile(`^(?:00)?(?:86)?0?[1-9]\d{1,2}[2-8]\d{6,7}$|^[48]00\d{7}$`)
	identity = regexp.MustCompile(`^[1-9]\d{5}(?:19|20)\d\d(?:0[1-9]|1[0-2])[0-3]\d{4}[\dX]$|^[1-9]\d{7}(?:0[1-9]|1[0-2])[0-3]\d{4}$`)
	local    = regexp.MustCompile(`^[2-8]\d{6,7}$`)

	mail = regexp.MustCompile(`[A-Za-z0-9._%+\-]+\s*@\s*[A-Za-z0-9\-]+(?:\s*\.\s*[A-Za-z0-9\-]+)*\s*\.\s*[A-Za-z]{2,}`)
	// a name at WeChat or QQ: either word, perhaps "number", and then what somebody is called there
	chat = regexp.MustCompile(`(?i)(?:\x{5fae}\s*\x{4fe1}|\x{8587}\x{4fe1}|\x{5a01}\x{4fe1}|v\x{4fe1}|wechat|weixin|\bvx|qq|\x{6263}\x{6263})\s*(?:\x{53f7}\x{7801}?|id)?[\s:,=\-\x{662f}\x{4e3a}\x{52a0}\x{6211}]*([a-z0-9][a-z0-9_\-]{4,})`)
)

// Mask takes out of a text that others read what could lead to somebody: numbers of telephones, identity cards and accounts, e-mail addresses, names at WeChat and QQ;
// and says whether there were any. Full-width and Chinese digits are digits, and what stands between digits does not hide them. Days are left.
func Mask(s string) (masked string, found bool) {
	text := []rune(s)
	hide := make([]bool, len(text))
	classes, plain := make([]byte, len(text)), make([]rune, len(text))
	for i, r := range text {
		classes[i], plain[i] = classOf(r), narrow(r)
	}
	for _, at := range run.FindAllIndex(classes, -1) {
		hideNumbers(classes, at[0], at[1], hide)
	}
	hideWords(string(plain), mail, 0, hide)
	hideWords(string(plain), chat, 1, hide)
	var out strings.Builder
	for i, r := range text {
		switch {
		case !hide[i]:
			out.WriteRune(r)
		case i == 0 || !hide[i-1]:
			out.WriteString("***")
			found = true
		}
	}
	if !found {
		return s, false
	}
	return out.String(), true
}

// hideWords marks a group of what an expression finds.
func hideWords(s string, find *regexp.Regexp, group int, hide []bool) {
	for _, at := range find.FindAllStringSubmatchIndex(s, -1) {
		from := len([]rune(s[:at[2*group]]))
		for i := range len([]rune(s[at[2*group]:at[2*group+1]])) {
			hide[from+i] = true
		}
	}
}

// digitsOf are the digits of a part of the classes.
func digitsOf(part []byte) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, string(part))
}

// hideNumbers marks what is a number in a run of digits with separators between them. Days in it part it, unless the whole is a number that only looks like a day.
func hideNumbers(c []byte, from, to int, hide []bool) {
	rest, start := [][2]int{}, from
	for _, d := range day.FindAllIndex(c[from:to], -1) {
		a, b := from+d[0], from+d[1]
		if a > from && isDigit(c[a-1]) || b < to && isDigit(c[b]) {
			continue
		}
		rest, start = append(rest, [2]int{start, a}), b
	}
	rest = append(rest, [2]int{start, to})
	left := 0
	for _, p := range rest {
		left += len(digitsOf(c[p[0]:p[1]]))
	}
	all := digitsOf(c[from:to])
	check := all
	if to < len(c) && (c[to] == 'X' || c[to] == 'x') { // the check character of an identity number
		check += "X"
	}
	if left > 0 && (mobile.MatchString(all) || identity.MatchString(all) || identity.MatchString(check)) {
		rest = [][2]int{{from, to}}
	}
	for _, p := range rest {
		hidePiece(c, p[0], p[1], hide)
	}
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

// hidePiece marks numbers in a piece: seven digits or more that stand together, and groups that make one of the numbers that there are.
func hidePiece(c []byte, from, to int, hide []bool) {
	for from < to && !isDigit(c[from]) {
		from++
	}
	for to > from && !isDigit(c[to-1]) {
		to--
	}
	piece := string(c[from:to])
	if years.MatchString(piece) || span.MatchString(piece) {
		return
	}
	var groups [][2]int
	for i := from; i < to; i++ {
		if !isDigit(c[i]) {
			continue
		}
		j := i
		for j < to && isDigit(c[j]) {
			j++
		}
		groups = append(groups, [2]int{i, j})
		i = j
	}
	for i, g := range groups {
		number, even, one := "", true, byte(0)
		for j := i; j < len(groups); j++ {
			h := groups[j]
			number += string(c[h[0]:h[1]])
			if j > i {
				for _, s := range c[groups[j-1][1]:h[0]] {
					even, one = even && (one == 0 || one == s), s
				}
			}
			end := h[1]
			with := number
			if end == to && end < len(c) && c[end] == 'X' {
				with += "X"
			}
			switch {
			case i == j && len(number) >= 7, mobile.MatchString(number), landline.MatchString(number) && (number[0] == '0' || len(number) == 10 && number[1:3] == "00"),
				identity.MatchString(with), i < j && local.MatchString(number) && spoken(groups[i:j+1]), even && i < j && len(number) >= 10 && apart(groups[i:j+1]):
				if len(with) > len(number) {
					end++
				}
				for k := g[0]; k < end; k++ {
					hide[k] = true
				}
			}
			if len(number) > 24 {
				break
			}
		}
	}
}

// spoken says whether groups are as people say or write a number of seven or eight digits: 8833 1234, 883 1234, 88 33 12 34, or digit by digit.
func spoken(groups [][2]int) bool {
	size := func(i int) int { return groups[i][1] - groups[i][0] }
	if len(groups) == 2 {
		return size(0)+size(1) >= 7 && size(0) >= 3 && size(1) >= 3
	}
	for i := range groups {
		if size(i) != size(0) || size(i) > 2 {
			return len(groups) <= 4 && size(0) >= 2 && allAtLeast(groups, 2)
		}
	}
	return true
}

// apart says that no group is a number by itself; what stands beside one is none.
func apart(groups [][2]int) bool {
	for _, g := range groups {
		if g[1]-g[0] >= 7 {
			return false
		}
	}
	return true
}

func allAtLeast(groups [][2]int, n int) bool {
	for _, g := range groups {
		if g[1]-g[0] < n {
			return false
		}
	}
	return true
}
