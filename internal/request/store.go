package request

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/file"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/tabular"
)

const nameOf = `CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END`

const requestQuery = `SELECT r.id, r.owner_id, coalesce(` + nameOf + `, ''), r.office_id, r.office, r.ground, r.ground_no, r.title, r.every, r.first_due_on, r.from_on, r.ends_on,
	r.own_end, r.form_id, r.form_name, r.choice, r.sealed, r.state, r.reason, r.created_at, coalesce(b.name, ''), r.version
	FROM request r LEFT JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.owner_id
	LEFT JOIN account b ON b.tenant_id = r.tenant_id AND b.id = r.created_by AND r.created_by <> 0 WHERE `

func (r *Request) dest() []any {
	return []any{&r.ID, &r.OwnerID, &r.Owner, &r.OfficeID, &r.Office, &r.Ground, &r.GroundNo, &r.Title, &r.Every, &r.FirstDue, &r.fromOn, &r.EndsOn,
		&r.OwnEnd, &r.formID, &r.FormName, &r.choice, &r.Sealed, &r.State, &r.Reason, db.Instant(&r.CreatedAt), &r.By, &r.Version}
}

var (
	ownerColumns  = authz.Columns{Tenant: "r.tenant_id", Orgs: []string{"r.owner_id"}}
	partyColumns  = authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.organisation_id"}}
	dueColumns    = authz.Columns{Tenant: "d.tenant_id", Orgs: []string{"d.organisation_id"}}
	answerColumns = authz.Columns{Tenant: "a.tenant_id", Orgs: []string{"a.organisation_id"}}
)

// seen is the condition that a request asks an organisation in scope or is kept by one.
func seen(a *db.Args, scope authz.Scope) string {
	if scope.Empty() || scope.All() {
		return scope.Where(a, authz.Columns{Tenant: "r.tenant_id"})
	}
	return "r.tenant_id = " + a.Add(scope.Tenant()) + " AND (" + scope.Where(a, ownerColumns) + " OR EXISTS (SELECT 1 FROM request_party p WHERE p.request_id = r.id AND " +
		scope.Where(a, partyColumns) + "))"
}

func find(ctx context.Context, q db.Querier, scope authz.Scope, request id.ID) (Request, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Request).dest, requestQuery+seen(a, scope)+" AND r.id = "+a.Add(request), a.Values()...)
}

// findKept finds a request that is kept by an organisation in scope.
func findKept(ctx context.Context, q db.Querier, scope authz.Scope, request id.ID) (Request, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Request).dest, requestQuery+scope.Where(a, ownerColumns)+" AND r.id = "+a.Add(request), a.Values()...)
}

// open gives open requests of a tenant behind one.
func open(ctx context.Context, q db.Querier, scope authz.Scope, after id.ID) ([]Request, error) {
	a := &db.Args{}
	return db.All(ctx, q, (*Request).dest, requestQuery+seen(a, scope)+" AND r.state = 'open' AND r.id > "+a.Add(after)+" ORDER BY r.id LIMIT 100", a.Values()...)
}

// where is the condition of a filter. day is today.
func (f Filter) where(a *db.Args, scope authz.Scope, day calendar.Date, lead int64) string {
	w := seen(a, scope)
	if f.Text != "" {
		w += " AND r.search_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
	}
	if f.State != "" {
		w += " AND r.state = " + a.Add(string(f.State))
	}
	if f.Office != "" {
		w += " AND r.office = " + a.Add(f.Office)
	}
	if f.NoGround {
		w += " AND r.ground = '' AND r.ground_no = ''"
	}
	if f.OrganisationID != 0 {
		w += " AND EXISTS (SELECT 1 FROM request_party g WHERE g.tenant_id = r.tenant_id AND g.request_id = r.id AND g.organisation_id = " + a.Add(f.OrganisationID) + ")"
	}
	until := ""
	switch f.Due {
	case Late:
		until = " AND d.due_on < " + a.Add(day.String())
	case Waits:
		until = " AND d.due_on >= " + a.Add(day.String()) + " AND d.due_on <= " + a.Add(day.AddDays(int(lead)).String())
	default:
		return w
	}
	return w + " AND r.state IN ('open', 'expired') AND EXISTS (SELECT 1 FROM request_due d WHERE d.request_id = r.id AND d.answered = FALSE" + until + " AND " + scope.Where(a, dueColumns) + ")"
}

func list(ctx context.Context, q db.Querier, scope authz.Scope, f Filter, day calendar.Date, lead int64) ([]Request, error) {
	a := &db.Args{}
	where := f.where(a, scope, day, lead)
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "r.id", Desc: true})
	return db.All(ctx, q, (*Request).dest, requestQuery+where+page+tail, a.Values()...)
}

