// Package casepicture draws cases as pictures: a map, the flow, times and satisfaction. Every shape opens to the cases behind it.
package casepicture

import (
	"context"
	"net/url"

	"github.com/a-h/templ"

	"linli/internal/casework"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
	view "linli/internal/web/view/casework"
	"linli/internal/web/view/chart"
	"linli/internal/web/view/field"
	figureview "linli/internal/web/view/figure"
	"linli/internal/web/view/partial"
)

// Path is the address of the pictures, MapPath of what the map reads.
const (
	Path    = view.Path + "/pictures"
	MapPath = view.Path + "/map"
)

// Pictures is all that the page shows.
type Pictures struct {
	Flow     []casework.Flow
	Grids    []casework.GridCases
	Below    id.ID // the place that is shown; 0 for all that the reader sees
	Figures  bool  // the reader sees figures
	Report   figure.Report
	Parts    []figure.Cell // of the places below
	Places   []field.Option
	Periods  []field.Option
	Language i18n.Lang
}

// MapHref is where the map reads what it draws.
func (p Pictures) MapHref() string {
	if p.Below == 0 {
		return MapPath
	}
	return MapPath + "?place=" + p.Below.String()
}

// cases is the address of a list of cases of the place.
func (p Pictures) cases(pairs ...string) string {
	q := url.Values{}
	if p.Below != 0 {
		q.Set("in", p.Below.String())
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	return view.Path + "?" + q.Encode()
}

// now are the numbers of today.
func (p Pictures) now() []partial.Stat {
	var open, late, done int64
	for _, f := range p.Flow {
		if f.State.Open() {
			open += f.Cases
		} else {
			done += f.Cases
		}
		late += f.Overdue
	}
	tone := partial.Neutral
	if late > 0 {
		tone = partial.Refused
	}
	return []partial.Stat{
		{Label: i18n.CaseStatOpen, Value: i18n.Number(open), Href: p.cases("show", casework.ShowOpen)},
		{Label: i18n.CaseStatLate, Value: i18n.Number(late), Href: p.cases("show", casework.ShowOverdue, "order", view.ByDue), Tone: tone},
		{Label: i18n.CaseDone, Value: i18n.Number(done), Href: p.cases("state", string(casework.Done))},
	}
}

// byState says where the cases stand.
func (p Pictures) byState(ctx context.Context) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, i18n.CaseByStateNow), Unit: i18n.FigureUnitCase}
	for _, s := range casework.States() {
		var n int64
		for _, f := range p.Flow {
			if f.State == s {
				n += f.Cases
			}
		}
		if s != casework.Closed && s != casework.Merged {
			c.Items = append(c.Items, chart.Item{Label: i18n.T(ctx, s.Text()), Value: n, Href: p.cases("state", string(s))})
		}
	}
	return c
}

// byKind says what is open.
func (p Pictures) byKind(ctx context.Context) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, i18n.CaseByKindNow), Unit: i18n.FigureUnitCase}
	for _, f := range p.Flow {
		if !f.State.Open() {
			continue
		}
		href := p.cases("show", casework.ShowOpen, "kind", f.KindCode)
		if n := len(c.Items); n > 0 && c.Items[n-1].Href == href {
			c.Items[n-1].Value += f.Cases
			continue
		}
		c.Items = append(c.Items, chart.Item{Label: i18n.T(ctx, f.Kind), Value: f.Cases, Href: href})
	}
	return c
}

var gridColumns = []partial.Column{{Key: "grid", Title: i18n.CaseMapGrid, Main: true}, {Key: "open", Title: i18n.CaseStatOpen, Num: true, Tight: true}, {Key: "late", Title: i18n.CaseStatLate, Num: true, Tight: true}}

// rows are the grids that have open cases: what the map says, as a table.
func (p Pictures) rows(ctx context.Context) []partial.Row {
	var out []partial.Row
	for _, s := range p.Grids {
		if s.Open == 0 {
			continue
		}
		name := GridName(ctx, s)
		href := GridHref(s)
		out = append(out, partial.Row{ID: s.CommunityID.String() + "-" + s.GridID.String(), Name: s.Community + " " + name, Href: href,
			Cells: []templ.Component{partial.Two(name, s.Community), partial.Text(i18n.Number(s.Open)), partial.Text(i18n.Number(s.Overdue))}})
	}
	return out
}

// GridName is what a grid is called on the map.
func GridName(ctx context.Context, s casework.GridCases) string {
	if s.GridID == 0 {
		return i18n.T(ctx, i18n.CaseMapGridUnknown)
	}
	return s.Grid
}

// GridHref is the list of a grid's open cases.
func GridHref(s casework.GridCases) string {
	q := url.Values{"show": {casework.ShowOpen}, "in": {s.CommunityID.String()}}
	if s.GridID != 0 {
		q.Set("grid", s.GridID.String())
	}
	return view.Path + "?" + q.Encode()
}

