package app

import (
	"context"

	"linli/internal/authz"
	"linli/internal/figure"
	"linli/internal/id"
)

// cellsAt reads figures of the places among some organisations for a period; other organisations have none.
func cellsAt(ctx context.Context, s *figure.Service, actor authz.Actor, names []string, organisations []id.ID, period string) ([]figure.Cell, error) {
	p, err := figure.ParsePeriod(period)
	if err != nil {
		return nil, err
	}
	all, err := s.Places(ctx, actor)
	if err != nil {
		return nil, err
	}
	place := map[id.ID]bool{}
	for _, x := range all {
		place[x.ID] = true
	}
	var at []id.ID
	for _, o := range organisations {
		if place[o] {
			at = append(at, o)
		}
	}
	if len(at) == 0 || len(names) == 0 {
		return nil, nil
	}
	return s.Batch(ctx, actor, names, at, []figure.Period{p})
}
