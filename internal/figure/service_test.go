package figure_test

import (
	"fmt"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/id"
	"linli/internal/testkit"
)

func each(t *testing.T, fn func(t *testing.T, d *db.DB, clock *testkit.Clock)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		fn(t, d, clock)
	})
}

func period(t *testing.T, s string) figure.Period {
	t.Helper()
	p, err := figure.ParsePeriod(s)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// everything is a test's actor who may see all that figures open to.
func everything(tenant int64, orgs ...id.ID) authz.Actor {
	return testkit.Actor(tenant, orgs, figure.PermSee, figure.PermKeep, "member.see", "resident.see", "organisation.see", "casework.see")
}

// total adds the records up, page by page.
func total(t *testing.T, s *figure.Service, actor authz.Actor, q figure.Query) (amount, records int64) {
	t.Helper()
	seen := map[string]bool{}
	q.Page.Limit = 7
	for {
		l, err := s.Records(t.Context(), actor, q)
		if err != nil {
			t.Fatalf("records of %s: %v", q.Figure, err)
		}
		for _, r := range l.Items {
			amount += r.Amount
			records++
		}
		if l.Next == "" {
			return amount, records
		}
		if seen[l.Next] {
			t.Fatalf("records of %s: page %s comes twice", q.Figure, l.Next)
		}
		seen[l.Next] = true
		q.Page.After = db.ParseCursor(l.Next)
	}
}

// agree holds, for every figure at every place in some periods: what was rolled up, what the records give now, the sum of the records
// page by page, and the sums of the items of every breakdown are the same number.
func (w *world) agree(s *figure.Service, periods ...string) {
	w.t.Helper()
	ctx, actor := w.t.Context(), everything(w.tenant)
	for _, name := range periods {
		p := period(w.t, name)
		if err := s.Roll(ctx, w.tenant, p, nil); err != nil {
			w.t.Fatal(err)
		}
		for _, f := range figure.Catalogue() {
			for i, at := range w.places[:5] { // the district, both sub-districts, a community of one and another
				d, err := s.Get(ctx, actor, f.ID, at, p)
				if err != nil {
					w.t.Fatalf("%s at place %d in %s: %v", f.ID, i, name, err)
				}
				where := fmt.Sprintf("%s at place %d in %s", f.ID, i, name)
				if !d.Agrees() || d.Live.Known != d.Line.Now.Known {
					w.t.Errorf("%s: the records give %+v, rolled up %+v", where, d.Live, d.Line.Now)
				}
				if !d.Live.Known || f.Ratio != nil {
					continue
				}
				if amount, records := total(w.t, s, actor, figure.Query{Figure: f.ID, Place: at, Period: p}); amount != d.Live.Amount || records != d.Live.Records {
					w.t.Errorf("%s: %d records add up to %d, the figure is %+v", where, records, amount, d.Live)
				}
				for _, b := range d.Breakdowns {
					var sum int64
					for _, it := range b.Items {
						sum += it.Value.Amount
					}
					if sum != d.Live.Amount {
						w.t.Errorf("%s by %s adds up to %d, the figure is %d", where, b.Dim.Key, sum, d.Live.Amount)
					}
				}
			}
		}
	}
}

// The figure is the sum of its records and equals what was rolled up, whatever happens in between.
func TestFiguresAreTheSumOfTheirRecords(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
		w := newWorld(t, d, 41, testkit.Tenant)
		newWorld(t, d, 42, testkit.Other) // must not show
		s := figure.New(d)
		w.agree(s, "2026Q3", "2025Q4", "2026")
		for range 2 {
			for range 25 {
				w.change()
			}
			w.agree(s, "2026Q3")
		}
	})
}

