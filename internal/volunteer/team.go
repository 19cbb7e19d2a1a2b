package volunteer

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// note records an act on a team; person is 0 where it is about nobody in particular.
func note(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, t Team, person id.ID, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "volunteer." + act, SubjectKind: "volunteer_team", SubjectID: t.ID, PersonID: person, OrgID: t.OrgID, Detail: detail})
}

// Found founds a team (PermManage at the community that keeps it).
func (s *Service) Found(ctx context.Context, actor authz.Actor, n NewTeam) (id.ID, error) {
	if err := n.check(); err != nil {
		return 0, err
	}
	if n.OrgID == 0 {
		return 0, errs.Field("org", i18n.ErrRequired)
	}
	if err := actor.Scope(PermManage).Require(n.OrgID); err != nil {
		return 0, err
	}
	out := id.New()
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, n.OrgID, n.UnitID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO volunteer_team (tenant_id, id, org_id, unit_id, kind, name, about, training, opened_on) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`,
			actor.Tenant, out, n.OrgID, n.UnitID, n.Kind, n.Name, n.About, n.Training, s.Today()); err != nil {
			return err
		}
		return note(ctx, tx, actor, "found", Team{ID: out, OrgID: n.OrgID}, 0, map[string]any{"kind": n.Kind, "name": n.Name})
	})
	if db.IsUnique(err) {
		err = errs.Field("name", i18n.VolTeamNamed)
	}
	return out, err
}

// keep finds a team that the actor keeps and that has not ended, and does something to it in one transaction. With desk only who manages volunteers there may.
func (s *Service) keep(ctx context.Context, actor authz.Actor, team id.ID, desk bool, do func(*db.Tx, Team) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := kept(ctx, tx, actor, db.Micros(tx.Now()), team)
		switch {
		case err != nil:
			return err
		case desk && !Manages(actor, t.OrgID):
			return errs.ErrForbidden
		case !t.EndedOn.IsZero():
			return errs.New(errs.Conflict, i18n.VolTeamOver)
		}
		return do(tx, t)
	})
}

// EditTeam changes kind, name, words and the organisation that a team belongs to (PermManage).
func (s *Service) EditTeam(ctx context.Context, actor authz.Actor, team id.ID, n NewTeam, version int64) error {
	if err := n.check(); err != nil {
		return err
	}
	err := s.keep(ctx, actor, team, true, func(tx *db.Tx, t Team) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, n.UnitID); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE volunteer_team SET unit_id = $1, kind = $2, name = $3, about = $4, training = $5, version = version + 1 WHERE tenant_id = $6 AND id = $7 AND version = $8`,
			n.UnitID, n.Kind, n.Name, n.About, n.Training, actor.Tenant, t.ID, version); err != nil {
			return err
		}
		return note(ctx, tx, actor, "editteam", t, 0, nil)
	})
	if db.IsUnique(err) {
		err = errs.Field("name", i18n.VolTeamNamed)
	}
	return err
}

