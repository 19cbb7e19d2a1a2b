package hall

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/technician"
)

var owned = authz.Columns{Tenant: "h.tenant_id", Orgs: []string{"h.org_id"}}

// windows reads the windows of the catalogue with their letters, those that are retired too, so that letters stay.
func windows(ctx context.Context, q db.Querier, tenant int64) ([]Window, error) {
	type row struct {
		code, name, nameEN string
		retired            bool
	}
	rows, err := db.All(ctx, q, func(r *row) []any { return []any{&r.code, &r.name, &r.nameEN, &r.retired} },
		`SELECT g.code, g.name, g.name_en, g.retired FROM catalogue_class g WHERE g.tenant_id = $1 AND g.list = 'matter' ORDER BY g.code LIMIT 200`, tenant)
	out := make([]Window, len(rows))
	for i, r := range rows {
		out[i] = Window{Code: r.code, Letter: LetterOf(i), Name: i18n.Both(r.name, r.nameEN), Retired: r.retired}
	}
	return out, err
}

func window(list []Window, code string) (Window, bool) {
	for _, w := range list {
		if w.Code == code {
			return w, true
		}
	}
	return Window{}, false
}

func hallColumns(a *db.Args, today calendar.Date) string {
	return "h.tenant_id, h.id, h.org_id, " + reference.Label("o") + `, h.code, h.name, h.place, h.by_phone, h.holidays, h.ended_on, h.version,
		(SELECT count(*) FROM hall_ticket k WHERE k.tenant_id = h.tenant_id AND k.hall_id = h.id AND k.day = ` + a.Add(today) + ` AND k.state = 'waiting')
		FROM hall h LEFT JOIN organisation o ON o.tenant_id = h.tenant_id AND o.id = h.org_id WHERE `
}

func (h *Hall) dest() []any {
	return []any{&h.Tenant, &h.ID, &h.OrgID, &h.Org, &h.Code, &h.Name, &h.Place, &h.ByPhone, &h.Holidays, &h.EndedOn, &h.Version, &h.Waiting}
}

func today(t time.Time) calendar.Date { return calendar.DateOf(t) }

// findHall reads a hall of an organisation in scope, with its hours and counters.
func findHall(ctx context.Context, q db.Querier, now time.Time, scope authz.Scope, hall id.ID) (Hall, error) {
	a := &db.Args{}
	h, err := db.One(ctx, q, (*Hall).dest, "SELECT "+hallColumns(a, today(now))+scope.Where(a, owned)+" AND h.id = "+a.Add(hall), a.Values()...)
	if err != nil {
		return h, err
	}
	one := []Hall{h}
	err = parts(ctx, q, h.Tenant, one)
	return one[0], err
}

// hallByCode reads a hall in use by what its address names.
func hallByCode(ctx context.Context, q db.Querier, now time.Time, address string) (Hall, error) {
	tenant, code, ok := ParseAddress(address)
	if !ok {
		return Hall{}, errs.ErrNotFound
	}
	a := &db.Args{}
	h, err := db.One(ctx, q, (*Hall).dest, "SELECT "+hallColumns(a, today(now))+"h.tenant_id = "+a.Add(tenant)+" AND h.code = "+a.Add(code)+" AND h.ended_on = ''", a.Values()...)
	if err != nil {
		return h, err
	}
	one := []Hall{h}
	err = parts(ctx, q, h.Tenant, one)
	return one[0], err
}

