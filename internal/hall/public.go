package hall

import (
	"context"
	mathrand "math/rand/v2"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/catalogue"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
)

// Board gives how the hall of an address stands now. It is public.
func (s *Service) Board(ctx context.Context, address string) (Board, error) {
	h, err := hallByCode(ctx, s.db, s.db.Now(), address)
	if err != nil {
		return Board{}, err
	}
	return s.board(ctx, h)
}

// Screen is Board with who is called to which counter. It is public, and names nobody.
func (s *Service) Screen(ctx context.Context, address string) (Board, error) {
	b, err := s.Board(ctx, address)
	if err == nil {
		b.Calls, err = calls(ctx, s.db, b.Hall.Tenant, b.Hall.ID, today(b.Now))
	}
	return b, err
}

// mostHere bounds how many halls the residents' page shows.
const mostHere = 20

// Here gives how the halls of a tenant stand, for the residents' page. It is public.
func (s *Service) Here(ctx context.Context, tenant int64) ([]Board, error) {
	a := &db.Args{}
	list, err := db.All(ctx, s.db, (*Hall).dest, "SELECT "+hallColumns(a, today(s.db.Now()))+"h.tenant_id = "+a.Add(tenant)+" AND h.ended_on = '' ORDER BY h.id LIMIT "+a.Add(int64(mostHere)), a.Values()...)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	if err := parts(ctx, s.db, tenant, list); err != nil {
		return nil, err
	}
	cal, err := s.calendar(ctx, tenant)
	if err != nil {
		return nil, err
	}
	out := make([]Board, 0, len(list))
	for _, h := range list {
		if len(h.Counters) > 0 {
			out = append(out, Board{Hall: h, Hours: HoursAt(h, cal, s.db.Now()), Now: s.db.Now()})
		}
	}
	return out, nil
}

// Matter is something that can be asked for at a window.
type Matter struct {
	ID   id.ID
	Name i18n.Text
}

// Matters gives what can be asked for at a window of a tenant's catalogue. It reveals nothing about anybody, so it needs no permission.
func (s *Service) Matters(ctx context.Context, tenant int64, window string) ([]Matter, error) {
	type row struct {
		id           id.ID
		name, nameEN string
	}
	rows, err := db.All(ctx, s.db, func(r *row) []any { return []any{&r.id, &r.name, &r.nameEN} },
		`SELECT i.id, i.name, i.name_en FROM catalogue_item i WHERE i.tenant_id = $1 AND i.list = $2 AND i.class_code = $3 AND i.retired = FALSE ORDER BY i.sort_key, i.id LIMIT 100`, tenant, catalogue.Matter, window)
	out := make([]Matter, len(rows))
	for i, r := range rows {
		out[i] = Matter{r.id, i18n.Both(r.name, r.nameEN)}
	}
	return out, err
}

// NewTicket is what somebody chooses for a number.
type NewTicket struct {
	Window   string
	ItemID   id.ID // what it is about; 0 for not said
	Priority Priority
	Channel  Channel
	Key      string // names one sending of the form: a second one gives the same ticket; "" for none
}

func (n NewTicket) check(h Hall) error {
	if n.Priority.Text().IsZero() || n.Priority == First {
		return errs.Field("priority", i18n.ErrBadChoice)
	}
	for _, c := range h.Counters {
		if c.Serves(n.Window) {
			return nil
		}
	}
	return errs.Field("window", i18n.ErrBadChoice)
}

// Take gives a number of the hall of an address to whoever stands at its terminal, or has its page on their phone. by names them in the audit record, which
// knows nothing else of them.
func (s *Service) Take(ctx context.Context, address, by, requestID string, n NewTicket) (Ticket, error) {
	h, err := hallByCode(ctx, s.db, s.db.Now(), address)
	if err != nil {
		return Ticket{}, err
	}
	switch {
	case n.Channel != AtTerminal && n.Channel != ByPhone:
		return Ticket{}, errs.Field("channel", i18n.ErrBadChoice)
	case n.Channel == ByPhone && !h.ByPhone:
		return Ticket{}, errs.New(errs.Conflict, i18n.HallNotByPhone)
	}
	return s.take(ctx, authz.Actor{Tenant: h.Tenant, Name: by, RequestID: requestID}, h, n)
}

