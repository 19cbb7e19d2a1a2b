package agreement

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/calendar"
	"linli/internal/errs"
)

var today = calendar.MustParse("2026-09-15")

func TestSpan(t *testing.T) {
	for _, c := range []struct{ why, from, to, wrong string }{
		{"end before start", "2026-09-15", "2026-09-14", "to"},
		{"a single day", "2026-09-15", "2026-09-15", ""},
		{"wholly in the past", "2026-01-01", "2026-09-14", "to"},
		{"begun in the past, not over", "2026-01-01", "2026-09-15", ""},
		{"five years", "2026-09-15", "2031-09-15", ""},
		{"longer than five years", "2026-09-15", "2031-09-16", "to"},
		{"no start", "", "2026-09-16", "from"},
		{"no end", "2026-09-16", "", "to"},
	} {
		from, _ := calendar.Parse(c.from)
		to, _ := calendar.Parse(c.to)
		err := span(from, to, today).OrNil()
		if c.wrong == "" && err != nil || c.wrong != "" && (err == nil || errs.As(err).Fields[c.wrong].Text.IsZero()) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

func TestOfferCheck(t *testing.T) {
	good := Offer{Kind: Area, Name: "3 号楼", Duties: " 每周巡楼 \r\n\r\n 登记隐患 ", Capacity: 1}
	if e := good.check(); e.OrNil() != nil || good.Duties != "每周巡楼\n登记隐患" {
		t.Errorf("check() = %v, duties %q", e, good.Duties)
	}
	for why, c := range map[string]struct {
		o     Offer
		field string
	}{
		"no places":      {Offer{Kind: Area, Name: "a", Duties: "b"}, "capacity"},
		"1001 places":    {Offer{Kind: Area, Name: "a", Duties: "b", Capacity: 1001}, "capacity"},
		"no duties":      {Offer{Kind: Area, Name: "a", Duties: " \n ", Capacity: 1}, "duties"},
		"no name":        {Offer{Kind: Area, Duties: "b", Capacity: 1}, "name"},
		"unknown kind":   {Offer{Kind: "x", Name: "a", Duties: "b", Capacity: 1}, "kind"},
		"formula a name": {Offer{Kind: Area, Name: "=1+1", Duties: "b", Capacity: 1}, "name"},
	} {
		if _, ok := c.o.check().Fields[c.field]; !ok {
			t.Errorf("%s was taken", why)
		}
	}
}

// Whatever is pressed in whatever order: agreed means two signatures of the same terms, a reason stands where one is owed,
// and what is over stays over.
func TestClaimStates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 9, 15, 2, 0, 0, 0, time.UTC)
		c := Claim{State: Proposed, ContentHash: "h", From: today, To: today.AddYears(1)}
		var given []Signature
		for range rapid.IntRange(1, 15).Draw(t, "acts") {
			before := c
			var err error
			switch rapid.IntRange(0, 3).Draw(t, "act") {
			case 0, 1:
				s := Signature{Side: rapid.SampledFrom([]Side{Member, Community}).Draw(t, "side"), Hash: rapid.SampledFrom([]string{"h", "h", "other"}).Draw(t, "hash")}
				if err = c.sign(given, s, now); err == nil {
					given = append(given, s)
				}
			case 2:
				err = c.close(rapid.SampledFrom([]State{Declined, Withdrawn}).Draw(t, "to"), rapid.SampledFrom([]string{"", "太远"}).Draw(t, "reason"))
			case 3:
				err = c.end(today.AddDays(rapid.IntRange(-2, 2).Draw(t, "days")), today, rapid.SampledFrom([]string{"", "搬走"}).Draw(t, "why"))
			}
			if err != nil && c != before {
				t.Fatalf("a refused act changed %+v to %+v", before, c)
			}
			switch over := before.State != Proposed && before.State != Agreed; {
			case over && c != before:
				t.Fatalf("%s went on to %s", before.State, c.State)
			case c.State == Agreed && (len(given) != 2 || given[0].Side == given[1].Side || given[0].Hash != "h" || given[1].Hash != "h"):
				t.Fatalf("agreed with %+v", given)
			case (c.State == Declined || c.State == Ended) && c.Reason == "":
				t.Fatalf("%s without a reason", c.State)
			case c.State == Ended && (c.EndedOn.After(today) || c.EndedOn.Before(c.From)):
				t.Fatalf("ended on %s", c.EndedOn)
			}
		}
	})
}

func TestMapLayout(t *testing.T) {
	real := Map{Spots: []Spot{{Name: "a", lon: 120_100_000, lat: 33_400_000}, {Name: "b", lon: 120_102_000, lat: 33_401_000}}}
	real.lay()
	if a, b := real.Spots[0], real.Spots[1]; real.Schematic || a.X >= b.X || a.Y <= b.Y {
		t.Errorf("north is up, east is right: %+v", real.Spots)
	}
	rapid.Check(t, func(t *rapid.T) {
		var m Map
		for range rapid.IntRange(0, 60).Draw(t, "buildings") {
			m.Spots = append(m.Spots, Spot{lon: rapid.SampledFrom([]int64{0, 120_100_000, 120_100_500}).Draw(t, "lon"), lat: rapid.Int64Range(33_400_000, 33_402_000).Draw(t, "lat")})
		}
		m.lay()
		seen := map[[2]int]bool{}
		for _, s := range m.Spots {
			if s.X < 0 || s.X > m.Width || s.Y < 0 || s.Y > m.Height {
				t.Fatalf("off the plane: %+v of %d × %d", s, m.Width, m.Height)
			}
			if at := [2]int{s.X, s.Y}; m.Schematic && seen[at] {
				t.Fatalf("two buildings on one spot: %+v", s)
			} else {
				seen[at] = true
			}
		}
	})
}

func TestSpotStatus(t *testing.T) {
	for want, s := range map[string]Spot{"none": {}, "free": {Offers: 1, Capacity: 2}, "part": {Offers: 1, Capacity: 2, Taken: 1}, "full": {Offers: 1, Capacity: 2, Taken: 2}} {
		if got := s.Status(); got != want {
			t.Errorf("Status(%+v) = %s, want %s", s, got, want)
		}
	}
}