// parts reads hours and counters of some halls of one tenant, with three queries for all.
func parts(ctx context.Context, q db.Querier, tenant int64, list []Hall) error {
	if len(list) == 0 {
		return nil
	}
	at := map[id.ID]int{}
	ids := make([]id.ID, len(list))
	for i, h := range list {
		at[h.ID], ids[i] = i, h.ID
	}
	type shift struct {
		of id.ID
		s  technician.Shift
	}
	a := &db.Args{}
	if err := db.Each(ctx, q, func(x *shift) []any { return []any{&x.of, &x.s.Weekday, &x.s.From, &x.s.To} }, func(x shift) error {
		list[at[x.of]].Week = append(list[at[x.of]].Week, x.s)
		return nil
	}, "SELECT s.hall_id, s.weekday, s.from_min, s.to_min FROM hall_hours s WHERE s.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "s.hall_id", ids)+" ORDER BY s.hall_id, s.weekday, s.from_min", a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	counters, err := db.All(ctx, q, (*Counter).dest, "SELECT "+counterColumns+"c.tenant_id = "+a.Add(tenant)+" AND c.removed_at = 0 AND "+db.In(a, "c.hall_id", ids)+" ORDER BY c.hall_id, c.number", a.Values()...)
	if err != nil {
		return err
	}
	if err := counterWindows(ctx, q, tenant, counters); err != nil {
		return err
	}
	for _, c := range counters {
		h := &list[at[c.HallID]]
		h.Counters = append(h.Counters, c)
	}
	return nil
}

var counterColumns = `c.id, c.hall_id, c.number, c.name, c.org_id, ` + reference.Label("o") + `, c.state, c.account_id, coalesce(k.name, ''), c.word, c.since_at, c.version, coalesce(t.letter, ''), coalesce(t.number, 0), coalesce(t.class_code, ''),
	coalesce(t.state, ''), coalesce(CASE WHEN t.started_at <> 0 THEN t.started_at ELSE t.called_at END, 0)
	FROM hall_counter c
	LEFT JOIN account k ON k.tenant_id = c.tenant_id AND k.id = c.account_id AND c.account_id <> 0
	LEFT JOIN organisation o ON o.tenant_id = c.tenant_id AND o.id = c.org_id AND c.org_id <> 0
	LEFT JOIN hall_ticket t ON t.tenant_id = c.tenant_id AND t.counter_id = c.id AND t.state IN ('called', 'serving')
	WHERE `

// labelScanner puts a letter and a number together.
type labelScanner struct {
	to     *string
	letter string
}

func (c *Counter) dest() []any {
	l := &labelScanner{to: &c.current}
	return []any{&c.ID, &c.HallID, &c.Number, &c.Name, &c.OrgID, &c.Org, &c.State, &c.AccountID, &c.Account, &c.Word, db.Instant(&c.SinceAt), &c.Version, &l.letter, l, &c.window, &c.state, db.Instant(&c.at)}
}

// Scan reads the number; the letter was read before it.
func (l *labelScanner) Scan(v any) error {
	if n, ok := v.(int64); ok {
		*l.to = label(l.letter, n)
	}
	return nil
}

func counterWindows(ctx context.Context, q db.Querier, tenant int64, list []Counter) error {
	if len(list) == 0 {
		return nil
	}
	at := map[id.ID]int{}
	ids := make([]id.ID, len(list))
	for i, c := range list {
		at[c.ID], ids[i] = i, c.ID
	}
	type served struct {
		of   id.ID
		code string
	}
	a := &db.Args{}
	return db.Each(ctx, q, func(x *served) []any { return []any{&x.of, &x.code} }, func(x served) error {
		c := &list[at[x.of]]
		c.Windows = append(c.Windows, x.code)
		return nil
	}, "SELECT w.counter_id, w.class_code FROM hall_counter_window w WHERE w.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "w.counter_id", ids)+" ORDER BY w.counter_id, w.class_code", a.Values()...)
}

// findCounter reads a counter in use of a hall in scope.
func findCounter(ctx context.Context, q db.Querier, scope authz.Scope, counter id.ID) (Counter, Hall, error) {
	return oneCounter(ctx, q, scope, func(a *db.Args) string { return "c.id = " + a.Add(counter) })
}

// ownCounter reads the counter at which an account sits, of a hall in scope.
func ownCounter(ctx context.Context, q db.Querier, scope authz.Scope, account id.ID) (Counter, Hall, error) {
	if account == 0 {
		return Counter{}, Hall{}, errs.ErrNotFound
	}
	return oneCounter(ctx, q, scope, func(a *db.Args) string { return "c.account_id <> 0 AND c.account_id = " + a.Add(account) })
}

func oneCounter(ctx context.Context, q db.Querier, scope authz.Scope, which func(*db.Args) string) (Counter, Hall, error) {
	a := &db.Args{}
	c, err := db.One(ctx, q, (*Counter).dest, "SELECT "+counterColumns+"c.tenant_id = "+a.Add(scope.Tenant())+" AND c.removed_at = 0 AND "+which(a), a.Values()...)
	if err != nil {
		return c, Hall{}, err
	}
	one := []Counter{c}
	if err := counterWindows(ctx, q, scope.Tenant(), one); err != nil {
		return c, Hall{}, err
	}
	a = &db.Args{}
	h, err := db.One(ctx, q, (*Hall).dest, "SELECT "+hallColumns(a, calendar.Date{})+scope.Where(a, owned)+" AND h.ended_on = '' AND h.id = "+a.Add(c.HallID), a.Values()...)
	return one[0], h, err
}

func saveCounter(ctx context.Context, tx *db.Tx, tenant int64, c Counter) error {
	return tx.Update(ctx, `UPDATE hall_counter SET state = $1, account_id = $2, word = $3, since_at = $4, version = version + 1 WHERE tenant_id = $5 AND id = $6 AND version = $7`,
		c.State, c.AccountID, c.Word, db.Micros(c.SinceAt), tenant, c.ID, c.Version)
}

func writeWeek(ctx context.Context, tx *db.Tx, tenant int64, hall id.ID, week []technician.Shift) error {
	if _, err := tx.Exec(ctx, `DELETE FROM hall_hours WHERE tenant_id = $1 AND hall_id = $2`, tenant, hall); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "hall_hours", []string{"tenant_id", "hall_id", "weekday", "from_min", "to_min"}, len(week), func(i int) []any {
		return []any{tenant, hall, int64(week[i].Weekday), int64(week[i].From), int64(week[i].To)}
	})
}

func writeWindows(ctx context.Context, tx *db.Tx, tenant int64, counter id.ID, codes []string) error {
	if _, err := tx.Exec(ctx, `DELETE FROM hall_counter_window WHERE tenant_id = $1 AND counter_id = $2`, tenant, counter); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "hall_counter_window", []string{"tenant_id", "counter_id", "class_code"}, len(codes), func(i int) []any { return []any{tenant, counter, codes[i]} })
}

