package organisation

import (
	"context"
	"errors"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
)

const columns = `o.id, o.kind, o.name, o.short_name, o.code, o.uscc, o.division_code, o.sector, o.parent_id, o.path, o.community_id,
	o.address, o.contact_name, o.contact_phone_mask, o.established_on, o.dissolved_on, o.form, o.version`

func (o *Organisation) dest() []any {
	return []any{&o.ID, &o.Kind, &o.Name, &o.ShortName, &o.Code, &o.USCC, &o.DivisionCode, &o.Sector, &o.ParentID, &o.Path,
		&o.CommunityID, &o.Address, &o.ContactName, &o.PhoneMask, &o.EstablishedOn, &o.DissolvedOn, &o.Form, &o.Version}
}

// owners are the columns by which an organisation belongs to somebody: itself, and for a unit its community.
var owners = authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id", "o.community_id"}}

// find reads one organisation in scope.
func find(ctx context.Context, q db.Querier, scope authz.Scope, org id.ID) (Organisation, error) {
	a := &db.Args{}
	query := "SELECT " + columns + " FROM organisation o WHERE " + scope.Where(a, owners) + " AND o.id = " + a.Add(org)
	return db.One(ctx, q, (*Organisation).dest, query, a.Values()...)
}

// load reads one organisation of the tenant, wherever it stands: superiors and communities that are named by others.
func load(ctx context.Context, q db.Querier, tenant int64, org id.ID) (Organisation, error) {
	return db.One(ctx, q, (*Organisation).dest, "SELECT "+columns+" FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2", tenant, org)
}

// loadAll reads several organisations of the tenant.
func loadAll(ctx context.Context, q db.Querier, tenant int64, ids []id.ID) ([]Organisation, error) {
	a := &db.Args{}
	query := "SELECT " + columns + " FROM organisation o WHERE o.tenant_id = " + a.Add(tenant) + " AND " + db.In(a, "o.id", ids)
	return db.All(ctx, q, (*Organisation).dest, query, a.Values()...)
}

// root reads the district committee of the tenant; the zero Organisation if there is none yet.
func root(ctx context.Context, q db.Querier, tenant int64) (Organisation, error) {
	o, err := db.One(ctx, q, (*Organisation).dest, "SELECT "+columns+` FROM organisation o WHERE o.tenant_id = $1 AND o.kind = $2
		AND o.parent_id = 0 AND o.dissolved_on = ''`, tenant, District)
	if errors.Is(err, errs.ErrNotFound) {
		return Organisation{}, nil
	}
	return o, err
}

// insert writes a new organisation with its name, its leadership and area relations, its grams and its act.
func insert(ctx context.Context, tx *db.Tx, actor authz.Actor, d draft, sealed []byte, importID id.ID, document string) error {
	now := db.Micros(tx.Now())
	_, err := tx.Exec(ctx, `INSERT INTO organisation (tenant_id, id, kind, name, name_key, short_name, search_key, code, uscc, division_code,
		sector, parent_id, path, community_id, address, contact_name, contact_phone, contact_phone_mask, established_on, import_id,
		created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22)`,
		actor.Tenant, d.ID, d.Kind, d.Name, gram.Key(d.Name), d.ShortName, searchKey(d.Name, d.ShortName), d.Code, d.USCC, d.DivisionCode,
		d.Sector, d.ParentID, d.Path, d.CommunityID, d.Address, d.ContactName, sealed, d.PhoneMask, d.EstablishedOn, importID, now, now)
	if err != nil {
		return taken(d, err)
	}
	if err := insertGrams(ctx, tx, actor.Tenant, d.ID, searchKey(d.Name, d.ShortName)); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `INSERT INTO organisation_name (tenant_id, organisation_id, valid_from, name) VALUES ($1,$2,$3,$4)`,
		actor.Tenant, d.ID, d.EstablishedOn, d.Name); err != nil {
		return err
	}
	if d.ParentID != 0 {
		if err := openRelation(ctx, tx, actor.Tenant, Leadership, d.ID, d.ParentID, Effect{d.leadSince, document}); err != nil {
			return err
		}
	}
	if d.CommunityID != 0 {
		if err := openRelation(ctx, tx, actor.Tenant, Area, d.ID, d.CommunityID, Effect{d.areaSince, document}); err != nil {
			return err
		}
	}
	return insertAct(ctx, tx, actor, Act{Kind: ActFound, SubjectID: d.ID, OtherID: d.ParentID}, Effect{d.EstablishedOn, document})
}

