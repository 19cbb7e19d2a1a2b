package demo

import (
	"context"

	"linli/internal/authz"
	"linli/internal/body"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/organisation"
)

const conferenceRules = `第一条　联席会议由社区党委牵头，驻区单位参加，共同商量社区的事。
第二条　每季度召开一次。成员单位可以随时提议题，由召集人列入议程。
第三条　议定的事项写明承办单位和完成日期，下次会议先听办理情况。
第四条　各成员单位确定一名代表；代表变动的，及时告知社区。`

// concern is a topic that a unit raises, what is decided on it and what follows.
type concern struct{ title, detail, decided, task, done string }

var concerns = []concern{
	{"校门口接送拥堵", "早晚接送时段，门口道路经常堵住，居民出行不便。", "错时放学，划出临时接送区，志愿者轮值疏导。", "划出临时接送区并立牌", "已划 16 个接送车位，立牌 4 块。"},
	{"闲置停车位夜间开放", "单位院内车位夜间空着，周边小区停车难。", "下班后到次日七点向登记的居民开放。", "拟定开放办法并公布车位数", "已公布 40 个车位，办法张贴在小区公告栏。"},
	{"老旧小区加装扶手", "几个楼道没有扶手，老人上下不便。", "单位捐助材料，社区组织安装。", "统计需要加装的楼道", "已统计 9 个单元。"},
	{"暑期青少年看护", "放假期间孩子没人看，家长上班不放心。", "利用单位会议室开设看护点，党员志愿者轮值。", "提供场地并公布时间", "场地已腾出，每天八点半到五点。"},
}

// meetings puts joint conferences on the agenda: each is set up with the units of its community, met last quarter, and the year is planned.
func (b *builder) meetings(a *agenda) {
	quarter := calendar.QuarterOf(b.today)
	a.add(at(b.start.AddDays(6), 9, 10), func(ctx context.Context) error { return b.countFrom(ctx, quarter.Start(), quarter.Prev().Start()) })
	for i, c := range b.communities {
		who := c.secretary
		if who.AccountID == 0 {
			who = b.system
		}
		x := &conference{builder: b, c: c, who: who, concern: concerns[i%len(concerns)]}
		for _, u := range b.units {
			if u.community == c && len(x.units) < 5 {
				x.units = append(x.units, u)
			}
		}
		held := quarter.Prev().End().AddDays(-18 - i%5)
		a.add(at(b.start.AddDays(7), 9, i), x.found)
		a.add(at(held.AddDays(-7), 10, i), func(ctx context.Context) error { return x.prepare(ctx, held) })
		a.add(at(held, 17, i), x.decide)
		a.add(at(held.AddDays(12), 11, i), x.follow)
		a.add(at(later(quarter.Start(), b.today.AddDays(-60)), 9, i), x.plan)
		a.add(at(b.today.AddDays(-4), 9, i), x.next)
	}
}

// later is the later of two days.
func later(x, y calendar.Date) calendar.Date {
	if x.Before(y) {
		return y
	}
	return x
}

// countFrom lets the platform count what is owed from this quarter on, and joint conferences from the one before.
func (b *builder) countFrom(ctx context.Context, now, conferences calendar.Date) error {
	kinds, err := b.Meeting.Kinds(ctx, b.system, true)
	if err != nil {
		return err
	}
	for _, k := range kinds {
		if k.Since = now; k.Code == meeting.JointConference {
			k.Since = conferences
		}
		if err := b.Meeting.SaveKind(ctx, b.system, k); err != nil {
			return err
		}
	}
	return nil
}

// conference is the joint conference of a community on its way through the year.
type conference struct {
	*builder
	c       *community
	who     authz.Actor
	concern concern
	units   []*unit
	body    id.ID
	meeting id.ID
	topic   id.ID
}

func (x *conference) holder() meeting.Holder { return meeting.Holder{BodyID: x.body} }

