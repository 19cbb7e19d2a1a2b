package figure

import (
	"context"
	"time"

	"linli/internal/id"
)

// Outgoing is a period of the whole district as it may leave it.
type Outgoing struct {
	Period  Period
	State   State
	At      time.Time // rolled up
	Changed time.Time // frozen or reopened
	Values  []OutgoingValue
}

// OutgoingValue is a figure of the whole district, or of one item of a breakdown; a small count of people is Hidden and has no amount.
type OutgoingValue struct {
	Figure, Dimension, Item string
	Amount                  int64
	Hidden                  bool
}

// Stamp says when a period was rolled up and when it was frozen or reopened.
type Stamp struct{ At, Changed time.Time }

// Outgoing gives what there is of the district's periods that had does not have yet, or has from another time: the figures of the whole district, and their breakdowns
// by lists that all districts share. Work between districts calls it with the tenant whose figures they are.
func (s *Service) Outgoing(ctx context.Context, tenant int64, had map[string]Stamp) ([]Outgoing, error) {
	t, err := places(ctx, s.db, tenant)
	if err != nil || t.root.ID == 0 {
		return nil, err
	}
	have, err := rolled(ctx, s.db, tenant)
	if err != nil {
		return nil, err
	}
	var out []Outgoing
	at := map[string]int{}
	var names []string
	for name, r := range have {
		p, err := ParsePeriod(name)
		if was, ok := had[name]; err != nil || ok && was.At.Equal(r.At) && was.Changed.Equal(r.ChangedAt) {
			continue
		}
		at[name] = len(out)
		names = append(names, name)
		out = append(out, Outgoing{Period: p, State: r.State, At: r.At, Changed: r.ChangedAt})
	}
	if len(names) == 0 {
		return nil, nil
	}
	list, err := values(ctx, s.db, tenant, nil, []id.ID{t.root.ID}, names, true)
	if err != nil {
		return nil, err
	}
	broken := map[[3]string][]OutgoingValue{} // by period, figure and dimension
	for _, v := range list {
		f := byID[v.figure]
		if f == nil { // of an older catalogue
			continue
		}
		one := OutgoingValue{Figure: v.figure, Dimension: v.dimension, Item: v.item, Amount: v.amount}
		o := &out[at[v.period]]
		if v.dimension == "" {
			o.Values = append(o.Values, one)
		} else if d, ok := f.dim(v.dimension); ok && d.Shared() {
			k := [3]string{v.period, v.figure, v.dimension}
			broken[k] = append(broken[k], one)
		}
	}
	for i := range out {
		whole := map[string]Value{}
		for _, v := range out[i].Values {
			whole[v.Figure] = Value{Amount: v.Amount, Known: true}
		}
		hideTogether(whole)
		for j := range out[i].Values {
			v := &out[i].Values[j]
			v.Amount, v.Hidden = whole[v.Figure].Amount, whole[v.Figure].Hidden
		}
	}
	for k, parts := range broken {
		if byID[k[1]].People {
			hideParts(parts)
		}
		out[at[k[0]]].Values = append(out[at[k[0]]].Values, parts...)
	}
	return out, nil
}

func hideParts(parts []OutgoingValue) {
	items := make([]Item, len(parts))
	for i, p := range parts {
		items[i].Value = Value{Amount: p.Amount, Known: true}
	}
	hideItems(items)
	for i := range parts {
		if v := items[i].Value; v.Hidden {
			parts[i].Amount, parts[i].Hidden = 0, true
		}
	}
}

// InReport says whether the figure stands in the report, and is kept.
func (f *Figure) InReport() bool { return !f.Helper && f.Recorded() }
