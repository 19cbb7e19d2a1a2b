package jobs

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/telemetry"
)

// Handler does the work of one kind. It may run more than once for a job and must bear that.
type Handler func(ctx context.Context, w *Work) error

// Schedule is work that is due again and again.
type Schedule struct {
	Kind string
	// Period names the period that is due at now, such as "2026Q3" or "2026-09-15T10:05"; "" for nothing due. Within one period
	// the work is queued once per tenant.
	Period func(now time.Time) string
}

// Queue runs jobs.
type Queue struct {
	db        *db.DB
	log       *slog.Logger
	metrics   *telemetry.Metrics // nil for none
	handlers  map[string]Handler
	schedules []Schedule
	lease     time.Duration
	poll      time.Duration
	wake      chan struct{}
	mu        sync.Mutex
	queued    map[string]string // the period last queued, by tenant and kind
	turn      atomic.Int64      // whose tenant's turn it is
	ticks     []tick
}

// tick is small work that is done again and again in this process and leaves no job behind.
type tick struct {
	name  string
	every time.Duration
	do    func(ctx context.Context, tenant int64) error
}

// Every does small work for each tenant again and again in this process, outside the queue: it keeps no record, and several servers may
// do it at the same time.
func (q *Queue) Every(name string, d time.Duration, do func(ctx context.Context, tenant int64) error) {
	q.ticks = append(q.ticks, tick{name, d, do})
}

// NewQueue makes a queue; handlers and schedules are added before Run.
func NewQueue(d *db.DB, log *slog.Logger, m *telemetry.Metrics) *Queue {
	return &Queue{db: d, log: log, metrics: m, handlers: map[string]Handler{}, lease: time.Minute, poll: time.Second,
		wake: make(chan struct{}, 1), queued: map[string]string{}}
}

// Handle names the handler of a kind.
func (q *Queue) Handle(kind string, h Handler) { q.handlers[kind] = h }

// Schedule adds work that is due again and again.
func (q *Queue) Schedule(s Schedule) { q.schedules = append(q.schedules, s) }

// Kinds are the kinds that have a handler.
func (q *Queue) Kinds() []string {
	kinds := make([]string, 0, len(q.handlers))
	for k := range q.handlers {
		kinds = append(kinds, k)
	}
	slices.Sort(kinds)
	return kinds
}

// Wake lets a worker look at once, after a job was queued in this process.
func (q *Queue) Wake() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// Run works with so many workers until ctx ends; jobs under way are then told to stop, and go back into the queue.
func (q *Queue) Run(ctx context.Context, workers int) {
	var wg sync.WaitGroup
	for range workers {
		wg.Go(func() { q.work(ctx) })
	}
	wg.Go(func() { q.keepTime(ctx) })
	for _, t := range q.ticks {
		wg.Go(func() { q.keepTicking(ctx, t) })
	}
	wg.Wait()
}

func (q *Queue) work(ctx context.Context) {
	timer := time.NewTimer(q.poll)
	defer timer.Stop()
	for ctx.Err() == nil {
		ran, err := q.RunOne(ctx)
		if err != nil && ctx.Err() == nil {
			q.log.Error("job queue", "err", err)
		}
		if ran && err == nil {
			continue
		}
		timer.Reset(q.poll)
		select {
		case <-ctx.Done():
		case <-timer.C:
		case <-q.wake:
		}
	}
}

