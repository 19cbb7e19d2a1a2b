package assess

import (
	"cmp"
	"math/big"
	"slices"

	"linli/internal/calendar"
	"linli/internal/id"
)

// Evidence is one value that counts: a finding, or what a figure is.
type Evidence struct {
	Indicator string        `json:"indicator"`
	Measure   string        `json:"measure"`
	Value     Decimal       `json:"value"` // yes is 1
	On        calendar.Date `json:"on"`
	Finding   id.ID         `json:"finding,omitempty"`
	Figure    string        `json:"figure,omitempty"`
}

// Line is what one measure of a rule came to.
type Line struct {
	Kind     Kind       `json:"kind"`
	Measure  string     `json:"measure"`
	Known    bool       `json:"known"`
	Value    Decimal    `json:"value"`
	Effect   Decimal    `json:"effect"` // to the score; on the last measure of a formula
	Evidence []Evidence `json:"evidence,omitempty"`
}

// Part is the score of one indicator.
type Part struct {
	Code    string   `json:"code"`
	Name    string   `json:"name"`
	Points  *Decimal `json:"points,omitempty"`
	Start   Decimal  `json:"start"`
	Score   Decimal  `json:"score"`
	Missing int      `json:"missing,omitempty"` // measures that are not known yet
	Lines   []Line   `json:"lines"`
}

// Result is a score with all that it comes from.
type Result struct {
	Base    Decimal `json:"base,omitempty"`
	Total   Decimal `json:"total"`
	Missing int     `json:"missing,omitempty"`
	Parts   []Part  `json:"parts"`
}

// Score applies a rubric to evidence, in whatever order it stands. Counts of one measure add up; of a measured value the latest holds. A count that nobody
// found is none; a value that nobody measured is missing and neither gives nor takes. Scores of indicators are rounded to hundredths, half up, and then add up.
func Score(r *Rubric, evidence []Evidence) Result {
	by := map[[2]string][]Evidence{}
	for _, e := range evidence {
		k := [2]string{e.Indicator, e.Measure}
		by[k] = append(by[k], e)
	}
	for _, list := range by {
		slices.SortFunc(list, func(a, b Evidence) int {
			return cmp.Or(a.On.Compare(b.On), cmp.Compare(a.Finding, b.Finding), cmp.Compare(a.Value, b.Value))
		})
	}
	out := Result{Base: r.Base}
	total := r.Base.rat()
	for _, i := range r.Indicators {
		p := i.score(by)
		out.Missing += p.Missing
		out.Parts = append(out.Parts, p)
		total.Add(total, p.Score.rat())
	}
	out.Total = clamp(nearest(total, hundredth), r.Floor, r.Ceiling)
	return out
}

func clamp(d Decimal, floor, ceiling *Decimal) Decimal {
	if ceiling != nil {
		d = min(d, *ceiling)
	}
	if floor != nil {
		d = max(d, *floor)
	}
	return d
}

func (i Indicator) score(by map[[2]string][]Evidence) Part {
	p := Part{Code: i.Code, Name: i.Name, Points: i.Points}
	if i.full() {
		p.Start = *i.Points
	}
	sum, none := p.Start.rat(), false
	for _, r := range i.Rules {
		lines, effect := r.lines(i, by)
		for _, l := range lines {
			if !l.Known {
				p.Missing++
			}
		}
		if r.Kind == ZeroIf && lines[0].Value > 0 {
			none = true
			effect = new(big.Rat).Neg(i.most())
		}
		lines[len(lines)-1].Effect = nearest(effect, hundredth)
		sum.Add(sum, effect)
		p.Lines = append(p.Lines, lines...)
	}
	floor, ceiling := i.bounds()
	p.Score = clamp(nearest(sum, hundredth), floor, ceiling)
	if none {
		p.Score = 0
	}
	return p
}

// most are all points of the indicator, for showing what zero_if takes.
func (i Indicator) most() *big.Rat {
	if i.Points == nil {
		return new(big.Rat)
	}
	return i.Points.rat()
}

// lines reads the measures of a rule and says what they add to the score.
func (r Rule) lines(i Indicator, by map[[2]string][]Evidence) ([]Line, *big.Rat) {
	var out []Line
	all := true
	for _, m := range r.Measures {
		l := Line{Kind: r.Kind, Measure: m.Name, Evidence: by[[2]string{i.Code, m.Name}]}
		l.Known = m.Takes != TakesValue || len(l.Evidence) > 0
		for _, e := range l.Evidence {
			switch m.Takes {
			case TakesCount:
				l.Value += e.Value
			case TakesYes:
				l.Value = max(l.Value, e.Value)
			default:
				l.Value = e.Value
			}
		}
		if m.Takes == TakesCount && m.Figure != "" || m.Takes == TakesYes && m.Figure != "" {
			l.Known = len(l.Evidence) > 0 // what a figure should say is not nothing because it is silent
		}
		all = all && l.Known
		out = append(out, l)
	}
	if !all {
		return out, new(big.Rat)
	}
	effect, ok := r.effect(i, out)
	if !ok {
		out[len(out)-1].Known = false
	}
	return out, effect
}

// effect is what a rule with known measures adds; false where it cannot be worked out.
func (r Rule) effect(i Indicator, lines []Line) (*big.Rat, bool) {
	v := lines[0].Value
	switch r.Kind {
	case DeductPer:
		return new(big.Rat).Neg(new(big.Rat).Mul(v.rat(), r.Points.rat())), true
	case AddPer:
		return new(big.Rat).Mul(v.rat(), r.Points.rat()), true
	case Proportional:
		share := new(big.Rat).Quo(clamp(v, new(Decimal), &r.Full).rat(), r.Full.rat())
		return share.Mul(share, i.Points.rat()), true
	case Bands:
		for _, b := range r.Bands {
			if !b.holds(v) {
				continue
			}
			if b.Score != nil {
				return b.Score.rat(), true
			}
			return new(big.Rat).Neg(b.Deduct.rat()), true
		}
		return new(big.Rat), false
	case Formula:
		names := map[string]*big.Rat{}
		for _, l := range lines {
			names[l.Measure] = l.Value.rat()
		}
		x, err := r.formula.value(names)
		if err != nil {
			return new(big.Rat), false
		}
		return x, true
	}
	return new(big.Rat), true
}
