package demo

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"linli/internal/activity"
	"linli/internal/app"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/deed"
	"linli/internal/feedback"
	"linli/internal/member"
)

// persons opens accounts for members: one in each community, so that something happens by their own hand. The first works in the first
// unit, so that the accounts offered on the log-in page belong together.
func (b *builder) persons(ctx context.Context) error {
	var list []opening
	for i, c := range b.communities {
		m := b.comrade(c)
		if m == nil {
			continue
		}
		c.own = m
		o := opening{login: "member" + suffix(i), name: m.name, role: app.RoleMember, org: c.id, person: m.person, actor: &c.member}
		if i == 0 {
			o.note = m.unit.name + "在职党员，在" + c.name + "报到"
		}
		list = append(list, o)
	}
	return b.open(ctx, list)
}

// comrade chooses the in-service member of a community who has an account.
func (b *builder) comrade(c *community) *comrade {
	var found *comrade
	for _, m := range c.members {
		if m.kind == member.InService && m.unit != nil && m.zeal > 3 && (found == nil || m.unit == b.units[c.index%len(b.units)]) {
			found = m
			if m.unit == b.units[c.index%len(b.units)] {
				return m
			}
		}
	}
	return found
}

// oneself puts what members do by their own hand on the agenda: plaque, promise, deeds.
func (b *builder) oneself(a *agenda) {
	for _, c := range b.communities {
		if c.own == nil {
			continue
		}
		r := b.random("oneself", c.index)
		a.add(at(b.start.AddDays(50), 20, c.index%60), func(ctx context.Context) error {
			return b.Member.SetPlaque(ctx, c.member, c.own.id, "有事找我", true, 0)
		})
		a.add(at(b.today.AddDays(-30), 20, c.index%60), func(ctx context.Context) error {
			_, err := b.Member.Promise(ctx, c.member, c.own.id, "年底前参加三次环境整治", b.today.AddDays(30))
			return err
		})
		for k := range 4 {
			day := b.today.AddDays(-1 - 6*k)
			a.add(at(day, 21, c.index%60), func(ctx context.Context) error {
				_, err := b.Deed.Propose(ctx, c.member, deed.Said{Title: pick(r, deedTitles), OnDate: day})
				return err
			})
		}
	}
}

// waiting puts on the agenda what is still to be done today, for every role something.
func (b *builder) waiting(a *agenda) {
	for _, c := range b.communities {
		r := b.random("waiting", c.index)
		b.coming(a, r, c)
		b.unfinished(a, r, c)
		for i := range 5 {
			m := pick(r, c.members)
			a.add(at(b.today.AddDays(-1), 17, i), func(ctx context.Context) error {
				_, err := b.Deed.ProposeFor(ctx, c.worker, m.id, deed.Said{Title: pick(r, deedTitles), OnDate: b.today.AddDays(-2)})
				return err
			})
		}
		if c.own != nil {
			a.add(at(b.today.AddDays(-1), 19, c.index%60), func(ctx context.Context) error { return b.wish(ctx, c) })
		}
	}
}

// coming plans the next weeks: published with enrolments, one with a waiting list, one draft.
func (b *builder) coming(a *agenda, r *rand.Rand, c *community) {
	for i, in := range []int{2, 4, 6, 9, 13} {
		day := b.today.AddDays(in)
		h := b.invent(r, c, day)
		a.add(at(b.today.AddDays(-1), 11, i), func(ctx context.Context) error {
			capacity := int64(0)
			if i == 1 {
				capacity = 8
			}
			var err error
			if h.id, err = b.Activity.Create(ctx, c.worker, h.plan(capacity)); err != nil || i == 4 {
				return err
			}
			if err := b.Activity.Publish(ctx, c.worker, h.id); err != nil {
				return err
			}
			if i == 0 && c.own != nil {
				if _, err := b.Activity.Enrol(ctx, c.member, h.id); err != nil {
					return err
				}
				return nil
			}
			if i == 1 && c.own != nil {
				return b.queue(ctx, h)
			}
			return b.enrol(ctx, h, 5+5*(i%2)+r.IntN(3))
		})
	}
}

// queue fills an activity and its waiting list, the member with an account first in the queue; then somebody gives up their place, and
// they move up.
func (b *builder) queue(ctx context.Context, h *held) error {
	c := h.community
	var others []*comrade
	for _, m := range choose(h.r, c.members, 12) {
		if m != c.own && len(others) < 10 {
			others = append(others, m)
		}
	}
	for i, m := range others {
		if i == 8 { // the places are taken
			if _, err := b.Activity.Enrol(ctx, c.member, h.id); err != nil {
				return err
			}
		}
		if _, err := b.Activity.EnrolFor(ctx, c.worker, h.id, m.id); err != nil {
			return err
		}
	}
	if len(others) < 9 {
		return nil
	}
	return b.Activity.WithdrawFor(ctx, c.worker, h.id, others[0].id)
}

