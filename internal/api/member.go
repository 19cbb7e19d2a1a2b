package api

import (
	"context"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/member"
)

// Member is one record of the register of members, masked.
type Member struct {
	ID             rest.ID   `json:"id" doc:"Identifier."`
	PersonID       rest.ID   `json:"person_id" doc:"Person."`
	Kind           string    `json:"kind" doc:"community, in_service, floating."`
	Name           string    `json:"name" doc:"Name."`
	IDNumber       string    `json:"id_number,omitempty" doc:"ID number, masked."`
	Phone          string    `json:"phone,omitempty" doc:"Phone, masked."`
	HomeID         rest.ID   `json:"home_id,omitempty" doc:"Branch of the formal relation; absent while nobody's (MEM-7)."`
	Home           string    `json:"home,omitempty" doc:"Name of the branch."`
	UnitID         rest.ID   `json:"unit_id,omitempty" doc:"Unit that employs them."`
	Unit           string    `json:"unit,omitempty" doc:"Name of the unit."`
	CommunityID    rest.ID   `json:"community_id,omitempty" doc:"Community in which they are registered."`
	Community      string    `json:"community,omitempty" doc:"Name of the community."`
	GridID         rest.ID   `json:"grid_id,omitempty" doc:"Grid."`
	Grid           string    `json:"grid,omitempty" doc:"Name of the grid."`
	Standing       string    `json:"standing" doc:"full or probationary."`
	JoinedOn       rest.Date `json:"joined_on,omitempty" doc:"Day of joining."`
	FullOn         rest.Date `json:"full_on,omitempty" doc:"Day of becoming a full member."`
	Skills         string    `json:"skills,omitempty" doc:"What they can do."`
	PlaqueNo       string    `json:"plaque_no,omitempty" doc:"Number of the plaque."`
	PlaqueShown    bool      `json:"plaque_shown" doc:"Whether the public may see it."`
	PlaqueMotto    string    `json:"plaque_motto,omitempty" doc:"Motto on it."`
	Since          rest.Date `json:"since,omitempty" doc:"Registered in the community since."`
	EndedOn        rest.Date `json:"ended_on,omitempty" doc:"Taken off the register on."`
	EndReason      string    `json:"end_reason,omitempty" doc:"Why."`
	Registration   string    `json:"registration,omitempty" doc:"State of the open registration."`
	RegistrationID rest.ID   `json:"registration_id,omitempty" doc:"The open registration."`
	Version        int64     `json:"version" doc:"Version, for changes."`
}

// RecordVersion is the version of the record.
func (m Member) RecordVersion() int64 { return m.Version }

func memberOf(i member.Item) Member {
	return Member{ID: rest.IDOf(i.ID), PersonID: rest.IDOf(i.PersonID), Kind: string(i.Kind), Name: i.Name, IDNumber: i.IDMask, Phone: i.PhoneMask, HomeID: rest.IDOf(i.HomeID),
		Home: i.Home, UnitID: rest.IDOf(i.UnitID), Unit: i.Unit, CommunityID: rest.IDOf(i.CommunityID), Community: i.Community, GridID: rest.IDOf(i.GridID), Grid: i.Grid,
		Standing: string(i.Standing), JoinedOn: rest.DateOf(i.JoinedOn), FullOn: rest.DateOf(i.FullOn), Skills: i.Skills, PlaqueNo: i.PlaqueNo, PlaqueShown: i.PlaqueShown,
		PlaqueMotto: i.PlaqueMotto, Since: rest.DateOf(i.Since), EndedOn: rest.DateOf(i.EndedOn), EndReason: i.EndReason, Registration: string(i.Registration),
		RegistrationID: rest.IDOf(i.RegistrationID), Version: i.Version}
}

// MemberDetail is a member with everything around it.
type MemberDetail struct {
	Member
	Sex           string         `json:"sex,omitempty" doc:"GB/T 2261.1 code."`
	BornOn        rest.Date      `json:"born_on,omitempty" doc:"Day of birth."`
	Registrations []Registration `json:"registrations" nullable:"false" doc:"Reports to communities, newest first."`
	Contacts      []Contact      `json:"contacts" nullable:"false" doc:"Talks, visits, calls."`
	Promises      []Promise      `json:"promises" nullable:"false" doc:"What they promised."`
	Reasons       []Absence      `json:"reasons" nullable:"false" doc:"Why they do not take part."`
	Moves         []Move         `json:"moves" nullable:"false" doc:"Moves of a floating member."`
	Posts         []string       `json:"posts" nullable:"false" doc:"Responsibilities claimed at present."`
	Outdated      bool           `json:"certificate_outdated" doc:"The certificate in force no longer says what the register says."`
}

