package jobs_test

import (
	"context"
	"errors"
	"io"
	"sync"
	"testing"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/jobs"
	"linli/internal/telemetry"
	"linli/internal/testkit"
)

// setup gives a queue on a database with two tenants and a clock that stands still.
func setup(t *testing.T, fn func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock)) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		for _, tenant := range []int64{testkit.Tenant, testkit.Other} {
			exec(t, d, `INSERT INTO tenant (tenant_id, name, created_at) VALUES ($1, 'T', 1)`, tenant)
		}
		fn(t, d, newQueue(d), clock)
	})
}

func newQueue(d *db.DB) *jobs.Queue {
	return jobs.NewQueue(d, telemetry.NewLogger(io.Discard, false, false), telemetry.NewMetrics())
}

func exec(t *testing.T, d *db.DB, query string, args ...any) {
	t.Helper()
	err := d.WithTx(t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), query, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

func enqueue(t *testing.T, d *db.DB, actor authz.Actor, in jobs.New) id.ID {
	t.Helper()
	var j id.ID
	err := d.WithTx(t.Context(), func(tx *db.Tx) (err error) {
		j, err = jobs.Enqueue(t.Context(), tx, actor, in)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func get(t *testing.T, d *db.DB, tenant int64, job id.ID) jobs.Job {
	t.Helper()
	j, err := jobs.Get(t.Context(), d, authz.System(tenant, "test"), job)
	if err != nil {
		t.Fatal(err)
	}
	return j
}

func runOne(t *testing.T, q *jobs.Queue) bool {
	t.Helper()
	ran, err := q.RunOne(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return ran
}

func TestAJobRunsOnceWithItsArguments(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		var got []string
		q.Handle("greet", func(ctx context.Context, w *jobs.Work) error {
			var args struct{ Name string }
			if err := w.Args(&args); err != nil {
				return err
			}
			got = append(got, args.Name)
			return w.Progress(ctx, 3, 4, "three of four")
		})
		actor := testkit.Actor(testkit.Tenant, nil)
		j := enqueue(t, d, actor, jobs.New{Kind: "greet", Args: map[string]string{"Name": "Wang"}})
		if !runOne(t, q) || runOne(t, q) {
			t.Fatal("want exactly one run")
		}
		if len(got) != 1 || got[0] != "Wang" {
			t.Errorf("handler saw %v", got)
		}
		job, err := jobs.Get(t.Context(), d, actor, j)
		if err != nil || job.State != jobs.Done || job.Done != 3 || job.Message != "three of four" || job.FinishedAt.IsZero() || job.Percent() != 100 {
			t.Errorf("job = %+v, %v", job, err)
		}
	})
}

func TestAJobOfAnActThatFailedDoesNotExist(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		broken := errors.New("broken")
		q.Handle("x", func(context.Context, *jobs.Work) error { t.Error("ran"); return nil })
		err := d.WithTx(t.Context(), func(tx *db.Tx) error {
			if _, err := jobs.Enqueue(t.Context(), tx, testkit.Actor(testkit.Tenant, nil), jobs.New{Kind: "x"}); err != nil {
				return err
			}
			return broken
		})
		if !errors.Is(err, broken) || runOne(t, q) {
			t.Errorf("WithTx = %v", err)
		}
	})
}

func TestOthersDoNotSeeAJob(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		mine := testkit.Actor(testkit.Tenant, nil)
		j := enqueue(t, d, mine, jobs.New{Kind: "x"})
		stranger := testkit.Actor(testkit.Other, nil, jobs.PermSee)
		stranger.AccountID = mine.AccountID
		colleague := testkit.Actor(testkit.Tenant, nil)
		for name, a := range map[string]authz.Actor{"another tenant's administrator": stranger, "a colleague": colleague, "nobody": {}} {
			if _, err := jobs.Get(t.Context(), d, a, j); errs.KindOf(err) != errs.NotFound {
				t.Errorf("Get by %s = %v, want not found", name, err)
			}
			if l, err := jobs.Recent(t.Context(), d, a, "", db.Page{}); err != nil || len(l.Items) != 0 {
				t.Errorf("Recent by %s = %v, %v", name, l.Items, err)
			}
		}
		if l, err := jobs.Recent(t.Context(), d, mine, "", db.Page{}); err != nil || len(l.Items) != 1 {
			t.Errorf("Recent by its owner = %v, %v", l.Items, err)
		}
	})
}

