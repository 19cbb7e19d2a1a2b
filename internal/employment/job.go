package employment

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Offer enters a job: a unit's own waits for the station (PermUnit); one that the station enters for a unit of its part is public at once, unless there is something in it to
// look at (PermManage).
func (s *Service) Offer(ctx context.Context, actor authz.Actor, n NewJob) (id.ID, error) {
	if err := n.check(s.Today()); err != nil {
		return 0, err
	}
	if !actor.Can(PermUnit) && !actor.Can(PermManage) {
		return 0, errs.ErrForbidden
	}
	out := id.New()
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		community, byStation, err := s.offers(ctx, tx, actor, n.UnitID)
		if err != nil {
			return err
		}
		state := Asked
		if _, flagged := limits(n.Title + "\n" + n.Needs); byStation && len(flagged) == 0 {
			state = Open
		}
		if _, err := tx.Exec(ctx, `INSERT INTO employment_job (tenant_id, id, unit_id, community_id, kind, title, title_key, places, wage_from, wage_to, hours, place, needs, education, until_on, contact, phone, state, entered_on, entered_by)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20)`, actor.Tenant, out, n.UnitID, community, n.Kind, n.Title, gram.Key(n.Title), n.Places, n.WageFrom, n.WageTo, n.Hours, n.Place, n.Needs, n.Education, n.UntilOn,
			s.ring.Seal("employment_job", "contact", out, n.Contact), s.ring.Seal("employment_job", "phone", out, n.Phone), state, s.Today(), actor.AccountID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, entry("offer", "job", out, 0, n.UnitID, map[string]any{"state": state}))
	})
}

// offers says whether the actor may offer jobs of a unit, at which community it is, and whether they do it for the station.
func (s *Service) offers(ctx context.Context, tx *db.Tx, actor authz.Actor, unit id.ID) (community id.ID, byStation bool, err error) {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, unit); err != nil {
		return 0, false, err
	}
	type row struct {
		kind      string
		community id.ID
	}
	u, err := db.One(ctx, tx, func(u *row) []any { return []any{&u.kind, &u.community} }, `SELECT o.kind, o.community_id FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.dissolved_on = ''`, actor.Tenant, unit)
	if err != nil && errs.KindOf(err) != errs.NotFound {
		return 0, false, err
	}
	station := actor.Scope(PermManage)
	byStation = err == nil && (station.Covers(unit) || u.community != 0 && station.Covers(u.community))
	if err != nil || u.kind != "unit" || !byStation && !actor.Scope(PermUnit).Covers(unit) {
		return 0, false, errs.Field("unit", i18n.EmployNotYourUnit)
	}
	if u.community == 0 { // no station would answer for it
		return 0, false, errs.Field("unit", i18n.EmployNoCommunity)
	}
	return u.community, byStation, nil
}

// onJob finds a job that the actor's station or unit answers for, and does something in one transaction.
func (s *Service) onJob(ctx context.Context, actor authz.Actor, job id.ID, station bool, do func(*db.Tx, Job) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		j, err := findJob(ctx, tx, actor, job)
		if err != nil {
			return err
		}
		if station && !manages(actor, j) {
			return errs.ErrForbidden
		}
		return do(tx, j)
	})
}

// Change changes a job that was not closed. What a unit changes waits for the station again; fewer places than were taken there cannot be.
func (s *Service) Change(ctx context.Context, actor authz.Actor, job id.ID, n NewJob, version int64) error {
	return s.onJob(ctx, actor, job, false, func(tx *db.Tx, j Job) error {
		n.UnitID = j.UnitID
		if err := n.check(s.Today()); err != nil {
			return err
		}
		if j.State == Closed {
			return errs.New(errs.Conflict, i18n.EmployJobOver)
		}
		if n.Places < j.Taken {
			return errs.Field("places", i18n.EmployTakenPlaces, j.Taken)
		}
		state := Asked
		if _, flagged := limits(n.Title + "\n" + n.Needs); manages(actor, j) && len(flagged) == 0 {
			state = Open
		}
		if err := tx.Update(ctx, `UPDATE employment_job SET kind = $1, title = $2, title_key = $3, places = $4, wage_from = $5, wage_to = $6, hours = $7, place = $8, needs = $9, education = $10, until_on = $11, contact = $12, phone = $13, state = $14, answer = '',
			version = version + 1 WHERE tenant_id = $15 AND id = $16 AND version = $17`, n.Kind, n.Title, gram.Key(n.Title), n.Places, n.WageFrom, n.WageTo, n.Hours, n.Place, n.Needs, n.Education, n.UntilOn,
			s.ring.Seal("employment_job", "contact", j.ID, n.Contact), s.ring.Seal("employment_job", "phone", j.ID, n.Phone), state, actor.Tenant, j.ID, version); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, entry("change", "job", j.ID, 0, j.UnitID, map[string]any{"state": state}))
	})
}

