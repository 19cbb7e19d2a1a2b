package transfer_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/organisation"
	"linli/internal/paper"
	"linli/internal/pinyin"
	"linli/internal/retention"
	"linli/internal/seal"
	"linli/internal/testkit"
	"linli/internal/transfer"
)

var ctx = context.Background()

// movers connects both registers as the composition root does, on the smallest register of persons.
type movers struct {
	*member.Service
	ring *seal.Ring
}

func (m movers) EnsureAllTx(context.Context, *db.Tx, authz.Actor, []member.Someone) ([]member.Known, error) {
	return nil, nil
}

func (m movers) EnsureTx(ctx context.Context, tx *db.Tx, actor authz.Actor, p transfer.Someone) (id.ID, error) {
	index := m.ring.Index("id_number", p.IDNumber)
	found, err := db.Value[id.ID](ctx, tx, `SELECT id FROM person WHERE tenant_id = $1 AND id_index = $2`, actor.Tenant, index)
	if err != nil || found != 0 {
		return found, err
	}
	found = id.New()
	initials, key := pinyin.Of(p.Name)
	_, err = tx.Exec(ctx, `INSERT INTO person (tenant_id, id, name, name_key, initials, id_index, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,1,1)`,
		actor.Tenant, found, p.Name, key, initials, index)
	return found, err
}

func (m movers) AdmitTx(ctx context.Context, tx *db.Tx, actor authz.Actor, to id.ID, a transfer.Admission) (id.ID, error) {
	return m.Service.AdmitTx(ctx, tx, actor, a.PersonID, to, member.Fields{Standing: member.Standing(a.Standing), JoinedOn: a.JoinedOn, FullOn: a.FullOn}, a.Why)
}

// town is a district: two communities, one of them with a branch, and a unit with a branch.
type town struct {
	t                     testing.TB
	d                     *db.DB
	clock                 *testkit.Clock
	s                     *transfer.Service
	m                     *member.Service
	root, street, a, b    id.ID
	a1, unit, u1, group   id.ID
	gone                  id.ID
	atA, atB, atU, nobody authz.Actor // secretaries
	worker, looker, above authz.Actor
	n                     int
}

var all = []authz.Permission{transfer.PermSee, transfer.PermStart, transfer.PermDecide}

func build(t testing.TB, d *db.DB, clock *testkit.Clock) *town {
	clock.Set(calendar.On(2026, 9, 15).Time())
	ring := seal.Ephemeral()
	w := &town{t: t, d: d, clock: clock}
	w.m = member.New(d, ring, movers{})
	w.s = transfer.New(d, movers{w.m, ring})
	w.m.WithEnders(w.s)
	w.root = w.org(testkit.Tenant, 0, "district_committee", "示例区委")
	w.street = w.org(testkit.Tenant, w.root, "working_committee", "示例街道党工委")
	w.a, w.b = w.org(testkit.Tenant, w.street, "community_party", "文港社区党委"), w.org(testkit.Tenant, w.street, "community_party", "先锋社区党支部")
	w.a1 = w.org(testkit.Tenant, w.a, "party_branch", "文港第一党支部")
	w.unit = w.org(testkit.Tenant, w.root, "unit", "示例机械厂")
	w.u1 = w.org(testkit.Tenant, w.unit, "party_branch", "示例机械厂党支部")
	w.group = w.org(testkit.Tenant, w.a1, "party_group", "第一党小组")
	w.gone = w.org(testkit.Tenant, w.a, "party_branch", "旧支部")
	w.exec(`UPDATE organisation SET dissolved_on = '2025-01-01' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, w.gone)
	w.atA = testkit.Actor(testkit.Tenant, []id.ID{w.a, w.a1, w.gone}, append(all, member.PermEdit, member.PermSee, member.PermContact)...)
	w.atB = testkit.Actor(testkit.Tenant, []id.ID{w.b}, all...)
	w.atU = testkit.Actor(testkit.Tenant, []id.ID{w.unit, w.u1}, all...)
	w.nobody = testkit.Actor(testkit.Tenant, []id.ID{w.org(testkit.Tenant, w.street, "community_party", "旁边社区党委")}, all...)
	w.worker = testkit.Actor(testkit.Tenant, []id.ID{w.a, w.a1}, transfer.PermSee, transfer.PermStart)
	w.looker = testkit.Actor(testkit.Tenant, []id.ID{w.a, w.a1}, transfer.PermSee)
	w.above = testkit.Actor(testkit.Tenant, []id.ID{w.street, w.a, w.a1, w.b}, all...)
	return w
}

func each(t *testing.T, fn func(w *town)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) { fn(build(t, d, clock)) })
}

func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	if err := w.d.WithTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args...)
		return err
	}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) org(tenant int64, parent id.ID, kind, name string) id.ID {
	w.t.Helper()
	o := id.New()
	path, err := db.Value[string](ctx, w.d, `SELECT path FROM organisation WHERE tenant_id = $1 AND id = $2`, tenant, parent)
	if err != nil {
		w.t.Fatal(err)
	}
	if path == "" {
		path = "/"
	}
	w.exec(`INSERT INTO organisation (tenant_id, id, kind, name, name_key, parent_id, path, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,$6,1,1)`,
		tenant, o, kind, name, parent, path+o.String()+"/")
	return o
}

// person enters somebody.
func (w *town) person(name string) id.ID {
	w.t.Helper()
	p := id.New()
	initials, key := pinyin.Of(name)
	w.exec(`INSERT INTO person (tenant_id, id, name, name_key, initials, sex, born_on, id_mask, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,'1','1980-02-03','3209***********1',1,1)`,
		testkit.Tenant, p, name, key, initials)
	return p
}

// member enters a member of a branch.
func (w *town) member(name string, home id.ID) id.ID {
	w.t.Helper()
	m, p := id.New(), w.person(name)
	kind, unit, community := "community", id.ID(0), w.a
	switch home {
	case w.b:
		community = w.b
	case w.u1:
		kind, unit, community = "in_service", w.unit, 0
	case 0:
		kind, community = "floating", 0
	}
	_, key := pinyin.Of(name)
	w.exec(`INSERT INTO member (tenant_id, id, person_id, kind, name, name_key, home_id, unit_id, community_id, standing, joined_on, created_at, updated_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,'full','2010-07-01',1,1)`, testkit.Tenant, m, p, kind, name, key, home, unit, community)
	return m
}

// as is the member themselves.
func (w *town) as(m id.ID) authz.Actor {
	w.t.Helper()
	p, err := db.Value[id.ID](ctx, w.d, `SELECT person_id FROM member WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, m)
	if err != nil {
		w.t.Fatal(err)
	}
	return testkit.Own(testkit.Tenant, p, transfer.PermAskOwn)
}

