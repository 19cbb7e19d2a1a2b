package ledger

import (
	"context"
	"strconv"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

var insertColumns = []string{"tenant_id", "id", "account", "member_id", "person_id", "community_id", "unit_id", "on_date", "quarter", "amount",
	"proof", "source_kind", "source_id", "reverses_id", "reason", "posted_at", "posted_by"}

func (p Posting) values(tenant int64, posting id.ID, at int64, by id.ID) []any {
	return []any{tenant, int64(posting), string(p.Account), int64(p.MemberID), int64(p.PersonID), int64(p.CommunityID), int64(p.UnitID),
		p.OnDate.String(), p.Quarter().String(), p.Amount, string(p.Proof), p.SourceKind, int64(p.SourceID), int64(p.ReversesID), p.Reason, at, int64(by)}
}

func insert(ctx context.Context, tx *db.Tx, actor authz.Actor, p Posting) (id.ID, error) {
	posting := id.New()
	_, err := tx.Exec(ctx, `INSERT INTO posting (tenant_id, id, account, member_id, person_id, community_id, unit_id, on_date, quarter, amount,
		proof, source_kind, source_id, reverses_id, reason, posted_at, posted_by)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)`,
		p.values(actor.Tenant, posting, db.Micros(tx.Now()), actor.AccountID)...)
	if db.IsUnique(err) { // posting_reverses: somebody reversed it meanwhile
		return 0, errs.New(errs.Conflict, i18n.LedgerReversedOnce).Because(err)
	}
	return posting, err
}

func insertMany(ctx context.Context, tx *db.Tx, actor authz.Actor, all []Posting) error {
	at := db.Micros(tx.Now())
	return tx.InsertMany(ctx, "posting", insertColumns, len(all), func(i int) []any {
		return all[i].values(actor.Tenant, id.New(), at, actor.AccountID)
	})
}

const postingColumns = `p.id, p.account, p.member_id, p.person_id, p.community_id, p.unit_id, p.on_date, p.amount, p.proof, p.source_kind,
	p.source_id, p.reverses_id, p.reason, p.posted_at, p.posted_by`

func (p *Posting) dest() []any {
	return []any{&p.ID, &p.Account, &p.MemberID, &p.PersonID, &p.CommunityID, &p.UnitID, &p.OnDate, &p.Amount, &p.Proof, &p.SourceKind,
		&p.SourceID, &p.ReversesID, &p.Reason, db.Instant(&p.PostedAt), &p.PostedBy}
}

// unreversed keeps postings that stand: neither counter-postings nor taken back.
const unreversed = `p.reverses_id = 0 AND NOT EXISTS (SELECT 1 FROM posting r WHERE r.tenant_id = p.tenant_id AND r.reverses_id = p.id AND r.reverses_id <> 0)`

func standingOf(ctx context.Context, q db.Querier, tenant int64, kind string, source id.ID, a Account) ([]Posting, error) {
	return db.All(ctx, q, (*Posting).dest, `SELECT `+postingColumns+` FROM posting p
		WHERE p.tenant_id = $1 AND p.source_id = $2 AND p.account = $3 AND p.source_kind = $4 AND `+unreversed, tenant, source, string(a), kind)
}

func find(ctx context.Context, q db.Querier, tenant int64, posting id.ID) (p Posting, reversed bool, err error) {
	p, err = db.One(ctx, q, (*Posting).dest, `SELECT `+postingColumns+` FROM posting p WHERE p.tenant_id = $1 AND p.id = $2`, tenant, posting)
	if err != nil {
		return p, false, err
	}
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM posting WHERE tenant_id = $1 AND reverses_id = $2 AND reverses_id <> 0`, tenant, posting)
	return p, n > 0, err
}

var columns = authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.community_id", "p.unit_id"}, Person: "p.person_id"}

// ofMembers is the condition that a posting p is a member's: lists and totals leave out voluntary service of persons, which has its own pages. One posting opens either way.
const ofMembers = " AND p.member_id <> 0"

// where is the condition of a filter within a scope, on posting p.
func where(a *db.Args, s authz.Scope, f Filter) string {
	w := s.Where(a, columns)
	eq := func(column string, v any) { w += " AND " + column + " = " + a.Add(v) }
	if f.MemberID != 0 {
		eq("p.member_id", f.MemberID)
	}
	if f.CommunityID != 0 {
		eq("p.community_id", f.CommunityID)
	}
	if f.UnitID != 0 {
		eq("p.unit_id", f.UnitID)
	}
	switch {
	case !f.Quarter.IsZero():
		eq("p.quarter", f.Quarter.String())
	case f.Year != 0:
		y := strconv.Itoa(f.Year)
		w += " AND p.quarter >= " + a.Add(y+"Q1") + " AND p.quarter <= " + a.Add(y+"Q4")
	}
	if !f.From.IsZero() {
		w += " AND p.on_date >= " + a.Add(f.From.String())
	}
	if !f.To.IsZero() {
		w += " AND p.on_date <= " + a.Add(f.To.String())
	}
	if f.Account != "" {
		eq("p.account", string(f.Account))
	}
	if f.Proof != "" {
		eq("p.proof", string(f.Proof))
	}
	if f.SourceKind != "" {
		eq("p.source_kind", f.SourceKind)
	}
	if f.SourceID != 0 {
		eq("p.source_id", f.SourceID)
	}
	if f.Standing {
		w += " AND " + unreversed
	}
	return w
}

const itemSelect = `SELECT ` + postingColumns + `, coalesce(m.name, ''), coalesce(c.name, ''), coalesce(u.name, ''),
	coalesce(v.title, d.title, w.title, ''), coalesce(v.id, 0), coalesce(w.id, 0), coalesce(x.pledge_id, 0), coalesce(r.id, 0), coalesce(b.name, '')
	FROM posting p
	LEFT JOIN member m ON m.tenant_id = p.tenant_id AND m.id = p.member_id
	LEFT JOIN organisation c ON c.tenant_id = p.tenant_id AND c.id = p.community_id
	LEFT JOIN organisation u ON u.tenant_id = p.tenant_id AND u.id = p.unit_id
	LEFT JOIN attendance t ON t.tenant_id = p.tenant_id AND t.id = p.source_id AND p.source_kind = 'attendance'
	LEFT JOIN activity v ON v.tenant_id = p.tenant_id AND v.id = t.activity_id
	LEFT JOIN deed d ON d.tenant_id = p.tenant_id AND d.id = p.source_id AND p.source_kind = 'deed'
	LEFT JOIN need_help x ON x.tenant_id = p.tenant_id AND x.id = p.source_id AND p.source_kind = 'help'
	LEFT JOIN need w ON w.tenant_id = x.tenant_id AND w.id = x.need_id
	LEFT JOIN posting r ON r.tenant_id = p.tenant_id AND r.reverses_id = p.id AND r.reverses_id <> 0
	LEFT JOIN account b ON b.tenant_id = p.tenant_id AND b.id = p.posted_by
	WHERE `

func (i *Item) dest() []any {
	return append(i.Posting.dest(), &i.MemberName, &i.CommunityName, &i.UnitName, &i.SourceTitle, &i.ActivityID, &i.Need, &i.Pledge, &i.ReversedByID, &i.PostedByName)
}

func list(ctx context.Context, q db.Querier, s authz.Scope, f Filter) (db.List[Item], error) {
	a := &db.Args{}
	w := where(a, s, f) + ofMembers
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "p.id", Desc: true})
	rows, err := db.All(ctx, q, (*Item).dest, itemSelect+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Item]{}, err
	}
	return db.Cut(rows, f.Page, func(i Item) db.Cursor { return db.Cursor{ID: i.ID} }), nil
}

func get(ctx context.Context, q db.Querier, s authz.Scope, posting id.ID) (Item, error) {
	a := &db.Args{}
	w := where(a, s, Filter{}) + " AND p.id = " + a.Add(posting)
	return db.One(ctx, q, (*Item).dest, itemSelect+w, a.Values()...)
}

func export(ctx context.Context, q db.Querier, s authz.Scope, f Filter, fn func(Item) error) error {
	a := &db.Args{}
	w := where(a, s, f) + ofMembers
	return db.Each(ctx, q, (*Item).dest, fn, itemSelect+w+" ORDER BY p.id", a.Values()...)
}

// services counts standing postings: one is added by a posting and taken away by its counter-posting.
const services = `coalesce(sum(CASE WHEN p.reverses_id = 0 THEN 1 ELSE -1 END), 0)`

type sumRow struct {
	member   id.ID
	account  Account
	proof    Proof
	amount   int64
	services int64
}

func (r *sumRow) dest() []any { return []any{&r.member, &r.account, &r.proof, &r.amount, &r.services} }

func total(ctx context.Context, q db.Querier, s authz.Scope, f Filter) (Totals, error) {
	a := &db.Args{}
	w := where(a, s, f) + ofMembers
	var t Totals
	err := db.Each(ctx, q, (*sumRow).dest, func(r sumRow) error {
		t.Add(r.account, r.proof, r.amount, r.services)
		return nil
	}, `SELECT 0, p.account, p.proof, CAST(sum(p.amount) AS BIGINT), CAST(`+services+` AS BIGINT) FROM posting p WHERE `+w+` GROUP BY p.account, p.proof`, a.Values()...)
	return t, err
}

// sumsOf gives the totals of several members at once.
func sumsOf(ctx context.Context, q db.Querier, s authz.Scope, members []id.ID, f Filter, fn func(id.ID, Totals)) error {
	if len(members) == 0 {
		return nil
	}
	a := &db.Args{}
	w := where(a, s, f) + " AND " + db.In(a, "p.member_id", members)
	return db.Each(ctx, q, (*sumRow).dest, func(r sumRow) error {
		var t Totals
		t.Add(r.account, r.proof, r.amount, r.services)
		fn(r.member, t)
		return nil
	}, `SELECT p.member_id, p.account, p.proof, CAST(sum(p.amount) AS BIGINT), CAST(`+services+` AS BIGINT) FROM posting p WHERE `+w+
		` GROUP BY p.member_id, p.account, p.proof`, a.Values()...)
}

func (s *Sum) dest() []any {
	return []any{&s.CommunityID, &s.UnitID, &s.MemberID, &s.Account, &s.Proof, &s.Amount, &s.Services}
}

// quarterSums reads the index posting_quarter alone: amounts are positive in postings and negative in counter-postings.
func quarterSums(ctx context.Context, q db.Querier, tenant int64, quarter calendar.Quarter, fn func(Sum) error) error {
	return db.Each(ctx, q, (*Sum).dest, fn, `SELECT community_id, unit_id, member_id, account, proof, CAST(sum(amount) AS BIGINT),
		CAST(sum(CASE WHEN amount > 0 THEN 1 ELSE -1 END) AS BIGINT)
		FROM posting WHERE tenant_id = $1 AND quarter = $2 AND member_id <> 0
		GROUP BY community_id, unit_id, member_id, account, proof
		ORDER BY community_id, unit_id, member_id, account, proof`, tenant, quarter.String())
}

// likeEscape takes the meaning from the signs that LIKE knows.
var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

var memberColumns = authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.community_id", "m.unit_id"}, Person: "m.person_id"}

const memberSelect = `SELECT m.id, m.person_id, m.kind, m.name, m.name_key, coalesce(c.name, ''), coalesce(u.name, '')
	FROM member m
	LEFT JOIN organisation c ON c.tenant_id = m.tenant_id AND c.id = m.community_id
	LEFT JOIN organisation u ON u.tenant_id = m.tenant_id AND u.id = m.unit_id
	WHERE `

func (s *Standing) dest() []any {
	return []any{&s.MemberID, &s.PersonID, &s.Kind, &s.Name, &s.nameKey, &s.CommunityName, &s.UnitName}
}

func members(ctx context.Context, q db.Querier, s authz.Scope, f MemberFilter) (db.List[Standing], error) {
	a := &db.Args{}
	w := s.Where(a, memberColumns)
	if f.CommunityID != 0 {
		w += " AND m.community_id = " + a.Add(f.CommunityID)
	}
	if f.UnitID != 0 {
		w += " AND m.unit_id = " + a.Add(f.UnitID)
	}
	if f.Kind != "" {
		w += " AND m.kind = " + a.Add(f.Kind)
	}
	if key := gram.Key(f.Search); key != "" {
		w += " AND m.name_key LIKE " + a.Add("%"+likeEscape.Replace(key)+"%") + ` ESCAPE '\'`
	}
	w += " AND (m.ended_on = '' OR m.ended_on >= " + a.Add(calendar.On(f.Year, 1, 1).String()) + ")"
	page, tail := a.Keyset(f.Page, db.Order{Column: "m.name_key", IDColumn: "m.id"})
	rows, err := db.All(ctx, q, (*Standing).dest, memberSelect+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Standing]{}, err
	}
	return db.Cut(rows, f.Page, func(m Standing) db.Cursor { return db.Cursor{Key: m.nameKey, ID: m.MemberID} }), nil
}

func member1(ctx context.Context, q db.Querier, s authz.Scope, member id.ID) (Standing, error) {
	a := &db.Args{}
	w := s.Where(a, memberColumns) + " AND m.id = " + a.Add(member)
	return db.One(ctx, q, (*Standing).dest, memberSelect+w, a.Values()...)
}
