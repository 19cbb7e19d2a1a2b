package venue

import (
	"context"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/technician"
)

var venueColumns = `v.id, v.org_id, ` + reference.Label("o") + `, v.community_id, ` + reference.Label("m") + `, v.kind, v.name, v.address, v.capacity, v.facilities, v.terms, v.price, v.rules, v.contact, v.audience,
	v.approves, v.ahead, v.longest, v.slot, v.holidays, v.door, v.ended_on, v.end_reason, v.version, coalesce(m.parent_id, 0)`

const venueJoined = ` FROM venue v
	LEFT JOIN organisation o ON o.tenant_id = v.tenant_id AND o.id = v.org_id
	LEFT JOIN organisation m ON m.tenant_id = v.tenant_id AND m.id = v.community_id AND v.community_id <> 0
	WHERE `

func (v *Venue) dest() []any {
	return []any{&v.ID, &v.OrgID, &v.Org, &v.CommunityID, &v.Community, &v.Kind, &v.Name, &v.Address, &v.Capacity, &v.Facilities, &v.Terms, &v.Price, &v.Rules, &v.Contact, &v.Audience,
		&v.Approves, &v.Ahead, &v.Longest, &v.Slot, &v.Holidays, &v.door, &v.EndedOn, &v.EndReason, &v.Version, &v.street}
}

// owned is where a place belongs.
var owned = authz.Columns{Tenant: "v.tenant_id", Orgs: []string{"v.org_id"}}

// load reads a place with its hours, and its special days from a day on (zero: all).
func load(ctx context.Context, q db.Querier, tenant int64, venue id.ID, since calendar.Date) (Venue, error) {
	v, err := db.One(ctx, q, (*Venue).dest, "SELECT "+venueColumns+venueJoined+"v.tenant_id = $1 AND v.id = $2", tenant, venue)
	if err != nil {
		return v, err
	}
	one := []Venue{v}
	err = parts(ctx, q, tenant, one, since)
	return one[0], err
}

// find reads a place of an organisation in a scope.
func find(ctx context.Context, q db.Querier, scope authz.Scope, venue id.ID) (Venue, error) {
	a := &db.Args{}
	where := scope.Where(a, owned) + " AND v.id = " + a.Add(venue)
	v, err := db.One(ctx, q, (*Venue).dest, "SELECT "+venueColumns+venueJoined+where, a.Values()...)
	if err != nil {
		return v, err
	}
	one := []Venue{v}
	err = parts(ctx, q, scope.Tenant(), one, calendar.Date{})
	return one[0], err
}

