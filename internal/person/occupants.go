package person

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Occupants is how many people live in a dwelling, as somebody said at its door. It is no sum over the register: where the two differ, the register is to be
// looked at.
type Occupants struct {
	Count int64
	On    calendar.Date // zero: nobody has asked
	By    id.ID         // account that noted it
}

// MostOccupants is the greatest number that is believed of one dwelling.
const MostOccupants = 30

// Door is a dwelling as a grid worker's list names it: where it is, and nothing of who lives there.
type Door struct {
	ID         id.ID
	BuildingID id.ID
	GridID     id.ID
	Stairwell  string
	Room       string
	Address    string
	Occupants
	Occupancy   Occupancy
	ConfirmedOn calendar.Date // zero: nobody has said yet that the register is right
	Known       string        // AtDoor
	Version     int64
}

// mostDoors bounds one list: a grid has some three to five hundred households (GRD-1).
const mostDoors = 3000

// Doors lists the dwellings of grids in scope (PermSee) by address, without anything of the people in them, so that the list may stand on a phone.
func (s *Service) Doors(ctx context.Context, actor authz.Actor, grids []id.ID) ([]Door, error) {
	if len(grids) == 0 {
		return nil, nil
	}
	a := &db.Args{}
	where := actor.Scope(PermSee).Where(a, authz.Columns{Tenant: "h.tenant_id", Orgs: []string{"h.community_id"}}) + " AND h.grid_id <> 0 AND " + db.In(a, "h.grid_id", grids)
	doors, err := db.All(ctx, s.db, func(d *Door) []any {
		return []any{&d.ID, &d.BuildingID, &d.GridID, &d.Stairwell, &d.Room, &d.Address, &d.Occupants.Count, &d.Occupants.On, &d.Occupants.By, &d.Occupancy, &d.ConfirmedOn, &d.Version}
	}, "SELECT h.id, h.building_id, h.grid_id, h.stairwell, h.room, h.address, h.occupants, h.occupants_on, h.occupants_by, h.occupancy, h.confirmed_on, h.version FROM household h WHERE "+where+
		" ORDER BY h.grid_id, h.address, h.id LIMIT "+a.Add(mostDoors), a.Values()...)
	for i := range doors {
		d := &doors[i]
		d.Known = s.known(d.ID, d.Address, d.Occupancy)
	}
	return doors, err
}

// Home gives a household in scope (PermSee) without the people in it.
func (s *Service) Home(ctx context.Context, actor authz.Actor, household id.ID) (Household, error) {
	return findHousehold(ctx, s.db, actor.Scope(PermSee), household)
}

func findHousehold(ctx context.Context, q db.Querier, scope authz.Scope, household id.ID) (Household, error) {
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "h.tenant_id", Orgs: []string{"h.community_id"}}) + " AND h.id = " + a.Add(household)
	return db.One(ctx, q, (*Household).dest, "SELECT "+householdColumns+" FROM household h WHERE "+where, a.Values()...)
}

// OccupiedError is the cause of the Conflict of Occupied: somebody wrote something else meanwhile.
type OccupiedError struct {
	Now Household
	By  string // who wrote it; "" where it is not known
}

// Error is for the log.
func (e *OccupiedError) Error() string { return "household " + e.Now.ID.String() + " was changed" }

// OccupiedTx notes how many people live in a household in scope (PermEdit), in the transaction of another use case. version is that of the household as whoever
// asked had seen it: if it was changed since, and says another number, the answer is a Conflict whose cause is an OccupiedError.
func (s *Service) OccupiedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, household id.ID, version, count int64) error {
	if count < 0 || count > MostOccupants {
		return errs.Field("occupants", i18n.ErrNumberRange, 0, MostOccupants)
	}
	h, err := findHousehold(ctx, tx, actor.Scope(PermEdit), household)
	if err != nil {
		return err
	}
	if h.Version != version && h.Occupants.Count != count {
		by, err := db.Value[string](ctx, tx, "SELECT name FROM account WHERE tenant_id = $1 AND id = $2", actor.Tenant, h.Occupants.By)
		if err != nil {
			return err
		}
		return errs.New(errs.Conflict, i18n.ErrConflict).Because(&OccupiedError{h, by})
	}
	today := calendar.DateOf(tx.Now())
	if err := tx.Update(ctx, `UPDATE household SET occupants = $1, occupants_on = $2, occupants_by = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6`,
		count, today, actor.AccountID, actor.Tenant, h.ID, h.Version); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "household.occupants", Permission: PermEdit, SubjectKind: "household", SubjectID: h.ID, OrgID: h.CommunityID,
		Detail: map[string]any{"was": h.Occupants.Count, "now": count}})
}

// LivesAt is the person of a name who lives in a household, 0 where there is none or more than one. The caller has found the household in its scope.
func (s *Service) LivesAt(ctx context.Context, q db.Querier, tenant int64, household id.ID, name string) (id.ID, error) {
	name = cleanName(name)
	if name == "" || household == 0 {
		return 0, nil
	}
	found, err := db.Column[id.ID](ctx, q, `SELECT p.id FROM person p WHERE p.tenant_id = $1 AND p.household_id = $2 AND p.household_id <> 0 AND p.name = $3 AND p.moved_out_on = '' AND p.died_on = '' LIMIT 2`,
		tenant, household, name)
	if err != nil || len(found) != 1 {
		return 0, err
	}
	return found[0], nil
}
