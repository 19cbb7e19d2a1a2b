package feedback_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/feedback"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/testkit"
)

// world is a district with two communities and two units, made directly in the tables: this package reads them only.
type world struct {
	t           testing.TB
	d           *db.DB
	clock       *testkit.Clock
	s           *feedback.Service
	communities []id.ID
	units       []id.ID
	members     []member
}

type member struct{ id, person, community, unit id.ID }

func newWorld(t testing.TB, d *db.DB, clock *testkit.Clock, members int) *world {
	t.Helper()
	w := &world{t: t, d: d, clock: clock, s: feedback.New(d)}
	w.tx(func(ctx context.Context, tx *db.Tx) error {
		for i := range 2 {
			w.communities = append(w.communities, w.organisation(ctx, tx, "community_party", fmt.Sprintf("Community %d", i)))
			w.units = append(w.units, w.organisation(ctx, tx, "unit", fmt.Sprintf("Unit %d", i)))
		}
		for i := range members {
			m := member{id.New(), id.New(), w.communities[i%2], w.units[i/2%2]}
			w.members = append(w.members, m)
			if _, err := tx.Exec(ctx, `INSERT INTO member (tenant_id, id, person_id, kind, name, name_key, unit_id, community_id, since, created_at, updated_at)
				VALUES ($1,$2,$3,'in_service',$4,$4,$5,$6,'2026-01-05',0,0)`, testkit.Tenant, m.id, m.person, fmt.Sprintf("Member %02d", i), m.unit, m.community); err != nil {
				return err
			}
		}
		return nil
	})
	return w
}

func (w *world) tx(fn func(context.Context, *db.Tx) error) {
	w.t.Helper()
	ctx := context.Background()
	if err := w.d.WithTx(ctx, func(tx *db.Tx) error { return fn(ctx, tx) }); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) organisation(ctx context.Context, tx *db.Tx, kind, name string) id.ID {
	o := id.New()
	if _, err := tx.Exec(ctx, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,0,0)`,
		testkit.Tenant, o, kind, name, "/"+o.String()+"/"); err != nil {
		w.t.Fatal(err)
	}
	return o
}

func (w *world) post(m member, account, day, proof string, amount int64) {
	w.t.Helper()
	d := calendar.MustParse(day)
	w.tx(func(ctx context.Context, tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO posting (tenant_id, id, account, member_id, person_id, community_id, unit_id, on_date, quarter, amount, proof, source_kind, source_id, posted_at, posted_by)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,'attendance',$12,0,0)`,
			testkit.Tenant, id.New(), account, m.id, m.person, m.community, m.unit, d, calendar.QuarterOf(d), amount, proof, id.New())
		return err
	})
}

func (w *world) district() authz.Actor {
	return testkit.Actor(testkit.Tenant, nil, feedback.PermClose, feedback.PermSee)
}
func (w *world) secretary(c int) authz.Actor {
	return testkit.Actor(testkit.Tenant, []id.ID{w.communities[c]}, feedback.PermReview, feedback.PermEvaluate)
}
func (w *world) liaison(u int) authz.Actor {
	return testkit.Actor(testkit.Tenant, []id.ID{w.units[u]}, feedback.PermSee, feedback.PermAnswer)
}
func (w *world) self(m member) authz.Actor {
	return testkit.Own(testkit.Tenant, m.person, feedback.PermSeeOwn, feedback.PermAskOwn)
}

var q3 = calendar.NewQuarter(2026, 3)

func (w *world) close() {
	w.t.Helper()
	w.clock.Set(time.Date(2026, 10, 1, 2, 0, 0, 0, time.UTC))
	if _, err := w.s.Close(context.Background(), w.district(), q3); err != nil {
		w.t.Fatal(err)
	}
}

