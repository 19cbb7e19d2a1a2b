package catalogue_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

type hall struct {
	t                      *testing.T
	d                      *db.DB
	clock                  *testkit.Clock
	s                      *catalogue.Service
	keeper, street, worker authz.Actor
}

func each(t *testing.T, fn func(w *hall)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 2).Time())
		w := &hall{t: t, d: d, clock: clock, s: catalogue.New(d)}
		w.keeper = testkit.Actor(testkit.Tenant, nil, catalogue.PermSee, catalogue.PermKeep)
		w.street = testkit.Actor(testkit.Tenant, []id.ID{1}, catalogue.PermSee, catalogue.PermKeep)
		w.worker = testkit.Actor(testkit.Tenant, []id.ID{1}, catalogue.PermSee)
		w.ok(d.WithTx(ctx, func(tx *db.Tx) error { return w.s.PrepareTx(ctx, tx, testkit.Tenant) }))
		fn(w)
	})
}

func (w *hall) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *hall) wants(err error, k errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if e == nil || e.Kind != k {
		w.t.Errorf("%v is no %v", err, k)
		return
	}
	if _, ok := e.Fields[field]; field != "" && !ok {
		w.t.Errorf("%v says nothing of %s", e, field)
	}
}

func (w *hall) list(f catalogue.Filter) []catalogue.Row {
	w.t.Helper()
	l, err := w.s.List(ctx, w.worker, f)
	w.ok(err)
	return l.Items
}

func (w *hall) one(f catalogue.Filter) catalogue.Row {
	w.t.Helper()
	l := w.list(f)
	if len(l) != 1 {
		w.t.Fatalf("%+v finds %d", f, len(l))
	}
	return l[0]
}

func (w *hall) detail(item id.ID) catalogue.Detail {
	w.t.Helper()
	d, err := w.s.Detail(ctx, w.keeper, item)
	w.ok(err)
	return d
}

func TestATenantStartsWithTheStandardCatalogue(t *testing.T) {
	each(t, func(w *hall) {
		_, items := catalogue.Standard()
		n, err := w.s.Counts(ctx, w.worker)
		w.ok(err)
		var sum int64
		for _, list := range catalogue.Lists() {
			sum += n[list]
		}
		if sum != int64(len(items)) {
			t.Errorf("%d items of %d", sum, len(items))
		}
		w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return w.s.PrepareTx(ctx, tx, testkit.Tenant) }))
		if again, err := w.s.Counts(ctx, w.worker); err != nil || fmt.Sprint(again) != fmt.Sprint(n) {
			t.Errorf("prepared twice: %v, %v", again, err)
		}
		// Another tenant has none of it.
		other := testkit.Actor(testkit.Tenant+1, nil, catalogue.PermSee, catalogue.PermKeep)
		l, err := w.s.List(ctx, other, catalogue.Filter{})
		w.ok(err)
		mine := w.list(catalogue.Filter{List: catalogue.Matter})[0]
		_, err = w.s.Detail(ctx, other, mine.ID)
		w.wants(err, errs.NotFound, "")
		_, err = w.s.Edit(ctx, other, mine.ID, mine.Item, "")
		w.wants(err, errs.NotFound, "")
		_, err = catalogue.Get(ctx, w.d, testkit.Tenant+1, mine.ID)
		w.wants(err, errs.NotFound, "")
		if named, err := catalogue.Named(ctx, w.d, testkit.Tenant+1, []id.ID{mine.ID}); err != nil || len(l.Items)+len(named) != 0 {
			t.Errorf("the neighbour sees %d and names %d: %v", len(l.Items), len(named), err)
		}
	})
}

