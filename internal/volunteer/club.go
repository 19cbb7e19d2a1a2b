package volunteer

import (
	"context"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// Club is a club of residents.
type Club struct {
	ID       id.ID
	OrgID    id.ID
	Org      string
	Name     string
	About    string
	Place    string
	Meets    string // when it usually meets, in words
	OpenedOn calendar.Date
	EndedOn  calendar.Date
	Version  int64
	People   int64
	NextAt   time.Time // next date of its programme, zero for none
	Mine     bool      // the reader is in it
}

// NewClub is a club as it is entered.
type NewClub struct {
	OrgID id.ID
	Name  string
	About string
	Place string
	Meets string
}

func (n *NewClub) check() error {
	e := errs.Words(nil, "name", &n.Name, MaxName, true)
	e = errs.Words(e, "about", &n.About, MaxAbout, false)
	e = errs.Words(e, "place", &n.Place, MaxPlace, true)
	return errs.Words(e, "meets", &n.Meets, MaxPlace, false).OrNil()
}

// Event is a date of a club's programme; it becomes an activity.
type Event struct {
	OrgID    id.ID
	Title    string
	Place    string
	StartsAt time.Time
	EndsAt   time.Time
}

// Date is a date of the programme as it stands.
type Date struct {
	ActivityID id.ID
	Title      string
	Place      string
	StartsAt   time.Time
	State      string
}

// Fellow is somebody who is in a club.
type Fellow struct {
	ID       id.ID
	PersonID id.ID
	Name     string
	From     calendar.Date
	BySelf   bool
}

func noteClub(ctx context.Context, tx *db.Tx, actor authz.Actor, act string, c Club, person id.ID) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "volunteer." + act, SubjectKind: "club", SubjectID: c.ID, PersonID: person, OrgID: c.OrgID})
}

// clubColumns are those of a club c; the number of the argument says who reads.
func clubColumns(a *db.Args, person id.ID, now time.Time) string {
	return "c.id, c.org_id, " + reference.Label("o") + `, c.name, c.about, c.place, c.meets, c.opened_on, c.ended_on, c.version,
	(SELECT count(*) FROM club_member x WHERE x.tenant_id = c.tenant_id AND x.club_id = c.id AND x.to_on = ''),
	coalesce((SELECT min(v.starts_at) FROM club_activity y JOIN activity v ON v.tenant_id = y.tenant_id AND v.id = y.activity_id WHERE y.tenant_id = c.tenant_id AND y.club_id = c.id AND v.state IN ('published', 'held') AND v.starts_at >= ` + a.Add(db.Micros(now)) + `), 0),
	(SELECT count(*) FROM club_member z WHERE z.tenant_id = c.tenant_id AND z.club_id = c.id AND z.to_on = '' AND z.person_id <> 0 AND z.person_id = ` + a.Add(person) + `)
	FROM club c LEFT JOIN organisation o ON o.tenant_id = c.tenant_id AND o.id = c.org_id WHERE `
}

type clubRow struct {
	Club
	mine int64
}

func (c *clubRow) dest() []any {
	return []any{&c.ID, &c.OrgID, &c.Org, &c.Name, &c.About, &c.Place, &c.Meets, &c.OpenedOn, &c.EndedOn, &c.Version, &c.People, db.Instant(&c.NextAt), &c.mine}
}

func (c clubRow) club() Club {
	c.Mine = c.mine > 0
	return c.Club
}

func oneClub(ctx context.Context, q db.Querier, actor authz.Actor, now time.Time, club id.ID, where func(*db.Args) string) (Club, error) {
	a := &db.Args{}
	c, err := db.One(ctx, q, (*clubRow).dest, "SELECT "+clubColumns(a, actor.PersonID, now)+where(a)+" AND c.id = "+a.Add(club), a.Values()...)
	return c.club(), err
}

