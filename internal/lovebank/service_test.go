package lovebank_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/lovebank"
	"linli/internal/policy"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

type bank struct {
	t                      testing.TB
	d                      *db.DB
	clock                  *testkit.Clock
	rows                   testkit.Rows
	s                      *lovebank.Service
	book                   *ledger.Service
	needs                  *exchange.Service
	community, other, firm id.ID
	worker, beside         authz.Actor
	liaison                authz.Actor
	people                 []authz.Actor
	members                []id.ID
}

var staff = []authz.Permission{lovebank.PermSee, lovebank.PermKeep, exchange.PermSee, exchange.PermEnter, exchange.PermKeep}

func each(t *testing.T, fn func(w *bank)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 2).Time().Add(2 * time.Hour))
		fn(newBank(t, d, clock))
	})
}

func newBank(t testing.TB, d *db.DB, clock *testkit.Clock) *bank {
	ring := seal.Ephemeral()
	w := &bank{t: t, d: d, clock: clock, rows: testkit.NewRows(t, d, testkit.Tenant), book: ledger.New(d)}
	w.needs = exchange.New(d, ring, w.book, ledger.Register{}, nil, nil, nil)
	w.s = lovebank.New(d, ring, w.needs)
	w.needs.WithOrders(w.s)
	w.community, w.other, w.firm = w.rows.Organisation("community_party", "文港社区"), w.rows.Organisation("community_party", "先锋社区"), w.rows.Organisation("unit", "利民超市")
	w.worker, w.beside = testkit.Actor(testkit.Tenant, []id.ID{w.community}, staff...), testkit.Actor(testkit.Tenant, []id.ID{w.other}, staff...)
	w.liaison = testkit.Actor(testkit.Tenant, []id.ID{w.firm}, lovebank.PermOffer)
	w.person("陈志愿", w.community)
	w.person("李志愿", w.community)
	w.person("王邻居", w.other)
	return w
}

