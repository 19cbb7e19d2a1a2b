package casework_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/notice"
	"linli/internal/seal"
	"linli/internal/testkit"
	"linli/internal/waiting"
)

var ctx = context.Background()

type days struct{}

func (days) Calendar(context.Context, int64) (*calendar.Calendar, error) {
	return calendar.Default(), nil
}

// purposes knows one.
type purposes struct{}

func (purposes) Covered(_ context.Context, _ db.Querier, _ int64, purpose, _ string) error {
	if purpose != "service" {
		return errs.Field("purpose", i18n.ErrBadChoice)
	}
	return nil
}

// agenda keeps what was raised.
type agenda struct{ raised []string }

func (a *agenda) RaiseTx(_ context.Context, _ *db.Tx, _ authz.Actor, _, _, _ id.ID, title, detail string) (id.ID, error) {
	a.raised = append(a.raised, title+"\n"+detail)
	return id.New(), nil
}

type waitingItem = waiting.Item

type street struct {
	t                                  *testing.T
	d                                  *db.DB
	clock                              *testkit.Clock
	s                                  *casework.Service
	agenda                             *agenda
	district, street, community, other id.ID
	lamp, complaint, quarrel, road     id.ID
	secretary, worker, beside, above   authz.Actor
	top                                authz.Actor
}

var all = []authz.Permission{casework.PermSee, casework.PermEnter, casework.PermDispatch, casework.PermWork, casework.PermReveal, casework.PermConfidential}

func each(t *testing.T, fn func(w *street)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 2).Time().Add(10 * time.Hour)) // a Monday
		w := &street{t: t, d: d, clock: clock, agenda: &agenda{}}
		ring := seal.Ephemeral()
		w.s = casework.New(d, ring, days{}, w.agenda, purposes{}).WithFiles(attach.NewStore(ring))
		w.district = w.org("district_committee", "示例区", 0)
		w.street = w.org("working_committee", "示例街道", w.district)
		w.community, w.other = w.org("community_party", "文港社区", w.street), w.org("community_party", "先锋社区", w.street)
		w.lamp = w.item("service", "路灯维修", "community", 0, 0)
		w.road = w.item("event", "道路破损", "subdistrict", 2, 0)
		w.complaint = w.item("opinion", "投诉", "community", 0, 0)
		w.quarrel = w.item("dispute", "邻里纠纷", "community", 0, 0)
		w.ok(d.WithTx(ctx, func(tx *db.Tx) error { return w.s.PrepareTx(ctx, tx, testkit.Tenant) }))
		w.secretary, w.worker, w.beside = w.as(w.community, nil, all...), w.as(w.community, nil, all...), w.as(w.other, nil, all...)
		above := append(slices.Clone(all), casework.PermApprove, casework.PermSupervise)
		w.above = w.as(w.street, []id.ID{w.street, w.community, w.other}, above...)
		w.top = w.as(w.district, []id.ID{w.district, w.street, w.community, w.other}, above...)
		fn(w)
	})
}

// as is an actor who holds permissions at an organisation and within a part of the tree.
func (w *street) as(root id.ID, within []id.ID, perms ...authz.Permission) authz.Actor {
	if within == nil {
		within = []id.ID{root}
	}
	a := testkit.Actor(testkit.Tenant, within, perms...)
	a.Grants[0].Root = root
	testkit.Exec(w.t, w.d, `INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,'x',1)`, testkit.Tenant, a.AccountID, "a"+a.AccountID.String())
	held := make([]string, len(perms))
	for i, p := range perms {
		held[i] = string(p)
	}
	testkit.Exec(w.t, w.d, `INSERT INTO role (tenant_id, code, name, permissions) VALUES ($1,$2,$2,$3)`, testkit.Tenant, "r"+a.AccountID.String(), strings.Join(held, " "))
	testkit.Exec(w.t, w.d, `INSERT INTO role_grant (tenant_id, id, account_id, role_code, organisation_id, valid_from, granted_at) VALUES ($1,$2,$2,$3,$4,'2026-01-01',1)`,
		testkit.Tenant, a.AccountID, "r"+a.AccountID.String(), root)
	return a
}

// leaves ends the post of an actor; their account stays.
func (w *street) leaves(a authz.Actor) {
	testkit.Exec(w.t, w.d, `UPDATE role_grant SET valid_to = '2026-02-28' WHERE tenant_id = $1 AND account_id = $2`, testkit.Tenant, a.AccountID)
}

