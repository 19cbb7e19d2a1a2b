package fill

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/testkit"
)

// realForm is one form of the public collection.
type realForm struct {
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

func realForms(t testing.TB) []realForm {
	t.Helper()
	name, ok := testkit.Shared(t, "forms/forms.json")
	if !ok {
		return nil
	}
	b, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var forms []realForm
	if err := json.Unmarshal(b, &forms); err != nil {
		t.Fatal(err)
	}
	return forms
}

// drawing is a workbook in the making.
type drawing struct {
	t     testing.TB
	f     *excelize.File
	sheet string
	frame int
}

func draw(t testing.TB) *drawing {
	t.Helper()
	f := excelize.NewFile()
	t.Cleanup(func() { _ = f.Close() })
	side := func(k string) excelize.Border { return excelize.Border{Type: k, Color: "000000", Style: 1} }
	id, err := f.NewStyle(&excelize.Style{Border: []excelize.Border{side("left"), side("right"), side("top"), side("bottom")},
		Alignment: &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}})
	if err != nil {
		t.Fatal(err)
	}
	return &drawing{t, f, "Sheet1", id}
}

func at(r, c int) string {
	s, err := excelize.CoordinatesToCellName(c+1, r+1)
	if err != nil {
		panic(err)
	}
	return s
}

// put writes a text over an area.
func (d *drawing) put(a area, text string) {
	d.t.Helper()
	if text != "" {
		if err := d.f.SetCellStr(d.sheet, at(a.top, a.left), text); err != nil {
			d.t.Fatal(err)
		}
	}
	if a.height() > 1 || a.width() > 1 {
		if err := d.f.MergeCell(d.sheet, at(a.top, a.left), at(a.bottom, a.right)); err != nil {
			d.t.Fatal(err)
		}
	}
}

func (d *drawing) framed(a area) {
	d.t.Helper()
	if err := d.f.SetCellStyle(d.sheet, at(a.top, a.left), at(a.bottom, a.right), d.frame); err != nil {
		d.t.Fatal(err)
	}
}

// leavesOf counts the columns of header nodes.
func leavesOf(nodes []any) int {
	n := 0
	for _, x := range nodes {
		if g, ok := x.([]any); ok {
			n += leavesOf(g[1].([]any))
		} else {
			n++
		}
	}
	return n
}

// header draws nested labels from row top on, over depth rows, and gives the paths of its columns.
func (d *drawing) header(nodes []any, top, depth, col int, above []string) [][]string {
	var paths [][]string
	for _, x := range nodes {
		switch x := x.(type) {
		case []any:
			name, _ := x[0].(string)
			parts := x[1].([]any)
			n := leavesOf(parts)
			d.put(area{top, col, top, col + n - 1}, name)
			up := append(append([]string{}, above...), name)
			paths = append(paths, d.header(parts, top+1, depth-1, col, up)...)
			col += n
		default:
			name, _ := x.(string)
			d.put(area{top, col, top + depth - 1, col}, name)
			paths = append(paths, append(append([]string{}, above...), name))
			col++
		}
	}
	return paths
}

// list draws a form with one row a person: title, lines above, header, blank framed rows, lines below.
func (d *drawing) list(f realForm, rows int) (paths [][]string, first int) {
	r := 0
	if f.Title != "" {
		d.put(area{0, 0, 0, f.Columns - 1}, f.Title)
		r++
	}
	for _, a := range f.Above {
		d.put(area{r, 0, r, 0}, a)
		r++
	}
	top := r
	paths = d.header(f.Header, r, f.HeaderDepth, 0, nil)
	r += f.HeaderDepth
	for _, m := range f.MarkerRows {
		for c, v := range m {
			d.put(area{r, c, r, c}, v)
		}
		r++
	}
	first = r
	for i, h := range f.RowLabels {
		for c, part := range strings.Split(h, "|") {
			d.put(area{r + i, c, r + i, c}, part)
		}
	}
	if len(f.RowLabels) > 0 {
		rows = len(f.RowLabels)
	}
	r += rows
	d.framed(area{top, 0, r - 1, f.Columns - 1})
	for _, b := range f.Below {
		d.put(area{r, 0, r, 0}, b)
		r++
	}
	return paths, first
}

func (d *drawing) read() *sheet {
	d.t.Helper()
	rows, err := d.f.GetRows(d.sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		d.t.Fatal(err)
	}
	s, err := readSheet(d.f, d.sheet, rows)
	if err != nil {
		d.t.Fatal(err)
	}
	return s
}

