package exchange

import (
	"context"
	"slices"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/ledger"
)

// Act is what a step was.
type Act string

// The acts.
const (
	ActAsk       Act = "ask"
	ActTurn      Act = "turn" // made from a case
	ActApprove   Act = "approve"
	ActEdit      Act = "edit"
	ActRefuse    Act = "refuse"
	ActPledge    Act = "pledge"
	ActAgree     Act = "agree"
	ActDecline   Act = "decline"
	ActTakeBack  Act = "take_back"
	ActDeliver   Act = "deliver"
	ActConfirm   Act = "confirm"
	ActNotYet    Act = "not_yet" // whoever asked says that it was not delivered
	ActCorrect   Act = "correct"
	ActEnd       Act = "end"
	ActTopic     Act = "topic"
	ActLook      Act = "look" // somebody looked at who asked
	ActWithdraw  Act = "withdraw"
	ActGive      Act = "give"       // the organisation whose resource was chosen says yes
	ActPass      Act = "pass"       // a resource that was proposed is not for it
	ActInvite    Act = "invite"     // the community asked a volunteer
	ActAccept    Act = "accept"     // who said yes
	ActUnable    Act = "unable"     // or no
	ActTopicBack Act = "topic_back" // its topic was taken back
	ActRedeem    Act = "redeem"     // it was redeemed at the love bank
	ActShare     Act = "share"      // whoever asked lets a helper see who they are
	ActName      Act = "name"       // whoever gives a resource of their own lets who asked read their name
)

// Text names the act.
func (a Act) Text() i18n.Text {
	return map[Act]i18n.Text{ActAsk: i18n.ExchangeActAsk, ActTurn: i18n.ExchangeActTurn, ActApprove: i18n.ExchangeActApprove, ActEdit: i18n.ExchangeActEdit, ActRefuse: i18n.ExchangeActRefuse,
		ActPledge: i18n.ExchangeActPledge, ActAgree: i18n.ExchangeActAgree, ActDecline: i18n.ExchangeActDecline, ActTakeBack: i18n.ExchangeActTakeBack, ActDeliver: i18n.ExchangeActDeliver,
		ActConfirm: i18n.ExchangeActConfirm, ActNotYet: i18n.ExchangeActNotYet, ActCorrect: i18n.ExchangeActCorrect, ActEnd: i18n.ExchangeActEnd, ActTopic: i18n.ExchangeActTopic,
		ActLook: i18n.ExchangeActLook, ActWithdraw: i18n.ExchangeActWithdraw, ActPass: i18n.ExchangeActPass, ActGive: i18n.ExchangeActGive,
		ActInvite: i18n.ExchangeActInvite, ActAccept: i18n.ExchangeActAccept, ActUnable: i18n.ExchangeActUnable, ActTopicBack: i18n.ExchangeActTopicBack,
		ActShare: i18n.ExchangeActShare, ActName: i18n.ExchangeActName, ActRedeem: i18n.ExchangeActRedeem}[a]
}

// NewPledge is how somebody pledges.
type NewPledge struct {
	Said    string // to the community; optional
	Contact string // number at which they are reached; shown to who asked, after the community agreed
}

func (p *NewPledge) check() error {
	e := errs.Words(nil, "said", &p.Said, MaxWords, false)
	return phone(e, "contact", &p.Contact).OrNil()
}

// Pledge lets a member pledge to meet a need themselves, or a volunteer who is none (PermOwn).
func (s *Service) Pledge(ctx context.Context, actor authz.Actor, wish id.ID, in NewPledge) (made id.ID, err error) {
	if !actor.Can(PermOwn) || actor.PersonID == 0 {
		return 0, errs.ErrForbidden
	}
	return s.pledge(ctx, actor, PermOwn, wish, in, func(tx *db.Tx, p *Pledge) error {
		h, err := s.members.OfPerson(ctx, tx, actor.Tenant, actor.PersonID)
		if errs.KindOf(err) == errs.NotFound {
			return s.asVolunteer(ctx, tx, actor, p)
		}
		p.MemberID, p.PersonID = h.MemberID, h.PersonID
		return err
	})
}

