package tabular

import (
	"strings"
	"testing"

	"linli/internal/i18n"
)

func TestHeaderBelowTitleLines(t *testing.T) {
	for _, c := range []struct {
		name, in, header string
		headerRow        int
		rows             []readRow
		skipped          int
	}{
		{"title and unit lines", "示范社区居民花名册,,\n填报单位：示范社区,,填报日期：2026年9月\n姓名,身份证号,联系电话\n王小明,1,2\n", "姓名|身份证号|联系电话", 3, []readRow{row(4, "王小明", "1", "2")}, 0},
		{"marks, units and blanks in names", "序号,姓  名*,身份证号码（18位）,【联系电话】\n1,王小明,1,2\n", "序号|姓  名*|身份证号码（18位）|【联系电话】", 1, []readRow{row(2, "1", "王小明", "1", "2")}, 0},
		{"two header rows with a group", "居民登记表,,,,\n基本信息,,,联系方式,\n姓名,身份证号,性别,手机,住址\n王小明,1,男,2,x\n", "姓名|身份证号|性别|手机|住址", 3, []readRow{row(4, "王小明", "1", "男", "2", "x")}, 0},
		{"names above, parts below", "姓名,身份证号,联系方式,\n,,手机,住址\n王小明,1,2,x\n", "姓名|身份证号|手机|住址", 2, []readRow{row(3, "王小明", "1", "2", "x")}, 0},
		{"column numbers under the header", "姓名,身份证号,性别\n1,2,3\n王小明,1,男\n", "姓名|身份证号|性别", 1, []readRow{row(3, "王小明", "1", "男")}, 1},
		{"full-width column numbers in brackets", "姓名,身份证号,性别\n（１）,（２）,（３）\n王小明,1,男\n", "姓名|身份证号|性别", 1, []readRow{row(3, "王小明", "1", "男")}, 1},
		{"the template's example", "姓名,身份证号,联系电话\n张三,110105194912310000,13800000000\n王小明,1,\n", "姓名|身份证号|联系电话", 1, []readRow{row(3, "王小明", "1")}, 1},
		{"a person of the example's name", "姓名,身份证号,联系电话\n张三,110105194912310000,13800000001\n", "姓名|身份证号|联系电话", 1, []readRow{row(2, "张三", "110105194912310000", "13800000001")}, 0},
		{"sum and sign-off lines", "姓名,身份证号,联系电话,面积\n王小明,1,2,3\n合计,,,3\n填表人：张三,,审核人：李四,\n注：本表一式两份,,,\n", "姓名|身份证号|联系电话|面积", 1, []readRow{row(2, "王小明", "1", "2", "3")}, 3},
		{"a person in charge is no sign-off line", "职务,姓名,身份证号,电话\n负责人,王小明,1,\n", "职务|姓名|身份证号|电话", 1, []readRow{row(2, "负责人", "王小明", "1")}, 0},
		{"English titles", "Name,ID number,Phone\nWang,1,2\n", "Name|ID number|Phone", 1, []readRow{row(2, "Wang", "1", "2")}, 0},
	} {
		table, err := openBytes(t, []byte(c.in), Options{Columns: people})
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if got := strings.Join(table.Header, "|"); got != c.header || table.HeaderRow != c.headerRow {
			t.Errorf("%s: header %q in row %d, want %q in %d", c.name, got, table.HeaderRow, c.header, c.headerRow)
		}
		wantRows(t, c.name, table, c.rows...)
		if len(table.Skipped) != c.skipped {
			t.Errorf("%s: skipped %v, want %d rows", c.name, table.Skipped, c.skipped)
		}
	}
}

