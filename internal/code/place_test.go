package code

import (
	"bytes"
	"encoding/csv"
	"strconv"
	"testing"

	"linli/internal/i18n"
)

func TestParseDivision(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Division
		problem  i18n.Text
		level    Level
	}{
		{"province of two digits", "32", "320000000000", i18n.Text{}, Province},
		{"city of four", "3209", "320900000000", i18n.Text{}, City},
		{"county of six", "320902", "320902000000", i18n.Text{}, County},
		{"street of nine", "320902001", "320902001000", i18n.Text{}, Street},
		{"village of twelve", "320902001201", "320902001201", i18n.Text{}, Village},
		{"full width", "３２０９０２", "320902000000", i18n.Text{}, County},
		{"street of a city without counties", "441900003000", "441900003000", i18n.Text{}, Street},
		{"eleven digits", "32090200100", "", i18n.CodeDivisionLength, NoLevel},
		{"letters", "3209O2", "", i18n.CodeDivisionShape, NoLevel},
		{"no such province", "990902", "", i18n.CodeDivisionProvince, NoLevel},
		{"village without street", "320902000001", "", i18n.CodeDivisionGap, NoLevel},
		{"county without city", "320002000000", "", i18n.CodeDivisionGap, NoLevel},
		{"number of a spreadsheet", "3.20902E+11", "", i18n.CodeNumberAsText, NoLevel},
		{"number of nine characters", "3.209E+11", "", i18n.CodeNumberAsText, NoLevel},
		{"empty", "", "", i18n.CodeDivisionLength, NoLevel},
	} {
		d, p := ParseDivision(c.in)
		if d != c.want || d.Level() != c.level {
			t.Errorf("%s: %q level %d, want %q level %d", c.name, d, d.Level(), c.want, c.level)
		}
		if c.problem.IsZero() != (p == nil) || p != nil && p.Message.Text != c.problem {
			t.Errorf("%s: problem %v, want %q", c.name, p, c.problem.In(i18n.EN))
		}
	}
}

func TestDivisionFamily(t *testing.T) {
	d := Division("320902001201")
	for l, want := range map[Level]Division{Province: "320000000000", City: "320900000000", County: "320902000000",
		Street: "320902001000", Village: d, NoLevel: "", 6: ""} {
		if got := d.At(l); got != want {
			t.Errorf("At(%d) = %q, want %q", l, got, want)
		}
	}
	if d.Parent(Village) != "320902001000" || Division("320000000000").Parent(Province) != "" {
		t.Error("Parent")
	}
	if !Division("320900000000").Holds(City, d) || Division("320900000000").Holds(County, d) || Division("").Holds(City, d) {
		t.Error("Holds")
	}
	if d.County6() != "320902" || d.Short(Street) != "320902001" || Division("x").Short(City) != "" {
		t.Error("County6 or Short")
	}
}

func TestDivisionKind(t *testing.T) {
	for d, want := range map[Division]i18n.Text{
		"320902001000": i18n.CodeKindStreet, "320902099000": i18n.CodeKindStreet, "320902100000": i18n.CodeKindTown,
		"320902199000": i18n.CodeKindTown, "320902200000": i18n.CodeKindTownship, "320902399000": i18n.CodeKindTownship,
		"320902400000": i18n.CodeKindZone, "320902001001": i18n.CodeKindCommunity, "320902001199": i18n.CodeKindCommunity,
		"320902001200": i18n.CodeKindVillage, "320902000000": {}, "": {},
	} {
		if got := d.Kind(); got != want {
			t.Errorf("Kind(%s) = %q, want %q", d, got.In(i18n.EN), want.In(i18n.EN))
		}
	}
}

// The whole national list parses, and each parent is the one that is printed beside it.
func TestDivisionsOfThePublishedList(t *testing.T) {
	for _, name := range []string{"national_to_county.csv", "zhenjiang_city.csv", "yancheng_tinghu.csv"} {
		b := sharedFile(t, "data/divisions/"+name)
		if b == nil {
			return
		}
		rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
		if err != nil || len(rows) < 200 {
			t.Fatalf("%s: %d rows, %v", name, len(rows), err)
		}
		for _, r := range rows[1:] {
			n, _ := strconv.Atoi(r[1])
			d, p := ParseDivision(r[0])
			if p != nil || string(d) != r[0] || string(d.Parent(Level(n))) != r[3] || Level(n) > County && d.Level() != Level(n) {
				t.Errorf("%s %s: %q, level %d, parent %q, problem %v", name, r[0], d, d.Level(), d.Parent(Level(n)), p)
			}
		}
	}
}

