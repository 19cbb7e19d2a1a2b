package casework

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

const kindColumns = "k.code, k.name, k.name_en, k.list, k.fields, k.days, k.hours, k.urgent_hours, k.open_to_all, k.confidential, k.rank, k.retired, k.by_technician, k.version, k.georeport, k.visibility, k.petition, k.steps"

func (k *Kind) dest() []any {
	return []any{&k.Code, &k.Name, &k.NameEN, &k.List, fieldsColumn{&k.Fields}, &k.Days, &k.Hours, &k.UrgentHours, &k.OpenToAll, &k.Confidential, &k.Rank, &k.Retired, &k.ByTechnician, &k.Version, &k.Georeport, &k.Visibility, &k.Petition, stepsColumn{&k.Steps}}
}

func kinds(ctx context.Context, q db.Querier, tenant int64) ([]Kind, error) {
	return db.All(ctx, q, (*Kind).dest, "SELECT "+kindColumns+" FROM case_kind k WHERE k.tenant_id = $1 ORDER BY k.rank, k.code", tenant)
}

func findKind(ctx context.Context, q db.Querier, tenant int64, code string) (Kind, error) {
	return db.One(ctx, q, (*Kind).dest, "SELECT "+kindColumns+" FROM case_kind k WHERE k.tenant_id = $1 AND k.code = $2", tenant, code)
}

func insertKinds(ctx context.Context, tx *db.Tx, tenant int64, list []Kind) error {
	return tx.InsertMany(ctx, "case_kind", []string{"tenant_id", "code", "name", "name_en", "list", "fields", "days", "hours", "urgent_hours", "open_to_all", "confidential", "rank", "retired", "georeport", "by_technician", "visibility", "petition", "steps"},
		len(list), func(i int) []any {
			k := list[i]
			return []any{tenant, k.Code, k.Name, k.NameEN, k.List, encodeJSON(k.Fields), k.Days, k.Hours, k.UrgentHours, k.OpenToAll, k.Confidential, k.Rank, k.Retired, k.Georeport, k.ByTechnician, string(k.Visibility), k.Petition, encodeJSON(k.Steps)}
		})
}

func saveKind(ctx context.Context, tx *db.Tx, tenant int64, k Kind) error {
	return tx.Update(ctx, `UPDATE case_kind SET name = $1, name_en = $2, fields = $3, days = $4, hours = $5, urgent_hours = $6, open_to_all = $7, retired = $8, georeport = $9,
		by_technician = $10, visibility = $11, confidential = $12, petition = $13, steps = $14, version = version + 1 WHERE tenant_id = $15 AND code = $16 AND version = $17`, k.Name, k.NameEN, encodeJSON(k.Fields), k.Days, k.Hours, k.UrgentHours,
		k.OpenToAll, k.Retired, k.Georeport, k.ByTechnician, string(k.Visibility), k.Confidential, k.Petition, encodeJSON(k.Steps), tenant, k.Code, k.Version)
}

// item is what a case needs to know of its category.
type item struct {
	id            id.ID
	list, name    string
	nameEN        string
	class         string
	days, hours   int64
	level         string
	open, retired bool
	edition       int64
}

func findItem(ctx context.Context, q db.Querier, tenant int64, i id.ID) (item, error) {
	return db.One(ctx, q, func(t *item) []any {
		return []any{&t.id, &t.list, &t.name, &t.class, &t.days, &t.hours, &t.level, &t.open, &t.retired, &t.edition}
	}, `SELECT i.id, i.list, i.name, i.class_code, i.days, i.hours, i.level, i.public, i.retired, i.edition FROM catalogue_item i WHERE i.tenant_id = $1 AND i.id = $2`, tenant, i)
}

// place is where something happened: the community that answers for it, and within it a grid or the position of a building.
type place struct {
	community org
	grid      id.ID
	x, y      int64
}

