package exchange_test

import (
	"strings"
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/testkit"
)

// asked is a need of somebody whom the register knows, that is public and that the helper delivered.
func (w *street) delivered(r exchange.Receipt, minutes int64) (pledge id.ID) {
	w.t.Helper()
	w.ok(w.s.Approve(ctx, w.worker, r.ID, 0, exchange.Public{Title: "陪老人就医", Kind: exchange.People, Minutes: 120}))
	p, err := w.s.Pledge(ctx, w.helper, r.ID, exchange.NewPledge{Said: "我有空"})
	w.ok(err)
	w.ok(w.s.Agree(ctx, w.worker, p, 0))
	w.ok(w.s.Deliver(ctx, w.helper, p, 0, exchange.Delivery{Minutes: minutes, Words: "去了"}))
	return p
}

func (w *street) by(person id.ID) exchange.Receipt {
	w.t.Helper()
	got, err := w.s.Ask(ctx, testkit.Tenant, "居民", "", exchange.Asking{Kind: exchange.People, Body: "想找人陪我去医院", CommunityID: w.community, PersonID: person})
	w.ok(err)
	return got
}

func (w *street) count(query string, args ...any) int64 {
	w.t.Helper()
	n, err := db.Value[int64](ctx, w.d, query, args...)
	w.ok(err)
	return n
}

// One person alone makes no counter-signed hours: nobody agrees to themselves, and the word of who asked counter-signs only where it is known that it is somebody else's.
func TestNobodyCounterSignsForThemselves(t *testing.T) {
	each(t, func(w *street) {
		yes := exchange.Rating{Answer: exchange.Yes}
		both := w.worker
		both.PersonID = w.helper.PersonID
		both.Grants = append(both.Grants, w.helper.Grants...)
		wish := w.open(1)
		p, err := w.s.Pledge(ctx, both, wish.ID, exchange.NewPledge{})
		w.ok(err)
		w.refused(w.s.Agree(ctx, both, p, 0), errs.Forbidden)
		w.ok(w.s.TakeBack(ctx, both, p, 0, "x"))
		_, err = w.s.Enlist(ctx, both, wish.ID, exchange.OnBehalf{MemberID: w.memberOfHelper})
		w.refused(err, errs.Forbidden)

		asker := w.rows.Person(w.community, "吕奶奶", "")
		known := w.by(asker)
		w.delivered(known, 90)
		_, f, err := w.s.ToAsker(ctx, exchange.Code(known.Code))
		w.ok(err)
		if len(f.Helpers) != 1 || len(f.Helpers[0].Help) != 1 || f.Helpers[0].Help[0].Minutes != 90 || f.Helpers[0].Help[0].Name != "陈党员" {
			t.Errorf("before they confirm, who asked sees %+v", f.Helpers)
		}
		_, err = w.s.RateBy(ctx, exchange.Code(known.Code), "居民", "", yes)
		w.ok(err)
		if got := w.minutes(w.memberOfHelper); got.Countersigned != 90 {
			t.Errorf("known by the register, they counter-sign %+v", got)
		}

		// A correction to less stands as it was confirmed; nobody confirmed more.
		help := w.get(known.ID).Pledges[0].Help[0].ID
		w.ok(w.s.Correct(ctx, w.worker, help, 60, 0, "少"))
		if got := w.minutes(w.memberOfHelper); got.Countersigned != 60 || got.Total() != 60 {
			t.Errorf("corrected to less: %+v", got)
		}
		w.ok(w.s.Correct(ctx, w.worker, help, 100, 0, "多"))
		if got := w.minutes(w.memberOfHelper); got.Vouched != 100 || got.Total() != 100 {
			t.Errorf("corrected to more: %+v", got)
		}

		held := w.by(asker)
		w.delivered(held, 10)
		_, err = w.s.RateBy(ctx, exchange.Code(held.Code).With(0, w.helper.PersonID), "居民", "", yes) // the helper is logged in where the code is used
		w.ok(err)
		if got := w.minutes(w.memberOfHelper); got.Vouched != 110 || got.Total() != 110 {
			t.Errorf("with the helper's own session: %+v", got)
		}

		testkit.Exec(t, w.d, `UPDATE account SET person_id = $1 WHERE tenant_id = $2 AND id = $3`, w.helper.PersonID, testkit.Tenant, w.worker.AccountID)
		entered, err := w.s.Enter(ctx, w.worker, exchange.Asking{Kind: exchange.People, Body: "想找人陪我去医院", CommunityID: w.community, PersonID: asker}, false)
		w.ok(err)
		w.delivered(entered, 5)
		_, err = w.s.RateBy(ctx, exchange.Code(entered.Code), "居民", "", yes)
		w.ok(err)
		if got := w.minutes(w.memberOfHelper); got.Vouched != 115 || got.Total() != 115 {
			t.Errorf("entered by the helper: %+v", got)
		}
		w.books()
	})
}

