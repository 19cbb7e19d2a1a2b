package exchange

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/assignment"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
)

// WeeklyUses is for how many needs a week a resource whose amount is not counted is proposed: somebody's time, a room.
var WeeklyUses = policy.Value{Name: "exchange.weekly_uses", Title: i18n.ExchangePolicyWeekly, Unit: i18n.ExchangeTimes, Default: 3, Min: 1, Max: 100}

// Bounds of one sharing out, and how many resources are weighed for one need: those that fit best, and among equals others for every need.
const (
	mostNeeds     = 5_000
	mostResources = 20_000
	candidates    = 60
	others        = 400 // kept for what stays empty
	urgentDays    = 7
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
	path string
}

// supply is a resource with what may still be proposed of it.
type supply struct {
	Resource
	proposed int64 // for needs beyond these
	recent   int64 // pledged in the last seven days
}

// room is for how many needs it can still be proposed.
func (s supply) room(weekly int64) int {
	if s.Amount > 0 {
		return int(max(0, s.Left-s.proposed))
	}
	return int(max(0, weekly-s.proposed-s.recent))
}

type pairing struct{ need, resource id.ID }

// week is what a sharing out begins with.
type week struct {
	needs    []lack
	supplies []supply
	tried    map[pairing]bool // declined, or pledged before
	weekly   int64
	today    calendar.Date
}

// chosen is a resource that is proposed for a need.
type chosen struct {
	pairing
	reasons []Reason
}

// share proposes resources for all needs at once: as many are covered as can be, what fits best is chosen, and no giver carries more than others without need (package
// assignment). The best candidates of each need are weighed against each other; what stays empty then is offered all that is left. The answer depends on the rows alone,
// not on their order.
func (w *week) share() []chosen {
	p, list := w.problem()
	pool := w.pool(list)
	p.Pairs = pairs(pool, 0, candidates, anyPair)
	got := assignment.Solve(p)
	got = append(got, assignment.Solve(rest(p, got, pool))...)
	slices.SortFunc(got, func(a, b assignment.Pair) int {
		return cmp.Or(cmp.Compare(a.Demand, b.Demand), cmp.Compare(a.Supply, b.Supply))
	})
	out := make([]chosen, len(got))
	for i, c := range got {
		n, r := &w.needs[c.Demand].Card, list[c.Supply]
		out[i] = chosen{pairing{n.ID, r.ID}, meets(nil, n, &r, indexOf(list[c.Supply:c.Supply+1]).near(n)(0))}
	}
	return out
}