func TestItemsAreFound(t *testing.T) {
	each(t, func(w *hall) {
		for text, want := range map[string]string{"开锁": "0105", "opening and changing": "0105", "kshs": "0105", "0105": "0105"} {
			if got := w.one(catalogue.Filter{List: catalogue.Hotline, Text: text}); got.Code != want {
				t.Errorf("%q finds %s", text, got.Code)
			}
		}
		if got := w.list(catalogue.Filter{List: catalogue.Hotline, Text: "%"}); len(got) != 0 {
			t.Errorf("a sign finds %d", len(got))
		}
		for _, r := range w.list(catalogue.Filter{List: catalogue.Hotline, Price: catalogue.Low}) {
			if r.PriceKind != catalogue.Low || r.ClassText().IsZero() {
				t.Errorf("%+v among the low-paid", r)
			}
		}
		_, err := w.s.List(ctx, w.worker, catalogue.Filter{List: "queue"})
		w.wants(err, errs.Invalid, "list")
		_, err = w.s.List(ctx, authz.Actor{Tenant: testkit.Tenant}, catalogue.Filter{})
		w.wants(err, errs.Forbidden, "")
		// Page by page, forwards and back, each once and in the order of the classes.
		f, seen := catalogue.Filter{List: catalogue.Matter, Page: db.Page{Limit: 7}}, []string{}
		for {
			l, err := w.s.List(ctx, w.worker, f)
			w.ok(err)
			for _, r := range l.Items {
				seen = append(seen, r.Code)
			}
			if l.Next == "" {
				break
			}
			f.Page.After = db.ParseCursor(l.Next)
		}
		for n, code := range seen {
			if n > 0 && code <= seen[n-1] {
				t.Errorf("%s behind %s", code, seen[n-1])
			}
		}
		if len(seen) != 50 {
			t.Errorf("%d rows over the pages", len(seen))
		}
		some := w.list(catalogue.Filter{List: catalogue.Opinion})
		named, err := catalogue.Named(ctx, w.d, testkit.Tenant, []id.ID{some[0].ID, some[1].ID, 7})
		w.ok(err)
		if len(named) != 2 || named[some[1].ID].Name != some[1].Name {
			t.Errorf("named %+v", named)
		}
	})
}

func TestEveryChangeIsAnEdition(t *testing.T) {
	each(t, func(w *hall) {
		r := w.one(catalogue.Filter{List: catalogue.Hotline, Text: "开锁"})
		w.clock.Set(calendar.On(2026, 5, 4).Time())
		i := r.Item
		i.PriceFen, i.Name, i.Code = 9000, "开锁、换锁、配钥匙", "9999"
		n, err := w.s.Edit(ctx, w.keeper, r.ID, i, "调价")
		w.ok(err)
		got := w.detail(r.ID)
		if n != 2 || got.Edition != 2 || got.PriceFen != 9000 || got.Code != r.Code || got.ValidFrom != calendar.On(2026, 5, 4) || len(got.Editions) != 2 {
			t.Fatalf("edition %d: %+v", n, got.Item)
		}
		if e := got.Editions[1]; e.Item.PriceFen != 8000 || e.To != calendar.On(2026, 5, 4) || e.No != 1 || e.By != "" {
			t.Errorf("the first: %+v", e)
		}
		if e := got.Editions[0]; e.Reason != "调价" || !e.To.IsZero() || e.Item.Name != i.Name {
			t.Errorf("the second: %+v", e)
		}
		if e, ok := got.On(calendar.On(2026, 5, 3)); !ok || e.Item.Name != r.Name {
			t.Errorf("the day before: %+v", e)
		}
		if found := w.one(catalogue.Filter{List: catalogue.Hotline, Text: "pys"}); found.ID != r.ID {
			t.Error("the new name is not found by its initials")
		}
		// Two at once: the second has not seen what the first changed.
		_, err = w.s.Edit(ctx, w.keeper, r.ID, i, "")
		w.wants(err, errs.Conflict, "")
		w.wants(w.s.Retire(ctx, w.keeper, r.ID, "不再做", r.Version), errs.Conflict, "")
		if n, err := w.s.Edit(ctx, w.keeper, r.ID, got.Item, "没有改"); n != 2 || err != nil {
			t.Errorf("nothing changed: edition %d, %v", n, err)
		}

		w.wants(w.s.Retire(ctx, w.keeper, r.ID, "", got.Version), errs.Invalid, "reason")
		w.clock.Advance(48 * time.Hour)
		w.ok(w.s.Retire(ctx, w.keeper, r.ID, "不再做", got.Version))
		if left := w.list(catalogue.Filter{List: catalogue.Hotline, Text: "开锁"}); len(left) != 0 {
			t.Error("what is retired is still offered")
		}
		got = w.detail(r.ID)
		_, err = w.s.Edit(ctx, w.keeper, r.ID, got.Item, "")
		w.wants(err, errs.Conflict, "")
		w.wants(w.s.Retire(ctx, w.keeper, r.ID, "再停", got.Version), errs.Conflict, "")
		w.ok(w.s.Restore(ctx, w.keeper, r.ID, got.Version))
		got = w.detail(r.ID)
		w.wants(w.s.Restore(ctx, w.keeper, r.ID, got.Version), errs.Conflict, "")
		if got.Retired || got.Edition != 4 || len(got.Editions) != 4 || !got.Editions[1].Item.Retired {
			t.Errorf("brought back as %+v", got.Item)
		}
	})
}

