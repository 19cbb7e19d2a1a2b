package alike

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"time"
)

// Window says in which time hot issues are looked for and how they are ranked. A zero field has its default.
type Window struct {
	From, To time.Time     // From is in the window, To is not. To must be given; without From all before To are in
	Half     time.Duration // a message so long before To counts half; default: a quarter of the window
	Senders  int           // so many different senders make an issue; default 3, never below 2
	Most     int           // at most so many issues; default 20
}

// Issue is what several people raise.
type Issue struct {
	IDs         []int64   // its messages; first the one that is most like all others: it stands for them
	Senders     int       // different senders; each message without a sender counts as one
	Place       string    // the place that most of the messages with a place give; else empty
	Words       []string  // what decided, as it stands in the first message: none that fewer than two messages have; at most five
	First, Last time.Time // the span of its messages
	Weight      float64   // the weights of its messages together
	Heat        float64   // by which issues are ranked, see Hot
}

const (
	link = 0.2 // likeness that makes two messages neighbours
	join = 0.3 // likeness to the middle of a group that a message of it has
	one  = 0.3 // likeness of the middles of two groups that are one

	// A longer message says more besides, and lies further from the middle: it belongs to a group too if it has so much of the core,
	// the grams that half of the group have, and is at least so near.
	ofCore  = 0.6
	further = 0.15
)

