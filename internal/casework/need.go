package casework

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Turned is what a need takes over from the case that it is made from.
type Turned struct {
	No          string
	Body, Place string
	CommunityID id.ID
	PersonID    id.ID
	HasPhone    bool
}

// TurnTx says that a case became a need, which has a number of its own (PermWork at the organisation that has it): the actor is at the case from then on, and whoever
// reported it reads that somebody is looked for. What is confidential, or about an organisation, becomes none: a need is made to be public.
func (s *Service) TurnTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c id.ID, version int64, no string) (out Turned, err error) {
	r, err := s.find(ctx, tx, actor, c)
	if err != nil {
		return out, err
	}
	switch {
	case !MayAct(actor, PermWork, ActTake, r.OrgID):
		return out, errs.ErrForbidden
	case r.Confidential || r.AboutID != 0:
		return out, errs.New(errs.Conflict, i18n.CaseNoNeed)
	}
	if s.jobs != nil {
		if err := s.jobs.ClearTx(ctx, tx, actor.Tenant, c); err != nil {
			return out, err
		}
	}
	return out, s.apply(ctx, tx, actor, PermWork, r, version, ActNeed, func(c *Case) (step, error) {
		c.accept(tx.Now())
		if c.StartedAt.IsZero() {
			c.StartedAt = tx.Now()
		}
		c.State, c.HandlerID, c.SignDueAt = Working, actor.AccountID, time.Time{}
		out = Turned{No: c.No, Body: c.Body, Place: c.Place, CommunityID: c.CommunityID, PersonID: c.PersonID, HasPhone: c.HasPhone}
		return step{words: no, open: true}, nil
	})
}

// EndNeedTx writes what came of the need that a case became as its result. A case that is not worked on any more stays as it ended.
func (s *Service) EndNeedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c id.ID, outcome Outcome, said string) error {
	r, err := load(ctx, tx, actor.Tenant, c)
	if err != nil {
		return err
	}
	if !r.Can(ActFinish) {
		return nil
	}
	in := Result{Outcome: outcome, Words: said}
	if outcome.needsAddress() {
		in.Address = r.Org // where they can ask further
	}
	if e := in.check(); e != nil {
		return e
	}
	return s.apply(ctx, tx, actor, "", r, 0, ActFinish, func(c *Case) (step, error) { return s.finishedElsewhere(ctx, tx, actor, c, in, i18n.CaseStepsLeftNeed) })
}
