package mediation

import (
	"context"
	"slices"
	"time"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// Scans are what is kept of the agreement as it was signed: a document or pictures of its pages.
const Scans = attach.Pictures | attach.Documents

// unscanWithin is how long a scan that was added by mistake can be taken out again by who added it.
const unscanWithin = 30 * 24 * time.Hour

// Scan is a file of the agreement as it was signed.
type Scan struct {
	attach.File
	Removable bool // by the reader
}

func scansOf(m id.ID) attach.Owner { return attach.Owner{Kind: "mediation", ID: m} }

// WithFiles connects the store of files. The composition root calls it once.
func (s *Service) WithFiles(files *attach.Store) *Service {
	s.files = files
	return s
}

// Scannable says whether there is an agreement in writing that can be scanned: one that is written and, but for what parties refused afterwards, in force.
func (m *Mediation) Scannable() bool {
	return !m.Forgotten && m.Form == Written && (m.State == Drafted || m.State.Agreed())
}

// ScanLimits bound what scans a mediation takes today.
func (s *Service) ScanLimits(ctx context.Context, actor authz.Actor) (attach.Limits, error) {
	return attach.LimitsOn(ctx, s.db, actor.Tenant, calendar.DateOf(s.db.Now()))
}

// scans lists those of a mediation that the actor has found.
func (s *Service) scans(ctx context.Context, q db.Querier, actor authz.Actor, m *Mediation) error {
	list, err := attach.List(ctx, q, actor.Tenant, scansOf(m.ID))
	for _, f := range list {
		m.Scans = append(m.Scans, Scan{File: f, Removable: s.mayUnscan(f, actor)})
	}
	return err
}

func (s *Service) mayUnscan(f attach.File, actor authz.Actor) bool {
	return f.AccountID != 0 && f.AccountID == actor.AccountID && s.db.Now().Before(f.CreatedAt.Add(unscanWithin))
}

// AddScans keeps the agreement as it was signed, of a written one that the actor sees (MED-9). Each look at it is recorded.
func (s *Service) AddScans(ctx context.Context, actor authz.Actor, mediation id.ID, in []attach.New) error {
	limits, err := s.ScanLimits(ctx, actor)
	if err != nil {
		return err
	}
	own := slices.Clone(in)
	for i := range own {
		own[i].Personal = true
	}
	checked, err := s.files.CheckAll(ctx, own, Scans, limits)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := s.find(ctx, tx, actor, mediation)
		if err != nil {
			return err
		}
		if !m.Scannable() {
			return errs.New(errs.Conflict, i18n.MediationCannot, m.State.Text())
		}
		if _, err := s.files.KeepTx(ctx, tx, actor, scansOf(m.ID), limits, checked...); err != nil {
			return err
		}
		return s.scanned(ctx, tx, actor, &m, ActScan, map[string]any{"files": len(checked)})
	})
}

// RemoveScan takes out a scan that the actor added by mistake, for good, within thirty days. That one was removed stays in the record.
func (s *Service) RemoveScan(ctx context.Context, actor authz.Actor, mediation, file id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := s.find(ctx, tx, actor, mediation)
		if err != nil {
			return err
		}
		f, err := attach.Find(ctx, tx, actor.Tenant, scansOf(m.ID), file)
		switch {
		case err != nil:
			return err
		case f.AccountID == 0 || f.AccountID != actor.AccountID:
			return errs.New(errs.Conflict, i18n.MediationScansYours)
		case !s.mayUnscan(f, actor):
			return errs.New(errs.Conflict, i18n.MediationScansOver)
		}
		if _, err := attach.RemoveTx(ctx, tx, actor.Tenant, scansOf(m.ID), file); err != nil {
			return err
		}
		return s.scanned(ctx, tx, actor, &m, ActUnscan, map[string]any{"file": file.String(), "hash": f.Hash})
	})
}

// scanned keeps that a scan was added or removed. It changes nothing of the mediation itself, so what somebody else has open stays good.
func (s *Service) scanned(ctx context.Context, tx *db.Tx, actor authz.Actor, m *Mediation, a Act, detail map[string]any) error {
	if err := s.insertEntry(ctx, tx, actor, m.ID, a, m.State, ""); err != nil {
		return err
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "mediation." + string(a), Permission: PermServe, SubjectKind: "mediation", SubjectID: m.ID, OrgID: m.OrgID, Detail: detail})
}

// Scan gives a scan of a mediation that the actor sees, the small one if so asked. The look is recorded, and residents whom the register knows see it.
func (s *Service) Scan(ctx context.Context, actor authz.Actor, mediation, file id.ID, small bool) (f attach.File, content []byte, err error) {
	return f, content, s.db.WithTx(ctx, func(tx *db.Tx) error {
		m, err := s.find(ctx, tx, actor, mediation)
		if err != nil {
			return err
		}
		if err := s.parts(ctx, tx, actor.Tenant, &m); err != nil {
			return err
		}
		look := audit.Entry{Action: "mediation.scan_look", Permission: PermServe, OrgID: m.OrgID, Purpose: purposeOfLook, Detail: map[string]any{"mediation": m.No}}
		known := slices.DeleteFunc(slices.Clone(m.Parties), func(p Party) bool { return p.PersonID == 0 })
		if len(known) > 0 {
			look.PersonID = known[0].PersonID
		}
		if f, content, err = s.files.Look(ctx, tx, actor, scansOf(m.ID), file, small, look); err != nil || len(known) < 2 {
			return err
		}
		var more []audit.Entry
		for _, p := range known[1:] {
			look.SubjectKind, look.SubjectID, look.PersonID = "attachment", f.ID, p.PersonID
			more = append(more, look)
		}
		return audit.RecordMany(ctx, tx, actor, more)
	})
}

// forgetScans takes out the scans of mediations whose period is over.
func forgetScans(ctx context.Context, tx *db.Tx, tenant int64, mediations []id.ID) error {
	a := &db.Args{}
	files, err := db.Column[id.ID](ctx, tx, "SELECT f.id FROM attachment f WHERE f.tenant_id = "+a.Add(tenant)+" AND f.owner_kind = 'mediation' AND "+db.In(a, "f.owner_id", mediations), a.Values()...)
	if err != nil {
		return err
	}
	return attach.ForgetTx(ctx, tx, tenant, files)
}
