package project

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// acts is where an actor acts: for communities and for units, each by a right held at that very organisation.
func acts(actor authz.Actor) authz.Scope { return actor.Held(PermKeep).Or(actor.Held(PermUnit)) }

var (
	ofCommunity = authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.community_id"}}
	ofPartner   = authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.org_id"}}
)

// seeing is the condition that an actor sees a project: of communities in scope, or in which an organisation takes part for which they act; one that was taken out sees it no longer. A
// partner sees no draft.
func seeing(a *db.Args, actor authz.Actor) string {
	see := actor.Scope(PermSee)
	mine := acts(actor)
	w := "c.tenant_id = " + a.Add(see.Or(mine).Tenant()) + " AND (" + see.Where(a, ofCommunity) + " OR " + mine.Where(a, authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.community_id", "c.lead_id"}}) +
		" OR EXISTS (SELECT 1 FROM project_partner p WHERE " + mine.Where(a, ofPartner) + " AND p.tenant_id = c.tenant_id AND p.project_id = c.id AND p.state <> 'left' AND c.state <> 'draft'))"
	return w
}

const joined = ` FROM project c
	LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id
	LEFT JOIN organisation l ON l.tenant_id = c.tenant_id AND l.id = c.lead_id
	LEFT JOIN programme r ON r.tenant_id = c.tenant_id AND r.id = c.programme_id AND c.programme_id <> 0
	WHERE `

var columns = `c.id, c.no, c.community_id, ` + reference.Label("m") + `, c.lead_id, ` + reference.Label("l") + `, c.title, c.goal, c.kind, c.wanted, c.from_on, c.to_on, c.programme_id, coalesce(r.name, ''), c.state, c.edition,
	c.result, c.end_reason, c.ended_on, c.copied_from, c.proposed_at, c.begun_at, c.version`

func (p *Project) dest() []any {
	return []any{&p.ID, &p.No, &p.CommunityID, &p.Community, &p.LeadID, &p.Lead, &p.Title, &p.Goal, &p.Kind, &p.Wanted, &p.From, &p.To, &p.ProgrammeID, &p.Programme, &p.State, &p.Edition,
		&p.Result, &p.EndReason, &p.EndedOn, &p.CopiedFrom, db.Instant(&p.ProposedAt), db.Instant(&p.BegunAt), &p.Version}
}

// find reads a project in sight with its partners.
func find(ctx context.Context, q db.Querier, actor authz.Actor, project id.ID) (Project, error) {
	a := &db.Args{}
	w := seeing(a, actor) + " AND c.id = " + a.Add(project)
	p, err := db.One(ctx, q, (*Project).dest, "SELECT "+columns+joined+w, a.Values()...)
	if err != nil {
		return p, err
	}
	all, err := partners(ctx, q, actor.Tenant, []id.ID{p.ID})
	p.Partners = all[p.ID]
	return p, err
}

func partners(ctx context.Context, q db.Querier, tenant int64, of []id.ID) (map[id.ID][]Partner, error) {
	type row struct {
		Partner
		project id.ID
	}
	out := map[id.ID][]Partner{}
	if len(of) == 0 {
		return out, nil
	}
	a := &db.Args{}
	rows, err := db.All(ctx, q, func(r *row) []any {
		return []any{&r.project, &r.ID, &r.OrgID, &r.Name, &r.State, &r.Reason, &r.OnPaper, &r.Note, db.Instant(&r.AnsweredAt), &r.Version}
	}, "SELECT p.project_id, p.id, p.org_id, "+reference.Label("o")+`, p.state, p.reason, p.on_paper, p.note, p.answered_at, p.version FROM project_partner p
		LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.org_id WHERE p.tenant_id = `+a.Add(tenant)+" AND "+db.In(a, "p.project_id", of)+" ORDER BY p.id", a.Values()...)
	for _, r := range rows {
		out[r.project] = append(out[r.project], r.Partner)
	}
	return out, err
}

func insert(ctx context.Context, tx *db.Tx, actor authz.Actor, p *Project) error {
	if _, err := tx.Exec(ctx, `INSERT INTO project (tenant_id, id, no, community_id, lead_id, title, title_key, goal, kind, wanted, from_on, to_on, programme_id, state, copied_from, created_by, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)`, actor.Tenant, p.ID, p.No, p.CommunityID, p.LeadID, p.Title, gram.Key(p.Title), p.Goal, p.Kind, p.Wanted, p.From.String(), p.To.String(),
		p.ProgrammeID, p.State, p.CopiedFrom, actor.AccountID, db.Micros(tx.Now())); err != nil {
		return err
	}
	for _, x := range p.Partners {
		if err := insertPartner(ctx, tx, actor.Tenant, p.ID, x); err != nil {
			return err
		}
	}
	return nil
}

func save(ctx context.Context, tx *db.Tx, tenant int64, p *Project) error {
	p.Version++
	return tx.Update(ctx, `UPDATE project SET lead_id = $1, title = $2, title_key = $3, goal = $4, kind = $5, wanted = $6, from_on = $7, to_on = $8, programme_id = $9, state = $10, edition = $11, result = $12, end_reason = $13,
		ended_on = $14, proposed_at = $15, begun_at = $16, version = version + 1 WHERE tenant_id = $17 AND id = $18 AND version = $19`, p.LeadID, p.Title, gram.Key(p.Title), p.Goal, p.Kind, p.Wanted, p.From.String(), p.To.String(),
		p.ProgrammeID, p.State, p.Edition, p.Result, p.EndReason, p.EndedOn.String(), db.Micros(p.ProposedAt), db.Micros(p.BegunAt), tenant, p.ID, p.Version-1)
}

func insertPartner(ctx context.Context, tx *db.Tx, tenant int64, project id.ID, x Partner) error {
	_, err := tx.Exec(ctx, `INSERT INTO project_partner (tenant_id, id, project_id, org_id, state) VALUES ($1,$2,$3,$4,$5)`, tenant, x.ID, project, x.OrgID, x.State)
	if db.IsUnique(err) {
		return errs.Field("partner", i18n.ProjectTwice).Because(err)
	}
	return err
}

func savePartner(ctx context.Context, tx *db.Tx, actor authz.Actor, x *Partner) error {
	x.Version++
	return tx.Update(ctx, `UPDATE project_partner SET state = $1, reason = $2, on_paper = $3, note = $4, answered_by = $5, answered_at = $6, version = version + 1 WHERE tenant_id = $7 AND id = $8 AND version = $9`,
		x.State, x.Reason, x.OnPaper, x.Note, actor.AccountID, db.Micros(x.AnsweredAt), actor.Tenant, x.ID, x.Version-1)
}

// org is what is needed to know of an organisation that takes part.
type org struct {
	id        id.ID
	name      string
	kind      string
	dissolved calendar.Date
}

func orgs(ctx context.Context, q db.Querier, tenant int64, ids []id.ID) (map[id.ID]org, error) {
	a := &db.Args{}
	rows, err := db.All(ctx, q, func(o *org) []any { return []any{&o.id, &o.name, &o.kind, &o.dissolved} },
		"SELECT o.id, "+reference.Label("o")+", o.kind, o.dissolved_on FROM organisation o WHERE o.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "o.id", ids), a.Values()...)
	out := map[id.ID]org{}
	for _, o := range rows {
		out[o.id] = o
	}
	return out, err
}

// able is the condition that somebody could act for an organisation on a day: an active account holds PermUnit there, or PermKeep where it is a community.
func able(a *db.Args, tenant, org string, day calendar.Date) string {
	on := a.Add(day.String())
	return "EXISTS (SELECT 1 FROM role_grant h JOIN role ro ON ro.tenant_id = h.tenant_id AND ro.code = h.role_code JOIN account k ON k.tenant_id = h.tenant_id AND k.id = h.account_id WHERE h.tenant_id = " + tenant +
		" AND h.organisation_id = " + org + " AND k.status = 'active' AND h.valid_from <= " + on + " AND (h.valid_to = '' OR h.valid_to >= " + on + ") AND (' ' || ro.permissions || ' ' LIKE '% " + string(PermUnit) + " %' OR ' ' || ro.permissions || ' ' LIKE '% " + string(PermKeep) + " %'))"
}

// mute gives those of some organisations of which nobody could act.
func mute(ctx context.Context, q db.Querier, tenant int64, of []id.ID, day calendar.Date) ([]id.ID, error) {
	if len(of) == 0 {
		return nil, nil
	}
	a := &db.Args{}
	return db.Column[id.ID](ctx, q, "SELECT o.id FROM organisation o WHERE o.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "o.id", of)+" AND NOT "+able(a, "o.tenant_id", "o.id", day), a.Values()...)
}

func taken(ctx context.Context, q db.Querier, tenant int64, no string) (bool, error) {
	n, err := db.Value[int64](ctx, q, "SELECT count(*) FROM project c WHERE c.tenant_id = $1 AND c.no = $2", tenant, no)
	return n > 0, err
}

const stepJoined = ` FROM project_step t LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.org_id WHERE `

var stepColumns = "t.id, t.org_id, " + reference.Label("o") + ", t.title, t.due_on, t.state, t.done_on, t.words, t.source_kind, t.source_id, t.version"

func (s *Step) dest() []any {
	return []any{&s.ID, &s.OrgID, &s.Who, &s.Title, &s.DueOn, &s.State, &s.DoneOn, &s.Words, &s.SourceKind, &s.SourceID, &s.Version}
}

// steps are those of a project by their days, without those that were dropped.
func steps(ctx context.Context, q db.Querier, tenant int64, project id.ID) ([]Step, error) {
	return db.All(ctx, q, (*Step).dest, "SELECT "+stepColumns+stepJoined+"t.tenant_id = $1 AND t.project_id = $2 AND t.state <> 'dropped' ORDER BY t.due_on, t.id LIMIT 200", tenant, project)
}

func findStep(ctx context.Context, q db.Querier, tenant int64, project, step id.ID) (Step, error) {
	return db.One(ctx, q, (*Step).dest, "SELECT "+stepColumns+stepJoined+"t.tenant_id = $1 AND t.project_id = $2 AND t.id = $3 AND t.state <> 'dropped'", tenant, project, step)
}

func insertSteps(ctx context.Context, tx *db.Tx, tenant int64, project id.ID, all []NewStep) error {
	return tx.InsertMany(ctx, "project_step", []string{"tenant_id", "id", "project_id", "org_id", "title", "due_on", "state"}, len(all), func(i int) []any {
		return []any{tenant, int64(id.New()), int64(project), int64(all[i].OrgID), all[i].Title, all[i].DueOn.String(), string(StepOpen)}
	})
}

func saveStep(ctx context.Context, tx *db.Tx, actor authz.Actor, s *Step, done bool) error {
	s.Version++
	by, at := id.ID(0), int64(0)
	if done {
		by, at = actor.AccountID, db.Micros(tx.Now())
	}
	err := tx.Update(ctx, `UPDATE project_step SET org_id = $1, title = $2, due_on = $3, state = $4, done_on = $5, words = $6, source_kind = $7, source_id = $8, done_by = $9, done_at = $10, version = version + 1
		WHERE tenant_id = $11 AND id = $12 AND version = $13`, s.OrgID, s.Title, s.DueOn.String(), s.State, s.DoneOn.String(), s.Words, s.SourceKind, s.SourceID, by, at, actor.Tenant, s.ID, s.Version-1)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.ProjectLinked).Because(err)
	}
	return err
}

const lineJoined = ` FROM project_line t LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.org_id WHERE `

var lineColumns = "t.id, t.org_id, " + reference.Label("o") + `, t.source, t.title, t.amount, t.dropped, t.version,
	(SELECT CAST(coalesce(sum(x.amount), 0) AS BIGINT) FROM project_expense x WHERE x.tenant_id = t.tenant_id AND x.line_id = t.id AND x.project_id = t.project_id)`

func (l *Line) dest() []any {
	return []any{&l.ID, &l.OrgID, &l.Who, &l.Source, &l.Title, &l.Amount, &l.Dropped, &l.Version, &l.Spent}
}

// lines are those of a project with what was spent; one that was dropped stays as long as something was spent of it.
func lines(ctx context.Context, q db.Querier, tenant int64, project id.ID) ([]Line, error) {
	return db.All(ctx, q, (*Line).dest, "SELECT "+lineColumns+lineJoined+`t.tenant_id = $1 AND t.project_id = $2 AND (t.dropped = FALSE OR EXISTS (SELECT 1 FROM project_expense x WHERE x.tenant_id = t.tenant_id AND x.line_id = t.id
		AND x.project_id = t.project_id)) ORDER BY t.id LIMIT 100`, tenant, project)
}

func findLine(ctx context.Context, q db.Querier, tenant int64, project, line id.ID) (Line, error) {
	return db.One(ctx, q, (*Line).dest, "SELECT "+lineColumns+lineJoined+"t.tenant_id = $1 AND t.project_id = $2 AND t.id = $3 AND t.dropped = FALSE", tenant, project, line)
}

func insertLines(ctx context.Context, tx *db.Tx, tenant int64, project id.ID, all []NewLine) error {
	return tx.InsertMany(ctx, "project_line", []string{"tenant_id", "id", "project_id", "org_id", "source", "title", "amount"}, len(all), func(i int) []any {
		return []any{tenant, int64(id.New()), int64(project), int64(all[i].OrgID), string(all[i].Source), all[i].Title, all[i].Amount}
	})
}

func saveLine(ctx context.Context, tx *db.Tx, tenant int64, l *Line) error {
	l.Version++
	return tx.Update(ctx, `UPDATE project_line SET org_id = $1, source = $2, title = $3, amount = $4, dropped = $5, version = version + 1 WHERE tenant_id = $6 AND id = $7 AND version = $8`,
		l.OrgID, l.Source, l.Title, l.Amount, l.Dropped, tenant, l.ID, l.Version-1)
}

var expenseColumns = `x.id, x.line_id, coalesce(t.title, ''), x.org_id, ` + reference.Label("o") + `, x.on_date, x.amount, x.payee, x.words, x.receipt, x.over, x.reverses_id,
	CASE WHEN EXISTS (SELECT 1 FROM project_expense y WHERE y.tenant_id = x.tenant_id AND y.reverses_id <> 0 AND y.reverses_id = x.id) THEN TRUE ELSE FALSE END, coalesce(k.name, ''), x.at`

const expenseJoined = ` FROM project_expense x
	LEFT JOIN project_line t ON t.tenant_id = x.tenant_id AND t.id = x.line_id
	LEFT JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.org_id
	LEFT JOIN account k ON k.tenant_id = x.tenant_id AND k.id = x.entered_by AND x.entered_by <> 0
	WHERE `

func (x *Expense) dest() []any {
	return []any{&x.ID, &x.LineID, &x.Line, &x.OrgID, &x.Who, &x.On, &x.Amount, &x.payee, &x.Words, &x.Receipt, &x.Over, &x.ReversesID, &x.Reversed, &x.By, db.Instant(&x.At)}
}

// opened opens the payee for who acts in the project.
func (s *Service) opened(x *Expense, may bool) (err error) {
	if may {
		x.Payee, err = s.ring.Open("project_expense", "payee", x.ID, x.payee)
	}
	x.payee = nil
	return err
}

func findExpense(ctx context.Context, q db.Querier, tenant int64, project, expense id.ID) (Expense, error) {
	return db.One(ctx, q, (*Expense).dest, "SELECT "+expenseColumns+expenseJoined+"x.tenant_id = $1 AND x.project_id = $2 AND x.id = $3", tenant, project, expense)
}

func (s *Service) insertExpense(ctx context.Context, tx *db.Tx, actor authz.Actor, project id.ID, x Expense) error {
	_, err := tx.Exec(ctx, `INSERT INTO project_expense (tenant_id, id, project_id, line_id, org_id, on_date, amount, payee, words, receipt, over, reverses_id, entered_by, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`,
		actor.Tenant, x.ID, project, x.LineID, x.OrgID, x.On.String(), x.Amount, s.ring.Seal("project_expense", "payee", x.ID, x.Payee), x.Words, x.Receipt, x.Over, x.ReversesID, actor.AccountID, db.Micros(tx.Now()))
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.ProjectReversedOnce).Because(err)
	}
	return err
}

