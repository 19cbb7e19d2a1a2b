package venue

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/paper"
)

// byCode reads the booking of a code, however it was typed.
func (s *Service) byCode(ctx context.Context, q db.Querier, typed string) (row, error) {
	tenant, code, ok := paper.Normalise(typed)
	if !ok {
		return row{}, errs.ErrNotFound
	}
	a := &db.Args{}
	return oneBooking(ctx, q, a, "b.tenant_id = "+a.Add(tenant)+" AND b.code_key = "+a.Add(s.ring.Index(codeIndex, code))+" AND b.code_key <> ''")
}

// Followed is a booking as who booked it sees it.
type Followed struct {
	Booking
	Tenant   int64
	Code     string
	Address  string
	Contact  string
	Rules    string
	Closed   string // why the place is closed, where it is and the booking is still to come
	Entries  []Entry
	Rateable bool
	Endable  bool
}

// ToBooker gives the booking of a code. It names neither who booked nor their number: a code is on a slip in a household.
func (s *Service) ToBooker(ctx context.Context, typed string) (f Followed, err error) {
	r, err := s.byCode(ctx, s.db, typed)
	if err != nil {
		return f, err
	}
	if f.Booking, err = s.open(r); err != nil {
		return f, err
	}
	f.Tenant, f.Code, _ = paper.Normalise(typed)
	v, err := load(ctx, s.db, f.Tenant, f.VenueID, calendar.DateOf(s.db.Now()))
	if err != nil {
		return f, err
	}
	f.Address, f.Contact, f.Rules = v.Address, v.Contact, v.Rules
	if f.State.Ahead() {
		f.Closed = v.EndReason
	}
	f.Rateable = f.Stars == 0 && (f.State == In || f.State == Done)
	f.Endable = f.State.Ahead() && f.Starts.After(s.db.Now())
	f.Entries, err = s.entries(ctx, s.db, f.Tenant, f.ID)
	return f, err
}

// withCode lets whoever holds a code do something to its booking.
func (s *Service) withCode(ctx context.Context, typed, by, requestID string, do func(tx *db.Tx, b *Booking) (Act, string, error)) error {
	tenant, _, ok := paper.Normalise(typed)
	if !ok {
		return errs.ErrNotFound
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := s.byCode(ctx, tx, typed)
		if err != nil {
			return err
		}
		return s.apply(ctx, tx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, "", r, 0, do)
	})
}

// CancelBy lets whoever holds a code call its booking off. The time is free again.
func (s *Service) CancelBy(ctx context.Context, typed, by, requestID, reason string) error {
	if e := errs.Words(nil, "words", &reason, MaxPurpose, false); e != nil {
		return e
	}
	return s.withCode(ctx, typed, by, requestID, func(tx *db.Tx, b *Booking) (Act, string, error) {
		return ActCancel, reason, cancel(b, reason, false, tx.Now())
	})
}

// RateBy lets whoever holds a code say how it was, once, after checking in.
func (s *Service) RateBy(ctx context.Context, typed, by, requestID string, in Rating) error {
	if e := errs.Words(nil, "words", &in.Words, MaxPurpose, false); e != nil {
		return e
	}
	return s.withCode(ctx, typed, by, requestID, func(_ *db.Tx, b *Booking) (Act, string, error) { return ActRate, "", b.rate(in) })
}

// AtDoor gives the place whose picture at the door somebody has scanned.
func (s *Service) AtDoor(ctx context.Context, door string) (tenant int64, v Venue, err error) {
	tenant, code, ok := paper.Normalise(door)
	if !ok {
		return 0, v, errs.ErrNotFound
	}
	v, err = db.One(ctx, s.db, (*Venue).dest, "SELECT "+venueColumns+venueJoined+"v.tenant_id = $1 AND v.door = $2", tenant, code)
	return tenant, v, err
}

// CheckInBy notes that who holds a code is at the place whose door they scanned.
func (s *Service) CheckInBy(ctx context.Context, door, typed, by, requestID string) error {
	_, v, err := s.AtDoor(ctx, door)
	if err != nil {
		return err
	}
	return s.withCode(ctx, typed, by, requestID, func(tx *db.Tx, b *Booking) (Act, string, error) {
		if b.VenueID != v.ID {
			return "", "", errs.Field("code", i18n.VenueOtherDoor, b.Venue)
		}
		return ActCheckIn, "", b.checkIn(tx.Now())
	})
}
