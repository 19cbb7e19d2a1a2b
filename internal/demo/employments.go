package demo

import (
	"context"
	"fmt"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/employment"
	"linli/internal/id"
	"linli/internal/person"
)

// demoJob is work that a unit of the demonstration offers.
type demoJob struct {
	kind         employment.Kind
	title, needs string
	hours        employment.Hours
	from, to     int64
	places       int64
}

var demoJobs = []demoJob{
	{"factory", "挡车工", "会挡车，可以只上白班；有师傅带。", "full", 3500, 4500, 6},
	{"cleaning", "保洁员", "早六点到十点，扫楼道和大厅。", "part", 1800, 2200, 4},
	{"security", "夜班门卫", "看门、登记，会用对讲机。", "shift", 2800, 3200, 3},
	{"care", "养老护理员", "照顾老人吃饭、翻身；有护理证的优先。", "shift", 3800, 5000, 5},
	{"repair", "水电工", "要有电工证，会修水管。", "full", 4500, 6000, 2},
	{"retail", "超市理货员", "搬货、上架，排班可以商量。", "part", 2200, 2600, 4},
}

// demoSeeker is somebody who seeks work in the demonstration.
type demoSeeker struct {
	difficulty employment.Difficulty
	kinds      []employment.Kind
	skills     string
	wage       int64
	hours      employment.Hours
	area       employment.Area
	words      string
}

var demoSeekers = []demoSeeker{
	{"laid_off", []employment.Kind{"factory", "repair"}, "挡车、电工证", 3000, "full", "any", "厂子搬走以后在家半年。"},
	{"unemployed", []employment.Kind{"cleaning", "retail"}, "", 1800, "part", "street", "下午要接孩子，想做半天。"},
	{"veteran", []employment.Kind{"security", "driving"}, "驾照 C1、会用对讲机", 2500, "any", "any", "退伍两年。"},
	{"hardship", []employment.Kind{"care", "cleaning"}, "护理证", 2000, "any", "street", "父母要人照顾，离家近一点。"},
	{"graduate", []employment.Kind{"office", "retail"}, "会做表格", 2000, "any", "any", "刚毕业，先找一份工作。"},
	{"disabled", nil, "会修手机", 1500, "part", "community", "腿脚不便，坐着做的活都行。"},
}

// employments lets communities register who seeks work, units offer it, and brings them together.
func (b *builder) employments(a *agenda) {
	a.add(at(b.today.AddDays(-200), 10, 20), b.offerJobs)
	of := make([]*employing, len(b.communities))
	for i, c := range b.communities {
		x := &employing{builder: b, c: c, who: c.worker}
		if x.who.AccountID == 0 {
			x.who = b.system
		}
		of[i] = x
		a.add(at(registeredOn(b.today), 9, i%60), x.register)
		a.add(at(b.today.AddDays(-4), 15, i%60), x.follow)
		a.add(at(b.today.AddDays(-3), 10, i%60), x.propose)
	}
	for _, p := range planSeekers(b.Scale, b.today) {
		x := of[p.community]
		k := &seeking{seekerPlan: p}
		x.seekers = append(x.seekers, k)
		if p.certified {
			b.thisYear(a, p.issuedOn, 9, p.n, func(ctx context.Context) error { return x.issue(ctx, k) })
		}
		if p.found {
			b.thisYear(a, p.foundOn, 14, p.n, func(ctx context.Context) error { return x.place(ctx, k) })
		}
	}
	a.add(at(b.today.AddDays(-2), 16, 5), b.oneMoreJob)
}

// thisYear puts something on the agenda of a day of this year; where that is today, it happens in the first minutes of the day.
func (b *builder) thisYear(a *agenda, day calendar.Date, hour, n int, run func(context.Context) error) {
	if day.Equal(b.today) {
		b.early = append(b.early, run)
		return
	}
	a.add(at(day, hour, n%60), run)
}

func (b *builder) jobOf(d demoJob, unit id.ID, n int) employment.NewJob {
	return employment.NewJob{UnitID: unit, Kind: d.kind, Title: d.title, Places: d.places, WageFrom: d.from, WageTo: d.to, Hours: d.hours, Place: fmt.Sprintf("东风路 %d 号", 8+n), Needs: d.needs, UntilOn: b.today.AddDays(90), Contact: "人事科", Phone: fmt.Sprintf("%s%07d", phonePrefix, 9_700_000+n)}
}

// offerJobs lets units offer six jobs, each at a community; the station lets them through.
func (b *builder) offerJobs(ctx context.Context) error {
	for n, d := range demoJobs {
		if n >= len(b.units) {
			return nil
		}
		if _, err := b.Employment.Offer(ctx, b.system, b.jobOf(d, b.units[n].id, n)); err != nil {
			return fmt.Errorf("a job: %w", err)
		}
	}
	return nil
}

// oneMoreJob waits for the station, with words to look at.
func (b *builder) oneMoreJob(ctx context.Context) error {
	if len(b.units) == 0 || b.units[0].liaison.AccountID == 0 {
		return nil
	}
	n := b.jobOf(demoJob{"catering", "配菜工", "切配、洗菜；工作服押金 200 元，离职退还。", "full", 3000, 3600, 2}, b.units[0].id, 20)
	_, err := b.Employment.Offer(ctx, b.units[0].liaison, n)
	return err
}

