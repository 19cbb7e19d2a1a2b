package main

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"linli/internal/testkit"
)

// command runs linli in-process and gives its exit code and what it wrote.
func linli(t *testing.T, in string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	env := &env{in: strings.NewReader(in), out: &o, err: &e, getenv: func(k string) string {
		if k == "LINLI_LANG" {
			return "en"
		}
		return ""
	}}
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	code = env.run(ctx, args)
	if both := o.String() + e.String(); strings.Contains(both, "goroutine ") || strings.Contains(both, "panic") {
		t.Errorf("linli %v shows a stack:\n%s", args, both)
	}
	return code, o.String(), e.String()
}

func want(t *testing.T, wantCode int, wantText string, in string, args ...string) string {
	t.Helper()
	code, out, errOut := linli(t, in, args...)
	if code != wantCode || !strings.Contains(out+errOut, wantText) {
		t.Errorf("linli %s = %d, want %d and %q:\n%s%s", strings.Join(args, " "), code, wantCode, wantText, out, errOut)
	}
	return out
}

func TestWrongUsage(t *testing.T) {
	db := "sqlite:" + filepath.Join(t.TempDir(), "linli.db")
	want(t, 0, "linli serve", "")
	want(t, 0, "linli serve", "", "help")
	want(t, 0, "退出码", "", "-h")
	want(t, 0, "-dry-run", "", "import", "-h")
	want(t, 0, "-dry-run", "", "help", "import")
	want(t, 2, "no command", "", "frobnicate")
	want(t, 2, "linli import -h", "", "import", "divisions")
	want(t, 2, "linli import -h", "", "import", "divisions", "-frob", "x")
	want(t, 2, "There are: divisions", "", "import", "nothing", "-db", db, "main_test.go")
	want(t, 2, "Wrong arguments", "", "slips", "-quarter", "2026Q5", "-out", "x", "-db", db)
	want(t, 2, "Wrong arguments", "", "backup", "-db", db)
	want(t, 2, "Wrong arguments", "", "user", "add", "-db", db)
	want(t, 0, "linli unknown", "", "version")
}

func TestBadSurroundingsAreToldPlainly(t *testing.T) {
	dir := t.TempDir()
	db := "sqlite:" + filepath.Join(dir, "linli.db")
	want(t, 1, "sqlite:FILE or postgres://", "", "migrate", "-db", "mysql://x")
	want(t, 1, "cannot be opened", "", "verify", "-db", "postgres://u:topsecret@127.0.0.1:1/x")
	if _, _, e := linli(t, "", "verify", "-db", "postgres://u:topsecret@127.0.0.1:1/x"); strings.Contains(e, "topsecret") {
		t.Errorf("the password is shown: %s", e)
	}
	want(t, 1, "cannot be opened", "", "migrate", "-db", "sqlite:"+dir+"/none/x.db")
	want(t, 1, "linli migrate", "", "verify", "-db", db)
	want(t, 1, "Cannot read the file", "", "import", "divisions", "-db", db, dir+"/none.csv")
	want(t, 0, "Migrated", "", "migrate", "-db", db)
	want(t, 0, "nothing to do", "", "migrate", "-db", db)
	want(t, 1, "no district yet", "", "import", "units", "-db", db, "main_test.go")
	want(t, 0, "Created", "", "tenant", "add", "-db", db, "-name", "亭湖区", "320902")
	want(t, 1, "already", "", "tenant", "add", "-db", db, "-name", "亭湖区", "320902")
	if err := os.Remove(filepath.Join(dir, "linli.keys")); err != nil {
		t.Fatal(err)
	}
	want(t, 1, "key file", "", "verify", "-db", db)
	want(t, 1, "key file", "", "keys", "rotate", "-db", db)
}

func write(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "list.csv")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

const divisions = `code,level,name,parent_code,province,city,county,street
320000000000,1,江苏省,,江苏省,,,
320900000000,2,盐城市,320000000000,江苏省,盐城市,,
320902000000,3,亭湖区,320900000000,江苏省,盐城市,亭湖区,
320902001000,4,五星街道,320902000000,江苏省,盐城市,亭湖区,五星街道
320902001001,5,雅和社区居委会,320902001000,江苏省,盐城市,亭湖区,五星街道
`