// PledgeFor lets an organisation in scope pledge (PermOffer).
func (s *Service) PledgeFor(ctx context.Context, actor authz.Actor, wish, org id.ID, in NewPledge) (made id.ID, err error) {
	if err := actor.Scope(PermOffer).Require(org); err != nil || org == 0 {
		return 0, errs.Field("org", i18n.ErrBadChoice)
	}
	return s.pledge(ctx, actor, PermOffer, wish, in, func(tx *db.Tx, p *Pledge) error {
		_, err := placeOf(ctx, tx, actor.Tenant, org)
		p.OrgID = org
		return err
	})
}

// PledgeTeam lets the leader of a team of volunteers pledge for it (PermOwn). Who comes is named when it is delivered.
func (s *Service) PledgeTeam(ctx context.Context, actor authz.Actor, wish, team id.ID, in NewPledge) (made id.ID, err error) {
	if !actor.Can(PermOwn) || actor.PersonID == 0 || s.volunteers == nil {
		return 0, errs.ErrForbidden
	}
	return s.pledge(ctx, actor, PermOwn, wish, in, func(tx *db.Tx, p *Pledge) error {
		led, err := s.volunteers.Led(ctx, tx, actor.Tenant, actor.PersonID)
		if err != nil {
			return err
		}
		at := slices.IndexFunc(led, func(t Team) bool { return t.ID == team })
		if at < 0 {
			return errs.Field("team", i18n.ErrBadChoice)
		}
		p.TeamID, p.Team, p.VolunteerID, p.PersonID = led[at].ID, led[at].Name, led[at].Leader, actor.PersonID
		return nil
	})
}

// Teams are the teams for which somebody may pledge (PermOwn).
func (s *Service) Teams(ctx context.Context, actor authz.Actor) ([]Team, error) {
	if !actor.Can(PermOwn) || actor.PersonID == 0 || s.volunteers == nil {
		return nil, nil
	}
	return s.volunteers.Led(ctx, s.db, actor.Tenant, actor.PersonID)
}

// Crew are the people of the team of a pledge, whose time may be named: for who leads it now (PermOwn), and for the community that enters it for them (PermKeep), whose look is recorded.
func (s *Service) Crew(ctx context.Context, actor authz.Actor, p Pledge) ([]Volunteer, error) {
	if p.TeamID == 0 || s.volunteers == nil || !actor.Can(PermOwn) && !actor.Can(PermKeep) {
		return nil, nil
	}
	p, r, err := s.findPledge(ctx, s.db, actor.Tenant, p.ID)
	if err != nil {
		return nil, err
	}
	leads, err := s.leads(ctx, s.db, actor, p.TeamID)
	if err != nil || !(leads && actor.Can(PermOwn)) && !actor.Scope(PermKeep).Covers(r.CommunityID) {
		return nil, err
	}
	out, err := s.volunteers.InTeam(ctx, s.db, actor.Tenant, p.TeamID)
	if err != nil || leads {
		return out, err
	}
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error { // the community looks at names
		looks := make([]audit.Entry, len(out))
		for i, v := range out {
			looks[i] = audit.Entry{Action: "exchange.volunteers", Permission: PermKeep, SubjectKind: "volunteer", SubjectID: v.ID, PersonID: v.PersonID, OrgID: v.OrgID, Purpose: purposeAssist}
		}
		return audit.RecordMany(ctx, tx, actor, looks)
	})
}

// leads says whether somebody leads a team now.
func (s *Service) leads(ctx context.Context, q db.Querier, actor authz.Actor, team id.ID) (bool, error) {
	if actor.PersonID == 0 || s.volunteers == nil {
		return false, nil
	}
	led, err := s.volunteers.Led(ctx, q, actor.Tenant, actor.PersonID)
	return slices.ContainsFunc(led, func(t Team) bool { return t.ID == team }), err
}

func errOr(err, otherwise error) error {
	if err != nil {
		return err
	}
	return otherwise
}

// Share lets who helps with a pledge see who asked, after whoever asked told the community that they may (PermKeep). Nobody says it for themselves.
func (s *Service) Share(ctx context.Context, actor authz.Actor, pledge id.ID, version int64) error {
	return s.onPledge(ctx, actor, pledge, version, true, func(tx *db.Tx, n *Need, p *Pledge, _ side) (step, error) {
		if own, err := s.ownSide(ctx, tx, actor, p); err != nil || own {
			return step{}, errOr(err, errs.New(errs.Forbidden, i18n.PledgeOwnAgree))
		}
		if n.Channel == ByPair { // whose household it is may be said by who reads it
			if may, err := s.mayReveal(ctx, tx, actor, *n); err != nil || !may {
				return step{}, errOr(err, errs.ErrForbidden)
			}
		}
		return s.share(ctx, tx, actor, n, p)
	})
}

