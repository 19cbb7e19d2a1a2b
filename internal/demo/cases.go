package demo

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/place"
)

// told is what somebody says, and what becomes of it.
type told struct {
	kind, item string // of the catalogue, by the beginning of its name
	body       string
	place      string
	channel    casework.Channel // none is the web page
	stands     casework.State   // how far it has come
	outcome    casework.Outcome
	result     string
	address    string
	stars      int64
	words      string
	days       int // ago
	urgent     bool
	named      bool
}

var tolds = []told{
	{kind: "service", item: "水电", body: "厨房水龙头关不紧，一直滴水，麻烦派个师傅来看看。", place: "2 单元 301", channel: casework.ByPhone, stands: casework.Closed, outcome: casework.Fulfilled,
		result: "师傅上门换了阀芯，收材料费 15 元。", stars: 5, words: "来得快，修得好。", days: 34, named: true},
	{kind: "event", item: "道路不洁", body: "小区东门外路面散落渣土，车一过全是灰。", place: "东门外", channel: casework.ByGrid, stands: casework.Closed, outcome: casework.Fulfilled, result: "环卫已清扫，并通知工地加盖。", stars: 4, days: 30},
	{kind: "opinion", item: "建议", body: "建议在广场装两张带靠背的长椅，老人坐着方便。", place: "小广场", stands: casework.Closed, outcome: casework.Half, result: "先装了一张，另一张等下一批经费。", stars: 4, words: "希望早点装第二张。", days: 28},
	{kind: "opinion", item: "投诉", body: "夜里 11 点以后楼下烧烤摊太吵，孩子睡不着。", place: "南街口", stands: casework.Closed, outcome: casework.PassedOn, result: "夜间噪声由城管中队处理，已转交并约定每晚巡查。",
		address: "城管中队 0515-8800-0110", days: 25, named: true},
	{kind: "matter", item: "老年", body: "母亲 82 岁，行动不便，想请人代办高龄津贴。", channel: casework.ByHall, stands: casework.Closed, outcome: casework.Fulfilled, result: "已上门收取材料并代为申报，次月起发放。", stars: 5, days: 21, named: true},
	{kind: "service", item: "家电", body: "洗衣机不转了，能不能派人来修。", place: "5 单元 602", stands: casework.Done, outcome: casework.Fulfilled, result: "更换皮带，已试机。", days: 3, named: true},
	{kind: "event", item: "积存", body: "后巷堆了好几袋装修垃圾，有味道。", place: "后巷", channel: casework.ByGrid, stands: casework.Working, days: 1},
	{kind: "opinion", item: "咨询", body: "新生儿医保在哪个窗口办，要带什么？", stands: casework.Working, days: 1, named: true},
	{kind: "event", item: "占道", body: "早市占了半边路，公交车过不去。", place: "西门", stands: casework.Dispatched, days: 2},
	{kind: "need", item: "", body: "独居老人腿摔伤，买菜不便，希望有人每周帮买两次菜。", place: "3 单元", channel: casework.ByVisit, stands: casework.Accepted, days: 2},
	{kind: "opinion", item: "求助", body: "楼道灯坏了三盏，晚上上楼看不见。", place: "4 单元", stands: casework.Received, days: 0},
	{kind: "opinion", item: "求助", body: "4 单元二楼到四楼的灯都不亮，老人差点摔倒。", place: "4 单元", channel: casework.ByPhone, stands: casework.Received, days: 0, named: true},
	{kind: "opinion", item: "求助", body: "楼道的灯不亮，孩子晚自习回来上楼看不见。", place: "4 单元", stands: casework.Received, days: 0, named: true},
	{kind: "dispute", item: "", body: "楼上漏水泡了天花板，双方说不拢赔多少。", channel: casework.ByHall, stands: casework.Working, days: 4, named: true},
	{kind: "service", item: "开锁", body: "钥匙锁在家里了，孩子一个人在屋里。", place: "1 单元 502", channel: casework.ByPhone, stands: casework.Working, days: 0, urgent: true, named: true},
	{kind: "event", item: "店外经营", body: "饭馆把桌子摆到人行道上，轮椅过不去。", place: "人行道", channel: casework.ByOther, stands: casework.Closed, outcome: casework.Fulfilled,
		result: "已劝导店主收回桌椅，并约定不再外摆。", stars: 5, days: 9, named: true},
	{kind: "event", item: "垃圾站", body: "垃圾桶满了两天没有清运，地上都是袋子。", place: "垃圾投放点", channel: casework.ByOther, stands: casework.Working, days: 1},
	{kind: "opinion", item: "投诉", body: "电动车充电棚一直没有通电，问了两次没有结果。", place: "北车棚", stands: casework.Working, days: 12},
}

