package complaint

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// RetentionKinds is the period of answered complaints: their words go, that there was one stays.
func RetentionKinds() []retention.Kind {
	gone := i18n.RetentionGone.In(i18n.ZH)
	return []retention.Kind{{Code: "complaint.answered", Title: i18n.RetentionComplaint, Act: i18n.RetentionActDelete,
		Period: retention.Months("retention.complaint_months", i18n.RetentionComplaint, 3, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "c.id", From: `complaint c WHERE c.tenant_id = ` + a.Add(tenant) + ` AND c.state <> ` + a.Add(string(Open)) + ` AND c.answered_at < ` + a.Add(db.Micros(before.Time())) + `
				AND c.body <> ` + a.Add(gone)}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			a := &db.Args{}
			_, err := tx.Exec(ctx, "UPDATE complaint SET body = "+a.Add(gone)+", answer = "+a.Add(gone)+", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
			return err
		}}}
}