const ticketColumns = `t.id, t.hall_id, h.name, h.org_id, t.day, t.class_code, coalesce(g.name, ''), coalesce(g.name_en, ''), t.letter, t.number, t.code, t.item_id, coalesce(i.name, ''), coalesce(i.name_en, ''),
	t.priority, t.channel, t.state, t.counter_id, coalesce(c.number, 0), t.taken_at, t.turn, t.first_called_at, t.called_at, t.calls, t.returns, t.started_at, t.ended_at, t.case_id, coalesce(CASE WHEN s.confidential = FALSE AND s.about_id = 0 THEN s.no ELSE '' END, ''), t.version
	FROM hall_ticket t
	JOIN hall h ON h.tenant_id = t.tenant_id AND h.id = t.hall_id
	LEFT JOIN catalogue_class g ON g.tenant_id = t.tenant_id AND g.list = 'matter' AND g.code = t.class_code
	LEFT JOIN catalogue_item i ON i.tenant_id = t.tenant_id AND i.id = t.item_id AND t.item_id <> 0
	LEFT JOIN hall_counter c ON c.tenant_id = t.tenant_id AND c.id = t.counter_id AND t.counter_id <> 0
	LEFT JOIN service_case s ON s.tenant_id = t.tenant_id AND s.id = t.case_id AND t.case_id <> 0
	WHERE `

func (t *Ticket) dest() []any {
	return []any{&t.ID, &t.HallID, &t.Hall, &t.OrgID, &t.Day, &t.Window, &t.name, &t.nameEN, &t.Letter, &t.Number, &t.Code, &t.ItemID, &t.item, &t.itemEN, &t.Priority, &t.Channel, &t.State, &t.CounterID,
		&t.Counter, db.Instant(&t.TakenAt), db.Instant(&t.Turn), db.Instant(&t.FirstCalledAt), db.Instant(&t.CalledAt), &t.Calls, &t.Returns, db.Instant(&t.StartedAt), db.Instant(&t.EndedAt), &t.CaseID,
		&t.CaseNo, &t.Version}
}

