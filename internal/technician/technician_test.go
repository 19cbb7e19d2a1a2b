package technician_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
	"linli/internal/technician"
	"linli/internal/testkit"
)

var ctx = context.Background()

type days struct{}

func (days) Calendar(context.Context, int64) (*calendar.Calendar, error) {
	return calendar.Default(), nil
}

type purposes struct{}

func (purposes) Covered(context.Context, db.Querier, int64, string, string) error { return nil }

type agenda struct{}

func (agenda) RaiseTx(context.Context, *db.Tx, authz.Actor, id.ID, id.ID, id.ID, string, string) (id.ID, error) {
	return id.New(), nil
}

type district struct {
	t                              *testing.T
	d                              *db.DB
	clock                          *testkit.Clock
	cases                          *casework.Service
	s                              *technician.Service
	root, street, community, other id.ID
	taps, lamps, care              id.ID
	operator, worker, beside       authz.Actor
	zhang, li, wang                id.ID
	zhangActor, liActor, wangActor authz.Actor
}

var desk = []authz.Permission{technician.PermSee, technician.PermDispatch, casework.PermSee, casework.PermEnter, casework.PermDispatch, casework.PermWork, casework.PermReveal}

func each(t *testing.T, fn func(w *district)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 2).Time().Add(10 * time.Hour)) // a Monday
		fn(build(t, d, clock))
	})
}

func build(t *testing.T, d *db.DB, clock *testkit.Clock) *district {
	w := &district{t: t, d: d, clock: clock}
	ring := seal.Ephemeral()
	w.cases = casework.New(d, ring, days{}, agenda{}, purposes{}).WithFiles(attach.NewStore(ring))
	w.s = technician.New(d, ring, w.cases).WithFiles(attach.NewStore(ring))
	w.cases.WithJobs(w.s)
	w.root = w.org("district_committee", "示例区", 0)
	w.street = w.org("working_committee", "示例街道", w.root)
	w.community, w.other = w.org("community_party", "文港社区", w.street), w.org("community_party", "先锋社区", w.street)
	w.class("01", "家庭维修")
	w.class("03", "养老")
	w.taps, w.lamps, w.care = w.item("01", "水管维修", "low", 2000), w.item("01", "家电维修", "paid", 0), w.item("03", "探访", "free", 0)
	w.ok(d.WithTx(ctx, func(tx *db.Tx) error { return w.cases.PrepareTx(ctx, tx, testkit.Tenant) }))
	w.operator = w.as(w.street, []id.ID{w.street, w.community, w.other}, append(slices.Clone(desk), technician.PermKeep)...)
	w.worker, w.beside = w.as(w.community, nil, desk...), w.as(w.other, nil, desk...)
	w.zhang, w.zhangActor = w.tech("张师傅", []technician.Skill{{Class: "service:01"}}, w.community)
	w.li, w.liActor = w.tech("李师傅", []technician.Skill{{ItemID: w.taps}}, w.street)
	w.wang, w.wangActor = w.tech("王阿姨", []technician.Skill{{ItemID: w.care}}, w.other)
	return w
}

func (w *district) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *district) wants(err error, k errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if e == nil || e.Kind != k {
		w.t.Errorf("%v is no %v", err, k)
		return
	}
	if _, ok := e.Fields[field]; field != "" && !ok {
		w.t.Errorf("%v says nothing of %s", e.Fields, field)
	}
}

func (w *district) as(root id.ID, within []id.ID, perms ...authz.Permission) authz.Actor {
	if within == nil {
		within = []id.ID{root}
	}
	a := testkit.Actor(testkit.Tenant, within, perms...)
	a.Grants[0].Root = root
	testkit.Exec(w.t, w.d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,$4,1)`, testkit.Tenant, a.AccountID, "a"+a.AccountID.String(), "name")
	testkit.Exec(w.t, w.d, `INSERT INTO role_grant (tenant_id, id, account_id, role_code, organisation_id, valid_from, granted_at) VALUES ($1,$2,$3,'x',$4,'2026-01-01',1)`, testkit.Tenant, id.New(), a.AccountID, root)
	return a
}

func (w *district) org(kind, name string, parent id.ID) id.ID {
	w.t.Helper()
	o := id.New()
	path := "/" + o.String() + "/"
	if parent != 0 {
		above, err := db.Value[string](ctx, w.d, `SELECT path FROM organisation WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, parent)
		w.ok(err)
		path = above + o.String() + "/"
	}
	testkit.Exec(w.t, w.d, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, parent_id, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,$6,1,1)`,
		testkit.Tenant, o, kind, name, path, parent)
	return o
}

func (w *district) class(code, name string) {
	testkit.Exec(w.t, w.d, `INSERT INTO catalogue_class (tenant_id, list, code, name) VALUES ($1,'service',$2,$3)`, testkit.Tenant, code, name)
}

func (w *district) item(class, name, price string, fen int64) id.ID {
	i := id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO catalogue_item (tenant_id, id, list, code, class_code, name, search_key, sort_key, level, price_kind, price_fen, public, valid_from) VALUES ($1,$2,'service',$3,$4,$5,'',$3,'community',$6,$7,TRUE,'2026-01-01')`,
		testkit.Tenant, i, i.String(), class, name, price, fen)
	return i
}

