package demo

import (
	"context"
	"slices"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/id"
)

// Password opens every account of the demonstration.
const Password = "linli-demo-2026"

// Account is a way in that the log-in page of the demonstration offers.
type Account struct {
	Role     string `json:"role"`
	User     string `json:"user"`
	Password string `json:"password"`
	Token    string `json:"token"`
	Note     string `json:"-"`
}

// opening is an account to make and what becomes of its actor.
type opening struct {
	login, name, role string
	org               id.ID
	person            id.ID
	note              string       // offered on the log-in page unless ""
	actor             *authz.Actor // set when the account is there
	account           id.ID
}

// staff opens the accounts of those who work in the district: one for each role to log in with, and one for every secretary, worker
// and liaison in whose name something happens.
func (b *builder) staff(ctx context.Context) error {
	r := b.random("staff", 0)
	name := func() string { return personName(r, anySurname(r)) }
	first, second := b.communities[0], b.communities[min(1, len(b.communities)-1)]
	list := []opening{
		{login: "admin", name: name(), role: app.RolePlatform, org: b.root, note: "平台管理员"},
		{login: "district", name: name(), role: app.RoleDistrict, org: b.root, note: districtName + "区委组织部"},
		{login: "street", name: name(), role: app.RoleSubdistrict, org: first.street, note: streetNames[0] + "党工委", actor: &b.street},
		{login: "auditor", name: name(), role: app.RoleAuditor, org: b.root, note: "审计员"},
		{login: "open311", name: "城市随手拍", role: app.RoleConnected, org: b.root, note: "接入系统（Open311）", actor: &b.connected},
	}
	for i, c := range b.communities {
		secretary := opening{login: "secretary" + suffix(i), name: name(), role: app.RoleSecretary, org: c.id, actor: &c.secretary}
		worker := opening{login: "worker" + suffix(i), name: name(), role: app.RoleWorker, org: c.id, actor: &c.worker}
		if c == first || c == second {
			secretary.note = c.name + "书记"
		}
		if c == first {
			worker.note = c.name + "工作人员"
		}
		list = append(list, secretary, worker)
	}
	for i, u := range b.units {
		liaison := opening{login: "liaison" + suffix(i), name: name(), role: app.RoleLiaison, org: u.id, actor: &u.liaison}
		if i < 2 {
			liaison.note = u.name + "联络员"
		}
		list = append(list, liaison)
	}
	helper, err := b.helper(ctx, first, name())
	if err != nil {
		return err
	}
	list = append(list, helper)
	return b.open(ctx, slices.Concat(list, b.technicianOpenings(first), b.hallOpenings(first), b.counsellorOpenings(first)))
}

// suffix numbers log-in names from the second on.
func suffix(i int) string {
	if i == 0 {
		return ""
	}
	return pad(i+1, 1)
}

// open makes accounts, all with the demonstration's password.
func (b *builder) open(ctx context.Context, list []opening) error {
	in := make([]authn.NewAccount, len(list))
	for i, o := range list {
		in[i] = authn.NewAccount{Login: o.login, Name: o.name, PersonID: o.person, Keep: true, Grants: []authn.NewGrant{{Role: o.role, OrgID: o.org}}}
	}
	made, err := b.Authn.CreateMany(ctx, b.system, Password, in)
	if err != nil {
		return err
	}
	for i, o := range list {
		o.account = made[i].ID
		if o.note != "" {
			b.offered = append(b.offered, o)
		}
		if o.actor == nil {
			continue
		}
		if *o.actor, err = b.Authn.ActorFor(ctx, b.tenant, o.account); err != nil {
			return err
		}
	}
	return nil
}

// tokens makes a token for each account that the log-in page offers. It comes last, with the clock at today, because tokens end.
func (b *builder) tokens(ctx context.Context) error {
	for _, o := range b.offered {
		actor, err := b.Authn.ActorFor(ctx, b.tenant, o.account)
		if err != nil {
			return err
		}
		token, _, err := b.Authn.CreateToken(ctx, actor, authn.NewToken{Name: "demo"})
		if err != nil {
			return err
		}
		b.accounts = append(b.accounts, Account{Role: o.role, User: o.login, Password: Password, Token: token, Note: o.note})
	}
	return nil
}
