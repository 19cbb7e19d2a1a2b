package exchange

import (
	"context"

	"linli/internal/attach"
	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/id"
)

// FileKinds are what files a delivery takes: pictures and PDF. None is ever needed.
const FileKinds = attach.Pictures | attach.Documents

// Files are the files of a pledge.
type Files []attach.File

const fileOwner = "need_pledge"

func ownerOf(pledge id.ID) attach.Owner { return attach.Owner{Kind: fileOwner, ID: pledge} }

// WithFiles connects the store of files. The composition root calls it once.
func (s *Service) WithFiles(files *attach.Store) *Service {
	s.files = files
	return s
}

// FileLimits bound what files a delivery takes today.
func (s *Service) FileLimits(ctx context.Context, actor authz.Actor) (attach.Limits, error) {
	return attach.LimitsOn(ctx, s.db, actor.Tenant, calendar.DateOf(s.db.Now()))
}

// ofPledge finds a pledge for which the actor acts; who sees its need (PermSee) sees its files as well, unless they are to be changed.
func (s *Service) ofPledge(ctx context.Context, q db.Querier, actor authz.Actor, pledge id.ID, change bool) (Pledge, row, side, error) {
	p, r, err := s.findPledge(ctx, q, actor.Tenant, pledge)
	if err != nil {
		return p, r, side{}, err
	}
	by, err := s.sideOf(ctx, q, actor, r.Need, p)
	if err != nil && !change && actor.Scope(PermSee).Covers(r.CommunityID) {
		return p, r, side{PermSee, true}, nil
	}
	return p, r, by, err
}

// mayHold says whether files are added to a pledge or taken away: until the delivery is confirmed, whoever looked at it saw what there was.
func mayHold(p Pledge) error {
	if p.State != Agreed && p.State != Brought {
		return cannot(&p)
	}
	return nil
}

// AddFiles puts files to a pledge, all of them or none (who acts for it).
func (s *Service) AddFiles(ctx context.Context, actor authz.Actor, pledge id.ID, in []attach.New) error {
	if _, _, _, err := s.ofPledge(ctx, s.db, actor, pledge, true); err != nil {
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
		p, r, by, err := s.ofPledge(ctx, tx, actor, pledge, true)
		if err != nil {
			return err
		}
		if err := mayHold(p); err != nil {
			return err
		}
		if _, err := s.files.KeepTx(ctx, tx, actor, ownerOf(pledge), l, checked...); err != nil {
			return err
		}
		return record(ctx, tx, actor, by.perm, "file_add", &r.Need, map[string]any{"pledge": pledge, "files": len(checked)})
	})
}

// File gives one file of a pledge with its content, to who acts for it and to who sees the need (PermSee). A photograph may show who was helped: staff's look is recorded, and they see it.
func (s *Service) File(ctx context.Context, actor authz.Actor, pledge, file id.ID) (f attach.File, content []byte, err error) {
	return f, content, s.db.WithTx(ctx, func(tx *db.Tx) error {
		_, r, by, err := s.ofPledge(ctx, tx, actor, pledge, false)
		if err != nil {
			return err
		}
		if f, content, err = s.files.Content(ctx, tx, actor.Tenant, ownerOf(pledge), file, false); err != nil || !by.staff {
			return err
		}
		return audit.Record(ctx, tx, actor, audit.Entry{Action: "exchange.file", Permission: by.perm, SubjectKind: "need", SubjectID: r.ID, PersonID: r.PersonID, OrgID: r.CommunityID, Purpose: purposeAssist})
	})
}

// RemoveFile removes a file of a pledge for good (who acts for it).
func (s *Service) RemoveFile(ctx context.Context, actor authz.Actor, pledge, file id.ID) error {
	return s.db.WithTx(ctx, func(tx *db.Tx) error {
		p, r, by, err := s.ofPledge(ctx, tx, actor, pledge, true)
		if err != nil {
			return err
		}
		if err := mayHold(p); err != nil {
			return err
		}
		if _, err := attach.RemoveTx(ctx, tx, actor.Tenant, ownerOf(pledge), file); err != nil {
			return err
		}
		return record(ctx, tx, actor, by.perm, "file_remove", &r.Need, map[string]any{"pledge": pledge})
	})
}

// withFiles gives pledges their files, with one query.
func (s *Service) withFiles(ctx context.Context, q db.Querier, tenant int64, list []Pledge) error {
	ids := make([]id.ID, len(list))
	for i, p := range list {
		ids[i] = p.ID
	}
	files, err := attach.ListOf(ctx, q, tenant, fileOwner, ids)
	for i := range list {
		list[i].Files = files[list[i].ID]
	}
	return err
}

// forgetFiles removes the files of the pledges of some needs, or of pledges that some condition finds.
func forgetFiles(ctx context.Context, tx *db.Tx, tenant int64, pledges func(a *db.Args) string) error {
	a := &db.Args{}
	files, err := db.Column[id.ID](ctx, tx, "SELECT f.id FROM attachment f WHERE f.tenant_id = "+a.Add(tenant)+" AND f.owner_kind = '"+fileOwner+"' AND f.owner_id IN (SELECT p.id FROM need_pledge p WHERE p.tenant_id = "+a.Add(tenant)+
		" AND "+pledges(a)+") ORDER BY f.id", a.Values()...)
	if err != nil || len(files) == 0 {
		return err
	}
	return attach.ForgetTx(ctx, tx, tenant, files)
}
