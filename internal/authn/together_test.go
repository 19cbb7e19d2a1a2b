package authn_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"linli/internal/authn"
	"linli/internal/db"
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

// TestServersCountInSlices lets a token ask at two servers by turns, many times: both together allow no more than one would, and the database is written to once for each slice. What is
// left of a slice is used up before another is taken.
func TestServersCountInSlices(t *testing.T) {
	d := testkit.Postgres(t, time.Now)
	ring := seal.Ephemeral()
	const burst, slice = 40, 10
	one, other := authn.New(d, ring, nil, nil).Slices("api", 600, burst, slice), authn.New(d, ring, nil, nil).Slices("api", 600, burst, slice)
	now := time.Date(2026, 11, 30, 1, 0, 0, 0, time.UTC)
	allowed := 0
	for i := range 3 * burst {
		g := one
		if i%2 == 1 {
			g = other
		}
		switch err := g.Allow("token", now); {
		case err == nil:
			allowed++
		case errs.KindOf(err) != errs.RateLimited:
			t.Fatal(err)
		}
	}
	if allowed != burst {
		t.Errorf("%d of %d were allowed, want %d", allowed, 3*burst, burst)
	}
	until := func() int64 {
		n, err := db.Value[int64](t.Context(), d, "SELECT until_at FROM rate_limit WHERE kind = 'api'")
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := until()
	if before != now.Add(burst*100*time.Millisecond).UnixMicro() {
		t.Errorf("counted until %v", time.UnixMicro(before))
	}
	later := now.Add(slice * 100 * time.Millisecond) // one slice is free again
	for i := range slice {
		if err := one.Allow("token", later); err != nil {
			t.Fatalf("%d: %v", i, err)
		}
		if i == 0 {
			before = until()
		}
	}
	if until() != before {
		t.Error("within a slice something was written")
	}
	if err := other.Allow("token", later); errs.KindOf(err) != errs.RateLimited {
		t.Errorf("the other server allows what the first has used: %v", err)
	}
}
