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
)

// Start is a registration to start for one member; without a community the one where the person lives is taken.
type Start struct {
	MemberID    id.ID
	CommunityID id.ID
	Skills      string // what the member can do there; the register's skills if empty
}

// Start reports members to communities, all or none (PermRegister at the unit or branch, or PermRegisterOwn for oneself). It
// gives the registrations in the order of starts.
func (s *Service) Start(ctx context.Context, actor authz.Actor, starts ...Start) ([]id.ID, error) {
	var out []id.ID
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		out = out[:0]
		for _, st := range starts {
			r, err := s.start(ctx, tx, actor, st)
			if err != nil {
				return err
			}
			out = append(out, r.ID)
		}
		return nil
	})
	return out, err
}

func (s *Service) start(ctx context.Context, tx *db.Tx, actor authz.Actor, st Start) (Registration, error) {
	scope := actor.Scope(PermRegister).Or(actor.Scope(PermRegisterOwn))
	m, err := find(ctx, tx, scope, st.MemberID)
	if err != nil {
		return Registration{}, err
	}
	r, err := s.propose(ctx, tx, actor, m, st)
	if err != nil {
		return Registration{}, err
	}
	r.StartedBy = ByUnit
	if scope.CoversPerson(m.PersonID) && !actor.Scope(PermRegister).Covers(m.UnitID) {
		r.StartedBy = ByMember
	}
	if err := insertRegistrations(ctx, tx, actor.Tenant, []Registration{r}); err != nil {
		return Registration{}, onceOnly(err, m)
	}
	return r, recordRegistration(ctx, tx, actor, PermRegister, "registration.start", r, nil)
}

// propose checks that the member can be registered and makes the proposal.
func (s *Service) propose(ctx context.Context, tx *db.Tx, actor authz.Actor, m Member, st Start) (Registration, error) {
	if !m.Living() {
		return Registration{}, errs.New(errs.Conflict, i18n.MemberEnded, m.EndedOn.String())
	}
	if m.Kind == OfCommunity {
		return Registration{}, errs.New(errs.Conflict, i18n.RegistrationNotNeeded, m.Name)
	}
	if st.CommunityID == 0 {
		w, err := livesIn(ctx, tx, actor.Tenant, m.PersonID)
		if err != nil {
			return Registration{}, err
		}
		if st.CommunityID = w.community; st.CommunityID == 0 {
			return Registration{}, errs.Field("community_id", i18n.RegistrationWhere, m.Name)
		}
	}
	if err := s.takes(ctx, tx, actor.Tenant, st.CommunityID); err != nil {
		return Registration{}, err
	}
	if err := s.notOpen(ctx, tx, actor.Tenant, m); err != nil {
		return Registration{}, err
	}
	skills := clean(st.Skills)
	if skills == "" {
		skills = m.Skills
	}
	if err := limit(nil, "skills", skills, maxSkills).OrNil(); err != nil {
		return Registration{}, err
	}
	return Registration{ID: id.New(), MemberID: m.ID, PersonID: m.PersonID, UnitID: m.UnitID, CommunityID: st.CommunityID, State: Proposed,
		Skills: skills, ProposedAt: tx.Now(), ProposedBy: actor.AccountID, Version: 1}, nil
}

// takes makes sure that an organisation is a community that takes members.
func (s *Service) takes(ctx context.Context, tx *db.Tx, tenant int64, community id.ID) error {
	p, err := placeOf(ctx, tx, tenant, community)
	switch {
	case errs.KindOf(err) == errs.NotFound, err == nil && p.kind != kindCommunity:
		return errs.Field("community_id", i18n.RegistrationNoCommunity)
	case err != nil:
		return err
	case !p.dissolved.IsZero():
		return errs.Field("community_id", i18n.MemberOrgGone, p.name, p.dissolved.String())
	}
	return nil
}

