package authn

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
)

// The permissions of this package.
const (
	PermSee   authz.Permission = "account.see"    // read accounts, their grants and sessions
	PermAdmin authz.Permission = "account.manage" // create, disable, reset, end sessions, give and end roles
	PermRoles authz.Permission = "role.edit"      // edit the district's own roles
)

// The policy values of this package (section 6.2).
var (
	LockFailures = policy.Value{Name: "login.lock_failures", Title: i18n.PolicyLockFailures, Unit: i18n.PolicyUnitTimes, Default: 5, Min: 3, Max: 20, Source: "SEC-1"}
	LockMinutes  = policy.Value{Name: "login.lock_minutes", Title: i18n.PolicyLockMinutes, Unit: i18n.PolicyUnitMinutes, Default: 15, Min: 1, Max: 1440, Source: "SEC-1"}
	IdleStaff    = policy.Value{Name: "login.idle_staff", Title: i18n.PolicyIdleStaff, Unit: i18n.PolicyUnitMinutes, Default: 15, Min: 5, Max: 480, Source: "SEC-1"}
	IdleMember   = policy.Value{Name: "login.idle_member", Title: i18n.PolicyIdleMember, Unit: i18n.PolicyUnitMinutes, Default: 30, Min: 5, Max: 480, Source: "SEC-1"}
	SessionHours = policy.Value{Name: "login.session_hours", Title: i18n.PolicySessionHours, Unit: i18n.PolicyUnitHours, Default: 8, Min: 1, Max: 24, Source: "SEC-1"}
	TOTPStaff    = policy.Value{Name: "login.totp_staff", Title: i18n.PolicyTOTPStaff, Unit: i18n.PolicyUnitSwitch, Default: 0, Max: 1, Source: "SEC-1"}
	TokenDays    = policy.Value{Name: "token.days", Title: i18n.PolicyTokenDays, Unit: i18n.PolicyUnitDays, Default: 365, Min: 1, Max: 1095, Source: "SEC-1"}
)

// Policies are the values that this package declares.
func Policies() []policy.Value {
	return []policy.Value{LockFailures, LockMinutes, IdleStaff, IdleMember, SessionHours, TOTPStaff, TokenDays}
}

// Status says whether an account may be used.
type Status string

// The states of an account.
const (
	Active   Status = "active"
	Disabled Status = "disabled"
)

// Account is somebody's way in.
type Account struct {
	ID            id.ID
	Login         string // unique in the tenant, in lower case
	Name          string // as shown
	PersonID      id.ID  // 0 unless it belongs to a person in the register
	Status        Status
	MustChange    bool // the password was set by somebody else
	HasTOTP       bool
	PasswordSetAt time.Time
	LockedUntil   time.Time
	Lang          i18n.Lang
	CreatedAt     time.Time
	Version       int64
	Held          []Grant // the roles in force; filled by List alone
	failed        int64
	passwordHash  string
	totp          []byte
	totpPending   []byte
	totpLast      int64
}

// Stage is how far a log-in has come. Only a full session carries rights.
type Stage string

// The stages, in order.
const (
	StageCode   Stage = "code"   // the password was right; the one-time code is awaited
	StageChange Stage = "change" // a new password must be chosen first
	StageEnrol  Stage = "enrol"  // the policy asks for one-time codes, and the account has none yet
	StageFull   Stage = "full"
)

// next is the stage that follows once the password (and the code, if there is one) were right.
func (a *Account) next(codeDone, totpNeeded bool) Stage {
	switch {
	case a.HasTOTP && !codeDone:
		return StageCode
	case a.MustChange:
		return StageChange
	case totpNeeded && !a.HasTOTP:
		return StageEnrol
	}
	return StageFull
}

// loginForm is what a log-in name may look like; Han characters are allowed, blanks and @ are not.
var loginForm = regexp.MustCompile(`^[\p{Han}a-z0-9][\p{Han}a-z0-9._-]{1,39}$`)

// foldLogin brings a log-in name into the one form in which it is stored and compared.
func foldLogin(s string) string { return strings.ToLower(norm.NFKC.String(strings.TrimSpace(s))) }

// splitLogin takes name@tenant apart; tenant is 0 where none is given.
func splitLogin(s string) (name string, tenant int64) {
	s = foldLogin(s)
	name, code, found := strings.Cut(s, "@")
	if !found {
		return s, 0
	}
	tenant, err := strconv.ParseInt(code, 10, 64)
	if err != nil || tenant <= 0 {
		return name, -1 // a tenant that there is not
	}
	return name, tenant
}

