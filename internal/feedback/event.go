package feedback

import (
	"context"

	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/webhook"
)

// WithEvents lets other systems be told that slips were sent. The composition root calls it once.
func (s *Service) WithEvents(e *webhook.Service) *Service {
	s.events = e
	return s
}

// sentEvent is what other systems learn of a slip: which quarter, community and unit, and its version.
func (s *Service) sentEvent(ctx context.Context, tx *db.Tx, tenant int64, sl *Slip) error {
	if s.events == nil {
		return nil
	}
	return s.events.SendTx(ctx, tx, webhook.Event{Tenant: tenant, ID: id.New(), Type: webhook.SlipSent, Subject: "slip/" + sl.ID.String(), At: tx.Now(), Orgs: []id.ID{sl.CommunityID, sl.UnitID},
		Data: map[string]any{"slip": sl.ID.String(), "quarter": sl.Quarter.String(), "community": sl.CommunityID.String(), "unit": sl.UnitID.String(), "version": sl.VersionNo}})
}
