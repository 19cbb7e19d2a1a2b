package body

import (
	"context"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/db"
	"linli/internal/id"
)

// Files are what files an edition of the rules takes: pictures and PDF.
const Files = attach.Pictures | attach.Documents

func filesOf(rules id.ID) attach.Owner { return attach.Owner{Kind: "body_rules", ID: rules} }

// WithFiles connects the store of files. The composition root calls it once.
func (s *Service) WithFiles(files *attach.Store) *Service {
	s.files = files
	return s
}

// FileLimits bound what files an edition takes today.
func (s *Service) FileLimits(ctx context.Context, actor authz.Actor) (attach.Limits, error) {
	return attach.LimitsOn(ctx, s.db, actor.Tenant, s.today())
}

// AddFiles puts files to the latest edition of the rules (PermKeep), all of them or none. Too large or of another type is Invalid under "file".
func (s *Service) AddFiles(ctx context.Context, actor authz.Actor, body id.ID, in []attach.New) error {
	if _, err := find(ctx, s.db, actor.Scope(PermKeep), body); err != nil {
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
	return s.change(ctx, actor, body, 0, "file_add", func(tx *db.Tx, b *Body) (map[string]any, error) {
		last, err := latestRules(ctx, tx, actor.Tenant, b.ID)
		if err != nil || last.ID == 0 {
			return nil, orNotFound(err)
		}
		kept, err := s.files.KeepTx(ctx, tx, actor, filesOf(last.ID), l, checked...)
		return map[string]any{"edition": last.Edition, "files": len(kept)}, err
	})
}

// editionOf is the edition of the rules of a body to which a file belongs.
func editionOf(ctx context.Context, q db.Querier, tenant int64, body, file id.ID) (attach.Owner, error) {
	r, err := db.One(ctx, q, func(r *id.ID) []any { return []any{r} }, `SELECT r.id FROM body_rules r JOIN attachment f ON f.tenant_id = r.tenant_id AND f.owner_kind = 'body_rules' AND f.owner_id = r.id
		WHERE r.tenant_id = $1 AND r.body_id = $2 AND f.id = $3`, tenant, body, file)
	return filesOf(r), err
}

// File gives one file of the rules of a body in sight with its content.
func (s *Service) File(ctx context.Context, actor authz.Actor, body, file id.ID) (attach.File, []byte, error) {
	b, err := find(ctx, s.db, seeing(actor), body)
	if err != nil {
		return attach.File{}, nil, err
	}
	of, err := editionOf(ctx, s.db, actor.Tenant, b.ID, file)
	if err != nil {
		return attach.File{}, nil, err
	}
	return s.files.Content(ctx, s.db, actor.Tenant, of, file, false)
}

// RemoveFile removes a file of the rules for good (PermKeep).
func (s *Service) RemoveFile(ctx context.Context, actor authz.Actor, body, file id.ID) error {
	return s.change(ctx, actor, body, 0, "file_remove", func(tx *db.Tx, b *Body) (map[string]any, error) {
		of, err := editionOf(ctx, tx, actor.Tenant, b.ID, file)
		if err != nil {
			return nil, err
		}
		f, err := attach.RemoveTx(ctx, tx, actor.Tenant, of, file)
		return map[string]any{"file": f.Name}, err
	})
}
