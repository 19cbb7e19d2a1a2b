package casework

import (
	"context"
	"strings"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
)

// Followed is what whoever reported a case sees of it: where it stands, what was said to them, and what they can do. It names no worker.
type Followed struct {
	Case
	Entries    []Entry // those that are theirs to read; By is ""
	MergedInto string  // number of the case that theirs was found to be the same as; where it stands is that one's
	Photos     []attach.File
	Left       int // working days that are left of the limit, where the work is open
	Rateable   bool
	Reopenable bool
}

// codeOf takes a code apart as it was typed. A code that cannot be one is not found, as one that nobody has.
func codeOf(typed string) (tenant int64, code string, err error) {
	tenant, code, ok := paper.Normalise(typed)
	if !ok {
		return 0, "", errs.ErrNotFound
	}
	return tenant, code, nil
}

// ByCode gives a case to who has its code; it needs no account. What was merged into another is followed there, without what others said.
func (s *Service) ByCode(ctx context.Context, typed string) (tenant int64, out Followed, err error) {
	tenant, code, err := codeOf(typed)
	if err != nil {
		return 0, out, err
	}
	own, err := s.byCode(ctx, s.db, tenant, code)
	if err != nil {
		return 0, out, err
	}
	if out.Case, err = s.open(own); err != nil {
		return 0, out, err
	}
	at := own.ID
	if own.State == Merged {
		main, err := load(ctx, s.db, tenant, own.MergedID)
		if err != nil {
			return 0, out, err
		}
		c, err := s.open(main)
		if err != nil {
			return 0, out, err
		}
		out.MergedInto, at = c.No, c.ID
		c.Rating, c.Solved, c.RatedAt, c.Confirmed, c.RatedAt = 0, "", time.Time{}, "", time.Time{}
		c.Channel, c.X, c.Y, c.BuildingID, c.GridID, c.AboutID, c.About = out.Channel, out.X, out.Y, out.BuildingID, out.GridID, out.AboutID, out.About
		c.Body, c.Title, c.No, c.ReceivedAt, c.Place, c.Building = out.Body, out.Title, out.No, out.ReceivedAt, out.Place, out.Building
		c.Answers, c.HasPhone, c.HasReporter, c.KindCode, c.Kind, c.Item = out.Answers, out.HasPhone, out.HasReporter, out.KindCode, out.Kind, out.Item
		out.Case = c
	}
	all, err := s.entries(ctx, s.db, tenant, at)
	for _, e := range all {
		e.By = ""
		if !e.Public {
			e.Words = ""
		}
		if e.source != 0 && e.source != own.ID {
			continue // what somebody else said
		}
		if e.Act.toResident() {
			out.Entries = append(out.Entries, e)
		}
	}
	if err != nil {
		return 0, out, err
	}
	if out.Photos, err = Files(ctx, s.db, tenant, own.ID); err != nil {
		return 0, out, err
	}
	if out.State.Open() && !out.DueAt.IsZero() {
		o, err := s.office(ctx, tenant)
		if err != nil {
			return 0, out, err
		}
		out.Left = o.left(out.Timing, s.db.Now())
	}
	within, err := s.within(ctx, tenant, out.ClosedAt)
	if err != nil {
		return 0, out, err
	}
	out.Rateable = own.State != Merged && (out.State == Done || out.State == Closed && out.Confirmed == NoAnswer && within)
	out.Reopenable = out.State == Done || out.State == Closed && within
	out.HandlerID, out.Handler, out.PersonID, out.EnteredBy = 0, "", 0, 0
	return tenant, out, nil
}

// toResident says whether whoever reported a case is told of an act.
func (a Act) toResident() bool {
	switch a {
	case ActNote, ActSuspend, ActReport, ActAccept, ActRefuse, ActDispatch, ActTake, ActUp, ActResume, ActGrant, ActFinish, ActRate, ActCall, ActReopen, ActClose, ActMerge, ActTopic, ActAdd:
		return true
	}
	return false
}

// within says whether a case that was closed can still be opened again.
func (s *Service) within(ctx context.Context, tenant int64, closed time.Time) (bool, error) {
	if closed.IsZero() {
		return true, nil
	}
	days, err := ReopenDays.On(ctx, s.db, tenant, calendar.DateOf(s.db.Now()))
	return err == nil && !s.db.Now().After(closed.AddDate(0, 0, int(days))), err
}

// reporter is the actor as which somebody with a code acts.
func reporter(tenant int64, by, requestID string) authz.Actor {
	return authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}
}

// Rating is what whoever reported a case says of the result, in one press.
type Rating struct {
	Solved Solved
	Stars  int64 // 1 to 5
	Words  string
}

func (r *Rating) check(e *errs.Error) *errs.Error {
	if r.Solved.Text().IsZero() {
		e = e.With("solved", i18n.ErrBadChoice)
	}
	if r.Stars < 1 || r.Stars > 5 {
		e = e.With("stars", i18n.CaseStars)
	}
	return words(e, "words", &r.Words, MaxWords, r.Solved == No)
}

