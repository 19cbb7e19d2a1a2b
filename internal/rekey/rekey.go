// Package rekey seals old values with the current key after a rotation (SEC-5, SEC-11), while the platform serves.
//
// Columns is the one list of what is sealed: a test holds it complete against the schema and against the code. Every value names its key,
// so nothing needs to be remembered: what is left to do is what does not name the current key. Work goes in small transactions and may
// stop anywhere; whoever goes on later finds the rest. A value that does not open is left as it is and told.
//
// Blind indexes stay: their key is not rotated (docs/adr/0013), so a search finds everything before, during and after.
package rekey

import (
	"context"
	"fmt"

	"linli/internal/db"
	"linli/internal/id"
	"linli/internal/seal"
)

// Column is one sealed column. Keys are the key columns of its table after tenant_id: the last one of integers is the row that a value is
// bound to. Where Named is set, the value is bound to the text in that column instead of to the column's name.
type Column struct {
	Table string
	Name  string
	Row   string // the integer key column that a value is bound to
	Bound string // the name that a value is bound to, if it is not the column's
	Named string
	Batch int // rows in one transaction; small where values are large
}

// Columns are all sealed columns of the schema.
var Columns = []Column{
	{Table: "account", Name: "totp_secret", Row: "id"},
	{Table: "account", Name: "totp_pending", Row: "id"},
	{Table: "organisation", Name: "contact_phone", Row: "id"},
	{Table: "person", Name: "id_number", Row: "id"},
	{Table: "person", Name: "phone", Row: "id"},
	{Table: "activity", Name: "secret", Row: "id"},
	{Table: "attendance", Name: "guest_phone", Row: "id"},
	{Table: "own_value", Name: "sealed", Bound: "value", Row: "id"},
	{Table: "question", Name: "answer", Row: "id"},
	{Table: "dues_base", Name: "terms", Row: "id"},
	{Table: "dues_relief", Name: "reason", Row: "id"},
	{Table: "dues_payment", Name: "amount", Row: "id"},
	{Table: "dues_entry", Name: "amount", Row: "id"},
	{Table: "service_case", Name: "body", Row: "id"},
	{Table: "service_case", Name: "place", Row: "id"},
	{Table: "service_case", Name: "answers", Row: "id"},
	{Table: "service_case", Name: "reporter", Row: "id"},
	{Table: "service_case", Name: "phone", Row: "id"},
	{Table: "service_case", Name: "result", Row: "id"},
	{Table: "case_entry", Name: "words", Row: "id"},
	{Table: "case_step", Name: "note", Row: "id"},
	{Table: "technician", Name: "phone", Row: "id"},
	{Table: "bank_order", Name: "code", Row: "id"},
	{Table: "need", Name: "body", Row: "id"},
	{Table: "need", Name: "place", Row: "id"},
	{Table: "need", Name: "holder", Row: "id"},
	{Table: "need", Name: "phone", Row: "id"},
	{Table: "need", Name: "answer", Row: "id"},
	{Table: "need_pledge", Name: "contact", Row: "id"},
	{Table: "need_pledge", Name: "said", Row: "id"},
	{Table: "need_entry", Name: "words", Row: "id"},
	{Table: "resource", Name: "contact", Row: "id"},
	{Table: "venue_booking", Name: "name", Row: "id"},
	{Table: "venue_booking", Name: "phone", Row: "id"},
	{Table: "venue_booking", Name: "purpose", Row: "id"},
	{Table: "venue_booking", Name: "answer", Row: "id"},
	{Table: "venue_booking", Name: "said", Row: "id"},
	{Table: "venue_entry", Name: "words", Row: "id"},
	{Table: "cobuild_party", Name: "contact", Row: "id"},
	{Table: "cobuild_party", Name: "phone", Row: "id"},
	{Table: "cobuild_person", Name: "name", Row: "id"},
	{Table: "cobuild_person", Name: "end_words", Row: "id"},
	{Table: "project_expense", Name: "payee", Row: "id"},
	{Table: "project_person", Name: "name", Row: "id"},
	{Table: "notice_contact", Name: "address", Row: "id"},
	{Table: "notice_contact", Name: "code", Row: "id"},
	{Table: "notice_contact", Name: "token", Row: "id"},
	{Table: "notice_message", Name: "address", Row: "id"},
	{Table: "notice_message", Name: "content", Row: "id"},
	{Table: "notice_choice", Name: "address", Row: "account_id"},
	{Table: "webhook_subscription", Name: "secret", Row: "id"},
	{Table: "webhook_subscription", Name: "old_secret", Row: "id"},
	{Table: "patrol_entry", Name: "note", Row: "id"},
	{Table: "patrol_entry", Name: "answer", Row: "id"},
	{Table: "household_check", Name: "said", Row: "id"},
	{Table: "resident_account", Name: "phone", Row: "id"},
	{Table: "case_takeover", Name: "reason", Row: "case_id"},
	{Table: "employment_seeker", Name: "skills", Row: "id"},
	{Table: "employment_seeker", Name: "words", Row: "id"},
	{Table: "employment_seeker", Name: "phone", Row: "id"},
	{Table: "employment_job", Name: "contact", Row: "id"},
	{Table: "employment_job", Name: "phone", Row: "id"},
	{Table: "employment_match", Name: "words", Row: "id"},
	{Table: "employment_result", Name: "employer", Row: "id"},
	{Table: "employment_result", Name: "post", Row: "id"},
	{Table: "employment_result", Name: "words", Row: "id"},
	{Table: "employment_use", Name: "note", Row: "id"},
	{Table: "pairing_household", Name: "situation", Row: "id"},
	{Table: "volunteer", Name: "words", Row: "id"},
	{Table: "volunteer_cover", Name: "policy", Row: "id"},
	{Table: "volunteer_thanks", Name: "words", Row: "id"},
	{Table: "volunteer_thanks", Name: "giver", Row: "id"},
	{Table: "volunteer_certificate", Name: "content", Row: "id"},
	{Table: "pairing_household", Name: "end_words", Row: "id"},
	{Table: "pairing_pair", Name: "end_words", Row: "id"},
	{Table: "pairing_item", Name: "what", Row: "id"},
	{Table: "pairing_visit", Name: "note", Row: "id"},
	{Table: "counselling_file", Name: "name", Row: "id"},
	{Table: "counselling_file", Name: "phone", Row: "id"},
	{Table: "counselling_file", Name: "word", Row: "id"},
	{Table: "counselling_session", Name: "note", Row: "id"},
	{Table: "case_paper", Name: "name", Row: "id"},
	{Table: "mediation", Name: "place", Row: "id"},
	{Table: "mediation", Name: "matter", Row: "id"},
	{Table: "mediation", Name: "risk_note", Row: "id"},
	{Table: "mediation", Name: "terms", Row: "id"},
	{Table: "mediation", Name: "end_words", Row: "id"},
	{Table: "mediation_party", Name: "details", Row: "id"},
	{Table: "mediation_mediator", Name: "invited", Row: "id"},
	{Table: "mediation_session", Name: "record", Row: "id"},
	{Table: "mediation_duty", Name: "words", Row: "id"},
	{Table: "mediation_duty", Name: "note", Row: "id"},
	{Table: "mediation_visit", Name: "words", Row: "id"},
	{Table: "mediation_entry", Name: "words", Row: "id"},
	{Table: "data_request", Name: "value", Row: "id"},
	{Table: "data_request", Name: "said", Row: "id"},
	{Table: "data_request", Name: "answer", Row: "id"},
	{Table: "file", Name: "content", Row: "id", Batch: 4},
	{Table: "attachment_part", Name: "content", Row: "id", Batch: 16},
	{Table: "idempotency", Name: "body", Row: "account_id", Named: "key"},
}

