package activity_test

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/activity"
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

var allPerms = []authz.Permission{activity.PermSee, activity.PermBrowse, activity.PermPlan, activity.PermHold, activity.PermEnrol, activity.PermCountersign,
	activity.PermKinds, ledger.PermSee, deed.PermSee, deed.PermDecide}

// world is a district with two communities and a unit; it is a quarter to nine on the day of an activity from nine to eleven.
type world struct {
	t           *testing.T
	d           *db.DB
	clock       *testkit.Clock
	rows        testkit.Rows
	ring        *seal.Ring
	book        *ledger.Service
	deeds       *deed.Service
	s           *activity.Service
	east, west  id.ID
	unit        id.ID
	staff       authz.Actor // of the eastern community
	starts      time.Time
	memberCount int
}

func newWorld(t *testing.T, d *db.DB, clock *testkit.Clock) *world {
	w := &world{t: t, d: d, clock: clock, ring: seal.Ephemeral(), book: ledger.New(d), rows: testkit.NewRows(t, d, testkit.Tenant)}
	signing := countersign.New(w.ring)
	w.deeds = deed.New(d, w.book, signing, ledger.Register{})
	w.s = activity.New(d, w.ring, w.book, signing, ledger.Register{}, w.deeds)
	w.east, w.west, w.unit = w.rows.Organisation("community_party", "东社区"), w.rows.Organisation("community_party", "西社区"), w.rows.Organisation("unit", "甲单位")
	w.staff = testkit.Actor(testkit.Tenant, []id.ID{w.east}, allPerms...)
	w.must(d.WithTx(ctx, func(tx *db.Tx) error { return w.s.PrepareTx(ctx, tx, testkit.Tenant) }))
	w.starts = calendar.On(2026, 9, 19).Time().Add(9 * time.Hour)
	clock.Set(w.starts.Add(-15 * time.Minute))
	return w
}

func each(t *testing.T, fn func(w *world)) {
	t.Helper()
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) { fn(newWorld(t, d, clock)) })
}

// member makes a member of the eastern community and the unit, with an account of their own.
func (w *world) member(phone string) (ledger.Holder, authz.Actor) {
	w.t.Helper()
	w.memberCount++
	name := "党员" + strconv.Itoa(w.memberCount)
	p := w.rows.Person(w.east, name, w.ring.Index("phone", phone))
	h := ledger.Holder{MemberID: w.rows.Member(p, w.east, w.unit, name), PersonID: p, CommunityID: w.east, UnitID: w.unit, Name: name}
	return h, testkit.Own(testkit.Tenant, p, activity.PermSeeOwn, activity.PermBrowse, activity.PermEnrolOwn, activity.PermSignOwn, ledger.PermSeeOwn, deed.PermSeeOwn)
}

func (w *world) plan() activity.Plan {
	return activity.Plan{CommunityID: w.east, KindCode: "volunteering", Title: "清理楼道", Place: "3 号楼", StartsAt: w.starts, EndsAt: w.starts.Add(2 * time.Hour), GivesHours: true}
}

// published makes a published activity.
func (w *world) published(edit func(*activity.Plan)) id.ID {
	w.t.Helper()
	p := w.plan()
	if edit != nil {
		edit(&p)
	}
	a, err := w.s.Create(ctx, w.staff, p)
	if err != nil {
		w.t.Fatal(err)
	}
	if err := w.s.Publish(ctx, w.staff, a); err != nil {
		w.t.Fatal(err)
	}
	return a
}

// code is what the screen shows now.
func (w *world) code(a id.ID) activity.Presented {
	w.t.Helper()
	s, err := w.s.Screen(ctx, w.staff, a)
	if err != nil {
		w.t.Fatal(err)
	}
	return activity.Presented{Code: s.Code.String()}
}

func (w *world) minutes(member id.ID) ledger.Mix {
	w.t.Helper()
	t, err := w.book.Total(ctx, w.staff, ledger.Filter{MemberID: member, Account: ledger.Hours})
	if err != nil {
		w.t.Fatal(err)
	}
	return t.Hours
}