func (w *street) org(kind, name string, parent id.ID) id.ID {
	w.t.Helper()
	o := id.New()
	path := "/" + o.String() + "/"
	if parent != 0 {
		above, err := db.Value[string](ctx, w.d, `SELECT path FROM organisation WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, parent)
		w.ok(err)
		path = above + o.String() + "/"
	}
	testkit.Exec(w.t, w.d, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, parent_id, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,$6,1,1)`,
		testkit.Tenant, o, kind, name, path, parent)
	return o
}

func (w *street) item(list, name, level string, n, hours int64) id.ID {
	i := id.New()
	testkit.Exec(w.t, w.d, `INSERT INTO catalogue_item (tenant_id, id, list, code, name, search_key, sort_key, level, days, hours, public, valid_from) VALUES ($1,$2,$3,$4,$4,'','',$5,$6,$7,TRUE,'2026-01-01')`,
		testkit.Tenant, i, list, name, level, n, hours)
	return i
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

func (w *street) report(r casework.Report) casework.Receipt {
	w.t.Helper()
	if r.Kind == "" {
		r.Kind, r.ItemID = "service", w.lamp
	}
	if r.CommunityID == 0 {
		r.CommunityID = w.community
	}
	if r.Body == "" {
		r.Body = "楼道的灯不亮了，电话 13800138000"
	}
	out, err := w.s.Report(ctx, testkit.Tenant, "居民", "r1", r)
	w.ok(err)
	return out
}

func (w *street) get(a authz.Actor, c id.ID) casework.Detail {
	w.t.Helper()
	d, err := w.s.Get(ctx, a, c)
	w.ok(err)
	return d
}

func (w *street) v(c id.ID) int64 {
	w.t.Helper()
	v, err := db.Value[int64](ctx, w.d, `SELECT version FROM service_case WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, c)
	w.ok(err)
	return v
}

func (w *street) state(code string) casework.Followed {
	w.t.Helper()
	_, f, err := w.s.ToReporter(ctx, casework.Code(code))
	w.ok(err)
	return f
}

// rated wants a rating to be taken.
func (w *street) rated(_ casework.State, err error) { w.t.Helper(); w.ok(err) }

// refused wants it to be refused.
func (w *street) refused(k errs.Kind, field string) func(casework.State, error) {
	return func(_ casework.State, err error) { w.t.Helper(); w.wants(err, k, field) }
}

// finished is a case that was taken and finished.
func (w *street) finished(r casework.Receipt) {
	w.t.Helper()
	w.ok(w.s.Take(ctx, w.worker, r.ID, w.v(r.ID)))
	w.ok(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了灯泡"}))
}

func TestFromTheFirstWordToTheRating(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Name: "张三", Phone: "138 0013 8000", Place: "3 号楼"})
		f := w.state(strings.ToLower(r.Code))
		if f.State != casework.Received || f.Org != "文港社区" || f.No != r.No || f.Body == "" || f.Rateable || f.Reopenable || len(f.Entries) != 1 {
			t.Errorf("followed: %+v", f)
		}
		l, err := w.s.List(ctx, w.secretary, casework.Filter{Show: casework.ShowOpen})
		w.ok(err)
		if len(l.Items) != 1 || strings.Contains(l.Items[0].Title, "13800138000") || !strings.Contains(l.Items[0].Title, "灯不亮") {
			t.Errorf("listed: %+v", l.Items)
		}
		w.clock.Advance(time.Hour)
		w.ok(w.s.Take(ctx, w.worker, r.ID, 1))
		w.ok(w.s.Note(ctx, w.worker, r.ID, "材料已订", true))
		w.ok(w.s.Note(ctx, w.worker, r.ID, "内部说明", false))
		w.ok(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了灯泡"}))
		f = w.state(r.Code)
		if f.State != casework.Done || f.Result != "换了灯泡" || !f.Rateable {
			t.Errorf("done: %+v", f.Case)
		}
		for _, e := range f.Entries {
			if e.By != "" || strings.Contains(e.Words, "内部") {
				t.Errorf("the resident reads %+v", e)
			}
		}
		w.refused(errs.Invalid, "stars")(w.s.Rate(ctx, casework.Code(r.Code), "居民", "", casework.Rating{Solved: casework.Yes}))
		w.rated(w.s.Rate(ctx, casework.Code(r.Code), "居民", "", casework.Rating{Solved: casework.Yes, Stars: 5}))
		d := w.get(w.secretary, r.ID)
		if d.State != casework.Closed || d.Confirmed != casework.BySelf || d.Rating != 5 || d.HandlerID != w.worker.AccountID {
			t.Errorf("closed: %+v", d.Case)
		}
		w.refused(errs.Conflict, "")(w.s.Rate(ctx, casework.Code(r.Code), "居民", "", casework.Rating{Solved: casework.Yes, Stars: 1}))
		s, err := w.s.Rates(ctx, w.secretary, casework.Filter{})
		w.ok(err)
		if s.Finished != 1 || s.InTime != 1 || s.Answered != 1 || s.Satisfied != 1 || s.Hours != 1 || s.Answerable != 1 || s.Responded != 1 {
			t.Errorf("summary: %+v", s)
		}
		var acts []casework.Act
		for _, e := range d.Entries {
			acts = append(acts, e.Act)
		}
		if want := []casework.Act{casework.ActReport, casework.ActTake, casework.ActNote, casework.ActNote, casework.ActFinish, casework.ActRate}; !slices.Equal(acts, want) {
			t.Errorf("steps %v, want %v", acts, want)
		}
	})
}

func TestWhatIsNotSolvedGoesBack(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{})
		w.finished(r)
		w.refused(errs.Invalid, "words")(w.s.Rate(ctx, casework.Code(r.Code), "", "", casework.Rating{Solved: casework.No, Stars: 1}))
		w.rated(w.s.Rate(ctx, casework.Code(r.Code), "", "", casework.Rating{Solved: casework.No, Stars: 1, Words: "又灭了"}))
		d := w.get(w.worker, r.ID)
		if d.State != casework.Working || d.Reopened != 1 || d.HandlerID != w.worker.AccountID || d.Rating != 0 || d.Outcome != "" || d.DueAt.Before(w.clock.Now()) {
			t.Errorf("opened again: %+v", d.Case)
		}
		w.ok(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了线路"}))
		w.rated(w.s.Rate(ctx, casework.Code(r.Code), "", "", casework.Rating{Solved: casework.Yes, Stars: 4}))
		w.clock.Advance(29 * 24 * time.Hour)
		w.ok(w.s.ReopenBy(ctx, casework.Code(r.Code), "", "", "又坏了"))
		w.ok(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Half, Words: "换了灯"}))
		w.rated(w.s.Rate(ctx, casework.Code(r.Code), "", "", casework.Rating{Solved: casework.Partly, Stars: 3}))
		w.clock.Advance(31 * 24 * time.Hour)
		w.wants(w.s.ReopenBy(ctx, casework.Code(r.Code), "", "", "还是坏"), errs.Conflict, "")
	})
}

func TestAssignmentIsSignedReturnedOrPassedUp(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Kind: "event", ItemID: w.road, Body: "路面有坑"})
		d := w.get(w.above, r.ID)
		if d.OrgID != w.street || d.LimitDays != 2 || calendar.DateOf(d.DueAt).String() != "2026-03-04" {
			t.Fatalf("it lies with %s, due %s", d.Org, d.DueAt)
		}
		w.wants(w.s.Take(ctx, w.worker, r.ID, 1), errs.Forbidden, "") // the community sees it, and does not have it
		w.wants(w.s.Dispatch(ctx, w.above, r.ID, 1, w.street, ""), errs.Invalid, "to")
		w.wants(w.s.Dispatch(ctx, w.above, r.ID, 1, w.district, ""), errs.Invalid, "to")
		w.wants(w.s.Dispatch(ctx, w.above, r.ID, 1, id.New(), ""), errs.Invalid, "to")
		w.ok(w.s.Dispatch(ctx, w.above, r.ID, 1, w.community, "请先围挡"))
		w.wants(w.s.Dispatch(ctx, w.above, r.ID, 1, w.other, ""), errs.Conflict, "")
		w.wants(w.s.Return(ctx, w.worker, r.ID, w.v(r.ID), ""), errs.Invalid, "words")
		w.ok(w.s.Return(ctx, w.worker, r.ID, w.v(r.ID), "市政道路，不归社区"))
		if d = w.get(w.above, r.ID); d.State != casework.Accepted || d.OrgID != w.street || calendar.DateOf(d.DueAt).String() != "2026-03-04" {
			t.Errorf("returned: %+v", d.Case)
		}
		w.ok(w.s.Dispatch(ctx, w.above, r.ID, w.v(r.ID), w.community, ""))
		w.ok(w.s.Take(ctx, w.worker, r.ID, w.v(r.ID)))
		w.clock.Advance(2 * 24 * time.Hour)
		w.wants(w.s.Return(ctx, w.worker, r.ID, w.v(r.ID), "太迟了"), errs.Conflict, "")
		w.ok(w.s.Up(ctx, w.secretary, r.ID, w.v(r.ID), "需要街道协调市政"))
		if d = w.get(w.above, r.ID); d.State != casework.Received || d.OrgID != w.street || d.HandlerID != 0 {
			t.Errorf("passed up: %+v", d.Case)
		}
		w.ok(w.s.Refuse(ctx, w.above, r.ID, w.v(r.ID), casework.Elsewhere, "市政道路由区住建局养护", "区住建局 0515-88880000"))
		if f := w.state(r.Code); f.State != casework.Closed || f.Outcome != casework.Refused || f.Address == "" || f.Rateable || !f.Reopenable {
			t.Errorf("refused: %+v", f)
		}
	})
}

// TestOneOfManyTakesACase holds that of many who press at once exactly one has it, and the others are told.
func TestOneOfManyTakesACase(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{})
		var took, told atomic.Int64
		var wait sync.WaitGroup
		for range 16 {
			wait.Go(func() {
				err := w.s.Take(ctx, w.as(w.community, nil, all...), r.ID, 1)
				switch {
				case err == nil:
					took.Add(1)
				case errs.KindOf(err) == errs.Conflict:
					told.Add(1)
				default:
					t.Error(err)
				}
			})
		}
		wait.Wait()
		if took.Load() != 1 || told.Load() != 15 {
			t.Errorf("%d took it, %d were told", took.Load(), told.Load())
		}
	})
}

func TestMoreTimeIsAskedOnceAndGrantedByAnother(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "建议装一把长椅"})
		w.ok(w.s.Take(ctx, w.worker, r.ID, 1))
		w.wants(w.s.AskMore(ctx, w.worker, r.ID, w.v(r.ID), 16, casework.HoldParts, "要定做"), errs.Invalid, "days")
		w.ok(w.s.AskMore(ctx, w.worker, r.ID, w.v(r.ID), 10, casework.HoldParts, "要定做"))
		w.wants(w.s.Decide(ctx, w.secretary, r.ID, w.v(r.ID), true, ""), errs.Forbidden, "")
		both := w.as(w.street, []id.ID{w.street, w.community}, append(slices.Clone(all), casework.PermApprove)...)
		both.AccountID = w.worker.AccountID
		w.wants(w.s.Decide(ctx, both, r.ID, w.v(r.ID), true, ""), errs.Conflict, "")
		items, err := w.s.Waiting(ctx, w.above)
		w.ok(err)
		if len(items) != 1 || items[0].Kind != casework.WaitGrant {
			t.Errorf("above waits %+v", items)
		}
		w.ok(w.s.Decide(ctx, w.above, r.ID, w.v(r.ID), true, ""))
		if d := w.get(w.worker, r.ID); calendar.DateOf(d.DueAt).String() != "2026-03-23" || d.Extension != casework.Granted {
			t.Errorf("due %s", d.DueAt)
		}
		w.wants(w.s.AskMore(ctx, w.worker, r.ID, w.v(r.ID), 1, casework.HoldParts, "再要"), errs.Conflict, "")
		w.clock.Advance(24 * time.Hour)
		w.ok(w.s.Suspend(ctx, w.worker, r.ID, w.v(r.ID), casework.HoldTalks, "等居民商量"))
		w.wants(w.s.Finish(ctx, w.worker, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "x"}), errs.Conflict, "")
		w.clock.Advance(3 * 24 * time.Hour)
		w.ok(w.s.Resume(ctx, w.worker, r.ID, w.v(r.ID)))
		if d := w.get(w.worker, r.ID); calendar.DateOf(d.DueAt).String() != "2026-03-26" {
			t.Errorf("after three working days that stood still it is due %s", d.DueAt)
		}
	})
}

func TestWhatIsLateIsToldAboveOnceAndSilenceIsNotSatisfaction(t *testing.T) {
	each(t, func(w *street) {
		late, silent := w.report(casework.Report{Kind: "event", ItemID: w.road, Body: "路面有坑"}), w.report(casework.Report{Phone: "13800138000"})
		w.ok(w.s.Dispatch(ctx, w.above, late.ID, 1, w.community, ""))
		w.finished(silent)
		w.clock.Advance(3 * 24 * time.Hour)
		items, err := w.s.Waiting(ctx, w.secretary)
		w.ok(err)
		if !slices.ContainsFunc(items, func(i waitingItem) bool { return i.Kind == casework.WaitCall && i.Subject == silent.ID }) {
			t.Errorf("nobody is asked to call back: %+v", items)
		}
		w.wants(w.s.Call(ctx, w.worker, silent.ID, w.v(silent.ID), casework.Called{Reached: true, Solved: casework.Yes, Rating: 5}), errs.Conflict, "")
		w.ok(w.s.Call(ctx, w.secretary, silent.ID, w.v(silent.ID), casework.Called{Words: "关机"}))
		w.clock.Advance(7 * 24 * time.Hour)
		for range 2 {
			w.ok(w.s.Night(ctx, testkit.Tenant))
		}
		d := w.get(w.above, late.ID)
		told := 0
		for _, e := range d.Entries {
			if e.Act == casework.ActEscalate {
				told++
			}
		}
		if told != 1 || d.EscalatedAt.IsZero() {
			t.Errorf("told above %d times", told)
		}
		if d := w.get(w.secretary, silent.ID); d.State != casework.Closed || d.Confirmed != casework.NoAnswer || d.Rating != 0 {
			t.Errorf("silence: %+v", d.Case)
		}
		s, err := w.s.Rates(ctx, w.above, casework.Filter{})
		w.ok(err)
		if sum, err := w.s.Summary(ctx, w.above, casework.Filter{}); err != nil || sum.Overdue != 1 {
			t.Errorf("counted: %+v, %v", sum, err)
		}
		if s.Finished != 1 || s.Answered != 0 || s.Satisfied != 0 {
			t.Errorf("summary: %+v", s)
		}
		w.rated(w.s.Rate(ctx, casework.Code(silent.Code), "", "", casework.Rating{Solved: casework.Yes, Stars: 4}))
		w.ok(w.s.Supervise(ctx, w.above, late.ID, w.v(late.ID), "请今天处理"))
		if l, err := w.s.List(ctx, w.secretary, casework.Filter{Show: casework.ShowSupervised}); err != nil || len(l.Items) != 1 {
			t.Errorf("pressed for: %v, %v", l.Items, err)
		}
	})
}

func TestDoublesAreMergedAndEverybodyIsKeptInformed(t *testing.T) {
	each(t, func(w *street) {
		first, second, third := w.report(casework.Report{}), w.report(casework.Report{Body: "路灯又灭了"}), w.report(casework.Report{Body: "灯灭了"})
		if d := w.get(w.secretary, third.ID); len(d.Alike) != 2 {
			t.Errorf("proposed as the same: %+v", d.Alike)
		}
		w.wants(w.s.Merge(ctx, w.secretary, second.ID, 1, second.ID), errs.Invalid, "into")
		w.wants(w.s.Merge(ctx, w.secretary, second.ID, 1, id.New()), errs.Invalid, "into")
		w.ok(w.s.Merge(ctx, w.secretary, third.ID, 1, second.ID))
		w.ok(w.s.Merge(ctx, w.secretary, second.ID, w.v(second.ID), first.ID))
		if d := w.get(w.secretary, third.ID); d.MergedID != first.ID {
			t.Errorf("the third follows %s", d.MergedNo)
		}
		w.finished(first)
		f := w.state(third.Code)
		if f.State != casework.Done || f.Result != "换了灯泡" || f.MergedInto != first.No || f.No != third.No || f.Rateable || !f.Reopenable || strings.Contains(f.Body, "138") {
			t.Errorf("the third sees %+v", f)
		}
		w.refused(errs.Conflict, "")(w.s.Rate(ctx, casework.Code(third.Code), "", "", casework.Rating{Solved: casework.Yes, Stars: 5}))
		w.ok(w.s.ReopenBy(ctx, casework.Code(third.Code), "", "", "我这边还黑着"))
		if d := w.get(w.secretary, first.ID); d.State != casework.Working || len(d.Merged) != 2 {
			t.Errorf("opened again by another who is affected: %+v", d.Case)
		}
		w.ok(w.s.Part(ctx, w.secretary, third.ID, w.v(third.ID)))
		if f := w.state(third.Code); f.State != casework.Accepted || f.MergedInto != "" {
			t.Errorf("parted: %+v", f.Case)
		}
	})
}

func TestJointHandlingIsFinishedWhenAllHaveDoneTheirPart(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Kind: "event", ItemID: w.road, Body: "跨社区的积水"})
		w.ok(w.s.Accept(ctx, w.above, r.ID, 1))
		w.wants(w.s.Accept(ctx, w.top, r.ID, 1), errs.Forbidden, "") // the district does not act in the sub-district's name
		if _, err := w.s.Get(ctx, w.beside, r.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another community sees it: %v", err)
		}
		w.ok(w.s.Join(ctx, w.above, r.ID, w.v(r.ID), w.other, "请清理下游"))
		w.wants(w.s.Join(ctx, w.above, r.ID, w.v(r.ID), w.other, "再来一次"), errs.Invalid, "to")
		w.ok(w.s.Take(ctx, w.above, r.ID, w.v(r.ID)))
		w.wants(w.s.Finish(ctx, w.above, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "好了"}), errs.Conflict, "")
		w.wants(w.s.JointDone(ctx, w.secretary, r.ID, w.other, "不是我"), errs.Forbidden, "")
		w.wants(w.s.JointDone(ctx, w.above, r.ID, w.other, "替他们说"), errs.Forbidden, "")
		w.wants(w.s.Unjoin(ctx, w.above, r.ID, w.v(r.ID), w.community), errs.Conflict, "")
		w.ok(w.s.JointDone(ctx, w.beside, r.ID, w.other, "清理完了"))
		w.ok(w.s.Finish(ctx, w.above, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "好了"}))
	})
}

func TestWhoComplainedIsNotShownToWhomItIsAbout(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "社区办事拖拉", AboutID: w.community, Name: "张三", Phone: "13800138000"})
		d := w.get(w.above, r.ID)
		if d.OrgID != w.street || !d.HasReporter {
			t.Fatalf("it lies with %s", d.Org)
		}
		if _, err := w.s.Get(ctx, w.secretary, r.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("who it is about sees it: %v", err)
		}
		other := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "社区办事慢"})
		w.wants(w.s.Merge(ctx, w.above, r.ID, 1, other.ID), errs.Invalid, "into") // it would lie with whom it is about
		w.wants(w.s.RaiseTopic(ctx, w.above, r.ID, 1, casework.Topic{OwnerID: w.street, Title: "x"}), errs.Conflict, "")
		if l, err := w.s.List(ctx, w.secretary, casework.Filter{}); err != nil || len(l.Items) != 1 || l.Items[0].ID != other.ID {
			t.Errorf("who it is about lists it: %v, %v", l.Items, err)
		}
		w.wants(w.s.Dispatch(ctx, w.above, r.ID, 1, w.community, ""), errs.Invalid, "to")
		_, err := w.s.Reveal(ctx, w.above, r.ID, "")
		w.wants(err, errs.Invalid, "purpose")
		_, err = w.s.Reveal(ctx, w.above, r.ID, "curiosity")
		w.wants(err, errs.Invalid, "purpose")
		who, err := w.s.Reveal(ctx, w.above, r.ID, "service")
		w.ok(err)
		if who.Name != "张三" || who.Phone != "13800138000" {
			t.Errorf("revealed %+v", who)
		}
		n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'casework.reveal' AND purpose = 'service'`, testkit.Tenant)
		if w.ok(err); n != 1 {
			t.Errorf("%d looks recorded", n)
		}
		up := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "街道不答复", AboutID: w.street})
		if d := w.get(w.top, up.ID); d.OrgID != w.district {
			t.Errorf("a complaint about the sub-district lies with %s", d.Org)
		}
		for who, a := range map[string]authz.Actor{"the sub-district": w.above, "a community below it": w.secretary} {
			if _, err := w.s.Get(ctx, a, up.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s sees a complaint about the sub-district: %v", who, err)
			}
		}
		_, err = w.s.Report(ctx, testkit.Tenant, "", "", casework.Report{Kind: "opinion", CommunityID: w.community, Body: "区里不管", AboutID: w.district})
		w.wants(err, errs.Invalid, "about")
	})
}

