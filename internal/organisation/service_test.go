package organisation_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// world is a small district: a district committee, one sub-district with two communities, one system with a unit.
type world struct {
	t     *testing.T
	d     *db.DB
	s     *organisation.Service
	all   authz.Actor
	root  id.ID
	st    id.ID // sub-district
	a, b  id.ID // communities
	sys   id.ID // committee of a system
	unit  id.ID // in community a
	today calendar.Date
}

func newWorld(t *testing.T, d *db.DB) *world {
	w := &world{t: t, d: d, s: organisation.New(d, seal.Ephemeral()), all: testkit.Actor(testkit.Tenant, nil, allPerms...), today: calendar.DateOf(d.Now())}
	w.root = w.make(organisation.NewOrganisation{Kind: organisation.District, Name: "中共亭湖区委员会", ShortName: "亭湖区"})
	w.st = w.make(organisation.NewOrganisation{Kind: organisation.Working, Name: "中共五星街道工作委员会", ShortName: "五星街道", ParentID: w.root})
	w.a = w.make(organisation.NewOrganisation{Kind: organisation.Community, Name: "雅和社区党组织", ShortName: "雅和社区", ParentID: w.st})
	w.b = w.make(organisation.NewOrganisation{Kind: organisation.Community, Name: "朝阳社区党组织", ShortName: "朝阳社区", ParentID: w.st})
	w.sys = w.make(organisation.NewOrganisation{Kind: organisation.Committee, Name: "区教育局党委", ParentID: w.root})
	w.unit = w.make(organisation.NewOrganisation{Kind: organisation.Unit, Name: "第一中学", ParentID: w.sys, CommunityID: w.a})
	return w
}

func (w *world) make(n organisation.NewOrganisation) id.ID {
	w.t.Helper()
	s, err := w.s.Create(w.t.Context(), w.all, n)
	if err != nil {
		w.t.Fatalf("create %s: %v", n.Name, err)
	}
	return s.ID
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) { fn(t, newWorld(t, d)) })
}

func wantKind(t *testing.T, err error, k errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != k {
		t.Fatalf("got %v, want an error of kind %d", err, k)
	}
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

func TestWhoMaySetUpWhat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		own := testkit.Actor(testkit.Tenant, []id.ID{w.a}, allPerms...)
		none := testkit.Actor(testkit.Tenant, nil, organisation.PermSee)
		branch := organisation.NewOrganisation{Kind: organisation.Branch, Name: "第一党支部", ParentID: w.a}
		if _, err := w.s.Create(ctx, own, branch); err != nil {
			t.Errorf("the community sets up its branch: %v", err)
		}
		_, err := w.s.Create(ctx, none, branch)
		wantKind(t, err, errs.Forbidden)
		_, err = w.s.Create(ctx, own, organisation.NewOrganisation{Kind: organisation.Branch, Name: "他社区支部", ParentID: w.b})
		wantKind(t, err, errs.Forbidden)
		_, err = w.s.Create(ctx, own, organisation.NewOrganisation{Kind: organisation.Unit, Name: "无系统单位"})
		wantKind(t, err, errs.Forbidden)
		_, err = w.s.Create(ctx, w.all, organisation.NewOrganisation{Kind: organisation.District, Name: "又一个区委"})
		wantText(t, err, "亭湖区")
		_, err = w.s.Create(ctx, w.all, organisation.NewOrganisation{Kind: organisation.Community, Name: "某社区", ParentID: w.unit})
		wantText(t, err, "社区党组织", "驻区单位")
		_, err = w.s.Create(ctx, w.all, organisation.NewOrganisation{Kind: "nonsense", Name: strings.Repeat("长", 61), ParentID: w.st})
		wantText(t, err, "没有这种组织类型", "60")
		_, err = w.s.Create(ctx, testkit.Actor(testkit.Other, nil, allPerms...), branch)
		wantKind(t, err, errs.NotFound)
	})
}

