package meeting

import (
	"context"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/reference"
)

var topicSelect = `SELECT t.id, t.owner_id, t.body_id, CASE WHEN t.body_id <> 0 THEN coalesce(b.name, '') ELSE ` + reference.Label("o") + ` END, t.organisation_id, ` + reference.Label("u") + `, t.title, t.detail, t.state, t.meeting_id,
	coalesce(m.title, ''), t.answer, coalesce(k.name, ''), t.raised_at FROM meeting_topic t
	LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.owner_id
	LEFT JOIN body b ON b.tenant_id = t.tenant_id AND b.id = t.body_id AND t.body_id <> 0
	LEFT JOIN organisation u ON u.tenant_id = t.tenant_id AND u.id = t.organisation_id
	LEFT JOIN meeting m ON m.tenant_id = t.tenant_id AND m.id = t.meeting_id AND t.meeting_id <> 0
	LEFT JOIN account k ON k.tenant_id = t.tenant_id AND k.id = t.raised_by AND t.raised_by <> 0 WHERE `

func (t *Topic) dest() []any {
	return []any{&t.ID, &t.OwnerID, &t.BodyID, &t.HolderName, &t.OrganisationID, &t.Organisation, &t.Title, &t.Detail, &t.State, &t.MeetingID, &t.MeetingTitle, &t.Answer, &t.By, db.Instant(&t.At)}
}

// findTopic reads a topic that an organisation in scope leads the meeting of, or (raised) raised itself.
func findTopic(ctx context.Context, q db.Querier, scope authz.Scope, raised bool, topic id.ID) (Topic, error) {
	column := "t.owner_id"
	if raised {
		column = "t.organisation_id"
	}
	a := &db.Args{}
	return db.One(ctx, q, (*Topic).dest, topicSelect+scope.Where(a, authz.Columns{Tenant: "t.tenant_id", Orgs: []string{column}})+" AND t.id = "+a.Add(topic), a.Values()...)
}

func insertTopic(ctx context.Context, tx *db.Tx, actor authz.Actor, t Topic) error {
	_, err := tx.Exec(ctx, `INSERT INTO meeting_topic (tenant_id, id, owner_id, body_id, organisation_id, title, detail, state, raised_by, raised_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)`,
		actor.Tenant, t.ID, t.OwnerID, t.BodyID, t.OrganisationID, t.Title, t.Detail, t.State, actor.AccountID, db.Micros(tx.Now()))
	return err
}

func saveTopic(ctx context.Context, tx *db.Tx, tenant int64, t Topic) error {
	return tx.Update(ctx, "UPDATE meeting_topic SET state = $1, meeting_id = $2, answer = $3 WHERE tenant_id = $4 AND id = $5", t.State, t.MeetingID, t.Answer, tenant, t.ID)
}

// freeTopics lets what was on the agenda of a meeting wait again.
func freeTopics(ctx context.Context, tx *db.Tx, tenant int64, meeting id.ID) error {
	_, err := tx.Exec(ctx, "UPDATE meeting_topic SET state = 'raised', meeting_id = 0 WHERE tenant_id = $1 AND meeting_id = $2 AND state = 'agenda'", tenant, meeting)
	return err
}

// mayRaise says whether an organisation can raise a topic there: it sits in the body or leads it, or it is the organisation, stands below it or
// lies in it.
func mayRaise(ctx context.Context, q db.Querier, tenant int64, t Topic) (bool, error) {
	if t.OrganisationID == t.OwnerID {
		return true, nil
	}
	query, args := `SELECT count(*) FROM organisation u JOIN organisation o ON o.tenant_id = u.tenant_id AND o.id = $1
		WHERE u.tenant_id = $2 AND u.id = $3 AND (u.community_id = o.id OR substr(u.path, 1, length(o.path)) = o.path)`, []any{t.OwnerID, tenant, t.OrganisationID}
	if t.BodyID != 0 {
		query, args = "SELECT count(*) FROM body_seat WHERE tenant_id = $1 AND body_id = $2 AND organisation_id = $3 AND valid_to = ''", []any{tenant, t.BodyID, t.OrganisationID}
	}
	n, err := db.Value[int64](ctx, q, query, args...)
	return n > 0, err
}

