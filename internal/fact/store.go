package fact

import (
	"context"
	"strings"
	"time"

	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

const ownColumns = `id, subject, code, name, name_en, question, doc, synonyms, type, options, unit, sensitivity, purpose, asked_by, valid_from, valid_to,
	created_at, version`

type ownRecord struct {
	OwnFact
	synonyms, options string
}

func (r *ownRecord) dest() []any {
	return []any{&r.ID, &r.Subject, &r.Code, &r.Name, &r.NameEn, &r.Question, &r.Doc, &r.synonyms, &r.Type, &r.options, &r.Unit, &r.Sensitivity,
		&r.Purpose, &r.AskedBy, &r.ValidFrom, &r.ValidTo, db.Instant(&r.CreatedAt), &r.Version}
}

func (r *ownRecord) read() OwnFact {
	for _, s := range strings.Split(r.synonyms, "\n") {
		if s != "" {
			r.Synonyms = append(r.Synonyms, s)
		}
	}
	r.Options = ParseOptions(r.options)
	return r.OwnFact
}

// ownFacts gives the own facts of a tenant, those that ended included: their values are still read.
func ownFacts(ctx context.Context, q db.Querier, tenant int64) ([]OwnFact, error) {
	rows, err := db.All(ctx, q, (*ownRecord).dest, "SELECT "+ownColumns+" FROM own_fact WHERE tenant_id = $1 ORDER BY id", tenant)
	out := make([]OwnFact, len(rows))
	for i := range rows {
		out[i] = rows[i].read()
	}
	return out, err
}

func ownFact(ctx context.Context, q db.Querier, tenant int64, factID id.ID) (OwnFact, error) {
	r, err := db.One(ctx, q, (*ownRecord).dest, "SELECT "+ownColumns+" FROM own_fact WHERE tenant_id = $1 AND id = $2", tenant, factID)
	return r.read(), err
}

func insertOwn(ctx context.Context, tx *db.Tx, tenant int64, o OwnFact, by id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO own_fact (tenant_id, id, subject, code, name, name_en, question, doc, synonyms, type, options, unit,
		sensitivity, purpose, asked_by, valid_from, valid_to, created_at, created_by) VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14,$15,$16,$17,$18,$19)`,
		tenant, o.ID, string(o.Subject), o.Code, o.Name, o.NameEn, o.Question, o.Doc, strings.Join(o.Synonyms, "\n"), string(o.Type),
		optionText(o.Options), o.Unit, string(o.Sensitivity), o.Purpose, o.AskedBy, o.ValidFrom, o.ValidTo, db.Micros(tx.Now()), by)
	return err
}

func endOwn(ctx context.Context, tx *db.Tx, tenant int64, o OwnFact) error {
	return tx.Update(ctx, `UPDATE own_fact SET valid_to = $1, version = version + 1 WHERE tenant_id = $2 AND id = $3 AND version = $4`,
		o.ValidTo, tenant, o.ID, o.Version)
}

// stored is a value of an own fact as its row holds it.
type storedValue struct {
	ID        id.ID
	FactID    id.ID
	SubjectID id.ID
	Value     string // of a sealed fact its mask
	Sealed    []byte
	OnDate    calendar.Date
	Source    string
	AccountID id.ID
	At        time.Time
	GoneAt    time.Time
}

const valueColumns = "id, fact_id, subject_id, value, sealed, on_date, source, account_id, at, superseded_at"

func (v *storedValue) dest() []any {
	return []any{&v.ID, &v.FactID, &v.SubjectID, &v.Value, &v.Sealed, &v.OnDate, &v.Source, &v.AccountID, db.Instant(&v.At), db.Instant(&v.GoneAt)}
}

// values gives the present values of some own facts at some rows.
func values(ctx context.Context, q db.Querier, tenant int64, facts, rows []id.ID) ([]storedValue, error) {
	a := &db.Args{}
	return db.All(ctx, q, (*storedValue).dest, "SELECT "+valueColumns+" FROM own_value WHERE tenant_id = "+a.Add(tenant)+" AND superseded_at = 0 AND "+
		db.In(a, "fact_id", facts)+" AND "+db.In(a, "subject_id", rows), a.Values()...)
}

// history gives all values that a fact has had at a row, newest first.
func history(ctx context.Context, q db.Querier, tenant int64, fact, row id.ID) ([]storedValue, error) {
	return db.All(ctx, q, (*storedValue).dest, "SELECT "+valueColumns+` FROM own_value WHERE tenant_id = $1 AND subject_id = $2 AND fact_id = $3
		ORDER BY id DESC LIMIT 100`, tenant, row, fact)
}

func supersede(ctx context.Context, tx *db.Tx, tenant int64, fact id.ID, rows []id.ID) error {
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE own_value SET superseded_at = "+a.Add(db.Micros(tx.Now()))+" WHERE tenant_id = "+a.Add(tenant)+" AND fact_id = "+
		a.Add(fact)+" AND superseded_at = 0 AND "+db.In(a, "subject_id", rows), a.Values()...)
	return err
}

var insertValueColumns = []string{"tenant_id", "id", "fact_id", "subject_id", "value", "sealed", "on_date", "source", "account_id", "at"}

func insertValues(ctx context.Context, tx *db.Tx, tenant int64, vs []storedValue) error {
	buf := make([]any, 0, len(insertValueColumns))
	return tx.InsertMany(ctx, "own_value", insertValueColumns, len(vs), func(i int) []any {
		v := vs[i]
		return append(buf[:0], tenant, int64(v.ID), int64(v.FactID), int64(v.SubjectID), v.Value, v.Sealed, v.OnDate.String(), v.Source,
			int64(v.AccountID), db.Micros(v.At))
	})
}

const labelColumns = "id, subject, label_key, label, ref, taught_by, at"

func (l *Label) dest() []any {
	return []any{&l.ID, &l.Subject, &l.key, &l.Label, &l.Ref, &l.TaughtBy, db.Instant(&l.At)}
}

func labels(ctx context.Context, q db.Querier, tenant int64) ([]Label, error) {
	return db.All(ctx, q, (*Label).dest, "SELECT "+labelColumns+" FROM fact_label WHERE tenant_id = $1 AND revoked_at = 0 ORDER BY id", tenant)
}

func insertLabel(ctx context.Context, tx *db.Tx, tenant int64, l Label, by id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO fact_label (tenant_id, id, subject, label_key, label, ref, account_id, taught_by, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9)`, tenant, l.ID, string(l.Subject), l.key, l.Label, string(l.Ref), by, l.TaughtBy, db.Micros(tx.Now()))
	return err
}

