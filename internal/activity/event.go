package activity

import (
	"context"

	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/webhook"
)

// WithEvents lets other systems be told what happens to activities. The composition root calls it once.
func (s *Service) WithEvents(e *webhook.Service) *Service {
	s.events = e
	return s
}

// eventOf are the acts that other systems are told of.
var eventOf = map[string]webhook.Type{"activity.publish": webhook.ActivityOut, "activity.close": webhook.ActivityOver, "activity.cancel": webhook.ActivityCancel}

// event is what other systems learn: that there is an activity of a kind in a community, and when.
func (s *Service) event(ctx context.Context, tx *db.Tx, tenant int64, action string, a *Activity) error {
	t, ok := eventOf[action]
	if s.events == nil || !ok {
		return nil
	}
	return s.events.SendTx(ctx, tx, webhook.Event{Tenant: tenant, ID: id.New(), Type: t, Subject: "activity/" + a.ID.String(), At: tx.Now(), Orgs: []id.ID{a.CommunityID},
		Data: map[string]any{"activity": a.ID.String(), "kind": a.KindCode, "state": string(a.State), "community": a.CommunityID.String(), "starts_at": a.StartsAt.UTC(), "ends_at": a.EndsAt.UTC()}})
}