// tech is a technician with an account, on duty from eight to six every day.
func (w *district) tech(name string, skills []technician.Skill, areas ...id.ID) (id.ID, authz.Actor) {
	w.t.Helper()
	a := w.as(w.community, nil, technician.PermServe)
	n := technician.Entry{Name: name, Login: "a" + a.AccountID.String(), OrgID: w.community, Phone: "13900139000", Skills: skills, Areas: areas}
	for i := range n.Week {
		n.Week[i] = "08:00-18:00"
	}
	t, err := w.s.Create(ctx, w.operator, n)
	w.ok(err)
	return t, a
}

func (w *district) report(item id.ID, at id.ID) casework.Receipt {
	w.t.Helper()
	out, err := w.cases.Report(ctx, testkit.Tenant, "居民", "r1", casework.Report{Kind: "service", ItemID: item, CommunityID: at, Body: "水龙头漏水，电话 13800138000", Place: "2 单元 301", Name: "赵大爷", Phone: "13800138000"})
	w.ok(err)
	return out
}

// open gives the only job that a technician has open.
func (w *district) open(a authz.Actor) technician.Job {
	w.t.Helper()
	p, err := w.s.Mine(ctx, a)
	w.ok(err)
	if len(p.Open) != 1 {
		w.t.Fatalf("%d open jobs, want one", len(p.Open))
	}
	return p.Open[0]
}

func (w *district) offered(r casework.Receipt, t id.ID, a authz.Actor) technician.Job {
	w.t.Helper()
	w.ok(w.s.Offer(ctx, w.operator, r.ID, t))
	return w.open(a)
}

func (w *district) follow(r casework.Receipt) casework.Followed {
	w.t.Helper()
	_, f, err := w.cases.ToReporter(ctx, casework.Code(r.Code))
	w.ok(err)
	return f
}

func acts(f casework.Followed) string {
	var out []string
	for _, e := range f.Entries {
		out = append(out, string(e.Act))
	}
	return strings.Join(out, " ")
}

