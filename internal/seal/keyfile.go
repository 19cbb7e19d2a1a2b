package seal

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"
)

// file is the key file: keys are 16 bytes, the index key 32 bytes, in base64. Made says since when a key is or was current.
type file struct {
	Current byte               `json:"current"`
	Keys    map[byte][]byte    `json:"keys"`
	Made    map[byte]time.Time `json:"made,omitempty"`
	Index   []byte             `json:"index"`
}

// lookEvery is how long a changed key file may stay unseen.
const lookEvery = time.Second

// rest is how long a key must have been out of use before it may be taken out of the file: every server has seen the new one and
// every transaction that began under the old one has ended.
const rest = time.Minute

// The refusals of Retire.
var (
	ErrNoKey   = errors.New("seal: there is no such key")
	ErrCurrent = errors.New("seal: the key is the current one")
	ErrTooSoon = errors.New("seal: the key was the current one a moment ago")
	ErrFull    = errors.New("seal: the key ring is full")
)

// Key is one sealing key, without its secret.
type Key struct {
	Number  byte
	Current bool
	Made    time.Time // zero where the file does not say
}

// Keys lists the sealing keys in the key file at path.
func Keys(path string) ([]Key, error) {
	f, err := read(path)
	if err != nil {
		return nil, err
	}
	var list []Key
	for _, n := range slices.Sorted(maps.Keys(f.Keys)) {
		list = append(list, Key{Number: n, Current: n == f.Current, Made: f.Made[n]})
	}
	return list, nil
}

// Rotate adds a new current key to the key file at path and gives its number. Values sealed before still open.
func Rotate(path string) (byte, error) {
	f, err := read(path)
	if err != nil {
		return 0, err
	}
	next := f.Current
	for n := range f.Keys {
		next = max(next, n)
	}
	if next == 255 {
		return 0, ErrFull
	}
	if f.Made == nil {
		f.Made = map[byte]time.Time{}
	}
	f.Current = next + 1
	f.Keys[f.Current], f.Made[f.Current] = random(16), time.Now().UTC().Truncate(time.Second)
	return f.Current, write(path, f)
}

// Retire takes a key out of the key file at path and puts it into a file of its own beside it, whose name it gives: backups made
// under the key still need it. The caller has seen that nothing is sealed with it. The current key is refused, and one that was current
// a moment ago.
func Retire(path string, number byte, now time.Time) (kept string, err error) {
	f, err := read(path)
	switch {
	case err != nil:
		return "", err
	case f.Keys[number] == nil:
		return "", ErrNoKey
	case number == f.Current:
		return "", ErrCurrent
	case now.Sub(f.Made[f.Current]) < rest:
		return "", ErrTooSoon
	}
	kept = path + ".retired-" + strconv.Itoa(int(number))
	old := file{Current: number, Keys: map[byte][]byte{number: f.Keys[number]}, Index: f.Index}
	if err := write(kept, old); err != nil {
		return "", err
	}
	delete(f.Keys, number)
	delete(f.Made, number)
	return kept, write(path, f)
}

func read(path string) (file, error) {
	var f file
	b, err := os.ReadFile(path)
	if err != nil {
		return f, fmt.Errorf("read the key file: %w", err)
	}
	if err := json.Unmarshal(b, &f); err != nil {
		return f, fmt.Errorf("read the key file %s: %w", path, err)
	}
	return f, nil
}

// write replaces the file as a whole: who reads it meanwhile sees the old one or the new one, also after a power cut.
func write(path string, f file) error {
	b, err := json.MarshalIndent(f, "", " ")
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	tmp, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = tmp.Write(b)
	if err == nil {
		err = tmp.Sync()
	}
	if err = errors.Join(err, tmp.Close()); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func stampOf(path string) string {
	st, err := os.Stat(path)
	if err != nil {
		return ""
	}
	return st.ModTime().String() + strconv.FormatInt(st.Size(), 10)
}

// follow reads the key file again if it has changed. A file that cannot be used, or one with another index key, which belongs to another
// database, changes nothing: the keys at hand still serve.
func (r *Ring) follow() {
	if r.path == "" {
		return
	}
	r.watched.Lock()
	defer r.watched.Unlock()
	stamp, have := stampOf(r.path), r.keys.Load()
	if stamp == "" || stamp == have.stamp {
		return
	}
	f, err := read(r.path)
	if err != nil {
		return
	}
	k, err := newKeys(f)
	if err != nil || string(k.index) != string(have.index) {
		return
	}
	k.stamp = stamp
	r.keys.Store(k)
}

// Current is the number of the key that new values take.
func (r *Ring) Current() byte { return r.now().current }

// Count is how many sealing keys the ring holds.
func (r *Ring) Count() int { return len(r.now().aeads) }

// Has says whether the ring holds a key.
func (r *Ring) Has(number byte) bool { return r.now().aeads[number] != nil }

// KeyOf is the number of the key that a value is sealed with; 0 for nothing.
func KeyOf(sealed []byte) byte {
	if len(sealed) == 0 {
		return 0
	}
	return sealed[0]
}
