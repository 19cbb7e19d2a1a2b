package workplan

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/gram"
	"linli/internal/id"
	"linli/internal/reference"
)

// Filter narrows the list of plans; zero fields do not filter. Year is this year if zero.
type Filter struct {
	Year  int64
	State State
	Text  string
	Below id.ID // of organisations below this one, and its own
	Page  db.Page
}

// Row is an organisation and its plan for a year, if it has one.
type Row struct {
	OrganisationID       id.ID
	Organisation         string
	PlanID               id.ID // 0: none
	State                State
	Edition              int64
	Items, Done, Overdue int64 // given-up items are in none of them
	Plan                 Plan  // ID, SubmittedAt and DecidedAt only
	key                  string
}

func (r *Row) dest() []any {
	return []any{&r.OrganisationID, &r.Organisation, &r.key, &r.PlanID, &r.State, &r.Edition, db.Instant(&r.Plan.SubmittedAt), db.Instant(&r.Plan.DecidedAt), &r.Items, &r.Done, &r.Overdue}
}

func (f Filter) sql(a *db.Args, scope authz.Scope, today calendar.Date) (fields, where string) {
	year := a.Add(f.Year)
	count := func(more string) string {
		return "(SELECT count(*) FROM workplan_item i WHERE i.tenant_id = w.tenant_id AND i.workplan_id = w.id AND i.state <> 'given_up'" + more + ")"
	}
	fields = "o.id, " + reference.Label("o") + `, o.name_key, coalesce(w.id, 0), coalesce(w.state, 'none') AS state, coalesce(w.edition, 0), coalesce(w.submitted_at, 0), coalesce(w.decided_at, 0), ` +
		count("") + " AS items, " + count(" AND i.state = 'done'") + " AS done, " + count(" AND w.state = 'accepted' AND i.state = 'open' AND i.due_on < "+a.Add(today)) + " AS late "
	where = `FROM organisation o LEFT JOIN workplan w ON w.tenant_id = o.tenant_id AND w.organisation_id = o.id AND w.plan_year = ` + year + `
		WHERE ` + scope.Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}}) + `
		AND (w.id IS NOT NULL OR o.dissolved_on = '' AND o.parent_id <> 0 AND o.kind IN ('working_committee', 'community_party'))`
	if f.State != "" {
		where += " AND coalesce(w.state, 'none') = " + a.Add(string(f.State))
	}
	if gram.Key(f.Text) != "" {
		where += " AND o.name_key LIKE " + a.Add(gram.Query(f.Text).Like()) + " ESCAPE '!'"
	}
	if f.Below != 0 {
		where += " AND o.path LIKE (SELECT u.path FROM organisation u WHERE u.tenant_id = o.tenant_id AND u.id = " + a.Add(f.Below) + ") || '%'"
	}
	return fields, where
}

func (s *Service) of(f Filter) Filter {
	if f.Year == 0 {
		f.Year = int64(s.Today().Year())
	}
	return f
}

// List gives the organisations in scope that have a plan for the year or should have one (communities and what stands above them below the district),
// by name, each with its plan (PermSee).
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Row], error) {
	f = s.of(f)
	a := &db.Args{}
	fields, where := f.sql(a, actor.Scope(PermSee), s.Today())
	page, tail := a.Keyset(f.Page, db.Order{Column: "o.name_key", IDColumn: "o.id"})
	rows, err := db.All(ctx, s.db, (*Row).dest, "SELECT "+fields+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Row]{}, err
	}
	return db.Cut(rows, f.Page, func(r Row) db.Cursor { return db.Cursor{Key: r.key, ID: r.OrganisationID} }), nil
}

// Summary counts the plans of a year by state, and the items of those that are accepted.
type Summary struct {
	Plans               map[State]int64
	Open, Done, Overdue int64
}

