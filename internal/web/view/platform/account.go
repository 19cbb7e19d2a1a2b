// Package platform holds the pages about the platform itself: accounts, roles, the audit record, settings, complaints, background work.
package platform

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"linli/internal/authn"
	"linli/internal/calendar"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/partial"
)

// ListData is what is around the rows of a list.
type ListData struct {
	Query      url.Values
	Next, Prev string
	Acts       []partial.Act
}

var accountColumns = []partial.Column{
	{Key: "name", Title: i18n.AccountName, Main: true}, {Key: "login", Title: i18n.AccountLogin}, {Key: "roles", Title: i18n.AccountRoles}, {Key: "totp", Title: i18n.AccountTOTP, Minor: true},
	{Key: "state", Title: i18n.AccountState, Tight: true},
}

// AccountState is the state of an account in words.
func AccountState(ctx context.Context, a authn.Account, now time.Time) partial.State {
	switch {
	case a.Status == authn.Disabled:
		return partial.State{Text: i18n.AccountDisabled, Tone: partial.Ended}
	case now.Before(a.LockedUntil):
		return partial.State{Text: i18n.Verbatim(i18n.T(ctx, i18n.AccountIsLocked, i18n.Clock(a.LockedUntil))), Tone: partial.Warned}
	case a.MustChange:
		return partial.State{Text: i18n.AccountMustChange, Tone: partial.Waiting}
	}
	return partial.State{Text: i18n.AccountActive, Tone: partial.Active}
}

func totpText(a authn.Account) i18n.Text {
	if a.HasTOTP {
		return i18n.AccountTOTPOn
	}
	return i18n.AccountTOTPOff
}

func accountRows(ctx context.Context, items []authn.Account, now time.Time) []partial.Row {
	var out []partial.Row
	for _, a := range items {
		out = append(out, partial.Row{ID: a.ID.String(), Name: a.Name, Href: "/accounts/" + a.ID.String(), Cells: []templ.Component{
			partial.Text(a.Name), partial.Text(a.Login), heldRoles(ctx, a), partial.Label(totpText(a)), partial.Badge(AccountState(ctx, a, now))}})
	}
	return out
}

// heldRoles names the first role that an account holds and where, and how many more there are.
func heldRoles(ctx context.Context, a authn.Account) templ.Component {
	if len(a.Held) == 0 {
		return partial.Text("")
	}
	first, at := i18n.T(ctx, a.Held[0].RoleName), a.Held[0].OrgName
	if a.Held[0].OrgID == 0 {
		at = i18n.T(ctx, i18n.AccountGrantWhole)
	}
	if n := len(a.Held) - 1; n > 0 {
		first = i18n.T(ctx, i18n.AccountRolesMore, first, n)
	}
	return partial.Two(first, at)
}

// HeldAs names every role that an account holds and where, for an export.
func HeldAs(l i18n.Lang, a authn.Account) string {
	var all []string
	for _, g := range a.Held {
		at := g.OrgName
		if g.OrgID == 0 {
			at = i18n.AccountGrantWhole.In(l)
		}
		all = append(all, g.RoleName.In(l)+" · "+at)
	}
	return strings.Join(all, "; ")
}

func accountFilters(roles []authn.Role) []partial.Filter {
	var options []partial.Option
	for _, r := range roles {
		options = append(options, partial.Option{Value: r.Code, Text: r.Text()})
	}
	return []partial.Filter{
		{Name: "about", Label: i18n.AccountAbout, Options: []partial.Option{{Value: string(authn.Locked), Text: i18n.AccountAboutLocked}, {Value: string(authn.Never), Text: i18n.AccountAboutNever},
			{Value: string(authn.Second), Text: i18n.AccountAboutSecond}, {Value: string(authn.Lost), Text: i18n.AccountAboutLost}, {Value: string(authn.Ending), Text: i18n.AccountAboutEnding}}},
		{Name: "role", Label: i18n.AccountRole, Options: options},
		{Name: "status", Label: i18n.AccountState, Options: []partial.Option{{Value: string(authn.Active), Text: i18n.AccountActive}, {Value: string(authn.Disabled), Text: i18n.AccountDisabled}}},
	}
}

