package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/person"
)

// Resident is one person's record, with its sealed fields masked.
type Resident struct {
	ID           rest.ID   `json:"id" doc:"Identifier."`
	Name         string    `json:"name" doc:"Name."`
	Sex          string    `json:"sex,omitempty" doc:"GB/T 2261.1 code."`
	BornOn       rest.Date `json:"born_on,omitempty" doc:"Day of birth."`
	IDNumber     string    `json:"id_number,omitempty" doc:"ID number, masked; see POST /residents/{id}/reveal."`
	Phone        string    `json:"phone,omitempty" doc:"Phone, masked; see POST /residents/{id}/reveal."`
	CommunityID  rest.ID   `json:"community_id,omitempty" doc:"Community in which they live."`
	Community    string    `json:"community,omitempty" doc:"Name of the community, in lists."`
	HouseholdID  rest.ID   `json:"household_id,omitempty" doc:"Household."`
	GridID       rest.ID   `json:"grid_id,omitempty" doc:"Grid."`
	Grid         string    `json:"grid,omitempty" doc:"Name of the grid, in lists."`
	BuildingID   rest.ID   `json:"building_id,omitempty" doc:"Building."`
	Address      string    `json:"address,omitempty" doc:"Address, in lists."`
	Ethnic       string    `json:"ethnic,omitempty" doc:"GB/T 3304 code."`
	Political    string    `json:"political,omitempty" doc:"GB/T 4762 code."`
	Schooling    string    `json:"schooling,omitempty" doc:"GB/T 4658 code."`
	Residence    string    `json:"residence,omitempty" doc:"Kind of residence."`
	HeadRelation string    `json:"head_relation,omitempty" doc:"Relation to the head of the household."`
	WorkUnit     string    `json:"work_unit,omitempty" doc:"Where they work."`
	Categories   []string  `json:"categories,omitempty" doc:"Codes that hold today, in lists."`
	MovedInOn    rest.Date `json:"moved_in_on,omitempty" doc:"Day of moving in."`
	MovedOutOn   rest.Date `json:"moved_out_on,omitempty" doc:"Day of moving away."`
	DiedOn       rest.Date `json:"died_on,omitempty" doc:"Day of death."`
	State        string    `json:"state" doc:"living, moved_out, dead."`
	Flagged      []string  `json:"flagged,omitempty" doc:"What contradicts the ID number: born_on, sex (CODE-4)."`
	Source       string    `json:"source,omitempty" doc:"How the record came in."`
	CreatedAt    time.Time `json:"created_at" doc:"When it was entered."`
	UpdatedAt    time.Time `json:"updated_at" doc:"When it was last changed."`
	Version      int64     `json:"version" doc:"Version, for changes."`
}

// RecordVersion is the version of the record.
func (r Resident) RecordVersion() int64 { return r.Version }

func residentOf(p person.Person) Resident {
	return Resident{ID: rest.IDOf(p.ID), Name: p.Name, Sex: string(p.Sex), BornOn: rest.DateOf(p.BornOn), IDNumber: p.IDMask, Phone: p.PhoneMask,
		CommunityID: rest.IDOf(p.CommunityID), HouseholdID: rest.IDOf(p.HouseholdID), GridID: rest.IDOf(p.GridID), BuildingID: rest.IDOf(p.BuildingID),
		Ethnic: p.Ethnic, Political: p.Political, Schooling: p.Schooling, Residence: p.Residence, HeadRelation: p.HeadRelation, WorkUnit: p.WorkUnit,
		MovedInOn: rest.DateOf(p.MovedInOn), MovedOutOn: rest.DateOf(p.MovedOutOn), DiedOn: rest.DateOf(p.DiedOn), State: p.State(), Flagged: p.Flagged, Source: p.Source,
		CreatedAt: p.CreatedAt.UTC(), UpdatedAt: p.UpdatedAt.UTC(), Version: p.Version}
}

func residentItemOf(i person.Item) Resident {
	r := residentOf(i.Person)
	r.Community, r.Address, r.Grid, r.Categories = i.CommunityName, i.Address, i.GridName, i.Categories
	return r
}

