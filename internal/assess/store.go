package assess

import (
	"context"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
)

const rubricQuery = `SELECT r.id, r.code, r.edition, (SELECT max(l.edition) FROM rubric l WHERE l.tenant_id = r.tenant_id AND l.code = r.code), r.title, r.subject, r.every,
	r.body, r.content_hash, coalesce(a.name, ''), r.created_at, (SELECT count(*) FROM assessment s WHERE s.tenant_id = r.tenant_id AND s.rubric_id = r.id)
	FROM rubric r LEFT JOIN account a ON a.tenant_id = r.tenant_id AND a.id = r.created_by AND r.created_by <> 0 WHERE `

func (e *Edition) dest() []any {
	return []any{&e.ID, &e.Code, &e.Edition, &e.Latest, &e.Title, &e.Subject, &e.Every, &e.Body, &e.Digest, &e.By, db.Instant(&e.CreatedAt), &e.Used}
}

// everybody who may see assessments or rubrics at all sees the rubrics of the tenant: by what one is scored is no secret.
func rubricScope(a *db.Args, scope authz.Scope) string {
	if scope.Empty() {
		return "r.tenant_id = " + a.Add(int64(0)) + " AND 1 = 0"
	}
	return "r.tenant_id = " + a.Add(scope.Tenant())
}

func latestRubrics(ctx context.Context, q db.Querier, scope authz.Scope) ([]Edition, error) {
	a := &db.Args{}
	return db.All(ctx, q, (*Edition).dest, rubricQuery+rubricScope(a, scope)+` AND r.edition = (SELECT max(l.edition) FROM rubric l WHERE l.tenant_id = r.tenant_id AND l.code = r.code)
		ORDER BY r.title, r.id LIMIT 500`, a.Values()...)
}

func editionsOf(ctx context.Context, q db.Querier, scope authz.Scope, code string) ([]Edition, error) {
	a := &db.Args{}
	return db.All(ctx, q, (*Edition).dest, rubricQuery+rubricScope(a, scope)+" AND r.code = "+a.Add(code)+" ORDER BY r.edition DESC LIMIT 500", a.Values()...)
}

func findRubric(ctx context.Context, q db.Querier, scope authz.Scope, rubric id.ID) (Edition, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Edition).dest, rubricQuery+rubricScope(a, scope)+" AND r.id = "+a.Add(rubric), a.Values()...)
}

func insertRubric(ctx context.Context, tx *db.Tx, actor authz.Actor, e Edition) error {
	_, err := tx.Exec(ctx, `INSERT INTO rubric (tenant_id, id, code, edition, title, subject, every, body, content_hash, created_by, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`, actor.Tenant, e.ID, e.Code, e.Edition, e.Title, string(e.Subject), string(e.Every), e.Body, e.Digest, actor.AccountID, db.Micros(tx.Now()))
	return err
}

const nameOf = `CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END`

const assessmentQuery = `SELECT s.id, s.rubric_id, r.title, r.edition, r.every, s.organiser_id, coalesce(` + nameOf + `, ''), s.title, s.period, s.state, coalesce(f.name, ''),
	s.opened_at, s.frozen_at, (SELECT count(*) FROM assessment_party n WHERE n.tenant_id = s.tenant_id AND n.assessment_id = s.id), s.version
	FROM assessment s JOIN rubric r ON r.tenant_id = s.tenant_id AND r.id = s.rubric_id
	LEFT JOIN organisation o ON o.tenant_id = s.tenant_id AND o.id = s.organiser_id
	LEFT JOIN account f ON f.tenant_id = s.tenant_id AND f.id = s.frozen_by AND s.frozen_by <> 0 WHERE `

func (s *Assessment) dest() []any {
	return []any{&s.ID, &s.RubricID, &s.Rubric, &s.Edition, &s.Every, &s.OrganiserID, &s.Organiser, &s.Title, &s.Period, &s.State, &s.FrozenBy,
		db.Instant(&s.OpenedAt), db.Instant(&s.FrozenAt), &s.Parties, &s.Version}
}

