// Package place holds the pages of divisions, grids, quarters, buildings and the map of a community.
package place

import (
	"cmp"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/place"
)

// The drawing is this wide; its height follows from what is drawn.
const (
	mapWidth  = 1000
	mapMargin = 40
	boxWidth  = 84
	boxHeight = 34
	boxGap    = 10
	rowHead   = 30
)

// Box is one building on a map.
type Box struct {
	ID    id.ID
	Name  string
	Title string // everything that is known, for the tooltip and for screen readers
	Class string // colour of its grid
	Grid  string // number of its grid, "" for none
	X, Y  float64
}

// Head is a heading within a sketch: the name of a quarter.
type Head struct {
	Text string
	X, Y float64
}

// Drawing is a laid-out map.
type Drawing struct {
	Height   int
	Boxes    []Box
	Heads    []Head
	Real     bool // drawn by positions; otherwise a sketch by quarter
	Legend   []Key
	Unplaced []place.BuildingItem // not on a real map, since their position is not known
}

// Key explains a colour.
type Key struct {
	ID     id.ID // 0 for buildings in no grid
	Class  string
	Number string
	Name   string
	Worker string
	Count  int
}

// gridColours are the classes of the first grids; further grids take them again and are told apart by their numbers.
var gridColours = []string{"c1", "c2", "c3", "c4"}

const noGridColour = "c5"

// Draw lays out the buildings of a community: by position where positions are known, otherwise as a sketch by quarter.
func Draw(m place.Map, noGrid, noQuarter string) Drawing {
	d := Drawing{}
	keys := d.legend(m, noGrid)
	m.Buildings = slices.Clone(m.Buildings)
	slices.SortStableFunc(m.Buildings, byName)
	var placed []place.BuildingItem
	for _, b := range m.Buildings {
		if b.Placed() {
			placed = append(placed, b)
		} else {
			d.Unplaced = append(d.Unplaced, b)
		}
	}
	if d.Real = len(placed) > 0; d.Real {
		d.byPosition(placed, keys)
		return d
	}
	d.Unplaced = nil
	d.byQuarter(m.Buildings, keys, noQuarter)
	return d
}

// byName sorts by quarter, then by name as people count: 2 comes before 10.
func byName(a, b place.BuildingItem) int {
	return cmp.Or(cmp.Compare(a.Quarter, b.Quarter), cmp.Compare(a.QuarterID, b.QuarterID), cmp.Compare(padded(a.Name), padded(b.Name)))
}

var digits = regexp.MustCompile(`[0-9]+`)

// padded gives every number in a name the same number of digits.
func padded(s string) string {
	return digits.ReplaceAllStringFunc(s, func(n string) string {
		return strings.Repeat("0", max(0, 9-len(n))) + n
	})
}

// legend gives every grid its colour and number.
func (d *Drawing) legend(m place.Map, noGrid string) map[id.ID]int {
	at := map[id.ID]int{}
	for i, g := range m.Grids {
		at[g.ID] = len(d.Legend)
		d.Legend = append(d.Legend, Key{ID: g.ID, Class: gridColours[i%len(gridColours)], Number: strconv.Itoa(i + 1), Name: g.Name, Worker: g.WorkerName})
	}
	for _, b := range m.Buildings {
		i, known := at[b.GridID]
		if !known {
			if _, there := at[0]; !there {
				at[0] = len(d.Legend)
				d.Legend = append(d.Legend, Key{Class: noGridColour, Name: noGrid})
			}
			i = at[0]
		}
		d.Legend[i].Count++
	}
	return at
}

// box makes the box of a building without its place.
func (d *Drawing) box(b place.BuildingItem, at map[id.ID]int) Box {
	i, known := at[b.GridID]
	if !known {
		i = at[0]
	}
	k := d.Legend[i]
	title := b.Name
	for _, s := range []string{b.Quarter, k.Name, k.Worker} {
		if s != "" {
			title += " · " + s
		}
	}
	return Box{ID: b.ID, Name: short(b.Name), Title: title, Class: k.Class, Grid: k.Number}
}

