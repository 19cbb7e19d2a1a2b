package person

import (
	"context"
	"strconv"
	"strings"
	"unicode/utf8"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
)

// SourceDoor is the source of records that were entered because somebody said so at a door.
const SourceDoor = "door"

// PurposeUpkeep is the purpose under which a grid worker sees who is registered in a household (GRID-2).
const PurposeUpkeep = "upkeep"

// Occupancy is how a dwelling is used, as somebody said at its door; "" where nobody has asked.
type Occupancy string

// The ways.
const (
	OccupancyOwn   Occupancy = "own"
	OccupancyLet   Occupancy = "let"
	OccupancyEmpty Occupancy = "empty"
)

// Text names the way.
func (o Occupancy) Text() i18n.Text {
	return map[Occupancy]i18n.Text{OccupancyOwn: i18n.DoorOwn, OccupancyLet: i18n.DoorLet, OccupancyEmpty: i18n.DoorEmpty}[o]
}

// Said names the way, or says that nobody has asked.
func (o Occupancy) Said() i18n.Text {
	if t := o.Text(); !t.IsZero() {
		return t
	}
	return i18n.DoorNotSaid
}

// Finding is what somebody says at a door about a household's part of the register.
type Finding string

// The findings.
const (
	Confirmed     Finding = "confirmed" // right as it stands
	Joined        Finding = "joined"    // somebody moved in
	Left          Finding = "left"      // somebody moved out
	Deceased      Finding = "deceased"
	NewContact    Finding = "contact"
	UsedOtherwise Finding = "occupancy"
	WrongAddress  Finding = "address"
)

// Findings lists them in the order of the form.
func Findings() []Finding {
	return []Finding{Confirmed, Joined, Left, Deceased, NewContact, UsedOtherwise, WrongAddress}
}

// Text names the finding.
func (f Finding) Text() i18n.Text {
	return map[Finding]i18n.Text{Confirmed: i18n.DoorConfirmed, Joined: i18n.DoorJoined, Left: i18n.DoorLeft, Deceased: i18n.DoorDeceased, NewContact: i18n.DoorContact,
		UsedOtherwise: i18n.DoorOccupancy, WrongAddress: i18n.DoorAddress}[f]
}

// about says whether a finding is about one of those who live there.
func (f Finding) about() bool { return f == Left || f == Deceased || f == NewContact }

// AtDoor is one finding. Seen and Known are what the one who asked had before them (Dwelling); where they are empty nothing is compared.
type AtDoor struct {
	Finding     Finding
	HouseholdID id.ID
	On          calendar.Date // the day at the door; today if zero
	Since       calendar.Date // when it happened: moved in, moved out, died; the day at the door if zero
	Seen        string
	Known       string
	PersonID    id.ID // whom it is about; of somebody who moved in, the record that is taken along
	Anew        bool  // somebody who moved in is not the one of the same name who lives elsewhere in the community
	Version     int64 // of that record; 0: whoever decides has looked at it as it is now
	Waited      bool  // it waited for whoever writes it now: what they wrote meanwhile was not said at the same door
	Name        string
	Sex         code.Sex
	Relation    string // code.HeadRelations
	Phone       string
	Occupancy   Occupancy
	Stairwell   string
	Room        string
	Address     string // the whole, where stairwell and room do not say it
}

// maxPart is the longest stairwell or room, and maxAddress the longest address.
const (
	maxPart    = 20
	maxAddress = 100
)

