package attach

import (
	"context"
	"errors"
	"fmt"

	"linli/internal/audit"
	"linli/internal/authz"
	"linli/internal/calendar"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/seal"
)

// partSize is how much of a file stands in one row.
const partSize = 256 << 10

// The two forms in which the content of a file is kept.
const (
	whole = "whole"
	small = "small" // of a picture
)

// LimitsOn reads the limits of a day.
func LimitsOn(ctx context.Context, q db.Querier, tenant int64, day calendar.Date) (Limits, error) {
	mb, err1 := Megabytes.On(ctx, q, tenant, day)
	edge, err2 := Edge.On(ctx, q, tenant, day)
	files, err3 := PerRecord.On(ctx, q, tenant, day)
	return Limits{Bytes: mb << 20, Edge: int(edge), Files: files}, errors.Join(err1, err2, err3)
}

const fileColumns = `f.id, f.owner_kind, f.owner_id, f.type, f.name, f.alt, f.size, f.width, f.height, f.hash, f.personal, f.account_id, coalesce(a.name, ''), f.created_at`

const fileFrom = ` FROM attachment f LEFT JOIN account a ON a.tenant_id = f.tenant_id AND a.id = f.account_id WHERE f.tenant_id = $1 AND f.owner_kind = $2 AND f.owner_id = $3`

func (f *File) dest() []any {
	return []any{&f.ID, &f.Owner.Kind, &f.Owner.ID, &f.Type, &f.Name, &f.Alt, &f.Size, &f.Width, &f.Height, &f.Hash, &f.Personal, &f.AccountID, &f.By, db.Instant(&f.CreatedAt)}
}

