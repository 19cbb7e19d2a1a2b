package casework

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/seal"
	"linli/internal/testkit"
)

type builtin struct{}

func (builtin) Calendar(context.Context, int64) (*calendar.Calendar, error) {
	return calendar.Default(), nil
}

// BenchmarkReport lets 32 callers report cases: "ours" as residents do, with every check, the place, the limit, the step and the audit in one commit; "bare" writes
// the same three rows, ready made, one durable transaction for each. The database stands on the disk beside the package, at full durability.
func BenchmarkReport(b *testing.B) {
	const tenant = 320902
	for _, side := range []string{"ours", "bare"} {
		b.Run(side, func(b *testing.B) {
			ctx := context.Background()
			dir, err := os.MkdirTemp(".", "bench-")
			if err != nil {
				b.Fatal(err)
			}
			defer os.RemoveAll(dir)
			d, err := db.Open(ctx, "sqlite:"+filepath.Join(dir, "db"), db.Options{})
			if err != nil {
				b.Fatal(err)
			}
			defer d.Close()
			if _, err := d.Migrate(ctx); err != nil {
				b.Fatal(err)
			}
			s := New(d, seal.Ephemeral(), builtin{}, nil, nil)
			community := id.New()
			if err := d.WithTx(ctx, func(tx *db.Tx) error {
				if _, err := tx.Exec(ctx, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, parent_id, created_at, updated_at) VALUES ($1,$2,'community_party','x','x',$3,0,1,1)`,
					tenant, community, "/"+community.String()+"/"); err != nil {
					return err
				}
				return s.PrepareTx(ctx, tx, tenant)
			}); err != nil {
				b.Fatal(err)
			}
			r := Report{Kind: "opinion", CommunityID: community, Body: "楼道的灯不亮了，晚上看不见。", Place: "3 单元", Name: "王女士", Phone: "13800138000"}
			var one sync.Mutex
			once := func() error {
				c := Case{ID: id.New(), No: paper.NewNo("", d.Now()), KindCode: r.Kind, CommunityID: community, OrgID: community, Title: r.Body, Body: r.Body, Place: r.Place, State: Received, ReceivedAt: d.Now(), Channel: ByWeb}
				code := paper.NewCode(tenant)
				one.Lock()
				defer one.Unlock()
				return d.WithTx(ctx, func(tx *db.Tx) error {
					if err := s.insert(ctx, tx, tenant, &c, r, code); err != nil {
						return err
					}
					if _, err := s.insertEntry(ctx, tx, tenant, c.ID, Received, step{act: ActReport, to: community}); err != nil {
						return err
					}
					return audit.Record(ctx, tx, authz.Actor{Tenant: tenant, Name: "x"}, audit.Entry{Action: "casework.report", SubjectKind: "service_case", SubjectID: c.ID, OrgID: community})
				})
			}
			bare := func() error {
				err := once()
				for db.IsUnique(err) { // a number that somebody has
					err = once()
				}
				return err
			}
			b.SetParallelism(16) // 32 callers on two cores
			b.ResetTimer()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					do := bare
					if side == "ours" {
						do = func() error { _, err := s.Report(ctx, tenant, "x", "", r); return err }
					}
					err := do()
					if err != nil {
						b.Error(err)
						return
					}
				}
			})
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "cases/s")
		})
	}
}

// BenchmarkFirstPage reads what people look at first — the list, what is open by its limit, one community's, the map, the flow — among 10^4 and among 10^6 cases, of which the
// latest thousand are open, on both engines. ns/op of a page at both sizes is what is compared.
func BenchmarkFirstPage(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { firstPages(b, testkit.SQLite) })
	b.Run("postgres", func(b *testing.B) { firstPages(b, testkit.Postgres) })
}

func firstPages(b *testing.B, open func(testing.TB, func() time.Time) *db.DB) {
	const tenant = 320902
	for _, size := range []int{10_000, 1_000_000} {
		ctx, d := context.Background(), open(b, time.Now)
		s := New(d, seal.Ephemeral(), builtin{}, nil, nil)
		first := id.New()
		communities := make([]id.ID, 60)
		if err := d.WithTx(ctx, func(tx *db.Tx) error {
			for i := range communities {
				communities[i] = first + id.ID(i)
				if _, err := tx.Exec(ctx, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, path, parent_id, created_at, updated_at) VALUES ($1,$2,'community_party','x','x',$3,0,1,1)`,
					tenant, communities[i], "/"+communities[i].String()+"/"); err != nil {
					return err
				}
			}
			if err := s.PrepareTx(ctx, tx, tenant); err != nil {
				return err
			}
			// Received over a year; what is not open was closed three days later.
			now, year := db.Micros(tx.Now()), int64(365*24*time.Hour/time.Microsecond)
			_, err := tx.Exec(ctx, `INSERT INTO service_case (tenant_id, id, no, kind_code, community_id, title, title_key, channel, code_key, state, org_id, received_at, clock_at, due_at, closed_at, updated_at, x, y)
				WITH RECURSIVE n(i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < CAST($1 AS BIGINT))
				SELECT CAST($2 AS BIGINT), i, 'N' || i, 'opinion', CAST($3 AS BIGINT) + i % 60, '楼道的灯不亮了', '楼道的灯不亮了', 'web', 'k' || i, CASE WHEN i > CAST($1 AS BIGINT) - 1000 THEN 'working' ELSE 'closed' END, CAST($3 AS BIGINT) + i % 60,
					CAST($4 AS BIGINT) - CAST($5 AS BIGINT) + i * (CAST($5 AS BIGINT) / CAST($1 AS BIGINT)), CAST($4 AS BIGINT) - CAST($5 AS BIGINT) + i * (CAST($5 AS BIGINT) / CAST($1 AS BIGINT)), CAST($4 AS BIGINT) - CAST($5 AS BIGINT) + i * (CAST($5 AS BIGINT) / CAST($1 AS BIGINT)) + 432000000000, CASE WHEN i > CAST($1 AS BIGINT) - 1000 THEN 0 ELSE CAST($4 AS BIGINT) - CAST($5 AS BIGINT) + i * (CAST($5 AS BIGINT) / CAST($1 AS BIGINT)) + 259200000000 END, CAST($4 AS BIGINT), 120100000 + i % 100000, 33300000 + i % 70000 FROM n`,
				int64(size), int64(tenant), first, now, year)
			return err
		}); err != nil {
			b.Fatal(err)
		}
		if d.Engine() == db.Postgres { // its housekeeper does it; SQLite goes without
			if err := d.WithTx(ctx, func(tx *db.Tx) error { _, err := tx.Exec(ctx, "ANALYZE"); return err }); err != nil {
				b.Fatal(err)
			}
		}
		all := testkit.Actor(tenant, nil, PermSee)
		if list, err := s.Points(ctx, all, 0); err != nil || len(list) != mostPoints {
			b.Fatalf("%d points, %v", len(list), err)
		}
		home := testkit.Actor(tenant, communities[7:8], PermSee)
		for _, page := range []struct {
			name string
			read func() error
		}{
			{"list", func() error { _, err := s.List(ctx, all, Filter{}); return err }},
			{"due", func() error { _, err := s.List(ctx, all, Filter{Show: ShowOpen, ByDue: true}); return err }},
			{"community", func() error { _, err := s.List(ctx, home, Filter{}); return err }},
			{"summary", func() error { _, err := s.Summary(ctx, home, Filter{}); return err }},
			{"flow", func() error { _, err := s.Flow(ctx, all, 0); return err }},
			{"points", func() error { _, err := s.Points(ctx, all, 0); return err }},
			{"map", func() error { _, err := s.ByGrid(ctx, all, 0); return err }},
		} {
			b.Run(fmt.Sprintf("%s/%d", page.name, size), func(b *testing.B) {
				for b.Loop() {
					if err := page.read(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
