package member_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/paper"
	"linli/internal/pinyin"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// people is the smallest register of persons: rows found by blind index.
type people struct{ ring *seal.Ring }

func (p people) EnsureAllTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in []member.Someone) ([]member.Known, error) {
	out := make([]member.Known, len(in))
	for i, s := range in {
		index := p.ring.Index("id_number", s.IDNumber)
		found, err := db.Value[id.ID](ctx, tx, `SELECT id FROM person WHERE tenant_id = $1 AND id_index = $2`, actor.Tenant, index)
		if err != nil {
			return nil, err
		}
		if out[i].ID = found; found != 0 {
			continue
		}
		out[i] = member.Known{ID: id.New(), Created: true}
		initials, key := pinyin.Of(s.Name)
		if _, err := tx.Exec(ctx, `INSERT INTO person (tenant_id, id, community_id, name, name_key, initials, id_index, created_at, updated_at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,1,1)`, actor.Tenant, out[i].ID, s.CommunityID, s.Name, key, initials, index); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// left remembers who left which community.
type left struct{ all []string }

func (l *left) LeaveTx(_ context.Context, _ *db.Tx, _ authz.Actor, m, c id.ID, on calendar.Date, reason string) error {
	l.all = append(l.all, fmt.Sprint(m, " ", c, " ", on, " ", reason))
	return nil
}

// town is a district with two communities and a unit with one branch.
type town struct {
	t          *testing.T
	d          *db.DB
	ring       *seal.Ring
	s          *member.Service
	left       *left
	root       id.ID
	a, b       id.ID // communities
	unit, home id.ID
	all        authz.Actor // may everything everywhere
	atA, atB   authz.Actor // the communities' workers
	liaison    authz.Actor
}

var staff = []authz.Permission{member.PermSee, member.PermEdit, member.PermAccept, member.PermContact, member.PermCertificate, member.PermImport}

func eachTown(t *testing.T, fn func(t *testing.T, w *town)) {
	testkit.EachDBAt(t, testkit.NewClock().Now, func(t *testing.T, d *db.DB) {
		ring := seal.Ephemeral()
		w := &town{t: t, d: d, ring: ring, left: &left{}}
		w.s = member.New(d, ring, people{ring}).WithLeavers(w.left)
		w.root = w.org(0, "district_committee", "亭湖区委", "")
		w.a = w.org(w.root, "community_party", "文港社区", "320902001001")
		w.b = w.org(w.root, "community_party", "先锋社区", "320902001002")
		w.unit = w.org(w.root, "unit", "示例机械厂", "")
		w.home = w.org(w.unit, "party_branch", "示例机械厂党支部", "")
		w.all = testkit.Actor(testkit.Tenant, nil, append(staff, member.PermRegister)...)
		w.atA = testkit.Actor(testkit.Tenant, []id.ID{w.a}, staff...)
		w.atB = testkit.Actor(testkit.Tenant, []id.ID{w.b}, staff...)
		w.liaison = testkit.Actor(testkit.Tenant, []id.ID{w.unit, w.home}, member.PermSee, member.PermEdit, member.PermRegister, member.PermImport)
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

func (w *town) org(parent id.ID, kind, name, code string) id.ID {
	w.t.Helper()
	o := id.New()
	w.exec(`INSERT INTO organisation (tenant_id, id, kind, name, name_key, code, parent_id, path, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,$6,$7,1,1)`,
		testkit.Tenant, o, kind, name, code, parent, "/"+o.String()+"/")
	return o
}

// number is an ID number that belongs to nobody.
func number(n int) string { return code.WithCheck(fmt.Sprintf("3209021980010%d%03d", n%9+1, n)) }

func (w *town) member(n int, name string) id.ID {
	w.t.Helper()
	out, err := w.s.Register(w.t.Context(), w.liaison, member.NewMember{Name: name, IDNumber: number(n), Fields: member.Fields{Kind: member.InService, UnitID: w.unit}})
	if err != nil {
		w.t.Fatalf("Register(%s): %v", name, err)
	}
	return out.ID
}

func (w *town) get(m id.ID) member.Detail {
	w.t.Helper()
	d, err := w.s.Get(w.t.Context(), w.all, m)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

// registered makes a member registered in a community.
func (w *town) registered(n int, name string, community id.ID) id.ID {
	w.t.Helper()
	m := w.member(n, name)
	r, err := w.s.Start(w.t.Context(), w.liaison, member.Start{MemberID: m, CommunityID: community})
	if err == nil {
		err = w.s.Accept(w.t.Context(), w.all, r...)
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return m
}

func kind(t *testing.T, what string, err error, want errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != want {
		t.Errorf("%s: %v, want kind %v", what, err, want)
	}
}

func TestTwoWayRegistration(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		m := w.member(1, "王 小明")
		d := w.get(m)
		if d.Name != "王小明" || d.HomeID != w.home || d.CommunityID != 0 || d.Standing != member.Full {
			t.Fatalf("entered %+v", d.Member)
		}
		_, err := w.s.Start(ctx, w.liaison, member.Start{MemberID: m})
		kind(t, "start without knowing where", err, errs.Invalid)
		w.exec(`UPDATE person SET community_id = $1, grid_id = 77 WHERE tenant_id = $2`, w.a, testkit.Tenant)
		p, err := w.s.Propose(ctx, w.liaison, m)
		if err != nil || p.CommunityID != w.a || p.Community != "文港社区" {
			t.Fatalf("Propose() = %+v, %v", p, err)
		}
		r, err := w.s.Start(ctx, w.liaison, member.Start{MemberID: m})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.s.Start(ctx, w.liaison, member.Start{MemberID: m, CommunityID: w.b})
		kind(t, "a second start", err, errs.Conflict)
		if !strings.Contains(fmt.Sprint(errs.As(err).Message.In("zh")), "文港社区") {
			t.Errorf("the refusal does not say where it waits: %v", errs.As(err).Message.In("zh"))
		}
		kind(t, "the unit's liaison accepts", w.s.Accept(ctx, w.liaison, r[0]), errs.NotFound)
		kind(t, "another community accepts", w.s.Accept(ctx, w.atB, r[0]), errs.NotFound)
		kind(t, "returned without a reason", w.s.Return(ctx, w.atA, r[0], " "), errs.Invalid)
		if err := w.s.Return(ctx, w.atA, r[0], "已搬到先锋社区"); err != nil {
			t.Fatal(err)
		}
		kind(t, "accepted after it was returned", w.s.Accept(ctx, w.atA, r[0]), errs.Conflict)
		own := testkit.Own(testkit.Tenant, d.PersonID, member.PermSeeOwn, member.PermRegisterOwn)
		r, err = w.s.Start(ctx, own, member.Start{MemberID: m})
		if err != nil {
			t.Fatalf("the member starts: %v", err)
		}
		if err := w.s.Accept(ctx, w.atA, r[0]); err != nil {
			t.Fatal(err)
		}
		d = w.get(m)
		if d.CommunityID != w.a || d.GridID != 77 || d.Since.String() != "2026-09-15" || len(d.Registrations) != 2 || d.Registrations[0].StartedBy != member.ByMember {
			t.Errorf("accepted: %+v, %+v", d.Member, d.Registrations)
		}
		_, err = w.s.Start(ctx, w.liaison, member.Start{MemberID: m, CommunityID: w.b})
		kind(t, "start while registered", err, errs.Conflict)
		if list, err := w.s.Verify(ctx, testkit.Tenant); err != nil || len(list) > 0 {
			t.Errorf("Verify() = %v, %v", list, err)
		}
	})
}

func TestEndingAndMoving(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		m := w.registered(1, "王小明", w.a)
		r := w.get(m).RegistrationID
		day := calendar.MustParse
		kind(t, "end before start", w.s.EndRegistration(ctx, w.atA, r, day("2026-09-14"), "搬走"), errs.Invalid)
		kind(t, "end in the future", w.s.EndRegistration(ctx, w.atA, r, day("2026-09-16"), "搬走"), errs.Invalid)
		kind(t, "end by another community", w.s.EndRegistration(ctx, w.atB, r, day("2026-09-15"), "搬走"), errs.NotFound)
		_, err := w.s.Move(ctx, w.atA, r, w.a, "搬走")
		kind(t, "move to the same community", err, errs.Invalid)
		next, err := w.s.Move(ctx, w.atA, r, w.b, "搬到先锋社区")
		if err != nil {
			t.Fatal(err)
		}
		if d := w.get(m); d.CommunityID != 0 || d.Registration != member.Proposed || len(w.left.all) != 1 {
			t.Errorf("moved: %+v, left %v", d.Item, w.left.all)
		}
		if err := w.s.Accept(ctx, w.atB, next); err != nil {
			t.Fatal(err)
		}
		if err := w.s.EndRegistration(ctx, w.atB, next, day("2026-09-15"), "退休回乡"); err != nil {
			t.Fatal(err)
		}
		kind(t, "ended twice", w.s.EndRegistration(ctx, w.atB, next, day("2026-09-15"), "x"), errs.Conflict)
		if d := w.get(m); d.CommunityID != 0 || d.Registration != "" {
			t.Errorf("ended: %+v", d.Item)
		}
		if err := w.s.End(ctx, w.liaison, m, day("2026-09-15"), "调出本区", 0); err != nil {
			t.Fatal(err)
		}
		_, err = w.s.Start(ctx, w.liaison, member.Start{MemberID: m, CommunityID: w.a})
		kind(t, "start after the record ended", err, errs.Conflict)
		if list, err := w.s.Verify(ctx, testkit.Tenant); err != nil || len(list) > 0 {
			t.Errorf("Verify() = %v, %v", list, err)
		}
	})
}

func TestManyAtOnceAllOrNone(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		one, two, three := w.member(1, "甲"), w.member(2, "乙"), w.registered(3, "丙", w.a)
		starts := []member.Start{{MemberID: one, CommunityID: w.a}, {MemberID: two, CommunityID: w.a}, {MemberID: three, CommunityID: w.a}}
		_, err := w.s.Start(ctx, w.liaison, starts...)
		kind(t, "one of three is registered already", err, errs.Conflict)
		if d := w.get(one); d.Registration != "" {
			t.Errorf("half of a refused batch was kept: %+v", d.Item)
		}
		r, err := w.s.Start(ctx, w.liaison, starts[:2]...)
		if err != nil || len(r) != 2 {
			t.Fatalf("Start() = %v, %v", r, err)
		}
		waiting, err := w.s.Waiting(ctx, w.atA)
		if err != nil || len(waiting) == 0 || waiting[0].Kind != "registration.accept" || waiting[0].Count != 2 {
			t.Errorf("Waiting() = %+v, %v", waiting, err)
		}
		if err := w.s.Accept(ctx, w.atA, r...); err != nil {
			t.Fatal(err)
		}
		c, err := w.s.Count(ctx, w.atA, member.Filter{CommunityID: w.a})
		if err != nil || c.All != 3 || c.Registered != 3 {
			t.Errorf("Count() = %+v, %v", c, err)
		}
	})
}

func TestTwoWhoStartAtOnce(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		m := w.member(1, "甲")
		var wg sync.WaitGroup
		faults := make([]error, 6)
		for i := range faults {
			wg.Add(1)
			go func() {
				defer wg.Done()
				_, faults[i] = w.s.Start(t.Context(), w.liaison, member.Start{MemberID: m, CommunityID: []id.ID{w.a, w.b}[i%2]})
			}()
		}
		wg.Wait()
		won := 0
		for _, err := range faults {
			if err == nil {
				won++
			} else {
				kind(t, "the others", err, errs.Conflict)
			}
		}
		if won != 1 {
			t.Errorf("%d of six won", won)
		}
	})
}

