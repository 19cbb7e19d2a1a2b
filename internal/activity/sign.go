package activity

import (
	"context"
	"errors"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

// Screen is what stands on the screen at the place.
type Screen struct {
	Item
	Code    Payload
	Digits  string        // for those who cannot scan
	Left    time.Duration // until the next code
	Now     time.Time
	Open    bool  // people can sign in now
	Closed  error // why not
	Signing bool  // people can still sign out
}

// Screen gives the code of now. It needs PermHold, because whoever has the code can sign in.
func (s *Service) Screen(ctx context.Context, actor authz.Actor, activity id.ID) (Screen, error) {
	if _, err := find(ctx, s.db, holding(actor), false, activity); err != nil {
		return Screen{}, err
	}
	item, err := get(ctx, s.db, actor, activity)
	if err != nil {
		return Screen{}, err
	}
	secret, err := s.secretOf(ctx, s.db, actor.Tenant, activity)
	if err != nil {
		return Screen{}, err
	}
	r, err := rulesOn(ctx, s.db, actor.Tenant, calendar.DateOf(item.StartsAt))
	if err != nil {
		return Screen{}, err
	}
	now := s.db.Now()
	w := windowOf(now)
	out := Screen{Item: item, Code: sign(secret, actor.Tenant, activity, w), Digits: digitsOf(secret, actor.Tenant, activity, w),
		Left: windowStart(w + 1).Sub(now), Now: now, Closed: item.takesSignIns(now, r)}
	out.Open = out.Closed == nil
	out.Signing = out.Open || (item.State == Held && item.Present > 0)
	return out, nil
}

func (s *Service) secretOf(ctx context.Context, q db.Querier, tenant int64, activity id.ID) ([]byte, error) {
	sealed, err := sealedSecret(ctx, q, tenant, activity)
	if err != nil {
		return nil, err
	}
	return s.openSecret(activity, sealed)
}

// Presented is the proof of standing before the screen: the scanned code, or the activity and the digits typed.
type Presented struct {
	Code     string
	Activity id.ID // with Digits
	Digits   string
}

// tenant is the tenant in which the code is to be looked up; an actor's own tenant and that of the code must agree.
func (p Presented) read(tenant int64) (Payload, error) {
	if p.Code == "" {
		return Payload{Tenant: tenant, Activity: p.Activity}, nil
	}
	pl, err := ParsePayload(p.Code)
	if err == nil && pl.Tenant != tenant {
		err = errs.Field("code", i18n.ActivityOtherDistrict)
	}
	return pl, err
}

// TenantOf is the tenant that a scanned code belongs to, so that a guest without an account can be served.
func TenantOf(scanned string) (int64, error) {
	p, err := ParsePayload(scanned)
	return p.Tenant, err
}

// present checks a code and gives its activity. A genuine code is what allows to see and to sign in; no scope is asked.
func (s *Service) present(ctx context.Context, q db.Querier, tenant int64, now time.Time, p Presented) (Activity, error) {
	pl, err := p.read(tenant)
	if err != nil {
		return Activity{}, err
	}
	a, err := findAny(ctx, q, tenant, pl.Activity)
	if errors.Is(err, errs.ErrNotFound) {
		return a, errs.Field("code", i18n.ActivityCodeUnknown)
	} else if err != nil {
		return a, err
	}
	secret, err := s.secretOf(ctx, q, tenant, a.ID)
	if err != nil {
		return a, err
	}
	if p.Code == "" {
		return a, verifyDigits(secret, tenant, a.ID, p.Digits, now)
	}
	return a, pl.verify(secret, now)
}

// Scanned is what a phone shows after scanning: the activity, what else its kind asks, and where the actor stands.
type Scanned struct {
	Item
	Kind Kind
	Mine Mine
}

// Scan checks a code and says what can be done with it. It changes nothing. The actor may be nobody: a guest of the tenant.
func (s *Service) Scan(ctx context.Context, actor authz.Actor, p Presented) (Scanned, error) {
	a, err := s.present(ctx, s.db, actor.Tenant, s.db.Now(), p)
	if err != nil {
		return Scanned{}, err
	}
	out := Scanned{}
	if out.Item, err = getAny(ctx, s.db, actor.Tenant, a.ID); err != nil {
		return out, err
	}
	if out.Kind, err = findKind(ctx, s.db, actor.Tenant, a.KindCode); err != nil {
		return out, err
	}
	out.Mine, err = s.Mine(ctx, actor, a.ID)
	if errs.KindOf(err) == errs.NotFound { // no member: a guest
		err = nil
	}
	return out, err
}

// SignIn signs the actor in with the code at the place and gives the attendance.
func (s *Service) SignIn(ctx context.Context, actor authz.Actor, p Presented, answers Answers) (Attendance, error) {
	if !actor.Can(PermSignOwn) {
		return Attendance{}, errs.ErrForbidden
	}
	return s.enter(ctx, actor, PermSignOwn, func(tx *db.Tx) (Activity, Attendance, error) {
		a, err := s.present(ctx, tx, actor.Tenant, tx.Now(), p)
		if err != nil {
			return a, Attendance{}, err
		}
		h, err := s.self(ctx, tx, actor)
		return a, of(&a, h), err
	}, answers)
}

// SignInFor signs a member in on their behalf, at the place, by staff.
func (s *Service) SignInFor(ctx context.Context, actor authz.Actor, activity, member id.ID, answers Answers) (Attendance, error) {
	return s.enter(ctx, actor, PermHold, func(tx *db.Tx) (Activity, Attendance, error) {
		a, err := find(ctx, tx, holding(actor), false, activity)
		if err != nil {
			return a, Attendance{}, err
		}
		h, err := s.member(ctx, tx, actor, member)
		return a, of(&a, h), err
	}, answers)
}

// Guest is somebody who is in no list.
type Guest struct{ Name, Phone string }

// SignInGuest signs a guest in with the code at the place; actor may be nobody (only its Tenant is set).
func (s *Service) SignInGuest(ctx context.Context, actor authz.Actor, p Presented, g Guest, answers Answers) (Attendance, error) {
	return s.guest(ctx, actor, g, func(tx *db.Tx) (Activity, error) { return s.present(ctx, tx, actor.Tenant, tx.Now(), p) }, answers)
}

// SignInGuestFor signs a guest in at the place, by staff.
func (s *Service) SignInGuestFor(ctx context.Context, actor authz.Actor, activity id.ID, g Guest, answers Answers) (Attendance, error) {
	return s.guest(ctx, actor, g, func(tx *db.Tx) (Activity, error) { return find(ctx, tx, holding(actor), false, activity) }, answers)
}

// guestRow is an attendance with what is kept of a guest: the phone sealed.
type guestRow struct {
	Attendance
	phone           []byte
	phoneIndex, key string
}

func (s *Service) guest(ctx context.Context, actor authz.Actor, g Guest, load func(*db.Tx) (Activity, error), answers Answers) (Attendance, error) {
	phone, err := g.check()
	if err != nil {
		return Attendance{}, err
	}
	var out Attendance
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := load(tx)
		if err != nil {
			return err
		}
		row := s.guestOf(&a, g, phone)
		if err := s.arrive(ctx, tx, actor, &a, &row.Attendance, answers); err != nil {
			return err
		}
		if err := insertAttendance(ctx, tx, actor.Tenant, &row); err != nil {
			return err
		}
		out = row.Attendance
		return record(ctx, tx, actor, PermHold, "attendance.sign_in", &out, map[string]any{"guest": true})
	})
	return out, err
}

