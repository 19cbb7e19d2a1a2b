package api

import (
	"context"
	"net/http"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/i18n"
)

// Account is somebody's way in.
type Account struct {
	ID          rest.ID    `json:"id" doc:"Identifier."`
	Login       string     `json:"login" doc:"Log-in name."`
	Name        string     `json:"name" doc:"Name shown."`
	PersonID    rest.ID    `json:"person_id,omitempty" doc:"Person it belongs to."`
	Status      string     `json:"status" doc:"active or disabled."`
	MustChange  bool       `json:"must_change_password" doc:"The password was set by somebody else."`
	HasTOTP     bool       `json:"has_totp" doc:"One-time codes are on."`
	LockedUntil *time.Time `json:"locked_until,omitempty" doc:"Locked after failures until then."`
	Language    string     `json:"language" doc:"zh or en."`
	CreatedAt   time.Time  `json:"created_at" doc:"When it was made."`
}

func accountOf(a authn.Account) Account {
	return Account{ID: rest.IDOf(a.ID), Login: a.Login, Name: a.Name, PersonID: rest.IDOf(a.PersonID), Status: string(a.Status), MustChange: a.MustChange, HasTOTP: a.HasTOTP,
		LockedUntil: rest.UTC(a.LockedUntil), Language: string(a.Lang), CreatedAt: a.CreatedAt.UTC()}
}

// Grant is a role held by an account at an organisation.
type Grant struct {
	ID             rest.ID   `json:"id" doc:"Identifier."`
	Role           string    `json:"role" doc:"Code of the role."`
	RoleName       string    `json:"role_name" doc:"Name of the role, in the language asked for."`
	OrganisationID rest.ID   `json:"organisation_id,omitempty" doc:"Where it reaches; absent for the whole district."`
	Organisation   string    `json:"organisation,omitempty" doc:"Name of that organisation."`
	From           rest.Date `json:"from" doc:"First day."`
	To             rest.Date `json:"to,omitempty" doc:"Last day; absent for no end."`
}

// NewGrant gives a role.
type NewGrant struct {
	Role           string    `json:"role" maxLength:"40" doc:"Code of the role."`
	OrganisationID rest.ID   `json:"organisation_id,omitempty" doc:"Where it reaches; absent for the whole district."`
	From           rest.Date `json:"from,omitempty" doc:"First day; today if absent."`
	To             rest.Date `json:"to,omitempty" doc:"Last day; absent for no end."`
}

func (n NewGrant) plain() authn.NewGrant {
	return authn.NewGrant{Role: n.Role, OrgID: n.OrganisationID.ID(), From: n.From.Date(), To: n.To.Date()}
}

// GrantEnd ends a grant.
type GrantEnd struct {
	Last rest.Date `json:"last,omitempty" doc:"Last day; absent takes it away at once."`
}

// NewAccount makes an account.
type NewAccount struct {
	Login    string     `json:"login" maxLength:"60" doc:"Log-in name."`
	Name     string     `json:"name" maxLength:"40" doc:"Name shown."`
	Password string     `json:"password,omitempty" maxLength:"200" doc:"First password; absent makes a temporary one."`
	PersonID rest.ID    `json:"person_id,omitempty" doc:"Person it belongs to."`
	Language string     `json:"language,omitempty" enum:"zh,en" doc:"Language of the interface."`
	Grants   []NewGrant `json:"grants,omitempty" maxItems:"50" doc:"First roles."`
}

// NewPassword is a temporary password; it is shown once.
type NewPassword struct {
	ID       rest.ID `json:"id,omitempty" doc:"Account."`
	Password string  `json:"password" doc:"Temporary password; it must be changed at the first log-in."`
}

// AccountStatus lets an account in or keeps it out.
type AccountStatus struct {
	Status string `json:"status" enum:"active,disabled" doc:"Disabling ends sessions and revokes tokens."`
}

// Name is a name.
type Name struct {
	Name string `json:"name" maxLength:"40" doc:"Name shown."`
}

