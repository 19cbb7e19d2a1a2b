package feedback

import (
	"context"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Evaluation is the community's view of one member's year: the figures come from the ledger, the opinion from people. It has no
// grade and no rank.
type Evaluation struct {
	MemberID    id.ID
	PersonID    id.ID
	Year        int64
	Name        string
	CommunityID id.ID
	Community   string
	UnitID      id.ID
	Unit        string // "" for none
	Minutes     int64
	Deeds       int64
	Activities  int64
	Opinion     string
	Decided     bool
	DecidedAt   time.Time
	Version     int64
}

// EvaluationFilter narrows the list of evaluations; Year is required.
type EvaluationFilter struct {
	Year        int
	CommunityID id.ID
	UnitID      id.ID
	Open        bool // only those without an opinion yet
	Page        db.Page
}

const evaluationQuery = `SELECT e.member_id, e.person_id, e.year, e.name, e.community_id, c.name, e.unit_id, coalesce(u.name, ''), e.minutes, e.deeds,
	e.activities, e.opinion, e.state = 'decided', e.decided_at, e.version
	FROM evaluation e JOIN organisation c ON c.tenant_id = e.tenant_id AND c.id = e.community_id
	LEFT JOIN organisation u ON u.tenant_id = e.tenant_id AND u.id = e.unit_id WHERE `

func (e *Evaluation) dest() []any {
	return []any{&e.MemberID, &e.PersonID, &e.Year, &e.Name, &e.CommunityID, &e.Community, &e.UnitID, &e.Unit, &e.Minutes, &e.Deeds,
		&e.Activities, &e.Opinion, &e.Decided, db.Instant(&e.DecidedAt), &e.Version}
}

// evaluationScope lets the community see all of its own, the unit and the member what was decided.
func evaluationScope(a *db.Args, actor authz.Actor) string {
	evaluate := actor.Scope(PermEvaluate).Where(a, authz.Columns{Tenant: "e.tenant_id", Orgs: []string{"e.community_id"}})
	see := actor.Scope(PermSee).Or(actor.Scope(PermSeeOwn)).Where(a, authz.Columns{Tenant: "e.tenant_id", Orgs: []string{"e.community_id", "e.unit_id"}, Person: "e.person_id"})
	return "e.tenant_id = " + a.Add(actor.Tenant) + " AND ((" + evaluate + ") OR (" + see + " AND e.state = 'decided'))"
}

// OpenYear makes the evaluation of every member registered in a community in scope, with the year's figures from the ledger.
// Those that exist and are not decided get their figures anew. It needs PermEvaluate and gives how many there are.
func (s *Service) OpenYear(ctx context.Context, actor authz.Actor, community id.ID, year int) (int64, error) {
	scope := actor.Scope(PermEvaluate)
	if err := scope.Require(community); err != nil {
		return 0, err
	}
	var n int64
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if this := calendar.DateOf(tx.Now()).Year(); year > this || year < 2000 {
			return errs.Field("year", i18n.FeedbackBadYear)
		}
		// A scope of the whole tenant covers any identifier, also one of another tenant.
		there, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM organisation WHERE tenant_id = $1 AND id = $2`, actor.Tenant, community)
		if err != nil {
			return err
		}
		if there == 0 {
			return errs.ErrNotFound
		}
		n, err = tx.Exec(ctx, `INSERT INTO evaluation (tenant_id, year, member_id, person_id, community_id, unit_id, name, minutes, deeds, activities, state)
			SELECT m.tenant_id, $2, m.id, m.person_id, m.community_id, m.unit_id, m.name, coalesce(x.minutes, 0), coalesce(x.deeds, 0), coalesce(x.activities, 0), 'open'
			FROM member m LEFT JOIN (
				SELECT member_id, sum(CASE WHEN account = 'hours' THEN amount ELSE 0 END) AS minutes,
					sum(CASE WHEN account = 'deeds' THEN amount ELSE 0 END) AS deeds,
					sum(CASE WHEN account = 'hours' THEN (CASE WHEN amount > 0 THEN 1 WHEN amount < 0 THEN -1 ELSE 0 END) ELSE 0 END) AS activities
				FROM posting WHERE tenant_id = $1 AND member_id <> 0 AND quarter >= $3 AND quarter <= $4 GROUP BY member_id
			) x ON x.member_id = m.id
			WHERE m.tenant_id = $1 AND m.community_id = $5 AND m.ended_on = ''
			ON CONFLICT (tenant_id, year, member_id) DO UPDATE SET minutes = excluded.minutes, deeds = excluded.deeds,
				activities = excluded.activities, version = evaluation.version + 1
			WHERE evaluation.state = 'open'`,
			actor.Tenant, year, calendar.NewQuarter(year, 1), calendar.NewQuarter(year, 4), community)
		if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "feedback.open_year", Permission: PermEvaluate, SubjectKind: "evaluation",
			SubjectID: community, OrgID: community, Detail: map[string]any{"year": year, "members": n}})
	})
	return n, err
}

// Evaluations lists a year's evaluations by name: the community's own in every state, decided ones for the unit and the member.
func (s *Service) Evaluations(ctx context.Context, actor authz.Actor, f EvaluationFilter) (db.List[Evaluation], error) {
	a := &db.Args{}
	where := evaluationScope(a, actor) + " AND e.year = " + a.Add(f.Year)
	if f.CommunityID != 0 {
		where += " AND e.community_id = " + a.Add(f.CommunityID)
	}
	if f.UnitID != 0 {
		where += " AND e.unit_id = " + a.Add(f.UnitID)
	}
	if f.Open {
		where += " AND e.state = 'open'"
	}
	page, tail := a.Keyset(f.Page, db.Order{Column: "e.name", IDColumn: "e.member_id"})
	rows, err := db.All(ctx, s.db, (*Evaluation).dest, evaluationQuery+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Evaluation]{}, err
	}
	return db.Cut(rows, f.Page, func(e Evaluation) db.Cursor { return db.Cursor{Key: e.Name, ID: e.MemberID} }), nil
}

// Evaluation gives one member's evaluation of a year.
func (s *Service) Evaluation(ctx context.Context, actor authz.Actor, member id.ID, year int) (Evaluation, error) {
	return s.evaluation(ctx, s.db, actor, member, year)
}

func (s *Service) evaluation(ctx context.Context, q db.Querier, actor authz.Actor, member id.ID, year int) (Evaluation, error) {
	a := &db.Args{}
	where := evaluationScope(a, actor) + " AND e.year = " + a.Add(year) + " AND e.member_id = " + a.Add(member)
	return db.One(ctx, q, (*Evaluation).dest, evaluationQuery+where, a.Values()...)
}

// Evaluate writes the community's opinion of a member's year. version is that of the evaluation the person saw.
func (s *Service) Evaluate(ctx context.Context, actor authz.Actor, member id.ID, year int, opinion string, version int64) error {
	opinion = strings.TrimSpace(opinion)
	if opinion == "" {
		return errs.Field("opinion", i18n.ErrRequired)
	}
	if n := len([]rune(opinion)); n > 500 {
		return errs.Field("opinion", i18n.ErrTooLong, 500, n)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		e, err := s.evaluation(ctx, tx, actor, member, year)
		if err != nil {
			return err
		}
		if err := actor.Scope(PermEvaluate).Require(e.CommunityID); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE evaluation SET opinion = $1, state = 'decided', decided_at = $2, decided_by = $3, version = version + 1
			WHERE tenant_id = $4 AND year = $5 AND member_id = $6 AND version = $7`,
			opinion, db.Micros(tx.Now()), actor.AccountID, actor.Tenant, year, member, version); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermEvaluate), SubjectKind: "evaluation", SubjectID: member, PersonID: e.PersonID,
			OrgID: e.CommunityID, Detail: map[string]any{"year": year}})
	})
}
