package demo

import (
	"testing"
	"time"

	"linli/internal/calendar"
	"linli/internal/pairing"
	"linli/internal/volunteer"
)

// The plan of a district comes to the figures of source D, and that of the small scale to its own, on whatever day of the year it is built.
func TestThePlanComesToTheFigures(t *testing.T) {
	days := []calendar.Date{calendar.MustParse("2026-01-02"), calendar.MustParse("2026-12-31"), calendar.MustParse("2028-02-29"), calendar.MustParse("2028-12-31")}
	for m := range 12 {
		days = append(days, calendar.On(2026, time.Month(m+1), 1), calendar.On(2026, time.Month(m+1), 17))
	}
	for _, today := range days {
		d := planned(t, District, today)
		if d != (aims{Agreements: 74, Households: 650, Seekers: 3_400, Found: 3_000, Certificates: 1_000, Teams: 120, Outlets: 3_000}) {
			t.Errorf("a district on %s: %+v", today, d)
		}
		if s := planned(t, Small, today); s != Small.aims() {
			t.Errorf("small on %s: %+v, want %+v", today, s, Small.aims())
		}
	}
}

// planned counts in a plan what the figures count on a day.
func planned(t *testing.T, s Scale, today calendar.Date) (out aims) {
	t.Helper()
	year, yesterday := calendar.On(today.Year(), 1, 1), today.AddDays(-1)
	if yesterday.Before(year) {
		yesterday = today
	}
	in := func(d calendar.Date) bool { return !d.Before(year) && !d.After(yesterday) }
	communities := map[int]int{}
	for _, p := range planSeekers(s, today) {
		out.Seekers++
		communities[p.community]++
		if !registeredOn(today).Before(p.issuedOn) || p.issuedOn.After(p.foundOn) || p.fromOn.After(p.foundOn) {
			t.Errorf("%s: %+v comes before they are registered, or in the wrong order", today, p)
		}
		if p.found && in(p.foundOn) && in(p.fromOn) {
			out.Found++
		}
		if p.certified && p.difficulty.Entitled() && in(p.issuedOn) {
			out.Certificates++
		}
	}
	for _, p := range planHomes(s, today) {
		communities[p.community]++
		if p.state == pairing.Paired && p.asked && p.begun.AddDays(2).Before(today) {
			out.Households++
		}
		if p.state == pairing.Waiting != p.begun.After(today.AddDays(-5)) || !p.begun.After(today.AddDays(-385)) {
			t.Errorf("%s: household %+v", today, p)
		}
	}
	for _, p := range planPacts(s, today) {
		if p.stopping == pactSigned && p.from.Before(today) && !p.to.Before(today) {
			out.Agreements++
		}
	}
	kinds := map[volunteer.Kind]int{}
	for _, k := range planTeams(s) {
		kinds[k]++
		out.Teams++
	}
	if len(kinds) != len(volunteer.Kinds()) || len(kinds) != 9 {
		t.Errorf("teams of %d kinds", len(kinds))
	}
	if len(communities) != s.Communities {
		t.Errorf("%s: %d of %d communities take part", today, len(communities), s.Communities)
	}
	for i := range s.Communities {
		out.Outlets += share(s.aims().Outlets, s.Communities, i)
		open := 0
		for n, w := range wishes {
			if wishedIn(i, n) && w.days > 0 {
				open++
			}
		}
		if open < 4 {
			t.Errorf("community %d has %d needs", i, open)
		}
	}
	return out
}
