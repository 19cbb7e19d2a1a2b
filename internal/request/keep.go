package request

import (
	"context"
	"fmt"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/retention"
)

// RetentionKinds are the periods of files that were handed in, and of the forms of requests that are over. That something was asked and answered stays.
func RetentionKinds() []retention.Kind {
	return []retention.Kind{
		{Code: "request.answers", Title: i18n.RetentionRequestAnswers, Act: i18n.RetentionActRequestFile,
			Period: retention.Months("retention.request_answer_months", i18n.RetentionRequestAnswers, 1, "PRIV-7"),
			Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
				return retention.Rows{ID: "x.id", From: "request_answer x WHERE x.tenant_id = " + a.Add(tenant) + " AND x.file_id <> 0 AND x.answered_on < " + a.Add(before.String())}
			},
			Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
				if err := dropFiles(ctx, tx, tenant, "file_id FROM request_answer", rows); err != nil {
					return err
				}
				a := &db.Args{}
				_, err := tx.Exec(ctx, "UPDATE request_answer SET file_id = 0, note = '' WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
				return err
			}},
		{Code: "request.forms", Title: i18n.RetentionRequestForms, Act: i18n.RetentionActRequestFile,
			Period: retention.Months("retention.request_form_months", i18n.RetentionRequestForms, 1, "PRIV-7"),
			Past: func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
				return retention.Rows{ID: "x.id", From: "request x WHERE x.tenant_id = " + a.Add(tenant) + " AND x.form_id <> 0 AND x.state IN ('ended', 'expired') AND x.changed_at < " + a.Add(db.Micros(before.Time()))}
			},
			Remove: func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
				if err := dropFiles(ctx, tx, tenant, "form_id FROM request", rows); err != nil {
					return err
				}
				a := &db.Args{}
				_, err := tx.Exec(ctx, "UPDATE request SET form_id = 0, choice = '{}', state = 'ended', version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
				return err
			}},
	}
}

// Follow lets what is asked of an organisation, and what it keeps, follow when another takes it in. Answers stay with the one that gave them.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	for _, q := range []string{
		"UPDATE request SET owner_id = $1 WHERE tenant_id = $2 AND owner_id = $3",
		"UPDATE request SET office_id = $1 WHERE tenant_id = $2 AND office_id = $3",
		`UPDATE request_due SET organisation_id = $1 WHERE tenant_id = $2 AND organisation_id = $3 AND answered = FALSE AND NOT EXISTS
			(SELECT 1 FROM request_due o WHERE o.tenant_id = request_due.tenant_id AND o.request_id = request_due.request_id AND o.period = request_due.period AND o.organisation_id = $1)`,
		`UPDATE request_party SET organisation_id = $1 WHERE tenant_id = $2 AND organisation_id = $3 AND NOT EXISTS
			(SELECT 1 FROM request_party o WHERE o.tenant_id = request_party.tenant_id AND o.request_id = request_party.request_id AND o.organisation_id = $1)`,
	} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	for _, q := range []string{
		"DELETE FROM request_party WHERE tenant_id = $1 AND organisation_id = $2",
		"DELETE FROM request_due WHERE tenant_id = $1 AND organisation_id = $2 AND answered = FALSE",
	} {
		if _, err := tx.Exec(ctx, q, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}

// Verify checks what must hold of requests: each asks somebody something, an occurrence is answered if and only if it has one latest answer, and no
// answer fills more than was asked.
func Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	var out []string
	for _, c := range []struct{ what, query string }{
		{"request %s asks nobody", `SELECT r.id FROM request r WHERE r.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM request_party p WHERE p.tenant_id = r.tenant_id AND p.request_id = r.id) LIMIT 100`},
		{"request %s asks nothing", `SELECT r.id FROM request r WHERE r.tenant_id = $1 AND NOT EXISTS (SELECT 1 FROM request_field f WHERE f.tenant_id = r.tenant_id AND f.request_id = r.id) LIMIT 100`},
		{"request %s ends before it begins", `SELECT r.id FROM request r WHERE r.tenant_id = $1 AND r.ends_on < r.first_due_on LIMIT 100`},
		{"occurrence %s is answered without an answer, or the other way round", `SELECT d.id FROM request_due d WHERE d.tenant_id = $1 AND d.answered <> EXISTS
			(SELECT 1 FROM request_answer a WHERE a.tenant_id = d.tenant_id AND a.due_id = d.id AND a.replaced_at = 0) LIMIT 100`},
		{"answer %s belongs to another request or organisation than its occurrence", `SELECT a.id FROM request_answer a JOIN request_due d ON d.tenant_id = a.tenant_id AND d.id = a.due_id
			WHERE a.tenant_id = $1 AND (d.request_id <> a.request_id OR d.organisation_id <> a.organisation_id) LIMIT 100`},
		{"answer %s fills more than was asked", `SELECT a.id FROM request_answer a WHERE a.tenant_id = $1 AND (a.fields_filled > a.fields_asked OR a.minutes < 1) LIMIT 100`},
	} {
		rows, err := db.Column[id.ID](ctx, q, c.query, tenant)
		if err != nil {
			return out, err
		}
		for _, r := range rows {
			out = append(out, fmt.Sprintf(c.what, r))
		}
	}
	return out, nil
}