// Address says where somebody lives.
type Address struct {
	Quarter   string `json:"quarter,omitempty" maxLength:"60" doc:"Name of the residential quarter."`
	Building  string `json:"building,omitempty" maxLength:"60" doc:"Name of the building within the quarter."`
	Stairwell string `json:"stairwell,omitempty" maxLength:"20" doc:"Stairwell."`
	Room      string `json:"room,omitempty" maxLength:"20" doc:"Room."`
	Text      string `json:"text,omitempty" maxLength:"200" doc:"The whole, where the parts are not known."`
}

func (a Address) plain() person.Address {
	return person.Address{Quarter: a.Quarter, Building: a.Building, Stairwell: a.Stairwell, Room: a.Room, Text: a.Text}
}

// NewResident is somebody to enter.
type NewResident struct {
	CommunityID  rest.ID   `json:"community_id" doc:"Community in which they live."`
	Name         string    `json:"name" maxLength:"60" doc:"Name."`
	IDNumber     string    `json:"id_number,omitempty" maxLength:"40" doc:"ID number; kept sealed. Sex and birthday are proposed from it."`
	Phone        string    `json:"phone,omitempty" maxLength:"40" doc:"Phone; kept sealed."`
	Sex          string    `json:"sex,omitempty" maxLength:"2" doc:"GB/T 2261.1 code."`
	BornOn       rest.Date `json:"born_on,omitempty" doc:"Day of birth."`
	Ethnic       string    `json:"ethnic,omitempty" maxLength:"4" doc:"GB/T 3304 code; only where a purpose needs it."`
	Political    string    `json:"political,omitempty" maxLength:"4" doc:"GB/T 4762 code; only where a purpose needs it."`
	Schooling    string    `json:"schooling,omitempty" maxLength:"4" doc:"GB/T 4658 code."`
	Residence    string    `json:"residence,omitempty" maxLength:"40" doc:"Kind of residence."`
	HeadRelation string    `json:"head_relation,omitempty" maxLength:"40" doc:"Relation to the head of the household."`
	WorkUnit     string    `json:"work_unit,omitempty" maxLength:"100" doc:"Where they work."`
	MovedInOn    rest.Date `json:"moved_in_on,omitempty" doc:"Day of moving in."`
	Categories   []string  `json:"categories,omitempty" maxItems:"30" doc:"Codes of categories (SRV-9)."`
	Address      *Address  `json:"address,omitempty" doc:"Where they live."`
	Confirmed    bool      `json:"confirmed,omitempty" doc:"Sex and birthday were checked although they differ from the ID number."`
}

func (n NewResident) plain() person.NewPerson {
	p := person.NewPerson{CommunityID: n.CommunityID.ID(), Confirmed: n.Confirmed, Source: "api", Fields: person.Fields{Name: n.Name, Sex: code.Sex(n.Sex),
		BornOn: n.BornOn.Date(), IDNumber: n.IDNumber, Phone: n.Phone, Ethnic: n.Ethnic, Political: n.Political, Schooling: n.Schooling, Residence: n.Residence,
		HeadRelation: n.HeadRelation, WorkUnit: n.WorkUnit, MovedInOn: n.MovedInOn.Date(), Categories: n.Categories}}
	if n.Address != nil {
		p.Address = n.Address.plain()
	}
	return p
}

