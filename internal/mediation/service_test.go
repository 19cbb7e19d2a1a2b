package mediation_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/mediation"
	"linli/internal/retention"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

type days struct{}

func (days) Calendar(context.Context, int64) (*calendar.Calendar, error) {
	return calendar.Default(), nil
}

type agenda struct{}

func (agenda) RaiseTx(context.Context, *db.Tx, authz.Actor, id.ID, id.ID, id.ID, string, string) (id.ID, error) {
	return 0, errors.New("no agenda")
}

type purposes struct{}

func (purposes) Covered(context.Context, db.Querier, int64, string, string) error { return nil }

// persons knows one resident by number.
type persons map[string]id.ID

func (p persons) ByIDNumbers(_ context.Context, _ authz.Actor, numbers []string) (map[string]id.ID, error) {
	out := map[string]id.ID{}
	for _, n := range numbers {
		if p[n] != 0 {
			out[n] = p[n]
		}
	}
	return out, nil
}

type town struct {
	t                                        *testing.T
	d                                        *db.DB
	clock                                    *testkit.Clock
	ring                                     *seal.Ring
	cases                                    *casework.Service
	s                                        *mediation.Service
	street, community, other                 id.ID
	quarrel                                  id.ID
	secretary, worker, beside, above, member authz.Actor
}

var (
	desk  = []authz.Permission{casework.PermSee, casework.PermEnter, casework.PermWork, casework.PermDispatch, casework.PermConfidential, mediation.PermSee, mediation.PermMediate, mediation.PermServe, mediation.PermCommittee}
	plain = []authz.Permission{casework.PermSee, casework.PermEnter, casework.PermWork, mediation.PermSee, mediation.PermServe}
)

var number = code.WithCheck("11010119900307013")

func each(t *testing.T, fn func(w *town)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 9, 1).Time().Add(10 * time.Hour))
		w := &town{t: t, d: d, clock: clock, ring: seal.Ephemeral()}
		w.cases = casework.New(d, w.ring, days{}, agenda{}, purposes{})
		w.s = mediation.New(d, w.ring, days{}, w.cases, persons{}).WithFiles(attach.NewStore(w.ring))
		w.street = w.org("working_committee", "示例街道", "/1/")
		w.community, w.other = w.org("community_party", "文港社区", "/1/2/"), w.org("community_party", "先锋社区", "/1/3/")
		w.quarrel = id.New()
		w.exec(`INSERT INTO catalogue_item (tenant_id, id, list, code, name, search_key, sort_key, level, public, valid_from) VALUES ($1,$2,'dispute','d1','邻里纠纷','','','community',TRUE,'2026-01-01')`, w.quarrel)
		w.exec(`INSERT INTO role (tenant_id, code, name, permissions) VALUES ($1,'worker','社工','casework.see mediation.serve'), ($1,'reader','读者','mediation.see')`)
		w.ok(d.WithTx(ctx, func(tx *db.Tx) error { return w.cases.PrepareTx(ctx, tx, testkit.Tenant) }))
		w.secretary, w.worker, w.beside, w.member = w.as("书记", []id.ID{w.community}, desk...), w.as("社工", []id.ID{w.community}, plain...), w.as("别社区", []id.ID{w.other}, desk...), w.as("成员", []id.ID{w.community}, plain...)
		w.above = w.as("街道", []id.ID{w.street, w.community, w.other}, desk...)
		w.above.Grants[0].Root = w.street
		fn(w)
	})
}

func (w *town) exec(query string, args ...any) {
	w.t.Helper()
	testkit.Exec(w.t, w.d, query, append([]any{testkit.Tenant}, args...)...)
}

func (w *town) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) wants(err error, kind errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if errs.KindOf(err) != kind || field != "" && (e == nil || e.Fields[field].Text.IsZero()) {
		w.t.Errorf("error %v (%+v), want %v at %q", err, e, kind, field)
	}
}

func (w *town) org(kind, name, path string) id.ID {
	o := id.New()
	w.exec(`INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,1,1)`, o, kind, name, path)
	return o
}

func (w *town) as(name string, within []id.ID, perms ...authz.Permission) authz.Actor {
	a := testkit.Actor(testkit.Tenant, within, perms...)
	a.Grants[0].Root, a.Name = within[0], name
	w.exec(`INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,$4,1)`, a.AccountID, "a"+a.AccountID.String(), name)
	w.exec(`INSERT INTO role_grant (tenant_id, id, account_id, role_code, organisation_id, valid_from, granted_at) VALUES ($1,$2,$3,'worker',$4,'2026-01-01',1)`, id.New(), a.AccountID, within[0])
	return a
}

func (w *town) today() calendar.Date { return calendar.DateOf(w.clock.Now()) }

// committee elects three, of whom the worker is the first and can log in.
func (w *town) committee() []mediation.Member {
	w.t.Helper()
	w.ok(w.s.SaveCommittee(ctx, w.secretary, w.community, 0, "文港社区人民调解委员会", calendar.On(2025, 5, 6)))
	for i, n := range []mediation.NewMember{{Name: "社工", Sex: mediation.Female, Login: "a" + w.worker.AccountID.String()}, {Name: "成员", Sex: mediation.Male, Head: true, Login: "a" + w.member.AccountID.String()}, {Name: "老李", Sex: mediation.Male}} {
		if err := w.s.AddMember(ctx, w.secretary, w.community, n); err != nil {
			w.t.Fatal(i, err)
		}
	}
	c, err := w.s.Committee(ctx, w.secretary, w.community)
	w.ok(err)
	if f := c.Faults(w.today()); len(f) > 0 || len(c.Members) != 3 {
		w.t.Fatalf("%+v %v", c, f)
	}
	return c.Members
}