// parts adds hours and special days to places, with one query for each.
func parts(ctx context.Context, q db.Querier, tenant int64, list []Venue, since calendar.Date) error {
	if len(list) == 0 {
		return nil
	}
	at, ids := make(map[id.ID]int, len(list)), make([]id.ID, len(list))
	for i, v := range list {
		at[v.ID], ids[i] = i, v.ID
		list[i].Hours, list[i].Days = nil, nil // a transaction may be repeated
	}
	type hours struct {
		venue id.ID
		Hours
	}
	a := &db.Args{}
	err := db.Each(ctx, q, func(h *hours) []any { return []any{&h.venue, &h.Hours.From, &h.Weekday, &h.Span.From, &h.To} }, func(h hours) error {
		v := &list[at[h.venue]]
		v.Hours = append(v.Hours, h.Hours)
		return nil
	}, "SELECT h.venue_id, h.valid_from, h.weekday, h.from_min, h.to_min FROM venue_hours h WHERE h.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "h.venue_id", ids)+" ORDER BY h.venue_id, h.valid_from, h.weekday, h.from_min", a.Values()...)
	if err != nil {
		return err
	}
	type day struct {
		venue id.ID
		Day
	}
	a = &db.Args{}
	where := "x.tenant_id = " + a.Add(tenant) + " AND " + db.In(a, "x.venue_id", ids)
	if !since.IsZero() {
		where += " AND x.day >= " + a.Add(since.String())
	}
	return db.Each(ctx, q, func(d *day) []any { return []any{&d.venue, &d.On, &d.Span.From, &d.To, &d.Closed, &d.Reason} }, func(d day) error {
		v := &list[at[d.venue]]
		v.Days = append(v.Days, d.Day)
		return nil
	}, "SELECT x.venue_id, x.day, x.from_min, x.to_min, x.closed, x.reason FROM venue_day x WHERE "+where+" ORDER BY x.venue_id, x.day, x.from_min", a.Values()...)
}

func insertVenue(ctx context.Context, tx *db.Tx, tenant int64, v id.ID, n NewVenue, community id.ID, door string) error {
	now := db.Micros(tx.Now())
	_, err := tx.Exec(ctx, `INSERT INTO venue (tenant_id, id, org_id, community_id, kind, name, name_key, address, capacity, facilities, terms, price, rules, contact, audience, approves, ahead, longest, slot, holidays, door,
		created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$22)`, tenant, v, n.OrgID, community, n.Kind, n.Name, gram.Key(n.Name), n.Address, n.Capacity, n.Facilities,
		n.Terms, n.Price, n.Rules, n.Contact, n.Audience, n.Approves, n.Ahead, n.Longest, n.Slot, n.Holidays, door, now)
	return err
}

func updateVenue(ctx context.Context, tx *db.Tx, tenant int64, v id.ID, n NewVenue, community id.ID) error {
	return tx.Update(ctx, `UPDATE venue SET org_id = $1, community_id = $2, kind = $3, name = $4, name_key = $5, address = $6, capacity = $7, facilities = $8, terms = $9, price = $10, rules = $11, contact = $12, audience = $13,
		approves = $14, ahead = $15, longest = $16, slot = $17, holidays = $18, updated_at = $19, version = version + 1 WHERE tenant_id = $20 AND id = $21 AND version = $22`, n.OrgID, community, n.Kind, n.Name, gram.Key(n.Name),
		n.Address, n.Capacity, n.Facilities, n.Terms, n.Price, n.Rules, n.Contact, n.Audience, n.Approves, n.Ahead, n.Longest, n.Slot, n.Holidays, db.Micros(tx.Now()), tenant, v, n.Version)
}

// saveWeek writes the week that holds from a day on. What was written for that day before is replaced; earlier days keep theirs.
func saveWeek(ctx context.Context, tx *db.Tx, tenant int64, v id.ID, from calendar.Date, week []technician.Shift) error {
	if _, err := tx.Exec(ctx, `DELETE FROM venue_hours WHERE tenant_id = $1 AND venue_id = $2 AND valid_from >= $3`, tenant, v, from.String()); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "venue_hours", []string{"tenant_id", "venue_id", "valid_from", "weekday", "from_min", "to_min"}, len(week), func(i int) []any {
		return []any{tenant, v, from.String(), week[i].Weekday, week[i].From, week[i].To}
	})
}

// closedBetween notes of a place that is opened again that it was not open since it was closed.
func closedBetween(ctx context.Context, tx *db.Tx, tenant int64, v Venue, today calendar.Date) error {
	week := v.WeekOn(today)
	if err := saveWeek(ctx, tx, tenant, v.ID, v.EndedOn, []technician.Shift{{Weekday: noDay}}); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM venue_day WHERE tenant_id = $1 AND venue_id = $2 AND day >= $3 AND day < $4`, tenant, v.ID, v.EndedOn.String(), today.String()); err != nil {
		return err
	}
	return saveWeek(ctx, tx, tenant, v.ID, today, week)
}

func saveDay(ctx context.Context, tx *db.Tx, tenant int64, v id.ID, day calendar.Date, open []technician.Span, reason string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM venue_day WHERE tenant_id = $1 AND venue_id = $2 AND day = $3`, tenant, v, day.String()); err != nil {
		return err
	}
	closed := len(open) == 0
	if closed {
		open = []technician.Span{{}}
	}
	return tx.InsertMany(ctx, "venue_day", []string{"tenant_id", "venue_id", "day", "from_min", "to_min", "closed", "reason"}, len(open), func(i int) []any {
		return []any{tenant, v, day.String(), open[i].From, open[i].To, closed, reason}
	})
}