func (s *Service) onClub(ctx context.Context, actor authz.Actor, club id.ID, do func(*db.Tx, Club) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := oneClub(ctx, tx, actor, tx.Now(), club, func(a *db.Args) string { return actor.Scope(PermManage).Where(a, ofClub) })
		if err != nil {
			return err
		}
		if !c.EndedOn.IsZero() {
			return errs.New(errs.Conflict, i18n.ClubOver)
		}
		return do(tx, c)
	})
}

// FoundClub founds a club (PermManage at its community).
func (s *Service) FoundClub(ctx context.Context, actor authz.Actor, n NewClub) (id.ID, error) {
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
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, n.OrgID); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO club (tenant_id, id, org_id, name, about, place, meets, opened_on) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, actor.Tenant, out, n.OrgID, n.Name, n.About, n.Place, n.Meets, today(tx)); err != nil {
			return err
		}
		return noteClub(ctx, tx, actor, "foundclub", Club{ID: out, OrgID: n.OrgID}, 0)
	})
	if db.IsUnique(err) {
		err = errs.Field("name", i18n.ClubNamed)
	}
	return out, err
}

// EditClub changes what a club says of itself (PermManage).
func (s *Service) EditClub(ctx context.Context, actor authz.Actor, club id.ID, n NewClub, version int64) error {
	if err := n.check(); err != nil {
		return err
	}
	err := s.onClub(ctx, actor, club, func(tx *db.Tx, c Club) error {
		if err := tx.Update(ctx, `UPDATE club SET name = $1, about = $2, place = $3, meets = $4, version = version + 1 WHERE tenant_id = $5 AND id = $6 AND version = $7`, n.Name, n.About, n.Place, n.Meets, actor.Tenant, c.ID, version); err != nil {
			return err
		}
		return noteClub(ctx, tx, actor, "editclub", c, 0)
	})
	if db.IsUnique(err) {
		err = errs.Field("name", i18n.ClubNamed)
	}
	return err
}

// EndClub ends a club; what is planned stays planned (PermManage).
func (s *Service) EndClub(ctx context.Context, actor authz.Actor, club id.ID, version int64) error {
	return s.onClub(ctx, actor, club, func(tx *db.Tx, c Club) error {
		if err := tx.Update(ctx, `UPDATE club SET ended_on = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`, today(tx), actor.Tenant, c.ID, version); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `UPDATE club_member SET to_on = $1 WHERE tenant_id = $2 AND club_id = $3 AND to_on = ''`, today(tx), actor.Tenant, c.ID); err != nil {
			return err
		}
		return noteClub(ctx, tx, actor, "endclub", c, 0)
	})
}

// PlanClub plans a date of the programme: it is an activity from the moment it is entered (PermManage, and the right to plan activities there).
func (s *Service) PlanClub(ctx context.Context, actor authz.Actor, club id.ID, e Event) error {
	return s.onClub(ctx, actor, club, func(tx *db.Tx, c Club) error {
		e.OrgID = c.OrgID
		activity, err := s.planner.ClubTx(ctx, tx, actor, e)
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, `INSERT INTO club_activity (tenant_id, activity_id, club_id) VALUES ($1,$2,$3)`, actor.Tenant, activity, c.ID); err != nil {
			return err
		}
		return noteClub(ctx, tx, actor, "planclub", c, 0)
	})
}

func addFellow(ctx context.Context, tx *db.Tx, tenant int64, c Club, person id.ID, bySelf bool) error {
	n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM club_member x WHERE x.tenant_id = $1 AND x.club_id = $2 AND x.person_id = $3 AND x.to_on = ''`, tenant, c.ID, person)
	if err == nil && n > 0 {
		err = errs.Field("person", i18n.ClubIn)
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO club_member (tenant_id, id, club_id, org_id, person_id, by_self, from_on) VALUES ($1,$2,$3,$4,$5,$6,$7)`, tenant, id.New(), c.ID, c.OrgID, person, bySelf, today(tx))
	if db.IsUnique(err) {
		err = errs.Field("person", i18n.ClubIn)
	}
	return err
}

