package authn

import (
	"context"
	"strconv"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Attempt is a try to log in.
type Attempt struct {
	Login     string // name, or name@tenant where several tenants share the server
	Password  string
	IP        string
	UserAgent string
}

// errWrong is the one answer to every wrong log-in; what was wrong is not said.
var errWrong = errs.New(errs.Unauthenticated, i18n.AccountWrong)

// Login checks name and password and opens a session, whose cookie value it gives. The session's Stage says what is still missing.
// Errors: Unauthenticated (also for a locked account, with the time), RateLimited.
func (s *Service) Login(ctx context.Context, in Attempt) (cookie string, c Caller, err error) {
	now := s.db.Now()
	if err := s.byIP.Allow(in.IP, now); err != nil {
		return "", Caller{}, err
	}
	if err := s.byLogin.Allow(foldLogin(in.Login), now); err != nil {
		return "", Caller{}, err
	}
	name, tenant := splitLogin(in.Login)
	if tenant == 0 {
		if tenant, err = s.onlyTenant(ctx); err != nil {
			return "", Caller{}, err
		}
	}
	a, err := accountByLogin(ctx, s.db, tenant, name)
	unknown := errs.KindOf(err) == errs.NotFound
	if err != nil && !unknown {
		return "", Caller{}, err
	}
	if unknown {
		a = Account{}
	}
	ok, err := checkPassword(ctx, a.passwordHash, in.Password)
	if err != nil {
		return "", Caller{}, err
	}
	if unknown {
		return "", Caller{}, s.unknownName(ctx, tenant, name, now)
	}
	return s.passwordDone(ctx, tenant, a.ID, ok, in)
}

func (s *Service) onlyTenant(ctx context.Context) (int64, error) {
	all, err := serving(ctx, s.db)
	if err != nil {
		return 0, err
	}
	if len(all) != 1 {
		return 0, errs.Field("login", i18n.AccountNeedsTenant)
	}
	return all[0], nil
}

// unknownName answers as a name that somebody has would be answered, counting its failures too. What was typed is not kept: people
// type passwords into the wrong field.
func (s *Service) unknownName(ctx context.Context, tenant int64, name string, now time.Time) error {
	rule, err := s.lockRule(ctx, s.db, tenant, now)
	if err != nil {
		return err
	}
	until, err := s.shadow.fail(loginAt(name, tenant), now, rule.failures, rule.lock)
	if err != nil {
		return err
	}
	if !until.IsZero() {
		return errs.New(errs.Unauthenticated, i18n.AccountLocked, i18n.Clock(until))
	}
	there, err := db.Value[int64](ctx, s.db, `SELECT count(*) FROM tenant WHERE tenant_id = $1`, tenant)
	if err != nil || there == 0 {
		return errWrong
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		return audit.Record(ctx, tx, authz.Actor{Tenant: tenant}, audit.Entry{Action: "login.unknown", SubjectKind: "account"})
	})
	if err != nil {
		return err
	}
	return errWrong
}

type lockRule struct {
	failures int64
	lock     time.Duration
}

func (s *Service) lockRule(ctx context.Context, q db.Querier, tenant int64, now time.Time) (lockRule, error) {
	day := calendar.DateOf(now)
	n, err := LockFailures.On(ctx, q, tenant, day)
	if err != nil {
		return lockRule{}, err
	}
	m, err := LockMinutes.On(ctx, q, tenant, day)
	return lockRule{n, time.Duration(m) * time.Minute}, err
}

// actorOf is the account itself, acting before it has rights.
func actorOf(tenant int64, a Account) authz.Actor {
	return authz.Actor{Tenant: tenant, AccountID: a.ID, PersonID: a.PersonID, Name: a.Name}
}

// passwordDone counts a wrong password or opens a session. The count and its entry in the audit are kept although the caller gets an error.
func (s *Service) passwordDone(ctx context.Context, tenant int64, account id.ID, ok bool, in Attempt) (cookie string, c Caller, err error) {
	var refused error
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		refused, cookie, c = nil, "", Caller{}
		a, err := accountByID(ctx, tx, tenant, account)
		if err != nil {
			return err
		}
		if refused, err = s.countFailure(ctx, tx, tenant, &a, ok && a.Status == Active, "login.fail"); refused != nil || err != nil {
			return err
		}
		needed, err := s.totpNeeded(ctx, tx, tenant, a)
		if err != nil {
			return err
		}
		if err := saveAccount(ctx, tx, tenant, a); err != nil {
			return err
		}
		cookie, c, err = s.open(ctx, tx, tenant, a, a.next(false, needed), in.IP, in.UserAgent, time.Time{})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actorOf(tenant, a), audit.Entry{Action: "login", SubjectKind: "account", SubjectID: a.ID,
			Detail: map[string]any{"stage": string(c.Stage)}})
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return "", Caller{}, err
	}
	return cookie, c, nil
}