func (q *Queue) keepTime(ctx context.Context) {
	tick := time.NewTicker(q.poll)
	defer tick.Stop()
	for {
		if err := q.EnqueueDue(ctx); err != nil && ctx.Err() == nil {
			q.log.Error("schedules", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (q *Queue) keepTicking(ctx context.Context, t tick) {
	ticker := time.NewTicker(t.every)
	defer ticker.Stop()
	for {
		tenants, err := q.tenants(ctx)
		for _, tenant := range tenants {
			if err = t.do(ctx, tenant); err != nil {
				break
			}
		}
		if err != nil && ctx.Err() == nil {
			q.log.Error("tick", "what", t.name, "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
	}
}

func (q *Queue) tenants(ctx context.Context) ([]int64, error) {
	return db.Column[int64](ctx, q.db, `SELECT tenant_id FROM tenant ORDER BY tenant_id`)
}

// EnqueueDue queues what the schedules say is due, for every tenant.
func (q *Queue) EnqueueDue(ctx context.Context) error {
	tenants, err := q.tenants(ctx)
	if err != nil {
		return err
	}
	now := q.db.Now()
	for _, s := range q.schedules {
		period := s.Period(now)
		for _, tenant := range tenants {
			if err := q.enqueueDue(ctx, tenant, s.Kind, period); err != nil {
				return fmt.Errorf("schedule %s: %w", s.Kind, err)
			}
		}
	}
	return nil
}

func (q *Queue) enqueueDue(ctx context.Context, tenant int64, kind, period string) error {
	mark := fmt.Sprintf("%d/%s", tenant, kind)
	q.mu.Lock()
	known := q.queued[mark] == period
	q.mu.Unlock()
	if period == "" || known {
		return nil
	}
	added := false
	err := q.db.WithTx(ctx, func(tx *db.Tx) error {
		// A finished job of the period counts too: another server may have done it already.
		n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM job WHERE tenant_id = $1 AND kind = $2 AND unique_key = $3`, tenant, kind, period)
		if err != nil || n > 0 {
			return err
		}
		added = true
		_, err = Enqueue(ctx, tx, authz.System(tenant, "schedule"), New{Kind: kind, UniqueKey: period, Args: map[string]string{"period": period}})
		return err
	})
	if db.IsUnique(err) {
		err = nil // another server was quicker
	}
	if err != nil {
		return err
	}
	q.mu.Lock()
	q.queued[mark] = period
	q.mu.Unlock()
	if added {
		q.Wake()
	}
	return nil
}

// RunOne takes one due job, if there is one, and runs it; ran says whether there was one. A handler's failure is no error here: it is
// kept with the job.
func (q *Queue) RunOne(ctx context.Context) (ran bool, err error) {
	j, err := q.take(ctx)
	if err != nil || j.ID == 0 {
		return false, err
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	stop := q.keepLease(ctx, j, cancel)
	w := &Work{Job: j, queue: q}
	failure := q.call(ctx, w)
	stop()
	return true, q.finish(context.WithoutCancel(ctx), j, failure, ctx.Err() != nil)
}

func (q *Queue) call(ctx context.Context, w *Work) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return q.handlers[w.Job.Kind](ctx, w)
}

// take leases the job that has waited longest: one that is due, or one whose worker has vanished.
func (q *Queue) take(ctx context.Context) (Job, error) {
	kinds := q.Kinds()
	if len(kinds) == 0 {
		return Job{}, nil
	}
	now := db.Micros(q.db.Now())
	tenants, err := q.tenants(ctx)
	if err != nil {
		return Job{}, err
	}
	start := int(q.turn.Add(1)) // another tenant first each time, so that a busy one does not keep the others waiting
	for i := range tenants {
		j, err := q.due(ctx, tenants[(start+i)%len(tenants)], kinds, now)
		if err != nil {
			return Job{}, err
		}
		if j.ID == 0 {
			continue
		}
		j, ok, err := q.claim(ctx, j)
		if err != nil || ok {
			return j, err
		}
	}
	return Job{}, nil
}

// due reads a tenant's next job without taking it.
func (q *Queue) due(ctx context.Context, tenant int64, kinds []string, now int64) (Job, error) {
	for _, when := range []string{"state = 'waiting' AND run_at <= ", "state = 'running' AND leased_until <= "} {
		a := &db.Args{}
		found, err := db.All(ctx, q.db, (*Job).dest, "SELECT "+columns+" FROM job WHERE tenant_id = "+a.Add(tenant)+" AND "+
			when+a.Add(now)+" AND "+db.In(a, "kind", kinds)+" ORDER BY run_at, id LIMIT 1", a.Values()...)
		if err != nil || len(found) > 0 {
			return append(found, Job{})[0], err
		}
	}
	return Job{}, nil
}

// claim takes the job unless somebody else was quicker.
func (q *Queue) claim(ctx context.Context, j Job) (Job, bool, error) {
	ok := false
	err := q.db.WithTx(ctx, func(tx *db.Tx) error {
		until := tx.Now().Add(q.lease)
		n, err := tx.Exec(ctx, `UPDATE job SET state = 'running', attempts = attempts + 1, leased_until = $1
			WHERE tenant_id = $2 AND id = $3 AND state = $4 AND leased_until = $5 AND attempts = $6`,
			db.Micros(until), j.Tenant, j.ID, string(j.State), db.Micros(j.LeasedUntil), j.Attempts)
		ok = n == 1
		return err
	})
	j.Attempts++
	j.State = Running
	return j, ok, err
}

// errLost means that the lease of a job could not be kept, so that another worker may have it.
var errLost = errors.New("jobs: lost the lease")

// keepLease renews the lease while the handler works; the attempt's number shows whether it is still ours.
func (q *Queue) keepLease(ctx context.Context, j Job, cancel context.CancelCauseFunc) (stop func()) {
	done, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		tick := time.NewTicker(q.lease / 3)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
			}
			var n int64
			err := q.db.WithTx(ctx, func(tx *db.Tx) (err error) {
				n, err = tx.Exec(ctx, `UPDATE job SET leased_until = $1 WHERE tenant_id = $2 AND id = $3 AND state = 'running' AND attempts = $4`,
					db.Micros(tx.Now().Add(q.lease)), j.Tenant, j.ID, j.Attempts)
				return err
			})
			if err == nil && n == 0 {
				cancel(errLost)
				return
			}
		}
	}()
	return func() { close(done); <-ended }
}

// finish writes down how an attempt ended, unless the job is another worker's by now.
func (q *Queue) finish(ctx context.Context, j Job, failure error, stopped bool) error {
	state, outcome := Done, "done"
	runAt, attempts, message := time.Time{}, j.Attempts, ""
	now := q.db.Now()
	switch {
	case failure == nil:
	case stopped && errors.Is(failure, context.Canceled):
		// The server is stopping: not the job's fault.
		state, outcome, runAt, attempts = Waiting, "stopped", now, j.Attempts-1
	case final(failure) || j.Attempts >= MaxAttempts:
		state, outcome, message = Failed, "failed", words(failure)
	default:
		state, outcome, runAt, message = Waiting, "retry", now.Add(backoff(j.Attempts)), words(failure)
	}
	if failure != nil && outcome != "stopped" {
		q.log.Error("job", "kind", j.Kind, "job", j.ID.String(), "tenant", j.Tenant, "attempt", j.Attempts, "outcome", outcome, "err", failure)
	}
	if q.metrics != nil {
		q.metrics.Job(j.Kind, outcome)
	}
	return q.db.WithTx(ctx, func(tx *db.Tx) error {
		if state == Waiting {
			_, err := tx.Exec(ctx, `UPDATE job SET state = 'waiting', run_at = $1, attempts = $2, leased_until = 0, message = $3
				WHERE tenant_id = $4 AND id = $5 AND state = 'running' AND attempts = $6`,
				db.Micros(runAt), attempts, message, j.Tenant, j.ID, j.Attempts)
			return err
		}
		_, err := tx.Exec(ctx, `UPDATE job SET state = $1, finished_at = $2, leased_until = 0, message = CASE WHEN $3 = '' THEN message ELSE $3 END
			WHERE tenant_id = $4 AND id = $5 AND state = 'running' AND attempts = $6`,
			string(state), db.Micros(tx.Now()), message, j.Tenant, j.ID, j.Attempts)
		return err
	})
}

// final says that trying again cannot help: the input itself is refused.
func final(err error) bool {
	switch errs.KindOf(err) {
	case errs.Invalid, errs.Forbidden, errs.NotFound:
		return true
	}
	return false
}

// words is what the one who started the job reads of a failure.
func words(err error) string {
	if e := errs.As(err); e != nil {
		return e.Message.In(i18n.ZH)
	}
	return i18n.JobFailed.In(i18n.ZH)
}

// Tidy removes finished jobs older than a month; those of schedules stay, as the record that the period's work was done, for a year.
func Tidy(ctx context.Context, d *db.DB, tenant int64) error {
	return d.WithTx(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		_, err := tx.Exec(ctx, `DELETE FROM job WHERE tenant_id = $1 AND state IN ('done', 'failed') AND
			((account_id = 0 AND unique_key = '') OR (account_id <> 0)) AND finished_at < $2`, tenant, db.Micros(now.AddDate(0, -1, 0)))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM job WHERE tenant_id = $1 AND state IN ('done', 'failed') AND finished_at < $2`,
			tenant, db.Micros(now.AddDate(-1, 0, 0)))
		return err
	})
}

// Work is a job while it runs.
type Work struct {
	Job   Job
	queue *Queue
}

// Args reads the arguments of the job.
func (w *Work) Args(to any) error { return json.Unmarshal([]byte(w.Job.Args), to) }

// Progress writes down how far the work is; total 0 means not known. message is read by the one who started the job.
func (w *Work) Progress(ctx context.Context, done, total int64, message string) error {
	return w.queue.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE job SET done = $1, total = $2, message = $3 WHERE tenant_id = $4 AND id = $5 AND state = 'running' AND attempts = $6`,
			done, total, message, w.Job.Tenant, w.Job.ID, w.Job.Attempts)
		return err
	})
}

// DailyAt is the period of work that is due once a day from hour o'clock Beijing time on.
func DailyAt(hour int) func(time.Time) string {
	return func(now time.Time) string {
		t := now.In(i18n.Zone).Add(-time.Duration(hour) * time.Hour)
		return t.Format("2006-01-02")
	}
}
