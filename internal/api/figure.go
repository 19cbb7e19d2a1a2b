package api

import (
	"context"
	"strings"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Figure is an entry of the catalogue.
type Figure struct {
	ID           string   `json:"figure" doc:"Name of the figure, such as member.total."`
	Name         string   `json:"name" doc:"What it is called, in Chinese."`
	NameEN       string   `json:"name_en" doc:"What it is called, in English."`
	Definition   string   `json:"definition" doc:"What counts, in Chinese."`
	DefinitionEN string   `json:"definition_en" doc:"What counts, in English."`
	Also         []string `json:"also" nullable:"false" doc:"What else people call it."`
	Chapter      string   `json:"chapter" doc:"Part of the report."`
	Unit         string   `json:"unit" doc:"Unit, in Chinese. Amounts of hours are minutes; shares and means are in tenths."`
	When         string   `json:"when" doc:"as_of, in_quarter, in_year."`
	People       bool     `json:"people" doc:"Counts people: below five it does not leave the house."`
	Breakdowns   []string `json:"breakdowns" nullable:"false" doc:"Ways to break it down."`
	Of           string   `json:"of,omitempty" doc:"Of a ratio: what is divided."`
	By           string   `json:"by,omitempty" doc:"Of a ratio: by what."`
	Recorded     bool     `json:"recorded" doc:"False: nobody keeps its records yet."`
	Pending      string   `json:"pending,omitempty" doc:"The part of the product that will keep its records."`
}

func figureOf(f *figure.Figure) Figure {
	w := f.Words()
	out := Figure{ID: f.ID, Name: w.Name.In(i18n.ZH), NameEN: w.Name.In(i18n.EN), Definition: w.Definition.In(i18n.ZH), DefinitionEN: w.Definition.In(i18n.EN),
		Also: []string{}, Chapter: string(f.Chapter), Unit: f.Unit.In(i18n.ZH), When: string(f.When), People: f.People, Breakdowns: []string{},
		Recorded: f.Recorded(), Pending: f.Pending.In(i18n.EN)}
	for _, s := range strings.Split(w.Also.In(i18n.ZH), "、") {
		if s != "" {
			out.Also = append(out.Also, s)
		}
	}
	for _, d := range f.Dims {
		out.Breakdowns = append(out.Breakdowns, d.Key)
	}
	if f.Ratio != nil {
		out.Of, out.By = f.Ratio.Of, f.Ratio.By
	}
	return out
}

// FigureValue is what a figure is at a place in a period.
type FigureValue struct {
	Figure  string  `json:"figure" doc:"Name of the figure."`
	PlaceID rest.ID `json:"place_id" doc:"District, sub-district or community."`
	Place   string  `json:"place" doc:"Name of the place."`
	Period  string  `json:"period" doc:"2026Q3 or 2026."`
	Known   bool    `json:"known" doc:"False: not yet recorded, or a ratio by nothing."`
	Amount  int64   `json:"amount" doc:"The value: hours in minutes, shares and means in tenths."`
	Records int64   `json:"records" doc:"How many records add up to it."`
}

func figureValueOf(f *figure.Figure, p figure.Place, at figure.Period, v figure.Value) FigureValue {
	return FigureValue{Figure: f.ID, PlaceID: rest.IDOf(p.ID), Place: p.Name, Period: at.String(), Known: v.Known, Amount: v.Amount, Records: v.Records}
}

// FigureItem is one part of a breakdown.
type FigureItem struct {
	Breakdown string `json:"breakdown" doc:"Way to break the figure down."`
	Item      string `json:"item" doc:"Code of the item."`
	Name      string `json:"name" doc:"Name of the item, in Chinese."`
	Amount    int64  `json:"amount" doc:"Its part of the figure."`
}

// FigureDetail is one figure in full.
type FigureDetail struct {
	Figure
	FigureAt
	Items   []FigureItem  `json:"items" nullable:"false" doc:"Breakdowns, from the records of today."`
	History []FigureValue `json:"history" nullable:"false" doc:"The latest periods, oldest first, as rolled up."`
	Places  []FigureValue `json:"places" nullable:"false" doc:"The places directly below, by name, as rolled up."`
}

// FigureAt says where, when and how a figure stands.
type FigureAt struct {
	Value    FigureValue `json:"value" doc:"From the records of today."`
	Rolled   FigureValue `json:"rolled" doc:"As rolled up; of a frozen period as it was frozen."`
	State    string      `json:"state" doc:"Of the period: open, frozen, reopened."`
	RolledAt time.Time   `json:"rolled_at" doc:"When the period was rolled up."`
}

// FigureRecord is one record of a figure.
type FigureRecord struct {
	Kind      string            `json:"kind" doc:"What the record opens to: member, attendance, …"`
	SubjectID rest.ID           `json:"subject_id,omitempty" doc:"What it opens to; absent where you may not open it."`
	Label     string            `json:"label,omitempty" doc:"Its name; absent where you may not see it."`
	PlaceID   rest.ID           `json:"place_id,omitempty" doc:"Where it counts; absent for no community."`
	Amount    int64             `json:"amount" doc:"What it adds."`
	On        string            `json:"on,omitempty" doc:"Its day."`
	Items     map[string]string `json:"items" nullable:"false" doc:"Its item in each breakdown."`
}

// FigureWhere chooses place and period.
type FigureWhere struct {
	Place  rest.ID `query:"place" doc:"District, sub-district or community; the largest in scope if absent."`
	Period string  `query:"period" maxLength:"6" doc:"2026Q3 or 2026; the present quarter if absent."`
}

// FigurePath names a figure, with place and period.
type FigurePath struct {
	Figure string `path:"figure" maxLength:"60" doc:"Name of the figure."`
	FigureWhere
}

type figureRecords struct {
	rest.Paging
	FigurePath
	Breakdown string `query:"breakdown" maxLength:"30" doc:"Only one item of this breakdown."`
	Item      string `query:"item" maxLength:"80" doc:"Code of the item."`
}

type figureSearch struct {
	Text string `query:"q" maxLength:"60" doc:"Words of the name, synonyms or definition."`
	Name string `query:"name" maxLength:"60" doc:"Exactly this name or synonym."`
}

// FigureList is the catalogue, or what was found of it.
type FigureList struct {
	Items []Figure `json:"items" nullable:"false" doc:"Figures in the order of the report."`
}

// FigureValues are many values.
type FigureValues struct {
	Items []FigureValue `json:"items" nullable:"false" doc:"Values; periods change fastest, then places, then figures."`
}

type figureBatch struct {
	Figures []string  `query:"figure" minItems:"1" maxItems:"200" doc:"Names of figures."`
	Places  []rest.ID `query:"place" minItems:"1" maxItems:"500" doc:"Places."`
	Periods []string  `query:"period" minItems:"1" maxItems:"40" doc:"2026Q3 or 2026."`
}

func (h *handlers) period(s string) (figure.Period, error) {
	if s == "" {
		return h.Figure.Current(), nil
	}
	return figure.ParsePeriod(s)
}

func (h *handlers) figures(k *rest.Kit) {
	const tag = "figure"
	see := perms(figure.PermSee)
	rest.Get(k, rest.Op{ID: "figure-list", Path: "/figures", Tag: tag, Title: "The catalogue of figures, or those of it that are called so", Needs: see},
		func(_ context.Context, _ authz.Actor, in *figureSearch) (FigureList, error) {
			found := figure.Search(in.Text)
			if in.Name != "" {
				found = figure.Named(in.Name)
			}
			out := FigureList{Items: []Figure{}}
			for _, f := range found {
				out.Items = append(out.Items, figureOf(f))
			}
			return out, nil
		})
	rest.Get(k, rest.Op{ID: "figure-values", Path: "/figures/values", Tag: tag, Title: "Many figures at many places in many periods, as rolled up", Needs: see}, h.figureValues)
	rest.Get(k, rest.Op{ID: "figure-get", Path: "/figures/{figure}", Tag: tag, Title: "A figure at a place in a period, with its breakdowns and history", Needs: see}, h.figureGet)
	rest.Get(k, rest.Op{ID: "figure-records", Path: "/figures/{figure}/records", Tag: tag, Title: "The records of a figure; their amounts add up to it", Needs: see}, h.figureRecords)
}

func (h *handlers) figureValues(ctx context.Context, a authz.Actor, in *figureBatch) (FigureValues, error) {
	out := FigureValues{Items: []FigureValue{}}
	var places []id.ID
	for _, p := range in.Places {
		places = append(places, p.ID())
	}
	var periods []figure.Period
	for _, s := range in.Periods {
		p, err := figure.ParsePeriod(s)
		if err != nil {
			return out, errs.Field("period", i18n.FigureBadPeriod)
		}
		periods = append(periods, p)
	}
	cells, err := h.Figure.Batch(ctx, a, in.Figures, places, periods)
	for _, c := range cells {
		out.Items = append(out.Items, figureValueOf(c.Figure, c.Place, c.Period, c.Value))
	}
	return out, err
}

func (h *handlers) figureGet(ctx context.Context, a authz.Actor, in *FigurePath) (FigureDetail, error) {
	p, err := h.period(in.Period)
	if err != nil {
		return FigureDetail{}, err
	}
	d, err := h.Figure.Get(ctx, a, in.Figure, in.Place.ID(), p)
	if err != nil {
		return FigureDetail{}, err
	}
	out := FigureDetail{Figure: figureOf(d.Figure), Items: []FigureItem{}, History: []FigureValue{}, Places: []FigureValue{}, FigureAt: FigureAt{
		Value: figureValueOf(d.Figure, d.Place, p, d.Live), Rolled: figureValueOf(d.Figure, d.Place, p, d.Line.Now), State: string(d.Rolled.State), RolledAt: d.Rolled.At.UTC()}}
	for _, b := range d.Breakdowns {
		for _, it := range b.Items {
			out.Items = append(out.Items, FigureItem{b.Dim.Key, it.Code, it.Label.In(i18n.ZH), it.Value.Amount})
		}
	}
	for _, x := range d.Line.History {
		out.History = append(out.History, figureValueOf(d.Figure, d.Place, x.Period, x.Value))
	}
	for _, x := range d.Places {
		out.Places = append(out.Places, figureValueOf(d.Figure, x.Place, p, x.Value))
	}
	return out, nil
}

func (h *handlers) figureRecords(ctx context.Context, a authz.Actor, in *figureRecords) (rest.Page[FigureRecord], error) {
	f, err := figure.ByID(in.Figure)
	if err != nil {
		return rest.Page[FigureRecord]{}, err
	}
	p, err := h.period(in.Period)
	if err != nil {
		return rest.Page[FigureRecord]{}, err
	}
	l, err := h.Figure.Records(ctx, a, figure.Query{Figure: in.Figure, Place: in.Place.ID(), Period: p, Dim: in.Breakdown, Item: in.Item, Page: in.Page()})
	return rest.PageOf(l, func(r figure.Record) FigureRecord {
		out := FigureRecord{Kind: string(f.Subject), Label: r.Label, PlaceID: rest.IDOf(r.PlaceID), Amount: r.Amount, On: r.Day(), Items: map[string]string{}}
		if r.Opens {
			out.SubjectID = rest.IDOf(r.SubjectID)
		}
		for i, d := range f.Dims {
			out.Items[d.Key] = r.Items[i]
		}
		return out
	}), err
}
