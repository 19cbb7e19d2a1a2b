package place_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/organisation"
	"linli/internal/place"
	"linli/internal/testkit"
)

// town is an env with a sub-district of two communities, made from a list.
type town struct {
	*env
	a, b  id.ID
	today calendar.Date
}

func eachTown(t *testing.T, fn func(t *testing.T, w *town)) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		w := &town{env: newEnv(t, d), today: calendar.DateOf(d.Now())}
		w.load("d.csv", []byte(district))
		if _, err := w.org.FoundFromDivisions(t.Context(), w.all, organisation.FoundPlan{County: "320902"}); err != nil {
			t.Fatal(err)
		}
		l, err := w.org.List(t.Context(), w.all, organisation.Filter{Kinds: []organisation.Kind{organisation.Community}})
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range l.Items {
			switch i.DivisionCode {
			case "320902001001":
				w.a = i.ID
			case "320902001002":
				w.b = i.ID
			}
		}
		fn(t, w)
	})
}

func (w *town) grid(n place.NewGrid) place.Grid {
	w.t.Helper()
	g, err := w.s.CreateGrid(w.t.Context(), w.all, n)
	if err != nil {
		w.t.Fatalf("grid: %v", err)
	}
	return g
}

func (w *town) building(n place.NewBuilding) place.Building {
	w.t.Helper()
	b, err := w.s.CreateBuilding(w.t.Context(), w.all, n)
	if err != nil {
		w.t.Fatalf("building: %v", err)
	}
	return b
}

func wantText(t *testing.T, err error, words ...string) {
	t.Helper()
	e := errs.As(err)
	if e == nil {
		t.Fatalf("got %v, want an error with %q", err, words)
	}
	text := e.Message.In(i18n.ZH)
	for _, f := range e.Fields {
		text += f.In(i18n.ZH)
	}
	for _, word := range words {
		if !strings.Contains(text, word) {
			t.Errorf("message %q lacks %q", text, word)
		}
	}
}

func TestGridCodes(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		p, err := w.s.ProposeGrid(ctx, w.all, w.a)
		if err != nil || p.Code != "320902001001001" || p.Name != "第1网格" {
			t.Fatalf("the first proposal = %+v, %v", p, err)
		}
		g := w.grid(place.NewGrid{CommunityID: w.a})
		if g.Code != p.Code || g.Name != p.Name {
			t.Errorf("an empty form takes the proposal: %+v", g)
		}
		_, err = w.s.CreateGrid(ctx, w.all, place.NewGrid{CommunityID: w.a, Code: g.Code, Name: "重复"})
		wantText(t, err, g.Code, "第1网格")
		_, err = w.s.CreateGrid(ctx, w.all, place.NewGrid{CommunityID: w.a, Code: "320902001002001", Name: "外社区编码"})
		wantText(t, err, "320902001001")
		_, err = w.s.CreateGrid(ctx, w.all, place.NewGrid{CommunityID: w.a, Code: "123", Name: "短"})
		wantText(t, err, "15")
		root, _ := w.org.List(ctx, w.all, organisation.Filter{Kinds: []organisation.Kind{organisation.Working}})
		_, err = w.s.CreateGrid(ctx, w.all, place.NewGrid{CommunityID: root.Items[0].ID})
		wantText(t, err, "只能属于社区")
		if err := w.s.EndGrid(ctx, w.all, g.ID, 1); err != nil {
			t.Fatal(err)
		}
		if p, _ := w.s.ProposeGrid(ctx, w.all, w.a); p.Code != "320902001001002" {
			t.Errorf("the code of a grid that ended is given again: %+v", p)
		}
		name := "新名"
		wantText(t, w.s.EditGrid(ctx, w.all, g.ID, place.EditGrid{Version: 2, Name: &name}), "撤销")
	})
}

func TestTwoClerksAndOneGrid(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		g := w.grid(place.NewGrid{CommunityID: w.a})
		first, second := "张三", "李四"
		if err := w.s.EditGrid(ctx, w.all, g.ID, place.EditGrid{Version: g.Version, WorkerName: &first}); err != nil {
			t.Fatal(err)
		}
		if err := w.s.EditGrid(ctx, w.all, g.ID, place.EditGrid{Version: g.Version, WorkerName: &second}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("the second clerk = %v, want Conflict", err)
		}
		d, err := w.s.Grid(ctx, w.all, g.ID)
		if err != nil || d.WorkerName != first || d.Warning != nil {
			t.Errorf("Grid = %+v, %v", d, err)
		}
		w.building(place.NewBuilding{CommunityID: w.a, GridID: g.ID, Name: "1号楼"})
		wantText(t, w.s.EndGrid(ctx, w.all, g.ID, 2), "1 栋楼")
	})
}