func (w *town) home(m id.ID) id.ID {
	w.t.Helper()
	h, err := db.Value[id.ID](ctx, w.d, `SELECT home_id FROM member WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, m)
	if err != nil {
		w.t.Fatal(err)
	}
	return h
}

func (w *town) inside(to id.ID) transfer.Route {
	return transfer.Route{Direction: transfer.Inside, ToID: to, Cause: transfer.Job}
}

func (w *town) start(actor authz.Actor, m id.ID, r transfer.Route) id.ID {
	w.t.Helper()
	out, err := w.s.Start(ctx, actor, transfer.Batch{Members: []id.ID{m}, Route: r})
	if err != nil {
		w.t.Fatal(err)
	}
	return out.IDs[0]
}

func (w *town) get(actor authz.Actor, x id.ID) transfer.Detail {
	w.t.Helper()
	d, err := w.s.Get(ctx, actor, x)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (w *town) version(x id.ID) int64 {
	w.t.Helper()
	v, err := db.Value[int64](ctx, w.d, `SELECT version FROM transfer WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, x)
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *town) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

// sent starts a transfer whose letter is issued, valid for 30 days.
func (w *town) sent(m id.ID, r transfer.Route) id.ID {
	w.t.Helper()
	x := w.start(w.atA, m, r)
	w.ok(w.s.Approve(ctx, w.atA, x, w.version(x), w.s.Today().AddDays(30)))
	return x
}

func (w *town) wants(err error, k errs.Kind, field string, t i18n.Text) {
	w.t.Helper()
	e := errs.As(err)
	if e == nil || e.Kind != k {
		w.t.Errorf("%v is no error of kind %v", err, k)
		return
	}
	said := e.Message.Text
	if field != "" {
		f, there := e.Fields[field]
		if !there {
			w.t.Errorf("%v says nothing of %s", err, field)
			return
		}
		said = f.Text
	}
	if !t.IsZero() && said != t {
		w.t.Errorf("%q was expected, not %v", t.In(i18n.EN), err)
	}
}

func (w *town) waits(actor authz.Actor, kind string) int64 {
	w.t.Helper()
	items, err := w.s.Waiting(ctx, actor)
	w.ok(err)
	for _, i := range items {
		if i.Kind == kind {
			return i.Count
		}
	}
	return 0
}

// TestFromRequestToReceipt walks a transfer that the member asked for through its states (MOB-8): until the receipt the sender keeps the member.
func TestFromRequestToReceipt(t *testing.T) {
	each(t, func(w *town) {
		m := w.member("李示例", w.a1)
		x, err := w.s.Ask(ctx, w.as(m), w.inside(w.b))
		w.ok(err)
		for who, actor := range map[string]authz.Actor{"sender": w.atA, "receiver": w.atB, "member": w.as(m), "looker": w.looker} {
			if d := w.get(actor, x); d.State != transfer.Requested || d.From != "文港第一党支部" || d.To != "先锋社区党支部" || d.AskedBy != transfer.ByMember {
				t := fmt.Sprint(d.State, d.From, d.To, d.AskedBy)
				w.t.Errorf("%s sees %s", who, t)
			}
		}
		if _, err := w.s.Get(ctx, w.nobody, x); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("a third side sees it: %v", err)
		}
		if w.waits(w.atA, transfer.WaitApprove) != 1 || w.waits(w.atB, transfer.WaitApprove) != 0 || w.waits(w.worker, transfer.WaitApprove) != 0 {
			w.t.Error("it waits for the wrong people")
		}
		for _, actor := range []authz.Actor{w.atB, w.worker, w.as(m)} {
			w.wants(w.s.Approve(ctx, actor, x, 1, calendar.Date{}), errs.Forbidden, "", i18n.Text{})
		}
		w.wants(w.s.Approve(ctx, w.nobody, x, 1, calendar.Date{}), errs.NotFound, "", i18n.Text{})
		w.wants(w.s.Receive(ctx, w.atB, x, 1, calendar.Date{}, ""), errs.Conflict, "", i18n.TransferIsNow)
		w.ok(w.s.Approve(ctx, w.atA, x, 1, calendar.Date{}))
		if d := w.get(w.atA, x); d.State != transfer.ApprovedOut || w.waits(w.atA, transfer.WaitIssue) != 1 {
			w.t.Errorf("approved is %s", d.State)
		}
		w.wants(w.s.Issue(ctx, w.atB, x, 2, w.s.Today().AddDays(30)), errs.Forbidden, "", i18n.Text{})
		w.ok(w.s.Issue(ctx, w.atA, x, 2, w.s.Today().AddDays(30)))
		d := w.get(w.atB, x)
		if d.State != transfer.InTransit || d.LetterNo != "2026-000001" || w.waits(w.atB, transfer.WaitReceive) != 1 || w.waits(w.as(m), transfer.WaitReport) != 1 {
			w.t.Errorf("issued: %s, letter %s", d.State, d.LetterNo)
		}
		l, err := w.s.LetterOf(ctx, w.as(m), x)
		w.ok(err)
		if l.Letter.From != "文港第一党支部" || l.Letter.To != "先锋社区党支部" || l.Letter.Name != "李示例" || l.Letter.Until != "2026-10-15" || l.Paper.Code == "" {
			w.t.Errorf("the letter says %+v", l.Letter)
		}
		if w.home(m) != w.a1 {
			w.t.Error("the member left before the receipt")
		}
		w.wants(w.s.Receive(ctx, w.atA, x, 3, calendar.Date{}, ""), errs.Forbidden, "", i18n.Text{})
		w.ok(w.s.Receive(ctx, w.atB, x, 3, calendar.Date{}, ""))
		if d = w.get(w.atA, x); d.State != transfer.Received || d.ReceiptNo != "2026-000001" || d.ClosedOn != w.s.Today() || w.home(m) != w.b {
			w.t.Errorf("received: %s, receipt %q, home %s", d.State, d.ReceiptNo, w.home(m))
		}
		r, err := w.s.ReceiptOf(ctx, w.atA, x)
		w.ok(err)
		if r.Receipt.LetterNo != "2026-000001" || r.Receipt.To != "先锋社区党支部" || r.Receipt.Name != "李示例" {
			w.t.Errorf("the receipt says %+v", r.Receipt)
		}
		var acts []transfer.Act
		for _, s := range d.Steps {
			acts = append(acts, s.Act)
		}
		if want := []transfer.Act{transfer.ActAsk, transfer.ActApprove, transfer.ActIssue, transfer.ActReceive}; !slices.Equal(acts, want) {
			w.t.Errorf("steps %v", acts)
		}
		if n, _ := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND subject_id = $2`, testkit.Tenant, x); n != 4 {
			w.t.Errorf("%d entries in the record", n)
		}
		if c, _ := db.Value[id.ID](ctx, w.d, `SELECT community_id FROM member WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, m); c != w.b {
			w.t.Error("the community did not follow the branch")
		}
	})
}

