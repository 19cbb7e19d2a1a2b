package classify

import (
	"cmp"
	"slices"

	"linli/internal/gram"
)

const (
	mostProposals = 3    // so many labels are proposed at most
	leastLikely   = 0.05 // probability of a second or third one
	mostWords     = 5    // so many words explain a proposal
)

// Proposal is a label that a message may have.
type Proposal struct {
	Label       string
	Probability float64  // 0 to 1: of a hundred proposals with 0.8 about eighty are right, of messages like those learnt from
	Words       []string // what speaks most for the label, as it stands in the message; the weightiest first, at most five
}

// Propose gives the labels that a message may have, the likeliest first, at most three. It gives nothing where none is likely enough
// (Options.Sure), and nothing for which it cannot show a word.
func (m *Model) Propose(title, text string) []Proposal {
	x := m.words.read(parse(title, text))
	p := m.likely(x)
	if len(x.id) == 0 || slices.Max(p) < m.sure {
		return nil
	}
	order := make([]int, len(p))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(p[b], p[a]) })
	var out []Proposal
	for i, l := range order[:min(len(order), mostProposals)] {
		words := m.why(title, text, x, l)
		if len(words) == 0 || i > 0 && p[l] < leastLikely {
			break
		}
		out = append(out, Proposal{m.labels[l], p[l], words})
	}
	return out
}

// Best gives the likeliest label of a message, however little is known of it. It is for measuring.
func (m *Model) Best(title, text string) string {
	p := m.likely(m.words.read(parse(title, text)))
	best := 0
	for l := range p {
		if p[l] > p[best] {
			best = l
		}
	}
	return m.labels[best]
}

// likely gives the probability of each label.
func (m *Model) likely(x sparse) []float64 {
	n := len(m.labels)
	sum := make([]float64, n)
	for k, id := range x.id {
		v := x.value[k]
		for l, w := range m.weights[int(id)*n : int(id)*n+n] {
			sum[l] += v * float64(w)
		}
	}
	for l := range sum {
		sum[l] = sum[l]*m.scale[l] + m.bias[l]
	}
	p := make([]float64, n)
	probabilities(p, sum, m.slope)
	return p
}

// why shows the words that speak for a label: what each gram adds is laid on the characters on which it stands.
func (m *Model) why(title, text string, x sparse, label int) []string {
	whole := title + "\n" + text
	runs := gram.Runs(whole)
	heat := make([][]float64, len(runs))
	for i, r := range runs {
		heat[i] = make([]float64, len(r.Runes))
	}
	for n := 1; n <= m.words.longest; n++ {
		windows(runs, n, func(key gram.Packed, run, from int) {
			id, known := m.words.index[key]
			if !known {
				return
			}
			if k, has := slices.BinarySearch(x.id, id); has {
				add := x.value[k] * float64(m.weights[int(id)*len(m.labels)+label]) / float64(n)
				for i := range n {
					heat[run][from+i] += add
				}
			}
		})
	}
	return gram.Words(whole, runs, heat, mostWords)
}
