package casework

import (
	"context"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/notice"
	"linli/internal/reference"
	"linli/internal/retention"
)

// RetentionKinds is the period of closed cases: who reported them every word and the photographs go; that there was a case of its kind, where, how long it took and how it was
// rated stays.
// also takes out what other concepts keep of the cases.
func RetentionKinds(also ...retention.Remover) []retention.Kind {
	return []retention.Kind{{Code: "casework.closed", Title: i18n.RetentionCase, Act: i18n.RetentionActCase,
		Period: retention.Months("retention.case_months", i18n.RetentionCase, 12, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "c.id", From: "service_case c WHERE c.tenant_id = " + a.Add(tenant) + " AND (c.closed_at <> 0 AND c.closed_at < " + a.Add(db.Micros(before.Time())) +
				" OR c.state = 'merged' AND c.merged_id <> 0 AND EXISTS (SELECT 1 FROM service_case g WHERE g.tenant_id = c.tenant_id AND g.id = c.merged_id AND g.closed_at <> 0 AND g.closed_at < " +
				a.Add(db.Micros(before.Time())) + ")) AND c.title <> " + a.Add(retention.Gone())}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			for _, remove := range also {
				if err := remove(ctx, tx, tenant, rows); err != nil {
					return err
				}
			}
			return forget(ctx, tx, tenant, "id", rows)
		}}}
}

// ForgetTx takes out who reported cases, and what they said, of persons whom the register forgets.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	return forget(ctx, tx, tenant, "person_id", persons) // nobody is person 0
}

func forget(ctx context.Context, tx *db.Tx, tenant int64, column string, ids []id.ID) error {
	a := &db.Args{}
	cases, err := db.Column[id.ID](ctx, tx, "SELECT c.id FROM service_case c WHERE c.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "c."+column, ids), a.Values()...)
	if err != nil {
		return err
	}
	if err := notice.ForgetTx(ctx, tx, tenant, noticeSubject, cases); err != nil {
		return err
	}
	a = &db.Args{}
	files, err := db.Column[id.ID](ctx, tx, "SELECT f.id FROM attachment f WHERE f.tenant_id = "+a.Add(tenant)+" AND (f.owner_kind = 'service_case' AND f.owner_id IN (SELECT c.id FROM service_case c WHERE c.tenant_id = "+
		a.Add(tenant)+" AND "+db.In(a, "c."+column, ids)+") OR f.owner_kind = 'case_entry' AND f.owner_id IN (SELECT e.id FROM case_entry e JOIN service_case c ON c.tenant_id = e.tenant_id AND c.id = e.case_id WHERE e.tenant_id = "+
		a.Add(tenant)+" AND "+db.In(a, "c."+column, ids)+"))", a.Values()...)
	if err != nil {
		return err
	}
	if err := attach.ForgetTx(ctx, tx, tenant, files); err != nil {
		return err
	}
	a = &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE case_entry SET words = NULL WHERE tenant_id = "+a.Add(tenant)+" AND case_id IN (SELECT c.id FROM service_case c WHERE c.tenant_id = "+a.Add(tenant)+
		" AND "+db.In(a, "c."+column, ids)+")", a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE case_step SET note = NULL WHERE tenant_id = "+a.Add(tenant)+" AND case_id IN (SELECT c.id FROM service_case c WHERE c.tenant_id = "+a.Add(tenant)+
		" AND "+db.In(a, "c."+column, ids)+")", a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	_, err = tx.Exec(ctx, "UPDATE service_case SET title = "+a.Add(retention.Gone())+`, title_key = '', body = NULL, reporter = NULL, phone = NULL, phone_key = '', import_key = '', person_id = 0, resident_id = 0, answers = NULL, place = NULL,
		result = NULL, address = '', version = version + 1 WHERE tenant_id = `+a.Add(tenant)+" AND "+db.In(a, column, ids), a.Values()...)
	return err
}

// Follow lets the cases of an organisation follow when another takes it in. Whoever reported one that is open is told where it is now.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	moved, err := db.Column[id.ID](ctx, tx, "SELECT c.id FROM service_case c WHERE c.tenant_id = $1 AND c.org_id = $2 AND "+openStates+" ORDER BY c.id", actor.Tenant, from)
	if err != nil {
		return err
	}
	for _, q := range []string{
		"UPDATE case_party SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3 AND NOT EXISTS (SELECT 1 FROM case_party o WHERE o.tenant_id = case_party.tenant_id AND o.case_id = case_party.case_id AND o.org_id = $1)",
		"DELETE FROM case_party WHERE tenant_id = $2 AND org_id = $3 AND EXISTS (SELECT 1 FROM case_party o WHERE o.tenant_id = case_party.tenant_id AND o.case_id = case_party.case_id AND o.org_id = $1)",
		"UPDATE service_case SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE service_case SET community_id = $1 WHERE tenant_id = $2 AND community_id = $3",
		"UPDATE service_case SET dispatched_by = $1 WHERE tenant_id = $2 AND dispatched_by = $3",
		"UPDATE case_route SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3 AND until_at = 0",
		"UPDATE service_case SET about_id = $1 WHERE tenant_id = $2 AND about_id = $3",
		// Nobody is their own giver or their own partner.
		"UPDATE service_case SET dispatched_by = 0 WHERE tenant_id = $2 AND org_id = $1 AND dispatched_by = $1 AND dispatched_by <> $3",
		"DELETE FROM case_party WHERE tenant_id = $2 AND org_id = $1 AND org_id <> $3 AND EXISTS (SELECT 1 FROM service_case c WHERE c.tenant_id = case_party.tenant_id AND c.id = case_party.case_id AND c.org_id = $1)",
	} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	// Rules for the area that is there no more end; those of the area that took it in hold.
	if _, err := tx.Exec(ctx, "UPDATE case_route SET until_at = $1, until_by = $2 WHERE tenant_id = $3 AND area_id = $4 AND until_at = 0", db.Micros(tx.Now()), actor.AccountID, actor.Tenant, from); err != nil {
		return err
	}
	// What is about the organisation that took in the one that had it goes above (CASE-8).
	if _, err := tx.Exec(ctx, `UPDATE service_case SET org_id = (SELECT o.parent_id FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2), state = 'received', handler_id = 0, dispatched_by = 0, sign_due_at = 0,
		version = version + 1 WHERE tenant_id = $1 AND org_id = $2 AND about_id = $2 AND closed_at = 0 AND state IN ('received', 'accepted', 'dispatched', 'working')
		AND EXISTS (SELECT 1 FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.parent_id <> 0)`, actor.Tenant, to); err != nil {
		return err
	}
	return s.toldMoved(ctx, tx, actor.Tenant, moved)
}
