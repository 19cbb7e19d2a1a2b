package activity

import (
	"context"
	"errors"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/countersign"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

// Entry is a presence that somebody enters afterwards: of a member, or of a guest.
type Entry struct {
	MemberID id.ID
	Guest    Guest
	InAt     time.Time
	OutAt    time.Time
	Reason   string
	Answers  Answers
}

// Enter enters a presence that the system did not see, with a reason; it is vouched for by whoever enters it.
func (s *Service) Enter(ctx context.Context, actor authz.Actor, activity id.ID, in Entry) (Attendance, error) {
	reason, err := needReason(in.Reason)
	if err != nil {
		return Attendance{}, err
	}
	var row guestRow
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := find(ctx, tx, holding(actor), false, activity)
		if err != nil {
			return err
		}
		if a.State == Draft || a.State == Cancelled {
			return errs.New(errs.Conflict, i18n.ActivityNotRunning)
		}
		r, err := rulesOn(ctx, tx, actor.Tenant, calendar.DateOf(a.StartsAt))
		if err != nil {
			return err
		}
		if err := checkTimes(&a, r, in.InAt, in.OutAt, tx.Now()); err != nil {
			return err
		}
		if row, err = s.entered(ctx, tx, actor, &a, in); err != nil {
			return err
		}
		if err := notOwn(actor, row.PersonID); err != nil {
			return err
		}
		t := &row.Attendance
		t.InAt, t.OutAt, t.Reason, t.Minutes = in.InAt, in.OutAt, reason, r.minutes(&a, in.InAt, in.OutAt)
		t.At, t.State, t.Proof, t.ByAccount, t.Version = tx.Now(), Out, ledger.Vouched, actor.AccountID, 1
		if err := markHeld(ctx, tx, actor.Tenant, &a); err != nil {
			return err
		}
		if err := insertAttendance(ctx, tx, actor.Tenant, &row); err != nil {
			return err
		}
		if err := s.credit(ctx, tx, actor, &a, r, t, reason); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermHold, "attendance.enter", t, map[string]any{"minutes": t.Minutes, "reason": reason})
	})
	return row.Attendance, err
}

// entered makes the attendance of an entry, with its answers checked.
func (s *Service) entered(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Activity, in Entry) (guestRow, error) {
	k, err := findKind(ctx, tx, actor.Tenant, a.KindCode)
	if err != nil {
		return guestRow{}, err
	}
	answers, err := k.Check(in.Answers)
	if err != nil {
		return guestRow{}, err
	}
	var row guestRow
	if in.MemberID != 0 {
		h, err := s.member(ctx, tx, actor, in.MemberID)
		if err != nil {
			return row, err
		}
		row.Attendance = of(a, h)
	} else {
		phone, err := in.Guest.check()
		if err != nil {
			return row, err
		}
		row = s.guestOf(a, in.Guest, phone)
	}
	row.Answers = answers
	return row, nil
}

// Correction is what was wrong with an attendance and what is right.
type Correction struct {
	InAt    time.Time
	OutAt   time.Time
	Reason  string
	Version int64 // of the attendance that was looked at
}

// Correct puts other times on an attendance, with a reason. What stood in the ledger is taken back by a counter-posting and posted
// anew; the audit keeps the times that stood before. A presence that a person corrected is vouched for. It also ends a
// presence whose sign-out was forgotten.
func (s *Service) Correct(ctx context.Context, actor authz.Actor, attendance id.ID, c Correction) error {
	reason, err := needReason(c.Reason)
	if err != nil {
		return err
	}
	return s.amend(ctx, actor, "attendance.correct", attendance, c.Version, reason, func(tx *db.Tx, a *Activity, r rules, t *Attendance) error {
		if t.State == Void {
			return errs.New(errs.Conflict, i18n.ActivityIsVoid)
		}
		if err := checkTimes(a, r, c.InAt, c.OutAt, tx.Now()); err != nil {
			return err
		}
		t.State, t.Proof, t.Reason, t.HelpedName = Out, ledger.Vouched, reason, ""
		t.InAt, t.OutAt, t.Minutes = c.InAt, c.OutAt, r.minutes(a, c.InAt, c.OutAt)
		return nil
	})
}

