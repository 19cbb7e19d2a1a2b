package person

import (
	"context"
	"strings"

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

// Household is a dwelling and the people in it. Address is what is shown; it is made of the parts where it was not given.
type Household struct {
	ID          id.ID
	CommunityID id.ID
	GridID      id.ID
	BuildingID  id.ID
	Stairwell   string
	Room        string
	Address     string
	Number      string // of the household register
	Occupants
	ConfirmedOn calendar.Date // when somebody last said at the door that the register is right; zero: nobody has
	ConfirmedBy id.ID         // account that noted it
	Occupancy   Occupancy
	OccupancyOn calendar.Date
	OccupancyBy id.ID // account that noted it
	Version     int64
}

// Address says where somebody lives: the parts as a form or a table gives them.
type Address struct {
	Quarter   string // name of the residential quarter
	Building  string // name of the building within the quarter
	Stairwell string
	Room      string
	Text      string // the whole, where the parts are not known
}

// IsZero says that nothing was given.
func (a Address) IsZero() bool { return a == Address{} }

// String is the whole address as it is shown.
func (a Address) String() string {
	if a.Text != "" {
		return a.Text
	}
	s := a.Quarter + ending(a.Building, i18n.PersonBuildingOf) + ending(a.Stairwell, i18n.PersonStairwellOf)
	return s + ending(a.Room, i18n.PersonRoomOf)
}

// ending adds the usual word behind a bare number: 3 becomes "building 3" as people write it.
func ending(s string, word i18n.Text) string {
	if s == "" {
		return ""
	}
	if last := s[len(s)-1]; last >= '0' && last <= '9' || last|0x20 >= 'a' && last|0x20 <= 'z' {
		return strings.Replace(word.In(i18n.ZH), "{0}", s, 1) // an address is data: it is kept in Chinese
	}
	return s
}

const householdColumns = "h.id, h.community_id, h.grid_id, h.building_id, h.stairwell, h.room, h.address, h.number, h.occupants, h.occupants_on, h.occupants_by, h.confirmed_on, h.confirmed_by, h.occupancy, h.occupancy_on, h.occupancy_by, h.version"

func (h *Household) dest() []any {
	return []any{&h.ID, &h.CommunityID, &h.GridID, &h.BuildingID, &h.Stairwell, &h.Room, &h.Address, &h.Number, &h.Occupants.Count, &h.Occupants.On, &h.Occupants.By, &h.ConfirmedOn, &h.ConfirmedBy, &h.Occupancy, &h.OccupancyOn, &h.OccupancyBy, &h.Version}
}

// Household gives a household in scope and the people in it who live there, the head first.
func (s *Service) Household(ctx context.Context, actor authz.Actor, householdID id.ID) (Household, []Item, error) {
	a := &db.Args{}
	scope := actor.Scope(PermSee)
	where := scope.Where(a, authz.Columns{Tenant: "h.tenant_id", Orgs: []string{"h.community_id"}}) + " AND h.id = " + a.Add(householdID)
	h, err := db.One(ctx, s.db, (*Household).dest, "SELECT "+householdColumns+" FROM household h WHERE "+where, a.Values()...)
	if err != nil {
		return h, nil, err
	}
	people, err := s.List(ctx, actor, Filter{HouseholdID: h.ID, State: Living, Page: db.Page{Limit: 100}})
	return h, headFirst(people.Items), err
}

// HouseholdItem is a household in a list.
type HouseholdItem struct {
	Household
	CommunityName string
	Head          string // name of the head, or of whoever was entered first
	People        int64  // who live there
}

// HouseholdFilter narrows a list of households.
type HouseholdFilter struct {
	CommunityID id.ID
	BuildingID  id.ID
	Text        string // beginning of the address
	Page        db.Page
}

// Households lists households in scope by address.
func (s *Service) Households(ctx context.Context, actor authz.Actor, f HouseholdFilter) (db.List[HouseholdItem], error) {
	return s.households(ctx, actor.Scope(PermSee), f)
}

// ExportHouseholds gives every household of the filter to fn (PermExport); that they were taken out is recorded, as with residents.
func (s *Service) ExportHouseholds(ctx context.Context, actor authz.Actor, f HouseholdFilter, fn func(HouseholdItem) error) error {
	if !actor.Can(PermExport) {
		return errs.ErrForbidden
	}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, f.CommunityID); err != nil {
			return err
		}
		if err := reference.Require(ctx, tx, actor.Tenant, reference.Building, f.BuildingID); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: string(PermExport), SubjectKind: "household", OrgID: f.CommunityID})
	})
	f.Page = db.Page{Limit: exportBatch}
	for err == nil {
		var list db.List[HouseholdItem]
		if list, err = s.households(ctx, actor.Scope(PermExport), f); err != nil {
			return err
		}
		for _, h := range list.Items {
			if err = fn(h); err != nil {
				return err
			}
		}
		if list.Next == "" {
			return nil
		}
		f.Page.After = db.ParseCursor(list.Next)
	}
	return err
}

