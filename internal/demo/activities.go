package demo

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"linli/internal/activity"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/deed"
	"linli/internal/id"
	"linli/internal/ledger"
)

// idea is a sort of activity that communities hold again and again.
type idea struct {
	kind, title string
	hour        int
	hours       int
	weight      int
	answer      string // code of the kind's own field that is filled in, "" for none
	helps       bool   // somebody is helped who can counter-sign
}

var ideas = []idea{
	{"cleaning", "清洁家园", 9, 2, 5, "bags", false},
	{"cleaning", "楼道清理", 15, 2, 3, "bags", false},
	{"volunteering", "为老助餐", 10, 2, 4, "", true},
	{"volunteering", "护学岗", 16, 1, 3, "", false},
	{"volunteering", "文明停车引导", 8, 2, 2, "", false},
	{"volunteering", "反诈宣传", 14, 2, 2, "", false},
	{"visit", "走访独居老人", 14, 3, 4, "households", true},
	{"visit", "走访困难家庭", 9, 3, 3, "households", true},
	{"patrol", "夜间巡逻", 19, 2, 3, "", false},
	{"clinic", "便民服务日", 9, 3, 3, "served", true},
	{"culture", "邻里运动会", 14, 3, 1, "", false},
	{"culture", "亲子阅读", 15, 2, 1, "", false},
	{"party_day", "主题党日", 19, 2, 2, "", false},
	{"meeting", "党员大会", 19, 2, 1, "", false},
}

// held is one activity of the year on its way.
type held struct {
	id        id.ID
	idea      idea
	community *community
	starts    time.Time
	ends      time.Time
	r         *rand.Rand
	guests    []id.ID // attendances of guests
	came      []*comrade
}

// themeOf is the programme of which activities of a kind are part, 0 for none.
func (b *builder) themeOf(kind string) id.ID {
	if i, ok := map[string]int{"clinic": 0, "culture": 0, "party_day": 4}[kind]; ok && i < len(b.themes) {
		return b.themes[i]
	}
	return 0
}

// year puts the activities of the past year on the agenda.
func (b *builder) year(a *agenda) {
	r := b.random("ideas", 0)
	for day := b.start.AddDays(10); day.Before(b.today); day = day.AddDays(1) {
		for _, c := range b.communities {
			for slot := range b.Scale.Weekly {
				if int(day.Weekday()) == [...]int{6, 3, 0, 5}[slot%4] {
					b.hold(a, b.invent(r, c, day))
				}
			}
		}
	}
}

// invent makes up an activity of a community on a day.
func (b *builder) invent(r *rand.Rand, c *community, day calendar.Date) *held {
	total := 0
	for _, i := range ideas {
		total += i.weight
	}
	n := r.IntN(total)
	h := &held{community: c, r: rand.New(rand.NewPCG(r.Uint64(), seed))}
	for _, i := range ideas {
		if n -= i.weight; n < 0 {
			h.idea = i
			break
		}
	}
	h.starts = at(day, h.idea.hour, 30*r.IntN(2))
	h.ends = h.starts.Add(time.Duration(h.idea.hours) * time.Hour)
	return h
}

// plan is what the organiser says about the activity.
func (h *held) plan(capacity int64) activity.Plan {
	bl := pick(h.r, h.community.blocks)
	p := activity.Plan{CommunityID: h.community.id, KindCode: h.idea.kind, Title: h.idea.title + "（" + bl.quarter + "）", Place: bl.quarter + "中心花园",
		Body: "请自愿参加，不要求拍照。", StartsAt: h.starts, EndsAt: h.ends, Capacity: capacity}
	for _, k := range activity.Standard() {
		if k.Code == h.idea.kind {
			p.GivesHours, p.DeedTitle = k.GivesHours, k.DeedTitle
		}
	}
	if h.idea.hour > 17 || h.idea.kind == "meeting" {
		p.Place = h.community.name + "党群服务站"
	}
	return p
}