// sound fails when the book and its sources do not agree.
func (w *world) sound() {
	w.t.Helper()
	faults, err := w.book.Verify(ctx, w.d, testkit.Tenant, w.s, w.deeds)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, f := range faults {
		w.t.Errorf("verify: %s", f)
	}
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

func TestFromPlanToLedger(t *testing.T) {
	each(t, func(w *world) {
		li, me := w.member("")
		a := w.published(func(p *activity.Plan) { p.DeedTitle = "参加环境整治" })
		if state, err := w.s.Enrol(ctx, me, a); err != nil || state != activity.Enrolled {
			w.t.Fatalf("Enrol = %s, %v", state, err)
		}
		if _, err := w.s.SignIn(ctx, me, w.code(a), nil); err != nil {
			w.t.Fatal(err)
		}
		if got, _ := w.s.Get(ctx, w.staff, a); got.State != activity.Held || got.Present != 1 || got.Enrolled != 1 {
			w.t.Errorf("after the first sign-in: %+v", got)
		}
		if m := w.minutes(li.MemberID); m.Total() != 0 {
			w.t.Errorf("%d minutes stand before anybody left", m.Total())
		}
		w.clock.Set(w.starts.Add(90 * time.Minute))
		out, err := w.s.SignOut(ctx, me, w.code(a))
		if err != nil || out.Minutes != 105 || out.Proof != ledger.Timed {
			w.t.Fatalf("SignOut = %+v, %v; want 105 timed minutes from a quarter to nine", out, err)
		}
		if m := w.minutes(li.MemberID); m != (ledger.Mix{Timed: 105}) {
			w.t.Errorf("ledger %+v, want 105 timed", m)
		}
		deeds, err := w.deeds.List(ctx, me, deed.Filter{})
		if err != nil || len(deeds.Items) != 1 || deeds.Items[0].Title != "参加环境整治" || deeds.Items[0].ActivityID != a {
			w.t.Fatalf("deeds %+v, %v; want the one that taking part amounts to", deeds.Items, err)
		}
		w.must(w.deeds.Confirm(ctx, w.staff, deeds.Items[0].ID))
		year, err := w.book.Member(ctx, me, li.MemberID, 2026)
		if err != nil || year.Totals.Deeds.Timed != 1 || year.Totals.Services != 1 || year.Quarters[2].Hours.Timed != 105 {
			w.t.Errorf("the member's year %+v, %v", year, err)
		}
		w.sound()
		_, err = w.s.SignOut(ctx, me, w.code(a))
		wants(w.t, err, errs.Conflict, i18n.ActivityNotPresent)
		_, err = w.s.SignIn(ctx, me, w.code(a), nil)
		wants(w.t, err, errs.Conflict, i18n.ActivitySignedInAlready)
	})
}

func TestYesterdaysCode(t *testing.T) {
	each(t, func(w *world) {
		_, me := w.member("")
		a := w.published(nil)
		w.clock.Advance(-24 * time.Hour)
		old := w.code(a)
		w.clock.Advance(24 * time.Hour)
		_, err := w.s.SignIn(ctx, me, old, nil)
		wants(w.t, err, errs.Invalid, i18n.ActivityCodeOld)
		other := w.published(nil)
		_, err = w.s.SignIn(ctx, me, activity.Presented{Code: strings.Replace(w.code(a).Code, a.String(), other.String(), 1)}, nil)
		wants(w.t, err, errs.Invalid, i18n.ActivityCodeForged)
		_, err = w.s.SignIn(ctx, testkit.Own(testkit.Other, 5, activity.PermSignOwn), w.code(a), nil)
		wants(w.t, err, errs.Invalid, i18n.ActivityOtherDistrict)
		if got, err := w.s.Get(ctx, w.staff, a); err != nil || got.Attended != 0 || got.State != activity.Published {
			w.t.Errorf("a refused code left %+v, %v", got, err)
		}
		s, err := w.s.Screen(ctx, w.staff, a)
		w.must(err)
		if _, err := w.s.SignIn(ctx, me, activity.Presented{Activity: a, Digits: s.Digits}, nil); err != nil {
			w.t.Errorf("the digits of now: %v", err)
		}
	})
}

func TestNeverOverCapacity(t *testing.T) {
	each(t, func(w *world) {
		const places, people = 5, 16
		a := w.published(func(p *activity.Plan) { p.Capacity = places })
		actors := make([]authz.Actor, people)
		for i := range actors {
			_, actors[i] = w.member("")
		}
		var wg sync.WaitGroup
		enrolErrs := make([]error, people)
		for i, me := range actors {
			wg.Add(1)
			go func() {
				defer wg.Done()
				if _, enrolErrs[i] = w.s.Enrol(ctx, me, a); enrolErrs[i] == nil && i%3 == 0 {
					enrolErrs[i] = w.s.Withdraw(ctx, me, a)
				}
			}()
		}
		wg.Wait()
		for i, err := range enrolErrs {
			if err != nil {
				w.t.Errorf("member %d: %v", i, err)
			}
		}
		in, waiting := w.queue(a)
		stay := 0
		for i := range actors {
			if i%3 != 0 {
				stay++
			}
		}
		got, err := w.s.Get(ctx, w.staff, a)
		w.must(err)
		if in != places || waiting != stay-places || got.Enrolled != places || got.Waiting != int64(stay-places) {
			w.t.Errorf("%d enrolled (counter %d), %d waiting; want %d and %d", in, got.Enrolled, waiting, places, stay-places)
		}
		for i, me := range actors { // everybody leaves, one after another: nobody is lost
			if i%3 != 0 {
				w.must(w.s.Withdraw(ctx, me, a))
				stay--
				if in, waiting := w.queue(a); in != min(places, stay) || in+waiting != stay {
					w.t.Fatalf("with %d left: %d enrolled, %d waiting", stay, in, waiting)
				}
			}
		}
	})
}

func (w *world) queue(a id.ID) (in, waiting int) {
	w.t.Helper()
	all, err := w.s.Enrolments(ctx, w.staff, a)
	w.must(err)
	for _, e := range all {
		if e.State == activity.Enrolled {
			in++
		} else {
			waiting++
		}
	}
	return in, waiting
}

func TestWaitingListKeepsItsOrder(t *testing.T) {
	each(t, func(w *world) {
		a := w.published(func(p *activity.Plan) { p.Capacity = 1 })
		var holders []ledger.Holder
		var actors []authz.Actor
		for range 4 {
			h, me := w.member("")
			holders, actors = append(holders, h), append(actors, me)
			_, err := w.s.Enrol(ctx, me, a)
			w.must(err)
			w.clock.Advance(time.Second)
		}
		if m, err := w.s.Mine(ctx, actors[3], a); err != nil || m.Enrolment != activity.Waiting || m.Ahead != 2 {
			w.t.Errorf("the last stands at %+v, %v; want two ahead", m, err)
		}
		if state, err := w.s.Enrol(ctx, actors[1], a); err != nil || state != activity.Waiting {
			w.t.Errorf("pressing again = %s, %v", state, err)
		}
		w.must(w.s.Withdraw(ctx, actors[0], a))
		state := func(i int) activity.EnrolState {
			m, err := w.s.Mine(ctx, actors[i], a)
			w.must(err)
			return m.Enrolment
		}
		if state(1) != activity.Enrolled || state(2) != activity.Waiting {
			w.t.Errorf("second %s, third %s; want the second to have moved up", state(1), state(2))
		}
		w.tellsWhoMovedUp(a, actors[1], actors[2])
		p := w.plan()
		p.Capacity = 2
		got, err := w.s.Get(ctx, w.staff, a)
		w.must(err)
		w.must(w.s.Edit(ctx, w.staff, a, got.Version, p))
		if state(2) != activity.Enrolled || state(3) != activity.Waiting {
			w.t.Errorf("third %s, fourth %s; want one more place to be filled", state(2), state(3))
		}
		wants(w.t, w.s.Edit(ctx, w.staff, a, got.Version, p), errs.Conflict, i18n.ErrConflict)
		if s, err := w.s.Enrol(ctx, actors[0], a); err != nil || s != activity.Waiting {
			w.t.Errorf("whoever left and comes back = %s, %v; want the end of the queue", s, err)
		}
		w.must(w.s.WithdrawFor(ctx, w.staff, a, holders[1].MemberID))
		if state(3) != activity.Enrolled || state(0) != activity.Waiting {
			w.t.Errorf("fourth %s, first %s", state(3), state(0))
		}
	})
}

func TestGuestIsJoinedWithoutTyping(t *testing.T) {
	each(t, func(w *world) {
		li, _ := w.member("13800138001")
		a := w.published(nil)
		nobody := authz.Actor{Tenant: testkit.Tenant}
		g := activity.Guest{Name: " 张三 ", Phone: "138 0013 8001"}
		in, err := w.s.SignInGuest(ctx, nobody, w.code(a), g, nil)
		w.must(err)
		_, err = w.s.SignInGuest(ctx, nobody, w.code(a), activity.Guest{Name: "张三", Phone: "+8613800138001"}, nil)
		wants(w.t, err, errs.Conflict, i18n.ActivityTwice)
		_, err = w.s.SignInGuest(ctx, nobody, w.code(a), activity.Guest{Name: "李四", Phone: "12"}, nil)
		if errs.KindOf(err) != errs.Invalid {
			w.t.Errorf("a wrong phone = %v", err)
		}
		w.clock.Set(w.starts.Add(time.Hour))
		_, err = w.s.SignOutGuest(ctx, nobody, w.code(a), "13900139000")
		wants(w.t, err, errs.Invalid, i18n.ActivityGuestUnknown)
		out, err := w.s.SignOutGuest(ctx, nobody, w.code(a), "138-0013-8001")
		if err != nil || out.ID != in.ID || out.Minutes != 75 {
			w.t.Fatalf("SignOutGuest = %+v, %v", out, err)
		}
		if n := w.waiting(activity.WaitJoin); n != 1 {
			w.t.Errorf("%d guests wait to be joined, want 1", n)
		}
		c, err := w.s.Candidates(ctx, w.staff, in.ID)
		if err != nil || len(c) != 1 || c[0].MemberID != li.MemberID {
			w.t.Fatalf("Candidates = %+v, %v; want the member with that phone", c, err)
		}
		w.sound()
		w.must(w.s.Join(ctx, w.staff, in.ID, c[0].MemberID))
		if m := w.minutes(li.MemberID); m != (ledger.Mix{Timed: 75}) {
			w.t.Errorf("after joining %+v, want 75 timed", m)
		}
		var sealed int64
		w.must(w.d.QueryRow(ctx, `SELECT count(*) FROM attendance WHERE guest_phone IS NOT NULL`).Scan(&sealed))
		if sealed != 0 || w.waiting(activity.WaitJoin) != 0 {
			w.t.Errorf("after joining, %d phones are kept and %d guests wait", sealed, w.waiting(activity.WaitJoin))
		}
		wants(w.t, w.s.Join(ctx, w.staff, in.ID, li.MemberID), errs.Conflict, i18n.ActivityJoinedAlready)
		second, err := w.s.SignInGuestFor(ctx, w.staff, a, activity.Guest{Name: "张三", Phone: "13800138009"}, nil)
		w.must(err)
		wants(w.t, w.s.Join(ctx, w.staff, second.ID, li.MemberID), errs.Conflict, i18n.ActivityJoinTwice)
		w.sound()
	})
}

func TestAResidentWhoIsNoMemberIsJoinedWithoutHours(t *testing.T) {
	each(t, func(w *world) {
		resident := w.rows.Person(w.east, "周居民", w.ring.Index("phone", "13800138005"))
		a := w.published(nil)
		in, err := w.s.SignInGuestFor(ctx, w.staff, a, activity.Guest{Name: "小周", Phone: "13800138005"}, nil)
		w.must(err)
		w.clock.Set(w.starts.Add(time.Hour))
		w.must2(w.s.SignOutFor(ctx, w.staff, in.ID))
		c, err := w.s.Candidates(ctx, w.staff, in.ID)
		if err != nil || len(c) != 1 || c[0].MemberID != 0 || c[0].PersonID != resident {
			w.t.Fatalf("Candidates = %+v, %v; want the resident", c, err)
		}
		if err := w.s.JoinPerson(ctx, w.staff, in.ID, id.New()); errs.KindOf(err) != errs.Invalid {
			w.t.Errorf("a person who is not there = %v", err)
		}
		w.must(w.s.JoinPerson(ctx, w.staff, in.ID, resident))
		wants(w.t, w.s.JoinPerson(ctx, w.staff, in.ID, resident), errs.Conflict, i18n.ActivityJoinedAlready)
		if total, err := w.book.Total(ctx, w.staff, ledger.Filter{}); err != nil || total.Hours.Total() != 0 {
			w.t.Errorf("ledger %+v, %v; a resident has no member's account", total, err)
		}
		own := testkit.Own(testkit.Tenant, resident, activity.PermSeeOwn)
		if l, err := w.s.Attendances(ctx, own, activity.Attended{}); err != nil || len(l.Items) != 1 {
			w.t.Errorf("the resident sees %d of their own, %v", len(l.Items), err)
		}
		stranger, _ := w.member("")
		wants(w.t, w.s.Join(ctx, w.staff, in.ID, stranger.MemberID), errs.Conflict, i18n.ActivityJoinedAlready)
		later := w.rows.Member(resident, w.east, 0, "周居民")
		w.must(w.s.Join(ctx, w.staff, in.ID, later))
		if m := w.minutes(later); m != (ledger.Mix{Timed: 75}) {
			w.t.Errorf("after becoming a member %+v, want 75 timed", m)
		}
		w.sound()
	})
}

func TestNobodyVouchesForThemselves(t *testing.T) {
	each(t, func(w *world) {
		li, _ := w.member("")
		a := w.published(nil)
		w.clock.Set(w.starts.Add(3 * time.Hour))
		both := w.staff
		both.PersonID = li.PersonID
		in := activity.Entry{MemberID: li.MemberID, InAt: w.starts, OutAt: w.starts.Add(time.Hour), Reason: "我在"}
		_, err := w.s.Enter(ctx, both, a, in)
		wants(w.t, err, errs.Forbidden, i18n.ActivityOwn)
		wants(w.t, w.s.Presences(ctx, both, a, ledger.Timed, []activity.Entry{in}), errs.Forbidden, i18n.ActivityOwn)
		got, err := w.s.Enter(ctx, w.staff, a, in)
		w.must(err)
		wants(w.t, w.s.Correct(ctx, both, got.ID, activity.Correction{InAt: w.starts, OutAt: w.starts.Add(2 * time.Hour), Reason: "更久"}), errs.Forbidden, i18n.ActivityOwn)
		_, err = w.s.IssueCode(ctx, both, got.ID, "王奶奶")
		wants(w.t, err, errs.Forbidden, i18n.ActivityOwn)
	})
}

func (w *world) waiting(kind string) int64 {
	w.t.Helper()
	items, err := w.s.Waiting(ctx, w.staff)
	w.must(err)
	i := slices.IndexFunc(items, func(i waitingItem) bool { return i.Kind == kind })
	if i < 0 {
		return 0
	}
	return items[i].Count
}

func TestEnteredLaterAndCorrected(t *testing.T) {
	each(t, func(w *world) {
		li, _ := w.member("")
		a := w.published(nil)
		w.clock.Set(w.starts.Add(24 * time.Hour))
		in := activity.Entry{MemberID: li.MemberID, InAt: w.starts, OutAt: w.starts.Add(time.Hour)}
		_, err := w.s.Enter(ctx, w.staff, a, in)
		wants(w.t, err, errs.Invalid, i18n.ActivityReasonNeeded)
		in.Reason = "手机没电，签到本上有签名"
		bad := in
		bad.OutAt = bad.InAt.Add(-time.Minute)
		_, err = w.s.Enter(ctx, w.staff, a, bad)
		wants(w.t, err, errs.Invalid, i18n.ErrEndBeforeStart)
		bad = in
		bad.OutAt = w.clock.Now().Add(time.Minute)
		_, err = w.s.Enter(ctx, w.staff, a, bad)
		wants(w.t, err, errs.Invalid, i18n.ActivityInFuture)
		bad = in
		bad.InAt = w.starts.Add(-2 * time.Hour)
		_, err = w.s.Enter(ctx, w.staff, a, bad)
		wants(w.t, err, errs.Invalid, i18n.ActivityOutside)
		got, err := w.s.Enter(ctx, w.staff, a, in)
		w.must(err)
		if got.Proof != ledger.Vouched || w.minutes(li.MemberID) != (ledger.Mix{Vouched: 60}) {
			w.t.Errorf("entered %+v, ledger %+v; want 60 vouched minutes", got, w.minutes(li.MemberID))
		}
		c := activity.Correction{InAt: w.starts, OutAt: w.starts.Add(90 * time.Minute), Reason: "看错了签名时间", Version: got.Version}
		w.must(w.s.Correct(ctx, w.staff, got.ID, c))
		wants(w.t, w.s.Correct(ctx, w.staff, got.ID, c), errs.Conflict, i18n.ErrConflict)
		postings, err := w.book.List(ctx, w.staff, ledger.Filter{SourceID: got.ID})
		w.must(err)
		var amounts []string
		for _, p := range postings.Items {
			amounts = append(amounts, strconv.FormatInt(p.Amount, 10)+p.Reason)
		}
		slices.Sort(amounts)
		if strings.Join(amounts, " ") != "-60看错了签名时间 60手机没电，签到本上有签名 90看错了签名时间" {
			w.t.Errorf("postings %v; want the old one, its counter-posting and the new one", amounts)
		}
		w.sound()
		w.must(w.s.Void(ctx, w.staff, got.ID, "不是本人"))
		if m := w.minutes(li.MemberID); m.Total() != 0 {
			w.t.Errorf("%d minutes stand after voiding", m.Total())
		}
		wants(w.t, w.s.Void(ctx, w.staff, got.ID, "再来"), errs.Conflict, i18n.ActivityIsVoid)
		if _, err := w.s.Enter(ctx, w.staff, a, in); err != nil {
			w.t.Errorf("a void entry stands in the way of the right one: %v", err)
		}
		w.sound()
	})
}

func TestForgottenSignOut(t *testing.T) {
	each(t, func(w *world) {
		li, me := w.member("")
		wang, other := w.member("")
		a := w.published(nil)
		for _, m := range []authz.Actor{me, other} {
			_, err := w.s.SignIn(ctx, m, w.code(a), nil)
			w.must(err)
		}
		w.must2(w.s.SignOutFor(ctx, w.staff, w.attendance(a, wang.MemberID).ID))
		wants(w.t, w.s.Close(ctx, w.staff, a), errs.Conflict, i18n.ActivityNotEnded)
		w.clock.Set(w.starts.Add(26 * time.Hour))
		if n := w.waiting(activity.WaitForgotten); n != 1 {
			w.t.Errorf("%d forgotten sign-outs wait, want 1", n)
		}
		w.must(w.s.Close(ctx, w.staff, a))
		got := w.attendance(a, li.MemberID)
		if got.State != activity.Out || got.Proof != ledger.Vouched || got.Minutes != 135 || got.Reason != activity.ForgotReason {
			w.t.Errorf("closed: %+v; want 135 vouched minutes until the end", got)
		}
		if w.minutes(li.MemberID) != (ledger.Mix{Vouched: 135}) || w.waiting(activity.WaitForgotten) != 0 {
			w.t.Errorf("ledger %+v", w.minutes(li.MemberID))
		}
		_, err := w.s.SignIn(ctx, me, w.code(a), nil)
		wants(w.t, err, errs.Conflict, i18n.ActivitySignedInAlready)
		w.sound()
	})
}

func (w *world) must2(_ activity.Attendance, err error) { w.t.Helper(); w.must(err) }

func (w *world) attendance(a, member id.ID) activity.AttendanceItem {
	w.t.Helper()
	l, err := w.s.Attendances(ctx, w.staff, activity.Attended{ActivityID: a, MemberID: member})
	w.must(err)
	if len(l.Items) != 1 {
		w.t.Fatalf("%d attendances of member %s, want 1", len(l.Items), member)
	}
	return l.Items[0]
}

func TestOverlapsAndLongDaysAreFlaggedAndCleared(t *testing.T) {
	each(t, func(w *world) {
		li, _ := w.member("")
		a := w.published(nil)
		b := w.published(func(p *activity.Plan) { p.Title = "同时的另一场" })
		long := w.published(func(p *activity.Plan) { p.StartsAt, p.EndsAt = w.starts.Add(-9*time.Hour), w.starts.Add(14*time.Hour) })
		w.clock.Set(w.starts.Add(48 * time.Hour))
		enter := func(a id.ID, from, to time.Duration) activity.Attendance {
			got, err := w.s.Enter(ctx, w.staff, a, activity.Entry{MemberID: li.MemberID, InAt: w.starts.Add(from), OutAt: w.starts.Add(to), Reason: "补"})
			w.must(err)
			return got
		}
		first := enter(a, 0, 2*time.Hour)
		second := enter(b, time.Hour, 2*time.Hour)
		if second.OverlapID != first.ID || w.attendance(a, li.MemberID).OverlapID != second.ID || w.attendance(a, li.MemberID).OverlapTitle != "同时的另一场" {
			w.t.Errorf("second %+v, first %+v; want each to point at the other", second, w.attendance(a, li.MemberID))
		}
		if n := w.waiting(activity.WaitFlagged); n != 2 {
			w.t.Errorf("%d flagged wait, want 2", n)
		}
		w.must(w.s.Correct(ctx, w.staff, second.ID, activity.Correction{InAt: w.starts.Add(-30 * time.Minute), OutAt: w.starts, Reason: "时间记错"}))
		if w.attendance(a, li.MemberID).Flagged() || w.attendance(b, li.MemberID).Flagged() {
			w.t.Error("the overlap is gone, its flag is not")
		}
		enter(long, -9*time.Hour, 14*time.Hour)
		if got := w.attendance(long, li.MemberID); !got.LongDay || got.OverlapID == 0 {
			w.t.Errorf("23 hours on one day: %+v", got)
		}
		w.must(w.s.Void(ctx, w.staff, w.attendance(long, li.MemberID).ID, "记错"))
		if w.attendance(a, li.MemberID).Flagged() {
			w.t.Error("what overlapped is void, the flag stays")
		}
		w.sound()
	})
}

func TestCountersignRaisesTheProof(t *testing.T) {
	each(t, func(w *world) {
		li, me := w.member("")
		_, stranger := w.member("")
		a := w.published(nil)
		w.clock.Set(w.starts.Add(3 * time.Hour))
		got, err := w.s.Enter(ctx, w.staff, a, activity.Entry{MemberID: li.MemberID, InAt: w.starts, OutAt: w.starts.Add(time.Hour), Reason: "上门服务"})
		w.must(err)
		_, err = w.s.IssueCode(ctx, me, got.ID, "王奶奶")
		if errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("a member could make their own code: %v", err)
		}
		wants(w.t, w.s.Countersign(ctx, me, got.ID, "123456"), errs.Conflict, i18n.CountersignNone)
		issued, err := w.s.IssueCode(ctx, w.staff, got.ID, "王奶奶")
		w.must(err)
		if w.waiting(activity.WaitCountersign) != 1 || !w.attendance(a, li.MemberID).AwaitsHelped {
			w.t.Error("the code that is out does not show")
		}
		if err := w.s.Countersign(ctx, stranger, got.ID, issued.Code); errs.KindOf(err) != errs.NotFound {
			w.t.Errorf("another member could enter the code: %v", err)
		}
		wrong := "000000"
		if issued.Code == wrong {
			wrong = "000001"
		}
		for range 4 {
			wants(w.t, w.s.Countersign(ctx, me, got.ID, wrong), errs.Invalid, i18n.CountersignWrong)
		}
		wants(w.t, w.s.Countersign(ctx, me, got.ID, wrong), errs.RateLimited, i18n.CountersignTooMany)
		wants(w.t, w.s.Countersign(ctx, me, got.ID, issued.Code), errs.RateLimited, i18n.CountersignTooMany)
		issued, err = w.s.IssueCode(ctx, w.staff, got.ID, "王奶奶")
		w.must(err)
		w.clock.Advance(7*24*time.Hour + time.Second)
		wants(w.t, w.s.Countersign(ctx, me, got.ID, issued.Code), errs.Conflict, i18n.CountersignExpired)
		issued, err = w.s.IssueCode(ctx, w.staff, got.ID, "王奶奶")
		w.must(err)
		w.must(w.s.Countersign(ctx, me, got.ID, issued.Code))
		if m := w.minutes(li.MemberID); m != (ledger.Mix{Countersigned: 60}) {
			w.t.Errorf("ledger %+v, want 60 counter-signed", m)
		}
		if helped := w.attendance(a, li.MemberID).HelpedName; helped != "王奶奶" {
			w.t.Errorf("helped %q", helped)
		}
		wants(w.t, w.s.Countersign(ctx, me, got.ID, issued.Code), errs.Conflict, i18n.ActivityNotRaisable)
		w.sound()
	})
}

