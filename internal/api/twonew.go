package api

import (
	"context"

	"linli/internal/api/rest"
	"linli/internal/authz"
	"linli/internal/twonew"
)

// TwoNewEntry is what is said of a two-new organisation.
type TwoNewEntry struct {
	Kind         string  `json:"kind" enum:"economic,social" doc:"New economic or new social organisation."`
	Name         string  `json:"name" minLength:"1" maxLength:"60" doc:"Name."`
	USCC         string  `json:"uscc,omitempty" maxLength:"30" doc:"Unified social credit code; a wrong check character only warns."`
	Trade        string  `json:"trade,omitempty" maxLength:"40" doc:"Trade."`
	Address      string  `json:"address,omitempty" maxLength:"120" doc:"Address."`
	Community    rest.ID `json:"community_id" doc:"The community in which it lies."`
	Grid         rest.ID `json:"grid_id,omitempty" doc:"A grid of that community."`
	X            int64   `json:"x,omitempty" doc:"Longitude in micro-degrees (CGCS2000); 0 for unknown."`
	Y            int64   `json:"y,omitempty" doc:"Latitude in micro-degrees."`
	Employees    int64   `json:"employees,omitempty" minimum:"0" maximum:"1000000" doc:"People who work there."`
	Full         int64   `json:"full_members,omitempty" minimum:"0" maximum:"1000000" doc:"Full members known there."`
	Probationary int64   `json:"probationary_members,omitempty" minimum:"0" maximum:"1000000" doc:"Probationary members known there."`
}

func (e TwoNewEntry) entry() twonew.Entry {
	return twonew.Entry{Kind: twonew.Kind(e.Kind), Name: e.Name, USCC: e.USCC, Trade: e.Trade, Address: e.Address, CommunityID: e.Community.ID(), GridID: e.Grid.ID(), X: e.X, Y: e.Y,
		Employees: e.Employees, Full: e.Full, Probationary: e.Probationary}
}

// TwoNewEdit corrects a two-new organisation.
type TwoNewEdit struct {
	TwoNewEntry
	Version int64 `json:"version" doc:"The version that was read."`
}

// TwoNew is an organisation of the census.
type TwoNew struct {
	ID rest.ID `json:"id" doc:"Identifier."`
	TwoNewEntry
	State    string    `json:"state" doc:"How far it is: none, union, league, instructor, liaison, joint_branch, own_branch."`
	Since    rest.Date `json:"since,omitempty" doc:"Day of the step in force."`
	Branch   rest.ID   `json:"branch_id,omitempty" doc:"The branch that covers it."`
	Member   rest.ID   `json:"member_id,omitempty" doc:"The instructor or liaison."`
	Unit     rest.ID   `json:"unit_id,omitempty" doc:"The unit of the register with the same credit code."`
	ListedOn rest.Date `json:"listed_on" doc:"Since when it stands in the census."`
	EndedOn  rest.Date `json:"ended_on,omitempty" doc:"When it left the census."`
	Version  int64     `json:"version" doc:"Version, for edits and for accepting proposals."`
}

// TwoNewStep is one dated step.
type TwoNewStep struct {
	ID         rest.ID   `json:"id" doc:"Identifier."`
	Kind       string    `json:"kind" doc:"The state to which it leads."`
	On         rest.Date `json:"on" doc:"Its day."`
	Until      rest.Date `json:"until,omitempty" doc:"Day of the next step."`
	Document   string    `json:"document" doc:"Title of its document."`
	DocumentNo string    `json:"document_no,omitempty" doc:"Number of its document."`
	Branch     rest.ID   `json:"branch_id,omitempty" doc:"The branch."`
	Member     rest.ID   `json:"member_id,omitempty" doc:"The instructor or liaison."`
	Decision   rest.ID   `json:"decision_id,omitempty" doc:"The decision about several organisations that it is part of."`
	Struck     string    `json:"struck,omitempty" doc:"Why it was struck as a mistake."`
	Version    int64     `json:"version" doc:"Version, for corrections."`
}

// TwoNewDetail is an organisation with its steps and what the rules allow next.
type TwoNewDetail struct {
	TwoNew
	Steps []TwoNewStep `json:"steps" doc:"Oldest first."`
	Next  string       `json:"next,omitempty" doc:"What the rules allow next: own_branch, joint_branch, instructor; absent if nothing."`
}

// TwoNewSaved is what came of an act.
type TwoNewSaved struct {
	ID       rest.ID  `json:"id" doc:"The organisation, or the decision."`
	Warnings []string `json:"warnings,omitempty" doc:"What was taken although somebody should look at it."`
}

