package request

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

// syncDues brings the occurrences of a request in line with what it says: of the coming weeks for each organisation asked while it is open, none
// to come otherwise. What is answered stays; what is late stays while the request still asks for it.
func syncDues(ctx context.Context, tx *db.Tx, tenant int64, r Request, orgs []id.ID) error {
	now := calendar.DateOf(tx.Now())
	have, err := duesOf(ctx, tx, tenant, r.ID)
	if err != nil {
		return err
	}
	asked := map[id.ID]bool{}
	for _, o := range orgs {
		asked[o] = true
	}
	wanted := map[string]calendar.Date{}
	list := r.Every.Occurrences(r.FirstDue, r.EndsOn, now.AddDays(ahead))
	for _, o := range list {
		if !o.On.Before(r.fromOn) && (r.State == Open || o.On.Before(now)) {
			wanted[o.Period] = o.On
		}
	}
	type key struct {
		org    id.ID
		period string
	}
	there := map[key]bool{}
	var gone []id.ID
	for _, d := range have {
		on, still := wanted[d.period]
		switch {
		case d.answered:
		case !asked[d.org] || !still && (r.State == Open || !d.on.Before(now)):
			gone = append(gone, d.id)
			continue
		case still && !on.Equal(d.on):
			if err := tx.Update(ctx, "UPDATE request_due SET due_on = $1 WHERE tenant_id = $2 AND id = $3", on.String(), tenant, d.id); err != nil {
				return err
			}
		}
		there[key{d.org, d.period}] = true
	}
	if len(gone) > 0 {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, "DELETE FROM request_due WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", gone), a.Values()...); err != nil {
			return err
		}
	}
	if r.State != Open {
		return nil
	}
	var made []due
	for _, o := range list {
		if wanted[o.Period] != o.On {
			continue
		}
		for _, org := range orgs {
			if !there[key{org, o.Period}] {
				made = append(made, due{id: id.New(), org: org, period: o.Period, on: o.On})
			}
		}
	}
	return tx.InsertMany(ctx, "request_due", []string{"tenant_id", "id", "request_id", "organisation_id", "period", "due_on"}, len(made), func(i int) []any {
		return []any{tenant, made[i].id, r.ID, made[i].org, made[i].period, made[i].on.String()}
	})
}

// due is a stored occurrence.
type due struct {
	id, org  id.ID
	period   string
	on       calendar.Date
	answered bool
}

func duesOf(ctx context.Context, q db.Querier, tenant int64, request id.ID) ([]due, error) {
	return db.All(ctx, q, func(d *due) []any { return []any{&d.id, &d.org, &d.period, &d.on, &d.answered} },
		"SELECT id, organisation_id, period, due_on, answered FROM request_due WHERE tenant_id = $1 AND request_id = $2", tenant, request)
}

func (d *Due) dest() []any {
	return append([]any{&d.ID, &d.RequestID, &d.Period, &d.On}, d.Party.dest()...)
}

const dueQuery = "SELECT d.id, d.request_id, d.period, d.due_on, " + partyOfOrg + ` FROM request_due d
	JOIN organisation o ON o.tenant_id = d.tenant_id AND o.id = d.organisation_id WHERE `

// shownDues is how many occurrences the page of a request shows; the list of answers has all.
const shownDues = 400

// dues are the occurrences of a request in scope, the latest first, with their latest answers.
func dues(ctx context.Context, q db.Querier, scope authz.Scope, request id.ID) ([]Due, error) {
	a := &db.Args{}
	rows, err := db.All(ctx, q, (*Due).dest, dueQuery+scope.Where(a, dueColumns)+" AND d.request_id = "+a.Add(request)+" ORDER BY d.due_on DESC, o.name_key, d.id LIMIT "+a.Add(shownDues), a.Values()...)
	if err != nil || len(rows) == 0 {
		return rows, err
	}
	ids := make([]id.ID, len(rows))
	for i, d := range rows {
		ids[i] = d.ID
	}
	a = &db.Args{}
	latest, err := db.All(ctx, q, (*Answer).dest, answerQuery+scope.Where(a, answerColumns)+" AND "+db.In(a, "a.due_id", ids)+" AND a.replaced_at = 0", a.Values()...)
	if err != nil {
		return rows, err
	}
	at := map[id.ID]*Answer{}
	for i := range latest {
		at[latest[i].DueID] = &latest[i]
	}
	for i := range rows {
		rows[i].Answer = at[rows[i].ID]
	}
	return rows, nil
}

