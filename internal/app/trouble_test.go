package app_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/audit"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/casework"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/testkit"
)

// troubled is an installation with one community that something happens to.
type troubled struct {
	*app.App
	t         *testing.T
	tenant    int64
	sys       authz.Actor
	community organisation.Saved
}

func newTroubled(t *testing.T, d *db.DB, clock func() time.Time) *troubled {
	t.Helper()
	cfg := config.Defaults()
	cfg.DB, cfg.KeyFile = d.URL(), filepath.Join(t.TempDir(), "keys")
	a, err := app.Open(t.Context(), cfg, app.Options{Clock: clock, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = a.Close() }) // the test is over
	w := &troubled{App: a, t: t}
	tenant, root, err := a.CreateTenant(t.Context(), "320902", "亭湖区")
	w.ok(err)
	w.tenant, w.sys = tenant, authz.System(tenant, "test")
	w.community, err = a.Organisation.Create(t.Context(), w.sys, organisation.NewOrganisation{Kind: organisation.Community, Name: "雅和社区", ParentID: root})
	w.ok(err)
	return w
}

func (w *troubled) ok(err error) {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *troubled) clean() {
	w.t.Helper()
	found, err := w.Verify(w.t.Context(), nil)
	w.ok(err)
	for _, f := range found {
		w.t.Errorf("%s: %s", f.Package, f.What)
	}
}

// TestTheClockJumpsBack sets the clock back by an hour, and forward again past where it was, while eight people write: everything that was acknowledged is there once, the audit is a whole
// chain, background work goes on, who is logged in stays so, and nothing contradicts itself.
func TestTheClockJumpsBack(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		ctx := t.Context()
		w := newTroubled(t, d, clock.Now)
		_, err := w.Authn.CreateMany(ctx, w.sys, "a long enough pass phrase 7", []authn.NewAccount{{Login: "worker", Name: "W", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleSecretary, OrgID: w.community.ID}}}})
		w.ok(err)
		cookie, _, err := w.Authn.Login(ctx, authn.Attempt{Login: "worker", Password: "a long enough pass phrase 7"})
		w.ok(err)
		const writers, each = 8, 25
		var told sync.Map
		var wg sync.WaitGroup
		failed := make([]error, writers)
		for i := range writers {
			wg.Go(func() {
				for n := range each {
					name := fmt.Sprintf("居民%d-%d", i, n)
					if i == 0 {
						switch n {
						case 8:
							clock.Advance(-time.Hour)
						case 16:
							clock.Advance(65 * time.Minute)
						}
					}
					_, err := w.Person.Create(ctx, w.sys, person.NewPerson{CommunityID: w.community.ID, Fields: person.Fields{Name: name}})
					if err == nil {
						_, err = w.Casework.Report(ctx, w.tenant, "test", "", casework.Report{Kind: "opinion", CommunityID: w.community.ID, Body: name + "：路灯不亮"})
					}
					if err != nil {
						failed[i] = err
						return
					}
					told.Store(name, true)
					if _, err := w.Authn.Authenticate(ctx, cookie); err != nil {
						failed[i] = fmt.Errorf("the session: %w", err)
						return
					}
				}
			})
		}
		wg.Wait()
		for _, err := range failed {
			w.ok(err)
		}
		work(t, ctx, w.App)
		_, err = audit.Chain(ctx, d, w.tenant)
		w.ok(err)
		names, err := db.Column[string](ctx, d, `SELECT name FROM person WHERE tenant_id = $1`, w.tenant)
		w.ok(err)
		if len(names) != writers*each {
			t.Errorf("%d residents, want %d", len(names), writers*each)
		}
		for _, n := range names {
			if _, there := told.LoadAndDelete(n); !there {
				t.Errorf("%s is there twice or was never acknowledged", n)
			}
		}
		told.Range(func(n, _ any) bool { t.Errorf("%v was acknowledged and is not there", n); return true })
		for what, text := range map[string]string{
			"cases": `SELECT count(*) FROM service_case WHERE tenant_id = $1`, "numbers of cases": `SELECT count(DISTINCT no) FROM service_case WHERE tenant_id = $1`,
			"entries of acts": `SELECT count(*) FROM audit_entry WHERE tenant_id = $1 AND action = 'casework.report'`,
		} {
			if n, err := db.Value[int64](ctx, d, text, w.tenant); err != nil || n != writers*each {
				t.Errorf("%s: %d, want %d (%v)", what, n, writers*each, err)
			}
		}
		w.clean()
	})
}

// TestAFullDisk lets SQLite have no page more, as on a disk that is full: what is written is turned away with a plain word, what is read is read, and when there is room again the next write
// is taken without a restart, and nothing is half done.
func TestAFullDisk(t *testing.T) {
	d := testkit.SQLite(t, time.Now)
	ctx := t.Context()
	w := newTroubled(t, d, time.Now)
	a, _, err := w.Authn.Create(ctx, w.sys, authn.NewAccount{Login: "worker", Name: "W", Password: "a long enough pass phrase 7", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleSecretary, OrgID: w.community.ID}}})
	w.ok(err)
	actor, err := w.Authn.ActorFor(ctx, w.tenant, a.ID)
	w.ok(err)
	token, _, err := w.Authn.CreateToken(ctx, actor, authn.NewToken{Name: "test"})
	w.ok(err)
	h := w.Handler(app.Serving{Version: "test", APIRate: -1})
	ask := func(method, path, body string) (int, string) {
		t.Helper()
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Accept-Language", "zh")
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		got, err := io.ReadAll(rec.Body)
		w.ok(err)
		return rec.Code, string(got)
	}
	enter := func(n int) (int, string) {
		return ask(http.MethodPost, "/api/v1/residents", fmt.Sprintf(`{"name":"居民%d","community_id":"%s"}`, n, w.community.ID))
	}
	pages := func(text string) {
		t.Helper()
		w.ok(w.DB.WithTx(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, text)
			return err
		}))
	}
	counted := func() int64 {
		t.Helper()
		n, err := db.Value[int64](context.WithoutCancel(ctx), w.DB, `SELECT count(*) FROM person WHERE tenant_id = $1`, w.tenant)
		w.ok(err)
		return n
	}
	if code, said := enter(0); code != http.StatusCreated {
		t.Fatalf("before: %d %s", code, said)
	}
	pages(`PRAGMA max_page_count = 1`) // SQLite keeps to what it has
	taken, turned := int64(1), 0
	for n := 1; turned < 5 && n < 2000; n++ {
		switch code, said := enter(n); {
		case code == http.StatusCreated:
			taken++
		case code == http.StatusServiceUnavailable && strings.Contains(said, i18n.ErrDiskFull.In(i18n.ZH)):
			turned++
		default:
			t.Fatalf("full: %d %s", code, said)
		}
	}
	if turned < 5 || counted() != taken {
		t.Fatalf("%d were turned away, %d taken, %d are there", turned, taken, counted())
	}
	if code, said := ask(http.MethodGet, "/api/v1/residents?limit=5", ""); code != http.StatusOK || !strings.Contains(said, "居民") {
		t.Errorf("reading while full: %d %s", code, said)
	}
	pages(`PRAGMA max_page_count = 1073741823`)
	if code, said := enter(5000); code != http.StatusCreated || counted() != taken+1 {
		t.Errorf("after: %d %s", code, said)
	}
	work(t, ctx, w.App)
	w.clean()
}
