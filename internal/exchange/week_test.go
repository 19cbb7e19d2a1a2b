package exchange

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"linli/internal/assignment"
	"linli/internal/calendar"
	"linli/internal/id"
)

var trades = []string{"理发", "水电维修", "手机使用", "陪护就医", "家电清洗", "法律咨询", "书法教学", "心理疏导", "代买送货", "裁剪缝补"}

// aWeek is a week with so many needs and resources in four sub-districts of fifteen communities.
func aWeek(seed uint64, needs, supplies int) *week {
	r := rand.New(rand.NewPCG(seed, seed))
	w := &week{weekly: 3, today: calendar.On(2026, 3, 2), tried: map[pairing]bool{}}
	place := func() (street, community id.ID, path string) {
		street = id.ID(1 + r.IntN(4))
		community = street*100 + id.ID(r.IntN(15))
		return street, community, fmt.Sprintf("/0/%d/%d/", street, community)
	}
	kinds := Kinds()
	for i := range needs {
		_, c, path := place()
		trade := trades[r.IntN(len(trades))]
		n := lack{Card: Card{ID: id.ID(10_000 + i), Kind: kinds[r.IntN(len(kinds))], Title: "想找人" + trade, CommunityID: c, Wanted: int64(1 + r.IntN(4)/3), DueOn: w.today.AddDays(r.IntN(30))}, path: path}
		if r.IntN(2) == 0 {
			n.Skill = trade
		}
		w.needs = append(w.needs, n)
	}
	for i := range supplies {
		street, c, path := place()
		u := supply{Resource: Resource{ID: id.ID(100_000 + i), Kind: kinds[r.IntN(len(kinds))], Title: trades[r.IntN(len(trades))] + "服务", OrgID: id.ID(1 + r.IntN(max(1, supplies/4))), PlaceID: c, placePath: path,
			Terms: AllTerms()[r.IntN(3)], ValidUntil: w.today.AddDays(r.IntN(60)), Used: int64(r.IntN(2))}}
		if r.IntN(4) == 0 {
			u.PlaceID, u.placePath = street, fmt.Sprintf("/0/%d/", street)
		}
		if r.IntN(3) == 0 {
			u.Amount = int64(1 + r.IntN(5))
			u.Left = u.Amount
		} else {
			u.Skill = trades[r.IntN(len(trades))]
		}
		w.supplies = append(w.supplies, u)
	}
	return w
}

// worth is how many places are filled, and the points of the pairs less the load.
func worth(p assignment.Problem, got []assignment.Pair) (places int, points float64) {
	loads := make([]int, p.Givers)
	for _, c := range got {
		g := p.Supplies[c.Supply].Giver
		points += float64(c.Fit - min(loads[g], 40))
		loads[g]++
	}
	return len(got), points
}

// What is proposed comes within five in a hundred of the best there is, found among all pairs, where that can be computed.
func TestTheProposalIsNearTheOptimum(t *testing.T) {
	for _, c := range []struct{ needs, supplies int }{{20, 15}, {200, 150}, {400, 900}, {800, 400}} {
		for seed := range uint64(4) {
			w := aWeek(seed, c.needs, c.supplies)
			p, list := w.problem()
			pool := w.pool(list)
			p.Pairs = pairs(pool, 0, math.MaxInt, anyPair)
			best := assignment.Solve(p)
			var got []assignment.Pair
			for _, x := range w.share() {
				d := slices.IndexFunc(w.needs, func(n lack) bool { return n.ID == x.need })
				s := slices.IndexFunc(w.supplies, func(u supply) bool { return u.ID == x.resource })
				got = append(got, assignment.Pair{Demand: d, Supply: s, Fit: score(x.reasons)})
			}
			places, points := worth(p, got)
			most, highest := worth(p, best)
			if float64(places) < 0.95*float64(most) || points < 0.95*highest {
				t.Errorf("%d needs, %d resources: %d of %d places, %.0f of %.0f points", c.needs, c.supplies, places, most, points, highest)
			}
			if p.Value(got) > p.Value(best) {
				t.Errorf("%d needs, %d resources: what is proposed is worth more than the best", c.needs, c.supplies)
			}
		}
	}
}

// Nothing that cannot be is proposed, and the order of the rows changes nothing.
func TestTheProposalIsPossibleAndStable(t *testing.T) {
	for seed := range uint64(20) {
		w := aWeek(seed, 120, 80)
		first := w.share()
		for i, c := range first {
			if i%5 == 0 {
				w.tried[c.pairing] = true
			}
		}
		second := w.share()
		r := rand.New(rand.NewPCG(seed, 1))
		r.Shuffle(len(w.needs), func(i, j int) { w.needs[i], w.needs[j] = w.needs[j], w.needs[i] })
		r.Shuffle(len(w.supplies), func(i, j int) { w.supplies[i], w.supplies[j] = w.supplies[j], w.supplies[i] })
		if third := w.share(); !slices.EqualFunc(second, third, func(a, b chosen) bool { return a.pairing == b.pairing && slices.Equal(a.reasons, b.reasons) }) {
			t.Fatalf("seed %d: another order of the rows gives another answer", seed)
		}
		places, rooms, once := map[id.ID]int64{}, map[id.ID]int{}, map[pairing]bool{}
		for _, c := range second {
			n := w.needs[slices.IndexFunc(w.needs, func(n lack) bool { return n.ID == c.need })]
			u := w.supplies[slices.IndexFunc(w.supplies, func(u supply) bool { return u.ID == c.resource })]
			places[c.need]++
			rooms[c.resource]++
			switch {
			case w.tried[c.pairing] || once[c.pairing]:
				t.Errorf("%v was declined, or is proposed twice", c)
			case n.Kind != u.Kind || u.ValidUntil.Before(n.DueOn) || n.path[:len(u.placePath)] != u.placePath:
				t.Errorf("%+v cannot meet %+v", u, n)
			case places[c.need] > n.Left() || rooms[c.resource] > u.room(w.weekly):
				t.Errorf("more than there is: %v", c)
			}
			once[c.pairing] = true
		}
	}
}

func BenchmarkShare(b *testing.B) {
	w := aWeek(1, 2000, 3000)
	var got []chosen
	for b.Loop() {
		got = w.share()
	}
	b.ReportMetric(float64(len(got)), "proposals")
}
