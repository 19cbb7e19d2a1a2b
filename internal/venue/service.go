package venue

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/exchange"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
	"linli/internal/seal"
	"linli/internal/technician"
)

// Calendars gives the working calendar of a district.
type Calendars interface {
	Calendar(ctx context.Context, tenant int64) (*calendar.Calendar, error)
}

// Purposes says whether a registered purpose covers a sealed field: an error under "purpose" if not.
type Purposes interface {
	Covered(ctx context.Context, q db.Querier, tenant int64, purpose, field string) error
}

// FieldPhone is the sealed field for which a purpose must be registered before it is shown who booked.
const FieldPhone = exchange.FieldPhone

// codeIndex is the kind of the blind index of codes, phoneIndex that of telephones.
const (
	codeIndex  = "venue_code"
	phoneIndex = "venue_phone"
)

// Service keeps places and their bookings.
type Service struct {
	db       *db.DB
	ring     *seal.Ring
	days     Calendars
	purposes Purposes
	needs    Needs // nil where there are none
}

// Needs are the needs for which places are booked (package exchange).
type Needs interface {
	BookTx(ctx context.Context, tx *db.Tx, actor authz.Actor, need id.ID, r exchange.Reservation) error
	ReserveTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, need id.ID, r exchange.Reservation) error
}

// WithNeeds connects the needs for which places are booked. The composition root calls it once.
func (s *Service) WithNeeds(n Needs) *Service {
	s.needs = n
	return s
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, days Calendars, purposes Purposes) *Service {
	return &Service{db: d, ring: ring, days: days, purposes: purposes}
}

// Now is the instant by which times are past.
func (s *Service) Now() time.Time { return s.db.Now() }

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, perm authz.Permission, v Venue, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "venue." + act, Permission: perm, SubjectKind: "venue", SubjectID: v.ID, OrgID: v.OrgID, Detail: detail})
}

// looks says whether the actor has to do with places at all.
func looks(actor authz.Actor) bool {
	return actor.Can(PermSee) || actor.Can(PermBook) || actor.Can(PermKeep)
}

// tries is how often a number is drawn until it is one that nobody has.
const tries = 5

// Save opens a place (venue 0) or changes it (PermKeep where it was and where it goes). Its week holds from today on; what was booked stays. outside is how many bookings to come lie outside
// changed hours.
func (s *Service) Save(ctx context.Context, actor authz.Actor, venue id.ID, n NewVenue) (out id.ID, outside int64, err error) {
	if err := n.check(); err != nil {
		return 0, 0, err
	}
	if err := actor.Scope(PermKeep).Require(n.OrgID); err != nil {
		return 0, 0, err
	}
	cal, err := s.days.Calendar(ctx, actor.Tenant)
	if err != nil {
		return 0, 0, err
	}
	out = venue
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := findOrganisation(ctx, tx, actor.Tenant, n.OrgID, "org"); err != nil {
			return err
		}
		var was Venue
		if venue != 0 {
			var err error
			if was, err = find(ctx, tx, actor.Scope(PermKeep), venue); err != nil {
				return err
			}
		}
		community, err := whereabouts(ctx, tx, actor, n, was)
		if err != nil {
			return err
		}
		today := calendar.DateOf(tx.Now())
		if venue == 0 {
			out = id.New()
			if err := insertVenue(ctx, tx, actor.Tenant, out, n, community, paper.NewCode(actor.Tenant)); err != nil {
				return err
			}
			if err := saveWeek(ctx, tx, actor.Tenant, out, today, n.week); err != nil {
				return err
			}
			return record(ctx, tx, actor, "save", PermKeep, Venue{ID: out, OrgID: n.OrgID}, map[string]any{"name": n.Name, "new": true})
		}
		if err := updateVenue(ctx, tx, actor.Tenant, venue, n, community); err != nil {
			return err
		}
		changed := !sameWeek(was.WeekOn(today), n.week)
		if changed {
			if err := saveWeek(ctx, tx, actor.Tenant, venue, today, n.week); err != nil {
				return err
			}
		}
		if outside = 0; changed || was.Holidays != n.Holidays {
			v, err := load(ctx, tx, actor.Tenant, venue, today)
			if err != nil {
				return err
			}
			v.EndedOn = calendar.Date{} // of a place that is closed it is said that what is booked stands
			if outside, err = outsideOf(ctx, tx, actor.Tenant, v, cal, tx.Now(), today.AddDays(MaxAhead+1).Time()); err != nil {
				return err
			}
		}
		return record(ctx, tx, actor, "save", PermKeep, Venue{ID: venue, OrgID: n.OrgID}, map[string]any{"name": n.Name})
	})
	return out, outside, err
}

