package demo

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
)

// craft is somebody who is sent to residents. Skills are classes of the hotline ("01") or beginnings of the names of its items.
type craft struct {
	name   string
	skills []string
	street bool   // goes everywhere in the sub-district, not only to the first communities
	work   string // hours from Monday to Friday
	rest   string // and at the weekend
	cert   string
	ends   int // days from today on which the certificate ends
	note   string
}

var crafts = []craft{
	{name: "张建国", skills: []string{"01"}, street: true, work: "08:00-12:00 14:00-18:00", rest: "09:00-12:00", cert: "低压电工作业证", ends: 400, note: "水电都会"},
	{name: "李卫东", skills: []string{"水管", "疏通", "门窗"}, street: true, work: "08:00-18:00"},
	{name: "王秀英", skills: []string{"02", "助餐", "上门理发"}, work: "08:00-17:00", rest: "08:00-12:00"},
	{name: "陈志强", skills: []string{"家用电器", "电路", "油烟机"}, street: true, work: "09:00-19:00", rest: "09:00-19:00", cert: "家用电器维修工", ends: 20},
	{name: "刘大勇", skills: []string{"开锁"}, street: true, work: "18:00-08:00", rest: "00:00-24:00", cert: "公安机关开锁备案", ends: 200, note: "夜班"},
	{name: "赵玉兰", skills: []string{"03", "04"}, work: "08:30-17:30", cert: "养老护理员", ends: -10, note: "志愿者，每月 40 小时"},
	{name: "孙长海", skills: []string{"垃圾清运", "搬运", "小区设施"}, work: "07:00-11:00 13:00-17:00", rest: "07:00-11:00"},
	{name: "周敏", skills: []string{"05", "06"}, work: "08:30-17:30", note: "律师志愿者"},
}

// sent is a case that a technician does.
type sent struct {
	item  string
	body  string
	place string
	who   int // of crafts
	days  int // ago
	stage technician.State
	times int64
	parts int64 // fen
	what  string
	done  string
	took  int64 // minutes
	sign  bool
	stars int64
	words string
	rush  bool
}

var sents = []sent{
	{item: "水管", body: "卫生间水管接头漏水，楼下已经有水印了。", place: "3 单元 201", who: 0, days: 26, stage: technician.Finished, times: 1, parts: 2800, what: "接头、生料带", done: "更换接头，试水不漏。", took: 45, sign: true, stars: 5, words: "来得快。"},
	{item: "家用电器", body: "冰箱不制冷，里面的菜要坏了。", place: "6 单元 402", who: 3, days: 22, stage: technician.Finished, times: 1, parts: 12000, what: "温控器", done: "更换温控器，制冷正常。", took: 70, sign: true, stars: 4},
	{item: "上门理发", body: "老人卧床，想请人上门理发。", place: "1 单元 101", who: 2, days: 18, stage: technician.Finished, done: "已上门理发。", took: 40, sign: true, stars: 5, words: "师傅很耐心。"},
	{item: "疏通", body: "厨房下水道堵了，水下不去。", place: "2 单元 502", who: 1, days: 15, stage: technician.Finished, times: 1, done: "已疏通，并清理了存水弯。", took: 50, stars: 4},
	{item: "空巢", body: "希望每周有人来看看独居的父亲。", place: "5 单元 302", who: 5, days: 12, stage: technician.Finished, done: "已上门探访，约定每周三再来。", took: 60, sign: true, stars: 5},
	{item: "电路", body: "插座冒火花，不敢用。", place: "4 单元 601", who: 0, days: 9, stage: technician.Finished, times: 2, parts: 1600, what: "插座两个", done: "更换插座两处，查过线路。", took: 55, sign: true, stars: 5},
	{item: "油烟机", body: "油烟机滴油，想请人清洗。", place: "7 单元 303", who: 3, days: 4, stage: technician.Finished, times: 1, done: "已拆洗。", took: 90},
	{item: "水管", body: "水龙头关不紧，整夜滴水。", place: "2 单元 402", who: 1, stage: technician.Offered},
	{item: "开锁", body: "钥匙断在锁里，进不了门。", place: "8 单元 101", who: 4, stage: technician.Taken, rush: true},
	{item: "门窗", body: "阳台窗户关不上，怕下雨。", place: "3 单元 602", who: 1, stage: technician.Arrived},
	{item: "助餐", body: "腿脚不便，想订午餐送到家。", place: "1 单元 301", who: 2, stage: technician.Finished, times: 1, done: "已登记送餐，每天 11 点半送到。", took: 20},
	{item: "电路", body: "楼道灯和家里客厅灯都不亮。", place: "5 单元 101", who: 3, stage: technician.Declined},
	{item: "水管", body: "阳台水管冻裂，一直在漏。", place: "6 单元 201", stage: technician.Gone, rush: true},
	{item: "家政", body: "想找人每周打扫一次。", place: "2 单元 103", stage: technician.Gone},
	{item: "家庭保洁", body: "搬家前想请人打扫一次卫生。", place: "4 单元 203", stage: technician.Gone},
	{item: "垃圾清运", body: "旧沙发放在楼下，需要拉走。", place: "7 单元楼下", stage: technician.Gone},
}