// Role is a set of permissions under a name.
type Role struct {
	Code        string   `json:"code" maxLength:"40" doc:"Code."`
	Name        string   `json:"name" maxLength:"40" doc:"Name in Chinese."`
	NameEN      string   `json:"name_en,omitempty" maxLength:"60" doc:"Name in English."`
	Permissions []string `json:"permissions" nullable:"false" maxItems:"500" doc:"What its holders may do."`
	Gives       []string `json:"gives,omitempty" maxItems:"100" doc:"Roles that its holders may give to others; * for all."`
	BuiltIn     bool     `json:"built_in,omitempty" doc:"Kept up to date by the program."`
	Version     int64    `json:"version,omitempty" doc:"Version that you saw; 0 makes a new role."`
}

func roleOf(r authn.Role) Role {
	return Role{Code: r.Code, Name: r.Name, NameEN: r.NameEN, Permissions: permissionNames(r.Permissions), Gives: r.Gives, BuiltIn: r.BuiltIn, Version: r.Version}
}

func permissionNames(list []authz.Permission) []string {
	out := make([]string, len(list))
	for i, p := range list {
		out[i] = string(p)
	}
	return out
}

func permissionsNamed(list []string) []authz.Permission {
	var out []authz.Permission
	for _, s := range list {
		out = append(out, authz.Permission(s))
	}
	return out
}

type accountQuery struct {
	rest.Paging
	Text         string  `query:"q" maxLength:"60" doc:"Beginning of the log-in name or of the name."`
	Role         string  `query:"role" maxLength:"40" doc:"With this role."`
	Organisation rest.ID `query:"organisation" doc:"With a role at this organisation."`
	Status       string  `query:"status" enum:"active,disabled" doc:"In this state."`
}

type roleInput struct {
	Code string `path:"code" maxLength:"40" doc:"Code of the role."`
	Body Role
}

type rolePath struct {
	Code string `path:"code" maxLength:"40" doc:"Code of the role."`
}

func (h *handlers) accounts(k *rest.Kit) {
	const tag = "accounts"
	rest.Get(k, rest.Op{ID: "account-list", Path: "/accounts", Tag: tag, Title: "List accounts by log-in name", Needs: perms(authn.PermSee)},
		func(ctx context.Context, a authz.Actor, in *accountQuery) (rest.Page[Account], error) {
			l, err := h.Authn.List(ctx, a, authn.Filter{Text: in.Text, Role: in.Role, OrgID: in.Organisation.ID(), Status: authn.Status(in.Status), Page: in.Page()})
			return rest.PageOf(l, accountOf), err
		})
	rest.Get(k, rest.Op{ID: "account-get", Path: "/accounts/{id}", Tag: tag, Title: "Open an account; one's own is always in scope"},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (Account, error) {
			acc, err := h.Authn.Get(ctx, a, in.ID.ID())
			return accountOf(acc), err
		})
	rest.Post(k, rest.Op{ID: "account-create", Path: "/accounts", Tag: tag, Title: "Make an account with its first roles", Needs: perms(authn.PermAdmin), Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewAccount]) (NewPassword, error) {
			b := in.Body
			n := authn.NewAccount{Login: b.Login, Name: b.Name, Password: b.Password, PersonID: b.PersonID.ID(), Lang: i18n.Lang(b.Language)}
			for _, g := range b.Grants {
				n.Grants = append(n.Grants, g.plain())
			}
			acc, password, err := h.Authn.Create(ctx, a, n)
			return NewPassword{ID: rest.IDOf(acc.ID), Password: password}, err
		})
	rest.Act(k, rest.Op{ID: "account-rename", Method: http.MethodPut, Path: "/accounts/{id}/name", Tag: tag, Title: "Change the name shown", Needs: perms(authn.PermAdmin)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Name]) error {
			return h.Authn.Rename(ctx, a, in.ID.ID(), in.Body.Name)
		})
	rest.Act(k, rest.Op{ID: "account-status", Method: http.MethodPut, Path: "/accounts/{id}/status", Tag: tag, Title: "Disable an account or let it in again", Needs: perms(authn.PermAdmin)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[AccountStatus]) error {
			return h.Authn.SetStatus(ctx, a, in.ID.ID(), authn.Status(in.Body.Status))
		})
	rest.Post(k, rest.Op{ID: "account-password", Path: "/accounts/{id}/password", Tag: tag, Title: "Give an account a temporary password; its sessions end", Needs: perms(authn.PermAdmin)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (NewPassword, error) {
			p, err := h.Authn.ResetPassword(ctx, a, in.ID.ID())
			return NewPassword{ID: in.ID, Password: p}, err
		})
	rest.Act(k, rest.Op{ID: "account-totp-reset", Path: "/accounts/{id}/totp/reset", Tag: tag, Title: "Take the one-time codes off an account; its sessions end", Needs: perms(authn.PermAdmin)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Authn.ResetTOTP(ctx, a, in.ID.ID())
		})
	h.grants(k)
	h.roles(k)
}