// slip gives the slip of community 0 to unit 0.
func (w *world) slip() feedback.Detail {
	w.t.Helper()
	ctx := context.Background()
	l, err := w.s.List(ctx, w.secretary(0), feedback.Filter{UnitID: w.units[0]})
	if err != nil || len(l.Items) != 1 {
		w.t.Fatalf("List = %v, %v; want one slip", l, err)
	}
	d, err := w.s.Get(ctx, w.secretary(0), l.Items[0].ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return d
}

func (w *world) clean() {
	w.t.Helper()
	faults, err := feedback.Verify(context.Background(), w.d, testkit.Tenant)
	if err != nil || len(faults) != 0 {
		w.t.Errorf("Verify = %v, %v", faults, err)
	}
}

func each(t *testing.T, members int, fn func(*testing.T, *world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		fn(t, newWorld(t, d, clock, members))
	})
}

func TestTheQuarterWritesItsSlips(t *testing.T) {
	each(t, 8, func(t *testing.T, w *world) {
		ctx := t.Context()
		m := w.members[0]
		w.post(m, "hours", "2026-07-01", "timed", 90)
		w.post(m, "hours", "2026-09-30", "vouched", 60)
		w.post(m, "hours", "2026-09-30", "vouched", -60)
		w.post(m, "hours", "2026-09-30", "countersigned", 30)
		w.post(m, "deeds", "2026-08-08", "vouched", 1)
		w.post(m, "hours", "2026-03-31", "timed", 600)  // an earlier quarter of the year
		w.post(m, "hours", "2026-10-01", "timed", 7)    // the next quarter
		w.post(m, "hours", "2025-09-30", "timed", 9999) // another year
		if _, err := w.s.Close(ctx, w.district(), q3); errs.KindOf(err) != errs.Conflict {
			t.Errorf("closing before the end = %v, want a conflict", err)
		}
		if _, err := w.s.Close(ctx, w.secretary(0), q3); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("closing as a community = %v, want forbidden", err)
		}
		w.close()
		if _, err := w.s.Close(ctx, w.district(), q3); errs.KindOf(err) != errs.Conflict {
			t.Errorf("closing twice = %v, want a conflict", err)
		}
		d := w.slip()
		if d.Slip.Members != 2 || d.Slip.Minutes != 120 || d.Slip.Deeds != 1 || d.Stale {
			t.Errorf("slip = %+v, stale %v", d.Slip, d.Stale)
		}
		want := feedback.Line{MemberID: m.id, PersonID: m.person, Name: "Member 00", Minutes: 120, Timed: 90, Countersigned: 30,
			Deeds: 1, Activities: 2, YearMinutes: 720, YearDeeds: 1}
		if d.Lines[0] != want {
			t.Errorf("line = %+v\nwant   %+v", d.Lines[0], want)
		}
		if d.Lines[1].Minutes != 0 || d.Lines[1].MemberID != w.members[4].id {
			t.Errorf("who did nothing stands on the slip too: %+v", d.Lines[1])
		}
		all, err := w.s.List(ctx, w.district(), feedback.Filter{Quarter: q3})
		if err != nil || len(all.Items) != 4 {
			t.Errorf("the district sees %d slips, %v; want 4", len(all.Items), err)
		}
		w.clean()
	})
}

func TestWhoSeesASlip(t *testing.T) {
	each(t, 8, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.close()
		d := w.slip()
		get := func(a authz.Actor) errs.Kind {
			_, err := w.s.Get(ctx, a, d.Slip.ID)
			if err == nil {
				return -1
			}
			return errs.KindOf(err)
		}
		stranger := w.district()
		stranger.Tenant = testkit.Other
		for name, c := range map[string]struct {
			actor authz.Actor
			want  errs.Kind
		}{
			"the community":     {w.secretary(0), -1},
			"another community": {w.secretary(1), errs.NotFound},
			"the unit, a draft": {w.liaison(0), errs.NotFound},
			"the district":      {w.district(), -1},
			"another tenant":    {stranger, errs.NotFound},
			"nobody":            {authz.Actor{}, errs.NotFound},
		} {
			if got := get(c.actor); got != c.want {
				t.Errorf("%s: Get = %v, want %v", name, got, c.want)
			}
		}
		if err := w.s.Send(ctx, w.secretary(0), d.Slip.ID, feedback.Fingerprint(d.Lines)); err != nil {
			t.Fatal(err)
		}
		if get(w.liaison(0)) != -1 || get(w.liaison(1)) != errs.NotFound {
			t.Error("the unit sees its slip once it is sent, another unit never")
		}
	})
}

