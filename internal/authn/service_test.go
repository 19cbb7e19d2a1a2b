package authn_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
	"golang.org/x/crypto/argon2"

	"linli/internal/audit"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/seal"
	"linli/internal/testkit"
)

const password = "correct horse battery"

// tree is an organisation tree by hand.
type tree map[id.ID][]id.ID

func (t tree) Subtree(_ context.Context, _ db.Querier, _ int64, org id.ID) ([]id.ID, error) {
	return append([]id.ID{org}, t[org]...), nil
}

const (
	root      id.ID = 1
	street    id.ID = 10
	community id.ID = 11
	neighbour id.ID = 12
	unit      id.ID = 20 // attached to community by area, elsewhere on the line
)

const (
	permWork authz.Permission = "work.do"
	permOwn  authz.Permission = "work.see.own"
)

var standard = []authn.Role{
	{Code: "boss", Name: "Boss", Staff: true, Permissions: []authz.Permission{authn.PermSee, authn.PermAdmin, authn.PermRoles, permWork}, Gives: []string{"*"}},
	{Code: "secretary", Name: "Secretary", Staff: true, Permissions: []authz.Permission{authn.PermSee, authn.PermAdmin, permWork}, Gives: []string{"worker", "member"}},
	{Code: "worker", Name: "Worker", Staff: true, Permissions: []authz.Permission{permWork}},
	{Code: "member", Name: "Member", Permissions: []authz.Permission{permOwn}},
}

// world is a database with two tenants alike.
type world struct {
	*authn.Service
	d     *db.DB
	clock *testkit.Clock
	t     *testing.T
}

func each(t *testing.T, fn func(t *testing.T, w *world)) {
	t.Helper()
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		clock.Set(testkit.NewClock().Now())
		known := []authz.Permission{authn.PermSee, authn.PermAdmin, authn.PermRoles, permWork, permOwn}
		w := &world{authn.New(d, seal.Ephemeral(), tree{street: {community, neighbour}}, known), d, clock, t}
		for _, tenant := range []int64{testkit.Tenant, testkit.Other} {
			w.exec(`INSERT INTO tenant (tenant_id, name, created_at) VALUES ($1, 'T', 1)`, tenant)
			w.org(tenant, root, "district_committee", 0, 0)
			w.org(tenant, street, "working_committee", root, 0)
			w.org(tenant, community, "community_party", street, 0)
			w.org(tenant, neighbour, "community_party", street, 0)
			w.org(tenant, unit, "unit", root, community)
			err := d.WithTx(t.Context(), func(tx *db.Tx) error { return authn.SyncRolesTx(t.Context(), tx, tenant, standard) })
			if err != nil {
				t.Fatal(err)
			}
		}
		fn(t, w)
	})
}