// ownSide says whether the actor is on the side of who helps: it is their own pledge, that of a team that they lead now, or that of an organisation for which they act.
func (s *Service) ownSide(ctx context.Context, q db.Querier, actor authz.Actor, p *Pledge) (bool, error) {
	offers := actor.Scope(PermOffer)
	switch {
	case p.PersonID != 0 && p.PersonID == actor.PersonID, p.OrgID != 0 && !offers.All() && offers.Covers(p.OrgID):
		return true, nil
	case p.TeamID != 0:
		return s.leads(ctx, q, actor, p.TeamID)
	}
	return false, nil
}

func (s *Service) share(ctx context.Context, tx *db.Tx, actor authz.Actor, n *Need, p *Pledge) (step, error) {
	if !p.State.Shares() || n.Told(*p) {
		return step{}, cannot(p)
	}
	p.Shared = true
	return step{act: ActShare, pledge: p.ID, open: true}, savePledge(ctx, tx, n.tenant, p, actor.AccountID)
}

// NameGiver lets who asked read who gives a resource of their own, after the giver told the community that they may (PermKeep).
func (s *Service) NameGiver(ctx context.Context, actor authz.Actor, pledge id.ID, version int64) error {
	return s.onPledge(ctx, actor, pledge, version, true, func(tx *db.Tx, n *Need, p *Pledge, _ side) (step, error) {
		if !p.Private() || !p.State.Shares() || p.Named {
			return step{}, cannot(p)
		}
		p.Named = true
		return step{act: ActName, open: true}, savePledge(ctx, tx, n.tenant, p, actor.AccountID)
	})
}

// OnBehalf says who pledged by word of mouth: one of a member of the community, an organisation, and a team by its name.
type OnBehalf struct {
	MemberID id.ID
	OrgID    id.ID
	Team     string
	NewPledge
}

// Enlist notes the pledge of somebody who told the community (PermKeep). It is agreed at once.
func (s *Service) Enlist(ctx context.Context, actor authz.Actor, wish id.ID, in OnBehalf) (made id.ID, err error) {
	in.Team, _ = Mask(in.Team) // the number has a field of its own
	e := errs.Words(nil, "team", &in.Team, MaxTitle, false)
	n := 0
	for _, given := range []bool{in.MemberID != 0, in.OrgID != 0, in.Team != ""} {
		if given {
			n++
		}
	}
	if n != 1 {
		e = e.With("team", i18n.PledgeOneOf)
	}
	if e != nil {
		return 0, e
	}
	return s.pledge(ctx, actor, PermKeep, wish, in.NewPledge, func(tx *db.Tx, p *Pledge) error {
		p.Team, p.State, p.AgreedAt = in.Team, Agreed, tx.Now()
		switch {
		case in.MemberID != 0:
			h, err := s.members.Find(ctx, tx, actor.Tenant, in.MemberID)
			if errs.KindOf(err) == errs.NotFound || err == nil && (h.Ended || !actor.Scope(PermKeep).Covers(h.CommunityID)) {
				return errs.Field("member", i18n.ActivityNoMember)
			}
			p.MemberID, p.PersonID = h.MemberID, h.PersonID
			return err
		case in.OrgID != 0:
			if _, err := placeOf(ctx, tx, actor.Tenant, in.OrgID); errs.KindOf(err) == errs.NotFound {
				return errs.Field("org", i18n.ErrBadChoice)
			} else if err != nil {
				return err
			}
			p.OrgID = in.OrgID
		}
		return nil
	})
}

