package volunteer

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

func today(tx *db.Tx) calendar.Date { return calendar.DateOf(tx.Now()) }

// mark records an act on a shift.
func mark(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, f Shift, person id.ID, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "volunteer." + act, SubjectKind: "volunteer_shift", SubjectID: f.ID, PersonID: person, OrgID: f.OrgID, Detail: detail})
}

// Plan plans a shift of a team (who keeps it).
func (s *Service) Plan(ctx context.Context, actor authz.Actor, team id.ID, n NewShift) (id.ID, error) {
	if err := n.check(); err != nil {
		return 0, err
	}
	out := id.New()
	return out, s.keep(ctx, actor, team, false, func(tx *db.Tx, t Team) error {
		if !n.StartsAt.After(tx.Now()) {
			return errs.Field("starts_at", i18n.VolShiftPast)
		}
		if _, err := tx.Exec(ctx, `INSERT INTO volunteer_shift (tenant_id, id, team_id, org_id, task, place, starts_at, ends_at, seats, skill, clearance, dangerous, training, state, created_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,'open',$14)`,
			actor.Tenant, out, t.ID, t.OrgID, n.Task, n.Place, db.Micros(n.StartsAt), db.Micros(n.EndsAt), n.Seats, n.Skill, n.Clearance, n.Dangerous, n.Training, actor.AccountID); err != nil {
			return err
		}
		return mark(ctx, tx, actor, "plan", Shift{ID: out, OrgID: t.OrgID}, 0, map[string]any{"task": n.Task})
	})
}

// onShift finds a shift whose team the actor keeps and does something to it in one transaction.
func (s *Service) onShift(ctx context.Context, actor authz.Actor, shift id.ID, do func(*db.Tx, Team, Shift) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		f, err := oneShift(ctx, tx, actor.Tenant, shift)
		if err != nil {
			return err
		}
		t, err := kept(ctx, tx, actor, db.Micros(tx.Now()), f.TeamID)
		if err != nil {
			return err
		}
		return do(tx, t, f)
	})
}

// Cancel calls a shift off with a reason that those who stand in it read (who keeps the team).
func (s *Service) Cancel(ctx context.Context, actor authz.Actor, shift id.ID, reason string, version int64) error {
	if err := errs.Words(nil, "reason", &reason, MaxTask, true).OrNil(); err != nil {
		return err
	}
	return s.onShift(ctx, actor, shift, func(tx *db.Tx, _ Team, f Shift) error {
		if f.State != Open || !f.StartsAt.After(tx.Now()) {
			return errs.New(errs.Conflict, i18n.VolShiftClosed)
		}
		if _, err := tx.Exec(ctx, `UPDATE volunteer_signup SET state = 'called_off', substitute_id = 0, version = version + 1 WHERE tenant_id = $1 AND shift_id = $2 AND state = 'in'`, actor.Tenant, f.ID); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE volunteer_shift SET state = 'cancelled', reason = $1, taken = 0, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, reason, actor.Tenant, f.ID, version); err != nil {
			return err
		}
		return mark(ctx, tx, actor, "cancel", f, 0, map[string]any{"reason": reason})
	})
}

// SignUp takes a place in a shift for oneself (PermOwn).
func (s *Service) SignUp(ctx context.Context, actor authz.Actor, shift id.ID) error {
	return s.self(ctx, actor, func(tx *db.Tx, v Volunteer) error {
		f, err := oneShift(ctx, tx, actor.Tenant, shift)
		if err != nil {
			return err
		}
		if !f.StartsAt.After(tx.Now()) {
			return errs.New(errs.Conflict, i18n.VolShiftClosed)
		}
		return enlist(ctx, tx, actor, f, v)
	})
}

