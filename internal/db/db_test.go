package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/testkit"
)

func insert(ctx context.Context, tx *db.Tx, name, value string) error {
	_, err := tx.Exec(ctx, `INSERT INTO policy (tenant_id, name, valid_from, value, set_at) VALUES ($1, $2, $3, $4, $5)`,
		testkit.Tenant, name, "2026-01-01", value, db.Micros(tx.Now()))
	return err
}

func count(t *testing.T, d *db.DB) int64 {
	t.Helper()
	n, err := db.Value[int64](t.Context(), d, "SELECT count(*) FROM policy WHERE tenant_id = $1", testkit.Tenant)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestOneFailureDoesNotFailItsNeighbours(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		broken := errors.New("broken")
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				err := d.WithTx(t.Context(), func(tx *db.Tx) error {
					if err := insert(t.Context(), tx, fmt.Sprint(i), "v"); err != nil {
						return err
					}
					switch i % 4 {
					case 1:
						return broken
					case 3:
						panic("a fault")
					}
					return nil
				})
				if (i%2 == 0) != (err == nil) {
					t.Errorf("WithTx(%d) = %v", i, err)
				}
				if i%4 == 1 && !errors.Is(err, broken) {
					t.Errorf("WithTx(%d) = %v, want its own error", i, err)
				}
			})
		}
		wg.Wait()
		if n := count(t, d); n != 32 {
			t.Errorf("%d rows, want 32", n)
		}
	})
}

func TestReadThenWriteNeverLosesAnUpdate(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := d.WithTx(ctx, func(tx *db.Tx) error { return insert(ctx, tx, "n", "0") }); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				err := d.WithTx(ctx, func(tx *db.Tx) error {
					v, err := db.Value[string](ctx, tx, "SELECT value FROM policy WHERE tenant_id = $1 AND name = $2", testkit.Tenant, "n")
					if err != nil {
						return err
					}
					var n int
					fmt.Sscan(v, &n)
					return tx.Update(ctx, "UPDATE policy SET value = $1 WHERE tenant_id = $2 AND name = $3", fmt.Sprint(n+1), testkit.Tenant, "n")
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if v, _ := db.Value[string](ctx, d, "SELECT value FROM policy WHERE tenant_id = $1", testkit.Tenant); v != "16" {
			t.Errorf("counted to %s, want 16", v)
		}
	})
}

func TestDriverErrorsHaveClasses(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		twice := d.WithTx(ctx, func(tx *db.Tx) error {
			if err := insert(ctx, tx, "a", ""); err != nil {
				return err
			}
			return insert(ctx, tx, "a", "")
		})
		if !db.IsUnique(twice) || db.IsCheck(twice) {
			t.Errorf("a double key gave %v", twice)
		}
		check := d.WithTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, `INSERT INTO responsibility (tenant_id, id, community_id, kind, name, duties, capacity, taken, created_at)
				VALUES ($1, 1, 1, 'area', 'x', '', 1, 2, 0)`, testkit.Tenant)
			return err
		})
		if !db.IsCheck(check) {
			t.Errorf("a refused check gave %v", check)
		}
		gone := d.WithTx(ctx, func(tx *db.Tx) error {
			return tx.Update(ctx, "UPDATE policy SET value = '' WHERE tenant_id = $1 AND name = $2", testkit.Tenant, "none")
		})
		if errs.KindOf(gone) != errs.Conflict {
			t.Errorf("an update of no row gave %v", gone)
		}
	})
}

func TestPagesMeetWithoutGapOrDouble(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		type row struct {
			id   id.ID
			name string
		}
		cols := []string{"tenant_id", "id", "community_id", "name"}
		all := make([]row, 1003)
		for i := range all {
			all[i] = row{id.New(), fmt.Sprintf("%02d", i%17)}
		}
		err := d.WithTx(ctx, func(tx *db.Tx) error {
			return tx.InsertMany(ctx, "quarter_area", cols, len(all), func(i int) []any {
				return []any{testkit.Tenant, all[i].id, all[i].id, all[i].name}
			})
		})
		if err != nil {
			t.Fatal(err)
		}
		read := func(p db.Page) db.List[row] {
			a := &db.Args{}
			q := "SELECT id, name FROM quarter_area WHERE tenant_id = " + a.Add(testkit.Tenant)
			where, tail := a.Keyset(p, db.Order{Column: "name", IDColumn: "id"})
			rows, err := db.All(ctx, d, func(r *row) []any { return []any{&r.id, &r.name} }, q+where+tail, a.Values()...)
			if err != nil {
				t.Fatal(err)
			}
			return db.Cut(rows, p, func(r row) db.Cursor { return db.Cursor{Key: r.name, ID: r.id} })
		}
		seen, pages := map[id.ID]bool{}, 0
		var second, third db.List[row]
		for p := (db.Page{Limit: 100}); ; {
			l := read(p)
			pages++
			if pages == 2 {
				second = l
			}
			if pages == 3 {
				third = l
			}
			for _, r := range l.Items {
				if seen[r.id] {
					t.Fatalf("row %v came twice", r)
				}
				seen[r.id] = true
			}
			if (pages == 1) != (l.Prev == "") {
				t.Errorf("page %d has Prev %q", pages, l.Prev)
			}
			if l.Next == "" {
				break
			}
			p.After = db.ParseCursor(l.Next)
		}
		if len(seen) != len(all) || pages != 11 {
			t.Errorf("%d rows on %d pages, want %d on 11", len(seen), pages, len(all))
		}
		back := read(db.Page{Limit: 100, Before: db.ParseCursor(third.Prev)})
		if fmt.Sprint(back.Items) != fmt.Sprint(second.Items) || back.Next == "" || back.Prev == "" {
			t.Errorf("going back from page 3 does not give page 2")
		}
	})
}

func TestMigrateTwiceChangesNothing(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		done, err := d.Migrate(t.Context())
		if err != nil || len(done) != 0 {
			t.Errorf("Migrate again = %v, %v", done, err)
		}
	})
}

func TestChineseSortsByCodePoint(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		_ = d.WithTx(ctx, func(tx *db.Tx) error {
			for _, n := range []string{"阿", "b", "B", "一", "a", "𠀀"} {
				if err := insert(ctx, tx, n, ""); err != nil {
					t.Error(err)
				}
			}
			return nil
		})
		got, err := db.Column[string](ctx, d, "SELECT name FROM policy WHERE tenant_id = $1 ORDER BY name", testkit.Tenant)
		if err != nil || fmt.Sprint(got) != "[B a b 一 阿 𠀀]" {
			t.Errorf("sorted %v, %v", got, err)
		}
		a := &db.Args{}
		got, err = db.Column[string](ctx, d, "SELECT name FROM policy WHERE "+a.Prefix("name", "阿"), a.Values()...)
		if err != nil || fmt.Sprint(got) != "[阿]" {
			t.Errorf("prefix search gave %v, %v", got, err)
		}
	})
}
