package demo

import (
	"context"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/dues"
	"linli/internal/id"
	"linli/internal/organisation"
)

// collecting is who keeps the dues of two branches: one of the first community's, and that of the unit where the member of the log-in page works.
type collecting struct {
	*builder
	c        *community
	keeper   authz.Actor
	branches []id.ID // the community's, the unit's
	members  []id.ID // of the community's branch, with a base
}

// dues puts the dues of two branches on the agenda: bases in spring, a payment each month, a hardship reduction, and a visit on a political birthday.
func (b *builder) dues(a *agenda) {
	d := &collecting{builder: b, c: b.communities[0]}
	if d.c.own == nil {
		return
	}
	a.add(at(b.today.AddDays(-170), 9, 5), d.begin)
	for n := 4; n >= 1; n-- {
		day := b.today.AddMonths(-n).StartOfMonth().AddDays(7)
		a.add(at(day, 16, 5), func(ctx context.Context) error { return d.collect(ctx, day) })
	}
	a.add(at(b.today.AddDays(-30), 10, 5), func(ctx context.Context) error { return d.relieve(ctx, 0, dues.None, "本人住院，家中困难") })
	a.add(at(b.today.AddDays(-29), 10, 5), d.approve)
	a.add(at(b.today.AddDays(-3), 10, 5), func(ctx context.Context) error { return d.relieve(ctx, 1, dues.Less, "子女重病，收入减少") })
	a.add(at(b.today.AddDays(-2), 10, 5), d.greet)
}

// begin opens the account and enters the bases. The member of the log-in page has yet to enter theirs.
func (d *collecting) begin(ctx context.Context) error {
	own, err := d.Member.Get(ctx, d.system, d.c.own.id)
	if err != nil {
		return err
	}
	err = d.Organisation.Export(ctx, d.system, organisation.Filter{Kinds: []organisation.Kind{organisation.Branch}}, func(o organisation.Item) error {
		if o.ParentID == d.c.id && len(d.branches) == 0 {
			d.branches = append(d.branches, o.ID)
		}
		return nil
	})
	if err != nil || len(d.branches) == 0 || own.HomeID == 0 {
		return err
	}
	d.branches = append(d.branches, own.HomeID)
	name := personName(d.random("dues", 1), anySurname(d.random("dues", 2)))
	list := []opening{{login: "treasurer", name: name, role: app.RoleTreasurer, org: d.branches[0], note: d.c.name + "第一党支部、" + own.Home + "党费管理员", actor: &d.keeper}}
	if err := d.open(ctx, list); err != nil {
		return err
	}
	if _, err := d.Authn.Grant(ctx, d.system, authn.NewGrant{AccountID: d.keeper.AccountID, Role: app.RoleTreasurer, OrgID: d.branches[1]}); err != nil {
		return err
	}
	if d.keeper, err = d.Authn.ActorFor(ctx, d.tenant, d.keeper.AccountID); err != nil {
		return err
	}
	for i, branch := range d.branches {
		if err := d.bases(ctx, i, branch); err != nil {
			return err
		}
	}
	return nil
}

// mostBases keeps the demonstration quick.
const mostBases = 12

func (d *collecting) bases(ctx context.Context, i int, branch id.ID) error {
	r := d.random("bases", i)
	from := dues.MonthOf(d.today.AddDays(-170)) + 1
	sheet, err := d.Dues.Sheet(ctx, d.keeper, dues.SheetFilter{BranchID: branch, Page: db.Page{Limit: mostBases + 2}})
	if err != nil {
		return err
	}
	for n, row := range sheet.Rows.Items {
		if row.ID == d.c.own.id || n == 4 || n >= mostBases { // some have yet to say
			continue
		}
		base := dues.NewBase{From: max(from, dues.MonthOf(row.JoinedOn)), Payer: dues.Paid, Base: int64(250_000 + r.IntN(800_000)/5000*5000)}
		switch {
		case n == 3 && i == 0:
			base.Base = 0
		case i == 0 && r.IntN(2) == 0:
			base.Payer, base.Base = dues.Retired, int64(300_000+r.IntN(400_000)/5000*5000)
		case r.IntN(6) == 0:
			base.Payer, base.Base = dues.Least, 0
		}
		if err := d.Dues.SetBase(ctx, d.keeper, row.ID, base); err != nil {
			return err
		}
		if i == 0 && base.Base > 0 {
			d.members = append(d.members, row.ID)
		}
	}
	return nil
}

// collect takes the dues of a month from most of those who owe them.
func (d *collecting) collect(ctx context.Context, day calendar.Date) error {
	for _, branch := range d.branches {
		m := dues.MonthOf(day)
		sheet, err := d.Dues.Sheet(ctx, d.keeper, dues.SheetFilter{BranchID: branch, From: m, Page: db.Page{Limit: 200}})
		if err != nil {
			return err
		}
		var all []dues.Taking
		for n, row := range sheet.Rows.Items {
			if row.Owed > 0 && n != 2 && (n%5 != 1 || int(m)%2 == 0) {
				all = append(all, dues.Taking{MemberID: row.ID, From: m, To: m, PaidOn: day, Means: dues.Ways()[n%3]})
			}
		}
		if len(all) == 0 {
			continue
		}
		if _, err := d.Dues.TakeMany(ctx, d.keeper, all); err != nil {
			return err
		}
	}
	return nil
}

func (d *collecting) relieve(ctx context.Context, n int, kind dues.ReliefKind, reason string) error {
	if len(d.members) <= n {
		return nil
	}
	now := dues.MonthOf(d.today)
	_, err := d.Dues.Relieve(ctx, d.keeper, d.members[n], dues.NewRelief{Kind: kind, Share: 50, From: now, To: now + 5, DecidedOn: d.today.AddDays(-40), Reason: reason})
	return err
}

// approve answers what the branch proposed, one level up.
func (d *collecting) approve(ctx context.Context) error {
	list, err := d.Dues.Reliefs(ctx, d.c.secretary, db.Page{})
	for _, l := range list.Items {
		if err := d.Dues.Answer(ctx, d.c.secretary, l.ID, true, "", l.Version); err != nil {
			return err
		}
	}
	return err
}

// greet arranges a visit to the first whose political birthday falls in the month.
func (d *collecting) greet(ctx context.Context) error {
	list, err := d.Dues.Birthdays(ctx, d.c.secretary, dues.BirthdayFilter{Open: true, Page: db.Page{Limit: 20}})
	if err != nil {
		return err
	}
	for _, x := range list.Items {
		if x.CommunityID == d.c.id {
			_, err := d.Dues.Greet(ctx, d.c.secretary, dues.Greeting{Members: []id.ID{x.MemberID}})
			return err
		}
	}
	return nil
}