// EndTeam ends a team: its memberships end, and shifts that have not begun are cancelled (PermManage).
func (s *Service) EndTeam(ctx context.Context, actor authz.Actor, team id.ID, version int64) error {
	return s.keep(ctx, actor, team, true, func(tx *db.Tx, t Team) error {
		today := s.Today()
		if err := tx.Update(ctx, `UPDATE volunteer_team SET ended_on = $1, leader_id = 0, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, today, actor.Tenant, t.ID, version); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE volunteer_membership SET state = 'ended', to_on = $1, version = version + 1 WHERE tenant_id = $2 AND team_id = $3 AND state <> 'ended'`, today, actor.Tenant, t.ID); err != nil {
			return err
		}
		now := db.Micros(tx.Now())
		if _, err := tx.Exec(ctx, `UPDATE volunteer_signup SET state = 'called_off', substitute_id = 0, version = version + 1 WHERE tenant_id = $1 AND team_id = $2 AND state = 'in' AND starts_at > $3`, actor.Tenant, t.ID, now); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE volunteer_shift SET state = 'cancelled', reason = $1, taken = 0, version = version + 1 WHERE tenant_id = $2 AND team_id = $3 AND state = 'open' AND starts_at > $4`,
			i18n.VolTeamOver.In(i18n.ZH), actor.Tenant, t.ID, now); err != nil {
			return err
		}
		return note(ctx, tx, actor, "endteam", t, 0, nil)
	})
}

// Lead names the leader of a team: a volunteer who is in it (PermManage).
func (s *Service) Lead(ctx context.Context, actor authz.Actor, team, volunteer id.ID) error {
	return s.keep(ctx, actor, team, true, func(tx *db.Tx, t Team) error {
		list, err := memberships(ctx, tx, "b.tenant_id = $1 AND b.team_id = $2 AND b.volunteer_id = $3 AND b.state = 'in' ORDER BY b.id LIMIT 1", actor.Tenant, t.ID, volunteer)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errs.Field("volunteer", i18n.VolLeaderIn)
		}
		if err := tx.Update(ctx, `UPDATE volunteer_team SET leader_id = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3`, volunteer, actor.Tenant, t.ID); err != nil {
			return err
		}
		return note(ctx, tx, actor, "lead", t, list[0].PersonID, nil)
	})
}

// InsureTeam notes an insurance of all who serve in a team (PermManage).
func (s *Service) InsureTeam(ctx context.Context, actor authz.Actor, team id.ID, n NewCover) error {
	if err := n.check(); err != nil {
		return err
	}
	return s.keep(ctx, actor, team, true, func(tx *db.Tx, t Team) error {
		mine, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM volunteer_membership b JOIN volunteer v ON v.tenant_id = b.tenant_id AND v.id = b.volunteer_id
			WHERE b.tenant_id = $1 AND b.team_id = $2 AND b.state = 'in' AND v.person_id = $3 AND v.person_id <> 0`, actor.Tenant, t.ID, actor.PersonID)
		if err != nil {
			return err
		}
		if mine > 0 { // who serves in it does not vouch for it
			return errs.New(errs.Forbidden, i18n.VolNotOneself)
		}
		if err := s.insertCover(ctx, tx, actor, t.OrgID, t.ID, 0, n); err != nil {
			return err
		}
		return note(ctx, tx, actor, "insure", t, 0, nil)
	})
}

// UninsureTeam takes an insurance of a team back that is wrong or no longer good (PermManage).
func (s *Service) UninsureTeam(ctx context.Context, actor authz.Actor, team, cover id.ID) error {
	return s.keep(ctx, actor, team, true, func(tx *db.Tx, t Team) error {
		if err := tx.Update(ctx, `UPDATE volunteer_cover SET struck_on = $1 WHERE tenant_id = $2 AND team_id = $3 AND id = $4 AND struck_on = ''`, s.Today(), actor.Tenant, t.ID, cover); err != nil {
			return err
		}
		if err := unfit(ctx, tx, actor, t.ID, 0); err != nil {
			return err
		}
		return note(ctx, tx, actor, "uninsure", t, 0, map[string]any{"cover": cover.String()})
	})
}

// Invite invites a volunteer of a community in scope into a team; they say yes or no (PermManage). Who agreed by word of mouth is in it at once.
func (s *Service) Invite(ctx context.Context, actor authz.Actor, team, volunteer id.ID, agreed bool) error {
	if volunteer == 0 {
		return errs.Field("volunteer", i18n.ErrRequired)
	}
	return s.keep(ctx, actor, team, true, func(tx *db.Tx, t Team) error {
		v, err := managed(ctx, tx, actor, volunteer)
		if errs.KindOf(err) == errs.NotFound || err == nil && !v.Active() {
			return errs.Field("volunteer", i18n.VolNoVolunteer)
		}
		if err != nil {
			return err
		}
		if err := join(ctx, tx, actor, t, v, Invited); err != nil || !agreed {
			return err
		}
		list, err := memberships(ctx, tx, "b.tenant_id = $1 AND b.team_id = $2 AND b.volunteer_id = $3 AND b.state = 'invited' ORDER BY b.id LIMIT 1", actor.Tenant, t.ID, v.ID)
		if err != nil || len(list) == 0 { // whoever had asked is in it already
			return err
		}
		return answer(ctx, tx, actor, t, list[0], true)
	})
}

// Ask asks to join a team (PermOwn). Whoever was invited is in it by that.
func (s *Service) Ask(ctx context.Context, actor authz.Actor, team id.ID) error {
	return s.self(ctx, actor, func(tx *db.Tx, v Volunteer) error {
		t, err := found(ctx, tx, actor, db.Micros(tx.Now()), team)
		if err != nil {
			return err
		}
		if !t.EndedOn.IsZero() {
			return errs.New(errs.Conflict, i18n.VolTeamOver)
		}
		return join(ctx, tx, actor, t, v, Asked)
	})
}

