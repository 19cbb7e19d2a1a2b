package member

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
	"linli/internal/paper"
)

// owners are the columns by which rows of a member belong to somebody.
func owners(alias string) authz.Columns {
	c := authz.Columns{Tenant: alias + ".tenant_id", Orgs: []string{alias + ".community_id", alias + ".unit_id"}, Person: alias + ".person_id"}
	if alias == "m" {
		c.Orgs = append(c.Orgs, "m.home_id")
	}
	return c
}

// seeing is where the actor sees members.
func seeing(actor authz.Actor) authz.Scope {
	return actor.Scope(PermSee).Or(actor.Scope(PermSeeOwn))
}

const columns = `m.id, m.person_id, m.kind, m.name, m.home_id, m.unit_id, m.community_id, m.grid_id, m.standing, m.joined_on, m.full_on,
	m.skills, m.plaque_no, m.plaque_shown, m.plaque_motto, m.since, m.ended_on, m.end_reason, m.version`

func (m *Member) dest() []any {
	return []any{&m.ID, &m.PersonID, &m.Kind, &m.Name, &m.HomeID, &m.UnitID, &m.CommunityID, &m.GridID, &m.Standing, &m.JoinedOn, &m.FullOn,
		&m.Skills, &m.PlaqueNo, &m.PlaqueShown, &m.PlaqueMotto, &m.Since, &m.EndedOn, &m.EndReason, &m.Version}
}

// find reads one member in scope.
func find(ctx context.Context, q db.Querier, scope authz.Scope, member id.ID) (Member, error) {
	a := &db.Args{}
	query := "SELECT " + columns + " FROM member m WHERE " + scope.Where(a, owners("m")) + " AND m.id = " + a.Add(member)
	return db.One(ctx, q, (*Member).dest, query, a.Values()...)
}

// load reads one member of the tenant wherever it stands: the row's own rules decided who may.
func load(ctx context.Context, q db.Querier, tenant int64, member id.ID) (Member, error) {
	return db.One(ctx, q, (*Member).dest, "SELECT "+columns+" FROM member m WHERE m.tenant_id = $1 AND m.id = $2", tenant, member)
}

// ofPersons reads the living records of persons.
func ofPersons(ctx context.Context, q db.Querier, tenant int64, persons []id.ID) (map[id.ID]Member, error) {
	a := &db.Args{}
	rows, err := db.All(ctx, q, (*Member).dest, "SELECT "+columns+" FROM member m WHERE m.tenant_id = "+a.Add(tenant)+
		" AND m.ended_on = '' AND "+db.In(a, "m.person_id", persons), a.Values()...)
	out := make(map[id.ID]Member, len(rows))
	for _, m := range rows {
		out[m.PersonID] = m
	}
	return out, err
}

var memberColumns = []string{"tenant_id", "id", "person_id", "kind", "name", "name_key", "home_id", "unit_id", "community_id", "grid_id",
	"standing", "joined_on", "full_on", "skills", "since", "import_id", "created_at", "updated_at"}

// insertMembers enters new members.
func insertMembers(ctx context.Context, tx *db.Tx, tenant int64, importID id.ID, all []Member) error {
	now := db.Micros(tx.Now())
	row := make([]any, 0, len(memberColumns))
	return tx.InsertMany(ctx, "member", memberColumns, len(all), func(i int) []any {
		m := all[i]
		return append(row[:0], tenant, int64(m.ID), int64(m.PersonID), string(m.Kind), m.Name, nameKey(m.Name), int64(m.HomeID), int64(m.UnitID),
			int64(m.CommunityID), int64(m.GridID), string(m.Standing), m.JoinedOn.String(), m.FullOn.String(), m.Skills, m.Since.String(),
			int64(importID), now, now)
	})
}

// save writes a member back if nobody else has changed it since it was read.
func save(ctx context.Context, tx *db.Tx, tenant int64, m Member) error {
	return tx.Update(ctx, `UPDATE member SET kind = $1, name = $2, name_key = $3, home_id = $4, unit_id = $5, community_id = $6, grid_id = $7,
		standing = $8, joined_on = $9, full_on = $10, skills = $11, plaque_no = $12, plaque_shown = $13, plaque_motto = $14, since = $15,
		ended_on = $16, end_reason = $17, updated_at = $18, version = version + 1 WHERE tenant_id = $19 AND id = $20 AND version = $21`,
		m.Kind, m.Name, nameKey(m.Name), m.HomeID, m.UnitID, m.CommunityID, m.GridID, m.Standing, m.JoinedOn, m.FullOn, m.Skills,
		m.PlaqueNo, m.PlaqueShown, m.PlaqueMotto, m.Since, m.EndedOn, m.EndReason, db.Micros(tx.Now()), tenant, m.ID, m.Version)
}

