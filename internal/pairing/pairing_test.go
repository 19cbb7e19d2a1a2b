package pairing_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/pairing"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

// accounts are the actors of a town by account.
type accounts map[id.ID]authz.Actor

func (a accounts) ActorFor(_ context.Context, _ int64, account id.ID) (authz.Actor, error) {
	x, ok := a[account]
	if !ok {
		return x, errs.ErrNotFound
	}
	return x, nil
}

// purposes lets every purpose be one.
type purposes struct{}

func (purposes) Covered(context.Context, db.Querier, int64, string, string) error { return nil }

// lists are the three lists as the composition root connects them.
type lists struct{ *exchange.Service }

func (l lists) LackTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in pairing.Lack) (id.ID, error) {
	return l.Service.LackTx(ctx, tx, actor, exchange.Lack{CommunityID: in.OrgID, PersonID: in.PersonID, Name: in.Name, Kind: exchange.People, Words: in.Words})
}

type town struct {
	t                   *testing.T
	d                   *db.DB
	clock               *testkit.Clock
	s                   *pairing.Service
	needs               *exchange.Service
	rows                testkit.Rows
	known               accounts
	here, there, unit   id.ID
	keeper, far, seer   authz.Actor
	helper, other       authz.Actor // members
	member, otherMember id.ID
	needy               id.ID
	today               calendar.Date
}

func each(t *testing.T, fn func(w *town)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 9, 15).Time().Add(9 * time.Hour))
		w := &town{t: t, d: d, clock: clock, known: accounts{}, rows: testkit.NewRows(t, d, testkit.Tenant), today: calendar.On(2026, 9, 15)}
		ring := seal.Ephemeral()
		w.needs = exchange.New(d, ring, ledger.New(d), ledger.Register{}, nil, nil, purposes{})
		w.s = pairing.New(d, ring, w.known).WithNeeds(lists{w.needs})
		w.needs.WithHouseholds(w.s)
		w.here, w.there, w.unit = w.rows.Organisation("community_party", "文港社区"), w.rows.Organisation("community_party", "先锋社区"), w.rows.Organisation("unit", "第一小学")
		w.keeper = testkit.Actor(testkit.Tenant, []id.ID{w.here}, pairing.PermManage, pairing.PermHelp)
		testkit.Exec(t, d, `UPDATE organisation SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, w.here, testkit.Tenant, w.unit)
		w.far = testkit.Actor(testkit.Tenant, []id.ID{w.there}, pairing.PermManage, pairing.PermHelp)
		w.seer = testkit.Actor(testkit.Tenant, nil, pairing.PermSee, pairing.PermHelp)
		for _, a := range []authz.Actor{w.keeper, w.far, w.seer} {
			w.known[a.AccountID] = a
			testkit.Exec(t, d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,'某干部',1)`, testkit.Tenant, a.AccountID, a.AccountID.String())
		}
		one, two := w.rows.Person(w.here, "王帮扶", ""), w.rows.Person(w.here, "李帮扶", "")
		w.member, w.otherMember = w.rows.Member(one, w.here, 0, "王帮扶"), w.rows.Member(two, w.here, 0, "李帮扶")
		w.helper, w.other = testkit.Own(testkit.Tenant, one, pairing.PermOwn), testkit.Own(testkit.Tenant, two, pairing.PermOwn)
		w.needy = w.rows.Person(w.here, "赵困难", "")
		fn(w)
	})
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

func (w *town) entry(person id.ID) pairing.Entry {
	return pairing.Entry{PersonID: person, Difficulty: "illness", Situation: "透析三年", Consent: "in_person", ConsentOn: w.today}
}

func (w *town) enter() id.ID {
	w.t.Helper()
	h, err := w.s.Enter(ctx, w.keeper, w.entry(w.needy))
	w.ok(err)
	return h
}

func (w *town) pair(h id.ID) id.ID {
	w.t.Helper()
	p, err := w.s.Pair(ctx, w.keeper, h, pairing.Helper{MemberID: w.member}, w.today.AddDays(-3))
	w.ok(err)
	return p
}

func (w *town) visit(on calendar.Date) pairing.NewVisit {
	return pairing.NewVisit{On: on, Form: "home", Deed: "talk", Note: "精神不错，药还够两周"}
}