// count adds to requests how their occurrences in scope stand.
func count(ctx context.Context, q db.Querier, scope authz.Scope, list []Request, day calendar.Date, lead int64) error {
	if len(list) == 0 {
		return nil
	}
	at, ids := map[id.ID]int{}, make([]id.ID, len(list))
	for i, r := range list {
		at[r.ID], ids[i] = i, r.ID
	}
	type counted struct {
		request             id.ID
		late, soon, answers int64
		next                calendar.Date
	}
	a := &db.Args{}
	today, until := a.Add(day.String()), a.Add(day.AddDays(int(lead)).String())
	return db.Each(ctx, q, func(c *counted) []any { return []any{&c.request, &c.late, &c.soon, &c.answers, &c.next} }, func(c counted) error {
		r := &list[at[c.request]]
		r.Answered = c.answers
		if r.State == Open || r.State == Expired {
			r.Late, r.Waiting, r.NextDue = c.late, c.soon, c.next
		}
		return nil
	}, "SELECT d.request_id, sum(CASE WHEN d.answered = FALSE AND d.due_on < "+today+" THEN 1 ELSE 0 END), sum(CASE WHEN d.answered = FALSE AND d.due_on >= "+today+
		" AND d.due_on <= "+until+" THEN 1 ELSE 0 END), sum(CASE WHEN d.answered THEN 1 ELSE 0 END), coalesce(min(CASE WHEN d.answered = FALSE THEN d.due_on END), '') FROM request_due d WHERE "+
		scope.Where(a, dueColumns)+" AND "+db.In(a, "d.request_id", ids)+" GROUP BY d.request_id", a.Values()...)
}

func offices(ctx context.Context, q db.Querier, scope authz.Scope) ([]string, error) {
	a := &db.Args{}
	return db.Column[string](ctx, q, "SELECT DISTINCT r.office FROM request r WHERE "+seen(a, scope)+" ORDER BY r.office LIMIT 500", a.Values()...)
}

func insert(ctx context.Context, tx *db.Tx, actor authz.Actor, r Request, orgs []id.ID, fields []Field) error {
	now := db.Micros(tx.Now())
	_, err := tx.Exec(ctx, `INSERT INTO request (tenant_id, id, owner_id, office_id, office, ground, ground_no, title, search_key, every, first_due_on, from_on, ends_on, own_end,
		form_id, form_name, choice, sealed, state, created_by, created_at, changed_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$21)`,
		actor.Tenant, r.ID, r.OwnerID, r.OfficeID, r.Office, r.Ground, r.GroundNo, r.Title, searchKey(r), string(r.Every), r.FirstDue.String(), r.fromOn.String(), r.EndsOn.String(),
		r.OwnEnd, r.formID, r.FormName, r.choice, r.Sealed, string(r.State), actor.AccountID, now)
	if err != nil {
		return err
	}
	if err := insertParties(ctx, tx, actor.Tenant, r.ID, orgs); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "request_field", []string{"tenant_id", "request_id", "position", "sheet", "label", "subject", "fact", "sealed"}, len(fields), func(i int) []any {
		f := fields[i]
		return []any{actor.Tenant, r.ID, i, f.Sheet, f.Label, string(f.Subject), f.Fact, f.Sealed}
	})
}

func insertParties(ctx context.Context, tx *db.Tx, tenant int64, request id.ID, orgs []id.ID) error {
	return tx.InsertMany(ctx, "request_party", []string{"tenant_id", "request_id", "organisation_id"}, len(orgs), func(i int) []any {
		return []any{tenant, request, orgs[i]}
	})
}

func replaceParties(ctx context.Context, tx *db.Tx, tenant int64, request id.ID, orgs []id.ID) error {
	if _, err := tx.Exec(ctx, "DELETE FROM request_party WHERE tenant_id = $1 AND request_id = $2", tenant, request); err != nil {
		return err
	}
	return insertParties(ctx, tx, tenant, request, orgs)
}

func update(ctx context.Context, tx *db.Tx, tenant int64, r Request) error {
	return tx.Update(ctx, `UPDATE request SET office_id = $1, office = $2, ground = $3, ground_no = $4, title = $5, search_key = $6, every = $7, first_due_on = $8, from_on = $9,
		ends_on = $10, own_end = $11, state = $12, reason = $13, changed_at = $14, version = version + 1 WHERE tenant_id = $15 AND id = $16 AND version = $17`,
		r.OfficeID, r.Office, r.Ground, r.GroundNo, r.Title, searchKey(r), string(r.Every), r.FirstDue.String(), r.fromOn.String(), r.EndsOn.String(), r.OwnEnd, string(r.State), r.Reason,
		db.Micros(tx.Now()), tenant, r.ID, r.Version)
}

