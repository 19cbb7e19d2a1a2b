package organisation

import (
	"context"
	"slices"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Rename gives an organisation in scope (PermChange) a new name from a day on. shortName "" keeps the short name.
func (s *Service) Rename(ctx context.Context, actor authz.Actor, org id.ID, name, shortName string, e Effect) error {
	return s.act(ctx, actor, org, e, func(tx *db.Tx, o Organisation) error {
		d := draft{Organisation: o}
		d.Name = clean(name)
		if short := clean(shortName); short != "" {
			d.ShortName = short
		}
		if err := d.lengths(nil).OrNil(); err != nil {
			return err
		}
		if d.Name == o.Name {
			return errs.Field("name", i18n.OrgSameName)
		}
		since, err := nameSince(ctx, tx, actor.Tenant, org)
		if err != nil {
			return err
		}
		if e.On.Before(since) {
			return errs.Field("on", i18n.OrgDateBeforeName, since.String())
		}
		return s.rename(ctx, tx, actor, o, d, e)
	})
}

// rename gives o the names of d; the caller has checked them and the date.
func (s *Service) rename(ctx context.Context, tx *db.Tx, actor authz.Actor, o Organisation, d draft, e Effect) error {
	if err := setName(ctx, tx, actor.Tenant, o.ID, d.Name, e.On); err != nil {
		return err
	}
	if err := setShort(ctx, tx, actor.Tenant, o.ID, d.ShortName); err != nil {
		return err
	}
	if err := reindex(ctx, tx, actor.Tenant, o.ID); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, Act{Kind: ActRename, SubjectID: o.ID, Detail: o.Name}, e)
}

// Reparent puts an organisation in scope (PermChange), with all that stands below it, under another superior in scope.
func (s *Service) Reparent(ctx context.Context, actor authz.Actor, org, parent id.ID, e Effect) error {
	return s.act(ctx, actor, org, e, func(tx *db.Tx, o Organisation) error {
		p, err := find(ctx, tx, actor.Scope(PermChange), parent)
		if err != nil {
			return err
		}
		if err := o.mayMoveBelow(p); err != nil {
			return err
		}
		if err := p.changeable(e.On); err != nil {
			return err
		}
		return s.moveBelow(ctx, tx, actor, o, p, e)
	})
}

// moveBelow puts o below p; the caller has checked that it may stand there.
func (s *Service) moveBelow(ctx context.Context, tx *db.Tx, actor authz.Actor, o, p Organisation, e Effect) error {
	if err := s.settled(ctx, tx, actor.Tenant, e.On, append(ancestors(p), o.ID, p.ID)...); err != nil {
		return err
	}
	if err := move(ctx, tx, actor.Tenant, o, p.ID, p.Path+o.ID.String()+"/"); err != nil {
		return err
	}
	if err := closeRelation(ctx, tx, actor.Tenant, Leadership, o.ID, e.On); err != nil {
		return err
	}
	if err := openRelation(ctx, tx, actor.Tenant, Leadership, o.ID, p.ID, e); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, Act{Kind: ActReparent, SubjectID: o.ID, OtherID: p.ID}, e)
}

// Dissolve ends an organisation in scope (PermChange). With anything still attached it is refused, and the message says
// with what and how many.
func (s *Service) Dissolve(ctx context.Context, actor authz.Actor, org id.ID, e Effect) error {
	return s.act(ctx, actor, org, e, func(tx *db.Tx, o Organisation) error {
		if o.Kind == District {
			return errs.New(errs.Conflict, i18n.OrgRootFixed)
		}
		left, err := holdings(ctx, tx, actor.Tenant, org)
		if err != nil {
			return err
		}
		if len(left) > 0 {
			return errs.New(errs.Conflict, i18n.OrgStillHolds, o.Label(), left)
		}
		if err := s.settledAround(ctx, tx, actor.Tenant, o, e.On); err != nil {
			return err
		}
		if err := s.close(ctx, tx, actor.Tenant, org, e); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, Act{Kind: ActDissolve, SubjectID: org}, e)
	})
}

// Attach assigns a stationed unit to a community (PermAttach at the unit or at the community); a unit that lies in another
// community leaves it the same day.
func (s *Service) Attach(ctx context.Context, actor authz.Actor, unit, community id.ID, e Effect) error {
	return s.area(ctx, actor, unit, community, e, func(tx *db.Tx, u Organisation) error {
		c, err := load(ctx, tx, actor.Tenant, community)
		if err != nil {
			return err
		}
		if err := c.takesUnits(); err != nil {
			return err
		}
		if err := c.changeable(e.On); err != nil {
			return err
		}
		if u.CommunityID == c.ID {
			return errs.Field("community_id", i18n.OrgSameCommunity, c.Label())
		}
		return s.attachTo(ctx, tx, actor, unit, c.ID, e)
	})
}

// attachTo assigns a unit to a community; the caller has checked that it may.
func (s *Service) attachTo(ctx context.Context, tx *db.Tx, actor authz.Actor, unit, community id.ID, e Effect) error {
	if err := closeRelation(ctx, tx, actor.Tenant, Area, unit, e.On); err != nil {
		return err
	}
	if err := openRelation(ctx, tx, actor.Tenant, Area, unit, community, e); err != nil {
		return err
	}
	if err := setCommunity(ctx, tx, actor.Tenant, unit, community); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, Act{Kind: ActAttach, SubjectID: unit, OtherID: community}, e)
}

