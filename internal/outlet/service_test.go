package outlet_test

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/outlet"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

type street struct {
	t                *testing.T
	d                *db.DB
	clock            *testkit.Clock
	s                *outlet.Service
	community, other id.ID
	worker, beside   authz.Actor
}

func each(t *testing.T, fn func(w *street)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 4).Time().Add(2 * time.Hour)) // a Wednesday, two in the morning
		rows := testkit.NewRows(t, d, testkit.Tenant)
		w := &street{t: t, d: d, clock: clock, s: outlet.New(d)}
		w.community, w.other = rows.Organisation("community_party", "文港社区"), rows.Organisation("community_party", "先锋社区")
		rows.Organisation("unit", "供电公司")
		w.worker, w.beside = testkit.Actor(testkit.Tenant, []id.ID{w.community}, outlet.PermSee, outlet.PermKeep), testkit.Actor(testkit.Tenant, []id.ID{w.other}, outlet.PermSee, outlet.PermKeep)
		w.worker.Grants[0].Root, w.beside.Grants[0].Root = w.community, w.other
		fn(w)
	})
}

func (w *street) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *street) refused(err error, kind errs.Kind) {
	w.t.Helper()
	if errs.KindOf(err) != kind {
		w.t.Fatalf("got %v, want %v", err, kind)
	}
}

func (w *street) entry(name string) outlet.Entry {
	return outlet.Entry{Level: outlet.Point, Element: outlet.Eat, Name: name, CommunityID: w.community, Address: "民主路 1 号", Terms: exchange.Paid, Weekdays: "08:00-18:00", Phone: "8221234"}
}

// names are what everybody finds.
func (w *street) names(f outlet.Filter) string {
	w.t.Helper()
	list, err := w.s.Public(ctx, testkit.Tenant, f)
	w.ok(err)
	var out []string
	for _, o := range list.Items {
		out = append(out, o.Name)
	}
	return strings.Join(out, " ")
}

func TestAnOutletIsEnteredOnceAndFound(t *testing.T) {
	each(t, func(w *street) {
		made, err := w.s.Add(ctx, w.worker, w.entry("社区食堂"))
		w.ok(err)
		_, err = w.s.Add(ctx, w.worker, w.entry("社区食堂"))
		w.refused(err, errs.Conflict)
		_, err = w.s.Add(ctx, w.beside, w.entry("别处"))
		w.refused(err, errs.Invalid)
		night := w.entry("通宵药房")
		night.Element, night.Weekdays, night.Weekend, night.Terms = outlet.Health, "22:00-06:00", "22:00-06:00", exchange.Free
		_, err = w.s.Add(ctx, w.worker, night)
		w.ok(err)
		bad := w.entry("推荐的")
		bad.RecommendedBy = id.New()
		_, err = w.s.Add(ctx, w.worker, bad)
		w.refused(err, errs.Invalid)

		for want, f := range map[string]outlet.Filter{"社区食堂 通宵药房": {}, "社区食堂": {Element: outlet.Eat}, "通宵药房": {OpenNow: true}, "": {Text: "没有的"}} {
			if got := w.names(f); got != want {
				t.Errorf("%+v finds %q, not %q", f, got, want)
			}
		}
		if got := w.names(outlet.Filter{Text: "食堂", Community: w.community}); got != "社区食堂" {
			t.Errorf("a word in a community finds %q", got)
		}
		if got := w.names(outlet.Filter{Free: true}); got != "通宵药房" {
			t.Errorf("free is %q", got)
		}
		if got := w.names(outlet.Filter{Community: w.other}); got != "" {
			t.Errorf("in the other community there is %q", got)
		}

		_, err = w.s.Get(ctx, w.beside, made)
		w.refused(err, errs.NotFound)
		w.refused(w.s.Edit(ctx, w.beside, made, w.entry("x")), errs.NotFound)
		o, err := w.s.Get(ctx, w.worker, made)
		w.ok(err)
		in := o.Entry
		in.Version, in.Price = 99, "一荤两素 12 元"
		w.refused(w.s.Edit(ctx, w.worker, made, in), errs.Conflict)
		in.Version = o.Version
		w.ok(w.s.Edit(ctx, w.worker, made, in))
		w.refused(w.s.End(ctx, w.worker, made, o.Version), errs.Conflict)
		w.ok(w.s.End(ctx, w.worker, made, 0))
		w.refused(w.s.Check(ctx, w.worker, made, 0), errs.Conflict)
		if got := w.names(outlet.Filter{Element: outlet.Eat}); got != "" {
			t.Errorf("what ended is found: %q", got)
		}
		ended, err := w.s.List(ctx, w.worker, outlet.Filter{Show: outlet.ShowEnded})
		w.ok(err)
		if len(ended.Items) != 1 || ended.Items[0].EndedOn.String() != "2026-03-04" {
			t.Errorf("ended are %+v", ended.Items)
		}
		w.ok(w.s.Reopen(ctx, w.worker, made, 0))
		w.refused(w.s.Reopen(ctx, w.worker, made, 0), errs.Conflict)

		if items, err := w.s.Waiting(ctx, w.worker); err != nil || len(items) != 0 {
			t.Errorf("on the first day there waits %+v, %v", items, err)
		}
		w.clock.Advance(400 * 24 * time.Hour)
		items, err := w.s.Waiting(ctx, w.worker)
		w.ok(err)
		if len(items) != 1 || items[0].Count != 2 {
			t.Fatalf("after a year there waits %+v", items)
		}
		w.ok(w.s.Check(ctx, w.worker, made, 0))
		if list, err := w.s.List(ctx, w.worker, outlet.Filter{Show: outlet.ShowUnchecked}); err != nil || len(list.Items) != 1 || list.Items[0].Name != "通宵药房" {
			t.Errorf("to be checked: %+v, %v", list.Items, err)
		}
	})
}

