package lovebank

import (
	"context"
	"errors"

	"linli/internal/db"
)

// CarryHalf is Carry as it stands when the program stops between the two sides: the other district has what it is told and brought, and this one knows nothing of it.
func CarryHalf(ctx context.Context, s *Service, tenant int64) error {
	accords, err := db.All(ctx, s.db, (*Accord).dest, "SELECT "+accordColumns+` FROM bank_accord d WHERE d.tenant_id = $1 AND d.told = FALSE ORDER BY d.id`, tenant)
	if err != nil {
		return err
	}
	for _, a := range accords {
		if err := s.db.WithTx(ctx, func(tx *db.Tx) error { return hear(ctx, tx, a.Other, tenant, "邻区", a) }); err != nil {
			return err
		}
	}
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

// Tell tells the other district of an agreement as it was read before, as a server does that was slow.
func Tell(ctx context.Context, s *Service, tenant int64, a Accord) error {
	return s.tell(ctx, tenant, a)
}