// person makes a member of a community who reported for no duty.
func (w *bank) person(name string, community id.ID) authz.Actor {
	p := w.rows.Person(community, name, "")
	m := w.rows.Member(p, community, 0, name)
	testkit.Exec(w.t, w.d, `UPDATE member SET kind = 'community' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, m)
	a := testkit.Own(testkit.Tenant, p, lovebank.PermOwn, exchange.PermOwn)
	w.people, w.members = append(w.people, a), append(w.members, m)
	return a
}

// served books voluntary service of somebody in the ledger.
func (w *bank) served(i int, minutes int64, on calendar.Date, change ...func(p *ledger.Posting)) (posting id.ID) {
	w.t.Helper()
	p := ledger.Posting{Account: ledger.Hours, MemberID: w.members[i], PersonID: w.people[i].PersonID, CommunityID: w.community, OnDate: on, Amount: minutes, Proof: ledger.Countersigned, SourceKind: ledger.SourceHelp, SourceID: id.New()}
	for _, c := range change {
		c(&p)
	}
	w.ok(w.d.WithTx(ctx, func(tx *db.Tx) (err error) {
		posting, err = w.book.PostTx(ctx, tx, authz.System(testkit.Tenant, "test"), p)
		return err
	}))
	return posting
}

func (w *bank) reverse(posting id.ID) {
	w.t.Helper()
	w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
		_, err := w.book.ReverseTx(ctx, tx, authz.System(testkit.Tenant, "test"), posting, "记错了")
		return err
	}))
}

// again corrects service in the ledger as activities do: it is taken back, and booked again for the same source.
func (w *bank) again(posting id.ID, minutes int64) (made id.ID) {
	w.t.Helper()
	w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
		sys := authz.System(testkit.Tenant, "test")
		p := ledger.Posting{Account: ledger.Hours, Amount: minutes, Proof: ledger.Countersigned}
		if err := tx.QueryRow(ctx, `SELECT p.member_id, p.person_id, p.community_id, p.on_date, p.source_kind, p.source_id FROM posting p WHERE p.tenant_id = $1 AND p.id = $2`, testkit.Tenant, posting).
			Scan(&p.MemberID, &p.PersonID, &p.CommunityID, &p.OnDate, &p.SourceKind, &p.SourceID); err != nil {
			return err
		}
		err := w.book.ReverseSourceTx(ctx, tx, sys, p.SourceKind, p.SourceID, ledger.Hours, "改时长")
		if err == nil {
			made, err = w.book.PostTx(ctx, tx, sys, p)
		}
		return err
	}))
	return made
}

func (w *bank) today() calendar.Date { return calendar.DateOf(w.clock.Now()) }

func (w *bank) sync() { w.t.Helper(); w.ok(w.s.Sync(ctx, testkit.Tenant)) }

func (w *bank) open(i int) lovebank.Book {
	w.t.Helper()
	_, err := w.s.Open(ctx, w.people[i])
	w.ok(err)
	return w.own(i)
}

func (w *bank) own(i int) lovebank.Book {
	w.t.Helper()
	b, err := w.s.Own(ctx, w.people[i])
	w.ok(err)
	return b
}

func (w *bank) item(price, stock int64) id.ID {
	w.t.Helper()
	i, err := w.s.AddItem(ctx, w.worker, lovebank.NewItem{CommunityID: w.community, Kind: lovebank.Thing, Title: "洗衣液", Unit: "瓶", Price: price, Who: lovebank.Everybody, Stock: stock})
	w.ok(err)
	return i
}

func (w *bank) get(i id.ID) lovebank.Item {
	w.t.Helper()
	out, err := w.s.Item(ctx, w.worker, i)
	w.ok(err)
	return out
}

func (w *bank) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *bank) refused(err error, kind errs.Kind) {
	w.t.Helper()
	if errs.KindOf(err) != kind {
		w.t.Fatalf("got %v, want %v", err, kind)
	}
}

// balanced checks the books in every way that there is.
func (w *bank) balanced() {
	w.t.Helper()
	all := testkit.Actor(testkit.Tenant, nil, staff...)
	for _, community := range []id.ID{0, w.community, w.other} {
		t, err := w.s.Trial(ctx, all, community)
		w.ok(err)
		if t.SumHearts.Balance() != 0 || t.SumGoods.Balance() != 0 {
			w.t.Fatalf("the books do not balance: %+v %+v", t.SumHearts, t.SumGoods)
		}
	}
	faults, err := w.s.Verify(ctx, w.d, testkit.Tenant)
	w.ok(err)
	if len(faults) > 0 {
		w.t.Fatalf("faults in the books: %v", faults)
	}
}

func (w *bank) holds(i int, want int64) {
	w.t.Helper()
	if b := w.own(i); b.Balance != want {
		w.t.Fatalf("the account of %s holds %d, want %d", b.Name, b.Balance, want)
	}
}

func TestServiceIsCreditedByItselfAndOnce(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 90, w.today().AddMonths(-2))
		w.served(0, 60, w.today().AddMonths(-14)) // too long ago
		w.sync()
		if _, err := w.s.Own(ctx, w.people[0]); errs.KindOf(err) != errs.NotFound {
			t.Errorf("there is an account that nobody opened: %v", err)
		}
		w.open(0)
		w.holds(0, 15)
		if b := w.own(0); b.Minutes != 90 {
			w.t.Errorf("%d minutes stand behind it", b.Minutes)
		}
		_, err := w.s.Open(ctx, w.people[0])
		w.refused(err, errs.Conflict)
		w.served(0, 45, w.today())
		w.sync()
		w.sync()
		w.ok(w.s.Night(ctx, testkit.Tenant))
		w.holds(0, 23)

		p := w.served(0, 60, w.today())
		w.sync()
		w.holds(0, 33)
		w.reverse(p)
		w.sync()
		w.sync()
		w.holds(0, 23)
		q := w.served(0, 60, w.today()) // taken back before it was credited: nothing
		w.reverse(q)
		w.sync()
		w.holds(0, 23)
		w.balanced()
		list, err := w.s.Statement(ctx, w.people[0], w.own(0).ID, db.Page{})
		w.ok(err)
		if len(list.Items) != 4 || list.Items[0].Act != lovebank.Reversal || list.Items[0].Amount != -10 || list.Items[0].Balance != 23 {
			w.t.Errorf("the statement is %+v", list.Items)
		}
	})
}

func TestOnlyVoluntaryServiceCounts(t *testing.T) {
	each(t, func(w *bank) {
		set := func(v policy.Value, n int64) {
			w.ok(policy.New(w.d, lovebank.Policies()...).Set(ctx, testkit.Actor(testkit.Tenant, nil, policy.PermSet), policy.Change{Name: v.Name, Value: n}))
		}
		duty := func(p *ledger.Posting) { p.SourceKind = ledger.SourceAttendance }
		testkit.Exec(w.t, w.d, `UPDATE member SET kind = 'in_service' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, w.members[0])
		w.open(0)
		w.open(1)
		for i := range 2 {
			w.served(i, 60, w.today(), duty)
			w.served(i, 60, w.today())
			w.served(i, 60, w.today(), func(p *ledger.Posting) { p.SourceKind, p.Account, p.Amount = ledger.SourceDeed, ledger.Deeds, 1 })
		}
		w.sync()
		w.holds(0, 10) // what they took up by themselves
		w.holds(1, 20)
		set(lovebank.WithVouched, 0)
		w.served(1, 60, w.today(), func(p *ledger.Posting) { p.Proof = ledger.Vouched })
		w.sync()
		w.holds(1, 20)
		set(lovebank.WithVouched, 1)
		set(lovebank.WithDuty, 1)
		w.ok(w.s.Night(ctx, testkit.Tenant))
		w.holds(0, 20)
		w.holds(1, 30)
		set(lovebank.PerHour, 20)
		w.served(1, 60, w.today())
		w.sync()
		w.holds(1, 50)
		w.balanced()
	})
}

