package casework_test

import (
	"strings"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/testkit"
)

// TestACategorySaysWhichOfficeHasACase holds that a new case goes where the narrowest rule of the nearest area says, on every way in, and comes back from there.
func TestACategorySaysWhichOfficeHasACase(t *testing.T) {
	each(t, func(w *street) {
		squad, centre := w.org("other", "城管中队", w.street), w.org("other", "区市政中心", w.district)
		keeps := w.as(w.street, []id.ID{w.street, w.community, w.other, squad}, append(all, casework.PermRoute)...)
		top := testkit.Actor(testkit.Tenant, nil, casework.PermRoute, casework.PermKinds)
		squadHand := w.as(squad, nil, casework.PermSee, casework.PermWork)
		w.as(centre, nil, casework.PermWork)
		set := func(a authz.Actor, r casework.Route) { t.Helper(); _, err := w.s.SetRoute(ctx, a, r); w.ok(err) }
		event := func() casework.Receipt {
			return w.report(casework.Report{Kind: "event", ItemID: w.road, Body: "路面有坑，已经好几天了"})
		}

		_, err := w.s.SetRoute(ctx, keeps, casework.Route{KindCode: "event", AreaID: w.district, Level: catalogue.Community})
		w.wants(err, errs.Forbidden, "")
		_, err = w.s.SetRoute(ctx, keeps, casework.Route{KindCode: "event", AreaID: w.street})
		w.wants(err, errs.Invalid, "target")
		_, err = w.s.SetRoute(ctx, keeps, casework.Route{KindCode: "event", AreaID: w.street, Level: catalogue.District})
		w.wants(err, errs.Invalid, "target")
		_, err = w.s.SetRoute(ctx, keeps, casework.Route{KindCode: "event", AreaID: w.street, OrgID: centre})
		w.wants(err, errs.Invalid, "org")
		_, err = w.s.SetRoute(ctx, top, casework.Route{KindCode: "dispute", AreaID: w.district, OrgID: centre})
		w.wants(err, errs.Invalid, "target")
		_, err = w.s.SetRoute(ctx, top, casework.Route{KindCode: "event", ItemID: w.lamp, AreaID: w.district, OrgID: centre})
		w.wants(err, errs.Invalid, "category")

		set(top, casework.Route{KindCode: "event", AreaID: w.district, OrgID: centre, Auto: true})
		if d := w.get(w.top, event().ID); d.OrgID != centre || d.State != casework.Dispatched || d.DispatchedBy != w.street {
			t.Errorf("the district's rule: %s, %s", d.Org, d.State)
		}
		set(keeps, casework.Route{KindCode: "event", ItemID: w.road, AreaID: w.street, OrgID: squad, Auto: true, Reason: "道路归城管中队"})
		r := w.report(casework.Report{Kind: "event", ItemID: w.road, Body: "路面有坑，已经好几天了", Phone: "13800138000"})
		if r.Org != "城管中队" {
			t.Errorf("the receipt names %s", r.Org)
		}
		d := w.get(squadHand, r.ID)
		last := d.Entries[len(d.Entries)-1]
		if d.OrgID != squad || d.State != casework.Dispatched || !d.AcceptedAt.IsZero() || last.Act != casework.ActDispatch || !strings.Contains(last.Words, "道路破损") || last.To != "城管中队" {
			t.Errorf("by the category: %+v, %+v", d.Case, last)
		}
		// By whatever way it comes in.
		for _, ch := range casework.Channels() {
			got, err := w.s.Enter(ctx, w.secretary, casework.Report{Kind: "event", ItemID: w.road, CommunityID: w.community, Body: "路面有坑", Channel: ch})
			w.ok(err)
			if got.Org != "城管中队" {
				t.Errorf("by %s it goes to %s", ch, got.Org)
			}
		}
		sent, err := w.s.Receive(ctx, w.connected(w.community), casework.Incoming{Offer: "event-" + w.road.String(), Address: "文港社区", Body: "路面有坑"})
		w.ok(err)
		if shown, err := w.s.PublicCase(ctx, authz.Actor{Tenant: testkit.Tenant}, sent.No, true); err != nil || shown.Org != "城管中队" {
			t.Errorf("another system reads %q, %v", shown.Org, err)
		}
		// Who gets it wrongly gives it back, it lies where it would have lain, and is not offered there again.
		w.ok(w.s.Return(ctx, squadHand, r.ID, w.v(r.ID), "不在我们的路段"))
		if d = w.get(w.above, r.ID); d.OrgID != w.street || d.State != casework.Received || len(d.Offered) != 0 {
			t.Errorf("returned: %+v, %+v", d.Case, d.Offered)
		}
		// As an offer it is the first choice, also where it lies outside the part of whoever gives it out.
		set(keeps, casework.Route{KindCode: "event", ItemID: w.road, AreaID: w.street, OrgID: squad})
		second := event()
		if d = w.get(w.above, second.ID); d.OrgID != w.street || len(d.Offered) != 1 || d.Offered[0].ID != squad {
			t.Errorf("offered: %+v", d.Offered)
		}
		w.wants(w.s.Dispatch(ctx, w.above, second.ID, 1, centre, ""), errs.Invalid, "to")
		w.ok(w.s.Dispatch(ctx, w.above, second.ID, 1, squad, ""))
		w.ok(w.s.Take(ctx, squadHand, second.ID, w.v(second.ID)))

		// Former rules are kept; one that ends gives way to the wider one.
		past, err := w.s.Routes(ctx, keeps, casework.RouteFilter{Past: true})
		w.ok(err)
		now, err := w.s.Routes(ctx, keeps, casework.RouteFilter{})
		w.ok(err)
		if len(past.Items) != 1 || len(now.Items) != 2 || !now.Items[0].Mine || now.Items[1].Mine || now.Items[1].AreaID != w.district || past.Items[0].Reason == "" || past.Items[0].UntilAt.IsZero() {
			t.Errorf("in force %+v, before %+v", now.Items, past.Items)
		}
		w.wants(w.s.EndRoute(ctx, w.as(w.other, nil, casework.PermRoute), now.Items[0].ID), errs.NotFound, "")
		w.wants(w.s.EndRoute(ctx, keeps, now.Items[1].ID), errs.NotFound, "") // the district's is read, and not ended
		w.ok(w.s.EndRoute(ctx, keeps, now.Items[0].ID))
		if d := w.get(w.top, event().ID); d.OrgID != centre {
			t.Errorf("the wider rule counts again: %s", d.Org)
		}
		// An organisation that is gone has no effect, and the case says so.
		testkit.Exec(t, w.d, `UPDATE organisation SET dissolved_on = '2026-03-01' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, centre)
		keptAbove := w.as(w.district, nil, casework.PermSee, casework.PermRoute)
		if idle, err := w.s.Routes(ctx, keptAbove, casework.RouteFilter{Idle: true}); err != nil || len(idle.Items) != 1 || !idle.Items[0].Over || !idle.Items[0].Idle() {
			t.Errorf("without effect: %+v, %v", idle.Items, err)
		}
		if got := waitsFor(t, w, keptAbove, casework.WaitRoute); got != 1 {
			t.Errorf("%d rules wait for the district, want 1", got)
		}
		if got := waitsFor(t, w, keeps, casework.WaitRoute); got != 0 {
			t.Errorf("%d rules wait for the sub-district, which cannot end them", got)
		}
		d = w.get(w.top, event().ID)
		if last = d.Entries[len(d.Entries)-1]; d.OrgID != w.street || d.State != casework.Received || last.Act != casework.ActRoute || !strings.Contains(last.Words, "区市政中心") {
			t.Errorf("dissolved: %+v, %+v", d.Case, last)
		}
		// Whom a complaint is about does not get it by its category either.
		set(keeps, casework.Route{KindCode: "opinion", AreaID: w.street, OrgID: squad, Auto: true})
		about := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "城管中队态度不好", AboutID: squad})
		if d := w.get(w.above, about.ID); d.OrgID == squad {
			t.Error("it went to whom it is about")
		}
	})
}

// TestTheNearestOfItsKindHasACase holds rules that name a kind of organisation or a level.
func TestTheNearestOfItsKindHasACase(t *testing.T) {
	each(t, func(w *street) {
		top := testkit.Actor(testkit.Tenant, nil, casework.PermRoute)
		set := func(r casework.Route) { t.Helper(); _, err := w.s.SetRoute(ctx, top, r); w.ok(err) }
		event := func(in id.ID) casework.Detail {
			return w.get(w.top, w.report(casework.Report{Kind: "event", ItemID: w.road, Body: "路面有坑", CommunityID: in}).ID)
		}
		set(casework.Route{KindCode: "event", ItemID: w.road, AreaID: w.district, OrgKind: organisation.Station, Auto: true})
		if d := event(w.community); d.OrgID != w.street || d.Entries[len(d.Entries)-1].Act != casework.ActRoute {
			t.Errorf("there is none: %+v", d.Case)
		}
		far, near := w.org("service_station", "街道服务中心", w.street), w.org("service_station", "文港服务站", w.community)
		w.as(far, nil, casework.PermWork)
		w.as(near, nil, casework.PermWork)
		if d := event(w.community); d.OrgID != near {
			t.Errorf("the community's own: %s", d.Org)
		}
		if d := event(w.other); d.OrgID != far {
			t.Errorf("the sub-district's: %s", d.Org)
		}
		w.as(w.org("service_station", "文港二站", w.community), nil, casework.PermWork)
		if d := event(w.community); d.OrgID != w.street || len(d.Offered) != 2 {
			t.Errorf("several are offered: %s, %+v", d.Org, d.Offered)
		}
		set(casework.Route{KindCode: "event", ItemID: w.road, AreaID: w.district, OrgKind: organisation.Station, Word: "二站", Auto: true})
		if d := event(w.community); d.Org != "文港二站" {
			t.Errorf("by its name: %s", d.Org)
		}
		set(casework.Route{KindCode: "event", ItemID: w.road, AreaID: w.other, Level: catalogue.Community})
		if d := event(w.other); d.OrgID != w.other || d.State != casework.Received {
			t.Errorf("by its level: %s", d.Org)
		}
		set(casework.Route{KindCode: "service", AreaID: w.street, Level: catalogue.Subdistrict})
		if d := w.get(w.above, w.report(casework.Report{}).ID); d.OrgID != w.street || d.State != casework.Received {
			t.Errorf("a whole kind by its level: %s", d.Org)
		}
	})
}

// TestAStricterKindGoesByLevelOnly holds that a rule from before its kind was confidential, or done by technicians, hides no case.
func TestAStricterKindGoesByLevelOnly(t *testing.T) {
	each(t, func(w *street) {
		top := testkit.Actor(testkit.Tenant, nil, casework.PermRoute, casework.PermKinds)
		squad := w.org("other", "城管中队", w.street)
		w.as(squad, nil, casework.PermSee, casework.PermWork)
		change := func(code string, how func(k *casework.Kind)) {
			t.Helper()
			k, err := w.s.Kind(ctx, testkit.Tenant, code)
			w.ok(err)
			how(&k)
			w.ok(w.s.SaveKind(ctx, top, k))
		}
		for _, auto := range []bool{true, false} {
			_, err := w.s.SetRoute(ctx, top, casework.Route{KindCode: "opinion", AreaID: w.street, OrgID: squad, Auto: auto})
			w.ok(err)
			r := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "路灯太暗"})
			if d := w.get(w.above, r.ID); auto != (d.OrgID == squad) || auto == (len(d.Offered) == 1) {
				t.Errorf("before: %s, %+v", d.Org, d.Offered)
			}
		}
		stays := func(sees authz.Actor) {
			t.Helper()
			for _, auto := range []bool{true, false} {
				_, err := w.s.SetRoute(ctx, testkit.Actor(testkit.Tenant, nil, casework.PermRoute), casework.Route{KindCode: "opinion", AreaID: w.street, OrgID: squad, Auto: auto})
				w.wants(err, errs.Invalid, "target")
				testkit.Exec(t, w.d, `UPDATE case_route SET auto = $1 WHERE tenant_id = $2 AND until_at = 0`, auto, testkit.Tenant)
				r := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "路灯太暗"})
				d := w.get(sees, r.ID)
				if last := d.Entries[len(d.Entries)-1]; d.OrgID != w.community || d.State != casework.Received || len(d.Offered) != 0 || last.Act != casework.ActRoute || !strings.Contains(last.Words, "城管中队") {
					t.Errorf("auto %v: %s, %s, %+v, %+v", auto, d.Org, d.State, d.Offered, last)
				}
			}
		}
		above := w.as(w.street, nil, casework.PermSee, casework.PermRoute)
		if got := waitsFor(t, w, above, casework.WaitRoute); got != 0 {
			t.Errorf("%d rules wait before", got)
		}
		change("opinion", func(k *casework.Kind) { k.ByTechnician, k.Georeport = true, casework.NotOpen })
		if l, err := w.s.Routes(ctx, above, casework.RouteFilter{Idle: true}); err != nil || len(l.Items) != 1 || !l.Items[0].Strict {
			t.Errorf("a kind that became stricter: %+v, %v", l.Items, err)
		}
		if got := waitsFor(t, w, above, casework.WaitRoute); got != 1 {
			t.Errorf("%d rules wait, want 1", got)
		}
		stays(w.secretary)
		for _, v := range []casework.Visibility{casework.ToHandling, casework.ToConfidential, casework.ToNamed} {
			change("opinion", func(k *casework.Kind) { k.ByTechnician, k.Visibility = false, v })
			stays(w.secretary)
		}
	})
}

// waitsFor is how many of a kind wait for an actor.
func waitsFor(t *testing.T, w *street, a authz.Actor, kind string) int64 {
	t.Helper()
	items, err := w.s.Waiting(ctx, a)
	w.ok(err)
	for _, it := range items {
		if it.Kind == kind {
			return it.Count
		}
	}
	return 0
}

// TestWhatNobodySignsForIsTakenBack holds that a case that was given out is not lost where nobody works.
func TestWhatNobodySignsForIsTakenBack(t *testing.T) {
	each(t, func(w *street) {
		squad := w.org("other", "城管中队", w.street)
		keeps := w.as(w.street, []id.ID{w.street, w.community, w.other, squad}, append(all, casework.PermRoute)...)
		_, err := w.s.SetRoute(ctx, keeps, casework.Route{KindCode: "event", AreaID: w.street, OrgID: squad, Auto: true})
		w.ok(err)
		event := func() casework.Receipt {
			return w.report(casework.Report{Kind: "event", ItemID: w.road, Body: "路面有坑，已经好几天了"})
		}
		r := event()
		d := w.get(keeps, r.ID)
		if last := d.Entries[len(d.Entries)-1]; d.OrgID != w.street || d.State != casework.Received || last.Act != casework.ActRoute || !strings.Contains(last.Words, "没有能办理的人") {
			t.Errorf("nobody is there: %+v, %+v", d.Case, last)
		}
		hand := w.as(squad, nil, casework.PermSee, casework.PermWork)
		r = event()
		if d = w.get(keeps, r.ID); d.OrgID != squad || d.Unsigned(w.clock.Now()) {
			t.Errorf("somebody is there: %s", d.Org)
		}
		w.leaves(hand)
		if d = w.get(keeps, event().ID); d.OrgID != w.street {
			t.Errorf("nobody is there any more: %s", d.Org)
		}
		w.wants(w.s.Recall(ctx, keeps, r.ID, w.v(r.ID)), errs.Conflict, "")
		w.clock.Advance(48 * time.Hour)
		d = w.get(keeps, r.ID)
		if !d.Unsigned(w.clock.Now()) || !d.Recalled(keeps) || d.Recalled(hand) || d.Recalled(w.top) {
			t.Errorf("who takes it back: %+v", d.Case)
		}
		w.wants(w.s.Recall(ctx, w.top, r.ID, w.v(r.ID)), errs.Forbidden, "")
		w.ok(w.s.Recall(ctx, keeps, r.ID, w.v(r.ID)))
		d = w.get(keeps, r.ID)
		if last := d.Entries[len(d.Entries)-1]; d.OrgID != w.street || d.State != casework.Received || d.DispatchedBy != 0 || last.Act != casework.ActRecall || last.From != "城管中队" || last.To != "示例街道" {
			t.Errorf("taken back: %+v, %+v", d.Case, last)
		}
		w.wants(w.s.Recall(ctx, keeps, r.ID, w.v(r.ID)), errs.Forbidden, "")

		// What a person gave out, and then elsewhere.
		w.ok(w.s.Dispatch(ctx, keeps, r.ID, w.v(r.ID), w.other, ""))
		w.clock.Advance(7 * 24 * time.Hour)
		w.ok(w.s.Recall(ctx, keeps, r.ID, w.v(r.ID)))
		if d = w.get(keeps, r.ID); d.State != casework.Accepted || d.OrgID != w.street {
			t.Errorf("taken back again: %+v", d.Case)
		}
		w.ok(w.s.Dispatch(ctx, keeps, r.ID, w.v(r.ID), w.community, ""))
		w.ok(w.s.Take(ctx, w.worker, r.ID, w.v(r.ID)))
		w.clock.Advance(7 * 24 * time.Hour)
		w.wants(w.s.Recall(ctx, keeps, r.ID, w.v(r.ID)), errs.Conflict, "")
	})
}

// TestStepsAreThoseOfTheDayOfTakingOn holds that a case keeps the steps that its kind had when it was taken on.
func TestStepsAreThoseOfTheDayOfTakingOn(t *testing.T) {
	each(t, func(w *street) {
		keeps := testkit.Actor(testkit.Tenant, nil, casework.PermKinds)
		k, err := w.s.Kind(ctx, testkit.Tenant, "opinion")
		w.ok(err)
		k.Steps = []casework.KindStep{{Name: "核实", NameEN: "Check", Who: "网格员", Days: 1, Needed: true}, {Name: "拍照", Hours: 4}, {Name: "答复", Days: 5, Needed: true}}
		w.ok(w.s.SaveKind(ctx, keeps, k))
		k.Version++
		bad := k
		bad.Steps = []casework.KindStep{{Name: "x", Days: 1, Hours: 1}}
		w.wants(w.s.SaveKind(ctx, keeps, bad), errs.Invalid, "steps")

		r := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "路灯太暗"})
		if d := w.get(w.worker, r.ID); len(d.Steps) != 0 {
			t.Errorf("it has steps before it is taken on: %+v", d.Steps)
		}
		w.ok(w.s.Take(ctx, w.worker, r.ID, 1))
		k.Steps = nil
		w.ok(w.s.SaveKind(ctx, keeps, k))
		d := w.get(w.worker, r.ID)
		if len(d.Steps) != 3 || calendar.DateOf(d.Steps[0].DueAt).String() != "2026-03-03" || !d.Steps[1].DueAt.Equal(w.clock.Now().Add(4*time.Hour)) || calendar.DateOf(d.Steps[2].DueAt).String() != "2026-03-09" {
			t.Fatalf("steps: %+v", d.Steps)
		}
		other := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "垃圾没清"})
		w.ok(w.s.Take(ctx, w.worker, other.ID, 1))
		if d := w.get(w.worker, other.ID); len(d.Steps) != 0 {
			t.Errorf("without steps now: %+v", d.Steps)
		}

		w.clock.Advance(48 * time.Hour)
		waits := func() int64 {
			items, err := w.s.Waiting(ctx, w.worker)
			w.ok(err)
			for _, i := range items {
				if i.Kind == casework.WaitStep {
					return i.Count
				}
			}
			return 0
		}
		if waits() != 1 {
			t.Error("a late needed step waits for nobody")
		}
		w.wants(w.s.StepDone(ctx, w.above, r.ID, d.Steps[0].ID, ""), errs.Forbidden, "")
		w.ok(w.s.StepDone(ctx, w.worker, r.ID, d.Steps[0].ID, "灯是暗的"))
		w.wants(w.s.StepDone(ctx, w.worker, r.ID, d.Steps[0].ID, ""), errs.Conflict, "")
		w.wants(w.s.StepDone(ctx, w.worker, other.ID, d.Steps[2].ID, ""), errs.Conflict, "")
		if d = w.get(w.worker, r.ID); d.Steps[0].DoneAt.IsZero() || d.Steps[0].Note != "灯是暗的" || waits() != 0 {
			t.Errorf("done: %+v", d.Steps[0])
		}
		w.ok(w.s.StepUndone(ctx, w.worker, r.ID, d.Steps[0].ID))
		w.ok(w.s.StepDone(ctx, w.worker, r.ID, d.Steps[0].ID, ""))

		// While the clock stands nothing is late; afterwards the days that it stood do not count.
		w.ok(w.s.Suspend(ctx, w.worker, r.ID, w.v(r.ID), casework.HoldTalks, "等路灯所"))
		if d = w.get(w.worker, r.ID); !d.Steps[2].DueAt.IsZero() {
			t.Errorf("suspended: %+v", d.Steps[2])
		}
		w.clock.Advance(48 * time.Hour)
		w.ok(w.s.Resume(ctx, w.worker, r.ID, w.v(r.ID)))
		if d = w.get(w.worker, r.ID); calendar.DateOf(d.Steps[2].DueAt).String() != "2026-03-11" {
			t.Errorf("resumed: %s", d.Steps[2].DueAt)
		}

		done := casework.Result{Outcome: casework.Fulfilled, Words: "换了灯"}
		w.wants(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), done), errs.Invalid, "steps_why")
		done.StepsWhy = "反映人已经看到"
		w.ok(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), done))
		if f := w.state(r.Code); len(f.Entries) == 0 {
			t.Error("the reporter sees no history")
		} else {
			for _, e := range f.Entries {
				if strings.Contains(e.Words, "核实") || strings.Contains(e.Words, "没做") {
					t.Errorf("the reporter reads %q", e.Words)
				}
			}
		}
	})
}

// TestNobodyOutsideSeesThatThereIsACase holds who sees a case of each visibility, everywhere where cases are read.
func TestNobodyOutsideSeesThatThereIsACase(t *testing.T) {
	each(t, func(w *street) {
		keeps := testkit.Actor(testkit.Tenant, nil, casework.PermKinds)
		for _, k := range []casework.Kind{{Code: "care", Name: "困难求助", Days: 5, OpenToAll: true, Visibility: casework.ToHandling}, {Code: "talk", Name: "个别谈话", Days: 5, OpenToAll: true, Visibility: casework.ToNamed}} {
			w.ok(w.s.SaveKind(ctx, keeps, k))
		}
		care, err := w.s.Kind(ctx, testkit.Tenant, "care")
		w.ok(err)
		for field, bad := range map[string]func(k *casework.Kind){"visibility": func(k *casework.Kind) { k.Visibility, k.Confidential = casework.ToPlace, false }, "georeport": func(k *casework.Kind) { k.Georeport = casework.SentIn }} {
			k := care
			bad(&k)
			w.wants(w.s.SaveKind(ctx, keeps, k), errs.Invalid, field)
		}
		sees := func(a authz.Actor, r casework.Receipt) bool {
			t.Helper()
			yes, err := w.s.Sees(ctx, a, r.ID)
			w.ok(err)
			list, err := w.s.List(ctx, a, casework.Filter{})
			w.ok(err)
			found, err := w.s.List(ctx, a, casework.Filter{Text: r.No})
			w.ok(err)
			sum, err := w.s.Summary(ctx, a, casework.Filter{})
			w.ok(err)
			_, byNo := w.s.ByNo(ctx, a, r.No)
			_, got := w.s.Get(ctx, a, r.ID)
			points, err := w.s.Points(ctx, a, 0)
			w.ok(err)
			calls, err := w.s.Caller(ctx, a, "13800138000")
			w.ok(err)
			if (len(list.Items) == 1) != yes || (len(found.Items) == 1) != yes || (sum.Open == 1) != yes || (byNo == nil) != yes || (got == nil) != yes || len(points) != 0 || len(calls.Earlier) > 0 && !yes {
				t.Errorf("not the same everywhere: %v, list %d, number %d, open %d, %v, %v, points %d, calls %d", yes, len(list.Items), len(found.Items), sum.Open, byNo, got, len(points), len(calls.Earlier))
			}
			return yes
		}
		gone := func(r casework.Receipt) {
			testkit.Exec(t, w.d, `UPDATE service_case SET state = 'closed', closed_at = 1, kind_code = 'gone', visibility = 'named', handler_id = 1, org_id = 1, dispatched_by = 0, community_id = 1, phone_key = '' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, r.ID)
		}
		plain := w.as(w.community, nil, casework.PermSee, casework.PermWork, casework.PermEnter)

		r := w.report(casework.Report{Kind: "care", Body: "家里断了收入", Phone: "13800138000"})
		for who, want := range map[string]struct {
			a    authz.Actor
			want bool
		}{"who works at it": {plain, true}, "the sub-district above": {w.above, false}, "the district": {w.top, false}, "beside": {w.beside, false}} {
			if got := sees(want.a, r); got != want.want {
				t.Errorf("handling: %s sees it: %v", who, got)
			}
		}
		w.ok(w.s.Take(ctx, w.worker, r.ID, 1))
		w.ok(w.s.Join(ctx, w.as(w.community, []id.ID{w.community, w.other}, all...), r.ID, w.v(r.ID), w.other, "请一起上门"))
		if !sees(w.beside, r) || sees(w.above, r) {
			t.Error("who handles it jointly sees it, who stands above does not")
		}
		gone(r)

		r = w.report(casework.Report{Kind: "talk", Body: "想找人谈谈", Phone: "13800138000"})
		if !sees(w.secretary, r) || sees(plain, r) || sees(w.above, r) || sees(w.beside, r) {
			t.Error("named: until somebody handles it, who may see such cases at that organisation")
		}
		w.ok(w.s.Take(ctx, w.worker, r.ID, 1))
		if !sees(w.worker, r) || sees(w.secretary, r) || sees(plain, r) {
			t.Error("named: whoever handles it, alone")
		}
		w.wants(w.s.PutBack(ctx, w.secretary, r.ID, w.v(r.ID)), errs.NotFound, "")
		w.ok(w.s.PutBack(ctx, w.worker, r.ID, w.v(r.ID)))
		w.ok(w.s.Take(ctx, w.secretary, r.ID, w.v(r.ID)))
		if sees(w.worker, r) {
			t.Error("named: who put it back sees it no more")
		}
		testkit.Exec(t, w.d, `UPDATE account SET status = 'disabled' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, w.secretary.AccountID)
		if !sees(w.worker, r) {
			t.Error("named: whose handler is gone waits for somebody")
		}
		testkit.Exec(t, w.d, `UPDATE account SET status = 'active' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, w.secretary.AccountID)
		if sees(w.worker, r) {
			t.Error("named: the handler is back")
		}
		w.leaves(w.secretary)
		if !sees(w.worker, r) {
			t.Error("named: whose handler has another post now waits for somebody")
		}
		stored, err := db.Value[string](ctx, w.d, `SELECT visibility FROM service_case WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, r.ID)
		if err != nil || stored != "named" {
			t.Errorf("%q, %v", stored, err)
		}
	})
}

// TestPetitionsKeepTheLimitsOfTheRegulation holds CASE-9.
func TestPetitionsKeepTheLimitsOfTheRegulation(t *testing.T) {
	each(t, func(w *street) {
		keeps := testkit.Actor(testkit.Tenant, nil, casework.PermKinds)
		w.ok(w.s.SaveKind(ctx, keeps, casework.Kind{Code: "letter", Name: "信访", Days: 1, OpenToAll: true, Petition: true}))
		due := func(d casework.Detail) string { return calendar.DateOf(d.DueAt).String() }
		r := w.report(casework.Report{Kind: "letter", Body: "对征收补偿不服"})
		d := w.get(w.worker, r.ID)
		if due(d) != "2026-03-17" { // 15 days after Monday 2 March
			t.Errorf("it is taken on until %s", due(d))
		}
		w.wants(w.s.Suspend(ctx, w.worker, r.ID, 1, casework.HoldTalks, "x"), errs.Conflict, "")

		// A wrong transfer is returned within five working days, and not later.
		w.ok(w.s.Dispatch(ctx, w.above, w.up(r), w.v(r.ID), w.other, ""))
		d = w.get(w.above, r.ID)
		if calendar.DateOf(d.SignDueAt).String() != "2026-03-09" || due(d) != "2026-05-06" { // 60 days are 1 May, a day off until the 5th
			t.Errorf("given out: signed until %s, due %s", d.SignDueAt, d.DueAt)
		}
		w.clock.Advance(7 * 24 * time.Hour)
		w.ok(w.s.Return(ctx, w.beside, r.ID, w.v(r.ID), "属地不在先锋社区"))
		w.ok(w.s.Dispatch(ctx, w.above, r.ID, w.v(r.ID), w.community, ""))
		w.clock.Advance(8 * 24 * time.Hour)
		w.wants(w.s.Return(ctx, w.worker, r.ID, w.v(r.ID), "太迟"), errs.Conflict, "")

		// Thirty days more at most, by another, and whoever brought it is told.
		w.ok(w.s.Take(ctx, w.worker, r.ID, w.v(r.ID)))
		w.wants(w.s.AskMore(ctx, w.worker, r.ID, w.v(r.ID), 31, casework.HoldParts, "案情复杂"), errs.Invalid, "days")
		w.ok(w.s.AskMore(ctx, w.worker, r.ID, w.v(r.ID), 30, casework.HoldParts, "案情复杂"))
		w.ok(w.s.Decide(ctx, w.above, r.ID, w.v(r.ID), true, "同意"))
		if d = w.get(w.worker, r.ID); due(d) != "2026-06-01" { // 90 days are Sunday 31 May
			t.Errorf("extended to %s", due(d))
		}
		w.ok(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Half, Words: "补偿按标准核定"}))

		// It is not simply opened again, but reviewed above: within thirty days, twice.
		w.rated(w.s.Rate(ctx, casework.Code(r.Code), "", "", casework.Rating{Solved: casework.No, Stars: 1, Words: "不服"}))
		if d = w.get(w.worker, r.ID); d.State != casework.Closed || d.Solved != casework.No {
			t.Errorf("rated: %+v", d.Case)
		}
		w.wants(w.s.ReopenBy(ctx, casework.Code(r.Code), "", "", "不服"), errs.Conflict, "")
		w.wants(w.s.ReviewBy(ctx, casework.Code(r.Code), "", "", ""), errs.Invalid, "words")
		w.ok(w.s.ReviewBy(ctx, casework.Code(r.Code), "", "", "面积少算了"))
		if d = w.get(w.above, r.ID); d.State != casework.Received || d.OrgID != w.street || d.Review != 1 || due(d) != "2026-04-16" || d.Outcome != "" { // 30 days after 17 March
			t.Errorf("the review: %+v", d.Case)
		}
		w.ok(w.s.Take(ctx, w.above, r.ID, w.v(r.ID)))
		if d = w.get(w.above, r.ID); due(d) != "2026-04-16" {
			t.Errorf("taking the review on moves its limit to %s", due(d))
		}
		w.wants(w.s.AskMore(ctx, w.above, r.ID, w.v(r.ID), 5, casework.HoldParts, "x"), errs.Conflict, "")
		w.ok(w.s.Finish(ctx, w.above, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "维持原意见"}))
		w.clock.Advance(30 * 24 * time.Hour)
		if d = w.get(w.top, r.ID); calendar.DateOf(d.ReviewUntil).String() != "2026-04-16" {
			t.Errorf("a re-review until %s", d.ReviewUntil)
		}
		w.ok(w.s.Review(ctx, w.top, r.ID, w.v(r.ID), "仍然不服"))
		w.ok(w.s.Take(ctx, w.top, r.ID, w.v(r.ID)))
		w.ok(w.s.Finish(ctx, w.top, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "维持复查意见"}))
		w.wants(w.s.Review(ctx, w.top, r.ID, w.v(r.ID), "再来"), errs.Conflict, "")

		if d = w.get(w.top, r.ID); !d.ReviewUntil.IsZero() {
			t.Errorf("nobody is above who could review it until %s", d.ReviewUntil)
		}

		late := w.report(casework.Report{Kind: "letter", Body: "对补偿不服"})
		w.finished(late)
		w.clock.Advance(33 * 24 * time.Hour)
		w.wants(w.s.ReviewBy(ctx, casework.Code(late.Code), "", "", "太迟"), errs.Conflict, "")
	})
}

// TestAReviewIsOfAnotherOffice holds that whose answer is reviewed does not review it, and that no review is offered that would be refused.
func TestAReviewIsOfAnotherOffice(t *testing.T) {
	each(t, func(w *street) {
		keeps := testkit.Actor(testkit.Tenant, nil, casework.PermKinds, casework.PermRoute)
		w.ok(w.s.SaveKind(ctx, keeps, casework.Kind{Code: "letter", Name: "信访", Days: 1, OpenToAll: true, Petition: true}))
		ask := func() casework.Receipt {
			return w.report(casework.Report{Kind: "letter", Body: "对征收补偿不服"})
		}
		r := ask()
		if !r.Petition {
			t.Error("the receipt does not say that it is a petition")
		}
		w.finished(r)
		if f := w.state(r.Code); f.ReviewUntil.IsZero() || !f.NoReview.IsZero() {
			t.Errorf("a review is asked: %s, %v", f.ReviewUntil, f.NoReview)
		}
		w.ok(w.s.ReviewBy(ctx, casework.Code(r.Code), "", "", "不服"))
		_, err := w.s.SetRoute(ctx, keeps, casework.Route{KindCode: "letter", AreaID: w.street, OrgID: w.community})
		w.ok(err)
		if d := w.get(w.above, r.ID); d.OrgID != w.street || len(d.Offered) != 0 {
			t.Errorf("offered to whose answer is reviewed: %+v", d.Offered)
		}
		w.wants(w.s.Dispatch(ctx, w.above, r.ID, w.v(r.ID), w.community, ""), errs.Invalid, "to")
		w.ok(w.s.Dispatch(ctx, w.above, r.ID, w.v(r.ID), w.other, ""))
		w.ok(w.s.Take(ctx, w.beside, r.ID, w.v(r.ID)))

		// Where no office is above, and where it was not taken on, they are told where to turn.
		top := ask()
		w.ok(w.s.Dispatch(ctx, w.above, w.up(top), w.v(top.ID), w.other, ""))
		testkit.Exec(t, w.d, `UPDATE service_case SET org_id = $1, state = 'received' WHERE tenant_id = $2 AND id = $3`, w.district, testkit.Tenant, top.ID)
		w.ok(w.s.Take(ctx, w.top, top.ID, w.v(top.ID)))
		w.ok(w.s.Finish(ctx, w.top, top.ID, w.v(top.ID), casework.Result{Outcome: casework.Half, Words: "按标准核定"}))
		not := ask()
		w.ok(w.s.Refuse(ctx, w.secretary, not.ID, 1, casework.Procedure, "已在诉讼中", "区法院"))
		for name, r := range map[string]casework.Receipt{"none above": top, "not taken on": not} {
			if f := w.state(r.Code); !f.ReviewUntil.IsZero() || f.NoReview.IsZero() {
				t.Errorf("%s: %s, %v", name, f.ReviewUntil, f.NoReview)
			}
			w.wants(w.s.ReviewBy(ctx, casework.Code(r.Code), "", "", "不服"), errs.Conflict, "")
		}
		// What was worked on and answered in the negative is an answer.
		no := ask()
		w.ok(w.s.Take(ctx, w.worker, no.ID, 1))
		w.ok(w.s.Finish(ctx, w.worker, no.ID, w.v(no.ID), casework.Result{Outcome: casework.Refused, Words: "不予支持", Address: "区信访局"}))
		w.ok(w.s.ReviewBy(ctx, casework.Code(no.Code), "", "", "不服"))
	})
}

// TestMoreTimeForAPetitionIsOfItsWork holds that the days in which it is taken on are not extended, and that those of its work are, once.
func TestMoreTimeForAPetitionIsOfItsWork(t *testing.T) {
	each(t, func(w *street) {
		keeps := testkit.Actor(testkit.Tenant, nil, casework.PermKinds, casework.PermRoute)
		w.ok(w.s.SaveKind(ctx, keeps, casework.Kind{Code: "letter", Name: "信访", Days: 1, OpenToAll: true, Petition: true}))
		_, err := w.s.SetRoute(ctx, keeps, casework.Route{KindCode: "letter", AreaID: w.street, OrgID: w.other, Auto: true})
		w.ok(err)
		r := w.report(casework.Report{Kind: "letter", Body: "对征收补偿不服"})
		w.wants(w.s.AskMore(ctx, w.beside, r.ID, w.v(r.ID), 30, casework.HoldParts, "案情复杂"), errs.Conflict, "")
		testkit.Exec(t, w.d, `UPDATE service_case SET extension = 'denied', extension_days = 30, extended = 3 WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, r.ID) // as it was asked before
		w.ok(w.s.Take(ctx, w.beside, r.ID, w.v(r.ID)))
		d := w.get(w.beside, r.ID)
		if d.Extension != "" || d.Extended != 0 || calendar.DateOf(d.DueAt).String() != "2026-05-06" || d.Left != 65 {
			t.Errorf("taken on: %+v, %d days left", d.Timing, d.Left)
		}
		w.ok(w.s.AskMore(ctx, w.beside, r.ID, w.v(r.ID), 30, casework.HoldParts, "案情复杂"))
	})
}

