package volunteer_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/paper"
	"linli/internal/seal"
	"linli/internal/testkit"
	"linli/internal/volunteer"
)

var ctx = context.Background()

// planner plans no activities; clubs' dates are tested with the whole program.
type planner struct{}

func (planner) ClubTx(context.Context, *db.Tx, authz.Actor, volunteer.Event) (id.ID, error) {
	return 0, errs.ErrForbidden
}

type town struct {
	t                *testing.T
	d                *db.DB
	clock            *testkit.Clock
	s                *volunteer.Service
	book             *ledger.Service
	rows             testkit.Rows
	here, there      id.ID
	keeper, far, see authz.Actor
	team             id.ID
}

func each(t *testing.T, fn func(w *town)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 9, 15).Time().Add(9 * time.Hour))
		w := &town{t: t, d: d, clock: clock, rows: testkit.NewRows(t, d, testkit.Tenant), book: ledger.New(d)}
		w.s = volunteer.New(d, seal.Ephemeral(), w.book, planner{})
		w.here, w.there = w.rows.Organisation("community_party", "文港社区"), w.rows.Organisation("community_party", "先锋社区")
		w.keeper = testkit.Actor(testkit.Tenant, []id.ID{w.here}, volunteer.PermManage)
		w.far = testkit.Actor(testkit.Tenant, []id.ID{w.there}, volunteer.PermManage)
		w.see = testkit.Actor(testkit.Tenant, nil, volunteer.PermSee)
		team, err := w.s.Found(ctx, w.keeper, volunteer.NewTeam{OrgID: w.here, Kind: "environment", Name: "洁净家园队"})
		w.ok(err)
		w.team = team
		fn(w)
	})
}

func (w *town) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *town) wants(err error, kind errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if errs.KindOf(err) != kind || field != "" && (e == nil || e.Fields[field].Text.IsZero()) {
		w.t.Errorf("error %v (%+v), want %v at %q", err, e, kind, field)
	}
}

// somebody is a person with an account of their own.
func (w *town) somebody(name string) authz.Actor {
	return testkit.Own(testkit.Tenant, w.rows.Person(w.here, name, ""), volunteer.PermOwn)
}

// joined is a volunteer of the team.
func (w *town) joined(name string) (authz.Actor, id.ID) {
	w.t.Helper()
	a := w.somebody(name)
	v, err := w.s.Register(ctx, a, volunteer.Fields{Skills: []volunteer.Skill{"aid"}, Times: []volunteer.Slot{"6m"}})
	w.ok(err)
	w.ok(w.s.Ask(ctx, a, w.team))
	w.ok(w.s.Invite(ctx, w.keeper, w.team, v, false)) // whoever asked is in it by that
	return a, v
}

func (w *town) at(day, hour int) time.Time {
	return calendar.On(2026, 9, day).Time().Add(time.Duration(hour) * time.Hour)
}

func (w *town) plan(day, from, to int, seats int64, change func(*volunteer.NewShift)) id.ID {
	w.t.Helper()
	n := volunteer.NewShift{Task: "清楼道", Place: "3 号楼", StartsAt: w.at(day, from), EndsAt: w.at(day, to), Seats: seats}
	if change != nil {
		change(&n)
	}
	s, err := w.s.Plan(ctx, w.keeper, w.team, n)
	w.ok(err)
	return s
}

func (w *town) shift(s id.ID) volunteer.ShiftFile {
	w.t.Helper()
	f, err := w.s.Shift(ctx, w.keeper, s)
	w.ok(err)
	return f
}

func (w *town) tick(by authz.Actor, s id.ID, of volunteer.Attended, minutes int64) error {
	var ticks []volunteer.Tick
	for _, u := range w.shift(s).Signups {
		ticks = append(ticks, volunteer.Tick{SignupID: u.ID, Attended: of, Minutes: minutes})
	}
	return w.s.Tick(ctx, by, s, ticks)
}

func (w *town) verify() {
	w.t.Helper()
	faults, err := w.book.Verify(ctx, w.d, testkit.Tenant, w.s)
	w.ok(err)
	if len(faults) > 0 {
		w.t.Errorf("the ledger and the shifts part: %v", faults)
	}
}

