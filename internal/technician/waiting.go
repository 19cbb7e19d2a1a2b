package technician

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/waiting"
)

// The kinds of what waits.
const (
	WaitOffer       = "technician.offer"       // the technician was asked
	WaitSignOff     = "technician.sign_off"    // finished without the resident's code
	WaitCertificate = "technician.certificate" // a certificate ends soon, or has ended
	WaitAgain       = "technician.again"       // nobody is at it any more: declined, given back, or opened again
)

// Waiting says what waits for the actor: as a technician, and as who keeps technicians.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	add := func(kind, query string, a *db.Args) error {
		it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since)} }, query, a.Values()...)
		if it.Kind = kind; err == nil && it.Count > 0 {
			out = append(out, it)
		}
		return err
	}
	if actor.AccountID != 0 && actor.Can(PermServe) {
		mine := func(a *db.Args) string {
			return " FROM technician_job j JOIN technician t ON t.tenant_id = j.tenant_id AND t.id = j.technician_id WHERE j.tenant_id = " + a.Add(actor.Tenant) + " AND t.account_id <> 0 AND t.account_id = " + a.Add(actor.AccountID) + " AND t.ended_on = ''"
		}
		a := &db.Args{}
		if err := add(WaitOffer, "SELECT count(*), coalesce(min(j.id), 0), coalesce(min(j.offered_at), 0)"+mine(a)+" AND j.state = 'offered'", a); err != nil {
			return nil, err
		}
		a = &db.Args{}
		if err := add(WaitSignOff, "SELECT count(*), coalesce(min(j.id), 0), coalesce(min(j.finished_at), 0)"+mine(a)+" AND j.state = 'finished' AND j.confirmed = '' AND j.tries < "+a.Add(int64(MaxTries))+
			" AND j.finished_at >= "+a.Add(db.Micros(s.db.Now().AddDate(0, 0, -signDays))), a); err != nil {
			return nil, err
		}
	}
	if held := actor.Held(PermDispatch); !held.Empty() {
		a := &db.Args{}
		if err := add(WaitAgain, "SELECT count(*), coalesce(min(c.id), 0), coalesce(min(c.updated_at), 0) FROM service_case c JOIN case_kind k ON k.tenant_id = c.tenant_id AND k.code = c.kind_code WHERE "+held.Where(a, caseOrg)+" AND "+waits+
			` AND NOT EXISTS (SELECT 1 FROM technician_job q WHERE q.tenant_id = c.tenant_id AND q.case_id = c.id AND q.state = 'offered')
			AND EXISTS (SELECT 1 FROM technician_job q WHERE q.tenant_id = c.tenant_id AND q.case_id = c.id)`, a); err != nil {
			return nil, err
		}
	}
	if actor.Scope(PermKeep).Empty() {
		return out, nil
	}
	until, err := s.expiring(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	a := &db.Args{}
	return out, add(WaitCertificate, "SELECT count(DISTINCT t.id), coalesce(min(t.id), 0), 0 FROM technician_certificate z JOIN technician t ON t.tenant_id = z.tenant_id AND t.id = z.technician_id WHERE "+
		actor.Scope(PermKeep).Where(a, belongs)+" AND t.ended_on = '' AND z.removed_at = 0 AND z.valid_until <= "+a.Add(until), a)
}