// findPlace reads a community and, where one is given, a building or a grid in it.
func findPlace(ctx context.Context, q db.Querier, tenant int64, community, building, grid id.ID) (p place, err error) {
	p.community, err = db.One(ctx, q, (*org).dest, "SELECT "+orgColumns+" FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2 AND o.kind = 'community_party'", tenant, community)
	if err != nil || building == 0 && grid == 0 {
		return p, err
	}
	if building == 0 {
		_, err = db.One(ctx, q, func(*place) []any { return []any{&p.grid} },
			`SELECT g.id FROM grid g WHERE g.tenant_id = $1 AND g.id = $2 AND g.community_id = $3 AND g.ended_on = ''`, tenant, grid, community)
		return p, err
	}
	_, err = db.One(ctx, q, func(*place) []any { return []any{&p.grid, &p.x, &p.y} },
		`SELECT b.grid_id, b.x, b.y FROM building b WHERE b.tenant_id = $1 AND b.id = $2 AND b.community_id = $3 AND b.ended_on = ''`, tenant, building, community)
	return p, err
}

// communityOf is the community in which a building stands.
func communityOf(ctx context.Context, q db.Querier, tenant int64, building id.ID) (id.ID, error) {
	return db.One(ctx, q, func(c *id.ID) []any { return []any{c} }, "SELECT b.community_id FROM building b WHERE b.tenant_id = $1 AND b.id = $2 AND b.ended_on = ''", tenant, building)
}

// org is what a step needs to know of an organisation.
type org struct {
	id, parent id.ID
	name, path string
	kind       string
	over       bool
}

func (o *org) dest() []any { return []any{&o.id, &o.parent, &o.name, &o.path, &o.kind, &o.over} }

var orgColumns = "o.id, o.parent_id, " + reference.Label("o") + ", o.path, o.kind, CASE WHEN o.dissolved_on <> '' THEN TRUE ELSE FALSE END"

func findOrg(ctx context.Context, q db.Querier, tenant int64, o id.ID) (org, error) {
	return db.One(ctx, q, (*org).dest, "SELECT "+orgColumns+" FROM organisation o WHERE o.tenant_id = $1 AND o.id = $2", tenant, o)
}

// within says whether an organisation is another one or stands below it.
func (o org) within(other id.ID) bool {
	return other != 0 && (o.id == other || strings.Contains(o.path, "/"+other.String()+"/"))
}

// row is a case with its sealed columns as they are stored.
type row struct {
	Case
	item, itemEN, kind, kindEN string
	body, result               []byte
	place, answers             []byte
	reporter, phone            []byte
}

var columns = `c.tenant_id, c.id, c.no, c.kind_code, coalesce(k.name, ''), coalesce(k.name_en, ''), c.item_id, coalesce(i.name, ''), coalesce(i.name_en, ''), c.item_edition,
	c.community_id, ` + reference.Label("m") + `, c.grid_id, c.building_id, coalesce(b.name, ''), c.place, c.x, c.y, c.title, c.body, c.answers, c.channel, c.entered_by,
	c.reporter, c.phone, c.person_id, c.about_id, ` + reference.Label("a") + `, c.urgent, c.confidential, c.state, c.org_id, ` +
	reference.Label("o") + `, c.dispatched_by, c.handler_id, coalesce(h.name, ''), c.happened_at, c.received_at, c.accepted_at, c.dispatched_at, c.started_at,
	c.done_at, c.closed_at, c.clock_at, c.limit_days, c.limit_hours, c.extended, c.extension, c.extension_days, c.extension_by, c.due_at, c.sign_due_at, c.respond_at, c.late, c.provisional, c.suspended_at, c.outcome, c.result, c.address,
	c.confirmed, c.solved, c.rating, c.rated_at, c.supervised_at, c.escalated_at, c.reopened, c.merged_id, coalesce(g.no, ''), c.topic_id, c.updated_at, coalesce(k.by_technician, FALSE), c.visibility, c.petition, c.review, c.extension_reason, c.version`

