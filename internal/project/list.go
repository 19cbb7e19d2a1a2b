package project

import (
	"context"
	"slices"
	"strings"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/gram"
	"linli/internal/id"
	"linli/internal/reference"
)

// Filter narrows the list of projects; zero fields do not filter.
type Filter struct {
	Text      string
	Community id.ID // of it, or below it
	Unit      id.ID // that takes part
	Programme id.ID
	Kind      Kind
	State     State
	Late      bool // with steps that are overdue, or past its last day
	Ended     int  // the year in which it ended
	Wait      string
	Page      db.Page
}

// Row is a project in a list, with how far it is.
type Row struct {
	Project
	Steps, Done, Late int64
	Sum
}

func count(more string) string {
	return "(SELECT count(*) FROM project_step t WHERE t.tenant_id = c.tenant_id AND t.project_id = c.id AND t.state <> 'dropped'" + more + ")"
}

const (
	planned = "(SELECT CAST(coalesce(sum(b.amount), 0) AS BIGINT) FROM project_line b WHERE b.tenant_id = c.tenant_id AND b.project_id = c.id AND b.dropped = FALSE)"
	spent   = "(SELECT CAST(coalesce(sum(x.amount), 0) AS BIGINT) FROM project_expense x WHERE x.tenant_id = c.tenant_id AND x.project_id = c.id)"
)

// late is the condition that a project runs and a step is overdue, or its last day is over.
func late(day string) string {
	return "c.state = 'running' AND (c.to_on < " + day + " OR " + count(" AND t.state = 'open' AND t.due_on < "+day) + " > 0)"
}

func like(a *db.Args, typed string) string {
	typed = strings.TrimSpace(typed)
	if gram.Key(typed) == "" {
		return ""
	}
	l := a.Add(gram.Query(typed).Like())
	return " AND (c.title_key LIKE " + l + " ESCAPE '!' OR c.no = " + a.Add(typed) + " OR EXISTS (SELECT 1 FROM project_partner p JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.org_id WHERE p.tenant_id = c.tenant_id AND p.project_id = c.id AND p.state <> 'left' AND o.name_key LIKE " +
		l + " ESCAPE '!'))"
}

func (s *Service) where(a *db.Args, actor authz.Actor, f Filter) string {
	today := s.today().String()
	w := seeing(a, actor) + like(a, f.Text)
	if f.Community != 0 {
		w += " AND m.path LIKE (SELECT u.path FROM organisation u WHERE u.tenant_id = c.tenant_id AND u.id = " + a.Add(f.Community) + ") || '%'"
	}
	if f.Unit != 0 {
		w += " AND EXISTS (SELECT 1 FROM project_partner p WHERE p.tenant_id = c.tenant_id AND p.project_id = c.id AND p.state <> 'left' AND p.org_id = " + a.Add(f.Unit) + ")"
	}
	if f.Programme != 0 {
		w += " AND c.programme_id <> 0 AND c.programme_id = " + a.Add(f.Programme)
	}
	if f.Kind != "" {
		w += " AND c.kind = " + a.Add(string(f.Kind))
	}
	if f.State != "" {
		w += " AND c.state = " + a.Add(string(f.State))
	}
	if f.Ended != 0 {
		w += " AND c.ended_on >= " + a.Add(calendar.On(f.Ended, 1, 1).String()) + " AND c.ended_on <= " + a.Add(calendar.On(f.Ended, 12, 31).String())
	}
	if f.Late {
		w += " AND " + late(a.Add(today))
	}
	if f.Wait != "" {
		w += " AND " + s.waits(a, actor, f.Wait)
	}
	return w
}

// List gives projects in sight, the newest first.
func (s *Service) List(ctx context.Context, actor authz.Actor, f Filter) (db.List[Row], error) {
	return s.list(ctx, actor.Tenant, f.Page, func(a *db.Args) string { return s.where(a, actor, f) })
}

