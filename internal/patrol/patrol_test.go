package patrol_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/patrol"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/seal"
	"linli/internal/testkit"
)

var ctx = context.Background()

type days struct{}

func (days) Calendar(context.Context, int64) (*calendar.Calendar, error) {
	return calendar.Default(), nil
}

// agenda is asked by nothing here.
type agenda struct{}

func (agenda) RaiseTx(context.Context, *db.Tx, authz.Actor, id.ID, id.ID, id.ID, string, string) (id.ID, error) {
	return 0, errors.New("no agenda")
}

type round struct {
	t                               *testing.T
	d                               *db.DB
	clock                           *testkit.Clock
	s                               *patrol.Service
	cases                           *casework.Service
	people                          *person.Service
	places                          *place.Service
	community, other                id.ID
	grid, building, home            id.ID
	rubbish, care, otherNeed        id.ID
	worker, colleague, beside, none authz.Actor
}

var all = []authz.Permission{patrol.PermEnter, patrol.PermSee, casework.PermSee, casework.PermEnter, person.PermSee, person.PermEdit, place.PermSee}

func each(t *testing.T, fn func(w *round)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(calendar.On(2026, 3, 2).Time().Add(10 * time.Hour)) // a Monday
		ring := seal.Ephemeral()
		w := &round{t: t, d: d, clock: clock, people: person.New(d, ring), places: place.New(d)}
		w.cases = casework.New(d, ring, days{}, agenda{}, w.people).WithFiles(attach.NewStore(ring))
		w.s = patrol.New(d, ring, w.cases, w.people, w.places)
		w.community, w.other = w.org("文港社区"), w.org("先锋社区")
		w.grid, w.building, w.home = id.New(), id.New(), id.New()
		w.worker, w.colleague, w.beside = w.as(w.community, "王格", all...), w.as(w.community, "李格", all...), w.as(w.other, "赵格", all...)
		w.none = w.as(w.community, "孙看", casework.PermEnter, casework.PermSee, person.PermEdit, person.PermSee, place.PermSee)
		w.exec(`INSERT INTO grid (tenant_id, id, community_id, code, name, worker_id, worker_name) VALUES ($1,$2,$3,'320902001001001','第一网格',$4,'王格')`, w.grid, w.community, w.worker.AccountID)
		w.exec(`INSERT INTO building (tenant_id, id, community_id, grid_id, name, name_key, x, y) VALUES ($1,$2,$3,$4,'3号楼','3号楼',120100000,33300000)`, w.building, w.community, w.grid)
		w.exec(`INSERT INTO household (tenant_id, id, community_id, grid_id, building_id, stairwell, room, address) VALUES ($1,$2,$3,$4,$5,'2','301','3号楼2单元301室')`, w.home, w.community, w.grid, w.building)
		w.rubbish, w.care, w.otherNeed = w.item("event", "06010", "暴露垃圾"), w.item("need", "care", "养老照料"), w.item("need", "other", "其他需求")
		w.ok(d.WithTx(ctx, func(tx *db.Tx) error { return w.cases.PrepareTx(ctx, tx, testkit.Tenant) }))
		fn(w)
	})
}

func (w *round) exec(query string, args ...any) {
	w.t.Helper()
	testkit.Exec(w.t, w.d, query, append([]any{testkit.Tenant}, args...)...)
}

func (w *round) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *round) wants(err error, kind errs.Kind, field string) {
	w.t.Helper()
	e := errs.As(err)
	if errs.KindOf(err) != kind || field != "" && (e == nil || e.Fields[field].Text.IsZero()) {
		w.t.Errorf("error %v (%+v), want %v at %q", err, e, kind, field)
	}
}

func (w *round) org(name string) id.ID {
	o := id.New()
	w.exec(`INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, created_at, updated_at) VALUES ($1,$2,'community_party',$3,$3,$4,1,1)`, o, name, "/"+o.String()+"/")
	return o
}

func (w *round) item(list, code, name string) id.ID {
	i := id.New()
	w.exec(`INSERT INTO catalogue_item (tenant_id, id, list, code, name, search_key, sort_key, level, public, valid_from) VALUES ($1,$2,$3,$4,$5,'','','community',TRUE,'2026-01-01')`, i, list, code, name)
	return i
}