// AccountData is one account with everything around it.
type AccountData struct {
	authn.Account
	Grants   []authn.Grant
	Sessions []authn.Session
	Tokens   []authn.Token
	Manage   bool // the actor may change it
	Own      bool
	This     id.ID // the session of the reader
	Now      time.Time
	Acts     []partial.Act
	Give     GiveForm // to give a role
	Perms    []field.Option
	Token    field.Form
	TokenMax int64
}

// GiveForm is the form that gives a role.
type GiveForm struct {
	field.Form
	Roles []field.Option
	Whole bool // the whole district can be chosen

	Member string // the member whose account it will be, "" for none
}

func accountFacts(a AccountData) []partial.Fact {
	return []partial.Fact{
		partial.F(i18n.AccountLogin, a.Login), {Label: i18n.AccountTOTP, Value: partial.Label(totpText(a.Account))},
		partial.F(i18n.AccountSince, i18n.Date(a.CreatedAt)), partial.F(i18n.AccountPasswordSince, i18n.Date(a.PasswordSetAt)),
	}
}

var grantColumns = []partial.Column{
	{Key: "role", Title: i18n.AccountRole, Main: true}, {Key: "org", Title: i18n.AccountRoleAt}, {Key: "from", Title: i18n.AccountFrom}, {Key: "to", Title: i18n.AccountTo},
	{Key: "act", Tight: true},
}

func grantRows(ctx context.Context, d AccountData) []partial.Row {
	var out []partial.Row
	today := calendar.DateOf(d.Now)
	for _, g := range d.Grants {
		org := g.OrgName
		if g.OrgID == 0 {
			org = i18n.T(ctx, i18n.AccountGrantWhole)
		}
		act := partial.Text("")
		if d.Manage && !d.Own && (g.To.IsZero() || !g.To.Before(today)) {
			act = partial.Button(partial.Act{Text: i18n.AccountGrantEnd, Href: "/grants/" + g.ID.String() + "/end", Post: true, Small: true, Look: partial.Danger,
				Values:  []partial.Value{{Name: "account", Value: d.ID.String()}},
				Confirm: &partial.Confirm{ID: "end-" + g.ID.String(), Question: i18n.T(ctx, i18n.AccountGrantEndAsk, d.Name, g.RoleName)}})
		}
		out = append(out, partial.Row{ID: g.ID.String(), Name: i18n.T(ctx, g.RoleName), Cells: []templ.Component{
			partial.Label(g.RoleName), partial.Text(org), partial.Text(g.From.String()), partial.Text(g.To.String()), act}})
	}
	return out
}

var sessionColumns = []partial.Column{
	{Key: "since", Title: i18n.AccountSessionSince, Main: true}, {Key: "seen", Title: i18n.AccountSessionSeen}, {Key: "from", Title: i18n.AccountSessionFrom, Minor: true},
	{Key: "act", Tight: true},
}

func sessionRows(ctx context.Context, d AccountData) []partial.Row {
	var out []partial.Row
	for _, s := range d.Sessions {
		act := partial.Label(i18n.AccountSessionThis)
		if s.ID != d.This {
			act = partial.Button(partial.Act{Text: i18n.AccountSessionEnd, Href: "/sessions/" + s.ID.String() + "/end", Post: true, Small: true,
				Values: []partial.Value{{Name: "account", Value: d.ID.String()}}})
		}
		out = append(out, partial.Row{ID: s.ID.String(), Cells: []templ.Component{
			partial.Moment(s.CreatedAt), partial.Moment(s.LastSeen), partial.Two(s.IP, short(s.UserAgent)), act}})
	}
	return out
}

// short keeps what a browser says about itself to one line.
func short(s string) string {
	if r := []rune(s); len(r) > 60 {
		return string(r[:60]) + "…"
	}
	return s
}

var tokenColumns = []partial.Column{
	{Key: "name", Title: i18n.AccountTokenName, Main: true}, {Key: "until", Title: i18n.AccountTokenUntil}, {Key: "used", Title: i18n.AccountTokenUsed, Minor: true},
	{Key: "state", Title: i18n.AccountState}, {Key: "act", Tight: true},
}