// Void takes an attendance back that did not happen, with a reason; its hours and its deed go with it.
func (s *Service) Void(ctx context.Context, actor authz.Actor, attendance id.ID, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	return s.amend(ctx, actor, "attendance.void", attendance, 0, reason, func(tx *db.Tx, _ *Activity, _ rules, t *Attendance) error {
		if t.State == Void {
			return errs.New(errs.Conflict, i18n.ActivityIsVoid)
		}
		t.State, t.Reason, t.OverlapID, t.LongDay = Void, reason, 0, false
		return s.deeds.RetractTx(ctx, tx, actor, t.ID, reason)
	})
}

// amend changes an attendance that may stand in the ledger: what stood is reversed, what is right now is posted.
func (s *Service) amend(ctx context.Context, actor authz.Actor, action string, attendance id.ID, version int64, reason string,
	fn func(*db.Tx, *Activity, rules, *Attendance) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, t, err := loadAttendance(ctx, tx, holding(actor), attendance)
		if err != nil {
			return err
		}
		if version != 0 && version != t.Version {
			return errs.ErrConflict
		}
		r, err := rulesOn(ctx, tx, actor.Tenant, calendar.DateOf(a.StartsAt))
		if err != nil {
			return err
		}
		before := t
		if err := notOwn(actor, t.PersonID); err != nil {
			return err
		}
		if err := fn(tx, &a, r, &t); err != nil {
			return err
		}
		if err := s.ledger.ReverseSourceTx(ctx, tx, actor, ledger.SourceAttendance, t.ID, ledger.Hours, reason); err != nil {
			return err
		}
		if err := s.finish(ctx, tx, actor, &a, r, &t, reason); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermHold, action, &t, map[string]any{"reason": reason, "before": shape(before), "after": shape(t)})
	})
}

// shape is what the audit keeps of an attendance.
func shape(t Attendance) map[string]any {
	return map[string]any{"in": i18n.DateTime(t.InAt), "out": i18n.DateTime(t.OutAt), "minutes": t.Minutes, "proof": t.Proof, "state": t.State,
		"member": t.MemberID}
}

// SignOutAll signs everybody out who is still present, now, by staff at the place.
func (s *Service) SignOutAll(ctx context.Context, actor authz.Actor, activity id.ID) (int, error) {
	n := 0
	err := s.change(ctx, actor, PermHold, "activity.sign_out_all", activity, 0, func(tx *db.Tx, a *Activity) (map[string]any, error) {
		open, err := openOf(ctx, tx, actor.Tenant, a.ID)
		if err != nil {
			return nil, err
		}
		r, err := rulesOn(ctx, tx, actor.Tenant, calendar.DateOf(a.StartsAt))
		if err != nil {
			return nil, err
		}
		for i := range open {
			if err := open[i].signOut(a, r, tx.Now(), ledger.Timed); err != nil {
				return nil, err
			}
			if err := s.finish(ctx, tx, actor, a, r, &open[i], ""); err != nil {
				return nil, err
			}
		}
		n = len(open)
		return map[string]any{"signed_out": n}, nil
	})
	return n, err
}

// JoinsGuests says whether guests are joined to residents and members: a community does, a unit and a sub-district do not.
func (a Activity) JoinsGuests() bool { return !a.elsewhere }

// Candidate is somebody who may be the guest, because the phone is the same.
type Candidate struct {
	MemberID      id.ID // 0 for a resident who is no member
	PersonID      id.ID
	Name          string
	UnitName      string
	CommunityName string
}

// Candidates gives the people whose phone is that of a guest, members first: mostly one, so that joining is one press. Only a community asks: at what
// a unit or a sub-district holds a phone is nobody's name.
func (s *Service) Candidates(ctx context.Context, actor authz.Actor, attendance id.ID) ([]Candidate, error) {
	a, _, err := loadAttendance(ctx, s.db, holding(actor), attendance)
	if err != nil || a.elsewhere {
		return nil, err
	}
	return candidates(ctx, s.db, actor.Tenant, attendance)
}

