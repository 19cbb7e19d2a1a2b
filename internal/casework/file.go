package casework

import (
	"context"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Photos are what a report takes: a few pictures. They may show a home or a face, so each look of staff is recorded.
const (
	Photos        = attach.Pictures
	MostPhotos    = 3
	maxPhotoBytes = 10 << 20
)

// purposeOfLook is the registered purpose for which staff look at a photograph: what the resident asked for.
const purposeOfLook = "request"

func filesOf(c id.ID) attach.Owner { return attach.Owner{Kind: "service_case", ID: c} }

// WithFiles connects the store of files. The composition root calls it once.
func (s *Service) WithFiles(files *attach.Store) *Service {
	s.files = files
	return s
}

// PhotoLimits bound what photographs a report takes today.
func (s *Service) PhotoLimits(ctx context.Context, tenant int64) (attach.Limits, error) {
	l, err := attach.LimitsOn(ctx, s.db, tenant, calendar.DateOf(s.db.Now()))
	l.Bytes, l.Files = min(l.Bytes, maxPhotoBytes), min(l.Files, MostPhotos)
	return l, err
}

// photos are checked pictures with the limits that hold for them.
type photos struct {
	limits  attach.Limits
	checked []attach.Checked
}

// checkPhotos judges what was handed in, before the transaction that keeps it.
func (s *Service) checkPhotos(ctx context.Context, tenant int64, in []attach.New) (p photos, err error) {
	if len(in) == 0 {
		return p, nil
	}
	if p.limits, err = s.PhotoLimits(ctx, tenant); err != nil {
		return p, err
	}
	if int64(len(in)) > p.limits.Files {
		return p, errs.Field("file", i18n.CasePublicManyPhotos, p.limits.Files)
	}
	own := make([]attach.New, len(in))
	for i, n := range in {
		n.Personal = true
		own[i] = n
	}
	p.checked, err = s.files.CheckAll(ctx, own, Photos, p.limits)
	return p, err
}

// keepPhotos puts checked pictures to a case.
func (s *Service) keepPhotos(ctx context.Context, tx *db.Tx, actor authz.Actor, c id.ID, p photos) error {
	if len(p.checked) == 0 {
		return nil
	}
	_, err := s.files.KeepTx(ctx, tx, actor, filesOf(c), p.limits, p.checked...)
	return err
}

// Files lists the photographs of a case that the caller has found, the oldest first.
func Files(ctx context.Context, q db.Querier, tenant int64, c id.ID) ([]attach.File, error) {
	return attach.List(ctx, q, tenant, filesOf(c))
}

// File gives a photograph of a case that the actor sees (PermSee, PermConfidential), the small one if so asked. Each look is recorded; a resident whom the
// register knows sees it.
func (s *Service) File(ctx context.Context, actor authz.Actor, c, file id.ID, small bool) (f attach.File, content []byte, err error) {
	return f, content, s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := s.find(ctx, tx, actor, c)
		if err != nil {
			return err
		}
		f, content, err = s.files.Look(ctx, tx, actor, filesOf(r.ID), file, small, audit.Entry{Action: "casework.file", Permission: PermSee, PersonID: r.PersonID, OrgID: r.OrgID,
			Purpose: purposeOfLook, Detail: map[string]any{"case": r.No}})
		return err
	})
}

// FileBy gives a photograph to who reported the case.
func (s *Service) FileBy(ctx context.Context, k Key, by, requestID string, file id.ID) (f attach.File, content []byte, err error) {
	return f, content, s.db.WithTx(ctx, func(tx *db.Tx) error {
		tenant, r, err := s.byKey(ctx, tx, k)
		if err != nil {
			return err
		}
		f, content, err = s.files.Look(ctx, tx, authz.Actor{Tenant: tenant, Name: by, RequestID: requestID}, filesOf(r.ID), file, false, audit.Entry{Action: "casework.file_own", OrgID: r.OrgID})
		return err
	})
}
