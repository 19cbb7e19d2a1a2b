package activity

import (
	"context"
	"strconv"
	"strings"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

const activityColumns = `a.id, a.community_id, a.kind_code, a.title, a.body, a.place, a.building_id, a.starts_at, a.ends_at, a.capacity,
	a.gives_hours, a.deed_title, a.programme_id, a.enrolled, a.state, a.reason, a.organiser_id, a.created_at, a.closed_at, a.version,
	CASE WHEN EXISTS (SELECT 1 FROM organisation host WHERE host.tenant_id = a.tenant_id AND host.id = a.community_id AND host.kind <> 'community_party') THEN TRUE ELSE FALSE END`

func (a *Activity) dest() []any {
	return []any{&a.ID, &a.CommunityID, &a.KindCode, &a.Title, &a.Body, &a.Place, &a.BuildingID, db.Instant(&a.StartsAt), db.Instant(&a.EndsAt), &a.Capacity,
		&a.GivesHours, &a.DeedTitle, &a.ProgrammeID, &a.Enrolled, &a.State, &a.Reason, &a.OrganiserID, db.Instant(&a.CreatedAt), db.Instant(&a.ClosedAt), &a.Version, &a.elsewhere}
}

func insert(ctx context.Context, tx *db.Tx, tenant int64, a *Activity, secret []byte) error {
	_, err := tx.Exec(ctx, `INSERT INTO activity (tenant_id, id, community_id, kind_code, title, body, place, building_id, starts_at, ends_at, capacity,
		gives_hours, deed_title, state, secret, organiser_id, created_at, programme_id) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18)`,
		tenant, a.ID, a.CommunityID, a.KindCode, a.Title, a.Body, a.Place, a.BuildingID, db.Micros(a.StartsAt), db.Micros(a.EndsAt), a.Capacity,
		a.GivesHours, a.DeedTitle, string(a.State), secret, a.OrganiserID, db.Micros(a.CreatedAt), a.ProgrammeID)
	return err
}

// save writes what the plan and the states are; the number enrolled is moved by takePlace and givePlace alone.
func save(ctx context.Context, tx *db.Tx, tenant int64, a *Activity) error {
	a.Version++
	return tx.Update(ctx, `UPDATE activity SET kind_code = $3, title = $4, body = $5, place = $6, building_id = $7, starts_at = $8, ends_at = $9,
		capacity = $10, gives_hours = $11, deed_title = $12, state = $13, reason = $14, closed_at = $15, programme_id = $16, version = version + 1
		WHERE tenant_id = $1 AND id = $2 AND version = $17`,
		tenant, a.ID, a.KindCode, a.Title, a.Body, a.Place, a.BuildingID, db.Micros(a.StartsAt), db.Micros(a.EndsAt),
		a.Capacity, a.GivesHours, a.DeedTitle, string(a.State), a.Reason, db.Micros(a.ClosedAt), a.ProgrammeID, a.Version-1)
}

// markHeld notes the first presence at a published activity.
func markHeld(ctx context.Context, tx *db.Tx, tenant int64, a *Activity) error {
	if a.State != Published {
		return nil
	}
	a.State = Held
	_, err := tx.Exec(ctx, `UPDATE activity SET state = 'held' WHERE tenant_id = $1 AND id = $2 AND state = 'published'`, tenant, a.ID)
	return err
}

var activityScope = authz.Columns{Tenant: "a.tenant_id", Orgs: []string{"a.community_id"}}

// find gives an activity in scope; browse adds everything of the scope's tenant that is no draft.
func find(ctx context.Context, q db.Querier, s authz.Scope, browse bool, activity id.ID) (Activity, error) {
	args := &db.Args{}
	w := s.Where(args, activityScope)
	if browse {
		w = "a.tenant_id = " + args.Add(s.Tenant()) + " AND (" + w + " OR a.state <> 'draft')"
	}
	return db.One(ctx, q, (*Activity).dest, `SELECT `+activityColumns+` FROM activity a WHERE `+w+` AND a.id = `+args.Add(activity), args.Values()...)
}

// findAny gives an activity of the tenant without asking for a scope: the caller has another right to it.
func findAny(ctx context.Context, q db.Querier, tenant int64, activity id.ID) (Activity, error) {
	return db.One(ctx, q, (*Activity).dest, `SELECT `+activityColumns+` FROM activity a WHERE a.tenant_id = $1 AND a.id = $2`, tenant, activity)
}

func sealedSecret(ctx context.Context, q db.Querier, tenant int64, activity id.ID) ([]byte, error) {
	return db.Value[[]byte](ctx, q, `SELECT secret FROM activity WHERE tenant_id = $1 AND id = $2`, tenant, activity)
}

// lastPlan gives what a community planned last: of the kind if it ever held one, otherwise of any kind; the zero plan for nothing.
func lastPlan(ctx context.Context, q db.Querier, tenant int64, community id.ID, kind string) (Plan, error) {
	p, err := db.One(ctx, q, func(p *Plan) []any {
		return []any{&p.KindCode, &p.Title, &p.Place, db.Instant(&p.StartsAt), db.Instant(&p.EndsAt), &p.Capacity}
	}, `SELECT kind_code, title, place, starts_at, ends_at, capacity FROM activity WHERE tenant_id = $1 AND community_id = $2
		ORDER BY CASE WHEN kind_code = $3 THEN 0 ELSE 1 END, id DESC LIMIT 1`, tenant, community, kind)
	if errs.KindOf(err) == errs.NotFound {
		return Plan{}, nil
	}
	return p, err
}

func nameOf(ctx context.Context, q db.Querier, tenant int64, org id.ID) (string, error) {
	return db.Value[string](ctx, q, `SELECT CASE WHEN short_name <> '' THEN short_name ELSE name END FROM organisation WHERE tenant_id = $1 AND id = $2`, tenant, org)
}

func isCommunity(ctx context.Context, q db.Querier, tenant int64, org id.ID) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM organisation WHERE tenant_id = $1 AND id = $2 AND kind = 'community_party' AND dissolved_on = ''`, tenant, org)
	return n > 0, err
}

func communities(ctx context.Context, q db.Querier, s authz.Scope) ([]Named, error) {
	a := &db.Args{}
	w := s.Where(a, authz.Columns{Tenant: "o.tenant_id", Orgs: []string{"o.id"}})
	return db.All(ctx, q, func(n *Named) []any { return []any{&n.ID, &n.Name} },
		`SELECT o.id, o.name FROM organisation o WHERE `+w+` AND o.kind = 'community_party' AND o.dissolved_on = '' ORDER BY o.name_key, o.id LIMIT 500`, a.Values()...)
}

const itemColumns = activityColumns + `, coalesce(c.name, ''), coalesce(k.name, ''), coalesce(k.name_en, ''), coalesce(b.name, ''), coalesce(g.name, '')`

const itemFrom = ` FROM activity a
	LEFT JOIN organisation c ON c.tenant_id = a.tenant_id AND c.id = a.community_id
	LEFT JOIN activity_kind k ON k.tenant_id = a.tenant_id AND k.code = a.kind_code
	LEFT JOIN account b ON b.tenant_id = a.tenant_id AND b.id = a.organiser_id
	LEFT JOIN programme g ON g.tenant_id = a.tenant_id AND g.id = a.programme_id AND a.programme_id <> 0
	WHERE `

type itemRow struct {
	Item
	kind, kindEN string
}

func (i *itemRow) dest() []any {
	return append(i.Activity.dest(), &i.CommunityName, &i.kind, &i.kindEN, &i.OrganiserName, &i.Programme)
}

func (i itemRow) item() Item {
	i.KindName = i18n.Both(i.kind, i.kindEN)
	return i.Item
}

// visible is the condition for the activities an actor can see.
func visible(args *db.Args, actor authz.Actor) string {
	w := actor.Scope(PermSee).Or(actor.Scope(PermPlan)).Or(holding(actor)).Where(args, activityScope)
	if actor.Can(PermBrowse) {
		w = "a.tenant_id = " + args.Add(actor.Tenant) + " AND (" + w + " OR a.state <> 'draft')"
	}
	return w
}

func get(ctx context.Context, q db.Querier, actor authz.Actor, activity id.ID) (Item, error) {
	args := &db.Args{}
	w := visible(args, actor) + " AND a.id = " + args.Add(activity)
	return oneItem(ctx, q, actor.Tenant, w, args)
}

func getAny(ctx context.Context, q db.Querier, tenant int64, activity id.ID) (Item, error) {
	args := &db.Args{}
	w := "a.tenant_id = " + args.Add(tenant) + " AND a.id = " + args.Add(activity)
	return oneItem(ctx, q, tenant, w, args)
}

func oneItem(ctx context.Context, q db.Querier, tenant int64, w string, args *db.Args) (Item, error) {
	row, err := db.One(ctx, q, (*itemRow).dest, `SELECT `+itemColumns+itemFrom+w, args.Values()...)
	if err != nil {
		return Item{}, err
	}
	items := []Item{row.item()}
	err = count(ctx, q, tenant, items)
	return items[0], err
}

func list(ctx context.Context, q db.Querier, actor authz.Actor, f Filter) (db.List[Item], error) {
	args := &db.Args{}
	w := visible(args, actor) + filter(args, actor.Tenant, f)
	if f.Upcoming {
		now, ok := q.(*db.Tx)
		if ok {
			w += " AND a.ends_at > " + args.Add(db.Micros(now.Now())) + " AND a.state <> 'cancelled'"
		}
	}
	page, tail := args.Keyset(f.Page, db.Order{Column: "a.starts_at", IDColumn: "a.id", Integer: true, Desc: !f.Upcoming})
	rows, err := db.All(ctx, q, (*itemRow).dest, `SELECT `+itemColumns+itemFrom+w+page+tail, args.Values()...)
	if err != nil {
		return db.List[Item]{}, err
	}
	items := make([]Item, len(rows))
	for i, r := range rows {
		items[i] = r.item()
	}
	l := db.Cut(items, f.Page, func(i Item) db.Cursor {
		return db.Cursor{Key: strconv.FormatInt(db.Micros(i.StartsAt), 10), ID: i.ID}
	})
	return l, count(ctx, q, actor.Tenant, l.Items)
}

// likeEscape takes the meaning from the signs that LIKE knows.
var likeEscape = strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)

func filter(args *db.Args, tenant int64, f Filter) string {
	w := ""
	if s := strings.TrimSpace(f.Search); s != "" {
		p := args.Add("%" + likeEscape.Replace(s) + "%")
		w += ` AND (a.title LIKE ` + p + ` ESCAPE '\' OR a.place LIKE ` + p + ` ESCAPE '\')`
	}
	if f.CommunityID != 0 {
		w += " AND a.community_id = " + args.Add(f.CommunityID)
	}
	if f.KindCode != "" {
		w += " AND a.kind_code = " + args.Add(f.KindCode)
	}
	if f.ProgrammeID != 0 {
		w += " AND a.programme_id <> 0 AND a.programme_id = " + args.Add(f.ProgrammeID)
	}
	if len(f.States) > 0 {
		w += " AND " + db.In(args, "a.state", texts(f.States))
	}
	if !f.From.IsZero() {
		w += " AND a.starts_at >= " + args.Add(db.Micros(f.From.Time()))
	}
	if !f.To.IsZero() {
		w += " AND a.starts_at < " + args.Add(db.Micros(f.To.AddDays(1).Time()))
	}
	if f.MemberID != 0 {
		t, m := args.Add(tenant), args.Add(f.MemberID)
		w += ` AND (a.id IN (SELECT activity_id FROM enrolment WHERE tenant_id = ` + t + ` AND member_id = ` + m + ` AND state <> 'withdrawn')
			OR a.id IN (SELECT activity_id FROM attendance WHERE tenant_id = ` + t + ` AND member_id = ` + m + ` AND member_id <> 0 AND state <> 'void'))`
	}
	return w
}

