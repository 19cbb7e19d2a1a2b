package counselling

import (
	"slices"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/technician"
)

// The permissions of this package.
const (
	PermServe authz.Permission = "counselling.serve"
	PermKeep  authz.Permission = "counselling.keep"
	PermCount authz.Permission = "counselling.count"
)

// Bounds of what is written.
const (
	MaxPlace   = 100
	MaxName    = 20
	MaxWord    = 200
	MaxNote    = 4000
	MinMinutes = 20
	MaxMinutes = 180
)

// Form is how a conversation takes place.
type Form string

// The forms.
const (
	AtRoom  Form = "room"
	ByPhone Form = "phone"
	AtHome  Form = "home" // follow-up at the person's home
)

// Forms lists them.
func Forms() []Form { return []Form{AtRoom, ByPhone, AtHome} }

// Text names the form.
func (f Form) Text() i18n.Text {
	return map[Form]i18n.Text{AtRoom: i18n.CounselRoom, ByPhone: i18n.CounselPhone, AtHome: i18n.CounselHome}[f]
}

// State is where an appointment stands.
type State string

// The states of an appointment.
const (
	Planned   State = "planned"
	Held      State = "held"
	Missed    State = "missed"
	Cancelled State = "cancelled"
)

// Text names the state.
func (s State) Text() i18n.Text {
	return map[State]i18n.Text{Planned: i18n.CounselPlanned, Held: i18n.CounselHeld, Missed: i18n.CounselMissed, Cancelled: i18n.CounselCancelled}[s]
}

// Ending is why a file was ended.
type Ending string

// The endings.
const (
	Done     Ending = "done"
	Referred Ending = "referred" // to a hospital or another body
	Stopped  Ending = "stopped"  // the person does not want to go on
	Away     Ending = "away"     // moved, or cannot be reached
)

// Endings lists them.
func Endings() []Ending { return []Ending{Done, Referred, Stopped, Away} }

// Text names the ending.
func (e Ending) Text() i18n.Text {
	return map[Ending]i18n.Text{Done: i18n.CounselDone, Referred: i18n.CounselReferred, Stopped: i18n.CounselStopped, Away: i18n.CounselAway}[e]
}

// Consent is how somebody agreed that another counsellor goes on.
type Consent string

// The ways to agree.
const (
	InPerson  Consent = "in_person"
	OnPhone   Consent = "on_phone"
	InWriting Consent = "in_writing"
)

// Consents lists them.
func Consents() []Consent { return []Consent{InPerson, OnPhone, InWriting} }

// Text names the way.
func (c Consent) Text() i18n.Text {
	return map[Consent]i18n.Text{InPerson: i18n.TakeOverInPerson, OnPhone: i18n.TakeOverOnPhone, InWriting: i18n.TakeOverInWriting}[c]
}

// Post is the week of a counsellor at a place.
type Post struct {
	ID        id.ID
	OrgID     id.ID
	Org       string
	AccountID id.ID
	Account   string
	Place     string
	Minutes   int64 // of one appointment
	EndedOn   calendar.Date
	Week      []technician.Shift
	Version   int64
}

// Active says whether people book there.
func (p Post) Active() bool { return p.EndedOn.IsZero() }

// NewPost is a post as somebody sets it up or changes it.
type NewPost struct {
	OrgID     id.ID
	AccountID id.ID
	Place     string
	Minutes   int64
	Week      []string // the hours of each day, from Monday: "14:00-17:00"; "" is none
	Version   int64
	week      []technician.Shift
}

func (n *NewPost) check() error {
	e := errs.Words(nil, "place", &n.Place, MaxPlace, true)
	if n.OrgID == 0 {
		e = e.With("org", i18n.ErrRequired)
	}
	if n.AccountID == 0 {
		e = e.With("account", i18n.ErrRequired)
	}
	e = lasts(e, n.Minutes)
	n.week, e = technician.Within(e, n.Week, i18n.CounselNoHours)
	return e.OrNil()
}

func lasts(e *errs.Error, minutes int64) *errs.Error {
	if minutes < MinMinutes || minutes > MaxMinutes {
		return e.With("minutes", i18n.ErrNumberRange, MinMinutes, MaxMinutes)
	}
	return e
}

// Bounds of when people book.
const (
	BookDays  = 14            // how far ahead
	bookAhead = 2 * time.Hour // how long before at least: the counsellor reads it in time
)

