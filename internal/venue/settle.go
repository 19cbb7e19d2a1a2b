package venue

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/waiting"
)

// settleAtOnce bounds one transaction of Settle.
const settleAtOnce = 500

// Settle brings the bookings of a tenant up to the time: what nobody answered lapses when it begins and its time is free; where somebody checked in it is done at its end; where nobody did
// it was missed. The queue calls it every few minutes.
func (s *Service) Settle(ctx context.Context, tenant int64) error {
	for _, x := range []struct {
		from, to State
		act      Act
		column   string
	}{{Asked, Lapsed, ActLapse, "starts_at"}, {In, Done, ActDone, "ends_at"}, {Agreed, Missed, ActMissed, "ends_at"}} {
		for {
			n, err := s.settle(ctx, tenant, x.from, x.to, x.act, x.column)
			if err != nil {
				return err
			}
			if n < settleAtOnce {
				break
			}
		}
	}
	return nil
}

func (s *Service) settle(ctx context.Context, tenant int64, from, to State, act Act, column string) (n int, err error) {
	actor := authz.System(tenant, "bookings of places")
	return n, s.db.WithTx(ctx, func(tx *db.Tx) error {
		now := db.Micros(tx.Now())
		type due struct{ id, owner, person id.ID }
		list, err := db.All(ctx, tx, func(d *due) []any { return []any{&d.id, &d.owner, &d.person} }, `SELECT b.id, v.org_id, b.person_id FROM venue_booking b JOIN venue v ON v.tenant_id = b.tenant_id AND v.id = b.venue_id
			WHERE b.tenant_id = $1 AND b.state = $2 AND b.`+column+` <= $3 ORDER BY b.`+column+`, b.id LIMIT $4`, tenant, string(from), now, int64(settleAtOnce))
		if n = len(list); err != nil || n == 0 {
			return err
		}
		ids, entries := make([]id.ID, n), make([]audit.Entry, n)
		for i, d := range list {
			ids[i] = d.id
			entries[i] = audit.Entry{Action: "venue." + string(act), SubjectKind: "venue_booking", SubjectID: d.id, PersonID: d.person, OrgID: d.owner}
		}
		a := &db.Args{}
		if _, err := tx.Exec(ctx, "UPDATE venue_booking SET state = "+a.Add(string(to))+", ended_at = "+a.Add(now)+", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", ids), a.Values()...); err != nil {
			return err
		}
		if !to.Holds() {
			if err := release(ctx, tx, tenant, ids...); err != nil {
				return err
			}
		}
		if err := tx.InsertMany(ctx, "venue_entry", []string{"tenant_id", "id", "booking_id", "act", "state", "at"}, n, func(i int) []any {
			return []any{tenant, id.New(), ids[i], string(act), string(to), now}
		}); err != nil {
			return err
		}
		return audit.RecordMany(ctx, tx, actor, entries)
	})
}

// Waiting says what waits for the actor; the list with Filter.Wait shows the very bookings.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if actor.Held(PermKeep).Empty() {
		return nil, nil
	}
	a := &db.Args{}
	it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since)} },
		"SELECT count(*), coalesce(min(b.id), 0), coalesce(min(b.created_at), 0) FROM venue_booking b JOIN venue v ON v.tenant_id = b.tenant_id AND v.id = b.venue_id WHERE "+waits(a, actor, WaitAsk), a.Values()...)
	if it.Kind = WaitAsk; err != nil || it.Count == 0 {
		return nil, err
	}
	return []waiting.Item{it}, nil
}