func TestConfidentialCasesAreSeenWhereTheyLie(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Kind: "dispute", ItemID: w.quarrel, Body: "和楼上张三为漏水吵架"})
		for who, a := range map[string]authz.Actor{"above": w.above, "the district": w.top, "beside": w.beside,
			"without the right": w.as(w.community, nil, casework.PermSee, casework.PermWork)} {
			if _, err := w.s.Get(ctx, a, r.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s sees it: %v", who, err)
			}
			if l, err := w.s.List(ctx, a, casework.Filter{}); err != nil || len(l.Items) != 0 {
				t.Errorf("%s lists it: %v, %v", who, l.Items, err)
			}
		}
		d := w.get(w.secretary, r.ID)
		if d.Title != "邻里纠纷" || !strings.Contains(d.Body, "漏水") {
			t.Errorf("%+v", d.Case)
		}
		w.wants(w.s.Join(ctx, w.secretary, r.ID, 1, w.other, "x"), errs.Conflict, "")
		w.wants(w.s.Dispatch(ctx, w.secretary, r.ID, 1, w.other, "x"), errs.Conflict, "")
		w.ok(w.s.Take(ctx, w.secretary, r.ID, 1))
		w.ok(w.s.AskMore(ctx, w.secretary, r.ID, 2, 5, casework.HoldParts, "双方同意"))
		if d := w.get(w.secretary, r.ID); d.Extension != casework.Granted || d.Extended != 5 {
			t.Errorf("more time that nobody above sees: %+v", d.Timing)
		}
		if items, err := w.s.Waiting(ctx, w.above); err != nil || len(items) != 0 {
			t.Errorf("above waits %+v, %v", items, err)
		}
	})
}

