package casework

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// ownAct is one of the organisation that has the case: only who holds the right there does it, and not by right of standing above.
var ownAct = map[Act]bool{ActAccept: true, ActTake: true, ActRefuse: true, ActReturn: true, ActUp: true, ActNote: true, ActSuspend: true, ActResume: true, ActAsk: true, ActFinish: true, ActFiles: true, ActCall: true, ActTopic: true, ActNeed: true,
	ActStep: true, ActUnstep: true, ActPutBack: true}

// MayAct says whether the actor does an act at an organisation with a permission: those of the organisation itself only where they hold it there.
func MayAct(actor authz.Actor, perm authz.Permission, a Act, org id.ID) bool {
	if ownAct[a] {
		return actor.Held(perm).Covers(org)
	}
	return actor.Scope(perm).Covers(org)
}

// mayAct says it of a case: whoever works where it happened may look whether it is done, whoever has it; who gave it out takes it back.
func mayAct(actor authz.Actor, perm authz.Permission, a Act, c Case) bool {
	if a == ActCheck {
		return actor.Scope(perm).Covers(c.CommunityID)
	}
	if a == ActRecall {
		return c.Recalled(actor)
	}
	return MayAct(actor, perm, a, c.OrgID)
}

// Recalled says whether the actor is who may take back a case that was given out (PermDispatch at the organisation that gave it out).
func (c Case) Recalled(actor authz.Actor) bool {
	return actor.Held(PermDispatch).Covers(c.DispatchedBy)
}

// Unsigned says whether nobody has signed in time for a case that was given out.
func (c Case) Unsigned(now time.Time) bool { return c.Can(ActRecall) && now.After(c.SignDueAt) }

// act finds a case that the actor may see and whose organisation they act for (perm), checks that the act is possible, lets do change the case and say what is
// kept of it, saves and records it. version is what the actor saw; somebody else's change in between is a Conflict.
func (s *Service) act(ctx context.Context, actor authz.Actor, perm authz.Permission, c id.ID, version int64, a Act, do func(tx *db.Tx, o office, c *Case) (step, error)) error {
	o, err := s.office(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := s.find(ctx, tx, actor, c)
		if err != nil {
			return err
		}
		if !mayAct(actor, perm, a, r.Case) {
			return errs.ErrForbidden
		}
		if version == 0 && a != ActNote && a != ActFiles && a != ActStep && a != ActUnstep {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		if clears[a] && s.jobs != nil {
			if err := s.jobs.ClearTx(ctx, tx, actor.Tenant, c); err != nil {
				return err
			}
		}
		return s.apply(ctx, tx, actor, perm, r, version, a, func(c *Case) (step, error) { return do(tx, o, c) })
	})
}

// apply is the part of an act that is the same whoever does it.
func (s *Service) apply(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, r row, version int64, a Act, do func(c *Case) (step, error)) error {
	now, err := s.open(r)
	if err != nil {
		return err
	}
	if version != 0 {
		now.Version = version
	}
	if now.Version != r.Version {
		return errs.New(errs.Conflict, i18n.ErrConflict)
	}
	if !now.Can(a) {
		return errs.New(errs.Conflict, i18n.CaseCannot, now.State.Text())
	}
	was := now
	e, err := do(&now)
	if err != nil {
		return err
	}
	if r.AcceptedAt.IsZero() && !now.AcceptedAt.IsZero() && now.State.Open() {
		if err := s.taken(ctx, tx, &now); err != nil {
			return err
		}
	}
	if err := s.save(ctx, tx, actor.Tenant, &now); err != nil {
		return err
	}
	if e.act == "" {
		e.act = a
	}
	e.account = actor.AccountID
	if now.OrgID != was.OrgID && e.from == 0 {
		e.from, e.to = was.OrgID, now.OrgID
	}
	entry, err := s.insertEntry(ctx, tx, actor.Tenant, now.ID, now.State, e)
	if err != nil {
		return err
	}
	if err := s.keepAt(ctx, tx, actor, now.ID, entry, e.files); err != nil {
		return err
	}
	if err := s.told(ctx, tx, &now, entry, e, was); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework." + string(e.act), Permission: perm, SubjectKind: "service_case", SubjectID: now.ID, PersonID: now.PersonID, OrgID: was.OrgID,
		Detail: map[string]any{"state": now.State, "to": e.to}})
}

