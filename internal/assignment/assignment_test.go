package assignment

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// possible says whether a choice keeps to what there is.
func (p Problem) possible(chosen []Pair) bool {
	places, rooms, seen := make([]int, len(p.Demands)), make([]int, len(p.Supplies)), map[[2]int]bool{}
	for _, c := range chosen {
		places[c.Demand]++
		rooms[c.Supply]++
		if key := [2]int{c.Demand, c.Supply}; seen[key] || places[c.Demand] > p.Demands[c.Demand].Places || rooms[c.Supply] > p.Supplies[c.Supply].Room {
			return false
		} else {
			seen[key] = true
		}
	}
	return true
}

// best tries every choice.
func (p Problem) best() (v int64) {
	for set := range 1 << len(p.Pairs) {
		var chosen []Pair
		for i, c := range p.Pairs {
			if set>>i&1 == 1 {
				chosen = append(chosen, c)
			}
		}
		if p.possible(chosen) {
			v = max(v, p.Value(chosen))
		}
	}
	return v
}

func drawn(t *rapid.T, demands, supplies, givers, pairs int) Problem {
	p := Problem{Givers: rapid.IntRange(1, givers).Draw(t, "givers")}
	for range rapid.IntRange(1, demands).Draw(t, "demands") {
		p.Demands = append(p.Demands, Demand{Places: rapid.IntRange(0, 3).Draw(t, "places"), Urgency: rapid.IntRange(0, 9).Draw(t, "urgency"), Got: rapid.IntRange(0, 4).Draw(t, "got") == 0})
	}
	for range p.Givers {
		p.Busy = append(p.Busy, rapid.SampledFrom([]int{0, 0, 1, 3, 39, 50}).Draw(t, "busy"))
	}
	for range rapid.IntRange(1, supplies).Draw(t, "supplies") {
		p.Supplies = append(p.Supplies, Supply{Room: rapid.IntRange(0, 3).Draw(t, "room"), Giver: rapid.IntRange(0, p.Givers-1).Draw(t, "giver")})
	}
	for d := range p.Demands {
		for s := range p.Supplies {
			if len(p.Pairs) < pairs && rapid.Bool().Draw(t, "fits") {
				p.Pairs = append(p.Pairs, Pair{d, s, rapid.IntRange(0, 14).Draw(t, "fit")})
			}
		}
	}
	return p
}

// What is chosen is possible, and worth as much as the best of all choices.
func TestNoChoiceIsWorthMore(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t, 5, 5, 3, 13)
		got := Solve(p)
		if !p.possible(got) {
			t.Fatalf("%+v: %v is not possible", p, got)
		}
		if have, want := p.Value(got), p.best(); have != want {
			t.Fatalf("%+v: %v is worth %d, the best %d", p, got, have, want)
		}
	})
}

// The order in which the problem is told changes nothing of the worth, and the same problem has the same answer.
func TestTheSameProblemHasTheSameAnswer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawn(t, 30, 40, 6, 400)
		first := Solve(p)
		if again := Solve(p); !slices.Equal(first, again) {
			t.Fatalf("%v, then %v", first, again)
		}
		q := p
		q.Pairs = slices.Clone(p.Pairs)
		r := rand.New(rand.NewPCG(1, 2))
		r.Shuffle(len(q.Pairs), func(i, j int) { q.Pairs[i], q.Pairs[j] = q.Pairs[j], q.Pairs[i] })
		if other := Solve(q); p.Value(other) != p.Value(first) {
			t.Fatalf("told in another order it is worth %d, not %d", p.Value(other), p.Value(first))
		}
	})
}

func TestCoverageComesFirst(t *testing.T) {
	// The first supply fits the first demand best, but it is the only one for the second.
	p := Problem{Demands: []Demand{{Places: 1}, {Places: 1}}, Supplies: []Supply{{Room: 1}, {Room: 1}}, Givers: 1, Pairs: []Pair{{0, 0, 14}, {0, 1, 0}, {1, 0, 0}}}
	if got := Solve(p); !slices.Equal(got, []Pair{{0, 1, 0}, {1, 0, 0}}) {
		t.Errorf("%v", got)
	}
	// A second place of one demand does not take the only one of another.
	p = Problem{Demands: []Demand{{Places: 2, Urgency: 9}, {Places: 1}}, Supplies: []Supply{{Room: 1}, {Room: 1}}, Givers: 1, Pairs: []Pair{{0, 0, 14}, {0, 1, 14}, {1, 1, 0}}}
	if got := Solve(p); !slices.Equal(got, []Pair{{0, 0, 14}, {1, 1, 0}}) {
		t.Errorf("%v", got)
	}
}

func TestTheUrgentComesFirstWhereThereIsNotEnough(t *testing.T) {
	p := Problem{Demands: []Demand{{Places: 1}, {Places: 1, Urgency: 3}}, Supplies: []Supply{{Room: 1}}, Givers: 1, Pairs: []Pair{{0, 0, 5}, {1, 0, 5}}}
	if got := Solve(p); !slices.Equal(got, []Pair{{1, 0, 5}}) {
		t.Errorf("%v", got)
	}
}

// Givers that fit equally well carry equally much, and one that fits better carries more by as much as it fits better.
func TestLoadIsSpread(t *testing.T) {
	p := Problem{Supplies: []Supply{{Room: 100, Giver: 0}, {Room: 100, Giver: 1}, {Room: 100, Giver: 2}}, Givers: 3}
	for d := range 12 {
		p.Demands = append(p.Demands, Demand{Places: 1})
		for s := range p.Supplies {
			p.Pairs = append(p.Pairs, Pair{d, s, 4})
		}
	}
	count := func(all []Pair) (n [3]int) {
		for _, c := range all {
			n[c.Supply]++
		}
		return n
	}
	if got := count(Solve(p)); got != [3]int{4, 4, 4} {
		t.Errorf("%v", got)
	}
	for i := range p.Pairs {
		if p.Pairs[i].Supply == 0 {
			p.Pairs[i].Fit += 3
		}
	}
	if got := count(Solve(p)); got != [3]int{6, 3, 3} {
		t.Errorf("%v", got)
	}
}

// Market is a week of a large sub-district: needs of five kinds, each with as many candidates.
func market(demands, supplies, candidates int) Problem {
	r := rand.New(rand.NewPCG(7, 7))
	p := Problem{Givers: supplies / 4}
	for range demands {
		p.Demands = append(p.Demands, Demand{Places: 1 + r.IntN(2)*r.IntN(2), Urgency: r.IntN(8)})
	}
	for range supplies {
		p.Supplies = append(p.Supplies, Supply{Room: 1 + r.IntN(3), Giver: r.IntN(p.Givers)})
	}
	for d := range demands {
		for n, s := range r.Perm(supplies / 5)[:min(candidates, supplies/5)] {
			fit := 4 + r.IntN(5)
			if n < 3 {
				fit += 4
			}
			p.Pairs = append(p.Pairs, Pair{d, s*5 + d%5, fit})
		}
	}
	return p
}

func BenchmarkSolve(b *testing.B) {
	for _, c := range []int{40, 200} {
		b.Run(map[int]string{40: "40 candidates", 200: "200 candidates"}[c], func(b *testing.B) {
			p := market(2000, 3000, c)
			var got []Pair
			for b.Loop() {
				got = Solve(p)
			}
			b.ReportMetric(float64(len(got)), "places")
		})
	}
}