func (x *conference) found(ctx context.Context) (err error) {
	x.body, err = x.Body.Create(ctx, x.who, body.NewBody{Kind: body.Conference, Name: x.c.name + "党建联席会议", LeaderID: x.c.id, FoundedOn: x.start, TermTo: x.start.AddYears(3), Document: "邻和发〔示例〕6号"})
	if err != nil {
		return err
	}
	r := x.random("conference", x.c.index)
	if err := x.Body.AddSeat(ctx, x.who, x.body, body.NewSeat{OrganisationID: x.c.id, Name: personName(r, anySurname(r)), Title: "社区党委书记", Role: body.Chair}); err != nil {
		return err
	}
	for i, u := range x.units {
		role := body.Ordinary
		if i == 0 {
			role = body.Deputy
		}
		if err := x.Body.AddSeat(ctx, x.who, x.body, body.NewSeat{OrganisationID: u.id, Name: personName(r, anySurname(r)), Title: "负责人", Role: role}); err != nil {
			return err
		}
	}
	if err := x.Body.WriteRules(ctx, x.who, x.body, 0, "党建联席会议议事规则", conferenceRules); err != nil {
		return err
	}
	for i, u := range x.units {
		if u.liaison.AccountID != 0 && i > 0 {
			if err := x.Body.ReadRules(ctx, u.liaison, x.body, u.id); err != nil {
				return err
			}
		}
	}
	return nil
}

// by is who speaks for a unit.
func (x *conference) by(u *unit) authz.Actor {
	if u.liaison.AccountID != 0 {
		return u.liaison
	}
	return x.system
}

func (x *conference) prepare(ctx context.Context, on calendar.Date) (err error) {
	if len(x.units) == 0 {
		return nil
	}
	x.meeting, err = x.Meeting.Create(ctx, x.who, meeting.Plan{KindCode: meeting.JointConference, Holder: x.holder(), Title: calendar.QuarterOf(on).String() + "党建联席会议", Place: x.c.name + "党群服务中心", StartsAt: at(on, 15, 0), EndsAt: at(on, 16, 30)})
	if err != nil {
		return err
	}
	u := x.units[0]
	if x.topic, err = x.Meeting.Raise(ctx, x.by(u), meeting.NewTopic{Holder: x.holder(), OrganisationID: u.id, Title: x.concern.title, Detail: x.concern.detail}); err != nil {
		return err
	}
	if err := x.Meeting.PutOnAgenda(ctx, x.who, x.topic, x.meeting); err != nil {
		return err
	}
	if _, err := x.Meeting.Notify(ctx, x.who, x.meeting, "请各成员单位代表准时参加，议题见议程。"); err != nil {
		return err
	}
	return x.Meeting.Reply(ctx, x.by(u), x.meeting, u.id, meeting.Coming, "")
}

func (x *conference) decide(ctx context.Context) error {
	if x.meeting == 0 {
		return nil
	}
	due := calendar.DateOf(x.clock.Now()).AddDays(30)
	if _, err := x.Meeting.Decide(ctx, x.who, x.meeting, meeting.NewResolution{TopicID: x.topic, Text: x.concern.decided, Task: &meeting.NewTask{OrganisationID: x.units[0].id, Title: x.concern.task, DueOn: due}}); err != nil {
		return err
	}
	last := x.units[len(x.units)-1]
	if _, err := x.Meeting.Decide(ctx, x.who, x.meeting, meeting.NewResolution{Text: "下季度联合开展一次便民服务日。", Task: &meeting.NewTask{OrganisationID: last.id, Title: "提出便民服务日的项目清单", DueOn: x.today.AddDays(9)}}); err != nil {
		return err
	}
	d, err := x.Meeting.Get(ctx, x.who, x.meeting)
	if err != nil {
		return err
	}
	text := d.Template() + "1. " + x.concern.decided + "\n2. 下季度联合开展一次便民服务日。\n"
	if _, err := x.Meeting.SaveMinutes(ctx, x.who, x.meeting, 0, text, false); err != nil {
		return err
	}
	return x.Meeting.Close(ctx, x.who, x.meeting)
}

