package table

import (
	"context"
	"strings"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/waiting"
)

// Every says how often a table is made again.
type Every string

// How often.
const (
	Monthly   Every = "month"
	Quarterly Every = "quarter"
)

// Intervals lists how often.
func Intervals() []Every { return []Every{Monthly, Quarterly} }

// Text names the interval.
func (e Every) Text() i18n.Text {
	return map[Every]i18n.Text{Monthly: i18n.TableMonthly, Quarterly: i18n.TableQuarterly}[e]
}

// Schedule says when a table is made again by itself. The zero Schedule is none.
type Schedule struct {
	TableID    id.ID
	Every      Every
	OnDay      int    // of the month, or of the first month of the quarter; the last day where the month is shorter
	Purpose    string // for which sealed columns are opened; "" leaves them masked
	Reason     string
	KeepMonths int // how long each edition is kept
	NextOn     calendar.Date
	tokenPerms string // see kept
}

// mostKeepMonths is how long an edition may be kept.
const mostKeepMonths = 36

// next is the first day after a day on which the table is due.
func (c Schedule) next(after calendar.Date) calendar.Date {
	for m := after.StartOfMonth(); ; m = m.AddMonths(1) {
		if c.Every == Quarterly && (int(m.Month())-1)%3 != 0 {
			continue
		}
		day := calendar.On(m.Year(), m.Month(), min(c.OnDay, m.EndOfMonth().Day()))
		if day.After(after) {
			return day
		}
	}
}

func (c *Schedule) check() error {
	var e *errs.Error
	if c.Every.Text().IsZero() {
		e = e.With("every", i18n.ErrBadChoice)
	}
	if c.OnDay < 1 || c.OnDay > 31 {
		e = e.With("on_day", i18n.TableBadDay)
	}
	if c.KeepMonths == 0 {
		c.KeepMonths = 12
	}
	if c.KeepMonths < 1 || c.KeepMonths > mostKeepMonths {
		e = e.With("keep_months", i18n.TableBadKeep, mostKeepMonths)
	}
	c.Reason = strings.TrimSpace(c.Reason)
	if n := utf8.RuneCountInString(c.Reason); n > longestText {
		e = e.With("reason", i18n.ErrTooLong, longestText, n)
	}
	if n := utf8.RuneCountInString(c.Purpose); n > longestPurpose {
		e = e.With("purpose", i18n.ErrTooLong, longestPurpose, n)
	}
	if c.Purpose != "" && c.Reason == "" {
		e = e.With("reason", i18n.ErrRequired) // nobody sits before an edition who could say why
	}
	return e.OrNil()
}

// ScheduleOf gives the schedule of a table that the actor sees; the zero Schedule if it has none.
func (s *Service) ScheduleOf(ctx context.Context, actor authz.Actor, tableID id.ID) (Schedule, error) {
	t, err := find(ctx, s.db, actor, tableID)
	if err != nil {
		return Schedule{}, err
	}
	return scheduleOf(ctx, s.db, actor.Tenant, t.ID)
}

// Repeat lets an own table be made again each month or quarter. A purpose must cover the sealed columns.
func (s *Service) Repeat(ctx context.Context, actor authz.Actor, tableID id.ID, c Schedule) (Schedule, error) {
	if err := c.check(); err != nil {
		return c, err
	}
	t, err := findOwn(ctx, s.db, actor, tableID)
	if err != nil {
		return c, err
	}
	if !t.RemovedAt.IsZero() {
		return c, errs.New(errs.Conflict, i18n.TableIsRemoved)
	}
	r, err := s.reading(ctx, actor, t, Ask{}, calendar.Date{})
	if err != nil {
		return c, err
	}
	if err := r.allowed(ctx, Wanted{Purpose: c.Purpose, Reason: c.Reason}); err != nil {
		return c, err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		c.TableID, c.NextOn, c.tokenPerms = t.ID, c.next(today(tx)), tokenPerms(actor)
		if err := setSchedule(ctx, tx, actor.Tenant, c); err != nil {
			return err
		}
		return s.record(ctx, tx, actor, "table.repeat", t, map[string]any{"every": string(c.Every), "on_day": c.OnDay, "purpose": c.Purpose, "reason": c.Reason})
	})
	return c, err
}