const joined = ` FROM service_case c
	LEFT JOIN case_kind k ON k.tenant_id = c.tenant_id AND k.code = c.kind_code
	LEFT JOIN catalogue_item i ON i.tenant_id = c.tenant_id AND i.id = c.item_id
	LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id
	LEFT JOIN organisation o ON o.tenant_id = c.tenant_id AND o.id = c.org_id
	LEFT JOIN organisation a ON a.tenant_id = c.tenant_id AND a.id = c.about_id AND c.about_id <> 0
	LEFT JOIN building b ON b.tenant_id = c.tenant_id AND b.id = c.building_id AND c.building_id <> 0
	LEFT JOIN account h ON h.tenant_id = c.tenant_id AND h.id = c.handler_id AND c.handler_id <> 0
	LEFT JOIN service_case g ON g.tenant_id = c.tenant_id AND g.id = c.merged_id AND c.merged_id <> 0
	WHERE `

func (r *row) dest() []any {
	c := &r.Case
	return []any{&c.tenant, &c.ID, &c.No, &c.KindCode, &r.kind, &r.kindEN, &c.ItemID, &r.item, &r.itemEN, &c.ItemEdition,
		&c.CommunityID, &c.Community, &c.GridID, &c.BuildingID, &c.Building, &r.place, &c.X, &c.Y, &c.Title, &r.body, &r.answers, &c.Channel, &c.EnteredBy,
		&r.reporter, &r.phone, &c.PersonID, &c.AboutID, &c.About, &c.Urgent, &c.Confidential, &c.State, &c.OrgID,
		&c.Org, &c.DispatchedBy, &c.HandlerID, &c.Handler, db.Instant(&c.HappenedAt), db.Instant(&c.ReceivedAt), db.Instant(&c.AcceptedAt), db.Instant(&c.DispatchedAt), db.Instant(&c.StartedAt),
		db.Instant(&c.DoneAt), db.Instant(&c.ClosedAt), db.Instant(&c.ClockAt), &c.LimitDays, &c.LimitHours, &c.Extended, &c.Extension, &c.ExtensionDays, &c.extensionBy, db.Instant(&c.DueAt),
		db.Instant(&c.SignDueAt), db.Instant(&c.respondAt), &c.Late, &c.Provisional, db.Instant(&c.SuspendedAt), &c.Outcome, &r.result, &c.Address,
		&c.Confirmed, &c.Solved, &c.Rating, db.Instant(&c.RatedAt), db.Instant(&c.SupervisedAt), db.Instant(&c.EscalatedAt), &c.Reopened, &c.MergedID, &c.MergedNo, &c.TopicID,
		db.Instant(&c.UpdatedAt), &c.ByTechnician, &c.Visibility, &c.Petition, &c.Review, &c.MoreFor, &c.Version}
}

// open opens what is sealed of a case, but for who reported it.
func (s *Service) open(r row) (Case, error) {
	c := r.Case
	c.Kind, c.Item = i18n.Both(r.kind, r.kindEN), i18n.Both(r.item, r.itemEN)
	c.HasReporter, c.HasPhone = len(r.reporter) > 0, len(r.phone) > 0
	var err error
	if c.Body, err = s.ring.Open("service_case", "body", c.ID, r.body); err != nil {
		return c, err
	}
	if c.Place, err = s.ring.Open("service_case", "place", c.ID, r.place); err != nil {
		return c, err
	}
	answers, err := s.ring.Open("service_case", "answers", c.ID, r.answers)
	if err != nil {
		return c, err
	}
	if answers != "" {
		if err := json.Unmarshal([]byte(answers), &c.Answers); err != nil {
			return c, err
		}
	}
	c.Result, err = s.ring.Open("service_case", "result", c.ID, r.result)
	return c, err
}

var (
	places   = authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.org_id", "c.community_id"}}
	handlers = authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.org_id"}}
)

// handling are the organisations that have a case or gave it out.
var handling = authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.org_id", "c.dispatched_by"}}

// visible is the condition that the actor may see a case, by the visibility that its kind had: of places and organisations in scope, or handled jointly by one in scope;
// of those for who handles them alone, at their own organisations; of a confidential kind those of their own organisations, where they may see such cases; of those for
// whoever handles it, what they handle, or nobody handles who may see such cases at the organisation that has it. An organisation that a case is about does not see it (CASE-8).
func (s *Service) visible(a *db.Args, actor authz.Actor) string { return Seen(a, actor, s.today()) }

