package fill

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"linli/internal/calendar"
)

// coding says how a form wants the values of a column written as codes of its own: 男=1, 女=2; 1城镇 2农村; 是 1, 否 0. Keys are
// squeezed words.
type coding map[string]string

var (
	// wordFirst is 男=1,女=2 and 是 1, 否 0; codeFirst is 1男 2女 and 01-汉族.
	wordFirst = regexp.MustCompile(`([\p{Han}a-z√△]+)[=:]?(\d{1,2})(?:\D|$)`)
	codeFirst = regexp.MustCompile(`(?:^|[^\d])(\d{1,2})[=:.、-]?([\p{Han}]+)`)
)

// readCoding reads codes from a text of notes or from what stands in brackets behind a label. nil if it holds no two.
func readCoding(s string) coding {
	s = squeeze(s)
	type way struct {
		re         *regexp.Regexp
		word, code int
	}
	ways := []way{{wordFirst, 1, 2}, {codeFirst, 2, 1}}
	if last, _ := utf8.DecodeLastRuneInString(strings.TrimRight(s, "):,;.、。")); isHan(last) { // 1男2女 ends in a word, 男1女2 in a code
		slices.Reverse(ways)
	}
	var first coding
	for _, how := range ways {
		c := coding{}
		codes := map[string]bool{}
		clean := true
		for _, m := range allMatches(how.re, s) {
			w := strings.Trim(m[how.word], "填写为或和")
			if w == "" || strings.ContainsAny(w, "年月日元号") && len([]rune(w)) == 1 || codes[m[how.code]] || c[w] != "" {
				clean = false
				break
			}
			c[w], codes[m[how.code]] = m[how.code], true
		}
		if !clean || len(c) < 2 {
			continue
		}
		if c.has(sexWords) || c.has(yesWords) || c.has(hasWords) {
			return c
		}
		if first == nil {
			first = c
		}
	}
	return first
}

// allMatches finds matches that may share their last character with the next one's first.
func allMatches(re *regexp.Regexp, s string) [][]string {
	var out [][]string
	for s != "" {
		m := re.FindStringSubmatchIndex(s)
		if m == nil {
			break
		}
		groups := make([]string, len(m)/2)
		end := 0
		for i := range groups {
			if m[2*i] >= 0 {
				groups[i] = s[m[2*i]:m[2*i+1]]
				if i > 0 {
					end = max(end, m[2*i+1])
				}
			}
		}
		out = append(out, groups)
		s = s[max(end, 1):]
	}
	return out
}

// sexWords and yesWords are what a coding of the two commonest columns speaks of.
var (
	sexWords = [2]string{"男", "女"}
	yesWords = [2]string{"是", "否"}
	hasWords = [2]string{"有", "无"}
)

func (c coding) has(words [2]string) bool { return c[words[0]] != "" && c[words[1]] != "" }

// dateStyle is how a column wants its dates.
type dateStyle string

// The styles, by what they look like.
const (
	dateISO     dateStyle = "2006-01-02"
	dateDots    dateStyle = "2006.01.02"
	dateSlashes dateStyle = "2006/01/02"
	dateWords   dateStyle = "2006年1月2日"
	datePlain   dateStyle = "20060102"
	monthISO    dateStyle = "2006-01"
	monthDots   dateStyle = "2006.01"
	monthWords  dateStyle = "2006年1月"
	monthPlain  dateStyle = "200601"
	yearOnly    dateStyle = "2006"
)

// sampleDate recognises the style of a value that stands in the column already.
func sampleDate(s string) (dateStyle, bool) {
	s = squeeze(s)
	for _, p := range []struct {
		re    *regexp.Regexp
		style dateStyle
	}{
		{regexp.MustCompile(`^\d{4}-\d{1,2}-\d{1,2}$`), dateISO},
		{regexp.MustCompile(`^\d{4}\.\d{1,2}\.\d{1,2}$`), dateDots},
		{regexp.MustCompile(`^\d{4}/\d{1,2}/\d{1,2}$`), dateSlashes},
		{regexp.MustCompile(`^\d{4}年\d{1,2}月\d{1,2}日$`), dateWords},
		{regexp.MustCompile(`^(19|20)\d{6}$`), datePlain},
		{regexp.MustCompile(`^\d{4}-\d{1,2}$`), monthISO},
		{regexp.MustCompile(`^\d{4}\.\d{1,2}$`), monthDots},
		{regexp.MustCompile(`^\d{4}年\d{1,2}月$`), monthWords},
		{regexp.MustCompile(`^(19|20)\d{2}(0[1-9]|1[0-2])$`), monthPlain},
	} {
		if p.re.MatchString(s) {
			return p.style, true
		}
	}
	return "", false
}