// join makes a membership, or completes the one that the other side began.
func join(ctx context.Context, tx *db.Tx, actor authz.Actor, t Team, v Volunteer, state Standing) error {
	list, err := memberships(ctx, tx, "b.tenant_id = $1 AND b.team_id = $2 AND b.volunteer_id = $3 AND b.state <> 'ended' ORDER BY b.id LIMIT 1", actor.Tenant, t.ID, v.ID)
	if err != nil {
		return err
	}
	if len(list) > 0 {
		if m := list[0]; m.State != In && m.State != state {
			return answer(ctx, tx, actor, t, m, true)
		}
		return errs.Field("volunteer", i18n.VolInTeam)
	}
	_, err = tx.Exec(ctx, `INSERT INTO volunteer_membership (tenant_id, id, team_id, org_id, volunteer_id, state, asked_on) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
		actor.Tenant, id.New(), t.ID, t.OrgID, v.ID, state, today(tx))
	if db.IsUnique(err) {
		return errs.Field("volunteer", i18n.VolInTeam)
	}
	if err != nil {
		return err
	}
	act := "ask"
	if state == Invited {
		act = "invite"
	}
	return note(ctx, tx, actor, act, t, v.PersonID, nil)
}

// answer lets somebody in, or not.
func answer(ctx context.Context, tx *db.Tx, actor authz.Actor, t Team, m Membership, yes bool) error {
	set, act := "state = 'ended', to_on = $1", "decline"
	if yes {
		set, act = "state = 'in', from_on = $1", "accept"
	}
	if err := tx.Update(ctx, "UPDATE volunteer_membership SET "+set+", version = version + 1 WHERE tenant_id = $2 AND id = $3 AND state IN ('asked', 'invited') AND version = $4", today(tx), actor.Tenant, m.ID, m.Version); err != nil {
		return err
	}
	return note(ctx, tx, actor, act, t, m.PersonID, nil)
}

// Answer says yes or no to who asked to join (who keeps the team).
func (s *Service) Answer(ctx context.Context, actor authz.Actor, team, membership id.ID, yes bool) error {
	return s.keep(ctx, actor, team, false, func(tx *db.Tx, t Team) error {
		list, err := memberships(ctx, tx, "b.tenant_id = $1 AND b.team_id = $2 AND b.id = $3 AND b.state = 'asked' ORDER BY b.id LIMIT 1", actor.Tenant, t.ID, membership)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errs.ErrConflict
		}
		return answer(ctx, tx, actor, t, list[0], yes)
	})
}

// AnswerInvitation says yes or no to an invitation (PermOwn).
func (s *Service) AnswerInvitation(ctx context.Context, actor authz.Actor, team id.ID, yes bool) error {
	return s.self(ctx, actor, func(tx *db.Tx, v Volunteer) error {
		t, err := found(ctx, tx, actor, db.Micros(tx.Now()), team)
		if err != nil {
			return err
		}
		list, err := memberships(ctx, tx, "b.tenant_id = $1 AND b.team_id = $2 AND b.volunteer_id = $3 AND b.state = 'invited' ORDER BY b.id LIMIT 1", actor.Tenant, t.ID, v.ID)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errs.ErrConflict
		}
		return answer(ctx, tx, actor, t, list[0], yes)
	})
}

// LeaveTeam leaves a team and the shifts of it that have not begun (PermOwn).
func (s *Service) LeaveTeam(ctx context.Context, actor authz.Actor, team id.ID) error {
	return s.self(ctx, actor, func(tx *db.Tx, v Volunteer) error {
		t, err := found(ctx, tx, actor, db.Micros(tx.Now()), team)
		if err != nil {
			return err
		}
		return part(ctx, tx, actor, t, v)
	})
}

// Remove takes a volunteer out of a team (who keeps it).
func (s *Service) Remove(ctx context.Context, actor authz.Actor, team, volunteer id.ID) error {
	return s.keep(ctx, actor, team, false, func(tx *db.Tx, t Team) error {
		v, err := known(ctx, tx, actor.Tenant, volunteer)
		if err != nil {
			return err
		}
		return part(ctx, tx, actor, t, v)
	})
}

func part(ctx context.Context, tx *db.Tx, actor authz.Actor, t Team, v Volunteer) error {
	n, err := tx.Exec(ctx, `UPDATE volunteer_membership SET state = 'ended', to_on = $1, version = version + 1 WHERE tenant_id = $2 AND team_id = $3 AND volunteer_id = $4 AND state <> 'ended'`, today(tx), actor.Tenant, t.ID, v.ID)
	if err != nil {
		return err
	}
	if n == 0 {
		return errs.ErrNotFound
	}
	if err := leave(ctx, tx, actor.Tenant, []id.ID{v.ID}, t.ID); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE volunteer_team SET leader_id = 0, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND leader_id = $3`, actor.Tenant, t.ID, v.ID); err != nil {
		return err
	}
	return note(ctx, tx, actor, "leave", t, v.PersonID, nil)
}