// technicianOpenings are the accounts of technicians; the first is offered on the log-in page.
func (b *builder) technicianOpenings(first *community) []opening {
	b.crew = make([]authz.Actor, len(crafts))
	var list []opening
	for i, c := range crafts {
		o := opening{login: "technician" + suffix(i), name: c.name, role: app.RoleTechnician, org: first.id, actor: &b.crew[i]}
		if i == 0 {
			o.note = i18n.DemoTechnician.In(i18n.ZH) + c.name
		}
		list = append(list, o)
	}
	return list
}

// technicians enters who is sent, and lets them do what was asked for.
func (b *builder) technicians(a *agenda) {
	a.add(at(b.today.AddDays(-40), 8, 30), b.enterCrew)
	first := b.communities[0]
	for n, s := range sents {
		x := &visit{builder: b, sent: s, c: first, n: n}
		if s.days == 0 {
			b.visits = append(b.visits, x)
			continue
		}
		day := b.today.AddDays(-s.days)
		for i, step := range []func(context.Context) error{x.report, x.offer, x.take, x.arrive, x.finish} {
			a.add(at(day, 9, 1+10*i), step)
		}
		if s.sign {
			a.add(at(day, 9, 55), x.signOff)
		}
		if s.stars > 0 {
			a.add(at(day, 19, 0), x.rate)
		}
	}
}

func (b *builder) enterCrew(ctx context.Context) error {
	choices, err := b.Technician.Choices(ctx, b.tenant)
	if err != nil {
		return err
	}
	first := b.communities[0]
	b.crewIDs = make([]id.ID, len(crafts))
	for i, c := range crafts {
		n := technician.Entry{Name: c.name, Login: "technician" + suffix(i), OrgID: first.id, Phone: fmt.Sprintf("%s%07d", phonePrefix, 9_500_000+i), Note: c.note, Areas: []id.ID{first.id}}
		if c.street {
			n.Areas = []id.ID{first.street}
		} else if len(b.communities) > 1 && b.communities[1].street == first.street {
			n.Areas = append(n.Areas, b.communities[1].id)
		}
		for day := range n.Week {
			n.Week[day] = c.work
			if day > 4 {
				n.Week[day] = c.rest
			}
		}
		for _, s := range c.skills {
			for _, k := range choices {
				if k.Class == technician.ClassKey("service", s) {
					n.Skills = append(n.Skills, technician.Skill{Class: k.Class})
				}
				for _, item := range k.Items {
					if strings.HasPrefix(item.Name.In(i18n.ZH), s) {
						n.Skills = append(n.Skills, item)
					}
				}
			}
		}
		if b.crewIDs[i], err = b.Technician.Create(ctx, b.street, n); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
		if c.cert != "" {
			if err := b.Technician.AddCertificate(ctx, b.street, b.crewIDs[i], c.cert, b.today.AddDays(c.ends)); err != nil {
				return err
			}
		}
	}
	return nil
}

