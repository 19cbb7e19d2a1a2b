package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authn"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/organisation"
	"linli/internal/place"
)

func TestErrorsAreProblems(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		cases := []struct {
			name   string
			call   call
			status int
			code   string
			field  string
		}{
			{"nobody", call{method: "GET", path: "/grids"}, 401, "unauthenticated", ""},
			{"a token that there is not", call{method: "GET", path: "/grids", token: "linli_320902_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}, 401, "unauthenticated", ""},
			{"no address", call{method: "GET", path: "/nothing", token: s.token}, 404, "not_found", ""},
			{"no method", call{method: "DELETE", path: "/grids", token: s.token}, 405, "wrong_method", ""},
			{"no record", call{method: "GET", path: "/grids/12345", token: s.token}, 404, "not_found", ""},
			{"not JSON", call{method: "POST", path: "/grids", token: s.token, body: `{"community_id"`}, 400, "unreadable", ""},
			{"a missing field", call{method: "POST", path: "/quarters", token: s.token, body: `{"community_id":"1"}`}, 422, "invalid", "name"},
			{"a wrong type", call{method: "POST", path: "/quarters", token: s.token, body: `{"community_id":"1","name":7}`}, 422, "invalid", "name"},
			{"an unknown field", call{method: "POST", path: "/quarters", token: s.token, body: `{"community_id":"1","name":"a","colour":"red"}`}, 422, "invalid", "colour"},
			{"an unknown filter", call{method: "GET", path: "/grids?colour=red", token: s.token}, 422, "invalid", "colour"},
			{"a wrong day", call{method: "GET", path: "/organisations/chart?on=2026-13-40", token: s.token}, 422, "invalid", "on"},
			{"a page too large", call{method: "GET", path: "/grids?limit=501", token: s.token}, 422, "invalid", "limit"},
			{"no version", call{method: "PATCH", path: "/grids/1", token: s.token, body: `{"name":"x"}`}, 422, "invalid", "version"},
			{"an identifier that is none", call{method: "GET", path: "/grids/abc", token: s.token}, 422, "invalid", "id"},
		}
		for _, c := range cases {
			rec := w.do(c.call)
			if rec.Code != c.status || rec.Header().Get("Content-Type") != "application/problem+json" {
				t.Errorf("%s: %d %s %s, want %d", c.name, rec.Code, rec.Header().Get("Content-Type"), rec.Body, c.status)
				continue
			}
			p := decode(t, rec.Body)
			fields, _ := p["fields"].(map[string]any)
			if p["code"] != c.code || p["type"] != "urn:linli:problem:"+c.code || p["status"] != float64(c.status) || p["instance"] == "" {
				t.Errorf("%s: %v", c.name, p)
			}
			if c.field != "" && fields[c.field] == nil {
				t.Errorf("%s: fields = %v, want %s", c.name, fields, c.field)
			}
		}
	})
}

func TestErrorsSpeakTheCallersLanguage(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		for lang, want := range map[string]string{"zh-CN,zh;q=0.9": "没有找到", "en-GB,en;q=0.8": "Not found"} {
			rec := w.do(call{method: "GET", path: "/grids/12345", token: w.sides[0].token, header: map[string]string{"Accept-Language": lang}})
			if !strings.Contains(rec.Body.String(), want) {
				t.Errorf("%s: %s, want %q", lang, rec.Body, want)
			}
		}
		rec := w.do(call{method: "POST", path: "/quarters", token: w.sides[0].token, body: `{"community_id":"1","name":"` + strings.Repeat("长", 61) + `"}`})
		if fields := decode(t, rec.Body)["fields"].(map[string]any); fields["name"] != "最多 60 个字，请缩短。" {
			t.Errorf("fields = %v", fields)
		}
	})
}

