package exchange

import (
	"context"
	"strings"
	"sync"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/paper"
	"linli/internal/reference"
	"linli/internal/seal"
)

// Moment is an instant.
type Moment = time.Time

// FieldPhone is the sealed field for which a purpose must be registered before it is shown who asked.
const FieldPhone = "phone"

// Purposes says whether a registered purpose covers a sealed field: an error under "purpose" if not.
type Purposes interface {
	Covered(ctx context.Context, q db.Querier, tenant int64, purpose, field string) error
}

// Members finds members by ID and by person (package ledger has the register's).
type Members interface {
	Find(ctx context.Context, q db.Querier, tenant int64, member id.ID) (ledger.Holder, error)
	OfPerson(ctx context.Context, q db.Querier, tenant int64, person id.ID) (ledger.Holder, error)
	FindMany(ctx context.Context, q db.Querier, tenant int64, members []id.ID) (map[id.ID]ledger.Holder, error)
}

// Agenda puts a topic before a meeting.
type Agenda interface {
	// RaiseTx raises a topic of an organisation to a joint body (or an organisation above), and gives the topic.
	RaiseTx(ctx context.Context, tx *db.Tx, actor authz.Actor, organisation, body, owner id.ID, title, detail string) (id.ID, error)
	// WithdrawTx takes a topic back that no meeting has decided; one that is over without a decision stays as it is.
	WithdrawTx(ctx context.Context, tx *db.Tx, actor authz.Actor, topic id.ID) error
	// Conference is the joint conference of an organisation: its own, otherwise one in which it has a seat, or 0.
	Conference(ctx context.Context, q db.Querier, tenant int64, organisation id.ID) (id.ID, error)
}

// FromCase is what a need takes over from the case that it is made from.
type FromCase struct {
	No          string
	Body, Place string
	CommunityID id.ID
	PersonID    id.ID
	HasPhone    bool
}

// Cases are the cases that needs are made from.
type Cases interface {
	// TurnTx says in a case that it became a need with this number; the actor, who must be allowed to handle it, is at it from then on.
	TurnTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c id.ID, version int64, no string) (FromCase, error)
	// EndTx writes what came of the need as the result of its case: met, met in part, or nothing. A case that ended otherwise stays as it ended.
	EndTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c id.ID, outcome Outcome, said string) error
	// NumberTx gives who reported a case and their number; the look is recorded, and whoever reported it reads it.
	NumberTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, c id.ID) (name, phone string, err error)
}

// Service joins needs and resources.
type Service struct {
	db         *db.DB
	ring       *seal.Ring
	book       *ledger.Service
	members    Members
	cases      Cases
	agenda     Agenda
	purposes   Purposes
	volunteers Volunteers    // nil where there are none
	places     Places        // nil where no places are shared
	orders     Orders        // nil where there is no love bank
	households Households    // nil where none are known: then nobody is shown whose need it is
	files      *attach.Store // nil where no files are taken
	sharing    sync.Mutex    // one sharing out at a time
}

// New makes the service.
func New(d *db.DB, ring *seal.Ring, book *ledger.Service, members Members, cases Cases, agenda Agenda, purposes Purposes) *Service {
	return &Service{db: d, ring: ring, book: book, members: members, cases: cases, agenda: agenda, purposes: purposes}
}

// Now is the instant by which needs are late.
func (s *Service) Now() time.Time { return s.db.Now() }

// Asking is a need as somebody says it.
type Asking struct {
	Kind        Kind
	Small       bool
	Body        string
	Skill       string
	CommunityID id.ID
	Place       string
	Wanted      int64
	Minutes     int64
	DueOn       calendar.Date
	Name        string // of who asks
	Phone       string
	Share       bool // who helps may see who asks and where, once the community agreed to them
	PersonID    id.ID
	ResidentID  id.ID  // account of their own through which they ask
	Key         string // names one sending of a form
	enteredBy   id.ID
}

