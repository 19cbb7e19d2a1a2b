package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/member"
)

// Contact is a recorded contact with a member.
type Contact struct {
	ID         rest.ID   `json:"id" doc:"Identifier."`
	Kind       string    `json:"kind" doc:"visit, call, talk, message, meeting."`
	On         rest.Date `json:"on" doc:"Day."`
	Note       string    `json:"note,omitempty" doc:"What it was about."`
	FollowUpOn rest.Date `json:"follow_up_on,omitempty" doc:"Day of the next one."`
	By         string    `json:"by,omitempty" doc:"Who recorded it."`
	WithID     rest.ID   `json:"with_id,omitempty" doc:"Of a talk: the member on the other side."`
	Reason     string    `json:"reason,omitempty" doc:"Of a talk: hardship, illness, discipline, complaint; absent for the talk of the year."`
	At         time.Time `json:"at" doc:"When it was recorded."`
}

func contactOf(c member.Contact) Contact {
	return Contact{rest.IDOf(c.ID), string(c.Kind), rest.DateOf(c.On), c.Note, rest.DateOf(c.FollowUpOn), c.ByName, rest.IDOf(c.WithID), string(c.Reason), c.At.UTC()}
}

// NewContact is a contact to record.
type NewContact struct {
	Kind       string    `json:"kind" enum:"visit,call,talk,message,meeting" doc:"How it came about."`
	On         rest.Date `json:"on" doc:"Day."`
	Note       string    `json:"note,omitempty" maxLength:"1000" doc:"What it was about."`
	FollowUpOn rest.Date `json:"follow_up_on,omitempty" doc:"Day of the next one."`
	WithID     rest.ID   `json:"with_id,omitempty" doc:"Of a talk: the member on the other side; the account's own member if absent."`
	Reason     string    `json:"reason,omitempty" enum:",hardship,illness,discipline,complaint" doc:"Of a talk: why it was held; absent for the talk of the year."`
}

// Promise is what a member has promised.
type Promise struct {
	ID       rest.ID    `json:"id" doc:"Identifier."`
	MemberID rest.ID    `json:"member_id" doc:"Member."`
	Body     string     `json:"body" doc:"The promise."`
	DueOn    rest.Date  `json:"due_on,omitempty" doc:"Day by which."`
	State    string     `json:"state" doc:"open, kept, not_kept."`
	Result   string     `json:"result,omitempty" doc:"What became of it."`
	MadeAt   time.Time  `json:"made_at" doc:"When it was made."`
	ClosedAt *time.Time `json:"closed_at,omitempty" doc:"When it was closed."`
	Version  int64      `json:"version" doc:"Version."`
}

func promiseOf(p member.Promise) Promise {
	return Promise{rest.IDOf(p.ID), rest.IDOf(p.MemberID), p.Body, rest.DateOf(p.DueOn), string(p.State), p.Result, p.MadeAt.UTC(), rest.UTC(p.ClosedAt), p.Version}
}

// NewPromise is a promise to record.
type NewPromise struct {
	Body  string    `json:"body" maxLength:"500" doc:"The promise."`
	DueOn rest.Date `json:"due_on,omitempty" doc:"Day by which."`
}

// PromiseResult says what became of a promise.
type PromiseResult struct {
	Kept   bool   `json:"kept" doc:"Whether it was kept."`
	Result string `json:"result,omitempty" maxLength:"500" doc:"What became of it; needed where it was not kept."`
}

// Absence is why a member does not take part.
type Absence struct {
	ID        rest.ID   `json:"id" doc:"Identifier."`
	MemberID  rest.ID   `json:"member_id" doc:"Member."`
	Name      string    `json:"name,omitempty" doc:"Name of the member, in lists."`
	Unit      string    `json:"unit,omitempty" doc:"Name of the unit, in lists."`
	Community string    `json:"community,omitempty" doc:"Name of the community, in lists."`
	Reason    string    `json:"reason" doc:"trouble, pride, distance, no_mechanism, no_time, health, not_asked, other."`
	Note      string    `json:"note,omitempty" doc:"More about it."`
	From      rest.Date `json:"from" doc:"First day."`
	To        rest.Date `json:"to,omitempty" doc:"First day on which it no longer holds."`
}

func absenceOf(r member.Reason) Absence {
	return Absence{ID: rest.IDOf(r.ID), MemberID: rest.IDOf(r.MemberID), Reason: string(r.Reason), Note: r.Note, From: rest.DateOf(r.From), To: rest.DateOf(r.To)}
}

