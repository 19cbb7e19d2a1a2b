package authn

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/seal"
)

// Tree knows the organisations; the organisation package provides it.
type Tree interface {
	// Subtree gives org and every organisation below it on the leadership line.
	Subtree(ctx context.Context, q db.Querier, tenant int64, org id.ID) ([]id.ID, error)
}

// Service knows accounts, sessions, tokens and roles.
type Service struct {
	db      *db.DB
	ring    *seal.Ring
	tree    Tree
	known   map[authz.Permission]bool // permissions that a role may hold
	byLogin *Guesses
	byIP    *Guesses
	shadow  *shadow
	callers *callerCache
}

// New makes the service. known are the permissions that the role editor offers.
func New(d *db.DB, ring *seal.Ring, tree Tree, known []authz.Permission) *Service {
	s := &Service{
		db: d, ring: ring, tree: tree, known: map[authz.Permission]bool{},
		shadow: &shadow{names: map[string]*shadowName{}}, callers: newCallerCache(),
	}
	s.shadow.together = s.others()
	s.byLogin, s.byIP = s.Guesses("login", 20, 20), s.Guesses("login-address", 240, 120)
	for _, p := range known {
		s.known[p] = true
	}
	return s
}

// Known are the permissions that a role may hold.
func (s *Service) Known() map[authz.Permission]bool { return s.known }

// Create makes an account with its first roles and gives it back with its password: the one given, or a temporary one that must
// be changed at the first log-in. Who may not act in the whole tenant must give at least one role that they may give.
func (s *Service) Create(ctx context.Context, actor authz.Actor, in NewAccount) (a Account, password string, err error) {
	if !actor.Can(PermAdmin) {
		return Account{}, "", errs.ErrForbidden
	}
	if err := in.check(); err != nil {
		return Account{}, "", err
	}
	if in.Password == "" {
		in.Password, in.Keep = TemporaryPassword(), false
	}
	hash, err := hashPassword(ctx, in.Password)
	if err != nil {
		return Account{}, "", err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err = s.createTx(ctx, tx, actor, in, hash)
		return err
	})
	return a, in.Password, err
}

// CreateTx is Create inside a running transaction, for accounts that log in only after their password is reset: it sets none.
func (s *Service) CreateTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewAccount) (Account, error) {
	if !actor.Can(PermAdmin) {
		return Account{}, errs.ErrForbidden
	}
	in.Password = ""
	if err := in.check(); err != nil {
		return Account{}, err
	}
	return s.createTx(ctx, tx, actor, in, "")
}

// CreateMany makes accounts that share one password, in one transaction, for demonstrations and tests: working out a password
// takes long on purpose.
func (s *Service) CreateMany(ctx context.Context, actor authz.Actor, password string, list []NewAccount) ([]Account, error) {
	if !actor.Scope(PermAdmin).All() {
		return nil, errs.ErrForbidden
	}
	for i := range list {
		list[i].Password = password
		if err := list[i].check(); err != nil {
			return nil, err
		}
	}
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return nil, err
	}
	var made []Account
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		made = made[:0]
		for _, in := range list {
			a, err := s.createTx(ctx, tx, actor, in, hash)
			if err != nil {
				return err
			}
			made = append(made, a)
		}
		return nil
	})
	return made, err
}

func (s *Service) createTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewAccount, hash string) (Account, error) {
	if len(in.Grants) == 0 && !actor.Scope(PermAdmin).All() {
		return Account{}, errs.Field("role", i18n.AccountGrantNeeded)
	}
	a := Account{
		ID: id.New(), Login: in.Login, Name: in.Name, PersonID: in.PersonID, Status: Active, MustChange: !in.Keep,
		Lang: in.Lang, CreatedAt: tx.Now(), Version: 1, passwordHash: hash,
	}
	if hash != "" {
		a.PasswordSetAt = tx.Now()
	}
	if err := unique(ctx, tx, actor.Tenant, a); err != nil {
		return Account{}, err
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Person, a.PersonID); err != nil {
		return Account{}, err
	}
	if err := insertAccount(ctx, tx, actor.Tenant, a); err != nil {
		return Account{}, err
	}
	if err := record(ctx, tx, actor, "account.create", a, nil); err != nil {
		return Account{}, err
	}
	for _, g := range in.Grants {
		g.AccountID = a.ID
		if _, err := s.grantTx(ctx, tx, actor, g); err != nil {
			return Account{}, err
		}
	}
	return a, nil
}