func (t *Ticket) named() {
	t.WindowName, t.Item = i18n.Both(t.name, t.nameEN), i18n.Both(t.item, t.itemEN)
}

func tickets(ctx context.Context, q db.Querier, a *db.Args, where string) ([]Ticket, error) {
	list, err := db.All(ctx, q, (*Ticket).dest, "SELECT "+ticketColumns+where, a.Values()...)
	for i := range list {
		list[i].named()
	}
	return list, err
}

func ticket(ctx context.Context, q db.Querier, a *db.Args, where string) (Ticket, error) {
	t, err := db.One(ctx, q, (*Ticket).dest, "SELECT "+ticketColumns+where, a.Values()...)
	t.named()
	return t, err
}

// findTicket reads a ticket of a hall in scope.
func findTicket(ctx context.Context, q db.Querier, scope authz.Scope, t id.ID) (Ticket, error) {
	a := &db.Args{}
	return ticket(ctx, q, a, scope.Where(a, owned)+" AND t.id = "+a.Add(t))
}

// atCounter reads the ticket that is at a counter now.
func atCounter(ctx context.Context, q db.Querier, tenant int64, counter id.ID) (Ticket, error) {
	a := &db.Args{}
	return ticket(ctx, q, a, "t.tenant_id = "+a.Add(tenant)+" AND t.counter_id = "+a.Add(counter)+" AND t.state IN ('called', 'serving')")
}

// byCode reads the ticket of a code.
func byCode(ctx context.Context, q db.Querier, tenant int64, code string) (Ticket, error) {
	a := &db.Args{}
	return ticket(ctx, q, a, "t.tenant_id = "+a.Add(tenant)+" AND t.code = "+a.Add(code))
}

func saveTicket(ctx context.Context, tx *db.Tx, tenant int64, t Ticket) error {
	return tx.Update(ctx, `UPDATE hall_ticket SET class_code = $1, item_id = $2, state = $3, counter_id = $4, turn = $5, first_called_at = $6, called_at = $7, calls = $8, returns = $9, started_at = $10,
		ended_at = $11, case_id = $12, version = version + 1 WHERE tenant_id = $13 AND id = $14 AND version = $15`, t.Window, t.ItemID, t.State, t.CounterID, db.Micros(t.Turn), db.Micros(t.FirstCalledAt),
		db.Micros(t.CalledAt), t.Calls, t.Returns, db.Micros(t.StartedAt), db.Micros(t.EndedAt), t.CaseID, tenant, t.ID, t.Version)
}

func insertTicket(ctx context.Context, tx *db.Tx, tenant int64, t Ticket, key string) error {
	_, err := tx.Exec(ctx, `INSERT INTO hall_ticket (tenant_id, id, hall_id, day, class_code, letter, number, code, item_id, priority, channel, state, taken_at, turn, sent_key)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$13,$14)`, tenant, t.ID, t.HallID, t.Day, t.Window, t.Letter, t.Number, t.Code, t.ItemID, t.Priority, t.Channel, t.State, db.Micros(t.TakenAt), key)
	return err
}

// enter writes a step of a ticket.
func enter(ctx context.Context, tx *db.Tx, tenant int64, t Ticket, act Act, counter id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO hall_ticket_entry (tenant_id, id, ticket_id, act, state, counter_id, class_code, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		tenant, id.New(), t.ID, act, t.State, counter, t.Window, db.Micros(tx.Now()))
	return err
}

// Entry is a step of a ticket.
type Entry struct {
	Act     Act
	State   State
	Counter int64 // number; 0 for none
	Window  i18n.Text
	At      time.Time

	name, nameEN string
}

