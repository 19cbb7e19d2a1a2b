package technician

import (
	"context"
	"time"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
)

var (
	belongs = authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.org_id"}}
	caseOrg = authz.Columns{Tenant: "c.tenant_id", Orgs: []string{"c.org_id"}}
)

// onDuty is the condition that technician t is on duty at an instant, as OnDuty says.
func onDuty(a *db.Args, at time.Time) string {
	d, minute := calendar.DateOf(at), a.Add(int64(minuteOf(at)))
	begun := func(d calendar.Date, holds func(alias string) string) string {
		day, weekday := a.Add(d), a.Add(int64(weekdayOf(d)))
		x := "EXISTS (SELECT 1 FROM technician_day x WHERE x.tenant_id = t.tenant_id AND x.technician_id = t.id AND x.day = " + day
		return "(" + x + " AND x.working = TRUE AND " + holds("x") + ") OR NOT " + x + ") AND EXISTS (SELECT 1 FROM technician_shift s WHERE s.tenant_id = t.tenant_id AND s.technician_id = t.id AND s.weekday = " +
			weekday + " AND " + holds("s") + "))"
	}
	return "(" + begun(d, func(s string) string {
		return "(" + s + ".from_min <= " + minute + " AND (" + s + ".to_min <= " + s + ".from_min OR " + minute + " < " + s + ".to_min))"
	}) + " OR " + begun(d.AddDays(-1), func(s string) string {
		return "(" + s + ".to_min <= " + s + ".from_min AND " + minute + " < " + s + ".to_min)"
	}) + ")"
}

const openJobs = `(SELECT count(*) FROM technician_job j WHERE j.tenant_id = t.tenant_id AND j.technician_id = t.id AND j.state IN ('taken', 'arrived'))`
const offeredJobs = `(SELECT count(*) FROM technician_job j WHERE j.tenant_id = t.tenant_id AND j.technician_id = t.id AND j.state = 'offered')`

func (s *Service) columns(a *db.Args, now time.Time) string {
	return "t.id, t.account_id, coalesce(k.login, ''), t.name, t.search_key, t.org_id, " + reference.Label("o") + ", CASE WHEN t.phone IS NULL THEN FALSE ELSE TRUE END, t.note, t.ended_on, " + openJobs + ", " + offeredJobs +
		", CASE WHEN " + onDuty(a, now) + " THEN TRUE ELSE FALSE END, coalesce((SELECT min(z.valid_until) FROM technician_certificate z WHERE z.tenant_id = t.tenant_id AND z.technician_id = t.id AND z.removed_at = 0), ''), t.version" +
		` FROM technician t
		LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.org_id
		LEFT JOIN account k ON k.tenant_id = t.tenant_id AND k.id = t.account_id AND t.account_id <> 0 WHERE `
}

func (t *Technician) dest() []any {
	return []any{&t.ID, &t.AccountID, &t.Login, &t.Name, &t.key, &t.OrgID, &t.Org, &t.HasPhone, &t.Note, &t.EndedOn, &t.Open, &t.Offered, &t.OnDuty, &t.Expires, &t.Version}
}

// find reads a technician of an organisation in scope.
func (s *Service) find(ctx context.Context, q db.Querier, now time.Time, scope authz.Scope, t id.ID) (Technician, error) {
	a := &db.Args{}
	query := "SELECT " + s.columns(a, now) + scope.Where(a, belongs) + " AND t.id = " + a.Add(t)
	return db.One(ctx, q, (*Technician).dest, query, a.Values()...)
}

// byAccount reads the technician in service whose account it is.
func (s *Service) byAccount(ctx context.Context, q db.Querier, now time.Time, tenant int64, account id.ID) (Technician, error) {
	a := &db.Args{}
	query := "SELECT " + s.columns(a, now) + "t.tenant_id = " + a.Add(tenant) + " AND t.account_id <> 0 AND t.account_id = " + a.Add(account) + " AND t.ended_on = ''"
	return db.One(ctx, q, (*Technician).dest, query, a.Values()...)
}

func (s *Service) insert(ctx context.Context, tx *db.Tx, tenant int64, t id.ID, account id.ID, n Entry) error {
	var phone []byte
	if n.Phone != "" {
		phone = s.ring.Seal("technician", "phone", t, n.Phone)
	}
	_, err := tx.Exec(ctx, `INSERT INTO technician (tenant_id, id, account_id, name, search_key, org_id, phone, note, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$9)`,
		tenant, t, account, n.Name, searchKey(n.Name), n.OrgID, phone, n.Note, db.Micros(tx.Now()))
	return err
}