// AddFellow puts a resident in scope into a club (PermManage).
func (s *Service) AddFellow(ctx context.Context, actor authz.Actor, club, person id.ID) error {
	if person == 0 {
		return errs.Field("person", i18n.ErrRequired)
	}
	return s.onClub(ctx, actor, club, func(tx *db.Tx, c Club) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Person, person); err != nil {
			return err
		}
		a := &db.Args{}
		n, err := db.Value[int64](ctx, tx, "SELECT count(*) FROM person r WHERE "+actor.Scope(PermManage).Where(a, authz.Columns{Tenant: "r.tenant_id", Orgs: []string{"r.community_id"}})+" AND r.id = "+a.Add(person)+" AND r.died_on = ''", a.Values()...)
		if err != nil {
			return err
		}
		if n == 0 {
			return errs.Field("person", i18n.VolNotHere)
		}
		if err := addFellow(ctx, tx, actor.Tenant, c, person, false); err != nil {
			return err
		}
		return noteClub(ctx, tx, actor, "addfellow", c, person)
	})
}

// RemoveFellow takes somebody out of a club (PermManage).
func (s *Service) RemoveFellow(ctx context.Context, actor authz.Actor, club, person id.ID) error {
	return s.onClub(ctx, actor, club, func(tx *db.Tx, c Club) error { return partFellow(ctx, tx, actor, c, person) })
}

func partFellow(ctx context.Context, tx *db.Tx, actor authz.Actor, c Club, person id.ID) error {
	if err := tx.Update(ctx, `UPDATE club_member SET to_on = $1 WHERE tenant_id = $2 AND club_id = $3 AND person_id = $4 AND to_on = ''`, today(tx), actor.Tenant, c.ID, person); err != nil {
		return err
	}
	return noteClub(ctx, tx, actor, "partclub", c, person)
}

// JoinClub joins a club, and LeaveClub leaves it (PermOwn).
func (s *Service) JoinClub(ctx context.Context, actor authz.Actor, club id.ID) error {
	if err := oneself(actor); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := s.openClub(ctx, tx, actor, club)
		if err != nil {
			return err
		}
		if err := addFellow(ctx, tx, actor.Tenant, c, actor.PersonID, true); err != nil {
			return err
		}
		return noteClub(ctx, tx, actor, "joinclub", c, actor.PersonID)
	})
}

// LeaveClub leaves a club (PermOwn).
func (s *Service) LeaveClub(ctx context.Context, actor authz.Actor, club id.ID) error {
	if err := oneself(actor); err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := s.openClub(ctx, tx, actor, club)
		if err != nil {
			return err
		}
		return partFellow(ctx, tx, actor, c, actor.PersonID)
	})
}

func (s *Service) openClub(ctx context.Context, tx *db.Tx, actor authz.Actor, club id.ID) (Club, error) {
	return oneClub(ctx, tx, actor, tx.Now(), club, func(a *db.Args) string { return "c.tenant_id = " + a.Add(actor.Tenant) + " AND c.ended_on = ''" })
}

// ClubFilter narrows the list of clubs.
type ClubFilter struct {
	OrgID id.ID
	Text  string // part of the name
	Page  db.Page
}

// Clubs lists clubs of communities in scope (PermSee, PermManage).
func (s *Service) Clubs(ctx context.Context, actor authz.Actor, f ClubFilter) (db.List[Club], error) {
	if seen(actor).Empty() {
		return db.List[Club]{}, errs.ErrForbidden
	}
	return s.clubs(ctx, actor, func(a *db.Args) string { return seen(actor).Where(a, ofClub) }, f)
}