func unknownWords([]string) float64 { return 0 }

func TestListsAndReportsOfRealFormsAreFound(t *testing.T) {
	for _, f := range realForms(t) {
		if f.Kind == "card" || f.Columns < 3 {
			continue
		}
		t.Run(f.ID, func(t *testing.T) {
			d := draw(t)
			paths, first := d.list(f, 12)
			l := d.read().find(unknownWords)
			if len(l.tables) != 1 {
				t.Fatalf("%d tables, want 1: %+v", len(l.tables), l.tables)
			}
			tb := l.tables[0]
			var got, want []string
			for _, c := range tb.columns {
				got = append(got, fmt.Sprint(c.col, strings.Join(c.path, ">")))
			}
			for i, p := range paths {
				if p[len(p)-1] != "" && (i > 0 || len(f.RowLabels) == 0) {
					want = append(want, fmt.Sprint(i, strings.Join(p, ">")))
				}
			}
			if strings.Join(got, "\n") != strings.Join(want, "\n") {
				t.Errorf("columns\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
			if tb.first != first {
				t.Errorf("data begins in row %d, want %d", tb.first+1, first+1)
			}
			if f.Title != "" && l.title != f.Title {
				t.Errorf("title %q, want %q", l.title, f.Title)
			}
			if rows := max(12, len(f.RowLabels)); len(f.RowLabels) == 0 && tb.last-tb.first+1 != rows {
				t.Errorf("%d rows for data, want %d", tb.last-tb.first+1, rows)
			}
			if len(tb.heads) != len(f.RowLabels) {
				t.Errorf("%d row labels, want %d", len(tb.heads), len(f.RowLabels))
			}
		})
	}
}

// card draws a form about one subject as a grid of labels and blank places, pairs to a row; groups stand at the left and reach over
// their rows; a group that lists people is a small table with rows of its own.
func (d *drawing) card(f realForm, pairs int) (fields []string, tables int) {
	width := 1 + 2*pairs
	d.put(area{0, 0, 0, width - 1}, f.Title)
	r := 1
	for _, a := range f.Above {
		d.put(area{r, 0, r, 0}, a)
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
			d.put(area{r, c, r, c}, name)
			if o, ok := f.Options[name].([]any); ok && len(o) > 1 && strings.ContainsAny(fmt.Sprint(o...), "□(") {
				var parts []string
				for _, v := range o {
					parts = append(parts, fmt.Sprint(v))
				}
				d.put(area{r, c + 1, r, c + 1}, strings.Join(parts, " "))
			}
			fields = append(fields, strings.Join(append(append([]string{}, above...), name), ">"))
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
			for c, p := range parts {
				d.put(area{r, c + 1, r, c + 1}, p.(string))
			}
			r += 5
			tables++
		} else {
			place(parts, []string{name}, 1)
		}
		if r-1 == from { // groups are seen by their height
			r++
		}
		d.put(area{from, 0, r - 1, 0}, name)
	}
	flush()
	d.framed(area{top, 0, r - 1, width - 1})
	for _, b := range f.Below {
		d.put(area{r, 0, r, 0}, b)
		r++
	}
	return fields, tables
}

func listsPeople(parts []any) bool {
	s := squeeze(fmt.Sprint(parts...))
	return strings.Contains(s, "姓名") && strings.Contains(s, "年收入")
}

func TestCardsOfRealFormsAreFound(t *testing.T) {
	for _, f := range realForms(t) {
		if f.Layout != "label_value_grid" {
			continue
		}
		for _, pairs := range []int{1, 2, 3, 4} {
			t.Run(fmt.Sprint(f.ID, "/", pairs), func(t *testing.T) {
				if pairs < 4 && strings.Contains(fmt.Sprint(f.Header), "年收入") {
					pairs = 3
				}
				d := draw(t)
				want, tables := d.card(f, pairs)
				l := d.read().find(unknownWords)
				if len(l.tables) != tables {
					for _, tb := range l.tables {
						t.Logf("table %+v", tb)
					}
					t.Errorf("%d tables, want %d", len(l.tables), tables)
				}
				found := map[string]int{}
				for _, x := range l.fields {
					found[strings.Join(x.path, ">")]++
				}
				for _, w := range want {
					if found[w] == 0 {
						t.Errorf("no field %q", w)
					}
					found[w]--
				}
				if l.title != f.Title {
					t.Errorf("title %q, want %q", l.title, f.Title)
				}
			})
		}
	}
}
