package casework

import (
	"cmp"
	"context"
	"maps"
	"slices"
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
	"linli/internal/notice"
	"linli/internal/paper"
)

// Followed is what whoever reported a case sees of it: where it stands, what was said to them, and what they can do. It names no worker.
type Followed struct {
	Case
	Entries    []Entry       // those that are theirs to read; By is ""
	MergedInto string        // number of the case that theirs was found to be the same as; where it stands is that one's
	Photos     []attach.File // of the report
	Files      []CaseFile    // of the steps since, those that are theirs to see
	Left       int           // working days that are left of the limit, where the work is open
	SignOff    string        // to tell who has done the work; "" where nobody is sent, or it is over
	Rateable   bool
	Reopenable bool
	// ReviewUntil is until when they ask the office above to review the result of a petition; zero where that is no question.
	ReviewUntil time.Time
	NoReview    i18n.Text        // where they turn instead; empty where that is no question
	Told        notice.Following // whether they are told of it
}

// Key opens a case to who reported it: the code on their receipt (Code), or their own account, which knows the case as theirs (Service.Mine).
type Key struct {
	typed  string
	tenant int64
	own    id.ID
}

// Code is the key of who has the code of a case, as they typed it.
func Code(typed string) Key { return Key{typed: typed} }

// district is the tenant of the key. A code that cannot be one is not found, as one that nobody has.
func (k Key) district() (tenant int64, code string, err error) {
	if k.own != 0 {
		return k.tenant, "", nil
	}
	tenant, code, ok := paper.Normalise(k.typed)
	if !ok {
		return 0, "", errs.ErrNotFound
	}
	return tenant, code, nil
}

// byKey reads the case that a key opens.
func (s *Service) byKey(ctx context.Context, q db.Querier, k Key) (tenant int64, r row, err error) {
	tenant, code, err := k.district()
	switch {
	case err != nil:
	case k.own != 0:
		r, err = load(ctx, q, tenant, k.own)
	default:
		r, err = s.byCode(ctx, q, tenant, code)
	}
	return tenant, r, err
}

// ToReporter gives a case to who reported it. What was merged into another is followed there, without what others said.
func (s *Service) ToReporter(ctx context.Context, k Key) (tenant int64, out Followed, err error) {
	tenant, own, err := s.byKey(ctx, s.db, k)
	if err != nil {
		return 0, out, err
	}
	if out.Case, err = s.open(own); err != nil {
		return 0, out, err
	}
	if own.State == Merged {
		main, err := load(ctx, s.db, tenant, own.MergedID)
		if err != nil {
			return 0, out, err
		}
		c, err := s.open(main)
		if err != nil {
			return 0, out, err
		}
		out.MergedInto, out.Case = c.No, out.standingAs(c)
	}
	if out.Entries, err = s.toReporter(ctx, s.db, tenant, own); err != nil {
		return 0, out, err
	}
	if out.Photos, err = Files(ctx, s.db, tenant, own.ID); err != nil {
		return 0, out, err
	}
	if out.Files, err = filesAt(ctx, s.db, tenant, out.Entries); err != nil {
		return 0, out, err
	}
	out.Files = slices.DeleteFunc(out.Files, func(f CaseFile) bool { return !f.Open })
	for i := range out.Files {
		out.Files[i].Removable = out.Files[i].theirs(own.ID) && own.State != Closed && out.State != Closed
		out.Files[i].By, out.Files[i].AccountID = "", 0
	}
	open := out.State.Open() && !out.DueAt.IsZero()
	if open || out.Can(ActReview) && own.State != Merged {
		o, err := s.office(ctx, tenant)
		if err != nil {
			return 0, out, err
		}
		if open {
			out.Left = o.left(out.Timing, s.db.Now())
		} else {
			if out.ReviewUntil, out.NoReview, err = s.reviewUntil(ctx, s.db, o, out.Case); err != nil {
				return 0, out, err
			}
			if s.db.Now().After(out.ReviewUntil) {
				out.ReviewUntil = time.Time{}
			}
		}
	}
	within, err := s.within(ctx, tenant, out.ClosedAt)
	if err != nil {
		return 0, out, err
	}
	out.Rateable, out.Reopenable = out.rateable(own.State, within), out.reopenable(within)
	if out.ByTechnician && own.State != Merged && own.State != Closed {
		out.SignOff = s.signOff(own.ID, own.Reopened)
	}
	if s.notices != nil {
		if out.Told, err = s.notices.HasContact(ctx, s.db, tenant, noticeSubject, own.ID); err != nil {
			return 0, out, err
		}
	}
	out.HandlerID, out.Handler, out.PersonID, out.EnteredBy = 0, "", 0, 0
	return tenant, out, nil
}

