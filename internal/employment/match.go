package employment

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// readAtOnce bounds how many jobs or seekers are read for one page of suggestions.
const readAtOnce = 500

// unwanted is the condition that a match m of a seeker z was declined or passed: it is not proposed to the same person again, in no later spell either.
const unwanted = "m.state IN ('declined', 'passed') AND z.person_id <> 0"

// suggestions are jobs for a seeker, with one query: those that can be had and were not brought together with them yet.
func (s *Service) suggestions(ctx context.Context, q db.Querier, tenant int64, k *Seeker) ([]Suggestion, error) {
	a := &db.Args{}
	where := "j.tenant_id = " + a.Add(tenant) + " AND " + offered(a, s.Today()) + " AND NOT EXISTS (SELECT 1 FROM employment_match m JOIN employment_seeker z ON z.tenant_id = m.tenant_id AND z.id = m.seeker_id WHERE m.tenant_id = j.tenant_id AND m.job_id = j.id AND (m.seeker_id = " +
		a.Add(k.ID) + " OR " + unwanted + " AND z.person_id = " + a.Add(k.PersonID) + "))"
	if k.Hours != AnyHours {
		where += " AND j.hours = " + a.Add(k.Hours)
	}
	switch k.Area {
	case InCommunity:
		where += " AND j.community_id = " + a.Add(k.OrgID)
	case InStreet:
		where += " AND (j.community_id = " + a.Add(k.OrgID) + " OR p.parent_id <> 0 AND p.parent_id = " + a.Add(k.StreetID) + ")"
	}
	if len(k.Kinds) > 0 {
		where += " AND " + db.In(a, "j.kind", k.Kinds)
	}
	if k.WageFrom > 0 {
		where += " AND (j.wage_to = 0 OR j.wage_to >= " + a.Add(k.WageFrom) + ")"
	}
	list, err := db.All(ctx, q, (*Job).dest, "SELECT "+jobColumns+where+" ORDER BY j.id DESC LIMIT "+a.Add(int64(readAtOnce)), a.Values()...)
	return suggest(k, list), err
}

// candidates are seekers in scope for a job, with one query; their names are masked.
func (s *Service) candidates(ctx context.Context, q db.Querier, actor authz.Actor, j *Job) ([]Candidate, error) {
	a := &db.Args{}
	list, err := db.All(ctx, q, (*Seeker).dest, "SELECT "+seekerColumns+actor.Scope(PermManage).Where(a, ofSeeker)+" AND s.state = 'seeking' AND (s.kinds = '' OR s.kinds LIKE "+a.Add("% "+string(j.Kind)+" %")+
		") AND (s.hours = 'any' OR s.hours = "+a.Add(j.Hours)+") AND (s.area = 'any' OR s.org_id = "+a.Add(j.CommunityID)+" OR s.area = 'street' AND o.parent_id <> 0 AND o.parent_id = "+a.Add(j.StreetID)+
		") AND NOT EXISTS (SELECT 1 FROM employment_match m JOIN employment_seeker z ON z.tenant_id = m.tenant_id AND z.id = m.seeker_id WHERE m.tenant_id = s.tenant_id AND m.job_id = "+a.Add(j.ID)+" AND (m.seeker_id = s.id OR "+unwanted+" AND z.person_id = s.person_id)) ORDER BY s.entered_on, s.id LIMIT "+a.Add(int64(readAtOnce)), a.Values()...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		k := &list[i]
		if k.Skills, err = s.ring.Open("employment_seeker", "skills", k.ID, k.skills); err != nil {
			return nil, err
		}
		k.Name = code.MaskName(k.Name)
	}
	out := waitingFor(j, list)
	for i := range out {
		out[i].Skills = "" // is for the matching alone
	}
	return out, nil
}

// Propose proposes a job to a seeker (PermManage at the seeker's station).
func (s *Service) Propose(ctx context.Context, actor authz.Actor, seeker, job id.ID) (id.ID, error) {
	return s.bring(ctx, actor, seeker, job, Proposed)
}