// Check says what of a finding is wrong in itself, whatever the register says.
func (a *AtDoor) Check(today calendar.Date) error {
	a.Stairwell, a.Room, a.Address = strings.TrimSpace(a.Stairwell), strings.TrimSpace(a.Room), strings.TrimSpace(a.Address)
	if a.On.IsZero() || a.On.After(today) {
		a.On = today
	}
	var e *errs.Error
	if a.Since.After(today) {
		e = e.With("since", i18n.PersonInFuture)
	}
	if a.HouseholdID == 0 {
		e = e.With("household", i18n.ErrRequired)
	}
	switch {
	case a.Finding.Text().IsZero():
		e = e.With("finding", i18n.ErrRequired)
	case a.Finding.about() && a.PersonID == 0:
		e = e.With("person", i18n.DoorWhom)
	case a.Finding == Confirmed && a.Seen == "":
		e = e.With("finding", i18n.DoorLookFirst)
	case a.Finding == NewContact && a.Phone == "":
		e = e.With("phone", i18n.ErrRequired)
	case a.Finding == UsedOtherwise && a.Occupancy.Text().IsZero():
		e = e.With("occupancy", i18n.ErrRequired)
	case a.Finding == WrongAddress:
		e = a.checkAddress(e)
	}
	if err := e.OrNil(); err != nil {
		return err
	}
	f := Fields{Name: a.Name, Sex: a.Sex, Phone: a.Phone, HeadRelation: a.Relation, MovedInOn: a.happened()}
	if a.Finding != Joined {
		f = Fields{Name: "X", Phone: a.Phone} // a record has a name; here only the telephone counts
	}
	_, _, err := f.check(today.Time())
	return err
}

// happened is the day under which somebody moved in, moved out or died.
func (a *AtDoor) happened() calendar.Date {
	if a.Since.IsZero() {
		return a.On
	}
	return a.Since
}

func (a *AtDoor) checkAddress(e *errs.Error) *errs.Error {
	if a.Room == "" && a.Address == "" {
		e = e.With("room", i18n.ErrRequired)
	}
	for field, s := range map[string]string{"stairwell": a.Stairwell, "room": a.Room, "address": a.Address} {
		most := maxPart
		if field == "address" {
			most = maxAddress
		}
		if n := utf8.RuneCountInString(s); n > most {
			e = e.With(field, i18n.ErrTooLong, most, n)
		}
	}
	return e
}

// Mate is somebody who lives in a dwelling as a grid worker sees them: a name and how they belong to the household, and no number, telephone or day of birth.
type Mate struct {
	ID          id.ID
	HouseholdID id.ID
	Version     int64
	Name        string
	Relation    string // code.HeadRelations
}

// Dwelling is a household with who is registered there. Seen and Known change when they do.
type Dwelling struct {
	Household
	Mates []Mate
	Seen  string
	Known string
}

// known tells what is written of a dwelling apart: its address, and how it is used, each by itself. Nobody without the key finds out by it what that is.
func (s *Service) known(household id.ID, address string, use Occupancy) string {
	return s.knownPart(household, "address", address) + "." + s.knownPart(household, "use", string(use))
}

func (s *Service) knownPart(household id.ID, part, is string) string {
	return s.ring.Index("household_known", household.String()+"\x00"+part+"\x00"+is)[:12]
}

// Known tells what is written of a household in its row apart (AtDoor).
func (s *Service) Known(h Household) string { return s.known(h.ID, h.Address, h.Occupancy) }

func short(s string) string { return seal.Hash([]byte(s))[:16] }

// seen tells one list of people apart from another: who they are, and each as last written.
func seen(mates []Mate) string {
	var b strings.Builder
	for _, m := range mates {
		b.WriteString(m.ID.String() + "." + strconv.FormatInt(m.Version, 10) + " ")
	}
	return short("of " + b.String())
}

// mostDwellings bounds what is shown at once: a large building.
const mostDwellings = 400

