package deed

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/waiting"
)

const columns = `d.id, d.member_id, d.person_id, d.community_id, d.unit_id, d.title, d.body, d.on_date, d.helped_name, d.state, d.proof, d.reason,
	d.source_kind, d.source_id, d.proposed_by, d.proposed_at, d.decided_by, d.decided_at, d.version`

func (d *Deed) dest() []any {
	return []any{&d.ID, &d.MemberID, &d.PersonID, &d.CommunityID, &d.UnitID, &d.Title, &d.Body, &d.OnDate, &d.Helped, &d.State, &d.Proof, &d.Reason,
		&d.SourceKind, &d.SourceID, &d.ProposedBy, db.Instant(&d.ProposedAt), &d.DecidedBy, db.Instant(&d.DecidedAt), &d.Version}
}

var insertColumns = []string{"tenant_id", "id", "member_id", "person_id", "community_id", "unit_id", "title", "body", "on_date", "helped_name", "state", "proof",
	"source_kind", "source_id", "proposed_by", "proposed_at", "decided_by", "decided_at"}

func insertMany(ctx context.Context, tx *db.Tx, tenant int64, all []Deed) error {
	return tx.InsertMany(ctx, "deed", insertColumns, len(all), func(i int) []any {
		d := &all[i]
		return []any{tenant, int64(d.ID), int64(d.MemberID), int64(d.PersonID), int64(d.CommunityID), int64(d.UnitID), d.Title, d.Body, d.OnDate.String(),
			d.Helped, string(d.State), string(d.Proof), d.SourceKind, int64(d.SourceID), int64(d.ProposedBy), db.Micros(d.ProposedAt),
			int64(d.DecidedBy), db.Micros(d.DecidedAt)}
	})
}

func save(ctx context.Context, tx *db.Tx, tenant int64, d *Deed) error {
	d.Version++
	return tx.Update(ctx, `UPDATE deed SET title = $3, body = $4, on_date = $5, helped_name = $6, state = $7, proof = $8, reason = $9, decided_by = $10,
		decided_at = $11, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version = $12`,
		tenant, d.ID, d.Title, d.Body, d.OnDate.String(), d.Helped, string(d.State), string(d.Proof), d.Reason, d.DecidedBy, db.Micros(d.DecidedAt), d.Version-1)
}

var scopeColumns = authz.Columns{Tenant: "d.tenant_id", Orgs: []string{"d.community_id", "d.unit_id"}, Person: "d.person_id"}

// deciding leaves the unit out: only the community decides.
var deciding = authz.Columns{Tenant: "d.tenant_id", Orgs: []string{"d.community_id"}, Person: "d.person_id"}

func find(ctx context.Context, q db.Querier, s authz.Scope, deed id.ID) (Deed, error) {
	a := &db.Args{}
	w := s.Where(a, deciding)
	return db.One(ctx, q, (*Deed).dest, `SELECT `+columns+` FROM deed d WHERE `+w+` AND d.id = `+a.Add(deed), a.Values()...)
}

// together is how many deeds one statement names.
const together = 256

// findMany finds deeds by their IDs; one that is not within the scope is NotFound.
func findMany(ctx context.Context, q db.Querier, s authz.Scope, deeds []id.ID) ([]Deed, error) {
	deeds = slices.Compact(slices.Sorted(slices.Values(deeds)))
	all := make([]Deed, 0, len(deeds))
	for chunk := range slices.Chunk(deeds, together) {
		a := &db.Args{}
		w := s.Where(a, deciding)
		found, err := db.All(ctx, q, (*Deed).dest, `SELECT `+columns+` FROM deed d WHERE `+w+` AND `+db.In(a, "d.id", chunk)+` ORDER BY d.id`, a.Values()...)
		if err != nil {
			return nil, err
		}
		if len(found) < len(chunk) {
			return nil, errs.ErrNotFound
		}
		all = append(all, found...)
	}
	return all, nil
}

