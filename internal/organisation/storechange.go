package organisation

import (
	"context"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

// Relation is a dated relation with the name of the other side.
type Relation struct {
	Kind     RelationKind
	FromID   id.ID
	ToID     id.ID
	From, To string // names today
	Since    calendar.Date
	Until    calendar.Date // first day on which it no longer holds; zero while it holds
	Document string
}

// Name is a name with the days on which it held.
type Name struct {
	Name  string
	Since calendar.Date
	Until calendar.Date
}

func openRelation(ctx context.Context, tx *db.Tx, tenant int64, kind RelationKind, from, to id.ID, e Effect) error {
	_, err := tx.Exec(ctx, `INSERT INTO organisation_relation (tenant_id, id, kind, from_id, to_id, valid_from, document)
		VALUES ($1,$2,$3,$4,$5,$6,$7)`, tenant, id.New(), kind, from, to, e.On, e.Document)
	return err
}

// closeRelation ends the open relation of a kind that starts at an organisation, if there is one.
func closeRelation(ctx context.Context, tx *db.Tx, tenant int64, kind RelationKind, from id.ID, on calendar.Date) error {
	_, err := tx.Exec(ctx, `UPDATE organisation_relation SET valid_to = $1 WHERE tenant_id = $2 AND from_id = $3 AND kind = $4
		AND valid_to = ''`, on, tenant, from, kind)
	return err
}

// openTo gives the organisations with an open relation of a kind to an organisation.
func openTo(ctx context.Context, q db.Querier, tenant int64, kind RelationKind, to id.ID) ([]id.ID, error) {
	return db.Column[id.ID](ctx, q, `SELECT from_id FROM organisation_relation WHERE tenant_id = $1 AND to_id = $2 AND kind = $3
		AND valid_to = '' ORDER BY id`, tenant, to, kind)
}

// lastChange is the last day on which a relation of the kind began or ended at organisations on one side.
func lastChange(ctx context.Context, q db.Querier, tenant int64, kind RelationKind, column string, orgs []id.ID) (calendar.Date, error) {
	a := &db.Args{}
	query := `SELECT coalesce(max(CASE WHEN valid_to > valid_from THEN valid_to ELSE valid_from END), '') FROM organisation_relation
		WHERE tenant_id = ` + a.Add(tenant) + " AND " + db.In(a, column, orgs) + " AND kind = " + a.Add(kind)
	return db.Value[calendar.Date](ctx, q, query, a.Values()...)
}

func insertAct(ctx context.Context, tx *db.Tx, actor authz.Actor, act Act, e Effect) error {
	_, err := tx.Exec(ctx, `INSERT INTO organisation_act (tenant_id, id, organisation_id, other_id, kind, on_date, document, detail, account_id, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`, actor.Tenant, id.New(), act.SubjectID, act.OtherID, act.Kind, e.On, e.Document,
		act.Detail, actor.AccountID, db.Micros(tx.Now()))
	return err
}

// setName writes a new name and closes the one before. A second name of the same day replaces the first.
func setName(ctx context.Context, tx *db.Tx, tenant int64, org id.ID, name string, on calendar.Date) error {
	if err := tx.Update(ctx, `UPDATE organisation SET name = $1, updated_at = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4`,
		name, db.Micros(tx.Now()), tenant, org); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE organisation_name SET valid_to = $1 WHERE tenant_id = $2 AND organisation_id = $3 AND valid_to = ''
		AND valid_from <> $1`, on, tenant, org); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `INSERT INTO organisation_name (tenant_id, organisation_id, valid_from, name) VALUES ($1,$2,$3,$4)
		ON CONFLICT (tenant_id, organisation_id, valid_from) DO UPDATE SET name = excluded.name`, tenant, org, on, name)
	return err
}

func setShort(ctx context.Context, tx *db.Tx, tenant int64, org id.ID, short string) error {
	return tx.Update(ctx, `UPDATE organisation SET short_name = $1 WHERE tenant_id = $2 AND id = $3`, short, tenant, org)
}

// correctName replaces a misspelt name, today's in the history too.
func correctName(ctx context.Context, tx *db.Tx, tenant int64, org id.ID, name string) error {
	if err := tx.Update(ctx, `UPDATE organisation SET name = $1 WHERE tenant_id = $2 AND id = $3`, name, tenant, org); err != nil {
		return err
	}
	return tx.Update(ctx, `UPDATE organisation_name SET name = $1 WHERE tenant_id = $2 AND organisation_id = $3 AND valid_to = ''`,
		name, tenant, org)
}

func nameSince(ctx context.Context, q db.Querier, tenant int64, org id.ID) (calendar.Date, error) {
	return db.Value[calendar.Date](ctx, q, `SELECT valid_from FROM organisation_name WHERE tenant_id = $1 AND organisation_id = $2
		AND valid_to = ''`, tenant, org)
}

// move puts an organisation with all that stands below it under another superior: one statement rewrites every path.
func move(ctx context.Context, tx *db.Tx, tenant int64, o Organisation, parent id.ID, newPath string) error {
	if _, err := tx.Exec(ctx, `UPDATE organisation SET path = $1 || substr(path, $2) WHERE tenant_id = $3 AND path >= $4 AND path < $5`,
		newPath, len(o.Path)+1, tenant, o.Path, o.Path+"\U0010FFFF"); err != nil {
		return err
	}
	return tx.Update(ctx, `UPDATE organisation SET parent_id = $1, updated_at = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4`,
		parent, db.Micros(tx.Now()), tenant, o.ID)
}

// handDown gives all children of one organisation, living or not, to another: parents and paths of the whole part of the
// tree in two statements. The relations of the living ones are changed by the caller.
func handDown(ctx context.Context, tx *db.Tx, tenant int64, from, to Organisation) error {
	if _, err := tx.Exec(ctx, `UPDATE organisation SET path = $1 || substr(path, $2) WHERE tenant_id = $3 AND path > $4 AND path < $5`,
		to.Path, len(from.Path)+1, tenant, from.Path, from.Path+"\U0010FFFF"); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE organisation SET parent_id = $1, updated_at = $2, version = version + 1 WHERE tenant_id = $3 AND parent_id = $4`,
		to.ID, db.Micros(tx.Now()), tenant, from.ID)
	return err
}