// hold puts planning, holding and closing of an activity on the agenda.
func (b *builder) hold(a *agenda, h *held) {
	c := h.community
	a.add(h.starts.Add(-7*24*time.Hour), func(ctx context.Context) error {
		var err error
		p := h.plan(0)
		p.ProgrammeID = b.themeOf(h.idea.kind)
		if h.id, err = b.Activity.Create(ctx, c.worker, p); err != nil {
			return err
		}
		return b.Activity.Publish(ctx, c.worker, h.id)
	})
	if h.r.IntN(60) == 0 {
		a.add(h.starts.Add(-20*time.Hour), func(ctx context.Context) error {
			return b.Activity.Cancel(ctx, c.worker, h.id, "天气预报有大雨，改期另行通知。")
		})
		return
	}
	if h.r.IntN(8) == 0 {
		a.add(h.starts.Add(-3*24*time.Hour), func(ctx context.Context) error { return b.enrol(ctx, h, 6) })
	}
	if h.r.IntN(10) == 0 {
		b.invite(a, h)
	}
	a.add(h.ends.Add(35*time.Minute), func(ctx context.Context) error { return b.attend(ctx, h) })
	a.add(h.ends.Add(16*time.Hour), func(ctx context.Context) error { return b.Activity.Close(ctx, c.worker, h.id) })
}

// enrol enrols some members.
func (b *builder) enrol(ctx context.Context, h *held, n int) error {
	for _, m := range choose(h.r, h.community.members, n) {
		if _, err := b.Activity.EnrolFor(ctx, h.community.worker, h.id, m.id); err != nil {
			return err
		}
	}
	return nil
}

// invite lets a guest come, who is joined to a member two days later or stays a guest.
func (b *builder) invite(a *agenda, h *held) {
	c := h.community
	a.add(h.starts.Add(2*time.Minute), func(ctx context.Context) error {
		g, err := b.Activity.SignInGuestFor(ctx, c.worker, h.id, activity.Guest{Name: personName(h.r, anySurname(h.r)), Phone: phonePrefix + pad(8_000_000+h.r.IntN(900_000), 7)}, b.answers(h))
		h.guests = append(h.guests, g.ID)
		return err
	})
	a.add(h.ends.Add(-time.Minute), func(ctx context.Context) error {
		_, err := b.Activity.SignOutAll(ctx, c.worker, h.id)
		return err
	})
	if h.starts.After(at(b.today.AddDays(-20), 0, 0)) {
		return // is still a guest today
	}
	a.add(h.ends.Add(40*time.Hour), func(ctx context.Context) error {
		for _, m := range choose(h.r, c.members, 10) {
			if !slices.Contains(h.came, m) {
				return b.Activity.Join(ctx, c.worker, h.guests[0], m.id)
			}
		}
		return nil
	})
}

func (b *builder) answers(h *held) activity.Answers {
	if h.idea.answer == "" {
		return nil
	}
	return activity.Answers{h.idea.answer: pad(1+h.r.IntN(9), 1)}
}

// attend enters who was there: most signed in and out by themselves, some were counter-signed, some are vouched for.
func (b *builder) attend(ctx context.Context, h *held) error {
	came := choose(h.r, h.community.members, b.Scale.Turnout/2+h.r.IntN(b.Scale.Turnout))
	if o := b.elsewhere(h); o != nil && h.r.IntN(4) == 0 && !slices.Contains(came, o) {
		came = append(came, o) // on two lists at one time: somebody has to look
	}
	h.came = came
	b.recent = append(b.recent[max(0, len(b.recent)-5):], h)
	sheets := map[ledger.Proof][]activity.Entry{}
	for _, m := range came {
		proof, reason := ledger.Timed, ""
		switch n := h.r.IntN(20); {
		case h.idea.helps && n < 7:
			proof = ledger.Countersigned
		case n > 16:
			proof, reason = ledger.Vouched, pick(h.r, []string{"忘记签到，按签到簿补录。", "手机没电，组织者在场确认。", "提前到场布置，组织者确认。"})
		}
		sheets[proof] = append(sheets[proof], activity.Entry{MemberID: m.id, Reason: reason, Answers: b.answers(h),
			InAt: h.starts.Add(time.Duration(h.r.IntN(24)-10) * time.Minute), OutAt: h.ends.Add(time.Duration(h.r.IntN(30)-20) * time.Minute)})
	}
	for _, proof := range ledger.Proofs {
		if len(sheets[proof]) == 0 {
			continue
		}
		who := b.system
		if proof == ledger.Vouched {
			who = h.community.worker
		}
		if err := b.Activity.Presences(ctx, who, h.id, proof, sheets[proof]); err != nil {
			return err
		}
	}
	return nil
}

