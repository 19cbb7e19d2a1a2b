package backup_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"linli/internal/audit"
	"linli/internal/backup"
	"linli/internal/db"
	"linli/internal/testkit"
)

func quiet(int64, int64) {}

// fill puts rows with every type and awkward value into d.
func fill(t *testing.T, d *db.DB) {
	t.Helper()
	ctx := t.Context()
	err := d.WithTx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, `INSERT INTO tenant (tenant_id, name, created_at) VALUES (320902, $1, 1)`, "亭湖区 \"quoted\" \\ <b> \u2028"); err != nil {
			return err
		}
		err := tx.InsertMany(ctx, "account", []string{"tenant_id", "id", "login", "name", "must_change", "totp_secret", "created_at"}, 1200, func(i int) []any {
			var secret []byte
			if i%2 == 0 {
				secret = []byte{0, 1, 255, byte(i)}
			}
			return []any{int64(320902), int64(1)<<62 + int64(i), "user" + strings.Repeat("x", i%5) + string(rune('a'+i%26)) + time.Duration(i).String(), "名\n\t" + string(rune(0x4e00+i)), i%3 == 0, secret, int64(1)<<53 + 1}
		})
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, testkit.Actor(320902, nil), audit.Entry{Action: "a.b"})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func dump(t *testing.T, d *db.DB) []byte {
	t.Helper()
	var b bytes.Buffer
	sum, err := backup.Write(t.Context(), d, &b, quiet)
	if err != nil || sum.Rows != 1202 || sum.Tables < 20 {
		t.Fatalf("Write = %+v, %v", sum, err)
	}
	return b.Bytes()
}

func read(t *testing.T, d *db.DB, b []byte) (backup.Totals, error) {
	t.Helper()
	return backup.Read(t.Context(), d, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }, quiet)
}

// contents are the accounts as text, to be compared.
func contents(t *testing.T, d *db.DB) []string {
	t.Helper()
	type row struct {
		id, created int64
		login, name string
		change      bool
		secret      []byte
	}
	rows, err := db.All(t.Context(), d, func(r *row) []any { return []any{&r.id, &r.login, &r.name, &r.change, &r.secret, &r.created} },
		`SELECT id, login, name, must_change, totp_secret, created_at FROM account ORDER BY id`)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, r := range rows {
		out = append(out, strings.Join([]string{time.Duration(r.id).String(), r.login, r.name, string(r.secret), time.Duration(r.created).String()}, "|")+map[bool]string{true: "+", false: "-"}[r.change])
	}
	return out
}

func TestABackupOfEitherEngineRestoresIntoEither(t *testing.T) {
	testkit.EachDB(t, func(t *testing.T, from *db.DB) {
		fill(t, from)
		b := dump(t, from)
		want := contents(t, from)
		testkit.EachDB(t, func(t *testing.T, to *db.DB) {
			sum, err := read(t, to, b)
			if err != nil || sum.Rows != 1202 {
				t.Fatalf("Read = %+v, %v", sum, err)
			}
			if diff := cmp.Diff(want, contents(t, to)); diff != "" {
				t.Errorf("contents differ (-want +got):\n%s", diff)
			}
			if _, err := read(t, to, b); !errors.Is(err, backup.ErrNotEmpty) {
				t.Errorf("a second restore = %v, want a refusal", err)
			}
		})
	})
}

func TestDamagedBackupsLeaveNothingBehind(t *testing.T) {
	from := testkit.SQLite(t, time.Now)
	fill(t, from)
	b := dump(t, from)
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	again := func(change func(string) string) []byte {
		var out bytes.Buffer
		w := gzip.NewWriter(&out)
		if _, err := io.WriteString(w, change(string(text))); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		return out.Bytes()
	}
	cases := map[string][]byte{
		"empty":              {},
		"half a file":        b[:len(b)/2],
		"not compressed":     text,
		"another file":       again(func(string) string { return "hello\n" }),
		"one letter changed": again(func(s string) string { return strings.Replace(s, "userxx", "userxy", 1) }),
		"a row missing": again(func(s string) string {
			i := strings.Index(s, "[320902,461")
			return s[:i] + s[i+strings.IndexByte(s[i:], '\n')+1:]
		}),
		"without its last line": again(func(s string) string { return s[:strings.LastIndexByte(s[:len(s)-1], '\n')+1] }),
		"something behind":      again(func(s string) string { return s + "{}\n" }),
		"another schema":        again(func(s string) string { return strings.Replace(s, `"schema":`, `"schema":9`, 1) }),
		"a table of evil": again(func(s string) string {
			return strings.Replace(s, `"table":"account"`, `"table":"account; DROP TABLE x"`, 1)
		}),
		"a column of evil": again(func(s string) string { return strings.Replace(s, `"login"`, `"login) --"`, 1) }),
	}
	for name, b := range cases {
		t.Run(name, func(t *testing.T) {
			each := func(t *testing.T, fn func(*testing.T, *db.DB)) { fn(t, testkit.SQLite(t, time.Now)) }
			if name == "one letter changed" { // found at the very end, when everything is written
				each = testkit.EachDB
			}
			each(t, func(t *testing.T, to *db.DB) {
				if _, err := read(t, to, b); !errors.Is(err, backup.ErrBad) {
					t.Errorf("Read = %v, want %v", err, backup.ErrBad)
				}
				n, err := db.Value[int64](t.Context(), to, `SELECT (SELECT count(*) FROM account) + (SELECT count(*) FROM tenant)`)
				if err != nil || n != 0 {
					t.Errorf("%d rows are left behind, %v", n, err)
				}
			})
		})
	}
}

func FuzzRead(f *testing.F) {
	f.Add([]byte("{\"format\":\"linli-backup\",\"version\":1,\"schema\":4}\n{\"table\":\"tenant\",\"columns\":[\"tenant_id\"]}\n[1]\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var b bytes.Buffer
		w := gzip.NewWriter(&b)
		_, _ = w.Write(text) // into memory
		_ = w.Close()
		d := testkit.SQLite(t, time.Now)
		if _, err := read(t, d, b.Bytes()); err == nil {
			n, _ := db.Value[int64](t.Context(), d, `SELECT count(*) FROM tenant`)
			t.Logf("taken with %d tenants", n)
		}
	})
}
