package figure

import (
	"context"

	"linli/internal/authz"
	"linli/internal/id"
)

// Fresh gives figures at a place (0 for the largest in scope) and at those directly below it, worked out from the records of today: one statement for each
// figure, however many places there are. A frozen period keeps the values with which it was frozen. Figures change slowest; the place itself comes first.
func (s *Service) Fresh(ctx context.Context, actor authz.Actor, figures []string, place id.ID, p Period) (Place, []Cell, error) {
	t, at, err := s.find(ctx, actor, place)
	if err != nil {
		return at, nil, err
	}
	if err := p.check(today(s.db)); err != nil {
		return at, nil, err
	}
	list := make([]*Figure, len(figures))
	for i, name := range figures {
		if list[i], err = ByID(name); err != nil {
			return at, nil, err
		}
	}
	where := append([]Place{at}, t.below(at)...)
	have, err := rolled(ctx, s.db, actor.Tenant, p.String())
	if err != nil {
		return at, nil, err
	}
	periods := []Period{p}
	if have[p.String()].State == Frozen {
		cells, err := s.cellsOf(ctx, actor.Tenant, list, where, periods)
		return at, cells, err
	}
	boards := map[id.ID]*board{}
	for _, x := range where {
		boards[x.ID] = &board{at: x, rolled: map[string]Rolled{}, sums: map[boardKey]sum{}}
	}
	if err := s.work(ctx, actor.Tenant, t, list, boards, p); err != nil {
		return at, nil, err
	}
	return at, cellsIn(boards, list, where, periods), nil
}
