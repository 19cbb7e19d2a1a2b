package person

import (
	"context"
	"slices"

	"linli/internal/audit"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

// Plan finds out who is registered already and what is new about them.
func (im *importer) Plan(ctx context.Context, q db.Querier, items []*intake.Item) error {
	entries := make([]*entry, len(items))
	for i, it := range items {
		entries[i] = it.Record.(*entry)
	}
	if err := im.house(ctx, q, entries); err != nil {
		return err
	}
	if !im.empty {
		if err := im.recognise(ctx, q, entries); err != nil {
			return err
		}
	}
	holding, err := im.holding(ctx, q, entries)
	if err != nil {
		return err
	}
	for i, it := range items {
		if err := im.decide(ctx, q, it, entries[i], holding); err != nil {
			return err
		}
	}
	return nil
}

// house finds the households of a chunk, or makes them.
func (im *importer) house(ctx context.Context, q db.Querier, entries []*entry) error {
	if !im.empty {
		if err := im.knownHouseholds(ctx, q, entries); err != nil {
			return err
		}
	}
	for _, e := range entries {
		if e.home == "" {
			continue
		}
		p := e.person
		key := homeKey(p.CommunityID, e.home)
		h, ok := im.households[key]
		if !ok {
			b := im.building(p.CommunityID, e.address)
			h = Household{ID: id.New(), CommunityID: p.CommunityID, GridID: b.grid, BuildingID: b.building, Stairwell: e.address.Stairwell,
				Room: e.address.Room, Address: e.home, Version: 1}
			im.households[key] = h
			im.newHomes = append(im.newHomes, &h)
		}
		p.HouseholdID, p.GridID, p.BuildingID = h.ID, h.GridID, h.BuildingID
	}
	return nil
}

func homeKey(community id.ID, address string) string { return community.String() + " " + address }

func (im *importer) knownHouseholds(ctx context.Context, q db.Querier, entries []*entry) error {
	missing := map[id.ID][]string{}
	asked := map[string]bool{}
	for _, e := range entries {
		if e.home == "" {
			continue
		}
		key := homeKey(e.person.CommunityID, e.home)
		if _, met := im.households[key]; !met && !asked[key] {
			asked[key] = true
			missing[e.person.CommunityID] = append(missing[e.person.CommunityID], e.home)
		}
	}
	for community, addresses := range missing {
		a := &db.Args{}
		err := db.Each(ctx, q, (*Household).dest, func(h Household) error {
			im.households[homeKey(h.CommunityID, h.Address)] = h
			return nil
		}, "SELECT "+householdColumns+" FROM household h WHERE h.tenant_id = "+a.Add(im.setup.Actor.Tenant)+" AND h.community_id = "+a.Add(community)+
			" AND "+db.In(a, "h.address", addresses)+" ORDER BY h.id DESC", a.Values()...)
		if err != nil {
			return err
		}
	}
	return nil
}

// building finds the building of an address among those of the community.
func (im *importer) building(community id.ID, a Address) place {
	if a.Building == "" {
		return place{}
	}
	for _, quarter := range []string{a.Quarter, ""} {
		for _, name := range []string{a.Building, ending(a.Building, i18n.PersonBuildingOf)} {
			if b, ok := im.buildings[buildingKey(community, quarter, gram.Key(name))]; ok {
				return b
			}
		}
	}
	return place{}
}

// recognise finds the registered people of a chunk: by ID number, otherwise by name, birthday and community.
func (im *importer) recognise(ctx context.Context, q db.Querier, entries []*entry) error {
	tenant := im.setup.Actor.Tenant
	indexes := make([]string, 0, len(entries))
	for _, e := range entries {
		if e.person.idIndex != "" {
			indexes = append(indexes, e.person.idIndex)
		}
	}
	known, err := knownByIndex(ctx, q, tenant, indexes)
	if err != nil {
		return err
	}
	names := map[id.ID][]string{}
	for _, e := range entries {
		if e.known = known[e.person.idIndex]; e.person.idIndex == "" || e.known == nil {
			names[e.person.CommunityID] = append(names[e.person.CommunityID], e.person.nameKey)
			e.known = nil
		}
	}
	for community, keys := range names {
		unnumbered, err := withoutNumber(ctx, q, tenant, community, keys)
		if err != nil {
			return err
		}
		for _, e := range entries {
			if e.known == nil && e.person.CommunityID == community {
				e.known = im.same(e, unnumbered[e.person.nameKey])
			}
		}
	}
	return nil
}

// same finds the one record without an ID number that is the entry: same name, and same birthday or (where one of them lacks it)
// same household.
func (im *importer) same(e *entry, candidates []*stored) *stored {
	var found *stored
	for _, c := range candidates {
		alike := c.BornOn == e.person.BornOn && !c.BornOn.IsZero() ||
			(c.BornOn.IsZero() || e.person.BornOn.IsZero()) && c.HouseholdID == e.person.HouseholdID
		if !alike {
			continue
		}
		if found != nil {
			return nil // two of them: a person must decide, see the list of doubles
		}
		found = c
	}
	return found
}

// withoutNumber gives the people of a community who have one of the names and no ID number, by name key.
func withoutNumber(ctx context.Context, q db.Querier, tenant int64, community id.ID, keys []string) (map[string][]*stored, error) {
	out := map[string][]*stored{}
	for part := range slices.Chunk(keys, lookupSize) {
		a := &db.Args{}
		err := db.Each(ctx, q, (*storedRecord).dest, func(r storedRecord) error {
			p := r.stored
			p.Flagged = fieldsOf(r.flagged)
			out[p.nameKey] = append(out[p.nameKey], &p)
			return nil
		}, "SELECT "+storedColumns+" FROM person p WHERE p.tenant_id = "+a.Add(tenant)+" AND p.community_id = "+a.Add(community)+" AND "+
			db.In(a, "p.name_key", part)+" AND p.id_index = ''", a.Values()...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// holding gives the categories that hold today of those who are known, if the table has categories.
func (im *importer) holding(ctx context.Context, q db.Querier, entries []*entry) (map[id.ID][]string, error) {
	var ids []id.ID
	for _, e := range entries {
		if e.known != nil && len(e.categories) > 0 {
			ids = append(ids, e.known.ID)
		}
	}
	out := map[id.ID][]string{}
	if len(ids) == 0 {
		return out, nil
	}
	type row struct {
		person   id.ID
		category string
	}
	a := &db.Args{}
	return out, db.Each(ctx, q, func(r *row) []any { return []any{&r.person, &r.category} }, func(r row) error {
		out[r.person] = append(out[r.person], r.category)
		return nil
	}, "SELECT person_id, category FROM person_category WHERE tenant_id = "+a.Add(im.setup.Actor.Tenant)+" AND "+db.In(a, "person_id", ids)+
		" AND (valid_to = '' OR valid_to >= "+a.Add(im.today)+")", a.Values()...)
}

// decide says what becomes of one row.
func (im *importer) decide(ctx context.Context, q db.Querier, it *intake.Item, e *entry, holding map[id.ID][]string) error {
	k := e.known
	if k == nil {
		it.Outcome = intake.Inserted
		return nil
	}
	if first, again := im.met[k.ID]; again {
		it.Refuse("name", i18n.IntakeTwice, i18n.IntakeTwiceAdvice, first)
		return nil
	}
	im.met[k.ID] = it.No
	if k.CommunityID != e.person.CommunityID && k.CommunityID != 0 && !im.setup.Options[optionTakeIn] {
		home, err := communityName(ctx, q, im.setup.Actor.Tenant, k.CommunityID)
		if err != nil {
			return err
		}
		it.Refuse("id_number", i18n.ResidentElsewhere, i18n.ResidentElsewhereAdvice, home)
		return nil
	}
	if k.rowHash == e.person.rowHash {
		return nil
	}
	if gram.Key(k.Name) != gram.Key(e.person.Name) {
		it.Refuse("name", i18n.PersonOtherName, i18n.ResidentOtherNameAdvice)
		return nil
	}
	e.categories = slices.DeleteFunc(slices.Clone(e.categories), func(c string) bool { return slices.Contains(holding[k.ID], c) })
	before := *k
	im.merge(e)
	if len(e.categories) > 0 || !sameRecord(&before, k) {
		it.Outcome = intake.Updated
	}
	return nil
}

// merge puts what the row states into the known record; what the row leaves open stays.
func (im *importer) merge(e *entry) {
	k, f := e.known, e.fields
	stated(&k.BornOn, f.BornOn)
	stated(&k.Ethnic, f.Ethnic)
	stated(&k.Political, f.Political)
	stated(&k.Schooling, f.Schooling)
	stated(&k.Residence, f.Residence)
	stated(&k.HeadRelation, f.HeadRelation)
	stated(&k.WorkUnit, f.WorkUnit)
	stated(&k.MovedInOn, f.MovedInOn)
	stated(&k.Sex, f.Sex)
	k.CommunityID = e.person.CommunityID
	if e.home != "" {
		k.HouseholdID, k.GridID, k.BuildingID = e.person.HouseholdID, e.person.GridID, e.person.BuildingID
	}
	if k.idIndex == "" && e.person.idIndex != "" {
		k.sealID(im.s.ring, e.sealed)
	}
	if index := im.s.ring.Index("phone", e.sealed.phone.String()); index != "" && index != k.phoneIndex {
		k.sealPhone(im.s.ring, e.sealed)
	}
	now := Fields{Sex: k.Sex, BornOn: k.BornOn}
	k.Flagged = now.propose(e.sealed.id)
	k.BornOn, k.Sex = now.BornOn, sexOr(now.Sex)
	k.rowHash, k.importID = e.person.rowHash, im.setup.ImportID
}

func stated[T comparable](dst *T, v T) {
	var zero T
	if v != zero {
		*dst = v
	}
}

// sameRecord says whether two states of a record say the same.
func sameRecord(a, b *stored) bool {
	return a.CommunityID == b.CommunityID && a.HouseholdID == b.HouseholdID && a.BornOn == b.BornOn && a.Sex == b.Sex && a.Ethnic == b.Ethnic &&
		a.Political == b.Political && a.Schooling == b.Schooling && a.Residence == b.Residence && a.HeadRelation == b.HeadRelation &&
		a.WorkUnit == b.WorkUnit && a.MovedInOn == b.MovedInOn && a.idIndex == b.idIndex && a.phoneIndex == b.phoneIndex &&
		slices.Equal(a.Flagged, b.Flagged)
}

// gramBuffer is how many grams are gathered before they are sorted and written: the more at once, the more of them lie side by
// side in the index.
const gramBuffer = 400_000

// Write writes a chunk: new households, new people, changed people.
func (im *importer) Write(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	tenant := im.setup.Actor.Tenant
	if err := insertHouseholds(ctx, tx, tenant, im.setup.ImportID, im.newHomes); err != nil {
		return err
	}
	im.newHomes = im.newHomes[:0]
	people := make([]*stored, 0, len(items))
	var held []*entry
	for _, it := range items {
		e := it.Record.(*entry)
		if len(e.categories) > 0 {
			held = append(held, e)
		}
		if it.Outcome == intake.Inserted {
			people = append(people, e.person)
			im.grams = appendGrams(im.grams, e.person)
		}
	}
	if err := insertRows(ctx, tx, tenant, people); err != nil {
		return err
	}
	if err := im.beginCategories(ctx, tx, held); err != nil {
		return err
	}
	for _, it := range intake.Only(items, intake.Updated) {
		if err := im.update(ctx, tx, it.Record.(*entry)); err != nil {
			return err
		}
	}
	if len(im.grams) < gramBuffer {
		return nil
	}
	return im.flushGrams(ctx, tx)
}

func (im *importer) flushGrams(ctx context.Context, tx *db.Tx) error {
	err := insertGrams(ctx, tx, im.setup.Actor.Tenant, im.grams)
	im.grams = im.grams[:0]
	return err
}

func (im *importer) beginCategories(ctx context.Context, tx *db.Tx, held []*entry) error {
	type row struct {
		person id.ID
		code   string
	}
	var rows []row
	for _, e := range held {
		owner := e.person.ID
		if e.known != nil {
			owner = e.known.ID
		}
		for _, c := range e.categories {
			rows = append(rows, row{owner, c})
		}
	}
	today := im.today.String()
	return tx.InsertMany(ctx, "person_category", []string{"tenant_id", "person_id", "category", "valid_from", "source"}, len(rows), func(i int) []any {
		return []any{im.setup.Actor.Tenant, int64(rows[i].person), rows[i].code, today, SourceImport}
	})
}

// update writes a known record. Its community changes only when it is taken in, which its person and both communities see.
func (im *importer) update(ctx context.Context, tx *db.Tx, e *entry) error {
	k, tenant := e.known, im.setup.Actor.Tenant
	was, err := db.Value[id.ID](ctx, tx, "SELECT community_id FROM person WHERE tenant_id = $1 AND id = $2", tenant, k.ID)
	if err != nil {
		return err
	}
	if was != k.CommunityID {
		before := *k
		before.CommunityID = was
		k.MovedOutOn = e.person.MovedOutOn
		if err := im.s.save(ctx, tx, tenant, &before, k); err != nil {
			return err
		}
		return audit.Record(ctx, tx, im.setup.Actor, audit.Entry{Action: "resident.take_in", SubjectKind: "person", SubjectID: k.ID, PersonID: k.ID,
			OrgID: k.CommunityID, Detail: map[string]any{"from": was, "import": im.setup.ImportID}, Permission: PermImport})
	}
	return update(ctx, tx, tenant, k)
}

// Finish writes the grams that are left.
func (im *importer) Finish(ctx context.Context, tx *db.Tx) error {
	if tx == nil {
		return nil
	}
	return im.flushGrams(ctx, tx)
}
