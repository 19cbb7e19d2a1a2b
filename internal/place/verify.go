package place

import (
	"context"
	"fmt"

	"linli/internal/db"
	"linli/internal/id"
)

// invariants are what must hold among places. Each query gives the rows that break it; $1 is the tenant.
var invariants = []struct{ what, query string }{
	{"grid %s belongs to no living community", `SELECT g.id FROM grid g LEFT JOIN organisation o ON o.tenant_id = g.tenant_id AND o.id = g.community_id
		AND o.kind = 'community_party' AND o.dissolved_on = '' WHERE g.tenant_id = $1 AND g.ended_on = '' AND o.id IS NULL ORDER BY g.id`},
	{"quarter %s belongs to no living community", `SELECT q.id FROM quarter_area q LEFT JOIN organisation o ON o.tenant_id = q.tenant_id AND o.id = q.community_id
		AND o.kind = 'community_party' AND o.dissolved_on = '' WHERE q.tenant_id = $1 AND q.ended_on = '' AND o.id IS NULL ORDER BY q.id`},
	{"building %s belongs to no living community", `SELECT b.id FROM building b LEFT JOIN organisation o ON o.tenant_id = b.tenant_id AND o.id = b.community_id
		AND o.kind = 'community_party' AND o.dissolved_on = '' WHERE b.tenant_id = $1 AND b.ended_on = '' AND o.id IS NULL ORDER BY b.id`},
	{"building %s lies in a quarter of another community", `SELECT b.id FROM building b LEFT JOIN quarter_area q ON q.tenant_id = b.tenant_id AND q.id = b.quarter_id
		AND q.community_id = b.community_id WHERE b.tenant_id = $1 AND b.quarter_id <> 0 AND q.id IS NULL ORDER BY b.id`},
	{"building %s lies in a grid of another community", `SELECT b.id FROM building b LEFT JOIN grid g ON g.tenant_id = b.tenant_id AND g.id = b.grid_id
		AND g.community_id = b.community_id WHERE b.tenant_id = $1 AND b.grid_id <> 0 AND g.id IS NULL ORDER BY b.id`},
	{"division at %s has no division above it", `SELECT d.level FROM division d LEFT JOIN division p ON p.tenant_id = d.tenant_id AND p.code = d.parent_code
		AND p.level = d.level - 1 WHERE d.tenant_id = $1 AND d.level > 1 AND p.code IS NULL GROUP BY d.level ORDER BY d.level`},
}

// Verify checks what must hold among places (GRD-2 among them) and gives what does not.
func Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	var out []string
	for _, inv := range invariants {
		broken, err := db.Column[id.ID](ctx, q, inv.query, tenant)
		if err != nil {
			return out, err
		}
		for _, row := range broken {
			out = append(out, fmt.Sprintf(inv.what, row))
		}
	}
	return out, nil
}
