package figure

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"sync"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
)

// FreezeDays is how many days after its end a period is frozen: corrections of the last days still come in.
var FreezeDays = policy.Value{Name: "figure.freeze_days", Title: i18n.FigureFreezeDays, Unit: i18n.FigureDays, Default: 20, Min: 1, Max: 90, Source: "EVAL-8"}

// kept is how many quarters are rolled up by themselves, the present one included.
const kept = 8

// version names the statements of the catalogue, so that it shows when frozen values come from other ones.
var version = func() string {
	h := sha256.New()
	for _, f := range Catalogue() {
		h.Write([]byte(f.ID + "\x00" + f.SQL + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}()

// Queue takes work that is to be done soon, in the transaction of the act that wants it.
type Queue interface {
	EnqueueFigures(ctx context.Context, tx *db.Tx, actor authz.Actor, period string) error
}

// Service works figures out.
type Service struct {
	db    *db.DB
	queue Queue
	first sync.Mutex // one at a time rolls up a period that nobody asked for before
}

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// InBackground lets Recompute queue its work instead of doing it at once.
func (s *Service) InBackground(q Queue) { s.queue = q }

// ask makes a question of a figure, a place and a period, all within what the actor may see.
func (s *Service) ask(ctx context.Context, actor authz.Actor, figure string, place id.ID, p Period) (*tree, Place, question, error) {
	f, err := ByID(figure)
	if err != nil {
		return nil, Place{}, question{}, err
	}
	t, at, err := s.find(ctx, actor, place)
	if err != nil {
		return nil, at, question{}, err
	}
	day := today(s.db)
	if err := p.check(day); err != nil {
		return nil, at, question{}, err
	}
	set, err := s.settings(ctx, actor.Tenant, p)
	return t, at, question{f, actor.Tenant, p, day, set}, err
}

// settings are the district's values that hold for a period: those it was frozen with, or those of its last day.
func (s *Service) settings(ctx context.Context, tenant int64, p Period) (settings, error) {
	r, err := rolled(ctx, s.db, tenant, p.String())
	if err != nil {
		return nil, err
	}
	if was := r[p.String()]; was.State == Frozen && was.Policies != nil {
		return was.Policies, nil
	}
	_, _, day := p.bounds(AsOf, today(s.db))
	return readSettings(ctx, s.db, tenant, day)
}

// Roll works every figure of a period out for all places of a tenant and keeps the values; a frozen period stays as it is. Reading goes
// on outside the transaction that writes, so that nobody waits for it.
func (s *Service) Roll(ctx context.Context, tenant int64, p Period, progress func(done, total int64)) error {
	day := today(s.db)
	if err := p.check(day); err != nil {
		return err
	}
	read := s.db.ForReport(ctx)
	t, err := places(read, s.db, tenant)
	if err != nil || t.root.ID == 0 {
		return err // a tenant without organisations has no figures
	}
	_, _, end := p.bounds(AsOf, day)
	set, err := readSettings(ctx, s.db, tenant, end)
	if err != nil {
		return err
	}
	var list []entry
	for i := range figures {
		f := &figures[i]
		if progress != nil {
			progress(int64(i), int64(len(figures)))
		}
		if f.SQL == "" {
			continue
		}
		sums, err := question{f, tenant, p, day, set}.roll(read, s.db, t)
		if err != nil {
			return fmt.Errorf("figure %s: %w", f.ID, err)
		}
		for k, v := range sums {
			if v != (sum{}) {
				list = append(list, entry{k, f.ID, v})
			}
		}
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error { return replace(ctx, tx, tenant, p, list, set) })
}

// Keep rolls up what is not frozen of the latest quarters and of every other period that somebody asked for, and freezes what is due.
// It is the work of a night.
func (s *Service) Keep(ctx context.Context, tenant int64, progress func(done, total int64)) error {
	day := today(s.db)
	have, err := rolled(ctx, s.db, tenant)
	if err != nil {
		return err
	}
	days, err := FreezeDays.On(ctx, s.db, tenant, day)
	if err != nil {
		return err
	}
	list := s.due(have, day)
	for i, p := range list {
		if progress != nil {
			progress(int64(i), int64(len(list)))
		}
		if err := s.Roll(ctx, tenant, p, nil); err != nil {
			return err
		}
		if have[p.String()].State != Reopened && p.End().AddDays(int(days)).Before(day) {
			if err := s.freeze(ctx, authz.System(tenant, "figures"), p, ""); err != nil {
				return err
			}
		}
	}
	return nil
}

// due are the periods to roll up.
func (s *Service) due(have map[string]Rolled, day calendar.Date) []Period {
	var list []Period
	now := InQuarterOf(calendar.QuarterOf(day))
	for n := range kept {
		if p := now.Add(-n); have[p.String()].State != Frozen {
			list = append(list, p)
		}
	}
	for name, r := range have {
		p, err := ParsePeriod(name)
		if err == nil && r.State != Frozen && p.check(day) == nil && !contains(list, p) {
			list = append(list, p)
		}
	}
	return list
}

func contains(list []Period, p Period) bool {
	for _, x := range list {
		if x == p {
			return true
		}
	}
	return false
}

// ensure rolls a period up that never was, and says how it stands.
func (s *Service) ensure(ctx context.Context, tenant int64, p Period) (Rolled, error) {
	read := func() (Rolled, bool, error) {
		m, err := rolled(ctx, s.db, tenant, p.String())
		r, ok := m[p.String()]
		return r, ok, err
	}
	if r, ok, err := read(); ok || err != nil {
		return r, err
	}
	s.first.Lock()
	defer s.first.Unlock()
	if r, ok, err := read(); ok || err != nil {
		return r, err
	}
	if err := s.Roll(ctx, tenant, p, nil); err != nil {
		return Rolled{}, err
	}
	r, _, err := read()
	return r, err
}

// Recompute rolls a period up now (PermKeep in the whole tenant); in the background where there is a queue.
func (s *Service) Recompute(ctx context.Context, actor authz.Actor, p Period) error {
	if err := s.mayKeep(actor, p); err != nil {
		return err
	}
	r, err := rolled(ctx, s.db, actor.Tenant, p.String())
	if err != nil {
		return err
	}
	if r[p.String()].State == Frozen {
		return errs.New(errs.Conflict, i18n.FigureIsFrozen, p.Label())
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := audit.Record(ctx, tx, actor, audit.Entry{Action: "figure.recompute", Permission: PermKeep, SubjectKind: "figure_period",
			Detail: map[string]any{"period": p.String()}}); err != nil || s.queue == nil {
			return err
		}
		return s.queue.EnqueueFigures(ctx, tx, actor, p.String())
	})
	if err != nil || s.queue != nil {
		return err
	}
	return s.Roll(ctx, actor.Tenant, p, nil)
}

func (s *Service) mayKeep(actor authz.Actor, p Period) error {
	if !actor.Scope(PermKeep).All() {
		return errs.ErrForbidden
	}
	return p.check(today(s.db))
}

// Freeze rolls a period that is over up a last time and keeps its values from then on (PermKeep in the whole tenant).
func (s *Service) Freeze(ctx context.Context, actor authz.Actor, p Period) error {
	if err := s.mayKeep(actor, p); err != nil {
		return err
	}
	if !p.End().Before(today(s.db)) {
		return errs.New(errs.Conflict, i18n.FigureFreezeEarly, p.Label())
	}
	if err := s.Roll(ctx, actor.Tenant, p, nil); err != nil {
		return err
	}
	return s.freeze(ctx, actor, p, "")
}

func (s *Service) freeze(ctx context.Context, actor authz.Actor, p Period, reason string) error {
	return s.turn(ctx, actor, p, "figure.freeze", Frozen, reason, func(r Rolled) error {
		if r.State == Frozen {
			return errs.New(errs.Conflict, i18n.FigureIsFrozen, p.Label())
		}
		return nil
	})
}

// Reopen lets the figures of a frozen period follow the records again (PermKeep in the whole tenant), for a reason that is recorded. It stays
// open until somebody freezes it.
func (s *Service) Reopen(ctx context.Context, actor authz.Actor, p Period, reason string) error {
	if err := s.mayKeep(actor, p); err != nil {
		return err
	}
	reason = strings.TrimSpace(reason)
	if reason == "" {
		return errs.Field("reason", i18n.ErrRequired)
	}
	if n := len([]rune(reason)); n > 200 {
		return errs.Field("reason", i18n.ErrTooLong, 200, n)
	}
	err := s.turn(ctx, actor, p, "figure.reopen", Reopened, reason, func(r Rolled) error {
		if r.State != Frozen {
			return errs.New(errs.Conflict, i18n.FigureNotFrozen, p.Label())
		}
		return nil
	})
	if err != nil {
		return err
	}
	return s.Roll(ctx, actor.Tenant, p, nil)
}

// turn changes the state of a period and records it.
func (s *Service) turn(ctx context.Context, actor authz.Actor, p Period, action string, to State, reason string, may func(Rolled) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := rolled(ctx, tx, actor.Tenant, p.String())
		if err != nil {
			return err
		}
		r, ok := m[p.String()]
		if !ok {
			r.Period, r.State = p.String(), Open
		}
		if err := may(r); err != nil {
			return err
		}
		if err := setState(ctx, tx, actor.Tenant, r, to, actor.AccountID, reason); err != nil {
			return err
		}
		detail := map[string]any{"period": p.String()}
		if reason != "" {
			detail["reason"] = reason
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: action, Permission: PermKeep, SubjectKind: "figure_period", Detail: detail})
	})
}

// Current is the quarter of today.
func (s *Service) Current() Period { return InQuarterOf(calendar.QuarterOf(today(s.db))) }

func dayOf(t time.Time) string { return i18n.Date(t) }