func TestAUniqueKeyStandsInTheQueueOnce(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		n := 0
		q.Handle("close", func(context.Context, *jobs.Work) error { n++; return nil })
		actor := authz.System(testkit.Tenant, "test")
		a := enqueue(t, d, actor, jobs.New{Kind: "close", UniqueKey: "2026Q3"})
		b := enqueue(t, d, actor, jobs.New{Kind: "close", UniqueKey: "2026Q3"})
		c := enqueue(t, d, authz.System(testkit.Other, "test"), jobs.New{Kind: "close", UniqueKey: "2026Q3"})
		if a != b || a == c {
			t.Errorf("ids %v %v %v: want the first two equal", a, b, c)
		}
		for runOne(t, q) {
		}
		if n != 2 {
			t.Errorf("%d runs, want 2", n)
		}
		if again := enqueue(t, d, actor, jobs.New{Kind: "close", UniqueKey: "2026Q3"}); again == a {
			t.Error("a finished job still blocks its key")
		}
	})
}

func TestFailuresAreTriedAgainAfterGrowingPauses(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		tries := 0
		q.Handle("flaky", func(context.Context, *jobs.Work) error { tries++; return errors.New("not today 13812345678") })
		j := enqueue(t, d, authz.System(testkit.Tenant, "test"), jobs.New{Kind: "flaky"})
		var last time.Duration
		for n := 1; n < jobs.MaxAttempts; n++ {
			if !runOne(t, q) || runOne(t, q) {
				t.Fatalf("attempt %d: want one run now", n)
			}
			pause := get(t, d, testkit.Tenant, j).RunAt.Sub(clock.Now())
			if pause <= last {
				t.Errorf("pause %v after attempt %d, want more than %v", pause, n, last)
			}
			last = pause
			clock.Advance(pause - time.Microsecond)
			if runOne(t, q) {
				t.Fatal("ran before its pause was over")
			}
			clock.Advance(time.Microsecond)
		}
		runOne(t, q)
		job := get(t, d, testkit.Tenant, j)
		if job.State != jobs.Failed || tries != jobs.MaxAttempts || job.Message != i18n.JobFailed.In(i18n.ZH) {
			t.Errorf("after %d tries: %+v", tries, job)
		}
	})
}

func TestRefusedInputIsNotTriedAgain(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		q.Handle("x", func(context.Context, *jobs.Work) error { return errs.New(errs.Invalid, i18n.ErrRequired) })
		j := enqueue(t, d, authz.System(testkit.Tenant, "test"), jobs.New{Kind: "x"})
		runOne(t, q)
		if job := get(t, d, testkit.Tenant, j); job.State != jobs.Failed || job.Attempts != 1 || job.Message != i18n.ErrRequired.In(i18n.ZH) {
			t.Errorf("job = %+v", job)
		}
	})
}

func TestAPanicIsAFailedAttempt(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		q.Handle("x", func(context.Context, *jobs.Work) error { panic("fault") })
		j := enqueue(t, d, authz.System(testkit.Tenant, "test"), jobs.New{Kind: "x"})
		runOne(t, q)
		if job := get(t, d, testkit.Tenant, j); job.State != jobs.Waiting || job.Attempts != 1 {
			t.Errorf("job = %+v", job)
		}
	})
}

// A worker that was killed leaves a running job behind; another takes over when the lease has run out, and the dead one's late
// words change nothing.
func TestAKilledWorkersJobIsTakenOver(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		j := enqueue(t, d, authz.System(testkit.Tenant, "test"), jobs.New{Kind: "x"})
		started, release := make(chan *jobs.Work), make(chan struct{})
		q.Handle("x", func(ctx context.Context, w *jobs.Work) error {
			started <- w
			<-release // as good as dead: it neither renews its lease nor ends
			return errors.New("late")
		})
		first := make(chan struct{})
		go func() { defer close(first); _, _ = q.RunOne(context.Background()) }()
		dead := <-started

		other := newQueue(d)
		runs := 0
		other.Handle("x", func(ctx context.Context, w *jobs.Work) error { runs++; return w.Progress(ctx, 9, 9, "taken over") })
		if runOne(t, other) {
			t.Fatal("taken while the lease still holds")
		}
		clock.Advance(time.Minute)
		if !runOne(t, other) || runs != 1 {
			t.Fatal("not taken over after the lease")
		}
		if err := dead.Progress(t.Context(), 1, 9, "ghost"); err != nil {
			t.Fatal(err)
		}
		close(release)
		<-first
		if job := get(t, d, testkit.Tenant, j); job.State != jobs.Done || job.Message != "taken over" || job.Attempts != 2 {
			t.Errorf("job = %+v", job)
		}
	})
}

func TestAStoppedServersJobGoesBackIntoTheQueue(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		j := enqueue(t, d, authz.System(testkit.Tenant, "test"), jobs.New{Kind: "x"})
		ctx, stop := context.WithCancel(t.Context())
		q.Handle("x", func(ctx context.Context, w *jobs.Work) error { stop(); <-ctx.Done(); return ctx.Err() })
		if _, err := q.RunOne(ctx); err != nil {
			t.Fatal(err)
		}
		if job := get(t, d, testkit.Tenant, j); job.State != jobs.Waiting || job.Attempts != 0 {
			t.Errorf("job = %+v, want it waiting as before", job)
		}
	})
}