// NewMember enters a member.
type NewMember struct {
	Kind        string    `json:"kind" enum:"community,in_service,floating" doc:"Kind of member."`
	Name        string    `json:"name" maxLength:"60" doc:"Name."`
	IDNumber    string    `json:"id_number,omitempty" maxLength:"40" doc:"ID number; kept sealed."`
	Phone       string    `json:"phone,omitempty" maxLength:"40" doc:"Phone; kept sealed."`
	HomeID      rest.ID   `json:"home_id,omitempty" doc:"Branch of the formal relation."`
	UnitID      rest.ID   `json:"unit_id,omitempty" doc:"Unit that employs them."`
	CommunityID rest.ID   `json:"community_id,omitempty" doc:"Community in which to register them at once, at the counter."`
	Standing    string    `json:"standing,omitempty" enum:"full,probationary" doc:"full if absent."`
	JoinedOn    rest.Date `json:"joined_on,omitempty" doc:"Day of joining."`
	FullOn      rest.Date `json:"full_on,omitempty" doc:"Day of becoming a full member."`
	Skills      string    `json:"skills,omitempty" maxLength:"200" doc:"What they can do."`
}

// EnteredMember is what entering a member made.
type EnteredMember struct {
	ID             rest.ID `json:"id" doc:"Member."`
	AlreadyMember  bool    `json:"already_member" doc:"They were a member before; only the registration is new."`
	RegistrationID rest.ID `json:"registration_id,omitempty" doc:"Registration accepted at the counter."`
}

// MemberChange changes a member; what is absent stays.
type MemberChange struct {
	Version  int64      `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
	Kind     *string    `json:"kind,omitempty" enum:"community,in_service,floating" doc:"Kind of member."`
	HomeID   *rest.ID   `json:"home_id,omitempty" doc:"Branch of the formal relation."`
	UnitID   *rest.ID   `json:"unit_id,omitempty" doc:"Unit that employs them."`
	Standing *string    `json:"standing,omitempty" enum:"full,probationary" doc:"Standing."`
	JoinedOn *rest.Date `json:"joined_on,omitempty" doc:"Day of joining."`
	FullOn   *rest.Date `json:"full_on,omitempty" doc:"Day of becoming a full member."`
	Skills   *string    `json:"skills,omitempty" maxLength:"200" doc:"What they can do."`
}

func (c MemberChange) plain(version int64) member.Edit {
	out := member.Edit{Version: version, HomeID: idPtr(c.HomeID), UnitID: idPtr(c.UnitID), JoinedOn: datePtr(c.JoinedOn), FullOn: datePtr(c.FullOn), Skills: c.Skills}
	if c.Kind != nil {
		k := member.Kind(*c.Kind)
		out.Kind = &k
	}
	if c.Standing != nil {
		s := member.Standing(*c.Standing)
		out.Standing = &s
	}
	return out
}

// MemberEnd takes a member off the register.
type MemberEnd struct {
	On      rest.Date `json:"on" doc:"Day."`
	Reason  string    `json:"reason" maxLength:"200" doc:"Why: moved out of the district, died, left the Party."`
	Version int64     `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
}

