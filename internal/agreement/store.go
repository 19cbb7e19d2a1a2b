package agreement

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

func (r *Responsibility) dest() []any {
	return []any{&r.ID, &r.CommunityID, &r.Kind, &r.Name, &r.Duties, &r.GridID, &r.BuildingID, &r.Capacity, &r.Taken, &r.Open, &r.Version}
}

const responsibilityColumns = "p.id, p.community_id, p.kind, p.name, p.duties, p.grid_id, p.building_id, p.capacity, p.taken, p.open, p.version"

var offering = authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.community_id"}}

func findResponsibility(ctx context.Context, q db.Querier, scope authz.Scope, responsibility id.ID) (Responsibility, error) {
	a := &db.Args{}
	query := "SELECT " + responsibilityColumns + " FROM responsibility p WHERE " + scope.Where(a, offering) + " AND p.id = " + a.Add(responsibility)
	return db.One(ctx, q, (*Responsibility).dest, query, a.Values()...)
}

// loadResponsibility reads one of the tenant: who claims it is decided by the member's community.
func loadResponsibility(ctx context.Context, q db.Querier, tenant int64, responsibility id.ID) (Responsibility, error) {
	return db.One(ctx, q, (*Responsibility).dest, "SELECT "+responsibilityColumns+" FROM responsibility p WHERE p.tenant_id = $1 AND p.id = $2",
		tenant, responsibility)
}

func insertResponsibility(ctx context.Context, tx *db.Tx, tenant int64, r Responsibility) error {
	_, err := tx.Exec(ctx, `INSERT INTO responsibility (tenant_id, id, community_id, kind, name, duties, grid_id, building_id, capacity, open, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`, tenant, r.ID, r.CommunityID, r.Kind, r.Name, r.Duties, r.GridID, r.BuildingID, r.Capacity, r.Open,
		db.Micros(tx.Now()))
	return err
}

func saveResponsibility(ctx context.Context, tx *db.Tx, tenant int64, r Responsibility) error {
	err := tx.Update(ctx, `UPDATE responsibility SET kind = $1, name = $2, duties = $3, grid_id = $4, building_id = $5, capacity = $6, open = $7,
		version = version + 1 WHERE tenant_id = $8 AND id = $9 AND version = $10`,
		r.Kind, r.Name, r.Duties, r.GridID, r.BuildingID, r.Capacity, r.Open, tenant, r.ID, r.Version)
	if db.IsCheck(err) {
		return errs.Field("capacity", i18n.ResponsibilityTooSmall).Because(err)
	}
	return err
}

// take takes a place; the constraint refuses one too many, whoever else is taking at the same moment.
func take(ctx context.Context, tx *db.Tx, tenant int64, r Responsibility) error {
	if r.Free() < 1 {
		return errs.New(errs.Conflict, i18n.ClaimFull, r.Name, r.Capacity)
	}
	n, err := tx.Exec(ctx, `UPDATE responsibility SET taken = taken + 1 WHERE tenant_id = $1 AND id = $2 AND taken < capacity`, tenant, r.ID)
	if db.IsCheck(err) || err == nil && n == 0 {
		return errs.New(errs.Conflict, i18n.ClaimFull, r.Name, r.Capacity)
	}
	return err
}

func release(ctx context.Context, tx *db.Tx, tenant int64, responsibility id.ID) error {
	return tx.Update(ctx, `UPDATE responsibility SET taken = taken - 1 WHERE tenant_id = $1 AND id = $2`, tenant, responsibility)
}

const claimColumns = `c.id, c.responsibility_id, c.member_id, c.person_id, c.community_id, c.unit_id, c.state, c.terms, c.content_hash,
	c.from_on, c.to_on, c.renews_id, c.reason, c.created_at, c.agreed_at, c.ended_on, c.version`

func (c *Claim) dest() []any {
	return []any{&c.ID, &c.ResponsibilityID, &c.MemberID, &c.PersonID, &c.CommunityID, &c.UnitID, &c.State, &c.TermsText, &c.ContentHash,
		&c.From, &c.To, &c.RenewsID, &c.Reason, db.Instant(&c.CreatedAt), db.Instant(&c.AgreedAt), &c.EndedOn, &c.Version}
}

var claiming = authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.community_id", "c.unit_id"}, Person: "c.person_id"}

func findClaim(ctx context.Context, q db.Querier, scope authz.Scope, claim id.ID) (Claim, error) {
	a := &db.Args{}
	query := "SELECT " + claimColumns + " FROM claim c WHERE " + scope.Where(a, claiming) + " AND c.id = " + a.Add(claim)
	return db.One(ctx, q, (*Claim).dest, query, a.Values()...)
}

func insertClaim(ctx context.Context, tx *db.Tx, tenant int64, c Claim) error {
	_, err := tx.Exec(ctx, `INSERT INTO claim (tenant_id, id, responsibility_id, member_id, person_id, community_id, unit_id, state, terms,
		content_hash, from_on, to_on, renews_id, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`, tenant, c.ID,
		c.ResponsibilityID, c.MemberID, c.PersonID, c.CommunityID, c.UnitID, c.State, c.TermsText, c.ContentHash, c.From, c.To, c.RenewsID,
		db.Micros(tx.Now()))
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.ClaimTwice).Because(err)
	}
	return err
}

func saveClaim(ctx context.Context, tx *db.Tx, tenant int64, c Claim) error {
	return tx.Update(ctx, `UPDATE claim SET state = $1, reason = $2, agreed_at = $3, ended_on = $4, version = version + 1
		WHERE tenant_id = $5 AND id = $6 AND version = $7`, c.State, c.Reason, db.Micros(c.AgreedAt), c.EndedOn, tenant, c.ID, c.Version)
}

