package i18n

import (
	"regexp"
	"strconv"
	"strings"
)

// Week is a set of times of the week: seven days, Monday first, of morning, afternoon and evening each. None is no time said.
type Week uint32

// Meets says whether two weeks have a time in common.
func (w Week) Meets(other Week) bool { return w&other != 0 }

// enDayEnd is the rest of the name of a day: none, or the whole one.
const enDayEnd = `(?:s|day|sday|nesday|rs|rsday|urday)?s?\b`

// parts of a day as bits, and days as bits.
const (
	morning, afternoon, evening = 1, 2, 4
	wholeDay                    = morning | afternoon | evening
	workdays                    = 1<<5 - 1
	weekend                     = 3 << 5
	allDays                     = workdays | weekend
)

func weekOf(days, parts int) (w Week) {
	for d := range 7 {
		if days>>d&1 == 1 {
			w |= Week(parts) << (3 * d)
		}
	}
	return w
}

var (
	clauseEnd = regexp.MustCompile(`[;；,，.。!！?？\n]|或者|或| or `)
	zhDays    = regexp.MustCompile(`(?:周|星期|礼拜)([一二三四五六日天])(?:\s*(至|到|-|－|—|–|~|～)\s*(?:周|星期|礼拜)?([一二三四五六日天]))?((?:\s*、\s*[一二三四五六日天])*)(次|回|趟|小|天|个|场|节)?`)
	enDays    = regexp.MustCompile(`\b(mon|tue|wed|thu|fri|sat|sun)` + enDayEnd + `(?:\s*(to|-|–|—)\s*(mon|tue|wed|thu|fri|sat|sun)` + enDayEnd + `)?`)
	hourSpan  = regexp.MustCompile(`(\d{1,2})\s*(?:[:：]\d{2}|点半|点|时)\s*(?:至|到|-|－|—|–|~|～|to)?\s*(?:(\d{1,2})\s*(?:[:：]\d{2}|点半|点|时))?`)
	dayWords  = []struct {
		words string
		days  int
	}{{"工作日 平日 weekday", workdays}, {"周末 双休日 weekend", weekend}, {"每天 每日 天天 daily every_day everyday", allDays}}
	partWords = []struct {
		words string
		parts int
	}{{"上午 早上 早晨 清晨 morning", morning}, {"中午 下午 午后 noon afternoon", afternoon}, {"傍晚 晚上 晚间 夜间 夜里 下班后 evening night", evening}, {"全天 整天 all_day", wholeDay}}
)

const zhDayNames = "一二三四五六日"

func zhDay(s string) int {
	if s == "天" {
		s = "日"
	}
	return strings.Index(zhDayNames, s) / len("一")
}

func enDay(s string) int { return strings.Index("montuewedthufrisatsun", s) / 3 }

// daysFrom are the days from one to another, over Sunday where the first is later.
func daysFrom(from, to int) (days int) {
	for d := from; ; d = (d + 1) % 7 {
		days |= 1 << d
		if d == to {
			return days
		}
	}
}

// ReadWeek reads the times of the week that a text names, in either language: days, parts of days and hours as people write them. It guesses nothing: what names no time is none.
func ReadWeek(text string) (w Week) {
	last := allDays
	for _, clause := range clauseEnd.Split(strings.ToLower(text), -1) {
		days, parts := daysIn(clause), partsIn(clause)
		switch {
		case days != 0 && parts != 0:
			w |= weekOf(days, parts)
		case days != 0:
			w |= weekOf(days, wholeDay)
		case parts != 0:
			w |= weekOf(last, parts)
		}
		if days != 0 {
			last = days
		}
	}
	return w
}

func daysIn(clause string) (days int) {
	for _, m := range zhDays.FindAllStringSubmatch(clause, -1) {
		if m[5] != "" && m[2] == "" && m[4] == "" { // once a week, an hour a week
			continue
		}
		if to := m[3]; to != "" {
			days |= daysFrom(zhDay(m[1]), zhDay(to))
		} else {
			days |= 1 << zhDay(m[1])
		}
		for _, d := range strings.FieldsFunc(m[4], func(r rune) bool { return r == '、' || r == ' ' }) {
			days |= 1 << zhDay(d)
		}
	}
	for _, m := range enDays.FindAllStringSubmatch(clause, -1) {
		if m[3] != "" {
			days |= daysFrom(enDay(m[1]), enDay(m[3]))
		} else {
			days |= 1 << enDay(m[1])
		}
	}
	for _, x := range dayWords {
		if anyWord(clause, x.words) {
			days |= x.days
		}
	}
	return days
}

func partsIn(clause string) (parts int) {
	for _, x := range partWords {
		if anyWord(clause, x.words) {
			parts |= x.parts
		}
	}
	late := parts == afternoon || parts == evening
	for _, m := range hourSpan.FindAllStringSubmatch(clause, -1) {
		from, _ := strconv.Atoi(m[1])
		to := from
		if m[2] != "" {
			to, _ = strconv.Atoi(m[2])
		}
		if from > 24 || to > 24 || to < from || late && from < 12 { // an hour after “afternoon” is one of the twelve
			continue
		}
		for _, p := range []struct{ part, from, to int }{{morning, 0, 12}, {afternoon, 12, 18}, {evening, 18, 24}} {
			if from < p.to && (to > p.from || to == from && from >= p.from) {
				parts |= p.part
			}
		}
	}
	return parts
}

func anyWord(s, words string) bool {
	for x := range strings.FieldsSeq(words) {
		if strings.Contains(s, strings.ReplaceAll(x, "_", " ")) {
			return true
		}
	}
	return false
}