func (h *handlers) grants(k *rest.Kit) {
	const tag = "accounts"
	rest.Get(k, rest.Op{ID: "grant-list", Path: "/accounts/{id}/grants", Tag: tag, Title: "Roles that an account holds, held, or will hold"},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (rest.All[Grant], error) {
			l, err := h.Authn.Grants(ctx, a, in.ID.ID())
			return rest.AllOf(l, func(g authn.Grant) Grant {
				return Grant{rest.IDOf(g.ID), g.Role, g.RoleName.In(rest.Lang(ctx)), rest.IDOf(g.OrgID), g.OrgName, rest.DateOf(g.From), rest.DateOf(g.To)}
			}), err
		})
	rest.Post(k, rest.Op{ID: "grant-create", Path: "/accounts/{id}/grants", Tag: tag, Title: "Give a role", Needs: perms(authn.PermAdmin)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[NewGrant]) (rest.Ref, error) {
			n := in.Body.plain()
			n.AccountID = in.ID.ID()
			g, err := h.Authn.Grant(ctx, a, n)
			return rest.Ref{ID: rest.IDOf(g.ID)}, err
		})
	rest.Act(k, rest.Op{ID: "grant-end", Path: "/grants/{id}/end", Tag: tag, Title: "Let a grant end", Needs: perms(authn.PermAdmin)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[GrantEnd]) error {
			return h.Authn.EndGrant(ctx, a, in.ID.ID(), in.Body.Last.Date())
		})
}

func (h *handlers) roles(k *rest.Kit) {
	const tag = "roles"
	rest.Get(k, rest.Op{ID: "role-list", Path: "/roles", Tag: tag, Title: "The district's roles, the standard ones first"},
		func(ctx context.Context, a authz.Actor, in *rest.None) (rest.All[Role], error) {
			l, err := h.Authn.Roles(ctx, a)
			return rest.AllOf(l, roleOf), err
		})
	rest.Act(k, rest.Op{ID: "role-save", Method: http.MethodPut, Path: "/roles/{code}", Tag: tag, Title: "Make a role of the district's own (version 0) or change one", Needs: perms(authn.PermRoles)},
		func(ctx context.Context, a authz.Actor, in *roleInput) error {
			return h.Authn.SaveRole(ctx, a, authn.Role{Code: in.Code, Name: in.Body.Name, NameEN: in.Body.NameEN, Permissions: permissionsNamed(in.Body.Permissions),
				Gives: in.Body.Gives, Version: in.Body.Version})
		})
	rest.Act(k, rest.Op{ID: "role-remove", Method: http.MethodDelete, Path: "/roles/{code}", Tag: tag, Title: "Remove a role of the district's own that nobody holds", Needs: perms(authn.PermRoles)},
		func(ctx context.Context, a authz.Actor, in *rolePath) error {
			return h.Authn.RemoveRole(ctx, a, in.Code)
		})
}

