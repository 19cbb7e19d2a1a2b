package volunteer_test

import (
	"testing"
	"time"

	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/testkit"
	"linli/internal/volunteer"
)

// Who may be asked for help: in the community and its sub-district, who agreed to be contacted and has not ended.
func TestHelpers(t *testing.T) {
	each(t, func(w *town) {
		street, elsewhere := w.rows.Organisation("working_committee", "文港街道"), w.rows.Organisation("community_party", "远处社区")
		testkit.Exec(t, w.d, `UPDATE organisation SET parent_id = $1 WHERE tenant_id = $2 AND (id = $3 OR id = $4)`, street, testkit.Tenant, w.here, w.there)
		enter := func(at id.ID, name string, contact bool) (id.ID, id.ID) {
			person := w.rows.Person(at, name, "")
			v, err := w.s.Register(ctx, testkit.Own(testkit.Tenant, person, volunteer.PermOwn), volunteer.Fields{Skills: []volunteer.Skill{"hair"}, Times: []volunteer.Slot{"3m"}, Contact: contact})
			w.ok(err)
			return v, person
		}
		near, _ := enter(w.there, "近处", true)
		here, person := enter(w.here, "本地", true)
		enter(w.here, "不愿联系", false)
		enter(elsewhere, "远处", true)
		gone, _ := enter(w.here, "退出", true)
		w.ok(w.s.End(ctx, w.keeper, gone, volunteer.Stopped, 1))
		_, dead := enter(w.here, "去世", true)
		testkit.Exec(t, w.d, `UPDATE person SET died_on = '2026-01-01' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, dead)
		list, err := w.s.Helpers(ctx, w.d, testkit.Tenant, w.here)
		w.ok(err)
		if len(list) != 2 || list[0].ID != here || list[1].ID != near || list[0].Name != "本地" || len(list[0].Skills) != 1 || list[0].Times[0] != "3m" || list[0].Kept != 0 {
			t.Fatalf("helpers are %+v", list)
		}
		w.ok(w.s.Invite(ctx, w.keeper, w.team, here, true))
		from := w.clock.Now().Add(time.Hour)
		shift, err := w.s.Plan(ctx, w.keeper, w.team, volunteer.NewShift{Task: "清楼道", Place: "广场", StartsAt: from, EndsAt: from.Add(2 * time.Hour), Seats: 2})
		w.ok(err)
		w.ok(w.s.Enlist(ctx, w.keeper, shift, here))
		w.clock.Advance(4 * time.Hour)
		f, err := w.s.Shift(ctx, w.keeper, shift)
		w.ok(err)
		w.ok(w.s.Tick(ctx, w.keeper, shift, []volunteer.Tick{{SignupID: f.Signups[0].ID, Attended: volunteer.Present}}))
		// For a week's sharing out: the same people, with their sub-district and the shifts that they take.
		from = w.clock.Now().Add(time.Hour)
		shift, err = w.s.Plan(ctx, w.keeper, w.team, volunteer.NewShift{Task: "清楼道", Place: "广场", StartsAt: from, EndsAt: from.Add(2 * time.Hour), Seats: 2})
		w.ok(err)
		w.ok(w.s.Enlist(ctx, w.keeper, shift, here))
		around, err := w.s.HelpersNear(ctx, w.d, testkit.Tenant, []id.ID{w.here, elsewhere}, w.clock.Now(), w.clock.Now().AddDate(0, 0, 7))
		w.ok(err)
		got := map[id.ID]volunteer.Helper{}
		for _, h := range around {
			got[h.ID] = h
		}
		if len(around) != 3 || got[here].Shifts != 1 || got[here].Street != street || got[near].Shifts != 0 || got[here].Kept != 1 || len(got[here].Skills) != 1 {
			t.Errorf("for a week there are %+v", around)
		}
		if later, err := w.s.HelpersNear(ctx, w.d, testkit.Tenant, []id.ID{w.here}, w.clock.Now().AddDate(0, 0, 1), w.clock.Now().AddDate(0, 0, 8)); err != nil || len(later) != 2 || later[0].Shifts+later[1].Shifts != 0 {
			t.Errorf("tomorrow there are %+v, %v", later, err)
		}
		if list, err := w.s.HelpersNear(ctx, w.d, testkit.Other, []id.ID{w.here}, w.clock.Now(), w.clock.Now()); err != nil || len(list) != 0 {
			t.Errorf("another tenant has %+v, %v", list, err)
		}
		h, err := w.s.HelperOf(ctx, w.d, testkit.Tenant, person)
		w.ok(err)
		if h.ID != here || h.Kept != 1 {
			t.Errorf("they kept %+v", h)
		}
		if list, err := w.s.Helpers(ctx, w.d, testkit.Other, w.here); err != nil || len(list) != 0 {
			t.Errorf("another tenant has %+v, %v", list, err)
		}
		_, err = w.s.HelperOf(ctx, w.d, testkit.Tenant, dead)
		w.wants(err, errs.NotFound, "")
	})
}
