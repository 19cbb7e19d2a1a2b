package place

import (
	"fmt"
	"testing"

	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/place"
	"linli/internal/web/view/layout"
	"linli/internal/web/viewtest"
)

func building(n int, quarter, grid id.ID, x, y int64) place.BuildingItem {
	return place.BuildingItem{Community: "雅和社区", Grid: "第1网格", Building: place.Building{CommunityID: 7, ID: id.ID(n), Name: fmt.Sprintf("%d号楼", n), QuarterID: quarter, GridID: grid, X: x, Y: y}}
}

func grids(n int) []place.GridItem {
	var out []place.GridItem
	for i := range n {
		out = append(out, place.GridItem{Grid: place.Grid{ID: id.ID(100 + i), Name: fmt.Sprintf("第%d网格", i+1)}})
	}
	return out
}

func TestNorthIsUpAndEastIsRight(t *testing.T) {
	d := Draw(place.Map{Buildings: []place.BuildingItem{
		building(1, 0, 0, 120000000, 33000000), building(2, 0, 0, 120010000, 33010000)}}, "-", "-")
	if !d.Real || len(d.Boxes) != 2 {
		t.Fatalf("%+v", d)
	}
	if a, b := d.Boxes[0], d.Boxes[1]; a.X >= b.X || a.Y <= b.Y {
		t.Errorf("the second stands north-east of the first, drawn at %v and %v", a, b)
	}
}

func TestNoBoxesLieOnEachOtherNorOutside(t *testing.T) {
	var same, sketch []place.BuildingItem
	for i := 1; i <= 60; i++ {
		same = append(same, building(i, 1, 0, 120000000+int64(i%3), 33000000+int64(i%2)))
		sketch = append(sketch, building(i, id.ID(i/20), 0, 0, 0))
	}
	for name, buildings := range map[string][]place.BuildingItem{"one place": same, "a sketch": sketch, "a single building": same[:1]} {
		d := Draw(place.Map{Buildings: buildings}, "-", "-")
		for i, a := range d.Boxes {
			if a.X < 0 || a.X+boxWidth > mapWidth || a.Y < 0 || a.Y+boxHeight > float64(d.Height) {
				t.Errorf("%s: %s lies outside: %v", name, a.Name, a)
			}
			for _, b := range d.Boxes[:i] {
				if a.X < b.X+boxWidth && b.X < a.X+boxWidth && a.Y < b.Y+boxHeight && b.Y < a.Y+boxHeight {
					t.Errorf("%s: %s lies on %s", name, a.Name, b.Name)
				}
			}
		}
	}
}

func TestTwoComesBeforeTen(t *testing.T) {
	d := Draw(place.Map{Buildings: []place.BuildingItem{building(10, 1, 0, 0, 0), building(2, 1, 0, 0, 0), building(1, 1, 0, 0, 0)}}, "-", "-")
	if got := d.Boxes[0].Name + d.Boxes[1].Name + d.Boxes[2].Name; got != "1号楼2号楼10号楼" {
		t.Errorf("order %s", got)
	}
}

func TestSketchOnlyWhereNothingIsPlaced(t *testing.T) {
	d := Draw(place.Map{Grids: grids(6), Buildings: []place.BuildingItem{building(1, 1, 100, 0, 0), building(2, 2, 105, 0, 0), building(3, 2, 0, 0, 0)}}, "none", "-")
	if d.Real || len(d.Heads) != 2 || len(d.Boxes) != 3 || len(d.Unplaced) != 0 {
		t.Errorf("a sketch: %+v", d)
	}
	if len(d.Legend) != 7 || d.Legend[0].Count != 1 || d.Legend[6].Name != "none" || d.Legend[6].Count != 1 {
		t.Errorf("legend: %+v", d.Legend)
	}
	mixed := Draw(place.Map{Buildings: []place.BuildingItem{building(1, 1, 0, 120000000, 33000000), building(2, 2, 0, 0, 0)}}, "-", "-")
	if !mixed.Real || len(mixed.Boxes) != 1 || len(mixed.Unplaced) != 1 {
		t.Errorf("a map with one unplaced building: %+v", mixed)
	}
}

func TestMapPage(t *testing.T) {
	for _, l := range []i18n.Lang{i18n.ZH, i18n.EN} {
		m := place.Map{CommunityID: 7, Community: "雅和社区", Grids: grids(2), Buildings: []place.BuildingItem{building(1, 1, 100, 120000000, 33000000), building(2, 2, 0, 0, 0)}}
		root := viewtest.Render(t, l, Map(layout.Page{Title: "map"}, m))
		viewtest.Check(t, root)
		if n := len(viewtest.Find(root, "a", "href=/buildings/1")); n != 2 {
			t.Errorf("%s: the building is linked %d times, want on the map and in the list", l, n)
		}
		empty := viewtest.Render(t, l, Map(layout.Page{Title: "map"}, place.Map{CommunityID: 7}))
		viewtest.Check(t, empty)
		if len(viewtest.Find(empty, "svg", "role=group")) != 0 {
			t.Error("an empty map is drawn")
		}
	}
}
