package demo

import (
	"context"
	"fmt"

	"linli/internal/authz"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
)

// wished is a wish or need of the demonstration, and what becomes of it.
type wished struct {
	kind    exchange.Kind
	body    string
	title   string
	words   string
	skill   string
	wanted  int64
	minutes int64
	days    int            // ago
	stands  exchange.State // how far it has come
	unit    bool           // a unit takes it, otherwise the member
	own     bool           // the community's own
	stars   int64
	said    string
}

var wishes = []wished{
	{kind: exchange.People, body: "我一个人住，下周三要去医院复查，想有人陪我排队拿药。", title: "陪老人去医院复查", words: "下周三上午，约两小时，帮着排队、拿药。", minutes: 120, days: 26, stands: exchange.Done, stars: 5, said: "小伙子很耐心。"},
	{kind: exchange.Goods, body: "孙子上网课没有台灯，想要一盏护眼灯。", title: "一盏护眼台灯", words: "给上小学的孩子写作业用。", days: 24, stands: exchange.Done, unit: true, stars: 5, said: "灯很亮，谢谢。"},
	{kind: exchange.Trade, body: "手机不会用，想找人教一教怎么挂号。", title: "教老人用手机挂号", words: "上门或在社区都行。", skill: "手机使用", minutes: 60, days: 20, stands: exchange.Done, stars: 4, said: "学会了。"},
	{kind: exchange.People, body: "腿脚不便，想请人每周帮买一次米和油。", title: "帮行动不便的老人买米买油", words: "每周一次，送到楼下也行。", minutes: 60, days: 9, stands: exchange.Delivered},
	{kind: exchange.Trade, body: "头发长了下不了楼，想请人上门理发。", title: "上门理发", words: "老人不便下楼。", skill: "理发", minutes: 60, days: 7, stands: exchange.Taken},
	{kind: exchange.Goods, body: "老伴刚出院，想借一把轮椅用一个月。", title: "借一把轮椅", words: "用一个月，用完归还。", days: 6, stands: exchange.Open},
	{kind: exchange.People, body: "周末社区图书角整理图书，要三个人。", title: "整理社区图书角", words: "周六上午，给图书编号上架。", wanted: 3, minutes: 180, days: 5, stands: exchange.Taken, own: true},
	{kind: exchange.Place, body: "合唱队想找个能唱歌的场地，每周一个下午。", title: "给合唱队一个排练的地方", words: "每周一个下午，能坐二十人。", days: 19, stands: exchange.Open, own: true},
	{kind: exchange.Trade, body: "家里水管老是漏，想请懂的人看看。", title: "请懂水电的人看看漏水", words: "厨房水管接头漏水。", skill: "水电维修", days: 2, stands: exchange.Open},
	{kind: exchange.People, body: "孩子放学没人接，想请人帮接几天，我的电话 16400007788。", days: 0, stands: exchange.Asked},
	{kind: exchange.Goods, body: "想要一个带靠背的洗澡凳。", days: 0, stands: exchange.Asked},
}

var offers = []exchange.Offer{
	{Kind: exchange.Goods, Title: "轮椅", Detail: "登记后借用，一个月内归还。", Listed: true, Terms: exchange.Free, Amount: 4, Unit: "辆"},
	{Kind: exchange.Place, Title: "三楼会议室", Detail: "能坐三十人，有投影。", Listed: true, Terms: exchange.Free, Times: "周一至周五 14:00-17:00"},
	{Kind: exchange.Trade, Title: "义务理发", Skill: "理发", Detail: "每月两次，行动不便的上门。", Listed: true, Terms: exchange.Free, Times: "每月第二、第四个周六"},
	{Kind: exchange.Trade, Title: "水电小修", Skill: "水电维修", Detail: "只收材料费。", Listed: true, Terms: exchange.LowPaid, Price: "材料费", Times: "周末"},
	{Kind: exchange.Money, Title: "助学金", Detail: "每学期资助困难家庭学生。", Listed: true, Terms: exchange.Free, Amount: 20, Unit: "份"},
}

// exchanges lets residents of every community wish for something, units give, and members and units help: all wishes in the first, half of them in each other.
func (b *builder) exchanges(a *agenda) {
	if len(b.units) == 0 {
		return
	}
	for i, c := range b.communities {
		a.add(at(b.today.AddDays(-30), 9, i%60), func(ctx context.Context) error { return b.offer(ctx, i, c) })
		for n, w := range wishes {
			if !wishedIn(i, n) {
				continue
			}
			x := &wish{builder: b, c: c, wished: w, n: n, place: i, unitOf: b.units[i%len(b.units)]}
			for _, u := range b.units {
				if u.community == c && i > 1 {
					x.unitOf = u
					break
				}
			}
			day := b.today.AddDays(-w.days)
			if w.days == 0 {
				b.wishing = append(b.wishing, x)
				continue
			}
			a.add(at(day, 9, (5*n+i)%60), x.ask)
			a.add(at(day, 15, (5*n+i)%60), x.approve)
			if w.stands == exchange.Taken || w.stands == exchange.Delivered || w.stands == exchange.Done {
				a.add(at(day.AddDays(1), 12, (5*n+i)%60), x.pledge)
			}
			if w.stands == exchange.Delivered || w.stands == exchange.Done {
				a.add(at(day.AddDays(3), 18, (5*n+i)%60), x.deliver)
			}
			if w.stands == exchange.Done {
				a.add(at(day.AddDays(4), 19, (5*n+i)%60), x.rate)
			}
		}
	}
}

