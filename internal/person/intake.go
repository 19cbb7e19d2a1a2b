package person

import (
	"context"
	"slices"
	"strings"

	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

// optionTakeIn is the choice to treat residents who are registered in another community as moved in.
const optionTakeIn = "take_in"

// Intake is the import of a list of residents.
func (s *Service) Intake() intake.Kind {
	return intake.Kind{
		Name: "residents", Title: i18n.ResidentTitle, Hint: i18n.ResidentImportHint, Permission: PermImport,
		Columns: residentColumns(),
		Options: []intake.Option{{Name: optionTakeIn, Title: i18n.ResidentImportTakeIn, Hint: i18n.ResidentImportTakeInHint}},
		Begin: func(ctx context.Context, q db.Querier, setup intake.Setup) (intake.Importer, error) {
			return s.beginImport(ctx, q, setup)
		},
	}
}

func residentColumns() []intake.Column {
	choices := func(l *code.List, n int) []i18n.Text {
		var out []i18n.Text
		for _, it := range l.Items() {
			if len(out) < n {
				out = append(out, it.Label)
			}
		}
		return out
	}
	return []intake.Column{
		{Name: "name", Title: i18n.ResidentName, Also: i18n.ResidentNameAlso, Required: true, Max: maxName, Example: i18n.ResidentNameExample.In(i18n.ZH)},
		{Name: "id_number", Title: i18n.CodeIDName, Also: i18n.ResidentIDAlso, Mask: code.MaskID, Hint: i18n.ResidentIDHint},
		{Name: "sex", Title: i18n.CodeSexList, Choices: choices(code.Sexes, 3), Example: code.Female.Text().In(i18n.ZH)},
		{Name: "born_on", Title: i18n.ResidentBorn, Also: i18n.ResidentBornAlso, Hint: i18n.ErrBadDate, Example: "1958-03-15"},
		{Name: "phone", Title: i18n.ResidentPhone, Also: i18n.ResidentPhoneAlso, Mask: code.MaskPhone, Example: "13800000000"},
		{Name: "ethnic", Title: i18n.CodeEthnicList, Hint: i18n.ResidentEthnicHint},
		{Name: "political", Title: i18n.CodePoliticalList, Choices: choices(code.PoliticalStatuses, 13)},
		{Name: "schooling", Title: i18n.CodeSchoolingList, Also: i18n.ResidentSchoolingAlso},
		{Name: "community", Title: i18n.ResidentCommunity, Also: i18n.ResidentCommunityAlso, Hint: i18n.ResidentCommunityHint},
		{Name: "quarter", Title: i18n.ResidentQuarter, Also: i18n.ResidentQuarterAlso},
		{Name: "building", Title: i18n.ResidentBuilding, Also: i18n.ResidentBuildingAlso, Example: "3"},
		{Name: "stairwell", Title: i18n.ResidentStairwell, Also: i18n.ResidentStairwellAlso, Example: "2"},
		{Name: "room", Title: i18n.ResidentRoom, Also: i18n.ResidentRoomAlso, Example: "501"},
		{Name: "address", Title: i18n.ResidentAddress, Also: i18n.ResidentAddressAlso, Hint: i18n.ResidentAddressHint},
		{Name: "head_relation", Title: i18n.CodeHeadRelationList, Also: i18n.ResidentHeadAlso},
		{Name: "residence", Title: i18n.CodeResidenceList, Also: i18n.ResidentResidenceAlso, Choices: choices(code.ResidenceKinds, 5)},
		{Name: "categories", Title: i18n.CodeCategoryList, Also: i18n.ResidentCategoryAlso, Hint: i18n.ResidentCategoryHint, Example: code.ResidentCategories.Label("02").In(i18n.ZH)},
		{Name: "work_unit", Title: i18n.ResidentWorkUnit, Also: i18n.ResidentWorkUnitAlso, Max: 100},
		{Name: "moved_in_on", Title: i18n.ResidentMovedIn, Also: i18n.ResidentMovedInAlso},
	}
}

// importer brings one list of residents in.
type importer struct {
	s     *Service
	setup intake.Setup
	today calendar.Date

	allowed     map[string]bool // fields that some purpose needs (PRIV-3)
	communities communities
	buildings   map[string]place // community and folded name
	empty       bool             // nobody is registered in the tenant: there is nothing to compare with

	households map[string]Household // community and address, met in this pass
	met        map[id.ID]int        // known people and the rows that were theirs
	newHomes   []*Household
	grams      []gramRow
}

// entry is one row of the list on its way in.
type entry struct {
	fields     Fields // as stated in the row
	sealed     sealedFields
	person     *stored // the row as a new record
	address    Address
	home       string // the whole address
	categories []string
	known      *stored // who it is already, nil for a new one
}

func (s *Service) beginImport(ctx context.Context, q db.Querier, setup intake.Setup) (*importer, error) {
	if setup.OrgID == 0 && !setup.Mapped["community"] {
		return nil, errs.Field("organisation", i18n.ResidentNoCommunity)
	}
	im := &importer{s: s, setup: setup, today: calendar.DateOf(setup.Now), households: map[string]Household{}, met: map[id.ID]int{}}
	var err error
	if im.allowed, err = collected(ctx, q, setup.Actor.Tenant); err != nil {
		return nil, err
	}
	if im.communities, err = loadCommunities(ctx, q, setup.Actor.Tenant); err != nil {
		return nil, err
	}
	if im.buildings, err = loadBuildings(ctx, q, setup.Actor.Tenant, setup.OrgID); err != nil {
		return nil, err
	}
	somebody, err := db.Value[int64](ctx, q, "SELECT id FROM person WHERE tenant_id = $1 LIMIT 1", setup.Actor.Tenant)
	im.empty = somebody == 0
	return im, err
}

// Check reads one row (CODE-1 to CODE-6, CODE-30 to CODE-35). What differs from the ID number is taken with a warning (CODE-4).
func (im *importer) Check(r *intake.Row) any {
	e := &entry{fields: Fields{
		Name: r.Name("name"), Sex: code.Sex(r.Item("sex", code.Sexes)), Ethnic: im.guarded(r, "ethnic", code.EthnicGroups),
		Political: im.guarded(r, "political", code.PoliticalStatuses), Schooling: r.Item("schooling", code.Schoolings),
		Residence: r.Item("residence", code.ResidenceKinds), HeadRelation: r.Item("head_relation", code.HeadRelations),
		WorkUnit: r.Text("work_unit"),
	}}
	e.fields.BornOn = im.day(r, "born_on")
	e.fields.MovedInOn = im.day(r, "moved_in_on")
	e.address = Address{Quarter: r.Text("quarter"), Building: r.Text("building"), Stairwell: r.Text("stairwell"), Room: r.Text("room"), Text: r.Text("address")}
	e.home = e.address.String()
	e.categories = im.categories(r)
	im.sealed(r, e)
	community := im.community(r)
	if r.Refused() {
		return nil
	}
	im.make(r, e, community)
	return e
}

// guarded reads a field that is kept only where a purpose needs it; otherwise it is left out with a word.
func (im *importer) guarded(r *intake.Row, column string, list *code.List) string {
	if !im.allowed[column] {
		if r.Raw(column) != "" {
			r.Warn(column, i18n.ResidentNotCollected, i18n.ResidentNotCollectedAdvice)
		}
		return ""
	}
	return r.Item(column, list)
}

func (im *importer) day(r *intake.Row, column string) calendar.Date {
	s := r.Date(column)
	if s == "" {
		return calendar.Date{}
	}
	d := calendar.MustParse(s)
	if d.After(im.today) {
		r.Refuse(column, i18n.PersonInFuture, i18n.ErrBadDate)
	}
	return d
}

// categories reads a cell with one or several categories.
func (im *importer) categories(r *intake.Row) []string {
	s := r.Text("categories")
	if s == "" {
		return nil
	}
	if it, ok := code.ResidentCategories.Find(s); ok {
		return []string{it.Code}
	}
	var codes []string
	for _, part := range strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(",;/|\u3001\uff0c\uff1b ", c) }) {
		it, p := code.ResidentCategories.Parse(part)
		r.Problem("categories", p)
		if p == nil && !slices.Contains(codes, it.Code) {
			codes = append(codes, it.Code)
		}
	}
	return codes
}