// Join says which member a guest was. The hours are posted as if the member had signed in; the guest's phone is no longer needed and
// goes. A resident who was joined already and has become a member since is joined to that member.
func (s *Service) Join(ctx context.Context, actor authz.Actor, attendance, member id.ID) error {
	return s.join(ctx, actor, attendance, func(tx *db.Tx, a *Activity, t *Attendance) error {
		h, err := s.member(ctx, tx, actor, member)
		if err != nil {
			return err
		}
		if t.MemberID != 0 || (!t.Guest() && t.PersonID != h.PersonID) {
			return errs.New(errs.Conflict, i18n.ActivityJoinedAlready)
		}
		if old, err := attendanceOf(ctx, tx, actor.Tenant, a.ID, h.MemberID); err == nil {
			return errs.New(errs.Conflict, i18n.ActivityJoinTwice, h.Name, i18n.DateTime(old.InAt))
		} else if !errors.Is(err, errs.ErrNotFound) {
			return err
		}
		known := of(a, h)
		t.MemberID, t.PersonID, t.UnitID, t.CreditID = known.MemberID, known.PersonID, known.UnitID, known.CreditID
		return nil
	})
}

// JoinPerson says which resident a guest was who is no member: their service stands on their record, but in no member's account (VOL-3).
func (s *Service) JoinPerson(ctx context.Context, actor authz.Actor, attendance, person id.ID) error {
	return s.join(ctx, actor, attendance, func(tx *db.Tx, _ *Activity, t *Attendance) error {
		if !t.Guest() {
			return errs.New(errs.Conflict, i18n.ActivityJoinedAlready)
		}
		there, err := personThere(ctx, tx, actor.Tenant, person)
		if err != nil {
			return err
		}
		if !there {
			return errs.Field("person", i18n.ActivityNoMember)
		}
		t.PersonID = person
		return nil
	})
}

func (s *Service) join(ctx context.Context, actor authz.Actor, attendance id.ID, who func(*db.Tx, *Activity, *Attendance) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, t, err := loadAttendance(ctx, tx, holding(actor), attendance)
		if err != nil {
			return err
		}
		switch {
		case t.State == Void:
			return errs.New(errs.Conflict, i18n.ActivityIsVoid)
		case a.elsewhere:
			return errs.New(errs.Conflict, i18n.ActivityNoJoin)
		}
		if err := who(tx, &a, &t); err != nil {
			return err
		}
		if err := notOwn(actor, t.PersonID); err != nil {
			return err
		}
		r, err := rulesOn(ctx, tx, actor.Tenant, calendar.DateOf(a.StartsAt))
		if err != nil {
			return err
		}
		if err := joinAttendance(ctx, tx, actor.Tenant, &t); err != nil {
			return err
		}
		if err := s.credit(ctx, tx, actor, &a, r, &t, ""); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermHold, "attendance.join", &t, map[string]any{"member": t.MemberID})
	})
}

// notOwn keeps people from vouching for themselves.
func notOwn(actor authz.Actor, person id.ID) error {
	if actor.PersonID != 0 && actor.PersonID == person {
		return errs.New(errs.Forbidden, i18n.ActivityOwn)
	}
	return nil
}

// IssueCode makes a code for the person who was helped; it is shown once. Only hours that are vouched for can be raised.
func (s *Service) IssueCode(ctx context.Context, actor authz.Actor, attendance id.ID, helped string) (countersign.Issued, error) {
	var out countersign.Issued
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, t, err := loadAttendance(ctx, tx, actor.Scope(PermCountersign), attendance)
		if err != nil {
			return err
		}
		if err := errors.Join(notOwn(actor, t.PersonID), t.raisable()); err != nil {
			return err
		}
		if out, err = s.signing.IssueTx(ctx, tx, actor, ledger.SourceAttendance, t.ID, helped); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermCountersign, "attendance.issue_code", &t, nil)
	})
	return out, err
}

func (a *Attendance) raisable() error {
	if a.State != Out || a.MemberID == 0 || a.Proof != ledger.Vouched {
		return errs.New(errs.Conflict, i18n.ActivityNotRaisable)
	}
	return nil
}