// A rejected value may be personal: it must stand neither in the answer nor in the log.
func TestRejectedValuesAreNotRepeated(t *testing.T) {
	const secret = "320902198001011234"
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		calls := []call{
			{method: "POST", path: "/quarters", body: `{"community_id":"1","name":{"x":"` + secret + `"}}`},
			{method: "POST", path: "/quarters", body: `{"community_id":"` + secret + `XYZ","name":"a"}`},
			{method: "POST", path: "/quarters", body: `{"` + secret + `":1,"name":"a"}`},
			{method: "POST", path: "/quarters", body: `{"community_id":"1","name":"` + strings.Repeat(secret, 20) + `"}`},
			{method: "POST", path: "/quarters", body: secret + `{`},
			{method: "GET", path: "/grids?limit=" + secret},
			{method: "GET", path: "/grids?" + secret + "=1"},
			{method: "GET", path: "/slips?state=" + secret},
			{method: "GET", path: "/slips?quarter=" + secret},
			{method: "GET", path: "/audit?from=" + secret},
			{method: "GET", path: "/attendances?flagged=" + secret},
			{method: "POST", path: "/residents", body: `{"community_id":"` + s.names["community"] + `","name":"甲","id_number":"` + secret + `9"}`},
			{method: "POST", path: "/residents", body: `{"community_id":"` + s.names["community"] + `","name":"甲","born_on":"` + secret + `"}`},
			{method: "POST", path: "/activities", body: `{"community_id":"` + s.names["community"] + `","kind":"k","title":"t","place":"p","starts_at":"` + secret + `","ends_at":"` + secret + `"}`},
		}
		for _, c := range calls {
			c.token = s.token
			rec := w.do(c)
			if rec.Code < 400 || rec.Code >= 500 {
				t.Errorf("%s %s %s = %d, want a refusal", c.method, c.path, c.body, rec.Code)
			}
			if body := rec.Body.String(); strings.Contains(body, secret) {
				t.Errorf("%s %s %s repeats the value: %s", c.method, c.path, c.body, body)
			}
		}
	})
}

func TestPagesFollowEachOther(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		for i := range 7 {
			body := fmt.Sprintf(`{"community_id":%q,"name":"小区 %d"}`, s.names["community"], i)
			if rec := w.do(call{method: "POST", path: "/quarters", token: s.token, body: body}); rec.Code != 201 {
				t.Fatalf("create = %d %s", rec.Code, rec.Body)
			}
		}
		var names []string
		path := "/quarters?limit=3&community=" + s.names["community"]
		for pages := 0; path != ""; pages++ {
			if pages > 5 {
				t.Fatal("the pages do not end")
			}
			rec := w.do(call{method: "GET", path: path, token: s.token})
			page := decode(t, rec.Body)
			for _, i := range page["items"].([]any) {
				names = append(names, i.(map[string]any)["name"].(string))
			}
			path = ""
			if link := rec.Header().Get("Link"); link != "" {
				path = strings.TrimPrefix(link[1:strings.Index(link, ">")], rest.Prefix)
			}
			if (page["next"] != nil) != (path != "") {
				t.Errorf("next = %v, Link = %q", page["next"], path)
			}
		}
		if got := strings.Join(names, ","); got != "小区 0,小区 1,小区 2,小区 3,小区 4,小区 5,小区 6" {
			t.Errorf("the pages give %s", got)
		}
	})
}

func TestTwoWhoSaveTheSameRecord(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		made := decode(t, w.do(call{method: "POST", path: "/grids", token: s.token, body: `{"community_id":"` + s.names["community"] + `","code":"320902001001001","name":"一网格"}`}).Body)
		path := "/grids/" + fmt.Sprint(made["id"])
		seen := w.do(call{method: "GET", path: path, token: s.token})
		tag := seen.Header().Get("ETag")
		if seen.Code != 200 || tag == "" {
			t.Fatalf("GET = %d, ETag %q: %s", seen.Code, tag, seen.Body)
		}
		first := w.do(call{method: "PATCH", path: path, token: s.token, body: `{"worker_name":"甲"}`, header: map[string]string{"If-Match": tag}})
		if first.Code != 200 || first.Header().Get("ETag") == tag {
			t.Fatalf("first = %d, ETag %q: %s", first.Code, first.Header().Get("ETag"), first.Body)
		}
		second := w.do(call{method: "PATCH", path: path, token: s.token, body: `{"worker_name":"乙"}`, header: map[string]string{"If-Match": tag}})
		if second.Code != http.StatusConflict {
			t.Errorf("second = %d %s, want 409", second.Code, second.Body)
		}
		if got := decode(t, w.do(call{method: "GET", path: path, token: s.token}).Body)["worker_name"]; got != "甲" {
			t.Errorf("worker_name = %v, want that of the first", got)
		}
	})
}

