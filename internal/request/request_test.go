package request

import (
	"slices"
	"strings"
	"testing"

	"linli/internal/calendar"
	"linli/internal/fact"
	"linli/internal/i18n"
)

func TestOccurrences(t *testing.T) {
	for _, c := range []struct {
		name             string
		every            Every
		first, end, last string
		want             string
	}{
		{"once is once", Once, "2026-09-20", "2027-09-20", "2028-01-01", "once 2026-09-20"},
		{"a month's end stays one", Monthly, "2026-01-31", "2026-04-30", "2027-01-01", "2026-01 2026-01-31, 2026-02 2026-02-28, 2026-03 2026-03-31, 2026-04 2026-04-30"},
		{"the last day counts", Quarterly, "2026-03-25", "2026-09-25", "2027-01-01", "2026Q1 2026-03-25, 2026Q2 2026-06-25, 2026Q3 2026-09-25"},
		{"only up to the day asked", Quarterly, "2026-03-25", "2027-09-25", "2026-06-30", "2026Q1 2026-03-25, 2026Q2 2026-06-25"},
		{"halves", HalfYear, "2026-06-30", "2027-06-30", "2027-06-30", "2026H1 2026-06-30, 2026H2 2026-12-30, 2027H1 2027-06-30"},
		{"years, from the 29th of February", Yearly, "2028-02-29", "2029-12-31", "2030-01-01", "2028 2028-02-29, 2029 2029-02-28"},
		{"nothing before it begins", Monthly, "2026-10-01", "2027-10-01", "2026-09-30", ""},
		{"an end before the beginning", Monthly, "2026-10-01", "2026-09-01", "2027-01-01", ""},
	} {
		var got []string
		for _, o := range c.every.Occurrences(calendar.MustParse(c.first), calendar.MustParse(c.end), calendar.MustParse(c.last)) {
			got = append(got, o.Period+" "+o.On.String())
		}
		if s := strings.Join(got, ", "); s != c.want {
			t.Errorf("%s: %q, want %q", c.name, s, c.want)
		}
	}
	if got := Monthly.Occurrences(calendar.Date{}, calendar.MustParse("2027-01-01"), calendar.MustParse("2027-01-01")); got != nil {
		t.Errorf("without a first day: %v", got)
	}
}

func TestPeriodsHaveNames(t *testing.T) {
	for p, want := range map[string]string{"once": "只交一次", "2026-09": "2026 年 9 月", "2026Q3": "2026 年第 3 季度", "2026H1": "2026 年上半年", "2026H2": "2026 年下半年", "2026": "2026 年", "2026?": "2026?"} {
		if got := PeriodLabel(p).In(i18n.ZH); got != want {
			t.Errorf("PeriodLabel(%s) = %q, want %q", p, got, want)
		}
	}
}

func TestAnOccurrenceIsLateOnTheDayAfter(t *testing.T) {
	d := Due{On: calendar.MustParse("2026-09-20")}
	for day, want := range map[string]DueState{"2026-09-01": Ahead, "2026-09-12": Ahead, "2026-09-13": Waits, "2026-09-20": Waits, "2026-09-21": Late} {
		if got := d.State(calendar.MustParse(day), 7); got != want {
			t.Errorf("on %s it is %s, want %s", day, got, want)
		}
	}
	d.Answer = &Answer{}
	if got := d.State(calendar.MustParse("2026-12-01"), 7); got != Answered {
		t.Errorf("answered it is %s", got)
	}
}

func TestTheTitleSaysWhoAsks(t *testing.T) {
	for title, want := range map[string]Guess{
		"亭湖区民政局2026年高龄老人津贴发放情况月报表": {"2026年高龄老人津贴发放情况月报表", "亭湖区民政局", "", Monthly},
		"附件1：文峰街道办事处关于辖区楼栋长信息统计表":  {"辖区楼栋长信息统计表", "文峰街道办事处", "", Once},
		"盐城市卫生健康委员会 65岁以上老人季度统计表":  {"65岁以上老人季度统计表", "盐城市卫生健康委员会", "", Quarterly},
		"困难群众摸底表（亭民发〔2026〕12号）":    {"困难群众摸底表", "", "亭民发〔2026〕12号", Once},
		"党组织年报表":    {"党组织年报表", "", "", Yearly},
		"上半年志愿服务情况": {"上半年志愿服务情况", "", "", HalfYear},
		"":          {"", "", "", Once},
		"区残联":       {"区残联", "", "", Once},
	} {
		if got := GuessOf(title); got != want {
			t.Errorf("GuessOf(%s) = %+v, want %+v", title, got, want)
		}
	}
}

func TestWhatTwoRequestsShare(t *testing.T) {
	f := func(label, subject, ref string) Field {
		return Field{Label: label, Subject: fact.Subject(subject), Fact: ref}
	}
	a := []Field{f("姓名", "person", "person.name"), f("户主姓名", "person", "household/head/person.name"), f("学历", "person", "person.schooling"), f("犬只", "person", ""), f("最高学历", "person", "person.schooling")}
	for _, c := range []struct {
		name string
		b    []Field
		want []string
	}{
		{"whose row it is says nothing", []Field{f("姓名", "person", "person.name"), f("户主", "person", "household/head/person.name")}, nil},
		{"the same fact, once, whatever it is called", []Field{f("文化程度", "person", "person.schooling")}, []string{"学历"}},
		{"the same fact of others", []Field{f("学历", "member", "person.schooling")}, nil},
		{"what nobody knows is not the same", []Field{f("犬只", "person", "")}, nil},
	} {
		if got := Shared(a, c.b); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}

func TestMinutesAndShares(t *testing.T) {
	for s, want := range map[int64]int64{-5: 1, 0: 1, 1: 1, 60: 1, 61: 2, 1 << 40: 1440} {
		if got := minutes(s); got != want {
			t.Errorf("minutes(%d) = %d, want %d", s, got, want)
		}
	}
	if a := (Answer{Asked: 3, Filled: 2}); a.Percent() != 66 || a.Left() != 1 || (Answer{}).Percent() != -1 {
		t.Errorf("shares of %+v", a)
	}
}
