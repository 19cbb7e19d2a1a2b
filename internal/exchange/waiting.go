package exchange

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/waiting"
)

// The kinds of what waits.
const (
	WaitApprove   = "exchange.approve"   // a need is to be approved
	WaitAgree     = "exchange.agree"     // somebody pledged
	WaitEvaluate  = "exchange.evaluate"  // delivered, and not confirmed for some days
	WaitLate      = "exchange.late"      // its last day is over, and it is not
	WaitUnmatched = "exchange.unmatched" // nobody takes it
	WaitProposed  = "exchange.proposed"  // resources are proposed for it
	WaitDeliver   = "exchange.deliver"   // one's own pledge is agreed
	WaitAsked     = "exchange.invited"   // the community asked one for help
	WaitGive      = "exchange.give"      // the community chose a resource of an organisation
	WaitUnit      = "exchange.unit"      // a pledge of an organisation is agreed
)

// callAfter is how many days after a delivery somebody who has not said anything is called.
const callAfter = 3

// nearEnd is how many days before its last day a need with places that nobody takes goes before the joint conference, however short it was open; it had a day to be seen.
const nearEnd = 2

// unmatched is the condition that a need has places that nobody takes, since some days or while its last day is near, and no meeting is to deal with it.
func unmatched(a *db.Args, now time.Time, days int64) string {
	return "n.state = 'open' AND n.topic_id = 0 AND (n.opened_at < " + a.Add(db.Micros(now.AddDate(0, 0, -int(days)))) +
		" OR n.due_on <= " + a.Add(calendar.DateOf(now).AddDays(nearEnd).String()) + " AND n.opened_at < " + a.Add(db.Micros(now.AddDate(0, 0, -1))) + ")"
}

// silentAfter is how many days a volunteer who was asked may think before the community is to hear what they say.
const silentAfter = 3

// waits is the condition that a need waits for the actor in a kind of way: for those who hold their right at its community. A kind that there is not waits for nobody.
func (s *Service) waits(ctx context.Context, a *db.Args, actor authz.Actor, kind string) (string, error) {
	now := s.db.Now()
	w := actor.Held(PermKeep).Where(a, seen) + " AND "
	switch kind {
	case WaitApprove:
		return w + "n.state = 'asked'", nil
	case WaitAgree:
		return w + "n.state IN ('open', 'taken') AND EXISTS (SELECT 1 FROM need_pledge p WHERE p.tenant_id = n.tenant_id AND p.need_id = n.id AND p.state = 'pledged' AND (p.asked = FALSE OR p.pledged_at < " + a.Add(db.Micros(now.AddDate(0, 0, -silentAfter))) + ") AND (p.resource_id = 0 OR p.org_id = 0))", nil
	case WaitEvaluate:
		return w + "n.state IN ('open', 'taken', 'delivered') AND EXISTS (SELECT 1 FROM need_pledge p WHERE p.tenant_id = n.tenant_id AND p.need_id = n.id AND p.state = 'delivered' AND p.delivered_at < " +
			a.Add(db.Micros(now.AddDate(0, 0, -callAfter))) + ")", nil
	case WaitLate:
		return w + "n.state IN ('open', 'taken') AND n.due_on < " + a.Add(calendar.DateOf(now).String()), nil
	case WaitUnmatched:
		days, err := UnmatchedDays.On(ctx, s.db, actor.Tenant, calendar.DateOf(now))
		return w + "n.due_on >= " + a.Add(calendar.DateOf(now).String()) + " AND " + unmatched(a, now, days) + " AND " + notTakenBack, err
	case WaitProposed:
		return w + waitsProposed(a, calendar.DateOf(now)), nil
	}
	return w + "1 = 0", nil
}

// Waiting says what waits for the actor; the list with Filter.Wait shows the very needs.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	add := func(kind, query string, a *db.Args) error {
		it, err := db.One(ctx, s.db, func(i *waiting.Item) []any { return []any{&i.Count, &i.Subject, db.Instant(&i.Since)} }, query, a.Values()...)
		if it.Kind = kind; err == nil && it.Count > 0 {
			out = append(out, it)
		}
		return err
	}
	if !actor.Held(PermKeep).Empty() {
		for _, k := range []struct{ kind, since string }{{WaitApprove, "n.received_at"}, {WaitAgree, "n.opened_at"}, {WaitEvaluate, "n.opened_at"}, {WaitLate, "n.opened_at"}, {WaitUnmatched, "n.opened_at"}, {WaitProposed, "n.opened_at"}} {
			a := &db.Args{}
			where, err := s.waits(ctx, a, actor, k.kind)
			if err != nil {
				return nil, err
			}
			if err := add(k.kind, "SELECT count(*), coalesce(min(n.id), 0), coalesce(min("+k.since+"), 0) FROM need n WHERE "+where, a); err != nil {
				return nil, err
			}
		}
	}
	const own = "SELECT count(*), coalesce(min(p.id), 0), coalesce(min(p.agreed_at), 0) FROM need_pledge p WHERE p.state = 'agreed' AND "
	if actor.Can(PermOwn) && actor.PersonID != 0 {
		a := &db.Args{}
		if err := add(WaitAsked, "SELECT count(*), coalesce(min(p.id), 0), coalesce(min(p.pledged_at), 0) FROM need_pledge p WHERE p.state = 'pledged' AND p.asked = TRUE AND p.tenant_id = "+a.Add(actor.Tenant)+
			" AND p.person_id <> 0 AND p.person_id = "+a.Add(actor.PersonID), a); err != nil {
			return nil, err
		}
		a = &db.Args{}
		if err := add(WaitDeliver, own+"p.tenant_id = "+a.Add(actor.Tenant)+" AND p.person_id <> 0 AND p.person_id = "+a.Add(actor.PersonID), a); err != nil {
			return nil, err
		}
	}
	if held := actor.Held(PermOffer); !held.Empty() {
		a := &db.Args{}
		if err := add(WaitGive, "SELECT count(*), coalesce(min(p.id), 0), coalesce(min(p.pledged_at), 0) FROM need_pledge p WHERE p.state = 'pledged' AND p.resource_id <> 0 AND p.org_id <> 0 AND "+
			held.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.org_id"}}), a); err != nil {
			return nil, err
		}
		a = &db.Args{}
		if err := add(WaitUnit, own+"p.org_id <> 0 AND "+held.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.org_id"}}), a); err != nil {
			return nil, err
		}
	}
	return out, nil
}