// defaultBatch keeps a transaction well below a second.
const defaultBatch = 250

func (c Column) batch() int {
	if c.Batch > 0 {
		return c.Batch
	}
	return defaultBatch
}

func (c Column) bound() string {
	if c.Bound != "" {
		return c.Bound
	}
	return c.Name
}

// Call is the place in the code that seals the column: its table and the name that values are bound to, "*" for a text of the row.
func (c Column) Call() string {
	if c.Named != "" {
		return c.Table + ".*"
	}
	return c.Table + "." + c.bound()
}

// Progress is told how many values are done of how many.
type Progress func(done, total int64)

// Result is what a run did.
type Result struct {
	Resealed int64
	Broken   []string // values that do not open, as table.column row; at most maxBroken
	Bad      int64    // how many do not open
}

// maxBroken bounds what is listed of values that do not open.
const maxBroken = 20

// Run seals with the ring's current key whatever in a tenant is sealed with another.
func Run(ctx context.Context, d *db.DB, ring *seal.Ring, tenant int64, progress Progress) (Result, error) {
	var res Result
	current := ring.Current()
	total, err := left(ctx, d, tenant, current)
	if err != nil || total == 0 {
		return res, err
	}
	for _, c := range Columns {
		var at cursor
		for {
			var part Result
			var n int
			var next cursor
			err := d.WithTx(ctx, func(tx *db.Tx) (err error) {
				part = Result{}
				next, n, err = batch(ctx, tx, ring, tenant, c, current, at, &part)
				return err
			})
			if err != nil {
				return res, fmt.Errorf("seal %s.%s anew: %w", c.Table, c.Name, err)
			}
			at = next
			res.add(part)
			if progress != nil {
				progress(min(res.Resealed+res.Bad, total), total)
			}
			if n < c.batch() {
				break
			}
		}
	}
	return res, nil
}

