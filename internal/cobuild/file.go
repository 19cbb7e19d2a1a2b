package cobuild

import (
	"context"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
)

// FileKinds are what files a task takes: pictures and PDF. None is ever needed.
const FileKinds = attach.Pictures | attach.Documents

// Files are the files of a task.
type Files []attach.File

func ownerOf(task id.ID) attach.Owner { return attach.Owner{Kind: "cobuild_task", ID: task} }

// WithFiles connects the store of files. The composition root calls it once.
func (s *Service) WithFiles(files *attach.Store) *Service {
	s.files = files
	return s
}

func (s *Service) filesOf(ctx context.Context, q db.Querier, tenant int64, task id.ID) (Files, error) {
	return attach.List(ctx, q, tenant, ownerOf(task))
}

// FileLimits bound what files a task takes today.
func (s *Service) FileLimits(ctx context.Context, actor authz.Actor) (attach.Limits, error) {
	return attach.LimitsOn(ctx, s.db, actor.Tenant, s.today())
}

// ofTask finds a task in sight; with act the actor acts for the party that promised it.
func (s *Service) ofTask(ctx context.Context, q db.Querier, actor authz.Actor, task id.ID, act bool) (Task, error) {
	t, err := findTask(ctx, q, actor.Tenant, task)
	if err != nil {
		return t, err
	}
	g, err := s.find(ctx, q, actor, t.AgreementID)
	if err != nil {
		return t, err
	}
	if act && !acts(actor).Covers(t.OrgID) {
		_, err := s.instead(ctx, q, actor, g, t.OrgID, errs.New(errs.Forbidden, i18n.CobuildNotIts, t.Who))
		return t, err
	}
	return t, nil
}

// AddFiles puts files to a task, all of them or none (the party that promised it).
func (s *Service) AddFiles(ctx context.Context, actor authz.Actor, task id.ID, in []attach.New) error {
	if _, err := s.ofTask(ctx, s.db, actor, task, true); err != nil {
		return err
	}
	l, err := s.FileLimits(ctx, actor)
	if err != nil {
		return err
	}
	checked, err := s.files.CheckAll(ctx, in, FileKinds, l)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := s.ofTask(ctx, tx, actor, task, true)
		if err != nil {
			return err
		}
		if t.State == Confirmed || t.State == Dropped { // the other side saw what there was
			return errs.New(errs.Conflict, i18n.CobuildTaskNot, t.State.Text())
		}
		if _, err := s.files.KeepTx(ctx, tx, actor, ownerOf(task), l, checked...); err != nil {
			return err
		}
		return recordFile(ctx, tx, actor, t, "file_add")
	})
}

func recordFile(ctx context.Context, tx *db.Tx, actor authz.Actor, t Task, act string) error {
	perm := PermUnit
	if t.OrgID == t.communityID {
		perm = PermKeep
	}
	return audit.Record(ctx, tx, actor, audit.Entry{Action: "cobuild." + act, Permission: perm, SubjectKind: "cobuild", SubjectID: t.AgreementID, OrgID: t.OrgID})
}

// File gives one file of a task in sight with its content.
func (s *Service) File(ctx context.Context, actor authz.Actor, task, file id.ID) (attach.File, []byte, error) {
	if _, err := s.ofTask(ctx, s.db, actor, task, false); err != nil {
		return attach.File{}, nil, err
	}
	return s.files.Content(ctx, s.db, actor.Tenant, ownerOf(task), file, false)
}

// RemoveFile removes a file of a task for good, until the other side has confirmed it (the party that promised it).
func (s *Service) RemoveFile(ctx context.Context, actor authz.Actor, task, file id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		t, err := s.ofTask(ctx, tx, actor, task, true)
		if err != nil {
			return err
		}
		if t.State == Confirmed { // the other side saw it
			return errs.New(errs.Conflict, i18n.CobuildTaskNot, t.State.Text())
		}
		if _, err := attach.RemoveTx(ctx, tx, actor.Tenant, ownerOf(task), file); err != nil {
			return err
		}
		return recordFile(ctx, tx, actor, t, "file_remove")
	})
}