func (w *Asking) check(today calendar.Date) error {
	e := errs.Words(nil, "body", &w.Body, MaxBody, true)
	e = errs.Words(e, "place", &w.Place, MaxPlace, false)
	e = errs.Words(e, "skill", &w.Skill, MaxSkill, false)
	e = errs.Words(e, "name", &w.Name, 40, false)
	if w.Kind.Text().IsZero() {
		e = e.With("kind", i18n.ErrBadChoice)
	}
	if w.CommunityID == 0 {
		e = e.With("community", i18n.ErrRequired)
	}
	if w.Wanted == 0 {
		w.Wanted = 1
	}
	if w.Wanted < 1 || w.Wanted > MaxWanted {
		e = e.With("wanted", i18n.ExchangeWanted, MaxWanted)
	}
	if w.Minutes < 0 || w.Minutes > MaxMinutes {
		e = e.With("hours", i18n.ExchangeHours, MaxMinutes/60)
	}
	if _, found := Mask(w.Skill); found {
		e = e.With("skill", i18n.ExchangeNumberStays)
	}
	e = phone(e, "phone", &w.Phone)
	return lastDay(e, "due_on", &w.DueOn, today).OrNil()
}

// phone reads a telephone number, if there is one.
func phone(e *errs.Error, field string, typed *string) *errs.Error {
	if *typed = strings.TrimSpace(*typed); *typed == "" {
		return e
	}
	number, problem := code.ParsePhone(*typed)
	if problem.Blocks() {
		return e.With(field, i18n.CodeProblem, problem.Message, problem.Advice)
	}
	*typed = number.String()
	return e
}

// Receipt is what whoever asks takes away.
type Receipt struct {
	ID        id.ID
	No        string
	Code      string // opens the need to who asked; it is shown once
	Community string
	Again     bool // it was sent before; then there is no code
}

// tries is how often a need is entered until its number is one that nobody has.
const tries = 5

// Ask takes a need from a resident, who needs no account. by names them in the record of acts, which knows nothing else of them.
func (s *Service) Ask(ctx context.Context, tenant int64, by, requestID string, w Asking) (Receipt, error) {
	w.Wanted, w.Minutes = 1, 0
	return s.enter(ctx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, "", w, ByWeb)
}

// Enter takes a need on behalf of whoever came or called, or of the community itself (own); PermEnter in the community. The community's own is public at once where
// the actor may approve it.
func (s *Service) Enter(ctx context.Context, actor authz.Actor, w Asking, own bool) (Receipt, error) {
	if w.CommunityID != 0 {
		if err := actor.Scope(PermEnter).Require(w.CommunityID); err != nil {
			return Receipt{}, err
		}
	}
	w.ResidentID, w.enteredBy = 0, actor.AccountID
	if own {
		w.Name, w.Phone, w.PersonID = "", "", 0
		return s.enter(ctx, actor, PermEnter, w, ByOrg)
	}
	return s.enter(ctx, actor, PermEnter, w, ByDesk)
}

func (s *Service) enter(ctx context.Context, actor authz.Actor, perm authz.Permission, w Asking, how Channel) (out Receipt, err error) {
	if err := w.check(calendar.DateOf(s.db.Now())); err != nil {
		return out, err
	}
	for range tries {
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			out, err = s.enterTx(ctx, tx, actor, perm, w, how)
			return err
		})
		if !db.IsUnique(err) {
			return out, err
		}
	}
	return out, err
}

func (s *Service) enterTx(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, w Asking, how Channel) (Receipt, error) {
	if w.Key != "" {
		first, err := db.One(ctx, tx, func(r *Receipt) []any { return []any{&r.ID, &r.No} }, `SELECT n.id, n.no FROM need n WHERE n.tenant_id = $1 AND n.sent_key = $2 AND n.sent_key <> ''`, actor.Tenant, w.Key)
		if err == nil {
			first.Again = true
			return first, nil
		} else if errs.KindOf(err) != errs.NotFound {
			return Receipt{}, err
		}
	}
	if err := findCommunity(ctx, tx, actor.Tenant, w.CommunityID); err != nil {
		return Receipt{}, err
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Person, w.PersonID); err != nil {
		return Receipt{}, err
	}
	if err := reference.Require(ctx, tx, actor.Tenant, reference.ResidentAccount, w.ResidentID); err != nil {
		return Receipt{}, err
	}
	n := Need{tenant: actor.Tenant, ID: id.New(), No: paper.NewNo("X", tx.Now()), Kind: w.Kind, Small: w.Small, CommunityID: w.CommunityID, Place: w.Place, Wanted: w.Wanted, Minutes: w.Minutes, DueOn: w.DueOn,
		Channel: how, Share: w.Share || how == ByOrg, PersonID: w.PersonID, residentID: w.ResidentID, State: Asked, ReceivedAt: tx.Now(), Version: 1}
	_, n.Flagged = Mask(w.Body)
	if how == ByOrg && actor.Scope(PermKeep).Covers(n.CommunityID) {
		if n.Flagged {
			return Receipt{}, errs.Field("body", i18n.ExchangeNumberStays)
		}
		n.Title, _ = firstLine(w.Body)
		n.Words, n.Skill = w.Body, w.Skill
		if r := []rune(n.Words); len(r) > MaxWords {
			n.Words = string(r[:MaxWords])
		}
		if err := n.approve(tx.Now()); err != nil {
			return Receipt{}, err
		}
	}
	secret := ""
	if how != ByOrg {
		secret = paper.NewCode(actor.Tenant)
	}
	if err := s.insert(ctx, tx, &n, w, w.Body, secret); err != nil {
		return Receipt{}, err
	}
	if err := s.insertEntry(ctx, tx, actor, &n, step{act: ActAsk}); err != nil {
		return Receipt{}, err
	}
	return Receipt{ID: n.ID, No: n.No, Code: secret}, record(ctx, tx, actor, perm, "ask", &n, map[string]any{"channel": how, "kind": n.Kind})
}