func TestWhoMayDoWhat(t *testing.T) {
	each(t, func(w *world) {
		li, me := w.member("")
		a := w.published(nil)
		draft, err := w.s.Create(ctx, w.staff, w.plan())
		w.must(err)
		west := testkit.Actor(testkit.Tenant, []id.ID{w.west}, allPerms...)
		foreign := testkit.Actor(testkit.Other, nil, allPerms...)
		liaison := testkit.Actor(testkit.Tenant, []id.ID{w.unit}, activity.PermEnrol, activity.PermSee)
		w.must2(w.s.SignInFor(ctx, w.staff, a, li.MemberID, nil))
		cases := []struct {
			name string
			do   func(authz.Actor) error
			who  map[string]authz.Actor
			kind errs.Kind
		}{
			{"only the community plans for itself", func(x authz.Actor) error { _, err := w.s.Create(ctx, x, w.plan()); return err },
				map[string]authz.Actor{"west": west, "member": me, "foreign": foreign, "nobody": {Tenant: testkit.Tenant}}, errs.Forbidden},
			{"drafts are the community's own", func(x authz.Actor) error { _, err := w.s.Get(ctx, x, draft); return err },
				map[string]authz.Actor{"west": west, "member": me, "liaison": liaison, "foreign": foreign}, errs.NotFound},
			{"another tenant sees nothing at all", func(x authz.Actor) error { _, err := w.s.Get(ctx, x, a); return err }, map[string]authz.Actor{"foreign": foreign}, errs.NotFound},
			{"the screen is the organiser's", func(x authz.Actor) error { _, err := w.s.Screen(ctx, x, a); return err },
				map[string]authz.Actor{"west": west, "member": me, "liaison": liaison, "foreign": foreign}, errs.NotFound},
			{"so is publishing", func(x authz.Actor) error { return w.s.Publish(ctx, x, draft) }, map[string]authz.Actor{"west": west, "member": me}, errs.NotFound},
			{"and correcting", func(x authz.Actor) error {
				return w.s.Void(ctx, x, w.attendance(a, li.MemberID).ID, "x")
			}, map[string]authz.Actor{"west": west, "member": me, "liaison": liaison, "foreign": foreign}, errs.NotFound},
			{"one enrols those one answers for", func(x authz.Actor) error { _, err := w.s.EnrolFor(ctx, x, a, li.MemberID); return err },
				map[string]authz.Actor{"west": west, "member": me}, errs.NotFound},
			{"kinds belong to the district", func(x authz.Actor) error { return w.s.SaveKind(ctx, x, activity.Kind{Code: "x", Name: "x"}) },
				map[string]authz.Actor{"staff": w.staff, "member": me}, errs.Forbidden},
		}
		for _, c := range cases {
			for who, x := range c.who {
				if err := c.do(x); errs.KindOf(err) != c.kind {
					w.t.Errorf("%s: %s got %v, want kind %d", c.name, who, err, c.kind)
				}
			}
		}
		for name, x := range map[string]authz.Actor{"member": me, "west": west} {
			if _, err := w.s.Get(ctx, x, a); err != nil {
				w.t.Errorf("%s cannot see what is published: %v", name, err)
			}
		}
		if s, err := w.s.EnrolFor(ctx, liaison, a, li.MemberID); err != nil || s != activity.Enrolled {
			w.t.Errorf("a liaison enrols those the unit employs: %s, %v", s, err)
		}
		for name, c := range map[string]struct {
			x    authz.Actor
			want int
		}{"staff": {w.staff, 1}, "liaison": {liaison, 1}, "member": {me, 1}, "west": {west, 0}, "foreign": {foreign, 0}} {
			l, err := w.s.Attendances(ctx, c.x, activity.Attended{})
			if err != nil || len(l.Items) != c.want {
				w.t.Errorf("%s sees %d attendances, %v; want %d", name, len(l.Items), err, c.want)
			}
		}
	})
}

