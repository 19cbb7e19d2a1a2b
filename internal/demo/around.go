package demo

import (
	"context"
	"math/rand/v2"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/person"
)

// around puts what happens around members and residents on the agenda: contacts, promises, reasons, floating members, late
// registrations, consents, looks at sealed data.
func (b *builder) around(a *agenda) {
	for _, c := range b.communities {
		r := b.random("around", c.index)
		b.contacts(a, r, c)
		b.promises(a, r, c)
		b.floating(a, r, c)
		b.consents(a, r, c)
		b.looks(a, r, c)
	}
	b.reports(a)
}

// someDay is a day of the year that has passed, in office hours.
func (b *builder) someDay(r *rand.Rand) calendar.Date {
	return b.start.AddDays(20 + r.IntN(b.start.DaysUntil(b.today)-25))
}

func (b *builder) contacts(a *agenda, r *rand.Rand, c *community) {
	notes := []string{"了解近况，身体良好。", "反映楼道灯不亮，已转物业。", "愿意参加周末服务。", "近期出差，下月再约。", "对社区食堂有建议。"}
	for range 45 {
		m, day, kind := pick(r, c.members), b.someDay(r), pick(r, member.ContactKinds())
		n := member.NewContact{Kind: kind, On: day, Note: pick(r, notes)}
		if r.IntN(6) == 0 {
			n.FollowUpOn = day.AddDays(14)
		}
		a.add(at(day, 9+r.IntN(8), r.IntN(60)), func(ctx context.Context) error { return b.Member.AddContact(ctx, c.worker, m.id, n) })
	}
	for _, m := range c.members {
		if m.zeal != 0 || r.IntN(3) != 0 {
			continue
		}
		reason := pick(r, member.Absences())
		a.add(at(b.someDay(r), 11, r.IntN(60)), func(ctx context.Context) error {
			return b.Member.AddReason(ctx, c.worker, m.id, reason, "谈话时本人说明。")
		})
	}
}

func (b *builder) promises(a *agenda, r *rand.Rand, c *community) {
	bodies := []string{"每月参加一次志愿服务", "结对帮助一位独居老人", "为小区孩子上一堂科普课", "义务维修家电十次", "每季度献一次爱心书籍"}
	for i := range 16 {
		m, day, due := pick(r, c.members), b.someDay(r), 30+r.IntN(90)
		body, kept := pick(r, bodies), r.IntN(5) != 0
		a.add(at(day, 10, i), func(ctx context.Context) error {
			p, err := b.Member.Promise(ctx, c.worker, m.id, body, day.AddDays(due))
			if err != nil || day.AddDays(due).After(b.today.AddDays(-10)) {
				return err
			}
			b.later = append(b.later, event{at(day.AddDays(due+3), 10, 0), func(ctx context.Context) error {
				result := "已按承诺完成。"
				if !kept {
					result = "因工作调动未能完成。"
				}
				return b.Member.ClosePromise(ctx, c.worker, p, kept, result)
			}})
			return nil
		})
	}
}

func (b *builder) floating(a *agenda, r *rand.Rand, c *community) {
	places := []string{"外省务工", "邻市务工", "随子女居住", "外地求学"}
	for i, m := range c.members {
		if m.kind != member.Floating || r.IntN(3) == 0 {
			continue
		}
		day := b.start.AddDays(20 + r.IntN(200))
		move := member.NewMove{Direction: member.Out, Place: pick(r, places), FromOn: day.AddDays(-r.IntN(15))}
		if r.IntN(4) == 0 {
			move = member.NewMove{Direction: member.In, Place: "外地转来", OtherBranch: "原单位党支部", FromOn: day.AddDays(-3)}
		}
		a.add(at(day, 14, i%60), func(ctx context.Context) error { return b.Member.Float(ctx, c.worker, m.id, move) })
		if call := day.AddDays(60 + r.IntN(200)); call.Before(b.today) {
			a.add(at(call, 15, i%60), func(ctx context.Context) error {
				return b.Member.AddContact(ctx, c.worker, m.id, member.NewContact{Kind: member.Call, On: call, Note: "电话联系，按时交纳党费。"})
			})
		}
	}
}

