package mediation

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/casework"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
	"linli/internal/seal"
)

// The permissions.
const (
	PermSee       authz.Permission = "mediation.see"       // numbers alone
	PermMediate   authz.Permission = "mediation.mediate"   // records of one's own community
	PermServe     authz.Permission = "mediation.serve"     // what one mediates oneself, or heads
	PermCommittee authz.Permission = "mediation.committee" // keep committees
)

// purposeOfLook is the registered purpose for which a record is looked at: what the parties asked for.
const purposeOfLook = "request"

// Calendars gives the working calendar of a district.
type Calendars interface {
	Calendar(ctx context.Context, tenant int64) (*calendar.Calendar, error)
}

// Cases are the disputes that mediations are made from.
type Cases interface {
	// MediateTx takes a dispute that the actor sees into mediation, and tells what it knows; of the one who reported it where they are a party.
	MediateTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c id.ID, isParty bool) (casework.ForMediation, error)
	// MediatedTx finishes a case that is still at work at an organisation with how its mediation ended; ended says whether it did.
	MediatedTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c, org id.ID, in casework.Result) (ended bool, err error)
}

// Persons are the residents whom the register knows.
type Persons interface {
	// ByIDNumbers finds people in the actor's scope by their identity numbers.
	ByIDNumbers(ctx context.Context, actor authz.Actor, numbers []string) (map[string]id.ID, error)
}

// Service keeps mediations and committees.
type Service struct {
	db      *db.DB
	ring    *seal.Ring
	days    Calendars
	cases   Cases
	persons Persons
	files   *attach.Store
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, days Calendars, cases Cases, persons Persons) *Service {
	return &Service{db: d, ring: ring, days: days, cases: cases, persons: persons}
}

// known is who in the register has an identity number, 0 for nobody whom the actor may see.
func (s *Service) known(ctx context.Context, actor authz.Actor, number string) (id.ID, error) {
	if number == "" {
		return 0, nil
	}
	found, err := s.persons.ByIDNumbers(ctx, actor, []string{number})
	return found[number], err
}

// Now is the instant by which something is overdue.
func (s *Service) Now() time.Time { return s.db.Now() }

// NewParty is somebody in a dispute as they are entered.
type NewParty struct {
	Name     string
	Phone    string
	IDNumber string
	Address  string
}

// NewMediation is a mediation that is applied for or offered.
type NewMediation struct {
	OrgID   id.ID
	ItemID  id.ID // kind of dispute, of the catalogue; 0 where it is not said
	Start   Start
	Private bool
	Place   string
	Matter  string
	AskedOn calendar.Date // zero for today
	Parties []NewParty
}

func (n *NewParty) check(e *errs.Error, at string, now time.Time) *errs.Error {
	e = errs.Words(e, "name"+at, &n.Name, MaxName, true)
	e = errs.Words(e, "address"+at, &n.Address, MaxPlace, false)
	if n.Phone = strings.TrimSpace(n.Phone); n.Phone != "" {
		number, problem := code.ParsePhone(n.Phone)
		if problem.Blocks() {
			e = e.With("phone"+at, i18n.CodeProblem, problem.Message, problem.Advice)
		}
		n.Phone = number.String()
	}
	if n.IDNumber = strings.TrimSpace(n.IDNumber); n.IDNumber != "" {
		number, problem := code.ParseResidentID(n.IDNumber, now, code.IDRules{})
		if problem.Blocks() {
			e = e.With("id_number"+at, i18n.CodeProblem, problem.Message, problem.Advice)
		}
		n.IDNumber = number.String()
	}
	return e
}

// tries is how often a mediation is entered until its number is one that nobody has.
const tries = 5

