package webhook

import (
	"context"
	"net/http"
	"net/url"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/outbox"
	"linli/internal/reference"
	"linli/internal/seal"
	"linli/internal/waiting"
)

// Service tells other systems.
type Service struct {
	db     *db.DB
	ring   *seal.Ring
	client *http.Client
	base   func() string
}

// New makes the service; it connects to addresses outside alone.
func New(d *db.DB, ring *seal.Ring) *Service {
	return &Service{db: d, ring: ring, client: NewGuard(nil).Client(), base: func() string { return "" }}
}

// WithClient connects what sends, and tells the address of the platform, which is the source of events. The composition root calls it once.
func (s *Service) WithClient(c *http.Client, base func() string) *Service {
	s.client, s.base = c, base
	return s
}

// oldSecretHolds is how long a former secret holds.
const oldSecretHolds = 24 * time.Hour

// List gives the receivers of a part of the tree, the newest first (PermManage).
func (s *Service) List(ctx context.Context, actor authz.Actor, p db.Page) (db.List[Subscription], error) {
	a := &db.Args{}
	where := actor.Scope(PermManage).Where(a, belongs)
	page, tail := a.Keyset(p, db.Order{IDColumn: "w.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Subscription).dest, "SELECT "+columns+where+page+tail, a.Values()...)
	for i := range rows {
		rows[i].Types = types(rows[i].events)
	}
	return db.Cut(rows, p, func(w Subscription) db.Cursor { return db.Cursor{ID: w.ID} }), err
}

// Get gives a receiver (PermManage).
func (s *Service) Get(ctx context.Context, actor authz.Actor, subscription id.ID) (Subscription, error) {
	return find(ctx, s.db, actor.Scope(PermManage), subscription)
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, w Subscription, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "webhook." + act, Permission: PermManage, SubjectKind: "webhook_subscription", SubjectID: w.ID, OrgID: w.OrgID, Detail: detail})
}

// Create adds a receiver (PermManage at the organisation) and gives its secret, which is not shown again.
func (s *Service) Create(ctx context.Context, actor authz.Actor, in Entry) (subscription id.ID, secret string, err error) {
	if err := in.check(); err != nil {
		return 0, "", err
	}
	if err := actor.Scope(PermManage).Require(in.OrgID); err != nil {
		return 0, "", err
	}
	subscription, secret = id.New(), outbox.NewSecret()
	return subscription, secret, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, in.OrgID); err != nil {
			return err
		}
		n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM webhook_subscription WHERE tenant_id = $1 AND state <> 'ended'`, actor.Tenant)
		if err != nil {
			return err
		}
		if n >= most {
			return errs.New(errs.Conflict, i18n.WebhookTooMany, most)
		}
		now := db.Micros(tx.Now())
		if _, err := tx.Exec(ctx, `INSERT INTO webhook_subscription (tenant_id, id, name, address, events, org_id, state, secret, account_id, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,'active',$7,$8,$9,$9)`,
			actor.Tenant, subscription, in.Name, in.Address, stored(in.Types), in.OrgID, s.ring.Seal("webhook_subscription", "secret", subscription, secret), actor.AccountID, now); err != nil {
			return err
		}
		return record(ctx, tx, actor, "create", Subscription{ID: subscription, OrgID: in.OrgID}, map[string]any{"name": in.Name, "host": hostOf(in.Address)})
	})
}

// kept finds a receiver that has not ended and does something to it in one transaction.
func (s *Service) kept(ctx context.Context, actor authz.Actor, subscription id.ID, do func(*db.Tx, Subscription) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		w, err := find(ctx, tx, actor.Scope(PermManage), subscription)
		if err != nil {
			return err
		}
		if w.State == Ended {
			return errs.New(errs.Conflict, i18n.WebhookIsEnded, w.Name)
		}
		return do(tx, w)
	})
}

// Edit changes a receiver (PermManage).
func (s *Service) Edit(ctx context.Context, actor authz.Actor, subscription id.ID, in Entry) error {
	if err := in.check(); err != nil {
		return err
	}
	if err := actor.Scope(PermManage).Require(in.OrgID); err != nil {
		return err
	}
	return s.kept(ctx, actor, subscription, func(tx *db.Tx, w Subscription) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, in.OrgID); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE webhook_subscription SET name = $1, address = $2, events = $3, org_id = $4, updated_at = $5, version = version + 1 WHERE tenant_id = $6 AND id = $7 AND version = $8`,
			in.Name, in.Address, stored(in.Types), in.OrgID, db.Micros(tx.Now()), actor.Tenant, w.ID, in.Version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "edit", w, map[string]any{"name": in.Name, "host": hostOf(in.Address), "was": hostOf(w.Address)})
	})
}

// hostOf is what the record of acts keeps of an address: what stands behind the host may be a secret of the receiver.
func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return u.Scheme + "://" + u.Host
}

// Pause lets events wait (PermManage); what happens is kept.
func (s *Service) Pause(ctx context.Context, actor authz.Actor, subscription id.ID, version int64) error {
	return s.turn(ctx, actor, subscription, version, "pause", Paused, func(w Subscription) error {
		if w.State != Active {
			return errs.New(errs.Conflict, i18n.WebhookNotActive)
		}
		return nil
	})
}

