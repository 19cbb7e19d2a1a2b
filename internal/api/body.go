package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/body"
)

// JointBody is a joint body: a joint conference, a guidance committee …
type JointBody struct {
	ID        rest.ID   `json:"id" doc:"Identifier."`
	Kind      string    `json:"kind" enum:"joint_conference,guidance_committee,coordination_committee,joint_party_committee,residents_congress,deliberation_council,other" doc:"What it is."`
	Name      string    `json:"name" doc:"Its name."`
	LeaderID  rest.ID   `json:"leader_id" doc:"The organisation that leads it."`
	Leader    string    `json:"leader" doc:"Its name."`
	FoundedOn rest.Date `json:"founded_on" doc:"Day on which it was set up."`
	TermTo    rest.Date `json:"term_to,omitempty" doc:"Day on which its term ends."`
	Document  string    `json:"document,omitempty" doc:"Document on which it rests."`
	EndedOn   rest.Date `json:"ended_on,omitempty" doc:"Day on which it ended."`
	Seats     int64     `json:"seats" doc:"Seats that are held today."`
	Version   int64     `json:"version" doc:"Version, for a later change."`
}

// JointBodyDetail is a body with its seats and the latest rules of procedure.
type JointBodyDetail struct {
	JointBody
	Warnings []string    `json:"warnings" doc:"In which way it is not made up as its kind should be. Nothing is refused for it."`
	Members  []BodySeat  `json:"members" doc:"Seats: those of today first, then those that ended."`
	Rules    []BodyRules `json:"rules" doc:"Editions of the rules of procedure, the latest first."`
	Readers  []BodyRead  `json:"readers" doc:"Which organisations have read the latest edition."`
}

// BodySeat is an organisation's seat with its representative.
type BodySeat struct {
	ID             rest.ID   `json:"id" doc:"Identifier."`
	OrganisationID rest.ID   `json:"organisation_id" doc:"Who has it."`
	Organisation   string    `json:"organisation" doc:"Its name."`
	MemberID       rest.ID   `json:"member_id,omitempty" doc:"The representative, where a member of the register."`
	Name           string    `json:"name" doc:"The representative's name."`
	Title          string    `json:"title,omitempty" doc:"Post at home."`
	Role           string    `json:"role" enum:"chair,deputy,member" doc:"Role in the body."`
	From           rest.Date `json:"from" doc:"From this day."`
	To             rest.Date `json:"to,omitempty" doc:"To this day; absent while it is held."`
	Reason         string    `json:"reason,omitempty" doc:"Why it ended."`
}

// BodyRules is an edition of the rules of procedure.
type BodyRules struct {
	Edition int64     `json:"edition" doc:"Number of the edition."`
	Title   string    `json:"title" doc:"Title."`
	Text    string    `json:"text" doc:"Text."`
	At      time.Time `json:"at" doc:"When it was written."`
}

// BodyRead says whether an organisation has read the latest edition.
type BodyRead struct {
	OrganisationID rest.ID    `json:"organisation_id" doc:"The organisation."`
	Organisation   string     `json:"organisation" doc:"Its name."`
	At             *time.Time `json:"at,omitempty" doc:"When; absent if nobody has read it for it yet."`
}

// NewJointBody is what is said when a body is set up or changed.
type NewJointBody struct {
	Kind      string    `json:"kind" enum:"joint_conference,guidance_committee,coordination_committee,joint_party_committee,residents_congress,deliberation_council,other" doc:"What it is."`
	Name      string    `json:"name" minLength:"1" maxLength:"60" doc:"Its name."`
	LeaderID  rest.ID   `json:"leader_id,omitempty" doc:"The organisation that leads it; it stays on a change."`
	FoundedOn rest.Date `json:"founded_on" doc:"Day on which it was set up."`
	TermTo    rest.Date `json:"term_to,omitempty" doc:"Day on which its term ends."`
	Document  string    `json:"document,omitempty" maxLength:"120" doc:"Document on which it rests."`
	Version   int64     `json:"version,omitempty" doc:"Version of the record that is changed."`
}