func tokenRows(ctx context.Context, d AccountData) []partial.Row {
	var out []partial.Row
	for _, t := range d.Tokens {
		state, act := partial.State{Text: i18n.AccountTokenOn, Tone: partial.Active}, partial.Text("")
		switch {
		case !t.RevokedAt.IsZero():
			state = partial.State{Text: i18n.AccountTokenOff, Tone: partial.Ended}
		case !d.Now.Before(t.ExpiresAt):
			state = partial.State{Text: i18n.AccountTokenOver, Tone: partial.Ended}
		default:
			act = partial.Button(partial.Act{Text: i18n.AccountTokenRevoke, Href: "/tokens/" + t.ID.String() + "/revoke", Post: true, Small: true,
				Values: []partial.Value{{Name: "account", Value: d.ID.String()}}})
		}
		var words []string
		for _, p := range t.Permissions {
			words = append(words, i18n.T(ctx, i18n.ActWord(string(p))))
		}
		out = append(out, partial.Row{ID: t.ID.String(), Name: t.Name, Cells: []templ.Component{
			partial.Two(t.Name, strings.Join(words, i18n.T(ctx, i18n.CodeListComma))), partial.Date(t.ExpiresAt), partial.Moment(t.LastUsedAt), partial.Badge(state), act}})
	}
	return out
}

var roleColumns = []partial.Column{
	{Key: "name", Title: i18n.RoleName, Main: true}, {Key: "code", Title: i18n.RoleCode}, {Key: "rights", Title: i18n.RoleRights, Num: true},
	{Key: "gives", Title: i18n.RoleGives, Minor: true}, {Key: "kind", Title: i18n.AccountState, Tight: true},
}

func roleRows(ctx context.Context, items []authn.Role) []partial.Row {
	names := map[string]i18n.Text{"*": i18n.RoleGivesAll}
	for _, r := range items {
		names[r.Code] = r.Text()
	}
	var out []partial.Row
	for _, r := range items {
		var gives []string
		for _, g := range r.Gives {
			gives = append(gives, i18n.T(ctx, names[g]))
		}
		kind := partial.State{Text: i18n.RoleOwnKind, Tone: partial.Neutral}
		if r.BuiltIn {
			kind.Text = i18n.RoleStandard
		}
		out = append(out, partial.Row{ID: r.Code, Name: i18n.T(ctx, r.Text()), Href: "/roles/" + r.Code, Cells: []templ.Component{
			partial.Label(r.Text()), partial.Text(r.Code), partial.Num(int64(len(r.Permissions))), partial.Text(strings.Join(gives, i18n.T(ctx, i18n.CodeListComma))), partial.Badge(kind)}})
	}
	return out
}

// RoleForm is the form of a role of the tenant's own.
type RoleForm struct {
	field.Form
	Action  string
	Version int64
	Rights  []field.Option
	Roles   []field.Option
	Remove  *partial.Act
}

func version(n int64) string { return strconv.FormatInt(n, 10) }

// accountActs are the acts on an account.
func AccountActs(ctx context.Context, a authn.Account) []partial.Act {
	at := "/accounts/" + a.ID.String()
	ask := func(name string, q i18n.Text) *partial.Confirm {
		return &partial.Confirm{ID: "ask-" + name, Question: i18n.T(ctx, q, a.Name)}
	}
	list := []partial.Act{{Text: i18n.AccountReset, Href: at + "/reset", Post: true, Icon: icon.Key, Confirm: ask("reset", i18n.AccountResetAsk)}}
	if a.HasTOTP {
		list = append(list, partial.Act{Text: i18n.AccountResetTOTP, Href: at + "/totp", Post: true, Icon: icon.Phone, Confirm: ask("totp", i18n.AccountResetTOTPAsk)})
	}
	if a.Status == authn.Disabled {
		return append(list, partial.Act{Text: i18n.AccountEnable, Href: at + "/enable", Post: true, Icon: icon.Unlock})
	}
	return append(list, partial.Act{Text: i18n.AccountDisable, Href: at + "/disable", Post: true, Look: partial.Danger, Icon: icon.Lock, Confirm: ask("disable", i18n.AccountDisableAsk)})
}

func removeAct(f RoleForm) []partial.Act {
	if f.Remove == nil {
		return nil
	}
	return []partial.Act{*f.Remove}
}
