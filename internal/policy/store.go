package policy

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
)

type row struct{ name, from, value, source string }

func all(ctx context.Context, q db.Querier, tenant int64) ([]row, error) {
	return db.All(ctx, q, func(r *row) []any { return []any{&r.name, &r.from, &r.value, &r.source} },
		`SELECT name, valid_from, value, source FROM policy WHERE tenant_id = $1 ORDER BY name, valid_from`, tenant)
}

func put(ctx context.Context, tx *db.Tx, actor authz.Actor, r row) error {
	_, err := tx.Exec(ctx, `INSERT INTO policy (tenant_id, name, valid_from, value, source, set_by, set_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (tenant_id, name, valid_from) DO UPDATE SET value = excluded.value, source = excluded.source,
		set_by = excluded.set_by, set_at = excluded.set_at`,
		actor.Tenant, r.name, r.from, r.value, r.source, actor.AccountID, db.Micros(tx.Now()))
	return err
}