// firstLine is the title that a need begins with, without numbers; the community may write another.
func firstLine(body string) (title string, flagged bool) {
	title, flagged = Mask(strings.Join(strings.Fields(body), " "))
	if r := []rune(title); len(r) > MaxTitle {
		title = string(r[:MaxTitle-1]) + "…"
	}
	return title, flagged
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, act string, n *Need, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "exchange." + act, Permission: perm, SubjectKind: "need", SubjectID: n.ID, PersonID: n.PersonID, OrgID: n.CommunityID, Detail: detail})
}

// TurnCase makes a need of a case by one press (PermEnter in the community of the case, and the right to handle the case). It waits to be approved as any other: what was
// said in the case is not public.
func (s *Service) TurnCase(ctx context.Context, actor authz.Actor, c id.ID, version int64) (made id.ID, err error) {
	if !actor.Can(PermEnter) {
		return 0, errs.ErrForbidden
	}
	for range tries {
		err = s.db.WithTx(ctx, func(tx *db.Tx) error {
			n := Need{tenant: actor.Tenant, ID: id.New(), No: paper.NewNo("X", tx.Now()), Kind: People, Wanted: 1, Channel: ByCase, CaseID: c, State: Asked, ReceivedAt: tx.Now(), Version: 1,
				DueOn: calendar.DateOf(tx.Now()).AddDays(usualDays)}
			from, err := s.cases.TurnTx(ctx, tx, actor, c, version, n.No)
			if err != nil {
				return err
			}
			if err := actor.Scope(PermEnter).Require(from.CommunityID); err != nil {
				return err
			}
			if there, err := hasNeed(ctx, tx, actor.Tenant, c); err != nil || there {
				return caseHasNeed(err)
			}
			n.CommunityID, n.Place, n.PersonID = from.CommunityID, from.Place, from.PersonID
			_, n.Flagged = Mask(from.Body)
			if err := s.insert(ctx, tx, &n, Asking{enteredBy: actor.AccountID}, from.Body, ""); err != nil {
				return err
			}
			if err := s.insertEntry(ctx, tx, actor, &n, step{act: ActTurn, words: from.No}); err != nil {
				return err
			}
			made = n.ID
			return record(ctx, tx, actor, PermEnter, "turn", &n, map[string]any{"case": c})
		})
		if !db.IsUnique(err) {
			return made, err
		}
	}
	return 0, caseHasNeed(err) // a number that somebody has is not drawn so often: two pressed at once
}

func caseHasNeed(err error) error {
	if err != nil && !db.IsUnique(err) {
		return err
	}
	return errs.New(errs.Conflict, i18n.ExchangeCaseHasNeed).Because(err)
}

// act finds a need in a scope, lets do change it and say what is kept of it, brings its state up to its pledges, saves and records it. version is what the actor saw.
func (s *Service) act(ctx context.Context, actor authz.Actor, perm authz.Permission, n id.ID, version int64, do func(tx *db.Tx, n *Need) (step, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := find(ctx, tx, actor.Scope(perm), n)
		if err != nil {
			return err
		}
		return s.apply(ctx, tx, actor, perm, r, version, do)
	})
}

