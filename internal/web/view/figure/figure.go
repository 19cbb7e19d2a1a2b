package figure

import (
	"context"
	"net/url"
	"strings"

	"github.com/a-h/templ"

	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/web/view/chart"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// Shown is one figure's page.
type Shown struct {
	figure.Detail
	Query           url.Values
	Dim, Item       string
	Records         []figure.Record
	LeftOut         int64 // records of cases that the actor does not see
	Before, After   string
	Places, Periods []field.Option
	Href            func(figure.Record) string
}

// ReportHref is the report of a place about a period.
func ReportHref(place, period string) string {
	return "/report?" + url.Values{"place": {place}, "period": {period}}.Encode()
}

// Href is a figure's page.
func Href(f *figure.Figure, place figure.Place, p figure.Period) string {
	return "/figures/" + f.ID + "?" + url.Values{"place": {place.ID.String()}, "period": {p.String()}}.Encode()
}

func outHref(kind string, r figure.Report, outside bool) string {
	q := url.Values{"place": {r.Place.ID.String()}, "period": {r.Period.String()}}
	if outside {
		q.Set("outside", "1")
	}
	return "/report/" + kind + "?" + q.Encode()
}

// WithUnit is a value with its unit, as it stands in a sentence or a cell.
func WithUnit(l i18n.Lang, f *figure.Figure, v figure.Value) string {
	if !f.Recorded() {
		return i18n.FigureNotRecorded.In(l)
	}
	if v.Hidden && f.Ratio != nil {
		return i18n.FigureNotShown.In(l)
	}
	s := f.Show(v)
	if v.Known && f.Unit.In(l) != "" {
		if f.Ratio != nil && f.Ratio.Scale == 1000 {
			return s + "%"
		}
		return s + " " + f.Unit.In(l)
	}
	return s
}

// acts are what can be done with a report.
func acts(r figure.Report, keep bool) (list, more []partial.Act) {
	list = []partial.Act{
		{Text: i18n.FigurePrint, Href: outHref("print", r, false), Icon: icon.Print},
		{Text: i18n.FigureExportWord, Href: outHref("word", r, false), Icon: icon.Download},
		{Text: i18n.FigureExportExcel, Href: outHref("excel", r, false), Icon: icon.Download},
	}
	more = []partial.Act{
		{Text: i18n.FigureOutside, Href: outHref("print", r, true), Icon: icon.Print},
	}
	if !keep {
		return list, more
	}
	more = append(more, partial.Act{Text: i18n.RegionShareTitle, Href: "/report/above", Icon: icon.Send})
	period := []partial.Value{{Name: "period", Value: r.Period.String()}}
	if r.Rolled.State == figure.Frozen {
		return list, append(more, partial.Act{Text: i18n.FigureReopen, Href: "/report/reopen", Post: true, Icon: icon.Unlock, Look: partial.Danger, Values: period,
			Confirm: &partial.Confirm{ID: "reopen", Question: i18n.FigureReopenAsk.In(i18n.ZH, r.Period.Label()), Reason: i18n.FigureReopenReason, Form: "figure.reopen"}})
	}
	return list, append(more, partial.Act{Text: i18n.FigureRecompute, Href: "/report/recompute", Post: true, Icon: icon.Refresh, Values: period},
		partial.Act{Text: i18n.FigureFreeze, Href: "/report/freeze", Post: true, Icon: icon.Lock, Values: period,
			Confirm: &partial.Confirm{ID: "freeze", Question: i18n.FigureFreezeAsk.In(i18n.ZH, r.Period.Label())}})
}

// localised puts the questions of acts into the language of the page.
func localised(ctx context.Context, list []partial.Act, p figure.Period) []partial.Act {
	for i := range list {
		if c := list[i].Confirm; c != nil {
			ask := i18n.FigureFreezeAsk
			if c.ID == "reopen" {
				ask = i18n.FigureReopenAsk
			}
			list[i].Confirm = &partial.Confirm{ID: c.ID, Question: i18n.T(ctx, ask, p.Label()), Reason: c.Reason}
		}
	}
	return list
}

// state says how a period stands.
func state(r figure.Rolled) partial.State {
	switch r.State {
	case figure.Frozen:
		return partial.State{Text: i18n.FigureStateFrozen, Tone: partial.Closed}
	case figure.Reopened:
		return partial.State{Text: i18n.FigureStateReopened, Tone: partial.Warned}
	}
	return partial.State{Text: i18n.FigureStateOpen, Tone: partial.Active}
}

func under(ctx context.Context, r figure.Report) string {
	s := i18n.T(ctx, i18n.FigureRolledUp, r.Rolled.At)
	if r.Rolled.State == figure.Frozen {
		s = i18n.T(ctx, i18n.FigureFrozenAt, r.Rolled.ChangedAt)
	}
	return r.Place.Name + " · " + r.Period.Label().In(i18n.From(ctx)) + " · " + s
}

var reportColumns = []partial.Column{
	{Key: "name", Title: i18n.FigureName, Main: true},
	{Key: "now", Title: i18n.FigureValue, Num: true},
	{Key: "last", Title: i18n.FigureLast, Num: true},
	{Key: "year", Title: i18n.FigureYearAgo, Num: true},
	{Key: "when", Title: i18n.FigureWhen, Minor: true},
	{Key: "trend", Title: i18n.FigureTrend, Minor: true},
}

func reportRows(ctx context.Context, r figure.Report, lines []figure.Line) []partial.Row {
	l := i18n.From(ctx)
	var rows []partial.Row
	for _, x := range lines {
		f := x.Figure
		href := Href(f, r.Place, r.Period)
		name := f.Name().In(l)
		cells := []templ.Component{partial.Text(name)}
		if !f.Recorded() {
			cells = append(cells, pending(f), partial.Text(""), partial.Text(""), partial.Label(f.When.Text()), partial.Text(""))
		} else {
			cells = append(cells, figureValue(WithUnit(l, f, x.Now)), partial.Text(known(l, f, x.Last)), partial.Text(known(l, f, x.YearAgo)),
				partial.Label(f.When.Text()), Spark(name, f, x.History))
		}
		rows = append(rows, partial.Row{ID: f.ID, Name: name, Href: href, Cells: cells})
	}
	return rows
}

// known is a value to compare with; "" where there is none.
func known(l i18n.Lang, f *figure.Figure, v figure.Value) string {
	if !v.Known {
		return ""
	}
	return WithUnit(l, f, v)
}

// charted are the breakdowns that the report draws, by chapter.
var charted = map[figure.Chapter][][2]string{
	figure.Network:  {{"org.branches", "below"}},
	figure.Members:  {{"member.total", "kind"}, {"member.total", "age"}},
	figure.Contact:  {{"contact.made", "contact"}},
	figure.Claims:   {{"claim.in_force", "claimed"}},
	figure.Life:     {{"activity.held", "activity"}},
	figure.Hours:    {{"hours.total", "proof"}},
	figure.Feedback: {{"slip.made", "slip"}},
	figure.People:   {{"resident.total", "age"}, {"resident.categories", "category"}},
}

// charts are the drawings of a chapter that have something to show.
func charts(ctx context.Context, r figure.Report, s figure.Section) []chart.Chart {
	var list []chart.Chart
	for _, want := range charted[s.Chapter] {
		for _, l := range s.Lines {
			for _, b := range l.Breakdowns {
				if l.Figure.ID == want[0] && b.Dim.Key == want[1] {
					list = append(list, breakdownChart(ctx, l.Figure, b, func(item string) string { return itemHref(l.Figure, r.Place, r.Period, b.Dim.Key, item) }))
				}
			}
		}
	}
	return list
}

func itemHref(f *figure.Figure, place figure.Place, p figure.Period, dim, item string) string {
	return Href(f, place, p) + "&" + url.Values{"dim": {dim}, "item": {item}}.Encode()
}

func breakdownChart(ctx context.Context, f *figure.Figure, b figure.Breakdown, href func(item string) string) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, i18n.FigureTrendOf, f.Name(), b.Dim.Name), Unit: f.Unit}
	for _, it := range b.Items {
		c.Items = append(c.Items, chart.Item{Label: i18n.T(ctx, it.Label), Value: max(it.Value.Amount, 0), Shown: f.Show(it.Value), Href: href(it.Code)})
	}
	return c
}

