// Package id makes the platform's identifiers: 63-bit integers that grow with time, so that
// rows stand in the order in which they were made and two servers never make the same one.
//
// An ID is 41 bits of milliseconds since 2025-01-01 UTC, then 22 bits that count up from a
// random start within each millisecond. In JSON and in URLs an ID is decimal text, because
// browsers lose digits of integers beyond 2^53.
package id

import (
	"crypto/rand"
	"database/sql/driver"
	"encoding/binary"
	"errors"
	"fmt"
	"strconv"
	"sync"
	"time"
)

// ID identifies a row within its tenant. Zero means none.
type ID int64

const (
	epochMillis = 1735689600000 // 2025-01-01T00:00:00Z
	lowBits     = 22
)

var last struct {
	sync.Mutex
	id int64
}

// New makes an ID. It is unique within the process, and between processes up to a chance of about
// one in four million for two made in the same millisecond (a clash is refused by the primary key).
func New() ID {
	last.Lock()
	defer last.Unlock()
	floor := (time.Now().UnixMilli() - epochMillis) << lowBits
	if last.id < floor {
		var b [4]byte
		_, _ = rand.Read(b[:]) // never fails since Go 1.24
		// Start in the lower half so that a burst within one millisecond has room to count up.
		last.id = floor | int64(binary.LittleEndian.Uint32(b[:])&(1<<(lowBits-1)-1))
		return ID(last.id)
	}
	last.id++
	return ID(last.id)
}

// Time is when the ID was made, to the millisecond.
func (i ID) Time() time.Time { return time.UnixMilli(int64(i)>>lowBits + epochMillis).UTC() }

// String is the ID as decimal text; empty for none.
func (i ID) String() string {
	if i == 0 {
		return ""
	}
	return strconv.FormatInt(int64(i), 10)
}

// IsZero says whether i is none.
func (i ID) IsZero() bool { return i == 0 }

// ErrBad is returned for a text that is no ID.
var ErrBad = errors.New("not an id")

// Parse reads decimal text. Empty text is no ID.
func Parse(s string) (ID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 {
		return 0, ErrBad
	}
	return ID(n), nil
}

// MarshalText writes the decimal text, also as a JSON string.
func (i ID) MarshalText() ([]byte, error) { return []byte(i.String()), nil }

// UnmarshalText reads decimal text; empty is none.
func (i *ID) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*i = 0
		return nil
	}
	v, err := Parse(string(b))
	*i = v
	return err
}

// Value gives the ID to a database driver as a BIGINT.
func (i ID) Value() (driver.Value, error) { return int64(i), nil }

// Scan reads a BIGINT column; NULL is none.
func (i *ID) Scan(v any) error {
	switch v := v.(type) {
	case int64:
		*i = ID(v)
	case nil:
		*i = 0
	default:
		return fmt.Errorf("id: cannot read %T", v)
	}
	return nil
}

// At is the smallest ID that can be made at t: IDs of earlier instants are below it.
func At(t time.Time) ID { return ID((t.UnixMilli() - epochMillis) << lowBits) }
