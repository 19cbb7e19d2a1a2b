package workplan

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/id"
	"linli/internal/reference"
)

var columns = `w.id, w.organisation_id, ` + reference.Label("o") + `, w.plan_year, w.state, w.edition, w.reviewer_id, ` + reference.Label("r") + `, w.submitted_by, w.submitted_at,
	coalesce((SELECT k.name FROM account k WHERE k.tenant_id = w.tenant_id AND k.id = w.decided_by), ''), w.decided_at, w.remark, w.version
	FROM workplan w JOIN organisation o ON o.tenant_id = w.tenant_id AND o.id = w.organisation_id
	LEFT JOIN organisation r ON r.tenant_id = w.tenant_id AND r.id = CASE WHEN w.reviewer_id <> 0 THEN w.reviewer_id ELSE o.parent_id END WHERE `

func (p *Plan) dest() []any {
	return []any{&p.ID, &p.OrganisationID, &p.Organisation, &p.Year, &p.State, &p.Edition, &p.ReviewerID, &p.Reviewer, &p.SubmittedBy, db.Instant(&p.SubmittedAt),
		&p.DecidedBy, db.Instant(&p.DecidedAt), &p.Remark, &p.Version}
}

var (
	owners    = authz.Columns{Tenant: "w.tenant_id", Orgs: []string{"w.organisation_id"}}
	reviewers = authz.Columns{Tenant: "w.tenant_id", Orgs: []string{"w.reviewer_id"}}
)

func findBy(ctx context.Context, q db.Querier, scope authz.Scope, c authz.Columns, plan id.ID) (Plan, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Plan).dest, "SELECT "+columns+scope.Where(a, c)+" AND w.id = "+a.Add(plan), a.Values()...)
}

func find(ctx context.Context, q db.Querier, scope authz.Scope, plan id.ID) (Plan, error) {
	return findBy(ctx, q, scope, owners, plan)
}

// findReviewed reads a plan that was handed in to an organisation in scope.
func findReviewed(ctx context.Context, q db.Querier, scope authz.Scope, plan id.ID) (Plan, error) {
	return findBy(ctx, q, scope, reviewers, plan)
}

// load reads a plan of the tenant; the caller checks whose it is.
func load(ctx context.Context, q db.Querier, tenant int64, plan id.ID) (Plan, error) {
	return db.One(ctx, q, (*Plan).dest, "SELECT "+columns+"w.tenant_id = $1 AND w.id = $2", tenant, plan)
}

// org is what a plan needs to know of its organisation.
type org struct {
	id, parent  id.ID
	name        string
	dissolvedOn calendar.Date
}

func loadOrg(ctx context.Context, q db.Querier, tenant int64, organisation id.ID) (org, error) {
	return db.One(ctx, q, func(o *org) []any { return []any{&o.id, &o.parent, &o.name, &o.dissolvedOn} },
		"SELECT o.id, o.parent_id, "+reference.Label("o")+", o.dissolved_on FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2", tenant, organisation)
}

func insert(ctx context.Context, tx *db.Tx, actor authz.Actor, p Plan) error {
	_, err := tx.Exec(ctx, `INSERT INTO workplan (tenant_id, id, organisation_id, plan_year, state, created_by, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$7)`,
		actor.Tenant, p.ID, p.OrganisationID, p.Year, p.State, actor.AccountID, db.Micros(tx.Now()))
	return err
}

func save(ctx context.Context, tx *db.Tx, actor authz.Actor, p Plan) error {
	return tx.Update(ctx, `UPDATE workplan SET state = $1, edition = $2, reviewer_id = $3, submitted_by = $4, submitted_at = $5, updated_at = $6, version = version + 1
		WHERE tenant_id = $7 AND id = $8 AND version = $9`, p.State, p.Edition, p.ReviewerID, p.SubmittedBy, db.Micros(p.SubmittedAt), db.Micros(tx.Now()), actor.Tenant, p.ID, p.Version)
}