func TestATenantNeverSeesAnother(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, other := t.Context(), testkit.Actor(testkit.Other, nil, allPerms...)
		e := organisation.Effect{On: w.today}
		l, err := w.s.List(ctx, other, organisation.Filter{Living: organisation.Either})
		if err != nil || len(l.Items) != 0 {
			t.Errorf("List = %d items, %v", len(l.Items), err)
		}
		if refs, err := w.s.Directory(ctx, other, "雅", nil, 10); err != nil || len(refs) != 0 {
			t.Errorf("Directory = %v, %v", refs, err)
		}
		if c, err := w.s.AsOf(ctx, other, w.today); err != nil || len(c.Roots) != 0 {
			t.Errorf("AsOf = %v, %v", c, err)
		}
		if n, err := w.s.Count(ctx, other); err != nil || len(n) != 0 {
			t.Errorf("Count = %v, %v", n, err)
		}
		if err := w.s.Export(ctx, other, organisation.Filter{}, func(organisation.Item) error { return errors.New("a row") }); err != nil {
			t.Errorf("Export: %v", err)
		}
		_, get := w.s.Get(ctx, other, w.a)
		_, edit := w.s.Edit(ctx, other, w.a, organisation.Edit{Version: 1})
		_, phone := w.s.Phone(ctx, other, w.a, "核实", "")
		_, merge := w.s.Merge(ctx, other, organisation.Merger{Sources: []id.ID{w.b}, Into: w.a, Effect: e})
		_, split := w.s.Split(ctx, other, w.a, []organisation.Part{{NewOrganisation: organisation.NewOrganisation{Name: "新"}}}, e)
		_, sub := w.s.Subtree(ctx, w.d, testkit.Other, w.a)
		for name, err := range map[string]error{
			"Get": get, "Edit": edit, "Phone": phone, "Merge": merge, "Split": split, "Subtree": sub,
			"Rename": w.s.Rename(ctx, other, w.a, "新名", "", e), "Reparent": w.s.Reparent(ctx, other, w.a, w.root, e),
			"Dissolve": w.s.Dissolve(ctx, other, w.b, e), "Attach": w.s.Attach(ctx, other, w.unit, w.b, e), "Detach": w.s.Detach(ctx, other, w.unit, e),
		} {
			if errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s in another tenant = %v, want not found", name, err)
			}
		}
	})
}

func TestWhatAnActorSees(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		community := testkit.Actor(testkit.Tenant, []id.ID{w.a}, allPerms...)
		l, err := w.s.List(ctx, community, organisation.Filter{})
		if err != nil || len(l.Items) != 2 {
			t.Fatalf("the community sees %d organisations, %v; want itself and its unit", len(l.Items), err)
		}
		if l.Items[1].CommunityName != "" || l.Items[0].CommunityName != "雅和社区" || l.Items[0].ParentName != "区教育局党委" {
			t.Errorf("names in the list: %+v", l.Items)
		}
		if _, err := w.s.Get(ctx, community, w.b); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another community = %v, want not found", err)
		}
		if refs, err := w.s.Directory(ctx, community, "", []organisation.Kind{organisation.Community}, 10); err != nil || len(refs) != 2 {
			t.Errorf("the directory shows %d communities, %v; want both", len(refs), err)
		}
		d, err := w.s.Get(ctx, w.all, w.unit)
		if err != nil || len(d.Line) != 2 || d.Line[0].ID != w.root || len(d.Relations) != 2 || len(d.Acts) != 1 || len(d.Names) != 1 {
			t.Errorf("Get(unit) = %+v, %v", d, err)
		}
		if d, err = w.s.Get(ctx, w.all, w.a); err != nil || d.Units != 1 || d.Below != 0 {
			t.Errorf("Get(community) = %d units, %d below, %v", d.Units, d.Below, err)
		}
	})
}

