package chart

import (
	"strconv"
	"strings"
	"testing"

	"github.com/a-h/templ"
	"pgregory.net/rapid"

	"linli/internal/i18n"
	"linli/internal/web/viewtest"
)

func number(t interface{ Fatalf(string, ...any) }, s string) float64 {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatalf("%q is not a number", s)
	}
	return f
}

func anyChart(t *rapid.T) Chart {
	values := rapid.SliceOfN(rapid.Int64Range(0, 1_000_000), 1, 12).Draw(t, "values")
	c := Chart{Title: "t", Unit: i18n.Both("小时", "hours")}
	for i, v := range values {
		c.Items = append(c.Items, Item{Label: "l" + strconv.Itoa(i), Value: v, Href: "/r?i=" + strconv.Itoa(i)})
	}
	return c
}

// A mix is drawn end to end and fills its bar, whatever the values are.
func TestSegmentsFillTheBar(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := anyChart(t)
		if c.sum() == 0 {
			return
		}
		at := 0.0
		for _, s := range c.segments() {
			if from := number(t, s.from); from < at-0.02 || from > at+0.02 {
				t.Fatalf("a segment begins at %v, the one before ends at %v", from, at)
			}
			at = number(t, s.from) + number(t, s.to)
		}
		if at < 99.98 || at > 100.02 {
			t.Fatalf("the segments end at %v of 100", at)
		}
	})
}

// No column leaves the drawing, and a greater value is never a lower column.
func TestColumnsKeepTheirOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		most := rapid.Int64Range(1, 1_000_000).Draw(t, "most")
		a, b := rapid.Int64Range(0, most).Draw(t, "a"), rapid.Int64Range(0, most).Draw(t, "b")
		ha, hb := columnHeight(a, most), columnHeight(b, most)
		if ha < 0 || ha > tall || (a > b) != (ha > hb) && a != b {
			t.Fatalf("columnHeight(%d)=%v, columnHeight(%d)=%v of %d", a, ha, b, hb, most)
		}
	})
}

// The table beside a chart has the same numbers, and every number opens to its records.
func TestEveryChartHasItsTable(t *testing.T) {
	c := Chart{Title: "t", Items: []Item{{Label: "x", Value: 1200, Href: "/x"}, {Label: "y", Value: 0, Href: "/y"}, {Label: "z", Value: 60, Shown: "1", Href: "/z"}}}
	for name, drawn := range map[string]templ.Component{"bars": Bars(c), "mix": Mix(c), "columns": Columns(c)} {
		root := viewtest.Render(t, i18n.ZH, drawn)
		viewtest.Check(t, root)
		table := viewtest.One(t, root, "table")
		if text := viewtest.Text(table); !strings.Contains(text, "1,200") || strings.Contains(text, " 60") {
			t.Errorf("%s: the table shows %q, want the values as people read them", name, text)
		}
		for _, href := range []string{"/x", "/y", "/z"} {
			if got := viewtest.Find(root, "a", "href="+href); len(got) != 2 {
				t.Errorf("%s: %d ways to %s, want one from the drawing and one from the table", name, len(got), href)
			}
		}
	}
}

func TestEmptyChartSaysSo(t *testing.T) {
	root := viewtest.Render(t, i18n.EN, Bars(Chart{Title: "t", Items: []Item{{Label: "x"}}}))
	if text := viewtest.Text(root); !strings.Contains(text, "No data") || len(viewtest.Find(root, "svg")) != 0 {
		t.Errorf("a chart of nothing shows %q", text)
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		reason   string
		v, whole int64
		want     string
	}{
		{"nothing of nothing is not an error", 0, 0, "0%"},
		{"whole per cent has no decimal", 1, 4, "25%"},
		{"one decimal, half up", 1, 3, "33.3%"},
		{"rounds half up", 1, 16, "6.3%"},
		{"all", 7, 7, "100%"},
	} {
		if got := percent(c.v, c.whole); got != c.want {
			t.Errorf("%s: percent(%d, %d) = %s, want %s", c.reason, c.v, c.whole, got, c.want)
		}
	}
}

func TestLabelledKeepsTheAxisReadable(t *testing.T) {
	for n := 1; n < 60; n++ {
		shown := 0
		for i := range n {
			if labelled(i, n) {
				shown++
			}
		}
		if shown < 1 || shown > 12 {
			t.Errorf("of %d columns %d are labelled, want 1 to 12", n, shown)
		}
	}
}
