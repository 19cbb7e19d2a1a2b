package mediation

import (
	"context"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

// orDay is a day, or another one where none is said.
func orDay(day, other calendar.Date) calendar.Date {
	if day.IsZero() {
		return other
	}
	return day
}

// Correction is what a mediation is about, as it is corrected.
type Correction struct {
	ItemID  id.ID
	Private bool
	Place   string
	Matter  string
	AskedOn calendar.Date // zero where it stays
}

// Correct changes what a mediation is about, and whether its sessions are open (MED-5).
func (s *Service) Correct(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, in Correction) error {
	e := errs.Words(nil, "place", &in.Place, MaxPlace, false)
	if e = errs.Words(e, "matter", &in.Matter, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActCorrect, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		if !in.AskedOn.IsZero() && in.AskedOn != m.AskedOn {
			if err := m.Ask(in.AskedOn, calendar.DateOf(tx.Now())); err != nil {
				return "", err
			}
		}
		if err := reference.Require(ctx, tx, actor.Tenant, reference.CatalogueItem, in.ItemID); err != nil {
			return "", errs.Field("item", i18n.ErrBadChoice)
		}
		m.ItemID, m.Private, m.Place, m.Matter = in.ItemID, in.Private, in.Place, in.Matter
		return "", nil
	})
}

// SaveParty corrects a party, or enters another one where party is 0, which is possible until the mediation runs. Who is in the register is found by the identity number.
func (s *Service) SaveParty(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, party id.ID, in NewParty) error {
	if e := in.check(nil, "", s.db.Now()); e != nil {
		return e
	}
	person, err := s.known(ctx, actor, in.IDNumber)
	if err != nil {
		return err
	}
	return s.act(ctx, actor, mediation, version, ActParty, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		if party == 0 {
			switch {
			case m.State != Opened:
				return "", errs.New(errs.Conflict, i18n.MediationCannot, m.State.Text())
			case len(m.Parties) >= MaxParties:
				return "", errs.Field("name", i18n.MediationManyParties, MaxParties)
			}
			p := Party{ID: id.New(), Name: in.Name, Phone: in.Phone, IDNumber: in.IDNumber, Address: in.Address, PersonID: person}
			m.Parties = append(m.Parties, p)
			return "", s.insertParty(ctx, tx, actor.Tenant, m.ID, p)
		}
		p, err := m.party(party)
		if err != nil {
			return "", err
		}
		switch {
		case in.IDNumber != "":
			p.IDNumber, p.PersonID = in.IDNumber, person
		case in.Name != p.Name: // somebody else; otherwise nothing typed means unchanged, since it is not shown in the form
			p.IDNumber, p.PersonID = "", 0
		}
		p.Name, p.Phone, p.Address = in.Name, in.Phone, in.Address
		return "", nil
	})
}

// RemoveParty takes out a party who was entered by mistake, before the mediation runs. Two stay.
func (s *Service) RemoveParty(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, party id.ID) error {
	return s.act(ctx, actor, mediation, version, ActUnparty, func(tx *db.Tx, cal *calendar.Calendar, m *Mediation) (string, error) {
		if _, err := m.party(party); err != nil {
			return "", err
		}
		if len(m.Parties) <= 2 {
			return "", errs.New(errs.Conflict, i18n.MediationTwoParties)
		}
		kept := m.Parties[:0:0]
		for _, p := range m.Parties {
			if p.ID != party {
				kept = append(kept, p)
			}
		}
		m.Parties = kept
		m.begin(cal)
		_, err := tx.Exec(ctx, `DELETE FROM mediation_party WHERE tenant_id = $1 AND mediation_id = $2 AND id = $3`, actor.Tenant, m.ID, party)
		return "", err
	})
}

