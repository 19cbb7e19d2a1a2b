package venue

import (
	"context"
	"errors"
	"strconv"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
)

// Receipt is what whoever books takes away. Code is "" where an organisation books for itself, and where the form was sent before, a day ago or longer.
type Receipt struct {
	ID    id.ID
	No    string
	Code  string
	State State
	Again bool
}

func (in *Asking) check(how Channel) error {
	e := errs.Words(nil, "purpose", &in.Purpose, MaxPurpose, false)
	byPhone := how == ByWeb || in.Name != "" || in.Phone != ""
	e = errs.Words(e, "name", &in.Name, MaxCalled, byPhone)
	if in.Phone = code.Normalise(in.Phone); in.Phone != "" {
		p, problem := code.ParsePhone(in.Phone)
		if problem.Blocks() {
			if f := errs.As(problem.Err("phone")); f != nil {
				e = e.With("phone", f.Fields["phone"].Text, f.Fields["phone"].Args...)
			}
		} else {
			in.Phone = p.String()
		}
	} else if byPhone {
		e = e.With("phone", i18n.ErrRequired)
	}
	if how == ByWeb && !in.Agree {
		e = e.With("agree", i18n.VenueAgreeNeed)
	}
	if how == ByDesk && in.OrgID == 0 {
		e = e.With("org", i18n.ErrRequired)
	}
	if in.Starts.IsZero() {
		e = e.With("starts", i18n.ErrRequired)
	} else if !in.Ends.After(in.Starts) {
		e = e.With("minutes", i18n.VenueEndFirst)
	}
	if in.People < 1 {
		e = e.With("people", i18n.VenuePeople)
	}
	return e.OrNil()
}

// CheckPublic says what is wrong with a booking of a resident before it is tried.
func (in *Asking) CheckPublic() error { return in.check(ByWeb) }

// BookPublic takes a free time for a resident, without an account. by names them in the record of acts, which knows nothing else of them. Two who take the same time at once do not
// both get it: the second is told what is free next.
func (s *Service) BookPublic(ctx context.Context, tenant int64, by, requestID string, in Asking) (Receipt, error) {
	in.OrgID, in.NeedID = 0, 0
	return s.book(ctx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, "", in, ByWeb)
}

// Book takes a time for an organisation in scope (PermBook), or for a resident who came or called: then there is a code to tell them.
func (s *Service) Book(ctx context.Context, actor authz.Actor, in Asking) (Receipt, error) {
	if in.OrgID != 0 {
		if err := actor.Scope(PermBook).Require(in.OrgID); err != nil {
			return Receipt{}, err
		}
	} else if !actor.Can(PermBook) {
		return Receipt{}, errs.ErrForbidden
	}
	return s.book(ctx, actor, PermBook, in, ByDesk)
}

func (s *Service) book(ctx context.Context, actor authz.Actor, perm authz.Permission, in Asking, how Channel) (out Receipt, err error) {
	if err := in.check(how); err != nil {
		return out, err
	}
	cal, err := s.days.Calendar(ctx, actor.Tenant)
	if err != nil {
		return out, err
	}
	err = again(func() error {
		return s.db.WithTx(ctx, func(tx *db.Tx) error {
			out, err = s.bookTx(ctx, tx, actor, perm, cal, in, how)
			return err
		})
	})
	return out, err
}

// again repeats a transaction that the keys of the tables refused: somebody took the time, or the number, in the same instant. The next try sees what they took, and says so.
func again(do func() error) (err error) {
	for range tries {
		if err = do(); !db.IsUnique(err) {
			return err
		}
	}
	return errs.New(errs.Conflict, i18n.ErrConflict).Because(err)
}