// Seen is the condition for others who list cases (as c) on a day.
func Seen(a *db.Args, actor authz.Actor, today calendar.Date) string {
	see, closed := actor.Scope(PermSee), actor.Held(PermConfidential)
	open := "c.confidential = FALSE AND (" + see.Where(a, places) + joint(a, see) + ")"
	var strict []string
	if own := actor.Held(PermSee); !own.Empty() {
		strict = append(strict, "c.visibility = 'handling' AND ("+own.Where(a, handling)+joint(a, own)+")")
	}
	if !closed.Empty() {
		strict = append(strict, closed.Where(a, handlers)+" AND (c.visibility NOT IN ('handling', 'named') OR c.visibility = 'named' AND (c.handler_id = "+a.Add(actor.AccountID)+
			" AND c.handler_id <> 0 OR NOT "+holds(a, "c.tenant_id", "c.org_id", PermConfidential, today)+" AND k.id = c.handler_id AND c.handler_id <> 0)))")
	}
	if len(strict) > 0 {
		open = "(" + open + " OR c.confidential = TRUE AND (" + strings.Join(strict, " OR ") + "))"
	}
	return "c.tenant_id = " + a.Add(actor.Tenant) + " AND " + open + apart(a, actor)
}

// today is the day on which roles are held.
func (s *Service) today() calendar.Date { return calendar.DateOf(s.db.Now()) }

// apart is the condition, with a leading AND, that a case is not about an organisation where the actor works, in whatever role, or one above it.
func apart(a *db.Args, actor authz.Actor) string {
	seats := actor.Seats()
	if len(seats) == 0 {
		return ""
	}
	return " AND (c.about_id = 0 OR c.about_id NOT IN (SELECT q.id FROM organisation q JOIN organisation z ON z.tenant_id = q.tenant_id AND substr(z.path, 1, length(q.path)) = q.path WHERE q.tenant_id = " +
		a.Add(actor.Tenant) + " AND " + db.In(a, "z.id", seats) + "))"
}

// joint is the condition, with a leading OR, that an organisation in scope handles a case jointly.
func joint(a *db.Args, s authz.Scope) string {
	if s.Empty() || s.All() || len(s.Organisations()) == 0 {
		return ""
	}
	return " OR c.id IN (SELECT p.case_id FROM case_party p WHERE p.tenant_id = " + a.Add(s.Tenant()) + " AND " + db.In(a, "p.org_id", s.Organisations()) + ")"
}

// find reads a case that the actor may see.
func (s *Service) find(ctx context.Context, q db.Querier, actor authz.Actor, c id.ID) (row, error) {
	a := &db.Args{}
	where := s.visible(a, actor) + " AND c.id = " + a.Add(c)
	return db.One(ctx, q, (*row).dest, "SELECT "+columns+joined+where, a.Values()...)
}

// load reads a case of a tenant; the caller has found it by its code, or is the platform itself.
func load(ctx context.Context, q db.Querier, tenant int64, c id.ID) (row, error) {
	return db.One(ctx, q, (*row).dest, "SELECT "+columns+joined+"c.tenant_id = $1 AND c.id = $2", tenant, c)
}

