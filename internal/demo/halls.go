package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/hall"
	"linli/internal/i18n"
	"linli/internal/id"
)

// clerks is how many people sit at the counters of the first sub-district's hall.
const clerks = 3

// hallOpenings are the accounts of those who sit at counters; the first is offered on the log-in page.
func (b *builder) hallOpenings(first *community) []opening {
	b.clerks = make([]authz.Actor, clerks)
	var list []opening
	for i, name := range []string{"徐静", "高明", "罗芳"} {
		o := opening{login: "counter" + suffix(i), name: name, role: app.RoleWorker, org: first.street, actor: &b.clerks[i]}
		if i == 0 {
			o.note = streetNames[0] + "大厅窗口 " + name
		}
		list = append(list, o)
	}
	return list
}

// post is a counter of a hall in the demonstration.
type post struct {
	number  int64
	name    string
	windows []string
}

var (
	streetPosts = []post{{1, "社保、医保", []string{"02", "03"}}, {2, "民政、助残、退役军人", []string{"04", "05", "09"}}, {3, "综合窗口", []string{"01", "06", "07", "08", "10"}}}
	homePosts   = []post{{1, "一岗多责", []string{"01", "02", "03", "04", "09", "10"}}, {2, "代办、帮办", []string{"04", "06", "07", "10"}}, {3, "机动窗口", []string{"02", "03", "04"}}} // nobody sits at the last one
)

// atHall is a hall with who sits at its counters.
type atHall struct {
	*builder
	id       id.ID
	address  string
	staff    []authz.Actor // one a counter
	counters []hall.Counter
	home     id.ID // the community of the cases that are made there
	rnd      *rand.Rand
}

// halls sets up two halls and lets some days pass in them, so that it is known how long serving takes.
func (b *builder) halls(a *agenda) {
	first := b.communities[0]
	days := b.workingDays(3)
	a.add(at(days[0].AddDays(-1), 16, 0), func(ctx context.Context) error { return b.openHalls(ctx, first) })
	for _, d := range days {
		a.add(at(d, 8, 35), b.sitDown)
		for n := range 16 {
			a.add(at(d, 8, 45).Add(time.Duration(n)*11*time.Minute), func(ctx context.Context) error { return b.passBy(ctx, n) })
		}
		a.add(at(d.AddDays(1), 0, 20), func(ctx context.Context) error { return b.Hall.CloseDay(ctx, b.tenant) })
	}
	a.add(at(days[0], 15, 0), b.runForOthers)
}

// workingDays are the last n working days before today, the earliest first.
func (b *builder) workingDays(n int) []calendar.Date {
	cal := calendar.Default()
	var out []calendar.Date
	for d := b.today.AddDays(-1); len(out) < n; d = d.AddDays(-1) {
		if working, _ := cal.IsWorkingDay(d); working {
			out = append([]calendar.Date{d}, out...)
		}
	}
	return out
}

func week(work, rest string) []string { return []string{work, work, work, work, work, rest, rest} }

func (b *builder) openHalls(ctx context.Context, first *community) error {
	for i, x := range []struct {
		new   hall.NewHall
		posts []post
		by    authz.Actor
		staff []authz.Actor
	}{
		{hall.NewHall{OrgID: first.street, Name: streetNames[0] + "便民服务中心", Place: "文港路 18 号一楼", ByPhone: true, Week: week("08:30-12:00 14:00-17:30", "")}, streetPosts, b.street, b.clerks},
		// The centre of the community never closes, so that whoever looks at the demonstration in the evening can take a number too.
		{hall.NewHall{OrgID: first.id, Name: first.name + "党群服务中心", Place: first.name + "综合楼", ByPhone: true, Holidays: true, Week: week("00:00-24:00", "00:00-24:00")}, homePosts, first.secretary,
			[]authz.Actor{first.worker, first.secretary}},
	} {
		h, err := b.Hall.Create(ctx, x.by, x.new)
		if err != nil {
			return err
		}
		for _, p := range x.posts {
			if err := b.Hall.AddCounter(ctx, x.by, h, hall.NewCounter{Number: p.number, Name: p.name, Windows: p.windows}); err != nil {
				return err
			}
		}
		got, err := b.Hall.Get(ctx, x.by, h)
		if err != nil {
			return err
		}
		b.inHalls = append(b.inHalls, &atHall{builder: b, id: h, address: got.Address(), staff: x.staff, counters: got.Counters, home: first.id, rnd: b.random("halls", i)})
	}
	return nil
}

