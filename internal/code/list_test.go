package code

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"linli/internal/i18n"
)

var lists = []*List{Sexes, Marriages, PoliticalStatuses, Schoolings, Degrees, EthnicGroups, UrbanRural, HeadRelations, ResidenceKinds, ResidentCategories}

func TestFindByWhatPeopleWrite(t *testing.T) {
	for _, c := range []struct {
		list *List
		in   string
		want string
	}{
		{Sexes, "男", "1"}, {Sexes, "女", "2"}, {Sexes, "1", "1"}, {Sexes, "２", "2"}, {Sexes, " 男 性 ", "1"}, {Sexes, "female", "2"},
		{Sexes, "1男", "1"}, {Sexes, "2-女", "2"}, {Sexes, "1：男性", "1"}, {Sexes, "", ""}, {Sexes, "3", ""}, {Sexes, "男女", ""},
		{EthnicGroups, "汉", "01"}, {EthnicGroups, "汉族", "01"}, {EthnicGroups, "01", "01"}, {EthnicGroups, "1", "01"}, {EthnicGroups, "HA", "01"},
		{EthnicGroups, "维吾尔", "05"}, {EthnicGroups, "壮族", "08"}, {EthnicGroups, "土", "30"}, {EthnicGroups, "土家", "15"}, {EthnicGroups, "57", ""},
		{PoliticalStatuses, "中共党员", "01"}, {PoliticalStatuses, "党员", "01"}, {PoliticalStatuses, "预备党员", "02"}, {PoliticalStatuses, "团员", "03"},
		{PoliticalStatuses, "群众", "13"}, {PoliticalStatuses, "中国共产党党员", "01"}, {PoliticalStatuses, "民革会员", "04"}, {PoliticalStatuses, "九三学社", "10"},
		{Schoolings, "本科", "20"}, {Schoolings, "大学本科", "20"}, {Schoolings, "大专", "30"}, {Schoolings, "研究生", "10"}, {Schoolings, "硕士", "14"},
		{Schoolings, "高中", "60"}, {Schoolings, "72", ""}, {Schoolings, "82", ""}, {Schoolings, "21", "21"},
		{Marriages, "未婚", "10"}, {Marriages, "已婚", "20"}, {Marriages, "离异", "40"}, {Marriages, "丧偶", "30"},
		{Degrees, "硕士学位", "3"}, {Degrees, "3", "3"}, {UrbanRural, "220", "220"}, {UrbanRural, "主城区", "111"},
	} {
		it, ok := c.list.Find(c.in)
		if it.Code != c.want || ok != (c.want != "") {
			t.Errorf("%s %q = %q, want %q", c.list.Name.In(i18n.EN), c.in, it.Code, c.want)
		}
	}
}

func TestParseSaysWhatIsAllowed(t *testing.T) {
	_, p := Sexes.Parse("不男不女")
	if p == nil || !strings.Contains(p.Message.In(i18n.ZH), "性别") || !strings.Contains(p.Advice.In(i18n.ZH), "男、女") {
		t.Errorf("problem %v", p)
	}
	if _, p := Sexes.Parse("1女"); p == nil || p.Message.Text != i18n.CodeListContradiction {
		t.Errorf("contradiction: %v", p)
	}
	if _, p := EthnicGroups.Parse("火星族"); p == nil || len([]rune(p.Advice.In(i18n.ZH))) > 80 {
		t.Errorf("advice of a long list: %v", p)
	}
}

// No word leads to two values: every label, synonym and letter of an item finds that item.
func TestEveryWordOfAListIsUnambiguous(t *testing.T) {
	for _, l := range lists {
		for _, it := range l.Items() {
			for _, w := range append([]string{it.Code, it.Label.In(i18n.ZH), it.Label.In(i18n.EN), it.Alpha}, it.Also...) {
				if w == "" {
					continue
				}
				if got, ok := l.Find(w); !ok || got.Code != it.Code {
					t.Errorf("%s: %q finds %q, want %q", l.Name.In(i18n.EN), w, got.Code, it.Code)
				}
			}
		}
	}
}