// seen is the condition that one of the organisations assessed is in scope.
func seen(a *db.Args, scope authz.Scope) string {
	if scope.Empty() || scope.All() {
		return scope.Where(a, authz.Columns{Tenant: "s.tenant_id"})
	}
	return "s.tenant_id = " + a.Add(scope.Tenant()) + " AND EXISTS (SELECT 1 FROM assessment_party v WHERE v.assessment_id = s.id AND " +
		scope.Where(a, authz.Columns{Tenant: "v.tenant_id", Orgs: []string{"v.organisation_id"}}) + ")"
}

func listAssessments(ctx context.Context, q db.Querier, scope authz.Scope, f Filter) ([]Assessment, error) {
	a := &db.Args{}
	where := seen(a, scope)
	if f.State != "" {
		where += " AND s.state = " + a.Add(string(f.State))
	}
	if f.RubricID != 0 {
		where += " AND s.rubric_id = " + a.Add(f.RubricID)
	}
	if f.Appealed {
		where += " AND EXISTS (SELECT 1 FROM assessment_appeal p WHERE p.tenant_id = s.tenant_id AND p.assessment_id = s.id AND p.state = " + a.Add(string(Waiting)) + ")"
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "s.id", Desc: true})
	return db.All(ctx, q, (*Assessment).dest, assessmentQuery+where+page+tail, a.Values()...)
}

// findAssessment finds an assessment that has an organisation in scope.
func findAssessment(ctx context.Context, q db.Querier, scope authz.Scope, assessment id.ID) (Assessment, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Assessment).dest, assessmentQuery+seen(a, scope)+" AND s.id = "+a.Add(assessment), a.Values()...)
}

// findHeld finds an assessment whose organiser is in scope.
func findHeld(ctx context.Context, q db.Querier, scope authz.Scope, assessment id.ID) (Assessment, error) {
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "s.tenant_id", Orgs: []string{"s.organiser_id"}})
	return db.One(ctx, q, (*Assessment).dest, assessmentQuery+where+" AND s.id = "+a.Add(assessment), a.Values()...)
}

// opened counts the organisations that the same organiser assesses by the same rubric in the same period already.
func opened(ctx context.Context, q db.Querier, tenant int64, code, period string, organiser id.ID, orgs []id.ID) (int64, error) {
	a := &db.Args{}
	return db.Value[int64](ctx, q, `SELECT count(*) FROM assessment s JOIN rubric r ON r.tenant_id = s.tenant_id AND r.id = s.rubric_id
		JOIN assessment_party p ON p.tenant_id = s.tenant_id AND p.assessment_id = s.id
		WHERE s.tenant_id = `+a.Add(tenant)+` AND r.code = `+a.Add(code)+` AND s.period = `+a.Add(period)+` AND s.organiser_id = `+a.Add(organiser)+" AND "+db.In(a, "p.organisation_id", orgs), a.Values()...)
}

func insertAssessment(ctx context.Context, tx *db.Tx, actor authz.Actor, s Assessment, parties []id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO assessment (tenant_id, id, rubric_id, organiser_id, title, period, state, opened_by, opened_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		actor.Tenant, s.ID, s.RubricID, s.OrganiserID, s.Title, s.Period, string(Open), actor.AccountID, db.Micros(tx.Now()))
	if err != nil {
		return err
	}
	return tx.InsertMany(ctx, "assessment_party", []string{"tenant_id", "assessment_id", "organisation_id"}, len(parties), func(i int) []any {
		return []any{actor.Tenant, s.ID, parties[i]}
	})
}

func setFrozen(ctx context.Context, tx *db.Tx, actor authz.Actor, assessment id.ID, version int64) error {
	return tx.Update(ctx, `UPDATE assessment SET state = $1, frozen_by = $2, frozen_at = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`,
		string(Frozen), actor.AccountID, db.Micros(tx.Now()), actor.Tenant, assessment, version)
}