func TestWhatIsRefused(t *testing.T) {
	each(t, func(w *town) {
		li, free, ended, homeless, far := w.member("李示例", w.a1), w.member("王示例", w.a1), w.member("赵示例", w.a1), w.member("孙示例", 0), w.member("钱示例", w.b)
		w.exec(`UPDATE member SET ended_on = '2026-01-01' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, ended)
		w.exec(`UPDATE member SET community_id = $3 WHERE tenant_id = $1 AND id IN ($2, $4)`, testkit.Tenant, homeless, w.a, far)
		w.start(w.atA, li, w.inside(w.b))
		other := w.org(testkit.Other, 0, "party_branch", "别区支部")
		start := func(actor authz.Actor, m id.ID, r transfer.Route) error {
			_, err := w.s.Start(ctx, actor, transfer.Batch{Members: []id.ID{m}, Route: r})
			return err
		}
		w.wants(start(w.atA, free, w.inside(w.a1)), errs.Invalid, "to_id", i18n.TransferSame)
		w.wants(start(w.atA, li, w.inside(w.a)), errs.Conflict, "", i18n.TransferOpenAlready)
		w.wants(start(w.atA, free, w.inside(w.gone)), errs.Invalid, "to_id", i18n.TransferToGone)
		w.wants(start(w.atA, free, w.inside(w.unit)), errs.Invalid, "to_id", i18n.TransferToNoBranch)
		w.wants(start(w.atA, free, w.inside(w.group)), errs.Invalid, "to_id", i18n.TransferToNoBranch)
		w.wants(start(w.atA, free, w.inside(other)), errs.Invalid, "to_id", i18n.ErrBadChoice)
		w.wants(start(w.atA, free, w.inside(0)), errs.Invalid, "to_id", i18n.ErrRequired)
		w.wants(start(w.atA, ended, w.inside(w.b)), errs.Conflict, "", i18n.TransferEnded)
		w.wants(start(w.atA, homeless, w.inside(w.b)), errs.Conflict, "", i18n.TransferNoHome)
		w.wants(start(w.atA, far, w.inside(w.a)), errs.Conflict, "", i18n.TransferNotYours)
		w.wants(start(w.atB, free, w.inside(w.b)), errs.NotFound, "", i18n.Text{})
		w.wants(start(w.looker, free, w.inside(w.b)), errs.NotFound, "", i18n.Text{})
		w.wants(start(w.atA, free, transfer.Route{Direction: transfer.Out, Cause: transfer.Job}), errs.Invalid, "outside", i18n.ErrRequired)
		w.wants(start(w.atA, free, transfer.Route{Direction: transfer.In, Cause: transfer.Job}), errs.Invalid, "direction", i18n.ErrBadChoice)
		w.wants(start(w.atA, free, transfer.Route{Direction: transfer.Out, Outside: "=1+1", Cause: "none"}), errs.Invalid, "cause", i18n.ErrBadChoice)
		if _, err := w.s.Start(ctx, w.atA, transfer.Batch{Route: w.inside(w.b)}); errs.KindOf(err) != errs.Invalid {
			w.t.Errorf("nobody was started: %v", err)
		}
		if _, err := w.s.Start(ctx, w.worker, transfer.Batch{Members: []id.ID{free}, Route: w.inside(w.b), Issue: true, ValidTo: w.s.Today()}); errs.KindOf(err) != errs.Forbidden {
			w.t.Errorf("a worker issued a letter: %v", err)
		}
		if _, err := w.s.Ask(ctx, testkit.Own(testkit.Tenant, id.New(), transfer.PermAskOwn), w.inside(w.b)); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("somebody who is no member asked: %v", err)
		}
		if n, _ := db.Value[int64](ctx, w.d, `SELECT count(*) FROM transfer WHERE tenant_id = $1`, testkit.Tenant); n != 1 {
			w.t.Errorf("%d transfers", n)
		}
	})
}

// TestALetterExpires holds MOB-7: at most 90 days, and what is past waits for people at the sender; nothing changes by itself.
func TestALetterExpires(t *testing.T) {
	each(t, func(w *town) {
		m := w.member("李示例", w.a1)
		x := w.start(w.atA, m, w.inside(w.b))
		w.ok(w.s.Approve(ctx, w.atA, x, 1, calendar.Date{}))
		today := w.s.Today()
		w.wants(w.s.Issue(ctx, w.atA, x, 2, today.AddDays(91)), errs.Invalid, "valid_to", i18n.TransferValidLong)
		w.wants(w.s.Issue(ctx, w.atA, x, 2, today.AddDays(-1)), errs.Invalid, "valid_to", i18n.TransferValidPast)
		w.wants(w.s.Issue(ctx, w.atA, x, 2, calendar.Date{}), errs.Invalid, "valid_to", i18n.ErrRequired)
		w.ok(w.s.Issue(ctx, w.atA, x, 2, today.AddDays(90)))
		w.clock.Set(today.AddDays(90).Time().Add(20 * time.Hour))
		if d := w.get(w.atA, x); d.State != transfer.InTransit || w.waits(w.atA, transfer.WaitExpired) != 0 {
			w.t.Errorf("on its last day it is %s", d.State)
		}
		w.clock.Set(today.AddDays(92).Time())
		d := w.get(w.atA, x)
		if d.State != transfer.Expired || d.LateBy(w.s.Today()) != 2 || w.home(m) != w.a1 {
			w.t.Errorf("past its last day it is %s, late by %d", d.State, d.LateBy(w.s.Today()))
		}
		if w.waits(w.atA, transfer.WaitExpired) != 1 || w.waits(w.atB, transfer.WaitReceive) != 0 || w.waits(w.as(m), transfer.WaitAnswered) != 1 || w.waits(w.as(m), transfer.WaitReport) != 0 {
			w.t.Error("what expired waits for the wrong people")
		}
		w.wants(w.s.Receive(ctx, w.atB, x, 3, calendar.Date{}, ""), errs.Conflict, "", i18n.TransferIsExpired)
		w.wants(w.s.Receive(ctx, w.atB, x, 3, today.AddDays(80), ""), errs.Conflict, "", i18n.TransferIsExpired) // inside, the receipt is of today
		for _, f := range []transfer.Filter{{Overdue: true}, {State: transfer.Expired}, {Open: true}} {
			if l, err := w.s.List(ctx, w.atA, f); err != nil || len(l.Items) != 1 || l.Items[0].State != transfer.Expired {
				w.t.Errorf("%+v lists %v, %v", f, l.Items, err)
			}
		}
		if l, _ := w.s.List(ctx, w.atA, transfer.Filter{State: transfer.InTransit}); len(l.Items) != 0 {
			w.t.Error("an expired one is listed as in transit")
		}
		first, err := w.s.LetterOf(ctx, w.atA, x)
		w.ok(err)
		w.ok(w.s.Issue(ctx, w.atA, x, 3, w.s.Today().AddDays(10)))
		second, err := w.s.LetterOf(ctx, w.atA, x)
		w.ok(err)
		if second.Letter.Number != "2026-000002" || second.Paper.Code == first.Paper.Code {
			w.t.Errorf("the new letter is %s", second.Letter.Number)
		}
		if _, p, err := paper.Find(ctx, w.d, first.Paper.Code); err != nil || p.RevokedAt.IsZero() {
			w.t.Errorf("the old letter holds still: %v", err)
		}
		w.ok(w.s.Receive(ctx, w.atB, x, 4, calendar.Date{}, ""))
		if w.home(m) != w.b {
			w.t.Error("the member did not arrive")
		}
	})
}

func TestReturnedAndRefusedNeedAReason(t *testing.T) {
	each(t, func(w *town) {
		m, n := w.member("李示例", w.a1), w.member("王示例", w.a1)
		x, y := w.sent(m, w.inside(w.b)), w.start(w.atA, n, w.inside(w.b))
		w.wants(w.s.Return(ctx, w.atB, x, w.version(x), " "), errs.Invalid, "reason", i18n.ErrRequired)
		w.wants(w.s.Return(ctx, w.atA, x, w.version(x), "不是我"), errs.Forbidden, "", i18n.Text{})
		w.wants(w.s.Refuse(ctx, w.atA, y, 1, ""), errs.Invalid, "reason", i18n.ErrRequired)
		w.wants(w.s.Refuse(ctx, w.atA, x, w.version(x), "太晚"), errs.Conflict, "", i18n.TransferIsNow)
		w.ok(w.s.Return(ctx, w.atB, x, w.version(x), "不住在本社区"))
		w.ok(w.s.Refuse(ctx, w.atA, y, 1, "正在接受组织审查"))
		if d := w.get(w.atA, x); d.State != transfer.Returned || d.Reason != "不住在本社区" || w.home(m) != w.a1 || w.waits(w.atA, transfer.WaitReturned) != 1 {
			w.t.Errorf("returned: %s for %q", d.State, d.Reason)
		}
		if _, err := w.s.LetterOf(ctx, w.atA, x); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("the letter of a returned transfer holds: %v", err)
		}
		if w.waits(w.as(n), transfer.WaitAnswered) != 1 {
			w.t.Error("the member is not told of the refusal")
		}
		w.wants(w.s.Settle(ctx, w.atB, x, w.version(x)), errs.Forbidden, "", i18n.Text{})
		w.ok(w.s.Settle(ctx, w.atA, x, w.version(x)))
		if w.waits(w.atA, transfer.WaitReturned) != 0 {
			w.t.Error("what was noted waits still")
		}
		w.sent(m, w.inside(w.a)) // a new one can be started
	})
}

func TestWithdrawing(t *testing.T) {
	each(t, func(w *town) {
		m := w.member("李示例", w.a1)
		x, err := w.s.Ask(ctx, w.as(m), w.inside(w.b))
		w.ok(err)
		w.wants(w.s.Withdraw(ctx, w.atB, x, 1, "我来撤"), errs.Forbidden, "", i18n.Text{})
		w.wants(w.s.Withdraw(ctx, w.looker, x, 1, ""), errs.Forbidden, "", i18n.Text{})
		w.ok(w.s.Withdraw(ctx, w.as(m), x, 1, ""))
		x = w.sent(m, w.inside(w.b))
		w.wants(w.s.Withdraw(ctx, w.as(m), x, w.version(x), "不走了"), errs.Forbidden, "", i18n.Text{})
		w.wants(w.s.Withdraw(ctx, w.atA, x, w.version(x), ""), errs.Invalid, "reason", i18n.ErrRequired)
		w.ok(w.s.Withdraw(ctx, w.atA, x, w.version(x), "本人不再调动"))
		if d := w.get(w.atA, x); d.State != transfer.Withdrawn || w.home(m) != w.a1 {
			w.t.Errorf("withdrawn is %s", d.State)
		}
		w.wants(w.s.Receive(ctx, w.atB, x, w.version(x), calendar.Date{}, ""), errs.Conflict, "", i18n.TransferIsNow)
	})
}

// TestTwoAtOnce holds that the second of two people who decide on what they saw is told so.
func TestTwoAtOnce(t *testing.T) {
	each(t, func(w *town) {
		m := w.member("李示例", w.a1)
		x := w.start(w.atA, m, w.inside(w.b))
		w.ok(w.s.Approve(ctx, w.atA, x, 1, calendar.Date{}))
		w.wants(w.s.Refuse(ctx, w.above, x, 1, "不同意"), errs.Conflict, "", i18n.ErrConflict)
		w.wants(w.s.Approve(ctx, w.atA, x, 0, calendar.Date{}), errs.Conflict, "", i18n.ErrConflict)
		w.ok(w.s.Issue(ctx, w.atA, x, 2, w.s.Today().AddDays(5)))
		done := make(chan error, 2)
		for range 2 {
			go func() { done <- w.s.Receive(ctx, w.atB, x, 3, calendar.Date{}, "") }()
		}
		first, second := <-done, <-done
		if (first == nil) == (second == nil) || errs.KindOf(first) != errs.Conflict && errs.KindOf(second) != errs.Conflict {
			w.t.Errorf("both received: %v and %v", first, second)
		}
		n := w.member("王示例", w.a1)
		for range 2 {
			go func() {
				_, err := w.s.Start(ctx, w.atA, transfer.Batch{Members: []id.ID{n}, Route: w.inside(w.b)})
				done <- err
			}()
		}
		first, second = <-done, <-done
		if (first == nil) == (second == nil) || errs.KindOf(first) != errs.Conflict && errs.KindOf(second) != errs.Conflict {
			w.t.Errorf("both started: %v and %v", first, second)
		}
	})
}

func TestOutOfTheDistrict(t *testing.T) {
	each(t, func(w *town) {
		m := w.member("李示例", w.a1)
		x := w.sent(m, transfer.Route{Direction: transfer.Out, Outside: "某省某市某厂党委", Address: "某市某路 1 号", Cause: transfer.Job})
		l, err := w.s.LetterOf(ctx, w.atA, x)
		w.ok(err)
		if l.Letter.To != "某省某市某厂党委" || l.Letter.Address != "某市某路 1 号" {
			w.t.Errorf("the letter goes to %q", l.Letter.To)
		}
		today := w.s.Today()
		w.clock.Set(today.AddDays(40).Time()) // past the validity; the stub says that they came in time
		w.wants(w.s.Receive(ctx, w.atA, x, w.version(x), today.AddDays(-1), "回执 7"), errs.Invalid, "on", i18n.TransferBeforeLetter)
		w.wants(w.s.Receive(ctx, w.atA, x, w.version(x), calendar.Date{}, "回执 7"), errs.Conflict, "", i18n.TransferIsExpired)
		w.wants(w.s.Receive(ctx, w.atA, x, w.version(x), today.AddDays(41), "回执 7"), errs.Conflict, "", i18n.Text{})
		w.ok(w.s.Receive(ctx, w.atA, x, w.version(x), today.AddDays(20), "回执 7"))
		if d := w.get(w.atA, x); d.State != transfer.Received || d.ReceiptNo != "回执 7" || d.ClosedOn != today.AddDays(20) {
			w.t.Errorf("received: %+v", d.Transfer)
		}
		d, err := w.m.Get(ctx, w.atA, m)
		w.ok(err)
		if d.EndedOn != today.AddDays(20) || !strings.Contains(d.EndReason, "某省某市某厂党委") || d.HomeID != w.a1 {
			w.t.Errorf("the record ended on %s because %q", d.EndedOn, d.EndReason)
		}
	})
}

func number(n int) string { return code.WithCheck(fmt.Sprintf("3209021980010%d%03d", n%9+1, n)) }

func (w *town) letter(n int, to id.ID) transfer.NewIn {
	return transfer.NewIn{ToID: to, Someone: transfer.Someone{Name: "周外来", IDNumber: number(n)}, Outside: "某县某镇党委", LetterNo: "某组转 12 号",
		IssuedOn: w.s.Today().AddDays(-10), ValidTo: w.s.Today().AddDays(20), JoinedOn: calendar.On(2015, 7, 1), FullOn: calendar.On(2016, 7, 1), Cause: transfer.Moved}
}

func TestIntoTheDistrict(t *testing.T) {
	each(t, func(w *town) {
		in := w.letter(1, w.a1)
		x, err := w.s.NoteIn(ctx, w.worker, in)
		w.ok(err)
		d := w.get(w.atA, x)
		if d.State != transfer.InTransit || d.Name != "周外来" || d.From != "某县某镇党委" || d.MemberID != 0 || w.waits(w.atA, transfer.WaitReceive) != 1 {
			w.t.Errorf("noted: %+v", d.Item)
		}
		w.wants(w.s.Receive(ctx, w.worker, x, 1, calendar.Date{}, ""), errs.Forbidden, "", i18n.Text{})
		if _, err := w.s.NoteIn(ctx, w.atA, in); errs.KindOf(err) != errs.Invalid {
			w.t.Errorf("the same letter twice: %v", err)
		}
		w.ok(w.s.Receive(ctx, w.atA, x, 1, w.s.Today().AddDays(-1), ""))
		d = w.get(w.atA, x)
		if d.State != transfer.Received || d.MemberID == 0 || w.home(d.MemberID) != w.a1 {
			w.t.Errorf("received: %+v", d.Transfer)
		}
		m, err := w.m.Get(ctx, w.atA, d.MemberID)
		w.ok(err)
		if m.Kind != member.OfCommunity || m.CommunityID != w.a || m.Standing != member.Full || m.FullOn != calendar.On(2016, 7, 1) || m.Name != "周外来" {
			w.t.Errorf("the record is %+v", m.Member)
		}
		if _, err := w.s.ReceiptOf(ctx, w.atA, x); err != nil {
			w.t.Errorf("no receipt: %v", err)
		}
		_, err = w.s.NoteIn(ctx, w.atA, in)
		w.wants(err, errs.Invalid, "id_number", i18n.TransferInHere)
		_, err = w.s.NoteIn(ctx, w.atB, in)
		w.wants(err, errs.Forbidden, "", i18n.Text{})
		for field, change := range map[string]func(*transfer.NewIn){
			"valid_to": func(n *transfer.NewIn) { n.ValidTo = n.IssuedOn.AddDays(91) }, "issued_on": func(n *transfer.NewIn) { n.IssuedOn = w.s.Today().AddDays(1) },
			"to_id": func(n *transfer.NewIn) { n.ToID = w.gone }, "letter_no": func(n *transfer.NewIn) { n.LetterNo = "" }, "outside": func(n *transfer.NewIn) { n.Outside = "" },
			"name": func(n *transfer.NewIn) { n.Name = "" }, "id_number": func(n *transfer.NewIn) { n.IDNumber = "" }, "standing": func(n *transfer.NewIn) { n.Standing = "x" },
		} {
			n := w.letter(2, w.a1)
			change(&n)
			_, err := w.s.NoteIn(ctx, w.atA, n)
			w.wants(err, errs.Invalid, field, i18n.Text{})
		}
		// At once, by somebody who may; and a worker may not.
		at := w.letter(3, w.a)
		at.Receive = true
		if _, err := w.s.NoteIn(ctx, w.worker, at); errs.KindOf(err) != errs.Forbidden {
			w.t.Errorf("a worker received: %v", err)
		}
		x, err = w.s.NoteIn(ctx, w.atA, at)
		w.ok(err)
		if d := w.get(w.atA, x); d.State != transfer.Received || w.home(d.MemberID) != w.a {
			w.t.Errorf("at once: %s", d.State)
		}
		// A letter that ran out is renewed by a new one.
		x, err = w.s.NoteIn(ctx, w.atA, w.letter(4, w.a))
		w.ok(err)
		w.wants(w.s.Issue(ctx, w.atA, x, 1, w.s.Today().AddDays(5)), errs.Conflict, "", i18n.TransferOwnLetter)
		w.clock.Set(w.s.Today().AddDays(30).Time())
		if w.waits(w.atA, transfer.WaitExpired) != 1 {
			w.t.Error("a letter from outside that ran out waits for nobody")
		}
		w.wants(w.s.Receive(ctx, w.atA, x, 1, calendar.Date{}, ""), errs.Conflict, "", i18n.TransferIsExpired)
		w.ok(w.s.Renew(ctx, w.atA, x, 1, "某组转 13 号", w.s.Today(), w.s.Today().AddDays(30)))
		w.ok(w.s.Receive(ctx, w.atA, x, 2, calendar.Date{}, ""))
	})
}

// TestSomebodyWithoutABranchIsTakenIn holds that a record of the register goes on when its member comes with a letter.
func TestSomebodyWithoutABranchIsTakenIn(t *testing.T) {
	each(t, func(w *town) {
		in := w.letter(1, w.a)
		in.Receive = true
		x, err := w.s.NoteIn(ctx, w.atA, in)
		w.ok(err)
		m := w.get(w.atA, x).MemberID
		w.exec(`UPDATE member SET home_id = 0, kind = 'floating' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, m)
		in.ToID = w.a1
		y, err := w.s.NoteIn(ctx, w.atA, in)
		w.ok(err)
		if got := w.get(w.atA, y).MemberID; got != m || w.home(m) != w.a1 {
			w.t.Errorf("a second record %s beside %s", got, m)
		}
	})
}