var changeColumns = "g.id, g.org_id, " + reference.Label("o") + `, g.what, g.subject_id, coalesce(t.title, b.title, ''), g.drops, g.title, g.due_on, g.source, g.amount, g.state, g.reason, g.asked_at, g.version`

const changeJoined = ` FROM project_change g
	LEFT JOIN organisation o ON o.tenant_id = g.tenant_id AND o.id = g.org_id
	LEFT JOIN project_step t ON t.tenant_id = g.tenant_id AND t.id = g.subject_id AND g.what = 'step' AND g.subject_id <> 0
	LEFT JOIN project_line b ON b.tenant_id = g.tenant_id AND b.id = g.subject_id AND g.what = 'line' AND g.subject_id <> 0
	WHERE `

func (g *Change) dest() []any {
	return []any{&g.ID, &g.OrgID, &g.Who, &g.What, &g.SubjectID, &g.Before, &g.Drops, &g.Title, &g.DueOn, &g.Source, &g.Amount, &g.State, &g.Reason, db.Instant(&g.AskedAt), &g.Version}
}

// changes are those that wait, and the last that were declined.
func changes(ctx context.Context, q db.Querier, tenant int64, project id.ID) ([]Change, error) {
	return db.All(ctx, q, (*Change).dest, "SELECT "+changeColumns+changeJoined+"g.tenant_id = $1 AND g.project_id = $2 AND g.state IN ('asked', 'declined') ORDER BY g.id DESC LIMIT 50", tenant, project)
}

