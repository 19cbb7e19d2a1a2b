package authn_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/authn"
	"linli/internal/errs"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// TestServersCountTogether lets one address try at two servers on one database, many times at once: both together allow what one would, then one more
// for every three seconds. Another address, and another kind of try, is not held up.
func TestServersCountTogether(t *testing.T) {
	d := testkit.Postgres(t, time.Now)
	ring := seal.Ephemeral() // servers share their keys
	one, other := authn.New(d, ring, nil, nil), authn.New(d, ring, nil, nil)
	a, b := one.Guesses("guess", 20, 7), other.Guesses("guess", 20, 7)
	now := time.Date(2026, 11, 30, 1, 0, 0, 0, time.UTC)
	var allowed atomic.Int64
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			g := a
			if i%2 == 1 {
				g = b
			}
			switch err := g.Allow("10.1.2.3", now); {
			case err == nil:
				allowed.Add(1)
			case errs.KindOf(err) != errs.RateLimited:
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if allowed.Load() != 7 {
		t.Errorf("%d of 40 tries were allowed, want 7", allowed.Load())
	}
	if err := b.Allow("10.1.2.4", now); err != nil {
		t.Errorf("somebody else is held up: %v", err)
	}
	if err := one.Guesses("report", 20, 7).Allow("10.1.2.3", now); err != nil {
		t.Errorf("something else is held up: %v", err)
	}
	later := now.Add(3 * time.Second)
	if err := b.Allow("10.1.2.3", later); err != nil {
		t.Errorf("three seconds later: %v", err)
	}
	err := authn.New(d, ring, nil, nil).Guesses("guess", 20, 7).Allow("10.1.2.3", later) // a server that has just started
	if e := errs.As(err); e == nil || e.Kind != errs.RateLimited || e.Message.Args[0] != 3 {
		t.Errorf("one too many: %v", err)
	}
}
