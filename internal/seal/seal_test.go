package seal_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/emmansun/gmsm/sm4"
	"pgregory.net/rapid"

	"linli/internal/id"
	"linli/internal/seal"
)

// TestVectors holds the algorithms against the published values (SEC-12).
func TestVectors(t *testing.T) {
	if got := seal.Hash([]byte("abc")); got != "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0" {
		t.Errorf("SM3(abc) = %s", got)
	}
	key := []byte{0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef, 0xfe, 0xdc, 0xba, 0x98, 0x76, 0x54, 0x32, 0x10}
	c, err := sm4.NewCipher(key)
	if err != nil {
		t.Fatal(err)
	}
	out := make([]byte, 16)
	c.Encrypt(out, key)
	if want := "\x68\x1e\xdf\x34\xd2\x06\x96\x5e\x86\xb3\xe9\x4f\x53\x6e\x42\x46"; string(out) != want {
		t.Errorf("SM4 = %x", out)
	}
}

func TestASealedValueOpensOnlyWhereItWasSealed(t *testing.T) {
	r := seal.Ephemeral()
	rapid.Check(t, func(rt *rapid.T) {
		plain := rapid.StringN(1, 40, -1).Draw(rt, "plain")
		row := id.ID(rapid.Int64Range(1, 1<<60).Draw(rt, "row"))
		sealed := r.Seal("person", "phone", row, plain)
		if got, err := r.Open("person", "phone", row, sealed); err != nil || got != plain {
			rt.Fatalf("Open = %q, %v", got, err)
		}
		again := r.Seal("person", "phone", row, plain)
		if string(again) == string(sealed) {
			rt.Fatal("two sealings of one value are equal")
		}
		for name, open := range map[string]func() (string, error){
			"another row":    func() (string, error) { return r.Open("person", "phone", row+1, sealed) },
			"another column": func() (string, error) { return r.Open("person", "id_number", row, sealed) },
			"another table":  func() (string, error) { return r.Open("organisation", "phone", row, sealed) },
			"another ring":   func() (string, error) { return seal.Ephemeral().Open("person", "phone", row, sealed) },
			"one bit": func() (string, error) {
				return r.Open("person", "phone", row, flip(sealed, rapid.IntRange(0, len(sealed)-1).Draw(rt, "byte")))
			},
			"cut short": func() (string, error) {
				return r.Open("person", "phone", row, sealed[:rapid.IntRange(1, len(sealed)-1).Draw(rt, "cut")])
			},
		} {
			if got, err := open(); !errors.Is(err, seal.ErrOpen) {
				rt.Fatalf("%s: Open = %q, %v", name, got, err)
			}
		}
	})
}

func flip(b []byte, i int) []byte {
	c := append([]byte(nil), b...)
	c[i] ^= 1
	return c
}

func TestNothingIsSealedAsNothing(t *testing.T) {
	r := seal.Ephemeral()
	if b := r.Seal("t", "c", 1, ""); b != nil {
		t.Errorf("Seal of nothing = %x", b)
	}
	if s, err := r.Open("t", "c", 1, nil); s != "" || err != nil {
		t.Errorf("Open of nothing = %q, %v", s, err)
	}
	if r.Index("phone", "") != "" {
		t.Error("nothing has an index")
	}
}

func TestIndexFindsEqualValuesOfOneKindOnly(t *testing.T) {
	r := seal.Ephemeral()
	if r.Index("phone", "1") != r.Index("phone", "1") {
		t.Error("equal values differ")
	}
	for _, other := range []string{r.Index("phone", "2"), r.Index("id_number", "1"), seal.Ephemeral().Index("phone", "1")} {
		if other == r.Index("phone", "1") {
			t.Error("different values have one index")
		}
	}
}

func TestRotatedKeysStillOpenOldValues(t *testing.T) {
	path := filepath.Join(t.TempDir(), "keys", "linli.keys")
	first, err := seal.LoadOrCreate(path)
	if err != nil {
		t.Fatal(err)
	}
	old := first.Seal("t", "c", 1, "old")
	if err := seal.Rotate(path); err != nil {
		t.Fatal(err)
	}
	second, err := seal.LoadOrCreate(path)
	if err != nil {
		t.Fatal(err)
	}
	if got, err := second.Open("t", "c", 1, old); err != nil || got != "old" {
		t.Errorf("after rotating: %q, %v", got, err)
	}
	if first.Index("k", "v") != second.Index("k", "v") {
		t.Error("rotating changed the blind index: nothing would be found any more")
	}
	fresh := second.Seal("t", "c", 1, "new")
	if _, err := first.Open("t", "c", 1, fresh); !errors.Is(err, seal.ErrOpen) {
		t.Error("a value sealed with the new key opens with the old ring")
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the key file has mode %v, %v", info.Mode(), err)
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := seal.LoadOrCreate(path); err == nil {
		t.Error("a damaged key file was replaced")
	}
}

func BenchmarkSeal(b *testing.B) {
	r := seal.Ephemeral()
	for b.Loop() {
		r.Seal("person", "id_number", 1, "999999199001010016")
	}
}

func BenchmarkIndex(b *testing.B) {
	r := seal.Ephemeral()
	for b.Loop() {
		r.Index("id_number", "999999199001010016")
	}
}
