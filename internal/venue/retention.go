package venue

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// keptMonths is how long who booked is kept after the time of a booking where a district sets nothing else.
const keptMonths = 12

// RetentionKinds is the period of bookings after their time: who booked, their telephone, what it was for and what was said go; that a time was booked, and what became of it, stays.
func RetentionKinds() []retention.Kind {
	period := retention.Months("retention.venue_months", i18n.RetentionVenue, 3, "PRIV-7")
	period.Default = keptMonths
	return []retention.Kind{{Code: "venue.bookings", Title: i18n.RetentionVenue, Act: i18n.RetentionActVenue, Period: period,
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "b.id", From: "venue_booking b WHERE b.tenant_id = " + a.Add(tenant) + " AND b.forgotten = FALSE AND b.ends_at < " + a.Add(db.Micros(before.Time()))}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			return forget(ctx, tx, tenant, "id", rows)
		}}}
}

// ForgetTx takes out who booked, of persons whom the register forgets. What they have ahead is called off, and its time is free.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	return forget(ctx, tx, tenant, "person_id", persons) // nobody is person 0
}

func forget(ctx context.Context, tx *db.Tx, tenant int64, column string, ids []id.ID) error {
	of := func(a *db.Args) string {
		return " WHERE tenant_id = " + a.Add(tenant) + " AND booking_id IN (SELECT b.id FROM venue_booking b WHERE b.tenant_id = " + a.Add(tenant) + " AND " + db.In(a, "b."+column, ids)
	}
	for _, q := range []func(a *db.Args) string{
		func(a *db.Args) string { return "UPDATE venue_entry SET words = NULL" + of(a) + ")" },
		func(a *db.Args) string {
			return "DELETE FROM venue_slot" + of(a) + " AND b.state IN ('asked', 'agreed'))"
		},
		func(a *db.Args) string {
			return "UPDATE venue_booking SET name = NULL, phone = NULL, purpose = NULL, answer = NULL, said = NULL, phone_key = '', code_key = '', sent_key = '', person_id = 0, forgotten = TRUE, ended_at = CASE WHEN ended_at = 0 THEN " +
				a.Add(db.Micros(tx.Now())) + " ELSE ended_at END, state = CASE WHEN state IN ('asked', 'agreed') THEN 'cancelled' ELSE state END, version = version + 1 WHERE tenant_id = " + a.Add(tenant) + " AND " + db.In(a, column, ids)
		},
	} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, q(a), a.Values()...); err != nil {
			return err
		}
	}
	return nil
}