func TestSearch(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		code := "91320900MA1000000A" // shape is right, the check characters are not
		if _, err := w.s.Create(ctx, w.all, organisation.NewOrganisation{Kind: organisation.Unit, Name: "100%新能源（盐城）有限公司", USCC: code, ParentID: w.sys}); err != nil {
			t.Fatal(err)
		}
		if err := w.s.Rename(ctx, w.all, w.b, "东闸社区党组织", "东闸社区", organisation.Effect{On: w.today}); err != nil {
			t.Fatal(err)
		}
		cases := []struct {
			name, text string
			want       int
		}{
			{"one character", "雅", 1},
			{"two characters", "社区", 2},
			{"two that are not neighbours", "雅区", 0},
			{"a longer part", "中学", 1},
			{"pairs that all occur but not together", "社区党支部", 0},
			{"a former name", "朝阳社区", 1},
			{"a part of a former name", "朝", 1},
			{"the new name", "东闸社区党", 1},
			{"a percent sign is a character", "0%新", 1},
			{"an underscore matches nothing else", "雅_社", 0},
			{"a whole credit code", strings.ToLower(code), 1},
			{"blanks alone ask for everything", "  ", 7},
		}
		for _, c := range cases {
			l, err := w.s.List(ctx, w.all, organisation.Filter{Text: c.text})
			if err != nil || len(l.Items) != c.want {
				t.Errorf("%s: %q finds %d, %v; want %d", c.name, c.text, len(l.Items), err, c.want)
			}
		}
	})
}

func TestListFiltersAndPages(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		for i := range 7 {
			w.make(organisation.NewOrganisation{Kind: organisation.Unit, Name: fmt.Sprintf("单位%d", i), ParentID: w.sys, Sector: "教育"})
		}
		count := func(f organisation.Filter) int {
			n := 0
			if err := w.s.Export(ctx, w.all, f, func(organisation.Item) error { n++; return nil }); err != nil {
				t.Fatal(err)
			}
			return n
		}
		for name, c := range map[string]struct {
			f    organisation.Filter
			want int
		}{
			"by kind":        {organisation.Filter{Kinds: []organisation.Kind{organisation.Unit}}, 8},
			"by community":   {organisation.Filter{CommunityID: w.a}, 1},
			"directly below": {organisation.Filter{ParentID: w.root}, 2},
			"anywhere below": {organisation.Filter{BelowID: w.st}, 2},
			"by sector":      {organisation.Filter{Sector: "教育"}, 7},
			"unattached":     {organisation.Filter{Kinds: []organisation.Kind{organisation.Unit}, Unattached: true}, 7},
			"dissolved":      {organisation.Filter{Living: organisation.OnlyDissolved}, 0},
		} {
			if got := count(c.f); got != c.want {
				t.Errorf("%s: %d, want %d", name, got, c.want)
			}
		}
		var seen []id.ID
		page := db.Page{Limit: 3}
		for range 10 {
			l, err := w.s.List(ctx, w.all, organisation.Filter{Page: page})
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range l.Items {
				seen = append(seen, i.ID)
			}
			if l.Next == "" {
				break
			}
			page.After = db.ParseCursor(l.Next)
		}
		slices.Sort(seen)
		if len(seen) != 13 || len(slices.Compact(seen)) != 13 {
			t.Errorf("paging shows %d organisations, want each of 13 once", len(seen))
		}
	})
}

func TestEdit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		phone, wrong, name := "138 0013 8000", "91320900MA1000000A", "第一中学（本部）"
		saved, err := w.s.Edit(ctx, w.all, w.unit, organisation.Edit{Version: 1, ContactPhone: &phone, USCC: &wrong, Name: &name})
		if err != nil || len(saved.Warnings) != 1 {
			t.Fatalf("Edit = %+v, %v; a wrong check character warns only", saved, err)
		}
		_, err = w.s.Edit(ctx, w.all, w.unit, organisation.Edit{Version: 1, Sector: &name})
		wantKind(t, err, errs.Conflict)
		d, err := w.s.Get(ctx, w.all, w.unit)
		if err != nil || d.PhoneMask != "138****8000" || d.Name != name || d.Names[0].Name != name || len(d.Names) != 1 {
			t.Errorf("after the edit: %+v, %v", d, err)
		}
		if raw, _ := db.Value[[]byte](ctx, w.d, "SELECT contact_phone FROM organisation WHERE tenant_id = $1 AND id = $2", testkit.Tenant, w.unit); strings.Contains(string(raw), "8000") {
			t.Error("the phone number is stored in the clear")
		}
		_, err = w.s.Phone(ctx, w.all, w.unit, " ", "")
		wantText(t, err, "用途")
		if got, err := w.s.Phone(ctx, w.all, w.unit, "核实联系人", "补登"); err != nil || got != "13800138000" {
			t.Errorf("Phone = %q, %v", got, err)
		}
		if n, _ := db.Value[int64](ctx, w.d, "SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'organisation.contact' AND purpose = $2", testkit.Tenant, "核实联系人"); n != 1 {
			t.Errorf("%d looks recorded, want 1", n)
		}
		_, err = w.s.Create(ctx, w.all, organisation.NewOrganisation{Kind: organisation.Unit, Name: "第二中学", USCC: wrong, ParentID: w.sys})
		wantText(t, err, "第一中学（本部）")
		_, err = w.s.Edit(ctx, w.all, w.a, organisation.Edit{Version: 1, USCC: &wrong})
		wantText(t, err, "只有驻区单位")
		bad := "1390077"
		_, err = w.s.Edit(ctx, w.all, w.unit, organisation.Edit{Version: 2, ContactPhone: &bad})
		wantKind(t, err, errs.Invalid)
		if strings.Contains(err.Error(), bad) {
			t.Error("the message repeats the rejected number")
		}
	})
}