// KeepTx keeps checked files under their owner, which the caller has found within the actor's scope. The caller records the act.
func (s *Store) KeepTx(ctx context.Context, tx *db.Tx, actor authz.Actor, owner Owner, l Limits, files ...Checked) ([]File, error) {
	n, err := db.Value[int64](ctx, tx, `SELECT count(*) FROM attachment WHERE tenant_id = $1 AND owner_kind = $2 AND owner_id = $3`, actor.Tenant, owner.Kind, owner.ID)
	if err != nil {
		return nil, err
	}
	if n+int64(len(files)) > l.Files {
		return nil, refuse(i18n.AttachTooMany, l.Files, n)
	}
	var out []File
	for _, c := range files {
		f := File{ID: id.New(), Owner: owner, Type: c.typ, Name: c.name, Alt: c.alt, Size: int64(len(c.content)), Width: c.width, Height: c.height,
			Hash: seal.Hash(c.content), Personal: c.personal, AccountID: actor.AccountID, By: actor.Name, CreatedAt: tx.Now()}
		if c.typ == "" {
			return nil, errors.New("attach: a file that was not checked")
		}
		if _, err := tx.Exec(ctx, `INSERT INTO attachment (tenant_id, id, owner_kind, owner_id, type, name, alt, size, width, height, hash, personal, account_id, created_at)
			VALUES ($1,$2,$3,$4,$5,$6,$7,$8,$9,$10,$11,$12,$13,$14)`, actor.Tenant, f.ID, owner.Kind, owner.ID, string(f.Type), f.Name, f.Alt, f.Size,
			f.Width, f.Height, f.Hash, f.Personal, f.AccountID, db.Micros(f.CreatedAt)); err != nil {
			return nil, err
		}
		if err := s.put(ctx, tx, actor.Tenant, f.ID, whole, c.content); err != nil {
			return nil, err
		}
		if err := s.put(ctx, tx, actor.Tenant, f.ID, small, c.small); err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}

// put writes content in sealed parts.
func (s *Store) put(ctx context.Context, tx *db.Tx, tenant int64, file id.ID, form string, content []byte) error {
	for seq := 0; seq*partSize < len(content); seq++ {
		part := content[seq*partSize : min(len(content), (seq+1)*partSize)]
		row := id.New()
		if _, err := tx.Exec(ctx, `INSERT INTO attachment_part (tenant_id, id, attachment_id, form, seq, size, content) VALUES ($1,$2,$3,$4,$5,$6,$7)`,
			tenant, row, file, form, seq, len(part), s.ring.Seal("attachment_part", "content", row, string(part))); err != nil {
			return err
		}
	}
	return nil
}

// List gives the files of a record, the oldest first.
func List(ctx context.Context, q db.Querier, tenant int64, owner Owner) ([]File, error) {
	return db.All(ctx, q, (*File).dest, `SELECT `+fileColumns+fileFrom+` ORDER BY f.id`, tenant, owner.Kind, owner.ID)
}

// ListOf gives the files of several records of a kind, the oldest first.
func ListOf(ctx context.Context, q db.Querier, tenant int64, kind string, owners []id.ID) (map[id.ID][]File, error) {
	out := map[id.ID][]File{}
	if len(owners) == 0 {
		return out, nil
	}
	a := &db.Args{}
	return out, db.Each(ctx, q, (*File).dest, func(f File) error {
		out[f.Owner.ID] = append(out[f.Owner.ID], f)
		return nil
	}, `SELECT `+fileColumns+` FROM attachment f LEFT JOIN account a ON a.tenant_id = f.tenant_id AND a.id = f.account_id WHERE f.tenant_id = `+a.Add(tenant)+
		` AND f.owner_kind = `+a.Add(kind)+` AND `+db.In(a, "f.owner_id", owners)+` ORDER BY f.id`, a.Values()...)
}

// Find gives one file of a record.
func Find(ctx context.Context, q db.Querier, tenant int64, owner Owner, file id.ID) (File, error) {
	return db.One(ctx, q, (*File).dest, `SELECT `+fileColumns+fileFrom+` AND f.id = $4`, tenant, owner.Kind, owner.ID, file)
}

// Content gives a file of a record with its content: of a picture the small one if so asked. A personal file is not given here.
func (s *Store) Content(ctx context.Context, q db.Querier, tenant int64, owner Owner, file id.ID, asSmall bool) (File, []byte, error) {
	f, err := Find(ctx, q, tenant, owner, file)
	if err == nil && f.Personal {
		err = errs.ErrForbidden
	}
	if err != nil {
		return f, nil, err
	}
	content, err := s.content(ctx, q, tenant, f, asSmall)
	return f, content, err
}

// Look gives a file with its content and records who looked: look names the act, the person concerned and the purpose; the file is added.
func (s *Store) Look(ctx context.Context, tx *db.Tx, actor authz.Actor, owner Owner, file id.ID, asSmall bool, look audit.Entry) (File, []byte, error) {
	f, err := Find(ctx, tx, actor.Tenant, owner, file)
	if err != nil {
		return f, nil, err
	}
	content, err := s.content(ctx, tx, actor.Tenant, f, asSmall)
	if err != nil {
		return f, nil, err
	}
	if look.SubjectID == 0 {
		look.SubjectKind, look.SubjectID = "attachment", f.ID
	}
	return f, content, audit.Record(ctx, tx, actor, look)
}

type part struct {
	id     id.ID
	sealed []byte
}

func (s *Store) content(ctx context.Context, q db.Querier, tenant int64, f File, asSmall bool) ([]byte, error) {
	form := whole
	if asSmall && f.Type.IsPicture() {
		form = small
	}
	var out []byte
	err := db.Each(ctx, q, func(p *part) []any { return []any{&p.id, &p.sealed} }, func(p part) error {
		plain, err := s.ring.Open("attachment_part", "content", p.id, p.sealed)
		out = append(out, plain...)
		return err
	}, `SELECT id, content FROM attachment_part WHERE tenant_id = $1 AND attachment_id = $2 AND form = $3 ORDER BY seq`, tenant, f.ID, form)
	if err == nil && form == whole && seal.Hash(out) != f.Hash {
		err = fmt.Errorf("attachment %s: the content is not what was kept", f.ID)
	}
	return out, err
}

// RemoveTx removes a file of a record for good and gives what it was. The caller records the act.
func RemoveTx(ctx context.Context, tx *db.Tx, tenant int64, owner Owner, file id.ID) (File, error) {
	f, err := Find(ctx, tx, tenant, owner, file)
	if err != nil {
		return f, err
	}
	return f, ForgetTx(ctx, tx, tenant, []id.ID{f.ID})
}

// ForgetTx removes files for good, whatever they belong to: the work of retention.
func ForgetTx(ctx context.Context, tx *db.Tx, tenant int64, files []id.ID) error {
	if len(files) == 0 {
		return nil
	}
	for _, q := range []struct{ text, column string }{{"DELETE FROM attachment_part WHERE tenant_id = ", "attachment_id"}, {"DELETE FROM attachment WHERE tenant_id = ", "id"}} {
		a := &db.Args{}
		if _, err := tx.Exec(ctx, q.text+a.Add(tenant)+" AND "+db.In(a, q.column, files), a.Values()...); err != nil {
			return err
		}
	}
	return nil
}

// Verify names files whose content is not whole.
func Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	ids, err := db.Column[id.ID](ctx, q, `SELECT f.id FROM attachment f WHERE f.tenant_id = $1 AND f.size <>
		(SELECT coalesce(sum(p.size), 0) FROM attachment_part p WHERE p.tenant_id = f.tenant_id AND p.attachment_id = f.id AND p.form = 'whole') ORDER BY f.id LIMIT 20`, tenant)
	var faults []string
	for _, i := range ids {
		faults = append(faults, fmt.Sprintf("attachment %s has not all of its parts", i))
	}
	return faults, err
}
