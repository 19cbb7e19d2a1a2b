package region_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/id"
	"linli/internal/region"
	"linli/internal/testkit"
)

const (
	city     = 320900
	province = 320000
	first    = 320902
	second   = 320903
	elsewhat = 321102
	elsewhen = 321100
)

// world is a city with two districts, and a district of another city.
type world struct {
	t     *testing.T
	d     *db.DB
	clock *testkit.Clock
	f     *figure.Service
	s     *region.Service
	p     figure.Period
	rows  map[int64]testkit.Rows
}

func each(t *testing.T, fn func(w *world)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		w := &world{t: t, d: d, clock: clock, f: figure.New(d), rows: map[int64]testkit.Rows{}}
		w.s = region.New(d, w.f, func(context.Context) (list []region.Tenant, err error) {
			for _, code := range []int64{province, city, first, second, elsewhen, elsewhat} {
				list = append(list, region.Tenant{Code: code, Name: fmt.Sprint("T", code)})
			}
			return list, nil
		})
		w.p = figure.InQuarterOf(calendar.QuarterOf(calendar.DateOf(d.Now())))
		for tenant, people := range map[int64]int{first: 9, second: 3, elsewhat: 7, city: 0} {
			r := testkit.NewRows(t, d, tenant)
			w.rows[tenant] = r
			r.Organisation("district_committee", "D")
			c := r.Organisation("community_party", "C")
			for i := range people {
				p := r.Person(c, fmt.Sprint("N", i), "")
				if i < 2 {
					r.Member(p, c, r.Organisation("unit", fmt.Sprint("U", i)), fmt.Sprint("N", i))
				}
			}
		}
		fn(w)
	})
}

func (w *world) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) wants(err error, kind errs.Kind) {
	w.t.Helper()
	if errs.KindOf(err) != kind {
		w.t.Fatalf("%v, want %v", err, kind)
	}
}

func keeper(tenant int64) authz.Actor {
	return testkit.Actor(tenant, nil, figure.PermSee, figure.PermKeep)
}

func (w *world) share(tenant, above int64, on bool) {
	w.t.Helper()
	w.ok(w.s.SetShare(w.t.Context(), keeper(tenant), above, on))
}

func (w *world) overview(tenant int64) (region.Overview, map[string]region.Line) {
	w.t.Helper()
	o, err := w.s.Overview(w.t.Context(), keeper(tenant), w.p)
	w.ok(err)
	lines := map[string]region.Line{}
	for _, s := range o.Sections {
		for _, l := range s.Lines {
			lines[l.Figure.ID] = l
		}
	}
	return o, lines
}

func (w *world) carry() {
	w.t.Helper()
	for _, tenant := range []int64{first, second, elsewhat, city} {
		w.ok(w.s.Carry(w.t.Context(), tenant))
	}
}