// Open enters a mediation that somebody applied for or that is offered (PermMediate at the community).
func (s *Service) Open(ctx context.Context, actor authz.Actor, n NewMediation) (id.ID, error) {
	var e *errs.Error
	if n.Start.Text().IsZero() {
		e = e.With("start", i18n.ErrBadChoice)
	}
	if n.OrgID == 0 {
		e = e.With("org", i18n.ErrRequired)
	}
	e = errs.Words(e, "place", &n.Place, MaxPlace, false)
	e = errs.Words(e, "matter", &n.Matter, MaxWords, true)
	if n.AskedOn.After(calendar.DateOf(s.db.Now())) {
		e = e.With("asked", i18n.MediationFuture)
	}
	if len(n.Parties) < 2 || len(n.Parties) > MaxParties {
		e = e.With("name.2", i18n.MediationTwoParties)
	}
	for i := range n.Parties {
		e = n.Parties[i].check(e, fmt.Sprintf(".%d", i+1), s.db.Now())
	}
	if e != nil {
		return 0, e
	}
	if err := actor.Held(PermMediate).Require(n.OrgID); err != nil {
		return 0, err
	}
	persons := make([]id.ID, len(n.Parties))
	for i, p := range n.Parties {
		var err error
		if persons[i], err = s.known(ctx, actor, p.IDNumber); err != nil {
			return 0, err
		}
	}
	return s.enter(ctx, func(tx *db.Tx, m id.ID) error {
		if err := reference.Require(ctx, tx, actor.Tenant, reference.CatalogueItem, n.ItemID); err != nil {
			return errs.Field("item", i18n.ErrBadChoice)
		}
		if _, err := findCommunity(ctx, tx, actor.Tenant, n.OrgID); err != nil {
			return err
		}
		x := Mediation{ID: m, OrgID: n.OrgID, ItemID: n.ItemID, Start: n.Start, Private: n.Private, Place: n.Place, Matter: n.Matter, AskedOn: n.AskedOn}
		for i, p := range n.Parties {
			x.Parties = append(x.Parties, Party{Name: p.Name, Phone: p.Phone, IDNumber: p.IDNumber, Address: p.Address, PersonID: persons[i]})
		}
		return s.openTx(ctx, tx, actor, x)
	})
}

func (s *Service) enter(ctx context.Context, do func(tx *db.Tx, m id.ID) error) (m id.ID, err error) {
	for range tries {
		m = id.New()
		if err = s.db.WithTx(ctx, func(tx *db.Tx) error { return do(tx, m) }); !db.IsUnique(err) {
			return m, err
		}
	}
	return m, err
}

func (s *Service) openTx(ctx context.Context, tx *db.Tx, actor authz.Actor, m Mediation) error {
	m.No, m.State, m.AskedOn = paper.NewNo("TJ", tx.Now()), Opened, orDay(m.AskedOn, calendar.DateOf(tx.Now()))
	if err := s.insert(ctx, tx, actor, &m); err != nil {
		return err
	}
	if err := s.insertEntry(ctx, tx, actor, m.ID, ActOpen, Opened, ""); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "mediation.open", Permission: PermMediate, SubjectKind: "mediation", SubjectID: m.ID, OrgID: m.OrgID,
		Detail: map[string]any{"no": m.No, "start": m.Start, "case": m.CaseID.String()}})
}

