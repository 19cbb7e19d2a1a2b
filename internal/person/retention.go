package person

import (
	"context"
	"fmt"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// anonymous is the name of a record that no longer tells who it was.
var anonymous = i18n.RetentionAnonymous.In(i18n.ZH)

// RetentionKinds are the periods of residents: those who have moved away or died, and answers to purposes that were taken back. also are
// packages that keep something about people.
func RetentionKinds(also ...retention.Remover) []retention.Kind {
	return []retention.Kind{
		{Code: "resident.left", Title: i18n.RetentionResident, Act: i18n.RetentionActResident,
			Period: retention.Months("retention.resident_months", i18n.RetentionResident, 1, "PRIV-7"), Past: pastResidents, Remove: retention.Each(append(also, anonymise)...)},
		{Code: "consent.withdrawn", Title: i18n.RetentionConsent, Act: i18n.RetentionActDelete,
			Period: retention.Months("retention.consent_months", i18n.RetentionConsent, 1, "PRIV-2, PRIV-8"), Past: pastConsents, Remove: deleteConsents},
	}
}

// pastResidents are people who left before a day. Who is in the register of members under a name, or has an account in use, stays: the
// register's own period comes first.
func pastResidents(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
	day := a.Add(before.String())
	return retention.Rows{ID: "p.id", From: `person p WHERE p.tenant_id = ` + a.Add(tenant) + ` AND (p.moved_out_on <> '' OR p.died_on <> '') AND p.anonymised_on = ''
		AND (p.moved_out_on <> '' AND p.moved_out_on < ` + day + ` OR p.died_on <> '' AND p.died_on < ` + day + `)
		AND NOT EXISTS (SELECT 1 FROM member m WHERE m.tenant_id = p.tenant_id AND m.person_id = p.id AND m.anonymised_on = '')
		AND NOT EXISTS (SELECT 1 FROM account u WHERE u.tenant_id = p.tenant_id AND u.person_id = p.id AND u.person_id <> 0 AND u.status = 'active')`}
}

// anonymise takes everything out of records that tells who they were. The rows stay, so that sums over them stay right.
func anonymise(ctx context.Context, tx *db.Tx, tenant int64, people []id.ID) error {
	a := &db.Args{}
	list, err := db.All(ctx, tx, (*storedRecord).dest, "SELECT "+storedColumns+" FROM person p WHERE p.tenant_id = "+a.Add(tenant)+" AND "+
		db.In(a, "p.id", people), a.Values()...)
	if err != nil {
		return err
	}
	for i := range list {
		if err := dropGrams(ctx, tx, tenant, &list[i].stored); err != nil {
			return err
		}
	}
	a = &db.Args{}
	now := tx.Now()
	_, err = tx.Exec(ctx, `UPDATE person SET name = `+a.Add(anonymous)+`, name_key = '', initials = '', sex = '0', born_on = '', id_number = NULL, id_index = '',
		id_mask = '', phone = NULL, phone_index = '', phone_mask = '', ethnic = '', political = '', schooling = '', residence = '', head_relation = '',
		work_unit = '', household_id = 0, building_id = 0, flagged = '', row_hash = '', anonymised_on = `+a.Add(calendar.DateOf(now).String())+`,
		updated_at = `+a.Add(db.Micros(now))+`, version = version + 1 WHERE tenant_id = `+a.Add(tenant)+` AND `+db.In(a, "id", people), a.Values()...)
	if err != nil {
		return err
	}
	for _, table := range []string{"person_category", "consent"} {
		a = &db.Args{}
		_, err := tx.Exec(ctx, fmt.Sprintf("DELETE FROM %s WHERE tenant_id = %s AND %s", table, a.Add(tenant), db.In(a, "person_id", people)), a.Values()...)
		if err != nil {
			return err
		}
	}
	return nil
}

// pastConsents are answers taken back before a day that a later answer has replaced. The last word on a purpose stays, so that nobody is
// asked again after a refusal (PRIV-2).
func pastConsents(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
	return retention.Rows{ID: "c.id", From: `consent c WHERE c.tenant_id = ` + a.Add(tenant) + ` AND c.withdrawn_at <> 0 AND c.withdrawn_at < ` + a.Add(db.Micros(before.Time())) + `
		AND EXISTS (SELECT 1 FROM consent l WHERE l.tenant_id = c.tenant_id AND l.person_id = c.person_id AND l.purpose_code = c.purpose_code AND l.id > c.id)`}
}

func deleteConsents(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "DELETE FROM consent WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
	return err
}