func findChange(ctx context.Context, q db.Querier, tenant int64, project, change id.ID) (Change, error) {
	return db.One(ctx, q, (*Change).dest, "SELECT "+changeColumns+changeJoined+"g.tenant_id = $1 AND g.project_id = $2 AND g.id = $3", tenant, project, change)
}

func insertChange(ctx context.Context, tx *db.Tx, actor authz.Actor, project id.ID, g Change) error {
	_, err := tx.Exec(ctx, `INSERT INTO project_change (tenant_id, id, project_id, org_id, what, subject_id, drops, title, due_on, source, amount, state, asked_by, asked_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`,
		actor.Tenant, g.ID, project, g.OrgID, g.What, g.SubjectID, g.Drops, g.Title, g.DueOn.String(), g.Source, g.Amount, Asked, actor.AccountID, db.Micros(tx.Now()))
	return err
}

func saveChange(ctx context.Context, tx *db.Tx, actor authz.Actor, g *Change) error {
	g.Version++
	return tx.Update(ctx, `UPDATE project_change SET state = $1, reason = $2, answered_by = $3, answered_at = $4, version = version + 1 WHERE tenant_id = $5 AND id = $6 AND version = $7`, g.State, g.Reason, actor.AccountID, db.Micros(tx.Now()), actor.Tenant, g.ID, g.Version-1)
}

