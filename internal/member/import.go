package member

import (
	"context"
	"slices"
	"time"

	"linli/internal/audit"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/intake"
)

// ImportKind is the table of members as organisation departments keep it. A member is recognised by ID number; importing the
// same table again changes nothing.
func (s *Service) ImportKind() intake.Kind {
	return intake.Kind{
		Name: "members", Title: i18n.MemberTitle, Hint: i18n.MemberImportHint, Permission: PermImport,
		Columns: importColumns(), Options: []intake.Option{{Name: "register", Title: i18n.MemberImportRegister, Hint: i18n.MemberImportRegisterHint, On: true}},
		Begin: s.beginImport,
	}
}

func importColumns() []intake.Column {
	kinds, standings := []i18n.Text{}, []i18n.Text{}
	for _, k := range Kinds() {
		kinds = append(kinds, k.Text())
	}
	for _, st := range Standings() {
		standings = append(standings, st.Text())
	}
	return []intake.Column{
		{Name: "name", Title: i18n.MemberName, Also: i18n.MemberImportName(), Required: true, Max: 60, Example: i18n.MemberImportExample.In(i18n.ZH)},
		{Name: "id_number", Title: i18n.CodeIDName, Also: i18n.MemberImportID(), Required: true, Max: 40, Sealed: true},
		{Name: "kind", Title: i18n.MemberKind, Also: i18n.MemberImportKinds(), Choices: kinds, Hint: i18n.MemberImportKindHint},
		{Name: "unit", Title: i18n.MemberUnit, Also: i18n.MemberImportUnits(), Hint: i18n.MemberImportUnitHint},
		{Name: "home", Title: i18n.MemberHome, Also: i18n.MemberImportHomes(), Hint: i18n.MemberImportHomeHint},
		{Name: "standing", Title: i18n.MemberStanding, Also: i18n.MemberImportStandings(), Choices: standings},
		{Name: "joined_on", Title: i18n.MemberJoined, Also: i18n.MemberImportJoined()},
		{Name: "full_on", Title: i18n.MemberFullOn, Also: i18n.MemberImportFull()},
		{Name: "phone", Title: i18n.MemberPhone, Also: i18n.MemberImportPhones(), Sealed: true, Mask: code.MaskPhone},
		{Name: "community", Title: i18n.MemberLives, Also: i18n.MemberImportCommunities(), Hint: i18n.MemberImportCommunityHint},
		{Name: "skills", Title: i18n.MemberSkills, Also: i18n.MemberImportSkills()},
	}
}

// line is one row read: who, and the record it asks for.
type line struct {
	someone   Someone
	index     string // blind index of the ID number
	member    Member
	community id.ID // where to be registered
	mapped    map[string]bool
	before    Member
	changed   bool
}

// orgs finds organisations by what people write.
type orgs struct {
	byKey map[string][]place // folded name, short name, code, credit code
	chain map[id.ID]place
	only  map[id.ID]id.ID // unit -> its only branch
}

type importer struct {
	s     *Service
	setup intake.Setup
	today calendar.Date
	now   time.Time
	orgs  orgs
}

func (s *Service) beginImport(ctx context.Context, q db.Querier, setup intake.Setup) (intake.Importer, error) {
	o, err := loadOrgs(ctx, q, setup.Actor.Tenant)
	return &importer{s: s, setup: setup, today: calendar.DateOf(setup.Now), now: setup.Now, orgs: o}, err
}

type orgRow struct {
	place
	full, short, code, uscc string
}

func loadOrgs(ctx context.Context, q db.Querier, tenant int64) (orgs, error) {
	o := orgs{byKey: map[string][]place{}, chain: map[id.ID]place{}, only: map[id.ID]id.ID{}}
	err := db.Each(ctx, q, func(r *orgRow) []any { return append(r.place.dest(), &r.full, &r.short, &r.code, &r.uscc) }, func(r orgRow) error {
		o.chain[r.id] = r.place
		seen := map[string]bool{"": true}
		for _, key := range []string{gram.Key(r.full), gram.Key(r.short), gram.Key(r.code), gram.Key(r.uscc)} {
			if !seen[key] {
				seen[key] = true
				o.byKey[key] = append(o.byKey[key], r.place)
			}
		}
		if r.kind == "party_branch" {
			if _, more := o.only[r.parent]; more {
				o.only[r.parent] = 0
			} else {
				o.only[r.parent] = r.id
			}
		}
		return nil
	}, "SELECT "+placeColumns+`, o.name, o.short_name, CASE WHEN o.code <> '' THEN o.code ELSE o.division_code END, o.uscc FROM organisation o
		WHERE o.tenant_id = $1 AND o.dissolved_on = '' ORDER BY o.id`, tenant)
	return o, err
}