func (s *Service) bookTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, cal *calendar.Calendar, in Asking, how Channel) (Receipt, error) {
	if in.Key != "" {
		first, err := db.One(ctx, tx, func(r *Receipt) []any { return []any{&r.ID, &r.No, &r.State} }, `SELECT b.id, b.no, b.state FROM venue_booking b WHERE b.tenant_id = $1 AND b.sent_key = $2 AND b.sent_key <> ''`, actor.Tenant, in.Key)
		if err == nil {
			first.Again = true
			first.Code, err = s.sentCode(ctx, tx, actor, in.Key)
			return first, err
		} else if errs.KindOf(err) != errs.NotFound {
			return Receipt{}, err
		}
	}
	v, err := load(ctx, tx, actor.Tenant, in.VenueID, calendar.DateOf(tx.Now()))
	if err != nil {
		return Receipt{}, err
	}
	if in.OrgID != 0 {
		if err := findOrganisation(ctx, tx, actor.Tenant, in.OrgID, "org"); err != nil {
			return Receipt{}, err
		}
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Person, in.PersonID); err != nil {
		return Receipt{}, err
	}
	resident := in.Phone != ""
	if err := v.admits(how, resident); err != nil {
		return Receipt{}, err
	}
	b := Booking{tenant: actor.Tenant, ID: id.New(), No: paper.NewNo("CD", tx.Now()), VenueID: v.ID, Venue: v.Name, OwnerID: v.OrgID, OrgID: in.OrgID, Channel: how, Starts: in.Starts, Ends: in.Ends, People: in.People, State: Agreed,
		CreatedAt: tx.Now(), Version: 1, personID: in.PersonID, NeedID: in.NeedID}
	if e := v.Check(cal, tx.Now(), b.Starts, b.Ends, b.People); e != nil {
		return Receipt{}, e
	}
	if err := s.isFree(ctx, tx, cal, v, &b); err != nil {
		return Receipt{}, err
	}
	if err := s.measured(ctx, tx, &b, in); err != nil {
		return Receipt{}, err
	}
	if v.Approves || b.Often {
		b.State = Asked
	}
	secret := ""
	if resident {
		secret = paper.NewCode(actor.Tenant)
	}
	if err := s.insertBooking(ctx, tx, &b, in, actor.AccountID, secret); err != nil {
		return Receipt{}, err
	}
	if err := take(ctx, tx, &b); err != nil {
		return Receipt{}, err
	}
	if err := s.keepCode(ctx, tx, actor, in.Key, secret); err != nil {
		return Receipt{}, err
	}
	if b.NeedID != 0 {
		if s.needs == nil {
			return Receipt{}, errs.Field("need", i18n.ErrBadChoice)
		}
		if err := s.needs.BookTx(ctx, tx, actor, b.NeedID, b.reservation()); err != nil {
			return Receipt{}, err
		}
	}
	act := ActBook
	if b.State == Asked {
		act = ActAsk
	}
	if err := s.insertEntry(ctx, tx, actor, &b, act, ""); err != nil {
		return Receipt{}, err
	}
	return Receipt{ID: b.ID, No: b.No, Code: secret, State: b.State}, recordOf(ctx, tx, actor, perm, act, &b, map[string]any{"no": b.No, "channel": how})
}

// measured says whether this booking is one too many for its telephone, and whether it is confirmed first because some before were missed.
func (s *Service) measured(ctx context.Context, tx *db.Tx, b *Booking, in Asking) error {
	now := tx.Now()
	if in.Phone != "" {
		b.phoneKey = s.ring.Index(phoneIndex, in.Phone)
		most, err := MostAhead.On(ctx, tx, b.tenant, calendar.DateOf(now))
		if err != nil {
			return err
		}
		n, err := ahead(ctx, tx, b.tenant, b.phoneKey, b.personID, b.Channel == ByDesk || b.personID != 0, now)
		if err != nil {
			return err
		}
		if n >= most {
			return errs.Field("phone", i18n.VenueEnough, most)
		}
	}
	times, err := MissedTimes.On(ctx, tx, b.tenant, calendar.DateOf(now))
	if err != nil {
		return err
	}
	n, err := missed(ctx, tx, b.tenant, b.phoneKey, b.personID, b.OrgID, now.AddDate(0, 0, -missedDays))
	b.Often = n >= times
	return err
}

// isFree is nil where nobody else has the time of a booking; otherwise it says what is free next.
func (s *Service) isFree(ctx context.Context, tx *db.Tx, cal *calendar.Calendar, v Venue, b *Booking) error {
	last := calendar.DateOf(tx.Now()).AddDays(int(v.Ahead) + 1).Time()
	t, err := taken(ctx, tx, b.tenant, v.ID, b.Starts, last)
	if err != nil {
		return err
	}
	for at, of := range t {
		if of == b.ID {
			delete(t, at)
		}
	}
	if t.free(b.Starts, b.Minutes()) {
		return nil
	}
	next, ok := v.NextFree(cal, tx.Now(), b.Starts, b.Minutes(), t)
	if !ok {
		return errs.Field("starts", i18n.VenueTakenNone)
	}
	return errs.Field("starts", i18n.VenueTaken, i18n.DateTime(next))
}