// SetConsent notes what parties answered when they were asked (MED-1). With the last yes, and a mediator, the month begins; a no ends it, and
// told says that the parties were told the legal ways (MED-7).
func (s *Service) SetConsent(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, parties []id.ID, said Consent, told bool, on calendar.Date) error {
	if len(parties) == 0 {
		return errs.Field("party", i18n.ErrRequired)
	}
	if said == Refuses && !told {
		return errs.Field("told", i18n.MediationTellRefusal)
	}
	return s.act(ctx, actor, mediation, version, ActConsent, func(tx *db.Tx, cal *calendar.Calendar, m *Mediation) (string, error) {
		for _, p := range parties {
			if err := m.Answer(cal, p, said, on, calendar.DateOf(tx.Now())); err != nil {
				return "", err
			}
		}
		if said == Refuses {
			return i18n.MediationToldKept.In(i18n.ZH, ""), nil
		}
		return "", nil
	})
}

// Refuse ends a mediation because a party clearly refuses (MED-1); told says that the parties were told the legal ways (MED-7).
func (s *Service) Refuse(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, party id.ID, told bool, said string) error {
	e := errs.Words(nil, "words", &said, MaxWords, false)
	if !told {
		e = e.With("told", i18n.MediationTellRefusal)
	}
	if e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActRefuse, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		p, err := m.party(party)
		if err != nil {
			return "", err
		}
		today := calendar.DateOf(tx.Now())
		p.Consent, p.ConsentOn = Refuses, today
		m.end(Refused, today, said)
		return i18n.MediationToldKept.In(i18n.ZH, said), nil
	})
}

// Chosen is who mediates.
type Chosen struct {
	Members []id.ID // of the committee
	Invited string  // names, with a comma or a space between them
	ByThem  bool    // the parties chose them (MED-5)
	On      calendar.Date
}

// SetMediators says who mediates: one or more, out of the committee or invited by it (MED-3), since a day, which is today where none is said. Others than those who
// were to sign an agreement sign anew.
func (s *Service) SetMediators(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, in Chosen) error {
	if e := errs.Words(nil, "invited", &in.Invited, 5*MaxName, false); e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActMediators, func(tx *db.Tx, cal *calendar.Calendar, m *Mediation) (string, error) {
		there, err := members(ctx, tx, actor.Tenant, m.OrgID)
		if err != nil {
			return "", err
		}
		was := m.Mediators
		m.Mediators = nil
		for _, want := range in.Members {
			found := false
			for _, b := range there {
				if found = b.ID == want; found {
					m.Mediators = append(m.Mediators, Mediator{ID: id.New(), MemberID: b.ID, Name: b.Name, AccountID: b.AccountID, Chosen: in.ByThem})
					break
				}
			}
			for _, x := range was { // whose time in the committee ended goes on with what they have
				if !found && x.MemberID == want {
					found = true
					m.Mediators = append(m.Mediators, Mediator{ID: id.New(), MemberID: x.MemberID, Name: x.Name, AccountID: x.AccountID, Chosen: in.ByThem})
				}
			}
			if !found {
				return "", errs.Field("members", i18n.ErrBadChoice)
			}
		}
		for _, name := range strings.FieldsFunc(in.Invited, func(r rune) bool { return strings.ContainsRune(i18n.MediationCommas.In(i18n.ZH), r) }) {
			if name = short(name, MaxName); name != "" {
				m.Mediators = append(m.Mediators, Mediator{ID: id.New(), Name: name, Chosen: in.ByThem})
			}
		}
		if len(m.Mediators) == 0 {
			return "", errs.Field("members", i18n.MediationNobody)
		}
		if len(m.Mediators) > MostMembers {
			return "", errs.Field("members", i18n.MediationManyMembers, MostMembers, len(m.Mediators))
		}
		if m.State == Drafted && !slices.EqualFunc(was, m.Mediators, func(x, y Mediator) bool { return x.MemberID == y.MemberID && x.Name == y.Name }) {
			m.MediatorOn = calendar.Date{}
		}
		if err := s.writeMediators(ctx, tx, actor.Tenant, m); err != nil {
			return "", err
		}
		today := calendar.DateOf(tx.Now())
		return "", m.Name(cal, orDay(in.On, today), today)
	})
}

