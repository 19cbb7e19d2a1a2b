package api

import (
	"context"
	"time"

	"linli/internal/agreement"
	"linli/internal/api/rest"
	"linli/internal/authz"
)

// Responsibility is an area or a post that a community offers.
type Responsibility struct {
	ID          rest.ID `json:"id" doc:"Identifier."`
	CommunityID rest.ID `json:"community_id" doc:"Community that offers it."`
	Community   string  `json:"community,omitempty" doc:"Name of the community."`
	Kind        string  `json:"kind" doc:"area or post."`
	Name        string  `json:"name" doc:"Name."`
	Duties      string  `json:"duties,omitempty" doc:"Duties, one a line."`
	GridID      rest.ID `json:"grid_id,omitempty" doc:"Grid."`
	Grid        string  `json:"grid,omitempty" doc:"Name of the grid."`
	BuildingID  rest.ID `json:"building_id,omitempty" doc:"Building."`
	Building    string  `json:"building,omitempty" doc:"Name of the building."`
	Capacity    int64   `json:"capacity" doc:"Places."`
	Taken       int64   `json:"taken" doc:"Places taken; never more than there are."`
	Free        int64   `json:"free" doc:"Places left."`
	Open        bool    `json:"open" doc:"Whether it is offered."`
	Version     int64   `json:"version" doc:"Version, for changes."`
}

// RecordVersion is the version of the responsibility.
func (r Responsibility) RecordVersion() int64 { return r.Version }

func responsibilityOf(i agreement.OfferItem) Responsibility {
	return Responsibility{ID: rest.IDOf(i.ID), CommunityID: rest.IDOf(i.CommunityID), Community: i.Community, Kind: string(i.Kind), Name: i.Name, Duties: i.Duties,
		GridID: rest.IDOf(i.GridID), Grid: i.Grid, BuildingID: rest.IDOf(i.BuildingID), Building: i.Building, Capacity: i.Capacity, Taken: i.Taken, Free: i.Free(),
		Open: i.Open, Version: i.Version}
}

// NewResponsibility is what a community offers.
type NewResponsibility struct {
	CommunityID rest.ID `json:"community_id" doc:"Community that offers it."`
	Kind        string  `json:"kind" enum:"area,post" doc:"What is taken over."`
	Name        string  `json:"name" maxLength:"100" doc:"Name."`
	Duties      string  `json:"duties,omitempty" maxLength:"2000" doc:"Duties, one a line."`
	GridID      rest.ID `json:"grid_id,omitempty" doc:"Grid."`
	BuildingID  rest.ID `json:"building_id,omitempty" doc:"Building; it brings its grid along."`
	Capacity    int64   `json:"capacity" minimum:"1" maximum:"1000" doc:"Places."`
}

func (n NewResponsibility) plain() agreement.Offer {
	return agreement.Offer{CommunityID: n.CommunityID.ID(), Kind: agreement.Kind(n.Kind), Name: n.Name, Duties: n.Duties, GridID: n.GridID.ID(), BuildingID: n.BuildingID.ID(), Capacity: n.Capacity}
}

