package patrol

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/person"
	"linli/internal/waiting"
)

// NewCheck is what is said at the door of a household about its part of the register (GRID-2).
type NewCheck struct {
	Sent
	person.AtDoor
}

// RegisterChangedError is the cause of the Conflict of Check: the register says something else since the phone's list was made.
type RegisterChangedError = person.ChangedError

// CheckState is where a check stands.
type CheckState string

// The states.
const (
	Applied     CheckState = "applied" // stands in the register
	WaitingDesk CheckState = "waiting" // for the community, because the worker may not change the register
	LeftOut     CheckState = "left_out"
)

// Text names the state.
func (s CheckState) Text() i18n.Text {
	return map[CheckState]i18n.Text{Applied: i18n.DoorApplied, WaitingDesk: i18n.DoorWaiting, LeftOut: i18n.DoorLeftOut}[s]
}

// WaitCheck is what waits for who keeps the register: what was said at doors.
const WaitCheck = "household.check"

// said is what of a finding is kept until it is decided on.
type said struct {
	Seen, Known, Name, Sex, Relation, Phone, Occupancy, Stairwell, Room, Address string
	Version                                                                      int64
	Since                                                                        calendar.Date
}

// Check takes in what was said at a household's door (PermEnter; person.PermSee of the household). Where the actor may change the register there it is written into it
// (person.PermEdit), under the day at the door; where not, it waits for the community. If the register was changed since the phone's list was made, the answer is a
// Conflict whose cause is a RegisterChangedError.
func (s *Service) Check(ctx context.Context, actor authz.Actor, n NewCheck) (Answer, error) {
	if !actor.Can(PermEnter) {
		return Answer{}, errs.ErrForbidden
	}
	if n.HouseholdID == 0 {
		return Answer{}, errs.Field("household", i18n.ErrRequired)
	}
	e, err := s.at(ctx, actor, entry{kind: HouseholdCheck, household: n.HouseholdID})
	if err != nil {
		return Answer{}, err
	}
	now, same := s.db.Now(), n
	same.Sent, same.On = Sent{}, calendar.Date{} // the same entry, sent again on another day
	said := digest(same, nil)
	at := casework.Said(n.SaidAt, now)
	if !at.IsZero() {
		n.On = calendar.DateOf(at)
	}
	if err := n.AtDoor.Check(calendar.DateOf(now)); err != nil {
		return Answer{}, err
	}
	mine := actor.Scope(person.PermEdit).Covers(e.community)
	if !mine && n.PersonID != 0 {
		if err := s.livesThere(ctx, actor, n.AtDoor); err != nil {
			return Answer{}, err
		}
	}
	return s.take(ctx, actor, n.Sent, said, e, nil, func(tx *db.Tx, out *Answer) error {
		c := Checked{ID: id.New(), CommunityID: e.community, AtDoor: n.AtDoor, State: WaitingDesk}
		if mine {
			about, err := s.people.AtDoorTx(ctx, tx, actor, n.AtDoor)
			var namesake *person.NamesakeError
			switch {
			case err == nil:
				c.PersonID, c.State = about, Applied
			case !errors.As(err, &namesake): // otherwise it waits for who sees whether it is the same person
				return err
			}
		}
		out.Waits, out.Today = c.State == WaitingDesk, !n.SaidAt.IsZero() && at.IsZero()
		return s.insertCheck(ctx, tx, actor, c)
	})
}

// livesThere refuses a check about somebody who is not registered in the household: what waits must be about whom it names.
func (s *Service) livesThere(ctx context.Context, actor authz.Actor, d person.AtDoor) error {
	p, err := s.people.Get(ctx, actor, d.PersonID)
	if errs.KindOf(err) == errs.NotFound || err == nil && p.HouseholdID != d.HouseholdID {
		return errs.Field("person", i18n.DoorNotHere)
	}
	return err
}