// pledge makes a pledge: within one transaction the need has room, and then one place less.
func (s *Service) pledge(ctx context.Context, actor authz.Actor, perm authz.Permission, wish id.ID, in NewPledge, who func(tx *db.Tx, p *Pledge) error) (made id.ID, err error) {
	if err := in.check(); err != nil {
		return 0, err
	}
	return made, s.db.WithTx(ctx, func(tx *db.Tx) error {
		var r row
		if perm == PermKeep {
			r, err = find(ctx, tx, actor.Scope(PermKeep), wish)
		} else {
			r, err = load(ctx, tx, actor.Tenant, wish)
		}
		if err != nil {
			return err
		}
		if perm != PermKeep && !r.State.Going() { // what is not public is not there
			return errs.ErrNotFound
		}
		p := Pledge{ID: id.New(), Need: r.ID, Said: in.Said, State: Pledged, AccountID: actor.AccountID, PledgedAt: tx.Now(), Version: 1}
		made = p.ID
		return s.apply(ctx, tx, actor, perm, r, 0, func(tx *db.Tx, n *Need) (step, error) {
			if err := n.pledgeable(calendar.DateOf(tx.Now())); err != nil {
				return step{}, err
			}
			if err := who(tx, &p); err != nil {
				return step{}, err
			}
			switch {
			case p.PersonID != 0 && p.PersonID == n.PersonID:
				return step{}, errs.New(errs.Conflict, i18n.ExchangeOwnNeed)
			case p.State == Agreed && p.PersonID != 0 && p.PersonID == actor.PersonID:
				return step{}, errs.New(errs.Forbidden, i18n.PledgeOwnAgree)
			case p.Asked && p.PersonID == actor.PersonID: // who asks for the community does not answer for themselves
				return step{}, errs.New(errs.Forbidden, i18n.PledgeOwnAgree)
			case p.PersonID != 0:
				if err := mayPledge(ctx, tx, n.tenant, n.ID, p.PersonID); err != nil {
					return step{}, err
				}
			}
			if p.ResourceID != 0 && p.Amount > 0 {
				if err := drawResource(ctx, tx, n.tenant, p.ResourceID, p.Amount); err != nil {
					return step{}, err
				}
			}
			n.take()
			act := ActPledge
			if p.Asked {
				act = ActInvite
			}
			return step{act: act, pledge: p.ID, words: in.Said}, s.insertPledge(ctx, tx, n.tenant, &p, in.Contact)
		})
	})
}

// side is in what way somebody acts for a pledge.
type side struct {
	perm  authz.Permission
	staff bool
}

// sideOf says in what way the actor may act for a pledge: their own, that of a team they lead now, of an organisation of theirs, or as the community that keeps the need.
func (s *Service) sideOf(ctx context.Context, q db.Querier, actor authz.Actor, n Need, p Pledge) (side, error) {
	if p.TeamID != 0 && actor.Can(PermOwn) {
		if leads, err := s.leads(ctx, q, actor, p.TeamID); err != nil || leads {
			return side{PermOwn, false}, err
		}
	}
	switch {
	case p.PersonID != 0 && p.PersonID == actor.PersonID && actor.Can(PermOwn):
		return side{PermOwn, false}, nil
	case p.OrgID != 0 && actor.Scope(PermOffer).Covers(p.OrgID):
		return side{PermOffer, false}, nil
	case actor.Scope(PermKeep).Covers(n.CommunityID):
		return side{PermKeep, true}, nil
	}
	return side{}, errs.ErrNotFound
}

// onPledge finds a pledge that the actor may act for, lets do change it and saves it with its need.
func (s *Service) onPledge(ctx context.Context, actor authz.Actor, pledge id.ID, version int64, staffOnly bool, do func(tx *db.Tx, n *Need, p *Pledge, by side) (step, error)) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, r, err := s.findPledge(ctx, tx, actor.Tenant, pledge)
		if err != nil {
			return err
		}
		by, err := s.sideOf(ctx, tx, actor, r.Need, p)
		if err != nil {
			return err
		}
		if staffOnly {
			if by = (side{PermKeep, true}); !actor.Scope(PermKeep).Covers(r.CommunityID) {
				return errs.ErrForbidden
			}
		}
		if version != 0 && version != p.Version {
			return errs.New(errs.Conflict, i18n.ErrConflict)
		}
		return s.apply(ctx, tx, actor, by.perm, r, 0, func(tx *db.Tx, n *Need) (step, error) {
			e, err := do(tx, n, &p, by)
			e.pledge = p.ID
			return e, err
		})
	})
}

func (s *Service) findPledge(ctx context.Context, q db.Querier, tenant int64, pledge id.ID) (Pledge, row, error) {
	pr, err := db.One(ctx, q, (*pledgeRow).dest, "SELECT "+pledgeColumns+pledgeJoined+"p.tenant_id = $1 AND p.id = $2", tenant, pledge)
	if err != nil {
		return Pledge{}, row{}, err
	}
	p, err := s.openPledge(pr)
	if err != nil {
		return p, row{}, err
	}
	if p.Help, err = helpOf(ctx, q, tenant, "h.pledge_id", pledge); err != nil {
		return p, row{}, err
	}
	r, err := load(ctx, q, tenant, p.Need)
	return p, r, err
}

