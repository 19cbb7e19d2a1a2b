package demo

import (
	"context"
	"fmt"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/pairing"
	"linli/internal/person"
)

// hardship is a household in hardship of the demonstration.
type hardship struct {
	difficulty pairing.Difficulty
	situation  string
	plan       string
	deed       pairing.Deed
	note       string
	elder      bool // the contact is old
}

var hardships = []hardship{
	{difficulty: "elderly", situation: "老人独居，腿脚不便，子女在外地，一周回来一次。", plan: "装卫生间扶手", deed: "talk", note: "精神好，血压药还够两周；帮着换了灯泡。", elder: true},
	{difficulty: "low_income", situation: "低保户，两口人，靠低保和打零工生活。", plan: "申请取暖补贴", deed: "policy", note: "补贴材料交齐了，等街道审核。"},
	{difficulty: "illness", situation: "家里有人长期透析，花销大，一人照顾走不开。", plan: "问清大病救助怎样办", deed: "care", note: "陪去医院透析一次，路上聊了救助的事。"},
	{difficulty: "disability", situation: "肢体残疾，出门要坐轮椅，单元门口有三级台阶。", plan: "联系做坡道", deed: "errand", note: "帮着取了药和米；坡道已经报给社区。"},
	{difficulty: "unemployed", situation: "厂子搬走后失业半年，孩子上小学。", plan: "介绍两个岗位", deed: "job", note: "约好周五一起去招聘会。"},
	{difficulty: "low_margin", situation: "收入刚过低保线，房租占了一半。", plan: "问公租房的条件", deed: "goods", note: "送去米和油；公租房的表已经领了。"},
}

// pairings lets communities enter households in hardship and pair them: 650 in a district (D), twelve in the small scale, over all states.
func (b *builder) pairings(a *agenda) {
	each, many := 2, 12
	if b.Scale.Units >= District.Units {
		each, many = 11, 650
	}
	for n := range min(many, each*len(b.communities)) {
		c := b.communities[n%len(b.communities)]
		x := &pairedHome{builder: b, c: c, n: n, k: n / len(b.communities), who: c.worker, hardship: hardships[(n+n/len(b.communities))%len(hardships)]}
		if x.who.AccountID == 0 {
			x.who = b.system
		}
		begun := b.today.AddDays(-250 + (n*37)%190)
		if x.waits() {
			begun = b.today.AddDays(-4)
		}
		a.add(at(begun, 9, n%60), x.enter)
		if x.waits() {
			continue
		}
		a.add(at(begun.AddDays(2), 15, n%60), x.pair)
		a.add(at(begun.AddDays(9), 17, n%60), x.visit)
		switch n % 12 {
		case 7: // nobody came for long
		case 9:
			a.add(at(b.today.AddDays(-15), 16, n%60), x.end)
		default:
			a.add(at(b.today.AddDays(-3-n%20), 17, n%60), x.visit)
		}
	}
}

// pairedHome is a household on its way.
type pairedHome struct {
	*builder
	hardship
	c    *community
	n, k int
	who  authz.Actor

	id, helper id.ID
}

func (x *pairedHome) waits() bool { return x.n%12 == 4 || x.n%12 == 11 }

func (x *pairedHome) today0() calendar.Date { return calendar.DateOf(x.clock.Now()) }

// enter enters the household of somebody who is no member of the community and stands on no list yet.
func (x *pairedHome) enter(ctx context.Context) error {
	l, err := x.Person.List(ctx, x.who, person.Filter{CommunityID: x.c.id, Page: db.Page{Limit: 200}})
	if err != nil {
		return err
	}
	members := map[id.ID]bool{x.guest: true}
	for _, m := range x.c.members {
		members[m.person] = true
	}
	seen := 0
	for _, p := range l.Items {
		age := p.BornOn.YearsUntil(x.today)
		if members[p.ID] || age < 25 || x.elder != (age >= 70) {
			continue
		}
		if seen++; seen <= x.k*2 {
			continue
		}
		n := pairing.Entry{PersonID: p.ID, Difficulty: x.difficulty, Situation: x.situation, Consent: "in_person", ConsentOn: x.today0()}
		if x.n%12 == 11 {
			n.Consent, n.ConsentOn = "", calendar.Date{} // was not asked yet
		}
		x.id, err = x.Pairing.Enter(ctx, x.who, n)
		if err != nil {
			return fmt.Errorf("a household in hardship: %w", err)
		}
		return nil
	}
	return nil
}

func (x *pairedHome) pair(ctx context.Context) error {
	if x.id == 0 || len(x.c.members) == 0 {
		return nil
	}
	m := x.c.members[(x.k*3+x.n)%len(x.c.members)]
	if x.k == 0 && x.c.own != nil {
		m = x.c.own
	}
	var err error
	if x.helper, err = x.Pairing.Pair(ctx, x.who, x.id, pairing.Helper{MemberID: m.id}, x.today0()); err != nil {
		return fmt.Errorf("a pair: %w", err)
	}
	return x.Pairing.Plan(ctx, x.who, x.id, x.plan, x.today0().AddDays(40))
}

func (x *pairedHome) visit(ctx context.Context) error {
	if x.helper == 0 {
		return nil
	}
	return x.Pairing.Visit(ctx, x.who, x.id, x.helper, pairing.NewVisit{On: x.today0(), Form: "home", Deed: x.deed, Note: x.note, NextOn: x.today0().AddDays(25)})
}

func (x *pairedHome) end(ctx context.Context) error {
	if x.helper == 0 {
		return nil
	}
	version, err := db.Value[int64](ctx, x.DB, `SELECT h.version FROM pairing_household h WHERE h.tenant_id = $1 AND h.id = $2`, x.tenant, x.id)
	if err != nil {
		return err
	}
	return x.Pairing.End(ctx, x.who, x.id, pairing.Over, "家里的难处解决了，本户同意结束。", version)
}
