package outlet

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/waiting"
)

// Service keeps the directory.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{d} }

// Now is the clock of the directory.
func (s *Service) Now() time.Time { return s.db.Now() }

// Add enters an outlet in scope (PermKeep).
func (s *Service) Add(ctx context.Context, actor authz.Actor, in Entry) (made id.ID, err error) {
	if e := in.check(); e != nil {
		return 0, e
	}
	if actor.Scope(PermKeep).Require(in.CommunityID) != nil {
		return 0, errs.Field("community", i18n.ErrBadChoice)
	}
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := places(ctx, tx, actor.Tenant, in); err != nil {
			return err
		}
		o := Outlet{ID: id.New(), Entry: in, CheckedOn: calendar.DateOf(tx.Now())}
		made = o.ID
		if err := insert(ctx, tx, actor, 0, []*Outlet{&o}); err != nil {
			return there(err)
		}
		return record(ctx, tx, actor, "outlet.add", o)
	})
}

// there says that an outlet is entered already, where that is what went wrong.
func there(err error) error {
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.OutletThere).With("name", i18n.OutletThere)
	}
	return err
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, o Outlet) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: act, Permission: PermKeep, SubjectKind: "outlet", SubjectID: o.ID, OrgID: o.CommunityID, Detail: map[string]any{"name": o.Name, "element": o.Element}})
}

// act changes an outlet in scope (PermKeep) and records it.
func (s *Service) act(ctx context.Context, actor authz.Actor, name string, outlet id.ID, version int64, do func(tx *db.Tx, o *Outlet) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		o, err := find(ctx, tx, actor.Scope(PermKeep), outlet)
		if err != nil {
			return err
		}
		if version != 0 && version != o.Version {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		if err := do(tx, &o); err != nil {
			return err
		}
		if err := save(ctx, tx, actor.Tenant, &o); err != nil {
			return there(err)
		}
		return record(ctx, tx, actor, name, o)
	})
}

// Edit changes an outlet in scope (PermKeep). Whoever changes it has looked at it: it counts as checked today.
func (s *Service) Edit(ctx context.Context, actor authz.Actor, outlet id.ID, in Entry) error {
	if e := in.check(); e != nil {
		return e
	}
	return s.act(ctx, actor, "outlet.edit", outlet, in.Version, func(tx *db.Tx, o *Outlet) error {
		if in.CommunityID != o.CommunityID && actor.Scope(PermKeep).Require(in.CommunityID) != nil {
			return errs.Field("community", i18n.ErrBadChoice)
		}
		if err := places(ctx, tx, actor.Tenant, in); err != nil {
			return err
		}
		in.Version = o.Version
		o.Entry, o.CheckedOn = in, calendar.DateOf(tx.Now())
		return nil
	})
}

// Check says that everything about an outlet is still so (PermKeep).
func (s *Service) Check(ctx context.Context, actor authz.Actor, outlet id.ID, version int64) error {
	return s.act(ctx, actor, "outlet.check", outlet, version, func(tx *db.Tx, o *Outlet) error {
		if !o.EndedOn.IsZero() {
			return errs.New(errs.Conflict, i18n.OutletOver)
		}
		o.CheckedOn = calendar.DateOf(tx.Now())
		return nil
	})
}

// End says that an outlet is not there any more; Reopen that it is again (PermKeep).
func (s *Service) End(ctx context.Context, actor authz.Actor, outlet id.ID, version int64) error {
	return s.act(ctx, actor, "outlet.end", outlet, version, func(tx *db.Tx, o *Outlet) error {
		if !o.EndedOn.IsZero() {
			return errs.New(errs.Conflict, i18n.OutletOver)
		}
		o.EndedOn = calendar.DateOf(tx.Now())
		return nil
	})
}

// Reopen takes back that an outlet is not there any more (PermKeep).
func (s *Service) Reopen(ctx context.Context, actor authz.Actor, outlet id.ID, version int64) error {
	return s.act(ctx, actor, "outlet.reopen", outlet, version, func(tx *db.Tx, o *Outlet) error {
		if o.EndedOn.IsZero() {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		o.EndedOn, o.CheckedOn = calendar.Date{}, calendar.DateOf(tx.Now())
		return nil
	})
}

// Get gives an outlet in scope (PermSee).
func (s *Service) Get(ctx context.Context, actor authz.Actor, outlet id.ID) (Outlet, error) {
	return find(ctx, s.db, actor.Scope(PermSee), outlet)
}

// What a list at the desk shows.
const (
	ShowUnchecked = "unchecked" // not checked for CheckMonths
	ShowEnded     = "ended"
)

// Filter narrows a list; zero fields do not filter.
type Filter struct {
	Element   Element
	Level     Level
	Community id.ID // with what is below it
	Text      string
	Free      bool
	OpenNow   bool
	Show      string // at the desk
	Page      db.Page
}

// List gives the outlets in scope (PermSee), by name.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Outlet], error) {
	a := &db.Args{}
	w := actor.Scope(PermSee).Where(a, columns)
	switch f.Show {
	case ShowEnded:
		w += " AND u.ended_on <> ''"
	case ShowUnchecked:
		before, err := s.stale(ctx, actor.Tenant)
		if err != nil {
			return db.List[Outlet]{}, err
		}
		w += " AND u.ended_on = '' AND u.checked_on < " + a.Add(before)
	default:
		w += " AND u.ended_on = ''"
	}
	return s.list(ctx, a, w, f)
}

// Public gives what everybody may read of a district, by name.
func (s *Service) Public(ctx context.Context, tenant int64, f Filter) (db.List[Outlet], error) {
	a := &db.Args{}
	return s.list(ctx, a, "u.tenant_id = "+a.Add(tenant)+" AND u.ended_on = ''", f)
}

// stale is the day before which a check is too old.
func (s *Service) stale(ctx context.Context, tenant int64) (string, error) {
	today := calendar.DateOf(s.db.Now())
	months, err := CheckMonths.On(ctx, s.db, tenant, today)
	return today.AddMonths(-int(months)).String(), err
}

// WaitCheck is the kind of what waits: outlets that nobody has checked for long.
const WaitCheck = "outlet.check"

// Waiting says which outlets wait to be checked by whoever keeps them there.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	held := actor.Held(PermKeep)
	if held.Empty() {
		return nil, nil
	}
	before, err := s.stale(ctx, actor.Tenant)
	if err != nil {
		return nil, err
	}
	a := &db.Args{}
	it := waiting.Item{Kind: WaitCheck}
	var since calendar.Date
	err = s.db.QueryRow(ctx, "SELECT count(*), coalesce(min(u.id), 0), coalesce(min(u.checked_on), '') FROM outlet u WHERE "+held.Where(a, columns)+" AND u.ended_on = '' AND u.checked_on < "+a.Add(before), a.Values()...).
		Scan(&it.Count, &it.Subject, &since)
	if err != nil || it.Count == 0 {
		return nil, err
	}
	it.Since = since.Time()
	return []waiting.Item{it}, nil
}
