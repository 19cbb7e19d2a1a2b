package casework

import (
	"context"
	"strconv"
	"strings"
	"time"

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
	WaitCheck     = "casework.check"     // found on a round and finished: somebody is to look whether it is solved
	WaitOverdue   = "casework.overdue"   // below the actor, and late
	WaitLate      = "casework.late"      // late, and the actor is at it, or gives out the work of the organisation that has it
	WaitSupervise = "casework.supervise" // pressed for, and the actor is at it, or it lies with an organisation of theirs
	WaitSoon      = "casework.soon"      // the actor is at it, and its limit is near
	WaitStep      = "casework.step"      // a needed step is late of a case that the actor handles, or that nobody at the actor's organisation handles
	WaitRoute     = "casework.idle"      // a rule of the actor's that has no effect any more
	WaitUnsigned  = "casework.unsigned"  // given out by the actor's organisation, and not signed for in time
)

func decimal(n int64) string { return strconv.FormatInt(n, 10) }

// callAfter is how many days after a result somebody who has not rated it is called.
const callAfter = 2

// kindsOfWaiting are those kinds that are questions to single cases, with the instant since when one waits.
var kindsOfWaiting = []struct{ kind, since string }{
	{WaitSoon, "c.started_at"}, {WaitAccept, "c.received_at"}, {WaitDispatch, "c.accepted_at"}, {WaitSign, "c.dispatched_at"}, {WaitMine, "c.started_at"}, {WaitSupervise, "c.supervised_at"}, {WaitLate, "c.due_at"},
	{WaitGrant, "c.updated_at"}, {WaitUnsigned, "c.dispatched_at"}, {WaitOverdue, "c.due_at"}, {WaitCall, "c.done_at"}, {WaitCheck, "c.done_at"}, {WaitJoint, "c.updated_at"}, {WaitStep, "c.accepted_at"},
}

