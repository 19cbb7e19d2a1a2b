package alike

import (
	"cmp"
	"slices"

	"linli/internal/gram"
)

// least is the likeness from which Find gives a message: below, two messages have a few words in common, as any two have.
const least = 0.25

// sameText is the likeness from which two messages are copies of each other.
const sameText = 0.7

// Match is a message that is like the one asked about.
type Match struct {
	ID       int64
	Likeness float64  // 0.25 to 1
	Words    []string // what both say, as it stands in the message asked about; the weightiest first, at most five
}

// Find gives the messages that are most like m, the likest first, at most n; one with the ID of m is left out. m need not be in the
// index.
func (x *Index) Find(m Message, n int) []Match {
	terms := x.weigh(count(m, func(key gram.Packed) int32 {
		if id, known := x.ids[key]; known {
			return id
		}
		return -1
	}))
	var found []posting
	for _, c := range x.near(&scores{}, terms, least/2) {
		o := x.messages[c.message]
		if o.ID == m.ID {
			continue
		}
		if v := placed(cosine(terms, x.terms[c.message]), m.Place, o.Place); v >= least {
			found = append(found, posting{c.message, v})
		}
	}
	slices.SortStableFunc(found, func(a, b posting) int {
		return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(x.messages[a.message].ID, x.messages[b.message].ID))
	})
	var out []Match
	for _, f := range found[:min(len(found), max(n, 0))] {
		out = append(out, Match{x.messages[f.message].ID, f.weight, x.words(m, x.terms[f.message])})
	}
	return out
}

// words shows the grams among terms that stand in a message, as stretches of its text.
func (x *Index) words(m Message, terms []term) []string {
	text := m.Title + "\n" + m.Text
	runs := gram.Runs(text)
	heat := make([][]float64, len(runs))
	for i, r := range runs {
		heat[i] = make([]float64, len(r.Runes))
	}
	// A character is worth the better of its two pairs, and a part of the other: it stands inside what is shared.
	eachPair(runs, func(key gram.Packed, run, from int) {
		id, known := x.ids[key]
		if !known {
			return
		}
		if k, has := slices.BinarySearchFunc(terms, id, func(t term, id int32) int { return cmp.Compare(t.id, id) }); has {
			w := terms[k].weight
			left := heat[run][from]
			heat[run][from] = max(left, w) + min(left, w)/2
			heat[run][from+1] = w
		}
	})
	return gram.Words(text, runs, heat, wordsMost)
}

// Copies says which messages are copies of each other, as people send the same text again with a few words changed: it gives for each
// message the number of its group, the position of the group's first message. A message without a copy is a group of its own.
// Places do not matter.
func Copies(messages []Message) []int {
	x := New(messages)
	group := make([]int, len(messages))
	for i := range group {
		group[i] = i
	}
	first := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	s := &scores{}
	for i := range messages {
		for _, c := range x.near(s, x.terms[i], sameText/2) {
			if int(c.message) > i && cosine(x.terms[i], x.terms[c.message]) >= sameText {
				a, b := first(i), first(int(c.message))
				group[max(a, b)] = min(a, b)
			}
		}
	}
	for i := range group {
		group[i] = first(i)
	}
	return group
}
