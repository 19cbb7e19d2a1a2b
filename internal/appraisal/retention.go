package appraisal

import (
	"context"
	"time"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// dayOf is the beginning of a day that is stored; the zero time for none.
func dayOf(day string) time.Time {
	d, err := calendar.Parse(day)
	if err != nil || d.IsZero() {
		return time.Time{}
	}
	return d.Time()
}

// RetentionKinds is the period after which what people wrote in a closed round is removed: self-appraisals, remarks, views, opinions. Grades, decisions and their
// corrections stay, and the sums of the ballot go.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "appraisal.words", Title: i18n.RetentionAppraisal, Act: i18n.RetentionActAppraisal,
		Period: retention.Months("retention.appraisal_months", i18n.RetentionAppraisal, 12, "PRIV-7"), Past: pastRounds, Remove: emptyRounds}}
}

func pastRounds(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
	return retention.Rows{ID: "r.id", From: "appraisal_round r WHERE r.tenant_id = " + a.Add(tenant) + " AND r.step = 'closed' AND r.emptied_on = '' AND r.closed_on < " + a.Add(before.String())}
}

func emptyRounds(ctx context.Context, tx *db.Tx, tenant int64, rounds []id.ID) error {
	day := calendar.DateOf(tx.Now()).String()
	for _, q := range []struct{ text, column string }{
		{"DELETE FROM appraisal_remark", "round_id"}, {"DELETE FROM appraisal_tally", "round_id"}, {"DELETE FROM appraisal_mark", "round_id"},
		{"UPDATE appraisal_entry SET self_text = '', self_gaps = '', own_view = '', opinion = '', gaps = '', help = '', followed = '', why = ''", "round_id"},
		{"UPDATE appraisal_round SET emptied_on = '" + day + "'", "id"},
	} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, q.text+" WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, q.column, rounds), a.Values()...); err != nil {
			return err
		}
	}
	return nil
}

// AnonymiseTx takes the names of members who have left the register, and what was written by and about them, out of their appraisals (retention.Remover).
func AnonymiseTx(ctx context.Context, tx *db.Tx, tenant int64, members []id.ID) error {
	a := &db.Args{}
	entries, err := db.Column[id.ID](ctx, tx, "SELECT id FROM appraisal_entry WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "member_id", members), a.Values()...)
	if err != nil || len(entries) == 0 {
		return err
	}
	for _, column := range []string{"from_id", "about_id"} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, "DELETE FROM appraisal_remark WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, column, entries), a.Values()...); err != nil {
			return err
		}
	}
	a = &db.Args{}
	_, err = tx.Exec(ctx, "UPDATE appraisal_entry SET name = "+a.Add(retention.Gone())+`, name_key = '', self_text = '', self_gaps = '', own_view = '', opinion = '', gaps = '', help = '',
		followed = '', decision = '', approval = '', why = '', away = '', version = version + 1 WHERE tenant_id = `+a.Add(tenant)+" AND "+db.In(a, "id", entries), a.Values()...)
	return err
}
