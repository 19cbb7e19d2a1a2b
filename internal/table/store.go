package table

import (
	"context"
	"encoding/json"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/fact"
	"linli/internal/file"
	"linli/internal/id"
	"linli/internal/seal"
)

const tableColumns = `t.id, t.title, t.subject, t.definition, t.owner_id, coalesce(a.name, ''), t.shared_id, coalesce(o.name, ''), t.created_at, t.updated_at, t.removed_at, t.version`

const tableFrom = ` FROM saved_table t LEFT JOIN account a ON a.tenant_id = t.tenant_id AND a.id = t.owner_id
	LEFT JOIN organisation o ON o.tenant_id = t.tenant_id AND o.id = t.shared_id AND t.shared_id <> 0 WHERE `

func (t *Table) dest() []any {
	return []any{&t.ID, &t.Title, &t.Subject, &t.definition, &t.OwnerID, &t.OwnerName, &t.SharedID, &t.SharedName, db.Instant(&t.CreatedAt),
		db.Instant(&t.UpdatedAt), db.Instant(&t.RemovedAt), &t.Version}
}

func (t *Table) read() error { return json.Unmarshal([]byte(t.definition), &t.Definition) }

// mine keeps a query to the actor's own tables.
func mine(a *db.Args, actor authz.Actor) string {
	where := "t.tenant_id = " + a.Add(actor.Tenant) + " AND t.owner_id = " + a.Add(actor.AccountID)
	if actor.AccountID == 0 || !actor.Can(PermUse) {
		where += " AND 1 = 0"
	}
	return where
}

// shared keeps a query to tables that are shared with an organisation where the actor has PermUse, or above it.
func shared(a *db.Args, actor authz.Actor) string {
	where := "t.shared_id <> 0 AND t.removed_at = 0 AND (" + actor.Scope(PermUse).Where(a, authz.Columns{Tenant: "t.tenant_id", Orgs: []string{"t.shared_id"}})
	var roots []id.ID
	if actor.Can(PermUse) {
		for _, g := range actor.Grants {
			if g.Permissions[PermUse] && g.Root != 0 {
				roots = append(roots, g.Root)
			}
		}
	}
	if len(roots) > 0 {
		where += " OR t.tenant_id = " + a.Add(actor.Tenant) + ` AND EXISTS (SELECT 1 FROM organisation w JOIN organisation r ON r.tenant_id = w.tenant_id
			WHERE w.tenant_id = t.tenant_id AND w.id = t.shared_id AND replace(r.path, w.path, '') <> r.path AND ` + db.In(a, "r.id", roots) + ")"
	}
	return where + ")"
}

// find gives a table of the actor's own, or one that is shared with them.
func find(ctx context.Context, q db.Querier, actor authz.Actor, tableID id.ID) (Table, error) {
	a := &db.Args{}
	t, err := db.One(ctx, q, (*Table).dest, "SELECT "+tableColumns+tableFrom+"(("+mine(a, actor)+") OR ("+shared(a, actor)+")) AND t.tenant_id = "+a.Add(actor.Tenant)+
		" AND t.id = "+a.Add(tableID), a.Values()...)
	if err != nil {
		return t, err
	}
	return t, t.read()
}

// findOwn gives a table of the actor's own; one of somebody else's that they see is Forbidden.
func findOwn(ctx context.Context, q db.Querier, actor authz.Actor, tableID id.ID) (Table, error) {
	t, err := find(ctx, q, actor, tableID)
	if err == nil && t.OwnerID != actor.AccountID {
		err = errs.ErrForbidden
	}
	return t, err
}