// placeOf is the community in which places of an organisation are: the one a unit stands in, or itself.
func placeOf(ctx context.Context, q db.Querier, tenant int64, org id.ID) (id.ID, error) {
	return db.One(ctx, q, func(p *id.ID) []any { return []any{p} }, `SELECT CASE WHEN o.community_id <> 0 THEN o.community_id ELSE o.id END FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.dissolved_on = ''`, tenant, org)
}

// isCommunity says whether an organisation is a community.
func isCommunity(ctx context.Context, q db.Querier, tenant int64, org id.ID) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.kind = 'community_party' AND o.dissolved_on = ''`, tenant, org)
	return n == 1, err
}

// taken are the half hours of a place that are taken from one instant to another.
func taken(ctx context.Context, q db.Querier, tenant int64, venue id.ID, from, to time.Time) (Taken, error) {
	type row struct {
		at int64
		of id.ID
	}
	out := Taken{}
	return out, db.Each(ctx, q, func(r *row) []any { return []any{&r.at, &r.of} }, func(r row) error { out[r.at] = r.of; return nil },
		`SELECT s.starts_at, s.booking_id FROM venue_slot s WHERE s.tenant_id = $1 AND s.venue_id = $2 AND s.starts_at >= $3 AND s.starts_at < $4 ORDER BY s.starts_at`, tenant, venue, db.Micros(from), db.Micros(to))
}

// take gives a booking its time. The key of the table refuses a half hour that another has.
func take(ctx context.Context, tx *db.Tx, b *Booking) error {
	return tx.InsertMany(ctx, "venue_slot", []string{"tenant_id", "venue_id", "starts_at", "booking_id"}, int(b.Minutes()/unitMinutes), func(i int) []any {
		return []any{b.tenant, b.VenueID, db.Micros(b.Starts.Add(time.Duration(i) * unit)), b.ID}
	})
}

// release lets others have the time of bookings.
func release(ctx context.Context, tx *db.Tx, tenant int64, bookings ...id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "DELETE FROM venue_slot WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "booking_id", bookings), a.Values()...)
	return err
}

// row is a booking with its sealed columns as they are stored.
type row struct {
	Booking
	name, phone, purpose, answer, said []byte
}

var bookingColumns = `b.tenant_id, b.id, b.no, b.venue_id, v.name, v.org_id, b.need_id, b.org_id, ` + reference.Label("g") + `, b.channel, b.starts_at, b.ends_at, b.people, b.name, b.phone, b.purpose, b.answer, b.said, b.stars, b.phone_key,
	b.person_id, b.state, b.often, b.forgotten, b.created_at, b.checked_at, b.ended_at, b.version`

const bookingJoined = ` FROM venue_booking b
	JOIN venue v ON v.tenant_id = b.tenant_id AND v.id = b.venue_id
	LEFT JOIN organisation g ON g.tenant_id = b.tenant_id AND g.id = b.org_id AND b.org_id <> 0
	WHERE `

func (r *row) dest() []any {
	b := &r.Booking
	return []any{&b.tenant, &b.ID, &b.No, &b.VenueID, &b.Venue, &b.OwnerID, &b.NeedID, &b.OrgID, &b.Org, &b.Channel, db.Instant(&b.Starts), db.Instant(&b.Ends), &b.People, &r.name, &r.phone, &r.purpose, &r.answer, &r.said, &b.Stars,
		&b.phoneKey, &b.personID, &b.State, &b.Often, &b.Forgotten, db.Instant(&b.CreatedAt), db.Instant(&b.CheckedAt), db.Instant(&b.EndedAt), &b.Version}
}

// plain is a booking without what is sealed.
func (r *row) plain() Booking {
	b := r.Booking
	b.Resident, b.HasPhone = b.OrgID == 0 || len(r.name) > 0 || len(r.phone) > 0, len(r.phone) > 0
	return b
}

// open opens what is sealed of a booking, but for who booked.
func (s *Service) open(r row) (b Booking, err error) {
	b = r.plain()
	for _, x := range []struct {
		name string
		from []byte
		to   *string
	}{{"purpose", r.purpose, &b.Purpose}, {"answer", r.answer, &b.Answer}, {"said", r.said, &b.Said}} {
		if *x.to, err = s.ring.Open("venue_booking", x.name, b.ID, x.from); err != nil {
			return b, err
		}
	}
	return b, nil
}

// Where bookings are seen: at the place, and at the organisation that booked.
var (
	atPlace  = authz.Columns{Tenant: "b.tenant_id", Orgs: []string{"v.org_id"}}
	atBooker = authz.Columns{Tenant: "b.tenant_id", Orgs: []string{"b.org_id"}}
	atBoth   = authz.Columns{Tenant: "b.tenant_id", Orgs: []string{"v.org_id", "b.org_id"}}
)

func oneBooking(ctx context.Context, q db.Querier, a *db.Args, where string) (row, error) {
	return db.One(ctx, q, (*row).dest, "SELECT "+bookingColumns+bookingJoined+where, a.Values()...)
}

func (s *Service) insertBooking(ctx context.Context, tx *db.Tx, b *Booking, in Asking, by id.ID, code string) error {
	codeKey := ""
	if code != "" {
		codeKey = s.ring.Index(codeIndex, code)
	}
	_, err := tx.Exec(ctx, `INSERT INTO venue_booking (tenant_id, id, no, venue_id, org_id, channel, starts_at, ends_at, people, name, phone, purpose, phone_key, code_key, sent_key, person_id, entered_by, state, often, created_at, need_id)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21)`, b.tenant, b.ID, b.No, b.VenueID, b.OrgID, b.Channel, db.Micros(b.Starts), db.Micros(b.Ends), b.People,
		s.ring.Seal("venue_booking", "name", b.ID, in.Name), s.ring.Seal("venue_booking", "phone", b.ID, in.Phone), s.ring.Seal("venue_booking", "purpose", b.ID, in.Purpose), b.phoneKey, codeKey, in.Key, b.personID, by,
		b.State, b.Often, db.Micros(b.CreatedAt), b.NeedID)
	return err
}

func (s *Service) saveBooking(ctx context.Context, tx *db.Tx, b *Booking) error {
	b.Version++
	return tx.Update(ctx, `UPDATE venue_booking SET starts_at = $1, ends_at = $2, people = $3, answer = $4, said = $5, stars = $6, state = $7, checked_at = $8, ended_at = $9, version = version + 1
		WHERE tenant_id = $10 AND id = $11 AND version = $12`, db.Micros(b.Starts), db.Micros(b.Ends), b.People, s.ring.Seal("venue_booking", "answer", b.ID, b.Answer), s.ring.Seal("venue_booking", "said", b.ID, b.Said), b.Stars,
		b.State, db.Micros(b.CheckedAt), db.Micros(b.EndedAt), b.tenant, b.ID, b.Version-1)
}

// made is the condition that a booking was made by staff or by this very person's account. What anybody else typed says nothing of the one whose number it is.
func made(a *db.Args, person id.ID) string {
	if person == 0 {
		return "b.channel = 'desk'"
	}
	return "b.channel = 'desk' OR b.person_id = " + a.Add(person)
}

// missed is how many bookings of a telephone (staff's and their account's; without an account those of a number that somebody has used a place with), or of an organisation where it books for itself, were missed lately.
func missed(ctx context.Context, q db.Querier, tenant int64, phoneKey string, person, org id.ID, since time.Time) (int64, error) {
	a := &db.Args{}
	where := "b.tenant_id = " + a.Add(tenant) + " AND b.state = 'missed' AND b.ends_at >= " + a.Add(db.Micros(since))
	switch {
	case phoneKey != "":
		theirs := made(a, person)
		if person == 0 {
			theirs += " OR EXISTS (SELECT 1 FROM venue_booking u WHERE u.tenant_id = b.tenant_id AND u.phone_key = b.phone_key AND u.phone_key <> '' AND u.checked_at <> 0)"
		}
		where += " AND b.phone_key = " + a.Add(phoneKey) + " AND b.phone_key <> '' AND (" + theirs + ")"
	case org != 0:
		where += " AND b.org_id = " + a.Add(org) + " AND b.org_id <> 0 AND b.phone_key = ''"
	default:
		return 0, nil
	}
	return db.Value[int64](ctx, q, "SELECT count(*) FROM venue_booking b WHERE "+where, a.Values()...)
}

// ahead is how many bookings a telephone has ahead. Who is known is not kept from booking by what others typed in with their number.
func ahead(ctx context.Context, q db.Querier, tenant int64, phoneKey string, person id.ID, sure bool, now time.Time) (int64, error) {
	a := &db.Args{}
	where := "b.tenant_id = " + a.Add(tenant) + " AND b.phone_key = " + a.Add(phoneKey) + " AND b.phone_key <> '' AND b.ends_at > " + a.Add(db.Micros(now)) + " AND b.state IN ('asked', 'agreed')"
	if sure {
		where += " AND (" + made(a, person) + ")"
	}
	return db.Value[int64](ctx, q, "SELECT count(*) FROM venue_booking b WHERE "+where, a.Values()...)
}

// keepCode notes, sealed and for a day, the code that a form was answered with: who pressed twice sees the second answer and needs it.
func (s *Service) keepCode(ctx context.Context, tx *db.Tx, actor authz.Actor, key, code string) error {
	if key == "" || code == "" {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO idempotency (tenant_id, account_id, key, request_hash, status, content_type, body, created_at) VALUES ($1,$2,$3,'',0,'',$4,$5)
		ON CONFLICT (tenant_id, account_id, key) DO UPDATE SET body = excluded.body, created_at = excluded.created_at`, actor.Tenant, actor.AccountID, key, s.ring.Seal("idempotency", key, actor.AccountID, code), db.Micros(tx.Now()))
	return err
}

