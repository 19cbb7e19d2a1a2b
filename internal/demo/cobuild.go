package demo

import (
	"context"
	"fmt"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/cobuild"
	"linli/internal/id"
)

// programmes are the themes that the district keeps.
var programmes = []cobuild.NewProgramme{
	{Name: "四进社区", Kind: cobuild.Set, Parts: []string{"科技", "文体", "法律", "卫生"}, Detail: "科技、文体、法律、卫生进社区。"},
	{Name: "十进社区", Kind: cobuild.Set, Parts: []string{"组织", "政务", "数字", "平安", "文化", "教育", "健康", "养老", "法治", "环保"}},
	{Name: "驻地共建日", Kind: cobuild.Day},
	{Name: "结对共建日", Kind: cobuild.Day},
	{Name: "党员奉献日", Kind: cobuild.Day},
}

// promise is an item of an agreement of the demonstration.
type promise struct {
	title     string
	often     cobuild.Often
	measure   cobuild.Measure
	amount    int64
	programme int // -1 for none
	part      string
	own       bool // the community's
}

// promised are what units and communities promise each other; the n-th agreement has those of the n-th row.
var promised = []struct {
	goal  string
	kind  cobuild.Kind
	items []promise
}{
	{"让老人在家门口看上病、问上药", cobuild.General, []promise{{"义诊和用药咨询", cobuild.Quarter, cobuild.Times, 1, 0, "卫生", false}, {"健康讲座", cobuild.Once, cobuild.Persons, 40, 0, "卫生", false}, {"提供场地、通知居民", cobuild.Year, "", 0, -1, "", true}}},
	{"孩子放学有去处，暑假有人管", cobuild.Twin, []promise{{"大学生志愿者辅导作业", cobuild.Quarter, cobuild.Hours, 20, 1, "教育", false}, {"捐赠图书", cobuild.Once, cobuild.Pieces, 100, 0, "文体", false}, {"开放社区书屋", cobuild.Year, "", 0, -1, "", true}}},
	{"有纠纷先找法律明白人", cobuild.General, []promise{{"坐班法律咨询", cobuild.Quarter, cobuild.Times, 3, 0, "法律", false}, {"法治宣传一场", cobuild.Once, cobuild.Times, 1, 1, "法治", false}, {"收集居民的法律问题", cobuild.Year, "", 0, -1, "", true}}},
	{"困难家庭有人常走动", cobuild.ContactPoint, []promise{{"党员走访困难家庭", cobuild.Quarter, cobuild.Times, 5, 4, "", false}, {"节日慰问", cobuild.Once, cobuild.Pieces, 20, 3, "", false}, {"更新困难家庭名单", cobuild.Year, "", 0, -1, "", true}}},
	{"小区环境一起管", cobuild.Double, []promise{{"共建日清扫楼道绿地", cobuild.Quarter, cobuild.Times, 1, 2, "", false}, {"修补破损步道", cobuild.Once, "", 0, 1, "环保", false}, {"召集居民一起参加", cobuild.Year, "", 0, -1, "", true}}},
}

// pact is an agreement on its way.
type pact struct {
	*builder
	pactPlan
	c            *community
	u            *unit
	staff, other authz.Actor
	agreement    id.ID
	tasks        map[string][]cobuild.Task
	goal         int
}

// How far an agreement comes.
const (
	pactSigned = iota
	pactDraft
	pactSent
	pactHalf
	pactEnded
)

// pacts lets communities and units sign agreements, each unit one.
func (b *builder) pacts(a *agenda) {
	of := map[*community][]*unit{}
	for _, u := range b.units {
		of[u.community] = append(of[u.community], u)
	}
	a.add(at(b.today.AddDays(-380), 8, 50), func(ctx context.Context) error {
		for _, p := range programmes {
			p.OrgID, p.From = b.root, b.today.AddDays(-380)
			made, err := b.Cobuild.SetUp(ctx, b.system, p)
			if err != nil {
				return fmt.Errorf("a programme: %w", err)
			}
			b.themes = append(b.themes, made)
		}
		return nil
	})
	plan, n := planPacts(b.Scale, b.today), 0
	for round := 0; n < len(plan) && round < len(b.units); round++ {
		for _, c := range b.communities {
			if n == len(plan) || round >= len(of[c]) {
				continue
			}
			x := &pact{builder: b, pactPlan: plan[n], c: c, u: of[c][round], staff: c.secretary, tasks: map[string][]cobuild.Task{}, goal: n % len(promised)}
			n++
			if x.staff.AccountID == 0 {
				x.staff = b.system
			}
			if x.other = x.u.liaison; x.other.AccountID == 0 {
				x.other = b.system
			}
			a.add(at(x.from, 9, x.n%60), x.draft)
			if x.stopping != pactDraft {
				a.add(at(x.from, 15, x.n%60), x.sign)
			}
			if x.stopping == pactSigned || x.stopping == pactEnded {
				x.plan(a)
			}
			if x.stopping == pactEnded {
				a.add(at(b.today.AddDays(-40), 11, 0), x.end)
			}
		}
	}
	if many := b.Scale.aims().Agreements; n < many { // those on their way may lack a unit, not those in force
		a.add(at(b.start, 9, 0), func(context.Context) error { return fmt.Errorf("%d units can sign %d agreements", n, many) })
	}
}

