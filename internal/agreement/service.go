package agreement

import (
	"context"
	"strings"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
)

// Service offers the use cases on responsibilities and claims.
type Service struct{ db *db.DB }

// New makes the service.
func New(d *db.DB) *Service { return &Service{db: d} }

// Offer sets up a responsibility of a community in scope (PermOffer). A building brings its grid along.
func (s *Service) Offer(ctx context.Context, actor authz.Actor, o Offer) (id.ID, error) {
	r := Responsibility{ID: id.New(), Open: true, Version: 1}
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		if err := actor.Scope(PermOffer).Require(o.CommunityID); err != nil {
			return err
		}
		if ok, err := isCommunity(ctx, tx, actor.Tenant, o.CommunityID); err != nil || !ok {
			return orField(err, "community_id")
		}
		r.Offer = o
		if err := s.checkOffer(ctx, tx, actor.Tenant, &r); err != nil {
			return err
		}
		if err := insertResponsibility(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		return recordOffer(ctx, tx, actor, "responsibility.offer", r)
	})
	return r.ID, err
}

// Draft is a responsibility filled in as far as the program knows, to be offered by a community in scope (PermOffer): the building it
// is for, or the next number; the duties of the one offered last, or the usual ones.
func (s *Service) Draft(ctx context.Context, actor authz.Actor, community, building id.ID) (Offer, error) {
	if err := actor.Scope(PermOffer).Require(community); err != nil {
		return Offer{}, err
	}
	if err := reference.Require(ctx, s.db, actor.Tenant, reference.Organisation, community); err != nil {
		return Offer{}, err
	}
	o := Offer{CommunityID: community, Kind: Area, BuildingID: building, Capacity: 1}
	last, err := lastOffer(ctx, s.db, actor.Tenant, community)
	if err != nil {
		return o, err
	}
	if o.Duties = last.duties; o.Duties == "" {
		o.Duties = i18n.ResponsibilityUsual.In(i18n.ZH)
	}
	o.Name = i18n.ResponsibilityNumbered.In(i18n.ZH, last.offered+1)
	if building != 0 {
		name, err := buildingName(ctx, s.db, actor.Tenant, community, building)
		if err != nil {
			return o, err
		}
		if name == "" {
			return Offer{}, errs.ErrNotFound
		}
		o.Name = i18n.ResponsibilityOfHouse.In(i18n.ZH, name)
	}
	return o, nil
}

func orField(err error, field string) error {
	if err != nil {
		return err
	}
	return errs.Field(field, i18n.ErrBadChoice)
}

// checkOffer checks the words and the place of a responsibility.
func (s *Service) checkOffer(ctx context.Context, tx *db.Tx, tenant int64, r *Responsibility) error {
	if err := r.Offer.check().OrNil(); err != nil {
		return err
	}
	if r.BuildingID != 0 {
		grid, there, err := gridOf(ctx, tx, tenant, r.BuildingID, r.CommunityID)
		if err != nil || !there {
			return orField(err, "building_id")
		}
		r.GridID = grid
	}
	if r.GridID != 0 {
		if ok, err := isGrid(ctx, tx, tenant, r.GridID, r.CommunityID); err != nil || !ok {
			return orField(err, "grid_id")
		}
	}
	return nil
}

func recordOffer(ctx context.Context, tx *db.Tx, actor authz.Actor, action string, r Responsibility) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, SubjectKind: "responsibility", SubjectID: r.ID, OrgID: r.CommunityID,
		Permission: PermOffer, Detail: map[string]any{"name": r.Name, "capacity": r.Capacity, "open": r.Open}})
}

// Change changes a responsibility (PermOffer). Claims that were agreed keep their terms. Fewer places than are taken are refused.
func (s *Service) Change(ctx context.Context, actor authz.Actor, responsibility id.ID, o Offer, open bool, version int64) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findResponsibility(ctx, tx, actor.Scope(PermOffer), responsibility)
		if err != nil {
			return err
		}
		o.CommunityID = r.CommunityID
		r.Offer, r.Open, r.Version = o, open, version
		if err := s.checkOffer(ctx, tx, actor.Tenant, &r); err != nil {
			return err
		}
		if r.Capacity < r.Taken {
			return errs.Field("capacity", i18n.ResponsibilityTooSmall)
		}
		if err := saveResponsibility(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		return recordOffer(ctx, tx, actor, "responsibility.change", r)
	})
}

// NewClaim is a claim to propose. Without days it runs from today for Months.
type NewClaim struct {
	ResponsibilityID id.ID
	MemberID         id.ID
	From, To         calendar.Date
	Sign             bool // the proposer signs at once: the member for oneself, staff of the community for the community
}

