package workplan_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/testkit"
	"linli/internal/workplan"
)

var ctx = context.Background()

// figures knows one figure, with a value for each organisation.
type figures map[id.ID]int64

func (f figures) Known(name string) bool { return name == "activity.held" }

func (f figures) Tenths(_ context.Context, _ int64, names []string, at []id.ID, year int64) (map[id.ID]map[string]int64, error) {
	out := map[id.ID]map[string]int64{}
	for _, o := range at {
		if v, ok := f[o]; ok && year == 2026 {
			out[o] = map[string]int64{names[0]: v}
		}
	}
	return out, nil
}

type street struct {
	t                        *testing.T
	d                        *db.DB
	clock                    *testkit.Clock
	s                        *workplan.Service
	f                        figures
	street, community, other id.ID
	secretary, above, beside authz.Actor
}

func each(t *testing.T, fn func(w *street)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 1, 5).Time())
		w := &street{t: t, d: d, clock: clock, f: figures{}}
		w.s = workplan.New(d, w.f)
		district := w.org("district_committee", "示例区委", 0)
		w.street = w.org("working_committee", "示例街道", district)
		w.community, w.other = w.org("community_party", "文港社区", w.street), w.org("community_party", "先锋社区", w.street)
		all := []authz.Permission{workplan.PermSee, workplan.PermKeep, workplan.PermReview}
		w.secretary = w.as(w.community, all...)
		w.beside = w.as(w.other, all...)
		w.above = testkit.Actor(testkit.Tenant, []id.ID{w.street, w.community, w.other}, workplan.PermSee, workplan.PermReview)
		fn(w)
	})
}

func (w *street) as(o id.ID, perms ...authz.Permission) authz.Actor {
	return testkit.Actor(testkit.Tenant, []id.ID{o}, perms...)
}

func (w *street) org(kind, name string, parent id.ID) id.ID {
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

func (w *street) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *street) wants(err error, k errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if e == nil || e.Kind != k {
		w.t.Errorf("%v is no %v", err, k)
		return
	}
	if _, ok := e.Fields[field]; field != "" && !ok {
		w.t.Errorf("%v says nothing of %s", e.Fields, field)
	}
}

func (w *street) get(plan id.ID) workplan.Detail {
	w.t.Helper()
	d, err := w.s.Get(ctx, w.secretary, plan)
	w.ok(err)
	return d
}

func day(m, d int) calendar.Date { return calendar.On(2026, time.Month(m), d) }

// begun is a draft with two items.
func (w *street) begun() id.ID {
	w.t.Helper()
	p, _, err := w.s.Begin(ctx, w.secretary, w.community, 2026, 0)
	w.ok(err)
	w.ok(w.s.Add(ctx, w.secretary, p, []workplan.NewItem{{Title: "修缮楼道", Answers: "王书记", DueOn: day(6, 30)}, {Title: "主题党日", Figure: "activity.held", Target: 12}}))
	w.clock.Advance(time.Minute)
	return p
}

func (w *street) submit(plan id.ID, version int64) error {
	_, err := w.s.Submit(ctx, w.secretary, plan, version)
	return err
}

func (w *street) handedIn() id.ID {
	w.t.Helper()
	p := w.begun()
	above, err := w.s.Submit(ctx, w.secretary, p, w.get(p).Version)
	w.ok(err)
	if d := w.get(p); above == "" || d.Reviewer != above {
		w.t.Fatalf("handed in to %q, reviewed by %q", above, d.Reviewer)
	}
	return p
}

func (w *street) decision(p id.ID, accept bool, comments ...string) workplan.Decision {
	d := w.get(p)
	out := workplan.Decision{Accept: accept, Version: d.Version}
	for i, it := range d.Items {
		o := workplan.Opinion{ItemID: it.ID, Verdict: workplan.Agreed}
		if i < len(comments) && comments[i] != "" {
			o.Verdict, o.Comment = workplan.Change, comments[i]
		}
		out.Opinions = append(out.Opinions, o)
	}
	return out
}

