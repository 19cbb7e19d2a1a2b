package volunteer

import (
	"context"
	"errors"

	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/notice"
)

// Numbers open the telephones of the register.
type Numbers interface {
	// NumberTx opens the number of somebody who agreed to be told something; "" where there is none. The look is recorded with its purpose.
	NumberTx(ctx context.Context, tx *db.Tx, actor authz.Actor, person id.ID, purpose string) (string, error)
}

// WithNotices lets volunteers who agreed to be contacted be told that a clearance ends. The composition root calls it once.
func (s *Service) WithNotices(n *notice.Service, numbers Numbers) *Service {
	s.notices, s.numbers = n, numbers
	return s
}

// Remind tells volunteers that a clearance of theirs ends: once within SoonDays and once within NearDays, of those for which none of its kind lasts longer. Who did not agree to be contacted reads it on
// their own page alone.
func (s *Service) Remind(ctx context.Context, tenant int64) error {
	type row struct {
		clearance, volunteer, person id.ID
		kind                         ClearanceKind
		until                        calendar.Date
		told                         int64
	}
	if s.notices == nil {
		return nil
	}
	a := &db.Args{}
	rows, err := db.All(ctx, s.db, func(r *row) []any { return []any{&r.clearance, &r.volunteer, &r.person, &r.kind, &r.until, &r.told} }, `SELECT c.id, c.volunteer_id, v.person_id, c.kind, c.valid_to, c.told FROM volunteer_clearance c
		JOIN volunteer v ON v.tenant_id = c.tenant_id AND v.id = c.volunteer_id AND v.ended_on = '' AND v.contact = TRUE AND v.person_id <> 0 WHERE c.tenant_id = `+a.Add(tenant)+" AND "+expiring(a, s.Today(), 0, SoonDays)+
		" AND c.told < CASE WHEN c.valid_to <= "+a.Add(s.Today().AddDays(NearDays))+" THEN 2 ELSE 1 END ORDER BY c.id LIMIT 2000", a.Values()...)
	if err != nil {
		return err
	}
	var failed []error
	for _, r := range rows {
		failed = append(failed, s.db.WithTx(ctx, func(tx *db.Tx) error {
			times := int64(1)
			if !r.until.After(s.Today().AddDays(NearDays)) {
				times = 2
			}
			n, err := tx.Exec(ctx, `UPDATE volunteer_clearance SET told = $1 WHERE tenant_id = $2 AND id = $3 AND told = $4`, times, tenant, r.clearance, r.told)
			if err != nil || n == 0 { // another server told them
				return err
			}
			number, err := s.numbers.NumberTx(ctx, tx, authz.System(tenant, "clearances"), r.person, Purpose)
			if err != nil || !notice.Mobile(number) {
				return err
			}
			_, err = s.notices.SendTx(ctx, tx, notice.Message{Tenant: tenant, Kind: notice.KindClearance, Channel: notice.SMS, To: number, SubjectKind: "volunteer", SubjectID: r.volunteer, Path: "/p/me/volunteer",
				Values: notice.Values{"item": r.kind.Text(), "due": i18n.Verbatim(r.until.String())}})
			return err
		}))
	}
	return errors.Join(failed...)
}
