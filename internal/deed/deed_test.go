package deed_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/countersign"
	"linli/internal/db"
	"linli/internal/deed"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

type world struct {
	t                *testing.T
	d                *db.DB
	clock            *testkit.Clock
	book             *ledger.Service
	s                *deed.Service
	east, west, unit id.ID
	li               ledger.Holder
	me, staff        authz.Actor
	loose            authz.Actor // a member who is not registered with a community
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		r := testkit.NewRows(t, d, testkit.Tenant)
		w := &world{t: t, d: d, clock: clock, book: ledger.New(d)}
		w.s = deed.New(d, w.book, countersign.New(seal.Ephemeral()), ledger.Register{})
		w.east, w.west, w.unit = r.Organisation("community_party", "东社区"), r.Organisation("community_party", "西社区"), r.Organisation("unit", "甲单位")
		p := r.Person(w.east, "李甲", "")
		w.li = ledger.Holder{MemberID: r.Member(p, w.east, w.unit, "李甲"), PersonID: p, CommunityID: w.east, UnitID: w.unit}
		w.me = testkit.Own(testkit.Tenant, p, deed.PermProposeOwn, deed.PermSeeOwn, ledger.PermSeeOwn)
		q := r.Person(0, "游丙", "")
		r.Member(q, 0, w.unit, "游丙")
		w.loose = testkit.Own(testkit.Tenant, q, deed.PermProposeOwn, deed.PermSeeOwn)
		w.staff = testkit.Actor(testkit.Tenant, []id.ID{w.east}, deed.PermSee, deed.PermPropose, deed.PermDecide, deed.PermCountersign, ledger.PermSee)
		fn(w)
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func wants(t *testing.T, err error, kind errs.Kind, says i18n.Text) {
	t.Helper()
	e := errs.As(err)
	if e == nil || e.Kind != kind {
		t.Errorf("got %v, want kind %d: %s", err, kind, says.In(i18n.EN))
		return
	}
	for _, m := range e.Fields {
		if m.Text == says {
			return
		}
	}
	if e.Message.Text != says {
		t.Errorf("got %v, want %q", err, says.In(i18n.EN))
	}
}

var day = calendar.On(2026, 9, 14)

func said(title string) deed.Said { return deed.Said{Title: title, OnDate: day, Helped: "王奶奶"} }

func (w *world) propose(title string) id.ID {
	w.t.Helper()
	d, err := w.s.Propose(ctx, w.me, said(title))
	w.must(err)
	return d
}

func (w *world) mix() ledger.Mix {
	w.t.Helper()
	t, err := w.book.Total(ctx, w.me, ledger.Filter{Account: ledger.Deeds})
	w.must(err)
	return t.Deeds
}

func (w *world) sound() {
	w.t.Helper()
	faults, err := w.book.Verify(ctx, w.d, testkit.Tenant, w.s)
	w.must(err)
	if len(faults) > 0 {
		w.t.Errorf("verify: %s", strings.Join(faults, "\n"))
	}
}

func TestADeedCountsWhenTheCommunityConfirmsIt(t *testing.T) {
	each(t, func(w *world) {
		d := w.propose("陪老人看病")
		if w.mix().Total() != 0 {
			w.t.Error("a proposed deed counts already")
		}
		items, err := w.s.Waiting(ctx, w.staff)
		if err != nil || len(items) != 1 || items[0].Kind != deed.WaitConfirm || items[0].Subject != d {
			w.t.Errorf("Waiting = %+v, %v", items, err)
		}
		w.must(w.s.Confirm(ctx, w.staff, d))
		if w.mix() != (ledger.Mix{Vouched: 1}) {
			w.t.Errorf("ledger %+v, want one vouched deed", w.mix())
		}
		wants(w.t, w.s.Confirm(ctx, w.staff, d), errs.Conflict, i18n.DeedDecided)
		wants(w.t, w.s.Withdraw(ctx, w.me, d), errs.Conflict, i18n.DeedDecided)
		w.must(w.s.Revoke(ctx, w.staff, d, "重复"))
		if w.mix().Total() != 0 {
			w.t.Errorf("ledger %+v after revoking", w.mix())
		}
		w.sound()
	})
}

func TestDeclineWithdrawAndWhatIsWrong(t *testing.T) {
	each(t, func(w *world) {
		_, err := w.s.Propose(ctx, w.me, said(" "))
		wants(w.t, err, errs.Invalid, i18n.ErrRequired)
		for title, on := range map[string]calendar.Date{"明天": calendar.On(2026, 9, 16), "去年今天之前": calendar.On(2025, 9, 14)} {
			_, err := w.s.Propose(ctx, w.me, deed.Said{Title: title, OnDate: on})
			if errs.KindOf(err) != errs.Invalid {
				w.t.Errorf("%s = %v, want refused", title, err)
			}
		}
		if _, err := w.s.Propose(ctx, w.me, deed.Said{Title: "去年今天", OnDate: calendar.On(2025, 9, 15)}); err != nil {
			w.t.Errorf("a year ago to the day = %v", err)
		}
		d := w.propose("修路灯")
		_, err = w.s.Propose(ctx, w.me, said("修路灯"))
		wants(w.t, err, errs.Conflict, i18n.DeedTwice)
		wants(w.t, w.s.Decline(ctx, w.staff, d, ""), errs.Invalid, i18n.ActivityReasonNeeded)
		w.must(w.s.Decline(ctx, w.staff, d, "不是这一天"))
		got, err := w.s.Get(ctx, w.me, d)
		if err != nil || got.State != deed.Declined || got.Reason != "不是这一天" {
			w.t.Errorf("the member sees %+v, %v", got, err)
		}
		again := w.propose("修路灯")
		w.must(w.s.Withdraw(ctx, w.me, again))
		wants(w.t, w.s.Confirm(ctx, w.staff, again), errs.Conflict, i18n.DeedDecided)
		_, err = w.s.Propose(ctx, w.loose, said("修路灯"))
		wants(w.t, err, errs.Conflict, i18n.DeedNotRegistered)
		if w.mix().Total() != 0 {
			w.t.Error("something counts that nobody confirmed")
		}
	})
}

func TestAllOrNoneAreConfirmed(t *testing.T) {
	each(t, func(w *world) {
		a, b := w.propose("一"), w.propose("二")
		w.must(w.s.Withdraw(ctx, w.me, b))
		if err := w.s.Confirm(ctx, w.staff, a, b); errs.KindOf(err) != errs.Conflict || w.mix().Total() != 0 {
			w.t.Errorf("Confirm = %v, %d count; want none", err, w.mix().Total())
		}
	})
}

func TestCorrectedByCounterPosting(t *testing.T) {
	each(t, func(w *world) {
		d := w.propose("陪老人看病")
		w.must(w.s.Confirm(ctx, w.staff, d))
		got, err := w.s.Get(ctx, w.staff, d)
		w.must(err)
		c := deed.Correction{Said: deed.Said{Title: "陪老人看病", OnDate: calendar.On(2026, 6, 30)}, Reason: "是上个季度", Version: got.Version}
		w.must(w.s.Correct(ctx, w.staff, d, c))
		wants(w.t, w.s.Correct(ctx, w.staff, d, c), errs.Conflict, i18n.ErrConflict)
		for q, want := range map[int]int64{2: 1, 3: 0} {
			t, err := w.book.Total(ctx, w.staff, ledger.Filter{Quarter: calendar.NewQuarter(2026, q)})
			if err != nil || t.Deeds.Total() != want {
				w.t.Errorf("quarter %d: %d deeds, %v; want %d", q, t.Deeds.Total(), err, want)
			}
		}
		l, err := w.book.List(ctx, w.staff, ledger.Filter{SourceID: d})
		if err != nil || len(l.Items) != 3 {
			w.t.Errorf("%d postings, %v; want the old, its counter-posting and the new", len(l.Items), err)
		}
		w.sound()
	})
}

func TestCountersigned(t *testing.T) {
	each(t, func(w *world) {
		d := w.propose("陪老人看病")
		w.must(w.s.Confirm(ctx, w.staff, d))
		if _, err := w.s.IssueCode(ctx, w.me, d, "王奶奶"); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("a member could make their own code: %v", err)
		}
		_, err := w.s.IssueCode(ctx, w.staff, d, " ")
		wants(w.t, err, errs.Invalid, i18n.ErrRequired)
		first, err := w.s.IssueCode(ctx, w.staff, d, "王奶奶")
		w.must(err)
		second, err := w.s.IssueCode(ctx, w.staff, d, "王奶奶的女儿")
		w.must(err)
		if first.Code != second.Code {
			wants(w.t, w.s.Countersign(ctx, w.me, d, first.Code), errs.Invalid, i18n.CountersignWrong)
		}
		w.must(w.s.Countersign(ctx, w.me, d, second.Code[:3]+" "+second.Code[3:]))
		if w.mix() != (ledger.Mix{Countersigned: 1}) {
			w.t.Errorf("ledger %+v, want one counter-signed deed", w.mix())
		}
		wants(w.t, w.s.Countersign(ctx, w.me, d, second.Code), errs.Conflict, i18n.DeedNotRaisable)
		w.sound()
	})
}

