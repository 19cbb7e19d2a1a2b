package demo

import (
	"context"
	"fmt"

	"linli/internal/id"
	"linli/internal/lovebank"
)

// wares is what can be redeemed in the demonstration.
var wares = []lovebank.NewItem{
	{Kind: lovebank.Thing, Title: "洗衣液", Unit: "瓶", Price: 20, Who: lovebank.Everybody, Stock: 30},
	{Kind: lovebank.Thing, Title: "抽纸", Detail: "一提十包。", Unit: "提", Price: 15, Who: lovebank.Everybody, Stock: 40},
	{Kind: lovebank.Thing, Title: "理发券", Detail: "在社区合作理发店使用。", Unit: "张", Price: 10, Who: lovebank.Everybody, Stock: 25},
	{Kind: lovebank.Thing, Title: "血压计借用一个月", Unit: "台", Price: 8, Who: lovebank.Elders, Stock: 5},
	{Kind: lovebank.Thing, Title: "志愿者雨伞", Unit: "把", Price: 25, Who: lovebank.Servers, Stock: 12},
	{Kind: lovebank.Help, Title: "上门打扫", Detail: "志愿队上门打扫一小时。", Unit: "小时", Price: 10, Who: lovebank.Everybody, Stock: 20},
	{Kind: lovebank.Help, Title: "陪同就医", Detail: "提前两天约时间。", Unit: "小时", Price: 10, Who: lovebank.Elders, Stock: 16},
	{Kind: lovebank.Help, Title: "教用手机", Unit: "小时", Price: 5, Who: lovebank.Everybody, Stock: 10},
	{Kind: lovebank.Thing, Title: "儿童绘本", Unit: "本", Price: 6, Who: lovebank.Everybody, Stock: 18},
}

// loveBank lets every community keep a bank: what can be redeemed, a firm that gives, a member who opens an account, redeems, and gives to the fund. Where no member has an
// account of the program, the community opens one for two of them and orders what they ask for.
func (b *builder) loveBank(a *agenda) {
	for i, c := range b.communities {
		x := &banking{builder: b, c: c, n: i}
		for _, u := range b.units {
			if x.giver == nil || u.community == c && i > 1 {
				x.giver = u
				if u.community == c {
					break
				}
			}
		}
		a.add(at(b.today.AddDays(-28), 10, i%60), x.begin)
		a.add(at(b.today.AddDays(-21), 10, i%60), x.donation)
		a.add(at(b.today.AddDays(-12), 20, i%60), x.redeem)
		a.add(at(b.today.AddDays(-3), 20, i%60), x.again)
	}
}

// banking is the bank of a community of the demonstration.
type banking struct {
	*builder
	c     *community
	n     int
	giver *unit
	books []id.ID // of members for whom the community opened them
}

// begin fills the catalogue; the member opens an account, and their service is credited.
func (x *banking) begin(ctx context.Context) error {
	for i, w := range wares {
		if x.n > 0 && (i+x.n)%3 > 0 {
			continue
		}
		w.CommunityID, w.LastOn = x.c.id, x.today.AddDays(300)
		if _, err := x.LoveBank.AddItem(ctx, x.c.worker, w); err != nil {
			return fmt.Errorf("the love bank: %w", err)
		}
	}
	if x.c.member.PersonID == 0 {
		for _, m := range x.c.members[:min(2, len(x.c.members))] {
			book, err := x.LoveBank.OpenFor(ctx, x.c.worker, m.person)
			if err != nil {
				return fmt.Errorf("an account of the love bank: %w", err)
			}
			x.books = append(x.books, book)
		}
		return nil
	}
	_, err := x.LoveBank.Open(ctx, x.c.member)
	return err
}

// donation is what a firm gives: one is accepted, another waits.
func (x *banking) donation(ctx context.Context) error {
	u := x.giver
	if u == nil {
		return nil
	}
	d, err := x.LoveBank.Offer(ctx, u.liaison, lovebank.NewDonation{OrgID: u.id, CommunityID: x.c.id, Title: "大米", Detail: "五公斤装。", Amount: 50, Unit: "袋", LastOn: x.today.AddDays(200)})
	if err != nil {
		return err
	}
	if _, err := x.LoveBank.Accept(ctx, x.c.worker, d, 12); err != nil {
		return err
	}
	_, err = x.LoveBank.Offer(ctx, u.liaison, lovebank.NewDonation{OrgID: u.id, CommunityID: x.c.id, Title: "食用油", Amount: 30, Unit: "桶", LastOn: x.today.AddDays(200)})
	return err
}

// redeem credits what was booked meanwhile; the member redeems something and collects it, and gives a few hearts to the fund.
func (x *banking) redeem(ctx context.Context) error {
	if err := x.order(ctx, true); err != nil || x.c.member.PersonID == 0 {
		return err
	}
	return x.give(ctx)
}

// again orders something that is not collected yet.
func (x *banking) again(ctx context.Context) error { return x.order(ctx, false) }

// order lets the member redeem the first that their hearts are enough for; where nothing is, nothing happens.
func (x *banking) order(ctx context.Context, collect bool) error {
	if x.n == 0 { // for all
		if err := x.LoveBank.SyncAll(ctx, x.tenant); err != nil {
			return err
		}
	}
	if x.c.member.PersonID == 0 {
		return x.orderFor(ctx, collect)
	}
	book, err := x.LoveBank.Own(ctx, x.c.member)
	if err != nil {
		return err
	}
	list, err := x.LoveBank.Choice(ctx, x.c.member, lovebank.ItemFilter{})
	if err != nil {
		return err
	}
	for _, i := range list.Items {
		if i.Price > book.Balance || i.Who == lovebank.Elders || collect && i.Kind == lovebank.Help { // help comes, and is not collected
			continue
		}
		o, err := x.LoveBank.Redeem(ctx, x.c.member, lovebank.Redemption{Item: i.ID, Amount: 1})
		if err != nil || !collect {
			return err
		}
		_, code, err := x.LoveBank.Order(ctx, x.c.member, o)
		if err != nil {
			return err
		}
		_, err = x.LoveBank.Hand(ctx, x.c.worker, code)
		return err
	}
	return nil
}

// orderFor orders for the members at the counter what their hearts are enough for.
func (x *banking) orderFor(ctx context.Context, collect bool) error {
	for _, book := range x.books {
		b, err := x.LoveBank.Look(ctx, x.c.worker, book)
		if err != nil {
			return err
		}
		list, err := x.LoveBank.ChoiceFor(ctx, x.c.worker, book, lovebank.ItemFilter{})
		if err != nil {
			return err
		}
		for _, i := range list.Items {
			if i.Price > b.Balance || i.Who == lovebank.Elders || collect && i.Kind == lovebank.Help {
				continue
			}
			o, err := x.LoveBank.RedeemFor(ctx, x.c.worker, book, lovebank.Redemption{Item: i.ID, Amount: 1})
			if err != nil || !collect {
				return err
			}
			_, code, err := x.LoveBank.Slip(ctx, x.c.worker, o)
			if err != nil {
				return err
			}
			_, err = x.LoveBank.Hand(ctx, x.system, code) // nobody hands over what they ordered themselves
			return err
		}
	}
	return nil
}

// give lets the member give a few hearts to the fund.
func (x *banking) give(ctx context.Context) error {
	book, err := x.LoveBank.Own(ctx, x.c.member)
	if err != nil || book.Balance < 10 {
		return err
	}
	return x.LoveBank.Give(ctx, x.c.member, lovebank.Giving{Amount: 5})
}
