package app

import (
	"context"
	"fmt"

	"linli/internal/assess"
	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/db"
	"linli/internal/feedback"
	"linli/internal/figure"
	"linli/internal/organisation"
	"linli/internal/person"
	"linli/internal/place"
	"linli/internal/reference"
	"linli/internal/request"
)

// Finding is something that Verify found wrong.
type Finding struct {
	Tenant  int64  `json:"tenant"`
	Package string `json:"package"`
	What    string `json:"what"`
}

// check is the check of one package's invariants in one tenant.
type check struct {
	name string
	run  func(ctx context.Context, q db.Querier, tenant int64) ([]string, error)
}

// checks are the invariants of all packages, in the order of the house.
func (a *App) checks() []check {
	return []check{
		{"audit", verifyAudit},
		{"reference", reference.Verify},
		{"policy", func(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
			return a.Policy.Verify(ctx, tenant)
		}},
		{"authn", a.Authn.Verify},
		{"organisation", organisation.Verify},
		{"person", person.Verify},
		{"place", place.Verify},
		{"member", func(ctx context.Context, _ db.Querier, tenant int64) ([]string, error) {
			return a.Member.Verify(ctx, tenant)
		}},
		{"transfer", a.Transfer.Verify},
		{"agreement", func(ctx context.Context, _ db.Querier, tenant int64) ([]string, error) {
			return a.Agreement.Verify(ctx, tenant)
		}},
		{"ledger", func(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
			return a.Ledger.Verify(ctx, q, tenant, a.Activity, a.Deed, a.Exchange, a.Volunteer)
		}},
		{"lovebank", a.LoveBank.Verify},
		{"dues", a.Dues.Verify},
		{"feedback", feedback.Verify},
		{"figure", figure.Verify},
		{"assess", assess.Verify},
		{"request", request.Verify},
		{"attach", attach.Verify},
	}
}

// Verify checks the invariants of every package in every tenant and tells step by step how far it is.
func (a *App) Verify(ctx context.Context, step func(done, total int, name string)) ([]Finding, error) {
	tenants, err := a.Tenants(ctx)
	if err != nil {
		return nil, err
	}
	checks := a.checks()
	var found []Finding
	for i, tenant := range tenants {
		for j, c := range checks {
			if step != nil {
				step(i*len(checks)+j, len(tenants)*len(checks), c.name)
			}
			faults, err := c.run(ctx, a.DB, tenant)
			if err != nil {
				return found, fmt.Errorf("verify %s: %w", c.name, err)
			}
			for _, f := range faults {
				found = append(found, Finding{tenant, c.name, f})
			}
		}
	}
	return found, nil
}

// verifyAudit recomputes the chain of the audit record.
func verifyAudit(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	rep, err := audit.Verify(ctx, q, tenant)
	var out []string
	for _, f := range rep.Faults {
		out = append(out, fmt.Sprintf("link %d, entry %s: %s", f.Seq, f.EntryID, f.What))
	}
	return out, err
}
