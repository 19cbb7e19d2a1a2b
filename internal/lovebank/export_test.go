package lovebank

import (
	"context"
	"errors"

	"linli/internal/db"
)

// CarryHalf is Carry as it stands when the program stops between the two sides: the other district has what it is told and brought, and this one knows nothing of it.
func CarryHalf(ctx context.Context, s *Service, tenant int64) error {
	under, err := db.All(ctx, s.db, (*transfer).dest, "SELECT "+transferColumns+` FROM bank_transfer t WHERE t.tenant_id = $1 AND t.way = 'out' AND t.state = 'sent' ORDER BY t.id`, tenant)
	failed := []error{err}
	for _, t := range under {
		failed = append(failed, s.db.WithTx(ctx, func(tx *db.Tx) error {
			_, _, err := receive(ctx, tx, t.other, tenant, "邻区", t)
			return err
		}))
	}
	return errors.Join(failed...)
}