// NoteRisk notes that a dispute may escalate or that a crime is possible, and what was done: prevention, or the report to the police (MED-6). No
// risk takes back one that was noted, with the reason.
func (s *Service) NoteRisk(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, risk Risk, note string) error {
	var e *errs.Error
	if risk != "" && risk.Text().IsZero() {
		e = e.With("risk", i18n.ErrBadChoice)
	}
	if e = errs.Words(e, "note", &note, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActRisk, func(_ *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		if risk == "" {
			if m.Risk == "" {
				return "", errs.Field("risk", i18n.ErrRequired)
			}
			m.Risk, m.RiskNote = "", ""
			return i18n.MediationRiskGone.In(i18n.ZH, note), nil
		}
		m.Risk, m.RiskNote = risk, note
		return note, nil
	})
}

// NewSession is a session as it is entered.
type NewSession struct {
	On     calendar.Date
	Place  string
	Who    string
	Record string
}

// Hold enters a session with its record (MED-8).
func (s *Service) Hold(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, in NewSession) error {
	e := errs.Words(nil, "place", &in.Place, MaxPlace, true)
	e = errs.Words(e, "who", &in.Who, MaxPlace, true)
	if e = errs.Words(e, "record", &in.Record, MaxTerm, true); e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActSession, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		if err := within("on", in.On, m.StartedOn, calendar.DateOf(tx.Now())); err != nil {
			return "", err
		}
		if len(m.Sessions) >= MaxSessions {
			return "", errs.New(errs.Conflict, i18n.MediationEnough, MaxSessions)
		}
		return "", s.insertSession(ctx, tx, actor, m.ID, in)
	})
}

// Prolong gives a mediation more time, where every party agrees (MED-4).
func (s *Service) Prolong(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, agreed []id.ID, until calendar.Date) error {
	return s.act(ctx, actor, mediation, version, ActExtend, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		return "", m.Extend(agreed, until, calendar.DateOf(tx.Now()))
	})
}

// NewDuty is something that is to be done by a day, of an agreement as it is written.
type NewDuty struct {
	PartyID id.ID
	Words   string
	DueOn   calendar.Date
}

// Agreement is an agreement as it is written.
type Agreement struct {
	Terms
	Settles Share
	Duties  []NewDuty
	Done    bool          // on the spot: nothing is left to do
	On      calendar.Date // written on; zero for today
}

func (g *Agreement) check() *errs.Error {
	e := g.Terms.check(nil)
	if g.Settles != Whole && g.Settles != Part {
		e = e.With("settles", i18n.ErrBadChoice)
	}
	switch {
	case len(g.Duties) > MaxDuties:
		e = e.With("duty.1", i18n.MediationEnough, MaxDuties)
	case len(g.Duties) == 0 && !g.Done:
		e = e.With("duty.1", i18n.MediationDutyOrDone)
	case len(g.Duties) > 0 && g.Done:
		e = e.With("done", i18n.MediationDutyAndDone)
	}
	for i := range g.Duties {
		at := "." + decimal(int64(i+1))
		e = errs.Words(e, "duty"+at, &g.Duties[i].Words, MaxPlace, true)
		if g.Duties[i].DueOn.IsZero() {
			e = e.With("due"+at, i18n.ErrRequired)
		}
	}
	return e
}

// write puts the duties of an agreement in the place of those of an earlier text.
func (s *Service) write(ctx context.Context, tx *db.Tx, actor authz.Actor, m *Mediation, g Agreement) error {
	m.Duties = nil
	for i, n := range g.Duties {
		if _, err := m.party(n.PartyID); err != nil {
			return errs.Field("by."+decimal(int64(i+1)), i18n.ErrBadChoice)
		}
		m.Duties = append(m.Duties, Duty{ID: id.New(), PartyID: n.PartyID, Words: n.Words, DueOn: n.DueOn})
	}
	return s.writeDuties(ctx, tx, actor.Tenant, m)
}