func TestManyAtOnce(t *testing.T) {
	each(t, func(w *town) {
		var members []id.ID
		for i := range 5 {
			members = append(members, w.member(fmt.Sprintf("党员%c", '甲'+rune(i)), w.a1))
		}
		bad := w.member("孙示例", w.b)
		w.exec(`UPDATE member SET community_id = $3 WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, bad, w.a)
		w.start(w.atA, members[4], w.inside(w.b))
		b := transfer.Batch{Members: append(slices.Clone(members), bad), Route: w.inside(w.b), Issue: true, ValidTo: w.s.Today().AddDays(20)}
		b.Cause = transfer.Regrouped
		out, err := w.s.Start(ctx, w.atA, b)
		w.wants(err, errs.Invalid, "member", i18n.TransferSomeRefused)
		if len(out.IDs) != 0 || len(out.Refused) != 2 || out.Refused[0].MemberID != members[4] || out.Refused[1].Name != "孙示例" {
			w.t.Errorf("all or none: %+v", out)
		}
		if n, _ := db.Value[int64](ctx, w.d, `SELECT count(*) FROM transfer WHERE tenant_id = $1`, testkit.Tenant); n != 1 {
			w.t.Errorf("%d transfers were left behind", n)
		}
		b.Good = true
		if out, err = w.s.Start(ctx, w.atA, b); err != nil || len(out.IDs) != 4 || len(out.Refused) != 2 {
			w.t.Fatalf("the good ones: %+v, %v", out, err)
		}
		l, err := w.s.List(ctx, w.atB, transfer.Filter{State: transfer.InTransit, Sort: transfer.ByName})
		w.ok(err)
		seen := map[string]bool{}
		for _, i := range l.Items {
			seen[i.LetterNo] = true
			if p, err := w.s.LetterOf(ctx, w.atB, i.ID); err != nil || p.Letter.Name != i.Name || p.Paper.Number != i.LetterNo {
				w.t.Errorf("the letter of %s: %+v, %v", i.Name, p.Letter, err)
			}
		}
		if len(seen) != 4 {
			w.t.Errorf("letters %v", seen)
		}
		w.wants(w.s.ReceiveMany(ctx, w.atA, out.IDs), errs.Forbidden, "", i18n.Text{})
		x := w.start(w.atA, w.member("吴示例", w.a1), w.inside(w.b))
		w.wants(w.s.ReceiveMany(ctx, w.atB, append(slices.Clone(out.IDs), x)), errs.Conflict, "", i18n.TransferIsNow)
		if w.home(members[0]) != w.a1 {
			w.t.Error("some were received although one could not be")
		}
		w.ok(w.s.ReceiveMany(ctx, w.atB, out.IDs))
		for _, m := range members[:4] {
			if w.home(m) != w.b {
				w.t.Error("not all arrived")
			}
		}
	})
}

func TestTheKindFollowsTheBranch(t *testing.T) {
	each(t, func(w *town) {
		m := w.member("李示例", w.a1)
		x := w.sent(m, w.inside(w.u1))
		w.ok(w.s.Receive(ctx, w.atU, x, w.version(x), calendar.Date{}, ""))
		d, err := w.m.Get(ctx, testkit.Actor(testkit.Tenant, nil, member.PermSee), m)
		w.ok(err)
		if d.Kind != member.InService || d.UnitID != w.unit || d.CommunityID != 0 || d.HomeID != w.u1 {
			w.t.Errorf("at the unit: %+v", d.Member)
		}
		y := w.start(w.atU, m, w.inside(w.b))
		w.ok(w.s.Approve(ctx, w.atU, y, 1, w.s.Today().AddDays(3)))
		w.ok(w.s.Receive(ctx, w.atB, y, w.version(y), calendar.Date{}, ""))
		d, err = w.m.Get(ctx, testkit.Actor(testkit.Tenant, nil, member.PermSee), m)
		w.ok(err)
		if d.Kind != member.OfCommunity || d.UnitID != 0 || d.CommunityID != w.b || d.HomeID != w.b {
			w.t.Errorf("at the community: %+v", d.Member)
		}
	})
}

// TestNothingElseMovesWhoIsOnTheWay holds that the transfer alone moves the relation while it is open, and that it does not outlive the record.
func TestNothingElseMovesWhoIsOnTheWay(t *testing.T) {
	each(t, func(w *town) {
		m := w.member("李示例", w.a1)
		x := w.sent(m, w.inside(w.b))
		w.wants(w.m.Edit(ctx, w.atA, m, member.Edit{Version: 1, HomeID: &w.a}), errs.Invalid, "home_id", i18n.MemberInTransfer)
		skills := "书法"
		w.ok(w.m.Edit(ctx, w.atA, m, member.Edit{Version: 1, Skills: &skills}))
		w.ok(w.m.End(ctx, w.atA, m, w.s.Today(), "去世", 2))
		if d := w.get(w.atA, x); d.State != transfer.Withdrawn || d.Reason != i18n.TransferRecordEnded.In(i18n.ZH) {
			w.t.Errorf("the transfer of somebody whose record ended is %s", d.State)
		}
		n := w.member("王示例", w.a1)
		y := w.sent(n, w.inside(w.b))
		w.exec(`UPDATE member SET home_id = $3 WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, n, w.a)
		w.wants(w.s.Receive(ctx, w.atB, y, w.version(y), calendar.Date{}, ""), errs.Conflict, "", i18n.MemberHomeElsewhere)
		if found, err := w.s.Verify(ctx, w.d, testkit.Tenant); err != nil || len(found) != 1 {
			w.t.Errorf("verify says %v, %v", found, err)
		}
	})
}