func TestPlanIsReviewedItemByItemAndFollowed(t *testing.T) {
	each(t, func(w *street) {
		p := w.handedIn()
		w.wants(w.s.Add(ctx, w.secretary, p, []workplan.NewItem{{Title: "晚来的"}}), errs.Conflict, "")
		w.ok(w.s.Decide(ctx, w.above, p, w.decision(p, false, "写明修哪几个楼道")))
		d := w.get(p)
		if d.State != workplan.Returned || d.Items[0].Said(1).Comment != "写明修哪几个楼道" || d.Items[1].Said(1).Verdict != workplan.Agreed {
			t.Fatalf("given back as %+v", d)
		}
		w.clock.Advance(time.Minute)
		w.wants(w.submit(p, d.Version), errs.Conflict, "") // the comment is open
		n := d.Items[0].NewItem
		n.Title = "修缮 3、5、7 号楼道"
		w.ok(w.s.Edit(ctx, w.secretary, p, d.Items[0].ID, n, "", d.Items[0].Version))
		w.ok(w.submit(p, d.Version))
		w.clock.Advance(time.Minute)
		w.ok(w.s.Decide(ctx, w.above, p, w.decision(p, true)))
		d = w.get(p)
		if d.State != workplan.Accepted || d.Edition != 2 || len(d.Items[0].Reviews) != 2 {
			t.Fatalf("accepted as %+v", d)
		}

		item := d.Items[0].ID
		w.ok(w.s.Track(ctx, w.secretary, p, item, workplan.Progress, "材料已到"))
		w.clock.Set(calendar.On(2026, 7, 1).Time())
		late, err := w.s.Items(ctx, w.above, workplan.ItemFilter{Overdue: true})
		w.ok(err)
		if len(late.Items) != 1 || late.Items[0].ID != item {
			t.Fatalf("overdue: %+v", late.Items)
		}
		w.ok(w.s.Track(ctx, w.secretary, p, item, workplan.Finished, ""))
		w.wants(w.s.Track(ctx, w.secretary, p, item, workplan.Finished, ""), errs.Conflict, "")
		d = w.get(p)
		if it := d.Items[0]; it.State != workplan.Done || it.EndedOn != day(7, 1) || len(it.Entries) != 2 || it.Entries[1].Note != "材料已到" {
			t.Fatalf("followed to %+v", it)
		}
		w.wants(w.s.Track(ctx, w.secretary, p, d.Items[1].ID, workplan.Dropped, " "), errs.Invalid, "note")
	})
}

// What a figure tells is not reported, and what it no longer tells is open again.
func TestMeasuredItemFollowsItsFigure(t *testing.T) {
	each(t, func(w *street) {
		p := w.handedIn()
		w.ok(w.s.Decide(ctx, w.above, p, w.decision(p, true)))
		item := func() workplan.Shown { return w.get(p).Items[1] }
		w.wants(w.s.Track(ctx, w.secretary, p, item().ID, workplan.Finished, ""), errs.Conflict, "")
		for _, step := range []struct {
			tenths int64
			state  workplan.ItemState
		}{{30, workplan.Open}, {119, workplan.Open}, {120, workplan.Done}, {130, workplan.Done}, {110, workplan.Open}} {
			w.f[w.community] = step.tenths
			w.clock.Advance(24 * time.Hour)
			w.ok(w.s.Measure(ctx, testkit.Tenant))
			if it := item(); it.State != step.state || it.Reached != step.tenths {
				t.Errorf("at %d tenths: %s, %d", step.tenths, it.State, it.Reached)
			}
		}
		if it := item(); len(it.Entries) != 2 || it.Entries[0].Kind != workplan.Reopened || it.Entries[1].Kind != workplan.Reached {
			t.Errorf("entries: %+v", it.Entries)
		}
		delete(w.f, w.community) // a figure that is not known changes nothing
		w.ok(w.s.Measure(ctx, testkit.Tenant))
		if it := item(); it.Reached != 110 {
			t.Errorf("forgot what it knew: %+v", it)
		}
	})
}