func TestFromRegisteringToTheCertificate(t *testing.T) {
	each(t, func(w *town) {
		one := w.somebody("王热心")
		v, err := w.s.Register(ctx, one, volunteer.Fields{Skills: []volunteer.Skill{"hair", "aid", "aid"}, Times: []volunteer.Slot{"7e", "1m"}, Words: "会剪头发", Contact: true})
		w.ok(err)
		_, err = w.s.Register(ctx, one, volunteer.Fields{})
		w.wants(err, errs.Invalid, "person")
		_, err = w.s.Enter(ctx, w.keeper, one.PersonID, volunteer.Fields{})
		w.wants(err, errs.Invalid, "person")
		f, err := w.s.Get(ctx, w.keeper, v)
		w.ok(err)
		if f.Name != "王热心" || f.Words != "会剪头发" || fmt.Sprint(f.Skills) != "[hair aid]" || fmt.Sprint(f.Times) != "[1m 7e]" || f.Publish || !f.BySelf {
			t.Errorf("the file: %+v", f)
		}
		w.ok(w.s.Ask(ctx, one, w.team))
		team, err := w.s.Team(ctx, w.keeper, w.team, "")
		w.ok(err)
		w.ok(w.s.Answer(ctx, w.keeper, w.team, team.People[0].ID, true))
		other, otherV := w.joined("李替班")
		w.ok(w.s.Lead(ctx, w.keeper, w.team, otherV))

		s := w.plan(20, 9, 11, 2, nil)
		w.wants(w.s.SignUp(ctx, w.somebody("没登记"), s), errs.NotFound, "")
		w.ok(w.s.SignUp(ctx, one, s))
		w.ok(w.s.NameSubstitute(ctx, one, s, otherV))
		if f := w.shift(s); f.Signups[0].Name != "王热心" || f.Signups[0].Substitute != "李替班" {
			t.Errorf("asked: %+v", f.Signups)
		}
		d, err := w.s.Duties(ctx, other)
		w.ok(err)
		if len(d.Requests) != 1 || d.Requests[0].From != "王热心" || len(d.Open) != 1 {
			t.Errorf("what the substitute reads: %+v", d)
		}
		w.ok(w.s.AnswerSubstitute(ctx, other, d.Requests[0].Signup, true))
		if f := w.shift(s); len(f.Signups) != 1 || f.Signups[0].Name != "李替班" || f.Taken != 1 {
			t.Errorf("replaced: %+v", f)
		}
		w.ok(w.s.SignUp(ctx, one, s)) // there is room still
		w.wants(w.tick(w.keeper, s, volunteer.Present, 0), errs.Conflict, "")
		w.clock.Set(w.at(20, 12))
		w.wants(w.tick(other, s, volunteer.Present, 0), errs.Forbidden, "") // nobody ticks themselves
		for _, u := range w.shift(s).Signups {
			if u.Name == "王热心" {
				w.ok(w.s.Tick(ctx, other, s, []volunteer.Tick{{SignupID: u.ID, Attended: volunteer.Present}}))
			}
		}
		w.ok(w.tick(w.keeper, s, volunteer.Present, 0))
		if f := w.shift(s); f.State != volunteer.Ticked {
			t.Errorf("after the ticks: %+v", f)
		}
		w.verify()

		own, err := w.s.Own(ctx, one)
		w.ok(err)
		if own.Minutes != 120 || own.Year != 120 || own.Duty != 0 || len(own.Lines) != 1 || own.Lines[0].Title != "清楼道" || own.Lines[0].Proof != ledger.Vouched {
			t.Errorf("own hours: %+v", own)
		}
		c, err := w.s.CertifyOwn(ctx, one, calendar.Date{}, calendar.Date{})
		w.ok(err)
		said, err := w.s.PaperOwn(ctx, one, c)
		w.ok(err)
		if said.Name != "王热心" || said.Minutes != 120 || len(said.Lines) != 1 || said.Org != "文港社区" || said.No != own.No {
			t.Errorf("the certificate: %+v", said)
		}
		_, err = w.s.PaperOwn(ctx, other, c)
		w.wants(err, errs.NotFound, "")
		check := func() volunteer.Checked {
			t.Helper()
			tenant, p, err := paper.Find(ctx, w.d, said.Code)
			w.ok(err)
			got, err := w.s.Check(ctx, tenant, p)
			w.ok(err)
			return got
		}
		if got := check(); !got.Intact || got.Changed() || got.Now != 120 {
			t.Errorf("checked: %+v", got)
		}
		w.ok(w.tick(w.keeper, s, volunteer.Present, 60)) // both left early
		w.verify()
		if got := check(); !got.Intact || !got.Changed() || got.Now != 60 || got.Minutes != 120 {
			t.Errorf("checked after the correction: %+v", got)
		}
		testkit.Exec(t, w.d, `UPDATE volunteer_certificate SET minutes = 999, hash = 'x' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, c)
		if got := check(); got.Intact {
			t.Error("a changed certificate is taken for intact")
		}
	})
}

func TestDutyAndVoluntaryServiceStandApart(t *testing.T) {
	each(t, func(w *town) {
		one, _ := w.joined("双报到")
		unit := w.rows.Organisation("unit", "某单位")
		member := w.rows.Member(one.PersonID, w.here, unit, "双报到") // in service, so that what they attend is duty
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			_, err := w.book.PostTx(ctx, tx, w.keeper, ledger.Posting{Account: ledger.Hours, MemberID: member, PersonID: one.PersonID, CommunityID: w.here, UnitID: unit, OnDate: calendar.On(2026, 9, 1), Amount: 90, Proof: ledger.Timed,
				SourceKind: ledger.SourceAttendance, SourceID: id.New()})
			return err
		}))
		s := w.plan(20, 9, 10, 2, nil)
		w.ok(w.s.SignUp(ctx, one, s))
		w.clock.Set(w.at(20, 12))
		w.ok(w.tick(w.keeper, s, volunteer.Present, 0))
		own, err := w.s.Own(ctx, one)
		w.ok(err)
		if own.Minutes != 60 || own.Duty != 90 {
			t.Errorf("voluntary %d, duty %d; want 60 and 90", own.Minutes, own.Duty)
		}
		total, err := w.book.Total(ctx, testkit.Actor(testkit.Tenant, []id.ID{w.here}, ledger.PermSee), ledger.Filter{CommunityID: w.here})
		w.ok(err)
		if total.Hours.Total() != 90 {
			t.Errorf("the members' account has %d minutes, want 90", total.Hours.Total())
		}
		posting, err := db.Value[id.ID](ctx, w.d, `SELECT p.id FROM posting p WHERE p.tenant_id = $1 AND p.source_kind = 'shift'`, testkit.Tenant)
		w.ok(err)
		if _, err := w.book.Get(ctx, testkit.Actor(testkit.Tenant, []id.ID{w.here}, ledger.PermSee), posting); err != nil {
			t.Errorf("the posting of a shift does not open: %v", err)
		}
		counts, err := w.s.Counts(ctx, w.see)
		w.ok(err)
		if len(counts) != 1 || counts[0].Minutes != 60 || counts[0].Shifts != 1 {
			t.Errorf("counts: %+v", counts)
		}

		// They retire: what was duty stays duty, and what they do from then on is voluntary, with the employer still in their record.
		testkit.Exec(t, w.d, `UPDATE member SET kind = 'community' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, member)
		testkit.Exec(t, w.d, `UPDATE registration SET state = 'ended', ended_on = '2026-09-10' WHERE tenant_id = $1 AND member_id = $2`, testkit.Tenant, member)
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			_, err := w.book.PostTx(ctx, tx, w.keeper, ledger.Posting{Account: ledger.Hours, MemberID: member, PersonID: one.PersonID, CommunityID: w.here, UnitID: unit, OnDate: calendar.On(2026, 9, 18), Amount: 30, Proof: ledger.Timed,
				SourceKind: ledger.SourceAttendance, SourceID: id.New()})
			return err
		}))
		own, err = w.s.Own(ctx, one)
		w.ok(err)
		if own.Minutes != 90 || own.Duty != 90 || len(own.Lines) != 2 {
			t.Errorf("after they retired: voluntary %d, duty %d, %d lines; want 90, 90 and 2", own.Minutes, own.Duty, len(own.Lines))
		}
	})
}

