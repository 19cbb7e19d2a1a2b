package classify

import (
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Example is a message that somebody labelled.
type Example struct {
	Title string // may be empty
	Text  string
	Label string
	From  string // who sent it, opaque: messages of one sender count as one where it is asked how many share a word; may be empty
}

// Options say how a model is trained. A zero field has its default, which was found by measuring: see docs/words.md.
type Options struct {
	Longest int     // characters of the longest gram, 1 to 3; default 3
	Shared  int     // a gram that fewer different messages have is not kept; default and least 3
	Cost    float64 // what a message on the wrong side costs, above 0; default 3
	Sure    float64 // probability below which nothing is proposed, 0 to 1; default 0.5
}

// Fewest is how many examples each label needs.
const Fewest = 10

// titleWeight is how often a title counts.
const titleWeight = 3

const (
	maxLabels = 500
	maxName   = 200 // bytes of a label
)

func (o Options) withDefaults() (Options, error) {
	if o.Longest == 0 {
		o.Longest = 3
	}
	if o.Shared == 0 {
		o.Shared = leastShared
	}
	if o.Cost == 0 {
		o.Cost = 3
	}
	if o.Sure == 0 {
		o.Sure = 0.5
	}
	if o.Longest < 1 || o.Longest > maxLongest || o.Shared < leastShared || !(o.Cost > 0 && o.Cost < 1e6) || !(o.Sure > 0 && o.Sure <= 1) {
		return o, errs.New(errs.Invalid, i18n.ClassifyOptions)
	}
	return o, nil
}

// Model proposes labels. It is made by Train or Read, is not changed afterwards and may be used by many at once.
type Model struct {
	words    *vocabulary
	labels   []string // in ascending order
	examples int      // how many it was trained on
	sure     float64
	slope    float64   // from distances to probabilities
	bias     []float64 // by label
	scale    []float64 // by label: a weight is this times its whole number
	weights  []int16   // by gram, and in it by label
}

// Labels are the labels that the model can propose, in ascending order.
func (m *Model) Labels() []string { return append([]string(nil), m.labels...) }

// Examples is how many messages the model was trained on.
func (m *Model) Examples() int { return m.examples }

// Words is how many grams the model knows.
func (m *Model) Words() int { return len(m.words.grams) }
