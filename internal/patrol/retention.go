package patrol

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

// RetentionKinds is the period of what was sent from rounds. The cases that came of it have their own. A phone keeps nothing for so long that it would send an
// entry again after that.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "patrol.old", Title: i18n.RetentionPatrol, Act: i18n.RetentionActPatrol,
		Period: retention.Months("retention.patrol_months", i18n.RetentionPatrol, 12, "PRIV-7"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "e.id", From: "patrol_entry e WHERE e.tenant_id = " + a.Add(tenant) + " AND e.received_at < " + a.Add(db.Micros(before.Time()))}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			a := &db.Args{}
			_, err := tx.Exec(ctx, "DELETE FROM patrol_entry WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
			return err
		}},
		{Code: "patrol.check", Title: i18n.RetentionCheck, Act: i18n.RetentionActDelete, Period: retention.Months("retention.check_months", i18n.RetentionCheck, 12, "PRIV-7"),
			Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
				return retention.Rows{ID: "c.id", From: "household_check c WHERE c.tenant_id = " + a.Add(tenant) + " AND c.received_at < " + a.Add(db.Micros(before.Time()))}
			},
			Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
				a := &db.Args{}
				_, err := tx.Exec(ctx, "DELETE FROM household_check WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
				return err
			}}}
}

// ForgetTx takes out what was noted of visits to where persons live whom the register forgets.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE patrol_entry SET note = NULL WHERE tenant_id = "+a.Add(tenant)+" AND household_id <> 0 AND household_id IN (SELECT p.household_id FROM person p WHERE p.tenant_id = "+a.Add(tenant)+
		" AND p.household_id <> 0 AND "+db.In(a, "p.id", persons)+")", a.Values()...)
	if err != nil {
		return err
	}
	a = &db.Args{}
	_, err = tx.Exec(ctx, "UPDATE household_check SET said = NULL, person_id = 0, state = CASE WHEN state = 'waiting' THEN 'left_out' ELSE state END WHERE tenant_id = "+a.Add(tenant)+
		" AND person_id <> 0 AND "+db.In(a, "person_id", persons), a.Values()...)
	return err
}

// Follow lets the entries of a community follow when another takes it in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	for _, table := range []string{"patrol_entry", "household_check"} {
		if _, err := tx.Exec(ctx, "UPDATE "+table+" SET community_id = $1 WHERE tenant_id = $2 AND community_id = $3", to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}