func TestNobodyDecidesTheirOwn(t *testing.T) {
	each(t, func(w *world) {
		d := w.propose("陪老人看病")
		both := w.staff
		both.PersonID = w.li.PersonID
		wants(w.t, w.s.Confirm(ctx, both, d), errs.Forbidden, i18n.DeedOwn)
		_, err := w.s.IssueCode(ctx, both, d, "王奶奶")
		wants(w.t, err, errs.Forbidden, i18n.DeedOwn)
	})
}

func TestScope(t *testing.T) {
	each(t, func(w *world) {
		d := w.propose("陪老人看病")
		perms := []authz.Permission{deed.PermSee, deed.PermPropose, deed.PermDecide}
		actors := map[string]struct {
			x              authz.Actor
			sees, proposes bool
		}{
			"the community":      {w.staff, true, true},
			"the unit's liaison": {testkit.Actor(testkit.Tenant, []id.ID{w.unit}, perms...), true, true},
			"another community":  {testkit.Actor(testkit.Tenant, []id.ID{w.west}, perms...), false, false},
			"another tenant":     {testkit.Actor(testkit.Other, nil, perms...), false, false},
			"another member":     {w.loose, false, false},
		}
		for name, a := range actors {
			l, err := w.s.List(ctx, a.x, deed.Filter{})
			if err != nil || (len(l.Items) > 0) != a.sees {
				w.t.Errorf("%s sees %d, %v", name, len(l.Items), err)
			}
			if _, err := w.s.Get(ctx, a.x, d); (err == nil) != a.sees {
				w.t.Errorf("%s: Get = %v", name, err)
			}
			if _, err := w.s.ProposeFor(ctx, a.x, w.li.MemberID, said("代提"+name)); (err == nil) != a.proposes {
				w.t.Errorf("%s: ProposeFor = %v", name, err)
			}
			if err := w.s.Confirm(ctx, a.x, d); (err == nil) != (name == "the community") && errs.KindOf(err) != errs.Conflict {
				w.t.Errorf("%s: Confirm = %v; only the community decides", name, err)
			}
		}
	})
}