func TestTwoClerksSaveTheSameRecord(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		m := w.member(1, "甲")
		v := w.get(m).Version
		first, second := "会修电器", "会唱歌"
		if err := w.s.Edit(ctx, w.liaison, m, member.Edit{Version: v, Skills: &first}); err != nil {
			t.Fatal(err)
		}
		kind(t, "the second clerk", w.s.Edit(ctx, w.liaison, m, member.Edit{Version: v, Skills: &second}), errs.Conflict)
		if d := w.get(m); d.Skills != first || len(d.History) != 2 {
			t.Errorf("skills %q, history %d", d.Skills, len(d.History))
		}
	})
}

func TestAtTheCounter(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		m := w.member(1, "甲")
		in := member.NewMember{Name: "甲", IDNumber: number(1), CommunityID: w.a, Fields: member.Fields{Kind: member.InService, UnitID: w.unit}}
		_, err := w.s.Register(ctx, w.liaison, in)
		kind(t, "the liaison has no counter", err, errs.Forbidden)
		_, err = w.s.Register(ctx, w.atB, in)
		kind(t, "another community's counter", err, errs.Forbidden)
		out, err := w.s.Register(ctx, w.atA, in)
		if err != nil || !out.AlreadyMember || out.ID != m || out.RegistrationID == 0 {
			t.Fatalf("Register() = %+v, %v", out, err)
		}
		if d := w.get(m); d.CommunityID != w.a || d.Registrations[0].StartedBy != member.ByCommunity {
			t.Errorf("at the counter: %+v", d.Item)
		}
		_, err = w.s.Register(ctx, w.liaison, member.NewMember{Name: "甲", IDNumber: number(1), Fields: in.Fields})
		kind(t, "the same person twice", err, errs.Invalid)
		out, err = w.s.Register(ctx, w.atA, member.NewMember{Name: "乙", IDNumber: number(2), CommunityID: w.a, Fields: member.Fields{Kind: member.OfCommunity}})
		if err != nil {
			t.Fatal(err)
		}
		if d := w.get(out.ID); d.CommunityID != w.a || d.HomeID != w.a || d.RegistrationID != 0 {
			t.Errorf("of the community's own branch: %+v", d.Item)
		}
		_, err = w.s.Start(ctx, w.all, member.Start{MemberID: out.ID, CommunityID: w.b})
		kind(t, "a community-branch member registers", err, errs.Conflict)
	})
}