const registrationColumns = `r.id, r.member_id, r.person_id, r.unit_id, r.community_id, r.started_by, r.state, r.reason, r.skills, r.proposed_at,
	r.proposed_by, r.decided_at, r.decided_by, r.ended_on, r.version`

func (r *Registration) dest() []any {
	return []any{&r.ID, &r.MemberID, &r.PersonID, &r.UnitID, &r.CommunityID, &r.StartedBy, &r.State, &r.Reason, &r.Skills,
		db.Instant(&r.ProposedAt), &r.ProposedBy, db.Instant(&r.DecidedAt), &r.DecidedBy, &r.EndedOn, &r.Version}
}

// findRegistration reads a registration in scope.
func findRegistration(ctx context.Context, q db.Querier, scope authz.Scope, registration id.ID) (Registration, error) {
	a := &db.Args{}
	query := "SELECT " + registrationColumns + " FROM registration r WHERE " + scope.Where(a, owners("r")) + " AND r.id = " + a.Add(registration)
	return db.One(ctx, q, (*Registration).dest, query, a.Values()...)
}

// openRegistration reads the proposed or accepted registration of a member; the zero one if there is none.
func openRegistration(ctx context.Context, q db.Querier, tenant int64, member id.ID) (Registration, error) {
	r, err := db.One(ctx, q, (*Registration).dest, "SELECT "+registrationColumns+` FROM registration r
		WHERE r.tenant_id = $1 AND r.member_id = $2 AND r.state IN ('proposed', 'accepted')`, tenant, member)
	if errs.KindOf(err) == errs.NotFound {
		return Registration{}, nil
	}
	return r, err
}

// lastRegistration reads the newest registration of a member; the zero one if there is none.
func lastRegistration(ctx context.Context, q db.Querier, tenant int64, member id.ID) (Registration, error) {
	r, err := db.One(ctx, q, (*Registration).dest, "SELECT "+registrationColumns+` FROM registration r
		WHERE r.tenant_id = $1 AND r.member_id = $2 ORDER BY r.id DESC LIMIT 1`, tenant, member)
	if errs.KindOf(err) == errs.NotFound {
		return Registration{}, nil
	}
	return r, err
}

var registrationInsert = []string{"tenant_id", "id", "member_id", "person_id", "unit_id", "community_id", "started_by", "state", "reason", "skills",
	"proposed_at", "proposed_by", "decided_at", "decided_by"}

func insertRegistrations(ctx context.Context, tx *db.Tx, tenant int64, all []Registration) error {
	row := make([]any, 0, len(registrationInsert))
	return tx.InsertMany(ctx, "registration", registrationInsert, len(all), func(i int) []any {
		r := all[i]
		return append(row[:0], tenant, int64(r.ID), int64(r.MemberID), int64(r.PersonID), int64(r.UnitID), int64(r.CommunityID), string(r.StartedBy),
			string(r.State), r.Reason, r.Skills, db.Micros(r.ProposedAt), int64(r.ProposedBy), db.Micros(r.DecidedAt), int64(r.DecidedBy))
	})
}

func saveRegistration(ctx context.Context, tx *db.Tx, tenant int64, r Registration) error {
	return tx.Update(ctx, `UPDATE registration SET state = $1, reason = $2, decided_at = $3, decided_by = $4, ended_on = $5, version = version + 1
		WHERE tenant_id = $6 AND id = $7 AND version = $8`, r.State, r.Reason, db.Micros(r.DecidedAt), r.DecidedBy, r.EndedOn, tenant, r.ID, r.Version)
}

// place is what the store knows of an organisation that a member is to belong to.
type place struct {
	id, parent, community id.ID
	kind, name            string
	dissolved             calendar.Date
}

func (p *place) dest() []any {
	return []any{&p.id, &p.parent, &p.community, &p.kind, &p.name, &p.dissolved}
}

