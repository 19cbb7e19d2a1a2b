package organisation

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"linli/internal/id"
	"linli/internal/organisation"
)

// tree is a random tree; it counts its nodes by kind.
func tree(r *rand.Rand, depth int, counts map[organisation.Kind]int) *organisation.Node {
	n := &organisation.Node{ID: id.New(), Kind: organisation.Branch, Name: fmt.Sprint("组织", r.IntN(1000))}
	counts[n.Kind]++
	if depth > 0 {
		for range r.IntN(6) {
			n.Children = append(n.Children, tree(r, depth-1, counts))
		}
	}
	return n
}

// No box covers another, all that is drawn and said to lie below adds up to the whole, and every box lies within the drawing.
func TestDrawingHasRoomForEverything(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for range 60 {
		counts := map[organisation.Kind]int{}
		d := ChartData{}
		for range 1 + r.IntN(2) {
			d.Roots = append(d.Roots, tree(r, r.IntN(7), counts))
		}
		d.Counts = counts
		g := d.Draw()
		seen, below := map[[2]int]bool{}, 0
		for i, b := range g.Boxes {
			below += b.Below
			seen[[2]int{b.X, b.Y}] = true
			if b.X < 0 || b.Y < 0 || b.X+boxWide > g.Width || b.Y+boxHigh > g.Height {
				t.Fatalf("%+v lies outside %d x %d", b, g.Width, g.Height)
			}
			for _, c := range g.Boxes[:i] {
				if b.X == c.X && b.Y < c.Y+boxHigh && c.Y < b.Y+boxHigh {
					t.Fatalf("%+v covers %+v", b, c)
				}
			}
		}
		if len(seen) != len(g.Boxes) || len(g.Boxes)+below != counts[organisation.Branch] {
			t.Fatalf("%d boxes in %d places and %d below are not %d", len(g.Boxes), len(seen), below, counts[organisation.Branch])
		}
		if counts[organisation.Branch] <= small && below > 0 {
			t.Fatalf("a chart of %d is not drawn whole", counts[organisation.Branch])
		}
	}
}

func TestDrawingBeginsWhereItIsTold(t *testing.T) {
	counts := map[organisation.Kind]int{}
	top := tree(rand.New(rand.NewPCG(1, 9)), 5, counts)
	for len(top.Children) == 0 || len(top.Children[0].Children) == 0 {
		top = tree(rand.New(rand.NewPCG(uint64(counts[organisation.Branch]), 9)), 5, counts)
	}
	d := ChartData{Root: top.Children[0].ID}
	d.Roots, d.Counts = []*organisation.Node{top}, counts
	for _, b := range d.Draw().Boxes {
		if b.ID == top.ID {
			t.Error("what lies above is drawn")
		}
		if b.ID == d.Root && b.X != drawMargin {
			t.Errorf("the root stands at %d", b.X)
		}
	}
}