func (s *Service) list(ctx context.Context, tenant int64, page db.Page, where func(a *db.Args) string) (db.List[Row], error) {
	a := &db.Args{}
	today := a.Add(s.today().String())
	fields := columns + ", " + count("") + ", " + count(" AND t.state = 'done'") + ", CASE WHEN c.state = 'running' THEN " + count(" AND t.state = 'open' AND t.due_on < "+today) + " ELSE 0 END, " + planned + ", " + spent
	w := where(a)
	keys, tail := a.Keyset(page, db.Order{IDColumn: "c.id", Desc: true})
	rows, err := db.All(ctx, s.db, func(r *Row) []any { return append(r.Project.dest(), &r.Steps, &r.Done, &r.Late, &r.Planned, &r.Spent) }, "SELECT "+fields+joined+w+keys+tail, a.Values()...)
	if err != nil {
		return db.List[Row]{}, err
	}
	l := db.Cut(rows, page, func(r Row) db.Cursor { return db.Cursor{ID: r.ID} })
	ids := make([]id.ID, len(l.Items))
	for i, r := range l.Items {
		ids[i] = r.ID
	}
	all, err := partners(ctx, s.db, tenant, ids)
	for i := range l.Items {
		l.Items[i].Partners = all[l.Items[i].ID]
	}
	return l, err
}

// Summary counts projects, with their money.
type Summary struct {
	Draft, Proposed, Running, Finished, Late int64 // Finished: this year
	Sum                                            // of those that run
}

// Summary counts what the actor sees, by the community of a filter.
func (s *Service) Summary(ctx context.Context, actor authz.Actor, f Filter) (m Summary, err error) {
	f = Filter{Community: f.Community}
	a := &db.Args{}
	today, year := a.Add(s.today().String()), a.Add(calendar.On(s.today().Year(), 1, 1).String())
	sum := func(cond, value string) string {
		return "CAST(coalesce(sum(CASE WHEN " + cond + " THEN " + value + " ELSE 0 END), 0) AS BIGINT)"
	}
	fields := strings.Join([]string{sum("c.state = 'draft'", "1"), sum("c.state = 'proposed'", "1"), sum("c.state = 'running'", "1"), sum("c.state = 'finished' AND c.ended_on >= "+year, "1"), sum(late(today), "1"),
		sum("c.state = 'running'", planned), sum("c.state = 'running'", spent)}, ", ")
	return db.One(ctx, s.db, func(m *Summary) []any {
		return []any{&m.Draft, &m.Proposed, &m.Running, &m.Finished, &m.Late, &m.Planned, &m.Spent}
	}, "SELECT "+fields+joined+s.where(a, actor, f), a.Values()...)
}

// Detail is a project with all that belongs to it.
type Detail struct {
	Project
	Needs      []Need
	Steps      []Step
	Lines      []Line
	Expenses   []Expense
	Changes    []Change
	Resources  []Resource
	Activities []Activity
	People     []Person // for who acts in it, and agreed; otherwise Persons counts them
	Persons    int
	Entries    []Entry
	Acts       []id.ID // the organisations of it for which the actor acts
	Mute       []id.ID // organisations of which nobody could act: the community does for them
}

// Money sums what was planned and spent.
func (d *Detail) Money() (m Sum) {
	for _, l := range d.Lines {
		if !l.Dropped {
			m.Planned += l.Amount
		}
		m.Spent += l.Spent
	}
	return m
}

// ActsFor says that the actor acts for an organisation: as one of its people, or (instead) as the community for a unit of which nobody could.
func (d *Detail) ActsFor(org id.ID) (may, instead bool) {
	if slices.Contains(d.Acts, org) {
		return true, false
	}
	if slices.Contains(d.Acts, d.CommunityID) && slices.Contains(d.Mute, org) {
		return true, true
	}
	return false, false
}

// Leads is the organisation for which the actor leads the project; 0 where they do not.
func (d *Detail) Leads() id.ID {
	for _, o := range []id.ID{d.CommunityID, d.LeadID} {
		if slices.Contains(d.Acts, o) {
			return o
		}
	}
	return 0
}

