package hall

import (
	"context"
	"crypto/rand"
	"sync"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/organisation"
	"linli/internal/reference"
	"linli/internal/seal"
)

// Calendars gives the working calendar of a district.
type Calendars interface {
	Calendar(ctx context.Context, tenant int64) (*calendar.Calendar, error)
}

// Service runs halls.
type Service struct {
	db    *db.DB
	ring  *seal.Ring
	cases *casework.Service
	days  Calendars

	mu   sync.Mutex
	pace map[paceKey]kept
}

type paceKey struct {
	tenant int64
	hall   id.ID
}

// kept is how long serving takes, as it was read at an instant.
type kept struct {
	at    time.Time
	each  map[string]time.Duration
	usual time.Duration
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, cases *casework.Service, days Calendars) *Service {
	return &Service{db: d, ring: ring, cases: cases, days: days, pace: map[paceKey]kept{}}
}

// Now is the instant by which halls are open.
func (s *Service) Now() time.Time { return s.db.Now() }

// codeLength makes halls of one district tell apart; the code is no secret.
const codeLength = 5

// codeLetters has nothing that is mistaken for something else when it is typed.
const codeLetters = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"

func newCode() string {
	var b [codeLength]byte
	_, _ = rand.Read(b[:]) // never fails since Go 1.24
	for i := range b {
		b[i] = codeLetters[int(b[i])%len(codeLetters)]
	}
	return string(b[:])
}

// Windows gives the windows of a tenant's catalogue with their letters. It reveals nothing, so it needs no permission.
func (s *Service) Windows(ctx context.Context, tenant int64) ([]Window, error) {
	return windows(ctx, s.db, tenant)
}

// What the list of halls shows.
const (
	ShowUsed  = "used"
	ShowEnded = "ended"
)

// HallShows lists them.
func HallShows() []string { return []string{ShowUsed, ShowEnded} }

// ListFilter narrows the list of halls.
type ListFilter struct {
	Show string // one of HallShows; all where empty
	Page db.Page
}

// List gives the halls of organisations in scope with their counters, by ID (PermSee).
func (s *Service) List(ctx context.Context, actor authz.Actor, f ListFilter) (db.List[Hall], error) {
	a := &db.Args{}
	query := "SELECT " + hallColumns(a, today(s.db.Now())) + actor.Scope(PermSee).Or(actor.Scope(PermServe)).Where(a, owned)
	switch f.Show {
	case ShowUsed:
		query += " AND h.ended_on = ''"
	case ShowEnded:
		query += " AND h.ended_on <> ''"
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "h.id"})
	rows, err := db.All(ctx, s.db, (*Hall).dest, query+page+tail, a.Values()...)
	if err != nil {
		return db.List[Hall]{}, err
	}
	list := db.Cut(rows, f.Page, func(h Hall) db.Cursor { return db.Cursor{ID: h.ID} })
	return list, parts(ctx, s.db, actor.Tenant, list.Items)
}

// Get gives a hall with its hours and counters (PermSee).
func (s *Service) Get(ctx context.Context, actor authz.Actor, hall id.ID) (Hall, error) {
	return findHall(ctx, s.db, s.db.Now(), actor.Scope(PermSee).Or(actor.Scope(PermServe)), hall)
}

// HoursOf says whether a hall is open now.
func (s *Service) HoursOf(ctx context.Context, h Hall) (Hours, error) {
	all, err := s.HoursOfAll(ctx, h.Tenant, []Hall{h})
	if err != nil {
		return Hours{}, err
	}
	return all[0], nil
}

// HoursOfAll says of halls of one district whether each is open now.
func (s *Service) HoursOfAll(ctx context.Context, tenant int64, halls []Hall) ([]Hours, error) {
	cal, err := s.days.Calendar(ctx, tenant)
	if err != nil {
		return nil, err
	}
	out := make([]Hours, len(halls))
	for i, h := range halls {
		out[i] = HoursAt(h, cal, s.db.Now())
	}
	return out, nil
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, perm authz.Permission, kind string, subject, org id.ID, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "hall." + act, Permission: perm, SubjectKind: kind, SubjectID: subject, OrgID: org, Detail: detail})
}

// Create sets up a hall (PermManage at its organisation).
func (s *Service) Create(ctx context.Context, actor authz.Actor, n NewHall) (id.ID, error) {
	if err := n.check(); err != nil {
		return 0, err
	}
	if err := actor.Scope(PermManage).Require(n.OrgID); err != nil {
		return 0, err
	}
	var err error
	h := id.New()
	for range casework.Tries { // until the code is one that no other hall has
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, n.OrgID); err != nil {
				return err
			}
			if _, err := tx.Exec(ctx, `INSERT INTO hall (tenant_id, id, org_id, code, name, place, by_phone, holidays, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$9)`,
				actor.Tenant, h, n.OrgID, newCode(), n.Name, n.Place, n.ByPhone, n.Holidays, db.Micros(tx.Now())); err != nil {
				return err
			}
			if err := writeWeek(ctx, tx, actor.Tenant, h, n.week); err != nil {
				return err
			}
			return record(ctx, tx, actor, "create", PermManage, "hall", h, n.OrgID, map[string]any{"name": n.Name})
		})
		if !db.IsUnique(err) {
			break
		}
	}
	return h, err
}