func cannot(p *Pledge) error { return errs.New(errs.Conflict, i18n.PledgeCannot, p.State.Text()) }

// Agree confirms a pledge for the one who asked: from now on both sides may see each other's contact (PermKeep). Nobody agrees to themselves.
func (s *Service) Agree(ctx context.Context, actor authz.Actor, pledge id.ID, version int64) error {
	return s.onPledge(ctx, actor, pledge, version, true, func(tx *db.Tx, n *Need, p *Pledge, _ side) (step, error) {
		if p.State != Pledged {
			return step{}, cannot(p)
		}
		asker := p.ForVolunteer() && p.AccountID != 0 && p.AccountID == actor.AccountID // somebody else hears the yes of who was asked
		if own, err := s.ownSide(ctx, tx, actor, p); err != nil || own || asker {
			return step{}, errOr(err, errs.New(errs.Forbidden, i18n.PledgeOwnAgree))
		}
		p.State, p.AgreedAt = Agreed, tx.Now()
		return step{act: ActAgree, open: true}, savePledge(ctx, tx, n.tenant, p, actor.AccountID)
	})
}

// Give says yes for an organisation whose resource the community chose (PermOffer): from now on both sides may see each other's contact. It says no by TakeBack.
func (s *Service) Give(ctx context.Context, actor authz.Actor, pledge id.ID, version int64) error {
	return s.onPledge(ctx, actor, pledge, version, false, func(tx *db.Tx, n *Need, p *Pledge, by side) (step, error) {
		switch {
		case by.perm != PermOffer:
			return step{}, errs.ErrForbidden
		case !p.ForGiver():
			return step{}, cannot(p)
		case p.AccountID != 0 && p.AccountID == actor.AccountID: // who chose it for the community does not say yes for the giver
			return step{}, errs.New(errs.Forbidden, i18n.PledgeOwnAgree)
		}
		p.State, p.AgreedAt = Agreed, tx.Now()
		return step{act: ActGive, open: true}, savePledge(ctx, tx, n.tenant, p, actor.AccountID)
	})
}

// Decline does not accept a pledge, with the reason that whoever pledged reads (PermKeep). Its place is free again.
func (s *Service) Decline(ctx context.Context, actor authz.Actor, pledge id.ID, version int64, reason string) error {
	if e := errs.Words(nil, "words", &reason, MaxWords, true); e != nil {
		return e
	}
	return s.onPledge(ctx, actor, pledge, version, true, func(tx *db.Tx, n *Need, p *Pledge, _ side) (step, error) {
		if p.State != Pledged {
			return step{}, cannot(p)
		}
		return step{act: ActDecline, words: reason}, s.dropPledge(ctx, tx, actor, n, p, Declined)
	})
}

// TakeBack ends a pledge that is not delivered, with the reason: whoever pledged cannot, or the community takes it back for them.
func (s *Service) TakeBack(ctx context.Context, actor authz.Actor, pledge id.ID, version int64, reason string) error {
	if e := errs.Words(nil, "words", &reason, MaxWords, true); e != nil {
		return e
	}
	return s.onPledge(ctx, actor, pledge, version, false, func(tx *db.Tx, n *Need, p *Pledge, _ side) (step, error) {
		if p.State != Pledged && p.State != Agreed {
			return step{}, cannot(p)
		}
		e := step{act: ActTakeBack, words: reason, open: true}
		if p.ForVolunteer() { // why somebody cannot is for the community alone
			e = step{act: ActUnable, words: reason}
		}
		return e, s.dropPledge(ctx, tx, actor, n, p, TakenBack)
	})
}

// Deliver says what was done for a need. It counts nothing yet: whoever asked, or the community after asking them, confirms it. A proof is never asked for. Staff who asked themselves do not say it for others.
func (s *Service) Deliver(ctx context.Context, actor authz.Actor, pledge id.ID, version int64, in Delivery) error {
	return s.onPledge(ctx, actor, pledge, version, false, func(tx *db.Tx, n *Need, p *Pledge, by side) (step, error) {
		if p.State != Agreed {
			return step{}, cannot(p)
		}
		if by.staff && n.of(actor) {
			return step{}, errs.New(errs.Forbidden, i18n.ExchangeOwnCorrect)
		}
		if e := in.check(*n, calendar.DateOf(tx.Now())); e != nil {
			return step{}, e
		}
		switch {
		case !p.Gives(n.Kind):
			in.Pieces = 0
		case in.Pieces == 0:
			in.Pieces = 1
		}
		help, err := s.helpers(ctx, tx, actor, n, p, in, by)
		if err != nil {
			return step{}, err
		}
		if err := insertHelp(ctx, tx, n.tenant, help); err != nil {
			return step{}, err
		}
		p.State, p.DeliveredAt = Brought, tx.Now()
		return step{act: ActDeliver, words: in.Words, open: true}, savePledge(ctx, tx, n.tenant, p, actor.AccountID)
	})
}