// TeamFilter narrows the list of teams.
type TeamFilter struct {
	Kind  Kind
	OrgID id.ID
	Text  string // part of the name
	Asked bool   // somebody asked to join
	Page  db.Page
}

func (f TeamFilter) where(a *db.Args) string {
	w := " AND t.ended_on = ''"
	if f.Kind != "" {
		w += " AND t.kind = " + a.Add(f.Kind)
	}
	if f.OrgID != 0 {
		w += " AND t.org_id = " + a.Add(f.OrgID)
	}
	if f.Asked {
		w += " AND EXISTS (SELECT 1 FROM volunteer_membership k WHERE k.tenant_id = t.tenant_id AND k.team_id = t.id AND k.state = 'asked')"
	}
	if gram.Key(f.Text) != "" {
		w += " AND lower(t.name) LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
	}
	return w
}

// Teams lists teams of communities in scope (PermSee, PermManage).
func (s *Service) Teams(ctx context.Context, actor authz.Actor, f TeamFilter) (db.List[Team], error) {
	if seen(actor).Empty() {
		return db.List[Team]{}, errs.ErrForbidden
	}
	return s.teams(ctx, actor, func(a *db.Args) string { return seen(actor).Where(a, ofTeam) }, f)
}

// Around lists all teams of the district for who may ask to join one (PermOwn), or for residents who read what there is; it names nobody who did not agree to that.
func (s *Service) Around(ctx context.Context, tenant int64, f TeamFilter) (db.List[Team], error) {
	list, err := s.teams(ctx, authz.Actor{Tenant: tenant}, func(a *db.Args) string { return "t.tenant_id = " + a.Add(tenant) }, f)
	for i := range list.Items {
		list.Items[i].Leader = ""
	}
	return list, err
}

func (s *Service) teams(ctx context.Context, actor authz.Actor, scope func(*db.Args) string, f TeamFilter) (db.List[Team], error) {
	a := &db.Args{}
	columns := teamColumns(a, actor, db.Micros(s.db.Now()))
	where := scope(a) + f.where(a)
	keys, tail := a.Keyset(f.Page, db.Order{IDColumn: "t.id"})
	rows, err := db.All(ctx, s.db, (*teamRow).dest, "SELECT "+columns+where+keys+tail, a.Values()...)
	if err != nil {
		return db.List[Team]{}, err
	}
	list := db.Cut(rows, f.Page, func(t teamRow) db.Cursor { return db.Cursor{ID: t.ID} })
	out := db.List[Team]{Prev: list.Prev, Next: list.Next}
	for _, t := range list.Items {
		out.Items = append(out.Items, t.team())
	}
	return out, nil
}

// KindCounts counts the teams in the actor's scope by kind (PermSee, PermManage); a kind without a team is 0.
func (s *Service) KindCounts(ctx context.Context, actor authz.Actor) (map[Kind]int64, error) {
	a := &db.Args{}
	return s.kinds(ctx, a, seen(actor).Where(a, ofTeam))
}

// KindsAround counts the teams of a district by kind, for residents.
func (s *Service) KindsAround(ctx context.Context, tenant int64) (map[Kind]int64, error) {
	a := &db.Args{}
	return s.kinds(ctx, a, "t.tenant_id = "+a.Add(tenant))
}

func (s *Service) kinds(ctx context.Context, a *db.Args, where string) (map[Kind]int64, error) {
	type row struct {
		kind Kind
		n    int64
	}
	out := map[Kind]int64{}
	return out, db.Each(ctx, s.db, func(r *row) []any { return []any{&r.kind, &r.n} }, func(r row) error { out[r.kind] = r.n; return nil },
		"SELECT t.kind, count(*) FROM volunteer_team t WHERE "+where+" AND t.ended_on = '' GROUP BY t.kind", a.Values()...)
}

