package twonew

import (
	"cmp"
	"math"
	"math/bits"
	"slices"

	"linli/internal/id"
)

// Site is an organisation as the grouping sees it.
type Site struct {
	ID      id.ID
	Full    int64 // full members
	Members int64 // with probationary ones
	X, Y    int64 // micro-degrees; 0, 0 where not known
	GridID  id.ID
	Trade   string
}

// Limits bound a joint branch.
type Limits struct {
	Full    int64 // full members that it needs
	Members int64 // members that it has at most
	Units   int   // organisations that it covers at most
	Trade   int64 // metres that a different trade counts as
}

// Joined is a group of sites, by their places in the list; the first is its middle, to which the others are nearest together.
type Joined struct {
	Sites  []int
	Metres int64
}

// Where positions are not known.
const (
	sameGrid  = 300
	otherGrid = 800
)

// apart is the distance of two sites in metres, with what a different trade counts as.
func apart(a, b Site, l Limits) int64 {
	d := int64(otherGrid)
	switch {
	case (a.X != 0 || a.Y != 0) && (b.X != 0 || b.Y != 0):
		const metre = 0.111320 // a micro-degree of latitude
		dy := float64(a.Y-b.Y) * metre
		dx := float64(a.X-b.X) * metre * math.Cos(float64(a.Y+b.Y)/2e6*math.Pi/180)
		d = int64(math.Round(math.Hypot(dx, dy)))
	case a.GridID != 0 && a.GridID == b.GridID:
		d = sameGrid
	}
	if a.Trade != b.Trade {
		d += l.Trade
	}
	return d
}

// grouping is a problem and where its solution has come to.
type grouping struct {
	l      Limits
	sites  []Site
	dist   []int64
	groups [][]int // sorted by their first site, each sorted
	left   []int
}

// leftOut is what a site costs that no group takes: more than any distance, so that it goes first.
const leftOut = int64(1) << 40

// window is how many sites are put together anew at once.
const window = 12

// Joints puts sites into groups that keep to the limits: as many sites as can be, then with the least metres. Sites must be in the order of their IDs.
// What is left out is in no group.
func Joints(sites []Site, l Limits) []Joined {
	if l.Units < 1 || len(sites) == 0 {
		return nil
	}
	l.Units = min(l.Units, window)
	if len(sites) > mostSites {
		var out []Joined
		for _, part := range halves(sites) {
			some := make([]Site, len(part))
			for i, at := range part {
				some[i] = sites[at]
			}
			for _, j := range Joints(some, l) {
				for i, at := range j.Sites {
					j.Sites[i] = part[at]
				}
				out = append(out, j)
			}
		}
		return out
	}
	best := solve(sites, l, false)
	if len(best.left) > 0 {
		if other := solve(sites, l, true); other.cost() < best.cost() {
			best = other
		}
	}
	out := make([]Joined, 0, len(best.groups))
	for _, g := range best.groups {
		out = append(out, best.joined(g))
	}
	return out
}

// mostSites is how many sites are grouped together: of more, each half of the community by itself, so that time and memory grow with the census and no
// faster.
const mostSites = 200

// halves gives the places of the sites of either half: cut across the side on which they lie further apart, those of one grid together where no
// position is known; each in the order of their IDs.
func halves(sites []Site) [2][]int {
	side := func(of func(Site) int64) int64 {
		low, high := int64(math.MaxInt64), int64(math.MinInt64)
		for _, s := range sites {
			if s.X != 0 || s.Y != 0 {
				low, high = min(low, of(s)), max(high, of(s))
			}
		}
		return high - low
	}
	by := func(s Site) int64 { return s.X }
	if side(func(s Site) int64 { return s.Y }) > side(by) {
		by = func(s Site) int64 { return s.Y }
	}
	order := make([]int, len(sites))
	for i := range order {
		order[i] = i
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(by(sites[a]), by(sites[b])), cmp.Compare(sites[a].GridID, sites[b].GridID), cmp.Compare(a, b))
	})
	out := [2][]int{order[:len(order)/2], order[len(order)/2:]}
	slices.Sort(out[0])
	slices.Sort(out[1])
	return out
}

func solve(sites []Site, l Limits, tight bool) *grouping {
	g := &grouping{l: l, sites: sites, dist: make([]int64, len(sites)*len(sites))}
	for i := range sites {
		for j := range i {
			d := apart(sites[i], sites[j], l)
			g.dist[i*len(sites)+j], g.dist[j*len(sites)+i] = d, d
		}
	}
	g.grow(tight)
	g.improve()
	return g
}

