package meeting

import (
	"context"
	"strconv"
	"time"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/waiting"
)

// Filter narrows the list of meetings; zero fields do not filter.
type Filter struct {
	Text     string
	KindCode string
	State    State
	Holder
	From, To calendar.Date
	Upcoming bool // not over yet, the soonest first; otherwise the latest first
	Page     db.Page
}

// Item is a meeting in a list.
type Item struct {
	Meeting
	Recipients int64
	Answered   int64
	Present    int64 // attendances
	Decisions  int64
}

func (i *Item) dest() []any {
	return append(i.Meeting.dest(), &i.Recipients, &i.Answered, &i.Present, &i.Decisions)
}

func (f Filter) where(a *db.Args, now time.Time) string {
	w := ""
	if gram.Key(f.Text) != "" {
		w += " AND m.title_key LIKE " + a.Add(likeKey(f.Text)) + " ESCAPE '!'"
	}
	if f.KindCode != "" {
		w += " AND EXISTS (SELECT 1 FROM meeting_duty d WHERE d.tenant_id = m.tenant_id AND d.meeting_id = m.id AND d.kind_code = " + a.Add(f.KindCode) + ")"
	}
	if f.State != "" {
		w += " AND m.state = " + a.Add(string(f.State))
	}
	if f.OwnerID != 0 {
		w += " AND m.owner_id = " + a.Add(f.OwnerID)
	}
	if f.BodyID != 0 {
		w += " AND m.body_id = " + a.Add(f.BodyID)
	}
	if !f.From.IsZero() {
		w += " AND m.starts_at >= " + a.Add(db.Micros(f.From.Time()))
	}
	if !f.To.IsZero() {
		w += " AND m.starts_at < " + a.Add(db.Micros(f.To.AddDays(1).Time()))
	}
	if f.Upcoming {
		w += " AND m.ends_at >= " + a.Add(db.Micros(now))
	}
	return w
}

// List gives the meetings in sight.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Item], error) {
	a := &db.Args{}
	w := inSight(a, seeing(actor)) + f.where(a, s.db.Now())
	page, tail := a.Keyset(f.Page, db.Order{Column: "m.starts_at", IDColumn: "m.id", Integer: true, Desc: !f.Upcoming})
	const counts = `, (SELECT count(*) FROM meeting_recipient r WHERE r.tenant_id = m.tenant_id AND r.meeting_id = m.id),
		(SELECT count(*) FROM meeting_recipient r WHERE r.tenant_id = m.tenant_id AND r.meeting_id = m.id AND r.answer <> ''),
		(SELECT count(*) FROM attendance t WHERE t.tenant_id = m.tenant_id AND t.activity_id = m.activity_id AND m.activity_id <> 0 AND t.state <> 'void'),
		(SELECT count(*) FROM meeting_resolution v WHERE v.tenant_id = m.tenant_id AND v.meeting_id = m.id)`
	rows, err := db.All(ctx, s.db, (*Item).dest, "SELECT "+with(counts)+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Item]{}, err
	}
	return db.Cut(rows, f.Page, func(i Item) db.Cursor { return db.Cursor{Key: strconv.FormatInt(db.Micros(i.StartsAt), 10), ID: i.ID} }), nil
}

// Mine gives the meetings to which the actor was invited, the latest first, each with the own answer.
func (s *Service) Mine(ctx context.Context, actor authz.Actor, p db.Page) (db.List[MineItem], error) {
	a := &db.Args{}
	w := actor.Scope(PermOwn).Where(a, authz.Columns{Tenant: "y.tenant_id", Person: "y.person_id"}) + " AND y.organisation_id = 0"
	page, tail := a.Keyset(p, db.Order{Column: "m.starts_at", IDColumn: "m.id", Integer: true, Desc: true})
	rows, err := db.All(ctx, s.db, (*MineItem).dest, "SELECT "+with(", coalesce((SELECT min(z.answer) FROM meeting_recipient z WHERE z.tenant_id = m.tenant_id AND z.meeting_id = m.id AND z.person_id = "+a.Add(actor.PersonID)+"), '')")+
		"m.id IN (SELECT y.meeting_id FROM meeting_recipient y WHERE "+w+") AND m.tenant_id = "+a.Add(actor.Tenant)+page+tail, a.Values()...)
	if err != nil {
		return db.List[MineItem]{}, err
	}
	return db.Cut(rows, p, func(i MineItem) db.Cursor {
		return db.Cursor{Key: strconv.FormatInt(db.Micros(i.StartsAt), 10), ID: i.ID}
	}), nil
}