// byCode reads the case of a code.
func (s *Service) byCode(ctx context.Context, q db.Querier, tenant int64, code string) (row, error) {
	return db.One(ctx, q, (*row).dest, "SELECT "+columns+joined+"c.tenant_id = $1 AND c.code_key = $2", tenant, s.ring.Index("case_code", code))
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, tenant int64, c *Case, in Report, code string) error {
	_, err := tx.Exec(ctx, `INSERT INTO service_case (tenant_id, id, no, kind_code, item_id, item_edition, community_id, grid_id, building_id, place, x, y, title, title_key, body, answers, channel,
		entered_by, reporter, phone, phone_key, person_id, code_key, about_id, urgent, confidential, state, org_id, received_at, accepted_at, clock_at, limit_days, limit_hours, due_at, provisional, respond_at, happened_at, resident_id, import_id, import_key, visibility, petition, dispatched_by, dispatched_at, sign_due_at, updated_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19,$20,$21,$22,$23,$24,$25,$26,$27,$28,$29,$30,$31,$32,$33,$34,$35,$36,$37,$38,$39,$40,$41,$42,$43,$44,$45,$29)`,
		tenant, c.ID, c.No, c.KindCode, c.ItemID, c.ItemEdition, c.CommunityID, c.GridID, c.BuildingID, s.ring.Seal("service_case", "place", c.ID, c.Place), c.X, c.Y, c.Title, titleKey(c.Title),
		s.ring.Seal("service_case", "body", c.ID, c.Body), s.ring.Seal("service_case", "answers", c.ID, encodeJSON(c.Answers)), c.Channel, c.EnteredBy, s.ring.Seal("service_case", "reporter", c.ID, in.who()),
		s.ring.Seal("service_case", "phone", c.ID, in.Phone), s.phoneKey(in.Phone), c.PersonID, s.ring.Index("case_code", code), c.AboutID, c.Urgent, c.Confidential, c.State, c.OrgID,
		db.Micros(c.ReceivedAt), db.Micros(c.AcceptedAt), db.Micros(c.ClockAt), c.LimitDays, c.LimitHours, db.Micros(c.DueAt), c.Provisional, db.Micros(c.respondAt), db.Micros(c.HappenedAt), in.ResidentID, in.importID, in.importKey,
		string(c.Visibility), c.Petition, c.DispatchedBy, db.Micros(c.DispatchedAt), db.Micros(c.SignDueAt))
	return err
}

func (s *Service) save(ctx context.Context, tx *db.Tx, tenant int64, c *Case) error {
	return tx.Update(ctx, `UPDATE service_case SET state = $1, org_id = $2, dispatched_by = $3, handler_id = $4, accepted_at = $5, dispatched_at = $6, started_at = $7, done_at = $8, closed_at = $9,
		clock_at = $10, extended = $11, extension = $12, extension_days = $13, due_at = $14, sign_due_at = $15, provisional = $16, suspended_at = $17, outcome = $18, result = $19, address = $20,
		confirmed = $21, solved = $22, rating = $23, rated_at = $24, supervised_at = $25, escalated_at = $26, reopened = $27, merged_id = $28, topic_id = $29, updated_at = $30, extension_by = $31,
		respond_at = $32, late = $33, limit_days = $37, review = $38, extension_reason = $39, version = version + 1 WHERE tenant_id = $34 AND id = $35 AND version = $36`,
		c.State, c.OrgID, c.DispatchedBy, c.HandlerID, db.Micros(c.AcceptedAt), db.Micros(c.DispatchedAt), db.Micros(c.StartedAt), db.Micros(c.DoneAt), db.Micros(c.ClosedAt),
		db.Micros(c.ClockAt), c.Extended, c.Extension, c.ExtensionDays, db.Micros(c.DueAt), db.Micros(c.SignDueAt), c.Provisional, db.Micros(c.SuspendedAt), c.Outcome,
		s.ring.Seal("service_case", "result", c.ID, c.Result), c.Address, c.Confirmed, c.Solved, c.Rating, db.Micros(c.RatedAt), db.Micros(c.SupervisedAt), db.Micros(c.EscalatedAt), c.Reopened,
		c.MergedID, c.TopicID, db.Micros(tx.Now()), c.extensionBy, db.Micros(c.respondAt), c.Late, tenant, c.ID, c.Version, c.LimitDays, c.Review, string(c.MoreFor))
}

// step is what is kept of an act.
type step struct {
	act      Act
	words    string
	open     bool // the one who reported reads the words
	from, to id.ID
	source   id.ID // the case whose reporter alone reads the words
	account  id.ID
	files    photos // that belong to it, and are seen by who reads its words

	// For who reported the case, and is told.
	hold  Hold       // why the clock stands
	until time.Time  // at the latest
	into  string     // number of the case that theirs follows from now on
	with  []follower // what followed it before, and follows that one too
	quiet bool       // it is part of another step, of which they are told
}

