package volunteer

import (
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

var (
	ofVolunteer = authz.Columns{Tenant: "v.tenant_id", Orgs: []string{"v.org_id"}}
	ofTeam      = authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.org_id"}}
	ofClub      = authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.org_id"}}
)

var volunteerColumns = "v.id, v.no, v.org_id, " + reference.Label("o") + `, v.person_id, coalesce(r.name, ''), coalesce(r.phone_mask, ''), v.skills, v.times, v.kinds, v.words, v.contact, v.publish, v.by_self, v.entered_on, v.ended_on, v.ending,
	v.forgotten_on, v.version
	FROM volunteer v
	LEFT JOIN organisation o ON o.tenant_id = v.tenant_id AND o.id = v.org_id
	LEFT JOIN person r ON r.tenant_id = v.tenant_id AND r.id = v.person_id AND v.person_id <> 0
	WHERE `

func (v *Volunteer) dest() []any {
	return []any{&v.ID, &v.No, &v.OrgID, &v.Org, &v.PersonID, &v.Name, &v.PhoneMask, &v.skills, &v.times, &v.kinds, &v.words, &v.Contact, &v.Publish, &v.BySelf, &v.EnteredOn, &v.EndedOn, &v.Ending,
		&v.forgottenOn, &v.Version}
}

// spread takes the stored lists apart.
func (v *Volunteer) spread() {
	v.Skills, v.Times, v.Kinds = listOf[Skill](v.skills), listOf[Slot](v.times), listOf[Kind](v.kinds)
	v.Forgotten = !v.forgottenOn.IsZero()
}

// managed reads the file of a volunteer of a community where the actor manages volunteers.
func managed(ctx context.Context, q db.Querier, actor authz.Actor, volunteer id.ID) (Volunteer, error) {
	a := &db.Args{}
	v, err := db.One(ctx, q, (*Volunteer).dest, "SELECT "+volunteerColumns+actor.Scope(PermManage).Where(a, ofVolunteer)+" AND v.id = "+a.Add(volunteer), a.Values()...)
	v.spread()
	return v, err
}

// ofPerson reads the actor's own file that has not ended.
func ofPerson(ctx context.Context, q db.Querier, actor authz.Actor) (Volunteer, error) {
	v, err := db.One(ctx, q, (*Volunteer).dest, "SELECT "+volunteerColumns+"v.tenant_id = $1 AND v.person_id = $2 AND v.person_id <> 0 AND v.ended_on = ''", actor.Tenant, actor.PersonID)
	v.spread()
	return v, err
}

// latestOf reads the actor's own file, or the latest one that has ended: hours and certificates stay one's own.
func latestOf(ctx context.Context, q db.Querier, actor authz.Actor) (Volunteer, error) {
	v, err := db.One(ctx, q, (*Volunteer).dest, "SELECT "+volunteerColumns+"v.tenant_id = $1 AND v.person_id = $2 AND v.person_id <> 0 ORDER BY CASE WHEN v.ended_on = '' THEN 0 ELSE 1 END, v.id DESC LIMIT 1", actor.Tenant, actor.PersonID)
	v.spread()
	return v, err
}

// known reads a file that has not ended, of whatever community: of one who stands in a team that the actor keeps.
func known(ctx context.Context, q db.Querier, tenant int64, volunteer id.ID) (Volunteer, error) {
	v, err := db.One(ctx, q, (*Volunteer).dest, "SELECT "+volunteerColumns+"v.tenant_id = $1 AND v.id = $2 AND v.ended_on = ''", tenant, volunteer)
	v.spread()
	return v, err
}

// addTeams reads the names of the teams of some volunteers, with one query for all.
func addTeams(ctx context.Context, q db.Querier, tenant int64, list []Volunteer) error {
	if len(list) == 0 {
		return nil
	}
	at, ids := make(map[id.ID]int, len(list)), make([]id.ID, len(list))
	for i, v := range list {
		at[v.ID], ids[i] = i, v.ID
	}
	type row struct {
		of   id.ID
		name string
	}
	a := &db.Args{}
	return db.Each(ctx, q, func(r *row) []any { return []any{&r.of, &r.name} }, func(r row) error {
		v := &list[at[r.of]]
		v.Teams = append(v.Teams, r.name)
		return nil
	}, "SELECT b.volunteer_id, t.name FROM volunteer_membership b JOIN volunteer_team t ON t.tenant_id = b.tenant_id AND t.id = b.team_id WHERE b.tenant_id = "+a.Add(tenant)+" AND b.state = 'in' AND "+
		db.In(a, "b.volunteer_id", ids)+" ORDER BY b.volunteer_id, b.id", a.Values()...)
}

// mostParts bounds what one page shows of each part.
const mostParts = 200

// parts reads and opens what belongs to a file.
func (s *Service) parts(ctx context.Context, q db.Querier, tenant int64, f *File) (err error) {
	if f.Words, err = s.ring.Open("volunteer", "words", f.ID, f.words); err != nil {
		return err
	}
	if f.Memberships, err = memberships(ctx, q, "b.tenant_id = $1 AND b.volunteer_id = $2 AND b.state <> 'ended' ORDER BY b.id LIMIT $3", tenant, f.ID, int64(mostParts)); err != nil {
		return err
	}
	if f.Coming, err = db.All(ctx, q, (*Shift).dest, "SELECT "+shiftColumns("coalesce(u.id, 0)")+` JOIN volunteer_signup u ON u.tenant_id = f.tenant_id AND u.shift_id = f.id AND u.state = 'in' AND u.volunteer_id = $2
		WHERE f.tenant_id = $1 AND f.ends_at >= $3 ORDER BY f.starts_at, f.id LIMIT $4`, tenant, f.ID, db.Micros(s.db.Now()), int64(mostParts)); err != nil {
		return err
	}
	if f.CalledOff, err = db.All(ctx, q, (*Shift).dest, "SELECT "+shiftColumns("u.id")+` JOIN volunteer_signup u ON u.tenant_id = f.tenant_id AND u.shift_id = f.id AND u.state = 'called_off' AND u.volunteer_id = $2
		WHERE f.tenant_id = $1 AND f.ends_at >= $3 ORDER BY f.starts_at, f.id LIMIT $4`, tenant, f.ID, db.Micros(s.db.Now()), int64(mostParts)); err != nil {
		return err
	}
	if f.Clearances, err = db.All(ctx, q, func(c *Clearance) []any {
		return []any{&c.ID, &c.VolunteerID, &c.Kind, &c.ValidTo, &c.SeenOn, &c.SeenBy, &c.StruckOn}
	}, `SELECT c.id, c.volunteer_id, c.kind, c.valid_to, c.seen_on, coalesce(k.name, ''), c.struck_on FROM volunteer_clearance c LEFT JOIN account k ON k.tenant_id = c.tenant_id AND k.id = c.account_id
		WHERE c.tenant_id = $1 AND c.volunteer_id = $2 ORDER BY c.id DESC LIMIT $3`, tenant, f.ID, int64(mostParts)); err != nil {
		return err
	}
	if f.Covers, err = s.covers(ctx, q, "x.volunteer_id", tenant, f.ID); err != nil {
		return err
	}
	if f.Thanks, err = db.All(ctx, q, func(t *Thanks) []any { return []any{&t.ID, &t.words, &t.giver, &t.On, &t.Org} }, "SELECT h.id, h.words, h.giver, h.said_on, "+reference.Label("o")+
		` FROM volunteer_thanks h LEFT JOIN organisation o ON o.tenant_id = h.tenant_id AND o.id = h.org_id WHERE h.tenant_id = $1 AND h.volunteer_id = $2 ORDER BY h.id DESC LIMIT $3`, tenant, f.ID, int64(mostParts)); err != nil {
		return err
	}
	for i := range f.Thanks {
		t := &f.Thanks[i]
		if t.Words, err = s.ring.Open("volunteer_thanks", "words", t.ID, t.words); err != nil {
			return err
		}
		if t.Giver, err = s.ring.Open("volunteer_thanks", "giver", t.ID, t.giver); err != nil {
			return err
		}
	}
	if f.Certificates, err = db.All(ctx, q, (*Certificate).dest, "SELECT "+certificateColumns+ofFile+" ORDER BY x.id DESC LIMIT $4", tenant, f.ID, f.PersonID, int64(mostParts)); err != nil {
		return err
	}
	done, err := trainings(ctx, q, tenant, []id.ID{f.PersonID})
	if err != nil {
		return err
	}
	f.Trainings = done[f.PersonID]
	warn(f.Trainings, f.Coming)
	return s.service(ctx, q, tenant, f)
}

// covers reads and opens the insurances of a team or of a volunteer.
func (s *Service) covers(ctx context.Context, q db.Querier, column string, tenant int64, of id.ID) ([]Cover, error) {
	list, err := db.All(ctx, q, func(c *Cover) []any { return []any{&c.ID, &c.Insurer, &c.policy, &c.From, &c.To, &c.StruckOn} },
		"SELECT x.id, x.insurer, x.policy, x.from_on, x.to_on, x.struck_on FROM volunteer_cover x WHERE x.tenant_id = $1 AND "+column+" = $2 ORDER BY x.id DESC LIMIT $3", tenant, of, int64(mostParts))
	for i := range list {
		if err == nil {
			list[i].Policy, err = s.ring.Open("volunteer_cover", "policy", list[i].ID, list[i].policy)
		}
	}
	return list, err
}

// expiring is the condition that a clearance c ends between two numbers of days from today, and none of its kind lasts longer.
func expiring(a *db.Args, today calendar.Date, from, to int) string {
	return "c.struck_on = '' AND c.valid_to >= " + a.Add(today.AddDays(from)) + " AND c.valid_to <= " + a.Add(today.AddDays(to)) +
		" AND NOT EXISTS (SELECT 1 FROM volunteer_clearance n WHERE n.tenant_id = c.tenant_id AND n.volunteer_id = c.volunteer_id AND n.kind = c.kind AND n.struck_on = '' AND n.valid_to > c.valid_to)"
}

// leads is the condition that the actor leads a team t.
func leads(a *db.Args, actor authz.Actor) string {
	if oneself(actor) != nil {
		return "1 = 0"
	}
	return "t.leader_id <> 0 AND EXISTS (SELECT 1 FROM volunteer l WHERE l.tenant_id = t.tenant_id AND l.id = t.leader_id AND l.ended_on = '' AND l.person_id <> 0 AND l.person_id = " + a.Add(actor.PersonID) + ")"
}

// teamColumns are those of a team t; the last says whether the actor leads it.
func teamColumns(a *db.Args, actor authz.Actor, now int64) string {
	return "t.id, t.org_id, " + reference.Label("o") + ", t.unit_id, " + reference.Label("n") + `, t.kind, t.name, t.about, t.training, t.leader_id, coalesce(r.name, ''), t.opened_on, t.ended_on, t.version,
	(SELECT count(*) FROM volunteer_membership b WHERE b.tenant_id = t.tenant_id AND b.team_id = t.id AND b.state = 'in'),
	(SELECT count(*) FROM volunteer_shift f WHERE f.tenant_id = t.tenant_id AND f.team_id = t.id AND f.state = 'open' AND f.starts_at > ` + a.Add(now) + `),
	CASE WHEN ` + leads(a, actor) + ` THEN 1 ELSE 0 END
	FROM volunteer_team t
	LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.org_id
	LEFT JOIN organisation n ON n.tenant_id = t.tenant_id AND n.id = t.unit_id AND t.unit_id <> 0
	LEFT JOIN volunteer v ON v.tenant_id = t.tenant_id AND v.id = t.leader_id AND t.leader_id <> 0
	LEFT JOIN person r ON r.tenant_id = v.tenant_id AND r.id = v.person_id AND v.person_id <> 0
	WHERE `
}

type teamRow struct {
	Team
	leads int64
}

func (t *teamRow) dest() []any {
	return []any{&t.ID, &t.OrgID, &t.Org, &t.UnitID, &t.Unit, &t.Kind, &t.Name, &t.About, &t.Training, &t.LeaderID, &t.Leader, &t.OpenedOn, &t.EndedOn, &t.Version, &t.People, &t.Coming, &t.leads}
}

func (t teamRow) team() Team {
	t.Leads = t.leads == 1
	return t.Team
}

// kept reads a team that the actor keeps: as who manages volunteers there, or as its leader.
func kept(ctx context.Context, q db.Querier, actor authz.Actor, now int64, team id.ID) (Team, error) {
	a := &db.Args{}
	t, err := db.One(ctx, q, (*teamRow).dest, "SELECT "+teamColumns(a, actor, now)+"t.tenant_id = "+a.Add(actor.Tenant)+" AND t.id = "+a.Add(team)+" AND ("+actor.Scope(PermManage).Where(a, ofTeam)+" OR "+leads(a, actor)+")", a.Values()...)
	return t.team(), err
}

// found reads any team of the tenant.
func found(ctx context.Context, q db.Querier, actor authz.Actor, now int64, team id.ID) (Team, error) {
	a := &db.Args{}
	t, err := db.One(ctx, q, (*teamRow).dest, "SELECT "+teamColumns(a, actor, now)+"t.tenant_id = "+a.Add(actor.Tenant)+" AND t.id = "+a.Add(team), a.Values()...)
	return t.team(), err
}

// memberships reads memberships with their names.
func memberships(ctx context.Context, q db.Querier, where string, args ...any) ([]Membership, error) {
	list, err := db.All(ctx, q, func(m *Membership) []any {
		return []any{&m.ID, &m.TeamID, &m.Team, &m.Kind, &m.VolunteerID, &m.PersonID, &m.Name, &m.skills, &m.State, &m.AskedOn, &m.From, &m.To, &m.Version}
	}, `SELECT b.id, b.team_id, coalesce(t.name, ''), coalesce(t.kind, ''), b.volunteer_id, coalesce(v.person_id, 0), coalesce(r.name, ''), coalesce(v.skills, ''), b.state, b.asked_on, b.from_on, b.to_on, b.version
		FROM volunteer_membership b
		LEFT JOIN volunteer_team t ON t.tenant_id = b.tenant_id AND t.id = b.team_id
		LEFT JOIN volunteer v ON v.tenant_id = b.tenant_id AND v.id = b.volunteer_id
		LEFT JOIN person r ON r.tenant_id = v.tenant_id AND r.id = v.person_id AND v.person_id <> 0
		WHERE `+where, args...)
	for i := range list {
		list[i].Skills = listOf[Skill](list[i].skills)
	}
	return list, err
}

const shiftFields = `f.id, f.team_id, coalesce(t.name, ''), f.org_id, f.task, f.place, f.starts_at, f.ends_at, f.seats, f.taken, f.skill, f.clearance, f.dangerous, CASE WHEN f.training <> '' THEN f.training ELSE coalesce(t.training, '') END,
	f.state, f.reason, f.version`

// shiftColumns are those of a shift f; mine is the sign-up of the reader.
func shiftColumns(mine string) string {
	return shiftFields + ", " + mine + `
	FROM volunteer_shift f LEFT JOIN volunteer_team t ON t.tenant_id = f.tenant_id AND t.id = f.team_id`
}

func (f *Shift) dest() []any {
	return []any{&f.ID, &f.TeamID, &f.Team, &f.OrgID, &f.Task, &f.Place, db.Instant(&f.StartsAt), db.Instant(&f.EndsAt), &f.Seats, &f.Taken, &f.Skill, &f.Clearance, &f.Dangerous, &f.Training, &f.State, &f.Reason, &f.Version, &f.SignupID}
}

// addSignups reads who stands in some shifts, with one query for all.
func addSignups(ctx context.Context, q db.Querier, tenant int64, list []Shift) error {
	if len(list) == 0 {
		return nil
	}
	at, ids := make(map[id.ID]int, len(list)), make([]id.ID, len(list))
	for i, f := range list {
		at[f.ID], ids[i] = i, f.ID
	}
	a := &db.Args{}
	return db.Each(ctx, q, (*Signup).dest, func(u Signup) error {
		f := &list[at[u.ShiftID]]
		f.Signups = append(f.Signups, u)
		return nil
	}, "SELECT "+signupColumns+"u.tenant_id = "+a.Add(tenant)+" AND u.state = 'in' AND "+db.In(a, "u.shift_id", ids)+" ORDER BY u.shift_id, u.id", a.Values()...)
}

const signupColumns = `u.id, u.shift_id, u.volunteer_id, coalesce(v.person_id, 0), coalesce(r.name, ''), u.substitute_id, coalesce(z.name, ''), u.attended, u.minutes, u.version
	FROM volunteer_signup u
	LEFT JOIN volunteer v ON v.tenant_id = u.tenant_id AND v.id = u.volunteer_id
	LEFT JOIN person r ON r.tenant_id = v.tenant_id AND r.id = v.person_id AND v.person_id <> 0
	LEFT JOIN volunteer y ON y.tenant_id = u.tenant_id AND y.id = u.substitute_id AND u.substitute_id <> 0
	LEFT JOIN person z ON z.tenant_id = y.tenant_id AND z.id = y.person_id AND y.person_id <> 0
	WHERE `

func (u *Signup) dest() []any {
	return []any{&u.ID, &u.ShiftID, &u.VolunteerID, &u.PersonID, &u.Name, &u.SubstituteID, &u.Substitute, &u.Attended, &u.Minutes, &u.Version}
}

// oneShift reads a shift of the tenant; the caller decides by its team who may.
func oneShift(ctx context.Context, q db.Querier, tenant int64, shift id.ID) (Shift, error) {
	return db.One(ctx, q, (*Shift).dest, "SELECT "+shiftColumns("0")+" WHERE f.tenant_id = $1 AND f.id = $2", tenant, shift)
}

// stand refuses where a volunteer cannot stand in a shift, and takes a place where none is handed over (VOL-6).
func stand(ctx context.Context, tx *db.Tx, tenant int64, f Shift, v Volunteer, takesPlace bool) error {
	first, last := f.Day(), f.LastDay()
	in, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM volunteer_membership b WHERE b.tenant_id = $1 AND b.team_id = $2 AND b.volunteer_id = $3 AND b.state = 'in'`, tenant, f.TeamID, v.ID)
	if err != nil {
		return err
	}
	if in == 0 {
		return errs.New(errs.Conflict, i18n.VolNotInTeam, f.Team)
	}
	if f.Skill != "" && !slices.Contains(v.Skills, f.Skill) {
		return errs.New(errs.Conflict, i18n.VolNoSkill, f.Skill.Text())
	}
	if f.Clearance != "" {
		n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM volunteer_clearance c WHERE c.tenant_id = $1 AND c.volunteer_id = $2 AND c.kind = $3 AND c.struck_on = '' AND c.valid_to >= $4`, tenant, v.ID, f.Clearance, last)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, i18n.VolNoClearance, f.Clearance.Text())
		}
	}
	if f.Dangerous {
		n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM volunteer_cover x WHERE x.tenant_id = $1 AND (x.team_id = $2 OR x.volunteer_id = $3) AND x.struck_on = '' AND x.from_on <= $4 AND x.to_on >= $5`, tenant, f.TeamID, v.ID, first, last)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.New(errs.Conflict, i18n.VolNoCover)
		}
	}
	twice, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM volunteer_signup u WHERE u.tenant_id = $1 AND u.volunteer_id = $2 AND u.state = 'in' AND u.starts_at < $3 AND u.ends_at > $4`, tenant, v.ID, db.Micros(f.EndsAt), db.Micros(f.StartsAt))
	if err != nil {
		return err
	}
	if twice > 0 {
		return errs.New(errs.Conflict, i18n.VolOverlap)
	}
	if !takesPlace {
		return nil
	}
	n, err := tx.Exec(ctx, `UPDATE volunteer_shift SET taken = taken + 1 WHERE tenant_id = $1 AND id = $2 AND state = 'open' AND taken < seats`, tenant, f.ID)
	if err == nil && n == 0 {
		return errs.New(errs.Conflict, i18n.VolFull)
	}
	return err
}