func TestWhatAShiftAsksFor(t *testing.T) {
	each(t, func(w *town) {
		one, v := w.joined("王热心")
		s := w.plan(20, 9, 11, 2, func(n *volunteer.NewShift) { n.Skill = "drive" })
		w.wants(w.s.SignUp(ctx, one, s), errs.Conflict, "") // cannot drive
		s = w.plan(21, 9, 11, 2, func(n *volunteer.NewShift) { n.Clearance = "minors" })
		w.wants(w.s.SignUp(ctx, one, s), errs.Conflict, "")
		w.wants(w.s.Clear(ctx, w.keeper, v, "minors", calendar.On(2026, 9, 14)), errs.Invalid, "valid_to")
		w.ok(w.s.Clear(ctx, w.keeper, v, "minors", calendar.On(2026, 9, 20)))
		w.wants(w.s.SignUp(ctx, one, s), errs.Conflict, "") // ends the day before
		w.ok(w.s.Clear(ctx, w.keeper, v, "minors", calendar.On(2026, 9, 21)))
		w.ok(w.s.SignUp(ctx, one, s))
		night := w.plan(21, 22, 26, 2, func(n *volunteer.NewShift) { n.Clearance = "minors" })
		w.wants(w.s.SignUp(ctx, one, night), errs.Conflict, "") // ends while it lasts
		w.ok(w.s.SignUp(ctx, one, w.plan(21, 22, 24, 2, func(n *volunteer.NewShift) { n.Clearance = "minors" })))

		s = w.plan(22, 9, 11, 2, func(n *volunteer.NewShift) { n.Dangerous = true })
		w.wants(w.s.SignUp(ctx, one, s), errs.Conflict, "") // VOL-6: insured before it starts
		w.ok(w.s.InsureTeam(ctx, w.keeper, w.team, volunteer.NewCover{Insurer: "某保险", Policy: "P1", From: calendar.On(2026, 9, 23), To: calendar.On(2027, 9, 22)}))
		w.wants(w.s.SignUp(ctx, one, s), errs.Conflict, "")
		w.ok(w.s.Insure(ctx, w.keeper, v, volunteer.NewCover{Insurer: "某保险", Policy: "P2", From: calendar.On(2026, 9, 22), To: calendar.On(2026, 9, 22)}))
		w.ok(w.s.SignUp(ctx, one, s))
		again := w.plan(22, 10, 12, 2, nil)
		w.wants(w.s.SignUp(ctx, one, again), errs.Conflict, "") // at the same time
		after := w.plan(22, 11, 12, 2, nil)
		w.ok(w.s.SignUp(ctx, one, after)) // right after it
		w.ok(w.s.Withdraw(ctx, one, after))
		w.wants(w.s.Withdraw(ctx, one, after), errs.NotFound, "")

		items, err := w.s.Waiting(ctx, w.keeper)
		w.ok(err)
		if len(items) != 1 || items[0].Kind != volunteer.WaitNear || items[0].Count != 1 {
			t.Errorf("what waits at the desk: %+v", items)
		}
		w.ok(w.s.LeaveTeam(ctx, one, w.team))
		if f := w.shift(s); f.Taken != 0 || len(f.Signups) != 0 {
			t.Errorf("who left stands in it: %+v", f)
		}
	})
}

