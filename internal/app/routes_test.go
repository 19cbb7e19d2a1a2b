package app_test

import (
	"flag"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/testkit"
	"linli/internal/web"
)

var update = flag.Bool("update", false, "write testdata/routes.golden anew; read its diff: it is who may do what")

var inPath = regexp.MustCompile(`\{[^}]*\}`)

// TestEveryRouteAgainstEveryRole holds every address against every standard role. The table testdata/routes.golden says who gets
// past the door; an address that is missing from it fails. The door is the first gate only: the services' own tests show what is
// found behind it.
func TestEveryRouteAgainstEveryRole(t *testing.T) {
	a := open(t, testkit.SQLite(t, time.Now))
	tenant, root, err := a.CreateTenant(t.Context(), "320999", "Test")
	if err != nil {
		t.Fatal(err)
	}
	var roles []string
	var accounts []authn.NewAccount
	for _, r := range app.StandardRoles() {
		roles = append(roles, r.Code)
		accounts = append(accounts, authn.NewAccount{Login: strings.ReplaceAll(r.Code, "_", "-"), Name: "T", Keep: true, Grants: []authn.NewGrant{{Role: r.Code, OrgID: root}}})
	}
	const password = "a long pass phrase for tests"
	if _, err := a.Authn.CreateMany(t.Context(), authz.System(tenant, "test"), password, accounts); err != nil {
		t.Fatal(err)
	}
	handler := a.Handler(app.Serving{})
	sessions := make([]*http.Cookie, len(roles))
	for i := range roles {
		sessions[i] = login(t, a, accounts[i].Login, password)
	}
	var table strings.Builder
	for _, rt := range a.Routes() {
		method, path, _ := strings.Cut(rt.Pattern, " ")
		path = strings.ReplaceAll(path, "{$}", "")
		path = inPath.ReplaceAllString(path, "1")
		if out := ask(t, handler, method, path, nil); !rt.Public && (out.Code != http.StatusSeeOther || !strings.HasPrefix(out.Header().Get("Location"), "/login")) {
			t.Errorf("%s without log-in gave %d", rt.Pattern, out.Code)
		}
		var may []string
		for i, role := range roles {
			got := ask(t, handler, method, path, sessions[i])
			switch {
			case got.Code >= 500:
				t.Errorf("%s as %s gave %d", rt.Pattern, role, got.Code)
			case got.Code != http.StatusForbidden:
				may = append(may, role)
			}
		}
		fmt.Fprintf(&table, "%s\t%s\n", rt.Pattern, strings.Join(may, " "))
	}
	golden := filepath.Join("testdata", "routes.golden")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(golden, []byte(table.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	compare(t, lines(string(want)), lines(table.String()))
}

func lines(s string) []string {
	l := strings.Split(strings.TrimSpace(s), "\n")
	slices.Sort(l)
	return l
}

func compare(t *testing.T, want, got []string) {
	t.Helper()
	for _, l := range got {
		if !slices.Contains(want, l) {
			t.Errorf("not in testdata/routes.golden (read it, then run with -update): %q", l)
		}
	}
	for _, l := range want {
		if !slices.Contains(got, l) {
			t.Errorf("in testdata/routes.golden, but no longer so: %q", l)
		}
	}
}

// login gives a session. It takes long on purpose, so each role logs in once.
func login(t *testing.T, a *app.App, name, password string) *http.Cookie {
	t.Helper()
	cookie, _, err := a.Authn.Login(t.Context(), authn.Attempt{Login: name, Password: password, IP: "192.0.2.1"})
	if err != nil {
		t.Fatal(err)
	}
	return &http.Cookie{Name: web.SessionCookie, Value: cookie}
}

func ask(t *testing.T, h http.Handler, method, path string, session *http.Cookie) *httptest.ResponseRecorder {
	t.Helper()
	var r *http.Request
	if method == http.MethodGet {
		r = httptest.NewRequest(method, path, nil)
	} else {
		r = httptest.NewRequest(method, path, strings.NewReader(url.Values{}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	if session != nil {
		r.AddCookie(session)
		if path == "/logout" {
			session = nil
			r.Header.Del("Cookie") // the session is still needed
		}
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}
