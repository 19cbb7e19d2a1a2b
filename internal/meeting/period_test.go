package meeting

import (
	"testing"

	"linli/internal/calendar"
)

func TestPeriodsOfTheCalendar(t *testing.T) {
	for _, c := range []struct {
		every            Every
		day, start, ends string
	}{
		{Monthly, "2028-02-29", "2028-02-01", "2028-02-29"},
		{Quarterly, "2026-03-31", "2026-01-01", "2026-03-31"},
		{Quarterly, "2026-04-01", "2026-04-01", "2026-06-30"},
		{HalfYear, "2026-06-30", "2026-01-01", "2026-06-30"},
		{HalfYear, "2026-07-01", "2026-07-01", "2026-12-31"},
		{Yearly, "2026-12-31", "2026-01-01", "2026-12-31"},
	} {
		p := c.every.Of(calendar.MustParse(c.day))
		if p.Start.String() != c.start || p.Ends.String() != c.ends {
			t.Errorf("%s of %s is %s to %s, want %s to %s", c.every, c.day, p.Start, p.Ends, c.start, c.ends)
		}
	}
	if n := len(PeriodsOf(2026)); n != 12+4+2+1 {
		t.Errorf("a year has %d periods", n)
	}
	if p := Freely.Of(calendar.MustParse("2026-01-01")); !p.Start.IsZero() {
		t.Errorf("what is held as needed has a period: %+v", p)
	}
}

// TestQuorum holds PARTY-30 to its examples.
func TestQuorum(t *testing.T) {
	for _, c := range []struct {
		eligible, present, yes int64
		there, passes          bool
	}{{10, 5, 5, true, false}, {10, 5, 6, true, true}, {10, 4, 6, false, true}, {11, 5, 6, false, true}, {11, 6, 6, true, true}, {11, 6, 5, true, false}, {0, 0, 0, false, false}} {
		q := Quorum{Eligible: c.eligible, Present: c.present}
		if q.There() != c.there || q.Passes(c.yes) != c.passes {
			t.Errorf("%d with a vote, %d present, %d in favour: quorum %v, passes %v", c.eligible, c.present, c.yes, q.There(), q.Passes(c.yes))
		}
		if q.There() != (c.eligible > 0 && c.present >= q.Least()) {
			t.Errorf("%d with a vote: the least is %d", c.eligible, q.Least())
		}
	}
}
