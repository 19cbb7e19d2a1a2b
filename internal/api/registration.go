package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/id"
	"linli/internal/member"
)

// Registration is one report of a member to a community.
type Registration struct {
	ID          rest.ID    `json:"id" doc:"Identifier."`
	MemberID    rest.ID    `json:"member_id" doc:"Member."`
	Name        string     `json:"name" doc:"Name of the member."`
	Kind        string     `json:"kind,omitempty" doc:"Kind of member."`
	UnitID      rest.ID    `json:"unit_id,omitempty" doc:"Unit."`
	Unit        string     `json:"unit,omitempty" doc:"Name of the unit."`
	CommunityID rest.ID    `json:"community_id" doc:"Community."`
	Community   string     `json:"community,omitempty" doc:"Name of the community."`
	StartedBy   string     `json:"started_by" doc:"unit, member, community."`
	State       string     `json:"state" doc:"proposed, accepted, returned, withdrawn, ended."`
	Reason      string     `json:"reason,omitempty" doc:"Why it was returned or ended."`
	Skills      string     `json:"skills,omitempty" doc:"What the member can do there."`
	LivesHere   bool       `json:"lives_here" doc:"The register of residents knows the person in this community."`
	ProposedAt  time.Time  `json:"proposed_at" doc:"When."`
	DecidedAt   *time.Time `json:"decided_at,omitempty" doc:"When it was answered."`
	EndedOn     rest.Date  `json:"ended_on,omitempty" doc:"Day on which it ended."`
	Version     int64      `json:"version" doc:"Version."`
}

// RecordVersion is the version of the registration.
func (r Registration) RecordVersion() int64 { return r.Version }

func registrationOf(i member.RegistrationItem) Registration {
	return Registration{ID: rest.IDOf(i.ID), MemberID: rest.IDOf(i.MemberID), Name: i.Name, Kind: string(i.Kind), UnitID: rest.IDOf(i.UnitID), Unit: i.Unit,
		CommunityID: rest.IDOf(i.CommunityID), Community: i.Community, StartedBy: string(i.StartedBy), State: string(i.State), Reason: i.Reason, Skills: i.Skills,
		LivesHere: i.LivesHere, ProposedAt: i.ProposedAt.UTC(), DecidedAt: rest.UTC(i.DecidedAt), EndedOn: rest.DateOf(i.EndedOn), Version: i.Version}
}

// RegistrationProposal is what a registration of a member would be filled in with.
type RegistrationProposal struct {
	Member      Member  `json:"member" doc:"The member."`
	CommunityID rest.ID `json:"community_id,omitempty" doc:"Where the person lives, if known."`
	Community   string  `json:"community,omitempty" doc:"Name of that community."`
	Skills      string  `json:"skills,omitempty" doc:"What the member can do."`
	OpenID      rest.ID `json:"open_id,omitempty" doc:"The registration that stands already."`
	LastReason  string  `json:"last_reason,omitempty" doc:"Why the one before was returned."`
}

// NewRegistrations report members to communities.
type NewRegistrations struct {
	Registrations []NewRegistration `json:"registrations" minItems:"1" maxItems:"500" doc:"All are started or none."`
}

// NewRegistration reports one member to a community.
type NewRegistration struct {
	MemberID    rest.ID `json:"member_id" doc:"Member."`
	CommunityID rest.ID `json:"community_id" doc:"Community."`
	Skills      string  `json:"skills,omitempty" maxLength:"200" doc:"What the member can do there; as in the register if absent."`
}

// IDs are several records.
type IDs struct {
	IDs []rest.ID `json:"ids" minItems:"1" maxItems:"500" doc:"All of them or none."`
}

// EndOn ends something on a day.
type EndOn struct {
	On     rest.Date `json:"on" doc:"Day."`
	Reason string    `json:"reason" maxLength:"200" doc:"Why."`
}

// MoveTo moves a registration to another community.
type MoveTo struct {
	CommunityID rest.ID `json:"community_id" doc:"Other community."`
	Reason      string  `json:"reason,omitempty" maxLength:"200" doc:"Why."`
}

type registrationQuery struct {
	rest.Paging
	State     string    `query:"state" enum:"proposed,accepted,returned,withdrawn,ended" doc:"In this state."`
	Community rest.ID   `query:"community" doc:"To this community."`
	Unit      rest.ID   `query:"unit" doc:"Of this unit's members."`
	Member    rest.ID   `query:"member" doc:"Of this member."`
	From      rest.Date `query:"from" doc:"Proposed on or after this day."`
	To        rest.Date `query:"to" doc:"Proposed on or before this day."`
}

