package app

import (
	"context"
	"errors"
	"io/fs"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"time"

	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/jobs"
	"linli/internal/notice"
	"linli/internal/print"
	"linli/internal/seal"
	"linli/internal/telemetry"
)

// App is the program with everything open.
type App struct {
	Services
	Config  config.Config
	DB      *db.DB
	Ring    *seal.Ring
	Printer *print.Printer
	Queue   *jobs.Queue
	Metrics *telemetry.Metrics
	Log     *slog.Logger
}

// Away says that the database could not be opened because it does not answer now, and may by itself later: its server is starting, restarting or not reached.
func Away(err error) bool {
	var f *Fault
	return errors.As(err, &f) && f.What.Text == i18n.AppDBOpen && errs.Outage(f.Cause) != nil
}

// Options are what tests and the demonstration set besides the configuration.
type Options struct {
	Clock   func() time.Time
	Log     *slog.Logger // to standard error as configured, if nil
	Scratch bool         // do not wait for the disk (db.Options)
	Fake    *notice.Fake // takes all notices instead of the channels that are set up
	Events  *http.Client // sends events instead of one that goes outside only: tests
	Check   bool         // refuse a schema that is not this version's, instead of migrating
}

// Fault is a failure of the surroundings that an operator can mend: it is shown as it is, without details of the program.
type Fault struct {
	What   errs.Message
	Advice i18n.Text
	Cause  error
}

func fault(what i18n.Text, args ...any) *Fault {
	return &Fault{What: errs.Message{Text: what, Args: args}}
}

func (f *Fault) because(cause error) *Fault     { f.Cause = cause; return f }
func (f *Fault) advise(advice i18n.Text) *Fault { f.Advice = advice; return f }

// In gives words and advice in language l.
func (f *Fault) In(l i18n.Lang) string {
	if f.Advice.IsZero() {
		return f.What.In(l)
	}
	return f.What.In(l) + "\n" + f.Advice.In(l)
}

// Error gives the English words.
func (f *Fault) Error() string { return f.In(i18n.EN) }

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// Open opens the database, brings its schema up to date, and builds the services. What an operator can mend comes back as a Fault.
func Open(ctx context.Context, cfg config.Config, o Options) (*App, error) {
	if err := cfg.Check(); err != nil {
		return nil, err
	}
	if o.Log == nil {
		o.Log = telemetry.NewLogger(os.Stderr, cfg.LogText, cfg.LogDebug)
	}
	d, err := openDB(ctx, cfg, o)
	if err != nil {
		return nil, err
	}
	a, err := build(ctx, cfg, o, d)
	if err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return a, nil
}

func connect(ctx context.Context, cfg config.Config, o Options) (*db.DB, error) {
	d, err := db.Open(ctx, cfg.DB, db.Options{Clock: o.Clock, Scratch: o.Scratch, Conns: cfg.Conns})
	if err != nil {
		err = fault(i18n.AppDBOpen, cfg.SafeDB(), plain(err)).because(err).advise(i18n.AppDBOpenHow)
	}
	return d, err
}

// newer tells plainly of a schema that is newer than the program.
func newer(err error) error {
	if errors.Is(err, db.ErrNewerSchema) {
		return fault(i18n.AppNewer).because(err).advise(i18n.AppUntouched)
	}
	return err
}

func openDB(ctx context.Context, cfg config.Config, o Options) (*db.DB, error) {
	d, err := connect(ctx, cfg, o)
	if err != nil {
		return nil, err
	}
	if o.Check {
		err = checkSchema(ctx, d)
	} else {
		_, err = d.Migrate(ctx)
	}
	if err == nil && cfg.Replica != "" {
		err = d.WithReplica(cfg.Replica, func(used bool, cause error) {
			if used {
				o.Log.Info("reports are read at the replica again")
			} else {
				o.Log.Warn("reports are read at the database itself: the replica cannot be used now", "error", plain(cause))
			}
		})
	}
	if err == nil {
		return d, nil
	}
	return nil, errors.Join(newer(err), d.Close())
}

func checkSchema(ctx context.Context, d *db.DB) error {
	has, wants, err := d.SchemaVersion(ctx)
	switch {
	case err != nil:
		return err
	case has > wants:
		return db.ErrNewerSchema
	case has < wants:
		return fault(i18n.AppOlder, has, wants).advise(i18n.AppOlderHow)
	}
	return nil
}

// plain keeps a driver's message to one line: the last, where it says first what failed and then, line by line, why.
func plain(err error) string {
	lines := strings.FieldsFunc(err.Error(), func(r rune) bool { return r == '\n' || r == '\r' })
	for i := len(lines) - 1; i >= 0; i-- {
		if line := strings.TrimSpace(lines[i]); line != "" {
			return line
		}
	}
	return ""
}

// build makes the services. Keys are made for a database that is still empty only: with another key file, sealed data of an old one would be lost.
func build(ctx context.Context, cfg config.Config, o Options, d *db.DB) (*App, error) {
	tenants, err := db.Value[int64](ctx, d, `SELECT count(*) FROM tenant`)
	if err != nil {
		return nil, err
	}
	load := seal.LoadOrCreate
	if tenants > 0 {
		load = seal.Load
	}
	ring, err := load(cfg.KeyFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fault(i18n.AppKeysGone, cfg.KeyFile).because(err).advise(i18n.AppKeysGoneHow)
	}
	if err != nil {
		return nil, KeyFault(err)
	}
	a := &App{Config: cfg, DB: d, Ring: ring, Metrics: telemetry.NewMetrics(), Log: o.Log}
	if a.Printer, err = newPrinter(cfg.FontFile); err != nil {
		return nil, err
	}
	a.Services = newServices(d, ring)
	if err := a.connectOutside(o); err != nil {
		return nil, err
	}
	a.Queue = jobs.NewQueue(d, o.Log, a.Metrics)
	a.addWork()
	return a, a.syncRoles(ctx)
}

// KeyFault says that a key file cannot be used.
func KeyFault(err error) error {
	return fault(i18n.AppKeysBad, plain(err)).because(err).advise(i18n.AppKeysBadHow)
}

// Migrate brings the database up to date and gives the number of steps taken and the schema's version.
func Migrate(ctx context.Context, cfg config.Config) (steps int, version int64, err error) {
	if err := cfg.Check(); err != nil {
		return 0, 0, err
	}
	d, err := connect(ctx, cfg, Options{})
	if err != nil {
		return 0, 0, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	done, err := d.Migrate(ctx)
	if err != nil {
		return len(done), 0, newer(err)
	}
	version, _, err = d.SchemaVersion(ctx)
	return len(done), version, err
}

// Close ends the database connections.
func (a *App) Close() error { return a.DB.Close() }

// Tenants are the codes of all tenants.
func (a *App) Tenants(ctx context.Context) ([]int64, error) {
	return db.Column[int64](ctx, a.DB, `SELECT tenant_id FROM tenant ORDER BY tenant_id`)
}

// newPrinter makes the printer of papers, with the font of the institution for rare characters where one is configured.
func newPrinter(file string) (*print.Printer, error) {
	var ttf []byte
	if file != "" {
		var err error
		if ttf, err = os.ReadFile(file); err != nil {
			return nil, fault(i18n.AppFontRead, file).because(err).advise(i18n.AppFontHow)
		}
	}
	p, err := print.New(ttf)
	if err != nil {
		return nil, fault(i18n.AppFontBad, file).because(err).advise(i18n.AppFontHow)
	}
	return p, nil
}
