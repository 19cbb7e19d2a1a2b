package deed

import (
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

// The permissions of this package.
const (
	PermSee         authz.Permission = "deed.see"
	PermSeeOwn      authz.Permission = "deed.see.own"
	PermPropose     authz.Permission = "deed.propose"     // for members in scope
	PermProposeOwn  authz.Permission = "deed.propose.own" // and withdraw
	PermDecide      authz.Permission = "deed.decide"      // confirm, decline, correct, revoke
	PermCountersign authz.Permission = "deed.countersign" // hand codes to people helped
)

// State is where a deed stands.
type State string

// The states.
const (
	Proposed  State = "proposed"
	Confirmed State = "confirmed"
	Declined  State = "declined"
	Withdrawn State = "withdrawn"
	Revoked   State = "revoked"
)

// States are all states in their order.
var States = []State{Proposed, Confirmed, Declined, Withdrawn, Revoked}

// Label names the state for people.
func (s State) Label() i18n.Text {
	switch s {
	case Proposed:
		return i18n.DeedProposed
	case Confirmed:
		return i18n.DeedConfirmed
	case Declined:
		return i18n.DeedDeclined
	case Withdrawn:
		return i18n.DeedWithdrawn
	case Revoked:
		return i18n.DeedRevoked
	}
	return i18n.Verbatim(string(s))
}

// Said is what is said about a deed.
type Said struct {
	Title  string
	Body   string
	OnDate calendar.Date
	Helped string // whom it helped; optional
}

// check makes the texts tidy and refuses what cannot be.
func (n *Said) check(today calendar.Date) error {
	var e *errs.Error
	for _, f := range []struct {
		name  string
		text  *string
		limit int
		must  bool
	}{{"title", &n.Title, 80, true}, {"body", &n.Body, 1000, false}, {"helped", &n.Helped, 40, false}} {
		*f.text = strings.TrimSpace(*f.text)
		if c := len([]rune(*f.text)); c > f.limit {
			e = e.With(f.name, i18n.ErrTooLong, f.limit, c)
		} else if c == 0 && f.must {
			e = e.With(f.name, i18n.ErrRequired)
		}
	}
	switch {
	case n.OnDate.IsZero():
		e = e.With("on_date", i18n.ErrRequired)
	case n.OnDate.After(today):
		e = e.With("on_date", i18n.DeedFuture)
	case n.OnDate.Before(today.AddYears(-1)):
		e = e.With("on_date", i18n.DeedTooOld)
	}
	return e.OrNil()
}

// Deed is one practical deed of one member.
type Deed struct {
	ID          id.ID
	MemberID    id.ID
	PersonID    id.ID
	CommunityID id.ID
	UnitID      id.ID
	Said
	State      State
	Proof      ledger.Proof
	Reason     string
	SourceKind string // "attendance", or "" for a deed that stands by itself
	SourceID   id.ID
	ProposedBy id.ID // account
	ProposedAt time.Time
	DecidedBy  id.ID
	DecidedAt  time.Time
	Version    int64
}

// Confirm lets it count.
func (d *Deed) Confirm(now time.Time, by id.ID) error {
	if d.State != Proposed {
		return errs.New(errs.Conflict, i18n.DeedDecided, d.State.Label())
	}
	d.State, d.DecidedAt, d.DecidedBy = Confirmed, now, by
	return nil
}

// Decline refuses it with a reason that the member sees.
func (d *Deed) Decline(now time.Time, by id.ID, reason string) error {
	if d.State != Proposed {
		return errs.New(errs.Conflict, i18n.DeedDecided, d.State.Label())
	}
	return d.end(Declined, now, by, reason)
}

// Withdraw takes it back before it is decided.
func (d *Deed) Withdraw(now time.Time, by id.ID) error {
	if d.State != Proposed {
		return errs.New(errs.Conflict, i18n.DeedDecided, d.State.Label())
	}
	d.State, d.DecidedAt, d.DecidedBy = Withdrawn, now, by
	return nil
}

// Revoke takes back what was confirmed, with a reason.
func (d *Deed) Revoke(now time.Time, by id.ID, reason string) error {
	if d.State != Confirmed {
		return errs.New(errs.Conflict, i18n.DeedNotConfirmed)
	}
	return d.end(Revoked, now, by, reason)
}

func (d *Deed) end(s State, now time.Time, by id.ID, reason string) error {
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	d.State, d.Reason, d.DecidedAt, d.DecidedBy = s, reason, now, by
	return nil
}

// Raise makes the proof counter-signed. Only what is vouched for can be raised: timed is stronger already.
func (d *Deed) Raise(helped string) error {
	if err := d.raisable(); err != nil {
		return err
	}
	d.Proof = ledger.Countersigned
	if helped != "" {
		d.Helped = helped
	}
	return nil
}

func (d *Deed) raisable() error {
	if d.Proof != ledger.Vouched || (d.State != Proposed && d.State != Confirmed) {
		return errs.New(errs.Conflict, i18n.DeedNotRaisable)
	}
	return nil
}

// posting is what a confirmed deed is worth in the ledger.
func (d *Deed) posting(reason string) ledger.Posting {
	return ledger.Posting{Account: ledger.Deeds, MemberID: d.MemberID, PersonID: d.PersonID, CommunityID: d.CommunityID, UnitID: d.UnitID,
		OnDate: d.OnDate, Amount: 1, Proof: d.Proof, SourceKind: ledger.SourceDeed, SourceID: d.ID, Reason: reason}
}

func needReason(s string) (string, error) {
	s = strings.TrimSpace(s)
	switch n := len([]rune(s)); {
	case n == 0:
		return "", errs.Field("reason", i18n.ActivityReasonNeeded)
	case n > 200:
		return "", errs.Field("reason", i18n.ErrTooLong, 200, n)
	}
	return s, nil
}