// TeamFile is a team with all that belongs to it.
type TeamFile struct {
	Team
	Manages bool // the reader manages volunteers there
	People  []Membership
	Shifts  []Shift // those to come and the latest ones, the next first
	Covers  []Cover
	Mine    Standing // of the reader, "" where they are not in it
}

// named is the condition that a person r has a name with some characters in it; with none there is no condition.
func named(a *db.Args, name string) string {
	if gram.Key(name) == "" {
		return ""
	}
	return " AND r.name_key LIKE " + a.Add(gram.Query(name).Like()) + " ESCAPE '!'"
}

// Keeps says whether the reader keeps the team.
func (t TeamFile) Keeps() bool { return t.Manages || t.Leads }

// Team gives a team: with its people to who keeps it, which is recorded as looks at them; what it does and its shifts to who manages above or serves in it, and
// what it does to everybody who may join.
// A page shows the first ones; name finds the others.
func (s *Service) Team(ctx context.Context, actor authz.Actor, team id.ID, name string) (f TeamFile, err error) {
	if err := oneself(actor); err != nil && seen(actor).Empty() {
		return f, err
	}
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		now := tx.Now()
		if f.Team, err = found(ctx, tx, actor, db.Micros(now), team); err != nil {
			return err
		}
		if f.Manages = Manages(actor, f.OrgID); !f.Manages && oneself(actor) != nil && !seen(actor).Covers(f.OrgID) {
			return errs.ErrNotFound
		}
		var own Volunteer
		if oneself(actor) == nil {
			if own, err = ofPerson(ctx, tx, actor); err != nil && errs.KindOf(err) != errs.NotFound {
				return err
			}
		}
		if own.ID != 0 {
			list, err := memberships(ctx, tx, "b.tenant_id = $1 AND b.team_id = $2 AND b.volunteer_id = $3 AND b.state <> 'ended' ORDER BY b.id LIMIT 1", actor.Tenant, f.ID, own.ID)
			if err != nil {
				return err
			}
			if len(list) > 0 {
				f.Mine = list[0].State
			}
		}
		if !f.Keeps() && f.Mine != In && !seen(actor).Covers(f.OrgID) { // where and when somebody is helped is for who serves there
			f.Leader = ""
			return nil
		}
		back := now.Add(-45 * 24 * time.Hour)
		if f.Shifts, err = db.All(ctx, tx, (*Shift).dest, "SELECT "+shiftColumns("coalesce((SELECT u.id FROM volunteer_signup u WHERE u.tenant_id = f.tenant_id AND u.shift_id = f.id AND u.state = 'in' AND u.volunteer_id = $4), 0)")+
			" WHERE f.tenant_id = $1 AND f.team_id = $2 AND f.ends_at > $3 ORDER BY CASE WHEN f.ends_at > $5 THEN 0 ELSE 1 END, CASE WHEN f.ends_at > $5 THEN f.starts_at ELSE -f.starts_at END, f.id LIMIT $6", actor.Tenant, f.ID, db.Micros(back), own.ID, db.Micros(now), int64(mostParts)); err != nil {
			return err
		}
		if own.ID != 0 {
			done, err := trainings(ctx, tx, actor.Tenant, []id.ID{own.PersonID})
			if err != nil {
				return err
			}
			warn(done[own.PersonID], f.Shifts)
		}
		if !f.Keeps() {
			f.Leader = ""
			return nil
		}
		a := &db.Args{}
		if f.People, err = memberships(ctx, tx, "b.tenant_id = "+a.Add(actor.Tenant)+" AND b.team_id = "+a.Add(f.ID)+" AND b.state <> 'ended'"+named(a, name)+
			" ORDER BY CASE b.state WHEN 'asked' THEN 0 WHEN 'invited' THEN 1 ELSE 2 END, b.id LIMIT "+a.Add(int64(mostParts)), a.Values()...); err != nil {
			return err
		}
		if f.Manages {
			if f.Covers, err = s.covers(ctx, tx, "x.team_id", actor.Tenant, f.ID); err != nil {
				return err
			}
		}
		var looks []audit.Entry
		for _, m := range f.People {
			if m.PersonID != 0 && m.PersonID != actor.PersonID {
				looks = append(looks, audit.Entry{Action: "volunteer.teamlist", SubjectKind: "volunteer_team", SubjectID: f.ID, PersonID: m.PersonID, OrgID: f.OrgID, Purpose: Purpose})
			}
		}
		return audit.RecordMany(ctx, tx, actor, looks)
	})
	return f, err
}