// helpers are the members whose time it was: of a member's pledge themselves, of others those that are named. Where goods or a place were given it may be nobody's.
func (s *Service) helpers(ctx context.Context, tx *db.Tx, actor authz.Actor, n *Need, p *Pledge, in Delivery, by side) ([]Help, error) {
	others, err := s.standing(ctx, tx, n.tenant, n.ID)
	if err != nil {
		return nil, err
	}
	others = slices.DeleteFunc(others, func(x Pledge) bool { return x.ID == p.ID })
	if p.TeamID != 0 {
		return s.crew(ctx, tx, actor, n, p, in, others, by)
	}
	if p.PersonID != 0 && slices.ContainsFunc(others, func(x Pledge) bool { return x.helped(p.PersonID) }) {
		return nil, errs.New(errs.Conflict, i18n.PledgeCrewElse, p.Name)
	}
	if p.MemberID == 0 && p.PersonID != 0 { // a volunteer: the book is that of the community in which they helped, as for shifts
		return []Help{{ID: id.New(), Need: n.ID, Pledge: p.ID, PersonID: p.PersonID, CommunityID: n.CommunityID, OnDate: in.OnDate, Minutes: in.Minutes, Pieces: in.Pieces, Proof: ledger.Vouched}}, nil
	}
	who := []id.ID{p.MemberID}
	if p.MemberID == 0 {
		who = slices.Compact(slices.Sorted(slices.Values(in.Members)))
	}
	if len(who) == 0 {
		return nil, nil
	}
	if in.Minutes == 0 && p.MemberID == 0 {
		return nil, errs.Field("hours", i18n.ErrRequired)
	}
	if len(who) > MaxWanted {
		return nil, errs.Field("members", i18n.ExchangeWanted, MaxWanted)
	}
	found, err := s.members.FindMany(ctx, tx, actor.Tenant, who)
	if err != nil {
		return nil, err
	}
	var out []Help
	for _, m := range who {
		h, ok := found[m]
		switch {
		case !ok || h.Ended,
			by.perm == PermOffer && h.UnitID != p.OrgID, // of the unit that pledged
			by.perm == PermKeep && p.MemberID == 0 && !actor.Scope(PermKeep).Covers(h.CommunityID) && (p.OrgID == 0 || h.UnitID != p.OrgID):
			return nil, errs.Field("members", i18n.ActivityNoMember)
		case h.CommunityID == 0 && in.Minutes > 0: // nobody writes the slip
			return nil, errs.Field("members", i18n.ExchangeNotRegistered, h.Name)
		case p.MemberID == 0 && h.PersonID == n.PersonID:
			return nil, errs.Field("members", i18n.ExchangeOwnNeed)
		case p.MemberID == 0 && slices.ContainsFunc(others, func(x Pledge) bool { return x.hasHours(h.PersonID) }):
			return nil, errs.Field("members", i18n.PledgeCrewElse, h.Name)
		}
		out = append(out, Help{ID: id.New(), Need: n.ID, Pledge: p.ID, MemberID: h.MemberID, PersonID: h.PersonID, CommunityID: h.CommunityID, UnitID: h.UnitID, OnDate: in.OnDate, Minutes: in.Minutes,
			Pieces: in.Pieces, Proof: ledger.Vouched})
	}
	return out, nil
}