// MineItem is a meeting to which somebody was invited.
type MineItem struct {
	Meeting
	Answer Answer
}

func (i *MineItem) dest() []any { return append(i.Meeting.dest(), &i.Answer) }

// Detail is all that a page says about a meeting.
type Detail struct {
	Meeting
	Kinds       []Kind // for which it counts
	Recipients  []Recipient
	Agenda      []Topic
	Waiting     []Topic // raised for the holder, on no agenda yet; for who plans
	Resolutions []Resolution
	Before      []Task // of earlier meetings, not done
	Passed      []Passing
	Above       Named  // the meeting that it passes on: its ID as OwnerID, and title
	Quorum      Quorum // where members vote
	Committee   Quorum // where the committee meets
	Plans       bool
	Files       []attach.File
	Limits      attach.Limits // of files
}

// Get gives one meeting in sight.
func (s *Service) Get(ctx context.Context, actor authz.Actor, meeting id.ID) (Detail, error) {
	var out Detail
	err := s.db.View(ctx, func(tx *db.Tx) (err error) {
		out, err = s.get(ctx, tx, actor, meeting)
		return err
	})
	return out, err
}

func (s *Service) get(ctx context.Context, q db.Querier, actor authz.Actor, meeting id.ID) (out Detail, err error) {
	if out.Meeting, err = find(ctx, q, seeing(actor), meeting); err != nil {
		return out, err
	}
	m, tenant := out.Meeting, actor.Tenant
	out.Plans = actor.Scope(PermPlan).Covers(m.OwnerID)
	if out.Kinds, err = dutyKinds(ctx, q, tenant, m.ID); err != nil {
		return out, err
	}
	if out.Recipients, err = recipients(ctx, q, tenant, m.ID); err != nil {
		return out, err
	}
	if out.Agenda, err = agenda(ctx, q, tenant, m.ID); err != nil {
		return out, err
	}
	if out.Plans {
		if out.Waiting, err = raised(ctx, q, tenant, m.Holder); err != nil {
			return out, err
		}
	}
	if out.Resolutions, err = resolutions(ctx, q, tenant, m.ID); err != nil {
		return out, err
	}
	if out.Before, err = openBefore(ctx, q, tenant, m); err != nil {
		return out, err
	}
	if out.Passed, err = passings(ctx, q, tenant, m.ID); err != nil {
		return out, err
	}
	if m.PassesID != 0 {
		out.Above.OwnerID = m.PassesID
		if out.Above.Name, err = db.Value[string](ctx, q, "SELECT title FROM meeting WHERE tenant_id = $1 AND id = $2", tenant, m.PassesID); err != nil {
			return out, err
		}
	}
	if m.Votes {
		if out.Quorum, err = quorum(ctx, q, tenant, m); err != nil {
			return out, err
		}
	}
	if out.Files, err = attach.List(ctx, q, tenant, filesOf(m.ID)); err != nil {
		return out, err
	}
	if out.Limits, err = attach.LimitsOn(ctx, q, tenant, s.today()); err != nil {
		return out, err
	}
	if m.Sits {
		out.Committee, err = s.sitting(ctx, q, tenant, m)
	}
	return out, err
}

// Named is an organisation or body to choose.
type Named struct {
	Holder
	Name string
}

// Holders are the organisations and bodies for which the actor can plan meetings: those at which they work first.
func (s *Service) Holders(ctx context.Context, actor authz.Actor) ([]Named, error) {
	scope, own := actor.Scope(PermPlan), roots(actor, PermPlan)
	a := &db.Args{}
	query := `SELECT o.id, 0, ` + reference.Label("o") + `, ` + mine(a, "o.id", own) + `, o.name_key FROM organisation o WHERE ` + scope.Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}}) +
		` AND o.dissolved_on = '' AND o.kind IN (SELECT h.holder FROM meeting_kind_holder h WHERE h.tenant_id = ` + a.Add(actor.Tenant) + `)
		UNION ALL SELECT b.leader_id, b.id, b.name, ` + mine(a, "b.leader_id", own) + `, b.name_key FROM body b WHERE ` + scope.Where(a, authz.Columns{Tenant: "b.tenant_id", Orgs: []string{"b.leader_id"}}) +
		` AND b.ended_on = '' ORDER BY 4, 5, 1, 2 LIMIT 500`
	type row struct {
		Named
		rank int64
		key  string
	}
	rows, err := db.All(ctx, s.db, func(r *row) []any { return []any{&r.OwnerID, &r.BodyID, &r.Name, &r.rank, &r.key} }, query, a.Values()...)
	out := make([]Named, len(rows))
	for i, r := range rows {
		out[i] = r.Named
	}
	return out, err
}