func TestFromDraftToAnswer(t *testing.T) {
	each(t, 8, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.post(w.members[0], "hours", "2026-07-01", "timed", 90)
		w.close()
		sec, liaison := w.secretary(0), w.liaison(0)
		d := w.slip()
		seen := feedback.Fingerprint(d.Lines)
		remark := feedback.Remarks{Slip: "谢谢", Lines: map[id.ID]string{w.members[0].id: "热心"}, Version: d.Slip.Version}
		if err := w.s.Remark(ctx, sec, d.Slip.ID, remark); err != nil {
			t.Fatal(err)
		}
		if err := w.s.Remark(ctx, sec, d.Slip.ID, remark); errs.KindOf(err) != errs.Conflict {
			t.Errorf("two clerks saving the same slip = %v, want a conflict", err)
		}
		w.post(w.members[0], "hours", "2026-07-02", "timed", 30) // posted late
		if err := w.s.Send(ctx, sec, d.Slip.ID, seen); errs.KindOf(err) != errs.Conflict {
			t.Errorf("sending what nobody has seen = %v, want a conflict", err)
		}
		d = w.slip()
		if d.Slip.Minutes != 120 || d.Lines[0].Remark != "热心" || d.Slip.State != feedback.Draft {
			t.Errorf("after the ledger moved: %+v %+v", d.Slip, d.Lines[0])
		}
		if err := w.s.Send(ctx, sec, d.Slip.ID, feedback.Fingerprint(d.Lines)); err != nil {
			t.Fatal(err)
		}
		if err := w.s.Send(ctx, sec, d.Slip.ID, feedback.Fingerprint(d.Lines)); errs.KindOf(err) != errs.Conflict {
			t.Errorf("sending twice = %v, want a conflict", err)
		}
		if err := w.s.Read(ctx, liaison, d.Slip.ID); err != nil {
			t.Fatal(err)
		}
		if err := w.s.Answer(ctx, w.district(), d.Slip.ID, "x"); errs.KindOf(err) == errs.Internal || err == nil {
			t.Errorf("an answer by somebody else = %v", err)
		}
		if err := w.s.Answer(ctx, liaison, d.Slip.ID, "已阅，感谢社区"); err != nil {
			t.Fatal(err)
		}
		got, err := w.s.Get(ctx, liaison, d.Slip.ID)
		if err != nil || got.Slip.State != feedback.Answered || got.Slip.Answer == "" || got.Slip.ReadAt.IsZero() {
			t.Errorf("after the answer: %+v, %v", got.Slip, err)
		}
		first := got.Versions[0]
		if err := w.s.SendAgain(ctx, sec, d.Slip.ID, "漏记"); errs.KindOf(err) != errs.Conflict {
			t.Errorf("sending the same again = %v, want a conflict", err)
		}
		w.post(w.members[0], "hours", "2026-07-03", "vouched", 60)
		if err := w.s.SendAgain(ctx, sec, d.Slip.ID, ""); errs.KindOf(err) != errs.Invalid {
			t.Errorf("sending again without a reason = %v", err)
		}
		if err := w.s.SendAgain(ctx, sec, d.Slip.ID, "漏记一次"); err != nil {
			t.Fatal(err)
		}
		got, err = w.s.Get(ctx, liaison, d.Slip.ID)
		if err != nil || len(got.Versions) != 2 || got.Slip.State != feedback.Sent || got.Lines[0].Minutes != 180 || got.Versions[1].Content.Lines[0].Minutes != 120 {
			t.Errorf("the version sent first is kept: %+v, %v", got, err)
		}
		check := func(code string) feedback.Checked {
			tenant, p, err := paper.Find(ctx, w.d, code)
			if err != nil {
				t.Fatal(err)
			}
			c, err := w.s.Check(ctx, tenant, p)
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		if c := check(first.Code); c.Current || !c.Version.Intact || c.Newest != 2 {
			t.Errorf("the old code = %+v, want replaced by version 2", c)
		}
		c := check(got.Versions[0].Code)
		if !c.Current || !c.Version.Intact || c.Version.Content.Lines[0].Name != "M********" {
			t.Errorf("the new code = %+v, want current, whole, names masked", c)
		}
		w.clean()
		w.tx(func(ctx context.Context, tx *db.Tx) error {
			_, err := tx.Exec(ctx, `UPDATE slip_version SET content = replace(content, '"minutes":180', '"minutes":980') WHERE tenant_id = $1`, testkit.Tenant)
			return err
		})
		if c := check(got.Versions[0].Code); c.Version.Intact {
			t.Error("a slip changed after sending still verifies")
		}
		if faults, _ := feedback.Verify(ctx, w.d, testkit.Tenant); len(faults) == 0 {
			t.Error("Verify does not see a slip changed after sending")
		}
	})
}