// FromCase takes a dispute into mediation in one press: all that the case knows is taken over (PermMediate at its community; the actor sees the case). The one who
// reported it reads in their case that it is mediated; who they are is taken over where they are a party. Pressed again it gives the mediation that there is, until that
// has ended: a case that is opened again can be mediated again.
func (s *Service) FromCase(ctx context.Context, actor authz.Actor, c id.ID, isParty bool) (id.ID, error) {
	if m, err := s.ofCase(ctx, s.db, actor, c, goesOn); err != nil || m != 0 {
		return m, err
	}
	m, err := s.enter(ctx, func(tx *db.Tx, m id.ID) error {
		of, err := s.cases.MediateTx(ctx, tx, actor, PermMediate, c, isParty)
		if err != nil {
			return err
		}
		if err := actor.Held(PermMediate).Require(of.CommunityID); err != nil {
			return err
		}
		if n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM mediation m WHERE m.tenant_id = $1 AND m.case_id = $2`+goesOn, actor.Tenant, c); err != nil {
			return err
		} else if n > 0 {
			return errs.New(errs.Conflict, i18n.MediationHasOne)
		}
		x := Mediation{ID: m, OrgID: of.CommunityID, CaseID: c, ItemID: of.ItemID, Start: Applied, Private: true, Place: short(of.Place, MaxPlace), Matter: short(of.Body, MaxWords)}
		reporter, other := short(of.Name, MaxName), short(of.Other, MaxName)
		switch {
		case !isParty:
			reporter = i18n.MediationOneSide.In(i18n.ZH)
		case reporter == "":
			reporter = i18n.MediationNoName.In(i18n.ZH)
		}
		if other == "" {
			other = i18n.MediationOtherSide.In(i18n.ZH)
		}
		x.Parties = []Party{{Name: reporter, Phone: of.Phone, PersonID: of.PersonID}, {Name: other}}
		return s.openTx(ctx, tx, actor, x)
	})
	if errs.KindOf(err) == errs.Conflict { // somebody pressed at the same time
		if there, err := s.ofCase(ctx, s.db, actor, c, goesOn); err != nil || there != 0 {
			return there, err
		}
	}
	return m, err
}

// short cuts a text that another package kept to what fits.
func short(s string, limit int) string {
	if r := []rune(strings.TrimSpace(s)); len(r) > limit {
		return string(r[:limit])
	} else {
		return string(r)
	}
}

// goesOn is the condition that a mediation has not ended.
const goesOn = " AND m.ended_on = ''"

// ofCase is the last mediation of a case that the actor sees, 0 for none.
func (s *Service) ofCase(ctx context.Context, q db.Querier, actor authz.Actor, c id.ID, more string) (id.ID, error) {
	if c == 0 {
		return 0, nil
	}
	a := &db.Args{}
	return db.Value[id.ID](ctx, q, "SELECT coalesce(max(m.id), 0) FROM mediation m WHERE "+visible(a, actor)+" AND m.case_id = "+a.Add(c)+more, a.Values()...)
}

// OfCase says whether a case is mediated now, and gives its last mediation where the actor sees it.
func (s *Service) OfCase(ctx context.Context, actor authz.Actor, c id.ID) (m id.ID, mediated bool, err error) {
	if m, err = s.ofCase(ctx, s.db, actor, c, ""); err != nil {
		return 0, false, err
	}
	n, err := db.Value[int64](ctx, s.db, `SELECT count(*) FROM mediation m WHERE m.tenant_id = $1 AND m.case_id = $2 AND m.case_id <> 0`+goesOn, actor.Tenant, c)
	return m, n > 0, err
}

// Get gives a mediation that the actor sees, with everything that belongs to it. The look is recorded, and residents whom the register knows see it.
func (s *Service) Get(ctx context.Context, actor authz.Actor, mediation id.ID) (Mediation, error) {
	return s.look(ctx, actor, mediation, "mediation.look", "")
}

// Paper gives a mediation for a paper that is printed of it; the look is recorded with which one.
func (s *Service) Paper(ctx context.Context, actor authz.Actor, mediation id.ID, paper string) (Mediation, error) {
	return s.look(ctx, actor, mediation, "mediation.paper", paper)
}

func (s *Service) look(ctx context.Context, actor authz.Actor, mediation id.ID, action, paper string) (m Mediation, err error) {
	cal, err := s.days.Calendar(ctx, actor.Tenant)
	if err != nil {
		return m, err
	}
	return m, s.db.WithTx(ctx, func(tx *db.Tx) error {
		if m, err = s.find(ctx, tx, actor, mediation); err != nil {
			return err
		}
		if err := s.parts(ctx, tx, actor.Tenant, &m); err != nil {
			return err
		}
		if err := s.scans(ctx, tx, actor, &m); err != nil {
			return err
		}
		m.AnswerBy, m.AnswerMost = m.CourtBy(cal)
		var detail map[string]any
		if paper != "" {
			if !slices.Contains(m.Papers(), paper) {
				return errs.ErrNotFound
			}
			detail = map[string]any{"paper": paper}
		}
		look := audit.Entry{Action: action, Permission: PermServe, SubjectKind: "mediation", SubjectID: m.ID, OrgID: m.OrgID, Purpose: purposeOfLook, Detail: detail}
		entries := []audit.Entry{look}
		for _, p := range m.Parties {
			if p.PersonID != 0 {
				look.PersonID = p.PersonID
				entries = append(entries, look)
			}
		}
		if len(entries) > 1 {
			entries = entries[1:] // each names the mediation too
		}
		return audit.RecordMany(ctx, tx, actor, entries)
	})
}

// act finds a mediation that the actor sees, checks that the act is possible, lets do change it and say what is kept of it, saves and records it. version is what
// the actor saw; somebody else's change in between is a Conflict. A case that it was made from follows by itself.
func (s *Service) act(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, a Act, do func(tx *db.Tx, cal *calendar.Calendar, m *Mediation) (said string, err error)) error {
	cal, err := s.days.Calendar(ctx, actor.Tenant)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := s.find(ctx, tx, actor, mediation)
		if err != nil {
			return err
		}
		if m.Version != version {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		if err := s.parts(ctx, tx, actor.Tenant, &m); err != nil {
			return err
		}
		if !m.Can(a) {
			return errs.New(errs.Conflict, i18n.MediationCannot, m.State.Text())
		}
		was := m
		was.Parties, was.Duties = slices.Clone(m.Parties), slices.Clone(m.Duties)
		said, err := do(tx, cal, &m)
		if err != nil {
			return err
		}
		if err := s.followed(ctx, tx, actor, was.State, &m); err != nil {
			return err
		}
		if err := s.save(ctx, tx, actor.Tenant, was, &m); err != nil {
			return err
		}
		if err := s.insertEntry(ctx, tx, actor, m.ID, a, m.State, said); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "mediation." + string(a), Permission: PermServe, SubjectKind: "mediation", SubjectID: m.ID, OrgID: m.OrgID,
			Detail: map[string]any{"state": m.State}})
	})
}

// followed is what follows from the end of a mediation: a visit is planned, and the case is finished with the honest outcome.
func (s *Service) followed(ctx context.Context, tx *db.Tx, actor authz.Actor, was State, m *Mediation) error {
	if was == m.State || was.Agreed() {
		return nil
	}
	if slices.Contains([]State{Failed, Refused, Withdrawn}, m.State) && len(m.Duties) > 0 { // of an agreement that is none
		m.Duties = nil
		if err := s.writeDuties(ctx, tx, actor.Tenant, m); err != nil {
			return err
		}
	}
	var in casework.Result
	switch {
	case m.State.Agreed():
		v := Visit{ID: id.New(), DueOn: m.EffectiveOn.AddDays(VisitDays)}
		if err := s.insertVisit(ctx, tx, actor, m.ID, v); err != nil {
			return err
		}
		m.Visits = append(m.Visits, v)
		in = casework.Result{Outcome: casework.Fulfilled, Words: i18n.MediationCaseAgreed.In(i18n.ZH, m.No)}
		if m.Settles == Part {
			in = casework.Result{Outcome: casework.Half, Words: i18n.MediationCasePartly.In(i18n.ZH, m.No)}
		}
	case m.State == Withdrawn && m.Settles == ByThem:
		in = casework.Result{Outcome: casework.Fulfilled, Words: i18n.MediationCaseSettled.In(i18n.ZH, m.No)}
	case m.State == Failed, m.State == Refused, m.State == Withdrawn: // who ended it is nobody else's to read
		in = casework.Result{Outcome: casework.Outside, Words: i18n.MediationCaseEnded.In(i18n.ZH, m.No), Address: i18n.MediationWays.In(i18n.ZH)}
	default:
		return nil
	}
	if m.CaseID == 0 || m.CaseEnded {
		return nil
	}
	var err error
	m.CaseEnded, err = s.cases.MediatedTx(ctx, tx, actor, PermServe, m.CaseID, m.OrgID, in)
	return err
}

// Members are the members of the committee of a mediation that the actor sees, out of whom its mediators are chosen.
func (s *Service) Members(ctx context.Context, actor authz.Actor, mediation id.ID) ([]Member, error) {
	m, err := s.find(ctx, s.db, actor, mediation)
	if err != nil {
		return nil, err
	}
	return members(ctx, s.db, actor.Tenant, m.OrgID)
}
