package dues

import (
	"context"

	"linli/internal/db"
	"linli/internal/id"
)

// AnonymiseTx forgets what members paid out of and why they were relieved, when the members themselves lose their names. The ledger stays, as books do.
func AnonymiseTx(ctx context.Context, tx *db.Tx, tenant int64, members []id.ID) error {
	for _, act := range []string{"DELETE FROM dues_base", "DELETE FROM dues_relief", "DELETE FROM birthday_greeting"} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, act+" WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "member_id", members), a.Values()...); err != nil {
			return err
		}
	}
	return nil
}
