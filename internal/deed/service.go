package deed

import (
	"context"
	"errors"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/countersign"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
	"linli/internal/reference"
)

// Members finds members by ID and by person (package ledger has the register's).
type Members interface {
	Find(ctx context.Context, q db.Querier, tenant int64, member id.ID) (ledger.Holder, error)
	OfPerson(ctx context.Context, q db.Querier, tenant int64, person id.ID) (ledger.Holder, error)
	FindMany(ctx context.Context, q db.Querier, tenant int64, members []id.ID) (map[id.ID]ledger.Holder, error)
}

// Service is what can be done with deeds.
type Service struct {
	db      *db.DB
	ledger  *ledger.Service
	signing *countersign.Service
	members Members
}

// New makes the service.
func New(d *db.DB, book *ledger.Service, signing *countersign.Service, members Members) *Service {
	return &Service{db: d, ledger: book, signing: signing, members: members}
}

// Propose proposes a deed of the actor's own and gives its ID.
func (s *Service) Propose(ctx context.Context, actor authz.Actor, n Said) (id.ID, error) {
	if !actor.Can(PermProposeOwn) {
		return 0, errs.ErrForbidden
	}
	if actor.PersonID == 0 {
		return 0, errs.New(errs.NotFound, i18n.LedgerNotMember)
	}
	return s.propose(ctx, actor, PermProposeOwn, n, func(tx *db.Tx) (ledger.Holder, error) {
		return s.members.OfPerson(ctx, tx, actor.Tenant, actor.PersonID)
	})
}

// ProposeFor proposes a deed of a member in scope on their behalf.
func (s *Service) ProposeFor(ctx context.Context, actor authz.Actor, member id.ID, n Said) (id.ID, error) {
	return s.propose(ctx, actor, PermPropose, n, func(tx *db.Tx) (ledger.Holder, error) {
		h, err := s.members.Find(ctx, tx, actor.Tenant, member)
		if err == nil && actor.Scope(PermPropose).Require(h.CommunityID, h.UnitID) != nil {
			err = errs.ErrNotFound
		}
		return h, err
	})
}

func (s *Service) propose(ctx context.Context, actor authz.Actor, p authz.Permission, n Said, who func(*db.Tx) (ledger.Holder, error)) (id.ID, error) {
	var d Deed
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := n.check(calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		h, err := who(tx)
		if errors.Is(err, errs.ErrNotFound) || h.Ended {
			return errs.Field("member", i18n.ActivityNoMember)
		} else if err != nil {
			return err
		}
		if h.CommunityID == 0 {
			return errs.New(errs.Conflict, i18n.DeedNotRegistered)
		}
		if twice, err := same(ctx, tx, actor.Tenant, h.MemberID, n); err != nil {
			return err
		} else if twice {
			return errs.New(errs.Conflict, i18n.DeedTwice)
		}
		d = Deed{ID: id.New(), MemberID: h.MemberID, PersonID: h.PersonID, CommunityID: h.CommunityID, UnitID: h.UnitID, Said: n,
			State: Proposed, Proof: ledger.Vouched, ProposedBy: actor.AccountID, ProposedAt: tx.Now(), Version: 1}
		if err := insertMany(ctx, tx, actor.Tenant, []Deed{d}); err != nil {
			return err
		}
		return record(ctx, tx, actor, p, "deed.propose", &d, nil)
	})
	return d.ID, err
}

// ProposeTx proposes a deed of that title for each attendance; an attendance that has one already keeps it. It is how package
// activity proposes.
func (s *Service) ProposeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, title string, from []ledger.Posting) error {
	ids := make([]id.ID, len(from))
	for i, p := range from {
		ids[i] = p.SourceID
	}
	have, err := sourced(ctx, tx, actor.Tenant, ids)
	if err != nil {
		return err
	}
	var all []Deed
	for _, p := range from {
		if have[p.SourceID] {
			continue
		}
		all = append(all, Deed{ID: id.New(), MemberID: p.MemberID, PersonID: p.PersonID, CommunityID: p.CommunityID, UnitID: p.UnitID,
			Said: Said{Title: title, OnDate: p.OnDate}, State: Proposed, Proof: p.Proof, SourceKind: p.SourceKind, SourceID: p.SourceID,
			ProposedBy: actor.AccountID, ProposedAt: tx.Now(), Version: 1})
	}
	return insertMany(ctx, tx, actor.Tenant, all)
}

// RetractTx takes back the deed of an attendance that did not happen.
func (s *Service) RetractTx(ctx context.Context, tx *db.Tx, actor authz.Actor, attendance id.ID, reason string) error {
	d, err := ofSource(ctx, tx, actor.Tenant, attendance)
	if errors.Is(err, errs.ErrNotFound) {
		return nil
	} else if err != nil {
		return err
	}
	switch d.State {
	case Proposed:
		err = d.Withdraw(tx.Now(), actor.AccountID)
		d.Reason = reason
	case Confirmed:
		err = d.Revoke(tx.Now(), actor.AccountID, reason)
	default:
		return nil
	}
	if err != nil {
		return err
	}
	return s.settle(ctx, tx, actor, &d, PermDecide, "deed.retract", reason)
}

