package dues_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/dues"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/testkit"
)

// TestNobodyElseGetsAtABaseOrAnAmount tries everything the package offers as everybody who may not (house rule: what may not be seen is not found).
func TestNobodyElseGetsAtABaseOrAnAmount(t *testing.T) {
	each(t, func(w *network) {
		m, self := w.member(w.branch, "褚保密", "2001-07-01")
		_, fellow := w.member(w.branch, "同支部党员", "2001-07-01")
		w.base(m, month(2026, 7), dues.Paid, 654_321)
		p, err := w.take(m, month(2026, 7), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		unit, _ := w.member(w.attached, "银行党员", "2001-07-01")
		community := at(w.community, []id.ID{w.branch, w.second, w.unit, w.attached}, dues.PermKeep)
		for who, a := range map[string]authz.Actor{"another branch": w.keepsOther, "the community above": w.above, "a sub-district with the permission": w.street_,
			"the district with the permission": w.up, "another member": fellow, "another tenant": func() authz.Actor { a := at(w.branch, nil, dues.PermKeep); a.Tenant = testkit.Other; return a }()} {
			_, err := w.s.Open(ctx, a, m)
			w.wants(err, errs.NotFound, "")
			_, err = w.s.Bases(ctx, a, m, "dues", "")
			w.wants(err, errs.NotFound, "")
			_, err = w.s.ReceiptOf(ctx, a, p)
			w.wants(err, errs.NotFound, "")
			_, err = w.s.Sheet(ctx, a, dues.SheetFilter{BranchID: w.branch})
			w.wants(err, errs.NotFound, "")
			w.wants(w.s.SetBase(ctx, a, m, dues.NewBase{From: month(2026, 9), Payer: dues.Least}), errs.NotFound, "")
			w.wants(w.s.TakeBack(ctx, a, p, "x"), errs.NotFound, "")
			_, err = w.s.Take(ctx, a, dues.Taking{MemberID: m, From: month(2026, 8), PaidOn: w.today(), Means: dues.Cash})
			w.wants(err, errs.NotFound, "")
			_, err = w.s.Gift(ctx, a, m, 100_000, w.today(), dues.Cash)
			w.wants(err, errs.NotFound, "")
			_, err = w.s.Relieve(ctx, a, m, dues.NewRelief{})
			w.wants(err, errs.NotFound, "")
			if l, err := w.s.Unpaid(ctx, a, db.Page{}); err != nil || len(l.Items) != 0 {
				t.Errorf("%s: six months unpaid: %v, %v", who, l.Items, err)
			}
			if b, err := w.s.Branches(ctx, a); err != nil || slices.ContainsFunc(b, func(n dues.Named) bool { return n.ID == w.branch }) {
				t.Errorf("%s keeps %v, %v", who, b, err)
			}
			totals, err := w.s.Totals(ctx, a, dues.TotalFilter{})
			for _, n := range totals.Items {
				if n.Amount != 0 || n.Gifts != 0 || n.Branch.ID == w.branch && n.Kept {
					t.Errorf("%s sees %+v of one payer (%v)", who, n, err)
				}
			}
			if mine, err := w.s.Own(ctx, a); err == nil && mine.Member.ID == m {
				t.Errorf("%s is taken for the member", who)
			}
		}
		// A community that keeps the dues of its branches keeps none of what is only attached to it.
		if _, err := w.s.Open(ctx, community, m); err != nil {
			t.Errorf("the community keeps the dues of its branch: %v", err)
		}
		_, err = w.s.Open(ctx, community, unit)
		w.wants(err, errs.NotFound, "")

		if mine, err := w.s.Own(ctx, self); err != nil || mine.Bases[0].Terms.Fen != 654_321 {
			t.Errorf("the member's own base: %+v, %v", mine.Bases, err)
		}
		if o := w.open(m); o.Bases[0].Terms != (dues.Terms{}) {
			t.Error("the base is open without a purpose")
		}
		_, err = w.s.Bases(ctx, w.keeper, m, "", "")
		w.wants(err, errs.Invalid, "purpose")
		_, err = w.s.Bases(ctx, w.keeper, m, "contact", "")
		w.wants(err, errs.Invalid, "purpose")
		if b, err := w.s.Bases(ctx, w.keeper, m, "dues", "核对基数"); err != nil || b[0].Terms.Fen != 654_321 {
			t.Errorf("opened: %+v, %v", b, err)
		}
		// Each look is there for the member.
		looksOf := testkit.Own(testkit.Tenant, self.PersonID, person.PermLooksOwn)
		_, seen, err := person.New(w.d, w.ring).Looks(ctx, looksOf, self.PersonID, db.Page{})
		var fields []string
		for _, l := range seen.Items {
			fields = append(fields, l.Field+" "+l.Reason)
		}
		if err != nil || !slices.Contains(fields, "dues_base 核对基数") || !slices.Contains(fields, "dues_amount ") {
			t.Errorf("the member reads of looks at %q, %v", fields, err)
		}
		// Nothing of it stands in the clear, and nothing has a telling length.
		for _, q := range []string{"SELECT terms FROM dues_base", "SELECT amount FROM dues_payment", "SELECT amount FROM dues_entry"} {
			rows, err := db.Column[[]byte](ctx, w.d, q)
			if err != nil || len(rows) == 0 {
				t.Fatal(q, err)
			}
			for _, b := range rows {
				if strings.Contains(string(b), "654321") || strings.Contains(string(b), "9815") || len(b) != len(rows[0]) {
					t.Errorf("%s: %q", q, b)
				}
			}
		}
		details, err := db.Column[string](ctx, w.d, "SELECT detail FROM audit_entry")
		for _, d := range details {
			if strings.Contains(d, "654321") || strings.Contains(d, "6543.21") || strings.Contains(d, "98.15") || strings.Contains(d, "9815") {
				t.Errorf("the record of acts says %s (%v)", d, err)
			}
		}
	})
}

// TestSumsOfFewAreNotShown: others see what a branch took only when the month is over and at least three paid, and it does not change any more.
func TestSumsOfFewAreNotShown(t *testing.T) {
	each(t, func(w *network) {
		var members []id.ID
		for i := range 4 {
			m, _ := w.member(w.branch, fmt.Sprint("党员", i), "2001-07-01")
			w.base(m, month(2026, 7), dues.Paid, 300_000)
			members = append(members, m)
		}
		sum := func(a authz.Actor) (int64, int64) {
			l, err := w.s.Totals(ctx, a, dues.TotalFilter{})
			if err != nil {
				t.Fatal(err)
			}
			var n, withheld int64
			for _, i := range l.Items {
				n += i.Amount
				withheld += i.Withheld
			}
			return n, withheld
		}
		pay := func(m id.ID, mo int) {
			t.Helper()
			if _, err := w.take(m, month(2026, mo), 0, 0); err != nil {
				t.Fatal(err)
			}
		}
		pay(members[0], 9)
		pay(members[1], 9)
		w.clock.Set(calendar.On(2026, 10, 2).Time())
		if n, h := sum(w.above); n != 0 || h != 1 {
			t.Errorf("of two payers the community sees %d, %d withheld", n, h)
		}
		for _, m := range members[:3] {
			pay(m, 8)
		}
		if n, h := sum(w.street_); n != 0 || h != 2 {
			t.Errorf("while the month runs the sub-district sees %d, %d withheld", n, h)
		}
		if n, _ := sum(w.keeper); n != 7500 {
			t.Errorf("who keeps the dues sees %d", n)
		}
		w.clock.Set(calendar.On(2026, 11, 2).Time())
		if n, h := sum(w.up); n != 4500 || h != 1 {
			t.Errorf("of a month that is over the district sees %d, %d withheld", n, h)
		}
		// A later payment for the same month is booked now: the sum that was shown stays.
		pay(members[3], 8)
		if n, _ := sum(w.up); n != 4500 {
			t.Errorf("a sum that was shown changed to %d", n)
		}
		if n, _ := sum(w.keepsOther); n != 0 {
			t.Errorf("another branch sees %d", n)
		}
		w.balanced()
		// Two who paid by mistake do not hide the one who paid.
		for i, m := range members[:3] {
			p, err := w.take(m, month(2026, 11), 0, 0)
			if err == nil && i > 0 {
				err = w.s.TakeBack(ctx, w.keeper, p, "登记错了")
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		w.clock.Set(calendar.On(2026, 12, 2).Time())
		if n, _ := sum(w.up); n != 4500 {
			t.Errorf("the payment of one is seen behind two that were taken back: %d", n-4500)
		}
		w.balanced()
	})
}

// A payment is taken back by who keeps the books of the branch that took it, also when the member has gone to another.
func TestEachBranchKeepsItsBooks(t *testing.T) {
	each(t, func(w *network) {
		m, _ := w.member(w.branch, "王转走", "2001-07-01")
		w.base(m, month(2026, 9), dues.Paid, 300_000)
		p, err := w.take(m, month(2026, 9), 0, 0)
		if err != nil {
			t.Fatal(err)
		}
		testkit.Exec(t, w.d, "UPDATE member SET home_id = $1 WHERE id = $2", w.far, m)
		w.wants(w.s.TakeBack(ctx, w.keepsOther, p, "不是我们收的"), errs.NotFound, "")
		if err := w.s.TakeBack(ctx, w.keeper, p, "记错人了"); err != nil {
			t.Fatal(err)
		}
		org, err := db.Value[id.ID](ctx, w.d, "SELECT organisation_id FROM audit_entry WHERE tenant_id = $1 AND action = 'dues.counter'", testkit.Tenant)
		if err != nil || org != w.branch {
			t.Errorf("the record of acts names %v, %v", org, err)
		}
		w.balanced()
	})
}