// removed runs one of the periods as the night does, and says how many rows it took.
func (w *street) removed(code string, before calendar.Date) int {
	w.t.Helper()
	for _, k := range exchange.RetentionKinds() {
		if k.Code != code {
			continue
		}
		a := &db.Args{}
		rows := k.Past(a, testkit.Tenant, before)
		ids, err := db.All(ctx, w.d, func(i *id.ID) []any { return []any{i} }, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
		w.ok(err)
		if len(ids) > 0 {
			w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return k.Remove(ctx, tx, testkit.Tenant, ids) }))
		}
		return len(ids)
	}
	w.t.Fatalf("no period %s", code)
	return 0
}

// What lies about goes too: needs that nobody looks after since their last day, and who gave what is over.
func TestWhatLiesAboutIsForgotten(t *testing.T) {
	each(t, func(w *street) {
		today := calendar.DateOf(w.d.Now())
		left, asked := w.open(1), w.wish("想要一把椅子，电话 13800138000")
		mine, err := w.s.AddResource(ctx, w.worker, exchange.Offer{Kind: exchange.People, Title: "轮椅", Giver: "热心居民王师傅", Contact: "13800138000", PlaceID: w.community, Terms: exchange.Free, Amount: 2, ValidUntil: today.AddDays(30)})
		w.ok(err)
		other, err := w.s.AddResource(ctx, w.worker, exchange.Offer{Kind: exchange.Goods, Title: "轮椅 2", Giver: "李师傅", PlaceID: w.community, Terms: exchange.Free})
		w.ok(err)
		p, err := w.s.Use(ctx, w.worker, left.ID, mine, 2)
		w.ok(err)
		w.clock.Advance(400 * 24 * time.Hour)
		now := calendar.DateOf(w.d.Now())
		if n := w.removed("exchange.ended", today); n != 0 {
			t.Errorf("%d needs go before their last day is so long ago", n)
		}
		w.ok(w.s.TakeBack(ctx, w.worker, p, 0, "还在找")) // somebody still looks after it
		if n := w.removed("exchange.ended", now.AddDays(-300)); n != 1 {
			t.Errorf("%d needs go, want the one that nobody touched", n)
		}
		if d := w.get(asked.ID); d.State != exchange.Refused || d.Body != "" || d.HasPhone || d.HasHolder || d.EndedAt.IsZero() {
			t.Errorf("what stayed asked is %+v", d.Need)
		}
		w.clock.Advance(400 * 24 * time.Hour)
		if n := w.removed("exchange.ended", now.AddDays(300)); n != 1 {
			t.Errorf("%d needs go, want the other", n)
		}
		if d := w.get(left.ID); d.State != exchange.Done || d.Outcome != exchange.Nobody || d.Words != "" || d.HasPhone {
			t.Errorf("what stayed open is %+v", d.Need)
		}
		if n := w.removed("exchange.ended", now.AddDays(300)); n != 0 {
			t.Errorf("%d needs go twice", n)
		}

		if n := w.removed("exchange.resource", today.AddDays(30)); n != 0 {
			t.Errorf("%d resources go while they are there", n)
		}
		if n := w.removed("exchange.resource", today.AddDays(31)); n != 1 {
			t.Errorf("%d resources go, want the one that is over", n)
		}
		r, err := w.s.Resource(ctx, w.worker, mine)
		w.ok(err)
		if strings.Contains(r.Giver, "王师傅") || r.HasContact || r.Title != "轮椅" || r.Left != 2 {
			t.Errorf("what is over is %+v", r)
		}
		r, err = w.s.Resource(ctx, w.worker, other)
		w.ok(err)
		w.ok(w.s.EndResource(ctx, w.worker, other, r.Version))
		if n := w.removed("exchange.resource", calendar.DateOf(w.d.Now()).AddDays(1)); n != 1 {
			t.Errorf("%d resources go after they ended, want one", n)
		}
	})
}

