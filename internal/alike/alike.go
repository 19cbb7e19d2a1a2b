package alike

import (
	"cmp"
	"math"
	"slices"
	"time"

	"linli/internal/gram"
)

// Message is what is compared.
type Message struct {
	ID     int64
	Title  string // may be empty
	Text   string
	Place  string    // opaque, compared for being the same; may be empty: a place that is named in the text works as well
	From   string    // who sent it, opaque: one sender counts once in an issue; empty: not known, each counts
	At     time.Time // for Hot only
	Weight float64   // how many stand behind it besides the sender: votes, supporters; for Hot only
}

const (
	titleTwice = 2   // a title counts as often
	heaviest   = 150 // so many grams of a message are compared
	wordsMost  = 5   // so many words are shown
)

// A gram that more than tooCommon of all messages have ("小区", "请问") is not looked up, nor one that more than mostHave have, so
// that work grows with what is said and not with the square of the messages; where two are compared it counts, for the little it
// is worth. In a small set none is too common: what a week's messages share is just what is to be found.
const (
	tooCommon = 0.25
	smallSet  = 100
	mostHave  = 1000
)

// unheard is so many messages that are thought to have been there besides, with none of the grams: of what a handful of messages say,
// what half of them say is not yet a common word. A gram that one alone has is as rare as one that two have.
const unheard = 500

// Index finds messages that are alike among those it was made of. It is not changed after New and may be used by many at once.
type Index struct {
	messages []Message
	ids      map[gram.Packed]int32
	idf      []float64
	terms    [][]term    // by message
	postings [][]posting // by gram; none for one that is not looked up
}

// term is one gram of a message, or of the middle of a group, and its weight. Terms are in ascending order of id and of length 1
// together.
type term struct {
	id     int32
	weight float64
}

// posting is a message with a weight or a likeness.
type posting struct {
	message int32
	weight  float64
}

// New makes an index of messages. It keeps what they say in memory, about 4 kB each.
func New(messages []Message) *Index {
	x := &Index{messages: slices.Clone(messages), ids: map[gram.Packed]int32{}, terms: make([][]term, len(messages))}
	var df []int
	for i, m := range messages {
		x.terms[i] = count(m, func(key gram.Packed) int32 {
			id, known := x.ids[key]
			if !known {
				id = int32(len(df))
				x.ids[key] = id
				df = append(df, 0)
			}
			return id
		})
		for _, c := range x.terms[i] {
			df[c.id]++
		}
	}
	n := float64(len(messages))
	x.idf = make([]float64, len(df))
	for id, d := range df {
		x.idf[id] = math.Log((n + unheard) / float64(max(d, 2)))
	}
	x.postings = make([][]posting, len(df))
	for i := range x.terms {
		x.terms[i] = x.weigh(x.terms[i])
		for _, t := range x.terms[i] {
			if d := df[t.id]; d > 1 && (d <= smallSet || d <= mostHave && float64(d) <= tooCommon*n) {
				x.postings[t.id] = append(x.postings[t.id], posting{int32(i), t.weight})
			}
		}
	}
	return x
}

// count counts the grams of a message; id gives the number of a gram, below zero for one that is to be left out.
func count(m Message, id func(key gram.Packed) int32) []term {
	var ids []int32
	add := func(text string, times int) {
		eachPair(gram.Runs(text), func(key gram.Packed, _, _ int) {
			if n := id(key); n >= 0 {
				for range times {
					ids = append(ids, n)
				}
			}
		})
	}
	add(m.Title, titleTwice)
	add(m.Text, 1)
	slices.Sort(ids)
	var out []term
	for i, n := range ids {
		if i > 0 && ids[i-1] == n {
			out[len(out)-1].weight++
			continue
		}
		out = append(out, term{n, 1})
	}
	return out
}

// eachPair calls f for each pair of neighbours: the pair, its run and where it begins in it.
func eachPair(runs []gram.Run, f func(key gram.Packed, run, from int)) {
	for n, run := range runs {
		for i := 0; i+1 < len(run.Runes); i++ {
			f(gram.Packed(0).With(run.Runes[i]).With(run.Runes[i+1]), n, i)
		}
	}
}

// weigh turns counts into weights: the logarithm of how often, times how rare.
func (x *Index) weigh(terms []term) []term {
	for i, t := range terms {
		terms[i].weight = (1 + math.Log(t.weight)) * x.idf[t.id]
	}
	return cut(terms, heaviest)
}

// cut keeps the n heaviest terms and makes them of length 1 together.
func cut(terms []term, n int) []term {
	if len(terms) > n {
		slices.SortFunc(terms, func(a, b term) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(a.id, b.id)) })
		terms = slices.Clone(terms[:n])
		slices.SortFunc(terms, func(a, b term) int { return cmp.Compare(a.id, b.id) })
	}
	square := 0.0
	for _, t := range terms {
		square += t.weight * t.weight
	}
	if square > 0 {
		for i := range terms {
			terms[i].weight /= math.Sqrt(square)
		}
	}
	return terms
}

// scores adds up for each message what it shares with terms; touched are those that share anything. Both are used again and again.
type scores struct {
	sum     []float64
	touched []int32
}

// near gives the messages whose likeness to terms is least or more by the grams that are looked up alone, in their order.
func (x *Index) near(s *scores, terms []term, least float64) []posting {
	if s.sum == nil {
		s.sum = make([]float64, len(x.messages))
	}
	for _, t := range terms {
		for _, p := range x.postings[t.id] {
			if s.sum[p.message] == 0 {
				s.touched = append(s.touched, p.message)
			}
			s.sum[p.message] += t.weight * p.weight
		}
	}
	var out []posting
	for _, m := range s.touched {
		if s.sum[m] >= least {
			out = append(out, posting{m, s.sum[m]})
		}
		s.sum[m] = 0
	}
	s.touched = s.touched[:0]
	slices.SortFunc(out, func(a, b posting) int { return cmp.Compare(a.message, b.message) })
	return out
}

// cosine is the likeness of two sets of terms, from 0 to 1.
func cosine(a, b []term) float64 {
	sum := 0.0
	for i, j := 0, 0; i < len(a) && j < len(b); {
		switch {
		case a[i].id < b[j].id:
			i++
		case a[i].id > b[j].id:
			j++
		default:
			sum += a[i].weight * b[j].weight
			i, j = i+1, j+1
		}
	}
	return min(sum, 1)
}

// placed corrects a likeness of words for the places of both: the same words about another place are another matter, and the same
// place lets fewer words do. Where one names no place it is unchanged.
func placed(words float64, a, b string) float64 {
	const same, other = 1.25, 0.4
	switch {
	case a == "" || b == "":
		return words
	case a == b:
		return min(words*same, 1)
	}
	return words * other
}
