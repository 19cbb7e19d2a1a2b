package member

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Ender is told when a member's record ends, so that what runs for the member does not go on: a transfer of the formal relation, help for a household.
type Ender interface {
	EndedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, member id.ID, on calendar.Date, reason string) error
}

// WithEnders adds those who are told when a member's record ends. The composition root calls it.
func (s *Service) WithEnders(e ...Ender) *Service {
	s.enders = append(s.enders, e...)
	return s
}

// MoveHomeTx moves a member's formal relation from one branch to another in the transaction of a receipt (MOB-8): the member belongs to exactly one of
// them at any time. Whoever comes to a community's branch is a member of the community from then on; whoever comes to the branch of a unit is an
// in-service member of that unit and stays registered where they were. A relation that no longer lies with from is a Conflict. The caller decided who may.
func (s *Service) MoveHomeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, member, from, to id.ID, why string) error {
	m, err := load(ctx, tx, actor.Tenant, member)
	switch {
	case err != nil:
		return err
	case !m.Living():
		return errs.New(errs.Conflict, i18n.MemberEnded, m.EndedOn.String())
	case m.HomeID != from:
		return errs.New(errs.Conflict, i18n.MemberHomeElsewhere, m.Name)
	}
	return s.rehome(ctx, tx, actor, m, to, why)
}

// AdmitTx gives a person who came with a letter from outside a place in a branch, in the transaction of the receipt: a record of the register without a
// branch goes on, otherwise a new one begins. Somebody whose relation lies with a branch already is a Conflict. The caller decided who may.
func (s *Service) AdmitTx(ctx context.Context, tx *db.Tx, actor authz.Actor, person, to id.ID, f Fields, why string) (id.ID, error) {
	there, err := ofPersons(ctx, tx, actor.Tenant, []id.ID{person})
	if err != nil {
		return 0, err
	}
	m, was := there[person]
	if was && m.HomeID != 0 {
		return 0, errs.New(errs.Conflict, i18n.MemberHomeElsewhere, m.Name)
	}
	if was {
		return m.ID, s.rehome(ctx, tx, actor, m, to, why)
	}
	f.Kind = OfCommunity
	if err := f.check(calendar.DateOf(tx.Now())).OrNil(); err != nil {
		return 0, err
	}
	m = Member{ID: id.New(), PersonID: person, Standing: f.Standing, JoinedOn: f.JoinedOn, FullOn: f.FullOn, Version: 1}
	if m.Name, err = nameOf(ctx, tx, actor.Tenant, person); err != nil {
		return 0, err
	}
	if err := s.settle(ctx, tx, actor.Tenant, &m, to); err != nil {
		return 0, err
	}
	if err := insertMembers(ctx, tx, actor.Tenant, 0, []Member{m}); err != nil {
		return 0, err
	}
	return m.ID, record(ctx, tx, actor, PermEdit, "member.register", m, map[string]any{"kind": m.Kind, "why": why})
}

// settle puts a member into a branch, with the kind, the unit and the community that follow from it.
func (s *Service) settle(ctx context.Context, tx *db.Tx, tenant int64, m *Member, to id.ID) error {
	if err := s.living(ctx, tx, tenant, "home_id", to); err != nil {
		return err
	}
	c, err := communityAbove(ctx, tx, tenant, to)
	if err != nil {
		return err
	}
	was := *m
	m.HomeID = to
	if c.id != 0 {
		m.Kind, m.UnitID = OfCommunity, 0
		if m.CommunityID != c.id {
			m.CommunityID, m.GridID, m.Since = c.id, 0, calendar.DateOf(tx.Now())
		}
		return nil
	}
	m.Kind = InService
	if m.UnitID, err = unitAbove(ctx, tx, tenant, to); err != nil {
		return err
	}
	if was.Kind == OfCommunity {
		m.CommunityID, m.GridID, m.Since = 0, 0, calendar.Date{}
	}
	return nil
}

// rehome settles a member in another branch; what belonged to the place before ends.
func (s *Service) rehome(ctx context.Context, tx *db.Tx, actor authz.Actor, before Member, to id.ID, why string) error {
	m := before
	if err := s.settle(ctx, tx, actor.Tenant, &m, to); err != nil {
		return err
	}
	today := calendar.DateOf(tx.Now())
	switch {
	case before.CommunityID != m.CommunityID:
		if err := s.leave(ctx, tx, actor, before, today, why); err != nil {
			return err
		}
	case m.Kind == OfCommunity:
		if err := s.endRegistration(ctx, tx, actor.Tenant, before.ID, today, why); err != nil {
			return err
		}
	case m.UnitID != before.UnitID:
		if err := followUnit(ctx, tx, actor.Tenant, m.ID, m.UnitID); err != nil {
			return err
		}
	}
	if err := endMoves(ctx, tx, actor.Tenant, m.ID, today); err != nil {
		return err
	}
	if err := save(ctx, tx, actor.Tenant, m); err != nil {
		return err
	}
	detail := changes(before, m)
	detail["why"] = why
	return record(ctx, tx, actor, PermEdit, "member.move", m, detail)
}

// LeaveDistrictTx ends a member's record on a day because the formal relation was received outside (MOB-8). The caller decided who may.
func (s *Service) LeaveDistrictTx(ctx context.Context, tx *db.Tx, actor authz.Actor, member, from id.ID, on calendar.Date, reason string) error {
	m, err := load(ctx, tx, actor.Tenant, member)
	if err != nil {
		return err
	}
	if m.Living() && m.HomeID != from {
		return errs.New(errs.Conflict, i18n.MemberHomeElsewhere, m.Name)
	}
	if err := endMoves(ctx, tx, actor.Tenant, m.ID, on); err != nil {
		return err
	}
	return s.end(ctx, tx, actor, m, on, reason)
}