func (w *town) get(who authz.Actor, h id.ID) pairing.Household {
	w.t.Helper()
	out, err := w.s.Get(ctx, who, h)
	w.ok(err)
	return out
}

func TestFromTheEntryToTheEnd(t *testing.T) {
	each(t, func(w *town) {
		h := w.enter()
		if got := w.get(w.keeper, h); got.State != pairing.Waiting || got.Situation != "透析三年" || got.Name != "赵困难" || got.OrgID != w.here {
			t.Errorf("entered: %+v", got)
		}
		p := w.pair(h)
		w.ok(w.s.Plan(ctx, w.helper, h, "申请大病救助", w.today.AddDays(20)))
		w.ok(w.s.Visit(ctx, w.helper, h, 0, w.visit(w.today)))
		w.ok(w.s.Visit(ctx, w.keeper, h, p, w.visit(w.today.AddDays(-2)))) // entered late
		got := w.get(w.helper, h)
		if got.State != pairing.Paired || len(got.Visits) != 2 || got.Visits[0].Note != "精神不错，药还够两周" || got.Visits[0].By != "王帮扶" || got.VisitedOn != w.today || len(got.Items) != 1 || got.Items[0].What != "申请大病救助" {
			t.Errorf("after the visits: %+v", got)
		}
		w.ok(w.s.Tick(ctx, w.helper, h, got.Items[0].ID, got.Items[0].Version))
		w.wants(w.s.Tick(ctx, w.helper, h, got.Items[0].ID, got.Items[0].Version), errs.Conflict, "")
		got = w.get(w.keeper, h)
		w.wants(w.s.End(ctx, w.keeper, h, "", "", got.Version), errs.Invalid, "ending")
		w.wants(w.s.End(ctx, w.keeper, h, pairing.NoHelper, "", got.Version), errs.Invalid, "ending")
		w.ok(w.s.End(ctx, w.keeper, h, pairing.Over, "儿子找到工作", got.Version))
		if got = w.get(w.keeper, h); got.State != pairing.Ended || got.EndWords != "儿子找到工作" || len(got.Active()) != 0 {
			t.Errorf("ended: %+v", got)
		}
		_, err := w.s.Get(ctx, w.helper, h)
		w.wants(err, errs.NotFound, "") // who helps no more reads no more
		w.wants(w.s.Visit(ctx, w.keeper, h, p, w.visit(w.today)), errs.Conflict, "")
		w.enter() // somebody may come into hardship again
	})
}

func TestWhatIsRefused(t *testing.T) {
	each(t, func(w *town) {
		n := w.entry(w.needy)
		n.ConsentOn = w.today.AddDays(1)
		_, err := w.s.Enter(ctx, w.keeper, n)
		w.wants(err, errs.Invalid, "consent_on")
		_, err = w.s.Enter(ctx, w.keeper, w.entry(w.rows.Person(w.there, "远方", "")))
		w.wants(err, errs.Invalid, "person")
		_, err = w.s.Enter(ctx, w.keeper, pairing.Entry{})
		w.wants(err, errs.Invalid, "difficulty")

		n = w.entry(w.needy)
		n.Consent = ""
		h, err := w.s.Enter(ctx, w.keeper, n)
		w.ok(err)
		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{MemberID: w.member}, w.today)
		w.wants(err, errs.Conflict, "") // no consent
		w.ok(w.s.Correct(ctx, w.keeper, h, w.entry(0), 1))
		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{MemberID: w.member, UnitID: w.unit}, w.today)
		w.wants(err, errs.Invalid, "member")
		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{MemberID: w.member}, w.today.AddDays(1))
		w.wants(err, errs.Invalid, "from_on")
		stranger := w.rows.Member(w.rows.Person(w.there, "外人", ""), w.there, 0, "外人")
		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{MemberID: stranger}, w.today)
		w.wants(err, errs.Invalid, "member")
		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{AccountID: w.far.AccountID}, w.today)
		w.wants(err, errs.Invalid, "account")
		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{UnitID: w.there}, w.today)
		w.wants(err, errs.Invalid, "unit")
		self := w.rows.Member(w.needy, w.here, 0, "赵困难")
		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{MemberID: self}, w.today)
		w.wants(err, errs.Invalid, "member")

		p := w.pair(h)
		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{MemberID: w.member}, w.today)
		w.wants(err, errs.Invalid, "member") // twice
		n = w.entry(w.needy)
		n.Consent = ""
		w.wants(w.s.Correct(ctx, w.keeper, h, n, w.get(w.keeper, h).Version), errs.Invalid, "consent")
		w.wants(w.s.Visit(ctx, w.helper, h, 0, w.visit(w.today.AddDays(1))), errs.Invalid, "on")
		w.wants(w.s.Visit(ctx, w.helper, h, 0, w.visit(w.today.AddDays(-4))), errs.Invalid, "on") // before the pairing
		w.wants(w.s.Visit(ctx, w.helper, h, 0, pairing.NewVisit{On: w.today, Form: "home", Deed: pairing.OtherDeed}), errs.Invalid, "note")
		w.ok(w.s.Visit(ctx, w.helper, h, 0, pairing.NewVisit{On: w.today, Form: "home", Deed: "talk"})) // nothing to add
		v := w.visit(w.today)
		v.NextOn = w.today
		w.wants(w.s.Visit(ctx, w.helper, h, 0, v), errs.Invalid, "next_on")
		w.wants(w.s.Unpair(ctx, w.keeper, h, p, "", "", 1), errs.Invalid, "ending")
		w.ok(w.s.Unpair(ctx, w.keeper, h, p, pairing.NoHelper, "出差一年", 1))
		if got := w.get(w.keeper, h); got.State != pairing.Waiting || got.Pairs[0].EndWords != "出差一年" {
			t.Errorf("without its last helper: %+v", got)
		}
		w.wants(w.s.Visit(ctx, w.keeper, h, p, w.visit(w.today)), errs.Invalid, "pair")
	})
}

