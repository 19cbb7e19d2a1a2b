package app

import (
	"context"
	"strconv"

	"linli/internal/authz"
	"linli/internal/figure"
	"linli/internal/id"
)

// planned lets the items of plans be measured by figures. What a plan is measured by may be read by whoever may see the plan, so the platform itself asks.
type planned struct{ *figure.Service }

// Known says whether items can be measured by a figure: one that is recorded and that places below the district have.
func (planned) Known(name string) bool {
	f, err := figure.ByID(name)
	return err == nil && f.Recorded() && !f.District && !f.Helper
}

// Tenths gives figures for a year so far, in tenths of their units; what is not known is left out.
func (p planned) Tenths(ctx context.Context, tenant int64, names []string, organisations []id.ID, year int64) (map[id.ID]map[string]int64, error) {
	cells, err := cellsAt(ctx, p.Service, authz.System(tenant, "plan"), names, organisations, strconv.FormatInt(year, 10))
	out := map[id.ID]map[string]int64{}
	for _, c := range cells {
		if !c.Value.Known {
			continue
		}
		if out[c.Place.ID] == nil {
			out[c.Place.ID] = map[string]int64{}
		}
		out[c.Place.ID][c.Figure.ID] = tenthsOf(c.Figure, c.Value)
	}
	return out, err
}

// tenthsOf is a value of a figure in tenths of its unit: hours of minutes; ratios are kept in tenths.
func tenthsOf(f *figure.Figure, v figure.Value) int64 {
	switch {
	case f.Ratio != nil:
		return v.Amount
	case f.Minutes:
		return (v.Amount*10 + 30) / 60
	}
	return v.Amount * 10
}
