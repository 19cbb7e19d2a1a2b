package app

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/config"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/jobs"
	"linli/internal/rekey"
	"linli/internal/seal"
)

// Reseal seals all old values of all tenants with the current key. It may be stopped and started again, and run beside a server.
func (a *App) Reseal(ctx context.Context, progress rekey.Progress) (rekey.Result, error) {
	var all rekey.Result
	tenants, err := a.Tenants(ctx)
	if err != nil {
		return all, err
	}
	for _, tenant := range tenants {
		res, err := a.resealTenant(ctx, tenant, progress)
		all.Resealed, all.Bad = all.Resealed+res.Resealed, all.Bad+res.Bad
		all.Broken = append(all.Broken, res.Broken...)
		if err != nil {
			return all, err
		}
	}
	return all, nil
}

// resealTenant seals one tenant's old values anew and records that it was done.
func (a *App) resealTenant(ctx context.Context, tenant int64, progress rekey.Progress) (rekey.Result, error) {
	res, err := rekey.Run(ctx, a.DB, a.Ring, tenant, progress)
	if err != nil || res.Resealed+res.Bad == 0 {
		return res, err
	}
	return res, a.DB.WithTx(ctx, func(tx *db.Tx) error {
		return audit.Record(ctx, tx, authz.System(tenant, "keys"), audit.Entry{Action: "keys.reseal", SubjectKind: "keys",
			Detail: map[string]any{"key": a.Ring.Current(), "values": res.Resealed, "unopened": res.Bad}})
	})
}

// resealPeriod makes the resealing due each day while the key file holds more than one key, and at once after a rotation.
func (a *App) resealPeriod(now time.Time) string {
	if a.Ring.Count() < 2 {
		return ""
	}
	return calendar.DateOf(now).String() + " key " + strconv.Itoa(int(a.Ring.Current()))
}

func (a *App) runReseal(ctx context.Context, w *jobs.Work) error {
	var last time.Time
	res, err := a.resealTenant(ctx, w.Job.Tenant, func(done, total int64) {
		if now := time.Now(); now.Sub(last) >= time.Second || done == total {
			last = now
			if err := w.Progress(ctx, done, total, ""); err != nil {
				a.Log.Warn("progress of sealing anew", "err", err)
			}
		}
	})
	if err != nil || res.Bad == 0 {
		return err
	}
	a.Log.Error("sealed values that do not open", "tenant", w.Job.Tenant, "values", res.Bad, "first", res.Broken)
	return errs.New(errs.Invalid, i18n.CLIResealBad, res.Bad)
}

// KeyUse is a key with the number of values sealed with it.
type KeyUse struct {
	Number  int       `json:"key"`
	Current bool      `json:"current"`
	Made    time.Time `json:"made,omitzero"`
	Values  int64     `json:"values"`
	Missing bool      `json:"missing,omitempty"` // values name it, the key file does not have it
}

// KeyUses lists the keys of the file, and keys that values name but the file does not have.
func KeyUses(ctx context.Context, cfg config.Config) (uses []KeyUse, err error) {
	list, counts, err := keysAndCounts(ctx, cfg)
	if err != nil {
		return nil, err
	}
	for _, k := range list {
		uses = append(uses, KeyUse{Number: int(k.Number), Current: k.Current, Made: k.Made, Values: counts[k.Number]})
		delete(counts, k.Number)
	}
	for n := range 256 {
		if c := counts[byte(n)]; c > 0 {
			uses = append(uses, KeyUse{Number: n, Values: c, Missing: true})
		}
	}
	return uses, nil
}

func keysAndCounts(ctx context.Context, cfg config.Config) (list []seal.Key, counts map[byte]int64, err error) {
	if err := cfg.Check(); err != nil {
		return nil, nil, err
	}
	if list, err = seal.Keys(cfg.KeyFile); err != nil {
		return nil, nil, KeyFault(err)
	}
	d, err := connect(ctx, cfg, Options{})
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	if err := checkSchema(ctx, d); err != nil {
		return nil, nil, newer(err)
	}
	counts, err = rekey.Count(ctx, d)
	return list, counts, err
}

// RetireKey takes a key out of the key file, provided that nothing is sealed with it, and gives the file in which it is set aside.
func RetireKey(ctx context.Context, cfg config.Config, number int) (kept string, err error) {
	list, counts, err := keysAndCounts(ctx, cfg)
	if err != nil {
		return "", err
	}
	i := slices.IndexFunc(list, func(k seal.Key) bool { return int(k.Number) == number })
	if i < 0 {
		return "", errs.New(errs.NotFound, i18n.CLIKeyNone, number)
	}
	if n := counts[byte(number)]; n > 0 && !list[i].Current {
		return "", errs.New(errs.Conflict, i18n.CLIKeyInUse, number, n)
	}
	if err := cfg.Check(); err != nil {
		return "", err
	}
	kept, err = seal.Retire(cfg.KeyFile, byte(number), time.Now())
	switch {
	case errors.Is(err, seal.ErrCurrent):
		return "", errs.New(errs.Conflict, i18n.CLIKeyCurrent, number)
	case errors.Is(err, seal.ErrTooSoon):
		return "", errs.New(errs.Conflict, i18n.CLIKeyTooSoon, number)
	case err != nil:
		return "", KeyFault(err)
	}
	return kept, nil
}
