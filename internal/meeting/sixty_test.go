package meeting_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/testkit"
)

// planned is a meeting that waits for its day.
type planned struct {
	id   id.ID
	kind string
	on   calendar.Date
	of   *modelHolder
}

// sixty is a district of sixty communities whose year goes by.
type sixty struct {
	t         *testing.T
	d         *db.DB
	r         *rand.Rand
	s         *meeting.Service
	committee committee
	actor     authz.Actor
	kinds     []meeting.Kind
	all       []*modelHolder
	waiting   []planned
	counts    map[string]int
}

// TestAYearOfSixtyCommunities plans the meetings of sixty communities in one step each and lets the clock go through a leap year: meetings are held, called off and
// missed at chance, branches grow a committee, are split, merged and dissolved. On every day what is due and overdue is what the naive model says.
func TestAYearOfSixtyCommunities(t *testing.T) {
	clock := testkit.NewClock()
	start := calendar.MustParse("2028-01-01")
	clock.Set(start.Time().Add(9 * time.Hour))
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		began := time.Now()
		clock.Set(start.Time().Add(9 * time.Hour))
		x := &sixty{t: t, d: d, r: rand.New(rand.NewPCG(60, 28)), committee: committee{}, counts: map[string]int{}, actor: testkit.Actor(testkit.Tenant, nil, meeting.PermSee, meeting.PermPlan)}
		x.s = meeting.New(d, &signIns{}, x.committee)
		x.must(d.WithTx(ctx, func(tx *db.Tx) error { return x.s.PrepareTx(ctx, tx, testkit.Tenant) }))
		var err error
		x.kinds, err = x.s.Kinds(ctx, x.actor, true)
		x.must(err)
		rare := 120
		if d.Engine() == db.Postgres {
			rare = 1200
		}
		for range 60 {
			x.found(start.AddYears(-3), start)
		}
		for today := start; today.Before(start.AddMonths(12).AddDays(15)); today = today.AddDays(1) {
			clock.Set(today.Time().Add(22 * time.Hour))
			x.changes(today)
			for i, h := range x.all { // most plan on the first days, the others in the course of the year, each in one step
				if h.ended.IsZero() && (today == start.AddDays(i%3) && i%4 != 0 && (i%8 == 1 || d.Engine() != db.Postgres) || x.r.IntN(rare) == 0) {
					x.plan(h, today)
				}
			}
			x.day(today)
			if d.Engine() == db.Postgres && today.Day() > 1 && today != today.EndOfMonth() { // one text: every day on one engine, the ends of months and of quarters on both
				continue
			}
			x.check(today)
		}
		for _, what := range []string{"planned", "held", "cancelled", "missed", "grown", "split", "merged", "dissolved", "overdue", "due"} {
			if x.counts[what] == 0 {
				t.Errorf("nothing was %s: %v", what, x.counts)
			}
		}
		t.Logf("%v in %s", x.counts, time.Since(began).Round(time.Millisecond))
	})
}

func (x *sixty) must(err error) {
	x.t.Helper()
	if err != nil {
		x.t.Fatal(err)
	}
}

// found makes a community with members; some of them become full members in the course of the year.
func (x *sixty) found(on, start calendar.Date) *modelHolder {
	h := &modelHolder{kind: "community_party", name: fmt.Sprintf("社区%03d", len(x.all)), founded: on, held: map[string][]calendar.Date{}, planned: map[string][]calendar.Date{}}
	o := id.New()
	h.holder = meeting.Holder{OwnerID: o}
	testkit.Exec(x.t, x.d, "INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, established_on, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,$6,1,1)",
		testkit.Tenant, o, h.kind, h.name, "/"+o.String()+"/", h.founded)
	for range []int{0, 3, 6, 9}[x.r.IntN(4)] {
		h.member(x.t, x.d, o, start, x.r)
	}
	x.committee[o] = []id.ID{id.New()}
	x.all = append(x.all, h)
	return h
}

// changes lets a day change the form of a community, rarely; the ends and beginnings of periods are the likeliest days.
func (x *sixty) changes(today calendar.Date) {
	h := x.all[x.r.IntN(len(x.all))]
	edge := today == today.EndOfMonth() || today.Day() == 1
	if !h.ended.IsZero() || x.r.IntN(8) != 0 && !edge {
		return
	}
	o := h.holder.OwnerID
	switch x.r.IntN(6) {
	case 0, 1, 2: // so many join at once that there must be a committee
		x.counts["grown"]++
		for range 7 {
			m := modelMember{id: id.New(), joined: today.AddYears(-2), full: today}
			h.put(x.t, x.d, o, m, "full")
		}
	case 3: // half of the members go to a new community
		x.counts["split"]++
		n := x.found(today, today)
		half := len(h.members) / 2
		x.move(h, n, h.members[:half])
		h.members = h.members[half:]
	case 4: // another takes it in, with what is planned
		to := x.all[x.r.IntN(len(x.all))]
		if to == h || !to.ended.IsZero() {
			return
		}
		x.counts["merged"]++
		x.dissolve(h, today)
		x.must(x.d.WithTx(ctx, func(tx *db.Tx) error { return x.s.Follow(ctx, tx, x.actor, o, to.holder.OwnerID) }))
		x.move(h, to, h.members)
		h.members = nil
		for kind, days := range h.planned {
			to.planned[kind] = append(to.planned[kind], days...)
			delete(h.planned, kind)
		}
		for i := range x.waiting {
			if x.waiting[i].of == h {
				x.waiting[i].of = to
			}
		}
	case 5:
		x.counts["dissolved"]++
		x.dissolve(h, today)
	}
}