func insertChange(ctx context.Context, tx *db.Tx, actor authz.Actor, request id.ID, act, reason, before string) error {
	_, err := tx.Exec(ctx, `INSERT INTO request_change (tenant_id, id, request_id, act, reason, before, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		actor.Tenant, id.New(), request, act, reason, before, actor.AccountID, db.Micros(tx.Now()))
	return err
}

func changes(ctx context.Context, q db.Querier, tenant int64, request id.ID) ([]Change, error) {
	return db.All(ctx, q, func(c *Change) []any { return []any{&c.ID, &c.Act, &c.Reason, &c.Before, &c.By, db.Instant(&c.At)} },
		`SELECT c.id, c.act, c.reason, c.before, coalesce(b.name, ''), c.at FROM request_change c LEFT JOIN account b ON b.tenant_id = c.tenant_id AND b.id = c.account_id AND c.account_id <> 0
		WHERE c.tenant_id = $1 AND c.request_id = $2 ORDER BY c.id DESC LIMIT 200`, tenant, request)
}

// officeName is the name of an organisation that asks; Invalid if the tenant has none of that ID.
func officeName(ctx context.Context, q db.Querier, tenant int64, office id.ID) (string, error) {
	if office == 0 {
		return "", nil
	}
	name, err := db.Value[string](ctx, q, "SELECT "+nameOf+" FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2", tenant, office)
	if err == nil && name == "" {
		err = errs.Field("office", i18n.ErrBadChoice)
	}
	return name, err
}

func (p *Party) dest() []any { return []any{&p.ID, &p.Name, &p.Community} }

const partyOfOrg = "o.id, " + nameOf + ", o.kind = 'community_party'"

func partyOf(ctx context.Context, q db.Querier, tenant int64, org id.ID) (Party, error) {
	return db.One(ctx, q, (*Party).dest, "SELECT "+partyOfOrg+" FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2", tenant, org)
}

func partyIDs(ctx context.Context, q db.Querier, tenant int64, request id.ID) ([]id.ID, error) {
	return db.Column[id.ID](ctx, q, "SELECT organisation_id FROM request_party WHERE tenant_id = $1 AND request_id = $2 ORDER BY organisation_id", tenant, request)
}

// parties are the organisations asked that are in scope, by name.
func parties(ctx context.Context, q db.Querier, scope authz.Scope, request id.ID) ([]Party, error) {
	a := &db.Args{}
	return db.All(ctx, q, (*Party).dest, "SELECT "+partyOfOrg+` FROM request_party p JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.organisation_id
		WHERE `+scope.Where(a, partyColumns)+" AND p.request_id = "+a.Add(request)+" ORDER BY o.name_key, o.id LIMIT 1000", a.Values()...)
}

func (f *Field) dest() []any { return []any{&f.Sheet, &f.Label, &f.Subject, &f.Fact, &f.Sealed} }

func fields(ctx context.Context, q db.Querier, tenant int64, request id.ID) ([]Field, error) {
	return db.All(ctx, q, (*Field).dest, "SELECT sheet, label, subject, fact, sealed FROM request_field WHERE tenant_id = $1 AND request_id = $2 ORDER BY position", tenant, request)
}

// others gives the fields of other open requests that ask one of the organisations, as far as the platform knows them.
func others(ctx context.Context, q db.Querier, scope authz.Scope, request id.ID, orgs []id.ID) (map[id.ID][]Field, []Request, error) {
	if len(orgs) == 0 {
		return nil, nil, nil
	}
	a := &db.Args{}
	where := seen(a, scope) + " AND r.state = 'open' AND r.id <> " + a.Add(request) + " AND EXISTS (SELECT 1 FROM request_party g WHERE g.tenant_id = r.tenant_id AND g.request_id = r.id AND " +
		db.In(a, "g.organisation_id", orgs) + ")"
	rows, err := db.All(ctx, q, (*Request).dest, requestQuery+where+" ORDER BY r.id DESC LIMIT 300", a.Values()...)
	if err != nil || len(rows) == 0 {
		return nil, nil, err
	}
	ids := make([]id.ID, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	type row struct {
		request id.ID
		Field
	}
	a = &db.Args{}
	out := map[id.ID][]Field{}
	return out, rows, db.Each(ctx, q, func(r *row) []any { return append([]any{&r.request}, r.Field.dest()...) }, func(r row) error {
		out[r.request] = append(out[r.request], r.Field)
		return nil
	}, "SELECT request_id, sheet, label, subject, fact, sealed FROM request_field WHERE tenant_id = "+a.Add(scope.Tenant())+" AND fact <> '' AND "+db.In(a, "request_id", ids), a.Values()...)
}

// keep stores a workbook, sealed, until its time is over.
func (s *Service) keep(ctx context.Context, tx *db.Tx, actor authz.Actor, name string, content []byte) (id.ID, error) {
	return file.Keep(ctx, tx, s.ring, actor.Tenant, file.New{Name: name, ContentType: tabular.ContentType, AccountID: actor.AccountID, Content: content})
}

func dropFiles(ctx context.Context, tx *db.Tx, tenant int64, files string, rows []id.ID) error {
	a := &db.Args{}
	t := a.Add(tenant)
	_, err := tx.Exec(ctx, "DELETE FROM file WHERE tenant_id = "+t+" AND id IN (SELECT "+files+" WHERE tenant_id = "+t+" AND "+db.In(a, "id", rows)+")", a.Values()...)
	return err
}