// countFailure refuses a locked account and counts a failure; when ok it clears the count in a (the caller saves). refused is what the
// caller is to be told although the transaction commits.
func (s *Service) countFailure(ctx context.Context, tx *db.Tx, tenant int64, a *Account, ok bool, action string) (refused, err error) {
	if tx.Now().Before(a.LockedUntil) {
		return errs.New(errs.Unauthenticated, i18n.AccountLocked, i18n.Clock(a.LockedUntil)), nil
	}
	if ok {
		a.failed, a.LockedUntil = 0, time.Time{}
		return nil, nil
	}
	rule, err := s.lockRule(ctx, tx, tenant, tx.Now())
	if err != nil {
		return nil, err
	}
	if a.failed++; a.failed >= rule.failures {
		a.failed, a.LockedUntil = 0, tx.Now().Add(rule.lock)
	}
	if err := saveAccount(ctx, tx, tenant, *a); err != nil {
		return nil, err
	}
	detail := map[string]any{"locked": !a.LockedUntil.IsZero(), "disabled": a.Status == Disabled}
	return errWrong, audit.Record(ctx, tx, actorOf(tenant, *a), audit.Entry{Action: action, SubjectKind: "account", SubjectID: a.ID, Detail: detail})
}

// totpNeeded says whether the policy asks this account for one-time codes.
func (s *Service) totpNeeded(ctx context.Context, q db.Querier, tenant int64, a Account) (bool, error) {
	on, err := TOTPStaff.On(ctx, q, tenant, calendar.DateOf(s.db.Now()))
	if err != nil || on == 0 {
		return false, err
	}
	rows, err := forceRows(ctx, q, tenant, a.ID, calendar.DateOf(s.db.Now()))
	return anyStaff(rows), err
}

// Code takes the one-time code of a session that waits for it and gives the renewed cookie. A wrong code counts as a failure of the account.
func (s *Service) Code(ctx context.Context, cookie, code string) (renewed string, c Caller, err error) {
	tenant, hash, ok := parseCookie(cookie)
	if !ok {
		return "", Caller{}, errs.ErrUnauthenticated
	}
	if err := s.byLogin.Allow(hash, s.db.Now()); err != nil {
		return "", Caller{}, err
	}
	var refused error
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		refused = nil
		old, a, err := s.live(ctx, tx, tenant, hash)
		if err != nil {
			return err
		}
		if old.Stage != StageCode {
			return errs.ErrConflict
		}
		step, err := s.step(a, a.totp, "totp_secret", code, tx.Now())
		if err != nil {
			return err
		}
		if refused, err = s.countFailure(ctx, tx, tenant, &a, step > 0, "login.code_fail"); refused != nil || err != nil {
			return err
		}
		a.totpLast = step
		if err := saveAccount(ctx, tx, tenant, a); err != nil {
			return err
		}
		renewed, c, err = s.renew(ctx, tx, tenant, a, old, hash, a.next(true, false))
		return err
	})
	if err == nil && refused != nil {
		if errs.As(refused) == errWrong {
			refused = errs.Field("code", i18n.AccountCodeWrong)
		}
		err = refused
	}
	return renewed, c, err
}

// step opens a sealed one-time-code secret and gives the time step for which code is right, 0 for none.
func (s *Service) step(a Account, sealed []byte, column, code string, now time.Time) (int64, error) {
	secret, err := s.ring.Open("account", column, a.ID, sealed)
	if err != nil || secret == "" {
		return 0, err
	}
	return totpStep(secret, code, a.totpLast, now), nil
}

// ChangePassword sets the caller's own password. At StageChange the old one is not asked for again; otherwise it is. Other
// sessions end and the cookie is renewed.
func (s *Service) ChangePassword(ctx context.Context, cookie, old, password string) (renewed string, c Caller, err error) {
	tenant, hash, ok := parseCookie(cookie)
	if !ok {
		return "", Caller{}, errs.ErrUnauthenticated
	}
	if err := s.byLogin.Allow(hash, s.db.Now()); err != nil {
		return "", Caller{}, err
	}
	ses, a, err := s.live(ctx, s.db, tenant, hash)
	if err != nil {
		return "", Caller{}, err
	}
	if ses.Stage != StageChange && ses.Stage != StageFull {
		return "", Caller{}, errs.ErrUnauthenticated
	}
	if err := s.checkChange(ctx, ses, a, old, password); err != nil {
		return "", Caller{}, err
	}
	stored, err := hashPassword(ctx, password)
	if err != nil {
		return "", Caller{}, err
	}
	defer s.callers.forget()
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		a.passwordHash, a.PasswordSetAt, a.MustChange = stored, tx.Now(), false
		fresh := a
		if err := saveAccount(ctx, tx, tenant, fresh); err != nil {
			return err
		}
		if err := endAll(ctx, tx, tenant, a.ID, hash); err != nil {
			return err
		}
		needed, err := s.totpNeeded(ctx, tx, tenant, a)
		if err != nil {
			return err
		}
		if renewed, c, err = s.renew(ctx, tx, tenant, a, ses, hash, a.next(true, needed)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actorOf(tenant, a), audit.Entry{Action: "account.change_password", SubjectKind: "account", SubjectID: a.ID})
	})
	return renewed, c, err
}