func (w *world) exec(query string, args ...any) {
	w.t.Helper()
	err := w.d.WithTx(w.t.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(w.t.Context(), query, args...)
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) org(tenant int64, org id.ID, kind string, parent, at id.ID) {
	w.t.Helper()
	w.exec(`INSERT INTO organisation (tenant_id, id, kind, name, name_key, parent_id, path, community_id, created_at, updated_at)
		VALUES ($1, $2, $3, $4, $4, $5, $6, $7, 1, 1)`, tenant, org, kind, "Org "+org.String(), parent, "/"+org.String()+"/", at)
}

// user makes an account with a role and gives its actor.
func (w *world) user(tenant int64, login, role string, org id.ID) (authn.Account, authz.Actor) {
	w.t.Helper()
	var a authn.Account
	err := w.d.WithTx(w.t.Context(), func(tx *db.Tx) (err error) {
		a, err = w.CreateTx(w.t.Context(), tx, authz.System(tenant, "test"), authn.NewAccount{Login: login, Name: "Name of " + login,
			Grants: []authn.NewGrant{{Role: role, OrgID: org}}})
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	w.exec(`UPDATE account SET must_change = FALSE, password_hash = $1 WHERE tenant_id = $2 AND id = $3`, storedPassword(), tenant, a.ID)
	actor, err := w.ActorFor(w.t.Context(), tenant, a.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	a, err = w.Get(w.t.Context(), actor, a.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	return a, actor
}

// storedPassword is the stored form of password, worked out once: that takes long on purpose.
var storedPassword = sync.OnceValue(func() string {
	salt := []byte("a salt for tests")
	key := argon2.IDKey([]byte(password), salt, 2, 19*1024, 1, 32)
	return fmt.Sprintf("$argon2id$v=19$m=19456,t=2,p=1$%s$%s", base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key))
})

func (w *world) login(login, pw string) (string, authn.Caller, error) {
	return w.Login(w.t.Context(), authn.Attempt{Login: login, Password: pw, IP: "10.0.0.1", UserAgent: "test"})
}

func (w *world) in(login string) string {
	w.t.Helper()
	cookie, c, err := w.login(login, password)
	if err != nil || !c.Full() {
		w.t.Fatalf("Login(%s) = stage %q, %v", login, c.Stage, err)
	}
	return cookie
}

func wantKind(t *testing.T, what string, err error, want errs.Kind) {
	t.Helper()
	if err == nil || errs.KindOf(err) != want {
		t.Errorf("%s = %v, want kind %d", what, err, want)
	}
}

// TestACityAboveTheOnlyDistrictChangesNoLogIn lets staff of the only district go on with their bare name.
func TestACityAboveTheOnlyDistrictChangesNoLogIn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.user(testkit.Tenant, "wang", "worker", community)
		if _, _, err := w.login("wang", password); err == nil {
			t.Error("of two districts none was named")
		}
		w.exec(`DELETE FROM tenant WHERE tenant_id = $1`, testkit.Other)
		w.exec(`INSERT INTO tenant (tenant_id, name, created_at) VALUES ($1, 'T', 1)`, testkit.Tenant/100*100)
		if _, _, err := w.login("wang", password); err != nil {
			t.Errorf("the only district's staff must name it because of the city above: %v", err)
		}
	})
}

func TestLogin(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, actor := w.user(testkit.Tenant, "wang", "worker", community)
		cookie, c, err := w.login("Wang@320902", password)
		if err != nil || c.Stage != authn.StageFull || c.Actor.Tenant != testkit.Tenant || !c.Actor.Can(permWork) || !c.Staff {
			t.Fatalf("Login = %+v, %v", c, err)
		}
		if got := c.Actor.Scope(permWork); !got.Covers(community) || got.Covers(neighbour) || got.All() {
			t.Errorf("scope = %+v, want the community alone", got)
		}
		again, err := w.Authenticate(t.Context(), cookie)
		if err != nil || again.Actor.AccountID != actor.AccountID || again.SessionID != c.SessionID {
			t.Errorf("Authenticate = %+v, %v", again, err)
		}
		for name, try := range map[string]authn.Attempt{
			"wrong password":          {Login: "wang@320902", Password: password + "x"},
			"unknown name":            {Login: "zhao@320902", Password: password},
			"unknown tenant":          {Login: "wang@999999", Password: password},
			"the other tenant":        {Login: "wang@321102", Password: password},
			"a tenant that is none":   {Login: "wang@x", Password: password},
			"an empty password":       {Login: "wang@320902"},
			"a name with a wild card": {Login: "wan%@320902", Password: password},
		} {
			cookie, c, err := w.Login(t.Context(), try)
			if cookie != "" || c.Actor.AccountID != 0 || errs.KindOf(err) != errs.Unauthenticated {
				t.Errorf("%s: Login = %q, %+v, %v", name, cookie, c, err)
			}
		}
		_, _, err = w.login("wang", password)
		wantKind(t, "a name without tenant where there are two", err, errs.Invalid)
		for _, bad := range []string{"", "x", cookie + "x", strings.Replace(cookie, "320902", "321102", 1), cookie[:len(cookie)-1] + "A"} {
			if bad == cookie {
				continue
			}
			_, err := w.Authenticate(t.Context(), bad)
			wantKind(t, "Authenticate("+bad+")", err, errs.Unauthenticated)
		}
	})
}

func TestTheDatabaseHoldsNoCookieAndNoPassword(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.user(testkit.Tenant, "wang", "worker", community)
		cookie := w.in("wang@320902")
		_, secret, _ := strings.Cut(cookie, ".")
		n, err := db.Value[int64](t.Context(), w.d, `SELECT count(*) FROM session WHERE token_hash = $1 OR token_hash = $2`, cookie, secret)
		if err != nil || n != 0 {
			t.Errorf("%d sessions hold the cookie itself, %v", n, err)
		}
		stored, err := db.Column[string](t.Context(), w.d, `SELECT password_hash FROM account WHERE tenant_id = $1`, testkit.Tenant)
		if err != nil || len(stored) != 1 || !strings.HasPrefix(stored[0], "$argon2id$v=19$m=19456,t=2,p=1$") || strings.Contains(stored[0], "correct") {
			t.Errorf("stored password %v, %v", stored, err)
		}
	})
}

func TestFiveFailuresLockForAQuarterOfAnHour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.user(testkit.Tenant, "wang", "worker", community)
		locked := func(login, pw string) bool {
			_, _, err := w.login(login, pw)
			if err != nil && errs.KindOf(err) != errs.Unauthenticated {
				t.Fatal(err)
			}
			return err != nil && strings.Contains(err.Error(), "Too many failures")
		}
		for i := range 4 {
			if locked("wang@320902", "wrong") {
				t.Fatalf("locked after %d failures", i+1)
			}
		}
		if _, _, err := w.login("wang@320902", password); err != nil {
			t.Fatalf("four failures, then the right password: %v", err)
		}
		for _, login := range []string{"wang@320902", "nobody@320902"} {
			for i := range 5 {
				if locked(login, "wrong") {
					t.Fatalf("%s: locked after %d failures", login, i)
				}
				w.clock.Advance(10 * time.Second)
			}
			if !locked(login, "wrong") {
				t.Errorf("%s: not locked after five failures", login)
			}
		}
		if !locked("wang@320902", password) {
			t.Error("the right password opens a locked account")
		}
		w.clock.Advance(15 * time.Minute)
		if _, _, err := w.login("wang@320902", password); err != nil {
			t.Errorf("after a quarter of an hour: %v", err)
		}
		entries := w.actions(testkit.Tenant)
		if entries["login.fail"] < 9 || entries["login.unknown"] == 0 || entries["login"] != 2 {
			t.Errorf("audit counts %v", entries)
		}
	})
}