// NewAbsence is a reason to record.
type NewAbsence struct {
	Reason string `json:"reason" enum:"trouble,pride,distance,no_mechanism,no_time,health,not_asked,other" doc:"The reason, from a closed list."`
	Note   string `json:"note,omitempty" maxLength:"500" doc:"More about it."`
}

// AbsenceCount is how many members name a reason today.
type AbsenceCount struct {
	Reason string `json:"reason" doc:"The reason."`
	Count  int64  `json:"count" doc:"How many name it today."`
}

// Move is a recorded move of a floating member.
type Move struct {
	ID          rest.ID   `json:"id" doc:"Identifier."`
	MemberID    rest.ID   `json:"member_id" doc:"Member."`
	Name        string    `json:"name,omitempty" doc:"Name of the member, in lists."`
	Direction   string    `json:"direction" doc:"out or in."`
	Place       string    `json:"place" doc:"Where to, or where from."`
	OtherBranch string    `json:"other_branch,omitempty" doc:"Organisation at the other end."`
	FromOn      rest.Date `json:"from_on" doc:"First day."`
	BackOn      rest.Date `json:"back_on,omitempty" doc:"Day of coming back; absent while it runs."`
	LastContact rest.Date `json:"last_contact,omitempty" doc:"Day of the last contact."`
	Days        int       `json:"days,omitempty" doc:"Days since the last contact, in lists."`
	Overdue     bool      `json:"overdue,omitempty" doc:"Longer than the policy allows, in lists."`
	Version     int64     `json:"version" doc:"Version."`
}

func moveOf(m member.Move) Move {
	return Move{ID: rest.IDOf(m.ID), MemberID: rest.IDOf(m.MemberID), Direction: string(m.Direction), Place: m.Place, OtherBranch: m.OtherBranch, FromOn: rest.DateOf(m.FromOn),
		BackOn: rest.DateOf(m.BackOn), LastContact: rest.DateOf(m.LastContact), Version: m.Version}
}

// NewMove is a move to record.
type NewMove struct {
	Direction   string    `json:"direction" enum:"out,in" doc:"Gone away, or come here."`
	Place       string    `json:"place" maxLength:"100" doc:"Where to, or where from."`
	OtherBranch string    `json:"other_branch,omitempty" maxLength:"100" doc:"Organisation at the other end."`
	FromOn      rest.Date `json:"from_on" doc:"First day."`
	LastContact rest.Date `json:"last_contact,omitempty" doc:"Day of the last contact; from_on if absent."`
}

// On is a day.
type On struct {
	On rest.Date `json:"on" doc:"Day."`
}

// AbsenceFilter narrows reasons and their counts alike.
type AbsenceFilter struct {
	Reason    string  `query:"reason" enum:"trouble,pride,distance,no_mechanism,no_time,health,not_asked,other" doc:"This reason."`
	Community rest.ID `query:"community" doc:"Of members of this community."`
	Unit      rest.ID `query:"unit" doc:"Of members of this unit."`
}

func (q AbsenceFilter) filter() member.ReasonFilter {
	return member.ReasonFilter{Reason: member.Absence(q.Reason), CommunityID: q.Community.ID(), UnitID: q.Unit.ID()}
}

type absenceQuery struct {
	rest.Paging
	AbsenceFilter
}

type floatingQuery struct {
	rest.Paging
	Direction string  `query:"direction" enum:"out,in" doc:"Gone away, or come here."`
	Community rest.ID `query:"community" doc:"Of this community."`
	Overdue   bool    `query:"overdue" doc:"No contact for longer than the policy allows."`
	Back      bool    `query:"back" doc:"Moves that ended, instead of those that run."`
}

type memberChildPath struct {
	rest.Path
	Child rest.ID `path:"child" doc:"Identifier of the reason."`
}