// TakeFor gives a number on behalf of somebody who came (PermServe in the hall).
func (s *Service) TakeFor(ctx context.Context, actor authz.Actor, hall id.ID, n NewTicket) (Ticket, error) {
	h, err := findHall(ctx, s.db, s.db.Now(), actor.Scope(PermServe), hall)
	if err != nil {
		return Ticket{}, err
	}
	n.Channel = AtDesk
	return s.take(ctx, actor, h, n)
}

func (s *Service) take(ctx context.Context, actor authz.Actor, h Hall, n NewTicket) (out Ticket, err error) {
	if err := n.check(h); err != nil {
		return out, err
	}
	hours, err := s.HoursOf(ctx, h)
	if err != nil {
		return out, err
	}
	if !hours.Gives {
		return out, errs.New(errs.Conflict, i18n.HallClosedNow)
	}
	if n.Key != "" {
		n.Key = h.ID.String() + "/" + n.Key
	}
	for range tries { // two at once draw the same number on an engine that lets them
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			out, err = s.takeTx(ctx, tx, actor, h, n)
			return err
		})
		if !db.IsUnique(err) {
			break
		}
		time.Sleep(time.Duration(mathrand.IntN(20)) * time.Millisecond)
	}
	if err != nil {
		return out, err
	}
	return s.byCode(ctx, h.Tenant, out.Code)
}

// tries is how often a number is drawn until it is one that nobody has.
const tries = 20

func (s *Service) takeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, h Hall, n NewTicket) (Ticket, error) {
	if n.Key != "" {
		code, err := db.Value[string](ctx, tx, `SELECT t.code FROM hall_ticket t WHERE t.tenant_id = $1 AND t.sent_key = $2`, actor.Tenant, n.Key)
		if err != nil || code != "" {
			return Ticket{Code: code}, err
		}
	}
	if n.ItemID != 0 {
		there, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM catalogue_item i WHERE i.tenant_id = $1 AND i.id = $2 AND i.list = $3 AND i.class_code = $4 AND i.retired = FALSE`,
			actor.Tenant, n.ItemID, catalogue.Matter, n.Window)
		if err != nil {
			return Ticket{}, err
		}
		if there == 0 {
			return Ticket{}, errs.Field("item", i18n.ErrBadChoice)
		}
	}
	all, err := windows(ctx, tx, actor.Tenant)
	if err != nil {
		return Ticket{}, err
	}
	w, ok := window(all, n.Window)
	if !ok || w.Retired {
		return Ticket{}, errs.Field("window", i18n.ErrBadChoice)
	}
	day := today(tx.Now())
	last, err := db.Value[int64](ctx, tx, `SELECT coalesce(max(t.number), 0) FROM hall_ticket t WHERE t.tenant_id = $1 AND t.hall_id = $2 AND t.day = $3 AND t.letter = $4`, actor.Tenant, h.ID, day, w.Letter)
	if err != nil {
		return Ticket{}, err
	}
	if last >= maxNumber {
		return Ticket{}, errs.New(errs.Conflict, i18n.HallFull)
	}
	if n.Channel == ByPhone { // what is taken from anywhere leaves room for those who are here
		open, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM hall_ticket t WHERE t.tenant_id = $1 AND t.hall_id = $2 AND t.day = $3 AND t.class_code = $4 AND t.channel = $5 AND t.state = 'waiting'`,
			actor.Tenant, h.ID, day, n.Window, string(ByPhone))
		if err != nil {
			return Ticket{}, err
		}
		if open >= mostByPhone {
			return Ticket{}, errs.New(errs.Conflict, i18n.HallPhoneFull)
		}
	}
	t := Ticket{ID: id.New(), HallID: h.ID, Day: day, Window: n.Window, Letter: w.Letter, Number: last + 1, Code: paper.NewCode(actor.Tenant), ItemID: n.ItemID, Priority: n.Priority, Channel: n.Channel,
		State: Waiting, TakenAt: tx.Now()}
	if err := insertTicket(ctx, tx, actor.Tenant, t, n.Key); err != nil {
		return Ticket{}, err
	}
	if err := enter(ctx, tx, actor.Tenant, t, ActTake, 0); err != nil {
		return Ticket{}, err
	}
	perm := authz.Permission("")
	if n.Channel == AtDesk {
		perm = PermServe
	}
	return t, record(ctx, tx, actor, "take", perm, "hall_ticket", t.ID, h.OrgID, map[string]any{"channel": n.Channel, "window": n.Window})
}

