package casework

import (
	"context"
	"time"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Result is how a case ends.
type Result struct {
	Outcome Outcome
	Words   string       // what the one who reported reads
	Address string       // where to turn next; needed where the office could not do it
	Files   []attach.New // photographs of what was done and papers, which whoever reported it sees; none is needed

	StepsWhy string // why needed steps were left out; needed where some were
}

func (r *Result) check() *errs.Error {
	var e *errs.Error
	if r.Outcome.Text().IsZero() {
		e = e.With("outcome", i18n.ErrBadChoice)
	}
	e = errs.Words(e, "words", &r.Words, MaxWords, true)
	e = errs.Words(e, "steps_why", &r.StepsWhy, 200, false)
	return errs.Words(e, "address", &r.Address, MaxPlace, r.Outcome.needsAddress())
}

// Finish writes the result (PermWork). Organisations that handle the case jointly have done their part before.
func (s *Service) Finish(ctx context.Context, actor authz.Actor, c id.ID, version int64, in Result) error {
	if e := in.check(); e != nil {
		return e
	}
	files, err := s.checkPapers(ctx, actor.Tenant, in.Files)
	if err != nil {
		return err
	}
	return s.act(ctx, actor, PermWork, c, version, ActFinish, func(tx *db.Tx, _ office, c *Case) (step, error) {
		if err := s.sayLeft(ctx, tx, actor.AccountID, c, in); err != nil {
			return step{}, err
		}
		e, err := finished(ctx, tx, c, in)
		e.files = files
		return e, err
	})
}

// finished writes the result into a case.
func finished(ctx context.Context, tx *db.Tx, c *Case, in Result) (step, error) {
	joint, err := parties(ctx, tx, c.tenant, c.ID)
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
}

// finishedElsewhere writes the result of a case that was not finished at the desk, where nobody was asked for needed steps: that they were left, and why, stands in it.
func (s *Service) finishedElsewhere(ctx context.Context, tx *db.Tx, actor authz.Actor, c *Case, in Result, why i18n.Text) (step, error) {
	if in.StepsWhy == "" {
		in.StepsWhy = why.In(i18n.ZH)
	}
	if err := s.sayLeft(ctx, tx, actor.AccountID, c, in); err != nil {
		return step{}, err
	}
	return finished(ctx, tx, c, in)
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
	e := errs.Words(nil, "words", &in.Words, MaxWords, false)
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
		switch worked, err := workedOn(ctx, tx, actor.Tenant, c.ID, actor.AccountID); {
		case err != nil:
			return step{}, err
		case worked:
			return step{}, errs.New(errs.Conflict, i18n.CaseOwnCall)
		case in.Reached && !c.HasPhone:
			return step{}, errs.New(errs.Conflict, i18n.CaseNobodyToCall)
		}
		if !in.Reached {
			return step{words: i18n.CaseNotReached.In(i18n.ZH) + " " + in.Words}, nil
		}
		e := step{words: starred(in.Rating, in.Words), open: true, source: c.ID}
		if c.rated(tx.Now(), Rating{Solved: in.Solved, Stars: in.Rating}, ByCall) {
			return e, s.reopen(ctx, tx, o, c)
		}
		return e, s.confirmed(ctx, tx, c, ByCall)
	})
}

// Checked is what somebody found who went to the place of an event that is done (GRID-3).
type Checked struct {
	Solved bool
	Words  string // what is still wrong; needed where it is not solved
}

// Checkable says whether a result is to be looked at where it was found: an event that a grid worker found, of which nobody was told who could be called.
func (c Case) Checkable() bool { return c.Channel == ByGrid && !c.HasPhone && c.Can(ActCheck) }

// Check closes an event that was found on a round after somebody has seen that it is solved, or gives it back to who did it (PermWork where it happened). Whoever
// worked on it does not check it. It is nobody's satisfaction and counts as none.
func (s *Service) Check(ctx context.Context, actor authz.Actor, c id.ID, version int64, in Checked) error {
	if e := errs.Words(nil, "words", &in.Words, MaxWords, !in.Solved); e != nil {
		return e
	}
	return s.act(ctx, actor, PermWork, c, version, ActCheck, func(tx *db.Tx, o office, c *Case) (step, error) {
		worked, err := workedOn(ctx, tx, actor.Tenant, c.ID, actor.AccountID)
		switch {
		case err != nil:
			return step{}, err
		case worked:
			return step{}, errs.New(errs.Conflict, i18n.CaseOwnCheck)
		case !c.Checkable():
			return step{}, errs.New(errs.Conflict, i18n.CaseNotToCheck)
		case !in.Solved:
			return step{act: ActReopen, words: in.Words, open: true}, s.reopen(ctx, tx, o, c)
		}
		c.State, c.ClosedAt, c.Confirmed = Closed, tx.Now(), ByCheck
		return step{words: in.Words, open: true}, s.confirmed(ctx, tx, c, ByCheck)
	})
}