func TestBuildings(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		q, err := w.s.CreateQuarter(ctx, w.all, place.NewQuarter{CommunityID: w.a, Name: "幸福小区"})
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.s.CreateQuarter(ctx, w.all, place.NewQuarter{CommunityID: w.a, Name: " 幸福小区 "})
		wantText(t, err, "已有小区")
		g := w.grid(place.NewGrid{CommunityID: w.b})
		b := w.building(place.NewBuilding{CommunityID: w.a, QuarterID: q.ID, Name: "1号楼", Floors: 6, X: 120136078, Y: 33383912})
		_, err = w.s.CreateBuilding(ctx, w.all, place.NewBuilding{CommunityID: w.a, QuarterID: q.ID, Name: "１号 楼"})
		wantText(t, err, "已有")
		_, err = w.s.CreateBuilding(ctx, w.all, place.NewBuilding{CommunityID: w.b, QuarterID: q.ID, Name: "2号楼"})
		wantText(t, err, "小区", "不属于")
		_, err = w.s.CreateBuilding(ctx, w.all, place.NewBuilding{CommunityID: w.a, GridID: g.ID, Name: "3号楼"})
		wantText(t, err, "网格", "不属于")
		_, err = w.s.CreateBuilding(ctx, w.all, place.NewBuilding{CommunityID: w.a, Name: "4号楼", X: 33383912, Y: 120136078})
		wantText(t, err, "经度")
		_, err = w.s.CreateBuilding(ctx, w.all, place.NewBuilding{CommunityID: w.a, Floors: 1000, Name: ""})
		wantText(t, err, "150", "请填写")
		l, err := w.s.Buildings(ctx, w.all, place.Filter{CommunityID: w.a, Text: "幸福"})
		if err != nil || len(l.Items) != 1 || l.Items[0].Quarter != "幸福小区" || !l.Items[0].Placed() {
			t.Errorf("Buildings = %+v, %v", l.Items, err)
		}
		floors := int64(7)
		if err := w.s.EditBuilding(ctx, w.all, b.ID, place.EditBuilding{Version: 1, Floors: &floors}); err != nil {
			t.Fatal(err)
		}
		if got, err := w.s.Building(ctx, w.all, b.ID); err != nil || got.Floors != 7 || got.X != 120136078 || got.Community != "雅和社区" {
			t.Errorf("Building = %+v, %v", got, err)
		}
		m, err := w.s.Map(ctx, w.all, w.a)
		if err != nil || len(m.Buildings) != 1 || len(m.Grids) != 0 || m.Community != "雅和社区" {
			t.Errorf("Map = %+v, %v", m, err)
		}
	})
}