// A few figures of a period that nobody has rolled up are the same as afterwards, and asking for them does not roll it up.
func TestFewFiguresAreWorkedOutByThemselves(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
		w := newWorld(t, d, 3, testkit.Tenant)
		newWorld(t, d, 8, testkit.Other)
		s, periods := figure.New(d), []figure.Period{period(t, "2026Q3"), period(t, "2025Q4")}
		names := []string{"resident.total", "resident.elderly_share", "hours.total", "deeds.reached_share", "attendance.member_share", "claim.members"}
		at := []id.ID{w.root, w.street, w.communities[0]}
		ask := func() []figure.Cell {
			list, err := s.Batch(t.Context(), everything(w.tenant), names, at, periods)
			if err != nil {
				t.Fatal(err)
			}
			return list
		}
		before := ask()
		if n, err := db.Value[int64](t.Context(), d, `SELECT count(*) FROM figure_value`); err != nil || n != 0 {
			t.Errorf("%d values were kept, %v", n, err)
		}
		if err := s.Roll(t.Context(), w.tenant, periods[0], nil); err != nil {
			t.Fatal(err)
		}
		half := ask() // one period rolled up, one not
		if err := s.Roll(t.Context(), w.tenant, periods[1], nil); err != nil {
			t.Fatal(err)
		}
		told := 0
		for i, c := range ask() {
			if before[i].Value != c.Value || half[i].Value != c.Value {
				t.Errorf("%s at %s in %s: %+v, then %+v, rolled up %+v", c.Figure.ID, c.Place.Name, c.Period, before[i].Value, half[i].Value, c.Value)
			}
			if c.Value.Amount != 0 {
				told++
			}
		}
		if told < 10 {
			t.Errorf("only %d cells are not zero", told)
		}
	})
}

// What adds up does: a sub-district is the sum of its communities and of what is its own, the district of everything.
func TestSubDistrictsAreTheSumOfTheirCommunities(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
		w := newWorld(t, d, 3, testkit.Tenant)
		s, p := figure.New(d), period(t, "2026Q3")
		cells := func(f *figure.Figure, at ...id.ID) (sum int64) {
			list, err := s.Batch(t.Context(), everything(w.tenant), []string{f.ID}, at, []figure.Period{p})
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range list {
				sum += c.Value.Amount
			}
			return sum
		}
		distinct := 0
		for _, f := range figure.Catalogue() {
			if f.SQL == "" || f.District || f.Subject == figure.Organisation {
				continue
			}
			street, parts := cells(f, w.street), cells(f, w.communities[0], w.communities[1], w.communities[4])
			switch own := f.Subject == figure.Meeting || f.Subject == figure.Technician || f.Subject == figure.Cobuild || f.Subject == figure.Resource || f.Subject == figure.Outlet || f.Subject == figure.Project; { // a sub-district holds meetings, has technicians, signs agreements, and has resources and a centre itself
			case own && street < parts:
				t.Errorf("%s: the sub-district has %d, its communities together %d", f.ID, street, parts)
			case !own && !f.Distinct && street != parts:
				t.Errorf("%s: the sub-district has %d, its communities together %d", f.ID, street, parts)
			}
			if f.Distinct {
				distinct++
				if all := cells(f, w.root); street > parts || all < street {
					t.Errorf("%s: %d in the communities, %d in the sub-district, %d in the district", f.ID, parts, street, all)
				}
			}
		}
		if distinct < 3 {
			t.Errorf("%d figures count different people", distinct)
		}
	})
}

func TestNobodySeesMoreThanTheirPlaces(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
		w := newWorld(t, d, 5, testkit.Tenant)
		far := newWorld(t, d, 6, testkit.Other)
		s, p := figure.New(d), period(t, "2026Q3")
		ctx := t.Context()
		own := everything(w.tenant, w.communities[0])
		list, err := s.Places(ctx, own)
		if err != nil || len(list) > 1 {
			t.Errorf("Places = %v, %v", list, err)
		}
		for name, at := range map[string]id.ID{"another community": w.communities[1], "the sub-district": w.street, "the district": w.root, "another district": far.root, "nothing": 1} {
			if _, err := s.Get(ctx, own, "member.total", at, p); errs.KindOf(err) != errs.NotFound {
				t.Errorf("Get at %s = %v", name, err)
			}
			if _, err := s.Records(ctx, own, figure.Query{Figure: "member.total", Place: at, Period: p}); errs.KindOf(err) != errs.NotFound {
				t.Errorf("Records at %s = %v", name, err)
			}
			if _, err := s.ReportOf(ctx, own, at, p); errs.KindOf(err) != errs.NotFound {
				t.Errorf("ReportOf %s = %v", name, err)
			}
			if _, err := s.Batch(ctx, own, []string{"member.total"}, []id.ID{at}, []figure.Period{p}); errs.KindOf(err) != errs.NotFound {
				t.Errorf("Batch at %s = %v", name, err)
			}
		}
		nobody := testkit.Actor(w.tenant, nil, "member.see")
		if _, err := s.Get(ctx, nobody, "member.total", w.root, p); errs.KindOf(err) != errs.NotFound {
			t.Errorf("without the permission: %v", err)
		}
		if _, err := s.Get(ctx, nobody, "member.total", 0, p); errs.KindOf(err) != errs.NotFound {
			t.Errorf("without the permission, anywhere: %v", err)
		}
		for _, c := range []error{s.Recompute(ctx, own, p), s.Freeze(ctx, own, p.Add(-1)), s.Reopen(ctx, own, p.Add(-1), "x")} {
			if errs.KindOf(c) != errs.Forbidden {
				t.Errorf("keeping with a part of the district: %v", c)
			}
		}
	})
}