// follow lets the first task be done.
func (x *conference) follow(ctx context.Context) error {
	if x.meeting == 0 {
		return nil
	}
	d, err := x.Meeting.Get(ctx, x.who, x.meeting)
	if err != nil {
		return err
	}
	task := d.Resolutions[0].Tasks[0].ID
	if err := x.Meeting.Report(ctx, x.by(x.units[0]), task, x.concern.done, true); err != nil {
		return err
	}
	return x.Meeting.Settle(ctx, x.who, task, meeting.Finished, "")
}

// plan plans the rest of the year and the next one: of the conference, and where a secretary works, of the branches; their meetings of the past weeks are
// put down as held as their days pass.
func (x *conference) plan(ctx context.Context) error {
	year := calendar.DateOf(x.clock.Now()).Year()
	for _, y := range []int{year, year + 1} {
		if _, err := x.Meeting.PlanYear(ctx, x.who, meeting.YearPlan{Holder: x.holder(), Year: y, Day: 20, Hour: 15, Place: x.c.name + "党群服务中心"}); err != nil {
			return err
		}
	}
	if x.c.index != 0 || x.who.AccountID == 0 {
		return nil
	}
	who, err := x.Authn.ActorFor(ctx, x.tenant, x.who.AccountID) // with the branches that were founded since
	if err != nil {
		return err
	}
	branches, err := x.Organisation.List(ctx, x.system, organisation.Filter{ParentID: x.c.id, Kinds: []organisation.Kind{organisation.Branch}})
	if err != nil {
		return err
	}
	for _, o := range branches.Items {
		h := meeting.Holder{OwnerID: o.ID}
		if _, err := x.Meeting.PlanYear(ctx, who, meeting.YearPlan{Holder: h, Year: year, Day: 10, Hour: 19, Place: x.c.name + "党员活动室"}); err != nil {
			return err
		}
	}
	if len(x.units) > 0 && x.units[0].liaison.AccountID != 0 { // a unit's liaison plans for the unit's own branch
		u := x.units[0]
		own, err := x.Organisation.List(ctx, x.system, organisation.Filter{ParentID: u.id, Kinds: []organisation.Kind{organisation.Branch}})
		if err != nil {
			return err
		}
		liaison, err := x.Authn.ActorFor(ctx, x.tenant, u.liaison.AccountID)
		if err != nil {
			return err
		}
		for _, o := range own.Items {
			if _, err := x.Meeting.PlanYear(ctx, liaison, meeting.YearPlan{Holder: meeting.Holder{OwnerID: o.ID}, Year: year, Day: 15, Hour: 17, Place: u.name + "会议室"}); err != nil {
				return err
			}
		}
	}
	l, err := x.Meeting.List(ctx, who, meeting.Filter{KindCode: "theme_day", To: x.today.AddDays(-1), Page: db.Page{Limit: 100}})
	if err != nil {
		return err
	}
	for _, m := range l.Items {
		x.later = append(x.later, event{m.EndsAt, func(ctx context.Context) error {
			if _, err := x.Meeting.SaveMinutes(ctx, who, m.ID, 0, m.Title+"：集中学习，参观党群服务中心，讨论志愿服务安排。", false); err != nil {
				return err
			}
			return x.Meeting.Close(ctx, who, m.ID)
		}})
	}
	return nil
}

// next is what waits now: a topic for the coming conference.
func (x *conference) next(ctx context.Context) error {
	if len(x.units) < 2 {
		return nil
	}
	u, c := x.units[1], concerns[(x.c.index+1)%len(concerns)]
	_, err := x.Meeting.Raise(ctx, x.by(u), meeting.NewTopic{Holder: x.holder(), OrganisationID: u.id, Title: c.title, Detail: c.detail})
	return err
}
