package agreement_test

import (
	"strings"
	"sync"
	"testing"

	"linli/internal/agreement"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/testkit"
)

// town is a community with a building, a unit and its members.
type town struct {
	t              *testing.T
	d              *db.DB
	clock          *testkit.Clock
	s              *agreement.Service
	a, b, unit     id.ID
	building, grid id.ID
	atA, atB       authz.Actor
	liaison, all   authz.Actor
}

var staff = []authz.Permission{agreement.PermSee, agreement.PermOffer, agreement.PermPropose, agreement.PermSign, agreement.PermEnd}

func eachTown(t *testing.T, fn func(t *testing.T, w *town)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		w := &town{t: t, d: d, clock: clock, s: agreement.New(d)}
		w.a, w.b, w.unit = w.org("community_party", "文港社区"), w.org("community_party", "先锋社区"), w.org("unit", "示例机械厂")
		w.grid, w.building = id.New(), id.New()
		w.exec(`INSERT INTO grid (tenant_id, id, community_id, code, name) VALUES ($1,$2,$3,'320902001001001','第一网格')`, testkit.Tenant, w.grid, w.a)
		w.exec(`INSERT INTO building (tenant_id, id, community_id, grid_id, name, name_key) VALUES ($1,$2,$3,$4,'3 号楼','3号楼')`, testkit.Tenant, w.building, w.a, w.grid)
		w.all = testkit.Actor(testkit.Tenant, nil, staff...)
		w.atA, w.atB = testkit.Actor(testkit.Tenant, []id.ID{w.a}, staff...), testkit.Actor(testkit.Tenant, []id.ID{w.b}, staff...)
		w.liaison = testkit.Actor(testkit.Tenant, []id.ID{w.unit}, agreement.PermSee, agreement.PermPropose)
		fn(t, w)
	})
}

func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	if err := w.d.WithTx(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(w.t.Context(), query, args...)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) org(kind, name string) id.ID {
	w.t.Helper()
	o := id.New()
	w.exec(`INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,1,1)`,
		testkit.Tenant, o, kind, name, "/"+o.String()+"/")
	return o
}

// member makes a member of the unit registered in community, and the actor who is that member.
func (w *town) member(name string, community id.ID) (id.ID, authz.Actor) {
	w.t.Helper()
	m, p := id.New(), id.New()
	w.exec(`INSERT INTO member (tenant_id, id, person_id, kind, name, name_key, unit_id, community_id, created_at, updated_at)
		VALUES ($1,$2,$3,'in_service',$4,$4,$5,$6,1,1)`, testkit.Tenant, m, p, name, w.unit, community)
	own := testkit.Own(testkit.Tenant, p, agreement.PermOwn)
	own.Name = name
	return m, own
}