// dispute is what a resident reports.
func (w *town) dispute() casework.Receipt {
	w.t.Helper()
	got, err := w.cases.Report(ctx, testkit.Tenant, "resident", "", casework.Report{Kind: "dispute", ItemID: w.quarrel, CommunityID: w.community, Place: "3 单元", Body: "楼上漏水，我的电话 13800138000，赔偿谈不拢。",
		Name: "王女士", Phone: "13800138000", Answers: map[string]string{"other_side": "楼上张某"}})
	w.ok(err)
	return got
}

func (w *town) get(actor authz.Actor, m id.ID) mediation.Mediation {
	w.t.Helper()
	d, err := w.s.Get(ctx, actor, m)
	w.ok(err)
	return d
}

// begun is a mediation of a dispute that runs.
func (w *town) begun() (casework.Receipt, mediation.Mediation) {
	w.t.Helper()
	board := w.committee()
	r := w.dispute()
	m, err := w.s.FromCase(ctx, w.secretary, r.ID, true)
	w.ok(err)
	d := w.get(w.secretary, m)
	w.ok(w.s.SetMediators(ctx, w.secretary, m, d.Version, mediation.Chosen{Members: []id.ID{board[0].ID}, Invited: "退休法官赵某", ByThem: true}))
	d = w.get(w.worker, m)
	w.ok(w.s.SetConsent(ctx, w.worker, m, d.Version, []id.ID{d.Parties[0].ID, d.Parties[1].ID}, mediation.Agrees, false, w.today()))
	return r, w.get(w.worker, m)
}

func (w *town) agreement(d mediation.Mediation) mediation.Agreement {
	return mediation.Agreement{Terms: mediation.Terms{Facts: "漏水", Points: "赔多少", Content: "赔 3000 元", Way: "10 月底前转账"}, Settles: mediation.Whole,
		Duties: []mediation.NewDuty{{PartyID: d.Parties[1].ID, Words: "支付 3000 元", DueOn: calendar.On(2026, 10, 31)}}}
}

func (w *town) caseState(r casework.Receipt) (s casework.State, o casework.Outcome) {
	w.t.Helper()
	_, f, err := w.cases.ToReporter(ctx, casework.Code(r.Code))
	w.ok(err)
	return f.State, f.Outcome
}

func (w *town) waits(actor authz.Actor) map[string]int64 {
	w.t.Helper()
	items, err := w.s.Waiting(ctx, actor)
	w.ok(err)
	out := map[string]int64{}
	for _, i := range items {
		out[i.Kind] = i.Count
	}
	return out
}