func TestCopyComesFilledIn(t *testing.T) {
	each(t, func(w *world) {
		a := w.published(func(p *activity.Plan) { p.Capacity = 20 })
		for later, want := range map[time.Duration]time.Duration{0: 7 * 24 * time.Hour, 24 * time.Hour: 7 * 24 * time.Hour, 15 * 24 * time.Hour: 21 * 24 * time.Hour} {
			w.clock.Set(w.starts.Add(later))
			p, err := w.s.Copy(ctx, w.staff, a)
			w.must(err)
			if p.StartsAt.Sub(w.starts) != want || p.Title != "清理楼道" || p.Capacity != 20 || p.EndsAt.Sub(p.StartsAt) != 2*time.Hour {
				w.t.Errorf("copied %s later: %+v; want the same plan %s after", later, p, want)
			}
		}
		d, err := w.s.Draft(ctx, w.staff, 0, "")
		if err != nil || d.CommunityID != w.east || d.Place != "3 号楼" || d.KindCode == "" || d.StartsAt.Weekday() != time.Saturday || d.Title == "" {
			w.t.Errorf("Draft = %+v, %v; want community, place, kind, name and time filled in", d, err)
		}
		again, err := w.s.Get(ctx, w.staff, a)
		w.must(err)
		like, err := w.s.Draft(ctx, w.staff, w.east, again.KindCode)
		if err != nil || like.Title != "清理楼道" || like.Capacity != 20 || like.EndsAt.Sub(like.StartsAt) != again.EndsAt.Sub(again.StartsAt) || !like.StartsAt.After(again.StartsAt) {
			w.t.Errorf("Draft of the kind held before = %+v, %v; want name, places and length of %+v", like, err, again.Plan)
		}
		other, err := w.s.Draft(ctx, w.staff, w.east, "clinic")
		if err != nil || other.KindCode != "clinic" || other.Title == "" || other.Title == like.Title || other.Place != "3 号楼" || other.DeedTitle == "" {
			w.t.Errorf("Draft of a kind never held = %+v, %v; want its name, its deed and the last place", other, err)
		}
	})
}