// TestPetitionsAreNotMergedAway holds that a petition keeps its rights, and each petitioner their own.
func TestPetitionsAreNotMergedAway(t *testing.T) {
	each(t, func(w *street) {
		keeps := testkit.Actor(testkit.Tenant, nil, casework.PermKinds)
		w.ok(w.s.SaveKind(ctx, keeps, casework.Kind{Code: "letter", Name: "信访", Days: 1, OpenToAll: true, Petition: true}))
		ask := func(kind, name, phone string) casework.Receipt {
			return w.report(casework.Report{Kind: kind, Body: "对征收补偿不服", Name: name, Phone: phone})
		}
		one, plain := ask("letter", "张三", "13800138000"), ask("opinion", "张三", "13800138000")
		into := func(a, b casework.Receipt) error { return w.s.Merge(ctx, w.secretary, a.ID, w.v(a.ID), b.ID) }
		w.wants(into(one, plain), errs.Invalid, "into")
		w.wants(into(plain, one), errs.Invalid, "into")
		for _, other := range []casework.Receipt{ask("letter", "李四", "13800138000"), ask("letter", "张三", "13900139000"), ask("letter", "", "")} {
			w.wants(into(other, one), errs.Invalid, "into")
		}
		w.wants(into(ask("letter", "", ""), ask("letter", "", "")), errs.Invalid, "into")
		_, err := w.s.Enter(ctx, w.secretary, casework.Report{Kind: "opinion", CommunityID: w.community, Body: "对征收补偿不服", Channel: casework.ByHall, Into: one.ID})
		w.wants(err, errs.Invalid, "into")
		w.ok(into(ask("letter", "张三", "13800138000"), one))
	})
}

