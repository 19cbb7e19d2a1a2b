package web

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/a-h/templ"

	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/pinyin"
	"linli/internal/web/view/field"
	"linli/internal/web/view/icon"
	"linli/internal/web/view/layout"
	"linli/internal/web/view/partial"
	view "linli/internal/web/view/platform"
)

func (h *Handler) accountsPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	l, err := h.Authn.List(r.Context(), actor(r), accountFilter(r))
	if err != nil {
		return err
	}
	roles, err := h.Authn.Roles(r.Context(), actor(r))
	if err != nil {
		return err
	}
	var acts []partial.Act
	if actor(r).Can(authn.PermAdmin) {
		acts = append(acts, partial.Act{Text: i18n.AccountNew, Href: "/accounts/new", Look: partial.Primary, Icon: icon.Plus})
	}
	return h.show(w, r, view.Accounts(h.page(w, r, i18n.AccountsTitle), view.ListData{Query: q, Next: l.Next, Prev: l.Prev, Acts: acts}, l.Items, roles, h.DB.Now()))
}

// giveForm is the form of a role with the roles that the actor may give.
func (h *Handler) giveForm(r *http.Request, f field.Form) (view.GiveForm, error) {
	roles, err := h.Authn.Givable(r.Context(), actor(r))
	if f.Values == nil {
		f.Values = url.Values{}
	}
	if f.Filled == nil {
		f.Filled = map[string]bool{}
	}
	g := view.GiveForm{Form: f, Whole: actor(r).Scope(authn.PermAdmin).All()}
	h.fillGrant(r, &g)
	for _, x := range roles {
		g.Roles = append(g.Roles, field.Option{Value: x.Code, Text: x.Text()})
	}
	if len(g.Roles) == 1 && f.Values.Get("role") == "" { // there is nothing to choose
		g.Values.Set("role", g.Roles[0].Value)
		g.Filled["role"] = true
	}
	return g, err
}

// fillGrant puts in what is most likely meant: the giver's own organisation, from today on.
func (h *Handler) fillGrant(r *http.Request, g *view.GiveForm) {
	if r.Method == http.MethodPost { // what was sent stands
		return
	}
	g.Values.Set("from", calendar.DateOf(h.DB.Now()).String())
	g.Filled["from"] = true
	for _, a := range actor(r).Grants {
		if a.Permissions[authn.PermAdmin] && !a.All {
			g.Values.Set("org", a.Root.String())
			g.Values.Set("org_text", a.RootName)
			g.Filled["org"] = true
			return
		}
	}
}

func accountCrumbs(r *http.Request, p layout.Page) layout.Page {
	p.Breadcrumb = []layout.Crumb{{Text: i18n.AccountsTitle.In(lang(r)), Href: "/accounts"}}
	return p
}

func (h *Handler) accountNewPage(w http.ResponseWriter, r *http.Request) error {
	g, err := h.giveForm(r, field.Form{Values: r.URL.Query()})
	if err != nil {
		return err
	}
	if err := h.fillHolder(r, &g); err != nil {
		return err
	}
	return h.show(w, r, view.AccountNew(accountCrumbs(r, h.page(w, r, i18n.AccountNew)), g))
}

// fillHolder fills in whose account it will be, where the way came from the record: a member, or the contact of a unit.
func (h *Handler) fillHolder(r *http.Request, g *view.GiveForm) error {
	name, org, may := "", id.ID(0), authz.Permission("")
	switch m, unit := queryID(r, "member"), queryID(r, "unit"); {
	case m != 0:
		x, err := h.Member.Get(r.Context(), actor(r), m)
		if err != nil {
			return err
		}
		g.Member = m.String()
		name, may = x.Name, member.PermSeeOwn
		if org = x.CommunityID; org == 0 {
			org = x.UnitID
		}
	case unit != 0:
		x, err := h.Organisation.Get(r.Context(), actor(r), unit)
		if err != nil {
			return err
		}
		name, org, may = x.ContactName, unit, feedback.PermAnswer
	default:
		return nil
	}
	login, err := h.Authn.FreeLogin(r.Context(), actor(r), pinyin.Letters(name))
	if err != nil {
		return err
	}
	roles, err := h.Authn.Givable(r.Context(), actor(r))
	if err != nil {
		return err
	}
	values := map[string]string{"name": name, "login": login, "org": org.String(), "org_text": h.label(r, org.String())}
	for _, x := range slices.Backward(roles) {
		if slices.Contains(x.Permissions, may) {
			values["role"] = x.Code
		}
	}
	for n, v := range values {
		if v != "" {
			g.Values.Set(n, v)
			g.Filled[n] = true
		}
	}
	return nil
}