func TestTheLastPlaceIsTakenOnce(t *testing.T) {
	each(t, func(w *town) {
		s := w.plan(20, 9, 11, 3, nil)
		all := make([]authz.Actor, 8)
		for i := range all {
			all[i], _ = w.joined(fmt.Sprintf("第%d人", i))
		}
		got := make([]error, len(all))
		var wg sync.WaitGroup
		for i := range all {
			wg.Go(func() { got[i] = w.s.SignUp(ctx, all[i], s) })
		}
		wg.Wait()
		done := 0
		for _, err := range got {
			if err == nil {
				done++
			} else {
				w.wants(err, errs.Conflict, "")
			}
		}
		if f := w.shift(s); done != 3 || f.Taken != 3 || len(f.Signups) != 3 {
			t.Errorf("%d of 8 got one of three places; the shift has %d, %d stand in it", done, f.Taken, len(f.Signups))
		}
	})
}

func TestNobodyStandsInTwoShiftsAtOnce(t *testing.T) {
	each(t, func(w *town) {
		one, _ := w.joined("王热心")
		shifts := []id.ID{w.plan(20, 9, 11, 9, nil), w.plan(20, 10, 12, 9, nil), w.plan(20, 8, 13, 9, nil), w.plan(20, 10, 11, 9, nil)}
		got := make([]error, len(shifts))
		var wg sync.WaitGroup
		for i := range shifts {
			wg.Go(func() { got[i] = w.s.SignUp(ctx, one, shifts[i]) })
		}
		wg.Wait()
		done := 0
		for _, err := range got {
			if err == nil {
				done++
			} else {
				w.wants(err, errs.Conflict, "")
			}
		}
		if done != 1 {
			t.Errorf("stands in %d shifts at one time", done)
		}
	})
}

// TestHoursEqualAttendance ticks in any order, again and again, and holds the ledger against what the shift says.
func TestHoursEqualAttendance(t *testing.T) {
	each(t, func(w *town) {
		r := rand.New(rand.NewPCG(1, 2))
		var shifts []id.ID
		for day := 20; day < 23; day++ {
			shifts = append(shifts, w.plan(day, 9, 12, 9, nil))
		}
		people := make([]authz.Actor, 4)
		for i := range people {
			people[i], _ = w.joined(fmt.Sprintf("第%d人", i))
			for _, s := range shifts {
				w.ok(w.s.SignUp(ctx, people[i], s))
			}
		}
		w.clock.Set(w.at(25, 9))
		for range 40 {
			f := w.shift(shifts[r.IntN(len(shifts))])
			u := f.Signups[r.IntN(len(f.Signups))]
			k := volunteer.Tick{SignupID: u.ID, Attended: volunteer.Present, Minutes: int64(r.IntN(181))}
			if r.IntN(3) == 0 {
				k.Attended = volunteer.Absent
			}
			w.ok(w.s.Tick(ctx, w.keeper, f.ID, []volunteer.Tick{k}))
		}
		w.verify()
		for _, p := range people {
			own, err := w.s.Own(ctx, p)
			w.ok(err)
			var want int64
			for _, s := range shifts {
				for _, u := range w.shift(s).Signups {
					if u.PersonID == p.PersonID {
						want += u.Minutes
					}
				}
			}
			if own.Minutes != want {
				t.Errorf("the ledger has %d minutes, the shifts %d", own.Minutes, want)
			}
		}
		f := w.shift(shifts[0])
		w.wants(w.s.Tick(ctx, w.keeper, shifts[0], []volunteer.Tick{{SignupID: f.Signups[0].ID, Attended: volunteer.Present, Minutes: 181}}), errs.Invalid, "minutes."+f.Signups[0].ID.String())
	})
}

