package person

import (
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/id"
)

// ByIDNumbers finds people in scope (PermSee) by their ID numbers, which are compared by blind index and never opened. Numbers that are
// not registered in scope are missing from the answer. The keys are the numbers as given.
func (s *Service) ByIDNumbers(ctx context.Context, actor authz.Actor, numbers []string) (map[string]id.ID, error) {
	given := map[string]string{}
	var indexes []string
	for _, n := range numbers {
		index := s.ring.Index("id_number", code.Normalise(n))
		if _, seen := given[index]; index != "" && !seen {
			indexes = append(indexes, index)
		}
		given[index] = n
	}
	scope := actor.Scope(PermSee)
	out := make(map[string]id.ID, len(indexes))
	type hit struct {
		id    id.ID
		index string
	}
	for part := range slices.Chunk(indexes, lookupSize) {
		a := &db.Args{}
		err := db.Each(ctx, s.db, func(h *hit) []any { return []any{&h.id, &h.index} }, func(h hit) error {
			out[given[h.index]] = h.id
			return nil
		}, "SELECT p.id, p.id_index FROM person p WHERE "+scope.Where(a, scopeColumns)+" AND "+db.In(a, "p.id_index", part)+" AND p.id_index <> ''", a.Values()...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}