// mine ranks rows of one's own organisations first.
func mine(a *db.Args, column string, own []id.ID) string {
	return "CASE WHEN " + db.In(a, column, own) + " THEN 0 ELSE 1 END"
}

// LastPlace is where a holder met last, and its own name where it never did.
func (s *Service) LastPlace(ctx context.Context, actor authz.Actor, h Holder) (string, error) {
	a := &db.Args{}
	w := actor.Scope(PermPlan).Where(a, authz.Columns{Tenant: "m.tenant_id", Orgs: []string{"m.owner_id"}}) + " AND m.body_id = " + a.Add(h.BodyID)
	if h.BodyID == 0 { // a body is enough to know who leads it
		w += " AND m.owner_id = " + a.Add(h.OwnerID)
	}
	return db.Value[string](ctx, s.db, "SELECT m.place FROM meeting m WHERE "+w+" AND m.place <> '' ORDER BY m.starts_at DESC LIMIT 1", a.Values()...)
}

// OfActivity is the meeting whose presence an activity holds; NotFound if it is none's.
func (s *Service) OfActivity(ctx context.Context, actor authz.Actor, activity id.ID) (Meeting, error) {
	a := &db.Args{}
	return db.One(ctx, s.db, (*Meeting).dest, "SELECT "+columns("''")+inSight(a, seeing(actor))+" AND m.activity_id = "+a.Add(activity)+" AND m.activity_id <> 0", a.Values()...)
}

// The kinds of thing that wait.
const (
	WaitOverdue = "meeting.overdue" // owed in a period that is over
	WaitDue     = "meeting.due"     // owed in a period that ends soon, nothing planned
	WaitMinutes = "meeting.minutes" // over, not put down as held
	WaitTopic   = "topic.waits"     // raised, on no agenda
	WaitTask    = "task.due"        // to be done by one's own organisation
	WaitSettle  = "task.reported"   // done, as its organisation says
	WaitReply   = "meeting.reply"   // a notice to one's own organisation, or
	WaitOwn     = "meeting.own"     // to oneself, without an answer
)