// parties are the organisations assessed that are in scope, by name.
func parties(ctx context.Context, q db.Querier, scope authz.Scope, assessment id.ID) ([]Party, error) {
	a := &db.Args{}
	return db.All(ctx, q, func(p *Party) []any { return []any{&p.OrganisationID, &p.Name, &p.Edition, &p.Total, &p.Appeals} },
		`SELECT p.organisation_id, `+nameOf+`, coalesce(h.edition, 0), coalesce(h.total, 0),
		(SELECT count(*) FROM assessment_appeal w WHERE w.tenant_id = p.tenant_id AND w.assessment_id = p.assessment_id AND w.organisation_id = p.organisation_id AND w.state = `+a.Add(string(Waiting))+`)
		FROM assessment_party p JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
		LEFT JOIN assessment_sheet h ON h.tenant_id = p.tenant_id AND h.assessment_id = p.assessment_id AND h.organisation_id = p.organisation_id
		AND h.edition = (SELECT max(m.edition) FROM assessment_sheet m WHERE m.tenant_id = p.tenant_id AND m.assessment_id = p.assessment_id AND m.organisation_id = p.organisation_id)
		WHERE `+scope.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.organisation_id"}})+` AND p.assessment_id = `+a.Add(assessment)+` ORDER BY o.name_key, o.id LIMIT 1000`, a.Values()...)
}

const findingQuery = `SELECT f.id, f.assessment_id, f.organisation_id, f.indicator, f.measure, f.amount, f.on_date, f.note, f.source, f.appeal_id, coalesce(e.name, ''), f.entered_at,
	coalesce(w.name, ''), f.withdrawn_at, f.reason FROM assessment_finding f
	LEFT JOIN account e ON e.tenant_id = f.tenant_id AND e.id = f.entered_by AND f.entered_by <> 0
	LEFT JOIN account w ON w.tenant_id = f.tenant_id AND w.id = f.withdrawn_by AND f.withdrawn_by <> 0 WHERE `

func (f *Finding) dest() []any {
	return []any{&f.ID, &f.AssessmentID, &f.OrganisationID, &f.Indicator, &f.Measure, &f.Value, &f.On, &f.Note, &f.Source, &f.AppealID, &f.EnteredBy, db.Instant(&f.EnteredAt),
		&f.WithdrawnBy, db.Instant(&f.WithdrawnAt), &f.Reason}
}

var findingColumns = authz.Columns{Tenant: "f.tenant_id", Orgs: []string{"f.organisation_id"}}

// findings are those of an assessment that concern organisations in scope, of one organisation if it is given.
func findings(ctx context.Context, q db.Querier, scope authz.Scope, assessment, organisation id.ID) ([]Finding, error) {
	a := &db.Args{}
	where := scope.Where(a, findingColumns) + " AND f.assessment_id = " + a.Add(assessment)
	if organisation != 0 {
		where += " AND f.organisation_id = " + a.Add(organisation)
	}
	return db.All(ctx, q, (*Finding).dest, findingQuery+where+" ORDER BY f.organisation_id, f.on_date, f.id LIMIT 20000", a.Values()...)
}

func findFinding(ctx context.Context, q db.Querier, scope authz.Scope, finding id.ID) (Finding, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Finding).dest, findingQuery+scope.Where(a, findingColumns)+" AND f.id = "+a.Add(finding), a.Values()...)
}

func insertFinding(ctx context.Context, tx *db.Tx, actor authz.Actor, f Finding) error {
	_, err := tx.Exec(ctx, `INSERT INTO assessment_finding (tenant_id, id, assessment_id, organisation_id, indicator, measure, amount, on_date, note, source, appeal_id, entered_by, entered_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`, actor.Tenant, f.ID, f.AssessmentID, f.OrganisationID, f.Indicator, f.Measure, int64(f.Value), f.On.String(), f.Note, f.Source,
		f.AppealID, actor.AccountID, db.Micros(tx.Now()))
	return err
}

func setWithdrawn(ctx context.Context, tx *db.Tx, actor authz.Actor, finding id.ID, reason string) error {
	return tx.Update(ctx, `UPDATE assessment_finding SET withdrawn_by = $1, withdrawn_at = $2, reason = $3 WHERE tenant_id = $4 AND id = $5 AND withdrawn_at = 0`,
		actor.AccountID, db.Micros(tx.Now()), reason, actor.Tenant, finding)
}

func insertSheet(ctx context.Context, tx *db.Tx, actor authz.Actor, assessment, organisation id.ID, s Settled) error {
	_, err := tx.Exec(ctx, `INSERT INTO assessment_sheet (tenant_id, id, assessment_id, organisation_id, edition, total, content, content_hash, appeal_id, frozen_by, frozen_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`, actor.Tenant, s.ID, assessment, organisation, s.Edition, int64(s.Total), s.content, s.Digest, s.AppealID, actor.AccountID, db.Micros(tx.Now()))
	return err
}