func TestPlacesAreSeenInScopeOnly(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		g := w.grid(place.NewGrid{CommunityID: w.a})
		b := w.building(place.NewBuilding{CommunityID: w.a, GridID: g.ID, Name: "1号楼"})
		q, err := w.s.CreateQuarter(ctx, w.all, place.NewQuarter{CommunityID: w.a, Name: "幸福小区"})
		if err != nil {
			t.Fatal(err)
		}
		name := "改名"
		for who, actor := range map[string]authz.Actor{
			"another community": testkit.Actor(testkit.Tenant, []id.ID{w.b}, perms...), "another tenant": testkit.Actor(testkit.Other, nil, perms...),
			"nobody": {},
		} {
			gs, _ := w.s.Grids(ctx, actor, place.Filter{})
			qs, _ := w.s.Quarters(ctx, actor, place.Filter{})
			bs, _ := w.s.Buildings(ctx, actor, place.Filter{})
			rows := 0
			_ = w.s.ExportGrids(ctx, actor, place.Filter{}, func(place.GridItem) error { rows++; return nil })
			_ = w.s.ExportBuildings(ctx, actor, place.Filter{}, func(place.BuildingItem) error { rows++; return nil })
			if len(gs.Items)+len(qs.Items)+len(bs.Items)+rows != 0 {
				t.Errorf("%s sees places", who)
			}
			_, grid := w.s.Grid(ctx, actor, g.ID)
			_, building := w.s.Building(ctx, actor, b.ID)
			_, maps := w.s.Map(ctx, actor, w.a)
			for what, err := range map[string]error{
				"Grid": grid, "Building": building, "Map": maps,
				"EditGrid": w.s.EditGrid(ctx, actor, g.ID, place.EditGrid{Version: 1, Name: &name}), "EndGrid": w.s.EndGrid(ctx, actor, g.ID, 1),
				"EditQuarter":  w.s.EditQuarter(ctx, actor, q.ID, 1, name, ""),
				"EditBuilding": w.s.EditBuilding(ctx, actor, b.ID, place.EditBuilding{Version: 1, Name: &name}),
			} {
				if errs.KindOf(err) != errs.NotFound {
					t.Errorf("%s: %s = %v, want not found", who, what, err)
				}
			}
			_, make1 := w.s.CreateGrid(ctx, actor, place.NewGrid{CommunityID: w.a})
			_, make2 := w.s.CreateQuarter(ctx, actor, place.NewQuarter{CommunityID: w.a, Name: "甲"})
			_, make3 := w.s.CreateBuilding(ctx, actor, place.NewBuilding{CommunityID: w.a, Name: "甲"})
			_, make4 := w.s.ProposeGrid(ctx, actor, w.a)
			for _, err := range []error{make1, make2, make3, make4} {
				if k := errs.KindOf(err); k != errs.Forbidden && k != errs.NotFound {
					t.Errorf("%s sets up places: %v", who, err)
				}
			}
		}
		other := testkit.Actor(testkit.Other, nil, perms...)
		if l, err := w.s.Divisions(ctx, other, place.DivisionFilter{}); err != nil || len(l.Items) != 0 {
			t.Errorf("another tenant's divisions: %d, %v", len(l.Items), err)
		}
		if _, err := w.s.Division(ctx, other, "320902000000", code.County); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another tenant's division = %v", err)
		}
		if _, err := w.s.Divisions(ctx, authz.Actor{}, place.DivisionFilter{}); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("nobody reads divisions: %v", err)
		}
	})
}

func TestDivisionsArePaged(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		var codes []string
		f := place.DivisionFilter{Page: db.Page{Limit: 3}}
		for range 5 {
			l, err := w.s.Divisions(t.Context(), w.all, f)
			if err != nil {
				t.Fatal(err)
			}
			for _, d := range l.Items {
				codes = append(codes, d.Code)
			}
			if l.Next == "" {
				break
			}
			f.Page.After = db.ParseCursor(l.Next)
		}
		if len(codes) != 8 {
			t.Errorf("paging shows %d divisions, want 8: %v", len(codes), codes)
		}
		for text, want := range map[string]int{"雅和": 1, "3209021": 2, "社区": 1, "%": 0} {
			if l, err := w.s.Divisions(t.Context(), w.all, place.DivisionFilter{Text: text}); err != nil || len(l.Items) != want {
				t.Errorf("%q finds %d, %v; want %d", text, len(l.Items), err, want)
			}
		}
	})
}

func TestPlacesFollowAMerger(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		for _, c := range []id.ID{w.a, w.b} {
			q, err := w.s.CreateQuarter(ctx, w.all, place.NewQuarter{CommunityID: c, Name: "幸福小区"})
			if err != nil {
				t.Fatal(err)
			}
			g := w.grid(place.NewGrid{CommunityID: c})
			w.building(place.NewBuilding{CommunityID: c, QuarterID: q.ID, GridID: g.ID, Name: "1号楼"})
			w.building(place.NewBuilding{CommunityID: c, Name: "办公楼"})
		}
		if _, err := w.org.Merge(ctx, w.all, organisation.Merger{Sources: []id.ID{w.b}, Into: w.a, Effect: organisation.Effect{On: w.today}}); err != nil {
			t.Fatal(err)
		}
		m, err := w.s.Map(ctx, w.all, w.a)
		if err != nil || len(m.Grids) != 2 || len(m.Buildings) != 4 {
			t.Fatalf("after the merger: %d grids, %d buildings, %v", len(m.Grids), len(m.Buildings), err)
		}
		if m.Grids[1].Code != "320902001002001" {
			t.Errorf("a grid keeps its code: %s", m.Grids[1].Code)
		}
		qs, _ := w.s.Quarters(ctx, w.all, place.Filter{CommunityID: w.a})
		if len(qs.Items) != 2 || qs.Items[1].Name != "幸福小区（原朝阳社区）" || qs.Items[1].Buildings != 1 {
			t.Errorf("quarters of one name: %+v", qs.Items)
		}
		if p, err := w.s.ProposeGrid(ctx, w.all, w.a); err != nil || p.Code != "320902001001002" {
			t.Errorf("the next grid = %+v, %v", p, err)
		}
	})
}