// problem says in numbers what is wanted and what is there, without the pairs, and gives the resources in the same order.
func (w *week) problem() (p assignment.Problem, list []Resource) {
	slices.SortFunc(w.needs, func(a, b lack) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(w.supplies, func(a, b supply) int { return cmp.Compare(a.ID, b.ID) })
	givers := map[string]int{}
	for _, r := range w.supplies {
		by := r.OrgID.String()
		if r.OrgID == 0 {
			by = "/" + r.private
		}
		if _, known := givers[by]; !known {
			givers[by] = len(givers)
			p.Busy = append(p.Busy, 0)
		}
		p.Busy[givers[by]] += int(r.proposed + r.recent)
		list = append(list, r.Resource)
		p.Supplies = append(p.Supplies, assignment.Supply{Room: r.room(w.weekly), Giver: givers[by]})
	}
	p.Givers = len(givers)
	for _, n := range w.needs {
		p.Demands = append(p.Demands, assignment.Demand{Places: int(n.Left()), Urgency: max(0, urgentDays-w.today.DaysUntil(n.DueOn))})
	}
	return p, list
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

// candidate is a resource that could meet a need.
type candidate struct {
	toss   uint64
	supply int32
	fit    int32
}

// pool gives for each need the resources that could meet it, the best first.
func (w *week) pool(list []Resource) [][]candidate {
	x, out, why := indexOf(list), make([][]candidate, len(w.needs)), make([]Reason, 0, len(points))
	kinds := map[Kind][]int{}
	for i, r := range list {
		if w.supplies[i].room(w.weekly) > 0 {
			kinds[r.Kind] = append(kinds[r.Kind], i)
		}
	}
	for i := range w.needs {
		n := &w.needs[i]
		near := x.near(&n.Card)
		for _, k := range kinds[n.Kind] {
			r := &list[k]
			if !strings.HasPrefix(n.path, r.placePath) || w.tried[pairing{n.ID, r.ID}] {
				continue
			}
			if why = meets(why[:0], &n.Card, r, near(k)); why != nil {
				out[i] = append(out[i], candidate{toss(n.ID, r.ID), int32(k), int32(score(why))})
			} else {
				why = make([]Reason, 0, len(points))
			}
		}
		slices.SortFunc(out[i], func(a, b candidate) int {
			return cmp.Or(cmp.Compare(b.fit, a.fit), cmp.Compare(a.toss, b.toss), cmp.Compare(a.supply, b.supply))
		})
		out[i] = slices.Clone(out[i][:min(len(out[i]), others)])
	}
	return out
}

// rest is the problem that is left after a first answer: places that are still empty, what is still there, and the resources that were not among the first candidates.
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

// Shared is what a sharing out came to.
type Shared struct {
	Needs, Covered, Proposals int64
}

// Propose shares out what is there among the open needs of communities in scope (PermKeep): what was proposed and not decided is replaced. What people accepted or
// declined stays. It decides nothing; the reading and the thinking are done before anything is written, so nobody waits for them.
func (s *Service) Propose(ctx context.Context, actor authz.Actor) (out Shared, err error) {
	scope := actor.Scope(PermKeep)
	if scope.Empty() {
		return out, errs.ErrForbidden
	}
	s.sharing.Lock() // one after the other: it takes memory and both cores
	defer s.sharing.Unlock()
	w, err := s.weekOf(ctx, actor.Tenant, scope)
	if err != nil {
		return out, err
	}
	got := w.share()
	out = Shared{Needs: int64(len(w.needs)), Proposals: int64(len(got))}
	for i, c := range got {
		if i == 0 || got[i-1].need != c.need {
			out.Covered++
		}
	}
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, "DELETE FROM need_proposal WHERE tenant_id = "+a.Add(actor.Tenant)+" AND state = 'proposed' AND need_id IN (SELECT n.id FROM need n WHERE "+scope.Where(a, seen)+")", a.Values()...); err != nil {
			return err
		}
		// What was decided meanwhile stays decided.
		a = &db.Args{}
		decided, err := db.All(ctx, tx, func(p *pairing) []any { return []any{&p.need, &p.resource} }, "SELECT q.need_id, q.resource_id FROM need_proposal q JOIN need n ON n.tenant_id = q.tenant_id AND n.id = q.need_id WHERE "+
			scope.Where(a, seen)+" AND n.state = 'open'", a.Values()...)
		if err != nil {
			return err
		}
		keep := slices.DeleteFunc(slices.Clone(got), func(c chosen) bool { return slices.Contains(decided, c.pairing) })
		at := db.Micros(tx.Now())
		if err := tx.InsertMany(ctx, "need_proposal", []string{"tenant_id", "need_id", "resource_id", "reasons", "state", "made_at"}, len(keep), func(i int) []any {
			return []any{actor.Tenant, keep[i].need, keep[i].resource, codes(keep[i].reasons), proposed, at}
		}); db.IsUnique(err) {
			return errs.New(errs.Conflict, i18n.ErrConflict).Because(err)
		} else if err != nil {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "exchange.propose", Permission: PermKeep, Detail: map[string]any{"needs": out.Needs, "covered": out.Covered, "proposals": out.Proposals}})
	})
}

// ProposeWeek shares out for the whole district: the week's work.
func (s *Service) ProposeWeek(ctx context.Context, tenant int64) error {
	_, err := s.Propose(ctx, authz.System(tenant, "weekly proposals"))
	return err
}

