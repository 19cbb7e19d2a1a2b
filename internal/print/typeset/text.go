package typeset

import (
	"fmt"

	"linli/internal/print/font"
)

// Align says where in its width a line stands.
type Align int

// The alignments.
const (
	Start Align = iota
	Center
	End
)

// Color is a colour of ink.
type Color struct{ R, G, B uint8 }

// The inks in use.
var (
	Black = Color{0, 0, 0}
	Grey  = Color{96, 96, 96}
	Pale  = Color{168, 168, 168}
	Red   = Color{176, 24, 24}
)

// Style is how a text is set. The zero Leading is that of running text.
type Style struct {
	Face    font.Face
	Size    float64 // points
	Align   Align
	Color   Color
	Leading float64 // height of a line, in sizes; 0 is 1.6
	Indent  float64 // of the first line, in sizes
}

// The styles of an ordinary paper.
var (
	Plain     = Style{Size: 10.5}
	Small     = Style{Size: 8.5, Color: Grey, Leading: 1.45}
	titleType = Style{Face: font.Title, Size: 20, Align: Center, Leading: 1.4}
	subType   = Style{Size: 12, Align: Center}
	headType  = Style{Face: font.Title, Size: 12}
	bodyType  = Style{Size: 12, Leading: 1.7, Indent: 2}
)

func (st Style) line() float64 {
	if st.Leading == 0 {
		return st.Size * 1.6 * mm
	}
	return st.Size * st.Leading * mm
}

// Frame is a place on the page.
type Frame struct{ X, Y, W, H float64 }

// In is the frame inside f, smaller by d on every side.
func (f Frame) In(d float64) Frame { return Frame{f.X + d, f.Y + d, f.W - 2*d, f.H - 2*d} }

// Title sets the title of the paper, centred.
func (d *Doc) Title(s string) { d.Text(s, titleType); d.Space(1) }

// Subtitle sets the line under the title.
func (d *Doc) Subtitle(s string) {
	if s != "" {
		d.Text(s, subType)
	}
}

// Heading sets the heading of a part; it stays with what follows.
func (d *Doc) Heading(s string) {
	d.Need(headType.line() * 3)
	d.Space(2.5)
	d.Text(s, headType)
	d.Space(0.8)
}

// Paragraph sets running text, its first line indented by two characters.
func (d *Doc) Paragraph(s string) { d.Text(s, bodyType) }

// MetaLine sets two short texts at both ends of a line (to whom, number); when they do not fit, in two lines.
func (d *Doc) MetaLine(left, right string) {
	st := Plain
	if d.width(tidy(left), st)+d.width(tidy(right), st)+4 > d.Width() {
		d.Text(left, st)
		st.Align = End
		d.Text(right, st)
		return
	}
	d.Need(st.line())
	y := d.y
	d.Text(left, st)
	st.Align = End
	d.y = y
	d.Text(right, st)
}

// Rule draws a thin line over the width of the flow.
func (d *Doc) Rule() {
	d.Space(1)
	d.Line(d.left(), d.y, d.left()+d.Width(), d.y, 0.2)
	d.Space(1.5)
}

// Text sets a text in the flow; it goes on over as many pages as it needs.
func (d *Doc) Text(s string, st Style) {
	for i, l := range d.lines(s, st, d.Width()) {
		d.Need(st.line())
		x, w := d.left(), d.Width()
		if i == 0 {
			x, w = x+st.Indent*st.Size*mm, w-st.Indent*st.Size*mm
		}
		d.oneLine(l, s, st, Frame{x, d.y, w, st.line()})
		d.y += st.line()
	}
}

func (d *Doc) lines(s string, st Style, w float64) []string {
	return Break(tidy(s), w, st.Indent*st.Size*mm, d.measure(st))
}

// oneLine sets one line in f; src is the whole text that it belongs to.
func (d *Doc) oneLine(line, src string, st Style, f Frame) {
	x := f.X
	switch st.Align {
	case Center:
		x += (f.W - d.width(line, st)) / 2
	case End:
		x += f.W - d.width(line, st)
	}
	base := f.Y + (st.line()-st.Size*mm)/2 + 0.88*st.Size*mm
	d.draw(textMark{x: x, y: base, line: line, style: st})
	d.note(line, src, st)
}

// note remembers the characters of line that will be printed as numbers.
func (d *Doc) note(line, src string, st Style) {
	for _, r := range line {
		f, err := d.set.Find(st.Face, r)
		if err != nil {
			d.fail(err)
			return
		}
		m := Missing{Rune: r, Page: len(d.pages), Text: src}
		if f == nil && !d.notes[m] {
			d.notes[m] = true
			d.lost = append(d.lost, m)
		}
	}
}

// Put sets a text inside a frame, in the middle of its height, and makes the type smaller until it
// fits; below 5 points it runs over the frame rather than lose anything.
func (d *Doc) Put(f Frame, s string, st Style) {
	lines := d.lines(s, st, f.W)
	for st.Size > 5.4 && (float64(len(lines))*st.line() > f.H+slack || d.widest(lines, st) > f.W+slack) {
		st.Size -= 0.5
		lines = d.lines(s, st, f.W)
	}
	y := f.Y + (f.H-float64(len(lines))*st.line())/2
	for i, l := range lines {
		in := 0.0
		if i == 0 {
			in = st.Indent * st.Size * mm
		}
		d.oneLine(l, s, st, Frame{f.X + in, y, f.W - in, st.line()})
		y += st.line()
	}
}

func (d *Doc) widest(lines []string, st Style) (w float64) {
	for _, l := range lines {
		w = max(w, d.width(l, st))
	}
	return w
}

// Line draws a line of weight millimetres.
func (d *Doc) Line(x1, y1, x2, y2, weight float64) {
	d.draw(lineMark{x1, y1, x2, y2, weight, Black, ""})
}

// CutLine draws a fine broken line, to cut along.
func (d *Doc) CutLine(x1, y1, x2, y2 float64) {
	d.draw(lineMark{x1, y1, x2, y2, 0.1, Pale, "dashed"})
}

// Border draws the edge of f.
func (d *Doc) Border(f Frame, weight float64, c Color) { d.draw(rectMark{f, weight, c}) }

// codeOf is what is printed for a character that no font has.
func codeOf(r rune) string { return fmt.Sprintf("〔U+%04X〕", r) }
