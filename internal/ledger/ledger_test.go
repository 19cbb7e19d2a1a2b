package ledger

import (
	"testing"

	"linli/internal/calendar"
)

func good() Posting {
	return Posting{Account: Hours, MemberID: 1, PersonID: 2, OnDate: calendar.On(2026, 9, 15), Amount: 90, Proof: Timed, SourceKind: SourceAttendance, SourceID: 3}
}

func TestPostingCheck(t *testing.T) {
	cases := []struct {
		name string
		edit func(*Posting)
		ok   bool
	}{
		{"a whole posting stands", func(*Posting) {}, true},
		{"a posting without a source could not be opened", func(p *Posting) { p.SourceID = 0 }, false},
		{"nor without the kind of its source", func(p *Posting) { p.SourceKind = "" }, false},
		{"zero is no service", func(p *Posting) { p.Amount = 0 }, false},
		{"a negative amount is a counter-posting, not a posting", func(p *Posting) { p.Amount = -1 }, false},
		{"unknown accounts would never be summed", func(p *Posting) { p.Account = "points" }, false},
		{"an unknown proof would fall out of the mix", func(p *Posting) { p.Proof = "photo" }, false},
		{"no member, no account", func(p *Posting) { p.MemberID = 0 }, false},
		{"no day, no quarter", func(p *Posting) { p.OnDate = calendar.Date{} }, false},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := good()
			c.edit(&p)
			if err := p.check(); (err == nil) != c.ok {
				t.Errorf("check() = %v, want ok %v", err, c.ok)
			}
		})
	}
}

func TestCounterCancelsAndCannotBeReversed(t *testing.T) {
	p := good()
	p.ID = 9
	c := p.counter("typed twice")
	if c.Amount+p.Amount != 0 || c.ReversesID != p.ID || c.OnDate != p.OnDate || c.SourceID != p.SourceID || c.Reason == "" {
		t.Errorf("counter(%+v) = %+v, want the opposite amount on the same day from the same source", p, c)
	}
	if c.reversible(false) == nil {
		t.Error("a counter-posting could be reversed")
	}
	if p.reversible(true) == nil {
		t.Error("a posting could be reversed twice")
	}
}

func TestProgress(t *testing.T) {
	cases := []struct {
		name         string
		minutes      int64
		target       int64
		percent      int
		left         int64
		deeds, wants int64
		deedsDone    int
	}{
		{"nothing yet", 0, 16, 0, 960, 0, 12, 0},
		{"one minute short is not done", 959, 16, 99, 1, 11, 12, 91},
		{"exactly reached", 960, 16, 100, 0, 12, 12, 100},
		{"more than asked is still 100", 2000, 16, 100, 0, 40, 12, 100},
		{"no target set means nothing is missing", 0, 0, 100, 0, 0, 0, 100},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			p := Progress{Targets: Targets{Hours: c.target, Deeds: c.wants}}
			p.Totals.Add(Hours, Timed, c.minutes, 1)
			p.Totals.Add(Deeds, Vouched, c.deeds, 1)
			if p.HoursDone() != c.percent || p.MinutesLeft() != c.left || p.DeedsDone() != c.deedsDone {
				t.Errorf("got %d %%, %d minutes left, deeds %d %%; want %d, %d, %d", p.HoursDone(), p.MinutesLeft(), p.DeedsDone(), c.percent, c.left, c.deedsDone)
			}
			if p.Totals.Services != 1 {
				t.Errorf("Services = %d, want 1: deeds are not attendances", p.Totals.Services)
			}
		})
	}
}