// hintDate reads the style from what a label says: (yyyy-mm-dd), (年 月 日), 出生年月.
func hintDate(labelText string) (dateStyle, bool) {
	q := squeeze(labelText)
	for _, p := range []struct {
		word  string
		style dateStyle
	}{
		{"yyyy-mm-dd", dateISO}, {"yyyy.mm.dd", dateDots}, {"yyyy/mm/dd", dateSlashes}, {"yyyymmdd", datePlain}, {"yyyy年mm月dd日", dateWords},
		{"yyyy年m月d日", dateWords}, {"yyyy-mm", monthISO}, {"yyyy.mm", monthDots}, {"yyyy年mm月", monthWords}, {"yyyymm", monthPlain},
		{"八位数字", datePlain}, {"8位数字", datePlain}, {"六位数字", monthPlain}, {"6位数字", monthPlain},
	} {
		if strings.Contains(q, p.word) {
			return p.style, true
		}
	}
	for _, h := range hints(labelText) {
		if style, ok := sampleDate(strings.TrimPrefix(strings.TrimPrefix(h, "如"), "例")); ok {
			return style, true
		}
		switch h {
		case "年月日":
			return dateWords, true
		case "年月":
			return monthWords, true
		}
	}
	if l := label(labelText); strings.HasSuffix(l, "年月") {
		return monthDots, true
	} else if strings.HasSuffix(l, "年份") {
		return yearOnly, true
	}
	return "", false
}

// write gives a day in the style.
func (s dateStyle) write(d calendar.Date) string { return d.Time().Format(string(s)) }

// read reads a day in any style that people use, also as the serial number of a spreadsheet; whole is false where only the month is given.
func readDate(s string) (d calendar.Date, whole, ok bool) {
	q := squeeze(s)
	if q == "" {
		return calendar.Date{}, false, false
	}
	if style, known := sampleDate(q); known {
		switch style {
		case monthISO, monthDots, monthWords, monthPlain:
			m := regexp.MustCompile(`\d+`).FindAllString(q, -1)
			if len(m) == 1 {
				m = []string{q[:4], q[4:]}
			}
			y, _ := strconv.Atoi(m[0])
			mo, _ := strconv.Atoi(m[1])
			d = calendar.On(y, time.Month(mo), 1)
			return d, false, !d.IsZero()
		}
		d, err := calendar.Parse(q)
		return d, true, err == nil && !d.IsZero()
	}
	if f, err := strconv.ParseFloat(q, 64); err == nil && f >= 1 && f < 80_000 && len(q) <= 8 { // days since 1899-12-30
		d = calendar.On(1899, 12, 30).AddDays(int(f))
		return d, true, f > 3_000
	}
	d, err := calendar.Parse(s)
	return d, true, err == nil && !d.IsZero()
}

// asOfWords are how a form says for which day ages are counted: 截至2016年7月31日, (2016-07-31).
var asOfWords = regexp.MustCompile(`(截至|截止到?|以)?(\d{4}[年.\-/]\d{1,2}[月.\-/]\d{1,2}日?)(为准|止)?`)

// asOf finds the day for which a form asks, in its title, labels or notes; only where it says so.
func asOf(texts ...string) (calendar.Date, bool) {
	for _, s := range texts {
		m := asOfWords.FindStringSubmatch(squeeze(s))
		if m == nil || m[1] == "" && m[3] == "" {
			continue
		}
		if d, err := calendar.Parse(m[2]); err == nil && !d.IsZero() {
			return d, true
		}
	}
	return calendar.Date{}, false
}
