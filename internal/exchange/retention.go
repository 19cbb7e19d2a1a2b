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

// RetentionKinds are the periods of needs and of resources. Of a need that is over, or that nobody has touched since its last day, who asked, every word and number go;
// that there was a need of its kind, where, and how it ended stays. Of a resource that is over, who gave it and their number go.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "exchange.ended", Title: i18n.RetentionNeed, Act: i18n.RetentionActNeed,
		Period: retention.Months("retention.need_months", i18n.RetentionNeed, 12, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			cut := a.Add(db.Micros(before.Time()))
			return retention.Rows{ID: "n.id", From: "need n WHERE n.tenant_id = " + a.Add(tenant) + " AND n.title <> " + a.Add(retention.Gone()) + " AND (n.ended_at <> 0 AND n.ended_at < " + cut +
				" OR n.ended_at = 0 AND n.due_on < " + a.Add(before.String()) + " AND n.received_at < " + cut +
				" AND NOT EXISTS (SELECT 1 FROM need_entry e WHERE e.tenant_id = n.tenant_id AND e.need_id = n.id AND e.at >= " + cut + "))"}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			return forget(ctx, tx, tenant, "id", rows)
		}}, {Code: "exchange.resource", Title: i18n.RetentionResource, Act: i18n.RetentionActResource,
		Period: retention.Months("retention.resource_months", i18n.RetentionResource, 12, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "u.id", From: "resource u WHERE u.tenant_id = " + a.Add(tenant) + " AND (u.contact IS NOT NULL OR u.giver NOT IN ('', " + a.Add(retention.Gone()) +
				")) AND (u.ended_at <> 0 AND u.ended_at < " + a.Add(db.Micros(before.Time())) + " OR u.valid_until < " + a.Add(before.String()) + ")"}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			a := &db.Args{}
			_, err := tx.Exec(ctx, "UPDATE resource SET giver = CASE WHEN giver <> '' THEN "+a.Add(retention.Gone())+" ELSE '' END, contact = NULL, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+
				db.In(a, "id", rows), a.Values()...)
			return err
		}}}
}

// ForgetTx takes out who asked, and what they said, of persons whom the register forgets; of those who helped as volunteers, their number, words and files, and why one was not suitable. It runs before
// package volunteer forgets whose a file was.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	if err := forgetFiles(ctx, tx, tenant, func(a *db.Args) string { return "p.person_id <> 0 AND " + db.In(a, "p.person_id", persons) }); err != nil {
		return err
	}
	a := &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE need_entry SET words = NULL WHERE tenant_id = "+a.Add(tenant)+" AND pledge_id <> 0 AND pledge_id IN (SELECT p.id FROM need_pledge p WHERE p.tenant_id = "+a.Add(tenant)+
		" AND p.person_id <> 0 AND "+db.In(a, "p.person_id", persons)+")", a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	// Why a volunteer was not suitable stands in the step that was kept in the same instant.
	if _, err := tx.Exec(ctx, "UPDATE need_entry SET words = NULL WHERE tenant_id = "+a.Add(tenant)+" AND act = "+a.Add(string(ActPass))+" AND EXISTS (SELECT 1 FROM need_proposal q JOIN volunteer v ON v.tenant_id = q.tenant_id AND v.id = q.volunteer_id "+
		"WHERE q.tenant_id = need_entry.tenant_id AND q.need_id = need_entry.need_id AND q.volunteer_id <> 0 AND q.state = 'declined' AND q.decided_at = need_entry.at AND v.person_id <> 0 AND "+db.In(a, "v.person_id", persons)+")", a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE need_pledge SET contact = NULL, said = NULL, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND person_id <> 0 AND "+db.In(a, "person_id", persons), a.Values()...); err != nil {
		return err
	}
	return forget(ctx, tx, tenant, "person_id", persons) // nobody is person 0
}