// actions counts the audit entries of a tenant by action.
func (w *world) actions(tenant int64) map[string]int {
	w.t.Helper()
	scope := testkit.Actor(tenant, nil, audit.PermRead).Scope(audit.PermRead)
	l, err := audit.Search(w.t.Context(), w.d, scope, audit.Filter{Page: db.Page{Limit: 500}})
	if err != nil {
		w.t.Fatal(err)
	}
	out := map[string]int{}
	for _, r := range l.Items {
		out[r.Action]++
	}
	return out
}

func TestTriesAreLimitedByNameAndByAddress(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		var err error
		for i := 0; i < 40 && errs.KindOf(err) != errs.RateLimited; i++ {
			_, _, err = w.login("nobody@320902", "wrong")
		}
		wantKind(t, "forty tries of one name", err, errs.RateLimited)
	})
}

func TestSessionsEndByIdlenessAndByAge(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.user(testkit.Tenant, "wang", "worker", community)
		w.user(testkit.Tenant, "li", "member", community)
		staff, member := w.in("wang@320902"), w.in("li@320902")
		alive := func(cookie string) bool {
			_, err := w.Authenticate(t.Context(), cookie)
			if err != nil && errs.KindOf(err) != errs.Unauthenticated {
				t.Fatal(err)
			}
			return err == nil
		}
		w.clock.Advance(15*time.Minute - time.Second)
		if !alive(staff) || !alive(member) {
			t.Fatal("ended before the idle time")
		}
		w.clock.Advance(15 * time.Minute)
		if alive(staff) {
			t.Error("a staff session lives on after 15 idle minutes")
		}
		if !alive(member) {
			t.Error("a member's session ended after 15 idle minutes, want 30")
		}
		w.clock.Advance(30 * time.Minute)
		if alive(member) {
			t.Error("a member's session lives on after 30 idle minutes")
		}
		busy := w.in("li@320902")
		for range 7*6 + 5 {
			w.clock.Advance(10 * time.Minute)
			if !alive(busy) {
				t.Fatal("a busy session ended early")
			}
		}
		w.clock.Advance(10 * time.Minute)
		if alive(busy) {
			t.Error("a session lives on after eight hours")
		}
		if n, err := w.Sweep(t.Context(), testkit.Tenant); err != nil || n == 0 {
			t.Errorf("Sweep = %d, %v", n, err)
		}
	})
}

func TestIdleTimeIsAPolicyValue(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.user(testkit.Tenant, "wang", "worker", community)
		cookie := w.in("wang@320902")
		settings := policy.New(w.d, authn.Policies()...)
		err := settings.Set(t.Context(), testkit.Actor(testkit.Tenant, nil, policy.PermSet), policy.Change{Name: authn.IdleStaff.Name, Value: 60})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(59 * time.Minute)
		if _, err := w.Authenticate(t.Context(), cookie); err != nil {
			t.Errorf("after 59 of 60 minutes: %v", err)
		}
	})
}

func TestOneTimeCodeFlow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		w.user(testkit.Tenant, "wang", "worker", community)
		cookie := w.in("wang@320902")
		e, err := w.EnrolTOTP(ctx, cookie)
		if err != nil || len(e.PNG) == 0 || !strings.Contains(e.URL, "wang@320902") {
			t.Fatalf("EnrolTOTP = %v, %v", e.URL, err)
		}
		secret := strings.ReplaceAll(e.Secret, " ", "")
		code := func() string {
			c, err := totp.GenerateCode(secret, w.clock.Now())
			if err != nil {
				t.Fatal(err)
			}
			return c
		}
		_, _, err = w.ConfirmTOTP(ctx, cookie, "000000")
		wantKind(t, "ConfirmTOTP with a wrong code", err, errs.Invalid)
		renewed, c, err := w.ConfirmTOTP(ctx, cookie, code())
		if err != nil || !c.HasTOTP || !c.Full() {
			t.Fatalf("ConfirmTOTP = %+v, %v", c, err)
		}
		if _, err := w.Authenticate(ctx, cookie); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("the old cookie still works: %v", err)
		}
		if _, err := w.Authenticate(ctx, renewed); err != nil {
			t.Errorf("the renewed cookie does not work: %v", err)
		}

		w.clock.Advance(time.Minute)
		half, c, err := w.login("wang@320902", password)
		if err != nil || c.Stage != authn.StageCode || c.Actor.Can(permWork) || len(c.Actor.Grants) != 0 {
			t.Fatalf("Login = %+v, %v, want the code stage without rights", c, err)
		}
		if c, err := w.Authenticate(ctx, half); err != nil || c.Actor.Can(permWork) {
			t.Errorf("a half session acts: %+v, %v", c, err)
		}
		for name, act := range map[string]func() error{
			"EnrolTOTP":      func() error { _, err := w.EnrolTOTP(ctx, half); return err },
			"ConfirmTOTP":    func() error { _, _, err := w.ConfirmTOTP(ctx, half, code()); return err },
			"ChangePassword": func() error { _, _, err := w.ChangePassword(ctx, half, password, "another horse battery"); return err },
		} {
			wantKind(t, name+" in a half session", act(), errs.Unauthenticated)
		}
		now := code()
		full, c, err := w.Code(ctx, half, now)
		if err != nil || !c.Full() || !c.Actor.Can(permWork) {
			t.Fatalf("Code = %+v, %v", c, err)
		}
		if _, err := w.Authenticate(ctx, half); errs.KindOf(err) != errs.Unauthenticated {
			t.Errorf("the half cookie still works: %v", err)
		}
		if _, _, err := w.Code(ctx, full, now); errs.KindOf(err) != errs.Conflict {
			t.Errorf("Code on a full session = %v, want a conflict", err)
		}
		half, _, _ = w.login("wang@320902", password)
		if _, _, err := w.Code(ctx, half, now); err == nil {
			t.Error("a code worked twice")
		}
		stored, err := db.Value[[]byte](ctx, w.d, `SELECT totp_secret FROM account WHERE tenant_id = $1`, testkit.Tenant)
		if err != nil || len(stored) == 0 || strings.Contains(string(stored), secret) {
			t.Errorf("the secret is not sealed: %x, %v", stored, err)
		}
	})
}

