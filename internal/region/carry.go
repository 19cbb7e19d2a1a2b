package region

import (
	"context"
	"errors"
	"fmt"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/figure"
)

// Carry brings the levels above what is new in the figures of a district, and removes there what it no longer shares. The queue calls it with the tenant of the job. It
// touches another tenant only where the district said so, in transactions that touch that tenant alone; if the program stops in between, the next run goes on.
func (s *Service) Carry(ctx context.Context, tenant int64) error {
	list, err := s.shares(ctx, s.db, tenant)
	if err != nil {
		return err
	}
	var failed []error
	for _, x := range list {
		if x.Holds() {
			err = s.bring(ctx, tenant, x.Above.Code)
		} else {
			err = s.clear(ctx, tenant, x)
		}
		if err != nil {
			failed = append(failed, fmt.Errorf("figures of %d for %d: %w", tenant, x.Above.Code, err))
		}
	}
	return errors.Join(failed...)
}

func (s *Service) nameOf(ctx context.Context, tenant int64) (string, error) {
	all, err := s.tenants(ctx)
	for _, t := range all {
		if t.Code == tenant {
			return t.Name, err
		}
	}
	return "", errors.Join(err, errs.ErrNotFound)
}

// arrived is a period of a district as it is known above.
type arrived struct {
	period string
	figure.Stamp
}

func (a *arrived) dest() []any {
	return []any{&a.period, db.Instant(&a.At), db.Instant(&a.Changed)}
}

func (s *Service) bring(ctx context.Context, tenant, above int64) (err error) {
	defer func() { // it may have been ended meanwhile
		now, failed := s.shares(context.WithoutCancel(ctx), s.db, tenant)
		err = errors.Join(err, failed)
		for _, x := range now {
			if x.Above.Code == above && !x.Holds() {
				err = errors.Join(err, s.clear(context.WithoutCancel(ctx), tenant, x))
			}
		}
	}()
	name, err := s.nameOf(ctx, tenant)
	if err != nil {
		return err
	}
	there, err := db.All(ctx, s.db, (*arrived).dest, `SELECT p.period, p.computed_at, p.changed_at FROM region_period p WHERE p.tenant_id = $1 AND p.district = $2`, above, tenant)
	if err != nil {
		return err
	}
	had := map[string]figure.Stamp{}
	for _, a := range there {
		had[a.period] = a.Stamp
	}
	list, err := s.figures.Outgoing(ctx, tenant, had)
	if err != nil {
		return err
	}
	for _, o := range list {
		if err := s.db.WithTx(ctx, func(tx *db.Tx) error { return take(ctx, tx, above, tenant, name, o) }); err != nil {
			return err
		}
	}
	return nil
}

// take lets the tenant above have a period of a district instead of what it had of it.
func take(ctx context.Context, tx *db.Tx, tenant, district int64, name string, o figure.Outgoing) error {
	period := o.Period.String()
	if _, err := tx.Exec(ctx, `DELETE FROM region_value WHERE tenant_id = $1 AND district = $2 AND period = $3`, tenant, district, period); err != nil {
		return err
	}
	err := tx.InsertMany(ctx, "region_value", []string{"tenant_id", "district", "period", "figure", "dimension", "item", "amount", "hidden"}, len(o.Values), func(i int) []any {
		v := o.Values[i]
		return []any{tenant, district, period, v.Figure, v.Dimension, v.Item, v.Amount, v.Hidden}
	})
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO region_period (tenant_id, district, period, district_name, state, computed_at, changed_at, arrived_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (tenant_id, period, district) DO UPDATE SET district_name = excluded.district_name, state = excluded.state, computed_at = excluded.computed_at,
		changed_at = excluded.changed_at, arrived_at = excluded.arrived_at`,
		tenant, district, period, name, o.State, db.Micros(o.At), db.Micros(o.Changed), db.Micros(tx.Now()))
	return err
}

// clear removes above what a district had sent and no longer shares, if there is any, and then keeps here that it is gone. What another process was just bringing is found by the next run.
func (s *Service) clear(ctx context.Context, tenant int64, x Share) error {
	left, err := db.Value[int64](ctx, s.db, `SELECT count(*) FROM region_period p WHERE p.tenant_id = $1 AND p.district = $2`, x.Above.Code, tenant)
	if err != nil {
		return err
	}
	if left > 0 {
		if err := s.db.WithTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `DELETE FROM region_value WHERE tenant_id = $1 AND district = $2`, x.Above.Code, tenant)
			if err == nil {
				_, err = tx.Exec(ctx, `DELETE FROM region_period WHERE tenant_id = $1 AND district = $2`, x.Above.Code, tenant)
			}
			return err
		}); err != nil {
			return err
		}
	}
	if x.Ended.IsZero() || x.Cleared {
		return nil
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE region_share SET cleared_at = $1 WHERE tenant_id = $2 AND above = $3 AND version = $4`, db.Micros(tx.Now()), tenant, x.Above.Code, x.Version)
		return err
	})
}
