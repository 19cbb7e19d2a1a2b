package exchange

import (
	"context"
	"time"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// Groups of needs that lists are asked for, besides the states.
const (
	ShowGoing     = "going"
	ShowSmall     = "small"
	ShowUnmatched = "unmatched" // has places that nobody takes for UnmatchedDays, or while its last day is near
	ShowBare      = "bare"      // open, and no resource is proposed for it
	ShowLate      = "late"      // its last day is over, and it is not
)

// Shows lists the groups.
func Shows() []string { return []string{ShowGoing, ShowSmall, ShowUnmatched, ShowBare, ShowLate} }

// Filter narrows the list of needs; zero fields do not filter.
type Filter struct {
	State     State
	Show      string
	Wait      string // what waits for the actor, of one of the kinds of Waiting
	Kind      Kind
	Community id.ID
	Text      string // of the public title, or a number
	ByDue     bool   // what is due first in front; otherwise the newest
	Page      db.Page
}

// Row is a need in a list of the desk. It names nobody who asked anything.
type Row struct {
	Card
	No         string
	Channel    Channel
	Outcome    Outcome
	Waits      int64 // pledges that are to be agreed
	ReceivedAt time.Time
	Version    int64
}

func (s *Service) where(ctx context.Context, a *db.Args, actor authz.Actor, f Filter) (string, error) {
	today := calendar.DateOf(s.db.Now())
	w := actor.Scope(PermSee).Where(a, seen)
	switch f.Show {
	case ShowGoing:
		w += " AND n.state IN ('asked', 'open', 'taken', 'delivered')"
	case ShowSmall:
		w += " AND n.small = TRUE"
	case ShowLate:
		w += " AND n.state IN ('open', 'taken') AND n.due_on < " + a.Add(today.String())
	case ShowBare:
		w += " AND n.state = 'open' AND n.due_on >= " + a.Add(today.String()) + " AND NOT " + hasProposal
	case ShowUnmatched:
		days, err := UnmatchedDays.On(ctx, s.db, actor.Tenant, today)
		if err != nil {
			return "", err
		}
		w += " AND " + unmatched(a, s.db.Now(), days)
	}
	if f.Wait != "" {
		waits, err := s.waits(ctx, a, actor, f.Wait)
		if err != nil {
			return "", err
		}
		w += " AND " + waits
	}
	if f.State != "" {
		w += " AND n.state = " + a.Add(string(f.State))
	}
	if f.Kind != "" {
		w += " AND n.kind = " + a.Add(string(f.Kind))
	}
	if f.Community != 0 {
		w += " AND " + within(a, actor.Tenant, f.Community)
	}
	return w + like(a, "n.title_key", "n.no", f.Text), nil
}

// within is the condition that a need is of an organisation or of one below it.
func within(a *db.Args, tenant int64, org id.ID) string {
	return "n.community_id IN (SELECT b.id FROM organisation b JOIN organisation v ON v.tenant_id = b.tenant_id AND v.id = " + a.Add(org) + " WHERE b.tenant_id = " + a.Add(tenant) + " AND substr(b.path, 1, length(v.path)) = v.path)"
}

// List gives the needs of communities in scope (PermSee), the newest first, or with what is due first in front.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Row], error) {
	a := &db.Args{}
	where, err := s.where(ctx, a, actor, f)
	if err != nil {
		return db.List[Row]{}, err
	}
	order := db.Order{IDColumn: "n.id", Desc: true}
	if f.ByDue {
		order = db.Order{Column: "n.due_on", IDColumn: "n.id"}
	}
	page, tail := a.Keyset(f.Page, order)
	rows, err := db.All(ctx, s.db, func(r *Row) []any {
		return append(r.Card.dest(), &r.No, &r.Channel, &r.Outcome, db.Instant(&r.ReceivedAt), &r.Version, &r.Waits)
	}, "SELECT "+cardColumns+`, n.no, n.channel, n.outcome, n.received_at, n.version,
		(SELECT count(*) FROM need_pledge p WHERE p.tenant_id = n.tenant_id AND p.need_id = n.id AND p.state = 'pledged' AND p.asked = FALSE)`+cardJoined+where+page+tail, a.Values()...)
	return db.Cut(rows, f.Page, func(r Row) db.Cursor {
		if f.ByDue {
			return db.Cursor{Key: r.DueOn.String(), ID: r.ID}
		}
		return db.Cursor{ID: r.ID}
	}), err
}

// Summary counts what List would show over all its pages.
type Summary struct{ Asked, Open, Pledged, Delivered, Granted int64 }