// EndRepeat ends the schedule of an own table; its editions stay until their day.
func (s *Service) EndRepeat(ctx context.Context, actor authz.Actor, tableID id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := findOwn(ctx, tx, actor, tableID)
		if err != nil {
			return err
		}
		n, err := dropSchedule(ctx, tx, actor.Tenant, t.ID)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.ErrNotFound
		}
		return s.record(ctx, tx, actor, "table.end", t, nil)
	})
}

// Due begins the editions that are due, for a daily job: one for each schedule, however many days were missed. An owner whose account may do
// nothing any more gets a failed edition.
func (s *Service) Due(ctx context.Context, tenant int64) error {
	day := calendar.DateOf(s.db.Now())
	list, err := due(ctx, s.db, tenant, day)
	if err != nil {
		return err
	}
	for _, d := range list {
		if err := s.begin(ctx, tenant, d, day); err != nil {
			return err
		}
	}
	return nil
}

func (s *Service) begin(ctx context.Context, tenant int64, d dueTable, day calendar.Date) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		owner := authz.Actor{Tenant: tenant, AccountID: d.owner}
		r := Run{ID: id.New(), TableID: d.TableID, AccountID: d.owner, Kind: Edition, State: Waiting, Title: d.title, OnDate: d.NextOn, Purpose: d.Purpose, Reason: d.Reason,
			ExpiresOn: day.AddMonths(d.KeepMonths), tokenPerms: d.tokenPerms}
		d.NextOn = d.next(day)
		if err := setSchedule(ctx, tx, tenant, d.Schedule); err != nil {
			return err
		}
		var err error
		if r.JobID, err = s.queue.EnqueueTable(ctx, tx, owner, r.ID); err != nil {
			return err
		}
		if err := insertRun(ctx, tx, tenant, r); err != nil {
			return err
		}
		return audit.Record(ctx, tx, authz.System(tenant, "schedule"), audit.Entry{Action: "table.edition", Permission: PermUse, SubjectKind: "table_run", SubjectID: r.ID,
			Purpose: r.Purpose, Detail: map[string]any{"title": r.Title, "on": r.OnDate.String()}})
	})
}

// What waits.
const (
	WaitEdition = "table.edition" // an edition was made and its owner has not taken it
	WaitFailed  = "table.failed"  // one could not be made
)

// Waiting says which editions wait for the actor: finished ones that nobody took yet, and those that failed.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	for _, w := range []struct {
		kind, where string
	}{{WaitEdition, "r.state = 'done'"}, {WaitFailed, "r.state = 'failed'"}} {
		a := &db.Args{}
		it := waiting.Item{Kind: w.kind}
		err := s.db.QueryRow(ctx, "SELECT count(*), coalesce(min(r.id), 0), coalesce(min(r.finished_at), 0) FROM table_run r WHERE "+own(a, actor)+
			" AND r.kind = 'edition' AND r.seen_at = 0 AND "+w.where, a.Values()...).Scan(&it.Count, &it.Subject, db.Instant(&it.Since))
		if err != nil {
			return nil, err
		}
		if it.Count > 0 {
			out = append(out, it)
		}
	}
	return out, nil
}

// Look marks one of the actor's own files as seen: it waits no more.
func (s *Service) Look(ctx context.Context, actor authz.Actor, runID id.ID) error {
	r, err := findRun(ctx, s.db, actor, runID)
	if err != nil || r.State == Waiting || !r.SeenAt.IsZero() {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error { return markSeen(ctx, tx, actor.Tenant, r.ID) })
}