// historyChart shows a figure period by period.
func historyChart(ctx context.Context, s Shown) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, i18n.FigureHistory), Unit: s.Figure.Unit}
	for _, p := range s.Line.History {
		c.Items = append(c.Items, chart.Item{Label: p.Period.String(), Value: max(p.Value.Amount, 0), Shown: s.Figure.Show(p.Value), Href: Href(s.Figure, s.Place, p.Period)})
	}
	return c
}

func placeChart(ctx context.Context, s Shown) chart.Chart {
	c := chart.Chart{Title: i18n.T(ctx, i18n.FigureByPlace), Unit: s.Figure.Unit}
	for _, p := range s.Detail.Places {
		c.Items = append(c.Items, chart.Item{Label: p.Place.Name, Value: max(p.Value.Amount, 0), Shown: s.Figure.Show(p.Value), Href: Href(s.Figure, p.Place, s.Period)})
	}
	return c
}

// ItemNames are the names of the items of a figure's breakdowns, by breakdown.
func ItemNames(d figure.Detail) map[string]map[string]i18n.Text {
	names := map[string]map[string]i18n.Text{}
	for _, b := range d.Breakdowns {
		names[b.Dim.Key] = map[string]i18n.Text{}
		for _, it := range b.Items {
			names[b.Dim.Key][it.Code] = it.Label
		}
	}
	return names
}

// ItemName is what an item of a breakdown is called, also of one that is not shown here.
func ItemName(names map[string]map[string]i18n.Text, d figure.Dim, item string) i18n.Text {
	if t, ok := names[d.Key][item]; ok {
		return t
	}
	return d.Named(item)
}

func (s Shown) itemName() i18n.Text { return ItemNames(s.Detail)[s.Dim][s.Item] }

func (s Shown) dimName() i18n.Text {
	for _, d := range s.Figure.Dims {
		if d.Key == s.Dim {
			return d.Name
		}
	}
	return i18n.Text{}
}