func TestRedeemCollectAndGiveBack(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 600, w.today().AddMonths(-1)) // 100
		w.open(0)
		i := w.item(30, 5)
		o, err := w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 2, Key: "k1"})
		w.ok(err)
		again, err := w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 2, Key: "k1"})
		w.ok(err)
		if again != o {
			t.Errorf("sent twice it is two orders")
		}
		w.holds(0, 40)
		if x := w.get(i); x.Stock != 3 || x.Reserved != 2 || x.Given != 0 {
			t.Errorf("the item is %+v", x)
		}
		w.balanced()
		_, code, err := w.s.Order(ctx, w.people[0], o)
		w.ok(err)
		if _, staffCode, err := w.s.Order(ctx, w.worker, o); err != nil || staffCode != "" {
			t.Errorf("staff read the code %q, %v", staffCode, err)
		}
		_, err = w.s.Hand(ctx, w.worker, "WRONG234")
		w.refused(err, errs.Invalid)
		_, err = w.s.Hand(ctx, w.beside, code) // another community
		w.refused(err, errs.Invalid)
		done, err := w.s.Hand(ctx, w.worker, " "+code[:6]+" "+code[6:]+" ")
		w.ok(err)
		if done != o {
			t.Errorf("handed over %s, want %s", done, o)
		}
		_, err = w.s.Hand(ctx, w.worker, code)
		w.refused(err, errs.Invalid)
		w.refused(w.s.Cancel(ctx, w.people[0], o), errs.Conflict)
		if x := w.get(i); x.Stock != 3 || x.Reserved != 0 || x.Given != 2 {
			t.Errorf("the item is %+v", x)
		}

		o, err = w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 1})
		w.ok(err)
		w.refused(w.s.Cancel(ctx, w.people[1], o), errs.NotFound)
		w.ok(w.s.Cancel(ctx, w.people[0], o))
		w.holds(0, 40)
		_, err = w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 1})
		w.ok(err)
		w.clock.Advance(15 * 24 * time.Hour)
		w.ok(w.s.Night(ctx, testkit.Tenant))
		w.holds(0, 40)
		list, err := w.s.Orders(ctx, w.people[0], lovebank.OrderFilter{})
		w.ok(err)
		if len(list.Items) != 3 || list.Items[0].State != lovebank.Lapsed || list.Items[1].State != lovebank.Cancelled || list.Items[2].State != lovebank.Collected {
			t.Errorf("the orders are %+v", list.Items)
		}
		w.balanced()
	})
}

func TestWhatIsRefused(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 300, w.today()) // 50
		w.open(0)
		w.open(1)
		w.open(2)
		i := w.item(30, 5)
		redeem := func(who authz.Actor, item id.ID, amount int64) error {
			_, err := w.s.Redeem(ctx, who, lovebank.Redemption{Item: item, Amount: amount})
			return err
		}
		w.refused(redeem(w.people[0], i, 2), errs.Invalid) // 60 of 50
		w.refused(redeem(w.people[0], i, 0), errs.Invalid)
		w.refused(redeem(w.people[0], i, -1), errs.Invalid)
		w.refused(redeem(w.people[0], id.New(), 1), errs.NotFound)
		w.refused(redeem(w.people[2], i, 1), errs.Conflict) // lives in another community
		w.refused(redeem(w.worker, i, 1), errs.Forbidden)
		_, err := w.s.RedeemFor(ctx, w.beside, w.own(0).ID, lovebank.Redemption{Item: i, Amount: 1})
		w.refused(err, errs.NotFound)
		for _, n := range []int64{0, -5, lovebank.MaxAmount + 1} {
			w.refused(w.s.Give(ctx, w.people[0], lovebank.Giving{Amount: n}), errs.Invalid)
		}
		w.refused(w.s.Give(ctx, w.people[0], lovebank.Giving{Amount: 51}), errs.Invalid)
		w.refused(w.s.Give(ctx, w.people[0], lovebank.Giving{To: w.own(0).No, Amount: 5}), errs.Invalid)
		w.refused(w.s.Give(ctx, w.people[0], lovebank.Giving{To: "A0", Amount: 5}), errs.Invalid)
		w.refused(w.s.Grant(ctx, w.worker, w.own(1).ID, lovebank.Granting{Amount: 1, Reason: "独居"}), errs.Invalid) // the fund is empty
		w.refused(w.s.Grant(ctx, w.worker, w.own(2).ID, lovebank.Granting{Amount: 1, Reason: "独居"}), errs.NotFound)
		w.refused(w.s.Count(ctx, w.worker, i, -6, "坏了", ""), errs.Invalid)
		w.refused(w.s.Count(ctx, w.worker, i, -1, "", ""), errs.Invalid)
		w.refused(w.s.Count(ctx, w.beside, i, 1, "", ""), errs.NotFound)
		_, err = w.s.AddItem(ctx, w.beside, lovebank.NewItem{CommunityID: w.community, Kind: lovebank.Thing, Title: "米", Price: 1, Who: lovebank.Everybody})
		w.refused(err, errs.Forbidden)
		_, err = w.s.AddItem(ctx, w.worker, lovebank.NewItem{CommunityID: w.community, Kind: lovebank.Thing, Title: "米", Price: 0, Who: lovebank.Everybody})
		w.refused(err, errs.Invalid)
		w.clock.Advance(400 * 24 * time.Hour)
		w.refused(redeem(w.people[0], i, 1), errs.Conflict) // after the last day
		w.holds(0, 50)
		w.balanced()
	})
}