// Held is a ticket as whoever holds it sees it.
type Held struct {
	Ticket
	Tenant  int64
	Address string // of the hall
	Place   string // where the hall is
	Phone   bool   // numbers can be taken on one's phone
	Ahead   int64
	Wait    errs.Message // zero where it waits no more
	Bring   catalogue.Item
	Run     int64
	Today   bool
	Now     time.Time
}

// ByCode gives the ticket of a code, as somebody typed it. Who has the code has the ticket; there is nothing of a person in it.
func (s *Service) ByCode(ctx context.Context, typed string) (Held, error) {
	tenant, code, ok := paper.Normalise(typed)
	if !ok {
		return Held{}, errs.ErrNotFound
	}
	t, err := s.byCode(ctx, tenant, code)
	if err != nil {
		return Held{}, err
	}
	return s.held(ctx, tenant, t)
}

func (s *Service) byCode(ctx context.Context, tenant int64, code string) (Ticket, error) {
	return byCode(ctx, s.db, tenant, code)
}

func (s *Service) held(ctx context.Context, tenant int64, t Ticket) (Held, error) {
	out := Held{Ticket: t, Tenant: tenant, Now: s.db.Now(), Today: t.Day == today(s.db.Now())}
	a := &db.Args{}
	h, err := db.One(ctx, s.db, (*Hall).dest, "SELECT "+hallColumns(a, today(s.db.Now()))+"h.tenant_id = "+a.Add(tenant)+" AND h.id = "+a.Add(t.HallID), a.Values()...)
	if err != nil {
		return out, err
	}
	one := []Hall{h}
	if err := parts(ctx, s.db, tenant, one); err != nil {
		return out, err
	}
	out.Address, out.Place, out.Phone = h.Address(), h.Place, h.ByPhone
	if t.ItemID != 0 {
		if out.Bring, err = catalogue.Get(ctx, s.db, tenant, t.ItemID); err != nil {
			return out, err
		}
	}
	if t.State != Waiting || !out.Today {
		return out, nil
	}
	q, err := s.queueOf(ctx, one[0])
	if err != nil {
		return out, err
	}
	ahead, wait, ok := q.place(t.ID, t.Window)
	out.Ahead, out.Wait, out.Run = ahead, InWords(wait, ok), q.run
	return out, nil
}

// own does something to the ticket of a code.
func (s *Service) own(ctx context.Context, typed, by, requestID string, do func(*db.Tx, authz.Actor, *Ticket) error) error {
	tenant, code, ok := paper.Normalise(typed)
	if !ok {
		return errs.ErrNotFound
	}
	actor := authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := byCode(ctx, tx, tenant, code)
		if err != nil {
			return err
		}
		if t.Day != today(tx.Now()) {
			return errs.New(errs.Conflict, i18n.HallCannot, t.Label(), Expired.Text())
		}
		return do(tx, actor, &t)
	})
}

// LeaveBy lets whoever holds a code give their place up.
func (s *Service) LeaveBy(ctx context.Context, typed, by, requestID string) error {
	return s.own(ctx, typed, by, requestID, func(tx *db.Tx, actor authz.Actor, t *Ticket) error {
		return s.step(ctx, tx, actor, "", t, ActLeave, 0, nil)
	})
}

// BackBy lets whoever holds a code and was called in vain say that they are back.
func (s *Service) BackBy(ctx context.Context, typed, by, requestID string) error {
	return s.own(ctx, typed, by, requestID, func(tx *db.Tx, actor authz.Actor, t *Ticket) error { return s.backTx(ctx, tx, actor, "", t) })
}

// backTx puts a ticket into the queue again, at its fair place.
func (s *Service) backTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, t *Ticket) error {
	list, err := waiters(ctx, tx, actor.Tenant, t.HallID, t.Day, []string{t.Window})
	if err != nil {
		return err
	}
	turn := backTurn(*t, list, db.Micros(tx.Now()))
	return s.step(ctx, tx, actor, perm, t, ActBack, 0, func(t *Ticket) { t.Turn = db.FromMicros(turn) })
}