// Resume goes on where it was paused or stopped (PermManage): what failed last is tried again first.
func (s *Service) Resume(ctx context.Context, actor authz.Actor, subscription id.ID, version int64) error {
	return s.turn(ctx, actor, subscription, version, "resume", Active, func(w Subscription) error {
		if w.State == Active {
			return errs.New(errs.Conflict, i18n.WebhookNotPaused)
		}
		return nil
	})
}

// End sends nothing any more (PermManage). What waits is dropped, and the secrets go.
func (s *Service) End(ctx context.Context, actor authz.Actor, subscription id.ID, version int64) error {
	return s.turn(ctx, actor, subscription, version, "end", Ended, func(Subscription) error { return nil })
}

func (s *Service) turn(ctx context.Context, actor authz.Actor, subscription id.ID, version int64, act string, to State, may func(Subscription) error) error {
	return s.kept(ctx, actor, subscription, func(tx *db.Tx, w Subscription) error {
		if err := may(w); err != nil {
			return err
		}
		set := ", failing_since = 0, stopped_at = 0"
		if to == Ended {
			set += ", secret = NULL, old_secret = NULL, old_until = 0"
		}
		if err := tx.Update(ctx, "UPDATE webhook_subscription SET state = $1, updated_at = $2, version = version + 1"+set+" WHERE tenant_id = $3 AND id = $4 AND version = $5", string(to), db.Micros(tx.Now()), actor.Tenant, w.ID, version); err != nil {
			return err
		}
		switch to {
		case Active: // from the beginning again: three days count from now
			if _, err := tx.Exec(ctx, `UPDATE webhook_delivery SET due_at = $1, attempts = 0 WHERE tenant_id = $2 AND subscription_id = $3 AND state = 'waiting'`, db.Micros(tx.Now()), actor.Tenant, w.ID); err != nil {
				return err
			}
		case Ended:
			if _, err := tx.Exec(ctx, `UPDATE webhook_delivery SET state = 'dropped', reason = $1, done_at = $2 WHERE tenant_id = $3 AND subscription_id = $4 AND state IN ('waiting', 'sending')`, whyEnded, db.Micros(tx.Now()), actor.Tenant, w.ID); err != nil {
				return err
			}
		}
		return record(ctx, tx, actor, act, w, nil)
	})
}

// NewSecret makes another secret and gives it (PermManage); it is not shown again. The former one holds for a day more.
func (s *Service) NewSecret(ctx context.Context, actor authz.Actor, subscription id.ID, version int64) (secret string, err error) {
	secret = outbox.NewSecret()
	return secret, s.kept(ctx, actor, subscription, func(tx *db.Tx, w Subscription) error {
		sealed, err := db.One(ctx, tx, func(b *[]byte) []any { return []any{b} }, `SELECT secret FROM webhook_subscription WHERE tenant_id = $1 AND id = $2`, actor.Tenant, w.ID)
		if err != nil {
			return err
		}
		old, err := s.ring.Open("webhook_subscription", "secret", w.ID, sealed)
		if err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE webhook_subscription SET secret = $1, old_secret = $2, old_until = $3, updated_at = $4, version = version + 1 WHERE tenant_id = $5 AND id = $6 AND version = $7`,
			s.ring.Seal("webhook_subscription", "secret", w.ID, secret), s.ring.Seal("webhook_subscription", "old_secret", w.ID, old), db.Micros(tx.Now().Add(oldSecretHolds)), db.Micros(tx.Now()), actor.Tenant, w.ID, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "secret", w, nil)
	})
}

// Test sends a test event (PermManage).
func (s *Service) Test(ctx context.Context, actor authz.Actor, subscription id.ID) error {
	return s.kept(ctx, actor, subscription, func(tx *db.Tx, w Subscription) error {
		n := id.New()
		if err := insertDelivery(ctx, tx, actor.Tenant, w.ID, Delivery{ID: n, Type: Test, Subject: "test/" + n.String(), HappenedAt: tx.Now(), data: `{"test":true}`}); err != nil {
			return err
		}
		return record(ctx, tx, actor, "test", w, nil)
	})
}

// Follow lets receivers of an organisation follow when another takes it in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE webhook_subscription SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3`, to, actor.Tenant, from)
	return err
}

// WaitStopped is what waits for who manages receivers: one that stopped after failures.
const WaitStopped = "webhook.stopped"

// Waiting says what waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if actor.Scope(PermManage).Empty() {
		return nil, nil
	}
	a := &db.Args{}
	it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since)} }, "SELECT count(*), coalesce(min(w.id), 0), coalesce(min(w.stopped_at), 0) FROM webhook_subscription w WHERE "+
		actor.Scope(PermManage).Where(a, belongs)+" AND w.state = 'stopped'", a.Values()...)
	if err != nil || it.Count == 0 {
		return nil, err
	}
	it.Kind = WaitStopped
	return []waiting.Item{it}, nil
}