// acting are the organisations of a project for which an actor acts, the community first.
func acting(actor authz.Actor, p *Project) (out []id.ID) {
	scope := acts(actor)
	if scope.Covers(p.CommunityID) {
		out = append(out, p.CommunityID)
	}
	for _, x := range p.In() {
		if x.OrgID != p.CommunityID && scope.Covers(x.OrgID) {
			out = append(out, x.OrgID)
		}
	}
	return out
}

// Get opens a project in sight.
func (s *Service) Get(ctx context.Context, actor authz.Actor, project id.ID) (d Detail, err error) {
	return d, s.db.View(ctx, func(tx *db.Tx) error {
		if d.Project, err = find(ctx, tx, actor, project); err != nil {
			return err
		}
		t := actor.Tenant
		if d.Needs, err = needs(ctx, tx, t, project); err != nil {
			return err
		}
		if d.Steps, err = steps(ctx, tx, t, project); err != nil {
			return err
		}
		if d.Lines, err = lines(ctx, tx, t, project); err != nil {
			return err
		}
		if d.Changes, err = changes(ctx, tx, t, project); err != nil {
			return err
		}
		if d.Resources, err = resources(ctx, tx, t, project); err != nil {
			return err
		}
		if d.Activities, err = activities(ctx, tx, t, project); err != nil {
			return err
		}
		if d.Entries, err = entries(ctx, tx, t, project); err != nil {
			return err
		}
		var units []id.ID
		for _, x := range d.In() {
			units = append(units, x.OrgID)
		}
		d.Acts = acting(actor, &d.Project)
		if d.Mute, err = mute(ctx, tx, t, units, calendar.DateOf(tx.Now())); err != nil {
			return err
		}
		if d.People, err = s.people(ctx, tx, t, project); err != nil {
			return err
		}
		d.Persons = len(d.People)
		inside := d.Leads() != 0 || slices.ContainsFunc(d.Acts, func(o id.ID) bool { // a partner that has not agreed is not in it yet
			x, ok := d.Partner(o)
			return ok && x.State == Agreed
		})
		if !inside {
			d.People = nil
		}
		if d.Expenses, err = db.All(ctx, tx, (*Expense).dest, "SELECT "+expenseColumns+expenseJoined+"x.tenant_id = $1 AND x.project_id = $2 ORDER BY x.id DESC LIMIT 200", t, project); err != nil {
			return err
		}
		for i := range d.Expenses {
			if err := s.opened(&d.Expenses[i], inside); err != nil {
				return err
			}
		}
		return nil
	})
}

// OfNeed is the project that answers a need, where the actor sees it.
func (s *Service) OfNeed(ctx context.Context, actor authz.Actor, need id.ID) (Project, bool, error) {
	a := &db.Args{}
	w := seeing(a, actor) + " AND EXISTS (SELECT 1 FROM project_need y WHERE y.tenant_id = c.tenant_id AND y.project_id = c.id AND y.live = TRUE AND y.need_id = " + a.Add(need) + ")"
	p, err := db.One(ctx, s.db, (*Project).dest, "SELECT "+columns+joined+w, a.Values()...)
	if errs.KindOf(err) == errs.NotFound {
		return p, false, nil
	}
	return p, err == nil, err
}

// FreeNeed is a need that a project may answer.
type FreeNeed struct {
	ID    id.ID
	No    string
	Title string
}

// FreeNeeds are the needs of the community of a project that no project answers, to choose from (who leads it).
func (s *Service) FreeNeeds(ctx context.Context, actor authz.Actor, project id.ID) ([]FreeNeed, error) {
	p, err := find(ctx, s.db, actor, project)
	if err != nil || !acts(actor).Covers(p.CommunityID) && !acts(actor).Covers(p.LeadID) {
		return nil, err
	}
	return db.All(ctx, s.db, func(n *FreeNeed) []any { return []any{&n.ID, &n.No, &n.Title} }, `SELECT n.id, n.no, n.title FROM need n JOIN organisation b ON b.tenant_id = n.tenant_id AND b.id = n.community_id
		JOIN organisation v ON v.tenant_id = n.tenant_id AND v.id = $2 WHERE n.tenant_id = $1 AND substr(b.path, 1, length(v.path)) = v.path AND n.state IN ('open', 'taken', 'delivered')
		AND NOT EXISTS (SELECT 1 FROM project_need y WHERE y.tenant_id = n.tenant_id AND y.need_id = n.id AND y.live = TRUE) ORDER BY n.id DESC LIMIT 100`, actor.Tenant, p.CommunityID)
}