func insertSignup(ctx context.Context, tx *db.Tx, tenant int64, f Shift, volunteer, replaces id.ID) (id.ID, error) {
	made := id.New()
	if _, err := tx.Exec(ctx, `UPDATE volunteer_signup SET state = 'out', version = version + 1 WHERE tenant_id = $1 AND shift_id = $2 AND volunteer_id = $3 AND state = 'called_off'`, tenant, f.ID, volunteer); err != nil {
		return 0, err
	}
	_, err := tx.Exec(ctx, `INSERT INTO volunteer_signup (tenant_id, id, shift_id, team_id, org_id, volunteer_id, starts_at, ends_at, state, replaces_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,'in',$9,$10)`,
		tenant, made, f.ID, f.TeamID, f.OrgID, volunteer, db.Micros(f.StartsAt), db.Micros(f.EndsAt), replaces, db.Micros(tx.Now()))
	if db.IsUnique(err) {
		return 0, errs.New(errs.Conflict, i18n.VolOverlap)
	}
	return made, err
}

// leave takes some volunteers out of shifts that have not begun, of one team or (0) of all, and frees their places.
func leave(ctx context.Context, tx *db.Tx, tenant int64, volunteers []id.ID, team id.ID) error {
	if len(volunteers) == 0 {
		return nil
	}
	now := db.Micros(tx.Now())
	of := func(a *db.Args, column string) string {
		w := "tenant_id = " + a.Add(tenant) + " AND state = 'in' AND starts_at > " + a.Add(now) + " AND " + db.In(a, column, volunteers)
		if team != 0 {
			w += " AND team_id = " + a.Add(team)
		}
		return w
	}
	a := &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE volunteer_signup SET substitute_id = 0, version = version + 1 WHERE "+of(a, "substitute_id"), a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	shifts, err := db.Column[id.ID](ctx, tx, "SELECT shift_id FROM volunteer_signup WHERE "+of(a, "volunteer_id")+" ORDER BY id", a.Values()...)
	if err != nil || len(shifts) == 0 {
		return err
	}
	a = &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE volunteer_signup SET state = 'out', substitute_id = 0, version = version + 1 WHERE "+of(a, "volunteer_id"), a.Values()...); err != nil {
		return err
	}
	return recount(ctx, tx, tenant, shifts)
}

