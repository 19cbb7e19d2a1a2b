package demo

import (
	"context"
	"fmt"
	"time"

	"linli/internal/activity"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/project"
)

// demoStep is a step of a project of the demonstration, at a part of its days (in hundredths).
type demoStep struct {
	title  string
	part   int
	of     int // 0 the community, 1 and 2 its partners
	done   string
	record bool // by the activity of the project rather than in words, where it was held
}

// demoLine is a line of a budget with its expenses, in yuan.
type demoLine struct {
	title  string
	source project.Source
	of     int
	amount int64
	spent  []int64
	over   string
}

// demoProject is a project of the demonstration, and how far it comes.
type demoProject struct {
	title, goal string
	kind        project.Kind
	days        int // ago
	length      int
	partners    int
	stands      project.State
	steps       []demoStep
	lines       []demoLine
	result      string
}

var demoProjects = []demoProject{
	{title: "暑期少儿托管班", goal: "双职工家庭的孩子暑假白天有人管、有书读。", kind: project.Mixed, days: 110, length: 60, partners: 2, stands: project.Finished, result: "办了四周，二十六个孩子参加；教室和志愿者由两家单位轮流安排。",
		steps: []demoStep{{"摸清要托管的孩子", 8, 0, "登门和电话问了四十二户", false}, {"腾出教室、配桌椅", 20, 1, "二楼活动室，桌椅二十六套", false}, {"排出志愿者班表", 30, 2, "大学生志愿者每天两人", true}, {"开班四周", 90, 0, "每天上午八点半到十一点半", false}, {"开家长会听意见", 98, 0, "到了二十一位家长", false}},
		lines: []demoLine{{"绘本和文具", project.OfParty, 0, 3000, []int64{1860, 920}, ""}, {"教室用电和保洁", project.OfUnit, 1, 1200, []int64{1350}, "空调多开了一周"}}},
	{title: "老旧楼道扶手安装", goal: "没有电梯的楼，老人上下楼有扶手可扶。", kind: project.Trade, days: 40, length: 90, partners: 2, stands: project.Running,
		steps: []demoStep{{"楼道逐层量尺寸", 10, 0, "七栋楼四十八层", false}, {"征求楼栋居民意见", 20, 0, "贴了公示，没有反对", true}, {"备料加工", 35, 1, "不锈钢扶手，一头包软", false}, {"一期三栋安装", 60, 1, "", false}, {"二期四栋安装", 85, 2, "", false}, {"居民验收", 98, 0, "", false}},
		lines: []demoLine{{"扶手材料", project.OfParty, 0, 18000, []int64{8600}, ""}, {"安装人工", project.OfUnit, 1, 6000, nil, ""}}},
	{title: "居家养老助餐配送", goal: "行动不便的独居老人每天能吃上一顿热饭。", kind: project.People, days: 20, length: 120, partners: 1, stands: project.Running,
		steps: []demoStep{{"核对独居老人名单", 8, 0, "二十三人愿意，十九人要送", false}, {"定好食堂和餐标", 14, 1, "每餐十二元，少盐软烂", true}, {"排送餐志愿者", 40, 0, "", false}, {"满一个月回访", 60, 0, "", false}},
		lines: []demoLine{{"保温餐箱", project.OfDonation, 1, 2400, []int64{2180}, ""}, {"送餐补贴", project.OfCommunity, 0, 4000, nil, ""}}},
	{title: "反诈骗进楼栋", goal: "每栋楼讲一次，老人知道先问再转钱。", kind: project.People, days: 4, length: 60, partners: 2, stands: project.Proposed,
		steps: []demoStep{{"编好案例讲稿", 20, 1, "", false}, {"每栋楼讲一次", 80, 0, "", false}, {"发提示卡", 80, 2, "", false}}, lines: []demoLine{{"印提示卡", project.OfCommunity, 0, 600, nil, ""}}},
	{title: "小区微型消防站", goal: "夜里着火三分钟有人到。", kind: project.Goods, days: 2, length: 90, partners: 1, stands: project.Draft,
		steps: []demoStep{{"选点、定人", 30, 0, "", false}, {"配灭火器材", 70, 1, "", false}}, lines: []demoLine{{"器材", project.OfUnit, 1, 5000, nil, ""}}},
	{title: "旧衣回收箱", goal: "旧衣有处去，不堆在楼道。", kind: project.Goods, days: 70, length: 60, partners: 1, stands: project.Stopped, result: "回收企业退出本区",
		steps: []demoStep{{"选点", 20, 0, "四个小区门口", false}, {"装箱", 60, 1, "", false}}},
}