func TestTheCatalogueRefusesWhatIsWrong(t *testing.T) {
	each(t, func(w *hall) {
		good := catalogue.Item{List: catalogue.Event, Standard: catalogue.Standards()[1], Part: catalogue.APart, Code: "01001", ClassCode: "p1", Name: "井盖", Level: catalogue.Community}
		for _, a := range []authz.Actor{w.street, w.worker} { // the catalogue is the whole district's
			_, err := w.s.Create(ctx, a, good)
			w.wants(err, errs.Forbidden, "")
			w.wants(w.s.SaveClass(ctx, a, catalogue.Class{List: catalogue.Event, Code: "x", Name: "x"}), errs.Forbidden, "")
		}
		made, err := w.s.Create(ctx, w.keeper, good)
		w.ok(err)
		_, err = w.s.Create(ctx, w.keeper, good)
		w.wants(err, errs.Invalid, "code")
		matter := good // the same number again, for a matter
		matter.Part, matter.Name, matter.ClassCode = catalogue.AMatter, "私搭乱建", "e1"
		_, err = w.s.Create(ctx, w.keeper, matter)
		w.ok(err)
		matter.Code, matter.ClassCode = "01002", "zz"
		_, err = w.s.Create(ctx, w.keeper, matter)
		w.wants(err, errs.Invalid, "class_code")
		matter.List = "queue"
		_, err = w.s.Create(ctx, w.keeper, matter)
		w.wants(err, errs.Invalid, "list")
		_, err = w.s.Edit(ctx, w.worker, made, good, "")
		w.wants(err, errs.Forbidden, "")
		w.wants(w.s.Retire(ctx, w.street, made, "不用", 1), errs.Forbidden, "")
		_, err = w.s.Edit(ctx, w.keeper, 7, good, "")
		w.wants(err, errs.NotFound, "")
		_, err = w.s.Edit(ctx, w.keeper, made, good, strings.Repeat("长", catalogue.MaxReason+1))
		w.wants(err, errs.Invalid, "reason")
	})
}

