package body

import (
	"context"
	"errors"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/id"
)

// label is the short name of an organisation, or its name.
const label = "coalesce(CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END, '')"

const columns = `b.id, b.kind, b.name, b.leader_id, ` + label + `, b.founded_on, b.term_to, b.document, b.ended_on, b.reason, b.version, b.name_key,
	(SELECT count(*) FROM body_seat s WHERE s.tenant_id = b.tenant_id AND s.body_id = b.id AND s.valid_to = '')
	FROM body b LEFT JOIN organisation o ON o.tenant_id = b.tenant_id AND o.id = b.leader_id WHERE `

func (b *Body) dest() []any {
	return []any{&b.ID, &b.Kind, &b.Name, &b.LeaderID, &b.Leader, &b.FoundedOn, &b.TermTo, &b.Document, &b.EndedOn, &b.Reason, &b.Version, &b.key, &b.Seats}
}

var leads = authz.Columns{Tenant: "b.tenant_id", Orgs: []string{"b.leader_id"}}

// Within is the condition that keeps a query over body b to those that organisations in scope lead or sit in.
func within(a *db.Args, scope authz.Scope) string {
	w := scope.Where(a, leads)
	if scope.All() || scope.Empty() {
		return w
	}
	return "((" + w + ") OR (b.tenant_id = " + a.Add(scope.Tenant()) + " AND EXISTS (SELECT 1 FROM body_seat x WHERE x.tenant_id = b.tenant_id AND x.body_id = b.id AND x.valid_to = '' AND " +
		scope.Where(a, authz.Columns{Tenant: "x.tenant_id", Orgs: []string{"x.organisation_id"}}) + ")))"
}

func find(ctx context.Context, q db.Querier, scope authz.Scope, body id.ID) (Body, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Body).dest, "SELECT "+columns+within(a, scope)+" AND b.id = "+a.Add(body), a.Values()...)
}

// findKept reads a body that an organisation in scope leads.
func findKept(ctx context.Context, q db.Querier, scope authz.Scope, body id.ID) (Body, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Body).dest, "SELECT "+columns+scope.Where(a, leads)+" AND b.id = "+a.Add(body), a.Values()...)
}

func insert(ctx context.Context, tx *db.Tx, actor authz.Actor, b Body) error {
	_, err := tx.Exec(ctx, `INSERT INTO body (tenant_id, id, kind, name, name_key, leader_id, founded_on, term_to, document, created_by, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`, actor.Tenant, b.ID, b.Kind, b.Name, gram.Key(b.Name), b.LeaderID, b.FoundedOn, b.TermTo, b.Document, actor.AccountID, db.Micros(tx.Now()))
	return err
}

func save(ctx context.Context, tx *db.Tx, tenant int64, b Body) error {
	return tx.Update(ctx, `UPDATE body SET kind = $1, name = $2, name_key = $3, founded_on = $4, term_to = $5, document = $6, ended_on = $7, reason = $8, version = version + 1
		WHERE tenant_id = $9 AND id = $10 AND version = $11`, b.Kind, b.Name, gram.Key(b.Name), b.FoundedOn, b.TermTo, b.Document, b.EndedOn, b.Reason, tenant, b.ID, b.Version)
}

func list(ctx context.Context, q db.Querier, scope authz.Scope, f Filter) (db.List[Body], error) {
	a := &db.Args{}
	w := within(a, scope)
	if f.Ended {
		w += " AND b.ended_on <> ''"
	} else {
		w += " AND b.ended_on = ''"
	}
	if gram.Key(f.Text) != "" {
		w += " AND b.name_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
	}
	if f.Kind != "" {
		w += " AND b.kind = " + a.Add(string(f.Kind))
	}
	if f.LeaderID != 0 {
		w += " AND b.leader_id = " + a.Add(f.LeaderID)
	}
	if f.Organisation != 0 {
		w += " AND EXISTS (SELECT 1 FROM body_seat y WHERE y.tenant_id = b.tenant_id AND y.body_id = b.id AND y.valid_to = '' AND y.organisation_id = " + a.Add(f.Organisation) + ")"
	}
	page, tail := a.Keyset(f.Page, db.Order{Column: "b.name_key", IDColumn: "b.id"})
	rows, err := db.All(ctx, q, (*Body).dest, "SELECT "+columns+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Body]{}, err
	}
	return db.Cut(rows, f.Page, func(b Body) db.Cursor { return db.Cursor{Key: b.key, ID: b.ID} }), nil
}

