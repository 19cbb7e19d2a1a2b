package figure

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
)

// Place is a district, sub-district or community.
type Place struct {
	ID     id.ID
	Kind   organisation.Kind
	Name   string
	Parent id.ID
	Ended  bool
}

// District says whether the place is the whole tenant.
func (p Place) District() bool { return p.Kind == organisation.District }

// level is the level on which figures of the place are counted.
func (p Place) level() Level {
	switch p.Kind {
	case organisation.Community:
		return InCommunity
	case organisation.Working:
		return InSubdistrict
	}
	return InTenant
}

// tree are the places of a tenant.
type tree struct {
	root Place
	list []Place // the district, then by name
	byID map[id.ID]Place
}

func (p *Place) dest() []any { return []any{&p.ID, &p.Kind, &p.Name, &p.Parent, &p.Ended} }

// places reads the tenant's places: there are as many as it has communities.
func places(ctx context.Context, q db.Querier, tenant int64) (*tree, error) {
	list, err := db.All(ctx, q, (*Place).dest, `SELECT o.id, o.kind, CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END, o.parent_id, o.dissolved_on <> ''
		FROM organisation o WHERE o.tenant_id = $1 AND o.kind IN ($2, $3, $4) ORDER BY o.name_key, o.id`, tenant,
		organisation.District, organisation.Working, organisation.Community)
	if err != nil {
		return nil, err
	}
	t := &tree{byID: map[id.ID]Place{}}
	for _, p := range list {
		t.byID[p.ID] = p
		if p.District() && !p.Ended {
			t.root = p
		}
	}
	if t.root.ID != 0 {
		t.list = append(t.list, t.root)
	}
	for _, p := range list {
		if !p.District() {
			t.list = append(t.list, p)
		}
	}
	return t, nil
}

// up are the places to which a record of a place adds: itself, its sub-district, the district.
func (t *tree) up(place id.ID) []id.ID {
	p, known := t.byID[place]
	list := []id.ID{t.root.ID}
	if !known || p.District() {
		return list
	}
	if parent, ok := t.byID[p.Parent]; ok && p.Kind == organisation.Community && parent.Kind == organisation.Working {
		list = append(list, parent.ID)
	}
	return append(list, p.ID)
}

// within are the places whose records add to a place, as they stand in place_id.
func (t *tree) within(p Place) []id.ID {
	list := []id.ID{p.ID}
	for _, c := range t.list {
		if p.Kind == organisation.Working && c.Kind == organisation.Community && c.Parent == p.ID {
			list = append(list, c.ID)
		}
	}
	return list
}

// below are the living places directly below a place, by name.
func (t *tree) below(p Place) []Place {
	var list []Place
	for _, c := range t.list {
		if c.ID != p.ID && c.Parent == p.ID && !c.Ended {
			list = append(list, c)
		}
	}
	return list
}

// Places gives the places whose figures the actor may see, the district first, then by name.
func (s *Service) Places(ctx context.Context, actor authz.Actor) ([]Place, error) {
	t, err := places(ctx, s.db, actor.Tenant)
	if err != nil {
		return nil, err
	}
	return t.seen(actor.Scope(PermSee)), nil
}

// seen are the living places in scope. The district is in scope only with all of the tenant.
func (t *tree) seen(scope authz.Scope) []Place {
	var list []Place
	for _, p := range t.list {
		if !p.Ended && covers(scope, p) {
			list = append(list, p)
		}
	}
	return list
}

func covers(scope authz.Scope, p Place) bool {
	return scope.All() || (!p.District() && scope.Covers(p.ID))
}

// find is a place in scope; place 0 is the largest that there is.
func (s *Service) find(ctx context.Context, actor authz.Actor, place id.ID) (*tree, Place, error) {
	scope := actor.Scope(PermSee)
	t, err := places(ctx, s.db, actor.Tenant)
	if err != nil {
		return nil, Place{}, err
	}
	if place == 0 {
		return t, largest(t.seen(scope)), noPlace(t.seen(scope))
	}
	p, known := t.byID[place]
	if !known || !covers(scope, p) {
		return nil, Place{}, errs.ErrNotFound
	}
	return t, p, nil
}

func noPlace(list []Place) error {
	if len(list) == 0 {
		return errs.New(errs.NotFound, i18n.FigureNoPlace)
	}
	return nil
}

// largest is the place highest up, the first of them by name.
func largest(list []Place) (best Place) {
	for i, p := range list {
		if i == 0 || p.level() > best.level() {
			best = p
		}
	}
	return best
}