const spentOf = `(SELECT CAST(coalesce(sum(x.amount), 0) AS BIGINT) FROM project_expense x WHERE x.tenant_id = project_line.tenant_id AND x.line_id = project_line.id)`

// dropOf ends what an organisation was to do that is not done, what it was to pay beyond what it spent, who of it was to do something, and what it is asked: it takes part no longer.
func dropOf(ctx context.Context, tx *db.Tx, tenant int64, project, org id.ID) error {
	for _, q := range []string{
		`UPDATE project_step SET state = 'dropped', version = version + 1 WHERE tenant_id = $1 AND project_id = $2 AND org_id = $3 AND state = 'open'`,
		`UPDATE project_line SET amount = ` + spentOf + `, version = version + 1 WHERE tenant_id = $1 AND project_id = $2 AND org_id = $3 AND dropped = FALSE AND ` + spentOf + ` > 0`,
		`UPDATE project_line SET dropped = TRUE, version = version + 1 WHERE tenant_id = $1 AND project_id = $2 AND org_id = $3 AND dropped = FALSE AND ` + spentOf + ` <= 0`,
		`UPDATE project_change SET state = 'dropped', version = version + 1 WHERE tenant_id = $1 AND project_id = $2 AND org_id = $3 AND state = 'asked'`,
		`DELETE FROM project_person WHERE tenant_id = $1 AND project_id = $2 AND org_id = $3`,
	} {
		if _, err := tx.Exec(ctx, q, tenant, project, org); err != nil {
			return err
		}
	}
	return nil
}

