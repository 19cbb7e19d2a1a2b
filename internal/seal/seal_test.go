package seal_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"linli/internal/id"
	"linli/internal/seal"
)

func TestHashIsSM3(t *testing.T) { // SEC-12
	if got, want := seal.Hash([]byte("abc")), "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"; got != want {
		t.Errorf("Hash(abc) = %s, want %s", got, want)
	}
}

func TestWhatIsSealedOpensInItsPlaceOnly(t *testing.T) {
	r := seal.Ephemeral()
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.StringN(1, 200, -1).Draw(t, "plain")
		row := id.ID(rapid.Int64Range(1, 1<<62).Draw(t, "row"))
		sealed := r.Seal("person", "phone", row, plain)
		if len(plain) > 3 && bytes.Contains(sealed, []byte(plain)) {
			t.Fatal("the sealed value shows the plain one")
		}
		if got, err := r.Open("person", "phone", row, sealed); err != nil || got != plain {
			t.Fatalf("Open = %q, %v, want %q", got, err, plain)
		}
		for name, open := range map[string]func() (string, error){
			"another row":    func() (string, error) { return r.Open("person", "phone", row+1, sealed) },
			"another column": func() (string, error) { return r.Open("person", "id_number", row, sealed) },
			"another table":  func() (string, error) { return r.Open("member", "phone", row, sealed) },
			"other keys":     func() (string, error) { return seal.Ephemeral().Open("person", "phone", row, sealed) },
		} {
			if got, err := open(); err == nil {
				t.Fatalf("%s: Open = %q, want an error", name, got)
			}
		}
		i := rapid.IntRange(0, len(sealed)-1).Draw(t, "byte")
		spoilt := bytes.Clone(sealed)
		spoilt[i] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
		if got, err := r.Open("person", "phone", row, spoilt); err == nil {
			t.Fatalf("with bit of byte %d turned: Open = %q, want an error", i, got)
		}
	})
}

func TestTheSameValueIsNeverSealedAlike(t *testing.T) {
	r := seal.Ephemeral()
	seen := map[string]bool{}
	for range 1000 {
		s := string(r.Seal("person", "phone", 1, "13800138000"))
		if seen[s] {
			t.Fatal("a nonce came twice")
		}
		seen[s] = true
	}
}

func TestIndexFindsEqualsAndKeepsKindsApart(t *testing.T) {
	r := seal.Ephemeral()
	a := r.Index("phone", "13800138000")
	switch {
	case a != r.Index("phone", "13800138000"):
		t.Error("equal values have different indexes")
	case a == r.Index("phone", "13800138001"), a == r.Index("id_number", "13800138000"), a == seal.Ephemeral().Index("phone", "13800138000"):
		t.Error("different values, kinds or keys have the same index")
	case strings.Contains(a, "138"), r.Index("phone", "") != "":
		t.Error("the index shows its value, or nothing has an index")
	}
}

func TestRotationKeepsOldValuesReadable(t *testing.T) {
	file := filepath.Join(t.TempDir(), "deep", "keys")
	first, err := seal.LoadOrCreate(file)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v, %v, want 0600", info.Mode(), err)
	}
	sealed := first.Seal("person", "phone", 7, "13800138000")
	if n, err := seal.Rotate(file); err != nil || n != 2 {
		t.Fatal(n, err)
	}
	second, err := seal.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := second.Open("person", "phone", 7, sealed); err != nil || got != "13800138000" {
		t.Errorf("after rotation Open = %q, %v", got, err)
	}
	fresh := second.Seal("person", "phone", 7, "13800138000")
	if fresh[0] == sealed[0] {
		t.Error("new values still take the old key")
	}
	if got, err := first.Open("person", "phone", 7, fresh); err != nil || got != "13800138000" {
		t.Errorf("a server that runs on does not follow its key file: %q, %v", got, err)
	}
	if again := first.Seal("person", "phone", 7, "1"); seal.KeyOf(again) != 2 || first.Current() != 2 || first.Count() != 2 {
		t.Errorf("a server that runs on seals with key %d", seal.KeyOf(again))
	}
	if first.Index("phone", "1") != second.Index("phone", "1") {
		t.Error("rotation changed the blind index")
	}
}

func TestAKeyIsRetiredWhenItRests(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys")
	first, err := seal.LoadOrCreate(file)
	if err != nil {
		t.Fatal(err)
	}
	sealed := first.Seal("person", "phone", 7, "13800138000")
	later := time.Now().Add(2 * time.Minute)
	if _, err := seal.Retire(file, 1, later); !errors.Is(err, seal.ErrCurrent) {
		t.Errorf("Retire(current) = %v", err)
	}
	if _, err := seal.Rotate(file); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.Retire(file, 9, later); !errors.Is(err, seal.ErrNoKey) {
		t.Errorf("Retire(none) = %v", err)
	}
	if _, err := seal.Retire(file, 1, time.Now()); !errors.Is(err, seal.ErrTooSoon) {
		t.Errorf("Retire at once = %v: a server may still seal with it", err)
	}
	kept, err := seal.Retire(file, 1, later)
	if err != nil {
		t.Fatal(err)
	}
	list, err := seal.Keys(file)
	if err != nil || len(list) != 1 || list[0].Number != 2 || !list[0].Current || list[0].Made.IsZero() {
		t.Errorf("Keys = %+v, %v", list, err)
	}
	now, err := seal.Load(file)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := now.Open("person", "phone", 7, sealed); !errors.Is(err, seal.ErrOpen) {
		t.Errorf("a retired key still opens: %v", err)
	}
	old, err := seal.Load(kept)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := old.Open("person", "phone", 7, sealed); err != nil || got != "13800138000" {
		t.Errorf("the key set aside opens %q, %v: backups made under it would be lost", got, err)
	}
	if info, err := os.Stat(kept); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key set aside has mode %v, %v", info.Mode(), err)
	}
	if n, err := seal.Rotate(file); err != nil || n != 3 {
		t.Errorf("Rotate = %d, %v: numbers are never used again", n, err)
	}
}

func TestSpoiltKeyFiles(t *testing.T) {
	for name, content := range map[string]string{"empty": "", "no JSON": "keys", "no keys": "{}", "a short key": `{"current":1,"keys":{"1":"AAAA"},"index":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="}`} {
		file := filepath.Join(t.TempDir(), "keys")
		if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := seal.LoadOrCreate(file); err == nil {
			t.Errorf("%s: taken", name)
		}
		if b, _ := os.ReadFile(file); string(b) != content {
			t.Errorf("%s: the file was overwritten", name)
		}
	}
}

func FuzzOpen(f *testing.F) {
	r := seal.Ephemeral()
	f.Add([]byte{})
	f.Add([]byte{1})
	f.Add(r.Seal("t", "c", 1, "x"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if got, err := r.Open("t", "c", 2, b); err == nil && got != "" {
			t.Errorf("Open(%x) = %q", b, got)
		}
	})
}
