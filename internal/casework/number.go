package casework

import (
	"context"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
)

// ServiceNumber is the telephone number of a district's own "community service 110", as residents' pages show it; "" where none was set. It is public.
func (s *Service) ServiceNumber(ctx context.Context, tenant int64) (string, error) {
	return db.Value[string](ctx, s.db, "SELECT t.service_number FROM tenant t WHERE t.tenant_id = $1", tenant)
}

// SetServiceNumber sets it, or takes it away with "" (PermKinds in the whole tenant).
func (s *Service) SetServiceNumber(ctx context.Context, actor authz.Actor, typed string) error {
	if !actor.Scope(PermKinds).All() {
		return errs.ErrForbidden
	}
	number := ""
	if strings.TrimSpace(typed) != "" {
		n, problem := code.ParsePhone(typed)
		if problem.Blocks() {
			return errs.Field("number", i18n.CodeProblem, problem.Message, problem.Advice)
		}
		number = n.String()
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		if _, err := tx.Exec(ctx, "UPDATE tenant SET service_number = $1 WHERE tenant_id = $2", number, actor.Tenant); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "casework.number_set", Permission: PermKinds, SubjectKind: "tenant", Detail: map[string]any{"number": number}})
	})
}
