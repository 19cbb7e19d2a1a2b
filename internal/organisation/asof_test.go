package organisation_test

import (
	"fmt"
	"maps"
	"slices"
	"sort"
	"sync/atomic"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// event is an act as the naive replay keeps it.
type event struct {
	day, seq int
	do       func(state)
}

type standing struct {
	name   string
	parent id.ID
}

// state is the naive chart: what lives, its name and its superior.
type state map[id.ID]standing

// replay works through all events up to a day, in the order of their days.
func replay(events []event, day int) state {
	es := slices.Clone(events)
	sort.SliceStable(es, func(i, j int) bool {
		return es[i].day < es[j].day || (es[i].day == es[j].day && es[i].seq < es[j].seq)
	})
	s := state{}
	for _, e := range es {
		if e.day <= day {
			e.do(s)
		}
	}
	return s
}

func flatten(nodes []*organisation.Node, s state) {
	for _, n := range nodes {
		s[n.ID] = standing{n.Name, n.ParentID}
		flatten(n.Children, s)
	}
}

// below says whether x stands below y (or is y) in the naive chart.
func (s state) below(x, y id.ID) bool {
	for i := 0; x != 0 && i < 1000; i++ {
		if x == y {
			return true
		}
		x = s[x].parent
	}
	return false
}

var (
	epoch      = calendar.MustParse("2026-01-01")
	allPerms   = []authz.Permission{organisation.PermSee, organisation.PermFind, organisation.PermFound, organisation.PermEdit, organisation.PermChange, organisation.PermAttach, organisation.PermContact}
	nextTenant atomic.Int64
)

const lastDay = 40

func day(n int) calendar.Date { return epoch.AddDays(n) }

// machine drives the service and the naive replay side by side.
type machine struct {
	t      *rapid.T
	ctx    *testing.T
	s      *organisation.Service
	actor  authz.Actor
	events []event
	latest int // the last day of an accepted act
	made   int
	root   id.ID
}

func (m *machine) now() state { return replay(m.events, lastDay) }

func (m *machine) pick(label string) id.ID {
	ids := slices.Sorted(maps.Keys(m.now()))
	return rapid.SampledFrom(ids).Draw(m.t, label)
}

func (m *machine) accept(day int, do func(state)) {
	m.events = append(m.events, event{day, len(m.events), do})
	m.latest = max(m.latest, day)
}

// outcome takes an act over into the replay, or checks that it was refused for a reason: an act on the last day so far that the
// chart allows must pass.
func (m *machine) outcome(what string, day int, err error, allowed bool, do func(state)) {
	if err == nil {
		if !allowed {
			m.t.Fatalf("%s on day %d was accepted", what, day)
		}
		m.accept(day, do)
		return
	}
	if k := errs.KindOf(err); k != errs.Invalid && k != errs.Conflict {
		m.t.Fatalf("%s on day %d: %v", what, day, err)
	}
	if allowed && day >= m.latest {
		m.t.Fatalf("%s on day %d was refused: %v", what, day, err)
	}
}

func (m *machine) found() {
	d := rapid.IntRange(0, lastDay).Draw(m.t, "day")
	parent := m.pick("parent")
	m.made++
	name := fmt.Sprintf("Organisation %d", m.made)
	saved, err := m.s.Create(m.ctx.Context(), m.actor, organisation.NewOrganisation{
		Kind: organisation.Committee, Name: name, ParentID: parent, EstablishedOn: day(d)})
	if err != nil {
		m.t.Fatalf("found: %v", err)
	}
	m.accept(d, func(s state) { s[saved.ID] = standing{name, 0} })
	// It stands below its superior from the day on which both exist.
	since := max(d, m.born(parent))
	m.accept(since, func(s state) {
		if _, lives := s[saved.ID]; lives {
			s[saved.ID] = standing{s[saved.ID].name, parent}
		}
	})
}

// born is the first day on which an organisation is in the replay.
func (m *machine) born(org id.ID) int {
	for d := 0; ; d++ {
		if _, ok := replay(m.events, d)[org]; ok {
			return d
		}
	}
}

func (m *machine) rename() {
	d, org := rapid.IntRange(0, lastDay).Draw(m.t, "day"), m.pick("org")
	m.made++
	name := fmt.Sprintf("Name %d", m.made)
	err := m.s.Rename(m.ctx.Context(), m.actor, org, name, "", organisation.Effect{On: day(d)})
	m.outcome("rename", d, err, d >= m.born(org), func(s state) { s[org] = standing{name, s[org].parent} })
}

func (m *machine) reparent() {
	d, org, parent := rapid.IntRange(0, lastDay).Draw(m.t, "day"), m.pick("org"), m.pick("parent")
	now := m.now()
	err := m.s.Reparent(m.ctx.Context(), m.actor, org, parent, organisation.Effect{On: day(d)})
	allowed := org != m.root && !now.below(parent, org) && now[org].parent != parent && d >= m.born(org) && d >= m.born(parent)
	m.outcome("re-parent", d, err, allowed, func(s state) { s[org] = standing{s[org].name, parent} })
}

func (m *machine) merge() {
	d, org, into := rapid.IntRange(0, lastDay).Draw(m.t, "day"), m.pick("org"), m.pick("into")
	now := m.now()
	_, err := m.s.Merge(m.ctx.Context(), m.actor, organisation.Merger{Sources: []id.ID{org}, Into: into, Effect: organisation.Effect{On: day(d)}})
	allowed := org != m.root && into != m.root && !now.below(into, org) && d >= m.born(org) && d >= m.born(into)
	m.outcome("merge", d, err, allowed, func(s state) {
		for i, x := range s {
			if x.parent == org {
				s[i] = standing{x.name, into}
			}
		}
		delete(s, org)
	})
}

func (m *machine) dissolve() {
	d, org := rapid.IntRange(0, lastDay).Draw(m.t, "day"), m.pick("org")
	err := m.s.Dissolve(m.ctx.Context(), m.actor, org, organisation.Effect{On: day(d)})
	children := 0
	for _, x := range m.now() {
		if x.parent == org {
			children++
		}
	}
	m.outcome("dissolve", d, err, org != m.root && children == 0 && d >= m.born(org), func(s state) { delete(s, org) })
}

func (m *machine) split() {
	d, org := rapid.IntRange(0, lastDay).Draw(m.t, "day"), m.pick("org")
	now := m.now()
	var take []id.ID
	for _, i := range slices.Sorted(maps.Keys(now)) {
		if now[i].parent == org && rapid.Bool().Draw(m.t, "take") {
			take = append(take, i)
		}
	}
	m.made++
	name := fmt.Sprintf("Part %d", m.made)
	born := d >= m.born(org)
	for _, i := range take {
		born = born && d >= m.born(i)
	}
	made, err := m.s.Split(m.ctx.Context(), m.actor, org, []organisation.Part{{
		NewOrganisation: organisation.NewOrganisation{Name: name}, Take: take}}, organisation.Effect{On: day(d)})
	m.outcome("split", d, err, org != m.root && born, func(s state) {
		s[made[0]] = standing{name, now[org].parent} // its superior is the one of the day on which the act is entered
		for _, i := range take {
			s[i] = standing{s[i].name, made[0]}
		}
	})
}

// Whatever acts come in whatever order of their dates, the chart of any day is what a naive replay of the accepted acts gives,
// and the records of today keep together.
func TestChartOfAnyDayIsTheReplayOfTheActs(t *testing.T) {
	clock := testkit.NewClock()
	clock.Set(day(lastDay).Time().Add(10 * time.Hour))
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		rapid.Check(t, func(rt *rapid.T) {
			tenant := 100000 + nextTenant.Add(1)
			m := &machine{t: rt, ctx: t, s: organisation.New(d, seal.Ephemeral()), actor: testkit.Actor(tenant, nil, allPerms...)}
			top, err := m.s.Create(t.Context(), m.actor, organisation.NewOrganisation{Kind: organisation.District, Name: "Top", EstablishedOn: day(0)})
			if err != nil {
				rt.Fatal(err)
			}
			m.root = top.ID
			m.accept(0, func(s state) { s[top.ID] = standing{"Top", 0} })
			m.found()
			n := rapid.IntRange(1, 14).Draw(rt, "acts")
			for range n {
				switch rapid.IntRange(0, 7).Draw(rt, "act") {
				case 0, 1:
					m.found()
				case 2:
					m.rename()
				case 3, 4:
					m.reparent()
				case 5:
					m.merge()
				case 6:
					m.dissolve()
				case 7:
					m.split()
				}
			}
			for on := 0; on <= lastDay; on += 4 {
				compareChart(t, rt, m, on)
			}
			compareChart(t, rt, m, lastDay)
			if faults, err := organisation.Verify(t.Context(), d, tenant); err != nil || len(faults) > 0 {
				rt.Fatalf("Verify = %v, %v", faults, err)
			}
		})
	})
}

