package complaint

import (
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/retention"
)

// RetentionKinds is the period of answered complaints: their words go, that there was one stays.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "complaint.answered", Title: i18n.RetentionComplaint, Act: i18n.RetentionActDelete,
		Period: retention.Months("retention.complaint_months", i18n.RetentionComplaint, 3, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "c.id", From: `complaint c WHERE c.tenant_id = ` + a.Add(tenant) + ` AND c.state <> ` + a.Add(string(Open)) + ` AND c.answered_at < ` + a.Add(db.Micros(before.Time())) + `
				AND c.body <> ` + a.Add(retention.Gone())}
		},
		Remove: retention.Words("complaint", "body", "answer"),
	}}
}