func TestPlanRefusesWhatIsWrong(t *testing.T) {
	each(t, func(w *street) {
		_, _, err := w.s.Begin(ctx, w.secretary, w.other, 2026, 0)
		w.wants(err, errs.Forbidden, "")
		_, _, err = w.s.Begin(ctx, w.secretary, w.community, 2031, 0)
		w.wants(err, errs.Invalid, "year")
		p, _, err := w.s.Begin(ctx, w.secretary, w.community, 2026, 0)
		w.ok(err)
		_, _, err = w.s.Begin(ctx, w.secretary, w.community, 2026, 0)
		w.wants(err, errs.Invalid, "year")
		w.wants(w.submit(p, 1), errs.Conflict, "") // empty
		for field, n := range map[string]workplan.NewItem{
			"title": {}, "due_on": {Title: "一", DueOn: calendar.On(2027, 1, 1)}, "figure": {Title: "一", Figure: "no.such", Target: 1},
			"target": {Title: "一", Figure: "activity.held"}, "measure": {Title: "一", Measure: strings.Repeat("长", 501)},
		} {
			w.wants(w.s.Add(ctx, w.secretary, p, []workplan.NewItem{n}), errs.Invalid, field)
		}
		w.wants(w.s.Add(ctx, w.secretary, p, []workplan.NewItem{{Title: "好"}, {}}), errs.Invalid, "items")
		w.wants(w.s.Add(ctx, w.secretary, p, nil), errs.Invalid, "items")
		w.wants(w.s.Add(ctx, w.secretary, p, make([]workplan.NewItem, workplan.MaxItems+1)), errs.Invalid, "items")
		if got := w.get(p); len(got.Items) != 0 {
			t.Fatalf("half done: %+v", got.Items)
		}
		w.ok(w.s.Add(ctx, w.secretary, p, []workplan.NewItem{{Title: "好"}}))
		it := w.get(p).Items[0]
		w.wants(w.s.Edit(ctx, w.secretary, p, it.ID, it.NewItem, "", it.Version+1), errs.Conflict, "")
		w.wants(w.s.Decide(ctx, w.above, p, workplan.Decision{}), errs.NotFound, "") // nobody handed it in to them
		w.ok(w.submit(p, 1))
		w.wants(w.s.Decide(ctx, w.beside, p, w.decision(p, true)), errs.NotFound, "")
		w.wants(w.s.Decide(ctx, w.secretary, p, w.decision(p, true)), errs.NotFound, "")
		both := w.above // the hand that hands in does not decide
		both.AccountID = w.secretary.AccountID
		w.wants(w.s.Decide(ctx, both, p, w.decision(p, true)), errs.Conflict, "")
		w.wants(w.s.Decide(ctx, w.above, p, workplan.Decision{Version: 2}), errs.Invalid, workplan.VerdictKey(it.ID))
		w.wants(w.s.Decide(ctx, w.above, p, w.decision(p, true, "改")), errs.Invalid, "decision")
		w.wants(w.s.Decide(ctx, w.above, p, w.decision(p, false)), errs.Invalid, "remark")
		d := w.decision(p, true)
		d.Version--
		w.wants(w.s.Decide(ctx, w.above, p, d), errs.Conflict, "")
		w.ok(w.s.Recall(ctx, w.secretary, p, w.get(p).Version))
		if got := w.get(p); got.State != workplan.Draft || got.Edition != 0 {
			t.Errorf("taken back as %+v", got.Plan)
		}
		_, err = w.s.Get(ctx, w.beside, p)
		w.wants(err, errs.NotFound, "")
	})
}

func TestPlanTakesOverItems(t *testing.T) {
	each(t, func(w *street) {
		p := w.handedIn()
		w.ok(w.s.Decide(ctx, w.above, p, w.decision(p, true)))
		w.ok(w.s.Track(ctx, w.secretary, p, w.get(p).Items[0].ID, workplan.Dropped, "改由街道做"))
		w.clock.Set(calendar.On(2026, 12, 1).Time())
		from, err := w.s.Sources(ctx, w.secretary, w.community, 2027)
		w.ok(err)
		if len(from) != 1 || from[0].ID != p {
			t.Fatalf("sources: %+v", from)
		}
		next, _, err := w.s.Begin(ctx, w.secretary, w.community, 2027, p)
		w.ok(err)
		got := w.get(next)
		if len(got.Items) != 1 || got.Items[0].Title != "主题党日" || got.Items[0].DueOn != calendar.On(2027, 12, 31) || got.Items[0].State != workplan.Open || got.Items[0].Reached != 0 {
			t.Errorf("took over %+v", got.Items)
		}
		_, _, err = w.s.Begin(ctx, w.beside, w.other, 2027, p) // of a neighbour
		w.wants(err, errs.NotFound, "")
	})
}

// The list shows every community, also those without a plan; its counts are those of its rows.
func TestListShowsWhoHasNoPlan(t *testing.T) {
	each(t, func(w *street) {
		p := w.handedIn()
		check := func(want map[id.ID]workplan.State) {
			t.Helper()
			got, err := w.s.List(ctx, w.above, workplan.Filter{})
			w.ok(err)
			count := map[workplan.State]int64{}
			for _, r := range got.Items {
				if want[r.OrganisationID] != r.State {
					t.Errorf("%s is %s, not %s", r.Organisation, r.State, want[r.OrganisationID])
				}
				count[r.State]++
			}
			if len(got.Items) != len(want) {
				t.Errorf("%d rows, not %d", len(got.Items), len(want))
			}
			sum, err := w.s.Summary(ctx, w.above, workplan.Filter{})
			w.ok(err)
			if fmt.Sprint(sum.Plans) != fmt.Sprint(count) {
				t.Errorf("counted %v, listed %v", sum.Plans, count)
			}
		}
		check(map[id.ID]workplan.State{w.street: workplan.None, w.community: workplan.Submitted, w.other: workplan.None})
		w.ok(w.s.Decide(ctx, w.above, p, w.decision(p, true)))
		check(map[id.ID]workplan.State{w.street: workplan.None, w.community: workplan.Accepted, w.other: workplan.None})
		sum, err := w.s.Summary(ctx, w.above, workplan.Filter{})
		w.ok(err)
		if sum.Open != 2 || sum.Done != 0 || sum.Overdue != 0 {
			t.Errorf("items: %+v", sum)
		}
	})
}

