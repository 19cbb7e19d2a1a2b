package retention

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/policy"
)

// Service shows and removes what is past its period.
type Service struct {
	db    *db.DB
	kinds []Kind
	kept  []Kept
}

// New makes the service for all kinds there are.
func New(d *db.DB, kinds []Kind, kept []Kept) *Service { return &Service{d, kinds, kept} }

// Policies are the periods, for the settings.
func Policies(kinds []Kind) []policy.Value {
	var list []policy.Value
	for _, k := range kinds {
		list = append(list, k.Period)
	}
	return list
}

// Kept lists what stays under lock.
func (s *Service) Kept() []Kept { return s.kept }

// soonDays is how far ahead the list looks.
const soonDays = 90

// Standing is how a kind stands today.
type Standing struct {
	Kind
	Now    int64         // the period in force, 0 for none
	Before calendar.Date // what is older goes tonight; zero without a period
	Due    int64         // goes tonight
	Soon   int64         // follows within the next 90 days
}

// List gives every kind with what will be removed and when.
func (s *Service) List(ctx context.Context, actor authz.Actor) ([]Standing, error) {
	if !actor.Scope(PermSee).All() {
		return nil, errs.ErrForbidden
	}
	return s.standings(ctx, actor.Tenant)
}

func (s *Service) standings(ctx context.Context, tenant int64) ([]Standing, error) {
	today := calendar.DateOf(s.db.Now())
	var list []Standing
	for _, k := range s.kinds {
		st := Standing{Kind: k}
		var err error
		if st.Now, err = k.Period.On(ctx, s.db, tenant, today); err != nil {
			return nil, err
		}
		if st.Now > 0 {
			st.Before = k.Cut(today, st.Now)
			if st.Due, err = count(ctx, s.db, k, tenant, st.Before); err != nil {
				return nil, err
			}
			later, err := count(ctx, s.db, k, tenant, k.Cut(today.AddDays(soonDays), st.Now))
			if err != nil {
				return nil, err
			}
			st.Soon = later - st.Due
		}
		list = append(list, st)
	}
	return list, nil
}

func count(ctx context.Context, q db.Querier, k Kind, tenant int64, before calendar.Date) (int64, error) {
	a := &db.Args{}
	rows := k.Past(a, tenant, before)
	n, err := db.Value[int64](ctx, q, "SELECT count(*) FROM "+rows.From, a.Values()...)
	if err != nil {
		err = fmt.Errorf("retention %s: %w", k.Code, err)
	}
	return n, err
}

// past gives the next rows of a kind behind one.
func past(ctx context.Context, q db.Querier, k Kind, tenant int64, before calendar.Date, after id.ID, limit int) ([]id.ID, error) {
	a := &db.Args{}
	rows := k.Past(a, tenant, before)
	ids, err := db.Column[id.ID](ctx, q, "SELECT "+rows.ID+" FROM "+rows.From+" AND "+rows.ID+" > "+a.Add(after)+
		" ORDER BY "+rows.ID+" LIMIT "+strconv.Itoa(limit), a.Values()...)
	if err != nil {
		err = fmt.Errorf("retention %s: %w", k.Code, err)
	}
	return ids, err
}

// batch is how many rows one transaction takes out.
const batch = 200

// Preview calls fn for every row that would be taken out now: the dry run.
func (s *Service) Preview(ctx context.Context, tenant int64, fn func(st Standing, row id.ID) error) ([]Standing, error) {
	list, err := s.standings(ctx, tenant)
	if err != nil {
		return nil, err
	}
	for _, st := range list {
		for after := id.ID(0); st.Now > 0; {
			ids, err := past(ctx, s.db, st.Kind, tenant, st.Before, after, batch)
			if err != nil {
				return nil, err
			}
			for _, r := range ids {
				after = r
				if err := fn(st, r); err != nil {
					return nil, err
				}
			}
			if len(ids) < batch {
				break
			}
		}
	}
	return list, nil
}

// Progress is told how many rows are done of how many.
type Progress func(done, total int64)

// Run takes out everything in a tenant that is past its period today and gives how much of each kind. It may be stopped and run again.
func (s *Service) Run(ctx context.Context, tenant int64, progress Progress) (map[string]int64, error) {
	list, err := s.standings(ctx, tenant)
	if err != nil {
		return nil, err
	}
	var done, total int64
	for _, st := range list {
		total += st.Due
	}
	removed := map[string]int64{}
	for _, st := range list {
		run, after := id.New(), id.ID(0)
		for st.Now > 0 {
			var ids []id.ID
			err := s.db.WithTx(ctx, func(tx *db.Tx) (err error) {
				if ids, err = past(ctx, tx, st.Kind, tenant, st.Before, after, batch); err != nil || len(ids) == 0 {
					return err
				}
				if err := st.Remove(ctx, tx, tenant, ids); err != nil {
					return fmt.Errorf("retention %s: %w", st.Code, err)
				}
				return s.record(ctx, tx, tenant, run, st, int64(len(ids)))
			})
			if err != nil {
				return removed, err
			}
			if n := int64(len(ids)); n > 0 {
				after = ids[n-1]
				removed[st.Code] += n
				done += n
				if progress != nil {
					progress(done, max(total, done))
				}
			}
			if len(ids) < batch {
				break
			}
		}
	}
	return removed, nil
}

// record adds to the count of a run and to the audit record.
func (s *Service) record(ctx context.Context, tx *db.Tx, tenant int64, run id.ID, st Standing, n int64) error {
	_, err := tx.Exec(ctx, `INSERT INTO retention_run (tenant_id, id, kind, before_on, period, removed, at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (tenant_id, id) DO UPDATE SET removed = retention_run.removed + excluded.removed, at = excluded.at`,
		tenant, run, st.Code, st.Before.String(), st.Now, n, db.Micros(tx.Now()))
	if err != nil {
		return err
	}
	return audit.Record(ctx, tx, authz.System(tenant, "retention"), audit.Entry{Action: "retention.run", SubjectKind: "retention", SubjectID: run,
		Detail: map[string]any{"kind": st.Code, "before": st.Before.String(), "rows": n}})
}

// Done is one finished removal.
type Done struct {
	ID      id.ID
	Kind    Kind
	Before  string
	Period  int64
	Removed int64
	At      time.Time
}

// Runs gives what was removed, newest first.
func (s *Service) Runs(ctx context.Context, actor authz.Actor, p db.Page) (db.List[Done], error) {
	if !actor.Scope(PermSee).All() {
		return db.List[Done]{}, errs.ErrForbidden
	}
	a := &db.Args{}
	where := "tenant_id = " + a.Add(actor.Tenant)
	page, tail := a.Keyset(p, db.Order{IDColumn: "id", Desc: true})
	rows, err := db.All(ctx, s.db, func(r *Done) []any {
		return []any{&r.ID, &r.Kind.Code, &r.Before, &r.Period, &r.Removed, db.Instant(&r.At)}
	}, "SELECT id, kind, before_on, period, removed, at FROM retention_run WHERE "+where+page+tail, a.Values()...)
	for i := range rows {
		for _, k := range s.kinds {
			if k.Code == rows[i].Kind.Code {
				rows[i].Kind = k
			}
		}
	}
	return db.Cut(rows, p, func(r Done) db.Cursor { return db.Cursor{ID: r.ID} }), err
}
