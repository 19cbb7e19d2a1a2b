package intake

import (
	"context"
	"encoding/json"
	"strings"
	"time"

	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/file"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
)

const importColumns = `id, kind, organisation_id, file_id, file_name, file_hash, mapping, options, state, dry_run, take_good,
	rows_read, inserted, updated, unchanged, rejected, warnings, job_id, account_id, created_at, finished_at`

// record is an import as its row holds it.
type record struct {
	Import
	mapping, options string
}

func (r *record) dest() []any {
	s := &r.Summary
	return []any{&r.ID, &s.Kind, &r.OrgID, &r.FileID, &r.FileName, &r.FileHash, &r.mapping, &r.options, &s.State, &s.DryRun,
		&r.TakeGood, &s.Rows, &s.Inserted, &s.Updated, &s.Unchanged, &s.Rejected, &s.Warnings, &r.JobID, &r.AccountID,
		db.Instant(&r.CreatedAt), db.Instant(&r.FinishedAt)}
}

func (r *record) read() (Import, error) {
	r.ImportID = r.ID
	if err := json.Unmarshal([]byte(r.mapping), &r.Layout); err != nil {
		return Import{}, err
	}
	return r.Import, json.Unmarshal([]byte(r.options), &r.Options)
}

// reach is the condition that keeps a query to imports of kinds that the actor may import where they were made, and to
// those the actor began; of private kinds to the latter alone.
func (s *Service) reach(a *db.Args, actor authz.Actor) string {
	var parts []string
	for _, k := range s.kinds {
		scope := actor.Scope(k.Permission)
		if scope.Empty() {
			continue
		}
		if k.Private {
			parts = append(parts, "(kind = "+a.Add(k.Name)+" AND account_id = "+a.Add(actor.AccountID)+" AND account_id <> 0)")
			continue
		}
		own := " OR account_id = " + a.Add(actor.AccountID)
		if actor.AccountID == 0 {
			own = ""
		}
		parts = append(parts, "(kind = "+a.Add(k.Name)+" AND (("+
			scope.Where(a, authz.Columns{Tenant: "tenant_id", Orgs: []string{"organisation_id"}})+")"+own+"))")
	}
	tenant := "tenant_id = " + a.Add(actor.Tenant)
	if len(parts) == 0 {
		return tenant + " AND 1 = 0"
	}
	return tenant + " AND (" + strings.Join(parts, " OR ") + ")"
}

func (s *Service) find(ctx context.Context, q db.Querier, actor authz.Actor, importID id.ID) (Import, error) {
	a := &db.Args{}
	where := s.reach(a, actor) + " AND id = " + a.Add(importID)
	r, err := db.One(ctx, q, (*record).dest, "SELECT "+importColumns+" FROM import WHERE "+where, a.Values()...)
	if err != nil {
		return Import{}, err
	}
	return r.read()
}

// stopped is the condition that an import stopped with errors and can still be mended.
const stopped = " AND file_id <> 0 AND state IN ('refused', 'failed')"

func (s *Service) list(ctx context.Context, q db.Querier, actor authz.Actor, f Filter) (db.List[Import], error) {
	a := &db.Args{}
	where := s.reach(a, actor)
	if f.Kind != "" {
		where += " AND kind = " + a.Add(f.Kind)
	}
	if f.Stopped {
		where += stopped
	}
	page, tail := a.Keyset(f.Page, db.Order{IDColumn: "id", Desc: true})
	rows, err := db.All(ctx, q, (*record).dest, "SELECT "+importColumns+" FROM import WHERE "+where+page+tail, a.Values()...)
	if err != nil {
		return db.List[Import]{}, err
	}
	imports := make([]Import, len(rows))
	for i := range rows {
		if imports[i], err = rows[i].read(); err != nil {
			return db.List[Import]{}, err
		}
	}
	return db.Cut(imports, f.Page, func(i Import) db.Cursor { return db.Cursor{ID: i.ID} }), nil
}

func insert(ctx context.Context, tx *db.Tx, tenant int64, m Import) error {
	mapping, options, err := m.texts()
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `INSERT INTO import (tenant_id, id, kind, organisation_id, file_id, file_name, file_hash, mapping, options,
		state, dry_run, take_good, account_id, created_at) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`,
		tenant, m.ID, m.Kind, m.OrgID, m.FileID, m.FileName, m.FileHash, mapping, options, m.State, m.DryRun, m.TakeGood,
		m.AccountID, db.Micros(tx.Now()))
	return err
}

func (m Import) texts() (mapping, options string, err error) {
	b, err := json.Marshal(m.Layout)
	if err != nil {
		return "", "", err
	}
	o, err := json.Marshal(m.Options)
	return string(b), string(o), err
}