func recordOf(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, act Act, b *Booking, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "venue." + string(act), Permission: perm, SubjectKind: "venue_booking", SubjectID: b.ID, PersonID: b.personID, OrgID: b.OwnerID, Detail: detail})
}

// act finds a booking by a condition, lets do change it, saves and records it. version is what the actor saw; 0 where they saw none.
func (s *Service) act(ctx context.Context, actor authz.Actor, perm authz.Permission, booking id.ID, version int64, within func(a *db.Args) string, do func(tx *db.Tx, b *Booking) (Act, string, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		r, err := oneBooking(ctx, tx, a, within(a)+" AND b.id = "+a.Add(booking))
		if err != nil {
			return err
		}
		return s.apply(ctx, tx, actor, perm, r, version, do)
	})
}

func (s *Service) apply(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, r row, version int64, do func(tx *db.Tx, b *Booking) (Act, string, error)) error {
	b, err := s.open(r)
	if err != nil {
		return err
	}
	if version != 0 && version != b.Version {
		return errs.New(errs.Conflict, i18n.ErrConflict)
	}
	if perm == PermKeep && !actor.Scope(PermKeep).Covers(b.OwnerID) { // who keeps another place acts here for whom it was booked
		perm = PermBook
	}
	held, stood := b.State.Holds(), b.reservation().Stands
	act, words, err := do(tx, &b)
	if err != nil {
		return err
	}
	if held && !b.State.Holds() {
		if err := release(ctx, tx, b.tenant, b.ID); err != nil {
			return err
		}
	}
	if err := s.saveBooking(ctx, tx, &b); err != nil {
		return err
	}
	if err := s.insertEntry(ctx, tx, actor, &b, act, words); err != nil {
		return err
	}
	if now := b.reservation(); b.NeedID != 0 && s.needs != nil && now.Stands != stood {
		if err := s.needs.ReserveTx(ctx, tx, actor, perm, b.NeedID, now); err != nil {
			return err
		}
	}
	return recordOf(ctx, tx, actor, perm, act, &b, map[string]any{"state": b.State})
}

// kept is the condition that a booking is at a place that the actor keeps.
func kept(actor authz.Actor) func(a *db.Args) string {
	return func(a *db.Args) string { return actor.Scope(PermKeep).Where(a, atPlace) }
}

// theirs is the condition that a booking is at a place that the actor keeps, or of an organisation for which they book.
func theirs(actor authz.Actor) func(a *db.Args) string {
	return func(a *db.Args) string {
		return "(" + actor.Scope(PermKeep).Where(a, atPlace) + " OR " + actor.Scope(PermBook).Where(a, atBooker) + " AND b.org_id <> 0)"
	}
}

// Agree confirms a booking (PermKeep at the place).
func (s *Service) Agree(ctx context.Context, actor authz.Actor, booking id.ID, version int64) error {
	return s.act(ctx, actor, PermKeep, booking, version, kept(actor), func(tx *db.Tx, b *Booking) (Act, string, error) {
		if !b.Ends.After(tx.Now()) {
			return "", "", errs.New(errs.Conflict, i18n.VenueTooLate)
		}
		return ActAgree, "", b.agree()
	})
}

// Refuse does not agree to a booking, with the reason that who booked reads (PermKeep at the place).
func (s *Service) Refuse(ctx context.Context, actor authz.Actor, booking id.ID, version int64, reason string) error {
	if e := errs.Words(nil, "reason", &reason, MaxPurpose, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermKeep, booking, version, kept(actor), func(tx *db.Tx, b *Booking) (Act, string, error) {
		return ActRefuse, reason, b.end(Refused, reason, tx.Now())
	})
}

// Cancel calls a booking off, with the reason (PermKeep at the place, or PermBook for the organisation that booked). Its time is free again.
func (s *Service) Cancel(ctx context.Context, actor authz.Actor, booking id.ID, version int64, reason string) error {
	if e := errs.Words(nil, "reason", &reason, MaxPurpose, true); e != nil {
		return e
	}
	return s.act(ctx, actor, usedPerm(actor), booking, version, theirs(actor), func(tx *db.Tx, b *Booking) (Act, string, error) {
		return ActCancel, reason, cancel(b, reason, actor.Scope(PermKeep).Covers(b.OwnerID), tx.Now())
	})
}