// visited lets today's cases come in and go as far as they are.
func (b *builder) visited(ctx context.Context) error {
	for _, x := range b.visits {
		steps := []func(context.Context) error{x.report}
		switch x.stage {
		case technician.Offered:
			steps = append(steps, x.offer)
		case technician.Declined:
			steps = append(steps, x.offer, x.decline)
		case technician.Taken:
			steps = append(steps, x.offer, x.take)
		case technician.Arrived:
			steps = append(steps, x.offer, x.take, x.arrive)
		case technician.Finished:
			steps = append(steps, x.offer, x.take, x.arrive, x.finish)
		}
		for _, step := range steps {
			if err := step(ctx); err != nil {
				return err
			}
		}
	}
	return b.Technician.SetDay(ctx, b.street, b.crewIDs[6], b.today.AddDays(2), "", "请假")
}

// visit is a case of a technician on its way.
type visit struct {
	*builder
	sent
	c    *community
	n    int
	got  casework.Receipt
	jobs id.ID
}

func (x *visit) report(ctx context.Context) error {
	items, err := x.Casework.Categories(ctx, x.tenant, "service", true)
	if err != nil {
		return err
	}
	r := casework.Report{Kind: "service", CommunityID: x.c.id, Place: x.place, Body: x.body, Urgent: x.rush, Name: [...]string{"吴女士", "郑先生", "冯阿姨", "蒋大爷"}[x.n%4], Phone: fmt.Sprintf("%s%07d", phonePrefix, 9_700_000+x.n), Tell: true}
	for _, c := range items {
		if strings.HasPrefix(c.Name.In(i18n.ZH), x.item) {
			r.ItemID = c.ID
		}
	}
	x.got, err = x.Casework.Report(ctx, x.tenant, i18n.CasePublicReporter.In(i18n.ZH), "", r)
	return err
}

func (x *visit) offer(ctx context.Context) error {
	if err := x.Technician.Offer(ctx, x.street, x.got.ID, x.crewIDs[x.who]); err != nil {
		return err
	}
	list, err := x.Technician.OfCase(ctx, x.street, x.got.ID)
	if err == nil {
		x.jobs = list[0].ID
	}
	return errors.Join(err, x.tellNow(ctx))
}

func (x *visit) take(ctx context.Context) error { return x.Technician.Take(ctx, x.crew[x.who], x.jobs) }

func (x *visit) arrive(ctx context.Context) error {
	return x.Technician.Arrive(ctx, x.crew[x.who], x.jobs)
}

func (x *visit) decline(ctx context.Context) error {
	return x.Technician.Decline(ctx, x.crew[x.who], x.jobs, "今天排满了，明天才有空。")
}

func (x *visit) finish(ctx context.Context) error {
	err := x.Technician.Finish(ctx, x.crew[x.who], x.jobs, technician.Finish{Outcome: string(casework.Fulfilled), Words: x.done, Minutes: x.took, Charged: technician.Charged{Units: x.times, Materials: x.parts, What: x.what}})
	return errors.Join(err, x.tellNow(ctx))
}

func (x *visit) signOff(ctx context.Context) error {
	return x.Technician.SignOff(ctx, x.crew[x.who], x.jobs, x.got.SignOff)
}

func (x *visit) rate(ctx context.Context) error {
	_, err := x.Casework.Rate(ctx, casework.Code(x.got.Code), i18n.CasePublicReporter.In(i18n.ZH), "", casework.Rating{Solved: casework.Yes, Stars: x.stars, Words: x.words})
	return err
}