// taken turns a clash of codes into an error beside the field. The codes are looked up beforehand (clash); this is the last
// guard against two callers at once.
func taken(d draft, err error) error {
	if !db.IsUnique(err) {
		return err
	}
	field := "code"
	if d.USCC != "" {
		field = "uscc"
	}
	return errs.Field(field, i18n.ErrConflict).Because(err)
}

// clash says whether another organisation has the same code.
func clash(ctx context.Context, q db.Querier, tenant int64, d draft) error {
	var e *errs.Error
	for _, c := range []struct {
		field, column, value string
		text                 i18n.Text
	}{{"code", "code", d.Code, i18n.OrgCodeTaken}, {"uscc", "uscc", d.USCC, i18n.OrgUSCCTaken}} {
		if c.value == "" {
			continue
		}
		name, err := db.Value[string](ctx, q, "SELECT name FROM organisation WHERE tenant_id = $1 AND "+c.column+" = $2 AND id <> $3",
			tenant, c.value, d.ID)
		if err != nil {
			return err
		}
		if name != "" {
			e = e.With(c.field, c.text, name)
		}
	}
	return e.OrNil()
}

// update writes the columns that an edit may change.
func update(ctx context.Context, tx *db.Tx, tenant int64, d draft, version int64) error {
	return tx.Update(ctx, `UPDATE organisation SET short_name = $1, code = $2, uscc = $3, division_code = $4, sector = $5, address = $6,
		contact_name = $7, updated_at = $8, version = version + 1 WHERE tenant_id = $9 AND id = $10 AND version = $11`,
		d.ShortName, d.Code, d.USCC, d.DivisionCode, d.Sector, d.Address, d.ContactName, db.Micros(tx.Now()), tenant, d.ID, version)
}

func setPhone(ctx context.Context, tx *db.Tx, tenant int64, org id.ID, sealed []byte, mask string) error {
	return tx.Update(ctx, `UPDATE organisation SET contact_phone = $1, contact_phone_mask = $2 WHERE tenant_id = $3 AND id = $4`,
		sealed, mask, tenant, org)
}

// searchKey joins the keys of all the names an organisation is found by.
func searchKey(names ...string) string {
	var keys []string
	for _, n := range names {
		if k := gram.Key(n); k != "" {
			keys = append(keys, k)
		}
	}
	return strings.Join(keys, "\n")
}

// insertGrams writes the grams of all lines of a search key.
func insertGrams(ctx context.Context, tx *db.Tx, tenant int64, org id.ID, key string) error {
	seen := map[string]bool{}
	var grams []string
	for _, line := range strings.Split(key, "\n") {
		for _, g := range gram.Of(line) {
			if !seen[g] {
				seen[g] = true
				grams = append(grams, g)
			}
		}
	}
	return tx.InsertMany(ctx, "organisation_gram", []string{"tenant_id", "gram", "organisation_id"}, len(grams), func(i int) []any {
		return []any{tenant, grams[i], org}
	})
}