func entries(ctx context.Context, q db.Querier, tenant int64, t id.ID) ([]Entry, error) {
	list, err := db.All(ctx, q, func(e *Entry) []any {
		return []any{&e.Act, &e.State, &e.Counter, &e.name, &e.nameEN, db.Instant(&e.At)}
	},
		`SELECT e.act, e.state, coalesce(c.number, 0), coalesce(g.name, ''), coalesce(g.name_en, ''), e.at FROM hall_ticket_entry e
		LEFT JOIN hall_counter c ON c.tenant_id = e.tenant_id AND c.id = e.counter_id AND e.counter_id <> 0
		LEFT JOIN catalogue_class g ON g.tenant_id = e.tenant_id AND g.list = 'matter' AND g.code = e.class_code
		WHERE e.tenant_id = $1 AND e.ticket_id = $2 ORDER BY e.id`, tenant, t)
	for i := range list {
		list[i].Window = i18n.Both(list[i].name, list[i].nameEN)
	}
	return list, err
}

// mostWaiting bounds what a queue holds at once.
const mostWaiting = 2000

// waiters reads who waits in a hall on a day, in their turn; of some windows alone where they are given.
func waiters(ctx context.Context, q db.Querier, tenant int64, hall id.ID, day calendar.Date, windows []string) ([]Waiter, error) {
	a := &db.Args{}
	query := "SELECT t.id, t.class_code, t.priority, t.turn FROM hall_ticket t WHERE t.tenant_id = " + a.Add(tenant) + " AND t.hall_id = " + a.Add(hall) + " AND t.day = " + a.Add(day) + " AND t.state = 'waiting'"
	if windows != nil {
		query += " AND " + db.In(a, "t.class_code", windows)
	}
	type row struct {
		Waiter
		why Priority
	}
	rows, err := db.All(ctx, q, func(r *row) []any { return []any{&r.ID, &r.Window, &r.why, &r.Turn} }, query+" ORDER BY t.turn, t.id LIMIT "+a.Add(int64(mostWaiting)), a.Values()...)
	out := make([]Waiter, len(rows))
	for i, r := range rows {
		out[i] = r.Waiter
		out[i].First = r.why != Usual
	}
	return out, err
}

// inARow is how many tickets with priority were called last without another between them, at most most.
func inARow(ctx context.Context, q db.Querier, tenant int64, hall id.ID, day calendar.Date, windows []string, most int64) (int, error) {
	a := &db.Args{}
	query := "SELECT t.priority FROM hall_ticket t WHERE t.tenant_id = " + a.Add(tenant) + " AND t.hall_id = " + a.Add(hall) + " AND t.day = " + a.Add(day) + " AND t.first_called_at <> 0"
	if windows != nil {
		query += " AND " + db.In(a, "t.class_code", windows)
	}
	rows, err := db.Column[string](ctx, q, query+" ORDER BY t.first_called_at DESC, t.id DESC LIMIT "+a.Add(most), a.Values()...)
	n := 0
	for _, p := range rows {
		if p == "" {
			break
		}
		n++
	}
	return n, err
}

// paces reads what serving took at each window of a hall in the last days.
func paces(ctx context.Context, q db.Querier, tenant int64, hall id.ID, since calendar.Date) (map[string]time.Duration, error) {
	type row struct {
		window string
		took   int64
	}
	all := map[string][]time.Duration{}
	err := db.Each(ctx, q, func(r *row) []any { return []any{&r.window, &r.took} }, func(r row) error {
		all[r.window] = append(all[r.window], time.Duration(r.took)*time.Microsecond)
		return nil
	}, `SELECT t.class_code, t.ended_at - t.started_at FROM hall_ticket t WHERE t.tenant_id = $1 AND t.hall_id = $2 AND t.day >= $3 AND t.state = 'done' AND t.started_at <> 0 AND t.ended_at > t.started_at
		ORDER BY t.day DESC, t.id DESC LIMIT 5000`, tenant, hall, since)
	out := map[string]time.Duration{}
	for w, list := range all {
		if len(list) >= PaceLeast {
			out[w] = Median(list)
		}
	}
	return out, err
}
