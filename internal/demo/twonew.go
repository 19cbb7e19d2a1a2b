package demo

import (
	"context"
	"fmt"
	"strings"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/i18n"
	"linli/internal/twonew"
)

// trades of the two-new organisations, and the tails of their names; none is that of a real firm.
var newTrades = []struct{ trade, tail string }{
	{"餐饮", "餐饮店（示例）"}, {"零售", "商贸有限公司（示例）"}, {"软件和信息技术", "软件有限公司（示例）"}, {"物流", "物流有限公司（示例）"}, {"教育培训", "培训中心（示例）"},
	{"公益服务", "社会工作服务中心（示例）"},
}

var newHeads = []string{"云帆", "星桥", "百禾", "晨木", "知暖", "青砚", "远舟", "禾丰", "明川", "乐邻", "松果", "瑞林", "初阳", "锦程", "海棠", "清泉"}

// newRegister is the business register of the communities: members of every number, some with a position, some with only a grid.
func (b *builder) newRegister() []byte {
	var out strings.Builder
	out.WriteString("企业名称,统一社会信用代码,组织类型,所属行业,所属社区,所属网格,住所,从业人数,正式党员,预备党员,经度,纬度\n")
	n := 0
	for _, c := range b.communities[:min(len(b.communities), 8)] {
		r := b.random("two-new", c.index)
		for i := range 14 {
			n++
			t, bl := newTrades[r.IntN(len(newTrades))], c.blocks[i%len(c.blocks)]
			department := "91"
			if t.trade == "公益服务" || t.trade == "教育培训" {
				department = "52"
			}
			full := [...]int{4, 2, 1, 2, 1, 1, 2, 0, 0, 1, 0, 1, 2, 1}[i]
			x, y := "", ""
			if i%4 != 3 {
				x = fmt.Sprintf("%.6f", float64(originX+int((bl.x+r.Float64()*blockWidth)*perMetreX))/1e6)
				y = fmt.Sprintf("%.6f", float64(originY+int((bl.y+r.Float64()*blockDepth)*perMetreY))/1e6)
			}
			fmt.Fprintf(&out, "%s%s%s,%s,,%s,%s,%s,%s%d号,%d,%d,%d,%s,%s\n", c.name[:6], newHeads[(n*5+c.index)%len(newHeads)], t.tail, code.WithUSCCCheck(department+county+"Y"+pad(n, 7)), t.trade, c.name,
				bl.code, bl.road, 10+r.IntN(90), 5+r.IntN(200), full, r.IntN(4)/3, x, y)
		}
	}
	b.registered(&out)
	return []byte(out.String())
}

// registered adds stationed units that are firms: they are in the business register too, under the same credit code.
func (b *builder) registered(out *strings.Builder) {
	taken := map[*community]int{}
	for n, u := range b.units {
		firm := strings.HasSuffix(u.name, "公司") || strings.HasSuffix(u.name, "商场") || strings.HasSuffix(u.name, "超市")
		if !firm || u.community.index >= 8 || taken[u.community] == 2 {
			continue
		}
		taken[u.community]++
		fmt.Fprintf(out, "%s,%s,新经济组织,,%s,,,%d,%d,0,,\n", u.name, creditCode(n), u.community.name, 60+n, n%3)
	}
}

// twoNew puts the census on the agenda: it is imported, and some organisations have come some way since, one step each on its day.
func (b *builder) twoNew(a *agenda) {
	a.add(at(b.today.AddDays(-200), 9, 0), func(ctx context.Context) error {
		return b.table(ctx, "twonew", "两新组织登记表.csv", 0, b.newRegister(), nil)
	})
	for n, c := range b.communities[:min(len(b.communities), 8)] {
		on := b.today.AddDays(-150 + 3*n)
		a.add(at(on, 10, 0), func(ctx context.Context) error { return b.newSteps(ctx, c, on) })
	}
	if len(b.communities) > 0 {
		on := b.today.AddDays(-40)
		a.add(at(on, 15, 0), func(ctx context.Context) error { return b.newJoint(ctx, b.communities[0], on) })
	}
}

// newSteps lets the first organisations of a community take a step each, so that every state is there.
func (b *builder) newSteps(ctx context.Context, c *community, on calendar.Date) error {
	l, err := b.TwoNew.List(ctx, c.secretary, twonew.Filter{CommunityID: c.id, Uncovered: true, Sort: twonew.SortMembers, Desc: true})
	if err != nil {
		return err
	}
	people, err := b.TwoNew.Candidates(ctx, c.secretary, c.id)
	if err != nil {
		return err
	}
	take := func(o twonew.Organisation, s twonew.NewStep) error {
		s.On, s.DocumentNo = on, fmt.Sprintf("%s党发〔%d〕%d号", c.name, on.Year(), 10+len(o.Name)%20)
		_, err := b.TwoNew.TakeStep(ctx, c.secretary, o.ID, s, o.Version)
		return err
	}
	for i, o := range l.Items {
		switch {
		case i == 0 && o.Full >= 3:
			name := i18n.TwoNewOwnName.In(i18n.ZH, o.Name)
			err = take(o, twonew.NewStep{Kind: twonew.OwnBranch, BranchName: name, Document: i18n.TwoNewJointDoc.In(i18n.ZH, name)})
		case i == len(l.Items)-1:
			err = take(o, twonew.NewStep{Kind: twonew.Union, Document: "关于成立工会委员会的批复"})
		case i == len(l.Items)-2:
			err = take(o, twonew.NewStep{Kind: twonew.League, Document: "关于成立团支部的批复"})
		case i == len(l.Items)-3 && len(people) > 0:
			err = take(o, twonew.NewStep{Kind: twonew.Instructor, MemberID: people[0].MemberID, Document: i18n.TwoNewSendDoc.In(i18n.ZH)})
		case i == len(l.Items)-4 && len(people) > 1:
			err = take(o, twonew.NewStep{Kind: twonew.Liaison, MemberID: people[1].MemberID, Document: "关于选派两新组织联络员的通知"})
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// newJoint accepts the first joint branch that is proposed to a community.
func (b *builder) newJoint(ctx context.Context, c *community, on calendar.Date) error {
	p, err := b.TwoNew.ProposalFor(ctx, c.secretary, c.id)
	if err != nil || len(p.Groups) == 0 {
		return err
	}
	g := p.Groups[0]
	n := twonew.NewJoint{CommunityID: c.id, Name: g.Name, On: on, DocumentNo: fmt.Sprintf("%s党发〔%d〕31号", c.name, on.Year()), Document: i18n.TwoNewJointDoc.In(i18n.ZH, g.Name)}
	for _, o := range g.Items {
		n.Items = append(n.Items, twonew.Chosen{TwoNewID: o.ID, Version: o.Version})
	}
	_, err = b.TwoNew.AcceptJoint(ctx, c.secretary, n)
	return err
}