func TestFromTheOfferToTheSignature(t *testing.T) {
	each(t, func(w *district) {
		r := w.report(w.taps, w.community)
		if len(r.SignOff) != 4 {
			t.Fatalf("sign-off code %q, want four digits", r.SignOff)
		}
		board, err := w.s.Board(ctx, w.operator, technician.BoardFilter{})
		w.ok(err)
		if len(board.Items) != 1 || board.Items[0].CaseID != r.ID || strings.Contains(board.Items[0].Title, "13800138000") {
			t.Fatalf("board: %+v", board.Items)
		}
		who, err := w.s.Candidates(ctx, w.operator, board.Items[0], "", 10)
		w.ok(err)
		var names []string
		for _, c := range who {
			names = append(names, fmt.Sprintf("%s %v %v %v %d", c.Name, c.Skilled, c.Covers, c.OnDuty, c.Open))
		}
		if got := strings.Join(names[:2], " "); got != "张师傅 true true true 0 李师傅 true true true 0" || names[2] != "王阿姨 false false true 0" {
			t.Errorf("candidates %v", names)
		}
		j := w.offered(r, w.zhang, w.zhangActor)
		if f := w.follow(r); f.State != casework.Accepted {
			t.Errorf("after the offer the case is %s", f.State)
		}
		d, err := w.s.Own(ctx, w.zhangActor, j.ID)
		w.ok(err)
		if d.Body != "" || d.Place != "" || d.HasPhone {
			t.Errorf("before the taking the technician reads %+v", d)
		}
		if _, _, err := w.s.Number(ctx, w.zhangActor, j.ID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("the number before the taking: %v", err)
		}
		w.ok(w.s.Take(ctx, w.zhangActor, j.ID))
		if f := w.follow(r); f.State != casework.Working || f.SignOff != r.SignOff {
			t.Errorf("after the taking: %s, %q", f.State, f.SignOff)
		}
		board, err = w.s.Board(ctx, w.operator, technician.BoardFilter{})
		w.ok(err)
		if len(board.Items) != 0 {
			t.Errorf("what is taken is still on the board")
		}
		d, err = w.s.Own(ctx, w.zhangActor, j.ID)
		w.ok(err)
		if d.Place != "2 单元 301" || !strings.Contains(d.Body, "***") || !d.HasPhone {
			t.Errorf("after the taking the technician reads %+v", d)
		}
		name, phone, err := w.s.Number(ctx, w.zhangActor, j.ID)
		w.ok(err)
		if name != "赵大爷" || phone != "13800138000" {
			t.Errorf("number %q of %q", phone, name)
		}
		w.clock.Advance(20 * time.Minute)
		w.ok(w.s.Arrive(ctx, w.zhangActor, j.ID))
		w.wants(w.s.Arrive(ctx, w.zhangActor, j.ID), errs.Conflict, "")
		w.wants(w.s.SignOff(ctx, w.zhangActor, j.ID, r.SignOff), errs.Conflict, "")
		w.clock.Advance(30 * time.Minute)
		end := technician.Finish{Outcome: "done", Words: "换了阀芯", Minutes: 30, Charged: technician.Charged{Units: 1, Materials: 1500, What: "阀芯"}}
		bad := end
		bad.Minutes = 0
		w.wants(w.s.Finish(ctx, w.zhangActor, j.ID, bad), errs.Invalid, "minutes")
		bad = end
		bad.Outcome = "passed"
		w.wants(w.s.Finish(ctx, w.zhangActor, j.ID, bad), errs.Invalid, "address")
		bad = end
		bad.Photos = []attach.New{{Name: "a.jpg", Content: []byte("<svg/>")}}
		w.wants(w.s.Finish(ctx, w.zhangActor, j.ID, bad), errs.Invalid, "file")
		w.ok(w.s.Finish(ctx, w.zhangActor, j.ID, end))
		if f := w.follow(r); f.State != casework.Done || f.Result != "换了阀芯" || !f.Rateable || acts(f) != "report offer job number arrive finish" {
			t.Errorf("after the finish: %s %q %s", f.State, f.Result, acts(f))
		}
		w.ok(w.s.SignOff(ctx, w.zhangActor, j.ID, " "+r.SignOff+" "))
		w.wants(w.s.SignOff(ctx, w.zhangActor, j.ID, r.SignOff), errs.Conflict, "")
		got, err := w.s.ReceiptTo(ctx, testkit.Tenant, r.ID)
		w.ok(err)
		if got.Sum != 3500 || got.Service+got.Materials != got.Sum || got.Confirmed != technician.ByCode || got.Issuer != "文港社区" || got.Technician != "张师傅" {
			t.Errorf("receipt %+v", got)
		}
		if d, err = w.s.Own(ctx, w.zhangActor, j.ID); err != nil || d.Body != "" || d.Place != "" {
			t.Errorf("when it is over the technician still reads %q, %v", d.Body, err)
		}
		if _, _, err := w.s.Number(ctx, w.zhangActor, j.ID); errs.KindOf(err) != errs.Conflict {
			t.Errorf("the number when it is over: %v", err)
		}
		if now, err := w.cases.Rate(ctx, casework.Code(r.Code), "居民", "r2", casework.Rating{Solved: casework.Yes, Stars: 5}); err != nil || now != casework.Closed {
			t.Errorf("rated: %s, %v", now, err)
		}
		figures, err := w.s.ByClass(ctx, w.operator, calendar.On(2026, 1, 1))
		w.ok(err)
		if len(figures) != 1 || figures[0].Finished != 1 || figures[0].Satisfied != 1 || figures[0].Code != 1 || figures[0].Fen != 3500 {
			t.Errorf("figures %+v", figures)
		}
		for only, want := range map[string]int64{"": figures[0].Finished, technician.OnlyRated: figures[0].Rated, technician.OnlySatisfied: figures[0].Satisfied, technician.ByCode: figures[0].Code,
			technician.ByCall: figures[0].Call, technician.BySelf: figures[0].Self, technician.OnlySilent: figures[0].Silent, "nonsense": 0} {
			done, err := w.s.Done(ctx, w.operator, technician.DoneFilter{From: calendar.On(2026, 1, 1), Class: figures[0].Key, Only: only})
			w.ok(err)
			if int64(len(done.Items)) != want {
				t.Errorf("%q lists %d jobs, the figure is %d", only, len(done.Items), want)
			}
		}
		for _, f := range []technician.DoneFilter{{From: calendar.On(2026, 1, 1), Class: technician.Unclassed}, {From: calendar.On(2030, 1, 1)}} {
			if done, err := w.s.Done(ctx, w.operator, f); err != nil || len(done.Items) != 0 {
				t.Errorf("%+v lists %d, %v", f, len(done.Items), err)
			}
		}
		p, err := w.s.Mine(ctx, w.zhangActor)
		w.ok(err)
		if p.Finished != 1 || p.Pleased != 1 || len(p.Open) != 0 {
			t.Errorf("own figures %+v", p)
		}
	})
}