func saveDecided(ctx context.Context, tx *db.Tx, actor authz.Actor, p Plan) error {
	return tx.Update(ctx, `UPDATE workplan SET state = $1, remark = $2, decided_by = $3, decided_at = $4, updated_at = $4, version = version + 1
		WHERE tenant_id = $5 AND id = $6 AND version = $7`, p.State, p.Remark, actor.AccountID, db.Micros(p.DecidedAt), actor.Tenant, p.ID, p.Version)
}

const itemColumns = "i.id, i.workplan_id, i.place_no, i.title, i.measure, i.answerable, i.due_on, i.figure, i.target, i.reached, i.measured_at, i.state, i.ended_on, i.updated_at, i.version"

func (i *Item) dest() []any {
	return []any{&i.ID, &i.PlanID, &i.placeNo, &i.Title, &i.Measure, &i.Answers, &i.DueOn, &i.Figure, &i.Target, &i.Reached, db.Instant(&i.MeasuredAt), &i.State, &i.EndedOn,
		db.Instant(&i.UpdatedAt), &i.Version}
}

// items are those of a plan, MaxItems at most.
func items(ctx context.Context, q db.Querier, tenant int64, plan id.ID) ([]Item, error) {
	return db.All(ctx, q, (*Item).dest, "SELECT "+itemColumns+" FROM workplan_item i WHERE i.tenant_id = $1 AND i.workplan_id = $2 ORDER BY i.place_no, i.id", tenant, plan)
}

func findItem(ctx context.Context, q db.Querier, tenant int64, plan, item id.ID) (Item, error) {
	return db.One(ctx, q, (*Item).dest, "SELECT "+itemColumns+" FROM workplan_item i WHERE i.tenant_id = $1 AND i.workplan_id = $2 AND i.id = $3", tenant, plan, item)
}

// extent is how many items a plan has, and the place of its last.
func extent(ctx context.Context, q db.Querier, tenant int64, plan id.ID) (n int, last int64, err error) {
	err = q.QueryRow(ctx, `SELECT count(*), coalesce(max(place_no), 0) FROM workplan_item WHERE tenant_id = $1 AND workplan_id = $2`, tenant, plan).Scan(&n, &last)
	return n, last, err
}

func insertItems(ctx context.Context, tx *db.Tx, tenant int64, plan id.ID, last int64, news []NewItem) error {
	return tx.InsertMany(ctx, "workplan_item", []string{"tenant_id", "id", "workplan_id", "place_no", "title", "title_key", "measure", "answerable", "due_on", "figure", "target", "state", "updated_at"},
		len(news), func(i int) []any {
			n := news[i]
			return []any{tenant, int64(id.New()), int64(plan), last + int64(i) + 1, n.Title, gram.Key(n.Title), n.Measure, n.Answers, n.DueOn.String(), n.Figure, n.Target, string(Open), db.Micros(tx.Now())}
		})
}

func saveItem(ctx context.Context, tx *db.Tx, tenant int64, i Item) error {
	return tx.Update(ctx, `UPDATE workplan_item SET title = $1, measure = $2, answerable = $3, due_on = $4, figure = $5, target = $6, reached = $7, measured_at = $8, state = $9, ended_on = $10,
		updated_at = $11, title_key = $12, version = version + 1 WHERE tenant_id = $13 AND id = $14 AND version = $15`,
		i.Title, i.Measure, i.Answers, i.DueOn, i.Figure, i.Target, i.Reached, db.Micros(i.MeasuredAt), i.State, i.EndedOn, db.Micros(tx.Now()), gram.Key(i.Title), tenant, i.ID, i.Version)
}

func removeItem(ctx context.Context, tx *db.Tx, tenant int64, item id.ID) error {
	for _, q := range []string{
		"DELETE FROM workplan_review WHERE tenant_id = $1 AND item_id = $2", "DELETE FROM workplan_entry WHERE tenant_id = $1 AND item_id = $2",
		"DELETE FROM workplan_item WHERE tenant_id = $1 AND id = $2",
	} {
		if _, err := tx.Exec(ctx, q, tenant, item); err != nil {
			return err
		}
	}
	return nil
}