func TestWrongCodesLockToo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, _ := w.user(testkit.Tenant, "wang", "worker", community)
		if _, err := w.EnrolFor(t.Context(), authz.System(testkit.Tenant, "test"), a.ID); err != nil {
			t.Fatal(err)
		}
		half, _, err := w.login("wang@320902", password)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			_, _, err = w.Code(t.Context(), half, "000000")
			wantKind(t, "a wrong code", err, errs.Invalid)
		}
		_, _, err = w.Code(t.Context(), half, "000000")
		wantKind(t, "a code after five wrong ones", err, errs.Unauthenticated)
		_, _, err = w.login("wang@320902", password)
		wantKind(t, "the password after five wrong codes", err, errs.Unauthenticated)
	})
}

func TestATemporaryPasswordMustBeChanged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, boss := w.user(testkit.Tenant, "boss", "boss", root)
		a, temporary, err := w.Create(ctx, boss, authn.NewAccount{Login: "New.One", Name: "New", Grants: []authn.NewGrant{{Role: "worker", OrgID: community}}})
		if err != nil || a.Login != "new.one" || !a.MustChange {
			t.Fatalf("Create = %+v, %v", a, err)
		}
		cookie, c, err := w.login("new.one@320902", temporary)
		if err != nil || c.Stage != authn.StageChange || c.Actor.Can(permWork) {
			t.Fatalf("Login = %+v, %v", c, err)
		}
		_, _, err = w.ChangePassword(ctx, cookie, "", temporary)
		wantKind(t, "the same password again", err, errs.Invalid)
		_, _, err = w.ChangePassword(ctx, cookie, "", "short")
		wantKind(t, "a short password", err, errs.Invalid)
		full, c, err := w.ChangePassword(ctx, cookie, "", "another horse battery")
		if err != nil || !c.Full() || !c.Actor.Can(permWork) {
			t.Fatalf("ChangePassword = %+v, %v", c, err)
		}
		other, _, err := w.login("new.one@320902", "another horse battery")
		if err != nil {
			t.Fatal(err)
		}
		_, _, err = w.ChangePassword(ctx, full, "not the old one", "third horse battery")
		wantKind(t, "a change with a wrong old password", err, errs.Invalid)
		if _, _, err := w.ChangePassword(ctx, full, "another horse battery", "third horse battery"); err != nil {
			t.Fatal(err)
		}
		for _, old := range []string{full, other} {
			if _, err := w.Authenticate(ctx, old); errs.KindOf(err) != errs.Unauthenticated {
				t.Errorf("an old session lives on after the change: %v", err)
			}
		}
	})
}

func TestStaffMustEnrolWhereThePolicySaysSo(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.user(testkit.Tenant, "wang", "worker", community)
		w.user(testkit.Tenant, "li", "member", community)
		settings := policy.New(w.d, authn.Policies()...)
		err := settings.Set(t.Context(), testkit.Actor(testkit.Tenant, nil, policy.PermSet), policy.Change{Name: authn.TOTPStaff.Name, Value: 1})
		if err != nil {
			t.Fatal(err)
		}
		if _, c, err := w.login("wang@320902", password); err != nil || c.Stage != authn.StageEnrol {
			t.Errorf("staff: %+v, %v", c, err)
		}
		if _, c, err := w.login("li@320902", password); err != nil || c.Stage != authn.StageFull {
			t.Errorf("member: %+v, %v", c, err)
		}
	})
}

func TestDisabledAccountsAreOutAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, boss := w.user(testkit.Tenant, "boss", "boss", root)
		a, actor := w.user(testkit.Tenant, "wang", "worker", community)
		cookie := w.in("wang@320902")
		token, _, err := w.CreateToken(ctx, actor, authn.NewToken{Name: "t"})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Authenticate(ctx, cookie); err != nil {
			t.Fatal(err)
		}
		if err := w.SetStatus(ctx, boss, a.ID, authn.Disabled); err != nil {
			t.Fatal(err)
		}
		_, err = w.Authenticate(ctx, cookie)
		wantKind(t, "the session", err, errs.Unauthenticated)
		_, err = w.AuthenticateToken(ctx, token, "")
		wantKind(t, "the token", err, errs.Unauthenticated)
		_, _, err = w.login("wang@320902", password)
		wantKind(t, "the password", err, errs.Unauthenticated)
		if err := w.SetStatus(ctx, boss, a.ID, authn.Active); err != nil {
			t.Fatal(err)
		}
		if _, _, err := w.login("wang@320902", password); err != nil {
			t.Errorf("enabled again: %v", err)
		}
		_, err = w.AuthenticateToken(ctx, token, "")
		wantKind(t, "a token does not come back to life", err, errs.Unauthenticated)
	})
}

func TestTokens(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, wang := w.user(testkit.Tenant, "wang", "secretary", community)
		_, li := w.user(testkit.Tenant, "li", "worker", community)
		text, tok, err := w.CreateToken(ctx, wang, authn.NewToken{Name: "report", Permissions: []authz.Permission{permWork}, Days: 30})
		if err != nil || !strings.HasPrefix(text, "linli_320902_") {
			t.Fatalf("CreateToken = %q, %v", text, err)
		}
		c, err := w.AuthenticateToken(ctx, text, "")
		if err != nil || !c.Actor.Can(permWork) || c.Actor.Can(authn.PermAdmin) || c.TokenID != tok.ID {
			t.Fatalf("AuthenticateToken = %+v, %v", c, err)
		}
		_, _, err = w.CreateToken(ctx, c.Actor, authn.NewToken{Name: "child"})
		wantKind(t, "a token made by a token", err, errs.Forbidden)
		_, _, err = w.CreateToken(ctx, li, authn.NewToken{Name: "x", Permissions: []authz.Permission{authn.PermAdmin}})
		wantKind(t, "a token with rights that one lacks", err, errs.Invalid)
		_, _, err = w.CreateToken(ctx, li, authn.NewToken{Name: "x", Days: 366})
		wantKind(t, "a token for longer than the policy", err, errs.Invalid)
		_, err = w.AuthenticateToken(ctx, strings.Replace(text, "320902", "321102", 1), "")
		wantKind(t, "the token in another tenant", err, errs.Unauthenticated)

		list, err := w.Tokens(ctx, wang, wang.AccountID)
		if err != nil || len(list) != 1 || !list[0].LastUsedAt.Equal(w.clock.Now()) {
			t.Fatalf("Tokens = %+v, %v", list, err)
		}
		first := w.clock.Now()
		w.clock.Advance(30 * time.Second)
		if _, err := w.AuthenticateToken(ctx, text, ""); err != nil {
			t.Fatal(err)
		}
		if list, _ := w.Tokens(ctx, wang, wang.AccountID); !list[0].LastUsedAt.Equal(first) {
			t.Error("the last use is written more than once a minute")
		}
		wantKind(t, "RevokeToken by a stranger", w.RevokeToken(ctx, li, tok.ID), errs.NotFound)
		if err := w.RevokeToken(ctx, wang, tok.ID); err != nil {
			t.Fatal(err)
		}
		_, err = w.AuthenticateToken(ctx, text, "")
		wantKind(t, "a revoked token", err, errs.Unauthenticated)

		text, _, err = w.CreateToken(ctx, wang, authn.NewToken{Name: "short", Days: 1})
		if err != nil {
			t.Fatal(err)
		}
		w.clock.Advance(24 * time.Hour)
		_, err = w.AuthenticateToken(ctx, text, "")
		wantKind(t, "an expired token", err, errs.Unauthenticated)
	})
}

// TestManyRequestsAtOnceWithOneToken lets the use of a token fall due while many requests come with it: all of them are let in, and its
// last use is written down.
func TestManyRequestsAtOnceWithOneToken(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, wang := w.user(testkit.Tenant, "wang", "secretary", community)
		text, _, err := w.CreateToken(ctx, wang, authn.NewToken{Name: "report"})
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			w.clock.Advance(2 * time.Minute)
			var wg sync.WaitGroup
			for range 32 {
				wg.Go(func() {
					if _, err := w.AuthenticateToken(ctx, text, ""); err != nil {
						t.Errorf("AuthenticateToken = %v", err)
					}
				})
			}
			wg.Wait()
			if list, err := w.Tokens(ctx, wang, wang.AccountID); err != nil || !list[0].LastUsedAt.Equal(w.clock.Now()) {
				t.Errorf("Tokens = %+v, %v, want used at %v", list, err, w.clock.Now())
			}
		}
	})
}

