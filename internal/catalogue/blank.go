package catalogue

import (
	"context"

	"linli/internal/attach"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/id"
)

// Blanks are what files a blank form of an item can be.
const Blanks = attach.Documents | attach.Pictures

// WithFiles connects the store of files. The composition root calls it once.
func (s *Service) WithFiles(files *attach.Store) *Service {
	s.files = files
	return s
}

func blanksOf(item id.ID) attach.Owner { return attach.Owner{Kind: "catalogue_item", ID: item} }

// FileLimits bound the blank forms of an item today.
func (s *Service) FileLimits(ctx context.Context, actor authz.Actor) (attach.Limits, error) {
	return attach.LimitsOn(ctx, s.db, actor.Tenant, calendar.DateOf(s.db.Now()))
}

// AddFiles puts blank forms to an item (PermKeep), all of them or none, checked by their content. Too large or of another type is Invalid under "file".
func (s *Service) AddFiles(ctx context.Context, actor authz.Actor, item id.ID, in []attach.New) error {
	if !keeps(actor) {
		return errs.ErrForbidden
	}
	l, err := s.FileLimits(ctx, actor)
	if err != nil {
		return err
	}
	checked, err := s.files.CheckAll(ctx, in, Blanks, l)
	if err != nil {
		return err
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findRow(ctx, tx, actor.Tenant, item)
		if err != nil {
			return err
		}
		if _, err := s.files.KeepTx(ctx, tx, actor, blanksOf(item), l, checked...); err != nil {
			return err
		}
		return record(ctx, tx, actor, "file_add", r.Item, "")
	})
}

// File gives a blank form of an item with its content (PermSee).
func (s *Service) File(ctx context.Context, actor authz.Actor, item, file id.ID) (attach.File, []byte, error) {
	if !actor.Can(PermSee) || actor.Tenant == 0 {
		return attach.File{}, nil, errs.ErrForbidden
	}
	return s.files.Content(ctx, s.db, actor.Tenant, blanksOf(item), file, false)
}

// RemoveFile removes a blank form for good (PermKeep).
func (s *Service) RemoveFile(ctx context.Context, actor authz.Actor, item, file id.ID) error {
	if !keeps(actor) {
		return errs.ErrForbidden
	}
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		r, err := findRow(ctx, tx, actor.Tenant, item)
		if err != nil {
			return err
		}
		f, err := attach.RemoveTx(ctx, tx, actor.Tenant, blanksOf(item), file)
		if err != nil {
			return err
		}
		return record(ctx, tx, actor, "file_remove", r.Item, f.Name)
	})
}

// BlanksOf are the blank forms of an item. They are public where the item is; an unknown item has none.
func (s *Service) BlanksOf(ctx context.Context, tenant int64, item id.ID) ([]attach.File, error) {
	return attach.List(ctx, s.db, tenant, blanksOf(item))
}

// PublicBlank gives a blank form of an item that residents may ask for; any other is not found.
func (s *Service) PublicBlank(ctx context.Context, tenant int64, item, file id.ID) (attach.File, []byte, error) {
	if _, err := s.PublicItem(ctx, tenant, item); err != nil {
		return attach.File{}, nil, err
	}
	return s.files.Content(ctx, s.db, tenant, blanksOf(item), file, false)
}