// pending is the first of some items, and how many there are.
type pending struct {
	count int
	title string
}

// unanswered are the items of a returned plan that were to be changed, and neither have been nor have an answer.
func unanswered(ctx context.Context, q db.Querier, tenant int64, p Plan) (pending, error) {
	return db.One(ctx, q, func(o *pending) []any { return []any{&o.count, &o.title} },
		`SELECT count(*), coalesce(min(i.title), '') FROM workplan_item i JOIN workplan_review v ON v.tenant_id = i.tenant_id AND v.item_id = i.id AND v.edition = $1
			WHERE i.tenant_id = $2 AND i.workplan_id = $3 AND v.verdict = 'change' AND v.answer = '' AND i.updated_at <= v.at`, p.Edition, tenant, p.ID)
}

func (r *Review) dest() []any {
	return []any{&r.ItemID, &r.Edition, &r.Verdict, &r.Comment, &r.Answer, &r.By, db.Instant(&r.At)}
}

// reviews are what was said of the items of a plan, the latest edition first.
func reviews(ctx context.Context, q db.Querier, tenant int64, plan id.ID) ([]Review, error) {
	return db.All(ctx, q, (*Review).dest, `SELECT v.item_id, v.edition, v.verdict, v.comment, v.answer, coalesce(k.name, ''), v.at
		FROM workplan_review v JOIN workplan_item i ON i.tenant_id = v.tenant_id AND i.id = v.item_id LEFT JOIN account k ON k.tenant_id = v.tenant_id AND k.id = v.account_id
		WHERE v.tenant_id = $1 AND i.workplan_id = $2 ORDER BY v.edition DESC, i.place_no LIMIT 1000`, tenant, plan)
}

// insertReviews keeps the opinions on the items of a plan; those on other items are left out.
func insertReviews(ctx context.Context, tx *db.Tx, actor authz.Actor, p Plan, opinions []Opinion, list []Item) error {
	of := map[id.ID]bool{}
	for _, it := range list {
		of[it.ID] = true
	}
	var kept []Opinion
	for _, o := range opinions {
		if of[o.ItemID] {
			kept = append(kept, o)
			of[o.ItemID] = false
		}
	}
	return tx.InsertMany(ctx, "workplan_review", []string{"tenant_id", "item_id", "edition", "verdict", "comment", "account_id", "at"}, len(kept), func(i int) []any {
		o := kept[i]
		return []any{actor.Tenant, int64(o.ItemID), p.Edition, string(o.Verdict), o.Comment, int64(actor.AccountID), db.Micros(tx.Now())}
	})
}

// setAnswer keeps what is answered to the comment on an item, where there is one.
func setAnswer(ctx context.Context, tx *db.Tx, tenant int64, item id.ID, edition int64, answer string) error {
	_, err := tx.Exec(ctx, `UPDATE workplan_review SET answer = $1 WHERE tenant_id = $2 AND item_id = $3 AND edition = $4 AND verdict = 'change'`, answer, tenant, item, edition)
	return err
}