func TestAMemberAsksForACorrection(t *testing.T) {
	each(t, 8, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.close()
		d := w.slip()
		me, other := w.self(w.members[0]), w.self(w.members[1])
		if err := w.s.AskCorrection(ctx, other, d.Slip.ID, "x"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a wish about somebody else's slip = %v, want not found", err)
		}
		if err := w.s.AskCorrection(ctx, me, d.Slip.ID, "少记一次"); err != nil {
			t.Fatal(err)
		}
		items, err := w.s.Waiting(ctx, w.secretary(0))
		if err != nil || items[1].Kind != "slip.correction" || items[1].Count != 1 || items[0].Count != 2 {
			t.Errorf("Waiting = %+v, %v", items, err)
		}
		d = w.slip()
		c := d.Corrections[0].ID
		if err := w.s.DecideCorrection(ctx, w.secretary(1), c, true, "x"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another community decides = %v, want not found", err)
		}
		if err := w.s.DecideCorrection(ctx, w.secretary(0), c, true, "已补记"); err != nil {
			t.Fatal(err)
		}
		if err := w.s.DecideCorrection(ctx, w.secretary(0), c, false, "x"); errs.KindOf(err) != errs.Conflict {
			t.Errorf("deciding twice = %v, want a conflict", err)
		}
		mine, err := w.s.OwnCorrections(ctx, me)
		if err != nil || len(mine) != 1 || mine[0].Answer != "已补记" {
			t.Errorf("OwnCorrections = %+v, %v", mine, err)
		}
		lines, err := w.s.Own(ctx, me)
		if err != nil || len(lines) != 1 || lines[0].Quarter != q3 {
			t.Errorf("Own = %+v, %v", lines, err)
		}
	})
}

