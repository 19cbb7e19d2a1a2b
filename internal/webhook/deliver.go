package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/outbox"
)

// box is where deliveries wait. One goes when its receiver is active and nothing about its subject waits before it.
var box = outbox.Table{Name: "webhook_delivery", Key: "subscription_id", Lease: time.Minute,
	Ready: `EXISTS (SELECT 1 FROM webhook_subscription w WHERE w.tenant_id = q.tenant_id AND w.id = q.subscription_id AND w.state = 'active')
		AND NOT EXISTS (SELECT 1 FROM webhook_delivery b WHERE b.tenant_id = q.tenant_id AND b.subscription_id = q.subscription_id AND b.subject = q.subject AND b.id < q.id AND b.state IN ('waiting', 'sending'))`}

// How long and how often an event is tried.
const (
	mostTries  = 42 // attempts: with the pauses below, three days
	firstPause = 10 * time.Second
	longPause  = 2 * time.Hour
	atOnce     = 4
	perTake    = 20
	keepDays   = 30 // of the log
	whyEnded   = "ended"
	whyOld     = "old"
)

// ReasonText says why something was not delivered.
func ReasonText(why string) i18n.Text {
	switch why {
	case whyEnded:
		return i18n.WebhookWhyEnded
	case whyOld:
		return i18n.WebhookWhyOld
	}
	return i18n.Verbatim(why)
}

// SendTx writes an event for each receiver that it concerns, in the transaction of the act that causes it.
func (s *Service) SendTx(ctx context.Context, tx *db.Tx, e Event) error {
	data, err := json.Marshal(e.Data)
	if err != nil {
		return err
	}
	a := &db.Args{}
	values := "CAST(" + a.Add(e.Tenant) + " AS BIGINT), w.id, CAST(" + a.Add(e.ID) + " AS BIGINT), CAST(" + a.Add(string(e.Type)) + " AS TEXT), CAST(" + a.Add(e.Subject) + " AS TEXT), CAST(" + a.Add(db.Micros(e.At)) +
		" AS BIGINT), CAST(" + a.Add(string(data)) + " AS TEXT), 'waiting', CAST(" + a.Add(db.Micros(tx.Now())) + " AS BIGINT), CAST(" + a.Add(db.Micros(tx.Now())) + " AS BIGINT)"
	var orgs []id.ID
	for _, o := range e.Orgs {
		if o != 0 {
			orgs = append(orgs, o)
		}
	}
	// The path of an organisation begins with that of each one above it. The pattern is no bare argument: SQLite would look into it, and compile the statement anew for each event.
	where := "w.tenant_id = " + a.Add(e.Tenant) + " AND w.state <> 'ended' AND w.events LIKE CAST(" + a.Add("% "+strings.ReplaceAll(string(e.Type), "_", "!_")+" %") + ` AS TEXT) ESCAPE '!' AND EXISTS (SELECT 1 FROM organisation r JOIN organisation o ON o.tenant_id = r.tenant_id
		AND substr(o.path, 1, length(r.path)) = r.path WHERE r.tenant_id = w.tenant_id AND r.id = w.org_id AND ` + db.In(a, "o.id", orgs) + ")"
	return tx.Later(ctx, "INSERT INTO webhook_delivery (tenant_id, subscription_id, id, type, subject, happened_at, data, state, due_at, created_at) SELECT "+values+" FROM webhook_subscription w WHERE "+where, a.Values()...)
}

// Deliver sends one batch of what is due in a tenant, and gives how many deliveries it tried: a receiver that hangs does not hold up other districts.
func (s *Service) Deliver(ctx context.Context, tenant int64) (int, error) {
	claims, err := box.Take(ctx, s.db, tenant, perTake)
	if err != nil || len(claims) == 0 {
		return 0, err
	}
	return len(claims), outbox.Together(ctx, claims, atOnce, s.deliver)
}

// target is a delivery with where it goes.
type target struct {
	Delivery
	sub               id.ID
	address           string
	secret, oldSecret []byte
	oldUntil          time.Time
	state             State
}

func (s *Service) deliver(ctx context.Context, c outbox.Claim) error {
	t, err := load(ctx, s.db, c)
	if err != nil {
		return err
	}
	if t.state == Ended {
		return s.note(ctx, c, t, 0, outbox.Result{State: outbox.Dropped, Reason: whyEnded, Free: true})
	}
	status, err := s.post(ctx, t)
	return s.note(context.WithoutCancel(ctx), c, t, status, s.outcome(c, t, status, err))
}

// post sends an event, signed with the secret and, for a day after a change, with the former one.
func (s *Service) post(ctx context.Context, t target) (int, error) {
	body, err := t.body(s.base())
	if err != nil {
		return 0, err
	}
	secrets := make([]string, 0, 2)
	now, err := s.ring.Open("webhook_subscription", "secret", t.sub, t.secret)
	if err != nil {
		return 0, err
	}
	secrets = append(secrets, now)
	if s.db.Now().Before(t.oldUntil) {
		old, err := s.ring.Open("webhook_subscription", "old_secret", t.sub, t.oldSecret)
		if err != nil {
			return 0, err
		}
		secrets = append(secrets, old)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, t.address, bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	r.Header.Set("Content-Type", ContentType)
	r.Header.Set("User-Agent", "Linli")
	outbox.Sign(r.Header, t.ID.String(), s.db.Now(), body, secrets...)
	res, err := s.client.Do(r)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, 4<<10) // so that the connection can be used again; what it says does not matter
	return res.StatusCode, nil
}

