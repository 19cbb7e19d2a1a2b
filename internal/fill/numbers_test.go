package fill

import (
	"strings"
	"testing"

	"linli/internal/fact"
)

func TestStepsOfANumber(t *testing.T) {
	ages := options("□80岁以下 □80-89岁 □90-99岁 □100岁及以上")
	under := options("□60岁以下 □70岁以上")
	for _, c := range []struct {
		name string
		n    int
		opts []option
		want int
	}{
		{"below the first", 79, ages, 0},
		{"the bound belongs to the step that begins with it", 80, ages, 1},
		{"the last", 104, ages, 3},
		{"a bound that no other step names is counted in", 60, under, 0},
		{"between two steps there is none", 65, under, -1},
		{"other choices are no steps", 3, options("□是 □否"), -1},
	} {
		if got := step(c.n, c.opts); got != c.want {
			t.Errorf("%s: step(%d) = %d, want %d", c.name, c.n, got, c.want)
		}
	}
}

func TestNumbersGoIntoTheBox(t *testing.T) {
	codes, at, end, ok := numbered("1男 2女 □")
	if !ok || codes["女"] != "2" || "1男 2女 □"[at:end] != "□" {
		t.Errorf("numbered = %v %d %d %v", codes, at, end, ok)
	}
	for _, s := range []string{"编号□□□-□□□□□", "□是 □否", "1男 2女", "□"} {
		if _, _, _, ok := numbered(s); ok {
			t.Errorf("numbered(%q), want none", s)
		}
	}
}

func TestPlacesOfAValueInTheLabelsOwnCell(t *testing.T) {
	for text, want := range map[string]string{"填表日期: 年 月 日": "填表日期:", "报告日期：  年  月  日": "报告日期：", "填报单位:": "", "地址:和声街道": "", "年 月 日": ""} {
		if got, ok := dotted(text); ok != (want != "") || ok && got != want {
			t.Errorf("dotted(%q) = %q %v, want %q", text, got, ok, want)
		}
	}
}

func TestTimeAndScopeOfAReport(t *testing.T) {
	for title, want := range map[string]span{
		"2026年第三季度社区工作统计表": {period: "2026Q3"}, "2026年1季度报表": {period: "2026Q1"}, "2026年度党建统计表": {period: "2026"},
		"2026年上半年统计表": {vague: true}, "2026年9月份月报": {vague: true}, "社区基本情况统计表": {},
	} {
		if got := spanOf(title); got != want {
			t.Errorf("spanOf(%s) = %+v, want %+v", title, got, want)
		}
	}
	for title, want := range map[string]bool{"2026年第三季度晴语社区工作统计表": true, "社区党建工作情况统计表": true, "低保家庭情况统计表": false, "残疾人基本情况汇总表": false} {
		if got := plainTitle(title); got != want {
			t.Errorf("plainTitle(%s) = %v, want %v", title, got, want)
		}
	}
}

func TestWhatIsNotHeldIsProposedAsAFactOfItsOwn(t *testing.T) {
	slot := func(printed string, path ...string) Slot {
		return Slot{Path: path, Meaning: Unknown, field: field{options: options(printed)}}
	}
	f := Form{Sheets: []Sheet{{Name: "1", Kind: Card, Subject: fact.Person, Slots: []Slot{slot("", "籍贯"), slot("□未婚 □已婚", "婚姻状况"), slot("是□ 否□", "是否独生子女"),
		slot("", "补证日期"), slot("", "疫苗", "乙肝", "1"), slot("", "年收入(元)"), slot("", "籍贯"), {Path: []string{"姓名"}, Meaning: Sure}}}}}
	var got []string
	for _, p := range f.NotHeld() {
		got = append(got, p.Name+"="+string(p.Type)+strings.Join(p.Options, "/"))
	}
	want := "籍贯=text 婚姻状况=choice未婚/已婚 是否独生子女=yes_no 补证日期=date 乙肝1=text 年收入=number"
	if strings.Join(got, " ") != want {
		t.Errorf("NotHeld = %s, want %s", strings.Join(got, " "), want)
	}
}
