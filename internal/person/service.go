package person

import (
	"context"
	"slices"
	"time"

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

// Service keeps the people.
type Service struct {
	db     *db.DB
	ring   *seal.Ring
	looked looked
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring) *Service { return &Service{db: d, ring: ring} }

// NewPerson is somebody to enter.
type NewPerson struct {
	Fields
	CommunityID id.ID // 0: known to the platform, resident of no community here
	Address     Address
	Confirmed   bool   // sex and birthday were checked although they differ from the ID number
	Source      string // "form" if empty
}

// Create enters a resident (PermEdit in the community). An ID number that somebody has is refused; the error's cause is a
// TakenError if the actor may see that record.
func (s *Service) Create(ctx context.Context, actor authz.Actor, in NewPerson) (id.ID, error) {
	if in.CommunityID == 0 {
		return 0, errs.Field("community", i18n.PersonChooseHome)
	}
	scope := actor.Scope(PermEdit)
	if err := scope.Require(in.CommunityID); err != nil {
		return 0, err
	}
	// What can be decided is decided before the transaction, for which other writers wait: organisations are never removed.
	if scope.All() { // it covers any identifier; a narrower scope names organisations that there are
		if err := requireCommunity(ctx, s.db, actor.Tenant, in.CommunityID); err != nil {
			return 0, err
		}
	}
	sealed, flags, err := in.check(s.db.Now())
	if err != nil {
		return 0, err
	}
	if len(flags) > 0 && !in.Confirmed {
		return 0, contradiction(flags)
	}
	p := s.newcomer(in, sealed, flags)
	err = s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := s.guard(ctx, tx, actor.Tenant, in.Fields); err != nil {
			return err
		}
		return s.enter(ctx, tx, actor, p, in)
	})
	if db.IsUnique(err) { // the key of the ID numbers refuses whoever comes second; who came first is read only then
		if taken := s.refuseTaken(ctx, s.db, actor, sealed, 0); taken != nil {
			err = taken
		}
	}
	if err != nil {
		return 0, err
	}
	return p.ID, nil
}

// newcomer is the row of a checked person.
func (s *Service) newcomer(in NewPerson, sealed sealedFields, flags []string) *stored {
	p := fresh(in.Fields, s.db.Now())
	p.CommunityID, p.Flagged, p.Source = in.CommunityID, flags, in.Source
	if p.Source == "" {
		p.Source = "form"
	}
	p.sealing(s.ring, sealed)
	return p
}

// enter writes a new person with household, categories and audit entry.
func (s *Service) enter(ctx context.Context, tx *db.Tx, actor authz.Actor, p *stored, in NewPerson) error {
	h, err := s.settle(ctx, tx, actor, in.CommunityID, in.Address)
	if err != nil {
		return err
	}
	p.HouseholdID, p.GridID, p.BuildingID = h.ID, h.GridID, h.BuildingID
	p.CreatedAt, p.UpdatedAt = tx.Now(), tx.Now()
	if err := insertPeople(ctx, tx, actor.Tenant, []*stored{p}); err != nil {
		return err
	}
	if len(in.Categories) > 0 {
		if _, err := setCategories(ctx, tx, actor.Tenant, p.ID, in.Categories, p.Source); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "resident.create", SubjectKind: "person", SubjectID: p.ID, PersonID: p.ID,
		OrgID: p.CommunityID, Detail: map[string]any{"source": p.Source}, Permission: PermEdit})
}

// fresh is a new row with what was said.
func fresh(f Fields, now time.Time) *stored {
	return &stored{Person: Person{ID: id.New(), Name: f.Name, Sex: sexOr(f.Sex), BornOn: f.BornOn, Ethnic: f.Ethnic, Political: f.Political,
		Schooling: f.Schooling, Residence: f.Residence, HeadRelation: f.HeadRelation, WorkUnit: f.WorkUnit, MovedInOn: f.MovedInOn,
		CreatedAt: now, UpdatedAt: now, Version: 1}}
}