func TestCirclesAndDatesAreRefused(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		today := organisation.Effect{On: w.today}
		sub := w.make(organisation.NewOrganisation{Kind: organisation.Committee, Name: "下属党委", ParentID: w.sys, EstablishedOn: w.today.AddDays(-100)})
		err := w.s.Reparent(ctx, w.all, w.sys, sub, today)
		wantText(t, err, "下属党委", "区教育局党委", "首尾相接")
		wantText(t, w.s.Reparent(ctx, w.all, w.sys, w.sys, today), "自己")
		wantText(t, w.s.Reparent(ctx, w.all, w.root, w.sys, today), "区委没有上级")
		wantText(t, w.s.Reparent(ctx, w.all, w.unit, w.a, today), "不能设在")
		wantText(t, w.s.Reparent(ctx, w.all, sub, w.sys, today), "已经在")
		wantText(t, w.s.Rename(ctx, w.all, sub, "新名", "", organisation.Effect{On: w.today.AddDays(1)}), "不能晚于今天")
		wantText(t, w.s.Rename(ctx, w.all, sub, "新名", "", organisation.Effect{}), "生效日期")
		wantText(t, w.s.Rename(ctx, w.all, sub, "新名", "", organisation.Effect{On: w.today.AddDays(-101)}), "成立")
		if err := w.s.Rename(ctx, w.all, sub, "新名", "", organisation.Effect{On: w.today.AddDays(-10), Document: "亭委〔2026〕1号"}); err != nil {
			t.Fatal(err)
		}
		wantText(t, w.s.Rename(ctx, w.all, sub, "更新的名", "", organisation.Effect{On: w.today.AddDays(-11)}), "现名自")
		wantText(t, w.s.Rename(ctx, w.all, sub, "新名", "", today), "没有变化")
		if err := w.s.Reparent(ctx, w.all, sub, w.root, organisation.Effect{On: w.today.AddDays(-5)}); err != nil {
			t.Fatal(err)
		}
		wantText(t, w.s.Reparent(ctx, w.all, sub, w.sys, organisation.Effect{On: w.today.AddDays(-6)}), "隶属关系")
		d, err := w.s.Get(ctx, w.all, sub)
		if err != nil || len(d.Acts) != 3 || d.Acts[0].Kind != organisation.ActReparent || d.Acts[1].Document != "亭委〔2026〕1号" || d.Acts[1].Detail != "下属党委" {
			t.Errorf("acts = %+v, %v", d.Acts, err)
		}
	})
}

func TestMovingRewritesTheWholeSubtree(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		branch := w.make(organisation.NewOrganisation{Kind: organisation.Branch, Name: "一支部", ParentID: w.a})
		group := w.make(organisation.NewOrganisation{Kind: organisation.Group, Name: "一小组", ParentID: branch})
		st2 := w.make(organisation.NewOrganisation{Kind: organisation.Working, Name: "文峰街道党工委", ParentID: w.root})
		if err := w.s.Reparent(ctx, w.all, w.a, st2, organisation.Effect{On: w.today}); err != nil {
			t.Fatal(err)
		}
		got, err := w.s.Subtree(ctx, w.d, testkit.Tenant, st2)
		slices.Sort(got)
		want := []id.ID{st2, w.a, branch, group}
		slices.Sort(want)
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("below the new superior: %v, %v; want %v", got, err, want)
		}
		if got, _ := w.s.Subtree(ctx, w.d, testkit.Tenant, w.st); len(got) != 2 {
			t.Errorf("below the old superior: %d, want itself and the other community", len(got))
		}
		alone := w.make(organisation.NewOrganisation{Kind: organisation.Unit, Name: "新经济组织"})
		if got, _ := w.s.Subtree(ctx, w.d, testkit.Tenant, w.root); !slices.Contains(got, alone) || len(got) != 10 {
			t.Errorf("below the district: %d, want all ten, also the unit of no system", len(got))
		}
		if faults, err := organisation.Verify(ctx, w.d, testkit.Tenant); err != nil || len(faults) != 0 {
			t.Errorf("Verify = %v, %v", faults, err)
		}
	})
}

