package organisation

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
	"linli/internal/waiting"
)

// Follower lets what hangs on an organisation follow when another takes it in: residents, members, grids, grants. It runs
// inside the transaction of the merger.
type Follower interface {
	Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error
}

// Service offers the use cases on organisations.
type Service struct {
	db            *db.DB
	ring          *seal.Ring
	followers     []Follower
	gridFollowers []GridFollower
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring) *Service { return &Service{db: d, ring: ring} }

// WithFollowers adds those who follow a merger. The composition root calls it once, before the service is used.
func (s *Service) WithFollowers(f ...Follower) *Service {
	s.followers = append(s.followers, f...)
	return s
}

// Saved is a saved organisation; Warnings are what was taken although it looks odd (a credit code whose check character
// does not fit).
type Saved struct {
	ID       id.ID
	Warnings []errs.Message
}

// Create sets up an organisation below one in scope (PermFound). The district committee, which has no superior, needs the
// scope of the whole tenant.
func (s *Service) Create(ctx context.Context, actor authz.Actor, n NewOrganisation) (Saved, error) {
	var out Saved
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		var err error
		out, err = s.CreateTx(ctx, tx, actor, n, 0)
		return err
	})
	return out, err
}

// CreateTx is Create within a transaction; importID names the import it comes from, 0 for none.
func (s *Service) CreateTx(ctx context.Context, tx *db.Tx, actor authz.Actor, n NewOrganisation, importID id.ID) (Saved, error) {
	scope := actor.Scope(PermFound)
	if n.ParentID != 0 || n.CommunityID != 0 {
		if err := scope.Require(n.ParentID, n.CommunityID); err != nil {
			return Saved{}, err
		}
	} else if !scope.All() {
		return Saved{}, errs.ErrForbidden
	}
	return s.create(ctx, tx, actor, n, importID)
}

// create sets up an organisation; the caller has checked the scope.
func (s *Service) create(ctx context.Context, tx *db.Tx, actor authz.Actor, n NewOrganisation, importID id.ID) (Saved, error) {
	d, err := n.check()
	if err != nil {
		return Saved{}, err
	}
	if n.EstablishedOn.After(calendar.DateOf(tx.Now())) {
		return Saved{}, errs.Field("established_on", i18n.OrgDateFuture, calendar.DateOf(tx.Now()).String())
	}
	d.ID = id.New()
	if err := s.place(ctx, tx, actor.Tenant, &d); err != nil {
		return Saved{}, err
	}
	if err := clash(ctx, tx, actor.Tenant, d); err != nil {
		return Saved{}, err
	}
	sealed := s.ring.Seal("organisation", "contact_phone", d.ID, d.phone)
	if err := insert(ctx, tx, actor, d, sealed, importID, clean(n.Document)); err != nil {
		return Saved{}, err
	}
	return Saved{d.ID, d.warnings}, audit.Record(ctx, tx, actor, audit.Entry{
		Action: "organisation.found", SubjectKind: "organisation", SubjectID: d.ID, OrgID: d.ID,
		Detail: map[string]any{"name": d.Name, "kind": d.Kind, "parent": d.ParentID},
	})
}

// place gives a draft its place in the tree: the superior must fit, be alive and be founded no later.
func (s *Service) place(ctx context.Context, tx *db.Tx, tenant int64, d *draft) error {
	d.Path = "/" + d.ID.String() + "/"
	if d.Kind == District {
		there, err := root(ctx, tx, tenant)
		if err != nil {
			return err
		}
		if there.ID != 0 {
			return errs.New(errs.Conflict, i18n.OrgRootTaken, there.Label())
		}
	}
	var parent *Organisation
	if d.ParentID != 0 {
		p, err := load(ctx, tx, tenant, d.ParentID)
		if err != nil {
			return err
		}
		parent = &p
		d.Path = p.Path + d.ID.String() + "/"
		d.leadSince = later(d.EstablishedOn, p.EstablishedOn)
	}
	if err := d.standsBelow(parent); err != nil {
		return err
	}
	if d.CommunityID == 0 {
		return nil
	}
	c, err := load(ctx, tx, tenant, d.CommunityID)
	if err != nil {
		return err
	}
	d.areaSince = later(d.EstablishedOn, c.EstablishedOn)
	return c.takesUnits()
}

// later is the later of two days: nothing stands below what does not exist yet.
func later(a, b calendar.Date) calendar.Date {
	if a.Before(b) {
		return b
	}
	return a
}