// toReporter are the steps of a case that are told to who reported it (own): of what was merged into another what they said themselves, and the steps of that one, without
// what others said.
func (s *Service) toReporter(ctx context.Context, q db.Querier, tenant int64, own row) (out []Entry, err error) {
	entries, err := s.entries(ctx, q, tenant, own.ID)
	if err != nil {
		return nil, err
	}
	if own.State == Merged {
		theirs, err := s.entries(ctx, q, tenant, own.MergedID)
		if err != nil {
			return nil, err
		}
		entries = slices.DeleteFunc(entries, func(e Entry) bool { return e.source != own.ID }) // what they said themselves
		entries = append(entries, theirs...)
		slices.SortStableFunc(entries, func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
	}
	for _, e := range entries {
		if e.source != 0 && e.source != own.ID || !e.Act.toResident() || e.Act == ActFiles && !e.Public {
			continue // what somebody else said, and what is internal
		}
		if e.By = ""; !e.Public {
			e.Words = ""
		}
		out = append(out, e)
	}
	return out, nil
}

// standingAs is a case as whoever reported it sees it when it was found to be the same as another: what they said is theirs, where it stands is the other's.
func (c Case) standingAs(main Case) Case {
	c.State, c.OrgID, c.Org, c.Timing = main.State, main.OrgID, main.Org, main.Timing
	c.AcceptedAt, c.DispatchedAt, c.StartedAt, c.DoneAt, c.ClosedAt = main.AcceptedAt, main.DispatchedAt, main.StartedAt, main.DoneAt, main.ClosedAt
	c.Outcome, c.Result, c.Address = main.Outcome, main.Result, main.Address
	return c
}

// rateable says whether who reported a case rates it: it is their own, finished, or closed without an answer and not for too long.
func (c Case) rateable(own State, within bool) bool {
	return own != Merged && (c.State == Done || c.State == Closed && c.Confirmed == NoAnswer && within)
}

// reopenable says whether somebody affected by a case opens it again.
func (c Case) reopenable(within bool) bool {
	return !c.Petition && (c.State == Done || c.State == Closed && within)
}

// toResident says whether whoever reported a case is told of an act.
func (a Act) toResident() bool {
	switch a {
	case ActNote, ActSuspend, ActReport, ActAccept, ActRefuse, ActDispatch, ActTake, ActUp, ActResume, ActGrant, ActFinish, ActRate, ActCall, ActCheck, ActReopen, ActClose, ActMerge, ActTopic, ActAdd, ActFiles,
		ActOffer, ActJob, ActArrive, ActBack, ActSignOff, ActCharge, ActNumber, ActMediate, ActNeed, ActReview:
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
	return errs.Words(e, "words", &r.Words, MaxWords, r.Solved == No)
}

// rated closes a case with what was said of it; again says that it is not solved and is to be opened again.
func (c *Case) rated(now time.Time, r Rating, how string) (again bool) {
	c.Solved, c.Rating, c.RatedAt = r.Solved, r.Stars, now
	if r.Solved == No && c.Outcome.Counted() && !c.Petition { // a petition is reviewed above, and not simply opened again
		return true
	}
	c.Confirmed = how
	if c.State == Done {
		c.State, c.ClosedAt = Closed, now
	}
	return false
}

// mostAdded is how often somebody adds to their case.
const mostAdded = 20

// starred is what is kept of a rating in words, so that it stays when the case is opened again.
func starred(stars int64, said string) string {
	return strings.TrimSpace(strings.Repeat("★", int(stars)) + " " + said)
}

// withKey runs an act of who reported a case, on the case where it stands, and gives its state afterwards. pick says which act it is, or why it is none.
// by names the caller in the record of acts, which knows nothing else of them.
func (s *Service) withKey(ctx context.Context, k Key, by, requestID string, pick func(own State, c Case, within bool) (Act, error),
	do func(tx *db.Tx, o office, own id.ID, c *Case) (step, error)) (now State, err error) {
	tenant, _, err := k.district()
	if err != nil {
		return "", err
	}
	o, err := s.office(ctx, tenant)
	if err != nil {
		return "", err
	}
	days, err := ReopenDays.On(ctx, s.db, tenant, calendar.DateOf(s.db.Now()))
	if err != nil {
		return "", err
	}
	return now, s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, r, err := s.byKey(ctx, tx, k)
		if err != nil {
			return err
		}
		own, was := r.ID, r.State
		if was == Merged {
			if r, err = load(ctx, tx, tenant, r.MergedID); err != nil {
				return err
			}
		}
		a, err := pick(was, r.Case, r.ClosedAt.IsZero() || !tx.Now().After(r.ClosedAt.AddDate(0, 0, int(days))))
		if err != nil {
			return err
		}
		return s.apply(ctx, tx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, "", r, 0, a, func(c *Case) (step, error) {
			e, err := do(tx, o, own, c)
			e.source, now = own, c.State
			return e, err
		})
	})
}