func (s *Service) weekOf(ctx context.Context, tenant int64, scope authz.Scope) (w week, err error) {
	now := s.db.Now()
	w.today = calendar.DateOf(now)
	if w.weekly, err = WeeklyUses.On(ctx, s.db, tenant, w.today); err != nil {
		return w, err
	}
	return w, s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		w.needs, err = db.All(ctx, tx, func(n *lack) []any { return append(n.Card.dest(), &n.path) }, "SELECT "+cardColumns+", coalesce(m.path, '')"+cardJoined+scope.Where(a, seen)+
			" AND n.state = 'open' AND n.taken < n.wanted AND n.due_on >= "+a.Add(w.today.String())+" ORDER BY n.due_on, n.id LIMIT "+a.Add(mostNeeds), a.Values()...)
		if err != nil {
			return err
		}
		a = &db.Args{}
		w.supplies, err = db.All(ctx, tx, func(u *supply) []any { return append(u.Resource.dest(), &u.proposed, &u.recent) }, "SELECT "+resourceColumns+`,
			(SELECT count(*) FROM need_proposal q JOIN need n ON n.tenant_id = q.tenant_id AND n.id = q.need_id WHERE q.tenant_id = u.tenant_id AND q.resource_id = u.id AND q.state = 'proposed' AND n.state = 'open' AND NOT (`+scope.Where(a, seen)+`)),
			(SELECT count(*) FROM need_pledge p WHERE p.tenant_id = u.tenant_id AND p.resource_id = u.id AND p.resource_id <> 0 AND p.state IN ('pledged', 'agreed', 'delivered', 'confirmed') AND p.pledged_at >= `+
			a.Add(db.Micros(now.AddDate(0, 0, -7)))+`)`+resourceJoined+"u.tenant_id = "+a.Add(tenant)+" AND u.ended_at = 0 AND u.valid_until >= "+a.Add(w.today.String())+
			" AND (u.amount = 0 OR u.left_over > 0) AND h.path <> '' ORDER BY u.id DESC LIMIT "+a.Add(mostResources), a.Values()...)
		if err != nil {
			return err
		}
		a = &db.Args{}
		tried, err := db.All(ctx, tx, func(p *pairing) []any { return []any{&p.need, &p.resource} }, "SELECT q.need_id, q.resource_id FROM need_proposal q JOIN need n ON n.tenant_id = q.tenant_id AND n.id = q.need_id WHERE "+
			scope.Where(a, seen)+` AND n.state = 'open' AND q.state = 'declined'
			UNION SELECT p.need_id, p.resource_id FROM need_pledge p JOIN need n ON n.tenant_id = p.tenant_id AND n.id = p.need_id WHERE `+scope.Where(a, seen)+" AND n.state = 'open' AND p.resource_id <> 0", a.Values()...)
		w.tried = make(map[pairing]bool, len(tried))
		for _, p := range tried {
			w.tried[p] = true
		}
		return err
	})
}

func codes(list []Reason) string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = string(r)
	}
	return strings.Join(out, ",")
}