// ResidentChange changes a record; what is absent stays.
type ResidentChange struct {
	Version      int64      `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
	Name         *string    `json:"name,omitempty" maxLength:"60" doc:"Name."`
	IDNumber     *string    `json:"id_number,omitempty" maxLength:"40" doc:"ID number; empty deletes it."`
	Phone        *string    `json:"phone,omitempty" maxLength:"40" doc:"Phone; empty deletes it."`
	Sex          *string    `json:"sex,omitempty" maxLength:"2" doc:"GB/T 2261.1 code."`
	BornOn       *rest.Date `json:"born_on,omitempty" doc:"Day of birth."`
	Ethnic       *string    `json:"ethnic,omitempty" maxLength:"4" doc:"GB/T 3304 code."`
	Political    *string    `json:"political,omitempty" maxLength:"4" doc:"GB/T 4762 code."`
	Schooling    *string    `json:"schooling,omitempty" maxLength:"4" doc:"GB/T 4658 code."`
	Residence    *string    `json:"residence,omitempty" maxLength:"40" doc:"Kind of residence."`
	HeadRelation *string    `json:"head_relation,omitempty" maxLength:"40" doc:"Relation to the head of the household."`
	WorkUnit     *string    `json:"work_unit,omitempty" maxLength:"100" doc:"Where they work."`
	MovedInOn    *rest.Date `json:"moved_in_on,omitempty" doc:"Day of moving in."`
	Address      *Address   `json:"address,omitempty" doc:"Where they live."`
	Confirmed    bool       `json:"confirmed,omitempty" doc:"Sex and birthday were checked although they differ from the ID number."`
}

func (c ResidentChange) plain(version int64) person.Change {
	out := person.Change{Version: version, Name: c.Name, IDNumber: c.IDNumber, Phone: c.Phone, Ethnic: c.Ethnic, Political: c.Political, Schooling: c.Schooling,
		Residence: c.Residence, HeadRelation: c.HeadRelation, WorkUnit: c.WorkUnit, BornOn: datePtr(c.BornOn), MovedInOn: datePtr(c.MovedInOn), Confirmed: c.Confirmed}
	if c.Sex != nil {
		s := code.Sex(*c.Sex)
		out.Sex = &s
	}
	if c.Address != nil {
		a := c.Address.plain()
		out.Address = &a
	}
	return out
}

func datePtr(t *rest.Date) *calendar.Date {
	if t == nil {
		return nil
	}
	d := t.Date()
	return &d
}

// Moving notes a day in a person's life.
type Moving struct {
	On      rest.Date `json:"on,omitempty" doc:"Day; absent takes a mistaken entry back."`
	Version int64     `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
}

// Arrival moves somebody of the district into a community.
type Arrival struct {
	IDNumber    string    `json:"id_number" maxLength:"40" doc:"Exact ID number."`
	CommunityID rest.ID   `json:"community_id" doc:"Community into which they move."`
	Address     *Address  `json:"address,omitempty" doc:"Where they live."`
	On          rest.Date `json:"on,omitempty" doc:"Day; today if absent."`
}

// Codes are codes of categories.
type Codes struct {
	Codes []string `json:"codes" nullable:"false" maxItems:"30" doc:"Those that hold from today; missing ones end."`
}

// Category is one category of a resident with its time.
type Category struct {
	Code      string    `json:"code" doc:"Code."`
	ValidFrom rest.Date `json:"valid_from,omitempty" doc:"First day."`
	ValidTo   rest.Date `json:"valid_to,omitempty" doc:"Last day; absent while it holds."`
	Source    string    `json:"source,omitempty" doc:"Where it comes from."`
}

// Reveal asks for one sealed field.
type Reveal struct {
	Field   string `json:"field" enum:"id_number,phone" doc:"Field to open."`
	Purpose string `json:"purpose" maxLength:"60" doc:"Code of a registered purpose that covers the field; see GET /purposes."`
	Reason  string `json:"reason,omitempty" maxLength:"200" doc:"A few words of your own."`
}

// Look is one time that somebody looked at a person's data.
type Look struct {
	ID      rest.ID   `json:"id" doc:"Identifier."`
	At      time.Time `json:"at" doc:"When."`
	Who     string    `json:"who" doc:"Who."`
	Role    string    `json:"role" doc:"In which role."`
	Field   string    `json:"field,omitempty" doc:"id_number or phone; absent for the masked page."`
	Purpose string    `json:"purpose" doc:"For which purpose."`
	Reason  string    `json:"reason,omitempty" doc:"In their own words."`
}

