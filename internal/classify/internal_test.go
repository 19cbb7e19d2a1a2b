package classify

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// cost is what the plane w costs: half its length squared, and for each message too near or on the wrong side the square of how far.
func cost(x []sparse, yes []bool, w []float64, c float64) float64 {
	sum := 0.0
	for _, v := range w {
		sum += v * v / 2
	}
	for i := range x {
		y := -1.0
		if yes[i] {
			y = 1
		}
		far := max(0, 1-y*dot(w, x[i]))
		sum += c * far * far
	}
	return sum
}

// The plane is the best there is: walking downhill from it, or a step in any direction, saves next to nothing.
func TestSeparateFindsTheBestPlane(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		const features = 6
		n := rapid.IntRange(2, 30).Draw(t, "n")
		c := rapid.SampledFrom([]float64{0.1, 1, 3, 10}).Draw(t, "cost")
		x, yes := make([]sparse, n), make([]bool, n)
		for i := range x {
			for id := range features {
				if r.IntN(2) == 0 {
					x[i].id, x[i].value = append(x[i].id, int32(id)), append(x[i].value, r.Float64())
				}
			}
			yes[i] = r.IntN(2) == 0
		}
		w := separate(t.Context(), x, yes, features, c, 1e-4)
		got := cost(x, yes, w, c)
		best := got
		v := append([]float64(nil), w...)
		for range 3000 {
			g := append([]float64(nil), v...)
			for i := range x {
				y := -1.0
				if yes[i] {
					y = 1
				}
				far := max(0, 1-y*dot(v, x[i]))
				g[features] -= 2 * c * far * y
				for k, id := range x[i].id {
					g[id] -= 2 * c * far * y * x[i].value[k]
				}
			}
			for k := range v {
				v[k] -= g[k] / (1 + 2*c*float64(n)*(features+1))
			}
			best = min(best, cost(x, yes, v, c))
		}
		if got > best*1.01+1e-6 {
			t.Fatalf("the plane costs %v, one that costs %v is there", got, best)
		}
	})
}

func TestProbabilities(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.SliceOfN(rapid.Float64Range(-1e6, 1e6), 2, 9).Draw(t, "distances")
		p := make([]float64, len(d))
		probabilities(p, d, rapid.Float64Range(0.1, 20).Draw(t, "slope"))
		sum := 0.0
		for i := range p {
			sum += p[i]
			for j := range p {
				if d[i] > d[j] && p[i] < p[j] {
					t.Fatalf("%v gives %v", d, p)
				}
			}
		}
		if math.Abs(sum-1) > 1e-9 {
			t.Fatalf("%v together are %v", p, sum)
		}
	})
}

// A body that does not fit together is refused even if its sum is right: one who can write a sum must not bring the program down.
func TestReadRefusesWhatDoesNotFit(t *testing.T) {
	sealed := func(body []byte) []byte {
		b := append([]byte(magic), version)
		b = binary.LittleEndian.AppendUint64(b, uint64(len(body)))
		b = append(b, body...)
		sum := sha256.Sum256(b)
		return append(b, sum[:]...)
	}
	make := func(change func(m *Model)) []byte {
		m := &Model{words: &vocabulary{grams: []string{"a", "ab"}, have: []int32{5, 3}, docs: 20, longest: 3}, labels: []string{"x", "y"}, examples: 20,
			sure: 0.5, slope: 2, bias: []float64{0, 1}, scale: []float64{1, 1}, weights: []int16{1, 2, 3, 4}}
		change(m)
		return m.body()
	}
	if _, err := Read(bytes.NewReader(sealed(make(func(*Model) {})))); err != nil {
		t.Fatalf("the sound one is refused: %v", err)
	}
	cases := []struct {
		name   string
		change func(m *Model)
	}{
		{"grams out of order", func(m *Model) { m.words.grams = []string{"b", "a"} }},
		{"a gram twice", func(m *Model) { m.words.grams = []string{"a", "a"} }},
		{"a gram that is no text", func(m *Model) { m.words.grams[1] = "b\xff" }},
		{"a gram longer than the longest", func(m *Model) { m.words.grams[1] = "abcd" }},
		{"a gram that two messages have", func(m *Model) { m.words.have[1] = 2 }},
		{"a gram that more have than there are", func(m *Model) { m.words.have[1] = 21 }},
		{"labels out of order", func(m *Model) { m.labels = []string{"y", "x"} }},
		{"one label", func(m *Model) { m.labels = m.labels[:1] }},
		{"a label without a name", func(m *Model) { m.labels[0] = "" }},
		{"never sure", func(m *Model) { m.sure = 2 }},
		{"no slope", func(m *Model) { m.slope = 0 }},
		{"a slope without end", func(m *Model) { m.slope = math.Inf(1) }},
		{"a weight that is no number", func(m *Model) { m.bias[0] = math.NaN() }},
		{"too few weights", func(m *Model) { m.weights = m.weights[:3] }},
		{"too many weights", func(m *Model) { m.weights = append(m.weights, 1) }},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if _, err := Read(bytes.NewReader(sealed(make(c.change)))); err == nil {
				t.Error("it is taken")
			}
		})
	}
	if _, err := Read(bytes.NewReader(sealed(nil))); err == nil {
		t.Error("an empty body is taken")
	}
}

func FuzzBody(f *testing.F) {
	m := &Model{words: &vocabulary{grams: []string{"a", "ab"}, have: []int32{5, 3}, docs: 20, longest: 3}, labels: []string{"x", "y"}, examples: 20,
		sure: 0.5, slope: 2, bias: []float64{0, 1}, scale: []float64{1, 1}, weights: []int16{1, 2, 3, 4}}
	f.Add(m.body())
	f.Fuzz(func(t *testing.T, b []byte) {
		if m := (&reader{b: b}).model(); m != nil {
			for _, p := range m.Propose("", "abababa") {
				if math.IsNaN(p.Probability) || p.Probability < 0 || p.Probability > 1.000001 {
					t.Fatalf("%+v", p)
				}
			}
		}
	})
}