// Apply says that the actor, who seeks, wants a job.
func (s *Service) Apply(ctx context.Context, actor authz.Actor, job id.ID) (id.ID, error) {
	if actor.PersonID == 0 {
		return 0, errs.ErrForbidden
	}
	a := &db.Args{}
	seeker, err := db.Value[id.ID](ctx, s.db, "SELECT s.id FROM employment_seeker s WHERE "+theirs(a, actor, "s")+" AND s.state = 'seeking'", a.Values()...)
	if errs.KindOf(err) == errs.NotFound || err == nil && seeker == 0 {
		return 0, errs.New(errs.Conflict, i18n.EmployRegisterFirst)
	}
	if err != nil {
		return 0, err
	}
	return s.bring(ctx, actor, seeker, job, Accepted)
}

func (s *Service) bring(ctx context.Context, actor authz.Actor, seeker, job id.ID, state MatchState) (id.ID, error) {
	out := id.New()
	err := s.change(ctx, actor, seeker, func(tx *db.Tx, k Seeker) error {
		if state == Proposed && !actor.Scope(PermManage).Covers(k.OrgID) {
			return errs.ErrForbidden
		}
		if state == Proposed {
			if err := notOneself(actor, k.PersonID); err != nil {
				return err
			}
		}
		if err := reference.Require(ctx, tx, actor.Tenant, reference.EmployJob, job); err != nil {
			return err
		}
		a := &db.Args{}
		there, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM employment_job j WHERE j.tenant_id = "+a.Add(actor.Tenant)+" AND j.id = "+a.Add(job)+" AND "+offered(a, s.Today()), a.Values()...)
		switch {
		case err != nil:
			return err
		case there == 0:
			return errs.New(errs.Conflict, i18n.EmployJobGone)
		}
		if state == Proposed {
			no, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM employment_match m JOIN employment_seeker z ON z.tenant_id = m.tenant_id AND z.id = m.seeker_id WHERE m.tenant_id = $1 AND m.job_id = $2 AND "+unwanted+" AND z.person_id = $3", actor.Tenant, job, k.PersonID)
			switch {
			case err != nil:
				return err
			case no > 0:
				return errs.New(errs.Conflict, i18n.EmployBrought)
			}
		}
		answered := ""
		if state == Accepted {
			answered = s.Today().String()
		}
		if _, err := tx.Exec(ctx, `INSERT INTO employment_match (tenant_id, id, seeker_id, job_id, org_id, state, proposed_on, answered_on, account_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
			actor.Tenant, out, k.ID, job, k.OrgID, state, s.Today(), answered, actor.AccountID); err != nil {
			return err
		}
		act := "propose"
		if state == Accepted {
			act = "apply"
		}
		return record(ctx, tx, actor, act, k, "", map[string]any{"job": job.String()})
	})
	if db.IsUnique(err) {
		return 0, errs.New(errs.Conflict, i18n.EmployBrought)
	}
	return out, err
}

// Answer is the seeker's yes or no to what was proposed: their own, or what they said to the station (PermManage). A no has a reason, and is not asked again.
func (s *Service) Answer(ctx context.Context, actor authz.Actor, match id.ID, yes bool, why Why, words string, version int64) error {
	e := errs.Words(nil, "words", &words, MaxNote, false)
	if !yes && why.Text().IsZero() {
		e = e.With("reason", i18n.EmployWhyNo)
	}
	if err := e.OrNil(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		m, err := db.One(ctx, tx, (*Match).dest, "SELECT "+matchColumns+"m.tenant_id = "+a.Add(actor.Tenant)+" AND m.id = "+a.Add(match)+" AND ("+actor.Scope(PermManage).Where(a, ofSeeker)+" OR "+theirs(a, actor, "s")+")", a.Values()...)
		if err != nil {
			return err
		}
		if m.State != Proposed {
			return errs.New(errs.Conflict, i18n.EmployAnswered)
		}
		if yes && m.Job.StateOn(s.Today()) != Open { // a job that was stopped learns nobody's name
			return errs.New(errs.Conflict, i18n.EmployJobGone)
		}
		act, state := "accept", Accepted
		if !yes {
			act, state = "decline", Declined
		} else {
			why, words = "", ""
		}
		if err := tx.Update(ctx, `UPDATE employment_match SET state = $1, reason = $2, words = $3, answered_on = $4, version = version + 1 WHERE tenant_id = $5 AND id = $6 AND version = $7`,
			state, why, s.ring.Seal("employment_match", "words", m.ID, words), s.Today(), actor.Tenant, m.ID, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, act, Seeker{ID: m.SeekerID, PersonID: m.PersonID, OrgID: m.OrgID}, "", map[string]any{"job": m.JobID.String()})
	})
}

// Decision is the unit's answer to somebody who said yes.
type Decision struct {
	State MatchState // Interview, Hired or Passed
	Why   Why        // of Passed
	Words string
	Hire  Hire // of Hired
}

func (d *Decision) check(s *Service) error {
	e := errs.Words(nil, "words", &d.Words, MaxNote, false)
	switch d.State {
	case Interview:
	case Passed:
		if d.Why.Text().IsZero() {
			e = e.With("reason", i18n.EmployWhyNotTaken)
		}
	case Hired:
		e = d.Hire.check(e, s.Today())
	default:
		e = e.With("decision", i18n.ErrBadChoice)
	}
	if d.State != Passed {
		d.Why = ""
	}
	return e.OrNil()
}

// Decide is the unit's answer (PermUnit, or PermManage at the job's or the seeker's station on its word). A hire takes a place, which no other can take then, ends the seeking with a
// result, and the other matches of the seeker; the hire that takes the last place closes the job.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, match id.ID, d Decision, version int64) error {
	if err := d.check(s); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		m, err := db.One(ctx, tx, (*Match).dest, "SELECT "+matchColumns+"m.tenant_id = "+a.Add(actor.Tenant)+" AND m.id = "+a.Add(match)+" AND m.state NOT IN ('proposed', 'declined') AND ("+offering(a, actor)+" OR "+actor.Scope(PermManage).Where(a, ofSeeker)+")", a.Values()...)
		if err != nil {
			return err
		}
		if err := notOneself(actor, m.PersonID); err != nil {
			return err
		}
		if m.State != Accepted && m.State != Interview {
			return errs.New(errs.Conflict, i18n.EmployDecided)
		}
		if err := tx.Update(ctx, `UPDATE employment_match SET state = $1, reason = $2, words = $3, decided_on = $4, version = version + 1 WHERE tenant_id = $5 AND id = $6 AND version = $7`,
			d.State, d.Why, s.ring.Seal("employment_match", "words", m.ID, d.Words), s.Today(), actor.Tenant, m.ID, version); err != nil {
			return err
		}
		k := Seeker{ID: m.SeekerID, PersonID: m.PersonID, OrgID: m.OrgID}
		if d.State == Hired {
			if err := s.hire(ctx, tx, actor, m, d.Hire); err != nil {
				return err
			}
		}
		return record(ctx, tx, actor, map[MatchState]string{Interview: "interview", Hired: "hire", Passed: "pass"}[d.State], k, "", map[string]any{"job": m.JobID.String()})
	})
}

// hire takes a place of the job and ends the seeking with a result.
func (s *Service) hire(ctx context.Context, tx *db.Tx, actor authz.Actor, m Match, h Hire) error {
	n, err := tx.Exec(ctx, `UPDATE employment_job SET taken = taken + 1, state = CASE WHEN taken + 1 >= places THEN 'closed' ELSE state END, closed_on = CASE WHEN taken + 1 >= places THEN $1 ELSE closed_on END, version = version + 1
		WHERE tenant_id = $2 AND id = $3 AND state = 'open' AND taken < places`, s.Today().String(), actor.Tenant, m.JobID)
	if err != nil {
		return err
	}
	switch {
	case n == 0 && (m.Job.State == Asked || m.Job.State == Refused):
		return errs.New(errs.Conflict, i18n.EmployJobGone)
	case n == 0:
		return errs.New(errs.Conflict, i18n.EmployNoPlace)
	}
	k, err := db.One(ctx, tx, (*Seeker).dest, "SELECT "+seekerColumns+"s.tenant_id = $1 AND s.id = $2", actor.Tenant, m.SeekerID)
	if err != nil {
		return err
	}
	if err := s.employ(ctx, tx, actor, k, m.JobID, m.ID, Found{Hire: h, Employer: m.Job.Unit, Post: m.Job.Title, Kind: m.Job.Kind}); err != nil {
		return err
	}
	if m.Job.Taken+1 < m.Job.Places {
		return nil
	}
	if err := endMatches(ctx, tx, actor.Tenant, s.Today(), "job_id", []id.ID{m.JobID}, m.ID); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, entry("fill", "job", m.JobID, 0, m.Job.UnitID, nil))
}
