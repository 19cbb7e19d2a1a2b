package countersign

import (
	"context"

	"linli/internal/db"
	"linli/internal/id"
)

// ForgetTx takes out the names of those who were to confirm something; the codes themselves are of no use any more.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, subjects []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, `UPDATE countersign SET helped_name = '' WHERE tenant_id = `+a.Add(tenant)+` AND helped_name <> '' AND `+db.In(a, "subject_id", subjects), a.Values()...)
	return err
}
