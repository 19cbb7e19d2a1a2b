package twonew

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/id"
)

var usual = Limits{Full: 3, Members: 50, Units: 5, Trade: 400}

// town makes sites by chance: some with a position, some only with a grid, of a few trades, with no, one or two full members.
func town(r *rand.Rand, n int) []Site {
	out := make([]Site, n)
	for i := range out {
		full := int64(1 + r.IntN(2))
		if r.IntN(6) == 0 {
			full = 0
		}
		out[i] = Site{ID: id.ID(i + 1), Full: full, Members: max(1, full+int64(r.IntN(2))), GridID: id.ID(1 + r.IntN(4)), Trade: []string{"餐饮", "零售", "软件"}[r.IntN(3)]}
		if r.IntN(5) > 0 {
			out[i].X, out[i].Y = 123_200_000+int64(r.IntN(12_000)), 34_000_000+int64(r.IntN(9_000))
		}
	}
	return out
}

// exact is the best there is: over all sets of sites, by what the first of a set does. It shares nothing with the grouping but the distance of two sites.
func exact(sites []Site, l Limits) (left int, metres int64) {
	const out = int64(1) << 40
	n := len(sites)
	best := make([]int64, 1<<n)
	costs = make([]int64, 1<<n)
	for set := 1; set < 1<<n; set++ {
		first := 0
		for set&(1<<first) == 0 {
			first++
		}
		rest := set &^ (1 << first)
		best[set] = out + best[rest]
		var try func(from, taken int)
		try = func(from, taken int) {
			if c, ok := costOf(sites, taken, l); ok {
				best[set] = min(best[set], c+best[set&^taken])
			}
			size := 0
			for x := taken; x > 0; x &= x - 1 {
				size++
			}
			if size == l.Units {
				return
			}
			for i := from; i < n; i++ {
				if rest&(1<<i) != 0 {
					try(i+1, taken|1<<i)
				}
			}
		}
		try(first+1, 1<<first)
	}
	whole := best[1<<n-1]
	return int(whole / out), whole % out
}

var costs []int64 // 0 is not worked out yet, -1 is no group, else one more than the cost

// costOf is what a set of sites costs as one group; not ok if it is none.
func costOf(sites []Site, set int, l Limits) (int64, bool) {
	if c := costs[set]; c != 0 {
		return c - 1, c > 0
	}
	var full, members int64
	var in []int
	for i := range sites {
		if set&(1<<i) != 0 {
			in = append(in, i)
			full += sites[i].Full
			members += sites[i].Members
		}
	}
	best := int64(-1)
	if len(in) > 1 && full >= l.Full && members <= l.Members {
		for _, c := range in {
			var sum int64
			for _, i := range in {
				if i != c {
					sum += apart(sites[i], sites[c], l)
				}
			}
			if best < 0 || sum < best {
				best = sum
			}
		}
	}
	if costs[set] = best + 1; best < 0 {
		costs[set] = -1
	}
	return best, best >= 0
}

// held holds groups to the limits and gives what they leave out and cost.
func held(t *testing.T, sites []Site, groups []Joined, l Limits) (left int, metres int64) {
	t.Helper()
	seen := map[int]bool{}
	for _, g := range groups {
		var full, members, sum int64
		for _, i := range g.Sites {
			if seen[i] {
				t.Fatalf("site %d is in two groups", i)
			}
			seen[i] = true
			full += sites[i].Full
			members += sites[i].Members
			if i != g.Sites[0] {
				sum += apart(sites[i], sites[g.Sites[0]], l)
			}
		}
		if full < l.Full || members > l.Members || len(g.Sites) > l.Units || sum != g.Metres {
			t.Fatalf("group %v has %d full of %d members in %d, %d m (said %d)", g.Sites, full, members, len(g.Sites), sum, g.Metres)
		}
		metres += g.Metres
	}
	return len(sites) - len(seen), metres
}

func TestGroupsComeNearTheBest(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	var ours, best int64
	for n := range 60 {
		sites := town(r, 3+n%13) // up to 15: more than a window holds
		l := usual
		if n%5 == 4 {
			l.Members, l.Units = 6, 3
		}
		left, metres := held(t, sites, Joints(sites, l), l)
		wantLeft, want := exact(sites, l)
		if left != wantLeft {
			t.Errorf("town %d of %d: %d are left out, %d need be", n, len(sites), left, wantLeft)
		}
		if metres*100 > want*105 {
			t.Errorf("town %d of %d: %d m, the best are %d m", n, len(sites), metres, want)
		}
		ours, best = ours+metres, best+want
	}
	t.Logf("%d m over all, the best are %d m (%+.2f %%)", ours, best, 100*float64(ours-best)/float64(best))
}

