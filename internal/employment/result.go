package employment

import (
	"context"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Employ notes that a seeker found work elsewhere (PermManage). It ends the seeking.
func (s *Service) Employ(ctx context.Context, actor authz.Actor, seeker id.ID, f Found) error {
	if err := f.check(s.Today()); err != nil {
		return err
	}
	return s.change(ctx, actor, seeker, func(tx *db.Tx, k Seeker) error {
		if !actor.Scope(PermManage).Covers(k.OrgID) {
			return errs.ErrForbidden
		}
		if err := notOneself(actor, k.PersonID); err != nil {
			return err
		}
		if err := s.employ(ctx, tx, actor, k, 0, 0, f); err != nil {
			return err
		}
		return record(ctx, tx, actor, "employ", k, "", nil)
	})
}

// employ writes the result of a spell, once, and ends it.
func (s *Service) employ(ctx context.Context, tx *db.Tx, actor authz.Actor, k Seeker, job, but id.ID, f Found) error {
	n, err := tx.Exec(ctx, `UPDATE employment_seeker SET state = 'employed', ended_on = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND state = 'seeking'`, s.Today(), actor.Tenant, k.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.New(errs.Conflict, i18n.EmployIsOver)
	}
	out := id.New()
	next := Result{FromOn: f.FromOn}.next()
	if _, err := tx.Exec(ctx, `INSERT INTO employment_result (tenant_id, id, seeker_id, person_id, org_id, job_id, difficulty, employer, post, kind, from_on, contract, wage, next_on, entered_on, entered_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16)`,
		actor.Tenant, out, k.ID, k.PersonID, k.OrgID, job, k.Difficulty, s.ring.Seal("employment_result", "employer", out, f.Employer), s.ring.Seal("employment_result", "post", out, f.Post), f.Kind, f.FromOn, f.Contract, f.Wage, next, s.Today(), actor.AccountID); err != nil {
		return err
	}
	return endMatches(ctx, tx, actor.Tenant, s.Today(), "seeker_id", []id.ID{k.ID}, but)
}

// FollowUp notes whether somebody is still at the work they found (PermManage).
func (s *Service) FollowUp(ctx context.Context, actor authz.Actor, result id.ID, found Stay, why Leaving, words string, version int64) error {
	if err := errs.Words(nil, "words", &words, MaxNote, false).OrNil(); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		r, err := db.One(ctx, tx, (*Result).dest, "SELECT "+resultColumns+actor.Scope(PermManage).Where(a, ofResult)+" AND e.voided_on = '' AND e.id = "+a.Add(result), a.Values()...)
		if err != nil {
			return err
		}
		if err := notOneself(actor, r.PersonID); err != nil {
			return err
		}
		before, err := s.ring.Open("employment_result", "words", r.ID, r.words)
		if err != nil {
			return err
		}
		said := strings.TrimSpace(before + "\n" + words) // what was said after three months stays
		if err := r.answer(found, why, s.Today()); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE employment_result SET after3 = $1, after3_on = $2, after6 = $3, after6_on = $4, next_on = $5, reason = $6, words = $7, version = version + 1 WHERE tenant_id = $8 AND id = $9 AND version = $10`,
			r.After3, r.After3On, r.After6, r.After6On, r.NextOn, r.Reason, s.ring.Seal("employment_result", "words", r.ID, said), actor.Tenant, r.ID, version); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, entry("follow", "result", r.ID, r.PersonID, r.OrgID, map[string]any{"found": found}))
	})
}

// Void takes a result back that was wrong (PermManage): it counts no more, the place of the job is free again, and the person seeks again unless they registered later.
func (s *Service) Void(ctx context.Context, actor authz.Actor, result id.ID, why Voiding, version int64) error {
	if why.Text().IsZero() {
		return errs.Field("voiding", i18n.EmployWhyEnd)
	}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		r, err := db.One(ctx, tx, (*Result).dest, "SELECT "+resultColumns+actor.Scope(PermManage).Where(a, ofResult)+" AND e.voided_on = '' AND e.id = "+a.Add(result), a.Values()...)
		if err != nil {
			return err
		}
		if err := notOneself(actor, r.PersonID); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE employment_result SET voided_on = $1, voided_for = $2, next_on = '', version = version + 1 WHERE tenant_id = $3 AND id = $4 AND version = $5`, s.Today(), why, actor.Tenant, r.ID, version); err != nil {
			return err
		}
		later, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM employment_seeker z WHERE z.tenant_id = $1 AND z.person_id = $2 AND z.id > $3`, actor.Tenant, r.PersonID, r.SeekerID)
		if err != nil {
			return err
		}
		state, ended := Seeking, ""
		if later > 0 || r.PersonID == 0 { // a later spell goes on, however it ended
			state, ended = Withdrawn, s.Today().String()
		}
		if _, err := tx.Exec(ctx, `UPDATE employment_seeker SET state = $1, ended_on = CASE WHEN $2 = '' THEN '' ELSE ended_on END, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND state = 'employed'`, state, ended, actor.Tenant, r.SeekerID); err != nil {
			return err
		}
		if r.JobID != 0 {
			if _, err := tx.Exec(ctx, `UPDATE employment_job SET closed_on = CASE WHEN state = 'closed' AND taken >= places AND until_on >= $1 THEN '' ELSE closed_on END,
				state = CASE WHEN state = 'closed' AND taken >= places AND until_on >= $2 THEN 'open' ELSE state END, taken = taken - 1, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND taken > 0`, s.Today(), s.Today(), actor.Tenant, r.JobID); err != nil {
				return err
			}
			// A hire by mistake waits for the unit's answer again where the job can take it.
			if _, err := tx.Exec(ctx, `UPDATE employment_match SET state = CASE WHEN $1 = 'wrong' AND $2 = 'seeking' AND EXISTS (SELECT 1 FROM employment_job j WHERE j.tenant_id = employment_match.tenant_id AND j.id = employment_match.job_id AND j.state = 'open') THEN 'accepted' ELSE 'over' END,
				decided_on = $3, version = version + 1 WHERE tenant_id = $4 AND seeker_id = $5 AND job_id = $6 AND state = 'hired'`, string(why), string(state), s.Today(), actor.Tenant, r.SeekerID, r.JobID); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, actor, entry("void", "result", r.ID, r.PersonID, r.OrgID, map[string]any{"reason": why}))
	})
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.EmployTwice)
	}
	return err
}

// ResultFilter narrows the list of results.
type ResultFilter struct {
	Due        bool // those about whom it is to be asked by now
	Year       int  // of the first day at work; 0: all
	Difficulty Difficulty
	Stayed     int // 3 or 6: still there after so many months
	OrgID      id.ID
	Text       string // part of the name
	Page       db.Page
}

// Results lists who found work, the newest first, or those due by what is due first (PermManage). Each is recorded as a look.
func (s *Service) Results(ctx context.Context, actor authz.Actor, f ResultFilter) (out db.List[Result], err error) {
	if !actor.Can(PermManage) {
		return out, errs.ErrForbidden
	}
	a := &db.Args{}
	where := actor.Scope(PermManage).Where(a, ofResult) + " AND e.voided_on = ''"
	order := db.Order{Column: "e.from_on", IDColumn: "e.id", Desc: true}
	key := func(r Result) string { return r.FromOn.String() }
	if f.Due {
		where += " AND e.next_on <> '' AND e.next_on <= " + a.Add(s.Today())
		order, key = db.Order{Column: "e.next_on", IDColumn: "e.id"}, func(r Result) string { return r.NextOn.String() }
	}
	if f.Year != 0 {
		where += " AND e.from_on >= " + a.Add(calendar.On(f.Year, 1, 1)) + " AND e.from_on <= " + a.Add(calendar.On(f.Year, 12, 31))
	}
	if f.Difficulty != "" {
		where += " AND e.difficulty = " + a.Add(f.Difficulty)
	}
	switch f.Stayed {
	case firstAfter:
		where += " AND e.after3 = 'there'"
	case secondAfter:
		where += " AND e.after6 = 'there'"
	}
	if f.OrgID != 0 {
		where += " AND e.org_id = " + a.Add(f.OrgID)
	}
	if gram.Key(f.Text) != "" {
		where += " AND r.name_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
	}
	keys, tail := a.Keyset(f.Page, order)
	rows, err := db.All(ctx, s.db, (*Result).dest, "SELECT "+resultColumns+where+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	out = db.Cut(rows, f.Page, func(r Result) db.Cursor { return db.Cursor{Key: key(r), ID: r.ID} })
	for i := range out.Items {
		if err := s.openResult(&out.Items[i]); err != nil {
			return out, err
		}
	}
	return out, looked(ctx, s.db, actor, "results", "result", out.Items, func(r Result) (subject, person, org id.ID) { return r.ID, r.PersonID, r.OrgID })
}