// sentCode is the code that a form was answered with lately, to the same account; "" if none is known any more.
func (s *Service) sentCode(ctx context.Context, tx *db.Tx, actor authz.Actor, key string) (string, error) {
	sealed, err := db.One(ctx, tx, func(b *[]byte) []any { return []any{b} }, `SELECT body FROM idempotency WHERE tenant_id = $1 AND account_id = $2 AND key = $3 AND created_at > $4`,
		actor.Tenant, actor.AccountID, key, db.Micros(tx.Now().AddDate(0, 0, -1)))
	if errs.KindOf(err) == errs.NotFound {
		return "", nil
	} else if err != nil {
		return "", err
	}
	return s.ring.Open("idempotency", key, actor.AccountID, sealed)
}

// Act is a step of a booking.
type Act string

// The acts.
const (
	ActAsk     Act = "ask"
	ActBook    Act = "book"
	ActAgree   Act = "agree"
	ActRefuse  Act = "refuse"
	ActCancel  Act = "cancel"
	ActMove    Act = "move"
	ActCheckIn Act = "check_in"
	ActDone    Act = "done"
	ActMissed  Act = "missed"
	ActCame    Act = "came"
	ActLapse   Act = "lapse"
	ActRate    Act = "rate"
	ActLook    Act = "reveal"
)