// Summary counts what List would show over all its pages (PermSee).
func (s *Service) Summary(ctx context.Context, actor authz.Actor, f Filter) (Summary, error) {
	f = s.of(f)
	f.State = ""
	a := &db.Args{}
	fields, where := f.sql(a, actor.Scope(PermSee), s.Today())
	out := Summary{Plans: map[State]int64{}}
	type line struct {
		state                    State
		plans, items, done, late int64
	}
	lines, err := db.All(ctx, s.db, func(l *line) []any { return []any{&l.state, &l.plans, &l.items, &l.done, &l.late} },
		`SELECT x.state, count(*), coalesce(sum(x.items), 0), coalesce(sum(x.done), 0), coalesce(sum(x.late), 0) FROM (SELECT `+fields+where+`) x GROUP BY x.state`, a.Values()...)
	for _, l := range lines {
		out.Plans[l.state] = l.plans
		if l.state == Accepted {
			out.Open, out.Done, out.Overdue = l.items-l.done, l.done, l.late
		}
	}
	return out, err
}

// ItemFilter narrows the list of items; zero fields do not filter.
type ItemFilter struct {
	Year    int64
	State   ItemState
	Overdue bool
	Text    string
	Below   id.ID
	Page    db.Page
}

// Listed is an item with whose it is.
type Listed struct {
	Item
	Organisation string
}

func (l *Listed) dest() []any { return append(l.Item.dest(), &l.Organisation) }

// Items gives the items of accepted plans of organisations in scope (PermSee), what is due first in front.
func (s *Service) Items(ctx context.Context, actor authz.Actor, f ItemFilter) (db.List[Listed], error) {
	if f.Year == 0 {
		f.Year = int64(s.Today().Year())
	}
	a := &db.Args{}
	w := actor.Scope(PermSee).Where(a, owners) + " AND w.state = 'accepted' AND w.plan_year = " + a.Add(f.Year)
	if f.State != "" {
		w += " AND i.state = " + a.Add(string(f.State))
	}
	if f.Overdue {
		w += " AND i.state = 'open' AND i.due_on < " + a.Add(s.Today())
	}
	if gram.Key(f.Text) != "" {
		like := a.Add(gram.Query(f.Text).Like())
		w += " AND (i.title_key LIKE " + like + " ESCAPE '!' OR o.name_key LIKE " + like + " ESCAPE '!')"
	}
	if f.Below != 0 {
		w += " AND o.path LIKE (SELECT u.path FROM organisation u WHERE u.tenant_id = o.tenant_id AND u.id = " + a.Add(f.Below) + ") || '%'"
	}
	page, tail := a.Keyset(f.Page, db.Order{Column: "i.due_on", IDColumn: "i.id"})
	rows, err := db.All(ctx, s.db, (*Listed).dest, "SELECT "+itemColumns+", "+reference.Label("o")+` FROM workplan_item i JOIN workplan w ON w.tenant_id = i.tenant_id AND w.id = i.workplan_id
		JOIN organisation o ON o.tenant_id = w.tenant_id AND o.id = w.organisation_id WHERE `+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Listed]{}, err
	}
	return db.Cut(rows, f.Page, func(l Listed) db.Cursor { return db.Cursor{Key: l.DueOn.String(), ID: l.ID} }), nil
}

// Shown is an item on the page of its plan.
type Shown struct {
	Item
	Reviews []Review // the latest edition first
	Entries []Entry  // the latest first
}

// Said is what was said of the item in an edition.
func (i Shown) Said(edition int64) Review {
	for _, r := range i.Reviews {
		if r.Edition == edition {
			return r
		}
	}
	return Review{}
}

// Detail is a plan with its items.
type Detail struct {
	Plan
	Items   []Shown
	Keeps   bool // the actor writes it
	Decides bool // the actor may decide on it, or give it back
}

