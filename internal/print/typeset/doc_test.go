package typeset_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/i18n"
	"linli/internal/print/font"
	"linli/internal/print/typeset"
)

var at = time.Date(2026, 10, 9, 14, 5, 0, 0, i18n.Zone)

func newDoc(t testing.TB, s typeset.Setup) *typeset.Doc {
	t.Helper()
	set, err := font.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	if s.Size == (typeset.Size{}) {
		s.Size = typeset.A4
		s.Margin = typeset.Margin{Top: 20, Right: 20, Bottom: 20, Left: 20}
	}
	s.At = at
	return typeset.New(set, s)
}

func render(t testing.TB, d *typeset.Doc) *typeset.Paper {
	t.Helper()
	p, err := d.Render()
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// read gives the text of each page as poppler reads it, without spaces and newlines.
func read(t testing.TB, pdf []byte) []string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "paper.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	var complaints bytes.Buffer
	cmd := exec.Command("pdftotext", "-enc", "UTF-8", "-raw", file, "-")
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("pdftotext (package poppler-utils): %v %s", err, complaints.String())
	}
	pages := strings.Split(strings.TrimSuffix(string(out), "\f"), "\f")
	for i, p := range pages {
		pages[i] = strings.Join(strings.Fields(p), "")
	}
	return pages
}

func TestParagraphsRunOverPagesAndLoseNothing(t *testing.T) {
	d := newDoc(t, typeset.Setup{Feet: true, Footer: "foot"})
	var want strings.Builder
	for i := range 120 {
		s := fmt.Sprintf("第%d条，现自好虚（试验）。由Latin词与数字3.14混排而成的一段较长的话，用来看断行。", i)
		want.WriteString(s)
		d.Paragraph(s)
	}
	p := render(t, d)
	pages := read(t, p.PDF)
	if len(pages) != p.Pages || p.Pages < 3 {
		t.Fatalf("%d pages read, %d counted; want the same and at least 3", len(pages), p.Pages)
	}
	var got strings.Builder
	for i, s := range pages {
		body, ok := strings.CutSuffix(s, fmt.Sprintf("foot第%d页共%d页", i+1, p.Pages))
		if !ok {
			t.Errorf("page %d does not end with its number: %q", i+1, s[max(0, len(s)-60):])
		}
		got.WriteString(body)
	}
	if d := cmp.Diff(want.String(), got.String()); d != "" {
		t.Errorf("text differs (-want +got):\n%s", d)
	}
}

func TestTableRepeatsItsHeadAndKeepsAllRows(t *testing.T) {
	d := newDoc(t, typeset.Setup{})
	tab := typeset.Table{Columns: []typeset.Column{{Title: "表头甲", Width: 1}, {Title: "表头乙", Width: 3}}, Total: []string{"合计", "末行"}}
	want := map[string]int{}
	for i := range 150 {
		k := fmt.Sprintf("行%03d号", i)
		want[k] = 1
		tab.Rows = append(tab.Rows, []string{k, strings.Repeat("内容", i%40)})
	}
	d.Table(tab)
	p := render(t, d)
	pages := read(t, p.PDF)
	if p.Pages < 4 {
		t.Fatalf("%d pages, want more", p.Pages)
	}
	all := strings.Join(pages, "")
	for i, s := range pages {
		if !strings.HasPrefix(s, "表头甲表头乙") {
			t.Errorf("page %d begins %q, want the head", i+1, s[:min(len(s), 30)])
		}
	}
	for k := range want {
		if n := strings.Count(all, k); n != 1 {
			t.Errorf("%s stands %d times", k, n)
		}
	}
	if n, w := strings.Count(all, "内容"), 3*sumTo(40)+sumTo(30); n != w {
		t.Errorf("内容 stands %d times, want %d", n, w)
	}
	if !strings.HasSuffix(all, "合计末行") {
		t.Errorf("total is not last")
	}
}

// sumTo is 0+1+…+(n-1).
func sumTo(n int) int { return n * (n - 1) / 2 }

func TestGridCells(t *testing.T) {
	long := strings.Repeat("很长的意见。", 900) // more than a page in its cell
	for _, c := range []struct {
		why   string
		rows  [][]typeset.Cell
		pages int
		want  string
	}{
		{"a row higher than a page is cut and goes on", [][]typeset.Cell{{{Text: "意见"}, {Text: long, Top: true, Foot: "签字"}}}, 4, long},
		{"rows joined by a cell that is higher than a page", [][]typeset.Cell{{{Text: "甲", Down: 2}, {Text: "乙"}}, {{Text: long}}}, 4, long},
		{"a cell that reaches down and is the highest", [][]typeset.Cell{{{Text: strings.Repeat("高", 300), Down: 2}, {Text: "乙"}}, {{Text: "丙"}}}, 1, strings.Repeat("高", 300)},
	} {
		d := newDoc(t, typeset.Setup{})
		d.Grid(typeset.Grid{Widths: []float64{1, 3}, Rows: c.rows})
		p := render(t, d)
		got := strings.Join(read(t, p.PDF), "")
		for _, r := range c.want {
			if a, b := strings.Count(got, string(r)), strings.Count(c.want, string(r)); a < b {
				t.Errorf("%s: %q stands %d times, want %d", c.why, r, a, b)
				break
			}
		}
		if p.Pages > c.pages {
			t.Errorf("%s: %d pages, want at most %d", c.why, p.Pages, c.pages)
		}
	}
}