// A need that ends by being forgotten gives back what it had.
func TestWhatIsForgottenGivesBack(t *testing.T) {
	each(t, func(w *street) {
		asker := w.rows.Person(w.community, "吕奶奶", "")
		r := w.by(asker)
		w.ok(w.s.Approve(ctx, w.worker, r.ID, 0, exchange.Public{Title: "轮椅", Kind: exchange.Goods, Wanted: 2}))
		mine, err := w.s.AddResource(ctx, w.worker, exchange.Offer{Kind: exchange.Goods, Title: "轮椅", Giver: "王师傅", PlaceID: w.community, Terms: exchange.Free, Amount: 3})
		w.ok(err)
		for range 2 {
			_, err = w.s.Use(ctx, w.worker, r.ID, mine, 1)
			w.ok(err)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return exchange.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{asker}) }))
		got, err := w.s.Resource(ctx, w.worker, mine)
		w.ok(err)
		if d := w.get(r.ID); d.State != exchange.Done || d.Taken != 0 || got.Left != 3 {
			t.Errorf("it is %s with %d taken, %d are left", d.State, d.Taken, got.Left)
		}
	})
}

// The name of who helps stands in their register and nowhere else, and goes with them.
func TestNamesOfHelpersAreNotKeptInSteps(t *testing.T) {
	each(t, func(w *street) {
		wish := w.wish("想找人陪我去医院")
		w.ok(w.s.Approve(ctx, w.worker, wish.ID, 0, exchange.Public{Title: "陪老人就医", Kind: exchange.People}))
		p, err := w.s.Pledge(ctx, w.helper, wish.ID, exchange.NewPledge{Said: "我有空", Contact: "13912345678"})
		w.ok(err)
		w.ok(w.s.Agree(ctx, w.worker, p, 0))
		_, _, err = w.s.Contact(ctx, w.helper, p)
		w.ok(err)
		w.ok(w.s.Deliver(ctx, w.helper, p, 0, exchange.Delivery{Minutes: 30, Words: "我陪她去了"}))
		if n := w.count(`SELECT count(*) FROM need_entry WHERE tenant_id = $1 AND act IN ('agree', 'look') AND words IS NULL`, testkit.Tenant); n != 2 {
			t.Errorf("%d of two steps keep no name", n)
		}
		named := 0
		for _, e := range w.get(wish.ID).Entries {
			if (e.Act == exchange.ActAgree || e.Act == exchange.ActLook) && e.Words == "陈党员" {
				named++
			}
		}
		if named != 2 {
			t.Errorf("%d of two steps say who", named)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return exchange.AnonymiseTx(ctx, tx, testkit.Tenant, []id.ID{w.memberOfHelper}) }))
		if n := w.count(`SELECT count(*) FROM need_entry WHERE tenant_id = $1 AND pledge_id = $2 AND words IS NOT NULL`, testkit.Tenant, p); n != 0 {
			t.Errorf("%d steps keep what they wrote", n)
		}
	})
}

// Words that nobody approved lie sealed: no title, nothing to be found.
func TestUnapprovedWordsAreSealed(t *testing.T) {
	each(t, func(w *street) {
		public := func() int64 {
			return w.count(`SELECT count(*) FROM need WHERE tenant_id = $1 AND (title <> '' OR title_key <> '' OR words <> '' OR skill <> '')`, testkit.Tenant)
		}
		found := func() int {
			list, err := w.s.List(ctx, w.worker, exchange.Filter{Text: "跑车"})
			w.ok(err)
			return len(list.Items)
		}
		asked := w.wish("想要一辆跑车")
		w.cases.community = w.community
		_, err := w.s.TurnCase(ctx, w.worker, id.New(), 1)
		w.ok(err)
		if public() != 0 || found() != 0 {
			t.Errorf("%d lie open, %d are found", public(), found())
		}
		list, err := w.s.List(ctx, w.worker, exchange.Filter{Text: asked.No})
		w.ok(err)
		if len(list.Items) != 1 || list.Items[0].Title != "" {
			t.Errorf("by its number there is %+v", list.Items)
		}
		w.ok(w.s.Approve(ctx, w.worker, asked.ID, 0, exchange.Public{Title: "一辆跑车", Words: "红的", Kind: exchange.Goods}))
		if public() != 1 || found() != 1 {
			t.Errorf("approved, %d are public, %d are found", public(), found())
		}
		w.ok(w.s.WithdrawBy(ctx, exchange.Code(asked.Code), "居民", "", ""))
		if public() != 0 || found() != 0 {
			t.Errorf("withdrawn, %d are public, %d are found", public(), found())
		}
		_, err = w.s.Enter(ctx, w.worker, exchange.Asking{Kind: exchange.Goods, Body: "书架，电话 13800138000", CommunityID: w.community}, true)
		w.refused(err, errs.Invalid) // the community's own is public at once
	})
}