// Indoors gives a household of the actor's own grids (PermEnter), or those of a building of them, with the names of who is registered there. Each look is recorded for the residents.
func (s *Service) Indoors(ctx context.Context, actor authz.Actor, household, building id.ID) ([]person.Dwelling, error) {
	if !actor.Can(PermEnter) {
		return nil, errs.ErrForbidden
	}
	grids, err := s.grids(ctx, actor)
	switch {
	case err != nil:
		return nil, err
	case len(grids) == 0:
		return nil, errs.New(errs.Forbidden, i18n.DoorNoGrid)
	}
	return s.people.Indoors(ctx, actor, grids, household, building)
}

// grids are those that name the actor as their worker: who goes the round of a whole community is shown no names.
func (s *Service) grids(ctx context.Context, actor authz.Actor) ([]id.ID, error) {
	round, err := s.places.Round(ctx, actor)
	if !round.Own {
		return nil, err
	}
	grids := make([]id.ID, len(round.Grids))
	for i, g := range round.Grids {
		grids[i] = g.ID
	}
	return grids, err
}

// Progress says how many households of the actor's own grids were confirmed within the last year, of how many.
func (s *Service) Progress(ctx context.Context, actor authz.Actor) (confirmed, all int64, err error) {
	if !actor.Can(PermEnter) {
		return 0, 0, nil
	}
	grids, err := s.grids(ctx, actor)
	if err != nil {
		return 0, 0, err
	}
	return s.people.ConfirmedSince(ctx, actor, grids, calendar.DateOf(s.db.Now()).AddYears(-1))
}

// Checked is a check in a list. What was said of people is there only while it waits.
type Checked struct {
	ID          id.ID
	CommunityID id.ID
	person.AtDoor
	State      CheckState
	Changed    *person.ChangedError // what the register says now, where it was changed since it was said
	Namesakes  []person.Namesake    // those of the name of somebody who moved in, who live elsewhere
	Purpose    string
	Household  string // address
	Person     string // name of whom it is about, as the register has it
	SaidBy     string
	DecidedBy  string
	ReceivedAt time.Time
	DecidedAt  time.Time
}

type checkRow struct {
	Checked
	sealed  []byte
	home    person.Household
	version int64
	changed time.Time
	left    calendar.Date
	died    calendar.Date
}

func (c *checkRow) dest() []any {
	return []any{&c.ID, &c.CommunityID, &c.HouseholdID, &c.PersonID, &c.Finding, &c.On, &c.sealed, &c.State, &c.Purpose, &c.Household, &c.Person, &c.SaidBy, &c.DecidedBy,
		db.Instant(&c.ReceivedAt), db.Instant(&c.DecidedAt), &c.home.Address, &c.home.Occupancy, &c.home.OccupancyOn, &c.version, db.Instant(&c.changed), &c.left, &c.died}
}

const checkFrom = `SELECT c.id, coalesce(h.community_id, c.community_id), c.household_id, c.person_id, c.what, c.said_on, c.said, c.state, c.purpose, coalesce(h.address, ''),
	CASE WHEN c.state = 'waiting' THEN coalesce(p.name, '') ELSE '' END, coalesce(k.name, ''), coalesce(d.name, ''), c.received_at, c.decided_at,
	coalesce(h.address, ''), coalesce(h.occupancy, ''), coalesce(h.occupancy_on, ''), coalesce(p.version, 0), coalesce(p.updated_at, 0), coalesce(p.moved_out_on, ''), coalesce(p.died_on, '')
	FROM household_check c
	LEFT JOIN household h ON h.tenant_id = c.tenant_id AND h.id = c.household_id
	LEFT JOIN person p ON p.tenant_id = c.tenant_id AND p.id = c.person_id AND c.person_id <> 0
	LEFT JOIN account k ON k.tenant_id = c.tenant_id AND k.id = c.said_by
	LEFT JOIN account d ON d.tenant_id = c.tenant_id AND d.id = c.decided_by AND c.decided_by <> 0
	WHERE `

// checkColumns: what was said of a household belongs to the community in which it lies now.
var checkColumns = authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"coalesce(h.community_id, c.community_id)"}}