// Reopen opens a case again for somebody affected by it, with what is still wrong (PermDispatch).
func (s *Service) Reopen(ctx context.Context, actor authz.Actor, c id.ID, version int64, why string) error {
	if e := errs.Words(nil, "words", &why, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermDispatch, c, version, ActReopen, func(tx *db.Tx, o office, c *Case) (step, error) {
		return step{words: why, open: true}, s.reopen(ctx, tx, o, c)
	})
}

// reopen puts a case back to who handled it, with a limit of its own. Where the handler cannot work there any more it lies with the organisation; where that is gone, with
// the one above.
func (s *Service) reopen(ctx context.Context, tx *db.Tx, o office, c *Case) error {
	c.afresh(tx.Now())
	c.State, c.Reopened = Working, c.Reopened+1
	c.DueAt, c.Provisional = o.due(c.Timing, nil)
	if err := s.restartSteps(ctx, tx, o, c); err != nil {
		return err
	}
	there, err := s.works(ctx, tx, c)
	if err != nil {
		return err
	}
	if !there {
		c.State, c.HandlerID = Accepted, 0
	}
	for {
		has, err := findOrg(ctx, tx, c.tenant, c.OrgID)
		if err != nil || !has.over || has.parent == 0 {
			return err
		}
		c.State, c.OrgID, c.HandlerID, c.DispatchedBy = Received, has.parent, 0, 0
		c.respondAt, _ = o.signBy(c.Timing, tx.Now())
	}
}

// Merge says that a case is the same as another that the actor sees (PermDispatch). Whoever reported it follows the other from then on, and so does what was
// merged into it.
func (s *Service) Merge(ctx context.Context, actor authz.Actor, c id.ID, version int64, into id.ID) error {
	return s.act(ctx, actor, PermDispatch, c, version, ActMerge, func(tx *db.Tx, _ office, c *Case) (step, error) { return s.mergedInto(ctx, tx, actor, c, into) })
}

// mergedInto lets a case follow another that the actor sees.
func (s *Service) mergedInto(ctx context.Context, tx *db.Tx, actor authz.Actor, c *Case, into id.ID) (step, error) {
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
	case other.Petition != c.Petition: // it would lose its limits and reviews
		return step{}, errs.Field("into", i18n.CaseMergePetition)
	}
	if c.Petition {
		same, err := s.samePerson(ctx, tx, c.ID, other)
		if err != nil {
			return step{}, err
		}
		if !same {
			return step{}, errs.Field("into", i18n.CaseMergePetition)
		}
	}
	follow, err := followersOf(ctx, tx, actor.Tenant, c.ID)
	if err != nil {
		return step{}, err
	}
	c.State, c.MergedID, c.SignDueAt = Merged, other.ID, time.Time{}
	if err := repoint(ctx, tx, actor.Tenant, c.ID, other.ID); err != nil {
		return step{}, err
	}
	if _, err := s.insertEntry(ctx, tx, actor.Tenant, other.ID, other.State, step{act: ActMerge, words: c.No, account: actor.AccountID}); err != nil {
		return step{}, err
	}
	return step{words: other.No, into: other.No, with: follow}, nil
}

// samePerson says whether two cases were certainly brought by one person: whom the register knows, or by the same name and number.
func (s *Service) samePerson(ctx context.Context, q db.Querier, c id.ID, other row) (bool, error) {
	own, err := load(ctx, q, other.tenant, c)
	if err != nil || own.PersonID != 0 || other.PersonID != 0 {
		return own.PersonID == other.PersonID, err
	}
	for _, of := range []struct {
		column   string
		one, two []byte
	}{{"reporter", own.reporter, other.reporter}, {"phone", own.phone, other.phone}} {
		one, err := s.ring.Open("service_case", of.column, own.ID, of.one)
		if err != nil {
			return false, err
		}
		two, err := s.ring.Open("service_case", of.column, other.ID, of.two)
		if err != nil || one == "" || one != two {
			return false, err
		}
	}
	return true, nil
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
	e := errs.Words(nil, "title", &in.Title, 100, true)
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