// whereabouts is the community in which a place is: the one chosen, where the actor keeps places, the place is already or its owner is; where none is chosen, the one it is in already, or that of
// its owner.
func whereabouts(ctx context.Context, tx *db.Tx, actor authz.Actor, n NewVenue, was Venue) (id.ID, error) {
	if was.CommunityID != 0 && (n.CommunityID == 0 || n.CommunityID == was.CommunityID) {
		return was.CommunityID, nil
	}
	of, err := placeOf(ctx, tx, actor.Tenant, n.OrgID)
	if err != nil || n.CommunityID == 0 || n.CommunityID == of {
		return of, err
	}
	is, err := isCommunity(ctx, tx, actor.Tenant, n.CommunityID)
	if err == nil && !(is && actor.Scope(PermKeep).Covers(n.CommunityID)) {
		err = errs.Field("community", i18n.ErrBadChoice)
	}
	return n.CommunityID, err
}

func sameWeek(a, b []technician.Shift) bool {
	if len(a) != len(b) {
		return false
	}
	have := map[technician.Shift]bool{}
	for _, x := range a {
		have[x] = true
	}
	for _, x := range b {
		if !have[x] {
			return false
		}
	}
	return true
}

// Stop closes a place from today on, with the reason that residents read (PermKeep). What is booked stands; ahead is how many bookings that are.
func (s *Service) Stop(ctx context.Context, actor authz.Actor, venue id.ID, reason string, version int64) (ahead int64, err error) {
	if e := errs.Words(nil, "reason", &reason, MaxLine, true); e != nil {
		return 0, e
	}
	return ahead, s.db.WithTx(ctx, func(tx *db.Tx) error {
		v, err := find(ctx, tx, actor.Scope(PermKeep), venue)
		if err != nil {
			return err
		}
		if !v.Active() {
			return errs.New(errs.Conflict, i18n.VenueClosed)
		}
		if err := tx.Update(ctx, `UPDATE venue SET ended_on = $1, end_reason = $2, updated_at = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`, calendar.DateOf(tx.Now()).String(), reason, db.Micros(tx.Now()),
			actor.Tenant, venue, version); err != nil {
			return err
		}
		if ahead, err = db.Value[int64](ctx, tx, `SELECT count(*) FROM venue_booking b WHERE b.tenant_id = $1 AND b.venue_id = $2 AND b.state IN ('asked', 'agreed') AND b.ends_at > $3`, actor.Tenant, venue, db.Micros(tx.Now())); err != nil {
			return err
		}
		return record(ctx, tx, actor, "stop", PermKeep, v, map[string]any{"ahead": ahead})
	})
}