// Indoors gives a household in scope (PermSee), or those of a building, in given grids with who is registered there. Each of them can read that the actor saw their name, once
// a day for each account.
func (s *Service) Indoors(ctx context.Context, actor authz.Actor, grids []id.ID, household, building id.ID) (out []Dwelling, err error) {
	if len(grids) == 0 || household == 0 && building == 0 {
		return nil, errs.ErrNotFound
	}
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		where := actor.Scope(PermSee).Where(a, authz.Columns{Tenant: "h.tenant_id", Orgs: []string{"h.community_id"}}) + " AND h.grid_id <> 0 AND " + db.In(a, "h.grid_id", grids)
		if household != 0 {
			where += " AND h.id = " + a.Add(household)
		} else {
			where += " AND h.building_id <> 0 AND h.building_id = " + a.Add(building)
		}
		homes, err := db.All(ctx, tx, (*Household).dest, "SELECT "+householdColumns+" FROM household h WHERE "+where+" ORDER BY h.address, h.id LIMIT "+a.Add(mostDwellings), a.Values()...)
		if err != nil {
			return err
		}
		if len(homes) == 0 {
			return errs.ErrNotFound
		}
		out = make([]Dwelling, len(homes))
		ids, at := make([]id.ID, len(homes)), map[id.ID]int{}
		for i, h := range homes {
			out[i], ids[i], at[h.ID] = Dwelling{Household: h}, h.ID, i
		}
		mates, err := indoors(ctx, tx, actor.Tenant, ids)
		if err != nil {
			return err
		}
		looks := make([]Person, len(mates))
		for i, m := range mates {
			d := &out[at[m.HouseholdID]]
			d.Mates = append(d.Mates, m)
			looks[i] = Person{ID: m.ID, CommunityID: d.CommunityID}
		}
		for i := range out {
			out[i].Seen, out[i].Known = seen(out[i].Mates), s.Known(out[i].Household)
		}
		return LookedTx(ctx, tx, actor, looks, PurposeUpkeep)
	})
}

// indoors are the people registered in households whom the caller found in its scope, the heads first.
func indoors(ctx context.Context, q db.Querier, tenant int64, households []id.ID) ([]Mate, error) {
	a := &db.Args{}
	return db.All(ctx, q, func(m *Mate) []any { return []any{&m.ID, &m.HouseholdID, &m.Version, &m.Name, &m.Relation} },
		"SELECT p.id, p.household_id, p.version, p.name, p.head_relation FROM person p WHERE p.tenant_id = "+a.Add(tenant)+" AND p.household_id <> 0 AND "+db.In(a, "p.household_id", households)+
			" AND p.moved_out_on = '' AND p.died_on = '' AND p.anonymised_on = '' ORDER BY p.household_id, CASE WHEN p.head_relation = '02' THEN 0 ELSE 1 END, p.id", a.Values()...)
}

// LookedTx records that the actor saw data of people for a purpose, once a day for each account; the caller has found them in its scope. One's own record is left out.
func LookedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, people []Person, purpose string) error {
	if len(people) == 0 || actor.IsSystem() {
		return nil
	}
	ids := make([]id.ID, len(people))
	for i, p := range people {
		ids[i] = p.ID
	}
	a := &db.Args{}
	had, err := db.Column[id.ID](ctx, tx, "SELECT person_id FROM audit_entry WHERE tenant_id = "+a.Add(actor.Tenant)+" AND person_id <> 0 AND "+db.In(a, "person_id", ids)+" AND id >= "+
		a.Add(id.At(calendar.DateOf(tx.Now()).Time()))+" AND account_id = "+a.Add(actor.AccountID)+" AND action = "+a.Add(string(PermSee))+" AND purpose = "+a.Add(purpose), a.Values()...)
	if err != nil {
		return err
	}
	done := map[id.ID]bool{actor.PersonID: true}
	for _, p := range had {
		done[p] = true
	}
	var entries []audit.Entry
	for _, p := range people {
		if !done[p.ID] {
			done[p.ID] = true
			entries = append(entries, audit.Entry{Action: string(PermSee), SubjectKind: "person", SubjectID: p.ID, PersonID: p.ID, OrgID: p.CommunityID, Purpose: purpose})
		}
	}
	if len(entries) == 0 {
		return nil
	}
	return audit.RecordMany(ctx, tx, actor, entries)
}