// saveConfirmed writes that deeds that were proposed are confirmed.
func saveConfirmed(ctx context.Context, tx *db.Tx, actor authz.Actor, all []Deed) error {
	for chunk := range slices.Chunk(all, together) {
		a := &db.Args{}
		ids := make([]id.ID, len(chunk))
		for i, d := range chunk {
			ids[i] = d.ID
		}
		n, err := tx.Exec(ctx, `UPDATE deed SET state = 'confirmed', decided_by = `+a.Add(actor.AccountID)+`, decided_at = `+a.Add(db.Micros(chunk[0].DecidedAt))+
			`, version = version + 1 WHERE tenant_id = `+a.Add(actor.Tenant)+` AND state = 'proposed' AND `+db.In(a, "id", ids), a.Values()...)
		if err != nil {
			return err
		}
		if n != int64(len(chunk)) {
			return errs.New(errs.Conflict, i18n.DeedDecided, Confirmed.Label())
		}
	}
	return nil
}

func ofSource(ctx context.Context, q db.Querier, tenant int64, attendance id.ID) (Deed, error) {
	return db.One(ctx, q, (*Deed).dest, `SELECT `+columns+` FROM deed d WHERE d.tenant_id = $1 AND d.source_kind = 'attendance' AND d.source_id = $2 AND d.source_id <> 0`,
		tenant, attendance)
}

// sourced says which attendances have a deed.
func sourced(ctx context.Context, q db.Querier, tenant int64, attendances []id.ID) (map[id.ID]bool, error) {
	out := map[id.ID]bool{}
	for len(attendances) > 0 {
		n := min(len(attendances), together)
		a := &db.Args{}
		have, err := db.Column[id.ID](ctx, q, `SELECT source_id FROM deed WHERE tenant_id = `+a.Add(tenant)+` AND source_kind = 'attendance' AND source_id <> 0 AND `+
			db.In(a, "source_id", attendances[:n]), a.Values()...)
		if err != nil {
			return nil, err
		}
		for _, h := range have {
			out[h] = true
		}
		attendances = attendances[n:]
	}
	return out, nil
}

// same says whether the member has a deed of that title on that day already.
func same(ctx context.Context, q db.Querier, tenant int64, member id.ID, n Said) (bool, error) {
	c, err := db.Value[int64](ctx, q, `SELECT count(*) FROM deed WHERE tenant_id = $1 AND member_id = $2 AND on_date = $3 AND title = $4
		AND state IN ('proposed', 'confirmed')`, tenant, member, n.OnDate.String(), n.Title)
	return c > 0, err
}

const itemSelect = `SELECT ` + columns + `, coalesce(m.name, ''), coalesce(c.name, ''), coalesce(u.name, ''), coalesce(v.title, ''), coalesce(v.id, 0),
	coalesce(pb.name, ''), coalesce(db.name, ''),
	CASE WHEN d.proof = 'vouched' AND EXISTS (SELECT 1 FROM countersign s WHERE s.tenant_id = d.tenant_id AND s.subject_id = d.id AND s.used_at = 0) THEN 1 ELSE 0 END
	FROM deed d
	LEFT JOIN member m ON m.tenant_id = d.tenant_id AND m.id = d.member_id
	LEFT JOIN organisation c ON c.tenant_id = d.tenant_id AND c.id = d.community_id
	LEFT JOIN organisation u ON u.tenant_id = d.tenant_id AND u.id = d.unit_id
	LEFT JOIN attendance t ON t.tenant_id = d.tenant_id AND t.id = d.source_id AND d.source_kind = 'attendance'
	LEFT JOIN activity v ON v.tenant_id = t.tenant_id AND v.id = t.activity_id
	LEFT JOIN account pb ON pb.tenant_id = d.tenant_id AND pb.id = d.proposed_by
	LEFT JOIN account db ON db.tenant_id = d.tenant_id AND db.id = d.decided_by
	WHERE `

func (i *Item) dest() []any {
	return append(i.Deed.dest(), &i.MemberName, &i.CommunityName, &i.UnitName, &i.ActivityTitle, &i.ActivityID, &i.ProposedName, &i.DecidedName,
		boolean{&i.AwaitsHelped})
}

// boolean reads 0 and 1, which every engine gives for a CASE.
type boolean struct{ to *bool }

func (b boolean) Scan(v any) error {
	n, ok := v.(int64)
	if !ok {
		return errors.New("deed: not a flag")
	}
	*b.to = n != 0
	return nil
}

