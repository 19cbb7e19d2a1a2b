package jobs

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// State is where a job stands.
type State string

// The states of a job.
const (
	Waiting State = "waiting"
	Running State = "running"
	Done    State = "done"
	Failed  State = "failed"
)

// Job is one piece of queued work.
type Job struct {
	Tenant      int64
	ID          id.ID
	Kind        string
	Args        string // JSON
	UniqueKey   string
	State       State
	RunAt       time.Time
	Attempts    int64
	LeasedUntil time.Time
	Done        int64
	Total       int64
	Message     string
	AccountID   id.ID
	CreatedAt   time.Time
	FinishedAt  time.Time
}

// Finished says that nothing more happens to the job.
func (j Job) Finished() bool { return j.State == Done || j.State == Failed }

// Percent is the progress in whole percent; 100 for a job that is done, 0 where the total is not known.
func (j Job) Percent() int {
	switch {
	case j.State == Done:
		return 100
	case j.Total <= 0:
		return 0
	}
	return int(min(100, 100*j.Done/j.Total))
}

// MaxAttempts is how often a failing job is tried.
const MaxAttempts = 8

// backoff is the pause after the n-th failed attempt: 5 s, 20 s, 45 s, … at most an hour.
func backoff(n int64) time.Duration { return min(time.Hour, time.Duration(n*n)*5*time.Second) }

// New is a job to be queued.
type New struct {
	Kind      string
	Args      any       // marshalled to JSON
	UniqueKey string    // at most one waiting or running job of the kind has it; "" for no bound
	RunAt     time.Time // now if zero
}

// Enqueue queues a job in the transaction of the act that causes it and gives its ID. If one with the same unique key is
// waiting or running already, its ID is given and nothing is queued.
func Enqueue(ctx context.Context, tx *db.Tx, actor authz.Actor, in New) (id.ID, error) {
	args, err := json.Marshal(in.Args)
	if err != nil {
		return 0, fmt.Errorf("arguments of job %s: %w", in.Kind, err)
	}
	if in.UniqueKey != "" {
		there, err := db.Value[id.ID](ctx, tx, `SELECT id FROM job WHERE tenant_id = $1 AND kind = $2 AND unique_key = $3
			AND state IN ('waiting', 'running')`, actor.Tenant, in.Kind, in.UniqueKey)
		if err != nil || there != 0 {
			return there, err
		}
	}
	if in.RunAt.IsZero() {
		in.RunAt = tx.Now()
	}
	j := id.New()
	_, err = tx.Exec(ctx, `INSERT INTO job (tenant_id, id, kind, args, unique_key, state, run_at, account_id, created_at)
		VALUES ($1, $2, $3, $4, $5, 'waiting', $6, $7, $8)`,
		actor.Tenant, j, in.Kind, string(args), in.UniqueKey, db.Micros(in.RunAt), actor.AccountID, db.Micros(tx.Now()))
	return j, err
}

const columns = `tenant_id, id, kind, args, unique_key, state, run_at, attempts, leased_until, done, total, message, account_id, created_at, finished_at`

func (j *Job) dest() []any {
	return []any{&j.Tenant, &j.ID, &j.Kind, &j.Args, &j.UniqueKey, &j.State, db.Instant(&j.RunAt), &j.Attempts, db.Instant(&j.LeasedUntil),
		&j.Done, &j.Total, &j.Message, &j.AccountID, db.Instant(&j.CreatedAt), db.Instant(&j.FinishedAt)}
}

// PermSee is the right to see every job of the tenant; one's own are always seen.
const PermSee authz.Permission = "job.see"

// Get gives a job that the actor started, or any of the tenant with PermSee.
func Get(ctx context.Context, q db.Querier, actor authz.Actor, job id.ID) (Job, error) {
	j, err := db.One(ctx, q, (*Job).dest, "SELECT "+columns+" FROM job WHERE tenant_id = $1 AND id = $2", actor.Tenant, job)
	if err != nil {
		return Job{}, err
	}
	if (j.AccountID == 0 || j.AccountID != actor.AccountID) && !actor.Scope(PermSee).All() {
		return Job{}, errs.ErrNotFound
	}
	return j, nil
}

// Recent gives the latest jobs that the actor started, or with PermSee those of the whole tenant; only those in a state, unless it is "".
func Recent(ctx context.Context, q db.Querier, actor authz.Actor, state State, p db.Page) (db.List[Job], error) {
	a := &db.Args{}
	where := "tenant_id = " + a.Add(actor.Tenant)
	if !actor.Scope(PermSee).All() {
		where += " AND account_id = " + a.Add(actor.AccountID) + " AND account_id <> 0"
	}
	if state != "" {
		where += " AND state = " + a.Add(string(state))
	}
	page, tail := a.Keyset(p, db.Order{IDColumn: "id", Desc: true})
	rows, err := db.All(ctx, q, (*Job).dest, "SELECT "+columns+" FROM job WHERE "+where+page+tail, a.Values()...)
	return db.Cut(rows, p, func(j Job) db.Cursor { return db.Cursor{ID: j.ID} }), err
}
