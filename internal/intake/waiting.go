package intake

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/waiting"
)

// WaitFinish is an import that its owner has begun and not brought to its end: to be imported after a dry run, or with rows to mend.
const WaitFinish = "import.finish"

// Waiting gives the actor's own imports whose file is still kept because something is left to do.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if actor.AccountID == 0 {
		return nil, nil
	}
	type open struct {
		id    id.ID
		since time.Time
	}
	a := &db.Args{}
	list, err := db.All(ctx, s.db, func(o *open) []any { return []any{&o.id, db.Instant(&o.since)} },
		"SELECT id, created_at FROM import WHERE tenant_id = "+a.Add(actor.Tenant)+" AND account_id = "+a.Add(actor.AccountID)+
			" AND file_id <> 0 AND "+db.In(a, "state", []string{Ready, Checked, Refused, Done})+" ORDER BY id LIMIT 100", a.Values()...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return []waiting.Item{{Kind: WaitFinish, Count: int64(len(list)), Subject: list[0].id, Since: list[0].since}}, nil
}
