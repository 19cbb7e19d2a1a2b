package technician

import (
	"context"
	"slices"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// me is the technician whose account acts (PermServe).
func (s *Service) me(ctx context.Context, q db.Querier, now time.Time, actor authz.Actor) (Technician, error) {
	if actor.AccountID == 0 || !actor.Can(PermServe) {
		return Technician{}, errs.ErrForbidden
	}
	t, err := s.byAccount(ctx, q, now, actor.Tenant, actor.AccountID)
	if errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.Forbidden, i18n.TechnicianNotYou)
	}
	return t, err
}

func recordJob(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, act string, j Job, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "technician." + act, Permission: perm, SubjectKind: "technician_job", SubjectID: j.ID, OrgID: j.CaseOrgID, Detail: detail})
}

// Pocket is what the technician's own page shows.
type Pocket struct {
	Me       Technician
	Open     []Job // offered, taken, arrived, and finished without a confirmation
	Free     []Waiting
	Finished int64 // in the last 90 days
	Rated    int64
	Pleased  int64
}

// Bounds of the technician's page.
const (
	mostOpen = 50
	mostFree = 20
	signDays = 7 // how long a finished job waits for its code on the page
	ownDays  = 90
)

// Mine gives what the technician whose account acts has to do, and what they could take (PermServe): cases that wait, of their skills and area, which nobody was asked
// to do yet.
func (s *Service) Mine(ctx context.Context, actor authz.Actor) (Pocket, error) {
	var p Pocket
	return p, s.db.View(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		t, err := s.me(ctx, tx, now, actor)
		if err != nil {
			return err
		}
		one := []Technician{t}
		if err := parts(ctx, tx, actor.Tenant, one); err != nil {
			return err
		}
		p.Me = one[0]
		if err := times(ctx, tx, actor.Tenant, &p.Me, today(now).AddDays(-1)); err != nil {
			return err
		}
		a := &db.Args{}
		if p.Open, err = jobs(ctx, tx, a, "j.tenant_id = "+a.Add(actor.Tenant)+" AND j.technician_id = "+a.Add(t.ID)+" AND (j.state IN ('offered', 'taken', 'arrived') OR j.state = 'finished' AND j.confirmed = '' AND j.nth = c.reopened AND j.finished_at >= "+
			a.Add(db.Micros(now.AddDate(0, 0, -signDays)))+") ORDER BY CASE j.state WHEN 'arrived' THEN 0 WHEN 'taken' THEN 1 WHEN 'offered' THEN 2 ELSE 3 END, c.urgent DESC, j.id LIMIT "+a.Add(int64(mostOpen))); err != nil {
			return err
		}
		if p.Free, err = s.free(ctx, tx, actor.Tenant, t.ID, 0); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT count(*), coalesce(sum(CASE WHEN c.rating > 0 THEN 1 ELSE 0 END), 0), coalesce(sum(CASE WHEN c.rating >= 4 THEN 1 ELSE 0 END), 0) FROM technician_job j
			JOIN service_case c ON c.tenant_id = j.tenant_id AND c.id = j.case_id WHERE j.tenant_id = $1 AND j.technician_id = $2 AND j.state = 'finished' AND j.nth = c.reopened AND j.finished_at >= $3`,
			actor.Tenant, t.ID, db.Micros(now.AddDate(0, 0, -ownDays))).Scan(&p.Finished, &p.Rated, &p.Pleased)
	})
}

// free gives the cases that a technician could take: all of them, or (one is not 0) that one.
func (s *Service) free(ctx context.Context, q db.Querier, tenant int64, t, one id.ID) ([]Waiting, error) {
	a := &db.Args{}
	me, ten := a.Add(t), a.Add(tenant)
	w := "c.tenant_id = " + ten + " AND " + waits + " AND c.suspended_at = 0 AND c.item_id <> 0" +
		" AND NOT EXISTS (SELECT 1 FROM technician_job q WHERE q.tenant_id = c.tenant_id AND q.case_id = c.id AND q.state = 'offered')" +
		" AND EXISTS (SELECT 1 FROM technician_skill s WHERE s.tenant_id = " + ten + " AND s.technician_id = " + me + " AND (s.item_id = c.item_id OR s.item_id = 0 AND s.class_code = i.list || ':' || i.class_code))" +
		" AND EXISTS (SELECT 1 FROM technician_area r JOIN organisation y ON y.tenant_id = r.tenant_id AND y.id = r.org_id WHERE r.tenant_id = " + ten + " AND r.technician_id = " + me +
		" AND substr(m.path, 1, length(y.path)) = y.path)"
	if one != 0 {
		w += " AND c.id = " + a.Add(one)
	}
	rows, err := db.All(ctx, q, (*Waiting).dest, "SELECT "+waitingColumns+w+" ORDER BY c.urgent DESC, CASE WHEN c.due_at = 0 THEN 1 ELSE 0 END, c.due_at, c.id LIMIT "+a.Add(int64(mostFree)), a.Values()...)
	for i := range rows {
		rows[i].named()
	}
	return rows, err
}

// Own gives a job of the technician whose account acts (PermServe). What was said and where it is can be read from the taking to the confirmation.
func (s *Service) Own(ctx context.Context, actor authz.Actor, n id.ID) (Detail, error) {
	var d Detail
	return d, s.db.View(ctx, func(tx *db.Tx) error {
		if _, err := s.me(ctx, tx, tx.Now(), actor); err != nil {
			return err
		}
		j, err := ownJob(ctx, tx, actor, n)
		if err != nil {
			return err
		}
		d.Job = j
		if d.Charges, err = charges(ctx, tx, actor.Tenant, j.ID); err != nil || !j.open() {
			return err
		}
		if d.Body, d.Place, d.When, d.Result, err = s.cases.JobWords(ctx, tx, actor.Tenant, j.CaseID); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `SELECT coalesce(b.name, ''), CASE WHEN c.phone_key <> '' THEN TRUE ELSE FALSE END FROM service_case c LEFT JOIN building b ON b.tenant_id = c.tenant_id AND b.id = c.building_id AND c.building_id <> 0
			WHERE c.tenant_id = $1 AND c.id = $2`, actor.Tenant, j.CaseID).Scan(&d.Building, &d.HasPhone); err != nil {
			return err
		}
		d.Photos, err = attach.List(ctx, tx, actor.Tenant, filesOf(j.CaseID))
		return err
	})
}

// own finds a job of the technician whose account acts, in one of some states, and does something to it in one transaction.
func (s *Service) own(ctx context.Context, actor authz.Actor, n id.ID, in []State, do func(tx *db.Tx, me Technician, j *Job) error) error {
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		me, err := s.me(ctx, tx, tx.Now(), actor)
		if err != nil {
			return err
		}
		j, err := ownJob(ctx, tx, actor, n)
		if err != nil {
			return err
		}
		if !slices.Contains(in, j.State) {
			if j.State == Gone {
				return errs.New(errs.Conflict, i18n.JobGoneAlready)
			}
			return errs.New(errs.Conflict, i18n.JobCannot, j.State.Text())
		}
		return do(tx, me, &j)
	})
	if db.IsUnique(err) { // somebody was a moment quicker
		return errs.New(errs.Conflict, i18n.JobGoneAlready)
	}
	return err
}

// Take takes what was offered (PermServe). The first to take it has it; the others are told so, and nothing of theirs is half done.
func (s *Service) Take(ctx context.Context, actor authz.Actor, n id.ID) error {
	return s.own(ctx, actor, n, []State{Offered}, func(tx *db.Tx, _ Technician, j *Job) error {
		w, err := findWaiting(ctx, tx, authz.System(actor.Tenant, "").Scope(PermDispatch), j.CaseID)
		if errs.KindOf(err) == errs.NotFound {
			return errs.New(errs.Conflict, i18n.JobGoneAlready)
		} else if err != nil {
			return err
		}
		w.priced(j)
		j.State, j.TakenAt = Taken, tx.Now()
		if err := saveJob(ctx, tx, actor.Tenant, j); err != nil {
			return err
		}
		return s.takenTx(ctx, tx, actor, *j)
	})
}

// takenTx is the rest of taking: whoever else was asked is told that it is gone, and the case is in progress.
func (s *Service) takenTx(ctx context.Context, tx *db.Tx, actor authz.Actor, j Job) error {
	if _, err := tx.Exec(ctx, `UPDATE technician_job SET state = 'gone', ended_at = $1, version = version + 1 WHERE tenant_id = $2 AND case_id = $3 AND state = 'offered' AND id <> $4`,
		db.Micros(tx.Now()), actor.Tenant, j.CaseID, j.ID); err != nil {
		return err
	}
	return s.cases.JobTx(ctx, tx, actor, PermServe, j.CaseID, "job", "", false)
}

// TakeFree takes a case that waits and that nobody was asked to do (PermServe): of the technician's skills and area. It gives the job.
func (s *Service) TakeFree(ctx context.Context, actor authz.Actor, c id.ID) (id.ID, error) {
	n := id.New()
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		me, err := s.me(ctx, tx, tx.Now(), actor)
		if err != nil {
			return err
		}
		list, err := s.free(ctx, tx, actor.Tenant, me.ID, c)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errs.New(errs.Conflict, i18n.JobGoneAlready)
		}
		j := Job{ID: n, CaseID: c, TechnicianID: me.ID, State: Taken, TakenAt: tx.Now()}
		list[0].priced(&j)
		if err := insertJob(ctx, tx, actor.Tenant, j, list[0].ItemID, 0); err != nil {
			return err
		}
		return s.takenTx(ctx, tx, actor, j)
	})
	if db.IsUnique(err) {
		return 0, errs.New(errs.Conflict, i18n.JobGoneAlready)
	}
	return n, err
}

// Decline says no to what was offered, or gives back what was taken, with the reason (PermServe). The case waits for somebody again.
func (s *Service) Decline(ctx context.Context, actor authz.Actor, n id.ID, why string) error {
	if e := errs.Words(nil, "words", &why, MaxWords, true); e != nil {
		return e
	}
	return s.own(ctx, actor, n, []State{Offered, Taken, Arrived}, func(tx *db.Tx, _ Technician, j *Job) error {
		act := "decline"
		if j.State.Active() {
			act, j.State = "back", Returned
		} else {
			j.State = Declined
		}
		j.EndedAt = tx.Now()
		if err := saveJob(ctx, tx, actor.Tenant, j); err != nil {
			return err
		}
		return s.cases.JobTx(ctx, tx, actor, PermServe, j.CaseID, act, why, false)
	})
}

// Arrive says that the technician is there (PermServe). Where that is, nobody is told.
func (s *Service) Arrive(ctx context.Context, actor authz.Actor, n id.ID) error {
	return s.own(ctx, actor, n, []State{Taken}, func(tx *db.Tx, _ Technician, j *Job) error {
		j.State, j.ArrivedAt = Arrived, tx.Now()
		if err := saveJob(ctx, tx, actor.Tenant, j); err != nil {
			return err
		}
		return s.cases.JobTx(ctx, tx, actor, PermServe, j.CaseID, "arrive", "", false)
	})
}

// Number tells whom to call about a job that is under way (PermServe). The look is recorded, with what for, where the resident sees it.
func (s *Service) Number(ctx context.Context, actor authz.Actor, n id.ID) (name, phone string, err error) {
	return name, phone, s.own(ctx, actor, n, []State{Taken, Arrived}, func(tx *db.Tx, _ Technician, j *Job) error {
		name, phone, err = s.cases.NumberTx(ctx, tx, actor, PermServe, j.CaseID)
		return err
	})
}

func filesOf(c id.ID) attach.Owner { return attach.Owner{Kind: "service_case", ID: c} }

// mostPhotos is how many photographs a technician adds to those that the resident sent.
const mostPhotos = 6

// maxPhotoBytes bounds one photograph.
const maxPhotoBytes = 10 << 20

// PhotoLimits bound what photographs a job takes today.
func (s *Service) PhotoLimits(ctx context.Context, tenant int64) (attach.Limits, error) {
	l, err := attach.LimitsOn(ctx, s.db, tenant, calendar.DateOf(s.db.Now()))
	l.Bytes, l.Files = min(l.Bytes, maxPhotoBytes), min(l.Files, mostPhotos)
	return l, err
}

// Finish writes what came of a job, how long it took and what was charged (PermServe). The case is done; it waits for the resident.
func (s *Service) Finish(ctx context.Context, actor authz.Actor, n id.ID, in Finish) error {
	var e *errs.Error
	if in.Minutes < 1 || in.Minutes > MaxMinutes {
		e = e.With("minutes", i18n.ErrNumberRange, 1, MaxMinutes)
	}
	if e = errs.Words(e, "words", &in.Words, MaxWords, true); e != nil {
		return e
	}
	limits, err := s.PhotoLimits(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	for i := range in.Photos {
		in.Photos[i].Personal = true
	}
	var checked []attach.Checked
	if len(in.Photos) > 0 {
		if checked, err = s.files.CheckAll(ctx, in.Photos, attach.Pictures, limits); err != nil {
			return err
		}
	}
	return s.own(ctx, actor, n, []State{Taken, Arrived}, func(tx *db.Tx, _ Technician, j *Job) error {
		entries, e := j.charges(in.Charged)
		if e != nil {
			return e
		}
		j.State, j.FinishedAt, j.Minutes = Finished, tx.Now(), in.Minutes
		if err := saveJob(ctx, tx, actor.Tenant, j); err != nil {
			return err
		}
		if err := insertCharges(ctx, tx, actor, j.ID, entries); err != nil {
			return err
		}
		if len(checked) > 0 {
			there, err := attach.List(ctx, tx, actor.Tenant, filesOf(j.CaseID))
			if err != nil {
				return err
			}
			for _, f := range there {
				if f.AccountID != actor.AccountID || f.CreatedAt.Before(j.TakenAt) {
					limits.Files++ // what others added, or what was added before, does not count
				}
			}
			if _, err := s.files.KeepTx(ctx, tx, actor, filesOf(j.CaseID), limits, checked...); err != nil {
				return err
			}
		}
		return s.cases.FinishJobTx(ctx, tx, actor, PermServe, j.CaseID, in.Outcome, in.Words, in.Address)
	})
}

// SignOff takes the code that the resident told (PermServe). A wrong one is counted, and after MaxTries no code is taken any more: the follow-up call confirms.
func (s *Service) SignOff(ctx context.Context, actor authz.Actor, n id.ID, code string) error {
	var wrong error
	err := s.own(ctx, actor, n, []State{Finished}, func(tx *db.Tx, _ Technician, j *Job) error {
		wrong = nil
		switch {
		case j.Confirmed == ByCode:
			return errs.New(errs.Conflict, i18n.JobSignedAlready)
		case !j.current:
			return errs.New(errs.Conflict, i18n.JobOver)
		case j.enteredBy != 0 && j.enteredBy == actor.AccountID: // who entered the case was told the code
			return errs.New(errs.Conflict, i18n.JobOwnCase)
		case j.Left() == 0:
			return errs.New(errs.Conflict, i18n.JobNoTries)
		case !s.cases.SignedOff(j.CaseID, j.Nth, code):
			j.Tries++
			wrong = errs.Field("code", i18n.JobWrongCode, j.Left())
			if err := saveJob(ctx, tx, actor.Tenant, j); err != nil {
				return err
			}
			return recordJob(ctx, tx, actor, PermServe, "wrong_code", *j, map[string]any{"tries": j.Tries})
		}
		j.Confirmed, j.ConfirmedAt = ByCode, tx.Now()
		if err := saveJob(ctx, tx, actor.Tenant, j); err != nil {
			return err
		}
		return s.cases.JobTx(ctx, tx, actor, PermServe, j.CaseID, "sign_off", "", false)
	})
	if err != nil {
		return err
	}
	return wrong
}

// Correction takes an entry of what was charged back, and puts another in its place.
type Correction struct {
	ChargeID id.ID
	Fen      int64 // what it should have been; 0 for nothing
	Reason   string
}

// Correct corrects what was charged by an entry that counters the wrong one, with a reason: the technician until the resident has confirmed the job (PermServe), afterwards
// who dispatches at the organisation that has the case (PermDispatch).
func (s *Service) Correct(ctx context.Context, actor authz.Actor, n id.ID, in Correction) error {
	e := errs.Words(nil, "reason", &in.Reason, MaxNote, true)
	if in.Fen < 0 || in.Fen > catalogue.MaxFen {
		e = e.With("amount", i18n.JobBadAmount, catalogue.Yuan(catalogue.MaxFen))
	}
	if e != nil {
		return e
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		perm := PermDispatch
		j, err := deskJob(ctx, tx, actor.Scope(PermDispatch), n)
		if errs.KindOf(err) == errs.NotFound && actor.Can(PermServe) {
			j, err = ownJob(ctx, tx, actor, n)
		}
		if err != nil {
			return err
		}
		if j.accountID != 0 && j.accountID == actor.AccountID { // who did it does not stand above it
			perm = PermServe
		}
		switch {
		case j.State != Finished:
			return errs.New(errs.Conflict, i18n.JobCannot, j.State.Text())
		case perm == PermServe && (j.Confirmed != "" || !j.current):
			return errs.New(errs.Conflict, i18n.JobConfirmedCharge)
		case perm == PermDispatch && j.Confirmed == "" && j.current:
			return errs.New(errs.Conflict, i18n.JobUnconfirmedCharge)
		}
		list, err := charges(ctx, tx, actor.Tenant, j.ID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(list, func(c Charge) bool { return c.ID == in.ChargeID })
		switch {
		case at < 0:
			return errs.ErrNotFound
		case list[at].Countered || list[at].Counters != 0:
			return errs.New(errs.Conflict, i18n.JobCorrectedAlready)
		case in.Fen == list[at].Fen:
			return errs.Field("amount", i18n.JobSameAmount)
		}
		was := list[at]
		if was.Part == Labour && j.Fixed() && (in.Fen%j.Fen != 0 || in.Fen > maxUnits*j.Fen) {
			return errs.Field("amount", i18n.JobNotOfPrice, catalogue.Yuan(j.Fen))
		}
		entries := []Charge{{ID: id.New(), Part: was.Part, Fen: -was.Fen, Words: in.Reason, Counters: was.ID}}
		if in.Fen > 0 {
			entries = append(entries, Charge{ID: id.New(), Part: was.Part, Fen: in.Fen, Words: was.Words})
		}
		if err := insertCharges(ctx, tx, actor, j.ID, entries); err != nil {
			return err
		}
		said := i18n.JobCorrected.In(i18n.ZH, catalogue.Yuan(was.Fen), catalogue.Yuan(in.Fen), in.Reason)
		return s.cases.JobTx(ctx, tx, actor, perm, j.CaseID, "charge", said, true)
	})
}

// File gives a photograph of a case to the technician who is at it (PermServe). Each look is recorded.
func (s *Service) File(ctx context.Context, actor authz.Actor, n, file id.ID, small bool) (f attach.File, content []byte, err error) {
	return f, content, s.own(ctx, actor, n, []State{Taken, Arrived, Finished}, func(tx *db.Tx, _ Technician, j *Job) error {
		if !j.open() {
			return errs.ErrNotFound
		}
		f, content, err = s.files.Look(ctx, tx, actor, filesOf(j.CaseID), file, small, audit.Entry{Action: "technician.file", Permission: PermServe, PersonID: j.personID, OrgID: j.CaseOrgID, Purpose: purpose, Detail: map[string]any{"case": j.No}})
		return err
	})
}

// Receipt is what is printed of a finished job. Every sum is made of its charges.
type Receipt struct {
	Job
	Service, Materials int64
	Issuer             string // organisation that has the case
}

func (s *Service) receipt(ctx context.Context, q db.Querier, tenant int64, j Job) (Receipt, error) {
	r := Receipt{Job: j}
	if j.State != Finished {
		return r, errs.New(errs.Conflict, i18n.JobNoReceipt)
	}
	var err error
	if r.Charges, err = charges(ctx, q, tenant, j.ID); err != nil {
		return r, err
	}
	r.Service, r.Materials, r.Sum = Sum(r.Charges, Labour), Sum(r.Charges, Materials), Sum(r.Charges, "")
	r.Issuer, err = db.Value[string](ctx, q, "SELECT "+reference.Label("o")+" FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2", tenant, j.CaseOrgID)
	return r, err
}

// ReceiptOf gives the receipt of a job to its technician (PermServe) or to who dispatches (PermDispatch).
func (s *Service) ReceiptOf(ctx context.Context, actor authz.Actor, n id.ID) (out Receipt, err error) {
	return out, s.db.View(ctx, func(tx *db.Tx) error {
		j, err := deskJob(ctx, tx, actor.Scope(PermDispatch), n)
		if errs.KindOf(err) == errs.NotFound && actor.Can(PermServe) {
			j, err = ownJob(ctx, tx, actor, n)
		}
		if err != nil {
			return err
		}
		out, err = s.receipt(ctx, tx, actor.Tenant, j)
		return err
	})
}

// Visit is a job as whoever reported the case sees it: who comes, and what was charged.
type Visit struct {
	Job
	Asked bool // somebody was asked and has not answered yet
}

// VisitTo gives the last job of a case, for the page of whoever reported it; the caller has found the case by its code. none says that there is nobody to name.
func (s *Service) VisitTo(ctx context.Context, tenant int64, c id.ID) (v Visit, none bool, err error) {
	a := &db.Args{}
	list, err := jobs(ctx, s.db, a, "j.tenant_id = "+a.Add(tenant)+" AND j.case_id = "+a.Add(c)+" AND j.state IN ('offered', 'taken', 'arrived', 'finished') ORDER BY j.id DESC LIMIT 20")
	if err != nil {
		return v, true, err
	}
	for _, j := range list {
		if j.State == Offered {
			v.Asked = true
			continue
		}
		v.Job = j
		v.Charges, err = charges(ctx, s.db, tenant, j.ID)
		return v, false, err
	}
	return v, true, nil
}

// ReceiptTo gives the receipt of the last job of a case to whoever reported it; the caller has found the case by its code.
func (s *Service) ReceiptTo(ctx context.Context, tenant int64, c id.ID) (Receipt, error) {
	v, none, err := s.VisitTo(ctx, tenant, c)
	if err == nil && none {
		err = errs.ErrNotFound
	}
	if err != nil {
		return Receipt{}, err
	}
	return s.receipt(ctx, s.db, tenant, v.Job)
}