func TestWhoReadsWhat(t *testing.T) {
	each(t, func(w *town) {
		one, v := w.joined("王热心")
		for name, a := range map[string]authz.Actor{"another community": w.far, "who sees counts": w.see, "another tenant": testkit.Actor(testkit.Other, nil, volunteer.PermManage)} {
			if _, err := w.s.Get(ctx, a, v); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s reads a file: %v", name, err)
			}
			if _, err := w.s.Plan(ctx, a, w.team, volunteer.NewShift{Task: "x", Place: "y", StartsAt: w.at(20, 9), EndsAt: w.at(20, 10), Seats: 1}); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s plans a shift: %v", name, err)
			}
		}
		if _, err := w.s.Plan(ctx, one, w.team, volunteer.NewShift{Task: "x", Place: "y", StartsAt: w.at(20, 9), EndsAt: w.at(20, 10), Seats: 1}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("who does not lead plans a shift: %v", err)
		}
		team, err := w.s.Team(ctx, w.see, w.team, "")
		w.ok(err)
		if len(team.People) != 0 || team.Team.People != 1 {
			t.Errorf("who sees counts reads people: %+v", team)
		}
		_, err = w.s.Get(ctx, w.keeper, v)
		w.ok(err)
		looks, err := audit.Search(ctx, w.d, authz.System(testkit.Tenant, "x").Scope(audit.PermRead), audit.Filter{PersonID: one.PersonID, Looks: true})
		w.ok(err)
		if len(looks.Items) == 0 || looks.Items[0].Action != "volunteer.read" || looks.Items[0].Purpose != volunteer.Purpose {
			t.Errorf("looks that the person sees: %+v", looks.Items)
		}
		list, err := w.s.List(ctx, w.keeper, volunteer.Filter{Skill: "aid", Time: "6m", TeamID: w.team})
		w.ok(err)
		if len(list.Items) != 1 || len(list.Items[0].Teams) != 1 {
			t.Errorf("found by skill, time and team: %+v", list.Items)
		}
		if list, err = w.s.List(ctx, w.keeper, volunteer.Filter{Skill: "hair"}); err != nil || len(list.Items) != 0 {
			t.Errorf("found by a skill they do not have: %+v %v", list.Items, err)
		}
		around, err := w.s.Around(ctx, testkit.Tenant, volunteer.TeamFilter{Kind: "environment"})
		w.ok(err)
		if len(around.Items) != 1 || around.Items[0].Leader != "" {
			t.Errorf("what residents read: %+v", around.Items)
		}
		counts, err := w.s.Counts(ctx, w.see)
		w.ok(err)
		if len(counts) != 1 || counts[0].Volunteers != 1 || counts[0].Teams != 1 {
			t.Errorf("counts: %+v", counts)
		}
		w.ok(w.s.Thank(ctx, w.keeper, v, "谢谢您", "张奶奶"))
		own, err := w.s.Own(ctx, one)
		w.ok(err)
		if len(own.Thanks) != 1 || own.Thanks[0].Words != "谢谢您" || own.Thanks[0].Giver != "张奶奶" {
			t.Errorf("thanks: %+v", own.Thanks)
		}
	})
}