func insertSignature(ctx context.Context, tx *db.Tx, tenant int64, claim id.ID, s Signature) error {
	method := "account"
	if s.Paper {
		method = "paper"
	}
	_, err := tx.Exec(ctx, `INSERT INTO signature (tenant_id, subject_id, side, account_id, name, at, content_hash, method, reason)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, tenant, claim, s.Side, s.By, s.Name, db.Micros(s.At), s.Hash, method, s.Reason)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.ClaimSigned, s.Side.Text()).Because(err)
	}
	return err
}

// signatures reads what was signed, in the order of signing.
func signatures(ctx context.Context, q db.Querier, tenant int64, claim id.ID) ([]Signature, error) {
	return db.All(ctx, q, func(s *Signature) []any {
		return []any{&s.Side, &s.Name, db.Instant(&s.At), &s.Hash, &s.Paper, &s.Reason, &s.By}
	}, `SELECT side, name, at, content_hash, CASE WHEN method = 'paper' THEN TRUE ELSE FALSE END, reason, account_id FROM signature
		WHERE tenant_id = $1 AND subject_id = $2 ORDER BY at, side`, tenant, claim)
}

// party is what is known of a member who claims.
type party struct {
	id, person, community, unit   id.ID
	name, unitName, communityName string
	ended                         calendar.Date
}

func (p *party) dest() []any {
	return []any{&p.id, &p.person, &p.community, &p.unit, &p.name, &p.unitName, &p.communityName, &p.ended}
}

// findParty reads a member in scope: through community, unit or the member's own person.
func findParty(ctx context.Context, q db.Querier, scope authz.Scope, member id.ID) (party, error) {
	a := &db.Args{}
	columns := authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.community_id", "m.unit_id"}, Person: "m.person_id"}
	query := "SELECT m.id, m.person_id, m.community_id, m.unit_id, m.name, " + reference.Label("un") + ", " + reference.Label("co") + `, m.ended_on FROM member m
		LEFT JOIN organisation un ON un.tenant_id = m.tenant_id AND un.id = m.unit_id
		LEFT JOIN organisation co ON co.tenant_id = m.tenant_id AND co.id = m.community_id
		WHERE ` + scope.Where(a, columns) + " AND m.id = " + a.Add(member)
	return db.One(ctx, q, (*party).dest, query, a.Values()...)
}

// earlier is what a community offered so far: how much, and the duties of the last.
type earlier struct {
	offered int64
	duties  string
}

func lastOffer(ctx context.Context, q db.Querier, tenant int64, community id.ID) (earlier, error) {
	return db.One(ctx, q, func(e *earlier) []any { return []any{&e.offered, &e.duties} }, `SELECT count(*), coalesce((SELECT duties FROM responsibility
		WHERE tenant_id = $1 AND community_id = $2 AND kind = 'area' ORDER BY id DESC LIMIT 1), '') FROM responsibility
		WHERE tenant_id = $1 AND community_id = $2 AND kind = 'area'`, tenant, community)
}

// buildingName is a building of a community with its housing quarter; "" if it has none such.
func buildingName(ctx context.Context, q db.Querier, tenant int64, community, building id.ID) (string, error) {
	return db.Value[string](ctx, q, `SELECT CASE WHEN coalesce(q.name, '') <> '' THEN q.name || b.name ELSE b.name END FROM building b
		LEFT JOIN quarter_area q ON q.tenant_id = b.tenant_id AND q.id = b.quarter_id
		WHERE b.tenant_id = $1 AND b.id = $2 AND b.community_id = $3 AND b.ended_on = ''`, tenant, building, community)
}

// placeName is where a responsibility lies, in words.
func placeName(ctx context.Context, q db.Querier, tenant int64, r Responsibility) (string, error) {
	grid, err := db.Value[string](ctx, q, `SELECT name FROM grid WHERE tenant_id = $1 AND id = $2`, tenant, r.GridID)
	if err != nil {
		return "", err
	}
	building, err := db.Value[string](ctx, q, `SELECT CASE WHEN coalesce(q.name, '') <> '' THEN q.name || b.name ELSE b.name END FROM building b
		LEFT JOIN quarter_area q ON q.tenant_id = b.tenant_id AND q.id = b.quarter_id WHERE b.tenant_id = $1 AND b.id = $2`, tenant, r.BuildingID)
	if err != nil {
		return "", err
	}
	return clean(grid + " " + building), nil
}

// gridOf gives the grid of a building in a community, and whether the building is there at all.
func gridOf(ctx context.Context, q db.Querier, tenant int64, building, community id.ID) (grid id.ID, there bool, err error) {
	_, err = db.One(ctx, q, func(*struct{}) []any { return []any{&grid} },
		`SELECT grid_id FROM building WHERE tenant_id = $1 AND id = $2 AND community_id = $3 AND ended_on = ''`, tenant, building, community)
	if errs.KindOf(err) == errs.NotFound {
		return 0, false, nil
	}
	return grid, err == nil, err
}

// isGrid says whether a grid belongs to a community.
func isGrid(ctx context.Context, q db.Querier, tenant int64, grid, community id.ID) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM grid WHERE tenant_id = $1 AND id = $2 AND community_id = $3 AND ended_on = ''`, tenant, grid, community)
	return n > 0, err
}

// isCommunity says whether an organisation is a community that goes on.
func isCommunity(ctx context.Context, q db.Querier, tenant int64, org id.ID) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM organisation WHERE tenant_id = $1 AND id = $2 AND kind = 'community_party' AND dissolved_on = ''`, tenant, org)
	return n > 0, err
}