func list(ctx context.Context, q db.Querier, actor authz.Actor, f Filter) (db.List[Table], error) {
	a := &db.Args{}
	var where string
	switch f.Show {
	case Shared:
		where = shared(a, actor) + " AND t.tenant_id = " + a.Add(actor.Tenant) + " AND t.owner_id <> " + a.Add(actor.AccountID)
	case Removed:
		where = mine(a, actor) + " AND t.removed_at <> 0"
	default:
		where = mine(a, actor) + " AND t.removed_at = 0"
	}
	if f.Text != "" {
		where += " AND replace(t.title, " + a.Add(f.Text) + ", '') <> t.title"
	}
	if f.Subject != "" {
		where += " AND t.subject = " + a.Add(string(f.Subject))
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "t.id", Desc: true})
	rows, err := db.All(ctx, q, (*Table).dest, "SELECT "+tableColumns+tableFrom+where+page+tail, a.Values()...)
	for i := range rows {
		if err == nil {
			err = rows[i].read()
		}
	}
	return db.Cut(rows, f.Page, func(t Table) db.Cursor { return db.Cursor{ID: t.ID} }), err
}

func insert(ctx context.Context, tx *db.Tx, tenant int64, t Table) error {
	def, err := json.Marshal(t.Definition)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO saved_table (tenant_id, id, title, subject, definition, owner_id, created_at, updated_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$7)`,
		tenant, t.ID, t.Title, string(t.Subject), string(def), t.OwnerID, db.Micros(tx.Now()))
	return err
}

// save writes a table that was found, unless somebody changed it since.
func save(ctx context.Context, tx *db.Tx, tenant int64, t Table) error {
	def, err := json.Marshal(t.Definition)
	if err != nil {
		return err
	}
	return tx.Update(ctx, `UPDATE saved_table SET title = $1, definition = $2, shared_id = $3, removed_at = $4, updated_at = $5, version = version + 1
		WHERE tenant_id = $6 AND id = $7 AND version = $8`, t.Title, string(def), t.SharedID, db.Micros(t.RemovedAt), db.Micros(tx.Now()), tenant, t.ID, t.Version)
}

const runColumns = `r.id, r.table_id, r.account_id, r.kind, r.state, r.title, r.on_date, r.place_id, r.purpose, r.reason, r.token_perms, r.job_id, r.file_id, r.previous_id, r.row_count,
	r.added, r.removed, r.changed, r.message, r.created_at, r.finished_at, r.seen_at, r.expires_on`

func (r *Run) dest() []any {
	return []any{&r.ID, &r.TableID, &r.AccountID, &r.Kind, &r.State, &r.Title, &r.OnDate, &r.Place, &r.Purpose, &r.Reason, &r.tokenPerms, &r.JobID, &r.fileID, &r.PreviousID, &r.Rows,
		&r.Added, &r.Removed, &r.Changed, &r.Message, db.Instant(&r.CreatedAt), db.Instant(&r.FinishedAt), db.Instant(&r.SeenAt), &r.ExpiresOn}
}

// own keeps a query to files that were made for the actor.
func own(a *db.Args, actor authz.Actor) string {
	where := "r.tenant_id = " + a.Add(actor.Tenant) + " AND r.account_id = " + a.Add(actor.AccountID)
	if actor.AccountID == 0 || !actor.Can(PermUse) {
		where += " AND 1 = 0"
	}
	return where
}

func findRun(ctx context.Context, q db.Querier, actor authz.Actor, runID id.ID) (Run, error) {
	a := &db.Args{}
	return db.One(ctx, q, (*Run).dest, "SELECT "+runColumns+" FROM table_run r WHERE "+own(a, actor)+" AND r.id = "+a.Add(runID), a.Values()...)
}

func runs(ctx context.Context, q db.Querier, actor authz.Actor, tableID id.ID, p db.Page) (db.List[Run], error) {
	a := &db.Args{}
	where := own(a, actor)
	if tableID != 0 {
		where += " AND r.table_id = " + a.Add(tableID)
	}
	page, tail := a.Keyset(p, db.Order{IDColumn: "r.id", Desc: true})
	rows, err := db.All(ctx, q, (*Run).dest, "SELECT "+runColumns+" FROM table_run r WHERE "+where+page+tail, a.Values()...)
	return db.Cut(rows, p, func(r Run) db.Cursor { return db.Cursor{ID: r.ID} }), err
}

// waitingRuns is how many files that the actor asked for are still to be made.
func waitingRuns(ctx context.Context, q db.Querier, actor authz.Actor) (int64, error) {
	return db.Value[int64](ctx, q, "SELECT count(*) FROM table_run WHERE tenant_id = $1 AND account_id = $2 AND kind = 'export' AND state = 'waiting'", actor.Tenant, actor.AccountID)
}

// lastEdition is the newest edition of a table that was made for an account, the zero Run if there is none.
func lastEdition(ctx context.Context, q db.Querier, tenant int64, r Run) (Run, error) {
	found, err := db.All(ctx, q, (*Run).dest, "SELECT "+runColumns+` FROM table_run r WHERE r.tenant_id = $1 AND r.table_id = $2 AND r.account_id = $3
		AND r.kind = 'edition' AND r.state = 'done' AND r.id < $4 ORDER BY r.id DESC LIMIT 1`, tenant, r.TableID, r.AccountID, r.ID)
	return append(found, Run{})[0], err
}

func insertRun(ctx context.Context, tx *db.Tx, tenant int64, r Run) error {
	_, err := tx.Exec(ctx, `INSERT INTO table_run (tenant_id, id, table_id, account_id, kind, state, title, on_date, place_id, purpose, reason, token_perms, job_id, message,
		created_at, finished_at, expires_on) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17)`, tenant, r.ID, r.TableID, r.AccountID, string(r.Kind), string(r.State), r.Title,
		r.OnDate.String(), r.Place, r.Purpose, r.Reason, r.tokenPerms, r.JobID, r.Message, db.Micros(tx.Now()), db.Micros(r.FinishedAt), r.ExpiresOn.String())
	return err
}

// finish writes how a run ended, unless it has ended already.
func finish(ctx context.Context, tx *db.Tx, tenant int64, r Run) error {
	return tx.Update(ctx, `UPDATE table_run SET state = $1, file_id = $2, previous_id = $3, row_count = $4, added = $5, removed = $6, changed = $7, message = $8, finished_at = $9
		WHERE tenant_id = $10 AND id = $11 AND state = 'waiting'`, string(r.State), r.fileID, r.PreviousID, r.Rows, r.Added, r.Removed, r.Changed, r.Message,
		db.Micros(tx.Now()), tenant, r.ID)
}

func markSeen(ctx context.Context, tx *db.Tx, tenant int64, runID id.ID) error {
	_, err := tx.Exec(ctx, "UPDATE table_run SET seen_at = $1 WHERE tenant_id = $2 AND id = $3 AND seen_at = 0", db.Micros(tx.Now()), tenant, runID)
	return err
}

func removeRun(ctx context.Context, tx *db.Tx, tenant int64, r Run) error {
	if err := file.Drop(ctx, tx, tenant, r.fileID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, "DELETE FROM table_run WHERE tenant_id = $1 AND id = $2", tenant, r.ID)
	return err
}

// snapshotType is the content type of kept rows.
const snapshotType = "application/x-ndjson+gzip"

// keep stores the rows of a run, sealed, until a day.
func (s *Service) keep(ctx context.Context, tx *db.Tx, tenant int64, r Run, content []byte) (id.ID, error) {
	return file.Keep(ctx, tx, s.ring, tenant, file.New{Name: r.Title, ContentType: snapshotType, Hash: seal.Hash(content), AccountID: r.AccountID,
		Until: r.ExpiresOn.AddDays(1).Time(), Content: content})
}

const scheduleColumns = "c.table_id, c.every, c.on_day, c.purpose, c.reason, c.token_perms, c.keep_months, c.next_on"

func (c *Schedule) dest() []any {
	return []any{&c.TableID, &c.Every, &c.OnDay, &c.Purpose, &c.Reason, &c.tokenPerms, &c.KeepMonths, &c.NextOn}
}

func scheduleOf(ctx context.Context, q db.Querier, tenant int64, tableID id.ID) (Schedule, error) {
	found, err := db.All(ctx, q, (*Schedule).dest, "SELECT "+scheduleColumns+" FROM table_schedule c WHERE c.tenant_id = $1 AND c.table_id = $2", tenant, tableID)
	return append(found, Schedule{})[0], err
}

func setSchedule(ctx context.Context, tx *db.Tx, tenant int64, c Schedule) error {
	_, err := tx.Exec(ctx, `INSERT INTO table_schedule (tenant_id, table_id, every, on_day, purpose, reason, token_perms, keep_months, next_on, created_at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10)
		ON CONFLICT (tenant_id, table_id) DO UPDATE SET every = $3, on_day = $4, purpose = $5, reason = $6, token_perms = $7, keep_months = $8, next_on = $9`,
		tenant, c.TableID, string(c.Every), int64(c.OnDay), c.Purpose, c.Reason, c.tokenPerms, int64(c.KeepMonths), c.NextOn.String(), db.Micros(tx.Now()))
	return err
}

func dropSchedule(ctx context.Context, tx *db.Tx, tenant int64, tableID id.ID) (int64, error) {
	return tx.Exec(ctx, "DELETE FROM table_schedule WHERE tenant_id = $1 AND table_id = $2", tenant, tableID)
}

// dueTable is a table whose schedule is due.
type dueTable struct {
	Schedule
	title string
	owner id.ID
}

// due gives what is due on a day.
func due(ctx context.Context, q db.Querier, tenant int64, day calendar.Date) ([]dueTable, error) {
	return db.All(ctx, q, func(d *dueTable) []any { return append(d.dest(), &d.title, &d.owner) }, "SELECT "+scheduleColumns+`, t.title, t.owner_id
		FROM table_schedule c JOIN saved_table t ON t.tenant_id = c.tenant_id AND t.id = c.table_id AND t.removed_at = 0
		WHERE c.tenant_id = $1 AND c.next_on <= $2 ORDER BY c.table_id`, tenant, day.String())
}

// sweep deletes what has expired: files, and tables removed before a time with all that belongs to them.
func sweep(ctx context.Context, tx *db.Tx, tenant int64, today calendar.Date) error {
	before := db.Micros(today.AddDays(-keptRemoved).Time())
	for _, text := range []string{
		`DELETE FROM file WHERE tenant_id = $1 AND id IN (SELECT file_id FROM table_run WHERE tenant_id = $1 AND (expires_on < $2
			OR table_id IN (SELECT id FROM saved_table WHERE tenant_id = $1 AND removed_at <> 0 AND removed_at < $3)))`,
		`DELETE FROM table_run WHERE tenant_id = $1 AND (expires_on < $2 OR table_id IN (SELECT id FROM saved_table WHERE tenant_id = $1 AND removed_at <> 0 AND removed_at < $3))`,
	} {
		if _, err := tx.Exec(ctx, text, tenant, today.String(), before); err != nil {
			return err
		}
	}
	for _, text := range []string{
		`DELETE FROM table_schedule WHERE tenant_id = $1 AND table_id IN (SELECT id FROM saved_table WHERE tenant_id = $1 AND removed_at <> 0 AND removed_at < $2)`,
		`DELETE FROM saved_table WHERE tenant_id = $1 AND removed_at <> 0 AND removed_at < $2`,
	} {
		if _, err := tx.Exec(ctx, text, tenant, before); err != nil {
			return err
		}
	}
	return nil
}

// Show says which tables a list shows.
type Show string

// What a list can show.
const (
	Mine    Show = "mine"
	Shared  Show = "shared"
	Removed Show = "removed"
)

// Filter narrows a list of tables.
type Filter struct {
	Show    Show
	Text    string // stands in the title
	Subject fact.Subject
	Page    db.Page
}
