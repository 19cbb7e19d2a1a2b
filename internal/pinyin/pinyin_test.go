package pinyin_test

import (
	"sort"
	"strings"
	"testing"

	"linli/internal/pinyin"
)

func TestInitials(t *testing.T) {
	cases := []struct{ why, name, want string }{
		{"an ordinary name", "王小明", "wxm"},
		{"shan as a surname", "单田芳", "stf"},
		{"zeng as a surname", "曾国荃", "zgq"},
		{"ceng inside a name is left to the dictionary", "王曾", "wc"},
		{"qiu as a surname", "仇英", "qy"},
		{"zha as a surname", "查良镛", "zly"},
		{"xie as a surname", "解晓东", "xxd"},
		{"ou as a surname", "区楚良", "ocl"},
		{"a surname of two characters", "尉迟恭", "ycg"},
		{"a surname of two characters that starts with one of one", "单于婉晶", "cywj"},
		{"two characters that are surname and given name", "单于", "sy"},
		{"blanks in short names", "王　 芳", "wf"},
		{"a name in letters", "Anna Li", "annali"},
		{"a dotted name", "阿不都·热西提", "abdrxt"},
		{"a rare character", "王龑", "wy"},
		{"nothing", "", ""},
	}
	for _, c := range cases {
		t.Run(c.why, func(t *testing.T) {
			if got, _ := pinyin.Of(c.name); got != c.want {
				t.Errorf("Of(%q) = %q, want %q", c.name, got, c.want)
			}
		})
	}
}

func TestKeysSortLikeADictionary(t *testing.T) {
	want := []string{"安琪", "李昂", "李明", "李铭", "梁安", "曾国", "张三", "张三丰"}
	got := append([]string(nil), want...)
	sort.Slice(got, func(i, j int) bool {
		_, a := pinyin.Of(got[i])
		_, b := pinyin.Of(got[j])
		return a < b
	})
	if strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("sorted %v, want %v", got, want)
	}
	if _, k := pinyin.Of("李明"); k != "li'ming 李明" {
		t.Errorf("key = %q", k)
	}
}

func TestLetters(t *testing.T) {
	for s, want := range map[string]string{"王小明": "wangxiaoming", "欧阳娜": "ouyangna", "Tom": "tom", "": ""} {
		if got := pinyin.Letters(s); got != want {
			t.Errorf("Letters(%q) = %q, want %q", s, got, want)
		}
	}
}

func TestIsInitials(t *testing.T) {
	for s, want := range map[string]bool{"wxm": true, "WXM": true, "w": true, "王": false, "wangxiaoming": false, "w1": false, "": false} {
		if got := pinyin.IsInitials(s); got != want {
			t.Errorf("IsInitials(%q) = %v, want %v", s, got, want)
		}
	}
}

func BenchmarkOf(b *testing.B) {
	for b.Loop() {
		pinyin.Of("王小明")
	}
}