func (b *builder) sitDown(ctx context.Context) error {
	for _, h := range b.inHalls {
		for i, who := range h.staff {
			if err := b.Hall.Sit(ctx, who, h.counters[i].ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// passBy is somebody in each hall who takes a number, waits, and is served: mostly with a case, sometimes only with an answer; one does not come when called.
func (b *builder) passBy(ctx context.Context, n int) error {
	for i, h := range b.inHalls {
		if i == 1 && n%2 == 1 { // fewer come to the community
			continue
		}
		c := n % len(h.staff)
		if _, err := h.take(ctx, c, n); err != nil {
			return err
		}
		now := b.clock.Now()
		calledAt := now.Add(time.Duration(2+h.rnd.IntN(12)) * time.Minute)
		served := time.Duration(3+h.rnd.IntN(9)) * time.Minute
		b.later = append(b.later, event{calledAt, func(ctx context.Context) error { return h.call(ctx, c, n) }},
			event{calledAt.Add(served), func(ctx context.Context) error { return h.finish(ctx, c, n) }})
	}
	return nil
}

func (h *atHall) take(ctx context.Context, counter, n int) (hall.Ticket, error) {
	windows := h.counters[counter].Windows
	t := hall.NewTicket{Window: windows[h.rnd.IntN(len(windows))], Channel: []hall.Channel{hall.AtTerminal, hall.AtTerminal, hall.ByPhone}[n%3]}
	list, err := h.Hall.Matters(ctx, h.tenant, t.Window)
	if err != nil {
		return hall.Ticket{}, err
	}
	if len(list) > 0 && h.rnd.IntN(3) > 0 {
		t.ItemID = list[h.rnd.IntN(len(list))].ID
	}
	if n%5 == 2 {
		t.Priority = []hall.Priority{hall.Old, hall.Infant, hall.Disabled}[h.rnd.IntN(3)]
	}
	return h.Hall.Take(ctx, h.address, i18n.KioskBy.In(i18n.ZH), "", t)
}

// nobodyComes is the one of thirteen who does not come when called.
const nobodyComes = 7

// call calls whoever is next; somebody who does not come is called until it is enough.
func (h *atHall) call(ctx context.Context, counter, n int) error {
	who := h.staff[counter]
	_, ok, err := h.Hall.Next(ctx, who)
	if errs.KindOf(err) == errs.Conflict || err == nil && !ok { // somebody is there still
		return nil
	}
	if err != nil {
		return err
	}
	if n%13 != nobodyComes {
		return h.Hall.Start(ctx, who)
	}
	for range hall.MaxCalls - 1 {
		if err := h.Hall.Again(ctx, who); err != nil {
			return err
		}
	}
	return h.Hall.NotThere(ctx, who)
}

func (h *atHall) finish(ctx context.Context, counter, n int) error {
	who := h.staff[counter]
	p, err := h.Hall.At(ctx, who)
	if err != nil || p.Ticket.State != hall.Serving {
		return err
	}
	item := p.Ticket.ItemID
	if item == 0 && len(p.Matters) > 0 {
		item = p.Matters[h.rnd.IntN(len(p.Matters))].ID
	}
	if n%4 == 0 && item != 0 {
		name := ""
		for _, m := range p.Matters {
			if m.ID == item {
				name = m.Name.In(i18n.ZH)
			}
		}
		if _, err := h.Hall.EnterCase(ctx, who, p.Ticket.ID, casework.Report{Kind: "matter", ItemID: item, CommunityID: h.home, Body: "办理：" + name, Name: [...]string{"孙阿姨", "何先生", "吕奶奶", "施女士"}[n/4%4],
			Phone: fmt.Sprintf("%s%07d", phonePrefix, 9_800_000+n)}); err != nil {
			return err
		}
	}
	return h.Hall.Finish(ctx, who, item)
}

// runForOthers takes two cases over for people who cannot come.
func (b *builder) runForOthers(ctx context.Context) error {
	first := b.communities[0]
	items, err := b.Casework.Categories(ctx, b.tenant, "matter", true)
	if err != nil || len(items) < 8 {
		return err
	}
	for i, x := range []struct {
		body, name string
		channel    casework.Channel
		agreed     hall.Agreed
		papers     []string
	}{
		{"独居老人腿脚不便，养老待遇资格认证请社区代办。", "吕奶奶", casework.ByPhone, hall.Agreed{Reason: hall.Elderly, Consent: hall.OnPhone}, []string{"身份证复印件", "近期照片"}},
		{"住院期间医保手续请社区代办。", "何先生", casework.ByVisit, hall.Agreed{Reason: hall.Ill, Consent: hall.Family}, []string{"社会保障卡原件"}},
	} {
		got, err := b.Casework.Enter(ctx, first.worker, casework.Report{Kind: "matter", ItemID: items[5+i].ID, CommunityID: first.id, Body: x.body, Name: x.name, Channel: x.channel, Phone: fmt.Sprintf("%s%07d", phonePrefix, 9_850_000+i)})
		if err != nil {
			return err
		}
		x.agreed.On = calendar.DateOf(b.clock.Now())
		if err := b.Hall.TakeOver(ctx, first.worker, got.ID, x.agreed); err != nil {
			return err
		}
		for _, p := range x.papers {
			if err := b.Hall.TakePaper(ctx, first.worker, got.ID, p, 1); err != nil {
				return err
			}
		}
	}
	return nil
}

// inLine is who waits in the halls now: somebody at each counter, and others behind them. A hall that is closed stays empty.
func (b *builder) inLine(ctx context.Context) error {
	for i, h := range b.inHalls {
		v, err := b.Hall.Get(ctx, h.staff[0], h.id)
		if err != nil {
			return err
		}
		hours, err := b.Hall.HoursOf(ctx, v)
		if err != nil {
			return err
		}
		if !hours.Open {
			continue
		}
		for c, who := range h.staff {
			if err := b.Hall.Sit(ctx, who, h.counters[c].ID); err != nil {
				return err
			}
		}
		for n := range 9 - 3*i {
			if _, err := h.take(ctx, n%len(h.staff), n); err != nil {
				return err
			}
		}
		if err := h.call(ctx, 0, nobodyComes); err != nil {
			return err
		}
		for c, who := range h.staff {
			_, ok, err := b.Hall.Next(ctx, who)
			if err == nil && ok && c > 0 { // the first has only called
				err = b.Hall.Start(ctx, who)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}
