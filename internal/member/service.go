package member

import (
	"context"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/pinyin"
	"linli/internal/seal"
)

// Someone is a person to find or to enter, as the register of persons needs it.
type Someone struct {
	Name        string
	IDNumber    string // as written; checked by the register of persons
	Phone       string
	CommunityID id.ID // where the person lives, if known
	WorkUnit    string
	Source      string
}

// Known is the person that was found or entered, or why not.
type Known struct {
	ID      id.ID
	Created bool
	Err     error // Invalid, with the field
}

// People finds persons by ID number anywhere in the district, or enters them; the composition root connects it.
type People interface {
	EnsureAllTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in []Someone) ([]Known, error)
}

// Leaver lets what a member holds in a community end when the member leaves it: claims.
type Leaver interface {
	LeaveTx(ctx context.Context, tx *db.Tx, actor authz.Actor, member, community id.ID, on calendar.Date, reason string) error
}

// Service offers the use cases on members.
type Service struct {
	db         *db.DB
	ring       *seal.Ring
	people     People
	leavers    []Leaver
	committees Committees // who sits in a committee; for talks
	enders     []Ender
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, people People) *Service {
	return &Service{db: d, ring: ring, people: people}
}

// WithLeavers adds those who are told when a member leaves a community. The composition root calls it once.
func (s *Service) WithLeavers(l ...Leaver) *Service {
	s.leavers = append(s.leavers, l...)
	return s
}

// nameKey is the key by which lists of members are sorted and searched.
func nameKey(name string) string {
	_, key := pinyin.Of(name)
	return key
}

// NewMember is a member to enter: the person and what the register keeps.
type NewMember struct {
	Fields
	Name        string
	IDNumber    string
	Phone       string
	CommunityID id.ID // where to register at once; a worker at the counter does so
}

// Entered is what Register did.
type Entered struct {
	ID             id.ID
	AlreadyMember  bool  // the person was a member before; only the registration is new
	RegistrationID id.ID // accepted at the counter, 0 for none
}

// Register enters a member (PermEdit at the unit, the branch or the community). Given a community, an in-service or floating
// member is registered there at once, as somebody who came to the counter with the form (PermAccept there); somebody who is a
// member already keeps the record and is only registered.
func (s *Service) Register(ctx context.Context, actor authz.Actor, in NewMember) (Entered, error) {
	var out Entered
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		var err error
		out, err = s.RegisterTx(ctx, tx, actor, in)
		return err
	})
	return out, err
}

// RegisterTx is Register within a transaction.
func (s *Service) RegisterTx(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewMember) (Entered, error) {
	in.Name = cleanName(in.Name)
	e := in.check(calendar.DateOf(tx.Now()))
	if in.IDNumber == "" {
		e = e.With("id_number", i18n.ErrRequired)
	}
	if err := e.OrNil(); err != nil {
		return Entered{}, err
	}
	m, err := s.placed(ctx, tx, actor, in)
	if err != nil {
		return Entered{}, err
	}
	if err := within(actor.Scope(PermEdit), m.HomeID, m.UnitID, m.CommunityID, in.CommunityID); err != nil {
		return Entered{}, err
	}
	known, err := s.people.EnsureAllTx(ctx, tx, actor, []Someone{{Name: in.Name, IDNumber: in.IDNumber, Phone: in.Phone,
		CommunityID: m.CommunityID, Source: "member"}})
	if err != nil {
		return Entered{}, err
	}
	if known[0].Err != nil {
		return Entered{}, known[0].Err
	}
	m.PersonID = known[0].ID
	return s.enter(ctx, tx, actor, in, m)
}

// within is nil if one of the organisations is in scope. A member of no organisation is entered by the district alone.
func within(scope authz.Scope, orgs ...id.ID) error {
	if scope.All() {
		return nil
	}
	return scope.Require(orgs...)
}

// placed makes a member record out of what was said, with the places that follow from it.
func (s *Service) placed(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewMember) (Member, error) {
	m := Member{ID: id.New(), Kind: in.Kind, Name: in.Name, HomeID: in.HomeID, UnitID: in.UnitID, Standing: in.Standing,
		JoinedOn: in.JoinedOn, FullOn: in.FullOn, Skills: in.Skills, Version: 1}
	return m, s.belong(ctx, tx, actor.Tenant, &m, in.CommunityID)
}

