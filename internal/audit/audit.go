// Package audit keeps the record of who did or read what, when, in which role and for what purpose (SEC-3, REL-7).
//
// An entry is written in the transaction of the act itself, so that nothing happens without its entry. Shortly after,
// Chain links new entries into a hash chain per tenant (table audit_link): the hash of a link covers the one before and the
// entry's digest, which covers every field. Verify recomputes both, so that changing, removing or inserting an entry shows.
// Entries are chained in batches and not by each transaction, because otherwise all writers of a tenant would wait for the
// chain's last link (see docs/adr).
//
// An entry that concerns one resident names them (PersonID); that is what the resident is shown.
package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/seal"
)

// PermRead is the right to read the audit record.
const PermRead authz.Permission = "audit.read"

// Entry is what the caller says about an act.
type Entry struct {
	Action      string           // concept.verb, mostly the permission used
	SubjectKind string           // table of the row concerned
	SubjectID   id.ID            // its ID
	PersonID    id.ID            // the resident concerned, 0 for none
	OrgID       id.ID            // the organisation in whose part of the tree it happened
	Purpose     string           // code of the purpose, for looks at sealed data
	Detail      map[string]any   // what else matters; never a sealed value
	Permission  authz.Permission // the permission used, to name the role; Action if empty
}

// Record writes an entry in the transaction of the act.
func Record(ctx context.Context, tx *db.Tx, actor authz.Actor, e Entry) error {
	r, err := e.row(tx, actor)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO audit_entry (tenant_id, id, at, account_id, actor_name, actor_role, action, subject_kind,
		subject_id, person_id, organisation_id, purpose, detail, request_id, digest)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15)`, r.values(actor.Tenant, nil)...)
	return err
}

// values fills dst with the row in the order of insertColumns.
func (r Row) values(tenant int64, dst []any) []any {
	return append(dst, tenant, int64(r.ID), db.Micros(r.At), int64(r.AccountID), r.ActorName, r.ActorRole, r.Action, r.SubjectKind,
		int64(r.SubjectID), int64(r.PersonID), int64(r.OrgID), r.Purpose, r.Detail, r.RequestID, r.digest(tenant))
}

var insertColumns = []string{"tenant_id", "id", "at", "account_id", "actor_name", "actor_role", "action", "subject_kind", "subject_id",
	"person_id", "organisation_id", "purpose", "detail", "request_id", "digest"}

// RecordMany writes many entries at once in the transaction of the act: one for each person whose data an act looked at.
func RecordMany(ctx context.Context, tx *db.Tx, actor authz.Actor, entries []Entry) error {
	rows := make([]Row, len(entries))
	for i, e := range entries {
		var err error
		if rows[i], err = e.row(tx, actor); err != nil {
			return err
		}
	}
	buf := make([]any, 0, len(insertColumns))
	return tx.InsertMany(ctx, "audit_entry", insertColumns, len(rows), func(i int) []any {
		return rows[i].values(actor.Tenant, buf[:0])
	})
}

// row is the entry as it is stored.
func (e Entry) row(tx *db.Tx, actor authz.Actor) (Row, error) {
	if e.Permission == "" {
		e.Permission = authz.Permission(e.Action)
	}
	detail := ""
	if len(e.Detail) > 0 {
		b, err := json.Marshal(e.Detail) // keys sorted
		if err != nil {
			return Row{}, fmt.Errorf("audit detail: %w", err)
		}
		detail = string(b)
	}
	return Row{
		ID: id.New(), At: tx.Now(), AccountID: actor.AccountID, ActorName: actor.Name, ActorRole: actor.Role(e.Permission),
		Action: e.Action, SubjectKind: e.SubjectKind, SubjectID: e.SubjectID, PersonID: e.PersonID, OrgID: e.OrgID,
		Purpose: e.Purpose, Detail: detail, RequestID: actor.RequestID,
	}, nil
}

// Row is a stored entry.
type Row struct {
	ID          id.ID
	At          time.Time
	AccountID   id.ID
	ActorName   string
	ActorRole   string
	Action      string
	SubjectKind string
	SubjectID   id.ID
	PersonID    id.ID
	OrgID       id.ID
	Purpose     string
	Detail      string
	RequestID   string
}

// digest covers every field of the entry; lengths keep neighbouring fields apart.
func (r Row) digest(tenant int64) string {
	var b strings.Builder
	for _, f := range []string{
		strconv.FormatInt(tenant, 10), r.ID.String(), strconv.FormatInt(db.Micros(r.At), 10), r.AccountID.String(),
		r.ActorName, r.ActorRole, r.Action, r.SubjectKind, r.SubjectID.String(), r.PersonID.String(), r.OrgID.String(),
		r.Purpose, r.Detail, r.RequestID,
	} {
		b.WriteString(strconv.Itoa(len(f)))
		b.WriteByte(':')
		b.WriteString(f)
	}
	return seal.Hash([]byte(b.String()))
}

const columns = `id, at, account_id, actor_name, actor_role, action, subject_kind, subject_id, person_id, organisation_id, purpose, detail, request_id`

func (r *Row) dest() []any {
	return []any{&r.ID, db.Instant(&r.At), &r.AccountID, &r.ActorName, &r.ActorRole, &r.Action, &r.SubjectKind,
		&r.SubjectID, &r.PersonID, &r.OrgID, &r.Purpose, &r.Detail, &r.RequestID}
}

// Filter narrows a search; zero fields do not filter.
type Filter struct {
	AccountID id.ID
	SubjectID id.ID
	PersonID  id.ID
	Action    string // exact
	From, To  time.Time
	Looks     bool // only looks at sealed data: entries with a purpose
	Page      db.Page
}

// Search gives entries in scope, newest first.
func Search(ctx context.Context, q db.Querier, scope authz.Scope, f Filter) (db.List[Row], error) {
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "tenant_id", Orgs: []string{"organisation_id"}, Person: "person_id"})
	if f.AccountID != 0 {
		where += " AND account_id = " + a.Add(f.AccountID)
	}
	if f.SubjectID != 0 {
		where += " AND subject_id = " + a.Add(f.SubjectID) + " AND subject_id <> 0" // lets SQLite use the partial index
	}
	if f.PersonID != 0 {
		where += " AND person_id = " + a.Add(f.PersonID) + " AND person_id <> 0"
	}
	if f.Action != "" {
		where += " AND action = " + a.Add(f.Action)
	}
	if f.Looks {
		where += " AND purpose <> ''"
	}
	if !f.From.IsZero() {
		where += " AND at >= " + a.Add(db.Micros(f.From))
	}
	if !f.To.IsZero() {
		where += " AND at < " + a.Add(db.Micros(f.To))
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "id", Desc: true})
	rows, err := db.All(ctx, q, (*Row).dest, "SELECT "+columns+" FROM audit_entry WHERE "+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Row]{}, err
	}
	return db.Cut(rows, f.Page, func(r Row) db.Cursor { return db.Cursor{ID: r.ID} }), nil
}
