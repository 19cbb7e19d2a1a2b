package member

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// RetentionKinds is the period of members who have left the register. also are packages above that keep their names too.
func RetentionKinds(also ...retention.Remover) []retention.Kind {
	return []retention.Kind{{Code: "member.ended", Title: i18n.RetentionMember, Act: i18n.RetentionActMember,
		Period: retention.Months("retention.member_months", i18n.RetentionMember, 12, "PRIV-7"), Past: pastMembers,
		Remove: retention.Each(append(also, anonymise)...)}}
}

func pastMembers(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
	return retention.Rows{ID: "m.id", From: `member m WHERE m.tenant_id = ` + a.Add(tenant) + ` AND m.ended_on <> '' AND m.anonymised_on = '' AND m.ended_on < ` + a.Add(before.String())}
}

// anonymise takes out the names of members and what was written about them. Registrations, claims, attendances and postings stay, with
// their sums, under the member's number.
func anonymise(ctx context.Context, tx *db.Tx, tenant int64, members []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, `UPDATE member SET name = `+a.Add(i18n.RetentionAnonymous.In(i18n.ZH))+`, name_key = '', skills = '', plaque_no = '', plaque_shown = FALSE, plaque_motto = '',
		joined_on = '', full_on = '', end_reason = '', anonymised_on = `+a.Add(calendar.DateOf(tx.Now()).String())+`, version = version + 1
		WHERE tenant_id = `+a.Add(tenant)+` AND `+db.In(a, "id", members), a.Values()...)
	if err != nil {
		return err
	}
	for _, set := range []string{
		"contact SET note = '', reason = ''", "promise SET body = '', result = ''", "absence_reason SET note = ''",
		"floating_move SET place = '', other_branch = ''", "registration SET reason = '', skills = ''",
	} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, "UPDATE "+set+" WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "member_id", members), a.Values()...); err != nil {
			return err
		}
	}
	return nil
}