// find gives the organisation with a name or code, among those of the kinds; several are none.
func (o orgs) find(s string, kinds ...string) (p place, several bool) {
	n := 0
	for _, c := range o.byKey[gram.Key(s)] {
		if slices.Contains(kinds, c.kind) {
			p = c
			n++
		}
	}
	if n > 1 {
		return place{}, true
	}
	return p, false
}

// community gives the community that an organisation is or stands below.
func (o orgs) community(org id.ID) id.ID {
	for range 4 {
		p := o.chain[org]
		if p.kind == kindCommunity {
			return p.id
		}
		if org = p.parent; org == 0 {
			break
		}
	}
	return 0
}

var (
	unitKinds = []string{"unit", "committee", "other"}
	homeKinds = []string{"party_branch", "party_group", "committee", "community_party", "working_committee", "unit"}
)

// Check reads one row.
func (im *importer) Check(r *intake.Row) any {
	l := &line{member: Member{ID: id.New(), Version: 1}}
	l.someone = Someone{Name: r.Name("name"), Phone: r.Text("phone"), WorkUnit: r.Text("unit"), Source: "import"}
	if s := r.Text("id_number"); s != "" {
		n, p := code.ParseResidentID(s, im.now, code.IDRules{})
		r.Problem("id_number", p)
		l.someone.IDNumber = n.String()
		l.index = im.s.ring.Index("id_number", n.String())
	}
	if l.someone.Phone != "" {
		n, p := code.ParsePhone(l.someone.Phone)
		r.Problem("phone", p)
		l.someone.Phone = n.String()
	}
	l.member.Name = l.someone.Name
	im.readPlaces(r, l)
	im.readRecord(r, l)
	if !r.Refused() && within(im.setup.Scope, l.member.UnitID, l.member.HomeID, l.member.CommunityID, l.community) != nil {
		r.Refuse("unit", i18n.MemberImportScope, i18n.MemberImportScopeAdvice)
	}
	return l
}

// readPlaces reads unit, branch and community by name or code.
func (im *importer) readPlaces(r *intake.Row, l *line) {
	if s := r.Text("unit"); s != "" {
		p, several := im.orgs.find(s, unitKinds...)
		switch {
		case several:
			r.Refuse("unit", i18n.MemberImportSeveral, i18n.MemberImportSeveralAdvice)
		case p.id == 0:
			r.Refuse("unit", i18n.MemberImportNoUnit, i18n.MemberImportNoUnitAdvice)
		}
		l.member.UnitID = p.id
	}
	if s := r.Text("home"); s != "" {
		p, several := im.orgs.find(s, homeKinds...)
		if several || p.id == 0 {
			r.Warn("home", i18n.MemberImportNoHome, i18n.MemberImportNoHomeAdvice)
		}
		l.member.HomeID = p.id
	}
	if l.member.HomeID == 0 && l.member.UnitID != 0 {
		l.member.HomeID = im.orgs.only[l.member.UnitID]
	}
	if s := r.Text("community"); s != "" {
		p, several := im.orgs.find(s, kindCommunity)
		switch {
		case several:
			r.Refuse("community", i18n.MemberImportSeveral, i18n.MemberImportSeveralAdvice)
		case p.id == 0:
			r.Refuse("community", i18n.MemberImportNoCommunity, i18n.MemberImportNoCommunityAdvice)
		}
		l.community = p.id
		l.someone.CommunityID = p.id
	}
}

// readRecord reads what the register keeps. Without a kind, a unit means in service and a community branch its own member.
func (im *importer) readRecord(r *intake.Row, l *line) {
	f := Fields{Kind: im.kind(r, l), UnitID: l.member.UnitID, HomeID: l.member.HomeID, Skills: r.Text("skills"),
		JoinedOn: date(r, "joined_on"), FullOn: date(r, "full_on")}
	if s := r.Text("standing"); s != "" {
		st, ok := i18n.MemberStandingOf(s)
		if !ok {
			r.Refuse("standing", i18n.ErrBadChoice, i18n.MemberImportStandingAdvice)
		}
		f.Standing = Standing(st)
	}
	if e := f.check(im.today); e != nil {
		for _, field := range []string{"kind", "unit_id", "joined_on", "full_on", "skills", "standing"} {
			if m, wrong := e.Fields[field]; wrong {
				r.Refuse(importColumn(field), m.Text, i18n.MemberImportAdvice, m.Args...)
			}
		}
	}
	l.member.Kind, l.member.Standing, l.member.JoinedOn, l.member.FullOn, l.member.Skills = f.Kind, f.Standing, f.JoinedOn, f.FullOn, f.Skills
	if f.Kind != OfCommunity {
		return
	}
	if l.member.HomeID == 0 {
		l.member.HomeID = l.community
	}
	if l.member.CommunityID = im.orgs.community(l.member.HomeID); l.member.CommunityID == 0 {
		r.Refuse("home", i18n.MemberHomeNotCommunity, i18n.MemberImportAdvice)
	}
	l.member.Since, l.community = im.today, 0
}