// Propose proposes a claim (PermPropose for a member in scope, or PermOwn for oneself) and holds a place. The last place goes to
// one only.
func (s *Service) Propose(ctx context.Context, actor authz.Actor, n NewClaim) (id.ID, error) {
	var c Claim
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, err := findParty(ctx, tx, actor.Scope(PermPropose).Or(actor.Scope(PermOwn)), n.MemberID)
		if err != nil {
			return err
		}
		r, err := loadResponsibility(ctx, tx, actor.Tenant, n.ResponsibilityID)
		if err != nil {
			return err
		}
		if c, err = s.draft(ctx, tx, actor.Tenant, p, r, n.From, n.To); err != nil {
			return err
		}
		if err := insertClaim(ctx, tx, actor.Tenant, c); err != nil {
			return err
		}
		if err := take(ctx, tx, actor.Tenant, r); err != nil {
			return err
		}
		if err := record(ctx, tx, actor, PermPropose, "claim.propose", c, map[string]any{"responsibility": r.Name}); err != nil {
			return err
		}
		return s.signAtOnce(ctx, tx, actor, &c, n.Sign)
	})
	return c.ID, err
}

// draft makes the claim with its frozen terms, or says why it cannot be.
func (s *Service) draft(ctx context.Context, tx *db.Tx, tenant int64, p party, r Responsibility, from, to calendar.Date) (Claim, error) {
	today := calendar.DateOf(tx.Now())
	switch {
	case !p.ended.IsZero():
		return Claim{}, errs.New(errs.Conflict, i18n.MemberEnded, p.ended.String())
	case p.community != r.CommunityID:
		return Claim{}, errs.New(errs.Conflict, i18n.ClaimElsewhere, p.name)
	case !r.Open:
		return Claim{}, errs.New(errs.Conflict, i18n.ClaimClosed, r.Name)
	}
	if from.IsZero() {
		from = today
	}
	if to.IsZero() {
		months, err := Months.On(ctx, tx, tenant, today)
		if err != nil {
			return Claim{}, err
		}
		to = from.AddMonths(int(months)).AddDays(-1)
	}
	if err := span(from, to, today).OrNil(); err != nil {
		return Claim{}, err
	}
	place, err := placeName(ctx, tx, tenant, r)
	if err != nil {
		return Claim{}, err
	}
	terms := Terms{Community: p.communityName, Member: p.name, Unit: p.unitName, Kind: r.Kind, Area: r.Name, Place: place,
		Duties: strings.Split(r.Duties, "\n"), From: from, To: to}
	c := Claim{ID: id.New(), ResponsibilityID: r.ID, MemberID: p.id, PersonID: p.person, CommunityID: p.community, UnitID: p.unit,
		State: Proposed, From: from, To: to, CreatedAt: tx.Now(), Version: 1}
	c.TermsText, c.ContentHash, err = terms.text()
	return c, err
}

// signAtOnce signs for the proposer, if wished: for oneself if it is the member's own claim, else for the community.
func (s *Service) signAtOnce(ctx context.Context, tx *db.Tx, actor authz.Actor, c *Claim, wished bool) error {
	side, err := sideOf(actor, *c)
	if !wished || err != nil { // a liaison proposes and has no side to sign for
		return nil
	}
	return s.signTx(ctx, tx, actor, c, Signature{Side: side, Name: actor.Name, Hash: c.ContentHash, By: actor.AccountID})
}

// sideOf says for which side the actor signs with the own log-in.
func sideOf(actor authz.Actor, c Claim) (Side, error) {
	switch {
	case actor.Scope(PermOwn).CoversPerson(c.PersonID):
		return Member, nil
	case actor.Scope(PermSign).Covers(c.CommunityID):
		return Community, nil
	}
	return "", errs.ErrForbidden
}

func record(ctx context.Context, tx *db.Tx, actor authz.Actor, p authz.Permission, action string, c Claim, detail map[string]any) error {
	return audit.Record(ctx, tx, actor, audit.Entry{Action: action, SubjectKind: "claim", SubjectID: c.ID, PersonID: c.PersonID,
		OrgID: c.CommunityID, Permission: p, Detail: detail})
}

// Sign signs the terms with the digest that the signer saw: the member for oneself (PermOwn), or staff for the community
// (PermSign). With both signatures the claim is agreed and becomes a paper.
func (s *Service) Sign(ctx context.Context, actor authz.Actor, claim id.ID, digest string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := findClaim(ctx, tx, actor.Scope(PermSign).Or(actor.Scope(PermOwn)), claim)
		if err != nil {
			return err
		}
		side, err := sideOf(actor, c)
		if err != nil {
			return err
		}
		return s.signTx(ctx, tx, actor, &c, Signature{Side: side, Name: actor.Name, Hash: digest, By: actor.AccountID})
	})
}

