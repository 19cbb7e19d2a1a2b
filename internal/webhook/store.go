package webhook

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/outbox"
)

var belongs = authz.Columns{Tenant: "w.tenant_id", Orgs: []string{"w.org_id"}}

const columns = `w.id, w.name, w.address, w.events, w.org_id, coalesce(CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END, ''), w.state, w.old_until, w.failing_since, w.stopped_at, w.created_at, w.version,
	(SELECT count(*) FROM webhook_delivery d WHERE d.tenant_id = w.tenant_id AND d.subscription_id = w.id AND d.state IN ('waiting', 'sending'))
	FROM webhook_subscription w LEFT JOIN organisation o ON o.tenant_id = w.tenant_id AND o.id = w.org_id WHERE `

func (w *Subscription) dest() []any {
	return []any{&w.ID, &w.Name, &w.Address, &w.events, &w.OrgID, &w.Org, &w.State, db.Instant(&w.OldUntil), db.Instant(&w.FailingSince), db.Instant(&w.StoppedAt), db.Instant(&w.CreatedAt), &w.Version, &w.Waits}
}

func find(ctx context.Context, q db.Querier, scope authz.Scope, subscription id.ID) (Subscription, error) {
	a := &db.Args{}
	w, err := db.One(ctx, q, (*Subscription).dest, "SELECT "+columns+scope.Where(a, belongs)+" AND w.id = "+a.Add(subscription), a.Values()...)
	w.Types = types(w.events)
	return w, err
}

const deliveryColumns = `d.id, d.type, d.subject, d.happened_at, d.status, d.state, d.attempts, d.reason, d.due_at, d.done_at, d.created_at, d.data`

func (d *Delivery) dest() []any {
	return []any{&d.ID, &d.Type, &d.Subject, db.Instant(&d.HappenedAt), &d.Status, &d.State, &d.Attempts, &d.Reason, db.Instant(&d.DueAt), db.Instant(&d.DoneAt), db.Instant(&d.CreatedAt), &d.data}
}

func insertDelivery(ctx context.Context, tx *db.Tx, tenant int64, subscription id.ID, d Delivery) error {
	_, err := tx.Exec(ctx, `INSERT INTO webhook_delivery (tenant_id, subscription_id, id, type, subject, happened_at, data, state, due_at, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,'waiting',$8,$8)`,
		tenant, subscription, d.ID, string(d.Type), d.Subject, db.Micros(d.HappenedAt), d.data, db.Micros(tx.Now()))
	return err
}

func load(ctx context.Context, q db.Querier, c outbox.Claim) (target, error) {
	t, err := db.One(ctx, q, func(t *target) []any {
		return append(t.Delivery.dest(), &t.address, &t.secret, &t.oldSecret, db.Instant(&t.oldUntil), &t.state)
	}, "SELECT "+deliveryColumns+`, w.address, w.secret, w.old_secret, w.old_until, w.state FROM webhook_delivery d JOIN webhook_subscription w ON w.tenant_id = d.tenant_id AND w.id = d.subscription_id
		WHERE d.tenant_id = $1 AND d.subscription_id = $2 AND d.id = $3`, c.Tenant, c.Key, c.ID)
	t.sub = c.Key
	return t, err
}