func TestBranchesThatAreMergedOrDissolved(t *testing.T) {
	each(t, func(w *town) {
		li, wang := w.member("李示例", w.a1), w.member("王示例", w.a1)
		x, y := w.sent(li, w.inside(w.b)), w.sent(wang, w.inside(w.a))
		c := w.org(testkit.Tenant, w.street, "community_party", "新社区党委")
		orgs := organisation.New(w.d, seal.Ephemeral()).WithFollowers(w.m, w.s)
		admin := testkit.Actor(testkit.Tenant, nil, organisation.PermSee, organisation.PermChange)
		w.wants(orgs.Dissolve(ctx, admin, w.b, organisation.Effect{On: w.s.Today(), Document: "文"}), errs.Conflict, "", i18n.Text{})
		// A branch that is merged: what leads to it leads on, what would lead nowhere is withdrawn.
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			if err := w.m.Follow(ctx, tx, admin, w.b, c); err != nil {
				return err
			}
			return w.s.Follow(ctx, tx, admin, w.b, c)
		}))
		if d := w.get(w.atA, x); d.ToID != c || d.State != transfer.InTransit || d.Steps[len(d.Steps)-1].Act != transfer.ActFollow {
			w.t.Errorf("the receiving branch was merged: %+v", d.Transfer)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			if err := w.m.Follow(ctx, tx, admin, w.a1, w.a); err != nil {
				return err
			}
			return w.s.Follow(ctx, tx, admin, w.a1, w.a)
		}))
		if d := w.get(w.atA, x); d.FromID != w.a || w.home(li) != w.a {
			w.t.Errorf("the sending branch was merged: %+v", d.Transfer)
		}
		if d := w.get(w.atA, y); d.State != transfer.Withdrawn || w.home(wang) != w.a {
			w.t.Errorf("a way from a branch to itself: %+v", d.Transfer)
		}
		if found, err := w.s.Verify(ctx, w.d, testkit.Tenant); err != nil || len(found) != 0 {
			w.t.Errorf("verify says %v, %v", found, err)
		}
		// Dissolved in the meantime, by whatever way: refused at the receipt and for a new letter.
		w.exec(`UPDATE organisation SET dissolved_on = '2026-09-15' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, c)
		atC := testkit.Actor(testkit.Tenant, []id.ID{c}, all...)
		w.wants(w.s.Receive(ctx, atC, x, w.version(x), calendar.Date{}, ""), errs.Invalid, "to_id", i18n.TransferToGone)
		w.wants(w.s.Issue(ctx, w.atA, x, w.version(x), w.s.Today().AddDays(3)), errs.Invalid, "to_id", i18n.TransferToGone)
		w.ok(w.s.Return(ctx, atC, x, w.version(x), "本支部已撤销"))
	})
}

func TestListsAndPages(t *testing.T) {
	each(t, func(w *town) {
		for i, name := range []string{"李示例", "王示例", "赵示例", "孙示例", "钱示例"} {
			m := w.member(name, w.a1)
			x := w.start(w.atA, m, w.inside(w.b))
			if i > 1 {
				w.ok(w.s.Approve(ctx, w.atA, x, 1, w.s.Today().AddDays(10*i)))
			}
		}
		out := w.member("周示例", w.a)
		w.start(w.atA, out, transfer.Route{Direction: transfer.Out, Outside: "某市某局党委", Cause: transfer.Job})
		count := func(actor authz.Actor, f transfer.Filter) int {
			l, err := w.s.List(ctx, actor, f)
			w.ok(err)
			n := 0
			w.ok(w.s.Export(ctx, actor, f, func(transfer.Item) error { n++; return nil }))
			if n != len(l.Items) {
				w.t.Errorf("%+v: listed %d, exported %d", f, len(l.Items), n)
			}
			return n
		}
		for _, c := range []struct {
			actor authz.Actor
			f     transfer.Filter
			want  int
		}{
			{w.atA, transfer.Filter{}, 6}, {w.atB, transfer.Filter{}, 5}, {w.nobody, transfer.Filter{}, 0}, {w.above, transfer.Filter{}, 6},
			{w.atA, transfer.Filter{Direction: transfer.Out}, 1}, {w.atA, transfer.Filter{State: transfer.Requested}, 3}, {w.atA, transfer.Filter{Text: "李"}, 1},
			{w.atA, transfer.Filter{Text: "lsl"}, 1}, {w.atA, transfer.Filter{Text: "某局"}, 1}, {w.atA, transfer.Filter{OrganisationID: w.a}, 6},
			{w.atA, transfer.Filter{OrganisationID: w.b}, 5}, {w.atA, transfer.Filter{OrganisationID: w.street}, 6}, {w.atA, transfer.Filter{OrganisationID: w.u1}, 0},
			{w.atA, transfer.Filter{FromID: w.a}, 1}, {w.atA, transfer.Filter{ToID: w.b}, 5}, {w.atA, transfer.Filter{MemberID: out}, 1}, {w.atA, transfer.Filter{Overdue: true}, 0},
		} {
			if n := count(c.actor, c.f); n != c.want {
				w.t.Errorf("%+v finds %d, not %d", c.f, n, c.want)
			}
		}
		for _, sort := range []transfer.Sort{transfer.Newest, transfer.ByName, transfer.ByValid} {
			seen, page := map[id.ID]bool{}, db.Page{Limit: 2}
			for range 3 {
				l, err := w.s.List(ctx, w.atA, transfer.Filter{Sort: sort, Page: page})
				w.ok(err)
				for _, i := range l.Items {
					seen[i.ID] = true
				}
				page.After = db.ParseCursor(l.Next)
			}
			if len(seen) != 6 {
				w.t.Errorf("paging by %q shows %d", sort, len(seen))
			}
		}
		c, err := w.s.Count(ctx, w.atA)
		if err != nil || c != (transfer.Counts{Requested: 3, InTransit: 3}) {
			w.t.Errorf("counts %+v, %v", c, err)
		}
		own, err := w.s.Mine(ctx, w.as(out))
		if err != nil || own.HomeID != w.a || len(own.Transfers) != 1 || own.Open() == nil {
			w.t.Errorf("own %+v, %v", own, err)
		}
	})
}

// TestWhoHasBeenAwayForLong holds MOB-1: six full months, and nobody moves the relation yet.
func TestWhoHasBeenAwayForLong(t *testing.T) {
	each(t, func(w *town) {
		long, short, other := w.member("李示例", w.a1), w.member("王示例", w.a1), w.member("赵示例", w.b)
		for m, from := range map[id.ID]string{long: "2026-03-15", short: "2026-03-16", other: "2020-01-01"} {
			w.exec(`INSERT INTO floating_move (tenant_id, id, member_id, person_id, direction, place, from_on, last_contact, account_id, at)
				SELECT tenant_id, $2, id, person_id, 'out', '苏州', $3, '2026-09-01', 0, 1 FROM member WHERE tenant_id = $1 AND id = $4`, testkit.Tenant, id.New(), from, m)
		}
		l, err := w.s.Away(ctx, w.atA, transfer.AwayFilter{})
		w.ok(err)
		if len(l.Items) != 1 || l.Items[0].MemberID != long || l.Items[0].Months(w.s.Today()) != 6 {
			w.t.Errorf("away: %+v", l.Items)
		}
		x := w.sent(long, transfer.Route{Direction: transfer.Out, Outside: "苏州某街道党工委", Cause: transfer.Settled})
		if l, _ = w.s.Away(ctx, w.atA, transfer.AwayFilter{}); len(l.Items) != 0 {
			w.t.Error("who is on the way is listed still")
		}
		w.ok(w.s.Receive(ctx, w.atA, x, w.version(x), calendar.Date{}, ""))
		if back, _ := db.Value[string](ctx, w.d, `SELECT back_on FROM floating_move WHERE tenant_id = $1 AND member_id = $2`, testkit.Tenant, long); back != "2026-09-15" {
			w.t.Errorf("the move runs on: %q", back)
		}
	})
}

func TestWordsAreRemovedAfterTheirPeriod(t *testing.T) {
	each(t, func(w *town) {
		m := w.member("李示例", w.a1)
		r := w.inside(w.b)
		r.Note = "随子女居住"
		x := w.start(w.atA, m, r)
		w.ok(w.s.Refuse(ctx, w.atA, x, 1, "手续不全"))
		kind := transfer.RetentionKinds()[0]
		past := func(before calendar.Date) []id.ID {
			a := &db.Args{}
			rows := kind.Past(a, testkit.Tenant, before)
			ids, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
			w.ok(err)
			return ids
		}
		if n := past(w.s.Today()); len(n) != 0 {
			w.t.Error("what was closed today is past")
		}
		ids := past(w.s.Today().AddDays(1))
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return kind.Remove(ctx, tx, testkit.Tenant, ids) }))
		d := w.get(w.atA, x)
		if len(ids) != 1 || d.Note != retention.Gone() || d.Reason != "" || d.Steps[1].Note != "" || d.State != transfer.Refused || len(past(w.s.Today().AddDays(1))) != 0 {
			w.t.Errorf("after removal: %+v", d)
		}
		y := w.start(w.atA, m, r)
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return transfer.AnonymiseTx(ctx, tx, testkit.Tenant, []id.ID{m}) }))
		if d := w.get(w.atA, y); d.Note != "" {
			w.t.Errorf("a member without a name has a note %q", d.Note)
		}
	})
}