// Detach takes a unit out of its community (PermAttach at either).
func (s *Service) Detach(ctx context.Context, actor authz.Actor, unit id.ID, e Effect) error {
	return s.area(ctx, actor, unit, 0, e, func(tx *db.Tx, u Organisation) error {
		if u.CommunityID == 0 {
			return errs.New(errs.Conflict, i18n.OrgNoCommunity)
		}
		if err := closeRelation(ctx, tx, actor.Tenant, Area, unit, e.On); err != nil {
			return err
		}
		if err := setCommunity(ctx, tx, actor.Tenant, unit, 0); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, Act{Kind: ActDetach, SubjectID: unit, OtherID: u.CommunityID}, e)
	})
}

// area runs an act on the area line of a unit. Both ends may act: the unit's system and the community.
func (s *Service) area(ctx context.Context, actor authz.Actor, unit, community id.ID, e Effect, fn func(*db.Tx, Organisation) error) error {
	e.Document = clean(e.Document)
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		u, err := load(ctx, tx, actor.Tenant, unit)
		if err != nil {
			return err
		}
		if err := actor.Scope(PermAttach).Require(u.ID, u.CommunityID, community); err != nil {
			return err
		}
		if u.Kind != Unit {
			return errs.New(errs.Conflict, i18n.OrgUnitOnly)
		}
		if err := e.check(calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		if err := u.changeable(e.On); err != nil {
			return err
		}
		last, err := lastChange(ctx, tx, actor.Tenant, Area, "from_id", []id.ID{unit})
		if err != nil {
			return err
		}
		if e.On.Before(last) {
			return errs.Field("on", i18n.OrgDateBeforeArea, u.Label(), last.String())
		}
		return fn(tx, u)
	})
}

// act runs an act of change on one living organisation in scope.
func (s *Service) act(ctx context.Context, actor authz.Actor, org id.ID, e Effect, fn func(*db.Tx, Organisation) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := e.check(calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		o, err := find(ctx, tx, actor.Scope(PermChange), org)
		if err != nil {
			return err
		}
		if err := o.changeable(e.On); err != nil {
			return err
		}
		return fn(tx, o)
	})
}

// settled refuses a date before the last change of superior of any of the organisations: whatever stood between them on that
// day still stands, so that no day of the past gets a circle or a hole.
func (s *Service) settled(ctx context.Context, q db.Querier, tenant int64, on calendar.Date, orgs ...id.ID) error {
	last, err := lastChange(ctx, q, tenant, Leadership, "from_id", orgs)
	if err != nil || !on.Before(last) {
		return err
	}
	return s.tooEarly(ctx, q, tenant, on, orgs)
}

// tooEarly names the organisation whose change forbids the date.
func (s *Service) tooEarly(ctx context.Context, q db.Querier, tenant int64, on calendar.Date, orgs []id.ID) error {
	for _, i := range orgs {
		last, err := lastChange(ctx, q, tenant, Leadership, "from_id", []id.ID{i})
		if err != nil {
			return err
		}
		if on.Before(last) {
			o, err := load(ctx, q, tenant, i)
			if err != nil {
				return err
			}
			return errs.Field("on", i18n.OrgDateBeforeMove, o.Label(), last.String())
		}
	}
	return nil
}

// settledAround refuses to end o before the last day on which something joined or left it.
func (s *Service) settledAround(ctx context.Context, q db.Querier, tenant int64, o Organisation, on calendar.Date) error {
	if err := s.settled(ctx, q, tenant, on, o.ID); err != nil {
		return err
	}
	for _, k := range []RelationKind{Leadership, Area, MergedInto, SplitFrom} {
		last, err := lastChange(ctx, q, tenant, k, "to_id", []id.ID{o.ID})
		if err != nil {
			return err
		}
		if on.Before(last) {
			return errs.Field("on", i18n.OrgDateBeforeMove, o.Label(), last.String())
		}
	}
	since, err := nameSince(ctx, q, tenant, o.ID)
	if err == nil && on.Before(since) {
		return errs.Field("on", i18n.OrgDateBeforeName, since.String())
	}
	return err
}

// close ends an organisation and its open relations.
func (s *Service) close(ctx context.Context, tx *db.Tx, tenant int64, org id.ID, e Effect) error {
	for _, k := range []RelationKind{Leadership, Area} {
		if err := closeRelation(ctx, tx, tenant, k, org, e.On); err != nil {
			return err
		}
	}
	return end(ctx, tx, tenant, org, e.On)
}

// record writes an act with its audit entry.
func (s *Service) record(ctx context.Context, tx *db.Tx, actor authz.Actor, act Act, e Effect) error {
	if err := insertAct(ctx, tx, actor, act, e); err != nil {
		return err
	}
	perm := PermChange
	if act.Kind == ActAttach || act.Kind == ActDetach {
		perm = PermAttach
	}
	detail := map[string]any{"on": e.On.String()}
	if e.Document != "" {
		detail["document"] = e.Document
	}
	if act.OtherID != 0 {
		detail["other"] = act.OtherID
	}
	if act.Detail != "" {
		detail["former"] = act.Detail
	}
	return audit.Record(ctx, tx, actor, audit.Entry{
		Action: "organisation." + string(act.Kind), SubjectKind: "organisation", SubjectID: act.SubjectID, OrgID: act.SubjectID,
		Permission: perm, Detail: detail,
	})
}

// ancestors are the organisations above o.
func ancestors(o Organisation) []id.ID {
	var out []id.ID
	for _, part := range splitPath(o.Path) {
		if part != o.ID {
			out = append(out, part)
		}
	}
	return slices.Clip(out)
}
