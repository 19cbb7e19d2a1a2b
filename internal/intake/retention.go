package intake

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// RetentionKinds is the period of what imports tell of the rows they refused. Files have a fixed time of their own (Sweep).
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "import.problems", Title: i18n.RetentionProblems, Act: i18n.RetentionActProblems, Days: true,
		Period: retention.Days("retention.import_days", i18n.RetentionProblems, 7, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "i.id", From: `import i WHERE i.tenant_id = ` + a.Add(tenant) + ` AND i.finished_at <> 0 AND i.finished_at < ` + a.Add(db.Micros(before.Time())) + `
				AND EXISTS (SELECT 1 FROM import_problem p WHERE p.tenant_id = i.tenant_id AND p.import_id = i.id)`}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			a := &db.Args{}
			_, err := tx.Exec(ctx, "DELETE FROM import_problem WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "import_id", rows), a.Values()...)
			return err
		}}}
}
