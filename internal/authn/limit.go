package authn

import (
	"context"
	"math"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/seal"
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
	mu       sync.Mutex
	names    map[string]*shadowName
	together *together // nil where one server is all there is
}

type shadowName struct {
	failed int64
	until  time.Time
}

// fail notes a failure and gives until when the name is locked, zero if it is not.
func (s *shadow) fail(name string, now time.Time, failures int64, lock time.Duration) (time.Time, error) {
	if s.together != nil {
		return s.together.fail(name, now, failures, lock)
	}
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
		return n.until, nil
	}
	if n.failed++; n.failed >= failures {
		n.failed, n.until = 0, now.Add(lock)
	}
	return time.Time{}, nil
}

// together counts tries in the database, so that several servers on it allow no more than one would.
type together struct {
	db   *db.DB
	ring *seal.Ring
}

// patience is how long the count may take; what cannot be counted is not tried.
const patience = 2 * time.Second

// allow takes n tries of key, or says in how many seconds there are so many. It is the limiter's rule, on a row: each try moves a moment that lies ahead of now by no
// more than burst tries.
func (t *together) allow(kind, key string, now time.Time, perMinute float64, burst, n int) error {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	one := int64(float64(time.Minute.Microseconds()) / perMinute)
	at, each, most := db.Micros(now), one*int64(n), one*int64(burst)
	who := t.ring.Index("try", key)
	taken, err := db.Column[int64](ctx, t.db, `INSERT INTO rate_limit (tenant_id, kind, who, until_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (tenant_id, kind, who) DO UPDATE SET until_at = CASE WHEN rate_limit.until_at > $5 THEN rate_limit.until_at ELSE $5 END + $6
		WHERE CASE WHEN rate_limit.until_at > $5 THEN rate_limit.until_at ELSE $5 END + $6 <= $7 RETURNING until_at`, unknownYet, kind, who, at+each, at, each, at+most)
	if err == nil && len(taken) > 0 {
		return nil
	}
	var until int64
	if err == nil {
		until, err = t.until(ctx, kind, who)
	}
	if err != nil { // what cannot be counted is not tried
		return errs.New(errs.Unavailable, i18n.ErrUnavailable).Because(err)
	}
	wait := max(until+each-at-most, 1)
	return errs.New(errs.RateLimited, i18n.ErrRateLimited, int(math.Ceil(float64(wait)/1e6)))
}

// unknownYet is the tenant of tries: which one is meant is not known yet.
const unknownYet = int64(0)

func (t *together) until(ctx context.Context, kind, who string) (int64, error) {
	return db.Value[int64](ctx, t.db, `SELECT until_at FROM rate_limit WHERE tenant_id = $1 AND kind = $2 AND who = $3`, unknownYet, kind, who)
}

// shadowed is the kind of the failures of names that nobody has.
const shadowed = "no-such-name"

// fail is what shadow.fail is, for all servers.
func (t *together) fail(name string, now time.Time, failures int64, lock time.Duration) (time.Time, error) {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	who, at := t.ring.Index("try", name), db.Micros(now)
	until, err := t.until(ctx, shadowed, who)
	if err != nil || until > at {
		return time.UnixMicro(max(until, 0)), err
	}
	_, err = db.Column[int64](ctx, t.db, `INSERT INTO rate_limit (tenant_id, kind, who, until_at, failed) VALUES ($1, $2, $3, $4, 1)
		ON CONFLICT (tenant_id, kind, who) DO UPDATE SET failed = CASE WHEN rate_limit.failed + 1 >= $5 THEN 0 ELSE rate_limit.failed + 1 END,
		until_at = CASE WHEN rate_limit.failed + 1 >= $5 THEN $6 ELSE $4 END RETURNING failed`, unknownYet, shadowed, who, at, failures, db.Micros(now.Add(lock)))
	return time.Time{}, err
}

// sweep forgets the tries of long ago.
func (t *together) sweep(ctx context.Context) error {
	return t.db.WithTx(ctx, func(tx *db.Tx) error {
		// Wrong log-ins of a name that nobody has are remembered long, as those of a real name are until the next right one: else the two could be told apart.
		_, err := tx.Exec(ctx, `DELETE FROM rate_limit WHERE tenant_id = $1 AND (kind <> $2 AND until_at < $3 OR until_at < $4)`, unknownYet, shadowed, db.Micros(tx.Now().Add(-time.Hour)), db.Micros(tx.Now().AddDate(0, -1, 0)))
		return err
	})
}

// Guesses bounds how often an address, a name or a token may try something.
type Guesses struct {
	by        *limiter
	kind      string
	perMinute float64
	burst     int
	together  *together // nil where one server is all there is
	slice     int       // how many tries are taken from the common count at once

	mu   sync.Mutex
	left map[string]int // tries that were taken from it and not used yet
}

// Guesses allows burst tries of a kind at once and perMinute after them. On PostgreSQL all servers on the database count together; each knows first what it has
// counted itself, so that whoever tries too much costs the database nothing.
func (s *Service) Guesses(kind string, perMinute float64, burst int) *Guesses {
	return s.Slices(kind, perMinute, burst, 1)
}

// Slices is Guesses for what is asked often and gives nothing away: a server takes so many tries at once from the common count, so that only one ask of a slice writes. All servers
// together still allow no more than one would; who asks at several may be told to wait while fewer than a slice are left.
func (s *Service) Slices(kind string, perMinute float64, burst, slice int) *Guesses {
	return &Guesses{by: newLimiter(perMinute, burst), kind: kind, perMinute: perMinute, burst: burst, together: s.others(), slice: max(1, min(slice, burst)), left: map[string]int{}}
}

// others counts together with other servers where there may be some.
func (s *Service) others() *together {
	if s == nil || s.db == nil || s.db.Engine() != db.Postgres { // without a database only what there is can be asked
		return nil
	}
	return &together{s.db, s.ring}
}

// Allow takes one try of an address; the error says in how many seconds there is one.
func (g *Guesses) Allow(address string, now time.Time) error {
	if err := g.by.allow(address, now); err != nil || g.together == nil || address == "" || g.has(address) {
		return err
	}
	if err := g.together.allow(g.kind, address, now, g.perMinute, g.burst, g.slice); err != nil {
		if g.has(address) { // who asks many times at once has taken a slice for each meanwhile
			return nil
		}
		return err
	}
	g.keep(address, g.slice-1)
	return nil
}

// has takes one of the tries that are left of a slice.
func (g *Guesses) has(key string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.left[key]
	if n > 1 {
		g.left[key] = n - 1
	} else {
		delete(g.left, key)
	}
	return n > 0
}

func (g *Guesses) keep(key string, n int) {
	if n < 1 {
		return
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.left) >= maxKeys { // what was taken is counted: to forget it allows nobody more
		clear(g.left)
	}
	g.left[key] += n
}
