package deed

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// RetentionKinds is the period after which a deed no longer names who was helped.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "deed.helped", Title: i18n.RetentionDeedHelped, Act: i18n.RetentionActHelped,
		Period: retention.Months("retention.deed_helped_months", i18n.RetentionDeedHelped, 3, "PRIV-7"), Past: pastHelped, Remove: forgetHelped}}
}

func pastHelped(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
	return retention.Rows{ID: "d.id", From: `deed d WHERE d.tenant_id = ` + a.Add(tenant) + ` AND d.helped_name <> '' AND d.state <> 'proposed' AND d.on_date < ` + a.Add(before.String())}
}

func forgetHelped(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, `UPDATE deed SET helped_name = '', version = version + 1 WHERE tenant_id = `+a.Add(tenant)+` AND `+db.In(a, "id", rows), a.Values()...)
	return err
}
