package table_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"strings"
	"testing"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/seal"
	"linli/internal/table"
	"linli/internal/testkit"
)

var ctx = context.Background()

var street, east, west = id.ID(100), id.ID(101), id.ID(102)

// queue keeps the runs that were put into it.
type queue struct{ runs []id.ID }

func (q *queue) EnqueueTable(_ context.Context, _ *db.Tx, _ authz.Actor, run id.ID) (id.ID, error) {
	q.runs = append(q.runs, run)
	return run, nil
}

// rights are the accounts with what they may do today.
type rights map[id.ID]authz.Actor

func (r rights) Actor(_ context.Context, _ int64, account id.ID) (authz.Actor, error) {
	a, ok := r[account]
	if !ok {
		return a, errs.ErrForbidden
	}
	return a, nil
}

type world struct {
	t      *testing.T
	d      *db.DB
	clock  *testkit.Clock
	s      *table.Service
	facts  *fact.Catalogue
	people *person.Service
	queue  *queue
	rights rights
	street authz.Actor // the sub-district's desk: sees both communities
	east   authz.Actor
	west   authz.Actor
	wang   id.ID // in the east
	li     id.ID // in the west
}

var sees = []authz.Permission{person.PermSee, place.PermSee, organisation.PermSee, table.PermUse}

func staff(account id.ID, root id.ID, orgs []id.ID, perms ...authz.Permission) authz.Actor {
	a := testkit.Actor(testkit.Tenant, orgs, perms...)
	a.AccountID, a.Name = account, "Account "+account.String()
	for i := range a.Grants {
		a.Grants[i].Root = root
	}
	return a
}

