package volunteer

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/notice"
	"linli/internal/paper"
	"linli/internal/reference"
	"linli/internal/seal"
)

// Book is the ledger.
type Book interface {
	PostTx(ctx context.Context, tx *db.Tx, actor authz.Actor, p ledger.Posting) (id.ID, error)
	ReverseSourceTx(ctx context.Context, tx *db.Tx, actor authz.Actor, kind string, source id.ID, a ledger.Account, reason string) error
}

// Planner plans the activities of clubs.
type Planner interface {
	ClubTx(ctx context.Context, tx *db.Tx, actor authz.Actor, e Event) (id.ID, error)
}

// Service keeps volunteers, teams, shifts and clubs.
type Service struct {
	db      *db.DB
	ring    *seal.Ring
	book    Book
	planner Planner
	notices *notice.Service // nil where nobody is told
	numbers Numbers
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, book Book, planner Planner) *Service {
	return &Service{db: d, ring: ring, book: book, planner: planner}
}

// Today is the day by which things are past.
func (s *Service) Today() calendar.Date { return calendar.DateOf(s.db.Now()) }

// record notes an act on a volunteer; with a purpose it is a look that the person sees.
func record(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, perm authz.Permission, v Volunteer, purpose string, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "volunteer." + act, Permission: perm, SubjectKind: "volunteer", SubjectID: v.ID, PersonID: v.PersonID, OrgID: v.OrgID, Purpose: purpose, Detail: detail})
}

// oneself says no to who has no record of their own.
func oneself(actor authz.Actor) error {
	switch {
	case !actor.Can(PermOwn):
		return errs.ErrForbidden
	case actor.PersonID == 0:
		return errs.New(errs.Conflict, i18n.VolNoRecord)
	}
	return nil
}

// Register opens one's own file (PermOwn).
func (s *Service) Register(ctx context.Context, actor authz.Actor, f Fields) (id.ID, error) {
	if err := oneself(actor); err != nil {
		return 0, err
	}
	return s.open(ctx, actor, actor.PersonID, f, PermOwn, func(tx *db.Tx) (id.ID, error) {
		return db.Value[id.ID](ctx, tx, `SELECT r.community_id FROM person r WHERE r.tenant_id = $1 AND r.id = $2 AND r.moved_out_on = '' AND r.died_on = ''`, actor.Tenant, actor.PersonID)
	})
}

// Enter opens the file of a resident in scope (PermManage at the community where they live). The file of somebody who moved there comes with them.
func (s *Service) Enter(ctx context.Context, actor authz.Actor, person id.ID, f Fields) (id.ID, error) {
	if !actor.Can(PermManage) {
		return 0, errs.ErrForbidden
	}
	if person == 0 {
		return 0, errs.Field("person", i18n.ErrRequired)
	}
	return s.open(ctx, actor, person, f, PermManage, func(tx *db.Tx) (id.ID, error) {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Person, person); err != nil {
			return 0, err
		}
		a := &db.Args{}
		return db.Value[id.ID](ctx, tx, "SELECT r.community_id FROM person r WHERE "+actor.Scope(PermManage).Where(a, authz.Columns{Tenant: "r.tenant_id", Orgs: []string{"r.community_id"}})+
			" AND r.id = "+a.Add(person)+" AND r.moved_out_on = '' AND r.died_on = ''", a.Values()...)
	})
}

