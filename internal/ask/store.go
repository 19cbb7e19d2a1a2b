package ask

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/fact"
	"linli/internal/id"
	"linli/internal/waiting"
)

var columns = authz.Columns{Tenant: "q.tenant_id", Orgs: []string{"q.owner_id", "q.other_id"}, Person: "q.person_id"}

const questionColumns = `q.id, q.round_id, q.subject, q.row_id, q.fact, q.owner_id, q.other_id, q.person_id, q.grid_id, q.building_id, q.due_on, q.state, q.answer, q.said_at, q.version`

func (q *Question) dest() []any {
	return []any{&q.ID, &q.RoundID, &q.Subject, &q.Row, &q.FactID, &q.OwnerID, &q.OtherID, &q.PersonID, &q.GridID, &q.BuildingID, &q.DueOn, &q.State,
		&q.sealed, db.Instant(&q.SaidAt), &q.Version}
}

// can is where the actor answers.
func can(actor authz.Actor) authz.Scope {
	return actor.Scope(PermAnswer).Or(actor.Scope(PermAnswerOwn))
}

func insertRound(ctx context.Context, tx *db.Tx, tenant int64, r Round) error {
	_, err := tx.Exec(ctx, `INSERT INTO question_round (tenant_id, id, title, form_id, account_id, due_on, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		tenant, r.ID, r.Title, r.FormID, r.AccountID, r.DueOn.String(), db.Micros(tx.Now()))
	return err
}

// ownForm is nil if the actor dropped the form in.
func ownForm(ctx context.Context, q db.Querier, actor authz.Actor, form id.ID) error {
	_, err := db.One(ctx, q, func(x *id.ID) []any { return []any{x} }, `SELECT id FROM office_form WHERE tenant_id = $1 AND account_id = $2 AND id = $3`,
		actor.Tenant, actor.AccountID, form)
	return err
}

func insertQuestions(ctx context.Context, tx *db.Tx, tenant int64, list []Question) error {
	now := db.Micros(tx.Now())
	return tx.InsertMany(ctx, "question", []string{"tenant_id", "id", "round_id", "subject", "row_id", "fact", "owner_id", "other_id", "person_id",
		"grid_id", "building_id", "due_on", "state", "answer", "created_at"}, len(list), func(i int) []any {
		q := list[i]
		return []any{tenant, q.ID, q.RoundID, string(q.Subject), q.Row, q.FactID, q.OwnerID, q.OtherID, q.PersonID, q.GridID, q.BuildingID,
			q.DueOn.String(), string(q.State), q.sealed, now}
	})
}

// notAsked leaves out what somebody is asked already, and what somebody said since a time cannot be known.
func notAsked(ctx context.Context, q db.Querier, tenant int64, list []Question, since time.Time) ([]Question, error) {
	asked := map[target]bool{}
	for start := 0; start < len(list); start += fact.BatchSize {
		a := &db.Args{}
		t := a.Add(tenant)
		some, err := db.All(ctx, q, func(x *target) []any { return []any{&x.subject, &x.row, &x.factID} },
			"SELECT subject, row_id, fact FROM question WHERE tenant_id = "+t+" AND (state IN ('open', 'differs') OR state = 'unknown' AND said_at >= "+
				a.Add(db.Micros(since))+") AND "+db.In(a, "row_id", rowsOf(list[start:min(start+fact.BatchSize, len(list))])), a.Values()...)
		if err != nil {
			return nil, err
		}
		for _, x := range some {
			asked[x] = true
		}
	}
	var out []Question
	for _, x := range list {
		if !asked[target{x.Subject, x.Row, x.FactID}] {
			out = append(out, x)
		}
	}
	return out, nil
}

func withdraw(ctx context.Context, tx *db.Tx, tenant int64, round id.ID) (int64, error) {
	return tx.Exec(ctx, `UPDATE question SET state = 'withdrawn', answer = NULL, version = version + 1 WHERE tenant_id = $1 AND round_id = $2 AND state IN ('open', 'differs')`,
		tenant, round)
}

func move(ctx context.Context, tx *db.Tx, actor authz.Actor, q Question, to State, answer []byte) error {
	err := tx.Update(ctx, `UPDATE question SET state = $1, answer = $2, said_by = $3, said_at = $4, version = version + 1
		WHERE tenant_id = $5 AND id = $6 AND version = $7`, string(to), answer, actor.AccountID, db.Micros(tx.Now()), actor.Tenant, q.ID, q.Version)
	return err
}

// open gives those of some questions that are open and that the actor can answer.
func open(ctx context.Context, q db.Querier, actor authz.Actor, ids []id.ID) (map[id.ID]Question, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	a := &db.Args{}
	rows, err := db.All(ctx, q, (*Question).dest, "SELECT "+questionColumns+" FROM question q WHERE "+can(actor).Where(a, columns)+
		" AND q.state = 'open' AND "+db.In(a, "q.id", ids), a.Values()...)
	out := make(map[id.ID]Question, len(rows))
	for _, x := range rows {
		out[x.ID] = x
	}
	return out, err
}

func findDiffering(ctx context.Context, q db.Querier, actor authz.Actor, question id.ID) (Question, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Question).dest, "SELECT "+questionColumns+" FROM question q WHERE "+actor.Scope(PermAnswer).Where(a, columns)+
		" AND q.state = 'differs' AND q.id = "+a.Add(question), a.Values()...)
}

func differing(ctx context.Context, q db.Querier, actor authz.Actor, p db.Page) (db.List[Question], error) {
	a := &db.Args{}
	where := actor.Scope(PermAnswer).Where(a, columns) + " AND q.state = 'differs'"
	page, tail := a.Keyset(p, db.Order{IDColumn: "q.id"})
	rows, err := db.All(ctx, q, (*Question).dest, "SELECT "+questionColumns+" FROM question q WHERE "+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Question]{}, err
	}
	return db.Cut(rows, p, func(x Question) db.Cursor { return db.Cursor{ID: x.ID} }), nil
}

// where is the condition of a filter on open questions.
func (f Filter) where(a *db.Args, actor authz.Actor) string {
	scope := can(actor)
	if f.Own {
		scope = actor.Scope(PermAnswerOwn)
	} else if desk := actor.Scope(PermAnswer); !desk.Empty() {
		scope = desk
	}
	w := scope.Where(a, columns) + " AND q.state = 'open'"
	if f.Community != 0 {
		c := a.Add(f.Community)
		w += " AND (q.owner_id = " + c + " OR q.other_id = " + c + ")"
	}
	if f.Grid != 0 {
		w += " AND q.grid_id = " + a.Add(f.Grid)
	}
	if f.Round != 0 {
		w += " AND q.round_id = " + a.Add(f.Round)
	}
	if f.FactID != "" {
		w += " AND q.fact = " + a.Add(f.FactID)
	}
	return w
}

// row is a record about which something is asked.
type row struct {
	Sheet
	building id.ID
}

func sheets(ctx context.Context, q db.Querier, actor authz.Actor, f Filter) (db.List[Sheet], error) {
	a := &db.Args{}
	where := f.where(a, actor)
	page, tail := a.Keyset(f.Page, db.Order{Column: "q.building_id", IDColumn: "q.row_id", Integer: true})
	rows, err := db.All(ctx, q, func(r *row) []any { return []any{&r.building, &r.Row, &r.Subject, &r.DueOn} },
		"SELECT q.building_id, q.row_id, min(q.subject), coalesce(min(nullif(q.due_on, '')), '') FROM question q WHERE "+where+page+
			" GROUP BY q.building_id, q.row_id"+tail, a.Values()...)
	if err != nil {
		return db.List[Sheet]{}, err
	}
	cut := db.Cut(rows, f.Page, func(r row) db.Cursor { return db.Cursor{Key: r.building.String(), ID: r.Row} })
	out := db.List[Sheet]{Next: cut.Next, Prev: cut.Prev, Items: make([]Sheet, len(cut.Items))}
	for i, r := range cut.Items {
		out.Items[i] = r.Sheet
	}
	return out, nil
}

// ofRows gives the open questions about some records, in the order in which they were asked.
func ofRows(ctx context.Context, q db.Querier, actor authz.Actor, f Filter, of []Sheet) ([]Question, error) {
	ids := make([]id.ID, len(of))
	for i, sh := range of {
		ids[i] = sh.Row
	}
	a := &db.Args{}
	return db.All(ctx, q, (*Question).dest, "SELECT "+questionColumns+" FROM question q WHERE "+f.where(a, actor)+" AND "+db.In(a, "q.row_id", ids)+" ORDER BY q.id", a.Values()...)
}

func factsAsked(ctx context.Context, q db.Querier, actor authz.Actor) ([]string, error) {
	a := &db.Args{}
	return db.Column[string](ctx, q, "SELECT DISTINCT q.fact FROM question q WHERE "+Filter{}.where(a, actor)+" ORDER BY q.fact", a.Values()...)
}

func waits(ctx context.Context, q db.Querier, scope authz.Scope, st State) (waiting.Item, error) {
	a := &db.Args{}
	var it waiting.Item
	err := q.QueryRow(ctx, "SELECT count(DISTINCT q.row_id), coalesce(min(q.created_at), 0), coalesce(min(nullif(q.due_on, '')), '') FROM question q WHERE "+
		scope.Where(a, columns)+" AND q.state = "+a.Add(string(st)), a.Values()...).Scan(&it.Count, db.Instant(&it.Since), &it.DueOn)
	return it, err
}

const roundColumns = `r.id, r.title, r.form_id, r.account_id, r.due_on, r.created_at`

func (r *Round) dest() []any {
	return []any{&r.ID, &r.Title, &r.FormID, &r.AccountID, &r.DueOn, db.Instant(&r.CreatedAt)}
}

// mine keeps a query to the actor's own rounds.
func mine(a *db.Args, actor authz.Actor) string {
	w := "r.tenant_id = " + a.Add(actor.Tenant) + " AND r.account_id = " + a.Add(actor.AccountID)
	if actor.AccountID == 0 || !actor.Can(PermAsk) {
		w += " AND 1 = 0"
	}
	return w
}

func findRound(ctx context.Context, q db.Querier, actor authz.Actor, round id.ID) (Round, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Round).dest, "SELECT "+roundColumns+" FROM question_round r WHERE "+mine(a, actor)+" AND r.id = "+a.Add(round), a.Values()...)
}

func rounds(ctx context.Context, q db.Querier, actor authz.Actor, p db.Page) (db.List[Round], error) {
	a := &db.Args{}
	where := mine(a, actor)
	page, tail := a.Keyset(p, db.Order{IDColumn: "r.id", Desc: true})
	rows, err := db.All(ctx, q, (*Round).dest, "SELECT "+roundColumns+" FROM question_round r WHERE "+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Round]{}, err
	}
	out := db.Cut(rows, p, func(r Round) db.Cursor { return db.Cursor{ID: r.ID} })
	return out, count(ctx, q, actor.Tenant, out.Items)
}

// count adds to rounds how far they are.
func count(ctx context.Context, q db.Querier, tenant int64, list []Round) error {
	if len(list) == 0 {
		return nil
	}
	at, ids := map[id.ID]int{}, make([]id.ID, len(list))
	for i := range list {
		list[i].Counts = map[State]int64{}
		at[list[i].ID], ids[i] = i, list[i].ID
	}
	type counted struct {
		round id.ID
		state State
		n     int64
	}
	a := &db.Args{}
	return db.Each(ctx, q, func(c *counted) []any { return []any{&c.round, &c.state, &c.n} }, func(c counted) error {
		list[at[c.round]].Counts[c.state] = c.n
		return nil
	}, "SELECT round_id, state, count(*) FROM question WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "round_id", ids)+" GROUP BY round_id, state", a.Values()...)
}

func partsOf(ctx context.Context, q db.Querier, tenant int64, round id.ID) ([]Part, error) {
	type counted struct {
		Part
		state State
		n     int64
	}
	rows, err := db.All(ctx, q, func(c *counted) []any { return []any{&c.Subject, &c.FactID, &c.Owner, &c.state, &c.n} },
		`SELECT q.subject, q.fact, coalesce(o.name, ''), q.state, count(*) FROM question q
		 LEFT JOIN organisation o ON o.tenant_id = q.tenant_id AND o.id = q.owner_id
		 WHERE q.tenant_id = $1 AND q.round_id = $2 GROUP BY q.subject, q.fact, o.name, q.state ORDER BY 2, 3`, tenant, round)
	var out []Part
	for _, c := range rows {
		if n := len(out); n == 0 || out[n-1].FactID != c.FactID || out[n-1].Owner != c.Owner {
			c.Counts = map[State]int64{}
			out = append(out, c.Part)
		}
		out[len(out)-1].Counts[c.state] += c.n
	}
	return out, err
}