// reindex gathers today's and former names of an organisation into its search key and grams.
func reindex(ctx context.Context, tx *db.Tx, tenant int64, org id.ID) error {
	o, err := load(ctx, tx, tenant, org)
	if err != nil {
		return err
	}
	former, err := db.Column[string](ctx, tx, `SELECT name FROM organisation_name WHERE tenant_id = $1 AND organisation_id = $2
		ORDER BY valid_from DESC`, tenant, org)
	if err != nil {
		return err
	}
	key := searchKey(append([]string{o.Name, o.ShortName}, former...)...)
	if err := tx.Update(ctx, `UPDATE organisation SET name_key = $1, search_key = $2 WHERE tenant_id = $3 AND id = $4`,
		gram.Key(o.Name), key, tenant, org); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM organisation_gram WHERE tenant_id = $1 AND organisation_id = $2`, tenant, org); err != nil {
		return err
	}
	return insertGrams(ctx, tx, tenant, org, key)
}

// Item is an organisation in a list, with the names of its superior and its community.
type Item struct {
	Organisation
	ParentName    string
	CommunityName string
}

func (i *Item) dest() []any { return append(i.Organisation.dest(), &i.ParentName, &i.CommunityName) }

const itemFrom = `, coalesce(CASE WHEN p.short_name <> '' THEN p.short_name ELSE p.name END, ''),
	coalesce(CASE WHEN c.short_name <> '' THEN c.short_name ELSE c.name END, '')
	FROM organisation o
	LEFT JOIN organisation p ON p.tenant_id = o.tenant_id AND p.id = o.parent_id
	LEFT JOIN organisation c ON c.tenant_id = o.tenant_id AND c.id = o.community_id`

// Living says which organisations a list shows.
type Living int

// The choices of Filter.Living.
const (
	OnlyLiving    Living = iota // the zero value: those that exist today
	OnlyDissolved               // those that were dissolved or merged
	Either
)

// Filter narrows a list; zero fields do not filter, but Living shows only what exists today.
type Filter struct {
	Text        string // part of today's or a former name, or a whole code or credit code
	Kinds       []Kind
	CommunityID id.ID // units in this community
	ParentID    id.ID // directly below
	BelowID     id.ID // anywhere below
	Sector      string
	Unattached  bool // without a community
	Living      Living
	Page        db.Page
}

// where gives the condition of a filter after the scope; below is the path of BelowID.
func (f Filter) where(a *db.Args, scope string, below string) string {
	w := scope
	if f.Text != "" {
		w += " AND " + textCondition(a, f.Text)
	}
	if len(f.Kinds) > 0 {
		w += " AND " + db.In(a, "o.kind", f.Kinds)
	}
	if f.CommunityID != 0 {
		w += " AND o.community_id = " + a.Add(f.CommunityID) + " AND o.community_id <> 0"
	}
	if f.ParentID != 0 {
		w += " AND o.parent_id = " + a.Add(f.ParentID)
	}
	if f.BelowID != 0 {
		w += " AND " + a.Prefix("o.path", below) + " AND o.id <> " + a.Add(f.BelowID)
	}
	if f.Sector != "" {
		w += " AND o.sector = " + a.Add(f.Sector)
	}
	if f.Unattached {
		w += " AND o.community_id = 0"
	}
	switch f.Living {
	case OnlyLiving:
		w += " AND o.dissolved_on = ''"
	case OnlyDissolved:
		w += " AND o.dissolved_on <> ''"
	}
	return w
}

// textCondition finds a part of a name by its grams, or a whole code.
func textCondition(a *db.Args, text string) string {
	q := gram.Query(text)
	if q.Key == "" {
		return "1 = 1"
	}
	var byName []string
	for _, g := range q.Grams {
		byName = append(byName, `EXISTS (SELECT 1 FROM organisation_gram g WHERE g.tenant_id = o.tenant_id AND g.gram = `+
			a.Add(g)+` AND g.organisation_id = o.id)`)
	}
	if !q.Exact {
		byName = append(byName, "o.search_key LIKE "+a.Add(q.Like())+" ESCAPE '!'")
	}
	code := strings.ToUpper(q.Key)
	return "((" + strings.Join(byName, " AND ") + ") OR o.code = " + a.Add(code) + " OR o.uscc = " + a.Add(code) + ")"
}

var listOrder = db.Order{Column: "o.name_key", IDColumn: "o.id"}

func list(ctx context.Context, q db.Querier, scope authz.Scope, f Filter) (db.List[Item], error) {
	below, err := pathOf(ctx, q, scope.Tenant(), f.BelowID)
	if err != nil {
		return db.List[Item]{}, err
	}
	a := &db.Args{}
	where := f.where(a, scope.Where(a, owners), below)
	page, tail := a.Keyset(f.Page, listOrder)
	rows, err := db.All(ctx, q, (*Item).dest, "SELECT "+columns+itemFrom+" WHERE "+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Item]{}, err
	}
	return db.Cut(rows, f.Page, func(i Item) db.Cursor { return db.Cursor{Key: gram.Key(i.Name), ID: i.ID} }), nil
}

func each(ctx context.Context, q db.Querier, scope authz.Scope, f Filter, fn func(Item) error) error {
	below, err := pathOf(ctx, q, scope.Tenant(), f.BelowID)
	if err != nil {
		return err
	}
	a := &db.Args{}
	query := "SELECT " + columns + itemFrom + " WHERE " + f.where(a, scope.Where(a, owners), below) + " ORDER BY o.name_key, o.id"
	return db.Each(ctx, q, (*Item).dest, fn, query, a.Values()...)
}

func pathOf(ctx context.Context, q db.Querier, tenant int64, org id.ID) (string, error) {
	if org == 0 {
		return "", nil
	}
	o, err := load(ctx, q, tenant, org)
	return o.Path, err
}

// Ref is an organisation by name, for choosing one.
type Ref struct {
	ID     id.ID
	Kind   Kind
	Name   string
	Label  string // short name, or the name
	Parent string // label of its superior, to tell namesakes apart
}

func (r *Ref) dest() []any { return []any{&r.ID, &r.Kind, &r.Name, &r.Label, &r.Parent} }

func directory(ctx context.Context, q db.Querier, tenant int64, text string, kinds []Kind, limit int) ([]Ref, error) {
	a := &db.Args{}
	f := Filter{Text: text, Kinds: kinds}
	where := f.where(a, "o.tenant_id = "+a.Add(tenant), "")
	return db.All(ctx, q, (*Ref).dest, `SELECT o.id, o.kind, o.name, CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END,
		coalesce(CASE WHEN p.short_name <> '' THEN p.short_name ELSE p.name END, '')
		FROM organisation o LEFT JOIN organisation p ON p.tenant_id = o.tenant_id AND p.id = o.parent_id
		WHERE `+where+" ORDER BY o.name_key, o.id LIMIT "+a.Add(limit), a.Values()...)
}

// subtree gives the organisation and everything below it, also what has ended. Below the district stands every
// organisation of the tenant, also a unit of no system.
func subtree(ctx context.Context, q db.Querier, tenant int64, org id.ID) ([]id.ID, error) {
	o, err := load(ctx, q, tenant, org)
	if err != nil {
		return nil, err
	}
	a := &db.Args{}
	query := "SELECT id FROM organisation WHERE tenant_id = " + a.Add(tenant)
	if o.Kind != District {
		query += " AND " + a.Prefix("path", o.Path)
	}
	return db.Column[id.ID](ctx, q, query, a.Values()...)
}

func findItem(ctx context.Context, q db.Querier, scope authz.Scope, org id.ID) (Item, error) {
	a := &db.Args{}
	query := "SELECT " + columns + itemFrom + " WHERE " + scope.Where(a, owners) + " AND o.id = " + a.Add(org)
	return db.One(ctx, q, (*Item).dest, query, a.Values()...)
}

// line gives the organisations above o, from the top.
func line(ctx context.Context, q db.Querier, tenant int64, o Organisation) ([]Ref, error) {
	ids := ancestors(o)
	if len(ids) == 0 {
		return nil, nil
	}
	a := &db.Args{}
	query := `SELECT o.id, o.kind, o.name, CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END, '' FROM organisation o
		WHERE o.tenant_id = ` + a.Add(tenant) + " AND " + db.In(a, "o.id", ids) + " ORDER BY length(o.path)"
	return db.All(ctx, q, (*Ref).dest, query, a.Values()...)
}

func countAround(ctx context.Context, q db.Querier, tenant int64, org id.ID) (below, units int64, err error) {
	err = q.QueryRow(ctx, `SELECT (SELECT count(*) FROM organisation WHERE tenant_id = $1 AND parent_id = $2 AND dissolved_on = ''),
		(SELECT count(*) FROM organisation WHERE tenant_id = $1 AND community_id = $2 AND dissolved_on = '')`, tenant, org).Scan(&below, &units)
	return below, units, err
}

type kindCount struct {
	kind Kind
	n    int64
}

func countKinds(ctx context.Context, q db.Querier, scope authz.Scope) (map[Kind]int64, error) {
	a := &db.Args{}
	query := "SELECT o.kind, count(*) FROM organisation o WHERE " + scope.Where(a, owners) + " AND o.dissolved_on = '' GROUP BY o.kind"
	rows, err := db.All(ctx, q, func(k *kindCount) []any { return []any{&k.kind, &k.n} }, query, a.Values()...)
	out := make(map[Kind]int64, len(rows))
	for _, r := range rows {
		out[r.kind] = r.n
	}
	return out, err
}

// splitPath gives the organisations of a path, from the top.
func splitPath(path string) []id.ID {
	var out []id.ID
	for _, part := range strings.Split(strings.Trim(path, "/"), "/") {
		if i, err := id.Parse(part); err == nil {
			out = append(out, i)
		}
	}
	return out
}

// unattached counts the living units in scope that lie in no community, and names one of them.
func unattached(ctx context.Context, q db.Querier, scope authz.Scope) (n int64, one id.ID, err error) {
	a := &db.Args{}
	query := "SELECT count(*), coalesce(max(o.id), 0) FROM organisation o WHERE " + scope.Where(a, owners) +
		" AND o.kind = " + a.Add(Unit) + " AND o.community_id = 0 AND o.dissolved_on = ''"
	err = q.QueryRow(ctx, query, a.Values()...).Scan(&n, &one)
	return n, one, err
}

func communityNamed(ctx context.Context, q db.Querier, scope authz.Scope, name string) (id.ID, error) {
	a := &db.Args{}
	n := a.Add(name)
	found, err := db.Column[id.ID](ctx, q, "SELECT o.id FROM organisation o WHERE "+scope.Where(a, owners)+" AND o.kind = "+a.Add(string(Community))+
		" AND o.dissolved_on = '' AND (o.name = "+n+" OR o.short_name = "+n+") LIMIT 2", a.Values()...)
	if err != nil || len(found) != 1 {
		return 0, err
	}
	return found[0], nil
}
