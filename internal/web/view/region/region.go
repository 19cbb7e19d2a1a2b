package region

import (
	"context"
	"io"
	"strconv"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/region"
	"linli/internal/tabular"
	"linli/internal/web/view/chart"
	figureview "linli/internal/web/view/figure"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

func under(ctx context.Context, p figure.Period, districts int) string {
	return p.Label().In(i18n.From(ctx)) + " · " + i18n.T(ctx, i18n.RegionCame, districts)
}

// Href is the page of a figure over the districts.
func Href(f *figure.Figure, p figure.Period) string {
	return "/region/" + f.ID + "?period=" + p.String()
}

func note(l i18n.Lang, t region.Total) string {
	if m := t.Note(); !m.Text.IsZero() {
		return m.In(l)
	}
	return ""
}

var overviewColumns = []partial.Column{
	{Key: "name", Title: i18n.FigureName, Main: true},
	{Key: "now", Title: i18n.RegionAll, Num: true},
	{Key: "last", Title: i18n.FigureLast, Num: true},
	{Key: "year", Title: i18n.FigureYearAgo, Num: true},
	{Key: "when", Title: i18n.FigureWhen, Minor: true},
}

func overviewRows(ctx context.Context, o region.Overview, lines []region.Line) []partial.Row {
	l := i18n.From(ctx)
	rows := make([]partial.Row, len(lines))
	for i, x := range lines {
		name := x.Figure.Name().In(l)
		rows[i] = partial.Row{ID: x.Figure.ID, Name: name, Href: Href(x.Figure, o.Period), Cells: []templ.Component{partial.Text(name),
			value(figureview.WithUnit(l, x.Figure, x.Now.Value), note(l, x.Now)), partial.Text(before(l, x.Figure, x.Last)), partial.Text(before(l, x.Figure, x.YearAgo)), partial.Label(x.Figure.When.Text())}}
	}
	return rows
}

// before is a value to compare with; "" where nothing has come.
func before(l i18n.Lang, f *figure.Figure, t region.Total) string {
	if !t.Known {
		return ""
	}
	return figureview.WithUnit(l, f, t.Value)
}

func stats(ctx context.Context, d region.Detail) []partial.Stat {
	l := i18n.From(ctx)
	stat := func(label i18n.Text, t region.Total, p figure.Period) partial.Stat {
		s := partial.Stat{Label: label, Value: d.Figure.Show(t.Value), Note: p.Label().In(l)}
		if t.Known {
			s.Unit = d.Figure.Unit
		}
		if p != d.Period {
			s.Href = Href(d.Figure, p)
		}
		if n := note(l, t); n != "" {
			s.Note = n
		}
		return s
	}
	return []partial.Stat{stat(i18n.RegionAll, d.Now, d.Period), stat(i18n.FigureLast, d.Line.Last, d.Period.Add(-1)), stat(i18n.FigureYearAgo, d.YearAgo, d.Period.YearBefore())}
}

func facts(ctx context.Context, d region.Detail) []partial.Fact {
	made := i18n.RegionMadeSum
	switch {
	case d.Figure.Ratio != nil:
		made = i18n.RegionMadeRatio
	case d.Figure.Distinct:
		made = i18n.RegionMadeDistinct
	}
	return []partial.Fact{
		{Label: i18n.FigureDefinition, Value: partial.Label(d.Figure.Words().Definition), Wide: true},
		{Label: i18n.FigureMade, Value: partial.Label(made), Wide: true},
		{Label: i18n.FigureWhen, Value: partial.Label(d.Figure.When.Text())},
		{Label: i18n.FigureChapter, Value: partial.Label(d.Figure.Chapter.Text())},
	}
}

func districtChart(ctx context.Context, d region.Detail) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, i18n.RegionByDistrict), Unit: d.Figure.Unit}
	for i, x := range d.Districts {
		v := d.Line.Districts[i]
		c.Items = append(c.Items, chart.Item{Label: x.Name, Value: max(v.Amount, 0), Shown: d.Figure.Show(v)})
	}
	return c
}

var districtColumns = []partial.Column{
	{Key: "name", Title: i18n.RegionDistrict, Main: true},
	{Key: "now", Title: i18n.FigureValue, Num: true},
	{Key: "last", Title: i18n.FigureLast, Num: true},
	{Key: "state", Title: i18n.RegionState},
	{Key: "at", Title: i18n.RegionRolledAt, Minor: true},
}

func districtRows(ctx context.Context, d region.Detail) []partial.Row {
	l := i18n.From(ctx)
	rows := make([]partial.Row, len(d.Districts))
	for i, x := range d.Districts {
		state := i18n.FigureStateOpen
		switch x.State {
		case figure.Frozen:
			state = i18n.FigureStateFrozen
		case figure.Reopened:
			state = i18n.FigureStateReopened
		}
		last := ""
		if v := d.Last[i]; v.Known || v.Hidden {
			last = figureview.WithUnit(l, d.Figure, v)
		}
		rows[i] = partial.Row{ID: strconv.FormatInt(x.Code, 10), Name: x.Name, Cells: []templ.Component{partial.Text(x.Name), partial.Text(figureview.WithUnit(l, d.Figure, d.Line.Districts[i])),
			partial.Text(last), partial.Label(state), partial.Text(i18n.DateTime(x.At))}}
	}
	return rows
}

