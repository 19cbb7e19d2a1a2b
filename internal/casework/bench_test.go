package casework

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/seal"
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
				c := Case{ID: id.New(), No: newNo(d.Now()), KindCode: r.Kind, CommunityID: community, OrgID: community, Title: r.Body, Body: r.Body, Place: r.Place, State: Received, ReceivedAt: d.Now(), Channel: ByWeb}
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