// TwoNewNewStep is a step to take.
type TwoNewNewStep struct {
	Version    int64     `json:"version" doc:"The version that was read."`
	Kind       string    `json:"kind" enum:"none,union,league,instructor,liaison,joint_branch,own_branch" doc:"The state to which it leads."`
	On         rest.Date `json:"on" doc:"Its day."`
	Document   string    `json:"document" minLength:"1" maxLength:"120" doc:"Title of its document."`
	DocumentNo string    `json:"document_no,omitempty" maxLength:"60" doc:"Number of its document."`
	Branch     rest.ID   `json:"branch_id,omitempty" doc:"A branch that is there; or"`
	BranchName string    `json:"branch_name,omitempty" maxLength:"60" doc:"the name of one to set up."`
	Member     rest.ID   `json:"member_id,omitempty" doc:"The instructor or liaison: a full member of the community's register."`
	Reason     string    `json:"reason,omitempty" maxLength:"200" doc:"Why it goes beyond what is usual."`
}

// TwoNewEnd takes an organisation out of the census.
type TwoNewEnd struct {
	Version int64     `json:"version" doc:"The version that was read."`
	On      rest.Date `json:"on" doc:"The day."`
	Reason  string    `json:"reason" minLength:"1" maxLength:"200" doc:"Why."`
}

// TwoNewCorrection mends a step.
type TwoNewCorrection struct {
	Version    int64     `json:"version" doc:"The version of the step that was read."`
	On         rest.Date `json:"on" doc:"Its day."`
	Document   string    `json:"document" minLength:"1" maxLength:"120" doc:"Title of its document."`
	DocumentNo string    `json:"document_no,omitempty" maxLength:"60" doc:"Number of its document."`
}

// TwoNewStrike strikes a step.
type TwoNewStrike struct {
	Version int64  `json:"version" doc:"The version of the step that was read."`
	Reason  string `json:"reason" minLength:"1" maxLength:"200" doc:"Why it was a mistake."`
}

// TwoNewGroup is a joint branch that is proposed, or an instructor with whom they would look after.
type TwoNewGroup struct {
	Name   string         `json:"name" doc:"The proposed name of the branch, or the instructor's name."`
	Member rest.ID        `json:"member_id,omitempty" doc:"The instructor."`
	Full   int64          `json:"full_members,omitempty" doc:"Full members together."`
	All    int64          `json:"members,omitempty" doc:"Members together."`
	Metres int64          `json:"metres,omitempty" doc:"Distance of all to the one in the middle, a different trade counted."`
	Items  []TwoNewChosen `json:"items" doc:"The organisations; of a joint branch the one in the middle first."`
}

// TwoNewChosen is an organisation as it was seen.
type TwoNewChosen struct {
	ID      rest.ID `json:"id" doc:"The organisation."`
	Name    string  `json:"name,omitempty" doc:"Its name; not needed to accept."`
	Version int64   `json:"version" doc:"The version that was read; another one is refused as stale."`
}

// TwoNewProposal is what the rules allow next in a community.
type TwoNewProposal struct {
	Community   rest.ID        `json:"community_id" doc:"The community."`
	Name        string         `json:"name" doc:"Its name."`
	Own         []TwoNewChosen `json:"own" doc:"Should have a branch of their own."`
	Joint       []TwoNewGroup  `json:"joint" doc:"Joint branches."`
	Instructors []TwoNewGroup  `json:"instructors" doc:"Instructors."`
	Union       []TwoNewChosen `json:"union" doc:"Union or Youth League first: nobody can be sent."`
	Waiting     []TwoNewChosen `json:"waiting" doc:"Somebody was sent; nothing more for now."`
}

// TwoNewJoint accepts a joint branch, as it was proposed or changed.
type TwoNewJoint struct {
	Name       string         `json:"name" minLength:"1" maxLength:"60" doc:"Name of the branch."`
	On         rest.Date      `json:"on" doc:"Day on which it is set up."`
	Document   string         `json:"document" minLength:"1" maxLength:"120" doc:"Title of the document."`
	DocumentNo string         `json:"document_no,omitempty" maxLength:"60" doc:"Its number."`
	Reason     string         `json:"reason,omitempty" maxLength:"200" doc:"Why it goes beyond what is usual."`
	Items      []TwoNewChosen `json:"items" minItems:"1" maxItems:"100" doc:"The organisations."`
}

// TwoNewSending sends an instructor.
type TwoNewSending struct {
	Member     rest.ID        `json:"member_id" doc:"A full member of the community's register."`
	On         rest.Date      `json:"on" doc:"The day."`
	Document   string         `json:"document" minLength:"1" maxLength:"120" doc:"Title of the document."`
	DocumentNo string         `json:"document_no,omitempty" maxLength:"60" doc:"Its number."`
	Items      []TwoNewChosen `json:"items" minItems:"1" maxItems:"100" doc:"The organisations."`
}