func (s *Service) open(ctx context.Context, actor authz.Actor, person id.ID, f Fields, perm authz.Permission, home func(*db.Tx) (id.ID, error)) (id.ID, error) {
	if err := f.check(); err != nil {
		return 0, err
	}
	out, no := id.New(), ""
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		org, err := home(tx)
		if err != nil {
			return err
		}
		if org == 0 {
			return errs.Field("person", i18n.VolNotHere)
		}
		twice, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM volunteer v WHERE v.tenant_id = $1 AND v.person_id = $2 AND v.ended_on = ''`, actor.Tenant, person)
		if err != nil {
			return err
		}
		if twice > 0 && perm == PermManage {
			if out, err = follow(ctx, tx, actor, person, org); err != nil || out != 0 {
				return err
			}
		}
		if twice > 0 {
			return errs.Field("person", i18n.VolTwice)
		}
		no = paper.NewNo("V", tx.Now())
		if _, err := tx.Exec(ctx, `INSERT INTO volunteer (tenant_id, id, no, org_id, person_id, skills, times, kinds, words, contact, publish, by_self, entered_on, entered_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`,
			actor.Tenant, out, no, org, person, codes(f.Skills), codes(f.Times), codes(f.Kinds), s.ring.Seal("volunteer", "words", out, f.Words), f.Contact, f.Publish, perm == PermOwn, calendar.DateOf(tx.Now()), actor.AccountID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "open", perm, Volunteer{ID: out, PersonID: person, OrgID: org}, "", nil)
	})
	if db.IsUnique(err) {
		return 0, errs.Field("person", i18n.VolTwice)
	}
	return out, err
}

// follow moves the file of somebody who moved to the community where they live now; 0 where it belongs there already. Teams and what was done there stay where they are.
func follow(ctx context.Context, tx *db.Tx, actor authz.Actor, person, org id.ID) (id.ID, error) {
	v, err := db.One(ctx, tx, (*Volunteer).dest, "SELECT "+volunteerColumns+"v.tenant_id = $1 AND v.person_id = $2 AND v.ended_on = ''", actor.Tenant, person)
	if err != nil || v.OrgID == org {
		return 0, err
	}
	if err := tx.Update(ctx, `UPDATE volunteer SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, org, actor.Tenant, v.ID, v.Version); err != nil {
		return 0, err
	}
	for _, table := range []string{"volunteer_clearance", "volunteer_cover"} { // what waits of them waits at the new desk
		if _, err := tx.Exec(ctx, "UPDATE "+table+" SET org_id = $1 WHERE tenant_id = $2 AND volunteer_id = $3", org, actor.Tenant, v.ID); err != nil {
			return 0, err
		}
	}
	from := v.OrgID
	v.OrgID = org
	return v.ID, record(ctx, tx, actor, "move", PermManage, v, "", map[string]any{"from": from.String(), "to": org.String()})
}

// change finds a file by its condition that has not ended and does something to it in one transaction.
func (s *Service) change(ctx context.Context, find func(*db.Tx) (Volunteer, error), do func(*db.Tx, Volunteer) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		v, err := find(tx)
		if err != nil {
			return err
		}
		if !v.Active() {
			return errs.New(errs.Conflict, i18n.VolIsOver)
		}
		return do(tx, v)
	})
}

func (s *Service) desk(ctx context.Context, actor authz.Actor, volunteer id.ID, do func(*db.Tx, Volunteer) error) error {
	return s.change(ctx, func(tx *db.Tx) (Volunteer, error) { return managed(ctx, tx, actor, volunteer) }, do)
}

func (s *Service) self(ctx context.Context, actor authz.Actor, do func(*db.Tx, Volunteer) error) error {
	if err := oneself(actor); err != nil {
		return err
	}
	return s.change(ctx, func(tx *db.Tx) (Volunteer, error) { return ofPerson(ctx, tx, actor) }, do)
}

// Correct changes what a file says (PermManage).
func (s *Service) Correct(ctx context.Context, actor authz.Actor, volunteer id.ID, f Fields, version int64) error {
	if err := f.check(); err != nil {
		return err
	}
	return s.desk(ctx, actor, volunteer, func(tx *db.Tx, v Volunteer) error { return s.correct(ctx, tx, actor, PermManage, v, f, version) })
}

// CorrectOwn changes what one's own file says (PermOwn).
func (s *Service) CorrectOwn(ctx context.Context, actor authz.Actor, f Fields, version int64) error {
	if err := f.check(); err != nil {
		return err
	}
	return s.self(ctx, actor, func(tx *db.Tx, v Volunteer) error { return s.correct(ctx, tx, actor, PermOwn, v, f, version) })
}