func (x *sixty) dissolve(h *modelHolder, on calendar.Date) {
	h.ended = on
	testkit.Exec(x.t, x.d, "UPDATE organisation SET dissolved_on = $1 WHERE tenant_id = $2 AND id = $3", on, testkit.Tenant, h.holder.OwnerID)
}

func (x *sixty) move(from, to *modelHolder, members []modelMember) {
	for _, m := range members {
		testkit.Exec(x.t, x.d, "UPDATE member SET home_id = $1 WHERE tenant_id = $2 AND id = $3", to.holder.OwnerID, testkit.Tenant, m.id)
	}
	to.members = append(to.members, members...)
}

// plan plans the rest of the year in one step: as many as are owed and have none.
func (x *sixty) plan(h *modelHolder, today calendar.Date) {
	want := 0
	var chosen []string // the kinds of this step, at chance
	for _, k := range x.kinds {
		if x.r.IntN(3) == 0 {
			continue
		}
		chosen = append(chosen, k.Code)
		for n, first := periods(k), calendar.On(today.Year(), time.January, 1); n > 0 && first.Year() == today.Year(); first = first.AddMonths(n) {
			last := first.AddMonths(n).AddDays(-1)
			if !last.Before(today) && h.owes(k, first, last, today) && !within(h.held[k.Code], first, last) && !within(h.planned[k.Code], first, last) {
				want++
			}
		}
	}
	n, err := x.s.PlanYear(ctx, x.actor, meeting.YearPlan{Holder: h.holder, Year: today.Year(), Kinds: chosen, Day: 1 + x.r.IntN(28), Hour: 15})
	x.must(err)
	if n != want {
		x.t.Fatalf("%s, %s: %d planned, want %d", today, h.name, n, want)
	}
	x.counts["planned"] += n
	l, err := x.s.List(ctx, x.actor, meeting.Filter{Holder: h.holder, State: meeting.Planned, Page: db.Page{Limit: 200}})
	x.must(err)
	for _, m := range l.Items {
		if !slices.ContainsFunc(x.waiting, func(p planned) bool { return p.id == m.ID }) && !m.Day().Before(today) {
			x.waiting = append(x.waiting, planned{m.ID, m.KindCode, m.Day(), h})
			h.planned[m.KindCode] = append(h.planned[m.KindCode], m.Day())
		}
	}
}

// day holds, calls off or misses what was planned for it.
func (x *sixty) day(today calendar.Date) {
	var later []planned
	for _, p := range x.waiting {
		if p.on.After(today) {
			later = append(later, p)
			continue
		}
		switch n := x.r.IntN(10); {
		case n == 0:
			x.counts["missed"]++
		case n == 1:
			x.counts["cancelled"]++
			x.must(x.s.Cancel(ctx, x.actor, p.id, "改期"))
			p.of.drop(p)
		default:
			x.hold(p, today)
		}
	}
	x.waiting = later
}

func (x *sixty) hold(p planned, today calendar.Date) {
	k := x.kinds[slices.IndexFunc(x.kinds, func(k meeting.Kind) bool { return k.Code == p.kind })]
	_, err := x.s.SaveMinutes(ctx, x.actor, p.id, 0, k.Name, false)
	x.must(err)
	full := 0
	if k.Votes || k.Needs == meeting.WithCommittee {
		sign, err := x.s.OpenSignIn(ctx, x.actor, p.id)
		x.must(err)
		in := func(person, member id.ID) {
			testkit.Exec(x.t, x.d, `INSERT INTO attendance (tenant_id, id, activity_id, person_id, member_id, community_id, in_at, proof, state, at) VALUES ($1,$2,$3,$4,$5,1,1,'timed','in',1)`,
				testkit.Tenant, id.New(), sign, person, member)
		}
		if k.Needs == meeting.WithCommittee {
			in(x.committee[p.of.holder.OwnerID][0], 0)
		}
		for _, m := range p.of.members {
			if k.Votes && !m.joined.After(today) && (m.ended.IsZero() || m.ended.After(today)) && !m.full.IsZero() && !m.full.After(today) {
				if full++; full%3 != 0 { // two of three come
					in(0, m.id)
				}
			}
		}
	}
	err = x.s.Close(ctx, x.actor, p.id)
	if k.Votes && full == 0 {
		if errs.KindOf(err) != errs.Conflict {
			x.t.Fatalf("%s, %s held without anybody who votes: %v", today, p.of.name, err)
		}
		x.counts["without quorum"]++
		return
	}
	x.must(err)
	x.counts["held"]++
	p.of.drop(p)
	p.of.held[p.kind] = append(p.of.held[p.kind], p.on)
}

// drop takes one planned day away.
func (h *modelHolder) drop(p planned) {
	if i := slices.Index(h.planned[p.kind], p.on); i >= 0 {
		h.planned[p.kind] = slices.Delete(h.planned[p.kind], i, i+1)
	}
}

func (x *sixty) check(today calendar.Date) {
	l, err := x.s.Due(ctx, x.actor, meeting.DueFilter{Page: db.Page{Limit: 500}})
	x.must(err)
	got := map[meeting.Holder]meeting.DueOf{}
	for _, d := range l.Items {
		got[d.Holder] = d
	}
	for _, h := range x.all {
		overdue, due := h.overdueAndDue(x.kinds, today)
		if !h.ended.IsZero() && !h.ended.After(today) {
			overdue, due = nil, nil
		}
		x.counts["overdue"] += len(overdue)
		x.counts["due"] += len(due)
		if g := names(got[h.holder].Overdue); !slices.Equal(g, overdue) {
			x.t.Fatalf("%s, %s: overdue %v, want %v", today, h.name, g, overdue)
		}
		if g := names(got[h.holder].Wanted); !slices.Equal(g, due) {
			x.t.Fatalf("%s, %s: due %v, want %v", today, h.name, g, due)
		}
	}
}