// takesUnits says whether units can be assigned to o.
func (o Organisation) takesUnits() error {
	if o.Kind != Community {
		return errs.Field("community_id", i18n.OrgCommunityOnly, o.Label())
	}
	if !o.Living() {
		return errs.Field("community_id", i18n.OrgDissolved, o.Label(), o.DissolvedOn.String())
	}
	return nil
}

// Edit changes what is no act (PermEdit). A version that is no longer current is a Conflict.
func (s *Service) Edit(ctx context.Context, actor authz.Actor, org id.ID, ed Edit) (Saved, error) {
	var out Saved
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		var err error
		out, err = s.EditTx(ctx, tx, actor, org, ed)
		return err
	})
	return out, err
}

// EditTx is Edit within a transaction.
func (s *Service) EditTx(ctx context.Context, tx *db.Tx, actor authz.Actor, org id.ID, ed Edit) (Saved, error) {
	o, err := find(ctx, tx, actor.Scope(PermEdit), org)
	if err != nil {
		return Saved{}, err
	}
	return s.edit(ctx, tx, actor, o, ed)
}

// edit applies an edit to an organisation that the caller found in scope.
func (s *Service) edit(ctx context.Context, tx *db.Tx, actor authz.Actor, o Organisation, ed Edit) (Saved, error) {
	d, err := ed.apply(o)
	if err != nil {
		return Saved{}, err
	}
	if err := clash(ctx, tx, actor.Tenant, d); err != nil {
		return Saved{}, err
	}
	if err := update(ctx, tx, actor.Tenant, d, ed.Version); err != nil {
		if db.IsUnique(err) {
			return Saved{}, taken(d, err)
		}
		return Saved{}, err
	}
	if err := s.afterEdit(ctx, tx, actor.Tenant, o, d, ed); err != nil {
		return Saved{}, err
	}
	return Saved{o.ID, d.warnings}, audit.Record(ctx, tx, actor, audit.Entry{
		Action: "organisation.edit", SubjectKind: "organisation", SubjectID: o.ID, OrgID: o.ID, Detail: ed.changed(o, d),
	})
}

// afterEdit writes what an edit changes outside the row's plain columns.
func (s *Service) afterEdit(ctx context.Context, tx *db.Tx, tenant int64, o Organisation, d draft, ed Edit) error {
	if ed.ContactPhone != nil {
		sealed := s.ring.Seal("organisation", "contact_phone", o.ID, d.phone)
		if err := setPhone(ctx, tx, tenant, o.ID, sealed, d.PhoneMask); err != nil {
			return err
		}
	}
	if d.Name != o.Name {
		if err := correctName(ctx, tx, tenant, o.ID, d.Name); err != nil {
			return err
		}
	}
	if d.Name != o.Name || d.ShortName != o.ShortName {
		return reindex(ctx, tx, tenant, o.ID)
	}
	return nil
}

// changed names the fields that an edit changed, for the record.
func (ed Edit) changed(o Organisation, d draft) map[string]any {
	out := map[string]any{}
	for field, v := range map[string][2]string{
		"name": {o.Name, d.Name}, "short_name": {o.ShortName, d.ShortName}, "code": {o.Code, d.Code}, "uscc": {o.USCC, d.USCC},
		"division_code": {o.DivisionCode, d.DivisionCode}, "sector": {o.Sector, d.Sector}, "address": {o.Address, d.Address},
		"contact_name": {o.ContactName, d.ContactName},
	} {
		if v[0] != v[1] {
			out[field] = []string{v[0], v[1]}
		}
	}
	if ed.ContactPhone != nil {
		out["contact_phone"] = "changed"
	}
	return out
}

// List gives one page of the organisations in scope (PermSee), by name.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Item], error) {
	return list(ctx, s.db, actor.Scope(PermSee), f)
}

// Export calls fn for every organisation that List would show over all its pages.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Item) error) error {
	return each(ctx, s.db, actor.Scope(PermSee), f, fn)
}

// Count gives how many organisations of each kind are in scope today, without pages.
func (s *Service) Count(ctx context.Context, actor authz.Actor) (map[Kind]int64, error) {
	return countKinds(ctx, s.db, actor.Scope(PermSee))
}

// Directory gives up to limit organisations of the district whose name holds the text (PermFind): names only, for choosing one.
func (s *Service) Directory(ctx context.Context, actor authz.Actor, text string, kinds []Kind, limit int) ([]Ref, error) {
	if !actor.Can(PermFind) || actor.Tenant == 0 {
		return nil, errs.ErrForbidden
	}
	return directory(ctx, s.db, actor.Tenant, text, kinds, limit)
}