// ChangedError is the cause of the Conflict of AtDoorTx: the register says something else since whoever asked had it before them.
type ChangedError struct {
	Now     i18n.Text // what it says now
	On      calendar.Date
	Version int64  // of the person's record
	Known   string // of the dwelling
}

// ChangedSince says what the register has now of what a finding is about, if it is something else than when it was said; nil where it is not.
func (s *Service) ChangedSince(d AtDoor, h Household, p Person) *ChangedError {
	switch {
	case d.Finding.about() && d.Version != 0 && p.Version != d.Version:
		return &ChangedError{Now: stateText(p), On: calendar.DateOf(p.UpdatedAt), Version: p.Version}
	case d.Finding == UsedOtherwise && h.Occupancy != d.Occupancy && s.other(d, 1, h, "use", string(h.Occupancy)):
		return &ChangedError{Now: h.Occupancy.Said(), On: h.OccupancyOn, Known: s.Known(h)}
	case d.Finding == WrongAddress && s.other(d, 0, h, "address", h.Address):
		return &ChangedError{Now: i18n.Verbatim(h.Address), Known: s.Known(h)}
	}
	return nil
}

// Say tells somebody what the register says now.
func (e *ChangedError) Say(l i18n.Lang) string {
	if e.On.IsZero() {
		return i18n.DoorChangedTo.In(l, e.Now)
	}
	return i18n.DoorChanged.In(l, e.Now, e.On)
}

// NamesakeError is the cause of the Conflict of AtDoorTx: somebody of that name lives elsewhere in the community, and it is not said whether it is they who moved in.
type NamesakeError struct{}

// Error is for the log.
func (*NamesakeError) Error() string { return "somebody of that name lives elsewhere in the community" }

// Error is for the log.
func (e *ChangedError) Error() string { return "the register was changed meanwhile" }

// AtDoorTx writes a finding into the register (PermEdit at the household), in the transaction of another use case, and gives the person whom it is about. Where the register
// was changed since whoever asked had it before them, and does not say the same already, the answer is a Conflict whose cause is a ChangedError.
func (s *Service) AtDoorTx(ctx context.Context, tx *db.Tx, actor authz.Actor, d AtDoor) (id.ID, error) {
	if err := d.Check(calendar.DateOf(tx.Now())); err != nil {
		return 0, err
	}
	h, err := findHousehold(ctx, tx, actor.Scope(PermEdit), d.HouseholdID)
	if err != nil {
		return 0, err
	}
	switch d.Finding {
	case Confirmed:
		return 0, s.confirm(ctx, tx, actor, h, d)
	case Joined:
		return s.join(ctx, tx, actor, h, d)
	case UsedOtherwise:
		return 0, s.occupancy(ctx, tx, actor, h, d)
	case WrongAddress:
		return 0, s.readdress(ctx, tx, actor, h, d)
	}
	return d.PersonID, s.ofMate(ctx, tx, actor, h, d)
}

// confirm notes that the register is right for a household. What was seen must still stand there: nobody says of people whom they have not seen that they live there.
func (s *Service) confirm(ctx context.Context, tx *db.Tx, actor authz.Actor, h Household, d AtDoor) error {
	mates, err := indoors(ctx, tx, actor.Tenant, []id.ID{h.ID})
	if err != nil {
		return err
	}
	if d.Seen != seen(mates) {
		return errs.Field("finding", i18n.DoorLookAgain)
	}
	if d.On.Before(h.ConfirmedOn) {
		return nil // somebody was there later already
	}
	return s.saidAt(ctx, tx, actor, h, "household.confirm", "confirmed_on = $1, confirmed_by = $2", nil, d.On, actor.AccountID)
}