func (s *Service) update(ctx context.Context, tx *db.Tx, tenant int64, t id.ID, account id.ID, n Entry) error {
	if n.Phone != "" {
		if _, err := tx.Exec(ctx, `UPDATE technician SET phone = $1 WHERE tenant_id = $2 AND id = $3`, s.ring.Seal("technician", "phone", t, n.Phone), tenant, t); err != nil {
			return err
		}
	}
	return tx.Update(ctx, `UPDATE technician SET account_id = $1, name = $2, search_key = $3, org_id = $4, note = $5, updated_at = $6, version = version + 1 WHERE tenant_id = $7 AND id = $8 AND version = $9`,
		account, n.Name, searchKey(n.Name), n.OrgID, n.Note, db.Micros(tx.Now()), tenant, t, n.Version)
}

// writeParts writes skills, area and week anew.
func writeParts(ctx context.Context, tx *db.Tx, tenant int64, t id.ID, n Entry) error {
	for _, table := range []string{"technician_skill", "technician_area", "technician_shift"} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE tenant_id = $1 AND technician_id = $2", tenant, t); err != nil {
			return err
		}
	}
	if err := tx.InsertMany(ctx, "technician_skill", []string{"tenant_id", "technician_id", "class_code", "item_id"}, len(n.Skills), func(i int) []any {
		return []any{tenant, t, n.Skills[i].Class, n.Skills[i].ItemID}
	}); err != nil {
		return err
	}
	if err := tx.InsertMany(ctx, "technician_area", []string{"tenant_id", "technician_id", "org_id"}, len(n.Areas), func(i int) []any { return []any{tenant, t, n.Areas[i]} }); err != nil {
		return err
	}
	return tx.InsertMany(ctx, "technician_shift", []string{"tenant_id", "technician_id", "weekday", "from_min", "to_min"}, len(n.week), func(i int) []any {
		return []any{tenant, t, int64(n.week[i].Weekday), int64(n.week[i].From), int64(n.week[i].To)}
	})
}

// parts reads skills and areas of some technicians, with one query each.
func parts(ctx context.Context, q db.Querier, tenant int64, list []Technician) error {
	if len(list) == 0 {
		return nil
	}
	at := map[id.ID]int{}
	ids := make([]id.ID, len(list))
	for i, t := range list {
		at[t.ID], ids[i] = i, t.ID
	}
	type skill struct {
		of                        id.ID
		s                         Skill
		name, nameEN, class, clsE string
	}
	a := &db.Args{}
	err := db.Each(ctx, q, func(x *skill) []any {
		return []any{&x.of, &x.s.Class, &x.s.ItemID, &x.name, &x.nameEN, &x.class, &x.clsE}
	}, func(x skill) error {
		x.s.Name = i18n.Both(x.class, x.clsE)
		if x.s.ItemID != 0 {
			x.s.Name = i18n.Both(x.name, x.nameEN)
		}
		t := &list[at[x.of]]
		t.Skills = append(t.Skills, x.s)
		return nil
	}, `SELECT s.technician_id, s.class_code, s.item_id, coalesce(i.name, ''), coalesce(i.name_en, ''), coalesce(g.name, ''), coalesce(g.name_en, '') FROM technician_skill s
		LEFT JOIN catalogue_item i ON i.tenant_id = s.tenant_id AND i.id = s.item_id AND s.item_id <> 0
		LEFT JOIN catalogue_class g ON g.tenant_id = s.tenant_id AND g.list || ':' || g.code = s.class_code WHERE s.tenant_id = `+a.Add(tenant)+" AND "+db.In(a, "s.technician_id", ids)+
		" ORDER BY s.technician_id, s.class_code, i.sort_key", a.Values()...)
	if err != nil {
		return err
	}
	type area struct {
		of id.ID
		a  Area
	}
	a = &db.Args{}
	return db.Each(ctx, q, func(x *area) []any { return []any{&x.of, &x.a.OrgID, &x.a.Name} }, func(x area) error {
		t := &list[at[x.of]]
		t.Areas = append(t.Areas, x.a)
		return nil
	}, "SELECT r.technician_id, r.org_id, "+reference.Label("o")+` FROM technician_area r LEFT JOIN organisation o ON o.tenant_id = r.tenant_id AND o.id = r.org_id
		WHERE r.tenant_id = `+a.Add(tenant)+" AND "+db.In(a, "r.technician_id", ids)+" ORDER BY r.technician_id, o.path", a.Values()...)
}