// managed finds a hall that the actor manages and does something to it in one transaction.
func (s *Service) managed(ctx context.Context, actor authz.Actor, hall id.ID, do func(*db.Tx, Hall) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		h, err := findHall(ctx, tx, tx.Now(), actor.Scope(PermManage), hall)
		if err != nil {
			return err
		}
		return do(tx, h)
	})
}

// Edit changes a hall (PermManage where it was and where it goes).
func (s *Service) Edit(ctx context.Context, actor authz.Actor, hall id.ID, n NewHall) error {
	if err := n.check(); err != nil {
		return err
	}
	if err := actor.Scope(PermManage).Require(n.OrgID); err != nil {
		return err
	}
	return s.managed(ctx, actor, hall, func(tx *db.Tx, h Hall) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, n.OrgID); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE hall SET org_id = $1, name = $2, place = $3, by_phone = $4, holidays = $5, updated_at = $6, version = version + 1 WHERE tenant_id = $7 AND id = $8 AND version = $9`,
			n.OrgID, n.Name, n.Place, n.ByPhone, n.Holidays, db.Micros(tx.Now()), actor.Tenant, h.ID, n.Version); err != nil {
			return err
		}
		if err := writeWeek(ctx, tx, actor.Tenant, h.ID, n.week); err != nil {
			return err
		}
		return record(ctx, tx, actor, "edit", PermManage, "hall", h.ID, n.OrgID, nil)
	})
}

// End takes a hall out of use (PermManage). While somebody waits or is served it cannot be; who sits at its counters gets up.
func (s *Service) End(ctx context.Context, actor authz.Actor, hall id.ID, version int64) error {
	return s.managed(ctx, actor, hall, func(tx *db.Tx, h Hall) error {
		if !h.Active() {
			return errs.New(errs.Conflict, i18n.HallEnded, h.Name)
		}
		n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM hall_ticket t WHERE t.tenant_id = $1 AND t.hall_id = $2 AND t.day = $3 AND t.state IN ('waiting', 'called', 'serving')`, actor.Tenant, h.ID, today(tx.Now()))
		if err != nil {
			return err
		}
		if n > 0 {
			return errs.New(errs.Conflict, i18n.HallBusy, h.Name, n)
		}
		if err := tx.Update(ctx, `UPDATE hall SET ended_on = $1, updated_at = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4 AND version = $5`, today(tx.Now()), db.Micros(tx.Now()), actor.Tenant, h.ID, version); err != nil {
			return err
		}
		if err := shut(ctx, tx, actor.Tenant, h.ID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "end", PermManage, "hall", h.ID, h.OrgID, nil)
	})
}