// TestStepsThatWereLeftStandInTheCase holds steps of cases that are not finished at the desk, that are opened again, and who ticked one.
func TestStepsThatWereLeftStandInTheCase(t *testing.T) {
	each(t, func(w *street) {
		keeps := testkit.Actor(testkit.Tenant, nil, casework.PermKinds)
		k, err := w.s.Kind(ctx, testkit.Tenant, "opinion")
		w.ok(err)
		k.Steps = []casework.KindStep{{Name: "核实", Days: 1, Needed: true}, {Name: "答复", Days: 2, Needed: true}}
		w.ok(w.s.SaveKind(ctx, keeps, k))
		begun := func() casework.Receipt {
			r := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "路灯太暗", Phone: "13800138000"})
			w.ok(w.s.Take(ctx, w.worker, r.ID, 1))
			w.ok(w.s.StepDone(ctx, w.worker, r.ID, w.get(w.worker, r.ID).Steps[0].ID, ""))
			return r
		}
		for name, end := range map[string]func(tx *db.Tx, c id.ID) error{
			"a technician": func(tx *db.Tx, c id.ID) error {
				return w.s.FinishJobTx(ctx, tx, w.worker, casework.PermWork, c, string(casework.Fulfilled), "换了灯", "")
			},
			"a need": func(tx *db.Tx, c id.ID) error {
				return w.s.EndNeedTx(ctx, tx, w.worker, c, casework.Fulfilled, "换了灯")
			},
			"a mediation": func(tx *db.Tx, c id.ID) error {
				_, err := w.s.MediatedTx(ctx, tx, w.worker, casework.PermWork, c, w.community, casework.Result{Outcome: casework.Fulfilled, Words: "谈好了"})
				return err
			},
		} {
			r := begun()
			w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return end(tx, r.ID) }))
			said := 0
			for _, e := range w.get(w.worker, r.ID).Entries {
				if e.Act == casework.ActUnstep && strings.Contains(e.Words, "答复") && !strings.Contains(e.Words, "核实") {
					said++
				}
			}
			if d := w.get(w.worker, r.ID); d.State != casework.Done || said != 1 {
				t.Errorf("ended by %s: %s, said %d times that a step was left", name, d.State, said)
			}
		}

		// Opened again, what is open has its time anew; what is done stays done.
		r := begun()
		w.ok(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了灯", StepsWhy: "看到了"}))
		w.clock.Advance(7 * 24 * time.Hour)
		w.ok(w.s.ReopenBy(ctx, casework.Code(r.Code), "", "", "还是暗"))
		d := w.get(w.worker, r.ID)
		if d.State != casework.Working || d.Steps[0].DoneAt.IsZero() || calendar.DateOf(d.Steps[1].DueAt).String() != "2026-03-11" {
			t.Errorf("opened again: %s, %+v", d.State, d.Steps)
		}
		// Whoever handled it and has another post now is not who it goes back to.
		w.ok(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了灯", StepsWhy: "看到了"}))
		w.leaves(w.worker)
		w.ok(w.s.ReopenBy(ctx, casework.Code(r.Code), "", "", "还是暗"))
		if d = w.get(w.secretary, r.ID); d.State != casework.Accepted || d.HandlerID != 0 {
			t.Errorf("whose handler left: %s, %d", d.State, d.HandlerID)
		}

		// Whoever ticked a step worked on it, and does not make the call.
		r = begun()
		w.ok(w.s.StepDone(ctx, w.secretary, r.ID, w.get(w.worker, r.ID).Steps[1].ID, ""))
		w.ok(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了灯"}))
		w.wants(w.s.Call(ctx, w.secretary, r.ID, w.v(r.ID), casework.Called{Reached: true, Solved: casework.Yes, Rating: 5}), errs.Conflict, "")
	})
}