// times reads the week, the coming exceptions and the certificates of one technician.
func times(ctx context.Context, q db.Querier, tenant int64, t *Technician, from calendar.Date) (err error) {
	t.Week, err = db.All(ctx, q, func(s *Shift) []any { return []any{&s.Weekday, &s.From, &s.To} },
		`SELECT s.weekday, s.from_min, s.to_min FROM technician_shift s WHERE s.tenant_id = $1 AND s.technician_id = $2 ORDER BY s.weekday, s.from_min`, tenant, t.ID)
	if err != nil {
		return err
	}
	t.Days, err = db.All(ctx, q, func(d *Day) []any { return []any{&d.Day, &d.Working, &d.From, &d.To, &d.Reason} },
		`SELECT x.day, x.working, x.from_min, x.to_min, x.reason FROM technician_day x WHERE x.tenant_id = $1 AND x.technician_id = $2 AND x.day >= $3 ORDER BY x.day LIMIT 100`, tenant, t.ID, from)
	if err != nil {
		return err
	}
	t.Certificates, err = db.All(ctx, q, func(c *Certificate) []any { return []any{&c.ID, &c.Name, &c.ValidUntil} },
		`SELECT z.id, z.name, z.valid_until FROM technician_certificate z WHERE z.tenant_id = $1 AND z.technician_id = $2 AND z.removed_at = 0 ORDER BY z.valid_until, z.id LIMIT 50`, tenant, t.ID)
	return err
}

// catalogue and account of what was entered

func classThere(ctx context.Context, q db.Querier, tenant int64, key string) (bool, error) {
	n, err := db.Value[int64](ctx, q, `SELECT count(*) FROM catalogue_class g WHERE g.tenant_id = $1 AND g.list || ':' || g.code = $2`, tenant, key)
	return n > 0, err
}

// classOfItem gives the class of an item that is in use; "" for none.
func classOfItem(ctx context.Context, q db.Querier, tenant int64, item id.ID) (string, error) {
	return db.Value[string](ctx, q, `SELECT i.list || ':' || i.class_code FROM catalogue_item i WHERE i.tenant_id = $1 AND i.id = $2 AND i.retired = FALSE`, tenant, item)
}

// accountOf gives the account of a log-in name that holds a role at an organisation in scope; 0 for none.
func accountOf(ctx context.Context, q db.Querier, scope authz.Scope, login string, day calendar.Date) (id.ID, error) {
	a := &db.Args{}
	query := "SELECT k.id FROM account k WHERE k.tenant_id = " + a.Add(scope.Tenant()) + " AND k.login = " + a.Add(login) + " AND k.status = 'active' AND EXISTS (SELECT 1 FROM role_grant g WHERE " +
		scope.Where(a, authz.Columns{Tenant: "g.tenant_id", Orgs: []string{"g.organisation_id"}}) + " AND g.account_id = k.id AND (g.valid_to = '' OR g.valid_to >= " + a.Add(day) + "))"
	return db.Value[id.ID](ctx, q, query, a.Values()...)
}

const jobColumns = `j.id, j.case_id, c.no, c.title, coalesce(i.name, ''), coalesce(i.name_en, ''), coalesce(g.name, ''), coalesce(g.name_en, ''), `

var jobRest = reference.Label("m") + `, c.org_id, c.urgent, c.due_at, j.technician_id, t.name, t.account_id, ` + reference.Label("o") + `, j.state, j.price_kind, j.price_fen, j.item_edition, j.nth, j.offered_at, j.taken_at, j.arrived_at,
	j.finished_at, j.ended_at, j.minutes, j.confirmed, j.confirmed_at, j.tries, j.version, c.rating, CASE WHEN j.nth = c.reopened AND c.closed_at = 0 AND c.state <> 'merged' THEN TRUE ELSE FALSE END, c.entered_by, c.person_id, coalesce((SELECT sum(x.fen) FROM technician_charge x WHERE x.tenant_id = j.tenant_id AND x.job_id = j.id), 0)
	FROM technician_job j
	JOIN service_case c ON c.tenant_id = j.tenant_id AND c.id = j.case_id
	JOIN technician t ON t.tenant_id = j.tenant_id AND t.id = j.technician_id
	LEFT JOIN catalogue_item i ON i.tenant_id = j.tenant_id AND i.id = j.item_id
	LEFT JOIN catalogue_class g ON g.tenant_id = j.tenant_id AND g.list = i.list AND g.code = i.class_code
	LEFT JOIN organisation m ON m.tenant_id = c.tenant_id AND m.id = c.community_id
	LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.org_id
	WHERE `

func (j *Job) dest() []any {
	return []any{&j.ID, &j.CaseID, &j.No, &j.Title, &j.item, &j.itemE, &j.class, &j.clsE, &j.Community, &j.CaseOrgID, &j.Urgent, db.Instant(&j.DueAt), &j.TechnicianID, &j.Technician, &j.accountID, &j.Org, &j.State,
		&j.Kind, &j.Fen, &j.Edition, &j.Nth, db.Instant(&j.OfferedAt), db.Instant(&j.TakenAt), db.Instant(&j.ArrivedAt), db.Instant(&j.FinishedAt), db.Instant(&j.EndedAt), &j.Minutes, &j.Confirmed,
		db.Instant(&j.ConfirmedAt), &j.Tries, &j.Version, &j.Rating, &j.current, &j.enteredBy, &j.personID, &j.Sum}
}