func TestClasses(t *testing.T) {
	each(t, func(w *hall) {
		class := func(code string) catalogue.Class {
			t.Helper()
			l, err := w.s.Classes(ctx, w.worker, catalogue.Hotline, true)
			w.ok(err)
			for _, c := range l {
				if c.Code == code {
					return c
				}
			}
			t.Fatalf("no class %s among %d", code, len(l))
			return catalogue.Class{}
		}
		c := class("01")
		w.wants(w.s.SaveClass(ctx, w.keeper, catalogue.Class{List: catalogue.Hotline, Code: "01", Name: "又一个"}), errs.Invalid, "code")
		w.wants(w.s.SaveClass(ctx, w.keeper, catalogue.Class{List: catalogue.Hotline, Code: "08"}), errs.Invalid, "name")
		w.wants(w.s.SaveClass(ctx, w.keeper, catalogue.Class{List: "queue", Code: "08", Name: "无"}), errs.Invalid, "list")
		w.wants(w.s.SaveClass(ctx, w.keeper, catalogue.Class{List: catalogue.Hotline, Code: "88", Name: "无", Version: 3}), errs.NotFound, "")
		// Its items follow its place.
		c.Rank, c.Name = 50, "维修"
		w.ok(w.s.SaveClass(ctx, w.keeper, c))
		w.wants(w.s.SaveClass(ctx, w.keeper, c), errs.Conflict, "") // of the version before
		was, err := w.s.ClassEditions(ctx, w.worker, catalogue.Hotline, "01")
		w.ok(err)
		if len(was) != 2 || was[0].Version != 2 || was[0].Name != "维修" || was[1].Version != 1 || was[1].Name == "维修" || was[1].NameEN == "" {
			t.Errorf("the class was %+v", was)
		} else if changes := catalogue.ClassChanges(was[1].Class, was[0].Class); len(changes) != 2 {
			t.Errorf("what changed: %+v", changes)
		}
		_, err = w.s.ClassEditions(ctx, testkit.Actor(testkit.Tenant, nil), catalogue.Hotline, "01")
		w.wants(err, errs.Forbidden, "")
		l := w.list(catalogue.Filter{List: catalogue.Hotline})
		if first, last := l[0], l[len(l)-1]; first.ClassCode != "02" || last.ClassCode != "01" || last.ClassText().In("zh") != "维修" {
			t.Errorf("from %s to %s", first.Code, last.Code)
		}
		off := class("01")
		off.Retired = true
		w.wants(w.s.SaveClass(ctx, w.keeper, off), errs.Invalid, "retired")
		w.ok(w.s.SaveClass(ctx, w.keeper, catalogue.Class{List: catalogue.Hotline, Code: "08", Name: "新类", Rank: 8}))
		neu := class("08")
		made, err := w.s.Create(ctx, w.keeper, catalogue.Item{List: catalogue.Hotline, Code: "0801", ClassCode: "08", Name: "新项", Level: catalogue.Community, PriceKind: catalogue.Free})
		w.ok(err)
		w.ok(w.s.Retire(ctx, w.keeper, made, "试用结束", 1))
		neu.Retired = true
		w.ok(w.s.SaveClass(ctx, w.keeper, neu))
		w.wants(w.s.Restore(ctx, w.keeper, made, 2), errs.Invalid, "class_code")
		_, err = w.s.Create(ctx, w.keeper, catalogue.Item{List: catalogue.Hotline, Code: "0802", ClassCode: "08", Name: "新项", Level: catalogue.Community, PriceKind: catalogue.Free})
		w.wants(err, errs.Invalid, "class_code")
		if used, err := w.s.Classes(ctx, w.worker, catalogue.Hotline, false); err != nil || len(used) != 7 {
			t.Errorf("%d classes in use: %v", len(used), err)
		}
	})
}

