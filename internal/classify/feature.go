package classify

import (
	"context"
	"math"
	"slices"

	"linli/internal/gram"
)

const (
	leastShared = 3
	maxLongest  = 3 // what gram.Packed holds
)

// vocabulary is what a model knows of the language: the grams that enough different messages share, in ascending order, and how many
// messages have each.
type vocabulary struct {
	grams   []string
	have    []int32
	docs    int // messages that were counted
	longest int

	index   map[gram.Packed]int32
	rare    []float64 // by gram: how rare it is
	unheard float64   // how rare a gram is that is not known
}

// finish works out what follows from the counts.
func (v *vocabulary) finish() {
	rare := func(have int32) float64 { return math.Log(float64(v.docs+1)/float64(have+1)) + 1 }
	v.index = make(map[gram.Packed]int32, len(v.grams))
	v.rare = make([]float64, len(v.grams))
	for i, g := range v.grams {
		v.index[gram.Pack(g)] = int32(i)
		v.rare[i] = rare(v.have[i])
	}
	v.unheard = rare(leastShared - 1)
}

// doc is a message taken apart.
type doc struct{ title, text []gram.Run }

func parse(title, text string) doc { return doc{gram.Runs(title), gram.Runs(text)} }

// sparse is a message in numbers: the numbers of its grams in ascending order and their values, of length 1 together with those of the
// grams that are not known. So a message of which little is known lies near the middle.
type sparse struct {
	id    []int32
	value []float64
}

// windows calls f for each stretch of n characters of the runs: the gram, its run and where it begins in it.
func windows(runs []gram.Run, n int, f func(key gram.Packed, run, from int)) {
	for r, run := range runs {
		for from := 0; from+n <= len(run.Runes); from++ {
			f(pack(run.Runes[from:from+n]), r, from)
		}
	}
}

func pack(runes []rune) (p gram.Packed) {
	for _, r := range runes {
		p = p.With(r)
	}
	return p
}

// tally counts a gram: the units and the messages that have it.
type tally struct{ units, docs, lastUnit, lastDoc int32 }

// counter counts the grams of one length.
type counter struct {
	at      map[gram.Packed]int32 // where in tallies
	tallies []tally
}

// count counts the grams of n characters of a message whose parts are kept.
func (c *counter) count(runs []gram.Run, n int, kept map[gram.Packed]int32, unit, doc int32) {
	for _, run := range runs {
		for from := 0; from+n <= len(run.Runes); from++ {
			if n > 1 && !partsKept(kept, run.Runes[from:from+n]) {
				continue
			}
			key := pack(run.Runes[from : from+n])
			at, known := c.at[key]
			if !known {
				at = int32(len(c.tallies))
				c.at[key] = at
				c.tallies = append(c.tallies, tally{lastUnit: -1, lastDoc: -1})
			}
			c.tallies[at].note(unit, doc)
		}
	}
}

// learn counts grams and keeps those that at least `shared` units have; unit says to which unit a message belongs. A longer gram is
// looked at only where the two that make it up are kept, so that memory grows with what is shared and not with what is written.
func learn(ctx context.Context, docs []doc, unit []int, longest, shared int) (*vocabulary, error) {
	order := make([]int, len(docs))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return unit[a] - unit[b] })
	kept := map[gram.Packed]int32{}
	for n := 1; n <= longest; n++ {
		c := &counter{at: map[gram.Packed]int32{}}
		for k, d := range order {
			if k%256 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			c.count(docs[d].title, n, kept, int32(unit[d]), int32(d))
			c.count(docs[d].text, n, kept, int32(unit[d]), int32(d))
		}
		for key, at := range c.at {
			if t := c.tallies[at]; int(t.units) >= shared {
				kept[key] = t.docs
			}
		}
	}
	v := &vocabulary{docs: len(docs), longest: longest, grams: make([]string, 0, len(kept))}
	for g := range kept {
		v.grams = append(v.grams, g.String())
	}
	slices.Sort(v.grams)
	for _, g := range v.grams {
		v.have = append(v.have, kept[gram.Pack(g)])
	}
	v.finish()
	return v, nil
}

// partsKept says whether the two grams are kept that make up one of two characters or more.
func partsKept(kept map[gram.Packed]int32, runes []rune) bool {
	if _, ok := kept[pack(runes[1:])]; !ok {
		return false
	}
	_, ok := kept[pack(runes[:len(runes)-1])]
	return ok
}

// note counts a message that has the gram. Messages come unit by unit.
func (t *tally) note(unit, doc int32) {
	if t.lastUnit != unit {
		t.lastUnit = unit
		t.units++
	}
	if t.lastDoc != doc {
		t.lastDoc = doc
		t.docs++
	}
}

// read turns a message into numbers: for each gram the logarithm of how often, times how rare.
func (v *vocabulary) read(d doc) sparse {
	var ids []int32
	unheard := 0
	add := func(runs []gram.Run, times int) {
		for _, run := range runs {
			for from := range run.Runes {
				var key gram.Packed
				for n := 1; n <= v.longest && from+n <= len(run.Runes); n++ {
					key = key.With(run.Runes[from+n-1])
					i, known := v.index[key]
					if !known {
						// A longer one is known only where the shorter is. Of those not known the pairs stand for all.
						if n <= 2 && from+2 <= len(run.Runes) {
							unheard++
						}
						break
					}
					for range times {
						ids = append(ids, i)
					}
				}
			}
		}
	}
	add(d.title, titleWeight)
	add(d.text, 1)
	slices.Sort(ids)
	s := sparse{make([]int32, 0, len(ids)), make([]float64, 0, len(ids))}
	square := float64(unheard) * v.unheard * v.unheard
	for i := 0; i < len(ids); {
		j := i
		for j < len(ids) && ids[j] == ids[i] {
			j++
		}
		x := (1 + math.Log(float64(j-i))) * v.rare[ids[i]]
		s.id, s.value = append(s.id, ids[i]), append(s.value, x)
		square += x * x
		i = j
	}
	if square > 0 {
		for i := range s.value {
			s.value[i] /= math.Sqrt(square)
		}
	}
	return s
}
