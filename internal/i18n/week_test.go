package i18n

import (
	"strings"
	"testing"
)

// show writes a week as the volunteers' codes do: the day from 1, then m, a or e.
func (w Week) show() string {
	var out []string
	for d := range 7 {
		for p := range 3 {
			if w>>(3*d+p)&1 == 1 {
				out = append(out, string(rune('1'+d))+string("mae"[p]))
			}
		}
	}
	return strings.Join(out, " ")
}

func TestTimesAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"":                                     "",
		"长期有效":                                 "",
		"3月8日前":                                "",
		"每周一次":                                 "",
		"一周二次，每次两小时":                           "",
		"周六上午":                                 "6m",
		"每周二、四下午":                              "2a 4a",
		"周二、周四下午":                              "2a 4a",
		"周一至周三晚上":                              "1e 2e 3e",
		"星期六到星期一 上午":                           "1m 6m 7m",
		"礼拜天":                                  "7m 7a 7e",
		"周一上午，周三下午":                            "1m 3a",
		"周三下午或晚上":                              "3a 3e",
		"周末 9:00-11:30":                        "6m 7m",
		"周五 14:00–20:00":                       "5a 5e",
		"周五下午3点":                               "5a",
		"周五 18:00":                             "5e",
		"工作日晚上":                                "1e 2e 3e 4e 5e",
		"周末或晚上":                                "6m 6a 6e 7m 7a 7e",
		"Saturday morning, Sunday afternoon":   "6m 7a",
		"Mon–Wed evenings":                     "1e 2e 3e",
		"some money this month, a sunny place": "",
		"Mondays to Thursdays":                 "1m 1a 1e 2m 2a 2e 3m 3a 3e 4m 4a 4e",
		"weekends":                             "6m 6a 6e 7m 7a 7e",
	} {
		if got := ReadWeek(text); got.show() != want {
			t.Errorf("%q is read as %q, want %q", text, got.show(), want)
		}
	}
	if ReadWeek("全天，每天") != weekOf(allDays, wholeDay) {
		t.Error("every day is not every time")
	}
}

func TestWeeksMeet(t *testing.T) {
	if !ReadWeek("周六").Meets(ReadWeek("周末上午")) || ReadWeek("周六上午").Meets(ReadWeek("周六下午")) || ReadWeek("").Meets(ReadWeek("每天")) {
		t.Error("wrong")
	}
}

func FuzzReadWeek(f *testing.F) {
	f.Add("周一至周五 9:00-17:30")
	f.Fuzz(func(t *testing.T, s string) {
		if w := ReadWeek(s); w >= 1<<21 {
			t.Errorf("%q is read as %x", s, uint32(w))
		}
	})
}