func quarters(t *testing.T, w *world, s *side) int64 {
	t.Helper()
	n, err := db.Value[int64](t.Context(), w.app.DB, `SELECT count(*) FROM quarter_area WHERE tenant_id = $1`, s.tenant)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAWriteWithAKeyHappensOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		c := call{method: "POST", path: "/quarters", token: s.token, body: `{"community_id":"` + s.names["community"] + `","name":"幸福里"}`, header: map[string]string{"Idempotency-Key": "k-1"}}
		first := w.do(c)
		again := w.do(c)
		if first.Code != 201 || again.Code != 201 || first.Body.String() != again.Body.String() || again.Header().Get("Idempotency-Replayed") != "true" {
			t.Errorf("first %d %s, again %d %s", first.Code, first.Body, again.Code, again.Body)
		}
		w.h = w.app.APIKit("test", -1).Handler() // after a restart
		if rec := w.do(c); rec.Code != 201 || rec.Body.String() != first.Body.String() {
			t.Errorf("after a restart %d %s", rec.Code, rec.Body)
		}
		other := c
		other.body = strings.Replace(c.body, "幸福里", "平安里", 1)
		if rec := w.do(other); rec.Code != 422 || decode(t, rec.Body)["code"] != "idempotency_reused" {
			t.Errorf("another body under the key: %d %s", rec.Code, rec.Body)
		}
		if n := quarters(t, w, s); n != 1 {
			t.Errorf("%d quarters, want 1", n)
		}
		w.clock.Advance(25 * time.Hour)
		if rec := w.do(other); rec.Code != 201 {
			t.Errorf("a day later the key is free: %d %s", rec.Code, rec.Body)
		}
		if n, err := rest.Sweep(t.Context(), w.app.DB, s.tenant); err != nil || n != 0 {
			t.Errorf("Sweep = %d, %v; the only key is fresh", n, err)
		}
	})
}

func TestARequestSentTwiceAtOnceHappensOnce(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		handlers := []http.Handler{w.h, w.app.APIKit("other server", -1).Handler()}
		for round := range 4 {
			c := call{method: "POST", path: "/quarters", token: s.token, body: fmt.Sprintf(`{"community_id":%q,"name":"第 %d 区"}`, s.names["community"], round),
				header: map[string]string{"Idempotency-Key": fmt.Sprint("round-", round)}}
			var wg sync.WaitGroup
			status := make([]int, 8)
			for i := range status {
				wg.Go(func() {
					other := *w
					other.h = handlers[i%2]
					status[i] = other.do(c).Code
				})
			}
			wg.Wait()
			ok := 0
			for _, st := range status {
				if st == 201 {
					ok++
				} else if st != 409 { // the answer of another server may not stand yet
					t.Errorf("round %d: %v", round, status)
				}
			}
			if ok == 0 {
				t.Errorf("round %d: %v, want at least one 201", round, status)
			}
		}
		if n := quarters(t, w, s); n != 4 {
			t.Errorf("%d quarters, want 4", n)
		}
	})
}