// recount counts anew who stands in some shifts.
func recount(ctx context.Context, tx *db.Tx, tenant int64, shifts []id.ID) error {
	if len(shifts) == 0 {
		return nil
	}
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE volunteer_shift SET taken = (SELECT count(*) FROM volunteer_signup u WHERE u.tenant_id = volunteer_shift.tenant_id AND u.shift_id = volunteer_shift.id AND u.state = 'in') WHERE tenant_id = "+
		a.Add(tenant)+" AND "+db.In(a, "id", shifts), a.Values()...)
	return err
}

// unfit calls off, in shifts that have not begun, those of a volunteer (or of a team) whose shift asks for a clearance or an insurance that they have no longer (VOL-6).
// They see it on their page; the place is free again.
func unfit(ctx context.Context, tx *db.Tx, actor authz.Actor, team, volunteer id.ID) error {
	type row struct {
		id, shift id.ID
		from, to  int64
		clearance ClearanceKind
		dangerous bool
		team, of  id.ID
	}
	rows, err := db.All(ctx, tx, func(r *row) []any {
		return []any{&r.id, &r.shift, &r.from, &r.to, &r.clearance, &r.dangerous, &r.team, &r.of}
	}, `SELECT u.id, u.shift_id, f.starts_at, f.ends_at, f.clearance, f.dangerous, u.team_id, u.volunteer_id FROM volunteer_signup u JOIN volunteer_shift f ON f.tenant_id = u.tenant_id AND f.id = u.shift_id
		WHERE u.tenant_id = $1 AND u.state = 'in' AND u.starts_at > $2 AND (u.volunteer_id = $3 OR u.team_id = $4) AND (f.dangerous OR f.clearance <> '') ORDER BY u.id`, actor.Tenant, db.Micros(tx.Now()), volunteer, team)
	if err != nil || len(rows) == 0 {
		return err
	}
	of, teams := []id.ID{}, []id.ID{}
	for _, r := range rows {
		of, teams = append(of, r.of), append(teams, r.team)
	}
	type paper struct {
		of, team id.ID
		kind     ClearanceKind // "" is an insurance
		from, to calendar.Date
	}
	a := &db.Args{}
	papers, err := db.All(ctx, tx, func(p *paper) []any { return []any{&p.of, &p.team, &p.kind, &p.from, &p.to} }, "SELECT c.volunteer_id, 0, c.kind, '', c.valid_to FROM volunteer_clearance c WHERE c.tenant_id = "+a.Add(actor.Tenant)+
		" AND c.struck_on = '' AND "+db.In(a, "c.volunteer_id", of)+" UNION ALL SELECT x.volunteer_id, x.team_id, '', x.from_on, x.to_on FROM volunteer_cover x WHERE x.tenant_id = "+a.Add(actor.Tenant)+
		" AND x.struck_on = '' AND ("+db.In(a, "x.volunteer_id", of)+" OR "+db.In(a, "x.team_id", teams)+")", a.Values()...)
	if err != nil {
		return err
	}
	var off, shifts []id.ID
	for _, r := range rows {
		f := Shift{StartsAt: db.FromMicros(r.from), EndsAt: db.FromMicros(r.to)}
		holds := func(kind ClearanceKind) bool {
			return slices.ContainsFunc(papers, func(p paper) bool {
				return p.kind == kind && (p.of == r.of || kind == "" && p.team == r.team) && !p.from.After(f.Day()) && !p.to.Before(f.LastDay())
			})
		}
		if r.clearance != "" && !holds(r.clearance) || r.dangerous && !holds("") {
			off, shifts = append(off, r.id), append(shifts, r.shift)
		}
	}
	if len(off) == 0 {
		return nil
	}
	a = &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE volunteer_signup SET state = 'called_off', substitute_id = 0, version = version + 1 WHERE tenant_id = "+a.Add(actor.Tenant)+" AND state = 'in' AND "+db.In(a, "id", off), a.Values()...); err != nil {
		return err
	}
	return recount(ctx, tx, actor.Tenant, shifts)
}

// endFiles ends files with all that follows from them.
func endFiles(ctx context.Context, tx *db.Tx, tenant int64, volunteers []id.ID, why Ending) error {
	today := calendar.DateOf(tx.Now())
	if err := leave(ctx, tx, tenant, volunteers, 0); err != nil {
		return err
	}
	a := &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE volunteer_team SET leader_id = 0, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "leader_id", volunteers), a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE volunteer_membership SET state = 'ended', to_on = "+a.Add(today)+", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND state <> 'ended' AND "+db.In(a, "volunteer_id", volunteers), a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE volunteer SET ended_on = "+a.Add(today)+", ending = "+a.Add(why)+", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND ended_on = '' AND "+db.In(a, "id", volunteers), a.Values()...)
	return err
}