func (s *Service) correct(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, v Volunteer, f Fields, version int64) error {
	if err := tx.Update(ctx, `UPDATE volunteer SET skills = $1, times = $2, kinds = $3, words = $4, contact = $5, publish = $6, version = version + 1 WHERE tenant_id = $7 AND id = $8 AND version = $9`,
		codes(f.Skills), codes(f.Times), codes(f.Kinds), s.ring.Seal("volunteer", "words", v.ID, f.Words), f.Contact, f.Publish, actor.Tenant, v.ID, version); err != nil {
		return err
	}
	return record(ctx, tx, actor, "correct", perm, v, "", map[string]any{"publish": f.Publish, "contact": f.Contact})
}

// End ends a file with a reason: memberships end with it, and shifts to come are free again (PermManage).
func (s *Service) End(ctx context.Context, actor authz.Actor, volunteer id.ID, why Ending, version int64) error {
	if why.Text().IsZero() {
		return errs.Field("ending", i18n.ErrBadChoice)
	}
	return s.desk(ctx, actor, volunteer, func(tx *db.Tx, v Volunteer) error {
		if v.Version != version {
			return errs.ErrConflict
		}
		return s.end(ctx, tx, actor, PermManage, v, why)
	})
}

// EndOwn ends one's own file (PermOwn).
func (s *Service) EndOwn(ctx context.Context, actor authz.Actor) error {
	return s.self(ctx, actor, func(tx *db.Tx, v Volunteer) error { return s.end(ctx, tx, actor, PermOwn, v, Stopped) })
}

func (s *Service) end(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, v Volunteer, why Ending) error {
	if err := endFiles(ctx, tx, actor.Tenant, []id.ID{v.ID}, why); err != nil {
		return err
	}
	return record(ctx, tx, actor, "end", perm, v, "", map[string]any{"reason": why})
}

// File is a volunteer with all that belongs to them.
type File struct {
	Volunteer
	Memberships  []Membership
	Coming       []Shift
	CalledOff    []Shift // those one stood in that were cancelled, or that one may not serve in any longer; until their time is over
	Clearances   []Clearance
	Covers       []Cover
	Thanks       []Thanks
	Certificates []Certificate
	Trainings    []Training // that they attended
	Lines        []Line     // of service, the latest
	Minutes      int64      // of voluntary service, all
	Year         int64      // of this year
	Duty         int64      // minutes for which they reported for duty, counted apart (VOL-3)
}

// Get gives a file with all that belongs to it (PermManage). It is recorded as a look at the person's data.
func (s *Service) Get(ctx context.Context, actor authz.Actor, volunteer id.ID) (f File, err error) {
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		if f.Volunteer, err = managed(ctx, tx, actor, volunteer); err != nil {
			return err
		}
		if err := s.parts(ctx, tx, actor.Tenant, &f); err != nil {
			return err
		}
		return record(ctx, tx, actor, "read", PermManage, f.Volunteer, Purpose, nil)
	})
	return f, err
}

// Own gives one's own file (PermOwn); NotFound where there is none that has not ended.
func (s *Service) Own(ctx context.Context, actor authz.Actor) (f File, err error) {
	if err := oneself(actor); err != nil {
		return f, err
	}
	if f.Volunteer, err = ofPerson(ctx, s.db, actor); err != nil {
		return f, err
	}
	return f, s.parts(ctx, s.db, actor.Tenant, &f)
}

// Past gives one's own file, or the latest one that has ended, for the hours and certificates that stay one's own (PermOwn); NotFound where there is none.
func (s *Service) Past(ctx context.Context, actor authz.Actor) (f File, err error) {
	if err := oneself(actor); err != nil {
		return f, err
	}
	if f.Volunteer, err = latestOf(ctx, s.db, actor); err != nil {
		return f, err
	}
	return f, s.parts(ctx, s.db, actor.Tenant, &f)
}

