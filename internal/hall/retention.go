package hall

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// keptMonths is how long tickets are kept where a district sets nothing else.
const keptMonths = 24

// RetentionKinds is the period of tickets. They tell nothing of a person, but the case that came of one does, and it has its own period.
func RetentionKinds() []retention.Kind {
	period := retention.Months("retention.hall_months", i18n.RetentionHall, 6, "PRIV-7")
	period.Default = keptMonths
	return []retention.Kind{{Code: "hall.tickets", Title: i18n.RetentionHall, Act: i18n.RetentionActHall,
		Period: period,
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "t.id", From: "hall_ticket t WHERE t.tenant_id = " + a.Add(tenant) + " AND t.day < " + a.Add(before)}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			a := &db.Args{}
			if _, err := tx.Exec(ctx, "DELETE FROM hall_ticket_entry WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "ticket_id", rows), a.Values()...); err != nil {
				return err
			}
			a = &db.Args{}
			_, err := tx.Exec(ctx, "DELETE FROM hall_ticket WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
			return err
		}}}
}

// ForgetCasesTx takes out why somebody could not come, and the papers that were given back, of cases that are forgotten. What is here still is owed to them and stays.
func ForgetCasesTx(ctx context.Context, tx *db.Tx, tenant int64, cases []id.ID) error {
	a := &db.Args{}
	return forget(ctx, tx, tenant, a, db.In(a, "case_id", cases))
}

// ForgetTx does so for the cases of persons whom the register forgets; it comes before those cases forget whose they are.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	a := &db.Args{}
	return forget(ctx, tx, tenant, a, "case_id IN (SELECT c.id FROM service_case c WHERE c.tenant_id = "+a.Add(tenant)+" AND c.person_id <> 0 AND "+db.In(a, "c.person_id", persons)+")")
}

func forget(ctx context.Context, tx *db.Tx, tenant int64, a *db.Args, which string) error {
	where := " WHERE tenant_id = " + a.Add(tenant) + " AND " + which
	if _, err := tx.Exec(ctx, "DELETE FROM case_paper"+where+" AND returned_at <> 0", a.Values()...); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "UPDATE case_takeover SET reason = NULL, version = version + 1"+where, a.Values()...)
	return err
}
