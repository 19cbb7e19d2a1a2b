package exchange

import (
	"cmp"
	"slices"
	"strings"

	"linli/internal/assignment"
	"linli/internal/calendar"
	"linli/internal/id"
)

// Bounds of one sharing out, and how many candidates are weighed for one need: those that fit best, and among equals others for every need.
const (
	mostNeeds     = 5_000
	mostResources = 20_000
	candidates    = 60
	others        = 400 // kept for what stays empty
	urgentDays    = 7
)

// Source is what a proposal for a need is of.
type Source string

// The sources.
const (
	OfResource  Source = "resource"
	OfVolunteer Source = "volunteer"
	OfPlace     Source = "venue"
)

// The states of a proposal for a need.
const (
	proposed = "proposed"
	accepted = "accepted"
	declined = "declined"
)

// lack is a need that is to be shared out.
type lack struct {
	Card
	path   string
	street id.ID // the sub-district of its community
	person id.ID // who asked
}

// supply is something that could meet needs, with what may still be proposed of it: a resource, a volunteer, or a shared place, which is compared as a resource is.
type supply struct {
	Resource
	source    Source
	volunteer *Volunteer
	street    id.ID // of a shared place: it is there for this sub-district
	most      int64 // for how many needs a week, where no amount is counted
	proposed  int64 // for needs beyond these
	recent    int64 // in the last seven days
}

// room is for how many needs it can still be proposed.
func (u supply) room() int {
	if u.Amount > 0 {
		return int(max(0, u.Left-u.proposed))
	}
	return int(max(0, u.most-u.proposed-u.recent))
}

// giver names who carries the load of a supply.
func (u supply) giver() string {
	switch {
	case u.volunteer != nil:
		return "volunteer " + u.ID.String()
	case u.OrgID != 0:
		return u.OrgID.String()
	}
	return "/" + u.private
}

// reaches says whether it is there for where the need is, and for whom it is.
func (u supply) reaches(n *lack) bool {
	switch {
	case u.volunteer != nil:
		v := u.volunteer
		return v.PersonID != n.person && (v.OrgID == n.CommunityID || v.Street != 0 && v.Street == n.street)
	case u.source == OfPlace:
		return u.PlaceID == n.CommunityID || u.street != 0 && u.street == n.street
	}
	return strings.HasPrefix(n.path, u.placePath)
}

// worth is what the reasons for a supply count in a sharing out. Who can lend a hand is of the kind that is wanted, which is not said of a person.
func (u supply) worth(why []Reason) int {
	if u.volunteer != nil {
		return points[SameKind] + score(why)
	}
	return score(why)
}

// pairing is a need and what could meet it.
type pairing struct{ need, source id.ID }

// week is what a sharing out begins with. tried has, for a need, what was declined or pledged before, and the persons who pledged or were asked.
type week struct {
	needs    []lack
	supplies []supply
	tried    map[pairing]bool
	today    calendar.Date
}

// was says whether a supply was tried for a need.
func (w *week) was(n *lack, u *supply) bool {
	return w.tried[pairing{n.ID, u.ID}] || u.volunteer != nil && w.tried[pairing{n.ID, u.volunteer.PersonID}]
}

// chosen is what is proposed for a need.
type chosen struct {
	pairing
	source  Source
	reasons []Reason
	fit     int
}

// share proposes what there is for all needs at once: as many are covered as can be, what fits best is chosen, and nobody who gives carries more than others without need (package
// assignment). The best candidates of each need are weighed against each other; what stays empty then is offered all that is left. The answer depends on the rows alone,
// not on their order.
func (w *week) share() []chosen {
	p := w.problem()
	pool := w.pool()
	p.Pairs = pairs(pool, 0, candidates, anyPair)
	got := assignment.Solve(p)
	got = append(got, assignment.Solve(rest(p, got, pool))...)
	slices.SortFunc(got, func(a, b assignment.Pair) int {
		return cmp.Or(cmp.Compare(a.Demand, b.Demand), cmp.Compare(a.Supply, b.Supply))
	})
	out := make([]chosen, len(got))
	for i, c := range got {
		n, u := &w.needs[c.Demand], &w.supplies[c.Supply]
		out[i] = chosen{pairing{n.ID, u.ID}, u.source, u.why(n), c.Fit}
	}
	return out
}

