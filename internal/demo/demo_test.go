package demo_test

import (
	"context"
	"io"
	"log/slog"
	"path/filepath"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/config"
	"linli/internal/demo"
)

var now = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

func build(t testing.TB, database string, sc demo.Scale) (*app.App, demo.Report) {
	t.Helper()
	clock := &demo.Clock{}
	cfg := config.Defaults()
	cfg.DB, cfg.KeyFile = database, filepath.Join(t.TempDir(), "keys")
	clock.Set(now.AddDate(-2, 0, 0))
	a, err := app.Open(context.Background(), cfg, app.Options{Clock: clock.Now, Scratch: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	began := time.Now()
	rep, err := demo.Build(context.Background(), a, clock, demo.Plan{Scale: sc, Now: now, Progress: func(s demo.Step, done, total int64) {
		if done == total {
			t.Logf("%-14s until %.2f s", s.Name, time.Since(began).Seconds())
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	return a, rep
}

func TestSmall(t *testing.T) {
	a, rep := build(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db"), demo.Small)
	if len(rep.Accounts) < 8 {
		t.Errorf("%d accounts to log in with, want one for each role", len(rep.Accounts))
	}
	found, err := a.Verify(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("verify: %s: %s", f.Package, f.What)
	}
}
