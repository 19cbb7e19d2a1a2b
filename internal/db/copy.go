package db

import (
	"context"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"path/filepath"
)

// CopyTo writes an SQLite database as it stands, whole and compact, into a new file, on a connection of its own, while others read and write.
func (d *DB) CopyTo(ctx context.Context, file string) error {
	if d.engine != SQLite {
		return errors.New("only an SQLite database can be copied as a file")
	}
	from, err := filepath.Abs(d.File())
	if err != nil {
		return err
	}
	h, err := sql.Open("sqlite", "file:"+(&url.URL{Path: from}).EscapedPath()+"?_pragma=busy_timeout(10000)")
	if err != nil {
		return err
	}
	defer h.Close()
	if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	// The new file holds everything in clear: nobody but its owner may read it, from the first byte on.
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if _, err := h.ExecContext(ctx, "VACUUM INTO ?", file); err != nil {
		return err
	}
	f, err = os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// Whole asks an SQLite database whether its pages and indexes are sound; other engines see to that themselves.
func (d *DB) Whole(ctx context.Context) (string, error) {
	if d.engine != SQLite {
		return "", nil
	}
	found, err := Column[string](ctx, d, "PRAGMA integrity_check(1)")
	if err == nil && len(found) == 1 && found[0] != "ok" {
		return found[0], nil
	}
	return "", err
}