// residents reads some residents of a community.
func (b *builder) residents(ctx context.Context, c *community) ([]id.ID, error) {
	l, err := b.Person.List(ctx, c.worker, person.Filter{CommunityID: c.id, Page: db.Page{Limit: 150}})
	ids := make([]id.ID, len(l.Items))
	for i, p := range l.Items {
		ids[i] = p.ID
	}
	return ids, err
}

func (b *builder) consents(a *agenda, r *rand.Rand, c *community) {
	a.add(at(b.start.AddDays(30), 10, c.index%60), func(ctx context.Context) error {
		ids, err := b.residents(ctx, c)
		if err != nil {
			return err
		}
		purposes := []string{"activity", "message", "photo"}
		for _, p := range ids[:min(len(ids), 20)] {
			answer := person.Agreed
			if r.IntN(5) == 0 {
				answer = person.Declined
			}
			purpose := pick(r, purposes)
			if err := b.Person.Answer(ctx, c.worker, p, purpose, pick(r, []string{"paper", "counter"}), answer); err != nil {
				return err
			}
			if answer == person.Agreed && r.IntN(12) == 0 {
				if err := b.Person.Withdraw(ctx, c.worker, p, purpose); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// looks lets workers open sealed fields for a purpose, as their work asks now and then.
func (b *builder) looks(a *agenda, r *rand.Rand, c *community) {
	for i := range 12 {
		day, m := b.someDay(r), pick(r, c.members)
		a.add(at(day, 9+i%8, r.IntN(60)), func(ctx context.Context) error {
			p, err := b.Person.Get(ctx, c.worker, m.person)
			if err != nil {
				return err
			}
			if err := b.Person.Opened(ctx, c.worker, p); err != nil {
				return err
			}
			switch {
			case p.PhoneMask != "" && i%3 != 0:
				_, err = b.Person.Reveal(ctx, c.worker, m.person, "phone", "contact", pick(r, []string{"约定走访时间", "通知活动改期", "回访"}))
			default:
				_, err = b.Person.Reveal(ctx, c.secretary, m.person, "id_number", "verify", "核对证件")
			}
			return err
		})
	}
}

// reports lets units report those of their members who have no community yet. Most are accepted the next day, some are returned or
// withdrawn; the last ones still wait.
func (b *builder) reports(a *agenda) {
	r := b.random("reports", 0)
	for i, u := range b.units {
		first := i < 2 // their liaisons have accounts: one member is left to report
		for _, m := range u.members {
			if m.community != nil || r.IntN(6) == 0 {
				continue
			}
			if first {
				first = false
				continue
			}
			c := u.community
			if r.IntN(3) == 0 {
				c = pick(r, b.communities)
			}
			day, fate := b.someDay(r), r.IntN(12)
			if r.IntN(5) == 0 {
				day, fate = b.today.AddDays(-1-r.IntN(3)), -1
			}
			a.add(at(day, 14, r.IntN(60)), func(ctx context.Context) error { return b.report(ctx, u, c, m, day, fate) })
		}
	}
}

// report starts one registration; fate says what becomes of it.
func (b *builder) report(ctx context.Context, u *unit, c *community, m *comrade, day calendar.Date, fate int) error {
	started, err := b.Member.Start(ctx, u.liaison, member.Start{MemberID: m.id, CommunityID: c.id})
	if err != nil || fate < 0 {
		return err
	}
	b.later = append(b.later, event{at(day.AddDays(1), 9, 0), func(ctx context.Context) error {
		switch fate {
		case 0:
			return b.Member.Return(ctx, c.secretary, started[0], "居住地不在本社区，请核对后重新报到。")
		case 1:
			return b.Member.Withdraw(ctx, u.liaison, started[0])
		}
		return b.Member.Accept(ctx, c.secretary, started...)
	}})
	return nil
}
