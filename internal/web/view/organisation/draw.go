package organisation

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// The drawing of a chart runs from left to right: a column for each level, a row for each organisation that has nothing below it.
const (
	columnWidth = 236
	boxWide     = 200
	boxHigh     = 32
	rowHigh     = 42
	drawMargin  = 12
	drawLevels  = 3 // what is drawn of a large chart at first
	nameLength  = 13
)

// Zooms are the sizes of a drawing in per cent.
var Zooms = []int{50, 75, 100, 150}

// Box is an organisation on the drawing.
type Box struct {
	ID          id.ID
	Name, Title string
	Below       int  // organisations below that are not drawn
	Hit         bool // its name holds what was looked for
	X, Y        int
}

// Drawing is a laid-out chart.
type Drawing struct {
	Width, Height int
	Boxes         []Box
	Lines         []string // paths
}

// Draw lays the chart out.
func (d ChartData) Draw() Drawing {
	var out Drawing
	roots := d.shown(d.Roots)
	if d.Root != 0 {
		if n := findNode(d.Roots, d.Root); n != nil {
			roots = []*organisation.Node{n}
		}
	}
	levels := drawLevels
	if d.kept != nil || d.total() <= small {
		levels = 1000
	}
	row, deepest := 0, 0
	var place func(n *organisation.Node, depth int) int
	place = func(n *organisation.Node, depth int) int {
		deepest = max(deepest, depth)
		children := d.shown(n.Children)
		b := Box{ID: n.ID, Name: shorten(n.Name), Title: n.Name, Hit: d.Find != "" && strings.Contains(n.Name, d.Find), X: drawMargin + depth*columnWidth}
		if depth+1 >= levels && len(children) > 0 {
			b.Below, children = count(d, children), nil
		}
		if len(children) == 0 {
			b.Y = drawMargin + row*rowHigh
			row++
			out.Boxes = append(out.Boxes, b)
			return b.Y
		}
		ys := make([]int, len(children))
		for i, c := range children {
			ys[i] = place(c, depth+1)
		}
		b.Y = (ys[0] + ys[len(ys)-1]) / 2
		out.Boxes = append(out.Boxes, b)
		middle, bend := b.Y+boxHigh/2, b.X+boxWide+(columnWidth-boxWide)/2
		path := &strings.Builder{}
		fmt.Fprintf(path, "M%d %dH%dM%d %dV%d", b.X+boxWide, middle, bend, bend, ys[0]+boxHigh/2, ys[len(ys)-1]+boxHigh/2)
		for _, y := range ys {
			fmt.Fprintf(path, "M%d %dH%d", bend, y+boxHigh/2, b.X+columnWidth)
		}
		out.Lines = append(out.Lines, path.String())
		return b.Y
	}
	for _, n := range roots {
		place(n, 0)
	}
	out.Width, out.Height = 2*drawMargin+deepest*columnWidth+boxWide+44, 2*drawMargin+row*rowHigh
	return out
}

// total is how many organisations the chart holds.
func (d ChartData) total() int {
	total := 0
	for k, n := range d.Counts {
		if d.Units || k != organisation.Unit {
			total += n
		}
	}
	return total
}

func count(d ChartData, nodes []*organisation.Node) int {
	n := len(nodes)
	for _, c := range nodes {
		n += count(d, d.shown(c.Children))
	}
	return n
}

func findNode(nodes []*organisation.Node, i id.ID) *organisation.Node {
	for _, n := range nodes {
		if n.ID == i {
			return n
		}
		if found := findNode(n.Children, i); found != nil {
			return found
		}
	}
	return nil
}

func shorten(s string) string {
	r := []rune(s)
	if len(r) > nameLength {
		return string(r[:nameLength-1]) + "…"
	}
	return s
}

func (g Drawing) viewBox() string { return fmt.Sprintf("0 0 %d %d", g.Width, g.Height) }

func px(n int) string { return strconv.Itoa(n) }

// zoomed is a length at the size of the chart.
func (d ChartData) zoomed(n int) string { return strconv.Itoa(n * d.zoom() / 100) }

func (d ChartData) zoom() int {
	if slices.Contains(Zooms, d.Zoom) {
		return d.Zoom
	}
	return 100
}

// href is the address of the chart with one part of it changed.
func (d ChartData) href(key, value string) string {
	q := d.query()
	q.Set(key, value)
	if value == "" {
		q.Del(key)
	}
	return "/organisations/chart?" + q.Encode()
}

func (d ChartData) drawn(q url.Values) url.Values {
	if d.List {
		q.Set("as", "list")
	}
	if d.Root != 0 {
		q.Set("root", d.Root.String())
	}
	if d.Zoom != 0 {
		q.Set("zoom", strconv.Itoa(d.Zoom))
	}
	return q
}

// otherWay leads from the drawing to the list, and back.
func (d ChartData) otherWay() partial.Act {
	if d.List {
		return partial.Act{Text: i18n.OrgChartDrawing, Href: d.href("as", ""), Icon: icon.Tree}
	}
	return partial.Act{Text: i18n.OrgChartList, Href: d.href("as", "list"), Icon: icon.Rows}
}