// PlaqueChange changes a member's plaque.
type PlaqueChange struct {
	Motto   string `json:"motto,omitempty" maxLength:"60" doc:"Motto."`
	Shown   bool   `json:"shown,omitempty" doc:"Whether the public may see it; only the member turns it on."`
	Version int64  `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
}

// MemberCounts are the numbers above a list of members.
type MemberCounts struct {
	All         int64 `json:"all" doc:"All of the filter."`
	InService   int64 `json:"in_service" doc:"In-service members."`
	OfCommunity int64 `json:"community" doc:"Members of a community's own branch."`
	Floating    int64 `json:"floating" doc:"Floating members."`
	Registered  int64 `json:"registered" doc:"In-service members of a community."`
	NoHome      int64 `json:"no_home" doc:"Nobody's branch (MEM-7)."`
}

type memberQuery struct {
	rest.Paging
	MemberFilter
}

// MemberFilter narrows members and their counts alike.
type MemberFilter struct {
	Text         string  `query:"q" maxLength:"60" doc:"Part of the name, or its initials."`
	Community    rest.ID `query:"community" doc:"Registered in this community."`
	Unit         rest.ID `query:"unit" doc:"Employed by this unit."`
	Home         rest.ID `query:"home" doc:"Of this branch."`
	Kind         string  `query:"kind" enum:"community,in_service,floating" doc:"Of this kind."`
	Standing     string  `query:"standing" enum:"full,probationary" doc:"Of this standing."`
	Unregistered bool    `query:"unregistered" doc:"In-service members of no community, nothing waiting."`
	Registration string  `query:"registration" enum:"proposed,accepted" doc:"State of the open registration."`
	NoHome       bool    `query:"no_home" doc:"Nobody's branch."`
	Plaque       bool    `query:"plaque" doc:"Plaque shown."`
	Away         bool    `query:"away" doc:"Floating, at present away or here."`
	Ended        bool    `query:"ended" doc:"Taken off the register."`
	Skill        string  `query:"skill" maxLength:"60" doc:"Part of the skills."`
}

func (q MemberFilter) filter() member.Filter {
	return member.Filter{Text: q.Text, CommunityID: q.Community.ID(), UnitID: q.Unit.ID(), HomeID: q.Home.ID(), Kind: member.Kind(q.Kind), Standing: member.Standing(q.Standing),
		Unregistered: q.Unregistered, State: member.State(q.Registration), NoHome: q.NoHome, Plaque: q.Plaque, Away: q.Away, Ended: q.Ended, Skill: q.Skill}
}

func (h *handlers) members(k *rest.Kit) {
	const tag = "members"
	see := perms(member.PermSee, member.PermSeeOwn)
	rest.Get(k, rest.Op{ID: "member-list", Path: "/members", Tag: tag, Title: "List members by name", Needs: see},
		func(ctx context.Context, a authz.Actor, in *memberQuery) (rest.Page[Member], error) {
			f := in.filter()
			f.Page = in.Page()
			l, err := h.Member.List(ctx, a, f)
			return rest.PageOf(l, memberOf), err
		})
	rest.Get(k, rest.Op{ID: "member-counts", Path: "/members/counts", Tag: tag, Title: "The numbers above the list with the same filter", Needs: see},
		func(ctx context.Context, a authz.Actor, in *MemberFilter) (MemberCounts, error) {
			c, err := h.Member.Count(ctx, a, in.filter())
			return MemberCounts{c.All, c.InService, c.OfCommunity, c.Floating, c.Registered, c.NoHome}, err
		})
	rest.Get(k, rest.Op{ID: "member-get", Path: "/members/{id}", Tag: tag, Title: "Open a member with everything around it", Needs: see}, h.member)
	rest.Post(k, rest.Op{ID: "member-create", Path: "/members", Tag: tag, Title: "Enter a member", Needs: perms(member.PermEdit, member.PermAccept), Status: 201},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewMember]) (EnteredMember, error) {
			b := in.Body
			e, err := h.Member.Register(ctx, a, member.NewMember{Name: b.Name, IDNumber: b.IDNumber, Phone: b.Phone, CommunityID: b.CommunityID.ID(),
				Fields: member.Fields{Kind: member.Kind(b.Kind), HomeID: b.HomeID.ID(), UnitID: b.UnitID.ID(), Standing: member.Standing(b.Standing), JoinedOn: b.JoinedOn.Date(),
					FullOn: b.FullOn.Date(), Skills: b.Skills}})
			return EnteredMember{rest.IDOf(e.ID), e.AlreadyMember, rest.IDOf(e.RegistrationID)}, err
		})
	rest.Patch(k, rest.Op{ID: "member-change", Path: "/members/{id}", Tag: tag, Title: "Change a member", Needs: perms(member.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[MemberChange]) (MemberDetail, error) {
			v, err := in.Match.Version(in.Body.Version)
			if err == nil {
				err = h.Member.Edit(ctx, a, in.ID.ID(), in.Body.plain(v))
			}
			if err != nil {
				return MemberDetail{}, err
			}
			return h.member(ctx, a, &in.Path)
		})
	rest.Act(k, rest.Op{ID: "member-end", Path: "/members/{id}/end", Tag: tag, Title: "Take a member off the register, with the reason", Needs: perms(member.PermEdit)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[MemberEnd]) error {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return err
			}
			return h.Member.End(ctx, a, in.ID.ID(), in.Body.On.Date(), in.Body.Reason, v)
		})
	rest.Act(k, rest.Op{ID: "member-plaque", Method: "PUT", Path: "/members/{id}/plaque", Tag: tag, Title: "Change the plaque", Needs: perms(member.PermPlaqueOwn, member.PermContact)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[PlaqueChange]) error {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return err
			}
			return h.Member.SetPlaque(ctx, a, in.ID.ID(), in.Body.Motto, in.Body.Shown, v)
		})
	rest.Get(k, rest.Op{ID: "member-mine", Path: "/me/member", Tag: "me", Title: "Your own record in the register of members", Needs: perms(member.PermSeeOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.None) (Member, error) {
			m, err := h.Member.Mine(ctx, a)
			return memberOf(m), err
		})
}

func (h *handlers) member(ctx context.Context, a authz.Actor, in *rest.Path) (MemberDetail, error) {
	d, err := h.Member.Get(ctx, a, in.ID.ID())
	if err != nil {
		return MemberDetail{}, err
	}
	return MemberDetail{Member: memberOf(d.Item), Sex: d.Sex, BornOn: rest.DateOf(d.BornOn), Registrations: rest.AllOf(d.Registrations, registrationOf).Items,
		Contacts: rest.AllOf(d.Contacts, contactOf).Items, Promises: rest.AllOf(d.Promises, promiseOf).Items, Reasons: rest.AllOf(d.Reasons, absenceOf).Items,
		Moves: rest.AllOf(d.Moves, moveOf).Items, Posts: append([]string{}, d.Posts...), Outdated: d.Outdated}, nil
}
