package activity

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// holding is where the actor enters presence: PermHold in scope, PermHost at the organisations at which they hold it themselves, so that a
// sub-district takes presence at its own meetings and leaves those of its communities to them.
func holding(actor authz.Actor) authz.Scope {
	return actor.Scope(PermHold).Or(actor.Held(PermHost))
}

// Holds says whether the actor enters presence at what an organisation holds (PermHold, PermHost).
func Holds(actor authz.Actor, org id.ID) bool { return holding(actor).Covers(org) }

// hosting is where the actor lets something give rise to an activity.
func hosting(actor authz.Actor) authz.Scope { return actor.Scope(PermPlan).Or(holding(actor)) }

// HoldTx plans and publishes an activity within another use case: something to which presence belongs, such as a meeting. It needs what
// Create needs, or PermHold (PermHost) at the organisation that holds it. That need not be a community; who is none credits no hours and no deeds.
func (s *Service) HoldTx(ctx context.Context, tx *db.Tx, actor authz.Actor, p Plan) (id.ID, error) {
	if err := p.check(); err != nil {
		return 0, err
	}
	if err := hosting(actor).Require(p.CommunityID); err != nil {
		return 0, err
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, p.CommunityID); err != nil {
		return 0, err
	}
	if there, err := isCommunity(ctx, tx, actor.Tenant, p.CommunityID); err != nil {
		return 0, err
	} else if !there && (p.GivesHours || p.DeedTitle != "") {
		return 0, errs.Field("gives_hours", i18n.ActivityNoCredit)
	}
	if _, err := findKind(ctx, tx, actor.Tenant, p.KindCode); err != nil {
		return 0, kindField(err)
	}
	if err := stand(ctx, tx, actor.Tenant, p); err != nil {
		return 0, err
	}
	a := Activity{ID: id.New(), Plan: p, State: Published, OrganiserID: actor.AccountID, CreatedAt: tx.Now(), Version: 1}
	if err := insert(ctx, tx, actor.Tenant, &a, s.sealSecret(a.ID)); err != nil {
		return 0, err
	}
	if err := audit.Record(ctx, tx, actor, entry(PermPlan, "activity.create", &a, nil)); err != nil {
		return 0, err
	}
	return a.ID, audit.Record(ctx, tx, actor, entry(PermPlan, "activity.publish", &a, nil))
}

// ExpectTx enrols members in an activity that another use case has just made. It needs what Create needs, and nothing at the members' own organisations.
func (s *Service) ExpectTx(ctx context.Context, tx *db.Tx, actor authz.Actor, activity id.ID, members []id.ID) error {
	a, err := find(ctx, tx, actor.Scope(PermPlan), false, activity)
	if err != nil {
		return err
	}
	holders, err := s.members.FindMany(ctx, tx, actor.Tenant, members)
	if err != nil {
		return err
	}
	for _, m := range members {
		h, ok := holders[m]
		if !ok || h.Ended {
			return errs.Field("member", i18n.ActivityNoMember)
		}
		state, err := place(ctx, tx, actor, &a, h)
		if err != nil {
			return err
		}
		e := entry(PermPlan, "activity.enrol", &a, map[string]any{"member": h.MemberID, "state": state})
		e.PersonID = h.PersonID
		if err := audit.Record(ctx, tx, actor, e); err != nil {
			return err
		}
	}
	return nil
}

// MoveTx changes name, place and time of an activity along with what it belongs to.
func (s *Service) MoveTx(ctx context.Context, tx *db.Tx, actor authz.Actor, activity id.ID, title, place string, startsAt, endsAt time.Time) error {
	a, err := find(ctx, tx, hosting(actor), false, activity)
	if err != nil {
		return err
	}
	before, p := a.Plan, a.Plan
	p.Title, p.Place, p.StartsAt, p.EndsAt = title, place, startsAt, endsAt
	if err := a.Edit(p); err != nil {
		return err
	}
	if err := save(ctx, tx, actor.Tenant, &a); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, entry(PermPlan, "activity.edit", &a, map[string]any{"before": before, "after": a.Plan}))
}

// CallOffTx cancels an activity along with what it belongs to.
func (s *Service) CallOffTx(ctx context.Context, tx *db.Tx, actor authz.Actor, activity id.ID, reason string) error {
	a, err := find(ctx, tx, hosting(actor), false, activity)
	if err != nil {
		return err
	}
	if err := a.Cancel(reason); err != nil {
		return err
	}
	if err := save(ctx, tx, actor.Tenant, &a); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, entry(PermPlan, "activity.cancel", &a, map[string]any{"reason": a.Reason}))
}
