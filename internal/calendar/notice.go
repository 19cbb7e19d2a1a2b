package calendar

import (
	"bufio"
	"strings"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// maxSpan is how many days one line of a notice may cover.
const maxSpan = 15

// ReadNotice reads a year as people can write it down from the notice, one line each: first day, last day if there are several,
// 休 (off) or 班 (exchanged working day), and the holiday.
//
//	2027-01-01 2027-01-03 休 元旦
//	2027-01-04 班 元旦
//
// Text that begins with a brace is read by ReadYear. The error is Invalid and names the line.
func ReadNotice(year int, notice, text string) (Year, error) {
	if strings.HasPrefix(strings.TrimSpace(text), "{") {
		y, err := ReadYear(strings.NewReader(text))
		if err == nil && notice != "" {
			y.Notice = notice
		}
		return y, err
	}
	y := Year{Year: year, Notice: notice}
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		words := strings.FieldsFunc(lines.Text(), func(r rune) bool { return strings.ContainsRune(" \t\r,，、;；　至~", r) })
		if len(words) == 0 {
			continue
		}
		days, ok := span(words)
		if !ok {
			return Year{}, errs.New(errs.Invalid, i18n.CalendarLine, n)
		}
		y.Days = append(y.Days, days...)
	}
	return y, y.Check()
}

// span reads the words of one line.
func span(words []string) ([]Day, bool) {
	first, err := Parse(words[0])
	if err != nil || first.IsZero() || len(words) < 2 {
		return nil, false
	}
	last, rest := first, words[1:]
	if d, err := Parse(rest[0]); err == nil && !d.IsZero() {
		last, rest = d, rest[1:]
	}
	if len(rest) == 0 || (rest[0] != "休" && rest[0] != "班") || last.Before(first) || last.After(first.AddDays(maxSpan)) {
		return nil, false
	}
	var list []Day
	for d := first; !d.After(last); d = d.AddDays(1) {
		list = append(list, Day{Date: d, Off: rest[0] == "休", Name: strings.Join(rest[1:], " ")})
	}
	return list, true
}
