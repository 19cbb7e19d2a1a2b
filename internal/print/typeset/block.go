package typeset

import (
	"fmt"
	"strings"

	"rsc.io/qr"

	"linli/internal/i18n"
)

// Pair is a name and its value.
type Pair struct{ Name, Value string }

// Definitions sets names and values as a ruled table of cols pairs a row.
func (d *Doc) Definitions(pairs []Pair, cols int) {
	g := Grid{}
	for range cols {
		g.Widths = append(g.Widths, 3, 12/float64(cols)+1)
	}
	for i := 0; i < len(pairs); i += cols {
		var row []Cell
		for k := i; k < min(i+cols, len(pairs)); k++ {
			row = append(row, Cell{Text: pairs[k].Name, Align: Center}, Cell{Text: pairs[k].Value})
		}
		if n := len(row); n < 2*cols {
			row[n-1].Across = 2*cols - n + 1
		}
		g.Rows = append(g.Rows, row)
	}
	d.Grid(g)
}

// Column is a column of a table.
type Column struct {
	Title string
	Width float64 // in any unit
	Align Align
}

// Table is a data table. Its head is repeated on each page.
type Table struct {
	Columns []Column
	Rows    [][]string
	Total   []string // last row; nil if none
	Empty   string   // said in a row of its own if there are no rows
	Size    float64  // of type; 0 is 9.5
}

// Table sets a data table in the flow.
func (d *Doc) Table(t Table) {
	if len(t.Columns) == 0 {
		return
	}
	g := Grid{Head: 1, Size: t.Size, Row: 7}
	if g.Size == 0 {
		g.Size = 9.5
	}
	head := make([]Cell, len(t.Columns))
	for i, c := range t.Columns {
		g.Widths = append(g.Widths, c.Width)
		head[i] = Cell{Text: c.Title, Align: Center}
	}
	g.Rows = append(g.Rows, head)
	for i, r := range t.Rows {
		if len(r) > len(t.Columns) {
			d.fail(fmt.Errorf("row %d has %d cells for %d columns", i+1, len(r), len(t.Columns)))
		}
		g.Rows = append(g.Rows, t.cells(r))
	}
	if len(t.Rows) == 0 && t.Empty != "" {
		g.Rows = append(g.Rows, []Cell{{Text: t.Empty, Across: len(t.Columns), Align: Center}})
	}
	if t.Total != nil {
		g.Rows = append(g.Rows, t.cells(t.Total))
	}
	d.Grid(g)
}

func (t Table) cells(row []string) []Cell {
	out := make([]Cell, len(t.Columns))
	for i, c := range t.Columns {
		out[i].Align = c.Align
		if i < len(row) {
			out[i].Text = row[i]
		}
	}
	return out
}

// QR draws a QR code of content; with link it can also be pressed on a screen.
func (d *Doc) QR(f Frame, content string, link bool) {
	img, ok := d.codes[content]
	if !ok {
		var err error
		if img, err = qrImage(content); err != nil {
			d.fail(err)
			return
		}
		d.codes[content] = img
	}
	m := imageMark{f: f, png: img}
	if link {
		m.link = content
	}
	d.draw(m)
}

// qrImage makes the picture of a QR code with its quiet zone, 4 pixels a module, so that it stays sharp
// however it is scaled.
func qrImage(content string) ([]byte, error) {
	c, err := qr.Encode(content, qr.M)
	if err != nil {
		return nil, fmt.Errorf("qr code: %w", err)
	}
	c.Scale = 4
	return c.PNG(), nil
}

// Verification lets anyone who holds the paper check that it is genuine and unchanged.
type Verification struct {
	Code string // as it is typed in; empty if the paper has none
	URL  string // what the QR code opens
}

// Signature is the place where one side signs, or the electronic signature it has given.
type Signature struct {
	Role string // party A, secretary, …
	Name string // organisation or person
	By   string // who has signed; empty leaves a place to sign
	At   string // when
	Hash string // of the content that was signed
	Seal bool   // leave a place for a seal
}

// Signatures sets the places of both sides beside each other; they stay together.
func (d *Doc) Signatures(list ...Signature) {
	w := d.Width()/float64(len(list)) - 3
	var texts []string
	high := 0.0
	for _, s := range list {
		t := d.signature(s)
		texts = append(texts, t)
		high = max(high, float64(len(d.lines(t, Plain, w)))*Plain.line())
	}
	d.Need(high + 4)
	d.Space(4)
	for i, t := range texts {
		y := d.y
		for _, l := range d.lines(t, Plain, w) {
			d.oneLine(l, t, Plain, Frame{d.left() + float64(i)*(w+6), y, w, Plain.line()})
			y += Plain.line()
		}
	}
	d.y += high
}

func (d *Doc) signature(s Signature) string {
	var b strings.Builder
	head := i18n.PrintParty
	if s.Seal {
		head = i18n.PrintPartySeal
	}
	fmt.Fprintf(&b, "%s\n", d.say(head, s.Role, s.Name))
	if s.By == "" {
		fmt.Fprintf(&b, "\n%s\n\n%s", d.say(i18n.PrintSignHere), d.say(i18n.PrintDateHere))
		return b.String()
	}
	fmt.Fprintf(&b, "%s\n%s", d.say(i18n.PrintSignedBy, s.By), d.say(i18n.PrintSignedAt, s.At))
	if s.Hash != "" {
		fmt.Fprintf(&b, "\n%s", d.say(i18n.PrintSignedHash, s.Hash))
	}
	return b.String()
}