func TestSessionsCanBeSeenAndEnded(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		a, wang := w.user(testkit.Tenant, "wang", "worker", community)
		_, secretary := w.user(testkit.Tenant, "zhou", "secretary", community)
		_, stranger := w.user(testkit.Tenant, "sun", "secretary", neighbour)
		one, two := w.in("wang@320902"), w.in("wang@320902")
		list, err := w.Sessions(ctx, wang, a.ID)
		if err != nil || len(list) != 2 || list[0].IP != "10.0.0.1" {
			t.Fatalf("Sessions = %+v, %v", list, err)
		}
		_, err = w.Sessions(ctx, stranger, a.ID)
		wantKind(t, "Sessions by another community", err, errs.NotFound)
		wantKind(t, "EndSession by another community", w.EndSession(ctx, stranger, list[0].ID), errs.NotFound)
		if err := w.EndSession(ctx, secretary, list[0].ID); err != nil {
			t.Errorf("EndSession by the secretary = %v", err)
		}
		if err := w.EndSession(ctx, wang, list[1].ID); err != nil {
			t.Errorf("EndSession of one's own = %v", err)
		}
		for _, c := range []string{one, two} {
			_, err := w.Authenticate(ctx, c)
			wantKind(t, "an ended session", err, errs.Unauthenticated)
		}
		three := w.in("wang@320902")
		if err := w.Logout(ctx, three); err != nil {
			t.Fatal(err)
		}
		_, err = w.Authenticate(ctx, three)
		wantKind(t, "after the log-out", err, errs.Unauthenticated)
	})
}

func TestGrantsHoldFromTheirFirstToTheirLastDay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, boss := w.user(testkit.Tenant, "boss", "boss", root)
		a, _ := w.user(testkit.Tenant, "wang", "member", community)
		today := calendar.DateOf(w.clock.Now())
		g, err := w.Grant(ctx, boss, authn.NewGrant{AccountID: a.ID, Role: "worker", OrgID: neighbour, From: today.AddDays(1), To: today.AddDays(2)})
		if err != nil {
			t.Fatal(err)
		}
		for day, want := range []bool{false, true, true, false} {
			actor, err := w.ActorFor(ctx, testkit.Tenant, a.ID)
			if err != nil || actor.Can(permWork) != want {
				t.Errorf("day %d: works %v, want %v (%v)", day, actor.Can(permWork), want, err)
			}
			w.clock.Advance(24 * time.Hour)
		}
		_, err = w.Grant(ctx, boss, authn.NewGrant{AccountID: a.ID, Role: "worker", OrgID: neighbour, From: today})
		wantKind(t, "a grant in the past", err, errs.Invalid)
		_, err = w.Grant(ctx, boss, authn.NewGrant{AccountID: a.ID, Role: "member", OrgID: community})
		wantKind(t, "the same grant twice", err, errs.Conflict)
		_, err = w.Grant(ctx, boss, authn.NewGrant{AccountID: a.ID, Role: "worker", OrgID: 999})
		wantKind(t, "a grant at no organisation", err, errs.NotFound)
		_, err = w.Grant(ctx, boss, authn.NewGrant{AccountID: a.ID, Role: "king", OrgID: community})
		wantKind(t, "a role that there is not", err, errs.Invalid)
		if g.To != today.AddDays(2) {
			t.Errorf("grant = %+v", g)
		}
	})
}

func TestARoleThatEndsIsFeltAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, boss := w.user(testkit.Tenant, "boss", "boss", root)
		a, _ := w.user(testkit.Tenant, "wang", "worker", community)
		cookie := w.in("wang@320902")
		if c, err := w.Authenticate(ctx, cookie); err != nil || !c.Actor.Can(permWork) {
			t.Fatal(c, err)
		}
		grants, err := w.Grants(ctx, boss, a.ID)
		if err != nil || len(grants) != 1 {
			t.Fatal(grants, err)
		}
		if err := w.EndGrant(ctx, boss, grants[0].ID, calendar.Date{}); err != nil {
			t.Fatal(err)
		}
		if c, err := w.Authenticate(ctx, cookie); err != nil || c.Actor.Can(permWork) {
			t.Errorf("the role is still felt: %v", err)
		}
	})
}

