package api

import (
	"context"
	"time"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/deed"
	"linli/internal/ledger"
)

// Deed is one practical deed of one member.
type Deed struct {
	ID          rest.ID    `json:"id" doc:"Identifier."`
	MemberID    rest.ID    `json:"member_id" doc:"Member."`
	Member      string     `json:"member" doc:"Name of the member."`
	CommunityID rest.ID    `json:"community_id,omitempty" doc:"Community in whose book it stands."`
	Community   string     `json:"community,omitempty" doc:"Name of the community."`
	UnitID      rest.ID    `json:"unit_id,omitempty" doc:"The member's unit on the day."`
	Unit        string     `json:"unit,omitempty" doc:"Name of the unit."`
	Title       string     `json:"title" doc:"What was done."`
	Body        string     `json:"body,omitempty" doc:"More about it."`
	OnDate      rest.Date  `json:"on_date" doc:"Day."`
	Helped      string     `json:"helped,omitempty" doc:"Whom it helped."`
	State       string     `json:"state" doc:"proposed, confirmed, declined, withdrawn, revoked."`
	Proof       string     `json:"proof,omitempty" doc:"timed, countersigned, vouched."`
	Reason      string     `json:"reason,omitempty" doc:"Why it was declined, corrected or revoked."`
	ActivityID  rest.ID    `json:"activity_id,omitempty" doc:"Activity it comes from."`
	Activity    string     `json:"activity,omitempty" doc:"Title of the activity."`
	ProposedBy  string     `json:"proposed_by,omitempty" doc:"Who proposed it."`
	ProposedAt  time.Time  `json:"proposed_at" doc:"When."`
	DecidedBy   string     `json:"decided_by,omitempty" doc:"Who decided."`
	DecidedAt   *time.Time `json:"decided_at,omitempty" doc:"When."`
	AwaitsCode  bool       `json:"awaits_code,omitempty" doc:"A code is out with the person helped."`
	Version     int64      `json:"version" doc:"Version, for corrections."`
}

// RecordVersion is the version of the deed.
func (d Deed) RecordVersion() int64 { return d.Version }

func deedOf(i deed.Item) Deed {
	return Deed{ID: rest.IDOf(i.ID), MemberID: rest.IDOf(i.MemberID), Member: i.MemberName, CommunityID: rest.IDOf(i.CommunityID), Community: i.CommunityName,
		UnitID: rest.IDOf(i.UnitID), Unit: i.UnitName, Title: i.Title, Body: i.Body, OnDate: rest.DateOf(i.OnDate), Helped: i.Helped, State: string(i.State),
		Proof: string(i.Proof), Reason: i.Reason, ActivityID: rest.IDOf(i.ActivityID), Activity: i.ActivityTitle, ProposedBy: i.ProposedName, ProposedAt: i.ProposedAt.UTC(),
		DecidedBy: i.DecidedName, DecidedAt: rest.UTC(i.DecidedAt), AwaitsCode: i.AwaitsHelped, Version: i.Version}
}

// NewDeed proposes a deed.
type NewDeed struct {
	MemberID rest.ID   `json:"member_id,omitempty" doc:"Member who did it; absent for yourself."`
	Title    string    `json:"title" maxLength:"100" doc:"What was done."`
	Body     string    `json:"body,omitempty" maxLength:"2000" doc:"More about it."`
	OnDate   rest.Date `json:"on_date" doc:"Day."`
	Helped   string    `json:"helped,omitempty" maxLength:"60" doc:"Whom it helped."`
}

func (n NewDeed) plain() deed.Said {
	return deed.Said{Title: n.Title, Body: n.Body, OnDate: n.OnDate.Date(), Helped: n.Helped}
}

// DeedCorrection changes what a deed says.
type DeedCorrection struct {
	Title   string    `json:"title" maxLength:"100" doc:"What was done."`
	Body    string    `json:"body,omitempty" maxLength:"2000" doc:"More about it."`
	OnDate  rest.Date `json:"on_date" doc:"Day."`
	Helped  string    `json:"helped,omitempty" maxLength:"60" doc:"Whom it helped."`
	Reason  string    `json:"reason" maxLength:"500" doc:"Why."`
	Version int64     `json:"version,omitempty" doc:"Version that you saw; or If-Match."`
}

// Deeds are several deeds.
type Deeds struct {
	IDs []rest.ID `json:"ids" minItems:"1" maxItems:"500" doc:"All are confirmed or none."`
}

type deedQuery struct {
	rest.Paging
	Text      string    `query:"q" maxLength:"100" doc:"Part of the title or of the member's name."`
	Community rest.ID   `query:"community" doc:"Of this community."`
	Unit      rest.ID   `query:"unit" doc:"Of this unit's members."`
	Member    rest.ID   `query:"member" doc:"Of this member."`
	State     string    `query:"state" enum:"proposed,confirmed,declined,withdrawn,revoked" doc:"In this state."`
	Proof     string    `query:"proof" enum:"timed,countersigned,vouched" doc:"Of this grade."`
	From      rest.Date `query:"from" doc:"On or after this day."`
	To        rest.Date `query:"to" doc:"On or before this day."`
}

