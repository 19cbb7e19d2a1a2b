package organisation

import (
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Merger puts one or several organisations of one kind together: into one that exists (Into), or into one that is set up for
// it (New; its kind, superior and date come from the sources and the effect where they are not given).
type Merger struct {
	Sources []id.ID
	Into    id.ID
	New     *NewOrganisation
	Effect
}

// Merge merges (PermChange at every source and at the target). Subordinates, units and everything a Follower keeps go over to
// the target on the day of effect; the sources end that day. It gives the target.
func (s *Service) Merge(ctx context.Context, actor authz.Actor, m Merger) (id.ID, error) {
	m.Document = clean(m.Document)
	target := m.Into
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := m.check(calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		sources, err := s.sources(ctx, tx, actor, m)
		if err != nil {
			return err
		}
		if target, err = s.target(ctx, tx, actor, m, sources); err != nil {
			return err
		}
		for _, src := range sources {
			if err := s.absorb(ctx, tx, actor, src.ID, target, m.Effect); err != nil {
				return err
			}
		}
		return nil
	})
	return target, err
}

// sources reads what is to be merged and checks each.
func (s *Service) sources(ctx context.Context, tx *db.Tx, actor authz.Actor, m Merger) ([]Organisation, error) {
	slices.Sort(m.Sources)
	ids := slices.Compact(m.Sources)
	if len(ids) == 0 || (m.Into == 0 && m.New == nil) {
		return nil, errs.Field("sources", i18n.OrgMergeSources)
	}
	out := make([]Organisation, 0, len(ids))
	for _, i := range ids {
		o, err := find(ctx, tx, actor.Scope(PermChange), i)
		if err != nil {
			return nil, err
		}
		if err := o.changeable(m.On); err != nil {
			return nil, err
		}
		if len(out) > 0 && out[0].Kind != o.Kind {
			return nil, errs.Field("sources", i18n.OrgMergeKinds, out[0].Label(), out[0].Kind.Text(), o.Label(), o.Kind.Text())
		}
		out = append(out, o)
	}
	return out, nil
}

// target reads the organisation that takes the sources in, or sets it up.
func (s *Service) target(ctx context.Context, tx *db.Tx, actor authz.Actor, m Merger, sources []Organisation) (id.ID, error) {
	if m.Into != 0 {
		return m.Into, nil
	}
	n := *m.New
	if n.Kind == "" {
		n.Kind = sources[0].Kind
	}
	if n.ParentID == 0 {
		n.ParentID = sources[0].ParentID
	}
	n.EstablishedOn = m.On
	if n.Document == "" {
		n.Document = m.Document
	}
	if n.ParentID != 0 {
		parent, err := load(ctx, tx, actor.Tenant, n.ParentID)
		if err != nil {
			return 0, err
		}
		if err := s.settled(ctx, tx, actor.Tenant, m.On, append(ancestors(parent), parent.ID)...); err != nil {
			return 0, err
		}
	}
	saved, err := s.create(ctx, tx, actor, n, 0)
	return saved.ID, err
}

// absorb lets one organisation be taken in by another. Both are read anew: an earlier source of the same merger may have
// moved them.
func (s *Service) absorb(ctx context.Context, tx *db.Tx, actor authz.Actor, source, target id.ID, e Effect) error {
	from, err := find(ctx, tx, actor.Scope(PermChange), source)
	if err != nil {
		return err
	}
	to, err := s.receiver(ctx, tx, actor, target, e)
	if err != nil {
		return err
	}
	if err := from.mayMergeInto(to); err != nil {
		return err
	}
	if err := s.settledAround(ctx, tx, actor.Tenant, from, e.On); err != nil {
		return err
	}
	if err := s.settled(ctx, tx, actor.Tenant, e.On, append(ancestors(to), to.ID)...); err != nil {
		return err
	}
	if err := s.handOver(ctx, tx, actor, from, to, e); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, Act{Kind: ActMerge, SubjectID: from.ID, OtherID: to.ID}, e)
}

