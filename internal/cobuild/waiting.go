package cobuild

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/waiting"
)

// The kinds of what waits, for those who act for a party.
const (
	WaitAnswer  = "cobuild.answer"  // to be answered or signed
	WaitEndAsk  = "cobuild.end"     // the other side proposes to end it
	WaitLate    = "cobuild.late"    // promises that are overdue
	WaitDue     = "cobuild.due"     // promises that fall due within soonDays
	WaitConfirm = "cobuild.confirm" // done by the other side, to be confirmed
	WaitEnding  = "cobuild.ending"  // ends within the days of the setting and is not being renewed
	WaitEnd30   = "cobuild.ending30"
)

// soonDays is how many days before its day a task waits; lastDays is when an agreement that ends waits more urgently.
const (
	soonDays = 14
	lastDays = 30
)

// mute is the condition that a unit of the agreement of a task, in the hands of a community for which the actor signs, signed on paper and has nobody who could speak for it.
func mute(a *db.Args, actor authz.Actor, day calendar.Date, more string) string {
	return actor.Held(PermSign).Where(a, authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.community_id"}}) +
		" AND EXISTS (SELECT 1 FROM cobuild_party p WHERE p.tenant_id = t.tenant_id AND p.cobuild_id = t.cobuild_id AND p.side = 'unit' AND p.on_paper = TRUE" + more + " AND NOT " + signer(a, "p.tenant_id", "p.org_id", day) + ")"
}

// toDo is the condition that a task was promised by an organisation for which the actor acts, or speaks (mute).
func toDo(a *db.Args, actor authz.Actor, day calendar.Date) string {
	return "(" + acts(actor).Where(a, authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.org_id"}}) + " OR " + mute(a, actor, day, " AND p.org_id = t.org_id") + ")"
}

// toConfirm is the condition that a task was done by the other side of a party for which the actor acts, or speaks (mute).
func toConfirm(a *db.Args, actor authz.Actor, day calendar.Date) string {
	scope := acts(actor)
	mine := scope.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.org_id"}})
	return "t.tenant_id = " + a.Add(scope.Tenant()) + " AND t.state = 'said' AND (EXISTS (SELECT 1 FROM cobuild_party p JOIN cobuild_party y ON y.tenant_id = p.tenant_id AND y.cobuild_id = p.cobuild_id AND y.side <> p.side WHERE " + mine +
		" AND p.tenant_id = t.tenant_id AND p.cobuild_id = t.cobuild_id AND y.org_id = t.org_id) OR t.org_id = t.community_id AND " + mute(a, actor, day, "") + ")"
}

// waits is the condition that an agreement waits in a way for those who act for one of its parties.
func (s *Service) waits(a *db.Args, actor authz.Actor, kind string) string {
	scope, today := acts(actor), s.today()
	mine := func(more string) string {
		return "EXISTS (SELECT 1 FROM cobuild_party p WHERE " + scope.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.org_id"}}) + " AND p.tenant_id = c.tenant_id AND p.cobuild_id = c.id" + more + ")"
	}
	task := func(cond string) string {
		return inForce(a.Add(today.String())) + " AND EXISTS (SELECT 1 FROM cobuild_task t WHERE " + cond + " AND t.tenant_id = c.tenant_id AND t.cobuild_id = c.id)"
	}
	own := func() string { return toDo(a, actor, today) }
	ending := "NOT EXISTS (SELECT 1 FROM cobuild r WHERE r.tenant_id = c.tenant_id AND r.renews_id = c.id AND r.state NOT IN ('withdrawn', 'draft')) AND c.ended_on = '' AND "
	switch kind {
	case WaitAnswer: // whoever moved it last waits for the others; when all others have signed, it waits for them
		return "c.state = 'talks' AND " + mine(" AND p.signed_at = 0 AND (p.org_id <> c.moved_by OR NOT EXISTS (SELECT 1 FROM cobuild_party y WHERE y.tenant_id = c.tenant_id AND y.cobuild_id = c.id AND y.org_id <> p.org_id AND y.signed_at = 0))")
	case WaitEndAsk:
		return "c.state = 'agreed' AND " + lastDay + " >= " + a.Add(today.String()) + " AND c.end_asked_by <> 0 AND " + mine(" AND p.side <> (SELECT y.side FROM cobuild_party y WHERE y.tenant_id = c.tenant_id AND y.cobuild_id = c.id AND y.org_id = c.end_asked_by)")
	case WaitLate:
		return task(own() + " AND t.state = 'open' AND t.due_on < " + a.Add(today.String()))
	case WaitDue:
		return task(own() + " AND t.state = 'open' AND t.due_on >= " + a.Add(today.String()) + " AND t.due_on <= " + a.Add(today.AddDays(soonDays).String()))
	case WaitConfirm:
		return "c.state = 'agreed' AND EXISTS (SELECT 1 FROM cobuild_task t WHERE " + toConfirm(a, actor, today) + " AND t.cobuild_id = c.id)"
	case WaitEnd30:
		return ending + inForce(a.Add(today.String())) + " AND c.valid_to <= " + a.Add(today.AddDays(lastDays).String()) + " AND " + mine("")
	case WaitEnding:
		return ending + inForce(a.Add(today.String())) + " AND c.valid_to > " + a.Add(today.AddDays(lastDays).String()) + " AND c.valid_to <= " + a.Add(today.AddDays(int(s.remind)).String()) + " AND " + mine("")
	}
	return "1 = 0"
}

// reminding is the service with the setting RemindDays of the actor's tenant.
func (s *Service) reminding(ctx context.Context, actor authz.Actor) (*Service, error) {
	days, err := RemindDays.On(ctx, s.db, actor.Tenant, s.today())
	of := *s
	of.remind = days
	return &of, err
}

// Waiting says what waits for the actor; the list with Filter.Wait shows the very agreements.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if acts(actor).Empty() {
		return nil, nil
	}
	s, err := s.reminding(ctx, actor)
	if err != nil {
		return nil, err
	}
	task := func(a *db.Args) string { // of those for whom the actor acts
		cond := "t.state = 'open' AND " + toDo(a, actor, s.today())
		return "coalesce(min((SELECT min(t.due_on) FROM cobuild_task t WHERE t.tenant_id = c.tenant_id AND t.cobuild_id = c.id AND " + cond + ")), '')"
	}
	var out []waiting.Item
	is := func(sql string) func(*db.Args) string { return func(*db.Args) string { return sql } }
	for _, k := range []struct {
		kind string
		due  func(*db.Args) string
	}{
		{WaitAnswer, is("''")}, {WaitEndAsk, is("coalesce(min(c.end_asked_on), '')")}, {WaitLate, task}, {WaitDue, task}, {WaitConfirm, is("''")},
		{WaitEnd30, is("coalesce(min(c.valid_to), '')")}, {WaitEnding, is("coalesce(min(c.valid_to), '')")},
	} { // seven kinds
		a := &db.Args{}
		it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since), &i.DueOn} },
			"SELECT count(*), coalesce(min(c.id), 0), coalesce(min(c.moved_at), 0), "+k.due(a)+" FROM cobuild c WHERE c.tenant_id = "+a.Add(actor.Tenant)+" AND "+s.waits(a, actor, k.kind), a.Values()...)
		if err != nil {
			return nil, err
		}
		if it.Kind = k.kind; it.Count > 0 {
			out = append(out, it)
		}
	}
	return out, nil
}