func TestFromADisputeToTheLastVisit(t *testing.T) {
	each(t, func(w *town) {
		r, d := w.begun()
		if d.State != mediation.Running || d.LimitOn != calendar.On(2026, 10, 8) || d.Parties[0].Name != "王女士" || d.Parties[0].Phone != "13800138000" || d.Parties[1].Name != "楼上张某" || !strings.Contains(d.Matter, "漏水") ||
			d.Place != "3 单元" || len(d.Mediators) != 2 || !d.Mediators[0].Chosen || d.ItemID != w.quarrel || !d.Private {
			t.Fatalf("%+v", d)
		}
		if s, _ := w.caseState(r); s != casework.Working {
			t.Errorf("the case is %s", s)
		}
		if again, err := w.s.FromCase(ctx, w.secretary, r.ID, true); err != nil || again != d.ID {
			t.Errorf("pressed again: %v %v", again, err)
		}
		w.ok(w.s.NoteRisk(ctx, w.worker, d.ID, d.Version, mediation.Escalation, "已请派出所民警到场"))
		d = w.get(w.worker, d.ID)
		w.ok(w.s.Hold(ctx, w.worker, d.ID, d.Version, mediation.NewSession{On: w.today(), Place: "社区调解室", Who: "双方", Record: "双方各退一步"}))
		d = w.get(w.worker, d.ID)
		w.wants(w.s.Draft(ctx, w.worker, d.ID, d.Version, mediation.Agreement{}), errs.Invalid, "content")
		w.ok(w.s.Draft(ctx, w.worker, d.ID, d.Version, w.agreement(d)))
		w.clock.Set(calendar.On(2026, 9, 3).Time().Add(10 * time.Hour))
		d = w.get(w.worker, d.ID)
		w.wants(w.s.Sign(ctx, w.worker, d.ID, d.Version-1, mediation.Signed{Seal: true, On: w.today()}), errs.Conflict, "")
		w.ok(w.s.Sign(ctx, w.worker, d.ID, d.Version, mediation.Signed{Parties: []id.ID{d.Parties[0].ID, d.Parties[1].ID}, Mediator: true, How: mediation.ByFinger, On: w.today()}))
		if s, _ := w.caseState(r); s != casework.Working {
			t.Errorf("the case is %s before the seal is set", s)
		}
		d = w.get(w.worker, d.ID)
		w.ok(w.s.Sign(ctx, w.worker, d.ID, d.Version, mediation.Signed{Seal: true, On: w.today()}))
		d = w.get(w.worker, d.ID)
		if d.State != mediation.InForce || d.ConfirmBy != calendar.On(2026, 10, 8) || len(d.Duties) != 1 || len(d.Visits) != 1 || !d.CaseEnded || d.Sessions[0].Record != "双方各退一步" || d.Parties[0].SignedHow != mediation.ByFinger {
			t.Fatalf("%+v", d)
		}
		if s, o := w.caseState(r); s != casework.Done || o != casework.Fulfilled {
			t.Errorf("the case is %s %s", s, o)
		}
		if got := w.waits(w.worker); got[mediation.WaitConfirm] != 1 || got[mediation.WaitVisit] != 0 {
			t.Errorf("waits %v", got)
		}
		w.ok(w.s.ApplyForConfirmation(ctx, w.worker, d.ID, d.Version, mediation.Application{Want: true, Agreed: []id.ID{d.Parties[0].ID, d.Parties[1].ID}, Court: "示例区人民法院", On: w.today()}))
		d = w.get(w.worker, d.ID)
		w.ok(w.s.NoteAnswer(ctx, w.worker, d.ID, d.Version, mediation.Taken, w.today()))
		w.clock.Set(calendar.On(2026, 11, 2).Time().Add(10 * time.Hour))
		items, err := w.s.Waiting(ctx, w.worker)
		w.ok(err)
		for _, i := range items {
			if want := map[string]string{mediation.WaitDuty: "2026-10-31", mediation.WaitVisit: "2026-10-03"}[i.Kind]; i.DueOn != want || i.Subject != d.ID {
				t.Errorf("%+v, want due on %s", i, want)
			}
		}
		if got := w.waits(w.worker); got[mediation.WaitConfirm] != 0 || got[mediation.WaitDuty] != 1 || got[mediation.WaitVisit] != 1 {
			t.Errorf("waits %v", got)
		}
		late, err := w.s.List(ctx, w.worker, mediation.Filter{Show: mediation.ShowOverdue})
		w.ok(err)
		if len(late.Items) != 1 || late.Items[0].Mediators != "社工, 1 invited" && late.Items[0].Mediators != "社工、邀请 1 人" {
			t.Errorf("%+v", late.Items)
		}
		d = w.get(w.worker, d.ID)
		w.ok(w.s.Perform(ctx, w.worker, d.ID, d.Version, d.Duties[0].ID, w.today(), "已转账"))
		d = w.get(w.worker, d.ID)
		w.ok(w.s.MakeVisit(ctx, w.worker, d.ID, d.Version, d.Visits[0].ID, w.today(), "双方和好"))
		d = w.get(w.worker, d.ID)
		w.wants(w.s.MakeVisit(ctx, w.worker, d.ID, d.Version, d.Visits[0].ID, w.today(), "再记"), errs.NotFound, "")
		w.ok(w.s.NoteAnswer(ctx, w.worker, d.ID, d.Version, mediation.Confirmed, w.today()))
		if d = w.get(w.worker, d.ID); d.State != mediation.Performed || d.Confirm != mediation.Confirmed || d.Duties[0].Note != "已转账" || d.Visits[0].Words != "双方和好" {
			t.Errorf("%+v", d)
		}
		if got := w.waits(w.worker); len(got) != 0 {
			t.Errorf("waits %v", got)
		}
		y, err := w.s.Count(ctx, w.secretary, 2026)
		w.ok(err)
		if y.Total != (mediation.Tally{All: 1, Agreed: 1, Performed: 1, Confirmed: 1}) || len(y.Kinds) != 1 || !y.Opens {
			t.Errorf("%+v", y)
		}
	})
}

func TestTheCaseFollowsEveryEnd(t *testing.T) {
	each(t, func(w *town) {
		w.committee()
		for name, x := range map[string]struct {
			end  func(d mediation.Mediation) error
			want casework.Outcome
		}{
			"refused": {func(d mediation.Mediation) error {
				return w.s.SetConsent(ctx, w.secretary, d.ID, d.Version, []id.ID{d.Parties[1].ID}, mediation.Refuses, true, w.today())
			}, casework.Outside},
			"taken back": {func(d mediation.Mediation) error {
				return w.s.Withdraw(ctx, w.secretary, d.ID, d.Version, false, true, "不想调了")
			}, casework.Outside},
			"settled": {func(d mediation.Mediation) error {
				return w.s.Withdraw(ctx, w.secretary, d.ID, d.Version, true, true, "自己谈好了")
			}, casework.Fulfilled},
			"failed": {func(d mediation.Mediation) error {
				d = w.run(d)
				w.wants(w.s.Fail(ctx, w.secretary, d.ID, d.Version, false, "差得太远"), errs.Invalid, "told")
				return w.s.Fail(ctx, w.secretary, d.ID, d.Version, true, "差得太远")
			}, casework.Outside},
			"partly": {func(d mediation.Mediation) error {
				d = w.run(d)
				g := w.agreement(d)
				g.Settles = mediation.Part
				return w.s.Speak(ctx, w.secretary, d.ID, d.Version, g, w.today())
			}, casework.Half},
		} {
			r := w.dispute()
			m, err := w.s.FromCase(ctx, w.secretary, r.ID, true)
			w.ok(err)
			if err := x.end(w.get(w.secretary, m)); err != nil {
				t.Fatal(name, err)
			}
			if s, o := w.caseState(r); s != casework.Done || o != x.want {
				t.Errorf("%s: the case is %s %s, want %s", name, s, o, x.want)
			}
		}
	})
}

// run lets a mediation run.
func (w *town) run(d mediation.Mediation) mediation.Mediation {
	w.t.Helper()
	w.ok(w.s.SetMediators(ctx, w.secretary, d.ID, d.Version, mediation.Chosen{Invited: "赵某、钱某"}))
	var parties []id.ID
	for _, p := range d.Parties {
		parties = append(parties, p.ID)
	}
	d = w.get(w.secretary, d.ID)
	w.ok(w.s.SetConsent(ctx, w.secretary, d.ID, d.Version, parties, mediation.Agrees, false, w.today()))
	return w.get(w.secretary, d.ID)
}