func (s *Service) apply(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, r row, version int64, do func(tx *db.Tx, n *Need) (step, error)) error {
	n, err := s.open(r)
	if err != nil {
		return err
	}
	if version != 0 && version != n.Version {
		return errs.New(errs.Conflict, i18n.ErrConflict)
	}
	was := n.State
	e, err := do(tx, &n)
	if err != nil {
		return err
	}
	if n.State.Going() {
		list, err := s.standing(ctx, tx, n.tenant, n.ID)
		if err != nil {
			return err
		}
		n.settle(tx.Now(), list)
	}
	if err := s.save(ctx, tx, &n); err != nil {
		return err
	}
	if e.act != "" {
		if err := s.insertEntry(ctx, tx, actor, &n, e); err != nil {
			return err
		}
	}
	if n.CaseID != 0 && n.State != was && (n.State == Done || n.State == Withdrawn) {
		outcome, said := n.Outcome, n.Answer
		if n.State == Withdrawn {
			outcome, said = Settled, e.words
			if said == "" {
				said = ActWithdraw.Text().In(i18n.ZH)
			}
		}
		if said == "" {
			said = outcome.Text().In(i18n.ZH)
		}
		if err := s.cases.EndTx(ctx, tx, actor, n.CaseID, outcome, said); err != nil {
			return err
		}
	}
	if n.State != was {
		if err := s.tellOrder(ctx, tx, actor, &n); err != nil {
			return err
		}
	}
	return record(ctx, tx, actor, perm, string(e.act), &n, map[string]any{"state": n.State, "pledge": e.pledge})
}

// Approve makes a need public, with what the community lets everybody read (PermKeep).
func (s *Service) Approve(ctx context.Context, actor authz.Actor, n id.ID, version int64, in Public) error {
	if e := in.check(calendar.DateOf(s.db.Now())); e != nil {
		return e
	}
	return s.act(ctx, actor, PermKeep, n, version, func(tx *db.Tx, n *Need) (step, error) {
		if err := n.approve(tx.Now()); err != nil {
			return step{}, err
		}
		n.publish(in)
		return step{act: ActApprove}, nil
	})
}

func (n *Need) publish(in Public) {
	n.Title, n.Words, n.Skill, n.Kind, n.Small, n.Wanted, n.Minutes, n.DueOn = in.Title, in.Words, in.Skill, in.Kind, in.Small, in.Wanted, in.Minutes, in.DueOn
}

// Edit changes what everybody reads of a need that is open or taken (PermKeep). As many stay wanted as have pledged.
func (s *Service) Edit(ctx context.Context, actor authz.Actor, n id.ID, version int64, in Public) error {
	if e := in.check(calendar.DateOf(s.db.Now())); e != nil {
		return e
	}
	return s.act(ctx, actor, PermKeep, n, version, func(_ *db.Tx, n *Need) (step, error) {
		switch {
		case n.State != Open && n.State != Taken:
			return step{}, errs.New(errs.Conflict, i18n.ExchangeCannot, n.State.Text())
		case in.Wanted < n.Taken:
			return step{}, errs.Field("wanted", i18n.ExchangeFewer, n.Taken)
		}
		if n.OrderID != 0 { // what was redeemed is one person's help
			in.Wanted, in.Kind = n.Wanted, n.Kind
		}
		n.publish(in)
		return step{act: ActEdit}, nil
	})
}

// Refuse does not make a need public, with the reason that whoever asked reads (PermKeep).
func (s *Service) Refuse(ctx context.Context, actor authz.Actor, n id.ID, version int64, reason string) error {
	if e := errs.Words(nil, "words", &reason, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermKeep, n, version, func(tx *db.Tx, n *Need) (step, error) {
		if n.State != Asked {
			return step{}, errs.New(errs.Conflict, i18n.ExchangeCannot, n.State.Text())
		}
		n.State, n.Answer, n.EndedAt = Refused, reason, tx.Now()
		n.unsay()
		if n.CaseID != 0 {
			if err := s.cases.EndTx(ctx, tx, actor, n.CaseID, Nobody, reason); err != nil {
				return step{}, err
			}
		}
		return step{act: ActRefuse, words: reason, open: true}, nil
	})
}