func (w *town) offer(name string, capacity int64) id.ID {
	w.t.Helper()
	r, err := w.s.Offer(w.t.Context(), w.atA, agreement.Offer{CommunityID: w.a, Kind: agreement.Area, Name: name, Duties: "每周巡楼一次\n登记隐患",
		BuildingID: w.building, Capacity: capacity})
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

func (w *town) claim(actor authz.Actor, r, m id.ID, sign bool) id.ID {
	w.t.Helper()
	c, err := w.s.Propose(w.t.Context(), actor, agreement.NewClaim{ResponsibilityID: r, MemberID: m, Sign: sign})
	if err != nil {
		w.t.Fatal(err)
	}
	return c
}

func (w *town) get(actor authz.Actor, c id.ID) agreement.Detail {
	w.t.Helper()
	d, err := w.s.Get(w.t.Context(), actor, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (w *town) taken(r id.ID) int64 {
	w.t.Helper()
	o, err := w.s.OfferDetail(w.t.Context(), w.all, r)
	if err != nil {
		w.t.Fatal(err)
	}
	return o.Taken
}

func (w *town) sound() {
	w.t.Helper()
	if list, err := w.s.Verify(w.t.Context(), testkit.Tenant); err != nil || len(list) > 0 {
		w.t.Errorf("Verify() = %v, %v", list, err)
	}
}

func kind(t *testing.T, what string, err error, want errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != want {
		t.Errorf("%s: %v, want kind %v", what, err, want)
	}
}

func TestAClaimIsAgreed(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		r := w.offer("3 号楼责任区", 2)
		m, own := w.member("王小明", w.a)
		c := w.claim(own, r, m, true)
		d := w.get(w.atA, c)
		if d.State != agreement.Proposed || d.Signed(agreement.Member) == nil || d.Says.Place != "第一网格 3 号楼" || d.From.String() != "2026-09-15" ||
			d.To.String() != "2027-09-14" || len(d.Says.Duties) != 2 || d.Side != agreement.Community {
			t.Fatalf("proposed: %+v", d)
		}
		if items, err := w.s.Waiting(ctx, w.atA); err != nil || len(items) != 1 || items[0].Kind != "claim.sign" || items[0].Subject != c {
			t.Errorf("Waiting() = %+v, %v", items, err)
		}
		_, err := w.s.Propose(ctx, own, agreement.NewClaim{ResponsibilityID: r, MemberID: m})
		kind(t, "claimed twice", err, errs.Conflict)
		kind(t, "signed twice", w.s.Sign(ctx, own, c, d.ContentHash), errs.Conflict)
		kind(t, "other terms", w.s.Sign(ctx, w.atA, c, "of another text"), errs.Conflict)
		kind(t, "another community signs", w.s.Sign(ctx, w.atB, c, d.ContentHash), errs.NotFound)
		kind(t, "the liaison signs", w.s.Sign(ctx, w.liaison, c, d.ContentHash), errs.NotFound)
		if err := w.s.Sign(ctx, w.atA, c, d.ContentHash); err != nil {
			t.Fatal(err)
		}
		d = w.get(own, c)
		if d.State != agreement.Agreed || len(d.Papers) != 1 || len(d.Signatures) != 2 || d.Side != "" {
			t.Fatalf("agreed: %+v", d)
		}
		if _, p, err := paper.Find(ctx, w.d, d.Papers[0].Code); err != nil || p.ContentHash != d.ContentHash || !p.InForce(calendar.MustParse("2026-10-01")) {
			t.Errorf("the paper: %+v, %v", p, err)
		}
		day := calendar.MustParse
		kind(t, "end before start", w.s.End(ctx, w.atA, c, day("2026-09-14"), "搬走"), errs.Invalid)
		kind(t, "end without a reason", w.s.End(ctx, w.atA, c, day("2026-09-15"), ""), errs.Invalid)
		if err := w.s.End(ctx, w.atA, c, day("2026-09-15"), "搬走"); err != nil {
			t.Fatal(err)
		}
		if w.taken(r) != 0 {
			t.Errorf("%d places taken after the end", w.taken(r))
		}
		w.sound()
		again := w.claim(own, r, m, false)
		kind(t, "declined without a reason", w.s.Decline(ctx, w.atA, again, " "), errs.Invalid)
		if err := w.s.Decline(ctx, w.atA, again, "本楼已有楼长"); err != nil {
			t.Fatal(err)
		}
		kind(t, "withdrawn after it was declined", w.s.Withdraw(ctx, own, again), errs.Conflict)
		w.sound()
	})
}

func TestSignedOnPaper(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		m, own := w.member("王小明", w.a)
		c := w.claim(w.liaison, w.offer("楼长", 1), m, true)
		d := w.get(w.liaison, c)
		if len(d.Signatures) != 0 {
			t.Fatalf("a liaison signed: %+v", d.Signatures)
		}
		kind(t, "without a reason", w.s.SignOnPaper(ctx, w.atA, c, d.ContentHash, ""), errs.Invalid)
		kind(t, "by the member", w.s.SignOnPaper(ctx, own, c, d.ContentHash, "x"), errs.NotFound)
		if err := w.s.SignOnPaper(ctx, w.atA, c, d.ContentHash, "本人不用手机"); err != nil {
			t.Fatal(err)
		}
		if err := w.s.Sign(ctx, w.atA, c, d.ContentHash); err != nil {
			t.Fatal(err)
		}
		d = w.get(w.atA, c)
		if s := d.Signed(agreement.Member); d.State != agreement.Agreed || s == nil || !s.Paper || s.Name != "王小明" || s.Reason != "本人不用手机" {
			t.Errorf("signed on paper: %+v", d.Signatures)
		}
		w.sound()
	})
}

