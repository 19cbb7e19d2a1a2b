package hall

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
)

func waitersOf(t *rapid.T) []Waiter {
	n := rapid.IntRange(0, 30).Draw(t, "waiting")
	list := make([]Waiter, n)
	for i := range list {
		list[i] = Waiter{ID: id.ID(i + 1), Window: rapid.SampledFrom([]string{"01", "02", "03"}).Draw(t, "window"), First: rapid.Bool().Draw(t, "first"), Turn: int64(i)}
	}
	return list
}

func TestTheOrderIsFair(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := waitersOf(t)
		run, before := rapid.IntRange(1, 4).Draw(t, "run"), rapid.IntRange(0, 4).Draw(t, "before")
		got := Order(list, before, run)
		if len(got) != len(list) {
			t.Fatalf("%d of %d are called", len(got), len(list))
		}
		usual := 0
		for _, w := range list {
			if !w.First {
				usual++
			}
		}
		last := map[bool]int64{true: -1, false: -1}
		row := before
		for i, w := range got {
			if w.Turn <= last[w.First] {
				t.Fatalf("%d comes after %d of the same kind", w.Turn, last[w.First])
			}
			last[w.First] = w.Turn
			if w.First {
				if row >= run && usual > 0 {
					t.Fatalf("%d with priority in a row at %d while %d wait", row+1, i, usual)
				}
				row++
			} else {
				if row < run && slices.ContainsFunc(got[i:], func(x Waiter) bool { return x.First }) {
					t.Fatalf("somebody with priority waits behind %d after only %d", i, row)
				}
				row, usual = 0, usual-1
			}
		}
	})
}

func desksOf(t *rapid.T) []Desk {
	n := rapid.IntRange(0, 6).Draw(t, "desks")
	list := make([]Desk, n)
	for i := range list {
		list[i].Left = time.Duration(rapid.IntRange(0, 1200).Draw(t, "left")) * time.Second
		for _, w := range []string{"01", "02", "03"} {
			if rapid.Bool().Draw(t, "serves") {
				list[i].Windows = append(list[i].Windows, w)
			}
		}
	}
	return list
}

func paceOf(w string) time.Duration {
	return map[string]time.Duration{"01": 4 * time.Minute, "02": 9 * time.Minute, "03": 15 * time.Minute}[w]
}

// Nobody is told a shorter wait because somebody more is ahead, and none is negative; nor is it longer when a counter more serves the window.
func TestTheWaitNeverShrinksWithSomebodyMoreAhead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		desks := desksOf(t)
		ahead := rapid.SliceOfN(rapid.SampledFrom([]string{"01", "02", "03"}), 0, 25).Draw(t, "ahead")
		window := rapid.SampledFrom([]string{"01", "02", "03"}).Draw(t, "own")
		was, ok := Estimate(window, ahead, desks, paceOf)
		if was < 0 {
			t.Fatalf("the wait is %v", was)
		}
		at := rapid.IntRange(0, len(ahead)).Draw(t, "at")
		more, still := Estimate(window, slices.Insert(slices.Clone(ahead), at, rapid.SampledFrom([]string{"01", "02", "03"}).Draw(t, "more")), desks, paceOf)
		if ok != still || more < was {
			t.Fatalf("with one more ahead the wait is %v, was %v", more, was)
		}
		lo, hi := Bounds(was)
		lo2, hi2 := Bounds(more)
		if lo2 < lo || hi2 < hi || lo > hi || lo < 0 {
			t.Fatalf("%v is said as %d to %d, %v as %d to %d", was, lo, hi, more, lo2, hi2)
		}
		if ok {
			if m := was.Minutes(); float64(lo) > m || float64(hi) < m && m >= 1 {
				t.Fatalf("%v does not lie between %d and %d", was, lo, hi)
			}
		}
	})
}

// The estimate holds against a hall that is played through: counters of one and of several windows, serving that takes now long, now short.
func TestTheWaitAgainstAHallPlayedThrough(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 11))
	took := func(w string) time.Duration { // the median is the pace; two thirds lie within half and one and a half of it
		return time.Duration(float64(paceOf(w)) * math.Exp(0.45*r.NormFloat64()))
	}
	var within, all int
	var told, real float64
	for range 1500 {
		desks := []Desk{{Windows: []string{"01"}}, {Windows: []string{"01", "02"}}, {Windows: []string{"02", "03"}}, {Windows: []string{"01", "02", "03"}}}[:2+r.IntN(3)]
		desks = slices.Clone(desks)
		free := make([]time.Duration, len(desks)) // when each counter is free, by how long serving really takes
		for i := range desks {
			w := desks[i].Windows[r.IntN(len(desks[i].Windows))]
			whole, gone := took(w), time.Duration(r.Float64()*float64(paceOf(w)))
			desks[i].Left, free[i] = left(paceOf(w), gone), max(0, whole-gone)
		}
		var ahead []string
		for range r.IntN(16) {
			ahead = append(ahead, []string{"01", "01", "02"}[r.IntN(3)])
		}
		window := []string{"01", "02"}[r.IntN(2)]
		guess, ok := Estimate(window, ahead, desks, paceOf)
		if !ok {
			continue
		}
		queue := append(slices.Clone(ahead), window)
		var called time.Duration
		for len(queue) > 0 { // the counter that is free first takes the first whom it serves
			next := -1
			for i := range free {
				if slices.ContainsFunc(queue, func(w string) bool { return desks[i].serves(w) }) && (next < 0 || free[i] < free[next]) {
					next = i
				}
			}
			if next < 0 {
				break
			}
			at := slices.IndexFunc(queue, func(w string) bool { return desks[next].serves(w) })
			if at == len(queue)-1 { // the one who asked
				called = free[next]
				break
			}
			free[next] += took(queue[at])
			queue = slices.Delete(queue, at, at+1)
		}
		lo, hi := Bounds(guess)
		all++
		told, real = told+guess.Minutes(), real+called.Minutes()
		if called.Minutes() >= float64(lo)-5 && called.Minutes() <= float64(hi)+5 {
			within++
		}
	}
	share, bias := float64(within)/float64(all), told/real
	t.Logf("of %d waits %.0f %% lie within what was said, give or take five minutes; told %.1f minutes on average, real %.1f", all, 100*share, told/float64(all), real/float64(all))
	if share < 0.8 {
		t.Errorf("only %.0f %% of the waits lie within what was said, give or take five minutes; want 80", 100*share)
	}
	if bias < 0.85 || bias > 1.15 {
		t.Errorf("the wait told is %.2f of the real one on average, want it within 15 %%", bias)
	}
}