func importColumn(field string) string {
	if field == "unit_id" {
		return "unit"
	}
	return field
}

func (im *importer) kind(r *intake.Row, l *line) Kind {
	if s := r.Text("kind"); s != "" {
		k, ok := i18n.MemberKindOf(s)
		if !ok {
			r.Refuse("kind", i18n.ErrBadChoice, i18n.MemberImportKindHint)
		}
		return Kind(k)
	}
	if l.member.UnitID == 0 && im.orgs.community(l.member.HomeID) != 0 {
		return OfCommunity
	}
	return InService
}

func date(r *intake.Row, column string) calendar.Date {
	s := r.Date(column)
	if s == "" {
		return calendar.Date{}
	}
	d, err := calendar.Parse(s)
	if err != nil {
		return calendar.Date{} // Row.Date has noted it
	}
	return d
}

// Key is the ID number.
func (im *importer) Key(record any) string { return record.(*line).index }

// Plan finds the members that the rows are about.
func (im *importer) Plan(ctx context.Context, q db.Querier, items []*intake.Item) error {
	there, err := im.known(ctx, q, items)
	if err != nil {
		return err
	}
	for _, it := range items {
		l := it.Record.(*line)
		k, ok := there[l.index]
		switch {
		case ok && k.nameKey != gram.Key(l.someone.Name) && k.nameKey != "":
			it.Refuse("name", i18n.MemberImportOtherName, i18n.MemberImportOtherNameAdvice)
		case !ok || k.ID == 0:
			it.Outcome = intake.Inserted
		case im.foreign(l, k.Member):
			it.Refuse("id_number", i18n.MemberImportElsewhere, i18n.MemberImportElsewhereAdvice)
		case k.moving > 0 && l.member.HomeID != 0 && l.member.HomeID != k.HomeID:
			it.Refuse("home", i18n.MemberInTransfer, i18n.MemberImportInTransfer)
		default:
			im.compare(it, l, k.Member)
		}
	}
	return nil
}

// foreign says whether a member belongs to others only. One who belongs to nobody yet is taken by who names a place in scope.
func (im *importer) foreign(l *line, m Member) bool {
	if m.UnitID == 0 && m.HomeID == 0 && m.CommunityID == 0 {
		return within(im.setup.Scope, l.member.UnitID, l.member.HomeID, l.community) != nil
	}
	return within(im.setup.Scope, m.UnitID, m.HomeID, m.CommunityID) != nil
}

// knownMember is who stands behind an ID number: the person's name, and the member record if there is one.
type knownMember struct {
	Member
	nameKey, index string
	moving         int64 // open transfers
}

func (im *importer) known(ctx context.Context, q db.Querier, items []*intake.Item) (map[string]knownMember, error) {
	out := make(map[string]knownMember, len(items))
	for part := range slices.Chunk(items, 500) {
		a := &db.Args{}
		indexes := make([]string, len(part))
		for i, it := range part {
			indexes[i] = it.Record.(*line).index
		}
		query := "SELECT p.id_index, p.name, coalesce(m.id, 0), (SELECT count(*) FROM transfer x WHERE x.tenant_id = m.tenant_id AND x.member_id = m.id AND x.state IN ('requested', 'approved_out', 'in_transit')) FROM person p LEFT JOIN member m ON m.tenant_id = p.tenant_id AND m.person_id = p.id AND m.ended_on = ''" +
			" WHERE p.tenant_id = " + a.Add(im.setup.Actor.Tenant) + " AND " + db.In(a, "p.id_index", indexes) + " AND p.id_index <> ''"
		rows, err := db.All(ctx, q, func(k *knownMember) []any { return []any{&k.index, &k.nameKey, &k.ID, &k.moving} }, query, a.Values()...)
		if err != nil {
			return nil, err
		}
		members, err := im.records(ctx, q, rows)
		if err != nil {
			return nil, err
		}
		for _, k := range rows {
			k.nameKey = gram.Key(k.nameKey)
			k.Member = members[k.ID]
			out[k.index] = k
		}
	}
	return out, nil
}

