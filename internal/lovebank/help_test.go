package lovebank_test

import (
	"sync"
	"testing"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/lovebank"
	"linli/internal/testkit"
)

// help puts hours of somebody's time into the catalogue.
func (w *bank) help(price, stock int64) id.ID {
	w.t.Helper()
	i, err := w.s.AddItem(ctx, w.worker, lovebank.NewItem{CommunityID: w.community, Kind: lovebank.Help, Title: "教用手机", Detail: "一对一。", Unit: "小时", Price: price, Who: lovebank.Everybody, LastOn: w.today().AddYears(2), Stock: stock})
	w.ok(err)
	return i
}

// gave lets somebody give goods of their own for a need of the community, and says which help it is; 0 where they could not.
func (w *bank) gave(i int, pieces int64) id.ID {
	w.t.Helper()
	n, err := w.needs.Enter(ctx, w.worker, exchange.Asking{Kind: exchange.Goods, Body: "要一张轮椅", CommunityID: w.community}, true)
	w.ok(err)
	p, err := w.needs.Pledge(ctx, w.people[i], n.ID, exchange.NewPledge{})
	if err != nil {
		return 0
	}
	w.ok(w.needs.Agree(ctx, w.worker, p, 0))
	w.ok(w.needs.Deliver(ctx, w.people[i], p, 0, exchange.Delivery{OnDate: w.today(), Pieces: pieces}))
	w.ok(w.needs.Confirm(ctx, w.worker, p, 0, exchange.Rating{Answer: exchange.Yes}))
	h, err := db.Value[id.ID](ctx, w.d, `SELECT h.id FROM need_help h WHERE h.tenant_id = $1 AND h.pledge_id = $2`, testkit.Tenant, p)
	w.ok(err)
	return h
}

