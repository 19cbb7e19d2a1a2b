package dues

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/reference"
)

// Follow hands what waits for an answer to the successor of a branch (ORG-1: merge). Payments and totals stay with the branch that took them.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE dues_relief SET branch_id = $1, version = version + 1 WHERE tenant_id = $2 AND branch_id = $3 AND state = 'proposed'`, to, actor.Tenant, from)
	return err
}
