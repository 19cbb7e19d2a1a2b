package dues

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/waiting"
)

// What waits.
const (
	WaitOwnBase = "dues.base.own" // the member has not said out of what they pay
	WaitOwnOwed = "dues.owed.own" // a gentle reminder: months are unpaid
	WaitReview  = "dues.review"   // a base of nothing, to be looked at
	WaitUnpaid  = "dues.unpaid"   // six months without a payment (DUES-12)
	WaitRelief  = "dues.relief"   // hardship to be approved
)

// Waiting says what of dues waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	err := s.db.View(ctx, func(tx *db.Tx) error {
		if actor.Can(PermOwn) {
			if err := s.waitsOwn(ctx, tx, actor, &out); err != nil {
				return err
			}
		}
		ask := func(kind string, p authz.Permission, subject, query string, where func(a *db.Args) string, alias string) error {
			if !actor.Can(p) {
				return nil
			}
			a := &db.Args{}
			it := waiting.Item{Kind: kind}
			var one id.ID
			_, err := db.One(ctx, tx, func(*struct{}) []any { return []any{&it.Count, &one} }, "SELECT count(*), coalesce(min("+subject+"), 0)"+query+" WHERE "+alias+".tenant_id = "+a.Add(actor.Tenant)+where(a), a.Values()...)
			if it.Count == 1 {
				it.Subject = one
			}
			if it.Count > 0 {
				out = append(out, it)
			}
			return err
		}
		if err := ask(WaitReview, PermKeep, "m.id", memberTables, func(a *db.Args) string {
			return " AND " + standing(a, actor, PermKeep, "b") + ` AND m.ended_on = '' AND EXISTS (SELECT 1 FROM dues_base r WHERE r.tenant_id = m.tenant_id AND r.member_id = m.id AND r.review
				AND r.id = (SELECT max(l.id) FROM dues_base l WHERE l.tenant_id = m.tenant_id AND l.member_id = m.id))`
		}, "m"); err != nil {
			return err
		}
		now := MonthOf(today(tx))
		if err := ask(WaitUnpaid, PermKeep, "m.id", memberTables, func(a *db.Args) string {
			return " AND " + standing(a, actor, PermKeep, "b") + unpaidWhere(a, now)
		}, "m"); err != nil {
			return err
		}
		return ask(WaitRelief, PermApprove, "l.id", ` FROM dues_relief l LEFT JOIN organisation b ON b.tenant_id = l.tenant_id AND b.id = l.branch_id
			LEFT JOIN organisation up ON up.tenant_id = b.tenant_id AND up.id = `+above, func(a *db.Args) string {
			return " AND l.state = 'proposed' AND " + oneUp(a, actor)
		}, "l")
	})
	return out, err
}

// waitsOwn adds what waits for the member: only where the branch collects dues here.
func (s *Service) waitsOwn(ctx context.Context, tx *db.Tx, actor authz.Actor, out *[]waiting.Item) error {
	m, err := ownMember(ctx, tx, actor)
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	if err != nil || !m.Collecting || !m.EndedOn.IsZero() {
		return err
	}
	r, err := loadRules(ctx, tx, actor.Tenant)
	if err != nil {
		return err
	}
	all, err := s.loadAccounts(ctx, tx, actor.Tenant, []Member{m})
	if err != nil {
		return err
	}
	if len(all[0].bases) == 0 {
		*out = append(*out, waiting.Item{Kind: WaitOwnBase, Count: 1})
		return nil
	}
	behind, err := all[0].arrears(MonthOf(today(tx)), r)
	if len(behind) > 0 {
		*out = append(*out, waiting.Item{Kind: WaitOwnOwed, Count: int64(len(behind))})
	}
	return err
}