// saidAt writes columns of a household, the first value being $1, and records it. Its version stays: it is that of the number of people.
func (s *Service) saidAt(ctx context.Context, tx *db.Tx, actor authz.Actor, h Household, action, set string, detail map[string]any, values ...any) error {
	n := len(values)
	values = append(values, actor.Tenant, h.ID)
	if _, err := tx.Exec(ctx, "UPDATE household SET "+set+" WHERE tenant_id = $"+strconv.Itoa(n+1)+" AND id = $"+strconv.Itoa(n+2), values...); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, Permission: PermEdit, SubjectKind: "household", SubjectID: h.ID, OrgID: h.CommunityID, Detail: detail})
}

// join enters somebody who moved in: the record of who had left this household is put back, that of who moves within the community is taken along, and only somebody else is new.
// Their ID number is added by the community, from a document.
func (s *Service) join(ctx context.Context, tx *db.Tx, actor authz.Actor, h Household, d AtDoor) (id.ID, error) {
	in := NewPerson{Fields: Fields{Name: d.Name, Sex: d.Sex, Phone: d.Phone, HeadRelation: d.Relation, MovedInOn: d.happened()}, CommunityID: h.CommunityID, Source: SourceDoor}
	sealed, flags, err := in.check(tx.Now())
	if err != nil {
		return 0, err
	}
	// Two phones that say it of one household come one after the other.
	if _, err := tx.Exec(ctx, `UPDATE household SET version = version WHERE tenant_id = $1 AND id = $2`, actor.Tenant, h.ID); err != nil {
		return 0, err
	}
	p := s.newcomer(in, sealed, flags)
	same, err := namesakes(ctx, tx, actor.Tenant, h.CommunityID, in.Name)
	if err != nil {
		return 0, err
	}
	var left, elsewhere *Namesake
	for i, o := range same {
		switch {
		case o.HouseholdID == h.ID && o.MovedOutOn.IsZero():
			return 0, errs.Field("name", i18n.DoorLivesHere)
		case o.HouseholdID == h.ID && left == nil:
			left = &same[i]
		case o.MovedOutOn.IsZero() && (d.PersonID == 0 || d.PersonID == o.ID):
			elsewhere = &same[i]
		}
	}
	switch {
	case d.PersonID != 0 && elsewhere == nil:
		return 0, errs.Field("person", i18n.DoorNotThere)
	case d.PersonID != 0:
		return elsewhere.ID, s.takeAlong(ctx, tx, actor, h, d, elsewhere.ID, "resident.take_in")
	case left != nil && d.On.Before(left.MovedOutOn):
		return left.ID, nil // they had come, and have left since
	case left != nil:
		return left.ID, s.takeAlong(ctx, tx, actor, h, d, left.ID, "resident.take_in")
	case elsewhere != nil && !d.Anew:
		return 0, errs.New(errs.Conflict, i18n.ErrConflict).Because(&NamesakeError{})
	}
	p.HouseholdID, p.GridID, p.BuildingID, p.CreatedAt, p.UpdatedAt = h.ID, h.GridID, h.BuildingID, tx.Now(), tx.Now()
	if err := insertPeople(ctx, tx, actor.Tenant, []*stored{p}); err != nil {
		return 0, err
	}
	return p.ID, s.record(ctx, tx, actor, "resident.create", p, map[string]any{"source": SourceDoor, "household": h.ID})
}

// takeAlong lets somebody who is registered in the community live in a household, from the day on which they moved there. What their record has is kept.
func (s *Service) takeAlong(ctx context.Context, tx *db.Tx, actor authz.Actor, h Household, d AtDoor, person id.ID, action string) error {
	p, err := findStored(ctx, tx, actor.Scope(PermEdit), person)
	if err != nil {
		return err
	}
	if d.happened().Before(p.BornOn) {
		return errs.Field("since", i18n.DoorBeforeBirth)
	}
	from := p.HouseholdID
	p.HouseholdID, p.GridID, p.BuildingID, p.MovedInOn, p.MovedOutOn = h.ID, h.GridID, h.BuildingID, d.happened(), calendar.Date{}
	if d.Relation != "" {
		p.HeadRelation = d.Relation
	}
	if phone, _ := code.ParsePhone(d.Phone); d.Phone != "" && p.phoneIndex == "" {
		p.sealPhone(s.ring, sealedFields{phone: phone})
	}
	if err := update(ctx, tx, actor.Tenant, p); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, action, p, map[string]any{"source": SourceDoor, "from": from, "household": h.ID, "on": d.happened().String()})
}

