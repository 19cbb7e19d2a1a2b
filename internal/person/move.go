package person

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// MoveOut notes that somebody moved away (PermEdit); the zero day takes a mistaken entry back.
func (s *Service) MoveOut(ctx context.Context, actor authz.Actor, personID id.ID, version int64, on calendar.Date) error {
	return s.dated(ctx, actor, personID, version, "resident.move_out", on, func(p *stored, today calendar.Date) error {
		if on.After(today) {
			return errs.Field("moved_out_on", i18n.PersonInFuture)
		}
		if !on.IsZero() && on.Before(p.MovedInOn) {
			return errs.Field("moved_out_on", i18n.PersonMoveBefore)
		}
		p.MovedOutOn = on
		return nil
	})
}

// Died notes that somebody died (PermEdit); the zero day takes a mistaken entry back.
func (s *Service) Died(ctx context.Context, actor authz.Actor, personID id.ID, version int64, on calendar.Date) error {
	return s.dated(ctx, actor, personID, version, "resident.died", on, func(p *stored, today calendar.Date) error {
		if on.After(today) || !on.IsZero() && on.Before(p.BornOn) {
			return errs.Field("died_on", i18n.PersonDeathBefore)
		}
		p.DiedOn = on
		return nil
	})
}

func (s *Service) dated(ctx context.Context, actor authz.Actor, personID id.ID, version int64, action string, on calendar.Date,
	change func(p *stored, today calendar.Date) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := findStored(ctx, tx, actor.Scope(PermEdit), personID)
		if err != nil {
			return err
		}
		if p.Version != version {
			return errs.ErrConflict
		}
		if err := change(p, calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		if err := update(ctx, tx, actor.Tenant, p); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, action, p, map[string]any{"on": on.String()})
	})
}

// Arrival is somebody who moves into a community of the district and is registered in another one, or moved out before.
type Arrival struct {
	IDNumber    string
	CommunityID id.ID
	Address     Address
	On          calendar.Date // today if zero
}

// TakeIn moves a person, named by the exact ID number, into a community (PermEdit there). The record goes along: nothing
// is entered twice.
func (s *Service) TakeIn(ctx context.Context, actor authz.Actor, in Arrival) (id.ID, error) {
	if err := actor.Scope(PermEdit).Require(in.CommunityID); err != nil {
		return 0, err
	}
	var personID id.ID
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := requireCommunity(ctx, tx, actor.Tenant, in.CommunityID); err != nil {
			return err
		}
		number, problem := code.ParseResidentID(in.IDNumber, tx.Now(), code.IDRules{})
		if problem.Blocks() {
			return problem.Err("id_number")
		}
		known, err := byIndex(ctx, tx, actor.Tenant, s.ring.Index("id_number", number.String()))
		if err != nil {
			return err
		}
		if known.ID == 0 {
			return errs.Field("id_number", i18n.PersonNotHere)
		}
		if known.CommunityID == in.CommunityID && known.State() == Living {
			return errs.Field("id_number", i18n.PersonHereAlready).Because(&TakenError{known.ID})
		}
		personID = known.ID
		return s.takeIn(ctx, tx, actor, in, known.ID)
	})
	return personID, err
}

func (s *Service) takeIn(ctx context.Context, tx *db.Tx, actor authz.Actor, in Arrival, personID id.ID) error {
	// The record is found in the whole district: the ID number was known exactly and the new community answers for it.
	p, err := findStored(ctx, tx, authz.System(actor.Tenant, actor.Name).Scope(PermEdit), personID)
	if err != nil {
		return err
	}
	before := *p
	today := calendar.DateOf(tx.Now())
	if in.On.IsZero() {
		in.On = today
	}
	if in.On.After(today) {
		return errs.Field("on", i18n.PersonInFuture)
	}
	p.CommunityID, p.MovedInOn, p.MovedOutOn = in.CommunityID, in.On, calendar.Date{}
	if _, err := s.rehouse(ctx, tx, actor, p, in.Address); err != nil {
		return err
	}
	if err := s.save(ctx, tx, actor.Tenant, &before, p); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, "resident.take_in", p, map[string]any{"from": before.CommunityID, "on": in.On.String()})
}

// Follow lets residents and households of a community go over to the one that takes it in. It runs in the transaction
// of the merger (organisation.Follower).
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	for _, table := range []string{"person", "household", "person_gram"} {
		if _, err := tx.Exec(ctx, "UPDATE "+table+" SET community_id = $1 WHERE tenant_id = $2 AND community_id = $3", to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}

// FollowGrids lets residents and households of grids go over to another community when a community is split
// (organisation.GridFollower).
func (s *Service) FollowGrids(ctx context.Context, tx *db.Tx, actor authz.Actor, grids []id.ID, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE person_gram SET community_id = "+a.Add(to)+" WHERE tenant_id = "+a.Add(actor.Tenant)+
		" AND community_id = "+a.Add(from)+" AND person_id IN (SELECT p.id FROM person p WHERE p.tenant_id = "+a.Add(actor.Tenant)+
		" AND p.community_id = "+a.Add(from)+" AND "+db.In(a, "p.grid_id", grids)+")", a.Values()...)
	if err != nil {
		return err
	}
	for _, table := range []string{"person", "household"} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, "UPDATE "+table+" SET community_id = "+a.Add(to)+" WHERE tenant_id = "+a.Add(actor.Tenant)+
			" AND community_id = "+a.Add(from)+" AND "+db.In(a, "grid_id", grids), a.Values()...); err != nil {
			return err
		}
	}
	return nil
}