// ProcessingPurpose is one entry of the register of processing purposes.
type ProcessingPurpose struct {
	Code         string   `json:"code" maxLength:"60" doc:"Code."`
	Name         string   `json:"name" maxLength:"100" doc:"Name in Chinese."`
	NameEN       string   `json:"name_en,omitempty" maxLength:"100" doc:"Name in English."`
	Basis        string   `json:"basis" maxLength:"200" doc:"Legal basis."`
	DataKinds    []string `json:"data_kinds" nullable:"false" maxItems:"50" doc:"Fields that it needs."`
	Retention    string   `json:"retention,omitempty" maxLength:"200" doc:"How long data is kept for it."`
	NeedsConsent bool     `json:"needs_consent,omitempty" doc:"Whether the person must agree."`
}

func purposeOf(p person.Purpose) ProcessingPurpose {
	return ProcessingPurpose{p.Code, p.Name, p.NameEn, p.Basis, append([]string{}, p.DataKinds...), p.Retention, p.NeedsConsent}
}

// Consent is one answer of a person to one purpose.
type Consent struct {
	ID          rest.ID    `json:"id" doc:"Identifier."`
	Purpose     string     `json:"purpose" doc:"Code of the purpose."`
	TextVersion string     `json:"text_version" doc:"Version of the text that was shown."`
	Channel     string     `json:"channel" doc:"paper, counter, phone, web."`
	Answer      string     `json:"answer" doc:"agreed or declined."`
	At          time.Time  `json:"at" doc:"When."`
	WithdrawnAt *time.Time `json:"withdrawn_at,omitempty" doc:"When it was withdrawn."`
	Stands      bool       `json:"stands" doc:"Whether it may be relied on."`
}

// ConsentAnswer records a person's answer.
type ConsentAnswer struct {
	Purpose string `json:"purpose" maxLength:"60" doc:"Code of the purpose."`
	Channel string `json:"channel" maxLength:"20" doc:"paper, counter, phone, web."`
	Answer  string `json:"answer" enum:"agreed,declined" doc:"Answer."`
}

type residentQuery struct {
	rest.Paging
	Text      string  `query:"q" maxLength:"60" doc:"Part of the name or its initials. ID numbers and phones: POST /residents/search."`
	Community rest.ID `query:"community" doc:"In this community."`
	Grid      rest.ID `query:"grid" doc:"In this grid."`
	Building  rest.ID `query:"building" doc:"In this building."`
	Household rest.ID `query:"household" doc:"In this household."`
	Category  string  `query:"category" maxLength:"40" doc:"With this category today."`
	Sex       string  `query:"sex" maxLength:"2" doc:"GB/T 2261.1 code."`
	Political string  `query:"political" maxLength:"4" doc:"GB/T 4762 code."`
	Residence string  `query:"residence" maxLength:"40" doc:"Kind of residence."`
	AgeFrom   int     `query:"age_from" minimum:"0" maximum:"150" doc:"At least so many full years."`
	AgeTo     int     `query:"age_to" minimum:"0" maximum:"150" doc:"At most so many full years."`
	State     string  `query:"state" enum:"living,moved_out,dead,any" default:"living" doc:"In this state."`
	Flagged   bool    `query:"flagged" doc:"Contradicts the ID number."`
	Import    rest.ID `query:"import" doc:"Came in with this import."`
	Sort      string  `query:"sort" enum:"name,age,newest" default:"name" doc:"Order; with a text the order is by community."`
}

func (q residentQuery) filter() person.Filter {
	return person.Filter{Text: q.Text, CommunityID: q.Community.ID(), GridID: q.Grid.ID(), BuildingID: q.Building.ID(), HouseholdID: q.Household.ID(), Category: q.Category,
		Sex: code.Sex(q.Sex), Political: q.Political, Residence: q.Residence, AgeFrom: q.AgeFrom, AgeTo: q.AgeTo, State: q.State, Flagged: q.Flagged, ImportID: q.Import.ID(),
		Sort: q.Sort, Page: q.Page()}
}