func compareChart(t *testing.T, rt *rapid.T, m *machine, on int) {
	chart, err := m.s.AsOf(t.Context(), m.actor, day(on))
	if err != nil {
		rt.Fatal(err)
	}
	got, want := state{}, replay(m.events, on)
	flatten(chart.Roots, got)
	if !maps.Equal(got, want) {
		rt.Fatalf("chart of day %d:\n got %v\nwant %v", on, got, want)
	}
}

// By area a unit stands below its community, by leadership below its system; one of no community is not in the chart by area.
func TestTheChartByArea(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		alone := w.make(organisation.NewOrganisation{Kind: organisation.Unit, Name: "没有社区的单位", ParentID: w.sys})
		for name, c := range map[string]struct {
			draw  func() (organisation.Chart, error)
			above id.ID
			alone bool
		}{
			"leadership": {func() (organisation.Chart, error) { return w.s.AsOf(t.Context(), w.all, calendar.Date{}) }, w.sys, true},
			"area":       {func() (organisation.Chart, error) { return w.s.AreaAsOf(t.Context(), w.all, calendar.Date{}) }, w.a, false},
		} {
			chart, err := c.draw()
			if err != nil {
				t.Fatal(err)
			}
			s := state{}
			flatten(chart.Roots, s)
			if s[w.unit].parent != c.above {
				t.Errorf("%s: the unit stands below %d, want %d", name, s[w.unit].parent, c.above)
			}
			if _, there := s[alone]; there != c.alone {
				t.Errorf("%s: the unit of no community is there: %v", name, there)
			}
			if s[w.b].parent != s[w.a].parent {
				t.Errorf("%s: communities stand apart", name)
			}
		}
	})
}
