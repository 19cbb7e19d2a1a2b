package demo

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/organisation"
	"linli/internal/transfer"
)

// transfers puts a handful of transfers of the first communities on the agenda, one in each state: asked for, in transit, expired, returned, out of the
// district, from outside, and one received within the community, because its branches were regrouped.
func (b *builder) transfers(a *agenda) {
	var here []*community
	for _, c := range b.communities {
		if c.secretary.AccountID != 0 {
			here = append(here, c)
		}
	}
	if len(here) < 2 {
		return
	}
	from, to := here[0], here[1]
	var movers []*comrade
	for _, m := range from.members {
		if m.kind == member.OfCommunity && m != from.own {
			movers = append(movers, m)
		}
	}
	if len(movers) < 12 {
		return
	}
	movers = movers[len(movers)-6:] // the least in sight
	day := func(before int) calendar.Date { return b.today.AddDays(-before) }
	inside := transfer.Route{Direction: transfer.Inside, ToID: to.id, Cause: transfer.Moved, Note: "随子女居住"}
	a.add(at(day(1), 16, 20), func(ctx context.Context) error {
		_, err := b.transfer(ctx, from, movers[0], inside, 0)
		return err
	})
	a.add(at(day(5), 16, 20), func(ctx context.Context) error {
		_, err := b.transfer(ctx, from, movers[1], inside, 60)
		return err
	})
	a.add(at(day(100), 16, 20), func(ctx context.Context) error {
		_, err := b.transfer(ctx, from, movers[2], inside, 90)
		return err
	})
	a.add(at(day(20), 16, 20), func(ctx context.Context) error {
		x, err := b.transfer(ctx, from, movers[3], inside, 90)
		if err != nil {
			return err
		}
		return b.Transfer.Return(ctx, to.secretary, x, 1, "本人仍住原社区，未迁入")
	})
	a.add(at(day(12), 16, 20), func(ctx context.Context) error {
		_, err := b.transfer(ctx, from, movers[4], transfer.Route{Direction: transfer.Out, Outside: "邻市示例街道党工委", Address: "邻市示例路 8 号", Cause: transfer.Job}, 90)
		return err
	})
	a.add(at(day(30), 16, 20), func(ctx context.Context) error {
		branches, err := b.Organisation.List(ctx, b.system, organisation.Filter{ParentID: from.id, Kinds: []organisation.Kind{organisation.Branch}, Page: db.Page{Limit: 2}})
		if err != nil || len(branches.Items) < 2 {
			return err
		}
		m, err := b.Member.Get(ctx, b.system, movers[5].id)
		if err != nil {
			return err
		}
		into := branches.Items[0].ID
		if m.HomeID == into {
			into = branches.Items[1].ID
		}
		x, err := b.transfer(ctx, from, movers[5], transfer.Route{Direction: transfer.Inside, ToID: into, Cause: transfer.Regrouped}, 30)
		if err != nil {
			return err
		}
		secretary, err := b.Authn.ActorFor(ctx, b.tenant, from.secretary.AccountID)
		if err != nil {
			return err
		}
		return b.Transfer.Receive(ctx, secretary, x, 1, calendar.Date{}, "")
	})
	a.add(at(day(2), 10, 20), func(ctx context.Context) error {
		_, err := b.Transfer.NoteIn(ctx, from.worker, transfer.NewIn{ToID: from.id, Someone: transfer.Someone{Name: "祁外来", IDNumber: invented(88, day(13000), true, 401)},
			Outside: "外省示例县示例镇党委", LetterNo: "示组转〔示例〕21 号", IssuedOn: day(9), ValidTo: day(9).AddDays(60), JoinedOn: day(4000), Cause: transfer.Job})
		return err
	})
}

// transfer starts the transfer of a member; with days its letter is issued at once and valid for so long.
func (b *builder) transfer(ctx context.Context, from *community, m *comrade, r transfer.Route, days int) (id.ID, error) {
	batch := transfer.Batch{Members: []id.ID{m.id}, Route: r}
	if days > 0 {
		batch.Issue, batch.ValidTo = true, b.Transfer.Today().AddDays(days)
	}
	secretary, err := b.Authn.ActorFor(ctx, b.tenant, from.secretary.AccountID) // the branches were set up after the account
	if err != nil {
		return 0, err
	}
	out, err := b.Transfer.Start(ctx, secretary, batch)
	if err != nil {
		return 0, err
	}
	return out.IDs[0], nil
}