// Enlist takes a place in a shift for a volunteer of the team who said so (who keeps the team). Until it is ticked, who came without having signed up is put in as well, but not
// oneself by oneself.
func (s *Service) Enlist(ctx context.Context, actor authz.Actor, shift, volunteer id.ID) error {
	return s.onShift(ctx, actor, shift, func(tx *db.Tx, _ Team, f Shift) error {
		v, err := known(ctx, tx, actor.Tenant, volunteer)
		if errs.KindOf(err) == errs.NotFound {
			return errs.Field("volunteer", i18n.VolNoVolunteer)
		}
		if err != nil {
			return err
		}
		if !f.StartsAt.After(tx.Now()) && actor.PersonID != 0 && actor.PersonID == v.PersonID {
			return errs.New(errs.Forbidden, i18n.VolNotOneself)
		}
		return enlist(ctx, tx, actor, f, v)
	})
}

func enlist(ctx context.Context, tx *db.Tx, actor authz.Actor, f Shift, v Volunteer) error {
	if f.State != Open {
		return errs.New(errs.Conflict, i18n.VolShiftClosed)
	}
	if err := stand(ctx, tx, actor.Tenant, f, v, true); err != nil {
		return err
	}
	if _, err := insertSignup(ctx, tx, actor.Tenant, f, v.ID, 0); err != nil {
		return err
	}
	return mark(ctx, tx, actor, "signup", f, v.PersonID, nil)
}

// onOwn finds the sign-up of oneself in a shift that has not begun and does something to it.
func (s *Service) onOwn(ctx context.Context, actor authz.Actor, shift id.ID, do func(*db.Tx, Volunteer, Shift, Signup) error) error {
	return s.self(ctx, actor, func(tx *db.Tx, v Volunteer) error {
		f, err := oneShift(ctx, tx, actor.Tenant, shift)
		if err != nil {
			return err
		}
		u, err := db.One(ctx, tx, (*Signup).dest, "SELECT "+signupColumns+"u.tenant_id = $1 AND u.shift_id = $2 AND u.volunteer_id = $3 AND u.state = 'in'", actor.Tenant, f.ID, v.ID)
		if err != nil {
			return err
		}
		if f.State != Open || !f.StartsAt.After(tx.Now()) {
			return errs.New(errs.Conflict, i18n.VolShiftClosed)
		}
		return do(tx, v, f, u)
	})
}

// Withdraw gives one's place in a shift back before it begins (PermOwn).
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, shift id.ID) error {
	return s.onOwn(ctx, actor, shift, func(tx *db.Tx, v Volunteer, f Shift, u Signup) error {
		if err := tx.Update(ctx, `UPDATE volunteer_signup SET state = 'out', substitute_id = 0, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND state = 'in'`, actor.Tenant, u.ID); err != nil {
			return err
		}
		if err := tx.Update(ctx, `UPDATE volunteer_shift SET taken = taken - 1 WHERE tenant_id = $1 AND id = $2`, actor.Tenant, f.ID); err != nil {
			return err
		}
		return mark(ctx, tx, actor, "withdraw", f, v.PersonID, nil)
	})
}

// SeenOff says that one knows that a shift was called off; it is not shown any more (PermOwn).
func (s *Service) SeenOff(ctx context.Context, actor authz.Actor, shift id.ID) error {
	return s.self(ctx, actor, func(tx *db.Tx, v Volunteer) error {
		f, err := oneShift(ctx, tx, actor.Tenant, shift)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, `UPDATE volunteer_signup SET state = 'out', version = version + 1 WHERE tenant_id = $1 AND shift_id = $2 AND volunteer_id = $3 AND state = 'called_off'`, actor.Tenant, f.ID, v.ID)
		if err != nil || n == 0 {
			return err
		}
		return mark(ctx, tx, actor, "seenoff", f, v.PersonID, nil)
	})
}

// Colleague is somebody of a team who can be asked to stand in.
type Colleague struct {
	VolunteerID id.ID
	Name        string
}