func TestAttachAndDetach(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		b := testkit.Actor(testkit.Tenant, []id.ID{w.b}, allPerms...)
		e := organisation.Effect{On: w.today}
		wantText(t, w.s.Attach(ctx, w.all, w.unit, w.sys, e), "只能划入社区")
		wantText(t, w.s.Attach(ctx, w.all, w.a, w.b, e), "驻区单位")
		if err := w.s.Attach(ctx, b, w.unit, w.b, e); err != nil {
			t.Fatalf("the community takes the unit in: %v", err)
		}
		wantText(t, w.s.Attach(ctx, b, w.unit, w.b, e), "已经在")
		if l, _ := w.s.List(ctx, b, organisation.Filter{CommunityID: w.b}); len(l.Items) != 1 {
			t.Error("the community does not see its new unit")
		}
		stranger := testkit.Actor(testkit.Tenant, []id.ID{w.a}, allPerms...)
		wantKind(t, w.s.Detach(ctx, stranger, w.unit, e), errs.Forbidden)
		if err := w.s.Detach(ctx, b, w.unit, e); err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.s.Detach(ctx, w.all, w.unit, e), errs.Conflict)
		if d, _ := w.s.Get(ctx, w.all, w.unit); d.CommunityID != 0 || d.ParentID != w.sys {
			t.Errorf("after leaving: %+v; its own system stays", d.Item)
		}
	})
}

// mover is a follower that moves residents, as the concept that keeps them will.
type mover struct{ moved int }

func (m *mover) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	m.moved++
	_, err := tx.Exec(ctx, `UPDATE household SET community_id = $1 WHERE tenant_id = $2 AND community_id = $3`, to, actor.Tenant, from)
	return err
}