// belong checks the organisations of a member and fills in those that follow from the others: the only branch of the unit,
// and for a member of a community's own branch the community.
func (s *Service) belong(ctx context.Context, tx *db.Tx, tenant int64, m *Member, community id.ID) error {
	for field, org := range map[string]id.ID{"home_id": m.HomeID, "unit_id": m.UnitID} {
		if err := s.living(ctx, tx, tenant, field, org); err != nil {
			return err
		}
	}
	if m.HomeID == 0 && m.UnitID != 0 {
		branch, err := onlyBranch(ctx, tx, tenant, m.UnitID)
		if err != nil {
			return err
		}
		m.HomeID = branch
	}
	if m.Kind != OfCommunity {
		return nil
	}
	if m.HomeID == 0 {
		m.HomeID = community
	}
	if m.HomeID == 0 {
		return errs.Field("home_id", i18n.MemberHomeNeeded)
	}
	c, err := communityAbove(ctx, tx, tenant, m.HomeID)
	if err != nil {
		return err
	}
	if c.id == 0 {
		return errs.Field("home_id", i18n.MemberHomeNotCommunity)
	}
	if m.CommunityID != c.id {
		m.CommunityID, m.Since = c.id, calendar.DateOf(tx.Now())
	}
	return nil
}

// living makes sure that an organisation, if one is named, exists and goes on.
func (s *Service) living(ctx context.Context, tx *db.Tx, tenant int64, field string, org id.ID) error {
	if org == 0 {
		return nil
	}
	p, err := placeOf(ctx, tx, tenant, org)
	switch {
	case errs.KindOf(err) == errs.NotFound:
		return errs.Field(field, i18n.ErrBadChoice)
	case err != nil:
		return err
	case !p.dissolved.IsZero():
		return errs.Field(field, i18n.MemberOrgGone, p.name, p.dissolved.String())
	case field == "unit_id" && p.kind != "unit" && p.kind != "committee" && p.kind != "other":
		return errs.Field(field, i18n.MemberNotUnit, p.name)
	case field == "home_id" && (p.kind == "residents_committee" || p.kind == "service_station"):
		return errs.Field(field, i18n.MemberNotBranch, p.name)
	}
	return nil
}

// enter writes a new member, or goes on with the one the person is already.
func (s *Service) enter(ctx context.Context, tx *db.Tx, actor authz.Actor, in NewMember, m Member) (Entered, error) {
	there, err := ofPersons(ctx, tx, actor.Tenant, []id.ID{m.PersonID})
	if err != nil {
		return Entered{}, err
	}
	before, was := there[m.PersonID]
	counter := in.CommunityID != 0 && m.Kind != OfCommunity
	if was && !counter {
		return Entered{}, s.alreadyMember(ctx, tx, actor, before)
	}
	if was {
		m = before
	} else {
		if err := insertMembers(ctx, tx, actor.Tenant, 0, []Member{m}); err != nil {
			return Entered{}, err
		}
		if err := record(ctx, tx, actor, PermEdit, "member.register", m, map[string]any{"kind": m.Kind}); err != nil {
			return Entered{}, err
		}
	}
	out := Entered{ID: m.ID, AlreadyMember: was}
	if counter {
		out.RegistrationID, err = s.counterTx(ctx, tx, actor, m, in.CommunityID, in.Skills)
	}
	return out, err
}

// alreadyMember says that the person is a member, and where if the actor may know.
func (s *Service) alreadyMember(ctx context.Context, tx *db.Tx, actor authz.Actor, m Member) error {
	if _, err := find(ctx, tx, seeing(actor), m.ID); err != nil {
		return errs.Field("id_number", i18n.MemberElsewhere)
	}
	return errs.Field("id_number", i18n.MemberAlready, m.Name).Because(&AlreadyError{m.ID})
}

// AlreadyError is the cause of the error that refuses somebody who is a member: MemberID is the record to look at.
type AlreadyError struct{ MemberID id.ID }

// Error is for the log.
func (e *AlreadyError) Error() string { return "the person is member " + e.MemberID.String() }