// holder is the person whose account a form opens, 0 if it names no member.
func (h *Handler) holder(r *http.Request, f *form) (id.ID, error) {
	m := f.ID("member")
	if m == 0 {
		return 0, nil
	}
	x, err := h.Member.Get(r.Context(), actor(r), m)
	return x.PersonID, err
}

// readGrant reads the role that a form gives.
func readGrant(f *form) authn.NewGrant {
	return authn.NewGrant{Role: f.Need("role", 40), OrgID: f.ID("org"), From: f.Date("from"), To: f.Date("to")}
}

func (h *Handler) accountCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := authn.NewAccount{Login: f.Need("login", 40), Name: f.Need("name", 40), Grants: []authn.NewGrant{readGrant(f)}}
	if in.PersonID, err = h.holder(r, f); err != nil {
		return err
	}
	var a authn.Account
	var password string
	if err = f.Err(); err == nil {
		a, password, err = h.Authn.Create(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.again(w, r, asField(err, "role"), func(e *errs.Error) templ.Component {
			g, gerr := h.giveForm(r, f.Show(e))
			if gerr != nil {
				return view.AccountNew(h.page(w, r, i18n.AccountNew), view.GiveForm{Form: f.Show(e)})
			}
			g.Member = f.values.Get("member")
			return view.AccountNew(accountCrumbs(r, h.page(w, r, i18n.AccountNew)), g)
		})
	}
	return h.secret(w, r, i18n.AccountCreated, a.Login, i18n.AccountPasswordIs, i18n.AccountPasswordOnce, password, "/accounts/"+a.ID.String())
}

// asField shows a refusal that concerns one field beside it, instead of on a page of its own.
func asField(err error, name string) error {
	if e := errs.As(err); e != nil && e.Kind == errs.Forbidden && len(e.Message.Args) == 0 && e != errs.ErrForbidden {
		return errs.Field(name, e.Message.Text)
	}
	return err
}

// secret shows a password or token this once: the answer to the post itself, so that it stands in no cookie and no address.
func (h *Handler) secret(w http.ResponseWriter, r *http.Request, title i18n.Text, arg string, label, note i18n.Text, secret, back string) error {
	return h.show(w, r, view.Secret(h.page(w, r, title, arg), label, note, secret, back))
}

// accountData gathers what a page of an account shows.
func (h *Handler) accountData(r *http.Request, account id.ID) (view.AccountData, error) {
	ctx, who := r.Context(), actor(r)
	a, err := h.Authn.Get(ctx, who, account)
	if err != nil {
		return view.AccountData{}, err
	}
	d := view.AccountData{Account: a, Now: h.DB.Now(), Own: account == who.AccountID, This: visitOf(r).caller.SessionID, Manage: who.Can(authn.PermAdmin)}
	if d.Grants, err = h.Authn.Grants(ctx, who, account); err != nil {
		return d, err
	}
	if d.Sessions, err = h.Authn.Sessions(ctx, who, account); err != nil {
		return d, err
	}
	d.Tokens, err = h.Authn.Tokens(ctx, who, account)
	return d, err
}

func (h *Handler) accountPage(w http.ResponseWriter, r *http.Request) error {
	return h.showAccount(w, r, field.Form{}, nil)
}