// NewAccount is what is needed to create an account.
type NewAccount struct {
	Login    string
	Name     string
	Password string // "" makes a temporary one that must be changed
	PersonID id.ID
	Lang     i18n.Lang
	Keep     bool       // the password need not be changed at first log-in (set by the person themselves)
	Grants   []NewGrant // AccountID is filled in
}

func (n *NewAccount) check() error {
	var e *errs.Error
	n.Login, n.Name = foldLogin(n.Login), strings.TrimSpace(n.Name)
	if !loginForm.MatchString(n.Login) {
		e = e.With("login", i18n.AccountLoginForm)
	}
	switch l := utf8.RuneCountInString(n.Name); {
	case l == 0:
		e = e.With("name", i18n.ErrRequired)
	case l > 40:
		e = e.With("name", i18n.ErrTooLong, 40, l)
	}
	if n.Lang != i18n.EN {
		n.Lang = i18n.ZH
	}
	if err := e.OrNil(); err != nil || n.Password == "" {
		return err
	}
	return checkNewPassword(n.Password, n.Login, n.Name)
}

// Role is a set of permissions under a name.
type Role struct {
	Code        string
	Name        string
	NameEN      string
	Permissions []authz.Permission
	Gives       []string // codes of the roles that its holders may give to others; "*" for all
	Staff       bool     // its holders work on other people's affairs, not only on their own
	BuiltIn     bool     // kept up to date by the program; copy it to make one of your own
	Version     int64
}

// Text is the name of the role in the reader's language.
func (r Role) Text() i18n.Text { return i18n.Both(r.Name, r.NameEN) }

func (r *Role) mayGive(code string) bool {
	return slices.Contains(r.Gives, code) || slices.Contains(r.Gives, "*")
}

var roleCode = regexp.MustCompile(`^[a-z][a-z0-9_]{1,39}$`)

func (r *Role) check(known map[authz.Permission]bool) error {
	var e *errs.Error
	r.Name, r.NameEN = strings.TrimSpace(r.Name), strings.TrimSpace(r.NameEN)
	if !roleCode.MatchString(r.Code) {
		e = e.With("code", i18n.AccountRoleCode)
	}
	if r.Name == "" {
		e = e.With("name", i18n.ErrRequired)
	}
	if l := utf8.RuneCountInString(r.Name); l > 40 {
		e = e.With("name", i18n.ErrTooLong, 40, l)
	}
	if len(r.Permissions) == 0 {
		e = e.With("permissions", i18n.ErrRequired)
	}
	for _, p := range r.Permissions {
		if !known[p] {
			e = e.With("permissions", i18n.ErrBadChoice)
		}
	}
	slices.Sort(r.Permissions)
	r.Permissions = slices.Compact(r.Permissions)
	return e.OrNil()
}

// Grant is a role held by an account at an organisation, with dates.
type Grant struct {
	ID        id.ID
	AccountID id.ID
	Role      string
	RoleName  i18n.Text
	OrgID     id.ID // 0 is the whole tenant
	OrgName   string
	From      calendar.Date
	To        calendar.Date // last day, zero for no end
	GrantedBy id.ID
	GrantedAt time.Time
}

// InForce says whether the grant holds on day.
func (g Grant) InForce(day calendar.Date) bool {
	return !day.Before(g.From) && (g.To.IsZero() || !day.After(g.To))
}

// NewGrant gives a role to an account.
type NewGrant struct {
	AccountID id.ID
	Role      string
	OrgID     id.ID
	From      calendar.Date // today if zero
	To        calendar.Date
}

// Session is one log-in as its owner sees it.
type Session struct {
	ID        id.ID
	AccountID id.ID
	Stage     Stage
	CreatedAt time.Time
	LastSeen  time.Time
	ExpiresAt time.Time
	IP        string
	UserAgent string
}

// Token is an API token as its owner sees it; the token itself is shown once only.
type Token struct {
	ID          id.ID
	AccountID   id.ID
	Name        string
	Permissions []authz.Permission // nil: all that the account may do
	CreatedAt   time.Time
	ExpiresAt   time.Time
	LastUsedAt  time.Time
	RevokedAt   time.Time
}

// Caller is who sends a request.
type Caller struct {
	Actor     authz.Actor // without rights unless Stage is StageFull
	SessionID id.ID       // 0 for an API token
	TokenID   id.ID       // 0 for a session
	Stage     Stage
	Login     string
	Lang      i18n.Lang
	HasTOTP   bool
	Staff     bool // holds permissions beyond the own rows
}

// Full says whether the log-in is complete.
func (c Caller) Full() bool { return c.Stage == StageFull }
