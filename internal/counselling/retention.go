package counselling

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
	"linli/internal/waiting"
)

// keptMonths is how long files are kept after their end where a district sets nothing else.
const keptMonths = 36

// RetentionKinds is the period of files after their end, or after the last appointment of those that nobody ended: names, telephones and notes go with them, and so do the conversations that were counted.
func RetentionKinds() []retention.Kind {
	period := retention.Months("retention.counselling_months", i18n.RetentionCounsel, 12, "PRIV-7")
	period.Default = keptMonths
	return []retention.Kind{{Code: "counselling.files", Title: i18n.RetentionCounsel, Act: i18n.RetentionActCounsel,
		Period: period,
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "f.id", From: "counselling_file f WHERE f.tenant_id = " + a.Add(tenant) + " AND (f.ended_on <> '' AND f.ended_on < " + a.Add(before) +
				" OR f.ended_on = '' AND f.opened_at < " + a.Add(db.Micros(before.Time())) + " AND f.resumed_at < " + a.Add(db.Micros(before.Time())) + " AND f.handed_at < " + a.Add(db.Micros(before.Time())) +
				" AND NOT EXISTS (SELECT 1 FROM counselling_session v WHERE v.tenant_id = f.tenant_id AND v.file_id = f.id AND v.at >= " +
				a.Add(db.Micros(before.Time())) + "))"}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			a := &db.Args{}
			if _, err := tx.Exec(ctx, "DELETE FROM counselling_session WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "file_id", rows), a.Values()...); err != nil {
				return err
			}
			a = &db.Args{}
			_, err := tx.Exec(ctx, "DELETE FROM counselling_file WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
			return err
		}}}
}

// ForgetTx takes out all that was said with persons whom the register forgets, and who they were. That there was a conversation stays counted.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	a := &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE counselling_session SET note = NULL, state = CASE WHEN state = 'planned' THEN 'cancelled' ELSE state END, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+
		" AND file_id IN (SELECT f.id FROM counselling_file f WHERE f.tenant_id = "+a.Add(tenant)+" AND f.person_id <> 0 AND "+db.In(a, "f.person_id", persons)+")", a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE counselling_file SET name = NULL, phone = NULL, word = NULL, link_key = '', code_key = 'gone ' || id, person_id = 0, resident_id = 0, state = 'ended', ended_on = CASE WHEN ended_on = '' THEN "+
		a.Add(today(tx.Now()))+" ELSE ended_on END, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND person_id <> 0 AND "+db.In(a, "person_id", persons), a.Values()...)
	return err
}

// The kinds of what waits.
const (
	WaitToday = "counselling.today" // appointments of today that are still to come
	WaitWrite = "counselling.write" // appointments whose time is past and of which nothing is written
)

// Waiting says what waits for the actor of their own appointments.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if actor.AccountID == 0 || !actor.Can(PermServe) {
		return nil, nil
	}
	now := s.db.Now()
	var out []waiting.Item
	for _, k := range []struct {
		kind        string
		from, until int64
	}{
		{WaitToday, db.Micros(now), db.Micros(calendar.DateOf(now).AddDays(1).Time())},
		{WaitWrite, 0, db.Micros(now)},
	} {
		it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since)} },
			`SELECT count(*), coalesce(min(v.file_id), 0), coalesce(min(v.at), 0) FROM counselling_session v WHERE v.tenant_id = $1 AND v.account_id = $2 AND v.state = 'planned' AND v.at >= $3 AND v.at < $4`,
			actor.Tenant, actor.AccountID, k.from, k.until)
		if err != nil {
			return nil, err
		}
		if it.Kind = k.kind; it.Count > 0 {
			out = append(out, it)
		}
	}
	return out, nil
}
