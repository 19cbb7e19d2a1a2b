package dues_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/dues"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/person"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

// visits remembers what was to be held.
type visits struct {
	w   *network
	all []dues.Visit
}

func (v *visits) VisitTx(_ context.Context, tx *db.Tx, actor authz.Actor, n dues.Visit) (id.ID, error) {
	v.all = append(v.all, n)
	a := id.New()
	_, err := tx.Exec(ctx, `INSERT INTO activity (tenant_id, id, community_id, kind_code, title, place, starts_at, ends_at, state, gives_hours, organiser_id, created_at)
		VALUES ($1,$2,$3,'visit',$4,$5,1,2,'published',FALSE,1,1)`, actor.Tenant, a, n.CommunityID, n.Title, n.Place)
	return a, err
}

// network is a sub-district with a community that has two branches and an attached unit with a branch, and another community. It is September 2026.
type network struct {
	t                                      *testing.T
	d                                      *db.DB
	ring                                   *seal.Ring
	clock                                  *testkit.Clock
	s                                      *dues.Service
	visits                                 *visits
	street, community, other               id.ID
	branch, second, far, unit, attached    id.ID
	keeper, keepsOther, above, street_, up authz.Actor
	n                                      int
}

// at is an actor who holds permissions at one place of the tree and what belongs to it.
func at(root id.ID, within []id.ID, perms ...authz.Permission) authz.Actor {
	a := testkit.Actor(testkit.Tenant, append([]id.ID{root}, within...), perms...)
	a.Grants[0].Root = root
	return a
}

func each(t *testing.T, fn func(w *network)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 9, 15).Time())
		w := &network{t: t, d: d, clock: clock, ring: seal.Ephemeral()}
		w.visits = &visits{w: w}
		w.s = dues.New(d, w.ring, person.New(d, w.ring), w.visits)
		w.street = w.org("working_committee", "示例街道党工委", 0)
		w.community, w.other = w.org("community_party", "文港社区党委", w.street), w.org("community_party", "先锋社区党委", w.street)
		w.branch, w.second, w.far = w.org("party_branch", "文港第一支部", w.community), w.org("party_branch", "文港第二支部", w.community), w.org("party_branch", "先锋支部", w.other)
		w.unit = w.org("unit", "示例银行", 0)
		w.attached = w.org("party_branch", "示例银行支部", w.unit)
		w.keeper = at(w.branch, nil, dues.PermKeep, dues.PermSee)
		w.keepsOther = at(w.far, nil, dues.PermKeep, dues.PermSee)
		// The community's own scope reaches what is attached to it too.
		w.above = at(w.community, []id.ID{w.branch, w.second, w.unit, w.attached}, dues.PermSee, dues.PermApprove, dues.PermBirthdays, dues.PermGreet)
		w.street_ = at(w.street, []id.ID{w.community, w.other, w.branch, w.second, w.far}, dues.PermSee, dues.PermApprove, dues.PermKeep)
		w.up = testkit.Actor(testkit.Tenant, nil, dues.PermSee, dues.PermKeep, dues.PermBirthdays)
		fn(w)
	})
}