func TestGroupsOfLargerTowns(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 5))
	for n := range 2 {
		sites := town(r, 16)
		left, metres := held(t, sites, Joints(sites, usual), usual)
		if wantLeft, want := exact(sites, usual); left != wantLeft || metres*100 > want*105 {
			t.Errorf("town %d: %d left out and %d m, the best are %d and %d m", n, left, metres, wantLeft, want)
		}
	}
}

func TestGroupsThatCannotBe(t *testing.T) {
	one := Site{ID: 1, Full: 1, Members: 1}
	for name, c := range map[string]struct {
		sites []Site
		l     Limits
		want  int
	}{
		"nobody":                               {nil, usual, 0},
		"too few full members together":        {[]Site{one, one}, usual, 0},
		"just enough":                          {[]Site{one, one, one}, usual, 1},
		"probationary members do not count":    {[]Site{one, one, {ID: 3, Members: 4}}, usual, 0},
		"a site with none goes along":          {[]Site{one, one, one, {ID: 4, Members: 1}}, usual, 1},
		"more than a branch may have":          {[]Site{{Full: 2, Members: 40}, {Full: 2, Members: 40}}, usual, 0},
		"room for no other":                    {[]Site{one, one, one}, Limits{Full: 3, Members: 50, Units: 2}, 0},
		"six of one make two":                  {[]Site{one, one, one, one, one, one}, usual, 2},
		"limits without sense make no trouble": {[]Site{one, one, one}, Limits{}, 0},
	} {
		groups := Joints(c.sites, c.l)
		if len(groups) != c.want {
			t.Errorf("%s: %d groups, want %d", name, len(groups), c.want)
		}
		held(t, c.sites, groups, c.l)
	}
}

// census makes the organisations of a district.
func census(r *rand.Rand, communities, each int) map[id.ID][]Organisation {
	out := map[id.ID][]Organisation{}
	for c := range communities {
		at := id.ID(1_000_000 + c)
		for _, s := range town(r, each) {
			full := int64(r.IntN(5)) // some stand alone, some have nobody
			o := Organisation{ID: s.ID + id.ID(c*1000), Name: fmt.Sprintf("甲%d-%d", c, s.ID), CommunityID: at, Community: fmt.Sprint("社区", c), GridID: s.GridID, X: s.X, Y: s.Y, Trade: s.Trade,
				Full: full, Probationary: int64(r.IntN(2)), State: None, Version: 1, ListedOn: calendar.On(2026, 1, 1)}
			out[at] = append(out[at], o)
		}
	}
	return out
}

func surroundings(r *rand.Rand, communities int) around {
	x := around{rules: rules{3, 50, 5, 400, 5}, candidates: map[id.ID][]Candidate{}, joints: map[id.ID]int64{}}
	for c := range communities {
		at := id.ID(1_000_000 + c)
		for n := range 10 {
			x.candidates[at] = append(x.candidates[at], Candidate{MemberID: id.ID(5000 + n), Community: at, Name: fmt.Sprint("党员", n), Load: max(0, int64(r.IntN(4)-n))})
		}
	}
	return x
}

func TestProposalsAreTheSameInAnyOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	all, x := census(r, 3, 40), surroundings(r, 3)
	for at, list := range all {
		want := fmt.Sprintf("%+v", propose(at, list, x))
		for range 5 {
			r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			if got := fmt.Sprintf("%+v", propose(at, list, x)); got != want {
				t.Fatalf("another order gives another proposal:\n%s\n%s", want, got)
			}
		}
	}
}

func TestEveryOrganisationHasOneNextStep(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9))
	all, x := census(r, 4, 50), surroundings(r, 4)
	for at, list := range all {
		p := propose(at, list, x)
		seen := map[id.ID]bool{}
		p.Each(func(o Organisation, n Next, _ string) {
			if seen[o.ID] {
				t.Errorf("%s has two next steps", o.Name)
			}
			seen[o.ID] = true
			if (n == NextOwn) != (o.Full >= 3) {
				t.Errorf("%s with %d full members: %s", o.Name, o.Full, n)
			}
		})
		if len(seen) != len(list) || p.Uncovered() != len(list) {
			t.Errorf("%d of %d have a next step", len(seen), len(list))
		}
	}
}

func TestLoadsAreEven(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	for range 200 {
		var all []Candidate
		for n := range 1 + r.IntN(12) {
			all = append(all, Candidate{MemberID: id.ID(n + 1), Load: int64(r.IntN(7))})
		}
		slices.SortStableFunc(all, func(a, b Candidate) int { return cmp.Compare(min(1, b.Load), min(1, a.Load)) })
		n := int64(r.IntN(40))
		who, shares := shareOut(all, n, 5)
		var given, room int64
		least, most := int64(99), int64(0)
		for i, c := range who {
			given += shares[i]
			room += 5 - c.Load
			if shares[i] > 0 {
				most = max(most, c.Load+shares[i])
			}
			least = min(least, c.Load+shares[i])
		}
		if given != min(n, room) || most > 5 {
			t.Fatalf("%d of %d given, room for %d, the most has %d", given, n, room, most)
		}
		if most > least+1 {
			t.Fatalf("somebody got more and has %d while another has %d", most, least)
		}
	}
}