// Colleagues lists who of the team of a shift that one stands in can be asked to stand in: who is in it and not in the shift (PermOwn).
func (s *Service) Colleagues(ctx context.Context, actor authz.Actor, shift id.ID) ([]Colleague, error) {
	if err := oneself(actor); err != nil {
		return nil, err
	}
	v, err := ofPerson(ctx, s.db, actor)
	if err != nil {
		return nil, err
	}
	return db.All(ctx, s.db, func(c *Colleague) []any { return []any{&c.VolunteerID, &c.Name} }, `SELECT b.volunteer_id, r.name FROM volunteer_signup u
		JOIN volunteer_membership b ON b.tenant_id = u.tenant_id AND b.team_id = u.team_id AND b.state = 'in' AND b.volunteer_id <> u.volunteer_id
		JOIN volunteer v ON v.tenant_id = b.tenant_id AND v.id = b.volunteer_id AND v.ended_on = ''
		JOIN person r ON r.tenant_id = v.tenant_id AND r.id = v.person_id
		WHERE u.tenant_id = $1 AND u.shift_id = $2 AND u.volunteer_id = $3 AND u.state = 'in'
		AND NOT EXISTS (SELECT 1 FROM volunteer_signup o WHERE o.tenant_id = u.tenant_id AND o.shift_id = u.shift_id AND o.volunteer_id = b.volunteer_id AND o.state = 'in') ORDER BY r.name_key, b.volunteer_id LIMIT $4`,
		actor.Tenant, shift, v.ID, int64(mostParts))
}

// NameSubstitute asks somebody of the team to stand in for oneself; until they accept one stays responsible (PermOwn). 0 asks nobody any more.
func (s *Service) NameSubstitute(ctx context.Context, actor authz.Actor, shift, volunteer id.ID) error {
	return s.onOwn(ctx, actor, shift, func(tx *db.Tx, v Volunteer, f Shift, u Signup) error {
		if volunteer != 0 {
			if volunteer == v.ID {
				return errs.Field("volunteer", i18n.VolNotOneself)
			}
			in, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM volunteer_membership b WHERE b.tenant_id = $1 AND b.team_id = $2 AND b.volunteer_id = $3 AND b.state = 'in'
				AND NOT EXISTS (SELECT 1 FROM volunteer_signup o WHERE o.tenant_id = b.tenant_id AND o.shift_id = $4 AND o.volunteer_id = b.volunteer_id AND o.state = 'in')`, actor.Tenant, f.TeamID, volunteer, f.ID)
			if err != nil {
				return err
			}
			if in == 0 {
				return errs.Field("volunteer", i18n.VolSubstituteIn)
			}
		}
		if err := tx.Update(ctx, `UPDATE volunteer_signup SET substitute_id = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, volunteer, actor.Tenant, u.ID, u.Version); err != nil {
			return err
		}
		return mark(ctx, tx, actor, "substitute", f, v.PersonID, map[string]any{"volunteer": volunteer.String()})
	})
}

