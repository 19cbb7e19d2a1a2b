package twonew

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/reference"
)

// Follow lets the census of a community, and what a branch covers, follow when another organisation takes it in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	for _, x := range []string{"UPDATE two_new SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3",
		"UPDATE two_new_decision SET community_id = $1 WHERE tenant_id = $2 AND community_id = $3",
		"UPDATE two_new_step SET branch_id = $1, version = version + 1 WHERE tenant_id = $2 AND branch_id = $3 AND branch_id <> 0"} {
		if _, err := tx.Exec(ctx, x, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}

// FollowGrids lets the organisations in grids follow when those go over to another community.
func (s *Service) FollowGrids(ctx context.Context, tx *db.Tx, actor authz.Actor, grids []id.ID, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE two_new SET community_id = "+a.Add(to)+", version = version + 1 WHERE tenant_id = "+a.Add(actor.Tenant)+" AND community_id = "+a.Add(from)+
		" AND "+db.In(a, "grid_id", grids), a.Values()...)
	return err
}
