package demo

import (
	"linli/internal/calendar"
	"linli/internal/cobuild"
	"linli/internal/employment"
	"linli/internal/pairing"
	"linli/internal/volunteer"
)

// aims are how much of each kind of help a district shows on the day it is built. Those of the large scale are those of source D; the plans below come to them exactly, on whatever day.
type aims struct {
	Agreements   int // in force
	Households   int // that somebody helps
	Seekers      int // who were registered
	Found        int // work, this year
	Certificates int // issued this year
	Teams        int // at least one of each kind
	Outlets      int // besides centres and stations
}

func (s Scale) aims() aims {
	if s.Units >= District.Units {
		return aims{Agreements: 74, Households: 650, Seekers: 3_400, Found: 3_000, Certificates: 1_000, Teams: max(len(services), 2*s.Communities), Outlets: 3_000}
	}
	return aims{Agreements: min(10, s.Units), Households: 9, Seekers: 12, Found: 6, Certificates: 8, Teams: len(services), Outlets: eachCommunity * s.Communities}
}

// among says whether the i-th of all is among n that are spread evenly over them; exactly n are.
func among(i, n, all int) bool { return i*n/all != (i+1)*n/all }

// inYear spreads what figures count from the first of January over the year to date, without today; on the first of January it is all today.
func inYear(i, all int, today calendar.Date) calendar.Date {
	first := calendar.On(today.Year(), 1, 1)
	return first.AddDays(i * max(1, first.DaysUntil(today)) / all)
}

// seekerPlan is what becomes of somebody who seeks work.
type seekerPlan struct {
	n, community int
	difficulty   employment.Difficulty
	found        bool
	foundOn      calendar.Date
	fromOn       calendar.Date // first day at work
	certified    bool
	issuedOn     calendar.Date // not after foundOn
}

// planSeekers plans who seeks work, who found it when, and who has a certificate: all of it lies in the year that the figures count.
func planSeekers(s Scale, today calendar.Date) []seekerPlan {
	aim := s.aims()
	entitled := 0
	for n := range aim.Seekers {
		if demoSeekers[n%len(demoSeekers)].difficulty.Entitled() {
			entitled++
		}
	}
	out, e := make([]seekerPlan, aim.Seekers), 0
	for n := range out {
		p := seekerPlan{n: n, community: n % s.Communities, difficulty: demoSeekers[n%len(demoSeekers)].difficulty, found: among(n, aim.Found, aim.Seekers), foundOn: inYear(n, aim.Seekers, today)}
		p.issuedOn, p.fromOn = p.foundOn, p.foundOn.AddDays(-(n % 20))
		if first := calendar.On(today.Year(), 1, 1); p.fromOn.Before(first) {
			p.fromOn = first
		}
		if p.difficulty.Entitled() {
			p.certified = among(e, aim.Certificates, entitled)
			e++
		}
		out[n] = p
	}
	return out
}

// registeredOn is the day on which they were registered: before anybody found work.
func registeredOn(today calendar.Date) calendar.Date {
	day := calendar.On(today.Year(), 1, 1).AddDays(-8)
	if usual := today.AddDays(-190); usual.Before(day) {
		return usual
	}
	return day
}

// homePlan is what becomes of a household in hardship.
type homePlan struct {
	n, community int
	state        pairing.State
	asked        bool // whether they consented
	begun        calendar.Date
}

// planHomes plans households until as many are paired as the scale shows; one in four waits or ended.
func planHomes(s Scale, today calendar.Date) (out []homePlan) {
	for n, paired := 0, 0; paired < s.aims().Households || n%12 != 0; n++ {
		p := homePlan{n: n, community: n % s.Communities, state: pairing.Paired, asked: n%12 != 11, begun: today.AddDays(-250 + (n*37)%190)}
		switch n % 12 {
		case 4, 11:
			p.state, p.begun = pairing.Waiting, today.AddDays(-4)
		case 9:
			p.state = pairing.Ended
		default:
			if paired == s.aims().Households { // enough are paired: the last dozen is filled up with those who wait
				p.state, p.begun = pairing.Waiting, today.AddDays(-4)
			} else {
				paired++
			}
		}
		out = append(out, p)
	}
	return out
}

// pactPlan is how an agreement goes.
type pactPlan struct {
	n        int
	kind     cobuild.Kind
	from, to calendar.Date
	stopping int
}

// planPacts plans the agreements that are in force, and a few that are on their way or ended.
func planPacts(s Scale, today calendar.Date) (out []pactPlan) {
	many, stops := s.aims().Agreements, []int{pactEnded, pactHalf, pactSent, pactDraft}
	for n := range many + len(stops) {
		p := pactPlan{n: n, kind: promised[n%len(promised)].kind, from: today.AddDays(-340 + (n*37)%280)}
		if n >= many {
			p.stopping, p.from = stops[n-many], today.AddDays(-6-n%5)
			if p.stopping == pactEnded {
				p.from = today.AddDays(-200)
			}
		}
		p.to = p.from.AddYears(1).AddDays(-1)
		out = append(out, p)
	}
	return out
}

// planTeams are the kinds of the teams of volunteers.
func planTeams(s Scale) []volunteer.Kind {
	out := make([]volunteer.Kind, s.aims().Teams)
	for n := range out {
		out[n] = services[n%len(services)].kind
	}
	return out
}