func TestPlansFollowAMerger(t *testing.T) {
	each(t, func(w *street) {
		p := w.handedIn()
		w.ok(w.s.Decide(ctx, w.above, p, w.decision(p, true)))
		q, _, err := w.s.Begin(ctx, w.beside, w.other, 2026, 0)
		w.ok(err)
		w.ok(w.s.Add(ctx, w.beside, q, []workplan.NewItem{{Title: "自己的"}}))
		w.ok(w.s.Track(ctx, w.secretary, p, w.get(p).Items[0].ID, workplan.Finished, ""))
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.above, w.community, w.other) }))
		got, err := w.s.Get(ctx, w.beside, q)
		w.ok(err)
		if len(got.Items) != 2 || got.Items[1].Title != "主题党日" {
			t.Errorf("the open item did not go over: %+v", got.Items)
		}
		if old := w.get(p); len(old.Items) != 1 || old.Items[0].State != workplan.Done {
			t.Errorf("what was done did not stay: %+v", old.Items)
		}
	})
}

func TestLinesReadPastedItems(t *testing.T) {
	got := workplan.Lines("一、组织主题党日 2026-06-30\n\n（2）走访困难户，2026年9月1日\n3. 一月慰问\n • 读书会\t2026/3/5\n十月的事")
	want := []workplan.NewItem{{Title: "组织主题党日", DueOn: day(6, 30)}, {Title: "走访困难户", DueOn: day(9, 1)}, {Title: "一月慰问"}, {Title: "读书会", DueOn: day(3, 5)}, {Title: "十月的事"}}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("read\n%v, want\n%v", got, want)
	}
}

// Under any order of acts a plan that may be written is nobody's to decide on, the edition counts what was handed in and not taken back, and an accepted
// plan has no open comment in its last edition.
func TestStatesUnderRandomActs(t *testing.T) {
	each(t, func(w *street) {
		r := rand.New(rand.NewPCG(7, 11))
		p := w.begun()
		state, edition := workplan.Draft, int64(0)
		changed := true
		for range 200 {
			w.clock.Advance(time.Minute)
			d := w.get(p)
			switch r.IntN(5) {
			case 0:
				err := w.submit(p, d.Version)
				can := state == workplan.Draft || state == workplan.Returned && changed
				if (err == nil) != can {
					t.Fatalf("handed in from %s (changed %v): %v", state, changed, err)
				}
				if can {
					state, edition = workplan.Submitted, edition+1
				}
			case 1:
				err := w.s.Recall(ctx, w.secretary, p, d.Version)
				if (err == nil) != (state == workplan.Submitted) {
					t.Fatalf("taken back from %s: %v", state, err)
				}
				if err == nil {
					if edition--; edition == 0 {
						state = workplan.Draft
					} else {
						state = workplan.Returned
					}
				}
			case 2:
				accept := r.IntN(2) == 0
				var comments []string
				if !accept {
					comments = []string{"改"}
				}
				err := w.s.Decide(ctx, w.above, p, w.decision(p, accept, comments...))
				if (err == nil) != (state == workplan.Submitted) {
					t.Fatalf("decided from %s: %v", state, err)
				}
				if err == nil {
					if state, changed = workplan.Returned, false; accept {
						state = workplan.Accepted
					}
				}
			case 3:
				it := d.Items[0]
				err := w.s.Edit(ctx, w.secretary, p, it.ID, it.NewItem, "", it.Version)
				if (err == nil) != (state == workplan.Draft || state == workplan.Returned) {
					t.Fatalf("written in %s: %v", state, err)
				}
				if err == nil {
					changed = true
				}
			case 4:
				err := w.s.GiveBack(ctx, w.above, p, "年中调整", d.Version)
				if (err == nil) != (state == workplan.Accepted) {
					t.Fatalf("given back from %s: %v", state, err)
				}
				if err == nil {
					state, changed = workplan.Returned, true // nothing in the last edition was to be changed
				}
			}
			if got := w.get(p); got.State != state || got.Edition != edition {
				t.Fatalf("is %s, %d; should be %s, %d", got.State, got.Edition, state, edition)
			}
		}
	})
}
