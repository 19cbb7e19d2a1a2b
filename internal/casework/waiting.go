package casework

import (
	"context"
	"strconv"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/waiting"
)

// The kinds of what waits.
const (
	WaitAccept    = "casework.accept"    // came in and lies with an organisation of the actor's
	WaitDispatch  = "casework.dispatch"  // accepted, and nobody does it
	WaitSign      = "casework.sign"      // given to the actor's organisation
	WaitMine      = "casework.mine"      // the actor is at it
	WaitJoint     = "casework.joint"     // a part of a joint case
	WaitGrant     = "casework.grant"     // more time is asked for
	WaitCall      = "casework.call"      // finished, without an answer, and somebody can be called
	WaitOverdue   = "casework.overdue"   // below the actor, and late
	WaitSupervise = "casework.supervise" // pressed for, with the actor's organisation
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// callAfter is how many days after a result somebody who has not rated it is called.
const callAfter = 2

// Waiting says what waits for the actor. What lies with one organisation waits for those who hold their right there, and not for those above.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	now := s.db.Now()
	closed := actor.Held(PermConfidential)
	add := func(kind string, scope authz.Scope, since string, cond func(a *db.Args) string) error {
		if scope.Empty() {
			return nil
		}
		a := &db.Args{}
		where := scope.Where(a, handlers)
		if closed.Empty() {
			where += " AND c.confidential = FALSE"
		}
		it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since)} },
			"SELECT count(*), coalesce(min(c.id), 0), coalesce(min("+since+"), 0) FROM service_case c WHERE "+where+" AND "+cond(a), a.Values()...)
		if it.Kind = kind; err == nil && it.Count > 0 {
			out = append(out, it)
		}
		return err
	}
	is := func(cond string) func(*db.Args) string { return func(*db.Args) string { return cond } }
	late := func(a *db.Args) string {
		return openStates + " AND c.due_at <> 0 AND c.due_at < " + a.Add(db.Micros(now))
	}
	dispatch, work := actor.Held(PermDispatch), actor.Held(PermWork)
	for _, w := range []struct {
		kind  string
		scope authz.Scope
		since string
		cond  func(*db.Args) string
	}{
		{WaitAccept, dispatch, "c.received_at", is("c.state = 'received'")},
		{WaitDispatch, dispatch, "c.accepted_at", is("c.state = 'accepted'")},
		{WaitSign, work, "c.dispatched_at", is("c.state = 'dispatched'")},
		{WaitMine, work, "c.started_at", func(a *db.Args) string {
			return "c.state = 'working' AND c.suspended_at = 0 AND c.handler_id = " + a.Add(actor.AccountID)
		}},
		{WaitSupervise, dispatch, "c.supervised_at", is(openStates + " AND c.supervised_at <> 0")},
		{WaitGrant, actor.Scope(PermApprove), "c.updated_at", func(a *db.Args) string {
			return openStates + " AND c.extension = 'asked' AND c.extension_by <> " + a.Add(actor.AccountID)
		}},
		{WaitOverdue, actor.Scope(PermSupervise), "c.due_at", late},
		{WaitCall, dispatch, "c.done_at", func(a *db.Args) string {
			return "c.state = 'done' AND c.phone_key <> '' AND c.handler_id <> " + a.Add(actor.AccountID) + " AND c.done_at < " + a.Add(db.Micros(now.AddDate(0, 0, -callAfter)))
		}},
	} {
		if err := add(w.kind, w.scope, w.since, w.cond); err != nil {
			return nil, err
		}
	}
	if work.Empty() {
		return out, nil
	}
	a := &db.Args{}
	it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since)} },
		`SELECT count(*), coalesce(min(p.case_id), 0), coalesce(min(p.asked_at), 0) FROM case_party p JOIN service_case c ON c.tenant_id = p.tenant_id AND c.id = p.case_id WHERE `+
			work.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.org_id"}})+" AND p.done_at = 0 AND "+openStates, a.Values()...)
	if it.Kind = WaitJoint; err == nil && it.Count > 0 {
		out = append(out, it)
	}
	return out, err
}

// Night tells the organisation above of cases that became overdue, once each; closes what was finished and has no answer after the days that the district sets
// (without counting it as satisfied); and computes provisional limits again. The night's work calls it, and may call it again.
func (s *Service) Night(ctx context.Context, tenant int64) error {
	o, err := s.office(ctx, tenant)
	if err != nil {
		return err
	}
	days, err := AnswerDays.On(ctx, s.db, tenant, calendar.DateOf(s.db.Now()))
	if err != nil {
		return err
	}
	now := s.db.Now()
	work := []struct {
		cond string
		arg  int64
		act  Act
		do   func(tx *db.Tx, c *Case) error
	}{
		{openStates + " AND c.provisional = TRUE AND c.due_at > $3", 0, "", func(tx *db.Tx, c *Case) error { return s.retime(ctx, tx, tenant, o, c) }},
		{openStates + " AND c.due_at <> 0 AND c.due_at < $3 AND c.escalated_at = 0", db.Micros(now), ActEscalate, func(tx *db.Tx, c *Case) error {
			c.EscalatedAt = tx.Now()
			return nil
		}},
		{"c.state = 'done' AND c.done_at < $3", db.Micros(now.AddDate(0, 0, -int(days))), ActClose, func(tx *db.Tx, c *Case) error {
			c.State, c.ClosedAt, c.Confirmed = Closed, tx.Now(), NoAnswer
			return nil
		}},
	}
	for _, w := range work {
		for after := id.ID(0); ; {
			ids, err := db.Column[id.ID](ctx, s.db, "SELECT c.id FROM service_case c WHERE c.tenant_id = $1 AND c.id > $2 AND "+w.cond+" ORDER BY c.id LIMIT 200", tenant, after, w.arg)
			if err != nil {
				return err
			}
			if len(ids) == 0 {
				break
			}
			after = ids[len(ids)-1]
			if err := s.nightly(ctx, tenant, ids, w.act, w.do); err != nil {
				return err
			}
		}
	}
	return nil
}

func (s *Service) nightly(ctx context.Context, tenant int64, ids []id.ID, act Act, do func(tx *db.Tx, c *Case) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		rows, err := db.All(ctx, tx, (*row).dest, "SELECT "+columns+joined+"c.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "c.id", ids), a.Values()...)
		if err != nil {
			return err
		}
		for _, r := range rows {
			c, err := s.open(r)
			if err != nil {
				return err
			}
			if err := do(tx, &c); err != nil {
				return err
			}
			if err := s.save(ctx, tx, tenant, &c); err != nil {
				return err
			}
			if act == "" {
				continue
			}
			if err := s.insertEntry(ctx, tx, tenant, c.ID, c.State, step{act: act, to: c.OrgID}); err != nil {
				return err
			}
		}
		return nil
	})
}