func household(t *testing.T, d *db.DB, community id.ID) {
	t.Helper()
	if err := d.WithTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO household (tenant_id, id, community_id) VALUES ($1, $2, $3)`, testkit.Tenant, id.New(), community)
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

func err2text(e *errs.Error) string { return e.Message.In(i18n.ZH) }

func TestDissolvingSaysWhatIsStillAttached(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.make(organisation.NewOrganisation{Kind: organisation.Branch, Name: "一支部", ParentID: w.a})
		household(t, w.d, w.a)
		household(t, w.d, w.a)
		err := w.s.Dissolve(ctx, w.all, w.a, organisation.Effect{On: w.today})
		wantKind(t, err, errs.Conflict)
		wantText(t, err, "雅和社区", "2 户", "1 个下级组织", "1 个驻区单位")
		if h, err := w.s.Holdings(ctx, w.all, w.a); err != nil || len(h) != 3 || !strings.Contains(err2text(errs.New(errs.Conflict, i18n.OrgStillHolds, "x", h)), h.In(i18n.ZH)) {
			t.Errorf("Holdings = %v, %v", h, err)
		}
		if err := w.s.Dissolve(ctx, w.all, w.b, organisation.Effect{On: w.today}); err != nil {
			t.Fatalf("an empty community: %v", err)
		}
		err = w.s.Rename(ctx, w.all, w.b, "新名", "", organisation.Effect{On: w.today})
		wantText(t, err, "撤销")
		if l, _ := w.s.List(ctx, w.all, organisation.Filter{Living: organisation.OnlyDissolved}); len(l.Items) != 1 {
			t.Errorf("%d dissolved organisations are listed, want 1", len(l.Items))
		}
	})
}

func TestMergerTakesEverythingAlong(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		branch := w.make(organisation.NewOrganisation{Kind: organisation.Branch, Name: "一支部", ParentID: w.a})
		household(t, w.d, w.a)
		m := organisation.Merger{Sources: []id.ID{w.a, w.b}, New: &organisation.NewOrganisation{Name: "雅阳社区党组织", ShortName: "雅阳社区"},
			Effect: organisation.Effect{On: w.today, Document: "亭委〔2026〕9号"}}
		_, err := w.s.Merge(ctx, w.all, m)
		wantText(t, err, "雅和社区", "1 户") // nobody lets the household follow yet: nothing happens
		if d, _ := w.s.Get(ctx, w.all, branch); d.ParentID != w.a {
			t.Fatal("a refused merger left something behind")
		}
		follower := &mover{}
		w.s.WithFollowers(follower)
		merged, err := w.s.Merge(ctx, w.all, m)
		if err != nil {
			t.Fatal(err)
		}
		if n, _ := db.Value[int64](ctx, w.d, "SELECT count(*) FROM household WHERE tenant_id = $1 AND community_id = $2", testkit.Tenant, merged); n != 1 {
			t.Error("the household did not follow")
		}
		d, err := w.s.Get(ctx, w.all, merged)
		if err != nil || d.Below != 1 || d.Units != 1 || d.ParentID != w.st || len(d.Relations) != 3 {
			t.Errorf("the merged community: %+v, %v", d, err)
		}
		subtree, _ := w.s.Subtree(ctx, w.d, testkit.Tenant, merged)
		for _, i := range []id.ID{w.a, w.b, branch} {
			if !slices.Contains(subtree, i) {
				t.Errorf("the records of %v are out of the successor's reach", i)
			}
		}
		old, err := w.s.Get(ctx, w.all, w.a)
		if err != nil || old.DissolvedOn != w.today || old.Acts[0].OtherID != merged || old.Acts[0].Document != "亭委〔2026〕9号" {
			t.Errorf("the old community: %+v, %v", old, err)
		}
		if faults, err := organisation.Verify(ctx, w.d, testkit.Tenant); err != nil || len(faults) != 0 {
			t.Errorf("Verify = %v, %v", faults, err)
		}
	})
}

func TestMergersThatCannotBe(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, e := t.Context(), organisation.Effect{On: w.today}
		merge := func(into id.ID, sources ...id.ID) error {
			_, err := w.s.Merge(ctx, w.all, organisation.Merger{Sources: sources, Into: into, Effect: e})
			return err
		}
		wantText(t, merge(w.a), "选择要合并的组织")
		wantText(t, merge(w.a, w.a), "并入它自己")
		wantText(t, merge(w.a, w.sys), "同一类型")
		wantText(t, merge(w.a, w.b, w.sys), "同一类型")
		wantText(t, merge(w.root, w.root), "自己")
		sub := w.make(organisation.NewOrganisation{Kind: organisation.Committee, Name: "下属党委", ParentID: w.sys})
		wantText(t, merge(sub, w.sys), "把上级并入下级")
		scope := testkit.Actor(testkit.Tenant, []id.ID{w.a}, allPerms...)
		_, err := w.s.Merge(ctx, scope, organisation.Merger{Sources: []id.ID{w.a}, Into: w.b, Effect: e})
		wantKind(t, err, errs.NotFound)
	})
}

func TestSplit(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx, e := t.Context(), organisation.Effect{On: w.today, Document: "亭委〔2026〕12号"}
		branch := w.make(organisation.NewOrganisation{Kind: organisation.Branch, Name: "二支部", ParentID: w.a})
		part := func(name string, take ...id.ID) organisation.Part {
			return organisation.Part{NewOrganisation: organisation.NewOrganisation{Name: name}, Take: take}
		}
		_, err := w.s.Split(ctx, w.all, w.a, nil, e)
		wantText(t, err, "至少")
		_, err = w.s.Split(ctx, w.all, w.a, []organisation.Part{part("甲", branch), part("乙", branch)}, e)
		wantText(t, err, "乙", "两个")
		_, err = w.s.Split(ctx, w.all, w.a, []organisation.Part{part("甲", w.sys)}, e)
		wantText(t, err, "区教育局党委", "不属于")
		made, err := w.s.Split(ctx, w.all, w.a, []organisation.Part{part("雅和二社区党组织", branch, w.unit), part("雅和三社区党组织")}, e)
		if err != nil || len(made) != 2 {
			t.Fatalf("Split = %v, %v", made, err)
		}
		d, err := w.s.Get(ctx, w.all, made[0])
		if err != nil || d.Kind != organisation.Community || d.ParentID != w.st || d.Below != 1 || d.Units != 1 {
			t.Errorf("the new part: %+v, %v", d.Item, err)
		}
		if d, _ := w.s.Get(ctx, w.all, w.a); !d.Living() || d.Below != 0 || d.Units != 0 {
			t.Errorf("the old one goes on with the rest: %+v", d.Item)
		}
		if faults, err := organisation.Verify(ctx, w.d, testkit.Tenant); err != nil || len(faults) != 0 {
			t.Errorf("Verify = %v, %v", faults, err)
		}
	})
}

// 103 residents' committees of four sub-districts became 60 communities: before the day of the merger the chart shows 103 with
// their names, from that day on 60, and each of the 103 is still found and leads to its successor.
func TestOneHundredAndThreeCommitteesBecomeSixty(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		founded, merged := calendar.MustParse("1990-01-01"), calendar.MustParse("2001-06-01")
		streets := []id.ID{w.st}
		for i := range 3 {
			streets = append(streets, w.make(organisation.NewOrganisation{Kind: organisation.Working, Name: fmt.Sprintf("街道%d", i+2), ParentID: w.root}))
		}
		var old []id.ID
		for i := range 103 {
			old = append(old, w.make(organisation.NewOrganisation{Kind: organisation.Community, Name: fmt.Sprintf("第%03d居委会", i),
				ParentID: streets[i%60%4], EstablishedOn: founded}))
		}
		e := organisation.Effect{On: merged, Document: "关于调整居委会规模的意见"}
		for i := range 43 { // committee i and committee i+60 stand in the same sub-district
			if _, err := w.s.Merge(ctx, w.all, organisation.Merger{Sources: []id.ID{old[i], old[60+i]},
				New: &organisation.NewOrganisation{Name: fmt.Sprintf("第%02d社区", i)}, Effect: e}); err != nil {
				t.Fatalf("merger %d: %v", i, err)
			}
		}
		count := func(on string) int {
			c, err := w.s.AsOf(ctx, w.all, calendar.MustParse(on))
			if err != nil {
				t.Fatal(err)
			}
			return c.Counts[organisation.Community] - 2 // the two of the small world are older than what we know
		}
		for on, want := range map[string]int{"1989-12-31": 0, "1990-01-01": 103, "2001-05-31": 103, "2001-06-01": 60, "2026-01-01": 60} {
			if got := count(on); got != want {
				t.Errorf("on %s there are %d, want %d", on, got, want)
			}
		}
		l, err := w.s.List(ctx, w.all, organisation.Filter{Text: "第102居委会", Living: organisation.Either})
		if err != nil || len(l.Items) != 1 {
			t.Fatalf("the last of the 103 is found %d times, %v", len(l.Items), err)
		}
		d, err := w.s.Get(ctx, w.all, l.Items[0].ID)
		if err != nil || d.Acts[0].Kind != organisation.ActMerge || d.Acts[0].Other != "第42社区" {
			t.Errorf("what became of it: %+v, %v", d.Acts, err)
		}
	})
}

func TestUnitsOfNoCommunityWait(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		items, err := w.s.Waiting(ctx, w.all)
		if err != nil || len(items) != 0 {
			t.Errorf("Waiting = %v, %v; the only unit lies in a community", items, err)
		}
		alone := w.make(organisation.NewOrganisation{Kind: organisation.Unit, Name: "新企业", ParentID: w.sys})
		items, err = w.s.Waiting(ctx, w.all)
		if err != nil || len(items) != 1 || items[0].Count != 1 || items[0].Subject != alone {
			t.Errorf("Waiting = %v, %v; want the new unit", items, err)
		}
		if items, err = w.s.Waiting(ctx, testkit.Actor(testkit.Tenant, []id.ID{w.a}, allPerms...)); err != nil || len(items) != 0 {
			t.Errorf("a community sees %v, %v; it is not its to assign", items, err)
		}
	})
}
