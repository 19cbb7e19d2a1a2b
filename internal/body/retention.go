package body

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/retention"
)

// AnonymiseTx takes the names of members who have left the register out of the seats that they held; a seat that was left open ends (PRIV-7).
func AnonymiseTx(ctx context.Context, tx *db.Tx, tenant int64, members []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE body_seat SET name = "+a.Add(retention.Gone())+", title = '', valid_to = CASE WHEN valid_to = '' THEN "+a.Add(calendar.DateOf(tx.Now()))+
		" ELSE valid_to END WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "member_id", members), a.Values()...)
	return err
}
