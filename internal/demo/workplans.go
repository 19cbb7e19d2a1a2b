package demo

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/id"
	"linli/internal/workplan"
)

// plannedItems are the items of the plans of the year. What a figure can tell is measured.
var plannedItems = []workplan.NewItem{
	{Title: "党建联席会议每季度召开一次，议定事项件件落实", Measure: "会前征集议题，会后列清单，下次会议先听办理情况。", Answers: "社区书记"},
	{Title: "推动驻区单位志愿活动经常化", Measure: "每月至少两场，单位轮流牵头。", Answers: "组织委员", Figure: "activity.held", Target: 24},
	{Title: "走访联系党员和群众", Measure: "书记带头，班子成员包片。", Answers: "社区书记", Figure: "contact.made", Target: 30},
	{Title: "老旧楼道加装扶手", Measure: "单位捐材料，社区组织施工，先做老人多的楼道。", Answers: "居委会主任"},
	{Title: "暑期青少年看护点开放", Measure: "用共建单位会议室，党员志愿者轮值。", Answers: "宣传委员"},
}

// workplans lets the communities of the first sub-district make their plans of the year: most are accepted and followed, one is given back, one waits to
// be reviewed.
func (b *builder) workplans(a *agenda) {
	year := b.today.Year()
	begun := calendar.On(year, 1, 8)
	if begun.AddDays(30).After(b.today) { // early in the year last year's plans are those to look at
		year--
		begun = later(calendar.On(year, 1, 8), b.start.AddDays(20))
	}
	for i, c := range b.communities {
		if c.street != b.communities[0].street {
			continue
		}
		who := c.secretary
		if who.AccountID == 0 {
			who = b.system
		}
		x := &yearPlan{builder: b, c: c, who: who, year: int64(year)}
		a.add(at(begun, 9, i), x.begin)
		switch i % 5 {
		case 3:
			a.add(at(b.today.AddDays(-9), 15, i), x.giveBack)
		case 4:
			a.add(at(b.today.AddDays(-2), 10, i), x.handIn)
		default:
			a.add(at(begun.AddDays(6), 10, i), x.accept)
			a.add(at(b.today.AddDays(-20), 16, i), x.follow)
		}
	}
}

// yearPlan is the plan of a community on its way through the year.
type yearPlan struct {
	*builder
	c    *community
	who  authz.Actor
	year int64
	plan id.ID
}

func (x *yearPlan) begin(ctx context.Context) (err error) {
	if x.plan, _, err = x.Workplan.Begin(ctx, x.who, x.c.id, x.year, 0); err != nil {
		return err
	}
	items := append([]workplan.NewItem(nil), plannedItems...)
	items[3].DueOn = calendar.On(int(x.year), 6, 30)
	items[4].DueOn = calendar.On(int(x.year), 8, 31)
	return x.Workplan.Add(ctx, x.who, x.plan, items)
}

func (x *yearPlan) handIn(ctx context.Context) error {
	d, err := x.Workplan.Get(ctx, x.who, x.plan)
	if err != nil {
		return err
	}
	_, err = x.Workplan.Submit(ctx, x.who, x.plan, d.Version)
	return err
}

// decide hands the plan in and lets the sub-district decide; comment is what it says of the fourth item.
func (x *yearPlan) decide(ctx context.Context, comment string) error {
	if err := x.handIn(ctx); err != nil {
		return err
	}
	d, err := x.Workplan.Get(ctx, x.street, x.plan)
	if err != nil {
		return err
	}
	in := workplan.Decision{Accept: comment == "", Version: d.Version}
	for n, i := range d.Items {
		o := workplan.Opinion{ItemID: i.ID, Verdict: workplan.Agreed}
		if n == 3 && comment != "" {
			o.Verdict, o.Comment = workplan.Change, comment
		}
		in.Opinions = append(in.Opinions, o)
	}
	return x.Workplan.Decide(ctx, x.street, x.plan, in)
}

func (x *yearPlan) accept(ctx context.Context) error { return x.decide(ctx, "") }

func (x *yearPlan) giveBack(ctx context.Context) error {
	return x.decide(ctx, "写明是哪几栋、钱从哪里来、什么时候完工。")
}

func (x *yearPlan) follow(ctx context.Context) error {
	d, err := x.Workplan.Get(ctx, x.who, x.plan)
	if err != nil {
		return err
	}
	if err := x.Workplan.Track(ctx, x.who, x.plan, d.Items[3].ID, workplan.Progress, "材料已到，已装 6 个单元。"); err != nil {
		return err
	}
	return x.Workplan.Track(ctx, x.who, x.plan, d.Items[4].ID, workplan.Finished, "")
}