func TestWhoSeesWhom(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		m := w.registered(1, "甲", w.a)
		other := w.registered(2, "乙", w.b)
		d := w.get(m)
		foreign := testkit.Actor(testkit.Other, nil, append(staff, member.PermRegister)...)
		nobody := testkit.Actor(testkit.Tenant, nil)
		own := testkit.Own(testkit.Tenant, d.PersonID, member.PermSeeOwn, member.PermPromiseOwn, member.PermPlaqueOwn)
		for who, a := range map[string]authz.Actor{"another tenant": foreign, "nobody": nobody, "another community": w.atB} {
			_, err := w.s.Get(ctx, a, m)
			kind(t, who, err, errs.NotFound)
			kind(t, who, w.s.Edit(ctx, a, m, member.Edit{Version: 1}), errs.NotFound)
			kind(t, who, w.s.AddContact(ctx, a, m, member.NewContact{Kind: member.Call, On: calendar.MustParse("2026-09-01"), Note: "x"}), errs.NotFound)
			_, err = w.s.IssueCertificates(ctx, a, m)
			kind(t, who, err, errs.NotFound)
			_, err = w.s.Certificates(ctx, a, m)
			kind(t, who, err, errs.NotFound)
			kind(t, who, w.s.End(ctx, a, m, calendar.MustParse("2026-09-15"), "x", 0), errs.NotFound)
			_, err = w.s.Registration(ctx, a, d.RegistrationID)
			kind(t, who, err, errs.NotFound)
		}
		for who, c := range map[string]struct {
			a    authz.Actor
			want int
		}{"tenant": {w.all, 2}, "foreign": {foreign, 0}, "nobody": {nobody, 0}, "a": {w.atA, 1}, "liaison": {w.liaison, 2}, "own": {own, 1}} {
			list, err := w.s.List(ctx, c.a, member.Filter{})
			n := 0
			each := w.s.Export(ctx, c.a, member.Filter{}, func(member.Item) error { n++; return nil })
			if err != nil || each != nil || len(list.Items) != c.want || n != c.want {
				t.Errorf("%s sees %d and exports %d, want %d (%v, %v)", who, len(list.Items), n, c.want, err, each)
			}
		}
		if mine, err := w.s.Mine(ctx, own); err != nil || mine.ID != m {
			t.Errorf("Mine() = %v, %v", mine.ID, err)
		}
		_, err := w.s.Get(ctx, own, other)
		kind(t, "somebody else's record", err, errs.NotFound)
		if list, err := w.s.List(ctx, w.all, member.Filter{Text: "乙"}); err != nil || len(list.Items) != 1 {
			t.Errorf("search: %v, %v", list.Items, err)
		}
		if list, err := w.s.List(ctx, w.all, member.Filter{Text: "y"}); err != nil || len(list.Items) != 1 {
			t.Errorf("initials: %v, %v", list.Items, err)
		}
	})
}

