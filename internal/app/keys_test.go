package app_test

import (
	"context"
	"log/slog"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/jobs"
	"linli/internal/person"
	"linli/internal/seal"
	"linli/internal/testkit"
)

// TestARunningServerFollowsARotation rotates the key beside an open program, whose background work then seals everything anew.
func TestARunningServerFollowsARotation(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		cfg := config.Defaults()
		cfg.DB, cfg.KeyFile = d.URL(), filepath.Join(t.TempDir(), "keys")
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
		p, err := a.Person.Create(ctx, sys, person.NewPerson{CommunityID: root, Fields: person.Fields{Name: "张三", Phone: "13800138000"}})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, _, err := a.AddUser(ctx, tenant, authn.NewAccount{Login: "zhao", Name: "Zhao", Password: "a long enough sentence", Keep: true}, true); err != nil {
			t.Fatal(err)
		}
		uses := func() string {
			t.Helper()
			list, err := app.KeyUses(ctx, cfg)
			if err != nil {
				t.Fatal(err)
			}
			var b strings.Builder
			for _, u := range list {
				for range u.Values {
					b.WriteByte(byte('0' + u.Number))
				}
			}
			return b.String()
		}
		work(t, ctx, a)
		if got := uses(); got != "11" {
			t.Fatalf("before the rotation values are sealed with %q", got)
		}
		if _, err := seal.Rotate(cfg.KeyFile); err != nil {
			t.Fatal(err)
		}
		time.Sleep(1100 * time.Millisecond) // the ring looks at its file once a second
		work(t, ctx, a)
		if got := uses(); got != "22" {
			t.Errorf("after the background work values are sealed with %q, want all with key 2", got)
		}
		j, err := jobs.Recent(ctx, d, sys, "", db.Page{})
		found := false
		for _, x := range j.Items {
			found = found || x.Kind == "keys.reseal" && x.State == jobs.Done && x.Done == 2 && x.Total == 2
		}
		if err != nil || !found {
			t.Errorf("jobs = %+v, %v: the work shows its progress", j.Items, err)
		}
		if phone, err := a.Person.Reveal(ctx, testkit.Actor(tenant, nil, person.PermReveal, person.PermSee), p, "phone", "contact", ""); err != nil || phone != "13800138000" {
			t.Errorf("Reveal = %q, %v", phone, err)
		}
		if l, err := a.Person.List(ctx, sys, person.Filter{Text: "13800138000"}); err != nil || len(l.Items) != 1 {
			t.Errorf("search by phone: %d, %v", len(l.Items), err)
		}
	})
}

// work does the background work that is due.
func work(t *testing.T, ctx context.Context, a *app.App) {
	t.Helper()
	if err := a.Queue.EnqueueDue(ctx); err != nil {
		t.Fatal(err)
	}
	for {
		ran, err := a.Queue.RunOne(ctx)
		if err != nil {
			t.Fatal(err)
		}
		if !ran {
			return
		}
	}
}
