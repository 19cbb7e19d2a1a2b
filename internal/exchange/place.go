package exchange

import (
	"context"
	"slices"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// SharedPlace is a place that an organisation opens to others.
type SharedPlace struct {
	ID          id.ID
	OrgID       id.ID // that opens it
	Org         string
	CommunityID id.ID
	Street      id.ID // the sub-district of the community
	Name        string
	Words       string // what it is, where, and what is there
	Times       string // when it is open, as i18n.ReadWeek reads it
	Terms       Terms
	Price       string
}

// Places are the places that are shared (package venue).
type Places interface {
	// Open gives the places of a tenant that can be booked.
	Open(ctx context.Context, q db.Querier, tenant int64) ([]SharedPlace, error)
}

// WithPlaces connects the shared places. The composition root calls it once.
func (s *Service) WithPlaces(p Places) *Service {
	s.places = p
	return s
}

// resource is the place as it is compared with needs: it is there for a community and its sub-district, for as long as anybody may ask ahead.
func (p SharedPlace) resource(today calendar.Date) Resource {
	return Resource{ID: p.ID, Kind: Place, Title: p.Name, Detail: p.Words, OrgID: p.OrgID, Giver: p.Org, PlaceID: p.CommunityID, Terms: p.Terms, Price: p.Price, Times: p.Times, ValidUntil: today.AddDays(MaxDays)}
}

// rooms adds the shared places that may be booked for the needs that want one.
func (s *Service) rooms(ctx context.Context, q db.Querier, tenant int64, scope authz.Scope, w *week, uses int64, now time.Time) error {
	if s.places == nil || !slices.ContainsFunc(w.needs, func(n lack) bool { return n.Kind == Place }) {
		return nil
	}
	list, err := s.places.Open(ctx, q, tenant)
	if err != nil {
		return err
	}
	beyond, err := elsewhere(ctx, q, tenant, scope, "q.venue_id")
	if err != nil {
		return err
	}
	a := &db.Args{}
	recent, err := loads(ctx, q, "SELECT b.venue_id, count(*) FROM venue_booking b WHERE b.tenant_id = "+a.Add(tenant)+" AND b.need_id <> 0 AND b.created_at >= "+a.Add(db.Micros(now.AddDate(0, 0, -7)))+" GROUP BY b.venue_id", a)
	for _, p := range list {
		w.supplies = append(w.supplies, supply{Resource: p.resource(w.today), source: OfPlace, street: p.Street, most: uses, proposed: beyond[p.ID], recent: recent[p.ID]})
	}
	return err
}

// PlacesFor proposes shared places for a need of a community in scope (PermKeep) that wants one, with the reasons. What was declined or booked for it is not proposed again.
func (s *Service) PlacesFor(ctx context.Context, actor authz.Actor, wish id.ID) (out []Suggestion, err error) {
	r, err := find(ctx, s.db, actor.Scope(PermKeep), wish)
	if err != nil || s.places == nil || r.Kind != Place {
		return nil, err
	}
	list, err := s.places.Open(ctx, s.db, actor.Tenant)
	if err != nil {
		return nil, err
	}
	no, err := db.Column[id.ID](ctx, s.db, `SELECT q.venue_id FROM need_proposal q WHERE q.tenant_id = $1 AND q.need_id = $2 AND q.venue_id <> 0 AND q.state = 'declined'
		UNION SELECT b.venue_id FROM venue_booking b WHERE b.tenant_id = $1 AND b.need_id = $2 AND `+bookingHolds, actor.Tenant, wish)
	if err != nil {
		return nil, err
	}
	street, err := db.Value[id.ID](ctx, s.db, `SELECT o.parent_id FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2`, actor.Tenant, r.CommunityID)
	if err != nil {
		return nil, err
	}
	n := lack{Card: Card{ID: r.ID, Kind: r.Kind, Title: r.Title, Words: r.Words, Skill: r.Skill, CommunityID: r.CommunityID, DueOn: r.DueOn}, street: street}
	today := calendar.DateOf(s.db.Now())
	var around []Resource
	for _, p := range list {
		if u := (supply{Resource: p.resource(today), source: OfPlace, street: p.Street}); u.reaches(&n) && !slices.Contains(no, p.ID) {
			around = append(around, u.Resource)
		}
	}
	for _, x := range Match(n.Card, around) {
		out = append(out, Suggestion{Source: OfPlace, ID: x.ID, Title: x.Title, Giver: x.Giver, Resource: x.Resource, Reasons: x.Reasons})
	}
	return out, nil
}

// ToBook is a need of a community in scope (PermKeep) for which a place may be booked.
func (s *Service) ToBook(ctx context.Context, actor authz.Actor, wish id.ID) (Need, error) {
	r, err := find(ctx, s.db, actor.Scope(PermKeep), wish)
	if err == nil && (r.Kind != Place || !r.State.Going()) {
		err = errs.ErrNotFound
	}
	return r.Need, err
}

// Reservation is a booking of a shared place for a need.
type Reservation struct {
	Booking id.ID
	Venue   id.ID
	Owner   id.ID         // the organisation whose place it is
	On      calendar.Date // its day
	Stands  bool          // it is agreed, and was not called off
}

// NeedBooking is a booking of a shared place that was made for a need.
type NeedBooking struct {
	ID      id.ID
	No      string
	VenueID id.ID
	Venue   string
	OwnerID id.ID // the organisation whose place it is
	OrgID   id.ID // for which it was booked
	Starts  time.Time
	State   string // of package venue
}

// mostBookings bounds what the page of a need shows.
const mostBookings = 30

// bookingsOf are the bookings that were made for a need, the latest first.
func bookingsOf(ctx context.Context, q db.Querier, tenant int64, need id.ID) ([]NeedBooking, error) {
	return db.All(ctx, q, func(b *NeedBooking) []any {
		return []any{&b.ID, &b.No, &b.VenueID, &b.Venue, &b.OwnerID, &b.OrgID, db.Instant(&b.Starts), &b.State}
	}, `SELECT b.id, b.no, b.venue_id, w.name, w.org_id, b.org_id, b.starts_at, b.state FROM venue_booking b JOIN venue w ON w.tenant_id = b.tenant_id AND w.id = b.venue_id
		WHERE b.tenant_id = $1 AND b.need_id = $2 AND b.need_id <> 0 ORDER BY b.id DESC LIMIT $3`, tenant, need, int64(mostBookings))
}

// bookingHolds is the condition that a booking b was asked for or stands.
const bookingHolds = "b.state IN ('asked', 'agreed', 'in', 'done')"

// BookTx says that a place was booked for a need (PermKeep): what was proposed is accepted, and as soon as the booking stands its owner is who helps. A need that is taken, over or past its last day takes no
// booking, and none for a later day.
func (s *Service) BookTx(ctx context.Context, tx *db.Tx, actor authz.Actor, wish id.ID, r Reservation) error {
	n, err := find(ctx, tx, actor.Scope(PermKeep), wish)
	switch {
	case errs.KindOf(err) == errs.NotFound, err == nil && n.Kind != Place:
		return errs.Field("need", i18n.ErrBadChoice)
	case err != nil:
		return err
	}
	if err := n.pledgeable(calendar.DateOf(tx.Now())); err != nil {
		return err
	}
	if r.On.After(n.DueOn) {
		return errs.Field("starts", i18n.VenueAfterNeed, n.DueOn.String())
	}
	if _, err := decideProposal(ctx, tx, actor, wish, r.Venue, accepted); err != nil {
		return err
	}
	return s.reserve(ctx, tx, actor, PermKeep, n, r)
}

// ReserveTx says what became of a booking that was made for a need: the pledge of the owner follows it, as long as it is not delivered. Whoever acts for the place needs no right here; perm is the
// one by which they act, "" where they act by the code of the booking.
func (s *Service) ReserveTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, wish id.ID, r Reservation) error {
	n, err := load(ctx, tx, actor.Tenant, wish)
	if err != nil {
		return err
	}
	return s.reserve(ctx, tx, actor, perm, n, r)
}