func usedPerm(actor authz.Actor) authz.Permission {
	if actor.Can(PermKeep) {
		return PermKeep
	}
	return PermBook
}

// cancel calls a booking off as long as its time has not begun: who did not come cannot undo that. Who keeps the place may do it until the time is over.
func cancel(b *Booking, reason string, keeps bool, now time.Time) error {
	switch {
	case !b.State.Ahead():
	case !b.Ends.After(now):
		return errs.New(errs.Conflict, i18n.VenueTooLate)
	case !keeps && !b.Starts.After(now):
		return errs.New(errs.Conflict, i18n.VenueBegun)
	}
	return b.end(Cancelled, reason, now)
}

// Move gives a booking another time at its place (PermKeep at the place, or PermBook for the organisation that booked). The old time is free in the same instant.
func (s *Service) Move(ctx context.Context, actor authz.Actor, booking id.ID, version int64, starts, ends time.Time) error {
	if starts.IsZero() {
		return errs.Field("starts", i18n.ErrRequired)
	}
	cal, err := s.days.Calendar(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	return again(func() error {
		return s.act(ctx, actor, usedPerm(actor), booking, version, theirs(actor), func(tx *db.Tx, b *Booking) (Act, string, error) {
			if !b.State.Ahead() || !b.Starts.After(tx.Now()) {
				return "", "", errs.New(errs.Conflict, i18n.VenueCannot, b.State.Text())
			}
			v, err := load(ctx, tx, b.tenant, b.VenueID, calendar.DateOf(tx.Now()))
			if err != nil {
				return "", "", err
			}
			was := i18n.DateTime(b.Starts)
			if (v.Approves || b.Often) && !actor.Scope(PermKeep).Covers(v.OrgID) { // another time is confirmed again
				b.State = Asked
			}
			b.Starts, b.Ends = starts, ends
			if e := v.Check(cal, tx.Now(), starts, ends, b.People); e != nil {
				return "", "", e
			}
			if err := s.isFree(ctx, tx, cal, v, b); err != nil {
				return "", "", err
			}
			if err := release(ctx, tx, b.tenant, b.ID); err != nil {
				return "", "", err
			}
			return ActMove, was + " → " + i18n.DateTime(starts), take(ctx, tx, b)
		})
	})
}

// CheckIn notes that who booked is there (PermKeep at the place).
func (s *Service) CheckIn(ctx context.Context, actor authz.Actor, booking id.ID, version int64) error {
	return s.act(ctx, actor, PermKeep, booking, version, kept(actor), func(tx *db.Tx, b *Booking) (Act, string, error) {
		return ActCheckIn, "", b.checkIn(tx.Now())
	})
}

// Came corrects a booking that was noted as missed (PermKeep at the place).
func (s *Service) Came(ctx context.Context, actor authz.Actor, booking id.ID, version int64) error {
	return s.act(ctx, actor, PermKeep, booking, version, kept(actor), func(_ *db.Tx, b *Booking) (Act, string, error) { return ActCame, "", b.came() })
}

// Detail is a booking with its steps.
type Detail struct {
	Booking
	Slot    int64 // of the place, for moving
	Longest int64
	Times   int64  // how many were missed before it is confirmed first
	Closed  string // why the place is closed, where it is and the booking is still to come
	Endable bool   // the actor may call it off
	Entries []Entry
	Keeps   bool // the actor keeps the place
	Books   bool // the actor books for the organisation
}

// Booking gives a booking of a place or organisation in scope (PermSee).
func (s *Service) Booking(ctx context.Context, actor authz.Actor, booking id.ID) (d Detail, err error) {
	return d, s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		r, err := oneBooking(ctx, tx, a, actor.Scope(PermSee).Where(a, atBoth)+" AND b.id = "+a.Add(booking))
		if err != nil {
			return err
		}
		if d.Booking, err = s.open(r); err != nil {
			return err
		}
		v, err := load(ctx, tx, actor.Tenant, d.VenueID, calendar.DateOf(tx.Now()))
		if err != nil {
			return err
		}
		d.Slot, d.Longest = v.Slot, v.Longest
		if d.State.Ahead() {
			d.Closed = v.EndReason
		}
		d.Keeps, d.Books = actor.Scope(PermKeep).Covers(d.OwnerID), d.OrgID != 0 && actor.Scope(PermBook).Covers(d.OrgID)
		d.Endable = d.State.Ahead() && (d.Keeps && d.Ends.After(tx.Now()) || d.Books && d.Starts.After(tx.Now()))
		if d.Times, err = MissedTimes.On(ctx, tx, actor.Tenant, calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		d.Entries, err = s.entries(ctx, tx, actor.Tenant, booking)
		return err
	})
}