// likeEscape takes the meaning from the signs that LIKE knows.
var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func where(a *db.Args, s authz.Scope, f Filter) string {
	w := s.Where(a, scopeColumns)
	eq := func(column string, v any) { w += " AND " + column + " = " + a.Add(v) }
	if t := strings.TrimSpace(f.Search); t != "" {
		w += ` AND (d.title LIKE ` + a.Add("%"+likeEscape.Replace(t)+"%") + ` ESCAPE '\' OR m.name_key LIKE ` + a.Add("%"+likeEscape.Replace(gram.Key(t))+"%") + ` ESCAPE '\')`
	}
	if f.CommunityID != 0 {
		eq("d.community_id", f.CommunityID)
	}
	if f.UnitID != 0 {
		eq("d.unit_id", f.UnitID)
	}
	if f.MemberID != 0 {
		eq("d.member_id", f.MemberID)
	}
	if f.State != "" {
		eq("d.state", string(f.State))
	}
	if f.Proof != "" {
		eq("d.proof", string(f.Proof))
	}
	if f.Objected {
		w += ` AND EXISTS (SELECT 1 FROM countersign x WHERE x.tenant_id = d.tenant_id AND x.subject_kind = 'deed' AND x.subject_id = d.id AND x.objected_at <> 0 AND x.settled_at = 0)`
	}
	if !f.From.IsZero() {
		w += " AND d.on_date >= " + a.Add(f.From.String())
	}
	if !f.To.IsZero() {
		w += " AND d.on_date <= " + a.Add(f.To.String())
	}
	return w
}

func list(ctx context.Context, q db.Querier, s authz.Scope, f Filter) (db.List[Item], error) {
	a := &db.Args{}
	w := where(a, s, f)
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "d.id", Desc: true})
	rows, err := db.All(ctx, q, (*Item).dest, itemSelect+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Item]{}, err
	}
	return db.Cut(rows, f.Page, func(i Item) db.Cursor { return db.Cursor{ID: i.ID} }), nil
}

func get(ctx context.Context, q db.Querier, s authz.Scope, deed id.ID) (Item, error) {
	a := &db.Args{}
	w := where(a, s, Filter{}) + " AND d.id = " + a.Add(deed)
	return db.One(ctx, q, (*Item).dest, itemSelect+w, a.Values()...)
}

func export(ctx context.Context, q db.Querier, s authz.Scope, f Filter, fn func(Item) error) error {
	a := &db.Args{}
	w := where(a, s, f)
	return db.Each(ctx, q, (*Item).dest, fn, itemSelect+w+" ORDER BY d.id", a.Values()...)
}

// count asks how many deeds wait; and may end in a place for the instant of now, inside a bracket that is closed here.
func count(ctx context.Context, q db.Querier, s authz.Scope, kind, and string, now time.Time) (waiting.Item, error) {
	item := waiting.Item{Kind: kind}
	if s.Empty() {
		return item, nil
	}
	a := &db.Args{}
	w := s.Where(a, deciding) + and
	if strings.HasSuffix(and, "> ") {
		w += a.Add(db.Micros(now)) + ")"
	}
	var since int64
	var subject id.ID
	err := q.QueryRow(ctx, `SELECT count(*), coalesce(min(d.proposed_at), 0), coalesce(min(d.id), 0) FROM deed d WHERE `+w, a.Values()...).Scan(&item.Count, &since, &subject)
	if item.Count == 1 {
		item.Subject = subject
	}
	item.Since = db.FromMicros(since)
	return item, err
}

type amountRow struct {
	source id.ID
	amount int64
}

func amounts(ctx context.Context, q db.Querier, tenant int64, each func(string, id.ID, ledger.Account, int64) error) error {
	return db.Each(ctx, q, func(r *amountRow) []any { return []any{&r.source, &r.amount} }, func(r amountRow) error {
		return each(ledger.SourceDeed, r.source, ledger.Deeds, r.amount)
	}, `SELECT id, CASE WHEN state = 'confirmed' THEN 1 ELSE 0 END FROM deed WHERE tenant_id = $1 ORDER BY id`, tenant)
}