// insertCheck keeps what was said; its words only where it waits, for otherwise they stand in the register.
func (s *Service) insertCheck(ctx context.Context, tx *db.Tx, actor authz.Actor, c Checked) error {
	var sealed []byte
	if c.State == WaitingDesk {
		plain, err := json.Marshal(said{c.Seen, c.Known, c.Name, string(c.Sex), c.Relation, c.Phone, string(c.Occupancy), c.Stairwell, c.Room, c.Address, c.Version, c.Since})
		if err != nil {
			return err
		}
		sealed = s.ring.Seal("household_check", "said", c.ID, string(plain))
	}
	_, err := tx.Exec(ctx, `INSERT INTO household_check (tenant_id, id, community_id, household_id, person_id, what, purpose, said_on, said, state, said_by, received_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`, actor.Tenant, c.ID, c.CommunityID, c.HouseholdID, c.PersonID, string(c.Finding), person.PurposeUpkeep, c.On, sealed, string(c.State),
		actor.AccountID, db.Micros(tx.Now()))
	return err
}

func (s *Service) checks(rows []checkRow) ([]Checked, error) {
	out := make([]Checked, len(rows))
	for i, r := range rows {
		plain, err := s.ring.Open("household_check", "said", r.ID, r.sealed)
		if err != nil {
			return nil, err
		}
		if plain != "" {
			var w said
			if err := json.Unmarshal([]byte(plain), &w); err != nil {
				return nil, err
			}
			r.Seen, r.Known, r.Version, r.Since = w.Seen, w.Known, w.Version, w.Since
			r.Name, r.Relation, r.Phone, r.Stairwell, r.Room, r.Address = w.Name, w.Relation, w.Phone, w.Stairwell, w.Room, w.Address
			r.Sex, r.Occupancy = code.Sex(w.Sex), person.Occupancy(w.Occupancy)
			r.home.ID = r.HouseholdID
			r.Changed = s.people.ChangedSince(r.AtDoor, r.home, person.Person{Version: r.version, UpdatedAt: r.changed, MovedOutOn: r.left, DiedOn: r.died})
		}
		out[i] = r.Checked
	}
	return out, nil
}

// Checks lists what waits to be written into the register (person.PermEdit), the oldest first. Whom it is about can read that the actor saw it.
func (s *Service) Checks(ctx context.Context, actor authz.Actor, p db.Page) (list db.List[Checked], err error) {
	return list, s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		where := actor.Scope(person.PermEdit).Where(a, checkColumns) + " AND c.state = 'waiting'"
		page, tail := a.Keyset(p, db.Order{IDColumn: "c.id"})
		rows, err := db.All(ctx, tx, (*checkRow).dest, checkFrom+where+page+tail, a.Values()...)
		if err != nil {
			return err
		}
		items, err := s.checks(rows)
		if err != nil {
			return err
		}
		list = db.Cut(items, p, func(c Checked) db.Cursor { return db.Cursor{ID: c.ID} })
		var about []person.Person
		var names []string
		for i, c := range list.Items {
			list.Items[i].Phone = code.MaskPhone(c.Phone)
			if c.PersonID != 0 {
				about = append(about, person.Person{ID: c.PersonID, CommunityID: c.CommunityID})
			}
			if c.Finding == person.Joined {
				names = append(names, c.Name)
			}
		}
		same, err := s.people.NamesakesTx(ctx, tx, actor, names)
		if err != nil {
			return err
		}
		for i := range list.Items {
			c := &list.Items[i]
			if c.Finding != person.Joined {
				continue
			}
			for _, n := range same[c.Name] {
				if n.CommunityID == c.CommunityID && n.HouseholdID != c.HouseholdID && len(c.Namesakes) < mostNamesakes {
					c.Namesakes = append(c.Namesakes, n)
					about = append(about, person.Person{ID: n.ID, CommunityID: n.CommunityID})
				}
			}
		}
		return person.LookedTx(ctx, tx, actor, about, person.PurposeUpkeep)
	})
}