// Summary counts what goes on (PermSee), and small wishes that were met this year.
func (s *Service) Summary(ctx context.Context, actor authz.Actor, community id.ID) (out Summary, err error) {
	a := &db.Args{}
	where, err := s.where(ctx, a, actor, Filter{Community: community})
	if err != nil {
		return out, err
	}
	year := calendar.On(calendar.DateOf(s.db.Now()).Year(), 1, 1)
	count := func(cond string) string { return "coalesce(sum(CASE WHEN " + cond + " THEN 1 ELSE 0 END), 0)" }
	return out, s.db.QueryRow(ctx, "SELECT "+count("n.state = 'asked'")+", "+count("n.state = 'open'")+", "+count("n.state = 'taken'")+", "+count("n.state = 'delivered'")+", "+
		count("n.state = 'done' AND n.small = TRUE AND n.outcome IN ('met', 'partly') AND n.ended_at >= "+a.Add(db.Micros(year.Time())))+" FROM need n WHERE "+where, a.Values()...).
		Scan(&out.Asked, &out.Open, &out.Pledged, &out.Delivered, &out.Granted)
}

// Detail is a need with everything that belongs to it.
type Detail struct {
	Need
	Pledges  []Pledge
	Bookings []NeedBooking // of shared places, made for it
	Entries  []Entry
}

// Get gives a need of a community in scope (PermSee).
func (s *Service) Get(ctx context.Context, actor authz.Actor, wish id.ID) (d Detail, err error) {
	return d, s.db.View(ctx, func(tx *db.Tx) error {
		r, err := find(ctx, tx, actor.Scope(PermSee), wish)
		if err != nil {
			return err
		}
		if d.Need, err = s.open(r); err != nil {
			return err
		}
		if d.Pledges, err = s.pledges(ctx, tx, actor.Tenant, wish); err != nil {
			return err
		}
		if err = s.withFiles(ctx, tx, actor.Tenant, d.Pledges); err != nil {
			return err
		}
		if d.Bookings, err = bookingsOf(ctx, tx, actor.Tenant, wish); err != nil {
			return err
		}
		d.Entries, err = s.entries(ctx, tx, actor.Tenant, wish)
		return err
	})
}

// OfCase is the need that was made from a case, where there is one that the actor sees (PermSee).
func (s *Service) OfCase(ctx context.Context, actor authz.Actor, c id.ID) (Row, bool, error) {
	a := &db.Args{}
	where := actor.Scope(PermSee).Where(a, seen) + " AND n.case_id <> 0 AND n.case_id = " + a.Add(c)
	r, err := db.One(ctx, s.db, func(r *Row) []any { return append(r.Card.dest(), &r.No) }, "SELECT "+cardColumns+", n.no"+cardJoined+where, a.Values()...)
	if errs.KindOf(err) == errs.NotFound {
		return r, false, nil
	}
	return r, err == nil, err
}

// Taking is a pledge with the need that it is for, as whoever pledged sees it.
type Taking struct {
	Pledge
	Card
	Said string // what the community answered: why it was declined
	Told bool   // they may see who asked
}

// Helping gives what somebody helps with: what they pledged, the newest first.
type Helping struct {
	Going []Taking // not over
	Past  []Taking // the last 50
}

func (h *Helping) add(t Taking) {
	if t.Pledge.State.Stands() && t.Pledge.State != Confirmed && t.Card.State.Going() {
		h.Going = append(h.Going, t)
		return
	}
	h.Past = append(h.Past, t)
}

// Own gives what somebody pledged themselves, or for a team that they lead (PermOwn).
func (s *Service) Own(ctx context.Context, actor authz.Actor) (Helping, error) {
	if !actor.Can(PermOwn) || actor.PersonID == 0 {
		return Helping{}, errs.ErrForbidden
	}
	led, err := s.Teams(ctx, actor)
	if err != nil {
		return Helping{}, err
	}
	teams := make([]id.ID, len(led))
	for i, t := range led {
		teams[i] = t.ID
	}
	return s.helping(ctx, actor, func(a *db.Args) string {
		return "(p.person_id <> 0 AND p.person_id = " + a.Add(actor.PersonID) + " OR p.team_id <> 0 AND " + db.In(a, "p.team_id", teams) + ")"
	})
}

// OfOrganisations gives what organisations in scope pledged and delivered (PermOffer).
func (s *Service) OfOrganisations(ctx context.Context, actor authz.Actor) (Helping, error) {
	if !actor.Can(PermOffer) {
		return Helping{}, errs.ErrForbidden
	}
	scope := actor.Scope(PermOffer)
	return s.helping(ctx, actor, func(a *db.Args) string {
		return "p.org_id <> 0 AND " + scope.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.org_id"}})
	})
}

