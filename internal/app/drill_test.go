package app_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/backup"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/jobs"
	"linli/internal/person"
	"linli/internal/testkit"
)

// TestTheWeeklyDrillRestoresTheNewestSnapshot lets the background work verify what a server wrote, sound and spoilt.
func TestTheWeeklyDrillRestoresTheNewestSnapshot(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		ctx, dir := t.Context(), t.TempDir()
		cfg := config.Defaults()
		cfg.DB, cfg.KeyFile, cfg.SnapshotDir, cfg.SnapshotKey = d.URL(), filepath.Join(dir, "keys"), filepath.Join(dir, "snapshots"), filepath.Join(dir, "cover")
		if err := os.WriteFile(cfg.SnapshotKey, []byte("MDEyMzQ1Njc4OWFiY2RlZg==\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		a, err := app.Open(ctx, cfg, app.Options{Clock: clock.Now, Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		tenant, root, err := a.CreateTenant(ctx, "320902", "亭湖区")
		if err != nil {
			t.Fatal(err)
		}
		sys := authz.System(tenant, "test")
		if _, err := a.Person.Create(ctx, sys, person.NewPerson{CommunityID: root, Fields: person.Fields{Name: "张三", Phone: "13800138000"}}); err != nil {
			t.Fatal(err)
		}
		clock.Advance(time.Minute)
		work(t, ctx, a)
		last := func() jobs.Job {
			t.Helper()
			l, err := jobs.Recent(ctx, d, sys, "", db.Page{})
			if err != nil {
				t.Fatal(err)
			}
			for _, j := range l.Items {
				if j.Kind == "backup.drill" {
					return j
				}
			}
			return jobs.Job{}
		}
		if j := last(); j.State != jobs.Done || j.Message == "" {
			t.Errorf("the first drill: %+v", j)
		}
		path, err := a.Snapshot(ctx)
		if err != nil {
			t.Fatal(err)
		}
		got, err := app.VerifyBackup(ctx, cfg, path, func(int64, int64) {})
		now, cerr := backup.Count(ctx, d)
		if err != nil || cerr != nil || len(got.Found) > 0 || got.Rows != now.Rows || got.Tenants != 1 {
			t.Errorf("VerifyBackup = %+v, %v; the database has %d rows, %v", got, err, now.Rows, cerr)
		}
		wrong := cfg
		wrong.KeyFile = filepath.Join(dir, "other")
		if err := os.WriteFile(wrong.KeyFile, []byte(`{"current":9,"keys":{"9":"MDEyMzQ1Njc4OWFiY2RlZg=="},"index":"MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="}`), 0o600); err != nil {
			t.Fatal(err)
		}
		if got, err := app.VerifyBackup(ctx, wrong, path, func(int64, int64) {}); err != nil || len(got.Found) != 1 || got.Found[0].Package != "keys" {
			t.Errorf("with a key file of something else: %+v, %v", got, err)
		}
		b, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		b[len(b)/2] ^= 1
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		clock.Advance(7 * 24 * time.Hour)
		work(t, ctx, a)
		if j := last(); j.State != jobs.Failed {
			t.Errorf("the drill of a spoilt snapshot: %+v", j)
		}
		told, err := audit.Search(ctx, d, sys.Scope(audit.PermRead), audit.Filter{Action: "backup.drill"})
		if err != nil || len(told.Items) < 2 {
			t.Errorf("%d audit entries, %v", len(told.Items), err)
		}
		if left, err := filepath.Glob(filepath.Join(cfg.SnapshotDir, ".*")); err != nil || len(left) > 0 {
			t.Errorf("left behind: %v, %v", left, err)
		}
	})
}
