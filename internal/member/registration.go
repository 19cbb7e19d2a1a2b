package member

import (
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// State is where a registration stands.
type State string

// The states of a registration.
const (
	Proposed  State = "proposed"
	Accepted  State = "accepted"
	Returned  State = "returned"
	Withdrawn State = "withdrawn"
	Ended     State = "ended"
)

// States lists the states.
func States() []State { return []State{Proposed, Accepted, Returned, Withdrawn, Ended} }

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Proposed: i18n.RegistrationProposed, Accepted: i18n.RegistrationAccepted,
		Returned: i18n.RegistrationReturned, Withdrawn: i18n.RegistrationWithdrawn, Ended: i18n.RegistrationEnded}[s]
}

// Starter says who started a registration.
type Starter string

// Who may start.
const (
	ByUnit      Starter = "unit"
	ByMember    Starter = "member"
	ByCommunity Starter = "community" // at the counter, for the member
)

// Text names the starter.
func (s Starter) Text() i18n.Text {
	return map[Starter]i18n.Text{ByUnit: i18n.RegistrationByUnit, ByMember: i18n.RegistrationByMember, ByCommunity: i18n.RegistrationByCommunity}[s]
}

// Registration is one report of a member to a community.
type Registration struct {
	ID          id.ID
	MemberID    id.ID
	PersonID    id.ID
	UnitID      id.ID
	CommunityID id.ID
	StartedBy   Starter
	State       State
	Reason      string // why it was returned or ended
	Skills      string
	ProposedAt  time.Time
	ProposedBy  id.ID
	DecidedAt   time.Time
	DecidedBy   id.ID
	EndedOn     calendar.Date
	Version     int64
}

// Accept takes the member in (VOL-2).
func (r *Registration) Accept(now time.Time, by id.ID) error {
	if r.State != Proposed {
		return errs.New(errs.Conflict, i18n.RegistrationNotProposed, r.State.Text())
	}
	r.State, r.DecidedAt, r.DecidedBy = Accepted, now, by
	return nil
}

// Return gives a registration back with the reason.
func (r *Registration) Return(now time.Time, by id.ID, reason string) error {
	if r.State != Proposed {
		return errs.New(errs.Conflict, i18n.RegistrationNotProposed, r.State.Text())
	}
	if err := need(nil, "reason", reason, maxReason).OrNil(); err != nil {
		return err
	}
	r.State, r.DecidedAt, r.DecidedBy, r.Reason = Returned, now, by, reason
	return nil
}

// Withdraw takes a registration back before it is answered.
func (r *Registration) Withdraw(now time.Time, by id.ID) error {
	if r.State != Proposed {
		return errs.New(errs.Conflict, i18n.RegistrationNotProposed, r.State.Text())
	}
	r.State, r.DecidedAt, r.DecidedBy = Withdrawn, now, by
	return nil
}

// End ends an accepted registration on a day that is neither before it began nor in the future.
func (r *Registration) End(on, today calendar.Date, reason string) error {
	if r.State != Accepted {
		return errs.New(errs.Conflict, i18n.RegistrationNotAccepted, r.State.Text())
	}
	var e *errs.Error
	switch {
	case on.IsZero():
		e = e.With("on", i18n.ErrRequired)
	case on.After(today):
		e = e.With("on", i18n.MemberDateFuture)
	case on.Before(calendar.DateOf(r.DecidedAt)):
		e = e.With("on", i18n.RegistrationEndEarly, calendar.DateOf(r.DecidedAt).String())
	}
	if err := need(e, "reason", reason, maxReason).OrNil(); err != nil {
		return err
	}
	r.State, r.EndedOn, r.Reason = Ended, on, reason
	return nil
}

const maxReason = 200