// Cases that the actor does not see are counted, and neither listed nor written out: that there is one is not for them to know.
func TestCasesThatAreNotSeenAreCountedAlone(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
		w := newWorld(t, d, 8, testkit.Tenant)
		at := db.Micros(calendar.On(2026, 8, 3).Time())
		for i := range 20 {
			c := id.New()
			w.insert("service_case", "id no kind_code community_id title title_key channel code_key state org_id received_at clock_at updated_at", c, c.String(), []string{"opinion", "service"}[i%2], w.communities[0], "t", "t", "web",
				c.String(), "received", w.communities[0], at, at, at)
		}
		s, q := figure.New(d), figure.Query{Figure: "case.received", Place: w.root, Period: period(t, "2026Q3")}
		actor := everything(w.tenant)
		_, before := total(t, s, actor, q)
		if before < 4 {
			t.Fatalf("only %d cases", before)
		}
		w.exec(`UPDATE service_case SET confidential = TRUE, visibility = 'confidential' WHERE tenant_id = $1 AND kind_code = 'opinion'`, w.tenant)
		for _, c := range []struct {
			actor authz.Actor
			none  bool // sees no case at all
		}{{actor, false}, {testkit.Actor(w.tenant, nil, figure.PermSee), true}} {
			_, listed := total(t, s, c.actor, q)
			left, err := s.LeftOut(t.Context(), c.actor, q)
			if err != nil || listed+left != before || c.none != (listed == 0) || left == 0 {
				t.Errorf("%d listed, %d left out of %d, %v", listed, left, before, err)
			}
			written := int64(0)
			if err := s.EachRecord(t.Context(), c.actor, q, func(figure.Record) error { written++; return nil }); err != nil || written != listed {
				t.Errorf("%d written, %d listed, %v", written, listed, err)
			}
			of := q
			of.Dim, of.Item = "case", "opinion"
			if _, n := total(t, s, c.actor, of); n != 0 {
				t.Errorf("%d confidential cases are listed", n)
			}
			if all, err := s.LeftOut(t.Context(), c.actor, of); err != nil || all == 0 || !c.none && all != left {
				t.Errorf("%d of %d are left out, %v", all, left, err)
			}
			if got, err := s.Get(t.Context(), c.actor, q.Figure, w.root, q.Period); err != nil || got.Live.Records != before {
				t.Errorf("the figure counts %d, %v", got.Live.Records, err)
			}
		}
		q.Figure = "resident.total"
		if n, err := s.LeftOut(t.Context(), testkit.Actor(w.tenant, nil, figure.PermSee), q); err != nil || n != 0 {
			t.Errorf("of residents %d are left out, %v", n, err)
		}
	})
}

// Who may see figures but not residents sees that there are records, not whose they are.
func TestNamesNeedTheirOwnPermission(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
		w := newWorld(t, d, 8, testkit.Tenant)
		s, q := figure.New(d), figure.Query{Figure: "resident.total", Place: w.root, Period: period(t, "2026Q3")}
		for _, c := range []struct {
			actor authz.Actor
			named bool
		}{{everything(w.tenant), true}, {testkit.Actor(w.tenant, nil, figure.PermSee), false}} {
			l, err := s.Records(t.Context(), c.actor, q)
			if err != nil || len(l.Items) == 0 {
				t.Fatalf("Records = %v, %v", l, err)
			}
			for _, r := range l.Items {
				if (r.Label != "") != c.named || r.Opens != c.named {
					t.Errorf("a record is %+v, want named %v", r, c.named)
				}
			}
		}
	})
}