// record writes the audit entry of an act on a member.
func record(ctx context.Context, tx *db.Tx, actor authz.Actor, p authz.Permission, action string, m Member, detail map[string]any) error {
	org := m.CommunityID
	if org == 0 {
		org = m.UnitID
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, SubjectKind: "member", SubjectID: m.ID, PersonID: m.PersonID,
		OrgID: org, Permission: p, Detail: detail})
}

// Edit changes what the register keeps of a member; nil leaves a field as it is. A version that is no longer current is a
// Conflict.
type Edit struct {
	Version  int64
	Kind     *Kind
	HomeID   *id.ID
	UnitID   *id.ID
	Standing *Standing
	JoinedOn *calendar.Date
	FullOn   *calendar.Date
	Skills   *string
}

// Edit changes a member (PermEdit).
func (s *Service) Edit(ctx context.Context, actor authz.Actor, member id.ID, ed Edit) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := find(ctx, tx, actor.Scope(PermEdit), member)
		if err != nil {
			return err
		}
		if !m.Living() {
			return errs.New(errs.Conflict, i18n.MemberEnded, m.EndedOn.String())
		}
		return s.edit(ctx, tx, actor, m, ed)
	})
}

// edit applies an edit to a member that the caller found in scope.
func (s *Service) edit(ctx context.Context, tx *db.Tx, actor authz.Actor, m Member, ed Edit) error {
	before := m
	if m.Version = ed.Version; ed.Version == 0 {
		return errs.ErrConflict
	}
	if err := ed.apply(&m, calendar.DateOf(tx.Now())); err != nil {
		return err
	}
	if err := s.reassign(ctx, tx, actor, before, &m); err != nil {
		return err
	}
	if err := save(ctx, tx, actor.Tenant, m); err != nil {
		return err
	}
	return record(ctx, tx, actor, PermEdit, "member.edit", m, changes(before, m))
}

func (ed Edit) apply(m *Member, today calendar.Date) error {
	f := Fields{Kind: m.Kind, HomeID: m.HomeID, UnitID: m.UnitID, Standing: m.Standing, JoinedOn: m.JoinedOn, FullOn: m.FullOn, Skills: m.Skills}
	set(&f.Kind, ed.Kind)
	set(&f.HomeID, ed.HomeID)
	set(&f.UnitID, ed.UnitID)
	set(&f.Standing, ed.Standing)
	set(&f.JoinedOn, ed.JoinedOn)
	set(&f.FullOn, ed.FullOn)
	set(&f.Skills, ed.Skills)
	if err := f.check(today).OrNil(); err != nil {
		return err
	}
	m.Kind, m.HomeID, m.UnitID, m.Standing = f.Kind, f.HomeID, f.UnitID, f.Standing
	m.JoinedOn, m.FullOn, m.Skills = f.JoinedOn, f.FullOn, f.Skills
	return nil
}

func set[T any](dst, src *T) {
	if src != nil {
		*dst = *src
	}
}

// reassign checks new organisations and lets the open registration follow a new unit.
func (s *Service) reassign(ctx context.Context, tx *db.Tx, actor authz.Actor, before Member, m *Member) error {
	if m.Kind != before.Kind && (m.Kind == OfCommunity || before.Kind == OfCommunity) {
		if r, err := openRegistration(ctx, tx, actor.Tenant, m.ID); err != nil {
			return err
		} else if r.ID != 0 {
			return errs.Field("kind", i18n.MemberKindRegistered)
		}
		if before.Kind == OfCommunity {
			if err := s.leave(ctx, tx, actor, before, calendar.DateOf(tx.Now()), i18n.MemberKindChanged.In(i18n.ZH)); err != nil {
				return err
			}
			m.CommunityID, m.GridID, m.Since = 0, 0, calendar.Date{}
		}
	}
	if m.HomeID == before.HomeID && m.UnitID == before.UnitID && m.Kind == before.Kind {
		return nil
	}
	if m.HomeID != before.HomeID {
		if moving, err := inTransfer(ctx, tx, actor.Tenant, m.ID); err != nil {
			return err
		} else if moving {
			return errs.Field("home_id", i18n.MemberInTransfer)
		}
	}
	if err := s.belong(ctx, tx, actor.Tenant, m, 0); err != nil {
		return err
	}
	if before.CommunityID != 0 && m.CommunityID != before.CommunityID && before.Kind == OfCommunity && m.Kind == OfCommunity {
		if err := s.leave(ctx, tx, actor, before, calendar.DateOf(tx.Now()), i18n.MemberHomeChanged.In(i18n.ZH)); err != nil {
			return err
		}
	}
	if m.UnitID == before.UnitID {
		return nil
	}
	return followUnit(ctx, tx, actor.Tenant, m.ID, m.UnitID)
}