// Draft writes the agreement (MED-9), or writes it anew: what was signed of an earlier text is void.
func (s *Service) Draft(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, in Agreement) error {
	if e := in.check(); e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActDraft, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		today := calendar.DateOf(tx.Now())
		if err := m.Draft(in.Terms, in.Settles, orDay(in.On, today), today); err != nil {
			return "", err
		}
		return "", s.write(ctx, tx, actor, m, in)
	})
}

// Signed is who signed an agreement on a day.
type Signed struct {
	Parties  []id.ID
	Mediator bool
	Seal     bool // of the committee
	How      Signing
	On       calendar.Date
}

// Sign notes signatures of parties, the mediator's, and the seal of the committee. With the last of them the agreement is in force (MED-9).
func (s *Service) Sign(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, in Signed) error {
	if len(in.Parties) == 0 && !in.Mediator && !in.Seal {
		return errs.Field("who", i18n.ErrRequired)
	}
	return s.act(ctx, actor, mediation, version, ActSign, func(tx *db.Tx, cal *calendar.Calendar, m *Mediation) (string, error) {
		today := calendar.DateOf(tx.Now())
		for _, p := range in.Parties {
			if err := m.Sign(cal, "", p, in.How, in.On, today); err != nil {
				return "", err
			}
		}
		for who, signed := range map[Signer]bool{TheMediator: in.Mediator, TheSeal: in.Seal} {
			if signed {
				if err := m.Sign(cal, who, 0, "", in.On, today); err != nil {
					return "", err
				}
			}
		}
		return "", nil
	})
}

// Speak records an oral agreement (MED-10), in force from the day on which it was reached.
func (s *Service) Speak(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, in Agreement, on calendar.Date) error {
	if e := in.check(); e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActOral, func(tx *db.Tx, cal *calendar.Calendar, m *Mediation) (string, error) {
		if err := s.write(ctx, tx, actor, m, in); err != nil {
			return "", err
		}
		return "", m.Speak(cal, in.Terms, in.Settles, on, calendar.DateOf(tx.Now()))
	})
}

// Fail ends a mediation without an agreement; told says that the parties were told the legal ways (MED-7).
func (s *Service) Fail(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, told bool, why string) error {
	e := errs.Words(nil, "words", &why, MaxWords, true)
	if !told {
		e = e.With("told", i18n.MediationTellWays)
	}
	if e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActFail, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		m.end(Failed, calendar.DateOf(tx.Now()), why)
		return i18n.MediationToldKept.In(i18n.ZH, why), nil
	})
}

// Withdraw ends a mediation that the parties took back; settled says that they settled it by themselves, told that otherwise they were told the legal ways (MED-7).
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, settled, told bool, why string) error {
	e := errs.Words(nil, "words", &why, MaxWords, true)
	if !settled && !told {
		e = e.With("told", i18n.MediationTellWays)
	}
	if e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActWithdraw, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		m.end(Withdrawn, calendar.DateOf(tx.Now()), why)
		if settled {
			m.Settles = ByThem
			return why, nil
		}
		return i18n.MediationToldKept.In(i18n.ZH, why), nil
	})
}

// SetBar says why a court would not confirm the agreement (MED-12); none takes that back.
func (s *Service) SetBar(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, bar Bar) error {
	if bar != "" && bar.Text().IsZero() {
		return errs.Field("bar", i18n.ErrBadChoice)
	}
	return s.act(ctx, actor, mediation, version, ActBar, func(_ *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		m.Bar = bar
		return "", nil
	})
}