func TestWhoLeavesReadsNoMore(t *testing.T) {
	each(t, func(w *town) {
		h := w.enter()
		w.pair(h)
		w.get(w.helper, h)
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.EndedTx(ctx, tx, w.keeper, w.member, w.today, "") }))
		_, err := w.s.Get(ctx, w.helper, h)
		w.wants(err, errs.NotFound, "")
		w.wants(w.s.Visit(ctx, w.helper, h, 0, w.visit(w.today)), errs.NotFound, "")
		if got := w.get(w.keeper, h); got.State != pairing.Waiting || len(got.Active()) != 0 {
			t.Errorf("after the helper left the Party: %+v", got)
		}

		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{AccountID: w.keeper.AccountID}, w.today)
		w.ok(err)
		staff := testkit.Actor(testkit.Tenant, []id.ID{w.here}, pairing.PermHelp)
		staff.AccountID = w.keeper.AccountID
		w.get(staff, h)
		moved := testkit.Actor(testkit.Tenant, []id.ID{w.there}, pairing.PermHelp)
		moved.AccountID = w.keeper.AccountID
		_, err = w.s.Get(ctx, moved, h)
		w.wants(err, errs.NotFound, "") // works elsewhere now

		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{MemberID: w.otherMember}, w.today)
		w.ok(err)
		other := w.get(w.other, h)
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return pairing.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{w.other.PersonID}) }))
		if got := w.get(w.keeper, h); got.State != pairing.Paired || len(got.Active()) != len(other.Active())-1 {
			t.Errorf("after a helper was forgotten: %+v", got)
		}
	})
}

func TestNobodyHelpsThemselvesThroughAnAccount(t *testing.T) {
	each(t, func(w *town) {
		h := w.enter()
		self := testkit.Actor(testkit.Tenant, []id.ID{w.here}, pairing.PermHelp)
		self.PersonID = w.needy
		w.known[self.AccountID] = self
		testkit.Exec(t, w.d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,'本人',1)`, testkit.Tenant, self.AccountID, self.AccountID.String())
		_, err := w.s.Pair(ctx, w.keeper, h, pairing.Helper{AccountID: self.AccountID}, w.today)
		w.wants(err, errs.Invalid, "account")
	})
}

func TestTwiceTellsWhereOnlyToWhoMaySeeIt(t *testing.T) {
	each(t, func(w *town) {
		w.enter()
		_, err := w.s.Enter(ctx, w.keeper, w.entry(w.needy))
		w.wants(err, errs.Invalid, "person")
		if m := errs.As(err).Fields["person"]; len(m.Args) == 0 || m.Args[0] != "文港社区" {
			t.Errorf("the community that has it is told %v", m)
		}
		testkit.Exec(t, w.d, `UPDATE person SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, w.there, testkit.Tenant, w.needy) // moved
		_, err = w.s.Enter(ctx, w.far, w.entry(w.needy))
		w.wants(err, errs.Invalid, "person")
		if m := errs.As(err).Fields["person"]; len(m.Args) != 0 {
			t.Errorf("another community is told where it stands: %v", m)
		}
	})
}

