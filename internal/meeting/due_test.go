package meeting_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/meeting"
	"linli/internal/testkit"
)

// modelMember and modelHolder are the world of the naive model: what is asked of the database in one query is worked out here day by day.
type modelMember struct {
	id                  id.ID
	joined, full, ended calendar.Date
}

type modelHolder struct {
	holder         meeting.Holder
	name, kind     string
	founded, ended calendar.Date
	members        []modelMember
	held, planned  map[string][]calendar.Date // by kind
}

// owes says, in the plainest words, whether a holder owes a kind of meeting in a period, seen on a day.
func (h modelHolder) owes(k meeting.Kind, first, last, today calendar.Date) bool {
	asOf := first
	if k.Every == meeting.Yearly {
		asOf = calendar.On(first.Year(), time.July, 1)
		if today.Year() == first.Year() && today.Before(asOf) {
			asOf = today
		}
	}
	if !slices.Contains(k.Holders, h.kind) || first.Before(k.Since) || h.founded.After(asOf) || !h.ended.IsZero() && !h.ended.After(last) {
		return false
	}
	any, full := 0, 0
	for _, m := range h.members {
		if m.joined.After(asOf) || !m.ended.IsZero() && !m.ended.After(asOf) {
			continue
		}
		any++
		if !m.full.IsZero() && !m.full.After(asOf) {
			full++
		}
	}
	return k.Needs == meeting.Nothing || k.Needs == meeting.WithMembers && any > 0 || k.Needs == meeting.WithCommittee && full >= 7
}

// periods is how many months a kind's period has; 0 for none.
func periods(k meeting.Kind) int {
	return map[meeting.Every]int{meeting.Monthly: 1, meeting.Quarterly: 3, meeting.HalfYear: 6, meeting.Yearly: 12}[k.Every]
}

func within(days []calendar.Date, first, last calendar.Date) bool {
	return slices.ContainsFunc(days, func(d calendar.Date) bool { return !d.Before(first) && !d.After(last) })
}

// overdueAndDue gives what is overdue and due on a day, as "kind first-day".
func (h modelHolder) overdueAndDue(kinds []meeting.Kind, today calendar.Date) (overdue, due []string) {
	for _, k := range kinds {
		n := periods(k)
		if n == 0 {
			continue
		}
		begin := calendar.On(today.Year(), time.January, 1).AddMonths(-n)
		for first := begin; !first.After(today); first = first.AddMonths(n) {
			last := first.AddMonths(n).AddDays(-1)
			if !h.owes(k, first, last, today) || within(h.held[k.Code], first, last) {
				continue
			}
			name := k.Code + " " + first.String()
			switch {
			case last.Before(today):
				overdue = append(overdue, name)
			case !within(h.planned[k.Code], first, last):
				due = append(due, name)
			}
		}
	}
	slices.Sort(overdue)
	slices.Sort(due)
	return overdue, due
}

func names(cells []meeting.Cell) []string {
	var out []string
	for _, c := range cells {
		out = append(out, c.KindCode+" "+c.Start.String())
	}
	slices.Sort(out)
	return out
}