func TestMuchInAMonthIsAskedAgain(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 6000, w.today()) // 1000
		w.open(0)
		i := w.item(90, 10)
		redeem := func(sure bool) error {
			_, err := w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 1, Sure: sure})
			return err
		}
		w.ok(redeem(false))
		w.ok(redeem(false))
		err := redeem(false) // 270 of 200
		w.refused(err, errs.Invalid)
		if e := errs.As(err); e == nil || e.Fields["sure"].Text.IsZero() {
			t.Errorf("what is asked again is %v", err)
		}
		w.ok(redeem(true))
		w.clock.Advance(31 * 24 * time.Hour)
		w.ok(redeem(false))
		w.balanced()
	})
}

// A gift to somebody of another community goes through the accounts between the two banks: each balances by itself, and it is taken back with both communities' right alone.
func TestAGiftGoesToAnotherCommunity(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 120, w.today()) // 20
		w.open(0)
		w.open(2)
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{To: w.own(2).No, Amount: 5}))
		w.holds(0, 15)
		w.holds(2, 5)
		mine, err := w.s.SolvencyOwn(ctx, w.people[0])
		w.ok(err)
		theirs, err := w.s.SolvencyOwn(ctx, w.people[2])
		w.ok(err)
		if mine.Between != 5 || theirs.Between != -5 || mine.Outstanding() != 15 || theirs.Outstanding() != 5 {
			t.Errorf("the banks state %+v and %+v", mine, theirs)
		}
		whole := func() {
			t.Helper()
			if faults, err := w.s.Verify(ctx, w.d, testkit.Tenant); err != nil || len(faults) != 0 {
				t.Errorf("the books: %v, %v", faults, err)
			}
		}
		whole()
		both := testkit.Actor(testkit.Tenant, []id.ID{w.own(0).CommunityID, w.own(2).CommunityID}, lovebank.PermKeep, lovebank.PermSee)
		list, err := w.s.Journals(ctx, w.beside, lovebank.JournalFilter{Act: lovebank.Gift}) // the bank that received it
		w.ok(err)
		if len(list.Items) != 1 {
			t.Fatalf("the other bank lists %d gifts", len(list.Items))
		}
		gift := list.Items[0].ID
		_, legs, err := w.s.Journal(ctx, w.beside, gift)
		w.ok(err)
		for _, l := range legs {
			if l.Kind == lovebank.Person && (l.No == w.own(0).No || l.At == w.own(0).CommunityID && (l.No != "" || l.Book != 0)) {
				t.Errorf("the other bank reads whose it was: %+v", l)
			}
		}
		w.refused(w.s.Correct(ctx, w.worker, gift, "写错了"), errs.Conflict)
		w.refused(w.s.Correct(ctx, w.beside, gift, "写错了"), errs.Conflict)
		w.holds(2, 5)
		w.ok(w.s.Correct(ctx, both, gift, "写错了"))
		w.holds(0, 20)
		w.holds(2, 0)
		whole()

		// What was in an account when it was closed is not there any more, though it was opened again.
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{To: w.own(2).No, Amount: 5}))
		w.ok(w.s.Close(ctx, w.people[2]))
		w.open(2)
		list, err = w.s.Journals(ctx, both, lovebank.JournalFilter{Act: lovebank.Gift})
		w.ok(err)
		w.refused(w.s.Correct(ctx, both, list.Items[0].ID, "写错了"), errs.Conflict)
		whole()
	})
}

func TestGiftsKeepTheirDays(t *testing.T) {
	each(t, func(w *bank) {
		old := w.today().AddMonths(-10)
		w.served(0, 120, old)      // 20
		w.served(0, 60, w.today()) // 10
		w.served(1, 60, w.today()) // 10
		w.open(0)
		w.open(1)
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{To: " " + w.own(1).No, Amount: 25, Key: "g"}))
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{To: w.own(1).No, Amount: 25, Key: "g"})) // sent twice
		w.holds(0, 5)
		w.holds(1, 35)
		w.clock.Set(old.AddMonths(36).AddDays(-30).Time().Add(time.Hour))
		ends, err := w.s.Ends(ctx, w.people[1], w.own(1).ID)
		w.ok(err)
		if ends.Hearts != 20 || ends.First != old.AddMonths(36) {
			t.Errorf("what ends soon is %+v", ends)
		}
		w.ok(w.s.Night(ctx, testkit.Tenant))
		w.holds(1, 35)
		w.clock.Set(old.AddMonths(36).AddDays(1).Time().Add(time.Hour))
		w.ok(w.s.Night(ctx, testkit.Tenant))
		w.ok(w.s.Night(ctx, testkit.Tenant))
		w.holds(0, 5)
		w.holds(1, 15)
		w.balanced()
		all := testkit.Actor(testkit.Tenant, nil, staff...)
		s, err := w.s.Solvency(ctx, all, w.community)
		w.ok(err)
		if s.Issued != 40 || s.Expired != 20 || s.Outstanding() != 20 || s.ByAge != [4]int64{0, 0, 0, 20} {
			t.Errorf("the bank stands at %+v", s)
		}
		// Who has an account reads the same sums, of their own community, and nobody else does.
		if own, err := w.s.SolvencyOwn(ctx, w.people[1]); err != nil || own != s {
			t.Errorf("whoever has an account reads %+v, %v", own, err)
		}
		if _, err := w.s.SolvencyOwn(ctx, w.worker); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("without an account: %v", err)
		}
	})
}