func sexOr(s code.Sex) code.Sex {
	if s == "" {
		return code.SexUnknown
	}
	return s
}

// refuseTaken refuses an ID number that somebody other than but has, with a pointer to the record if the actor may see it.
func (s *Service) refuseTaken(ctx context.Context, q db.Querier, actor authz.Actor, sealed sealedFields, but id.ID) error {
	if sealed.id.IsZero() {
		return nil
	}
	other, err := byIndex(ctx, q, actor.Tenant, s.ring.Index("id_number", sealed.id.String()))
	if err != nil || other.ID == 0 || other.ID == but {
		return err
	}
	return s.taken(ctx, q, actor, other)
}

func (s *Service) taken(ctx context.Context, q db.Querier, actor authz.Actor, other Person) error {
	home, err := communityName(ctx, q, actor.Tenant, other.CommunityID)
	if err != nil {
		return err
	}
	if _, err := find(ctx, q, seeScope(actor), other.ID); err != nil {
		return errs.Field("id_number", i18n.PersonTakenOther, home)
	}
	return errs.Field("id_number", i18n.PersonTaken, other.Name, home).Because(&TakenError{other.ID})
}

// guard refuses fields that no registered purpose needs (PRIV-3).
func (s *Service) guard(ctx context.Context, q db.Querier, tenant int64, f Fields) error {
	if f.Ethnic == "" && f.Political == "" {
		return nil
	}
	allowed, err := collected(ctx, q, tenant)
	if err != nil {
		return err
	}
	return needed(allowed, f)
}

func needed(allowed map[string]bool, f Fields) error {
	var e *errs.Error
	for field, value := range map[string]string{"ethnic": f.Ethnic, "political": f.Political} {
		if value != "" && !allowed[field] {
			e = e.With(field, i18n.PersonNoPurpose)
		}
	}
	return e.OrNil()
}

// Change is a change to a record; nil leaves a field as it is. An empty IDNumber or Phone deletes it.
type Change struct {
	Version      int64
	Name         *string
	Sex          *code.Sex
	BornOn       *calendar.Date
	IDNumber     *string
	Phone        *string
	Ethnic       *string
	Political    *string
	Schooling    *string
	Residence    *string
	HeadRelation *string
	WorkUnit     *string
	MovedInOn    *calendar.Date
	Address      *Address
	Confirmed    bool
}

// Edit changes a record (PermEdit).
func (s *Service) Edit(ctx context.Context, actor authz.Actor, personID id.ID, c Change) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := findStored(ctx, tx, actor.Scope(PermEdit), personID)
		if err != nil {
			return err
		}
		if p.Version != c.Version {
			return errs.ErrConflict
		}
		return s.change(ctx, tx, actor, p, c)
	})
}

// change applies a change to a record that the caller found in scope.
func (s *Service) change(ctx context.Context, tx *db.Tx, actor authz.Actor, p *stored, c Change) error {
	before := *p
	changed, err := s.apply(ctx, tx, actor, p, c)
	if err != nil || len(changed) == 0 {
		return err
	}
	if err := s.save(ctx, tx, actor.Tenant, &before, p); err != nil {
		return err
	}
	return s.record(ctx, tx, actor, "resident.edit", p, map[string]any{"fields": changed})
}

