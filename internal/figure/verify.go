package figure

import (
	"context"
	"fmt"

	"linli/internal/db"
)

// Verify checks what must hold of rolled-up values: each belongs to a period that says when it was rolled up, to a figure of the catalogue
// and to a place of the tenant; and the items of a breakdown add up to the whole.
func Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	var out []string
	type row struct {
		figure, period, place string
		n                     int64
	}
	dest := func(r *row) []any { return []any{&r.figure, &r.period, &r.place, &r.n} }
	for _, c := range []struct{ what, query string }{
		{"figure %s of %s at place %s: %d values of a period that was never rolled up", `SELECT v.figure, v.period, min(CAST(v.place_id AS TEXT)), count(*) FROM figure_value v
			WHERE v.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM figure_period p WHERE p.tenant_id = v.tenant_id AND p.period = v.period) GROUP BY v.figure, v.period LIMIT 100`},
		{"figure %s of %s: place %s is no organisation (%d values)", `SELECT v.figure, v.period, CAST(v.place_id AS TEXT), count(*) FROM figure_value v
			WHERE v.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM organisation o WHERE o.tenant_id = v.tenant_id AND o.id = v.place_id) GROUP BY v.figure, v.period, v.place_id LIMIT 100`},
		{"figure %s of %s at place %s: a breakdown is %d away from the whole", `SELECT d.figure, d.period, CAST(d.place_id AS TEXT), d.total - coalesce(v.amount, 0) FROM
			(SELECT figure, period, place_id, dimension, CAST(sum(amount) AS BIGINT) AS total FROM figure_value WHERE tenant_id = $1 AND dimension <> '' GROUP BY figure, period, place_id, dimension) d
			LEFT JOIN figure_value v ON v.tenant_id = $1 AND v.place_id = d.place_id AND v.period = d.period AND v.dimension = '' AND v.figure = d.figure
			WHERE d.total <> coalesce(v.amount, 0) LIMIT 100`},
	} {
		rows, err := db.All(ctx, q, dest, c.query, tenant)
		if err != nil {
			return out, err
		}
		for _, r := range rows {
			out = append(out, fmt.Sprintf(c.what, r.figure, r.period, r.place, r.n))
		}
	}
	known, err := db.Column[string](ctx, q, "SELECT DISTINCT figure FROM figure_value WHERE tenant_id = $1", tenant)
	for _, name := range known {
		if byID[name] == nil {
			out = append(out, "values of figure "+name+", which the catalogue does not have")
		}
	}
	return out, err
}