func TestManyWorkersRunEachJobOnce(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		const n = 40
		var mu sync.Mutex
		seen := map[id.ID]int{}
		ctx, stop := context.WithCancel(t.Context())
		q.Handle("x", func(ctx context.Context, w *jobs.Work) error {
			mu.Lock()
			defer mu.Unlock()
			seen[w.Job.ID]++
			if len(seen) == n {
				stop()
			}
			return nil
		})
		for i := range n {
			enqueue(t, d, authz.System([]int64{testkit.Tenant, testkit.Other}[i%2], "test"), jobs.New{Kind: "x"})
		}
		q.Run(ctx, 6)
		for j, times := range seen {
			if times != 1 {
				t.Errorf("job %v ran %d times", j, times)
			}
		}
		if len(seen) != n {
			t.Errorf("%d jobs ran, want %d", len(seen), n)
		}
	})
}

func TestASchedulesPeriodIsDoneOncePerTenant(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		ran := map[int64]int{}
		handle := func(ctx context.Context, w *jobs.Work) error { ran[w.Job.Tenant]++; return nil }
		other := newQueue(d) // a second server
		for _, s := range []*jobs.Queue{q, other} {
			s.Handle("daily", handle)
			s.Schedule(jobs.Schedule{Kind: "daily", Period: jobs.DailyAt(2)})
		}
		for range 3 {
			for _, s := range []*jobs.Queue{q, other} {
				if err := s.EnqueueDue(t.Context()); err != nil {
					t.Fatal(err)
				}
				for runOne(t, s) {
				}
			}
		}
		if ran[testkit.Tenant] != 1 || ran[testkit.Other] != 1 {
			t.Errorf("runs per tenant: %v, want one each", ran)
		}
		clock.Set(time.Date(2026, 9, 15, 17, 59, 0, 0, time.UTC)) // 01:59 on the 16th in Beijing
		if err := q.EnqueueDue(t.Context()); err != nil || runOne(t, q) {
			t.Errorf("due before its hour (%v)", err)
		}
		clock.Advance(time.Minute)
		if err := q.EnqueueDue(t.Context()); err != nil || !runOne(t, q) {
			t.Errorf("not due at its hour (%v)", err)
		}
	})
}

func TestFailedWorkWaitsUntilItIsDone(t *testing.T) {
	setup(t, func(t *testing.T, d *db.DB, q *jobs.Queue, clock *testkit.Clock) {
		broken := true
		q.Handle("import", func(context.Context, *jobs.Work) error {
			if broken {
				return errs.New(errs.Invalid, i18n.ErrInvalid)
			}
			return nil
		})
		admin := testkit.Actor(testkit.Tenant, nil, jobs.PermSee, jobs.PermRetry)
		waits := func(a authz.Actor) int64 {
			t.Helper()
			l, err := jobs.Failures(t.Context(), d, a)
			if err != nil {
				t.Fatal(err)
			}
			if len(l) == 0 {
				return 0
			}
			return l[0].Count
		}
		j := enqueue(t, d, testkit.Actor(testkit.Tenant, nil), jobs.New{Kind: "import", Args: 7})
		if runOne(t, q); waits(admin) != 1 {
			t.Errorf("a failure: %d wait", waits(admin))
		}
		for name, a := range map[string]authz.Actor{"the other tenant": testkit.Actor(testkit.Other, nil, jobs.PermSee), "a colleague": testkit.Actor(testkit.Tenant, nil)} {
			if waits(a) != 0 {
				t.Errorf("it waits for %s", name)
			}
			if err := jobs.Retry(t.Context(), d, a, j); errs.KindOf(err) != errs.Forbidden {
				t.Errorf("Retry by %s = %v", name, err)
			}
		}
		if err := jobs.Retry(t.Context(), d, testkit.Actor(testkit.Other, nil, jobs.PermRetry), j); errs.KindOf(err) != errs.NotFound {
			t.Errorf("Retry by the other tenant = %v", err)
		}
		if l, err := jobs.Recent(t.Context(), d, admin, jobs.Failed, db.Page{}); err != nil || len(l.Items) != 1 {
			t.Errorf("Recent(failed) = %v, %v", l.Items, err)
		}
		broken = false
		if err := jobs.Retry(t.Context(), d, admin, j); err != nil {
			t.Fatal(err)
		}
		if err := jobs.Retry(t.Context(), d, admin, j); errs.KindOf(err) != errs.Conflict {
			t.Errorf("Retry of what waits = %v", err)
		}
		if !runOne(t, q) || waits(admin) != 0 {
			t.Errorf("done since: %d wait", waits(admin))
		}
	})
}
