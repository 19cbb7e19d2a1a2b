package bench

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"linli/internal/id"
	"linli/internal/person"
)

// benchSearch looks for names of two characters in the whole district, first page of 50, and beside it scans the names with
// LIKE for the same page.
func (w *world) benchSearch(ctx context.Context) (float64, float64, error) {
	if err := w.filled(ctx); err != nil {
		return 0, 0, err
	}
	b, err := openBare(w.ours.address)
	if err != nil {
		return 0, 0, err
	}
	names := w.names()
	ours, ceiling, err := w.turns(2*w.o.Scale.Rounds+1, func() (float64, error) { return w.find(ctx, names) },
		func() (float64, error) { return b.scan(ctx, w.ours.tenant, names) })
	if err == nil {
		err = w.sameFound(ctx, b, names)
	}
	return ours, ceiling, errors.Join(err, b.close())
}

// names are five names of two characters that somebody in the district has.
func (w *world) names() []string {
	var names []string
	for i := 0; len(names) < 5; i += 5 { // every fifth name has two characters
		if n := nameAt(i * 1009 % w.o.Scale.Residents); !slices.Contains(names, n) {
			names = append(names, n)
		}
	}
	return names
}

// find is the time of one search.
func (w *world) find(ctx context.Context, names []string) (float64, error) {
	const times = 20
	began := time.Now()
	for range times {
		for _, n := range names {
			if _, err := w.ours.app.Person.List(ctx, w.ours.actor(), person.Filter{Text: n}); err != nil {
				return 0, err
			}
		}
	}
	return millis(time.Since(began)) / float64(times*len(names)), nil
}

// scan is the time of one scan. The + keeps the table in its own order: walking an index and looking each row up takes longer.
func (b *bare) scan(ctx context.Context, tenant int64, names []string) (float64, error) {
	began := time.Now()
	for _, n := range names {
		if _, err := b.scanFor(ctx, tenant, n); err != nil {
			return 0, err
		}
	}
	return millis(time.Since(began)) / float64(len(names)), nil
}

func (b *bare) scanFor(ctx context.Context, tenant int64, name string) ([]id.ID, error) {
	rows, err := b.reader(`SELECT id, community_id, household_id, name, sex, born_on, id_mask, phone_mask FROM person
		WHERE tenant_id = $1 AND name LIKE $2 AND moved_out_on = '' AND died_on = '' ORDER BY +community_id, +id LIMIT 51`).QueryContext(ctx, tenant, "%"+name+"%")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var found []id.ID
	for rows.Next() {
		var p, community, household int64
		var name, sex, born, idMask, phoneMask string
		if err := rows.Scan(&p, &community, &household, &name, &sex, &born, &idMask, &phoneMask); err != nil {
			return nil, err
		}
		found = append(found, id.ID(p))
	}
	return found, rows.Err()
}

// sameFound checks that the search finds what the scan finds.
func (w *world) sameFound(ctx context.Context, b *bare, names []string) error {
	for _, n := range names {
		list, err := w.ours.app.Person.List(ctx, w.ours.actor(), person.Filter{Text: n})
		if err != nil {
			return err
		}
		want, err := b.scanFor(ctx, w.ours.tenant, n)
		if err != nil {
			return err
		}
		var got []id.ID
		for _, it := range list.Items {
			got = append(got, it.ID)
		}
		if !slices.Equal(got, want[:min(50, len(want))]) || len(got) == 0 {
			return fmt.Errorf("the search finds %d residents, the scan %d, or others", len(got), len(want))
		}
	}
	return nil
}
