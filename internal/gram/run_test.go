package gram_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/gram"
)

func runs(text string) []string {
	var out []string
	for _, r := range gram.Runs(text) {
		out = append(out, string(r.Runes))
	}
	return out
}

func TestRuns(t *testing.T) {
	cases := []struct {
		name, in string
		want     []string
	}{
		{"punctuation parts", "路灯不亮，晚上看不见！", []string{"路灯不亮", "晚上看不见"}},
		{"a number is one sign, whichever it is", "住3栋1502室", []string{"住#栋#室"}},
		{"full-width letters and digits are plain and small", "ＡＢ楼１２号", []string{"ab楼#号"}},
		{"what was hidden is left out and parts", "请打[电话]找我", []string{"请打", "找我"}},
		{"a bracket that hides nothing only parts", "见[附件里的那一张照片]", []string{"见", "附件里的那一张照片"}},
		{"a bracket that is never closed only parts", "见[图", []string{"见", "图"}},
		{"blanks do not part", "五 星\u3000街\u200b道", []string{"五星街道"}},
		{"lines do", "题目\n正文\r\n完", []string{"题目", "正文", "完"}},
		{"broken bytes part and do no harm", "路\xff灯", []string{"路", "灯"}},
		{"nothing is nothing", "！？ …", nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if got := runs(c.in); !slices.Equal(got, c.want) {
				t.Errorf("Runs(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

// Whatever the text, each character stands where it is said to stand, in order, and no digit is left.
func TestRunsKnowTheirPlace(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOf(rapid.SampledFrom([]rune("路灯不亮A３7 [电话]，。\n\u3000a\uff3b\u0301"))).Draw(t, "text")
		last := 0
		for _, r := range gram.Runs(text) {
			if len(r.Runes) == 0 || len(r.At) != len(r.Runes)+1 {
				t.Fatalf("run of %d characters has %d places", len(r.Runes), len(r.At))
			}
			for i, c := range r.Runes {
				if r.At[i] < last || r.At[i+1] <= r.At[i] || r.At[i+1] > len(text) {
					t.Fatalf("%q stands at %d..%d of %q, after %d", c, r.At[i], r.At[i+1], text, last)
				}
				last = r.At[i]
				if c != gram.Digits && !strings.Contains(gram.Key(text[r.At[i]:r.At[i+1]]), string(c)) {
					t.Fatalf("%q does not stand at %d of %q", c, r.At[i], text)
				}
				if strings.ContainsRune("3７7", c) {
					t.Fatalf("a digit is left in %q", text)
				}
			}
		}
	})
}

func TestWords(t *testing.T) {
	cases := []struct {
		name, in string
		hot      string // characters that matter
		n        int
		want     []string
	}{
		{"the weightier stretch comes first", "路灯坏了，路面塌陷", "路灯面塌陷", 5, []string{"路面塌陷", "路灯"}},
		{"one character alone is no word", "请修灯，谢谢", "灯", 5, nil},
		{"as it stands in the text, blanks inside kept", "Ａ栋 电 梯 坏", "电梯", 5, []string{"电 梯"}},
		{"no more than asked for", "电梯坏，水管漏", "电梯水管", 1, []string{"电梯"}},
		{"none twice", "电梯坏，电梯停", "电梯", 5, []string{"电梯"}},
		{"a short number is shown", "58车贷", "#车贷", 5, []string{"58车贷"}},
		{"a long number never is", "电话13800000000找他", "电话#找他", 5, []string{"电话", "找他"}},
		{"nothing matters", "电梯", "", 5, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			rs := gram.Runs(c.in)
			heat := make([][]float64, len(rs))
			for i, r := range rs {
				heat[i] = make([]float64, len(r.Runes))
				for k, ch := range r.Runes {
					if strings.ContainsRune(c.hot, ch) {
						heat[i][k] = 1
					}
				}
			}
			if got := gram.Words(c.in, rs, heat, c.n); !slices.Equal(got, c.want) {
				t.Errorf("Words(%q) = %q, want %q", c.in, got, c.want)
			}
		})
	}
}

func TestPackedIsTheGram(t *testing.T) {
	seen := map[gram.Packed]string{}
	for _, s := range []string{"", "a", "路", "路灯", "灯路", "路灯坏", "\U0010ffff\U0010ffff\U0010ffff", "𠮷野家"} {
		p := gram.Pack(s)
		if p.String() != s {
			t.Errorf("Pack(%q) is %q", s, p.String())
		}
		if other, taken := seen[p]; taken {
			t.Errorf("%q and %q are one number", s, other)
		}
		seen[p] = s
	}
	if got := gram.Pack("四个字的"); got.String() != "个字的" {
		t.Errorf("of four characters %q stays", got)
	}
}