func TestTwoAtOnceEnterOne(t *testing.T) {
	each(t, func(w *town) {
		var wg sync.WaitGroup
		all := make([]error, 4)
		for i := range all {
			wg.Go(func() { _, all[i] = w.s.Enter(ctx, w.keeper, w.entry(w.needy)) })
		}
		wg.Wait()
		done := 0
		for _, err := range all {
			if err == nil {
				done++
			} else {
				w.wants(err, errs.Invalid, "person")
			}
		}
		if done != 1 {
			t.Errorf("%d of them entered it", done)
		}
	})
}

func TestWhoReadsWhat(t *testing.T) {
	each(t, func(w *town) {
		h := w.enter()
		w.pair(h)
		for name, a := range map[string]authz.Actor{"another community": w.far, "who sees counts": w.seer, "another member": w.other, "another tenant": testkit.Actor(testkit.Other, nil, pairing.PermManage)} {
			if _, err := w.s.Get(ctx, a, h); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s reads it: %v", name, err)
			}
			if err := w.s.Visit(ctx, a, h, 0, w.visit(w.today)); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s visits it: %v", name, err)
			}
		}
		if err := w.s.End(ctx, w.helper, h, pairing.Over, "", 1); err == nil {
			t.Error("the helper ends it")
		}
		mine, err := w.s.Own(ctx, w.helper, db.Page{})
		w.ok(err)
		if len(mine.Items) != 1 || mine.Items[0].Person != "赵困难" {
			t.Errorf("the helper's list: %+v", mine)
		}
		none, err := w.s.Own(ctx, w.other, db.Page{})
		w.ok(err)
		if len(none.Items) != 0 {
			t.Errorf("another member's list: %+v", none)
		}
		w.get(w.helper, h)
		looks, err := audit.Search(ctx, w.d, authz.System(testkit.Tenant, "x").Scope(audit.PermRead), audit.Filter{PersonID: w.needy, Looks: true})
		w.ok(err)
		if len(looks.Items) != 2 || looks.Items[0].Action != "pairing.read" || looks.Items[0].Purpose != pairing.Purpose {
			t.Errorf("looks that the person sees: %+v", looks.Items)
		}
		// An account and a unit help too, and read it as long as they do.
		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{AccountID: w.seer.AccountID}, w.today)
		w.ok(err)
		w.get(w.seer, h)
		_, err = w.s.Pair(ctx, w.keeper, h, pairing.Helper{UnitID: w.unit}, w.today)
		w.ok(err)
		liaison := testkit.Actor(testkit.Tenant, []id.ID{w.unit}, pairing.PermHelp, pairing.PermUnit)
		w.ok(w.s.Visit(ctx, liaison, h, 0, w.visit(w.today)))
		if got := w.get(liaison, h); len(got.Active()) != 3 || got.Visits[0].By != "第一小学" {
			t.Errorf("for the unit: %+v", got)
		}
		counts, err := w.s.Counts(ctx, w.seer)
		w.ok(err)
		if len(counts) != 1 || counts[0].Paired != 1 || counts[0].Visits != 1 {
			t.Errorf("counts: %+v", counts)
		}
	})
}