// mostNamesakes bounds those who are offered with one check.
const mostNamesakes = 5

// mostChecks is how much of what was said of a household its page shows.
const mostChecks = 10

// ChecksOf lists what was said of a household in scope (person.PermSee), the latest first: what, when and by whom, without words and names.
func (s *Service) ChecksOf(ctx context.Context, actor authz.Actor, household id.ID) ([]Checked, error) {
	a := &db.Args{}
	where := actor.Scope(person.PermSee).Where(a, checkColumns) + " AND c.household_id = " + a.Add(household)
	rows, err := db.All(ctx, s.db, (*checkRow).dest, checkFrom+where+" ORDER BY c.id DESC LIMIT "+a.Add(mostChecks), a.Values()...)
	out := make([]Checked, len(rows))
	for i, r := range rows {
		r.Person = ""
		out[i] = r.Checked
	}
	return out, err
}

// Decision is what the community does with a check.
type Decision struct {
	Apply    bool
	Version  int64  // of the person's record, where who decides saw that it was changed; 0 otherwise
	Known    string // the same of the dwelling
	PersonID id.ID  // of somebody who moved in: the record that is taken along
	Anew     bool   // they are somebody else than those of the same name
}

// Decide writes a check that waits into the register (person.PermEdit), or leaves it out; what was said is then not kept any longer. Where the register was changed since it
// was said and who decides has not seen it, the answer is a Conflict whose cause is a RegisterChangedError, and where somebody of that name lives elsewhere, a person.NamesakeError.
func (s *Service) Decide(ctx context.Context, actor authz.Actor, check id.ID, d Decision) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		where := actor.Scope(person.PermEdit).Where(a, checkColumns) + " AND c.state = 'waiting' AND c.id = " + a.Add(check)
		row, err := db.One(ctx, tx, (*checkRow).dest, checkFrom+where, a.Values()...)
		if err != nil {
			return err
		}
		all, err := s.checks([]checkRow{row})
		if err != nil {
			return err
		}
		c, state := all[0], LeftOut
		if d.Apply {
			state, c.Waited = Applied, true
			if d.Version != 0 {
				c.Version = d.Version
			}
			if d.Known != "" {
				c.Known = d.Known
			}
			if c.Finding == person.Joined {
				c.PersonID, c.Anew = d.PersonID, d.Anew
			}
			if c.PersonID, err = s.people.AtDoorTx(ctx, tx, actor, c.AtDoor); err != nil {
				return err
			}
		}
		if err := tx.Update(ctx, `UPDATE household_check SET state = $1, said = NULL, person_id = $2, decided_by = $3, decided_at = $4 WHERE tenant_id = $5 AND id = $6 AND state = 'waiting'`,
			string(state), c.PersonID, actor.AccountID, db.Micros(tx.Now()), actor.Tenant, c.ID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "patrol.decide", Permission: person.PermEdit, SubjectKind: "household_check", SubjectID: c.ID, PersonID: c.PersonID, OrgID: c.CommunityID,
			Detail: map[string]any{"finding": string(c.Finding), "state": string(state), "household": c.HouseholdID}})
	})
}

// Waiting is what was said at doors and waits for who keeps the register.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	scope := actor.Held(person.PermEdit)
	if scope.Empty() {
		return nil, nil
	}
	a := &db.Args{}
	it := waiting.Item{Kind: WaitCheck}
	err := s.db.QueryRow(ctx, "SELECT count(*), coalesce(min(c.received_at), 0) FROM household_check c LEFT JOIN household h ON h.tenant_id = c.tenant_id AND h.id = c.household_id WHERE "+scope.Where(a, checkColumns)+" AND c.state = 'waiting'", a.Values()...).
		Scan(&it.Count, db.Instant(&it.Since))
	if err != nil || it.Count == 0 {
		return nil, err
	}
	return []waiting.Item{it}, nil
}
