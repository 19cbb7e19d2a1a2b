package exchange

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"linli/internal/assignment"
	"linli/internal/calendar"
	"linli/internal/id"
)

var trades = []string{"理发", "水电维修", "手机使用", "陪护就医", "家电清洗", "法律咨询", "书法教学", "心理疏导", "代买送货", "裁剪缝补"}

// aWeek is a week with so many needs, resources, volunteers and shared places in four sub-districts of fifteen communities.
func aWeek(seed uint64, needs, supplies, volunteers, places int) *week {
	r := rand.New(rand.NewPCG(seed, seed))
	w := &week{today: calendar.On(2026, 3, 2), tried: map[pairing]bool{}}
	place := func() (street, community id.ID, path string) {
		street = id.ID(1 + r.IntN(4))
		community = street*100 + id.ID(r.IntN(15))
		return street, community, fmt.Sprintf("/0/%d/%d/", street, community)
	}
	kinds := Kinds()
	for i := range needs {
		street, c, path := place()
		trade := trades[r.IntN(len(trades))]
		n := lack{Card: Card{ID: id.ID(10_000 + i), Kind: kinds[r.IntN(len(kinds))], Title: "想找人" + trade, CommunityID: c, Wanted: int64(1 + r.IntN(4)/3), DueOn: w.today.AddDays(r.IntN(30))}, path: path, street: street, person: id.ID(900_000 + i%50)}
		if r.IntN(2) == 0 {
			n.Skill = trade
		}
		w.needs = append(w.needs, n)
	}
	for i := range supplies {
		street, c, path := place()
		u := supply{source: OfResource, most: 3, Resource: Resource{ID: id.ID(100_000 + i), Kind: kinds[r.IntN(len(kinds))], Title: trades[r.IntN(len(trades))] + "服务", OrgID: id.ID(1 + r.IntN(max(1, supplies/4))), PlaceID: c, placePath: path,
			Terms: AllTerms()[r.IntN(3)], ValidUntil: w.today.AddDays(r.IntN(60)), Used: int64(r.IntN(2))}}
		if r.IntN(4) == 0 {
			u.PlaceID, u.placePath = street, fmt.Sprintf("/0/%d/", street)
		}
		if r.IntN(3) == 0 {
			u.Amount = int64(1 + r.IntN(5))
			u.Left = u.Amount
		} else {
			u.Skill = trades[r.IntN(len(trades))]
		}
		w.supplies = append(w.supplies, u)
	}
	for i := range volunteers {
		street, c, _ := place()
		v := &Volunteer{ID: id.ID(200_000 + i), PersonID: id.ID(900_000 + i), OrgID: c, Street: street, Kept: r.IntN(2) == 0}
		if r.IntN(3) > 0 {
			v.Skills = []string{trades[r.IntN(len(trades))]}
		}
		if r.IntN(3) == 0 {
			v.Times = []string{"周三上午"}
		}
		w.supplies = append(w.supplies, supply{Resource: Resource{ID: v.ID}, source: OfVolunteer, volunteer: v, most: 2, recent: int64(r.IntN(4) / 3)})
	}
	for i := range places {
		street, c, _ := place()
		p := SharedPlace{ID: id.ID(300_000 + i), OrgID: id.ID(1 + r.IntN(max(1, supplies/4))), CommunityID: c, Street: street, Name: "多功能厅", Words: trades[r.IntN(len(trades))], Terms: AllTerms()[r.IntN(3)]}
		w.supplies = append(w.supplies, supply{Resource: p.resource(w.today), source: OfPlace, street: street, most: 3})
	}
	return w
}

// worth is how many places are filled, and the points of the pairs less the load.
func worth(p assignment.Problem, got []assignment.Pair) (places int, points float64) {
	loads := make([]int, p.Givers)
	for _, c := range got {
		g := p.Supplies[c.Supply].Giver
		points += float64(c.Fit - min(loads[g], 40))
		loads[g]++
	}
	return len(got), points
}

// What is proposed comes within five in a hundred of the best there is, found among all pairs, where that can be computed.
func TestTheProposalIsNearTheOptimum(t *testing.T) {
	for _, c := range []struct{ needs, supplies, volunteers, places int }{{20, 15, 0, 0}, {200, 150, 0, 0}, {400, 900, 0, 0}, {800, 400, 0, 0}, {20, 10, 8, 4}, {200, 100, 60, 20}, {400, 100, 500, 30}, {800, 300, 120, 40}} {
		for seed := range uint64(4) {
			w := aWeek(seed, c.needs, c.supplies, c.volunteers, c.places)
			p := w.problem()
			pool := w.pool()
			p.Pairs = pairs(pool, 0, math.MaxInt, anyPair)
			best := assignment.Solve(p)
			var got []assignment.Pair
			for _, x := range w.share() {
				d := slices.IndexFunc(w.needs, func(n lack) bool { return n.ID == x.need })
				s := slices.IndexFunc(w.supplies, func(u supply) bool { return u.ID == x.pairing.source })
				if want := w.supplies[s].worth(x.reasons); x.fit != want || x.source != w.supplies[s].source {
					t.Errorf("%+v is worth %d of a %s", x, want, w.supplies[s].source)
				}
				got = append(got, assignment.Pair{Demand: d, Supply: s, Fit: x.fit})
			}
			places, points := worth(p, got)
			most, highest := worth(p, best)
			if float64(places) < 0.95*float64(most) || points < 0.95*highest {
				t.Errorf("%+v: %d of %d places, %.0f of %.0f points", c, places, most, points, highest)
			}
			if p.Value(got) > p.Value(best) {
				t.Errorf("%+v: what is proposed is worth more than the best", c)
			}
		}
	}
}