// accept is the part of every act that takes a case on.
func (c *Case) accept(now time.Time) {
	if c.AcceptedAt.IsZero() {
		c.AcceptedAt = now
	}
}

// Accept takes a case on (PermDispatch).
func (s *Service) Accept(ctx context.Context, actor authz.Actor, c id.ID, version int64) error {
	return s.act(ctx, actor, PermDispatch, c, version, ActAccept, func(tx *db.Tx, _ office, c *Case) (step, error) {
		c.accept(tx.Now())
		c.State = Accepted
		return step{}, nil
	})
}

// Take lets the actor handle a case themselves (PermWork): they sign for what was given to their organisation, take on what came in, or take over from a colleague.
func (s *Service) Take(ctx context.Context, actor authz.Actor, c id.ID, version int64) error {
	return s.act(ctx, actor, PermWork, c, version, ActTake, func(tx *db.Tx, _ office, c *Case) (step, error) {
		if c.State == Working && c.HandlerID == actor.AccountID {
			return step{}, errs.New(errs.Conflict, i18n.CaseYours)
		}
		c.accept(tx.Now())
		if c.StartedAt.IsZero() {
			c.StartedAt = tx.Now()
		}
		c.State, c.HandlerID, c.SignDueAt = Working, actor.AccountID, time.Time{}
		return step{}, nil
	})
}

// Refuse does not accept a case, with the reason and the next address, which the one who reported reads (PermDispatch, CASE-3).
func (s *Service) Refuse(ctx context.Context, actor authz.Actor, c id.ID, version int64, why Reason, said, address string) error {
	var e *errs.Error
	if why.Text().IsZero() {
		e = e.With("reason", i18n.ErrBadChoice)
	}
	e = errs.Words(e, "words", &said, MaxWords, why == Elsewhere)
	if e = errs.Words(e, "address", &address, MaxPlace, why != Emergency); e != nil {
		return e
	}
	return s.act(ctx, actor, PermDispatch, c, version, ActRefuse, func(tx *db.Tx, _ office, c *Case) (step, error) {
		text := why.Text().In(i18n.ZH)
		if said != "" {
			text += " " + said
		}
		c.accept(tx.Now())
		c.State, c.Outcome, c.Result, c.Address, c.DoneAt, c.ClosedAt = Closed, Refused, text, address, tx.Now(), tx.Now()
		return step{words: text, open: true}, nil
	})
}

// Dispatch gives a case to another organisation, which signs for it (PermDispatch at both). said is what it is told.
func (s *Service) Dispatch(ctx context.Context, actor authz.Actor, c id.ID, version int64, to id.ID, said string) error {
	e := errs.Words(nil, "words", &said, MaxWords, false)
	if to == 0 {
		e = e.With("to", i18n.ErrRequired)
	}
	if e != nil {
		return e
	}
	return s.act(ctx, actor, PermDispatch, c, version, ActDispatch, func(tx *db.Tx, o office, c *Case) (step, error) {
		if err := s.mayHave(ctx, tx, actor.Tenant, c, to); err != nil {
			return step{}, err
		}
		if !actor.Scope(PermDispatch).Covers(to) {
			byRule, err := s.named(ctx, tx, actor.Tenant, *c, to)
			if err != nil {
				return step{}, err
			}
			if !byRule {
				return step{}, errs.Field("to", i18n.CaseNotBelow)
			}
		}
		c.accept(tx.Now())
		c.State, c.DispatchedBy, c.OrgID, c.HandlerID, c.DispatchedAt = Dispatched, c.OrgID, to, 0, tx.Now()
		c.SignDueAt, _ = o.signBy(c.Timing, tx.Now())
		return step{words: said}, nil
	})
}

// mayHave refuses an organisation that cannot have a case: one that is there no more, the one that has it, the one that it is about, or one whose answer is reviewed.
func (s *Service) mayHave(ctx context.Context, q db.Querier, tenant int64, c *Case, to id.ID) error {
	o, err := findOrg(ctx, q, tenant, to)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return errs.Field("to", i18n.ErrBadChoice)
	case err != nil:
		return err
	case o.over:
		return errs.Field("to", i18n.CaseOrgOver, o.name)
	case o.id == c.OrgID:
		return errs.Field("to", i18n.CaseHasIt, o.name)
	case o.within(c.AboutID):
		return errs.Field("to", i18n.CaseIsAbout, o.name)
	case c.Review == 0:
		return nil
	}
	answered, err := db.Value[int64](ctx, q, "SELECT count(*) FROM case_entry e WHERE e.tenant_id = $1 AND e.case_id = $2 AND e.act = 'review' AND e.from_id = $3", tenant, c.ID, to)
	if err == nil && answered > 0 {
		err = errs.Field("to", i18n.CaseReviewAnswered, o.name)
	}
	return err
}