// AnswerSubstitute says yes or no to who asked one to stand in (PermOwn). With a yes the place is one's own from then on.
func (s *Service) AnswerSubstitute(ctx context.Context, actor authz.Actor, signup id.ID, yes bool) error {
	return s.self(ctx, actor, func(tx *db.Tx, v Volunteer) error {
		u, err := db.One(ctx, tx, (*Signup).dest, "SELECT "+signupColumns+"u.tenant_id = $1 AND u.id = $2 AND u.substitute_id = $3 AND u.state = 'in'", actor.Tenant, signup, v.ID)
		if err != nil {
			return err
		}
		f, err := oneShift(ctx, tx, actor.Tenant, u.ShiftID)
		if err != nil {
			return err
		}
		if f.State != Open || !f.StartsAt.After(tx.Now()) {
			return errs.New(errs.Conflict, i18n.VolShiftClosed)
		}
		state, act := "in", "decline"
		if yes {
			if err := stand(ctx, tx, actor.Tenant, f, v, false); err != nil {
				return err
			}
			state, act = "replaced", "standin"
		}
		if err := tx.Update(ctx, `UPDATE volunteer_signup SET state = $1, substitute_id = 0, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, state, actor.Tenant, u.ID, u.Version); err != nil {
			return err
		}
		if yes {
			if _, err := insertSignup(ctx, tx, actor.Tenant, f, v.ID, u.ID); err != nil {
				return err
			}
		}
		return mark(ctx, tx, actor, act, f, v.PersonID, map[string]any{"for": u.PersonID.String()})
	})
}

// Request is somebody's asking one to stand in.
type Request struct {
	Shift
	Signup id.ID
	From   string // who asks
}

// Duties are what there is to do for a volunteer.
type Duties struct {
	Open     []Shift   // of one's teams, with places left
	Requests []Request // to stand in
	ToTick   []Shift   // of teams that one leads, over and not ticked
}

// untickedOther is the condition that in a shift f of a team t stands somebody who is not ticked yet and is not its leader: what a leader can tick.
const untickedOther = "EXISTS (SELECT 1 FROM volunteer_signup n WHERE n.tenant_id = f.tenant_id AND n.shift_id = f.id AND n.state = 'in' AND n.attended = '' AND n.volunteer_id <> t.leader_id)"

// Duties gives what there is to do for oneself: shifts of one's teams with places left, who asks one to stand in, and what waits to be ticked (PermOwn).
func (s *Service) Duties(ctx context.Context, actor authz.Actor) (d Duties, err error) {
	if err := oneself(actor); err != nil {
		return d, err
	}
	v, err := ofPerson(ctx, s.db, actor)
	if err != nil {
		return d, err
	}
	now := db.Micros(s.db.Now())
	if d.Open, err = db.All(ctx, s.db, (*Shift).dest, "SELECT "+shiftColumns("0")+` JOIN volunteer_membership b ON b.tenant_id = f.tenant_id AND b.team_id = f.team_id AND b.state = 'in' AND b.volunteer_id = $2
		WHERE f.tenant_id = $1 AND f.state = 'open' AND f.starts_at > $3 AND f.taken < f.seats
		AND NOT EXISTS (SELECT 1 FROM volunteer_signup u WHERE u.tenant_id = f.tenant_id AND u.shift_id = f.id AND u.state = 'in' AND u.volunteer_id = $2) ORDER BY f.starts_at, f.id LIMIT 50`, actor.Tenant, v.ID, now); err != nil {
		return d, err
	}
	if d.Requests, err = db.All(ctx, s.db, func(r *Request) []any { return append(r.Shift.dest(), &r.Signup, &r.From) }, "SELECT "+
		shiftFields+`, 0, u.id, coalesce(r.name, '')
		FROM volunteer_signup u JOIN volunteer_shift f ON f.tenant_id = u.tenant_id AND f.id = u.shift_id
		LEFT JOIN volunteer_team t ON t.tenant_id = f.tenant_id AND t.id = f.team_id
		LEFT JOIN volunteer w ON w.tenant_id = u.tenant_id AND w.id = u.volunteer_id LEFT JOIN person r ON r.tenant_id = w.tenant_id AND r.id = w.person_id
		WHERE u.tenant_id = $1 AND u.substitute_id = $2 AND u.substitute_id <> 0 AND u.state = 'in' AND u.starts_at > $3 ORDER BY u.starts_at, u.id LIMIT 50`, actor.Tenant, v.ID, now); err != nil {
		return d, err
	}
	d.ToTick, err = db.All(ctx, s.db, (*Shift).dest, "SELECT "+shiftColumns("0")+` WHERE f.tenant_id = $1 AND f.state = 'open' AND f.ends_at <= $3 AND t.leader_id = $2 AND `+untickedOther+` ORDER BY f.starts_at, f.id LIMIT 50`, actor.Tenant, v.ID, now)
	if err != nil {
		return d, err
	}
	done, err := trainings(ctx, s.db, actor.Tenant, []id.ID{v.PersonID})
	warn(done[v.PersonID], d.Open)
	for i := range d.Requests {
		d.Requests[i].Untrained = !trained(done[v.PersonID], d.Requests[i].Training)
	}
	return d, err
}

// ShiftFilter narrows the list of shifts.
type ShiftFilter struct {
	Unticked bool // over, and not ticked
	Ticked   bool
	Year     int // in which they begin; 0: all
	OrgID    id.ID
	Page     db.Page
}

// Shifts lists shifts of teams in scope, the latest first (PermManage). It names nobody.
func (s *Service) Shifts(ctx context.Context, actor authz.Actor, f ShiftFilter) (out db.List[Shift], err error) {
	if !actor.Can(PermManage) {
		return out, errs.ErrForbidden
	}
	a := &db.Args{}
	w := " WHERE " + actor.Scope(PermManage).Where(a, authz.Columns{Tenant: "f.tenant_id", Orgs: []string{"f.org_id"}})
	if f.OrgID != 0 {
		w += " AND f.org_id = " + a.Add(f.OrgID)
	}
	if f.Unticked {
		w += " AND f.state = 'open' AND f.taken > 0 AND f.ends_at <= " + a.Add(db.Micros(s.db.Now()))
	}
	if f.Ticked {
		w += " AND f.state = 'ticked'"
	}
	if f.Year != 0 {
		w += " AND f.starts_at >= " + a.Add(db.Micros(calendar.On(f.Year, 1, 1).Time())) + " AND f.starts_at < " + a.Add(db.Micros(calendar.On(f.Year+1, 1, 1).Time()))
	}
	keys, tail := a.Keyset(f.Page, db.Order{IDColumn: "f.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Shift).dest, "SELECT "+shiftColumns("0")+w+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	return db.Cut(rows, f.Page, func(f Shift) db.Cursor { return db.Cursor{ID: f.ID} }), nil
}

// ShiftFile is a shift with who stands in it, for who keeps its team.
type ShiftFile struct {
	Shift
	Manages bool
	People  []Membership // of the team, who can be enlisted
}

// Over says whether the shift is over, so that it can be ticked.
func (f ShiftFile) Over(now time.Time) bool { return !f.EndsAt.After(now) }

// Shift gives a shift with its people, to who keeps its team; it is recorded as looks at them.
func (s *Service) Shift(ctx context.Context, actor authz.Actor, shift id.ID) (f ShiftFile, err error) {
	return f, s.onShift(ctx, actor, shift, func(tx *db.Tx, t Team, one Shift) error {
		list := []Shift{one}
		if err := addSignups(ctx, tx, actor.Tenant, list); err != nil {
			return err
		}
		f = ShiftFile{Shift: list[0], Manages: Manages(actor, t.OrgID)}
		if f.People, err = memberships(ctx, tx, "b.tenant_id = $1 AND b.team_id = $2 AND b.state = 'in' ORDER BY b.id LIMIT $3", actor.Tenant, t.ID, int64(mostParts)); err != nil {
			return err
		}
		var looks []audit.Entry
		looked := map[id.ID]bool{0: true, actor.PersonID: true}
		look := func(person id.ID) {
			if !looked[person] {
				looked[person] = true
				looks = append(looks, audit.Entry{Action: "volunteer.shiftlist", SubjectKind: "volunteer_shift", SubjectID: f.ID, PersonID: person, OrgID: f.OrgID, Purpose: Purpose})
			}
		}
		var persons []id.ID
		for _, u := range f.Signups {
			look(u.PersonID)
			persons = append(persons, u.PersonID)
		}
		if f.Training != "" {
			done, err := trainings(ctx, tx, actor.Tenant, persons)
			if err != nil {
				return err
			}
			for i, u := range f.Signups {
				f.Signups[i].Untrained = !trained(done[u.PersonID], f.Training)
			}
		}
		for _, m := range f.People {
			look(m.PersonID)
		}
		return audit.RecordMany(ctx, tx, actor, looks)
	})
}

// Tick says who was there once a shift is over (who keeps the team, and is not the one who is ticked): minutes go into the ledger, vouched for. What was ticked before and is
// different now is taken back there and posted anew.
func (s *Service) Tick(ctx context.Context, actor authz.Actor, shift id.ID, ticks []Tick) error {
	return s.onShift(ctx, actor, shift, func(tx *db.Tx, _ Team, f Shift) error {
		if f.State == Cancelled {
			return errs.New(errs.Conflict, i18n.VolShiftClosed)
		}
		if f.EndsAt.After(tx.Now()) {
			return errs.New(errs.Conflict, i18n.VolNotOver)
		}
		list := []Shift{f}
		if err := addSignups(ctx, tx, actor.Tenant, list); err != nil {
			return err
		}
		in := map[id.ID]Signup{}
		for _, u := range list[0].Signups {
			in[u.ID] = u
		}
		for _, t := range ticks {
			u, ok := in[t.SignupID]
			if !ok {
				return errs.ErrConflict
			}
			if err := s.tick(ctx, tx, actor, f, u, t); err != nil {
				return err
			}
		}
		left, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM volunteer_signup u WHERE u.tenant_id = $1 AND u.shift_id = $2 AND u.state = 'in' AND u.attended = ''`, actor.Tenant, f.ID)
		if err != nil || left > 0 {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE volunteer_shift SET state = 'ticked', version = version + 1 WHERE tenant_id = $1 AND id = $2 AND state = 'open'`, actor.Tenant, f.ID)
		return err
	})
}

func (s *Service) tick(ctx context.Context, tx *db.Tx, actor authz.Actor, f Shift, u Signup, t Tick) error {
	minutes, err := t.minutes(f)
	if err != nil {
		return err
	}
	if t.Attended == u.Attended && minutes == u.Minutes {
		return nil
	}
	if actor.PersonID != 0 && actor.PersonID == u.PersonID {
		return errs.New(errs.Forbidden, i18n.VolTickSelf)
	}
	if u.PersonID == 0 { // forgotten: what stands in the book stays
		return errs.New(errs.Conflict, i18n.VolIsOver)
	}
	if err := tx.Update(ctx, `UPDATE volunteer_signup SET attended = $1, minutes = $2, ticked_by = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`, t.Attended, minutes, actor.AccountID, actor.Tenant, u.ID, u.Version); err != nil {
		return err
	}
	if u.Minutes > 0 {
		if err := s.book.ReverseSourceTx(ctx, tx, actor, ledger.SourceShift, u.ID, ledger.Hours, i18n.VolReticked.In(i18n.ZH)); err != nil {
			return err
		}
	}
	if minutes > 0 {
		if _, err := s.book.PostTx(ctx, tx, actor, ledger.Posting{Account: ledger.Hours, PersonID: u.PersonID, CommunityID: f.OrgID, OnDate: f.Day(), Amount: minutes, Proof: ledger.Vouched,
			SourceKind: ledger.SourceShift, SourceID: u.ID}); err != nil {
			return err
		}
	}
	return mark(ctx, tx, actor, "tick", f, u.PersonID, map[string]any{"attended": t.Attended, "minutes": minutes})
}

// Amounts gives, for the check of the ledger, what each attendance of a shift should be worth today.
func (s *Service) Amounts(ctx context.Context, q db.Querier, tenant int64, each func(kind string, source id.ID, a ledger.Account, amount int64) error) error {
	type row struct {
		source id.ID
		n      int64
	}
	return db.Each(ctx, q, func(r *row) []any { return []any{&r.source, &r.n} }, func(r row) error { return each(ledger.SourceShift, r.source, ledger.Hours, r.n) },
		`SELECT u.id, u.minutes FROM volunteer_signup u WHERE u.tenant_id = $1 AND u.minutes > 0`, tenant)
}