// TestWhatIsDueOnEveryDayOfAYear lets the clock go through every day of a leap year and the next January over organisations that are founded and
// dissolved in between, that grow a committee and lose it, with meetings held at chance: the one query says what the naive model says.
func TestWhatIsDueOnEveryDayOfAYear(t *testing.T) {
	clock := testkit.NewClock()
	start := calendar.MustParse("2028-01-01")
	clock.Set(start.Time().Add(9 * time.Hour))
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		r := rand.New(rand.NewPCG(7, 11))
		clock.Set(start.Time().Add(9 * time.Hour))
		s := meeting.New(d, nil, nil)
		var kinds []meeting.Kind
		if err := d.WithTx(ctx, func(tx *db.Tx) error {
			clockBack := start.AddMonths(-2) // the kinds are counted from November on
			if err := s.PrepareTx(ctx, tx, testkit.Tenant); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, "UPDATE meeting_kind SET since = $1 WHERE tenant_id = $2", clockBack, testkit.Tenant)
			return err
		}); err != nil {
			t.Fatal(err)
		}
		actor := testkit.Actor(testkit.Tenant, nil, meeting.PermSee, meeting.PermPlan)
		kinds, err := s.Kinds(ctx, actor, true)
		if err != nil || len(kinds) < 10 {
			t.Fatalf("%d kinds, %v", len(kinds), err)
		}
		holders := makeHolders(t, d, r, kinds, start)
		days := 0
		for today := start; today.Before(start.AddMonths(13)); today = today.AddDays(1) {
			if d.Engine() == db.Postgres && today.Day() > 2 && today.Day() < 28 { // one text: every day on one engine, the ends of months on both
				continue
			}
			clock.Set(today.Time().Add(time.Duration(r.IntN(24)) * time.Hour))
			days++
			l, err := s.Due(ctx, actor, meeting.DueFilter{Page: db.Page{Limit: 500}})
			if err != nil {
				t.Fatal(err)
			}
			got := map[meeting.Holder]meeting.DueOf{}
			for _, x := range l.Items {
				got[x.Holder] = x
			}
			for _, h := range holders {
				overdue, due := h.overdueAndDue(kinds, today)
				if !h.ended.IsZero() && !h.ended.After(today) { // what is no more is not listed
					overdue, due = nil, nil
				}
				if g := names(got[h.holder].Overdue); !slices.Equal(g, overdue) {
					t.Fatalf("%s, %s: overdue %v, want %v", today, h.name, g, overdue)
				}
				if g := names(got[h.holder].Wanted); !slices.Equal(g, due) {
					t.Fatalf("%s, %s: due %v, want %v", today, h.name, g, due)
				}
			}
		}
		if d.Engine() != db.Postgres && days != 397 {
			t.Errorf("looked at %d days", days)
		}
	})
}

// TestPagesOfWhatIsDue reads the list in pages of three, forwards and back: holders that owe nothing do not end it.
func TestPagesOfWhatIsDue(t *testing.T) {
	each(t, func(w *world) {
		for i := range 9 {
			w.rows.Organisation([]string{"party_group", "party_branch"}[i%2], fmt.Sprintf("小组%02d", i)) // a branch without members owes nothing
		}
		testkit.Exec(t, w.d, "UPDATE meeting_kind SET since = '2026-01-01' WHERE tenant_id = $1", testkit.Tenant)
		var got []string
		page, before, prev := db.Page{Limit: 3}, db.Page{}, ""
		for range 20 {
			l, err := w.s.Due(ctx, w.street, meeting.DueFilter{Page: page})
			w.must(err)
			for _, d := range l.Items {
				got = append(got, d.Name)
			}
			if prev = l.Prev; l.Next == "" {
				break
			}
			before, page.After = page, db.ParseCursor(l.Next)
		}
		if len(got) != 6 || !slices.IsSorted(got[:5]) { // five groups and the conference
			t.Errorf("the pages hold %v", got)
		}
		l, err := w.s.Due(ctx, w.street, meeting.DueFilter{Page: db.Page{Limit: 3, Before: db.ParseCursor(prev)}})
		w.must(err)
		first, err := w.s.Due(ctx, w.street, meeting.DueFilter{Page: before})
		w.must(err)
		if len(l.Items) != len(first.Items) || len(l.Items) == 0 || l.Items[0].Name != first.Items[0].Name {
			t.Errorf("back: %d, want %d", len(l.Items), len(first.Items))
		}
	})
}

