package exchange

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/retention"
)

// RetentionKinds is the period of needs that are over: who asked, every word and number go; that there was a need of its kind, where, and how it ended stays.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "exchange.ended", Title: i18n.RetentionNeed, Act: i18n.RetentionActNeed,
		Period: retention.Months("retention.need_months", i18n.RetentionNeed, 12, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "n.id", From: "need n WHERE n.tenant_id = " + a.Add(tenant) + " AND n.ended_at <> 0 AND n.ended_at < " + a.Add(db.Micros(before.Time())) + " AND n.title <> " + a.Add(retention.Gone())}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			return forget(ctx, tx, tenant, "id", rows)
		}}}
}

// ForgetTx takes out who asked, and what they said, of persons whom the register forgets.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	return forget(ctx, tx, tenant, "person_id", persons) // nobody is person 0
}

func forget(ctx context.Context, tx *db.Tx, tenant int64, column string, ids []id.ID) error {
	for _, q := range []string{"UPDATE need_entry SET words = NULL", "UPDATE need_pledge SET contact = NULL, said = NULL, team = '', version = version + 1"} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, q+" WHERE tenant_id = "+a.Add(tenant)+" AND need_id IN (SELECT n.id FROM need n WHERE n.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "n."+column, ids)+")", a.Values()...); err != nil {
			return err
		}
	}
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE need SET title = "+a.Add(retention.Gone())+`, title_key = '', words = '', skill = '', body = NULL, place = NULL, holder = NULL, phone = NULL, answer = NULL, person_id = 0, resident_id = 0,
		version = version + 1 WHERE tenant_id = `+a.Add(tenant)+" AND "+db.In(a, column, ids), a.Values()...)
	return err
}

// AnonymiseTx takes out of pledges and help whose they were, of members whom the register forgets. Their postings are the ledger's.
func AnonymiseTx(ctx context.Context, tx *db.Tx, tenant int64, members []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE need_pledge SET contact = NULL, said = NULL, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND member_id <> 0 AND "+db.In(a, "member_id", members), a.Values()...)
	return err
}

// Follow lets the needs, pledges and resources of an organisation follow when another takes it in. What helped in an account stands where it stood; the ledger follows by
// itself.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	for _, q := range []string{
		"UPDATE need SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3",
		"UPDATE need_help SET community_id = $1 WHERE tenant_id = $2 AND community_id = $3",
		"UPDATE need_help SET unit_id = $1 WHERE tenant_id = $2 AND unit_id = $3",
		"UPDATE resource SET place_id = $1, version = version + 1 WHERE tenant_id = $2 AND place_id = $3",
		"UPDATE resource SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3",
		`UPDATE need_pledge SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3 AND NOT EXISTS (SELECT 1 FROM need_pledge o WHERE o.tenant_id = need_pledge.tenant_id AND o.need_id = need_pledge.need_id
			AND o.org_id = $1 AND o.state IN ('pledged', 'agreed', 'delivered', 'confirmed'))`,
	} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}