// Namesake is somebody of a name in a community.
type Namesake struct {
	ID          id.ID
	CommunityID id.ID
	HouseholdID id.ID
	Name        string
	Address     string
	MovedOutOn  calendar.Date
}

// mostNamesakes bounds how many of one name are looked at.
const mostNamesakes = 50

func namesakesWhere(ctx context.Context, q db.Querier, a *db.Args, where string) ([]Namesake, error) {
	return db.All(ctx, q, func(n *Namesake) []any {
		return []any{&n.ID, &n.CommunityID, &n.HouseholdID, &n.Name, &n.Address, &n.MovedOutOn}
	},
		"SELECT p.id, p.community_id, p.household_id, p.name, coalesce(h.address, ''), p.moved_out_on FROM person p LEFT JOIN household h ON h.tenant_id = p.tenant_id AND h.id = p.household_id WHERE "+
			where+" AND p.died_on = '' AND p.anonymised_on = '' ORDER BY p.moved_out_on DESC, p.id LIMIT "+a.Add(mostNamesakes), a.Values()...)
}

// namesakes are those of a name in a community whom the caller has found, who left last first.
func namesakes(ctx context.Context, q db.Querier, tenant int64, community id.ID, name string) ([]Namesake, error) {
	a := &db.Args{}
	return namesakesWhere(ctx, q, a, "p.tenant_id = "+a.Add(tenant)+" AND p.community_id = "+a.Add(community)+" AND p.name_key = "+a.Add(nameKeyOf(name))+" AND p.name = "+a.Add(name))
}

// NamesakesTx gives those in scope (PermEdit) who live where and bear one of the names, for who decides whether it is they who moved in. The caller records the look.
func (s *Service) NamesakesTx(ctx context.Context, tx *db.Tx, actor authz.Actor, names []string) (map[string][]Namesake, error) {
	out := map[string][]Namesake{}
	if len(names) == 0 {
		return out, nil
	}
	keys := make([]string, len(names)) // by which they are found; who only sounds alike is left out
	for i, name := range names {
		keys[i] = nameKeyOf(name)
	}
	a := &db.Args{}
	where := actor.Scope(PermEdit).Where(a, authz.Columns{Tenant: "p.tenant_id", Orgs: []string{"p.community_id"}}) + " AND p.moved_out_on = '' AND " + db.In(a, "p.name_key", keys) + " AND " + db.In(a, "p.name", names)
	all, err := namesakesWhere(ctx, tx, a, where)
	for _, n := range all {
		out[n.Name] = append(out[n.Name], n)
	}
	return out, err
}

