package app

import (
	"context"

	"linli/internal/authz"
	"linli/internal/figure"
	"linli/internal/fill"
	"linli/internal/id"
)

// figures are the district's numbers, as forms ask for them.
type figures struct{ *figure.Service }

// Named gives the recorded figures of a name.
func (figures) Named(name string) []fill.NamedFigure {
	var out []fill.NamedFigure
	for _, f := range figure.Named(name) {
		out = append(out, fill.NamedFigure{ID: f.ID, Standing: f.When == figure.AsOf})
	}
	return out
}

// PlacesSeen gives the places in scope with their names.
func (f figures) PlacesSeen(ctx context.Context, actor authz.Actor) (map[id.ID][]string, error) {
	list, err := f.Places(ctx, actor)
	out := make(map[id.ID][]string, len(list))
	for _, p := range list {
		out[p.ID] = []string{p.Name}
	}
	return out, err
}

// Numbers reads figures; those that are not recorded, or that belong to the district alone, are left out.
func (f figures) Numbers(ctx context.Context, actor authz.Actor, ids []string, at []id.ID, period string) (map[fill.NumberKey]any, error) {
	p := f.Current()
	if period != "" {
		var err error
		if p, err = figure.ParsePeriod(period); err != nil {
			return nil, err
		}
	}
	cells, err := f.Batch(ctx, actor, ids, at, []figure.Period{p})
	if err != nil {
		return nil, err
	}
	out := map[fill.NumberKey]any{}
	for _, c := range cells {
		if !c.Figure.Recorded() || c.Figure.District && !c.Place.District() {
			continue
		}
		if n := c.Figure.Number(c.Value); n != nil {
			out[fill.NumberKey{Figure: c.Figure.ID, Place: c.Place.ID}] = n
		}
	}
	return out, nil
}