func (s *Service) insertEntry(ctx context.Context, tx *db.Tx, tenant int64, c id.ID, state State, e step) (id.ID, error) {
	n := id.New()
	return n, tx.Later(ctx, `INSERT INTO case_entry (tenant_id, id, case_id, act, state, from_id, to_id, words, open_to_all, source_id, account_id, at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12)`,
		tenant, n, c, e.act, state, e.from, e.to, s.ring.Seal("case_entry", "words", n, e.words), e.open, e.source, e.account, db.Micros(tx.Now()))
}

// entries are the steps of a case, the oldest first: the latest 500.
func (s *Service) entries(ctx context.Context, q db.Querier, tenant int64, c id.ID) ([]Entry, error) {
	type stored struct {
		Entry
		words []byte
	}
	rows, err := db.All(ctx, q, func(e *stored) []any {
		return []any{&e.ID, &e.Act, &e.State, &e.From, &e.To, &e.words, &e.Public, &e.source, &e.By, db.Instant(&e.At)}
	}, "SELECT e.id, e.act, e.state, "+reference.Label("f")+", "+reference.Label("t")+`, e.words, e.open_to_all, e.source_id, coalesce(k.name, ''), e.at FROM case_entry e
		LEFT JOIN organisation f ON f.tenant_id = e.tenant_id AND f.id = e.from_id AND e.from_id <> 0
		LEFT JOIN organisation t ON t.tenant_id = e.tenant_id AND t.id = e.to_id AND e.to_id <> 0
		LEFT JOIN account k ON k.tenant_id = e.tenant_id AND k.id = e.account_id AND e.account_id <> 0
		WHERE e.tenant_id = $1 AND e.case_id = $2 ORDER BY e.id DESC LIMIT 500`, tenant, c)
	slices.Reverse(rows)
	out := make([]Entry, len(rows))
	for i, r := range rows {
		out[i] = r.Entry
		if err == nil {
			out[i].Words, err = s.ring.Open("case_entry", "words", r.ID, r.words)
		}
	}
	return out, err
}

// Party is an organisation that handles a case jointly.
type Party struct {
	OrgID   id.ID
	Org     string
	AskedAt time.Time
	DoneAt  time.Time
}

func parties(ctx context.Context, q db.Querier, tenant int64, c id.ID) ([]Party, error) {
	return db.All(ctx, q, func(p *Party) []any { return []any{&p.OrgID, &p.Org, db.Instant(&p.AskedAt), db.Instant(&p.DoneAt)} },
		"SELECT p.org_id, "+reference.Label("o")+` , p.asked_at, p.done_at FROM case_party p LEFT JOIN organisation o ON o.tenant_id = p.tenant_id AND o.id = p.org_id
		WHERE p.tenant_id = $1 AND p.case_id = $2 ORDER BY p.asked_at, p.org_id LIMIT 50`, tenant, c)
}

func pauses(ctx context.Context, q db.Querier, tenant int64, c id.ID) ([]Pause, error) {
	return db.All(ctx, q, func(p *Pause) []any { return []any{db.Instant(&p.From), db.Instant(&p.Until)} },
		`SELECT p.from_at, p.until_at FROM case_pause p WHERE p.tenant_id = $1 AND p.case_id = $2 ORDER BY p.id LIMIT 200`, tenant, c)
}

func openPause(ctx context.Context, tx *db.Tx, tenant int64, c id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO case_pause (tenant_id, id, case_id, from_at) VALUES ($1,$2,$3,$4)`, tenant, id.New(), c, db.Micros(tx.Now()))
	return err
}

func closePause(ctx context.Context, tx *db.Tx, tenant int64, c id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE case_pause SET until_at = $1 WHERE tenant_id = $2 AND case_id = $3 AND until_at = 0`, db.Micros(tx.Now()), tenant, c)
	return err
}