func TestWhoMayGiveWhat(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		_, boss := w.user(testkit.Tenant, "boss", "boss", root)
		_, secretary := w.user(testkit.Tenant, "zhou", "secretary", community)
		_, above := w.user(testkit.Tenant, "qian", "secretary", street)
		_, worker := w.user(testkit.Tenant, "wang", "worker", community)
		cases := []struct {
			name  string
			actor authz.Actor
			role  string
			org   id.ID
			want  errs.Kind // Internal: allowed
		}{
			{"a secretary gives a worker at home", secretary, "worker", community, errs.Internal},
			{"a member at a unit of the community", secretary, "member", unit, errs.Internal},
			{"a worker next door", secretary, "worker", neighbour, errs.Forbidden},
			{"a worker above", secretary, "worker", street, errs.Forbidden},
			{"a role that secretaries do not give", secretary, "secretary", community, errs.Forbidden},
			{"the whole tenant", secretary, "worker", 0, errs.Forbidden},
			{"from above, below", above, "worker", neighbour, errs.Internal},
			{"who holds no right to give", worker, "member", community, errs.Forbidden},
			{"the administrator, anything anywhere", boss, "boss", neighbour, errs.Internal},
			{"the administrator, the whole tenant", boss, "boss", 0, errs.Internal},
			{"an actor without rights", authz.Actor{Tenant: testkit.Tenant}, "member", community, errs.Forbidden},
		}
		for i, c := range cases {
			in := authn.NewAccount{Login: "new" + string(rune('a'+i)), Name: "New", Password: "some long new phrase", Grants: []authn.NewGrant{{Role: c.role, OrgID: c.org}}}
			_, _, err := w.Create(t.Context(), c.actor, in)
			if c.want == errs.Internal && err != nil || c.want != errs.Internal && errs.KindOf(err) != c.want {
				t.Errorf("%s: Create = %v, want kind %d", c.name, err, c.want)
			}
		}
		_, _, err := w.Create(t.Context(), secretary, authn.NewAccount{Login: "bare", Name: "Bare"})
		wantKind(t, "an account without a role by a secretary", err, errs.Invalid)
		_, err = w.Grant(t.Context(), boss, authn.NewGrant{AccountID: boss.AccountID, Role: "worker", OrgID: community})
		wantKind(t, "a role for oneself", err, errs.Forbidden)
	})
}

func TestNobodyManagesAnAccountAboveThem(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		bossAccount, boss := w.user(testkit.Tenant, "boss", "boss", root)
		workerAccount, _ := w.user(testkit.Tenant, "wang", "worker", community)
		_, secretary := w.user(testkit.Tenant, "zhou", "secretary", community)
		// The administrator also works in the community, and so is in the secretary's sight.
		w.exec(`INSERT INTO role_grant (tenant_id, id, account_id, role_code, organisation_id, valid_from, granted_at) VALUES ($1, 77, $2, 'worker', $3, '2026-01-01', 1)`,
			testkit.Tenant, bossAccount.ID, community)
		if _, err := w.Get(ctx, secretary, bossAccount.ID); err != nil {
			t.Fatal(err)
		}
		acts := map[string]func(actor authz.Actor, a id.ID) error{
			"ResetPassword": func(actor authz.Actor, a id.ID) error { _, err := w.ResetPassword(ctx, actor, a); return err },
			"ResetTOTP":     func(actor authz.Actor, a id.ID) error { return w.ResetTOTP(ctx, actor, a) },
			"Rename":        func(actor authz.Actor, a id.ID) error { return w.Rename(ctx, actor, a, "Another") },
			"SetStatus":     func(actor authz.Actor, a id.ID) error { return w.SetStatus(ctx, actor, a, authn.Disabled) },
		}
		for name, act := range acts {
			wantKind(t, name+" of the administrator by a secretary", act(secretary, bossAccount.ID), errs.Forbidden)
			_, stranger := w.user(testkit.Tenant, "sun"+strings.ToLower(name), "secretary", neighbour)
			wantKind(t, name+" by another community", act(stranger, workerAccount.ID), errs.NotFound)
			_, other := w.user(testkit.Other, "boss"+strings.ToLower(name), "boss", root)
			wantKind(t, name+" by another tenant", act(other, workerAccount.ID), errs.NotFound)
			if name != "SetStatus" {
				if err := act(secretary, workerAccount.ID); err != nil {
					t.Errorf("%s by the secretary = %v", name, err)
				}
			}
		}
		wantKind(t, "disabling oneself", w.SetStatus(ctx, boss, boss.AccountID, authn.Disabled), errs.Forbidden)
	})
}

func TestListsKeepToTheirScope(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, boss := w.user(testkit.Tenant, "boss", "boss", root)
		_, secretary := w.user(testkit.Tenant, "zhou", "secretary", community)
		w.user(testkit.Tenant, "wang", "worker", community)
		w.user(testkit.Tenant, "wu", "member", unit)
		w.user(testkit.Tenant, "sun", "worker", neighbour)
		w.user(testkit.Other, "wangother", "worker", community)
		logins := func(actor authz.Actor, f authn.Filter) string {
			l, err := w.List(ctx, actor, f)
			if err != nil {
				t.Fatal(err)
			}
			var out []string
			for _, a := range l.Items {
				out = append(out, a.Login)
			}
			return strings.Join(out, " ")
		}
		for _, c := range []struct {
			name  string
			actor authz.Actor
			f     authn.Filter
			want  string
		}{
			{"the administrator", boss, authn.Filter{}, "boss sun wang wu zhou"},
			{"the secretary: the community and its units", secretary, authn.Filter{}, "wang wu zhou"},
			{"by the beginning of the name", boss, authn.Filter{Text: "W"}, "wang wu"},
			{"by role", boss, authn.Filter{Role: "worker"}, "sun wang"},
			{"by organisation", boss, authn.Filter{OrgID: neighbour}, "sun"},
			{"nobody", authz.Actor{}, authn.Filter{}, ""},
			{"a quote in the text", boss, authn.Filter{Text: "'"}, ""},
		} {
			if got := logins(c.actor, c.f); got != c.want {
				t.Errorf("%s: %q, want %q", c.name, got, c.want)
			}
		}
		first, err := w.List(ctx, boss, authn.Filter{Page: db.Page{Limit: 2}})
		if err != nil || len(first.Items) != 2 || first.Next == "" {
			t.Fatalf("first page %+v, %v", first, err)
		}
		if got := logins(boss, authn.Filter{Page: db.Page{Limit: 2, After: db.ParseCursor(first.Next)}}); got != "wang wu" {
			t.Errorf("second page %q", got)
		}
	})
}

func TestRolesOfOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		_, boss := w.user(testkit.Tenant, "boss", "boss", root)
		_, secretary := w.user(testkit.Tenant, "zhou", "secretary", community)
		mine := authn.Role{Code: "helper", Name: "Helper", Permissions: []authz.Permission{permWork}}
		wantKind(t, "a role by a secretary", w.SaveRole(ctx, secretary, mine), errs.Forbidden)
		if err := w.SaveRole(ctx, boss, mine); err != nil {
			t.Fatal(err)
		}
		wantKind(t, "a second role of the code", w.SaveRole(ctx, boss, mine), errs.Invalid)
		bad := mine
		bad.Code, bad.Permissions = "bad", []authz.Permission{"no.such"}
		wantKind(t, "an unknown permission", w.SaveRole(ctx, boss, bad), errs.Invalid)
		own := standard[0]
		own.Version = 1
		wantKind(t, "one's own role", w.SaveRole(ctx, boss, own), errs.Forbidden)
		built := standard[2]
		built.Version = 1
		wantKind(t, "a standard role", w.SaveRole(ctx, boss, built), errs.Forbidden)
		a, _ := w.user(testkit.Tenant, "wang", "helper", community)
		mine.Version, mine.Permissions = 1, []authz.Permission{permOwn}
		if err := w.SaveRole(ctx, boss, mine); err != nil {
			t.Fatal(err)
		}
		if actor, err := w.ActorFor(ctx, testkit.Tenant, a.ID); err != nil || actor.Can(permWork) || !actor.Can(permOwn) {
			t.Errorf("the changed role is not felt: %v", err)
		}
		wantKind(t, "a save with an old version", w.SaveRole(ctx, boss, mine), errs.Conflict)
		wantKind(t, "removing a role that is held", w.RemoveRole(ctx, boss, "helper"), errs.Conflict)
		wantKind(t, "removing a standard role", w.RemoveRole(ctx, boss, "worker"), errs.Forbidden)
		grants, _ := w.Grants(ctx, boss, a.ID)
		if err := w.EndGrant(ctx, boss, grants[0].ID, calendar.Date{}); err != nil {
			t.Fatal(err)
		}
		if err := w.RemoveRole(ctx, boss, "helper"); err != nil {
			t.Error(err)
		}
		if roles, err := w.Roles(ctx, testkit.Actor(testkit.Other, nil)); err != nil || len(roles) != len(standard) {
			t.Errorf("the other tenant has %d roles, %v", len(roles), err)
		}
	})
}

func TestAnUpgradeBringsNewPermissions(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		newer := []authn.Role{{Code: "worker", Name: "Worker", Staff: true, Permissions: []authz.Permission{permWork, permOwn}}}
		for range 2 {
			err := w.d.WithTx(t.Context(), func(tx *db.Tx) error { return authn.SyncRolesTx(t.Context(), tx, testkit.Tenant, newer) })
			if err != nil {
				t.Fatal(err)
			}
		}
		_, actor := w.user(testkit.Tenant, "wang", "worker", community)
		if !actor.Can(permOwn) {
			t.Error("the new permission is not there")
		}
	})
}

func TestRolesFollowAMerger(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		ctx := t.Context()
		moved, _ := w.user(testkit.Tenant, "wang", "worker", community)
		twice, _ := w.user(testkit.Tenant, "li", "worker", community)
		_, boss := w.user(testkit.Tenant, "boss", "boss", root)
		if _, err := w.Grant(ctx, boss, authn.NewGrant{AccountID: twice.ID, Role: "worker", OrgID: neighbour}); err != nil {
			t.Fatal(err)
		}
		other, _ := w.user(testkit.Other, "wang", "worker", community)
		err := w.d.WithTx(ctx, func(tx *db.Tx) error { return w.Follow(ctx, tx, boss, community, neighbour) })
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range []struct {
			tenant  int64
			account id.ID
			at, not id.ID
		}{{testkit.Tenant, moved.ID, neighbour, community}, {testkit.Tenant, twice.ID, neighbour, community}, {testkit.Other, other.ID, community, neighbour}} {
			actor, err := w.ActorFor(ctx, c.tenant, c.account)
			if err != nil || !actor.Scope(permWork).Covers(c.at) || actor.Scope(permWork).Covers(c.not) || len(actor.Grants) != 1 {
				t.Errorf("account %v: grants %+v, %v", c.account, actor.Grants, err)
			}
		}
	})
}