// Approve makes a job public (PermManage). Where there are words to look at, checked says that the station did.
func (s *Service) Approve(ctx context.Context, actor authz.Actor, job id.ID, checked bool, version int64) error {
	return s.onJob(ctx, actor, job, true, func(tx *db.Tx, j Job) error {
		switch {
		case j.State != Asked:
			return errs.New(errs.Conflict, i18n.EmployJobDecided)
		case len(j.Flags()) > 0 && !checked:
			return errs.Field("checked", i18n.EmployCheckFirst)
		}
		if err := tx.Update(ctx, `UPDATE employment_job SET state = 'open', answer = '', decided_on = $1, decided_by = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND version = $5`, s.Today(), actor.AccountID, actor.Tenant, j.ID, version); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, entry("approve", "job", j.ID, 0, j.UnitID, map[string]any{"flags": len(j.Flags())}))
	})
}

// Refuse does not make a job public, and says why (PermManage). Matches of when it was public end. The unit may change it.
func (s *Service) Refuse(ctx context.Context, actor authz.Actor, job id.ID, why string, version int64) error {
	if err := errs.Words(nil, "why", &why, MaxNote, true).OrNil(); err != nil {
		return err
	}
	return s.onJob(ctx, actor, job, true, func(tx *db.Tx, j Job) error {
		if j.State != Asked {
			return errs.New(errs.Conflict, i18n.EmployJobDecided)
		}
		if err := tx.Update(ctx, `UPDATE employment_job SET state = 'refused', answer = $1, decided_on = $2, decided_by = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`, why, s.Today(), actor.AccountID, actor.Tenant, j.ID, version); err != nil {
			return err
		}
		if err := endMatches(ctx, tx, actor.Tenant, s.Today(), "job_id", []id.ID{j.ID}, 0); err != nil { // of when it was public
			return err
		}
		return audit.Record(ctx, tx, actor, entry("refuse", "job", j.ID, 0, j.UnitID, nil))
	})
}