func TestListsAndWhatWaits(t *testing.T) {
	each(t, func(w *town) {
		h := w.enter()
		second, err := w.s.Enter(ctx, w.keeper, pairing.Entry{PersonID: w.rows.Person(w.here, "孙独居", ""), Difficulty: "elderly", Situation: "独居"})
		w.ok(err)
		w.pair(h)
		list := func(f pairing.Filter) (out []id.ID) {
			t.Helper()
			l, err := w.s.List(ctx, w.keeper, f)
			w.ok(err)
			for _, i := range l.Items {
				out = append(out, i.ID)
			}
			return out
		}
		one := func(name string, f pairing.Filter, want id.ID) {
			t.Helper()
			if got := list(f); len(got) != 1 || got[0] != want {
				t.Errorf("%s: %v, want %v", name, got, want)
			}
		}
		one("state", pairing.Filter{State: pairing.Waiting}, second)
		one("difficulty", pairing.Filter{Difficulty: "illness"}, h)
		one("name", pairing.Filter{Text: "独居"}, second)
		one("helper", pairing.Filter{Text: "王帮扶"}, h)
		if got := list(pairing.Filter{Days: 30}); len(got) != 0 {
			t.Errorf("newly paired counts as forgotten: %v", got)
		}
		l, err := w.s.List(ctx, w.keeper, pairing.Filter{Page: db.Page{Limit: 1}})
		w.ok(err)
		if len(l.Items) != 1 || l.Items[0].ID != second || l.Next == "" {
			t.Fatalf("first page: %+v", l)
		}
		one("second page", pairing.Filter{Page: db.Page{Limit: 1, After: db.ParseCursor(l.Next)}}, h)
		if l, err := w.s.List(ctx, w.far, pairing.Filter{}); err != nil || len(l.Items) != 0 {
			t.Errorf("another community lists %+v, %v", l, err)
		}
		_, err = w.s.List(ctx, w.seer, pairing.Filter{})
		w.wants(err, errs.Forbidden, "")

		waits := func(who authz.Actor) string {
			t.Helper()
			items, err := w.s.Waiting(ctx, who)
			w.ok(err)
			var out []string
			for _, i := range items {
				out = append(out, i.Kind)
			}
			return strings.Join(out, " ")
		}
		if got := waits(w.keeper) + "|" + waits(w.helper); got != pairing.WaitUnpaired+"|" {
			t.Errorf("waits at first: %q", got)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		one("not visited", pairing.Filter{Days: 30}, h)
		if got := waits(w.keeper) + "|" + waits(w.helper); got != pairing.WaitUnpaired+" "+pairing.WaitUnvisited+"|"+pairing.WaitMine {
			t.Errorf("waits after a month: %q", got)
		}
		w.ok(w.s.Visit(ctx, w.helper, h, 0, w.visit(calendar.DateOf(w.clock.Now()))))
		if got := waits(w.keeper) + "|" + waits(w.helper); got != pairing.WaitUnpaired+"|" {
			t.Errorf("waits after the visit: %q", got)
		}
	})
}

func TestSealedAndForgotten(t *testing.T) {
	each(t, func(w *town) {
		h := w.enter()
		w.pair(h)
		w.ok(w.s.Visit(ctx, w.helper, h, 0, w.visit(w.today)))
		w.ok(w.s.Plan(ctx, w.helper, h, "申请大病救助", calendar.Date{}))
		for _, q := range []string{"SELECT situation FROM pairing_household", "SELECT note FROM pairing_visit", "SELECT what FROM pairing_item"} {
			b, err := db.Value[[]byte](ctx, w.d, q)
			w.ok(err)
			for _, plain := range []string{"透析", "精神", "大病"} {
				if len(b) == 0 || strings.Contains(string(b), plain) {
					t.Errorf("%s is not sealed", q)
				}
			}
		}
		got := w.get(w.keeper, h)
		w.ok(w.s.End(ctx, w.keeper, h, pairing.Over, "好了", got.Version))
		kind := pairing.RetentionKinds()[0]
		past := func(before calendar.Date) []id.ID {
			a := &db.Args{}
			rows := kind.Past(a, testkit.Tenant, before)
			out, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
			w.ok(err)
			return out
		}
		if len(past(w.today)) != 0 || len(past(w.today.AddDays(1))) != 1 {
			t.Error("the period begins with the end")
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return kind.Remove(ctx, tx, testkit.Tenant, []id.ID{h}) }))
		got = w.get(w.keeper, h)
		if !got.Forgotten || got.Situation != "" || got.Name != "" || len(got.Items) != 0 || len(got.Visits) != 1 || got.Visits[0].Note != "" || got.EndWords != "" {
			t.Errorf("forgotten: %+v", got)
		}
		if len(past(w.today.AddDays(1))) != 0 {
			t.Error("it is forgotten again")
		}
		again := w.enter()
		w.pair(again)
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return pairing.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{w.needy}) }))
		if got := w.get(w.keeper, again); got.State != pairing.Ended || got.Name != "" || len(got.Active()) != 0 {
			t.Errorf("forgotten by the register: %+v", got)
		}
	})
}

