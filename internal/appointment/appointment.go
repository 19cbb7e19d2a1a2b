package appointment

import (
	"strings"
	"unicode/utf8"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
)

// Permissions on appointments.
const (
	PermSee  authz.Permission = "appointment.see"  // rosters and lists of organisations in scope
	PermKeep authz.Permission = "appointment.keep" // appoint, correct, end, strike
)

// The longest texts, in characters.
const (
	maxTitle    = 30
	maxDocument = 120
	maxReason   = 200
)

// Terms is what can be said and corrected of an appointment.
type Terms struct {
	Post       Post
	Title      string // what the post is called here, if not as usual
	Way        Way
	Origin     Origin
	FromOn     calendar.Date
	TermEndsOn calendar.Date // last day of the term; zero: none
	Document   string
}

// NewAppointment puts a person into a post of an organisation.
type NewAppointment struct {
	OrganisationID id.ID
	PersonID       id.ID
	Terms
}

// Appointment is a post held, or that was held.
type Appointment struct {
	ID             id.ID
	OrganisationID id.ID
	PersonID       id.ID
	Terms
	EndedOn     calendar.Date // the first day on which it is no longer held; zero: held
	EndReason   string
	EndDocument string
	Version     int64
}

// Held says whether the post is held on a day.
func (a Appointment) Held(on calendar.Date) bool {
	return !on.Before(a.FromOn) && (a.EndedOn.IsZero() || on.Before(a.EndedOn))
}

// Ending ends an appointment.
type Ending struct {
	On       calendar.Date // the first day on which the post is no longer held
	Reason   string
	Document string
	Version  int64
}

func clean(s string) string { return strings.Join(strings.Fields(s), " ") }

func limit(e *errs.Error, field, value string, most int) *errs.Error {
	if n := utf8.RuneCountInString(value); n > most {
		e = e.With(field, i18n.ErrTooLong, most, n)
	}
	return e
}

// check makes the usual slips good and says what is wrong with the terms of a post of o.
func (t *Terms) check(o org, today calendar.Date) error {
	var e *errs.Error
	switch {
	case t.Post == "":
		e = e.With("post", i18n.ErrRequired)
	case !has(o.Kind, t.Post):
		e = e.With("post", i18n.PostNotHere, o.Name, o.Kind.Text())
	}
	if t.Way.Text().IsZero() {
		e = e.With("way", i18n.ErrBadChoice)
	}
	if t.Origin.Text().IsZero() {
		e = e.With("origin", i18n.ErrBadChoice)
	}
	t.Title, t.Document = clean(t.Title), clean(t.Document)
	e = limit(e, "title", t.Title, maxTitle)
	e = limit(e, "document", t.Document, maxDocument)
	switch {
	case t.FromOn.IsZero():
		e = e.With("from_on", i18n.ErrRequired)
	case t.FromOn.After(today):
		e = e.With("from_on", i18n.OrgDateFuture, today.String())
	case t.FromOn.Before(o.EstablishedOn):
		e = e.With("from_on", i18n.OrgDateBeforeBirth, o.Name, o.EstablishedOn.String())
	}
	if !t.TermEndsOn.IsZero() && t.TermEndsOn.Before(t.FromOn) {
		e = e.With("term_ends_on", i18n.ErrEndBeforeStart)
	}
	return e.OrNil()
}

func (x *Ending) check(a Appointment, today calendar.Date) error {
	if !a.EndedOn.IsZero() {
		return errs.New(errs.Conflict, i18n.PostEnded, a.EndedOn.String())
	}
	var e *errs.Error
	switch {
	case x.On.IsZero():
		e = e.With("on", i18n.ErrRequired)
	case x.On.After(today):
		e = e.With("on", i18n.OrgDateFuture, today.String())
	case !a.FromOn.Before(x.On):
		e = e.With("on", i18n.PostEndsFirst, a.FromOn.String())
	}
	if x.Reason = clean(x.Reason); x.Reason == "" {
		e = e.With("reason", i18n.ErrRequired)
	}
	x.Document = clean(x.Document)
	e = limit(e, "reason", x.Reason, maxReason)
	return limit(e, "end_document", x.Document, maxDocument).OrNil()
}

// org is what is known here of an organisation.
type org struct {
	ID            id.ID
	Kind          organisation.Kind
	Name          string
	EstablishedOn calendar.Date
	DissolvedOn   calendar.Date
}