// wishedIn says whether the n-th wish is one of the i-th community.
func wishedIn(i, n int) bool { return i == 0 || (n+i)%2 == 0 }

// offer enters what units have to give: five resources for the whole district in the first community, then two of a unit of each community for itself.
func (b *builder) offer(ctx context.Context, i int, c *community) error {
	for n, o := range offers {
		u := b.units[n%min(2, len(b.units))]
		o.OrgID, o.PlaceID = u.id, b.root
		if i > 0 {
			if (n+i)%len(offers) > 1 {
				continue
			}
			for _, u := range b.units {
				if u.community == c {
					o.OrgID = u.id
					break
				}
			}
			o.PlaceID = c.id
		}
		if _, err := b.Exchange.AddResource(ctx, b.system, o); err != nil {
			return fmt.Errorf("a resource: %w", err)
		}
	}
	return nil
}

// wished lets in what is wished for today, and proposes what there is for what nobody took.
func (b *builder) wished(ctx context.Context) error {
	for _, x := range b.wishing {
		if err := x.ask(ctx); err != nil {
			return err
		}
	}
	if _, err := b.Exchange.RaiseUnmatched(ctx, b.tenant); err != nil {
		return err
	}
	if err := b.Exchange.ProposeWeek(ctx, b.tenant); err != nil {
		return err
	}
	return b.askVolunteer(ctx)
}

// askVolunteer lets the first community ask a volunteer for the wish that is still open.
func (b *builder) askVolunteer(ctx context.Context) error {
	who := b.communities[0].worker
	list, err := b.Exchange.List(ctx, who, exchange.Filter{State: exchange.Open, Kind: exchange.Trade, Community: b.communities[0].id})
	if err != nil {
		return err
	}
	for _, n := range list.Items {
		_, found, err := b.Exchange.VolunteersFor(ctx, who, n.ID)
		if err != nil {
			return err
		}
		if len(found) > 0 {
			_, err := b.Exchange.AskVolunteer(ctx, who, n.ID, found[0].ID)
			return err
		}
	}
	return nil
}

// wish is a wish on its way.
type wish struct {
	*builder
	c *community
	wished
	n       int
	place   int // number of the community
	unitOf  *unit
	got     exchange.Receipt
	pledges []id.ID
	who     []authz.Actor
}

func (x *wish) ask(ctx context.Context) (err error) {
	in := exchange.Asking{Kind: x.kind, Small: !x.own, Body: x.body, CommunityID: x.c.id, DueOn: x.today.AddDays(20)}
	if x.own {
		x.got, err = x.Exchange.Enter(ctx, x.c.worker, in, true)
	} else {
		in.Name, in.Phone, in.Place = [...]string{"吕奶奶", "何先生", "施女士", "孙阿姨"}[x.n%4], fmt.Sprintf("%s%07d", phonePrefix, 9_300_000+20*x.place+x.n), fmt.Sprintf("%d 单元", 1+x.n%6)
		in.Share = x.n%3 != 0 // the others are asked for each helper
		x.got, err = x.Exchange.Ask(ctx, x.tenant, i18n.CasePublicReporter.In(i18n.ZH), "demo", in)
	}
	return err
}

func (x *wish) approve(ctx context.Context) error {
	in := exchange.Public{Title: x.title, Words: x.words, Skill: x.skill, Kind: x.kind, Small: !x.own, Wanted: max(1, x.wanted), Minutes: x.minutes, DueOn: x.today.AddDays(20)}
	if x.own {
		return x.Exchange.Edit(ctx, x.c.worker, x.got.ID, 0, in)
	}
	return x.Exchange.Approve(ctx, x.c.worker, x.got.ID, 0, in)
}

// pledge lets the member with an account, or a unit, take it, and the community agree. A member without an account tells the community.
func (x *wish) pledge(ctx context.Context) error {
	var p id.ID
	var err error
	who := x.c.member
	switch {
	case x.unit || len(x.c.members) == 0:
		who = x.unitOf.liaison
		p, err = x.Exchange.PledgeFor(ctx, who, x.got.ID, x.unitOf.id, exchange.NewPledge{})
	case who.AccountID != 0:
		p, err = x.Exchange.Pledge(ctx, who, x.got.ID, exchange.NewPledge{Said: "我有空，可以去。"})
	default:
		who = x.c.worker
		p, err = x.Exchange.Enlist(ctx, who, x.got.ID, exchange.OnBehalf{MemberID: x.c.members[(7*x.n)%len(x.c.members)].id})
	}
	if err != nil {
		return fmt.Errorf("a pledge for %s: %w", x.title, err)
	}
	x.pledges, x.who = append(x.pledges, p), append(x.who, who)
	if x.stands == exchange.Taken && x.own || who.AccountID == x.c.worker.AccountID { // waits to be agreed, or is
		return nil
	}
	return x.Exchange.Agree(ctx, x.c.worker, p, 0)
}

func (x *wish) deliver(ctx context.Context) error {
	for i, p := range x.pledges {
		d := exchange.Delivery{Minutes: x.minutes, Words: "已经办好。"}
		if x.unit {
			d.Minutes = 0
		}
		if err := x.Exchange.Deliver(ctx, x.who[i], p, 0, d); err != nil {
			return err
		}
	}
	return nil
}

func (x *wish) rate(ctx context.Context) error {
	if len(x.pledges) == 0 {
		return nil
	}
	_, err := x.Exchange.RateBy(ctx, exchange.Code(x.got.Code), i18n.CasePublicReporter.In(i18n.ZH), "demo", exchange.Rating{Answer: exchange.Yes, Stars: x.stars, Words: x.said})
	return err
}