// Close ends a job (its station or its unit), and the matches that go on. What the station has not let through stays hidden.
func (s *Service) Close(ctx context.Context, actor authz.Actor, job id.ID, version int64) error {
	return s.onJob(ctx, actor, job, false, func(tx *db.Tx, j Job) error {
		if j.State == Closed {
			return errs.New(errs.Conflict, i18n.EmployJobOver)
		}
		if err := tx.Update(ctx, `UPDATE employment_job SET state = CASE WHEN state = 'open' THEN 'closed' ELSE 'refused' END, closed_on = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, s.Today(), actor.Tenant, j.ID, version); err != nil {
			return err
		}
		if err := endMatches(ctx, tx, actor.Tenant, s.Today(), "job_id", []id.ID{j.ID}, 0); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, entry("close", "job", j.ID, 0, j.UnitID, nil))
	})
}

// JobFilter narrows lists of jobs.
type JobFilter struct {
	State     JobState
	Kind      Kind
	Hours     Hours
	WageFrom  int64 // at least so much
	Community id.ID
	Text      string // part of the title or of the unit's name
	Page      db.Page
}

func (f JobFilter) where(a *db.Args, today any) (where string) {
	switch f.State {
	case "":
	case Open:
		where += " AND " + offered(a, today)
	case Filled:
		where += " AND j.state IN ('open', 'closed') AND j.taken >= j.places"
	case Expired:
		where += " AND j.state = 'open' AND j.taken < j.places AND j.until_on < " + a.Add(today)
	case Closed:
		where += " AND j.state = 'closed' AND j.taken < j.places"
	default:
		where += " AND j.state = " + a.Add(f.State)
	}
	if f.Kind != "" {
		where += " AND j.kind = " + a.Add(f.Kind)
	}
	if f.Hours != "" {
		where += " AND j.hours = " + a.Add(f.Hours)
	}
	if f.WageFrom > 0 {
		where += " AND (j.wage_to = 0 OR j.wage_to >= " + a.Add(f.WageFrom) + ")"
	}
	if f.Community != 0 {
		where += " AND j.community_id = " + a.Add(f.Community)
	}
	if gram.Key(f.Text) != "" {
		like := a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
		where += " AND (j.title_key LIKE " + like + " OR u.name_key LIKE " + like + ")"
	}
	return where
}

func (s *Service) jobs(ctx context.Context, a *db.Args, where string, f JobFilter) (out db.List[Job], err error) {
	where += f.where(a, s.Today())
	keys, tail := a.Keyset(f.Page, db.Order{IDColumn: "j.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Job).dest, "SELECT "+jobColumns+where+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	return db.Cut(rows, f.Page, func(j Job) db.Cursor { return db.Cursor{ID: j.ID} }), nil
}

// Jobs lists jobs that the actor's station answers for (PermManage), or those of their units (units: PermUnit), the newest first.
func (s *Service) Jobs(ctx context.Context, actor authz.Actor, units bool, f JobFilter) (db.List[Job], error) {
	perm, cols := PermManage, ofJob
	if units {
		perm, cols = PermUnit, ofUnit
	}
	if !actor.Can(perm) {
		return db.List[Job]{}, errs.ErrForbidden
	}
	a := &db.Args{}
	return s.jobs(ctx, a, actor.Scope(perm).Where(a, cols), f)
}

// Public lists jobs that can be had, for everybody.
func (s *Service) Public(ctx context.Context, tenant int64, f JobFilter) (db.List[Job], error) {
	f.State = Open
	a := &db.Args{}
	return s.jobs(ctx, a, "j.tenant_id = "+a.Add(tenant), f)
}

// PublicJob gives a job that is public, without whom to speak with.
func (s *Service) PublicJob(ctx context.Context, tenant int64, job id.ID) (Job, error) {
	return db.One(ctx, s.db, (*Job).dest, "SELECT "+jobColumns+"j.tenant_id = $1 AND j.id = $2 AND j.state IN ('open', 'closed')", tenant, job)
}

// Opening is a job with who was brought together with it.
type Opening struct {
	Job
	Matches    []Match     // for the unit those who said yes; for the station all, with masked names of those who have not
	Candidates []Candidate // for the station: whom it may suit, with masked names
	Station    bool        // the actor acts for the station
}

// Job gives a job that the actor's station or unit answers for. Who accepted is named, which is a look that they see.
func (s *Service) Job(ctx context.Context, actor authz.Actor, job id.ID) (o Opening, err error) {
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		j, err := findJob(ctx, tx, actor, job)
		if err != nil {
			return err
		}
		if err := s.openContact(&j); err != nil {
			return err
		}
		o = Opening{Job: j, Station: manages(actor, j)}
		which := "m.state IN ('accepted', 'interview', 'hired')"
		if o.Station {
			which = "m.state <> ''"
		}
		if o.Matches, err = db.All(ctx, tx, (*Match).dest, "SELECT "+matchColumns+"m.tenant_id = $1 AND m.job_id = $2 AND "+which+" ORDER BY m.id LIMIT $3", actor.Tenant, j.ID, int64(most)); err != nil {
			return err
		}
		var seen []audit.Entry
		for i := range o.Matches {
			m := &o.Matches[i]
			if !m.State.Known() {
				m.Name = code.MaskName(m.Name)
				continue
			}
			if m.Skills, err = s.ring.Open("employment_seeker", "skills", m.SeekerID, m.seeker.skills); err != nil {
				return err
			}
			if m.Phone, err = s.ring.Open("employment_seeker", "phone", m.SeekerID, m.seeker.phone); err != nil {
				return err
			}
			if m.PersonID != 0 {
				e := entry("applicant", "seeker", m.SeekerID, m.PersonID, j.UnitID, nil)
				e.Purpose = Purpose
				seen = append(seen, e)
			}
		}
		if o.Station && j.StateOn(s.Today()) == Open {
			if o.Candidates, err = s.candidates(ctx, tx, actor, &j); err != nil {
				return err
			}
		}
		return audit.RecordMany(ctx, tx, actor, seen)
	})
	return o, err
}
