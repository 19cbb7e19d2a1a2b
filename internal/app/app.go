package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"strings"
	"time"

	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/jobs"
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

// Options are what tests and the demonstration set besides the configuration.
type Options struct {
	Clock func() time.Time
	Log   *slog.Logger // to standard error as configured, if nil
	Check bool         // refuse a schema that is not this version's, instead of migrating
}

// Fault is a failure of the surroundings that an operator can mend: it is shown as it is, without details of the program.
type Fault struct {
	What   string // plain words
	Advice string
	Cause  error
}

// Error gives words and advice.
func (f *Fault) Error() string {
	s := f.What
	if f.Cause != nil {
		s += ": " + f.Cause.Error()
	}
	if f.Advice != "" {
		s += "\n" + f.Advice
	}
	return s
}

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// Open opens the database, brings its schema up to date, and builds the services. What an operator can mend comes back as a Fault.
func Open(ctx context.Context, cfg config.Config, o Options) (*App, error) {
	if err := cfg.Check(); err != nil {
		return nil, &Fault{What: err.Error()}
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

func openDB(ctx context.Context, cfg config.Config, o Options) (*db.DB, error) {
	d, err := db.Open(ctx, cfg.DB, db.Options{Clock: o.Clock})
	if err != nil {
		return nil, &Fault{What: "the database " + cfg.SafeDB() + " cannot be opened", Cause: plain(err),
			Advice: "Check -db (or LINLI_DB), that the server runs, and that this user may read and write it."}
	}
	if o.Check {
		err = checkSchema(ctx, d)
	} else {
		_, err = d.Migrate(ctx)
	}
	if err == nil {
		return d, nil
	}
	if errors.Is(err, db.ErrNewerSchema) {
		err = &Fault{What: err.Error(), Advice: "Nothing was changed."}
	}
	return nil, errors.Join(err, d.Close())
}

func checkSchema(ctx context.Context, d *db.DB) error {
	has, wants, err := d.SchemaVersion(ctx)
	switch {
	case err != nil:
		return err
	case has > wants:
		return db.ErrNewerSchema
	case has < wants:
		return &Fault{What: fmt.Sprintf("the database has schema %d, this program needs %d", has, wants), Advice: "Run: linli migrate"}
	}
	return nil
}

// plain keeps a driver's message to one line.
func plain(err error) error {
	line, _, _ := strings.Cut(strings.TrimSpace(err.Error()), "\n")
	return errors.New(line)
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
		return nil, &Fault{What: "the key file " + cfg.KeyFile + " is not there, but the database holds sealed data",
			Advice: "Name it with -keys (or LINLI_KEYS), or put it back from its backup. Without it ID numbers and phone numbers cannot be read."}
	}
	if err != nil {
		return nil, &Fault{What: "the key file cannot be used", Cause: err, Advice: "Check -keys (or LINLI_KEYS) and that this user may read it."}
	}
	a := &App{Config: cfg, DB: d, Ring: ring, Metrics: telemetry.NewMetrics(), Log: o.Log}
	if a.Printer, err = newPrinter(cfg.FontFile); err != nil {
		return nil, err
	}
	a.Services = newServices(d, ring)
	a.Queue = jobs.NewQueue(d, o.Log, a.Metrics)
	a.addWork()
	return a, a.syncRoles(ctx)
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
			return nil, &Fault{What: "the font " + file + " cannot be read", Cause: err, Advice: "Check -font (or LINLI_FONT)."}
		}
	}
	p, err := print.New(ttf)
	if err != nil {
		return nil, &Fault{What: "the font " + file + " cannot be used", Cause: err, Advice: "It must be a TrueType file (.ttf)."}
	}
	return p, nil
}
