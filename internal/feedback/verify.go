package feedback

import (
	"context"
	"fmt"

	"linli/internal/authz"
	"linli/internal/code"
	"linli/internal/db"
	"linli/internal/errs"
	"linli/internal/i18n"
	"linli/internal/id"
	"linli/internal/paper"
	"linli/internal/reference"
)

// Checked is what somebody learns who holds a slip and looks up its code. Names are masked: who holds the paper can compare, and
// nobody else learns who is on it.
type Checked struct {
	Version Version // names in Content are masked
	Current bool    // no newer version exists
	Newest  int64   // number of the newest version
}

// Check looks up the version of a slip that a paper is about. It needs no permission: who has the code has the paper.
func (s *Service) Check(ctx context.Context, tenant int64, p paper.Paper) (Checked, error) {
	if p.Kind != paper.KindSlip {
		return Checked{}, errs.New(errs.NotFound, i18n.PaperUnknown)
	}
	list, err := versions(ctx, s.db, tenant, p.SubjectID)
	if err != nil {
		return Checked{}, err
	}
	for _, v := range list {
		if v.Code != p.Code {
			continue
		}
		v.Intact = v.Intact && v.Hash == p.ContentHash
		for i := range v.Content.Lines {
			v.Content.Lines[i].Name = code.MaskName(v.Content.Lines[i].Name)
		}
		return Checked{Version: v, Current: v.No == list[0].No, Newest: list[0].No}, nil
	}
	return Checked{}, errs.New(errs.NotFound, i18n.PaperUnknown)
}

// Verify checks what this package keeps: totals of slips equal their lines, sent contents still have their hashes and their
// papers, and every line has its member. It gives one sentence for each fault.
func Verify(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	var faults []string
	for _, c := range []struct{ what, query string }{
		{"slip %d: its totals are not the sum of its lines", `SELECT s.id FROM slip s LEFT JOIN (
			SELECT slip_id, count(*) AS n, sum(minutes) AS minutes, sum(deeds) AS deeds FROM slip_line WHERE tenant_id = $1 GROUP BY slip_id) l ON l.slip_id = s.id
			WHERE s.tenant_id = $1 AND (s.members <> coalesce(l.n, 0) OR s.minutes <> coalesce(l.minutes, 0) OR s.deeds <> coalesce(l.deeds, 0)) ORDER BY s.id LIMIT 100`},
		{"slip %d: a line's hours are not the sum of their grades of proof", `SELECT DISTINCT slip_id FROM slip_line
			WHERE tenant_id = $1 AND minutes <> timed + countersigned + vouched ORDER BY slip_id LIMIT 100`},
		{"slip %d: a line has no member", `SELECT DISTINCT l.slip_id FROM slip_line l LEFT JOIN member m ON m.tenant_id = l.tenant_id AND m.id = l.member_id
			WHERE l.tenant_id = $1 AND m.id IS NULL ORDER BY l.slip_id LIMIT 100`},
		{"slip %d: it is sent but has no version", `SELECT s.id FROM slip s LEFT JOIN slip_version v ON v.tenant_id = s.tenant_id AND v.slip_id = s.id AND v.version_no = s.version_no
			WHERE s.tenant_id = $1 AND s.state <> 'draft' AND v.slip_id IS NULL ORDER BY s.id LIMIT 100`},
		{"slip %d: a version has no paper with its hash", `SELECT v.slip_id FROM slip_version v LEFT JOIN paper p ON p.tenant_id = v.tenant_id AND p.code = v.code AND p.content_hash = v.hash
			WHERE v.tenant_id = $1 AND p.id IS NULL ORDER BY v.slip_id LIMIT 100`},
	} {
		ids, err := db.Column[id.ID](ctx, q, c.query, tenant)
		if err != nil {
			return nil, fmt.Errorf("check %q: %w", c.what, err)
		}
		for _, i := range ids {
			faults = append(faults, fmt.Sprintf(c.what, int64(i)))
		}
	}
	changed, err := changedContents(ctx, q, tenant)
	return append(faults, changed...), err
}

func changedContents(ctx context.Context, q db.Querier, tenant int64) ([]string, error) {
	var faults []string
	type row struct {
		slip id.ID
		no   int64
		text string
		hash string
	}
	err := db.Each(ctx, q, func(r *row) []any { return []any{&r.slip, &r.no, &r.text, &r.hash} }, func(r row) error {
		if hash(r.text) != r.hash && len(faults) < 100 {
			faults = append(faults, fmt.Sprintf("slip %d: the content of version %d was changed after it was sent", int64(r.slip), r.no))
		}
		return nil
	}, `SELECT slip_id, version_no, content, hash FROM slip_version WHERE tenant_id = $1 ORDER BY slip_id, version_no`, tenant)
	return faults, err
}

// Follow moves what a community has to exchange to the community it was merged into: open drafts and wishes. What was sent stays
// with the community that sent it, as history.
func (s *Service) Follow(ctx context.Context, tx *db.Tx, actor authz.Actor, from, to id.ID) error {
	if err := reference.Require(ctx, tx, actor.Tenant, reference.Organisation, to); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, `UPDATE correction SET community_id = $1 WHERE tenant_id = $2 AND community_id = $3 AND state = 'open'`, to, actor.Tenant, from); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE evaluation SET community_id = $1, version = version + 1 WHERE tenant_id = $2 AND community_id = $3 AND state = 'open'`, to, actor.Tenant, from)
	return err
}