func TestNoHeader(t *testing.T) {
	_, err := openBytes(t, []byte("王小明,999999199001010016,男\n李四,999999199001010024,女\n"), Options{Columns: people})
	wantText(t, "data only", err, i18n.TabularNoHeader)
	if !strings.Contains(err.Error(), "ID number") {
		t.Errorf("the message does not name the columns: %v", err)
	}
}

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		name, header string
		index        map[string]int
		problems     []i18n.Text
		unused       int
	}{
		{"exact", "姓名|身份证号", map[string]int{"name": 0, "id_number": 1, "phone": -1}, nil, 0},
		{"any order, others between", "备注|身份证号|住址|姓名", map[string]int{"name": 3, "id_number": 1}, nil, 2},
		{"synonyms", "居民姓名|公民身份号码|手机号码|出生年月日", map[string]int{"name": 0, "id_number": 1, "phone": 2, "birth": 3}, nil, 0},
		{"blanks, stars, brackets, colons", "*姓 名：|身份证号\n(必填)|联系电话[1]|面积（平方米）", map[string]int{"name": 0, "id_number": 1, "phone": 2, "area": 3}, nil, 0},
		{"full width and small letters", "ＮＡＭＥ|id NUMBER", map[string]int{"name": 0, "id_number": 1}, nil, 0},
		{"exact beats synonym", "手机|联系电话|姓名|身份证号", map[string]int{"phone": 1}, nil, 1},
		{"missing required", "姓名|性别", map[string]int{"name": 0, "id_number": -1}, []i18n.Text{i18n.TabularMissing}, 0},
		{"nothing at all", "甲|乙", map[string]int{}, []i18n.Text{i18n.TabularMissing, i18n.TabularMissing}, 2},
		{"twice the same", "姓名|身份证号|姓名", map[string]int{"name": 0}, []i18n.Text{i18n.TabularTwice}, 1},
		{"two synonyms", "姓名|身份证号|手机|电话", map[string]int{"phone": 2}, []i18n.Text{i18n.TabularTwice}, 1},
		{"similar name is offered, not taken", "户主姓名|身份证号", map[string]int{"name": -1}, []i18n.Text{i18n.TabularMissing, i18n.TabularLikely}, 1},
		{"similar name beside the exact one", "户主姓名|姓名|身份证号", map[string]int{"name": 1}, nil, 1},
		{"blank header cells", "|姓名||身份证号|", map[string]int{"name": 1, "id_number": 3}, nil, 0},
	} {
		m := Match(strings.Split(c.header, "|"), people)
		for key, want := range c.index {
			if got := m.Index(key); got != want {
				t.Errorf("%s: Index(%s) = %d, want %d", c.name, key, got, want)
			}
		}
		wantProblems(t, c.name, m, c.problems)
		if len(m.Unused) != c.unused {
			t.Errorf("%s: unused %v, want %d", c.name, m.Unused, c.unused)
		}
	}
}

func wantProblems(t *testing.T, name string, m Mapping, want []i18n.Text) {
	t.Helper()
	blocked := false
	for i, p := range m.Problems {
		if i >= len(want) || p.Message.Text != want[i] {
			t.Errorf("%s: problem %q", name, p.Message.In(i18n.ZH))
		}
		blocked = blocked || !p.Warning
	}
	if len(m.Problems) < len(want) {
		t.Errorf("%s: %d problems, want %d", name, len(m.Problems), len(want))
	}
	if (m.Err() != nil) != blocked {
		t.Errorf("%s: Err = %v beside %d problems", name, m.Err(), len(m.Problems))
	}
}