// Return gives a wrong assignment back to who made it, within a working day, with the reason (PermWork, CASE-5). The clock goes on.
func (s *Service) Return(ctx context.Context, actor authz.Actor, c id.ID, version int64, why string) error {
	if e := errs.Words(nil, "words", &why, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermWork, c, version, ActReturn, func(tx *db.Tx, o office, c *Case) (step, error) {
		if c.DispatchedBy == 0 {
			return step{}, errs.New(errs.Conflict, i18n.CaseNobodyGave)
		}
		if limit, _ := o.signBy(c.Timing, c.DispatchedAt); tx.Now().After(limit) {
			return step{}, errs.New(errs.Conflict, i18n.CaseTooLate, i18n.DateTime(limit))
		}
		return step{words: why}, givenBack(ctx, tx, c)
	})
}

// Recall takes back what was given out and nobody signed for in time (PermDispatch at the organisation that gave it out): it lies there as before, to be given out elsewhere
// or done. The clock goes on.
func (s *Service) Recall(ctx context.Context, actor authz.Actor, c id.ID, version int64) error {
	return s.act(ctx, actor, PermDispatch, c, version, ActRecall, func(tx *db.Tx, _ office, c *Case) (step, error) {
		if !c.Unsigned(tx.Now()) {
			return step{}, errs.New(errs.Conflict, i18n.CaseRecallEarly, i18n.DateTime(c.SignDueAt))
		}
		return step{}, givenBack(ctx, tx, c)
	})
}

// givenBack lets a case lie again with the organisation that gave it out.
func givenBack(ctx context.Context, tx *db.Tx, c *Case) error {
	before, err := givenBy(ctx, tx, c.tenant, c.ID, c.DispatchedBy)
	if err != nil {
		return err
	}
	c.OrgID, c.DispatchedBy = c.DispatchedBy, before
	c.State, c.HandlerID, c.SignDueAt, c.DispatchedAt, c.StartedAt = Accepted, 0, time.Time{}, time.Time{}, time.Time{}
	if c.AcceptedAt.IsZero() { // it was given out by its category, and nobody has taken it on yet
		c.State = Received
	}
	return nil
}

// Up passes a case to the organisation above, with the reason (PermDispatch). It lies there as one that came in; the clock goes on.
func (s *Service) Up(ctx context.Context, actor authz.Actor, c id.ID, version int64, why string) error {
	if e := errs.Words(nil, "words", &why, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermDispatch, c, version, ActUp, func(tx *db.Tx, of office, c *Case) (step, error) {
		o, err := findOrg(ctx, tx, actor.Tenant, c.OrgID)
		if err != nil {
			return step{}, err
		}
		if o.parent == 0 {
			return step{}, errs.New(errs.Conflict, i18n.CaseTop, o.name)
		}
		if err := s.mayHave(ctx, tx, actor.Tenant, c, o.parent); err != nil {
			return step{}, errs.Under("words", err)
		}
		c.State, c.OrgID, c.DispatchedBy, c.HandlerID, c.SignDueAt = Received, o.parent, 0, 0, time.Time{}
		c.respondAt, _ = of.signBy(c.Timing, tx.Now())
		return step{words: why, open: true}, nil
	})
}