type twoNewQuery struct {
	rest.Paging
	Text      string  `query:"q" maxLength:"60" doc:"Part of the name or address, or a whole credit code."`
	State     string  `query:"state" enum:"none,union,league,instructor,liaison,joint_branch,own_branch" doc:"How far it is."`
	Kind      string  `query:"kind" enum:"economic,social" doc:"Kind."`
	Uncovered bool    `query:"uncovered" doc:"Only those without a branch."`
	Community rest.ID `query:"community" doc:"In this community."`
	Trade     string  `query:"trade" maxLength:"40" doc:"Of this trade."`
}

func (h *handlers) twoNew(k *rest.Kit) {
	const tag = "two-new"
	see, keep, decide := perms(twonew.PermSee), perms(twonew.PermKeep), perms(twonew.PermDecide)
	rest.Get(k, rest.Op{ID: "two-new-list", Path: "/two-new", Tag: tag, Title: "The census of two-new organisations", Needs: see},
		func(ctx context.Context, a authz.Actor, in *twoNewQuery) (rest.Page[TwoNew], error) {
			l, err := h.TwoNew.List(ctx, a, twonew.Filter{Text: in.Text, State: twonew.State(in.State), Kind: twonew.Kind(in.Kind), Uncovered: in.Uncovered, CommunityID: in.Community.ID(),
				Trade: in.Trade, Page: in.Page()})
			return rest.PageOf(l, twoNewOf), err
		})
	rest.Post(k, rest.Op{ID: "two-new-register", Path: "/two-new", Tag: tag, Title: "Enter a two-new organisation", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *rest.In[TwoNewEntry]) (TwoNewSaved, error) {
			return savedTwoNew(h.TwoNew.Register(ctx, a, in.Body.entry()))
		})
	rest.Get(k, rest.Op{ID: "two-new-get", Path: "/two-new/{id}", Tag: tag, Title: "One two-new organisation with its steps", Needs: see},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (TwoNewDetail, error) {
			d, err := h.TwoNew.Get(ctx, a, in.ID.ID())
			return twoNewDetailOf(d), err
		})
	rest.Post(k, rest.Op{ID: "two-new-edit", Path: "/two-new/{id}/edit", Tag: tag, Title: "Correct what the census says", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TwoNewEdit]) (TwoNewSaved, error) {
			return savedTwoNew(h.TwoNew.Edit(ctx, a, in.ID.ID(), in.Body.entry(), in.Body.Version))
		})
	rest.Act(k, rest.Op{ID: "two-new-end", Path: "/two-new/{id}/end", Tag: tag, Title: "Take it out of the census", Needs: keep},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TwoNewEnd]) error {
			return h.TwoNew.End(ctx, a, in.ID.ID(), in.Body.On.Date(), in.Body.Reason, in.Body.Version)
		})
	rest.Post(k, rest.Op{ID: "two-new-step", Path: "/two-new/{id}/steps", Tag: tag, Title: "Take a step", Needs: decide},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TwoNewNewStep]) (TwoNewSaved, error) {
			b := in.Body
			return savedTwoNew(h.TwoNew.TakeStep(ctx, a, in.ID.ID(), twonew.NewStep{Kind: twonew.State(b.Kind), On: b.On.Date(), DocumentNo: b.DocumentNo, Document: b.Document,
				BranchID: b.Branch.ID(), BranchName: b.BranchName, MemberID: b.Member.ID(), Reason: b.Reason}, b.Version))
		})
	rest.Act(k, rest.Op{ID: "two-new-step-correct", Path: "/two-new-steps/{id}/correct", Tag: tag, Title: "Mend the day or the document of a step", Needs: decide},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TwoNewCorrection]) error {
			return h.TwoNew.Correct(ctx, a, in.ID.ID(), in.Body.On.Date(), in.Body.DocumentNo, in.Body.Document, in.Body.Version)
		})
	rest.Act(k, rest.Op{ID: "two-new-step-strike", Path: "/two-new-steps/{id}/strike", Tag: tag, Title: "Strike a step that was a mistake", Needs: decide},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TwoNewStrike]) error {
			return h.TwoNew.Strike(ctx, a, in.ID.ID(), in.Body.Reason, in.Body.Version)
		})
	rest.Get(k, rest.Op{ID: "two-new-proposal", Path: "/communities/{id}/two-new-proposal", Tag: tag, Title: "What the rules allow next in a community", Needs: see},
		func(ctx context.Context, a authz.Actor, in *rest.Path) (TwoNewProposal, error) {
			p, err := h.TwoNew.ProposalFor(ctx, a, in.ID.ID())
			return twoNewProposalOf(p), err
		})
	rest.Post(k, rest.Op{ID: "two-new-joint", Path: "/communities/{id}/two-new-joint", Tag: tag, Title: "Set up a joint branch", Needs: decide},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TwoNewJoint]) (TwoNewSaved, error) {
			b := in.Body
			return savedTwoNew(h.TwoNew.AcceptJoint(ctx, a, twonew.NewJoint{CommunityID: in.ID.ID(), Name: b.Name, On: b.On.Date(), DocumentNo: b.DocumentNo, Document: b.Document,
				Reason: b.Reason, Items: chosenOf(b.Items)}))
		})
	rest.Post(k, rest.Op{ID: "two-new-send", Path: "/communities/{id}/two-new-instructor", Tag: tag, Title: "Send an instructor", Needs: decide},
		func(ctx context.Context, a authz.Actor, in *rest.PathIn[TwoNewSending]) (TwoNewSaved, error) {
			b := in.Body
			return savedTwoNew(h.TwoNew.Send(ctx, a, twonew.NewSending{CommunityID: in.ID.ID(), MemberID: b.Member.ID(), On: b.On.Date(), DocumentNo: b.DocumentNo, Document: b.Document,
				Items: chosenOf(b.Items)}))
		})
}

