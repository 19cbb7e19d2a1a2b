package twonew

import (
	"context"
	"maps"
	"math"
	"slices"
	"strconv"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

// Kind is the import of a business register. An organisation is known by its credit code, else by its name in its community; one that is a unit of the
// register is entered as that unit. Empty cells change nothing.
func (s *Service) ImportKind() intake.Kind {
	col := func(name string, title i18n.Text, c intake.Column) intake.Column {
		c.Name, c.Title, c.Also = name, title, i18n.TwoNewHeads[name]
		return c
	}
	return intake.Kind{
		Name: "twonew", Title: i18n.TwoNewImport, Hint: i18n.TwoNewImportHint, Permission: PermImport,
		Columns: []intake.Column{
			col("name", i18n.TwoNewName, intake.Column{Required: true, Max: maxName}),
			col("uscc", i18n.OrgColUSCC, intake.Column{Max: 30}),
			col("kind", i18n.TwoNewKind, intake.Column{Max: 20, Choices: []i18n.Text{i18n.TwoNewEconomic, i18n.TwoNewSocial}, Hint: i18n.TwoNewKindHint}),
			col("trade", i18n.TwoNewTrade, intake.Column{Max: maxTrade}),
			col("community", i18n.OrgColCommunity, intake.Column{Required: true, Max: maxName, Hint: i18n.OrgColCommunityHow}),
			col("street", i18n.OrgColStreet, intake.Column{Max: maxName}),
			col("grid", i18n.TwoNewGridCol, intake.Column{Max: 60, Hint: i18n.TwoNewGridHint}),
			col("address", i18n.TwoNewAddress, intake.Column{Max: maxAddress}),
			col("employees", i18n.TwoNewEmployees, intake.Column{Max: 10, Example: "25"}),
			col("full", i18n.TwoNewFull, intake.Column{Max: 10, Example: "2"}),
			col("probationary", i18n.TwoNewProbationary, intake.Column{Max: 10, Example: "0"}),
			col("x", i18n.PlaceColX, intake.Column{Max: 20}),
			col("y", i18n.PlaceColY, intake.Column{Max: 20}),
		},
		Begin: s.beginImport,
	}
}

// row is one row of the register. has says which cells were filled.
type row struct {
	Entry
	community, street, grid string
	has                     map[string]bool
	old                     *Organisation
	unit                    registered
}

// register is one pass over a table.
type register struct {
	intake.Setup
	s           *Service
	today       calendar.Date
	byUSCC      map[string]*Organisation
	byName      map[string][]*Organisation // by community and name
	communities map[string][]community     // by key of name, short name, division code
	streets     map[id.ID][]string         // of a community: the keys of its sub-district's names
	grids       map[string]id.ID           // by community and code or name
}

func (s *Service) beginImport(ctx context.Context, q db.Querier, set intake.Setup) (intake.Importer, error) {
	im := &register{Setup: set, s: s, today: calendar.DateOf(set.Now), byUSCC: map[string]*Organisation{}, byName: map[string][]*Organisation{}, communities: map[string][]community{},
		streets: map[id.ID][]string{}, grids: map[string]id.ID{}}
	there, err := db.All(ctx, q, (*Organisation).dest, "SELECT "+columns+from+" WHERE t.tenant_id = $1 AND t.ended_on = ''", set.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	for i := range there {
		o := &there[i]
		if o.USCC != "" {
			im.byUSCC[o.USCC] = o
		}
		k := o.CommunityID.String() + "/" + gram.Key(o.Name)
		im.byName[k] = append(im.byName[k], o)
	}
	type place struct {
		id                      id.ID
		name, short, division   string
		streetName, streetShort string
	}
	places, err := db.All(ctx, q, func(p *place) []any {
		return []any{&p.id, &p.name, &p.short, &p.division, &p.streetName, &p.streetShort}
	},
		`SELECT o.id, o.name, o.short_name, o.division_code, coalesce(p.name, ''), coalesce(p.short_name, '') FROM organisation o
		LEFT JOIN organisation p ON p.tenant_id = o.tenant_id AND p.id = o.parent_id WHERE o.tenant_id = $1 AND o.kind = 'community_party' AND o.dissolved_on = ''`, set.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	for _, p := range places {
		keys := map[string]bool{gram.Key(p.name): true, gram.Key(p.short): true, p.division: true}
		for k := range keys {
			if k != "" {
				im.communities[k] = append(im.communities[k], community{id: p.id})
			}
		}
		im.streets[p.id] = []string{gram.Key(p.streetName), gram.Key(p.streetShort)}
	}
	type grid struct {
		id, community id.ID
		code, name    string
	}
	grids, err := db.All(ctx, q, func(g *grid) []any { return []any{&g.id, &g.community, &g.code, &g.name} },
		`SELECT id, community_id, code, name FROM grid WHERE tenant_id = $1 AND ended_on = ''`, set.Actor.Tenant)
	for _, g := range grids {
		im.grids[g.community.String()+"/"+gram.Key(g.code)] = g.id
		im.grids[g.community.String()+"/"+gram.Key(g.name)] = g.id
	}
	return im, err
}

// Check reads one row.
func (im *register) Check(r *intake.Row) any {
	n := &row{has: map[string]bool{}}
	text := func(column string, name bool) string {
		s := r.Text(column)
		if name {
			s = r.Name(column)
		}
		n.has[column] = s != ""
		return s
	}
	n.Name, n.Trade, n.Address = text("name", false), text("trade", false), text("address", false)
	n.community, n.street, n.grid = text("community", true), text("street", true), text("grid", true)
	if s := text("uscc", false); s != "" {
		c, p := code.ParseUSCC(s)
		r.Problem("uscc", p) // a check character that does not fit only warns (CODE-12)
		n.USCC = c.String()
	}
	n.Kind = kindOf(r, text("kind", true), n.USCC)
	n.Employees, n.Full, n.Probationary = people(r, n, "employees"), people(r, n, "full"), people(r, n, "probationary")
	n.X, n.Y = micro(r, n, "x"), micro(r, n, "y")
	if !r.Refused() && (!placed(n.X, n.Y) || n.has["x"] != n.has["y"]) {
		r.Refuse("x", i18n.PlaceCoordinates, i18n.PlaceCoordinatesHow)
	}
	return n
}

// kindOf reads the kind: as written, else by the department of the credit code (CODE-14), else economic.
func kindOf(r *intake.Row, s, uscc string) Kind {
	if s == "" {
		if uscc != "" && uscc[0] == '5' {
			return Social
		}
		return Economic
	}
	for _, k := range Kinds() {
		names := append([]string{string(k), k.Text().In(i18n.ZH), k.Text().In(i18n.EN)}, i18n.TwoNewKinds[string(k)]...)
		if slices.ContainsFunc(names, func(n string) bool { return gram.Key(n) == gram.Key(s) }) {
			return k
		}
	}
	r.Refuse("kind", i18n.TwoNewKindWrong, i18n.TwoNewKindHint)
	return Economic
}

// people reads a number of people; an empty cell is 0.
func people(r *intake.Row, n *row, column string) int64 {
	s := code.Normalise(r.Text(column))
	if n.has[column] = s != ""; s == "" {
		return 0
	}
	v, err := strconv.ParseInt(s, 10, 64)
	if err != nil || v < 0 || v > maxPeople {
		r.Refuse(column, i18n.TwoNewNumber, i18n.TwoNewNumberHow, maxPeople)
		return 0
	}
	return v
}

// micro reads degrees as micro-degrees; empty is 0.
func micro(r *intake.Row, n *row, column string) int64 {
	s := code.Normalise(r.Text(column))
	if n.has[column] = s != ""; s == "" {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsNaN(f) || math.Abs(f) > 180 {
		r.Refuse(column, i18n.PlaceCoordinates, i18n.PlaceCoordinatesHow)
		return 0
	}
	return int64(math.Round(f * 1e6))
}

// Key is the credit code, else the name in its community.
func (im *register) Key(record any) string {
	n := record.(*row)
	if n.USCC != "" {
		return "uscc/" + n.USCC
	}
	return "name/" + gram.Key(n.community) + "/" + gram.Key(n.street) + "/" + gram.Key(n.Name)
}

// Plan finds the community, the grid and what is there already.
func (im *register) Plan(ctx context.Context, q db.Querier, items []*intake.Item) error {
	codes := map[string]bool{}
	for _, it := range items {
		if c := it.Record.(*row).USCC; c != "" {
			codes[c] = true
		}
	}
	same, err := units(ctx, q, im.Actor.Tenant, slices.Sorted(maps.Keys(codes)))
	if err != nil {
		return err
	}
	for _, it := range items {
		n := it.Record.(*row)
		im.place(it, n)
		if it.Refused() {
			continue
		}
		if u, ok := same[n.USCC]; ok && n.USCC != "" {
			n.unit = u
			if gram.Key(u.name) != gram.Key(n.Name) {
				it.Warn("name", i18n.TwoNewSame, i18n.TwoNewSameIs, u.name)
			}
			if u.community != 0 && u.community != n.CommunityID {
				it.Warn("community", i18n.TwoNewElsewhere, i18n.TwoNewElsewhereIs)
			}
			n.Name = u.name
		}
		im.plan(it, n)
	}
	return nil
}

// place finds the community and the grid that a row names.
func (im *register) place(it *intake.Item, n *row) {
	found := im.communities[gram.Key(n.community)]
	if n.street != "" {
		var there []community
		for _, c := range found {
			if slices.Contains(im.streets[c.id], gram.Key(n.street)) {
				there = append(there, c)
			}
		}
		found = there
	}
	switch len(found) {
	case 1:
		n.CommunityID = found[0].id
	case 0:
		it.Refuse("community", i18n.OrgCommUnknown, i18n.OrgCommUnknownIs, n.community)
		return
	default:
		it.Refuse("community", i18n.OrgCommMany, i18n.OrgCommManyIs, len(found), n.community)
		return
	}
	if im.Scope.Require(n.CommunityID) != nil {
		it.Refuse("community", i18n.TwoNewOutside, i18n.TwoNewOutsideIs)
		return
	}
	if n.grid != "" {
		g, ok := im.grids[n.CommunityID.String()+"/"+gram.Key(n.grid)]
		if !ok {
			it.Warn("grid", i18n.TwoNewGrid, i18n.TwoNewGridIs)
		}
		n.GridID, n.has["grid"] = g, ok
	}
}

// plan says whether a row is new, changes something, or nothing.
func (im *register) plan(it *intake.Item, n *row) {
	if n.USCC != "" {
		n.old = im.byUSCC[n.USCC]
	}
	if n.old == nil {
		same := slices.Clone(im.byName[n.CommunityID.String()+"/"+gram.Key(n.Name)])
		same = slices.DeleteFunc(same, func(o *Organisation) bool { return n.USCC != "" && o.USCC != "" }) // two codes are two organisations
		if len(same) > 1 {
			it.Refuse("name", i18n.OrgUnitAmbiguous, i18n.OrgUnitAmbiguousIs, len(same))
			return
		}
		if len(same) == 1 {
			n.old = same[0]
		}
	}
	if n.old == nil {
		it.Outcome = intake.Inserted
		return
	}
	if im.Scope.Require(n.old.CommunityID) != nil {
		it.Refuse("community", i18n.TwoNewOutside, i18n.TwoNewOutsideIs)
		return
	}
	n.Entry = n.over(n.old.entry())
	if n.Entry != n.old.entry() {
		it.Outcome = intake.Updated
	}
}

// over puts the cells that a row has over what is known.
func (n *row) over(was Entry) Entry {
	out := was
	out.Name, out.CommunityID = n.Name, n.CommunityID
	if was.CommunityID != n.CommunityID {
		out.GridID = 0 // it lies in another community
	}
	for _, f := range []struct {
		has string
		set func()
	}{{"uscc", func() { out.USCC = n.USCC }}, {"kind", func() { out.Kind = n.Kind }}, {"trade", func() { out.Trade = n.Trade }}, {"address", func() { out.Address = n.Address }},
		{"grid", func() { out.GridID = n.GridID }}, {"employees", func() { out.Employees = n.Employees }}, {"full", func() { out.Full = n.Full }},
		{"probationary", func() { out.Probationary = n.Probationary }}, {"x", func() { out.X, out.Y = n.X, n.Y }}} {
		if n.has[f.has] {
			f.set()
		}
	}
	return out
}

var entryColumns = []string{"tenant_id", "id", "kind", "name", "name_key", "search_key", "uscc", "trade", "address", "community_id", "grid_id", "x", "y", "employees", "full_members",
	"probationary_members", "listed_on", "import_id", "created_at", "updated_at"}

// Write enters what is new and corrects what is there. Units that have their branch come with it.
func (im *register) Write(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	fresh := intake.Only(items, intake.Inserted)
	ids := make([]id.ID, len(fresh))
	var taken []Step
	for i, it := range fresh {
		n := it.Record.(*row)
		ids[i] = id.New()
		if n.unit.id != 0 && n.Trade == "" {
			n.Trade = n.unit.trade
		}
		if n.unit.branch != 0 {
			taken = append(taken, n.unit.step(ids[i], im.today))
		}
	}
	now := db.Micros(tx.Now())
	err := tx.InsertMany(ctx, "two_new", entryColumns, len(fresh), func(i int) []any {
		n := fresh[i].Record.(*row)
		return []any{im.Actor.Tenant, int64(ids[i]), string(n.Kind), n.Name, gram.Key(n.Name), n.searchKey(), n.USCC, n.Trade, n.Address, int64(n.CommunityID), int64(n.GridID), n.X, n.Y,
			n.Employees, n.Full, n.Probationary, im.today.String(), int64(im.ImportID), now, now}
	})
	if err != nil {
		return err
	}
	if err := putSteps(ctx, tx, im.Actor, taken); err != nil {
		return err
	}
	for _, it := range intake.Only(items, intake.Updated) {
		n := it.Record.(*row)
		if err := save(ctx, tx, im.Actor.Tenant, n.old.ID, n.Entry, n.old.Version); err != nil {
			return err
		}
		if err := record(ctx, tx, im.Actor, PermImport, "twonew.edit", n.old.ID, n.CommunityID, n.changed(*n.old)); err != nil {
			return err
		}
	}
	return nil
}

// Finish has nothing left to do.
func (im *register) Finish(context.Context, *db.Tx) error { return nil }
