// Package seal encrypts single fields that only few may read (ID numbers, phones) and makes blind indexes, by which a
// sealed value can be found by exact match without being opened.
//
// Sealing is SM4-GCM with a fresh nonce for each value; table, column and row are authenticated with it, so that a sealed
// value copied to another row does not open. The index is HMAC-SM3 under a key of its own. The key ring holds several keys:
// new values take the current one, old ones open with the key they name, so that keys can be rotated (SEC-5, SEC-11).
package seal

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"sync"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"

	"linli/internal/id"
)

// Ring holds the keys. It is safe for concurrent use.
type Ring struct {
	current byte
	aeads   map[byte]cipher.AEAD
	macs    sync.Pool
}

// file is the key file: keys are 16 bytes, the index key 32 bytes, in base64.
type file struct {
	Current byte            `json:"current"`
	Keys    map[byte][]byte `json:"keys"`
	Index   []byte          `json:"index"`
}

// ErrOpen means that a sealed value does not open: a wrong key, or a value that was changed or moved.
var ErrOpen = errors.New("seal: value does not open")

// Load reads the key file at path.
func Load(path string) (*Ring, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the key file: %w", err)
	}
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		return nil, fmt.Errorf("read the key file %s: %w", path, err)
	}
	return newRing(f)
}

// LoadOrCreate reads the key file at path, or makes a new one, readable by its owner only.
func LoadOrCreate(path string) (*Ring, error) {
	if r, err := Load(path); !errors.Is(err, os.ErrNotExist) {
		return r, err
	}
	f := file{Current: 1, Keys: map[byte][]byte{1: random(16)}, Index: random(32)}
	if err := write(path, f); err != nil {
		return nil, err
	}
	return newRing(f)
}

// Rotate adds a new current key to the key file at path. Values sealed before still open.
func Rotate(path string) error {
	b, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	var f file
	if err := json.Unmarshal(b, &f); err != nil {
		return err
	}
	if f.Current == 255 {
		return errors.New("seal: the key ring is full")
	}
	f.Current++
	f.Keys[f.Current] = random(16)
	return write(path, f)
}

// Ephemeral is a ring with random keys that are kept nowhere, for tests.
func Ephemeral() *Ring {
	r, err := newRing(file{Current: 1, Keys: map[byte][]byte{1: random(16)}, Index: random(32)})
	if err != nil {
		panic(err) // the lengths above are right
	}
	return r
}

func write(path string, f file) error {
	b, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp := path + ".new"
	if err := os.WriteFile(tmp, b, 0o600); err != nil {
		return err
	}
	return os.Rename(tmp, path)
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return b
}

func newRing(f file) (*Ring, error) {
	if len(f.Index) < 16 || f.Keys[f.Current] == nil {
		return nil, errors.New("seal: the key file lacks the current key or the index key")
	}
	r := &Ring{current: f.Current, aeads: map[byte]cipher.AEAD{}}
	for n, key := range f.Keys {
		block, err := sm4.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("seal: key %d: %w", n, err)
		}
		if r.aeads[n], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
	}
	index := f.Index
	r.macs.New = func() any { return hmac.New(func() hash.Hash { return sm3.New() }, index) }
	return r, nil
}

func additional(table, column string, row id.ID) []byte {
	b := make([]byte, 0, len(table)+len(column)+24)
	b = append(b, table...)
	b = append(b, '.')
	b = append(b, column...)
	b = append(b, '.')
	return append(b, row.String()...)
}

// Seal seals plain for one column of one row. The empty text is stored as nothing.
func (r *Ring) Seal(table, column string, row id.ID, plain string) []byte {
	if plain == "" {
		return nil
	}
	aead := r.aeads[r.current]
	out := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(plain)+aead.Overhead())
	out[0] = r.current
	_, _ = rand.Read(out[1:]) // never fails since Go 1.24
	return aead.Seal(out, out[1:], []byte(plain), additional(table, column, row))
}

// Open opens what Seal made for the same column and row.
func (r *Ring) Open(table, column string, row id.ID, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	aead := r.aeads[sealed[0]]
	if aead == nil || len(sealed) < 1+aead.NonceSize() {
		return "", ErrOpen
	}
	nonce, body := sealed[1:1+aead.NonceSize()], sealed[1+aead.NonceSize():]
	plain, err := aead.Open(nil, nonce, body, additional(table, column, row))
	if err != nil {
		return "", ErrOpen
	}
	return string(plain), nil
}

// Index is the blind index of a normalised value: equal values have equal indexes. kind keeps the indexes of
// different sorts of value apart ("id_number", "phone"). The empty text has the empty index.
func (r *Ring) Index(kind, value string) string {
	if value == "" {
		return ""
	}
	m := r.macs.Get().(hash.Hash)
	defer r.macs.Put(m)
	m.Reset()
	m.Write([]byte(kind))
	m.Write([]byte{0})
	m.Write([]byte(value))
	var sum [32]byte
	return base64.RawURLEncoding.EncodeToString(m.Sum(sum[:0])[:18])
}

// Hash is the SM3 digest of text in hexadecimal, for contents that are signed or verified.
func Hash(content []byte) string {
	sum := sm3.Sum(content)
	return fmt.Sprintf("%x", sum)
}