func (n NewJointBody) body() body.NewBody {
	return body.NewBody{Kind: body.Kind(n.Kind), Name: n.Name, LeaderID: n.LeaderID.ID(), FoundedOn: n.FoundedOn.Date(), TermTo: n.TermTo.Date(), Document: n.Document, Version: n.Version}
}

// NewBodySeat gives an organisation a seat.
type NewBodySeat struct {
	OrganisationID rest.ID   `json:"organisation_id" doc:"Who gets it."`
	MemberID       rest.ID   `json:"member_id,omitempty" doc:"The representative, as a member of the register."`
	Name           string    `json:"name,omitempty" maxLength:"30" doc:"The representative's name, if no member is given."`
	Title          string    `json:"title,omitempty" maxLength:"40" doc:"Post at home."`
	Role           string    `json:"role" enum:"chair,deputy,member" doc:"Role in the body."`
	From           rest.Date `json:"from,omitempty" doc:"From this day; today if absent."`
}

// EndBodySeat ends a seat.
type EndBodySeat struct {
	SeatID rest.ID   `json:"seat_id" doc:"The seat."`
	On     rest.Date `json:"on,omitempty" doc:"Last day; today if absent."`
	Reason string    `json:"reason,omitempty" maxLength:"200" doc:"Why."`
}

// NewBodyRules is a new edition of the rules of procedure.
type NewBodyRules struct {
	Edition int64  `json:"edition" minimum:"0" doc:"The edition that the writer saw; 0 if there was none."`
	Title   string `json:"title" minLength:"1" maxLength:"60" doc:"Title."`
	Text    string `json:"text" minLength:"1" maxLength:"20000" doc:"Text."`
}

// ForOrganisation names the organisation for which something is done.
type ForOrganisation struct {
	OrganisationID rest.ID `json:"organisation_id" doc:"For which organisation."`
}

// WithReason says why.
type WithReason struct {
	Reason string `json:"reason" minLength:"1" maxLength:"200" doc:"Why."`
}

type bodyQuery struct {
	rest.Paging
	Q            string  `query:"q" maxLength:"60" doc:"Part of the name."`
	Kind         string  `query:"kind" maxLength:"40" doc:"Of this kind."`
	Leader       rest.ID `query:"leader" doc:"Led by this organisation."`
	Organisation rest.ID `query:"organisation" doc:"In which this organisation has a seat."`
	Ended        bool    `query:"ended" doc:"Those that ended instead."`
}