// findDue finds the occurrence of a period of one organisation in scope.
func findDue(ctx context.Context, q db.Querier, scope authz.Scope, request, org id.ID, period string) (Due, error) {
	a := &db.Args{}
	d, err := db.One(ctx, q, (*Due).dest, dueQuery+scope.Where(a, dueColumns)+" AND d.request_id = "+a.Add(request)+" AND d.organisation_id = "+a.Add(org)+" AND d.period = "+a.Add(period), a.Values()...)
	if err != nil {
		return d, err
	}
	a = &db.Args{}
	list, err := db.All(ctx, q, (*Answer).dest, answerQuery+scope.Where(a, answerColumns)+" AND a.due_id = "+a.Add(d.ID)+" AND a.replaced_at = 0", a.Values()...)
	if len(list) > 0 {
		d.Answer = &list[0]
	}
	return d, err
}

const answerQuery = `SELECT a.id, a.request_id, r.title, r.office, d.period, d.due_on, a.due_id, a.organisation_id, ` + nameOf + `, a.edition, a.way, a.file_id, a.file_name, a.rows_asked,
	a.fields_asked, a.fields_filled, a.minutes, a.purpose, a.note, a.answered_on, coalesce(b.name, ''), a.answered_at, a.replaced_at FROM request_answer a
	JOIN request r ON r.tenant_id = a.tenant_id AND r.id = a.request_id JOIN request_due d ON d.tenant_id = a.tenant_id AND d.id = a.due_id
	JOIN organisation o ON o.tenant_id = a.tenant_id AND o.id = a.organisation_id
	LEFT JOIN account b ON b.tenant_id = a.tenant_id AND b.id = a.answered_by AND a.answered_by <> 0 WHERE `

func (a *Answer) dest() []any {
	return []any{&a.ID, &a.RequestID, &a.Title, &a.Office, &a.Period, &a.DueOn, &a.DueID, &a.PartyID, &a.Party, &a.Edition, &a.Way, &a.fileID, &a.FileName, &a.Rows,
		&a.Asked, &a.Filled, &a.Minutes, &a.Purpose, &a.Note, &a.On, &a.By, db.Instant(&a.At), db.Instant(&a.Replaced)}
}

// insertAnswer adds an answer and replaces the one before.
func insertAnswer(ctx context.Context, tx *db.Tx, actor authz.Actor, x Answer) error {
	now := db.Micros(tx.Now())
	if _, err := tx.Exec(ctx, "UPDATE request_answer SET replaced_at = $1 WHERE tenant_id = $2 AND due_id = $3 AND replaced_at = 0", now, actor.Tenant, x.DueID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO request_answer (tenant_id, id, request_id, due_id, organisation_id, edition, way, file_id, file_name, rows_asked, fields_asked, fields_filled,
		minutes, purpose, note, answered_on, answered_by, answered_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)`,
		actor.Tenant, x.ID, x.RequestID, x.DueID, x.PartyID, x.Edition, string(x.Way), x.fileID, x.FileName, x.Rows, x.Asked, x.Filled, x.Minutes, x.Purpose, x.Note,
		calendar.DateOf(tx.Now()).String(), actor.AccountID, now)
	if err != nil {
		return err
	}
	return tx.Update(ctx, "UPDATE request_due SET answered = TRUE WHERE tenant_id = $1 AND id = $2", actor.Tenant, x.DueID)
}

func findAnswer(ctx context.Context, q db.Querier, scope authz.Scope, answer id.ID) (Answer, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Answer).dest, answerQuery+scope.Where(a, answerColumns)+" AND a.id = "+a.Add(answer), a.Values()...)
}

func (f AnswerFilter) where(a *db.Args, scope authz.Scope) string {
	w := scope.Where(a, answerColumns)
	if !f.All {
		w += " AND a.replaced_at = 0"
	}
	if f.RequestID != 0 {
		w += " AND a.request_id = " + a.Add(f.RequestID)
	}
	if f.OrganisationID != 0 {
		w += " AND a.organisation_id = " + a.Add(f.OrganisationID)
	}
	if f.Office != "" {
		w += " AND r.office = " + a.Add(f.Office)
	}
	if !f.From.IsZero() {
		w += " AND a.answered_on >= " + a.Add(f.From.String())
	}
	if !f.To.IsZero() {
		w += " AND a.answered_on <= " + a.Add(f.To.String())
	}
	return w
}

func answers(ctx context.Context, q db.Querier, scope authz.Scope, f AnswerFilter) ([]Answer, error) {
	a := &db.Args{}
	where := f.where(a, scope)
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "a.id", Desc: true})
	return db.All(ctx, q, (*Answer).dest, answerQuery+where+page+tail, a.Values()...)
}