func (g *grouping) d(i, j int) int64 { return g.dist[i*len(g.sites)+j] }

func (g *grouping) cost() int64 {
	total := leftOut * int64(len(g.left))
	for _, x := range g.groups {
		total += g.joined(x).Metres
	}
	return total
}

// joined finds the middle of a group.
func (g *grouping) joined(group []int) Joined {
	best := Joined{Metres: math.MaxInt64}
	middle := 0
	for at, c := range group {
		var sum int64
		for _, i := range group {
			sum += g.d(i, c)
		}
		if sum < best.Metres {
			best.Metres, middle = sum, at
		}
	}
	best.Sites = append([]int{group[middle]}, slices.Delete(slices.Clone(group), middle, middle+1)...)
	return best
}

func (g *grouping) members(group []int) (full, all int64) {
	for _, i := range group {
		full += g.sites[i].Full
		all += g.sites[i].Members
	}
	return full, all
}

// takes says whether a group may take one more.
func (g *grouping) takes(group []int, i int) bool {
	_, all := g.members(group)
	return len(group) < g.l.Units && all+g.sites[i].Members <= g.l.Members
}

// grow makes the first groups: from the site farthest from all others, the nearest are added until there are full members enough; then the rest goes
// where it is nearest. tight spends no full member more than a group needs where it can, so that there are more groups.
func (g *grouping) grow(tight bool) {
	rim := make([]int64, len(g.sites))
	free := make([]bool, len(g.sites))
	var order []int
	for i := range g.sites {
		free[i] = true
		for j := range g.sites {
			rim[i] += g.d(i, j)
		}
		if g.sites[i].Full > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if tight { // those with many full members find a partner with few while there are any
			return cmp.Or(cmp.Compare(g.sites[b].Full, g.sites[a].Full), cmp.Compare(rim[b], rim[a]), cmp.Compare(a, b))
		}
		return cmp.Or(cmp.Compare(rim[b], rim[a]), cmp.Compare(a, b))
	})
	for _, seed := range order {
		if !free[seed] {
			continue
		}
		if group := g.around(seed, order, free, tight); group != nil {
			for _, i := range group {
				free[i] = false
			}
			g.groups = append(g.groups, group)
		}
	}
	for i := range g.sites {
		if free[i] {
			g.left = append(g.left, i)
		}
	}
	g.settle()
}

// around gathers the nearest free sites around one until they have full members enough; nil if they never do.
func (g *grouping) around(seed int, order []int, free []bool, tight bool) []int {
	group := []int{seed}
	full := g.sites[seed].Full
	for full < g.l.Full {
		best, bestCost := -1, int64(math.MaxInt64)
		for _, i := range order {
			if !free[i] || slices.Contains(group, i) || !g.takes(group, i) {
				continue
			}
			c := g.d(seed, i)
			if over := full + g.sites[i].Full - g.l.Full; tight && over > 0 {
				c += over << 30
			}
			if c < bestCost {
				best, bestCost = i, c
			}
		}
		if best < 0 {
			return nil
		}
		group = append(group, best)
		full += g.sites[best].Full
	}
	slices.Sort(group)
	return group
}

// settle gives what is left to the nearest groups that have room.
func (g *grouping) settle() {
	for {
		site, into, least := -1, -1, int64(math.MaxInt64)
		for _, i := range g.left {
			for n, group := range g.groups {
				if !g.takes(group, i) {
					continue
				}
				for _, j := range group {
					if d := g.d(i, j); d < least {
						site, into, least = i, n, d
					}
				}
			}
		}
		if site < 0 {
			return
		}
		g.groups[into] = append(g.groups[into], site)
		slices.Sort(g.groups[into])
		g.left = slices.DeleteFunc(g.left, func(i int) bool { return i == site })
	}
}

// rounds bounds how often the windows are gone through.
const rounds = 12

// improve takes windows apart and puts them together again until none gets better. A window is not tried again while its groups are the same.
func (g *grouping) improve() {
	tried := map[[window]int16]bool{}
	for range rounds {
		better := false
		for seed := range g.sites {
			w := g.around12(seed)
			var key [window]int16
			for at, i := range w {
				key[at] = int16(i + 1)
			}
			if tried[key] {
				continue
			}
			if g.again(w) {
				better = true
			} else {
				tried[key] = true
			}
		}
		if !better {
			return
		}
	}
}