const seatSelect = `SELECT s.id, s.organisation_id, ` + label + `, s.member_id, s.name, s.title, s.role, s.valid_from, s.valid_to, s.reason
	FROM body_seat s LEFT JOIN organisation o ON o.tenant_id = s.tenant_id AND o.id = s.organisation_id WHERE s.tenant_id = $1 AND s.body_id = $2`

func (s *Seat) dest() []any {
	return []any{&s.ID, &s.OrganisationID, &s.Organisation, &s.MemberID, &s.Name, &s.Title, &s.Role, &s.From, &s.To, &s.Reason}
}

func seats(ctx context.Context, q db.Querier, tenant int64, body id.ID) ([]Seat, error) {
	return db.All(ctx, q, (*Seat).dest, seatSelect+` ORDER BY CASE WHEN s.valid_to = '' THEN 0 ELSE 1 END,
		CASE s.role WHEN 'chair' THEN 0 WHEN 'deputy' THEN 1 ELSE 2 END, s.valid_to DESC, s.id`, tenant, body)
}

func findSeat(ctx context.Context, q db.Querier, tenant int64, body, seat id.ID) (Seat, error) {
	return db.One(ctx, q, (*Seat).dest, seatSelect+" AND s.id = $3", tenant, body, seat)
}

func insertSeat(ctx context.Context, tx *db.Tx, tenant int64, body id.ID, s Seat) error {
	_, err := tx.Exec(ctx, `INSERT INTO body_seat (tenant_id, id, body_id, organisation_id, member_id, name, title, role, valid_from, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, tenant, s.ID, body, s.OrganisationID, s.MemberID, s.Name, s.Title, s.Role, s.From, db.Micros(tx.Now()))
	return err
}

func endSeat(ctx context.Context, tx *db.Tx, tenant int64, seat id.ID, on calendar.Date, reason string) error {
	return tx.Update(ctx, `UPDATE body_seat SET valid_to = $1, reason = $2 WHERE tenant_id = $3 AND id = $4 AND valid_to = ''`, on, reason, tenant, seat)
}

func endSeats(ctx context.Context, tx *db.Tx, tenant int64, body id.ID, on calendar.Date) error {
	_, err := tx.Exec(ctx, `UPDATE body_seat SET valid_to = $1 WHERE tenant_id = $2 AND body_id = $3 AND valid_to = ''`, on, tenant, body)
	return err
}

func sits(ctx context.Context, q db.Querier, tenant int64, body, organisation id.ID) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM body_seat WHERE tenant_id = $1 AND body_id = $2 AND organisation_id = $3 AND valid_to = ''`, tenant, body, organisation)
	return n > 0, err
}

// memberName is the name of a member who belongs to an organisation.
func memberName(ctx context.Context, q db.Querier, tenant int64, organisation, member id.ID) (string, error) {
	return db.One(ctx, q, func(s *string) []any { return []any{s} }, `SELECT name FROM member WHERE tenant_id = $1 AND id = $2 AND ended_on = '' AND (unit_id = $3 OR home_id = $3 OR community_id = $3)`, tenant, member, organisation)
}

// memberNamed is the only member of that name who belongs to an organisation; 0 if there is none, or several.
func memberNamed(ctx context.Context, q db.Querier, tenant int64, organisation id.ID, name string) (id.ID, error) {
	found, err := db.Column[id.ID](ctx, q, `SELECT id FROM member WHERE tenant_id = $1 AND name = $2 AND ended_on = '' AND (unit_id = $3 OR home_id = $3 OR community_id = $3) ORDER BY id LIMIT 2`, tenant, name, organisation)
	if err != nil || len(found) != 1 {
		return 0, err
	}
	return found[0], nil
}

