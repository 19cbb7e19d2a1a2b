package organisation

import (
	"context"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

// optCommittees sets up committees that the list names and the district does not have.
const optCommittees = "create_committees"

// UnitsKind is the import of stationed units. A unit is known by its credit code, else by its own code, else by its name. A changed
// name, superior or community becomes an act of today; empty cells change nothing.
func (s *Service) UnitsKind() intake.Kind {
	col := func(name string, title i18n.Text, c intake.Column) intake.Column {
		c.Name, c.Title, c.Also = name, title, i18n.OrgUnitHeads[name]
		return c
	}
	return intake.Kind{
		Name: "units", Title: i18n.OrgImportUnits, Hint: i18n.OrgImportUnitsHint, Permission: PermImport,
		Options: []intake.Option{{Name: optCommittees, Title: i18n.OrgOptCommittees, Hint: i18n.OrgOptCommitteesIs}},
		Columns: []intake.Column{
			col("name", i18n.OrgColName, intake.Column{Required: true, Max: maxName}),
			col("uscc", i18n.OrgColUSCC, intake.Column{Max: 30}),
			col("code", i18n.OrgColCode, intake.Column{Max: maxCode}),
			col("system", i18n.OrgColSystem, intake.Column{Max: maxName, Hint: i18n.OrgColSystemHint}),
			col("community", i18n.OrgColCommunity, intake.Column{Max: maxName, Hint: i18n.OrgColCommunityHow}),
			col("street", i18n.OrgColStreet, intake.Column{Max: maxName}),
			col("address", i18n.OrgColAddress, intake.Column{Max: maxAddress}),
			col("contact", i18n.OrgColContact, intake.Column{Max: maxContact}),
			col("phone", i18n.OrgColPhone, intake.Column{Max: 30, Sealed: true, Mask: code.MaskPhone}),
			col("sector", i18n.OrgColSector, intake.Column{Max: maxSector}),
			col("short", i18n.OrgColShort, intake.Column{Max: maxShort}),
		},
		Begin: s.beginUnits,
	}
}

// unitRow is one row of the list; pointers are nil where the cell is empty.
type unitRow struct {
	name, uscc, code, system, community, street string
	address, contact, phone, sector, short      string
	old                                         *storedUnit // the unit that is there already
	parentID, communityID                       id.ID       // as far as named and known
	newSystem                                   string      // a committee to be set up
	edits, renames, movesParent, movesCommunity bool
}

// storedUnit is a unit with its sealed phone number.
type storedUnit struct {
	Organisation
	sealed []byte
}

// unitImport is one pass over a list.
type unitImport struct {
	intake.Setup
	s           *Service
	today       calendar.Date
	root        Organisation
	byUSCC      map[string]*storedUnit
	byCode      map[string]*storedUnit
	byName      map[string][]*storedUnit
	superiors   map[string][]Organisation // by key of name and short name
	communities map[string][]Organisation // by key of name, short name, division code
	parents     map[id.ID]Organisation
}

func (s *Service) beginUnits(ctx context.Context, q db.Querier, set intake.Setup) (intake.Importer, error) {
	im := &unitImport{Setup: set, s: s, today: calendar.DateOf(set.Now), byUSCC: map[string]*storedUnit{}, byCode: map[string]*storedUnit{},
		byName: map[string][]*storedUnit{}, superiors: map[string][]Organisation{}, communities: map[string][]Organisation{}, parents: map[id.ID]Organisation{}}
	units, err := livingUnits(ctx, q, set.Actor.Tenant)
	if err != nil {
		return nil, err
	}
	for i := range units {
		im.know(&units[i])
	}
	others, err := livingOthers(ctx, q, set.Actor.Tenant)
	for _, o := range others {
		im.knowOther(o)
	}
	return im, err
}

func (im *unitImport) know(u *storedUnit) {
	if u.USCC != "" {
		im.byUSCC[u.USCC] = u
	}
	if u.Code != "" {
		im.byCode[u.Code] = u
	}
	k := gram.Key(u.Name)
	im.byName[k] = append(im.byName[k], u)
}

func (im *unitImport) knowOther(o Organisation) {
	im.parents[o.ID] = o
	into := im.superiors
	switch {
	case o.Kind == Community:
		into = im.communities
		if o.DivisionCode != "" {
			into[o.DivisionCode] = append(into[o.DivisionCode], o)
		}
	case !Unit.MayStandBelow(o.Kind):
		return
	case o.Kind == District && o.ParentID == 0:
		im.root = o
	}
	k := gram.Key(o.Name)
	into[k] = append(into[k], o)
	if short := gram.Key(o.ShortName); short != "" && short != k {
		into[short] = append(into[short], o)
	}
}

// Check reads one row.
func (im *unitImport) Check(r *intake.Row) any {
	u := &unitRow{name: r.Text("name"), code: code.Normalise(r.Text("code")), system: r.Name("system"), community: r.Name("community"),
		street: r.Name("street"), address: r.Text("address"), contact: r.Name("contact"), sector: r.Text("sector"), short: r.Text("short")}
	if s := r.Text("uscc"); s != "" {
		c, p := code.ParseUSCC(s)
		r.Problem("uscc", p) // a check character that does not fit only warns (CODE-12)
		u.uscc = c.String()
	}
	if s := r.Text("phone"); s != "" {
		p, bad := code.ParsePhone(s)
		r.Problem("phone", bad)
		u.phone = p.String()
	}
	return u
}

// Key is the credit code, else the own code, else the name.
func (im *unitImport) Key(record any) string {
	u := record.(*unitRow)
	switch {
	case u.uscc != "":
		return "uscc/" + u.uscc
	case u.code != "":
		return "code/" + u.code
	}
	return "name/" + gram.Key(u.name)
}

// Plan finds the unit of each row, its committee and its community, and says what would change.
func (im *unitImport) Plan(_ context.Context, _ db.Querier, items []*intake.Item) error {
	for _, it := range items {
		u := it.Record.(*unitRow)
		im.findUnit(it, u)
		im.findSystem(it, u)
		im.findCommunity(it, u)
		if it.Refused() {
			continue
		}
		if u.old == nil {
			im.planNew(it, u)
			continue
		}
		if err := im.planOld(it, u); err != nil {
			return err
		}
	}
	return nil
}

// findUnit finds the unit that a row means.
func (im *unitImport) findUnit(it *intake.Item, u *unitRow) {
	if u.uscc != "" && im.byUSCC[u.uscc] != nil {
		u.old = im.byUSCC[u.uscc]
		return
	}
	if u.code != "" && im.byCode[u.code] != nil {
		u.old = im.byCode[u.code]
		return
	}
	var same []*storedUnit
	for _, c := range im.byName[gram.Key(u.name)] {
		if u.uscc != "" && c.USCC != "" { // two codes are two units
			it.Warn("uscc", i18n.OrgUnitCodes, i18n.OrgUnitCodesIs)
			continue
		}
		same = append(same, c)
	}
	switch {
	case len(same) == 1:
		u.old = same[0]
	case len(same) > 1:
		it.Refuse("name", i18n.OrgUnitAmbiguous, i18n.OrgUnitAmbiguousIs, len(same))
	}
}

// findSystem finds the committee a row names, or notes that it is to be set up.
func (im *unitImport) findSystem(it *intake.Item, u *unitRow) {
	if u.system == "" {
		return
	}
	switch found := im.superiors[gram.Key(u.system)]; {
	case len(found) == 1:
		u.parentID = found[0].ID
	case len(found) > 1:
		it.Refuse("system", i18n.OrgSystemMany, i18n.OrgSystemManyIs, u.system)
	case im.Options[optCommittees] && im.root.ID != 0 && im.Scope.Require(im.root.ID) == nil:
		u.newSystem = u.system
	default:
		it.Refuse("system", i18n.OrgSystemUnknown, i18n.OrgSystemUnknownIs, u.system)
	}
}

// findCommunity finds the community a row names; the sub-district tells namesakes apart.
func (im *unitImport) findCommunity(it *intake.Item, u *unitRow) {
	if u.community == "" {
		return
	}
	found := im.communities[gram.Key(u.community)]
	if u.street != "" {
		var there []Organisation
		for _, c := range found {
			if p := im.parents[c.ParentID]; gram.Key(p.ShortName) == gram.Key(u.street) || gram.Key(p.Name) == gram.Key(u.street) {
				there = append(there, c)
			}
		}
		found = there
	}
	switch len(found) {
	case 1:
		u.communityID = found[0].ID
	case 0:
		it.Refuse("community", i18n.OrgCommUnknown, i18n.OrgCommUnknownIs, u.community)
	default:
		it.Refuse("community", i18n.OrgCommMany, i18n.OrgCommManyIs, len(found), u.community)
	}
}

// planNew lets a new unit in if its committee or its community is in scope.
func (im *unitImport) planNew(it *intake.Item, u *unitRow) {
	if !im.Scope.All() && u.newSystem == "" && im.Scope.Require(u.parentID, u.communityID) != nil {
		it.Refuse("system", i18n.OrgUnitPlaceNeeded, i18n.OrgUnitPlaceIs)
		return
	}
	it.Outcome = intake.Inserted
}

// planOld compares a row with the unit that is there.
func (im *unitImport) planOld(it *intake.Item, u *unitRow) error {
	o := u.old
	if !im.Scope.All() && im.Scope.Require(o.ID, o.CommunityID) != nil {
		it.Refuse("name", i18n.OrgUnitElsewhere, i18n.OrgUnitElsewhereIs)
		return nil
	}
	phone := ""
	if u.phone != "" && len(o.sealed) > 0 {
		var err error
		if phone, err = im.s.ring.Open("organisation", "contact_phone", o.ID, o.sealed); err != nil {
			return err
		}
	}
	for _, f := range [][2]string{{u.uscc, o.USCC}, {u.code, o.Code}, {u.address, o.Address}, {u.contact, o.ContactName}, {u.phone, phone},
		{u.sector, o.Sector}, {u.short, o.ShortName}} {
		u.edits = u.edits || (f[0] != "" && f[0] != f[1])
	}
	if u.renames = gram.Key(u.name) != gram.Key(o.Name); u.renames {
		it.Warn("name", i18n.OrgUnitRenamed, i18n.OrgUnitRenamedIs, o.Name)
	}
	u.movesParent = u.newSystem != "" || (u.parentID != 0 && u.parentID != o.ParentID)
	if u.movesParent && o.ParentID != 0 && !im.Scope.All() && im.Scope.Require(o.ID, o.ParentID) != nil {
		it.Refuse("system", i18n.OrgUnitElsewhere, i18n.OrgUnitElsewhereIs) // its community does not decide its subordination
		return nil
	}
	u.movesCommunity = u.communityID != 0 && u.communityID != o.CommunityID
	if u.edits || u.renames || u.movesParent || u.movesCommunity {
		it.Outcome = intake.Updated
	}
	return nil
}

// Write sets up new units and changes those that are there.
func (im *unitImport) Write(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	for _, it := range items {
		u := it.Record.(*unitRow)
		if u.newSystem != "" {
			if err := im.setUpSystem(ctx, tx, u); err != nil {
				return err
			}
		}
		var err error
		if it.Outcome == intake.Inserted {
			err = im.insert(ctx, tx, u)
		} else {
			err = im.update(ctx, tx, u)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// setUpSystem makes a committee that several rows may name, once.
func (im *unitImport) setUpSystem(ctx context.Context, tx *db.Tx, u *unitRow) error {
	if found := im.superiors[gram.Key(u.newSystem)]; len(found) > 0 {
		u.parentID = found[0].ID
		return nil
	}
	saved, err := im.s.create(ctx, tx, im.Actor, NewOrganisation{Kind: Committee, Name: u.newSystem, ParentID: im.root.ID,
		Document: i18n.OrgImportDocument.In(i18n.ZH)}, im.ImportID)
	if err != nil {
		return err
	}
	o, err := load(ctx, tx, im.Actor.Tenant, saved.ID)
	im.knowOther(o)
	u.parentID = saved.ID
	return err
}

func (im *unitImport) insert(ctx context.Context, tx *db.Tx, u *unitRow) error {
	_, err := im.s.create(ctx, tx, im.Actor, NewOrganisation{Kind: Unit, Name: u.name, ShortName: u.short, Code: u.code, USCC: u.uscc, Sector: u.sector,
		ParentID: u.parentID, CommunityID: u.communityID, Address: u.address, ContactName: u.contact, ContactPhone: u.phone,
		Document: i18n.OrgImportDocument.In(i18n.ZH)}, im.ImportID)
	return err
}

// update changes a unit: plain columns as an edit, name and standing as acts of today.
func (im *unitImport) update(ctx context.Context, tx *db.Tx, u *unitRow) error {
	o, e := u.old.Organisation, Effect{On: im.today, Document: i18n.OrgImportDocument.In(i18n.ZH)}
	if u.edits {
		ed := Edit{Version: o.Version, USCC: given(u.uscc), Code: given(u.code), Address: given(u.address), ContactName: given(u.contact),
			ContactPhone: given(u.phone), Sector: given(u.sector), ShortName: given(u.short)}
		if _, err := im.s.edit(ctx, tx, im.Actor, o, ed); err != nil {
			return err
		}
	}
	if u.renames {
		d := draft{Organisation: o}
		if d.Name = clean(u.name); u.short != "" {
			d.ShortName = u.short
		}
		if err := im.s.rename(ctx, tx, im.Actor, o, d, e); err != nil {
			return err
		}
	}
	if u.movesParent {
		p, err := load(ctx, tx, im.Actor.Tenant, u.parentID)
		if err != nil {
			return err
		}
		if err := im.s.moveBelow(ctx, tx, im.Actor, o, p, e); err != nil {
			return err
		}
	}
	if u.movesCommunity {
		return im.s.attachTo(ctx, tx, im.Actor, o.ID, u.communityID, e)
	}
	return nil
}

// given is nil for an empty cell, which changes nothing.
func given(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// Finish has nothing left to do.
func (im *unitImport) Finish(context.Context, *db.Tx) error { return nil }

func livingUnits(ctx context.Context, q db.Querier, tenant int64) ([]storedUnit, error) {
	return db.All(ctx, q, func(u *storedUnit) []any { return append(u.Organisation.dest(), &u.sealed) },
		"SELECT "+columns+", o.contact_phone FROM organisation o WHERE o.tenant_id = $1 AND o.kind = $2 AND o.dissolved_on = ''", tenant, Unit)
}

// livingOthers gives everything that is no unit: committees and communities.
func livingOthers(ctx context.Context, q db.Querier, tenant int64) ([]Organisation, error) {
	return db.All(ctx, q, (*Organisation).dest, "SELECT "+columns+` FROM organisation o WHERE o.tenant_id = $1
		AND o.kind IN ($2, $3, $4, $5) AND o.dissolved_on = ''`, tenant, District, Working, Committee, Community)
}