func TestListSizes(t *testing.T) {
	for i, want := range []int{4, 8, 13, 40, 4, 58, 7} {
		if got := len(lists[i].Items()); got != want {
			t.Errorf("%s has %d values, want %d", lists[i].Name.In(i18n.EN), got, want)
		}
	}
	if Sexes.Label("1") != Male.Text() || Sexes.Label("7").In(i18n.ZH) != "7" {
		t.Error("Label")
	}
	if got := Sexes.Labels(); len(got) != 4 || got[1] != Male.Text() {
		t.Errorf("Labels = %v", got)
	}
	Sexes.Items()[0].Code = "changed"
	if _, ok := Sexes.ByCode("0"); !ok {
		t.Error("a caller could change the list")
	}
}

// The published lists and ours agree: each of their codes exists here and each of their names finds it.
func TestListsOfThePublicData(t *testing.T) {
	b := sharedFile(t, "data/codes/code_lists.json")
	if b == nil {
		return
	}
	var all map[string][]struct{ Code, Name, Alpha string }
	if err := json.Unmarshal(b, &all); err != nil {
		t.Fatal(err)
	}
	for key, l := range map[string]*List{"sex_GB_T_2261_1": Sexes, "marital_GB_T_2261_2": Marriages, "education_GB_T_4658_2006": Schoolings,
		"political_status_GB_T_4762": PoliticalStatuses, "ethnic_group_GB_T_3304_1991": EthnicGroups} {
		if len(all[key]) == 0 {
			t.Errorf("%s is empty", key)
		}
		for _, v := range all[key] {
			if it, ok := l.Find(v.Name); !ok || it.Code != v.Code || it.Alpha != v.Alpha {
				t.Errorf("%s %q = %q %s, want %s %s", key, v.Name, it.Code, it.Alpha, v.Code, v.Alpha)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"", "999999199001010016", "54000000MA00000152", "0515-8888-0000-801", "+86 138", "1男", "\xff\xfe", "'''", "E", "1E1", "(((-"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if n := Normalise(s); Normalise(n) != n {
			t.Fatalf("Normalise(%q) = %q is not stable", s, n)
		}
		if id, p := ParseResidentID(s, today, IDRules{Historic: true}); p == nil {
			again, q := ParseResidentID(id.String(), today, IDRules{Historic: true})
			if q != nil || again != id {
				t.Fatalf("%q: %v is not read back", s, id)
			}
		} else if !id.IsZero() {
			t.Fatalf("%q: number beside a problem", s)
		}
		if u, p := ParseUSCC(s); u.IsZero() != p.Blocks() {
			t.Fatalf("%q: code %q, problem %v", s, u, p)
		}
		if d, p := ParseDivision(s); (d == "") != p.Blocks() || d != "" && len(d) != 12 {
			t.Fatalf("%q: division %q", s, d)
		}
		if g, p := ParseGrid(s); (g == "") != p.Blocks() {
			t.Fatalf("%q: grid %q", s, g)
		}
		if n, p := ParsePhone(s); (n == "") != p.Blocks() {
			t.Fatalf("%q: phone %q, problem %v", s, n, p)
		} else if again, _ := ParsePhone(n.String()); again != n {
			t.Fatalf("%q: %q is read back as %q", s, n, again)
		}
		if m := MaskID(s); len(m) > 40 || len(Normalise(s)) > 8 && strings.Contains(m, Normalise(s)) && !strings.Contains(s, "*") {
			t.Fatalf("MaskID(%q) = %q", s, m)
		}
		if m := MaskPhone(s); len(m) > 60 {
			t.Fatalf("MaskPhone(%q) = %q", s, m)
		}
		for _, l := range lists {
			if it, p := l.Parse(s); p == nil && !slices.ContainsFunc(l.items, func(x Item) bool { return x.Code == it.Code }) {
				t.Fatalf("%q: %q is not in the list", s, it.Code)
			}
		}
	})
}