func TestTheFirstToTakeItHasIt(t *testing.T) {
	each(t, func(w *district) {
		for round := range 6 {
			r := w.report(w.taps, w.community)
			a, b := w.offered(r, w.zhang, w.zhangActor), w.offered(r, w.li, w.liActor)
			w.wants(w.s.Offer(ctx, w.operator, r.ID, w.li), errs.Conflict, "")
			var wg sync.WaitGroup
			var got [2]error
			for i, x := range []struct {
				a authz.Actor
				j id.ID
			}{{w.zhangActor, a.ID}, {w.liActor, b.ID}} {
				wg.Go(func() { got[i] = w.s.Take(ctx, x.a, x.j) })
			}
			wg.Wait()
			if (got[0] == nil) == (got[1] == nil) {
				t.Fatalf("round %d: %v and %v, want one to have it", round, got[0], got[1])
			}
			winner, loser := w.zhangActor, w.liActor
			lost, won := b.ID, a.ID
			if got[0] != nil {
				winner, loser, lost, won = loser, winner, a.ID, b.ID
				w.wants(got[0], errs.Conflict, "")
			} else {
				w.wants(got[1], errs.Conflict, "")
			}
			if d, err := w.s.Own(ctx, loser, lost); err != nil || d.State != technician.Gone {
				t.Errorf("the other's is %s, %v", d.State, err)
			}
			w.wants(w.s.Take(ctx, loser, lost), errs.Conflict, "")
			if _, err := w.s.Own(ctx, loser, won); errs.KindOf(err) != errs.NotFound {
				t.Errorf("the other reads what they have not: %v", err)
			}
			f := w.follow(r)
			if n := strings.Count(acts(f), "job"); n != 1 || f.State != casework.Working {
				t.Errorf("round %d: %s in %s", round, acts(f), f.State)
			}
			w.wants(w.s.Offer(ctx, w.operator, r.ID, w.wang), errs.Conflict, "")
			w.ok(w.s.Decline(ctx, winner, won, "没有零件"))
			if wait, err := w.s.Waiting(ctx, w.worker); err != nil || len(wait) != 1 || wait[0].Kind != technician.WaitAgain || wait[0].Subject != r.ID {
				t.Errorf("round %d: waits %+v, %v", round, wait, err)
			}
			if f := w.follow(r); f.State != casework.Accepted {
				t.Errorf("given back it is %s", f.State)
			}
			v, err := db.Value[int64](ctx, w.d, `SELECT version FROM service_case WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, r.ID)
			w.ok(err)
			w.ok(w.cases.Refuse(ctx, w.worker, r.ID, v, casework.Elsewhere, "请找物业", "物业 123"))
		}
	})
}

func TestWhatIsFreeToTake(t *testing.T) {
	each(t, func(w *district) {
		tap, lamp, visit := w.report(w.taps, w.community), w.report(w.lamps, w.community), w.report(w.care, w.other)
		free := func(a authz.Actor) int {
			p, err := w.s.Mine(ctx, a)
			w.ok(err)
			return len(p.Free)
		}
		if z, l, x := free(w.zhangActor), free(w.liActor), free(w.wangActor); z != 2 || l != 1 || x != 1 {
			t.Errorf("free: %d for the class in the community, %d for the item in the street, %d for care beside; want 2, 1, 1", z, l, x)
		}
		_, err := w.s.TakeFree(ctx, w.liActor, lamp.ID)
		w.wants(err, errs.Conflict, "") // no skill
		_, err = w.s.TakeFree(ctx, w.zhangActor, visit.ID)
		w.wants(err, errs.Conflict, "") // not there
		var wg sync.WaitGroup
		var got [2]error
		for i, a := range []authz.Actor{w.zhangActor, w.liActor} {
			wg.Go(func() { _, got[i] = w.s.TakeFree(ctx, a, tap.ID) })
		}
		wg.Wait()
		if (got[0] == nil) == (got[1] == nil) {
			t.Fatalf("%v and %v, want one to have it", got[0], got[1])
		}
		w.ok(w.s.Offer(ctx, w.operator, lamp.ID, w.li))
		if n := free(w.zhangActor); n != 0 {
			t.Errorf("what somebody was asked to do is free to others: %d", n)
		}
	})
}

func TestWrongCodesAreCounted(t *testing.T) {
	each(t, func(w *district) {
		r := w.report(w.care, w.other)
		j := w.offered(r, w.wang, w.wangActor)
		w.ok(w.s.Take(ctx, w.wangActor, j.ID))
		w.wants(w.s.Finish(ctx, w.wangActor, j.ID, technician.Finish{Outcome: "done", Words: "看望", Minutes: 10, Charged: technician.Charged{Materials: 100, What: "x"}}), errs.Invalid, "materials")
		w.ok(w.s.Finish(ctx, w.wangActor, j.ID, technician.Finish{Outcome: "done", Words: "看望", Minutes: 10}))
		wrong := "0000"
		if wrong == r.SignOff {
			wrong = "0001"
		}
		for range technician.MaxTries {
			w.wants(w.s.SignOff(ctx, w.wangActor, j.ID, wrong), errs.Invalid, "code")
		}
		w.wants(w.s.SignOff(ctx, w.wangActor, j.ID, r.SignOff), errs.Conflict, "") // the right one comes too late
		d, err := w.s.Own(ctx, w.wangActor, j.ID)
		w.ok(err)
		if d.Confirmed != "" || d.Left() != 0 {
			t.Errorf("after too many tries: %q, %d left", d.Confirmed, d.Left())
		}
		// The follow-up call confirms, and is counted apart.
		v, err := db.Value[int64](ctx, w.d, `SELECT version FROM service_case WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, r.ID)
		w.ok(err)
		w.ok(w.cases.Call(ctx, w.beside, r.ID, v, casework.Called{Reached: true, Solved: casework.Yes, Rating: 4}))
		figures, err := w.s.ByClass(ctx, w.operator, calendar.On(2026, 1, 1))
		w.ok(err)
		if len(figures) != 1 || figures[0].Code != 0 || figures[0].Call != 1 || figures[0].Satisfied != 1 || figures[0].Fen != 0 {
			t.Errorf("figures %+v", figures)
		}
	})
}

func TestAnotherCodeAfterItWasOpenedAgain(t *testing.T) {
	each(t, func(w *district) {
		r := w.report(w.taps, w.community)
		j := w.offered(r, w.zhang, w.zhangActor)
		w.ok(w.s.Take(ctx, w.zhangActor, j.ID))
		w.ok(w.s.Finish(ctx, w.zhangActor, j.ID, technician.Finish{Outcome: "done", Words: "修好", Minutes: 10}))
		w.ok(w.s.SignOff(ctx, w.zhangActor, j.ID, r.SignOff))
		if now, err := w.cases.Rate(ctx, casework.Code(r.Code), "居民", "r", casework.Rating{Solved: casework.No, Stars: 1, Words: "还漏"}); err != nil || now != casework.Working {
			t.Fatalf("%s, %v", now, err)
		}
		f := w.follow(r)
		if f.SignOff == "" || f.SignOff == r.SignOff {
			t.Errorf("sign-off code %q after %q", f.SignOff, r.SignOff)
		}
		board, err := w.s.Board(ctx, w.operator, technician.BoardFilter{})
		w.ok(err)
		if len(board.Items) != 1 || board.Items[0].Reopened != 1 {
			t.Fatalf("what was opened again does not wait: %+v", board.Items)
		}
		second := w.offered(r, w.li, w.liActor)
		w.ok(w.s.Take(ctx, w.liActor, second.ID))
		w.ok(w.s.Finish(ctx, w.liActor, second.ID, technician.Finish{Outcome: "done", Words: "修好了", Minutes: 10}))
		w.wants(w.s.SignOff(ctx, w.liActor, second.ID, r.SignOff), errs.Invalid, "code") // the first technician's code opens nothing
		w.ok(w.s.SignOff(ctx, w.liActor, second.ID, f.SignOff))
	})
}

func TestChargesAreCorrectedByAdding(t *testing.T) {
	each(t, func(w *district) {
		r := w.report(w.lamps, w.community)
		j := w.offered(r, w.zhang, w.zhangActor)
		w.ok(w.s.Take(ctx, w.zhangActor, j.ID))
		w.ok(w.s.Finish(ctx, w.zhangActor, j.ID, technician.Finish{Outcome: "done", Words: "换皮带", Minutes: 40, Charged: technician.Charged{Service: 8000, Materials: 3000, What: "皮带"}}))
		at := func(a authz.Actor) []technician.Charge {
			d, err := w.s.ReceiptOf(ctx, a, j.ID)
			w.ok(err)
			return d.Charges
		}
		first := at(w.zhangActor)[0]
		w.wants(w.s.Correct(ctx, w.operator, j.ID, technician.Correction{ChargeID: first.ID, Fen: 5000, Reason: "x"}), errs.Conflict, "") // the technician's turn
		w.wants(w.s.Correct(ctx, w.zhangActor, j.ID, technician.Correction{ChargeID: first.ID, Fen: 5000}), errs.Invalid, "reason")
		w.wants(w.s.Correct(ctx, w.zhangActor, j.ID, technician.Correction{ChargeID: first.ID, Fen: 8000, Reason: "x"}), errs.Invalid, "amount")
		w.wants(w.s.Correct(ctx, w.liActor, j.ID, technician.Correction{ChargeID: first.ID, Fen: 5000, Reason: "x"}), errs.NotFound, "")
		w.ok(w.s.Correct(ctx, w.zhangActor, j.ID, technician.Correction{ChargeID: first.ID, Fen: 5000, Reason: "多写了"}))
		w.wants(w.s.Correct(ctx, w.zhangActor, j.ID, technician.Correction{ChargeID: first.ID, Fen: 4000, Reason: "再来"}), errs.Conflict, "") // once
		list := at(w.zhangActor)
		if len(list) != 4 || technician.Sum(list, "") != 8000 || list[0].Fen != 8000 || !list[0].Countered {
			t.Errorf("entries %+v", list)
		}
		w.ok(w.s.SignOff(ctx, w.zhangActor, j.ID, r.SignOff))
		w.wants(w.s.Correct(ctx, w.zhangActor, j.ID, technician.Correction{ChargeID: list[1].ID, Fen: 0, Reason: "x"}), errs.Conflict, "") // the operator's turn
		w.wants(w.s.Correct(ctx, w.beside, j.ID, technician.Correction{ChargeID: list[1].ID, Fen: 0, Reason: "x"}), errs.NotFound, "")
		w.ok(w.s.Correct(ctx, w.operator, j.ID, technician.Correction{ChargeID: list[1].ID, Fen: 0, Reason: "材料由居民自备"}))
		if got := technician.Sum(at(w.operator), ""); got != 5000 {
			t.Errorf("the sum is %d, want 5000", got)
		}
		if f := w.follow(r); !strings.Contains(acts(f), "charge") {
			t.Errorf("the resident is not told of the correction: %s", acts(f))
		}
	})
}

func TestTheDeskDoesNotWorkPastATechnician(t *testing.T) {
	each(t, func(w *district) {
		v := func(c id.ID) int64 {
			n, err := db.Value[int64](ctx, w.d, `SELECT version FROM service_case WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, c)
			w.ok(err)
			return n
		}
		r := w.report(w.taps, w.community)
		j := w.offered(r, w.zhang, w.zhangActor)
		w.ok(w.cases.Take(ctx, w.worker, r.ID, v(r.ID))) // an offer is taken back by the way
		w.wants(w.s.Take(ctx, w.zhangActor, j.ID), errs.Conflict, "")
		r = w.report(w.taps, w.community)
		j = w.offered(r, w.zhang, w.zhangActor)
		w.ok(w.s.Take(ctx, w.zhangActor, j.ID))
		w.wants(w.cases.Take(ctx, w.worker, r.ID, v(r.ID)), errs.Conflict, "")
		w.wants(w.cases.Finish(ctx, w.worker, r.ID, v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "x"}), errs.Conflict, "")
		w.wants(w.s.Withdraw(ctx, w.operator, j.ID, ""), errs.Invalid, "words")
		w.wants(w.s.Withdraw(ctx, w.beside, j.ID, "x"), errs.NotFound, "")
		w.ok(w.s.Withdraw(ctx, w.operator, j.ID, "居民改期"))
		w.wants(w.s.Arrive(ctx, w.zhangActor, j.ID), errs.Conflict, "")
		w.ok(w.cases.Take(ctx, w.worker, r.ID, v(r.ID)))
	})
}

func TestWhoSeesWhat(t *testing.T) {
	each(t, func(w *district) {
		r := w.report(w.taps, w.community)
		for name, c := range map[string]struct {
			a    authz.Actor
			want int
		}{"the community's": {w.worker, 1}, "beside": {w.beside, 0}, "another tenant's": {testkit.Actor(testkit.Tenant+1, []id.ID{w.community}, desk...), 0}, "a technician's": {w.zhangActor, 0}} {
			b, err := w.s.Board(ctx, c.a, technician.BoardFilter{})
			w.ok(err)
			if len(b.Items) != c.want {
				t.Errorf("%s board holds %d, want %d", name, len(b.Items), c.want)
			}
		}
		w.wants(w.s.Offer(ctx, w.beside, r.ID, w.zhang), errs.NotFound, "")
		w.wants(w.s.Offer(ctx, testkit.Actor(testkit.Tenant+1, []id.ID{w.community}, desk...), r.ID, w.zhang), errs.NotFound, "")
		w.wants(w.s.Offer(ctx, w.worker, r.ID, id.New()), errs.NotFound, "")
		if _, err := w.s.Get(ctx, w.beside, w.zhang); errs.KindOf(err) != errs.NotFound {
			t.Errorf("beside reads a technician: %v", err)
		}
		if _, err := w.s.Phone(ctx, w.zhangActor, w.zhang); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a technician looks up a number: %v", err)
		}
		phone, err := w.s.Phone(ctx, w.worker, w.zhang)
		if err != nil || phone != "13900139000" {
			t.Errorf("%q, %v", phone, err)
		}
		_, err = w.s.Mine(ctx, w.operator)
		w.wants(err, errs.Forbidden, "")
		// What is about an organisation, or of another kind, is not on the board.
		testkit.Exec(t, w.d, `UPDATE service_case SET about_id = $1 WHERE id = $2`, w.other, r.ID)
		b, err := w.s.Board(ctx, w.operator, technician.BoardFilter{})
		w.ok(err)
		if len(b.Items) != 0 {
			t.Error("a complaint about an organisation is on the board")
		}
	})
}

func TestTechniciansAreKept(t *testing.T) {
	each(t, func(w *district) {
		n := technician.Entry{Name: "赵师傅", OrgID: w.community, Skills: []technician.Skill{{Class: "service:01"}, {ItemID: w.taps}}, Areas: []id.ID{w.community}}
		w.wants(one(w.s.Create(ctx, w.worker, n)), errs.Forbidden, "")
		for field, change := range map[string]func(*technician.Entry){
			"name": func(n *technician.Entry) { n.Name = " " }, "org": func(n *technician.Entry) { n.OrgID = 0 }, "phone": func(n *technician.Entry) { n.Phone = "12" }, "week3": func(n *technician.Entry) { n.Week[2] = "9点" },
			"areas": func(n *technician.Entry) { n.Areas = []id.ID{w.root} }, "skills": func(n *technician.Entry) { n.Skills = []technician.Skill{{Class: "service:99"}} },
			"login": func(n *technician.Entry) { n.Login = "nobody" },
		} {
			bad := n
			change(&bad)
			w.wants(one(w.s.Create(ctx, w.operator, bad)), errs.Invalid, field)
		}
		bad := n
		bad.Login = "a" + w.zhangActor.AccountID.String()
		w.wants(one(w.s.Create(ctx, w.operator, bad)), errs.Invalid, "login") // two for one account
		z, err := w.s.Create(ctx, w.operator, n)
		w.ok(err)
		got, err := w.s.Get(ctx, w.worker, z)
		w.ok(err)
		if len(got.Skills) != 1 || got.OnDuty {
			t.Errorf("kept %+v", got)
		}
		w.ok(w.s.SetDay(ctx, w.operator, z, calendar.On(2026, 3, 2), "09:00-11:00", "临时"))
		w.wants(w.s.SetDay(ctx, w.operator, z, calendar.On(2026, 3, 1), "", ""), errs.Invalid, "day")
		if got, _ = w.s.Get(ctx, w.worker, z); !got.OnDuty || len(got.Days) != 1 {
			t.Errorf("the day: %+v", got)
		}
		w.ok(w.s.ClearDay(ctx, w.operator, z, calendar.On(2026, 3, 2)))
		w.ok(w.s.AddCertificate(ctx, w.operator, z, "电工证", calendar.On(2026, 3, 20)))
		wait, err := w.s.Waiting(ctx, w.operator)
		w.ok(err)
		if len(wait) != 1 || wait[0].Kind != technician.WaitCertificate || wait[0].Subject != z {
			t.Errorf("waiting %+v", wait)
		}
		list, err := w.s.List(ctx, w.operator, technician.Filter{Show: technician.ShowExpiring})
		w.ok(err)
		if len(list.Items) != 1 || list.Items[0].ID != z {
			t.Errorf("expiring %+v", list.Items)
		}
		got, _ = w.s.Get(ctx, w.operator, z)
		w.ok(w.s.RemoveCertificate(ctx, w.operator, z, got.Certificates[0].ID))
		for f, want := range map[technician.Filter]int{{}: 4, {Text: "zsf"}: 2, {Text: "王"}: 1, {Class: "service:03"}: 1, {Area: w.other}: 2, {Show: technician.ShowDuty}: 3, {Show: technician.ShowOff}: 1} {
			if list, err = w.s.List(ctx, w.operator, f); err != nil || len(list.Items) != want {
				t.Errorf("%+v lists %d, %v; want %d", f, len(list.Items), err, want)
			}
		}
		r := w.report(w.taps, w.community)
		j := w.offered(r, w.zhang, w.zhangActor)
		w.ok(w.s.Take(ctx, w.zhangActor, j.ID))
		w.wants(w.s.End(ctx, w.operator, w.zhang, 1), errs.Conflict, "")
		w.ok(w.s.End(ctx, w.operator, z, got.Version))
		w.wants(w.s.Edit(ctx, w.operator, z, n), errs.Conflict, "")
		w.ok(w.s.Resume(ctx, w.operator, z, got.Version+1))
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.operator, w.community, w.other) }))
		if got, err = w.s.Get(ctx, w.beside, z); err != nil || got.OrgID != w.other || got.Areas[0].OrgID != w.other {
			t.Errorf("followed to %+v, %v", got, err)
		}
	})
}

func one(_ id.ID, err error) error { return err }

// What the database says of who is on duty is what the rule says.
func TestTheDatabaseKnowsWhoIsOnDuty(t *testing.T) {
	each(t, func(w *district) {
		rng := rand.New(rand.NewPCG(1, 2))
		got, err := w.s.Get(ctx, w.operator, w.zhang)
		w.ok(err)
		hours := []string{"", "08:00-12:00 14:00-18:00", "22:00-06:00", "00:00-24:00", "20:00-02:00", "00:00-08:00"}
		n := technician.Entry{Name: "张师傅", OrgID: w.community, Skills: []technician.Skill{{Class: "service:01"}}, Areas: []id.ID{w.community}, Version: got.Version}
		for i := range n.Week {
			n.Week[i] = hours[rng.IntN(len(hours))]
		}
		w.ok(w.s.Edit(ctx, w.operator, w.zhang, n))
		for d := 2; d < 12; d += 3 {
			w.ok(w.s.SetDay(ctx, w.operator, w.zhang, calendar.On(2026, 3, d), []string{"", "21:00-05:00", "09:00-10:00"}[rng.IntN(3)], ""))
		}
		all, err := w.s.Get(ctx, w.operator, w.zhang)
		w.ok(err)
		for range 150 {
			at := calendar.On(2026, 3, 2).Time().Add(time.Duration(rng.IntN(12*24*60)) * time.Minute)
			w.clock.Set(at)
			list, err := w.s.List(ctx, w.operator, technician.Filter{Show: technician.ShowDuty, Text: "张师傅"})
			w.ok(err)
			if want := technician.OnDuty(all.Week, all.Days, at); (len(list.Items) == 1) != want {
				t.Fatalf("%s: the database says %v, the rule %v", i18n.DateTime(at), len(list.Items) == 1, want)
			}
		}
	})
}