// settle saves a deed, puts the ledger right and writes the audit entry.
func (s *Service) settle(ctx context.Context, tx *db.Tx, actor authz.Actor, d *Deed, p authz.Permission, action, reason string) error {
	if err := save(ctx, tx, actor.Tenant, d); err != nil {
		return err
	}
	if err := s.ledger.ReverseSourceTx(ctx, tx, actor, ledger.SourceDeed, d.ID, ledger.Deeds, reason); err != nil {
		return err
	}
	if d.State == Confirmed {
		if _, err := s.ledger.PostTx(ctx, tx, actor, d.posting(reason)); err != nil {
			return err
		}
	}
	return record(ctx, tx, actor, p, action, d, map[string]any{"reason": reason})
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, p authz.Permission, action string, d *Deed, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, entry(p, action, d, detail))
}

func entry(p authz.Permission, action string, d *Deed, detail map[string]any) audit.Entry {
	return audit.Entry{Action: action, SubjectKind: "deed", SubjectID: d.ID, PersonID: d.PersonID, OrgID: d.CommunityID, Permission: p, Detail: detail}
}

// decide loads a deed that the actor may decide and lets fn do so. One's own deed is decided by somebody else.
func (s *Service) decide(ctx context.Context, actor authz.Actor, action, reason string, deed id.ID, fn func(*db.Tx, *Deed) error) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error { return s.decideTx(ctx, tx, actor, action, reason, deed, fn) })
}

func (s *Service) decideTx(ctx context.Context, tx *db.Tx, actor authz.Actor, action, reason string, deed id.ID, fn func(*db.Tx, *Deed) error) error {
	d, err := find(ctx, tx, actor.Scope(PermDecide), deed)
	if err != nil {
		return err
	}
	if isOwn(actor, &d) {
		return errs.New(errs.Forbidden, i18n.DeedOwn)
	}
	if err := fn(tx, &d); err != nil {
		return err
	}
	return s.settle(ctx, tx, actor, &d, PermDecide, action, reason)
}

// Confirm lets deeds count: all of them or, if one cannot be confirmed, none.
func (s *Service) Confirm(ctx context.Context, actor authz.Actor, deeds ...id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		all, err := findMany(ctx, tx, actor.Scope(PermDecide), deeds)
		if err != nil {
			return err
		}
		postings, entries := make([]ledger.Posting, len(all)), make([]audit.Entry, len(all))
		for i := range all {
			d := &all[i]
			if isOwn(actor, d) {
				return errs.New(errs.Forbidden, i18n.DeedOwn)
			}
			if err := d.Confirm(tx.Now(), actor.AccountID); err != nil {
				return err
			}
			postings[i], entries[i] = d.posting(""), entry(PermDecide, "deed.confirm", d, map[string]any{"reason": ""})
		}
		if err := saveConfirmed(ctx, tx, actor, all); err != nil {
			return err
		}
		if err := s.ledger.PostManyTx(ctx, tx, actor, postings); err != nil {
			return err
		}
		return audit.RecordMany(ctx, tx, actor, entries)
	})
}

// isOwn says whether the deed is the actor's own.
func isOwn(actor authz.Actor, d *Deed) bool {
	return actor.PersonID != 0 && d.PersonID == actor.PersonID
}

// Decline refuses a deed with a reason.
func (s *Service) Decline(ctx context.Context, actor authz.Actor, deed id.ID, reason string) error {
	return s.decide(ctx, actor, "deed.decline", reason, deed, func(tx *db.Tx, d *Deed) error { return d.Decline(tx.Now(), actor.AccountID, reason) })
}

// Revoke takes a confirmed deed back with a reason.
func (s *Service) Revoke(ctx context.Context, actor authz.Actor, deed id.ID, reason string) error {
	return s.decide(ctx, actor, "deed.revoke", reason, deed, func(tx *db.Tx, d *Deed) error { return d.Revoke(tx.Now(), actor.AccountID, reason) })
}

// Correction is what is right about a deed.
type Correction struct {
	Said
	Reason  string
	Version int64 // of the deed that was looked at
}

// Correct changes what a deed says, with a reason. A confirmed deed is taken back in the ledger and posted anew.
func (s *Service) Correct(ctx context.Context, actor authz.Actor, deed id.ID, c Correction) error {
	reason, err := needReason(c.Reason)
	if err != nil {
		return err
	}
	return s.decide(ctx, actor, "deed.correct", reason, deed, func(tx *db.Tx, d *Deed) error {
		if d.State != Proposed && d.State != Confirmed {
			return errs.New(errs.Conflict, i18n.DeedDecided, d.State.Label())
		}
		if c.Version != 0 && c.Version != d.Version {
			return errs.ErrConflict
		}
		if err := c.Said.check(calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		d.Said, d.Reason = c.Said, reason
		return nil
	})
}

// Withdraw takes the actor's own deed back before it is decided.
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, deed id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor.Scope(PermProposeOwn), deed)
		if err != nil {
			return err
		}
		if err := d.Withdraw(tx.Now(), actor.AccountID); err != nil {
			return err
		}
		return s.settle(ctx, tx, actor, &d, PermProposeOwn, "deed.withdraw", "")
	})
}