// notOpen refuses a second registration and says where the first one stands.
func (s *Service) notOpen(ctx context.Context, tx *db.Tx, tenant int64, m Member) error {
	r, err := openRegistration(ctx, tx, tenant, m.ID)
	if err != nil || r.ID == 0 {
		return err
	}
	p, err := placeOf(ctx, tx, tenant, r.CommunityID)
	if err != nil {
		return err
	}
	if r.State == Proposed {
		return errs.New(errs.Conflict, i18n.RegistrationWaits, m.Name, p.name, i18n.Date(r.ProposedAt))
	}
	return errs.New(errs.Conflict, i18n.RegistrationThere, m.Name, p.name, i18n.Date(r.DecidedAt))
}

// onceOnly turns the clash of two who start at the same moment into words.
func onceOnly(err error, m Member) error {
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, i18n.RegistrationTwice, m.Name).Because(err)
	}
	return err
}

// counterTx registers a member who came to the counter with the form (PermAccept at the community).
func (s *Service) counterTx(ctx context.Context, tx *db.Tx, actor authz.Actor, m Member, community id.ID, skills string) (id.ID, error) {
	if err := actor.Scope(PermAccept).Require(community); err != nil {
		return 0, err
	}
	r, err := openRegistration(ctx, tx, actor.Tenant, m.ID)
	if err != nil {
		return 0, err
	}
	if r.State == Proposed && r.CommunityID == community { // the form came by both ways: answer the one that waits
		return r.ID, s.acceptTx(ctx, tx, actor, r.ID)
	}
	if r, err = s.propose(ctx, tx, actor, m, Start{MemberID: m.ID, CommunityID: community, Skills: skills}); err != nil {
		return 0, err
	}
	r.StartedBy = ByCommunity
	if err := insertRegistrations(ctx, tx, actor.Tenant, []Registration{r}); err != nil {
		return 0, onceOnly(err, m)
	}
	if err := recordRegistration(ctx, tx, actor, PermAccept, "registration.start", r, map[string]any{"counter": true}); err != nil {
		return 0, err
	}
	return r.ID, s.acceptTx(ctx, tx, actor, r.ID)
}

// recordRegistration writes the audit entry of an act on a registration; it belongs to the member's history.
func recordRegistration(ctx context.Context, tx *db.Tx, actor authz.Actor, p authz.Permission, action string, r Registration, detail map[string]any) error {
	if detail == nil {
		detail = map[string]any{}
	}
	detail["registration"] = r.ID
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, SubjectKind: "member", SubjectID: r.MemberID, PersonID: r.PersonID,
		OrgID: r.CommunityID, Permission: p, Detail: detail})
}

// Accept takes members in, all or none (PermAccept at the community): from today they belong to the community.
func (s *Service) Accept(ctx context.Context, actor authz.Actor, registrations ...id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		for _, r := range registrations {
			if err := s.acceptTx(ctx, tx, actor, r); err != nil {
				return err
			}
		}
		return nil
	})
}

// answering is where the actor answers registrations: at the community only, never as the unit that reported the member.
func answering(ctx context.Context, tx *db.Tx, actor authz.Actor, registration id.ID) (Registration, error) {
	r, err := findRegistration(ctx, tx, actor.Scope(PermAccept), registration)
	if err != nil {
		return r, err
	}
	return r, actor.Scope(PermAccept).Require(r.CommunityID)
}

func (s *Service) acceptTx(ctx context.Context, tx *db.Tx, actor authz.Actor, registration id.ID) error {
	r, err := answering(ctx, tx, actor, registration)
	if err != nil {
		return err
	}
	if err := r.Accept(tx.Now(), actor.AccountID); err != nil {
		return err
	}
	m, err := load(ctx, tx, actor.Tenant, r.MemberID)
	if err != nil {
		return err
	}
	if !m.Living() {
		return errs.New(errs.Conflict, i18n.MemberEnded, m.EndedOn.String())
	}
	w, err := livesIn(ctx, tx, actor.Tenant, m.PersonID)
	if err != nil {
		return err
	}
	m.CommunityID, m.Since, m.GridID = r.CommunityID, calendar.DateOf(tx.Now()), 0
	if w.community == r.CommunityID {
		m.GridID = w.grid
	}
	if r.Skills != "" {
		m.Skills = r.Skills
	}
	if err := saveRegistration(ctx, tx, actor.Tenant, r); err != nil {
		return err
	}
	if err := save(ctx, tx, actor.Tenant, m); err != nil {
		return err
	}
	return recordRegistration(ctx, tx, actor, PermAccept, "registration.accept", r, nil)
}

