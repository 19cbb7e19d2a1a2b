package transfer

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// RetentionKinds is the period of transfers that are closed: the words and what the papers said go; that a member moved, when and between which branches,
// stays.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "transfer.closed", Title: i18n.RetentionTransfer, Act: i18n.RetentionActTransfer,
		Period: retention.Months("retention.transfer_months", i18n.RetentionTransfer, 12, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "t.id", From: "transfer t WHERE t.tenant_id = " + a.Add(tenant) + " AND t.closed_on <> '' AND t.closed_on < " + a.Add(before.String()) +
				" AND t.note <> " + a.Add(retention.Gone())}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			return forget(ctx, tx, tenant, "id", rows, retention.Gone())
		}}}
}

// AnonymiseTx takes out what transfers say of members who left the register; that they moved stays, under the member's number.
func AnonymiseTx(ctx context.Context, tx *db.Tx, tenant int64, members []id.ID) error {
	return forget(ctx, tx, tenant, "member_id", members, "")
}

// ForgetTx takes out what transfers say of persons.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	return forget(ctx, tx, tenant, "person_id", persons, "")
}

func forget(ctx context.Context, tx *db.Tx, tenant int64, column string, ids []id.ID, note string) error {
	a := &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE transfer_step SET note = '' WHERE tenant_id = "+a.Add(tenant)+" AND transfer_id IN (SELECT t.id FROM transfer t WHERE t.tenant_id = "+
		a.Add(tenant)+" AND "+db.In(a, "t."+column, ids)+")", a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE transfer SET note = "+a.Add(note)+", reason = '', address = '', joined_on = '', full_on = '', letter = '', receipt = '', version = version + 1 WHERE tenant_id = "+
		a.Add(tenant)+" AND "+db.In(a, column, ids), a.Values()...)
	return err
}