// sheets are the editions of the sheets of an assessment in scope, the latest first; of one organisation if it is given.
func sheets(ctx context.Context, q db.Querier, scope authz.Scope, assessment, organisation id.ID) (map[id.ID][]Settled, error) {
	type row struct {
		org id.ID
		Settled
	}
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "h.tenant_id", Orgs: []string{"h.organisation_id"}}) + " AND h.assessment_id = " + a.Add(assessment)
	if organisation != 0 {
		where += " AND h.organisation_id = " + a.Add(organisation)
	}
	rows, err := db.All(ctx, q, func(r *row) []any {
		return []any{&r.org, &r.ID, &r.Edition, &r.Total, &r.content, &r.Digest, &r.AppealID, &r.FrozenBy, db.Instant(&r.FrozenAt)}
	}, `SELECT h.organisation_id, h.id, h.edition, h.total, h.content, h.content_hash, h.appeal_id, coalesce(b.name, ''), h.frozen_at FROM assessment_sheet h
		LEFT JOIN account b ON b.tenant_id = h.tenant_id AND b.id = h.frozen_by AND h.frozen_by <> 0 WHERE `+where+" ORDER BY h.organisation_id, h.edition DESC LIMIT 5000", a.Values()...)
	out := map[id.ID][]Settled{}
	for _, r := range rows {
		out[r.org] = append(out[r.org], r.Settled)
	}
	return out, err
}

const appealQuery = `SELECT p.id, p.assessment_id, p.organisation_id, p.indicator, p.body, p.state, p.answer, coalesce(m.name, ''), p.made_at, coalesce(n.name, ''), p.answered_at, p.version
	FROM assessment_appeal p JOIN assessment s ON s.tenant_id = p.tenant_id AND s.id = p.assessment_id
	LEFT JOIN account m ON m.tenant_id = p.tenant_id AND m.id = p.made_by AND p.made_by <> 0
	LEFT JOIN account n ON n.tenant_id = p.tenant_id AND n.id = p.answered_by AND p.answered_by <> 0 WHERE `

func (p *Appeal) dest() []any {
	return []any{&p.ID, &p.AssessmentID, &p.OrganisationID, &p.Indicator, &p.Body, &p.State, &p.Answer, &p.MadeBy, db.Instant(&p.MadeAt), &p.AnsweredBy, db.Instant(&p.AnsweredAt), &p.Version}
}

func appeals(ctx context.Context, q db.Querier, scope authz.Scope, assessment, organisation id.ID) ([]Appeal, error) {
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.organisation_id"}}) + " AND p.assessment_id = " + a.Add(assessment) + " AND p.organisation_id = " + a.Add(organisation)
	return db.All(ctx, q, (*Appeal).dest, appealQuery+where+" ORDER BY p.id DESC LIMIT 200", a.Values()...)
}

// findAppeal finds an appeal against an assessment whose organiser is in scope.
func findAppeal(ctx context.Context, q db.Querier, scope authz.Scope, appeal id.ID) (Appeal, error) {
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"s.organiser_id"}})
	return db.One(ctx, q, (*Appeal).dest, appealQuery+where+" AND p.id = "+a.Add(appeal), a.Values()...)
}

func insertAppeal(ctx context.Context, tx *db.Tx, actor authz.Actor, p Appeal) error {
	_, err := tx.Exec(ctx, `INSERT INTO assessment_appeal (tenant_id, id, assessment_id, organisation_id, indicator, body, state, made_by, made_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
		actor.Tenant, p.ID, p.AssessmentID, p.OrganisationID, p.Indicator, p.Body, string(Waiting), actor.AccountID, db.Micros(tx.Now()))
	return err
}

func setAnswered(ctx context.Context, tx *db.Tx, actor authz.Actor, appeal id.ID, to AppealState, answer string, version int64) error {
	return tx.Update(ctx, `UPDATE assessment_appeal SET state = $1, answer = $2, answered_by = $3, answered_at = $4, version = version + 1
		WHERE tenant_id = $5 AND id = $6 AND version = $7`, string(to), answer, actor.AccountID, db.Micros(tx.Now()), actor.Tenant, appeal, version)
}