func TestTheEndAndForgetting(t *testing.T) {
	each(t, func(w *town) {
		one, v := w.joined("王热心")
		w.ok(w.s.Lead(ctx, w.keeper, w.team, v))
		past, coming := w.plan(16, 9, 10, 2, nil), w.plan(20, 9, 10, 2, nil)
		w.ok(w.s.SignUp(ctx, one, past))
		w.ok(w.s.SignUp(ctx, one, coming))
		w.clock.Set(w.at(17, 9))
		w.ok(w.tick(w.keeper, past, volunteer.Present, 0))
		c, err := w.s.CertifyOwn(ctx, one, calendar.Date{}, calendar.Date{})
		w.ok(err)
		said, err := w.s.PaperOwn(ctx, one, c)
		w.ok(err)
		club, err := w.s.FoundClub(ctx, w.keeper, volunteer.NewClub{OrgID: w.here, Name: "银发俱乐部", Place: "活动室"})
		w.ok(err)
		w.ok(w.s.JoinClub(ctx, one, club))
		w.wants(w.s.JoinClub(ctx, one, club), errs.Invalid, "person")
		w.ok(w.s.EndOwn(ctx, one))
		if f := w.shift(coming); f.Taken != 0 || len(f.Signups) != 0 {
			t.Errorf("who ended stands in a shift to come: %+v", f)
		}
		team, err := w.s.Team(ctx, w.keeper, w.team, "")
		w.ok(err)
		if team.LeaderID != 0 || len(team.People) != 0 {
			t.Errorf("who ended is in the team: %+v", team)
		}
		_, err = w.s.Own(ctx, one)
		w.wants(err, errs.NotFound, "")
		old, err := w.s.Past(ctx, one)
		w.ok(err)
		if old.ID != v || old.Minutes != 60 || len(old.Certificates) != 1 {
			t.Errorf("what stays one's own after the end: %+v", old)
		}
		_, err = w.s.PaperOwn(ctx, one, c)
		w.ok(err)
		_, err = w.s.CertifyOwn(ctx, one, calendar.Date{}, calendar.Date{})
		w.ok(err)
		list, err := w.s.List(ctx, w.keeper, volunteer.Filter{Ended: true})
		w.ok(err)
		if len(list.Items) != 1 || list.Items[0].ID != v {
			t.Errorf("who ended: %+v", list.Items)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return volunteer.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{one.PersonID}) }))
		f, err := w.s.Get(ctx, w.keeper, v)
		w.ok(err)
		if f.PersonID != 0 || f.Name != "" || len(f.Skills) != 0 || !f.Forgotten {
			t.Errorf("forgotten: %+v", f)
		}
		tenant, p, err := paper.Find(ctx, w.d, said.Code)
		w.ok(err)
		if got, err := w.s.Check(ctx, tenant, p); err != nil || !got.Gone || got.Name != "" {
			t.Errorf("the certificate of who was forgotten: %+v %v", got, err)
		}
		file, err := w.s.Club(ctx, w.keeper, club, "")
		w.ok(err)
		if len(file.Fellows) != 0 {
			t.Errorf("who was forgotten is in the club: %+v", file.Fellows)
		}
		w.verify() // hours stay
		again, err := w.s.Register(ctx, one, volunteer.Fields{})
		w.ok(err)
		if again == v {
			t.Error("a new file is the old one")
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.keeper, w.here, w.there) }))
		if _, err := w.s.Get(ctx, w.far, again); err != nil {
			t.Errorf("after the merger: %v", err)
		}
	})
}

// off is what waits for somebody of shifts that were called off, and what their page shows of them.
func (w *town) off(a authz.Actor) (waits int64, shifts []volunteer.Shift) {
	w.t.Helper()
	items, err := w.s.Waiting(ctx, a)
	w.ok(err)
	for _, x := range items {
		if x.Kind == volunteer.WaitOff {
			waits = x.Count
		}
	}
	f, err := w.s.Own(ctx, a)
	w.ok(err)
	return waits, f.CalledOff
}