// FreeLogin gives a log-in name like base that nobody has yet, for the form of a new account (PermAdmin).
func (s *Service) FreeLogin(ctx context.Context, actor authz.Actor, base string) (string, error) {
	if actor.Scope(PermAdmin).Empty() {
		return "", errs.ErrForbidden
	}
	base = foldLogin(base)
	if base == "" {
		return "", nil
	}
	taken, err := loginsLike(ctx, s.db, actor.Tenant, base)
	for n := 1; ; n++ {
		login := base
		if n > 1 {
			login += strconv.Itoa(n)
		}
		if !slices.Contains(taken, login) {
			return login, err
		}
	}
}

// OfPerson gives the account of a person, 0 for none, to whoever opens accounts (PermAdmin).
func (s *Service) OfPerson(ctx context.Context, actor authz.Actor, person id.ID) (id.ID, error) {
	if actor.Scope(PermAdmin).Empty() {
		return 0, errs.ErrForbidden
	}
	if err := reference.Require(ctx, s.db, actor.Tenant, reference.Person, person); err != nil {
		return 0, err
	}
	return accountOfPerson(ctx, s.db, actor.Tenant, person)
}

// unique refuses a log-in name, or a person, that has an account already.
func unique(ctx context.Context, q db.Querier, tenant int64, a Account) error {
	if _, err := accountByLogin(ctx, q, tenant, a.Login); err == nil {
		return errs.Field("login", i18n.AccountLoginTaken)
	} else if errs.KindOf(err) != errs.NotFound {
		return err
	}
	if a.PersonID == 0 {
		return nil
	}
	other, err := accountOfPerson(ctx, q, tenant, a.PersonID)
	if err == nil && other != 0 {
		return errs.Field("person", i18n.AccountPersonTaken)
	}
	return err
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, action string, a Account, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{
		Action: action, Permission: PermAdmin, SubjectKind: "account", SubjectID: a.ID, PersonID: a.PersonID, Detail: detail,
	})
}

// Filter narrows a list of accounts; zero fields do not filter.
type Filter struct {
	Text   string // beginning of the log-in name or of the name
	Role   string
	OrgID  id.ID
	Status Status
	About  Concern
	Page   db.Page
}

// List gives the accounts in scope by log-in name: all of them, or those that hold a role at an organisation in scope.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Account], error) {
	day := calendar.DateOf(s.db.Now())
	totp, err := TOTPStaff.On(ctx, s.db, actor.Tenant, day)
	if err != nil {
		return db.List[Account]{}, err
	}
	l, err := listAccounts(ctx, s.db, actor.Scope(PermSee).Or(actor.Scope(PermAdmin)), f, s.db.Now(), totp == 1)
	if err != nil {
		return l, err
	}
	return l, fillHeld(ctx, s.db, actor.Tenant, l.Items, day)
}

// Get gives one account in scope; one's own is always in scope.
func (s *Service) Get(ctx context.Context, actor authz.Actor, account id.ID) (Account, error) {
	if account == actor.AccountID && account != 0 {
		return accountByID(ctx, s.db, actor.Tenant, account)
	}
	return accountInScope(ctx, s.db, actor.Scope(PermSee).Or(actor.Scope(PermAdmin)), account, calendar.DateOf(s.db.Now()))
}

// manage reads an account that the actor may change: every role it holds now is one that the actor could give there.
func (s *Service) manage(ctx context.Context, q db.Querier, actor authz.Actor, account id.ID, now time.Time) (Account, error) {
	scope := actor.Scope(PermAdmin)
	a, err := accountInScope(ctx, q, scope, account, calendar.DateOf(now))
	if err != nil || scope.All() && actor.IsSystem() {
		return a, err
	}
	grants, err := grantsOf(ctx, q, actor.Tenant, account)
	if err != nil {
		return a, err
	}
	for _, g := range grants {
		if !g.InForce(calendar.DateOf(now)) {
			continue
		}
		if err := s.mayGive(ctx, q, actor, g.Role, g.OrgID); err != nil {
			return a, errs.ErrForbidden
		}
	}
	return a, nil
}