func TestListsAndFilters(t *testing.T) {
	each(t, func(w *world) {
		li, me := w.member("")
		a := w.published(nil)
		b := w.published(func(p *activity.Plan) {
			p.Title, p.KindCode = "慰问 100% 老人", "visit"
			p.StartsAt, p.EndsAt = p.StartsAt.Add(48*time.Hour), p.EndsAt.Add(48*time.Hour)
		})
		_, err := w.s.Create(ctx, w.staff, w.plan())
		w.must(err)
		_, err = w.s.Enrol(ctx, me, b)
		w.must(err)
		cases := []struct {
			name string
			f    activity.Filter
			x    authz.Actor
			want int
		}{
			{"the community sees its draft too", activity.Filter{}, w.staff, 3},
			{"a member does not", activity.Filter{}, me, 2},
			{"a kind", activity.Filter{KindCode: "visit"}, w.staff, 1},
			{"a state", activity.Filter{States: []activity.State{activity.Draft}}, w.staff, 1},
			{"part of the title", activity.Filter{Search: "慰问"}, w.staff, 1},
			{"a percent sign is only a sign", activity.Filter{Search: "100%"}, w.staff, 1},
			{"and matches nothing else", activity.Filter{Search: "清%道"}, w.staff, 0},
			{"a day", activity.Filter{From: calendar.On(2026, 9, 19), To: calendar.On(2026, 9, 19)}, w.staff, 2},
			{"mine", activity.Filter{MemberID: li.MemberID}, me, 1},
			{"upcoming", activity.Filter{Upcoming: true}, me, 2},
			{"elsewhere", activity.Filter{CommunityID: w.west}, w.staff, 0},
		}
		for _, c := range cases {
			l, err := w.s.List(ctx, c.x, c.f)
			n := 0
			e := w.s.Export(ctx, c.x, c.f, func(activity.Item) error { n++; return nil })
			if err != nil || e != nil || len(l.Items) != c.want || n != c.want {
				w.t.Errorf("%s: listed %d, exported %d, %v %v; want %d", c.name, len(l.Items), n, err, e, c.want)
			}
		}
		l, err := w.s.List(ctx, me, activity.Filter{Upcoming: true, Page: db.Page{Limit: 1}})
		w.must(err)
		if len(l.Items) != 1 || l.Items[0].ID != a || l.Next == "" {
			w.t.Errorf("first page %+v; want the soonest and a next page", l)
		}
		l, err = w.s.List(ctx, me, activity.Filter{Upcoming: true, Page: db.Page{Limit: 1, After: db.ParseCursor(l.Next)}})
		if err != nil || len(l.Items) != 1 || l.Items[0].ID != b {
			w.t.Errorf("second page %+v, %v", l, err)
		}
	})
}