func (r *Result) add(o Result) {
	r.Resealed += o.Resealed
	r.Bad += o.Bad
	r.Broken = append(r.Broken, o.Broken[:min(len(o.Broken), maxBroken-len(r.Broken))]...)
}

// cursor is the last row looked at.
type cursor struct {
	row   id.ID
	named string
}

type value struct {
	cursor
	sealed []byte
}

// batch seals one batch of rows behind at and gives where it ended.
func batch(ctx context.Context, tx *db.Tx, ring *seal.Ring, tenant int64, c Column, current byte, at cursor, res *Result) (cursor, int, error) {
	a := &db.Args{}
	col, row, named := quote(c.Name), quote(c.Row), "''"
	where := "tenant_id = " + a.Add(tenant) + " AND " + others(a, col, current)
	if c.Named == "" {
		where += " AND " + row + " > " + a.Add(at.row)
	} else {
		named = quote(c.Named)
		where += " AND (" + row + ", " + named + ") > (" + a.Add(at.row) + ", " + a.Add(at.named) + ")"
	}
	found, err := db.All(ctx, tx, func(v *value) []any { return []any{&v.row, &v.named, &v.sealed} }, fmt.Sprintf(
		"SELECT %s, %s, %s FROM %s WHERE %s ORDER BY 1, 2 LIMIT %d", row, named, col, quote(c.Table), where, c.batch()), a.Values()...)
	if err != nil {
		return at, 0, err
	}
	for _, v := range found {
		at = v.cursor
		bound := c.bound()
		if c.Named != "" {
			bound = v.named
		}
		plain, err := ring.Open(c.Table, bound, v.row, v.sealed)
		if err != nil {
			if res.Bad++; len(res.Broken) < maxBroken {
				res.Broken = append(res.Broken, c.Table+"."+c.Name+" "+v.row.String())
			}
			continue
		}
		b := &db.Args{}
		set := "UPDATE " + quote(c.Table) + " SET " + col + " = " + b.Add(ring.Seal(c.Table, bound, v.row, plain)) + " WHERE tenant_id = " + b.Add(tenant) +
			" AND " + row + " = " + b.Add(v.row)
		if c.Named != "" {
			set += " AND " + named + " = " + b.Add(v.named)
		}
		n, err := tx.Exec(ctx, set, b.Values()...)
		if err != nil {
			return at, 0, err
		}
		res.Resealed += n
	}
	return at, len(found), nil
}

// others is the condition that a value is sealed with another key than the current one.
func others(a *db.Args, column string, current byte) string {
	return column + " IS NOT NULL AND substr(" + column + ", 1, 1) <> " + a.Add([]byte{current})
}

// left counts a tenant's values that are sealed with another key than the current one.
func left(ctx context.Context, q db.Querier, tenant int64, current byte) (int64, error) {
	var total int64
	for _, c := range Columns {
		a := &db.Args{}
		n, err := db.Value[int64](ctx, q, "SELECT count(*) FROM "+quote(c.Table)+" WHERE tenant_id = "+a.Add(tenant)+" AND "+
			others(a, quote(c.Name), current), a.Values()...)
		if err != nil {
			return 0, err
		}
		total += n
	}
	return total, nil
}

// Count gives for each key how many values of the whole database are sealed with it.
func Count(ctx context.Context, q db.Querier) (map[byte]int64, error) {
	type row struct {
		key []byte
		n   int64
	}
	counts := map[byte]int64{}
	for _, c := range Columns {
		col := quote(c.Name)
		rows, err := db.All(ctx, q, func(r *row) []any { return []any{&r.key, &r.n} },
			"SELECT substr("+col+", 1, 1), count(*) FROM "+quote(c.Table)+" WHERE "+col+" IS NOT NULL GROUP BY 1")
		if err != nil {
			return nil, err
		}
		for _, r := range rows {
			if len(r.key) > 0 {
				counts[r.key[0]] += r.n
			}
		}
	}
	return counts, nil
}

func quote(name string) string { return `"` + name + `"` }
