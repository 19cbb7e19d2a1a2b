package feedback

import (
	"context"

	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
)

// AnonymiseTx takes the names of members out of lines and evaluations. What was sent stays as it was sent: it is an official paper, and
// its digest covers it.
func AnonymiseTx(ctx context.Context, tx *db.Tx, tenant int64, members []id.ID) error {
	for _, set := range []string{"slip_line SET remark = '', name = ", "evaluation SET opinion = '', name = "} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, "UPDATE "+set+a.Add(i18n.RetentionAnonymous.In(i18n.ZH))+" WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "member_id", members), a.Values()...); err != nil {
			return err
		}
	}
	return nil
}