// check refuses a guest who could not be found again.
func (g *Guest) check() (code.Phone, error) {
	var e *errs.Error
	g.Name = strings.TrimSpace(g.Name)
	if n := len([]rune(g.Name)); n == 0 {
		e = e.With("name", i18n.ErrRequired)
	} else if n > 40 {
		e = e.With("name", i18n.ErrTooLong, 40, n)
	}
	phone, problem := code.ParsePhone(g.Phone)
	switch {
	case strings.TrimSpace(g.Phone) == "":
		e = e.With("phone", i18n.ErrRequired)
	case problem.Blocks():
		e = e.With("phone", i18n.CodeProblem, problem.Message, problem.Advice)
	}
	return phone, e.OrNil()
}

// guestOf makes the attendance of a guest. The same phone is the same guest, at one activity.
func (s *Service) guestOf(a *Activity, g Guest, phone code.Phone) guestRow {
	row := guestRow{Attendance: Attendance{ID: id.New(), ActivityID: a.ID, CommunityID: a.CommunityID, GuestName: g.Name, PhoneMask: phone.Mask()}}
	row.phone = s.ring.Seal("attendance", "guest_phone", row.ID, phone.String())
	row.phoneIndex = s.ring.Index("phone", phone.String())
	row.key = s.ring.Index("guest", phone.String())
	return row
}