// showAccount shows an account; f is the form that gives a role, cause what was wrong with it.
func (h *Handler) showAccount(w http.ResponseWriter, r *http.Request, f field.Form, cause error) error {
	account, err := pathID(r)
	if err != nil {
		return err
	}
	d, err := h.accountData(r, account)
	if err != nil {
		return err
	}
	if d.Manage && !d.Own {
		d.Acts = view.AccountActs(r.Context(), d.Account)
	}
	if actor(r).Can(permAudit) {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.AuditByThis, Href: "/audit?account=" + account.String(), Icon: icon.History})
	}
	if d.Give, err = h.giveForm(r, f); err != nil {
		return err
	}
	p := accountCrumbs(r, h.page(w, r, i18n.Verbatim(d.Name)))
	if cause != nil {
		return h.again(w, r, cause, func(*errs.Error) templ.Component { return view.Account(p, d) })
	}
	return h.show(w, r, view.Account(p, d))
}

func (h *Handler) accountGrant(w http.ResponseWriter, r *http.Request) error {
	account, err := pathID(r)
	if err != nil {
		return err
	}
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := readGrant(f)
	in.AccountID = account
	if err = f.Err(); err == nil {
		_, err = h.Authn.Grant(r.Context(), actor(r), in)
	}
	if err = asField(err, "role"); err != nil {
		return h.showAccount(w, r, f.Show(errs.As(err)), err)
	}
	return h.done(w, r, "/accounts/"+account.String(), i18n.AccountGrantGiven)
}

// accountAct is an act on the account in the address.
func (h *Handler) accountAct(act func(*http.Request, id.ID) error, said i18n.Text) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		account, err := pathID(r)
		if err != nil {
			return err
		}
		if err := act(r, account); err != nil {
			return err
		}
		return h.done(w, r, "/accounts/"+account.String(), said)
	}
}

func (h *Handler) accountSet(to authn.Status) func(*http.Request, id.ID) error {
	return func(r *http.Request, account id.ID) error {
		return h.Authn.SetStatus(r.Context(), actor(r), account, to)
	}
}

func (h *Handler) accountNoTOTP(r *http.Request, account id.ID) error {
	return h.Authn.ResetTOTP(r.Context(), actor(r), account)
}

func (h *Handler) accountReset(w http.ResponseWriter, r *http.Request) error {
	account, err := pathID(r)
	if err != nil {
		return err
	}
	a, err := h.Authn.Get(r.Context(), actor(r), account)
	if err != nil {
		return err
	}
	password, err := h.Authn.ResetPassword(r.Context(), actor(r), account)
	if err != nil {
		return err
	}
	return h.secret(w, r, i18n.AccountPasswordWas, a.Name, i18n.AccountPasswordIs, i18n.AccountPasswordOnce, password, "/accounts/"+account.String())
}

// belowAccount is an act on something that belongs to an account: a role it holds, a session, a token. The form says which page to go back to.
func (h *Handler) belowAccount(act func(*http.Request, id.ID) error, said i18n.Text) func(http.ResponseWriter, *http.Request) error {
	return func(w http.ResponseWriter, r *http.Request) error {
		thing, err := pathID(r)
		if err != nil {
			return err
		}
		f, err := readForm(r)
		if err != nil {
			return err
		}
		back := f.ID("account")
		if err := act(r, thing); err != nil {
			return err
		}
		if back == 0 || back == actor(r).AccountID {
			return h.done(w, r, "/account", said)
		}
		return h.done(w, r, "/accounts/"+back.String(), said)
	}
}

func (h *Handler) grantEnd(r *http.Request, grant id.ID) error {
	return h.Authn.EndGrant(r.Context(), actor(r), grant, calendar.Date{})
}

func (h *Handler) sessionEnd(r *http.Request, session id.ID) error {
	return h.Authn.EndSession(r.Context(), actor(r), session)
}

func (h *Handler) tokenRevoke(r *http.Request, token id.ID) error {
	return h.Authn.RevokeToken(r.Context(), actor(r), token)
}

// permissionOptions are permissions to choose from, in words.
func permissionOptions(list []authz.Permission) []field.Option {
	slices.Sort(list)
	var out []field.Option
	for _, p := range slices.Compact(list) {
		out = append(out, field.Option{Value: string(p), Text: i18n.ActWord(string(p)), Note: string(p)})
	}
	return out
}

func (h *Handler) ownPage(w http.ResponseWriter, r *http.Request) error {
	return h.showOwn(w, r, field.Form{}, nil)
}