// end marks an organisation as dissolved on a day.
func end(ctx context.Context, tx *db.Tx, tenant int64, org id.ID, on calendar.Date) error {
	return tx.Update(ctx, `UPDATE organisation SET dissolved_on = $1, updated_at = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4
		AND dissolved_on = ''`, on, db.Micros(tx.Now()), tenant, org)
}

func setCommunity(ctx context.Context, tx *db.Tx, tenant int64, org, community id.ID) error {
	return tx.Update(ctx, `UPDATE organisation SET community_id = $1, updated_at = $2, version = version + 1 WHERE tenant_id = $3 AND id = $4`,
		community, db.Micros(tx.Now()), tenant, org)
}

// handUnits gives the units of one community to another.
func handUnits(ctx context.Context, tx *db.Tx, tenant int64, from, to id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE organisation SET community_id = $1, updated_at = $2, version = version + 1 WHERE tenant_id = $3
		AND community_id = $4`, to, db.Micros(tx.Now()), tenant, from)
	return err
}

// swapRelations ends the open relations of a kind to one organisation and opens the same to another, for those that
// begin at the organisations given.
func swapRelations(ctx context.Context, tx *db.Tx, tenant int64, kind RelationKind, from []id.ID, to id.ID, e Effect) error {
	if len(from) == 0 {
		return nil
	}
	a := &db.Args{}
	query := "UPDATE organisation_relation SET valid_to = " + a.Add(e.On) + " WHERE tenant_id = " + a.Add(tenant) + " AND " +
		db.In(a, "from_id", from) + " AND kind = " + a.Add(kind) + " AND valid_to = ''"
	if _, err := tx.Exec(ctx, query, a.Values()...); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "organisation_relation", []string{"tenant_id", "id", "kind", "from_id", "to_id", "valid_from", "document"},
		len(from), func(i int) []any {
			return []any{tenant, id.New(), string(kind), from[i], to, e.On.String(), e.Document}
		})
}

func names(ctx context.Context, q db.Querier, tenant int64, org id.ID) ([]Name, error) {
	return db.All(ctx, q, func(n *Name) []any { return []any{&n.Name, &n.Since, &n.Until} },
		`SELECT name, valid_from, valid_to FROM organisation_name WHERE tenant_id = $1 AND organisation_id = $2
		 AND (valid_to = '' OR valid_to > valid_from) ORDER BY valid_from DESC`, tenant, org)
}

func relations(ctx context.Context, q db.Querier, tenant int64, org id.ID) ([]Relation, error) {
	return db.All(ctx, q, func(r *Relation) []any {
		return []any{&r.Kind, &r.FromID, &r.ToID, &r.From, &r.To, &r.Since, &r.Until, &r.Document}
	}, `SELECT r.kind, r.from_id, r.to_id, f.name, t.name, r.valid_from, r.valid_to, r.document FROM organisation_relation r
		JOIN organisation f ON f.tenant_id = r.tenant_id AND f.id = r.from_id
		JOIN organisation t ON t.tenant_id = r.tenant_id AND t.id = r.to_id
		WHERE r.tenant_id = $1 AND (r.from_id = $2 OR (r.to_id = $2 AND r.kind IN ('merged_into', 'split_from')))
		AND (r.valid_to = '' OR r.valid_to > r.valid_from) ORDER BY r.valid_from DESC, r.id DESC`, tenant, org)
}

func acts(ctx context.Context, q db.Querier, tenant int64, org id.ID) ([]Act, error) {
	return db.All(ctx, q, func(a *Act) []any {
		return []any{&a.ID, &a.SubjectID, &a.Subject, &a.OtherID, &a.Other, &a.Kind, &a.On, &a.Document, &a.Detail, db.Instant(&a.At)}
	}, `SELECT a.id, a.organisation_id, s.name, a.other_id, coalesce(o.name, ''), a.kind, a.on_date, a.document, a.detail, a.at
		FROM organisation_act a JOIN organisation s ON s.tenant_id = a.tenant_id AND s.id = a.organisation_id
		LEFT JOIN organisation o ON o.tenant_id = a.tenant_id AND o.id = a.other_id
		WHERE a.tenant_id = $1 AND (a.organisation_id = $2 OR (a.other_id = $2 AND a.kind IN ('merge', 'split')))
		ORDER BY a.on_date DESC, a.id DESC LIMIT 200`, tenant, org)
}

// Node is an organisation in the chart of a day.
type Node struct {
	ID       id.ID
	Kind     Kind
	Name     string // of that day
	ParentID id.ID  // its superior of that day
	Children []*Node
}

// nodesAsOf reads the organisations of a day with what they stood below: units by the line of units, everything else by leadership.
func nodesAsOf(ctx context.Context, q db.Querier, tenant int64, on calendar.Date, units RelationKind) ([]*Node, error) {
	rows, err := db.All(ctx, q, func(n *Node) []any { return []any{&n.ID, &n.Kind, &n.Name, &n.ParentID} },
		`SELECT o.id, o.kind, coalesce(n.name, o.name), coalesce(r.to_id, 0) FROM organisation o
		 LEFT JOIN organisation_name n ON n.tenant_id = o.tenant_id AND n.organisation_id = o.id AND n.valid_from <= $2
		   AND (n.valid_to = '' OR n.valid_to > $2)
		 LEFT JOIN organisation_relation r ON r.tenant_id = o.tenant_id AND r.from_id = o.id
		   AND r.kind = CASE WHEN o.kind = 'unit' THEN $3 ELSE 'leadership' END AND r.valid_from <= $2 AND (r.valid_to = '' OR r.valid_to > $2)
		 WHERE o.tenant_id = $1 AND o.established_on <= $2 AND (o.dissolved_on = '' OR o.dissolved_on > $2)
		 ORDER BY o.name_key, o.id`, tenant, on, units)
	out := make([]*Node, len(rows))
	for i := range rows {
		out[i] = &rows[i]
	}
	return out, err
}

// held lists what may hang on an organisation besides its own relations. The tables belong to other concepts: they are
// only counted here, so that nothing can be dissolved under them, whoever comes to keep them. $1 is the tenant, $2 the organisation,
// $3 today, $4 now.
var held = []struct {
	what  holdingKind
	query string
}{
	{holdMembers, `SELECT count(*) FROM member WHERE tenant_id = $1 AND ended_on = '' AND (home_id = $2 OR unit_id = $2 OR community_id = $2)`},
	{holdRequests, `SELECT count(*) FROM registration WHERE tenant_id = $1 AND state = 'proposed' AND (unit_id = $2 OR community_id = $2)`},
	{holdPersons, `SELECT count(*) FROM person WHERE tenant_id = $1 AND community_id = $2 AND moved_out_on = '' AND died_on = ''`},
	{holdHouseholds, `SELECT count(*) FROM household WHERE tenant_id = $1 AND community_id = $2`},
	{holdGrids, `SELECT count(*) FROM grid WHERE tenant_id = $1 AND community_id = $2 AND ended_on = ''`},
	{holdQuarters, `SELECT count(*) FROM quarter_area WHERE tenant_id = $1 AND community_id = $2 AND ended_on = ''`},
	{holdBuildings, `SELECT count(*) FROM building WHERE tenant_id = $1 AND community_id = $2 AND ended_on = ''`},
	{holdOffers, `SELECT count(*) FROM responsibility WHERE tenant_id = $1 AND community_id = $2 AND open`},
	{holdClaims, `SELECT count(*) FROM claim WHERE tenant_id = $1 AND state IN ('proposed', 'agreed') AND (community_id = $2 OR unit_id = $2)`},
	{holdActivities, `SELECT count(*) FROM activity WHERE tenant_id = $1 AND community_id = $2 AND state <> 'cancelled' AND closed_at = 0 AND ends_at > $3`},
	{holdTwoNew, `SELECT count(*) FROM two_new WHERE tenant_id = $1 AND community_id = $2 AND ended_on = ''`},
	{holdCovered, `SELECT count(*) FROM two_new_step s JOIN two_new t ON t.tenant_id = s.tenant_id AND t.id = s.two_new_id AND t.ended_on = ''
		WHERE s.tenant_id = $1 AND s.branch_id = $2 AND s.until_on = '' AND s.struck_at = 0`},
	{holdGrants, `SELECT count(*) FROM role_grant WHERE tenant_id = $1 AND organisation_id = $2 AND (valid_to = '' OR valid_to >= $3)`},
	{holdPosts, `SELECT count(*) FROM appointment WHERE tenant_id = $1 AND organisation_id = $2 AND ended_on = ''`},
	{holdTransfers, `SELECT count(*) FROM transfer WHERE tenant_id = $1 AND (from_id = $2 OR to_id = $2) AND state IN ('requested', 'approved_out', 'in_transit')`},
	{holdCases, `SELECT count(*) FROM service_case WHERE tenant_id = $1 AND (org_id = $2 OR community_id = $2) AND state IN ('received', 'accepted', 'dispatched', 'working', 'done')`},
}

// holdings counts what hangs on an organisation: its living subordinates and units, and what others keep of it.
func holdings(ctx context.Context, tx *db.Tx, tenant int64, org id.ID, skip ...holdingKind) (Holdings, error) {
	var out Holdings
	add := func(k holdingKind, query string, args ...any) error {
		for _, s := range skip {
			if s == k {
				return nil
			}
		}
		n, err := db.Value[int64](ctx, tx, query, args...)
		if n > 0 {
			out = append(out, Holding{What: k.text(), Count: n})
		}
		return err
	}
	for _, h := range held {
		args := []any{tenant, org}
		switch {
		case strings.Contains(h.query, "ends_at > $3"):
			args = append(args, db.Micros(tx.Now()))
		case strings.Contains(h.query, "$3"):
			args = append(args, calendar.DateOf(tx.Now()))
		}
		if err := add(h.what, h.query, args...); err != nil {
			return nil, err
		}
	}
	if err := add(holdChildren, `SELECT count(*) FROM organisation WHERE tenant_id = $1 AND parent_id = $2 AND dissolved_on = ''`, tenant, org); err != nil {
		return nil, err
	}
	return out, add(holdUnits, `SELECT count(*) FROM organisation WHERE tenant_id = $1 AND community_id = $2 AND dissolved_on = ''`, tenant, org)
}