func (h *handlers) contacts(k *rest.Kit) {
	edit := perms(member.PermContact)
	rest.Act(k, rest.Op{ID: "contact-create", Path: "/members/{id}/contacts", Tag: "contacts", Title: "Record a talk, visit or call", Needs: edit},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[NewContact]) error {
			b := in.Body
			return h.Member.AddContact(ctx, a, in.ID.ID(), member.NewContact{Kind: member.ContactKind(b.Kind), On: b.On.Date(), Note: b.Note, FollowUpOn: b.FollowUpOn.Date(), WithID: b.WithID.ID(), Reason: member.TalkReason(b.Reason)})
		})
	rest.Post(k, rest.Op{ID: "promise-create", Path: "/members/{id}/promises", Tag: "promises", Title: "Record what a member promises", Needs: perms(member.PermContact, member.PermPromiseOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[NewPromise]) (rest.Ref, error) {
			made, err := h.Member.Promise(ctx, a, in.ID.ID(), in.Body.Body, in.Body.DueOn.Date())
			return rest.Ref{ID: rest.IDOf(made)}, err
		})
	rest.Act(k, rest.Op{ID: "promise-close", Path: "/promises/{id}/close", Tag: "promises", Title: "Say that a promise was kept, or not and why", Needs: perms(member.PermContact, member.PermPromiseOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[PromiseResult]) error {
			return h.Member.ClosePromise(ctx, a, in.ID.ID(), in.Body.Kept, in.Body.Result)
		})
	rest.Get(k, rest.Op{ID: "reason-list", Path: "/absence-reasons", Tag: "reasons", Title: "Reasons for not taking part that hold today, newest first", Needs: perms(member.PermSee)},
		func(ctx context.Context, a authz.Actor, in *absenceQuery) (rest.Page[Absence], error) {
			f := in.filter()
			f.Page = in.Page()
			l, err := h.Member.Reasons(ctx, a, f)
			return rest.PageOf(l, func(i member.ReasonItem) Absence {
				out := absenceOf(i.Reason)
				out.Name, out.Unit, out.Community = i.Name, i.Unit, i.Community
				return out
			}), err
		})
	rest.Get(k, rest.Op{ID: "reason-counts", Path: "/absence-reasons/counts", Tag: "reasons", Title: "How many members name each reason today", Needs: perms(member.PermSee)},
		func(ctx context.Context, a authz.Actor, in *AbsenceFilter) (rest.All[AbsenceCount], error) {
			l, err := h.Member.ReasonCounts(ctx, a, in.filter())
			return rest.AllOf(l, func(c member.ReasonCount) AbsenceCount { return AbsenceCount{string(c.Reason), c.Count} }), err
		})
	rest.Act(k, rest.Op{ID: "reason-create", Path: "/members/{id}/reasons", Tag: "reasons", Title: "Record why a member does not take part", Needs: edit},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[NewAbsence]) error {
			return h.Member.AddReason(ctx, a, in.ID.ID(), member.Absence(in.Body.Reason), in.Body.Note)
		})
	rest.Act(k, rest.Op{ID: "reason-end", Path: "/members/{id}/reasons/{child}/end", Tag: "reasons", Title: "Say that a reason no longer holds", Needs: edit},
		func(ctx context.Context, a authz.Actor, in *memberChildPath) error {
			return h.Member.EndReason(ctx, a, in.ID.ID(), in.Child.ID())
		})
	h.floating(k)
}

func (h *handlers) floating(k *rest.Kit) {
	const tag = "floating"
	rest.Get(k, rest.Op{ID: "floating-list", Path: "/floating", Tag: tag, Title: "Moves of floating members, the longest without contact first", Needs: perms(member.PermSee)},
		func(ctx context.Context, a authz.Actor, in *floatingQuery) (rest.Page[Move], error) {
			l, err := h.Member.Floating(ctx, a, member.FloatingFilter{Direction: member.Direction(in.Direction), CommunityID: in.Community.ID(), Overdue: in.Overdue, Back: in.Back, Page: in.Page()})
			return rest.PageOf(l, func(i member.FloatingItem) Move {
				out := moveOf(i.Move)
				out.Name, out.Days, out.Overdue = i.Name, i.Days, i.Overdue
				return out
			}), err
		})
	rest.Act(k, rest.Op{ID: "floating-create", Path: "/members/{id}/moves", Tag: tag, Title: "Record that a member went away or came here", Needs: perms(member.PermContact)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[NewMove]) error {
			b := in.Body
			return h.Member.Float(ctx, a, in.ID.ID(), member.NewMove{Direction: member.Direction(b.Direction), Place: b.Place, OtherBranch: b.OtherBranch, FromOn: b.FromOn.Date(), LastContact: b.LastContact.Date()})
		})
	rest.Act(k, rest.Op{ID: "floating-back", Path: "/floating/{id}/back", Tag: tag, Title: "End a move", Needs: perms(member.PermContact)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[On]) error {
			return h.Member.FloatBack(ctx, a, in.ID.ID(), in.Body.On.Date())
		})
}