func texts[T ~string](in []T) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = string(v)
	}
	return out
}

type countRow struct {
	activity                                    id.ID
	waiting, attended, present, guests, minutes int64
}

// count puts the numbers of enrolments and attendances to activities, with two queries for all of them.
func count(ctx context.Context, q db.Querier, tenant int64, items []Item) error {
	if len(items) == 0 {
		return nil
	}
	at, ids := map[id.ID]*Item{}, make([]id.ID, len(items))
	for i := range items {
		at[items[i].ID], ids[i] = &items[i], items[i].ID
	}
	args := &db.Args{}
	w := "tenant_id = " + args.Add(tenant) + " AND " + db.In(args, "activity_id", ids)
	err := db.Each(ctx, q, func(r *countRow) []any { return []any{&r.activity, &r.waiting} }, func(r countRow) error {
		at[r.activity].Waiting = r.waiting
		return nil
	}, `SELECT activity_id, count(*) FROM enrolment WHERE `+w+` AND state = 'waiting' GROUP BY activity_id`, args.Values()...)
	if err != nil {
		return err
	}
	return db.Each(ctx, q, func(r *countRow) []any { return []any{&r.activity, &r.attended, &r.present, &r.guests, &r.minutes} }, func(r countRow) error {
		i := at[r.activity]
		i.Attended, i.Present, i.Guests, i.Minutes = r.attended, r.present, r.guests, r.minutes
		return nil
	}, `SELECT activity_id, count(*), count(*) FILTER (WHERE state = 'in'), count(*) FILTER (WHERE person_id = 0), CAST(coalesce(sum(minutes), 0) AS BIGINT)
		FROM attendance WHERE `+w+` AND state <> 'void' GROUP BY activity_id`, args.Values()...)
}