// Rate confirms and rates a finished case for who reported it, and gives its state. Not solved, it goes back to who handled it.
func (s *Service) Rate(ctx context.Context, k Key, by, requestID string, in Rating) (State, error) {
	if e := in.check(nil); e != nil {
		return "", e
	}
	return s.withKey(ctx, k, by, requestID, func(own State, c Case, within bool) (Act, error) {
		switch {
		case !c.rateable(own, within):
			return "", errs.New(errs.Conflict, i18n.CaseNotRateable)
		case c.State == Closed: // closed without an answer, and answered now
			return ActRateLate, nil
		}
		return ActRate, nil
	}, func(tx *db.Tx, o office, _ id.ID, c *Case) (step, error) {
		e := step{act: ActRate, words: starred(in.Stars, in.Words), open: true}
		if c.rated(tx.Now(), in, BySelf) {
			return e, s.reopen(ctx, tx, o, c)
		}
		return e, s.confirmed(ctx, tx, c, BySelf)
	})
}

// ReopenBy opens a finished case again, for the one who reported it or anybody whose report was merged with it.
func (s *Service) ReopenBy(ctx context.Context, k Key, by, requestID, why string) error {
	if e := errs.Words(nil, "words", &why, MaxWords, true); e != nil {
		return e
	}
	_, err := s.withKey(ctx, k, by, requestID, func(_ State, c Case, within bool) (Act, error) {
		if !c.reopenable(within) {
			return "", errs.New(errs.Conflict, i18n.CaseTooLateToReopen)
		}
		return ActReopen, nil
	}, func(tx *db.Tx, o office, _ id.ID, c *Case) (step, error) {
		return step{words: why, open: true}, s.reopen(ctx, tx, o, c)
	})
	return err
}

// AddBy lets who reported a case add words, photographs or both. The same again, as a page that is loaded anew sends it, adds nothing.
func (s *Service) AddBy(ctx context.Context, k Key, by, requestID, said string, added ...attach.New) error {
	if e := errs.Words(nil, "words", &said, MaxWords, false); e != nil {
		return e
	}
	if said == "" && len(added) == 0 {
		return errs.Field("words", i18n.CasePublicAddNothing)
	}
	tenant, _, err := k.district()
	if err != nil {
		return err
	}
	pictures, err := s.checkPhotos(ctx, tenant, added)
	if err != nil {
		return err
	}
	_, err = s.withKey(ctx, k, by, requestID, func(State, Case, bool) (Act, error) { return ActAdd, nil },
		func(tx *db.Tx, _ office, own id.ID, c *Case) (step, error) {
			entries, err := s.entries(ctx, tx, tenant, c.ID)
			if err != nil {
				return step{}, err
			}
			old, err := filesAt(ctx, tx, tenant, entries)
			if err != nil {
				return step{}, err
			}
			n := 0
			for _, e := range entries {
				if e.Act == ActAdd && e.source == own {
					if n++; e.Words == said && pictures.amongst(old, e.ID) {
						return step{}, errs.New(errs.Conflict, i18n.CaseAddedAlready)
					}
				}
			}
			if err := roomForTheirs(ctx, tx, tenant, c.ID, own, len(pictures.checked)); err != nil {
				return step{}, err
			}
			if n >= mostAdded {
				return step{}, errs.New(errs.Conflict, i18n.CaseAddedEnough, mostAdded)
			}
			return step{words: said, open: true, files: pictures}, nil
		})
	return err
}

// Reporter is who reported a case, and what they said in full: at first, in the kind's own fields, and later.
type Reporter struct {
	No          string
	Name, Phone string
	Said        []string
}

// Reveal shows who reported a case, for a registered purpose (PermReveal at the organisation that has it). The look is recorded; a resident whom the register knows sees
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
		if err := s.purposes.Covered(ctx, tx, actor.Tenant, purpose, FieldPhone); err != nil {
			return err
		}
		if out.Name, err = s.ring.Open("service_case", "reporter", r.ID, r.reporter); err != nil {
			return err
		}
		if out.Phone, err = s.ring.Open("service_case", "phone", r.ID, r.phone); err != nil {
			return err
		}
		full, err := s.open(r)
		if err != nil {
			return err
		}
		entries, err := s.entries(ctx, tx, actor.Tenant, r.ID)
		if err != nil {
			return err
		}
		out.No, out.Said = r.No, append([]string{full.Body}, slices.Sorted(maps.Values(full.Answers))...)
		for _, e := range entries {
			if e.source != 0 && e.Words != "" {
				out.Said = append(out.Said, e.Words)
			}
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.reveal", Permission: PermReveal, SubjectKind: "service_case", SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.OrgID,
			Purpose: purpose})
	})
}
