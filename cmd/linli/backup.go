package main

import (
	"context"
	"errors"
	"os"
	"time"

	"linli/internal/app"
	"linli/internal/config"
	"linli/internal/i18n"
)

func backUp(ctx context.Context, e *env, args []string) error {
	cfg := e.config()
	out := e.flags.String("o", "", both(i18n.CLIFlagOutFile))
	file := e.flags.String("verify", "", both(i18n.CLIFlagVerifyFile))
	e.flags.StringVar(&cfg.SnapshotKey, "key", cfg.SnapshotKey, both(i18n.CLIFlagBackupKey))
	if _, err := e.parse(args, 0); err != nil {
		return err
	}
	if *file != "" {
		return verifyBackup(ctx, e, *cfg, *file)
	}
	if *out == "" {
		return usage(i18n.CLIArguments)
	}
	f, err := create(*out)
	if err != nil {
		return err
	}
	show, wipe := e.bar("backup")
	sum, err := app.Backup(ctx, *cfg, f, show)
	wipe()
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return errors.Join(err, os.Remove(*out)) // half a backup is worse than none
	}
	e.say(i18n.CLIBackedUp, *out, sum.Tables, i18n.Number(sum.Rows))
	if cfg.Check() == nil {
		e.say(i18n.CLIKeysApart, cfg.KeyFile)
	}
	return nil
}

// verifyBackup restores a backup into an empty place and checks it there.
func verifyBackup(ctx context.Context, e *env, cfg config.Config, file string) error {
	if _, err := os.Stat(file); err != nil {
		return usage(i18n.CLIFileRead, file, reason(err))
	}
	show, wipe := e.bar("verify")
	d, err := app.VerifyBackup(ctx, cfg, file, show)
	wipe()
	if err != nil {
		return err
	}
	e.say(i18n.CLIDrillDone, file, d.Tables, i18n.Number(d.Rows), d.Tenants, d.Took.Round(10*time.Millisecond).String())
	e.showFindings(d.Found)
	if len(d.Found) > 0 {
		return errFaults
	}
	return nil
}

func restore(ctx context.Context, e *env, args []string) error {
	cfg := e.config()
	e.flags.StringVar(&cfg.SnapshotKey, "key", cfg.SnapshotKey, both(i18n.CLIFlagBackupKey))
	plain, err := e.parse(args, 1)
	if err != nil {
		return err
	}
	if _, err := os.Stat(plain[0]); err != nil {
		return usage(i18n.CLIFileRead, plain[0], reason(err))
	}
	show, wipe := e.bar("restore")
	sum, err := app.Restore(ctx, *cfg, plain[0], show)
	wipe()
	if err != nil {
		return err
	}
	e.say(i18n.CLIRestored, sum.Tables, i18n.Number(sum.Rows))
	if cfg.Check() == nil {
		e.say(i18n.CLIRestoreKeys, cfg.KeyFile)
	}
	return nil
}