// short keeps a name within its box.
func short(s string) string {
	r := []rune(s)
	if len(r) > 5 {
		return string(r[:4]) + "…"
	}
	return s
}

// byPosition scales positions into the drawing: north is up, and a degree of longitude is narrower the further north.
func (d *Drawing) byPosition(placed []place.BuildingItem, at map[id.ID]int) {
	minX, maxX, minY, maxY := math.Inf(1), math.Inf(-1), math.Inf(1), math.Inf(-1)
	for _, b := range placed {
		minX, maxX = min(minX, float64(b.X)), max(maxX, float64(b.X))
		minY, maxY = min(minY, float64(b.Y)), max(maxY, float64(b.Y))
	}
	narrow := math.Cos((minY + maxY) / 2 / 1e6 * math.Pi / 180)
	wide, high := max((maxX-minX)*narrow, 1), max(maxY-minY, 1)
	inner := float64(mapWidth - 2*mapMargin - boxWidth)
	scale := inner / max(wide, high/0.75)
	left := float64(mapMargin) + (inner-wide*scale)/2
	d.Height = int(high*scale) + 2*mapMargin + boxHeight
	for _, b := range placed {
		x := d.box(b, at)
		x.X = left + (float64(b.X)-minX)*narrow*scale
		x.Y = float64(mapMargin) + (maxY-float64(b.Y))*scale
		d.Boxes = append(d.Boxes, x)
	}
	d.spread()
}

// spread moves boxes that lie on each other down until all can be read; the drawing grows with them.
func (d *Drawing) spread() {
	for i := range d.Boxes {
		for moved := true; moved; {
			moved = false
			for j := range i {
				if math.Abs(d.Boxes[i].X-d.Boxes[j].X) < boxWidth && math.Abs(d.Boxes[i].Y-d.Boxes[j].Y) < boxHeight {
					d.Boxes[i].Y = d.Boxes[j].Y + boxHeight + 2
					moved = true
				}
			}
		}
		d.Height = max(d.Height, int(d.Boxes[i].Y)+boxHeight+mapMargin)
	}
}

// byQuarter sets the buildings in rows below the name of their quarter, as they come: by quarter and name.
func (d *Drawing) byQuarter(buildings []place.BuildingItem, at map[id.ID]int, noQuarter string) {
	perRow := (mapWidth - 2*mapMargin + boxGap) / (boxWidth + boxGap)
	y, column, quarter := float64(mapMargin), 0, id.ID(-1)
	for _, b := range buildings {
		if b.QuarterID != quarter {
			if quarter != -1 {
				y += boxHeight + 2*boxGap
			}
			quarter, column = b.QuarterID, 0
			name := b.Quarter
			if name == "" {
				name = noQuarter
			}
			d.Heads = append(d.Heads, Head{Text: name, X: mapMargin, Y: y + rowHead/2})
			y += rowHead
		} else if column == perRow {
			column = 0
			y += boxHeight + boxGap
		}
		x := d.box(b, at)
		x.X, x.Y = float64(mapMargin+column*(boxWidth+boxGap)), y
		d.Boxes = append(d.Boxes, x)
		column++
	}
	d.Height = int(y) + boxHeight + mapMargin
}

func (d Drawing) viewBox() string {
	return "0 0 " + strconv.Itoa(mapWidth) + " " + strconv.Itoa(d.Height)
}

func number(f float64) string { return strconv.FormatFloat(f, 'f', 1, 64) }

func plus(f float64, by float64) string { return number(f + by) }

// degrees shows micro-degrees; "" where unknown.
func degrees(micro int64) string {
	if micro == 0 {
		return ""
	}
	return strconv.FormatFloat(float64(micro)/1e6, 'f', 6, 64)
}

// position shows where a building stands.
func position(b place.Building) string {
	if !b.Placed() {
		return ""
	}
	return degrees(b.X) + ", " + degrees(b.Y)
}

func count(n int64) string {
	if n == 0 {
		return ""
	}
	return i18n.Number(n)
}