func insertEntry(ctx context.Context, tx *db.Tx, tenant int64, account, item id.ID, kind EntryKind, note string) error {
	_, err := tx.Exec(ctx, `INSERT INTO workplan_entry (tenant_id, id, item_id, kind, note, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		tenant, id.New(), item, kind, note, account, db.Micros(tx.Now()))
	return err
}

func (e *Entry) dest() []any {
	return []any{&e.ID, &e.ItemID, &e.Kind, &e.Note, &e.By, db.Instant(&e.At)}
}

// entries are the latest on the items of a plan.
func entries(ctx context.Context, q db.Querier, tenant int64, plan id.ID) ([]Entry, error) {
	return db.All(ctx, q, (*Entry).dest, `SELECT e.id, e.item_id, e.kind, e.note, coalesce(k.name, ''), e.at FROM workplan_entry e
		JOIN workplan_item i ON i.tenant_id = e.tenant_id AND i.id = e.item_id LEFT JOIN account k ON k.tenant_id = e.tenant_id AND k.id = e.account_id
		WHERE e.tenant_id = $1 AND i.workplan_id = $2 ORDER BY e.id DESC LIMIT 500`, tenant, plan)
}

// measuredItem is an item that is measured, with whose it is.
type measuredItem struct {
	Item
	organisation id.ID
	year         int64
}

// measured gives items of accepted plans since a year that are measured and not given up, by their numbers.
func measured(ctx context.Context, q db.Querier, tenant, since int64, after id.ID, limit int) ([]measuredItem, error) {
	return db.All(ctx, q, func(m *measuredItem) []any { return append(m.Item.dest(), &m.organisation, &m.year) },
		"SELECT "+itemColumns+`, w.organisation_id, w.plan_year FROM workplan_item i JOIN workplan w ON w.tenant_id = i.tenant_id AND w.id = i.workplan_id
		WHERE i.tenant_id = $1 AND i.figure <> '' AND i.state <> 'given_up' AND w.state = 'accepted' AND w.plan_year >= $2 AND i.id > $3 ORDER BY i.id LIMIT $4`, tenant, since, after, limit)
}

// setReached writes what was measured; an item that reaches its target is done, one that no longer does is open again.
func setReached(ctx context.Context, tx *db.Tx, tenant int64, i Item, reached int64) error {
	state, ended := Open, ""
	if reached >= i.Target*10 {
		if state, ended = Done, i.EndedOn.String(); ended == "" {
			ended = calendar.DateOf(tx.Now()).String()
		}
	}
	if err := tx.Later(ctx, `UPDATE workplan_item SET reached = $1, measured_at = $2, state = $3, ended_on = $4 WHERE tenant_id = $5 AND id = $6 AND figure = $7`,
		reached, db.Micros(tx.Now()), state, ended, tenant, i.ID, i.Figure); err != nil {
		return err
	}
	if state == i.State {
		return nil
	}
	kind := Reached
	if state == Open {
		kind = Reopened
	}
	return tx.Later(ctx, `INSERT INTO workplan_entry (tenant_id, id, item_id, kind, account_id, at) VALUES ($1,$2,$3,$4,0,$5)`, tenant, id.New(), i.ID, kind, db.Micros(tx.Now()))
}

// follow moves the plans of an organisation that another took in. Where both have a plan for a year, the open items go over to the other's.
func follow(ctx context.Context, tx *db.Tx, tenant int64, from, to id.ID) error {
	for _, q := range []string{
		`UPDATE workplan_item SET workplan_id = (SELECT n.id FROM workplan n JOIN workplan w ON w.tenant_id = n.tenant_id AND w.plan_year = n.plan_year
				WHERE n.tenant_id = workplan_item.tenant_id AND n.organisation_id = $2 AND w.organisation_id = $3 AND w.id = workplan_item.workplan_id), place_no = place_no + 1000
			WHERE tenant_id = $1 AND state = 'open' AND workplan_id IN (SELECT w.id FROM workplan w WHERE w.tenant_id = $1 AND w.organisation_id = $3
				AND EXISTS (SELECT 1 FROM workplan n WHERE n.tenant_id = w.tenant_id AND n.organisation_id = $2 AND n.plan_year = w.plan_year))`,
		`UPDATE workplan SET organisation_id = $2 WHERE tenant_id = $1 AND organisation_id = $3 AND NOT EXISTS (SELECT 1 FROM workplan n
			WHERE n.tenant_id = workplan.tenant_id AND n.organisation_id = $2 AND n.plan_year = workplan.plan_year)`,
		`UPDATE workplan SET reviewer_id = $2 WHERE tenant_id = $1 AND reviewer_id = $3`,
	} {
		if _, err := tx.Exec(ctx, q, tenant, to, from); err != nil {
			return err
		}
	}
	return nil
}