// projects lets communities make projects with units: all of them in the first two communities, one of them made from a need, and in a district one more in every other.
func (b *builder) projects(a *agenda) {
	of := map[*community][]*unit{}
	for _, u := range b.units {
		of[u.community] = append(of[u.community], u)
	}
	n := 0
	begin := func(c *community, d demoProject, need string) {
		if len(of[c]) < d.partners || c.worker.AccountID == 0 {
			return
		}
		x := &projecting{builder: b, demoProject: d, c: c, staff: c.worker, partners: of[c][:d.partners], n: n, need: need}
		n++
		day := b.today.AddDays(-d.days)
		a.add(at(day, 9, n%60), x.draft)
		if d.stands == project.Draft {
			return
		}
		a.add(at(day, 16, n%60), x.propose)
		a.add(at(day.AddDays(1), 10, n%60), x.agree)
		if d.stands == project.Proposed {
			return
		}
		x.plan(a, day)
		switch d.stands {
		case project.Finished:
			a.add(at(day.AddDays(d.length+1), 17, n%60), x.finish)
		case project.Stopped:
			a.add(at(day.AddDays(d.length/2), 17, n%60), x.stop)
		}
	}
	for i, d := range demoProjects {
		begin(b.communities[i%min(2, len(b.communities))], d, "")
	}
	begin(b.communities[0], demoNeedProject, "给合唱队一个排练的地方") // as package exchange has it in this demonstration
	if b.Scale.Units >= District.Units {
		for i, c := range b.communities[2:] {
			begin(c, demoProjects[i%len(demoProjects)], "")
		}
	}
}

// demoNeedProject answers a need; what it says of itself is the need's.
var demoNeedProject = demoProject{days: 12, length: 31, partners: 2, stands: project.Running,
	steps: []demoStep{{"看场地、定时间", 12, 0, "两家都看了，周三、周五下午", false}, {"腾出排练厅", 25, 1, "三楼排练厅，能坐三十人", false}, {"搬钢琴", 30, 2, "", false}, {"第一次排练", 70, 0, "", false}},
	lines: []demoLine{{"谱架和音响", project.OfCommunity, 0, 1500, []int64{980}, ""}}}

// projecting is a project on its way.
type projecting struct {
	*builder
	demoProject
	c        *community
	staff    authz.Actor
	partners []*unit
	n        int
	need     string // from which it is made, by its title
	id       id.ID
	from     calendar.Date
	meets    id.ID // the activity
}

// org is the community or one of the partners, and acts who does something for it: its liaison, or the community where it has none.
func (x *projecting) org(n int) id.ID {
	if n == 0 || n > len(x.partners) {
		return x.c.id
	}
	return x.partners[n-1].id
}

func (x *projecting) acts(org id.ID) (authz.Actor, string) {
	for _, u := range x.partners {
		if u.id != org {
			continue
		}
		if u.liaison.AccountID != 0 {
			return u.liaison, ""
		}
		return x.staff, "单位办公室电话说的"
	}
	return x.staff, ""
}

func (x *projecting) draft(ctx context.Context) error {
	x.from = x.today.AddDays(-x.days)
	if x.need != "" {
		return x.ofNeed(ctx)
	}
	in := project.NewProject{As: x.c.id, CommunityID: x.c.id, About: project.About{Title: x.title, Goal: x.goal, Kind: x.kind, From: x.from, To: x.from.AddDays(x.length)}}
	for _, u := range x.partners {
		in.Partners = append(in.Partners, u.id)
	}
	themes, err := x.Cobuild.Themes(ctx, x.staff)
	if err != nil {
		return err
	}
	if x.n%2 == 0 && len(themes) > 0 {
		in.ProgrammeID = themes[x.n%len(themes)].ID
	}
	if x.id, err = x.Project.Create(ctx, x.staff, in); err != nil {
		return fmt.Errorf("the project %s: %w", x.title, err)
	}
	return x.fill(ctx)
}

// ofNeed makes the project of a need by one press, and asks the partners in.
func (x *projecting) ofNeed(ctx context.Context) error {
	l, err := x.Exchange.List(ctx, x.staff, exchange.Filter{Text: x.need, Community: x.c.id})
	if err != nil {
		return err
	}
	if len(l.Items) == 0 {
		return fmt.Errorf("there is no need %s", x.need)
	}
	if x.id, err = x.Project.FromNeed(ctx, x.staff, l.Items[0].ID); err != nil {
		return fmt.Errorf("a project of %s: %w", x.need, err)
	}
	for _, u := range x.partners {
		if err := x.Project.Invite(ctx, x.staff, x.id, 0, x.c.id, u.id); err != nil {
			return err
		}
	}
	return x.fill(ctx)
}

// fill adds steps and lines.
func (x *projecting) fill(ctx context.Context) error {
	for _, s := range x.demoProject.steps {
		if _, err := x.Project.AddStep(ctx, x.staff, x.id, 0, x.c.id, project.NewStep{OrgID: x.org(s.of), Title: s.title, DueOn: x.due(s)}); err != nil {
			return err
		}
	}
	for _, l := range x.lines {
		if _, err := x.Project.AddLine(ctx, x.staff, x.id, 0, x.c.id, project.NewLine{OrgID: x.org(l.of), Source: l.source, Title: l.title, Amount: l.amount * 100}); err != nil {
			return err
		}
	}
	return nil
}

func (x *projecting) due(s demoStep) calendar.Date { return x.from.AddDays(x.length * s.part / 100) }