// ofMate writes what was said of somebody who lives there.
func (s *Service) ofMate(ctx context.Context, tx *db.Tx, actor authz.Actor, h Household, d AtDoor) error {
	p, err := findStored(ctx, tx, actor.Scope(PermEdit), d.PersonID)
	if errs.KindOf(err) == errs.NotFound || err == nil && p.HouseholdID != h.ID {
		return errs.Field("person", i18n.DoorNotHere)
	} else if err != nil {
		return err
	}
	phone, _ := code.ParsePhone(d.Phone)
	if d.Finding == Left && !p.MovedOutOn.IsZero() || d.Finding == Deceased && !p.DiedOn.IsZero() ||
		d.Finding == NewContact && p.phoneIndex == s.ring.Index("phone", phone.String()) {
		return nil // it says so already
	}
	if d.Version != 0 && d.Version != p.Version {
		if own, err := s.ownSince(ctx, tx, actor, p.ID, p.Version-d.Version); err != nil {
			return err
		} else if own && !d.Waited {
			d.Version = p.Version
		}
	}
	if d.Version != 0 && d.Version != p.Version {
		return errs.New(errs.Conflict, i18n.ErrConflict).Because(&ChangedError{Now: stateText(p.Person), On: calendar.DateOf(p.UpdatedAt), Version: p.Version})
	}
	detail := map[string]any{"source": SourceDoor, "on": d.On.String()}
	var action string
	switch d.Finding {
	case Left:
		if d.happened().Before(p.MovedInOn) || d.happened().Before(p.BornOn) {
			return errs.Field(d.dayField(), i18n.PersonMoveBefore)
		}
		p.MovedOutOn, action, detail["on"] = d.happened(), "resident.move_out", d.happened().String()
	case Deceased:
		if d.happened().Before(p.BornOn) {
			return errs.Field(d.dayField(), i18n.DoorBeforeBirth)
		}
		p.DiedOn, action, detail["on"] = d.happened(), "resident.died", d.happened().String()
	default:
		p.sealPhone(s.ring, sealedFields{phone: phone})
		action, detail["fields"] = "resident.edit", []string{"phone"}
	}
	if err := update(ctx, tx, actor.Tenant, p); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, action, p, detail)
}

// dayField is where a form says which day is wrong.
func (a *AtDoor) dayField() string {
	if a.Since.IsZero() {
		return "finding"
	}
	return "since"
}

// ownSince says whether the last n changes of a record are the actor's own of today: what they wrote during the same visit is no news to them.
func (s *Service) ownSince(ctx context.Context, tx *db.Tx, actor authz.Actor, subject id.ID, n int64) (bool, error) {
	const most = 8
	if n < 1 || n > most || actor.AccountID == 0 {
		return false, nil
	}
	a := &db.Args{}
	by, err := db.Column[id.ID](ctx, tx, "SELECT account_id FROM audit_entry WHERE tenant_id = "+a.Add(actor.Tenant)+" AND subject_id <> 0 AND subject_id = "+a.Add(subject)+" AND id >= "+
		a.Add(id.At(calendar.DateOf(tx.Now()).Time()))+" AND action IN ('resident.create', 'resident.edit', 'resident.move_out', 'resident.died', 'resident.take_in') ORDER BY id DESC LIMIT "+a.Add(n), a.Values()...)
	if err != nil || int64(len(by)) < n {
		return false, err
	}
	for _, account := range by {
		if account != actor.AccountID {
			return false, nil
		}
	}
	return true, nil
}

func stateText(p Person) i18n.Text {
	return map[string]i18n.Text{Living: i18n.DoorStateLiving, MovedOut: i18n.DoorStateLeft, Dead: i18n.DoorStateDead}[p.State()]
}

// other says whether a part of a dwelling is another than the one who asked had before them.
func (s *Service) other(d AtDoor, at int, h Household, part, is string) bool {
	parts := strings.Split(d.Known, ".")
	return len(parts) == 2 && parts[at] != s.knownPart(h.ID, part, is)
}

// occupancy notes how a dwelling is used. What was said on an earlier day than what stands there is no news.
func (s *Service) occupancy(ctx context.Context, tx *db.Tx, actor authz.Actor, h Household, d AtDoor) error {
	if d.On.Before(h.OccupancyOn) {
		return nil
	}
	own := !d.Waited && h.OccupancyBy == actor.AccountID && h.OccupancyOn == d.On
	if h.Occupancy != d.Occupancy && !own && s.other(d, 1, h, "use", string(h.Occupancy)) {
		return errs.New(errs.Conflict, i18n.ErrConflict).Because(&ChangedError{Now: h.Occupancy.Said(), On: h.OccupancyOn, Known: s.Known(h)})
	}
	return s.saidAt(ctx, tx, actor, h, "household.occupancy", "occupancy = $1, occupancy_on = $2, occupancy_by = $3",
		map[string]any{"was": string(h.Occupancy), "now": string(d.Occupancy)}, string(d.Occupancy), d.On, actor.AccountID)
}

