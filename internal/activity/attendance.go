package activity

import (
	"slices"
	"time"

	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

// Presence is where an attendance stands.
type Presence string

// The states of an attendance.
const (
	In   Presence = "in"   // signed in, not yet out
	Out  Presence = "out"  // over
	Void Presence = "void" // taken back
)

// Label names the state for people.
func (p Presence) Label() i18n.Text {
	switch p {
	case In:
		return i18n.ActivityPresent
	case Out:
		return i18n.ActivitySignedOut
	case Void:
		return i18n.ActivityVoided
	}
	return i18n.Verbatim(string(p))
}

// ForgotReason is the reason of an attendance that closing the activity ended; ReasonText shows it.
const ForgotReason = "@forgot"

// ReasonText is a reason as people read it.
func ReasonText(reason string) i18n.Text {
	if reason == ForgotReason {
		return i18n.ActivityForgot
	}
	return i18n.Verbatim(reason)
}

// Attendance is one person's presence at one activity. A guest has no member until joined to one.
type Attendance struct {
	ID          id.ID
	ActivityID  id.ID
	MemberID    id.ID
	PersonID    id.ID
	CommunityID id.ID // the activity's
	UnitID      id.ID // the member's employer on the day
	CreditID    id.ID // the community in whose book the hours stand
	GuestName   string
	PhoneMask   string // of a guest
	InAt        time.Time
	OutAt       time.Time // zero while present
	Minutes     int64
	Proof       ledger.Proof
	Reason      string // of a late entry, a correction or a void
	OverlapID   id.ID  // another attendance of the member at the same time, 0 for none
	LongDay     bool   // more hours on one day than can be true
	Answers     Answers
	State       Presence
	HelpedName  string // who counter-signed
	ByAccount   id.ID
	At          time.Time
	Version     int64
}

// Guest says that it is not known yet who this was.
func (a Attendance) Guest() bool { return a.PersonID == 0 }

// Flagged says that somebody should look at it.
func (a Attendance) Flagged() bool { return a.OverlapID != 0 || a.LongDay }

// rules are the policy values that presence is worked out with, as of one day.
type rules struct {
	grace, opens, longDay time.Duration
	step                  int64
}

// minutes is the time that counts: within the activity and its grace on both sides, whole steps, rounded down.
func (r rules) minutes(a *Activity, in, out time.Time) int64 {
	if from := a.StartsAt.Add(-r.grace); in.Before(from) {
		in = from
	}
	if to := a.EndsAt.Add(r.grace); out.After(to) {
		out = to
	}
	m := int64(out.Sub(in) / time.Minute)
	if m <= 0 {
		return 0
	}
	return m - m%max(1, r.step)
}

// signOut ends the presence at an instant with a grade of proof.
func (a *Attendance) signOut(v *Activity, r rules, out time.Time, p ledger.Proof) error {
	if a.State != In {
		return errs.New(errs.Conflict, i18n.ActivityNotPresent)
	}
	if out.Before(a.InAt) {
		return errs.Field("out_at", i18n.ErrEndBeforeStart)
	}
	a.State, a.OutAt, a.Proof = Out, out, p
	a.Minutes = r.minutes(v, a.InAt, out)
	return nil
}

// checkTimes refuses times that a person entered and that cannot be.
func checkTimes(v *Activity, r rules, in, out, now time.Time) error {
	var e *errs.Error
	switch {
	case in.IsZero():
		e = e.With("in_at", i18n.ErrRequired)
	case out.IsZero():
		e = e.With("out_at", i18n.ErrRequired)
	case !out.After(in):
		e = e.With("out_at", i18n.ErrEndBeforeStart)
	case out.After(now):
		e = e.With("out_at", i18n.ActivityInFuture)
	case in.Before(v.StartsAt.Add(-r.opens)) || in.After(v.EndsAt.Add(r.grace)):
		e = e.With("in_at", i18n.ActivityOutside, i18n.DateTime(v.StartsAt), i18n.DateTime(v.EndsAt))
	}
	return e.OrNil()
}

// posting is what the attendance is worth in the ledger; ok is false when it is worth nothing.
func (a *Attendance) posting(v *Activity, reason string) (p ledger.Posting, ok bool) {
	p = a.worth(reason)
	p.Account, p.Amount = ledger.Hours, a.Minutes
	return p, v.GivesHours && a.counts() && a.Minutes > 0
}

// deed is the deed that the attendance amounts to.
func (a *Attendance) deed(v *Activity) (p ledger.Posting, ok bool) {
	p = a.worth("")
	p.Account, p.Amount = ledger.Deeds, 1
	return p, v.DeedTitle != "" && a.counts()
}

func (a *Attendance) counts() bool { return a.State == Out && a.MemberID != 0 }

func (a *Attendance) worth(reason string) ledger.Posting {
	return ledger.Posting{MemberID: a.MemberID, PersonID: a.PersonID, CommunityID: a.CreditID, UnitID: a.UnitID,
		OnDate: calendar.DateOf(a.InAt), Proof: a.Proof, SourceKind: ledger.SourceAttendance, SourceID: a.ID, Reason: reason}
}

// span is the time of one attendance of a member, for comparing with the others.
type span struct {
	id       id.ID
	in, out  time.Time
	minutes  int64
	overlap  id.ID
	longDay  bool
	newly    id.ID
	newlyDay bool
}

// meets says whether both lasted and have an instant in common.
func (s span) meets(o span) bool {
	return s.in.Before(s.out) && o.in.Before(o.out) && s.in.Before(o.out) && o.in.Before(s.out)
}

// flag compares the attendances of one member: each gets the first other one that it overlaps with, and whether the minutes of its
// day are more than limit. Being present nowhere for any time overlaps with nothing.
func flag(spans []span, limit time.Duration) {
	slices.SortFunc(spans, func(a, b span) int { return a.in.Compare(b.in) })
	perDay := map[calendar.Date]int64{}
	for i := range spans {
		perDay[calendar.DateOf(spans[i].in)] += spans[i].minutes
		for j := range spans {
			if i != j && spans[i].meets(spans[j]) {
				spans[i].newly = spans[j].id
				break
			}
		}
	}
	for i := range spans {
		spans[i].newlyDay = perDay[calendar.DateOf(spans[i].in)] > int64(limit/time.Minute)
	}
}