func each(t *testing.T, f func(w *world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		for _, o := range []struct {
			id         id.ID
			kind, name string
			path       string
		}{{street, "working_committee", "云山街道", "/100/"}, {east, "community_party", "朝阳", "/100/101/"}, {west, "community_party", "雅和", "/100/102/"}} {
			testkit.Exec(t, d, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, short_name, path, created_at, updated_at)
				VALUES ($1,$2,$3,$4,$4,$4,$5,1,1)`, testkit.Tenant, o.id, o.kind, o.name, o.path)
		}
		ring := seal.Ephemeral()
		w := &world{t: t, d: d, clock: clock, people: person.New(d, ring), queue: &queue{}}
		orgs := organisation.New(d, ring)
		w.facts = fact.New(d, ring, w.people, w.people.Facts(), place.New(d).Facts(), orgs.Facts())
		w.s = table.New(d, ring, w.facts, orgs, nil)
		w.street = staff(1, street, []id.ID{street, east, west}, append([]authz.Permission{person.PermReveal}, sees...)...)
		w.east = staff(2, east, []id.ID{east}, append([]authz.Permission{person.PermEdit, person.PermReveal}, sees...)...)
		w.west = staff(3, west, []id.ID{west}, append([]authz.Permission{person.PermEdit}, sees...)...)
		w.rights = rights{1: w.street, 2: w.east, 3: w.west}
		w.s.InBackground(w.queue, w.rights)
		w.wang, w.li = w.person(east, "王芳", "1950-02-03"), w.person(west, "李雷", "1990-05-06")
		f(w)
	})
}

func (w *world) must(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) person(community id.ID, name, born string) id.ID {
	w.t.Helper()
	p, err := w.people.Create(ctx, testkit.Actor(testkit.Tenant, nil, person.PermSee, person.PermEdit), person.NewPerson{CommunityID: community,
		Fields: person.Fields{Name: name, BornOn: calendar.MustParse(born), Phone: "13812345678"}})
	w.must(err)
	return p
}

var register = table.Draft{Title: "名册", Subject: fact.Person, Definition: table.Definition{Columns: []table.Column{{Kind: table.Serial}, {Kind: table.Fact, Ref: "person.name"},
	{Kind: table.Fact, Ref: "person.born_on", Heading: "生日", Style: table.DayChars}, {Kind: table.Fact, Ref: "person.sex"}, {Kind: table.Fact, Ref: "person.phone"},
	{Kind: table.Own, Heading: "走访"}}, Sort: "person.born_on"}}

func (w *world) create(a authz.Actor, d table.Draft) table.Table {
	w.t.Helper()
	t, err := w.s.Create(ctx, a, d)
	w.must(err)
	return t
}

func names(v table.View) (out []string) {
	for _, r := range v.Rows {
		out = append(out, r.Cells[1].Text)
	}
	return out
}

func (w *world) rows(a authz.Actor, t id.ID) table.View {
	w.t.Helper()
	v, err := w.s.Rows(ctx, a, t, table.Ask{})
	w.must(err)
	return v
}

func TestASharedTableShowsEachReaderTheirOwnRows(t *testing.T) {
	each(t, func(w *world) {
		mine := w.create(w.street, register)
		if got := fmt.Sprint(names(w.rows(w.street, mine.ID))); got != "[王芳 李雷]" {
			t.Errorf("the owner sees %s", got)
		}
		for who, a := range map[string]authz.Actor{"a community": w.east, "another tenant": testkit.Actor(testkit.Other, nil, sees...), "nobody": {}} {
			if _, err := w.s.Get(ctx, a, mine.ID); errs.KindOf(err) != errs.NotFound {
				t.Errorf("before it is shared, %s: %v", who, err)
			}
		}
		w.must(w.s.Share(ctx, w.street, mine.ID, street))
		for a, want := range map[*authz.Actor]string{&w.east: "[王芳]", &w.west: "[李雷]"} {
			if got := fmt.Sprint(names(w.rows(*a, mine.ID))); got != want {
				t.Errorf("%s sees %s, want %s", a.Name, got, want)
			}
		}
		stranger := testkit.Actor(testkit.Other, nil, sees...)
		stranger.AccountID = 1
		if _, err := w.s.Rows(ctx, stranger, mine.ID, table.Ask{}); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another tenant: %v", err)
		}
		if _, err := w.s.Save(ctx, w.east, mine.ID, 0, register); errs.KindOf(err) != errs.Forbidden {
			t.Errorf("somebody else saves: %v", err)
		}
		for who, err := range map[string]error{"removes": w.s.Remove(ctx, w.east, mine.ID), "shares": w.s.Share(ctx, w.east, mine.ID, east)} {
			if errs.KindOf(err) != errs.Forbidden {
				t.Errorf("somebody else %s: %v", who, err)
			}
		}
		if err := w.s.Share(ctx, w.east, w.create(w.east, register).ID, west); errs.KindOf(err) != errs.Invalid {
			t.Errorf("shared outside the scope: %v", err)
		}
		own, err := w.s.Copy(ctx, w.east, mine.ID)
		w.must(err)
		if own.OwnerID != w.east.AccountID || own.SharedID != 0 {
			t.Errorf("copy = %+v", own)
		}
		l, err := w.s.List(ctx, w.east, table.Filter{Show: table.Shared})
		w.must(err)
		if len(l.Items) != 1 || l.Items[0].ID != mine.ID || l.Items[0].SharedName != "云山街道" {
			t.Errorf("shared with the east: %+v", l.Items)
		}
		w.must(w.s.Remove(ctx, w.street, mine.ID))
		if _, err := w.s.Get(ctx, w.east, mine.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("a removed table is still shared: %v", err)
		}
		w.must(w.s.Restore(ctx, w.street, mine.ID))
		w.rows(w.east, mine.ID)
		w.must(w.s.Remove(ctx, w.street, mine.ID))
		w.clock.Advance(32 * 24 * 3600 * 1e9)
		w.must(w.s.Sweep(ctx, testkit.Tenant))
		if err := w.s.Restore(ctx, w.street, mine.ID); errs.KindOf(err) != errs.NotFound {
			t.Errorf("brought back after its time: %v", err)
		}
	})
}

func TestWhatIsUnknownIsNotNoAndWhatIsSealedIsMasked(t *testing.T) {
	each(t, func(w *world) {
		d := register
		v := w.rows(w.east, w.create(w.east, d).ID)
		c := v.Rows[0].Cells
		if c[2].Text != "1950年2月3日" || c[3].Known || !c[4].Hidden || strings.Contains(c[4].Text, "1234") || !c[5].Known {
			t.Errorf("cells = %+v", c)
		}
		d.Where = []fact.Condition{{Ref: "person.relief", Test: fact.Equals, Values: []string{"否"}}}
		if v := w.rows(w.east, w.create(w.east, d).ID); len(v.Rows) != 0 {
			t.Errorf("a list that nobody declared complete says no of %v", names(v))
		}
		w.must(w.facts.DeclareComplete(ctx, testkit.Actor(testkit.Tenant, nil, fact.PermDefine), "person.relief", calendar.DateOf(w.d.Now()), ""))
		if v := w.rows(w.east, w.create(w.east, d).ID); len(v.Rows) != 1 {
			t.Errorf("declared complete: %v", names(v))
		}
	})
}

func TestTwoEditorsAtOnce(t *testing.T) {
	each(t, func(w *world) {
		x := w.create(w.east, register)
		d := x.Draft
		d.Title = "甲"
		if _, err := w.s.Save(ctx, w.east, x.ID, x.Version, d); err != nil {
			t.Fatal(err)
		}
		d.Title = "乙"
		if _, err := w.s.Save(ctx, w.east, x.ID, x.Version, d); errs.KindOf(err) != errs.Conflict {
			t.Errorf("the second save = %v, want a conflict", err)
		}
		if now, err := w.s.Get(ctx, w.east, x.ID); err != nil || now.Title != "甲" || now.Version != 2 {
			t.Errorf("it is %q of version %d, %v", now.Title, now.Version, err)
		}
	})
}

func TestAFactThatIsGoneLeavesTheRest(t *testing.T) {
	each(t, func(w *world) {
		d := register
		x := w.create(w.east, d)
		// As after an upgrade that gives a fact up.
		testkit.Exec(t, w.d, `UPDATE saved_table SET definition = replace(definition, 'person.sex', 'person.given_up') WHERE id = $1`, x.ID)
		v := w.rows(w.east, x.ID)
		if !v.Heads[3].Gone || v.Heads[1].Gone || v.Rows[0].Cells[1].Text != "王芳" || v.Rows[0].Cells[3].Known {
			t.Errorf("heads %+v, cells %+v", v.Heads, v.Rows[0].Cells)
		}
		rest := v.Table.Draft
		rest.Title = "改过名"
		if _, err := w.s.Save(ctx, w.east, x.ID, 0, rest); err != nil {
			t.Errorf("saved with the gone column: %v", err)
		}
		d.Where = []fact.Condition{{Ref: "person.sex", Test: fact.Known}}
		y := w.create(w.east, d)
		testkit.Exec(t, w.d, `UPDATE saved_table SET definition = replace(definition, 'person.sex', 'person.given_up') WHERE id = $1`, y.ID)
		if _, err := w.s.Rows(ctx, w.east, y.ID, table.Ask{}); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a condition on a gone fact: %v, want it to stop", err)
		}
		if _, err := w.s.Create(ctx, w.east, rest); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a new table with an unknown fact: %v", err)
		}
	})
}

func TestDraftsAreChecked(t *testing.T) {
	each(t, func(w *world) {
		for field, change := range map[string]func(*table.Draft){
			"title":    func(d *table.Draft) { d.Title = strings.Repeat("长", 500) },
			"subject":  func(d *table.Draft) { d.Subject = "ghost" },
			"columns":  func(d *table.Draft) { d.Columns = nil },
			"column_1": func(d *table.Draft) { d.Columns = []table.Column{{Kind: table.Fact, Ref: "grid.name"}} },
			"where_1": func(d *table.Draft) {
				d.Where = []fact.Condition{{Ref: "person.phone", Test: fact.Equals, Values: []string{"1"}}}
			},
			"sort":  func(d *table.Draft) { d.Sort = "person.age" },
			"place": func(d *table.Draft) { d.Place = 999 },
		} {
			d := register
			change(&d)
			_, err := w.s.Create(ctx, w.east, d)
			e := errs.As(err)
			if e == nil || field != "place" && e.Fields[field].Text.IsZero() {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestEditionsAreComparedAndFailVisibly(t *testing.T) {
	each(t, func(w *world) {
		x := w.create(w.east, register)
		c, err := w.s.Repeat(ctx, w.east, x.ID, table.Schedule{Every: table.Monthly, OnDay: 31})
		w.must(err)
		if c.NextOn.Day() != c.NextOn.EndOfMonth().Day() || !c.NextOn.After(calendar.DateOf(w.d.Now())) {
			t.Errorf("next on %v", c.NextOn)
		}
		run := func() (table.Run, error) {
			w.t.Helper()
			s, err := w.s.ScheduleOf(ctx, w.east, x.ID)
			w.must(err)
			w.clock.Set(s.NextOn.Time().Add(6 * 3600 * 1e9))
			w.queue.runs = nil
			w.must(w.s.Due(ctx, testkit.Tenant))
			w.must(w.s.Due(ctx, testkit.Tenant)) // once only
			if len(w.queue.runs) != 1 {
				t.Fatalf("%d runs were queued", len(w.queue.runs))
			}
			err = w.s.RunJob(ctx, testkit.Tenant, w.queue.runs[0], nil)
			r, ferr := w.s.Run(ctx, w.east, w.queue.runs[0])
			w.must(ferr)
			return r, err
		}
		first, err := run()
		w.must(err)
		if first.State != table.Done || first.Rows != 1 || first.PreviousID != 0 {
			t.Errorf("first = %+v", first)
		}
		if l, err := w.s.Waiting(ctx, w.east); err != nil || len(l) != 1 || l[0].Kind != table.WaitEdition || l[0].Subject != first.ID {
			t.Errorf("waits: %+v, %v", l, err)
		}
		w.must(w.s.Look(ctx, w.east, first.ID))
		if l, err := w.s.Waiting(ctx, w.east); err != nil || len(l) != 0 {
			t.Errorf("waits after a look: %+v, %v", l, err)
		}
		zhao := w.person(east, "赵六", "1970-01-01")
		testkit.Exec(t, w.d, `UPDATE person SET name = '王芳芳', sex = '2' WHERE id = $1`, w.wang)
		second, err := run()
		w.must(err)
		if second.Added != 1 || second.Removed != 0 || second.Changed != 1 || second.PreviousID != first.ID {
			t.Errorf("second = %+v", second)
		}
		_, changes, err := w.s.Changes(ctx, w.east, second.ID)
		w.must(err)
		said := map[id.ID]string{}
		for _, ch := range changes {
			said[ch.ID] = fmt.Sprint(ch.What, ch.Cells)
		}
		if said[zhao] != "added[]" || !strings.Contains(said[w.wang], "王芳 王芳芳") || !strings.Contains(said[w.wang], "未登记 女") {
			t.Errorf("changes = %v", said)
		}
		testkit.Exec(t, w.d, `UPDATE person SET moved_out_on = '2026-01-01' WHERE id = $1`, zhao)
		third, err := run()
		w.must(err)
		if third.Added+third.Changed != 0 || third.Removed != 1 {
			t.Errorf("third = %+v", third)
		}
		var b bytes.Buffer
		w.must(w.s.Download(ctx, w.east, third.ID, table.XLSX, &b))
		for who, a := range map[string]authz.Actor{"a colleague": w.street, "another tenant": testkit.Actor(testkit.Other, nil, sees...)} {
			if err := w.s.Download(ctx, a, third.ID, table.XLSX, io.Discard); errs.KindOf(err) != errs.NotFound {
				t.Errorf("%s fetches it: %v", who, err)
			}
		}
		// The owner's post ends: the edition fails where it is seen.
		w.rights[2] = staff(2, east, []id.ID{east}, table.PermUse)
		failed, err := run()
		if errs.KindOf(err) != errs.Forbidden || failed.State != table.Failed || failed.Message == "" {
			t.Errorf("without the right: %+v, %v", failed, err)
		}
		delete(w.rights, 2)
		if failed, err = run(); errs.KindOf(err) != errs.Forbidden || failed.State != table.Failed {
			t.Errorf("without the account: %+v, %v", failed, err)
		}
		l, err := w.s.Waiting(ctx, w.east)
		w.must(err)
		if fmt.Sprint(len(l)) != "2" || l[1].Kind != table.WaitFailed || l[1].Count != 2 {
			t.Errorf("waits: %+v", l)
		}
		w.clock.Advance(500 * 24 * 3600 * 1e9)
		w.must(w.s.Sweep(ctx, testkit.Tenant))
		if n, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM table_run`); err != nil || n != 0 {
			t.Errorf("%d runs are kept past their day, %v", n, err)
		}
	})
}

