package jobs

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/waiting"
)

// PermRetry is the right to have failed work of the tenant done again.
const PermRetry authz.Permission = "job.retry"

// WaitFailed is background work that ended in failure and was not done since.
const WaitFailed = "job.failed"

// Failures says whether failed work waits for the actor, who needs PermSee in the whole tenant. A failure is made up for by the
// same work done later; for work that comes round by itself by its next turn.
func Failures(ctx context.Context, q db.Querier, actor authz.Actor) ([]waiting.Item, error) {
	if !actor.Scope(PermSee).All() {
		return nil, nil
	}
	it := waiting.Item{Kind: WaitFailed}
	err := q.QueryRow(ctx, `SELECT count(*), coalesce(min(j.finished_at), 0) FROM job j WHERE j.tenant_id = $1 AND j.state = 'failed'
		AND NOT EXISTS (SELECT 1 FROM job n WHERE n.tenant_id = j.tenant_id AND n.kind = j.kind AND n.state = 'done' AND n.id > j.id
			AND (n.args = j.args OR (j.account_id = 0 AND n.account_id = 0)))`,
		actor.Tenant).Scan(&it.Count, db.Instant(&it.Since))
	if err != nil || it.Count == 0 {
		return nil, err
	}
	return []waiting.Item{it}, nil
}

// Retry puts failed work into the queue again. It needs PermRetry in the whole tenant; what is not failed is a Conflict.
func Retry(ctx context.Context, d *db.DB, actor authz.Actor, job id.ID) error {
	if !actor.Scope(PermRetry).All() {
		return errs.ErrForbidden
	}
	return d.WithTx(ctx, func(tx *db.Tx) error {
		j, err := db.One(ctx, tx, (*Job).dest, "SELECT "+columns+" FROM job WHERE tenant_id = $1 AND id = $2", actor.Tenant, job)
		if err != nil {
			return err
		}
		n := int64(0)
		if j.State == Failed {
			n, err = tx.Exec(ctx, `UPDATE job SET state = 'waiting', attempts = 0, run_at = $3, finished_at = 0, message = '' WHERE tenant_id = $1 AND id = $2 AND state = 'failed'`,
				actor.Tenant, job, db.Micros(tx.Now()))
		}
		switch {
		case db.IsUnique(err), err == nil && n == 0: // the same work stands in the queue already
			return errs.New(errs.Conflict, i18n.JobNotFailed)
		case err != nil:
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermRetry), SubjectKind: "job", SubjectID: job, Detail: map[string]any{"kind": j.Kind}})
	})
}
