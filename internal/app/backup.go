package app

import (
	"context"
	"errors"
	"io"
	"os"

	"linli/internal/audit"
	"linli/internal/backup"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// Backup dumps the database to w; the platform may be serving meanwhile.
func Backup(ctx context.Context, cfg config.Config, w io.Writer, progress backup.Progress) (sum backup.Totals, err error) {
	if err := cfg.Check(); err != nil {
		return sum, err
	}
	key, err := snapshotKey(cfg)
	if err != nil {
		return sum, err
	}
	d, err := connect(ctx, cfg, Options{})
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := checkSchema(ctx, d); err != nil {
		return sum, newer(err)
	}
	if key == nil {
		return backup.Write(ctx, d, w, progress)
	}
	plain, covered := io.Pipe()
	go func() {
		var err error
		sum, err = backup.Write(ctx, d, covered, progress)
		covered.CloseWithError(err)
	}()
	err = backup.Cover(w, plain, key)
	return sum, errors.Join(err, plain.Close())
}

// Restore brings a backup back into an empty database and checks the audit chain of every tenant in it.
func Restore(ctx context.Context, cfg config.Config, file string, progress backup.Progress) (sum backup.Totals, err error) {
	if err := cfg.Check(); err != nil {
		return sum, err
	}
	dir, err := os.MkdirTemp("", "linli-restore-")
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	file, err = uncovered(cfg, file, dir)
	if err != nil {
		return sum, err
	}
	d, err := connect(ctx, cfg, Options{})
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if _, err := d.Migrate(ctx); err != nil {
		return sum, newer(err)
	}
	sum, err = backup.Read(ctx, d, func() (io.ReadCloser, error) { return os.Open(file) }, progress)
	switch {
	case errors.Is(err, backup.ErrNotEmpty):
		return sum, errs.New(errs.Conflict, i18n.CLIRestoreFull).Because(err)
	case errors.Is(err, backup.ErrBad):
		return sum, errs.New(errs.Invalid, i18n.CLIBackupBad, err.Error()).Because(err)
	case err != nil:
		return sum, err
	}
	return sum, checkChains(ctx, d)
}

// uncovered gives a backup as a file that can be read, decrypted if need be.
func uncovered(cfg config.Config, file, dir string) (string, error) {
	key, err := snapshotKey(cfg)
	if err != nil {
		return "", err
	}
	if err = backup.CheckSum(file); err == nil {
		file, err = backup.Plain(file, dir, key)
	}
	if errors.Is(err, backup.ErrBad) {
		return "", errs.New(errs.Invalid, i18n.CLIBackupBad, err.Error()).Because(err)
	}
	return file, err
}

func checkChains(ctx context.Context, d *db.DB) error {
	tenants, err := db.Column[int64](ctx, d, `SELECT tenant_id FROM tenant ORDER BY tenant_id`)
	if err != nil {
		return err
	}
	for _, tenant := range tenants {
		rep, err := audit.Verify(ctx, d, tenant)
		if err != nil {
			return err
		}
		if len(rep.Faults) > 0 {
			return errs.New(errs.Conflict, i18n.CLIVerifyBad, len(rep.Faults))
		}
	}
	return nil
}