func (x *pact) draft(ctx context.Context) error {
	s := promised[x.goal]
	in := cobuild.NewAgreement{As: x.c.id, CommunityID: x.c.id, Units: []id.ID{x.u.id}, Terms: cobuild.Terms{Kind: s.kind, Goal: s.goal, From: x.from, To: x.to}}
	for i, p := range s.items {
		item := cobuild.NewItem{Title: p.title, OrgID: x.u.id, Often: p.often, DueOn: x.from.AddDays(25 + 20*i), Measure: p.measure, Amount: p.amount, Part: p.part}
		if p.own {
			item.OrgID = x.c.id
		}
		if p.programme >= 0 {
			item.ProgrammeID = x.themes[p.programme]
		}
		in.Items = append(in.Items, item)
	}
	var err error
	if x.agreement, err = x.Cobuild.Draft(ctx, x.staff, in); err != nil || x.n > 3 {
		return err
	}
	return x.Cobuild.SetContact(ctx, x.staff, x.agreement, x.c.id, "王书记", "16400007701")
}

func (x *pact) sign(ctx context.Context) error {
	if err := x.Cobuild.Send(ctx, x.staff, x.agreement, 0, x.c.id); err != nil || x.stopping == pactSent {
		return err
	}
	if x.other.AccountID != 0 {
		if _, err := x.Cobuild.Sign(ctx, x.other, x.agreement, 0, x.u.id); err != nil {
			return err
		}
	} else if _, err := x.Cobuild.SignOnPaper(ctx, x.staff, x.agreement, 0, x.c.id, x.u.id, "原件在社区档案柜，当天签。"); err != nil {
		return err
	}
	if x.stopping == pactHalf {
		return nil
	}
	if _, err := x.Cobuild.Sign(ctx, x.staff, x.agreement, 0, x.c.id); err != nil {
		return err
	}
	d, err := x.Cobuild.Get(ctx, x.staff, x.agreement)
	for _, t := range d.Tasks {
		x.tasks[t.DueOn.String()] = append(x.tasks[t.DueOn.String()], t)
	}
	if err != nil || !d.Kind.Names() {
		return err
	}
	return x.name(ctx, d.Kind)
}

// name says who of the unit holds a post in the community, or is contact for it.
func (x *pact) name(ctx context.Context, kind cobuild.Kind) error {
	posts, _, err := x.Cobuild.Posts(ctx, x.staff)
	if err != nil {
		return err
	}
	in := cobuild.NewPerson{OrgID: x.u.id, HostID: x.c.id, Post: posts[map[cobuild.Kind]int{cobuild.Double: 0, cobuild.ContactPoint: 4, cobuild.Twin: 8}[kind]], Name: "孙主任"}
	if n := len(x.u.members); n > 0 {
		in.MemberID = x.u.members[x.n%n].id
	}
	_, err = x.Cobuild.NamePerson(ctx, x.other, x.agreement, in)
	return err
}

// plan lets the tasks be done about their days. Of every fifth agreement the last is overdue, of every fifth it waits to be confirmed.
func (x *pact) plan(a *agenda) {
	last := calendar.Date{}
	var days []calendar.Date
	for i, p := range promised[x.goal].items {
		for _, d := range cobuild.Dues(x.from.AddDays(25+20*i), p.often, x.from, x.to) {
			if d.Before(x.today.AddDays(-3)) && !(x.stopping == pactEnded && d.After(x.today.AddDays(-41))) {
				days = append(days, d)
				if d.After(last) {
					last = d
				}
			}
		}
	}
	for _, d := range days {
		if d.Equal(last) && x.n%5 == 3 {
			continue
		}
		a.add(at(d.AddDays(-2), 16, x.n%60), func(ctx context.Context) error { return x.do(ctx, d, d.Equal(last) && x.n%5 == 4) })
	}
}

// do says that the tasks of a day are done, and lets the other side confirm them. What took place already is linked, where there is such a thing.
func (x *pact) do(ctx context.Context, due calendar.Date, waits bool) error {
	for _, t := range x.tasks[due.String()] {
		who, other := x.other, x.c.id
		if t.OrgID == x.c.id {
			who, other = x.staff, x.u.id
		}
		linked := false
		if x.n < 6 {
			p, err := x.Cobuild.Task(ctx, who, t.ID)
			if err != nil {
				return err
			}
			if linked = len(p.Candidates) > 0; linked {
				if err := x.Cobuild.Link(ctx, who, t.ID, 0, t.OrgID, p.Candidates[0].Kind, p.Candidates[0].ID, t.Target); err != nil {
					return err
				}
			}
		}
		if !linked {
			if err := x.Cobuild.Say(ctx, who, t.ID, 0, cobuild.Done{As: t.OrgID, Words: "已办：" + t.Title, Amount: t.Target}); err != nil {
				return fmt.Errorf("%s on %s: %w", t.Title, due, err)
			}
		}
		if waits {
			continue
		}
		answers := x.staff
		if other == x.u.id {
			answers = x.other
		}
		if err := x.Cobuild.Confirm(ctx, answers, t.ID, 0, other); err != nil {
			return err
		}
	}
	return nil
}

func (x *pact) end(ctx context.Context) error {
	return x.Cobuild.End(ctx, x.staff, x.agreement, 0, cobuild.Ending{As: x.c.id, Reason: "单位搬到区外", Alone: true})
}