func (w *network) org(kind, name string, parent id.ID) id.ID {
	w.t.Helper()
	o := id.New()
	path := "/" + o.String() + "/"
	if parent != 0 {
		above, err := db.Value[string](ctx, w.d, `SELECT path FROM organisation WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, parent)
		if err != nil {
			w.t.Fatal(err)
		}
		path = above + o.String() + "/"
	}
	testkit.Exec(w.t, w.d, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, parent_id, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,$6,1,1)`,
		testkit.Tenant, o, kind, name, path, parent)
	return o
}

// member is a member of a branch who joined on a day, and the actor they are.
func (w *network) member(branch id.ID, name, joined string) (id.ID, authz.Actor) {
	w.t.Helper()
	w.n++
	m, p := id.New(), id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO person (tenant_id, id, name, name_key, created_at, updated_at) VALUES ($1,$2,$3,$3,1,1)`, testkit.Tenant, p, name)
	testkit.Exec(w.t, w.d, `INSERT INTO member (tenant_id, id, person_id, kind, name, name_key, home_id, community_id, joined_on, created_at, updated_at)
		VALUES ($1,$2,$3,'community',$4,$5,$6,$7,$8,1,1)`, testkit.Tenant, m, p, name, fmt.Sprintf("%04d%s", w.n, name), branch, w.community, joined)
	return m, testkit.Own(testkit.Tenant, p, dues.PermOwn)
}

func month(y, m int) dues.Month { return dues.NewMonth(y, m) }

func (w *network) base(m id.ID, from dues.Month, p dues.Payer, fen int64) {
	w.t.Helper()
	if err := w.s.SetBase(ctx, w.keeper, m, dues.NewBase{From: from, Payer: p, Base: fen}); err != nil {
		w.t.Fatal(err)
	}
}

func (w *network) today() calendar.Date { return calendar.DateOf(w.clock.Now()) }

func (w *network) take(m id.ID, from, to dues.Month, fen int64) (id.ID, error) {
	return w.s.Take(ctx, w.keeper, dues.Taking{MemberID: m, From: from, To: to, Amount: fen, PaidOn: w.today(), Means: dues.Cash})
}

func (w *network) open(m id.ID) dues.Sight {
	w.t.Helper()
	o, err := w.s.Open(ctx, w.keeper, m)
	if err != nil {
		w.t.Fatal(err)
	}
	return o
}

func state(o dues.Sight, m dues.Month) dues.State {
	for _, s := range o.Months {
		if s.Month == m {
			return s
		}
	}
	return dues.State{}
}

func (w *network) wants(err error, k errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if e == nil || e.Kind != k {
		w.t.Errorf("%v is no %v", err, k)
		return
	}
	if _, ok := e.Fields[field]; field != "" && !ok {
		w.t.Errorf("%v says nothing of %s", err, field)
	}
}

func (w *network) balanced() {
	w.t.Helper()
	faults, err := w.s.Verify(ctx, w.d, testkit.Tenant)
	if err != nil || len(faults) > 0 {
		w.t.Errorf("the ledger does not balance: %v, %v", faults, err)
	}
}

func TestFromBaseToReceipt(t *testing.T) {
	each(t, func(w *network) {
		m, self := w.member(w.branch, "王示例", "2001-07-01")
		if err := w.s.SetOwnBase(ctx, self, dues.NewBase{From: month(2026, 8), Payer: dues.Paid, Base: 300_001}); err != nil {
			t.Fatal(err)
		}
		o := w.open(m)
		if s := state(o, month(2026, 9)); s.Charge != 3000 || s.Owed() != 3000 || !s.Unpaid() {
			t.Fatalf("September: %+v", s)
		}
		if s := state(o, month(2026, 7)); s.Known || s.Owed() != 0 {
			t.Errorf("before the base: %+v", s)
		}
		if len(o.Arrears) != 1 || o.Owed != 6000 {
			t.Errorf("arrears: %+v, %d", o.Arrears, o.Owed)
		}
		p, err := w.take(m, month(2026, 8), month(2026, 9), 0)
		if err != nil {
			t.Fatal(err)
		}
		o = w.open(m)
		if o.Owed != 0 || len(o.Arrears) != 0 || len(o.Payments) != 1 || o.Payments[0].Amount != 6000 || o.Payments[0].Number != "2026-000001" {
			t.Errorf("after paying: %+v", o)
		}
		r, err := w.s.ReceiptOf(ctx, self, p)
		if err != nil || r.Amount != 6000 || r.Name != "王示例" || r.Branch != "文港第一支部" || len(r.Months) != 2 || r.Months[0].Fen != 3000 {
			t.Errorf("receipt: %+v, %v", r, err)
		}
		if _, found, err := paper.Find(ctx, w.d, r.Code); err != nil || found.SubjectID != p {
			t.Errorf("the code finds %+v, %v", found, err)
		}
		// Again: nothing is due any more.
		_, err = w.take(m, month(2026, 8), month(2026, 9), 0)
		w.wants(err, errs.Invalid, "amount")
		w.balanced()

		if err := w.s.TakeBack(ctx, w.keeper, p, "记错人了"); err != nil {
			t.Fatal(err)
		}
		w.wants(w.s.TakeBack(ctx, w.keeper, p, "再来一次"), errs.Conflict, "")
		o = w.open(m)
		if o.Owed != 6000 || len(o.Payments) != 2 || !o.Payments[1].Taken || o.Payments[0].Amount != -6000 || o.Payments[0].Reason != "记错人了" {
			t.Errorf("after taking back: %+v", o.Payments)
		}
		w.wants(w.s.TakeBack(ctx, w.keeper, o.Payments[0].ID, "冲正的冲正"), errs.Conflict, "")
		w.wants(w.s.TakeBack(ctx, w.keeper, p, ""), errs.Invalid, "reason")
		_, err = w.s.ReceiptOf(ctx, self, p)
		w.wants(err, errs.Conflict, "")
		if _, found, _ := paper.Find(ctx, w.d, r.Code); found.InForce(w.today()) {
			t.Error("the receipt of a payment taken back is in force")
		}
		w.balanced()
	})
}

func TestWhichMonthsAreOwed(t *testing.T) {
	each(t, func(w *network) {
		// DUES-8: from the day the branch meeting admits them; DUES-10: a new base from the first month of the new pay.
		m, _ := w.member(w.branch, "李新", "2026-06-20")
		w.wants(w.s.SetBase(ctx, w.keeper, m, dues.NewBase{From: month(2026, 5), Payer: dues.Paid, Base: 1}), errs.Invalid, "from")
		w.base(m, month(2026, 6), dues.Paid, 200_000)
		w.base(m, month(2026, 8), dues.Paid, 400_000)
		o := w.open(m)
		for mo, want := range map[int]int64{5: 0, 6: 1000, 7: 1000, 8: 4000, 9: 4000} {
			if s := state(o, month(2026, mo)); s.Charge != want {
				t.Errorf("month %d costs %d, want %d", mo, s.Charge, want)
			}
		}
		// A base entered wrongly is corrected by another of the same month.
		w.base(m, month(2026, 8), dues.Paid, 300_000)
		if s := state(w.open(m), month(2026, 9)); s.Charge != 1500 {
			t.Errorf("after the correction: %+v", s)
		}
		testkit.Exec(t, w.d, `UPDATE member SET ended_on = '2026-08-10' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, m)
		if o := w.open(m); state(o, month(2026, 8)).Charge != 1500 || state(o, month(2026, 9)).Known {
			t.Errorf("after the end: %+v", o.Months)
		}
		_, err := w.take(m, month(2026, 9), 0, 0)
		w.wants(err, errs.Invalid, "amount")
	})
}