func (w *round) as(org id.ID, name string, perms ...authz.Permission) authz.Actor {
	a := testkit.Actor(testkit.Tenant, []id.ID{org}, perms...)
	a.Grants[0].Root, a.Name = org, name
	w.exec(`INSERT INTO account (tenant_id, id, login, name, created_at) VALUES ($1,$2,$3,$4,1)`, a.AccountID, "a"+a.AccountID.String(), name)
	return a
}

func (w *round) count(query string, args ...any) int64 {
	w.t.Helper()
	n, err := db.Value[int64](ctx, w.d, query, append([]any{testkit.Tenant}, args...)...)
	w.ok(err)
	return n
}

func (w *round) cases1() int64 {
	return w.count(`SELECT count(*) FROM service_case WHERE tenant_id = $1`)
}

// key is one that a phone could make.
func key(s string) patrol.Sent { return patrol.Sent{Key: "0123456789abcdef-" + s} }

func photo(t *testing.T) attach.New {
	t.Helper()
	var b bytes.Buffer
	if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 64, 48)), nil); err != nil {
		t.Fatal(err)
	}
	return attach.New{Name: "IMG_1.jpg", Content: b.Bytes()}
}

func TestAnEventComesInOnceHoweverOftenItIsSent(t *testing.T) {
	each(t, func(w *round) {
		n := patrol.NewEvent{Sent: key("a"), Where: patrol.Where{BuildingID: w.building, X: 120_200_000, Y: 33_400_000}, ItemID: w.rubbish, Urgent: true, Files: []attach.New{photo(w.t)}}
		n.SaidAt = w.clock.Now().Add(-3 * time.Hour)
		first, err := w.s.Event(ctx, w.worker, n)
		w.ok(err)
		if len(first.Cases) != 1 || first.Cases[0].No == "" || first.Cases[0].Code == "" || first.Cases[0].Org != "文港社区" || first.Again {
			t.Fatalf("first answer: %+v", first)
		}
		// The answer was lost: the same entry comes again, days later, when the place is gone too.
		w.clock.Advance(72 * time.Hour)
		w.exec(`UPDATE building SET ended_on = '2026-03-03' WHERE tenant_id = $1 AND id = $2`, w.building)
		again, err := w.s.Event(ctx, w.worker, n)
		w.ok(err)
		if !again.Again || again.ID != first.ID || !slices.Equal(again.Cases, first.Cases) {
			t.Errorf("second answer %+v, want that of the first %+v", again, first)
		}
		if n := w.cases1(); n != 1 {
			t.Errorf("%d cases, want one", n)
		}
		d, err := w.cases.Get(ctx, w.worker, first.Cases[0].ID)
		w.ok(err)
		if d.Body != "暴露垃圾" || d.Channel != casework.ByGrid || d.GridID != w.grid || d.X != 120_200_000 || !d.Urgent || len(d.Files) != 1 {
			t.Errorf("case %+v", d.Case)
		}
		if !d.HappenedAt.Equal(n.SaidAt) || !d.ReceivedAt.After(d.HappenedAt) || !d.ClockAt.Equal(d.ReceivedAt) {
			t.Errorf("happened %v, received %v, clock %v: the clock starts when it comes in", d.HappenedAt, d.ReceivedAt, d.ClockAt)
		}
	})
}