func TestMatchChosen(t *testing.T) {
	header := []string{"户主姓名", "姓名", "身份证号", "电话"}
	for _, c := range []struct {
		name     string
		chosen   map[string]int
		at, want int // of "name"
		problems []i18n.Text
	}{
		{"another column", map[string]int{"name": 0}, 0, 0, nil},
		{"left out though required", map[string]int{"name": -1}, 0, -1, []i18n.Text{i18n.TabularMissing}},
		{"not in the header", map[string]int{"name": 9}, 0, -1, []i18n.Text{i18n.TabularNoColumn, i18n.TabularMissing}},
		{"one column for two", map[string]int{"name": 1, "id_number": 1}, 0, 1, []i18n.Text{i18n.TabularSharedColumn, i18n.TabularMissing}},
	} {
		m := MatchChosen(header, people, c.chosen)
		if got := m.Index("name"); got != c.want {
			t.Errorf("%s: Index(name) = %d, want %d", c.name, got, c.want)
		}
		wantProblems(t, c.name, m, c.problems)
	}
	m := MatchChosen(header, people, map[string]int{"name": 0})
	if len(m.Unused) != 1 || m.Unused[0] != 1 || m.Found[0].Certainty != Chosen || m.Index("phone") != 3 {
		t.Errorf("unused %v, found %v", m.Unused, m.Found)
	}
}

// Every list of the collected real forms: its header is found under the lines that stand above it.
func TestMappingReadsRows(t *testing.T) {
	table := mustOpen(t, []byte("身份证号,姓名,电话\n' 999999199001010016 ,\u3000王小明 ,+86 138\n"), Options{Columns: people})
	m := table.Match()
	r, err := table.Next()
	if err != nil {
		t.Fatal(err)
	}
	if m.Of(r, "name") != "王小明" || m.Of(r, "id_number") != "999999199001010016" || m.Of(r, "sex") != "" || r.At(99) != "" {
		t.Errorf("name %q, id %q", m.Of(r, "name"), m.Of(r, "id_number"))
	}
}

func TestProblemMasksSealedValues(t *testing.T) {
	m := Match([]string{"身份证号码", "姓名"}, people)
	r := Row{N: 7, Cells: []string{"999999199001010017", strings.Repeat("长", 50)}}
	p := m.Problem(r, "id_number", msg(i18n.CodeIDCheck), msg(i18n.CodeIDAdvice))
	if p.Row != 7 || p.Column != "身份证号码" || p.Masked != "999***********0017" || p.Warning {
		t.Errorf("%+v", p)
	}
	if p := m.Warn(r, "name", msg(i18n.ErrTooLong), msg(i18n.Text{})); len([]rune(p.Masked)) != 41 || !p.Warning {
		t.Errorf("%+v", p)
	}
	if p := m.Problem(r, "phone", msg(i18n.ErrRequired), msg(i18n.Text{})); p.Column != "联系电话" || p.Masked != "" {
		t.Errorf("%+v", p)
	}
}

func TestMask(t *testing.T) {
	for in, want := range map[string]string{
		"": "", "王": "*", "王五": "王*", "王小明": "王**", "欧阳小明": "欧***", "12345": "1***5", "88880000": "88****00",
		"13812345678": "138****5678", "999999199001010016": "999***********0016", strings.Repeat("x", 1000): "xxx******************xxxx",
	} {
		if got := Mask(in); got != want {
			t.Errorf("Mask(%q) = %q, want %q", in, got, want)
		}
	}
}

func TestLooksLikeFormula(t *testing.T) {
	for in, want := range map[string]bool{
		"=1+1": true, " =A1": true, "'=1": true, "+cmd|' /C calc'!A0": true, "-2+3+cmd": true, "@SUM(1)": true, "＝1+1": true, "\t=1": true,
		"": false, "王小明": false, "-5": false, "+86 13800138000": false, "-1,234.50": false, "+8613800138000": false, "-": false, "——": false, "a=b": false, "3-5": false,
	} {
		if got := LooksLikeFormula(in); got != want {
			t.Errorf("LooksLikeFormula(%q) = %t", in, got)
		}
	}
	for in, want := range map[string]i18n.Text{"=1+1": i18n.TabularFormula, "#N/A": i18n.TabularErrorValue, "#ref!": i18n.TabularErrorValue, "王小明": {}} {
		m, _, wrong := CheckText(in)
		if m.Text != want || wrong == want.IsZero() {
			t.Errorf("CheckText(%q) = %q, %t", in, m.Text.In(i18n.EN), wrong)
		}
	}
}