func TestGridsGoOverInASplit(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		stay, cut := w.grid(place.NewGrid{CommunityID: w.a}), w.grid(place.NewGrid{CommunityID: w.a})
		whole, _ := w.s.CreateQuarter(ctx, w.all, place.NewQuarter{CommunityID: w.a, Name: "整体小区"})
		both, _ := w.s.CreateQuarter(ctx, w.all, place.NewQuarter{CommunityID: w.a, Name: "跨格小区"})
		w.building(place.NewBuilding{CommunityID: w.a, QuarterID: whole.ID, GridID: cut.ID, Name: "1号楼"})
		w.building(place.NewBuilding{CommunityID: w.a, QuarterID: both.ID, GridID: cut.ID, Name: "1号楼"})
		w.building(place.NewBuilding{CommunityID: w.a, QuarterID: both.ID, GridID: stay.ID, Name: "2号楼"})
		made, err := w.org.Split(ctx, w.all, w.a, []organisation.Part{{NewOrganisation: organisation.NewOrganisation{Name: "雅和二社区党组织"}, Grids: []id.ID{cut.ID}}},
			organisation.Effect{On: w.today})
		if err != nil {
			t.Fatal(err)
		}
		count := func(c id.ID) (grids, quarters, buildings int) {
			m, err := w.s.Map(ctx, w.all, c)
			if err != nil {
				t.Fatal(err)
			}
			qs, _ := w.s.Quarters(ctx, w.all, place.Filter{CommunityID: c})
			return len(m.Grids), len(qs.Items), len(m.Buildings)
		}
		if g, q, b := count(made[0]); g != 1 || q != 2 || b != 2 {
			t.Errorf("the new community has %d grids, %d quarters, %d buildings; want 1, 2, 2", g, q, b)
		}
		if g, q, b := count(w.a); g != 1 || q != 1 || b != 1 {
			t.Errorf("the old community keeps %d grids, %d quarters, %d buildings; want 1 each", g, q, b)
		}
		_, err = w.org.Split(ctx, w.all, w.a, []organisation.Part{{NewOrganisation: organisation.NewOrganisation{Name: "三社区"}, Grids: []id.ID{cut.ID}}},
			organisation.Effect{On: w.today})
		if errs.KindOf(err) != errs.Conflict {
			t.Errorf("a grid of another community = %v, want Conflict", err)
		}
	})
}

func TestBuildingsImport(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		g := w.grid(place.NewGrid{CommunityID: w.a})
		load := func(rows string) (intake.Summary, []intake.Problem) {
			sum, problems, err := w.in.Direct(context.Background(), w.all, intake.NewImport{Kind: "buildings", OrgID: w.a, FileName: "楼栋.csv",
				Content: []byte("小区名称,楼号,网格编码,层数,单元数,经度,纬度\n" + rows)}, intake.Choice{}, nil)
			if err != nil {
				t.Fatal(err)
			}
			return sum, problems
		}
		table := "幸福小区,1号楼," + g.Code + ",6,3,120.136078,33.383912\n幸福小区,2号楼,,,,,\n,办公楼,,3,1,,\n"
		if sum, problems := load(table); sum.Inserted != 3 {
			t.Fatalf("%+v %v", sum, problems)
		}
		if sum, _ := load(table); sum.Unchanged != 3 {
			t.Errorf("once more: %+v", sum)
		}
		if sum, _ := load("幸福小区,2号楼,,7,,,\n"); sum.Updated != 1 {
			t.Errorf("a floor more: %+v", sum)
		}
		for row, want := range map[string]string{
			"幸福小区,3号楼,320902001001099,,,,\n": "没有这个网格", "幸福小区,3号楼,,,,33.38,120.13\n": "经度",
			"幸福小区,3号楼,,六,,,\n": "150", "幸福小区,,,,,,\n": "没有填写",
		} {
			sum, problems := load(row)
			if sum.Rejected != 1 || len(problems) == 0 || !strings.Contains(problems[0].Message.In("zh"), want) {
				t.Errorf("%q: %+v %v", row, sum, problems)
			}
		}
		m, err := w.s.Map(t.Context(), w.all, w.a)
		if err != nil || len(m.Buildings) != 3 {
			t.Fatalf("%d buildings, %v", len(m.Buildings), err)
		}
		for _, b := range m.Buildings {
			if b.Name == "1号楼" && (b.X != 120136078 || b.Grid != "第1网格" || b.Floors != 6) {
				t.Errorf("%+v", b)
			}
		}
	})
}

