package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"linli/internal/id"
)

// kept is what one run tells the next about the databases in a folder.
type kept struct {
	Scale       string  `json:"scale"`
	Ours        string  `json:"ours"` // addresses
	Bare        string  `json:"bare"`
	Tenant      int64   `json:"tenant"`
	Root        id.ID   `json:"root"`
	Communities []id.ID `json:"communities"`
	Units       []id.ID `json:"units"`
	Posted      bool    `json:"posted"`
	Entered     int64   `json:"entered"`
}

// ErrKept is returned for a folder whose databases are of another size or on another engine.
var ErrKept = errors.New("bench: the folder holds databases of another kind")

func (w *world) keptFile() string { return filepath.Join(w.dir, "bench.json") }

// resume opens the databases that an earlier run kept, if it kept any.
func (w *world) resume(ctx context.Context) error {
	b, err := os.ReadFile(w.keptFile())
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var k kept
	if err := json.Unmarshal(b, &k); err != nil {
		return fmt.Errorf("%s: %w", w.keptFile(), err)
	}
	if k.Scale != w.o.Scale.Name || strings.HasPrefix(k.Ours, "sqlite:") != (w.o.Server == "") {
		return fmt.Errorf("%w: %s", ErrKept, k.Scale)
	}
	d := &district{address: k.Ours, drop: w.dropper(k.Ours), tenant: k.Tenant, root: k.Root, communities: k.Communities, units: k.Units,
		posted: k.Posted, entered: k.Entered}
	if err := w.open(ctx, d); err != nil {
		return err
	}
	w.ours, w.bareAt, w.dropBare = d, k.Bare, w.dropper(k.Bare)
	if err := migrated(ctx, k.Bare); err != nil {
		return errors.Join(err, d.app.Close())
	}
	if w.bare, err = openBare(k.Bare); err != nil {
		return errors.Join(err, d.app.Close())
	}
	return nil
}

// keep closes the databases and writes down what the next run must know. A district that is not whole is not kept.
func (w *world) keep() error {
	if w.ours == nil || w.bare == nil || w.ours.posting {
		return w.forget()
	}
	d := w.ours
	b, err := json.MarshalIndent(kept{Scale: w.o.Scale.Name, Ours: d.address, Bare: w.bareAt, Tenant: d.tenant, Root: d.root, Communities: d.communities,
		Units: d.units, Posted: d.posted, Entered: d.entered}, "", " ")
	if err == nil {
		err = os.WriteFile(w.keptFile(), b, 0o600)
	}
	return errors.Join(err, d.app.Close(), w.bare.close())
}
