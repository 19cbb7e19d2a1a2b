// Package seal encrypts single fields that only few may read (ID numbers, phones) and makes blind indexes, by which a
// sealed value can be found by exact match without being opened.
//
// Sealing is SM4-GCM with a fresh nonce for each value; table, column and row are authenticated with it, so that a sealed
// value copied to another row does not open. The index is HMAC-SM3 under a key of its own. The key ring holds several keys:
// new values take the current one, old ones open with the key they name, so that keys can be rotated (SEC-5, SEC-11).
// Package rekey seals old values anew. The index key is not rotated (docs/adr/0013): an index cannot be opened, only made again.
//
// A ring follows its key file: within a second of a change every running server seals with the new current key.
package seal

import (
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"encoding/base64"
	"errors"
	"fmt"
	"hash"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"github.com/emmansun/gmsm/sm4"

	"linli/internal/id"
)

// Ring holds the keys. It is safe for concurrent use.
type Ring struct {
	path    string // "" for keys that stand in no file
	keys    atomic.Pointer[keys]
	looked  atomic.Int64 // when the file was last looked at, in nanoseconds
	macs    sync.Pool
	watched sync.Mutex
}

// keys is the ring as it stood in the file at one time.
type keys struct {
	current byte
	aeads   map[byte]cipher.AEAD
	index   []byte
	stamp   string // of the file: time and size
}

// ErrOpen means that a sealed value does not open: a wrong key, or a value that was changed or moved.
var ErrOpen = errors.New("seal: value does not open")

// Load reads the key file at path.
func Load(path string) (*Ring, error) {
	stamp := stampOf(path)
	f, err := read(path)
	if err != nil {
		return nil, err
	}
	r, err := newRing(f)
	if err != nil {
		return nil, err
	}
	r.keys.Load().stamp, r.path = stamp, path
	return r, nil
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
	return Load(path)
}

// Ephemeral is a ring with random keys that are kept nowhere, for tests.
func Ephemeral() *Ring {
	r, err := newRing(file{Current: 1, Keys: map[byte][]byte{1: random(16)}, Index: random(32)})
	if err != nil {
		panic(err) // the lengths above are right
	}
	return r
}

func random(n int) []byte {
	b := make([]byte, n)
	_, _ = rand.Read(b) // never fails since Go 1.24
	return b
}

func newRing(f file) (*Ring, error) {
	k, err := newKeys(f)
	if err != nil {
		return nil, err
	}
	r := &Ring{}
	r.keys.Store(k)
	r.macs.New = func() any { return hmac.New(func() hash.Hash { return sm3.New() }, k.index) }
	return r, nil
}

func newKeys(f file) (*keys, error) {
	if len(f.Index) < 16 || f.Keys[f.Current] == nil {
		return nil, errors.New("seal: the key file lacks the current key or the index key")
	}
	k := &keys{current: f.Current, aeads: map[byte]cipher.AEAD{}, index: f.Index}
	for n, key := range f.Keys {
		block, err := sm4.NewCipher(key)
		if err != nil {
			return nil, fmt.Errorf("seal: key %d: %w", n, err)
		}
		if k.aeads[n], err = cipher.NewGCM(block); err != nil {
			return nil, err
		}
	}
	return k, nil
}

// now gives the keys, read again if the file has changed since the last look, at most a second ago.
func (r *Ring) now() *keys {
	if r.path != "" {
		now := time.Now().UnixNano() // the machine's clock and not the platform's: this is about the file
		if last := r.looked.Load(); now-last >= int64(lookEvery) && r.looked.CompareAndSwap(last, now) {
			r.follow()
		}
	}
	return r.keys.Load()
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
	k := r.now()
	aead := k.aeads[k.current]
	out := make([]byte, 1+aead.NonceSize(), 1+aead.NonceSize()+len(plain)+aead.Overhead())
	out[0] = k.current
	_, _ = rand.Read(out[1:]) // never fails since Go 1.24
	return aead.Seal(out, out[1:], []byte(plain), additional(table, column, row))
}

// Open opens what Seal made for the same column and row.
func (r *Ring) Open(table, column string, row id.ID, sealed []byte) (string, error) {
	if len(sealed) == 0 {
		return "", nil
	}
	aead := r.now().aeads[sealed[0]]
	if aead == nil { // sealed by somebody who has seen a new key already
		r.follow()
		aead = r.keys.Load().aeads[sealed[0]]
	}
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
