package assess

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// RetentionKinds is the period of answered appeals: their words go, that there was one and how it ended stays. Settled sheets are kept under lock.
func RetentionKinds() []retention.Kind {
	gone := i18n.RetentionGone.In(i18n.ZH)
	return []retention.Kind{{Code: "assess.appeal", Title: i18n.RetentionAppeal, Act: i18n.RetentionActDelete,
		Period: retention.Months("retention.appeal_months", i18n.RetentionAppeal, 12, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "p.id", From: `assessment_appeal p WHERE p.tenant_id = ` + a.Add(tenant) + ` AND p.state <> ` + a.Add(string(Waiting)) +
				` AND p.answered_at < ` + a.Add(db.Micros(before.Time())) + ` AND p.body <> ` + a.Add(gone)}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			a := &db.Args{}
			_, err := tx.Exec(ctx, "UPDATE assessment_appeal SET body = "+a.Add(gone)+", answer = "+a.Add(gone)+", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+
				" AND "+db.In(a, "id", rows), a.Values()...)
			return err
		}}}
}
