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
	d, err := connect(ctx, cfg, Options{})
	if err != nil {
		return sum, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := checkSchema(ctx, d); err != nil {
		return sum, newer(err)
	}
	return backup.Write(ctx, d, w, progress)
}

// Restore brings a backup back into an empty database and checks the audit chain of every tenant in it.
func Restore(ctx context.Context, cfg config.Config, file string, progress backup.Progress) (sum backup.Totals, err error) {
	if err := cfg.Check(); err != nil {
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
