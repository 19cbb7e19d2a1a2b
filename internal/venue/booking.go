package venue

import (
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Asking is a booking as it is made.
type Asking struct {
	VenueID  id.ID
	OrgID    id.ID // that books; 0 for a resident by themselves
	Starts   time.Time
	Ends     time.Time
	People   int64
	Purpose  string
	Name     string // of a resident
	Phone    string
	PersonID id.ID  // who they are known to be
	Agree    bool   // that this is kept (PRIV-5)
	NeedID   id.ID  // for which a community books
	Key      string // names one sending, so that it books once
}

// Booking is a booking as staff see it. Who a resident is, is not part of it.
type Booking struct {
	ID        id.ID
	No        string
	VenueID   id.ID
	Venue     string
	OwnerID   id.ID
	NeedID    id.ID // for which it was made
	OrgID     id.ID
	Org       string // that books; "" for a resident by themselves
	Resident  bool   // a resident uses it
	HasPhone  bool
	Channel   Channel
	Starts    time.Time
	Ends      time.Time
	People    int64
	Purpose   string // opened for one booking alone
	Answer    string
	Said      string
	Stars     int64
	State     State
	Often     bool
	Forgotten bool
	CreatedAt time.Time
	CheckedAt time.Time
	EndedAt   time.Time
	Version   int64
	personID  id.ID
	tenant    int64
	phoneKey  string
}

// Minutes is how long it is.
func (b Booking) Minutes() int64 { return int64(b.Ends.Sub(b.Starts) / time.Minute) }

// reservation is what the need for which it was made learns of it.
func (b Booking) reservation() exchange.Reservation {
	return exchange.Reservation{Booking: b.ID, Venue: b.VenueID, Owner: b.OwnerID, On: calendar.DateOf(b.Starts), Stands: b.State.Holds() && b.State != Asked}
}

// agree confirms a booking that was asked for.
func (b *Booking) agree() error {
	if b.State != Asked {
		return errs.New(errs.Conflict, i18n.VenueCannot, b.State.Text())
	}
	b.State = Agreed
	return nil
}

// checkIn notes that somebody is there. It opens shortly before the beginning and ends with the time.
func (b *Booking) checkIn(now time.Time) error {
	switch {
	case b.State != Agreed:
		return errs.New(errs.Conflict, i18n.VenueCannot, b.State.Text())
	case now.Before(b.Starts.Add(-EarlyIn)):
		return errs.New(errs.Conflict, i18n.VenueTooEarly)
	case !now.Before(b.Ends):
		return errs.New(errs.Conflict, i18n.VenueTooLate)
	}
	b.State, b.CheckedAt = In, now
	return nil
}

// came corrects a booking that was noted as missed.
func (b *Booking) came() error {
	if b.State != Missed {
		return errs.New(errs.Conflict, i18n.VenueCannot, b.State.Text())
	}
	b.State = Done
	return nil
}

// end releases a booking.
func (b *Booking) end(to State, answer string, now time.Time) error {
	if !b.State.Ahead() || to == Refused && b.State != Asked {
		return errs.New(errs.Conflict, i18n.VenueCannot, b.State.Text())
	}
	b.State, b.Answer, b.EndedAt = to, answer, now
	return nil
}

// Rating is what who used a place says of it.
type Rating struct {
	Stars int64
	Words string
}

func (b *Booking) rate(r Rating) error {
	if r.Stars < 1 || r.Stars > 5 {
		return errs.Field("stars", i18n.VenueStars)
	}
	if b.Stars != 0 || b.State != In && b.State != Done {
		return errs.New(errs.Conflict, i18n.VenueNotRated)
	}
	b.Stars, b.Said = r.Stars, r.Words
	return nil
}
