package figure

import (
	"context"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Item is one part of a breakdown.
type Item struct {
	Code  string
	Label i18n.Text
	Value Value
}

// Breakdown is a figure by the items of one of its breakdowns.
type Breakdown struct {
	Dim   Dim
	Items []Item
}

// Point is a figure in one period of its history.
type Point struct {
	Period Period
	Value  Value
}

// Line is a figure in the report.
type Line struct {
	Figure        *Figure
	Now           Value
	Last, YearAgo Value   // not Known where the period was not rolled up
	History       []Point // oldest first, only periods that were rolled up
	Breakdowns    []Breakdown
}

// Section is a chapter of the report.
type Section struct {
	Chapter Chapter
	Lines   []Line
}

// Report is the report of a place about a period.
type Report struct {
	Place    Place
	Period   Period
	Rolled   Rolled
	Sections []Section
	Outside  bool
}

// ReportOf gives the report of a place (0 for the largest in scope) about a period, from what was rolled up. A period that nobody asked for
// before is rolled up first.
func (s *Service) ReportOf(ctx context.Context, actor authz.Actor, place id.ID, p Period) (Report, error) {
	_, at, err := s.find(ctx, actor, place)
	if err != nil {
		return Report{}, err
	}
	out := Report{Place: at, Period: p}
	b, err := s.board(ctx, actor.Tenant, at, p, nil)
	if err != nil {
		return out, err
	}
	out.Rolled = b.rolled[p.String()]
	for _, c := range Chapters() {
		section := Section{Chapter: c}
		for _, f := range Catalogue() {
			if f.Chapter == c && !f.Helper && (!f.District || at.District()) {
				section.Lines = append(section.Lines, b.line(f))
			}
		}
		if len(section.Lines) > 0 {
			out.Sections = append(out.Sections, section)
		}
	}
	return out, nil
}

// LinesOf gives some figures of a place (0 for the largest in scope) about a period as the report shows them, in the order in which they are named.
func (s *Service) LinesOf(ctx context.Context, actor authz.Actor, place id.ID, p Period, names ...string) (Report, error) {
	_, at, err := s.find(ctx, actor, place)
	if err != nil {
		return Report{}, err
	}
	out := Report{Place: at, Period: p}
	var list []*Figure
	var read []string
	for _, name := range names {
		f, err := ByID(name)
		if err != nil {
			return out, err
		}
		list, read = append(list, f), append(read, f.Parts()...)
	}
	b, err := s.board(ctx, actor.Tenant, at, p, read)
	if err != nil {
		return out, err
	}
	out.Rolled = b.rolled[p.String()]
	section := Section{}
	for _, f := range list {
		section.Lines = append(section.Lines, b.line(f))
	}
	out.Sections = []Section{section}
	return out, nil
}

// Below gives the places directly below a place in scope (0 for the largest), by name.
func (s *Service) Below(ctx context.Context, actor authz.Actor, place id.ID) ([]Place, error) {
	t, at, err := s.find(ctx, actor, place)
	if err != nil {
		return nil, err
	}
	return t.below(at), nil
}

// board are the rolled-up values of one place, in the periods that a report needs.
type board struct {
	at     Place
	period Period
	past   []Period // oldest first, with period last
	rolled map[string]Rolled
	sums   map[boardKey]sum
	items  map[string]map[string]map[string]sum // by figure, dimension and item, in the period itself
	labels map[string]map[string][2]string
}

type boardKey struct{ period, figure string }

// history are the periods before and with p.
func history(p Period) []Period {
	var list []Period
	for n := kept - 1; n >= 0; n-- {
		list = append(list, p.Add(-n))
	}
	return list
}

// board reads the values of a place with few queries; figures narrows it to some.
func (s *Service) board(ctx context.Context, tenant int64, at Place, p Period, figures []string) (*board, error) {
	if err := p.check(today(s.db)); err != nil {
		return nil, err
	}
	if _, err := s.ensure(ctx, tenant, p); err != nil {
		return nil, err
	}
	b := &board{at: at, period: p, past: history(p), sums: map[boardKey]sum{}, items: map[string]map[string]map[string]sum{}, labels: map[string]map[string][2]string{}}
	var names []string
	for _, x := range b.past {
		names = append(names, x.String())
	}
	var err error
	if b.rolled, err = rolled(ctx, s.db, tenant, append(names, p.YearBefore().String())...); err != nil {
		return nil, err
	}
	for _, table := range labelled {
		if b.labels[table], err = labels(ctx, s.db, tenant, table); err != nil {
			return nil, err
		}
	}
	whole, err := values(ctx, s.db, tenant, figures, []id.ID{at.ID}, append(names, p.YearBefore().String()), false)
	if err != nil {
		return nil, err
	}
	for _, v := range whole {
		b.sums[boardKey{v.period, v.figure}] = v.sum
	}
	parts, err := values(ctx, s.db, tenant, figures, []id.ID{at.ID}, []string{p.String()}, true)
	if err != nil {
		return nil, err
	}
	for _, v := range parts {
		b.put(v)
	}
	return b, nil
}

func (b *board) put(v stored) {
	if v.dimension == "" {
		return
	}
	if b.items[v.figure] == nil {
		b.items[v.figure] = map[string]map[string]sum{}
	}
	if b.items[v.figure][v.dimension] == nil {
		b.items[v.figure][v.dimension] = map[string]sum{}
	}
	b.items[v.figure][v.dimension][v.item] = v.sum
}

// value is a figure in a period; not Known where the period was not rolled up.
func (b *board) value(f *Figure, p Period) Value {
	if _, there := b.rolled[p.String()]; !there || !f.Recorded() || (f.District && !b.at.District()) {
		return Value{}
	}
	if f.Ratio != nil {
		return f.Ratio.Divide(b.value(byID[f.Ratio.Of], p), b.value(byID[f.Ratio.By], p))
	}
	v := b.sums[boardKey{p.String(), f.ID}]
	return Value{Amount: v.amount, Records: v.records, Known: true}
}

func (b *board) line(f *Figure) Line {
	l := Line{Figure: f, Now: b.value(f, b.period), Last: b.value(f, b.period.Add(-1)), YearAgo: b.value(f, b.period.YearBefore())}
	for _, p := range b.past {
		if v := b.value(f, p); v.Known {
			l.History = append(l.History, Point{p, v})
		}
	}
	for _, d := range f.Dims {
		if d.Fine && b.at.level() != InCommunity {
			continue
		}
		if list := breakdown(d, b.items[f.ID][d.Key], b.labels); len(list.Items) > 0 {
			l.Breakdowns = append(l.Breakdowns, list)
		}
	}
	return l
}

// breakdown names the items of a dimension and puts them in the order of their codes: never by size.
func breakdown(d Dim, items map[string]sum, labels map[string]map[string][2]string) Breakdown {
	out := Breakdown{Dim: d}
	for code, v := range items {
		it := Item{Code: code, Label: d.text(code), Value: Value{Amount: v.amount, Records: v.records, Known: true}}
		if names, ok := labels[d.Table][code]; ok && d.Table != "" {
			it.Label = i18n.Both(names[0], names[1])
		}
		out.Items = append(out.Items, it)
	}
	slices.SortFunc(out.Items, func(a, b Item) int { return strings.Compare(a.Code, b.Code) })
	return out
}

// ForOutside is the report as it may leave the house: small counts of people are hidden, and what would give them away.
func (r Report) ForOutside() Report {
	r.Outside = true
	// What is hidden of one time depends on the other figures of that time.
	at := map[string]map[string]Value{}
	put := func(when string, f *Figure, v Value) {
		if v.Known && f.Ratio == nil {
			if at[when] == nil {
				at[when] = map[string]Value{}
			}
			at[when][f.ID] = v
		}
	}
	for _, s := range r.Sections {
		for _, l := range s.Lines {
			put(isNow, l.Figure, l.Now)
			put(isLast, l.Figure, l.Last)
			put(isYearAgo, l.Figure, l.YearAgo)
			for _, p := range l.History {
				put(p.Period.String(), l.Figure, p.Value)
			}
		}
	}
	for _, of := range at {
		hideTogether(of)
	}
	sections := make([]Section, len(r.Sections))
	for i, s := range r.Sections {
		sections[i] = Section{Chapter: s.Chapter}
		for _, l := range s.Lines {
			sections[i].Lines = append(sections[i].Lines, l.outside(at))
		}
	}
	r.Sections = sections
	return r
}

// The times of a line besides the periods of its history.
const (
	isNow     = "now"
	isLast    = "last"
	isYearAgo = "year"
)

// outside is a line as it leaves the house; at holds the figures of each time with what is hidden of them.
func (l Line) outside(at map[string]map[string]Value) Line {
	hide := func(when string, v Value) Value {
		if l.Figure.Ratio == nil {
			if h, there := at[when][l.Figure.ID]; there {
				return h
			}
			return l.Figure.outside(v)
		}
		of, by := byID[l.Figure.Ratio.Of], byID[l.Figure.Ratio.By]
		if v.Known && (at[when][of.ID].Hidden || at[when][by.ID].Hidden || of.outside(Value{Amount: v.Num, Known: true}).Hidden || by.outside(Value{Amount: v.Den, Known: true}).Hidden) {
			v.Hidden, v.Amount = true, 0
		}
		return v
	}
	out := Line{Figure: l.Figure, Now: hide(isNow, l.Now), Last: hide(isLast, l.Last), YearAgo: hide(isYearAgo, l.YearAgo)}
	for _, p := range l.History {
		out.History = append(out.History, Point{p.Period, hide(p.Period.String(), p.Value)})
	}
	for _, b := range l.Breakdowns {
		b.Items = slices.Clone(b.Items)
		if l.Figure.People {
			hideItems(b.Items)
		}
		out.Breakdowns = append(out.Breakdowns, b)
	}
	return out
}

// PlaceValue is a figure at one of the places below.
type PlaceValue struct {
	Place Place
	Value Value
}

// Detail is everything about one figure at a place in a period.
type Detail struct {
	Figure     *Figure
	Place      Place
	Period     Period
	Live       Value // from the records of today
	Line       Line  // as rolled up, with its comparison and history
	Rolled     Rolled
	Breakdowns []Breakdown  // from the records of today
	Places     []PlaceValue // directly below, by name, as rolled up
	Of, By     *Line        // of a ratio
	Settings   map[string]int64
}

// Agrees says whether the records of today add up to what was rolled up.
func (d Detail) Agrees() bool {
	return d.Live.Amount == d.Line.Now.Amount && d.Live.Records == d.Line.Now.Records
}

// Get gives a figure at a place (0 for the largest in scope) in a period.
func (s *Service) Get(ctx context.Context, actor authz.Actor, figure string, place id.ID, p Period) (Detail, error) {
	t, at, q, err := s.ask(ctx, actor, figure, place, p)
	d := Detail{Figure: q.Figure, Place: at, Period: p, Settings: q.set}
	if err != nil {
		return d, err
	}
	b, err := s.board(ctx, actor.Tenant, at, p, q.Figure.Parts())
	if err != nil {
		return d, err
	}
	d.Rolled, d.Line = b.rolled[p.String()], b.line(q.Figure)
	if r := q.Ratio; r != nil {
		of, by := b.line(byID[r.Of]), b.line(byID[r.By])
		d.Of, d.By = &of, &by
	}
	if d.Live, err = s.liveValue(ctx, t, at, q, &d, b.labels); err != nil {
		return d, err
	}
	d.Places, err = s.below(ctx, actor, t, at, q.Figure, p)
	return d, err
}

// Parts are the figures that are read for one: itself, and for a ratio both of its parts.
func (f *Figure) Parts() []string {
	if f.Ratio == nil {
		return []string{f.ID}
	}
	return []string{f.Ratio.Of, f.Ratio.By}
}

// liveValue works a figure out from the records of today.
func (s *Service) liveValue(ctx context.Context, t *tree, at Place, q question, d *Detail, labels map[string]map[string][2]string) (Value, error) {
	switch {
	case !q.Recorded(), q.District && !at.District():
		return Value{}, nil
	case q.Ratio != nil:
		of, by := q, q
		of.Figure, by.Figure = byID[q.Ratio.Of], byID[q.Ratio.By]
		a, err := s.liveValue(ctx, t, at, of, nil, nil)
		if err != nil {
			return Value{}, err
		}
		b, err := s.liveValue(ctx, t, at, by, nil, nil)
		return q.Ratio.Divide(a, b), err
	}
	whole, items, err := q.live(s.db.ForReport(ctx), s.db, t, at)
	if d != nil {
		for _, dim := range q.Dims {
			if dim.Fine && at.level() != InCommunity {
				continue
			}
			m := map[string]sum{}
			for k, v := range items {
				if k.dimension == dim.Key {
					m[k.item] = v
				}
			}
			if list := breakdown(dim, m, labels); len(list.Items) > 0 {
				d.Breakdowns = append(d.Breakdowns, list)
			}
		}
	}
	return Value{Amount: whole.amount, Records: whole.records, Known: true}, err
}

// below gives the figure at the places directly below one.
func (s *Service) below(ctx context.Context, actor authz.Actor, t *tree, at Place, f *Figure, p Period) ([]PlaceValue, error) {
	list := t.below(at)
	if len(list) == 0 || !f.Recorded() || f.District {
		return nil, nil
	}
	cells, err := s.cellsOf(ctx, actor.Tenant, []*Figure{f}, list, []Period{p})
	if err != nil {
		return nil, err
	}
	out := make([]PlaceValue, len(list))
	for i, c := range cells {
		out[i] = PlaceValue{c.Place, c.Value}
	}
	return out, nil
}