// Booker is who booked.
type Booker struct{ No, Name, Phone, Org string }

// Reveal shows who booked, for a registered purpose (PermReveal at the place or the organisation that booked). The look is recorded and stands among the steps that who booked reads.
func (s *Service) Reveal(ctx context.Context, actor authz.Actor, booking id.ID, purpose string) (out Booker, err error) {
	if purpose == "" {
		return out, errs.Field("purpose", i18n.ErrPurposeNeeded)
	}
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := s.purposes.Covered(ctx, tx, actor.Tenant, purpose, FieldPhone); err != nil {
			return err
		}
		a := &db.Args{}
		r, err := oneBooking(ctx, tx, a, actor.Scope(PermReveal).Where(a, atBoth)+" AND b.id = "+a.Add(booking))
		if err != nil {
			return err
		}
		var failed [2]error
		out.No, out.Org = r.No, r.Org
		out.Name, failed[0] = s.ring.Open("venue_booking", "name", r.ID, r.name)
		out.Phone, failed[1] = s.ring.Open("venue_booking", "phone", r.ID, r.phone)
		if err := errors.Join(failed[:]...); err != nil {
			return err
		}
		if err := s.insertEntry(ctx, tx, actor, &r.Booking, ActLook, ""); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "venue." + string(ActLook), Permission: PermReveal, Purpose: purpose, SubjectKind: "venue_booking", SubjectID: r.ID, PersonID: r.personID, OrgID: r.OwnerID})
	})
}

// WaitAsk is the kind of what waits: bookings to be confirmed.
const WaitAsk = "venue.ask"

// Filter narrows the list of bookings; zero fields do not filter.
type Filter struct {
	Venue id.ID
	State State
	Wait  string // one of the kinds of what waits
	Used  bool   // those at which somebody checked in
	Off   bool   // those that were called off, refused or not answered
	Month calendar.Date
	Text  string // the number, or the name of the place
	Page  db.Page
}

func waits(a *db.Args, actor authz.Actor, kind string) string {
	if kind != WaitAsk {
		return "1 = 0"
	}
	return actor.Held(PermKeep).Where(a, atPlace) + " AND b.state = 'asked'"
}

// Bookings gives the bookings of places and organisations in scope (PermSee), the latest time first.
func (s *Service) Bookings(ctx context.Context, actor authz.Actor, f Filter) (out db.List[Booking], err error) {
	a := &db.Args{}
	where := actor.Scope(PermSee).Where(a, atBoth)
	if f.Venue != 0 {
		where += " AND b.venue_id = " + a.Add(f.Venue)
	}
	if f.State != "" {
		where += " AND b.state = " + a.Add(string(f.State))
	}
	if f.Used {
		where += " AND b.state IN ('in', 'done')"
	}
	if f.Off {
		where += " AND b.state IN ('refused', 'cancelled', 'lapsed')"
	}
	if f.Wait != "" {
		where += " AND " + waits(a, actor, f.Wait)
	}
	if !f.Month.IsZero() {
		m := f.Month.StartOfMonth()
		where += " AND b.starts_at >= " + a.Add(db.Micros(m.Time())) + " AND b.starts_at < " + a.Add(db.Micros(m.AddMonths(1).Time()))
	}
	where += like(a, "v.name_key", "b.no", f.Text)
	keys, tail := a.Keyset(f.Page, db.Order{Column: "b.starts_at", IDColumn: "b.id", Integer: true, Desc: true})
	rows, err := db.All(ctx, s.db, (*row).dest, "SELECT "+bookingColumns+bookingJoined+where+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	list := make([]Booking, len(rows))
	for i, r := range rows {
		list[i] = r.plain()
	}
	return db.Cut(list, f.Page, func(b Booking) db.Cursor { return db.Cursor{Key: strconv.FormatInt(db.Micros(b.Starts), 10), ID: b.ID} }), nil
}
