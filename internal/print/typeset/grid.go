package typeset

import (
	"fmt"
	"math"
	"strings"
)

// Cell is one cell of a grid.
type Cell struct {
	Text   string
	Foot   string  // at the lower right: places for signature, seal and date
	Across int     // columns it covers; 0 is 1
	Down   int     // rows it covers; 0 is 1
	Align  Align   // of Text
	Top    bool    // Text begins at the top instead of standing in the middle
	Tall   float64 // at least so high
	Size   float64 // of type; 0 is that of the grid
}

// Grid is a ruled table or a form. Rows are not cut at the end of a page unless one alone is higher
// than a page; rows joined by a cell that reaches down stay together.
type Grid struct {
	Widths []float64 // of the columns, in any unit
	Head   int       // so many first rows are repeated on each page
	Rows   [][]Cell
	Size   float64 // of type; 0 is 10
	Row    float64 // least height of a row; 0 is 7.5
	Fill   bool    // a form: rows to write in grow until the page is used, if all fits on it
}

const cellPad = 1.4

// box is a cell in its place.
type box struct {
	Cell
	row, col   int
	x, w       float64
	style      Style
	text, foot []string
	done       int // lines of text already printed
}

type gridder struct {
	d      *Doc
	boxes  []*box
	cover  [][]*box // by row: the cells that stand in it or reach into it
	height []float64
	head   int
	from   float64 // where the outer frame of this page begins
}

// Grid sets a grid in the flow.
func (d *Doc) Grid(g Grid) {
	t := &gridder{d: d, head: min(g.Head, len(g.Rows)), height: make([]float64, len(g.Rows)), cover: make([][]*box, len(g.Rows))}
	t.place(g)
	t.measure(g)
	if g.Fill {
		t.fill()
	}
	t.flow()
}

// fill gives what is left of the page to the rows that have room to write.
func (t *gridder) fill() {
	const most = 26 // no row grows by more
	rows := map[int]bool{}
	for _, b := range t.boxes {
		if b.Tall > 0 && b.Down == 1 {
			rows[b.row] = true
		}
	}
	left := t.d.Left() - t.sum(0, len(t.height)) - 1
	if left <= 0 || len(rows) == 0 {
		return
	}
	for r := range rows {
		t.height[r] += min(left/float64(len(rows)), most)
	}
}

// place finds the column of every cell, passing over what cells above reach down into.
func (t *gridder) place(g Grid) {
	xs := t.columns(g.Widths)
	taken := map[[2]int]bool{}
	for r, row := range g.Rows {
		c := 0
		for _, cell := range row {
			for taken[[2]int{r, c}] {
				c++
			}
			cell.Across = min(max(cell.Across, 1), len(g.Widths)-c)
			cell.Down = min(max(cell.Down, 1), len(g.Rows)-r)
			if cell.Across < 1 {
				t.d.fail(fmt.Errorf("row %d has more cells than columns", r+1))
				break
			}
			b := t.box(cell, g, r, c, xs)
			t.boxes = append(t.boxes, b)
			for k := range cell.Down {
				t.cover[r+k] = append(t.cover[r+k], b)
			}
			for k := range cell.Down * cell.Across {
				taken[[2]int{r + k/cell.Across, c + k%cell.Across}] = true
			}
			c += cell.Across
		}
	}
}

func (t *gridder) columns(widths []float64) []float64 {
	sum := 0.0
	for _, w := range widths {
		sum += w
	}
	xs := []float64{t.d.left()}
	for i, w := range widths {
		xs = append(xs, xs[i]+w/sum*t.d.Width())
	}
	return xs
}

func (t *gridder) box(c Cell, g Grid, row, col int, xs []float64) *box {
	b := &box{Cell: c, row: row, col: col, x: xs[col], w: xs[col+c.Across] - xs[col]}
	b.style = Style{Size: 10, Leading: 1.4, Align: c.Align}
	if g.Size > 0 {
		b.style.Size = g.Size
	}
	if c.Size > 0 {
		b.style.Size = c.Size
	}
	inner := b.w - 2*cellPad
	b.style.Size = t.wordsFit(c.Text, b.style, inner)
	b.text = t.d.lines(c.Text, b.style, inner)
	if c.Foot != "" {
		b.foot = t.d.lines(c.Foot, b.style, inner)
	}
	return b
}

// wordsFit is the size of type at which no word of s is cut, if a somewhat smaller one is enough for that.
func (t *gridder) wordsFit(s string, st Style, width float64) float64 {
	longest := 0.0
	for _, word := range clumps([]rune(strings.ReplaceAll(tidy(s), "\n", " "))) {
		longest = max(longest, t.d.width(strings.TrimRight(string(word), " "), st))
	}
	small := math.Floor(st.Size*width/longest*10) / 10
	if longest <= width || small < st.Size*0.7 {
		return st.Size
	}
	return small
}

// needs is the height of what is not yet printed of b.
func (b *box) needs() float64 {
	return max(b.Tall, float64(len(b.text)-b.done+len(b.foot))*b.style.line()+2*cellPad)
}