// Get opens a plan in scope (PermSee). Progress of items that are measured is read there and then.
func (s *Service) Get(ctx context.Context, actor authz.Actor, plan id.ID) (Detail, error) {
	var d Detail
	var list []Item
	var said []Review
	var happened []Entry
	err := s.db.View(ctx, func(tx *db.Tx) error {
		var err error
		if d.Plan, err = find(ctx, tx, actor.Scope(PermSee), plan); err != nil {
			return err
		}
		if list, err = items(ctx, tx, actor.Tenant, plan); err != nil {
			return err
		}
		if said, err = reviews(ctx, tx, actor.Tenant, plan); err != nil {
			return err
		}
		happened, err = entries(ctx, tx, actor.Tenant, plan)
		return err
	})
	if err != nil {
		return d, err
	}
	if err := s.fresh(ctx, actor.Tenant, d.Plan, list); err != nil {
		return d, err
	}
	d.Keeps = actor.Scope(PermKeep).Covers(d.OrganisationID)
	d.Decides = d.ReviewerID != 0 && actor.Scope(PermReview).Covers(d.ReviewerID) && d.SubmittedBy != actor.AccountID
	d.Items = make([]Shown, len(list))
	at := map[id.ID]*Shown{}
	for i, it := range list {
		d.Items[i].Item = it
		at[it.ID] = &d.Items[i]
	}
	for _, r := range said {
		if it := at[r.ItemID]; it != nil {
			it.Reviews = append(it.Reviews, r)
		}
	}
	for _, e := range happened {
		if it := at[e.ItemID]; it != nil {
			it.Entries = append(it.Entries, e)
		}
	}
	return d, nil
}

// fresh reads the figures of the items of a plan as they are now.
func (s *Service) fresh(ctx context.Context, tenant int64, p Plan, list []Item) error {
	names := map[string]bool{}
	for _, it := range list {
		if it.Measured() {
			names[it.Figure] = true
		}
	}
	if len(names) == 0 || p.Year > int64(s.Today().Year()) {
		return nil
	}
	have, err := s.figures.Tenths(ctx, tenant, keys(names), []id.ID{p.OrganisationID}, p.Year)
	if err != nil {
		return err
	}
	for i := range list {
		if reached, known := have[p.OrganisationID][list[i].Figure]; known {
			list[i].Reached, list[i].MeasuredAt = reached, s.db.Now()
		}
	}
	return nil
}

// NextYear is the year for which an organisation in scope (PermKeep) makes its next plan: this one, or the next if it has a plan for this one.
func (s *Service) NextYear(ctx context.Context, actor authz.Actor, organisation id.ID) (int64, error) {
	year := int64(s.Today().Year())
	if err := actor.Scope(PermKeep).Require(organisation); err != nil {
		return 0, err
	}
	there, err := db.Value[int64](ctx, s.db, "SELECT count(*) FROM workplan WHERE tenant_id = $1 AND organisation_id = $2 AND plan_year = $3", actor.Tenant, organisation, year)
	return year + there, err
}

// Sources are the plans whose items a new plan of an organisation in scope can take over (PermKeep): its own of the year before, and the accepted one of
// the organisation above for the same year.
func (s *Service) Sources(ctx context.Context, actor authz.Actor, organisation id.ID, year int64) ([]Plan, error) {
	if err := actor.Scope(PermKeep).Require(organisation); err != nil {
		return nil, err
	}
	return db.All(ctx, s.db, (*Plan).dest, "SELECT "+columns+`w.tenant_id = $1 AND ((w.organisation_id = $2 AND w.plan_year < $3)
		OR (w.plan_year = $3 AND w.state = 'accepted' AND w.organisation_id = (SELECT p.parent_id FROM organisation p WHERE p.tenant_id = $1 AND p.id = $2)))
		ORDER BY w.plan_year DESC, w.id LIMIT 6`, actor.Tenant, organisation, year)
}

// Follow lets the plans of an organisation follow when another takes it in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	return follow(ctx, tx, actor.Tenant, from, to)
}