// Resume takes a hall into use again (PermManage).
func (s *Service) Resume(ctx context.Context, actor authz.Actor, hall id.ID, version int64) error {
	return s.managed(ctx, actor, hall, func(tx *db.Tx, h Hall) error {
		if h.Active() {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		if err := tx.Update(ctx, `UPDATE hall SET ended_on = '', updated_at = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, db.Micros(tx.Now()), actor.Tenant, h.ID, version); err != nil {
			return err
		}
		return record(ctx, tx, actor, "resume", PermManage, "hall", h.ID, h.OrgID, nil)
	})
}

// shut closes all counters of a hall.
func shut(ctx context.Context, tx *db.Tx, tenant int64, hall id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE hall_counter SET state = 'closed', account_id = 0, word = '', since_at = $1, version = version + 1 WHERE tenant_id = $2 AND hall_id = $3 AND state <> 'closed'`,
		db.Micros(tx.Now()), tenant, hall)
	return err
}

// taken turns the refusal of a number twice into words.
func numberTaken(err error) error {
	if db.IsUnique(err) {
		return errs.Field("number", i18n.HallNumberTaken)
	}
	return err
}

// AddCounter sets up a counter of a hall (PermManage).
func (s *Service) AddCounter(ctx context.Context, actor authz.Actor, hall id.ID, n NewCounter) error {
	c := id.New()
	return numberTaken(s.managed(ctx, actor, hall, func(tx *db.Tx, h Hall) error {
		if err := s.checkCounter(ctx, tx, actor, h, &n); err != nil {
			return err
		}
		switch {
		case !h.Active():
			return errs.New(errs.Conflict, i18n.HallEnded, h.Name)
		case len(h.Counters) >= MaxCounters:
			return errs.Field("number", i18n.HallManyCounters, MaxCounters)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO hall_counter (tenant_id, id, hall_id, number, name, org_id, state, since_at) VALUES ($1,$2,$3,$4,$5,$6,'closed',$7)`, actor.Tenant, c, h.ID, n.Number, n.Name, n.OrgID, db.Micros(tx.Now())); err != nil {
			return err
		}
		if err := writeWindows(ctx, tx, actor.Tenant, c, n.Windows); err != nil {
			return err
		}
		return record(ctx, tx, actor, "counter", PermManage, "hall", h.ID, h.OrgID, map[string]any{"number": n.Number, "windows": n.Windows, "organisation": n.OrgID})
	}))
}

// checkCounter says what is wrong with a counter. Its organisation is in use, and lies at or below the sub-district of the hall, or where the actor manages halls (PermManage).
func (s *Service) checkCounter(ctx context.Context, q db.Querier, actor authz.Actor, h Hall, n *NewCounter) error {
	all, err := windows(ctx, q, h.Tenant)
	if err != nil {
		return err
	}
	if err := n.check(all); err != nil {
		return err
	}
	if n.OrgID == h.OrgID {
		n.OrgID = 0
	}
	if n.OrgID == 0 {
		return nil
	}
	there, err := db.Value[int64](ctx, q, `SELECT count(*) FROM organisation WHERE tenant_id = $1 AND id = $2 AND dissolved_on = ''`, h.Tenant, n.OrgID)
	if err == nil && there == 0 {
		err = errs.Field("org", i18n.ErrBadChoice)
	}
	if err != nil || actor.Scope(PermManage).Covers(n.OrgID) {
		return err
	}
	near, err := db.Value[int64](ctx, q, `SELECT count(*) FROM organisation o JOIN organisation a ON a.tenant_id = o.tenant_id AND substr(o.path, 1, length(a.path)) = a.path
		JOIN organisation of_hall ON of_hall.tenant_id = a.tenant_id AND substr(of_hall.path, 1, length(a.path)) = a.path
		WHERE o.tenant_id = $1 AND o.id = CAST($2 AS BIGINT) AND of_hall.id = CAST($3 AS BIGINT) AND (a.id = of_hall.id OR a.kind = $4)`, h.Tenant, n.OrgID, h.OrgID, string(organisation.Working))
	if err == nil && near == 0 {
		err = errs.Field("org", i18n.HallCounterFar)
	}
	return err
}

// EditCounter changes number, name and windows of a counter (PermManage).
func (s *Service) EditCounter(ctx context.Context, actor authz.Actor, counter id.ID, n NewCounter) error {
	return numberTaken(s.counter(ctx, actor, counter, func(tx *db.Tx, c Counter, h Hall) error {
		if err := s.checkCounter(ctx, tx, actor, h, &n); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE hall_counter SET number = $1, name = $2, org_id = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`, n.Number, n.Name, n.OrgID, actor.Tenant, c.ID, n.Version); err != nil {
			return err
		}
		if err := writeWindows(ctx, tx, actor.Tenant, c.ID, n.Windows); err != nil {
			return err
		}
		if err := stranded(ctx, tx, actor.Tenant, h.ID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "counter", PermManage, "hall", h.ID, h.OrgID, map[string]any{"number": n.Number, "windows": n.Windows, "organisation": n.OrgID})
	}))
}

// RemoveCounter takes a counter away at which nobody sits (PermManage). Its tickets keep it.
func (s *Service) RemoveCounter(ctx context.Context, actor authz.Actor, counter id.ID, version int64) error {
	return s.counter(ctx, actor, counter, func(tx *db.Tx, c Counter, h Hall) error {
		if c.State != Shut {
			return errs.New(errs.Conflict, i18n.HallCounterOpen, c.Number)
		}
		if err := tx.Update(ctx, `UPDATE hall_counter SET removed_at = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, db.Micros(tx.Now()), actor.Tenant, c.ID, version); err != nil {
			return err
		}
		if err := stranded(ctx, tx, actor.Tenant, h.ID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "uncounter", PermManage, "hall", h.ID, h.OrgID, map[string]any{"number": c.Number})
	})
}

// stranded says no where people wait today for what no counter of the hall serves.
func stranded(ctx context.Context, tx *db.Tx, tenant int64, hall id.ID) error {
	n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM hall_ticket t WHERE t.tenant_id = $1 AND t.hall_id = $2 AND t.day = $3 AND t.state = 'waiting' AND NOT EXISTS (SELECT 1 FROM hall_counter c
		JOIN hall_counter_window w ON w.tenant_id = c.tenant_id AND w.counter_id = c.id WHERE c.tenant_id = t.tenant_id AND c.hall_id = t.hall_id AND c.removed_at = 0 AND w.class_code = t.class_code)`,
		tenant, hall, today(tx.Now()))
	if err == nil && n > 0 {
		err = errs.New(errs.Conflict, i18n.HallStranded, n)
	}
	return err
}

func (s *Service) counter(ctx context.Context, actor authz.Actor, counter id.ID, do func(*db.Tx, Counter, Hall) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, h, err := findCounter(ctx, tx, actor.Scope(PermManage), counter)
		if err != nil {
			return err
		}
		return do(tx, c, h)
	})
}

// Counter gives a counter in use of a hall that the actor manages (PermManage).
func (s *Service) Counter(ctx context.Context, actor authz.Actor, counter id.ID) (Counter, error) {
	c, _, err := findCounter(ctx, s.db, actor.Scope(PermManage), counter)
	return c, err
}

// Follow lets the halls of an organisation follow when another takes it in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	for _, table := range []string{"hall", "hall_counter"} {
		if _, err := tx.Exec(ctx, "UPDATE "+table+" SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3", to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}