// Filter narrows the list of volunteers.
type Filter struct {
	Ended     bool   // who have ended, instead of those who have not
	Text      string // part of the name, or the number
	Skill     Skill
	Time      Slot
	Kind      Kind
	TeamID    id.ID
	Clearance ClearanceKind // who hold a valid one
	Expiring  int64         // who have one that ends within so many days
	OrgID     id.ID
	Page      db.Page
}

// List lists volunteers of communities in scope, who have not ended where the filter says nothing else (PermManage). Each is recorded as a look.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (out db.List[Volunteer], err error) {
	if !actor.Can(PermManage) {
		return out, errs.ErrForbidden
	}
	a := &db.Args{}
	where := actor.Scope(PermManage).Where(a, ofVolunteer)
	if f.Ended {
		where += " AND v.ended_on <> '' AND v.forgotten_on = ''"
	} else {
		where += " AND v.ended_on = ''"
	}
	for _, c := range []struct{ column, code string }{{"v.skills", string(f.Skill)}, {"v.times", string(f.Time)}, {"v.kinds", string(f.Kind)}} {
		if c.code != "" {
			where += " AND " + c.column + " LIKE " + a.Add("% "+c.code+" %")
		}
	}
	if f.OrgID != 0 {
		where += " AND v.org_id = " + a.Add(f.OrgID)
	}
	if f.TeamID != 0 {
		where += " AND EXISTS (SELECT 1 FROM volunteer_membership b WHERE b.tenant_id = v.tenant_id AND b.volunteer_id = v.id AND b.state = 'in' AND b.team_id = " + a.Add(f.TeamID) + ")"
	}
	today := s.Today()
	if f.Clearance != "" {
		where += " AND EXISTS (SELECT 1 FROM volunteer_clearance c WHERE c.tenant_id = v.tenant_id AND c.volunteer_id = v.id AND c.struck_on = '' AND c.kind = " + a.Add(f.Clearance) + " AND c.valid_to >= " + a.Add(today) + ")"
	}
	if f.Expiring > 0 {
		where += " AND EXISTS (SELECT 1 FROM volunteer_clearance c WHERE c.tenant_id = v.tenant_id AND c.volunteer_id = v.id AND " + expiring(a, today, 0, int(min(f.Expiring, 3660))) + ")"
	}
	if gram.Key(f.Text) != "" {
		where += " AND (r.name_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!' OR v.no = " + a.Add(f.Text) + ")"
	}
	keys, tail := a.Keyset(f.Page, db.Order{IDColumn: "v.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Volunteer).dest, "SELECT "+volunteerColumns+where+keys+tail, a.Values()...)
	if err != nil {
		return out, err
	}
	for i := range rows {
		rows[i].spread()
	}
	out = db.Cut(rows, f.Page, func(v Volunteer) db.Cursor { return db.Cursor{ID: v.ID} })
	if err := addTeams(ctx, s.db, actor.Tenant, out.Items); err != nil || len(out.Items) == 0 {
		return out, err
	}
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		list := make([]audit.Entry, len(out.Items))
		for i, v := range out.Items {
			list[i] = audit.Entry{Action: "volunteer.list", Permission: PermManage, SubjectKind: "volunteer", SubjectID: v.ID, PersonID: v.PersonID, OrgID: v.OrgID, Purpose: Purpose}
		}
		return audit.RecordMany(ctx, tx, actor, list)
	})
}

// Exported records that the list is taken out as a file (PermManage).
func (s *Service) Exported(ctx context.Context, actor authz.Actor) error {
	if !actor.Can(PermManage) {
		return errs.ErrForbidden
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "volunteer.export", Permission: PermManage, SubjectKind: "volunteer"})
	})
}

