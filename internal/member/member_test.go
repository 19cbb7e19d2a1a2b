package member

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/id"
)

var today = calendar.MustParse("2026-09-15")

func TestFieldsCheck(t *testing.T) {
	day := calendar.MustParse
	for _, c := range []struct {
		why   string
		in    Fields
		wrong string
		want  Standing
	}{
		{"an in-service member has a unit", Fields{Kind: InService}, "unit_id", ""},
		{"a kind outside the three", Fields{Kind: "guest"}, "kind", ""},
		{"joined in the future", Fields{Kind: Floating, JoinedOn: day("2026-09-16")}, "joined_on", ""},
		{"full before joined", Fields{Kind: Floating, JoinedOn: day("2020-01-02"), FullOn: day("2020-01-01")}, "full_on", ""},
		{"a probationary member is not full yet", Fields{Kind: Floating, Standing: Probationary, FullOn: day("2020-01-01")}, "full_on", ""},
		{"a formula is no skill", Fields{Kind: Floating, Skills: "=1+1"}, "skills", ""},
		{"joined less than a year ago is probationary", Fields{Kind: Floating, JoinedOn: day("2026-01-01")}, "", Probationary},
		{"joined a year ago is full", Fields{Kind: Floating, JoinedOn: day("2025-09-15")}, "", Full},
		{"joined one day less than a year ago", Fields{Kind: Floating, JoinedOn: day("2025-09-16")}, "", Probationary},
		{"nothing known is full", Fields{Kind: Floating}, "", Full},
	} {
		t.Run(c.why, func(t *testing.T) {
			e := c.in.check(today)
			if c.wrong != "" {
				if _, ok := errs.As(e.OrNil()).Fields[c.wrong]; !ok {
					t.Errorf("check() = %v, want a fault in %s", e, c.wrong)
				}
				return
			}
			if e.OrNil() != nil || c.in.Standing != c.want {
				t.Errorf("check() = %v, standing %q, want %q", e, c.in.Standing, c.want)
			}
		})
	}
}

// A registration only ever goes proposed -> accepted | returned | withdrawn, accepted -> ended.
func TestRegistrationStates(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		now := time.Date(2026, 9, 15, 2, 0, 0, 0, time.UTC)
		r := Registration{State: Proposed, Version: 1}
		for range rapid.IntRange(1, 12).Draw(t, "acts") {
			before := r
			var err error
			var to State
			switch rapid.IntRange(0, 3).Draw(t, "act") {
			case 0:
				to, err = Accepted, r.Accept(now, 1)
			case 1:
				to, err = Returned, r.Return(now, 1, rapid.SampledFrom([]string{"", "不住这里"}).Draw(t, "reason"))
			case 2:
				to, err = Withdrawn, r.Withdraw(now, 1)
			case 3:
				on := today.AddDays(rapid.IntRange(-3, 3).Draw(t, "days"))
				to, err = Ended, r.End(on, today, rapid.SampledFrom([]string{"", "搬走"}).Draw(t, "why"))
			}
			if err != nil {
				if r != before {
					t.Fatalf("a refused act changed %+v to %+v", before, r)
				}
				continue
			}
			from := map[State]State{Accepted: Proposed, Returned: Proposed, Withdrawn: Proposed, Ended: Accepted}[to]
			if before.State != from || r.State != to {
				t.Fatalf("%s -> %s, want %s -> %s", before.State, r.State, from, to)
			}
			if (to == Returned || to == Ended) && r.Reason == "" {
				t.Fatalf("%s without a reason", to)
			}
			if to == Ended && (r.EndedOn.Before(calendar.DateOf(r.DecidedAt)) || r.EndedOn.After(today)) {
				t.Fatalf("ended on %s, accepted on %s", r.EndedOn, calendar.DateOf(r.DecidedAt))
			}
		}
	})
}

func TestPromiseClose(t *testing.T) {
	p := Promise{State: Open}
	if err := p.Close(time.Now(), false, ""); errs.KindOf(err) != errs.Invalid {
		t.Errorf("not kept without a reason: %v", err)
	}
	if err := p.Close(time.Now(), true, ""); err != nil || p.State != Kept {
		t.Errorf("kept: %v, %s", err, p.State)
	}
	if err := p.Close(time.Now(), true, ""); errs.KindOf(err) != errs.Conflict {
		t.Errorf("closed twice: %v", err)
	}
}

func TestMoveBack(t *testing.T) {
	for _, c := range []struct {
		why, on string
		want    errs.Kind
		ok      bool
	}{
		{"back before leaving", "2026-06-30", errs.Invalid, false},
		{"back on the day of leaving", "2026-07-01", 0, true},
		{"back in the future", "2026-09-16", errs.Invalid, false},
		{"no day", "", errs.Invalid, false},
		{"back today", "2026-09-15", 0, true},
	} {
		m := Move{NewMove: NewMove{FromOn: calendar.MustParse("2026-07-01")}}
		on, _ := calendar.Parse(c.on)
		if err := m.Back(on, today); (err == nil) != c.ok || !c.ok && errs.KindOf(err) != c.want {
			t.Errorf("%s: %v", c.why, err)
		}
	}
}

func TestCertificateContentKeepsFieldsApart(t *testing.T) {
	a := content{Name: "王", Kind: "in_service", Organisation: "ab", Community: "c"}
	b := content{Name: "王", Kind: "in_service", Organisation: "a", Community: "bc"}
	if a.hash() == b.hash() {
		t.Error("two different certificates have one digest")
	}
}

func TestPlaqueAddress(t *testing.T) {
	if got := (Member{ID: id.New()}).PlaqueAddress(320902); got != "" {
		t.Errorf("address without a number: %q", got)
	}
	no := newPlaqueNo()
	if len(no) != 8 || no == newPlaqueNo() {
		t.Errorf("plaque number %q", no)
	}
}
