package app_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/telemetry"
	"linli/internal/testkit"
)

// open gives the program on a fresh database of one engine.
func open(t testing.TB, d *db.DB) *app.App {
	t.Helper()
	cfg := config.Defaults()
	cfg.DB, cfg.KeyFile, cfg.Addr = d.URL(), filepath.Join(t.TempDir(), "keys"), "127.0.0.1:0"
	a, err := app.Open(t.Context(), cfg, app.Options{Log: telemetry.NewLogger(io.Discard, true, false)})
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

func TestANewTenantHasWhatItStartsWith(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		a := open(t, d)
		tenant, root, err := a.CreateTenant(t.Context(), "320902", "亭湖区")
		if err != nil || tenant != 320902 || root == 0 {
			t.Fatalf("CreateTenant = %v, %v, %v", tenant, root, err)
		}
		if _, _, err := a.CreateTenant(t.Context(), "320902", "亭湖区"); errs.KindOf(err) != errs.Conflict {
			t.Errorf("a second tenant of the same code: %v, want a conflict", err)
		}
		for _, bad := range []string{"", "3209", "32090a", "032090"} {
			if _, _, err := a.CreateTenant(t.Context(), bad, "X"); errs.KindOf(err) != errs.Invalid {
				t.Errorf("CreateTenant(%q) = %v, want invalid", bad, err)
			}
		}
		roles, err := a.Authn.Roles(t.Context(), authz.System(tenant, "test"))
		if err != nil || len(roles) != len(app.StandardRoles()) {
			t.Errorf("%d roles, %v", len(roles), err)
		}
		days, err := db.Value[int64](t.Context(), a.DB, `SELECT count(*) FROM calendar_day WHERE tenant_id = $1 AND day LIKE '2026-%'`, tenant)
		if err != nil || days < 20 {
			t.Errorf("%d days of 2026 in the calendar, %v", days, err)
		}
		found, err := a.Verify(t.Context(), nil)
		if err != nil || len(found) > 0 {
			t.Errorf("Verify = %v, %v", found, err)
		}
	})
}

func TestHealth(t *testing.T) {
	a := open(t, testkit.SQLite(t, time.Now))
	h := a.Handler(app.Serving{Version: "test"})
	for path, want := range map[string]int{"/healthz": 200, "/readyz": 200, "/login": 200} {
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, httptest.NewRequest(http.MethodGet, path, nil))
		if rec.Code != want {
			t.Errorf("GET %s = %d, want %d: %s", path, rec.Code, want, rec.Body)
		}
	}
}

func TestServeStopsInOrder(t *testing.T) {
	a := open(t, testkit.SQLite(t, time.Now))
	a.Config.MetricsAddr = "127.0.0.1:0"
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	up := make(chan [2]string, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- a.Serve(ctx, app.Serving{Ready: func(url, metrics string) { up <- [2]string{url, metrics} }})
	}()
	var at [2]string
	select {
	case at = <-up:
	case err := <-ended:
		t.Fatal(err)
	}
	body := fetch(t, at[0]+"/healthz")
	if !strings.Contains(body, "ok") {
		t.Errorf("/healthz says %q", body)
	}
	if m := fetch(t, at[1]); !strings.Contains(m, `linli_http_requests_total{route="GET /healthz",status="200"} 1`) {
		t.Errorf("metrics do not count the request:\n%.600s", m)
	}
	stop()
	if err := <-ended; err != nil {
		t.Errorf("Serve = %v", err)
	}
}

func fetch(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestFaultsOfTheSurroundingsAreToldPlainly(t *testing.T) {
	dir := t.TempDir()
	with := func(change func(*config.Config)) error {
		cfg := config.Defaults()
		cfg.DB = "sqlite:" + filepath.Join(dir, "linli.db")
		change(&cfg)
		a, err := app.Open(t.Context(), cfg, app.Options{Log: telemetry.NewLogger(io.Discard, true, false)})
		if err == nil {
			if _, _, err := a.CreateTenant(t.Context(), "320902", "亭湖区"); err != nil && errs.KindOf(err) != errs.Conflict {
				t.Fatal(err)
			}
			return a.Close()
		}
		return err
	}
	if err := with(func(*config.Config) {}); err != nil {
		t.Fatal(err)
	}
	cases := []struct {
		name   string
		change func(*config.Config)
		want   string
	}{
		{"no such engine", func(c *config.Config) { c.DB = "mysql://x" }, "sqlite:FILE or postgres://"},
		{"a folder that is not there", func(c *config.Config) { c.DB = "sqlite:" + dir + "/none/linli.db" }, "cannot be opened"},
		{"a server that does not run", func(c *config.Config) { c.DB = "postgres://u:topsecret@127.0.0.1:1/x" }, "cannot be opened"},
		{"keys of a database with data are gone", func(c *config.Config) { c.KeyFile = filepath.Join(dir, "other.keys") }, "put it back from its backup"},
		{"a key file that is none", func(c *config.Config) { c.KeyFile = filepath.Join(dir, "linli.db") }, "key file cannot be used"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := with(c.change)
			var f *app.Fault
			if (!errors.As(err, &f) && errs.KindOf(err) != errs.Invalid) || !strings.Contains(err.Error(), c.want) {
				t.Errorf("Open = %v, want a fault with %q", err, c.want)
			}
			if err != nil && (strings.Contains(err.Error(), "topsecret") || strings.Contains(err.Error(), "goroutine")) {
				t.Errorf("the message shows too much: %v", err)
			}
		})
	}
	if _, err := os.Stat(filepath.Join(dir, "other.keys")); err == nil {
		t.Error("a new key file was made for a database with data")
	}
}

func TestANewerSchemaIsLeftAlone(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, d *db.DB) {
		err := d.WithTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO goose_db_version (version_id, is_applied) VALUES (9999, TRUE)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		cfg := config.Defaults()
		cfg.DB, cfg.KeyFile = d.URL(), filepath.Join(t.TempDir(), "keys")
		_, err = app.Open(t.Context(), cfg, app.Options{Log: telemetry.NewLogger(io.Discard, true, false)})
		var f *app.Fault
		if !errors.As(err, &f) || !strings.Contains(err.Error(), "newer schema") {
			t.Errorf("Open = %v, want the fault of a newer schema", err)
		}
	})
}