// why are the reasons for one supply.
func (u *supply) why(n *lack) []Reason {
	if u.volunteer != nil {
		return handsOf([]*Volunteer{u.volunteer}).fit(&n.Card)(nil, 0)
	}
	why := meets(nil, &n.Card, &u.Resource, indexOf([]Resource{u.Resource}).near(&n.Card)(0))
	if u.source == OfPlace && why != nil && u.PlaceID != n.CommunityID {
		why = append(why, NearBy)
	}
	return why
}

// problem says in numbers what is wanted and what is there, without the pairs.
func (w *week) problem() (p assignment.Problem) {
	slices.SortFunc(w.needs, func(a, b lack) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(w.supplies, func(a, b supply) int { return cmp.Compare(a.ID, b.ID) })
	givers := map[string]int{}
	for _, u := range w.supplies {
		by := u.giver()
		if _, known := givers[by]; !known {
			givers[by] = len(givers)
			p.Busy = append(p.Busy, 0)
		}
		p.Busy[givers[by]] += int(u.proposed + u.recent)
		p.Supplies = append(p.Supplies, assignment.Supply{Room: u.room(), Giver: givers[by]})
	}
	p.Givers = len(givers)
	for _, n := range w.needs {
		p.Demands = append(p.Demands, assignment.Demand{Places: int(n.Left()), Urgency: max(0, urgentDays-w.today.DaysUntil(n.DueOn))})
	}
	return p
}

// pairs are the candidates of each need from one place in their order to another, of those that are wanted.
func pairs(pool [][]candidate, from, to int, wanted func(demand, supply int) bool) (out []assignment.Pair) {
	for i, of := range pool {
		for _, c := range of[min(from, len(of)):min(to, len(of))] {
			if wanted(i, int(c.supply)) {
				out = append(out, assignment.Pair{Demand: i, Supply: int(c.supply), Fit: int(c.fit)})
			}
		}
	}
	return out
}

func anyPair(int, int) bool { return true }

// candidate is a supply that could meet a need.
type candidate struct {
	toss   uint64
	supply int32
	fit    int32
}

// pool gives for each need what could meet it, the best first. The supplies stand in the order of problem.
func (w *week) pool() [][]candidate {
	list, people := make([]Resource, len(w.supplies)), make([]*Volunteer, len(w.supplies))
	kinds, hands := map[Kind][]int{}, []int(nil)
	for i := range w.supplies {
		u := &w.supplies[i]
		list[i], people[i] = u.Resource, u.volunteer
		switch {
		case u.room() <= 0:
		case u.volunteer != nil:
			hands = append(hands, i)
		default:
			kinds[u.Kind] = append(kinds[u.Kind], i)
		}
	}
	x, y := indexOf(list), handsOf(people)
	out, why := make([][]candidate, len(w.needs)), make([]Reason, 0, len(points))
	for i := range w.needs {
		n := &w.needs[i]
		near, fit := x.near(&n.Card), y.fit(&n.Card)
		open := func(k int) bool { return w.supplies[k].reaches(n) && !w.was(n, &w.supplies[k]) }
		weigh := func(k int, because []Reason) {
			if because != nil {
				why = because
				u := &w.supplies[k]
				out[i] = append(out[i], candidate{toss(n.ID, u.ID), int32(k), int32(u.worth(because))})
			}
		}
		for _, k := range kinds[n.Kind] {
			if open(k) {
				weigh(k, meets(why[:0], &n.Card, &list[k], near(k)))
			}
		}
		if n.Kind.Hands() {
			for _, k := range hands {
				if open(k) {
					weigh(k, fit(why[:0], k))
				}
			}
		}
		slices.SortFunc(out[i], func(a, b candidate) int {
			return cmp.Or(cmp.Compare(b.fit, a.fit), cmp.Compare(a.toss, b.toss), cmp.Compare(a.supply, b.supply))
		})
		out[i] = slices.Clone(out[i][:min(len(out[i]), others)])
	}
	return out
}

// rest is the problem that is left after a first answer: places that are still empty, what is still there, and what was not among the first candidates.
func rest(p assignment.Problem, got []assignment.Pair, pool [][]candidate) assignment.Problem {
	q := assignment.Problem{Demands: slices.Clone(p.Demands), Supplies: slices.Clone(p.Supplies), Givers: p.Givers, Busy: slices.Clone(p.Busy)}
	for _, c := range got {
		q.Demands[c.Demand].Places--
		q.Demands[c.Demand].Got = true
		q.Supplies[c.Supply].Room--
		q.Busy[q.Supplies[c.Supply].Giver]++
	}
	q.Pairs = pairs(pool, candidates, others, func(demand, supply int) bool { return q.Demands[demand].Places > 0 && q.Supplies[supply].Room > 0 })
	return q
}