func (x *projecting) propose(ctx context.Context) error {
	return x.Project.Propose(ctx, x.staff, x.id, 0, x.c.id)
}

// agree lets the partners agree; of one that stays proposed the last does not answer.
func (x *projecting) agree(ctx context.Context) error {
	for i, u := range x.partners {
		if x.stands == project.Proposed && i == len(x.partners)-1 {
			continue
		}
		who, said := x.acts(u.id)
		if err := x.Project.Answer(ctx, who, x.id, project.Reply{As: u.id, Yes: true, Note: said}); err != nil {
			return err
		}
	}
	return nil
}

// plan lets steps be done about their days, an activity be held, and expenses be entered.
func (x *projecting) plan(a *agenda, day calendar.Date) {
	x.from = day
	for i, s := range x.demoProject.steps {
		if on := x.due(s).AddDays(-1); s.done != "" && on.Before(x.today) {
			a.add(at(on, 15, (x.n+i)%60), func(ctx context.Context) error { return x.do(ctx, s) })
		}
	}
	for i, l := range x.lines {
		for j, fen := range l.spent {
			on := day.AddDays(3 + x.length*(10+20*j)/100)
			if on.Before(x.today) {
				a.add(at(on, 11, (x.n+i)%60), func(ctx context.Context) error { return x.spend(ctx, l, fen) })
			}
		}
	}
	if x.stands == project.Running || x.stands == project.Finished {
		a.add(at(day.AddDays(2), 10, x.n%60), x.gather)
		if day.AddDays(5).Before(x.today) {
			a.add(at(day.AddDays(5), 19, 5), x.meet)
			a.add(at(day.AddDays(5), 20, 35), x.close)
		}
	}
}

func (x *projecting) do(ctx context.Context, s demoStep) error {
	d, err := x.Project.Get(ctx, x.staff, x.id)
	if err != nil {
		return err
	}
	for _, t := range d.Steps {
		if t.Title == s.title {
			who, said := x.acts(t.OrgID)
			if can, err := x.Project.Candidates(ctx, who, x.id, t.ID); err != nil {
				return err
			} else if s.record && len(can) > 0 && can[0].Of {
				return x.Project.DoBy(ctx, who, x.id, t.ID, 0, can[0].Kind, can[0].ID, said)
			}
			return x.Project.Do(ctx, who, x.id, t.ID, 0, project.Done{Words: s.done, Note: said})
		}
	}
	return nil
}

func (x *projecting) spend(ctx context.Context, l demoLine, yuan int64) error {
	d, err := x.Project.Get(ctx, x.staff, x.id)
	if err != nil {
		return err
	}
	for _, b := range d.Lines {
		if b.Title == l.title {
			who, said := x.acts(b.OrgID)
			_, err := x.Project.Spend(ctx, who, x.id, project.NewExpense{LineID: b.ID, Amount: yuan * 100, Payee: "城东五金百货", Words: l.title, Receipt: fmt.Sprintf("%08d", 20_260_000+x.n*10+int(yuan%10)), Over: l.over, Note: said})
			return err
		}
	}
	return nil
}

// gather plans an activity of the project in the evening, and says who does what.
func (x *projecting) gather(ctx context.Context) error {
	start := at(calendar.DateOf(x.clock.Now()).AddDays(3), 19, 0)
	v, err := x.Activity.Create(ctx, x.staff, activity.Plan{CommunityID: x.c.id, KindCode: "meeting", Title: x.called() + "碰头会", Place: "社区服务中心", StartsAt: start, EndsAt: start.Add(90 * time.Minute)})
	if err != nil {
		return err
	}
	if err := x.Activity.Publish(ctx, x.staff, v); err != nil {
		return err
	}
	if err := x.Project.LinkActivity(ctx, x.staff, x.id, v); err != nil {
		return err
	}
	x.meets = v
	return x.Project.AddPerson(ctx, x.staff, x.id, project.NewPerson{OrgID: x.c.id, Name: "周网格员", Task: "联络各单位"})
}

func (x *projecting) called() string {
	if x.title == "" {
		return x.need
	}
	return x.title
}

// meet signs in who came, and closes.
func (x *projecting) meet(ctx context.Context) error {
	for _, m := range x.c.members[:min(5, len(x.c.members))] {
		if _, err := x.Activity.SignInFor(ctx, x.staff, x.meets, m.id, nil); err != nil {
			return err
		}
	}
	return nil
}

func (x *projecting) close(ctx context.Context) error {
	if _, err := x.Activity.SignOutAll(ctx, x.staff, x.meets); err != nil {
		return err
	}
	return x.Activity.Close(ctx, x.staff, x.meets)
}

func (x *projecting) finish(ctx context.Context) error {
	return x.Project.Finish(ctx, x.staff, x.id, 0, x.c.id, project.Ending{Result: x.result})
}

func (x *projecting) stop(ctx context.Context) error {
	return x.Project.Stop(ctx, x.staff, x.id, 0, x.c.id, x.result)
}