// Nothing that cannot be is proposed, and the order of the rows changes nothing.
func TestTheProposalIsPossibleAndStable(t *testing.T) {
	for seed := range uint64(20) {
		w := aWeek(seed, 120, 60, 30, 10)
		first := w.share()
		for i, c := range first {
			if i%5 == 0 {
				w.tried[c.pairing] = true
			}
		}
		second := w.share()
		r := rand.New(rand.NewPCG(seed, 1))
		r.Shuffle(len(w.needs), func(i, j int) { w.needs[i], w.needs[j] = w.needs[j], w.needs[i] })
		r.Shuffle(len(w.supplies), func(i, j int) { w.supplies[i], w.supplies[j] = w.supplies[j], w.supplies[i] })
		if third := w.share(); !slices.EqualFunc(second, third, func(a, b chosen) bool {
			return a.pairing == b.pairing && a.source == b.source && slices.Equal(a.reasons, b.reasons)
		}) {
			t.Fatalf("seed %d: another order of the rows gives another answer", seed)
		}
		places, rooms, once := map[id.ID]int64{}, map[id.ID]int{}, map[pairing]bool{}
		for _, c := range second {
			n := w.needs[slices.IndexFunc(w.needs, func(n lack) bool { return n.ID == c.need })]
			u := w.supplies[slices.IndexFunc(w.supplies, func(u supply) bool { return u.ID == c.pairing.source })]
			places[c.need]++
			rooms[c.pairing.source]++
			switch {
			case w.tried[c.pairing] || once[c.pairing]:
				t.Errorf("%v was declined, or is proposed twice", c)
			case u.volunteer != nil && (!n.Kind.Hands() || u.volunteer.Street != n.street || u.volunteer.PersonID == n.person || n.Kind == Trade && !slices.Contains(c.reasons, SkillFits)):
				t.Errorf("%+v cannot meet %+v", u.volunteer, n)
			case u.source == OfPlace && u.street != n.street:
				t.Errorf("%+v is too far from %+v", u, n)
			case u.volunteer == nil && (n.Kind != u.Kind || u.ValidUntil.Before(n.DueOn)) || u.source == OfResource && n.path[:len(u.placePath)] != u.placePath:
				t.Errorf("%+v cannot meet %+v", u, n)
			case places[c.need] > n.Left() || rooms[c.pairing.source] > u.room():
				t.Errorf("more than there is: %v", c)
			}
			once[c.pairing] = true
		}
	}
}

func BenchmarkShare(b *testing.B) {
	w := aWeek(1, 2000, 3000, 500, 100)
	var got []chosen
	for b.Loop() {
		got = w.share()
	}
	b.ReportMetric(float64(len(got)), "proposals")
}

// Somebody who has served enough this week is not proposed, and of two who fit equally the one with less to do is.
func TestAVolunteerIsNotAskedTooOften(t *testing.T) {
	today := calendar.On(2026, 3, 2)
	v := func(n int64, org id.ID, skills ...string) *Volunteer {
		return &Volunteer{ID: id.ID(n), PersonID: id.ID(n + 100), OrgID: org, Street: 1, Skills: skills}
	}
	one, two, far := v(1, 11, "理发"), v(2, 11, "理发"), v(3, 21, "理发")
	far.Street = 2
	w := &week{today: today, tried: map[pairing]bool{}}
	for i, x := range []*Volunteer{one, two, far} {
		w.supplies = append(w.supplies, supply{Resource: Resource{ID: x.ID}, source: OfVolunteer, volunteer: x, most: 2, recent: int64(1 - i%2)})
	}
	need := func(n int64, kind Kind, title string) {
		w.needs = append(w.needs, lack{Card: Card{ID: id.ID(n), Kind: kind, Title: title, CommunityID: 11, Wanted: 1, DueOn: today.AddDays(20)}, street: 1, person: 999})
	}
	need(50, Trade, "上门理发")
	got := w.share()
	if len(got) != 1 || got[0].pairing.source != two.ID || got[0].source != OfVolunteer || !slices.Equal(got[0].reasons, []Reason{SkillFits, SamePlace}) {
		t.Fatalf("chosen %+v", got)
	}
	need(51, Trade, "理发")
	need(52, Trade, "请人理发")
	need(53, Trade, "给老人理发")
	if got = w.share(); len(got) != 3 { // two have room for three between them
		t.Errorf("chosen %+v", got)
	}
	w.tried[pairing{50, two.PersonID}] = true
	for _, c := range w.share() {
		if c.pairing == (pairing{50, two.ID}) {
			t.Error("who declined is proposed again")
		}
	}
	w.needs = w.needs[:1]
	w.needs[0].person = one.PersonID
	w.tried = map[pairing]bool{{50, two.PersonID}: true}
	if got = w.share(); len(got) != 0 {
		t.Errorf("who asked is proposed to themselves: %+v", got)
	}
	w.needs[0].person, w.needs[0].Kind, w.needs[0].Title = 999, Goods, "理发推子"
	if got = w.share(); len(got) != 0 {
		t.Errorf("a volunteer is proposed for goods: %+v", got)
	}
}