func TestWhatWasRedeemedIsNotClaimedBack(t *testing.T) {
	each(t, func(w *bank) {
		p := w.served(0, 300, w.today()) // 50
		w.open(0)
		w.open(1)
		i := w.item(30, 5)
		_, err := w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 1})
		w.ok(err)
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{To: w.own(1).No, Amount: 5}))
		w.reverse(p)
		w.sync()
		w.holds(0, 0)
		w.holds(1, 5)
		s, err := w.s.Solvency(ctx, testkit.Actor(testkit.Tenant, nil, staff...), 0)
		w.ok(err)
		if s.Issued != 0 || s.WrittenOff != 35 || s.Held != 30 {
			t.Errorf("the bank stands at %+v", s)
		}
		w.balanced()
	})
}

func TestFundRemittanceAndCorrection(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 600, w.today()) // 100
		w.open(0)
		w.open(1)
		all := testkit.Actor(testkit.Tenant, nil, staff...)
		last := func() lovebank.JournalRow {
			l, err := w.s.Journals(ctx, all, lovebank.JournalFilter{})
			w.ok(err)
			return l.Items[0]
		}
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{Amount: 60}))
		w.ok(w.s.Grant(ctx, w.worker, w.own(1).ID, lovebank.Granting{Amount: 20, Reason: "独居老人"}))
		grant := last()
		w.holds(1, 20)
		w.ok(w.s.Remit(ctx, all, w.community, w.other, 30, "支援新社区", ""))
		w.refused(w.s.Remit(ctx, all, w.community, w.other, 30, "支援新社区", ""), errs.Invalid)
		w.refused(w.s.Remit(ctx, w.worker, w.community, w.other, 1, "支援", ""), errs.Forbidden)
		w.refused(w.s.Remit(ctx, all, w.community, w.community, 1, "支援", ""), errs.Invalid)
		w.balanced()
		remit := last()
		if n, err := w.s.FundOf(ctx, w.beside, w.other); err != nil || n != 30 {
			t.Errorf("the other fund holds %d, %v", n, err)
		}
		w.ok(w.s.Correct(ctx, all, remit.ID, "划错了"))
		w.refused(w.s.Correct(ctx, all, remit.ID, "划错了"), errs.Conflict)
		w.refused(w.s.Correct(ctx, all, last().ID, "再冲一次"), errs.Conflict)
		w.ok(w.s.Give(ctx, w.people[1], lovebank.Giving{To: w.own(0).No, Amount: 5}))
		gift := last()
		w.refused(w.s.Correct(ctx, w.worker, grant.ID, "给错了"), errs.Conflict) // 15 of 20 are left
		w.ok(w.s.Correct(ctx, w.worker, gift.ID, "送错了"))
		w.ok(w.s.Correct(ctx, w.worker, grant.ID, "给错了"))
		w.holds(0, 40)
		w.holds(1, 0)
		w.refused(w.s.Correct(ctx, w.beside, gift.ID, "x"), errs.NotFound)
		w.balanced()
	})
}

func TestAnAccountIsClosedAndBeginsAnew(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 600, w.today())
		w.open(0)
		i := w.item(30, 1)
		_, err := w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 1})
		w.ok(err)
		w.ok(w.s.Close(ctx, w.people[0]))
		w.refused(w.s.Close(ctx, w.people[0]), errs.Conflict)
		w.holds(0, 0)
		if w.get(i).Stock != 1 {
			t.Errorf("the stock did not return")
		}
		w.served(0, 60, w.today())
		w.sync()
		w.holds(0, 0)
		w.refused(w.s.Give(ctx, w.people[0], lovebank.Giving{Amount: 1}), errs.Conflict)
		w.clock.Advance(48 * time.Hour)
		w.open(0)
		w.holds(0, 0)
		w.served(0, 60, w.today())
		w.sync()
		w.holds(0, 10)
		if n, err := w.s.FundOf(ctx, w.worker, w.community); err != nil || n != 100 {
			t.Errorf("the fund holds %d, %v", n, err)
		}
		w.balanced()

		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			return lovebank.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{w.people[0].PersonID})
		}))
		if b := w.own(0); !b.IsClosed() || b.Balance != 0 {
			t.Errorf("the account of somebody who is forgotten is %+v", b)
		}
		w.balanced()
	})
}

