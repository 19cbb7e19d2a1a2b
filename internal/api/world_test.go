package api_test

import (
	"io"
	"path/filepath"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/config"
	"linli/internal/telemetry"
)

// open opens the whole program on a database.
func open(t testing.TB, databaseURL string, clock func() time.Time) *app.App {
	t.Helper()
	cfg := config.Defaults()
	cfg.DB, cfg.KeyFile, cfg.Addr = databaseURL, filepath.Join(t.TempDir(), "keys"), "127.0.0.1:0"
	a, err := app.Open(t.Context(), cfg, app.Options{Log: telemetry.NewLogger(io.Discard, true, false), Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	return a
}