// Return gives a registration back with the reason (PermAccept at the community).
func (s *Service) Return(ctx context.Context, actor authz.Actor, registration id.ID, reason string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := answering(ctx, tx, actor, registration)
		if err != nil {
			return err
		}
		if err := r.Return(tx.Now(), actor.AccountID, clean(reason)); err != nil {
			return err
		}
		if err := saveRegistration(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		return recordRegistration(ctx, tx, actor, PermAccept, "registration.return", r, map[string]any{"reason": r.Reason})
	})
}

// Withdraw takes a registration back before it is answered (PermRegister or PermRegisterOwn).
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, registration id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findRegistration(ctx, tx, actor.Scope(PermRegister).Or(actor.Scope(PermRegisterOwn)), registration)
		if err != nil {
			return err
		}
		if err := r.Withdraw(tx.Now(), actor.AccountID); err != nil {
			return err
		}
		if err := saveRegistration(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		return recordRegistration(ctx, tx, actor, PermRegister, "registration.withdraw", r, nil)
	})
}

// EndRegistration ends an accepted registration on a day, with the reason (PermAccept at the community, or PermRegister). What
// the member holds in the community ends with it.
func (s *Service) EndRegistration(ctx context.Context, actor authz.Actor, registration id.ID, on calendar.Date, reason string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, err := s.endTx(ctx, tx, actor, registration, on, reason)
		return err
	})
}

func (s *Service) endTx(ctx context.Context, tx *db.Tx, actor authz.Actor, registration id.ID, on calendar.Date, reason string) (Member, error) {
	r, err := findRegistration(ctx, tx, actor.Scope(PermAccept).Or(actor.Scope(PermRegister)), registration)
	if err != nil {
		return Member{}, err
	}
	reason = clean(reason)
	checked := r
	if err := checked.End(on, calendar.DateOf(tx.Now()), reason); err != nil {
		return Member{}, err
	}
	m, err := load(ctx, tx, actor.Tenant, r.MemberID)
	if err != nil {
		return Member{}, err
	}
	if err := s.leave(ctx, tx, actor, m, on, reason); err != nil {
		return Member{}, err
	}
	m.CommunityID, m.GridID, m.Since, m.PlaqueShown = 0, 0, calendar.Date{}, false
	if err := save(ctx, tx, actor.Tenant, m); err != nil {
		return Member{}, err
	}
	m.Version++
	return m, recordRegistration(ctx, tx, actor, PermAccept, "registration.end", checked, map[string]any{"on": on.String(), "reason": reason})
}

// Move ends the registration in one community today and proposes the member to another (PermAccept or PermRegister where the
// member is now, or PermRegisterOwn). It gives the new registration.
func (s *Service) Move(ctx context.Context, actor authz.Actor, registration, to id.ID, reason string) (id.ID, error) {
	var out id.ID
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findRegistration(ctx, tx, actor.Scope(PermAccept).Or(actor.Scope(PermRegister)).Or(actor.Scope(PermRegisterOwn)), registration)
		if err != nil {
			return err
		}
		if r.CommunityID == to {
			return errs.Field("community_id", i18n.RegistrationSame)
		}
		m, err := s.endForMove(ctx, tx, actor, r, reason)
		if err != nil {
			return err
		}
		next, err := s.propose(ctx, tx, actor, m, Start{MemberID: m.ID, CommunityID: to, Skills: r.Skills})
		if err != nil {
			return err
		}
		next.StartedBy = s.starter(actor, r)
		if err := insertRegistrations(ctx, tx, actor.Tenant, []Registration{next}); err != nil {
			return onceOnly(err, m)
		}
		out = next.ID
		return recordRegistration(ctx, tx, actor, PermRegister, "registration.move", next, map[string]any{"from": r.CommunityID, "reason": reason})
	})
	return out, err
}