// around12 are the sites of the groups nearest to a site, whole groups only, and of what is left; at most a window of them.
func (g *grouping) around12(seed int) []int {
	type part struct {
		sites []int
		far   int64
	}
	parts := make([]part, 0, len(g.groups)+len(g.left))
	near := func(sites []int) int64 {
		least := int64(math.MaxInt64)
		for _, i := range sites {
			least = min(least, g.d(seed, i))
			if i == seed {
				return -1
			}
		}
		return least
	}
	for _, x := range g.groups {
		parts = append(parts, part{x, near(x)})
	}
	for _, i := range g.left {
		parts = append(parts, part{[]int{i}, near([]int{i})})
	}
	slices.SortFunc(parts, func(a, b part) int { return cmp.Or(cmp.Compare(a.far, b.far), cmp.Compare(a.sites[0], b.sites[0])) })
	var w []int
	for _, p := range parts {
		if len(w)+len(p.sites) <= window {
			w = append(w, p.sites...)
		}
		if len(w) == window {
			break
		}
	}
	slices.Sort(w)
	return w
}

// again puts the sites of a window together in the best way, and says whether that is better than they were.
func (g *grouping) again(w []int) bool {
	var before int64
	inside := func(i int) bool { _, ok := slices.BinarySearch(w, i); return ok }
	var kept [][]int
	for _, x := range g.groups {
		if inside(x[0]) {
			before += g.joined(x).Metres
		} else {
			kept = append(kept, x)
		}
	}
	var left []int
	for _, i := range g.left {
		if inside(i) {
			before += leftOut
		} else {
			left = append(left, i)
		}
	}
	groups, out, cost := g.exactly(w)
	if cost >= before {
		return false
	}
	g.groups, g.left = append(kept, groups...), append(left, out...)
	slices.SortFunc(g.groups, func(a, b []int) int { return cmp.Compare(a[0], b[0]) })
	slices.Sort(g.left)
	return true
}

// choice is a group within a window, as a set of places in it.
type choice struct {
	set  uint32
	cost int64
}

// exactly groups a few sites in the best way: from the first site that is not decided yet, every group that it may lead is tried.
func (g *grouping) exactly(w []int) (groups [][]int, left []int, cost int64) {
	n := len(w)
	byFirst := make([][]choice, n)
	g.choices(w, func(c choice) {
		first := bits.TrailingZeros32(c.set)
		byFirst[first] = append(byFirst[first], c)
	})
	all := uint32(1)<<n - 1
	best := make([]int64, all+1)
	take := make([]uint32, all+1)
	seen := make([]bool, all+1)
	var reach func(open uint32) int64
	reach = func(open uint32) int64 {
		if open == 0 {
			return 0
		}
		if seen[open] {
			return best[open]
		}
		first := bits.TrailingZeros32(open)
		least, with := leftOut+reach(open&^(1<<first)), uint32(0)
		for _, c := range byFirst[first] {
			if c.set&^open == 0 {
				if v := c.cost + reach(open&^c.set); v < least {
					least, with = v, c.set
				}
			}
		}
		seen[open], best[open], take[open] = true, least, with
		return least
	}
	cost = reach(all)
	for open := all; open != 0; {
		if set := take[open]; set != 0 {
			var group []int
			for rest := set; rest != 0; rest &= rest - 1 {
				group = append(group, w[bits.TrailingZeros32(rest)])
			}
			groups, open = append(groups, group), open&^set
			continue
		}
		first := bits.TrailingZeros32(open)
		left, open = append(left, w[first]), open&^(1<<first)
	}
	return groups, left, cost
}

// choices gives every group of the window that keeps to the limits.
func (g *grouping) choices(w []int, fn func(choice)) {
	group := make([]int, 0, g.l.Units)
	var extend func(next int, set uint32, full, members int64)
	extend = func(next int, set uint32, full, members int64) {
		if full >= g.l.Full && len(group) > 1 {
			fn(choice{set, g.middle(group)})
		}
		if len(group) == g.l.Units {
			return
		}
		for at := next; at < len(w); at++ {
			s := g.sites[w[at]]
			if members+s.Members > g.l.Members {
				continue
			}
			group = append(group, w[at])
			extend(at+1, set|1<<at, full+s.Full, members+s.Members)
			group = group[:len(group)-1]
		}
	}
	extend(0, 0, 0, 0)
}

// middle is what a group costs.
func (g *grouping) middle(group []int) int64 {
	least := int64(math.MaxInt64)
	for _, c := range group {
		var sum int64
		for _, i := range group {
			sum += g.d(i, c)
		}
		least = min(least, sum)
	}
	return least
}