func (s *Service) households(ctx context.Context, scope authz.Scope, f HouseholdFilter) (db.List[HouseholdItem], error) {
	a := &db.Args{}
	where := scope.Where(a, authz.Columns{Tenant: "h.tenant_id", Orgs: []string{"h.community_id"}})
	if f.CommunityID != 0 {
		where += " AND h.community_id = " + a.Add(f.CommunityID)
	}
	if f.BuildingID != 0 {
		where += " AND h.building_id = " + a.Add(f.BuildingID)
	}
	if t := strings.TrimSpace(f.Text); t != "" {
		where += " AND h.address LIKE " + a.Add(gram.Query(t).Like()) + " ESCAPE '!'"
	}
	page, tail := a.Keyset(f.Page, db.Order{Column: "h.address", IDColumn: "h.id"})
	rows, err := db.All(ctx, s.db, func(h *HouseholdItem) []any {
		return append(h.dest(), &h.CommunityName, &h.Head, &h.People)
	}, "SELECT "+householdColumns+`, coalesce((SELECT CASE WHEN o.short_name <> '' THEN o.short_name ELSE o.name END FROM organisation o WHERE o.tenant_id = h.tenant_id AND o.id = h.community_id), ''),
		coalesce((SELECT p.name FROM person p WHERE p.tenant_id = h.tenant_id AND p.household_id = h.id AND p.household_id <> 0 AND p.moved_out_on = '' AND p.died_on = ''
			ORDER BY CASE WHEN p.head_relation = '02' THEN 0 ELSE 1 END, p.id LIMIT 1), ''),
		(SELECT count(*) FROM person p WHERE p.tenant_id = h.tenant_id AND p.household_id = h.id AND p.household_id <> 0 AND p.moved_out_on = '' AND p.died_on = '')
		FROM household h WHERE `+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[HouseholdItem]{}, err
	}
	return db.Cut(rows, f.Page, func(h HouseholdItem) db.Cursor { return db.Cursor{Key: h.Address, ID: h.ID} }), nil
}

// place is what is known of a building: where a household in it belongs.
type place struct{ building, grid id.ID }

// settle finds or makes the household of an address in a community.
func (s *Service) settle(ctx context.Context, tx *db.Tx, actor authz.Actor, community id.ID, a Address) (Household, error) {
	if a.IsZero() {
		return Household{}, nil
	}
	if community == 0 {
		return Household{}, errs.Field("community", i18n.PersonChooseHome)
	}
	h, err := db.One(ctx, tx, (*Household).dest, "SELECT "+householdColumns+
		" FROM household h WHERE h.tenant_id = $1 AND h.community_id = $2 AND h.address = $3 ORDER BY h.id LIMIT 1", actor.Tenant, community, a.String())
	if err == nil || errs.KindOf(err) != errs.NotFound {
		return h, err
	}
	b, err := findBuilding(ctx, tx, actor.Tenant, community, a)
	if err != nil {
		return h, err
	}
	h = Household{ID: id.New(), CommunityID: community, GridID: b.grid, BuildingID: b.building, Stairwell: a.Stairwell, Room: a.Room,
		Address: a.String(), Version: 1}
	return h, insertHouseholds(ctx, tx, actor.Tenant, 0, []*Household{&h})
}

// findBuilding finds the building of an address; buildings are kept by package place.
func findBuilding(ctx context.Context, q db.Querier, tenant int64, community id.ID, a Address) (place, error) {
	if a.Building == "" {
		return place{}, nil
	}
	b, err := db.One(ctx, q, func(p *place) []any { return []any{&p.building, &p.grid} }, `SELECT b.id, b.grid_id FROM building b
		LEFT JOIN quarter_area qa ON qa.tenant_id = b.tenant_id AND qa.id = b.quarter_id
		WHERE b.tenant_id = $1 AND b.community_id = $2 AND b.name_key IN ($3, $4) AND b.ended_on = '' AND ($5 = '' OR coalesce(qa.name, '') IN ('', $5))
		ORDER BY b.id LIMIT 1`, tenant, community, gram.Key(a.Building), gram.Key(ending(a.Building, i18n.PersonBuildingOf)), a.Quarter)
	if errs.KindOf(err) == errs.NotFound {
		return place{}, nil
	}
	return b, err
}

func insertHouseholds(ctx context.Context, tx *db.Tx, tenant int64, importID id.ID, households []*Household) error {
	columns := []string{"tenant_id", "id", "community_id", "grid_id", "building_id", "stairwell", "room", "address", "number", "import_id"}
	buf := make([]any, 0, len(columns))
	return tx.InsertMany(ctx, "household", columns, len(households), func(i int) []any {
		h := households[i]
		return append(buf[:0], tenant, int64(h.ID), int64(h.CommunityID), int64(h.GridID), int64(h.BuildingID), h.Stairwell, h.Room, h.Address,
			h.Number, int64(importID))
	})
}
