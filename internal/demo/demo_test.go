package demo_test

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/app"
	"linli/internal/authz"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/demo"
	"linli/internal/figure"
	"linli/internal/testkit"
	"linli/internal/waiting"
)

// now is the moment at which the tests build, a Monday in the middle of a quarter.
var now = time.Date(2026, 11, 23, 3, 0, 0, 0, time.UTC)

// built makes a demonstration of a scale in an empty database.
func built(t testing.TB, database string, sc demo.Scale) (*app.App, demo.Report) {
	t.Helper()
	ctx, clock := context.Background(), &demo.Clock{}
	clock.Set(now.AddDate(-2, 0, 0))
	cfg := config.Defaults()
	cfg.DB, cfg.KeyFile = database, filepath.Join(t.TempDir(), "keys")
	a, err := app.Open(ctx, cfg, app.Options{Clock: clock.Now, Scratch: true, Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(); err != nil {
			t.Error(err)
		}
	})
	began, last := time.Now(), ""
	rep, err := demo.Build(ctx, a, clock, demo.Plan{Scale: sc, Now: now, Progress: func(s demo.Step, done, total int64) {
		if s.Name != last {
			last = s.Name
			t.Logf("%-14s from %.2f s", s.Name, time.Since(began).Seconds())
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("built in %.2f s", time.Since(began).Seconds())
	return a, rep
}

func sqlite(t testing.TB) string { return "sqlite:" + filepath.Join(t.TempDir(), "linli.db") }

// postgres makes an empty database that is dropped after the test.
func postgres(t testing.TB) string {
	t.Helper()
	server := os.Getenv(testkit.PostgresEnv)
	if server == "" {
		t.Fatalf("%s is not set: ./test starts a PostgreSQL server and sets it", testkit.PostgresEnv)
	}
	admin, err := sql.Open("pgx", server)
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("linli_demo_%d_%d", os.Getpid(), time.Now().UnixNano()%1e9)
	if _, err := admin.Exec("CREATE DATABASE " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := admin.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Error(err)
		}
		_ = admin.Close() // its work is done
	})
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal(err)
	}
	u.Path = "/" + name
	return u.String()
}

// clean fails for everything that verify finds.
func clean(t *testing.T, a *app.App) {
	t.Helper()
	found, err := a.Verify(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		t.Errorf("verify: %s: %s", f.Package, f.What)
	}
}

// counted are the tables of which a district must hold the same number of rows in each build.
var counted = []string{"organisation", "grid", "building", "household", "person", "member", "registration", "contact", "promise", "absence_reason",
	"floating_move", "paper", "responsibility", "claim", "signature", "activity", "enrolment", "attendance", "deed", "posting", "slip", "slip_line",
	"slip_version", "correction", "evaluation", "consent", "account"}

func counts(t *testing.T, a *app.App) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	for _, table := range counted {
		n, err := db.Value[int64](context.Background(), a.DB, "SELECT count(*) FROM "+table)
		if err != nil {
			t.Fatal(err)
		}
		out[table] = n
	}
	return out
}

