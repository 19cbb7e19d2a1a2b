// Package typeset lays out papers and writes them as PDF. It knows pages, lines, cells, seals and
// codes, and nothing of the field; the papers of the field are in package print.
//
// Lay out first, then write: a Doc collects what stands on each page, so that "page x of y" is
// right, and Render writes it. The same calls with the same Setup give the same bytes, so that a
// paper can be hashed; the time printed into the file is Setup.At.
//
// All measures are in millimetres from the upper left corner of the page, sizes of type in points.
//
// A character that no font has is printed as its number, 〔U+4DAE〕, and listed in Paper.Missing: it
// is never left out.
package typeset

import (
	"strings"
	"time"
	"unicode"

	"linli/internal/i18n"
	"linli/internal/print/font"
)

// Size is the size of a page.
type Size struct{ W, H float64 }

// The sizes of paper in use.
var (
	A4          = Size{210, 297}
	A4Landscape = Size{297, 210}
	A5          = Size{148, 210}
	A5Landscape = Size{210, 148}
	A6Landscape = Size{148, 105}
	Card        = Size{90, 54}
)

// Margin is the empty edge of a page.
type Margin struct{ Top, Right, Bottom, Left float64 }

// Setup is what holds for a whole paper.
type Setup struct {
	Size   Size
	Margin Margin
	Lang   i18n.Lang
	Title  string    // in the properties of the file
	Author string    // in the properties of the file
	At     time.Time // when it was made; in the properties of the file
	Feet   bool      // a foot on each page: "page x of y", Footer and Verify; it makes the bottom margin high enough
	Footer string    // when and by whom it was made
	Verify Verification
}

// Missing is a character that had to be printed as its number.
type Missing struct {
	Rune rune
	Page int    // from 1
	Text string // the text it stands in
}

// Paper is a finished document.
type Paper struct {
	PDF     []byte
	Pages   int
	Missing []Missing // each character once per text and page; empty as a rule
}

// Doc is a paper being laid out. It is used by one goroutine. The first failure is kept and
// returned by Render, so that the calls between need not be checked.
type Doc struct {
	set   *font.Set
	setup Setup
	pages []*page
	y     float64 // where the flow goes on
	err   error
	notes map[Missing]bool
	lost  []Missing
	codes map[string][]byte // pictures of QR codes by content
}

// page is what stands on one page, in the order of drawing.
type page struct{ marks []mark }

// New begins a paper with one empty page.
func New(set *font.Set, setup Setup) *Doc {
	if setup.Feet {
		setup.Margin.Bottom = max(setup.Margin.Bottom, setup.foot())
	}
	d := &Doc{set: set, setup: setup, notes: map[Missing]bool{}, codes: map[string][]byte{}}
	d.NewPage()
	return d
}

// NewPage ends the page.
func (d *Doc) NewPage() {
	d.pages = append(d.pages, &page{})
	d.y = d.setup.Margin.Top
}

// Space leaves h millimetres empty, at the foot of a page what is left of it.
func (d *Doc) Space(h float64) { d.y += h }

// Need begins a new page unless h millimetres are left on this one.
func (d *Doc) Need(h float64) {
	if d.y+h > d.bottom()+slack && d.y > d.setup.Margin.Top {
		d.NewPage()
	}
}

// Left is how much of the page is left below the flow.
func (d *Doc) Left() float64 { return d.bottom() - d.y }

// Width is the width of the flow.
func (d *Doc) Width() float64 { return d.setup.Size.W - d.setup.Margin.Left - d.setup.Margin.Right }

func (d *Doc) left() float64   { return d.setup.Margin.Left }
func (d *Doc) bottom() float64 { return d.setup.Size.H - d.setup.Margin.Bottom }
func (d *Doc) draw(m mark)     { p := d.pages[len(d.pages)-1]; p.marks = append(p.marks, m) }
func (d *Doc) say(t i18n.Text, args ...any) string {
	return t.In(d.setup.Lang, args...)
}

// mm is one point in millimetres.
const mm = 25.4 / 72

// measure gives the width of a character in the face and size of st.
func (d *Doc) measure(st Style) func(rune) float64 {
	return func(r rune) float64 {
		f, err := d.set.Find(st.Face, r)
		if err != nil {
			d.fail(err)
			return st.Size * mm
		}
		if f != nil {
			return f.Width(r) * st.Size * mm
		}
		w := 0.0
		for _, c := range codeOf(r) {
			if f, _ := d.set.Find(st.Face, c); f != nil {
				w += f.Width(c)
			}
		}
		return w * st.Size * mm
	}
}

func (d *Doc) width(text string, st Style) (w float64) {
	m := d.measure(st)
	for _, r := range text {
		w += m(r)
	}
	return w
}

func (d *Doc) fail(err error) {
	if d.err == nil {
		d.err = err
	}
}

// tidy takes out what has no shape of its own (zero-width marks, variation selectors, carriage
// returns) and makes every kind of space but the Chinese one a plain space.
func tidy(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\u3000':
			return r
		case r == '\t' || unicode.Is(unicode.Zs, r):
			return ' '
		case r == '\r' || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Variation_Selector, r):
			return -1
		default:
			return r
		}
	}, s)
}