// IssueCode makes a code for the person who was helped; it is shown once.
func (s *Service) IssueCode(ctx context.Context, actor authz.Actor, deed id.ID, helped string) (countersign.Issued, error) {
	var out countersign.Issued
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, actor.Scope(PermCountersign), deed)
		if err != nil {
			return err
		}
		if actor.PersonID != 0 && d.PersonID == actor.PersonID {
			return errs.New(errs.Forbidden, i18n.DeedOwn)
		}
		if err := d.raisable(); err != nil {
			return err
		}
		if out, err = s.signing.IssueTx(ctx, tx, actor, ledger.SourceDeed, d.ID, helped); err != nil {
			return err
		}
		return record(ctx, tx, actor, PermCountersign, "deed.issue_code", &d, nil)
	})
	return out, err
}

// Recorded is a deed of a list that a community has already confirmed on paper, or that is taken over from another system.
type Recorded struct {
	MemberID id.ID
	Said
	Proof ledger.Proof // kept only when the platform itself takes records over; a person's list is vouched for
}

// Record enters confirmed deeds, all or none, for members of communities in scope.
func (s *Service) Record(ctx context.Context, actor authz.Actor, deeds []Recorded) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		ids := make([]id.ID, len(deeds))
		for i, d := range deeds {
			ids[i] = d.MemberID
		}
		holders, err := s.members.FindMany(ctx, tx, actor.Tenant, ids)
		if err != nil {
			return err
		}
		all, postings, scope := make([]Deed, len(deeds)), make([]ledger.Posting, len(deeds)), actor.Scope(PermDecide)
		for i, r := range deeds {
			h, known := holders[r.MemberID]
			if !known || h.Ended {
				return errs.Field("member", i18n.ActivityNoMember)
			}
			if h.CommunityID == 0 {
				return errs.New(errs.Conflict, i18n.DeedNotRegistered)
			}
			if err := scope.Require(h.CommunityID); err != nil {
				return err
			}
			if err := r.Said.check(calendar.DateOf(tx.Now())); err != nil {
				return err
			}
			proof := r.Proof
			if !actor.IsSystem() {
				proof = ledger.Vouched
			}
			all[i] = Deed{ID: id.New(), MemberID: h.MemberID, PersonID: h.PersonID, CommunityID: h.CommunityID, UnitID: h.UnitID, Said: r.Said,
				State: Confirmed, Proof: proof, ProposedBy: actor.AccountID, ProposedAt: tx.Now(), DecidedBy: actor.AccountID, DecidedAt: tx.Now(), Version: 1}
			postings[i] = all[i].posting("")
		}
		if err := insertMany(ctx, tx, actor.Tenant, all); err != nil {
			return err
		}
		if err := s.ledger.PostManyTx(ctx, tx, actor, postings); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "deed.record", SubjectKind: "deed", Permission: PermDecide, Detail: map[string]any{"rows": len(all)}})
	})
}

// Filter narrows the list of deeds; zero fields do not filter.
type Filter struct {
	Search      string // part of the title or of the member's name
	CommunityID id.ID
	UnitID      id.ID
	MemberID    id.ID
	State       State
	Proof       ledger.Proof
	From, To    calendar.Date
	Objected    bool // the person helped says that it was not so, and nobody has looked into it
	Page        db.Page
}

// Item is a deed with the names around it.
type Item struct {
	Deed
	MemberName    string
	CommunityName string
	UnitName      string
	ActivityTitle string // of the activity it comes from
	ActivityID    id.ID
	ProposedName  string
	DecidedName   string
	AwaitsHelped  bool // a code is out with the person helped
}

func seen(actor authz.Actor) authz.Scope {
	return actor.Scope(PermSee).Or(actor.Scope(PermDecide)).Or(actor.Scope(PermSeeOwn))
}

// List gives the deeds in scope, latest first.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Item], error) {
	return list(ctx, s.db, seen(actor), f)
}

// Get gives one deed.
func (s *Service) Get(ctx context.Context, actor authz.Actor, deed id.ID) (Item, error) {
	return get(ctx, s.db, seen(actor), deed)
}

// Export gives every deed of the filter, oldest first.
func (s *Service) Export(ctx context.Context, actor authz.Actor, f Filter, fn func(Item) error) error {
	return export(ctx, s.db, seen(actor), f, fn)
}

// Follow hands the deeds of a community to its successor (ORG-1: merge).
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE deed SET community_id = $3 WHERE tenant_id = $1 AND community_id = $2`, actor.Tenant, from, to)
	return err
}

// Amounts gives, for the check of the ledger, what each deed should be worth today.
func (s *Service) Amounts(ctx context.Context, q db.Querier, tenant int64, each func(kind string, source id.ID, a ledger.Account, amount int64) error) error {
	return amounts(ctx, q, tenant, each)
}