func TestCertificates(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		m, two := w.registered(1, "甲", w.a), w.registered(2, "乙", w.a)
		loose := w.member(3, "丙")
		_, err := w.s.IssueCertificates(ctx, w.all, m, loose)
		kind(t, "one is registered nowhere", err, errs.Conflict)
		_, err = w.s.IssueCertificates(ctx, w.liaison, m)
		kind(t, "the unit issues none", err, errs.NotFound)
		if n, err := w.s.IssueCertificates(ctx, w.atA, m, two); err != nil || n != 2 {
			t.Fatalf("IssueCertificates() = %d, %v", n, err)
		}
		if n, err := w.s.IssueCertificates(ctx, w.atA, m, two); err != nil || n != 0 {
			t.Errorf("issued again without need: %d, %v", n, err)
		}
		c, err := w.s.Certificates(ctx, w.atA, m, two)
		if err != nil || c[0].Number != "2026-000001" || c[1].Number != "2026-000002" || c[0].Organisation != "示例机械厂" || c[0].Community != "文港社区" {
			t.Fatalf("Certificates() = %+v, %v", c, err)
		}
		if err := w.s.Reissue(ctx, w.atA, m, "遗失"); err != nil {
			t.Fatal(err)
		}
		_, p, err := paper.Find(ctx, w.d, c[0].Code)
		if err != nil || p.RevokedAt.IsZero() || p.Reason != "遗失" {
			t.Errorf("the lost certificate: %+v, %v", p, err)
		}
		w.exec(`UPDATE organisation SET short_name = '文港' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, w.a)
		_, err = w.s.Certificates(ctx, w.atA, m)
		kind(t, "the community has another name now", err, errs.Conflict)
		if d := w.get(m); !d.Outdated {
			t.Error("the page does not say that the certificate is out of date")
		}
		if n, err := w.s.IssueCertificates(ctx, w.atA, m); err != nil || n != 1 {
			t.Errorf("renewed: %d, %v", n, err)
		}
		kind(t, "revoked without a reason", w.s.RevokeCertificate(ctx, w.atA, m, ""), errs.Invalid)
		if err := w.s.RevokeCertificate(ctx, w.atA, m, "信息有误"); err != nil {
			t.Fatal(err)
		}
		kind(t, "revoked twice", w.s.RevokeCertificate(ctx, w.atA, m, "x"), errs.Conflict)
		if err := w.s.EndRegistration(ctx, w.atA, w.get(two).RegistrationID, calendar.MustParse("2026-09-15"), "搬走"); err != nil {
			t.Fatal(err)
		}
		if _, p, err := paper.Find(ctx, w.d, c[1].Code); err != nil || p.RevokedAt.IsZero() {
			t.Errorf("who left keeps a certificate: %+v, %v", p, err)
		}
	})
}

func TestAroundAMember(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		m := w.registered(1, "甲", w.a)
		day := calendar.MustParse
		own := testkit.Own(testkit.Tenant, w.get(m).PersonID, member.PermSeeOwn, member.PermPromiseOwn, member.PermPlaqueOwn)
		kind(t, "contact tomorrow", w.s.AddContact(ctx, w.atA, m, member.NewContact{Kind: member.Call, On: day("2026-09-16"), Note: "x"}), errs.Invalid)
		kind(t, "follow-up before contact", w.s.AddContact(ctx, w.atA, m, member.NewContact{Kind: member.Call, On: day("2026-09-10"), Note: "x", FollowUpOn: day("2026-09-09")}), errs.Invalid)
		if err := w.s.Float(ctx, w.atA, m, member.NewMove{Direction: member.Out, Place: "上海", FromOn: day("2026-01-01")}); err != nil {
			t.Fatal(err)
		}
		kind(t, "away twice", w.s.Float(ctx, w.atA, m, member.NewMove{Direction: member.Out, Place: "北京", FromOn: day("2026-02-01")}), errs.Conflict)
		list, err := w.s.Floating(ctx, w.atA, member.FloatingFilter{Overdue: true})
		if err != nil || len(list.Items) != 1 || !list.Items[0].Overdue {
			t.Fatalf("Floating() = %+v, %v", list.Items, err)
		}
		if err := w.s.AddContact(ctx, w.atA, m, member.NewContact{Kind: member.Call, On: day("2026-09-10"), Note: "近况良好"}); err != nil {
			t.Fatal(err)
		}
		if list, err = w.s.Floating(ctx, w.atA, member.FloatingFilter{Overdue: true}); err != nil || len(list.Items) != 0 {
			t.Errorf("after the call: %+v, %v", list.Items, err)
		}
		if err := w.s.FloatBack(ctx, w.atA, w.get(m).Moves[0].ID, day("2026-09-12")); err != nil {
			t.Fatal(err)
		}
		_, err = w.s.Promise(ctx, own, m, "每月走访一户", day("2026-09-14"))
		kind(t, "a promise for yesterday", err, errs.Invalid)
		p, err := w.s.Promise(ctx, own, m, "每月走访一户", day("2026-09-15"))
		if err != nil {
			t.Fatal(err)
		}
		if items, err := w.s.Waiting(ctx, own); err != nil || len(items) != 1 || items[0].Kind != "promise.due.own" || items[0].Subject != m {
			t.Errorf("Waiting() = %+v, %v", items, err)
		}
		if err := w.s.ClosePromise(ctx, own, p, false, "出差"); err != nil {
			t.Fatal(err)
		}
		kind(t, "an unknown reason", w.s.AddReason(ctx, w.atA, m, "lazy", ""), errs.Invalid)
		kind(t, "other without a word", w.s.AddReason(ctx, w.atA, m, member.OtherReason, ""), errs.Invalid)
		if err := w.s.AddReason(ctx, w.atA, m, member.Distance, ""); err != nil {
			t.Fatal(err)
		}
		kind(t, "the same reason twice", w.s.AddReason(ctx, w.atA, m, member.Distance, ""), errs.Conflict)
		counts, err := w.s.ReasonCounts(ctx, w.atA, member.ReasonFilter{})
		if err != nil || len(counts) != len(member.Absences()) {
			t.Fatalf("ReasonCounts() = %v, %v", counts, err)
		}
		for _, c := range counts { // a figure is the number of its records
			list, err := w.s.Reasons(ctx, w.atA, member.ReasonFilter{Reason: c.Reason})
			if err != nil || int64(len(list.Items)) != c.Count {
				t.Errorf("%s: %d counted, %d listed, %v", c.Reason, c.Count, len(list.Items), err)
			}
		}
		d := w.get(m)
		if len(d.Contacts) != 1 || len(d.Promises) != 1 || d.Promises[0].State != member.NotKept || len(d.Reasons) != 1 {
			t.Errorf("around: %+v", d)
		}
		if err := w.s.EndReason(ctx, w.atA, m, d.Reasons[0].ID); err != nil {
			t.Fatal(err)
		}
		kind(t, "ended twice", w.s.EndReason(ctx, w.atA, m, d.Reasons[0].ID), errs.Conflict)
	})
}

func TestPlaqueIsShownByItsMemberOnly(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		m := w.registered(1, "甲", w.a)
		own := testkit.Own(testkit.Tenant, w.get(m).PersonID, member.PermSeeOwn, member.PermPlaqueOwn)
		kind(t, "the community shows it", w.s.SetPlaque(ctx, w.atA, m, "为民服务", true, 0), errs.Forbidden)
		if err := w.s.SetPlaque(ctx, w.atA, m, "为民服务", false, 0); err != nil {
			t.Fatal(err)
		}
		address := w.get(m).PlaqueAddress(testkit.Tenant)
		_, err := w.s.PublicPlaque(ctx, address)
		kind(t, "not shown", err, errs.NotFound)
		if err := w.s.SetPlaque(ctx, own, m, "有事找我", true, 0); err != nil {
			t.Fatal(err)
		}
		p, err := w.s.PublicPlaque(ctx, strings.ToLower(address))
		if err != nil || p.Name != "甲" || p.Motto != "有事找我" || p.Community != "文港社区" {
			t.Errorf("PublicPlaque() = %+v, %v", p, err)
		}
		_, err = w.s.PublicPlaque(ctx, strings.Replace(address, "320902", "321102", 1))
		kind(t, "in another district", err, errs.NotFound)
		if err := w.s.SetPlaque(ctx, w.atA, m, "有事找我", false, 0); err != nil {
			t.Fatalf("the community takes it down: %v", err)
		}
		_, err = w.s.PublicPlaque(ctx, address)
		kind(t, "taken down", err, errs.NotFound)
	})
}

func TestMembersFollowAMerger(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		m := w.registered(1, "甲", w.a)
		if err := w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.all, w.a, w.b) }); err != nil {
			t.Fatal(err)
		}
		if d := w.get(m); d.CommunityID != w.b || d.Registrations[0].CommunityID != w.b {
			t.Errorf("after the merger: %+v", d.Item)
		}
		_, err := w.s.Get(ctx, w.atA, m)
		kind(t, "the old community", err, errs.NotFound)
		w.exec(`UPDATE member SET grid_id = 5 WHERE tenant_id = $1`, testkit.Tenant)
		if err := w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.FollowGrids(ctx, tx, w.all, []id.ID{5}, w.b, w.a) }); err != nil {
			t.Fatal(err)
		}
		if d := w.get(m); d.CommunityID != w.a || d.Registrations[0].CommunityID != w.a {
			t.Errorf("after the split: %+v", d.Item)
		}
		if list, err := w.s.Verify(ctx, testkit.Tenant); err != nil || len(list) > 0 {
			t.Errorf("Verify() = %v, %v", list, err)
		}
	})
}