func (h *Handler) showOwn(w http.ResponseWriter, r *http.Request, f field.Form, cause error) error {
	d, err := h.accountData(r, actor(r).AccountID)
	if err != nil {
		return err
	}
	d.Acts = []partial.Act{{Text: i18n.AccountChange, Href: "/account/password", Icon: icon.Key}}
	if !d.HasTOTP {
		d.Acts = append(d.Acts, partial.Act{Text: i18n.AccountSetTOTP, Href: "/account/totp", Icon: icon.Phone})
	}
	var mine []authz.Permission
	for _, g := range actor(r).Grants {
		for p := range g.Permissions {
			mine = append(mine, p)
		}
	}
	d.Perms, d.Token, d.TokenMax = permissionOptions(mine), f, authn.TokenDays.Default
	if d.TokenMax, err = authn.TokenDays.On(r.Context(), h.DB, actor(r).Tenant, calendar.DateOf(d.Now)); err != nil {
		return err
	}
	p := h.page(w, r, i18n.AccountMine)
	if cause != nil {
		return h.again(w, r, cause, func(*errs.Error) templ.Component { return view.Own(p, d) })
	}
	return h.show(w, r, view.Own(p, d))
}

func (h *Handler) tokenCreate(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	in := authn.NewToken{Name: f.Need("name", 60), Days: int(f.Int("days"))}
	for _, p := range f.Strings("permissions") {
		in.Permissions = append(in.Permissions, authz.Permission(p))
	}
	var text string
	if err = f.Err(); err == nil {
		text, _, err = h.Authn.CreateToken(r.Context(), actor(r), in)
	}
	if err != nil {
		return h.showOwn(w, r, f.Show(errs.As(err)), err)
	}
	return h.secret(w, r, i18n.Verbatim("{0}"), in.Name, i18n.AccountTokenIs, i18n.AccountTokenOnce, text, "/account")
}

func (h *Handler) ownCrumbs(w http.ResponseWriter, r *http.Request, title i18n.Text) layout.Page {
	p := h.page(w, r, title)
	p.Breadcrumb = []layout.Crumb{{Text: i18n.AccountMine.In(lang(r)), Href: "/account"}}
	return p
}

func (h *Handler) ownPasswordPage(w http.ResponseWriter, r *http.Request) error {
	return h.show(w, r, view.Password(h.ownCrumbs(w, r, i18n.AccountChange), field.Form{}))
}

func (h *Handler) ownPassword(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	old, password := f.Need("old", 200), f.Need("password", 200)
	if password != f.values.Get("again") {
		f.err = f.err.With("again", i18n.LoginNotSame)
	}
	var cookie string
	if err = f.Err(); err == nil {
		cookie, _, err = h.Authn.ChangePassword(r.Context(), sessionOf(r), old, password)
	}
	if err != nil {
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return view.Password(h.ownCrumbs(w, r, i18n.AccountChange), field.Form{Err: e})
		})
	}
	h.setCookie(w, SessionCookie, cookie, 0)
	return h.done(w, r, "/account", i18n.AccountChanged)
}

func (h *Handler) ownTOTPPage(w http.ResponseWriter, r *http.Request) error {
	e, err := h.Authn.EnrolTOTP(r.Context(), sessionOf(r))
	if err != nil {
		return err
	}
	return h.show(w, r, view.TOTP(h.ownCrumbs(w, r, i18n.AccountSetTOTP), field.Form{}, pngURL(e.PNG), e.Secret))
}

func (h *Handler) ownTOTP(w http.ResponseWriter, r *http.Request) error {
	f, err := readForm(r)
	if err != nil {
		return err
	}
	cookie, _, err := h.Authn.ConfirmTOTP(r.Context(), sessionOf(r), f.Text("code", 10))
	if err != nil {
		fresh, ferr := h.Authn.EnrolTOTP(r.Context(), sessionOf(r))
		if ferr != nil {
			return ferr
		}
		return h.again(w, r, err, func(e *errs.Error) templ.Component {
			return view.TOTP(h.ownCrumbs(w, r, i18n.AccountSetTOTP), field.Form{Err: e}, pngURL(fresh.PNG), fresh.Secret)
		})
	}
	h.setCookie(w, SessionCookie, cookie, 0)
	return h.done(w, r, "/account", i18n.AccountTOTPDone)
}