// waits is the condition that a case waits for the actor in a kind of way. What lies with one organisation waits for those who hold their right there; what is
// to be decided above it, for those who hold theirs directly above. A kind that there is not waits for nobody.
func (s *Service) waits(a *db.Args, actor authz.Actor, kind string) string {
	now := s.db.Now()
	at := func(perm authz.Permission) string { return actor.Held(perm).Where(a, handlers) + " AND " }
	ours := func() string {
		return "(" + actor.Held(PermDispatch).Where(a, handlers) + " OR c.handler_id <> 0 AND c.handler_id = " + a.Add(actor.AccountID) + ") AND "
	}
	below := func(perm authz.Permission) string {
		roots, all := actor.Roots(perm)
		if all && len(roots) == 0 {
			return ""
		}
		return "c.org_id IN (SELECT o.id FROM organisation o WHERE o.tenant_id = " + a.Add(actor.Tenant) + " AND (" + db.In(a, "o.parent_id", roots) + " OR o.parent_id = 0 AND " + db.In(a, "o.id", roots) + ")) AND "
	}
	switch kind {
	case WaitAccept:
		return at(PermDispatch) + "c.closed_at = 0 AND c.state = 'received'"
	case WaitDispatch:
		return at(PermDispatch) + "c.closed_at = 0 AND c.state = 'accepted' AND c.suspended_at = 0"
	case WaitSign:
		return at(PermWork) + "c.closed_at = 0 AND c.state = 'dispatched'"
	case WaitMine, WaitSoon:
		w := at(PermWork) + "c.closed_at = 0 AND c.state = 'working' AND c.suspended_at = 0 AND c.handler_id <> 0 AND c.handler_id = " + a.Add(actor.AccountID)
		if kind == WaitSoon {
			w += " AND c.due_at >= " + a.Add(db.Micros(now)) + " AND c.due_at < " + a.Add(db.Micros(now.Add(soon)))
		}
		return w
	case WaitSupervise:
		return ours() + openStates + " AND c.supervised_at <> 0"
	case WaitLate:
		return ours() + openStates + " AND c.due_at <> 0 AND c.due_at < " + a.Add(db.Micros(now))
	case WaitGrant:
		return below(PermApprove) + openStates + " AND c.extension = 'asked' AND c.extension_by <> " + a.Add(actor.AccountID)
	case WaitUnsigned:
		return actor.Held(PermDispatch).Where(a, authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.dispatched_by"}}) + " AND " + "c.closed_at = 0 AND c.state = 'dispatched' AND c.sign_due_at <> 0 AND c.sign_due_at < " + a.Add(db.Micros(now))
	case WaitOverdue:
		return below(PermSupervise) + openStates + " AND c.due_at <> 0 AND c.due_at < " + a.Add(db.Micros(now))
	case WaitCall:
		return at(PermDispatch) + "c.closed_at = 0 AND c.state = 'done' AND c.phone_key <> '' AND c.handler_id <> " + a.Add(actor.AccountID) + " AND c.done_at < " + a.Add(db.Micros(now.AddDate(0, 0, -callAfter)))
	case WaitCheck:
		return actor.Held(PermWork).Where(a, authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.community_id"}}) + " AND c.closed_at = 0 AND c.state = 'done' AND c.channel = 'patrol' AND c.phone_key = '' AND c.handler_id <> " + a.Add(actor.AccountID) +
			" AND NOT EXISTS (SELECT 1 FROM case_entry e WHERE e.tenant_id = c.tenant_id AND e.case_id = c.id AND e.act IN " + worked + " AND e.account_id = " + a.Add(actor.AccountID) + ")"
	case WaitStep:
		return at(PermWork) + openStates + " AND c.suspended_at = 0 AND c.handler_id IN (0, " + a.Add(actor.AccountID) + ") AND c.id IN (SELECT t.case_id FROM case_step t WHERE t.tenant_id = " + a.Add(actor.Tenant) +
			" AND t.done_at = 0 AND t.needed = TRUE AND t.due_at <> 0 AND t.due_at < " + a.Add(db.Micros(now)) + ")"
	case WaitJoint:
		return openStates + " AND c.id IN (SELECT p.case_id FROM case_party p WHERE " + actor.Held(PermWork).Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.org_id"}}) + " AND p.done_at = 0)"
	}
	return "1 = 0"
}

// soon is how long before its limit a case is brought to mind (CASE-7).
const soon = 24 * time.Hour

// Waiting says what waits for the actor; the list with Filter.Wait shows the very cases.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	if actor.Scope(PermSee).Empty() {
		return nil, nil
	}
	var out []waiting.Item
	if it, err := s.idleRoutes(ctx, actor); err != nil {
		return nil, err
	} else if it.Count > 0 {
		out = append(out, it)
	}
	for _, k := range kindsOfWaiting {
		a := &db.Args{}
		where := s.visible(a, actor) + " AND " + s.waits(a, actor, k.kind)
		it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since)} },
			"SELECT count(*), coalesce(min(c.id), 0), coalesce(min("+k.since+"), 0) FROM service_case c WHERE "+where, a.Values()...)
		if err != nil {
			return nil, err
		}
		if it.Kind = k.kind; it.Count > 0 {
			out = append(out, it)
		}
	}
	return out, nil
}

// nightly is work on all cases of a tenant that a condition names.
type nightly struct {
	cond string // with $3 for arg
	arg  int64
	act  Act
	do   func(tx *db.Tx, c *Case) error
}

// Escalate tells the organisation above, and those who are responsible, of cases that became overdue, once each. It is called every few minutes.
func (s *Service) Escalate(ctx context.Context, tenant int64) error {
	return s.each(ctx, tenant, nightly{openStates + " AND c.due_at <> 0 AND c.due_at < $3 AND c.escalated_at = 0", db.Micros(s.db.Now()), ActEscalate, func(tx *db.Tx, c *Case) error {
		c.EscalatedAt, c.Late = tx.Now(), true
		return nil
	}})
}

