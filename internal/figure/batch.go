package figure

import (
	"context"
	"fmt"
	"maps"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Cell is a figure at a place in a period.
type Cell struct {
	Figure *Figure
	Place  Place
	Period Period
	Value  Value
}

// most is the number of cells that one call of Batch gives.
const most = 20_000

// Batch gives many figures at many places in many periods at once: figures change slowest, periods fastest. It reads what was rolled up; of a
// period that nobody has rolled up yet a few figures are worked out by themselves. Forms that ask for numbers use it. Every place must be in scope.
func (s *Service) Batch(ctx context.Context, actor authz.Actor, figures []string, at []id.ID, periods []Period) ([]Cell, error) {
	if len(figures)*len(at)*len(periods) > most {
		return nil, errs.New(errs.Invalid, i18n.FigureTooMany, most)
	}
	scope := actor.Scope(PermSee)
	t, err := places(ctx, s.db, actor.Tenant)
	if err != nil {
		return nil, err
	}
	var list []*Figure
	for _, name := range figures {
		f, err := ByID(name)
		if err != nil {
			return nil, err
		}
		list = append(list, f)
	}
	var where []Place
	for _, i := range at {
		p, known := t.byID[i]
		if !known || !covers(scope, p) {
			return nil, errs.ErrNotFound
		}
		where = append(where, p)
	}
	have, err := rolled(ctx, s.db, actor.Tenant, periodNames(periods)...)
	if err != nil {
		return nil, err
	}
	var kept, live []Period
	for _, p := range periods {
		if err := p.check(today(s.db)); err != nil {
			return nil, err
		}
		if _, there := have[p.String()]; !there && len(list) <= few {
			live = append(live, p)
			continue
		}
		if _, err := s.ensure(ctx, actor.Tenant, p); err != nil {
			return nil, err
		}
		kept = append(kept, p)
	}
	boards, err := s.boardsOf(ctx, actor.Tenant, list, where, kept)
	for _, p := range live {
		if err == nil {
			err = s.work(ctx, actor.Tenant, t, list, boards, p)
		}
	}
	if err != nil {
		return nil, err
	}
	return cellsIn(boards, list, where, periods), nil
}

// few figures of a period that was never rolled up are worked out by themselves; for more the whole period is.
const few = 12

func periodNames(periods []Period) []string {
	var names []string
	for _, p := range periods {
		names = append(names, p.String())
	}
	return names
}

// work puts figures of a period on the boards from the records of today.
func (s *Service) work(ctx context.Context, tenant int64, t *tree, figures []*Figure, boards map[id.ID]*board, p Period) error {
	set, err := s.settings(ctx, tenant, p)
	if err != nil {
		return err
	}
	for _, b := range boards {
		b.rolled[p.String()] = Rolled{Period: p.String()}
	}
	done, read := map[string]bool{}, s.db.ForReport(ctx)
	for _, f := range figures {
		for _, name := range f.Parts() {
			if done[name] || byID[name].SQL == "" {
				continue
			}
			done[name] = true
			whole := *byID[name] // nobody looks at the breakdowns
			whole.Dims = nil
			sums, err := question{&whole, tenant, p, today(s.db), set}.roll(read, s.db, t)
			if err != nil {
				return fmt.Errorf("figure %s: %w", name, err)
			}
			for place, b := range boards {
				b.sums[boardKey{p.String(), name}] = sums[key{place: place}]
			}
		}
	}
	return nil
}

// cellsOf gives figures at places in periods that were rolled up.
func (s *Service) cellsOf(ctx context.Context, tenant int64, figures []*Figure, at []Place, periods []Period) ([]Cell, error) {
	boards, err := s.boardsOf(ctx, tenant, figures, at, periods)
	if err != nil {
		return nil, err
	}
	return cellsIn(boards, figures, at, periods), nil
}

// boardsOf reads what was rolled up of figures at places, with one query.
func (s *Service) boardsOf(ctx context.Context, tenant int64, figures []*Figure, at []Place, periods []Period) (map[id.ID]*board, error) {
	boards := map[id.ID]*board{}
	var ids []id.ID
	for _, p := range at {
		ids = append(ids, p.ID)
		boards[p.ID] = &board{at: p, rolled: map[string]Rolled{}, sums: map[boardKey]sum{}}
	}
	var asked []string
	for _, f := range figures {
		asked = append(asked, f.Parts()...)
	}
	names := periodNames(periods)
	if len(ids) == 0 || len(names) == 0 || len(asked) == 0 {
		return boards, nil
	}
	known, err := rolled(ctx, s.db, tenant, names...)
	if err != nil {
		return nil, err
	}
	rows, err := values(ctx, s.db, tenant, asked, ids, names, false)
	if err != nil {
		return nil, err
	}
	for _, b := range boards {
		maps.Copy(b.rolled, known)
	}
	for _, v := range rows {
		boards[v.place].sums[boardKey{v.period, v.figure}] = v.sum
	}
	return boards, nil
}

// cellsIn reads cells off boards: figures change slowest, periods fastest.
func cellsIn(boards map[id.ID]*board, figures []*Figure, at []Place, periods []Period) []Cell {
	var out []Cell
	for _, f := range figures {
		for _, p := range at {
			for _, x := range periods {
				out = append(out, Cell{f, p, x, boards[p.ID].value(f, x)})
			}
		}
	}
	return out
}