func count(t *testing.T, a *app.App, query string) int64 {
	t.Helper()
	n, err := db.Value[int64](context.Background(), a.DB, "SELECT count(*) FROM "+query)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestSmall(t *testing.T) {
	a, rep := built(t, sqlite(t), demo.Small)
	t.Run("it is as large as it says", func(t *testing.T) {
		for query, want := range map[string]int64{
			"organisation WHERE kind = 'working_committee'": 1, "organisation WHERE kind = 'community_party' AND dissolved_on = ''": 6, "organisation WHERE kind = 'unit'": 40,
			"person": 20_000 + 2, "member": 1_500, "cobuild WHERE state = 'agreed' AND ended_on = ''": 10, "pairing_household": 12, "volunteer_team": 9, "club": 2, "project": 7, "employment_seeker": 12, "employment_job": 7, "employment_result": 6, // the residents, a member on the way here from outside, and the resident whose account guests use
		} {
			if got := count(t, a, query); got != want {
				t.Errorf("%s: %d, want %d", query, got, want)
			}
		}
	})
	t.Run("every state can be seen", func(t *testing.T) {
		for table, states := range map[string][]string{
			"registration":      {"proposed", "accepted", "returned", "withdrawn"},
			"slip":              {"draft", "sent", "answered"},
			"claim":             {"proposed", "agreed", "withdrawn", "ended"},
			"deed":              {"proposed", "confirmed", "declined"},
			"activity":          {"draft", "published", "held", "closed", "cancelled"},
			"promise":           {"open", "kept", "not_kept"},
			"venue_booking":     {"asked", "agreed", "done", "missed", "cancelled"},
			"cobuild":           {"draft", "talks", "agreed"},
			"pairing_household": {"waiting", "paired", "ended"},
			"project":           {"draft", "proposed", "running", "finished", "stopped"},
			"project_step":      {"open", "done"},
			"employment_seeker": {"seeking", "employed"},
			"employment_job":    {"asked", "open"},
			"employment_match":  {"proposed", "accepted", "declined"},
			"volunteer_shift":   {"open", "ticked"}, "volunteer_membership": {"asked", "in"}, "volunteer_signup": {"in"},
			"cobuild_task": {"open", "said", "confirmed", "dropped"},
		} {
			for _, s := range states {
				if count(t, a, table+" WHERE state = '"+s+"'") == 0 {
					t.Errorf("there is no %s that is %s", table, s)
				}
			}
		}
		for _, query := range []string{"attendance WHERE proof = 'timed'", "attendance WHERE proof = 'countersigned'", "attendance WHERE proof = 'vouched'",
			"attendance WHERE member_id = 0", "attendance WHERE overlap_id <> 0", "attendance WHERE state = 'in'", "slip_version WHERE version_no > 1", "correction",
			"countersign", "paper WHERE kind = 'certificate'", "evaluation WHERE decided_at <> 0", "audit_entry WHERE purpose <> ''",
			"member WHERE plaque_shown", "member WHERE home_id = 0", "cobuild_task WHERE source_id <> 0", "cobuild_item WHERE programme_id <> 0", "cobuild WHERE ended_on <> ''", "project_step WHERE source_id <> 0", "project_expense WHERE over <> ''", "project_need", "project_activity", "project WHERE programme_id <> 0", "activity WHERE programme_id <> 0", "need WHERE share = TRUE", "resource WHERE listed = TRUE", "consent WHERE withdrawn_at <> 0",
			"volunteer_certificate", "volunteer_thanks", "volunteer_cover", "volunteer_clearance", "club_activity", "club_member", "posting WHERE source_kind = 'shift'", "organisation WHERE dissolved_on <> ''", "organisation_act WHERE kind = 'rename'", "organisation_act WHERE kind = 'reparent'"} {
			if count(t, a, query) == 0 {
				t.Errorf("there is no %s", query)
			}
		}
	})
	t.Run("what was planned stands", func(t *testing.T) {
		for name, want := range demo.Aims(demo.Small) {
			f, err := figure.ByID(name)
			if err != nil {
				t.Fatal(err)
			}
			p, err := figure.ParsePeriod(thisQuarter)
			if err != nil {
				t.Fatal(err)
			}
			d, err := a.Figure.Get(t.Context(), testkit.Actor(rep.Tenant, nil, figure.PermSee), f.ID, 0, p)
			if err != nil || d.Live.Amount != want || want == 0 {
				t.Errorf("%s is %d, planned %d, %v", name, d.Live.Amount, want, err)
			}
		}
		for query, want := range map[string]int64{"community_id) FROM need": 6, "community_id) FROM bank_item": 6, "place_id) FROM resource": 6, "n.community_id) FROM need_pledge p JOIN need n ON n.tenant_id = p.tenant_id AND n.id = p.need_id": 6,
			"n.community_id) FROM need_proposal p JOIN need n ON n.tenant_id = p.tenant_id AND n.id = p.need_id": 4, "community_id) FROM bank_account": 6, "kind) FROM volunteer_team": 9} {
			if n, err := db.Value[int64](t.Context(), a.DB, "SELECT count(DISTINCT "+query); err != nil || n < want {
				t.Errorf("SELECT count(DISTINCT %s: %d, want %d, %v", query, n, want, err)
			}
		}
	})
	t.Run("everybody has something to do", func(t *testing.T) { everybodyWaits(t, a, rep) })
	t.Run("verify finds nothing", func(t *testing.T) { clean(t, a) })
	t.Run("the report equals what others count", func(t *testing.T) { reportAgrees(t, a, rep) })
	t.Run("the other engine gives the same", func(t *testing.T) {
		b, other := built(t, postgres(t), demo.Small)
		clean(t, b)
		reportAgrees(t, b, other)
		if diff := cmp.Diff(counts(t, a), counts(t, b)); diff != "" {
			t.Errorf("two builds of one day differ (-first +second):\n%s", diff)
		}
	})
}

// everybodyWaits logs everybody in and asks what waits for them.
func everybodyWaits(t *testing.T, a *app.App, rep demo.Report) {
	ctx := context.Background()
	roles := map[string]int{}
	for _, account := range rep.Accounts {
		roles[account.Role]++
		c, err := a.Authn.AuthenticateToken(ctx, account.Token, "")
		if err != nil {
			t.Errorf("the token of %s does not open: %v", account.User, err)
			continue
		}
		items := waits(t, a, c.Actor)
		t.Logf("%-12s %v", account.User, items)
		switch account.Role {
		case app.RoleSecretary, app.RoleWorker, app.RoleLiaison, app.RoleMember:
			if len(items) < 2 {
				t.Errorf("%d sorts of things wait for %s, want several", len(items), account.User)
			}
		}
	}
	for _, r := range app.StandardRoles() {
		if roles[r.Code] == 0 {
			t.Errorf("there is no account for the role %s", r.Code)
		}
	}
	if roles[app.RoleSecretary] < 2 || roles[app.RoleLiaison] < 2 {
		t.Errorf("%v: want two secretaries and two liaisons, to show that they do not see each other's", roles)
	}
}

func waits(t *testing.T, a *app.App, actor authz.Actor) []string {
	t.Helper()
	var out []string
	for _, ask := range []func(context.Context, authz.Actor) ([]waiting.Item, error){a.Member.Waiting, a.Agreement.Waiting, a.Activity.Waiting, a.Deed.Waiting, a.Feedback.Waiting} {
		items, err := ask(context.Background(), actor)
		if err != nil {
			t.Fatal(err)
		}
		for _, it := range items {
			if it.Count > 0 {
				out = append(out, fmt.Sprintf("%s:%d", it.Kind, it.Count))
			}
		}
	}
	return out
}