func TestUnattendedEditionsOpenOnlyWhatTheScheduleStates(t *testing.T) {
	each(t, func(w *world) {
		x := w.create(w.east, register)
		if _, err := w.s.Repeat(ctx, w.east, x.ID, table.Schedule{Every: table.Quarterly, OnDay: 5, Purpose: "contact"}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a purpose without a reason: %v", err)
		}
		for purpose, open := range map[string]bool{"": false, "contact": true} {
			_, err := w.s.Repeat(ctx, w.east, x.ID, table.Schedule{Every: table.Quarterly, OnDay: 5, Purpose: purpose, Reason: "季度走访"})
			w.must(err)
			s, err := w.s.ScheduleOf(ctx, w.east, x.ID)
			w.must(err)
			w.clock.Set(s.NextOn.Time().Add(6 * 3600 * 1e9))
			w.queue.runs = nil
			w.must(w.s.Due(ctx, testkit.Tenant))
			w.must(w.s.RunJob(ctx, testkit.Tenant, w.queue.runs[0], nil))
			var b bytes.Buffer
			w.must(w.s.Download(ctx, w.east, w.queue.runs[0], table.CSV, &b))
			if got := strings.Contains(b.String(), "13812345678"); got != open {
				t.Errorf("purpose %q: open = %v", purpose, got)
			}
		}
	})
}

func TestThereAreTablesToStartFrom(t *testing.T) {
	each(t, func(w *world) {
		templates, err := w.s.Templates(ctx, w.east)
		w.must(err)
		if len(templates) < 8 {
			t.Errorf("%d templates", len(templates))
		}
	})
}