// Residents see what is public and in use, and nothing else.
func TestWhatResidentsSee(t *testing.T) {
	each(t, func(w *hall) {
		need := w.list(catalogue.Filter{List: catalogue.Need})[0]
		matter := w.list(catalogue.Filter{List: catalogue.Matter})[0]
		_, err := w.s.PublicItem(ctx, testkit.Tenant, need.ID)
		w.wants(err, errs.NotFound, "")
		_, err = w.s.PublicItem(ctx, testkit.Tenant+1, matter.ID)
		w.wants(err, errs.NotFound, "")
		got, err := w.s.PublicItem(ctx, testkit.Tenant, matter.ID)
		w.ok(err)
		if got.Bring == "" || got.ClassText().In("en") != "Party affairs" {
			t.Errorf("opened as %+v", got)
		}
		l, err := w.s.Public(ctx, testkit.Tenant, catalogue.Filter{Show: catalogue.ShowAll, Page: db.Page{Limit: 500}})
		w.ok(err)
		for _, r := range l.Items {
			if !r.Item.Public || r.Retired {
				t.Errorf("%s is shown", r.Name)
			}
		}
		shelves, err := w.s.Shelves(ctx, testkit.Tenant)
		w.ok(err)
		var sum int64
		for _, s := range shelves {
			sum += s.Items
		}
		if sum != int64(len(l.Items)) || sum == 0 {
			t.Errorf("%d on the shelves, %d in the list", sum, len(l.Items))
		}
		w.ok(w.s.Retire(ctx, w.keeper, matter.ID, "不办了", matter.Version))
		_, err = w.s.PublicItem(ctx, testkit.Tenant, matter.ID)
		w.wants(err, errs.NotFound, "")
		testkit.Exec(t, w.d, "INSERT INTO tenant (tenant_id, name, created_at) VALUES ($1, '示例区', 1)", int64(testkit.Tenant))
		if ds, err := w.s.Districts(ctx); err != nil || len(ds) != 1 || ds[0].Code != testkit.Tenant {
			t.Errorf("districts %+v, %v", ds, err)
		}
	})
}

func (w *hall) load(actor authz.Actor, content string, c intake.Choice) (intake.Summary, []intake.Problem) {
	w.t.Helper()
	in := intake.New(w.d, seal.Ephemeral(), catalogue.ImportKind())
	sum, problems, err := in.Direct(ctx, actor, intake.NewImport{Kind: catalogue.ImportName, FileName: "清单.csv", Content: []byte(content)}, c, nil)
	w.ok(err)
	return sum, problems
}

// A list of 250 matters comes in, changes nothing the second time, and where a row changed there is a new edition and no other.
func TestACodeListIsImported(t *testing.T) {
	each(t, func(w *hall) {
		table := func(name func(n int) string) string {
			var b strings.Builder
			b.WriteString("清单,标准号,部件/事件,小类代码,大类名称,小类名称,处置时限（小时）\n")
			for n := range 250 {
				fmt.Fprintf(&b, "网格事件,GB/T 47678.5-2026,事件,%05d,事件：市容环境,%s,4\n", 1001+n, name(n))
			}
			return b.String()
		}
		first := table(func(n int) string { return fmt.Sprintf("事项%d", n) })
		if sum, problems := w.load(w.keeper, first, intake.Choice{}); sum.Inserted != 250 {
			t.Fatalf("%+v %+v", sum, problems)
		}
		if sum, _ := w.load(w.keeper, first, intake.Choice{}); sum.Unchanged != 250 || sum.Updated != 0 {
			t.Errorf("again: %+v", sum)
		}
		w.clock.Set(calendar.On(2026, 7, 1).Time())
		second := table(func(n int) string {
			if n < 3 {
				return fmt.Sprintf("新名%d", n)
			}
			return fmt.Sprintf("事项%d", n)
		})
		if sum, _ := w.load(w.keeper, second, intake.Choice{DryRun: true}); sum.Updated != 3 {
			t.Errorf("tried: %+v", sum)
		}
		if sum, _ := w.load(w.keeper, second, intake.Choice{}); sum.Updated != 3 || sum.Unchanged != 247 {
			t.Errorf("changed: %+v", sum)
		}
		r := w.one(catalogue.Filter{List: catalogue.Event, Text: "新名1"})
		d := w.detail(r.ID)
		if d.Edition != 2 || d.ValidFrom != calendar.On(2026, 7, 1) || len(d.Editions) != 2 || d.Editions[1].Item.Name != "事项1" || d.Editions[0].ImportID == 0 || d.Hours != 4 || d.IsLocal {
			t.Errorf("imported as %+v", d)
		}
		if n, err := db.Value[int64](ctx, w.d, "SELECT count(*) FROM catalogue_edition e JOIN catalogue_item i ON i.tenant_id = e.tenant_id AND i.id = e.item_id WHERE i.standard = $1 AND e.edition = 2", r.Standard); err != nil || n != 3 {
			t.Errorf("%d new editions, %v", n, err)
		}
	})
}