// of is a member's attendance at an activity, without times.
func of(a *Activity, h ledger.Holder) Attendance {
	credit := h.CommunityID
	if credit == 0 && !a.elsewhere {
		credit = a.CommunityID
	}
	return Attendance{ID: id.New(), ActivityID: a.ID, MemberID: h.MemberID, PersonID: h.PersonID, UnitID: h.UnitID,
		CommunityID: a.CommunityID, CreditID: credit}
}

// arrive puts the time of now and the answers on an attendance, if the activity takes sign-ins, and marks the activity as held.
func (s *Service) arrive(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Activity, t *Attendance, answers Answers) error {
	r, err := rulesOn(ctx, tx, actor.Tenant, calendar.DateOf(a.StartsAt))
	if err != nil {
		return err
	}
	if err := a.takesSignIns(tx.Now(), r); err != nil {
		return err
	}
	k, err := findKind(ctx, tx, actor.Tenant, a.KindCode)
	if err != nil {
		return err
	}
	if t.Answers, err = k.Check(answers); err != nil {
		return err
	}
	t.InAt, t.At, t.State, t.Proof, t.ByAccount, t.Version = tx.Now(), tx.Now(), In, ledger.Timed, actor.AccountID, 1
	return markHeld(ctx, tx, actor.Tenant, a)
}

func (s *Service) enter(ctx context.Context, actor authz.Actor, p authz.Permission, load func(*db.Tx) (Activity, Attendance, error), answers Answers) (Attendance, error) {
	var t Attendance
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		var a Activity
		var err error
		if a, t, err = load(tx); err != nil {
			return err
		}
		if old, err := attendanceOf(ctx, tx, actor.Tenant, a.ID, t.MemberID); err == nil {
			return errs.New(errs.Conflict, i18n.ActivitySignedInAlready, i18n.DateTime(old.InAt))
		} else if !errors.Is(err, errs.ErrNotFound) {
			return err
		}
		if err := s.arrive(ctx, tx, actor, &a, &t, answers); err != nil {
			return err
		}
		if err := insertAttendance(ctx, tx, actor.Tenant, &guestRow{Attendance: t}); err != nil {
			return err
		}
		return record(ctx, tx, actor, p, "attendance.sign_in", &t, nil)
	})
	return t, err
}

// SignOut signs the actor out with the code at the place; the hours stand in the ledger when it returns.
func (s *Service) SignOut(ctx context.Context, actor authz.Actor, p Presented) (Attendance, error) {
	if !actor.Can(PermSignOwn) {
		return Attendance{}, errs.ErrForbidden
	}
	return s.leave(ctx, actor, PermSignOwn, func(tx *db.Tx) (Activity, Attendance, error) {
		a, err := s.present(ctx, tx, actor.Tenant, tx.Now(), p)
		if err != nil {
			return a, Attendance{}, err
		}
		h, err := s.self(ctx, tx, actor)
		if err != nil {
			return a, Attendance{}, err
		}
		t, err := attendanceOf(ctx, tx, actor.Tenant, a.ID, h.MemberID)
		if errors.Is(err, errs.ErrNotFound) {
			err = errs.New(errs.Conflict, i18n.ActivityNotPresent)
		}
		return a, t, err
	})
}

