package figure

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

// key is a place in the table of values.
type key struct {
	place           id.ID
	dimension, item string
}

type sum struct{ amount, records int64 }

// roll works a figure out for all places at once, whole and by the items of each breakdown.
func (q question) roll(ctx context.Context, at db.Querier, t *tree) (map[key]sum, error) {
	sums := map[key]sum{}
	add := func(p id.ID, c cell) {
		put := func(k key) {
			v := sums[k]
			sums[k] = sum{v.amount + c.amount, v.records + c.records}
		}
		put(key{place: p})
		for i, d := range q.Dims {
			put(key{p, d.Key, c.items[i]})
		}
	}
	if q.Distinct {
		for _, level := range []Level{InCommunity, InSubdistrict, InTenant} {
			err := q.cells(ctx, at, level, nil, func(c cell) error {
				if level == InTenant {
					add(t.root.ID, c)
				} else if p, known := t.byID[c.place]; known && p.level() == level {
					add(p.ID, c)
				}
				return nil
			})
			if err != nil {
				return nil, err
			}
		}
		return sums, nil
	}
	return sums, q.cells(ctx, at, InCommunity, nil, func(c cell) error {
		if q.District {
			add(t.root.ID, c)
			return nil
		}
		for _, p := range t.up(c.place) {
			add(p, c)
		}
		return nil
	})
}

// here is the condition that keeps the records of a figure to a place.
func (q question) here(t *tree, p Place) func(*db.Args) string {
	return func(a *db.Args) string {
		switch {
		case p.District():
			return "1 = 1"
		case q.District:
			return "1 = 0"
		case q.Distinct:
			return "r.place_id = " + a.Add(p.ID)
		}
		return db.In(a, "r.place_id", t.within(p))
	}
}

// live works a figure out for one place from its records, whole and by item.
func (q question) live(ctx context.Context, at db.Querier, t *tree, p Place) (sum, map[key]sum, error) {
	var whole sum
	items := map[key]sum{}
	err := q.cells(ctx, at, p.level(), q.here(t, p), func(c cell) error {
		whole = sum{whole.amount + c.amount, whole.records + c.records}
		for i, d := range q.Dims {
			k := key{dimension: d.Key, item: c.items[i]}
			items[k] = sum{items[k].amount + c.amount, items[k].records + c.records}
		}
		return nil
	})
	return whole, items, err
}

// State is whether a period still follows the records.
type State string

// The states of a period.
const (
	Open     State = "open"
	Frozen   State = "frozen"
	Reopened State = "reopened"
)

// Rolled is a period as it was rolled up.
type Rolled struct {
	Period    string
	State     State
	At        time.Time
	ChangedAt time.Time // frozen or reopened
	Reason    string
	Policies  map[string]int64
	Version   int64
}

func (r *Rolled) dest(policies *string) []any {
	return []any{&r.Period, &r.State, db.Instant(&r.At), db.Instant(&r.ChangedAt), &r.Reason, policies, &r.Version}
}

const rolledColumns = "period, state, computed_at, changed_at, reason, policies, version"

// rolled reads the periods that were rolled up; all of the tenant's if none are named.
func rolled(ctx context.Context, q db.Querier, tenant int64, periods ...string) (map[string]Rolled, error) {
	a := &db.Args{}
	where := "tenant_id = " + a.Add(tenant)
	if len(periods) > 0 {
		where += " AND " + db.In(a, "period", periods)
	}
	type row struct {
		Rolled
		policies string
	}
	m := map[string]Rolled{}
	err := db.Each(ctx, q, func(r *row) []any { return r.dest(&r.policies) }, func(r row) error {
		if r.policies != "" {
			if err := json.Unmarshal([]byte(r.policies), &r.Policies); err != nil {
				return err
			}
		}
		m[r.Period] = r.Rolled
		return nil
	}, "SELECT "+rolledColumns+" FROM figure_period WHERE "+where, a.Values()...)
	return m, err
}

// entry is one row of figure_value.
type entry struct {
	key
	figure string
	sum
}

// replace writes the values of a period anew and notes when; a frozen period stays as it is.
func replace(ctx context.Context, tx *db.Tx, tenant int64, p Period, list []entry, set settings) error {
	now, err := rolled(ctx, tx, tenant, p.String())
	if err != nil {
		return err
	}
	if now[p.String()].State == Frozen {
		return nil
	}
	if _, err := tx.Exec(ctx, `DELETE FROM figure_value WHERE tenant_id = $1 AND period = $2`, tenant, p.String()); err != nil {
		return err
	}
	err = tx.InsertMany(ctx, "figure_value", []string{"tenant_id", "place_id", "period", "dimension", "figure", "item", "amount", "records"}, len(list), func(i int) []any {
		e := list[i]
		return []any{tenant, int64(e.place), p.String(), e.dimension, e.figure, e.item, e.amount, e.records}
	})
	if err != nil {
		return err
	}
	policies, err := json.Marshal(set)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO figure_period (tenant_id, period, state, computed_at, catalogue, policies) VALUES ($1, $2, 'open', $3, $4, $5)
		ON CONFLICT (tenant_id, period) DO UPDATE SET computed_at = excluded.computed_at, catalogue = excluded.catalogue, policies = excluded.policies,
		version = figure_period.version + 1`, tenant, p.String(), db.Micros(tx.Now()), version, string(policies))
	return err
}

// setState freezes or reopens a period that was rolled up.
func setState(ctx context.Context, tx *db.Tx, tenant int64, r Rolled, to State, by id.ID, reason string) error {
	return tx.Update(ctx, `UPDATE figure_period SET state = $1, changed_at = $2, changed_by = $3, reason = $4, version = version + 1
		WHERE tenant_id = $5 AND period = $6 AND version = $7`, to, db.Micros(tx.Now()), by, reason, tenant, r.Period, r.Version)
}

// stored is a value as read.
type stored struct {
	period string
	entry
}

func (s *stored) dest() []any {
	return []any{&s.place, &s.period, &s.figure, &s.dimension, &s.item, &s.amount, &s.records}
}

// values reads rolled-up values of some places in some periods: whole ones, and with dims those by item too.
func values(ctx context.Context, q db.Querier, tenant int64, figures []string, places []id.ID, periods []string, dims bool) ([]stored, error) {
	a := &db.Args{}
	where := "tenant_id = " + a.Add(tenant) + " AND " + db.In(a, "place_id", places) + " AND " + db.In(a, "period", periods)
	if !dims {
		where += " AND dimension = ''"
	}
	if len(figures) > 0 {
		where += " AND " + db.In(a, "figure", figures)
	}
	return db.All(ctx, q, (*stored).dest, "SELECT place_id, period, figure, dimension, item, amount, records FROM figure_value WHERE "+where, a.Values()...)
}

// labelled are the tables whose code, name and name_en name the items of breakdowns.
var labelled = []string{"activity_kind", "meeting_kind", "purpose", "case_kind"}

// labels reads the names of a table of kinds.
func labels(ctx context.Context, q db.Querier, tenant int64, table string) (map[string][2]string, error) {
	m := map[string][2]string{}
	if !slices.Contains(labelled, table) {
		return m, nil
	}
	type row struct{ code, zh, en string }
	return m, db.Each(ctx, q, func(r *row) []any { return []any{&r.code, &r.zh, &r.en} }, func(r row) error {
		m[r.code] = [2]string{r.zh, r.en}
		return nil
	}, "SELECT code, name, name_en FROM "+table+" WHERE tenant_id = $1", tenant)
}

// today is the day in China.
func today(d *db.DB) calendar.Date { return calendar.DateOf(d.Now()) }
