package meeting

import (
	"context"

	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/retention"
)

// AnonymiseTx takes the names of members who have left the register, and why they stayed away, out of the lists of who was invited; that somebody was, and
// what they answered, stays (PRIV-7).
func AnonymiseTx(ctx context.Context, tx *db.Tx, tenant int64, members []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE meeting_recipient SET name = "+a.Add(retention.Gone())+", reason = '' WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "member_id", members), a.Values()...)
	return err
}