func (t *gridder) measure(g Grid) {
	least := g.Row
	if least == 0 {
		least = 7.5
	}
	for r := range t.height {
		t.height[r] = least
	}
	for _, b := range t.boxes {
		if b.Down == 1 {
			t.height[b.row] = max(t.height[b.row], b.needs())
		}
	}
	for _, b := range t.boxes {
		if short := b.needs() - t.sum(b.row, b.row+b.Down); short > 0 {
			t.height[b.row+b.Down-1] += short
		}
	}
}

func (t *gridder) sum(from, to int) (h float64) {
	for _, x := range t.height[from:to] {
		h += x
	}
	return h
}

// group is the end of the rows that stay together with row r.
func (t *gridder) group(r int) int {
	end := r + 1
	for k := r; k < end; k++ {
		for _, b := range t.cover[k] {
			end = max(end, b.row+b.Down)
		}
	}
	return end
}

func (t *gridder) flow() {
	n := len(t.height)
	t.from = t.d.y
	for r := 0; r < n; {
		end := t.group(r)
		for k := r; k < min(t.head, n); k++ { // the head is one piece, with the rows that its cells reach down into
			end = max(end, t.group(k))
		}
		h := t.sum(r, end)
		follow := h
		if r < t.head && end < n {
			follow += min(t.sum(end, t.group(end)), 20)
		}
		if follow > t.d.Left()+slack {
			t.turn(r)
		}
		if h > t.d.Left()+slack {
			t.cut(r, end)
		} else {
			t.rows(r, end, h)
		}
		r = end
	}
	t.frame()
}

// turn begins a new page and repeats the head on it.
func (t *gridder) turn(r int) {
	if t.d.y <= t.d.setup.Margin.Top {
		return
	}
	t.frame()
	t.d.NewPage()
	t.from = t.d.y
	if r < t.head || t.head == 0 {
		return
	}
	for _, row := range t.cover[:t.head] {
		for _, b := range row {
			b.done = 0
		}
	}
	t.rows(0, t.head, t.sum(0, t.head))
}

// rows prints the rows from..to in height h in all.
func (t *gridder) rows(from, to int, h float64) {
	y := t.d.y
	for r := from; r < to; r++ {
		for _, b := range t.cover[r] {
			if b.row == r {
				t.paint(b, Frame{b.x, y, b.w, t.sum(r, min(r+b.Down, to))}, true)
			}
		}
		y += t.height[r]
	}
	t.d.y += h
}

// frame draws the outer edge of what stands on this page.
func (t *gridder) frame() {
	if h := t.d.y - t.from; h > 0 {
		t.d.Border(Frame{t.d.left(), t.from, t.d.Width(), h}, 0.4, Black)
	}
}

// cut prints rows that are higher than a page: row by row where rows are joined, and a single row
// over as many pages as it needs.
func (t *gridder) cut(from, to int) {
	for r := from; r < to; r++ {
		for idle := 0; t.rest(r) > t.d.Left()+slack && idle < 2; idle++ {
			before := t.printed(r)
			if t.d.Left() > 30 {
				t.piece(r, t.d.Left(), false)
			}
			if t.printed(r) > before {
				idle = -1
			}
			t.turn(r)
		}
		t.piece(r, t.rest(r), true) // on a page too small for one line it runs over, but it is there
	}
}

// printed is how many lines of the cells that reach into row r are done.
func (t *gridder) printed(r int) (n int) {
	for _, b := range t.cover[r] {
		n += b.done
	}
	return n
}

// rest is the height that row r still needs. A cell that reaches down prints all its text in its last row.
func (t *gridder) rest(r int) float64 {
	h := 7.5
	for _, b := range t.cover[r] {
		if b.row+b.Down-1 == r {
			h = max(h, b.needs())
		}
	}
	return h
}

func (t *gridder) piece(r int, h float64, last bool) {
	for _, b := range t.cover[r] {
		t.paint(b, Frame{b.x, t.d.y, b.w, h}, last && r == b.row+b.Down-1)
	}
	t.d.y += h
}

// paint prints in f what is left of b; unless this is its last piece, only the lines that fit.
func (t *gridder) paint(b *box, f Frame, last bool) {
	t.d.Border(f, 0.15, Black)
	line := b.style.line()
	rest := b.text[b.done:]
	if !last {
		fit := int(math.Floor((f.H - 2*cellPad) / line))
		rest = rest[:min(max(fit, 0), len(rest))]
	}
	b.done += len(rest)
	foot := float64(len(b.foot)) * line
	y := f.Y + cellPad
	if !b.Top && last {
		y = f.Y + (f.H-foot-float64(len(rest))*line)/2
	}
	inner := Frame{f.X + cellPad, y, f.W - 2*cellPad, line}
	for _, l := range rest {
		t.d.oneLine(l, b.Text, b.style, inner)
		inner.Y += line
	}
	if last {
		t.paintFoot(b, f)
	}
}

func (t *gridder) paintFoot(b *box, f Frame) {
	line := b.style.line()
	st := b.style
	st.Align = End
	y := f.Y + f.H - cellPad - float64(len(b.foot))*line
	for _, l := range b.foot {
		t.d.oneLine(l, b.Foot, st, Frame{f.X + cellPad, y, f.W - 2*cellPad, line})
		y += line
	}
}