func TestWholeSheetAllOrNone(t *testing.T) {
	each(t, func(w *world) {
		a := w.published(func(p *activity.Plan) { p.DeedTitle = "参加环境整治" })
		w.clock.Set(w.starts.Add(24 * time.Hour))
		var sheet []activity.Entry
		for range 3 {
			h, _ := w.member("")
			sheet = append(sheet, activity.Entry{MemberID: h.MemberID, InAt: w.starts, OutAt: w.starts.Add(2 * time.Hour), Reason: "纸质签到表"})
		}
		twice := append(slices.Clone(sheet), sheet[0])
		wants(w.t, w.s.Presences(ctx, w.staff, a, ledger.Timed, twice), errs.Conflict, i18n.ActivityTwice)
		if got, _ := w.s.Get(ctx, w.staff, a); got.Attended != 0 || got.State != activity.Published {
			w.t.Errorf("half a sheet stands: %+v", got)
		}
		w.must(w.s.Presences(ctx, w.staff, a, ledger.Timed, sheet))
		total, err := w.book.Total(ctx, w.staff, ledger.Filter{})
		if err != nil || total.Hours != (ledger.Mix{Vouched: 360}) {
			w.t.Errorf("a person's sheet gives %+v, %v; want 360 vouched minutes, whatever proof is asked for", total, err)
		}
		deeds, err := w.deeds.List(ctx, w.staff, deed.Filter{})
		if err != nil || len(deeds.Items) != 3 {
			w.t.Errorf("%d deeds proposed, %v; want 3", len(deeds.Items), err)
		}
		b := w.published(nil)
		w.must(w.s.Presences(ctx, authz.System(testkit.Tenant, "take over"), b, ledger.Timed, sheet))
		if l, err := w.s.Attendances(ctx, w.staff, activity.Attended{Flagged: true}); err != nil || len(l.Items) != 6 {
			w.t.Errorf("%d flagged, %v; want all six: nobody is at two places", len(l.Items), err)
		}
		if total, _ := w.book.Total(ctx, w.staff, ledger.Filter{}); total.Hours.Timed != 360 {
			w.t.Errorf("records taken over keep their proof: %+v", total)
		}
		w.sound()
	})
}