func TestWhoMayServeNoLongerIsCalledOff(t *testing.T) {
	each(t, func(w *town) {
		one, v := w.joined("王热心")
		danger := w.plan(20, 9, 11, 1, func(n *volunteer.NewShift) { n.Dangerous = true })
		cleared := w.plan(21, 9, 11, 1, func(n *volunteer.NewShift) { n.Clearance = "minors" })
		plain := w.plan(22, 9, 11, 1, nil)
		year := func(policy string) volunteer.NewCover {
			return volunteer.NewCover{Insurer: "某保险", Policy: policy, From: calendar.On(2026, 1, 1), To: calendar.On(2026, 12, 31)}
		}
		w.ok(w.s.Insure(ctx, w.keeper, v, year("P1")))
		w.ok(w.s.InsureTeam(ctx, w.keeper, w.team, year("P2")))
		w.ok(w.s.Clear(ctx, w.keeper, v, "minors", calendar.On(2026, 12, 31)))
		for _, s := range []id.ID{danger, cleared, plain} {
			w.ok(w.s.SignUp(ctx, one, s))
		}
		f, err := w.s.Get(ctx, w.keeper, v)
		w.ok(err)
		w.wants(w.s.Uninsure(ctx, w.far, v, f.Covers[0].ID), errs.NotFound, "")
		w.ok(w.s.Uninsure(ctx, w.keeper, v, f.Covers[0].ID)) // the team's is there still
		if n, list := w.off(one); n != 0 || len(list) != 0 {
			t.Errorf("called off while another insurance is good: %d, %+v", n, list)
		}
		team, err := w.s.Team(ctx, w.keeper, w.team, "")
		w.ok(err)
		w.ok(w.s.UninsureTeam(ctx, w.keeper, w.team, team.Covers[0].ID))
		w.wants(w.s.UninsureTeam(ctx, w.keeper, w.team, team.Covers[0].ID), errs.Conflict, "")
		if n, list := w.off(one); n != 1 || len(list) != 1 || list[0].ID != danger || w.shift(danger).Taken != 0 {
			t.Errorf("without an insurance: %d, %+v", n, list)
		}
		w.wants(w.s.SignUp(ctx, one, danger), errs.Conflict, "")
		w.ok(w.s.Unclear(ctx, w.keeper, v, f.Clearances[0].ID))
		if n, list := w.off(one); n != 2 || len(list) != 2 || w.shift(cleared).Taken != 0 || w.shift(plain).Taken != 1 {
			t.Errorf("without the clearance: %d, %+v", n, list)
		}
		w.ok(w.s.Insure(ctx, w.keeper, v, year("P3")))
		w.ok(w.s.SignUp(ctx, one, danger)) // and what was called off is forgotten
		w.ok(w.s.SeenOff(ctx, one, cleared))
		w.ok(w.s.Cancel(ctx, w.keeper, plain, "下大雨", w.shift(plain).Version))
		if n, list := w.off(one); n != 1 || len(list) != 1 || list[0].ID != plain || list[0].Reason != "下大雨" {
			t.Errorf("after the shift was cancelled: %d, %+v", n, list)
		}
		team, err = w.s.Team(ctx, w.keeper, w.team, "")
		w.ok(err)
		w.ok(w.s.EndTeam(ctx, w.keeper, w.team, team.Version))
		if n, list := w.off(one); n != 2 || len(list) != 2 {
			t.Errorf("after the team ended: %d, %+v", n, list)
		}
		w.clock.Set(w.at(23, 9))
		if n, list := w.off(one); n != 0 || len(list) != 0 {
			t.Errorf("after their time was over: %d, %+v", n, list)
		}
	})
}

func TestALeaderTicksOthersAndWhoCameUnannounced(t *testing.T) {
	each(t, func(w *town) {
		lead, leadV := w.joined("李队长")
		_, guest := w.joined("张路过")
		gone, _ := w.joined("赵搬走")
		w.ok(w.s.Lead(ctx, w.keeper, w.team, leadV))
		s := w.plan(20, 9, 11, 3, nil)
		w.ok(w.s.SignUp(ctx, lead, s))
		w.clock.Set(w.at(20, 12))
		toTick := func() int {
			d, err := w.s.Duties(ctx, lead)
			w.ok(err)
			return len(d.ToTick)
		}
		if n := toTick(); n != 0 {
			t.Errorf("a leader who served alone has %d shifts to tick", n)
		}
		w.wants(w.s.SignUp(ctx, gone, s), errs.Conflict, "") // oneself only before it begins
		w.ok(w.s.Enlist(ctx, lead, s, guest))
		if n := toTick(); n != 1 {
			t.Errorf("somebody else came: %d shifts to tick", n)
		}
		for _, u := range w.shift(s).Signups {
			if u.VolunteerID == guest {
				w.ok(w.s.Tick(ctx, lead, s, []volunteer.Tick{{SignupID: u.ID, Attended: volunteer.Present}}))
			}
		}
		if n := toTick(); n != 0 || w.shift(s).State != volunteer.Open {
			t.Errorf("all others are ticked: %d to tick, %+v", n, w.shift(s))
		}
		w.ok(w.tick(w.keeper, s, volunteer.Present, 0))
		if f := w.shift(s); f.State != volunteer.Ticked {
			t.Errorf("all are ticked: %+v", f)
		}
		_, late := w.joined("孙来迟")
		w.wants(w.s.Enlist(ctx, lead, s, late), errs.Conflict, "")

		again := w.plan(21, 9, 11, 2, nil)
		w.ok(w.s.SignUp(ctx, gone, again))
		w.ok(w.s.Enlist(ctx, lead, again, guest))
		w.clock.Set(w.at(21, 12))
		w.wants(w.s.Enlist(ctx, lead, again, leadV), errs.Forbidden, "")
		for _, u := range w.shift(again).Signups {
			if u.VolunteerID == guest {
				w.ok(w.s.Tick(ctx, lead, again, []volunteer.Tick{{SignupID: u.ID, Attended: volunteer.Absent}}))
			}
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return volunteer.ForgetTx(ctx, tx, testkit.Tenant, []id.ID{gone.PersonID}) }))
		if f := w.shift(again); f.State != volunteer.Ticked || f.Taken != 1 || len(f.Signups) != 1 {
			t.Errorf("who was forgotten holds the shift open: %+v", f)
		}
		team, err := w.s.Team(ctx, w.keeper, w.team, "路过")
		w.ok(err)
		if len(team.People) != 1 || team.People[0].VolunteerID != guest {
			t.Errorf("found by name among the people: %+v", team.People)
		}
	})
}