func (h *handlers) deeds(k *rest.Kit) {
	const tag = "deeds"
	see := perms(deed.PermSee, deed.PermSeeOwn)
	rest.Get(k, rest.Op{ID: "deed-list", Path: "/deeds", Tag: tag, Title: "List deeds, latest first", Needs: see},
		func(ctx context.Context, a authz.Actor, in *deedQuery) (rest.Page[Deed], error) {
			l, err := h.Deed.List(ctx, a, deed.Filter{Search: in.Text, CommunityID: in.Community.ID(), UnitID: in.Unit.ID(), MemberID: in.Member.ID(), State: deed.State(in.State),
				Proof: ledger.Proof(in.Proof), From: in.From.Date(), To: in.To.Date(), Page: in.Page()})
			return rest.PageOf(l, deedOf), err
		})
	rest.Get(k, rest.Op{ID: "deed-get", Path: "/deeds/{id}", Tag: tag, Title: "Open a deed", Needs: see},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (Deed, error) {
			i, err := h.Deed.Get(ctx, a, in.ID.ID())
			return deedOf(i), err
		})
	rest.Post(k, rest.Op{ID: "deed-create", Path: "/deeds", Tag: tag, Title: "Propose a deed of your own or of a member", Needs: perms(deed.PermPropose, deed.PermProposeOwn)},
		func(ctx context.Context, a authz.Actor, in *rest.In[NewDeed]) (rest.Ref, error) {
			if in.Body.MemberID == "" {
				made, err := h.Deed.Propose(ctx, a, in.Body.plain())
				return rest.Ref{ID: rest.IDOf(made)}, err
			}
			made, err := h.Deed.ProposeFor(ctx, a, in.Body.MemberID.ID(), in.Body.plain())
			return rest.Ref{ID: rest.IDOf(made)}, err
		})
	rest.Act(k, rest.Op{ID: "deed-confirm", Path: "/deeds/confirm", Tag: tag, Title: "Let deeds count; all of them or none", Needs: perms(deed.PermDecide)},
		func(ctx context.Context, a authz.Actor, in *rest.In[Deeds]) error {
			return h.Deed.Confirm(ctx, a, rest.IDs(in.Body.IDs)...)
		})
	rest.Act(k, rest.Op{ID: "deed-decline", Path: "/deeds/{id}/decline", Tag: tag, Title: "Refuse a deed with a reason", Needs: perms(deed.PermDecide)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Reason]) error {
			return h.Deed.Decline(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Act(k, rest.Op{ID: "deed-withdraw", Path: "/deeds/{id}/withdraw", Tag: tag, Title: "Take your own deed back before it is decided", Needs: perms(deed.PermProposeOwn, deed.PermPropose)},
		func(ctx context.Context, a authz.Actor, in *rest.Path) error {
			return h.Deed.Withdraw(ctx, a, in.ID.ID())
		})
	rest.Act(k, rest.Op{ID: "deed-correct", Path: "/deeds/{id}/correct", Tag: tag, Title: "Change what a deed says, with a reason; the ledger follows", Needs: perms(deed.PermDecide)},
		func(ctx context.Context, a authz.Actor, in *rest.Change[DeedCorrection]) error {
			v, err := in.Match.Version(in.Body.Version)
			if err != nil {
				return err
			}
			b := in.Body
			return h.Deed.Correct(ctx, a, in.ID.ID(), deed.Correction{Said: deed.Said{Title: b.Title, Body: b.Body, OnDate: b.OnDate.Date(), Helped: b.Helped}, Reason: b.Reason, Version: v})
		})
	rest.Act(k, rest.Op{ID: "deed-revoke", Path: "/deeds/{id}/revoke", Tag: tag, Title: "Take a confirmed deed back with a reason", Needs: perms(deed.PermDecide)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Reason]) error {
			return h.Deed.Revoke(ctx, a, in.ID.ID(), in.Body.Reason)
		})
	rest.Post(k, rest.Op{ID: "deed-code", Path: "/deeds/{id}/code", Tag: tag, Title: "Make a code for the person helped; it is shown once", Needs: perms(deed.PermCountersign)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[Helped]) (IssuedCode, error) {
			i, err := h.Deed.IssueCode(ctx, a, in.ID.ID(), in.Body.Name)
			return issuedOf(i), err
		})
	rest.Act(k, rest.Op{ID: "deed-countersign", Path: "/deeds/{id}/countersign", Tag: tag, Title: "Enter the code of the person helped, which raises the proof", Needs: perms(deed.PermProposeOwn, deed.PermPropose, deed.PermDecide)},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[EnteredCode]) error {
			return h.Deed.Countersign(ctx, a, in.ID.ID(), in.Body.Code)
		})
}
