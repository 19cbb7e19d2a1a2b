package request

import (
	"context"
	"sort"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/waiting"
)

// Filter narrows the list of requests; zero fields do not filter.
type Filter struct {
	Text           string // part of the title, the office or the document
	State          State
	Office         string
	OrganisationID id.ID    // that is asked
	Due            DueState // Late or Waits: has such an occurrence in scope
	NoGround       bool
	Page           db.Page
}

// List gives requests in scope (PermSee), the latest first, with how their occurrences stand.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Request], error) {
	day := today(s.db)
	lead, err := LeadDays.On(ctx, s.db, actor.Tenant, day)
	if err != nil {
		return db.List[Request]{}, err
	}
	scope := actor.Scope(PermSee)
	rows, err := list(ctx, s.db, scope, f, day, lead)
	if err != nil {
		return db.List[Request]{}, err
	}
	out := db.Cut(rows, f.Page, func(r Request) db.Cursor { return db.Cursor{ID: r.ID} })
	return out, count(ctx, s.db, scope, out.Items, day, lead)
}

// Offices are the names of those who ask, of requests in scope.
func (s *Service) Offices(ctx context.Context, actor authz.Actor) ([]string, error) {
	return offices(ctx, s.db, actor.Scope(PermSee))
}

// Detail is a request with what it asks of the organisations in scope.
type Detail struct {
	Request
	Parties []Party
	Fields  []Field
	Dues    []Due // the latest first; at most shownDues
	Same    []Same
	Changes []Change
	Today   calendar.Date
	Lead    int64 // days before its day that an occurrence waits
}

// MayChange says whether the actor keeps the request.
func MayChange(actor authz.Actor, r Request) bool { return actor.Scope(PermRegister).Covers(r.OwnerID) }

// MayAnswer says whether the actor answers for an organisation.
func MayAnswer(actor authz.Actor, p Party) bool { return actor.Scope(PermAnswer).Covers(p.ID) }

// Get gives a request in scope (PermSee).
func (s *Service) Get(ctx context.Context, actor authz.Actor, requestID id.ID) (Detail, error) {
	d := Detail{Today: today(s.db)}
	scope := actor.Scope(PermSee)
	var err error
	if d.Lead, err = LeadDays.On(ctx, s.db, actor.Tenant, d.Today); err != nil {
		return d, err
	}
	if d.Request, err = find(ctx, s.db, scope, requestID); err != nil {
		return d, err
	}
	if d.Parties, err = parties(ctx, s.db, scope, d.ID); err != nil {
		return d, err
	}
	if d.Fields, err = fields(ctx, s.db, actor.Tenant, d.ID); err != nil {
		return d, err
	}
	if d.Dues, err = dues(ctx, s.db, scope, d.ID); err != nil {
		return d, err
	}
	orgs := make([]id.ID, len(d.Parties))
	for i, p := range d.Parties {
		orgs[i] = p.ID
	}
	if d.Same, err = s.same(ctx, scope, d.ID, orgs, d.Fields); err != nil {
		return d, err
	}
	d.Changes, err = changes(ctx, s.db, actor.Tenant, d.ID)
	return d, err
}

// AnswerFilter narrows the list of answers; zero fields do not filter.
type AnswerFilter struct {
	RequestID      id.ID
	OrganisationID id.ID
	Office         string
	From, To       calendar.Date // days on which they were handed in
	All            bool          // also those that a later one replaced
	Page           db.Page
}

// Answers gives answers of organisations in scope (PermSee), the latest first.
func (s *Service) Answers(ctx context.Context, actor authz.Actor, f AnswerFilter) (db.List[Answer], error) {
	rows, err := answers(ctx, s.db, actor.Scope(PermSee), f)
	return db.Cut(rows, f.Page, func(a Answer) db.Cursor { return db.Cursor{ID: a.ID} }), err
}

// Load is what one office cost in one month.
type Load struct {
	Office  string
	Month   string // 2026-11
	Times   int64  // occurrences that fell due
	Answers int64
	Asked   int64
	Filled  int64
	Minutes int64
}

// Percent is how much of what was asked the program filled, in whole per cent; -1 if nothing was asked.
func (l Load) Percent() int64 { return percent(l.Filled, l.Asked) }

