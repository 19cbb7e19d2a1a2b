package twonew

import (
	"cmp"
	"context"
	"slices"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Next is what the rules allow next for an organisation that no branch covers.
type Next string

// The next steps.
const (
	NextNothing    Next = ""           // covered, or nothing more can be done now
	NextOwn        Next = "own_branch" // full members enough
	NextJoint      Next = "joint_branch"
	NextInstructor Next = "instructor"
	NextUnion      Next = "union"
)

// Text names the next step.
func (n Next) Text() i18n.Text {
	return map[Next]i18n.Text{NextNothing: i18n.TwoNewNextNothing, NextOwn: i18n.TwoNewNextOwn, NextJoint: i18n.TwoNewNextJoint, NextInstructor: i18n.TwoNewNextInstructor,
		NextUnion: i18n.TwoNewNextUnion}[n]
}

// alone is what can be said of an organisation without looking at the others around it.
func (o Organisation) alone(r rules) Next {
	switch {
	case !o.Living(), o.State.Branch():
		return NextNothing
	case o.Full >= r.ownFull:
		return NextOwn
	case o.Members() > 0:
		return NextJoint
	case !o.State.Person():
		return NextInstructor
	}
	return NextNothing
}

// Group is a joint branch that is proposed.
type Group struct {
	Name   string         // of the branch
	Items  []Organisation // the first is the middle
	Full   int64
	All    int64 // members
	Metres int64 // of all to the middle, a different trade counted
}

// Sending is an instructor who is proposed, with whom they would look after.
type Sending struct {
	Candidate
	Items []Organisation
}

// Proposal is what the rules allow next in a community. The four parts hold every living organisation without a branch once, but those for which nothing
// more can be done now.
type Proposal struct {
	CommunityID id.ID
	Community   string
	Own         []Organisation
	Groups      []Group
	Sendings    []Sending
	Union       []Organisation // nobody can be sent
	Waiting     []Organisation // somebody was sent; nothing more can be done now
	Candidates  []Candidate    // all who may be sent
}

// Uncovered is how many organisations have no branch.
func (p Proposal) Uncovered() int {
	n := len(p.Own) + len(p.Union) + len(p.Waiting)
	for _, g := range p.Groups {
		n += len(g.Items)
	}
	for _, s := range p.Sendings {
		n += len(s.Items)
	}
	return n
}

// Count is how many organisations have this next step.
func (p Proposal) Count(n Next) (c int) {
	p.Each(func(_ Organisation, x Next, _ string) {
		if x == n {
			c++
		}
	})
	return c
}

// Each calls fn for every organisation without a branch with its next step and, for a joint branch or an instructor, with whom.
func (p Proposal) Each(fn func(Organisation, Next, string)) {
	for _, o := range p.Own {
		fn(o, NextOwn, "")
	}
	for _, g := range p.Groups {
		for _, o := range g.Items {
			fn(o, NextJoint, g.Name)
		}
	}
	for _, s := range p.Sendings {
		for _, o := range s.Items {
			fn(o, NextInstructor, s.Name)
		}
	}
	for _, o := range p.Union {
		fn(o, NextUnion, "")
	}
	for _, o := range p.Waiting {
		fn(o, NextNothing, o.Member)
	}
}

// ProposalFor proposes for one community in scope (PermSee).
func (s *Service) ProposalFor(ctx context.Context, actor authz.Actor, community id.ID) (Proposal, error) {
	scope := actor.Scope(PermSee)
	if err := scope.Require(community); err != nil {
		return Proposal{}, errs.ErrNotFound
	}
	c, err := loadOrg(ctx, s.db, actor.Tenant, community)
	if err != nil || c.kind != "community_party" {
		return Proposal{}, errs.ErrNotFound
	}
	list, err := s.propose(ctx, actor, []id.ID{community})
	if err != nil {
		return Proposal{}, err
	}
	if len(list) == 0 {
		return Proposal{CommunityID: community, Community: c.label}, nil
	}
	return list[0], nil
}

// Proposals proposes for every community in scope that has organisations without a branch, by name (PermSee).
func (s *Service) Proposals(ctx context.Context, actor authz.Actor) ([]Proposal, error) {
	return s.propose(ctx, actor, nil)
}

// around is what proposals need to know besides the organisations.
type around struct {
	rules
	middles    map[id.ID][2]int64
	candidates map[id.ID][]Candidate
	joints     map[id.ID]int64
}

func (s *Service) propose(ctx context.Context, actor authz.Actor, communities []id.ID) ([]Proposal, error) {
	scope, byCommunity := actor.Scope(PermSee), map[id.ID][]Organisation{}
	f := Filter{Uncovered: true}
	if len(communities) == 1 {
		f.CommunityID = communities[0]
	}
	var x around
	err := s.db.View(ctx, func(tx *db.Tx) error {
		var err error
		if x.rules, err = readRules(ctx, tx, actor.Tenant, calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		err = each(ctx, tx, scope, f, func(o Organisation) error {
			byCommunity[o.CommunityID] = append(byCommunity[o.CommunityID], o)
			return nil
		})
		if err != nil {
			return err
		}
		if x.middles, err = middles(ctx, tx, scope, communities); err != nil {
			return err
		}
		who, err := candidates(ctx, tx, scope, communities)
		if err != nil {
			return err
		}
		x.candidates = map[id.ID][]Candidate{}
		for _, c := range who {
			x.candidates[c.Community] = append(x.candidates[c.Community], c)
		}
		x.joints, err = joints(ctx, tx, scope)
		return err
	})
	if err != nil {
		return nil, err
	}
	out := make([]Proposal, 0, len(byCommunity))
	for community, list := range byCommunity {
		out = append(out, propose(community, list, x))
	}
	slices.SortFunc(out, func(a, b Proposal) int {
		return cmp.Or(cmp.Compare(a.Community, b.Community), cmp.Compare(a.CommunityID, b.CommunityID))
	})
	return out, nil
}

// propose works the proposal of a community out from its organisations without a branch. The order of the list changes nothing.
func propose(community id.ID, list []Organisation, x around) Proposal {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b Organisation) int { return cmp.Compare(a.ID, b.ID) })
	p := Proposal{CommunityID: community, Candidates: x.candidates[community]}
	var some, rest []Organisation
	for _, o := range list {
		p.Community = o.Community
		switch o.alone(x.rules) {
		case NextOwn:
			p.Own = append(p.Own, o)
		case NextJoint:
			some = append(some, o)
		default:
			rest = append(rest, o)
		}
	}
	sites := make([]Site, len(some))
	for i, o := range some {
		sites[i] = o.site(x.middles)
	}
	grouped := make([]bool, len(some))
	for n, j := range Joints(sites, x.limits()) {
		g := Group{Name: i18n.TwoNewJointName.In(i18n.ZH, p.Community, x.joints[community]+int64(n)+1), Metres: j.Metres}
		for _, i := range j.Sites {
			grouped[i] = true
			g.Items = append(g.Items, some[i])
			g.Full += some[i].Full
			g.All += some[i].Members()
		}
		p.Groups = append(p.Groups, g)
	}
	for i, o := range some {
		if !grouped[i] {
			rest = append(rest, o)
		}
	}
	p.send(rest, x)
	return p
}