// begin moves an import from one of the states into m.State; in any other state somebody else was quicker.
func begin(ctx context.Context, tx *db.Tx, tenant int64, m Import, from ...string) error {
	mapping, options, err := m.texts()
	if err != nil {
		return err
	}
	a := &db.Args{}
	set := "UPDATE import SET state = " + a.Add(m.State) + ", mapping = " + a.Add(mapping) + ", options = " + a.Add(options) +
		", dry_run = " + a.Add(m.DryRun) + ", take_good = " + a.Add(m.TakeGood) + ", job_id = " + a.Add(m.JobID)
	return tx.Update(ctx, set+" WHERE tenant_id = "+a.Add(tenant)+" AND id = "+a.Add(m.ID)+" AND "+db.In(a, "state", from), a.Values()...)
}

// finish keeps what a pass found: state, counts, problems.
func finish(ctx context.Context, tx *db.Tx, tenant int64, m Import, problems []Problem) error {
	s := m.Summary
	err := tx.Update(ctx, `UPDATE import SET state = $1, rows_read = $2, inserted = $3, updated = $4, unchanged = $5, rejected = $6,
		warnings = $7, finished_at = $8, file_id = $9 WHERE tenant_id = $10 AND id = $11`,
		s.State, s.Rows, s.Inserted, s.Updated, s.Unchanged, s.Rejected, s.Warnings, db.Micros(tx.Now()), m.FileID, tenant, m.ID)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM import_problem WHERE tenant_id = $1 AND import_id = $2", tenant, m.ID); err != nil {
		return err
	}
	lang := i18n.From(ctx)
	return tx.InsertMany(ctx, "import_problem",
		[]string{"tenant_id", "import_id", "seq", "row_no", "col", "masked", "message", "advice", "warning"},
		len(problems), func(i int) []any {
			p := problems[i]
			return []any{tenant, int64(m.ID), int64(i + 1), int64(p.Row), p.Column.In(lang), p.Masked, p.Message.In(lang), p.Advice.In(lang), p.Warning}
		})
}

// Finding is a stored problem, in the language in which the import ran.
type Finding struct {
	Seq     id.ID // place in the report, from 1
	Row     int   // as the spreadsheet counts, 0 for the whole file
	Column  string
	Masked  string
	Message string
	Advice  string
	Warning bool
}

func (f *Finding) dest() []any {
	return []any{&f.Seq, &f.Row, &f.Column, &f.Masked, &f.Message, &f.Advice, &f.Warning}
}

const findingColumns = "seq, row_no, col, masked, message, advice, warning"

func findings(ctx context.Context, q db.Querier, tenant int64, importID id.ID, page db.Page) (db.List[Finding], error) {
	a := &db.Args{}
	where := "tenant_id = " + a.Add(tenant) + " AND import_id = " + a.Add(importID)
	more, tail := a.Keyset(page, db.Order{IDColumn: "seq"})
	rows, err := db.All(ctx, q, (*Finding).dest, "SELECT "+findingColumns+" FROM import_problem WHERE "+where+more+tail, a.Values()...)
	if err != nil {
		return db.List[Finding]{}, err
	}
	return db.Cut(rows, page, func(f Finding) db.Cursor { return db.Cursor{ID: f.Seq} }), nil
}

// refusals are the problems for which rows were refused.
func refusals(ctx context.Context, q db.Querier, tenant int64, importID id.ID) ([]Finding, error) {
	return db.All(ctx, q, (*Finding).dest, "SELECT "+findingColumns+
		" FROM import_problem WHERE tenant_id = $1 AND import_id = $2 AND NOT warning ORDER BY seq", tenant, importID)
}

func loadFile(ctx context.Context, q db.Querier, ring *seal.Ring, tenant int64, m Import) ([]byte, error) {
	content, err := file.Content(ctx, q, ring, tenant, m.FileID)
	if errs.KindOf(err) == errs.NotFound {
		err = errs.New(errs.Conflict, i18n.IntakeFileGone)
	}
	return content, err
}

// sweep deletes the files of imports whose time is over, and ends imports that a stopped server left running.
func sweep(ctx context.Context, tx *db.Tx, tenant int64) error {
	now := db.Micros(tx.Now())
	if _, err := tx.Exec(ctx, `UPDATE import SET file_id = 0 WHERE tenant_id = $1 AND file_id IN
		(SELECT id FROM file WHERE tenant_id = $1 AND expires_at > 0 AND expires_at < $2)`, tenant, now); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `DELETE FROM file WHERE tenant_id = $1 AND expires_at > 0 AND expires_at < $2`, tenant, now); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE import SET state = $1 WHERE tenant_id = $2 AND state = $3 AND job_id = 0 AND created_at < $4`,
		Failed, tenant, Running, db.Micros(tx.Now().Add(-6*time.Hour)))
	return err
}
