package backup

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"linli/internal/db"
)

// The names of snapshots sort by time.
const (
	snapshotPrefix = "linli-"
	snapshotTime   = "20060102T150405Z"
	sumSuffix      = ".sha256"
)

// Snapshot writes the database as it stands into a new file in dir, encrypted if there is a key, with its checksum beside it, and gives
// the file's name. Of SQLite it is a database file, of PostgreSQL a backup as Write makes it. The platform may be serving meanwhile.
func Snapshot(ctx context.Context, d *db.DB, dir string, key []byte) (name string, err error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", err
	}
	name = snapshotPrefix + d.Now().Format(snapshotTime) + ".db"
	if d.Engine() == db.Postgres {
		name = strings.TrimSuffix(name, ".db") + ".backup"
	}
	raw := filepath.Join(dir, "."+name+".part")
	defer os.Remove(raw) // nothing is left of it where all went well
	if err := write(ctx, d, raw); err != nil {
		return "", err
	}
	done := raw
	if key != nil {
		name += ".sealed"
		done = filepath.Join(dir, "."+name+".part")
		defer os.Remove(done) // as above
		if err := throughFile(done, raw, func(w io.Writer, r io.Reader) error { return Cover(w, r, key) }); err != nil {
			return "", err
		}
	}
	sum, err := sumOf(done)
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path+sumSuffix, []byte(sum+"  "+name+"\n"), 0o600); err != nil {
		return "", err
	}
	return path, os.Rename(done, path)
}

func write(ctx context.Context, d *db.DB, file string) error {
	if d.Engine() == db.SQLite {
		return d.CopyTo(ctx, file)
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	_, err = Write(ctx, d, f, func(int64, int64) {})
	return errors.Join(err, f.Sync(), f.Close())
}

// throughFile makes file to out of file from.
func throughFile(to, from string, do func(io.Writer, io.Reader) error) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return err
	}
	err = do(out, in)
	return errors.Join(err, out.Sync(), out.Close())
}

func sumOf(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	_, err = io.Copy(h, f)
	return hex.EncodeToString(h.Sum(nil)), err
}

// CheckSum compares a file with the checksum beside it; a file without one passes.
func CheckSum(path string) error {
	want, err := os.ReadFile(path + sumSuffix)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	got, err := sumOf(path)
	if err != nil {
		return err
	}
	if first, _, _ := strings.Cut(string(want), " "); first != got {
		return bad("it does not fit its checksum")
	}
	return nil
}

// Plain gives the file itself if it is not encrypted, otherwise what is in it as a new file in dir.
func Plain(path, dir string, key []byte) (string, error) {
	covered, err := Covered(path)
	if err != nil || !covered {
		return path, err
	}
	if key == nil {
		return "", bad("it is encrypted; name the key file")
	}
	out := filepath.Join(dir, "plain")
	return out, throughFile(out, path, func(w io.Writer, r io.Reader) error { return Uncover(w, r, key) })
}

// Snapshots lists the snapshots in dir, newest first.
func Snapshots(dir string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	var list []string
	for _, e := range entries {
		if n := e.Name(); strings.HasPrefix(n, snapshotPrefix) && !strings.HasSuffix(n, sumSuffix) && !e.IsDir() {
			list = append(list, filepath.Join(dir, n))
		}
	}
	slices.Sort(list)
	slices.Reverse(list)
	return list, err
}

// Thin removes snapshots until at most keep are left of the last day, and of earlier days one each for so many days.
func Thin(dir string, keep, days int, now time.Time) error {
	list, err := Snapshots(dir)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	for i, path := range list {
		stamp, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(path), snapshotPrefix), ".")
		at, err := time.Parse(snapshotTime, stamp)
		if err != nil {
			continue // not one of ours
		}
		day := at.Format("20060102")
		first := !seen[day]
		seen[day] = true
		if i < keep || first && now.Sub(at) <= time.Duration(days)*24*time.Hour {
			continue
		}
		if err := errors.Join(os.Remove(path), os.Remove(path+sumSuffix)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}
