package classify_test

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/json"
	"math"
	"os"
	"testing"

	"linli/internal/classify"
	"linli/internal/testkit"
)

// messages reads the labelled messages of the public data; nil where they are not beside the checkout. They are never copied into the
// project.
func messages(t testing.TB) []classify.Example {
	t.Helper()
	name, there := testkit.Shared(t, "hotline/labelled.jsonl.gz")
	if !there {
		return nil
	}
	file, err := os.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	plain, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []classify.Example
	lines := bufio.NewScanner(plain)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var x struct{ Title, Text, Label, User string }
		if err := json.Unmarshal(lines.Bytes(), &x); err != nil {
			t.Fatal(err)
		}
		out = append(out, classify.Example{Title: x.Title, Text: x.Text, Label: x.Label, From: x.User})
	}
	if err := lines.Err(); err != nil || len(out) < 3000 {
		t.Fatalf("read %d messages: %v", len(out), err)
	}
	return out
}

// The figures of docs/words.md, with room for another seed's luck.
func TestRealMessagesAreLabelledWell(t *testing.T) {
	all := messages(t)
	if all == nil {
		return
	}
	cases := []struct {
		name  string
		split func([]classify.Example, int, uint64) (train, test []classify.Example)
		least float64
	}{
		{"a stratified fifth kept back", classify.Split, 0.86},
		{"a fifth that shares no copies and no senders", classify.SplitApart, 0.86},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			learn, keep := c.split(all, 5, 1)
			if n := len(keep) * 5; n < len(all)*95/100 || n > len(all)*105/100 || len(learn)+len(keep) != len(all) {
				t.Fatalf("kept %d of %d back and learn from %d", len(keep), len(all), len(learn))
			}
			m, err := classify.Train(t.Context(), learn, classify.Options{})
			if err != nil {
				t.Fatal(err)
			}
			r := m.Evaluate(keep)
			t.Logf("macro F1 %.4f, accuracy %.4f; proposed %d of %d, right %d", r.MacroF1, r.Accuracy, r.Proposed, r.Messages, r.Right)
			if r.MacroF1 < c.least {
				t.Errorf("macro F1 = %.4f, want at least %v", r.MacroF1, c.least)
			}
			// What is proposed is right more often than what is not.
			if r.Proposed >= r.Messages || float64(r.Right)/float64(r.Proposed) <= r.Accuracy {
				t.Errorf("proposed %d of %d, right %d; accuracy of all %.4f", r.Proposed, r.Messages, r.Right, r.Accuracy)
			}
			// A probability means what it says: on average as many are right as it promises.
			promised := 0.0
			for _, e := range keep {
				if p := m.Propose(e.Title, e.Text); len(p) > 0 {
					promised += p[0].Probability
				}
			}
			if right := float64(r.Right); math.Abs(promised-right) > 0.05*float64(r.Proposed) {
				t.Errorf("of %d proposals %.0f are promised to be right, and %.0f are", r.Proposed, promised, right)
			}
			t.Logf("promised %.0f", promised)
			var b bytes.Buffer
			if _, err := m.WriteTo(&b); err != nil || b.Len() > 8<<20 {
				t.Errorf("a model of %d bytes, %v; want at most 8 MB", b.Len(), err)
			}
			t.Logf("%d grams, %d bytes", m.Words(), b.Len())
		})
	}
}

func BenchmarkTrain(b *testing.B) {
	all := messages(b)
	if all == nil {
		b.Skip("no messages")
	}
	for b.Loop() {
		if _, err := classify.Train(b.Context(), all, classify.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkPropose(b *testing.B) {
	all := messages(b)
	if all == nil {
		b.Skip("no messages")
	}
	learn, keep := classify.Split(all, 5, 1)
	m, err := classify.Train(b.Context(), learn, classify.Options{})
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		m.Propose(keep[i%len(keep)].Title, keep[i%len(keep)].Text)
		i++
	}
}