// summary runs an import and reads its JSON.
func summary(t *testing.T, wantCode int, args ...string) map[string]any {
	t.Helper()
	code, out, errOut := linli(t, "", append([]string{"import", "divisions", "-json"}, args...)...)
	var m map[string]any
	if err := json.Unmarshal([]byte(out), &m); err != nil || code != wantCode {
		t.Fatalf("import %v = %d (want %d), %v:\n%s%s", args, code, wantCode, err, out, errOut)
	}
	return m
}

func TestImportMakesItsTenantAndIsRepeatable(t *testing.T) {
	eachURL(t, func(t *testing.T, db string) {
		keys := filepath.Join(t.TempDir(), "keys")
		file := write(t, divisions)
		check := func(m map[string]any, inserted, unchanged, rejected float64) {
			t.Helper()
			for k, v := range map[string]float64{"rows": inserted + unchanged + rejected, "inserted": inserted, "updated": 0, "unchanged": unchanged, "rejected": rejected} {
				if m[k] != v {
					t.Errorf("%s = %v, want %v", k, m[k], v)
				}
			}
		}
		check(summary(t, 0, "-db", db, "-keys", keys, "-dry-run", file), 5, 0, 0)
		check(summary(t, 0, "-db", db, "-keys", keys, file), 5, 0, 0)
		check(summary(t, 0, file, "-db", db, "-keys", keys), 0, 5, 0)
		bad := write(t, divisions+"990902001002,5,某社区,320902001000,江苏省,盐城市,亭湖区,五星街道\n320902001003,5,新社区,320902001000,江苏省,盐城市,亭湖区,五星街道\n")
		if m := summary(t, 1, "-db", db, "-keys", keys, bad); m["rejected"] != 1.0 || m["state"] != "refused" {
			t.Errorf("a bad row: %v", m)
		}
		if m := summary(t, 1, "-db", db, "-keys", keys, "-take-good", bad); m["rejected"] != 1.0 || m["inserted"] != 1.0 {
			t.Errorf("a bad row with -take-good: %v", m)
		}
		want(t, 0, "nothing wrong", "", "verify", "-db", db, "-keys", keys)
	})
}

func TestTheSmallestDivisionIsTheTenant(t *testing.T) {
	head := "code,level,name\n"
	cases := []struct{ name, rows, want string }{
		{"one county with those above it", "320000000000,1,江苏省\n320900000000,2,盐城市\n320902000000,3,亭湖区\n", "(320902)"},
		{"two counties of a city", "320000000000,1,江苏省\n320900000000,2,盐城市\n320902000000,3,亭湖区\n320903000000,3,盐都区\n", "(320900)"},
		{"two cities of a province", "320000000000,1,江苏省\n320900000000,2,盐城市\n320902000000,3,亭湖区\n321100000000,2,镇江市\n321102000000,3,京口区\n", "(320000)"},
		{"two provinces", "320000000000,1,江苏省\n320900000000,2,盐城市\n320902000000,3,亭湖区\n330000000000,1,浙江省\n330100000000,2,杭州市\n330102000000,3,上城区\n", "(100000)"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			db := "sqlite:" + filepath.Join(t.TempDir(), "linli.db")
			want(t, 0, c.want, "", "import", "divisions", "-db", db, "-dry-run", write(t, head+c.rows))
		})
	}
	db := "sqlite:" + filepath.Join(t.TempDir(), "linli.db")
	want(t, 1, "-tenant", "", "import", "divisions", "-db", db, write(t, head+"320000000000,1,江苏省\n"))
}

// eachURL gives the URL of an empty database of each engine.
func eachURL(t *testing.T, fn func(t *testing.T, url string)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, "sqlite:"+filepath.Join(t.TempDir(), "linli.db")) })
	t.Run("postgres", func(t *testing.T) { fn(t, testkit.Postgres(t, time.Now).URL()) })
}