func savedTwoNew(s twonew.Saved, err error) (TwoNewSaved, error) {
	out := TwoNewSaved{ID: rest.IDOf(s.ID)}
	for _, m := range s.Warnings {
		out.Warnings = append(out.Warnings, m.In("zh"))
	}
	return out, err
}

func chosenOf(list []TwoNewChosen) []twonew.Chosen {
	out := make([]twonew.Chosen, len(list))
	for i, x := range list {
		out[i] = twonew.Chosen{TwoNewID: x.ID.ID(), Version: x.Version}
	}
	return out
}

func twoNewOf(o twonew.Organisation) TwoNew {
	return TwoNew{ID: rest.IDOf(o.ID), TwoNewEntry: TwoNewEntry{Kind: string(o.Kind), Name: o.Name, USCC: o.USCC, Trade: o.Trade, Address: o.Address, Community: rest.IDOf(o.CommunityID),
		Grid: rest.IDOf(o.GridID), X: o.X, Y: o.Y, Employees: o.Employees, Full: o.Full, Probationary: o.Probationary}, State: string(o.State), Since: rest.DateOf(o.Since),
		Branch: rest.IDOf(o.BranchID), Member: rest.IDOf(o.MemberID), Unit: rest.IDOf(o.UnitID), ListedOn: rest.DateOf(o.ListedOn), EndedOn: rest.DateOf(o.EndedOn), Version: o.Version}
}

func twoNewDetailOf(d twonew.Detail) TwoNewDetail {
	out := TwoNewDetail{TwoNew: twoNewOf(d.Organisation), Steps: make([]TwoNewStep, len(d.Steps)), Next: string(d.Next)}
	for i, s := range d.Steps {
		out.Steps[i] = TwoNewStep{ID: rest.IDOf(s.ID), Kind: string(s.Kind), On: rest.DateOf(s.On), Until: rest.DateOf(s.Until), Document: s.Document, DocumentNo: s.DocumentNo,
			Branch: rest.IDOf(s.BranchID), Member: rest.IDOf(s.MemberID), Decision: rest.IDOf(s.DecisionID), Struck: s.StruckReason, Version: s.Version}
	}
	return out
}

func twoNewProposalOf(p twonew.Proposal) TwoNewProposal {
	items := func(list []twonew.Organisation) []TwoNewChosen {
		out := make([]TwoNewChosen, len(list))
		for i, o := range list {
			out[i] = TwoNewChosen{ID: rest.IDOf(o.ID), Name: o.Name, Version: o.Version}
		}
		return out
	}
	out := TwoNewProposal{Community: rest.IDOf(p.CommunityID), Name: p.Community, Own: items(p.Own), Joint: []TwoNewGroup{}, Instructors: []TwoNewGroup{}, Union: items(p.Union), Waiting: items(p.Waiting)}
	for _, g := range p.Groups {
		out.Joint = append(out.Joint, TwoNewGroup{Name: g.Name, Full: g.Full, All: g.All, Metres: g.Metres, Items: items(g.Items)})
	}
	for _, s := range p.Sendings {
		out.Instructors = append(out.Instructors, TwoNewGroup{Name: s.Name, Member: rest.IDOf(s.MemberID), Items: items(s.Items)})
	}
	return out
}
