package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/backup"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/jobs"
	"linli/internal/rekey"
)

// Drill is what restoring a backup into an empty place showed (REL-8).
type Drill struct {
	File    string        `json:"file"`
	Tables  int           `json:"tables"`
	Rows    int64         `json:"rows"`
	Tenants int           `json:"tenants"`
	Took    time.Duration `json:"took_ns"`
	Found   []Finding     `json:"found"`
}

// VerifyBackup brings a backup or snapshot back into an empty place, which is removed again, and checks it there: checksum, number of rows,
// soundness of the file, the audit chain and every other invariant, and that the key file has the keys that its sealed values name.
func VerifyBackup(ctx context.Context, cfg config.Config, file string, progress backup.Progress) (out Drill, err error) {
	if err := cfg.Check(); err != nil {
		return out, err
	}
	out.File = file
	start := time.Now()
	defer func() { out.Took = time.Since(start) }()
	dir, err := os.MkdirTemp(cfg.SnapshotDir, ".drill-") // "" is the machine's folder for such things
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	place, err := bringBack(ctx, cfg, file, dir, progress)
	if errors.Is(err, backup.ErrBad) {
		return out, errs.New(errs.Invalid, i18n.CLIBackupBad, err.Error()).Because(err)
	}
	if err != nil {
		return out, err
	}
	there := cfg
	there.DB = "sqlite:" + place
	a, err := Open(ctx, there, Options{Log: slog.New(slog.DiscardHandler), Check: true})
	if err != nil {
		return out, err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	return out, a.drill(ctx, &out)
}

// bringBack makes an SQLite database in dir out of a backup or snapshot of either engine.
func bringBack(ctx context.Context, cfg config.Config, file, dir string, progress backup.Progress) (string, error) {
	if err := backup.CheckSum(file); err != nil {
		return "", err
	}
	key, err := snapshotKey(cfg)
	if err != nil {
		return "", err
	}
	plain, err := backup.Plain(file, dir, key)
	if err != nil {
		return "", err
	}
	place := filepath.Join(dir, "linli.db")
	is, err := backup.IsDatabase(plain)
	if err != nil {
		return "", err
	}
	if is {
		return place, copyFile(place, plain)
	}
	d, err := db.Open(ctx, "sqlite:"+place, db.Options{Scratch: true})
	if err != nil {
		return "", err
	}
	_, err = d.Migrate(ctx)
	if err == nil {
		_, err = backup.Read(ctx, d, func() (io.ReadCloser, error) { return os.Open(plain) }, progress)
	}
	return place, errors.Join(err, d.Close())
}

func copyFile(to, from string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// drill checks the program's database, which is a restored one.
func (a *App) drill(ctx context.Context, out *Drill) error {
	what, err := a.DB.Whole(ctx)
	if err != nil {
		return err
	}
	if what != "" {
		out.Found = append(out.Found, Finding{0, "db", what})
	}
	sum, err := backup.Count(ctx, a.DB)
	if err != nil {
		return err
	}
	tenants, err := a.Tenants(ctx)
	if err != nil {
		return err
	}
	out.Tables, out.Rows, out.Tenants = sum.Tables, sum.Rows, len(tenants)
	counts, err := rekey.Count(ctx, a.DB)
	if err != nil {
		return err
	}
	for key, n := range counts {
		if !a.Ring.Has(key) {
			out.Found = append(out.Found, Finding{0, "keys", fmt.Sprintf("%d values are sealed with key %d, which the key file does not have", n, key)})
		}
	}
	found, err := a.Verify(ctx, nil)
	out.Found = append(out.Found, found...)
	return err
}

func snapshotKey(cfg config.Config) ([]byte, error) {
	if cfg.SnapshotKey == "" {
		return nil, nil
	}
	key, err := backup.ReadKey(cfg.SnapshotKey)
	if err != nil {
		return nil, fault(i18n.AppSnapshotKey, cfg.SnapshotKey, plain(err)).because(err).advise(i18n.AppSnapshotKeyHow)
	}
	return key, nil
}

// keepDays is for how many days one snapshot of each day is kept beside the newest ones.
const keepDays = 30

// Snapshot writes one snapshot into the configured folder, removes what is too old, and gives its name.
func (a *App) Snapshot(ctx context.Context) (string, error) {
	key, err := snapshotKey(a.Config)
	if err != nil {
		return "", err
	}
	path, err := backup.Snapshot(ctx, a.DB, a.Config.SnapshotDir, key)
	if err != nil {
		return "", err
	}
	return path, backup.Thin(a.Config.SnapshotDir, a.Config.SnapshotKeep, keepDays, a.DB.Now())
}

// keepSnapshots writes snapshots until ctx ends. One that fails is told in the log and tried again at the next turn.
func (a *App) keepSnapshots(ctx context.Context) {
	if a.Config.SnapshotDir == "" {
		return
	}
	tick := time.NewTicker(a.Config.SnapshotEvery)
	defer tick.Stop()
	for {
		start := time.Now()
		path, err := a.Snapshot(ctx)
		if err != nil && ctx.Err() == nil {
			a.Log.Error("snapshot", "err", err)
		} else if err == nil {
			a.Log.Info("snapshot", "file", filepath.Base(path), "took", time.Since(start))
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// drillWeek makes the drill due once a week, in the night to Sunday.
func (a *App) drillWeek(now time.Time) string {
	if a.Config.SnapshotDir == "" {
		return ""
	}
	t := now.In(i18n.Zone).Add(-5 * time.Hour)
	year, week := t.AddDate(0, 0, 1).ISOWeek()
	return fmt.Sprintf("%d-W%02d", year, week)
}

// runDrill verifies the newest snapshot, for the whole database and therefore in the first tenant's name only; every tenant's audit
// record tells how it went.
func (a *App) runDrill(ctx context.Context, w *jobs.Work) error {
	tenants, err := a.Tenants(ctx)
	if err != nil || len(tenants) == 0 || tenants[0] != w.Job.Tenant {
		return err
	}
	list, err := backup.Snapshots(a.Config.SnapshotDir)
	if err != nil {
		return err
	}
	if len(list) == 0 {
		path, err := a.Snapshot(ctx)
		if err != nil {
			return err
		}
		list = []string{path}
	}
	d, err := VerifyBackup(ctx, a.Config, list[0], func(int64, int64) {})
	detail := map[string]any{"file": filepath.Base(list[0]), "rows": d.Rows, "seconds": int64(d.Took.Seconds()), "faults": len(d.Found)}
	if err != nil {
		detail["failed"] = true
	}
	for _, tenant := range tenants {
		told := a.DB.WithTx(ctx, func(tx *db.Tx) error {
			return audit.Record(ctx, tx, authz.System(tenant, "drill"), audit.Entry{Action: jobDrill, SubjectKind: "backup", Detail: detail})
		})
		err = errors.Join(err, told)
	}
	if err != nil {
		return err
	}
	if len(d.Found) > 0 {
		a.Log.Error("backup drill", "faults", len(d.Found), "first", d.Found[0].What)
		return errs.New(errs.Invalid, i18n.CLIVerifyBad, len(d.Found))
	}
	return w.Progress(ctx, 1, 1, i18n.CLIDrillGood.In(i18n.ZH, i18n.Number(d.Rows), d.Took.Round(time.Second).String()))
}
