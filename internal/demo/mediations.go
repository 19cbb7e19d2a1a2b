package demo

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/id"
	"linli/internal/mediation"
)

// quarrel is a dispute and what becomes of it.
type quarrel struct {
	body, other, name string
	phone             string
	ago               int // days
	facts, content    string
	duty              string
	ends              mediation.State
}

var quarrels = []quarrel{
	{body: "楼上卫生间漏水，泡坏了我家吊顶和墙面，三次上门没谈拢。", other: "楼上住户周先生", name: "王女士", phone: "9900001", ago: 75, ends: mediation.Performed, facts: "楼上卫生间防水层失效，造成楼下吊顶和两面墙受损。",
		content: "楼上住户负责修好防水，并赔偿楼下维修费 2600 元；楼下配合开门检修。", duty: "支付维修费 2600 元"},
	{body: "邻居在楼道堆放纸箱和电动车，劝了几次还吵起来。", other: "同层住户孙先生", name: "赵大爷", phone: "9900002", ago: 16, ends: mediation.InForce, facts: "一方长期在公共楼道堆物、停放电动车，双方发生口角。",
		content: "十日内清空楼道，电动车停到车棚；双方互相道歉，不再争吵。", duty: "清空楼道，电动车停到车棚"},
	{body: "合伙开的早餐店散伙，押金和设备怎么分谈不拢。", other: "合伙人何女士", name: "李先生", phone: "9900003", ago: 6, ends: mediation.Running},
	{body: "装修噪声影响孩子休息，要求对方赔偿，对方不认。", other: "楼下住户冯先生", name: "陈阿姨", phone: "9900004", ago: 48, ends: mediation.Failed},
}

// mediations lets the first community's committee mediate some disputes.
func (b *builder) mediations(a *agenda) {
	c := b.communities[0]
	if c.secretary.AccountID == 0 || c.worker.AccountID == 0 {
		return
	}
	m := &mediating{builder: b, c: c, who: c.secretary}
	a.add(at(b.today.AddDays(-120), 9, 40), m.elect)
	for i := range quarrels {
		q := &atQuarrel{mediating: m, quarrel: quarrels[i]}
		day := b.today.AddDays(-q.ago)
		a.add(at(day, 9, 41+i), q.report)
		a.add(at(day.AddDays(1), 10, 41+i), q.begin)
		a.add(at(day.AddDays(3), 15, 41+i), q.hold)
		switch q.ends {
		case mediation.Failed:
			a.add(at(day.AddDays(20), 15, 41+i), q.fail)
		case mediation.InForce, mediation.Performed:
			a.add(at(day.AddDays(8), 15, 41+i), q.sign)
		}
		if q.ends == mediation.Performed {
			a.add(at(day.AddDays(15), 9, 41+i), q.confirm)
			a.add(at(day.AddDays(25), 9, 41+i), q.perform)
			a.add(at(day.AddDays(38), 16, 41+i), q.visit)
		}
	}
}

// mediating is the committee of a community.
type mediating struct {
	*builder
	c       *community
	who     authz.Actor
	members []mediation.Member
}

func (m *mediating) elect(ctx context.Context) error {
	if err := m.Mediation.SaveCommittee(ctx, m.who, m.c.id, 0, m.c.name+"人民调解委员会", m.today.AddDays(-300)); err != nil {
		return err
	}
	for _, n := range []mediation.NewMember{
		{Name: "许志明", Sex: mediation.Male, Head: true}, {Name: "调解员小吴", Sex: mediation.Female, Login: "worker" + suffix(m.c.index)}, {Name: "吕桂芳", Sex: mediation.Female}, {Name: "老支书高建国", Sex: mediation.Male},
	} {
		if err := m.Mediation.AddMember(ctx, m.who, m.c.id, n); err != nil {
			return err
		}
	}
	c, err := m.Mediation.Committee(ctx, m.who, m.c.id)
	m.members = c.Members
	return err
}

// atQuarrel is one of the disputes on its way.
type atQuarrel struct {
	*mediating
	quarrel
	dispute id.ID
	id      id.ID
}

func (q *atQuarrel) day() calendar.Date { return calendar.DateOf(q.clock.Now()) }