// unfinished holds an activity yesterday that nobody has closed: somebody forgot to sign out, a guest is not joined to a member yet, and
// a code is out with the person helped.
func (b *builder) unfinished(a *agenda, r *rand.Rand, c *community) {
	h := b.invent(r, c, b.today.AddDays(-1))
	h.idea = ideas[6]
	h.starts, h.ends = at(b.today.AddDays(-1), 14, 0), at(b.today.AddDays(-1), 16, 0)
	came := choose(r, c.members, 6)
	a.add(h.starts.Add(-5*24*time.Hour), func(ctx context.Context) error {
		var err error
		if h.id, err = b.Activity.Create(ctx, c.worker, h.plan(0)); err != nil {
			return err
		}
		return b.Activity.Publish(ctx, c.worker, h.id)
	})
	a.add(h.starts, func(ctx context.Context) error {
		for _, m := range came {
			if _, err := b.Activity.SignInFor(ctx, c.worker, h.id, m.id, b.answers(h)); err != nil {
				return err
			}
		}
		guest := activity.Guest{Name: personName(r, anySurname(r)), Phone: phonePrefix + pad(8_900_000+c.index, 7)}
		_, err := b.Activity.SignInGuestFor(ctx, c.worker, h.id, guest, b.answers(h))
		return err
	})
	a.add(h.ends, func(ctx context.Context) error { return b.leave(ctx, h) })
	a.add(h.ends.Add(2*time.Hour), func(ctx context.Context) error { return b.vouch(ctx, h, choose(r, c.members, 8), came) })
}

// leave signs all out but the first.
func (b *builder) leave(ctx context.Context, h *held) error {
	l, err := b.Activity.Attendances(ctx, h.community.worker, activity.Attended{ActivityID: h.id, Page: db.Page{Limit: 50}})
	if err != nil {
		return err
	}
	for i, t := range l.Items {
		if i == 0 {
			continue
		}
		if _, err := b.Activity.SignOutFor(ctx, h.community.worker, t.ID); err != nil {
			return err
		}
	}
	return nil
}

// vouch enters one who did not sign in, and hands a code to the person helped.
func (b *builder) vouch(ctx context.Context, h *held, candidates, came []*comrade) error {
	for _, m := range candidates {
		if slices.Contains(came, m) {
			continue
		}
		t, err := b.Activity.Enter(ctx, h.community.worker, h.id, activity.Entry{MemberID: m.id, InAt: h.starts, OutAt: h.ends, Reason: "陪同走访，忘记签到。", Answers: b.answers(h)})
		if err != nil {
			return err
		}
		_, err = b.Activity.IssueCode(ctx, h.community.worker, t.ID, personName(h.r, anySurname(h.r)))
		return err
	}
	return nil
}

// wish lets a member ask for a correction of the last slip, if there is one.
func (b *builder) wish(ctx context.Context, c *community) error {
	lines, err := b.Feedback.Own(ctx, c.member)
	if err != nil || len(lines) == 0 {
		return err
	}
	return b.Feedback.AskCorrection(ctx, c.member, lines[0].SlipID, "九月的一次走访没有记上，请核对签到簿。")
}

// evaluate lets the communities open last year's evaluation and write the first opinions.
func (b *builder) evaluate(a *agenda) {
	year := b.today.Year() - 1
	for _, c := range b.communities {
		day := calendar.On(year+1, time.January, 15)
		if !day.Before(b.today) {
			continue
		}
		a.add(at(day, 10, c.index%60), func(ctx context.Context) error {
			if _, err := b.Feedback.OpenYear(ctx, c.secretary, c.id, year); err != nil {
				return err
			}
			l, err := b.Feedback.Evaluations(ctx, c.secretary, feedback.EvaluationFilter{Year: year, CommunityID: c.id, Page: db.Page{Limit: 12}})
			if err != nil {
				return err
			}
			for _, e := range l.Items {
				if err := b.Feedback.Evaluate(ctx, c.secretary, e.MemberID, year, "主动报到，积极参加社区服务。", e.Version); err != nil {
					return err
				}
			}
			return nil
		})
	}
}

// running is an activity that goes on at this moment in the first communities, with some who are there.
func (b *builder) running(ctx context.Context) error {
	for _, c := range b.communities[:min(2, len(b.communities))] {
		r := b.random("running", c.index)
		h := b.invent(r, c, b.today)
		h.idea, h.starts, h.ends = ideas[0], b.Now.Add(-30*time.Minute).Truncate(time.Minute), b.Now.Add(2*time.Hour).Truncate(time.Minute)
		var err error
		if h.id, err = b.Activity.Create(ctx, c.worker, h.plan(0)); err != nil {
			return err
		}
		if err := b.Activity.Publish(ctx, c.worker, h.id); err != nil {
			return err
		}
		for _, m := range choose(r, c.members, 5) {
			if m == c.own {
				continue
			}
			if _, err := b.Activity.SignInFor(ctx, c.worker, h.id, m.id, b.answers(h)); err != nil {
				return err
			}
		}
	}
	return nil
}
