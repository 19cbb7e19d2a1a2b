package pairing

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/retention"
	"linli/internal/waiting"
)

// keptMonths is how long what was said is kept after the end where a district sets nothing else.
const keptMonths = 36

// RetentionKinds is the period of households after their end: who it was, the situation, the plan and the notes go; that there was one, and its visits, stay counted.
func RetentionKinds() []retention.Kind {
	period := retention.Months("retention.pairing_months", i18n.RetentionPairing, 12, "PRIV-7")
	period.Default = keptMonths
	return []retention.Kind{{Code: "pairing.ended", Title: i18n.RetentionPairing, Act: i18n.RetentionActPairing, Period: period,
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "h.id", From: "pairing_household h WHERE h.tenant_id = " + a.Add(tenant) + " AND h.ended_on <> '' AND h.ended_on < " + a.Add(before) + " AND h.forgotten_on = ''"}
		},
		Remove: forget}}
}

// forget takes out of households who it was and all that was said.
func forget(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
	for _, q := range []string{"DELETE FROM pairing_item WHERE ", "UPDATE pairing_visit SET note = NULL WHERE ", "UPDATE pairing_pair SET end_words = NULL, version = version + 1 WHERE "} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, q+"tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "household_id", rows), a.Values()...); err != nil {
			return err
		}
	}
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE pairing_household SET situation = NULL, end_words = NULL, person_id = 0, forgotten_on = "+a.Add(calendar.DateOf(tx.Now()))+", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
	return err
}

// ForgetTx ends the households of persons whom the register forgets and takes out what was said; where they helped, they help no more and their name goes.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	a := &db.Args{}
	rows, err := db.Column[id.ID](ctx, tx, "SELECT h.id FROM pairing_household h WHERE h.tenant_id = "+a.Add(tenant)+" AND h.person_id <> 0 AND "+db.In(a, "h.person_id", persons)+" ORDER BY h.id", a.Values()...)
	if err != nil {
		return err
	}
	if len(rows) > 0 {
		today := calendar.DateOf(tx.Now())
		a = &db.Args{}
		if _, err := tx.Exec(ctx, "UPDATE pairing_pair SET ended_on = "+a.Add(today)+", ending = 'moved', version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND ended_on = '' AND "+db.In(a, "household_id", rows), a.Values()...); err != nil {
			return err
		}
		a = &db.Args{}
		if _, err := tx.Exec(ctx, "UPDATE pairing_household SET state = 'ended', ended_on = "+a.Add(today)+", ending = 'moved', version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND ended_on = '' AND "+db.In(a, "id", rows), a.Values()...); err != nil {
			return err
		}
		if err := forget(ctx, tx, tenant, rows); err != nil {
			return err
		}
	}
	if _, err := leave(ctx, tx, tenant, "person_id", persons, calendar.DateOf(tx.Now())); err != nil {
		return err
	}
	a = &db.Args{}
	_, err = tx.Exec(ctx, "UPDATE pairing_pair SET person_id = 0, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND person_id <> 0 AND "+db.In(a, "person_id", persons), a.Values()...)
	return err
}

// Follow lets households, pairs and visits of an organisation follow when another takes it in. A household that both helped has one pair of them.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE pairing_pair SET ended_on = $1, ending = 'helper', version = version + 1 WHERE tenant_id = $2 AND unit_id = $3 AND ended_on = '' AND EXISTS (SELECT 1 FROM pairing_pair o
		WHERE o.tenant_id = pairing_pair.tenant_id AND o.household_id = pairing_pair.household_id AND o.unit_id = $4 AND o.ended_on = '')`, calendar.DateOf(tx.Now()), actor.Tenant, from, to); err != nil {
		return err
	}
	for _, q := range []string{"UPDATE pairing_household SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3", "UPDATE pairing_pair SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE pairing_pair SET unit_id = $1, version = version + 1 WHERE tenant_id = $2 AND unit_id = $3", "UPDATE pairing_visit SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3"} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}

// The kinds of what waits.
const (
	WaitUnpaired  = "pairing.unpaired"  // households without a helper
	WaitUnvisited = "pairing.unvisited" // households that nobody visited for Quiet days
	WaitMine      = "pairing.mine"      // those that the actor helps and did not visit for Quiet days
)

// Waiting says what waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) (out []waiting.Item, err error) {
	since := s.Today().AddDays(-Quiet)
	add := func(kind string, a *db.Args, query string) error {
		type row struct {
			waiting.Item
			on calendar.Date
		}
		it, err := db.One(ctx, s.db, func(r *row) []any { return []any{&r.Count, &r.Subject, &r.on} }, query, a.Values()...)
		if err != nil || it.Count == 0 {
			return err
		}
		it.Kind, it.Since = kind, it.on.Time()
		out = append(out, it.Item)
		return nil
	}
	if scope := actor.Scope(PermManage); !scope.Empty() {
		a := &db.Args{}
		if err := add(WaitUnpaired, a, "SELECT count(*), coalesce(min(h.id), 0), coalesce(min(h.entered_on), '') FROM pairing_household h WHERE "+scope.Where(a, ofHousehold)+" AND h.state = 'waiting'"); err != nil {
			return nil, err
		}
		a = &db.Args{}
		if err := add(WaitUnvisited, a, "SELECT count(*), coalesce(min(h.id), 0), coalesce(min(h.since_on), '') FROM pairing_household h WHERE "+scope.Where(a, ofHousehold)+" AND "+quiet(a, since)); err != nil {
			return nil, err
		}
	}
	if actor.Can(PermOwn) || actor.Can(PermHelp) || actor.Can(PermUnit) {
		a := &db.Args{}
		err = add(WaitMine, a, "SELECT count(*), coalesce(min(p.household_id), 0), coalesce(min(p.from_on), '') FROM pairing_pair p WHERE "+mine(a, actor)+" AND p.visited_on < "+a.Add(since)+" AND p.from_on < "+a.Add(since))
	}
	return out, err
}