func TestAQuarterIsFrozenAndReopened(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, clock *testkit.Clock) {
		w := newWorld(t, d, 9, testkit.Tenant)
		s, p, actor, ctx := figure.New(d), period(t, "2026Q3"), everything(testkit.Tenant), t.Context()
		if err := s.Freeze(ctx, actor, p); errs.KindOf(err) != errs.Conflict {
			t.Errorf("freezing a quarter that goes on: %v", err)
		}
		keep := func() {
			t.Helper()
			if err := s.Keep(ctx, w.tenant, nil); err != nil {
				t.Fatal(err)
			}
		}
		get := func() figure.Detail {
			t.Helper()
			x, err := s.Get(ctx, actor, "org.units", w.root, p)
			if err != nil {
				t.Fatal(err)
			}
			return x
		}
		keep()
		if got := get(); got.Rolled.State != figure.Open {
			t.Errorf("the present quarter is %s", got.Rolled.State)
		}
		clock.Set(time.Date(2026, 10, 25, 2, 0, 0, 0, time.UTC)) // 25 days after its end
		keep()
		was := get()
		if was.Rolled.State != figure.Frozen || was.Rolled.Policies["ledger.target_hours"] == 0 && len(was.Rolled.Policies) == 0 {
			t.Errorf("25 days later: %+v", was.Rolled)
		}
		w.exec(`UPDATE organisation SET established_on = '', dissolved_on = '' WHERE tenant_id = $1 AND kind = 'unit'`, w.tenant)
		extra := w.org("unit", w.root, 0)
		w.exec(`UPDATE organisation SET established_on = '', dissolved_on = '' WHERE tenant_id = $1 AND id = $2`, w.tenant, extra)
		keep()
		if got := get(); got.Line.Now != was.Line.Now || got.Agrees() {
			t.Errorf("frozen at %+v, now %+v, agrees %v", was.Line.Now, got.Line.Now, got.Agrees())
		}
		if err := s.Recompute(ctx, actor, p); errs.KindOf(err) != errs.Conflict {
			t.Errorf("rolling a frozen quarter up: %v", err)
		}
		if err := s.Reopen(ctx, actor, p, " "); errs.KindOf(err) != errs.Invalid {
			t.Errorf("reopening without a reason: %v", err)
		}
		if err := s.Reopen(ctx, actor, p, "a unit was forgotten"); err != nil {
			t.Fatal(err)
		}
		keep() // does not freeze it again
		if got := get(); got.Rolled.State != figure.Reopened || !got.Agrees() || got.Rolled.Reason == "" {
			t.Errorf("reopened: %+v agrees %v", got.Rolled, got.Agrees())
		}
		if err := s.Reopen(ctx, actor, p, "again"); errs.KindOf(err) != errs.Conflict {
			t.Errorf("reopening twice: %v", err)
		}
		if err := s.Freeze(ctx, actor, p); err != nil {
			t.Fatal(err)
		}
		n, err := db.Value[int64](ctx, d, `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action IN ('figure.reopen', 'figure.freeze')`, w.tenant)
		if err != nil || n < 3 {
			t.Errorf("%d acts are recorded, %v", n, err)
		}
	})
}

