package workplan

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/waiting"
)

// The kinds of what waits.
const (
	WaitReview   = "workplan.review"   // a plan to be decided on
	WaitReturned = "workplan.returned" // a plan to be changed and handed in again
	WaitOverdue  = "workplan.overdue"  // items that are open after their day
)

// Waiting says what waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	keep, review := actor.Scope(PermKeep), actor.Scope(PermReview)
	add := func(kind, query string, a *db.Args) error {
		it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since), &i.DueOn} }, query, a.Values()...)
		if it.Kind = kind; err == nil && it.Count > 0 {
			out = append(out, it)
		}
		return err
	}
	if !review.Empty() {
		a := &db.Args{}
		if err := add(WaitReview, "SELECT count(*), coalesce(min(w.id), 0), coalesce(min(w.submitted_at), 0), '' FROM workplan w WHERE "+review.Where(a, reviewers)+
			" AND w.state = 'submitted' AND w.submitted_by <> "+a.Add(actor.AccountID), a); err != nil {
			return nil, err
		}
	}
	if !keep.Empty() {
		a := &db.Args{}
		if err := add(WaitReturned, "SELECT count(*), coalesce(min(w.id), 0), coalesce(min(w.decided_at), 0), '' FROM workplan w WHERE "+keep.Where(a, owners)+
			" AND w.state = 'returned'", a); err != nil {
			return nil, err
		}
		a = &db.Args{}
		if err := add(WaitOverdue, `SELECT count(*), coalesce(min(w.id), 0), 0, coalesce(min(i.due_on), '') FROM workplan_item i JOIN workplan w ON w.tenant_id = i.tenant_id AND w.id = i.workplan_id WHERE `+
			keep.Where(a, owners)+" AND w.state = 'accepted' AND i.state = 'open' AND i.due_on < "+a.Add(calendar.DateOf(s.db.Now())), a); err != nil {
			return nil, err
		}
	}
	return out, nil
}
