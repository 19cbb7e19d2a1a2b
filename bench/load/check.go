package load

import (
	"context"
	"errors"

	"linli/internal/app"
	"linli/internal/db"
	"linli/internal/id"
)

// check looks for every acknowledged write and verifies the database, which no server has open.
func (w *world) check(ctx context.Context, acks map[kind]map[string]bool, r *Report) (err error) {
	a, err := openApp(ctx, w.laid, true)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	for _, k := range []kind{aCase, anAccept, aResident, aSignIn} {
		there, err := w.there(ctx, a, k)
		if err != nil {
			return err
		}
		for subject := range acks[k] {
			if k == aResident {
				subject = a.Ring.Index("id_number", subject)
			}
			if r.Written++; there[subject] == 0 {
				r.Lost++
			}
		}
		for _, n := range there { // also what was not acknowledged may be there only once
			if n > 1 {
				r.Twice++
			}
		}
	}
	r.Findings, err = a.Verify(ctx, func(int, int, string) {})
	return err
}

// there counts what was written, by the subject under which it was acknowledged.
func (w *world) there(ctx context.Context, a *app.App, k kind) (map[string]int, error) {
	found := map[string]int{}
	type named struct {
		id   id.ID
		text string
	}
	var rows []named
	var err error
	one, text := func(n *named) []any { return []any{&n.id} }, func(n *named) []any { return []any{&n.id, &n.text} }
	switch k {
	case aCase:
		rows, err = db.All(ctx, a.DB, text, "SELECT id, title FROM service_case WHERE tenant_id = $1 AND channel = 'web'", w.laid.Tenant)
	case anAccept:
		rows, err = db.All(ctx, a.DB, one, "SELECT case_id FROM case_entry WHERE tenant_id = $1 AND act = 'accept'", w.laid.Tenant)
	case aResident:
		rows, err = db.All(ctx, a.DB, text, "SELECT id, id_index FROM person WHERE tenant_id = $1 AND source <> 'import'", w.laid.Tenant)
	case aSignIn:
		rows, err = db.All(ctx, a.DB, one, "SELECT person_id FROM attendance WHERE tenant_id = $1 AND activity_id = $2", w.laid.Tenant, w.activity)
	}
	for _, n := range rows {
		if k == aCase || k == aResident {
			found[n.text]++
		} else {
			found[n.id.String()]++
		}
	}
	return found, err
}