// jobs reads the jobs that a condition names.
func jobs(ctx context.Context, q db.Querier, a *db.Args, where string) ([]Job, error) {
	list, err := db.All(ctx, q, (*Job).dest, "SELECT "+jobColumns+jobRest+where, a.Values()...)
	for i := range list {
		list[i].named()
	}
	return list, err
}

func job(ctx context.Context, q db.Querier, a *db.Args, where string) (Job, error) {
	j, err := db.One(ctx, q, (*Job).dest, "SELECT "+jobColumns+jobRest+where, a.Values()...)
	j.named()
	return j, err
}

func (j *Job) named() {
	j.Item, j.Class = i18n.Both(j.item, j.itemE), i18n.Both(j.class, j.clsE)
}

// ownJob reads a job of the technician whose account acts.
func ownJob(ctx context.Context, q db.Querier, actor authz.Actor, n id.ID) (Job, error) {
	a := &db.Args{}
	return job(ctx, q, a, "j.tenant_id = "+a.Add(actor.Tenant)+" AND j.id = "+a.Add(n)+" AND t.account_id <> 0 AND t.account_id = "+a.Add(actor.AccountID)+" AND t.ended_on = ''")
}

// deskJob reads a job of a case that an organisation in scope has.
func deskJob(ctx context.Context, q db.Querier, scope authz.Scope, n id.ID) (Job, error) {
	a := &db.Args{}
	return job(ctx, q, a, scope.Where(a, caseOrg)+" AND j.id = "+a.Add(n))
}

func saveJob(ctx context.Context, tx *db.Tx, tenant int64, j *Job) error {
	return tx.Update(ctx, `UPDATE technician_job SET state = $1, item_edition = $2, price_kind = $3, price_fen = $4, nth = $5, taken_at = $6, arrived_at = $7, finished_at = $8, ended_at = $9, minutes = $10, confirmed = $11,
		confirmed_at = $12, tries = $13, version = version + 1 WHERE tenant_id = $14 AND id = $15 AND version = $16`, j.State, j.Edition, j.Kind, j.Fen, j.Nth, db.Micros(j.TakenAt), db.Micros(j.ArrivedAt),
		db.Micros(j.FinishedAt), db.Micros(j.EndedAt), j.Minutes, j.Confirmed, db.Micros(j.ConfirmedAt), j.Tries, tenant, j.ID, j.Version)
}

func insertJob(ctx context.Context, tx *db.Tx, tenant int64, j Job, item, by id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO technician_job (tenant_id, id, case_id, technician_id, state, item_id, item_edition, price_kind, price_fen, nth, offered_by, offered_at, taken_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13)`, tenant, j.ID, j.CaseID, j.TechnicianID, j.State, item, j.Edition, j.Kind, j.Fen, j.Nth, by, db.Micros(j.OfferedAt), db.Micros(j.TakenAt))
	return err
}

// charges reads the entries of a job, the oldest first.
func charges(ctx context.Context, q db.Querier, tenant int64, n id.ID) ([]Charge, error) {
	return db.All(ctx, q, func(c *Charge) []any {
		return []any{&c.ID, &c.Part, &c.Fen, &c.Words, &c.Counters, &c.Countered, &c.By, db.Instant(&c.At)}
	}, `SELECT x.id, x.part, x.fen, x.words, x.counters_id, CASE WHEN y.id IS NULL THEN FALSE ELSE TRUE END, coalesce(k.name, ''), x.at FROM technician_charge x
		LEFT JOIN technician_charge y ON y.tenant_id = x.tenant_id AND y.counters_id = x.id
		LEFT JOIN account k ON k.tenant_id = x.tenant_id AND k.id = x.account_id
		WHERE x.tenant_id = $1 AND x.job_id = $2 ORDER BY x.id`, tenant, n)
}

func insertCharges(ctx context.Context, tx *db.Tx, actor authz.Actor, n id.ID, list []Charge) error {
	return tx.InsertMany(ctx, "technician_charge", []string{"tenant_id", "id", "job_id", "part", "fen", "words", "counters_id", "account_id", "at"}, len(list), func(i int) []any {
		c := list[i]
		return []any{actor.Tenant, c.ID, n, c.Part, c.Fen, c.Words, c.Counters, actor.AccountID, db.Micros(tx.Now())}
	})
}