// worked are the acts of those who do a case's work.
const worked = "('take', 'note', 'finish', 'joined', 'job', 'arrive', 'step')"

// workedOn says whether an account had a part in handling a case.
func workedOn(ctx context.Context, q db.Querier, tenant int64, c, account id.ID) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM case_entry e WHERE e.tenant_id = $1 AND e.case_id = $2 AND e.act IN `+worked+` AND e.account_id = $3`, tenant, c, account)
	return n > 0, err
}

// holds is the condition, left open for more about the account k, that on a day an active account holds a permission by a role at that very organisation.
func holds(a *db.Args, tenant, org string, perm authz.Permission, day calendar.Date) string {
	on := a.Add(day.String())
	return "EXISTS (SELECT 1 FROM role_grant h JOIN role ro ON ro.tenant_id = h.tenant_id AND ro.code = h.role_code JOIN account k ON k.tenant_id = h.tenant_id AND k.id = h.account_id WHERE h.tenant_id = " + tenant +
		" AND h.organisation_id = " + org + " AND k.status = 'active' AND h.valid_from <= " + on + " AND (h.valid_to = '' OR h.valid_to >= " + on + ") AND ' ' || ro.permissions || ' ' LIKE '% " + string(perm) + " %'"
}

// held says whether an active account holds a permission at that very organisation: a certain one, or with 0 any.
func (s *Service) held(ctx context.Context, q db.Querier, tenant int64, org id.ID, perm authz.Permission, account id.ID) (bool, error) {
	a := &db.Args{}
	where := "o.tenant_id = " + a.Add(tenant) + " AND o.id = " + a.Add(org) + " AND " + holds(a, "o.tenant_id", "o.id", perm, s.today())
	if account != 0 {
		where += " AND k.id = " + a.Add(account)
	}
	n, err := db.Value[int64](ctx, q, "SELECT count(*) FROM organisation o WHERE "+where+")", a.Values()...)
	return n > 0, err
}

// works says whether whoever handles a case still can where it lies: at that organisation, or as a technician.
func (s *Service) works(ctx context.Context, q db.Querier, c *Case) (bool, error) {
	switch {
	case c.HandlerID == 0:
		return false, nil
	case c.ByTechnician:
		n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM account a WHERE a.tenant_id = $1 AND a.id = $2 AND a.status = 'active'`, c.tenant, c.HandlerID)
		return n > 0, err
	case c.closed():
		return s.held(ctx, q, c.tenant, c.OrgID, PermConfidential, c.HandlerID)
	}
	return s.held(ctx, q, c.tenant, c.OrgID, PermWork, c.HandlerID)
}

// givenBy is who had given a case to an organisation, before that gave it on; 0 for nobody.
func givenBy(ctx context.Context, q db.Querier, tenant int64, c, to id.ID) (id.ID, error) {
	return db.Value[id.ID](ctx, q, `SELECT e.from_id FROM case_entry e WHERE e.tenant_id = $1 AND e.case_id = $2 AND e.act = 'dispatch' AND e.to_id = $3 ORDER BY e.id DESC LIMIT 1`, tenant, c, to)
}

// parentsOf are the organisations above some.
func parentsOf(ctx context.Context, q db.Querier, tenant int64, orgs []id.ID) (map[id.ID]id.ID, error) {
	out := map[id.ID]id.ID{}
	type pair struct{ of, above id.ID }
	a := &db.Args{}
	rows, err := db.All(ctx, q, func(p *pair) []any { return []any{&p.of, &p.above} },
		"SELECT o.id, o.parent_id FROM organisation o WHERE o.tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "o.id", orgs), a.Values()...)
	for _, r := range rows {
		out[r.of] = r.above
	}
	return out, err
}

// repoint lets what was merged into one case follow it into another.
func repoint(ctx context.Context, tx *db.Tx, tenant int64, from, to id.ID) error {
	_, err := tx.Exec(ctx, `UPDATE service_case SET merged_id = $1, version = version + 1 WHERE tenant_id = $2 AND merged_id = $3 AND merged_id <> 0`, to, tenant, from)
	return err
}
