package twonew

import (
	"context"
	"math"

	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/place"
)

// box is one place of the picture.
type box struct {
	X, Y   int
	Name   string
	Title  string
	Share  string
	Filled int // of its height
	Href   string
}

const (
	boxWidth, boxHeight, boxGap, boxesAcross = 112, 64, 10, 6
	usual                                    = boxesAcross*(boxWidth+boxGap) - boxGap
	widest                                   = 4000 // of a map; places nearer to each other than it can tell apart are drawn as a table
)

// picture is the places as they lie, or in rows where that is not known.
type picture struct {
	Boxes         []box
	Width, Height int
	Map           bool
}

// picture lays the places, or the grids of a community, out: as a map, north above, where it is known where they lie; what is not known stands in rows
// below it.
func (c Coverage) picture(ctx context.Context) picture {
	var placed, rest []box
	var at []place.Centre
	add := func(name, href string, v figure.Value, centre place.Centre, known bool) {
		b := box{Name: short(name), Share: percent(v), Href: href, Title: name + " " + i18n.T(ctx, i18n.TwoNewCovOrg) + " " + ShareText(v) + " / " + i18n.Number(v.Den)}
		if v.Known {
			b.Filled = int((v.Amount*boxHeight + 500) / 1000)
		}
		if known {
			placed, at = append(placed, b), append(at, centre)
		} else {
			rest = append(rest, b)
		}
	}
	for _, l := range c.Lines {
		if l.Place.ID != c.At.ID {
			centre, known := c.Centres[l.Place.ID]
			add(l.Place.Name, c.href(l.Place.ID), l.Shares[0], centre, known)
		}
	}
	for _, g := range c.Grids {
		name := g.Grid
		if name == "" {
			name = i18n.T(ctx, i18n.TwoNewCovNoGrid)
		}
		centre, known := c.GridCentres[g.Grid]
		add(name, c.gridHref(PartFigures[0], g.Grid), ShareOf(g.Parts[0], g.All), centre, known)
	}
	var p picture
	if len(placed) > 1 && p.lay(placed, at) {
		p.Map = true
	} else {
		rest, placed = append(placed, rest...), nil
	}
	p.Boxes = placed
	if len(rest) == 0 {
		return p
	}
	p.Width = max(p.Width, usual+2*boxGap)
	top := max(p.Height, boxGap)
	for n, b := range rest {
		b.X, b.Y = boxGap+n%boxesAcross*(boxWidth+boxGap), top+n/boxesAcross*(boxHeight+boxGap)
		p.Boxes = append(p.Boxes, b)
	}
	p.Height = top + (len(rest)+boxesAcross-1)/boxesAcross*(boxHeight+boxGap)
	return p
}

// lay puts boxes where they lie, at the smallest size at which none covers another; it cannot where that were too large.
func (p *picture) lay(boxes []box, at []place.Centre) bool {
	west, south, north := at[0].X, at[0].Y, at[0].Y
	for _, c := range at {
		west, south, north = min(west, c.X), min(south, c.Y), max(north, c.Y)
	}
	shrink := math.Cos(float64(south+north) / 2 / 1e6 * math.Pi / 180) // a degree of longitude against one of latitude
	x := func(c place.Centre) float64 { return float64(c.X-west) * shrink }
	y := func(c place.Centre) float64 { return float64(north - c.Y) }
	scale, right, bottom := 0.0, 0.0, 0.0
	for i, a := range at {
		right, bottom = max(right, x(a)), max(bottom, y(a))
		for _, b := range at[:i] {
			scale = max(scale, min((boxWidth+boxGap)/math.Abs(x(a)-x(b)), (boxHeight+boxGap)/math.Abs(y(a)-y(b))))
		}
	}
	if math.IsInf(scale, 1) || scale*max(right, bottom) > widest { // infinite where two lie at one point
		return false
	}
	if right > 0 { // a small map takes the room that there is
		scale = max(scale, min((usual-boxWidth)/right, (usual-boxHeight)/2/max(bottom, 1)))
	}
	for i, c := range at {
		boxes[i].X, boxes[i].Y = boxGap+int(math.Round(x(c)*scale)), boxGap+int(math.Round(y(c)*scale))
		p.Width, p.Height = max(p.Width, boxes[i].X+boxWidth+boxGap), max(p.Height, boxes[i].Y+boxHeight+boxGap)
	}
	return true
}
