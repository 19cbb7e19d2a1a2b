package app

import (
	"context"

	"linli/internal/id"
	"linli/internal/place"
)

// spots lets cases know where a position lies.
type spots struct{ *place.Service }

// Spot gives the community and the grid of a position.
func (p spots) Spot(ctx context.Context, tenant, x, y int64) (community, grid id.ID, ok bool, err error) {
	at, ok, err := p.Locate(ctx, tenant, x, y)
	return at.CommunityID, at.GridID, ok, err
}
