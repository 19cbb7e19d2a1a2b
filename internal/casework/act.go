package casework

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// own act is one of the organisation that has the case: only who holds the right there does it, and not by right of standing above.
var ownAct = map[Act]bool{ActAccept: true, ActTake: true, ActRefuse: true, ActReturn: true, ActUp: true, ActNote: true, ActSuspend: true, ActResume: true, ActAsk: true, ActFinish: true, ActCall: true}

// MayAct says whether the actor does an act at an organisation with a permission: those of the organisation itself only where they hold it there.
func MayAct(actor authz.Actor, perm authz.Permission, a Act, org id.ID) bool {
	if ownAct[a] {
		return actor.Held(perm).Covers(org)
	}
	return actor.Scope(perm).Covers(org)
}

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
		if !MayAct(actor, perm, a, r.OrgID) {
			return errs.ErrForbidden
		}
		if version == 0 && a != ActNote {
			return errs.New(errs.Conflict, i18n.ErrConflict)
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
	was := now.OrgID
	e, err := do(&now)
	if err != nil {
		return err
	}
	if err := s.save(ctx, tx, actor.Tenant, &now); err != nil {
		return err
	}
	if e.act == "" {
		e.act = a
	}
	e.account = actor.AccountID
	if now.OrgID != was && e.from == 0 {
		e.from, e.to = was, now.OrgID
	}
	if err := s.insertEntry(ctx, tx, actor.Tenant, now.ID, now.State, e); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework." + string(e.act), Permission: perm, SubjectKind: "service_case", SubjectID: now.ID, PersonID: now.PersonID, OrgID: was,
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
	e = words(e, "words", &said, MaxWords, why == Elsewhere)
	if e = words(e, "address", &address, MaxPlace, why != Emergency); e != nil {
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
	e := words(nil, "words", &said, MaxWords, false)
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
			return step{}, errs.Field("to", i18n.CaseNotBelow)
		}
		if c.Confidential {
			return step{}, errs.New(errs.Conflict, i18n.CaseNoJoin)
		}
		c.accept(tx.Now())
		c.State, c.DispatchedBy, c.OrgID, c.HandlerID, c.DispatchedAt = Dispatched, c.OrgID, to, 0, tx.Now()
		c.SignDueAt, _ = o.signBy(c.Timing, tx.Now())
		return step{words: said}, nil
	})
}

// mayHave refuses an organisation that cannot have a case: one that is there no more, the one that has it, or the one that it is about.
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
	}
	return nil
}

// Return gives a wrong assignment back to who made it, within a working day, with the reason (PermWork, CASE-5). The clock goes on.
func (s *Service) Return(ctx context.Context, actor authz.Actor, c id.ID, version int64, why string) error {
	if e := words(nil, "words", &why, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermWork, c, version, ActReturn, func(tx *db.Tx, o office, c *Case) (step, error) {
		if c.DispatchedBy == 0 {
			return step{}, errs.New(errs.Conflict, i18n.CaseNobodyGave)
		}
		if limit, _ := o.signBy(c.Timing, c.DispatchedAt); tx.Now().After(limit) {
			return step{}, errs.New(errs.Conflict, i18n.CaseTooLate, i18n.DateTime(limit))
		}
		before, err := givenBy(ctx, tx, actor.Tenant, c.ID, c.DispatchedBy)
		if err != nil {
			return step{}, err
		}
		c.OrgID, c.DispatchedBy = c.DispatchedBy, before
		c.State, c.HandlerID, c.SignDueAt, c.DispatchedAt, c.StartedAt = Accepted, 0, time.Time{}, time.Time{}, time.Time{}
		return step{words: why}, nil
	})
}