// receiver reads the organisation that takes others in. One that was just set up in this transaction is not in the scope
// yet, which was resolved before: its superior was required when it was made.
func (s *Service) receiver(ctx context.Context, tx *db.Tx, actor authz.Actor, target id.ID, e Effect) (Organisation, error) {
	to, err := load(ctx, tx, actor.Tenant, target)
	if err != nil {
		return to, err
	}
	if err := actor.Scope(PermChange).Require(to.ID, to.ParentID); err != nil {
		return to, errs.ErrNotFound
	}
	return to, to.changeable(e.On)
}

// handOver gives everything of one organisation to another and ends it.
func (s *Service) handOver(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to Organisation, e Effect) error {
	for _, kind := range []RelationKind{Leadership, Area} {
		orgs, err := openTo(ctx, tx, actor.Tenant, kind, from.ID)
		if err != nil {
			return err
		}
		if err := swapRelations(ctx, tx, actor.Tenant, kind, orgs, to.ID, e); err != nil {
			return err
		}
	}
	if err := handDown(ctx, tx, actor.Tenant, from, to); err != nil {
		return err
	}
	if err := handUnits(ctx, tx, actor.Tenant, from.ID, to.ID); err != nil {
		return err
	}
	for _, f := range s.followers {
		if err := f.Follow(ctx, tx, actor, from.ID, to.ID); err != nil {
			return err
		}
	}
	if err := s.nothingLeft(ctx, tx, actor.Tenant, from); err != nil {
		return err
	}
	return s.closeInto(ctx, tx, actor.Tenant, from, to, e)
}

// nothingLeft makes sure that everything followed. Roles stay at the old organisation, which now stands below the new one.
func (s *Service) nothingLeft(ctx context.Context, tx *db.Tx, tenant int64, from Organisation) error {
	left, err := holdings(ctx, tx, tenant, from.ID, holdGrants)
	if err != nil {
		return err
	}
	if len(left) > 0 {
		return errs.New(errs.Conflict, i18n.OrgLeftBehind, from.Label(), left)
	}
	return nil
}

// closeInto ends an organisation, keeps what became of it, and lets its place in the tree be below its successor.
func (s *Service) closeInto(ctx context.Context, tx *db.Tx, tenant int64, from, to Organisation, e Effect) error {
	if err := s.close(ctx, tx, tenant, from.ID, e); err != nil {
		return err
	}
	if err := openRelation(ctx, tx, tenant, MergedInto, from.ID, to.ID, e); err != nil {
		return err
	}
	return move(ctx, tx, tenant, from, to.ID, to.Path+from.ID.String()+"/")
}

// Part is one organisation that a split sets up, with what goes over to it.
type Part struct {
	NewOrganisation
	Take  []id.ID // subordinates and units of the organisation that is split
	Grids []id.ID // its grids, with their buildings and residents
}

// GridFollower lets what belongs to grids follow when they go over to another community.
type GridFollower interface {
	FollowGrids(ctx context.Context, tx *db.Tx, actor authz.Actor, grids []id.ID, from, to id.ID) error
}

// WithGridFollowers adds those who follow when grids change their community in a split.
func (s *Service) WithGridFollowers(f ...GridFollower) *Service {
	s.gridFollowers = append(s.gridFollowers, f...)
	return s
}