// readdress puts a household's address right. Another household that bears it already is not written over.
func (s *Service) readdress(ctx context.Context, tx *db.Tx, actor authz.Actor, h Household, d AtDoor) error {
	address := Address{Stairwell: d.Stairwell, Room: d.Room, Text: d.Address}
	if d.Address == "" {
		if h.BuildingID == 0 {
			return errs.Field("address", i18n.DoorWholeAddress)
		}
		err := tx.QueryRow(ctx, `SELECT coalesce(q.name, ''), b.name FROM building b LEFT JOIN quarter_area q ON q.tenant_id = b.tenant_id AND q.id = b.quarter_id WHERE b.tenant_id = $1 AND b.id = $2`,
			actor.Tenant, h.BuildingID).Scan(&address.Quarter, &address.Building)
		if err != nil {
			return err
		}
	}
	now := address.String()
	if now == h.Address {
		return nil
	}
	if s.other(d, 0, h, "address", h.Address) {
		own, err := s.ownAddress(ctx, tx, actor, h)
		if err != nil {
			return err
		}
		if !own || d.Waited {
			return errs.New(errs.Conflict, i18n.ErrConflict).Because(&ChangedError{Now: i18n.Verbatim(h.Address), Known: s.Known(h)})
		}
	}
	same, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM household WHERE tenant_id = $1 AND community_id = $2 AND address = $3 AND id <> $4`, actor.Tenant, h.CommunityID, now, h.ID)
	if err != nil {
		return err
	}
	if same > 0 {
		return errs.Field("room", i18n.DoorAddressTaken, now)
	}
	return s.saidAt(ctx, tx, actor, h, "household.address", "stairwell = $1, room = $2, address = $3", map[string]any{"was": h.Address, "now": now}, d.Stairwell, d.Room, now)
}

// ownAddress says whether the actor put the address of a household there today.
func (s *Service) ownAddress(ctx context.Context, tx *db.Tx, actor authz.Actor, h Household) (bool, error) {
	a := &db.Args{}
	by, err := db.Column[id.ID](ctx, tx, "SELECT account_id FROM audit_entry WHERE tenant_id = "+a.Add(actor.Tenant)+" AND subject_id <> 0 AND subject_id = "+a.Add(h.ID)+" AND id >= "+
		a.Add(id.At(calendar.DateOf(tx.Now()).Time()))+" AND action = 'household.address' ORDER BY id DESC LIMIT 1", a.Values()...)
	return len(by) == 1 && by[0] != 0 && by[0] == actor.AccountID, err
}

// ConfirmedSince says how many of the households of grids in scope (PermSee) were confirmed since a day, of how many: no list, no name.
func (s *Service) ConfirmedSince(ctx context.Context, actor authz.Actor, grids []id.ID, since calendar.Date) (confirmed, all int64, err error) {
	if len(grids) == 0 {
		return 0, 0, nil
	}
	a := &db.Args{}
	day := a.Add(since)
	where := actor.Scope(PermSee).Where(a, authz.Columns{Tenant: "h.tenant_id", Orgs: []string{"h.community_id"}}) + " AND h.grid_id <> 0 AND " + db.In(a, "h.grid_id", grids)
	err = s.db.QueryRow(ctx, "SELECT coalesce(sum(CASE WHEN h.confirmed_on >= "+day+" THEN 1 ELSE 0 END), 0), count(*) FROM household h WHERE "+where, a.Values()...).Scan(&confirmed, &all)
	return confirmed, all, err
}