// rated closes a case with what was said of it, or opens it again where it is not solved.
func (c *Case) rated(now time.Time, o office, r Rating, how string) {
	c.Solved, c.Rating, c.RatedAt = r.Solved, r.Stars, now
	if r.Solved == No && c.Outcome.Counted() {
		c.reopen(now, o)
		return
	}
	c.Confirmed = how
	if c.State == Done {
		c.State, c.ClosedAt = Closed, now
	}
}

// mostAdded is how often somebody adds to their case.
const mostAdded = 20

// starred is what is kept of a rating in words, so that it stays when the case is opened again.
func starred(stars int64, said string) string {
	return strings.TrimSpace(strings.Repeat("★", int(stars)) + " " + said)
}

// withCode runs an act of who has the code of a case. by names them in the record of acts, which knows nothing else of them.
func (s *Service) withCode(ctx context.Context, typed, by, requestID string, a Act, do func(tx *db.Tx, o office, c *Case) (step, error)) error {
	tenant, code, err := codeOf(typed)
	if err != nil {
		return err
	}
	o, err := s.office(ctx, tenant)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := s.byCode(ctx, tx, tenant, code)
		if err != nil {
			return err
		}
		own := r.ID
		if r.State == Merged && a != ActRate {
			if r, err = load(ctx, tx, tenant, r.MergedID); err != nil {
				return err
			}
		}
		if a == ActAdd {
			said, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM case_entry WHERE tenant_id = $1 AND source_id = $2 AND act = 'add'`, tenant, own)
			if err != nil {
				return err
			}
			if said >= mostAdded {
				return errs.New(errs.Conflict, i18n.CaseAddedEnough, mostAdded)
			}
		}
		return s.apply(ctx, tx, reporter(tenant, by, requestID), "", r, 0, a, func(c *Case) (step, error) {
			e, err := do(tx, o, c)
			e.source = own
			return e, err
		})
	})
}

// Rate confirms and rates a finished case with its code. Not solved, it goes back to who handled it.
func (s *Service) Rate(ctx context.Context, typed, by, requestID string, in Rating) error {
	if e := in.check(nil); e != nil {
		return e
	}
	_, f, err := s.ByCode(ctx, typed)
	if err != nil {
		return err
	}
	if !f.Rateable {
		return errs.New(errs.Conflict, i18n.CaseNotRateable)
	}
	a := ActRate
	if f.State == Closed { // closed without an answer, and answered now
		a = ActRateLate
	}
	return s.withCode(ctx, typed, by, requestID, a, func(tx *db.Tx, o office, c *Case) (step, error) {
		c.rated(tx.Now(), o, in, BySelf)
		return step{act: ActRate, words: starred(in.Stars, in.Words), open: true}, nil
	})
}

// ReopenBy opens a finished case again with its code, for the one who reported it or anybody whose report was merged with it.
func (s *Service) ReopenBy(ctx context.Context, typed, by, requestID, why string) error {
	if e := words(nil, "words", &why, MaxWords, true); e != nil {
		return e
	}
	_, f, err := s.ByCode(ctx, typed)
	if err != nil {
		return err
	}
	if !f.Reopenable {
		return errs.New(errs.Conflict, i18n.CaseTooLateToReopen)
	}
	return s.withCode(ctx, typed, by, requestID, ActReopen, func(tx *db.Tx, o office, c *Case) (step, error) {
		c.reopen(tx.Now(), o)
		return step{words: why, open: true}, nil
	})
}

// AddBy lets who reported a case add something, with its code.
func (s *Service) AddBy(ctx context.Context, typed, by, requestID, said string) error {
	if e := words(nil, "words", &said, MaxWords, true); e != nil {
		return e
	}
	return s.withCode(ctx, typed, by, requestID, ActAdd, func(*db.Tx, office, *Case) (step, error) { return step{words: said, open: true}, nil })
}

// Reporter is who reported a case, and what they said in full.
type Reporter struct{ Name, Phone, Body string }

// Reveal shows who reported a case, for a purpose (PermReveal at the organisation that has it). The look is recorded; a resident whom the register knows sees
// it. Whoever works at the organisation that the case is about does not see the case at all (CASE-8).
func (s *Service) Reveal(ctx context.Context, actor authz.Actor, c id.ID, purpose string) (out Reporter, err error) {
	if purpose == "" {
		return out, errs.Field("purpose", i18n.ErrPurposeNeeded)
	}
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := s.find(ctx, tx, actor, c)
		if err != nil {
			return err
		}
		if err := actor.Scope(PermReveal).Require(r.OrgID); err != nil {
			return err
		}
		if out.Name, err = s.ring.Open("service_case", "reporter", r.ID, r.reporter); err != nil {
			return err
		}
		if out.Phone, err = s.ring.Open("service_case", "phone", r.ID, r.phone); err != nil {
			return err
		}
		if out.Body, err = s.ring.Open("service_case", "body", r.ID, r.body); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.reveal", Permission: PermReveal, SubjectKind: "service_case", SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.OrgID,
			Purpose: purpose})
	})
}