func TestWhoComesBackStandsBehindThree(t *testing.T) {
	var list []Waiter
	for i := range 6 {
		list = append(list, Waiter{ID: id.ID(i + 1), Window: []string{"01", "02"}[i%2], Turn: int64(100 * (i + 1))})
	}
	list = append(list, Waiter{ID: 9, Window: "01", First: true, Turn: 900})
	for _, x := range []struct {
		name     string
		window   string
		priority Priority
		want     int64
	}{
		{"behind the third of the window", "01", Usual, 501},
		{"at the end where fewer wait", "03", Usual, 1000},
		{"those with priority count among themselves", "01", Old, 1000},
	} {
		if got := backTurn(Ticket{Window: x.window, Priority: x.priority}, list, 1000); got != x.want {
			t.Errorf("%s: turn %d, want %d", x.name, got, x.want)
		}
	}
}

func TestStepsOfATicket(t *testing.T) {
	now := calendar.On(2026, 3, 2).Time()
	k := Ticket{Letter: "A", Number: 1, State: Waiting}
	do := func(a Act, want State) {
		t.Helper()
		if err := k.Apply(a, 5, now); err != nil || k.State != want {
			t.Fatalf("%s: %s, %v; want %s", a, k.State, err, want)
		}
	}
	not := func(a Act) {
		t.Helper()
		if err := k.Apply(a, 5, now); errs.KindOf(err) != errs.Conflict {
			t.Fatalf("%s in %s: %v, want a conflict", a, k.State, err)
		}
	}
	not(ActStart)
	not(ActDone)
	do(ActCall, Called)
	not(ActCall)
	not(ActAbsent) // called once
	do(ActAgain, Called)
	do(ActAgain, Called)
	not(ActAgain)
	do(ActAbsent, Absent)
	do(ActBack, Waiting)
	for range 2 { // the second time back is the last
		do(ActCall, Called)
		do(ActAgain, Called)
		do(ActAgain, Called)
		do(ActAbsent, Absent)
		if k.Returns < MaxReturns {
			do(ActBack, Waiting)
		}
	}
	not(ActBack)
	do(ActLeave, Left)
	not(ActCall)
	k = Ticket{Letter: "A", Number: 2, State: Serving, CaseID: 7}
	not(ActTransfer)
	not(ActCase)
	do(ActDone, Done)
	if k.EndedAt != now {
		t.Error("the end is not noted")
	}
}

func TestHoursOfAHall(t *testing.T) {
	var h Hall
	for d := 1; d <= 5; d++ {
		for _, s := range []technician.Span{{From: 8*60 + 30, To: 12 * 60}, {From: 14 * 60, To: 17*60 + 30}} {
			h.Week = append(h.Week, technician.Shift{Weekday: d, Span: s})
		}
	}
	cal := calendar.Default()
	at := func(month time.Month, day, hour, minute int) Hours {
		return HoursAt(h, cal, calendar.On(2026, month, day).Time().Add(time.Duration(hour)*time.Hour+time.Duration(minute)*time.Minute))
	}
	for _, x := range []struct {
		name        string
		got         Hours
		open, gives bool
		next        string
	}{
		{"a Monday morning", at(3, 2, 9, 0), true, true, ""},
		{"numbers half an hour early", at(3, 2, 8, 0), false, true, ""},
		{"earlier than that", at(3, 2, 7, 59), false, false, "2026-03-02 08:30"},
		{"at noon", at(3, 2, 12, 30), false, false, "2026-03-02 14:00"},
		{"after the end", at(3, 6, 17, 30), false, false, "2026-03-09 08:30"},
		{"Saturday", at(3, 7, 10, 0), false, false, "2026-03-09 08:30"},
		{"National Day", at(10, 1, 10, 0), false, false, "2026-10-08 08:30"},
		{"a Saturday that is worked has Monday's hours", at(10, 10, 10, 0), true, true, ""},
	} {
		if x.got.Open != x.open || x.got.Gives != x.gives {
			t.Errorf("%s: %+v", x.name, x.got)
		}
		if next := ""; !x.got.Next.IsZero() {
			if next = i18n.DateTime(x.got.Next); next != x.next {
				t.Errorf("%s: opens next %s, want %s", x.name, next, x.next)
			}
		} else if x.next != "" {
			t.Errorf("%s: opens never, want %s", x.name, x.next)
		}
	}
	h.Holidays = true
	if got := at(10, 1, 10, 0); !got.Open {
		t.Errorf("a hall open on holidays is closed on National Day: %+v", got)
	}
	if LetterOf(0) != "A" || LetterOf(9) != "J" || LetterOf(25) != "Z" || LetterOf(26) != "AA" {
		t.Error("letters of windows")
	}
}