func (s *Service) checkChange(ctx context.Context, ses sessionRow, a Account, old, password string) error {
	if err := checkNewPassword(password, a.Login, a.Name); err != nil {
		return err
	}
	if ses.Stage == StageFull {
		ok, err := checkPassword(ctx, a.passwordHash, old)
		if err != nil {
			return err
		}
		if !ok {
			return errs.Field("old", i18n.AccountPasswordOld)
		}
	}
	same, err := checkPassword(ctx, a.passwordHash, password)
	if err == nil && same {
		err = errs.Field("password", i18n.AccountPasswordSame)
	}
	return err
}

// EnrolTOTP makes a new one-time-code secret for the caller. It takes effect once ConfirmTOTP has seen a code made with it.
func (s *Service) EnrolTOTP(ctx context.Context, cookie string) (e Enrolment, err error) {
	tenant, hash, ok := parseCookie(cookie)
	if !ok {
		return Enrolment{}, errs.ErrUnauthenticated
	}
	_, a, err := s.live(ctx, s.db, tenant, hash)
	if err != nil {
		return Enrolment{}, err
	}
	e, secret, err := newEnrolment(loginAt(a.Login, tenant))
	if err != nil {
		return Enrolment{}, err
	}
	return e, s.db.WithTx(ctx, func(tx *db.Tx) error {
		ses, a, err := s.live(ctx, tx, tenant, hash)
		if err != nil {
			return err
		}
		if ses.Stage != StageEnrol && ses.Stage != StageFull {
			return errs.ErrUnauthenticated
		}
		a.totpPending = s.ring.Seal("account", "totp_pending", a.ID, secret)
		return saveAccount(ctx, tx, tenant, a)
	})
}

// EnrolFor makes and confirms one-time codes for an account at once, for the command line: the secret is printed there and nowhere else.
func (s *Service) EnrolFor(ctx context.Context, actor authz.Actor, account id.ID) (Enrolment, error) {
	a, err := accountByID(ctx, s.db, actor.Tenant, account)
	if err != nil {
		return Enrolment{}, err
	}
	e, secret, err := newEnrolment(loginAt(a.Login, actor.Tenant))
	if err != nil {
		return Enrolment{}, err
	}
	return e, s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := s.manage(ctx, tx, actor, account, tx.Now())
		if err != nil {
			return err
		}
		a.totp, a.totpPending, a.totpLast = s.ring.Seal("account", "totp_secret", a.ID, secret), nil, 0
		if err := saveAccount(ctx, tx, actor.Tenant, a); err != nil {
			return err
		}
		return record(ctx, tx, actor, "account.enrol_totp", a, nil)
	})
}

// ConfirmTOTP puts the secret of EnrolTOTP into force with a first code and gives the renewed cookie.
func (s *Service) ConfirmTOTP(ctx context.Context, cookie, code string) (renewed string, c Caller, err error) {
	tenant, hash, ok := parseCookie(cookie)
	if !ok {
		return "", Caller{}, errs.ErrUnauthenticated
	}
	if err := s.byLogin.Allow(hash, s.db.Now()); err != nil {
		return "", Caller{}, err
	}
	defer s.callers.forget()
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		ses, a, err := s.live(ctx, tx, tenant, hash)
		if err != nil {
			return err
		}
		if ses.Stage != StageEnrol && ses.Stage != StageFull {
			return errs.ErrUnauthenticated
		}
		if len(a.totpPending) == 0 {
			return errs.New(errs.Conflict, i18n.AccountNoPending)
		}
		a.totpLast = 0
		step, err := s.step(a, a.totpPending, "totp_pending", code, tx.Now())
		if err != nil {
			return err
		}
		if step == 0 {
			return errs.Field("code", i18n.AccountCodeWrong)
		}
		secret, err := s.ring.Open("account", "totp_pending", a.ID, a.totpPending)
		if err != nil {
			return err
		}
		a.totp, a.totpPending, a.totpLast = s.ring.Seal("account", "totp_secret", a.ID, secret), nil, step
		a.HasTOTP = true
		if err := saveAccount(ctx, tx, tenant, a); err != nil {
			return err
		}
		if renewed, c, err = s.renew(ctx, tx, tenant, a, ses, hash, a.next(true, true)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actorOf(tenant, a), audit.Entry{Action: "account.enrol_totp", SubjectKind: "account", SubjectID: a.ID})
	})
	return renewed, c, err
}

// tenantText is the tenant as it stands in cookies and tokens.
func tenantText(tenant int64) string { return strconv.FormatInt(tenant, 10) }