func (im *importer) sealed(r *intake.Row, e *entry) {
	if raw := r.Raw("id_number"); raw != "" {
		n, p := code.ParseResidentID(raw, im.setup.Now, code.IDRules{})
		r.Problem("id_number", p)
		e.sealed.id = n
	}
	if raw := r.Raw("phone"); raw != "" {
		n, p := code.ParsePhone(raw)
		r.Problem("phone", p)
		e.sealed.phone = n
	}
}

// community says to which community the row belongs: the one chosen for the file, or the one its column names.
func (im *importer) community(r *intake.Row) id.ID {
	name := r.Text("community")
	if name == "" {
		if im.setup.OrgID == 0 {
			r.Refuse("community", i18n.IntakeMissing, i18n.IntakeMissingAdvice, i18n.ResidentCommunity)
		}
		return im.setup.OrgID
	}
	c, found := im.communities[i18n.CommunityKey(gram.Key(name))]
	switch {
	case !found:
		r.Refuse("community", i18n.ResidentCommunityUnknown, i18n.ResidentCommunityAdvice)
	case c == ambiguous:
		r.Refuse("community", i18n.ResidentCommunityAmbiguous, i18n.ResidentCommunityAdvice)
	case im.setup.OrgID != 0 && c != im.setup.OrgID:
		r.Refuse("community", i18n.ResidentCommunityOther, i18n.ResidentCommunityOtherAdvice)
	case im.setup.Scope.Require(c) != nil:
		r.Refuse("community", i18n.ResidentCommunityForeign, i18n.ResidentCommunityOtherAdvice)
	}
	return c
}

