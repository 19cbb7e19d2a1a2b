package hall

import (
	"math"
	"slices"
	"time"

	"linli/internal/errs"
	"linli/internal/i18n"
)

const (
	// PaceDays is from how many days the time of serving is taken.
	PaceDays = 20
	// PaceLeast is from how many tickets on it is taken; below that the usual minutes hold.
	PaceLeast = 5
)

// Median is the middle of some lengths; 0 of none.
func Median(list []time.Duration) time.Duration {
	if len(list) == 0 {
		return 0
	}
	s := slices.Clone(list)
	slices.Sort(s)
	n := len(s)
	if n%2 == 1 {
		return s[n/2]
	}
	return (s[n/2-1] + s[n/2]) / 2
}

// Desk is an open counter, as far as the wait is concerned.
type Desk struct {
	Windows []string
	Left    time.Duration // until it is free, as far as can be told
}

func (d Desk) serves(window string) bool { return slices.Contains(d.Windows, window) }

// Estimate is how long somebody waits who is next after ahead, the windows of those before them. Serving takes pace of each window. What those ahead need is
// shared among the open counters that can serve them: of somebody whom three counters could serve, of which two serve this window, two thirds count here.
// Added is the time until the first of these counters is free. ok is false where no counter serves the window.
//
// It never grows less with somebody more ahead.
func Estimate(window string, ahead []string, desks []Desk, pace func(window string) time.Duration) (wait time.Duration, ok bool) {
	var here []Desk
	for _, d := range desks {
		if d.serves(window) {
			here = append(here, d)
		}
	}
	if len(here) == 0 {
		return 0, false
	}
	soonest := here[0].Left
	for _, d := range here {
		soonest = min(soonest, d.Left)
	}
	share := map[string]float64{}
	var work float64
	for _, w := range ahead {
		part, known := share[w]
		if !known {
			var all, shared int
			for _, d := range desks {
				if d.serves(w) {
					all++
					if d.serves(window) {
						shared++
					}
				}
			}
			if all > 0 {
				part = float64(shared) / float64(all)
			}
			share[w] = part
		}
		work += part * float64(pace(w))
	}
	return max(0, soonest) + time.Duration(work/float64(len(here))), true
}

// left is how long a counter is busy still: what serving usually takes without what it has taken, and never quite nothing, because those who are overdue are
// not done yet.
func left(pace, taken time.Duration) time.Duration {
	return max(pace-taken, pace/4)
}

// mostMinutes is from when on the wait is said to be longer.
const mostMinutes = 120

// InWords says a wait as people do: in steps of five minutes, with room on both sides.
func InWords(wait time.Duration, ok bool) errs.Message {
	if !ok {
		return errs.Message{Text: i18n.HallNoCounter}
	}
	lo, hi := Bounds(wait)
	switch {
	case hi == 0:
		return errs.Message{Text: i18n.HallAtOnce}
	case lo >= mostMinutes:
		return errs.Message{Text: i18n.HallLong, Args: []any{mostMinutes / 60}}
	case lo == 0:
		return errs.Message{Text: i18n.HallWithin, Args: []any{hi}}
	}
	return errs.Message{Text: i18n.HallAbout, Args: []any{lo, hi}}
}

// Bounds are the minutes between which a wait is said to lie.
func Bounds(wait time.Duration) (lo, hi int64) {
	if wait < time.Minute {
		return 0, 0
	}
	m := wait.Minutes()
	return int64(m*0.85) / 5 * 5, (int64(math.Ceil(m*1.15)) + 4) / 5 * 5
}
