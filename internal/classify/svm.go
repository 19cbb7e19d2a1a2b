package classify

import (
	"context"
	"math"
	"math/rand/v2"
)

// separate finds the plane that parts the messages of one label from all others: a support vector machine with squared hinge loss, by
// descent along the coordinates of the dual problem, with shrinking (Hsieh and others 2008, as in LIBLINEAR). yes says which messages
// are of the label; enough is the slope that is taken for level. The last weight is that of a feature that every message has. The same
// input gives the same weights; it stops early, with weights of no use, when the context ends.
func separate(ctx context.Context, x []sparse, yes []bool, features int, cost, enough float64) []float64 {
	const rounds = 1000 // a few tens are usual
	w := make([]float64, features+1)
	alpha := make([]float64, len(x))
	diagonal := 0.5 / cost
	q := make([]float64, len(x))
	active := make([]int, len(x))
	for i, d := range x {
		active[i] = i
		q[i] = 1 + diagonal
		for _, v := range d.value {
			q[i] += v * v
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	bound := math.Inf(1) // a message outside whose slope is above it is left out until the rest are settled
	for range rounds {
		if ctx.Err() != nil {
			break
		}
		r.Shuffle(len(active), func(i, j int) { active[i], active[j] = active[j], active[i] })
		most, least := math.Inf(-1), math.Inf(1)
		kept := active[:0]
		for _, i := range active {
			y := -1.0
			if yes[i] {
				y = 1
			}
			d := x[i]
			g := y*dot(w, d) - 1 + diagonal*alpha[i]
			slope := g
			if alpha[i] == 0 {
				if g > bound {
					continue
				}
				slope = min(g, 0)
			}
			kept = append(kept, i)
			most, least = max(most, slope), min(least, slope)
			if math.Abs(slope) < 1e-12 {
				continue
			}
			old := alpha[i]
			alpha[i] = max(old-g/q[i], 0)
			step := (alpha[i] - old) * y
			w[features] += step
			for k, id := range d.id {
				w[id] += step * d.value[k]
			}
		}
		active = kept
		if most-least <= enough && most <= enough && least >= -enough {
			if len(active) == len(x) {
				break
			}
			active = active[:len(x)]
			for i := range active {
				active[i] = i
			}
			bound = math.Inf(1)
			continue
		}
		if bound = most; bound <= 0 {
			bound = math.Inf(1)
		}
	}
	return w
}

// dot is how far a message lies on the side of the label whose weights are w.
func dot(w []float64, x sparse) float64 {
	sum := w[len(w)-1]
	for k, id := range x.id {
		sum += w[id] * x.value[k]
	}
	return sum
}
