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

// Limits of the regulation on petitions (CASE-9). Days are of the calendar, and a last day that is off moves on (CAL-3), but where it says working days.
const (
	petitionTake   = 15 // from when it came in until it is taken on or not
	petitionReturn = 5  // working days in which a wrong transfer is returned
	petitionInform = 15 // from when it came in until whoever brought it is told in writing whether it is taken on
	petitionDays   = 60 // from when it was taken on until it is done
	petitionMore   = 30 // that can be granted, once, with notice
	petitionReview = 30 // to ask for a review after the answer, and to answer it
	petitionRounds = 2  // the review and the re-review
)

// taken gives a case that was just taken on what begins with that: the steps of its kind, and the limit of a petition.
func (s *Service) taken(ctx context.Context, tx *db.Tx, c *Case) error {
	if c.Petition && c.Review == 0 {
		o, err := s.office(ctx, c.tenant)
		if err != nil {
			return err
		}
		c.ClockAt, c.LimitDays, c.EscalatedAt = tx.Now(), petitionDays, time.Time{}
		c.Extension, c.MoreFor, c.Extended, c.ExtensionDays, c.extensionBy = "", "", 0, 0, 0
		c.DueAt, c.Provisional = o.due(c.Timing, nil)
	}
	return s.beginSteps(ctx, tx, c)
}

// unheard says that a petition was not taken on, so that there is no answer to review.
func (c Case) unheard() bool { return c.Outcome == Refused && c.DoneAt.Equal(c.ClosedAt) }

// reviewUntil says until when whoever brought a petition asks the office above to review its result; zero where that is no question, with why where they turn elsewhere.
func (s *Service) reviewUntil(ctx context.Context, q db.Querier, o office, c Case) (until time.Time, why i18n.Text, err error) {
	if !c.Can(ActReview) {
		return until, why, nil
	}
	if c.unheard() {
		return until, i18n.CaseReviewRefused, nil
	}
	has, err := findOrg(ctx, q, c.tenant, c.OrgID)
	if err != nil {
		return until, why, err
	}
	if has.parent == 0 {
		return until, i18n.CaseReviewNoneAbove, nil
	}
	day, _ := o.AddDays(calendar.DateOf(c.DoneAt), petitionReview)
	return endOf(day), why, nil
}

// Review asks the office above for a review of the result of a petition, on behalf of whoever brought it, with what they do not accept (PermDispatch). It is asked
// within 30 days, twice at most, and answered within 30 days (CASE-9).
func (s *Service) Review(ctx context.Context, actor authz.Actor, c id.ID, version int64, why string) error {
	if e := errs.Words(nil, "words", &why, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermDispatch, c, version, ActReview, func(tx *db.Tx, o office, c *Case) (step, error) {
		return step{words: why, open: true}, s.review(ctx, tx, o, c)
	})
}

// ReviewBy is Review for whoever brought the petition.
func (s *Service) ReviewBy(ctx context.Context, k Key, by, requestID, why string) error {
	if e := errs.Words(nil, "words", &why, MaxWords, true); e != nil {
		return e
	}
	_, err := s.withKey(ctx, k, by, requestID, func(own State, c Case, _ bool) (Act, error) {
		if own == Merged {
			return "", errs.New(errs.Conflict, i18n.CaseReviewLate)
		}
		return ActReview, nil
	}, func(tx *db.Tx, o office, _ id.ID, c *Case) (step, error) {
		return step{words: why, open: true}, s.review(ctx, tx, o, c)
	})
	return err
}

// review puts a petition before the office above the one that answered.
func (s *Service) review(ctx context.Context, tx *db.Tx, o office, c *Case) error {
	until, none, err := s.reviewUntil(ctx, tx, o, *c)
	switch {
	case err != nil:
		return err
	case !none.IsZero():
		return errs.New(errs.Conflict, none)
	case tx.Now().After(until):
		return errs.New(errs.Conflict, i18n.CaseReviewLate)
	}
	has, err := findOrg(ctx, tx, c.tenant, c.OrgID)
	if err != nil {
		return err
	}
	if err := s.mayHave(ctx, tx, c.tenant, c, has.parent); err != nil {
		return errs.Under("words", err)
	}
	c.afresh(tx.Now())
	c.State, c.OrgID, c.HandlerID, c.DispatchedBy, c.SignDueAt = Received, has.parent, 0, 0, time.Time{}
	c.Review, c.LimitDays = c.Review+1, petitionReview
	c.DueAt, c.Provisional = o.due(c.Timing, nil)
	c.respondAt, _ = o.signBy(c.Timing, tx.Now())
	return s.restartSteps(ctx, tx, o, c)
}

// afresh lets the clock of a case run again, without the result and the rating that it had.
func (c *Case) afresh(now time.Time) {
	c.ClockAt = now
	c.Extension, c.MoreFor, c.Extended, c.ExtensionDays, c.extensionBy = "", "", 0, 0, 0
	c.Outcome, c.Result, c.Address, c.Solved, c.Rating, c.RatedAt = "", "", "", "", 0, time.Time{}
	c.DoneAt, c.ClosedAt, c.EscalatedAt, c.Confirmed = time.Time{}, time.Time{}, time.Time{}, ""
}

// PutBack lets a case that only whoever handles it sees wait for somebody else at the same organisation (PermWork, by whoever handles it).
func (s *Service) PutBack(ctx context.Context, actor authz.Actor, c id.ID, version int64) error {
	return s.act(ctx, actor, PermWork, c, version, ActPutBack, func(_ *db.Tx, _ office, c *Case) (step, error) {
		if c.HandlerID != actor.AccountID {
			return step{}, errs.ErrForbidden
		}
		c.State, c.HandlerID = Accepted, 0
		return step{}, nil
	})
}