// TestACitySeesWhatItsDistrictsShare follows the figures from the district to the city: nothing before the district says so, the sums over the districts after it, small counts of
// people hidden, and nothing any more when it ends.
func TestACitySeesWhatItsDistrictsShare(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		for _, tenant := range []int64{first, second, elsewhat} {
			w.ok(w.f.Roll(ctx, tenant, w.p, nil))
		}
		w.carry()
		if o, _ := w.overview(city); len(o.Districts) != 0 {
			t.Fatalf("%v came without a word of the districts", o.Districts)
		}
		w.share(first, city, true)
		w.share(second, city, true)
		w.share(elsewhat, elsewhen, true)
		w.carry()
		o, lines := w.overview(city)
		if len(o.Districts) != 2 || o.Districts[0].Code != first || o.Districts[1].Code != second || o.Districts[0].Name != "T320902" || o.Districts[0].State != figure.Open {
			t.Fatalf("districts %+v", o.Districts)
		}
		// Three residents of the second district are too few to leave it; its organisations are no people.
		if l := lines["resident.total"]; l.Now.Amount != 9 || l.Now.Of != 1 || l.Now.Hidden != 1 || !l.Districts[1].Hidden || l.Districts[1].Amount != 0 {
			t.Errorf("residents %+v", l)
		}
		if l := lines["org.communities"]; l.Now.Amount != 2 || l.Now.Of != 2 || l.Now.Hidden != 0 {
			t.Errorf("communities %+v", l)
		}
		if _, there := w.overview(province); there["resident.total"].Now.Known {
			t.Error("the province sees what only the city may")
		}
		if _, there := w.overview(elsewhen); there["resident.total"].Now.Amount != 7 {
			t.Errorf("the other city sees %+v", there["resident.total"])
		}

		// Nothing new: nothing is written.
		stamp := func() int64 {
			n, err := db.Value[int64](ctx, w.d, `SELECT sum(arrived_at) FROM region_period WHERE tenant_id = $1`, int64(city))
			w.ok(err)
			return n
		}
		before := stamp()
		w.clock.Advance(time.Minute)
		w.carry()
		if stamp() != before {
			t.Error("what was there was written again")
		}
		// Three more residents of the second district: six may leave it.
		c := w.rows[second].Organisation("community_party", "C2")
		for i := range 3 {
			w.rows[second].Person(c, fmt.Sprint("M", i), "")
		}
		w.ok(w.f.Roll(ctx, second, w.p, nil))
		w.carry()
		if _, lines = w.overview(city); lines["resident.total"].Now.Amount != 15 || lines["resident.total"].Now.Hidden != 0 || lines["org.communities"].Now.Amount != 3 {
			t.Errorf("after three more: %+v", lines["resident.total"].Now)
		}
		d, err := w.s.Of(ctx, keeper(city), "resident.total", w.p)
		w.ok(err)
		if len(d.Districts) != 2 || d.Line.Districts[0].Amount != 9 || d.Line.Districts[1].Amount != 6 || d.Now.Amount != 15 || len(d.History) != 1 || len(d.Parts) == 0 {
			t.Errorf("the figure %+v", d)
		}
		for _, p := range d.Parts {
			if p.Dim.Fine {
				t.Errorf("%s goes up by item", p.Dim.Key)
			}
		}

		w.share(second, city, false)
		w.carry()
		w.carry()
		if o, lines = w.overview(city); len(o.Districts) != 1 || lines["resident.total"].Now.Amount != 9 {
			t.Errorf("after the end: %+v", o.Districts)
		}
		left, err := db.Value[int64](ctx, w.d, `SELECT count(*) FROM region_value WHERE tenant_id = $1 AND district = $2`, int64(city), int64(second))
		w.ok(err)
		shares, err := w.s.Shares(ctx, keeper(second))
		w.ok(err)
		if left != 0 || len(shares) != 2 || shares[0].Above.Code != city || shares[0].Holds() || !shares[0].Cleared || shares[1].Above.Code != province {
			t.Errorf("%d values left, shares %+v", left, shares)
		}
		w.share(second, city, true)
		w.carry()
		if o, _ = w.overview(city); len(o.Districts) != 2 {
			t.Errorf("opened again: %+v", o.Districts)
		}
		acts, err := db.Column[string](ctx, w.d, `SELECT action FROM audit_entry WHERE tenant_id = $1 ORDER BY id`, int64(second))
		w.ok(err)
		if want := "[region.share region.end region.share]"; fmt.Sprint(acts) != want {
			t.Errorf("acts %v, want %s", acts, want)
		}
	})
}

// TestSumsAreThoseOfTheDistricts holds every figure of the overview to the reports of the districts, shares included.
func TestSumsAreThoseOfTheDistricts(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		for _, tenant := range []int64{first, second} {
			c := w.rows[tenant].Organisation("community_party", "X")
			for i := range 8 { // enough to leave the house
				w.rows[tenant].Member(w.rows[tenant].Person(c, fmt.Sprint("P", i), ""), c, w.rows[tenant].Organisation("unit", fmt.Sprint("V", i)), "P")
			}
			w.ok(w.f.Roll(ctx, tenant, w.p, nil))
			w.share(tenant, city, true)
			w.share(tenant, province, true)
		}
		w.carry()
		sums := map[string]figure.Value{}
		for _, tenant := range []int64{first, second} {
			r, err := w.f.ReportOf(ctx, keeper(tenant), 0, w.p)
			w.ok(err)
			for _, s := range r.ForOutside().Sections {
				for _, l := range s.Lines {
					v := sums[l.Figure.ID]
					v.Amount, v.Num, v.Den = v.Amount+l.Now.Amount, v.Num+l.Now.Num, v.Den+l.Now.Den
					v.Hidden = v.Hidden || l.Now.Hidden
					sums[l.Figure.ID] = v
				}
			}
		}
		for _, above := range []int64{city, province} {
			checked := 0
			_, lines := w.overview(above)
			for name, l := range lines {
				want := sums[name]
				if want.Hidden {
					continue
				}
				checked++
				if l.Figure.Ratio != nil {
					if l.Now.Num != want.Num || l.Now.Den != want.Den {
						t.Errorf("%s: %d of %d, want %d of %d", name, l.Now.Num, l.Now.Den, want.Num, want.Den)
					}
				} else if l.Now.Amount != want.Amount {
					t.Errorf("%s: %d, want %d", name, l.Now.Amount, want.Amount)
				}
			}
			if checked < 100 {
				t.Errorf("only %d figures were compared", checked)
			}
			if m := lines["member.total"]; m.Now.Amount != 20 {
				t.Errorf("members %+v", m.Now)
			}
		}
	})
}

