package dues_test

import (
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/dues"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/testkit"
)

func TestHardship(t *testing.T) {
	each(t, func(w *network) {
		m, self := w.member(w.branch, "吴困难", "2001-07-01")
		w.base(m, month(2026, 1), dues.Paid, 400_000)
		n := dues.NewRelief{Kind: dues.Less, Share: 50, From: month(2026, 7), To: month(2026, 9), DecidedOn: w.today(), Reason: "家人重病"}
		for field, spoil := range map[string]func(*dues.NewRelief){
			"kind": func(n *dues.NewRelief) { n.Kind = "gift" }, "share": func(n *dues.NewRelief) { n.Share = 100 }, "from": func(n *dues.NewRelief) { n.From = 0 },
			"to": func(n *dues.NewRelief) { n.To = month(2026, 6) }, "decided_on": func(n *dues.NewRelief) { n.DecidedOn = calendar.Date{} }, "reason": func(n *dues.NewRelief) { n.Reason = " " },
		} {
			bad := n
			spoil(&bad)
			_, err := w.s.Relieve(ctx, w.keeper, m, bad)
			w.wants(err, errs.Invalid, field)
		}
		r, err := w.s.Relieve(ctx, w.keeper, m, n)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.s.Relieve(ctx, w.keeper, m, n)
		w.wants(err, errs.Invalid, "from")
		if s := state(w.open(m), month(2026, 9)); s.Charge != 4000 {
			t.Errorf("before the approval September costs %d", s.Charge)
		}
		// One level up: not by the branch itself, and not next door.
		branchHead := at(w.branch, nil, dues.PermApprove)
		w.wants(w.s.Answer(ctx, branchHead, r, true, "", 1), errs.NotFound, "")
		w.wants(w.s.Answer(ctx, at(w.other, []id.ID{w.far}, dues.PermApprove), r, true, "", 1), errs.NotFound, "")
		// Nor two levels up, who would read the reasons of a whole sub-district; nor by who proposed it, or whom it is for.
		w.wants(w.s.Answer(ctx, w.street_, r, true, "", 1), errs.NotFound, "")
		if seen, err := w.s.Reliefs(ctx, w.street_, db.Page{}); err != nil || len(seen.Items) != 0 {
			t.Errorf("the sub-district reads %+v, %v", seen.Items, err)
		}
		both, theirs := w.above, w.above
		both.AccountID, theirs.PersonID = w.keeper.AccountID, self.PersonID
		w.wants(w.s.Answer(ctx, both, r, true, "", 1), errs.Forbidden, "")
		w.wants(w.s.Answer(ctx, theirs, r, true, "", 1), errs.Forbidden, "")
		waits, err := w.s.Reliefs(ctx, w.above, db.Page{})
		if err != nil || len(waits.Items) != 1 || waits.Items[0].Reason != "家人重病" || waits.Items[0].Share != 50 {
			t.Fatalf("waits for approval: %+v, %v", waits.Items, err)
		}
		w.wants(w.s.Answer(ctx, w.above, r, false, "", 1), errs.Invalid, "note")
		if err := w.s.Answer(ctx, w.above, r, true, "", 1); err != nil {
			t.Fatal(err)
		}
		w.wants(w.s.Answer(ctx, w.above, r, true, "", 2), errs.Conflict, "")
		o := w.open(m)
		if state(o, month(2026, 9)).Charge != 2000 || state(o, month(2026, 6)).Charge != 4000 {
			t.Errorf("after the approval: %+v", o.Months)
		}
		mine, err := w.s.Own(ctx, self)
		if err != nil || mine.Reliefs[0].Reason != "家人重病" {
			t.Errorf("the member sees %+v, %v", mine.Reliefs, err)
		}
		if err := w.s.Withdraw(ctx, w.keeper, r, 2); err != nil {
			t.Fatal(err)
		}
		if o := w.open(m); state(o, month(2026, 9)).Charge != 4000 || state(o, month(2026, 8)).Charge != 2000 {
			t.Errorf("after it ended: %+v", o.Months)
		}
		w.wants(w.s.Withdraw(ctx, w.keeper, r, 3), errs.Conflict, "")
	})
}

func kinds(t *testing.T, w *network, a authz.Actor) map[string]int64 {
	t.Helper()
	items, err := w.s.Waiting(ctx, a)
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]int64{}
	for _, i := range items {
		out[i.Kind] = i.Count
	}
	return out
}

func TestWhatWaits(t *testing.T) {
	each(t, func(w *network) {
		m, self := w.member(w.branch, "郑欠", "2001-07-01")
		n, other := w.member(w.branch, "王新来", "2001-07-01")
		if k := kinds(t, w, other); len(k) != 0 {
			t.Errorf("before the branch collects here a member is told %v", k)
		}
		w.base(m, month(2026, 3), dues.Paid, 300_000)
		zero, _ := w.member(w.branch, "冯零", "2001-07-01")
		w.base(zero, month(2026, 1), dues.Paid, 0)
		k := kinds(t, w, w.keeper)
		if k[dues.WaitUnpaid] != 1 || k[dues.WaitReview] != 1 {
			t.Errorf("waits for who keeps the dues: %v", k)
		}
		list, err := w.s.Unpaid(ctx, w.keeper, db.Page{})
		if err != nil || len(list.Items) != 1 || list.Items[0].ID != m || len(list.Items[0].Arrears) != 6 {
			t.Errorf("six months unpaid: %+v, %v", list.Items, err)
		}
		if k := kinds(t, w, w.keepsOther); len(k) != 0 {
			t.Errorf("waits for another branch: %v", k)
		}
		// One month paid in the six, or a good reason, ends it (DUES-12).
		p, err := w.take(m, month(2026, 6), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		if k := kinds(t, w, w.keeper); k[dues.WaitUnpaid] != 0 {
			t.Errorf("after a payment: %v", k)
		}
		if k := kinds(t, w, self); k[dues.WaitOwnOwed] != 5 {
			t.Errorf("the member is reminded of %v", k)
		}
		if k := kinds(t, w, other); k[dues.WaitOwnBase] != 1 {
			t.Errorf("a member without a base is asked %v", k)
		}
		if err := w.s.TakeBack(ctx, w.keeper, p, "退回"); err != nil {
			t.Fatal(err)
		}
		if k := kinds(t, w, w.keeper); k[dues.WaitUnpaid] != 1 {
			t.Errorf("after it was taken back: %v", k)
		}
		r, err := w.s.Relieve(ctx, w.keeper, m, dues.NewRelief{Kind: dues.Later, From: month(2026, 3), To: month(2026, 12), DecidedOn: w.today(), Reason: "外出治病"})
		if err != nil {
			t.Fatal(err)
		}
		if k := kinds(t, w, w.above); k[dues.WaitRelief] != 1 {
			t.Errorf("waits for approval: %v", k)
		}
		if err := w.s.Answer(ctx, w.above, r, true, "", 1); err != nil {
			t.Fatal(err)
		}
		if k := kinds(t, w, w.keeper); k[dues.WaitUnpaid] != 0 {
			t.Errorf("with a good reason: %v", k)
		}
		if o := w.open(m); len(o.Arrears) != 0 || state(o, month(2026, 5)).Owed() != 1500 {
			t.Errorf("what may be paid later: %+v", o)
		}
		_ = n
		if ended, err := db.Value[string](ctx, w.d, `SELECT ended_on FROM member WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, m); ended != "" || err != nil {
			t.Errorf("the membership was changed: %q, %v", ended, err)
		}
	})
}