func historyChart(ctx context.Context, d region.Detail) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, i18n.FigureHistory), Unit: d.Figure.Unit}
	for _, p := range d.History {
		c.Items = append(c.Items, chart.Item{Label: p.Period.String(), Value: max(p.Total.Amount, 0), Shown: d.Figure.Show(p.Total.Value), Href: Href(d.Figure, p.Period)})
	}
	return c
}

func partChart(ctx context.Context, f *figure.Figure, p region.Part) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, i18n.FigureTrendOf, f.Name(), p.Dim.Name), Unit: f.Unit}
	for _, it := range p.Items {
		shown := f.Show(it.Value)
		if n := note(i18n.From(ctx), it.Total); n != "" {
			shown += " " + n
		}
		c.Items = append(c.Items, chart.Item{Label: i18n.T(ctx, p.Dim.Named(it.Code)), Value: max(it.Amount, 0), Shown: shown})
	}
	return c
}

func shareFacts(ctx context.Context, s region.Share) []partial.Fact {
	switch {
	case s.Holds():
		return []partial.Fact{partial.F(i18n.RegionState, i18n.T(ctx, i18n.RegionSince, s.Since))}
	case s.Since.IsZero():
		return []partial.Fact{partial.F(i18n.RegionState, i18n.T(ctx, i18n.RegionNotShared))}
	case s.Cleared:
		return []partial.Fact{partial.F(i18n.RegionState, i18n.T(ctx, i18n.RegionEnded, s.Ended))}
	}
	return []partial.Fact{partial.F(i18n.RegionState, i18n.T(ctx, i18n.RegionEnding, s.Ended))}
}

func shareAct(ctx context.Context, s region.Share) partial.Act {
	code := strconv.FormatInt(s.Above.Code, 10)
	a := partial.Act{Text: i18n.RegionShare, Href: "/report/above", Post: true, Look: partial.Primary, Icon: icon.Send, Values: []partial.Value{{Name: "above", Value: code}, {Name: "on", Value: "1"}},
		Confirm: &partial.Confirm{ID: "share-" + code, Question: i18n.T(ctx, i18n.RegionShareAsk, s.Above.Name)}}
	if s.Holds() {
		a = partial.Act{Text: i18n.RegionEnd, Href: "/report/above", Post: true, Look: partial.Danger, Icon: icon.Close, Values: []partial.Value{{Name: "above", Value: code}},
			Confirm: &partial.Confirm{ID: "share-" + code, Question: i18n.T(ctx, i18n.RegionEndAsk, s.Above.Name)}}
	}
	return a
}

// Excel writes the overview as a workbook: a sheet for each chapter, a column for each district.
func Excel(w io.Writer, l i18n.Lang, o region.Overview) error {
	title := func(t i18n.Text, number bool, width int) tabular.Column {
		return tabular.Column{Key: t.In(i18n.EN), Title: t, Number: number, Width: width}
	}
	cols := []tabular.Column{title(i18n.FigureName, false, 32), title(i18n.FigureUnit, false, 10), title(i18n.RegionAll, true, 14), title(i18n.RegionNotIn, false, 24), title(i18n.FigureLast, true, 14), title(i18n.FigureYearAgo, true, 14)}
	for _, d := range o.Districts {
		cols = append(cols, tabular.Column{Key: strconv.FormatInt(d.Code, 10), Title: i18n.Verbatim(d.Name), Number: true, Width: 14})
	}
	var sheets []tabular.Sheet
	for _, s := range o.Sections {
		sheets = append(sheets, tabular.Sheet{Name: s.Chapter.Text().In(l), Columns: cols, Records: func(yield func([]any, error) bool) {
			for _, x := range s.Lines {
				row := []any{x.Figure.Name(), x.Figure.Unit, figureview.Cell(x.Figure, x.Now.Value), note(l, x.Now), figureview.Cell(x.Figure, x.Last.Value), figureview.Cell(x.Figure, x.YearAgo.Value)}
				for _, v := range x.Districts {
					row = append(row, figureview.Cell(x.Figure, v))
				}
				if !yield(row, nil) {
					return
				}
			}
		}})
	}
	if len(o.Districts) == 0 {
		sheets = []tabular.Sheet{{Name: i18n.RegionTitle.In(l), Columns: []tabular.Column{title(i18n.RegionTitle, false, 60)}, Records: func(yield func([]any, error) bool) {
			yield([]any{i18n.RegionNone}, nil)
		}}}
	}
	return tabular.WriteBook(w, l, sheets)
}

// Name is what a file with the overview is called.
func Name(p figure.Period) errs.Message {
	return errs.Message{Text: i18n.RegionFile, Args: []any{p.Label()}}
}