func TestUsers(t *testing.T) {
	db := "sqlite:" + filepath.Join(t.TempDir(), "linli.db")
	want(t, 0, "Created", "", "tenant", "add", "-db", db, "-name", "亭湖区", "320902")
	args := func(more ...string) []string {
		return append([]string{"user", "add", "-db", db, "-login", "admin", "-name", "Zhao", "-role", "platform_admin"}, more...)
	}
	want(t, 2, "-password-file", "", args()...)
	want(t, 2, "-password-file", "", args("-password-file", "-")...)
	want(t, 1, "At least 12", "short\n", args("-password-file", "-")...)
	want(t, 1, "no organisation", "", args("-temporary", "-org", "Nowhere")...)
	want(t, 1, "listed options", "", append(args("-temporary"), "-role", "king")...)
	out := want(t, 0, "otpauth://totp/Linli:admin@320902", "correct horse battery\n", args("-password-file", "-", "-totp")...)
	if strings.Contains(out, "correct horse") {
		t.Error("the password is shown")
	}
	want(t, 1, "has this name already", "correct horse battery\n", args("-password-file", "-")...)
	out = want(t, 0, "Temporary password", "", "user", "add", "-db", db, "-login", "second", "-name", "Qian", "-role", "district", "-temporary")
	if !regexp.MustCompile(`[a-z2-9]{4}(-[a-z2-9]{4}){3}`).MatchString(out) {
		t.Errorf("no temporary password in %q", out)
	}
}