func TestFollowAfterAMerge(t *testing.T) {
	each(t, func(w *world) {
		li, _ := w.member("")
		a := w.published(nil)
		w.must2(w.s.SignInFor(ctx, w.staff, a, li.MemberID, nil))
		w.must(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.staff, w.east, w.west) }))
		west := testkit.Actor(testkit.Tenant, []id.ID{w.west}, allPerms...)
		l, err := w.s.Attendances(ctx, west, activity.Attended{ActivityID: a})
		if err != nil || len(l.Items) != 1 || l.Items[0].CreditID != w.west {
			w.t.Fatalf("the successor sees %+v, %v", l.Items, err)
		}
		w.must2(w.s.SignOutFor(ctx, west, l.Items[0].ID))
	})
}

// An activity may be part of a theme programme of the same district; the list finds it by that, and a copy keeps it.
func TestAnActivityIsPartOfAProgramme(t *testing.T) {
	each(t, func(w *world) {
		programme := id.New()
		for i := range int64(2) {
			if err := w.d.WithTx(ctx, func(tx *db.Tx) error {
				_, err := tx.Exec(ctx, `INSERT INTO programme (tenant_id, id, org_id, name, name_key, kind, valid_from, created_at) VALUES ($1,$2,$3,'四进社区','','set','2026-01-01',1)`, testkit.Tenant+i, programme+id.ID(i), w.east)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		p := w.plan()
		p.ProgrammeID = programme + 1
		if _, err := w.s.Create(ctx, w.staff, p); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a programme of another district was taken: %v", err)
		}
		a := w.published(func(p *activity.Plan) { p.ProgrammeID = programme })
		w.published(nil)
		list, err := w.s.List(ctx, w.staff, activity.Filter{ProgrammeID: programme})
		if err != nil || len(list.Items) != 1 || list.Items[0].ID != a || list.Items[0].Programme != "四进社区" {
			t.Errorf("under the programme are %+v, %v", list.Items, err)
		}
		if like, err := w.s.Copy(ctx, w.staff, a); err != nil || like.ProgrammeID != programme {
			t.Errorf("the copy has %s, %v", like.ProgrammeID, err)
		}
	})
}