func TestManySendingsAtOnceMakeOneCase(t *testing.T) {
	each(t, func(w *round) {
		n := patrol.NewEvent{Sent: key("b"), Where: patrol.Where{GridID: w.grid, Place: "北门"}, ItemID: w.rubbish}
		var wg sync.WaitGroup
		answers := make([]patrol.Answer, 6)
		for i := range answers {
			wg.Go(func() {
				var err error
				if answers[i], err = w.s.Event(ctx, w.worker, n); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		for _, a := range answers {
			if len(a.Cases) != 1 || a.Cases[0] != answers[0].Cases[0] {
				t.Errorf("answers differ: %+v and %+v", a.Cases, answers[0].Cases)
			}
		}
		if n := w.cases1(); n != 1 {
			t.Errorf("%d cases, want one", n)
		}
	})
}

func TestAKeyBelongsToItsAccount(t *testing.T) {
	each(t, func(w *round) {
		n := patrol.NewEvent{Sent: key("c"), Where: patrol.Where{BuildingID: w.building}, ItemID: w.rubbish}
		first, err := w.s.Event(ctx, w.worker, n)
		w.ok(err)
		other, err := w.s.Event(ctx, w.colleague, n)
		w.ok(err)
		if other.Again || other.Cases[0].No == first.Cases[0].No {
			t.Errorf("a colleague with the same key got %+v, the answer of another", other)
		}
	})
}

func TestWhatIsRefusedLeavesNothing(t *testing.T) {
	each(t, func(w *round) {
		at := patrol.Where{BuildingID: w.building}
		for name, c := range map[string]struct {
			n     patrol.NewEvent
			field string
		}{
			"no key":           {patrol.NewEvent{Where: at, ItemID: w.rubbish}, "key"},
			"a short key":      {patrol.NewEvent{Sent: patrol.Sent{Key: "1"}, Where: at, ItemID: w.rubbish}, "key"},
			"nothing said":     {patrol.NewEvent{Sent: key("d"), Where: at}, "item"},
			"nowhere":          {patrol.NewEvent{Sent: key("d"), ItemID: w.rubbish}, "where"},
			"a place not here": {patrol.NewEvent{Sent: key("d"), Where: patrol.Where{BuildingID: id.New()}, ItemID: w.rubbish}, "where"},
			"not an event":     {patrol.NewEvent{Sent: key("d"), Where: at, ItemID: w.care}, "item"},
			"no photograph":    {patrol.NewEvent{Sent: key("d"), Where: at, ItemID: w.rubbish, Files: []attach.New{{Name: "a.jpg", Content: []byte("<svg xmlns='http://www.w3.org/2000/svg'/>")}}}, "file"},
			"very long":        {patrol.NewEvent{Sent: key("d"), Where: at, Body: strings.Repeat("字", casework.MaxBody+1)}, "body"},
		} {
			_, err := w.s.Event(ctx, w.worker, c.n)
			if e := errs.As(err); errs.KindOf(err) != errs.Invalid || e == nil || e.Fields[c.field].Text.IsZero() {
				t.Errorf("%s: %v %+v, want it said at %s", name, err, e, c.field)
			}
		}
		if n := w.count(`SELECT count(*) FROM patrol_entry WHERE tenant_id = $1`); n != 0 || w.cases1() != 0 {
			t.Errorf("%d entries and %d cases stayed", n, w.cases1())
		}
		// Corrected, it goes in under the same key.
		_, err := w.s.Event(ctx, w.worker, patrol.NewEvent{Sent: key("d"), Where: at, ItemID: w.rubbish})
		w.ok(err)
		_, err = w.s.Event(ctx, w.beside, patrol.NewEvent{Sent: key("e"), Where: at, ItemID: w.rubbish})
		w.wants(err, errs.Invalid, "where")
		_, err = w.s.Event(ctx, w.none, patrol.NewEvent{Sent: key("f"), Where: at, ItemID: w.rubbish})
		w.wants(err, errs.Forbidden, "")
	})
}

func TestThePhonesClockIsNotBelievedBlindly(t *testing.T) {
	each(t, func(w *round) {
		now := w.clock.Now()
		for name, c := range map[string]struct{ said, want time.Time }{
			"an hour ago":       {now.Add(-time.Hour), now.Add(-time.Hour)},
			"six days ago":      {now.Add(-6 * 24 * time.Hour), now.Add(-6 * 24 * time.Hour)},
			"eight days ago":    {now.Add(-8 * 24 * time.Hour), time.Time{}},
			"a minute ahead":    {now.Add(time.Minute), now},
			"tomorrow":          {now.Add(24 * time.Hour), time.Time{}},
			"it says nothing":   {time.Time{}, time.Time{}},
			"the year 1970":     {time.Unix(1, 0), time.Time{}},
			"in some centuries": {now.AddDate(300, 0, 0), time.Time{}},
		} {
			s := key("clock-" + strings.ReplaceAll(name, " ", "-"))
			s.SaidAt = c.said
			a, err := w.s.Event(ctx, w.worker, patrol.NewEvent{Sent: s, Where: patrol.Where{BuildingID: w.building}, ItemID: w.rubbish})
			w.ok(err)
			d, err := w.cases.Get(ctx, w.worker, a.Cases[0].ID)
			w.ok(err)
			if !d.HappenedAt.Equal(c.want) || !d.ReceivedAt.Equal(now) {
				t.Errorf("%s: happened %v, received %v, want %v and %v", name, d.HappenedAt, d.ReceivedAt, c.want, now)
			}
		}
	})
}

func TestAVisitMakesItsNeedsCases(t *testing.T) {
	each(t, func(w *round) {
		lives := id.New()
		w.exec(`INSERT INTO person (tenant_id, id, community_id, household_id, name, name_key, created_at, updated_at) VALUES ($1,$2,$3,$4,'周奶奶','zhou',1,1)`, lives, w.community, w.home)
		a, err := w.s.Visit(ctx, w.worker, patrol.NewVisit{Sent: key("v"), HouseholdID: w.home, Who: " 周奶奶 ", Note: "腿摔伤，买菜不便。", NeedIDs: []id.ID{w.care, w.otherNeed}})
		w.ok(err)
		if len(a.Cases) != 2 || a.Cases[0].Code == "" {
			t.Fatalf("answer %+v, want two cases", a)
		}
		d, err := w.cases.Get(ctx, w.worker, a.Cases[0].ID)
		w.ok(err)
		if d.KindCode != "need" || d.Channel != casework.ByVisit || d.PersonID != lives || d.BuildingID != w.building || d.Body != "腿摔伤，买菜不便。" || !strings.Contains(d.Place, "301") {
			t.Errorf("case %+v", d.Case)
		}
		again, err := w.s.Visit(ctx, w.worker, patrol.NewVisit{Sent: key("v"), HouseholdID: w.home, Who: "周奶奶", Note: "腿摔伤，买菜不便。", NeedIDs: []id.ID{w.care, w.otherNeed}})
		w.ok(err)
		if !slices.Equal(again.Cases, a.Cases) || w.cases1() != 2 {
			t.Errorf("sent again: %+v, %d cases", again.Cases, w.cases1())
		}
		_, err = w.s.Visit(ctx, w.worker, patrol.NewVisit{Sent: key("w"), HouseholdID: w.home})
		w.wants(err, errs.Invalid, "note")
		_, err = w.s.Visit(ctx, w.worker, patrol.NewVisit{Sent: key("w"), HouseholdID: w.home, NeedIDs: []id.ID{w.care, w.otherNeed}})
		w.wants(err, errs.Invalid, "note")
		_, err = w.s.Visit(ctx, w.worker, patrol.NewVisit{Sent: key("w"), HouseholdID: w.home, NeedIDs: []id.ID{w.rubbish}})
		w.wants(err, errs.Invalid, "need")
		if w.cases1() != 2 {
			t.Errorf("a visit that was refused left a case: %d", w.cases1())
		}
		// A visit on which nothing is needed is a visit too.
		none, err := w.s.Visit(ctx, w.worker, patrol.NewVisit{Sent: key("x"), HouseholdID: w.home, Note: "一切都好。"})
		w.ok(err)
		if len(none.Cases) != 0 {
			t.Errorf("a visit without needs made %+v", none.Cases)
		}
		list, err := w.s.Visits(ctx, w.colleague, w.home, db.Page{})
		w.ok(err)
		if len(list.Items) != 2 || list.Items[0].Note != "一切都好。" || list.Items[1].By != "王格" || len(list.Items[1].Cases) != 2 || list.Items[1].Cases[0].Code != "" {
			t.Errorf("visits of the household: %+v", list.Items)
		}
		if n := w.count(`SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'patrol.see' AND subject_id = $2 AND account_id = $3`, w.home, w.colleague.AccountID); n != 1 {
			t.Errorf("%d looks recorded, want one", n)
		}
		if list, err = w.s.Visits(ctx, w.beside, w.home, db.Page{}); err != nil || len(list.Items) != 0 {
			t.Errorf("another community reads %+v, %v", list.Items, err)
		}
		mine, err := w.s.Mine(ctx, w.worker, db.Page{})
		w.ok(err)
		if len(mine.Items) != 2 || mine.Items[1].Note != "" || mine.Items[1].Household == "" {
			t.Errorf("my entries: %+v", mine.Items)
		}
		if mine, err = w.s.Mine(ctx, w.colleague, db.Page{}); err != nil || len(mine.Items) != 0 {
			t.Errorf("a colleague's entries: %+v, %v", mine.Items, err)
		}
	})
}

func TestANumberChangedMeanwhileIsNotWrittenOver(t *testing.T) {
	each(t, func(w *round) {
		doors, err := w.people.Doors(ctx, w.worker, []id.ID{w.grid})
		w.ok(err)
		if len(doors) != 1 || doors[0].Version != 1 || !doors[0].On.IsZero() {
			t.Fatalf("doors %+v", doors)
		}
		up := patrol.NewUpkeep{Sent: key("u"), HouseholdID: w.home, Version: 1, Occupants: 3}
		theirs := up
		theirs.Sent, theirs.Occupants = key("t"), 4
		_, err = w.s.Upkeep(ctx, w.colleague, theirs)
		w.ok(err)
		_, err = w.s.Upkeep(ctx, w.worker, up)
		w.wants(err, errs.Conflict, "")
		var changed *patrol.ChangedError
		if !errors.As(err, &changed) || changed.Now.Occupants.Count != 4 || changed.Now.Version != 2 || changed.By != "李格" {
			t.Fatalf("conflict %+v", changed)
		}
		if n := w.count(`SELECT occupants FROM household WHERE tenant_id = $1 AND id = $2`, w.home); n != 4 {
			t.Errorf("%d people, want 4 as before", n)
		}
		if n := w.count(`SELECT count(*) FROM patrol_entry WHERE tenant_id = $1 AND account_id = $2`, w.worker.AccountID); n != 0 {
			t.Error("the entry that met a conflict was kept as done")
		}
		// The worker has seen it and decides: the same key, with the version that they saw.
		up.Version = changed.Now.Version
		_, err = w.s.Upkeep(ctx, w.worker, up)
		w.ok(err)
		again, err := w.s.Upkeep(ctx, w.worker, up)
		w.ok(err)
		if !again.Again || w.count(`SELECT occupants FROM household WHERE tenant_id = $1 AND id = $2`, w.home) != 3 || w.count(`SELECT version FROM household WHERE tenant_id = $1 AND id = $2`, w.home) != 3 {
			t.Error("the number was not written once")
		}
		// Who says the same as what stands there meets no conflict.
		same := patrol.NewUpkeep{Sent: key("s"), HouseholdID: w.home, Version: 1, Occupants: 3}
		_, err = w.s.Upkeep(ctx, w.colleague, same)
		w.ok(err)
		_, err = w.s.Upkeep(ctx, w.worker, patrol.NewUpkeep{Sent: key("y"), HouseholdID: w.home, Version: 4, Occupants: 31})
		w.wants(err, errs.Invalid, "occupants")
		_, err = w.s.Upkeep(ctx, w.beside, patrol.NewUpkeep{Sent: key("z"), HouseholdID: w.home, Version: 4, Occupants: 1})
		w.wants(err, errs.Invalid, "household")
	})
}

func TestARoundIsOnesOwn(t *testing.T) {
	each(t, func(w *round) {
		second := id.New()
		w.exec(`INSERT INTO grid (tenant_id, id, community_id, code, name, worker_name) VALUES ($1,$2,$3,'320902001001002','第二网格','李格')`, second, w.community)
		for _, c := range []struct {
			who  authz.Actor
			want []id.ID
		}{{w.worker, []id.ID{w.grid}}, {w.colleague, []id.ID{second}}, {w.none, []id.ID{w.grid, second}}, {w.beside, nil}} {
			r, err := w.places.Round(ctx, c.who)
			w.ok(err)
			var got []id.ID
			for _, g := range r.Grids {
				got = append(got, g.ID)
			}
			if !slices.Equal(got, c.want) {
				t.Errorf("the round of %s is %v, want %v", c.who.Name, got, c.want)
			}
		}
		r, err := w.places.Round(ctx, w.worker)
		w.ok(err)
		if len(r.Buildings) != 1 || r.Buildings[0].ID != w.building {
			t.Errorf("buildings %+v", r.Buildings)
		}
		if doors, err := w.people.Doors(ctx, w.beside, []id.ID{w.grid}); err != nil || len(doors) != 0 {
			t.Errorf("another community's worker lists %+v, %v", doors, err)
		}
	})
}

func TestWhatWasReportedInAGridIsFound(t *testing.T) {
	each(t, func(w *round) {
		for i, at := range []patrol.Where{{BuildingID: w.building}, {GridID: w.grid, Place: "北门"}} {
			_, err := w.s.Event(ctx, w.worker, patrol.NewEvent{Sent: key("near" + string(rune('0'+i))), Where: at, ItemID: w.rubbish})
			w.ok(err)
		}
		list, err := w.cases.List(ctx, w.colleague, casework.Filter{Grids: []id.ID{w.grid}})
		w.ok(err)
		if len(list.Items) != 2 {
			t.Errorf("%d in the grid, want two", len(list.Items))
		}
		if list, err = w.cases.List(ctx, w.colleague, casework.Filter{Building: w.building}); err != nil || len(list.Items) != 1 {
			t.Errorf("%d at the building, %v, want one", len(list.Items), err)
		}
		recent, err := w.cases.RecentItems(ctx, w.worker, casework.ByGrid, 4)
		w.ok(err)
		if !slices.Equal(recent, []id.ID{w.rubbish}) {
			t.Errorf("used lately: %v", recent)
		}
		if recent, err = w.cases.RecentItems(ctx, w.colleague, casework.ByGrid, 4); err != nil || len(recent) != 0 {
			t.Errorf("a colleague's: %v, %v", recent, err)
		}
	})
}

// A key that was used is not taken for something else: nothing is called done that was not.
func TestAKeyIsNotUsedForSomethingElse(t *testing.T) {
	each(t, func(w *round) {
		n := patrol.NewEvent{Sent: key("again"), Where: patrol.Where{GridID: w.grid, Place: "北门"}, ItemID: w.rubbish}
		_, err := w.s.Event(ctx, w.worker, n)
		w.ok(err)
		n.Place = "南门"
		_, err = w.s.Event(ctx, w.worker, n)
		w.wants(err, errs.Invalid, "key")
		_, err = w.s.Visit(ctx, w.worker, patrol.NewVisit{Sent: key("again"), HouseholdID: w.home, Note: "都好"})
		w.wants(err, errs.Invalid, "key")
		if n := w.cases1(); n != 1 {
			t.Errorf("%d cases, want one", n)
		}
	})
}

// What was noted of a visit goes when the register forgets who lives there.
func TestNotesGoWithWhoIsForgotten(t *testing.T) {
	each(t, func(w *round) {
		lives := id.New()
		w.exec(`INSERT INTO person (tenant_id, id, community_id, household_id, name, name_key, created_at, updated_at) VALUES ($1,$2,$3,$4,'周奶奶','zhou',1,1)`, lives, w.community, w.home)
		_, err := w.s.Visit(ctx, w.worker, patrol.NewVisit{Sent: key("v"), HouseholdID: w.home, Note: "周奶奶腿不好"})
		w.ok(err)
		noted := func() string {
			l, err := w.s.Visits(ctx, w.worker, w.home, db.Page{})
			w.ok(err)
			return l.Items[0].Note
		}
		forget := func(tenant int64) {
			w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error { return patrol.ForgetTx(ctx, tx, tenant, []id.ID{lives}) }))
		}
		if forget(testkit.Other); noted() == "" {
			t.Error("another district took the note away")
		}
		if forget(testkit.Tenant); noted() != "" {
			t.Errorf("%q is still noted", noted())
		}
	})
}