func (q *atQuarrel) report(ctx context.Context) error {
	r := casework.Report{Kind: "dispute", CommunityID: q.c.id, Body: q.body, Name: q.name, Phone: phonePrefix + q.phone, Channel: casework.ByHall, Answers: map[string]string{"other_side": q.other}}
	items, err := q.Casework.Categories(ctx, q.tenant, "dispute", false)
	if err != nil {
		return err
	}
	if len(items) > 0 {
		r.ItemID = items[q.ago%len(items)].ID
	}
	got, err := q.Casework.Enter(ctx, q.who, r)
	q.dispute = got.ID
	return err
}

// get is the mediation as it stands.
func (q *atQuarrel) get(ctx context.Context) (mediation.Mediation, error) {
	return q.Mediation.Get(ctx, q.who, q.id)
}

func (q *atQuarrel) begin(ctx context.Context) (err error) {
	if q.id, err = q.Mediation.FromCase(ctx, q.who, q.dispute, true); err != nil {
		return err
	}
	d, err := q.get(ctx)
	if err != nil {
		return err
	}
	if err := q.Mediation.SetMediators(ctx, q.who, q.id, d.Version, mediation.Chosen{Members: []id.ID{q.members[1].ID, q.members[q.ago%len(q.members)].ID}[:1+q.ago%2], ByThem: q.ago%2 == 0}); err != nil {
		return err
	}
	return q.Mediation.SetConsent(ctx, q.who, q.id, d.Version+1, []id.ID{d.Parties[0].ID, d.Parties[1].ID}, mediation.Agrees, false, q.day())
}

func (q *atQuarrel) hold(ctx context.Context) error {
	d, err := q.get(ctx)
	if err != nil {
		return err
	}
	return q.Mediation.Hold(ctx, q.who, q.id, d.Version, mediation.NewSession{On: q.day(), Place: q.c.name + "调解室", Who: q.name + "、" + q.other + "、调解员小吴", Record: "双方各自陈述了经过，调解员讲了有关规定，双方同意再商量。"})
}

func (q *atQuarrel) fail(ctx context.Context) error {
	d, err := q.get(ctx)
	if err != nil {
		return err
	}
	return q.Mediation.Fail(ctx, q.who, q.id, d.Version, true, "赔偿数额差距太大，双方不再让步。")
}

func (q *atQuarrel) sign(ctx context.Context) error {
	d, err := q.get(ctx)
	if err != nil {
		return err
	}
	if err := q.Mediation.Draft(ctx, q.who, q.id, d.Version, mediation.Agreement{Settles: mediation.Whole, Terms: mediation.Terms{Facts: q.facts, Points: q.body, Content: q.content, Way: "按下列事项和期限履行。"},
		Duties: []mediation.NewDuty{{PartyID: d.Parties[1].ID, Words: q.duty, DueOn: q.day().AddDays(20)}}}); err != nil {
		return err
	}
	return q.Mediation.Sign(ctx, q.who, q.id, d.Version+1, mediation.Signed{Parties: []id.ID{d.Parties[0].ID, d.Parties[1].ID}, Mediator: true, Seal: true, How: mediation.ByFinger, On: q.day()})
}

func (q *atQuarrel) confirm(ctx context.Context) error {
	d, err := q.get(ctx)
	if err != nil {
		return err
	}
	if err := q.Mediation.ApplyForConfirmation(ctx, q.who, q.id, d.Version, mediation.Application{Want: true, Agreed: []id.ID{d.Parties[0].ID, d.Parties[1].ID}, Court: "示例区人民法院", On: q.day()}); err != nil {
		return err
	}
	return q.Mediation.NoteAnswer(ctx, q.who, q.id, d.Version+1, mediation.Taken, q.day())
}

func (q *atQuarrel) perform(ctx context.Context) error {
	d, err := q.get(ctx)
	if err != nil {
		return err
	}
	if err := q.Mediation.NoteAnswer(ctx, q.who, q.id, d.Version, mediation.Confirmed, q.day()); err != nil {
		return err
	}
	return q.Mediation.Perform(ctx, q.who, q.id, d.Version+1, d.Duties[0].ID, q.day(), "已转账")
}

func (q *atQuarrel) visit(ctx context.Context) error {
	d, err := q.get(ctx)
	if err != nil {
		return err
	}
	return q.Mediation.MakeVisit(ctx, q.who, q.id, d.Version, d.Visits[0].ID, q.day(), "双方都满意，关系缓和。")
}