// SetStatus disables an account, which ends its sessions and revokes its tokens, or lets it in again.
func (s *Service) SetStatus(ctx context.Context, actor authz.Actor, account id.ID, to Status) error {
	if account == actor.AccountID {
		return errs.New(errs.Forbidden, i18n.AccountGrantSelf)
	}
	defer s.callers.forget()
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := s.manage(ctx, tx, actor, account, tx.Now())
		if err != nil || a.Status == to {
			return err
		}
		action := "account.enable"
		if to == Disabled {
			action = "account.disable"
			if err := endAll(ctx, tx, actor.Tenant, a.ID, ""); err != nil {
				return err
			}
			if err := revokeAll(ctx, tx, actor.Tenant, a.ID); err != nil {
				return err
			}
		}
		a.Status = to
		if err := saveAccount(ctx, tx, actor.Tenant, a); err != nil {
			return err
		}
		return record(ctx, tx, actor, action, a, nil)
	})
}

// ResetPassword gives an account a temporary password, unlocks it and ends its sessions.
func (s *Service) ResetPassword(ctx context.Context, actor authz.Actor, account id.ID) (string, error) {
	if account == actor.AccountID {
		return "", errs.New(errs.Forbidden, i18n.AccountGrantSelf)
	}
	password := TemporaryPassword()
	hash, err := hashPassword(ctx, password)
	if err != nil {
		return "", err
	}
	defer s.callers.forget()
	return password, s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := s.manage(ctx, tx, actor, account, tx.Now())
		if err != nil {
			return err
		}
		a.passwordHash, a.PasswordSetAt, a.MustChange = hash, tx.Now(), true
		a.failed, a.LockedUntil = 0, time.Time{}
		if err := saveAccount(ctx, tx, actor.Tenant, a); err != nil {
			return err
		}
		if err := endAll(ctx, tx, actor.Tenant, a.ID, ""); err != nil {
			return err
		}
		return record(ctx, tx, actor, "account.reset_password", a, nil)
	})
}

// ResetTOTP takes the one-time codes off an account whose owner lost the device, and ends its sessions.
func (s *Service) ResetTOTP(ctx context.Context, actor authz.Actor, account id.ID) error {
	if account == actor.AccountID {
		return errs.New(errs.Forbidden, i18n.AccountGrantSelf)
	}
	defer s.callers.forget()
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := s.manage(ctx, tx, actor, account, tx.Now())
		if err != nil {
			return err
		}
		a.totp, a.totpPending, a.totpLast = nil, nil, 0
		if err := saveAccount(ctx, tx, actor.Tenant, a); err != nil {
			return err
		}
		if err := endAll(ctx, tx, actor.Tenant, a.ID, ""); err != nil {
			return err
		}
		return record(ctx, tx, actor, "account.reset_totp", a, nil)
	})
}

// Rename changes the name shown for an account.
func (s *Service) Rename(ctx context.Context, actor authz.Actor, account id.ID, name string) error {
	check := NewAccount{Login: "aa", Name: name}
	if err := check.check(); err != nil {
		return err
	}
	defer s.callers.forget()
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := s.manage(ctx, tx, actor, account, tx.Now())
		if err != nil || a.Name == check.Name {
			return err
		}
		before := a.Name
		a.Name = check.Name
		if err := saveAccount(ctx, tx, actor.Tenant, a); err != nil {
			return err
		}
		return record(ctx, tx, actor, "account.rename", a, map[string]any{"before": before, "after": a.Name})
	})
}

// SetLang keeps the language in which the caller reads the platform.
func (s *Service) SetLang(ctx context.Context, actor authz.Actor, l i18n.Lang) error {
	defer s.callers.forget()
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a, err := accountByID(ctx, tx, actor.Tenant, actor.AccountID)
		if err != nil || a.Lang == l {
			return err
		}
		a.Lang = l
		return saveAccount(ctx, tx, actor.Tenant, a)
	})
}

// loginAt is the name as it is typed where several tenants share a server.
func loginAt(login string, tenant int64) string { return login + "@" + strconv.FormatInt(tenant, 10) }

// clip shortens what a browser says about itself.
func clip(s string, n int) string {
	s = strings.ToValidUTF8(s, "")
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