// A case ends with its need, also when who asked withdraws it; and becomes one need.
func TestAWithdrawnNeedEndsItsCase(t *testing.T) {
	each(t, func(w *street) {
		w.cases.community, w.cases.person = w.community, w.rows.Person(w.community, "吕奶奶", "")
		c := id.New()
		n, err := w.s.TurnCase(ctx, w.worker, c, 1)
		w.ok(err)
		_, err = w.s.TurnCase(ctx, w.worker, c, 1)
		w.refused(err, errs.Conflict)
		key, err := w.s.Mine(ctx, exchange.Holder{Tenant: testkit.Tenant, Account: id.New(), PersonID: w.cases.person}, n)
		w.ok(err)
		w.ok(w.s.WithdrawBy(ctx, key, "居民", "", "女儿回来了"))
		if len(w.cases.ended) != 1 || w.cases.ended[0] != "settled 女儿回来了" {
			t.Errorf("the case ended as %v", w.cases.ended)
		}
	})
}

// However many pledges ended, those that stand count; and nobody takes and gives back a need for ever.
func TestPledgesThatEndedDoNotCount(t *testing.T) {
	each(t, func(w *street) {
		wish := w.open(1)
		for i := range 510 {
			testkit.Exec(t, w.d, `INSERT INTO need_pledge (tenant_id, id, need_id, team, state, pledged_at) VALUES ($1,$2,$3,'x','declined',1)`, testkit.Tenant, int64(i+1), wish.ID)
		}
		for range exchange.MaxPledges - 1 {
			p, err := w.s.Pledge(ctx, w.helper, wish.ID, exchange.NewPledge{})
			w.ok(err)
			w.ok(w.s.TakeBack(ctx, w.helper, p, 0, "x"))
		}
		p, err := w.s.Pledge(ctx, w.helper, wish.ID, exchange.NewPledge{})
		w.ok(err)
		w.ok(w.s.Agree(ctx, w.worker, p, 0))
		if d := w.get(wish.ID); d.Taken != 1 || d.State != exchange.Taken || d.Pledges[0].ID != p {
			t.Errorf("it is %s with %d taken", d.State, d.Taken)
		}
		w.ok(w.s.Deliver(ctx, w.helper, p, 0, exchange.Delivery{Minutes: 30}))
		w.refused(w.s.WithdrawBy(ctx, exchange.Code(wish.Code), "居民", "", ""), errs.Conflict)
		w.refused(w.s.End(ctx, w.worker, wish.ID, 0, exchange.Nobody, "x"), errs.Conflict)
		if _, err = w.s.RateBy(ctx, exchange.Code(wish.Code), "居民", "", exchange.Rating{Answer: exchange.No, Words: "没来"}); err != nil {
			t.Errorf("it cannot be rated: %v", err)
		}
		w.ok(w.s.TakeBack(ctx, w.helper, p, 0, "x"))
		_, err = w.s.Pledge(ctx, w.helper, wish.ID, exchange.NewPledge{})
		w.refused(err, errs.Conflict)
		_, err = w.s.Enlist(ctx, w.worker, wish.ID, exchange.OnBehalf{MemberID: w.memberOfHelper})
		w.refused(err, errs.Conflict)
		_, err = w.s.Pledge(ctx, w.second, wish.ID, exchange.NewPledge{})
		w.ok(err)
	})
}

// The number of who gives a resource is shown for a purpose, at home, and the look is recorded; numbers in names are masked.
func TestTheNumberOfAGiver(t *testing.T) {
	each(t, func(w *street) {
		r, err := w.s.AddResource(ctx, w.worker, exchange.Offer{Kind: exchange.Goods, Title: "轮椅", Giver: "王师傅 13800138000", Contact: "13800138000", PlaceID: w.community, Terms: exchange.Free})
		w.ok(err)
		_, err = w.s.RevealGiver(ctx, w.worker, r, "")
		w.refused(err, errs.Invalid)
		_, err = w.s.RevealGiver(ctx, w.worker, r, "curiosity")
		w.refused(err, errs.Invalid)
		_, err = w.s.RevealGiver(ctx, w.beside, r, "service")
		w.refused(err, errs.NotFound)
		_, err = w.s.RevealGiver(ctx, w.liaison, r, "service")
		w.refused(err, errs.NotFound)
		got, err := w.s.RevealGiver(ctx, w.worker, r, "service")
		w.ok(err)
		if got.Name != "王师傅 ***" || got.Phone != "13800138000" {
			t.Errorf("revealed %+v", got)
		}
		if n := w.count(`SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'exchange.giver'`, testkit.Tenant); n != 1 {
			t.Errorf("%d looks are recorded", n)
		}
		wish := w.open(1)
		_, err = w.s.Enlist(ctx, w.worker, wish.ID, exchange.OnBehalf{Team: "红马甲 138-0013-8000"})
		w.ok(err)
		if d := w.get(wish.ID); d.Pledges[0].Name != "红马甲 ***" {
			t.Errorf("the team is %q", d.Pledges[0].Name)
		}
	})
}
