package db_test

import (
	"context"
	"errors"
	"testing"

	"linli/internal/db"
	"linli/internal/testkit"
)

// The step is durable with the first transaction that commits, and only with it.
func TestAStepGoesWithTheFirstTransactionThatCommits(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		insert := func(ctx context.Context, tx *db.Tx, id int) error {
			_, err := tx.Exec(ctx, `INSERT INTO tenant (tenant_id, name, created_at) VALUES ($1, 'x', 0)`, id)
			return err
		}
		ctx, committed := db.Accompany(t.Context(), func(ctx context.Context, tx *db.Tx) error { return insert(ctx, tx, 1) })
		refused := errors.New("refused")
		if err := d.WithTx(ctx, func(*db.Tx) error { return refused }); !errors.Is(err, refused) || committed() {
			t.Errorf("a transaction that fails: %v, committed %v", err, committed())
		}
		for i := 2; i < 4; i++ {
			if err := d.WithTx(ctx, func(tx *db.Tx) error { return insert(ctx, tx, i) }); err != nil || !committed() {
				t.Errorf("transaction %d: %v, committed %v", i, err, committed())
			}
		}
		if n, err := db.Value[int64](t.Context(), d, `SELECT count(*) FROM tenant`); err != nil || n != 3 {
			t.Errorf("%d rows (%v), want 3: the step once, and two transactions", n, err)
		}
	})
}