func TestFollow(t *testing.T) {
	each(t, func(w *town) {
		h := w.enter()
		w.pair(h)
		w.ok(w.s.Visit(ctx, w.helper, h, 0, w.visit(w.today)))
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.keeper, w.here, w.there) }))
		if got := w.get(w.far, h); got.OrgID != w.there || len(got.Visits) != 1 {
			t.Errorf("followed: %+v", got)
		}
	})
}

// What a helper finds lacking becomes a need by one tick, or one press later, once for each visit. The community approves it; nobody reads whose it is; how it ends stands with the visit, for the helper
// too.
// TestAVisitThatIsSentTwice is noted once, and so is what it asks for.
func TestAVisitThatIsSentTwice(t *testing.T) {
	each(t, func(w *town) {
		h := w.enter()
		w.pair(h)
		n := w.visit(w.today)
		n.Ask, n.Lack, n.Key = true, "一根拐杖", "sending"
		var at sync.WaitGroup
		for range 3 {
			at.Go(func() { _ = w.s.Visit(ctx, w.helper, h, 0, n) })
		}
		at.Wait()
		w.ok(w.s.Visit(ctx, w.helper, h, 0, n))
		n.Key = "another"
		w.ok(w.s.Visit(ctx, w.helper, h, 0, n))
		if got := w.get(w.helper, h).Visits; len(got) != 2 || got[0].Need.ID == 0 || got[0].Need.ID == got[1].Need.ID {
			t.Errorf("five sendings of two visits are %+v", got)
		}
	})
}

