package region

import (
	"context"
	"errors"
	"slices"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/figure"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Tenant is a district, city or province of the installation.
type Tenant struct {
	Code int64
	Name string
}

// Service lets levels above see figures.
type Service struct {
	db      *db.DB
	figures *figure.Service
	tenants func(ctx context.Context) ([]Tenant, error)
}

// New makes the service; tenants are all that the installation serves.
func New(d *db.DB, figures *figure.Service, tenants func(ctx context.Context) ([]Tenant, error)) *Service {
	return &Service{d, figures, tenants}
}

// IsAbove says whether a division is a city or a province.
func IsAbove(code int64) bool { return code%100 == 0 }

// Share is what a district lets one level above see.
type Share struct {
	Above   Tenant
	Since   time.Time // zero if it does not hold
	By      id.ID     // account
	Ended   time.Time
	Cleared bool // after the end: what had been sent is removed there
	Version int64
}

// Holds says whether figures go up.
func (s Share) Holds() bool { return !s.Since.IsZero() && s.Ended.IsZero() }

func whole(actor authz.Actor, p authz.Permission) error {
	if !actor.Scope(p).All() {
		return errs.ErrForbidden
	}
	return nil
}

// Shares are the levels above the actor's district that the installation serves, and what each may see (figure.PermKeep in the whole tenant).
func (s *Service) Shares(ctx context.Context, actor authz.Actor) ([]Share, error) {
	if err := whole(actor, figure.PermKeep); err != nil {
		return nil, err
	}
	return s.shares(ctx, s.db, actor.Tenant)
}

func (s *Service) shares(ctx context.Context, q db.Querier, tenant int64) ([]Share, error) {
	all, err := s.tenants(ctx)
	if err != nil {
		return nil, err
	}
	have, err := db.All(ctx, q, func(r *Share) []any {
		return []any{&r.Above.Code, db.Instant(&r.Since), &r.By, db.Instant(&r.Ended), &r.Cleared, &r.Version}
	}, `SELECT s.above, s.since, s.since_by, s.ended_at, s.cleared_at <> 0, s.version FROM region_share s WHERE s.tenant_id = $1`, tenant)
	if err != nil {
		return nil, err
	}
	var out []Share
	if slices.ContainsFunc(all, func(t Tenant) bool { return code.Above(tenant, t.Code) }) {
		return nil, nil // a city that looks at districts has no figures of its own
	}
	for _, t := range all {
		if !code.Above(t.Code, tenant) {
			continue
		}
		one := Share{}
		if i := slices.IndexFunc(have, func(h Share) bool { return h.Above.Code == t.Code }); i >= 0 {
			one = have[i]
		}
		one.Above = t
		out = append(out, one)
	}
	slices.SortFunc(out, func(a, b Share) int { return int(b.Above.Code%10_000 - a.Above.Code%10_000) }) // the city first
	return out, nil
}

// SetShare lets a level above see the figures of the actor's district from now on, or no longer (figure.PermKeep in the whole tenant; recorded).
// Errors: NotFound for a division that is not above; Conflict where it stands so already.
func (s *Service) SetShare(ctx context.Context, actor authz.Actor, above int64, on bool) error {
	if err := whole(actor, figure.PermKeep); err != nil {
		return err
	}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		list, err := s.shares(ctx, tx, actor.Tenant)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(list, func(x Share) bool { return x.Above.Code == above })
		if i < 0 {
			return errs.ErrNotFound
		}
		was, now := list[i], db.Micros(tx.Now())
		switch {
		case was.Holds() == on:
			return errs.New(errs.Conflict, i18n.RegionStands)
		case !on:
			err = tx.Update(ctx, `UPDATE region_share SET ended_at = $1, ended_by = $2, cleared_at = 0, version = version + 1 WHERE tenant_id = $3 AND above = $4 AND version = $5`,
				now, actor.AccountID, actor.Tenant, above, was.Version)
		case was.Version == 0:
			_, err = tx.Exec(ctx, `INSERT INTO region_share (tenant_id, above, since, since_by) VALUES ($1, $2, $3, $4)`, actor.Tenant, above, now, actor.AccountID)
		default:
			err = tx.Update(ctx, `UPDATE region_share SET since = $1, since_by = $2, ended_at = 0, ended_by = 0, cleared_at = 0, version = version + 1
				WHERE tenant_id = $3 AND above = $4 AND version = $5`, now, actor.AccountID, actor.Tenant, above, was.Version)
		}
		if err != nil {
			return err
		}
		action := "region.share"
		if !on {
			action = "region.end"
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: action, Permission: figure.PermKeep, SubjectKind: "region_share", Detail: map[string]any{"above": above, "name": was.Above.Name}})
	})
	if err != nil || on {
		return err
	}
	list, err := s.shares(ctx, s.db, actor.Tenant)
	for _, x := range list {
		if x.Above.Code == above && !x.Holds() {
			err = errors.Join(err, s.clear(ctx, actor.Tenant, x))
		}
	}
	return err
}
