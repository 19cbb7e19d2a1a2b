package demo_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/demo"
	"linli/internal/web"
)

var (
	link   = regexp.MustCompile(`(?:href|action|src|hx-get|hx-post)="(/[^"#]*)"`)
	number = regexp.MustCompile(`\b\d{15,}\b`)
)

// hamlet is enough for every kind of page to have something on it.
var hamlet = demo.Scale{Name: "tiny", Streets: 1, Communities: 2, Residents: 600, Members: 120, Committees: 2, Units: 6, Weekly: 1, Turnout: 6}

// visitor is somebody who is logged in.
type visitor struct {
	t       *testing.T
	handler http.Handler
	session string
}

func enter(t *testing.T, a *app.App, h http.Handler, login, password string) visitor {
	t.Helper()
	cookie, c, err := a.Authn.Login(t.Context(), authn.Attempt{Login: login, Password: password, IP: "192.0.2.7"})
	if err != nil || !c.Full() {
		t.Fatalf("log in as %s: %v, stage %s", login, err, c.Stage)
	}
	return visitor{t, h, cookie}
}

func (v visitor) ask(method, path string) (int, string) {
	r := httptest.NewRequest(method, path, nil)
	if method == http.MethodPost {
		r = httptest.NewRequest(method, path, strings.NewReader(url.Values{"reason": {"x"}, "version": {"1"}}.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	r.AddCookie(&http.Cookie{Name: web.SessionCookie, Value: v.session})
	w := httptest.NewRecorder()
	v.handler.ServeHTTP(w, r)
	b, err := io.ReadAll(w.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	return w.Code, string(b)
}

// walk follows links from the pages that somebody starts at and gives the addresses that name a record, at most two of a kind.
func (v visitor) walk(kinds map[string]int) []string {
	seen, queue, named := map[string]bool{"/": true, "/logout": true}, []string{"/", "/m"}, []string(nil)
	for len(queue) > 0 && len(seen) < 600 {
		at := queue[0]
		queue = queue[1:]
		code, body := v.ask(http.MethodGet, at)
		if code >= 500 {
			v.t.Errorf("%s gave %d", at, code)
		}
		for _, m := range link.FindAllStringSubmatch(body, -1) {
			to := strings.ReplaceAll(m[1], "&amp;", "&")
			path, _, _ := strings.Cut(to, "?")
			if seen[path] || strings.HasPrefix(path, "/static/") || strings.HasPrefix(path, "/login") || strings.HasPrefix(path, "/p/") {
				continue
			}
			seen[path] = true
			if !number.MatchString(path) {
				queue = append(queue, to)
				continue
			}
			kind := number.ReplaceAllString(path, "{id}")
			if kinds[kind]++; kinds[kind] <= 2 {
				named = append(named, path)
				queue = append(queue, to)
			}
		}
	}
	return named
}

// TestTwoTenantsNeverSeeEachOther walks everything that any role of the demonstration can reach and asks for each record as
// somebody of another tenant in the same database who may do everything there: nothing is found and nothing can be done.
func TestTwoTenantsNeverSeeEachOther(t *testing.T) {
	a, rep := built(t, sqlite(t), hamlet)
	h := a.Handler(app.Serving{})
	tenant, root, err := a.CreateTenant(t.Context(), "320999", "Other")
	if err != nil {
		t.Fatal(err)
	}
	system := authz.System(tenant, "test")
	if err := a.Authn.SaveRole(t.Context(), system, authn.Role{Code: "everything", Name: "Everything", Permissions: app.Permissions()}); err != nil {
		t.Fatal(err)
	}
	const password = "a long pass phrase for tests"
	if _, err := a.Authn.CreateMany(t.Context(), system, password, []authn.NewAccount{
		{Login: "stranger", Name: "Stranger", Keep: true, Grants: []authn.NewGrant{{Role: "everything", OrgID: root}}},
	}); err != nil {
		t.Fatal(err)
	}
	stranger := enter(t, a, h, "stranger@320999", password)
	kinds := map[string]int{}
	var named []string
	for _, acc := range rep.Accounts {
		named = append(named, enter(t, a, h, acc.User+"@"+strconv.FormatInt(rep.Tenant, 10), acc.Password).walk(kinds)...)
	}
	if len(named) < 20 {
		t.Fatalf("the walk found %d addresses only", len(named))
	}
	names, err := db.Column[string](t.Context(), a.DB, `SELECT name FROM organisation WHERE tenant_id = $1 AND parent_id <> 0
		UNION SELECT name FROM member WHERE tenant_id = $1 AND length(name) > 2`, rep.Tenant)
	if err != nil || len(names) < 20 {
		t.Fatalf("%d names, %v", len(names), err)
	}
	for _, path := range named {
		for _, method := range []string{http.MethodGet, http.MethodPost} {
			code, body := stranger.ask(method, path)
			if code < 400 || code >= 500 {
				t.Errorf("%s %s answered a stranger with %d", method, path, code)
			}
			for _, name := range names {
				if strings.Contains(body, name) {
					t.Errorf("%s %s tells a stranger the name %s", method, path, name)
				}
			}
		}
	}
	t.Logf("%d addresses of %d kinds", len(named), len(kinds))
}
