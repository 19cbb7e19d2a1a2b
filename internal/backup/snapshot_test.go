package backup_test

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"linli/internal/backup"
	"linli/internal/db"
	"linli/internal/testkit"
)

var coverKey = []byte("0123456789abcdef")

func TestCoverAndUncover(t *testing.T) {
	for _, size := range []int{0, 1, 1<<20 - 1, 1 << 20, 1<<20 + 1, 3<<20 + 5} {
		plain := bytes.Repeat([]byte("x"), size)
		var covered, back bytes.Buffer
		if err := backup.Cover(&covered, bytes.NewReader(plain), coverKey); err != nil {
			t.Fatal(err)
		}
		if err := backup.Uncover(&back, bytes.NewReader(covered.Bytes()), coverKey); err != nil || !bytes.Equal(back.Bytes(), plain) {
			t.Errorf("size %d: %d bytes back, %v", size, back.Len(), err)
		}
		cut := covered.Bytes()[:covered.Len()-1]
		changed := bytes.Clone(covered.Bytes())
		changed[len(changed)-3] ^= 1
		for name, b := range map[string][]byte{"cut": cut, "changed": changed, "no backup": []byte("hello"), "only the head": covered.Bytes()[:24]} {
			if err := backup.Uncover(&bytes.Buffer{}, bytes.NewReader(b), coverKey); !errors.Is(err, backup.ErrBad) {
				t.Errorf("size %d, %s: %v", size, name, err)
			}
		}
		if err := backup.Uncover(&bytes.Buffer{}, bytes.NewReader(covered.Bytes()), []byte("another key 1234")); !errors.Is(err, backup.ErrBad) {
			t.Errorf("size %d, another key: %v", size, err)
		}
	}
}

func TestAWholeChunkLessIsSeen(t *testing.T) {
	var covered bytes.Buffer
	if err := backup.Cover(&covered, bytes.NewReader(bytes.Repeat([]byte("x"), 2<<20)), coverKey); err != nil {
		t.Fatal(err)
	}
	first := covered.Bytes()[:15+8+4+1<<20+16]
	if err := backup.Uncover(&bytes.Buffer{}, bytes.NewReader(first), coverKey); !errors.Is(err, backup.ErrBad) {
		t.Errorf("without its last chunk: %v", err)
	}
}

func TestSnapshotsAreWholeAndCheckedAndThinned(t *testing.T) {
	clock := testkit.NewClock()
	testkit.EachDBAt(t, clock.Now, func(t *testing.T, d *db.DB) {
		fill(t, d)
		dir := filepath.Join(t.TempDir(), "snapshots")
		path, err := backup.Snapshot(t.Context(), d, dir, coverKey)
		if err != nil {
			t.Fatal(err)
		}
		b, err := os.ReadFile(path)
		if err != nil || bytes.Contains(b, []byte("userx")) || !strings.HasSuffix(path, ".sealed") {
			t.Errorf("the snapshot %s is readable without its key, %v", path, err)
		}
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("mode %v, %v", info.Mode(), err)
		}
		if err := backup.CheckSum(path); err != nil {
			t.Errorf("CheckSum = %v", err)
		}
		plain, err := backup.Plain(path, t.TempDir(), coverKey)
		if err != nil {
			t.Fatal(err)
		}
		if is, err := backup.IsDatabase(plain); err != nil || is != (d.Engine() == db.SQLite) {
			t.Errorf("IsDatabase = %v, %v", is, err)
		}
		if _, err := backup.Plain(path, t.TempDir(), nil); !errors.Is(err, backup.ErrBad) {
			t.Errorf("without the key: %v", err)
		}
		if err := os.WriteFile(path, append(b, 1), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := backup.CheckSum(path); !errors.Is(err, backup.ErrBad) {
			t.Errorf("a changed file fits its checksum: %v", err)
		}
		left, err := os.ReadDir(dir)
		if err != nil || len(left) != 2 {
			t.Errorf("%d files left, want the snapshot and its checksum", len(left))
		}
		if d.Engine() == db.SQLite { // the same for both; once is enough
			for range 40 {
				clock.Advance(6 * time.Hour)
				if _, err := backup.Snapshot(t.Context(), d, dir, nil); err != nil {
					t.Fatal(err)
				}
			}
			if err := backup.Thin(dir, 3, 7, clock.Now()); err != nil {
				t.Fatal(err)
			}
			list, err := backup.Snapshots(dir)
			if err != nil || len(list) < 9 || len(list) > 11 || list[0] < list[1] {
				t.Errorf("%d left, %v: want the last three and one of each of seven days", len(list), err)
			}
		}
	})
}
