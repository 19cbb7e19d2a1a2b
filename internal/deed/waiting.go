package deed

import (
	"context"

	"linli/internal/authz"
	"linli/internal/waiting"
)

// The kinds of thing that wait.
const (
	WaitConfirm     = "deed.confirm"     // proposed, to be decided
	WaitCountersign = "deed.countersign" // a code is out with the person helped
	WaitObjected    = "deed.objected"    // the person helped says that it was not so
)

// Waiting says what waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	for _, ask := range []struct {
		kind  string
		scope authz.Scope
		and   string
	}{
		{WaitConfirm, actor.Scope(PermDecide), ` AND d.state = 'proposed'`},
		{WaitObjected, actor.Scope(PermDecide), ` AND d.state IN ('proposed', 'confirmed') AND EXISTS (SELECT 1 FROM countersign s WHERE s.tenant_id = d.tenant_id
			AND s.subject_kind = 'deed' AND s.subject_id = d.id AND s.objected_at <> 0 AND s.settled_at = 0)`},
		{WaitCountersign, actor.Scope(PermCountersign), ` AND d.proof = 'vouched' AND d.state IN ('proposed', 'confirmed') AND EXISTS (SELECT 1 FROM countersign s
			WHERE s.tenant_id = d.tenant_id AND s.subject_id = d.id AND s.used_at = 0 AND s.expires_at > `},
	} {
		item, err := count(ctx, s.db, ask.scope, ask.kind, ask.and, s.db.Now())
		if err != nil {
			return nil, err
		}
		if item.Count > 0 {
			out = append(out, item)
		}
	}
	return out, nil
}
