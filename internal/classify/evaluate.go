package classify

import "slices"

// Report says how well a model does on messages whose labels are known.
type Report struct {
	Messages  int
	MacroF1   float64       // the mean of F1 over the labels, each as weighty as the others
	Accuracy  float64       // the share of messages whose likeliest label is the right one
	Proposed  int           // messages for which something is proposed
	Right     int           // of these, those where the first proposal is right
	Labels    []LabelReport // in ascending order
	Confusion [][]int       // by label that a message has, then by label that it was given: messages
}

// LabelReport says how well a model does on one label.
type LabelReport struct {
	Label     string
	Messages  int     // that have it
	Precision float64 // of the messages given it, the share that has it; 0 if none was given it
	Recall    float64 // of those that have it, the share given it; 0 if none has it
	F1        float64 // the harmonic mean of both
}

// Evaluate compares what the model says with the labels of examples. A label that the model does not know counts: it is never given.
func (m *Model) Evaluate(examples []Example) Report {
	names := slices.Clone(m.labels)
	for _, e := range examples {
		names = append(names, e.Label)
	}
	slices.Sort(names)
	names = slices.Compact(names)
	r := Report{Messages: len(examples), Confusion: make([][]int, len(names))}
	for i := range names {
		r.Confusion[i] = make([]int, len(names))
	}
	right := 0
	for _, e := range examples {
		got := m.Best(e.Title, e.Text)
		a, _ := slices.BinarySearch(names, e.Label)
		b, _ := slices.BinarySearch(names, got)
		r.Confusion[a][b]++
		if a == b {
			right++
		}
		if len(m.Propose(e.Title, e.Text)) > 0 {
			r.Proposed++
			if a == b {
				r.Right++
			}
		}
	}
	met := 0
	for i, name := range names {
		l := LabelReport{Label: name}
		given := 0
		for j := range names {
			l.Messages += r.Confusion[i][j]
			given += r.Confusion[j][i]
		}
		hit := r.Confusion[i][i]
		l.Precision, l.Recall, l.F1 = ratio(hit, given), ratio(hit, l.Messages), ratio(2*hit, given+l.Messages)
		r.Labels = append(r.Labels, l)
		if given+l.Messages > 0 {
			met++
			r.MacroF1 += l.F1
		}
	}
	if met > 0 {
		r.MacroF1 /= float64(met)
	}
	r.Accuracy = ratio(right, len(examples))
	return r
}

func ratio(a, b int) float64 {
	if b == 0 {
		return 0
	}
	return float64(a) / float64(b)
}