func TestNothingOfAnotherTenantAndNoCodeThatIsGuessed(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{})
		stranger := w.as(w.district, nil, all...)
		stranger.Tenant, stranger.Grants[0].All = testkit.Other, true
		if _, err := w.s.Get(ctx, stranger, r.ID); errs.KindOf(err) != errs.NotFound {
			t.Error(err)
		}
		other := strings.Replace(r.Code, "320902", "321102", 1)
		for _, code := range []string{"", r.No, "320902-AAAAAAAAAAAA", other, r.Code[:len(r.Code)-1], "' OR 1=1 --"} {
			if _, _, err := w.s.ToReporter(ctx, casework.Code(code)); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%q: %v", code, err)
			}
		}
	})
}

func TestBadReportsAreRefusedFieldByField(t *testing.T) {
	each(t, func(w *street) {
		bad := func(r casework.Report, field string) {
			t.Helper()
			_, err := w.s.Report(ctx, testkit.Tenant, "", "", r)
			w.wants(err, errs.Invalid, field)
		}
		ok := casework.Report{Kind: "service", ItemID: w.lamp, CommunityID: w.community, Body: "灯坏了"}
		with := func(f func(r *casework.Report)) casework.Report { r := ok; f(&r); return r }
		bad(with(func(r *casework.Report) { r.Kind = "nothing" }), "kind")
		bad(with(func(r *casework.Report) { r.Kind = "need" }), "kind") // residents do not report it themselves
		bad(with(func(r *casework.Report) { r.ItemID = w.road }), "item")
		bad(with(func(r *casework.Report) { r.ItemID = id.New() }), "item")
		bad(with(func(r *casework.Report) { r.CommunityID = 0 }), "community")
		bad(with(func(r *casework.Report) { r.CommunityID = w.street }), "community")
		bad(with(func(r *casework.Report) { r.BuildingID = id.New() }), "building")
		bad(with(func(r *casework.Report) { r.Body = "  " }), "body")
		bad(with(func(r *casework.Report) { r.Body = strings.Repeat("长", 2001) }), "body")
		bad(with(func(r *casework.Report) { r.Phone = "138" + strings.Repeat("9", 3) + "x" }), "phone")
		bad(with(func(r *casework.Report) { r.AboutID = id.New() }), "about")
		n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM service_case WHERE tenant_id = $1`, testkit.Tenant)
		if w.ok(err); n != 0 {
			t.Errorf("%d cases were made", n)
		}
		_, err = w.s.Enter(ctx, w.beside, with(func(r *casework.Report) { r.Channel = casework.ByHall }))
		w.wants(err, errs.Forbidden, "")
		_, err = w.s.Enter(ctx, w.worker, ok)
		w.wants(err, errs.Invalid, "channel")
	})
}

func TestTopicsTakeTheCaseAsItStands(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Kind: "event", ItemID: w.road, Body: "夜市噪音，联系 13800138000"})
		w.ok(w.s.Accept(ctx, w.above, r.ID, 1))
		w.wants(w.s.RaiseTopic(ctx, w.above, r.ID, w.v(r.ID), casework.Topic{Title: "夜市治理"}), errs.Invalid, "to")
		w.ok(w.s.RaiseTopic(ctx, w.above, r.ID, w.v(r.ID), casework.Topic{OwnerID: w.street, Title: "夜市治理"}))
		w.wants(w.s.RaiseTopic(ctx, w.above, r.ID, w.v(r.ID), casework.Topic{OwnerID: w.street, Title: "夜市治理"}), errs.Conflict, "")
		if len(w.agenda.raised) == 0 || !strings.Contains(w.agenda.raised[0], r.No) || strings.Contains(w.agenda.raised[0], "13800138000") {
			t.Errorf("raised %q", w.agenda.raised)
		}
	})
}

func TestForgottenCasesKeepWhatIsCounted(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Name: "张三", Phone: "13800138000"})
		w.finished(r)
		w.rated(w.s.Rate(ctx, casework.Code(r.Code), "", "", casework.Rating{Solved: casework.Yes, Stars: 5, Words: "谢谢小王"}))
		k := casework.RetentionKinds()[0]
		a := &db.Args{}
		rows := k.Past(a, testkit.Tenant, calendar.DateOf(w.clock.Now()).AddDays(1))
		ids, err := db.Column[id.ID](ctx, w.d, "SELECT "+rows.ID+" FROM "+rows.From, a.Values()...)
		w.ok(err)
		if len(ids) != 1 {
			t.Fatalf("%d are past", len(ids))
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return k.Remove(ctx, tx, testkit.Tenant, ids) }))
		d := w.get(w.secretary, r.ID)
		if d.Body != "" || d.Result != "" || d.HasReporter || d.HasPhone || d.Rating != 5 || d.KindCode != "service" {
			t.Errorf("%+v", d.Case)
		}
		for _, e := range d.Entries {
			if e.Words != "" {
				t.Errorf("still says %q", e.Words)
			}
		}
	})
}

// TestCasesFollowAMerger holds that the cases of an organisation go to the one that takes it in, and that who reported one that is open, by itself or merged into it, is told.
func TestCasesFollowAMerger(t *testing.T) {
	each(t, func(w *street) {
		fake, n, _ := w.tellers()
		r, joined, over := w.report(casework.Report{Phone: "13800138000", Tell: true}), w.report(casework.Report{Phone: "13700137000", Tell: true}), w.report(casework.Report{Phone: "13600136000", Tell: true})
		w.ok(w.s.Merge(ctx, w.secretary, joined.ID, w.v(joined.ID), r.ID))
		w.ok(w.s.Take(ctx, w.worker, over.ID, w.v(over.ID)))
		w.ok(w.s.Finish(ctx, w.worker, over.ID, w.v(over.ID), casework.Result{Outcome: casework.Fulfilled, Words: "换了灯"}))
		x := &noted{w, fake, n, map[string]bool{}}
		phones := map[string]string{"13800138000": r.Code, "13700137000": joined.Code, "13600136000": ""}
		for phone := range phones {
			_, _ = x.since(phone)
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.above, w.community, w.other) }))
		if d := w.get(w.beside, r.ID); d.OrgID != w.other || d.CommunityID != w.other {
			t.Errorf("%+v", d.Case)
		}
		for phone, code := range phones {
			kinds, body := x.since(phone)
			if want := code != ""; want != slices.Equal(kinds, []string{notice.KindPassed}) || !want && len(kinds) > 0 || want && !strings.Contains(body, strings.ReplaceAll(code, "-", "")) {
				t.Errorf("%s was told %v: %s", phone, kinds, body)
			}
		}
		if _, err := w.s.Get(ctx, w.secretary, r.ID); !errors.Is(err, errs.ErrNotFound) && errs.KindOf(err) != errs.NotFound {
			t.Error(err)
		}
	})
}

// TestWhatOneSaysIsNotReadByAnother holds that those whose reports were merged are told of the case, and read nothing of one another.
func TestWhatOneSaysIsNotReadByAnother(t *testing.T) {
	each(t, func(w *street) {
		first, second := w.report(casework.Report{}), w.report(casework.Report{Body: "路灯又灭了"})
		w.ok(w.s.AddBy(ctx, casework.Code(first.Code), "", "", "我是三楼的"))
		w.ok(w.s.Merge(ctx, w.secretary, second.ID, 1, first.ID))
		w.ok(w.s.AddBy(ctx, casework.Code(second.Code), "", "", "我是五楼的"))
		w.finished(first)
		w.rated(w.s.Rate(ctx, casework.Code(first.Code), "", "", casework.Rating{Solved: casework.Yes, Stars: 5, Words: "一号满意"}))
		w.ok(w.s.ReopenBy(ctx, casework.Code(second.Code), "", "", "二号不满意"))
		words := func(code string) (all string) {
			for _, e := range w.state(code).Entries {
				all += e.Words + "\n"
			}
			return all
		}
		if s := words(first.Code); !strings.Contains(s, "三楼") || strings.Contains(s, "五楼") || strings.Contains(s, "二号") {
			t.Errorf("the first reads %q", s)
		}
		if s := words(second.Code); strings.Contains(s, "三楼") || strings.Contains(s, "一号") || !strings.Contains(s, "五楼") || !strings.Contains(s, "二号") {
			t.Errorf("the second reads %q", s)
		}
		if f := w.state(second.Code); f.Rating != 0 || f.Confirmed != "" {
			t.Errorf("the second sees a rating: %+v", f.Case)
		}
		w.wants(w.s.AddBy(ctx, casework.Code(second.Code), "", "", "我是五楼的"), errs.Conflict, "") // the page was loaded anew
		for n := range 19 {
			w.ok(w.s.AddBy(ctx, casework.Code(second.Code), "", "", fmt.Sprintf("再说一次 %d", n)))
		}
		w.wants(w.s.AddBy(ctx, casework.Code(second.Code), "", "", "又说一次"), errs.Conflict, "")
		d := w.get(w.secretary, first.ID)
		w.ok(w.s.AddBy(ctx, casework.Code(first.Code), "", "", "我的电话是 13900001111"))
		for _, e := range w.get(w.secretary, first.ID).Entries {
			if strings.Contains(e.Words, "13900001111") {
				t.Errorf("a number said later is read by everybody: %q", e.Words)
			}
		}
		who, err := w.s.Reveal(ctx, w.secretary, d.ID, "service")
		if w.ok(err); !slices.Contains(who.Said, "我的电话是 13900001111") {
			t.Errorf("shown with who reported it: %q", who.Said)
		}
	})
}

// TestEveryWaitingItemOpensToItsCases holds the counts of the first page against the lists behind them, for everybody, at every step.
func TestEveryWaitingItemOpensToItsCases(t *testing.T) {
	each(t, func(w *street) {
		check := func(step string) {
			t.Helper()
			for who, a := range map[string]authz.Actor{"secretary": w.secretary, "worker": w.worker, "beside": w.beside, "above": w.above, "top": w.top} {
				items, err := w.s.Waiting(ctx, a)
				w.ok(err)
				for _, it := range items {
					l, err := w.s.List(ctx, a, casework.Filter{Wait: it.Kind})
					w.ok(err)
					if int64(len(l.Items)) != it.Count || it.Count == 1 && l.Items[0].ID != it.Subject {
						t.Errorf("%s: %d wait for %s (%s), the list has %d", step, it.Count, who, it.Kind, len(l.Items))
					}
					for _, r := range l.Items {
						w.get(a, r.ID)
					}
				}
			}
		}
		a, b, c := w.report(casework.Report{Phone: "13800138000"}), w.report(casework.Report{Kind: "event", ItemID: w.road, Body: "路面有坑"}), w.report(casework.Report{Kind: "dispute", ItemID: w.quarrel, Body: "漏水"})
		check("received")
		w.ok(w.s.Take(ctx, w.worker, a.ID, 1))
		w.ok(w.s.Dispatch(ctx, w.above, b.ID, 1, w.community, ""))
		w.ok(w.s.Take(ctx, w.secretary, c.ID, 1))
		check("given out")
		w.clock.Advance(3 * 24 * time.Hour)
		check("late")
		w.ok(w.s.Take(ctx, w.worker, b.ID, w.v(b.ID)))
		w.ok(w.s.Supervise(ctx, w.above, b.ID, w.v(b.ID), "快办"))
		w.ok(w.s.Finish(ctx, w.worker, a.ID, w.v(a.ID), casework.Result{Outcome: casework.Half, Words: "一半"}))
		w.clock.Advance(3 * 24 * time.Hour)
		check("to be called back")
	})
}

// TestAClockThatStandsGoesOnByItself holds the bounds of stopping the clock.
func TestAClockThatStandsGoesOnByItself(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, Body: "建议装一把长椅"})
		w.ok(w.s.Take(ctx, w.worker, r.ID, 1))
		w.ok(w.s.Suspend(ctx, w.worker, r.ID, w.v(r.ID), casework.HoldTalks, "等材料"))
		w.clock.Advance(31 * 24 * time.Hour)
		w.ok(w.s.Night(ctx, testkit.Tenant))
		if d := w.get(w.worker, r.ID); !d.SuspendedAt.IsZero() || d.DueAt.Before(w.clock.Now()) {
			t.Errorf("still stands: %+v", d.Timing)
		}
		w.ok(w.s.Suspend(ctx, w.worker, r.ID, w.v(r.ID), casework.HoldTalks, "再等"))
		w.ok(w.s.Resume(ctx, w.worker, r.ID, w.v(r.ID)))
		w.wants(w.s.Suspend(ctx, w.worker, r.ID, w.v(r.ID), casework.HoldTalks, "又等"), errs.Conflict, "")
		w.wants(w.s.Finish(ctx, w.worker, r.ID, 0, casework.Result{Outcome: casework.Fulfilled, Words: "x"}), errs.Conflict, "")
	})
}

// TestWhatManySayIsFound holds that several people who say the same in one community are put together, with the words, and that others are left apart.
func TestWhatManySayIsFound(t *testing.T) {
	each(t, func(w *street) {
		for i, body := range []string{"电动车充电棚一直没有通电，充不了电", "充电棚没有通电，电动车没法充电", "小区的充电棚没通电，电动车充不了电"} {
			w.report(casework.Report{Kind: "opinion", Body: body, Phone: "1380013800" + string(rune('0'+i))})
		}
		w.report(casework.Report{Kind: "opinion", Body: "建议广场上多放几张长椅"})
		w.report(casework.Report{Kind: "dispute", Body: "充电棚没有通电，电动车没法充电"})
		w.report(casework.Report{Kind: "opinion", CommunityID: w.other, Body: "充电棚没有通电，电动车没法充电"})
		issues, err := w.s.Hot(ctx, w.secretary, 7)
		w.ok(err)
		if len(issues) != 1 || len(issues[0].Cases) != 3 || issues[0].Senders != 3 || len(issues[0].Words) == 0 || issues[0].Place != "文港社区" {
			t.Errorf("found %+v", issues)
		}
		if issues, err := w.s.Hot(ctx, w.beside, 7); err != nil || len(issues) != 0 {
			t.Errorf("elsewhere: %+v, %v", issues, err)
		}
		l, err := w.s.List(ctx, w.secretary, casework.Filter{Kind: "opinion"})
		w.ok(err)
		d := w.get(w.secretary, l.Items[len(l.Items)-1].ID)
		if len(d.Alike) != 2 || len(d.Alike[0].Words) == 0 {
			t.Errorf("proposed as the same: %+v", d.Alike)
		}
		w.clock.Advance(8 * 24 * time.Hour)
		if issues, err := w.s.Hot(ctx, w.secretary, 7); err != nil || len(issues) != 0 {
			t.Errorf("a week later: %+v, %v", issues, err)
		}
	})
}

// TestKindsAreData holds that a district's own kind works like the standard ones, and what is refused of it.
func TestKindsAreData(t *testing.T) {
	each(t, func(w *street) {
		keeps := testkit.Actor(testkit.Tenant, nil, casework.PermKinds)
		k := casework.Kind{Code: "parking", Name: "停车", List: "event", Hours: 6, OpenToAll: true, Fields: []casework.Field{{Code: "plate", Label: "车位号", Type: casework.TextField, Required: true}}}
		w.wants(w.s.SaveKind(ctx, w.above, k), errs.Forbidden, "")
		for field, bad := range map[string]casework.Kind{"days": {Code: "x", Name: "x", Days: 1, Hours: 1}, "list": {Code: "x", Name: "x", Days: 1, List: "nothing"}, "code": {Code: "X!", Name: "x", Days: 1},
			"fields": {Code: "x", Name: "x", Days: 1, Fields: []casework.Field{{Code: "a", Label: "a", Type: "nothing"}}}} {
			w.wants(w.s.SaveKind(ctx, keeps, bad), errs.Invalid, field)
		}
		w.ok(w.s.SaveKind(ctx, keeps, k))
		w.wants(w.s.SaveKind(ctx, keeps, k), errs.Invalid, "code")
		_, err := w.s.Report(ctx, testkit.Tenant, "", "", casework.Report{Kind: "parking", CommunityID: w.community, Body: "车位被占"})
		w.wants(err, errs.Invalid, "field.plate")
		r := w.report(casework.Report{Kind: "parking", ItemID: w.road, Body: "车位被占", Answers: map[string]string{"plate": "B-12"}})
		if d := w.get(w.above, r.ID); d.LimitDays != 2 || d.Answers["plate"] != "B-12" {
			t.Errorf("%+v", d.Case)
		}
		k.Version, k.OpenToAll = 1, false
		w.ok(w.s.SaveKind(ctx, keeps, k))
		w.wants(w.s.SaveKind(ctx, keeps, k), errs.Conflict, "")
		_, err = w.s.Report(ctx, testkit.Tenant, "", "", casework.Report{Kind: "parking", CommunityID: w.community, Body: "车位被占", Answers: map[string]string{"plate": "B-12"}})
		w.wants(err, errs.Invalid, "kind")
	})
}

// TestReopenedCasesComeToSomebody holds that a case that is opened again lies with somebody who is there.
func TestReopenedCasesComeToSomebody(t *testing.T) {
	each(t, func(w *street) {
		r := w.report(casework.Report{})
		w.finished(r)
		w.rated(w.s.Rate(ctx, casework.Code(r.Code), "", "", casework.Rating{Solved: casework.Yes, Stars: 5}))
		testkit.Exec(w.t, w.d, `UPDATE account SET status = 'disabled' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, w.worker.AccountID)
		w.ok(w.s.ReopenBy(ctx, casework.Code(r.Code), "", "", "又坏了"))
		if d := w.get(w.secretary, r.ID); d.State != casework.Accepted || d.HandlerID != 0 || d.OrgID != w.community {
			t.Errorf("the handler is gone: %+v", d.Case)
		}
		w.ok(w.s.Take(ctx, w.secretary, r.ID, w.v(r.ID)))
		w.ok(w.s.Finish(ctx, w.secretary, r.ID, w.v(r.ID), casework.Result{Outcome: casework.Fulfilled, Words: "好了"}))
		w.rated(w.s.Rate(ctx, casework.Code(r.Code), "", "", casework.Rating{Solved: casework.Yes, Stars: 5}))
		testkit.Exec(w.t, w.d, `UPDATE organisation SET dissolved_on = '2026-03-01' WHERE tenant_id = $1 AND id = $2`, testkit.Tenant, w.community)
		w.ok(w.s.ReopenBy(ctx, casework.Code(r.Code), "", "", "又坏了"))
		if d := w.get(w.above, r.ID); d.State != casework.Received || d.OrgID != w.street {
			t.Errorf("the organisation is gone: %+v", d.Case)
		}
	})
}