// mayTake says whether a meeting can give a task to an organisation: its holder, one with a seat in the body, or one that stands below the holder or lies in
// it.
func mayTake(ctx context.Context, q db.Querier, tenant int64, m Meeting, organisation id.ID) (bool, error) {
	return mayRaise(ctx, q, tenant, Topic{Holder: m.Holder, OrganisationID: organisation})
}

func agenda(ctx context.Context, q db.Querier, tenant int64, meeting id.ID) ([]Topic, error) {
	return db.All(ctx, q, (*Topic).dest, topicSelect+"t.tenant_id = $1 AND t.meeting_id = $2 ORDER BY t.id", tenant, meeting)
}

func raised(ctx context.Context, q db.Querier, tenant int64, h Holder) ([]Topic, error) {
	return db.All(ctx, q, (*Topic).dest, topicSelect+"t.tenant_id = $1 AND t.owner_id = $2 AND t.body_id = $3 AND t.state = 'raised' ORDER BY t.id LIMIT 200", tenant, h.OwnerID, h.BodyID)
}

// TopicFilter narrows the list of topics; zero fields do not filter.
type TopicFilter struct {
	State TopicState
	Holder
	Organisation id.ID // that raised it
	Page         db.Page
}

// Topics gives the topics in sight, the latest first: raised by organisations in scope, or for meetings that they lead or sit in.
func (s *Service) Topics(ctx context.Context, actor authz.Actor, f TopicFilter) (db.List[Topic], error) {
	a, scope := &db.Args{}, seeing(actor)
	w := "(" + within(a, scope, "t") + " OR (" + scope.Where(a, authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.organisation_id"}}) + "))"
	if f.State != "" {
		w += " AND t.state = " + a.Add(string(f.State))
	}
	if f.OwnerID != 0 {
		w += " AND t.owner_id = " + a.Add(f.OwnerID)
	}
	if f.BodyID != 0 {
		w += " AND t.body_id = " + a.Add(f.BodyID)
	}
	if f.Organisation != 0 {
		w += " AND t.organisation_id = " + a.Add(f.Organisation)
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "t.id", Desc: true})
	rows, err := db.All(ctx, s.db, (*Topic).dest, topicSelect+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Topic]{}, err
	}
	return db.Cut(rows, f.Page, func(t Topic) db.Cursor { return db.Cursor{ID: t.ID} }), nil
}

func insertResolution(ctx context.Context, tx *db.Tx, actor authz.Actor, meeting id.ID, r Resolution) error {
	_, err := tx.Exec(ctx, `INSERT INTO meeting_resolution (tenant_id, id, meeting_id, topic_id, text, eligible, present, yes, passed, decided_by, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11)`,
		actor.Tenant, r.ID, meeting, r.TopicID, r.Text, r.Eligible, r.Present, r.Yes, r.Passed, actor.AccountID, db.Micros(tx.Now()))
	return err
}

// resolutionOf says whether a resolution of a meeting passed; one of another meeting is not found.
func resolutionOf(ctx context.Context, q db.Querier, tenant int64, meeting, resolution id.ID) (bool, error) {
	return db.One(ctx, q, func(b *bool) []any { return []any{b} }, "SELECT passed FROM meeting_resolution WHERE tenant_id = $1 AND meeting_id = $2 AND id = $3", tenant, meeting, resolution)
}