// TestSharesAreOfDistrictsThatShowBothParts makes a share of the districts both of whose parts have come, and says which are left out.
func TestSharesAreOfDistrictsThatShowBothParts(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		for tenant, women := range map[int64]int{first: 6, second: 2} {
			c := w.rows[tenant].Organisation("community_party", "W")
			for i := range 20 {
				p := w.rows[tenant].Person(c, fmt.Sprint("W", i), "")
				w.rows[tenant].Member(p, c, 0, "W")
				if i < women {
					w.ok(w.d.WithTx(ctx, func(tx *db.Tx) error {
						_, err := tx.Exec(ctx, `UPDATE person SET sex = '2' WHERE tenant_id = $1 AND id = $2`, tenant, p)
						return err
					}))
				}
			}
			w.ok(w.f.Roll(ctx, tenant, w.p, nil))
			w.share(tenant, city, true)
		}
		w.carry()
		_, lines := w.overview(city)
		if l := lines["member.women_share"].Now; l.Num != 6 || l.Den != 22 || l.Hidden != 1 || !l.Known || l.Of != 1 {
			t.Errorf("the share of women is %+v, want 6 of 22 without the other district", l)
		}
		if l := lines["member.total"].Now; l.Amount != 44 || l.Hidden != 0 {
			t.Errorf("members %+v", l)
		}
	})
}

func TestWhoMayShareAndSee(t *testing.T) {
	each(t, func(w *world) {
		ctx := t.Context()
		_, err := w.s.Overview(ctx, keeper(first), w.p)
		w.wants(err, errs.NotFound)
		_, err = w.s.Overview(ctx, testkit.Actor(city, nil), w.p)
		w.wants(err, errs.Forbidden)
		_, err = w.s.Of(ctx, keeper(city), "no.figure", w.p)
		w.wants(err, errs.NotFound)
		part := testkit.Actor(first, w.communities(first), figure.PermSee, figure.PermKeep)
		_, err = w.s.Shares(ctx, part)
		w.wants(err, errs.Forbidden)
		w.wants(w.s.SetShare(ctx, part, city, true), errs.Forbidden)
		w.wants(w.s.SetShare(ctx, keeper(first), elsewhen, true), errs.NotFound)
		w.wants(w.s.SetShare(ctx, keeper(first), second, true), errs.NotFound)
		w.wants(w.s.SetShare(ctx, keeper(first), city, false), errs.Conflict)
		w.share(first, city, true)
		w.wants(w.s.SetShare(ctx, keeper(first), city, true), errs.Conflict)
	})
}

// TestASharedPeriodThatStopsHalfWay leaves the city with the old period or the new one, never with a part.
func TestASharedPeriodThatStopsHalfWay(t *testing.T) {
	each(t, func(w *world) {
		w.ok(w.f.Roll(t.Context(), first, w.p, nil))
		w.share(first, city, true)
		w.carry()
		_, had := w.overview(city)
		w.rows[first].Person(w.communities(first)[0], "Z", "")
		w.clock.Advance(time.Minute)
		w.ok(w.f.Roll(t.Context(), first, w.p, nil))
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if err := w.s.Carry(ctx, first); !errors.Is(err, context.Canceled) {
			t.Fatalf("a stopped run says %v", err)
		}
		if _, now := w.overview(city); now["resident.total"].Now.Amount != had["resident.total"].Now.Amount {
			t.Error("a stopped run changed what was there")
		}
		w.carry()
		if _, now := w.overview(city); now["resident.total"].Now.Amount != had["resident.total"].Now.Amount+1 {
			t.Error("the next run did not go on")
		}
	})
}

func (w *world) communities(tenant int64) []id.ID {
	w.t.Helper()
	list, err := db.Column[id.ID](w.t.Context(), w.d, `SELECT id FROM organisation WHERE tenant_id = $1 AND kind = 'community_party' ORDER BY id`, tenant)
	w.ok(err)
	return list
}
