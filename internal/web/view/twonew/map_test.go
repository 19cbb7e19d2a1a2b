package twonew

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"linli/internal/figure"
	"linli/internal/id"
	"linli/internal/place"
)

func coverageOf(centres []place.Centre, without int) Coverage {
	c := Coverage{Centres: map[id.ID]place.Centre{}}
	for i, at := range centres {
		l := Line{Place: figure.Place{ID: id.New(), Name: fmt.Sprint("社区", i)}}
		c.Centres[l.Place.ID] = at
		c.Lines = append(c.Lines, l)
	}
	for i := range without {
		c.Lines = append(c.Lines, Line{Place: figure.Place{ID: id.New(), Name: fmt.Sprint("没有位置", i)}})
	}
	return c
}

// Wherever places lie, no box covers another, all lie within the picture, and what lies farther north stands higher.
func TestMapHasRoomForEveryPlace(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 2))
	maps := 0
	for range 200 {
		var centres []place.Centre
		for range 2 + r.IntN(30) {
			centres = append(centres, place.Centre{X: 123_200_000 + r.Int64N(60_000), Y: 34_000_000 + r.Int64N(60_000)})
		}
		without := r.IntN(9)
		p := coverageOf(centres, without).picture(context.Background())
		if len(p.Boxes) != len(centres)+without {
			t.Fatalf("%d boxes for %d places", len(p.Boxes), len(centres)+without)
		}
		for i, b := range p.Boxes {
			if b.X < 0 || b.Y < 0 || b.X+boxWidth > p.Width || b.Y+boxHeight > p.Height {
				t.Fatalf("%+v lies outside %d x %d", b, p.Width, p.Height)
			}
			for _, o := range p.Boxes[:i] {
				if abs(b.X-o.X) < boxWidth && abs(b.Y-o.Y) < boxHeight {
					t.Fatalf("%+v covers %+v", b, o)
				}
			}
		}
		if !p.Map {
			continue
		}
		maps++
		for i, a := range centres {
			for j, b := range centres[:i] {
				if a.Y > b.Y && p.Boxes[i].Y > p.Boxes[j].Y || a.X > b.X && p.Boxes[i].X < p.Boxes[j].X {
					t.Fatalf("%v is drawn at %+v, %v at %+v", a, p.Boxes[i], b, p.Boxes[j])
				}
			}
		}
	}
	if maps < 100 {
		t.Errorf("only %d of 200 were drawn as a map", maps)
	}
}

func TestPlacesAtOnePointAreDrawnInRows(t *testing.T) {
	at := place.Centre{X: 123_200_000, Y: 34_000_000}
	p := coverageOf([]place.Centre{at, at, at}, 0).picture(context.Background())
	if p.Map || len(p.Boxes) != 3 || p.Boxes[1].X != boxWidth+2*boxGap {
		t.Errorf("%+v", p)
	}
}

func abs(n int) int { return max(n, -n) }