// Night escalates; closes what was finished and has no answer after the days that the district sets (without counting it as satisfied); lets the clock of what
// was suspended for too long go on; and computes provisional limits again. The night's work calls it, and may call it again.
func (s *Service) Night(ctx context.Context, tenant int64) error {
	o, err := s.office(ctx, tenant)
	if err != nil {
		return err
	}
	now := s.db.Now()
	answer, err := AnswerDays.On(ctx, s.db, tenant, calendar.DateOf(now))
	if err != nil {
		return err
	}
	pause, err := PauseDays.On(ctx, s.db, tenant, calendar.DateOf(now))
	if err != nil {
		return err
	}
	for _, w := range []nightly{
		{openStates + " AND c.suspended_at <> 0 AND c.suspended_at < $3", db.Micros(calendar.DateOf(now).AddDays(1 - int(pause)).Time()), ActResume, func(tx *db.Tx, c *Case) error {
			c.SuspendedAt = time.Time{}
			if err := closePause(ctx, tx, tenant, c.ID); err != nil {
				return err
			}
			return s.retime(ctx, tx, tenant, o, c)
		}},
		{openStates + " AND c.provisional = TRUE AND c.due_at > $3", 0, "", func(tx *db.Tx, c *Case) error { return s.retime(ctx, tx, tenant, o, c) }},
		{"c.closed_at = 0 AND c.state = 'done' AND c.done_at < $3", db.Micros(now.AddDate(0, 0, -int(answer))), ActClose, func(tx *db.Tx, c *Case) error {
			c.State, c.ClosedAt, c.Confirmed = Closed, tx.Now(), NoAnswer
			return s.confirmed(ctx, tx, c, NoAnswer)
		}},
	} {
		if err := s.each(ctx, tenant, w); err != nil {
			return err
		}
	}
	return s.Escalate(ctx, tenant)
}

// each does work on every case that it is for, some at a time. What somebody changed in the meantime, so that it is no longer for it, is left alone.
func (s *Service) each(ctx context.Context, tenant int64, w nightly) error {
	for after := id.ID(0); ; {
		ids, err := db.Column[id.ID](ctx, s.db, "SELECT c.id FROM service_case c WHERE c.tenant_id = $1 AND c.id > $2 AND "+w.cond+" ORDER BY c.id LIMIT 200", tenant, after, w.arg)
		if err != nil || len(ids) == 0 {
			return err
		}
		after = ids[len(ids)-1]
		if err := s.batch(ctx, tenant, ids, w); err != nil {
			return err
		}
	}
}

// batch does work on some cases in one transaction.
func (s *Service) batch(ctx context.Context, tenant int64, ids []id.ID, w nightly) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		where := "c.tenant_id = " + a.Add(tenant) + " AND " + "c.id >= " + a.Add(ids[0]) + " AND " + strings.ReplaceAll(w.cond, "$3", a.Add(w.arg)) + " AND " + db.In(a, "c.id", ids)
		rows, err := db.All(ctx, tx, (*row).dest, "SELECT "+columns+joined+where, a.Values()...)
		if err != nil {
			return err
		}
		orgs := make([]id.ID, len(rows))
		for i, r := range rows {
			orgs[i] = r.OrgID
		}
		above := map[id.ID]id.ID{}
		if w.act == ActEscalate && len(orgs) > 0 {
			if above, err = parentsOf(ctx, tx, tenant, orgs); err != nil {
				return err
			}
		}
		var done []Case
		for _, r := range rows {
			c, err := s.open(r)
			if err != nil {
				return err
			}
			was := c
			if err := w.do(tx, &c); err != nil {
				return err
			}
			if w.act == "" && c.Timing == was.Timing {
				continue
			}
			if err := s.save(ctx, tx, tenant, &c); err != nil {
				return err
			}
			if w.act == "" {
				continue
			}
			e := step{act: w.act, from: c.OrgID, to: above[c.OrgID]}
			entry, err := s.insertEntry(ctx, tx, tenant, c.ID, c.State, e)
			if err != nil {
				return err
			}
			if err := s.told(ctx, tx, &c, entry, e, was); err != nil {
				return err
			}
			done = append(done, c)
		}
		if w.act != ActEscalate {
			return nil
		}
		return s.escalated(ctx, tx, tenant, done, above)
	})
}
