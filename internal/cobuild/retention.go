package cobuild

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// RetentionKinds is how long contact persons stay after an agreement is over or was given up. What was promised and done stays.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "cobuild.contact", Title: i18n.RetentionCobuild, Act: i18n.RetentionActCobuild,
		Period: retention.Months("retention.cobuild_months", i18n.RetentionCobuild, 12, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			day := a.Add(before.String())
			return retention.Rows{ID: "p.id", From: "cobuild_party p JOIN cobuild c ON c.tenant_id = p.tenant_id AND c.id = p.cobuild_id WHERE p.tenant_id = " + a.Add(tenant) +
				" AND (p.contact IS NOT NULL OR p.phone IS NOT NULL) AND (" + lastDay + " < " + day + " OR c.state = 'withdrawn' AND c.moved_at < " + a.Add(db.Micros(before.Time())) + ")"}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			a := &db.Args{}
			_, err := tx.Exec(ctx, "UPDATE cobuild_party SET contact = NULL, phone = NULL WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
			return err
		}}, {Code: "cobuild.person", Title: i18n.RetentionCobuildPerson, Act: i18n.RetentionActCobuildPerson,
		Period: retention.Months("retention.cobuild_person_months", i18n.RetentionCobuildPerson, 24, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			day := a.Add(before.String())
			return retention.Rows{ID: "x.id", From: "cobuild_person x JOIN cobuild c ON c.tenant_id = x.tenant_id AND c.id = x.cobuild_id WHERE x.tenant_id = " + a.Add(tenant) +
				" AND (x.name IS NOT NULL OR x.end_words IS NOT NULL) AND (x.ended_on <> '' AND x.ended_on < " + day + " OR " + lastDay + " < " + day + ")"}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			a := &db.Args{}
			_, err := tx.Exec(ctx, "UPDATE cobuild_person SET name = NULL, end_words = NULL, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
			return err
		}}}
}