// outcome is what an answer means. Everything but success is tried again until three days are over: receivers fail in all ways, and are mended.
func (s *Service) outcome(c outbox.Claim, t target, status int, err error) outbox.Result {
	now := s.db.Now()
	if err == nil && status/100 == 2 {
		return outbox.Result{State: outbox.Sent}
	}
	reason := "HTTP " + strconv.Itoa(status)
	if err != nil {
		reason = plain(err)
	}
	pause := outbox.Pause(c.Attempts, firstPause, longPause)
	return outbox.Result{State: outbox.Waiting, Reason: reason, Again: now.Add(pause)}
}

// plain is an error without the address.
func plain(err error) string {
	var u *url.Error
	if errors.As(err, &u) {
		err = u.Err
	}
	if errors.Is(err, ErrInside) {
		return ErrInside.Error()
	}
	return fmt.Sprint(err)
}

// note writes down what came of a delivery. The receiver is failing from the first failure on until nothing waits to be tried again; when one was tried for three
// days it stops, with that one waiting as the first.
func (s *Service) note(ctx context.Context, c outbox.Claim, t target, status int, r outbox.Result) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		ok, err := box.NoteTx(ctx, tx, c, r)
		if err != nil || !ok {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE webhook_delivery SET status = $1 WHERE tenant_id = $2 AND subscription_id = $3 AND id = $4`, int64(status), c.Tenant, c.Key, c.ID); err != nil {
			return err
		}
		switch {
		case r.State == outbox.Sent:
			_, err = tx.Exec(ctx, `UPDATE webhook_subscription SET failing_since = 0 WHERE tenant_id = $1 AND id = $2 AND failing_since <> 0 AND NOT EXISTS (SELECT 1 FROM webhook_delivery d
				WHERE d.tenant_id = webhook_subscription.tenant_id AND d.subscription_id = webhook_subscription.id AND d.state = 'waiting' AND d.attempts > 0)`, c.Tenant, c.Key)
		case r.State == outbox.Waiting:
			if _, err = tx.Exec(ctx, `UPDATE webhook_subscription SET failing_since = $1 WHERE tenant_id = $2 AND id = $3 AND failing_since = 0`, db.Micros(tx.Now()), c.Tenant, c.Key); err != nil {
				return err
			}
			if c.Attempts >= mostTries {
				_, err = tx.Exec(ctx, `UPDATE webhook_subscription SET state = 'stopped', stopped_at = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND state = 'active'`, db.Micros(tx.Now()), c.Tenant, c.Key)
			}
		}
		return err
	})
}

// Filter narrows the log of a receiver; zero fields do not filter.
type Filter struct {
	State outbox.State
	Type  Type
	Page  db.Page
}

// Deliveries gives what was and is to be sent to a receiver, the newest first (PermManage).
func (s *Service) Deliveries(ctx context.Context, actor authz.Actor, subscription id.ID, f Filter) (db.List[Delivery], error) {
	if _, err := find(ctx, s.db, actor.Scope(PermManage), subscription); err != nil {
		return db.List[Delivery]{}, err
	}
	a := &db.Args{}
	where := "d.tenant_id = " + a.Add(actor.Tenant) + " AND d.subscription_id = " + a.Add(subscription)
	if f.State != "" {
		where += " AND d.state = " + a.Add(string(f.State))
	}
	if f.Type != "" {
		where += " AND d.type = " + a.Add(string(f.Type))
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "d.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Delivery).dest, "SELECT "+deliveryColumns+" FROM webhook_delivery d WHERE "+where+page+tail, a.Values()...)
	return db.Cut(rows, f.Page, func(d Delivery) db.Cursor { return db.Cursor{ID: d.ID} }), err
}

// Again puts a delivery that ended back into the box (PermManage).
func (s *Service) Again(ctx context.Context, actor authz.Actor, subscription, delivery id.ID) error {
	return s.kept(ctx, actor, subscription, func(tx *db.Tx, w Subscription) error {
		there, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM webhook_delivery WHERE tenant_id = $1 AND subscription_id = $2 AND id = $3`, actor.Tenant, w.ID, delivery)
		if err != nil {
			return err
		}
		if there == 0 {
			return errs.ErrNotFound
		}
		ok, err := box.AgainTx(ctx, tx, actor.Tenant, w.ID, delivery, outbox.Sent, outbox.Failed, outbox.Dropped)
		if err != nil {
			return err
		}
		if !ok {
			return errs.New(errs.Conflict, i18n.WebhookNotAgain)
		}
		if _, err := tx.Exec(ctx, `UPDATE webhook_delivery SET status = 0 WHERE tenant_id = $1 AND subscription_id = $2 AND id = $3`, actor.Tenant, w.ID, delivery); err != nil {
			return err
		}
		return record(ctx, tx, actor, "again", w, map[string]any{"delivery": delivery.String()})
	})
}

// Sweep removes the log of old deliveries, and what waited so long for a receiver that was paused.
func (s *Service) Sweep(ctx context.Context, tenant int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `DELETE FROM webhook_delivery WHERE tenant_id = $1 AND created_at < $2 AND state <> 'sending'`, tenant, db.Micros(tx.Now().AddDate(0, 0, -keepDays)))
		return err
	})
}