// crew are those of a team who came, named by who leads it now, or by the community for them. Their hours are voluntary service in the name of each, as for shifts; who pledged for the need themselves, or came with another
// team, has them there.
func (s *Service) crew(ctx context.Context, q db.Querier, actor authz.Actor, n *Need, p *Pledge, in Delivery, others []Pledge, by side) ([]Help, error) {
	who := slices.Compact(slices.Sorted(slices.Values(in.Came)))
	if len(who) == 0 {
		if n.Kind.Hands() || in.Minutes > 0 { // nobody's hours would be lost
			return nil, errs.Field("came", i18n.PledgeCrewNeeded)
		}
		return nil, nil
	}
	if by.perm != PermKeep {
		if leads, err := s.leads(ctx, q, actor, p.TeamID); err != nil || !leads {
			return nil, errOr(err, errs.New(errs.Forbidden, i18n.PledgeCrewLeader))
		}
	}
	if in.Minutes == 0 {
		return nil, errs.Field("hours", i18n.ErrRequired)
	}
	team, err := s.volunteers.InTeam(ctx, q, n.tenant, p.TeamID)
	if err != nil {
		return nil, err
	}
	var out []Help
	for _, v := range who {
		at := slices.IndexFunc(team, func(x Volunteer) bool { return x.ID == v })
		if at < 0 {
			return nil, errs.Field("came", i18n.ErrBadChoice)
		}
		if team[at].PersonID == n.PersonID {
			return nil, errs.Field("came", i18n.ExchangeOwnNeed)
		}
		if slices.ContainsFunc(others, func(x Pledge) bool { return x.hasHours(team[at].PersonID) }) {
			return nil, errs.Field("came", i18n.PledgeCrewElse, team[at].Name)
		}
		out = append(out, Help{ID: id.New(), Need: n.ID, Pledge: p.ID, PersonID: team[at].PersonID, CommunityID: n.CommunityID, OnDate: in.OnDate, Minutes: in.Minutes, Proof: ledger.Vouched})
	}
	return out, nil
}

// Undeliver takes back that something was delivered, before it is confirmed: it was said by mistake.
func (s *Service) Undeliver(ctx context.Context, actor authz.Actor, pledge id.ID, version int64) error {
	return s.onPledge(ctx, actor, pledge, version, false, func(tx *db.Tx, n *Need, p *Pledge, _ side) (step, error) {
		if p.State != Brought {
			return step{}, cannot(p)
		}
		return step{act: ActNotYet, open: true}, s.notYet(ctx, tx, actor, n, p)
	})
}

func (s *Service) notYet(ctx context.Context, tx *db.Tx, actor authz.Actor, n *Need, p *Pledge) error {
	if err := dropHelp(ctx, tx, n.tenant, p.ID); err != nil {
		return err
	}
	p.State, p.DeliveredAt = Agreed, Moment{}
	return savePledge(ctx, tx, n.tenant, p, actor.AccountID)
}

// Confirm says for the one who asked, who was called, whether it was delivered (PermKeep). The hours are vouched for. Nobody confirms their own help.
func (s *Service) Confirm(ctx context.Context, actor authz.Actor, pledge id.ID, version int64, in Rating) error {
	if e := in.check(); e != nil {
		return e
	}
	return s.onPledge(ctx, actor, pledge, version, true, func(tx *db.Tx, n *Need, p *Pledge, _ side) (step, error) {
		if p.State != Brought {
			return step{}, cannot(p)
		}
		if p.of(actor.PersonID) {
			return step{}, errs.New(errs.Forbidden, i18n.ExchangeOwnHelp)
		}
		return s.answered(ctx, tx, actor, n, p, in, ledger.Vouched)
	})
}

// answered books what was confirmed, or sends back what was not.
func (s *Service) answered(ctx context.Context, tx *db.Tx, actor authz.Actor, n *Need, p *Pledge, in Rating, proof ledger.Proof) (step, error) {
	e := step{act: ActConfirm, pledge: p.ID, words: in.Words, open: true}
	if in.Answer == No {
		e.act = ActNotYet
		return e, s.notYet(ctx, tx, actor, n, p)
	}
	if p.Outcome = Met; in.Answer == Half {
		p.Outcome = Partly
	}
	if p.Stars = in.Stars; in.Stars > 0 {
		n.Stars = in.Stars
	}
	if n.Outcome != Partly {
		n.Outcome = p.Outcome
	}
	var postings []ledger.Posting
	for _, h := range p.Help {
		h.Proof, h.Counted = proof, h.Minutes > 0 || h.Pieces > 0
		if err := saveHelp(ctx, tx, n.tenant, h); err != nil {
			return e, err
		}
		postings = append(postings, h.postings(n.CommunityID, "")...)
	}
	for _, one := range postings {
		if _, err := s.book.PostTx(ctx, tx, actor, one); err != nil {
			return e, err
		}
	}
	p.State, p.EndedAt = Confirmed, tx.Now()
	return e, savePledge(ctx, tx, n.tenant, p, actor.AccountID)
}

