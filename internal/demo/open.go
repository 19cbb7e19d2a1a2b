package demo

import (
	"context"
	"encoding/json"
	"errors"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/debug"
	"time"

	"linli/internal/app"
	"linli/internal/calendar"
	"linli/internal/config"
	"linli/internal/notice"
)

// Options say where the demonstration is kept and how large it is.
type Options struct {
	Dir      string
	Scale    Scale
	Reset    bool // make it anew although it is there
	Config   config.Config
	Log      *slog.Logger
	Progress func(step Step, done, total int64)
}

// OtherError says that the folder holds a demonstration of another scale, which only Reset replaces.
type OtherError struct{ Scale string }

// Error is for the log.
func (e *OtherError) Error() string { return "the folder holds a demonstration of scale " + e.Scale }

// kept is what stands beside the database: what was built and the ways in.
type kept struct {
	Scale    string        `json:"scale"`
	Built    calendar.Date `json:"built"`
	Tenant   int64         `json:"tenant"`
	Accounts []keptAccount `json:"accounts"`
}

type keptAccount struct {
	Account
	Note string `json:"note"`
}

// Open opens the demonstration in o.Dir; it is made first if it is not there. An unfinished one is never seen: it is made
// under another name.
func Open(ctx context.Context, o Options) (*app.App, Report, error) {
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, Report{}, err
	}
	k, err := o.read()
	switch {
	case o.Reset || errors.Is(err, fs.ErrNotExist):
		k, err = o.make(ctx)
	case err == nil && k.Scale != o.Scale.Name:
		err = &OtherError{k.Scale}
	}
	if err != nil {
		return nil, Report{}, err
	}
	cfg := o.Config
	cfg.DB, cfg.KeyFile = "sqlite:"+o.path("demo.db"), o.path("demo.keys")
	a, err := app.Open(ctx, cfg, app.Options{Log: o.Log, Fake: &notice.Fake{}})
	return a, k.report(), err
}

func (o Options) path(name string) string { return filepath.Join(o.Dir, name) }

func (k kept) report() Report {
	r := Report{Tenant: k.Tenant}
	for _, a := range k.Accounts {
		a.Account.Note = a.Note
		r.Accounts = append(r.Accounts, a.Account)
	}
	return r
}

func (o Options) read() (kept, error) {
	var k kept
	b, err := os.ReadFile(o.path("demo.json"))
	if err == nil {
		_, err = os.Stat(o.path("demo.db"))
	}
	if err != nil {
		return k, err
	}
	return k, json.Unmarshal(b, &k)
}

// files are all that a demonstration leaves in its folder; the note comes first, so that what is half removed counts as absent.
var files = []string{"demo.json", "demo.db", "demo.db-wal", "demo.db-shm", "demo.keys", "making.db", "making.db-wal", "making.db-shm"}

// make removes what is there and builds anew.
func (o Options) make(ctx context.Context) (kept, error) {
	for _, f := range files {
		if err := os.Remove(o.path(f)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return kept{}, err
		}
	}
	// Building makes much garbage in a short time: collect it less often, but keep within bounds.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	defer debug.SetMemoryLimit(debug.SetMemoryLimit(400 << 20))
	clock := &Clock{}
	today := calendar.DateOf(time.Now())
	clock.Set(today.AddYears(-2).Time())
	cfg := o.Config
	cfg.DB, cfg.KeyFile = "sqlite:"+o.path("making.db"), o.path("demo.keys")
	a, err := app.Open(ctx, cfg, app.Options{Clock: clock.Now, Scratch: true, Log: o.Log, Fake: &notice.Fake{}})
	if err != nil {
		return kept{}, err
	}
	r, err := Build(ctx, a, clock, Plan{Scale: o.Scale, Progress: o.Progress})
	if err := errors.Join(err, a.Close()); err != nil {
		return kept{}, err
	}
	if err := os.Rename(o.path("making.db"), o.path("demo.db")); err != nil {
		return kept{}, err
	}
	debug.FreeOSMemory() // what building took is not needed to serve
	k := kept{Scale: o.Scale.Name, Built: today, Tenant: r.Tenant}
	for _, a := range r.Accounts {
		k.Accounts = append(k.Accounts, keptAccount{a, a.Note})
	}
	b, err := json.MarshalIndent(k, "", " ")
	if err != nil {
		return kept{}, err
	}
	return k, os.WriteFile(o.path("demo.json"), b, 0o600)
}