func TestADonationBecomesAnItem(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 600, w.today())
		w.open(0)
		offer := lovebank.NewDonation{OrgID: w.firm, CommunityID: w.community, Title: "大米", Amount: 20, Unit: "袋"}
		d, err := w.s.Offer(ctx, w.liaison, offer)
		w.ok(err)
		_, err = w.s.Offer(ctx, w.worker, offer)
		w.refused(err, errs.Forbidden)
		_, err = w.s.Accept(ctx, w.beside, d, 40)
		w.refused(err, errs.NotFound)
		_, err = w.s.Accept(ctx, w.worker, d, 0)
		w.refused(err, errs.Invalid)
		waits, err := w.s.Waiting(ctx, withRoot(w.worker, w.community))
		w.ok(err)
		if len(waits) != 1 || waits[0].Kind != lovebank.WaitDonation {
			t.Errorf("there waits %+v", waits)
		}
		i, err := w.s.Accept(ctx, w.worker, d, 40)
		w.ok(err)
		w.refused(w.s.Withdraw(ctx, w.liaison, d), errs.Conflict)
		o, err := w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 2})
		w.ok(err)
		_, code, err := w.s.Order(ctx, w.people[0], o)
		w.ok(err)
		_, err = w.s.Hand(ctx, w.worker, code)
		w.ok(err)
		list, err := w.s.Donations(ctx, w.liaison, lovebank.DonationFilter{})
		w.ok(err)
		if len(list.Items) != 1 || list.Items[0].Given != 2 || list.Items[0].Left != 18 {
			t.Errorf("the firm sees %+v", list.Items)
		}
		late, err := w.s.Offer(ctx, w.liaison, offer)
		w.ok(err)
		w.clock.Advance(400 * 24 * time.Hour)
		_, err = w.s.Accept(ctx, w.worker, late, 40)
		w.refused(err, errs.Conflict) // its last day is over
		w.ok(w.s.Decline(ctx, w.worker, late, "已过最后一天"))
		w.balanced()
	})
}

func withRoot(a authz.Actor, org id.ID) authz.Actor {
	a.Grants[0].Root = org
	return a
}

// Two people redeem the last one at once: one gets it, the other reads that it is gone; and the books balance. Several rounds, each with more people than pieces.
func TestTheLastOneIsRedeemedOnce(t *testing.T) {
	each(t, func(w *bank) {
		for i := 3; i < 9; i++ {
			w.person(fmt.Sprintf("志愿者%d", i), w.community)
		}
		people := append(w.people[:2:2], w.people[3:]...)
		for i := range w.people {
			if i != 2 {
				w.served(i, 6000, w.today())
				w.open(i)
			}
		}
		for round := range 6 {
			item := w.item(10, 1)
			var got, gone, other atomic.Int64
			var wg sync.WaitGroup
			for _, p := range people {
				wg.Go(func() {
					_, err := w.s.Redeem(ctx, p, lovebank.Redemption{Item: item, Amount: 1, Sure: true})
					switch {
					case err == nil:
						got.Add(1)
					case errs.KindOf(err) == errs.Conflict && errs.As(err).Said().Text == i18n.BankSoldOut:
						gone.Add(1)
					default:
						other.Add(1)
						t.Logf("round %d: %v", round, err)
					}
				})
			}
			wg.Wait()
			if got.Load() != 1 || gone.Load() != int64(len(people))-1 {
				t.Fatalf("round %d: %d got it, %d read that it is gone, %d something else", round, got.Load(), gone.Load(), other.Load())
			}
			if x := w.get(item); x.Stock != 0 || x.Reserved != 1 {
				t.Fatalf("round %d: the item is %+v", round, x)
			}
		}
		w.balanced()
	})
}

// A code that two counters type at once hands over once.
func TestACodeHandsOverOnce(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 600, w.today())
		w.open(0)
		o, err := w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: w.item(10, 3), Amount: 1})
		w.ok(err)
		_, code, err := w.s.Order(ctx, w.people[0], o)
		w.ok(err)
		var done atomic.Int64
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, err := w.s.Hand(ctx, w.worker, code); err == nil {
					done.Add(1)
				}
			})
		}
		wg.Wait()
		if done.Load() != 1 {
			t.Errorf("handed over %d times", done.Load())
		}
		w.balanced()
	})
}

func TestAMergedBankGoesOn(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 600, w.today())
		w.open(0)
		i := w.item(30, 5)
		_, err := w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 1})
		w.ok(err)
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{Amount: 20}))
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			return w.s.Follow(ctx, tx, authz.System(testkit.Tenant, "test"), w.community, w.other)
		}))
		w.moves(0, w.other) // as the register does in the same transaction
		w.balanced()
		if n, err := w.s.FundOf(ctx, w.beside, w.other); err != nil || n != 20 {
			t.Errorf("the fund of the successor holds %d, %v", n, err)
		}
		_, err = w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 1})
		w.ok(err)
		w.balanced()
	})
}