// people are those who do something in a project.
func (s *Service) people(ctx context.Context, q db.Querier, tenant int64, project id.ID) ([]Person, error) {
	rows, err := db.All(ctx, q, func(p *Person) []any {
		return []any{&p.ID, &p.OrgID, &p.Org, &p.MemberID, &p.TeamID, &p.Name, &p.name, &p.Task}
	}, "SELECT w.id, w.org_id, "+reference.Label("o")+`, w.member_id, w.team_id, coalesce(e.name, v.name, ''), w.name, w.task FROM project_person w
		LEFT JOIN organisation o ON o.tenant_id = w.tenant_id AND o.id = w.org_id
		LEFT JOIN member e ON e.tenant_id = w.tenant_id AND e.id = w.member_id AND w.member_id <> 0
		LEFT JOIN volunteer_team v ON v.tenant_id = w.tenant_id AND v.id = w.team_id AND w.team_id <> 0
		WHERE w.tenant_id = $1 AND w.project_id = $2 ORDER BY w.id LIMIT 200`, tenant, project)
	for i := range rows {
		p := &rows[i]
		if err == nil && len(p.name) > 0 {
			p.Name, err = s.ring.Open("project_person", "name", p.ID, p.name)
		}
		p.name = nil
	}
	return rows, err
}