func (s *Service) helping(ctx context.Context, actor authz.Actor, which func(a *db.Args) string) (out Helping, err error) {
	type both struct {
		pledgeRow
		Card
	}
	return out, s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		rows, err := db.All(ctx, tx, func(b *both) []any { return append(b.pledgeRow.dest(), b.Card.dest()...) },
			"SELECT "+pledgeColumns+", "+cardColumns+` FROM need_pledge p
			JOIN need n ON n.tenant_id = p.tenant_id AND n.id = p.need_id
			LEFT JOIN organisation m ON m.tenant_id = n.tenant_id AND m.id = n.community_id
			LEFT JOIN member e ON e.tenant_id = p.tenant_id AND e.id = p.member_id AND p.member_id <> 0
			LEFT JOIN person f ON f.tenant_id = p.tenant_id AND f.id = p.person_id AND p.person_id <> 0 AND p.member_id = 0
			LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.org_id AND p.org_id <> 0
			LEFT JOIN resource u ON u.tenant_id = p.tenant_id AND u.id = p.resource_id AND p.resource_id <> 0
			WHERE p.tenant_id = `+a.Add(actor.Tenant)+" AND "+which(a)+" ORDER BY p.id DESC LIMIT 100", a.Values()...)
		if err != nil {
			return err
		}
		ids := make([]id.ID, len(rows))
		for i, r := range rows {
			ids[i] = r.Pledge.ID
		}
		minutes, err := minutesOf(ctx, tx, actor.Tenant, ids)
		if err != nil {
			return err
		}
		for _, r := range rows {
			p, err := s.openPledge(r.pledgeRow)
			if err != nil {
				return err
			}
			if n := minutes[p.ID]; n > 0 {
				p.Help = []Help{{Minutes: n}}
			}
			out.add(Taking{Pledge: p, Card: r.Card})
		}
		return nil
	})
}

// minutesOf sums the help of several pledges.
func minutesOf(ctx context.Context, q db.Querier, tenant int64, pledges []id.ID) (map[id.ID]int64, error) {
	type sum struct {
		of id.ID
		n  int64
	}
	a := &db.Args{}
	rows, err := db.All(ctx, q, func(s *sum) []any { return []any{&s.of, &s.n} }, "SELECT h.pledge_id, CAST(sum(h.minutes) AS BIGINT) FROM need_help h WHERE h.tenant_id = "+a.Add(tenant)+" AND "+
		db.In(a, "h.pledge_id", pledges)+" GROUP BY h.pledge_id", a.Values()...)
	out := map[id.ID]int64{}
	for _, r := range rows {
		out[r.of] = r.n
	}
	return out, err
}

// Taking gives one pledge to whoever made it, with what the community answered.
func (s *Service) Taking(ctx context.Context, actor authz.Actor, pledge id.ID) (out Taking, err error) {
	return out, s.db.View(ctx, func(tx *db.Tx) error {
		p, r, err := s.findPledge(ctx, tx, actor.Tenant, pledge)
		if err != nil {
			return err
		}
		by, err := s.sideOf(ctx, tx, actor, r.Need, p)
		if err != nil || by.staff {
			return errs.ErrNotFound
		}
		if p.Files, err = attach.List(ctx, tx, actor.Tenant, ownerOf(p.ID)); err != nil {
			return err
		}
		n := r.Need
		out.Told = n.Told(p)
		out.Pledge, out.Card = p, Card{ID: n.ID, Kind: n.Kind, Small: n.Small, Title: n.Title, Words: n.Words, Skill: n.Skill, CommunityID: n.CommunityID, Community: n.Community, Wanted: n.Wanted, Taken: n.Taken,
			Minutes: n.Minutes, DueOn: n.DueOn, State: n.State}
		entries, err := s.entries(ctx, tx, actor.Tenant, n.ID)
		for _, e := range entries {
			if e.Pledge == p.ID && (e.Act == ActDecline || e.Act == ActNotYet) {
				out.Said = e.Words
			}
		}
		return err
	})
}

// Colleague is a member of an organisation whose time may be named.
type Colleague struct {
	ID   id.ID
	Name string
}

// mostColleagues bounds what a form offers.
const mostColleagues = 300

// Colleagues are the members of an organisation in scope who are registered with a community (PermOffer), so that the liaison names who helped.
func (s *Service) Colleagues(ctx context.Context, actor authz.Actor, org id.ID) ([]Colleague, error) {
	if err := actor.Scope(PermOffer).Require(org); err != nil {
		return nil, err
	}
	return db.All(ctx, s.db, func(c *Colleague) []any { return []any{&c.ID, &c.Name} },
		`SELECT e.id, e.name FROM member e WHERE e.tenant_id = $1 AND e.unit_id = $2 AND e.unit_id <> 0 AND e.community_id <> 0 AND e.ended_on = '' ORDER BY e.name_key, e.id LIMIT $3`, actor.Tenant, org, mostColleagues)
}
