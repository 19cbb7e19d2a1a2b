// Package chart draws small charts on the server, as SVG: bars, a stacked bar for a mix, columns over
// time. Every shape opens to its records, and a table with the same numbers is one press away.
// A title says what the chart finds; the unit stands beside it.
package chart

import (
	"fmt"
	"math"
	"strconv"

	"linli/internal/i18n"
)

// Item is one value of a chart.
type Item struct {
	Label string
	Value int64
	Shown string // the value as people read it; the plain number if empty
	Href  string // its records; empty for none
}

// Chart is a set of values with what they mean. Values are never negative.
type Chart struct {
	Title string
	Unit  i18n.Text
	Items []Item
	Most  int64 // length of a full bar; the greatest value if zero
}

func (c Chart) most() int64 {
	m := c.Most
	for _, it := range c.Items {
		m = max(m, it.Value)
	}
	return max(m, 1)
}

func (c Chart) sum() int64 {
	var s int64
	for _, it := range c.Items {
		s += max(it.Value, 0)
	}
	return s
}

func (it Item) shown() string {
	if it.Shown != "" {
		return it.Shown
	}
	return i18n.Number(it.Value)
}

// part is the share of v in whole, in hundredths of whatever the drawing is wide.
func part(v, whole int64) string {
	if whole <= 0 || v <= 0 {
		return "0"
	}
	return hundredths(100 * float64(v) / float64(whole))
}

// percent is the share of v in whole as people read it: one decimal, half up.
func percent(v, whole int64) string {
	if whole <= 0 {
		return "0%"
	}
	tenths := (2000*v + whole) / (2 * whole)
	if tenths%10 == 0 {
		return fmt.Sprintf("%d%%", tenths/10)
	}
	return fmt.Sprintf("%d.%d%%", tenths/10, tenths%10)
}

// segment is one part of a stacked bar, in hundredths of its width.
type segment struct {
	Item
	class    string
	from, to string
}

// segments lays the items end to end. The classes give colour and hatching, five at most; further
// items share the last.
func (c Chart) segments() []segment {
	whole := c.sum()
	list := make([]segment, 0, len(c.Items))
	var before int64
	for i, it := range c.Items {
		v := max(it.Value, 0)
		list = append(list, segment{it, "c" + strconv.Itoa(min(i, 4)+1), part(before, whole), part(v, whole)})
		before += v
	}
	return list
}

// tall is the height of the greatest column in hundredths; the figure stands above it.
const tall = 86

// height of a column of v, in hundredths of the drawing.
func height(v, most int64) string { return hundredths(columnHeight(v, most)) }

// above is the empty part over a column of v.
func above(v, most int64) string { return hundredths(100 - columnHeight(v, most)) }

func columnHeight(v, most int64) float64 {
	if most <= 0 || v <= 0 {
		return 0
	}
	return tall * float64(v) / float64(most)
}

func hundredths(f float64) string {
	return strconv.FormatFloat(math.Round(f*100)/100, 'f', -1, 64)
}

// labelled says whether the label of column i is shown, so that at most a dozen labels share the axis.
func labelled(i, n int) bool {
	every := (n + 11) / 12
	return every <= 1 || i%every == 0
}