// TestALargeDistrictIsQuick bounds the time for 2,000 organisations in 60 communities with room for a slow machine; the benchmark says what it takes.
func TestALargeDistrictIsQuick(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	all, x := census(r, 60, 34), surroundings(r, 60)
	began := time.Now()
	for at, list := range all {
		propose(at, list, x)
	}
	if d := time.Since(began); d > 6*time.Second {
		t.Errorf("proposals for 60 communities took %v", d)
	} else {
		t.Logf("%v", d)
	}
}

func BenchmarkProposals(b *testing.B) {
	r := rand.New(rand.NewPCG(2, 2))
	all, x := census(r, 60, 34), surroundings(r, 60)
	for b.Loop() {
		for at, list := range all {
			propose(at, list, x)
		}
	}
}

// A census that is far larger than any community's is grouped in parts: time and memory grow with it and no faster, and the order changes nothing.
func TestAHugeCommunityIsGroupedInParts(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 5))
	l := Limits{Full: 3, Members: 50, Units: 5, Trade: 400}
	var sites []Site
	for i := range 3000 {
		s := Site{ID: id.ID(i + 1), Full: 1 + r.Int64N(2), Trade: string(rune('a' + r.IntN(4)))}
		s.Members = s.Full
		if r.IntN(4) > 0 {
			s.X, s.Y = 120_000_000+r.Int64N(40_000), 33_000_000+r.Int64N(20_000)
		} else {
			s.GridID = id.ID(1 + r.IntN(20))
		}
		sites = append(sites, s)
	}
	taken := map[int]bool{}
	for _, j := range Joints(sites, l) {
		var full int64
		for _, i := range j.Sites {
			if taken[i] {
				t.Fatalf("site %d is in two groups", i)
			}
			taken[i] = true
			full += sites[i].Full
		}
		if full < l.Full || len(j.Sites) > l.Units {
			t.Errorf("a group of %d sites with %d full members", len(j.Sites), full)
		}
	}
	if len(taken) < 2990 {
		t.Errorf("%d of 3000 are in a group", len(taken))
	}
	for _, half := range halves(sites) {
		if len(half) != 1500 || !slices.IsSorted(half) {
			t.Errorf("a half of %d", len(half))
		}
	}
}

func TestStepsHoldUntilTheNext(t *testing.T) {
	day := func(d int) calendar.Date { return calendar.On(2026, 3, d) }
	list := []Step{{ID: 1, On: day(1), Kind: Union}, {ID: 2, On: day(5), Kind: Instructor, StruckAt: time.Unix(1, 0)}, {ID: 3, On: day(9), Kind: JointBranch}}
	changed := arrange(list)
	if len(changed) != 1 || list[0].Until != day(9) || !list[2].Until.IsZero() || !list[1].Until.IsZero() {
		t.Errorf("%+v", list)
	}
	if again := arrange(list); len(again) != 0 {
		t.Errorf("once more: %+v", again)
	}
}

func TestRules(t *testing.T) {
	r := rules{3, 50, 5, 400, 5}
	of := func(full ...int64) (out []Organisation) {
		for _, n := range full {
			out = append(out, Organisation{Name: "甲", Full: n})
		}
		return out
	}
	if r.own(Organisation{Full: 2, Probationary: 5}) == nil || r.own(Organisation{Full: 3}) != nil {
		t.Error("PARTY-1: three full members, probationary ones do not count")
	}
	for name, c := range map[string]struct {
		list   []Organisation
		reason string
		ok     bool
		warns  int
	}{
		"two full members":               {of(1, 1), "", false, 0},
		"three":                          {of(1, 1, 1), "", true, 0},
		"five units":                     {of(1, 1, 1, 1, 1), "", true, 0},
		"six units need a reason":        {of(1, 1, 1, 1, 1, 1), "", false, 0},
		"six units with one":             {of(1, 1, 1, 1, 1, 1), "同一楼宇", true, 0},
		"fifty members":                  {append(of(2), Organisation{Full: 1, Probationary: 47}), "", true, 0},
		"fifty-one members":              {append(of(2), Organisation{Full: 1, Probationary: 48}), "", false, 0},
		"one should have its own branch": {of(3, 1), "", true, 1},
	} {
		warnings, err := r.joint(c.list, c.reason)
		if (err == nil) != c.ok || len(warnings) != c.warns {
			t.Errorf("%s: %v, %v", name, warnings, err)
		}
	}
}
