package casework

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// maxPauses is how often the clock of a case is stopped: whoever needs more time asks for it.
const maxPauses = 2

// Suspend stops the clock, with the reason and words to it, which the one who reported reads (PermWork): to wait for what they are asked for, too. The night's work lets it go on
// after the days that the district sets, until when they are told it stands.
func (s *Service) Suspend(ctx context.Context, actor authz.Actor, c id.ID, version int64, why Hold, said string) error {
	if e := why.check(nil, &said); e != nil {
		return e
	}
	most, err := PauseDays.On(ctx, s.db, actor.Tenant, calendar.DateOf(s.db.Now()))
	if err != nil {
		return err
	}
	return s.act(ctx, actor, PermWork, c, version, ActSuspend, func(tx *db.Tx, o office, c *Case) (step, error) {
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
		if err := openPause(ctx, tx, actor.Tenant, c.ID); err != nil {
			return step{}, err
		}
		return step{words: why.with(said), open: true, hold: why, until: tx.Now().AddDate(0, 0, int(most))}, s.retimeSteps(ctx, tx, actor.Tenant, o, c.ID, []Pause{{From: tx.Now()}})
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
	if err != nil {
		return err
	}
	c.DueAt, c.Provisional = o.due(c.Timing, stood)
	return s.retimeSteps(ctx, tx, tenant, o, c.ID, stood)
}

// AskMore asks for more time before the limit ends, with the reason, which the one who reported reads once it is granted, and words for who decides (PermWork). days are working
// days, or hours where the limit is in hours.
func (s *Service) AskMore(ctx context.Context, actor authz.Actor, c id.ID, version int64, days int64, why Hold, said string) error {
	most, err := MoreDays.On(ctx, s.db, actor.Tenant, calendar.DateOf(s.db.Now()))
	if err != nil {
		return err
	}
	e := why.check(nil, &said)
	if why.needsWords() {
		e = e.With("reason", i18n.ErrBadChoice)
	}
	if days < 1 || days > max(most, petitionMore) {
		e = e.With("days", i18n.CaseMoreRange, most)
	}
	if e != nil {
		return e
	}
	return s.act(ctx, actor, PermWork, c, version, ActAsk, func(tx *db.Tx, o office, c *Case) (step, error) {
		if tx.Now().After(c.DueAt) {
			return step{}, errs.New(errs.Conflict, i18n.CaseLateAlready)
		}
		limit := most
		if c.Petition {
			limit = petitionMore
		}
		if days > limit {
			return step{}, errs.Field("days", i18n.CaseMoreRange, limit)
		}
		c.Extension, c.ExtensionDays, c.MoreFor, c.extensionBy = Asked, days, why, actor.AccountID
		if c.Confidential && !c.Petition { // nobody above sees it: the parties agree to more time (MED-4)
			c.Extension, c.Extended = Granted, days
			return step{act: ActGrant, words: why.with(said), open: true}, s.retime(ctx, tx, actor.Tenant, o, c)
		}
		return step{words: why.with(said)}, nil
	})
}

// Decide grants more time or does not; the one who reported is told (PermApprove). Whoever asked does not decide.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, c id.ID, version int64, grant bool, said string) error {
	if e := errs.Words(nil, "words", &said, MaxWords, !grant); e != nil {
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
		return step{words: c.MoreFor.with(said), open: true}, nil
	})
}