// ClubsAround lists all clubs of the district for residents; with a person it says which they are in. It names nobody.
func (s *Service) ClubsAround(ctx context.Context, tenant int64, person id.ID, f ClubFilter) (db.List[Club], error) {
	return s.clubs(ctx, authz.Actor{Tenant: tenant, PersonID: person}, func(a *db.Args) string { return "c.tenant_id = " + a.Add(tenant) }, f)
}

func (s *Service) clubs(ctx context.Context, actor authz.Actor, scope func(*db.Args) string, f ClubFilter) (db.List[Club], error) {
	a := &db.Args{}
	columns := clubColumns(a, actor.PersonID, s.db.Now())
	w := scope(a) + " AND c.ended_on = ''"
	if f.OrgID != 0 {
		w += " AND c.org_id = " + a.Add(f.OrgID)
	}
	if gram.Key(f.Text) != "" {
		w += " AND lower(c.name) LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
	}
	keys, tail := a.Keyset(f.Page, db.Order{IDColumn: "c.id"})
	rows, err := db.All(ctx, s.db, (*clubRow).dest, "SELECT "+columns+w+keys+tail, a.Values()...)
	if err != nil {
		return db.List[Club]{}, err
	}
	list := db.Cut(rows, f.Page, func(c clubRow) db.Cursor { return db.Cursor{ID: c.ID} })
	out := db.List[Club]{Prev: list.Prev, Next: list.Next}
	for _, c := range list.Items {
		out.Items = append(out.Items, c.club())
	}
	return out, nil
}

// ClubFile is a club with its programme, and its people for who manages it.
type ClubFile struct {
	Club
	Manages bool
	Dates   []Date
	Fellows []Fellow
}

// Club gives a club of the actor's scope with its programme; its people to who manages it, which is recorded as looks at them (PermSee, PermManage).
func (s *Service) Club(ctx context.Context, actor authz.Actor, club id.ID, name string) (f ClubFile, err error) {
	return f, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if f.Club, err = oneClub(ctx, tx, actor, tx.Now(), club, func(a *db.Args) string { return seen(actor).Where(a, ofClub) }); err != nil {
			return err
		}
		f.Manages = Manages(actor, f.OrgID)
		if f.Dates, err = db.All(ctx, tx, func(d *Date) []any {
			return []any{&d.ActivityID, &d.Title, &d.Place, db.Instant(&d.StartsAt), &d.State}
		},
			`SELECT v.id, v.title, v.place, v.starts_at, v.state FROM club_activity y JOIN activity v ON v.tenant_id = y.tenant_id AND v.id = y.activity_id WHERE y.tenant_id = $1 AND y.club_id = $2 ORDER BY v.starts_at DESC, v.id DESC LIMIT $3`,
			actor.Tenant, f.ID, int64(mostParts)); err != nil {
			return err
		}
		if !f.Manages {
			return nil
		}
		a := &db.Args{}
		if f.Fellows, err = db.All(ctx, tx, func(p *Fellow) []any { return []any{&p.ID, &p.PersonID, &p.Name, &p.From, &p.BySelf} }, `SELECT x.id, x.person_id, coalesce(r.name, ''), x.from_on, x.by_self FROM club_member x
			LEFT JOIN person r ON r.tenant_id = x.tenant_id AND r.id = x.person_id AND x.person_id <> 0 WHERE x.tenant_id = `+a.Add(actor.Tenant)+" AND x.club_id = "+a.Add(f.ID)+" AND x.to_on = ''"+named(a, name)+" ORDER BY x.id LIMIT "+a.Add(int64(mostParts)), a.Values()...); err != nil {
			return err
		}
		var looks []audit.Entry
		for _, p := range f.Fellows {
			if p.PersonID != 0 {
				looks = append(looks, audit.Entry{Action: "volunteer.clublist", Permission: PermManage, SubjectKind: "club", SubjectID: f.ID, PersonID: p.PersonID, OrgID: f.OrgID, Purpose: Purpose})
			}
		}
		return audit.RecordMany(ctx, tx, actor, looks)
	})
}