// Presences enters a whole sheet at once: the members of a paper list, or of another system whose records are taken over. All or
// none; a member who is on the sheet twice or has an attendance already is a Conflict. People's sheets are vouched for and need a
// reason; records taken over by the platform itself keep the proof given.
func (s *Service) Presences(ctx context.Context, actor authz.Actor, activity id.ID, proof ledger.Proof, sheet []Entry) error {
	if !actor.IsSystem() {
		proof = ledger.Vouched
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := find(ctx, tx, holding(actor), false, activity)
		if err != nil {
			return err
		}
		if a.State == Draft || a.State == Cancelled {
			return errs.New(errs.Conflict, i18n.ActivityNotRunning)
		}
		r, err := rulesOn(ctx, tx, actor.Tenant, calendar.DateOf(a.StartsAt))
		if err != nil {
			return err
		}
		rows, err := s.sheet(ctx, tx, actor, &a, r, proof, sheet)
		if err != nil {
			return err
		}
		return s.takeOver(ctx, tx, actor, &a, r, rows)
	})
}

func (s *Service) sheet(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Activity, r rules, proof ledger.Proof, sheet []Entry) ([]guestRow, error) {
	ids := make([]id.ID, len(sheet))
	for i, e := range sheet {
		ids[i] = e.MemberID
	}
	holders, err := s.members.FindMany(ctx, tx, actor.Tenant, ids)
	if err != nil {
		return nil, err
	}
	k, err := findKind(ctx, tx, actor.Tenant, a.KindCode)
	if err != nil {
		return nil, err
	}
	rows := make([]guestRow, len(sheet))
	for i, e := range sheet {
		h, known := holders[e.MemberID]
		if !known || h.Ended {
			return nil, errs.Field("member", i18n.ActivityNoMember)
		}
		if err := notOwn(actor, h.PersonID); err != nil {
			return nil, err
		}
		reason := e.Reason
		if proof == ledger.Vouched {
			if reason, err = needReason(e.Reason); err != nil {
				return nil, err
			}
		}
		if err := checkTimes(a, r, e.InAt, e.OutAt, tx.Now()); err != nil {
			return nil, err
		}
		t := of(a, h)
		if t.Answers, err = k.Check(e.Answers); err != nil {
			return nil, err
		}
		t.InAt, t.OutAt, t.Reason, t.Minutes = e.InAt, e.OutAt, reason, r.minutes(a, e.InAt, e.OutAt)
		t.At, t.State, t.Proof, t.ByAccount, t.Version = tx.Now(), Out, proof, actor.AccountID, 1
		rows[i].Attendance = t
	}
	return rows, nil
}

func (s *Service) takeOver(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Activity, r rules, rows []guestRow) error {
	if err := markHeld(ctx, tx, actor.Tenant, a); err != nil {
		return err
	}
	if err := insertAttendances(ctx, tx, actor.Tenant, rows); err != nil {
		return err
	}
	var hours, deeds []ledger.Posting
	ids := make([]id.ID, 0, len(rows))
	for i := range rows {
		t := &rows[i].Attendance
		ids = append(ids, t.MemberID)
		if p, ok := t.posting(a, t.Reason); ok {
			hours = append(hours, p)
		}
		if p, ok := t.deed(a); ok {
			deeds = append(deeds, p)
		}
	}
	if err := s.ledger.PostManyTx(ctx, tx, actor, hours); err != nil {
		return err
	}
	if len(deeds) > 0 {
		if err := s.deeds.ProposeTx(ctx, tx, actor, a.DeedTitle, deeds); err != nil {
			return err
		}
	}
	spans, err := spansOf(ctx, tx, actor.Tenant, ids, a.StartsAt.Add(-48*time.Hour), a.EndsAt.Add(48*time.Hour))
	if err != nil {
		return err
	}
	for _, of := range spans {
		flag(of, r.longDay)
		for _, sp := range of {
			if err := saveFlags(ctx, tx, actor.Tenant, sp); err != nil {
				return err
			}
		}
	}
	return audit.Record(ctx, tx, actor, entry(PermHold, "activity.presences", a, map[string]any{"rows": len(rows)}))
}
