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

// pass lets everything happen that lies before until, with the clock at its time. What is added on the way must lie ahead.
func (b *builder) pass(ctx context.Context, a *agenda, until time.Time) error {
	slices.SortStableFunc(a.events, func(x, y event) int { return cmp.Compare(x.at.UnixMicro(), y.at.UnixMicro()) })
	for i, e := range a.events {
		if !e.at.Before(until) {
			break
		}
		b.clock.Set(e.at)
		if err := e.run(ctx); err != nil {
			return err
		}
		b.progress(int64(i+1), int64(len(a.events)+1))
	}
	return nil
}
