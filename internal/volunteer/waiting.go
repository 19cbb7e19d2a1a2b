package volunteer

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/waiting"
)

// The kinds of what waits.
const (
	WaitAsked      = "volunteer.asked"      // who asked to join a team, for the desk
	WaitUnticked   = "volunteer.unticked"   // shifts that are over, for the desk
	WaitSoon       = "volunteer.soon"       // clearances that end within SoonDays
	WaitNear       = "volunteer.near"       // those within NearDays
	WaitMine       = "volunteer.mine"       // shifts to tick and requests to join, for a leader
	WaitSubstitute = "volunteer.substitute" // who asks one to stand in, and invitations
	WaitOff        = "volunteer.off"        // shifts one stood in that were called off
	WaitOwnSoon    = "volunteer.own_soon"   // one's own clearances that end within SoonDays
)

// Waiting says what waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) (out []waiting.Item, err error) {
	now, today := s.db.Now(), s.Today()
	type row struct {
		waiting.Item
		on calendar.Date
	}
	add := func(kind string, a *db.Args, query string) error {
		it, err := db.One(ctx, s.db, func(r *row) []any { return []any{&r.Count, &r.Subject, &r.on} }, query, a.Values()...)
		if err != nil || it.Count == 0 {
			return err
		}
		it.Kind, it.Since = kind, it.on.Time()
		out = append(out, it.Item)
		return nil
	}
	if scope := actor.Scope(PermManage); !scope.Empty() {
		a := &db.Args{}
		if err := add(WaitAsked, a, "SELECT count(*), coalesce(min(b.team_id), 0), coalesce(min(b.asked_on), '') FROM volunteer_membership b WHERE "+
			scope.Where(a, authz.Columns{Tenant: "b.tenant_id", Orgs: []string{"b.org_id"}})+" AND b.state = 'asked'"); err != nil {
			return nil, err
		}
		a = &db.Args{}
		if err := add(WaitUnticked, a, "SELECT count(*), coalesce(min(f.id), 0), '' FROM volunteer_shift f WHERE "+
			scope.Where(a, authz.Columns{Tenant: "f.tenant_id", Orgs: []string{"f.org_id"}})+" AND f.state = 'open' AND f.taken > 0 AND f.ends_at <= "+a.Add(db.Micros(now))); err != nil {
			return nil, err
		}
		for _, w := range []struct {
			kind     string
			from, to int
		}{{WaitNear, 0, NearDays}, {WaitSoon, NearDays + 1, SoonDays}} {
			a = &db.Args{}
			if err := add(w.kind, a, "SELECT count(*), coalesce(min(c.volunteer_id), 0), '' FROM volunteer_clearance c JOIN volunteer v ON v.tenant_id = c.tenant_id AND v.id = c.volunteer_id AND v.ended_on = '' WHERE "+
				scope.Where(a, authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.org_id"}})+" AND "+expiring(a, today, w.from, w.to)); err != nil {
				return nil, err
			}
		}
	}
	if oneself(actor) != nil {
		return out, nil
	}
	a := &db.Args{}
	if err := add(WaitMine, a, "SELECT (SELECT count(*) FROM volunteer_shift f JOIN volunteer_team t ON t.tenant_id = f.tenant_id AND t.id = f.team_id WHERE f.tenant_id = "+a.Add(actor.Tenant)+
		" AND f.state = 'open' AND f.ends_at <= "+a.Add(db.Micros(now))+" AND "+untickedOther+" AND "+leads(a, actor)+") + (SELECT count(*) FROM volunteer_membership b JOIN volunteer_team t ON t.tenant_id = b.tenant_id AND t.id = b.team_id WHERE b.tenant_id = "+
		a.Add(actor.Tenant)+" AND b.state = 'asked' AND "+leads(a, actor)+"), 0, ''"); err != nil {
		return nil, err
	}
	a = &db.Args{}
	mine := func(alias string) string {
		return " JOIN volunteer v ON v.tenant_id = " + alias + ".tenant_id AND v.ended_on = '' AND v.person_id = " + a.Add(actor.PersonID)
	}
	if err := add(WaitOwnSoon, a, "SELECT count(*), 0, '' FROM volunteer_clearance c"+mine("c")+" AND v.id = c.volunteer_id WHERE c.tenant_id = "+a.Add(actor.Tenant)+" AND "+expiring(a, today, 0, SoonDays)); err != nil {
		return nil, err
	}
	a = &db.Args{}
	if err := add(WaitOff, a, "SELECT count(*), 0, '' FROM volunteer_signup u"+mine("u")+" AND v.id = u.volunteer_id WHERE u.tenant_id = "+a.Add(actor.Tenant)+" AND u.state = 'called_off' AND u.ends_at >= "+a.Add(db.Micros(now))); err != nil {
		return nil, err
	}
	a = &db.Args{}
	err = add(WaitSubstitute, a, "SELECT (SELECT count(*) FROM volunteer_signup u"+mine("u")+" AND v.id = u.substitute_id WHERE u.tenant_id = "+a.Add(actor.Tenant)+" AND u.substitute_id <> 0 AND u.state = 'in' AND u.starts_at > "+a.Add(db.Micros(now))+
		") + (SELECT count(*) FROM volunteer_membership b"+mine("b")+" AND v.id = b.volunteer_id WHERE b.tenant_id = "+a.Add(actor.Tenant)+" AND b.state = 'invited'), 0, ''")
	return out, err
}