func TestTheReport(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
		w := newWorld(t, d, 10, testkit.Tenant)
		s, actor, ctx := figure.New(d), everything(testkit.Tenant), t.Context()
		if err := s.Keep(ctx, w.tenant, nil); err != nil {
			t.Fatal(err)
		}
		r, err := s.ReportOf(ctx, actor, 0, period(t, "2026Q3"))
		if err != nil || !r.Place.District() || len(r.Sections) != len(figure.Chapters()) {
			t.Fatalf("ReportOf = %+v, %v", r.Place, err)
		}
		pending, lines := 0, 0
		for _, section := range r.Sections {
			for _, l := range section.Lines {
				lines++
				if !l.Figure.Recorded() {
					pending++
					if l.Now.Known || l.Figure.Show(l.Now) != "–" {
						t.Errorf("%s shows %q though nobody keeps its records", l.Figure.ID, l.Figure.Show(l.Now))
					}
				} else if l.Figure.Ratio == nil && len(l.History) != 8 {
					t.Errorf("%s has %d periods of history", l.Figure.ID, len(l.History))
				}
			}
		}
		if lines < 150 || pending < 5 {
			t.Errorf("%d lines, %d pending", lines, pending)
		}
		for _, section := range r.ForOutside().Sections {
			for _, l := range section.Lines {
				for _, v := range []figure.Value{l.Now, l.Last, l.YearAgo} {
					if l.Figure.People && l.Figure.Ratio == nil && v.Amount > 0 && v.Amount < 5 {
						t.Errorf("%s leaves the house as %d", l.Figure.ID, v.Amount)
					}
				}
			}
		}
		own := everything(w.tenant, w.communities[0])
		if c, err := s.ReportOf(ctx, own, w.communities[0], period(t, "2026Q3")); err == nil {
			for _, section := range c.Sections {
				for _, l := range section.Lines {
					if l.Figure.District {
						t.Errorf("the community's report has %s", l.Figure.ID)
					}
				}
			}
		} else {
			t.Error(err)
		}
	})
}

func TestBadQuestions(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
		w := newWorld(t, d, 11, testkit.Tenant)
		s, actor, ctx, p := figure.New(d), everything(testkit.Tenant), t.Context(), period(t, "2026Q3")
		for name, c := range map[string]struct {
			q    figure.Query
			want errs.Kind
		}{
			"no such figure":    {figure.Query{Figure: "x", Period: p}, errs.NotFound},
			"no such breakdown": {figure.Query{Figure: "member.total", Period: p, Dim: "name'--"}, errs.NotFound},
			"a ratio":           {figure.Query{Figure: "member.mean_age", Period: p}, errs.NotFound},
			"nobody keeps it":   {figure.Query{Figure: "honour.sites", Period: p}, errs.NotFound},
			"no period":         {figure.Query{Figure: "member.total"}, errs.Invalid},
			"not begun":         {figure.Query{Figure: "member.total", Period: p.Add(1)}, errs.Invalid},
			"too old":           {figure.Query{Figure: "member.total", Period: p.Add(-40)}, errs.Invalid},
		} {
			if _, err := s.Records(ctx, actor, c.q); errs.KindOf(err) != c.want {
				t.Errorf("%s: %v, want %v", name, err, c.want)
			}
		}
		many := make([]figure.Period, 300)
		for i := range many {
			many[i] = p
		}
		ids := make([]string, 80)
		for i := range ids {
			ids[i] = "member.total"
		}
		if _, err := s.Batch(ctx, actor, ids, []id.ID{w.root}, many); errs.KindOf(err) != errs.Invalid {
			t.Errorf("24,000 values at once: %v", err)
		}
		item, err := s.Records(ctx, actor, figure.Query{Figure: "member.total", Place: w.root, Period: p, Dim: "sex", Item: "2'; DROP TABLE member; --"})
		if err != nil || len(item.Items) != 0 {
			t.Errorf("an item that is none: %v, %v", item, err)
		}
	})
}

