//go:build browser

package browsertest

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/config"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
	"linli/internal/notice"
	"linli/internal/organisation"
)

// movingClock is the clock of an installation: it runs, and can be set forward.
type movingClock struct{ ahead atomic.Int64 }

// Now is the time of the installation.
func (c *movingClock) Now() time.Time { return time.Now().Add(time.Duration(c.ahead.Load())).UTC() }

// To sets the clock to t, from where it runs on.
func (c *movingClock) To(t time.Time) { c.ahead.Store(int64(time.Until(t))) }

// installation is the product as a newcomer has it on the first day, served in this process: a district founded from a list of
// divisions, and one account each for the district and a community.
type installation struct {
	*app.App
	clock     *movingClock
	tenant    int64
	system    authz.Actor
	url       string
	community id.ID
	log       lockedBuffer
	fake      notice.Fake // of what is sent to people
}

// divisions is the list of divisions of a small district (83 is no province).
const divisions = `区划代码,级别,名称
830000000000,1,示例省
830100000000,2,示例市
830102000000,3,临江区
830102001000,4,东风街道
830102001001,5,先锋社区居委会
830102001002,5,和平社区居委会
`

const newcomerPassword = "walk-the-loop-2026"

// install makes a fresh installation whose clock shows the given time, and serves it until the test ends.
func install(t *testing.T, now time.Time, with ...func(*app.Options)) *installation {
	t.Helper()
	folder := t.TempDir()
	n := &installation{clock: &movingClock{}}
	n.clock.To(now)
	cfg := config.Defaults()
	cfg.DB, cfg.KeyFile, cfg.Addr = "sqlite:"+filepath.Join(folder, "linli.db"), filepath.Join(folder, "linli.keys"), "127.0.0.1:0"
	o := app.Options{Clock: n.clock.Now, Scratch: true, Log: slog.New(slog.NewTextHandler(&n.log, nil)), Fake: &n.fake}
	for _, change := range with {
		change(&o)
	}
	var err error
	if n.App, err = app.Open(context.Background(), cfg, o); err != nil {
		t.Fatalf("opening the installation: %v", err)
	}
	n.found(t)
	n.serve(t)
	return n
}

// found does what an operator does at the command line: the tenant, its divisions, its organisations and the first accounts.
func (n *installation) found(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	must := func(what string, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
	}
	tenant, root, err := n.CreateTenant(ctx, "830102", "临江区")
	must("tenant", err)
	n.tenant, n.system = tenant, authz.System(tenant, "browsertest")
	sum, problems, err := n.Intake.Direct(ctx, n.system, intake.NewImport{Kind: "divisions", FileName: "区划.csv", Content: []byte(divisions)}, intake.Choice{}, nil)
	must("divisions", err)
	if sum.State != intake.Done {
		t.Fatalf("divisions: %s %+v", sum.State, problems)
	}
	_, err = n.Organisation.FoundFromDivisions(ctx, n.system, organisation.FoundPlan{County: "830102"})
	must("organisations", err)
	n.community, err = n.FindOrganisation(ctx, tenant, n.communityName(t))
	must("community", err)
	_, err = n.Authn.CreateMany(ctx, n.system, newcomerPassword, []authn.NewAccount{
		{Login: "quwei", Name: "区委组织部", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleDistrict, OrgID: root}}},
		{Login: "shuji", Name: "社区书记", Keep: true, Grants: []authn.NewGrant{{Role: app.RoleSecretary, OrgID: n.community}}},
	})
	must("accounts", err)
}

// communityName is the name of the first community as it was founded.
func (n *installation) communityName(t *testing.T) string {
	t.Helper()
	name := ""
	err := n.Organisation.Export(context.Background(), n.system, organisation.Filter{Kinds: []organisation.Kind{organisation.Community}}, func(o organisation.Item) error {
		if o.DivisionCode == "830102001001" {
			name = o.Label()
		}
		return nil
	})
	if err != nil || name == "" {
		t.Fatalf("the community was not founded: %q, %v", name, err)
	}
	return name
}

func (n *installation) serve(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ready, ended := make(chan string, 1), make(chan error, 1)
	go func() {
		ended <- n.Serve(ctx, app.Serving{Version: "test", Ready: func(url, _ string) { ready <- url }})
	}()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the server ended with %v", err)
		}
		if err := n.Close(); err != nil {
			t.Errorf("closing: %v", err)
		}
		if said := n.log.tail(4000); strings.Contains(said, "level=ERROR") {
			t.Errorf("the log holds errors:\n%s", said)
		}
	})
	select {
	case n.url = <-ready:
	case err := <-ended:
		t.Fatalf("the server did not start: %v", err)
	}
}

// actorOf is the actor of an account.
func (n *installation) actorOf(t *testing.T, login string) authz.Actor {
	t.Helper()
	list, err := n.Authn.List(context.Background(), n.system, authn.Filter{Text: login})
	if err != nil || len(list.Items) != 1 {
		t.Fatalf("account %s: %d found, %v", login, len(list.Items), err)
	}
	a, err := n.Authn.ActorFor(context.Background(), n.tenant, list.Items[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// workbook writes rows into an Excel file as people keep their lists, and gives its path.
func workbook(t *testing.T, name string, rows ...[]string) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		for j, v := range row {
			cell, err := excelize.CoordinatesToCellName(j+1, i+1)
			if err == nil {
				err = f.SetCellStr("Sheet1", cell, v)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
	var out bytes.Buffer
	if err := f.Write(&out); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), name+".xlsx")
	if err := os.WriteFile(path, out.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// zh is a text of the catalogue as the pages show it.
func zh(text i18n.Text, args ...any) string { return text.In(i18n.ZH, args...) }

// beijing is an instant of 2026 on the wall clock.
func beijing(month time.Month, day, hour, minute int) time.Time {
	return time.Date(2026, month, day, hour, minute, 0, 0, i18n.Zone)
}

// digitsIn are the digits of s.
func digitsIn(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// numberIn reads the figure that a page shows, such as "2.5" or "12".
func numberIn(t *testing.T, s string) float64 {
	t.Helper()
	var f float64
	if _, err := fmt.Sscan(strings.ReplaceAll(s, ",", ""), &f); err != nil {
		t.Fatalf("%q is no figure", s)
	}
	return f
}