func refsOf(list []id.ID) rest.All[rest.Ref] {
	return rest.AllOf(list, func(i id.ID) rest.Ref { return rest.Ref{ID: rest.IDOf(i)} })
}

func (h *handlers) registrations(k *rest.Kit) {
	const tag = "registrations"
	see := perms(member.PermSee, member.PermSeeOwn, member.PermAccept, member.PermRegister)
	start := perms(member.PermRegister, member.PermRegisterOwn)
	rest.Get(k, rest.Op{ID: "registration-list", Path: "/registrations", Tag: tag, Title: "List registrations: those that wait oldest first, all others newest first", Needs: see},
		func(ctx context.Context, a authz.Actor, in *registrationQuery) (rest.Page[Registration], error) {
			l, err := h.Member.Registrations(ctx, a, member.RegistrationFilter{State: member.State(in.State), CommunityID: in.Community.ID(), UnitID: in.Unit.ID(),
				MemberID: in.Member.ID(), From: in.From.Date(), To: in.To.Date(), Page: in.Page()})
			return rest.PageOf(l, registrationOf), err
		})
	rest.Get(k, rest.Op{ID: "registration-get", Path: "/registrations/{id}", Tag: tag, Title: "Open a registration", Needs: see},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (Registration, error) {
			i, err := h.Member.Registration(ctx, a, in.ID.ID())
			return registrationOf(i), err
		})
	rest.Get(k, rest.Op{ID: "registration-propose", Path: "/members/{id}/registration-proposal", Tag: tag, Title: "What a registration of a member would be filled in with", Needs: start},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (RegistrationProposal, error) {
			p, err := h.Member.Propose(ctx, a, in.ID.ID())
			return RegistrationProposal{Member: memberOf(p.Member), CommunityID: rest.IDOf(p.CommunityID), Community: p.Community, Skills: p.Skills, OpenID: rest.IDOf(p.Open.ID),
				LastReason: p.Last.Reason}, err
		})
	rest.Post(k, rest.Op{ID: "registration-start", Path: "/registrations", Tag: tag, Title: "Report members to communities; all or none", Needs: start, Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewRegistrations]) (rest.All[rest.Ref], error) {
			starts := make([]member.Start, len(in.Body.Registrations))
			for i, r := range in.Body.Registrations {
				starts[i] = member.Start{MemberID: r.MemberID.ID(), CommunityID: r.CommunityID.ID(), Skills: r.Skills}
			}
			made, err := h.Member.Start(ctx, a, starts...)
			return refsOf(made), err
		})
	rest.Act(k, rest.Op{ID: "registration-accept", Path: "/registrations/accept", Tag: tag, Title: "Take members in; all or none", Needs: perms(member.PermAccept)},
		func(ctx context.Context, a authz.Actor, in *rest.In[IDs]) error {
			return h.Member.Accept(ctx, a, rest.IDs(in.Body.IDs)...)
		})
	rest.Act(k, rest.Op{ID: "registration-return", Path: "/registrations/{id}/return", Tag: tag, Title: "Give a registration back with the reason", Needs: perms(member.PermAccept)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Reason]) error {
			return h.Member.Return(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Act(k, rest.Op{ID: "registration-withdraw", Path: "/registrations/{id}/withdraw", Tag: tag, Title: "Take a registration back before it is answered", Needs: start},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Member.Withdraw(ctx, a, in.ID.ID())
		})
	rest.Act(k, rest.Op{ID: "registration-end", Path: "/registrations/{id}/end", Tag: tag, Title: "End an accepted registration", Needs: perms(member.PermAccept, member.PermRegister)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[EndOn]) error {
			return h.Member.EndRegistration(ctx, a, in.ID.ID(), in.Body.On.Date(), in.Body.Reason)
		})
	rest.Post(k, rest.Op{ID: "registration-move", Path: "/registrations/{id}/move", Tag: tag, Title: "Move a member to another community", Needs: perms(member.PermAccept, member.PermRegister, member.PermRegisterOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[MoveTo]) (rest.Ref, error) {
			made, err := h.Member.Move(ctx, a, in.ID.ID(), in.Body.CommunityID.ID(), in.Body.Reason)
			return rest.Ref{ID: rest.IDOf(made)}, err
		})
}