func (im *importer) records(ctx context.Context, q db.Querier, rows []knownMember) (map[id.ID]Member, error) {
	ids := make([]id.ID, 0, len(rows))
	for _, r := range rows {
		if r.ID != 0 {
			ids = append(ids, r.ID)
		}
	}
	if len(ids) == 0 {
		return map[id.ID]Member{}, nil
	}
	a := &db.Args{}
	all, err := db.All(ctx, q, (*Member).dest, "SELECT "+columns+" FROM member m WHERE m.tenant_id = "+a.Add(im.setup.Actor.Tenant)+" AND "+
		db.In(a, "m.id", ids), a.Values()...)
	out := make(map[id.ID]Member, len(all))
	for _, m := range all {
		out[m.ID] = m
	}
	return out, err
}

// compare says whether a row changes the record it is about. Columns that the file does not have, and empty cells, leave it.
func (im *importer) compare(it *intake.Item, l *line, before Member) {
	now := before
	keep := func(column string, change func()) {
		if it.Raw(column) != "" {
			change()
		}
	}
	keep("unit", func() { now.UnitID = l.member.UnitID })
	if l.member.HomeID != 0 {
		keep("home", func() { now.HomeID = l.member.HomeID })
	}
	keep("kind", func() { now.Kind = l.member.Kind })
	keep("standing", func() { now.Standing = l.member.Standing })
	keep("joined_on", func() { now.JoinedOn = l.member.JoinedOn })
	keep("full_on", func() { now.FullOn = l.member.FullOn })
	keep("skills", func() { now.Skills = l.member.Skills })
	if now.Kind != before.Kind && (now.Kind == OfCommunity || before.Kind == OfCommunity) {
		it.Refuse("kind", i18n.MemberImportKindChange, i18n.MemberImportKindChangeAdvice)
		return
	}
	if now.Kind == OfCommunity {
		if c := im.orgs.community(now.HomeID); c != now.CommunityID {
			it.Refuse("home", i18n.MemberImportKindChange, i18n.MemberImportKindChangeAdvice)
			return
		}
	}
	if l.before, l.member = before, now; now != before {
		l.changed = true
		it.Outcome = intake.Updated
	}
}

// Write enters the persons that are new, the members, and their registrations as proposals to the community where they live.
func (im *importer) Write(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	fresh := intake.Only(items, intake.Inserted)
	if err := im.insert(ctx, tx, fresh); err != nil {
		return err
	}
	for _, it := range intake.Only(items, intake.Updated) {
		l := it.Record.(*line)
		if err := save(ctx, tx, im.setup.Actor.Tenant, l.member); err != nil {
			return err
		}
		if l.member.UnitID != l.before.UnitID {
			if err := followUnit(ctx, tx, im.setup.Actor.Tenant, l.member.ID, l.member.UnitID); err != nil {
				return err
			}
		}
		if err := record(ctx, tx, im.setup.Actor, PermImport, "member.edit", l.member, changes(l.before, l.member)); err != nil {
			return err
		}
	}
	return nil
}

func (im *importer) insert(ctx context.Context, tx *db.Tx, items []*intake.Item) error {
	if len(items) == 0 {
		return nil
	}
	people := make([]Someone, len(items))
	for i, it := range items {
		people[i] = it.Record.(*line).someone
	}
	known, err := im.s.people.EnsureAllTx(ctx, tx, im.setup.Actor, people)
	if err != nil {
		return err
	}
	members, starts := make([]Member, 0, len(items)), make([]Registration, 0, len(items))
	for i, it := range items {
		l := it.Record.(*line)
		if known[i].Err != nil { // checked before in Plan; a change in between stops the whole import
			return errs.New(errs.Conflict, i18n.MemberImportRow, it.No).Because(known[i].Err)
		}
		m := l.member
		m.PersonID = known[i].ID
		members = append(members, m)
		if l.community != 0 && im.setup.Options["register"] {
			starts = append(starts, Registration{ID: id.New(), MemberID: m.ID, PersonID: m.PersonID, UnitID: m.UnitID, CommunityID: l.community,
				StartedBy: ByUnit, State: Proposed, Skills: m.Skills, ProposedAt: tx.Now(), ProposedBy: im.setup.Actor.AccountID})
		}
	}
	if err := insertMembers(ctx, tx, im.setup.Actor.Tenant, im.setup.ImportID, members); err != nil {
		return err
	}
	return insertRegistrations(ctx, tx, im.setup.Actor.Tenant, starts)
}

// Finish records that members were entered; the single rows name their import.
func (im *importer) Finish(ctx context.Context, tx *db.Tx) error {
	if tx == nil {
		return nil
	}
	return audit.Record(ctx, tx, im.setup.Actor, audit.Entry{Action: "member.import", SubjectKind: "import", SubjectID: im.setup.ImportID,
		OrgID: im.setup.OrgID, Permission: PermImport})
}
