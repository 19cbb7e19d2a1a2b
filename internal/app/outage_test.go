package app_test

import (
	"database/sql"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/i18n"
	"linli/internal/testkit"
)

// TestTheDatabaseGoesAwayAndComesBack takes the database away under a running server: who asks is told plainly, and it mends by itself.
func TestTheDatabaseGoesAwayAndComesBack(t *testing.T) {
	d := testkit.Postgres(t, time.Now)
	a := open(t, d)
	if _, _, err := a.CreateTenant(t.Context(), "320902", "亭湖区"); err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(a.Handler(app.Serving{}))
	defer server.Close()
	get := func() (int, string) {
		t.Helper()
		res, err := http.Get(server.URL + "/p")
		if err != nil {
			t.Fatal(err)
		}
		defer res.Body.Close()
		b, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		return res.StatusCode, string(b)
	}
	if code, body := get(); code != http.StatusOK {
		t.Fatalf("before: %d %s", code, body)
	}
	u, err := url.Parse(d.URL())
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	admin, err := sql.Open("pgx", os.Getenv(testkit.PostgresEnv))
	if err != nil {
		t.Fatal(err)
	}
	defer admin.Close()
	do := func(query string) {
		t.Helper()
		if _, err := admin.Exec(query); err != nil {
			t.Fatal(err)
		}
	}
	do("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false")
	do("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'")
	code, body := get()
	if code != http.StatusServiceUnavailable || !strings.Contains(body, i18n.ErrOutage.In(i18n.ZH)) {
		t.Errorf("while it is away: %d %s", code, body)
	}
	do("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true")
	for range 50 {
		if code, body = get(); code == http.StatusOK {
			return
		}
		time.Sleep(20 * time.Millisecond)
	}
	t.Errorf("when it is back: %d %s", code, body)
}