// Token is an API token as its owner sees it.
type Token struct {
	ID          rest.ID    `json:"id" doc:"Identifier."`
	Name        string     `json:"name" doc:"What it is for."`
	Permissions []string   `json:"permissions" nullable:"false" doc:"What it may do; empty for all that the account may do."`
	CreatedAt   time.Time  `json:"created_at" doc:"When it was made."`
	ExpiresAt   time.Time  `json:"expires_at" doc:"When it ends."`
	LastUsedAt  *time.Time `json:"last_used_at,omitempty" doc:"When it was last used, to some minutes."`
	RevokedAt   *time.Time `json:"revoked_at,omitempty" doc:"When it was revoked."`
}

func tokenOf(t authn.Token) Token {
	return Token{ID: rest.IDOf(t.ID), Name: t.Name, Permissions: permissionNames(t.Permissions), CreatedAt: t.CreatedAt.UTC(), ExpiresAt: t.ExpiresAt.UTC(),
		LastUsedAt: rest.UTC(t.LastUsedAt), RevokedAt: rest.UTC(t.RevokedAt)}
}

// NewToken asks for a token of one's own.
type NewToken struct {
	Name        string   `json:"name" maxLength:"60" doc:"What it is for."`
	Permissions []string `json:"permissions,omitempty" maxItems:"500" doc:"What it may do; absent for all that you may do."`
	Days        int      `json:"days,omitempty" minimum:"0" maximum:"2000" doc:"Life in days; the longest allowed if absent."`
}

// MadeToken is a new token; its text is shown once.
type MadeToken struct {
	Token
	Text string `json:"token" doc:"The token itself. Keep it safe: it is shown once only."`
}

// Session is one log-in.
type Session struct {
	ID        rest.ID   `json:"id" doc:"Identifier."`
	Stage     string    `json:"stage" doc:"code, change, enrol or full."`
	CreatedAt time.Time `json:"created_at" doc:"When it began."`
	LastSeen  time.Time `json:"last_seen" doc:"Last request."`
	ExpiresAt time.Time `json:"expires_at" doc:"When it ends."`
	IP        string    `json:"ip,omitempty" doc:"Address."`
	UserAgent string    `json:"user_agent,omitempty" doc:"Browser."`
}

func (h *handlers) tokens(k *rest.Kit) {
	const tag = "tokens"
	rest.Get(k, rest.Op{ID: "token-list", Path: "/accounts/{id}/tokens", Tag: tag, Title: "API tokens of an account, the latest first"},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (rest.All[Token], error) {
			l, err := h.Authn.Tokens(ctx, a, in.ID.ID())
			return rest.AllOf(l, tokenOf), err
		})
	rest.Post(k, rest.Op{ID: "token-create", Path: "/tokens", Tag: tag, Title: "Make an API token for your own account", Text: "Only with the session of the pages: a token makes no tokens.", Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewToken]) (MadeToken, error) {
			text, t, err := h.Authn.CreateToken(ctx, a, authn.NewToken{Name: in.Body.Name, Permissions: permissionsNamed(in.Body.Permissions), Days: in.Body.Days})
			return MadeToken{Token: tokenOf(t), Text: text}, err
		})
	rest.Act(k, rest.Op{ID: "token-revoke", Method: http.MethodDelete, Path: "/tokens/{id}", Tag: tag, Title: "End an API token"},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Authn.RevokeToken(ctx, a, in.ID.ID())
		})
	rest.Get(k, rest.Op{ID: "session-list", Path: "/accounts/{id}/sessions", Tag: "sessions", Title: "Open sessions of an account, the latest first"},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (rest.All[Session], error) {
			l, err := h.Authn.Sessions(ctx, a, in.ID.ID())
			return rest.AllOf(l, func(s authn.Session) Session {
				return Session{rest.IDOf(s.ID), string(s.Stage), s.CreatedAt.UTC(), s.LastSeen.UTC(), s.ExpiresAt.UTC(), s.IP, s.UserAgent}
			}), err
		})
	rest.Act(k, rest.Op{ID: "session-end", Method: http.MethodDelete, Path: "/sessions/{id}", Tag: "sessions", Title: "End a session"},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Authn.EndSession(ctx, a, in.ID.ID())
		})
}
