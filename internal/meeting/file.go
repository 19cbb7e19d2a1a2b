package meeting

import (
	"context"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
)

// Files are what files a meeting takes: pictures and PDF.
const Files = attach.Pictures | attach.Documents

func filesOf(meeting id.ID) attach.Owner { return attach.Owner{Kind: "meeting", ID: meeting} }

// WithFiles connects the store of files. The composition root calls it once.
func (s *Service) WithFiles(files *attach.Store) *Service {
	s.files = files
	return s
}

// FileLimits bound what files a meeting takes today.
func (s *Service) FileLimits(ctx context.Context, actor authz.Actor) (attach.Limits, error) {
	return attach.LimitsOn(ctx, s.db, actor.Tenant, s.today())
}

// AddFiles puts files to a meeting (PermPlan), all of them or none: signed minutes, what lay on the table. Too large or of another type is Invalid
// under "file". Files are never asked for: nothing depends on them.
func (s *Service) AddFiles(ctx context.Context, actor authz.Actor, meeting id.ID, in []attach.New) error {
	if _, err := findPlanned(ctx, s.db, actor.Scope(PermPlan), meeting); err != nil {
		return err
	}
	l, err := s.FileLimits(ctx, actor)
	if err != nil {
		return err
	}
	checked, err := s.files.CheckAll(ctx, in, Files, l)
	if err != nil {
		return err
	}
	return s.change(ctx, actor, meeting, 0, "file_add", func(tx *db.Tx, m *Meeting) (map[string]any, error) {
		kept, err := s.files.KeepTx(ctx, tx, actor, filesOf(m.ID), l, checked...)
		return map[string]any{"files": len(kept)}, err
	})
}

// File gives one file of a meeting in sight with its content.
func (s *Service) File(ctx context.Context, actor authz.Actor, meeting, file id.ID) (attach.File, []byte, error) {
	m, err := find(ctx, s.db, seeing(actor), meeting)
	if err != nil {
		return attach.File{}, nil, err
	}
	return s.files.Content(ctx, s.db, actor.Tenant, filesOf(m.ID), file, false)
}

// RemoveFile removes a file of a meeting for good (PermPlan).
func (s *Service) RemoveFile(ctx context.Context, actor authz.Actor, meeting, file id.ID) error {
	return s.change(ctx, actor, meeting, 0, "file_remove", func(tx *db.Tx, m *Meeting) (map[string]any, error) {
		f, err := attach.RemoveTx(ctx, tx, actor.Tenant, filesOf(m.ID), file)
		return map[string]any{"file": f.Name}, err
	})
}
