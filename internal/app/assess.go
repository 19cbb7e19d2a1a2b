package app

import (
	"context"

	"linli/internal/assess"
	"linli/internal/authz"
	"linli/internal/figure"
	"linli/internal/id"
)

// assessed lets assessments read figures. What an organisation is scored by may be read by whoever may see its sheet, so the platform itself asks.
type assessed struct{ *figure.Service }

// Known says whether there is a figure of that name.
func (f assessed) Known(name string) bool {
	_, err := figure.ByID(name)
	return err == nil
}

// Amounts reads figures of the places among the organisations; other organisations have none.
func (f assessed) Amounts(ctx context.Context, tenant int64, names []string, organisations []id.ID, period string) (map[id.ID]map[string]assess.Amount, error) {
	cells, err := cellsAt(ctx, f.Service, authz.System(tenant, "assessment"), names, organisations, period)
	out := map[id.ID]map[string]assess.Amount{}
	for _, c := range cells {
		if out[c.Place.ID] == nil {
			out[c.Place.ID] = map[string]assess.Amount{}
		}
		out[c.Place.ID][c.Figure.ID] = assess.Amount{Value: decimalOf(c.Figure, c.Value), Known: c.Value.Known}
	}
	return out, err
}

// decimalOf is a value of a figure in its unit: hours of minutes, and per cent or a mean of tenths.
func decimalOf(f *figure.Figure, v figure.Value) assess.Decimal {
	switch {
	case f.Ratio != nil:
		return assess.Whole(v.Amount) / 10
	case f.Minutes:
		return (assess.Whole(v.Amount)*2 + 60) / 120
	}
	return assess.Whole(v.Amount)
}