func TestABaseMayHoldForTheYear(t *testing.T) {
	each(t, func(w *network) {
		m, _ := w.member(w.branch, "赵全年", "2001-07-01")
		w.base(m, month(2025, 11), dues.Paid, 200_000)
		w.base(m, month(2026, 5), dues.Paid, 400_000)
		n, _ := w.member(w.branch, "钱年中", "2001-07-01")
		w.base(n, month(2026, 4), dues.Paid, 200_000)
		w.base(n, month(2026, 4), dues.Paid, 250_000)
		w.base(n, month(2026, 6), dues.Paid, 400_000)
		if s := state(w.open(m), month(2026, 6)); s.Charge != 4000 {
			t.Errorf("without the yearly rule June costs %d", s.Charge)
		}
		testkit.Exec(t, w.d, `INSERT INTO policy (tenant_id, name, valid_from, value, source, set_by, set_at) VALUES ($1,'dues.fix_yearly','2026-01-01','1','',0,1)`, testkit.Tenant)
		if s := state(w.open(m), month(2026, 6)); s.Charge != 1000 {
			t.Errorf("with the yearly rule June costs %d", s.Charge)
		}
		if s := state(w.open(n), month(2026, 8)); s.Charge != 1250 {
			t.Errorf("the first base of the year, corrected, costs %d", s.Charge)
		}
		w.clock.Set(calendar.On(2027, 1, 5).Time())
		if s := state(w.open(m), month(2027, 1)); s.Charge != 4000 {
			t.Errorf("January costs %d", s.Charge)
		}
	})
}