func TestStaffOfAnotherCommunitySeeNothing(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 600, w.today())
		b := w.open(0)
		i := w.item(30, 5)
		_, err := w.s.Look(ctx, w.beside, b.ID)
		w.refused(err, errs.NotFound)
		_, err = w.s.Statement(ctx, w.beside, b.ID, db.Page{})
		w.refused(err, errs.NotFound)
		_, err = w.s.Statement(ctx, w.people[1], b.ID, db.Page{})
		w.refused(err, errs.NotFound)
		_, err = w.s.Item(ctx, w.beside, i)
		w.refused(err, errs.NotFound)
		for _, n := range []int{count(w.s.Items(ctx, w.beside, lovebank.ItemFilter{})), count(w.s.Books(ctx, w.beside, lovebank.BookFilter{})), count(w.s.Journals(ctx, w.beside, lovebank.JournalFilter{}))} {
			if n != 0 {
				t.Errorf("they see %d rows", n)
			}
		}
		if _, err := w.s.Look(ctx, w.worker, b.ID); err != nil {
			t.Error(err)
		}
		n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'lovebank.look' AND person_id = $2`, testkit.Tenant, b.PersonID)
		if err != nil || n != 1 {
			t.Errorf("the look was recorded %d times, %v", n, err)
		}
	})
}

func count[T any](l db.List[T], err error) int {
	if err != nil {
		return -1
	}
	return len(l.Items)
}

// stands checks what was issued for service, and what of it was written off.
func (w *bank) stands(issued, off int64) {
	w.t.Helper()
	s, err := w.s.Solvency(ctx, testkit.Actor(testkit.Tenant, nil, staff...), 0)
	w.ok(err)
	if s.Issued != issued || s.WrittenOff != off {
		w.t.Fatalf("issued %d and written off %d, want %d and %d", s.Issued, s.WrittenOff, issued, off)
	}
	w.balanced()
}

func (w *bank) redeem(i int, item id.ID) id.ID {
	w.t.Helper()
	o, err := w.s.Redeem(ctx, w.people[i], lovebank.Redemption{Item: item, Amount: 1, Sure: true})
	w.ok(err)
	return o
}

func TestServiceThatIsBookedAgainCountsOnce(t *testing.T) {
	for _, apart := range []bool{false, true} {
		t.Run(fmt.Sprint("the job runs between: ", apart), func(t *testing.T) {
			each(t, func(w *bank) {
				p := w.served(0, 300, w.today()) // 50
				w.open(0)
				o := w.redeem(0, w.item(50, 5))
				w.holds(0, 0)
				if apart {
					w.reverse(p)
					w.sync()
					w.stands(0, 50)
					q := w.served(0, 300, w.today(), func(n *ledger.Posting) { n.SourceID = w.sourceOf(p) })
					w.sync()
					p = q
				} else {
					p = w.again(p, 300)
					w.sync()
				}
				w.holds(0, 0)
				w.stands(50, 0)
				if b := w.own(0); b.Minutes != 300 {
					t.Errorf("%d minutes stand behind it", b.Minutes)
				}
				p = w.again(p, 420) // 70: 20 more
				w.sync()
				w.holds(0, 20)
				w.stands(70, 0)
				p = w.again(p, 180) // 30, and 50 are spent
				w.sync()
				w.holds(0, 0)
				w.stands(30, 20)
				w.ok(w.s.Cancel(ctx, w.people[0], o)) // what comes back pays what was written off
				w.holds(0, 30)
				w.stands(30, 0)
				w.reverse(p)
				w.sync()
				w.holds(0, 0)
				w.stands(0, 0)
			})
		})
	}
}

// sourceOf is the source of a posting.
func (w *bank) sourceOf(posting id.ID) id.ID {
	w.t.Helper()
	i, err := db.Value[id.ID](ctx, w.d, `SELECT p.source_id FROM posting p WHERE p.tenant_id = $1 AND p.id = $2`, testkit.Tenant, posting)
	w.ok(err)
	return i
}

func TestACancelledOrderDoesNotReturnServiceThatWasTakenBack(t *testing.T) {
	each(t, func(w *bank) {
		p := w.served(0, 300, w.today()) // 50
		w.open(0)
		w.open(1)
		o := w.redeem(0, w.item(30, 5))
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{To: w.own(1).No, Amount: 5}))
		gift, err := w.s.Journals(ctx, w.worker, lovebank.JournalFilter{Act: lovebank.Gift})
		w.ok(err)
		w.reverse(p)
		w.sync()
		w.stands(0, 35)
		w.ok(w.s.Cancel(ctx, w.people[0], o))
		w.holds(0, 0)
		w.stands(0, 5)
		w.ok(w.s.Correct(ctx, w.worker, gift.Items[0].ID, "送错了"))
		w.holds(0, 0)
		w.holds(1, 0)
		w.stands(0, 0)

		q := w.served(0, 300, w.today()) // what returned before it is taken back is taken back too
		w.sync()
		o = w.redeem(0, w.item(30, 5))
		w.ok(w.s.Cancel(ctx, w.people[0], o))
		w.holds(0, 50)
		w.reverse(q)
		w.sync()
		w.holds(0, 0)
		w.stands(0, 0)
	})
}

func TestServiceTakenBackLeavesOtherServiceAlone(t *testing.T) {
	each(t, func(w *bank) {
		p := w.served(0, 300, w.today().AddDays(-10)) // 50, and spent first
		w.served(0, 240, w.today())                   // 40
		w.open(0)
		w.redeem(0, w.item(30, 5))
		w.reverse(p)
		w.sync()
		w.holds(0, 40)
		w.stands(40, 30)
	})
}

func TestOrdersDoNotPutOffTheLastDay(t *testing.T) {
	each(t, func(w *bank) {
		earned := w.today()
		w.served(0, 300, earned)
		w.open(0)
		i := w.item(50, 5)
		end := earned.AddMonths(36)
		w.clock.Set(end.AddDays(-10).Time().Add(time.Hour))
		testkit.Exec(w.t, w.d, `UPDATE bank_item SET last_on = $1 WHERE tenant_id = $2`, end.AddYears(1).String(), testkit.Tenant)
		w.ok(w.s.Cancel(ctx, w.people[0], w.redeem(0, i))) // at once: nothing is gained
		w.ok(w.s.Cancel(ctx, w.people[0], w.redeem(0, i)))
		o := w.redeem(0, i)
		w.clock.Advance(3 * 24 * time.Hour)
		w.ok(w.s.Cancel(ctx, w.people[0], o)) // three days during which it could not be spent
		ends, err := w.s.Ends(ctx, w.people[0], w.own(0).ID)
		w.ok(err)
		if ends.First != end.AddDays(3) {
			t.Errorf("it ends on %s, want %s", ends.First, end.AddDays(3))
		}
		w.balanced()
	})
}

func TestACorrectionNeedsEveryBankThatItTouches(t *testing.T) {
	each(t, func(w *bank) {
		all := testkit.Actor(testkit.Tenant, nil, staff...)
		w.served(0, 600, w.today())
		w.open(0)
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{Amount: 60}))
		w.ok(w.s.Remit(ctx, all, w.community, w.other, 30, "支援新社区", "r1"))
		w.ok(w.s.Remit(ctx, all, w.community, w.other, 30, "支援新社区", "r1")) // sent twice
		for _, who := range []authz.Actor{w.worker, w.beside} {            // both see it, and neither takes it back alone
			l, err := w.s.Journals(ctx, who, lovebank.JournalFilter{Act: lovebank.Remit, Community: who.Grants[0].Within[0]})
			w.ok(err)
			if len(l.Items) != 1 {
				t.Fatalf("%d remittances are seen", len(l.Items))
			}
			_, legs, err := w.s.Journal(ctx, who, l.Items[0].ID)
			w.ok(err)
			if len(legs) != 4 {
				t.Errorf("it has %d lines", len(legs))
			}
			w.refused(w.s.Correct(ctx, who, l.Items[0].ID, "退回"), errs.Conflict)
		}
		if n, err := w.s.FundOf(ctx, w.beside, w.other); err != nil || n != 30 {
			t.Errorf("the other fund holds %d, %v", n, err)
		}
		w.ok(w.s.Grant(ctx, w.worker, w.own(0).ID, lovebank.Granting{Amount: 5, Reason: "困难", Key: "g1"}))
		w.ok(w.s.Grant(ctx, w.worker, w.own(0).ID, lovebank.Granting{Amount: 5, Reason: "困难", Key: "g1"}))
		w.holds(0, 45)
		i := w.item(10, 5)
		w.ok(w.s.Count(ctx, w.worker, i, 3, "", "c1"))
		w.ok(w.s.Count(ctx, w.worker, i, 3, "", "c1"))
		if x := w.get(i); x.Stock != 8 {
			t.Errorf("the stock is %d", x.Stock)
		}
		w.balanced()
	})
}

func TestNobodyOrdersAndHandsOverAlone(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 600, w.today())
		b := w.open(0)
		o, err := w.s.RedeemFor(ctx, w.worker, b.ID, lovebank.Redemption{Item: w.item(10, 3), Amount: 1})
		w.ok(err)
		_, code, err := w.s.Slip(ctx, w.worker, o)
		w.ok(err)
		_, err = w.s.Hand(ctx, w.worker, code)
		w.refused(err, errs.Invalid)
		_, err = w.s.Hand(ctx, testkit.Actor(testkit.Tenant, []id.ID{w.community}, staff...), code)
		w.ok(err)

		mine := w.worker // who works there and lives there
		mine.PersonID = w.people[0].PersonID
		w.open(1)
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{To: w.own(1).No, Amount: 20}))
		l, err := w.s.Journals(ctx, w.worker, lovebank.JournalFilter{Act: lovebank.Gift})
		w.ok(err)
		w.refused(w.s.Correct(ctx, mine, l.Items[0].ID, "要回来"), errs.Conflict)
		w.holds(1, 20)
		w.balanced()
	})
}

func TestACorrectionDoesNotReachAClosedAccount(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 600, w.today())
		w.open(0)
		w.open(1)
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{Amount: 30}))
		w.ok(w.s.Grant(ctx, w.worker, w.own(1).ID, lovebank.Granting{Amount: 10, Reason: "独居，生活困难"}))
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{To: w.own(1).No, Amount: 20}))
		l, err := w.s.Journals(ctx, w.worker, lovebank.JournalFilter{Act: lovebank.Gift})
		w.ok(err)
		w.ok(w.s.Close(ctx, w.people[0]))
		w.refused(w.s.Correct(ctx, w.worker, l.Items[0].ID, "送错了"), errs.Conflict)
		w.holds(0, 0)
		w.holds(1, 30)

		w.ok(w.s.Close(ctx, w.people[1]))
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			return lovebank.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{w.people[1].PersonID})
		}))
		g, err := w.s.Journals(ctx, w.worker, lovebank.JournalFilter{Act: lovebank.Grant})
		w.ok(err)
		if len(g.Items) != 1 || g.Items[0].Reason != "" {
			t.Errorf("why somebody who is forgotten was in hardship is still there: %+v", g.Items)
		}
		w.balanced()
	})
}