func TestWhatIsLackingBecomesANeed(t *testing.T) {
	each(t, func(w *town) {
		desk := testkit.Actor(testkit.Tenant, []id.ID{w.here}, exchange.PermSee, exchange.PermKeep)
		h := w.enter()
		w.pair(h)
		n := w.visit(w.today)
		n.Ask, n.Lack = true, "要一台轮椅，电话 13800001111"
		w.ok(w.s.Visit(ctx, w.helper, h, 0, n))
		v := w.get(w.helper, h).Visits[0]
		if v.Need.ID == 0 || v.Need.No == "" || v.Need.State != string(exchange.Asked) || v.Need.Title != "" {
			t.Fatalf("the visit has the need %+v", v.Need)
		}
		d, err := w.needs.Get(ctx, desk, v.Need.ID)
		w.ok(err)
		if d.CommunityID != w.here || d.Channel != exchange.ByPair || !d.HasHolder || d.HasPhone || d.Share || d.Place != "" || !d.Flagged || d.PersonID != w.needy || strings.Contains(d.Body, "13800001111") || strings.Contains(d.Body, "赵") {
			t.Errorf("the desk reads %+v", d.Need)
		}
		w.wants(w.s.Ask(ctx, w.helper, h, v.ID, "轮椅"), errs.Conflict, "")
		due := w.today.AddDays(20)
		w.ok(w.needs.Approve(ctx, desk, v.Need.ID, 0, exchange.Public{Title: "一台轮椅", Kind: exchange.Goods, Wanted: 1, DueOn: due}))
		// Whose household it is may be said by who reads it, not by everybody at the desk.
		helps, err := w.needs.Enlist(ctx, desk, v.Need.ID, exchange.OnBehalf{Team: "轮椅队"})
		w.ok(err)
		w.wants(w.needs.Share(ctx, desk, helps, 0), errs.Forbidden, "")
		w.ok(w.needs.TakeBack(ctx, desk, helps, 0, "不来了"))
		card, err := w.needs.PublicCard(ctx, testkit.Tenant, v.Need.ID)
		w.ok(err)
		if card.Title != "一台轮椅" || card.Words != "" {
			t.Errorf("everybody reads %+v", card)
		}
		w.ok(w.needs.End(ctx, desk, v.Need.ID, 0, exchange.Settled, "街道送来一台"))
		for _, who := range []authz.Actor{w.helper, w.keeper} {
			if v := w.get(who, h).Visits[0]; v.Need.Title != "一台轮椅" || v.Need.State != string(exchange.Done) || v.Need.Outcome != string(exchange.Settled) || v.Need.EndedOn != w.today {
				t.Errorf("at the end the visit has %+v", v.Need)
			}
		}

		// The tick alone says nothing that could be asked for in public: the visit is not noted, and its note stays sealed. Words without the tick are asked for.
		n = w.visit(w.today)
		n.Ask = true
		w.wants(w.s.Visit(ctx, w.helper, h, 0, n), errs.Invalid, "lack")
		if got := w.get(w.helper, h); len(got.Visits) != 1 {
			t.Errorf("%d visits are noted", len(got.Visits))
		}
		n.Ask, n.Lack = false, "一床棉被"
		w.ok(w.s.Visit(ctx, w.helper, h, 0, n))
		second := w.get(w.helper, h).Visits[0]
		if d, err := w.needs.Get(ctx, desk, second.Need.ID); err != nil || d.Body != n.Lack || second.Note != n.Note {
			t.Errorf("the need says %q, the visit %q, %v", d.Body, second.Note, err)
		}

		// Later with words of its own, of who helps or manages; twice at once it is one.
		w.ok(w.s.Visit(ctx, w.helper, h, 0, w.visit(w.today)))
		w.ok(w.s.Visit(ctx, w.helper, h, 0, pairing.NewVisit{On: w.today, Form: "home", Deed: "goods"}))
		got := w.get(w.helper, h)
		w.wants(w.s.Ask(ctx, w.helper, h, got.Visits[1].ID, " "), errs.Invalid, "lack")
		w.wants(w.s.Ask(ctx, w.other, h, got.Visits[1].ID, "米"), errs.NotFound, "")
		w.wants(w.s.Ask(ctx, w.far, h, got.Visits[1].ID, "米"), errs.NotFound, "")
		w.wants(w.s.Ask(ctx, w.seer, h, got.Visits[1].ID, "米"), errs.NotFound, "")
		w.wants(w.s.Ask(ctx, w.helper, h, id.New(), "米"), errs.NotFound, "")
		var at sync.WaitGroup
		for range 3 {
			at.Go(func() { _ = w.s.Ask(ctx, w.keeper, h, got.Visits[1].ID, "米") })
		}
		at.Wait()
		if made, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM need n WHERE n.tenant_id = $1`, testkit.Tenant); err != nil || made != 3 {
			t.Errorf("%d needs were made of three visits, %v", made, err)
		}
		got = w.get(w.keeper, h)
		for _, v := range got.Visits {
			if v.Need.ID == 0 {
				continue
			}
			if d, err := w.needs.Get(ctx, desk, v.Need.ID); err != nil || v.Note != "" && strings.Contains(d.Body, v.Note) {
				t.Errorf("the need says what was noted: %q, %v", d.Body, err)
			}
		}
		w.ok(w.s.End(ctx, w.keeper, h, pairing.Over, "", got.Version))
		w.wants(w.s.Ask(ctx, w.keeper, h, got.Visits[0].ID, "米"), errs.Conflict, "")
	})
}

// Whose need of a household in hardship it is sees who may read the household, and not everybody above who sees who asked otherwise.
func TestWhoseNeedItIs(t *testing.T) {
	each(t, func(w *town) {
		h := w.enter()
		w.pair(h)
		n := w.visit(w.today)
		n.Lack = "一台轮椅"
		w.ok(w.s.Visit(ctx, w.helper, h, 0, n))
		need := w.get(w.keeper, h).Visits[0].Need.ID
		perms := []authz.Permission{exchange.PermSee, exchange.PermReveal}
		above := testkit.Actor(testkit.Tenant, nil, perms...)
		keeper := testkit.Actor(testkit.Tenant, []id.ID{w.here}, append(perms, pairing.PermManage)...)
		sub := testkit.Actor(testkit.Tenant, []id.ID{w.here}, perms...)
		for _, a := range []authz.Actor{above, sub} {
			_, err := w.needs.Reveal(ctx, a, need, "assist")
			w.wants(err, errs.Forbidden, "")
			d, err := w.needs.Get(ctx, a, need)
			w.ok(err)
			if may, err := w.needs.MayReveal(ctx, a, d.Need); err != nil || may {
				t.Errorf("they may see whose it is: %v", err)
			}
		}
		if who, err := w.needs.Reveal(ctx, keeper, need, "assist"); err != nil || who.Name != "赵困难" {
			t.Errorf("who manages it sees %+v, %v", who, err)
		}
	})
}