const rulesSelect = `SELECT r.id, r.edition, r.title, r.body_text, coalesce(k.name, ''), r.at FROM body_rules r
	LEFT JOIN account k ON k.tenant_id = r.tenant_id AND k.id = r.account_id WHERE r.tenant_id = $1 AND r.body_id = $2 ORDER BY r.edition DESC`

func (r *Rules) dest() []any {
	return []any{&r.ID, &r.Edition, &r.Title, &r.Text, &r.By, db.Instant(&r.At)}
}

func rules(ctx context.Context, q db.Querier, tenant int64, body id.ID) ([]Rules, error) {
	return db.All(ctx, q, (*Rules).dest, rulesSelect+" LIMIT 50", tenant, body)
}

// latestRules is the zero Rules where there are none.
func latestRules(ctx context.Context, q db.Querier, tenant int64, body id.ID) (Rules, error) {
	r, err := db.One(ctx, q, (*Rules).dest, rulesSelect+" LIMIT 1", tenant, body)
	if errors.Is(err, errs.ErrNotFound) {
		return Rules{}, nil
	}
	return r, err
}

func insertRules(ctx context.Context, tx *db.Tx, actor authz.Actor, body id.ID, r Rules) error {
	_, err := tx.Exec(ctx, `INSERT INTO body_rules (tenant_id, id, body_id, edition, title, body_text, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
		actor.Tenant, r.ID, body, r.Edition, r.Title, r.Text, actor.AccountID, db.Micros(tx.Now()))
	return err
}

func insertReading(ctx context.Context, tx *db.Tx, actor authz.Actor, rules, organisation id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO body_reading (tenant_id, rules_id, organisation_id, account_id, at) VALUES ($1,$2,$3,$4,$5)
		ON CONFLICT (tenant_id, rules_id, organisation_id, account_id) DO NOTHING`, actor.Tenant, rules, organisation, actor.AccountID, db.Micros(tx.Now()))
	return err
}

// readers gives every organisation that has a seat, with the first who read an edition for it.
func readers(ctx context.Context, q db.Querier, tenant int64, body, rules id.ID) ([]Reader, error) {
	return db.All(ctx, q, func(r *Reader) []any { return []any{&r.OrganisationID, &r.Organisation, &r.By, db.Instant(&r.At)} },
		`SELECT o.id, `+label+`, coalesce((SELECT min(k.name) FROM body_reading g JOIN account k ON k.tenant_id = g.tenant_id AND k.id = g.account_id
			WHERE g.tenant_id = o.tenant_id AND g.rules_id = $1 AND g.organisation_id = o.id), ''),
		coalesce((SELECT min(g.at) FROM body_reading g WHERE g.tenant_id = o.tenant_id AND g.rules_id = $1 AND g.organisation_id = o.id), 0)
		FROM organisation o WHERE o.tenant_id = $2 AND o.id IN (SELECT s.organisation_id FROM body_seat s WHERE s.tenant_id = $2 AND s.body_id = $3 AND s.valid_to = '')
		ORDER BY o.name_key, o.id`, rules, tenant, body)
}

func follow(ctx context.Context, tx *db.Tx, tenant int64, from, to id.ID) error {
	today := calendar.DateOf(tx.Now())
	for _, x := range []struct {
		query string
		args  []any
	}{
		{"UPDATE body SET leader_id = $1 WHERE tenant_id = $2 AND leader_id = $3", []any{to, tenant, from}},
		{`UPDATE body_seat SET valid_to = $1 WHERE tenant_id = $2 AND organisation_id = $3 AND valid_to = '' AND EXISTS (SELECT 1 FROM body_seat o
			WHERE o.tenant_id = body_seat.tenant_id AND o.body_id = body_seat.body_id AND o.organisation_id = $4 AND o.valid_to = '' AND o.name = body_seat.name)`, []any{today, tenant, from, to}},
		{"UPDATE body_seat SET organisation_id = $1 WHERE tenant_id = $2 AND organisation_id = $3 AND valid_to = ''", []any{to, tenant, from}},
	} {
		if _, err := tx.Exec(ctx, x.query, x.args...); err != nil {
			return err
		}
	}
	return nil
}
