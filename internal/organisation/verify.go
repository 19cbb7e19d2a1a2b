package organisation

import (
	"context"
	"fmt"

	"linli/internal/db"
	"linli/internal/id"
)

// verifyRow is what Verify needs of an organisation.
type verifyRow struct {
	id, parent, community id.ID
	path                  string
	dissolved             bool
	leads, areas          int64 // open relations
	lead, area            id.ID // where they go
}

// Verify checks what must hold among organisations and gives what does not: the path follows the superiors, today's superior and
// community are those of the open relations, and nothing living stands below something dissolved.
func Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	rows, err := db.All(ctx, q, func(r *verifyRow) []any {
		return []any{&r.id, &r.parent, &r.community, &r.path, &r.dissolved, &r.leads, &r.lead, &r.areas, &r.area}
	}, `SELECT o.id, o.parent_id, o.community_id, o.path, o.dissolved_on <> '',
		coalesce(sum(CASE WHEN r.kind = 'leadership' THEN 1 ELSE 0 END), 0), coalesce(max(CASE WHEN r.kind = 'leadership' THEN r.to_id ELSE 0 END), 0),
		coalesce(sum(CASE WHEN r.kind = 'area' THEN 1 ELSE 0 END), 0), coalesce(max(CASE WHEN r.kind = 'area' THEN r.to_id ELSE 0 END), 0)
		FROM organisation o LEFT JOIN organisation_relation r ON r.tenant_id = o.tenant_id AND r.from_id = o.id AND r.valid_to = ''
		AND r.kind IN ('leadership', 'area') WHERE o.tenant_id = $1 GROUP BY o.id, o.parent_id, o.community_id, o.path, o.dissolved_on`, tenant)
	if err != nil {
		return nil, err
	}
	byID := make(map[id.ID]verifyRow, len(rows))
	for _, r := range rows {
		byID[r.id] = r
	}
	var out []string
	for _, r := range rows {
		for _, f := range r.faults(byID) {
			out = append(out, fmt.Sprintf("organisation %s: %s", r.id, f))
		}
	}
	return out, nil
}

// faults says what is wrong with one organisation.
func (r verifyRow) faults(byID map[id.ID]verifyRow) []string {
	var out []string
	above := "/"
	if r.parent != 0 {
		p, there := byID[r.parent]
		if !there {
			out = append(out, "its superior is gone")
		}
		if there && p.dissolved && !r.dissolved {
			out = append(out, "it stands below a dissolved organisation")
		}
		above = p.path
	}
	if r.path != above+r.id.String()+"/" {
		out = append(out, "its path does not follow its superiors")
	}
	if r.dissolved {
		if r.leads+r.areas > 0 {
			out = append(out, "it is dissolved and has open relations")
		}
		return out
	}
	if r.lead != r.parent || r.leads > 1 {
		out = append(out, "its superior is not that of its open relation")
	}
	if r.area != r.community || r.areas > 1 {
		out = append(out, "its community is not that of its open relation")
	}
	return out
}
