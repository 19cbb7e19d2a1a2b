package typeset

import (
	"bytes"
	"fmt"

	"github.com/signintech/gopdf"

	"linli/internal/i18n"
	"linli/internal/print/font"
)

// mark is one thing drawn on a page.
type mark interface{ write(*writer) error }

type textMark struct {
	x, y  float64 // y is the base line
	line  string
	style Style
}

type lineMark struct {
	x1, y1, x2, y2, weight float64
	color                  Color
	kind                   string // "" or "dashed"
}

type rectMark struct {
	f      Frame
	weight float64
	color  Color
}

type imageMark struct {
	f    Frame
	png  []byte
	link string
}

// writer puts marks into a PDF. Each font holds only the characters of this paper.
type writer struct {
	pdf  *gopdf.GoPdf
	set  *font.Set
	used map[*font.Font]map[rune]bool
}

// tags are the names of the languages in a PDF.
var tags = map[bool]string{false: "zh-CN", true: "en"}

// Render adds the feet of the pages and writes the file.
func (d *Doc) Render() (*Paper, error) {
	d.feet()
	if d.err != nil {
		return nil, fmt.Errorf("lay out paper: %w", d.err)
	}
	size := d.setup.Size
	w := &writer{pdf: &gopdf.GoPdf{}, set: d.set, used: map[*font.Font]map[rune]bool{}}
	w.pdf.Start(gopdf.Config{Unit: gopdf.UnitPT, PageSize: gopdf.Rect{W: size.W / mm, H: size.H / mm}})
	w.pdf.SetInfo(gopdf.PdfInfo{Title: d.setup.Title, Author: d.setup.Author, Creator: "Linli", Producer: "Linli",
		CreationDate: d.setup.At.In(i18n.Zone)})
	if err := w.fonts(d.pages); err != nil {
		return nil, fmt.Errorf("write paper: %w", err)
	}
	for _, p := range d.pages {
		w.pdf.AddPage()
		for _, m := range p.marks {
			if err := m.write(w); err != nil {
				return nil, fmt.Errorf("write paper: %w", err)
			}
		}
	}
	var out bytes.Buffer
	if _, err := w.pdf.WriteTo(&out); err != nil {
		return nil, fmt.Errorf("write paper: %w", err)
	}
	pdf, err := mend(out.Bytes(), tags[d.setup.Lang == i18n.EN])
	if err != nil {
		return nil, fmt.Errorf("write paper: %w", err)
	}
	return &Paper{PDF: pdf, Pages: len(d.pages), Missing: d.lost}, nil
}

// fonts adds the fonts that the pages need, in a fixed order.
func (w *writer) fonts(pages []*page) error {
	for _, p := range pages {
		for _, m := range p.marks {
			if t, ok := m.(textMark); ok {
				if _, err := w.runs(t.line, t.style.Face); err != nil {
					return err
				}
			}
		}
	}
	for _, f := range w.set.Fonts() {
		if chars := w.used[f]; chars != nil {
			if err := w.pdf.AddTTFFontData(f.Name, f.Subset(chars)); err != nil {
				return fmt.Errorf("font %s: %w", f.Name, err)
			}
		}
	}
	return nil
}

func (m textMark) write(w *writer) error {
	c := m.style.Color
	w.pdf.SetTextColor(c.R, c.G, c.B)
	x := m.x
	runs, err := w.runs(m.line, m.style.Face)
	if err != nil {
		return err
	}
	for _, r := range runs {
		if err := w.pdf.SetFont(r.font.Name, "", m.style.Size); err != nil {
			return err
		}
		w.pdf.SetXY(x/mm, m.y/mm)
		if err := w.pdf.Text(r.text); err != nil {
			return err
		}
		for _, c := range r.text {
			x += r.font.Width(c) * m.style.Size * mm
		}
	}
	return nil
}

type run struct {
	font *font.Font
	text string
}

// runs cuts a line where the font changes, and remembers which characters of each font are used.
func (w *writer) runs(line string, face font.Face) ([]run, error) {
	var out []run
	for _, r := range line {
		f, err := w.set.Find(face, r)
		if err != nil {
			return nil, err
		}
		if f != nil {
			out = w.add(out, f, r)
			continue
		}
		for _, c := range codeOf(r) {
			if f, err = w.set.Find(face, c); err != nil || f == nil {
				return nil, fmt.Errorf("no font has %q: %w", c, err)
			}
			out = w.add(out, f, c)
		}
	}
	return out, nil
}

func (w *writer) add(out []run, f *font.Font, r rune) []run {
	if w.used[f] == nil {
		w.used[f] = map[rune]bool{}
	}
	w.used[f][r] = true
	if n := len(out); n > 0 && out[n-1].font == f {
		out[n-1].text += string(r)
		return out
	}
	return append(out, run{f, string(r)})
}

func (m lineMark) write(w *writer) error {
	w.pdf.SetLineType(m.kind)
	w.pdf.SetLineWidth(m.weight / mm)
	w.pdf.SetStrokeColor(m.color.R, m.color.G, m.color.B)
	w.pdf.Line(m.x1/mm, m.y1/mm, m.x2/mm, m.y2/mm)
	w.pdf.SetLineType("")
	return nil
}

func (m rectMark) write(w *writer) error {
	w.pdf.SetLineWidth(m.weight / mm)
	w.pdf.SetStrokeColor(m.color.R, m.color.G, m.color.B)
	w.pdf.RectFromUpperLeftWithStyle(m.f.X/mm, m.f.Y/mm, m.f.W/mm, m.f.H/mm, "D")
	return nil
}

func (m imageMark) write(w *writer) error {
	h, err := gopdf.ImageHolderByBytes(m.png)
	if err != nil {
		return err
	}
	x, y, wd, ht := m.f.X/mm, m.f.Y/mm, m.f.W/mm, m.f.H/mm
	if m.link != "" {
		w.pdf.AddExternalLink(m.link, x, y, wd, ht)
	}
	return w.pdf.ImageByHolder(h, x, y, &gopdf.Rect{W: wd, H: ht})
}
