package typeset

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"linli/internal/print/font"
)

// Whatever the grid, every text of every cell stands on some page, line by line, and the work ends.
func TestGridLosesNothing(t *testing.T) {
	set, err := font.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(rt *rapid.T) {
		size := rapid.SampledFrom([]Size{A4, A5, Card, {W: 60, H: 30}}).Draw(rt, "size")
		d := New(set, Setup{Size: size, Margin: Margin{8, 8, 8, 8}})
		d.Space(rapid.Float64Range(0, size.H).Draw(rt, "down"))
		g := drawGrid(rt)
		want := map[rune]int{}
		for _, row := range g.Rows {
			for _, c := range row {
				for _, r := range squeeze(c.Text + c.Foot) {
					want[r]++
				}
			}
		}
		d.Grid(g)
		if d.err != nil {
			rt.Fatal(d.err)
		}
		got := map[rune]int{}
		for _, p := range d.pages {
			for _, m := range p.marks {
				if m, ok := m.(textMark); ok {
					for _, r := range squeeze(m.line) {
						got[r]++
					}
				}
			}
		}
		for r, n := range want {
			if got[r] < n || g.Head == 0 && got[r] != n {
				rt.Errorf("%q went in %d times and stands there %d times", r, n, got[r])
			}
		}
	})
}

// A cell of the head that reaches down into the rows below, on a page that is too small for all of it: what stands in it is printed.
func TestHeadThatReachesDownIsPrinted(t *testing.T) {
	set, err := font.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	d := New(set, Setup{Size: Card, Margin: Margin{8, 8, 8, 8}})
	d.Grid(Grid{Widths: []float64{1}, Head: 2, Size: 30, Rows: [][]Cell{
		{{Text: "（一）", Foot: "年月日", Top: true}}, {{Text: "Linli", Down: 3, Top: true, Tall: 30}}, {}, {}}})
	if d.err != nil {
		t.Fatal(d.err)
	}
	text := ""
	for _, p := range d.pages {
		for _, m := range p.marks {
			if m, ok := m.(textMark); ok {
				text += m.line
			}
		}
	}
	if !strings.Contains(squeeze(text), "Linli") {
		t.Errorf("printed %q, want the text of the cell that reaches down too", text)
	}
}

// drawGrid makes a grid of one to four columns; the first cell of a row may reach down.
func drawGrid(rt *rapid.T) Grid {
	cols := rapid.IntRange(1, 4).Draw(rt, "cols")
	g := Grid{Head: rapid.IntRange(0, 2).Draw(rt, "head"), Size: rapid.SampledFrom([]float64{0, 8, 30}).Draw(rt, "size"),
		Fill: rapid.Bool().Draw(rt, "fill")}
	for range cols {
		g.Widths = append(g.Widths, rapid.Float64Range(1, 5).Draw(rt, "width"))
	}
	covered := 0
	for range rapid.IntRange(1, 12).Draw(rt, "rows") {
		var row []Cell
		if covered == 0 {
			row = append(row, drawCell(rt, rapid.IntRange(1, 3).Draw(rt, "down")))
			covered = row[0].Down
		}
		for range cols - 1 {
			row = append(row, drawCell(rt, 1))
		}
		covered--
		g.Rows = append(g.Rows, row)
	}
	return g
}

func drawCell(rt *rapid.T, down int) Cell {
	long := rapid.SampledFrom([]int{0, 1, 1, 5, 40, 400}).Draw(rt, "length")
	return Cell{Text: strings.Repeat(rapid.SampledFrom([]string{"党", "Linli ", "（一）", "3.5。"}).Draw(rt, "text"), long), Down: down,
		Foot: rapid.SampledFrom([]string{"", "年月日"}).Draw(rt, "foot"), Top: rapid.Bool().Draw(rt, "top"),
		Tall: rapid.SampledFrom([]float64{0, 30}).Draw(rt, "tall")}
}
