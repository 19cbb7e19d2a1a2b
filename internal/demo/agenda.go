package demo

import (
	"cmp"
	"context"
	"slices"
	"time"
)

// agenda is what happens in the year, in the order of time.
type agenda struct{ events []event }

type event struct {
	at  time.Time
	run func(context.Context) error
}

// add puts something on the agenda.
func (a *agenda) add(at time.Time, run func(context.Context) error) {
	a.events = append(a.events, event{at, run})
}

// pass lets everything happen that lies before until, with the clock at its time. What comes up on the way (b.later) is put where it
// belongs, at the earliest now.
func (b *builder) pass(ctx context.Context, a *agenda, until time.Time) error {
	byTime := func(x, y event) int { return cmp.Compare(x.at.UnixMicro(), y.at.UnixMicro()) }
	slices.SortStableFunc(a.events, byTime)
	for i := 0; i < len(a.events) && a.events[i].at.Before(until); i++ {
		b.clock.Set(a.events[i].at)
		if err := a.events[i].run(ctx); err != nil {
			return err
		}
		for _, e := range b.later {
			n, _ := slices.BinarySearchFunc(a.events[i+1:], e, func(x, y event) int {
				if byTime(x, y) <= 0 {
					return -1
				}
				return 1
			})
			a.events = slices.Insert(a.events, i+1+n, e)
		}
		b.later = b.later[:0]
		if i%16 == 0 {
			b.progress(int64(i), int64(len(a.events)))
		}
	}
	return nil
}
