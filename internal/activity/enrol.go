package activity

import (
	"context"
	"errors"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

// EnrolState is where an enrolment stands.
type EnrolState string

// The states of an enrolment.
const (
	Enrolled  EnrolState = "enrolled"
	Waiting   EnrolState = "waiting"
	Withdrawn EnrolState = "withdrawn"
)

// Label names the state for people.
func (s EnrolState) Label() i18n.Text {
	switch s {
	case Enrolled:
		return i18n.ActivityEnrolled
	case Waiting:
		return i18n.ActivityWaiting
	case Withdrawn:
		return i18n.ActivityWithdrawn
	}
	return i18n.Verbatim(string(s))
}

// Enrolment is one member's place, or place in the queue.
type Enrolment struct {
	ID         id.ID
	ActivityID id.ID
	MemberID   id.ID
	PersonID   id.ID
	UnitID     id.ID
	State      EnrolState
	At         time.Time // of enrolling; the waiting list is in this order
	MovedAt    time.Time // when they moved up from the waiting list, zero if they never waited
	SeenAt     time.Time // when they saw that
	Version    int64
}

// EnrolItem is an enrolment with the names around it.
type EnrolItem struct {
	Enrolment
	MemberName string
	UnitName   string
}

// Enrol enrols the actor and says whether there was a place or only one on the waiting list.
func (s *Service) Enrol(ctx context.Context, actor authz.Actor, activity id.ID) (EnrolState, error) {
	if !actor.Can(PermEnrolOwn) {
		return "", errs.ErrForbidden
	}
	return s.enrol(ctx, actor, PermEnrolOwn, activity, func(tx *db.Tx) (ledger.Holder, error) { return s.self(ctx, tx, actor) })
}

// EnrolFor enrols a member on their behalf: a member of a community or unit in scope, or anybody at an activity in scope.
func (s *Service) EnrolFor(ctx context.Context, actor authz.Actor, activity, member id.ID) (EnrolState, error) {
	return s.enrol(ctx, actor, PermEnrol, activity, func(tx *db.Tx) (ledger.Holder, error) { return s.member(ctx, tx, actor, member) })
}

// self is the member the actor is.
func (s *Service) self(ctx context.Context, q db.Querier, actor authz.Actor) (ledger.Holder, error) {
	if actor.PersonID == 0 {
		return ledger.Holder{}, errs.New(errs.NotFound, i18n.ActivityMembersOnly)
	}
	h, err := s.members.OfPerson(ctx, q, actor.Tenant, actor.PersonID)
	if errors.Is(err, errs.ErrNotFound) {
		return h, errs.New(errs.NotFound, i18n.ActivityMembersOnly)
	}
	return h, err
}

// member is a member who is still in the register.
func (s *Service) member(ctx context.Context, q db.Querier, actor authz.Actor, member id.ID) (ledger.Holder, error) {
	h, err := s.members.Find(ctx, q, actor.Tenant, member)
	if errors.Is(err, errs.ErrNotFound) || h.Ended {
		return h, errs.Field("member", i18n.ActivityNoMember)
	}
	return h, err
}

func (s *Service) enrol(ctx context.Context, actor authz.Actor, p authz.Permission, activity id.ID, who func(*db.Tx) (ledger.Holder, error)) (EnrolState, error) {
	var state EnrolState
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		h, err := who(tx)
		if err != nil {
			return err
		}
		a, err := findAny(ctx, tx, actor.Tenant, activity)
		if err != nil {
			return err
		}
		if scope := actor.Scope(PermEnrol); p == PermEnrol && scope.Require(h.CommunityID, h.UnitID, a.CommunityID) != nil {
			return errs.ErrNotFound
		}
		if err := a.takesEnrolments(tx.Now()); err != nil {
			return err
		}
		if state, err = place(ctx, tx, actor, &a, h); err != nil {
			return err
		}
		e := entry(p, "activity.enrol", &a, map[string]any{"member": h.MemberID, "state": state})
		e.PersonID = h.PersonID
		return audit.Record(ctx, tx, actor, e)
	})
	return state, err
}

// place gives the member a place or a place in the queue. The counter on the activity is what decides: the database refuses to let it
// pass the capacity, whoever else enrols at the same time.
func place(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Activity, h ledger.Holder) (EnrolState, error) {
	old, err := enrolmentOf(ctx, tx, actor.Tenant, a.ID, h.MemberID)
	if err != nil && !errors.Is(err, errs.ErrNotFound) {
		return "", err
	}
	if old.State == Enrolled || old.State == Waiting {
		return old.State, nil // pressing twice changes nothing
	}
	state := Waiting
	if queue, err := queueOf(ctx, tx, actor.Tenant, a.ID, 1); err != nil {
		return "", err
	} else if len(queue) == 0 {
		taken, err := takePlace(ctx, tx, actor.Tenant, a.ID)
		if err != nil {
			return "", err
		}
		if taken {
			state = Enrolled
		}
	}
	e := Enrolment{ID: id.New(), ActivityID: a.ID, MemberID: h.MemberID, PersonID: h.PersonID, UnitID: h.UnitID, State: state, At: tx.Now()}
	return state, putEnrolment(ctx, tx, actor, a.CommunityID, e)
}