func TestTheYearIsEvaluatedFromTheSamePostings(t *testing.T) {
	each(t, 8, func(t *testing.T, w *world) {
		ctx := t.Context()
		m := w.members[0]
		w.post(m, "hours", "2026-02-01", "timed", 100)
		w.post(m, "deeds", "2026-12-31", "vouched", 2)
		w.post(m, "hours", "2025-12-31", "timed", 5)
		if n, err := w.s.OpenYear(ctx, w.secretary(0), w.communities[0], 2026); err != nil || n != 4 {
			t.Fatalf("OpenYear = %d, %v; want 4", n, err)
		}
		if _, err := w.s.OpenYear(ctx, w.secretary(0), w.communities[1], 2026); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("OpenYear elsewhere = %v", err)
		}
		e, err := w.s.Evaluation(ctx, w.secretary(0), m.id, 2026)
		if err != nil || e.Minutes != 100 || e.Deeds != 2 || e.Activities != 1 {
			t.Fatalf("Evaluation = %+v, %v", e, err)
		}
		if _, err := w.s.Evaluation(ctx, w.liaison(0), m.id, 2026); errs.KindOf(err) != errs.NotFound {
			t.Errorf("the unit sees it before it is decided: %v", err)
		}
		if err := w.s.Evaluate(ctx, w.secretary(0), m.id, 2026, "积极参与", e.Version); err != nil {
			t.Fatal(err)
		}
		if err := w.s.Evaluate(ctx, w.secretary(0), m.id, 2026, "另一意见", e.Version); errs.KindOf(err) != errs.Conflict {
			t.Errorf("two clerks = %v, want a conflict", err)
		}
		for name, a := range map[string]authz.Actor{"unit": w.liaison(0), "member": w.self(m)} {
			if e, err := w.s.Evaluation(ctx, a, m.id, 2026); err != nil || e.Opinion == "" {
				t.Errorf("the %s does not see what was decided: %v", name, err)
			}
		}
		w.post(m, "hours", "2026-03-01", "timed", 50)
		if _, err := w.s.OpenYear(ctx, w.secretary(0), w.communities[0], 2026); err != nil {
			t.Fatal(err)
		}
		if e, _ := w.s.Evaluation(ctx, w.secretary(0), m.id, 2026); e.Minutes != 100 {
			t.Errorf("a decided evaluation changed its figures to %d", e.Minutes)
		}
	})
}

// TestSlipsAddUp holds the slips of random postings against sums made outside the program's SQL.
func TestSlipsAddUp(t *testing.T) {
	each(t, 8, func(t *testing.T, w *world) {
		type sum struct{ minutes, deeds, year int64 }
		days := []string{"2026-01-01", "2026-06-30", "2026-07-01", "2026-08-15", "2026-09-30", "2026-10-01", "2025-12-31"}
		rapid.Check(t, func(rt *rapid.T) {
			w.tx(func(ctx context.Context, tx *db.Tx) error {
				for _, table := range []string{"posting", "slip", "slip_line", "quarter_close"} {
					if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE tenant_id = $1", testkit.Tenant); err != nil {
						return err
					}
				}
				return nil
			})
			want := map[id.ID]sum{}
			for range rapid.IntRange(0, 25).Draw(rt, "postings") {
				m := rapid.SampledFrom(w.members).Draw(rt, "member")
				day := rapid.SampledFrom(days).Draw(rt, "day")
				account := rapid.SampledFrom([]string{"hours", "deeds"}).Draw(rt, "account")
				proof := rapid.SampledFrom([]string{"timed", "countersigned", "vouched"}).Draw(rt, "proof")
				n := rapid.Int64Range(-50, 300).Draw(rt, "amount")
				w.post(m, account, day, proof, n)
				s := want[m.id]
				inQuarter := day >= "2026-07-01" && day <= "2026-09-30"
				inYear := day >= "2026-01-01" && day <= "2026-09-30"
				switch {
				case account == "hours":
					if inQuarter {
						s.minutes += n
					}
					if inYear {
						s.year += n
					}
				case inQuarter:
					s.deeds += n
				}
				want[m.id] = s
			}
			w.close()
			slips, err := w.s.List(context.Background(), w.district(), feedback.Filter{})
			if err != nil {
				rt.Fatal(err)
			}
			seen := 0
			for _, sl := range slips.Items {
				d, err := w.s.Get(context.Background(), w.district(), sl.ID)
				if err != nil {
					rt.Fatal(err)
				}
				for _, l := range d.Lines {
					seen++
					if got := (sum{l.Minutes, l.Deeds, l.YearMinutes}); got != want[l.MemberID] {
						rt.Errorf("%s: %+v, want %+v", l.Name, got, want[l.MemberID])
					}
				}
			}
			if seen != len(w.members) {
				rt.Errorf("%d members stand on slips, want %d", seen, len(w.members))
			}
			w.clean()
		})
	})
}

