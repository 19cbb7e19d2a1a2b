package place_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/place"
	"linli/internal/testkit"
)

// TestAPositionIsFoundInItsOutline holds outlines that are no squares: with a bay, with a hole, changed, and ended.
func TestAPositionIsFoundInItsOutline(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		s := place.New(d)
		grid := func(tenant int64, code, outline string) (community, g id.ID) {
			community, g = id.New(), id.New()
			testkit.Exec(t, d, `INSERT INTO grid (tenant_id, id, community_id, code, name, outline) VALUES ($1,$2,$3,$4,'x',$5)`, tenant, g, community, code, outline)
			return community, g
		}
		// A U, open to the north, and a ring around a hole beside it.
		u, ug := grid(testkit.Tenant, "1", `[[[120000000,33000000],[120030000,33000000],[120030000,33030000],[120020000,33030000],[120020000,33010000],[120010000,33010000],[120010000,33030000],[120000000,33030000],[120000000,33000000]]]`)
		r, rg := grid(testkit.Tenant, "2", `[[[120040000,33000000],[120070000,33000000],[120070000,33030000],[120040000,33030000],[120040000,33000000]],[[120050000,33010000],[120060000,33010000],[120060000,33020000],[120050000,33020000],[120050000,33010000]]]`)
		grid(testkit.Other, "1", `[[[120080000,33000000],[120090000,33000000],[120090000,33010000],[120080000,33010000],[120080000,33000000]]]`)
		grid(testkit.Tenant, "3", `no outline`)
		at := func(x, y int64) (place.Spot, bool) {
			t.Helper()
			p, ok, err := s.Locate(t.Context(), testkit.Tenant, x, y)
			if err != nil {
				t.Fatal(err)
			}
			return p, ok
		}
		for _, c := range []struct {
			name string
			x, y int64
			want place.Spot
		}{
			{"the left arm", 120005000, 33020000, place.Spot{CommunityID: u, GridID: ug}}, {"the right arm", 120025000, 33020000, place.Spot{CommunityID: u, GridID: ug}},
			{"the bay", 120015000, 33020000, place.Spot{}}, {"the foot", 120015000, 33005000, place.Spot{CommunityID: u, GridID: ug}}, {"the ring", 120045000, 33015000, place.Spot{CommunityID: r, GridID: rg}},
			{"the hole", 120055000, 33015000, place.Spot{}}, {"beyond", 120100000, 33015000, place.Spot{}}, {"another district", 120085000, 33005000, place.Spot{}}, {"the other side of the earth", -73900000, 40700000, place.Spot{}},
		} {
			if got, ok := at(c.x, c.y); got != c.want || ok != (c.want.GridID != 0) {
				t.Errorf("%s: %+v, %v", c.name, got, ok)
			}
		}
		b := id.New()
		testkit.Exec(t, d, `INSERT INTO building (tenant_id, id, community_id, quarter_id, grid_id, name, name_key, address, x, y) VALUES ($1,$2,$3,0,$4,'1','1','',120055000,33015000)`, testkit.Tenant, b, u, ug)
		if got, ok := at(120055100, 33015100); !ok || got.CommunityID != u {
			t.Errorf("beside a building: %+v, %v", got, ok)
		}
		testkit.Exec(t, d, `UPDATE grid SET outline = '[[[120054000,33014000],[120056000,33014000],[120056000,33016000],[120054000,33016000],[120054000,33014000]]]', version = version + 1 WHERE id = $1`, rg)
		if got, ok := at(120055100, 33015100); !ok || got.CommunityID != r {
			t.Errorf("in an outline that was changed: %+v, %v", got, ok)
		}
		testkit.Exec(t, d, `UPDATE grid SET ended_on = '2026-01-01', version = version + 1 WHERE id = $1`, rg)
		if got, _ := at(120055100, 33015100); got.CommunityID != u {
			t.Errorf("in the outline of one that ended: %+v", got)
		}
	})
}

// TestGridsThatShareTheGroundShareItWithoutGap cuts a square into triangles at random points: each position lies in exactly one of them, or on none of the lines.
func TestGridsThatShareTheGroundShareItWithoutGap(t *testing.T) {
	d := testkit.SQLite(t, testkit.NewClock().Now)
	s, rnd := place.New(d), rand.New(rand.NewPCG(3, 11))
	const x0, y0, side = 120000000, 33000000, 100000
	px, py := x0+20000+rnd.Int64N(60000), y0+20000+rnd.Int64N(60000)
	corners := [][2]int64{{x0, y0}, {x0 + side, y0}, {x0 + side, y0 + side}, {x0, y0 + side}}
	grids := make([]id.ID, 4)
	for i := range corners {
		a, b := corners[i], corners[(i+1)%4]
		grids[i] = id.New()
		testkit.Exec(t, d, `INSERT INTO grid (tenant_id, id, community_id, code, name, outline) VALUES ($1,$2,1,$3,'x',$4)`, testkit.Tenant, grids[i], fmt.Sprint(i),
			fmt.Sprintf("[[[%d,%d],[%d,%d],[%d,%d],[%d,%d]]]", a[0], a[1], b[0], b[1], px, py, a[0], a[1]))
	}
	for range 300 {
		x, y := x0+1+rnd.Int64N(side-2), y0+1+rnd.Int64N(side-2)
		got, ok, err := s.Locate(t.Context(), testkit.Tenant, x, y)
		if err != nil || !ok {
			t.Fatalf("(%d, %d) lies nowhere: %v", x, y, err)
		}
		// The model: on which side of each of the two inner edges a triangle has the position.
		left := func(a, b [2]int64) bool { return (b[0]-a[0])*(y-a[1])-(b[1]-a[1])*(x-a[0]) > 0 }
		for i := range corners {
			a, b, p := corners[i], corners[(i+1)%4], [2]int64{px, py}
			if in := left(a, b) && left(b, p) && left(p, a); in && got.GridID != grids[i] {
				t.Errorf("(%d, %d) is said to lie in another triangle", x, y)
			}
		}
	}
}
