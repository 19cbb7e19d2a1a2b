package fact

import (
	"context"

	"linli/internal/db"
	"linli/internal/id"
)

// ForgetTx deletes everything that own facts say of rows, with what they said before.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "DELETE FROM own_value WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "subject_id", rows), a.Values()...)
	return err
}