func (s *Service) reserve(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, n row, r Reservation) error {
	if err := reference.Require(ctx, tx, n.tenant, reference.VenueBooking, r.Booking); err != nil {
		return err
	}
	if err := reference.Require(ctx, tx, n.tenant, reference.Organisation, r.Owner); err != nil {
		return err
	}
	list, err := s.standing(ctx, tx, n.tenant, n.ID)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(p Pledge) bool { return p.BookingID == r.Booking })
	switch {
	case r.Stands && (at >= 0 || n.pledgeable(calendar.DateOf(tx.Now())) != nil):
		return nil // it is over, or enough have pledged: the booking stands by itself
	case r.Stands && slices.ContainsFunc(list, func(p Pledge) bool { return p.OrgID == r.Owner && p.ResourceID == 0 }):
		return nil // the owner pledged already
	case !r.Stands && (at < 0 || list[at].State != Agreed):
		return nil
	}
	return s.apply(ctx, tx, actor, perm, n, 0, func(tx *db.Tx, n *Need) (step, error) {
		if !r.Stands {
			p := list[at]
			return step{act: ActTakeBack, pledge: p.ID, open: true}, s.dropPledge(ctx, tx, actor, n, &p, TakenBack)
		}
		p := Pledge{ID: id.New(), Need: n.ID, OrgID: r.Owner, BookingID: r.Booking, State: Agreed, AccountID: actor.AccountID, PledgedAt: tx.Now(), AgreedAt: tx.Now(), Version: 1}
		n.take()
		return step{act: ActPledge, pledge: p.ID}, s.insertPledge(ctx, tx, n.tenant, &p, "")
	})
}