// site is the organisation for the grouping; without a position it stands in the middle of its grid.
func (o Organisation) site(middles map[id.ID][2]int64) Site {
	s := Site{ID: o.ID, Full: o.Full, Members: o.Members(), X: o.X, Y: o.Y, GridID: o.GridID, Trade: o.Trade}
	if s.X == 0 && s.Y == 0 && s.GridID != 0 {
		m := middles[s.GridID]
		s.X, s.Y = m[0], m[1]
	}
	return s
}

// send proposes instructors for those that nobody looks after: as few new ones as the setting allows, all with nearly the same load, each with
// neighbouring organisations.
func (p *Proposal) send(list []Organisation, x around) {
	var open []Organisation
	for _, o := range list {
		if o.State.Person() {
			p.Waiting = append(p.Waiting, o)
		} else {
			open = append(open, o)
		}
	}
	slices.SortFunc(open, func(a, b Organisation) int { return cmp.Or(cmp.Compare(a.GridID, b.GridID), cmp.Compare(a.ID, b.ID)) })
	who, shares := shareOut(p.Candidates, int64(len(open)), x.load)
	for i, n := range shares {
		if n > 0 {
			p.Sendings = append(p.Sendings, Sending{who[i], open[:n:n]})
			open = open[n:]
		}
	}
	for _, o := range open {
		if o.State == None {
			p.Union = append(p.Union, o)
		} else {
			p.Waiting = append(p.Waiting, o)
		}
	}
}

// shareOut says who takes how many more: those who look after some already, and as many others as are needed so that nobody has more than most; always
// the one with the fewest next.
func shareOut(all []Candidate, n, most int64) ([]Candidate, []int64) {
	var who []Candidate
	var room int64
	for _, c := range all {
		if c.Load >= most || (c.Load == 0 && room >= n) {
			continue
		}
		who = append(who, c)
		room += most - c.Load
	}
	shares := make([]int64, len(who))
	for range min(n, room) {
		least := 0
		for i := range who {
			if who[i].Load+shares[i] < who[least].Load+shares[least] {
				least = i
			}
		}
		shares[least]++
	}
	return who, shares
}
