package project

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

// keptMonths is how long payees and names are kept after the end where a district sets nothing else.
const keptMonths = 36

// RetentionKinds is the period of payees and of names that stand in no register, after the end of a project. Amounts, words and receipts stay: they are the community's books.
func RetentionKinds() []retention.Kind {
	period := retention.Months("retention.project_months", i18n.RetentionProject, 12, "PRIV-7")
	period.Default = keptMonths
	return []retention.Kind{{Code: "project.ended", Title: i18n.RetentionProject, Act: i18n.RetentionActProject, Period: period,
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "c.id", From: "project c WHERE c.tenant_id = " + a.Add(tenant) + " AND c.ended_on <> '' AND c.ended_on < " + a.Add(before) +
				" AND (EXISTS (SELECT 1 FROM project_expense x WHERE x.tenant_id = c.tenant_id AND x.project_id = c.id AND x.payee IS NOT NULL) OR EXISTS (SELECT 1 FROM project_person w WHERE w.tenant_id = c.tenant_id AND w.project_id = c.id))"}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			a := &db.Args{}
			if _, err := tx.Exec(ctx, "UPDATE project_expense SET payee = NULL WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "project_id", rows), a.Values()...); err != nil {
				return err
			}
			a = &db.Args{}
			_, err := tx.Exec(ctx, "DELETE FROM project_person WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "project_id", rows), a.Values()...)
			return err
		}}}
}

// Follow lets projects follow an organisation that another takes in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	for _, q := range []string{
		"UPDATE project SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3",
		"UPDATE project SET lead_id = $1, version = version + 1 WHERE tenant_id = $2 AND lead_id = $3",
		"DELETE FROM project_partner WHERE tenant_id = $2 AND org_id = $1 AND state = 'left' AND EXISTS (SELECT 1 FROM project_partner y WHERE y.tenant_id = project_partner.tenant_id AND y.project_id = project_partner.project_id AND y.org_id = CAST($3 AS BIGINT) AND y.state <> 'left')", // who takes it in was taken out earlier
		"DELETE FROM project_partner WHERE tenant_id = $2 AND org_id = $3 AND EXISTS (SELECT 1 FROM project_partner y WHERE y.tenant_id = project_partner.tenant_id AND y.project_id = project_partner.project_id AND y.org_id = $1)",
		"UPDATE project_partner SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
		"DELETE FROM project_partner WHERE tenant_id = $2 AND org_id = $1 AND CAST($3 AS BIGINT) <> 0 AND EXISTS (SELECT 1 FROM project c WHERE c.tenant_id = project_partner.tenant_id AND c.id = project_partner.project_id AND c.community_id = project_partner.org_id AND c.lead_id = c.community_id)", // nobody is a partner of itself; the cast lets the argument stand here too
		"UPDATE project_step SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE project_line SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE project_expense SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE project_change SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE project_person SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE project_entry SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
	} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}