func TestPaymentsThatAreRefused(t *testing.T) {
	each(t, func(w *network) {
		m, _ := w.member(w.branch, "孙示例", "2001-07-01")
		bare, _ := w.member(w.branch, "周没有基数", "2001-07-01")
		w.base(m, month(2025, 9), dues.Least, 0)
		good := dues.Taking{MemberID: m, From: month(2026, 9), To: month(2026, 9), PaidOn: w.today(), Means: dues.Mobile}
		for field, spoil := range map[string]func(*dues.Taking){
			"from":      func(t *dues.Taking) { t.From = 0 },
			"to":        func(t *dues.Taking) { t.To = month(2026, 10) }, // DUES-11: to the end of the quarter
			"amount":    func(t *dues.Taking) { t.Amount = -1 },
			"paid_on":   func(t *dues.Taking) { t.PaidOn = w.today().AddDays(1) },
			"means":     func(t *dues.Taking) { t.Means = "gold" },
			"confirmed": func(t *dues.Taking) { t.From, t.To = month(2026, 2), month(2026, 2) }, // seven months back
		} {
			bad := good
			spoil(&bad)
			_, err := w.s.Take(ctx, w.keeper, bad)
			w.wants(err, errs.Invalid, field)
		}
		more := good
		more.Amount = 500
		_, err := w.s.Take(ctx, w.keeper, more)
		w.wants(err, errs.Invalid, "confirmed")
		more.Confirmed = true
		if _, err := w.s.Take(ctx, w.keeper, more); err != nil {
			t.Error(err)
		}
		late := good
		late.From, late.To, late.Confirmed = month(2026, 1), month(2026, 8), true
		if _, err := w.s.Take(ctx, w.keeper, late); err != nil {
			t.Error(err)
		}
		none := good
		none.MemberID = bare
		_, err = w.s.Take(ctx, w.keeper, none)
		w.wants(err, errs.Invalid, "amount")
		// All or none, and each fault beside its member.
		_, err = w.s.TakeMany(ctx, w.keeper, []dues.Taking{good, none})
		w.wants(err, errs.Invalid, dues.AmountField(bare))
		w.wants(err, errs.Invalid, dues.AmountField(m))
		_, err = w.s.TakeMany(ctx, w.keeper, nil)
		w.wants(err, errs.Invalid, "")
		if o := w.open(m); len(o.Payments) != 2 {
			t.Errorf("%d payments", len(o.Payments))
		}
		for field, n := range map[string]dues.NewBase{"payer": {From: month(2026, 9)}, "base": {From: month(2026, 9), Payer: dues.Paid, Base: -1}, "from": {Payer: dues.Least}} {
			w.wants(w.s.SetBase(ctx, w.keeper, m, n), errs.Invalid, field)
		}
		w.wants(w.s.SetBase(ctx, w.keeper, m, dues.NewBase{From: month(2020, 1), Payer: dues.Least}), errs.Invalid, "from")
		_, err = w.s.Gift(ctx, w.keeper, m, 99_999, w.today(), dues.Transfer)
		w.wants(err, errs.Invalid, "amount")
		p, err := w.s.Gift(ctx, w.keeper, m, 100_000, w.today(), dues.Transfer)
		if err != nil {
			t.Fatal(err)
		}
		if r, err := w.s.ReceiptOf(ctx, w.keeper, p); err != nil || r.Kind != dues.Voluntary || r.Amount != 100_000 || len(r.Months) != 0 {
			t.Errorf("receipt of a voluntary payment: %+v, %v", r, err)
		}
		w.balanced()
	})
}

