package casework

import (
	"context"
	"encoding/json"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// sending names one sending of a report.
type sending struct {
	key  string        // "" for one that is not named
	hash string        // of what is sent; "" where the key says it
	keep time.Duration // how long it is known
}

// keepKeys is how long the key of a form is known, as those of other repeated requests are.
const keepKeys = 24 * time.Hour

// once carries out what a key names at most once. Without a key it is carried out.
func (s *Service) once(ctx context.Context, tx *db.Tx, actor authz.Actor, one sending, do func() (Receipt, error)) (Receipt, error) {
	if one.key == "" {
		return do()
	}
	first, err := s.claim(ctx, tx, actor, one)
	if err != nil {
		return Receipt{}, err
	}
	if first != nil {
		return *first, nil
	}
	r, err := do()
	if err != nil {
		return r, err
	}
	return r, s.keep(ctx, tx, actor, one.key, r)
}

// claim takes the key of a report. A key that was taken lately gives the receipt of that report: pressing twice makes one case. One that was taken for something
// else is refused.
func (s *Service) claim(ctx context.Context, tx *db.Tx, actor authz.Actor, one sending) (first *Receipt, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO idempotency (tenant_id, account_id, key, request_hash, status, content_type, body, created_at) VALUES ($1,$2,$3,$4,0,'',NULL,$5)
		ON CONFLICT (tenant_id, account_id, key) DO UPDATE SET request_hash = excluded.request_hash, body = NULL, created_at = excluded.created_at WHERE idempotency.created_at <= $6`,
		actor.Tenant, actor.AccountID, one.key, one.hash, db.Micros(tx.Now()), db.Micros(tx.Now().Add(-one.keep)))
	if err != nil || n == 1 {
		return nil, err
	}
	type kept struct {
		hash string
		body []byte
	}
	k, err := db.One(ctx, tx, func(k *kept) []any { return []any{&k.hash, &k.body} }, `SELECT request_hash, body FROM idempotency WHERE tenant_id = $1 AND account_id = $2 AND key = $3`,
		actor.Tenant, actor.AccountID, one.key)
	if err != nil {
		return nil, err
	}
	if k.hash != one.hash {
		return nil, errs.Field("key", i18n.APIKeyReused)
	}
	plain, err := s.ring.Open("idempotency", one.key, actor.AccountID, k.body)
	if err != nil {
		return nil, err
	}
	first = &Receipt{Again: true}
	return first, json.Unmarshal([]byte(plain), first)
}

// keep notes the receipt under its key.
func (s *Service) keep(ctx context.Context, tx *db.Tx, actor authz.Actor, key string, r Receipt) error {
	plain, err := json.Marshal(r)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE idempotency SET body = $1 WHERE tenant_id = $2 AND account_id = $3 AND key = $4`,
		s.ring.Seal("idempotency", key, actor.AccountID, string(plain)), actor.Tenant, actor.AccountID, key)
	return err
}