// elsewhere is somebody who was at another activity at the same time, nil if there is nobody.
func (b *builder) elsewhere(h *held) *comrade {
	for _, o := range b.recent {
		if len(o.came) > 0 && o.starts.Before(h.ends) && h.starts.Before(o.ends) {
			return o.came[0]
		}
	}
	return nil
}

// choose picks up to n of the members, the eager ones more often.
func choose(r *rand.Rand, from []*comrade, n int) []*comrade {
	if len(from) == 0 {
		return nil
	}
	taken := map[id.ID]bool{}
	var out []*comrade
	for tries := 0; len(out) < min(n, len(from)) && tries < 20*n; tries++ {
		m := pick(r, from)
		if r.IntN(10) <= m.zeal && !taken[m.id] {
			taken[m.id] = true
			out = append(out, m)
		}
	}
	return out
}

var deedTitles = []string{"帮独居老人买菜", "帮邻居修水龙头", "为行动不便的居民送药", "辅导孩子功课", "义务理发", "帮老人用手机挂号", "清理楼道杂物", "调解邻里小矛盾", "为新邻居介绍社区", "接送老人就医"}

// deeds puts the lists of deeds that communities keep, and the weekly confirming, on the agenda.
func (b *builder) deeds(a *agenda) {
	r := b.random("deeds", 0)
	for _, c := range b.communities {
		for day := b.start.AddDays(30); day.Before(b.today.AddDays(-3)); day = day.AddMonths(1) {
			list := b.random("deeds", c.index*1000+int(day.Month()))
			a.add(at(day, 11, c.index%60), func(ctx context.Context) error { return b.recordDeeds(ctx, list, c, day) })
		}
		for day := b.start.AddDays(14 + r.IntN(5)); day.Before(b.today.AddDays(-6)); day = day.AddDays(21) {
			a.add(at(day, 10, c.index%60), func(ctx context.Context) error { return b.confirmDeeds(ctx, c) })
		}
	}
}

func (b *builder) recordDeeds(ctx context.Context, r *rand.Rand, c *community, day calendar.Date) error {
	var list []deed.Recorded
	for _, m := range c.members {
		if r.IntN(18) < m.zeal {
			list = append(list, deed.Recorded{MemberID: m.id, Said: deed.Said{Title: pick(r, deedTitles), OnDate: day.AddDays(-r.IntN(20))}})
		}
	}
	if len(list) == 0 {
		return nil
	}
	return b.Deed.Record(ctx, c.worker, list)
}

// confirmDeeds confirms what activities have proposed, and declines one now and then.
func (b *builder) confirmDeeds(ctx context.Context, c *community) error {
	var ids []id.ID
	page := db.Page{Limit: 500}
	for {
		l, err := b.Deed.List(ctx, c.secretary, deed.Filter{CommunityID: c.id, State: deed.Proposed, Page: page})
		if err != nil {
			return err
		}
		for _, d := range l.Items {
			ids = append(ids, d.ID)
		}
		if l.Next == "" {
			break
		}
		page.After = db.ParseCursor(l.Next)
	}
	if len(ids) > 20 {
		if err := b.Deed.Decline(ctx, c.secretary, ids[0], "与另一条记录重复。"); err != nil {
			return err
		}
		ids = ids[1:]
	}
	return b.Deed.Confirm(ctx, c.secretary, ids...)
}
