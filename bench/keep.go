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
	Ours        string  `json:"ours"`           // addresses
	Bare        string  `json:"bare,omitempty"` // "" where no job needed it
	Tenant      int64   `json:"tenant"`
	Root        id.ID   `json:"root"`
	Communities []id.ID `json:"communities"`
	Units       []id.ID `json:"units"`
	Posted      bool    `json:"posted"`
	Entered     int64   `json:"entered"`
	Neighbours  []int64 `json:"neighbours,omitempty"`
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
		posted: k.Posted, entered: k.Entered, neighbours: k.Neighbours}
	if err := w.open(ctx, d); err != nil {
		return err
	}
	if w.ours = d; k.Bare == "" {
		return nil
	}
	w.bareAt, w.dropBare = k.Bare, w.dropper(k.Bare)
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
	if w.ours == nil || w.ours.posting {
		return w.forget()
	}
	d := w.ours
	if w.bare == nil {
		w.bareAt = ""
	}
	b, err := json.MarshalIndent(kept{Scale: w.o.Scale.Name, Ours: d.address, Bare: w.bareAt, Tenant: d.tenant, Root: d.root, Communities: d.communities,
		Units: d.units, Posted: d.posted, Entered: d.entered, Neighbours: d.neighbours}, "", " ")
	if err == nil {
		err = os.WriteFile(w.keptFile(), b, 0o600)
	}
	err = errors.Join(err, d.app.Close())
	if w.bare != nil {
		err = errors.Join(err, w.bare.close())
	}
	return err
}