func TestACaseThatSomebodyFinishedStays(t *testing.T) {
	each(t, func(w *town) {
		r, d := w.begun()
		c, err := w.cases.Get(ctx, w.secretary, r.ID)
		w.ok(err)
		w.ok(w.cases.Finish(ctx, w.secretary, r.ID, c.Version, casework.Result{Outcome: casework.PassedOn, Words: "已转", Address: "派出所"}))
		w.ok(w.s.Withdraw(ctx, w.worker, d.ID, d.Version, true, true, "好了"))
		if s, o := w.caseState(r); s != casework.Done || o != casework.PassedOn {
			t.Errorf("the case is %s %s", s, o)
		}
		if d = w.get(w.worker, d.ID); d.CaseEnded {
			t.Error("it says that it finished the case")
		}
	})
}

func TestOnlyADisputeOfOnesOwnIsTaken(t *testing.T) {
	each(t, func(w *town) {
		r := w.dispute()
		for _, a := range []authz.Actor{w.beside, w.worker, w.above} {
			if _, err := w.s.FromCase(ctx, a, r.ID, true); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: %v", a.Name, err)
			}
		}
		lamp, err := w.cases.Enter(ctx, w.secretary, casework.Report{Kind: "need", CommunityID: w.community, Body: "灯不亮", Channel: casework.ByVisit})
		w.ok(err)
		if _, err := w.s.FromCase(ctx, w.secretary, lamp.ID, true); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a need was mediated: %v", err)
		}
		if m, begun, err := w.s.OfCase(ctx, w.secretary, lamp.ID); err != nil || begun || m != 0 {
			t.Error(m, begun, err)
		}
	})
}

// Who may see a record: whatever roles somebody holds wherever, they see it at a community of their own with PermMediate, as its mediator, or as the head of the
// committee; and nobody else acts on it or finds it.
func TestWhoSeesARecord(t *testing.T) {
	each(t, func(w *town) {
		_, d := w.begun()
		for _, x := range []struct {
			who  authz.Actor
			sees bool
		}{{w.secretary, true}, {w.worker, true}, {w.member, true}, {w.beside, false}, {w.above, false}} {
			_, err := w.s.Get(ctx, x.who, d.ID)
			if (err == nil) != x.sees || err != nil && errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s: %v, sees %v", x.who.Name, err, x.sees)
			}
			list, err := w.s.List(ctx, x.who, mediation.Filter{Text: "138 0013 8000"})
			w.ok(err)
			if (len(list.Items) == 1) != x.sees {
				t.Errorf("%s finds %d", x.who.Name, len(list.Items))
			}
			if err := w.s.Withdraw(ctx, x.who, d.ID, 0, true, true, "x"); x.sees != (errs.KindOf(err) == errs.Conflict) || !x.sees && errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s acts: %v", x.who.Name, err)
			}
			if got := w.waits(x.who); !x.sees && len(got) > 0 {
				t.Errorf("%s: waits %v", x.who.Name, got)
			}
		}
		seen := func() {
			t.Helper()
			all := []authz.Permission{mediation.PermSee, mediation.PermMediate, mediation.PermServe, mediation.PermCommittee, casework.PermConfidential}
			rapid.Check(t, func(t *rapid.T) {
				perms := rapid.SliceOfDistinct(rapid.SampledFrom(all), func(p authz.Permission) authz.Permission { return p }).Draw(t, "perms")
				root := rapid.SampledFrom([]id.ID{w.street, w.community, w.other}).Draw(t, "root")
				within := []id.ID{root}
				if root == w.street {
					within = append(within, w.community, w.other)
				}
				a := testkit.Actor(testkit.Tenant, within, perms...)
				a.Grants[0].Root = root
				a.AccountID = rapid.SampledFrom([]id.ID{w.worker.AccountID, w.member.AccountID, w.above.AccountID}).Draw(t, "account")
				want := root == w.community && (slices.Contains(perms, mediation.PermMediate) || slices.Contains(perms, mediation.PermServe) && a.AccountID != w.above.AccountID)
				list, err := w.s.List(ctx, a, mediation.Filter{})
				if err != nil {
					t.Fatal(err)
				}
				if (len(list.Items) == 1) != want {
					t.Fatalf("%v at %v sees %d, want %v", perms, root, len(list.Items), want)
				}
				y, err := w.s.Count(ctx, a, 2026)
				if err != nil {
					t.Fatal(err)
				}
				if !y.Opens && (len(y.Kinds) > 0 || y.Total.Agreed != 0) {
					t.Fatalf("a single one is shown by kind: %+v", y)
				}
			})
		}
		seen()
		// Whose time in the committee is over sees it no longer, as its head or as the mediator.
		for _, m := range []authz.Actor{w.member, w.worker} {
			c, err := w.s.Committee(ctx, w.secretary, w.community)
			w.ok(err)
			at := slices.IndexFunc(c.Members, func(x mediation.Member) bool { return x.AccountID == m.AccountID })
			w.ok(w.s.EndMember(ctx, w.secretary, w.community, c.Members[at].ID))
		}
		for _, gone := range []authz.Actor{w.member, w.worker} {
			if _, err := w.s.Get(ctx, gone, d.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s of before: %v", gone.Name, err)
			}
		}
	})
}

