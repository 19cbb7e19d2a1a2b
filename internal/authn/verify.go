package authn

import (
	"context"

	"linli/internal/db"
)

// Verify names grants without their account, role or organisation, and sessions and tokens without their account.
func (s *Service) Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	var faults []string
	for what, query := range map[string]string{
		"a role is held by no account": `SELECT g.id FROM role_grant g LEFT JOIN account a ON a.tenant_id = g.tenant_id AND a.id = g.account_id
			WHERE g.tenant_id = $1 AND a.id IS NULL LIMIT 1`,
		"a grant names a role that there is not": `SELECT g.id FROM role_grant g LEFT JOIN role r ON r.tenant_id = g.tenant_id AND r.code = g.role_code
			WHERE g.tenant_id = $1 AND r.code IS NULL AND g.valid_to = '' LIMIT 1`,
		"a grant names an organisation that there is not": `SELECT g.id FROM role_grant g LEFT JOIN organisation o ON o.tenant_id = g.tenant_id AND o.id = g.organisation_id
			WHERE g.tenant_id = $1 AND g.organisation_id <> 0 AND o.id IS NULL LIMIT 1`,
		"a session belongs to no account": `SELECT s.id FROM session s LEFT JOIN account a ON a.tenant_id = s.tenant_id AND a.id = s.account_id
			WHERE s.tenant_id = $1 AND a.id IS NULL LIMIT 1`,
		"a token belongs to no account": `SELECT t.id FROM api_token t LEFT JOIN account a ON a.tenant_id = t.tenant_id AND a.id = t.account_id
			WHERE t.tenant_id = $1 AND a.id IS NULL LIMIT 1`,
	} {
		n, err := db.Value[int64](ctx, q, query, tenant)
		if err != nil {
			return faults, err
		}
		if n != 0 {
			faults = append(faults, what)
		}
	}
	return faults, nil
}
