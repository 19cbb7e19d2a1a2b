package dataright

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/retention"
)

// scopeColumns say through what a request is in scope: the community in which the person lives now.
var scopeColumns = authz.Columns{Tenant: "q.tenant_id", Orgs: []string{"p.community_id"}}

const columns = `q.id, q.no, q.kind, q.person_id, coalesce(p.name, ''), coalesce(p.community_id, 0), coalesce(CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END, ''), q.part,
	q.value, q.said, q.channel, q.state, q.answer, q.received_at, q.due_on, q.provisional, q.entered_by, q.decided_at, coalesce(k.name, ''), q.version`

const joined = ` FROM data_request q
	LEFT JOIN person p ON p.tenant_id = q.tenant_id AND p.id = q.person_id
	LEFT JOIN organisation o ON o.tenant_id = q.tenant_id AND o.id = p.community_id AND p.community_id <> 0
	LEFT JOIN account k ON k.tenant_id = q.tenant_id AND k.id = q.decided_by AND q.decided_by <> 0
	WHERE `

type stored struct {
	Request
	value, said, answer []byte
}

func (r *stored) dest() []any {
	return []any{&r.ID, &r.No, &r.Kind, &r.PersonID, &r.Name, &r.CommunityID, &r.Community, &r.Part, &r.value, &r.said, &r.Channel, &r.State, &r.answer,
		db.Instant(&r.ReceivedAt), &r.DueOn, &r.Provisional, &r.enteredBy, db.Instant(&r.DecidedAt), &r.DecidedBy, &r.Version}
}

func (s *Service) opened(r stored) (Request, error) {
	for _, c := range []struct {
		column string
		sealed []byte
		to     *string
	}{{"value", r.value, &r.Value}, {"said", r.said, &r.Said}, {"answer", r.answer, &r.Answer}} {
		plain, err := s.ring.Open("data_request", c.column, r.ID, c.sealed)
		if err != nil {
			return r.Request, err
		}
		*c.to = plain
	}
	return r.Request, nil
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, actor authz.Actor, r Request) error {
	_, err := tx.Exec(ctx, `INSERT INTO data_request (tenant_id, id, no, kind, person_id, part, value, said, channel, entered_by, state, received_at, due_on, provisional)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`, actor.Tenant, r.ID, r.No, string(r.Kind), r.PersonID, r.Part,
		s.ring.Seal("data_request", "value", r.ID, r.Value), s.ring.Seal("data_request", "said", r.ID, r.Said), r.Channel, actor.AccountID, string(r.State), db.Micros(r.ReceivedAt), r.DueOn.String(), r.Provisional)
	return err
}

// mostOpen is how many open requests somebody may have.
const mostOpen = 20

// refuseDouble refuses a request about what an open one is about already, and more than anybody needs.
func (s *Service) refuseDouble(ctx context.Context, tx *db.Tx, tenant int64, r Request) error {
	type open struct{ all, same int64 }
	n, err := db.One(ctx, tx, func(o *open) []any { return []any{&o.all, &o.same} }, `SELECT count(*), coalesce(sum(CASE WHEN q.kind = $1 AND q.part = $2 AND q.part <> '' THEN 1 ELSE 0 END), 0)
		FROM data_request q WHERE q.tenant_id = $3 AND q.person_id = $4 AND q.state = 'open'`, string(r.Kind), r.Part, tenant, r.PersonID)
	switch {
	case err != nil:
		return err
	case n.same > 0:
		return errs.New(errs.Conflict, i18n.DataRightDouble)
	case n.all >= mostOpen:
		return errs.New(errs.Conflict, i18n.DataRightMost, mostOpen)
	}
	return nil
}

// visible is the condition that the actor may see a request: their own, or in scope.
func visible(a *db.Args, actor authz.Actor) string {
	w := actor.Scope(PermDecide).Or(actor.Scope(PermEnter)).Where(a, scopeColumns)
	if actor.PersonID != 0 {
		w = "(" + w + " OR q.tenant_id = " + a.Add(actor.Tenant) + " AND q.person_id = " + a.Add(actor.PersonID) + ")"
	}
	return w
}

func (s *Service) find(ctx context.Context, q db.Querier, actor authz.Actor, i id.ID) (Request, error) {
	a := &db.Args{}
	where := visible(a, actor) + " AND q.id = " + a.Add(i)
	r, err := db.One(ctx, q, (*stored).dest, "SELECT "+columns+joined+where, a.Values()...)
	if err != nil {
		return r.Request, err
	}
	return s.opened(r)
}

func (s *Service) where(a *db.Args, actor authz.Actor, f Filter) string {
	w := actor.Scope(PermDecide).Or(actor.Scope(PermEnter)).Where(a, scopeColumns)
	if f.State != "" {
		w += " AND q.state = " + a.Add(string(f.State))
	}
	if f.Kind != "" {
		w += " AND q.kind = " + a.Add(string(f.Kind))
	}
	if f.Community != 0 {
		w += " AND p.community_id = " + a.Add(f.Community)
	}
	if f.Late {
		w += " AND q.state = 'open' AND q.due_on < " + a.Add(calendar.DateOf(s.db.Now()).String())
	}
	if f.Text != "" {
		w += " AND (q.no = " + a.Add(f.Text) + " OR p.name = " + a.Add(f.Text) + ")"
	}
	return w
}

// list gives a page of requests as they are stored.
func (s *Service) list(ctx context.Context, a *db.Args, where string, page db.Page, order db.Order) (db.List[stored], error) {
	after, tail := a.Keyset(page, order)
	rows, err := db.All(ctx, s.db, (*stored).dest, "SELECT "+columns+joined+where+after+tail, a.Values()...)
	return db.Cut(rows, page, func(r stored) db.Cursor {
		if order.Column != "" {
			return db.Cursor{Key: r.DueOn.String(), ID: r.ID}
		}
		return db.Cursor{ID: r.ID}
	}), err
}

// RetentionKinds is the period of requests that are decided: as long as the law asks records of handling to be kept.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{{Code: "dataright.decided", Title: i18n.RetentionDataRight, Act: i18n.RetentionActDelete,
		Period: retention.Months("retention.dataright_months", i18n.RetentionDataRight, 36, "PRIV-15"),
		Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
			return retention.Rows{ID: "q.id", From: "data_request q WHERE q.tenant_id = " + a.Add(tenant) + " AND q.decided_at <> 0 AND q.decided_at < " + a.Add(db.Micros(before.Time()))}
		},
		Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
			a := &db.Args{}
			_, err := tx.Exec(ctx, "DELETE FROM data_request WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
			return err
		}}}
}

// ForgetTx takes out what persons said whom the register forgets, and ends what is open.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE data_request SET value = NULL, said = NULL, answer = NULL, state = CASE WHEN state = 'open' THEN 'withdrawn' ELSE state END, decided_at = CASE WHEN decided_at = 0 THEN "+
		a.Add(db.Micros(tx.Now()))+" ELSE decided_at END, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "person_id", persons), a.Values()...)
	return err
}