// outlined says whether there is something to draw.
func (p Pictures) outlined() bool {
	for _, s := range p.Grids {
		if s.Outline != "" {
			return true
		}
	}
	return false
}

// The figures of the page. Names lists what is read of the place itself, Parted what is read of the places below it.
var (
	shown  = []string{"case.received", "case.taken_share", "case.mean_hours", "case.in_time_share", "case.solved_share", "case.satisfied_share"}
	Names  = append(shown[:len(shown):len(shown)], "case.finished", "case.hours", "case.rated", "case.satisfied")
	Parted = []string{"case.mean_hours", "case.satisfied_share"}
)

func (p Pictures) line(name string) figure.Line {
	for _, s := range p.Report.Sections {
		for _, l := range s.Lines {
			if l.Figure.ID == name {
				return l
			}
		}
	}
	return figure.Line{}
}

// period are the numbers of the period.
func (p Pictures) period(ctx context.Context) []partial.Stat {
	var out []partial.Stat
	for _, name := range shown {
		l := p.line(name)
		if l.Figure == nil {
			continue
		}
		note := ""
		if l.Last.Known {
			note = i18n.T(ctx, i18n.FigureLast) + " " + figureview.WithUnit(p.Language, l.Figure, l.Last)
		}
		out = append(out, partial.Stat{Label: l.Figure.Name(), Value: figureview.WithUnit(p.Language, l.Figure, l.Now), Href: figureview.Href(l.Figure, p.Report.Place, p.Report.Period), Note: note})
	}
	return out
}

// kindMean divides one figure by another, kind by kind.
func (p Pictures) kindMean(ctx context.Context, title, unit i18n.Text, ratio string) chart.Chart {
	r := p.line(ratio).Figure
	c := chart.Chart{Title: i18n.T(ctx, title), Unit: unit}
	if r == nil {
		return c
	}
	above := map[string]int64{}
	for _, it := range kinds(p.line(r.Ratio.Of)) {
		above[it.Code] = it.Value.Amount
	}
	of := p.line(r.Ratio.Of).Figure
	for _, it := range kinds(p.line(r.Ratio.By)) {
		if it.Value.Amount == 0 {
			continue
		}
		v := figure.Value{Amount: (2*above[it.Code]*r.Ratio.Scale + it.Value.Amount) / (2 * it.Value.Amount), Known: true}
		c.Items = append(c.Items, chart.Item{Label: i18n.T(ctx, it.Label), Value: v.Amount, Shown: figureview.WithUnit(p.Language, r, v),
			Href: figureview.Href(of, p.Report.Place, p.Report.Period) + "&" + url.Values{"dim": {"case"}, "item": {it.Code}}.Encode()})
	}
	return whole(c, r)
}

// kinds are the items of a figure by kind.
func kinds(l figure.Line) []figure.Item {
	for _, b := range l.Breakdowns {
		if b.Dim.Key == "case" {
			return b.Items
		}
	}
	return nil
}

// placeMean shows a figure of the places below.
func (p Pictures) placeMean(ctx context.Context, title, unit i18n.Text, ratio string) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, title), Unit: unit}
	for _, x := range p.Parts {
		if x.Figure.ID == ratio {
			shown := "–"
			if x.Value.Known {
				shown = figureview.WithUnit(p.Language, x.Figure, x.Value)
			}
			c.Items = append(c.Items, chart.Item{Label: x.Place.Name, Value: max(x.Value.Amount, 0), Shown: shown, Href: Path + "?" + url.Values{"place": {x.Place.ID.String()}, "period": {p.Report.Period.String()}}.Encode()})
			c = whole(c, x.Figure)
		}
	}
	return c
}

// whole lets a full bar be 100 % where the figure is a share.
func whole(c chart.Chart, f *figure.Figure) chart.Chart {
	if f.Ratio.Scale == 1000 {
		c.Most = 1000
	}
	return c
}

// over shows a figure period by period.
func (p Pictures) over(ctx context.Context, title i18n.Text, name string) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, title), Unit: i18n.FigureUnitCase}
	l := p.line(name)
	for _, x := range l.History {
		c.Items = append(c.Items, chart.Item{Label: x.Period.String(), Value: x.Value.Amount, Href: figureview.Href(l.Figure, p.Report.Place, x.Period)})
	}
	return c
}

// parts shows a figure by the items of a breakdown.
func (p Pictures) parts(ctx context.Context, title i18n.Text, name, dim string) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, title), Unit: i18n.FigureUnitCase}
	l := p.line(name)
	for _, b := range l.Breakdowns {
		if b.Dim.Key != dim {
			continue
		}
		for _, it := range b.Items {
			c.Items = append(c.Items, chart.Item{Label: i18n.T(ctx, it.Label), Value: it.Value.Amount,
				Href: figureview.Href(l.Figure, p.Report.Place, p.Report.Period) + "&" + url.Values{"dim": {dim}, "item": {it.Code}}.Encode()})
		}
	}
	return c
}