func TestGridsWithoutAWorkerWait(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		w.grid(place.NewGrid{CommunityID: w.a, WorkerName: "张三"})
		g := w.grid(place.NewGrid{CommunityID: w.a})
		items, err := w.s.Waiting(ctx, w.all)
		if err != nil || len(items) != 1 || items[0].Count != 1 || items[0].Subject != g.ID {
			t.Errorf("Waiting = %v, %v", items, err)
		}
		if l, err := w.s.Grids(ctx, w.all, place.Filter{Unstaffed: true}); err != nil || len(l.Items) != 1 || l.Items[0].ID != g.ID {
			t.Errorf("the list behind it: %v, %v", l.Items, err)
		}
		if items, err := w.s.Waiting(ctx, testkit.Actor(testkit.Tenant, []id.ID{w.b}, perms...)); err != nil || len(items) != 0 {
			t.Errorf("another community sees %v, %v", items, err)
		}
	})
}

func TestVerifySeesWhatIsBroken(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		g := w.grid(place.NewGrid{CommunityID: w.a})
		b := w.building(place.NewBuilding{CommunityID: w.a, GridID: g.ID, Name: "1号楼"})
		if faults, err := place.Verify(ctx, w.d, testkit.Tenant); err != nil || len(faults) != 0 {
			t.Fatalf("Verify = %v, %v; nothing is broken", faults, err)
		}
		for _, query := range []string{
			"UPDATE grid SET community_id = 1 WHERE tenant_id = $1 AND id = " + g.ID.String(),
			"UPDATE building SET quarter_id = 1 WHERE tenant_id = $1 AND id = " + b.ID.String(),
			"DELETE FROM division WHERE tenant_id = $1 AND code = '320902001000'",
		} {
			before, _ := place.Verify(ctx, w.d, testkit.Tenant)
			if err := w.d.WithTx(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, query, testkit.Tenant); return err }); err != nil {
				t.Fatal(err)
			}
			if after, err := place.Verify(ctx, w.d, testkit.Tenant); err != nil || len(after) <= len(before) {
				t.Errorf("after %q: %v, %v", query, after, err)
			}
		}
	})
}

// The middle of a community is that of its buildings whose position is known; what stands above it has the middle of all of them.
func TestCentres(t *testing.T) {
	eachTown(t, func(t *testing.T, w *town) {
		ctx := t.Context()
		onlyB := testkit.Actor(w.all.Tenant, []id.ID{w.b}, place.PermSee)
		for i, at := range [][2]int64{{120_000_000, 33_000_000}, {120_000_200, 33_000_400}, {0, 0}} {
			w.building(place.NewBuilding{CommunityID: w.a, Name: strconv.Itoa(i+1) + "号楼", X: at[0], Y: at[1]})
		}
		got, err := w.s.Centres(ctx, w.all, []id.ID{w.a, w.b})
		if err != nil || len(got) != 1 || got[w.a] != (place.Centre{X: 120_000_100, Y: 33_000_200}) {
			t.Errorf("%v, %v", got, err)
		}
		o, err := w.org.Get(ctx, w.all, w.a)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := w.s.Centres(ctx, w.all, []id.ID{o.ParentID}); err != nil || got[o.ParentID].X != 120_000_100 {
			t.Errorf("above: %v, %v", got, err)
		}
		if got, err := w.s.Centres(ctx, onlyB, []id.ID{w.a}); err != nil || len(got) != 0 {
			t.Errorf("out of scope: %v, %v", got, err)
		}
	})
}