// Choice is somebody or a team to choose.
type Choice struct {
	ID    id.ID
	OrgID id.ID
	Name  string
}

// Teams are the teams of the organisations of a project for which the actor acts.
func (s *Service) Teams(ctx context.Context, actor authz.Actor, project id.ID) ([]Choice, error) {
	p, err := find(ctx, s.db, actor, project)
	own := acting(actor, &p)
	if err != nil || len(own) == 0 {
		return nil, err
	}
	a := &db.Args{}
	return db.All(ctx, s.db, func(c *Choice) []any { return []any{&c.ID, &c.OrgID, &c.Name} }, "SELECT v.id, CASE WHEN v.unit_id <> 0 THEN v.unit_id ELSE v.org_id END, v.name FROM volunteer_team v WHERE v.tenant_id = "+a.Add(actor.Tenant)+
		" AND v.ended_on = '' AND ("+db.In(a, "v.org_id", own)+" OR "+db.In(a, "v.unit_id", own)+") ORDER BY v.name, v.id LIMIT 200", a.Values()...)
}

// Todo is a step with the project that it belongs to.
type Todo struct {
	Step
	ProjectID id.ID
	Project   string
	Community string
}

// Todos are the open steps of running projects for which organisations of the actor are responsible, what is overdue in front.
func (s *Service) Todos(ctx context.Context, actor authz.Actor) ([]Todo, error) {
	a := &db.Args{}
	w := acts(actor).Where(a, authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.org_id"}})
	return db.All(ctx, s.db, func(t *Todo) []any { return append(t.Step.dest(), &t.ProjectID, &t.Project, &t.Community) }, "SELECT "+stepColumns+", c.id, c.title, "+reference.Label("m")+` FROM project_step t
		JOIN project c ON c.tenant_id = t.tenant_id AND c.id = t.project_id AND c.state = 'running'
		LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.org_id LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id
		WHERE `+w+" AND t.state = 'open' ORDER BY t.due_on, t.id LIMIT 50", a.Values()...)
}

// Public is a project as everybody may read it: no persons, no money.
type Public struct {
	ID                id.ID
	Title, Goal       string
	Community, Result string
	Partners          []string
	Kind              Kind
	State             State
	From, To          calendar.Date
	Steps, Done       int64
}

// Public gives the projects of a tenant that run or are finished; numbers that could lead to somebody are masked.
func (s *Service) Public(ctx context.Context, tenant int64, community id.ID, state State, page db.Page) (db.List[Public], error) {
	l, err := s.list(ctx, tenant, page, func(a *db.Args) string {
		w := "c.tenant_id = " + a.Add(tenant) + " AND c.state IN ('running', 'finished')"
		if community != 0 {
			w += " AND c.community_id = " + a.Add(community)
		}
		if state != "" {
			w += " AND c.state = " + a.Add(string(state))
		}
		return w
	})
	out := db.List[Public]{Next: l.Next, Prev: l.Prev}
	for _, r := range l.Items {
		v := Public{ID: r.ID, Community: r.Community, Kind: r.Kind, State: r.State, From: r.From, To: r.To, Steps: r.Steps, Done: r.Done}
		v.Title, _ = s.mask(r.Title)
		v.Goal, _ = s.mask(r.Goal)
		v.Result, _ = s.mask(r.Result)
		for _, x := range r.Partners {
			if x.State == Agreed && x.OrgID != r.CommunityID {
				v.Partners = append(v.Partners, x.Name)
			}
		}
		out.Items = append(out.Items, v)
	}
	return out, err
}