// SignOutGuest signs out the guest of that phone with the code at the place.
func (s *Service) SignOutGuest(ctx context.Context, actor authz.Actor, p Presented, phone string) (Attendance, error) {
	number, problem := code.ParsePhone(phone)
	if problem.Blocks() || number == "" {
		return Attendance{}, errs.Field("phone", i18n.ActivityGuestUnknown)
	}
	return s.leave(ctx, actor, PermHold, func(tx *db.Tx) (Activity, Attendance, error) {
		a, err := s.present(ctx, tx, actor.Tenant, tx.Now(), p)
		if err != nil {
			return a, Attendance{}, err
		}
		t, err := guestAt(ctx, tx, actor.Tenant, a.ID, s.ring.Index("guest", number.String()))
		if errors.Is(err, errs.ErrNotFound) {
			err = errs.Field("phone", i18n.ActivityGuestUnknown)
		}
		return a, t, err
	})
}

// SignOutFor signs somebody out at the place, by staff.
func (s *Service) SignOutFor(ctx context.Context, actor authz.Actor, attendance id.ID) (Attendance, error) {
	return s.leave(ctx, actor, PermHold, func(tx *db.Tx) (Activity, Attendance, error) {
		return loadAttendance(ctx, tx, holding(actor), attendance)
	})
}

func (s *Service) leave(ctx context.Context, actor authz.Actor, p authz.Permission, load func(*db.Tx) (Activity, Attendance, error)) (Attendance, error) {
	var t Attendance
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		var a Activity
		var err error
		if a, t, err = load(tx); err != nil {
			return err
		}
		if a.State == Closed {
			return errs.New(errs.Conflict, i18n.ActivityOver)
		}
		r, err := rulesOn(ctx, tx, actor.Tenant, calendar.DateOf(a.StartsAt))
		if err != nil {
			return err
		}
		if err := t.signOut(&a, r, tx.Now(), ledger.Timed); err != nil {
			return err
		}
		if err := s.finish(ctx, tx, actor, &a, r, &t, ""); err != nil {
			return err
		}
		return record(ctx, tx, actor, p, "attendance.sign_out", &t, map[string]any{"minutes": t.Minutes})
	})
	return t, err
}

// finish saves an attendance whose times stand, posts its hours, proposes its deed and looks at the member's other attendances.
func (s *Service) finish(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Activity, r rules, t *Attendance, reason string) error {
	if err := saveAttendance(ctx, tx, actor.Tenant, t); err != nil {
		return err
	}
	return s.credit(ctx, tx, actor, a, r, t, reason)
}

// credit posts what an attendance is worth and proposes its deed.
func (s *Service) credit(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Activity, r rules, t *Attendance, reason string) error {
	if p, ok := t.posting(a, reason); ok {
		if _, err := s.ledger.PostTx(ctx, tx, actor, p); err != nil {
			return err
		}
	}
	if p, ok := t.deed(a); ok {
		if err := s.deeds.ProposeTx(ctx, tx, actor, a.DeedTitle, []ledger.Posting{p}); err != nil {
			return err
		}
	}
	return s.reflag(ctx, tx, actor.Tenant, r, t)
}

// reflag compares the attendances of a member around one of them and keeps what is found; t itself is kept up to date.
func (s *Service) reflag(ctx context.Context, tx *db.Tx, tenant int64, r rules, t *Attendance) error {
	if t.MemberID == 0 {
		return nil
	}
	spans, err := spansOf(ctx, tx, tenant, []id.ID{t.MemberID}, t.InAt.Add(-48*time.Hour), t.InAt.Add(48*time.Hour))
	if err != nil {
		return err
	}
	for _, of := range spans {
		flag(of, r.longDay)
		for _, sp := range of {
			if sp.id == t.ID {
				t.OverlapID, t.LongDay = sp.newly, sp.newlyDay
			}
			if err := saveFlags(ctx, tx, tenant, sp); err != nil {
				return err
			}
		}
	}
	return nil
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, p authz.Permission, action string, t *Attendance, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["activity"] = t.ActivityID
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, SubjectKind: "attendance", SubjectID: t.ID, PersonID: t.PersonID,
		OrgID: t.CommunityID, Permission: p, Detail: detail})
}