// resolutions gives what a meeting decided, each with its tasks.
func resolutions(ctx context.Context, q db.Querier, tenant int64, meeting id.ID) ([]Resolution, error) {
	list, err := db.All(ctx, q, func(r *Resolution) []any {
		return []any{&r.ID, &r.TopicID, &r.Topic, &r.Text, &r.Eligible, &r.Present, &r.Yes, &r.Passed, &r.By, db.Instant(&r.At)}
	}, `SELECT r.id, r.topic_id, coalesce(t.title, ''), r.text, r.eligible, r.present, r.yes, r.passed, coalesce(k.name, ''), r.at FROM meeting_resolution r
		LEFT JOIN meeting_topic t ON t.tenant_id = r.tenant_id AND t.id = r.topic_id AND r.topic_id <> 0
		LEFT JOIN account k ON k.tenant_id = r.tenant_id AND k.id = r.decided_by AND r.decided_by <> 0
		WHERE r.tenant_id = $1 AND r.meeting_id = $2 ORDER BY r.id`, tenant, meeting)
	if err != nil {
		return nil, err
	}
	at := map[id.ID]int{}
	for i, r := range list {
		at[r.ID] = i
	}
	type row struct {
		Task
		resolution id.ID
	}
	return list, db.Each(ctx, q, func(r *row) []any { return append(r.Task.dest(), &r.resolution) }, func(r row) error {
		if i, ok := at[r.resolution]; ok {
			list[i].Tasks = append(list[i].Tasks, r.Task)
		}
		return nil
	}, taskSelect+", x.resolution_id"+taskFrom+"x.tenant_id = $1 AND x.meeting_id = $2 ORDER BY x.id", tenant, meeting)
}

var taskSelect = `SELECT x.id, x.meeting_id, coalesce(m.title, ''), x.owner_id, x.body_id, CASE WHEN x.body_id <> 0 THEN coalesce(b.name, '') ELSE ` + reference.Label("o") + ` END, x.organisation_id, ` + reference.Label("u") +
	`, x.title, x.due_on, x.state, x.note, x.done_on, x.version`

const taskFrom = ` FROM meeting_task x
	LEFT JOIN meeting m ON m.tenant_id = x.tenant_id AND m.id = x.meeting_id
	LEFT JOIN organisation o ON o.tenant_id = x.tenant_id AND o.id = x.owner_id
	LEFT JOIN body b ON b.tenant_id = x.tenant_id AND b.id = x.body_id AND x.body_id <> 0
	LEFT JOIN organisation u ON u.tenant_id = x.tenant_id AND u.id = x.organisation_id WHERE `

func (t *Task) dest() []any {
	return []any{&t.ID, &t.MeetingID, &t.MeetingTitle, &t.OwnerID, &t.BodyID, &t.HolderName, &t.OrganisationID, &t.Organisation, &t.Title, &t.DueOn, &t.State, &t.Note, &t.DoneOn, &t.Version}
}

func insertTask(ctx context.Context, tx *db.Tx, actor authz.Actor, m Meeting, resolution id.ID, t Task) error {
	_, err := tx.Exec(ctx, `INSERT INTO meeting_task (tenant_id, id, resolution_id, meeting_id, owner_id, body_id, organisation_id, title, due_on, state, created_by, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`, actor.Tenant, t.ID, resolution, m.ID, m.OwnerID, m.BodyID, t.OrganisationID, t.Title, t.DueOn, t.State, actor.AccountID, db.Micros(tx.Now()))
	return err
}

// findTask reads a task that an organisation in scope gave, or (own) has to do.
func findTask(ctx context.Context, q db.Querier, scope authz.Scope, own bool, task id.ID) (Task, error) {
	column := "x.owner_id"
	if own {
		column = "x.organisation_id"
	}
	a := &db.Args{}
	return db.One(ctx, q, (*Task).dest, taskSelect+taskFrom+scope.Where(a, authz.Columns{Tenant: "x.tenant_id", Orgs: []string{column}})+" AND x.id = "+a.Add(task), a.Values()...)
}

// saveTask writes where a task stands and adds the word on it to its history.
func saveTask(ctx context.Context, tx *db.Tx, actor authz.Actor, t Task) error {
	if err := tx.Update(ctx, "UPDATE meeting_task SET state = $1, note = $2, done_on = $3, version = version + 1 WHERE tenant_id = $4 AND id = $5 AND version = $6",
		t.State, t.Note, t.DoneOn, actor.Tenant, t.ID, t.Version); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "INSERT INTO meeting_progress (tenant_id, id, task_id, state, note, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7)",
		actor.Tenant, id.New(), t.ID, t.State, t.Note, actor.AccountID, db.Micros(tx.Now()))
	return err
}

