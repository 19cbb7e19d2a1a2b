package classify

import (
	"context"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"linli/internal/alike"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// The examples are cut into so many parts, the folds. To see what the distances of messages that were not learnt are worth, so many
// folds are kept back in turn as hold that many messages.
const (
	folds    = 4
	tryLeast = 500
)

// level is the slope that is taken for level: a finer one changes weights that nobody can tell apart, and takes longer.
const level = 0.1

// Train makes a model from examples. It takes about a second per thousand messages, and stops with the context's error. Errors are
// Invalid and say what to do: an example without label or text, fewer than two labels, a label with fewer than Fewest examples.
func Train(ctx context.Context, examples []Example, o Options) (*Model, error) {
	o, err := o.withDefaults()
	if err != nil {
		return nil, err
	}
	labels, err := check(examples)
	if err != nil {
		return nil, err
	}
	docs := make([]doc, len(examples))
	for i, e := range examples {
		docs[i] = parse(e.Title, e.Text)
	}
	unit := units(examples)
	m := &Model{labels: labels, examples: len(examples), sure: o.Sure}
	if m.words, err = learn(ctx, docs, unit, o.Longest, o.Shared); err != nil {
		return nil, err
	}
	t := &trainer{x: make([]sparse, len(docs)), want: make([]int, len(docs)), labels: len(labels), features: len(m.words.grams), cost: o.Cost}
	for i, d := range docs {
		t.x[i] = m.words.read(d)
		t.want[i], _ = slices.BinarySearch(labels, examples[i].Label)
	}
	m.prepare()
	fold := foldsOf(unit)
	distances, err := t.run(ctx, m, fold)
	if err != nil {
		return nil, err
	}
	m.slope = t.slope(distances)
	return m, nil
}

// check gives the labels in ascending order, or says what keeps the examples from being learnt.
func check(examples []Example) ([]string, error) {
	counts := map[string]int{}
	for i, e := range examples {
		if e.Label == "" || len(e.Label) > maxName {
			return nil, errs.New(errs.Invalid, i18n.ClassifyNoLabel, i+1)
		}
		if e.Title == "" && e.Text == "" {
			return nil, errs.New(errs.Invalid, i18n.ClassifyNoText, i+1)
		}
		counts[e.Label]++
	}
	var labels []string
	for l := range counts {
		labels = append(labels, l)
	}
	slices.Sort(labels)
	if len(labels) < 2 {
		return nil, errs.New(errs.Invalid, i18n.ClassifyOneLabel)
	}
	if len(labels) > maxLabels {
		return nil, errs.New(errs.Invalid, i18n.ClassifyManyLabels, maxLabels)
	}
	for _, l := range labels {
		if counts[l] < Fewest {
			return nil, errs.New(errs.Invalid, i18n.ClassifyFew, l, counts[l], Fewest)
		}
	}
	return labels, nil
}

// units says which examples count as one: copies of one message, and messages of one sender. It gives for each the position of the
// first of its unit.
func units(examples []Example) []int {
	messages := make([]alike.Message, len(examples))
	for i, e := range examples {
		messages[i] = alike.Message{ID: int64(i), Title: e.Title, Text: e.Text}
	}
	unit := alike.Copies(messages)
	first := func(i int) int {
		for unit[i] != i {
			unit[i] = unit[unit[i]]
			i = unit[i]
		}
		return i
	}
	from := map[string]int{}
	for i, e := range examples {
		if e.From == "" {
			continue
		}
		if j, known := from[e.From]; known {
			a, b := first(i), first(j)
			unit[max(a, b)] = min(a, b)
		}
		from[e.From] = i
	}
	for i := range unit {
		unit[i] = first(i)
	}
	return unit
}

// foldsOf deals the units to the folds at random, always in the same way.
func foldsOf(unit []int) []int {
	r := rand.New(rand.NewPCG(3, 5))
	out := make([]int, len(unit))
	for i, u := range unit {
		if u == i {
			out[i] = r.IntN(folds)
		} else {
			out[i] = out[u]
		}
	}
	return out
}

// trainer holds the examples in numbers.
type trainer struct {
	x                []sparse
	want             []int // by message: its label
	labels, features int
	cost             float64
}

// run learns the weights of each label from all examples, and gives them to the model; and from all but one fold, and gives
// how far the messages of that fold lie on the side of each label, by message; nil for one that was not kept back.
func (t *trainer) run(ctx context.Context, m *Model, fold []int) ([][]float64, error) {
	distances := make([][]float64, len(t.x))
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	tried := 0
	for f := range folds + 1 {
		if f < folds && tried >= tryLeast {
			continue
		}
		var x []sparse
		var want []int
		for i := range t.x {
			if fold[i] != f {
				x, want = append(x, t.x[i]), append(want, t.want[i])
				continue
			}
			tried++
			distances[i] = make([]float64, t.labels)
		}
		for l := range t.labels {
			g.Go(func() error {
				yes := make([]bool, len(x))
				for i := range x {
					yes[i] = want[i] == l
				}
				w := separate(ctx, x, yes, t.features, t.cost, level)
				if f == folds {
					m.keep(l, w)
					return ctx.Err()
				}
				for i := range t.x {
					if fold[i] == f {
						distances[i][l] = dot(w, t.x[i])
					}
				}
				return ctx.Err()
			})
		}
	}
	return distances, g.Wait()
}

// slope finds the scale by which distances become probabilities: under it the labels of the messages kept back are likeliest. As if one
// more message of each label had come out wrong, so that a few examples that are easily parted do not make it certain.
func (t *trainer) slope(distances [][]float64) float64 {
	tried := 0
	for _, d := range distances {
		if d != nil {
			tried++
		}
	}
	doubt := 1 / float64(tried+t.labels) // for each label that a message does not have
	p := make([]float64, t.labels)
	loss := func(slope float64) float64 {
		sum := 0.0
		for i, d := range distances {
			if d == nil {
				continue // not kept back
			}
			probabilities(p, d, slope)
			for l := range p {
				share := doubt
				if l == t.want[i] {
					share = 1 - doubt*float64(t.labels-1)
				}
				sum -= share * math.Log(max(p[l], 1e-12))
			}
		}
		return sum
	}
	// The loss has one lowest point: close in on it.
	low, high := 0.1, 20.0
	for range 40 {
		a, b := low+(high-low)/3, high-(high-low)/3
		if loss(a) < loss(b) {
			high = b
		} else {
			low = a
		}
	}
	return (low + high) / 2
}

// probabilities turns distances into probabilities that are 1 together.
func probabilities(p, distances []float64, slope float64) {
	top := slices.Max(distances)
	sum := 0.0
	for i, d := range distances {
		p[i] = math.Exp(slope * (d - top))
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
}

// prepare makes room for the weights.
func (m *Model) prepare() {
	n := len(m.labels)
	m.bias, m.scale, m.weights = make([]float64, n), make([]float64, n), make([]int16, len(m.words.grams)*n)
}

// keep stores the weights of one label as whole numbers of two bytes: nobody can tell the difference, and the model is small.
func (m *Model) keep(label int, w []float64) {
	n := len(m.words.grams)
	m.bias[label] = w[n]
	top := 0.0
	for _, v := range w[:n] {
		top = max(top, math.Abs(v))
	}
	if top == 0 {
		return
	}
	m.scale[label] = top / math.MaxInt16
	for i, v := range w[:n] {
		m.weights[i*len(m.labels)+label] = int16(math.Round(v / m.scale[label]))
	}
}
