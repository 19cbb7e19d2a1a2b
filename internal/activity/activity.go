package activity

import (
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
)

// The permissions of this package.
const (
	PermSee         authz.Permission = "activity.see"         // drafts and attendances in scope
	PermSeeOwn      authz.Permission = "activity.see.own"     // one's own attendances
	PermBrowse      authz.Permission = "activity.browse"      // every activity of the tenant that is no draft
	PermPlan        authz.Permission = "activity.plan"        // plan, change, publish, cancel
	PermHold        authz.Permission = "activity.hold"        // show the code, enter presence, correct, join, close
	PermHost        authz.Permission = "activity.host"        // what PermHold is, at activities that one's own organisation holds and no other
	PermEnrol       authz.Permission = "activity.enrol"       // enrol members in scope
	PermEnrolOwn    authz.Permission = "activity.enrol.own"   // enrol oneself
	PermSignOwn     authz.Permission = "activity.sign.own"    // sign oneself in and out
	PermCountersign authz.Permission = "activity.countersign" // hand codes to people helped
	PermKinds       authz.Permission = "activity.kinds"       // keep the kinds of activity
)

// What a district may set.
var (
	Grace    = policy.Value{Name: "activity.grace", Title: i18n.ActivityGrace, Unit: i18n.ActivityMinutesUnit, Default: 30, Max: 240}
	Opens    = policy.Value{Name: "activity.opens_before", Title: i18n.ActivityOpens, Unit: i18n.ActivityMinutesUnit, Default: 60, Max: 720}
	Rounding = policy.Value{Name: "activity.rounding", Title: i18n.ActivityRounding, Unit: i18n.ActivityMinutesUnit, Default: 1, Min: 1, Max: 60}
	LongDay  = policy.Value{Name: "activity.long_day", Title: i18n.ActivityLongDay, Unit: i18n.LedgerHoursUnit, Default: 16, Min: 1, Max: 24}
)

// State is where an activity stands.
type State string

// The states.
const (
	Draft     State = "draft"
	Published State = "published"
	Held      State = "held"
	Closed    State = "closed"
	Cancelled State = "cancelled"
)

// States are all states in their order.
var States = []State{Draft, Published, Held, Closed, Cancelled}

// Label names the state for people.
func (s State) Label() i18n.Text {
	switch s {
	case Draft:
		return i18n.ActivityDraft
	case Published:
		return i18n.ActivityPublished
	case Held:
		return i18n.ActivityHeld
	case Closed:
		return i18n.ActivityClosed
	case Cancelled:
		return i18n.ActivityCancelled
	}
	return i18n.Verbatim(string(s))
}

// Plan is what an organiser says about an activity.
type Plan struct {
	CommunityID id.ID // whose activity it is: a community, or (only with something that presence belongs to, HoldTx) another organisation
	KindCode    string
	Title       string
	Body        string
	Place       string
	BuildingID  id.ID
	StartsAt    time.Time
	EndsAt      time.Time
	Capacity    int64 // 0 for no limit
	GivesHours  bool
	DeedTitle   string // the deed that taking part amounts to, "" for none
	ProgrammeID id.ID  // theme programme (CO-4, CO-5) that it is part of, 0 for none
}

// longest is how long one activity can last; what lasts longer is several.
const longest = 24 * time.Hour

// check makes the texts tidy and refuses what cannot be held.
func (p *Plan) check() error {
	var e *errs.Error
	for _, f := range []struct {
		name  string
		text  *string
		limit int
		must  bool
	}{{"title", &p.Title, 80, true}, {"place", &p.Place, 80, true}, {"body", &p.Body, 2000, false}, {"deed_title", &p.DeedTitle, 80, false}} {
		*f.text = strings.TrimSpace(*f.text)
		if n := len([]rune(*f.text)); n > f.limit {
			e = e.With(f.name, i18n.ErrTooLong, f.limit, n)
		} else if n == 0 && f.must {
			e = e.With(f.name, i18n.ErrRequired)
		}
	}
	if p.CommunityID == 0 {
		e = e.With("community", i18n.ErrRequired)
	}
	if p.KindCode == "" {
		e = e.With("kind", i18n.ErrRequired)
	}
	if p.Capacity < 0 || p.Capacity > 100_000 {
		e = e.With("capacity", i18n.ErrBadNumber)
	}
	return e.Span(p.StartsAt, p.EndsAt, longest).OrNil()
}

