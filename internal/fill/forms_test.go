package fill

import (
	"fmt"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"linli/internal/testkit"
)

// read reads a drawing as the engine does.
func read(t testing.TB, d *testkit.Drawing) *sheet {
	t.Helper()
	rows, err := d.File.GetRows(d.Sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	s, err := readSheet(d.File, d.Sheet, rows)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func unknownWords([]string) float64 { return 0 }

func TestListsAndReportsOfRealFormsAreFound(t *testing.T) {
	for _, f := range testkit.RealForms(t) {
		if f.Kind == "card" || f.Columns < 3 {
			continue
		}
		t.Run(f.ID, func(t *testing.T) {
			d := testkit.Draw(t)
			paths, first := d.List(f, 12)
			l := read(t, d).find(unknownWords)
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

func TestCardsOfRealFormsAreFound(t *testing.T) {
	for _, f := range testkit.RealForms(t) {
		if f.Layout != "label_value_grid" {
			continue
		}
		for _, pairs := range []int{1, 2, 3, 4} {
			t.Run(fmt.Sprint(f.ID, "/", pairs), func(t *testing.T) {
				if pairs < 4 && strings.Contains(fmt.Sprint(f.Header), "年收入") {
					pairs = 3
				}
				d := testkit.Draw(t)
				want, tables := d.Card(f, pairs)
				l := read(t, d).find(unknownWords)
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