// notOneself refuses what somebody would vouch for about themselves.
func notOneself(actor authz.Actor, person id.ID) error {
	if actor.PersonID != 0 && actor.PersonID == person {
		return errs.New(errs.Forbidden, i18n.VolNotOneself)
	}
	return nil
}

// Clear notes that a qualification or check was seen today, and until when it is good (PermManage). The paper is not kept.
func (s *Service) Clear(ctx context.Context, actor authz.Actor, volunteer id.ID, kind ClearanceKind, until calendar.Date) error {
	var e *errs.Error
	if kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	switch {
	case until.IsZero():
		e = e.With("valid_to", i18n.ErrRequired)
	case until.Before(s.Today()):
		e = e.With("valid_to", i18n.VolClearPast)
	}
	if err := e.OrNil(); err != nil {
		return err
	}
	return s.desk(ctx, actor, volunteer, func(tx *db.Tx, v Volunteer) error {
		if err := notOneself(actor, v.PersonID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO volunteer_clearance (tenant_id, id, org_id, volunteer_id, kind, valid_to, seen_on, account_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
			actor.Tenant, id.New(), v.OrgID, v.ID, kind, until, s.Today(), actor.AccountID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "clear", PermManage, v, "", map[string]any{"kind": kind, "until": until.String()})
	})
}

// Unclear takes a clearance back that is wrong or no longer good (PermManage).
func (s *Service) Unclear(ctx context.Context, actor authz.Actor, volunteer, clearance id.ID) error {
	return s.desk(ctx, actor, volunteer, func(tx *db.Tx, v Volunteer) error {
		if err := tx.Update(ctx, `UPDATE volunteer_clearance SET struck_on = $1 WHERE tenant_id = $2 AND volunteer_id = $3 AND id = $4 AND struck_on = ''`, s.Today(), actor.Tenant, v.ID, clearance); err != nil {
			return err
		}
		if err := unfit(ctx, tx, actor, 0, v.ID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "unclear", PermManage, v, "", map[string]any{"clearance": clearance.String()})
	})
}

// Insure notes an insurance of one volunteer (PermManage).
func (s *Service) Insure(ctx context.Context, actor authz.Actor, volunteer id.ID, n NewCover) error {
	if err := n.check(); err != nil {
		return err
	}
	return s.desk(ctx, actor, volunteer, func(tx *db.Tx, v Volunteer) error {
		if err := notOneself(actor, v.PersonID); err != nil {
			return err
		}
		if err := s.insertCover(ctx, tx, actor, v.OrgID, 0, v.ID, n); err != nil {
			return err
		}
		return record(ctx, tx, actor, "insure", PermManage, v, "", nil)
	})
}

// Uninsure takes an insurance of one volunteer back that is wrong or no longer good (PermManage).
func (s *Service) Uninsure(ctx context.Context, actor authz.Actor, volunteer, cover id.ID) error {
	return s.desk(ctx, actor, volunteer, func(tx *db.Tx, v Volunteer) error {
		if err := tx.Update(ctx, `UPDATE volunteer_cover SET struck_on = $1 WHERE tenant_id = $2 AND volunteer_id = $3 AND id = $4 AND struck_on = ''`, s.Today(), actor.Tenant, v.ID, cover); err != nil {
			return err
		}
		if err := unfit(ctx, tx, actor, 0, v.ID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "uninsure", PermManage, v, "", map[string]any{"cover": cover.String()})
	})
}

func (s *Service) insertCover(ctx context.Context, tx *db.Tx, actor authz.Actor, org, team, volunteer id.ID, n NewCover) error {
	made := id.New()
	_, err := tx.Exec(ctx, `INSERT INTO volunteer_cover (tenant_id, id, org_id, team_id, volunteer_id, insurer, policy, from_on, to_on, account_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		actor.Tenant, made, org, team, volunteer, n.Insurer, s.ring.Seal("volunteer_cover", "policy", made, n.Policy), n.From, n.To, actor.AccountID)
	return err
}

// Thank writes a word of thanks to a volunteer (PermManage): the community's, or that of somebody who was helped and is named.
func (s *Service) Thank(ctx context.Context, actor authz.Actor, volunteer id.ID, words, giver string) error {
	e := errs.Words(nil, "words", &words, MaxWords, true)
	if err := errs.Words(e, "giver", &giver, MaxName, false).OrNil(); err != nil {
		return err
	}
	return s.desk(ctx, actor, volunteer, func(tx *db.Tx, v Volunteer) error {
		if err := notOneself(actor, v.PersonID); err != nil {
			return err
		}
		made := id.New()
		if _, err := tx.Exec(ctx, `INSERT INTO volunteer_thanks (tenant_id, id, org_id, volunteer_id, words, giver, said_on, account_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
			actor.Tenant, made, v.OrgID, v.ID, s.ring.Seal("volunteer_thanks", "words", made, words), s.ring.Seal("volunteer_thanks", "giver", made, giver), s.Today(), actor.AccountID); err != nil {
			return err
		}
		return record(ctx, tx, actor, "thank", PermManage, v, "", nil)
	})
}

