package lovebank_test

import (
	"testing"

	"time"

	"pgregory.net/rapid"

	"linli/internal/db"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/lovebank"
	"linli/internal/testkit"
)

// Whatever people, staff, the ledger and the night do in whatever order: the books balance, no balance and no stock is below zero, each is the sum of its lines, and what
// was refused changed nothing.
func TestTheBooksBalanceWhateverHappens(t *testing.T) {
	each(t, func(w *bank) {
		all := testkit.Actor(testkit.Tenant, nil, staff...)
		rapid.Check(t, func(r *rapid.T) {
			items := []id.ID{w.item(rapid.Int64Range(1, 40).Draw(r, "price"), rapid.Int64Range(0, 4).Draw(r, "stock")), w.item(5, 2)}
			help := w.help(5, 4)
			var postings, orders, journals []id.ID
			note := func() {
				if l, err := w.s.Journals(ctx, all, lovebank.JournalFilter{Page: db.Page{Limit: 1}}); err == nil && len(l.Items) > 0 {
					journals = append(journals, l.Items[0].ID)
				}
			}
			pick := func(list []id.ID) id.ID {
				if len(list) == 0 {
					return id.New()
				}
				return list[rapid.IntRange(0, len(list)-1).Draw(r, "which")]
			}
			for range rapid.IntRange(5, 25).Draw(r, "acts") {
				i := rapid.IntRange(0, 2).Draw(r, "who")
				j := rapid.IntRange(0, 2).Draw(r, "whom")
				n := rapid.Int64Range(-3, 60).Draw(r, "amount")
				switch rapid.IntRange(0, 20).Draw(r, "act") {
				case 16: // help is taken, and comes or does not
					if o, _, err := w.s.Order(ctx, all, pick(orders)); err == nil && o.NeedID != 0 {
						if p, err := w.needs.Pledge(ctx, w.people[j], o.NeedID, exchange.NewPledge{}); err == nil {
							_ = w.needs.Agree(ctx, w.worker, p, 0)
							_ = w.needs.Deliver(ctx, w.people[j], p, 0, exchange.Delivery{OnDate: w.today(), Minutes: 60})
							if rapid.Bool().Draw(r, "so") {
								_ = w.needs.Confirm(ctx, w.worker, p, 0, exchange.Rating{Answer: exchange.Yes})
								w.sync()
							}
						}
					}
				case 19: // somebody moves to the other community or back; the night, or their next act, moves the account
					w.moves(i, pick([]id.ID{w.community, w.other}))
					if rapid.Bool().Draw(r, "night") {
						w.ok(w.s.Settle(ctx, testkit.Tenant))
					}
				case 20: // help that was redeemed and came is corrected
					if o, _, err := w.s.Order(ctx, all, pick(orders)); err == nil && o.NeedID != 0 {
						if h := w.helpOf(o.NeedID); h != 0 {
							_ = w.needs.Correct(ctx, w.worker, h, rapid.Int64Range(0, 90).Draw(r, "came"), 0, "更正")
							if rapid.Bool().Draw(r, "booked") {
								w.sync()
							}
						}
					}
				case 17:
					if o, _, err := w.s.Order(ctx, all, pick(orders)); err == nil && o.NeedID != 0 {
						_ = w.needs.End(ctx, w.worker, o.NeedID, 0, exchange.Nobody, "没人能来")
					}
				case 18: // goods are given, confirmed and put right
					if h := w.gave(j, rapid.Int64Range(1, 30).Draw(r, "pieces")); h != 0 {
						w.sync()
						_ = w.needs.Correct(ctx, w.worker, h, 0, rapid.Int64Range(0, 30).Draw(r, "right"), "点错了")
						w.sync()
					}
				case 0:
					_, _ = w.s.Open(ctx, w.people[i])
				case 1, 2:
					postings = append(postings, w.served(i, rapid.Int64Range(1, 400).Draw(r, "minutes"), w.today().AddDays(-rapid.IntRange(0, 500).Draw(r, "ago"))))
					w.sync()
				case 3:
					if len(postings) > 0 {
						w.reverse(postings[len(postings)-1])
						postings = postings[:len(postings)-1]
						w.sync()
					}
				case 15: // the ledger corrects service: it takes it back and books it again
					if len(postings) > 0 {
						last := len(postings) - 1
						postings[last] = w.again(postings[last], rapid.Int64Range(1, 400).Draw(r, "corrected"))
						if rapid.Bool().Draw(r, "at once") {
							w.sync()
						}
					}
				case 4, 5:
					if o, err := w.s.Redeem(ctx, w.people[i], lovebank.Redemption{Item: pick(append(items, help)), Amount: rapid.Int64Range(-1, 3).Draw(r, "pieces"), Sure: rapid.Bool().Draw(r, "sure")}); err == nil {
						orders = append(orders, o)
					}
				case 6:
					_ = w.s.Cancel(ctx, w.people[i], pick(orders))
				case 7:
					if _, code, err := w.s.Order(ctx, w.people[i], pick(orders)); err == nil {
						_, _ = w.s.Hand(ctx, w.worker, code)
					}
				case 8:
					to := ""
					if b, err := w.s.Own(ctx, w.people[j]); err == nil && rapid.Bool().Draw(r, "neighbour") {
						to = b.No
					}
					if w.s.Give(ctx, w.people[i], lovebank.Giving{To: to, Amount: n}) == nil {
						note()
					}
				case 9:
					if b, err := w.s.Own(ctx, w.people[j]); err == nil && w.s.Grant(ctx, all, b.ID, lovebank.Granting{Amount: n, Reason: "困难", Sure: true}) == nil {
						note()
					}
				case 10:
					if w.s.Remit(ctx, all, w.community, w.other, n, "支援", "") == nil {
						note()
					}
				case 11:
					_ = w.s.Correct(ctx, all, pick(journals), "记错了")
				case 12:
					_ = w.s.Count(ctx, w.worker, pick(items), rapid.Int64Range(-4, 4).Draw(r, "change"), "盘点", "")
				case 13:
					_ = w.s.Close(ctx, w.people[i])
				case 14:
					w.clock.Advance(time.Duration(rapid.IntRange(1, 400).Draw(r, "days")) * 24 * time.Hour)
					w.ok(w.s.Night(ctx, testkit.Tenant))
				}
				low, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM bank_account a WHERE a.tenant_id = $1 AND a.balance < 0 AND a.kind IN ('person', 'fund', 'held', 'stock', 'reserved')`, testkit.Tenant)
				if err != nil || low != 0 {
					r.Fatalf("%d accounts are below zero, %v", low, err)
				}
			}
			w.balanced()
		})
	})
}