func TestBackupAndRestore(t *testing.T) {
	eachURL(t, func(t *testing.T, db string) {
		dir := t.TempDir()
		keys, file := filepath.Join(dir, "keys"), filepath.Join(dir, "linli.backup")
		summary(t, 0, "-db", db, "-keys", keys, write(t, divisions))
		want(t, 0, "Backed up", "", "backup", "-db", db, "-keys", keys, "-o", file)
		want(t, 1, "exists already", "", "backup", "-db", db, "-keys", keys, "-o", file)
		want(t, 1, "holds data", "", "restore", "-db", db, "-keys", keys, file)
		other := "sqlite:" + filepath.Join(dir, "other.db")
		want(t, 1, "no usable backup", "", "restore", "-db", other, write(t, "hello"))
		want(t, 0, "Restored", "", "restore", "-db", other, "-keys", keys, file)
		want(t, 0, "nothing wrong", "", "verify", "-db", other, "-keys", keys)
		if m := summary(t, 0, "-db", other, "-keys", keys, write(t, divisions)); m["unchanged"] != 5.0 {
			t.Errorf("after the restore: %v", m)
		}
		want(t, 0, "nothing wrong", "", "backup", "-verify", file, "-db", db, "-keys", keys)
		want(t, 1, "no usable backup", "", "backup", "-verify", write(t, "hello"), "-db", db, "-keys", keys)
		cover, sealed, third := filepath.Join(dir, "cover"), filepath.Join(dir, "sealed.backup"), "sqlite:"+filepath.Join(dir, "third.db")
		if err := os.WriteFile(cover, []byte("MDEyMzQ1Njc4OWFiY2RlZg==\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		want(t, 0, "Backed up", "", "backup", "-db", db, "-keys", keys, "-key", cover, "-o", sealed)
		want(t, 1, "encrypted", "", "backup", "-verify", sealed, "-db", db, "-keys", keys)
		want(t, 1, "encrypted", "", "restore", "-db", third, "-keys", keys, sealed)
		want(t, 0, "nothing wrong", "", "backup", "-verify", sealed, "-db", db, "-keys", keys, "-key", cover)
		want(t, 0, "Restored", "", "restore", "-db", third, "-keys", keys, "-key", cover, sealed)
		want(t, 1, "cannot be used", "", "backup", "-verify", sealed, "-db", db, "-keys", keys, "-key", keys)
		want(t, 0, "Added key 2", "", "keys", "rotate", "-db", other, "-keys", keys)
		want(t, 0, "nothing wrong", "", "verify", "-db", other, "-keys", keys)
	})
}

func TestKeysAreRotatedSealedAnewAndRetired(t *testing.T) {
	eachURL(t, func(t *testing.T, db string) {
		keys := filepath.Join(t.TempDir(), "keys")
		cmd := func(words ...string) []string { return append(words, "-db", db, "-keys", keys) }
		want(t, 0, "Created", "", cmd("tenant", "add", "-name", "亭湖区", "320902")...)
		want(t, 0, "otpauth", "correct horse battery\n", cmd("user", "add", "-login", "admin", "-name", "Zhao", "-role", "platform_admin", "-password-file", "-", "-totp")...)
		want(t, 0, "Key 1 (current, made the first start): 1 values", "", cmd("keys", "list")...)
		want(t, 1, "current one", "", cmd("keys", "retire", "1")...)
		want(t, 0, "Added key 2", "", cmd("keys", "rotate")...)
		want(t, 1, "1 values are sealed with it", "", cmd("keys", "retire", "1")...)
		want(t, 1, "no key 7", "", cmd("keys", "retire", "7")...)
		want(t, 2, "Wrong arguments", "", cmd("keys", "retire", "one")...)
		want(t, 0, "Sealed 1 values anew with key 2", "", cmd("keys", "reseal")...)
		want(t, 0, "Sealed 0 values", "", cmd("keys", "reseal")...)
		want(t, 1, "a moment ago", "", cmd("keys", "retire", "1")...)
		b, err := os.ReadFile(keys)
		if err != nil {
			t.Fatal(err)
		}
		early := regexp.MustCompile(`"2": "20[^"]*"`).ReplaceAll(b, []byte(`"2": "2026-01-01T00:00:00Z"`))
		if err := os.WriteFile(keys, early, 0o600); err != nil {
			t.Fatal(err)
		}
		want(t, 0, keys+".retired-1", "", cmd("keys", "retire", "1")...)
		if out := want(t, 0, `"values":1`, "", cmd("keys", "list", "-json")...); strings.Contains(out, `"key":1,`) || strings.Contains(out, "missing") {
			t.Errorf("after retiring: %s", out)
		}
		want(t, 0, "nothing wrong", "", cmd("verify")...)
	})
}

func TestVerifyListsFaults(t *testing.T) {
	d := testkit.Postgres(t, time.Now)
	keys := filepath.Join(t.TempDir(), "keys")
	summary(t, 0, "-db", d.URL(), "-keys", keys, write(t, divisions))
	testkit.Exec(t, d, `INSERT INTO policy (tenant_id, name, valid_from, value, set_at) VALUES (320902, 'x', '2026-01-01', 'many', 1)`)
	want(t, 1, "policy x from 2026-01-01 is not a number", "", "verify", "-db", d.URL(), "-keys", keys)
	code, out, _ := linli(t, "", "verify", "-json", "-db", d.URL(), "-keys", keys)
	var found []map[string]any
	if err := json.Unmarshal([]byte(out), &found); err != nil || code != 1 || len(found) != 1 || found[0]["package"] != "policy" {
		t.Errorf("verify -json = %d, %v, %v", code, found, err)
	}
}

func TestTemplates(t *testing.T) {
	for _, kind := range []string{"divisions", "units", "residents"} {
		file := filepath.Join(t.TempDir(), kind+".xlsx")
		want(t, 0, "Wrote", "", "template", kind, "-o", file)
		if info, err := os.Stat(file); err != nil || info.Size() < 1000 {
			t.Errorf("template %s: %v", kind, err)
		}
		want(t, 1, "exists already", "", "template", kind, "-o", file)
	}
}

func TestServeUntilToldToStop(t *testing.T) {
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	e := &env{in: strings.NewReader(""), out: w, err: w, getenv: func(string) string { return "" }}
	ended := make(chan int, 1)
	go func() {
		ended <- e.run(ctx, []string{"serve", "-addr", "127.0.0.1:0", "-db", "sqlite:" + filepath.Join(t.TempDir(), "linli.db")})
	}()
	b := make([]byte, 4096)
	n, err := r.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	url := regexp.MustCompile(`http://[0-9.:]+`).FindString(string(b[:n]))
	resp, err := http.Get(url + "/readyz")
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Fatalf("GET %s/readyz = %v, %v", url, resp, err)
	}
	_ = resp.Body.Close() // nothing was read from it
	stop()
	if code := <-ended; code != 0 {
		t.Errorf("serve ended with %d", code)
	}
}