// Up passes a case to the organisation above, with the reason (PermDispatch). It lies there as one that came in; the clock goes on.
func (s *Service) Up(ctx context.Context, actor authz.Actor, c id.ID, version int64, why string) error {
	if e := words(nil, "words", &why, MaxWords, true); e != nil {
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
	e := words(nil, "words", &said, MaxWords, true)
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
	if e := words(nil, "words", &said, MaxWords, true); e != nil {
		return e
	}
	if err := actor.Scope(PermWork).Require(party); err != nil {
		return err
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
	if e := words(nil, "words", &said, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermWork, c, 0, ActNote, func(*db.Tx, office, *Case) (step, error) { return step{words: said, open: open}, nil })
}

// maxPauses is how often the clock of a case is stopped: whoever needs more time asks for it.
const maxPauses = 2

// Suspend stops the clock, with the reason, which the one who reported reads (PermWork). The night's work lets it go on after the days that the district sets.
func (s *Service) Suspend(ctx context.Context, actor authz.Actor, c id.ID, version int64, why string) error {
	if e := words(nil, "words", &why, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermWork, c, version, ActSuspend, func(tx *db.Tx, _ office, c *Case) (step, error) {
		if c.DueAt.IsZero() || tx.Now().After(c.DueAt) {
			return step{}, errs.New(errs.Conflict, i18n.CaseLateAlready)
		}
		had, err := pauses(ctx, tx, actor.Tenant, c.ID)
		if err != nil {
			return step{}, err
		}
		if len(had) >= maxPauses {
			return step{}, errs.New(errs.Conflict, i18n.CaseManyPauses, maxPauses)
		}
		c.SuspendedAt, c.DueAt = tx.Now(), time.Time{}
		return step{words: why, open: true}, openPause(ctx, tx, actor.Tenant, c.ID)
	})
}

// Resume lets the clock go on (PermWork).
func (s *Service) Resume(ctx context.Context, actor authz.Actor, c id.ID, version int64) error {
	return s.act(ctx, actor, PermWork, c, version, ActResume, func(tx *db.Tx, o office, c *Case) (step, error) {
		if err := closePause(ctx, tx, actor.Tenant, c.ID); err != nil {
			return step{}, err
		}
		c.SuspendedAt = time.Time{}
		return step{open: true}, s.retime(ctx, tx, actor.Tenant, o, c)
	})
}

// retime computes when a case is due.
func (s *Service) retime(ctx context.Context, tx *db.Tx, tenant int64, o office, c *Case) error {
	stood, err := pauses(ctx, tx, tenant, c.ID)
	c.DueAt, c.Provisional = o.due(c.Timing, stood)
	return err
}

// AskMore asks for more time before the limit ends, with the reason (PermWork). days are working days, or hours where the limit is in hours.
func (s *Service) AskMore(ctx context.Context, actor authz.Actor, c id.ID, version int64, days int64, why string) error {
	most, err := MoreDays.On(ctx, s.db, actor.Tenant, calendar.DateOf(s.db.Now()))
	if err != nil {
		return err
	}
	e := words(nil, "words", &why, MaxWords, true)
	if days < 1 || days > most {
		e = e.With("days", i18n.CaseMoreRange, most)
	}
	if e != nil {
		return e
	}
	return s.act(ctx, actor, PermWork, c, version, ActAsk, func(tx *db.Tx, o office, c *Case) (step, error) {
		if tx.Now().After(c.DueAt) {
			return step{}, errs.New(errs.Conflict, i18n.CaseLateAlready)
		}
		c.Extension, c.ExtensionDays, c.extensionBy = Asked, days, actor.AccountID
		if c.Confidential { // nobody above sees it: the parties agree to more time (MED-4)
			c.Extension, c.Extended = Granted, days
			return step{act: ActGrant, words: why, open: true}, s.retime(ctx, tx, actor.Tenant, o, c)
		}
		return step{words: why}, nil
	})
}

// Decide grants more time or does not; the one who reported is told (PermApprove). Whoever asked does not decide.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, c id.ID, version int64, grant bool, said string) error {
	if e := words(nil, "words", &said, MaxWords, !grant); e != nil {
		return e
	}
	a := ActDeny
	if grant {
		a = ActGrant
	}
	return s.act(ctx, actor, PermApprove, c, version, a, func(tx *db.Tx, o office, c *Case) (step, error) {
		if c.extensionBy == actor.AccountID {
			return step{}, errs.New(errs.Conflict, i18n.CaseOwnAsking)
		}
		c.Extension = Denied
		if !grant {
			return step{words: said}, nil
		}
		c.Extension, c.Extended = Granted, c.ExtensionDays
		if c.SuspendedAt.IsZero() {
			if err := s.retime(ctx, tx, actor.Tenant, o, c); err != nil {
				return step{}, err
			}
		}
		c.EscalatedAt = time.Time{}
		return step{words: said, open: true}, nil
	})
}

// Supervise presses for a case, with words that its organisation must answer (PermSupervise).
func (s *Service) Supervise(ctx context.Context, actor authz.Actor, c id.ID, version int64, said string) error {
	if e := words(nil, "words", &said, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermSupervise, c, version, ActSupervise, func(tx *db.Tx, _ office, c *Case) (step, error) {
		c.SupervisedAt = tx.Now()
		return step{words: said}, nil
	})
}

// Result is how a case ends.
type Result struct {
	Outcome Outcome
	Words   string // what the one who reported reads
	Address string // where to turn next; needed where the office could not do it
}

// Finish writes the result (PermWork). Organisations that handle the case jointly have done their part before.
func (s *Service) Finish(ctx context.Context, actor authz.Actor, c id.ID, version int64, in Result) error {
	var e *errs.Error
	if in.Outcome.Text().IsZero() {
		e = e.With("outcome", i18n.ErrBadChoice)
	}
	e = words(e, "words", &in.Words, MaxWords, true)
	if e = words(e, "address", &in.Address, MaxPlace, in.Outcome.needsAddress()); e != nil {
		return e
	}
	return s.act(ctx, actor, PermWork, c, version, ActFinish, func(tx *db.Tx, _ office, c *Case) (step, error) {
		joint, err := parties(ctx, tx, actor.Tenant, c.ID)
		if err != nil {
			return step{}, err
		}
		for _, p := range joint {
			if p.DoneAt.IsZero() {
				return step{}, errs.New(errs.Conflict, i18n.CaseJointOpen, p.Org)
			}
		}
		c.Late = c.Late || !c.DueAt.IsZero() && tx.Now().After(c.DueAt)
		c.State, c.Outcome, c.Result, c.Address, c.DoneAt = Done, in.Outcome, in.Words, in.Address, tx.Now()
		return step{words: in.Words, open: true}, nil
	})
}

// Called is what came of a follow-up call (CASE-6).
type Called struct {
	Reached bool
	Solved  Solved
	Rating  int64
	Words   string
}

// Call records a follow-up call (PermDispatch). Reached, the case is closed with what was said, or opened again if it is not solved; whoever handled it does not
// make the call.
func (s *Service) Call(ctx context.Context, actor authz.Actor, c id.ID, version int64, in Called) error {
	e := words(nil, "words", &in.Words, MaxWords, false)
	if !in.Reached && (in.Solved != "" || in.Rating != 0) {
		e = e.With("reached", i18n.CaseReachedFirst)
	}
	if in.Reached {
		e = (&Rating{Solved: in.Solved, Stars: in.Rating, Words: in.Words}).check(e)
	}
	if e != nil {
		return e
	}
	return s.act(ctx, actor, PermDispatch, c, version, ActCall, func(tx *db.Tx, o office, c *Case) (step, error) {
		if c.HandlerID == actor.AccountID {
			return step{}, errs.New(errs.Conflict, i18n.CaseOwnCall)
		}
		if !in.Reached {
			return step{words: i18n.CaseNotReached.In(i18n.ZH) + " " + in.Words}, nil
		}
		c.rated(tx.Now(), o, Rating{Solved: in.Solved, Stars: in.Rating}, ByCall)
		return step{words: starred(in.Rating, in.Words), open: true, source: c.ID}, nil
	})
}

// Reopen opens a case again for somebody affected by it, with what is still wrong (PermDispatch).
func (s *Service) Reopen(ctx context.Context, actor authz.Actor, c id.ID, version int64, why string) error {
	if e := words(nil, "words", &why, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermDispatch, c, version, ActReopen, func(tx *db.Tx, o office, c *Case) (step, error) {
		c.reopen(tx.Now(), o)
		return step{words: why, open: true}, nil
	})
}

// reopen puts a case back to who handled it, with a limit of its own.
func (c *Case) reopen(now time.Time, o office) {
	c.State, c.ClockAt, c.Reopened = Working, now, c.Reopened+1
	c.Extension, c.Extended, c.ExtensionDays, c.extensionBy = "", 0, 0, 0
	c.Outcome, c.Result, c.Address, c.Solved, c.Rating, c.RatedAt = "", "", "", "", 0, time.Time{}
	c.DoneAt, c.ClosedAt, c.EscalatedAt, c.Confirmed = time.Time{}, time.Time{}, time.Time{}, ""
	if c.HandlerID == 0 {
		c.State = Accepted
	}
	c.DueAt, c.Provisional = o.due(c.Timing, nil)
}

// Merge says that a case is the same as another that the actor sees (PermDispatch). Whoever reported it follows the other from then on, and so does what was
// merged into it.
func (s *Service) Merge(ctx context.Context, actor authz.Actor, c id.ID, version int64, into id.ID) error {
	return s.act(ctx, actor, PermDispatch, c, version, ActMerge, func(tx *db.Tx, _ office, c *Case) (step, error) {
		other, err := s.find(ctx, tx, actor, into)
		if errs.KindOf(err) == errs.NotFound {
			return step{}, errs.Field("into", i18n.CaseNoSuch)
		}
		switch {
		case err != nil:
			return step{}, err
		case other.ID == c.ID, other.State == Merged:
			return step{}, errs.Field("into", i18n.CaseMergeSelf)
		case other.Confidential != c.Confidential, other.AboutID != c.AboutID:
			return step{}, errs.Field("into", i18n.CaseMergeKind)
		case other.State == Closed:
			return step{}, errs.Field("into", i18n.CaseMergeClosed)
		}
		c.State, c.MergedID, c.SignDueAt = Merged, other.ID, time.Time{}
		if err := repoint(ctx, tx, actor.Tenant, c.ID, other.ID); err != nil {
			return step{}, err
		}
		if err := s.insertEntry(ctx, tx, actor.Tenant, other.ID, other.State, step{act: ActMerge, words: c.No, account: actor.AccountID}); err != nil {
			return step{}, err
		}
		return step{words: other.No}, nil
	})
}

// Part undoes a merger (PermDispatch): the case is on its own again, accepted, with its own limit.
func (s *Service) Part(ctx context.Context, actor authz.Actor, c id.ID, version int64) error {
	return s.act(ctx, actor, PermDispatch, c, version, ActPart, func(tx *db.Tx, o office, c *Case) (step, error) {
		c.accept(tx.Now())
		c.State, c.MergedID, c.ClockAt, c.EscalatedAt = Accepted, 0, tx.Now(), time.Time{}
		return step{}, s.retime(ctx, tx, actor.Tenant, o, c)
	})
}

// Topic is where a topic is put.
type Topic struct {
	BodyID, OwnerID id.ID // a joint body, or an organisation
	Title           string
}

// maxTopic is how much a topic says.
const maxTopic = 2000

// RaiseTopic puts what no office could do alone on the agenda of a meeting, as it stands (PermDispatch, and the right to raise topics).
func (s *Service) RaiseTopic(ctx context.Context, actor authz.Actor, c id.ID, version int64, in Topic) error {
	e := words(nil, "title", &in.Title, 100, true)
	if in.BodyID == 0 && in.OwnerID == 0 {
		e = e.With("to", i18n.ErrRequired)
	}
	if e != nil {
		return e
	}
	return s.act(ctx, actor, PermDispatch, c, version, ActTopic, func(tx *db.Tx, _ office, c *Case) (step, error) {
		detail := i18n.CaseTopicDetail.In(i18n.ZH, c.No, c.Community, Mask(c.Body))
		if c.Result != "" {
			detail += "\n" + Mask(c.Result)
		}
		if r := []rune(detail); len(r) > maxTopic {
			detail = string(r[:maxTopic-1]) + "…"
		}
		topic, err := s.agenda.RaiseTx(ctx, tx, actor, c.OrgID, in.BodyID, in.OwnerID, Mask(in.Title), detail)
		c.TopicID = topic
		return step{words: in.Title, open: true}, err
	})
}
