package demo

import (
	"sync/atomic"
	"time"

	"linli/internal/calendar"
)

// Clock is the clock of the database while the district is made. It is moved by hand and goes forward a little with every look,
// so that what happens later is later.
type Clock struct{ us atomic.Int64 }

// Now is the time the clock shows.
func (c *Clock) Now() time.Time { return time.UnixMicro(c.us.Add(1)).UTC() }

// Set moves the clock to t, never back.
func (c *Clock) Set(t time.Time) {
	for {
		now := c.us.Load()
		if t.UnixMicro() <= now || c.us.CompareAndSwap(now, t.UnixMicro()) {
			return
		}
	}
}

// at is an instant of a day in China.
func at(d calendar.Date, hour, minute int) time.Time {
	return d.Time().Add(time.Duration(hour)*time.Hour + time.Duration(minute)*time.Minute)
}
