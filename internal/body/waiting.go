package body

import (
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/waiting"
)

// WaitRules waits where an organisation at which the actor works has not read the latest rules of a body.
const WaitRules = "body.rules"

// Waiting says what waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var own []id.ID
	for _, g := range actor.Grants {
		if g.Permissions[PermSee] && g.Root != 0 && actor.Can(PermSee) && !slices.Contains(own, g.Root) {
			own = append(own, g.Root)
		}
	}
	if len(own) == 0 {
		return nil, nil
	}
	a := &db.Args{}
	it := waiting.Item{Kind: WaitRules}
	var one id.ID
	err := s.db.QueryRow(ctx, `SELECT count(DISTINCT b.id), coalesce(min(r.at), 0), coalesce(min(b.id), 0) FROM body_seat s
		JOIN body b ON b.tenant_id = s.tenant_id AND b.id = s.body_id AND b.ended_on = ''
		JOIN body_rules r ON r.tenant_id = b.tenant_id AND r.body_id = b.id
		WHERE s.tenant_id = `+a.Add(actor.Tenant)+" AND s.valid_to = '' AND "+db.In(a, "s.organisation_id", own)+`
		AND NOT EXISTS (SELECT 1 FROM body_rules n WHERE n.tenant_id = r.tenant_id AND n.body_id = r.body_id AND n.edition > r.edition)
		AND NOT EXISTS (SELECT 1 FROM body_reading g WHERE g.tenant_id = r.tenant_id AND g.rules_id = r.id AND g.organisation_id = s.organisation_id)`, a.Values()...).
		Scan(&it.Count, db.Instant(&it.Since), &one)
	if err != nil || it.Count == 0 {
		return nil, err
	}
	if it.Count == 1 {
		it.Subject = one
	}
	return []waiting.Item{it}, nil
}