// Correct puts right what was booked for one helper, minutes and pieces, with the reason (PermKeep): the postings are taken back and the right amounts booked; 0 takes back
// alone. Who asked has not seen more than they confirmed, so more is only vouched for. Neither who helped nor who asked corrects it.
func (s *Service) Correct(ctx context.Context, actor authz.Actor, help id.ID, minutes, pieces int64, reason string) error {
	e := errs.Words(nil, "words", &reason, MaxWords, true)
	if minutes < 0 || minutes > MaxMinutes {
		e = e.With("hours", i18n.ExchangeHours, MaxMinutes/60)
	}
	if pieces < 0 || pieces > MaxPieces {
		e = e.With("pieces", i18n.ExchangePieces, MaxPieces)
	}
	if e != nil {
		return e
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		list, err := helpOf(ctx, tx, actor.Tenant, "h.id", help)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errs.ErrNotFound
		}
		h := list[0]
		r, err := find(ctx, tx, actor.Scope(PermKeep), h.Need)
		if err != nil {
			return err
		}
		if actor.PersonID != 0 && h.PersonID == actor.PersonID {
			return errs.New(errs.Forbidden, i18n.ExchangeOwnHelp)
		}
		if r.of(actor) {
			return errs.New(errs.Forbidden, i18n.ExchangeOwnCorrect)
		}
		p, _, err := s.findPledge(ctx, tx, actor.Tenant, h.Pledge)
		if err != nil {
			return err
		}
		if p.State != Confirmed {
			return cannot(&p)
		}
		if !p.Gives(r.Kind) {
			pieces = 0
		}
		for _, a := range []ledger.Account{ledger.Hours, ledger.Goods} {
			if err := s.book.ReverseSourceTx(ctx, tx, actor, ledger.SourceHelp, h.ID, a, reason); err != nil {
				return err
			}
		}
		if minutes > h.Minutes || pieces > h.Pieces {
			h.Proof = ledger.Vouched
		}
		h.Minutes, h.Pieces, h.Counted = minutes, pieces, minutes > 0 || pieces > 0
		if err := saveHelp(ctx, tx, actor.Tenant, h); err != nil {
			return err
		}
		for _, one := range h.postings(r.CommunityID, reason) {
			if _, err := s.book.PostTx(ctx, tx, actor, one); err != nil {
				return err
			}
		}
		if err := s.tellCorrected(ctx, tx, actor, &r.Need, list[0].booked()-h.booked()); err != nil {
			return err
		}
		if err := s.insertEntry(ctx, tx, actor, &r.Need, step{act: ActCorrect, pledge: p.ID, words: reason}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "exchange.correct", Permission: PermKeep, SubjectKind: "need", SubjectID: r.ID, PersonID: h.PersonID, OrgID: r.CommunityID,
			Detail: map[string]any{"help": h.ID, "minutes": minutes, "pieces": pieces, "was": list[0].Minutes, "was_pieces": list[0].Pieces, "reason": reason}})
	})
}

// Contact shows whoever pledged the name, number and place of who asked, after the community and whoever asked agreed (Need.Told). The look is recorded, and whoever asked reads it.
func (s *Service) Contact(ctx context.Context, actor authz.Actor, pledge id.ID) (out Asker, place string, err error) {
	return out, place, s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, r, err := s.findPledge(ctx, tx, actor.Tenant, pledge)
		if err != nil {
			return err
		}
		by, err := s.sideOf(ctx, tx, actor, r.Need, p)
		if err != nil || by.staff { // staff name a purpose
			return errs.ErrNotFound
		}
		if !r.Told(p) {
			return errs.New(errs.Conflict, i18n.PledgeNotShared)
		}
		out.No = r.No
		if out.Name, out.Phone, err = s.asker(ctx, tx, actor, by.perm, r); err != nil {
			return err
		}
		if place, err = s.ring.Open("need", "place", r.ID, r.place); err != nil {
			return err
		}
		if r.OrderID != 0 { // they say when it suits to who comes
			if out.Body, err = s.ring.Open("need", "body", r.ID, r.body); err != nil {
				return err
			}
		}
		if err := s.insertEntry(ctx, tx, actor, &r.Need, step{act: ActLook, pledge: p.ID, open: true}); err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "exchange.contact", Permission: by.perm, SubjectKind: "need", SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.CommunityID})
	})
}