func TestAnAreaAlreadyFull(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		r := w.offer("楼长", 2)
		faults := make([]error, 8)
		var wg sync.WaitGroup
		for i := range faults {
			m, own := w.member(strings.Repeat("甲", i+1), w.a)
			wg.Add(1)
			go func() {
				defer wg.Done()
				_, faults[i] = w.s.Propose(t.Context(), own, agreement.NewClaim{ResponsibilityID: r, MemberID: m, Sign: true})
			}()
		}
		wg.Wait()
		won := 0
		for _, err := range faults {
			if err == nil {
				won++
				continue
			}
			if kind(t, "no place left", err, errs.Conflict); !strings.Contains(errs.As(err).Message.In("zh"), "已满") {
				t.Errorf("the message does not say that it is full: %v", errs.As(err).Message.In("zh"))
			}
		}
		if won != 2 || w.taken(r) != 2 {
			t.Errorf("%d claims, %d taken, of 2 places", won, w.taken(r))
		}
		w.sound()
		kind(t, "fewer places than taken", w.s.Change(t.Context(), w.atA, r, agreement.Offer{Kind: agreement.Post, Name: "楼长", Duties: "x", Capacity: 1}, true, 1), errs.Invalid)
	})
}

func TestWhoMayClaim(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		r := w.offer("楼长", 5)
		here, own := w.member("甲", w.a)
		there, _ := w.member("乙", w.b)
		_, err := w.s.Propose(ctx, w.all, agreement.NewClaim{ResponsibilityID: r, MemberID: there})
		kind(t, "registered elsewhere", err, errs.Conflict)
		_, err = w.s.Propose(ctx, own, agreement.NewClaim{ResponsibilityID: r, MemberID: there})
		kind(t, "for somebody else", err, errs.NotFound)
		_, err = w.s.Propose(ctx, w.atB, agreement.NewClaim{ResponsibilityID: r, MemberID: here})
		kind(t, "another community's member", err, errs.NotFound)
		foreign := testkit.Actor(testkit.Other, nil, staff...)
		_, err = w.s.Propose(ctx, foreign, agreement.NewClaim{ResponsibilityID: r, MemberID: here})
		kind(t, "another tenant", err, errs.NotFound)
		_, err = w.s.Offer(ctx, w.atB, agreement.Offer{CommunityID: w.a, Kind: agreement.Area, Name: "x", Duties: "y", Capacity: 1})
		kind(t, "offered by another community", err, errs.Forbidden)
		_, err = w.s.Offer(ctx, w.all, agreement.Offer{CommunityID: w.b, Kind: agreement.Area, Name: "x", Duties: "y", Capacity: 1, BuildingID: w.building})
		kind(t, "a building of another community", err, errs.Invalid)
		day := calendar.MustParse
		_, err = w.s.Propose(ctx, own, agreement.NewClaim{ResponsibilityID: r, MemberID: here, From: day("2026-10-02"), To: day("2026-10-01")})
		kind(t, "end before start", err, errs.Invalid)
		c := w.claim(own, r, here, true)
		for who, a := range map[string]authz.Actor{"foreign": foreign, "b": w.atB, "nobody": testkit.Actor(testkit.Tenant, nil)} {
			_, err := w.s.Get(ctx, a, c)
			kind(t, who, err, errs.NotFound)
			kind(t, who, w.s.End(ctx, a, c, day("2026-09-15"), "x"), errs.NotFound)
			kind(t, who, w.s.Withdraw(ctx, a, c), errs.NotFound)
			if list, err := w.s.List(ctx, a, agreement.Filter{}); err != nil || len(list.Items) != 0 {
				t.Errorf("%s lists %d, %v", who, len(list.Items), err)
			}
			_, err = w.s.Map(ctx, a, w.a)
			kind(t, who, err, errs.NotFound)
		}
		m, err := w.s.Map(ctx, own, w.a)
		if err != nil || len(m.Spots) != 1 || m.Spots[0].Status() != "part" || m.Taken != 1 || m.Capacity != 5 {
			t.Errorf("Map() = %+v, %v", m, err)
		}
		if o, err := w.s.Offers(ctx, own, agreement.OfferFilter{Free: true}); err != nil || len(o.Items) != 1 {
			t.Errorf("Offers() = %+v, %v", o.Items, err)
		}
		if o, err := w.s.Offers(ctx, w.liaison, agreement.OfferFilter{}); err != nil || len(o.Items) != 1 {
			t.Errorf("the liaison's Offers() = %+v, %v", o.Items, err)
		}
		if o, err := w.s.Offers(ctx, w.atB, agreement.OfferFilter{}); err != nil || len(o.Items) != 0 {
			t.Errorf("another community's Offers() = %+v, %v", o.Items, err)
		}
	})
}