// Left is how many fields the program could not fill.
func (l Load) Left() int64 { return l.Asked - l.Filled }

// Sum adds up.
func Sum(list []Load) Load {
	var t Load
	for _, l := range list {
		t.Times += l.Times
		t.Answers += l.Answers
		t.Asked += l.Asked
		t.Filled += l.Filled
		t.Minutes += l.Minutes
	}
	return t
}

// Loads is the burden of the organisations in scope (PermSee) by office and month, the latest month first: the same records as the figures on
// requests, over any days.
func (s *Service) Loads(ctx context.Context, actor authz.Actor, from, to calendar.Date) ([]Load, error) {
	scope := actor.Scope(PermSee)
	last := today(s.db)
	if !to.IsZero() && to.Before(last) {
		last = to
	}
	type key struct{ office, month string }
	at := map[key]*Load{}
	add := func(l Load) error {
		k := key{l.Office, l.Month}
		if at[k] == nil {
			at[k] = &Load{Office: l.Office, Month: l.Month}
		}
		x := Sum([]Load{*at[k], l})
		x.Office, x.Month = l.Office, l.Month
		at[k] = &x
		return nil
	}
	a := &db.Args{}
	err := db.Each(ctx, s.db, func(l *Load) []any { return []any{&l.Office, &l.Month, &l.Times} }, add, `SELECT r.office, substr(d.due_on, 1, 7), count(*) FROM request_due d
		JOIN request r ON r.tenant_id = d.tenant_id AND r.id = d.request_id WHERE `+scope.Where(a, dueColumns)+" AND d.due_on >= "+a.Add(from.String())+" AND d.due_on <= "+a.Add(last.String())+
		" GROUP BY r.office, substr(d.due_on, 1, 7)", a.Values()...)
	if err != nil {
		return nil, err
	}
	a = &db.Args{}
	err = db.Each(ctx, s.db, func(l *Load) []any { return []any{&l.Office, &l.Month, &l.Answers, &l.Asked, &l.Filled, &l.Minutes} }, add,
		`SELECT r.office, substr(a.answered_on, 1, 7), count(*), sum(a.fields_asked), sum(a.fields_filled), sum(a.minutes) FROM request_answer a
		JOIN request r ON r.tenant_id = a.tenant_id AND r.id = a.request_id WHERE `+scope.Where(a, answerColumns)+" AND a.replaced_at = 0 AND a.answered_on >= "+a.Add(from.String())+
			" AND a.answered_on <= "+a.Add(last.String())+" GROUP BY r.office, substr(a.answered_on, 1, 7)", a.Values()...)
	if err != nil {
		return nil, err
	}
	var out []Load
	for _, l := range at {
		out = append(out, *l)
	}
	sort.Slice(out, func(i, j int) bool {
		return out[i].Month > out[j].Month || out[i].Month == out[j].Month && out[i].Office < out[j].Office
	})
	return out, nil
}

// WaitAnswer is what waits for those who answer: occurrences that are late or due within LeadDays.
const WaitAnswer = "request.answer"

// Waiting says which requests wait for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) ([]waiting.Item, error) {
	scope := actor.Scope(PermAnswer)
	if scope.Empty() {
		return nil, nil
	}
	day := today(s.db)
	lead, err := LeadDays.On(ctx, s.db, actor.Tenant, day)
	if err != nil {
		return nil, err
	}
	a := &db.Args{}
	it := waiting.Item{Kind: WaitAnswer}
	var first, last id.ID
	err = s.db.QueryRow(ctx, `SELECT count(*), coalesce(min(d.due_on), ''), coalesce(min(d.request_id), 0), coalesce(max(d.request_id), 0) FROM request_due d
		JOIN request r ON r.tenant_id = d.tenant_id AND r.id = d.request_id WHERE `+scope.Where(a, dueColumns)+" AND d.answered = FALSE AND r.state = 'open' AND d.due_on <= "+
		a.Add(day.AddDays(int(lead)).String()), a.Values()...).Scan(&it.Count, &it.DueOn, &first, &last)
	if err != nil || it.Count == 0 {
		return nil, err
	}
	if first == last {
		it.Subject = first
	}
	return []waiting.Item{it}, nil
}
