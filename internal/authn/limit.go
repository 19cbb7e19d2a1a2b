package authn

import (
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"linli/internal/errs"
	"linli/internal/i18n"
)

// limiter bounds how often each of many keys (a name, an address) may try.
type limiter struct {
	mu    sync.Mutex
	each  rate.Limit
	burst int
	byKey map[string]*limited
}

type limited struct {
	*rate.Limiter
	used time.Time
}

// maxKeys bounds the memory of a limiter; the keys unused longest go first.
const maxKeys = 20000

func newLimiter(perMinute float64, burst int) *limiter {
	return &limiter{each: rate.Limit(perMinute / 60), burst: burst, byKey: map[string]*limited{}}
}

// allow takes one try of key, or says in how many seconds there is one.
func (l *limiter) allow(key string, now time.Time) error {
	if key == "" {
		return nil
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	e := l.byKey[key]
	if e == nil {
		l.makeRoom()
		e = &limited{Limiter: rate.NewLimiter(l.each, l.burst)}
		l.byKey[key] = e
	}
	e.used = now
	r := e.ReserveN(now, 1)
	if wait := r.DelayFrom(now); wait > 0 {
		r.CancelAt(now)
		return errs.New(errs.RateLimited, i18n.ErrRateLimited, int(math.Ceil(wait.Seconds())))
	}
	return nil
}

// makeRoom drops the older half when the limiter is full.
func (l *limiter) makeRoom() {
	if len(l.byKey) < maxKeys {
		return
	}
	var newest time.Time
	oldest := time.Time{}
	for _, e := range l.byKey {
		if e.used.After(newest) {
			newest = e.used
		}
		if oldest.IsZero() || e.used.Before(oldest) {
			oldest = e.used
		}
	}
	middle := oldest.Add(newest.Sub(oldest) / 2)
	for k, e := range l.byKey {
		if !e.used.After(middle) {
			delete(l.byKey, k)
		}
	}
}

// shadow counts failures of names that nobody has, so that they lock as real ones do and do not tell which is which.
type shadow struct {
	mu    sync.Mutex
	names map[string]*shadowName
}

type shadowName struct {
	failed int64
	until  time.Time
}

// fail notes a failure and gives until when the name is locked, zero if it is not.
func (s *shadow) fail(name string, now time.Time, failures int64, lock time.Duration) time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.names[name]
	if n == nil {
		if len(s.names) >= maxKeys {
			clear(s.names)
		}
		n = &shadowName{}
		s.names[name] = n
	}
	if now.Before(n.until) {
		return n.until
	}
	if n.failed++; n.failed >= failures {
		n.failed, n.until = 0, now.Add(lock)
	}
	return time.Time{}
}

// Guesses bounds how often an address may try codes on public pages.
type Guesses struct{ by *limiter }

// NewGuesses allows burst tries at once and perMinute after them.
func NewGuesses(perMinute float64, burst int) *Guesses { return &Guesses{newLimiter(perMinute, burst)} }

// Allow takes one try of an address; the error says in how many seconds there is one.
func (g *Guesses) Allow(address string, now time.Time) error { return g.by.allow(address, now) }