func TestAQuarterInOneStep(t *testing.T) {
	each(t, func(w *network) {
		var all []dues.Taking
		for i := range 3 {
			m, _ := w.member(w.branch, fmt.Sprint("党员", i), "2001-07-01")
			w.base(m, month(2026, 7), dues.Retired, int64(400_000+i*100_000))
			all = append(all, dues.Taking{MemberID: m, From: month(2026, 7), To: month(2026, 9), PaidOn: w.today(), Means: dues.Cash})
		}
		w.member(w.second, "别的支部", "2001-07-01")
		sh, err := w.s.Sheet(ctx, w.keeper, dues.SheetFilter{BranchID: w.branch, From: month(2026, 7), To: month(2026, 9)})
		if err != nil || len(sh.Rows.Items) != 3 || sh.Rows.Items[0].Owed != 6000 || sh.Rows.Items[1].Owed != 7500 || sh.Rows.Items[2].Owed != 18000 || sh.Rows.Items[2].Behind() != 12000 {
			t.Fatalf("sheet: %+v, %v", sh, err)
		}
		if n, err := w.s.TakeMany(ctx, w.keeper, all); n != 3 || err != nil {
			t.Fatal(n, err)
		}
		_, err = w.s.TakeMany(ctx, w.keeper, all) // pressed twice
		w.wants(err, errs.Invalid, dues.AmountField(all[0].MemberID))
		sh, err = w.s.Sheet(ctx, w.keeper, dues.SheetFilter{BranchID: w.branch, From: month(2026, 7), To: month(2026, 9)})
		var paid []string
		for _, r := range sh.Rows.Items {
			paid = append(paid, r.Name+" "+i18n.Yuan(r.Paid())+" "+i18n.Yuan(r.Owed))
		}
		if err != nil || !slices.Equal(paid, []string{"党员0 60.00 0.00", "党员1 75.00 0.00", "党员2 180.00 0.00"}) {
			t.Errorf("after all have paid: %q, %v", paid, err)
		}
		own, err := w.s.Totals(ctx, w.keeper, dues.TotalFilter{})
		if err != nil || len(own.Items) != 1 || own.Items[0].Amount != 31500 || !own.Items[0].Kept || own.Items[0].Paid != 3 || own.Items[0].Members != 3 {
			t.Errorf("totals of who keeps them: %+v, %v", own.Items, err)
		}
		w.balanced()
	})
}

func TestFloatingMembersAndMergers(t *testing.T) {
	each(t, func(w *network) {
		m, _ := w.member(0, "流动党员", "2001-07-01")
		testkit.Exec(t, w.d, `UPDATE member SET kind = 'floating' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, m)
		community := at(w.community, nil, dues.PermKeep)
		if err := w.s.SetBase(ctx, community, m, dues.NewBase{From: month(2026, 9), Payer: dues.Least}); err != nil {
			t.Errorf("the receiving community takes the dues (DUES-9): %v", err)
		}
		n, _ := w.member(w.branch, "陈转", "2001-07-01")
		w.base(n, month(2026, 8), dues.Paid, 400_000)
		if _, err := w.take(n, month(2026, 8), 0, 0); err != nil {
			t.Fatal(err)
		}
		r, err := w.s.Relieve(ctx, w.keeper, n, dues.NewRelief{Kind: dues.None, From: month(2026, 9), To: month(2026, 9), DecidedOn: w.today(), Reason: "困难"})
		if err != nil {
			t.Fatal(err)
		}
		if err := w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.above, w.branch, w.second) }); err != nil {
			t.Fatal(err)
		}
		testkit.Exec(t, w.d, `UPDATE member SET home_id = $1 WHERE tenant_id = $2 AND id = $3`, w.second, testkit.Tenant, n)
		if err := w.s.Answer(ctx, w.above, r, true, "", 2); err != nil {
			t.Errorf("after the merger: %v", err)
		}
		if _, err := w.s.Open(ctx, w.keeper, n); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the former branch still sees the member: %v", err)
		}
		o, err := w.s.Open(ctx, at(w.second, nil, dues.PermKeep), n)
		if err != nil || state(o, month(2026, 9)).Charge != 0 || state(o, month(2026, 8)).Owed() != 0 {
			t.Errorf("the new branch sees %+v, %v", o.Months, err)
		}
		if err := w.d.WithTx(ctx, func(tx *db.Tx) error { return dues.AnonymiseTx(ctx, tx, testkit.Tenant, []id.ID{n}) }); err != nil {
			t.Fatal(err)
		}
		w.balanced()
	})
}
