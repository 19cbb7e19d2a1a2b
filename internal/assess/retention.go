package assess

import (
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/retention"
)

// RetentionKinds is the period of answered appeals: their words go, that there was one and how it ended stays. Settled sheets are kept under lock.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "assess.appeal", Title: i18n.RetentionAppeal, Act: i18n.RetentionActDelete,
		Period: retention.Months("retention.appeal_months", i18n.RetentionAppeal, 12, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "p.id", From: `assessment_appeal p WHERE p.tenant_id = ` + a.Add(tenant) + ` AND p.state <> ` + a.Add(string(Waiting)) +
				` AND p.answered_at < ` + a.Add(db.Micros(before.Time())) + ` AND p.body <> ` + a.Add(retention.Gone())}
		},
		Remove: retention.Words("assessment_appeal", "body", "answer"),
	}}
}
