package ask

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// RetentionKinds is the period of rounds in which nothing waits any more: they go with their questions. What was answered stands in the records.
// A round is kept for three months at least, as long as "nobody knows" keeps a question from being asked again.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "question.round", Title: i18n.RetentionRound, Act: i18n.RetentionActDelete,
		Period: retention.Months("retention.question_months", i18n.RetentionRound, 4, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "r.id", From: `question_round r WHERE r.tenant_id = ` + a.Add(tenant) + ` AND r.created_at < ` + a.Add(db.Micros(before.Time())) + `
				AND NOT EXISTS (SELECT 1 FROM question q WHERE q.tenant_id = r.tenant_id AND q.round_id = r.id AND (q.state IN (` + a.Add(string(Open)) + `, ` + a.Add(string(Differs)) + `)
				OR q.said_at >= ` + a.Add(db.Micros(before.Time())) + `))`}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			for _, table := range []struct{ name, column string }{{"question", "round_id"}, {"question_round", "id"}} {
				a := &db.Args{}
				if _, err := tx.Exec(ctx, "DELETE FROM "+table.name+" WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, table.column, rows), a.Values()...); err != nil {
					return err
				}
			}
			return nil
		}}}
}