// Hot finds the issues of a window, the hottest first. Messages that give different places are not of one issue; a caller who looks for
// what is raised in a wider area gives the wider place, or none. Each sender adds once to the heat of an issue, with the message that adds
// most: 1 and the binary logarithm of 1 + Weight, halved for each Half that it is old.
func Hot(messages []Message, w Window) []Issue {
	if w.Senders == 0 {
		w.Senders = 3
	}
	if w.Most == 0 {
		w.Most = 20
	}
	w.Senders = max(w.Senders, 2)
	var in []Message
	for _, m := range messages {
		if !m.At.Before(w.From) && m.At.Before(w.To) {
			in = append(in, m)
		}
	}
	if len(in) == 0 {
		return nil
	}
	slices.SortFunc(in, func(a, b Message) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	if w.Half <= 0 {
		w.Half = max(w.To.Sub(in[0].At)/4, time.Hour)
	}
	x := New(in)
	var out []Issue
	for _, g := range x.groups() {
		if i := x.issue(g, w); i.Senders >= w.Senders {
			out = append(out, i)
		}
	}
	slices.SortFunc(out, func(a, b Issue) int { return cmp.Or(cmp.Compare(b.Heat, a.Heat), cmp.Compare(a.IDs[0], b.IDs[0])) })
	return out[:min(len(out), w.Most)]
}

// groups parts the messages: round the one that has the most others near it, then round the one that has the most of the rest, and
// so on; then groups that turn out to be about one thing become one.
func (x *Index) groups() [][]int32 {
	s := &scores{}
	neighbours, order := x.neighbours(s)
	taken := make([]bool, len(x.messages))
	var out [][]int32
	for _, i := range order {
		if taken[i] {
			continue
		}
		group := []int32{i}
		for _, c := range neighbours[i] {
			if !taken[c] {
				group = append(group, c)
			}
		}
		for round := 0; round < 3 && len(group) > 1; round++ {
			group = x.around(s, group, taken)
		}
		if len(group) < 2 {
			continue
		}
		for _, m := range group {
			taken[m] = true
		}
		out = append(out, group)
	}
	out = x.merge(out)
	for i := range out {
		out[i] = x.complete(s, out[i], taken)
	}
	return out
}

// together is the likeness that lets two messages be of one issue: an issue is in one place, where places are known.
func together(words float64, a, b string) float64 {
	if a != "" && b != "" && a != b {
		return 0
	}
	return placed(words, a, b)
}

// neighbours gives for each message those that are like it, and the messages that have any in the order of how much they are like
// others.
func (x *Index) neighbours(s *scores) (near [][]int32, order []int32) {
	near = make([][]int32, len(x.messages))
	dense := make([]float64, len(x.messages))
	for i, m := range x.messages {
		for _, c := range x.near(s, x.terms[i], link/2) {
			if int(c.message) == i {
				continue
			}
			if v := together(cosine(x.terms[i], x.terms[c.message]), m.Place, x.messages[c.message].Place); v >= link {
				near[i] = append(near[i], c.message)
				dense[i] += v
			}
		}
		if len(near[i]) > 0 {
			order = append(order, int32(i))
		}
	}
	slices.SortStableFunc(order, func(a, b int32) int { return cmp.Compare(dense[b], dense[a]) })
	return near, order
}

// middle is the mean of the messages of a group.
func (x *Index) middle(group []int32) []term {
	sum := map[int32]float64{}
	for _, m := range group {
		for _, t := range x.terms[m] {
			sum[t.id] += t.weight
		}
	}
	out := make([]term, 0, len(sum))
	for _, id := range slices.Sorted(maps.Keys(sum)) {
		out = append(out, term{id, sum[id]})
	}
	return cut(out, 2*heaviest)
}

// around gives the messages near the middle of a group that are not taken by another, the nearest first.
func (x *Index) around(s *scores, group []int32, taken []bool) []int32 {
	middle, place := x.middle(group), x.place(group)
	var found []posting
	for _, c := range x.near(s, middle, join/2) {
		if taken[c.message] {
			continue
		}
		if v := together(cosine(middle, x.terms[c.message]), place, x.messages[c.message].Place); v >= join {
			found = append(found, posting{c.message, v})
		}
	}
	return nearest(found)
}

// nearest orders messages by their likeness.
func nearest(found []posting) []int32 {
	slices.SortStableFunc(found, func(a, b posting) int { return cmp.Compare(b.weight, a.weight) })
	out := make([]int32, len(found))
	for i, f := range found {
		out[i] = f.message
	}
	return out
}

// merge makes one group of those whose middles are alike: long and short messages about one thing gather in groups of their own.
func (x *Index) merge(groups [][]int32) [][]int32 {
	middles := make([][]term, len(groups))
	for i, g := range groups {
		middles[i] = x.middle(g)
	}
	var out [][]int32
	gone := make([]bool, len(groups))
	for i, g := range groups {
		if gone[i] {
			continue
		}
		for j := i + 1; j < len(groups); j++ {
			if !gone[j] && together(cosine(middles[i], middles[j]), x.place(g), x.place(groups[j])) >= one {
				g = append(g, groups[j]...)
				gone[j] = true
			}
		}
		if len(g) > len(groups[i]) {
			g = x.sorted(g)
		}
		out = append(out, g)
	}
	return out
}

// complete adds the messages to a group that say its core among other things, and are in no group.
func (x *Index) complete(s *scores, group []int32, taken []bool) []int32 {
	const fewest = 4 // grams of a core that says something
	core, middle, place := x.shared(group), x.middle(group), x.place(group)
	if len(core) < fewest {
		return group
	}
	had := len(group)
	for _, c := range x.near(s, middle, further/2) {
		m := c.message
		if taken[m] || covered(core, x.terms[m]) < ofCore || together(cosine(middle, x.terms[m]), place, x.messages[m].Place) < further {
			continue
		}
		taken[m] = true
		group = append(group, m)
	}
	if len(group) > had {
		group = x.sorted(group)
	}
	return group
}

// covered is how much of a core a message has, by weight, from 0 to 1.
func covered(core, terms []term) float64 {
	has, all := 0.0, 0.0
	for _, t := range core {
		all += t.weight
		if _, there := slices.BinarySearchFunc(terms, t.id, func(t term, id int32) int { return cmp.Compare(t.id, id) }); there {
			has += t.weight
		}
	}
	return has / all
}

// sorted orders the messages of a group by how near they are to its middle.
func (x *Index) sorted(group []int32) []int32 {
	middle := x.middle(group)
	found := make([]posting, len(group))
	for i, m := range group {
		found[i] = posting{m, cosine(middle, x.terms[m])}
	}
	return nearest(found)
}

// place is the place that more than half of the messages with a place give; where half give it, that of the first.
func (x *Index) place(group []int32) string {
	counts, given := map[string]int{}, 0
	for _, m := range group {
		if p := x.messages[m].Place; p != "" {
			counts[p]++
			given++
		}
	}
	for p, n := range counts {
		if 2*n > given || 2*n == given && p == x.messages[group[0]].Place {
			return p
		}
	}
	return ""
}

// issue counts a group.
func (x *Index) issue(group []int32, w Window) Issue {
	first := x.messages[group[0]]
	out := Issue{Place: x.place(group), Words: x.words(first, x.shared(group)), First: first.At, Last: first.At}
	heat := map[string]float64{}
	for _, m := range group {
		v := x.messages[m]
		out.IDs = append(out.IDs, v.ID)
		out.Weight += v.Weight
		if v.At.Before(out.First) {
			out.First = v.At
		}
		if v.At.After(out.Last) {
			out.Last = v.At
		}
		h := (1 + math.Log2(1+max(v.Weight, 0))) * math.Exp2(-float64(w.To.Sub(v.At))/float64(w.Half))
		if v.From == "" {
			out.Senders++
			out.Heat += h
			continue
		}
		heat[v.From] = max(heat[v.From], h)
	}
	out.Senders += len(heat)
	for _, from := range slices.Sorted(maps.Keys(heat)) {
		out.Heat += heat[from]
	}
	return out
}

// shared is the middle of a group without the grams that fewer than half of its messages have, or fewer than two.
func (x *Index) shared(group []int32) []term {
	have := map[int32]int{}
	for _, m := range group {
		for _, t := range x.terms[m] {
			have[t.id]++
		}
	}
	return slices.DeleteFunc(x.middle(group), func(t term) bool { return have[t.id] < max(2, (len(group)+1)/2) })
}