func (h *handlers) bodies(k *rest.Kit) {
	const tag = "bodies"
	see, keep := perms(body.PermSee, body.PermKeep), perms(body.PermKeep)
	rest.Get(k, rest.Op{ID: "body-list", Path: "/bodies", Tag: tag, Title: "Joint bodies that organisations in scope lead or sit in", Needs: see},
		func(ctx context.Context, a authz.Actor, in *bodyQuery) (rest.Page[JointBody], error) {
			l, err := h.Body.List(ctx, a, body.Filter{Text: in.Q, Kind: body.Kind(in.Kind), LeaderID: in.Leader.ID(), Organisation: in.Organisation.ID(), Ended: in.Ended, Page: in.Page()})
			return rest.PageOf(l, bodyOf), err
		})
	rest.Post(k, rest.Op{ID: "body-create", Path: "/bodies", Tag: tag, Title: "Set a body up", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewJointBody]) (rest.Ref, error) {
			i, err := h.Body.Create(ctx, a, in.Body.body())
			return rest.Ref{ID: rest.IDOf(i)}, err
		})
	rest.Get(k, rest.Op{ID: "body-get", Path: "/bodies/{id}", Tag: tag, Title: "A body with its seats and rules", Needs: see},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (JointBodyDetail, error) {
			d, err := h.Body.Get(ctx, a, in.ID.ID())
			return bodyDetailOf(ctx, d), err
		})
	rest.Act(k, rest.Op{ID: "body-change", Path: "/bodies/{id}/change", Tag: tag, Title: "Change a body", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[NewJointBody]) error {
			return h.Body.Edit(ctx, a, in.ID.ID(), in.Body.body())
		})
	rest.Act(k, rest.Op{ID: "body-end", Path: "/bodies/{id}/end", Tag: tag, Title: "End a body; its seats end with it", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[WithReason]) error {
			return h.Body.End(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Act(k, rest.Op{ID: "body-seat", Path: "/bodies/{id}/seats", Tag: tag, Title: "Give an organisation a seat", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[NewBodySeat]) error {
			b := in.Body
			return h.Body.AddSeat(ctx, a, in.ID.ID(), body.NewSeat{OrganisationID: b.OrganisationID.ID(), MemberID: b.MemberID.ID(), Name: b.Name, Title: b.Title, Role: body.Role(b.Role), From: b.From.Date()})
		})
	rest.Act(k, rest.Op{ID: "body-seat-end", Path: "/bodies/{id}/seats/end", Tag: tag, Title: "End a seat; it stays as history", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[EndBodySeat]) error {
			return h.Body.EndSeat(ctx, a, in.ID.ID(), in.Body.SeatID.ID(), in.Body.On.Date(), in.Body.Reason)
		})
	rest.Act(k, rest.Op{ID: "body-rules", Path: "/bodies/{id}/rules", Tag: tag, Title: "Write a new edition of the rules of procedure", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[NewBodyRules]) error {
			return h.Body.WriteRules(ctx, a, in.ID.ID(), in.Body.Edition, in.Body.Title, in.Body.Text)
		})
	rest.Act(k, rest.Op{ID: "body-read", Path: "/bodies/{id}/rules/read", Tag: tag, Title: "Say that an organisation has read the latest rules", Needs: perms(body.PermSee)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[ForOrganisation]) error {
			return h.Body.ReadRules(ctx, a, in.ID.ID(), in.Body.OrganisationID.ID())
		})
}

func bodyOf(b body.Body) JointBody {
	return JointBody{ID: rest.IDOf(b.ID), Kind: string(b.Kind), Name: b.Name, LeaderID: rest.IDOf(b.LeaderID), Leader: b.Leader, FoundedOn: rest.DateOf(b.FoundedOn), TermTo: rest.DateOf(b.TermTo), Document: b.Document,
		EndedOn: rest.DateOf(b.EndedOn), Seats: b.Seats, Version: b.Version}
}

func bodyDetailOf(ctx context.Context, d body.Detail) JointBodyDetail {
	out := JointBodyDetail{JointBody: bodyOf(d.Body), Warnings: []string{}, Members: []BodySeat{}, Rules: []BodyRules{}, Readers: []BodyRead{}}
	for _, m := range d.Warnings {
		out.Warnings = append(out.Warnings, m.In(rest.Lang(ctx)))
	}
	for _, s := range d.Seats {
		out.Members = append(out.Members, BodySeat{ID: rest.IDOf(s.ID), OrganisationID: rest.IDOf(s.OrganisationID), Organisation: s.Organisation, MemberID: rest.IDOf(s.MemberID), Name: s.Name, Title: s.Title, Role: string(s.Role),
			From: rest.DateOf(s.From), To: rest.DateOf(s.To), Reason: s.Reason})
	}
	for _, r := range d.Rules {
		out.Rules = append(out.Rules, BodyRules{Edition: r.Edition, Title: r.Title, Text: r.Text, At: r.At.UTC()})
	}
	for _, r := range d.Readers {
		out.Readers = append(out.Readers, BodyRead{OrganisationID: rest.IDOf(r.OrganisationID), Organisation: r.Organisation, At: rest.UTC(r.At)})
	}
	return out
}