func TestAFailedWriteKeepsNoKey(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		c := call{method: "POST", path: "/grids/77/end", token: s.token, body: `{"version":1}`, header: map[string]string{"Idempotency-Key": "k-2"}}
		if rec := w.do(c); rec.Code != 404 {
			t.Errorf("= %d %s, want 404", rec.Code, rec.Body)
		}
		n, err := db.Value[int64](t.Context(), w.app.DB, `SELECT count(*) FROM idempotency WHERE tenant_id = $1`, s.tenant)
		if err != nil || n != 0 {
			t.Errorf("%d keys (%v), want none: nothing happened", n, err)
		}
	})
}

// After a crash between the act and its answer the key stands without an answer: the act must not happen again.
func TestAnActWhoseAnswerWasLostIsNotRepeated(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		c := call{method: "POST", path: "/quarters", token: s.token, body: `{"community_id":"` + s.names["community"] + `","name":"幸福里"}`, header: map[string]string{"Idempotency-Key": "k-3"}}
		w.do(c)
		err := w.app.DB.WithTx(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(context.Background(), `UPDATE idempotency SET status = 0, body = NULL WHERE tenant_id = $1`, s.tenant)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if rec := w.do(c); rec.Code != 409 || decode(t, rec.Body)["code"] != "idempotency_unknown" {
			t.Errorf("= %d %s, want 409 idempotency_unknown", rec.Code, rec.Body)
		}
		if n := quarters(t, w, s); n != 1 {
			t.Errorf("%d quarters, want 1", n)
		}
	})
}

func TestKeptAnswersAreSealed(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		rec := w.do(call{method: "POST", path: "/accounts/" + w.second(s) + "/password", token: s.token, header: map[string]string{"Idempotency-Key": "k-4"}})
		secret := fmt.Sprint(decode(t, rec.Body)["password"])
		if rec.Code != 200 || len(secret) < 8 {
			t.Fatalf("= %d %s", rec.Code, rec.Body)
		}
		kept, err := db.Value[[]byte](t.Context(), w.app.DB, `SELECT body FROM idempotency WHERE tenant_id = $1`, s.tenant)
		if err != nil || len(kept) == 0 || strings.Contains(string(kept), secret) {
			t.Errorf("kept %q (%v): the password must not stand there", kept, err)
		}
	})
}

// second makes another account.
func (w *world) second(s *side) string {
	w.t.Helper()
	rec := w.do(call{method: "POST", path: "/accounts", token: s.token, body: `{"login":"second","name":"乙","grants":[{"role":"auditor"}]}`})
	if rec.Code != 201 {
		w.t.Fatalf("account: %d %s", rec.Code, rec.Body)
	}
	return fmt.Sprint(decode(w.t, rec.Body)["id"])
}

func TestATokenDoesNoMoreThanItMay(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		text, _, err := w.app.Authn.CreateToken(t.Context(), s.actor, authn.NewToken{Name: "narrow", Permissions: []authz.Permission{place.PermSee}})
		if err != nil {
			t.Fatal(err)
		}
		if rec := w.do(call{method: "GET", path: "/grids", token: text}); rec.Code != 200 {
			t.Errorf("what it may = %d %s", rec.Code, rec.Body)
		}
		if rec := w.do(call{method: "GET", path: "/organisations", token: text}); rec.Code != 403 {
			t.Errorf("what it may not = %d, want 403", rec.Code)
		}
		if rec := w.do(call{method: "POST", path: "/tokens", token: text, body: `{"name":"more"}`}); rec.Code != 403 {
			t.Errorf("a token from a token = %d, want 403", rec.Code)
		}
	})
}

// Somebody of one community finds only what lies in it: out of scope is not found.
func TestOutOfScopeIsNotFound(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		made, err := w.app.Authn.CreateMany(t.Context(), authz.System(s.tenant, "test"), password, []authn.NewAccount{{Login: "clerk", Name: "丙", Keep: true,
			Grants: []authn.NewGrant{{Role: "everything", OrgID: rest.ID(s.names["community2"]).ID()}}}})
		must(w, made, err)
		actor, err := w.app.Authn.ActorFor(t.Context(), s.tenant, made[0].ID)
		must(w, 0, err)
		token, _, err := w.app.Authn.CreateToken(t.Context(), actor, authn.NewToken{Name: "clerk"})
		must(w, 0, err)
		for _, path := range []string{"/organisations/" + s.names["unit"], "/residents/" + s.names["person"], "/members/" + s.names["member"]} {
			if rec := w.do(call{method: "GET", path: path, token: token}); rec.Code != 404 {
				t.Errorf("GET %s = %d, want 404", path, rec.Code)
			}
		}
		list := decode(t, w.do(call{method: "GET", path: "/residents", token: token}).Body)
		if n := len(list["items"].([]any)); n != 0 {
			t.Errorf("residents of another community: %d", n)
		}
	})
}

