package region

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
)

// District is a district whose figures of a period have come.
type District struct {
	Code    int64
	Name    string
	State   figure.State
	At      time.Time // rolled up there
	Arrived time.Time
}

// Total is a figure over all districts that share it.
type Total struct {
	figure.Value
	Of     int // districts that it is made of
	Hidden int // districts whose count is too small to leave them: not in the sum
}

// Line is a figure in the overview.
type Line struct {
	Figure        *figure.Figure
	Now           Total
	Last, YearAgo Total
	Districts     []figure.Value // in the order of the overview's districts; not Known where it has not come
}

// Section is a chapter of the overview.
type Section struct {
	Chapter figure.Chapter
	Lines   []Line
}

// Overview are the figures of all districts in a period.
type Overview struct {
	Period    figure.Period
	Districts []District
	Sections  []Section
}

// Part is the sum of an item of a breakdown over the districts.
type Part struct {
	Dim   figure.Dim
	Items []PartItem
}

// PartItem is one item of a breakdown.
type PartItem struct {
	Code string
	Total
}

// Point is the figure in one period of its history, with the number of districts that had come.
type Point struct {
	Period figure.Period
	Total  Total
}

// Detail is one figure over the districts.
type Detail struct {
	Line
	Period    figure.Period
	Districts []District
	Last      []figure.Value // of each district in the period before
	Parts     []Part
	History   []Point // oldest first
}

// read are the values of some periods, whole or by item.
type read struct {
	period, figure, dimension, item string
	district                        int64
	amount                          int64
	hidden                          bool
}

func (r *read) dest() []any {
	return []any{&r.period, &r.figure, &r.dimension, &r.item, &r.district, &r.amount, &r.hidden}
}

func (r read) value() figure.Value {
	return figure.Value{Amount: r.amount, Known: true, Hidden: r.hidden}
}

// board holds what has come of some periods.
type board struct {
	came   map[string]map[int64]District // by period and district
	values map[[2]string]map[int64]figure.Value
	items  []read
}

// reads brings what there is of some periods with two queries; figures narrows it, and with items the breakdowns of the first period come too.
func (s *Service) reads(ctx context.Context, tenant int64, figures []string, periods []string, items bool) (*board, error) {
	b := &board{came: map[string]map[int64]District{}, values: map[[2]string]map[int64]figure.Value{}}
	type row struct {
		period string
		District
	}
	a := &db.Args{}
	text := `SELECT p.period, p.district, p.district_name, p.state, p.computed_at, p.arrived_at FROM region_period p WHERE p.tenant_id = ` + a.Add(tenant) + ` AND ` + db.In(a, "p.period", periods)
	err := db.Each(ctx, s.db, func(r *row) []any {
		return []any{&r.period, &r.Code, &r.Name, &r.State, db.Instant(&r.At), db.Instant(&r.Arrived)}
	}, func(r row) error {
		if b.came[r.period] == nil {
			b.came[r.period] = map[int64]District{}
		}
		b.came[r.period][r.Code] = r.District
		return nil
	}, text, a.Values()...)
	if err != nil {
		return nil, err
	}
	a = &db.Args{}
	text = `SELECT v.period, v.figure, v.dimension, v.item, v.district, v.amount, v.hidden FROM region_value v WHERE v.tenant_id = ` + a.Add(tenant) + ` AND `
	if items {
		text += `(v.dimension = '' OR v.period = ` + a.Add(periods[0]) + `)`
	} else {
		text += `v.dimension = ''`
	}
	text += ` AND ` + db.In(a, "v.period", periods)
	if len(figures) > 0 {
		text += ` AND ` + db.In(a, "v.figure", figures)
	}
	return b, db.Each(ctx, s.db, (*read).dest, func(r read) error {
		if r.dimension != "" {
			b.items = append(b.items, r)
			return nil
		}
		k := [2]string{r.period, r.figure}
		if b.values[k] == nil {
			b.values[k] = map[int64]figure.Value{}
		}
		b.values[k][r.district] = r.value()
		return nil
	}, text, a.Values()...)
}

// districts are those that have come in a period, in the order of their codes.
func (b *board) districts(period string) []District {
	var list []District
	for _, d := range b.came[period] {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b District) int { return int(a.Code - b.Code) })
	return list
}

// value is a figure of one district; a figure that came to nothing has no row.
func (b *board) value(f *figure.Figure, period string, district int64) figure.Value {
	if f.Ratio != nil {
		of, by := figureOf(f.Ratio.Of), figureOf(f.Ratio.By)
		return f.Ratio.Divide(b.value(of, period, district), b.value(by, period, district))
	}
	if _, here := b.came[period][district]; !here || !f.Recorded() {
		return figure.Value{}
	}
	if v, ok := b.values[[2]string{period, f.ID}][district]; ok {
		return v
	}
	return figure.Value{Known: true}
}

