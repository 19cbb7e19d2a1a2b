package transfer

import (
	"context"
	"fmt"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
)

// Follow lets open transfers go over when a branch is taken in by another (organisation.Follower), on either side. One that would then lead from a branch to
// itself has no purpose any more and is withdrawn. What is closed stays as it happened.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	where, err := branches(ctx, tx, actor.Tenant, from, to)
	if err != nil {
		return err
	}
	all, err := db.All(ctx, tx, (*Transfer).dest, "SELECT "+columns+" FROM transfer t WHERE t.tenant_id = $1 AND (t.from_id = $2 OR t.to_id = $2) AND t.state IN "+open+
		" ORDER BY t.id", actor.Tenant, from)
	if err != nil || len(all) == 0 {
		return err
	}
	today, note := calendar.DateOf(tx.Now()), i18n.TransferMerged.In(i18n.ZH, where[from].Label, where[to].Label)
	var moot []id.ID
	ids, entries := make([]id.ID, len(all)), make([]audit.Entry, len(all))
	for i, t := range all {
		ids[i] = t.ID
		act := ActFollow
		if t.FromID == to || t.ToID == to {
			moot = append(moot, t.ID)
			act = ActWithdraw
		}
		entries[i] = entry(act, t, map[string]any{"from": from, "to": to})
	}
	if err := s.withdrawAll(ctx, tx, actor, moot, today, note); err != nil {
		return err
	}
	for _, column := range []string{"from_id", "to_id"} {
		if _, err := tx.Exec(ctx, "UPDATE transfer SET "+column+" = $1, updated_at = $2, version = version + 1 WHERE tenant_id = $3 AND "+column+" = $4 AND state IN "+open,
			to, db.Micros(tx.Now()), actor.Tenant, from); err != nil {
			return err
		}
	}
	gone := map[id.ID]bool{}
	for _, m := range moot {
		gone[m] = true
	}
	if err := insertSteps(ctx, tx, actor, ids, func(i int) Step {
		if gone[ids[i]] {
			return Step{Act: ActWithdraw, On: today, Note: note}
		}
		return Step{Act: ActFollow, On: today, Note: note}
	}); err != nil {
		return err
	}
	return audit.RecordMany(ctx, tx, actor, entries)
}

// withdrawAll closes open transfers with one reason and takes their letters out of force.
func (s *Service) withdrawAll(ctx context.Context, tx *db.Tx, actor authz.Actor, transfers []id.ID, on calendar.Date, reason string) error {
	if len(transfers) == 0 {
		return nil
	}
	a := &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE transfer SET state = 'withdrawn', closed_on = "+a.Add(on)+", reason = "+a.Add(reason)+", updated_at = "+a.Add(db.Micros(tx.Now()))+
		", version = version + 1 WHERE tenant_id = "+a.Add(actor.Tenant)+" AND "+db.In(a, "id", transfers), a.Values()...); err != nil {
		return err
	}
	return paper.RevokeManyTx(ctx, tx, actor.Tenant, paper.KindTransfer, transfers, reason)
}

// EndedTx withdraws the open transfer of a member whose record ends otherwise: by death, by leaving the Party. Why it ended is the register's; neither the
// other branch nor who checks the letter is told.
func (s *Service) EndedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, member id.ID, on calendar.Date, _ string) error {
	reason := i18n.TransferRecordEnded.In(i18n.ZH)
	all, err := db.All(ctx, tx, (*Transfer).dest, "SELECT "+columns+" FROM transfer t WHERE t.tenant_id = $1 AND t.member_id = $2 AND t.state IN "+open, actor.Tenant, member)
	if err != nil || len(all) == 0 {
		return err
	}
	ids, entries := make([]id.ID, len(all)), make([]audit.Entry, len(all))
	for i, t := range all {
		ids[i], entries[i] = t.ID, entry(ActWithdraw, t, map[string]any{"reason": reason})
	}
	if err := s.withdrawAll(ctx, tx, actor, ids, on, reason); err != nil {
		return err
	}
	if err := insertSteps(ctx, tx, actor, ids, func(int) Step { return Step{Act: ActWithdraw, On: on, Note: reason} }); err != nil {
		return err
	}
	return audit.RecordMany(ctx, tx, actor, entries)
}

// Verify names what contradicts itself in a tenant: an open transfer whose member belongs elsewhere or ended, one in transit without a letter, one that was
// received on no day.
func (s *Service) Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	checks := []struct{ what, query string }{
		{"the member of the open transfer %s does not belong to the sending branch", `SELECT t.id FROM transfer t JOIN member m ON m.tenant_id = t.tenant_id AND m.id = t.member_id
			WHERE t.tenant_id = $1 AND t.direction <> 'in' AND t.state IN ` + open + ` AND (m.home_id <> t.from_id OR m.ended_on <> '') ORDER BY t.id LIMIT 100`},
		{"the transfer %s is in transit without a letter", `SELECT t.id FROM transfer t WHERE t.tenant_id = $1 AND t.state = 'in_transit' AND (t.letter_no = '' OR t.valid_to = '') ORDER BY t.id LIMIT 100`},
		{"the transfer %s was received on no day", `SELECT t.id FROM transfer t WHERE t.tenant_id = $1 AND t.state = 'received' AND (t.closed_on = '' OR t.member_id = 0) ORDER BY t.id LIMIT 100`},
	}
	var out []string
	for _, c := range checks {
		ids, err := db.Column[id.ID](ctx, q, c.query, tenant)
		if err != nil {
			return nil, err
		}
		for _, i := range ids {
			out = append(out, fmt.Sprintf(c.what, i))
		}
	}
	return out, nil
}