// Activity is one thing that a community organises.
type Activity struct {
	ID id.ID
	Plan
	Enrolled    int64
	State       State
	Reason      string // of the cancellation
	OrganiserID id.ID  // account
	CreatedAt   time.Time
	ClosedAt    time.Time
	Version     int64
	elsewhere   bool // no community holds it: it gives no hours and no deeds
}

// Publish lets people see it and enrol. An activity that is over can still be published, so that its presence can be entered.
func (a *Activity) Publish() error {
	if a.State != Draft {
		return errs.New(errs.Conflict, i18n.ActivityNotDraft)
	}
	a.State = Published
	return nil
}

// Edit replaces the plan. Once somebody has signed in, times and credits stay, because hours rest on them.
func (a *Activity) Edit(p Plan) error {
	if a.State == Closed || a.State == Cancelled {
		return errs.New(errs.Conflict, i18n.ActivityOver)
	}
	p.CommunityID = a.CommunityID
	if err := p.check(); err != nil {
		return err
	}
	if a.elsewhere && (p.GivesHours || p.DeedTitle != "") {
		return errs.Field("gives_hours", i18n.ActivityNoCredit)
	}
	if a.State == Held && (!p.StartsAt.Equal(a.StartsAt) || !p.EndsAt.Equal(a.EndsAt) || p.GivesHours != a.GivesHours || p.DeedTitle != a.DeedTitle) {
		return errs.New(errs.Conflict, i18n.ActivityHeldFixed)
	}
	if p.Capacity != 0 && p.Capacity < a.Enrolled {
		return errs.Field("capacity", i18n.ActivityCapacityBelow, a.Enrolled)
	}
	a.Plan = p
	return nil
}

// Cancel calls it off. What has been attended cannot be called off any more.
func (a *Activity) Cancel(reason string) error {
	if a.State != Draft && a.State != Published {
		return errs.New(errs.Conflict, i18n.ActivityNoCancel)
	}
	reason, err := needReason(reason)
	if err != nil {
		return err
	}
	a.State, a.Reason = Cancelled, reason
	return nil
}

// Close ends it. Before its end it can be closed only when nobody is still signed in.
func (a *Activity) Close(now time.Time, present int) error {
	switch {
	case a.State != Published && a.State != Held:
		return errs.New(errs.Conflict, i18n.ActivityNotRunning)
	case now.Before(a.EndsAt) && (present > 0 || a.State == Published):
		return errs.New(errs.Conflict, i18n.ActivityNotEnded, i18n.DateTime(a.EndsAt))
	}
	a.State, a.ClosedAt = Closed, now
	return nil
}

// Free says how many places are left; limited is false when there is no limit.
func (a *Activity) Free() (places int64, limited bool) {
	if a.Capacity == 0 {
		return 0, false
	}
	return max(0, a.Capacity-a.Enrolled), true
}

// takesEnrolments says why nobody can enrol any more, nil if they can.
func (a *Activity) takesEnrolments(now time.Time) error {
	switch {
	case a.State == Cancelled:
		return errs.New(errs.Conflict, i18n.ActivityIsCancelled)
	case a.State == Draft:
		return errs.ErrNotFound
	case a.State == Closed || !now.Before(a.EndsAt):
		return errs.New(errs.Conflict, i18n.ActivityOver)
	}
	return nil
}

// takesSignIns says why nobody can sign in now, nil if they can.
func (a *Activity) takesSignIns(now time.Time, r rules) error {
	switch {
	case a.State == Cancelled:
		return errs.New(errs.Conflict, i18n.ActivityIsCancelled)
	case a.State == Draft:
		return errs.New(errs.Conflict, i18n.ActivityNotPublished)
	case a.State == Closed || now.After(a.EndsAt.Add(r.grace)):
		return errs.New(errs.Conflict, i18n.ActivitySignInOver, i18n.DateTime(a.EndsAt))
	case now.Before(a.StartsAt.Add(-r.opens)):
		return errs.New(errs.Conflict, i18n.ActivityTooEarly, i18n.DateTime(a.StartsAt.Add(-r.opens)))
	}
	return nil
}

// needReason is a reason of a sensible length.
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