// up passes a case to the organisation above and gives its ID.
func (w *street) up(r casework.Receipt) id.ID {
	w.t.Helper()
	w.ok(w.s.Up(ctx, w.secretary, r.ID, w.v(r.ID), "涉及街道"))
	return r.ID
}

// TestADistrictHasANumberOfItsOwn holds who sets the number that residents' pages show.
func TestADistrictHasANumberOfItsOwn(t *testing.T) {
	each(t, func(w *street) {
		keeps := testkit.Actor(testkit.Tenant, nil, casework.PermKinds)
		number := func(want string) {
			t.Helper()
			if got, err := w.s.ServiceNumber(ctx, testkit.Tenant); err != nil || got != want {
				t.Errorf("the number is %q, %v, want %q", got, err, want)
			}
		}
		testkit.Exec(t, w.d, `INSERT INTO tenant (tenant_id, name, created_at) VALUES ($1, '示例区', 1) ON CONFLICT (tenant_id) DO NOTHING`, testkit.Tenant)
		number("")
		w.wants(w.s.SetServiceNumber(ctx, w.above, "0515-88880110"), errs.Forbidden, "")
		w.wants(w.s.SetServiceNumber(ctx, keeps, "hello"), errs.Invalid, "number")
		w.ok(w.s.SetServiceNumber(ctx, keeps, "0515 88880110"))
		number("0515-88880110")
		w.ok(w.s.SetServiceNumber(ctx, keeps, " "))
		number("")
	})
}