func revokeLabel(ctx context.Context, tx *db.Tx, tenant int64, subject Subject, key string, by id.ID) (int64, error) {
	return tx.Exec(ctx, `UPDATE fact_label SET revoked_at = $1, revoked_by = $2 WHERE tenant_id = $3 AND subject = $4 AND label_key = $5 AND revoked_at = 0`,
		db.Micros(tx.Now()), by, tenant, string(subject), key)
}

func (d *Declaration) dest() []any {
	return []any{&d.ID, &d.FactID, &d.CompleteOn, &d.Note, &d.DeclaredBy, db.Instant(&d.At)}
}

func declarations(ctx context.Context, q db.Querier, tenant int64) ([]Declaration, error) {
	return db.All(ctx, q, (*Declaration).dest, `SELECT id, fact, complete_on, note, declared_by, at FROM fact_register
		WHERE tenant_id = $1 AND withdrawn_at = 0 ORDER BY id`, tenant)
}

func withdrawDeclaration(ctx context.Context, tx *db.Tx, tenant int64, factID string, by id.ID) (int64, error) {
	return tx.Exec(ctx, `UPDATE fact_register SET withdrawn_at = $1, withdrawn_by = $2 WHERE tenant_id = $3 AND fact = $4 AND withdrawn_at = 0`,
		db.Micros(tx.Now()), by, tenant, factID)
}

func insertDeclaration(ctx context.Context, tx *db.Tx, tenant int64, d Declaration, by id.ID) error {
	_, err := tx.Exec(ctx, `INSERT INTO fact_register (tenant_id, id, fact, complete_on, note, account_id, declared_by, at)
		VALUES ($1,$2,$3,$4,$5,$6,$7,$8)`, tenant, d.ID, d.FactID, d.CompleteOn, d.Note, by, d.DeclaredBy, db.Micros(tx.Now()))
	return err
}