// Text names the act.
func (a Act) Text() i18n.Text {
	return map[Act]i18n.Text{ActAsk: i18n.VenueActAsk, ActBook: i18n.VenueActBook, ActAgree: i18n.VenueActAgree, ActRefuse: i18n.VenueActRefuse, ActCancel: i18n.VenueActCancel, ActMove: i18n.VenueActMove,
		ActCheckIn: i18n.VenueActCheckIn, ActDone: i18n.VenueActDone, ActMissed: i18n.VenueActMissed, ActCame: i18n.VenueActCame, ActLapse: i18n.VenueActLapse, ActRate: i18n.VenueActRate, ActLook: i18n.VenueActLook}[a]
}

// Entry is a step of a booking.
type Entry struct {
	ID    id.ID
	Act   Act
	State State
	Words string
	By    string // "" is who booked, or the platform
	At    time.Time
}

func (s *Service) insertEntry(ctx context.Context, tx *db.Tx, actor authz.Actor, b *Booking, act Act, words string) error {
	i := id.New()
	return tx.Later(ctx, `INSERT INTO venue_entry (tenant_id, id, booking_id, act, state, words, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, b.tenant, i, b.ID, act, b.State, s.ring.Seal("venue_entry", "words", i, words),
		actor.AccountID, db.Micros(tx.Now()))
}

// entries are the steps of a booking, the oldest first.
func (s *Service) entries(ctx context.Context, q db.Querier, tenant int64, booking id.ID) ([]Entry, error) {
	type stored struct {
		Entry
		words []byte
	}
	rows, err := db.All(ctx, q, func(e *stored) []any {
		return []any{&e.ID, &e.Act, &e.State, &e.words, &e.By, db.Instant(&e.At)}
	}, `SELECT e.id, e.act, e.state, e.words, coalesce(k.name, ''), e.at FROM venue_entry e LEFT JOIN account k ON k.tenant_id = e.tenant_id AND k.id = e.account_id AND e.account_id <> 0
		WHERE e.tenant_id = $1 AND e.booking_id = $2 ORDER BY e.id LIMIT 300`, tenant, booking)
	out := make([]Entry, len(rows))
	for i, r := range rows {
		if out[i] = r.Entry; err == nil {
			out[i].Words, err = s.ring.Open("venue_entry", "words", r.ID, r.words)
		}
	}
	return out, err
}

// like finds what was typed in a name, or a number as it is.
func like(a *db.Args, column, no, typed string) string {
	typed = strings.TrimSpace(typed)
	if gram.Key(typed) == "" {
		return ""
	}
	w := column + " LIKE " + a.Add(gram.Query(typed).Like()) + " ESCAPE '!'"
	if no != "" {
		w = "(" + w + " OR " + no + " = " + a.Add(strings.ToUpper(typed)) + ")"
	}
	return " AND " + w
}

// freeOn is the condition that something of a place can still be booked on a day: of one stretch of its opening, from an instant of the day on, fewer units are taken than it has. A unit of which
// half an hour is taken is taken; what is left of a stretch when no whole unit fits is none.
func freeOn(a *db.Args, day calendar.Date, off bool, now time.Time) string {
	from := day.Time()
	if now.After(from) {
		from = now.Truncate(unit).Add(unit) // what has begun is not free
	}
	minute, d, zero := a.Add(int64(from.Sub(day.Time())/time.Minute)), a.Add(day.String()), a.Add(db.Micros(day.Time()))
	free := func(t string) string { // of the stretch of a row
		begin := "(CASE WHEN " + t + ".from_min < " + minute + " THEN " + t + ".from_min + ((" + minute + " - " + t + ".from_min + v.slot - 1) / v.slot) * v.slot ELSE " + t + ".from_min END)"
		to := "(CASE WHEN " + t + ".to_min = 0 THEN 1440 ELSE " + t + ".to_min END)"
		first := "(" + zero + " + " + begin + " * 60000000)"
		cells := "(" + to + " - " + begin + ") / v.slot"
		return to + " > " + begin + " AND " + cells + " > (SELECT count(DISTINCT (s.starts_at - " + first + ") / (v.slot * 60000000)) FROM venue_slot s WHERE s.tenant_id = v.tenant_id AND s.venue_id = v.id AND s.starts_at >= " + first +
			" AND s.starts_at < " + first + " + (" + cells + ") * v.slot * 60000000)"
	}
	of := func(t string) string { return t + ".tenant_id = v.tenant_id AND " + t + ".venue_id = v.id" }
	usual := "EXISTS (SELECT 1 FROM venue_hours h WHERE " + of("h") + " AND h.weekday = " + a.Add(int64(weekdayOf(day))) +
		" AND h.valid_from = (SELECT max(w.valid_from) FROM venue_hours w WHERE " + of("w") + " AND w.valid_from <= " + d + ") AND " + free("h") + ")"
	if off {
		usual = "v.holidays = TRUE AND " + usual
	}
	special := "SELECT 1 FROM venue_day x WHERE " + of("x") + " AND x.day = " + d
	return " AND (EXISTS (" + special + " AND x.closed = FALSE AND " + free("x") + ") OR NOT EXISTS (" + special + ") AND " + usual + ")"
}

// findOrganisation says whether an organisation is there.
func findOrganisation(ctx context.Context, q db.Querier, tenant int64, org id.ID, field string) error {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.dissolved_on = ''`, tenant, org)
	if err == nil && n == 0 {
		err = errs.Field(field, i18n.ErrBadChoice)
	}
	return err
}