func TestTheSessionServesThePagesOfThisSiteOnly(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		cookie, c, err := w.app.Authn.Login(t.Context(), authn.Attempt{Login: s.login, Password: password})
		if err != nil || !c.Full() {
			t.Fatalf("Login = %+v, %v", c, err)
		}
		body := `{"community_id":"` + s.names["community"] + `","name":"幸福里"}`
		cases := []struct {
			name   string
			method string
			header map[string]string
			want   int
		}{
			{"a page reads", "GET", map[string]string{"Sec-Fetch-Site": "same-origin"}, 200},
			{"another site reads", "GET", map[string]string{"Sec-Fetch-Site": "cross-site"}, 403},
			{"a program with a stolen cookie", "GET", nil, 403},
			{"another site writes", "POST", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example"}, 403},
			{"a sister site writes", "POST", map[string]string{"Sec-Fetch-Site": "same-site"}, 403},
			{"a program writes", "POST", nil, 403},
			{"a page writes", "POST", map[string]string{"Sec-Fetch-Site": "same-origin"}, 201},
		}
		for _, c := range cases {
			h := map[string]string{"Cookie": "linli_session=" + cookie}
			for k, v := range c.header {
				h[k] = v
			}
			in := call{method: c.method, path: "/quarters", header: h}
			if c.method == "POST" {
				in.body = body
			}
			if rec := w.do(in); rec.Code != c.want {
				t.Errorf("%s = %d %s, want %d", c.name, rec.Code, rec.Body, c.want)
			}
		}
	})
}

func TestTooManyRequestsAndTooLargeOnes(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		s := w.sides[0]
		large := call{method: "POST", path: "/quarters", token: s.token, body: `{"name":"` + strings.Repeat("x", 1<<20) + `"}`}
		if rec := w.do(large); rec.Code != 413 {
			t.Errorf("more than 1 MB = %d, want 413", rec.Code)
		}
		large.header = map[string]string{"Idempotency-Key": "big"}
		if rec := w.do(large); rec.Code != 413 {
			t.Errorf("more than 1 MB with a key = %d, want 413", rec.Code)
		}
		w.h = w.app.APIKit("test", 1).Handler()
		refused := 0
		for range 8 {
			rec := w.do(call{method: "GET", path: "/me", token: s.token})
			if rec.Code == 429 {
				refused++
				if rec.Header().Get("Retry-After") == "" {
					t.Error("429 without Retry-After")
				}
			}
		}
		if refused == 0 || refused == 8 {
			t.Errorf("%d of 8 quick requests refused, want some", refused)
		}
		if rec := w.do(call{method: "GET", path: "/me", token: w.sides[1].token}); rec.Code != 200 {
			t.Errorf("somebody else = %d, want 200", rec.Code)
		}
	})
}

func TestWhoAmI(t *testing.T) {
	eachWorld(t, func(t *testing.T, w *world) {
		me := decode(t, w.do(call{method: "GET", path: "/me", token: w.sides[1].token}).Body)
		if me["tenant"] != "321102" || len(me["permissions"].([]any)) != len(w.app.Authn.Known()) || me["account_id"] != w.sides[1].names["account"] {
			t.Errorf("me = %v", me)
		}
		if !w.sides[1].actor.Can(organisation.PermSee) {
			t.Error("the test's account may not do everything")
		}
	})
}