// SignOnPaper enters the member's signature that was given on the printed agreement, with the reason why it was not given
// on screen (PermSign at the community). The digest is that of the terms printed.
func (s *Service) SignOnPaper(ctx context.Context, actor authz.Actor, claim id.ID, digest, reason string) error {
	reason = clean(reason)
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := findClaim(ctx, tx, actor.Scope(PermSign), claim)
		if err != nil {
			return err
		}
		if err := actor.Scope(PermSign).Require(c.CommunityID); err != nil {
			return err
		}
		if err := need(nil, "reason", reason, maxReason).OrNil(); err != nil {
			return err
		}
		t, err := c.Terms()
		if err != nil {
			return err
		}
		return s.signTx(ctx, tx, actor, &c, Signature{Side: Member, Name: t.Member, Hash: digest, By: actor.AccountID, Paper: true, Reason: reason})
	})
}

func (s *Service) signTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c *Claim, sig Signature) error {
	given, err := signatures(ctx, tx, actor.Tenant, c.ID)
	if err != nil {
		return err
	}
	sig.At = tx.Now()
	if err := c.sign(given, sig, tx.Now()); err != nil {
		return err
	}
	if err := insertSignature(ctx, tx, actor.Tenant, c.ID, sig); err != nil {
		return err
	}
	if c.State == Agreed {
		if err := s.agreed(ctx, tx, actor, *c); err != nil {
			return err
		}
	}
	if err := saveClaim(ctx, tx, actor.Tenant, *c); err != nil {
		return err
	}
	c.Version++
	return record(ctx, tx, actor, PermSign, "claim.sign", *c, map[string]any{"side": sig.Side, "paper": sig.Paper, "hash": sig.Hash})
}

// agreed makes the agreement a paper; a renewal takes over the place of the claim it renews.
func (s *Service) agreed(ctx context.Context, tx *db.Tx, actor authz.Actor, c Claim) error {
	if c.RenewsID != 0 {
		old, err := findClaim(ctx, tx, authz.System(actor.Tenant, "renewal").Scope(PermSee), c.RenewsID)
		if err != nil {
			return err
		}
		if old.State != Agreed {
			return errs.New(errs.Conflict, i18n.ClaimNotAgreed, old.State.Text())
		}
		old.State = Renewed
		if err := saveClaim(ctx, tx, actor.Tenant, old); err != nil {
			return err
		}
	}
	_, err := paper.IssueTx(ctx, tx, actor.Tenant, paper.NewPaper{Kind: paper.KindClaim, SubjectID: c.ID, Number: c.ID.String(),
		ContentHash: c.ContentHash, ValidTo: c.To, By: actor.AccountID})
	return err
}

// Decline refuses a proposed claim with the reason: the community (PermSign) or the member (PermOwn).
func (s *Service) Decline(ctx context.Context, actor authz.Actor, claim id.ID, reason string) error {
	return s.close(ctx, actor, actor.Scope(PermSign).Or(actor.Scope(PermOwn)), claim, Declined, reason)
}

// Withdraw takes a proposed claim back (PermPropose, or PermOwn).
func (s *Service) Withdraw(ctx context.Context, actor authz.Actor, claim id.ID) error {
	return s.close(ctx, actor, actor.Scope(PermPropose).Or(actor.Scope(PermOwn)), claim, Withdrawn, "")
}

func (s *Service) close(ctx context.Context, actor authz.Actor, scope authz.Scope, claim id.ID, to State, reason string) error {
	reason = clean(reason)
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := findClaim(ctx, tx, scope, claim)
		if err != nil {
			return err
		}
		return s.closeTx(ctx, tx, actor, c, to, reason)
	})
}

func (s *Service) closeTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c Claim, to State, reason string) error {
	held := c.Holds()
	if err := c.close(to, reason); err != nil {
		return err
	}
	return s.settle(ctx, tx, actor, c, held, "claim."+string(to))
}

// settle saves a claim that stands no longer and gives its place back.
func (s *Service) settle(ctx context.Context, tx *db.Tx, actor authz.Actor, c Claim, held bool, action string) error {
	if err := saveClaim(ctx, tx, actor.Tenant, c); err != nil {
		return err
	}
	if held {
		if err := release(ctx, tx, actor.Tenant, c.ResponsibilityID); err != nil {
			return err
		}
	}
	return record(ctx, tx, actor, PermEnd, action, c, map[string]any{"reason": c.Reason})
}

// End ends an agreed claim on a day with the reason (PermEnd at the community or the unit, or PermOwn). A renewal that still
// waits ends with it.
func (s *Service) End(ctx context.Context, actor authz.Actor, claim id.ID, on calendar.Date, reason string) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		c, err := findClaim(ctx, tx, actor.Scope(PermEnd).Or(actor.Scope(PermOwn)), claim)
		if err != nil {
			return err
		}
		return s.endTx(ctx, tx, actor, c, on, clean(reason))
	})
}

