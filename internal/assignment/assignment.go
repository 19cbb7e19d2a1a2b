package assignment

import (
	"cmp"
	"slices"
)

// What covering weighs: the first place of a demand twice as much as a further one, and each more than all points together.
const (
	furtherPlace = 1 << 32
	firstPlace   = 2 * furtherPlace
	maxLoad      = 40
)

// Demand is somebody who lacks something.
type Demand struct {
	Places  int  // how many supplies it can take, each from another
	Urgency int  // points
	Got     bool // it has something already: each place of it is a further one
}

// Supply is something that is there.
type Supply struct {
	Room  int // how many places it can fill
	Giver int // who gives it: 0 up to Problem.Givers
}

// Pair says that a supply could fill one place of a demand. It stands in the problem once.
type Pair struct {
	Demand, Supply int // positions in the problem
	Fit            int // points, not negative
}

// Problem is what is to be shared out.
type Problem struct {
	Demands  []Demand
	Supplies []Supply
	Givers   int
	Busy     []int // how many places each giver fills already; nil for none
	Pairs    []Pair
}

// load is what the k-th place of a giver costs, counted from 0.
func load(k int) int64 { return int64(min(k, maxLoad)) }

// busy is how many places a giver fills already.
func (p Problem) busy(giver int) int {
	if giver < len(p.Busy) {
		return p.Busy[giver]
	}
	return 0
}

// Value is the worth of a choice of pairs, as Solve maximises it.
func (p Problem) Value(chosen []Pair) (v int64) {
	places, loads := make([]int, len(p.Demands)), make([]int, p.Givers)
	for g := range loads {
		loads[g] = p.busy(g)
	}
	for _, c := range chosen {
		if places[c.Demand]++; places[c.Demand] == 1 && !p.Demands[c.Demand].Got {
			v += firstPlace + int64(p.Demands[c.Demand].Urgency)
		} else {
			v += furtherPlace
		}
		g := p.Supplies[c.Supply].Giver
		v += int64(c.Fit) - load(loads[g])
		loads[g]++
	}
	return v
}

// Solve gives the pairs that are worth most together, by demand and supply. It panics if a pair names a demand, supply or giver that there is not.
func Solve(p Problem) []Pair {
	n := newNetwork(p)
	for n.cheapest() {
		for n.levels() {
			for n.push(n.source, 1<<62) > 0 { //nolint:revive // pushes until nothing flows
			}
		}
	}
	var out []Pair
	for i, c := range p.Pairs {
		if n.room[n.pairs+2*int32(i)] == 0 {
			out = append(out, c)
		}
	}
	slices.SortFunc(out, func(a, b Pair) int { return cmp.Or(cmp.Compare(a.Demand, b.Demand), cmp.Compare(a.Supply, b.Supply)) })
	return out
}