func TestRenewal(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		r := w.offer("楼长", 1)
		m, own := w.member("甲", w.a)
		c := w.claim(own, r, m, true)
		_, err := w.s.Renew(ctx, own, c, calendar.Date{}, true)
		kind(t, "renewed before it is agreed", err, errs.Conflict)
		if err := w.s.Sign(ctx, w.atA, c, w.get(w.atA, c).ContentHash); err != nil {
			t.Fatal(err)
		}
		next, err := w.s.Renew(ctx, own, c, calendar.Date{}, true)
		if err != nil {
			t.Fatal(err)
		}
		d := w.get(own, next)
		if d.From.String() != "2027-09-15" || d.RenewsID != c || w.taken(r) != 1 {
			t.Errorf("renewal: %+v, taken %d", d.Claim, w.taken(r))
		}
		_, err = w.s.Renew(ctx, own, c, calendar.Date{}, true)
		kind(t, "renewed twice", err, errs.Conflict)
		w.sound()
		if err := w.s.Sign(ctx, w.atA, next, d.ContentHash); err != nil {
			t.Fatal(err)
		}
		if old := w.get(own, c); old.State != agreement.Renewed || w.taken(r) != 1 {
			t.Errorf("old: %s, taken %d", old.State, w.taken(r))
		}
		w.sound()
		w.clock.Set(calendar.MustParse("2028-09-14").Time())
		if n, err := w.s.Expire(ctx, testkit.Tenant); err != nil || n != 0 {
			t.Errorf("Expire() on the last day = %d, %v", n, err)
		}
		w.clock.Set(calendar.MustParse("2028-09-15").Time())
		if n, err := w.s.Expire(ctx, testkit.Tenant); err != nil || n != 1 || w.taken(r) != 0 {
			t.Errorf("Expire() = %d, %v, taken %d", n, err, w.taken(r))
		}
		w.sound()
	})
}

func TestWhoLeavesHoldsNothing(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		one, two := w.offer("楼长", 1), w.offer("巡逻岗", 1)
		m, own := w.member("甲", w.a)
		c := w.claim(own, one, m, true)
		if err := w.s.Sign(ctx, w.atA, c, w.get(w.atA, c).ContentHash); err != nil {
			t.Fatal(err)
		}
		if _, err := w.s.Renew(ctx, own, c, calendar.Date{}, true); err != nil {
			t.Fatal(err)
		}
		w.claim(own, two, m, false)
		if err := w.d.WithTx(ctx, func(tx *db.Tx) error {
			return w.s.LeaveTx(ctx, tx, w.atA, m, w.a, calendar.MustParse("2026-09-15"), "搬走")
		}); err != nil {
			t.Fatal(err)
		}
		if w.taken(one) != 0 || w.taken(two) != 0 {
			t.Errorf("places held by somebody who left: %d, %d", w.taken(one), w.taken(two))
		}
		w.sound()
	})
}

func TestClaimsFollowAMerger(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		r := w.offer("楼长", 1)
		m, own := w.member("甲", w.a)
		c := w.claim(own, r, m, true)
		if err := w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.all, w.a, w.b) }); err != nil {
			t.Fatal(err)
		}
		if d := w.get(w.atB, c); d.CommunityID != w.b {
			t.Errorf("after the merger: %+v", d.Claim)
		}
		if err := w.s.Sign(ctx, w.atB, c, w.get(w.atB, c).ContentHash); err != nil {
			t.Errorf("the successor signs: %v", err)
		}
		if err := w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.FollowGrids(ctx, tx, w.all, []id.ID{w.grid}, w.b, w.a) }); err != nil {
			t.Fatal(err)
		}
		if d := w.get(w.atA, c); d.CommunityID != w.a {
			t.Errorf("after the split: %+v", d.Claim)
		}
		w.sound()
	})
}