// Count is what there is at a community, without anybody in it.
type Count struct {
	OrgID      id.ID
	Org        string
	Volunteers int64
	Teams      int64
	Shifts     int64 // of this year that were ticked
	Minutes    int64 // of shifts, this year
	Clubs      int64
}

// Counts counts volunteers, teams and hours of shifts by community, of organisations in scope (PermSee, PermManage).
func (s *Service) Counts(ctx context.Context, actor authz.Actor) ([]Count, error) {
	scope := seen(actor)
	if scope.Empty() {
		return nil, errs.ErrForbidden
	}
	year := calendar.On(s.Today().Year(), 1, 1)
	a := &db.Args{}
	from, micros := a.Add(year), a.Add(db.Micros(year.Time()))
	return db.All(ctx, s.db, func(c *Count) []any {
		return []any{&c.OrgID, &c.Org, &c.Volunteers, &c.Teams, &c.Shifts, &c.Minutes, &c.Clubs}
	}, "SELECT o.id, "+reference.Label("o")+`,
		(SELECT count(*) FROM volunteer v WHERE v.tenant_id = o.tenant_id AND v.org_id = o.id AND v.ended_on = ''),
		(SELECT count(*) FROM volunteer_team t WHERE t.tenant_id = o.tenant_id AND t.org_id = o.id AND t.ended_on = ''),
		(SELECT count(*) FROM volunteer_shift f WHERE f.tenant_id = o.tenant_id AND f.org_id = o.id AND f.state = 'ticked' AND f.starts_at >= `+micros+`),
		(SELECT CAST(coalesce(sum(p.amount), 0) AS BIGINT) FROM posting p WHERE p.tenant_id = o.tenant_id AND p.community_id = o.id AND p.source_kind = 'shift' AND p.on_date >= `+from+`),
		(SELECT count(*) FROM club c WHERE c.tenant_id = o.tenant_id AND c.org_id = o.id AND c.ended_on = '')
		FROM organisation o WHERE `+scope.Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}})+` AND (EXISTS (SELECT 1 FROM volunteer x WHERE x.tenant_id = o.tenant_id AND x.org_id = o.id)
			OR EXISTS (SELECT 1 FROM volunteer_team y WHERE y.tenant_id = o.tenant_id AND y.org_id = o.id) OR EXISTS (SELECT 1 FROM club z WHERE z.tenant_id = o.tenant_id AND z.org_id = o.id)) ORDER BY o.path, o.id LIMIT 5000`, a.Values()...)
}

// seen is where the actor sees teams, clubs and counts.
func seen(actor authz.Actor) authz.Scope { return actor.Scope(PermSee).Or(actor.Scope(PermManage)) }

// Manages says whether the actor manages volunteers at a community.
func Manages(actor authz.Actor, org id.ID) bool { return actor.Scope(PermManage).Covers(org) }
