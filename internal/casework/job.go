package casework

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
)

// Jobs are what technicians have to do for cases; another package keeps them.
type Jobs interface {
	// ClearTx takes back what was offered of a case that goes another way. Where a technician is at it, that is a Conflict.
	ClearTx(ctx context.Context, tx *db.Tx, tenant int64, c id.ID) error
	// ConfirmedTx notes how the result of a case was confirmed: BySelf, ByCall, ByCheck or NoAnswer.
	ConfirmedTx(ctx context.Context, tx *db.Tx, tenant int64, c id.ID, how string) error
}

// WithJobs connects the jobs of technicians. The composition root calls it once.
func (s *Service) WithJobs(j Jobs) *Service {
	s.jobs = j
	return s
}

// clears are the acts at the desk by which a case goes another way than to a technician.
var clears = map[Act]bool{ActRefuse: true, ActDispatch: true, ActTake: true, ActReturn: true, ActRecall: true, ActUp: true, ActFinish: true, ActMerge: true}

func (s *Service) confirmed(ctx context.Context, tx *db.Tx, c *Case, how string) error {
	if s.jobs == nil {
		return nil
	}
	return s.jobs.ConfirmedTx(ctx, tx, c.tenant, c.ID, how)
}

// signOffs is how many sign-off codes there are: four digits, so that they can be told at the door. What a code is worth lies in how few times one can guess.
const signOffs = 10_000

// signOff is the code by which the resident says that the work was done. It follows from the case and from how often it was opened again, so it is kept nowhere.
func (s *Service) signOff(c id.ID, reopened int64) string {
	secret := seal.Hash([]byte(s.ring.Index("sign_off", c.String()+"/"+strconv.FormatInt(reopened, 10))))
	n, err := strconv.ParseUint(secret[:15], 16, 64)
	if err != nil {
		panic("casework: " + err.Error()) // a digest is hexadecimal
	}
	return fmt.Sprintf("%04d", n%signOffs)
}

// SignedOff says whether a code is the sign-off code of a case that the caller has found, as it was opened again nth times. The caller counts guesses.
func (s *Service) SignedOff(c id.ID, nth int64, typed string) bool {
	return strings.Join(strings.Fields(typed), "") == s.signOff(c, nth)
}

// jobActs are the acts that JobTx takes.
var jobActs = map[Act]bool{ActOffer: true, ActDecline: true, ActJob: true, ActArrive: true, ActBack: true, ActSignOff: true, ActCharge: true}

// JobTx is what a job does to its case: a step in its history, and what follows for where it stands. The caller has found the job and decided that the actor may
// (perm); said is read by whoever reported the case where open is set.
//
//	offer     the case is accepted; one that was opened again waits for somebody new
//	job       a technician takes it: work begins, with the actor as who handles it
//	back      it waits for somebody again
//
// All others change nothing but the history.
func (s *Service) JobTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c id.ID, act, said string, open bool) error {
	if !jobActs[Act(act)] {
		return errs.Field("act", i18n.ErrBadChoice)
	}
	r, err := load(ctx, tx, actor.Tenant, c)
	if err != nil {
		return err
	}
	return s.apply(ctx, tx, actor, perm, r, 0, Act(act), func(c *Case) (step, error) {
		switch Act(act) {
		case ActOffer:
			c.accept(tx.Now())
			c.State, c.HandlerID = Accepted, 0
		case ActJob:
			c.accept(tx.Now())
			if c.StartedAt.IsZero() {
				c.StartedAt = tx.Now()
			}
			c.State, c.HandlerID, c.SignDueAt = Working, actor.AccountID, time.Time{}
		case ActBack:
			c.State, c.HandlerID = Accepted, 0
		}
		return step{words: said, open: open}, nil
	})
}

// FinishJobTx writes the result of a case that a technician has done. The caller has found the job and decided that the actor may (perm).
func (s *Service) FinishJobTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c id.ID, outcome, said, address string) error {
	in := Result{Outcome: Outcome(outcome), Words: said, Address: address}
	if e := in.check(); e != nil {
		return e
	}
	if in.Outcome == Refused { // whoever was there did not refuse the case
		return errs.Field("outcome", i18n.ErrBadChoice)
	}
	r, err := load(ctx, tx, actor.Tenant, c)
	if err != nil {
		return err
	}
	return s.apply(ctx, tx, actor, perm, r, 0, ActFinish, func(c *Case) (step, error) { return s.finishedElsewhere(ctx, tx, actor, c, in, i18n.CaseStepsLeftJob) })
}

// JobWords opens what a technician who has taken a case needs to read: what was said, where it is, when it suits, the result. Numbers that could identify
// somebody are masked; whom to call is asked for by NumberTx.
func (s *Service) JobWords(ctx context.Context, q db.Querier, tenant int64, c id.ID) (body, place, when, result string, err error) {
	r, err := load(ctx, q, tenant, c)
	if err != nil {
		return "", "", "", "", err
	}
	full, err := s.open(r)
	return Mask(full.Body), full.Place, Mask(full.Answers["when"]), full.Result, err
}

// NumberTx tells a technician whom to call about a case that they are at. The look is recorded with its purpose, stands in the history that whoever reported
// the case reads, and a resident whom the register knows sees it among the looks at their data.
func (s *Service) NumberTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c id.ID) (name, phone string, err error) {
	r, err := load(ctx, tx, actor.Tenant, c)
	if err != nil {
		return "", "", err
	}
	if !r.Can(ActNumber) {
		return "", "", errs.New(errs.Conflict, i18n.CaseCannot, r.State.Text())
	}
	if name, err = s.ring.Open("service_case", "reporter", r.ID, r.reporter); err != nil {
		return "", "", err
	}
	if phone, err = s.ring.Open("service_case", "phone", r.ID, r.phone); err != nil {
		return "", "", err
	}
	if _, err := s.insertEntry(ctx, tx, actor.Tenant, r.ID, r.State, step{act: ActNumber, words: i18n.CaseNumberWhy.In(i18n.ZH), open: true, account: actor.AccountID}); err != nil {
		return "", "", err
	}
	return name, phone, audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.number", Permission: perm, SubjectKind: "service_case", SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.OrgID,
		Purpose: purposeOfLook})
}
