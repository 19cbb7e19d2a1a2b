package demo

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/table"
)

// tables puts on the agenda the tables that some people keep: those of a secretary, of which one is shared with the community and made again
// each month, and one of the sub-district that all its communities see.
func (b *builder) tables(a *agenda) {
	c := b.communities[0]
	first := b.today.AddDays(-1).StartOfMonth()
	a.add(at(first.AddMonths(-1).AddDays(-5), 9, 40), func(ctx context.Context) error {
		elders, err := b.fromTemplate(ctx, c.secretary, "elders80")
		if err != nil {
			return err
		}
		if err := b.Table.Share(ctx, c.secretary, elders.ID, c.id); err != nil {
			return err
		}
		_, err = b.Table.Repeat(ctx, c.secretary, elders.ID, table.Schedule{Every: table.Monthly, OnDay: 1, KeepMonths: 12})
		return err
	})
	for _, day := range []calendar.Date{first.AddMonths(-1), first} {
		a.add(at(day, 5, 0), func(ctx context.Context) error { return b.editions(ctx, c.secretary) })
	}
	a.add(at(b.today.AddDays(-3), 9, 40), func(ctx context.Context) error {
		if _, err := b.fromTemplate(ctx, c.secretary, "households"); err != nil {
			return err
		}
		units, err := b.fromTemplate(ctx, b.street, "communities")
		if err != nil {
			return err
		}
		return b.Table.Share(ctx, b.street, units.ID, c.street)
	})
	a.add(at(b.today.AddDays(-2), 16, 5), func(ctx context.Context) error {
		_, err := b.Table.Create(ctx, b.communities[0].worker, table.Draft{Title: "独居老人走访表（示例）", Subject: fact.Person, Definition: table.Definition{
			Columns: []table.Column{{Kind: table.Serial}, {Kind: table.Fact, Ref: "person.name"}, {Kind: table.Fact, Ref: "person.born_on", Heading: "出生日期", Style: table.DayChars},
				{Kind: table.Fact, Ref: "person.age"}, {Kind: table.Fact, Ref: "household/household.address", Heading: "住址"}, {Kind: table.Fact, Ref: "household/household.size", Heading: "同住人数"},
				{Kind: table.Own, Heading: "走访记录"}},
			Where: []fact.Condition{{Ref: "person.age", Test: fact.Between, From: "70"}, {Ref: "household/household.size", Test: fact.Between, To: "1"}}, Sort: "person.name"}})
		return err
	})
}

// editions makes what is due, as the night's work would.
func (b *builder) editions(ctx context.Context, owner authz.Actor) error {
	if err := b.Table.Due(ctx, b.tenant); err != nil {
		return err
	}
	l, err := b.Table.Runs(ctx, owner, 0, db.Page{})
	if err != nil {
		return err
	}
	for _, r := range l.Items {
		if r.State == table.Waiting {
			if err := b.Table.RunJob(ctx, b.tenant, r.ID, nil); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *builder) fromTemplate(ctx context.Context, actor authz.Actor, code string) (table.Table, error) {
	t, err := b.Table.Template(ctx, actor, code)
	if err != nil {
		return table.Table{}, err
	}
	return b.Table.Create(ctx, actor, t.Draft)
}
