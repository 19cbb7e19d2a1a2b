package api_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"linli/internal/api/rest"
	"linli/internal/app"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/member"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/telemetry"
	"linli/internal/testkit"
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

// world is two districts in one database behind the API.
type world struct {
	t     testing.TB
	app   *app.App
	kit   *rest.Kit
	h     http.Handler
	clock *testkit.Clock
	sides []*side
}

// side is one district: a community with a unit and a member, whose account may do everything.
type side struct {
	tenant int64
	names  map[string]string // identifiers by name, for paths and bodies
	token  string
	staff  string // token of an account that may do everything too, but is no member
	login  string
	actor  authz.Actor
}

const password = "Mountain-Lake-7"

func newWorld(t testing.TB, d *db.DB, clock *testkit.Clock) *world {
	t.Helper()
	w := &world{t: t, app: open(t, d.URL(), clock.Now), clock: clock}
	w.kit = w.app.APIKit("test", -1)
	w.h = w.kit.Handler()
	w.sides = []*side{w.side("320902", "亭湖区"), w.side("321102", "京口区")}
	return w
}

func eachWorld(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		fn(t, newWorld(t, d, clock))
	})
}

func must[T any](w *world, v T, err error) T {
	w.t.Helper()
	if err != nil {
		w.t.Fatal(err)
	}
	return v
}

func (w *world) side(code, name string) *side {
	w.t.Helper()
	ctx := w.t.Context()
	tenant, root, err := w.app.CreateTenant(ctx, code, name)
	must(w, root, err)
	system := authz.System(tenant, "test")
	s := &side{tenant: tenant, login: "all@" + code, names: map[string]string{"root": root.String()}}
	make := func(as string, kind organisation.Kind, parent, community id.ID) id.ID {
		o, err := w.app.Organisation.Create(ctx, system, organisation.NewOrganisation{Kind: kind, Name: name + as, ParentID: parent, CommunityID: community})
		s.names[as] = must(w, o, err).ID.String()
		return o.ID
	}
	working := make("street", organisation.Working, root, 0)
	community := make("community", organisation.Community, working, 0)
	make("community2", organisation.Community, working, 0)
	make("community3", organisation.Community, working, 0)
	committee := make("committee", organisation.Committee, root, 0)
	unit := make("unit", organisation.Unit, committee, community)
	make("unit2", organisation.Unit, committee, 0)
	make("branch", organisation.Branch, community, 0)
	p, err := w.app.Person.Create(ctx, system, person.NewPerson{CommunityID: community, Fields: person.Fields{Name: "秦" + name, Phone: "13900001" + code[3:]}})
	s.names["person"] = must(w, p, err).String()
	m, err := w.app.Member.Register(ctx, system, member.NewMember{Name: "马" + name, IDNumber: idNumber(code), CommunityID: community, Fields: member.Fields{Kind: member.InService, UnitID: unit}})
	s.names["member"] = must(w, m, err).ID.String()
	own, err := w.app.Member.Get(ctx, system, m.ID)
	s.names["me"] = must(w, own, err).PersonID.String()
	w.account(s, own.PersonID)
	return s
}

// account makes the account that may do everything, with a token.
func (w *world) account(s *side, who id.ID) {
	w.t.Helper()
	ctx, system := w.t.Context(), authz.System(s.tenant, "test")
	var all []authz.Permission
	for p := range w.app.Authn.Known() {
		all = append(all, p)
	}
	slices.Sort(all)
	err := w.app.Authn.SaveRole(ctx, system, authn.Role{Code: "everything", Name: "All", Permissions: all, Gives: []string{"*"}})
	must(w, 0, err)
	everything := []authn.NewGrant{{Role: "everything"}}
	made, err := w.app.Authn.CreateMany(ctx, system, password, []authn.NewAccount{
		{Login: "all", Name: "全能" + fmt.Sprint(s.tenant), PersonID: who, Keep: true, Grants: everything},
		{Login: "staff", Name: "干部" + fmt.Sprint(s.tenant), Keep: true, Grants: everything},
	})
	s.names["account"] = must(w, made, err)[0].ID.String()
	s.actor, s.token, s.names["token"] = w.token(s, made[0].ID)
	_, s.staff, _ = w.token(s, made[1].ID)
	_, _, err = w.app.Authn.Login(ctx, authn.Attempt{Login: s.login, Password: password})
	must(w, 0, err)
}

func (w *world) token(s *side, account id.ID) (actor authz.Actor, text, tokenID string) {
	w.t.Helper()
	actor, err := w.app.Authn.ActorFor(w.t.Context(), s.tenant, account)
	must(w, 0, err)
	text, tok, err := w.app.Authn.CreateToken(w.t.Context(), actor, authn.NewToken{Name: "test"})
	return actor, must(w, text, err), tok.ID.String()
}

// idNumber is an ID number of nobody with a right check character.
func idNumber(division string) string {
	body := division + "18000101001"
	weights := []int{7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2}
	sum := 0
	for i, c := range body {
		sum += int(c-'0') * weights[i]
	}
	return body + string("10X98765432"[sum%11])
}

// call is one request.
type call struct {
	method, path, body string
	token              string
	header             map[string]string
}

func (w *world) do(c call) *httptest.ResponseRecorder {
	var body io.Reader
	if c.body != "" {
		body = strings.NewReader(c.body)
	}
	r := httptest.NewRequest(c.method, rest.Prefix+c.path, body)
	if c.body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for k, v := range c.header {
		r.Header.Set(k, v)
	}
	rec := httptest.NewRecorder()
	w.h.ServeHTTP(rec, r)
	return rec
}

func decode(t testing.TB, b *bytes.Buffer) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal(b.Bytes(), &m); err != nil {
		t.Fatalf("not JSON: %s", b)
	}
	return m
}