// step applies an act to a ticket that was found, and writes it down. also changes what belongs to the act.
func (s *Service) step(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, t *Ticket, act Act, counter id.ID, also func(*Ticket)) error {
	at := counter
	if at == 0 {
		at = t.CounterID
	}
	if err := t.Apply(act, counter, tx.Now()); err != nil {
		return err
	}
	if also != nil {
		also(t)
	}
	if err := saveTicket(ctx, tx, actor.Tenant, *t); err != nil {
		return err
	}
	t.Version++
	if err := enter(ctx, tx, actor.Tenant, *t, act, at); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "hall." + string(act), Permission: perm, SubjectKind: "hall_ticket", SubjectID: t.ID, OrgID: t.OrgID})
}

// OfCase gives the ticket from which a case was made that the actor sees (casework.PermSee); NotFound for none.
func (s *Service) OfCase(ctx context.Context, actor authz.Actor, c id.ID) (Ticket, error) {
	sees, err := s.cases.Sees(ctx, actor, c)
	if err == nil && !sees {
		err = errs.ErrNotFound
	}
	if err != nil {
		return Ticket{}, err
	}
	a := &db.Args{}
	return ticket(ctx, s.db, a, "t.tenant_id = "+a.Add(actor.Tenant)+" AND t.case_id <> 0 AND t.case_id = "+a.Add(c))
}

// CloseDay ends what was left of the days before: tickets that nobody served expire, and whoever still sits at a counter gets up. The night's work calls it,
// and may call it again.
func (s *Service) CloseDay(ctx context.Context, tenant int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		return s.closeTx(ctx, tx, tenant, today(tx.Now()))
	})
}

func (s *Service) closeTx(ctx context.Context, tx *db.Tx, tenant int64, before calendar.Date) error {
	a := &db.Args{}
	open, err := tickets(ctx, tx, a, "t.tenant_id = "+a.Add(tenant)+" AND t.day < "+a.Add(before)+" AND t.state IN ('waiting', 'called', 'serving', 'absent') ORDER BY t.id LIMIT 5000")
	if err != nil {
		return err
	}
	for i := range open {
		open[i].State = Expired
	}
	if len(open) > 0 {
		ids := make([]id.ID, len(open))
		for i, t := range open {
			ids[i] = t.ID
		}
		a := &db.Args{}
		if _, err := tx.Exec(ctx, "UPDATE hall_ticket SET state = 'expired', ended_at = "+a.Add(db.Micros(tx.Now()))+", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", ids), a.Values()...); err != nil {
			return err
		}
		if err := tx.InsertMany(ctx, "hall_ticket_entry", []string{"tenant_id", "id", "ticket_id", "act", "state", "counter_id", "class_code", "at"}, len(open), func(i int) []any {
			return []any{tenant, id.New(), open[i].ID, ActExpire, Expired, open[i].CounterID, open[i].Window, db.Micros(tx.Now())}
		}); err != nil {
			return err
		}
	}
	got, err := tx.Exec(ctx, `UPDATE hall_counter SET state = 'closed', account_id = 0, word = '', since_at = $1, version = version + 1 WHERE tenant_id = $2 AND state <> 'closed' AND since_at < $3`,
		db.Micros(tx.Now()), tenant, db.Micros(before.Time()))
	if err != nil {
		return err
	}
	// Why somebody went first is nobody's business once the day is over; that they did is counted.
	if _, err := tx.Exec(ctx, "UPDATE hall_ticket SET priority = $1 WHERE tenant_id = $2 AND day < $3 AND priority NOT IN ('', $1)", string(First), tenant, before); err != nil {
		return err
	}
	if len(open) == 0 && got == 0 {
		return nil
	}
	return record(ctx, tx, authz.System(tenant, "end of the day"), "expire", "", "hall", 0, 0, map[string]any{"tickets": len(open), "counters": got})
}

// mostByPhone is how many numbers taken by phone wait at a window at most.
const mostByPhone = 60

// trimmed is a word of a pause as it is kept.
func trimmed(s string) string { return strings.Join(strings.Fields(s), " ") }

// requireItem sees to it that a matter is one of the catalogue.
func requireItem(ctx context.Context, tx *db.Tx, tenant int64, item id.ID) error {
	return reference.Require(ctx, tx, tenant, reference.CatalogueItem, item)
}