// Entry is a step of a project as it is shown.
type Entry struct {
	ID    id.ID
	Act   Act
	Org   string
	Words string
	By    string
	At    time.Time
}

func insertEntry(ctx context.Context, tx *db.Tx, actor authz.Actor, project id.ID, e step) error {
	return tx.Later(ctx, `INSERT INTO project_entry (tenant_id, id, project_id, act, org_id, words, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, actor.Tenant, id.New(), project, e.act, e.org, e.words, actor.AccountID, db.Micros(tx.Now()))
}

// entries are the steps of a project, the latest first.
func entries(ctx context.Context, q db.Querier, tenant int64, project id.ID) ([]Entry, error) {
	return db.All(ctx, q, func(e *Entry) []any { return []any{&e.ID, &e.Act, &e.Org, &e.Words, &e.By, db.Instant(&e.At)} }, "SELECT e.id, e.act, "+reference.Label("o")+`, e.words, coalesce(k.name, ''), e.at FROM project_entry e
		LEFT JOIN organisation o ON o.tenant_id = e.tenant_id AND o.id = e.org_id AND e.org_id <> 0 LEFT JOIN account k ON k.tenant_id = e.tenant_id AND k.id = e.account_id AND e.account_id <> 0
		WHERE e.tenant_id = $1 AND e.project_id = $2 ORDER BY e.id DESC LIMIT 200`, tenant, project)
}

// needs are those that a project answers, as they stand.
func needs(ctx context.Context, q db.Querier, tenant int64, project id.ID) ([]Need, error) {
	return db.All(ctx, q, func(n *Need) []any {
		return []any{&n.ID, &n.No, &n.Title, &n.State, &n.Outcome, &n.Stars, &n.Wanted, &n.Taken, &n.DueOn}
	}, `SELECT n.id, n.no, n.title, n.state, n.outcome, n.stars, n.wanted, n.taken, n.due_on FROM project_need y JOIN need n ON n.tenant_id = y.tenant_id AND n.id = y.need_id WHERE y.tenant_id = $1 AND y.project_id = $2 ORDER BY y.id LIMIT 50`, tenant, project)
}

// needOf is what a project takes over from a need of its community, or of one below it.
type needOf struct {
	id     id.ID
	title  string
	words  string
	kind   string
	wanted int64
	dueOn  calendar.Date
	state  string
	at     id.ID
}

func findNeed(ctx context.Context, q db.Querier, tenant int64, need, community id.ID) (needOf, error) {
	return db.One(ctx, q, func(n *needOf) []any {
		return []any{&n.id, &n.title, &n.words, &n.kind, &n.wanted, &n.dueOn, &n.state, &n.at}
	}, `SELECT n.id, n.title, n.words, n.kind, n.wanted, n.due_on, n.state, n.community_id FROM need n
		JOIN organisation b ON b.tenant_id = n.tenant_id AND b.id = n.community_id JOIN organisation v ON v.tenant_id = n.tenant_id AND v.id = $3
		WHERE n.tenant_id = $1 AND n.id = $2 AND substr(b.path, 1, length(v.path)) = v.path`, tenant, need, community)
}

func insertNeed(ctx context.Context, tx *db.Tx, tenant int64, project, need id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO project_need (tenant_id, id, project_id, need_id) VALUES ($1,$2,$3,$4)`, tenant, id.New(), project, need)
	if db.IsUnique(err) {
		return errs.Field("need", i18n.ProjectNeedTaken).Because(err)
	}
	return err
}