// What a person gives of their own is credited by the piece, no more than the ceiling, with its source; what is put right is taken back and credited anew; an
// organisation's gift is nobody's, and no member's hours have it.
func TestGoodsThatAPersonGivesAreCredited(t *testing.T) {
	each(t, func(w *bank) {
		w.open(0)
		h := w.gave(0, 3)
		w.sync()
		w.sync()
		if b := w.own(0); b.Balance != 15 || b.Minutes != 0 {
			t.Fatalf("three pieces are %d hearts and %d minutes", b.Balance, b.Minutes)
		}
		l, err := w.s.Statement(ctx, w.people[0], w.own(0).ID, db.Page{})
		w.ok(err)
		if x := l.Items[0]; x.Act != lovebank.GoodsGiven || x.Pieces != 3 || x.Source != lovebank.SourcePosting || x.SourceID == 0 {
			t.Errorf("the statement says %+v", x)
		}
		w.ok(w.needs.Correct(ctx, w.worker, h, 0, 1, "两件是别人的"))
		w.sync()
		if b := w.own(0); b.Balance != 5 {
			t.Errorf("put right it is %d hearts", b.Balance)
		}
		w.ok(w.needs.Correct(ctx, w.worker, h, 0, 0, "没有送到"))
		w.sync()
		if b := w.own(0); b.Balance != 0 {
			t.Errorf("undone it is %d hearts", b.Balance)
		}
		w.gave(0, 500)
		w.sync()
		if b := w.own(0); b.Balance != 50 {
			t.Errorf("five hundred pieces are %d hearts, want the ceiling", b.Balance)
		}
		if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM posting p WHERE p.tenant_id = $1 AND p.account = 'goods' AND p.member_id <> 0`, testkit.Tenant); err != nil || n != 0 {
			t.Errorf("%d postings of goods stand with a member, %v", n, err)
		}

		// What is delivered and taken back before anybody confirmed counts nothing, and neither does what an organisation gives.
		n, err := w.needs.Enter(ctx, w.worker, exchange.Asking{Kind: exchange.Goods, Body: "要几本书", CommunityID: w.community, Wanted: 2}, true)
		w.ok(err)
		p, err := w.needs.Pledge(ctx, w.people[0], n.ID, exchange.NewPledge{})
		w.ok(err)
		w.ok(w.needs.Agree(ctx, w.worker, p, 0))
		w.ok(w.needs.Deliver(ctx, w.people[0], p, 0, exchange.Delivery{OnDate: w.today(), Pieces: 2}))
		w.ok(w.needs.Undeliver(ctx, w.people[0], p, 0))
		o, err := w.needs.Enlist(ctx, w.worker, n.ID, exchange.OnBehalf{OrgID: w.firm})
		w.ok(err)
		w.ok(w.needs.Deliver(ctx, w.worker, o, 0, exchange.Delivery{OnDate: w.today(), Pieces: 9}))
		w.ok(w.needs.Confirm(ctx, w.worker, o, 0, exchange.Rating{Answer: exchange.Yes}))
		w.sync()
		if b := w.own(0); b.Balance != 50 {
			t.Errorf("it is %d hearts", b.Balance)
		}
		w.refused(w.needs.Deliver(ctx, w.people[0], p, 0, exchange.Delivery{OnDate: w.today(), Pieces: exchange.MaxPieces + 1}), errs.Invalid)
		w.balanced()
	})
}

// An hour that is redeemed is a need, once; cancelled, ended without anybody or not met in time the hearts come back; confirmed by who redeemed it, it is handed over and
// the helper's hours are credited.
func TestARedeemedHourBecomesANeed(t *testing.T) {
	each(t, func(w *bank) {
		w.served(0, 600, w.today().AddDays(-3)) // 100 hearts
		w.open(0)
		w.open(1)
		item := w.help(10, 9)
		redeem := func(hours int64) lovebank.OrderRow {
			t.Helper()
			o, err := w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: item, Amount: hours, Words: "周三上午，门铃坏了", Place: "三号楼 201", Phone: "16400007701"})
			w.ok(err)
			row, code, err := w.s.Order(ctx, w.people[0], o)
			w.ok(err)
			if row.NeedID == 0 || row.NeedState != exchange.Open || code != "" {
				t.Fatalf("the order is %+v with code %q", row, code)
			}
			return row
		}
		w.refused(second(w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: item, Amount: 13})), errs.Invalid)
		w.refused(second(w.s.Redeem(ctx, w.people[0], lovebank.Redemption{Item: item, Amount: 1, Phone: "12"})), errs.Invalid)
		first := redeem(2)
		if b := w.own(0); b.Balance != 80 {
			t.Errorf("%d hearts are left", b.Balance)
		}
		card, err := w.needs.PublicCard(ctx, testkit.Tenant, first.NeedID)
		w.ok(err)
		if card.Title != "教用手机" || card.Words != "一对一。" || card.Minutes != 120 || card.Kind != exchange.People {
			t.Errorf("everybody reads %+v", card)
		}
		w.ok(w.s.Cancel(ctx, w.people[0], first.ID))
		if b := w.own(0); b.Balance != 100 {
			t.Errorf("cancelled, %d hearts", b.Balance)
		}
		if c, err := w.needs.Get(ctx, w.worker, first.NeedID); err != nil || c.State != exchange.Withdrawn || c.OrderID != first.ID || c.OrderNo != first.No {
			t.Errorf("its need is %v of %s, %v", c.State, c.OrderNo, err)
		}

		// Nobody could.
		none := redeem(1)
		w.ok(w.needs.End(ctx, w.worker, none.NeedID, 0, exchange.Nobody, "没人能来"))
		if o, _, _ := w.s.Order(ctx, w.people[0], none.ID); o.State != lovebank.Cancelled || w.own(0).Balance != 100 {
			t.Errorf("the order is %s, %d hearts", o.State, w.own(0).Balance)
		}

		// Its time is over while it was said to be delivered, and what was said is emptied: what was redeemed returns in the night, and the books are right.
		stuck := redeem(1)
		if err := w.d.WithTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE need SET state = 'done', outcome = 'nobody', ended_at = 1 WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, stuck.NeedID)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		w.ok(w.s.Night(ctx, testkit.Tenant))
		if o, _, _ := w.s.Order(ctx, w.people[0], stuck.ID); o.State != lovebank.Cancelled || w.own(0).Balance != 100 {
			t.Errorf("the order whose need was emptied is %s, %d hearts", o.State, w.own(0).Balance)
		}

		// Staff do not make it two people's help.
		whole := redeem(1)
		w.ok(w.needs.Edit(ctx, w.worker, whole.NeedID, 0, exchange.Public{Title: "教用手机", Kind: exchange.Goods, Wanted: 2, DueOn: w.today().AddDays(5)}))
		if c, err := w.needs.Get(ctx, w.worker, whole.NeedID); err != nil || c.Wanted != 1 || c.Kind != exchange.People {
			t.Errorf("it became %d of %s, %v", c.Wanted, c.Kind, err)
		}
		w.ok(w.s.Cancel(ctx, w.people[0], whole.ID))

		// Somebody comes; the order is theirs who redeemed it, and the hours are credited to who came.
		came := redeem(1)
		p, err := w.needs.Pledge(ctx, w.people[1], came.NeedID, exchange.NewPledge{})
		w.ok(err)
		w.ok(w.needs.Agree(ctx, w.worker, p, 0))
		who, place, err := w.needs.Contact(ctx, w.people[1], p)
		w.ok(err)
		if who.Phone != "16400007701" || who.Name != "陈志愿" || who.Body != "周三上午，门铃坏了" || place != "三号楼 201" {
			t.Errorf("whoever comes reads %+v at %q", who, place)
		}
		w.ok(w.needs.Deliver(ctx, w.people[1], p, 0, exchange.Delivery{OnDate: w.today(), Minutes: 60}))
		w.refused(w.s.Cancel(ctx, w.people[0], came.ID), errs.Conflict)
		w.refused(w.s.Close(ctx, w.people[0]), errs.Conflict)
		key, err := w.needs.Mine(ctx, exchange.Holder{Tenant: testkit.Tenant, PersonID: w.people[0].PersonID}, came.NeedID)
		w.ok(err)
		var at sync.WaitGroup
		for range 3 { // pressed more than once
			at.Go(func() { _, _ = w.needs.RateBy(ctx, key, "本人", "", exchange.Rating{Answer: exchange.Yes, Stars: 5}) })
		}
		at.Wait()
		if o, _, _ := w.s.Order(ctx, w.people[0], came.ID); o.State != lovebank.Collected || o.NeedState != exchange.Done || w.own(0).Balance != 90 {
			t.Errorf("the order is %s, its need %s, %d hearts", o.State, o.NeedState, w.own(0).Balance)
		}
		w.sync()
		if b := w.own(1); b.Balance != 10 || b.Minutes != 60 {
			t.Errorf("who came has %d hearts for %d minutes", b.Balance, b.Minutes)
		}

		// Sent twice it is one need; nobody takes it until its last day, and the night gives back.
		in := lovebank.Redemption{Item: item, Amount: 1, Key: "bank-once"}
		one, err := w.s.Redeem(ctx, w.people[0], in)
		w.ok(err)
		if two, err := w.s.Redeem(ctx, w.people[0], in); err != nil || two != one {
			t.Errorf("sent twice it is %s and %s, %v", one, two, err)
		}
		if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM need n WHERE n.tenant_id = $1 AND n.order_id <> 0`, testkit.Tenant); err != nil || n != 6 {
			t.Errorf("%d needs of six orders, %v", n, err)
		}
		w.clock.Advance(31 * 24 * time.Hour)
		w.ok(w.s.Night(ctx, testkit.Tenant))
		w.ok(w.s.Night(ctx, testkit.Tenant))
		o, _, err := w.s.Order(ctx, w.people[0], one)
		w.ok(err)
		if o.State == lovebank.Ordered || o.NeedState != exchange.Done || w.own(0).Balance != 90 {
			t.Errorf("after its last day the order is %s, its need %s, %d hearts", o.State, o.NeedState, w.own(0).Balance)
		}
		// Whoever closes the account takes back what nobody has come for yet.
		open := redeem(1)
		w.ok(w.s.Close(ctx, w.people[0]))
		if c, err := w.needs.Get(ctx, w.worker, open.NeedID); err != nil || c.State != exchange.Withdrawn {
			t.Errorf("its need is %v, %v", c.State, err)
		}
		w.balanced()
	})
}

func second[T any](_ T, err error) error { return err }
