package workplan

import (
	"context"

	"linli/internal/db"
	"linli/internal/id"
)

// measureBatch is how many items are measured in one transaction.
const measureBatch = 500

// Measure reads the figures of all items that are measured, of accepted plans of this year and the one before, and finishes those that have reached
// their target. A target that is no longer reached, because records were corrected, opens its item again. The night's work calls it.
func (s *Service) Measure(ctx context.Context, tenant int64) error {
	year := int64(s.Today().Year())
	after := id.ID(0)
	for {
		batch, err := measured(ctx, s.db, tenant, year-1, after, measureBatch)
		if err != nil || len(batch) == 0 {
			return err
		}
		after = batch[len(batch)-1].ID
		for _, y := range []int64{year - 1, year} {
			if err := s.measure(ctx, tenant, y, batch); err != nil {
				return err
			}
		}
	}
}

func (s *Service) measure(ctx context.Context, tenant, year int64, batch []measuredItem) error {
	var of []measuredItem
	names, organisations := map[string]bool{}, map[id.ID]bool{}
	for _, m := range batch {
		if m.year == year {
			of = append(of, m)
			names[m.Figure], organisations[m.organisation] = true, true
		}
	}
	if len(of) == 0 {
		return nil
	}
	have, err := s.figures.Tenths(ctx, tenant, keys(names), keys(organisations), year)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		for _, m := range of {
			reached, known := have[m.organisation][m.Figure]
			if !known {
				continue
			}
			if err := setReached(ctx, tx, tenant, m.Item, reached); err != nil {
				return err
			}
		}
		return nil
	})
}

func keys[K comparable](m map[K]bool) []K {
	out := make([]K, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	return out
}