// makeHolders makes organisations and a body with members and meetings, in the database and for the model.
func makeHolders(t *testing.T, d *db.DB, r *rand.Rand, kinds []meeting.Kind, start calendar.Date) []*modelHolder {
	t.Helper()
	day := func() calendar.Date { return start.AddDays(r.IntN(400) - 20) }
	var out []*modelHolder
	for i := range 14 {
		h := &modelHolder{kind: []string{"party_branch", "community_party", "party_group", "working_committee"}[i%4], name: fmt.Sprintf("组织%02d", i), held: map[string][]calendar.Date{}, planned: map[string][]calendar.Date{}}
		if i >= 12 {
			h.kind = "body:joint_conference"
		}
		h.founded = start.AddYears(-3)
		if i%3 == 1 {
			h.founded = day()
		}
		if i%5 == 2 {
			h.ended = h.founded.AddDays(1 + r.IntN(500))
		}
		switch i { // on the very edges of periods
		case 0:
			h.ended = start.AddMonths(2).EndOfMonth()
		case 4:
			h.founded = start.AddMonths(6)
		case 5:
			h.founded = start.AddMonths(3).AddDays(1)
		case 6:
			h.ended = start.AddMonths(9)
		case 12:
			h.ended = start.AddMonths(5).EndOfMonth()
		}
		o := id.New()
		h.holder = meeting.Holder{OwnerID: o}
		if i >= 12 {
			h.holder.BodyID = id.New()
			testkit.Exec(t, d, "INSERT INTO body (tenant_id, id, kind, name, name_key, leader_id, founded_on, ended_on, created_at) VALUES ($1,$2,'joint_conference',$3,$3,$4,$5,$6,1)",
				testkit.Tenant, h.holder.BodyID, h.name, o, h.founded, h.ended)
		} else {
			testkit.Exec(t, d, "INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, established_on, dissolved_on, created_at, updated_at) VALUES ($1,$2,$3,$4,$4,$5,$6,$7,1,1)",
				testkit.Tenant, o, h.kind, h.name, "/"+o.String()+"/", h.founded, h.ended)
			for range []int{0, 3, 6, 9, 12}[r.IntN(5)] {
				h.member(t, d, o, start, r)
			}
		}
		for _, k := range kinds {
			for range r.IntN(9) {
				h.meets(t, d, k, day(), []meeting.State{meeting.Held, meeting.Held, meeting.Planned, meeting.Cancelled}[r.IntN(4)])
			}
		}
		out = append(out, h)
	}
	return out
}

// member makes somebody who may join, become a full member or leave in the course of the year.
func (h *modelHolder) member(t *testing.T, d *db.DB, home id.ID, start calendar.Date, r *rand.Rand) {
	m := modelMember{id: id.New(), joined: start.AddYears(-2), full: start.AddYears(-1)}
	standing := "full"
	switch r.IntN(6) {
	case 0:
		m.full = start.AddDays(r.IntN(366))
	case 1:
		m.joined, m.full = start.AddDays(r.IntN(200)), calendar.Date{}
		standing = "probationary"
	case 2:
		m.ended = start.AddDays(r.IntN(366))
	}
	h.put(t, d, home, m, standing)
}

func (h *modelHolder) put(t *testing.T, d *db.DB, home id.ID, m modelMember, standing string) {
	testkit.Exec(t, d, `INSERT INTO member (tenant_id, id, person_id, kind, name, name_key, home_id, unit_id, community_id, standing, joined_on, full_on, ended_on, created_at, updated_at)
		VALUES ($1,$2,$3,'community','王','王',$4,0,0,$5,$6,$7,$8,1,1)`, testkit.Tenant, m.id, id.New(), home, standing, m.joined, m.full, m.ended)
	h.members = append(h.members, m)
}

func (h *modelHolder) meets(t *testing.T, d *db.DB, k meeting.Kind, on calendar.Date, state meeting.State) {
	testkit.Exec(t, d, "INSERT INTO meeting_duty (tenant_id, meeting_id, kind_code, owner_id, body_id, on_day, state) VALUES ($1,$2,$3,$4,$5,$6,$7)",
		testkit.Tenant, id.New(), k.Code, h.holder.OwnerID, h.holder.BodyID, on, state)
	switch state {
	case meeting.Held:
		h.held[k.Code] = append(h.held[k.Code], on)
	case meeting.Planned:
		h.planned[k.Code] = append(h.planned[k.Code], on)
	}
}