// cases lets residents of the first communities say what they need, and staff do something about it.
func (b *builder) cases(a *agenda) {
	for i, c := range b.communities[:min(3, len(b.communities))] {
		who := c.worker
		if who.AccountID == 0 {
			who = b.system
		}
		for n, t := range tolds {
			if i > 0 && n%3 != i {
				continue
			}
			x := &toldCase{builder: b, c: c, who: who, told: t, n: n}
			day := b.today.AddDays(-t.days)
			if !day.After(b.start) {
				continue
			}
			if t.days == 0 {
				b.now = append(b.now, x)
				continue
			}
			a.add(at(day, 9, 3*n+i), x.report)
			if t.stands != casework.Received {
				a.add(at(day, 10, 3*n+i), x.work)
			}
			if t.stands == casework.Done || t.stands == casework.Closed {
				a.add(at(day.AddDays(1), 15, 3*n+i), x.finish)
			}
			if t.stands == casework.Closed {
				a.add(at(day.AddDays(2), 19, 3*n+i), x.rate)
			}
		}
	}
}

// reported lets in what is said today.
func (b *builder) reported(ctx context.Context) error {
	for _, x := range b.now {
		if err := x.report(ctx); err != nil {
			return err
		}
		if x.stands != casework.Received {
			if err := x.work(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// toldCase is a case on its way.
type toldCase struct {
	*builder
	c   *community
	who authz.Actor
	told
	n  int
	id id.ID
	by string
}

func (x *toldCase) report(ctx context.Context) error {
	r := casework.Report{Kind: x.kind, CommunityID: x.c.id, Place: x.place, Body: x.body, Channel: x.channel, Urgent: x.urgent}
	kind, err := x.Casework.Kind(ctx, x.tenant, x.kind)
	if err != nil {
		return err
	}
	items, err := x.Casework.Categories(ctx, x.tenant, kind.List, x.channel == "")
	if err != nil {
		return err
	}
	if at := slices.IndexFunc(items, func(c casework.Category) bool {
		name := c.Name.In(i18n.ZH)
		return x.item != "" && len(name) >= len(x.item) && name[:len(x.item)] == x.item
	}); at >= 0 {
		r.ItemID = items[at].ID
	}
	if x.named {
		r.Name, r.Phone = [...]string{"王女士", "李先生", "陈阿姨", "赵大爷"}[x.n%4], fmt.Sprintf("%s%07d", phonePrefix, 9_000_000+x.n)
		r.Tell = true
	}
	homes, err := x.Place.Buildings(ctx, x.system, place.Filter{CommunityID: x.c.id, Page: db.Page{Limit: 60}})
	if err != nil {
		return err
	}
	if n := len(homes.Items); n > 0 && x.place != "" && x.n%5 != 4 { // now and then nobody says in which building
		r.BuildingID = homes.Items[x.n*7%n].ID
	}
	var got casework.Receipt
	if x.channel == casework.ByOther {
		got, err = x.sendIn(ctx, r)
	} else if x.channel == "" {
		got, err = x.Casework.Report(ctx, x.tenant, i18n.CasePublicReporter.In(i18n.ZH), "", r)
	} else {
		got, err = x.Casework.Enter(ctx, x.who, r)
	}
	x.id, x.by = got.ID, got.Code
	return errors.Join(err, x.tellNow(ctx))
}

// sendIn lets the program of the city send a report, with its position.
func (x *toldCase) sendIn(ctx context.Context, r casework.Report) (casework.Receipt, error) {
	bl := x.c.blocks[x.n%len(x.c.blocks)]
	px, py := bl.position(x.n % bl.buildings)
	return x.Casework.Receive(ctx, x.connected, casework.Incoming{Offer: r.Kind + "-" + r.ItemID.String(), Placed: true, X: px, Y: py, Address: r.Place, Body: r.Body, First: r.Name, Phone: r.Phone})
}

// work takes the case on, or gives it out: what the community has it does itself, what lies with the sub-district comes down to the community.
func (x *toldCase) work(ctx context.Context) error {
	d, err := x.Casework.Get(ctx, x.at(), x.id)
	if err != nil {
		return err
	}
	if d.OrgID != x.c.id {
		if err := x.Casework.Dispatch(ctx, x.street, x.id, d.Version, x.c.id, "请社区先到现场看看。"); err != nil || x.stands == casework.Dispatched {
			return err
		}
		d.Version++
	}
	switch x.stands {
	case casework.Accepted, casework.Dispatched:
		return x.Casework.Accept(ctx, x.at(), x.id, d.Version)
	}
	if err := x.Casework.Take(ctx, x.at(), x.id, d.Version); err != nil {
		return err
	}
	return x.Casework.Note(ctx, x.at(), x.id, "已到现场看过，正在安排。", true)
}

// at is who works on the case: the secretary, where it is confidential.
func (x *toldCase) at() authz.Actor {
	if x.kind == "dispute" && x.c.secretary.AccountID != 0 {
		return x.c.secretary
	}
	return x.who
}

func (x *toldCase) finish(ctx context.Context) error {
	d, err := x.Casework.Get(ctx, x.at(), x.id)
	if err != nil {
		return err
	}
	return x.Casework.Finish(ctx, x.at(), x.id, d.Version, casework.Result{Outcome: x.outcome, Words: x.result, Address: x.address})
}

func (x *toldCase) rate(ctx context.Context) error {
	if x.stars == 0 {
		return nil
	}
	_, err := x.Casework.Rate(ctx, casework.Code(x.by), i18n.CasePublicReporter.In(i18n.ZH), "", casework.Rating{Solved: casework.Yes, Stars: x.stars, Words: x.words})
	return err
}
