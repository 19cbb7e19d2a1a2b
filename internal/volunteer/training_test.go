package volunteer_test

import (
	"context"
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/notice"
	"linli/internal/seal"
	"linli/internal/testkit"
	"linli/internal/volunteer"
)

// attended notes that somebody was at an activity.
func (w *town) attended(person id.ID, kind, title, state string) {
	w.t.Helper()
	a, at := id.New(), db.Micros(w.at(1, 9))
	testkit.Exec(w.t, w.d, `INSERT INTO activity (tenant_id, id, community_id, kind_code, title, place, starts_at, ends_at, state, gives_hours, organiser_id, created_at) VALUES ($1,$2,$3,$4,$5,'礼堂',$6,$7,'closed',FALSE,1,1)`,
		testkit.Tenant, a, w.here, kind, title, at, at+3_600_000_000)
	testkit.Exec(w.t, w.d, `INSERT INTO attendance (tenant_id, id, activity_id, person_id, community_id, in_at, proof, state, at) VALUES ($1,$2,$3,$4,$5,$6,'timed',$7,1)`, testkit.Tenant, id.New(), a, person, w.here, at, state)
}

// A training is an activity that was attended, and nothing else: it stands on the own page and on the file by itself. A shift that asks for it warns who has not done it, and its leader, and takes them.
func TestATrainingThatIsAskedForWarns(t *testing.T) {
	each(t, func(w *town) {
		a, v := w.joined("王学过")
		b, _ := w.joined("李没学")
		w.attended(a.PersonID, "training", "社区急救 培训（第二期）", "out")
		w.attended(b.PersonID, "lecture", "急救讲座", "out")
		w.attended(b.PersonID, "training", "急救培训", "void")
		s := w.plan(20, 9, 11, 4, func(n *volunteer.NewShift) { n.Training = "急救" })
		plain := w.plan(21, 9, 11, 4, nil)
		warned := func(who authz.Actor) map[id.ID]bool {
			t.Helper()
			d, err := w.s.Duties(ctx, who)
			w.ok(err)
			out := map[id.ID]bool{}
			for _, f := range d.Open {
				out[f.ID] = f.Untrained
			}
			return out
		}
		if got := warned(a); got[s] || got[plain] || len(got) != 2 {
			t.Errorf("who did it reads %v", got)
		}
		if got := warned(b); !got[s] || got[plain] {
			t.Errorf("who did not reads %v", got)
		}
		for _, who := range []authz.Actor{a, b} { // it warns, and takes both
			w.ok(w.s.SignUp(ctx, who, s))
		}
		for _, u := range w.shift(s).Signups {
			if u.Untrained != (u.PersonID == b.PersonID) {
				t.Errorf("the leader reads of %s %v", u.Name, u.Untrained)
			}
		}
		f, err := w.s.Get(ctx, w.keeper, v)
		w.ok(err)
		if len(f.Trainings) != 1 || f.Trainings[0].Title != "社区急救 培训（第二期）" || f.Trainings[0].On != calendar.On(2026, 9, 1) || f.Coming[0].Untrained {
			t.Errorf("the file says %+v, %+v", f.Trainings, f.Coming)
		}
		own, err := w.s.Own(ctx, b)
		w.ok(err)
		if len(own.Trainings) != 0 || !own.Coming[0].Untrained {
			t.Errorf("their own page says %+v, %+v", own.Trainings, own.Coming)
		}
		// It stands on the certificate of the days on which it was.
		testkit.Exec(t, w.d, `UPDATE person SET sex = '1' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, a.PersonID)
		w.clock.Set(w.at(20, 12))
		w.ok(w.tick(w.keeper, s, volunteer.Present, 0))
		for from, want := range map[calendar.Date]int{{}: 1, calendar.On(2026, 9, 10): 0} {
			first := calendar.On(2026, 9, 1)
			if !from.IsZero() {
				first = from
			}
			c, err := w.s.CertifyOwn(ctx, a, first, calendar.Date{})
			w.ok(err)
			said, err := w.s.PaperOwn(ctx, a, c)
			w.ok(err)
			if len(said.Trainings) != want || len(said.Lines) != 1 {
				t.Errorf("a certificate from %s says %+v", first, said)
			}
		}

		// What the team asks for holds for shifts that say nothing of their own.
		team, err := w.s.Team(ctx, w.keeper, w.team, "")
		w.ok(err)
		w.ok(w.s.EditTeam(ctx, w.keeper, w.team, volunteer.NewTeam{OrgID: w.here, Kind: team.Kind, Name: team.Name, Training: "消防"}, team.Version))
		if got := warned(a); !got[plain] {
			t.Errorf("of what the team asks for they read %v", got)
		}
		if got := w.shift(s); got.Training != "急救" {
			t.Errorf("the shift asks for %q", got.Training)
		}
		w.wants(w.s.EditTeam(ctx, w.keeper, w.team, volunteer.NewTeam{OrgID: w.here, Kind: team.Kind, Name: team.Name, Training: strings.Repeat("训", volunteer.MaxTrain+1)}, 0), errs.Invalid, "training")
	})
}

// numbers are telephones by person.
type numbers map[id.ID]string

func (n numbers) NumberTx(_ context.Context, _ *db.Tx, _ authz.Actor, person id.ID, _ string) (string, error) {
	return n[person], nil
}

// The volunteer hears that a clearance ends: on the first page, and by a message once when it is soon and once when it is near; not who did not agree to be contacted, and not where a newer one lasts.
func TestTheVolunteerHearsThatAClearanceEnds(t *testing.T) {
	each(t, func(w *town) {
		fake := &notice.Fake{}
		n := notice.New(w.d, seal.Ephemeral()).WithFake(fake, func() string { return "https://linli.example.cn" })
		phones := numbers{}
		w.s.WithNotices(n, phones)
		agreed, quiet := w.somebody("王同意"), w.somebody("李不同意")
		var files []id.ID
		for i, who := range []authz.Actor{agreed, quiet} {
			v, err := w.s.Register(ctx, who, volunteer.Fields{Contact: i == 0})
			w.ok(err)
			phones[who.PersonID] = "1390013900" + string(rune('0'+i))
			w.ok(w.s.Clear(ctx, w.keeper, v, "aid", calendar.On(2026, 11, 10))) // in 56 days
			w.ok(w.s.Clear(ctx, w.keeper, v, "minors", calendar.On(2027, 9, 1)))
			files = append(files, v)
		}
		remind := func(want int) {
			t.Helper()
			w.ok(w.s.Remind(ctx, testkit.Tenant))
			w.ok(w.s.Remind(ctx, testkit.Tenant))
			_, err := n.Deliver(ctx, testkit.Tenant)
			w.ok(err)
			if got := fake.Taken(); len(got) != want {
				t.Fatalf("%d messages were sent, want %d: %+v", len(got), want, got)
			}
		}
		waits := func(who authz.Actor) (count int64) {
			t.Helper()
			list, err := w.s.Waiting(ctx, who)
			w.ok(err)
			for _, x := range list {
				if x.Kind == volunteer.WaitOwnSoon {
					count = int64(x.Count)
				}
			}
			return count
		}
		remind(1)
		first := fake.Taken()[0]
		if first.To != "13900139000" || !strings.Contains(first.Body, "2026-11-10") || !strings.Contains(first.Body, "/p/me/volunteer") || strings.Contains(first.Body, "王同意") {
			t.Errorf("they read %+v", first)
		}
		if waits(agreed) != 1 || waits(quiet) != 1 {
			t.Errorf("on the first pages wait %d and %d", waits(agreed), waits(quiet))
		}
		w.clock.Set(calendar.On(2026, 10, 30).Time().Add(9 * 3600e9)) // in 11 days
		remind(2)
		w.ok(w.s.Clear(ctx, w.keeper, files[0], "aid", calendar.On(2028, 1, 1)))
		if waits(agreed) != 0 {
			t.Error("it still waits though a newer one lasts")
		}
		w.clock.Set(calendar.On(2026, 11, 20).Time().Add(9 * 3600e9))
		remind(2)
	})
}
