package typeset

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// square measures Chinese characters as 1 and others as a half.
func square(r rune) float64 {
	if r < 0x2000 {
		return 0.5
	}
	return 1
}

func TestBreak(t *testing.T) {
	for _, c := range []struct {
		why, text     string
		width, indent float64
		want          []string
	}{
		{"a short text is one line", "社区", 5, 0, []string{"社区"}},
		{"an empty text is one empty line", "", 5, 0, []string{""}},
		{"Chinese breaks anywhere", "党员到社区报到", 3, 0, []string{"党员到", "社区报", "到"}},
		{"the first line is shorter by its indent", "党员到社区报到", 4, 2, []string{"党员", "到社区报", "到"}},
		{"no full stop begins a line", "党员到社区。", 5, 0, []string{"党员到社", "区。"}},
		{"no opening mark ends a line", "党员（在职）", 3, 0, []string{"党员", "（在", "职）"}},
		{"several closing marks stay together", "他说“好。”", 4, 0, []string{"他说", "“好。”"}},
		{"words stay whole", "用 Linli 平台", 3.5, 0, []string{"用", "Linli", "平台"}},
		{"numbers stay whole, with their sign", "共计12.5%的", 4, 0, []string{"共计", "12.5%的"}},
		{"a newline ends a line, also an empty one", "一\n\n二", 5, 0, []string{"一", "", "二"}},
		{"what is wider than a line is cut, beginning on this one", "码0123456789", 3, 0, []string{"码0123", "456789"}},
		{"leading space is kept", "　　二月", 3, 0, []string{"　　二", "月"}},
		{"a dash stays whole", "岁月——月", 3, 0, []string{"岁", "月——", "月"}},
	} {
		if d := cmp.Diff(c.want, Break(c.text, c.width, c.indent, square)); d != "" {
			t.Errorf("%s: Break(%q, %v) (-want +got):\n%s", c.why, c.text, c.width, d)
		}
	}
}

// squeeze leaves out what may be lost at the ends of lines.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '\n' {
			return -1
		}
		return r
	}, s)
}

func TestBreakLosesNothingAndKeepsTheRules(t *testing.T) {
	part := rapid.OneOf(
		rapid.SampledFrom([]string{"党", "员", "社区", "。", "，", "、", "；", "：", "？", "！", "）", "】", "》", "”", "（", "【", "《", "“",
			" ", "Linli", "16", "3.5", "%", "——", "……", "℃", "\n", "a", "(", ")", "-", "𠮷", "䶮"}),
		rapid.StringN(1, 3, -1))
	rapid.Check(t, func(rt *rapid.T) {
		text := tidy(strings.Join(rapid.SliceOfN(part, 0, 60).Draw(rt, "parts"), ""))
		width := rapid.Float64Range(1, 30).Draw(rt, "width")
		lines := Break(text, width, 0, square)
		if got := squeeze(strings.Join(lines, "")); got != squeeze(text) {
			rt.Fatalf("lost: %q became %q", text, lines)
		}
		longest := 0.0
		for _, par := range strings.Split(text, "\n") {
			for _, c := range clumps([]rune(par)) {
				longest = max(longest, wide(strings.TrimRight(string(c), " ")))
			}
		}
		for i, l := range lines {
			if wide(l) > width+slack && len([]rune(l)) > 1 {
				rt.Errorf("line %q is %v wide, more than %v", l, wide(l), width)
			}
			if longest <= width && !strings.Contains(text, "\n") {
				wellFormed(rt, lines, i)
			}
		}
	})
}

func wide(s string) (w float64) {
	for _, r := range s {
		w += square(r)
	}
	return w
}

// wellFormed checks the break between line i and the next one.
func wellFormed(t *rapid.T, lines []string, i int) {
	if i+1 == len(lines) {
		return
	}
	a, b := []rune(lines[i]), []rune(lines[i+1])
	end, start := a[len(a)-1], b[0]
	if strings.ContainsRune("。，、；：？！）】》”", start) {
		t.Errorf("line begins with %q: %q", start, lines)
	}
	if strings.ContainsRune("（【《“", end) {
		t.Errorf("line ends with %q: %q", end, lines)
	}
}