func TestAnImportSaysWhatIsWrongRowByRow(t *testing.T) {
	each(t, func(w *hall) {
		head := "list,standard,part,code,class,name,price_kind,price,days,level,public\n"
		bad := head + "窗口事项,,,9001,党务,好的,免费,,3,社区,是\n" +
			"不知道,,,9002,党务,甲,,,,,\n" + // no such list
			"窗口事项,,,9003,宇航,甲,,,,,\n" + // no such class
			"窗口事项,,,9004,党务,甲,免费,5,,,\n" + // free with a price
			"窗口事项,,,9005,党务,甲,有偿,-5,,,\n" + // below nothing
			"窗口事项,,,9006,党务,甲,有偿,五元,,,\n" +
			"窗口事项,,,9007,党务,甲,,,三天,,\n" +
			"窗口事项,,,9008,党务,甲,,,,省,\n" +
			"窗口事项,,,9009,党务,甲,,,,,也许\n" +
			"窗口事项,,,9010,,甲,,,,,\n" + // no class
			"网格事件,GB/T 47678.5-2026,,01001,e1,甲,,,,,\n" + // part or matter?
			"网格事件,GB/T 47678.5-2026,人,01001,e1,甲,,,,,\n" +
			"窗口事项,,,0101,党务," + strings.Repeat("长", 61) + ",,,,,\n" +
			"窗口事项,,,9001,党务,又来,免费,,,,\n" // twice in the file
		sum, problems := w.load(w.keeper, bad, intake.Choice{})
		rows := map[int]bool{}
		for _, p := range problems {
			rows[p.Row] = true
			if p.Message.In("zh") == "" || p.Advice.In("zh") == "" || p.Message.In("en") == "" {
				t.Errorf("row %d: %+v", p.Row, p)
			}
		}
		if sum.Inserted != 0 && sum.State == intake.Done || sum.State != intake.Refused {
			t.Errorf("%+v", sum)
		}
		for row := 3; row <= 15; row++ {
			if !rows[row] {
				t.Errorf("row %d passes", row)
			}
		}
		if got := w.list(catalogue.Filter{List: catalogue.Matter, Text: "9001"}); len(got) != 0 {
			t.Error("rows were written")
		}
		if sum, problems := w.load(w.keeper, head+"窗口事项,,,9001,Party affairs,好的,免费,,3,社区,是\nmatter,,,9003,宇航,甲,,,,,\n", intake.Choice{TakeGood: true}); sum.Inserted != 1 || sum.Rejected != 1 {
			t.Errorf("the good ones: %+v %+v", sum, problems)
		}
		// What a file does not say stays: an import of names alone loses no price.
		before := w.one(catalogue.Filter{List: catalogue.Hotline, Text: "开锁"})
		if sum, problems := w.load(w.keeper, "list,code,name\n社区服务 110,0105,开锁服务\n", intake.Choice{}); sum.Updated != 1 {
			t.Fatalf("%+v %+v", sum, problems)
		}
		if after := w.one(catalogue.Filter{List: catalogue.Hotline, Text: "开锁服务"}); after.PriceFen != before.PriceFen || after.Bring != before.Bring || after.ClassCode != before.ClassCode || !after.Item.Public {
			t.Errorf("became %+v", after.Item)
		}
		in := intake.New(w.d, seal.Ephemeral(), catalogue.ImportKind())
		sum, _, err := in.Direct(ctx, w.street, intake.NewImport{Kind: catalogue.ImportName, FileName: "x.csv", Content: []byte(head + "窗口事项,,,9100,党务,甲,,,,,\n")}, intake.Choice{}, nil)
		if err == nil && sum.Rejected != 1 {
			t.Errorf("a sub-district writes the district's list: %+v", sum)
		}
	})
}