const placeColumns = `o.id, o.parent_id, o.community_id, o.kind, CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END, o.dissolved_on`

// placeOf reads an organisation of the tenant.
func placeOf(ctx context.Context, q db.Querier, tenant int64, org id.ID) (place, error) {
	return db.One(ctx, q, (*place).dest, "SELECT "+placeColumns+" FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2", tenant, org)
}

// communityAbove gives the community Party organisation that org is or stands below; the zero place for none.
func communityAbove(ctx context.Context, q db.Querier, tenant int64, org id.ID) (place, error) {
	for range 4 {
		p, err := placeOf(ctx, q, tenant, org)
		if err != nil || p.kind == kindCommunity || p.parent == 0 {
			if p.kind != kindCommunity {
				p = place{}
			}
			return p, err
		}
		org = p.parent
	}
	return place{}, nil
}

// unitAbove gives the unit that a branch stands below; 0 if there is none.
func unitAbove(ctx context.Context, q db.Querier, tenant int64, org id.ID) (id.ID, error) {
	for range 4 {
		p, err := placeOf(ctx, q, tenant, org)
		switch {
		case err != nil:
			return 0, err
		case p.kind == "unit" || p.kind == "committee" || p.kind == "other":
			return p.id, nil
		case p.parent == 0:
			return 0, nil
		}
		org = p.parent
	}
	return 0, nil
}

// nameOf is the name of a person of the tenant.
func nameOf(ctx context.Context, q db.Querier, tenant int64, person id.ID) (string, error) {
	return db.One(ctx, q, func(s *string) []any { return []any{s} }, "SELECT name FROM person WHERE tenant_id = $1 AND id = $2", tenant, person)
}

// inTransfer says whether the formal relation of a member is on its way to another branch: then only the transfer moves it.
func inTransfer(ctx context.Context, q db.Querier, tenant int64, member id.ID) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM transfer WHERE tenant_id = $1 AND member_id = $2
		AND state IN ('requested', 'approved_out', 'in_transit')`, tenant, member)
	return n > 0, err
}

// endMoves closes what runs of a floating member who belongs where they are from a day on.
func endMoves(ctx context.Context, tx *db.Tx, tenant int64, member id.ID, on calendar.Date) error {
	_, err := tx.Exec(ctx, `UPDATE floating_move SET back_on = CASE WHEN from_on > $1 THEN from_on ELSE $1 END, version = version + 1
		WHERE tenant_id = $2 AND member_id = $3 AND back_on = ''`, on, tenant, member)
	return err
}

// onlyBranch gives the one living branch directly below a unit, 0 if there is none or several.
func onlyBranch(ctx context.Context, q db.Querier, tenant int64, unit id.ID) (id.ID, error) {
	ids, err := db.Column[id.ID](ctx, q, `SELECT id FROM organisation WHERE tenant_id = $1 AND parent_id = $2 AND kind = 'party_branch'
		AND dissolved_on = '' LIMIT 2`, tenant, unit)
	if err != nil || len(ids) != 1 {
		return 0, err
	}
	return ids[0], nil
}

const kindCommunity = "community_party"

// whereabouts is where a person lives, for proposals.
type whereabouts struct{ community, grid id.ID }

func livesIn(ctx context.Context, q db.Querier, tenant int64, person id.ID) (whereabouts, error) {
	w, err := db.One(ctx, q, func(w *whereabouts) []any { return []any{&w.community, &w.grid} },
		`SELECT community_id, grid_id FROM person WHERE tenant_id = $1 AND id = $2 AND moved_out_on = '' AND died_on = ''`, tenant, person)
	if errs.KindOf(err) == errs.NotFound {
		return whereabouts{}, nil
	}
	return w, err
}

// followUnit lets the member's open registration, promises, contacts and reasons be seen by the new unit.
func followUnit(ctx context.Context, tx *db.Tx, tenant int64, member, unit id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE registration SET unit_id = $1, version = version + 1
		WHERE tenant_id = $2 AND member_id = $3 AND state IN ('proposed', 'accepted')`, unit, tenant, member)
	return err
}

// revokeCertificates takes a member's certificate out of force.
func revokeCertificates(ctx context.Context, tx *db.Tx, tenant int64, member id.ID, reason string) error {
	return paper.RevokeTx(ctx, tx, tenant, paper.KindCertificate, member, reason)
}