func TestGrid(t *testing.T) {
	for _, c := range []struct {
		name, in string
		problem  i18n.Text
	}{
		{"grid", "320902001001003", i18n.Text{}},
		{"serial 999", "320902001001999", i18n.Text{}},
		{"serial 000", "320902001001000", i18n.CodeGridSerial},
		{"grid under a street", "320902001000001", i18n.CodeGridCommunity},
		{"14 digits", "32090200100100", i18n.CodeGridShape},
		{"letter", "32090200100100A", i18n.CodeGridShape},
	} {
		g, p := ParseGrid(c.in)
		if c.problem.IsZero() != (p == nil) || p != nil && p.Message.Text != c.problem || (p == nil) != (g != "") {
			t.Errorf("%s: %q %v", c.name, g, p)
		}
	}
	g := GridOf("320902001001", 37)
	if g != "320902001001037" || g.Community() != "320902001001" || g.Serial() != 37 {
		t.Errorf("GridOf = %q, community %q, serial %d", g, g.Community(), g.Serial())
	}
	if GridOf("320902001001", 0) != "" || GridOf("320902001001", 1000) != "" || GridOf("320902001000", 1) != "" {
		t.Error("a grid outside 1 to 999 or outside a community was made")
	}
}

func TestParsePhone(t *testing.T) {
	for _, c := range []struct {
		name, in string
		want     Phone
		problem  i18n.Text
	}{
		{"mobile", "13800138000", "13800138000", i18n.Text{}},
		{"blanks", "138 0013 8000", "13800138000", i18n.Text{}},
		{"dashes", "138-0013-8000", "13800138000", i18n.Text{}},
		{"long dashes", "138—0013—8000", "13800138000", i18n.Text{}},
		{"full width", "１３８００１３８０００", "13800138000", i18n.Text{}},
		{"country code", "+86 138 0013 8000", "13800138000", i18n.Text{}},
		{"country code 0086", "0086-13800138000", "13800138000", i18n.Text{}},
		{"country code without sign", "8613800138000", "13800138000", i18n.Text{}},
		{"fixed line", "0515-88880000", "0515-88880000", i18n.Text{}},
		{"fixed line without dash", "051588880000", "0515-88880000", i18n.Text{}},
		{"brackets", "（0515）88880000", "0515-88880000", i18n.Text{}},
		{"seven digits", "0558-7280000", "0558-7280000", i18n.Text{}},
		{"Beijing", "01088880000", "010-88880000", i18n.Text{}},
		{"Nanjing", "025 8888 0000", "025-88880000", i18n.Text{}},
		{"split in the middle", "0515-8888-0000", "0515-88880000", i18n.Text{}},
		{"extension", "0515-88880000-801", "0515-88880000-801", i18n.Text{}},
		{"split and extension", "0515-8888-0000-801", "0515-88880000-801", i18n.Text{}},
		{"fixed line from abroad", "+86 515 88880000", "0515-88880000", i18n.Text{}},
		{"service number", "400-800-1234", "4008001234", i18n.Text{}},
		{"hotline", "12345", "12345", i18n.Text{}},
		{"no area code", "8888-0000", "88880000", i18n.CodePhoneNoArea},
		{"mobile of ten digits", "1380013800", "", i18n.CodePhoneMobileLength},
		{"mobile of twelve digits", "138001380001", "", i18n.CodePhoneMobileLength},
		{"no mobile begins with 12", "12800138000", "", i18n.CodePhoneLength},
		{"two numbers", "13800138000/13900139000", "", i18n.CodePhoneSeveral},
		{"two numbers, Chinese comma", "13800138000、0515-88880000", "", i18n.CodePhoneSeveral},
		{"words", "请致电", "", i18n.CodePhoneShape},
		{"scientific notation", "1.38001E+10", "", i18n.CodePhoneScientific},
		{"empty", "", "", i18n.CodePhoneShape},
		{"only an area code", "0515", "", i18n.CodePhoneLength},
		{"dashes only", "---", "", i18n.CodePhoneShape},
	} {
		n, p := ParsePhone(c.in)
		if n != c.want {
			t.Errorf("%s: %q, want %q", c.name, n, c.want)
		}
		if c.problem.IsZero() != (p == nil) || p != nil && (p.Message.Text != c.problem || p.Blocks() != (n == "")) {
			t.Errorf("%s: problem %v, want %q", c.name, p, c.problem.In(i18n.EN))
		}
	}
}

func TestMasks(t *testing.T) {
	for _, c := range [][3]string{
		{"mobile", MaskPhone("13812345678"), "138****5678"},
		{"mobile with blanks", MaskPhone("138 1234 5678"), "138****5678"},
		{"fixed line", MaskPhone("0515-88880000"), "0515-****0000"},
		{"extension", MaskPhone("0515-88880000-801"), "0515-****0000-***"},
		{"short", MaskPhone("12345"), "*****"},
		{"wrong number", MaskPhone("138123456789"), "*********789"},
		{"no phone", MaskPhone(""), ""},
		{"ID", MaskID("32090219030709683X"), "320***********683X"},
		{"old ID", MaskID("320902490123001"), "320********3001"},
		{"too short for an ID", MaskID("32090219030"), "***********"},
		{"no ID", MaskID(""), ""},
	} {
		if c[1] != c[2] {
			t.Errorf("%s: %q, want %q", c[0], c[1], c[2])
		}
	}
}
