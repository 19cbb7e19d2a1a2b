package lovebank

import (
	"context"
	"errors"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// current gives the actor's own account, in the bank of the community to which they belong today: whoever moved need not wait for the night.
func current(ctx context.Context, tx *db.Tx, actor authz.Actor) (Book, error) {
	b, err := mine(ctx, tx, actor.Tenant, actor.PersonID)
	if err != nil || b.IsClosed() {
		return b, err
	}
	return settle(ctx, tx, actor.Tenant, b)
}

// settleOwn moves the actor's own account before an act of theirs, in a transaction of its own: an act that is refused does not take the move back.
func (s *Service) settleOwn(ctx context.Context, actor authz.Actor) error {
	b, err := mine(ctx, s.db, actor.Tenant, actor.PersonID)
	if errs.KindOf(err) == errs.NotFound || err == nil && (b.IsClosed() || b.communityOf == 0 || b.communityOf == b.CommunityID) {
		return nil
	} else if err != nil {
		return err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := current(ctx, tx, actor)
		return err
	})
	if errs.KindOf(err) == errs.Conflict { // it was moved meanwhile
		return nil
	}
	return err
}

// Settle moves the accounts of those who belong to another community now into its bank (DIG-8).
func (s *Service) Settle(ctx context.Context, tenant int64) error {
	books, err := db.Column[id.ID](ctx, s.db, `SELECT a.id`+bookJoined+`a.tenant_id = $1 AND a.person_id <> 0 AND a.closed_on = '' AND p.died_on = ''
		AND a.community_id <> CASE WHEN coalesce(m.community_id, 0) <> 0 THEN m.community_id ELSE coalesce(p.community_id, 0) END ORDER BY a.id`, tenant)
	if err != nil {
		return err
	}
	var failed []error
	for _, book := range books {
		failed = append(failed, s.db.WithTx(ctx, func(tx *db.Tx) error {
			b, err := db.One(ctx, tx, (*Book).dest, "SELECT "+bookColumns+bookJoined+"a.tenant_id = $1 AND a.id = $2", tenant, book)
			if err != nil || b.IsClosed() {
				return err
			}
			_, err = settle(ctx, tx, tenant, b)
			return err
		}))
	}
	return errors.Join(failed...)
}

// settle moves an account into the bank of the community to which its owner belongs, with what is in it: each lot keeps its days and the service as which it counts. What is ordered stays with the
// community that has it. The account keeps its number.
func settle(ctx context.Context, tx *db.Tx, tenant int64, b Book) (Book, error) {
	from, to := b.CommunityID, b.communityOf
	if to == 0 || to == from {
		return b, nil
	}
	if err := findCommunity(ctx, tx, tenant, to); errs.KindOf(err) == errs.Invalid { // nobody keeps a bank there
		return b, nil
	} else if err != nil {
		return b, err
	}
	if b.Balance > 0 {
		if err := carryOver(ctx, tx, tenant, b, to); err != nil {
			return b, err
		}
	}
	if err := tx.Update(ctx, `UPDATE bank_account SET community_id = $1 WHERE tenant_id = $2 AND id = $3 AND community_id = $4`, to, tenant, b.ID, from); err != nil {
		return b, err
	}
	if err := audit.Record(ctx, tx, system(tenant), audit.Entry{Action: "lovebank.move", SubjectKind: "bank_account", SubjectID: b.ID, PersonID: b.PersonID, OrgID: to, Detail: map[string]any{"from": from, "hearts": b.Balance}}); err != nil {
		return b, err
	}
	return db.One(ctx, tx, (*Book).dest, "SELECT "+bookColumns+bookJoined+"a.tenant_id = $1 AND a.id = $2", tenant, b.ID)
}

// carryOver is the journal of a move: everything goes out of the account and comes in again, and through the accounts between both banks.
func carryOver(ctx context.Context, tx *db.Tx, tenant int64, b Book, to id.ID) error {
	type part struct {
		draw
		root id.ID
	}
	parts, err := db.All(ctx, tx, func(p *part) []any { return []any{&p.lot, &p.amount, &p.earned, &p.expires, &p.root} }, `SELECT l.id, l.left_over, l.earned_on, l.expires_on, CASE WHEN l.origin_id <> 0 THEN l.origin_id ELSE l.id END
		FROM bank_line l WHERE l.tenant_id = $1 AND l.account_id = $2 AND l.left_over > 0 ORDER BY l.expires_on, l.id`, tenant, b.ID)
	if err != nil {
		return err
	}
	of := b.account()
	out := &entry{of: of, amount: -b.Balance}
	lines := []*entry{out}
	for _, p := range parts {
		out.drawn = append(out.drawn, p.draw)
		lines = append(lines, &entry{of: of, amount: p.amount, earned: p.earned, expires: p.expires, origin: p.root})
	}
	for _, x := range []struct {
		community id.ID
		amount    int64
	}{{b.CommunityID, b.Balance}, {to, -b.Balance}} {
		between, err := own(ctx, tx, tenant, x.community, Between, 0, 0)
		if err != nil {
			return err
		}
		lines = append(lines, &entry{of: between, amount: x.amount})
	}
	return post(ctx, tx, system(tenant), &journal{act: Moved, community: to, source: SourceAccount, sourceID: b.ID, on: calendar.DateOf(tx.Now())}, lines...)
}