// TestACallNeedsSomebodyToCallAndAnotherWhoCalls holds what is asked of a follow-up call.
func TestACallNeedsSomebodyToCallAndAnotherWhoCalls(t *testing.T) {
	each(t, func(w *street) {
		silent, named := w.report(casework.Report{}), w.report(casework.Report{Phone: "13800138000"})
		for _, r := range []casework.Receipt{silent, named} {
			w.finished(r)
		}
		yes := casework.Called{Reached: true, Solved: casework.Yes, Rating: 5}
		w.wants(w.s.Call(ctx, w.secretary, silent.ID, w.v(silent.ID), yes), errs.Conflict, "")
		w.wants(w.s.Call(ctx, w.worker, named.ID, w.v(named.ID), yes), errs.Conflict, "")
		w.wants(w.s.Call(ctx, w.secretary, named.ID, w.v(named.ID), casework.Called{Rating: 5}), errs.Invalid, "reached")
		w.ok(w.s.Call(ctx, w.secretary, named.ID, w.v(named.ID), yes))
	})
}

// TestWhomACaseIsAboutNeverGetsIt holds it at the desk, in several roles at once, and when organisations merge.
func TestWhomACaseIsAboutNeverGetsIt(t *testing.T) {
	each(t, func(w *street) {
		in := casework.Report{Kind: "opinion", ItemID: w.complaint, CommunityID: w.community, Body: "社区办事拖拉", AboutID: w.community, Channel: casework.ByPhone}
		_, err := w.s.Enter(ctx, w.worker, in)
		w.wants(err, errs.Invalid, "about")
		r := w.report(in)
		both := w.as(w.street, []id.ID{w.street, w.community, w.other}, all...)
		both.Grants = append(both.Grants, authz.Grant{Role: "keeper", Root: w.community, Within: []id.ID{w.community}, Permissions: map[authz.Permission]bool{"dues.keep": true}})
		if _, err := w.s.Get(ctx, both, r.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("who works there in another role sees it: %v", err)
		}
		far := w.report(casework.Report{Kind: "opinion", ItemID: w.complaint, CommunityID: w.community, Body: "隔壁社区吵", AboutID: w.other})
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.Follow(ctx, tx, w.above, w.other, w.community) }))
		if d := w.get(w.above, far.ID); d.OrgID != w.street || d.State != casework.Received || d.AboutID != w.community {
			t.Errorf("after the merger: %+v", d.Case)
		}
	})
}

