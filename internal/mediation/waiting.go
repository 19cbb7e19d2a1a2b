package mediation

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/waiting"
)

// The kinds of what waits.
const (
	WaitOpened  = "mediation.opened"  // parties are to be asked, mediators to be chosen
	WaitLimit   = "mediation.limit"   // its month is over or near its end
	WaitConfirm = "mediation.confirm" // the court can still be asked to confirm
	WaitDuty    = "mediation.duty"    // what was agreed is due or overdue
	WaitVisit   = "mediation.visit"   // a visit is due
)

// dutyDays is how many days before its day something agreed is brought to mind.
const dutyDays = 3

var kindsOfWaiting = []struct{ kind, due string }{{WaitOpened, "m.asked_on"}, {WaitLimit, "m.limit_on"}, {WaitConfirm, "m.confirm_by"}, {WaitDuty, "(SELECT min(d.due_on) FROM mediation_duty d WHERE d.tenant_id = m.tenant_id AND d.mediation_id = m.id AND d.done_on = '')"},
	{WaitVisit, "(SELECT min(v.due_on) FROM mediation_visit v WHERE v.tenant_id = m.tenant_id AND v.mediation_id = m.id AND v.made_on = '')"}}

// asks is the condition that the court can still be asked to confirm, and nobody has said yet whether the parties want it (Mediation.Asks).
func asks(a *db.Args, today calendar.Date) string {
	return "m.state IN ('in_force', 'performed', 'unmet') AND m.forgotten_on = '' AND m.confirmation = '' AND m.bar = '' AND m.confirm_by >= " + a.Add(today)
}

// waits is the condition that a mediation waits in a kind of way; a kind that there is not waits for nobody.
func waits(a *db.Args, kind string, today calendar.Date) string {
	switch kind {
	case WaitOpened:
		return "m.state = 'opened' AND m.ended_on = ''"
	case WaitLimit:
		return "m.state IN ('running', 'drafted') AND m.ended_on = '' AND m.limit_on <= " + a.Add(today.AddDays(soonDays))
	case WaitConfirm:
		return asks(a, today)
	case WaitDuty:
		return "m.state = 'in_force' AND m.ended_on = '' AND EXISTS (SELECT 1 FROM mediation_duty d WHERE d.tenant_id = m.tenant_id AND d.mediation_id = m.id AND d.done_on = '' AND d.due_on <= " + a.Add(today.AddDays(dutyDays)) + ")"
	case WaitVisit:
		return "m.forgotten_on = '' AND EXISTS (SELECT 1 FROM mediation_visit v WHERE v.tenant_id = m.tenant_id AND v.mediation_id = m.id AND v.made_on = '' AND v.due_on <= " + a.Add(today) + ")"
	}
	return "1 = 0"
}

// Waiting says what waits for the actor; the list with Filter.Wait shows the very records.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if !actor.Can(PermServe) && actor.Held(PermMediate).Empty() {
		return nil, nil
	}
	today := calendar.DateOf(s.db.Now())
	var out []waiting.Item
	for _, k := range kindsOfWaiting {
		a := &db.Args{}
		type row struct {
			waiting.Item
			due calendar.Date
		}
		it, err := db.One(ctx, s.db, func(r *row) []any { return []any{&r.Count, &r.Subject, &r.due, db.Instant(&r.Since)} },
			"SELECT count(*), coalesce(min(m.id), 0), coalesce(min("+k.due+"), ''), coalesce(min(m.updated_at), 0) FROM mediation m WHERE "+visible(a, actor)+" AND "+waits(a, k.kind, today), a.Values()...)
		if err != nil {
			return nil, err
		}
		if it.Count == 0 {
			continue
		}
		item := waiting.Item{Kind: k.kind, Count: it.Count, Subject: it.Subject, Since: it.Since}
		if k.kind != WaitOpened && !it.due.IsZero() {
			item.DueOn = it.due.String()
		}
		out = append(out, item)
	}
	return out, nil
}
