package partial

import "linli/internal/i18n"

// Tone is what a state means for the reader. Each tone has a shape beside its colour, so that it
// is told without colours too.
type Tone string

// The tones, with their shapes.
const (
	Draft   Tone = "draft"   // ring: not begun, nothing expected yet
	Waiting Tone = "info"    // half disc: somebody has to act
	Active  Tone = "good"    // disc: in force, going on
	Closed  Tone = "done"    // tick: done as it should be
	Warned  Tone = "warn"    // triangle: needs attention soon
	Refused Tone = "bad"     // cross: refused, overdue, failed
	Ended   Tone = "ended"   // bar: over, kept for the record
	Neutral Tone = "neutral" // square: a kind, not a state
)

// State is a state with its word; its zero value shows nothing.
type State struct {
	Text i18n.Text
	Tone Tone
}

func (s State) class() string {
	switch s.Tone {
	case Waiting, Active, Warned, Refused, Ended:
		return "state state-" + string(s.Tone)
	case Closed:
		return "state state-good"
	}
	return "state"
}

// shapes are drawn in a square of ten.
var shapes = map[Tone]string{
	Draft:   `<circle cx="5" cy="5" r="3.75" fill="none" stroke="currentColor" stroke-width="1.5"/>`,
	Waiting: `<circle cx="5" cy="5" r="3.75" fill="none" stroke="currentColor" stroke-width="1.5"/><path d="M5 1.25a3.75 3.75 0 0 1 0 7.5z" fill="currentColor"/>`,
	Active:  `<circle cx="5" cy="5" r="4.25" fill="currentColor"/>`,
	Closed:  `<path d="M1.5 5.4 4 7.8l4.6-5.4" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"/>`,
	Warned:  `<path d="M5 1 9.6 9H.4z" fill="currentColor"/>`,
	Refused: `<path d="M2 2l6 6M8 2 2 8" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>`,
	Ended:   `<path d="M2 5h6" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round"/>`,
	Neutral: `<rect x="2" y="2" width="6" height="6" rx="1" fill="currentColor"/>`,
}

func (s State) shape() string {
	if d, ok := shapes[s.Tone]; ok {
		return d
	}
	return shapes[Neutral]
}