// resources are what pledges for the needs of a project use.
func resources(ctx context.Context, q db.Querier, tenant int64, project id.ID) ([]Resource, error) {
	return db.All(ctx, q, func(r *Resource) []any {
		return []any{&r.ID, &r.Title, &r.Giver, &r.Amount, &r.Unit, &r.NeedID, &r.Need, &r.State}
	}, "SELECT u.id, u.title, CASE WHEN u.org_id <> 0 THEN "+reference.Label("o")+` ELSE '' END, g.amount, u.unit, n.id, n.title, g.state FROM project_need y
		JOIN need_pledge g ON g.tenant_id = y.tenant_id AND g.need_id = y.need_id AND g.resource_id <> 0 AND g.state IN ('pledged', 'agreed', 'delivered', 'confirmed')
		JOIN need n ON n.tenant_id = y.tenant_id AND n.id = y.need_id
		JOIN resource u ON u.tenant_id = g.tenant_id AND u.id = g.resource_id
		LEFT JOIN organisation o ON o.tenant_id = u.tenant_id AND o.id = u.org_id AND u.org_id <> 0
		WHERE y.tenant_id = $1 AND y.project_id = $2 ORDER BY g.id LIMIT 100`, tenant, project)
}

// activities are those that belong to a project, with who came.
func activities(ctx context.Context, q db.Querier, tenant int64, project id.ID) ([]Activity, error) {
	return db.All(ctx, q, func(v *Activity) []any {
		return []any{&v.ID, &v.Title, &v.State, db.Instant(&v.StartsAt), &v.People, &v.Minutes}
	}, `SELECT v.id, v.title, v.state, v.starts_at, (SELECT count(*) FROM attendance n WHERE n.tenant_id = v.tenant_id AND n.activity_id = v.id AND n.state <> 'void'),
		(SELECT CAST(coalesce(sum(n.minutes), 0) AS BIGINT) FROM attendance n WHERE n.tenant_id = v.tenant_id AND n.activity_id = v.id AND n.state <> 'void')
		FROM project_activity y JOIN activity v ON v.tenant_id = y.tenant_id AND v.id = y.activity_id WHERE y.tenant_id = $1 AND y.project_id = $2 ORDER BY v.starts_at DESC, v.id DESC LIMIT 100`, tenant, project)
}