// What counts of needs, resources, pairing, outlets and certificates on a day, row by row.
func TestHelpIsCountedAsItStands(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB, _ *testkit.Clock) {
		w := newWorld(t, d, 9, testkit.Tenant)
		for _, table := range []string{"need", "resource", "pairing_household", "pairing_pair", "cobuild", "outlet", "employment_certificate", "employment_use"} {
			w.exec("DELETE FROM "+table+" WHERE tenant_id = $1", w.tenant)
		}
		c, other := w.communities[0], w.communities[2]
		on := func(day string) int64 { return db.Micros(calendar.MustParse(day).Time()) }
		household := func(at id.ID, from, pairedUntil, ended string) {
			h := id.New()
			w.insert("pairing_household", "id org_id difficulty state entered_on ended_on", h, at, "elderly", "paired", from, ended)
			if from != "" {
				w.insert("pairing_pair", "id household_id org_id member_id from_on ended_on", id.New(), h, at, h, from, pairedUntil)
			}
		}
		household(c, "2026-02-01", "", "")
		household(c, "2026-07-01", "", "")           // later
		household(c, "2026-02-01", "2026-03-01", "") // its helper left
		household(c, "2026-02-01", "2026-06-30", "2026-06-30")
		household(other, "2026-02-01", "2026-07-01", "2026-07-01") // still on the day
		w.insert("pairing_household", "id org_id difficulty state entered_on", id.New(), c, "elderly", "waiting", "2026-02-01")
		for _, day := range []string{"2026-03-31", "2026-04-01", "2026-06-30", "2026-07-01"} {
			n := id.New()
			w.insert("need", "id no kind community_id wanted due_on channel state received_at", n, n.String(), "goods", c, 1, day, "web", "asked", on(day))
		}
		for _, r := range [][3]string{{"2026-06-30", "2026-06-30", ""}, {"2026-07-01", "2026-12-31", ""}, {"2026-01-01", "2026-06-29", ""}, {"2026-01-01", "2026-12-31", "2026-06-30"}, {"2026-01-01", "2026-12-31", "2026-07-01"}} {
			ended := int64(0)
			if r[2] != "" {
				ended = on(r[2])
			}
			w.insert("resource", "id kind title title_key place_id terms valid_until ended_at created_at", id.New(), "goods", "t", "t", c, "free", r[1], ended, on(r[0]))
		}
		for _, x := range [][3]string{{"centre", "eat", ""}, {"station", "eat", ""}, {"point", "eat", ""}, {"point", "health", "2026-07-01"}, {"point", "health", "2026-06-30"}} {
			o := id.New()
			at := c
			if x[0] == "centre" {
				at = w.street
			}
			w.insert("outlet", "id level element name name_key search_key same_key community_id address terms checked_on ended_on created_at", o, x[0], x[1], "n", "n", "n", o.String(), at, "a", "free", "2026-01-01", x[2], on("2026-01-01"))
		}
		for i, kind := range []string{"contact_point", "contact_point", "twin"} {
			n := id.New()
			w.insert("cobuild", "id no kind community_id goal goal_key valid_from valid_to state begun_by moved_by moved_at agreed_at created_at", n, n.String(), kind, c, "t", "t", "2026-01-01", []string{"2026-12-31", "2026-06-29", "2026-12-31"}[i], "agreed", c, c, 1, on("2026-01-01"), 1)
		}
		certificate := func(to, ended string, most int, used ...string) {
			n := id.New()
			w.insert("employment_certificate", "id seeker_id org_id difficulty number entitles from_on to_on uses_max uses issued_on ended_on", n, n, c, "laid_off", n.String(), "tax", "2026-01-10", to, most, len(used), "2026-01-10", ended)
			for _, day := range used {
				w.insert("employment_use", "id certificate_id org_id unit_id entitlement used_on created_at", id.New(), n, c, c, "tax", day, 1)
			}
		}
		certificate("2028-01-09", "", 0, "2026-01-10", "2026-06-30", "2026-07-01")
		certificate("2026-06-29", "", 0)
		certificate("2028-01-09", "2026-06-30", 0, "2026-02-01")
		certificate("2028-01-09", "", 1, "2026-07-01") // used up after the day
		certificate("2028-01-09", "", 1, "2026-06-30")
		s, p := figure.New(d), period(t, "2026Q2")
		for _, q := range []struct {
			figure string
			c, all int64
		}{{"pairing.households", 1, 2}, {"pairing.contact_points", 1, 1}, {"cobuild.agreements", 2, 2}, {"cobuild.needs", 2, 2}, {"cobuild.resources", 2, 2}, {"service.centres", 0, 1}, {"service.outlets", 2, 2},
			{"employment.certificates", 5, 5}, {"employment.certificates_valid", 2, 2}, {"employment.certificates_used", 4, 4}} {
			for at, want := range map[id.ID]int64{c: q.c, w.root: q.all} {
				d, err := s.Get(t.Context(), everything(w.tenant), q.figure, at, p)
				if err != nil || d.Live.Amount != want {
					t.Errorf("%s at %s = %d, want %d, %v", q.figure, d.Place.Name, d.Live.Amount, want, err)
				}
				list, err := s.Records(t.Context(), everything(w.tenant), figure.Query{Figure: q.figure, Place: at, Period: p})
				if err != nil || int64(len(list.Items)) != want {
					t.Errorf("%s opens to %d records, %v", q.figure, len(list.Items), err)
				}
			}
		}
	})
}
