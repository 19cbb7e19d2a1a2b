package fill

import (
	"reflect"
	"testing"

	"linli/internal/calendar"
	"linli/internal/fact"
)

func TestCodingsAreReadAsOfficesPrintThem(t *testing.T) {
	cases := []struct {
		text string
		want coding
	}{
		{"男=1,女=2", coding{"男": "1", "女": "2"}},
		{"1男 2女", coding{"男": "1", "女": "2"}},
		{"（1男；2女）", coding{"男": "1", "女": "2"}},
		{"性别（男1，女2）", coding{"男": "1", "女": "2"}},
		{"男1，女2", coding{"男": "1", "女": "2"}},
		{"是 1, 否 0", coding{"是": "1", "否": "0"}},
		{"是=1，否=2", coding{"是": "1", "否": "2"}},
		{"是填1，否填0", coding{"是": "1", "否": "0"}},
		{"1城镇 2农村", coding{"城镇": "1", "农村": "2"}},
		{"1.未婚 2.已婚 3.丧偶 4.离婚", coding{"未婚": "1", "已婚": "2", "丧偶": "3", "离婚": "4"}},
		{"注：性别 1男 2女", coding{"男": "1", "女": "2"}},
		{"性别1男2女", coding{"男": "1", "女": "2"}},
		{"性别男1女2", coding{"性别男": "1", "女": "2"}},
		{"是/否", nil},
		{"2016年7月31日", nil},
		{"单位：元", nil},
	}
	for _, c := range cases {
		if got := readCoding(c.text); !reflect.DeepEqual(got, c.want) {
			t.Errorf("readCoding(%q) = %v, want %v", c.text, got, c.want)
		}
	}
}

func TestDatesAreReadAndWrittenInTheStyleOfTheForm(t *testing.T) {
	day := calendar.On(1961, 3, 7)
	for _, style := range []dateStyle{dateISO, dateDots, dateSlashes, dateWords, datePlain} {
		s := style.write(day)
		got, whole, ok := readDate(s)
		if !ok || !whole || got != day {
			t.Errorf("%s: read back %v %v %v, want %v", s, got, whole, ok, day)
		}
		if back, ok := sampleDate(s); !ok || back != style {
			t.Errorf("style of %s = %s, want %s", s, back, style)
		}
	}
	for _, style := range []dateStyle{monthISO, monthDots, monthWords, monthPlain} {
		got, whole, ok := readDate(style.write(day))
		if !ok || whole || got != calendar.On(1961, 3, 1) {
			t.Errorf("%s: read back %v %v %v", style.write(day), got, whole, ok)
		}
	}
	if got, _, ok := readDate("22347"); !ok || got != calendar.On(1961, 3, 7) {
		t.Errorf("serial number 22347 = %v %v, want 1961-03-07", got, ok)
	}
	for _, s := range []string{"不详", "12", "1961-13-01", ""} {
		if d, _, ok := readDate(s); ok {
			t.Errorf("readDate(%q) = %v, want none", s, d)
		}
	}
	for text, want := range map[string]dateStyle{"出生年月": monthDots, "出生日期(yyyy-mm-dd)": dateISO, "学生毕业时间（yyyymm）": monthPlain, "补证日期(年月日)": dateWords, "出生日期（如1990.01.01）": dateDots} {
		if got, ok := hintDate(text); !ok || got != want {
			t.Errorf("hintDate(%q) = %s %v, want %s", text, got, ok, want)
		}
	}
	if got, ok := hintDate("出生日期"); ok {
		t.Errorf("hintDate(出生日期) = %s, want none", got)
	}
	if d, ok := asOf("年龄（截至2016年7月31日）"); !ok || d != calendar.On(2016, 7, 31) {
		t.Errorf("asOf = %v %v", d, ok)
	}
	if _, ok := asOf("2021年05月18日"); ok {
		t.Error("a date alone is not a day for which ages are counted")
	}
}

func TestADifferenceOfSomethingSealedIsKeptMasked(t *testing.T) {
	var o Outcome
	o.differs(Difference{Cell: "13800138000", Record: "13900139000"}, fact.Fact{Sensitivity: fact.Sealed})
	o.differs(Difference{Cell: "小学", Record: "初中"}, fact.Fact{Sensitivity: fact.Personal})
	if d := o.Differs[0]; !d.Sealed || d.Cell != "****00" || d.Record != "****00" {
		t.Errorf("sealed: %+v", d)
	}
	if d := o.Differs[1]; d.Sealed || d.Cell != "小学" || d.Record != "初中" {
		t.Errorf("personal: %+v", d)
	}
}