func (s Shown) path() string { return "/figures/" + s.Figure.ID }

func facts(ctx context.Context, s Shown) []partial.Fact {
	w := s.Figure.Words()
	list := []partial.Fact{
		{Label: i18n.FigureDefinition, Value: partial.Label(w.Definition), Wide: true},
		{Label: i18n.FigureMade, Value: made(s), Wide: true},
		{Label: i18n.FigureWhen, Value: partial.Label(s.Figure.When.Text())},
		{Label: i18n.FigureChapter, Value: partial.Label(s.Figure.Chapter.Text())},
	}
	if also := strings.Trim(i18n.T(ctx, w.Also), " "); also != "" {
		list = append(list, partial.F(i18n.FigureAlso, also))
	}
	return list
}

func stats(ctx context.Context, s Shown) []partial.Stat {
	l := i18n.From(ctx)
	unit := s.Figure.Unit
	stat := func(label i18n.Text, v figure.Value, p figure.Period) partial.Stat {
		st := partial.Stat{Label: label, Value: s.Figure.Show(v), Note: p.Label().In(l)}
		if v.Known {
			st.Unit, st.Href = unit, Href(s.Figure, s.Place, p)
		}
		return st
	}
	now := stat(i18n.FigureValue, s.Live, s.Period)
	now.Href = ""
	return []partial.Stat{now, stat(i18n.FigureLast, s.Line.Last, s.Period.Add(-1)), stat(i18n.FigureYearAgo, s.Line.YearAgo, s.Period.YearBefore())}
}

// proof says that the records add up, or why they do not.
func proof(ctx context.Context, s Shown) errs.Message {
	f := s.Figure
	switch {
	case s.Agrees():
		return errs.Message{Text: i18n.FigureProof, Args: []any{f.Show(s.Live), i18n.Number(s.Live.Records)}}
	case s.Rolled.State == figure.Frozen:
		return errs.Message{Text: i18n.FigureFrozenDiffers, Args: []any{s.Rolled.ChangedAt, f.Show(s.Line.Now), f.Show(s.Live)}}
	}
	return errs.Message{Text: i18n.FigureStale, Args: []any{s.Rolled.At, f.Show(s.Line.Now)}}
}

// empty says why no record is listed.
func (s Shown) empty() i18n.Text {
	if s.LeftOut > 0 {
		return i18n.FigureAllLeftOut
	}
	return i18n.FigureNoRecords
}

func recordColumns(f *figure.Figure) []partial.Column {
	cols := []partial.Column{{Key: "record", Title: i18n.FigureRecord, Main: true}, {Key: "place", Title: i18n.FigurePlace}, {Key: "day", Title: i18n.FigureDay}}
	for _, d := range f.Dims {
		cols = append(cols, partial.Column{Key: "d_" + d.Key, Title: d.Name, Minor: true})
	}
	return append(cols, partial.Column{Key: "amount", Title: i18n.FigureAmount, Num: true})
}

func recordRows(ctx context.Context, s Shown) []partial.Row {
	names := ItemNames(s.Detail)
	var rows []partial.Row
	for _, r := range s.Records {
		label := r.Label
		if label == "" && s.Figure.Subject == figure.Resident && !r.Opens {
			label = i18n.T(ctx, i18n.FigureUnnamed)
		}
		if label == "" {
			label = i18n.T(ctx, i18n.FigureRecord) + " " + r.Number()
		}
		cells := []templ.Component{partial.Text(label), partial.Text(r.Place), partial.Text(r.Day())}
		for i, d := range s.Figure.Dims {
			cells = append(cells, partial.Label(ItemName(names, d, r.Items[i])))
		}
		cells = append(cells, partial.Text(s.Figure.Show(figure.Value{Amount: r.Amount, Known: true})))
		rows = append(rows, partial.Row{ID: r.Number(), Name: label, Href: s.Href(r), Cells: cells})
	}
	return rows
}

var catalogueColumns = []partial.Column{
	{Key: "name", Title: i18n.FigureName, Main: true},
	{Key: "definition", Title: i18n.FigureDefinition},
	{Key: "chapter", Title: i18n.FigureChapter, Minor: true},
	{Key: "unit", Title: i18n.FigureUnit, Minor: true},
	{Key: "state", Title: i18n.FigureState},
}

func catalogueRows(ctx context.Context, list []*figure.Figure) []partial.Row {
	var rows []partial.Row
	for _, f := range list {
		name := i18n.T(ctx, f.Name())
		st := partial.State{Text: i18n.FigureIsRecorded, Tone: partial.Active}
		if !f.Recorded() {
			st = partial.State{Text: i18n.FigureNotRecorded, Tone: partial.Draft}
		}
		rows = append(rows, partial.Row{ID: f.ID, Name: name, Href: "/figures/" + f.ID, Cells: []templ.Component{
			partial.Two(name, i18n.T(ctx, f.When.Text())), partial.Label(f.Words().Definition), partial.Label(f.Chapter.Text()), partial.Label(f.Unit), partial.Badge(st)}})
	}
	return rows
}