// Withdraw gives up the actor's place; the first of the waiting list moves up.
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, activity id.ID) error {
	if !actor.Can(PermEnrolOwn) {
		return errs.ErrForbidden
	}
	return s.withdraw(ctx, actor, PermEnrolOwn, activity, func(tx *db.Tx) (ledger.Holder, error) { return s.self(ctx, tx, actor) })
}

// WithdrawFor gives up a member's place on their behalf.
func (s *Service) WithdrawFor(ctx context.Context, actor authz.Actor, activity, member id.ID) error {
	return s.withdraw(ctx, actor, PermEnrol, activity, func(tx *db.Tx) (ledger.Holder, error) {
		return s.members.Find(ctx, tx, actor.Tenant, member)
	})
}

func (s *Service) withdraw(ctx context.Context, actor authz.Actor, p authz.Permission, activity id.ID, who func(*db.Tx) (ledger.Holder, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		h, err := who(tx)
		if err != nil {
			return err
		}
		a, err := findAny(ctx, tx, actor.Tenant, activity)
		if err != nil {
			return err
		}
		if p == PermEnrol && actor.Scope(PermEnrol).Require(h.CommunityID, h.UnitID, a.CommunityID) != nil {
			return errs.ErrNotFound
		}
		e, err := enrolmentOf(ctx, tx, actor.Tenant, a.ID, h.MemberID)
		if err != nil {
			return err
		}
		if e.State == Withdrawn {
			return nil
		}
		if a.State == Closed {
			return errs.New(errs.Conflict, i18n.ActivityOver)
		}
		if err := setEnrolment(ctx, tx, actor.Tenant, e, Withdrawn); err != nil {
			return err
		}
		if e.State == Enrolled {
			if err := givePlace(ctx, tx, actor.Tenant, a.ID); err != nil {
				return err
			}
			if err := moveUp(ctx, tx, actor, &a); err != nil {
				return err
			}
		}
		r := entry(p, "activity.withdraw", &a, map[string]any{"member": h.MemberID})
		r.PersonID = h.PersonID
		return audit.Record(ctx, tx, actor, r)
	})
}

// moveUp lets those who wait take the places that are free, in the order in which they came. Each of them learns it on their first
// page (WaitMovedUp), because the moment is kept with their enrolment.
func moveUp(ctx context.Context, tx *db.Tx, actor authz.Actor, a *Activity) error {
	for {
		queue, err := queueOf(ctx, tx, actor.Tenant, a.ID, 50)
		if err != nil || len(queue) == 0 {
			return err
		}
		for _, e := range queue {
			taken, err := takePlace(ctx, tx, actor.Tenant, a.ID)
			if err != nil || !taken {
				return err
			}
			a.Enrolled++
			if err := movedUp(ctx, tx, actor.Tenant, e); err != nil {
				return err
			}
			r := entry(PermEnrol, "activity.move_up", a, map[string]any{"member": e.MemberID})
			r.PersonID = e.PersonID
			if err := audit.Record(ctx, tx, actor, r); err != nil {
				return err
			}
		}
	}
}

// Enrolments gives who is enrolled and who waits, in the order in which they came. One's own is shown to everybody.
func (s *Service) Enrolments(ctx context.Context, actor authz.Actor, activity id.ID) ([]EnrolItem, error) {
	return enrolments(ctx, s.db, actor.Scope(PermSee).Or(actor.Scope(PermEnrol)).Or(actor.Scope(PermSeeOwn)), activity)
}

// EnrolStates gives how a member, in the actor's scope or the actor, stands at several activities; those without a place are left out.
func (s *Service) EnrolStates(ctx context.Context, actor authz.Actor, member id.ID, activities []id.ID) (map[id.ID]EnrolState, error) {
	return enrolStates(ctx, s.db, actor.Scope(PermSee).Or(actor.Scope(PermSeeOwn)), member, activities)
}

// Mine is the actor's own part in an activity.
type Mine struct {
	Enrolment  EnrolState // "" for none
	MovedAt    time.Time  // when the actor moved up from the waiting list
	Ahead      int64      // how many wait before the actor
	Attendance Attendance // ID 0 for none
}

// Mine gives the actor's own enrolment and attendance at an activity.
func (s *Service) Mine(ctx context.Context, actor authz.Actor, activity id.ID) (Mine, error) {
	var m Mine
	h, err := s.self(ctx, s.db, actor)
	if err != nil {
		return m, err
	}
	e, err := enrolmentOf(ctx, s.db, actor.Tenant, activity, h.MemberID)
	if err != nil && !errors.Is(err, errs.ErrNotFound) {
		return m, err
	}
	if m.Enrolment = e.State; e.State == Enrolled {
		m.MovedAt = e.MovedAt
	}
	if e.State == Waiting {
		if m.Ahead, err = ahead(ctx, s.db, actor.Tenant, e); err != nil {
			return m, err
		}
	}
	m.Attendance, err = attendanceOf(ctx, s.db, actor.Tenant, activity, h.MemberID)
	if errors.Is(err, errs.ErrNotFound) {
		err = nil
	}
	return m, err
}

// SeeMove notes that the actor has seen that they moved up, so that it no longer waits for them.
func (s *Service) SeeMove(ctx context.Context, actor authz.Actor, activity id.ID) error {
	scope := actor.Scope(PermEnrolOwn)
	if scope.Empty() {
		return nil
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error { return seeMove(ctx, tx, scope, activity) })
}