// make makes the new record of a row, sealed and with its keys, in case it is one.
func (im *importer) make(r *intake.Row, e *entry, community id.ID) {
	full := e.fields
	flags := full.propose(e.sealed.id)
	for _, f := range flags {
		r.Warn(f, i18n.ResidentDiffers, i18n.ResidentDiffersAdvice)
	}
	now := im.setup.Now
	e.person = &stored{Person: Person{ID: id.New(), CommunityID: community, Name: full.Name, Sex: sexOr(full.Sex), BornOn: full.BornOn,
		Ethnic: full.Ethnic, Political: full.Political, Schooling: full.Schooling, Residence: full.Residence, HeadRelation: full.HeadRelation,
		WorkUnit: full.WorkUnit, MovedInOn: full.MovedInOn, Flagged: flags, Source: SourceImport, CreatedAt: now, UpdatedAt: now, Version: 1},
		importID: im.setup.ImportID}
	p := e.person
	p.rename()
	p.idIndex = im.s.ring.Index("id_number", e.sealed.id.String())
	p.rowHash = im.s.ring.Index("resident_row", e.text())
	if im.setup.DryRun {
		return
	}
	p.idSealed = im.s.ring.Seal("person", "id_number", p.ID, e.sealed.id.String())
	p.IDMask = code.MaskID(e.sealed.id.String())
	if e.sealed.phone != "" {
		p.sealPhone(im.s.ring, e.sealed)
	}
}

// text is all that a row says, to know it again.
func (e *entry) text() string {
	f := e.fields
	var b strings.Builder
	b.Grow(256)
	for _, s := range [...]string{f.Name, string(f.Sex), f.BornOn.String(), e.sealed.id.String(), e.sealed.phone.String(), f.Ethnic, f.Political,
		f.Schooling, f.Residence, f.HeadRelation, f.WorkUnit, f.MovedInOn.String(), e.person.CommunityID.String(), e.home} {
		b.WriteString(s)
		b.WriteByte(0)
	}
	for _, c := range e.categories {
		b.WriteString(c)
		b.WriteByte(',')
	}
	return b.String()
}

// Key is the ID number; without one, name, birthday and address together.
func (im *importer) Key(record any) string {
	e := record.(*entry)
	if e.person.idIndex != "" {
		return e.person.idIndex
	}
	return e.person.CommunityID.String() + "\x00" + e.person.nameKey + "\x00" + e.person.BornOn.String() + "\x00" + gram.Key(e.home)
}
