package employment

import (
	"context"
	"strconv"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/reference"
	"linli/internal/retention"
	"linli/internal/waiting"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// How long what was said is kept after the end where a district sets nothing else.
const (
	keptMonths    = 36
	keptJobMonths = 12
)

// RetentionKinds are the periods of seekers after the end of their seeking (with what came of it), of certificates after their last day, and of whom to speak with about a job after
// the last day of the offer. That there were some stays counted.
func RetentionKinds() []retention.Kind {
	months := func(name string, title i18n.Text, months int64) retention.Kind {
		period := retention.Months("retention."+name, title, 12, "PRIV-7")
		period.Default = months
		return retention.Kind{Title: title, Period: period}
	}
	seekers := months("employment_months", i18n.RetentionEmployment, keptMonths)
	seekers.Code, seekers.Act = "employment.ended", i18n.RetentionActEmployment
	seekers.Past = func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
		return retention.Rows{ID: "s.id", From: "employment_seeker s WHERE s.tenant_id = " + a.Add(tenant) + " AND s.ended_on <> '' AND s.ended_on < " + a.Add(before) + " AND s.forgotten_on = ''"}
	}
	seekers.Remove = forget
	certificates := months("employment_certificate_months", i18n.RetentionEmployCert, keptMonths)
	certificates.Code, certificates.Act = "employment.certificate", i18n.RetentionActEmployCert
	certificates.Past = func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
		return retention.Rows{ID: "c.id", From: "employment_certificate c WHERE c.tenant_id = " + a.Add(tenant) + " AND c.person_id <> 0 AND (c.to_on < " + a.Add(before) + " OR c.ended_on <> '' AND c.ended_on < " + a.Add(before) + ")"}
	}
	certificates.Remove = forgetCertificates
	jobs := months("employment_job_months", i18n.RetentionEmployJob, keptJobMonths)
	jobs.Code, jobs.Act = "employment.job", i18n.RetentionActEmployJob
	jobs.Past = func(a *db.Args, tenant int64, before calendar.Date) retention.Rows {
		return retention.Rows{ID: "j.id", From: "employment_job j WHERE j.tenant_id = " + a.Add(tenant) + " AND j.phone IS NOT NULL AND j.until_on < " + a.Add(before)}
	}
	jobs.Remove = func(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
		a := &db.Args{}
		_, err := tx.Exec(ctx, "UPDATE employment_job SET contact = NULL, phone = NULL, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
		return err
	}
	return []retention.Kind{seekers, certificates, jobs}
}

// forget takes out of seekers who it was and all that was said, and of what came of it the same.
func forget(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
	for _, q := range []string{"UPDATE employment_match SET words = NULL, version = version + 1 WHERE ", "UPDATE employment_result SET person_id = 0, employer = NULL, post = NULL, words = NULL, next_on = '', version = version + 1 WHERE "} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, q+"tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "seeker_id", rows), a.Values()...); err != nil {
			return err
		}
	}
	a := &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE employment_seeker SET skills = NULL, words = NULL, phone = NULL, person_id = 0, forgotten_on = "+a.Add(calendar.DateOf(tx.Now()))+", version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
	return err
}

func forgetCertificates(ctx context.Context, tx *db.Tx, tenant int64, rows []id.ID) error {
	a := &db.Args{}
	if _, err := tx.Exec(ctx, "UPDATE employment_use SET note = NULL WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "certificate_id", rows), a.Values()...); err != nil {
		return err
	}
	a = &db.Args{}
	_, err := tx.Exec(ctx, "UPDATE employment_certificate SET person_id = 0, version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND "+db.In(a, "id", rows), a.Values()...)
	return err
}

