package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"linli/internal/agreement"
	"linli/internal/calendar"
	"linli/internal/id"
	"linli/internal/place"
)

var (
	areaDuties = "每周巡查一次楼道\n帮助行动不便的居民\n收集居民意见"
	posts      = []struct{ name, duties string }{
		{"政策宣传岗", "解释社区政策\n张贴通知"}, {"治安巡逻岗", "参加夜间巡逻\n发现问题及时报告"}, {"文明引导岗", "引导有序停车\n劝导不文明行为"},
		{"纠纷调解岗", "调解邻里小矛盾\n配合社区工作人员"}, {"助老服务岗", "定期看望独居老人\n协助就医购药"},
	}
)

// claims puts the offering of areas and posts, and their claiming through the year, on the agenda.
func (b *builder) claims(a *agenda) {
	for _, c := range b.communities {
		r := b.random("claims", c.index)
		a.add(at(b.start.AddDays(15), 9, c.index%60), func(ctx context.Context) error { return b.offers(ctx, r, c) })
		for range 22 {
			day, m := b.start.AddDays(30+r.IntN(b.start.DaysUntil(b.today)-40)), pick(r, c.members)
			if r.IntN(3) == 0 {
				day = b.start.AddDays(32 + r.IntN(15)) // these run out about now
			}
			fate := r.IntN(14)
			a.add(at(day, 10, r.IntN(60)), func(ctx context.Context) error { return b.claim(ctx, r, c, m, day, fate) })
		}
		if c.own != nil {
			a.add(at(b.today.AddDays(-60), 20, c.index%60), func(ctx context.Context) error { return b.ownClaim(ctx, c) })
			a.add(at(b.today.AddDays(-2), 20, c.index%60), func(ctx context.Context) error { return b.pendingClaims(ctx, r, c) })
		}
	}
	a.add(at(b.today.AddDays(-1), 23, 0), func(ctx context.Context) error {
		_, err := b.Agreement.Expire(ctx, b.tenant)
		return err
	})
}

// offers sets up an area for every other building and the posts.
func (b *builder) offers(ctx context.Context, r *rand.Rand, c *community) error {
	n, offers := 0, []agreement.Offer(nil)
	err := b.Place.ExportBuildings(ctx, c.worker, place.Filter{CommunityID: c.id}, func(p place.BuildingItem) error {
		if n++; n%2 == 0 && n <= 60 {
			offers = append(offers, agreement.Offer{CommunityID: c.id, Kind: agreement.Area, Name: p.Quarter + p.Name + "责任区", Duties: areaDuties,
				BuildingID: p.ID, Capacity: int64(1 + n/2%2)})
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, p := range posts {
		offers = append(offers, agreement.Offer{CommunityID: c.id, Kind: agreement.Post, Name: p.name, Duties: p.duties, Capacity: int64(3 + r.IntN(4))})
	}
	for _, o := range offers {
		responsibility, err := b.Agreement.Offer(ctx, c.secretary, o)
		if err != nil {
			return err
		}
		c.open = append(c.open, opened{id: responsibility, left: o.Capacity})
	}
	return nil
}

// opened is a responsibility with the places that are left and who has claimed it.
type opened struct {
	id   id.ID
	left int64
	by   []*comrade
}

// place takes a free place of a community for a member, 0 if there is none.
func (c *community) place(r *rand.Rand, m *comrade) id.ID {
	for range 40 {
		if o := &c.open[r.IntN(len(c.open))]; o.left > 0 && !slices.Contains(o.by, m) {
			o.left--
			o.by = append(o.by, m)
			return o.id
		}
	}
	return 0
}

// claim lets a member take something over: the community proposes and signs, the member signs on paper. fate says what else happens.
func (b *builder) claim(ctx context.Context, r *rand.Rand, c *community, m *comrade, day calendar.Date, fate int) error {
	free := c.place(r, m)
	if free == 0 {
		return nil
	}
	claim, err := b.Agreement.Propose(ctx, c.secretary, agreement.NewClaim{ResponsibilityID: free, MemberID: m.id, Sign: true})
	if err != nil {
		return err
	}
	if fate == 0 {
		return b.Agreement.Withdraw(ctx, c.secretary, claim)
	}
	d, err := b.Agreement.Get(ctx, c.secretary, claim)
	if err != nil {
		return err
	}
	if err := b.Agreement.SignOnPaper(ctx, c.secretary, claim, d.ContentHash, "本人到服务站签字。"); err != nil {
		return err
	}
	if ends := day.AddDays(100); fate == 1 && ends.Before(b.today) {
		b.later = append(b.later, event{at(ends, 16, 0), func(ctx context.Context) error {
			return b.Agreement.End(ctx, c.secretary, claim, ends, "搬到其他社区居住。")
		}})
	}
	return nil
}

// ownClaim is one that a member proposes and signs on the phone; the community signs the next day.
func (b *builder) ownClaim(ctx context.Context, c *community) error {
	free := c.place(b.random("own claim", c.index), c.own)
	if free == 0 {
		return nil
	}
	claim, err := b.Agreement.Propose(ctx, c.member, agreement.NewClaim{ResponsibilityID: free, MemberID: c.own.id, Sign: true})
	if err != nil {
		return err
	}
	d, err := b.Agreement.Get(ctx, c.secretary, claim)
	if err != nil {
		return err
	}
	return b.Agreement.Sign(ctx, c.secretary, claim, d.ContentHash)
}

// pendingClaims leaves one claim for the secretary to sign and one for the member.
func (b *builder) pendingClaims(ctx context.Context, r *rand.Rand, c *community) error {
	for i, who := range []*comrade{c.own, pick(r, c.members)} {
		free := c.place(r, who)
		if free == 0 {
			return nil
		}
		actor := c.secretary
		if i == 1 {
			actor = c.worker
		}
		if _, err := b.Agreement.Propose(ctx, actor, agreement.NewClaim{ResponsibilityID: free, MemberID: who.id, Sign: i == 0}); err != nil {
			return fmt.Errorf("claim %d: %w", i, err)
		}
	}
	return nil
}