func TestLooksAreShownToWhomTheyAreAbout(t *testing.T) {
	each(t, func(w *town) {
		person := id.New()
		w.exec(`INSERT INTO person (tenant_id, id, name, name_key, initials, community_id, created_at, updated_at) VALUES ($1,$2,'王女士','王女士','wns',$3,1,1)`, person, w.community)
		w.s = mediation.New(w.d, w.ring, days{}, w.cases, persons{number: person})
		_, d := w.begun()
		w.wants(w.s.SaveParty(ctx, w.worker, d.ID, d.Version, d.Parties[0].ID, mediation.NewParty{Name: "王女士", IDNumber: "110101199003070"}), errs.Invalid, "id_number")
		w.ok(w.s.SaveParty(ctx, w.worker, d.ID, d.Version, d.Parties[0].ID, mediation.NewParty{Name: "王女士", Phone: "13800138000", IDNumber: number}))
		looks := func() int64 {
			n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND person_id = $2 AND purpose <> '' AND action IN ('mediation.look', 'mediation.paper')`, testkit.Tenant, person)
			w.ok(err)
			return n
		}
		if n := looks(); n != 0 {
			t.Fatal(n)
		}
		d = w.get(w.worker, d.ID)
		if d.Parties[0].PersonID != person || d.Parties[0].IDNumber != number {
			t.Errorf("%+v", d.Parties[0])
		}
		if _, err := w.s.Paper(ctx, w.secretary, d.ID, "agreement"); errs.KindOf(err) != errs.NotFound { // there is none yet, and no look at it
			t.Error(err)
		}
		_, err := w.s.Paper(ctx, w.secretary, d.ID, "application")
		w.ok(err)
		if n := looks(); n != 2 {
			t.Errorf("%d looks", n)
		}
		// Nothing of a party stands in the open.
		if got := w.get(w.worker, d.ID).Mediators[1]; got.Name != "退休法官赵某" {
			t.Errorf("%+v", got)
		}
		for _, column := range []string{"mediation_mediator.name", "mediation_mediator.invited", "mediation.matter", "mediation.place", "mediation_party.details", "mediation_party.phone_key", "mediation_entry.words", "audit_entry.detail"} {
			table, name, _ := strings.Cut(column, ".")
			kept, err := db.Column[[]byte](ctx, w.d, "SELECT "+name+" FROM "+table+" WHERE tenant_id = $1", testkit.Tenant)
			w.ok(err)
			if len(kept) == 0 {
				t.Errorf("nothing in %s", column)
			}
			for _, secret := range []string{"王女士", "13800138000", number, "漏水", "赵某"} {
				if slices.ContainsFunc(kept, func(b []byte) bool { return bytes.Contains(b, []byte(secret)) }) {
					t.Errorf("%s tells %s", column, secret)
				}
			}
		}
	})
}

func TestTwoAtOnce(t *testing.T) {
	each(t, func(w *town) {
		r := w.dispute()
		var wg sync.WaitGroup
		got := make([]id.ID, 4)
		for i := range got {
			wg.Go(func() {
				m, err := w.s.FromCase(ctx, w.secretary, r.ID, true)
				if err != nil {
					t.Error(err)
				}
				got[i] = m
			})
		}
		wg.Wait()
		if slices.ContainsFunc(got, func(m id.ID) bool { return m == 0 || m != got[0] }) {
			t.Errorf("made %v", got)
		}
		d := w.get(w.secretary, got[0])
		done := make([]error, 3)
		for i := range done {
			wg.Go(func() {
				done[i] = w.s.Withdraw(ctx, w.secretary, d.ID, d.Version, true, true, fmt.Sprint(i))
			})
		}
		wg.Wait()
		n := 0
		for _, err := range done {
			if err == nil {
				n++
			} else if errs.KindOf(err) != errs.Conflict {
				t.Error(err)
			}
		}
		if n != 1 {
			t.Errorf("%d took it back", n)
		}
	})
}

func TestEnteringWithoutACase(t *testing.T) {
	each(t, func(w *town) {
		two := []mediation.NewParty{{Name: "甲"}, {Name: "乙"}}
		_, err := w.s.Open(ctx, w.secretary, mediation.NewMediation{OrgID: w.community, Start: mediation.Offered, Matter: "吵闹", Parties: two[:1]})
		w.wants(err, errs.Invalid, "name.2")
		_, err = w.s.Open(ctx, w.secretary, mediation.NewMediation{OrgID: w.community, Start: "by chance", Parties: two})
		w.wants(err, errs.Invalid, "start")
		_, err = w.s.Open(ctx, w.secretary, mediation.NewMediation{OrgID: w.other, Start: mediation.Offered, Matter: "吵闹", Parties: two})
		w.wants(err, errs.Forbidden, "")
		_, err = w.s.Open(ctx, w.above, mediation.NewMediation{OrgID: w.community, Start: mediation.Offered, Matter: "吵闹", Parties: two})
		w.wants(err, errs.Forbidden, "")
		m, err := w.s.Open(ctx, w.secretary, mediation.NewMediation{OrgID: w.community, Start: mediation.Offered, Private: true, Matter: "吵闹", Parties: two})
		w.ok(err)
		d := w.get(w.secretary, m)
		w.ok(w.s.SaveParty(ctx, w.secretary, m, d.Version, 0, mediation.NewParty{Name: "丙"}))
		d = w.get(w.secretary, m)
		w.ok(w.s.RemoveParty(ctx, w.secretary, m, d.Version, d.Parties[2].ID))
		d = w.get(w.secretary, m)
		w.wants(w.s.RemoveParty(ctx, w.secretary, m, d.Version, d.Parties[0].ID), errs.Conflict, "")
		w.wants(w.s.SetMediators(ctx, w.secretary, m, d.Version, mediation.Chosen{}), errs.Invalid, "members")
		w.wants(w.s.SetMediators(ctx, w.secretary, m, d.Version, mediation.Chosen{Members: []id.ID{9}}), errs.Invalid, "members")
		d = w.run(d)
		w.wants(w.s.SaveParty(ctx, w.secretary, m, d.Version, 0, mediation.NewParty{Name: "丁"}), errs.Conflict, "")
		w.ok(w.s.Prolong(ctx, w.secretary, m, d.Version, []id.ID{d.Parties[0].ID, d.Parties[1].ID}, calendar.On(2026, 11, 2)))
		d = w.get(w.secretary, m)
		w.ok(w.s.Refuse(ctx, w.secretary, m, d.Version, d.Parties[0].ID, true, "不谈了"))
		d = w.get(w.secretary, m)
		if d.State != mediation.Refused || d.EndWords != "不谈了" || len(d.Entries) != 7 {
			t.Errorf("%+v", d)
		}
		w.wants(w.s.Hold(ctx, w.secretary, m, d.Version, mediation.NewSession{On: w.today(), Place: "x", Who: "x", Record: "x"}), errs.Conflict, "")
	})
}

func TestFilesGoAfterTheirTime(t *testing.T) {
	each(t, func(w *town) {
		_, d := w.begun()
		w.ok(w.s.Withdraw(ctx, w.worker, d.ID, d.Version, true, true, "好了"))
		k := mediation.RetentionKinds()[0]
		past := func(before calendar.Date) []id.ID {
			a := &db.Args{}
			rows := k.Past(a, testkit.Tenant, before)
			got, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
			w.ok(err)
			return got
		}
		if got := past(w.today()); len(got) != 0 {
			t.Errorf("gone on its day: %v", got)
		}
		rows := past(w.today().AddDays(1))
		if len(rows) != 1 {
			t.Fatal(rows)
		}
		var remove retention.Remover = k.Remove
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return remove(ctx, tx, testkit.Tenant, rows) }))
		if got := past(w.today().AddDays(1)); len(got) != 0 {
			t.Error("it is there again")
		}
		d = w.get(w.secretary, d.ID)
		if !d.Forgotten || d.Matter != "" || len(d.Parties) != 0 || d.State != mediation.Withdrawn || d.EndWords != "" {
			t.Errorf("%+v", d)
		}
		for _, a := range mediation.Acts() {
			if d.Can(a) {
				t.Errorf("%s on a file that is gone", a)
			}
		}
	})
}

func TestACommunityThatIsTakenIn(t *testing.T) {
	each(t, func(w *town) {
		_, d := w.begun()
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.secretary, w.community, w.other) }))
		if _, err := w.s.Get(ctx, w.secretary, d.ID); errs.KindOf(err) != errs.NotFound {
			t.Error(err)
		}
		w.get(w.beside, d.ID)
		c, err := w.s.Committee(ctx, w.beside, w.other)
		w.ok(err)
		if len(c.Members) != 3 || c.Name == "" {
			t.Errorf("%+v", c)
		}
	})
}

func TestACaseElsewhereIsLeftAlone(t *testing.T) {
	each(t, func(w *town) {
		r, d := w.begun()
		w.exec(`UPDATE service_case SET org_id = $2 WHERE tenant_id = $1 AND id = $3`, w.other, r.ID)
		w.ok(w.s.Fail(ctx, w.worker, d.ID, d.Version, true, "差得太远"))
		if s, _ := w.caseState(r); s != casework.Working {
			t.Errorf("the case of another organisation is %s", s)
		}
		if d = w.get(w.worker, d.ID); d.CaseEnded || !d.CaseOpen || d.State != mediation.Failed {
			t.Errorf("%+v", d)
		}
	})
}

func TestDaysAreThoseOnWhichItHappened(t *testing.T) {
	each(t, func(w *town) {
		w.committee()
		saturday := calendar.On(2026, 8, 29)
		two := []mediation.NewParty{{Name: "甲"}, {Name: "乙"}}
		_, err := w.s.Open(ctx, w.secretary, mediation.NewMediation{OrgID: w.community, Start: mediation.Offered, Matter: "吵闹", Parties: two, AskedOn: w.today().AddDays(1)})
		w.wants(err, errs.Invalid, "asked")
		m, err := w.s.Open(ctx, w.secretary, mediation.NewMediation{OrgID: w.community, Start: mediation.Offered, Matter: "吵闹", Parties: two, AskedOn: saturday})
		w.ok(err)
		d := w.get(w.secretary, m)
		w.wants(w.s.SetMediators(ctx, w.secretary, m, d.Version, mediation.Chosen{Invited: "赵某", On: saturday.AddDays(-1)}), errs.Invalid, "named")
		w.ok(w.s.SetMediators(ctx, w.secretary, m, d.Version, mediation.Chosen{Invited: "赵某", On: saturday}))
		d = w.get(w.secretary, m)
		both := []id.ID{d.Parties[0].ID, d.Parties[1].ID}
		w.wants(w.s.SetConsent(ctx, w.secretary, m, d.Version, both[:1], mediation.Refuses, false, saturday), errs.Invalid, "told")
		w.ok(w.s.SetConsent(ctx, w.secretary, m, d.Version, both, mediation.Agrees, false, saturday))
		d = w.get(w.secretary, m)
		if d.StartedOn != saturday || d.LimitOn != calendar.On(2026, 9, 29) {
			t.Errorf("from %s to %s", d.StartedOn, d.LimitOn)
		}
		w.wants(w.s.Correct(ctx, w.secretary, m, d.Version, mediation.Correction{Matter: "吵闹", AskedOn: saturday.AddDays(1)}), errs.Invalid, "asked")
		g := w.agreement(d)
		g.Duties = nil
		w.wants(w.s.Speak(ctx, w.secretary, m, d.Version, g, saturday), errs.Invalid, "duty.1")
		g.Done = true
		w.ok(w.s.Speak(ctx, w.secretary, m, d.Version, g, saturday))
		if d = w.get(w.secretary, m); d.State != mediation.Performed || d.EffectiveOn != saturday {
			t.Errorf("%s on %s", d.State, d.EffectiveOn)
		}
	})
}

func TestOthersCanGoOnWithIt(t *testing.T) {
	each(t, func(w *town) {
		_, d := w.begun()
		w.ok(w.s.Draft(ctx, w.worker, d.ID, d.Version, w.agreement(d)))
		d = w.get(w.worker, d.ID)
		w.ok(w.s.Sign(ctx, w.worker, d.ID, d.Version, mediation.Signed{Mediator: true, Seal: true, On: w.today()}))
		d = w.get(w.worker, d.ID)
		w.ok(w.s.SetMediators(ctx, w.worker, d.ID, d.Version, mediation.Chosen{Members: []id.ID{d.Mediators[0].MemberID}, Invited: "钱某"}))
		d = w.get(w.worker, d.ID)
		if !d.MediatorOn.IsZero() || d.SealOn.IsZero() || d.StartedOn != w.today() {
			t.Errorf("%+v", d)
		}
		w.ok(w.s.Sign(ctx, w.worker, d.ID, d.Version, mediation.Signed{Parties: []id.ID{d.Parties[0].ID, d.Parties[1].ID}, Mediator: true, How: mediation.ByName, On: w.today()}))
		d = w.get(w.worker, d.ID)
		w.ok(w.s.SetMediators(ctx, w.worker, d.ID, d.Version, mediation.Chosen{Invited: "孙某"}))
		if _, err := w.s.Get(ctx, w.worker, d.ID); errs.KindOf(err) != errs.NotFound {
			t.Error(err)
		}
		if d = w.get(w.secretary, d.ID); d.State != mediation.InForce || d.MediatorOn.IsZero() {
			t.Errorf("%+v", d)
		}
	})
}

func TestARefusalSaysThatTheWaysWereTold(t *testing.T) {
	each(t, func(w *town) {
		_, d := w.begun()
		g := w.agreement(d)
		w.ok(w.s.Draft(ctx, w.worker, d.ID, d.Version, g))
		d = w.get(w.worker, d.ID)
		w.ok(w.s.Sign(ctx, w.worker, d.ID, d.Version, mediation.Signed{Parties: []id.ID{d.Parties[0].ID}, How: mediation.ByName, On: w.today()}))
		d = w.get(w.worker, d.ID)
		w.wants(w.s.Refuse(ctx, w.worker, d.ID, d.Version, d.Parties[0].ID, false, "不谈了"), errs.Invalid, "told")
		w.wants(w.s.Withdraw(ctx, w.worker, d.ID, d.Version, false, false, "不谈了"), errs.Invalid, "told")
		w.ok(w.s.Refuse(ctx, w.worker, d.ID, d.Version, d.Parties[0].ID, true, "不谈了"))
		d = w.get(w.worker, d.ID)
		if last := d.Entries[len(d.Entries)-1].Words; !strings.Contains(last, "已告知") || !strings.Contains(last, "不谈了") {
			t.Error(last)
		}
		if d.Form != "" || d.Terms.Content != "" || d.Settles != mediation.Nothing || len(d.Duties) > 0 || !d.Parties[0].SignedOn.IsZero() || slices.Contains(d.Papers(), mediation.PaperAgreement) {
			t.Errorf("an agreement is left: %+v", d)
		}
	})
}

func TestACaseThatIsOpenedAgainIsMediatedAgain(t *testing.T) {
	each(t, func(w *town) {
		r, d := w.begun()
		w.ok(w.s.Fail(ctx, w.worker, d.ID, d.Version, true, "差得太远"))
		w.exec(`UPDATE service_case SET state = 'accepted' WHERE tenant_id = $1 AND id = $2`, r.ID)
		if m, now, err := w.s.OfCase(ctx, w.secretary, r.ID); err != nil || now || m != d.ID {
			t.Errorf("%v %v %v", m, now, err)
		}
		m, err := w.s.FromCase(ctx, w.secretary, r.ID, false)
		w.ok(err)
		again := w.get(w.secretary, m)
		if m == d.ID || again.State != mediation.Opened || again.Parties[0].Name == "王女士" || again.Parties[0].Phone != "" || again.Parties[0].PersonID != 0 {
			t.Errorf("%+v", again)
		}
		if last, now, err := w.s.OfCase(ctx, w.secretary, r.ID); err != nil || !now || last != m {
			t.Errorf("%v %v %v", last, now, err)
		}
	})
}

func TestWhoCanBeInACommittee(t *testing.T) {
	each(t, func(w *town) {
		w.ok(w.s.SaveCommittee(ctx, w.secretary, w.community, 0, "调委会", calendar.On(2025, 5, 6)))
		add := func(actor, who authz.Actor) error {
			return w.s.AddMember(ctx, actor, w.community, mediation.NewMember{Name: who.Name, Sex: mediation.Male, Login: "a" + who.AccountID.String()})
		}
		w.wants(add(w.secretary, w.beside), errs.Invalid, "login") // a role elsewhere
		w.wants(add(w.above, w.above), errs.Invalid, "login")      // a role above
		w.exec(`INSERT INTO role_grant (tenant_id, id, account_id, role_code, organisation_id, valid_from, granted_at) VALUES ($1,$2,$3,'worker',$4,'2026-01-01',1)`, id.New(), w.above.AccountID, w.community)
		w.wants(add(w.above, w.above), errs.Invalid, "login") // oneself, from above
		w.exec(`UPDATE role_grant SET role_code = 'reader' WHERE tenant_id = $1 AND account_id = $2`, w.worker.AccountID)
		w.wants(add(w.secretary, w.worker), errs.Invalid, "login") // a role that does not mediate
		w.ok(add(w.secretary, w.member))
		w.ok(add(w.secretary, w.secretary))
	})
}

func TestAnotherPersonIsNotTheOneBefore(t *testing.T) {
	each(t, func(w *town) {
		person := id.New()
		w.exec(`INSERT INTO person (tenant_id, id, name, name_key, initials, community_id, created_at, updated_at) VALUES ($1,$2,'王女士','王女士','wns',$3,1,1)`, person, w.community)
		w.s = mediation.New(w.d, w.ring, days{}, w.cases, persons{number: person})
		_, d := w.begun()
		save := func(in mediation.NewParty) mediation.Party {
			w.ok(w.s.SaveParty(ctx, w.worker, d.ID, d.Version, d.Parties[0].ID, in))
			d = w.get(w.worker, d.ID)
			return d.Parties[0]
		}
		if p := save(mediation.NewParty{Name: "王女士", IDNumber: number}); p.PersonID != person {
			t.Errorf("%+v", p)
		}
		if p := save(mediation.NewParty{Name: "王女士", Phone: "13800138000"}); p.PersonID != person || p.IDNumber != number {
			t.Errorf("nothing typed: %+v", p)
		}
		if p := save(mediation.NewParty{Name: "王小姐"}); p.PersonID != 0 || p.IDNumber != "" {
			t.Errorf("another name: %+v", p)
		}
		save(mediation.NewParty{Name: "王女士", Phone: "13800138000", IDNumber: number})
		if p := save(mediation.NewParty{Name: "王女士", IDNumber: code.WithCheck("11010119900307021")}); p.PersonID != 0 {
			t.Errorf("a number of nobody known: %+v", p)
		}
		save(mediation.NewParty{Name: "王女士", Phone: "13800138000", IDNumber: number})
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return mediation.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{person}) }))
		if p := w.get(w.worker, d.ID).Parties[0]; p.PersonID != 0 || p.IDNumber != "" || p.Phone != "" || p.Name == "王女士" || p.Consent != mediation.Agrees {
			t.Errorf("forgotten: %+v", p)
		}
		d = w.get(w.worker, d.ID)
		w.wants(w.s.NoteRisk(ctx, w.worker, d.ID, d.Version, "", "没有了"), errs.Invalid, "risk")
		w.ok(w.s.NoteRisk(ctx, w.worker, d.ID, d.Version, mediation.Crime, "已报派出所"))
		w.wants(w.s.NoteRisk(ctx, w.worker, d.ID, d.Version+1, "", ""), errs.Invalid, "note")
		w.ok(w.s.NoteRisk(ctx, w.worker, d.ID, d.Version+1, "", "派出所已查清"))
		if d = w.get(w.worker, d.ID); d.Risk != "" || d.RiskNote != "" {
			t.Errorf("%+v", d)
		}
	})
}

func TestAFileThatNobodyTouchesGoesToo(t *testing.T) {
	each(t, func(w *town) {
		_, d := w.begun()
		k := mediation.RetentionKinds()[0]
		for before, want := range map[calendar.Date]int{w.today(): 0, w.today().AddDays(1): 1} {
			a := &db.Args{}
			rows := k.Past(a, testkit.Tenant, before)
			got, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
			w.ok(err)
			if len(got) != want {
				t.Errorf("%s: %v", before, got)
			}
		}
		var remove retention.Remover = k.Remove
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return remove(ctx, tx, testkit.Tenant, []id.ID{d.ID}) }))
		if d = w.get(w.secretary, d.ID); !d.Forgotten || d.EndedOn != w.today() || len(w.waits(w.secretary)) > 0 {
			t.Errorf("%+v", d)
		}
	})
}

func TestAConfirmationThatPassedIsNotOverdue(t *testing.T) {
	each(t, func(w *town) {
		_, d := w.begun()
		g := w.agreement(d)
		g.Duties[0].DueOn = calendar.On(2026, 12, 31)
		w.ok(w.s.Speak(ctx, w.worker, d.ID, d.Version, g, w.today()))
		d = w.get(w.worker, d.ID)
		w.ok(w.s.MakeVisit(ctx, w.worker, d.ID, d.Version, d.Visits[0].ID, w.today(), "好"))
		next := func(show string) mediation.Row {
			t.Helper()
			list, err := w.s.List(ctx, w.worker, mediation.Filter{Show: show})
			w.ok(err)
			if len(list.Items) != 1 {
				return mediation.Row{}
			}
			return list.Items[0]
		}
		w.clock.Set(calendar.On(2026, 10, 7).Time().Add(10 * time.Hour))
		if r := next(mediation.ShowSoon); r.Next != mediation.DueConfirm || r.NextOn != d.ConfirmBy {
			t.Errorf("soon %+v", r)
		}
		w.clock.Set(d.ConfirmBy.AddDays(1).Time().Add(10 * time.Hour))
		if r := next(mediation.ShowOpen); r.Next != mediation.DueDuty || r.NextOn != calendar.On(2026, 12, 31) {
			t.Errorf("open %+v", r)
		}
		for _, show := range []string{mediation.ShowOverdue, mediation.ShowSoon} {
			if r := next(show); r.ID != 0 {
				t.Errorf("%s %+v", show, r)
			}
		}
	})
}
