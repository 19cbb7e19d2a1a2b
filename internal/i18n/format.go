package i18n

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Zone is the time zone in which people read times and in which calendar periods are counted (PARTY-29).
var Zone = time.FixedZone("Asia/Shanghai", 8*3600)

// Date shows a day as 2026-09-30.
func Date(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone).Format("2006-01-02")
}

// DateTime shows an instant as 2026-09-30 14:05.
func DateTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone).Format("2006-01-02 15:04")
}

// Clock shows the time of day as 14:05.
func Clock(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(Zone).Format("15:04")
}

// Yuan shows fen as yuan with two decimals: 1250 is 12.50.
func Yuan(fen int64) string {
	sign := ""
	if fen < 0 {
		sign, fen = "-", -fen
	}
	return fmt.Sprintf("%s%s.%02d", sign, Number(fen/100), fen%100)
}

// PlainYuan is Yuan without separators, for files and forms.
func PlainYuan(fen int64) string { return strings.ReplaceAll(Yuan(fen), ",", "") }

// Number shows n with thousands separated: 410,000.
func Number(n int64) string {
	s := strconv.FormatInt(n, 10)
	neg := ""
	if n < 0 {
		neg, s = "-", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return neg + s
}

// Tenths shows a number of tenths: 415 is 41.5, 12340 is 1,234.
func Tenths(n int64) string {
	s := Number(n / 10)
	if n%10 != 0 {
		s += "." + strconv.FormatInt(n%10, 10)
	}
	return s
}

// Hours shows minutes as hours with at most two decimals: 90 is 1.5, 100 is 1.67 (half up).
func Hours(minutes int64) string {
	neg := ""
	if minutes < 0 {
		neg, minutes = "-", -minutes
	}
	hundredths := (minutes*100 + 30) / 60
	s := fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
	for s[len(s)-1] == '0' {
		s = s[:len(s)-1]
	}
	if s[len(s)-1] == '.' {
		s = s[:len(s)-1]
	}
	return neg + s
}

// Names is a list of names as a sentence has it; More says that there are others.
type Names struct {
	List []string
	More bool
}

// In gives the names in language l.
func (n Names) In(l Lang) string {
	if l == EN {
		s := strings.Join(n.List, ", ")
		if n.More {
			s += " and others"
		}
		return s
	}
	s := strings.Join(n.List, "、")
	if n.More {
		s += "等"
	}
	return s
}
