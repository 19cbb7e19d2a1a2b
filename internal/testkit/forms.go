package testkit

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// RealForm is one form of the public collection.
type RealForm struct {
	ID          string
	Title       string
	Kind        string
	Layout      string
	Above       []string
	Header      []any
	Columns     int
	HeaderDepth int        `json:"header_depth"`
	MarkerRows  [][]string `json:"marker_rows"`
	RowLabels   []string   `json:"row_labels"`
	Options     map[string]any
	Below       []string
	Notes       []string
}

// RealForms are the forms of the public collection, none where it does not stand beside the checkout.
func RealForms(t testing.TB) []RealForm {
	t.Helper()
	name, ok := Shared(t, "forms/forms.json")
	if !ok {
		return nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var forms []RealForm
	if err := json.Unmarshal(b, &forms); err != nil {
		t.Fatal(err)
	}
	return forms
}

// Area is a rectangle of cells; rows and columns count from 0, both ends included.
type Area struct{ Top, Left, Bottom, Right int }

// Place is where the value of a label goes; row and column count from 0.
type Place struct {
	Label    string // the labels over it, joined by ">", or the line above or below the form
	Row, Col int
}

// Table is a small table within a card.
type Table struct {
	Group             string
	Labels            []string
	First, Left, Rows int // of its data
}

// Drawing is a workbook in the making.
type Drawing struct {
	t      testing.TB
	File   *excelize.File
	Sheet  string
	frame  int
	Places []Place // of a card's fields
	Lines  []Place // labels of the lines above and below, each at its own cell
	Tables []Table // of a card
}

// Draw begins a workbook.
func Draw(t testing.TB) *Drawing {
	t.Helper()
	f := excelize.NewFile()
	t.Cleanup(func() { _ = f.Close() })
	side := func(k string) excelize.Border { return excelize.Border{Type: k, Color: "000000", Style: 1} }
	id, err := f.NewStyle(&excelize.Style{Border: []excelize.Border{side("left"), side("right"), side("top"), side("bottom")},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	if err != nil {
		t.Fatal(err)
	}
	return &Drawing{t: t, File: f, Sheet: "Sheet1", frame: id}
}

// At names a cell; row and column count from 0.
func At(r, c int) string {
	s, err := excelize.CoordinatesToCellName(c+1, r+1)
	if err != nil {
		panic(err)
	}
	return s
}

// Put writes a text over an area.
func (d *Drawing) Put(a Area, text string) {
	d.t.Helper()
	if text != "" {
		if err := d.File.SetCellStr(d.Sheet, At(a.Top, a.Left), text); err != nil {
			d.t.Fatal(err)
		}
	}
	if a.Bottom > a.Top || a.Right > a.Left {
		if err := d.File.MergeCell(d.Sheet, At(a.Top, a.Left), At(a.Bottom, a.Right)); err != nil {
			d.t.Fatal(err)
		}
	}
}

// line writes a line above or below a form.
func (d *Drawing) line(r int, text string) {
	d.Put(Area{r, 0, r, 0}, text)
	d.Lines = append(d.Lines, Place{text, r, 0})
}

// Bytes is the workbook as a file.
func (d *Drawing) Bytes() []byte {
	d.t.Helper()
	b, err := d.File.WriteToBuffer()
	if err != nil {
		d.t.Fatal(err)
	}
	return b.Bytes()
}

// Framed gives an area a frame.
func (d *Drawing) Framed(a Area) {
	d.t.Helper()
	if err := d.File.SetCellStyle(d.Sheet, At(a.Top, a.Left), At(a.Bottom, a.Right), d.frame); err != nil {
		d.t.Fatal(err)
	}
}

// Leaves counts the columns of header nodes.
func Leaves(nodes []any) int {
	n := 0
	for _, x := range nodes {
		if g, ok := x.([]any); ok {
			n += Leaves(g[1].([]any))
		} else {
			n++
		}
	}
	return n
}

// header draws nested labels from row top on, over depth rows, and gives the paths of its columns.
func (d *Drawing) header(nodes []any, top, depth, col int, above []string) [][]string {
	var paths [][]string
	for _, x := range nodes {
		switch x := x.(type) {
		case []any:
			name, _ := x[0].(string)
			parts := x[1].([]any)
			n := Leaves(parts)
			d.Put(Area{top, col, top, col + n - 1}, name)
			up := append(append([]string{}, above...), name)
			paths = append(paths, d.header(parts, top+1, depth-1, col, up)...)
			col += n
		default:
			name, _ := x.(string)
			d.Put(Area{top, col, top + depth - 1, col}, name)
			paths = append(paths, append(append([]string{}, above...), name))
			col++
		}
	}
	return paths
}

// List draws a form with one row a person: title, lines above, header, blank framed rows, lines below.
func (d *Drawing) List(f RealForm, rows int) (paths [][]string, first int) {
	r := 0
	if f.Title != "" {
		d.Put(Area{0, 0, 0, f.Columns - 1}, f.Title)
		r++
	}
	for _, a := range f.Above {
		d.line(r, a)
		r++
	}
	top := r
	paths = d.header(f.Header, r, f.HeaderDepth, 0, nil)
	r += f.HeaderDepth
	for _, m := range f.MarkerRows {
		for c, v := range m {
			d.Put(Area{r, c, r, c}, v)
		}
		r++
	}
	first = r
	for i, h := range f.RowLabels {
		for c, part := range strings.Split(h, "|") {
			d.Put(Area{r + i, c, r + i, c}, part)
		}
	}
	if len(f.RowLabels) > 0 {
		rows = len(f.RowLabels)
	}
	r += rows
	d.Framed(Area{top, 0, r - 1, f.Columns - 1})
	for _, b := range f.Below {
		d.line(r, b)
		r++
	}
	return paths, first
}

// Card draws a form about one subject as a grid of labels and blank places, pairs to a row; groups stand at the left and reach over
// their rows; a group that lists people is a small table with rows of its own.
func (d *Drawing) Card(f RealForm, pairs int) (fields []string, tables int) {
	width := 1 + 2*pairs
	d.Put(Area{0, 0, 0, width - 1}, f.Title)
	r := 1
	for _, a := range f.Above {
		d.line(r, a)
		r++
	}
	top := r
	place := func(labels []any, above []string, left int) {
		c := left
		for _, x := range labels {
			if c+1 >= width {
				c = left
				r++
			}
			name := x.(string)
			d.Put(Area{r, c, r, c}, name)
			if o, ok := f.Options[name].([]any); ok && len(o) > 1 && strings.ContainsAny(fmt.Sprint(o...), "□(") {
				var parts []string
				for _, v := range o {
					parts = append(parts, fmt.Sprint(v))
				}
				d.Put(Area{r, c + 1, r, c + 1}, strings.Join(parts, " "))
			} else if ok && numbered(o) {
				var parts []string
				for _, v := range o {
					parts = append(parts, fmt.Sprint(v))
				}
				d.Put(Area{r, c + 1, r, c + 1}, strings.Join(parts, " ")+" □")
			}
			path := strings.Join(append(append([]string{}, above...), name), ">")
			fields = append(fields, path)
			d.Places = append(d.Places, Place{path, r, c + 1})
			c += 2
		}
		r++
	}
	var plain []any
	flush := func() {
		if len(plain) > 0 {
			place(plain, nil, 0)
			plain = nil
		}
	}
	for _, x := range f.Header {
		g, ok := x.([]any)
		if !ok {
			plain = append(plain, x)
			continue
		}
		flush()
		name, parts := g[0].(string), g[1].([]any)
		from := r
		if listsPeople(parts) {
			tb := Table{Group: name, First: r + 1, Left: 1, Rows: 4}
			for c, p := range parts {
				d.Put(Area{r, c + 1, r, c + 1}, p.(string))
				tb.Labels = append(tb.Labels, p.(string))
			}
			d.Tables = append(d.Tables, tb)
			r += 5
			tables++
		} else {
			place(parts, []string{name}, 1)
		}
		if r-1 == from { // groups are seen by their height
			r++
		}
		d.Put(Area{from, 0, r - 1, 0}, name)
	}
	flush()
	d.Framed(Area{top, 0, r - 1, width - 1})
	for _, b := range f.Below {
		d.line(r, b)
		r++
	}
	return fields, tables
}

func listsPeople(parts []any) bool {
	s := strings.Join(strings.Fields(fmt.Sprint(parts...)), "")
	return strings.Contains(s, "姓名") && strings.Contains(s, "年收入")
}

// numbered says whether all choices begin with their number.
func numbered(choices []any) bool {
	for i, c := range choices {
		if !strings.HasPrefix(fmt.Sprint(c), fmt.Sprint(i+1)) {
			return false
		}
	}
	return len(choices) > 1
}
