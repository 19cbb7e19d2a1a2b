package mediation

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

// keptMonths is how long a file is kept where a district sets nothing else.
const keptMonths = 60

// RetentionKinds is the period of mediations that ended, and of those that nobody touches any more: parties, words and records go; that there was one of its kind, when and how it ended, stays.
func RetentionKinds() []retention.Kind {
	period := retention.Months("retention.mediation_months", i18n.RetentionMediation, 24, "MED-8, PRIV-7")
	period.Default = keptMonths
	return []retention.Kind{{Code: "mediation.ended", Title: i18n.RetentionMediation, Act: i18n.RetentionActMediation, Period: period,
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "m.id", From: "mediation m WHERE m.tenant_id = " + a.Add(tenant) + " AND (m.ended_on <> '' AND m.ended_on < " + a.Add(before) +
				" OR m.ended_on = '' AND m.updated_at < " + a.Add(db.Micros(before.Time())) + ") AND m.forgotten_on = ''"}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			for _, q := range []string{
				"DELETE FROM mediation_party WHERE ", "DELETE FROM mediation_mediator WHERE ", "DELETE FROM mediation_session WHERE ", "DELETE FROM mediation_duty WHERE ", "DELETE FROM mediation_visit WHERE ",
				"UPDATE mediation_entry SET words = NULL WHERE ",
			} {
				a := &db.Args{}
				if _, err := tx.Exec(ctx, q+"tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "mediation_id", rows), a.Values()...); err != nil {
					return err
				}
			}
			if err := forgetScans(ctx, tx, tenant, rows); err != nil {
				return err
			}
			a := &db.Args{}
			today := a.Add(calendar.DateOf(tx.Now()))
			_, err := tx.Exec(ctx, "UPDATE mediation SET ended_on = CASE WHEN ended_on = '' THEN "+today+" ELSE ended_on END, place = NULL, matter = NULL, risk_note = NULL, terms = NULL, end_words = NULL, next_on = '', next_what = '', forgotten_on = "+today+
				", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
			return err
		}}}
}

// ForgetTx takes out who persons are whom the register forgets, with name, telephone, identity number and address: a file that is kept by law keeps what was said and
// agreed until its own period is over.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE mediation_party SET person_id = 0, details = NULL, phone_key = '' WHERE tenant_id = "+a.Add(tenant)+" AND person_id <> 0 AND "+db.In(a, "person_id", persons), a.Values()...)
	return err
}

// Follow lets the mediations and the committee of a community follow when another takes it in. Where that has a committee, it stays, and the members join it.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	for _, q := range []string{
		"UPDATE mediation SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE mediation_member SET head = FALSE WHERE tenant_id = $2 AND org_id = $3 AND EXISTS (SELECT 1 FROM mediation_committee c WHERE c.tenant_id = mediation_member.tenant_id AND c.org_id = $1)",
		"UPDATE mediation_member SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3",
		"DELETE FROM mediation_committee WHERE tenant_id = $2 AND org_id = $3 AND EXISTS (SELECT 1 FROM mediation_committee c WHERE c.tenant_id = mediation_committee.tenant_id AND c.org_id = $1)",
		"UPDATE mediation_committee SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3",
	} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}
