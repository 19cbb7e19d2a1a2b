// Package file keeps the content of files sealed: what was uploaded, filled in or made, for the concept that owns it and holds its ID. It checks
// no permission and records nothing: the owner has. What has an end goes with the night's sweep, everything else when its owner drops it.
//
// Table: file.
package file

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/seal"
)

// New is a file to keep.
type New struct {
	Name        string
	ContentType string
	Hash        string // of the content, for an owner that compares files; "" otherwise
	AccountID   id.ID  // who brought it
	Until       time.Time
	Content     []byte
}

// Keep stores a file; the zero Until keeps it until it is dropped.
func Keep(ctx context.Context, tx *db.Tx, ring *seal.Ring, tenant int64, f New) (id.ID, error) {
	fileID := id.New()
	_, err := tx.Exec(ctx, `INSERT INTO file (tenant_id, id, name, content_type, size, hash, content, account_id, created_at, expires_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, tenant, fileID, f.Name, f.ContentType, len(f.Content), f.Hash,
		ring.Seal("file", "content", fileID, string(f.Content)), f.AccountID, db.Micros(tx.Now()), db.Micros(f.Until))
	return fileID, err
}

// Content is what a file holds; NotFound if it is gone.
func Content(ctx context.Context, q db.Querier, ring *seal.Ring, tenant int64, fileID id.ID) ([]byte, error) {
	sealed, err := db.Value[[]byte](ctx, q, "SELECT content FROM file WHERE tenant_id = $1 AND id = $2", tenant, fileID)
	if err != nil {
		return nil, err
	}
	if len(sealed) == 0 {
		return nil, errs.ErrNotFound
	}
	plain, err := ring.Open("file", "content", fileID, sealed)
	return []byte(plain), err
}

// Drop deletes files.
func Drop(ctx context.Context, tx *db.Tx, tenant int64, files ...id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "DELETE FROM file WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", files), a.Values()...)
	return err
}
