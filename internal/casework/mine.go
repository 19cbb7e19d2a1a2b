package casework

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

// Holder is whoever has shown that a telephone is in their hands, through an account of their own (package resident).
type Holder struct {
	Tenant   int64
	Account  id.ID
	Phone    string
	Since    time.Time // cases that were reported with the telephone before may be those of a former holder
	PersonID id.ID     // whom the register knows them to be; 0 where that was not shown
}

// Own is a case of one's own, in a list.
type Own struct {
	ID         id.ID
	No         string
	Kind       i18n.Text
	Title      string
	State      State
	Outcome    Outcome
	Org        string
	ReceivedAt time.Time
	DueAt      time.Time
	Asked      bool // it is finished, and the rating is asked

	kind, kindEN string
}

// theirs is the condition that a case is one of whoever holds the account: reported from there, its code entered there, reported with their telephone since it is
// theirs, or reported by the person whom the register knows them to be. What is confidential, or about an organisation, is theirs by the first two alone: a telephone is
// what somebody said, and a record may have been linked at a counter.
func (s *Service) theirs(a *db.Args, h Holder) string {
	each := func(condition string) string {
		return "SELECT c.id FROM service_case c WHERE c.tenant_id = " + a.Add(h.Tenant) + " AND " + condition
	}
	all := each("c.resident_id <> 0 AND c.resident_id = " + a.Add(h.Account))
	const plain = " AND c.confidential = FALSE AND c.about_id = 0"
	if key := s.phoneKey(h.Phone); key != "" {
		all += " UNION " + each("c.phone_key <> '' AND c.phone_key = "+a.Add(key)+" AND c.received_at >= "+a.Add(db.Micros(h.Since))+plain)
	}
	if h.PersonID != 0 {
		all += " UNION " + each("c.person_id <> 0 AND c.person_id = "+a.Add(h.PersonID)+plain)
	}
	return "c.tenant_id = " + a.Add(h.Tenant) + " AND c.id IN (" + all + ")"
}

// OwnCases gives somebody their own cases, the newest first. What was merged stands as it was reported.
func (s *Service) OwnCases(ctx context.Context, h Holder, page db.Page) (db.List[Own], error) {
	a := &db.Args{}
	where := s.theirs(a, h)
	after, tail := a.Keyset(page, db.Order{IDColumn: "c.id", Desc: true})
	rows, err := db.All(ctx, s.db, func(o *Own) []any {
		return []any{&o.ID, &o.No, &o.kind, &o.kindEN, &o.Title, &o.State, &o.Outcome, &o.Org, db.Instant(&o.ReceivedAt), db.Instant(&o.DueAt)}
	}, "SELECT c.id, c.no, coalesce(k.name, ''), coalesce(k.name_en, ''), c.title, c.state, c.outcome, "+reference.Label("o")+`, c.received_at, c.due_at FROM service_case c
		LEFT JOIN case_kind k ON k.tenant_id = c.tenant_id AND k.code = c.kind_code
		LEFT JOIN organisation o ON o.tenant_id = c.tenant_id AND o.id = c.org_id
		WHERE `+where+after+tail, a.Values()...)
	for i := range rows {
		rows[i].Kind, rows[i].Asked = i18n.Both(rows[i].kind, rows[i].kindEN), rows[i].State == Done
	}
	return db.Cut(rows, page, func(o Own) db.Cursor { return db.Cursor{ID: o.ID} }), err
}

// Mine is the key of one of somebody's own cases.
func (s *Service) Mine(ctx context.Context, h Holder, c id.ID) (Key, error) {
	a := &db.Args{}
	own, err := db.One(ctx, s.db, func(i *id.ID) []any { return []any{i} }, "SELECT c.id FROM service_case c WHERE "+s.theirs(a, h)+" AND c.id = "+a.Add(c), a.Values()...)
	return Key{tenant: h.Tenant, own: own}, err
}

// Keep lets a case be followed through an account from now on; whoever knows its code decides that, the first of several. by names them in the record of acts.
func (s *Service) Keep(ctx context.Context, h Holder, k Key, by, requestID string) (c id.ID, err error) {
	return c, s.db.WithTx(ctx, func(tx *db.Tx) error {
		tenant, r, err := s.byKey(ctx, tx, k)
		if err != nil {
			return err
		}
		if c = r.ID; tenant != h.Tenant { // a code of another district is no code here
			return errs.ErrNotFound
		}
		n, err := tx.Exec(ctx, "UPDATE service_case SET resident_id = $1 WHERE tenant_id = $2 AND id = $3 AND resident_id IN (0, $1)", h.Account, tenant, c)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, i18n.OwnElsewhere)
		}
		return audit.Record(ctx, tx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, audit.Entry{Action: "casework.keep", SubjectKind: "service_case", SubjectID: c, OrgID: r.OrgID})
	})
}

// LetGoTx ends that cases are followed through an account that is over.
func LetGoTx(ctx context.Context, tx *db.Tx, tenant int64, accounts []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE service_case SET resident_id = 0 WHERE tenant_id = "+a.Add(tenant)+" AND resident_id <> 0 AND "+db.In(a, "resident_id", accounts), a.Values()...)
	return err
}