func TestAFileMovesWithThePerson(t *testing.T) {
	each(t, func(w *town) {
		one, v := w.joined("王热心")
		_, err := w.s.Enter(ctx, w.far, one.PersonID, volunteer.Fields{})
		w.wants(err, errs.Invalid, "person") // lives elsewhere
		w.ok(w.s.Clear(ctx, w.keeper, v, "minors", calendar.On(2026, 9, 20)))
		testkit.Exec(t, w.d, `UPDATE person SET community_id = $1 WHERE tenant_id = $2 AND id = $3`, w.there, testkit.Tenant, one.PersonID)
		got, err := w.s.Enter(ctx, w.far, one.PersonID, volunteer.Fields{})
		w.ok(err)
		if got != v {
			t.Errorf("entered anew as %v, want the file %v", got, v)
		}
		_, err = w.s.Get(ctx, w.keeper, v)
		w.wants(err, errs.NotFound, "")
		f, err := w.s.Get(ctx, w.far, v)
		w.ok(err)
		if fmt.Sprint(f.Skills) != "[aid]" || len(f.Memberships) != 1 {
			t.Errorf("the file that moved: %+v", f)
		}
		if items, err := w.s.Waiting(ctx, w.far); err != nil || len(items) != 1 || items[0].Kind != volunteer.WaitNear {
			t.Errorf("what waits at the new desk: %+v %v", items, err)
		}
		_, err = w.s.Enter(ctx, w.far, one.PersonID, volunteer.Fields{})
		w.wants(err, errs.Invalid, "person")
	})
}

// Nobody vouches for themselves, where somebody is helped is for who serves there, a registration counts from its beginning, and one paper says a thing once.
func TestWhatIsKeptApart(t *testing.T) {
	each(t, func(w *town) {
		one, v := w.joined("王热心")
		shift := w.plan(20, 9, 11, 2, nil)
		stranger := w.somebody("路人")
		if f, err := w.s.Team(ctx, stranger, w.team, ""); err != nil || len(f.Shifts) != 0 {
			t.Errorf("somebody who does not serve in it reads %d shifts, %v", len(f.Shifts), err)
		}
		if f, err := w.s.Team(ctx, one, w.team, ""); err != nil || len(f.Shifts) != 1 || f.Shifts[0].ID != shift {
			t.Errorf("who serves in it reads %+v, %v", f.Shifts, err)
		}
		worker := w.keeper
		worker.PersonID = one.PersonID
		n := volunteer.NewCover{Insurer: "平安", Policy: "P1", From: calendar.On(2026, 9, 1), To: calendar.On(2026, 12, 31)}
		w.wants(w.s.Insure(ctx, worker, v, n), errs.Forbidden, "")
		w.wants(w.s.InsureTeam(ctx, worker, w.team, n), errs.Forbidden, "")
		w.wants(w.s.Thank(ctx, worker, v, "谢谢", "三楼邻居"), errs.Forbidden, "")
		w.ok(w.s.Insure(ctx, w.keeper, v, n))

		unit := w.rows.Organisation("unit", "第一中学")
		member := w.rows.Member(one.PersonID, w.here, unit, "王热心")
		testkit.Exec(t, w.d, `UPDATE member SET kind = 'community' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, member)
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
			_, err := w.book.PostTx(ctx, tx, w.keeper, ledger.Posting{Account: ledger.Hours, MemberID: member, PersonID: one.PersonID, CommunityID: w.here, UnitID: unit, OnDate: calendar.On(2026, 9, 14), Amount: 45, Proof: ledger.Timed,
				SourceKind: ledger.SourceAttendance, SourceID: id.New()})
			return err
		}))
		w.clock.Advance(24 * time.Hour)
		now := db.Micros(w.clock.Now())
		testkit.Exec(t, w.d, `UPDATE member SET kind = 'in_service' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, member)
		testkit.Exec(t, w.d, `UPDATE registration SET decided_at = $1 WHERE tenant_id = $2 AND member_id = $3`, now, testkit.Tenant, member)
		if own, err := w.s.Own(ctx, one); err != nil || own.Minutes != 45 || own.Duty != 0 {
			t.Errorf("what was voluntary when it was done: %d and %d minutes of duty, %v", own.Minutes, own.Duty, err)
		}
		first, err := w.s.CertifyOwn(ctx, one, calendar.Date{}, calendar.Date{})
		w.ok(err)
		if again, err := w.s.CertifyOwn(ctx, one, calendar.Date{}, calendar.Date{}); err != nil || again != first {
			t.Errorf("the same paper was given twice: %v and %v, %v", first, again, err)
		}
	})
}