// Slots are the times of a post that can be booked as of now, in order: within BookDays, not on days off, and not over what the counsellor has agreed already.
func (p Post) Slots(cal *calendar.Calendar, now time.Time, taken []Taken) []time.Time {
	if !p.Active() || p.Minutes <= 0 {
		return nil
	}
	var out []time.Time
	first, length := calendar.DateOf(now), time.Duration(p.Minutes)*time.Minute
	for i := range BookDays + 1 {
		d := first.AddDays(i)
		if cal.Holiday(d) != "" {
			if working, _ := cal.IsWorkingDay(d); !working {
				continue
			}
		}
		weekday := (int(d.Weekday())+6)%7 + 1
		for _, s := range p.Week {
			if s.Weekday != weekday {
				continue
			}
			end := s.To
			if end == 0 {
				end = 24 * 60
			}
			for m := s.From; m+int(p.Minutes) <= end; m += int(p.Minutes) {
				at := d.Time().Add(time.Duration(m) * time.Minute)
				if at.Before(now.Add(bookAhead)) || slices.ContainsFunc(taken, func(t Taken) bool { return t.meets(at, length) }) {
					continue
				}
				out = append(out, at)
			}
		}
	}
	slices.SortFunc(out, time.Time.Compare)
	return out
}

// Taken is a stretch of time that a counsellor has agreed to.
type Taken struct {
	At      time.Time
	Minutes int64
}

func (t Taken) meets(at time.Time, length time.Duration) bool {
	return at.Before(t.At.Add(time.Duration(t.Minutes)*time.Minute)) && t.At.Before(at.Add(length))
}

// Session is an appointment and what came of it.
type Session struct {
	ID      id.ID
	FileID  id.ID
	No      string // of the file
	Form    Form
	State   State
	At      time.Time
	Minutes int64
	Place   string // of the post where it was booked
	Note    string // opened for the counsellor and the person alone
	Booked  Booker
	Version int64

	note []byte
}

// Booker is who made an appointment.
type Booker string

// Who makes appointments.
const (
	BySelf       Booker = "self"
	ByCounsellor Booker = "counsellor"
)

// File is somebody who is counselled.
type File struct {
	ID        id.ID
	No        string
	OrgID     id.ID
	Org       string
	AccountID id.ID
	Account   string
	Linked    bool   // the person linked it with their own account
	Code      string // only of one that was just opened
	Name      string // opened for the counsellor and the person alone
	Phone     string
	Word      string
	Open      bool
	Ending    Ending
	EndedOn   calendar.Date
	OpenedAt  time.Time
	HandedAt  time.Time // zero where it was never handed on
	Next      time.Time // of the next appointment; zero for none
	Last      time.Time // of the last conversation
	Held      int64     // conversations
	Version   int64
	Sessions  []Session

	person            id.ID
	resident          id.ID
	name, phone, word []byte
}

// Entry is somebody whom a counsellor takes on, or who books.
type Entry struct {
	Name  string
	Phone string
	Word  string // what they say it is about; it need not be said
}

func (n *Entry) check(phoneNeeded bool) error {
	e := errs.Words(nil, "name", &n.Name, MaxName, true)
	e = errs.Words(e, "word", &n.Word, MaxWord, false)
	if n.Phone = code.Normalise(n.Phone); n.Phone == "" {
		if phoneNeeded {
			e = e.With("phone", i18n.ErrRequired)
		}
		return e.OrNil()
	}
	p, problem := code.ParsePhone(n.Phone)
	if problem.Blocks() {
		if f := errs.As(problem.Err("phone")); f != nil {
			e = e.With("phone", f.Fields["phone"].Text, f.Fields["phone"].Args...)
		}
		return e.OrNil()
	}
	n.Phone = p.String()
	return e.OrNil()
}

// Conversation is what a counsellor writes of one.
type Conversation struct {
	SessionID id.ID // appointment that it was; 0 for one without
	Version   int64 // of the appointment
	Form      Form
	At        time.Time // of one without an appointment
	Minutes   int64
	Note      string
	Next      time.Time // when they meet again; zero for not agreed
	NextForm  Form
}

// mostBack is how long ago a conversation may be when it is written.
const mostBack = 60 * 24 * time.Hour

// mostAhead is how far ahead a counsellor agrees a time.
const mostAhead = 120 * 24 * time.Hour

func (n *Conversation) check(now time.Time) error {
	e := errs.Words(nil, "note", &n.Note, MaxNote, true)
	e = lasts(e, n.Minutes)
	if n.Form.Text().IsZero() {
		e = e.With("form", i18n.ErrBadChoice)
	}
	if n.SessionID == 0 {
		switch {
		case n.At.IsZero():
			e = e.With("at", i18n.ErrRequired)
		case n.At.After(now):
			e = e.With("at", i18n.CounselNotYet)
		case n.At.Before(now.Add(-mostBack)):
			e = e.With("at", i18n.CounselLongAgo)
		}
	}
	return meeting(e, "next", &n.Next, "next_form", n.NextForm, now, false).OrNil()
}

// meeting checks when somebody is to come, and how.
func meeting(e *errs.Error, field string, at *time.Time, formField string, form Form, now time.Time, needed bool) *errs.Error {
	switch {
	case at.IsZero() && needed:
		return e.With(field, i18n.ErrRequired)
	case at.IsZero():
		return e
	case !at.After(now):
		e = e.With(field, i18n.CounselPast)
	case at.After(now.Add(mostAhead)):
		e = e.With(field, i18n.CounselFar)
	}
	if form.Text().IsZero() {
		e = e.With(formField, i18n.ErrBadChoice)
	}
	return e
}