// BenchmarkClose closes a quarter of a district (30,000 members, 10^6 postings) beside the bare SQL that computes the same sums.
func BenchmarkClose(b *testing.B) {
	clock := testkit.NewClock()
	d := testkit.SQLite(b, clock.Now)
	w := newWorld(b, d, clock, 0)
	fill(w, benchMembers, benchPostings, 60, 400)
	b.Run("bare", func(b *testing.B) {
		for b.Loop() {
			rows, err := d.Query(b.Context(), `SELECT community_id, unit_id, member_id, sum(CASE WHEN quarter = $2 AND account = 'hours' THEN amount ELSE 0 END),
				sum(CASE WHEN quarter = $2 AND account = 'deeds' THEN amount ELSE 0 END), sum(CASE WHEN account = 'hours' THEN amount ELSE 0 END), sum(CASE WHEN account = 'deeds' THEN amount ELSE 0 END)
				FROM posting WHERE tenant_id = $1 AND quarter >= $3 AND quarter <= $2 GROUP BY community_id, unit_id, member_id`, testkit.Tenant, q3, calendar.NewQuarter(2026, 1))
			if err != nil {
				b.Fatal(err)
			}
			for rows.Next() {
			}
			rows.Close()
		}
	})
	b.Run("close", func(b *testing.B) {
		for b.Loop() {
			w.close()
			b.StopTimer()
			w.tx(func(ctx context.Context, tx *db.Tx) error {
				for _, t := range []string{"slip", "slip_line", "quarter_close"} {
					if _, err := tx.Exec(ctx, "DELETE FROM "+t+" WHERE tenant_id = $1", testkit.Tenant); err != nil {
						return err
					}
				}
				return nil
			})
			b.StartTimer()
		}
	})
}

func fill(w *world, members, postings, communities, units int) {
	w.tx(func(ctx context.Context, tx *db.Tx) error {
		var cs, us []id.ID
		for i := range communities {
			cs = append(cs, w.organisation(ctx, tx, "community_party", fmt.Sprintf("C%d", i)))
		}
		for i := range units {
			us = append(us, w.organisation(ctx, tx, "unit", fmt.Sprintf("U%d", i)))
		}
		for i := range members {
			w.members = append(w.members, member{id.New(), id.New(), cs[i%communities], us[i/7%units]})
		}
		err := tx.InsertMany(ctx, "member", []string{"tenant_id", "id", "person_id", "kind", "name", "name_key", "unit_id", "community_id", "since", "created_at", "updated_at"},
			members, func(i int) []any {
				m := w.members[i]
				return []any{testkit.Tenant, m.id, m.person, "in_service", "m", "m", m.unit, m.community, "2026-01-01", int64(0), int64(0)}
			})
		if err != nil {
			return err
		}
		return tx.InsertMany(ctx, "posting", []string{"tenant_id", "id", "account", "member_id", "person_id", "community_id", "unit_id", "on_date", "quarter", "amount", "proof", "source_kind", "source_id", "posted_at", "posted_by"},
			postings, func(i int) []any {
				m := w.members[i*7919%members]
				day := calendar.MustParse("2026-01-01").AddDays(i % 270)
				return []any{testkit.Tenant, id.New(), []string{"hours", "deeds"}[i%5/4], m.id, m.person, m.community, m.unit, day.String(), calendar.QuarterOf(day).String(),
					int64(1 + i%120), []string{"timed", "countersigned", "vouched"}[i%3], "attendance", id.New(), int64(0), int64(0)}
			})
	})
}

// The size of the district whose quarter is closed in the benchmark.
const (
	benchMembers  = 30_000
	benchPostings = 1_000_000
)
