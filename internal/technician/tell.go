package technician

import (
	"context"
	"time"

	"linli/internal/db"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/notice"
)

// WithNotices lets technicians be told of new jobs. The composition root calls it once.
func (s *Service) WithNotices(n *notice.Service) *Service {
	s.notices = n
	return s
}

// jobSubject is what notices about jobs are about.
const jobSubject = "technician_job"

// offerLapses is after which time an offer is no news.
const offerLapses = 12 * time.Hour

// tellOffer tells a technician of a job that they were asked for, where they have a number that takes an SMS. What is urgent does not wait for the morning.
func (s *Service) tellOffer(ctx context.Context, tx *db.Tx, tenant int64, w Waiting, t Technician, job id.ID) error {
	if s.notices == nil || !t.HasPhone {
		return nil
	}
	sealed, err := db.One(ctx, tx, func(b *[]byte) []any { return []any{b} }, `SELECT phone FROM technician WHERE tenant_id = $1 AND id = $2`, tenant, t.ID)
	if err != nil {
		return err
	}
	phone, err := s.ring.Open("technician", "phone", t.ID, sealed)
	if err != nil || !notice.Mobile(phone) {
		return err
	}
	due := i18n.NoticeSoon
	if !w.DueAt.IsZero() {
		due = i18n.Verbatim(i18n.DateTime(w.DueAt))
	}
	_, err = s.notices.SendTx(ctx, tx, notice.Message{Tenant: tenant, Kind: notice.KindOffered, Channel: notice.SMS, To: phone, SubjectKind: jobSubject, SubjectID: job, AccountID: t.AccountID,
		Path: "/m/jobs/" + job.String(), Urgent: w.Urgent, Expires: tx.Now().Add(offerLapses),
		Values: notice.Values{"number": i18n.Verbatim(w.No), "item": w.Item, "community": i18n.Verbatim(w.Community), "due": due}})
	return err
}