// forget empties needs. One that is not over ends: what nobody knows the words of, nobody meets.
func forget(ctx context.Context, tx *db.Tx, tenant int64, column string, ids []id.ID) error {
	of := func(a *db.Args) string {
		return " WHERE tenant_id = " + a.Add(tenant) + " AND need_id IN (SELECT n.id FROM need n WHERE n.tenant_id = " + a.Add(tenant) + " AND " + db.In(a, "n."+column, ids) + ")"
	}
	const waits = " AND state IN ('pledged', 'agreed', 'delivered')"
	if err := forgetFiles(ctx, tx, tenant, func(a *db.Args) string {
		return "p.need_id IN (SELECT n.id FROM need n WHERE n.tenant_id = p.tenant_id AND " + db.In(a, "n."+column, ids) + ")"
	}); err != nil {
		return err
	}
	for _, q := range []func(a *db.Args) string{
		func(a *db.Args) string { return "UPDATE need_entry SET words = NULL" + of(a) },
		func(a *db.Args) string { return "DELETE FROM need_proposal" + of(a) },
		func(a *db.Args) string {
			return "UPDATE need_pledge SET contact = NULL, said = NULL, team = '', named = FALSE, version = version + 1" + of(a)
		},
		func(a *db.Args) string { // what is promised of a resource is free again
			return "UPDATE resource SET left_over = left_over + (SELECT CAST(coalesce(sum(p.amount), 0) AS BIGINT) FROM need_pledge p WHERE p.tenant_id = resource.tenant_id AND p.resource_id = resource.id AND p.id IN (SELECT id FROM need_pledge" +
				of(a) + waits + ")), version = version + 1 WHERE tenant_id = " + a.Add(tenant) + " AND amount > 0 AND id IN (SELECT resource_id FROM need_pledge" + of(a) + waits + ")"
		},
		func(a *db.Args) string {
			return "DELETE FROM need_help" + of(a) + " AND counted = FALSE AND pledge_id IN (SELECT id FROM need_pledge" + of(a) + waits + ")"
		},
		func(a *db.Args) string {
			return "UPDATE need_pledge SET state = 'withdrawn', ended_at = " + a.Add(db.Micros(tx.Now())) + ", version = version + 1" + of(a) + waits
		},
		func(a *db.Args) string {
			return "UPDATE need SET title = " + a.Add(retention.Gone()) + `, title_key = '', words = '', skill = '', body = NULL, place = NULL, holder = NULL, phone = NULL, answer = NULL, person_id = 0, resident_id = 0,
				taken = (SELECT count(*) FROM need_pledge p WHERE p.tenant_id = need.tenant_id AND p.need_id = need.id AND ` + stands + `),
				outcome = CASE WHEN outcome = '' AND state IN ('open', 'taken', 'delivered') THEN 'nobody' ELSE outcome END,
				ended_at = CASE WHEN ended_at = 0 THEN ` + a.Add(db.Micros(tx.Now())) + ` ELSE ended_at END,
				state = CASE WHEN state = 'asked' THEN 'refused' WHEN state IN ('open', 'taken', 'delivered') THEN 'done' ELSE state END,
				version = version + 1 WHERE tenant_id = ` + a.Add(tenant) + " AND " + db.In(a, column, ids)
		},
	} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, q(a), a.Values()...); err != nil {
			return err
		}
	}
	return nil
}

// AnonymiseTx takes out of pledges, their steps and help whose they were, of members whom the register forgets. Their postings are the ledger's.
func AnonymiseTx(ctx context.Context, tx *db.Tx, tenant int64, members []id.ID) error {
	a := &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE need_entry SET words = NULL WHERE tenant_id = "+a.Add(tenant)+" AND pledge_id <> 0 AND pledge_id IN (SELECT p.id FROM need_pledge p WHERE p.tenant_id = "+a.Add(tenant)+
		" AND p.member_id <> 0 AND "+db.In(a, "p.member_id", members)+")", a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
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