// End ends a need honestly (PermKeep): what was delivered in part, what nobody could do, what settled itself. Delivered help must be confirmed or given back before.
func (s *Service) End(ctx context.Context, actor authz.Actor, n id.ID, version int64, outcome Outcome, said string) error {
	e := errs.Words(nil, "words", &said, MaxWords, true)
	if outcome.Text().IsZero() {
		e = e.With("outcome", i18n.ErrBadChoice)
	}
	if e != nil {
		return e
	}
	return s.act(ctx, actor, PermKeep, n, version, func(tx *db.Tx, n *Need) (step, error) {
		if !n.State.Going() {
			return step{}, errs.New(errs.Conflict, i18n.ExchangeCannot, n.State.Text())
		}
		list, err := s.standing(ctx, tx, n.tenant, n.ID)
		if err != nil {
			return step{}, err
		}
		met := false
		for i := range list {
			p := &list[i]
			switch p.State {
			case Brought:
				return step{}, errs.New(errs.Conflict, i18n.ExchangeConfirmFirst, p.called())
			case Confirmed:
				met = true
			case Pledged, Agreed:
				if err := s.dropPledge(ctx, tx, actor, n, p, TakenBack); err != nil {
					return step{}, err
				}
			}
		}
		if (outcome == Met || outcome == Partly) && !met {
			return step{}, errs.Field("outcome", i18n.ExchangeNothingCame)
		}
		n.State, n.Outcome, n.Answer, n.EndedAt = Done, outcome, said, tx.Now()
		return step{act: ActEnd, words: said, open: true}, nil
	})
}

// dropPledge ends a pledge that is not delivered: its place is free again, and so is what it had of a resource.
func (s *Service) dropPledge(ctx context.Context, tx *db.Tx, actor authz.Actor, n *Need, p *Pledge, to PledgeState) error {
	if p.State.Stands() {
		n.Taken--
	}
	p.State, p.EndedAt = to, tx.Now()
	if p.ResourceID != 0 && p.Amount > 0 {
		if _, err := tx.Exec(ctx, `UPDATE resource SET left_over = left_over + $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND amount > 0`, p.Amount, n.tenant, p.ResourceID); err != nil {
			return err
		}
	}
	if err := dropHelp(ctx, tx, n.tenant, p.ID); err != nil {
		return err
	}
	return savePledge(ctx, tx, n.tenant, p, actor.AccountID)
}

// Asker is who asked, and what they said in full.
type Asker struct {
	No, Name, Phone, Body string
}

// Reveal shows who asked, for a registered purpose (PermReveal, MayReveal). The look is recorded, and whoever asked reads it.
func (s *Service) Reveal(ctx context.Context, actor authz.Actor, n id.ID, purpose string) (out Asker, err error) {
	return out, s.look(ctx, actor, purpose, func(tx *db.Tx) (seen audit.Entry, err error) {
		r, err := find(ctx, tx, actor.Scope(PermReveal), n)
		if err != nil {
			return seen, err
		}
		if ok, err := s.mayReveal(ctx, tx, actor, r.Need); err != nil || !ok {
			return seen, errOr(err, errs.ErrForbidden)
		}
		out.No = r.No
		if out.Body, err = s.ring.Open("need", "body", r.ID, r.body); err != nil {
			return seen, err
		}
		if out.Name, out.Phone, err = s.asker(ctx, tx, actor, PermReveal, r); err != nil {
			return seen, err
		}
		return audit.Entry{Action: "exchange.reveal", SubjectKind: "need", SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.CommunityID},
			s.insertEntry(ctx, tx, actor, &r.Need, step{act: ActLook, open: true})
	})
}

// look lets somebody see what is sealed, for a registered purpose (PermReveal), and records it as open says.
func (s *Service) look(ctx context.Context, actor authz.Actor, purpose string, open func(tx *db.Tx) (audit.Entry, error)) error {
	if purpose == "" {
		return errs.Field("purpose", i18n.ErrPurposeNeeded)
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := s.purposes.Covered(ctx, tx, actor.Tenant, purpose, FieldPhone); err != nil {
			return err
		}
		seen, err := open(tx)
		if err != nil {
			return err
		}
		seen.Permission, seen.Purpose = PermReveal, purpose
		return audit.Record(ctx, tx, actor, seen)
	})
}

// asker is the name and number of who asked; those of a case stand there.
func (s *Service) asker(ctx context.Context, tx *db.Tx, actor authz.Actor, perm authz.Permission, r row) (name, phone string, err error) {
	if r.CaseID != 0 {
		return s.cases.NumberTx(ctx, tx, actor, perm, r.CaseID)
	}
	if name, err = s.ring.Open("need", "holder", r.ID, r.holder); err != nil {
		return "", "", err
	}
	phone, err = s.ring.Open("need", "phone", r.ID, r.phone)
	return name, phone, err
}