// openBefore are the tasks of a holder's earlier meetings that are not done: the meeting opens with them.
func openBefore(ctx context.Context, q db.Querier, tenant int64, m Meeting) ([]Task, error) {
	return db.All(ctx, q, (*Task).dest, taskSelect+taskFrom+`x.tenant_id = $1 AND x.owner_id = $2 AND x.body_id = $3 AND x.state IN ('open', 'reported') AND x.meeting_id <> $4
		AND m.starts_at < $5 ORDER BY x.due_on, x.id LIMIT 200`, tenant, m.OwnerID, m.BodyID, m.ID, db.Micros(m.StartsAt))
}

// TaskFilter narrows the list of tasks; zero fields do not filter.
type TaskFilter struct {
	State        TaskState
	Unfinished   bool // open or reported
	Late         bool // unfinished, its day past
	Organisation id.ID
	Holder
	Page db.Page
}

// Tasks gives the tasks in sight by their day: of organisations in scope, or given by meetings that they lead or sit in.
func (s *Service) Tasks(ctx context.Context, actor authz.Actor, f TaskFilter) (db.List[Task], error) {
	a, scope := &db.Args{}, seeing(actor)
	w := "(" + within(a, scope, "x") + " OR (" + scope.Where(a, authz.Columns{Tenant: "x.tenant_id", Orgs: []string{"x.organisation_id"}}) + "))"
	if f.State != "" {
		w += " AND x.state = " + a.Add(string(f.State))
	}
	if f.Unfinished || f.Late {
		w += " AND x.state IN ('open', 'reported')"
	}
	if f.Late {
		w += " AND x.due_on < " + a.Add(s.today())
	}
	if f.Organisation != 0 {
		w += " AND x.organisation_id = " + a.Add(f.Organisation)
	}
	if f.OwnerID != 0 {
		w += " AND x.owner_id = " + a.Add(f.OwnerID)
	}
	if f.BodyID != 0 {
		w += " AND x.body_id = " + a.Add(f.BodyID)
	}
	page, tail := a.Keyset(f.Page, db.Order{Column: "x.due_on", IDColumn: "x.id"})
	rows, err := db.All(ctx, s.db, (*Task).dest, taskSelect+taskFrom+w+page+tail, a.Values()...)
	if err != nil {
		return db.List[Task]{}, err
	}
	return db.Cut(rows, f.Page, func(t Task) db.Cursor { return db.Cursor{Key: t.DueOn.String(), ID: t.ID} }), nil
}

// TaskDetail is a task with what was said about it and what the actor can do.
type TaskDetail struct {
	Task
	Progress []Progress // the latest first
	Reports  bool       // the actor answers for the organisation that has it
	Settles  bool       // the actor leads the meeting
	Today    calendar.Date
}

// Task gives one task in sight.
func (s *Service) Task(ctx context.Context, actor authz.Actor, task id.ID) (TaskDetail, error) {
	a, scope := &db.Args{}, seeing(actor)
	w := "(" + within(a, scope, "x") + " OR (" + scope.Where(a, authz.Columns{Tenant: "x.tenant_id", Orgs: []string{"x.organisation_id"}}) + ")) AND x.id = " + a.Add(task)
	t, err := db.One(ctx, s.db, (*Task).dest, taskSelect+taskFrom+w, a.Values()...)
	if err != nil {
		return TaskDetail{}, err
	}
	out := TaskDetail{Task: t, Today: s.today(), Reports: actor.Scope(PermRaise).Covers(t.OrganisationID), Settles: actor.Scope(PermPlan).Covers(t.OwnerID)}
	out.Progress, err = db.All(ctx, s.db, func(p *Progress) []any { return []any{&p.State, &p.Note, &p.By, db.Instant(&p.At)} },
		`SELECT p.state, p.note, coalesce(k.name, ''), p.at FROM meeting_progress p LEFT JOIN account k ON k.tenant_id = p.tenant_id AND k.id = p.account_id AND p.account_id <> 0
		WHERE p.tenant_id = $1 AND p.task_id = $2 ORDER BY p.id DESC LIMIT 100`, actor.Tenant, task)
	return out, err
}