// starter says in which capacity the actor starts the next registration after r.
func (s *Service) starter(actor authz.Actor, r Registration) Starter {
	switch {
	case actor.Scope(PermRegister).Covers(r.UnitID):
		return ByUnit
	case actor.Scope(PermAccept).Covers(r.CommunityID):
		return ByCommunity
	}
	return ByMember
}

// endForMove ends r as of today; a registration that still waits is withdrawn.
func (s *Service) endForMove(ctx context.Context, tx *db.Tx, actor authz.Actor, r Registration, reason string) (Member, error) {
	m, err := load(ctx, tx, actor.Tenant, r.MemberID)
	if err != nil {
		return m, err
	}
	today := calendar.DateOf(tx.Now())
	reason = clean(reason)
	switch r.State {
	case Proposed:
		r.State, r.Reason, r.DecidedAt, r.DecidedBy = Withdrawn, reason, tx.Now(), actor.AccountID
		return m, saveRegistration(ctx, tx, actor.Tenant, r)
	case Accepted:
		if err := r.End(today, today, reason); err != nil {
			return m, err
		}
	default:
		return m, errs.New(errs.Conflict, i18n.RegistrationNotAccepted, r.State.Text())
	}
	if err := s.leave(ctx, tx, actor, m, today, reason); err != nil {
		return m, err
	}
	m.CommunityID, m.GridID, m.Since, m.PlaqueShown = 0, 0, calendar.Date{}, false
	if err := save(ctx, tx, actor.Tenant, m); err != nil {
		return m, err
	}
	m.Version++
	return m, nil
}

// Proposal is what the form of a registration arrives filled in with.
type Proposal struct {
	Member      Item
	CommunityID id.ID // where the person lives, 0 if the platform does not know
	Community   string
	Skills      string
	Open        Registration // the one that stands already, if any
	Last        Registration // the one before, with the reason it was returned
}

// Propose gives what a registration of a member would be filled in with (PermRegister or PermRegisterOwn).
func (s *Service) Propose(ctx context.Context, actor authz.Actor, member id.ID) (Proposal, error) {
	var p Proposal
	err := s.db.View(ctx, func(tx *db.Tx) error {
		scope := actor.Scope(PermRegister).Or(actor.Scope(PermRegisterOwn))
		m, err := findItem(ctx, tx, scope, member)
		if err != nil {
			return err
		}
		p.Member, p.Skills = m, m.Skills
		w, err := livesIn(ctx, tx, actor.Tenant, m.PersonID)
		if err != nil {
			return err
		}
		if w.community != 0 {
			c, err := placeOf(ctx, tx, actor.Tenant, w.community)
			if err != nil {
				return err
			}
			if c.kind == kindCommunity && c.dissolved.IsZero() {
				p.CommunityID, p.Community = c.id, c.name
			}
		}
		if p.Open, err = openRegistration(ctx, tx, actor.Tenant, member); err != nil {
			return err
		}
		p.Last, err = lastRegistration(ctx, tx, actor.Tenant, member)
		return err
	})
	return p, err
}

// Mine gives the actor's own member record (PermSeeOwn); NotFound for somebody who is no member.
func (s *Service) Mine(ctx context.Context, actor authz.Actor) (Item, error) {
	if actor.PersonID == 0 || !actor.Can(PermSeeOwn) {
		return Item{}, errs.ErrNotFound
	}
	m, err := ofPersons(ctx, s.db, actor.Tenant, []id.ID{actor.PersonID})
	if err != nil {
		return Item{}, err
	}
	mine, ok := m[actor.PersonID]
	if !ok {
		return Item{}, errs.ErrNotFound
	}
	return findItem(ctx, s.db, actor.Scope(PermSeeOwn), mine.ID)
}