// Join asks another organisation to handle a case jointly; it sees the case from then on (PermDispatch). Confidential cases are not joined.
func (s *Service) Join(ctx context.Context, actor authz.Actor, c id.ID, version int64, other id.ID, said string) error {
	e := errs.Words(nil, "words", &said, MaxWords, true)
	if other == 0 {
		e = e.With("to", i18n.ErrRequired)
	}
	if e != nil {
		return e
	}
	return s.act(ctx, actor, PermDispatch, c, version, ActJoin, func(tx *db.Tx, _ office, c *Case) (step, error) {
		if err := s.mayHave(ctx, tx, actor.Tenant, c, other); err != nil {
			return step{}, err
		}
		near, err := s.near(ctx, tx, actor, c.OrgID, other)
		if err != nil {
			return step{}, err
		}
		if !near {
			return step{}, errs.Field("to", i18n.CaseNotNear)
		}
		_, err = tx.Exec(ctx, `INSERT INTO case_party (tenant_id, case_id, org_id, asked_at) VALUES ($1,$2,$3,$4)`, actor.Tenant, c.ID, other, db.Micros(tx.Now()))
		if db.IsUnique(err) {
			return step{}, errs.Field("to", i18n.CaseJoinedTwice)
		}
		return step{words: said, from: c.OrgID, to: other}, err
	})
}

// near says whether an organisation can be asked to handle a case jointly: one in the actor's part, one under the same organisation above, or that one itself.
func (s *Service) near(ctx context.Context, q db.Querier, actor authz.Actor, has, other id.ID) (bool, error) {
	if actor.Scope(PermDispatch).Covers(other) {
		return true, nil
	}
	o, err := findOrg(ctx, q, actor.Tenant, has)
	if err != nil || o.parent == 0 {
		return false, err
	}
	x, err := findOrg(ctx, q, actor.Tenant, other)
	return x.id == o.parent || x.parent == o.parent, err
}

// Unjoin takes back what an organisation was asked to do jointly and has not done (PermDispatch).
func (s *Service) Unjoin(ctx context.Context, actor authz.Actor, c id.ID, version int64, party id.ID) error {
	return s.act(ctx, actor, PermDispatch, c, version, ActUnjoin, func(tx *db.Tx, _ office, c *Case) (step, error) {
		n, err := tx.Exec(ctx, `DELETE FROM case_party WHERE tenant_id = $1 AND case_id = $2 AND org_id = $3 AND done_at = 0`, actor.Tenant, c.ID, party)
		if err == nil && n == 0 {
			err = errs.New(errs.Conflict, i18n.CaseNotJoined)
		}
		return step{from: c.OrgID, to: party}, err
	})
}

// JointDone says what an organisation that handles a case jointly has done (PermWork at that organisation).
func (s *Service) JointDone(ctx context.Context, actor authz.Actor, c, party id.ID, said string) error {
	if e := errs.Words(nil, "words", &said, MaxWords, true); e != nil {
		return e
	}
	if !actor.Held(PermWork).Covers(party) {
		return errs.ErrForbidden
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := s.find(ctx, tx, actor, c)
		if err != nil {
			return err
		}
		return s.apply(ctx, tx, actor, PermWork, r, 0, ActJoined, func(c *Case) (step, error) {
			n, err := tx.Exec(ctx, `UPDATE case_party SET done_at = $1 WHERE tenant_id = $2 AND case_id = $3 AND org_id = $4 AND done_at = 0`, db.Micros(tx.Now()), actor.Tenant, c.ID, party)
			if err == nil && n == 0 {
				err = errs.New(errs.Conflict, i18n.CaseNotJoined)
			}
			return step{words: said, from: party, to: c.OrgID}, err
		})
	})
}

// Note writes what has happened (PermWork). With open the one who reported reads it.
func (s *Service) Note(ctx context.Context, actor authz.Actor, c id.ID, said string, open bool) error {
	if e := errs.Words(nil, "words", &said, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermWork, c, 0, ActNote, func(*db.Tx, office, *Case) (step, error) { return step{words: said, open: open}, nil })
}

// NoteTx writes a note at a case for another use case, in its transaction: the caller has found the case and decided that the actor may (perm).
func (s *Service) NoteTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c id.ID, said string, open bool) error {
	r, err := load(ctx, tx, actor.Tenant, c)
	if err != nil {
		return err
	}
	return s.apply(ctx, tx, actor, perm, r, 0, ActNote, func(*Case) (step, error) { return step{words: said, open: open}, nil })
}

// Supervise presses for a case, with words that its organisation must answer (PermSupervise).
func (s *Service) Supervise(ctx context.Context, actor authz.Actor, c id.ID, version int64, said string) error {
	if e := errs.Words(nil, "words", &said, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermSupervise, c, version, ActSupervise, func(tx *db.Tx, _ office, c *Case) (step, error) {
		c.SupervisedAt = tx.Now()
		return step{words: said}, nil
	})
}