func TestAWordInACellIsMadeSmallerRatherThanCut(t *testing.T) {
	d := newDoc(t, typeset.Setup{})
	d.Grid(typeset.Grid{Widths: []float64{15, 155}, Rows: [][]typeset.Cell{{{Text: "Activities"}, {Text: "x"}}}})
	file := filepath.Join(t.TempDir(), "p.pdf")
	if err := os.WriteFile(file, render(t, d).PDF, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdftotext", "-raw", file, "-").Output()
	if err != nil || !strings.Contains(string(out), "Activities") {
		t.Errorf("the word is cut: %q %v", out, err)
	}
}

func TestTooManyCellsAreAnErrorAndNotLost(t *testing.T) {
	d := newDoc(t, typeset.Setup{})
	d.Grid(typeset.Grid{Widths: []float64{1, 3}, Rows: [][]typeset.Cell{{{Text: "甲"}, {Text: "乙"}, {Text: "丙"}}}})
	if _, err := d.Render(); err == nil {
		t.Error("a grid with three cells in two columns was printed")
	}
	d = newDoc(t, typeset.Setup{})
	d.Table(typeset.Table{Columns: []typeset.Column{{Title: "一", Width: 1}}, Rows: [][]string{{"甲", "乙"}}})
	if _, err := d.Render(); err == nil {
		t.Error("a table with two cells in one column was printed")
	}
}

func TestMissingCharactersAreNumberedAndListed(t *testing.T) {
	d := newDoc(t, typeset.Setup{Feet: true})
	d.Title("罴骉龑㛃䶮")
	d.NewPage()
	d.Table(typeset.Table{Columns: []typeset.Column{{Title: "姓名", Width: 1}}, Rows: [][]string{{"赵䶮"}, {"赵䶮"}, {"钱𠮷"}}})
	p := render(t, d)
	want := []typeset.Missing{
		{Rune: '㛃', Page: 1, Text: "罴骉龑㛃䶮"}, {Rune: '䶮', Page: 1, Text: "罴骉龑㛃䶮"},
		{Rune: '䶮', Page: 2, Text: "赵䶮"}, {Rune: '𠮷', Page: 2, Text: "钱𠮷"},
	}
	if d := cmp.Diff(want, p.Missing); d != "" {
		t.Errorf("Missing (-want +got):\n%s", d)
	}
	pages := read(t, p.PDF)
	note := strings.Join(strings.Fields(i18n.PrintMissing.In(i18n.ZH)), "")
	for i, parts := range [][]string{{"罴骉龑〔U+36C3〕〔U+4DAE〕", note}, {"赵〔U+4DAE〕", "钱〔U+20BB7〕", note}} {
		for _, s := range parts {
			if !strings.Contains(pages[i], s) {
				t.Errorf("page %d lacks %q: %s", i+1, s, pages[i])
			}
		}
	}
}

func TestWhatHasNoShapeIsNotMissing(t *testing.T) {
	d := newDoc(t, typeset.Setup{})
	d.Text("a\u200bb\ufeffc\u00a0d\te\r\nf葛\U000E0100", typeset.Plain)
	p := render(t, d)
	if got := read(t, p.PDF)[0]; got != "abcdef葛" || len(p.Missing) > 0 {
		t.Errorf("read %q, missing %v", got, p.Missing)
	}
}

func TestPutMakesLongNamesFit(t *testing.T) {
	for _, name := range []string{"王", "阿卜杜热合曼·阿卜杜吾甫尔江尼亚孜买买提"} {
		d := newDoc(t, typeset.Setup{})
		d.Put(typeset.Frame{X: 20, Y: 20, W: 30, H: 8}, name, typeset.Style{Size: 16})
		if got := read(t, render(t, d).PDF)[0]; got != name {
			t.Errorf("read %q, want %q", got, name)
		}
	}
}

func TestSameCallsGiveSameBytes(t *testing.T) {
	make := func() []byte {
		d := newDoc(t, typeset.Setup{Title: "同", Feet: true, Verify: typeset.Verification{Code: "A-1", URL: "https://example.cn/v/A1"}})
		d.Title("同样的输入")
		d.MetaLine("左", "右")
		d.Signatures(typeset.Signature{Role: "甲方", Name: "社区", Seal: true}, typeset.Signature{Role: "乙方", By: "李龑", At: "今天", Hash: "SM3"})
		return render(t, d).PDF
	}
	if !bytes.Equal(make(), make()) {
		t.Error("two runs differ")
	}
}

func TestPDFIsSound(t *testing.T) {
	d := newDoc(t, typeset.Setup{Title: "题名（2026）", Author: "社区", Feet: true})
	for i := range 30 {
		d.Text(strings.Repeat(string(rune('一'+i*20)), 10), typeset.Plain)
	}
	d.QR(typeset.Frame{X: 20, Y: 200, W: 20, H: 20}, "https://example.cn", true)
	p := render(t, d)
	file := filepath.Join(t.TempDir(), "p.pdf")
	if err := os.WriteFile(file, p.PDF, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("pdfinfo", file).CombinedOutput()
	if err != nil {
		t.Fatalf("pdfinfo: %v %s", err, out)
	}
	for _, want := range []string{"题名（2026）", "社区", "Pages:           1", "A4"} {
		if !strings.Contains(string(out), want) {
			t.Errorf("pdfinfo lacks %q:\n%s", want, out)
		}
	}
	if !bytes.Contains(p.PDF, []byte("/Lang (zh-CN)")) {
		t.Error("no language in the catalogue")
	}
}