// ResponsibilityChange replaces what is said about a responsibility.
type ResponsibilityChange struct {
	NewResponsibility
	Open    bool  `json:"open" doc:"Whether it is offered."`
	Version int64 `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
}

// Claim is one agreement by which a member takes a responsibility over.
type Claim struct {
	ID               rest.ID    `json:"id" doc:"Identifier."`
	ResponsibilityID rest.ID    `json:"responsibility_id" doc:"Responsibility."`
	Responsibility   string     `json:"responsibility" doc:"Name of the responsibility."`
	MemberID         rest.ID    `json:"member_id" doc:"Member."`
	Member           string     `json:"member" doc:"Name of the member."`
	CommunityID      rest.ID    `json:"community_id" doc:"Community."`
	Community        string     `json:"community" doc:"Name of the community."`
	UnitID           rest.ID    `json:"unit_id,omitempty" doc:"Unit."`
	Unit             string     `json:"unit,omitempty" doc:"Name of the unit."`
	State            string     `json:"state" doc:"proposed, agreed, declined, withdrawn, ended, renewed."`
	From             rest.Date  `json:"from" doc:"First day."`
	To               rest.Date  `json:"to,omitempty" doc:"Last day."`
	Hash             string     `json:"hash" doc:"SM3 digest of the terms, for signing."`
	RenewsID         rest.ID    `json:"renews_id,omitempty" doc:"The claim that this one renews."`
	Reason           string     `json:"reason,omitempty" doc:"Why it was declined or ended."`
	CreatedAt        time.Time  `json:"created_at" doc:"When it was proposed."`
	AgreedAt         *time.Time `json:"agreed_at,omitempty" doc:"When both had signed."`
	EndedOn          rest.Date  `json:"ended_on,omitempty" doc:"Day on which it ended."`
	Version          int64      `json:"version" doc:"Version."`
}

// RecordVersion is the version of the claim.
func (c Claim) RecordVersion() int64 { return c.Version }

func claimOf(i agreement.Item) Claim {
	return Claim{ID: rest.IDOf(i.ID), ResponsibilityID: rest.IDOf(i.ResponsibilityID), Responsibility: i.Name, MemberID: rest.IDOf(i.MemberID), Member: i.Member,
		CommunityID: rest.IDOf(i.CommunityID), Community: i.Community, UnitID: rest.IDOf(i.UnitID), Unit: i.Unit, State: string(i.State), From: rest.DateOf(i.From),
		To: rest.DateOf(i.To), Hash: i.ContentHash, RenewsID: rest.IDOf(i.RenewsID), Reason: i.Reason, CreatedAt: i.CreatedAt.UTC(), AgreedAt: rest.UTC(i.AgreedAt),
		EndedOn: rest.DateOf(i.EndedOn), Version: i.Version}
}

// ClaimDetail is a claim with its terms and signatures.
type ClaimDetail struct {
	Claim
	Place      string      `json:"place,omitempty" doc:"Place, as in the terms."`
	Duties     []string    `json:"duties" nullable:"false" doc:"Duties, as in the terms."`
	Signatures []Signature `json:"signatures" nullable:"false" doc:"Who has signed."`
	RenewedBy  rest.ID     `json:"renewed_by,omitempty" doc:"The claim that took its place."`
	Side       string      `json:"side,omitempty" doc:"Side for which you can sign now."`
}

// Signature is one side's consent.
type Signature struct {
	Side   string    `json:"side" doc:"member or community."`
	Name   string    `json:"name" doc:"Who signed."`
	At     time.Time `json:"at" doc:"When."`
	Hash   string    `json:"hash" doc:"Digest of the terms that the signer saw."`
	Paper  bool      `json:"paper" doc:"Given on paper and entered by staff."`
	Reason string    `json:"reason,omitempty" doc:"Why it was given on paper."`
}

// NewClaim is a claim to propose.
type NewClaim struct {
	ResponsibilityID rest.ID   `json:"responsibility_id" doc:"Responsibility."`
	MemberID         rest.ID   `json:"member_id" doc:"Member."`
	From             rest.Date `json:"from,omitempty" doc:"First day; today if absent."`
	To               rest.Date `json:"to,omitempty" doc:"Last day; as the policy says if absent."`
	Sign             bool      `json:"sign,omitempty" doc:"You sign at once."`
}

// ClaimRenewal proposes the next term.
type ClaimRenewal struct {
	To   rest.Date `json:"to,omitempty" doc:"Last day; as the policy says if absent."`
	Sign bool      `json:"sign,omitempty" doc:"You sign at once."`
}

// Signing signs the terms that were seen.
type Signing struct {
	Hash   string `json:"hash" maxLength:"100" doc:"hash of the claim as you saw it."`
	Paper  bool   `json:"paper,omitempty" doc:"The member's signature was given on the printed agreement."`
	Reason string `json:"reason,omitempty" maxLength:"200" doc:"Why it was given on paper."`
}

// ResponsibilityMap is a community's buildings with what is offered and taken in them.
type ResponsibilityMap struct {
	CommunityID rest.ID          `json:"community_id" doc:"Community."`
	Community   string           `json:"community" doc:"Name of the community."`
	Width       int              `json:"width" doc:"Width of the plane."`
	Height      int              `json:"height" doc:"Height of the plane."`
	Schematic   bool             `json:"schematic" doc:"Positions are not known: buildings stand in rows by grid."`
	Spots       []MapSpot        `json:"spots" nullable:"false" doc:"Buildings."`
	Elsewhere   []Responsibility `json:"elsewhere" nullable:"false" doc:"Responsibilities of no building."`
}

// MapSpot is one building.
type MapSpot struct {
	BuildingID rest.ID `json:"building_id" doc:"Building."`
	Name       string  `json:"name" doc:"Name."`
	Grid       string  `json:"grid,omitempty" doc:"Name of the grid."`
	X          int     `json:"x" doc:"Place on the plane."`
	Y          int     `json:"y" doc:"Place on the plane."`
	Status     string  `json:"status" doc:"none, free, part, full."`
	Capacity   int64   `json:"capacity" doc:"Places."`
	Taken      int64   `json:"taken" doc:"Places taken."`
}

type offerQuery struct {
	rest.Paging
	Text      string  `query:"q" maxLength:"100" doc:"Part of the name."`
	Community rest.ID `query:"community" doc:"Of this community."`
	Grid      rest.ID `query:"grid" doc:"In this grid."`
	Building  rest.ID `query:"building" doc:"In this building."`
	Kind      string  `query:"kind" enum:"area,post" doc:"Of this kind."`
	Free      bool    `query:"free" doc:"With a place left, and open."`
	Closed    bool    `query:"closed" doc:"No longer offered, instead of those that are."`
}

type claimQuery struct {
	rest.Paging
	State          string    `query:"state" enum:"proposed,agreed,declined,withdrawn,ended,renewed" doc:"In this state."`
	Community      rest.ID   `query:"community" doc:"Of this community."`
	Unit           rest.ID   `query:"unit" doc:"Of this unit's members."`
	Member         rest.ID   `query:"member" doc:"Of this member."`
	Responsibility rest.ID   `query:"responsibility" doc:"On this responsibility."`
	Unsigned       string    `query:"unsigned" enum:"member,community" doc:"Proposed, and this side has not signed."`
	EndsBy         rest.Date `query:"ends_by" doc:"Agreed, last day not after this one, not renewed."`
}

func (h *handlers) responsibilities(k *rest.Kit) {
	const tag = "responsibilities"
	see := perms(agreement.PermSee, agreement.PermOffer, agreement.PermPropose, agreement.PermOwn)
	rest.Get(k, rest.Op{ID: "responsibility-list", Path: "/responsibilities", Tag: tag, Title: "List responsibilities by name", Needs: see},
		func(ctx context.Context, a authz.Actor, in *offerQuery) (rest.Page[Responsibility], error) {
			l, err := h.Agreement.Offers(ctx, a, agreement.OfferFilter{Text: in.Text, CommunityID: in.Community.ID(), GridID: in.Grid.ID(), BuildingID: in.Building.ID(),
				Kind: agreement.Kind(in.Kind), Free: in.Free, Closed: in.Closed, Page: in.Page()})
			return rest.PageOf(l, responsibilityOf), err
		})
	rest.Get(k, rest.Op{ID: "responsibility-get", Path: "/responsibilities/{id}", Tag: tag, Title: "Open a responsibility", Needs: see}, h.responsibility)
	rest.Get(k, rest.Op{ID: "responsibility-map", Path: "/communities/{id}/responsibility-map", Tag: tag, Title: "A community's buildings with what is offered and taken in them", Needs: see},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (ResponsibilityMap, error) {
			m, err := h.Agreement.Map(ctx, a, in.ID.ID())
			return ResponsibilityMap{CommunityID: rest.IDOf(m.CommunityID), Community: m.Community, Width: m.Width, Height: m.Height, Schematic: m.Schematic,
				Elsewhere: rest.AllOf(m.Elsewhere, responsibilityOf).Items, Spots: rest.AllOf(m.Spots, func(s agreement.Spot) MapSpot {
					return MapSpot{rest.IDOf(s.BuildingID), s.Name, s.Grid, s.X, s.Y, s.Status(), s.Capacity, s.Taken}
				}).Items}, err
		})
	rest.Post(k, rest.Op{ID: "responsibility-create", Path: "/responsibilities", Tag: tag, Title: "Offer a responsibility", Needs: perms(agreement.PermOffer)},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewResponsibility]) (rest.Ref, error) {
			made, err := h.Agreement.Offer(ctx, a, in.Body.plain())
			return rest.Ref{ID: rest.IDOf(made)}, err
		})
	rest.Put(k, rest.Op{ID: "responsibility-change", Path: "/responsibilities/{id}", Tag: tag, Title: "Replace what is said about a responsibility; agreed claims keep their terms", Needs: perms(agreement.PermOffer)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[ResponsibilityChange]) (Responsibility, error) {
			v, err := in.Match.Version(in.Body.Version)
			if err == nil {
				err = h.Agreement.Change(ctx, a, in.ID.ID(), in.Body.plain(), in.Body.Open, v)
			}
			if err != nil {
				return Responsibility{}, err
			}
			return h.responsibility(ctx, a, &in.Path)
		})
}

func (h *handlers) responsibility(ctx context.Context, a authz.Actor, in *rest.Path) (Responsibility, error) {
	i, err := h.Agreement.OfferDetail(ctx, a, in.ID.ID())
	return responsibilityOf(i), err
}

func (h *handlers) claims(k *rest.Kit) {
	const tag = "claims"
	see := perms(agreement.PermSee, agreement.PermOwn)
	propose := perms(agreement.PermPropose, agreement.PermOwn)
	rest.Get(k, rest.Op{ID: "claim-list", Path: "/claims", Tag: tag, Title: "List claims, newest first", Needs: see},
		func(ctx context.Context, a authz.Actor, in *claimQuery) (rest.Page[Claim], error) {
			l, err := h.Agreement.List(ctx, a, agreement.Filter{State: agreement.State(in.State), CommunityID: in.Community.ID(), UnitID: in.Unit.ID(), MemberID: in.Member.ID(),
				ResponsibilityID: in.Responsibility.ID(), Unsigned: agreement.Side(in.Unsigned), EndsBy: in.EndsBy.Date(), Page: in.Page()})
			return rest.PageOf(l, claimOf), err
		})
	rest.Get(k, rest.Op{ID: "claim-get", Path: "/claims/{id}", Tag: tag, Title: "Open a claim with its terms and signatures", Needs: see}, h.claim)
	rest.Post(k, rest.Op{ID: "claim-create", Path: "/claims", Tag: tag, Title: "Propose a claim; the last place goes to one only", Needs: propose},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewClaim]) (rest.Ref, error) {
			b := in.Body
			made, err := h.Agreement.Propose(ctx, a, agreement.NewClaim{ResponsibilityID: b.ResponsibilityID.ID(), MemberID: b.MemberID.ID(), From: b.From.Date(), To: b.To.Date(), Sign: b.Sign})
			return rest.Ref{ID: rest.IDOf(made)}, err
		})
	rest.Act(k, rest.Op{ID: "claim-sign", Path: "/claims/{id}/sign", Tag: tag, Title: "Sign the terms that you saw; with both signatures the claim is agreed", Needs: perms(agreement.PermSign, agreement.PermOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Signing]) error {
			if in.Body.Paper {
				return h.Agreement.SignOnPaper(ctx, a, in.ID.ID(), in.Body.Hash, in.Body.Reason)
			}
			return h.Agreement.Sign(ctx, a, in.ID.ID(), in.Body.Hash)
		})
	rest.Act(k, rest.Op{ID: "claim-decline", Path: "/claims/{id}/decline", Tag: tag, Title: "Refuse a proposed claim with the reason", Needs: perms(agreement.PermSign, agreement.PermOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Reason]) error {
			return h.Agreement.Decline(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Act(k, rest.Op{ID: "claim-withdraw", Path: "/claims/{id}/withdraw", Tag: tag, Title: "Take a proposed claim back", Needs: propose},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Agreement.Withdraw(ctx, a, in.ID.ID())
		})
	rest.Act(k, rest.Op{ID: "claim-end", Path: "/claims/{id}/end", Tag: tag, Title: "End an agreed claim with the reason", Needs: perms(agreement.PermEnd, agreement.PermOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[EndOn]) error {
			return h.Agreement.End(ctx, a, in.ID.ID(), in.Body.On.Date(), in.Body.Reason)
		})
	rest.Post(k, rest.Op{ID: "claim-renew", Path: "/claims/{id}/renew", Tag: tag, Title: "Propose the next term of an agreed claim", Needs: propose},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[ClaimRenewal]) (rest.Ref, error) {
			made, err := h.Agreement.Renew(ctx, a, in.ID.ID(), in.Body.To.Date(), in.Body.Sign)
			return rest.Ref{ID: rest.IDOf(made)}, err
		})
}

func (h *handlers) claim(ctx context.Context, a authz.Actor, in *rest.Path) (ClaimDetail, error) {
	d, err := h.Agreement.Get(ctx, a, in.ID.ID())
	if err != nil {
		return ClaimDetail{}, err
	}
	return ClaimDetail{Claim: claimOf(d.Item), Place: d.Says.Place, Duties: append([]string{}, d.Says.Duties...), RenewedBy: rest.IDOf(d.RenewedBy), Side: string(d.Side),
		Signatures: rest.AllOf(d.Signatures, func(s agreement.Signature) Signature {
			return Signature{string(s.Side), s.Name, s.At.UTC(), s.Hash, s.Paper, s.Reason}
		}).Items}, nil
}