// TestWhatARoundFoundIsCheckedBySomebodyElse closes an event of a round after somebody has looked at the place: whoever did it does not, what is not solved goes back, and it
// counts as nobody's satisfaction (GRID-3).
func TestWhatARoundFoundIsCheckedBySomebodyElse(t *testing.T) {
	each(t, func(w *street) {
		enter := func(r casework.Report) id.ID {
			t := w.t
			t.Helper()
			r.CommunityID, r.Channel, r.Kind, r.Body = w.community, casework.ByGrid, "event", "暴露垃圾"
			got, err := w.s.Enter(ctx, w.secretary, r)
			w.ok(err)
			return got.ID
		}
		done := func(c id.ID) {
			w.ok(w.s.Take(ctx, w.worker, c, w.v(c)))
			w.ok(w.s.Finish(ctx, w.worker, c, w.v(c), casework.Result{Outcome: casework.Fulfilled, Words: "清走了"}))
		}
		waits := func(a authz.Actor) bool {
			items, err := w.s.Waiting(ctx, a)
			w.ok(err)
			return slices.ContainsFunc(items, func(i waitingItem) bool { return i.Kind == casework.WaitCheck })
		}
		c := enter(casework.Report{})
		w.wants(w.s.Check(ctx, w.secretary, c, w.v(c), casework.Checked{Solved: true}), errs.Conflict, "") // nothing is done yet
		done(c)
		if waits(w.worker) || !waits(w.secretary) || waits(w.beside) {
			w.t.Error("who is to check it is not asked, or somebody else is")
		}
		w.wants(w.s.Check(ctx, w.worker, c, w.v(c), casework.Checked{Solved: true}), errs.Conflict, "")
		w.wants(w.s.Check(ctx, w.beside, c, w.v(c), casework.Checked{Solved: true}), errs.NotFound, "")
		w.wants(w.s.Check(ctx, w.secretary, c, w.v(c), casework.Checked{}), errs.Invalid, "words")
		w.ok(w.s.Check(ctx, w.secretary, c, w.v(c), casework.Checked{Words: "还有一半"}))
		if d := w.get(w.secretary, c); d.State != casework.Working || d.HandlerID != w.worker.AccountID {
			w.t.Errorf("what is not solved stands as %s with %d", d.State, d.HandlerID)
		}
		w.ok(w.s.Finish(ctx, w.worker, c, w.v(c), casework.Result{Outcome: casework.Fulfilled, Words: "都清走了"}))
		w.ok(w.s.Check(ctx, w.secretary, c, w.v(c), casework.Checked{Solved: true}))
		if d := w.get(w.secretary, c); d.State != casework.Closed || d.Confirmed != casework.ByCheck || d.Rating != 0 || d.Solved != "" {
			w.t.Errorf("checked it stands as %s, confirmed %q, rated %d %q", d.State, d.Confirmed, d.Rating, d.Solved)
		}
		if waits(w.secretary) {
			w.t.Error("what was checked still waits")
		}
		called := enter(casework.Report{Phone: "13800138000"})
		done(called)
		w.wants(w.s.Check(ctx, w.secretary, called, w.v(called), casework.Checked{Solved: true}), errs.Conflict, "") // somebody can be called
	})
}