// Split sets up new organisations out of parts of one in scope (PermChange), which goes on with the rest. Kind and superior of
// the new ones are those of the old where they are not given. It gives the new organisations in order.
func (s *Service) Split(ctx context.Context, actor authz.Actor, org id.ID, parts []Part, e Effect) ([]id.ID, error) {
	e.Document = clean(e.Document)
	var made []id.ID
	err := s.act(ctx, actor, org, e, func(tx *db.Tx, o Organisation) error {
		made = nil
		if o.Kind == District {
			return errs.New(errs.Conflict, i18n.OrgRootFixed)
		}
		if err := checkParts(parts); err != nil {
			return err
		}
		if err := s.settled(ctx, tx, actor.Tenant, e.On, append(ancestors(o), o.ID)...); err != nil {
			return err
		}
		for _, p := range parts {
			part, err := s.splitOff(ctx, tx, actor, o, p, e)
			if err != nil {
				return err
			}
			made = append(made, part)
		}
		return nil
	})
	return made, err
}

// checkParts refuses a split without parts and a thing that goes to two of them.
func checkParts(parts []Part) error {
	if len(parts) == 0 {
		return errs.Field("parts", i18n.OrgSplitParts)
	}
	seen := map[id.ID]bool{}
	for _, p := range parts {
		for _, i := range append(slices.Clone(p.Take), p.Grids...) {
			if seen[i] {
				return errs.Field("parts", i18n.OrgSplitTwice, p.Name)
			}
			seen[i] = true
		}
	}
	return nil
}

// splitOff sets up one part and lets go over to it what it takes.
func (s *Service) splitOff(ctx context.Context, tx *db.Tx, actor authz.Actor, o Organisation, p Part, e Effect) (id.ID, error) {
	if p.Kind == "" {
		p.Kind = o.Kind
	}
	if p.ParentID == 0 {
		p.ParentID = o.ParentID
	}
	p.EstablishedOn, p.Document = e.On, e.Document
	saved, err := s.create(ctx, tx, actor, p.NewOrganisation, 0)
	if err != nil {
		return 0, err
	}
	part, err := load(ctx, tx, actor.Tenant, saved.ID)
	if err != nil {
		return 0, err
	}
	for _, i := range p.Take {
		if err := s.goOver(ctx, tx, actor, i, o, part, e); err != nil {
			return 0, err
		}
	}
	if len(p.Grids) > 0 {
		for _, f := range s.gridFollowers {
			if err := f.FollowGrids(ctx, tx, actor, p.Grids, o.ID, part.ID); err != nil {
				return 0, err
			}
		}
	}
	if err := openRelation(ctx, tx, actor.Tenant, SplitFrom, part.ID, o.ID, e); err != nil {
		return 0, err
	}
	return part.ID, s.record(ctx, tx, actor, Act{Kind: ActSplit, SubjectID: part.ID, OtherID: o.ID}, e)
}

// goOver lets one subordinate or unit of the old organisation go over to the new one.
func (s *Service) goOver(ctx context.Context, tx *db.Tx, actor authz.Actor, org id.ID, from, to Organisation, e Effect) error {
	o, err := load(ctx, tx, actor.Tenant, org)
	if err != nil {
		return err
	}
	if err := o.changeable(e.On); err != nil {
		return err
	}
	switch {
	case o.ParentID == from.ID:
		if err := s.settled(ctx, tx, actor.Tenant, e.On, o.ID); err != nil {
			return err
		}
		if err := swapRelations(ctx, tx, actor.Tenant, Leadership, []id.ID{o.ID}, to.ID, e); err != nil {
			return err
		}
		return move(ctx, tx, actor.Tenant, o, to.ID, to.Path+o.ID.String()+"/")
	case o.CommunityID == from.ID && from.Kind == Community:
		last, err := lastChange(ctx, tx, actor.Tenant, Area, "from_id", []id.ID{o.ID})
		if err != nil {
			return err
		}
		if e.On.Before(last) {
			return errs.Field("on", i18n.OrgDateBeforeArea, o.Label(), last.String())
		}
		if err := swapRelations(ctx, tx, actor.Tenant, Area, []id.ID{o.ID}, to.ID, e); err != nil {
			return err
		}
		return setCommunity(ctx, tx, actor.Tenant, o.ID, to.ID)
	}
	return errs.Field("parts", i18n.OrgSplitNotHeld, o.Label())
}
