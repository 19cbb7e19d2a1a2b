package employment

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Event is an activity that is a job fair or training for work.
type Event struct {
	ActivityID id.ID
	Kind       EventKind
	Title      string
	Place      string
	State      string // of the activity
	OrgID      id.ID
	Org        string
	StartsAt   time.Time
	Seekers    int64 // people among those who came who sought work
}

var eventColumns = "v.activity_id, v.kind, t.title, t.place, t.state, t.community_id, " + reference.Label("o") + `, t.starts_at,
	(SELECT count(DISTINCT n.person_id) FROM attendance n JOIN employment_seeker s ON s.tenant_id = n.tenant_id AND s.person_id = n.person_id WHERE n.tenant_id = t.tenant_id AND n.activity_id = t.id AND n.person_id <> 0 AND n.state <> 'void')
	FROM employment_event v
	JOIN activity t ON t.tenant_id = v.tenant_id AND t.id = v.activity_id
	LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.community_id
	WHERE `

func (e *Event) dest() []any {
	return []any{&e.ActivityID, &e.Kind, &e.Title, &e.Place, &e.State, &e.OrgID, &e.Org, db.Instant(&e.StartsAt), &e.Seekers}
}

var ofActivity = authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.community_id"}}

// Link says that an activity of a community in scope is a job fair or training (PermManage); what was said before gives way.
func (s *Service) Link(ctx context.Context, actor authz.Actor, activity id.ID, kind EventKind) error {
	if kind.Text().IsZero() {
		return errs.Field("kind", i18n.ErrBadChoice)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		org, err := db.Value[id.ID](ctx, tx, "SELECT t.community_id FROM activity t WHERE "+actor.Scope(PermManage).Where(a, ofActivity)+" AND t.id = "+a.Add(activity), a.Values()...)
		if err != nil {
			return err
		}
		if org == 0 {
			return errs.ErrNotFound
		}
		if _, err := tx.Exec(ctx, `INSERT INTO employment_event (tenant_id, id, activity_id, kind) VALUES ($1,$2,$3,$4) ON CONFLICT (tenant_id, activity_id) DO UPDATE SET kind = excluded.kind`, actor.Tenant, id.New(), activity, kind); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "employment.event", SubjectKind: "activity", SubjectID: activity, OrgID: org, Detail: map[string]any{"kind": kind}})
	})
}

// Events lists fairs and training of communities in scope, the latest first (PermManage, PermSee).
func (s *Service) Events(ctx context.Context, actor authz.Actor, kind EventKind, page db.Page) (out db.List[Event], err error) {
	scope := actor.Scope(PermManage).Or(actor.Scope(PermSee))
	if scope.Empty() {
		return out, errs.ErrForbidden
	}
	a := &db.Args{}
	where := scope.Where(a, ofActivity)
	if kind != "" {
		where += " AND v.kind = " + a.Add(kind)
	}
	keys, tail := a.Keyset(page, db.Order{Column: "t.starts_at", IDColumn: "v.activity_id", Integer: true, Desc: true})
	rows, err := db.All(ctx, s.db, (*Event).dest, "SELECT "+eventColumns+where+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	return db.Cut(rows, page, func(e Event) db.Cursor {
		return db.Cursor{Key: itoa(db.Micros(e.StartsAt)), ID: e.ActivityID}
	}), nil
}

// Coming gives fairs and training that are announced and not over, for everybody.
func (s *Service) Coming(ctx context.Context, tenant int64) ([]Event, error) {
	return db.All(ctx, s.db, (*Event).dest, "SELECT "+eventColumns+"v.tenant_id = $1 AND t.state IN ('published', 'held') AND t.ends_at > $2 ORDER BY t.starts_at, t.id LIMIT 20", tenant, db.Micros(s.db.Now()))
}