// Waiting says what waits for the actor at their own organisations.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	var out []waiting.Item
	cells, err := s.ownDuties(ctx, actor)
	if err != nil {
		return nil, err
	}
	today := s.today()
	over, soon := waiting.Item{Kind: WaitOverdue}, waiting.Item{Kind: WaitDue}
	for _, c := range cells {
		switch st := c.Standing(today); {
		case st == Overdue:
			over.Count++
			if over.Since.IsZero() || c.Ends.Time().Before(over.Since) {
				over.Since = c.Ends.Time()
			}
		case st == Wanted && c.soon(today):
			soon.Count++
			if soon.DueOn == "" || c.Ends.String() < soon.DueOn {
				soon.DueOn, soon.Since = c.Ends.String(), c.Start.Time()
			}
		}
	}
	out = append(out, over, soon)
	plan, raise := roots(actor, PermPlan), roots(actor, PermRaise)
	now := db.Micros(s.db.Now()) + 1
	for _, q := range []struct {
		kind, subject, since, due, from, column string
		of                                      []id.ID
		last                                    any
	}{
		{WaitMinutes, "m.id", "m.ends_at", "''", "meeting m WHERE m.tenant_id = $1 AND m.state = 'planned' AND m.ends_at < ", "m.owner_id", plan, now},
		{WaitTopic, "t.id", "t.raised_at", "''", "meeting_topic t WHERE t.tenant_id = $1 AND t.state = 'raised' AND t.raised_at < ", "t.owner_id", plan, now},
		{WaitTask, "x.id", "x.created_at", "x.due_on", "meeting_task x WHERE x.tenant_id = $1 AND x.state = 'open' AND x.due_on < ", "x.organisation_id", raise, today.AddDays(15)},
		{WaitSettle, "x.id", "x.created_at", "''", "meeting_task x WHERE x.tenant_id = $1 AND x.state = 'reported' AND x.created_at < ", "x.owner_id", plan, now},
		{WaitReply, "m.id", "m.noticed_at", "m.on_day", "meeting_recipient r JOIN meeting m ON m.tenant_id = r.tenant_id AND m.id = r.meeting_id WHERE r.tenant_id = $1 AND r.answer = '' AND m.state = 'planned' AND m.starts_at > ", "r.organisation_id", raise, now},
		{WaitOwn, "m.id", "m.noticed_at", "m.on_day", "meeting_recipient r JOIN meeting m ON m.tenant_id = r.tenant_id AND m.id = r.meeting_id WHERE r.tenant_id = $1 AND r.organisation_id = 0 AND r.answer = '' AND m.state = 'planned' AND m.starts_at > ", "r.person_id", own(actor), now},
	} {
		if len(q.of) == 0 {
			continue
		}
		a := &db.Args{}
		a.Add(actor.Tenant)
		it := waiting.Item{Kind: q.kind}
		var one id.ID
		from := " FROM " + q.from + a.Add(q.last) + " AND " + db.In(a, q.column, q.of)
		if err := s.db.QueryRow(ctx, "SELECT count(*), coalesce(min("+q.since+"), 0), coalesce(min("+q.due+"), ''), coalesce(min("+q.subject+"), 0)"+from, a.Values()...).Scan(&it.Count, db.Instant(&it.Since), &it.DueOn, &one); err != nil {
			return nil, err
		}
		if it.Count == 1 {
			it.Subject = one
		}
		out = append(out, it)
	}
	kept := out[:0]
	for _, it := range out {
		if it.Count > 0 {
			kept = append(kept, it)
		}
	}
	return kept, nil
}

// own is the actor's own person, if they may see what concerns them.
func own(actor authz.Actor) []id.ID {
	if actor.PersonID == 0 || !actor.Scope(PermOwn).CoversPerson(actor.PersonID) {
		return nil
	}
	return []id.ID{actor.PersonID}
}

// RaiseWhere says for which organisations the actor raises topics, and to whom these can be put: the organisations themselves, those above and
// around them, and the bodies in which they sit.
func (s *Service) RaiseWhere(ctx context.Context, actor authz.Actor) (by, to []Named, err error) {
	own := roots(actor, PermRaise)
	if len(own) == 0 {
		return nil, nil, nil
	}
	dest := func(n *Named) []any { return []any{&n.OwnerID, &n.BodyID, &n.Name} }
	a := &db.Args{}
	if by, err = db.All(ctx, s.db, dest, "SELECT o.id, 0, "+reference.Label("o")+" FROM organisation o WHERE o.tenant_id = "+a.Add(actor.Tenant)+" AND o.dissolved_on = '' AND "+db.In(a, "o.id", own)+" ORDER BY o.name_key, o.id", a.Values()...); err != nil {
		return nil, nil, err
	}
	a = &db.Args{}
	t := a.Add(actor.Tenant)
	to, err = db.All(ctx, s.db, dest, `SELECT b.leader_id, b.id, b.name FROM body b WHERE b.tenant_id = `+t+` AND b.ended_on = '' AND (`+db.In(a, "b.leader_id", own)+` OR EXISTS
			(SELECT 1 FROM body_seat x WHERE x.tenant_id = b.tenant_id AND x.body_id = b.id AND x.valid_to = '' AND `+db.In(a, "x.organisation_id", own)+`))
		UNION ALL SELECT o.id, 0, `+reference.Label("o")+` FROM organisation o WHERE o.tenant_id = `+t+` AND o.dissolved_on = '' AND o.kind IN ('community_party', 'working_committee', 'party_branch') AND EXISTS
			(SELECT 1 FROM organisation u WHERE u.tenant_id = o.tenant_id AND `+db.In(a, "u.id", own)+` AND (u.id = o.id OR u.community_id = o.id OR substr(u.path, 1, length(o.path)) = o.path))
		ORDER BY 2 DESC, 3, 1 LIMIT 100`, a.Values()...)
	return by, to, err
}