func TestFromAnAttendance(t *testing.T) {
	each(t, func(w *world) {
		from := ledger.Posting{MemberID: w.li.MemberID, PersonID: w.li.PersonID, CommunityID: w.east, UnitID: w.unit, OnDate: day, Proof: ledger.Timed,
			SourceKind: ledger.SourceAttendance, SourceID: id.New()}
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error {
			if err := w.s.ProposeTx(ctx, tx, w.staff, "参加义诊", []ledger.Posting{from}); err != nil {
				return err
			}
			return w.s.ProposeTx(ctx, tx, w.staff, "参加义诊", []ledger.Posting{from})
		}))
		l, err := w.s.List(ctx, w.me, deed.Filter{})
		if err != nil || len(l.Items) != 1 || l.Items[0].Proof != ledger.Timed {
			w.t.Fatalf("%+v, %v; want one timed deed for one attendance", l.Items, err)
		}
		w.must(w.s.Confirm(ctx, w.staff, l.Items[0].ID))
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.RetractTx(ctx, tx, w.staff, from.SourceID, "不是本人") }))
		got, err := w.s.Get(ctx, w.me, l.Items[0].ID)
		if err != nil || got.State != deed.Revoked || w.mix().Total() != 0 {
			w.t.Errorf("after the attendance is void: %s, %d count, %v", got.State, w.mix().Total(), err)
		}
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.RetractTx(ctx, tx, w.staff, id.New(), "没有") }))
		w.sound()
	})
}

func TestRecordedFromAList(t *testing.T) {
	each(t, func(w *world) {
		list := []deed.Recorded{{MemberID: w.li.MemberID, Said: said("一"), Proof: ledger.Timed}, {MemberID: w.li.MemberID, Said: said("二")}}
		w.must(w.s.Record(ctx, w.staff, list))
		if w.mix() != (ledger.Mix{Vouched: 2}) {
			w.t.Errorf("ledger %+v, want two vouched: a person's list proves nothing more", w.mix())
		}
		west := testkit.Actor(testkit.Tenant, []id.ID{w.west}, deed.PermDecide)
		if err := w.s.Record(ctx, west, list); errs.KindOf(err) != errs.Forbidden {
			w.t.Errorf("another community = %v", err)
		}
		w.sound()
	})
}

// TestBookEqualsConfirmedDeeds decides at random and compares the ledger with the deeds that stand.
func TestBookEqualsConfirmedDeeds(t *testing.T) {
	each(t, func(w *world) {
		n := 0
		rapid.Check(w.t, func(rt *rapid.T) {
			n++
			d := w.propose("第" + time.Duration(n).String())
			for range rapid.IntRange(1, 5).Draw(rt, "steps") {
				var err error
				switch rapid.SampledFrom([]string{"confirm", "decline", "withdraw", "revoke", "correct"}).Draw(rt, "act") {
				case "confirm":
					err = w.s.Confirm(ctx, w.staff, d)
				case "decline":
					err = w.s.Decline(ctx, w.staff, d, "否")
				case "withdraw":
					err = w.s.Withdraw(ctx, w.me, d)
				case "revoke":
					err = w.s.Revoke(ctx, w.staff, d, "撤")
				case "correct":
					err = w.s.Correct(ctx, w.staff, d, deed.Correction{Said: said("更正" + time.Duration(n).String()), Reason: "改"})
				}
				if err != nil && errs.KindOf(err) != errs.Conflict {
					rt.Fatal(err)
				}
			}
		})
		l, err := w.s.List(ctx, w.staff, deed.Filter{State: deed.Confirmed, Page: db.Page{Limit: 500}})
		w.must(err)
		if got := w.mix().Total(); got != int64(len(l.Items)) {
			w.t.Errorf("the ledger counts %d deeds, %d are confirmed", got, len(l.Items))
		}
		w.sound()
	})
}