// TestADistrictBeginsWithPetitions holds that the kind is there from the beginning, with the limits of the regulation, and who handles one sees it.
func TestADistrictBeginsWithPetitions(t *testing.T) {
	each(t, func(w *street) {
		k, err := w.s.Kind(ctx, testkit.Tenant, "petition")
		w.ok(err)
		if !k.Petition || !k.OpenToAll || k.Visibility != casework.ToHandling || k.Days != 60 || len(k.Steps) != 3 || !k.Steps[2].Needed || !k.Steps[0].Needed {
			t.Errorf("the kind %+v", k)
		}
		r := w.report(casework.Report{Kind: "petition", Body: "加装电梯没有答复", Answers: map[string]string{"answered": "no"}})
		if !r.Petition {
			t.Error("the receipt does not say that it is a petition")
		}
		d := w.get(w.secretary, r.ID)
		if days := d.DueAt.Sub(w.clock.Now()).Hours() / 24; days < 14 || days > 18 {
			t.Errorf("%.0f days to take it on, want 15 and what is off at the end", days)
		}
		if yes, err := w.s.Sees(ctx, w.beside, r.ID); err != nil || yes {
			t.Errorf("another community sees it, %v", err)
		}
		w.ok(w.s.Take(ctx, w.worker, r.ID, w.v(r.ID)))
		if d = w.get(w.worker, r.ID); d.DueAt.Sub(w.clock.Now()).Hours()/24 < 59 || len(d.Steps) != 3 {
			t.Errorf("taken on it is due %v, with %d steps", d.DueAt, len(d.Steps))
		}
		if due := d.Steps[0].DueAt.Sub(d.ReceivedAt).Hours() / 24; due > 18 {
			t.Errorf("who brought it is told within %.0f days of when it came in", due)
		}
		k.Days = 3
		w.ok(w.s.SaveKind(ctx, testkit.Actor(testkit.Tenant, nil, casework.PermKinds), k)) // its limits are the regulation's, whatever is written
		if k, err = w.s.Kind(ctx, testkit.Tenant, "petition"); err != nil || k.Days != 60 {
			t.Errorf("%d days, %v", k.Days, err)
		}
	})
}

// TestPetitionsOfANewDistrictGoAboveTheCommunity holds that the community, whom they are often about, does not answer them itself.
func TestPetitionsOfANewDistrictGoAboveTheCommunity(t *testing.T) {
	each(t, func(w *street) {
		root, err := db.Value[id.ID](ctx, w.d, `SELECT min(id) FROM organisation WHERE tenant_id = $1 AND kind = 'district_committee'`, testkit.Tenant)
		w.ok(err)
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.FoundTx(ctx, tx, testkit.Tenant, root) }))
		r := w.report(casework.Report{Kind: "petition", Body: "社区没有答复", Answers: map[string]string{"answered": "no"}})
		kind, err := db.Value[string](ctx, w.d, `SELECT o.kind FROM service_case c JOIN organisation o ON o.tenant_id = c.tenant_id AND o.id = c.org_id WHERE c.tenant_id = $1 AND c.id = $2`, testkit.Tenant, r.ID)
		w.ok(err)
		if kind != "working_committee" {
			t.Errorf("it lies with a %s", kind)
		}
	})
}