// candidates are what a step may be done by: activities of the project, or of its community with people of the organisation, until today, and needs of the project that were delivered.
// one narrows them to a record; what another step was done by is left out.
func candidates(ctx context.Context, q db.Querier, tenant int64, p *Project, org id.ID, today calendar.Date, kind string, one id.ID) ([]Candidate, error) {
	type found struct {
		Candidate
		at int64
	}
	a := &db.Args{}
	t, pr := a.Add(tenant), a.Add(p.ID)
	free := func(kind, row string) string {
		w := " AND NOT EXISTS (SELECT 1 FROM project_step y WHERE y.tenant_id = " + row + ".tenant_id AND y.project_id = " + pr + " AND y.source_kind = '" + kind + "' AND y.source_id = " + row + ".id)"
		if one != 0 {
			w += " AND " + row + ".id = " + a.Add(one)
		}
		return w
	}
	query := ""
	if kind == "" || kind == FromActivity {
		query = "SELECT '" + FromActivity + "' AS kind, v.id AS id, v.title AS title, v.starts_at AS at, (SELECT count(*) FROM attendance n WHERE n.tenant_id = v.tenant_id AND n.activity_id = v.id AND n.state <> 'void') AS people, " +
			"CASE WHEN EXISTS (SELECT 1 FROM project_activity z WHERE z.tenant_id = v.tenant_id AND z.activity_id = v.id AND z.project_id = " + pr + ") THEN 1 ELSE 0 END AS own FROM activity v WHERE v.tenant_id = " + t +
			" AND v.state IN ('held', 'closed') AND v.starts_at >= " + a.Add(db.Micros(p.From.Time())) + " AND v.starts_at < " + a.Add(db.Micros(today.AddDays(1).Time())) +
			" AND (EXISTS (SELECT 1 FROM project_activity z WHERE z.tenant_id = v.tenant_id AND z.activity_id = v.id AND z.project_id = " + pr + ") OR v.community_id = " + a.Add(p.CommunityID) +
			" AND EXISTS (SELECT 1 FROM attendance n WHERE n.tenant_id = v.tenant_id AND n.activity_id = v.id AND n.state <> 'void' AND n.unit_id <> 0 AND n.unit_id = " + a.Add(org) + "))" + free(FromActivity, "v")
	}
	if kind == "" || kind == FromNeed {
		if query != "" {
			query += " UNION ALL "
		}
		query += "SELECT '" + FromNeed + "' AS kind, n.id AS id, n.title AS title, CASE WHEN n.ended_at <> 0 THEN n.ended_at ELSE coalesce((SELECT max(g.delivered_at) FROM need_pledge g WHERE g.tenant_id = n.tenant_id AND g.need_id = n.id), 0) END AS at, 0 AS people, 1 AS own " +
			"FROM need n JOIN project_need z ON z.tenant_id = n.tenant_id AND z.need_id = n.id AND z.project_id = " + pr + " WHERE n.tenant_id = " + t + " AND (n.state = 'delivered' OR n.state = 'done' AND n.outcome IN ('met', 'partly'))" + free(FromNeed, "n")
	}
	rows, err := db.All(ctx, q, func(f *found) []any { return []any{&f.Kind, &f.ID, &f.Title, &f.at, &f.People, &f.Of} },
		"SELECT x.kind, x.id, x.title, x.at, x.people, CASE WHEN x.own = 1 THEN TRUE ELSE FALSE END FROM ("+query+") x ORDER BY x.own DESC, x.at DESC, x.id DESC LIMIT 20", a.Values()...)
	out := make([]Candidate, len(rows))
	for i, r := range rows {
		out[i] = r.Candidate
		out[i].On = calendar.DateOf(db.FromMicros(r.at))
		if out[i].On.Before(p.From) { // delivered before the project began
			out[i].On = p.From
		}
		if out[i].On.After(today) { // which begins in the days to come
			out[i].On = today
		}
	}
	return out, err
}