// changes names what an edit changed, for the record.
func changes(a, b Member) map[string]any {
	out := map[string]any{}
	note := func(name string, x, y any) {
		if x != y {
			out[name] = []any{x, y}
		}
	}
	note("kind", a.Kind, b.Kind)
	note("home_id", a.HomeID, b.HomeID)
	note("unit_id", a.UnitID, b.UnitID)
	note("standing", a.Standing, b.Standing)
	note("joined_on", a.JoinedOn.String(), b.JoinedOn.String())
	note("full_on", a.FullOn.String(), b.FullOn.String())
	note("skills", a.Skills, b.Skills)
	return out
}

// End takes a member off the register with the reason: moved out of the district, died, left the Party. What the member holds
// in a community ends with it.
func (s *Service) End(ctx context.Context, actor authz.Actor, member id.ID, on calendar.Date, reason string, version int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := find(ctx, tx, actor.Scope(PermEdit), member)
		if err != nil {
			return err
		}
		if version != 0 {
			m.Version = version
		}
		return s.end(ctx, tx, actor, m, on, reason)
	})
}

// end takes a member off the register; the caller found it and decided who may.
func (s *Service) end(ctx context.Context, tx *db.Tx, actor authz.Actor, m Member, on calendar.Date, reason string) error {
	today := calendar.DateOf(tx.Now())
	if !m.Living() {
		return errs.New(errs.Conflict, i18n.MemberEnded, m.EndedOn.String())
	}
	var e *errs.Error
	switch {
	case on.IsZero():
		e = e.With("on", i18n.ErrRequired)
	case on.After(today):
		e = e.With("on", i18n.MemberDateFuture)
	case on.Before(m.JoinedOn) || on.Before(m.Since):
		e = e.With("on", i18n.ErrEndBeforeStart)
	}
	reason = clean(reason)
	if err := need(e, "reason", reason, maxReason).OrNil(); err != nil {
		return err
	}
	if err := s.leave(ctx, tx, actor, m, on, reason); err != nil {
		return err
	}
	m.EndedOn, m.EndReason, m.PlaqueShown = on, reason, false
	if err := save(ctx, tx, actor.Tenant, m); err != nil {
		return err
	}
	for _, x := range s.enders {
		if err := x.EndedTx(ctx, tx, actor, m.ID, on, reason); err != nil {
			return err
		}
	}
	return record(ctx, tx, actor, PermEdit, "member.end", m, map[string]any{"on": on.String(), "reason": reason})
}

// leave ends the member's open registration and what the member holds in the community.
func (s *Service) leave(ctx context.Context, tx *db.Tx, actor authz.Actor, m Member, on calendar.Date, reason string) error {
	if err := s.endRegistration(ctx, tx, actor.Tenant, m.ID, on, reason); err != nil {
		return err
	}
	if m.CommunityID == 0 {
		return nil
	}
	if err := revokeCertificates(ctx, tx, actor.Tenant, m.ID, i18n.CertificateLeft.In(i18n.ZH)); err != nil {
		return err
	}
	for _, l := range s.leavers {
		if err := l.LeaveTx(ctx, tx, actor, m.ID, m.CommunityID, on, reason); err != nil {
			return err
		}
	}
	return nil
}

// endRegistration ends the open registration of a member, if there is one.
func (s *Service) endRegistration(ctx context.Context, tx *db.Tx, tenant int64, member id.ID, on calendar.Date, reason string) error {
	r, err := openRegistration(ctx, tx, tenant, member)
	if err != nil || r.ID == 0 {
		return err
	}
	if r.State == Proposed {
		r.State = Withdrawn
	} else {
		r.State, r.EndedOn = Ended, on
	}
	r.Reason = reason
	return saveRegistration(ctx, tx, tenant, r)
}