// decideProposal notes what became of a proposal that waits, and says whether there was one.
func decideProposal(ctx context.Context, tx *db.Tx, actor authz.Actor, need, resource id.ID, to string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE need_proposal SET state = $1, decided_by = $2, decided_at = $3 WHERE tenant_id = $4 AND need_id = $5 AND resource_id = $6 AND state = 'proposed'`,
		to, actor.AccountID, db.Micros(tx.Now()), actor.Tenant, need, resource)
	return n > 0, err
}

// Accept takes what is proposed for a need (PermKeep), as Use does. What somebody decided meanwhile is a conflict.
func (s *Service) Accept(ctx context.Context, actor authz.Actor, wish, resource id.ID, amount int64) (id.ID, error) {
	return s.use(ctx, actor, wish, resource, amount, true)
}

// Pass says that a resource that was proposed is not for this need, and why (PermKeep). It is not proposed again for it.
func (s *Service) Pass(ctx context.Context, actor authz.Actor, wish, resource id.ID, reason string) error {
	if e := errs.Words(nil, "words", &reason, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermKeep, wish, 0, func(tx *db.Tx, n *Need) (step, error) {
		waits, err := decideProposal(ctx, tx, actor, wish, resource, declined)
		if err == nil && !waits {
			err = errs.New(errs.Conflict, i18n.WeekDecided)
		}
		return step{act: ActPass, words: reason}, err
	})
}

// Suggested is an open need with what is proposed for it.
type Suggested struct {
	Card
	No        string
	Proposals []Suggestion
}

// Suggestion is a resource that is proposed for a need.
type Suggestion struct {
	Resource
	Reasons []Reason
	MadeAt  time.Time
	need    id.ID
	codes   string
}

// WeekFilter narrows what is proposed; zero fields do not filter.
type WeekFilter struct {
	Community id.ID
	Kind      Kind
	Page      db.Page
}

// waitsProposed is the condition that a need is open and something is proposed for it.
func waitsProposed(a *db.Args, today calendar.Date) string {
	return "n.state = 'open' AND n.due_on >= " + a.Add(today.String()) + " AND " + hasProposal
}

// stillThere is the condition that a proposal waits and its resource is still to be had; hasProposal that a need has one.
const (
	stillThere  = "q.state = 'proposed' AND u.ended_at = 0 AND u.valid_until >= n.due_on AND (u.amount = 0 OR u.left_over > 0)"
	hasProposal = "EXISTS (SELECT 1 FROM need_proposal q JOIN resource u ON u.tenant_id = q.tenant_id AND u.id = q.resource_id WHERE q.tenant_id = n.tenant_id AND q.need_id = n.id AND " + stillThere + ")"
)

// Week lists the needs of communities in scope (PermKeep) for which something is proposed, what is due first in front.
func (s *Service) Week(ctx context.Context, actor authz.Actor, f WeekFilter) (out db.List[Suggested], err error) {
	scope := actor.Scope(PermKeep)
	return out, s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		where := scope.Where(a, seen) + " AND " + waitsProposed(a, calendar.DateOf(s.db.Now()))
		if f.Community != 0 {
			where += " AND " + within(a, actor.Tenant, f.Community)
		}
		if f.Kind != "" {
			where += " AND n.kind = " + a.Add(string(f.Kind))
		}
		page, tail := a.Keyset(f.Page, db.Order{Column: "n.due_on", IDColumn: "n.id"})
		rows, err := db.All(ctx, tx, func(n *Suggested) []any { return append(n.Card.dest(), &n.No) }, "SELECT "+cardColumns+", n.no"+cardJoined+where+page+tail, a.Values()...)
		if err != nil {
			return err
		}
		out = db.Cut(rows, f.Page, func(n Suggested) db.Cursor { return db.Cursor{Key: n.DueOn.String(), ID: n.ID} })
		at, ids := map[id.ID]*Suggested{}, make([]id.ID, len(out.Items))
		for i := range out.Items {
			ids[i] = out.Items[i].ID
			at[ids[i]] = &out.Items[i]
		}
		a = &db.Args{}
		list, err := db.All(ctx, tx, func(p *Suggestion) []any { return append(p.Resource.dest(), &p.need, &p.codes, db.Instant(&p.MadeAt)) }, "SELECT "+resourceColumns+", q.need_id, q.reasons, q.made_at"+
			strings.Replace(resourceJoined, " FROM resource u", " FROM need_proposal q JOIN resource u ON u.tenant_id = q.tenant_id AND u.id = q.resource_id JOIN need n ON n.tenant_id = q.tenant_id AND n.id = q.need_id", 1)+
			"q.tenant_id = "+a.Add(actor.Tenant)+" AND "+stillThere+" AND "+db.In(a, "q.need_id", ids)+" ORDER BY q.need_id, q.resource_id", a.Values()...)
		for _, p := range list {
			for c := range strings.SplitSeq(p.codes, ",") {
				p.Reasons = append(p.Reasons, Reason(c))
			}
			at[p.need].Proposals = append(at[p.need].Proposals, p)
		}
		return err
	})
}

// WeekCounts are what Week would show over all its pages.
type WeekCounts struct {
	Open    int64 // needs that are open
	Covered int64 // for which something is proposed
	Offers  int64 // how many proposals
	Givers  int64 // how many givers they come from
	Most    int64 // of one giver
	MadeAt  time.Time
}

// WeekCounts counts open needs of communities in scope (PermKeep), what is proposed for them, and how it is spread over those who give.
func (s *Service) WeekCounts(ctx context.Context, actor authz.Actor) (out WeekCounts, err error) {
	scope, today := actor.Scope(PermKeep), calendar.DateOf(s.db.Now())
	return out, s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		if err := tx.QueryRow(ctx, "SELECT count(*), coalesce(sum(CASE WHEN "+hasProposal+" THEN 1 ELSE 0 END), 0) FROM need n WHERE "+
			scope.Where(a, seen)+" AND n.state = 'open' AND n.due_on >= "+a.Add(today.String()), a.Values()...).Scan(&out.Open, &out.Covered); err != nil {
			return err
		}
		a = &db.Args{}
		return tx.QueryRow(ctx, "SELECT coalesce(CAST(sum(g.n) AS BIGINT), 0), count(*), coalesce(max(g.n), 0), coalesce(max(g.at), 0) FROM (SELECT count(*) AS n, max(q.made_at) AS at FROM need_proposal q JOIN need n ON n.tenant_id = q.tenant_id AND n.id = q.need_id "+
			"JOIN resource u ON u.tenant_id = q.tenant_id AND u.id = q.resource_id WHERE "+scope.Where(a, seen)+" AND n.state = 'open' AND n.due_on >= "+a.Add(today.String())+" AND "+stillThere+" GROUP BY u.org_id, u.giver) g", a.Values()...).
			Scan(&out.Offers, &out.Givers, &out.Most, db.Instant(&out.MadeAt))
	})
}
