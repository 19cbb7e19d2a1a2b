package audit

import (
	"context"
	"encoding/json"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// actCut is the act under which a cut of the chain is recorded, in the chain that goes on.
const actCut = "audit.cut"

// PastLinks gives the links at the beginning of a tenant's chain whose entries are all older than a day: the column of their number, and
// what follows FROM. The chain is cut at its beginning only.
func PastLinks(a *db.Args, tenant int64, day calendar.Date) (column, rows string) {
	t := a.Add(tenant)
	return "l.seq", `audit_link l WHERE l.tenant_id = ` + t + ` AND l.seq < coalesce((SELECT min(k.seq) FROM audit_entry e
		JOIN audit_link k ON k.tenant_id = e.tenant_id AND k.entry_id = e.id WHERE e.tenant_id = ` + t + ` AND e.id >= ` + a.Add(before(id.At(day.Time()), overlap)) + `
		AND e.at >= ` + a.Add(db.Micros(day.Time())) + `), 0)`
}

// CutTx takes links and their entries out of the beginning of the chain. What the last of them was stays, and is recorded in the chain,
// so that Verify can go on from there and a cut that nobody made shows.
func CutTx(ctx context.Context, tx *db.Tx, tenant int64, links []id.ID) error {
	if len(links) == 0 {
		return nil
	}
	last := links[len(links)-1]
	hash, err := db.Value[string](ctx, tx, `SELECT hash FROM audit_link WHERE tenant_id = $1 AND seq = $2`, tenant, last)
	if err != nil {
		return err
	}
	if hash == "" {
		return errs.ErrConflict
	}
	if _, err := tx.Exec(ctx, `DELETE FROM audit_entry WHERE tenant_id = $1 AND id IN (SELECT entry_id FROM audit_link WHERE tenant_id = $1 AND seq <= $2)`, tenant, last); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM audit_link WHERE tenant_id = $1 AND seq <= $2`, tenant, last); err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO audit_cut (tenant_id, seq, hash, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (tenant_id) DO UPDATE SET seq = excluded.seq, hash = excluded.hash, at = excluded.at`, tenant, last, hash, db.Micros(tx.Now()))
	if err != nil {
		return err
	}
	return Record(ctx, tx, authz.System(tenant, "retention"), Entry{Action: actCut, SubjectKind: "audit", Detail: cutDetail(int64(last), hash)})
}

func cutDetail(seq int64, hash string) map[string]any {
	return map[string]any{"seq": seq, "hash": hash}
}

// beginning gives the last link that was cut off, and whether the record knows of that cut.
func beginning(ctx context.Context, q db.Querier, tenant int64) (seq int64, hash string, known bool, err error) {
	type cut struct {
		seq  int64
		hash string
	}
	rows, err := db.All(ctx, q, func(c *cut) []any { return []any{&c.seq, &c.hash} }, `SELECT seq, hash FROM audit_cut WHERE tenant_id = $1`, tenant)
	if err != nil || len(rows) == 0 {
		return 0, "", true, err
	}
	detail, err := json.Marshal(cutDetail(rows[0].seq, rows[0].hash))
	if err != nil {
		return 0, "", false, err
	}
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = $2 AND detail = $3`, tenant, actCut, string(detail))
	return rows[0].seq, rows[0].hash, n > 0, err
}