// Two who enter the same outlet at once make one.
func TestTwoEnterTheSame(t *testing.T) {
	each(t, func(w *street) {
		var wg sync.WaitGroup
		errors := make([]error, 8)
		for i := range errors {
			wg.Go(func() { _, errors[i] = w.s.Add(ctx, w.worker, w.entry("便民菜店")) })
		}
		wg.Wait()
		made := 0
		for _, err := range errors {
			if err == nil {
				made++
			} else {
				w.refused(err, errs.Conflict)
			}
		}
		if made != 1 {
			t.Errorf("%d were made", made)
		}
	})
}

// Pages follow each other by name, and nothing is missed or shown twice.
func TestPagesByName(t *testing.T) {
	each(t, func(w *street) {
		for i := range 23 {
			e := w.entry(fmt.Sprintf("小店%02d", (i*7)%23))
			_, err := w.s.Add(ctx, w.worker, e)
			w.ok(err)
		}
		var got []string
		page := db.Page{Limit: 5}
		for {
			list, err := w.s.Public(ctx, testkit.Tenant, outlet.Filter{Page: page})
			w.ok(err)
			for _, o := range list.Items {
				got = append(got, o.Name)
			}
			if list.Next == "" {
				break
			}
			page.After = db.ParseCursor(list.Next)
		}
		for i, name := range got {
			if want := fmt.Sprintf("小店%02d", i); name != want {
				t.Fatalf("at %d there is %s: %v", i, name, got)
			}
		}
		if len(got) != 23 {
			t.Errorf("%d of 23", len(got))
		}
	})
}

const table = `网点名称,类别,所属社区,详细地址,营业时间,周末,收费方式,推荐单位,推荐理由
老王早餐,吃,文港社区,民主路 3 号,05:30-10:00,05:30-10:00,有偿,供电公司,干净实惠
书画室,娱,文港社区,民主路 5 号,09:00-17:00,,免费,,
`

func TestATableIsBroughtInAndRepeated(t *testing.T) {
	each(t, func(w *street) {
		in := intake.New(w.d, seal.Ephemeral(), outlet.ImportKind())
		bring := func(content string) (intake.Summary, []intake.Problem) {
			t.Helper()
			sum, problems, err := in.Direct(ctx, w.worker, intake.NewImport{Kind: outlet.ImportName, FileName: "网点.csv", Content: []byte(content)}, intake.Choice{}, nil)
			w.ok(err)
			return sum, problems
		}
		sum, problems := bring(table)
		if sum.State != intake.Done || len(problems) != 0 {
			t.Fatalf("%+v %+v", sum, problems)
		}
		if got := w.names(outlet.Filter{}); got != "书画室 老王早餐" && got != "老王早餐 书画室" {
			t.Fatalf("brought in %q", got)
		}
		list, err := w.s.List(ctx, w.worker, outlet.Filter{Text: "早餐"})
		w.ok(err)
		if o := list.Items[0]; o.Recommender != "供电公司" || o.Why != "干净实惠" || o.Terms != exchange.Paid || o.Level != outlet.Point || o.Weekdays != "05:30-10:00" {
			t.Errorf("the first is %+v", o)
		}
		before := list.Items[0].Version
		if sum, _ = bring(table); sum.Unchanged != 2 {
			t.Errorf("again it is %+v", sum)
		}
		if sum, _ = bring(strings.Replace(table, "干净实惠", "便宜", 1)); sum.Updated != 1 || sum.Unchanged != 1 {
			t.Errorf("with one change it is %+v", sum)
		}
		if list, err = w.s.List(ctx, w.worker, outlet.Filter{Text: "早餐"}); err != nil || list.Items[0].Why != "便宜" || list.Items[0].Version == before {
			t.Errorf("the change is not there: %+v, %v", list.Items, err)
		}
		// A table with fewer columns leaves the others alone; what ended stays so.
		if sum, _ = bring("名称,要素,社区,地址,电话\n老王早餐,吃,文港社区,民主路 3 号,8221234\n"); sum.Updated != 1 {
			t.Errorf("with the number it is %+v", sum)
		}
		list, err = w.s.List(ctx, w.worker, outlet.Filter{Text: "早餐"})
		w.ok(err)
		if o := list.Items[0]; o.Phone != "8221234" || o.Weekdays != "05:30-10:00" || o.Why != "便宜" || o.Recommender != "供电公司" {
			t.Errorf("a table of five columns leaves %+v", o)
		}
		w.ok(w.s.End(ctx, w.worker, list.Items[0].ID, 0))
		if sum, _ = bring(table); sum.Updated != 0 || sum.Warnings != 1 || w.names(outlet.Filter{Text: "早餐"}) != "" {
			t.Errorf("what ended came back: %+v", sum)
		}
		bad := "名称,要素,社区,地址,电话,周一至周五,推荐单位\n甲,喝,文港社区,一号,,,\n乙,吃,先锋社区,二号,,,\n丙,吃,文港社区,三号,找老王,,\n丁,吃,文港社区,四号,,全天,\n戊,吃,文港社区,五号,,,没有的单位\n"
		sum, problems = bring(bad)
		if sum.State == intake.Done || len(problems) < 5 {
			t.Errorf("%+v %+v", sum, problems)
		}
		if got := w.names(outlet.Filter{Text: "丁"}); got != "" {
			t.Errorf("half a table came in: %s", got)
		}
	})
}