// Application is what the parties want of judicial confirmation.
type Application struct {
	Want   bool    // false: they do without
	Agreed []id.ID // who signed the application
	Court  string
	On     calendar.Date
}

// ApplyForConfirmation notes that the parties asked a court together, in time (MED-11), or that they do without.
func (s *Service) ApplyForConfirmation(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, in Application) error {
	if e := errs.Words(nil, "court", &in.Court, MaxCourt, false); e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActApply, func(tx *db.Tx, cal *calendar.Calendar, m *Mediation) (string, error) {
		return "", m.Apply(cal, in.Want, in.Agreed, in.Court, in.On, calendar.DateOf(tx.Now()))
	})
}

// NoteAnswer notes what the court answered.
func (s *Service) NoteAnswer(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, what Confirmation, on calendar.Date) error {
	return s.act(ctx, actor, mediation, version, ActAnswer, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		return "", m.Decided(what, on, calendar.DateOf(tx.Now()))
	})
}

// Perform notes that something agreed was done (MED-13). With the last of it the agreement is performed.
func (s *Service) Perform(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, duty id.ID, on calendar.Date, note string) error {
	if e := errs.Words(nil, "note", &note, MaxPlace, false); e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActPerform, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		return "", m.Do(duty, note, on, calendar.DateOf(tx.Now()))
	})
}

// GiveUp notes that an agreement is not performed; told says that the parties were told that the court is open to them.
func (s *Service) GiveUp(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, told bool, why string) error {
	e := errs.Words(nil, "words", &why, MaxWords, true)
	if !told {
		e = e.With("told", i18n.MediationTellWays)
	}
	if e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActUnmet, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		m.State, m.EndedOn, m.EndWords = Unmet, calendar.DateOf(tx.Now()), why
		return i18n.MediationToldKept.In(i18n.ZH, why), nil
	})
}

// PlanVisit plans a follow-up visit.
func (s *Service) PlanVisit(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, on calendar.Date) error {
	if on.IsZero() {
		return errs.Field("on", i18n.ErrRequired)
	}
	return s.act(ctx, actor, mediation, version, ActPlan, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		switch today := calendar.DateOf(tx.Now()); {
		case on.Before(today):
			return "", errs.Field("on", i18n.MediationPast)
		case len(m.Visits) >= MaxVisits:
			return "", errs.New(errs.Conflict, i18n.MediationEnough, MaxVisits)
		}
		v := Visit{ID: id.New(), DueOn: on}
		m.Visits = append(m.Visits, v)
		return "", s.insertVisit(ctx, tx, actor, m.ID, v)
	})
}

// MakeVisit notes what a visit found; visit is the one that was planned, or 0 for one that was not.
func (s *Service) MakeVisit(ctx context.Context, actor authz.Actor, mediation id.ID, version int64, visit id.ID, on calendar.Date, found string) error {
	if e := errs.Words(nil, "words", &found, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, mediation, version, ActVisit, func(tx *db.Tx, _ *calendar.Calendar, m *Mediation) (string, error) {
		after := m.EffectiveOn
		if after.IsZero() {
			after = m.EndedOn
		}
		if err := within("on", on, after, calendar.DateOf(tx.Now())); err != nil {
			return "", err
		}
		if visit == 0 {
			if len(m.Visits) >= MaxVisits {
				return "", errs.New(errs.Conflict, i18n.MediationEnough, MaxVisits)
			}
			v := Visit{ID: id.New(), DueOn: on, MadeOn: on, Words: found}
			m.Visits = append(m.Visits, v)
			return "", s.insertVisit(ctx, tx, actor, m.ID, v)
		}
		for i := range m.Visits {
			v := &m.Visits[i]
			if v.ID == visit && v.MadeOn.IsZero() {
				v.MadeOn, v.Words = on, found
				return "", s.saveVisit(ctx, tx, actor, m.ID, *v)
			}
		}
		return "", errs.ErrNotFound
	})
}
