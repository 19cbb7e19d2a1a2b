package lovebank_test

import (
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/lovebank"
	"linli/internal/policy"
	"linli/internal/testkit"
)

// moves registers somebody in another community.
func (w *bank) moves(i int, to id.ID) {
	w.t.Helper()
	testkit.Exec(w.t, w.d, `UPDATE person SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, to, testkit.Tenant, w.people[i].PersonID)
	testkit.Exec(w.t, w.d, `UPDATE member SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, to, testkit.Tenant, w.members[i])
}

// helpOf is the confirmed help with a need; 0 where there is none.
func (w *bank) helpOf(need id.ID) id.ID {
	w.t.Helper()
	h, err := db.Value[id.ID](ctx, w.d, `SELECT coalesce(max(h.id), 0) FROM need_help h WHERE h.tenant_id = $1 AND h.need_id = $2`, testkit.Tenant, need)
	w.ok(err)
	return h
}

func (w *bank) states(as authz.Actor, community id.ID) lovebank.Solvency {
	w.t.Helper()
	s, err := w.s.Solvency(ctx, as, community)
	w.ok(err)
	return s
}

// The account of somebody who moves goes to the bank of the new community by itself: the balance with its days, through the accounts between both banks, once; both banks balance by themselves,
// the statement goes along and opens to its journals, and what the ledger takes back is taken back by the bank that issued it.
func TestAnAccountFollowsItsOwner(t *testing.T) {
	each(t, func(w *bank) {
		first := w.served(0, 120, w.today().AddDays(-200)) // 20 hearts
		w.served(0, 60, w.today())                         // 10
		before := w.open(0)
		item := w.item(4, 9)
		order := w.redeem(0, item)
		ends, err := w.s.Ends(ctx, w.people[0], before.ID)
		w.ok(err)
		w.moves(0, w.other)
		w.ok(w.s.Night(ctx, testkit.Tenant))
		w.ok(w.s.Night(ctx, testkit.Tenant))
		b := w.own(0)
		if b.ID != before.ID || b.No != before.No || b.CommunityID != w.other || b.Balance != 26 || b.Minutes != 180 {
			t.Fatalf("the account is %+v", b)
		}
		if after, err := w.s.Ends(ctx, w.people[0], b.ID); err != nil || after != ends {
			t.Errorf("it ends %+v, before %+v, %v", after, ends, err)
		}
		old, now := w.states(w.worker, w.community), w.states(w.beside, w.other)
		if old.Between != 26 || now.Between != -26 || old.Persons != 0 || now.Persons != 26 || old.Issued != 30 || now.Issued != 0 || old.Held != 4 {
			t.Errorf("the banks state %+v and %+v", old, now)
		}
		if old.Minutes != 180 || now.Minutes != 0 {
			t.Errorf("the service behind it stands with %d and %d minutes", old.Minutes, now.Minutes)
		}
		if now.ByAge != [...]int64{10, 16, 0, 0} {
			t.Errorf("by age it is %v", now.ByAge)
		}
		w.balanced()

		// Both see the journal of the move, the new community the whole statement; nobody of the old one opens the account.
		l, err := w.s.Statement(ctx, w.beside, b.ID, db.Page{})
		w.ok(err)
		in, out := 0, 0
		for _, x := range l.Items {
			if _, _, err := w.s.Journal(ctx, w.beside, x.Journal); err != nil {
				t.Errorf("%s of the statement does not open: %v", x.Act, err)
			}
			if x.Act == lovebank.Moved && x.Amount > 0 {
				in += int(x.Amount)
			} else if x.Act == lovebank.Moved {
				out -= int(x.Amount)
			}
		}
		if in != 26 || out != 26 {
			t.Errorf("the statement says %d in and %d out", in, out)
		}
		for _, a := range []authz.Actor{w.worker, w.beside} {
			if n := count(w.s.Journals(ctx, a, lovebank.JournalFilter{Kind: lovebank.Between})); n != 1 {
				t.Errorf("%d journals stand between the banks", n)
			}
		}
		_, err = w.s.Look(ctx, w.worker, b.ID)
		w.refused(err, errs.NotFound)
		if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'lovebank.move' AND person_id = $2`, testkit.Tenant, b.PersonID); err != nil || n != 1 {
			t.Errorf("the move was recorded %d times, %v", n, err)
		}

		// What was ordered in the old community returns from there; what it has is not for them any more.
		w.ok(w.s.Cancel(ctx, w.people[0], order))
		w.holds(0, 30)
		_, err = w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: item, Amount: 1})
		w.refused(err, errs.Conflict)
		w.balanced()

		// The ledger takes service back that the old bank issued, and books it again; there is spent of it.
		w.open(1)
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{To: w.own(1).No, Amount: 25}))
		w.reverse(first)
		w.sync()
		old, now = w.states(w.worker, w.community), w.states(w.beside, w.other)
		if old.Issued != 10 || now.Issued != 0 || old.WrittenOff+now.WrittenOff != 20 || now.WrittenOff != 0 {
			t.Errorf("taken back the banks state %+v and %+v", old, now)
		}
		w.balanced()

		// Back again before the night: the next act of their own moves it.
		w.moves(0, w.community)
		w.ok(w.s.Give(ctx, w.people[0], lovebank.Giving{Amount: 1}))
		if n, err := w.s.FundOf(ctx, w.worker, w.community); err != nil || n != 1 || w.own(0).CommunityID != w.community {
			t.Errorf("the fund of the community has %d, %v", n, err)
		}
		w.balanced()

		// An act that is refused, because what it wants is of the old community, leaves the account where its owner is now; closing it closes it there.
		w.open(2)
		far := w.item(1, 9)
		w.moves(0, w.other)
		w.refused(second(w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: far, Amount: 1})), errs.Conflict)
		if w.own(0).CommunityID != w.other {
			t.Error("the refusal took the move back")
		}
		w.moves(2, w.community)
		w.ok(w.s.Close(ctx, w.people[2]))
		if w.own(2).CommunityID != w.community {
			t.Error("the account was closed in the community that they left")
		}
		w.moves(2, w.other)
		w.moves(0, w.community)
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		w.balanced()

		// A closed account stays where it was, and one of nothing moves without a journal.
		w.open(2)
		w.moves(2, w.community)
		w.ok(w.s.Close(ctx, w.people[1]))
		w.moves(1, w.other)
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		if w.own(2).CommunityID != w.community || w.own(1).CommunityID != w.community {
			t.Error("an account is in the wrong bank")
		}
		w.balanced()
	})
}

// Whoever moved out of the register's communities keeps the account where it is.
func TestAnAccountStaysWhereNoCommunityIs(t *testing.T) {
	each(t, func(w *bank) {
		w.open(0)
		w.moves(0, w.firm)
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		w.moves(0, 0)
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		if w.own(0).CommunityID != w.community {
			t.Error("the account went away")
		}
	})
}

// Soft limits ask again and refuse nothing: gifts, grants and what a firm offers; that it was warned stands with the act, and each limit is the district's to set.
func TestMuchIsAskedAgain(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 6000, w.today()) // 1000
		w.open(0)
		w.open(1)
		asked := func(err error, n, most int64) {
			t.Helper()
			w.refused(err, errs.Invalid)
			if e := errs.As(err); e == nil || e.Fields["sure"].Text.IsZero() || e.Fields["sure"].Args[0] != n || e.Fields["sure"].Args[1] != most {
				t.Errorf("what is asked again is %v", err)
			}
		}
		warned := func(act lovebank.Act) int {
			return count(w.s.Journals(ctx, w.worker, lovebank.JournalFilter{Act: act, Warned: true}))
		}
		give := func(to string, n int64, sure bool) error {
			return w.s.Give(ctx, w.people[0], lovebank.Giving{To: to, Amount: n, Sure: sure})
		}
		w.ok(give("", 150, true)) // sure of what is not much
		asked(give(w.own(1).No, 60, false), 210, 200)
		w.holds(0, 850)
		if warned(lovebank.Donate) != 0 {
			t.Error("what was not much is said to have been warned of")
		}
		w.ok(give(w.own(1).No, 60, true))
		if warned(lovebank.Gift) != 1 {
			t.Error("that it was warned does not stand with the gift")
		}
		setter := testkit.Actor(testkit.Tenant, nil, policy.PermSet)
		w.ok(policy.New(w.d, lovebank.Policies()...).Set(ctx, setter, policy.Change{Name: lovebank.GiftLimit.Name, Value: 400, Source: "会议纪要"}))
		w.ok(give("", 190, false)) // 400 of 400
		asked(give("", 1, false), 401, 400)
		w.clock.Advance(31 * 24 * time.Hour)
		w.ok(give("", 10, false))

		grant := func(n int64, sure bool) error {
			return w.s.Grant(ctx, w.worker, w.own(1).ID, lovebank.Granting{Amount: n, Reason: "独居", Sure: sure})
		}
		w.ok(grant(300, false))
		asked(grant(1, false), 301, 300)
		w.ok(grant(1, true))
		if warned(lovebank.Grant) != 1 {
			t.Error("that it was warned does not stand with the grant")
		}

		offer := func(n int64, sure bool) (id.ID, error) {
			return w.s.Offer(ctx, w.liaison, lovebank.NewDonation{OrgID: w.firm, CommunityID: w.community, Title: "大米", Amount: n, Sure: sure})
		}
		_, err := offer(600, false)
		w.ok(err)
		asked(second(offer(600, false)), 1200, 1000)
		d, err := offer(600, true)
		w.ok(err)
		if got, err := w.s.Donation(ctx, w.worker, d); err != nil || !got.Warned {
			t.Errorf("the donation is %+v, %v", got, err)
		}

		// Redeeming is as before, and stands with it.
		i := w.item(150, 9)
		w.ok(second(w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 1})))
		asked(second(w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 1})), 300, 200)
		w.ok(second(w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: i, Amount: 1, Sure: true})))
		if warned(lovebank.Order) != 1 {
			t.Error("that it was warned does not stand with the order")
		}
		w.balanced()
	})
}

// Help that was redeemed, came and is corrected later costs what came: the rest returns by itself, to who redeemed it from where it went, and whole hours to the stock; the helper's hearts follow the
// ledger. It works long after the night's work, once for each correction, and for an account that was closed or moved meanwhile.
func TestCorrectedHelpGivesHeartsBack(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 600, w.today()) // 100 hearts
		w.open(0)
		w.open(1)
		item := w.help(10, 9)
		short := func(hours, minutes int64) (order, help id.ID) {
			t.Helper()
			order, err := w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: item, Amount: hours, Sure: true})
			w.ok(err)
			row, _, err := w.s.Order(ctx, w.people[0], order)
			w.ok(err)
			p, err := w.needs.Pledge(ctx, w.people[1], row.NeedID, exchange.NewPledge{})
			w.ok(err)
			w.ok(w.needs.Agree(ctx, w.worker, p, 0))
			w.ok(w.needs.Deliver(ctx, w.people[1], p, 0, exchange.Delivery{OnDate: w.today(), Minutes: minutes}))
			w.ok(w.needs.Confirm(ctx, w.worker, p, 0, exchange.Rating{Answer: exchange.Yes}))
			w.sync()
			return order, w.helpOf(row.NeedID)
		}
		came := func(hours int64) (order, help id.ID) { t.Helper(); return short(hours, hours*60) }
		correct := func(help id.ID, minutes int64) {
			t.Helper()
			w.ok(w.needs.Correct(ctx, w.worker, help, minutes, 0, "记多了"))
			w.sync()
		}

		order, help := came(3) // 30 hearts
		w.holds(0, 70)
		w.holds(1, 30)
		correct(help, 90)
		w.holds(0, 85)
		w.holds(1, 15)
		if i := w.get(item); i.Stock != 7 || i.Given != 2 {
			t.Errorf("of the hours %d are there and %d given", i.Stock, i.Given)
		}
		l, err := w.s.Statement(ctx, w.people[0], w.own(0).ID, db.Page{})
		w.ok(err)
		if x := l.Items[0]; x.Act != lovebank.Refund || x.Source != lovebank.SourceOrder || x.SourceID != order || x.Amount != 15 || x.Item != "教用手机" {
			t.Errorf("the statement says %+v", x)
		}
		correct(help, 180) // more again: nothing is claimed
		w.holds(0, 85)
		correct(help, 90) // and not given twice
		w.holds(0, 85)
		w.balanced()

		// What fell short when it came returns at once; to correct it upwards gives nothing more, and downwards what fell away since. Hours that nobody counted came as they were ordered.
		_, less := short(2, 90) // 20 hearts, of which 15 came
		w.holds(0, 70+15-20+5)
		correct(less, 120)
		correct(less, 100)
		w.holds(0, 70)
		correct(less, 60)
		w.holds(0, 75)
		correct(less, 90)
		w.ok(w.s.Give(ctx, w.people[1], lovebank.Giving{Amount: w.own(1).Balance - 15}))
		stock := w.get(item).Stock
		uncounted, _ := short(1, 0)
		w.holds(0, 65)
		if o, _, err := w.s.Order(ctx, w.people[0], uncounted); err != nil || o.State != lovebank.Collected || o.Refunded != 0 || w.get(item).Stock != stock-1 {
			t.Errorf("the order whose hours nobody counted is %+v, %v", o, err)
		}
		w.balanced()

		// Nobody gets their own hearts back by correcting what they redeemed, not even where the need has forgotten whose it was.
		own := w.worker
		own.PersonID = w.people[0].PersonID
		w.refused(w.needs.Correct(ctx, own, help, 0, 0, "没有来"), errs.Forbidden)
		testkit.Exec(t, w.d, `UPDATE need SET person_id = 0 WHERE tenant_id = $1 AND id = (SELECT h.need_id FROM need_help h WHERE h.tenant_id = $1 AND h.id = $2)`, testkit.Tenant, help)
		w.refused(w.needs.Correct(ctx, own, help, 0, 0, "没有来"), errs.Forbidden)
		w.holds(0, 65)

		// To nothing, after everything of it ended: it returns with the days that it could not be spent.
		w.clock.Advance(1200 * 24 * time.Hour)
		w.ok(w.s.Night(ctx, testkit.Tenant))
		w.holds(0, 0)
		w.holds(1, 0)
		correct(help, 0)
		w.ok(w.s.Night(ctx, testkit.Tenant))
		w.holds(0, 15)
		if i := w.get(item); i.Stock != 7 || i.Given != 2 { // with those that were not corrected to nothing
			t.Errorf("of the hours %d are there and %d given", i.Stock, i.Given)
		}
		if o, _, err := w.s.Order(ctx, w.people[0], order); err != nil || o.State != lovebank.Collected || o.Refunded != 30 || o.HoursBack != 3 {
			t.Errorf("the order is %+v, %v", o, err)
		}
		w.balanced()

		// Who redeemed moved: the bank that has the order gives back, through the accounts between.
		w.served(0, 600, w.today())
		w.sync()
		item = w.help(10, 9)
		_, help = came(1)
		w.moves(0, w.other)
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		correct(help, 30)
		w.holds(0, 110)
		w.balanced()
		// Closed meanwhile: it goes to the fund of the community.
		w.moves(0, w.community)
		w.ok(w.s.Settle(ctx, testkit.Tenant))
		_, help = came(1)
		w.ok(w.s.Close(ctx, w.people[0]))
		before, err := w.s.FundOf(ctx, w.worker, w.community)
		w.ok(err)
		correct(help, 0)
		if n, err := w.s.FundOf(ctx, w.worker, w.community); err != nil || n != before+10 {
			t.Errorf("the fund has %d, before %d, %v", n, before, err)
		}
		w.balanced()
	})
}