func (s *Service) endTx(ctx context.Context, tx *db.Tx, actor authz.Actor, c Claim, on calendar.Date, reason string) error {
	if err := c.end(on, calendar.DateOf(tx.Now()), reason); err != nil {
		return err
	}
	if err := paper.RevokeTx(ctx, tx, actor.Tenant, paper.KindClaim, c.ID, reason); err != nil {
		return err
	}
	if err := s.settle(ctx, tx, actor, c, true, "claim.end"); err != nil {
		return err
	}
	waiting, err := db.All(ctx, tx, (*Claim).dest, "SELECT "+claimColumns+` FROM claim c
		WHERE c.tenant_id = $1 AND c.member_id = $2 AND c.renews_id = $3 AND c.state = 'proposed'`, actor.Tenant, c.MemberID, c.ID)
	if err != nil {
		return err
	}
	for _, w := range waiting {
		if err := s.closeTx(ctx, tx, actor, w, Withdrawn, reason); err != nil {
			return err
		}
	}
	return nil
}

// Renew proposes the next term of an agreed claim (PermPropose or PermOwn): the same responsibility as it is offered today, from
// the day after its end. Without a last day it runs as long as claims do.
func (s *Service) Renew(ctx context.Context, actor authz.Actor, claim id.ID, to calendar.Date, sign bool) (id.ID, error) {
	var next Claim
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		scope := actor.Scope(PermPropose).Or(actor.Scope(PermOwn))
		c, err := findClaim(ctx, tx, scope, claim)
		if err != nil {
			return err
		}
		if c.State != Agreed {
			return errs.New(errs.Conflict, i18n.ClaimNotAgreed, c.State.Text())
		}
		p, err := findParty(ctx, tx, scope, c.MemberID)
		if err != nil {
			return err
		}
		r, err := loadResponsibility(ctx, tx, actor.Tenant, c.ResponsibilityID)
		if err != nil {
			return err
		}
		if next, err = s.draft(ctx, tx, actor.Tenant, p, r, c.To.AddDays(1), to); err != nil {
			return err
		}
		next.RenewsID = c.ID
		if err := insertClaim(ctx, tx, actor.Tenant, next); err != nil {
			return err
		}
		if err := record(ctx, tx, actor, PermPropose, "claim.renew", next, map[string]any{"renews": c.ID}); err != nil {
			return err
		}
		return s.signAtOnce(ctx, tx, actor, &next, sign)
	})
	return next.ID, err
}

// LeaveTx ends what a member holds in a community that the member leaves (member.Leaver).
func (s *Service) LeaveTx(ctx context.Context, tx *db.Tx, actor authz.Actor, member, community id.ID, on calendar.Date, reason string) error {
	claims, err := db.All(ctx, tx, (*Claim).dest, "SELECT "+claimColumns+` FROM claim c
		WHERE c.tenant_id = $1 AND c.member_id = $2 AND c.community_id = $3 AND c.state IN ('proposed', 'agreed') ORDER BY c.renews_id DESC, c.id`,
		actor.Tenant, member, community)
	if err != nil {
		return err
	}
	for _, c := range claims {
		held, action := c.Holds(), "claim.withdrawn"
		if c.State == Agreed {
			c.State, c.EndedOn, action = Ended, on, "claim.end"
			if err := paper.RevokeTx(ctx, tx, actor.Tenant, paper.KindClaim, c.ID, reason); err != nil {
				return err
			}
		} else {
			c.State = Withdrawn
		}
		c.Reason = reason
		if err := s.settle(ctx, tx, actor, c, held, action); err != nil {
			return err
		}
	}
	return nil
}

// Expire ends the agreed claims of a tenant whose last day is over, for a nightly job, and gives how many.
func (s *Service) Expire(ctx context.Context, tenant int64) (int, error) {
	actor, n := authz.System(tenant, "claims whose time is over"), 0
	err := s.db.WithTx(ctx, func(tx *db.Tx) error {
		n = 0
		claims, err := db.All(ctx, tx, (*Claim).dest, "SELECT "+claimColumns+` FROM claim c
			WHERE c.tenant_id = $1 AND c.state = 'agreed' AND c.to_on < $2 ORDER BY c.id LIMIT 1000`, tenant, calendar.DateOf(tx.Now()))
		if err != nil {
			return err
		}
		for _, c := range claims {
			if err := s.endTx(ctx, tx, actor, c, c.To, i18n.ClaimExpired.In(i18n.ZH)); err != nil {
				return err
			}
		}
		n = len(claims)
		return nil
	})
	return n, err
}