// setCapacity lets moveUp see a new capacity before the plan is saved.
func setCapacity(ctx context.Context, tx *db.Tx, tenant int64, a *Activity) error {
	return tx.Update(ctx, `UPDATE activity SET capacity = $3 WHERE tenant_id = $1 AND id = $2`, tenant, a.ID, a.Capacity)
}

func takePlace(ctx context.Context, tx *db.Tx, tenant int64, activity id.ID) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE activity SET enrolled = enrolled + 1 WHERE tenant_id = $1 AND id = $2 AND (capacity = 0 OR enrolled < capacity)`, tenant, activity)
	return n == 1, err
}

func givePlace(ctx context.Context, tx *db.Tx, tenant int64, activity id.ID) error {
	return tx.Update(ctx, `UPDATE activity SET enrolled = enrolled - 1 WHERE tenant_id = $1 AND id = $2 AND enrolled > 0`, tenant, activity)
}

const enrolmentColumns = `e.id, e.activity_id, e.member_id, e.person_id, e.unit_id, e.state, e.at, e.moved_at, e.seen_at, e.version`

func (e *Enrolment) dest() []any {
	return []any{&e.ID, &e.ActivityID, &e.MemberID, &e.PersonID, &e.UnitID, &e.State, db.Instant(&e.At), db.Instant(&e.MovedAt), db.Instant(&e.SeenAt), &e.Version}
}

func enrolmentOf(ctx context.Context, q db.Querier, tenant int64, activity, member id.ID) (Enrolment, error) {
	return db.One(ctx, q, (*Enrolment).dest, `SELECT `+enrolmentColumns+` FROM enrolment e WHERE e.tenant_id = $1 AND e.activity_id = $2 AND e.member_id = $3`,
		tenant, activity, member)
}

// putEnrolment makes an enrolment, or renews one that was withdrawn, at the end of the queue.
func putEnrolment(ctx context.Context, tx *db.Tx, actor authz.Actor, community id.ID, e Enrolment) error {
	_, err := tx.Exec(ctx, `INSERT INTO enrolment (tenant_id, id, activity_id, member_id, person_id, community_id, unit_id, state, at, by_account)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)
		ON CONFLICT (tenant_id, activity_id, member_id) DO UPDATE SET state = excluded.state, at = excluded.at, by_account = excluded.by_account,
		unit_id = excluded.unit_id, moved_at = 0, seen_at = 0, version = enrolment.version + 1`,
		actor.Tenant, e.ID, e.ActivityID, e.MemberID, e.PersonID, community, e.UnitID, string(e.State), db.Micros(e.At), actor.AccountID)
	return err
}

func setEnrolment(ctx context.Context, tx *db.Tx, tenant int64, e Enrolment, s EnrolState) error {
	return tx.Update(ctx, `UPDATE enrolment SET state = $3, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version = $4`, tenant, e.ID, string(s), e.Version)
}

// movedUp gives a member who waits a place and keeps when.
func movedUp(ctx context.Context, tx *db.Tx, tenant int64, e Enrolment) error {
	return tx.Update(ctx, `UPDATE enrolment SET state = 'enrolled', moved_at = $3, seen_at = 0, version = version + 1 WHERE tenant_id = $1 AND id = $2 AND version = $4`,
		tenant, e.ID, db.Micros(tx.Now()), e.Version)
}

func seeMove(ctx context.Context, tx *db.Tx, s authz.Scope, activity id.ID) error {
	args := &db.Args{}
	now := args.Add(db.Micros(tx.Now()))
	_, err := tx.Exec(ctx, `UPDATE enrolment SET seen_at = `+now+` WHERE `+s.Where(args, authz.Columns{Tenant: "tenant_id", Person: "person_id"})+
		` AND activity_id = `+args.Add(activity)+` AND moved_at <> 0 AND seen_at = 0`, args.Values()...)
	return err
}

func queueOf(ctx context.Context, q db.Querier, tenant int64, activity id.ID, limit int) ([]Enrolment, error) {
	return db.All(ctx, q, (*Enrolment).dest, `SELECT `+enrolmentColumns+` FROM enrolment e
		WHERE e.tenant_id = $1 AND e.activity_id = $2 AND e.state = 'waiting' ORDER BY e.at, e.id LIMIT `+strconv.Itoa(limit), tenant, activity)
}

func ahead(ctx context.Context, q db.Querier, tenant int64, e Enrolment) (int64, error) {
	return db.Value[int64](ctx, q, `SELECT count(*) FROM enrolment WHERE tenant_id = $1 AND activity_id = $2 AND state = 'waiting' AND (at, id) < ($3, $4)`,
		tenant, e.ActivityID, db.Micros(e.At), e.ID)
}

func enrolments(ctx context.Context, q db.Querier, s authz.Scope, activity id.ID) ([]EnrolItem, error) {
	args := &db.Args{}
	w := s.Where(args, authz.Columns{Tenant: "e.tenant_id", Orgs: []string{"e.community_id", "e.unit_id"}, Person: "e.person_id"})
	return db.All(ctx, q, func(e *EnrolItem) []any { return append(e.Enrolment.dest(), &e.MemberName, &e.UnitName) },
		`SELECT `+enrolmentColumns+`, coalesce(m.name, ''), coalesce(u.name, '') FROM enrolment e
		LEFT JOIN member m ON m.tenant_id = e.tenant_id AND m.id = e.member_id
		LEFT JOIN organisation u ON u.tenant_id = e.tenant_id AND u.id = e.unit_id
		WHERE `+w+` AND e.activity_id = `+args.Add(activity)+` AND e.state <> 'withdrawn' ORDER BY e.state, e.at, e.id LIMIT 5000`, args.Values()...)
}

func enrolStates(ctx context.Context, q db.Querier, s authz.Scope, member id.ID, activities []id.ID) (map[id.ID]EnrolState, error) {
	out := map[id.ID]EnrolState{}
	if len(activities) == 0 {
		return out, nil
	}
	args := &db.Args{}
	w := s.Where(args, authz.Columns{Tenant: "e.tenant_id", Orgs: []string{"e.community_id", "e.unit_id"}, Person: "e.person_id"})
	err := db.Each(ctx, q, (*Enrolment).dest, func(e Enrolment) error {
		out[e.ActivityID] = e.State
		return nil
	}, `SELECT `+enrolmentColumns+` FROM enrolment e WHERE `+w+` AND e.member_id = `+args.Add(member)+` AND `+db.In(args, "e.activity_id", activities)+
		` AND e.state <> 'withdrawn'`, args.Values()...)
	return out, err
}

const kindColumns = `code, name, name_en, gives_hours, deed_title, fields, retired, version`

func (k *Kind) dest() []any {
	return []any{&k.Code, &k.Name, &k.NameEN, &k.GivesHours, &k.DeedTitle, fieldsColumn{&k.Fields}, &k.Retired, &k.Version}
}

func kinds(ctx context.Context, q db.Querier, tenant int64, all bool) ([]Kind, error) {
	w := ""
	if !all {
		w = " AND retired = FALSE"
	}
	return db.All(ctx, q, (*Kind).dest, `SELECT `+kindColumns+` FROM activity_kind WHERE tenant_id = $1`+w+` ORDER BY code LIMIT 500`, tenant)
}

func findKind(ctx context.Context, q db.Querier, tenant int64, code string) (Kind, error) {
	return db.One(ctx, q, (*Kind).dest, `SELECT `+kindColumns+` FROM activity_kind WHERE tenant_id = $1 AND code = $2`, tenant, code)
}

func putKind(ctx context.Context, tx *db.Tx, tenant int64, k Kind) error {
	if k.Version == 0 {
		_, err := tx.Exec(ctx, `INSERT INTO activity_kind (tenant_id, code, name, name_en, gives_hours, deed_title, fields, retired) VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`,
			tenant, k.Code, k.Name, k.NameEN, k.GivesHours, k.DeedTitle, encodeJSON(k.Fields), k.Retired)
		if db.IsUnique(err) {
			return errs.Field("code", i18n.ActivityCodeTaken)
		}
		return err
	}
	return tx.Update(ctx, `UPDATE activity_kind SET name = $3, name_en = $4, gives_hours = $5, deed_title = $6, fields = $7, retired = $8, version = version + 1
		WHERE tenant_id = $1 AND code = $2 AND version = $9`, tenant, k.Code, k.Name, k.NameEN, k.GivesHours, k.DeedTitle, encodeJSON(k.Fields), k.Retired, k.Version)
}

func addKind(ctx context.Context, tx *db.Tx, tenant int64, k Kind) error {
	_, err := tx.Exec(ctx, `INSERT INTO activity_kind (tenant_id, code, name, name_en, gives_hours, deed_title, fields) VALUES ($1,$2,$3,$4,$5,$6,$7)
		ON CONFLICT (tenant_id, code) DO NOTHING`, tenant, k.Code, k.Name, k.NameEN, k.GivesHours, k.DeedTitle, encodeJSON(k.Fields))
	return err
}

func follow(ctx context.Context, tx *db.Tx, tenant int64, from, to id.ID) error {
	for _, q := range []string{
		`UPDATE activity SET community_id = $3 WHERE tenant_id = $1 AND community_id = $2`,
		`UPDATE enrolment SET community_id = $3 WHERE tenant_id = $1 AND community_id = $2`,
		`UPDATE attendance SET community_id = $3 WHERE tenant_id = $1 AND community_id = $2`,
		`UPDATE attendance SET credit_id = $3 WHERE tenant_id = $1 AND credit_id = $2`,
	} {
		if _, err := tx.Exec(ctx, q, tenant, from, to); err != nil {
			return err
		}
	}
	return nil
}
