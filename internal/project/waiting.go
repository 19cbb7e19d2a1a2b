package project

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/waiting"
)

// The kinds of what waits, for those who act for an organisation.
const (
	WaitAnswer   = "project.answer"   // a project, or a change of it, waits for the organisation's yes
	WaitStep     = "project.step"     // steps are overdue
	WaitSoon     = "project.soon"     // steps fall due within soonDays
	WaitDeclined = "project.declined" // a partner declined: whoever leads goes on with others, or without
	WaitFinish   = "project.finish"   // past its last day, or all steps are done
)

// soonDays is how many days before its day a step waits.
const soonDays = 7

// waits is the condition that a project waits in a way for those who act in it.
func (s *Service) waits(a *db.Args, actor authz.Actor, kind string) string {
	scope, today := acts(actor), s.today()
	mine := func(alias string) string {
		return scope.Where(a, authz.Columns{Tenant: alias + ".tenant_id", Orgs: []string{alias + ".org_id"}})
	}
	leads := func() string {
		return scope.Where(a, authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.community_id", "c.lead_id"}})
	}
	open := func(more string) string {
		return "c.state = 'running' AND EXISTS (SELECT 1 FROM project_step t WHERE " + mine("t") + " AND t.tenant_id = c.tenant_id AND t.project_id = c.id AND t.state = 'open'" + more + ")"
	}
	switch kind {
	case WaitAnswer:
		return "c.state IN ('proposed', 'running') AND (EXISTS (SELECT 1 FROM project_partner p WHERE " + mine("p") + " AND p.tenant_id = c.tenant_id AND p.project_id = c.id AND p.state = 'asked') OR EXISTS (SELECT 1 FROM project_change g WHERE " +
			mine("g") + " AND g.tenant_id = c.tenant_id AND g.project_id = c.id AND g.state = 'asked'))"
	case WaitStep:
		return open(" AND t.due_on < " + a.Add(today.String()))
	case WaitSoon:
		return open(" AND t.due_on >= " + a.Add(today.String()) + " AND t.due_on <= " + a.Add(today.AddDays(soonDays).String()))
	case WaitDeclined:
		return leads() + " AND c.state IN ('proposed', 'running') AND EXISTS (SELECT 1 FROM project_partner p WHERE p.tenant_id = c.tenant_id AND p.project_id = c.id AND p.state = 'declined')"
	case WaitFinish:
		return leads() + " AND c.state = 'running' AND (c.to_on < " + a.Add(today.String()) + " OR " + count("") + " > 0 AND " + count(" AND t.state = 'open'") + " = 0)"
	}
	return "1 = 0"
}

// Waiting says what waits for the actor; the list with Filter.Wait shows the very projects.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if acts(actor).Empty() {
		return nil, nil
	}
	var out []waiting.Item
	for _, kind := range []string{WaitAnswer, WaitStep, WaitSoon, WaitDeclined, WaitFinish} {
		a := &db.Args{}
		due := "''"
		if kind == WaitStep || kind == WaitSoon {
			due = "coalesce(min((SELECT min(t.due_on) FROM project_step t WHERE " + acts(actor).Where(a, authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.org_id"}}) + " AND t.tenant_id = c.tenant_id AND t.project_id = c.id AND t.state = 'open')), '')"
		}
		it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since), &i.DueOn} },
			"SELECT count(*), coalesce(min(c.id), 0), coalesce(min(CASE WHEN c.begun_at <> 0 THEN c.begun_at ELSE c.proposed_at END), 0), "+due+" FROM project c WHERE c.tenant_id = "+a.Add(actor.Tenant)+" AND "+s.waits(a, actor, kind), a.Values()...)
		if err != nil {
			return nil, err
		}
		if it.Kind = kind; it.Count > 0 {
			out = append(out, it)
		}
	}
	return out, nil
}
