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

// pairings lets communities enter households in hardship and pair them, over all states.
func (b *builder) pairings(a *agenda) {
	used := map[id.ID]bool{b.guest: true}
	for _, p := range planHomes(b.Scale, b.today) {
		c, n := b.communities[p.community], p.n
		x := &pairedHome{builder: b, homePlan: p, c: c, k: n / len(b.communities), who: c.worker, hardship: hardships[(n+n/len(b.communities))%len(hardships)], used: used}
		if x.who.AccountID == 0 {
			x.who = b.system
		}
		a.add(at(p.begun, 9, n%60), x.enter)
		if p.state == pairing.Waiting {
			continue
		}
		a.add(at(p.begun.AddDays(2), 15, n%60), x.pair)
		a.add(at(p.begun.AddDays(9), 17, n%60), x.visit)
		switch {
		case n%12 == 7: // nobody came for long
		case p.state == pairing.Ended:
			a.add(at(b.today.AddDays(-15), 16, n%60), x.end)
		default:
			a.add(at(b.today.AddDays(-3-n%20), 17, n%60), x.visit)
		}
	}
}

// pairedHome is a household on its way.
type pairedHome struct {
	*builder
	homePlan
	hardship
	c    *community
	k    int
	who  authz.Actor
	used map[id.ID]bool // persons with whom nobody speaks, or somebody does already

	id, helper id.ID
}

func (x *pairedHome) today0() calendar.Date { return calendar.DateOf(x.clock.Now()) }

// enter enters the household of somebody who is no member of the community and stands on no list yet.
func (x *pairedHome) enter(ctx context.Context) error {
	members := map[id.ID]bool{}
	for _, m := range x.c.members {
		members[m.person] = true
	}
	page := db.Page{Limit: 200}
	for {
		l, err := x.Person.List(ctx, x.who, person.Filter{CommunityID: x.c.id, Page: page})
		if err != nil {
			return err
		}
		for _, p := range l.Items {
			age := p.BornOn.YearsUntil(x.today)
			if members[p.ID] || x.used[p.ID] || age < 25 || x.elder != (age >= 70) {
				continue
			}
			x.used[p.ID] = true
			n := pairing.Entry{PersonID: p.ID, Difficulty: x.difficulty, Situation: x.situation}
			if x.asked {
				n.Consent, n.ConsentOn = "in_person", x.today0()
			}
			if x.id, err = x.Pairing.Enter(ctx, x.who, n); err != nil {
				return fmt.Errorf("a household in hardship: %w", err)
			}
			return nil
		}
		if l.Next == "" {
			return fmt.Errorf("nobody is left in %s for household %d in hardship", x.c.name, x.n)
		}
		page.After = db.ParseCursor(l.Next)
	}
}

func (x *pairedHome) pair(ctx context.Context) error {
	if len(x.c.members) == 0 {
		return fmt.Errorf("no member of %s can help household %d", x.c.name, x.n)
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
	return x.Pairing.Visit(ctx, x.who, x.id, x.helper, pairing.NewVisit{On: x.today0(), Form: "home", Deed: x.deed, Note: x.note, NextOn: x.today0().AddDays(25)})
}

func (x *pairedHome) end(ctx context.Context) error {
	version, err := db.Value[int64](ctx, x.DB, `SELECT h.version FROM pairing_household h WHERE h.tenant_id = $1 AND h.id = $2`, x.tenant, x.id)
	if err != nil {
		return err
	}
	return x.Pairing.End(ctx, x.who, x.id, pairing.Over, "家里的难处解决了，本户同意结束。", version)
}
