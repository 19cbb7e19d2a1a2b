package exchange

import (
	"context"
	"slices"
	"strings"
	"time"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/policy"
	"linli/internal/reference"
)

// WeeklyAsks is for how many needs a week a volunteer is proposed; what they pledged in the last seven days and the shifts that they take in the next seven count.
var WeeklyAsks = policy.Value{Name: "exchange.weekly_asks", Title: i18n.ExchangePolicyAsks, Unit: i18n.ExchangeTimes, Default: 2, Min: 1, Max: 20}

// WeeklyUses is for how many needs a week a resource whose amount is not counted is proposed: somebody's time, a room.
var WeeklyUses = policy.Value{Name: "exchange.weekly_uses", Title: i18n.ExchangePolicyWeekly, Unit: i18n.ExchangeTimes, Default: 3, Min: 1, Max: 100}

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
		decided, err := db.All(ctx, tx, (*pairing).dest, "SELECT q.need_id, "+sourceID+" FROM need_proposal q JOIN need n ON n.tenant_id = q.tenant_id AND n.id = q.need_id WHERE "+
			scope.Where(a, seen)+" AND n.state = 'open'", a.Values()...)
		if err != nil {
			return err
		}
		gone := make(map[pairing]bool, len(decided))
		for _, p := range decided {
			gone[p] = true
		}
		keep := slices.DeleteFunc(slices.Clone(got), func(c chosen) bool { return gone[c.pairing] })
		at := db.Micros(tx.Now())
		if err := tx.InsertMany(ctx, "need_proposal", []string{"tenant_id", "need_id", "resource_id", "volunteer_id", "venue_id", "reasons", "state", "made_at"}, len(keep), func(i int) []any {
			of := map[Source]id.ID{keep[i].source: keep[i].pairing.source}
			return []any{actor.Tenant, keep[i].need, of[OfResource], of[OfVolunteer], of[OfPlace], codes(keep[i].reasons), proposed, at}
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

// sourceID is what a proposal is of: one of the three is named, the others are 0.
const sourceID = "q.resource_id + q.volunteer_id + q.venue_id"

func (p *pairing) dest() []any { return []any{&p.need, &p.source} }

// weekOf reads what a sharing out begins with: a query for each kind of row.
func (s *Service) weekOf(ctx context.Context, tenant int64, scope authz.Scope) (w week, err error) {
	now := s.db.Now()
	w.today = calendar.DateOf(now)
	uses, err := WeeklyUses.On(ctx, s.db, tenant, w.today)
	if err != nil {
		return w, err
	}
	return w, s.db.View(ctx, func(tx *db.Tx) error {
		a := &db.Args{}
		w.needs, err = db.All(ctx, tx, func(n *lack) []any { return append(n.Card.dest(), &n.path, &n.street, &n.person) }, "SELECT "+cardColumns+", coalesce(m.path, ''), coalesce(m.parent_id, 0), n.person_id"+cardJoined+scope.Where(a, seen)+
			" AND n.state = 'open' AND n.taken < n.wanted AND n.due_on >= "+a.Add(w.today.String())+" ORDER BY n.due_on, n.id LIMIT "+a.Add(mostNeeds), a.Values()...)
		if err != nil {
			return err
		}
		a = &db.Args{}
		w.supplies, err = db.All(ctx, tx, func(u *supply) []any { return u.Resource.dest() }, "SELECT "+resourceColumns+resourceJoined+"u.tenant_id = "+a.Add(tenant)+" AND u.ended_at = 0 AND u.valid_until >= "+
			a.Add(w.today.String())+" AND (u.amount = 0 OR u.left_over > 0) AND h.path <> '' ORDER BY u.id DESC LIMIT "+a.Add(mostResources), a.Values()...)
		if err != nil {
			return err
		}
		beyond, err := elsewhere(ctx, tx, tenant, scope, "q.resource_id")
		if err != nil {
			return err
		}
		a = &db.Args{}
		recent, err := loads(ctx, tx, "SELECT p.resource_id, count(*) FROM need_pledge p WHERE p.tenant_id = "+a.Add(tenant)+" AND p.resource_id <> 0 AND "+stands+" AND p.pledged_at >= "+a.Add(db.Micros(now.AddDate(0, 0, -7)))+
			" GROUP BY p.resource_id", a)
		if err != nil {
			return err
		}
		for i := range w.supplies {
			u := &w.supplies[i]
			u.source, u.most, u.proposed, u.recent = OfResource, uses, beyond[u.ID], recent[u.ID]
		}
		if err := s.hands(ctx, tx, tenant, scope, &w, now); err != nil {
			return err
		}
		if err := s.rooms(ctx, tx, tenant, scope, &w, uses, now); err != nil {
			return err
		}
		a = &db.Args{}
		tried, err := db.All(ctx, tx, (*pairing).dest, "SELECT q.need_id, "+sourceID+" FROM need_proposal q JOIN need n ON n.tenant_id = q.tenant_id AND n.id = q.need_id WHERE "+
			scope.Where(a, seen)+` AND n.state = 'open' AND q.state <> 'proposed'
			UNION SELECT p.need_id, p.resource_id FROM need_pledge p JOIN need n ON n.tenant_id = p.tenant_id AND n.id = p.need_id WHERE `+scope.Where(a, seen)+` AND n.state = 'open' AND p.resource_id <> 0
			UNION SELECT b.need_id, b.venue_id FROM venue_booking b JOIN need n ON n.tenant_id = b.tenant_id AND n.id = b.need_id WHERE `+scope.Where(a, seen)+` AND n.state = 'open' AND b.need_id <> 0 AND `+bookingHolds+`
			UNION SELECT p.need_id, p.person_id FROM need_pledge p JOIN need n ON n.tenant_id = p.tenant_id AND n.id = p.need_id WHERE `+scope.Where(a, seen)+" AND n.state = 'open' AND p.person_id <> 0", a.Values()...)
		w.tried = make(map[pairing]bool, len(tried))
		for _, p := range tried {
			w.tried[p] = true
		}
		return err
	})
}

// duty is how much somebody has to do already.
type duty struct {
	of id.ID
	n  int64
}

func loads(ctx context.Context, q db.Querier, query string, a *db.Args) (map[id.ID]int64, error) {
	list, err := db.All(ctx, q, func(l *duty) []any { return []any{&l.of, &l.n} }, query, a.Values()...)
	out := make(map[id.ID]int64, len(list))
	for _, l := range list {
		out[l.of] = l.n
	}
	return out, err
}

// elsewhere is for how many needs outside the scope each resource, volunteer or shared place is proposed.
func elsewhere(ctx context.Context, q db.Querier, tenant int64, scope authz.Scope, column string) (map[id.ID]int64, error) {
	a := &db.Args{}
	return loads(ctx, q, "SELECT "+column+", count(*) FROM need_proposal q JOIN need n ON n.tenant_id = q.tenant_id AND n.id = q.need_id WHERE q.tenant_id = "+a.Add(tenant)+" AND q.state = 'proposed' AND "+column+
		" <> 0 AND n.state = 'open' AND NOT ("+scope.Where(a, seen)+") GROUP BY "+column, a)
}

// hands adds the volunteers who may be asked for the needs that hands meet.
func (s *Service) hands(ctx context.Context, q db.Querier, tenant int64, scope authz.Scope, w *week, now time.Time) error {
	var where []id.ID
	for _, n := range w.needs {
		if n.Kind.Hands() {
			where = append(where, n.CommunityID)
		}
	}
	if s.volunteers == nil || where == nil {
		return nil
	}
	slices.Sort(where)
	list, err := s.volunteers.Near(ctx, q, tenant, slices.Compact(where), now, now.AddDate(0, 0, 7))
	if err != nil {
		return err
	}
	asks, err := WeeklyAsks.On(ctx, q, tenant, w.today)
	if err != nil {
		return err
	}
	beyond, err := elsewhere(ctx, q, tenant, scope, "q.volunteer_id")
	if err != nil {
		return err
	}
	a := &db.Args{}
	recent, err := loads(ctx, q, "SELECT p.person_id, count(*) FROM need_pledge p WHERE p.tenant_id = "+a.Add(tenant)+" AND p.person_id <> 0 AND p.pledged_at >= "+a.Add(db.Micros(now.AddDate(0, 0, -7)))+" GROUP BY p.person_id", a)
	for i := range list {
		v := &list[i]
		w.supplies = append(w.supplies, supply{Resource: Resource{ID: v.ID}, source: OfVolunteer, volunteer: v, most: asks, proposed: beyond[v.ID], recent: recent[v.PersonID] + v.Shifts})
	}
	return err
}

func codes(list []Reason) string {
	out := make([]string, len(list))
	for i, r := range list {
		out[i] = string(r)
	}
	return strings.Join(out, ",")
}

// decideProposal notes what became of a proposal that waits, and says whether there was one.
func decideProposal(ctx context.Context, tx *db.Tx, actor authz.Actor, need, source id.ID, to string) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE need_proposal SET state = $1, decided_by = $2, decided_at = $3 WHERE tenant_id = $4 AND need_id = $5
		AND resource_id + volunteer_id + venue_id = CAST($6 AS BIGINT) AND state = 'proposed'`, to, actor.AccountID, db.Micros(tx.Now()), actor.Tenant, need, source)
	return n > 0, err
}

// Accept takes what is proposed for a need (PermKeep): a resource as Use does, a volunteer as AskVolunteer does. A shared place is taken by booking it. What somebody decided meanwhile is a
// conflict.
func (s *Service) Accept(ctx context.Context, actor authz.Actor, wish, source id.ID, amount int64) (id.ID, error) {
	a := &db.Args{}
	of, err := db.One(ctx, s.db, func(of *pairing) []any { return []any{&of.need, &of.source} }, "SELECT q.volunteer_id, q.venue_id FROM need_proposal q JOIN need n ON n.tenant_id = q.tenant_id AND n.id = q.need_id WHERE "+
		actor.Scope(PermKeep).Where(a, seen)+" AND q.need_id = "+a.Add(wish)+" AND "+sourceID+" = "+a.Add(source), a.Values()...)
	switch {
	case err != nil && errs.KindOf(err) != errs.NotFound:
		return 0, err
	case of.need != 0:
		return s.askVolunteer(ctx, actor, wish, source, true)
	case of.source != 0:
		return 0, errs.New(errs.Conflict, i18n.WeekBookFirst)
	}
	return s.use(ctx, actor, wish, source, amount, true)
}

// Pass says that what was proposed is not for this need, and why (PermKeep). It is not proposed again for it.
func (s *Service) Pass(ctx context.Context, actor authz.Actor, wish, source id.ID, reason string) error {
	if e := errs.Words(nil, "words", &reason, MaxWords, true); e != nil {
		return e
	}
	return s.act(ctx, actor, PermKeep, wish, 0, func(tx *db.Tx, n *Need) (step, error) {
		waits, err := decideProposal(ctx, tx, actor, wish, source, declined)
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

// Suggestion is what is proposed for a need: a resource, a volunteer, or a shared place.
type Suggestion struct {
	Source   Source
	ID       id.ID
	Title    string   // of the resource or the place; of a volunteer the name
	Giver    string   // who gives it; of a volunteer the community that keeps their file
	Resource Resource // where it is one; of a place its terms and price
	Reasons  []Reason
	MadeAt   time.Time
	need     id.ID
	codes    string
	person   id.ID
	org      id.ID
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

// stillThere is the condition that a proposal waits and what it is of is still to be had; hasProposal that a need has one.
const (
	proposalJoined = ` LEFT JOIN resource u ON u.tenant_id = q.tenant_id AND u.id = q.resource_id AND q.resource_id <> 0
		LEFT JOIN volunteer v ON v.tenant_id = q.tenant_id AND v.id = q.volunteer_id AND q.volunteer_id <> 0
		LEFT JOIN venue w ON w.tenant_id = q.tenant_id AND w.id = q.venue_id AND q.venue_id <> 0`
	waitsStill     = "q.state = 'proposed' AND "
	resourceThere  = waitsStill + "u.ended_at = 0 AND u.valid_from <= n.due_on AND u.valid_until >= n.due_on AND (u.amount = 0 OR u.left_over > 0)"
	volunteerThere = waitsStill + "v.ended_on = '' AND v.contact = TRUE AND EXISTS (SELECT 1 FROM person a WHERE a.tenant_id = v.tenant_id AND a.id = v.person_id AND a.died_on = '' AND a.moved_out_on = '')"
	placeThere     = waitsStill + "w.ended_on = ''"
	stillThere     = "(" + resourceThere + " OR " + volunteerThere + " OR " + placeThere + ")"
	hasProposal    = "EXISTS (SELECT 1 FROM need_proposal q" + proposalJoined + " WHERE q.tenant_id = n.tenant_id AND q.need_id = n.id AND " + stillThere + ")"
)

// Week lists the needs of communities in scope (PermKeep) for which something is proposed, what is due first in front. Each volunteer who is named is a look that they see.
func (s *Service) Week(ctx context.Context, actor authz.Actor, f WeekFilter) (out db.List[Suggested], err error) {
	scope := actor.Scope(PermKeep)
	var looks []audit.Entry
	err = s.db.View(ctx, func(tx *db.Tx) error {
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
		list, err := suggestions(ctx, tx, actor.Tenant, ids)
		if err != nil {
			return err
		}
		looks = nil
		for _, p := range list {
			at[p.need].Proposals = append(at[p.need].Proposals, p)
			if p.Source == OfVolunteer {
				looks = append(looks, audit.Entry{Action: "exchange.volunteers", Permission: PermKeep, SubjectKind: "volunteer", SubjectID: p.ID, PersonID: p.person, OrgID: p.org, Purpose: purposeAssist})
			}
		}
		return nil
	})
	if err != nil || len(looks) == 0 {
		return out, err
	}
	return out, s.db.WithTx(ctx, func(tx *db.Tx) error { return audit.RecordMany(ctx, tx, actor, looks) })
}

// suggestions are what is proposed for needs and still to be had: resources, then volunteers, then places.
func suggestions(ctx context.Context, q db.Querier, tenant int64, needs []id.ID) ([]Suggestion, error) {
	a := &db.Args{}
	list, err := db.All(ctx, q, func(p *Suggestion) []any { return append(p.Resource.dest(), &p.need, &p.codes, db.Instant(&p.MadeAt)) }, "SELECT "+resourceColumns+", q.need_id, q.reasons, q.made_at"+
		strings.Replace(resourceJoined, " FROM resource u", " FROM need_proposal q JOIN resource u ON u.tenant_id = q.tenant_id AND u.id = q.resource_id JOIN need n ON n.tenant_id = q.tenant_id AND n.id = q.need_id", 1)+
		"q.tenant_id = "+a.Add(tenant)+" AND "+resourceThere+" AND "+db.In(a, "q.need_id", needs)+" ORDER BY q.need_id, q.resource_id", a.Values()...)
	if err != nil {
		return nil, err
	}
	for i := range list {
		p := &list[i]
		p.Source, p.ID, p.Title, p.Giver = OfResource, p.Resource.ID, p.Resource.Title, p.Resource.Giver
	}
	a = &db.Args{}
	people, err := db.All(ctx, q, func(p *Suggestion) []any {
		return []any{&p.need, &p.ID, &p.Title, &p.Giver, &p.person, &p.org, &p.codes, db.Instant(&p.MadeAt)}
	}, "SELECT q.need_id, v.id, coalesce(r.name, ''), "+reference.Label("o")+`, v.person_id, v.org_id, q.reasons, q.made_at FROM need_proposal q JOIN volunteer v ON v.tenant_id = q.tenant_id AND v.id = q.volunteer_id
		LEFT JOIN person r ON r.tenant_id = v.tenant_id AND r.id = v.person_id LEFT JOIN organisation o ON o.tenant_id = v.tenant_id AND o.id = v.org_id
		WHERE q.tenant_id = `+a.Add(tenant)+" AND q.volunteer_id <> 0 AND "+volunteerThere+" AND "+db.In(a, "q.need_id", needs)+" ORDER BY q.need_id, q.volunteer_id", a.Values()...)
	if err != nil {
		return nil, err
	}
	a = &db.Args{}
	places, err := db.All(ctx, q, func(p *Suggestion) []any {
		return []any{&p.need, &p.ID, &p.Title, &p.Giver, &p.Resource.Terms, &p.Resource.Price, &p.codes, db.Instant(&p.MadeAt)}
	}, "SELECT q.need_id, w.id, w.name, "+reference.Label("o")+`, w.terms, w.price, q.reasons, q.made_at FROM need_proposal q JOIN venue w ON w.tenant_id = q.tenant_id AND w.id = q.venue_id
		LEFT JOIN organisation o ON o.tenant_id = w.tenant_id AND o.id = w.org_id WHERE q.tenant_id = `+a.Add(tenant)+" AND q.venue_id <> 0 AND "+placeThere+" AND "+db.In(a, "q.need_id", needs)+
		" ORDER BY q.need_id, q.venue_id", a.Values()...)
	for i := range people {
		people[i].Source = OfVolunteer
	}
	for i := range places {
		places[i].Source = OfPlace
	}
	list = append(append(list, people...), places...)
	for i := range list {
		for c := range strings.SplitSeq(list[i].codes, ",") {
			list[i].Reasons = append(list[i].Reasons, Reason(c))
		}
	}
	return list, err
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
			proposalJoined+" WHERE "+scope.Where(a, seen)+" AND n.state = 'open' AND n.due_on >= "+a.Add(today.String())+" AND "+stillThere+" GROUP BY coalesce(u.org_id, w.org_id, 0), coalesce(u.giver, ''), q.volunteer_id) g", a.Values()...).
			Scan(&out.Offers, &out.Givers, &out.Most, db.Instant(&out.MadeAt))
	})
}
