package place

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Follow lets grids, quarters and buildings of one community go over to another that takes it in. Grids keep their codes (GRD-6); a
// quarter or building whose name stands there already gets the old community's name behind it.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	c, err := loadCommunity(ctx, tx, actor.Tenant, from)
	if err != nil {
		return err
	}
	if err := s.renameClashes(ctx, tx, actor.Tenant, c, to); err != nil {
		return err
	}
	for _, table := range []string{"grid", "quarter_area", "building"} {
		if _, err := tx.Exec(ctx, "UPDATE "+table+" SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3",
			to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}

// renameClashes gives what would have two of one name in the new community a name of its own.
func (s *Service) renameClashes(ctx context.Context, tx *db.Tx, tenant int64, from community, to id.ID) error {
	quarters, err := db.All(ctx, tx, (*Quarter).dest, "SELECT "+quarterColumns+` FROM quarter_area q JOIN quarter_area t ON t.tenant_id = q.tenant_id
		AND t.community_id = $3 AND t.name = q.name WHERE q.tenant_id = $1 AND q.community_id = $2`, tenant, from.id, to)
	if err != nil {
		return err
	}
	for _, q := range quarters {
		if err := rename(ctx, tx, tenant, q.ID, i18n.PlaceFormer.In(i18n.ZH, q.Name, from.label)); err != nil {
			return err
		}
	}
	buildings, err := db.All(ctx, tx, (*Building).dest, "SELECT "+buildingColumns+` FROM building b JOIN building t ON t.tenant_id = b.tenant_id
		AND t.community_id = $3 AND t.quarter_id = 0 AND t.name_key = b.name_key WHERE b.tenant_id = $1 AND b.community_id = $2 AND b.quarter_id = 0`,
		tenant, from.id, to)
	if err != nil {
		return err
	}
	for _, b := range buildings {
		b.Name = i18n.PlaceFormer.In(i18n.ZH, b.Name, from.label)
		if err := updateBuilding(ctx, tx, tenant, b, b.Version); err != nil {
			return err
		}
	}
	return nil
}

func rename(ctx context.Context, tx *db.Tx, tenant int64, quarter id.ID, name string) error {
	return tx.Update(ctx, "UPDATE quarter_area SET name = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3", name, tenant, quarter)
}

// FollowGrids lets some grids of a community with their buildings go over to another. A quarter goes along when all its buildings do; of
// a quarter that is cut in two, the part that goes over becomes a quarter of the same name there.
func (s *Service) FollowGrids(ctx context.Context, tx *db.Tx, actor authz.Actor, grids []id.ID, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	for _, g := range grids {
		if err := tx.Update(ctx, `UPDATE grid SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND community_id = $4`,
			to, actor.Tenant, g, from); err != nil {
			return err
		}
	}
	a := &db.Args{}
	query := "SELECT " + buildingColumns + " FROM building b WHERE b.tenant_id = " + a.Add(actor.Tenant) + " AND b.community_id = " + a.Add(from) +
		" AND " + db.In(a, "b.grid_id", grids)
	going, err := db.All(ctx, tx, (*Building).dest, query, a.Values()...)
	if err != nil {
		return err
	}
	quarters := map[id.ID]id.ID{0: 0}
	for _, b := range going {
		if _, known := quarters[b.QuarterID]; !known {
			if quarters[b.QuarterID], err = s.quarterGoes(ctx, tx, actor.Tenant, b.QuarterID, grids, from, to); err != nil {
				return err
			}
		}
		if _, err := tx.Exec(ctx, `UPDATE building SET community_id = $1, quarter_id = $2, name_key = $3, version = version + 1
			WHERE tenant_id = $4 AND id = $5`, to, quarters[b.QuarterID], gram.Key(b.Name), actor.Tenant, b.ID); err != nil {
			return err
		}
	}
	return nil
}

// quarterGoes moves a quarter whose buildings all lie in the grids, or makes its counterpart; it gives the quarter over there.
func (s *Service) quarterGoes(ctx context.Context, tx *db.Tx, tenant int64, quarter id.ID, grids []id.ID, from, to id.ID) (id.ID, error) {
	a := &db.Args{}
	query := "SELECT count(*) FROM building WHERE tenant_id = " + a.Add(tenant) + " AND community_id = " + a.Add(from) + " AND quarter_id = " + a.Add(quarter) +
		" AND NOT (" + db.In(a, "grid_id", grids) + ")"
	staying, err := db.Value[int64](ctx, tx, query, a.Values()...)
	if err != nil {
		return 0, err
	}
	if staying == 0 {
		_, err := tx.Exec(ctx, `UPDATE quarter_area SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3`, to, tenant, quarter)
		return quarter, err
	}
	var there Quarter
	if there, err = db.One(ctx, tx, (*Quarter).dest, "SELECT "+quarterColumns+" FROM quarter_area q WHERE q.tenant_id = $1 AND q.id = $2", tenant, quarter); err != nil {
		return 0, err
	}
	there.ID, there.CommunityID = id.New(), to
	return there.ID, insertQuarter(ctx, tx, tenant, there)
}