// employing is a community's station on its way.
type employing struct {
	*builder
	c       *community
	who     authz.Actor
	seekers []*seeking
}

// seeking is somebody who seeks work.
type seeking struct {
	seekerPlan
	id id.ID
}

// register registers residents who are no members and stand in no other story.
func (x *employing) register(ctx context.Context) error {
	skip := map[id.ID]bool{x.guest: true}
	for _, m := range x.c.members {
		skip[m.person] = true
	}
	page, done := db.Page{Limit: 500}, 0
	for done < len(x.seekers) {
		l, err := x.Person.List(ctx, x.who, person.Filter{CommunityID: x.c.id, Page: page})
		if err != nil {
			return err
		}
		for _, p := range l.Items {
			age := p.BornOn.YearsUntil(x.today)
			if done == len(x.seekers) || skip[p.ID] || p.ID == x.who.PersonID || age < 20 || age > 58 {
				continue
			}
			k := x.seekers[done]
			d := demoSeekers[k.n%len(demoSeekers)]
			if k.id, err = x.Employment.Register(ctx, x.who, employment.Entry{PersonID: p.ID, Difficulty: d.difficulty, Kinds: d.kinds, Skills: d.skills, WageFrom: d.wage, Hours: d.hours, Area: d.area, Words: d.words,
				Phone: fmt.Sprintf("%s%07d", phonePrefix, 9_600_000+k.n), Consent: "in_person", ConsentOn: calendar.DateOf(x.clock.Now())}); err != nil {
				return fmt.Errorf("a seeker: %w", err)
			}
			done++
		}
		if l.Next == "" && done < len(x.seekers) {
			return fmt.Errorf("%s has %d residents to seek work, want %d", x.c.name, done, len(x.seekers))
		}
		page.After = db.ParseCursor(l.Next)
	}
	return nil
}

// issue issues a certificate, and enters a use of some: one is used up, one was lost.
func (x *employing) issue(ctx context.Context, k *seeking) error {
	today := calendar.DateOf(x.clock.Now())
	n := employment.NewCertificate{Version: 1, FromOn: today, ToOn: today.AddYears(3).AddDays(-1), UsesMax: int64(k.n % 3), Entitles: []employment.Entitlement{"tax", "training"}}
	made, err := x.Employment.Issue(ctx, x.who, k.id, n)
	if err != nil {
		return fmt.Errorf("a preferential certificate: %w", err)
	}
	c, err := x.Employment.Certificate(ctx, x.who, made)
	if err != nil {
		return err
	}
	switch {
	case k.n%3 == 1 && len(x.units) > 0: // up with one use
		_, err = x.Employment.Use(ctx, x.who, c.Code, employment.NewUse{UnitID: x.units[k.n%len(x.units)].id, Entitlement: "training", On: today, Note: "参加电工班"}, c.Version)
	case k.n%9 == 3:
		err = x.Employment.TakeBack(ctx, x.who, c.ID, "lost", c.Version)
	}
	return err
}

// place notes where somebody found work.
func (x *employing) place(ctx context.Context, k *seeking) error {
	j := demoJobs[k.n%len(demoJobs)]
	err := x.Employment.Employ(ctx, x.who, k.id, employment.Found{Hire: employment.Hire{FromOn: k.fromOn, Contract: employment.Contracts()[k.n%len(employment.Contracts())], Wage: "b2"}, Employer: "临江工业园", Post: j.title, Kind: j.kind})
	if err != nil {
		return fmt.Errorf("work found: %w", err)
	}
	return nil
}

// follow asks most of them whether they are still there; the rest waits to be asked.
func (x *employing) follow(ctx context.Context) error {
	l, err := x.Employment.Results(ctx, x.who, employment.ResultFilter{Due: true, OrgID: x.c.id, Page: db.Page{Limit: 500}})
	if err != nil {
		return err
	}
	for i, r := range l.Items {
		switch {
		case i%4 == 3 || len(l.Items) == 1 && x.c.index%2 == 0: // nobody has called yet
			continue
		case i%5 == 4:
			err = x.Employment.FollowUp(ctx, x.who, r.ID, employment.Left, "family", "", r.Version)
		default:
			err = x.Employment.FollowUp(ctx, x.who, r.ID, employment.Still, "", "", r.Version)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// propose proposes what fits to who seeks still: one says yes, one says no, the rest have not answered.
func (x *employing) propose(ctx context.Context) error {
	for _, k := range x.seekers {
		if k.found {
			continue
		}
		f, err := x.Employment.Get(ctx, x.who, k.id)
		if err != nil {
			return err
		}
		if len(f.Suggestions) == 0 {
			continue
		}
		m, err := x.Employment.Propose(ctx, x.who, k.id, f.Suggestions[0].ID)
		if err != nil {
			return err
		}
		switch k.n / 2 % 3 {
		case 0:
			err = x.Employment.Answer(ctx, x.who, m, true, "", "", 1)
		case 1:
			err = x.Employment.Answer(ctx, x.who, m, false, "far", "来回要两小时。", 1)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