// total is a figure over the districts of a period. A share is made of the districts both of whose parts have come.
func (b *board) total(f *figure.Figure, period string) Total {
	var t, by Total
	for d := range b.came[period] {
		if f.Ratio == nil {
			t.add(b.value(f, period, d))
			continue
		}
		over, under := b.value(figureOf(f.Ratio.Of), period, d), b.value(figureOf(f.Ratio.By), period, d)
		if over.Hidden || under.Hidden {
			t.Hidden++
		} else {
			t.add(over)
			by.add(under)
		}
	}
	if f.Ratio != nil {
		t.Value = f.Ratio.Divide(t.Value, by.Value)
	}
	return t
}

func (t *Total) add(v figure.Value) {
	switch {
	case v.Hidden:
		t.Hidden++
	case v.Known:
		t.Of++
		t.Amount, t.Known = t.Amount+v.Amount, true
	}
}

// figureOf is a figure that the catalogue names itself.
func figureOf(name string) *figure.Figure {
	f, err := figure.ByID(name)
	if err != nil {
		panic(err) // a ratio names its parts
	}
	return f
}

// may is PermSee in the whole of a city or province.
func may(actor authz.Actor) error {
	if !IsAbove(actor.Tenant) {
		return errs.ErrNotFound
	}
	return whole(actor, figure.PermSee)
}

// Overview gives the figures of all districts that share them (figure.PermSee in the whole tenant). NotFound at a district.
func (s *Service) Overview(ctx context.Context, actor authz.Actor, p figure.Period) (Overview, error) {
	if err := may(actor); err != nil {
		return Overview{}, err
	}
	now, last, year := p.String(), p.Add(-1).String(), p.YearBefore().String()
	b, err := s.reads(ctx, actor.Tenant, nil, []string{now, last, year}, false)
	if err != nil {
		return Overview{}, err
	}
	out := Overview{Period: p, Districts: b.districts(now)}
	for _, c := range figure.Chapters() {
		section := Section{Chapter: c}
		for _, f := range figure.Catalogue() {
			if f.Chapter != c || !f.InReport() {
				continue
			}
			l := Line{Figure: f, Now: b.total(f, now), Last: b.total(f, last), YearAgo: b.total(f, year)}
			for _, d := range out.Districts {
				l.Districts = append(l.Districts, b.value(f, now, d.Code))
			}
			section.Lines = append(section.Lines, l)
		}
		if len(section.Lines) > 0 {
			out.Sections = append(out.Sections, section)
		}
	}
	return out, nil
}

// kept is how many periods a history shows.
const kept = 8

// Of gives one figure over all districts that share it, with what it was and its breakdowns (figure.PermSee in the whole tenant).
func (s *Service) Of(ctx context.Context, actor authz.Actor, name string, p figure.Period) (Detail, error) {
	if err := may(actor); err != nil {
		return Detail{}, err
	}
	f, err := figure.ByID(name)
	if err != nil || !f.InReport() {
		return Detail{}, errs.ErrNotFound
	}
	periods := []string{p.String()}
	for n := 1; n < kept; n++ {
		periods = append(periods, p.Add(-n).String())
	}
	b, err := s.reads(ctx, actor.Tenant, f.Parts(), append(periods, p.YearBefore().String()), f.Ratio == nil)
	if err != nil {
		return Detail{}, err
	}
	now, last := p.String(), p.Add(-1).String()
	d := Detail{Period: p, Districts: b.districts(now), Line: Line{Figure: f, Now: b.total(f, now), Last: b.total(f, last), YearAgo: b.total(f, p.YearBefore().String())}}
	for _, x := range d.Districts {
		d.Line.Districts = append(d.Line.Districts, b.value(f, now, x.Code))
		d.Last = append(d.Last, b.value(f, last, x.Code))
	}
	for n := kept - 1; n >= 0; n-- {
		if q := p.Add(-n); len(b.came[q.String()]) > 0 {
			d.History = append(d.History, Point{q, b.total(f, q.String())})
		}
	}
	if f.Ratio == nil {
		d.Parts = b.parts(f)
	}
	return d, nil
}

// parts are the sums of the breakdowns, their items in the order of their codes.
func (b *board) parts(f *figure.Figure) []Part {
	var list []Part
	for _, dim := range f.Dims {
		sums := map[string]*Total{}
		for _, r := range b.items {
			if r.dimension != dim.Key {
				continue
			}
			if sums[r.item] == nil {
				sums[r.item] = &Total{}
			}
			sums[r.item].add(r.value())
		}
		p := Part{Dim: dim}
		for code, t := range sums {
			p.Items = append(p.Items, PartItem{code, *t})
		}
		slices.SortFunc(p.Items, func(a, b PartItem) int { return strings.Compare(a.Code, b.Code) })
		if len(p.Items) > 0 {
			list = append(list, p)
		}
	}
	return list
}

// Note says what a sum leaves out; zero if nothing.
func (t Total) Note() errs.Message {
	if t.Hidden == 0 {
		return errs.Message{}
	}
	return errs.Message{Text: i18n.RegionHidden, Args: []any{t.Hidden}}
}