// ResidentSearch is a search whose text should stand in no address: an ID number or a phone.
type ResidentSearch struct {
	Text        string  `json:"text" minLength:"1" maxLength:"60" doc:"Exactly an ID number or a phone number, or part of a name."`
	CommunityID rest.ID `json:"community_id,omitempty" doc:"In this community."`
	Limit       int     `json:"limit,omitempty" minimum:"0" maximum:"500" doc:"At most so many; 50 if absent."`
}

func (h *handlers) residents(k *rest.Kit) {
	const tag = "residents"
	see := perms(person.PermSee)
	rest.Get(k, rest.Op{ID: "resident-list", Path: "/residents", Tag: tag, Title: "List residents, masked", Needs: see},
		func(ctx context.Context, a authz.Actor, in *residentQuery) (rest.Page[Resident], error) {
			l, err := h.Person.List(ctx, a, in.filter())
			return rest.PageOf(l, residentItemOf), err
		})
	rest.Post(k, rest.Op{ID: "resident-search", Path: "/residents/search", Tag: tag, Title: "Find residents by ID number, phone or name", Text: "Personal numbers stand in the body, so that they get into no log of addresses.", Needs: see},
		func(ctx context.Context, a authz.Actor, in *rest.In[ResidentSearch]) (rest.Page[Resident], error) {
			f := person.Filter{Text: in.Body.Text, CommunityID: in.Body.CommunityID.ID(), State: person.AnyState}
			f.Page.Limit = in.Body.Limit
			l, err := h.Person.List(ctx, a, f)
			return rest.PageOf(l, residentItemOf), err
		})
	rest.Get(k, rest.Op{ID: "resident-get", Path: "/residents/{id}", Tag: tag, Title: "Open a resident's record, masked", Text: "That it was opened is recorded once a day, where the person can see it.", Needs: perms(person.PermSee, person.PermSeeOwn)}, h.resident)
	rest.Post(k, rest.Op{ID: "resident-create", Path: "/residents", Tag: tag, Title: "Enter a resident", Needs: perms(person.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewResident]) (rest.Ref, error) {
			made, err := h.Person.Create(ctx, a, in.Body.plain())
			return rest.Ref{ID: rest.IDOf(made)}, err
		})
	rest.Patch(k, rest.Op{ID: "resident-change", Path: "/residents/{id}", Tag: tag, Title: "Change a resident's record", Needs: perms(person.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[ResidentChange]) (Resident, error) {
			v, err := in.Match.Version(in.Body.Version)
			if err == nil {
				err = h.Person.Edit(ctx, a, in.ID.ID(), in.Body.plain(v))
			}
			if err != nil {
				return Resident{}, err
			}
			p, err := h.Person.Get(ctx, a, in.ID.ID())
			return residentOf(p), err
		})
	rest.Act(k, rest.Op{ID: "resident-move-out", Path: "/residents/{id}/move-out", Tag: tag, Title: "Note that somebody moved away", Needs: perms(person.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[Moving]) error {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return err
			}
			return h.Person.MoveOut(ctx, a, in.ID.ID(), v, in.Body.On.Date())
		})
	rest.Act(k, rest.Op{ID: "resident-died", Path: "/residents/{id}/died", Tag: tag, Title: "Note that somebody died", Needs: perms(person.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[Moving]) error {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return err
			}
			return h.Person.Died(ctx, a, in.ID.ID(), v, in.Body.On.Date())
		})
	rest.Post(k, rest.Op{ID: "resident-arrive", Path: "/residents/arrivals", Tag: tag, Title: "Move somebody of the district into a community; the record goes along", Needs: perms(person.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.In[Arrival]) (rest.Ref, error) {
			n := person.Arrival{IDNumber: in.Body.IDNumber, CommunityID: in.Body.CommunityID.ID(), On: in.Body.On.Date()}
			if in.Body.Address != nil {
				n.Address = in.Body.Address.plain()
			}
			p, err := h.Person.TakeIn(ctx, a, n)
			return rest.Ref{ID: rest.IDOf(p)}, err
		})
	h.residentSecrets(k)
	h.categories(k)
	h.consents(k)
}

func (h *handlers) resident(ctx context.Context, a authz.Actor, in *rest.Path) (Resident, error) {
	p, err := h.Person.Get(ctx, a, in.ID.ID())
	if err != nil {
		return Resident{}, err
	}
	return residentOf(p), h.Person.Opened(ctx, a, p)
}

func (h *handlers) residentSecrets(k *rest.Kit) {
	const tag = "residents"
	rest.Post(k, rest.Op{ID: "resident-reveal", Path: "/residents/{id}/reveal", Tag: tag, Title: "Open one sealed field for a purpose; the person can see that you did", Needs: perms(person.PermReveal)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Reveal]) (Revealed, error) {
			v, err := h.Person.Reveal(ctx, a, in.ID.ID(), in.Body.Field, in.Body.Purpose, in.Body.Reason)
			return Revealed{v}, err
		})
	rest.Get(k, rest.Op{ID: "resident-looks", Path: "/residents/{id}/looks", Tag: tag, Title: "Who looked at a person's data, in which role and why, newest first", Needs: perms(person.PermLooks, person.PermLooksOwn)},
		func(ctx context.Context, a authz.Actor, in *pagedPath) (rest.Page[Look], error) {
			_, l, err := h.Person.Looks(ctx, a, in.ID.ID(), in.Page())
			return rest.PageOf(l, func(l person.Look) Look {
				return Look{rest.IDOf(l.ID), l.At.UTC(), l.Who, l.Role, l.Field, l.Purpose, l.Reason}
			}), err
		})
	rest.Get(k, rest.Op{ID: "purpose-list", Path: "/purposes", Tag: "purposes", Title: "The register of processing purposes"},
		func(ctx context.Context, a authz.Actor, in *rest.None) (rest.All[ProcessingPurpose], error) {
			l, err := h.Person.Purposes(ctx, a.Tenant)
			return rest.AllOf(l, purposeOf), err
		})
	rest.Act(k, rest.Op{ID: "purpose-save", Method: "PUT", Path: "/purposes/{code}", Tag: "purposes", Title: "Add or change an entry of the register", Needs: perms(person.PermPurpose)},
		func(ctx context.Context, a authz.Actor, in *purposeInput) error {
			b := in.Body
			return h.Person.SavePurpose(ctx, a, person.Purpose{Code: in.Code, Name: b.Name, NameEn: b.NameEN, Basis: b.Basis, DataKinds: b.DataKinds, Retention: b.Retention, NeedsConsent: b.NeedsConsent})
		})
}

type purposeInput struct {
	Code string `path:"code" maxLength:"60" doc:"Code of the purpose."`
	Body ProcessingPurpose
}

func (h *handlers) categories(k *rest.Kit) {
	const tag = "residents"
	rest.Get(k, rest.Op{ID: "resident-categories", Path: "/residents/{id}/categories", Tag: tag, Title: "All categories of a person, those that hold first", Needs: perms(person.PermSee, person.PermSeeOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (rest.All[Category], error) {
			l, err := h.Person.Categories(ctx, a, in.ID.ID())
			return rest.AllOf(l, func(c person.Category) Category {
				return Category{c.Code, rest.DateOf(c.ValidFrom), rest.DateOf(c.ValidTo), c.Source}
			}), err
		})
	rest.Act(k, rest.Op{ID: "resident-categories-set", Method: "PUT", Path: "/residents/{id}/categories", Tag: tag, Title: "Make the codes given the ones that hold from today", Needs: perms(person.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Codes]) error {
			return h.Person.SetCategories(ctx, a, in.ID.ID(), in.Body.Codes)
		})
}

func (h *handlers) consents(k *rest.Kit) {
	const tag = "consents"
	answer := perms(person.PermConsent, person.PermConsentOwn)
	rest.Get(k, rest.Op{ID: "consent-list", Path: "/residents/{id}/consents", Tag: tag, Title: "All answers of a person, newest first", Needs: perms(person.PermSee, person.PermSeeOwn, person.PermConsent, person.PermConsentOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (rest.All[Consent], error) {
			l, err := h.Person.Consents(ctx, a, in.ID.ID())
			return rest.AllOf(l, func(c person.Consent) Consent {
				return Consent{rest.IDOf(c.ID), c.Purpose, c.TextVersion, c.Channel, c.Answer, c.At.UTC(), rest.UTC(c.WithdrawnAt), c.Stands()}
			}), err
		})
	rest.Act(k, rest.Op{ID: "consent-answer", Path: "/residents/{id}/consents", Tag: tag, Title: "Record a person's answer to a purpose", Needs: answer},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[ConsentAnswer]) error {
			return h.Person.Answer(ctx, a, in.ID.ID(), in.Body.Purpose, in.Body.Channel, in.Body.Answer)
		})
	rest.Act(k, rest.Op{ID: "consent-withdraw", Path: "/residents/{id}/consents/withdraw", Tag: tag, Title: "Take a consent back", Needs: answer},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Purpose]) error {
			return h.Person.Withdraw(ctx, a, in.ID.ID(), in.Body.Purpose)
		})
}

// Household is a dwelling and the people in it.
type Household struct {
	ID          rest.ID `json:"id" doc:"Identifier."`
	CommunityID rest.ID `json:"community_id" doc:"Community."`
	Community   string  `json:"community,omitempty" doc:"Name of the community, in lists."`
	GridID      rest.ID `json:"grid_id,omitempty" doc:"Grid."`
	BuildingID  rest.ID `json:"building_id,omitempty" doc:"Building."`
	Stairwell   string  `json:"stairwell,omitempty" doc:"Stairwell."`
	Room        string  `json:"room,omitempty" doc:"Room."`
	Address     string  `json:"address" doc:"Address as shown."`
	Number      string  `json:"number,omitempty" doc:"Number of the household register."`
	Head        string  `json:"head,omitempty" doc:"Name of the head, in lists."`
	People      int64   `json:"people" doc:"Who live there."`
	Version     int64   `json:"version" doc:"Version."`
}

func householdOf(i person.HouseholdItem) Household {
	return Household{ID: rest.IDOf(i.ID), CommunityID: rest.IDOf(i.CommunityID), Community: i.CommunityName, GridID: rest.IDOf(i.GridID), BuildingID: rest.IDOf(i.BuildingID),
		Stairwell: i.Stairwell, Room: i.Room, Address: i.Address, Number: i.Number, Head: i.Head, People: i.People, Version: i.Version}
}

// HouseholdDetail is a household with the people in it.
type HouseholdDetail struct {
	Household
	Residents []Resident `json:"residents" nullable:"false" doc:"Who live there, the head first; masked."`
}

type householdQuery struct {
	rest.Paging
	Community rest.ID `query:"community" doc:"In this community."`
	Building  rest.ID `query:"building" doc:"In this building."`
	Text      string  `query:"q" maxLength:"100" doc:"Beginning of the address."`
}

func (h *handlers) households(k *rest.Kit) {
	const tag = "households"
	rest.Get(k, rest.Op{ID: "household-list", Path: "/households", Tag: tag, Title: "List households by address", Needs: perms(person.PermSee)},
		func(ctx context.Context, a authz.Actor, in *householdQuery) (rest.Page[Household], error) {
			l, err := h.Person.Households(ctx, a, person.HouseholdFilter{CommunityID: in.Community.ID(), BuildingID: in.Building.ID(), Text: in.Text, Page: in.Page()})
			return rest.PageOf(l, householdOf), err
		})
	rest.Get(k, rest.Op{ID: "household-get", Path: "/households/{id}", Tag: tag, Title: "Open a household with the people in it", Needs: perms(person.PermSee)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (HouseholdDetail, error) {
			hh, people, err := h.Person.Household(ctx, a, in.ID.ID())
			out := HouseholdDetail{Household: householdOf(person.HouseholdItem{Household: hh, People: int64(len(people))}), Residents: rest.AllOf(people, residentItemOf).Items}
			return out, err
		})
}