// Label gives the name by which an organisation of the district is shown (PermFind).
func (s *Service) Label(ctx context.Context, actor authz.Actor, org id.ID) (string, error) {
	if !actor.Can(PermFind) || actor.Tenant == 0 {
		return "", errs.ErrForbidden
	}
	o, err := load(ctx, s.db, actor.Tenant, org)
	return o.Label(), err
}

// CommunityNamed finds the one living community in scope (PermSee) that bears a name, in full or for short; 0 if there is none, or more than one.
func (s *Service) CommunityNamed(ctx context.Context, actor authz.Actor, name string) (id.ID, error) {
	return communityNamed(ctx, s.db, actor.Scope(PermSee), name)
}

// Detail is an organisation with its history.
type Detail struct {
	Item
	Line      []Ref      // from the top to the superior
	Names     []Name     // newest first
	Relations []Relation // newest first; also those by which others were merged into it or split from it
	Acts      []Act      // newest first
	Below     int64      // living organisations directly below
	Units     int64      // living units in it, for a community
}

// Get opens an organisation in scope (PermSee) with its history.
func (s *Service) Get(ctx context.Context, actor authz.Actor, org id.ID) (Detail, error) {
	var d Detail
	err := s.db.View(ctx, func(tx *db.Tx) error {
		var err error
		if d.Item, err = findItem(ctx, tx, actor.Scope(PermSee), org); err != nil {
			return err
		}
		if d.Line, err = line(ctx, tx, actor.Tenant, d.Organisation); err != nil {
			return err
		}
		if d.Names, err = names(ctx, tx, actor.Tenant, org); err != nil {
			return err
		}
		if d.Relations, err = relations(ctx, tx, actor.Tenant, org); err != nil {
			return err
		}
		if d.Acts, err = acts(ctx, tx, actor.Tenant, org); err != nil {
			return err
		}
		d.Below, d.Units, err = countAround(ctx, tx, actor.Tenant, org)
		return err
	})
	return d, err
}

// Phone opens the contact's phone number for a purpose, with the reason in the caller's words (PermContact); the look is recorded.
func (s *Service) Phone(ctx context.Context, actor authz.Actor, org id.ID, purpose, reason string) (string, error) {
	if clean(purpose) == "" {
		return "", errs.Field("purpose", i18n.ErrPurposeNeeded)
	}
	var phone string
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		o, err := find(ctx, tx, actor.Scope(PermContact), org)
		if err != nil {
			return err
		}
		sealed, err := db.Value[[]byte](ctx, tx, `SELECT contact_phone FROM organisation WHERE tenant_id = $1 AND id = $2`, actor.Tenant, org)
		if err != nil {
			return err
		}
		if phone, err = s.ring.Open("organisation", "contact_phone", org, sealed); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{
			Action: "organisation.contact", SubjectKind: "organisation", SubjectID: org, OrgID: o.ID, Purpose: clean(purpose),
			Detail: map[string]any{"reason": clean(reason)},
		})
	})
	return phone, err
}

// WaitUnattached is the kind of what waits when units lie in no community yet.
const WaitUnattached = "organisation.unattached"

// Waiting gives the units without a community to those who may assign them (PermAttach).
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	item := waiting.Item{Kind: WaitUnattached}
	var err error
	if item.Count, item.Subject, err = unattached(ctx, s.db, actor.Scope(PermAttach)); err != nil || item.Count == 0 {
		return nil, err
	}
	return []waiting.Item{item}, nil
}

// Holdings gives what still hangs on an organisation in scope (PermChange), so that a page can say it before somebody tries to dissolve.
func (s *Service) Holdings(ctx context.Context, actor authz.Actor, org id.ID) (Holdings, error) {
	var h Holdings
	err := s.db.View(ctx, func(tx *db.Tx) error {
		if _, err := find(ctx, tx, actor.Scope(PermChange), org); err != nil {
			return err
		}
		var err error
		h, err = holdings(ctx, tx, actor.Tenant, org)
		return err
	})
	return h, err
}

// Subtree gives an organisation and everything below it, also what ended or was taken in. A grant at the organisation reaches these.
func (s *Service) Subtree(ctx context.Context, q db.Querier, tenant int64, org id.ID) ([]id.ID, error) {
	return subtree(ctx, q, tenant, org)
}
