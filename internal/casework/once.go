package casework

import (
	"context"
	"encoding/json"

	"linli/internal/authz"
	"linli/internal/db"
)

// once carries out what a key names at most once. Without a key it is carried out.
func (s *Service) once(ctx context.Context, tx *db.Tx, actor authz.Actor, key string, do func() (Receipt, error)) (Receipt, error) {
	if key == "" {
		return do()
	}
	first, err := s.claim(ctx, tx, actor, key)
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
	return r, s.keep(ctx, tx, actor, key, r)
}

// claim takes the key of a report. A key that was taken before gives the receipt of that report: pressing twice makes one case. The key is kept for a day, as
// those of other repeated requests are.
func (s *Service) claim(ctx context.Context, tx *db.Tx, actor authz.Actor, key string) (first *Receipt, err error) {
	n, err := tx.Exec(ctx, `INSERT INTO idempotency (tenant_id, account_id, key, request_hash, status, content_type, body, created_at) VALUES ($1,$2,$3,'',0,'',NULL,$4)
		ON CONFLICT (tenant_id, account_id, key) DO NOTHING`, actor.Tenant, actor.AccountID, key, db.Micros(tx.Now()))
	if err != nil || n == 1 {
		return nil, err
	}
	sealed, err := db.One(ctx, tx, func(b *[]byte) []any { return []any{b} }, `SELECT body FROM idempotency WHERE tenant_id = $1 AND account_id = $2 AND key = $3`,
		actor.Tenant, actor.AccountID, key)
	if err != nil {
		return nil, err
	}
	plain, err := s.ring.Open("idempotency", key, actor.AccountID, sealed)
	if err != nil {
		return nil, err
	}
	first = &Receipt{}
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
