package activity

import (
	"context"

	"linli/internal/attach"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// RetentionKinds are the periods of what activities know of people outside the register: guests, those who were helped, and who is on photographs.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{
		{Code: "activity.guest", Title: i18n.RetentionGuest, Act: i18n.RetentionActGuest, Days: true,
			Period: retention.Days("retention.guest_days", i18n.RetentionGuest, 1, "PRIV-7"), Past: pastGuests, Remove: forgetGuests},
		{Code: "activity.withdrawn", Title: i18n.RetentionWithdrawn, Act: i18n.RetentionActGuest, Days: true,
			Period: retention.Days("retention.withdrawn_days", i18n.RetentionWithdrawn, 1, "PRIV-8"), Past: pastWithdrawn, Remove: forgetGuests},
		{Code: "activity.helped", Title: i18n.RetentionHelped, Act: i18n.RetentionActHelped,
			Period: retention.Months("retention.helped_months", i18n.RetentionHelped, 3, "PRIV-7"), Past: pastHelped, Remove: forgetHelped},
		{Code: "activity.photo", Title: i18n.PhotoRetention, Act: i18n.RetentionActDelete,
			Period: retention.Months("retention.photo_months", i18n.PhotoRetention, 1, "PRIV-7"), Past: pastPhotos, Remove: attach.ForgetTx},
	}
}

// anonymousGuest is the name of a guest who is not known any more.
const anonymousGuest = "—"

const guestKnown = ` AND (t.guest_name <> '' OR t.guest_phone_index <> '' OR t.guest_key <> '') AND t.state <> 'in'`

// pastGuests are presences of guests that began before a day and still tell who they were.
func pastGuests(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
	return retention.Rows{ID: "t.id", From: `attendance t WHERE t.tenant_id = ` + a.Add(tenant) + ` AND t.in_at < ` + a.Add(db.Micros(before.Time())) + guestKnown}
}

// pastWithdrawn are presences of guests who are known persons by now and took their consent to activities back, or refused it, before a day.
func pastWithdrawn(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
	day := a.Add(db.Micros(before.Time()))
	return retention.Rows{ID: "t.id", From: `attendance t WHERE t.tenant_id = ` + a.Add(tenant) + ` AND t.person_id <> 0` + guestKnown + `
		AND EXISTS (SELECT 1 FROM consent c WHERE c.tenant_id = t.tenant_id AND c.person_id = t.person_id AND c.purpose_code = 'activity'
			AND (c.withdrawn_at <> 0 AND c.withdrawn_at < ` + day + ` OR c.answer <> 'agreed' AND c.at < ` + day + `))
		AND NOT EXISTS (SELECT 1 FROM consent c WHERE c.tenant_id = t.tenant_id AND c.person_id = t.person_id AND c.purpose_code = 'activity'
			AND c.withdrawn_at = 0 AND c.answer = 'agreed')`}
}

// forgetGuests takes out what a presence says of the guest. Times and minutes stay.
func forgetGuests(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, `UPDATE attendance SET guest_name = '', guest_phone = NULL, guest_phone_index = '', guest_phone_mask = '', guest_key = '',
		fields = CASE WHEN member_id = 0 THEN '{}' ELSE fields END, version = version + 1 WHERE tenant_id = `+a.Add(tenant)+` AND `+db.In(a, "id", rows), a.Values()...)
	return err
}

// pastPhotos are photographs of activities that were added before a day.
func pastPhotos(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
	return retention.Rows{ID: "t.id", From: `attachment t WHERE t.tenant_id = ` + a.Add(tenant) + ` AND t.owner_kind = 'activity' AND t.created_at < ` + a.Add(db.Micros(before.Time()))}
}

// pastHelped are presences that name somebody who was helped before a day.
func pastHelped(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
	return retention.Rows{ID: "t.id", From: `attendance t WHERE t.tenant_id = ` + a.Add(tenant) + ` AND t.helped_name <> '' AND t.in_at < ` + a.Add(db.Micros(before.Time()))}
}

func forgetHelped(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, `UPDATE attendance SET helped_name = '', version = version + 1 WHERE tenant_id = `+a.Add(tenant)+` AND `+db.In(a, "id", rows), a.Values()...)
	return err
}
