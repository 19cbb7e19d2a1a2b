package policy

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/waiting"
)

// WaitComing is a value that changes within a month: a good time to tell those whom it concerns.
const WaitComing = "policy.coming"

// comingWithin is how many days ahead a change is worth a look.
const comingWithin = 30

// Waiting says which values change soon, to those who set them.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if !actor.Scope(PermSet).All() {
		return nil, nil
	}
	list, err := s.List(ctx, actor)
	if err != nil {
		return nil, err
	}
	it := waiting.Item{Kind: WaitComing}
	until := calendar.DateOf(s.db.Now()).AddDays(comingWithin).String()
	for _, v := range list {
		if v.LaterOn == "" || v.LaterOn > until {
			continue
		}
		it.Count++
		if it.DueOn == "" || v.LaterOn < it.DueOn {
			it.DueOn = v.LaterOn
		}
	}
	if it.Count == 0 {
		return nil, nil
	}
	return []waiting.Item{it}, nil
}