// apply puts a change into p and names the fields that it changed.
func (s *Service) apply(ctx context.Context, tx *db.Tx, actor authz.Actor, p *stored, c Change) (changed []string, err error) {
	f := Fields{Name: p.Name, Sex: p.Sex, BornOn: p.BornOn, Ethnic: p.Ethnic, Political: p.Political, Schooling: p.Schooling,
		Residence: p.Residence, HeadRelation: p.HeadRelation, WorkUnit: p.WorkUnit, MovedInOn: p.MovedInOn}
	note := func(name string, is bool) {
		if is {
			changed = append(changed, name)
		}
	}
	note("name", set(&f.Name, c.Name))
	note("sex", set(&f.Sex, c.Sex))
	note("born_on", set(&f.BornOn, c.BornOn))
	note("ethnic", set(&f.Ethnic, c.Ethnic))
	note("political", set(&f.Political, c.Political))
	note("schooling", set(&f.Schooling, c.Schooling))
	note("residence", set(&f.Residence, c.Residence))
	note("head_relation", set(&f.HeadRelation, c.HeadRelation))
	note("work_unit", set(&f.WorkUnit, c.WorkUnit))
	note("moved_in_on", set(&f.MovedInOn, c.MovedInOn))
	if c.IDNumber != nil {
		f.IDNumber = *c.IDNumber
	} else if f.IDNumber, err = s.ring.Open("person", "id_number", p.ID, p.idSealed); err != nil {
		return nil, err
	}
	if c.Phone != nil {
		f.Phone = *c.Phone
	}
	sealed, flags, err := f.check(tx.Now())
	if err != nil {
		return nil, err
	}
	if len(flags) > 0 && !slices.Equal(flags, p.Flagged) && !c.Confirmed {
		return nil, contradiction(flags)
	}
	if err := s.guard(ctx, tx, actor.Tenant, f); err != nil {
		return nil, err
	}
	p.Name, p.Sex, p.BornOn, p.Ethnic, p.Political, p.Schooling = f.Name, sexOr(f.Sex), f.BornOn, f.Ethnic, f.Political, f.Schooling
	p.Residence, p.HeadRelation, p.WorkUnit, p.MovedInOn, p.Flagged = f.Residence, f.HeadRelation, f.WorkUnit, f.MovedInOn, flags
	if c.IDNumber != nil && s.ring.Index("id_number", sealed.id.String()) != p.idIndex {
		if err := s.refuseTaken(ctx, tx, actor, sealed, p.ID); err != nil {
			return nil, err
		}
		p.sealID(s.ring, sealed)
		changed = append(changed, "id_number")
	}
	if c.Phone != nil && s.ring.Index("phone", sealed.phone.String()) != p.phoneIndex {
		p.sealPhone(s.ring, sealed)
		changed = append(changed, "phone")
	}
	if c.Address != nil {
		moved, err := s.rehouse(ctx, tx, actor, p, *c.Address)
		if err != nil {
			return nil, err
		}
		note("address", moved)
	}
	return changed, nil
}

func set[T comparable](dst, src *T) bool {
	if src == nil || *src == *dst {
		return false
	}
	*dst = *src
	return true
}

// rehouse moves p into the household of an address in p's community.
func (s *Service) rehouse(ctx context.Context, tx *db.Tx, actor authz.Actor, p *stored, a Address) (bool, error) {
	h, err := s.settle(ctx, tx, actor, p.CommunityID, a)
	if err != nil {
		return false, err
	}
	moved := h.ID != p.HouseholdID
	p.HouseholdID, p.GridID, p.BuildingID = h.ID, h.GridID, h.BuildingID
	return moved, nil
}

// save writes p and, if the name or the community changed, the grams by which p is found.
func (s *Service) save(ctx context.Context, tx *db.Tx, tenant int64, before, p *stored) error {
	if p.Name != before.Name || p.CommunityID != before.CommunityID {
		p.rename()
		if err := dropGrams(ctx, tx, tenant, before); err != nil {
			return err
		}
		if err := insertGrams(ctx, tx, tenant, appendGrams(nil, p)); err != nil {
			return err
		}
	}
	return update(ctx, tx, tenant, p)
}

func (s *Service) record(ctx context.Context, tx *db.Tx, actor authz.Actor, action string, p *stored, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, SubjectKind: "person", SubjectID: p.ID, PersonID: p.ID,
		OrgID: p.CommunityID, Detail: detail, Permission: PermEdit})
}

// Get gives a person in scope, or the actor's own record, masked.
func (s *Service) Get(ctx context.Context, actor authz.Actor, personID id.ID) (Person, error) {
	return find(ctx, s.db, seeScope(actor), personID)
}
