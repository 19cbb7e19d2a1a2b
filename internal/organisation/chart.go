package organisation

import (
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/id"
)

// Chart is the organisations of a district as they stood on a day.
type Chart struct {
	On     calendar.Date
	Roots  []*Node
	Counts map[Kind]int // how many of each kind existed that day
}

// AsOf draws the chart of a day with the names of that day (PermFind). The zero date is today.
func (s *Service) AsOf(ctx context.Context, actor authz.Actor, on calendar.Date) (Chart, error) {
	return s.asOf(ctx, actor, on, Leadership)
}

// AreaAsOf is AsOf by area (块): units stand below the community in which they lay, not below their system. Units of no community are left out.
func (s *Service) AreaAsOf(ctx context.Context, actor authz.Actor, on calendar.Date) (Chart, error) {
	return s.asOf(ctx, actor, on, Area)
}

func (s *Service) asOf(ctx context.Context, actor authz.Actor, on calendar.Date, units RelationKind) (Chart, error) {
	if !actor.Can(PermFind) || actor.Tenant == 0 {
		return Chart{}, errs.ErrForbidden
	}
	if on.IsZero() {
		on = calendar.DateOf(s.db.Now())
	}
	nodes, err := nodesAsOf(ctx, s.db, actor.Tenant, on, units)
	if err != nil {
		return Chart{}, err
	}
	if units == Area {
		nodes = slices.DeleteFunc(nodes, func(n *Node) bool { return n.Kind == Unit && n.ParentID == 0 })
	}
	return draw(on, nodes), nil
}

// draw hangs nodes below their superiors. A node whose superior did not exist that day stands at the top.
func draw(on calendar.Date, nodes []*Node) Chart {
	c := Chart{On: on, Counts: map[Kind]int{}}
	byID := make(map[id.ID]*Node, len(nodes))
	for _, n := range nodes {
		byID[n.ID] = n
		c.Counts[n.Kind]++
	}
	for _, n := range nodes {
		if p := byID[n.ParentID]; p != nil {
			p.Children = append(p.Children, n)
		} else {
			c.Roots = append(c.Roots, n)
		}
	}
	return c
}
