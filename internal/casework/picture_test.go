package casework_test

import (
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/id"
	"linli/internal/testkit"
)

// grid sets a grid up with an outline and a building in it.
func (w *street) grid(community id.ID, code string, x int64) (grid, building id.ID) {
	w.t.Helper()
	grid, building = id.New(), id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO grid (tenant_id, id, community_id, code, name, outline) VALUES ($1,$2,$3,$4,$5,'[[[0,0],[1,0],[1,1],[0,0]]]')`, testkit.Tenant, grid, community, code, "网格"+code)
	testkit.Exec(w.t, w.d, `INSERT INTO building (tenant_id, id, community_id, grid_id, name, name_key, x, y) VALUES ($1,$2,$3,$4,$5,$5,$6,33000000)`, testkit.Tenant, building, community, grid, code+"幢", x)
	return grid, building
}

func TestPicturesCountWhatTheReaderSees(t *testing.T) {
	each(t, func(w *street) {
		one, house := w.grid(w.community, "1", 120000001)
		two, _ := w.grid(w.community, "2", 120000002)
		far, there := w.grid(w.other, "3", 120000003)
		lamp := w.report(casework.Report{BuildingID: house})
		w.report(casework.Report{BuildingID: house, Body: "门坏了"})
		w.report(casework.Report{Body: "不知道在哪一幢"})
		w.report(casework.Report{CommunityID: w.other, BuildingID: there, Body: "水管漏水"})
		w.report(casework.Report{Kind: "dispute", ItemID: w.quarrel, BuildingID: house, Body: "两家吵架"})
		w.finished(lamp)
		w.clock.Advance(60 * 24 * time.Hour) // all that is open is late

		spots := func(a authz.Actor, below id.ID) map[id.ID][2]int64 {
			list, err := w.s.ByGrid(ctx, a, below)
			w.ok(err)
			out := map[id.ID][2]int64{}
			for _, s := range list {
				if s.GridID != 0 && s.Outline == "" {
					t.Errorf("grid %s has no outline", s.Grid)
				}
				out[s.GridID] = [2]int64{s.Open, s.Overdue}
			}
			return out
		}
		if got := spots(w.secretary, 0); got[one] != [2]int64{1, 1} || got[0] != [2]int64{1, 1} || len(got) != 3 {
			t.Errorf("the secretary's map: %v", got)
		} else if n, drawn := got[two]; !drawn || n != [2]int64{} {
			t.Errorf("the empty grid: %v, %v", n, drawn)
		}
		if got := spots(w.above, 0); got[far] != [2]int64{1, 1} || len(got) != 4 {
			t.Errorf("the sub-district's map: %v", got)
		}
		if got := spots(w.above, w.other); got[far] != [2]int64{1, 1} || len(got) != 1 {
			t.Errorf("the map of one community: %v", got)
		}
		if got := spots(testkit.Actor(testkit.Other, nil, casework.PermSee), 0); len(got) != 0 {
			t.Errorf("another district sees %v", got)
		}

		points := func(a authz.Actor, below id.ID) int {
			list, err := w.s.Points(ctx, a, below)
			w.ok(err)
			for _, p := range list {
				if p.X == 0 || p.ID == lamp.ID || p.Title == "两家吵架" {
					t.Errorf("point %+v", p)
				}
			}
			return len(list)
		}
		if a, b, c := points(w.secretary, 0), points(w.above, 0), points(w.beside, 0); a != 1 || b != 2 || c != 1 {
			t.Errorf("%d, %d and %d points, want 1, 2 and 1", a, b, c)
		}

		flow, err := w.s.Flow(ctx, w.secretary, 0)
		w.ok(err)
		var open, done, late int64
		for _, f := range flow {
			if f.Kind.IsZero() {
				t.Errorf("%s has no name", f.KindCode)
			}
			if f.State.Open() {
				open += f.Cases
			} else {
				done += f.Cases
			}
			late += f.Overdue
		}
		sum, err := w.s.Summary(ctx, w.secretary, casework.Filter{})
		w.ok(err)
		if open != 3 || done != 1 || sum.Open != open || sum.Overdue != late || late != 3 {
			t.Errorf("flow: %d open, %d done, %d late; the list counts %+v", open, done, late, sum)
		}

		for _, c := range []struct {
			f    casework.Filter
			want int
		}{{casework.Filter{In: w.other}, 1}, {casework.Filter{In: w.street}, 4}, {casework.Filter{In: w.community, Show: casework.ShowOpen, Grid: one}, 1}, {casework.Filter{Grid: two}, 0}} {
			l, err := w.s.List(ctx, w.above, c.f)
			w.ok(err)
			if len(l.Items) != c.want {
				t.Errorf("%+v lists %d, want %d", c.f, len(l.Items), c.want)
			}
		}
	})
}

// The figures of a quarter are the rates that the list counts case by case, where one organisation handles all that happens in its place.
func TestFiguresOfCasesAreTheRates(t *testing.T) {
	each(t, func(w *street) {
		for i, stars := range []int64{5, 3, 4, 0} {
			r := w.report(casework.Report{Body: "第" + string(rune('一'+i)) + "件"})
			w.clock.Advance(time.Duration(i+1) * 3 * time.Hour)
			w.finished(r)
			if stars > 0 {
				w.rated(w.s.Rate(ctx, casework.Code(r.Code), "", "", casework.Rating{Solved: casework.Partly, Stars: stars}))
			}
		}
		late := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "锁坏了"})
		w.clock.Advance(40 * 24 * time.Hour)
		w.ok(w.s.Take(ctx, w.worker, late.ID, w.v(late.ID)))
		w.ok(w.s.Finish(ctx, w.worker, late.ID, w.v(late.ID), casework.Result{Outcome: casework.Outside, Words: "找物业", Address: "物业服务中心"}))
		no := w.report(casework.Report{Body: "不归我们管"})
		w.ok(w.s.Refuse(ctx, w.secretary, no.ID, w.v(no.ID), casework.Elsewhere, "请找交警", "交警大队"))
		w.report(casework.Report{Body: "还没有办"})

		rates, err := w.s.Rates(ctx, w.secretary, casework.Filter{From: calendar.On(2026, 1, 1)})
		w.ok(err)
		p, err := figure.ParsePeriod("2026Q2")
		w.ok(err)
		a := testkit.Actor(testkit.Tenant, []id.ID{w.community}, figure.PermSee)
		w.clock.Set(calendar.On(2026, 6, 1).Time())
		total := map[string]int64{}
		for _, q := range []figure.Period{p, p.Add(-1)} {
			rep, err := figure.New(w.d).LinesOf(ctx, a, w.community, q, "case.received", "case.finished", "case.in_time", "case.rated", "case.solved", "case.satisfied", "case.outside", "case.refused", "case.hours",
				"case.taken", "case.answerable", "hotline.calls")
			w.ok(err)
			for _, l := range rep.Sections[0].Lines {
				if !l.Now.Known {
					t.Errorf("%s of %s is not known", l.Figure.ID, q)
				}
				total[l.Figure.ID] += l.Now.Amount
			}
		}
		for name, want := range map[string]int64{"case.received": 7, "case.finished": rates.Finished, "case.in_time": rates.InTime, "case.rated": rates.Answered, "case.solved": rates.Solved,
			"case.satisfied": rates.Satisfied, "case.outside": rates.Outside, "case.refused": 1, "case.hours": rates.Hours * rates.Finished, "hotline.calls": 6, "case.answerable": 7} {
			if total[name] != want {
				t.Errorf("%s = %d, want %d (%+v)", name, total[name], want, rates)
			}
		}
		if rates.Finished != 5 || rates.Satisfied != 2 || rates.Outside != 1 {
			t.Errorf("the rates: %+v", rates)
		}
	})
}

func TestABuildingSaysWhere(t *testing.T) {
	each(t, func(w *street) {
		grid, house := w.grid(w.community, "1", 120000001)
		_, there := w.grid(w.other, "2", 120000002)
		r, err := w.s.Enter(ctx, w.secretary, casework.Report{Kind: "opinion", ItemID: w.complaint, Channel: casework.ByHall, BuildingID: house, Body: "楼道堆物"})
		w.ok(err)
		if d := w.get(w.secretary, r.ID); d.CommunityID != w.community || d.GridID != grid || d.X != 120000001 {
			t.Errorf("it lies at %+v", d.Case)
		}
		if _, err := w.s.Enter(ctx, w.secretary, casework.Report{Kind: "opinion", Channel: casework.ByHall, BuildingID: there, Body: "别处的事"}); err == nil {
			t.Error("a case of another community was entered")
		}
		_, err = w.s.Enter(ctx, w.secretary, casework.Report{Kind: "opinion", Channel: casework.ByHall, BuildingID: id.New(), Body: "哪里都不是"})
		w.wants(err, errs.Invalid, "building")
		_, err = w.s.Enter(ctx, w.secretary, casework.Report{Kind: "opinion", Channel: casework.ByHall, Body: "没有地点"})
		w.wants(err, errs.Invalid, "community")
	})
}