// Resume opens a place again (PermKeep).
func (s *Service) Resume(ctx context.Context, actor authz.Actor, venue id.ID, version int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		v, err := find(ctx, tx, actor.Scope(PermKeep), venue)
		if err != nil {
			return err
		}
		if v.Active() {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		if err := tx.Update(ctx, `UPDATE venue SET ended_on = '', end_reason = '', updated_at = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, db.Micros(tx.Now()), actor.Tenant, venue, version); err != nil {
			return err
		}
		if today := calendar.DateOf(tx.Now()); v.EndedOn.Before(today) { // while it was closed it was not open, in the figures of that time too
			if err := closedBetween(ctx, tx, actor.Tenant, v, today); err != nil {
				return err
			}
		}
		return record(ctx, tx, actor, "resume", PermKeep, v, nil)
	})
}

// NewDay is a day that is not as the week has it.
type NewDay struct {
	On     calendar.Date
	Hours  string // as ParseHours reads them; "" is closed all day
	Reason string
	Usual  bool // the day is as the week has it again; nothing else counts then
}

// SetDay says how a place is open on one day (PermKeep). Nothing that is booked is called off; outside is how many bookings of that day lie outside the new hours.
func (s *Service) SetDay(ctx context.Context, actor authz.Actor, venue id.ID, n NewDay) (outside int64, err error) {
	e := errs.Words(nil, "day_reason", &n.Reason, MaxLine, false)
	if n.On.IsZero() {
		e = e.With("day", i18n.ErrRequired)
	} else if n.On.Before(calendar.DateOf(s.db.Now())) {
		e = e.With("day", i18n.VenueDayPast)
	}
	open, problem := technician.ParseHours(n.Hours)
	for _, x := range open {
		if problem.IsZero() && x.To <= x.From && x.To != 0 {
			problem = i18n.HallOverNight
		}
	}
	if !problem.IsZero() {
		e = e.With("hours", problem)
	}
	if e != nil {
		return 0, e
	}
	cal, err := s.days.Calendar(ctx, actor.Tenant)
	if err != nil {
		return 0, err
	}
	return outside, s.db.WithTx(ctx, func(tx *db.Tx) error {
		v, err := find(ctx, tx, actor.Scope(PermKeep), venue)
		if err != nil {
			return err
		}
		var e *errs.Error
		for _, x := range open {
			e = stretch(e, "hours", x, v.Slot)
		}
		if e != nil && !n.Usual {
			return e
		}
		if n.Usual {
			_, err = tx.Exec(ctx, `DELETE FROM venue_day WHERE tenant_id = $1 AND venue_id = $2 AND day = $3`, actor.Tenant, venue, n.On.String())
		} else if v.specialDays(calendar.DateOf(tx.Now()), n.On) >= MaxDays {
			err = errs.Field("day", i18n.VenueDayMany, MaxDays)
		} else {
			err = saveDay(ctx, tx, actor.Tenant, venue, n.On, open, n.Reason)
		}
		if err != nil {
			return err
		}
		if v, err = load(ctx, tx, actor.Tenant, venue, n.On); err != nil {
			return err
		}
		if outside, err = outsideOf(ctx, tx, actor.Tenant, v, cal, n.On.Time(), n.On.AddDays(1).Time()); err != nil {
			return err
		}
		return record(ctx, tx, actor, "day", PermKeep, v, map[string]any{"day": n.On.String(), "usual": n.Usual})
	})
}

// specialDays is how many days from one on are not as the week has them, but for one.
func (v Venue) specialDays(since, but calendar.Date) int {
	on := map[calendar.Date]bool{}
	for _, x := range v.Days {
		if !x.On.Before(since) && x.On != but {
			on[x.On] = true
		}
	}
	return len(on)
}

// outsideOf counts bookings that begin between two instants, are still to be used and lie outside the hours of their day.
func outsideOf(ctx context.Context, q db.Querier, tenant int64, v Venue, cal *calendar.Calendar, since, before time.Time) (n int64, err error) {
	type span struct{ from, to time.Time }
	opening := map[calendar.Date][]technician.Span{}
	return n, db.Each(ctx, q, func(x *span) []any { return []any{db.Instant(&x.from), db.Instant(&x.to)} }, func(x span) error {
		day := calendar.DateOf(x.from)
		open, known := opening[day]
		if !known {
			open = v.Opening(cal, day)
			opening[day] = open
		}
		from, to := int(x.from.Sub(day.Time())/time.Minute), int(x.to.Sub(day.Time())/time.Minute)
		for _, o := range open {
			if from >= o.From && to <= until(o) {
				return nil
			}
		}
		n++
		return nil
	}, `SELECT b.starts_at, b.ends_at FROM venue_booking b WHERE b.tenant_id = $1 AND b.venue_id = $2 AND b.starts_at >= $3 AND b.starts_at < $4 AND b.state IN ('asked', 'agreed')`, tenant, v.ID, db.Micros(since), db.Micros(before))
}

// Venue gives a place with its hours and days (PermSee, PermBook or PermKeep: what is public of it is no secret at the desk). Keeps says whether it is the actor's to keep.
func (s *Service) Venue(ctx context.Context, actor authz.Actor, venue id.ID) (v Venue, keeps bool, err error) {
	if !looks(actor) {
		return v, false, errs.ErrForbidden
	}
	v, err = load(ctx, s.db, actor.Tenant, venue, calendar.DateOf(s.db.Now()))
	return v, err == nil && actor.Scope(PermKeep).Covers(v.OrgID), err
}

// Door gives what the picture at the door carries (PermKeep).
func (s *Service) Door(ctx context.Context, actor authz.Actor, venue id.ID) (code string, err error) {
	return code, s.db.WithTx(ctx, func(tx *db.Tx) error {
		v, err := find(ctx, tx, actor.Scope(PermKeep), venue)
		if err != nil {
			return err
		}
		code = v.door
		return record(ctx, tx, actor, "door", PermKeep, v, nil)
	})
}

// ListFilter narrows the list of places; zero fields do not filter.
type ListFilter struct {
	Kind      Kind
	Community id.ID
	Text      string
	Own       bool // the actor's to keep
	Ended     bool // those that are closed, instead of those that are open
	Free      calendar.Date
	Page      db.Page
}

func (s *Service) where(ctx context.Context, a *db.Args, tenant int64, f ListFilter) (string, error) {
	w := ""
	if f.Kind != "" {
		w += " AND v.kind = " + a.Add(string(f.Kind))
	}
	if f.Community != 0 {
		w += " AND v.community_id = " + a.Add(f.Community)
	}
	w += like(a, "v.name_key", "", f.Text)
	if f.Free.IsZero() {
		return w, nil
	}
	now := s.db.Now()
	today := calendar.DateOf(now)
	if f.Free.Before(today) {
		return w + " AND 1 = 0", nil
	}
	cal, err := s.days.Calendar(ctx, tenant)
	if err != nil {
		return "", err
	}
	return w + " AND v.ahead >= " + a.Add(int64(today.DaysUntil(f.Free))) + freeOn(a, f.Free, holiday(cal, f.Free) != "", now), nil
}

// Row is a place in the list at the desk.
type Row struct {
	Venue
	Keeps bool
	Asks  int64 // bookings to be confirmed, where the actor keeps it
}

// List gives the places of the district, the newest first (PermSee, PermBook or PermKeep).
func (s *Service) List(ctx context.Context, actor authz.Actor, f ListFilter) (out db.List[Row], err error) {
	if !looks(actor) {
		return out, errs.ErrForbidden
	}
	a := &db.Args{}
	var where string
	if f.Own {
		where = actor.Scope(PermKeep).Where(a, owned)
	} else {
		where = "v.tenant_id = " + a.Add(actor.Tenant)
	}
	if f.Ended {
		where += " AND v.ended_on <> ''"
	} else {
		where += " AND v.ended_on = ''"
	}
	more, err := s.where(ctx, a, actor.Tenant, f)
	if err != nil {
		return out, err
	}
	keys, tail := a.Keyset(f.Page, db.Order{IDColumn: "v.id", Desc: true})
	rows, err := db.All(ctx, s.db, func(r *Row) []any { return append(r.Venue.dest(), &r.Asks) }, "SELECT "+venueColumns+
		", (SELECT count(*) FROM venue_booking b WHERE b.tenant_id = v.tenant_id AND b.venue_id = v.id AND b.state = 'asked')"+venueJoined+where+more+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	out = db.Cut(rows, f.Page, func(r Row) db.Cursor { return db.Cursor{ID: r.ID} })
	list := make([]Venue, len(out.Items))
	for i, r := range out.Items {
		list[i] = r.Venue
	}
	if err := parts(ctx, s.db, actor.Tenant, list, calendar.DateOf(s.db.Now())); err != nil {
		return out, err
	}
	keep := actor.Scope(PermKeep)
	for i := range out.Items {
		r := &out.Items[i]
		if r.Venue, r.Keeps = list[i], keep.Covers(r.OrgID); !r.Keeps {
			r.Asks = 0
		}
	}
	return out, nil
}

// Public gives the places of a district that are open, the newest first, with their weekly hours. It is public.
func (s *Service) Public(ctx context.Context, tenant int64, f ListFilter) (out db.List[Venue], err error) {
	a := &db.Args{}
	where := "v.tenant_id = " + a.Add(tenant) + " AND v.ended_on = ''"
	more, err := s.where(ctx, a, tenant, f)
	if err != nil {
		return out, err
	}
	keys, tail := a.Keyset(f.Page, db.Order{IDColumn: "v.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Venue).dest, "SELECT "+venueColumns+venueJoined+where+more+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	out = db.Cut(rows, f.Page, func(v Venue) db.Cursor { return db.Cursor{ID: v.ID} })
	return out, parts(ctx, s.db, tenant, out.Items, calendar.DateOf(s.db.Now()))
}

// mostColumns bounds how many days one look at a calendar shows.
const mostColumns = 42

// PublicWeek gives a place and the grid of some days from a first one (zero: today). It is public and names nobody.
func (s *Service) PublicWeek(ctx context.Context, tenant int64, venue id.ID, first calendar.Date, days int) (v Venue, grid []Column, err error) {
	cal, err := s.days.Calendar(ctx, tenant)
	if err != nil {
		return v, nil, err
	}
	now := s.db.Now()
	if first.IsZero() {
		first = calendar.DateOf(now)
	}
	days = max(1, min(days, mostColumns))
	if v, err = load(ctx, s.db, tenant, venue, first); err != nil {
		return v, nil, err
	}
	t, err := taken(ctx, s.db, tenant, venue, first.Time(), first.AddDays(days).Time())
	if err != nil {
		return v, nil, err
	}
	grid = v.Grid(cal, now, first, days, t)
	for i := range grid {
		for j := range grid[i].Cells {
			grid[i].Cells[j].Booking = 0
		}
	}
	return v, grid, nil
}

// Schedule is the calendar of a place at the desk.
type Schedule struct {
	Venue
	Keeps    bool
	Grid     []Column
	Listed   []Booking // those in sight, the earliest first
	Bookings map[id.ID]Booking
}

// Calendar gives the calendar of a place for some days (PermSee, PermBook or PermKeep). Who booked stands at bookings in sight (PermSee); of others it is shown that the time is taken.
func (s *Service) Calendar(ctx context.Context, actor authz.Actor, venue id.ID, first calendar.Date, days int) (c Schedule, err error) {
	if !looks(actor) {
		return c, errs.ErrForbidden
	}
	cal, err := s.days.Calendar(ctx, actor.Tenant)
	if err != nil {
		return c, err
	}
	now := s.db.Now()
	if first.IsZero() {
		first = calendar.DateOf(now)
	}
	days = max(1, min(days, mostColumns))
	if c.Venue, err = load(ctx, s.db, actor.Tenant, venue, first); err != nil {
		return c, err
	}
	c.Keeps = actor.Scope(PermKeep).Covers(c.OrgID)
	from, to := first.Time(), first.AddDays(days).Time()
	t, err := taken(ctx, s.db, actor.Tenant, venue, from, to)
	if err != nil {
		return c, err
	}
	c.Grid = c.Venue.Grid(cal, now, first, days, t)
	a := &db.Args{}
	where := actor.Scope(PermSee).Where(a, atBoth) + " AND b.venue_id = " + a.Add(venue) + " AND b.starts_at >= " + a.Add(db.Micros(from)) + " AND b.starts_at < " + a.Add(db.Micros(to)) + " AND b.state NOT IN ('refused', 'cancelled', 'lapsed')"
	rows, err := db.All(ctx, s.db, (*row).dest, "SELECT "+bookingColumns+bookingJoined+where+" ORDER BY b.starts_at, b.id LIMIT 2100", a.Values()...)
	c.Bookings = make(map[id.ID]Booking, len(rows))
	for _, r := range rows {
		b := r.plain()
		c.Listed, c.Bookings[r.ID] = append(c.Listed, b), b
	}
	for i := range c.Grid {
		for j := range c.Grid[i].Cells {
			if x := &c.Grid[i].Cells[j]; c.Bookings[x.Booking].ID == 0 {
				x.Booking = 0
			}
		}
	}
	return c, err
}

// Follow lets places and bookings of an organisation follow when another takes it in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	for _, q := range []string{"UPDATE venue SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3", "UPDATE venue SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3",
		"UPDATE venue_booking SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3"} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}