// ForgetTx ends the seeking of persons whom the register forgets, and takes out who it was and what was said.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, persons []id.ID) error {
	today := calendar.DateOf(tx.Now())
	a := &db.Args{}
	seekers, err := db.Column[id.ID](ctx, tx, "SELECT s.id FROM employment_seeker s WHERE s.tenant_id = "+a.Add(tenant)+" AND s.person_id <> 0 AND "+db.In(a, "s.person_id", persons)+" ORDER BY s.id", a.Values()...)
	if err != nil {
		return err
	}
	if len(seekers) > 0 {
		if err := endMatches(ctx, tx, tenant, today, "seeker_id", seekers, 0); err != nil {
			return err
		}
		a = &db.Args{}
		if _, err := tx.Exec(ctx, "UPDATE employment_seeker SET state = 'withdrawn', ended_on = "+a.Add(today)+", ending = 'gone', version = version + 1 WHERE tenant_id = "+a.Add(tenant)+" AND state = 'seeking' AND "+db.In(a, "id", seekers), a.Values()...); err != nil {
			return err
		}
		if err := forget(ctx, tx, tenant, seekers); err != nil {
			return err
		}
	}
	a = &db.Args{}
	certificates, err := db.Column[id.ID](ctx, tx, "SELECT c.id FROM employment_certificate c WHERE c.tenant_id = "+a.Add(tenant)+" AND c.person_id <> 0 AND "+db.In(a, "c.person_id", persons)+" ORDER BY c.id", a.Values()...)
	if err != nil || len(certificates) == 0 {
		return err
	}
	return forgetCertificates(ctx, tx, tenant, certificates)
}

// Follow lets what belongs to an organisation follow when another takes it in.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, from, to); err != nil {
		return err
	}
	for _, q := range []string{"UPDATE employment_seeker SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3", "UPDATE employment_job SET unit_id = $1, version = version + 1 WHERE tenant_id = $2 AND unit_id = $3",
		"UPDATE employment_job SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3", "UPDATE employment_match SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE employment_result SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3", "UPDATE employment_certificate SET org_id = $1, version = version + 1 WHERE tenant_id = $2 AND org_id = $3",
		"UPDATE employment_use SET org_id = $1 WHERE tenant_id = $2 AND org_id = $3", "UPDATE employment_use SET unit_id = $1 WHERE tenant_id = $2 AND unit_id = $3"} {
		if _, err := tx.Exec(ctx, q, to, actor.Tenant, from); err != nil {
			return err
		}
	}
	return nil
}

// The kinds of what waits.
const (
	WaitApprove = "employment.approve" // jobs that wait for the station
	WaitFollow  = "employment.follow"  // people about whom it is to be asked whether they are still there
	WaitDecide  = "employment.decide"  // people who said yes and wait for the unit
)

// Waiting says what waits for the actor.
func (s *Service) Waiting(ctx context.Context, actor authz.Actor) (out []waiting.Item, err error) {
	type row struct {
		waiting.Item
		on calendar.Date
	}
	add := func(kind string, a *db.Args, query string) error {
		it, err := db.One(ctx, s.db, func(r *row) []any { return []any{&r.Count, &r.Subject, &r.on} }, query, a.Values()...)
		if err != nil || it.Count == 0 {
			return err
		}
		it.Kind, it.Since = kind, it.on.Time()
		out = append(out, it.Item)
		return nil
	}
	if scope := actor.Scope(PermManage); !scope.Empty() {
		a := &db.Args{}
		if err := add(WaitApprove, a, "SELECT count(*), coalesce(min(j.id), 0), coalesce(min(j.entered_on), '') FROM employment_job j WHERE "+scope.Where(a, ofJob)+" AND j.state = 'asked'"); err != nil {
			return nil, err
		}
		a = &db.Args{}
		if err := add(WaitFollow, a, "SELECT count(*), coalesce(min(e.seeker_id), 0), coalesce(min(e.next_on), '') FROM employment_result e WHERE "+scope.Where(a, ofResult)+" AND e.next_on <> '' AND e.next_on <= "+a.Add(s.Today())); err != nil {
			return nil, err
		}
	}
	if scope := actor.Scope(PermUnit); !scope.Empty() {
		a := &db.Args{}
		err = add(WaitDecide, a, "SELECT count(*), coalesce(min(j.id), 0), coalesce(min(m.answered_on), '') FROM employment_match m JOIN employment_job j ON j.tenant_id = m.tenant_id AND j.id = m.job_id WHERE "+scope.Where(a, ofUnit)+" AND m.state = 'accepted'")
	}
	return out, err
}
